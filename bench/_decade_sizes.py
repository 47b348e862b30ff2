"""What ten years of a city ten times the size of Cixi hold, and how rows go in."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from sqlalchemy import insert

from models.database import Base, db
from services.people import chunks, table_of

NOW = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 29)
YEARS = (2018, 2020, 2022, 2024, 2026)
ENTRIES, PEOPLE, EMPLOYERS, HONOURS = 46_000, 60_000, 3_000, 12_000
WORKSHOPS, PAIRS = 380, 40_000
SEATS = 2
PASSED, TECHNICIANS = 0.55, 0.03
TIERS = (("first", "一等奖", 0.03), ("second", "二等奖", 0.09), ("third", "三等奖", 0.19))
PRIZES = {"first": 5_000, "second": 3_000, "third": 1_000}


@dataclass
class Decade:
    """What is put in: how much of it, by which chance, and the next id of each table."""

    scale: float = 1.0
    marked: bool = True
    random: Random = field(default_factory=lambda: Random(9))
    accounts: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    # Which levels somebody has been given in an occupation.
    levels: set[tuple[int, str, int]] = field(default_factory=set)
    prizes: list[dict[str, Any]] = field(default_factory=list)

    def many(self, count: int) -> int:
        """Return how many of something there are at this scale."""
        return max(1, round(count * self.scale))

    def next(self, model: type[Base]) -> int:
        """Return the next id of a table."""
        name = model.__tablename__
        self.ids[name] = self.ids.get(name, 0) + 1
        return self.ids[name]


def store(model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Put many rows into a table."""
    for chunk in chunks(rows, 5_000):
        db.session.execute(insert(table_of(model)), list(chunk))


def at(year: int, month: int) -> datetime:
    """Return an instant of a month."""
    return datetime(year, month, 10, 2, 0, tzinfo=UTC)
