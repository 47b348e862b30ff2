"""Forms of level lists, of their columns, and of the files that come back."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, FormField, HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import NumberInput

from blueprints.forms import ActForm, VersionedForm, one_line
from blueprints.levels.words import FIELDS
from rules.level_checks import LineProblem, Settled, settling_problem
from rules.level_layouts import (
    MOST_COLUMNS,
    USUAL_HEADINGS,
    Layout,
    LayoutColumn,
    LevelField,
)

CONSTANTS = 4  # so many columns of one text each are offered


class PrepareForm(ActForm):
    """For whom a new list is."""

    body = StringField(
        lazy_gettext("Assessment body"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
        description=lazy_gettext("The recognised body that issues the level certificates."),
    )
    note = StringField(lazy_gettext("Remark"), filters=[one_line], validators=[Length(max=400)])


class ReasonForm(ActForm):
    """A reason that is kept in the audit record."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class SettleForm(ReasonForm):
    """What becomes of a line with a problem."""

    settled = RadioField(lazy_gettext("Decision"), validators=[InputRequired()])

    def offer(self, problems: list[LineProblem]) -> None:
        """Offer what may be decided about these problems."""
        choices = [(Settled.DROPPED.value, gettext("Drop it from the list"))]
        if settling_problem(problems, Settled.KEPT) is None:
            choices.insert(0, (Settled.KEPT.value, gettext("Keep it in the list")))
        self.settled.choices = choices


class ReturnForm(ActForm):
    """The file that came back."""

    file = FileField(
        lazy_gettext("Spreadsheet with certificate numbers (.xlsx or .csv)"),
        validators=[FileRequired()],
    )


class ColumnForm(FlaskForm):
    """One column that a list can have; without a place it has not."""

    class Meta:
        csrf = False

    field = HiddenField()
    place = IntegerField(
        lazy_gettext("Column"),
        validators=[Optional(), NumberRange(1, MOST_COLUMNS)],
        widget=NumberInput(min=1, max=MOST_COLUMNS),
    )
    heading = StringField(lazy_gettext("Heading"), filters=[one_line], validators=[Length(max=40)])
    text = StringField(
        lazy_gettext("The same text in each row"), filters=[one_line], validators=[Length(max=100)]
    )

    @property
    def is_constant(self) -> bool:
        """Say whether the column holds the same text in each row."""
        return bool(self.field.data == LevelField.CONSTANT.value)

    @property
    def holds(self) -> str:
        """Say what stands in the column; an unknown field is told by its error."""
        if self.field.data not in {one.value for one in LevelField}:
            return "–"
        return str(gettext(FIELDS[LevelField(self.field.data or "")]))

    def validate_heading(self, field: StringField) -> None:
        """Ask for the heading of a column that is used."""
        if self.place.data and not field.data:
            raise ValidationError(gettext("This column needs a heading."))

    def validate_field(self, field: HiddenField) -> None:
        """Refuse what no column can hold."""
        if field.data not in {one.value for one in LevelField}:
            raise ValidationError(gettext("Not a valid choice."))


class LayoutForm(VersionedForm):
    """The columns that an assessment body wants: a place and a heading for each that is used."""

    title = StringField(
        lazy_gettext("Title"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=80)],
        description=lazy_gettext("The name of the assessment body, for example."),
    )
    columns = FieldList(FormField(ColumnForm), max_entries=MOST_COLUMNS)

    def layout(self) -> Layout:
        """Return the columns as typed, in their order; raise InvalidRules with every problem."""
        used = [row.form for row in self.columns if row.form.place.data]
        return Layout(
            columns=tuple(
                LayoutColumn(
                    field=LevelField(one.field.data or ""),
                    heading=one.heading.data or "",
                    text=one.text.data or "",
                )
                for one in sorted(used, key=lambda one: one.place.data or 0)
            )
        )


def layout_values(title: str, layout: Layout, version: int | None) -> dict[str, Any]:
    """Return columns as their form shows them: those that are used, then all others."""
    used = [
        {"field": one.field.value, "place": place, "heading": one.heading, "text": one.text}
        for place, one in enumerate(layout.columns, start=1)
    ]
    names = [one.field for one in layout.columns]
    more = [
        {"field": one.value, "heading": USUAL_HEADINGS.get(one, "")}
        for one in LevelField
        if one is not LevelField.CONSTANT and one not in names
    ]
    left = max(0, CONSTANTS - names.count(LevelField.CONSTANT))
    more += [{"field": LevelField.CONSTANT.value} for _ in range(left)]
    return {"title": title, "version": version or "", "columns": used + more}
