"""Make large sample workbooks for benchmarks of reading."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from services.workbooks import Column
from services.workbooks_writing import write_table

ROWS = 5_000


def sample_workbook(
    columns: Sequence[Column],
    count: int = ROWS,
    make_row: Callable[[int], Mapping[str, object]] | None = None,
) -> bytes:
    """Write a workbook of ``count`` rows; rows are made up by kind of column unless given."""
    made = make_row or (lambda number: {c.key: _value(c, number) for c in columns})
    return write_table(columns, (made(number) for number in range(count)), "Sample")


def _value(column: Column, number: int) -> object:
    if column.choices:
        return column.choices[number % len(column.choices)]
    if column.kind == "digits":
        return f"3302{number:014d}"
    if column.kind == "date":
        return date(1970, 1, 1) + timedelta(days=number)
    if column.kind in ("integer", "decimal"):
        return number % 100
    return f"{column.title}{number}"
