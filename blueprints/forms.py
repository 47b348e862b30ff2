"""The parent of all forms that write, field filters, and the columns of spreadsheets."""

import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from flask import current_app
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, NumberInput

from rules.level_layouts import MOST_COLUMNS

PREVIEW_HOURS = 2
CONSTANT = "constant"  # a column that holds the same text in each row


class ActForm(FlaskForm):
    """A form that carries the key under which its act is done once, however often it is sent."""

    request_key = HiddenField(
        default=lambda: uuid.uuid4().hex,
        validators=[Length(max=64), Regexp(r"^[0-9A-Za-z-]*$")],
    )

    def refuse(self, message: str, field: str | None) -> None:
        """Put a refusal at its field, or above the form."""
        target = self._fields.get(field or "")
        if target is None:
            self.form_errors.append(message)
        else:
            target.errors = [*target.errors, message]


class PreviewForm(ActForm):
    """The confirmation of a preview: it carries the rows, sealed for the account that saw them."""

    payload = HiddenField()

    @staticmethod
    def sealed(kind: str, rows: Iterable[dict[str, Any]]) -> str:
        """Return rows as a text that nobody can change; another account cannot open it."""
        return str(_preview_seal(kind).dumps(list(rows)))

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return the rows of a preview; none if it is too old, changed or somebody else's."""
        try:
            found = _preview_seal(kind).loads(self.payload.data or "", max_age=PREVIEW_HOURS * 3600)
        except BadData:
            return []
        return list(found)


def _preview_seal(kind: str) -> URLSafeTimedSerializer:
    key = current_app.config["SECRET_KEY"]
    return URLSafeTimedSerializer(key, salt=f"{kind} import {current_user.id}")


class VersionedForm(ActForm):
    """A form that also says on which version of the thing it is based."""

    version = HiddenField()

    @property
    def base_version(self) -> int | None:
        """Return the version the form was opened with."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else None


class CheckboxesField(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Make the choices of a field from values and their texts."""
    return [SelectChoice(value, text) for value, text in pairs]


def tidy(text: Any) -> Any:
    """Normalise full-width characters and spaces of a typed code, number or name of a person."""
    if not isinstance(text, str):
        return text
    return " ".join(unicodedata.normalize("NFKC", text).split())


def one_line(text: Any) -> Any:
    """Tidy the spaces of a typed line; its full-width brackets and commas stay as they are."""
    return " ".join(text.split()) if isinstance(text, str) else text


def strip(text: Any) -> Any:
    """Drop spaces around a typed text."""
    return text.strip() if isinstance(text, str) else text


def not_blank(text: str | None) -> str | None:
    """Return None for an empty text."""
    return text or None


__all__ = [
    "ActForm",
    "CheckboxesField",
    "VersionedForm",
    "gettext",
    "lazy_gettext",
    "not_blank",
    "one_line",
    "options",
    "strip",
    "tidy",
]


class SpellingForm(ActForm):
    """A name as the passport spells it."""

    surname = StringField(
        lazy_gettext("Surname in the passport"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=60)],
    )
    given = StringField(
        lazy_gettext("Given names in the passport"), filters=[tidy], validators=[Length(max=60)]
    )

    def show(self, name: tuple[str, str]) -> None:
        """Propose a spelling."""
        if not self.is_submitted() or self.surname.data is None:
            self.surname.data, self.given.data = name


class ColumnForm(FlaskForm):
    """One column that a spreadsheet can have; without a place it has not."""

    class Meta:
        csrf = False

    holdings: ClassVar[Mapping[Any, str]]  # what columns can hold, in words

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
        return bool(self.field.data == CONSTANT)

    @property
    def holds(self) -> str:
        """Say what stands in the column; an unknown field is told by its error."""
        if self.field.data not in self.holdings:
            return "–"
        return str(gettext(self.holdings[self.field.data]))

    def validate_heading(self, field: StringField) -> None:
        """Ask for the heading of a column that is used."""
        if self.place.data and not field.data:
            raise ValidationError(gettext("This column needs a heading."))

    def validate_field(self, field: HiddenField) -> None:
        """Refuse what no column can hold."""
        if field.data not in self.holdings:
            raise ValidationError(gettext("Not a valid choice."))


class Chosen(NamedTuple):
    """One column as it was typed."""

    field: str
    heading: str
    text: str


def chosen_columns(forms: Iterable[ColumnForm]) -> list[Chosen]:
    """Return the columns that have a place, in their order."""
    used = sorted((one for one in forms if one.place.data), key=lambda one: one.place.data or 0)
    return [
        Chosen(one.field.data or "", one.heading.data or "", one.text.data or "") for one in used
    ]


def column_values(
    columns: Iterable[Any], fields: Iterable[str], usual: Mapping[Any, str], constants: int
) -> list[dict[str, Any]]:
    """Return columns as their forms show them: those that are used, then all others."""
    used = [
        {"field": one.field.value, "place": place, "heading": one.heading, "text": one.text}
        for place, one in enumerate(columns, start=1)
    ]
    names = [one["field"] for one in used]
    more = [
        {"field": str(one), "heading": usual.get(one, "")}
        for one in fields
        if one != CONSTANT and one not in names
    ]
    left = max(0, constants - names.count(CONSTANT))
    return [*used, *more, *({"field": CONSTANT} for _ in range(left))]
