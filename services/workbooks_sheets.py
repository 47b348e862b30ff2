"""Read one sheet of an .xlsx into a grid: a single bounded pass over its XML.

python-calamine is faster by a hair but reserves memory for the rectangle between the first and the
last cell: two cells, A1 and XFD1048576, in a file of 5 KB end the whole process.
"""

import posixpath
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.parsers import expat

from rules.refusals import Refused
from rules.texts import N_
from services.workbooks_archives import NOT_A_TABLE, TOO_BIG_INSIDE, Archive
from services.workbooks_grids import MAX_TEXT, MEGABYTE, ErrorValue, Grid, Value, damaged, position

# Rows above the data: a title, remarks, the headings themselves.
ROWS_ABOVE = 50
MAX_COLUMNS = 300
MAX_CELLS = 1_500_000
MAX_ELEMENTS = 4_000_000
MAX_MERGED = 1_000
MAX_INLINE = 32 * MEGABYTE

TOO_MANY_ROWS = N_("The sheet has more than %(limit)s rows. Split it into several files.")
TOO_MANY_EMPTY = N_(
    "The sheet has more than %(limit)s cells, nearly all of them empty. "
    "Delete the empty rows below the data, or copy the data into a new workbook."
)
TOO_WIDE = N_("The sheet has more than %(limit)s columns.")
TEXT_TOO_LONG = N_("A cell holds more than %(limit)s characters.")
NO_SHEET = N_("The workbook has no visible sheet.")

_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Attributes = dict[str, str]


def read_sheet(data: bytes, max_rows: int, title: str | None = None) -> Grid:
    """Read the first visible sheet, or the one of that title, of an .xlsx file."""
    archive = Archive(data)
    book = _Book(archive)
    name, member = book.choose(title)
    shared = _shared_strings(archive, book.related("sharedStrings"))
    dates = _date_styles(archive, book.related("styles"))
    reader = _SheetReader(name, shared, dates, book.epoch, max_rows + ROWS_ABOVE)
    archive.parse(member, reader.parser, limit=384 * MEGABYTE)
    return reader.grid


def _walk(
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Any:
    """Make a parser whose handlers see names without their namespace prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    elements = 0

    def begin(name: str, attrs: Attributes) -> None:
        nonlocal elements
        elements += 1
        if elements > MAX_ELEMENTS:
            raise Refused(TOO_BIG_INSIDE)
        start(name.rpartition(":")[2], attrs)

    parser.StartElementHandler = begin
    if end is not None:
        finish = end
        parser.EndElementHandler = lambda name: finish(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    return parser


def _relations(archive: Archive, owner: str) -> dict[str, tuple[str, str]]:
    folder, stem = posixpath.split(owner)
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attrs: Attributes) -> None:
        if name == "Relationship" and attrs.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, attrs.get("Target", "")))
            kind = attrs.get("Type", "").rpartition("/")[2]
            found[attrs.get("Id", "")] = (kind, target.lstrip("/"))

    rels = posixpath.join(folder, "_rels", stem + ".rels")
    if archive.has(rels):
        archive.parse(rels, _walk(start))
    return found


class _Book:
    """The table of contents of a workbook."""

    def __init__(self, archive: Archive) -> None:
        top = _relations(archive, "")
        targets = [target for kind, target in top.values() if kind == "officeDocument"]
        if not targets or not archive.has(targets[0]) or not targets[0].endswith(".xml"):
            raise Refused(NOT_A_TABLE)
        self.epoch = date(1899, 12, 30)
        self._sheets: list[tuple[str, bool, str]] = []
        self._is_book = False
        self._relations = _relations(archive, targets[0])
        archive.parse(targets[0], _walk(self._start))
        if not self._is_book:
            raise Refused(NOT_A_TABLE)

    def choose(self, title: str | None) -> tuple[str, str]:
        """Return name and member of the sheet of that title, else of the first visible one."""
        sheets = [(name, rel) for name, visible, rel in self._sheets if visible]
        named = [sheet for sheet in sheets if sheet[0] == title]
        for name, relation in named or sheets:
            kind, member = self._relations.get(relation, ("", ""))
            if kind == "worksheet":
                return name, member
        raise Refused(NO_SHEET)

    def related(self, wanted: str) -> str | None:
        """Return the member that holds the shared strings or the styles."""
        return next((m for kind, m in self._relations.values() if kind == wanted), None)

    def _start(self, name: str, attrs: Attributes) -> None:
        if name == "workbook":
            self._is_book = True
        elif name == "workbookPr" and attrs.get("date1904") in ("1", "true"):
            self.epoch = date(1904, 1, 1)
        elif name == "sheet":
            relation = next((v for k, v in attrs.items() if k.rpartition(":")[2] == "id"), "")
            visible = attrs.get("state", "visible") == "visible"
            self._sheets.append((attrs.get("name", ""), visible, relation))


def _shared_strings(archive: Archive, member: str | None) -> list[str]:
    strings: list[str] = []
    if member is None or not archive.has(member):
        return strings
    reader = _StringsReader(strings)
    archive.parse(member, _walk(reader.start, reader.end, reader.characters), limit=64 * MEGABYTE)
    return strings


class _StringsReader:
    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._pieces: list[str] = []
        self._size = 0
        self._inside = self._phonetic = False

    def start(self, name: str, attrs: Attributes) -> None:
        if name == "t":
            self._inside = not self._phonetic
        elif name == "si":
            self._pieces, self._size = [], 0
        elif name == "rPh":
            # The reading of a Chinese or Japanese word, not part of the word.
            self._phonetic = True

    def end(self, name: str) -> None:
        if name == "t":
            self._inside = False
        elif name == "si":
            self._strings.append(_unescaped("".join(self._pieces)))
        elif name == "rPh":
            self._phonetic = False

    def characters(self, text: str) -> None:
        if self._inside:
            self._size += len(text)
            if self._size > MAX_TEXT:
                raise Refused(TEXT_TOO_LONG, limit=MAX_TEXT)
            self._pieces.append(text)


def _is_date_format(code: str) -> bool:
    plain = _NOT_FORMAT.sub("", code).lower()
    return "general" not in plain and any(letter in plain for letter in "ymdhs年月日")


def _date_styles(archive: Archive, member: str | None) -> list[bool]:
    """Tell for each cell style whether a number in it is shown as a date."""
    dates: list[bool] = []
    if member is None or not archive.has(member):
        return dates
    formats: dict[str, bool] = {}
    inside = False

    def start(name: str, attrs: Attributes) -> None:
        nonlocal inside
        if name == "numFmt":
            formats[attrs.get("numFmtId", "")] = _is_date_format(attrs.get("formatCode", ""))
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            number = attrs.get("numFmtId", "0")
            known = number.isdecimal() and int(number) in _DATE_FORMATS
            dates.append(formats.get(number, known))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    archive.parse(member, _walk(start, end))
    return dates


class _SheetReader:
    """Collect the cells that hold something; count the rest and stop when there are too many."""

    def __init__(
        self, title: str, shared: list[str], dates: list[bool], epoch: date, max_rows: int
    ) -> None:
        self.grid = Grid(title)
        self._shared, self._dates, self._epoch, self._max_rows = shared, dates, epoch, max_rows
        self._row = self._column = self._cells = self._inline = self._size = 0
        self._type = self._style = ""
        self._pieces: list[str] = []
        self._inside = self._filled = self._phonetic = False
        self.parser = _walk(self._start, self._end, self._characters)

    def _start(self, name: str, attrs: Attributes) -> None:
        if name == "c":
            self._open_cell(attrs)
        elif name in ("v", "t"):
            self._inside = self._filled = not self._phonetic
        elif name == "row":
            self._row = _number(attrs.get("r"), self._row + 1)
            self._column = 0
        elif name == "f":
            self._keep(None)
            self.grid.formulas.add((self._row, self._column))
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell" and len(self.grid.merged) < MAX_MERGED:
            self.grid.merged.append(attrs.get("ref", ""))

    def _end(self, name: str) -> None:
        if name == "c":
            if self._filled:
                self._keep(self._value("".join(self._pieces)))
        elif name in ("v", "t"):
            self._inside = False
        elif name == "rPh":
            self._phonetic = False

    def _characters(self, text: str) -> None:
        if self._inside:
            self._size += len(text)
            if self._size > MAX_TEXT:
                raise Refused(TEXT_TOO_LONG, limit=MAX_TEXT)
            self._pieces.append(text)

    def _open_cell(self, attrs: Attributes) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise Refused(TOO_MANY_EMPTY, limit=MAX_CELLS)
        reference = attrs.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = position(reference)
        self._type, self._style = attrs.get("t", "n"), attrs.get("s", "")
        self._filled = self._inside = False
        self._pieces, self._size = [], 0

    def _keep(self, value: Value) -> None:
        if isinstance(value, str) and not value.strip():
            return
        row = self.grid.rows.get(self._row)
        if row is None:
            if len(self.grid.rows) >= self._max_rows:
                raise Refused(TOO_MANY_ROWS, limit=self._max_rows - ROWS_ABOVE)
            row = self.grid.rows[self._row] = {}
        if self._column > MAX_COLUMNS:
            raise Refused(TOO_WIDE, limit=MAX_COLUMNS)
        row[self._column] = value

    def _value(self, text: str) -> Value:
        kind = self._type
        if kind == "s":
            return self._shared_string(text)
        if kind in ("str", "inlineStr"):
            self._inline += len(text)
            if self._inline > MAX_INLINE:
                raise Refused(TOO_BIG_INSIDE)
            return _unescaped(text)
        if kind == "b":
            return text.strip() == "1"
        if kind == "e":
            return ErrorValue(text)
        if kind == "d":
            return _iso_date(text)
        return self._numeric(text.strip())

    def _shared_string(self, text: str) -> str:
        try:
            return self._shared[int(text)]
        except (ValueError, IndexError) as error:
            raise damaged() from error

    def _numeric(self, text: str) -> Value:
        if not text:
            return ""
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise damaged() from error
        style = self._style
        if style.isdecimal() and int(style) < len(self._dates) and self._dates[int(style)]:
            return self._date(number)
        return number

    def _date(self, number: Decimal) -> Value:
        # Excel counts a 29 February 1900 that never was: serials before 60 are a day off.
        if not number.is_finite() or not 0 <= number < 2_958_466:
            return number
        ghost = 1 if number < 60 and self._epoch.year == 1899 else 0
        return self._epoch + timedelta(days=ghost + int(number))


def _unescaped(text: str) -> str:
    # Excel writes a character that XML cannot hold as _x000D_, and a real _x as _x005F_x.
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _number(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal() or len(text) > 7:
        raise damaged()
    return int(text)


def _iso_date(text: str) -> Value:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return text
