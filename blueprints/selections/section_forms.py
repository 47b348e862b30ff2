"""The forms by which the sections of a round's rules are edited: what they share."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar

from flask_babel import lazy_gettext
from wtforms import Field, FieldList, FormField, HiddenField, StringField
from wtforms.validators import Length, Regexp

from blueprints.fields import RowForm
from blueprints.forms import ActForm, one_line, options
from blueprints.labels import label
from rules.data import RuleData
from rules.selection_rounds import RoundRules

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


class SectionForm(ActForm):
    """One section of the rules; ``base`` is the digest of the rules it was opened with."""

    # Names of the fields that stand in the rules as they are.
    plain: ClassVar[tuple[str, ...]] = ()
    # Lists of rows: the name in the rules, and what rows of it are made of.
    rows: ClassVar[Mapping[str, type[RuleData]]] = {}

    base = HiddenField(validators=[Regexp(r"^[0-9a-f]{64}$")])
    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )

    @classmethod
    def values(cls, rules: RoundRules) -> dict[str, Any]:
        """Return the section as the form shows it."""
        found: dict[str, Any] = {name: getattr(rules, name) for name in cls.plain}
        for name in cls.rows:
            found[name] = [dict(one) for one in getattr(rules, name)]
        return found | {"base": rules.digest()}

    def changes(self, present: RoundRules) -> dict[str, Any]:
        """Return what the form changes in the rules."""
        found: dict[str, Any] = {name: self[name].data for name in self.plain}
        for name, made in self.rows.items():
            found[name] = self.read_rows(name, made, getattr(present, name))
        return found

    def read_rows(
        self, name: str, made: type[RuleData], present: Sequence[Any]
    ) -> tuple[RuleData, ...]:
        """Return the rows of a list; what the form does not show of a row stays."""
        kept = {getattr(one, "key", ""): dict(one) for one in present}
        used = {row.form.key.data for row in self[name] if hasattr(row.form, "key")}
        found = []
        for row in self[name]:
            values = row.form.values()
            if "key" in made.model_fields:
                key = row.form.key.data or _new_key(name, used)
                used.add(key)
                values = kept.get(key, {}) | values | {"key": key}
            found.append(made.model_validate(values))
        return tuple(found)

    @property
    def lists(self) -> list[Any]:
        """Return the lists of rows of the form, in their order."""
        return [field for field in self if isinstance(field, FieldList)]

    @property
    def singles(self) -> list[Field]:
        """Return the fields that are no rows, nor hidden, nor the reason."""
        return [
            field
            for field in self
            if not isinstance(field, FieldList | HiddenField) and field.short_name != "reason"
        ]


def _new_key(name: str, used: set[Any]) -> str:
    stem, number = re.sub(r"[^a-z]", "", name)[:20] or "row", 1
    while f"{stem}_{number}" in used:
        number += 1
    return f"{stem}_{number}"


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
