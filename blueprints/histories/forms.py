"""Forms of lists of the past."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, one_line, options
from blueprints.labels import label
from models.histories import HistoryImport
from rules.histories import HistoryKind
from services.histories_columns import COLUMNS, Choice
from services.workbooks_grids import column_letters

TEXT = "text_"


class UploadForm(ActForm):
    """A spreadsheet of the past, and what it tells of."""

    kind = RadioField(
        lazy_gettext("What the list tells of"),
        default=HistoryKind.EDITIONS.value,
        validators=[InputRequired()],
    )
    file = FileField(
        lazy_gettext("Spreadsheet"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("An .xlsx or .csv file of at most 10 MB and 5,000 rows."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((one.value, label(one)) for one in HistoryKind)


class ReasonForm(ActForm):
    """Why a list is taken back out."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        filters=[one_line],
        validators=[DataRequired(), Length(min=5, max=400)],
    )


def columns_form(row: HistoryImport) -> ActForm:
    """Make the form on which somebody says where each column stands."""
    places = [("", lazy_gettext("Not in the list"))]
    places += [(str(place), f"{column_letters(place)}: {text}") for place, text in row.headings]
    fields: dict[str, Any] = {}
    for column in COLUMNS[row.kind]:
        place, text = row.columns.get(column.key, (None, ""))
        fields[column.key] = SelectField(
            column.title, choices=options(places), default="" if place is None else str(place)
        )
        fields[TEXT + column.key] = StringField(
            lazy_gettext("%(column)s: the same text in each row", column=column.title),
            default=text,
            filters=[one_line],
            validators=[Length(max=160)],
        )
    made: type[ActForm] = type("ColumnsForm", (ActForm,), fields)
    return made()


def choices_in(form: ActForm, kind: HistoryKind) -> Mapping[str, Choice]:
    """Return the columns as they were typed: a place in the list goes before a text."""
    found = {}
    for column in COLUMNS[kind]:
        place, text = form[column.key].data, form[TEXT + column.key].data or ""
        if place:
            found[column.key] = Choice(int(place))
        elif text:
            found[column.key] = Choice(None, text)
    return found
