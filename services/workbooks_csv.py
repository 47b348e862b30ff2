"""Read a .csv file as Excel, WPS or a database writes it, whatever its encoding and separator."""

import csv
import io
import re

from rules.refusals import Refused
from rules.texts import N_
from services.workbooks_archives import NOT_A_TABLE
from services.workbooks_grids import MAX_TEXT, Grid, Value
from services.workbooks_sheets import (
    MAX_COLUMNS,
    ROWS_ABOVE,
    TEXT_TOO_LONG,
    TOO_MANY_ROWS,
    TOO_WIDE,
)

NOT_READABLE = N_("The text of the file is neither UTF-8 nor GB18030. Save it as .xlsx.")
UNCLOSED = N_("The file has a quotation mark that is not closed. Save it as .xlsx.")

# Blank lines cost nothing to keep out, but reading them all the same must end.
MAX_LINES = 2_000_000
SEPARATORS = ",\t;"
# What a spreadsheet takes for the start of a formula, and the mark that our exports put before it.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
GUARD = "'"

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_FORCED_TEXT = re.compile(r'^="([^"]*)"$')


def read_csv(data: bytes, max_rows: int) -> Grid:
    """Read the bytes of a .csv file into a grid of texts."""
    text = _decoded(data)
    if _CONTROL.search(text):
        raise Refused(NOT_A_TABLE)
    grid = Grid(typed=False)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for number, record in enumerate(lines, start=1):
            if number > MAX_LINES:
                raise Refused(TOO_MANY_ROWS, limit=max_rows)
            _keep(grid, number, record, max_rows)
    except csv.Error as error:
        raise Refused(UNCLOSED) from error
    return grid


def unguarded(text: str) -> str:
    """Take away what a spreadsheet program or our own export put before a value."""
    forced = _FORCED_TEXT.match(text)
    if forced:
        return forced[1]
    if text.startswith(GUARD) and text[1:].startswith((*FORMULA_STARTS, GUARD)):
        return text[1:]
    return text


def guarded(text: str) -> str:
    """Mark a text that a spreadsheet would run as a formula; ``unguarded`` takes it back."""
    if text.startswith((*FORMULA_STARTS, GUARD)):
        return GUARD + text
    return text


def _keep(grid: Grid, number: int, record: list[str], max_rows: int) -> None:
    if not any(record):
        return
    cells: dict[int, Value] = {
        column: unguarded(text) for column, text in enumerate(record, start=1) if text.strip()
    }
    if not cells:
        return
    if max(cells) > MAX_COLUMNS:
        raise Refused(TOO_WIDE, limit=MAX_COLUMNS)
    if any(len(text) > MAX_TEXT for text in record):
        raise Refused(TEXT_TOO_LONG, limit=MAX_TEXT)
    if len(grid.rows) >= max_rows + ROWS_ABOVE:
        raise Refused(TOO_MANY_ROWS, limit=max_rows)
    grid.rows[number] = cells


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(NOT_READABLE)


def _separator(text: str) -> str:
    """Choose the separator that the first line with anything in it uses most, outside quotes."""
    opening = text[:10_000].lstrip("\r\n")
    first = re.sub(r'"[^"]*"', "", opening).splitlines()[:1]
    line = first[0] if first else ""
    return max(SEPARATORS, key=line.count)
