"""Forms of the sign-off."""

import re
from collections.abc import Iterable, Sequence

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, options, strip, tidy
from rules.refusals import LONGEST_REASON
from rules.sampling import Finding
from rules.seats import RECORDER
from services.signoffs import Return

_BETWEEN = re.compile(r"[\s,;，；、]+")


class ReturnForm(ActForm):
    """Why a step is sent back, and what must be opened at the step before."""

    part = SelectField(lazy_gettext("Part"))
    codes = StringField(
        lazy_gettext("Work codes"),
        filters=[tidy],
        validators=[Length(max=400)],
        description=lazy_gettext("Those whose sheets must be opened, with spaces between them."),
    )
    number = SelectField(lazy_gettext("Seat"))
    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_REASON)]
    )

    def offer(self, parts: Iterable[tuple[str, str]], numbers: Sequence[int]) -> None:
        """List the parts and seats that can be chosen."""
        self.part.choices = options(parts)
        named = [
            (str(n), gettext("Recorder") if n == RECORDER else gettext("Seat %(number)s", number=n))
            for n in numbers
        ]
        self.number.choices = options([("", gettext("All seats")), *named])

    def wanted(self) -> Return:
        """Return what was typed."""
        codes = tuple(code for code in _BETWEEN.split(self.codes.data or "") if code)
        number = int(self.number.data) if self.number.data else None
        return Return(self.reason.data or "", self.part.data or "", codes, number)


class ReasonForm(ActForm):
    """Why marks are opened again, or why not."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        filters=[strip],
        validators=[DataRequired(), Length(max=LONGEST_REASON)],
    )


class FiguresForm(ActForm):
    """The figures that were called out for a draw."""

    figures = StringField(
        lazy_gettext("Figures called out"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=80)],
        description=lazy_gettext(
            "Let people who have no part in the marks call them out, or throw dice, in public."
        ),
    )


class FindingForm(ActForm):
    """What the comparison of a sheet with its paper gave."""

    finding = RadioField(
        lazy_gettext("The paper"),
        choices=options(
            (
                (Finding.AGREES.value, lazy_gettext("says the same on every line")),
                (Finding.WRONG.value, lazy_gettext("differs")),
            )
        ),
        validators=[InputRequired()],
    )
    remark = StringField(
        lazy_gettext("Remark"), filters=[strip], validators=[Length(max=LONGEST_REASON)]
    )
