"""Files about figures: a reply as Word with its annex of sources, lists as spreadsheets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm

from models.reports import FrozenFigure
from rules.figure_tallies import FIELDS, Row
from rules.figures import Question, Source, Typed
from rules.texts import N_
from services.documents_defaults import (
    BODY,
    HEADING,
    add_text,
    add_title,
    begin_attachment,
    keep_whole,
    new_page,
    write_cell,
)
from services.documents_filling import Imprint, clean, finished
from services.reports_figures import asked_of
from services.reports_freezing import rows_of, splits_of
from services.reports_words import Speaker
from services.workbooks import Column
from services.workbooks_writing import write_csv, write_table

MOST_NAMES = 500  # so many people of a figure are printed; longer lists are in the spreadsheet
# What no list shows: numbers of rows inside the program say nothing to a reader.
HIDDEN = frozenset({"key", "event_key", "person"})
_WIDTHS = (36, 120)
_KINDS = {"day": "date", "amount": "decimal", "weight": "integer", "place": "integer",
          "year": "integer", "age": "integer"}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """What a reply says, with its figures in place."""

    title: str
    addressee: str
    reference: str
    text: str
    names_shown: bool


def word_file(
    paper: Paper, figures: Sequence[tuple[str, FrozenFigure]], speaker: Speaker, at: datetime
) -> bytes:
    """Return a reply as a Word file: its text, and the sources of its figures on pages after it."""
    docx = new_page()
    add_title(docx, clean(paper.title))
    if paper.reference:
        add_text(docx, clean(paper.reference), indent=2)
    add_text(docx)
    if paper.addressee:
        add_text(docx, f"{clean(paper.addressee)}：")
    for line in paper.text.splitlines():
        add_text(docx, clean(line), indent=2 if line.strip() else 0)
    begin_attachment(docx, speaker.say(N_("Sources of the figures")))
    for number, (word, frozen) in enumerate(figures, start=1):
        _add_source(docx, f"{number}. {frozen.title}（{word}）", frozen, speaker)
        if paper.names_shown:
            _add_names(docx, frozen, speaker)
    return finished(docx, Imprint(clean(paper.title), clean(paper.addressee) or "Skillstar", at))


def _add_source(docx: Docx, heading: str, frozen: FrozenFigure, speaker: Speaker) -> None:
    paragraph = add_text(docx, clean(heading), HEADING)
    paragraph.paragraph_format.keep_with_next = True
    lines = source_lines(frozen, speaker)
    table = docx.add_table(rows=len(lines), cols=2, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for row, (title, value) in enumerate(lines):
        write_cell(table, row, 0, clean(title), HEADING)
        write_cell(table, row, 1, clean(value), BODY)
        for place, width in enumerate(_WIDTHS):
            table.cell(row, place).width = Mm(width)
        keep_whole(table.rows[row]._tr, is_heading=False)
    add_text(docx)


def source_lines(frozen: FrozenFigure, speaker: Speaker) -> list[tuple[str, str]]:
    """Say where a frozen figure comes from: question, number, splits, day, digest."""
    asked, splits = asked_of(frozen), splits_of(frozen)
    say = speaker.say
    found = [
        (say(N_("Statement")), speaker.sentence(asked, frozen.value, splits, frozen.as_of)),
        (say(N_("Number")), f"{speaker.number(asked, frozen.value)}{asked.unit}"),
    ]
    if isinstance(asked, Typed):
        found.append((say(N_("Typed from a document")), asked.document))
    else:
        found += speaker.conditions(asked)
        for split in splits:
            said = say(N_(", ")).join(speaker.parts(asked, split))
            title = speaker.fill(N_("By %(part)s"), part=speaker.field(split[0].value))
            found.append((title, said))
        found.append((say(N_("Records behind it")), str(frozen.row_count)))
    found.append((say(N_("Frozen answer")), f"{frozen.id}-{frozen.number}"))
    found.append((say(N_("Digest (SHA-256)")), frozen.digest))
    return found


def _add_names(docx: Docx, frozen: FrozenFigure, speaker: Speaker) -> None:
    """Add the people behind a figure: name and employer, and nothing else of them."""
    named = [
        f"{clean(row.name)}（{clean(row.employer)}）" if row.employer else clean(row.name)
        for row in rows_of(frozen)
    ]
    if not named:
        return
    shown = speaker.say(N_(", ")).join(named[:MOST_NAMES])
    if len(named) > MOST_NAMES:
        text = N_(" and %(count)s more, in the list of the figure")
        shown += speaker.fill(text, count=len(named) - MOST_NAMES)
    add_text(docx, shown)
    add_text(docx)


def used_fields(rows: Sequence[Row]) -> list[str]:
    """List the fields that say something in at least one row, in their order."""
    bare = Row("")
    always = ("name", "employer", "day")
    return [
        name
        for name in FIELDS
        if name not in HIDDEN
        and (name in always or any(getattr(row, name) != getattr(bare, name) for row in rows))
    ]


def columns_of(rows: Sequence[Row], speaker: Speaker) -> list[Column]:
    """Return the columns of a list."""
    return [
        Column(name, (speaker.field(name),), kind=_KINDS.get(name, "text"))  # type: ignore[arg-type]
        for name in used_fields(rows)
    ]


def told_row(
    source: Source, row: Row, columns: Iterable[Column], speaker: Speaker
) -> dict[str, Any]:
    """Return a row as a spreadsheet shows it."""
    return {
        column.key: getattr(row, column.key)
        if column.kind != "text"
        else _text(speaker, source, row, column.key)
        for column in columns
    }


def _text(speaker: Speaker, source: Source, row: Row, name: str) -> str:
    value = getattr(row, name)
    return "" if value in ("", None) else speaker.field_value(source, name, value)


def list_xlsx(
    question: Question, rows: Sequence[Row], notes: Sequence[str], speaker: Speaker
) -> bytes:
    """Return the list behind a figure as a spreadsheet, with its question on a second sheet."""
    columns = columns_of(rows, speaker)
    told = (told_row(question.source, row, columns, speaker) for row in rows)
    return write_table(columns, told, question.title, notes)


def list_csv(question: Question, rows: Sequence[Row], speaker: Speaker) -> bytes:
    """Return the list behind a figure as CSV with a byte-order mark."""
    columns = columns_of(rows, speaker)
    lines: list[list[object]] = [[column.title for column in columns]]
    for row in rows:
        told = told_row(question.source, row, columns, speaker)
        lines.append([told[column.key] for column in columns])
    return write_csv(lines)
