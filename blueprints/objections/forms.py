"""Forms of objections: what an objector files, what staff record and answer."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from blueprints.forms import ActForm, one_line, strip
from blueprints.labels import label
from models.contests import Event
from rules.attachments import LARGEST, MOST_FILES
from rules.objections import OF_ENTRY, Channel, Conclusion, Filing, Remedy
from services.acting import ZONE
from services.objections_outcomes import Order


def file_field(required: bool) -> FileField:
    """Make the field of a file that is checked and kept as those of appeals are."""
    return FileField(
        lazy_gettext("Attachment"),
        validators=[FileRequired()] if required else [],
        description=lazy_gettext(
            "PDF, JPEG or PNG, at most %(size)s MB; up to %(count)s files in all. Pictures lose "
            "what the camera wrote into them.",
            size=LARGEST // 2**20,
            count=MOST_FILES,
        ),
    )


class ObjectionForm(ActForm):
    """An objection: by whom, about whom, and the facts."""

    entry_id = SelectField(lazy_gettext("Whom it is about"))
    person = SelectField(
        lazy_gettext("About a person as such"),
        description=lazy_gettext(
            "Only if the person should not have been there at all: identity, eligibility, false "
            "papers. Then everything of this person in the edition waits."
        ),
    )
    facts = TextAreaField(
        lazy_gettext("Facts of the objection"),
        filters=[strip],
        validators=[DataRequired(), Length(max=4000)],
        description=lazy_gettext("What happened, when and where, and how it can be shown."),
    )
    name = StringField(
        lazy_gettext("Your real name"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
        description=lazy_gettext("Only those who handle the objection see name and contact."),
    )
    contact = StringField(
        lazy_gettext("Telephone or address"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
    )
    unit = StringField(
        lazy_gettext("Unit, if a unit objects"),
        filters=[one_line],
        validators=[Length(max=120)],
        description=lazy_gettext("A unit also hands in the paper with its seal."),
    )

    file = file_field(required=False)

    def offer(self, entries: dict[int, str], persons: dict[str, str]) -> None:
        """Offer whom the objection can be about."""
        whole, nobody = gettext("The notice as a whole"), gettext("no, about the award")
        self.entry_id.choices = [("", whole), *((str(key), text) for key, text in entries.items())]
        self.person.choices = [("", nobody), *persons.items()]

    def validate_person(self, field: SelectField) -> None:
        """Refuse a person of another entry than the one that is chosen."""
        entry_id = self._of_person()[0]
        if entry_id is not None and self.entry_id.data not in {"", str(entry_id)}:
            raise ValidationError(gettext("This person does not belong to the entry."))

    def _of_person(self) -> tuple[int | None, int | None]:
        """Return the entry and the person of a choice such as 7-12."""
        entry_id, _, person_id = (self.person.data or "").partition("-")
        return (int(entry_id), int(person_id)) if person_id else (None, None)

    def filing(self) -> Filing:
        """Return the objection as typed."""
        entry_id, person_id = self._of_person()
        if self.entry_id.data:
            entry_id = int(self.entry_id.data)
        return Filing(
            self.name.data or "",
            self.contact.data or "",
            self.facts.data or "",
            self.unit.data or "",
            entry_id,
            person_id,
        )


class RecordForm(ObjectionForm):
    """An objection that came another way than the page."""

    channel = SelectField(lazy_gettext("How it came"))
    received_at = DateTimeLocalField(
        lazy_gettext("Received"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[InputRequired()],
        description=lazy_gettext("After the last day of the notice it is kept as late."),
    )

    def offer(self, entries: dict[int, str], persons: dict[str, str]) -> None:
        """Offer whom the objection can be about, and how it came."""
        super().offer(entries, persons)
        ways = [one for one in Channel if one is not Channel.ONLINE]
        self.channel.choices = [(one.value, label(one)) for one in ways]

    def moment(self) -> datetime:
        """Return when it was received."""
        assert self.received_at.data is not None
        return self.received_at.data.replace(tzinfo=ZONE).astimezone(UTC)


class AnswerForm(ActForm):
    """The answer to an objection."""

    finding = RadioField(lazy_gettext("Finding"), validators=[InputRequired()])
    text = TextAreaField(
        lazy_gettext("Answer"),
        filters=[strip],
        validators=[DataRequired(), Length(max=4000)],
        description=lazy_gettext("It stands in the letter to the objector."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.finding.choices = [(one.value, label(one)) for one in Conclusion]


class CarryOutForm(ActForm):
    """How an upheld objection is carried out."""

    remedy = RadioField(lazy_gettext("What changes"), validators=[InputRequired()])
    event_id = SelectField(lazy_gettext("Event"))
    reason = StringField(
        lazy_gettext("What was done"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=400)],
        description=lazy_gettext("It stands in the letter to the objector."),
    )

    def offer(self, about_entry: bool, events: Iterable[Event]) -> None:
        """Offer what can change: of an entry its award or place, of a whole notice an event."""
        ways = [one for one in Remedy if about_entry or one not in OF_ENTRY]
        self.remedy.choices = [(one.value, label(one)) for one in ways]
        self.event_id.choices = [("", "–"), *((str(one.id), one.title) for one in events)]
        if about_entry:
            del self.event_id

    def order(self) -> Order:
        """Return how it is carried out, as typed."""
        chosen = self.event_id.data if self.event_id else ""
        return Order(
            self.reason.data or "", Remedy(self.remedy.data), int(chosen) if chosen else None
        )


class FileForm(ActForm):
    """One more file."""

    file = file_field(required=True)


class NoteForm(ActForm):
    """A reason or note that is kept."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )
