"""Forms of level lists, of their columns, and of the files that come back."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, FormField, RadioField, StringField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
)

from blueprints.forms import (
    ActForm,
    ColumnForm,
    VersionedForm,
    chosen_columns,
    column_values,
    one_line,
)
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


class LevelColumnForm(ColumnForm):
    """One column that a list can have; without a place it has not."""

    holdings = FIELDS


class LayoutForm(VersionedForm):
    """The columns that an assessment body wants: a place and a heading for each that is used."""

    title = StringField(
        lazy_gettext("Title"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=80)],
        description=lazy_gettext("The name of the assessment body, for example."),
    )
    columns = FieldList(FormField(LevelColumnForm), max_entries=MOST_COLUMNS)

    def layout(self) -> Layout:
        """Return the columns as typed, in their order; raise InvalidRules with every problem."""
        return Layout(
            columns=tuple(
                LayoutColumn(field=LevelField(one.field), heading=one.heading, text=one.text)
                for one in chosen_columns(row.form for row in self.columns)
            )
        )


def layout_values(title: str, layout: Layout, version: int | None) -> dict[str, Any]:
    """Return columns as their form shows them: those that are used, then all others."""
    columns = column_values(layout.columns, LevelField, USUAL_HEADINGS, CONSTANTS)
    return {"title": title, "version": version or "", "columns": columns}
