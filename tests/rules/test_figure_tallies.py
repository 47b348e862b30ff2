"""Groups of rows give the number and the parts that the rows give one by one."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from rules.figure_tallies import Group, Row, counted, split, tallied
from rules.figures import Counted, Part

PARTS = (Part.YEAR, Part.LEVEL, Part.COMPANY, Part.EMPLOYER)


def _once(name: str) -> Callable[[Sequence[Row]], Any]:
    def keys(rows: Sequence[Row]) -> list[str]:
        values = (getattr(row, name) for row in rows)
        return [str(value) for value in values if value not in (None, "")]

    return keys


def _places(rows: Sequence[Row]) -> int | None:
    return min((row.place for row in rows if row.place is not None), default=None)


def _amounts(rows: Sequence[Row]) -> Decimal | None:
    known = [row.amount for row in rows if row.amount is not None]
    return sum(known, Decimal(0)) if known else None


def _weights(rows: Sequence[Row]) -> int:
    return sum(row.weight for row in rows)


MEASURES: dict[Counted, Callable[[Sequence[Row]], Any]] = {
    Counted.ROWS: len,
    Counted.PERSONS: _once("person"),
    Counted.EMPLOYERS: _once("employer"),
    Counted.EVENTS: _once("event_key"),
    Counted.TIMES: _weights,
    Counted.TEAMS: _weights,
    Counted.SUM: _amounts,
    Counted.BEST: _places,
}


def rows(seed: int, count: int) -> list[Row]:
    random = Random(seed)
    return [
        Row(
            key=f"row:{n}",
            person=random.choice((None, -1, 1, 12, 2)),
            employer=random.choice(("", "甲,乙", "甲", "乙")),
            event_key=random.choice((None, 1, 2, 3)),
            level=random.choice(("", "city", "county")),
            company=random.choice((True, False, None)),
            year=random.choice((2018, 2020, None)),
            amount=random.choice((None, Decimal("0.10"), Decimal("0.20"))),
            weight=random.randint(0, 3),
            place=random.choice((None, 1, 2)),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("what", list(Counted))
def test_groups_count_what_their_rows_count(what: Counted) -> None:
    for seed in range(20):
        found = rows(seed, count=seed * 2)
        alike: dict[tuple[Any, ...], list[Row]] = {}
        for row in found:
            alike.setdefault(tuple(getattr(row, part.value) for part in PARTS), []).append(row)
        groups = [Group(values, MEASURES[what](some)) for values, some in alike.items()]
        number, splits = tallied(groups, what, PARTS)
        assert number == counted(found, what)
        assert splits == tuple(split(found, what, part) for part in PARTS)
