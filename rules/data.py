"""What every piece of rule data has in common: it is frozen, closed, and has a digest."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rules.refusals import Refused
from rules.texts import N_

# Enough for marks and money, and too short to be a weapon.
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def _written_plainly(value: object) -> object:
    """Refuse texts that only look like a number: 1_000, digits of other scripts."""
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        # A number of the wrong kind says so itself; all others are no numbers.
        return value if value.strip().lower().lstrip("+-") in _NOT_FINITE else ""
    return value


_NOT_FINITE = ("nan", "inf", "infinity")
Number = Annotated[
    Decimal,
    Field(max_digits=20, decimal_places=10, allow_inf_nan=False),
    BeforeValidator(_written_plainly),
]
_LATER = {"added_later": True}


def later(default: object, **limits: Any) -> Any:
    """Declare a field that rules stored before it existed don't have.

    While it holds its default it is no part of the digest, so that old rules keep theirs.
    """
    return Field(default=default, json_schema_extra=dict(_LATER), **limits)


class RuleData(BaseModel):
    """Rules as data: once made they never change, and a field that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy with changes; what was worked out for the original is not taken along."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied

    def digest(self) -> str:
        """Return the SHA-256 of the content; equal rules have equal digests."""
        text = json.dumps(
            _canonical(self),
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()


class InvalidRules(Refused):
    """Rule data that contradicts itself, with every problem at once."""

    def __init__(self, problems: Sequence[Refused]) -> None:
        super().__init__(N_("The rules do not hold together yet."))
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([self.message, *map(str, self.problems)])


def plain(value: Decimal) -> str:
    """Write a number the shortest way and without exponent: 10, 0.5."""
    return format(value.normalize() + 0, "f")


def _canonical(value: object) -> object:
    if isinstance(value, RuleData):
        return {
            name: _canonical(getattr(value, name))
            for name, field in type(value).model_fields.items()
            if field.json_schema_extra != _LATER or getattr(value, name) != field.default
        }
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted((_canonical(item) for item in value), key=str)
    return _canonical_leaf(value)


def _canonical_leaf(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value
