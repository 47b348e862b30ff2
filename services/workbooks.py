"""Read the rows of an uploaded .xlsx or .csv file and say readably what is wrong in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from rules.refusals import Refused
from rules.texts import N_
from services.workbooks_archives import refuse_wrong_kind
from services.workbooks_cells import Converted, Kind, convert, heading, show
from services.workbooks_csv import read_csv
from services.workbooks_grids import MAX_FILE, Grid, Value, address, column_letters, position
from services.workbooks_sheets import TOO_MANY_ROWS, read_sheet

MAX_ROWS = 5_000
# Where headings may stand: there may be a title and remarks above them.
HEADER_ROWS = 20

NO_HEADINGS = N_("No column headings were found. Expected in one row: %(expected)s.")
MISSING = N_("The column %(column)s is missing. Expected columns: %(expected)s.")
DOUBLED = N_("The column %(column)s stands there more than once (%(cells)s).")
NO_ROWS = N_("There are no rows below the headings.")
MERGED = N_("The cells %(ranges)s are merged. Unmerge them and fill in every row.")
FORMULA = N_("%(cell)s holds a formula. Paste the values instead of the formulas.")
EMPTY_CELL = N_("%(cell)s: %(column)s is missing.")


@dataclass(frozen=True)
class Column:
    """A column that an import asks for; the first of its titles is the one we write ourselves."""

    key: str
    titles: tuple[str, ...]
    required: bool = False
    kind: Kind = "text"
    help: str = ""
    choices: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the heading of the column in our own files."""
        return self.titles[0]


@dataclass(frozen=True)
class Row:
    """One row: its number in the sheet, a value for every column key, and what is wrong in it.

    ``texts`` holds what was typed, so that a refused row can be shown as it is.
    """

    number: int
    values: dict[str, Converted]
    problems: list[Refused] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """What was read: rows, problems of the file as a whole, and the headings that were not used."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Refused] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Tell whether neither the file nor any row has a problem."""
        return not self.problems and not any(row.problems for row in self.rows)


def read_table(
    data: bytes | BinaryIO, filename: str, columns: Sequence[Column], max_rows: int = MAX_ROWS
) -> Table:
    """Read a file into rows; problems are collected in the table, never raised."""
    try:
        return _table(read_grid(data, max_rows), columns, max_rows)
    except Refused as problem:
        return Table(problems=[problem])


def read_grid(data: bytes | BinaryIO, max_rows: int = MAX_ROWS, sheet: str | None = None) -> Grid:
    """Read the cells of an .xlsx or .csv, told apart by content; refuse all else."""
    content = data if isinstance(data, bytes) else data.read(MAX_FILE + 1)
    refuse_wrong_kind(content)
    if content.startswith(b"PK"):
        return read_sheet(content, max_rows, sheet)
    return read_csv(content, max_rows)


def _table(grid: Grid, columns: Sequence[Column], max_rows: int) -> Table:
    header = _header_row(grid, columns)
    found, ignored = _find_columns(grid.rows[header], columns)
    problems = [*_column_problems(header, found, columns), *_merge_problems(grid, header)]
    placed = [(column, found[column.key][0]) for column in columns if found[column.key]]
    if problems:
        return Table([], problems, ignored)
    return _placed_table(grid, header, placed, columns, max_rows, ignored)


def read_placed(
    grid: Grid, header: int, places: Mapping[str, int], columns: Sequence[Column]
) -> Table:
    """Read the rows below a row of headings, each column where somebody says that it stands."""
    merged = list(_merge_problems(grid, header))
    if merged:
        return Table([], merged)
    placed = [(column, places[column.key]) for column in columns if column.key in places]
    return _placed_table(grid, header, placed, columns, MAX_ROWS, ())


def _placed_table(
    grid: Grid,
    header: int,
    placed: list[tuple[Column, int]],
    columns: Sequence[Column],
    max_rows: int,
    ignored: tuple[str, ...],
) -> Table:
    rows = list(_rows(grid, header, placed, columns))
    if len(rows) > max_rows:
        return Table([], [Refused(TOO_MANY_ROWS, limit=max_rows)], ignored)
    return Table(rows, [] if rows else [Refused(NO_ROWS)], ignored)


def find_headings(grid: Grid, columns: Sequence[Column]) -> tuple[int, dict[str, int]]:
    """Return the row that looks most like headings, and where columns stand by their titles.

    In a list with other words the first row with the most texts is taken.
    """
    try:
        header = _header_row(grid, columns)
    except Refused:
        first = sorted(grid.rows)[:HEADER_ROWS]
        if not first:
            raise
        header = max(first, key=lambda number: (_texts(grid.rows[number]), -number))
    found, _ignored = _find_columns(grid.rows[header], columns)
    return header, {key: places[0] for key, places in found.items() if places}


def _texts(cells: Mapping[int, Value]) -> int:
    return sum(isinstance(value, str) and bool(value.strip()) for value in cells.values())


def _names(columns: Sequence[Column]) -> dict[str, str]:
    return {heading(title): column.key for column in columns for title in column.titles}


def _header_row(grid: Grid, columns: Sequence[Column]) -> int:
    names = _names(columns)
    best, best_count = 0, 0
    for number in sorted(grid.rows)[:HEADER_ROWS]:
        keys = {names.get(heading(show(value))) for value in grid.rows[number].values()}
        count = len(keys - {None})
        if count > best_count:
            best, best_count = number, count
    if not best:
        raise Refused(NO_HEADINGS, expected=_expected(columns))
    return best


def _find_columns(
    cells: dict[int, Value], columns: Sequence[Column]
) -> tuple[dict[str, list[int]], tuple[str, ...]]:
    names = _names(columns)
    found: dict[str, list[int]] = {column.key: [] for column in columns}
    ignored = []
    for place, value in sorted(cells.items()):
        key = names.get(heading(show(value)))
        if key:
            found[key].append(place)
        elif value is not None:
            ignored.append(show(value))
    return found, tuple(ignored)


def _expected(columns: Sequence[Column]) -> str:
    return ", ".join(column.title for column in columns)


def _column_problems(
    header: int, found: dict[str, list[int]], columns: Sequence[Column]
) -> Iterator[Refused]:
    for column in columns:
        places = found[column.key]
        if not places and column.required:
            yield Refused(MISSING, column.key, column=column.title, expected=_expected(columns))
        if len(places) > 1:
            cells = ", ".join(address(header, place) for place in places)
            yield Refused(DOUBLED, column.key, column=column.title, cells=cells)


def _merge_problems(grid: Grid, header: int) -> Iterator[Refused]:
    last = max(grid.rows)
    inside = []
    for reference in grid.merged:
        first, _, end = reference.partition(":")
        if position(end or first)[0] > header and position(first)[0] <= last:
            inside.append(reference)
    if inside:
        more = " …" if len(inside) > 5 else ""
        yield Refused(MERGED, ranges=", ".join(inside[:5]) + more)


def _rows(
    grid: Grid, header: int, placed: list[tuple[Column, int]], columns: Sequence[Column]
) -> Iterator[Row]:
    absent = {column.key: None for column in columns}
    letters = {place: column_letters(place) for _, place in placed}
    for number in sorted(grid.rows):
        cells = grid.rows[number]
        if number > header and any(place in cells for _, place in placed):
            row = Row(number, dict(absent))
            for column, place in placed:
                _read_cell(grid, row, column, place, f"{letters[place]}{number}")
            if row.problems or any(value is not None for value in row.values.values()):
                yield row


def _read_cell(grid: Grid, row: Row, column: Column, place: int, cell: str) -> None:
    value = grid.rows[row.number].get(place)
    row.texts[column.key] = show(value)
    try:
        if (row.number, place) in grid.formulas:
            raise Refused(FORMULA, column.key, cell=cell, column=column.title)
        converted = convert(value, column.kind, cell, column.key, column.title)
        if converted is None and column.required:
            raise Refused(EMPTY_CELL, column.key, cell=cell, column=column.title)
        row.values[column.key] = converted
    except Refused as problem:
        row.problems.append(problem)
