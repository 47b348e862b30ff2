"""Forms of appeals: filing, hearing, voting, ruling, and the end of an event."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from blueprints.forms import ActForm, one_line, options, strip
from blueprints.labels import label
from rules.appeals import Effect, Kind, Outcome
from rules.attachments import LARGEST, MOST_FILES
from services.acting import ZONE
from services.appeals import LONGEST


class ChinaTimeField(DateTimeLocalField):
    """A moment as the clocks in China show it; its data is aware."""

    def process_data(self, value: datetime | None) -> None:
        """Show an instant as time in China."""
        self.data = None if value is None else value.astimezone(ZONE).replace(tzinfo=None)

    @property
    def instant(self) -> datetime | None:
        """Return what was typed as an instant."""
        return None if self.data is None else self.data.replace(tzinfo=ZONE)


class PartForm(ActForm):
    """One of several forms on a page: its fields have names of their own."""

    part = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"prefix": f"{self.part}-"} | kwargs))


def _file(required: bool) -> FileField:
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


class FilingForm(ActForm):
    """An appeal: its kind, the facts, what is asked for."""

    kind = SelectField(lazy_gettext("The appeal is about"), coerce=Kind)
    facts = TextAreaField(
        lazy_gettext("Facts"),
        filters=[strip],
        validators=[DataRequired(), Length(max=LONGEST)],
        description=lazy_gettext(
            "What happened, where, when, who saw it. Doubt alone is no ground for an appeal."
        ),
    )
    request = TextAreaField(
        lazy_gettext("What you ask for"), filters=[strip], validators=[Length(max=LONGEST)]
    )
    received_at = ChinaTimeField(
        lazy_gettext("Received on paper at"),
        validators=[Optional()],
        description=lazy_gettext("The time noted on the paper; it decides whether it is in time."),
    )
    file = _file(required=False)

    def offer(self, kinds: tuple[str, ...], on_paper: bool) -> None:
        """Fill in what can be chosen; only paper has a time of its own."""
        self.kind.choices = options((kind, label(Kind(kind))) for kind in kinds)
        if not on_paper:
            del self.received_at


class FileForm(PartForm):
    """One more file."""

    part = "file"
    file = _file(required=True)


class FurtherForm(PartForm):
    """Why a ruling is taken to the second stage."""

    part = "further"
    facts = TextAreaField(
        lazy_gettext("Why you do not accept the ruling"),
        filters=[strip],
        validators=[DataRequired(), Length(max=LONGEST)],
    )


class NoteForm(PartForm):
    """What a hearing said."""

    part = "note"
    text = TextAreaField(
        lazy_gettext("Note"), filters=[strip], validators=[DataRequired(), Length(max=LONGEST)]
    )


class VoteForm(PartForm):
    """One's own vote."""

    part = "vote"
    outcome = RadioField(lazy_gettext("My vote"), coerce=Outcome, validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome.choices = options((one, label(one)) for one in Outcome)


class RulingForm(PartForm):
    """The reasons of a ruling and what it changes."""

    part = "ruling"
    reasons = TextAreaField(
        lazy_gettext("Reasons"),
        filters=[strip],
        validators=[DataRequired(), Length(max=LONGEST)],
        description=lazy_gettext("They stand in the letter."),
    )
    effect = SelectField(lazy_gettext("What changes"), coerce=Effect, default=Effect.NONE)
    order = StringField(
        lazy_gettext("What is to be done"),
        filters=[one_line],
        validators=[Length(max=400)],
        description=lazy_gettext(
            "For the chief judge: name the station or the sheet, never a person."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.effect.choices = options((one, label(one)) for one in Effect)


class DoneForm(ActForm):
    """How a ruling was carried out."""

    note = StringField(
        lazy_gettext("What was done"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=400)],
    )


class EndForm(ActForm):
    """When an event is expected to end, and when it ended."""

    expected_at = ChinaTimeField(
        lazy_gettext("Expected end"),
        validators=[Optional()],
        description=lazy_gettext("The public board stands still before it, if the rules say so."),
    )
    ended_at = ChinaTimeField(
        lazy_gettext("Real end"),
        validators=[Optional()],
        description=lazy_gettext("The time for appeals runs from it, if the rules say so."),
    )
