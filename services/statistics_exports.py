"""Reports as files: a workbook, a text file with a byte-order mark, a paper with its pictures."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import xlsxwriter

from rules.statistics_sections import Cell, Column, ColumnKind, Report, Section
from rules.texts import N_
from services import audits, documents
from services.acting import Actor
from services.statistics_charts import chart_svg
from services.statistics_words import Voice
from services.transaction import transaction
from services.workbooks_writing import (
    FONT,
    display_width,
    no_warnings,
    sheet_name,
    write_csv,
)

WIDEST = 40
HIDDEN_NOTE = N_(
    "* Fewer than three people, or left out so that such a number cannot be worked out."
)
COUNTED_ON = N_("Counted on %(day)s.")
_FORMATS = {
    ColumnKind.TEXT: "@",
    ColumnKind.COUNT: "#,##0",
    ColumnKind.PERSONS: "#,##0",
    ColumnKind.PERCENT: '0.0"%"',
    ColumnKind.DECIMAL: "0.00##",
    ColumnKind.MONEY: "#,##0.00",
}


class ReportFile(StrEnum):
    """What a report can be had as."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


def made(report: Report, kind: ReportFile, voice: Voice, day: date, language: str) -> bytes:
    """Return a report as a file, without counts of persons that are too small to leave."""
    report = report.outside()
    if kind is ReportFile.XLSX:
        return _workbook(report, voice)
    if kind is ReportFile.CSV:
        return write_csv(_lines(report, voice))
    pictures = {section.key: chart_svg(section, on_paper=True) for section in report.sections}
    foot = f"{voice.say(HIDDEN_NOTE)} {voice.say(COUNTED_ON, day=day.isoformat())}"
    return documents.paper_pdf(
        "statistics", report=report, pictures=pictures, shown=shown, foot=foot, language=language
    )


@transaction
def record_download(by: Actor, report: Report, kind: ReportFile, contest_id: int | None) -> str:
    """Record that a report was taken out."""
    after = {"title": f"{report.title} {report.about}".strip(), "kind": kind.value}
    audits.record(by, "export", "statistics", contest_id, contest_id=contest_id, after=after)
    return report.title


def shown(cell: Cell, column: Column) -> str:
    """Write a cell as people read it."""
    cell = _or_mark(cell)
    if isinstance(cell, str):
        return cell
    if column.kind is ColumnKind.PERCENT:
        return f"{cell}%"
    if column.kind is ColumnKind.MONEY:
        return f"{cell:,.2f}".removesuffix(".00")
    if column.kind is ColumnKind.DECIMAL and isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return f"{cell:,}"


def _or_mark(cell: Cell) -> str | int | Decimal:
    """Return a cell, or the mark of what nobody tells."""
    return "–" if cell is None else cell


def _lines(report: Report, voice: Voice) -> Iterator[Sequence[object]]:
    yield [report.title, report.about]
    for head in report.heads:
        yield [head.title, _or_mark(head.value), head.unit, head.note]
    if report.note:
        yield [report.note]
    for section in report.sections:
        yield []
        yield [section.title]
        yield [column.title for column in section.columns]
        yield from ([_or_mark(cell) for cell in row] for row in section.rows)
        if section.note:
            yield [section.note]
    yield []
    yield [voice.say(HIDDEN_NOTE)]


def _workbook(report: Report, voice: Voice) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    formats = {kind: book.add_format({**FONT, "num_format": f}) for kind, f in _FORMATS.items()}
    bold = book.add_format({**FONT, "bold": True, "text_wrap": True, "bottom": 1})
    front = _front(book, report, bold, formats)
    for line, note in enumerate(filter(None, (voice.say(HIDDEN_NOTE), report.note)), start=3):
        front.write_string(len(report.heads) + line, 0, note, formats[ColumnKind.TEXT])
    taken = {report.title}
    for section in report.sections:
        _sheet(book, section, _name(section.title, taken), bold, formats)
    for sheet in book.worksheets():
        no_warnings(sheet)
    book.close()
    return target.getvalue()


def _name(title: str, taken: set[str]) -> str:
    """Return a name of a sheet that no other has, whatever its case."""
    name = sheet_name(title)
    number = 1
    while name.casefold() in {sheet_name(one).casefold() for one in taken}:
        number += 1
        name = f"{sheet_name(title)[:27]} {number}"
    taken.add(name)
    return name


def _front(book: Any, report: Report, bold: Any, formats: dict[ColumnKind, Any]) -> Any:
    sheet = book.add_worksheet(sheet_name(report.title))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 3, 24)
    sheet.write_string(0, 0, report.title, bold)
    sheet.write_string(0, 1, report.about, bold)
    for place, head in enumerate(report.heads, start=2):
        sheet.write_string(place, 0, head.title, formats[ColumnKind.TEXT])
        _write(sheet, place, 1, head.value, formats[ColumnKind.COUNT])
        sheet.write_string(place, 2, head.unit, formats[ColumnKind.TEXT])
        sheet.write_string(place, 3, head.note, formats[ColumnKind.TEXT])
    return sheet


def _sheet(
    book: Any, section: Section, name: str, bold: Any, formats: dict[ColumnKind, Any]
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(section.columns):
        cells = [row[place] for row in section.rows]
        width = max(display_width(str(cell or "")) for cell in [column.title, *cells[:200]])
        sheet.set_column(place, place, min(width + 3, WIDEST))
        sheet.write_string(0, place, column.title, bold)
        for line, cell in enumerate(cells, start=1):
            _write(sheet, line, place, cell, formats[column.kind])
    if section.note:
        sheet.write_string(len(section.rows) + 2, 0, section.note, formats[ColumnKind.TEXT])


def _write(sheet: Any, line: int, place: int, cell: Cell, form: Any) -> None:
    cell = _or_mark(cell)
    if isinstance(cell, (int, Decimal)):
        sheet.write_number(line, place, cell, form)
    else:
        sheet.write_string(line, place, cell, form)
