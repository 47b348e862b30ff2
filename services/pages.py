"""Lists in pages: one count, one slice, whatever the number of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select

from models.database import db

T = TypeVar("T")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    total: int
    number: int
    size: int

    @property
    def count(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Return the place of the first row shown, 0 for an empty list."""
        return 0 if not self.total else (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """Return the place of the last row shown."""
        return min(self.number * self.size, self.total)


def page_of(query: Select[T], number: int = 1, size: int = PAGE_SIZE, key: Any = None) -> Page[T]:
    """Return one page of a query of whole objects; a number past the end shows the last page.

    With the key of a long list, rows before the page are passed over by their keys alone.
    """
    counted = select(func.count()).select_from(query.order_by(None).options().subquery())
    total = db.session.scalar(counted) or 0
    number = max(1, min(number, -(-total // size) or 1))
    if key is None:
        query = query.limit(size).offset((number - 1) * size)
    else:
        keys = query.options().with_only_columns(key).limit(size).offset((number - 1) * size)
        query = query.where(key.in_(keys))
    return Page(db.session.scalars(query).unique().all(), total, number, size)


def ordered(
    query: Select[Any],
    columns: Mapping[str, ColumnElement[Any] | Any],
    sort: str | None,
    descending: bool,
    tie_break: Any,
) -> Select[Any]:
    """Order a query by a column from the white list, then by one that decides equal rows."""
    column = columns.get(sort or "")
    if column is None:
        return query.order_by(tie_break)
    return query.order_by(column.desc() if descending else column.asc(), tie_break)


def page_in(rows: Sequence[T], number: int = 1, size: int = PAGE_SIZE) -> Page[T]:
    """Return one page of rows that are there already; a number past the end shows the last."""
    number = max(1, min(number, -(-len(rows) // size) or 1))
    return Page(rows[(number - 1) * size : number * size], len(rows), number, size)
