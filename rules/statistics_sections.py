"""Sections of a report: a table, and the picture that is drawn from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from rules.statistics import Origin, hidden

Cell = str | int | Decimal | None
HIDDEN = "*"


class ColumnKind(StrEnum):
    """What a column holds; persons are counts by which somebody could be made out."""

    TEXT = "text"
    COUNT = "count"
    PERSONS = "persons"
    PERCENT = "percent"
    DECIMAL = "decimal"
    MONEY = "money"


class ChartKind(StrEnum):
    """How a section is drawn: lying bars, columns, columns on each other, lines."""

    BARS = "bars"
    COLUMNS = "columns"
    STACKED = "stacked"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading, what it holds."""

    key: str
    title: str
    kind: ColumnKind = ColumnKind.COUNT


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of some columns of a section."""

    kind: ChartKind
    columns: tuple[str, ...]
    most: int = 14


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its picture; the first column names the rows.

    `guarded` says that its counts of persons may leave the bureau only where they are not small.
    `links` lead from the names of rows to their pages. `origins` say where each row comes from, as
    its last column does, where something of the section is known from lists.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None = None
    note: str = ""
    guarded: bool = False
    links: Mapping[int, str] | None = None
    origins: tuple[Origin, ...] = ()

    def column(self, key: str) -> list[Cell]:
        """Return the cells of a column."""
        place = next(n for n, one in enumerate(self.columns) if one.key == key)
        return [row[place] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Headline:
    """A single number at the head of a report."""

    title: str
    value: Cell
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its title, what it is about, single numbers, sections, of when its counts are."""

    title: str
    about: str
    heads: tuple[Headline, ...]
    sections: tuple[Section, ...]
    note: str = ""

    def outside(self) -> "Report":
        """Return it as it may leave the bureau."""
        return replace(self, sections=tuple(outside(one) for one in self.sections))


def outside(section: Section) -> Section:
    """Hide small counts of persons, with the percentages that would tell them."""
    if not section.guarded:
        return section
    gone = set(_small_places(section))
    if not gone:
        return section
    rows = tuple(
        tuple(HIDDEN if (n, place) in gone else cell for place, cell in enumerate(row))
        for n, row in enumerate(section.rows)
    )
    return replace(section, rows=rows)


def _small_places(section: Section) -> Iterator[tuple[int, int]]:
    shares = [n for n, one in enumerate(section.columns) if one.kind is ColumnKind.PERCENT]
    for place, column in enumerate(section.columns):
        if column.kind is ColumnKind.PERSONS:
            counts = [_count(row[place]) for row in section.rows]
            for row in hidden(counts):
                yield row, place
                yield from ((row, share) for share in shares)


def _count(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def drawn(section: Section) -> tuple[list[str], list[tuple[str, list[float | None]]]]:
    """Return names and series of a section's picture; hidden cells leave a gap."""
    if section.chart is None:
        return [], []
    rows = section.rows[: section.chart.most]
    names = [str(row[0]) for row in rows]
    series = []
    for place, column in enumerate(section.columns):
        if column.key in section.chart.columns:
            series.append((column.title, [_number(row[place]) for row in rows]))
    return names, series


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, (int, Decimal)) else None
