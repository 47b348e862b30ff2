"""What every register tells a figure: the same columns, as they stood on a day.

A register is one statement. It is counted, split and listed by what surrounds it, so a new register
needs a statement with these columns and a line in rules.figures.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    cast,
    extract,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from models.columns import EncryptedDate, Scaled
from services.acting import ZONE

COLUMNS: dict[str, Any] = {
    "key": String(),
    "person": Integer(),
    "name": String(),
    "employer": String(),
    "event_key": Integer(),
    "day": Date(),
    "title": String(),
    "level": String(),
    "programme": String(),
    "event": String(),
    "occupation": String(),
    "district": String(),
    "kind": String(),
    "via": String(),
    "state": String(),
    "tier": String(),
    "host": String(),
    "sex": String(),
    "company": Boolean(),
    "year": Integer(),
    "number": String(),
    "amount": Scaled(2),
    "weight": Integer(),
    "place": Integer(),
    "born": EncryptedDate("person.birth_date"),
}


@dataclass(frozen=True)
class AsOf:
    """The day on which registers are looked at, to its end in China."""

    day: date

    @property
    def end(self) -> datetime:
        """Return the instant at which the day is over."""
        return datetime.combine(self.day + timedelta(days=1), time(0), ZONE)


class china_day(GenericFunction[date]):
    """The day in China of an instant."""

    type = Date()
    inherit_cache = True


@compiles(china_day)
def _day_by_zone(element: Any, compiler: Any, **more: Any) -> str:
    inner = compiler.process(element.clauses, **more)
    return f"CAST(({inner}) AT TIME ZONE 'Asia/Shanghai' AS DATE)"


@compiles(china_day, "sqlite")
def _day_by_hours(element: Any, compiler: Any, **more: Any) -> str:
    return f"date({compiler.process(element.clauses, **more)}, '+8 hours')"


def text_of(column: Any) -> ColumnElement[str]:
    """Return a coded value as the text that the database holds."""
    return type_coerce(column, String)


def key_of(prefix: str, column: Any) -> ColumnElement[str]:
    """Return a key that stays: the register's name and the row's number in it."""
    return literal(f"{prefix}:") + cast(column, String)


def year_of(day: Any) -> ColumnElement[int]:
    """Return the year of a day."""
    return cast(extract("year", day), Integer)


def told(**given: Any) -> Select[Any]:
    """Select the columns of a register; those that it does not know are empty."""
    given.setdefault("weight", literal(1))
    strange = given.keys() - COLUMNS.keys()
    if strange:
        raise TypeError(f"no such columns: {strange}")
    return select(
        *(
            (given[name] if name in given else cast(null(), kind)).label(name)
            for name, kind in COLUMNS.items()
        )
    )
