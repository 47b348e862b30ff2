"""Forms of objections: what an objector files, what staff record and answer."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, one_line, strip
from blueprints.labels import label
from rules.objections import Channel, Conclusion, Filing
from services.acting import ZONE


class ObjectionForm(ActForm):
    """An objection: by whom, about whom, and the facts."""

    entry_id = SelectField(lazy_gettext("Whom it is about"))
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

    def offer(self, entries: dict[int, str], whole: str) -> None:
        """Offer whom the objection can be about."""
        self.entry_id.choices = [("", whole), *((str(key), text) for key, text in entries.items())]

    def filing(self) -> Filing:
        """Return the objection as typed."""
        return Filing(
            self.name.data or "",
            self.contact.data or "",
            self.facts.data or "",
            self.unit.data or "",
            int(self.entry_id.data) if self.entry_id.data else None,
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

    def offer(self, entries: dict[int, str], whole: str) -> None:
        """Offer whom the objection can be about, and how it came."""
        super().offer(entries, whole)
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


class NoteForm(ActForm):
    """A reason or note that is kept."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )
