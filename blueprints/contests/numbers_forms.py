"""The form of an edition's certificate numbers: which part stands where, and what is counted."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from blueprints.fields import WholeField, one_line
from blueprints.forms import VersionedForm, options
from blueprints.labels import label
from models.contests import Contest
from rules.numbering_schemes import NumberPart, NumberScheme, SerialScope
from services.contests import rules_of

PLACES = tuple(f"part_{place}" for place in range(1, len(NumberPart)))
_CHOSEN = [part for part in NumberPart if part is not NumberPart.CHECK]


def _place(number: int) -> SelectField:
    return SelectField(lazy_gettext("Part %(number)s", number=number))


class NumbersForm(VersionedForm):
    """All settings of certificate numbers; check characters always close them."""

    part_1 = _place(1)
    part_2 = _place(2)
    part_3 = _place(3)
    part_4 = _place(4)
    part_5 = _place(5)
    part_6 = _place(6)
    part_7 = _place(7)
    separator = RadioField(
        lazy_gettext("Between the parts"),
        choices=options(
            [("hyphen", lazy_gettext("a hyphen")), ("nothing", lazy_gettext("no separator"))]
        ),
    )
    serial_width = WholeField(
        lazy_gettext("Figures of the serial number"),
        validators=[InputRequired(), NumberRange(1, 6)],
        description=lazy_gettext("Zeros fill it up; a higher number takes more room."),
    )
    scope = RadioField(
        lazy_gettext("The serial number counts"),
        description=lazy_gettext("What it counts by must stand in the number."),
    )
    sample_by_other = BooleanField(
        lazy_gettext("Somebody else than who prepared a run approves its sample sheet")
    )
    reason = StringField(
        lazy_gettext("Reason of the amendment"),
        filters=[one_line],
        validators=[Length(max=400)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = [("", lazy_gettext("no part")), *((one.value, label(one)) for one in _CHOSEN)]
        for name in PLACES:
            self[name].choices = parts
        self.scope.choices = [(one.value, label(one)) for one in SerialScope]

    def scheme(self) -> NumberScheme:
        """Return the scheme as chosen; raise InvalidRules when it does not hold together."""
        chosen = [NumberPart(self[name].data) for name in PLACES if self[name].data]
        return NumberScheme(
            parts=(*chosen, NumberPart.CHECK),
            separator="-" if self.separator.data == "hyphen" else "",
            serial_width=self.serial_width.data or 0,
            scope=SerialScope(self.scope.data),
        )


def numbers_values(contest: Contest) -> dict[str, Any]:
    """Return the settings of an edition as their form shows them."""
    rules = rules_of(contest)
    scheme = rules.certificate_numbers
    shown = [part.value for part in scheme.parts if part is not NumberPart.CHECK]
    return {
        **dict(zip(PLACES, shown, strict=False)),
        "version": contest.version,
        "separator": "hyphen" if scheme.separator else "nothing",
        "serial_width": scheme.serial_width,
        "scope": scheme.scope.value,
        "sample_by_other": rules.sample_by_other,
    }
