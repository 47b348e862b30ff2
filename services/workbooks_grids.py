"""A grid: what the sheet of an uploaded file holds, before anybody knows what its columns mean."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from rules.refusals import Refused
from rules.texts import N_

MEGABYTE = 1024 * 1024
MAX_FILE = 10 * MEGABYTE
# Excel itself allows no longer text in one cell.
MAX_TEXT = 32_767

DAMAGED = N_("The file is damaged and cannot be read. Open it in Excel and save it again as .xlsx.")


@dataclass(frozen=True)
class ErrorValue:
    """What a cell shows when Excel could not compute it, such as #N/A."""

    text: str


Value = str | Decimal | bool | date | ErrorValue | None
Position = tuple[int, int]


@dataclass
class Grid:
    """The non-empty cells of one sheet; rows and columns count from 1."""

    title: str = ""
    rows: dict[int, dict[int, Value]] = field(default_factory=dict)
    formulas: set[Position] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    typed: bool = True


def damaged() -> Refused:
    """Return the refusal of a file that contradicts itself."""
    return Refused(DAMAGED)


def column_letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the address of a cell as Excel shows it."""
    return f"{column_letters(column)}{row}"


def position(reference: str) -> Position:
    """Read an address such as B7 (or $B$7) into row and column."""
    text = reference.replace("$", "")
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not (0 < len(letters) <= 3 and letters.isascii() and letters.isalpha() and len(digits) <= 7):
        raise damaged()
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    if not digits or not int(digits):
        raise damaged()
    return int(digits), column
