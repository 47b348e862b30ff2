"""How a thing is looked up for the access table, and where things of the city belong."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from models.database import db
from rules.access import Place


def first(*columns: Any, where: Any, joins: tuple[Any, ...] = ()) -> Any:
    """Return the first row that fulfils a condition, or None."""
    query = select(*columns)
    for join in joins:
        query = query.join(join)
    return db.session.execute(query.where(where)).first()


def known(key: int | None) -> frozenset[int]:
    """Return a set of the one that is known, or an empty one."""
    return frozenset() if key is None else frozenset({key})


def of_city(table: Any) -> Callable[[int], Place | None]:
    """Place what belongs to no contest: it is there for those who act for the whole city."""

    def find(key: int) -> Place | None:
        return first(table.id, where=table.id == key) and Place()

    return find
