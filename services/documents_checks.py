"""Check an uploaded Word template before it is stored: file, fields, and that it can be filled."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from jinja2 import TemplateError, TemplateSyntaxError
from lxml import etree

from rules.data import InvalidRules
from rules.documents import Filled, sample
from rules.refusals import Refused
from rules.texts import N_
from services.documents_archives import DAMAGED, check_archive
from services.documents_filling import Imprint, NotWhole, TooLarge, WordTemplate, filled
from services.documents_grammar import Paragraph, found_wrong, paragraph_problems

HIDDEN = N_("A part that is not a paragraph holds something that is no field. Type it anew.")
NOT_FILLED = N_(
    "The template cannot be filled with sample values. Begin and end a loop in paragraphs of their "
    "own, or in table rows of their own."
)
NOT_WHOLE = N_(
    "With an empty list a table would have no row, or a cell no paragraph. Keep a heading row, and "
    "an empty paragraph behind a loop in a cell."
)
IN_PARAGRAPH = N_("Paragraph %(number)s")
IN_TABLE = N_("Table %(table)s, row %(row)s, column %(column)s")
IN_MARGIN = N_("Header, footer or footnote")
MOST_SHOWN = 8

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARGINS = ("/header", "/footer", "/footnotes")
SAMPLE = Imprint("样张", "样张", datetime(2026, 1, 1, tzinfo=UTC))


def check_template(data: bytes, kind: Filled) -> bytes:
    """Return a sample that the template makes; raise InvalidRules or Refused with what is wrong."""
    check_archive(data)
    try:
        template = WordTemplate(io.BytesIO(data))
        template.init_docx()
        problems = list(_problems(template, kind))
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise Refused(DAMAGED, "file") from error
    if problems:
        raise InvalidRules(problems[:MOST_SHOWN])
    return _tried(data, kind)


def _problems(template: Any, kind: Filled) -> Iterator[Refused]:
    parts = list(_parts(template))
    found = [one for root in parts for one in paragraph_problems(list(_paragraphs(root)), kind)]
    yield from found
    if not found:
        for root in parts:
            yield from _hidden(template, root, kind)


def _hidden(template: Any, root: Any, kind: Filled) -> Iterator[Refused]:
    """Check the whole text that will be run, not only what stands in its paragraphs."""
    try:
        wrong = found_wrong(template.patch_xml(template.xml_to_string(root)), kind)
    except TemplateSyntaxError:
        yield Refused(HIDDEN, "file")
        return
    if wrong:
        yield Refused(HIDDEN, "file")


def _parts(template: Any) -> Iterator[Any]:
    """Yield the body, then headers, footers and footnotes: all that is filled."""
    yield template.docx.element.body
    for relation in template.docx.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(_MARGINS):
            yield parse_xml(relation.target_part.blob)


def _paragraphs(root: Any) -> Iterator[Paragraph]:
    is_body = root.tag == f"{_W}body"
    tables = {table: number for number, table in enumerate(root.iter(f"{_W}tbl"), start=1)}
    number = 0
    for paragraph in root.iter(f"{_W}p"):
        text = "".join(part.text or "" for part in _own_texts(paragraph))
        cell = next(paragraph.iterancestors(f"{_W}tc"), None)
        if text.strip() and cell is None:
            number += 1
        if not is_body:
            place = Refused(IN_MARGIN)
        elif cell is None:
            place = Refused(IN_PARAGRAPH, number=number)
        else:
            place = _cell_place(cell, tables)
        yield Paragraph(text, place)


def _own_texts(paragraph: Any) -> Iterator[Any]:
    """Yield the texts of a paragraph, without those of a text box inside it."""
    for text in paragraph.iter(f"{_W}t"):
        if next(text.iterancestors(f"{_W}p")) is paragraph:
            yield text


def _cell_place(cell: Any, tables: dict[Any, int]) -> Refused:
    row, table = cell.getparent(), next(cell.iterancestors(f"{_W}tbl"))
    rows, cells = list(table.iter(f"{_W}tr")), list(row.iter(f"{_W}tc"))
    return Refused(
        IN_TABLE,
        table=tables[table],
        row=rows.index(row) + 1 if row in rows else 0,
        column=cells.index(cell) + 1,
    )


def _tried(data: bytes, kind: Filled) -> bytes:
    try:
        for rows in (0, 1):  # no rows at all; rows whose own lists are empty
            filled(data, kind, sample(kind, rows, 0), SAMPLE)
        return filled(data, kind, sample(kind), SAMPLE)
    except NotWhole as error:
        raise Refused(NOT_WHOLE, "file") from error
    except (TemplateError, etree.XMLSyntaxError, TooLarge, KeyError, ValueError) as error:
        raise Refused(NOT_FILLED, "file") from error
