"""Forms of paper sheets."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.forms import ActForm, options, strip, tidy
from rules.refusals import LONGEST_REASON
from services.papers_printing import MOST_RESERVES


class PrintForm(ActForm):
    """Which sheets are printed."""

    seat = SelectField(lazy_gettext("Part and seat"))
    code = StringField(lazy_gettext("Work code"), filters=[tidy], validators=[Length(max=20)])
    reserves = IntegerField(
        lazy_gettext("Reserve sheets without a work code"),
        default=0,
        validators=[Optional(), NumberRange(0, MOST_RESERVES)],
    )

    def offer(self, seats: Sequence[tuple[str, str]]) -> None:
        """List the seats of the event's parts."""
        self.seat.choices = options([("", gettext("All")), *seats])

    def place(self) -> tuple[int | None, int | None]:
        """Return the chosen part and seat."""
        bench, _, seat = (self.seat.data or "").partition("-")
        return (int(bench), int(seat)) if seat else (None, None)


def apart(form: ActForm, suffix: object) -> None:
    """Give the fields of one of several forms of a page ids of their own."""
    for field in form:
        field.id = f"{field.id}-{suffix}"


class FindForm(ActForm):
    """The sheet that a clerk holds in his hand."""

    sheet = StringField(
        lazy_gettext("Sheet"), filters=[strip], validators=[DataRequired(), Length(max=140)]
    )


class KeyForm(ActForm):
    """Values are read from the request itself; this carries only the key of the act."""


class RulingForm(ActForm):
    """What counts on one line, and why."""

    line = HiddenField(validators=[Length(max=60)])
    value = StringField(
        lazy_gettext("What the paper says"), filters=[strip], validators=[Length(max=40)]
    )
    reason = StringField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_REASON)]
    )


class ReasonForm(ActForm):
    """Why something is put away."""

    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_REASON)]
    )


class UploadForm(ActForm):
    """Scanned sheets."""

    files = MultipleFileField(lazy_gettext("PDF or photos"))


class FileForm(ActForm):
    """Where a scanned page belongs."""

    sheet = StringField(lazy_gettext("Sheet"), filters=[strip], validators=[Length(max=140)])
    number = IntegerField(lazy_gettext("Page"), default=1, validators=[InputRequired()])
