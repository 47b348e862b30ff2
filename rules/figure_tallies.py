"""Rows behind a figure: counted, digested, and compared with what they were (R7.12)."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from rules.ages import age_on
from rules.figures import Counted, Part, Question

Value = str | bool | int | None
# A part and its values with their numbers, the largest first.
Split = tuple[Part, tuple[tuple[Value, Decimal], ...]]

# Up to and with which age a band goes; above the last one it is open.
AGE_BANDS = ((0, 24), (25, 34), (35, 44), (45, 54), (55, 120))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a register as a figure sees it; its key finds it again for ever."""

    key: str
    person: int | None = None
    name: str = ""
    employer: str = ""
    event_key: int | None = None
    day: date | None = None
    title: str = ""
    level: str = ""
    programme: str = ""
    event: str = ""
    occupation: str = ""
    district: str = ""
    kind: str = ""
    via: str = ""
    state: str = ""
    tier: str = ""
    host: str = ""
    sex: str = ""
    company: bool | None = None
    year: int | None = None
    number: str = ""
    amount: Decimal | None = None
    weight: int = 1
    place: int | None = None
    age: int | None = None


ONCE_EACH = frozenset({Counted.PERSONS, Counted.EVENTS, Counted.EMPLOYERS})
FIELDS = tuple(one.name for one in fields(Row))


def band_of(age: int | None) -> str | None:
    """Return the band of an age: 25-34."""
    for low, high in AGE_BANDS:
        if age is not None and low <= age <= high:
            return f"{low}-{high}"
    return None


def aged(born: date | None, day: date) -> int | None:
    """Return an age on a day, or None where the birth date is not known."""
    return None if born is None or born > day else age_on(born, day)


def value_of(row: Row, part: Part) -> Value:
    """Return what a row is by a part; an empty text is nothing known."""
    if part is Part.AGE:
        return band_of(row.age)
    found: Value = getattr(row, part.value)
    return None if found == "" else found


def fits_age(row: Row, question: Question) -> bool:
    """Say whether a row lies within the ages asked for; whose age is unknown lies within none."""
    if question.from_age is None and question.to_age is None:
        return True
    if row.age is None:
        return False
    low, high = question.from_age or 0, question.to_age
    return low <= row.age and (high is None or row.age <= high)


def counted(rows: Iterable[Row], what: Counted) -> Decimal:
    """Count rows: themselves, persons once each, person-times, money; or take the best place."""
    if what is Counted.SUM:
        return sum((row.amount or Decimal(0) for row in rows), Decimal(0))
    if what is Counted.BEST:
        return Decimal(min((row.place for row in rows if row.place is not None), default=0))
    if what in (Counted.TIMES, Counted.TEAMS):
        return Decimal(sum(row.weight for row in rows))
    if what is Counted.ROWS:
        return Decimal(sum(1 for _ in rows))
    kept: set[Any] = {_identity(row, what) for row in rows}
    return Decimal(len(kept - {None, ""}))


def _identity(row: Row, what: Counted) -> Any:
    if what is Counted.PERSONS:
        return row.person
    return row.employer if what is Counted.EMPLOYERS else row.event_key


def split(rows: Sequence[Row], what: Counted, part: Part) -> Split:
    """Count rows by the values of a part."""
    groups: dict[Value, list[Row]] = {}
    for row in rows:
        groups.setdefault(value_of(row, part), []).append(row)
    return sorted_split(part, {value: counted(group, what) for value, group in groups.items()})


class Group(NamedTuple):
    """Rows that are alike in their parts, and what they count together.

    That is the keys of those who count once each, or a number; nothing where none is known.
    """

    values: tuple[Value, ...]
    measure: Any


def tallied(
    groups: Sequence[Group], what: Counted, parts: Sequence[Part]
) -> tuple[Decimal, tuple[Split, ...]]:
    """Count rows that were brought together by parts: the number, and each part's values."""
    splits = []
    for place, part in enumerate(parts):
        found: dict[Value, list[Any]] = {}
        for group in groups:
            value = group.values[place]
            found.setdefault(None if value == "" else value, []).append(group.measure)
        numbers = {value: _together(measures, what) for value, measures in found.items()}
        splits.append(sorted_split(part, numbers))
    return _together([group.measure for group in groups], what), tuple(splits)


def _together(measures: Sequence[Any], what: Counted) -> Decimal:
    if what in ONCE_EACH:
        return Decimal(len(set[str]().union(*measures)))
    known = [one for one in measures if one is not None]
    if what is Counted.BEST:
        return Decimal(min(known, default=0))
    return sum(map(Decimal, known), Decimal(0))


def sorted_split(part: Part, numbers: Mapping[Value, Decimal]) -> Split:
    """Put the values of a part in order: years and ages by themselves, all else by number."""
    if part in (Part.YEAR, Part.AGE):
        ordered = sorted(numbers.items(), key=lambda one: (one[0] is None, str(one[0])))
    else:
        ordered = sorted(numbers.items(), key=lambda one: (one[0] is None, -one[1], str(one[0])))
    return part, tuple(ordered)


def canonical(row: Row) -> list[Any]:
    """Return a row as plain values in the order of the fields."""
    return [_plain(getattr(row, name)) for name in FIELDS]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def read_row(values: Mapping[str, Any]) -> Row:
    """Return a kept row; fields that it does not have yet are empty."""
    found = {name: value for name, value in values.items() if name in FIELDS}
    if found.get("day") is not None:
        found["day"] = date.fromisoformat(found["day"])
    if found.get("amount") is not None:
        found["amount"] = Decimal(found["amount"])
    return Row(**found)


def digest(question: str, number: Decimal, rows: Iterable[Row]) -> str:
    """Return the SHA-256 of a question's digest, its number and its rows, sorted by key.

    Each row is one line of JSON with the names of its fields, so that anybody can work it out from
    the list; what a field is by default is left out, so that later fields change no old digest.
    """
    made = hashlib.sha256()
    made.update(f"{question}\n{format(number, 'f')}\n".encode())
    for row in sorted(rows, key=lambda one: one.key):
        made.update(json.dumps(told(row), sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return made.hexdigest()


_BARE = Row("")


def told(row: Row) -> dict[str, Any]:
    """Return what a row says beyond the defaults of its fields."""
    return {
        name: _plain(getattr(row, name))
        for name in FIELDS
        if getattr(row, name) != getattr(_BARE, name)
    }


@dataclass(frozen=True, slots=True)
class Change:
    """A row in two lists that says something else now: the field, what it was, what it is."""

    row: Row
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything in which two lists of rows differ."""

    added: tuple[Row, ...]
    gone: tuple[Row, ...]
    changed: tuple[Change, ...]

    @property
    def count(self) -> int:
        """Return how many rows differ."""
        return len(self.added) + len(self.gone) + len(self.changed)


def differences(old: Iterable[Row], new: Iterable[Row]) -> Differences:
    """Compare two lists of rows by their keys."""
    before, after = {row.key: row for row in old}, {row.key: row for row in new}
    changed = (
        Change(after[key], tuple(_changed_fields(before[key], after[key])))
        for key in sorted(before.keys() & after.keys())
        if before[key] != after[key]
    )
    return Differences(
        tuple(after[key] for key in sorted(after.keys() - before.keys())),
        tuple(before[key] for key in sorted(before.keys() - after.keys())),
        tuple(changed),
    )


def _changed_fields(old: Row, new: Row) -> Iterable[tuple[str, Any, Any]]:
    for name in FIELDS:
        if getattr(old, name) != getattr(new, name):
            yield name, getattr(old, name), getattr(new, name)
