"""Rows of rule data in a form: read, shown, told apart by their keys."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar

from flask_babel import lazy_gettext
from pydantic import ValidationError
from wtforms import Field, FieldList, FormField, HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.fields import RowForm, WholeField
from blueprints.forms import one_line, options
from blueprints.labels import label
from rules.data import RuleData
from rules.refusals import Refused
from rules.texts import N_

_BETWEEN = re.compile(r"\s*[、;；\n]\s*")


def said(texts: Mapping[str, str]) -> list[Any]:
    """Offer the choices of one rule in the reader's language."""
    return options((key, lazy_gettext(text)) for key, text in texts.items())


def coded(values: Iterable[Enum]) -> Callable[[], list[Any]]:
    """Offer coded values by their labels."""
    return lambda: options((one.value, label(one)) for one in values)


def parts_of(text: str | None) -> tuple[str, ...]:
    """Split what was typed with 、 or in lines."""
    return tuple(part for part in _BETWEEN.split((text or "").strip()) if part)


def text_line(title: Any, longest: int, **more: Any) -> StringField:
    """Return a line of text."""
    return StringField(title, filters=[one_line], validators=[Length(max=longest)], **more)


def needed_line(title: Any, longest: int) -> StringField:
    """Return a line of text that must not be empty."""
    return StringField(title, filters=[one_line], validators=[DataRequired(), Length(max=longest)])


def whole_number(title: Any, low: int, high: int, **more: Any) -> WholeField:
    """Return a whole number that must be typed."""
    return WholeField(title, validators=[InputRequired(), NumberRange(low, high)], **more)


def maybe_number(title: Any, low: int, high: int, **more: Any) -> WholeField:
    """Return a whole number that may be left empty."""
    return WholeField(title, validators=[Optional(), NumberRange(low, high)], **more)


def read_rows(
    field: Any, name: str, made: type[RuleData], present: Sequence[Any]
) -> tuple[RuleData, ...]:
    """Return the rows of a list; what the form does not show of a row stays."""
    kept = {getattr(one, "key", ""): dict(one) for one in present}
    used = {row.form.key.data for row in field if hasattr(row.form, "key")}
    found = []
    for row in field:
        values = row.form.values()
        if "key" in made.model_fields:
            key = row.form.key.data or new_key(name, used)
            used.add(key)
            values = kept.get(key, {}) | values | {"key": key}
        found.append(made.model_validate(values))
    return tuple(found)


def new_key(name: str, used: set[Any]) -> str:
    """Return a key that no other row of the list bears."""
    stem, number = re.sub(r"[^a-z]", "", name)[:20] or "row", 1
    while f"{stem}_{number}" in used:
        number += 1
    return f"{stem}_{number}"


def unreadable(error: ValidationError) -> Refused:
    """Say where rules cannot be read."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    text = N_("The rules cannot be read at “%(place)s”: %(problem)s")
    return Refused(text, None, place=place, problem=first["msg"])


class RuleRowForm(RowForm):
    """A row of rule data: its fields are named as in the rules."""

    new = HiddenField()
    # Fields that hold several texts in one line.
    joined: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.joined:
            if isinstance(self[name].data, tuple | list):
                self[name].data = "、".join(map(str, self[name].data))

    def values(self) -> dict[str, Any]:
        """Return the row as rule data; an empty field is as if it was not there."""
        found = {}
        for field in self:
            name = field.short_name
            if name in ("new", "key", "csrf_token"):
                continue
            data = parts_of(field.data) if name in self.joined else field.data
            if isinstance(data, list):
                data = tuple(data)
            if data is not None and data != "":
                found[name] = data
        return found | {name: None for name in self.emptied() if name not in found}

    def emptied(self) -> tuple[str, ...]:
        """Return the fields that hold nothing when they are empty, not what is usual."""
        return ()

    @property
    def shown(self) -> list[Field]:
        """Return the fields that people see."""
        return [field for field in self if not isinstance(field, HiddenField)]


def rows_of(form: type[RuleRowForm], title: Any) -> Any:
    """Return a list of rows."""
    return FieldList(FormField(form), title)


class KeptRow(RuleRowForm):
    """A row with a page of its own: here it is only moved or removed."""

    key = HiddenField()
