"""Forms of a marking scheme: its parts, one criterion, an uploaded workbook."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.fields import ExactField, RowForm, WholeField, one_line
from blueprints.forms import VersionedForm, options
from blueprints.labels import label
from models.contests import Event
from rules.scheme_rows import ROW_KINDS, AspectRow, rows_of
from rules.schemes import LADDER_STEPS, AspectKind, Panel, Part, Scheme, Section
from services.event_rules import Base, SchemeFrame

MOST = Decimal(100_000)


class RulesForm(VersionedForm):
    """A change of rules: after publication it needs a reason."""

    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )

    def base(self) -> Base:
        """Return on which version the change is based, and why it is made."""
        return Base(self.base_version, self.reason.data or "")


class PartForm(RowForm):
    """One part of a scheme with its panel."""

    new = HiddenField()
    key = HiddenField(validators=[Length(max=40)])
    title = StringField(
        lazy_gettext("Part"), filters=[one_line], validators=[DataRequired(), Length(max=40)]
    )
    weight = ExactField(
        lazy_gettext("Weight in percent"), validators=[InputRequired(), NumberRange(0, 100)]
    )
    pass_mark = ExactField(
        lazy_gettext("Pass mark"),
        validators=[Optional(), NumberRange(0, MOST)],
        description=lazy_gettext("Out of 100. Empty: nobody fails."),
    )
    entered_by = SelectField(
        lazy_gettext("Marks are entered by"),
        choices=options(
            [
                ("judge", lazy_gettext("judges, each on a sheet of his own")),
                ("clerk", lazy_gettext("an entry clerk, from the marked papers")),
            ]
        ),
        default="judge",
    )
    judges = WholeField(
        lazy_gettext("Judges"), validators=[InputRequired(), NumberRange(1, 99)], default=1
    )
    minimum = WholeField(
        lazy_gettext("of whom must mark"),
        validators=[InputRequired(), NumberRange(1, 99)],
        default=1,
    )
    drop_high = WholeField(
        lazy_gettext("Highest marks dropped"),
        validators=[InputRequired(), NumberRange(0, 20)],
        default=0,
    )
    drop_low = WholeField(
        lazy_gettext("Lowest marks dropped"),
        validators=[InputRequired(), NumberRange(0, 20)],
        default=0,
    )
    combine_at = SelectField(
        lazy_gettext("Judges' marks are combined"),
        choices=options(
            [
                ("part", lazy_gettext("once, over the whole part")),
                ("aspect", lazy_gettext("for each aspect")),
            ]
        ),
        default="part",
    )
    max_spread = ExactField(
        lazy_gettext("Flag judges who differ by"),
        validators=[Optional(), NumberRange(0, 1000)],
        description=lazy_gettext("Marks between the highest and the lowest. Empty: no flag."),
    )

    def part(self) -> Part:
        """Return the part as typed, without its criteria."""
        names = ("judges", "minimum", "drop_high", "drop_low", "combine_at", "max_spread")
        return Part(
            key=self.key.data or "",
            title=self.title.data or "",
            weight=self.weight.data or Decimal(0),
            sections=(),
            panel=Panel(**{name: self[name].data for name in names}),
            pass_mark=self.pass_mark.data,
            entered_by=self.entered_by.data,
        )


class PartsForm(RulesForm):
    """The parts of a scheme, and how results are rounded."""

    parts = FieldList(FormField(PartForm), lazy_gettext("Parts"))
    digits = SelectField(
        lazy_gettext("Decimal places of results"),
        coerce=int,
        choices=options((str(n), str(n)) for n in range(7)),
    )
    round_parts = BooleanField(lazy_gettext("Round each part before the parts are added"))

    def frame(self) -> SchemeFrame:
        """Return the parts as typed."""
        parts = tuple(row.form.part() for row in self.parts)
        return SchemeFrame(parts, self.digits.data, bool(self.round_parts.data))


class AspectForm(RowForm):
    """One aspect of a criterion."""

    new = HiddenField()
    key = HiddenField(validators=[Length(max=60)])
    rich = HiddenField()
    standard = HiddenField(validators=[Length(max=60)])
    sub = StringField(
        lazy_gettext("Sub-criterion"), filters=[one_line], validators=[Length(max=200)]
    )
    group = StringField(lazy_gettext("Group"), filters=[one_line], validators=[Length(max=200)])
    title = StringField(
        lazy_gettext("Aspect"), filters=[one_line], validators=[DataRequired(), Length(max=600)]
    )
    kind = SelectField(lazy_gettext("Kind"), default=AspectKind.POINTS.value)
    maximum = ExactField(
        lazy_gettext("Maximum"), validators=[InputRequired(), NumberRange(0, MOST)]
    )
    step = ExactField(
        lazy_gettext("Smallest step"),
        validators=[Optional(), NumberRange(0, MOST)],
        default=Decimal("0.5"),
    )
    requirement = StringField(
        lazy_gettext("Requirement"), filters=[one_line], validators=[Length(max=600)]
    )
    detail = TextAreaField(
        lazy_gettext("Notes for judges"), filters=[one_line], validators=[Length(max=2000)]
    )
    ladder_0 = StringField("0", filters=[one_line], validators=[Length(max=600)])
    ladder_1 = StringField("1", filters=[one_line], validators=[Length(max=600)])
    ladder_2 = StringField("2", filters=[one_line], validators=[Length(max=600)])
    ladder_3 = StringField("3", filters=[one_line], validators=[Length(max=600)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, label(kind)) for kind in ROW_KINDS]

    @property
    def ladder(self) -> list[Field]:
        """Return the fields of the four descriptions."""
        return [self[f"ladder_{n}"] for n in range(LADDER_STEPS)]

    def row(self) -> AspectRow:
        """Return the aspect as typed."""
        path = (self.sub.data, self.group.data) if self.sub.data else (self.group.data,)
        return AspectRow(
            title=self.title.data or "",
            maximum=self.maximum.data or Decimal(0),
            kind=AspectKind(self.kind.data),
            step=self.step.data or Decimal("0.5"),
            ladder=tuple(field.data or "" for field in self.ladder),
            requirement=self.requirement.data or "",
            detail=self.detail.data or "",
            standard=self.standard.data or "",
            path=tuple(title for title in path if title),
            key=self.key.data or "",
            rich=bool(self.rich.data),
        )


class CriterionForm(RulesForm):
    """A criterion with its aspects."""

    title = StringField(
        lazy_gettext("Criterion"), filters=[one_line], validators=[DataRequired(), Length(max=200)]
    )
    aspects = FieldList(FormField(AspectForm), lazy_gettext("Aspects"))

    def rows(self) -> list[AspectRow]:
        """Return the aspects as typed."""
        return [entry.form.row() for entry in self.aspects]


class WorkbookForm(RulesForm):
    """A marking scheme as a workbook."""

    workbook = FileField(
        lazy_gettext("Workbook or scheme file"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext(
            "Our own template, the marking scheme workbook of CIS (WorldSkills), "
            "or a scheme file in YAML or JSON."
        ),
    )
    part = SelectField(
        lazy_gettext("Part for a CIS workbook"),
        description=lazy_gettext(
            "The criteria of a CIS workbook replace those of this part. "
            "Our own template names its parts itself."
        ),
    )

    def offer(self, scheme: Scheme) -> None:
        """Offer the parts of the present scheme."""
        self.part.choices = [(part.key, part.title) for part in scheme.parts]
        if self.part.data is None:
            self.part.data = scheme.parts[-1].key


def parts_values(event: Event, scheme: Scheme) -> dict[str, Any]:
    """Return a scheme as the form of its parts shows it."""
    parts = [dict(part) | dict(part.panel) for part in scheme.parts]
    return {
        "version": event.version,
        "parts": parts,
        "digits": scheme.digits,
        "round_parts": scheme.round_parts,
    }


def with_usual(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """Fill the row of a part that was just added with the usual panel of one judge."""
    filled = MultiDict(typed)
    for name in typed:
        row, _, field = name.rpartition("-")
        if field == "new" and typed[name] == "1" and f"{row}-judges" not in typed:
            filled.update({f"{row}-{field}": value for field, value in _USUAL_PART.items()})
    return filled


_USUAL_PART = {
    "judges": "1",
    "minimum": "1",
    "drop_high": "0",
    "drop_low": "0",
    "entered_by": "judge",
    "combine_at": "part",
}


def criterion_values(event: Event, criterion: Section | None) -> dict[str, Any]:
    """Return a criterion as its form shows it."""
    if criterion is None:
        return {"version": event.version, "aspects": [{"new": "1"}]}
    rows = [_row_values(row) for row in rows_of(criterion)]
    return {"version": event.version, "title": criterion.title, "aspects": rows}


def _row_values(row: AspectRow) -> dict[str, Any]:
    names = ("title", "maximum", "step", "requirement", "detail", "standard", "key")
    sub, group = (*row.path, "", "")[:2]
    ladder = {f"ladder_{n}": text for n, text in enumerate(row.ladder)}
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    # A rich row is only shown; its kind may be none that the form knows.
    kind = AspectKind.POINTS if row.rich else row.kind
    kept = {"rich": "1"} if row.rich else ladder
    return values | kept | {"kind": kind.value, "sub": sub, "group": group}
