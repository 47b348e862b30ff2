"""Write tables as .xlsx (templates, exports) and .csv, so that our reader gets them back true.

Nothing is ever written as a formula, and no ID number as a number.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from services.workbooks import MAX_ROWS, Column
from services.workbooks_cells import SAFE_DIGITS
from services.workbooks_csv import guarded

# Excel takes a list of choices inside the rule only up to this length.
INLINE_CHOICES = 255
WIDEST = 40
_TEXTS = ("text", "digits")
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}


def write_table(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    sheet_title: str,
    notes: Sequence[str] = (),
    notes_title: str = "说明",
) -> bytes:
    """Write a sheet with headings and rows, and a second one with notes and the columns' help."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(sheet_name(sheet_title))
    notes_sheet = book.add_worksheet(sheet_name(notes_title))
    formats = _formats(book)
    widths = _write_rows(sheet, columns, rows, formats)
    _shape_columns(book, sheet, columns, widths, formats)
    _write_notes(notes_sheet, columns, notes, formats)
    book.close()
    return target.getvalue()


def write_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Write rows as UTF-8 with BOM; texts that look like formulas are marked with an apostrophe."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_text(value) for value in row])
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8")


def sheet_name(title: str) -> str:
    """Return a title that Excel accepts as the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31].strip() or "Sheet1"


def no_warnings(sheet: Any) -> None:
    """Let Excel not mark texts of figures, such as identity numbers, as wrong: they are meant."""
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def display_width(text: str) -> int:
    """Return how many columns a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _csv_text(value: object) -> str:
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else str(value)


def _formats(book: Any) -> dict[str, Any]:
    text = book.add_format({**FONT, "num_format": "@"})
    return {
        "header": book.add_format(
            {**FONT, "bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1}
            | {"num_format": "@", "bg_color": "#E8EEF4"}
        ),
        "text": text,
        "digits": text,
        "date": book.add_format({**FONT, "num_format": "yyyy-mm-dd", "align": "left"}),
        "integer": book.add_format({**FONT, "num_format": "0"}),
        "decimal": book.add_format({**FONT, "num_format": "General"}),
        "note": book.add_format({**FONT, "text_wrap": True, "valign": "top", "num_format": "@"}),
    }


def _write_rows(
    sheet: Any,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    formats: Mapping[str, Any],
) -> list[int]:
    widths = [display_width(column.title) + 3 for column in columns]
    for place, column in enumerate(columns):
        heading = column.title + ("*" if column.required else "")
        sheet.write_string(0, place, heading, formats["header"])
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = row.get(column.key)
            if column.kind in _TEXTS and value is not None:
                value = str(value)  # a long number stays as it was typed
            shown = _write_cell(sheet, number, place, value, formats[column.kind])
            # The first rows show the width well enough; measuring all would double the time.
            if number <= 200:
                widths[place] = max(widths[place], display_width(shown) + 2)
    return widths


def _write_cell(sheet: Any, row: int, place: int, value: object, form: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        sheet.write_datetime(row, place, value, form)
        return "2001-03-05"
    text = str(value)
    if isinstance(value, (int, Decimal)) and len(text) <= SAFE_DIGITS:
        sheet.write_number(row, place, value, form)
    elif sheet.write_string(row, place, text, form):
        raise ValueError(f"Excel takes no text of {len(text)} characters in one cell")
    return text


def _shape_columns(
    book: Any,
    sheet: Any,
    columns: Sequence[Column],
    widths: Sequence[int],
    formats: Mapping[str, Any],
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 24)
    no_warnings(sheet)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, min(widths[place], WIDEST), formats[column.kind])
        if column.choices:
            source = _choices_source(book, column)
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, place, MAX_ROWS, place, rule)


def _choices_source(book: Any, column: Column) -> object:
    short = len(",".join(column.choices)) <= INLINE_CHOICES
    if short and not any("," in choice for choice in column.choices):
        return list(column.choices)
    sheet = book.add_worksheet(sheet_name(f"list {column.key}"))
    sheet.hide()
    for number, choice in enumerate(column.choices):
        sheet.write_string(number, 0, choice)
    return f"='{sheet.get_name()}'!$A$1:$A${len(column.choices)}"


def _write_notes(
    sheet: Any, columns: Sequence[Column], notes: Sequence[str], formats: Mapping[str, Any]
) -> None:
    no_warnings(sheet)
    sheet.set_column(0, 0, 24, formats["note"])
    sheet.set_column(1, 1, 80, formats["note"])
    for number, note in enumerate(notes):
        sheet.merge_range(number, 0, number, 1, "", formats["note"])
        sheet.write_string(number, 0, note, formats["note"])
    start = len(notes) + 1 if notes else 0
    for number, column in enumerate(columns, start=start):
        heading = column.title + ("*" if column.required else "")
        sheet.write_string(number, 0, heading, formats["note"])
        sheet.write_string(number, 1, column.help, formats["note"])
