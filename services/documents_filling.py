"""Fill a Word template with plain values, in a sandbox, and leave nothing behind but the document.

A name that holds markup, braces or an odd character is printed as it is. The file names as its
author the body that issues it; of those who edited the template nothing stays.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from docx import Document as open_docx
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from rules.documents import Facts, Filled, in_words

MOST_TEXT = 60 * 2**20  # of XML; a list of 2,450 people takes about 12 MB
SUPERSEDED = "（本文书已被替代）"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_KEPT = ("officeDocument", "core-properties")
# What XML cannot hold, and what turns a line around or hides in it.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    r"\ud800-\udfff\ufffe\uffff]"
)


class TooLarge(Exception):
    """A template makes more of its facts than any document needs."""


class NotWhole(Exception):
    """A filled template is no whole document, such as a table cell without a paragraph."""


@dataclass(frozen=True)
class Imprint:
    """What the properties of the file say."""

    title: str
    author: str
    at: datetime


class _Limited(Template):
    """A template whose text has an end."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the text; raise TooLarge."""
        parts, size = [], 0
        for part in self.generate(*args, **kwargs):
            size += len(part)
            if size > MOST_TEXT:
                raise TooLarge
            parts.append(part)
        return "".join(parts)


class _Environment(SandboxedEnvironment):
    template_class = _Limited


class WordTemplate(DocxTemplate):  # type: ignore[misc]
    """A template that refuses to repair what it made, and leaves its properties alone."""

    def fix_tables(self, xml: str) -> Any:
        """Refuse XML that is not well formed before tables are looked at."""
        etree.fromstring(xml.encode(), etree.XMLParser(huge_tree=True))
        return super().fix_tables(xml)

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Leave them; they are written anew for each document."""


def _environment() -> _Environment:
    made = _Environment(autoescape=True, undefined=StrictUndefined)
    for shelf in (made.globals, made.filters, made.tests):
        shelf.clear()
    return made


def filled_text(template: str, values: Mapping[str, Any]) -> str:
    """Return a plain text with its fields filled, in the same sandbox; nothing is escaped."""
    made = _environment()
    made.autoescape = False
    return made.from_string(template).render(values)


def clean(text: object) -> str:
    """Return a text in one line, without what no reader can see."""
    return " ".join(_UNSEEN.sub("", str(text)).split())


def filled(template: bytes, kind: Filled, facts: Facts, imprint: Imprint) -> bytes:
    """Return the Word file that a template makes of facts; the same facts give the same bytes."""
    made = WordTemplate(io.BytesIO(template))
    made.render(in_words(kind, facts), _environment())
    _check_whole(made.docx)
    return finished(made.docx, imprint)


def _check_whole(docx: Docx) -> None:
    """Raise NotWhole for what Word would want to repair."""
    for root in _roots(docx):
        for cell in root.iter(f"{_W}tc"):
            if not len(cell) or cell[-1].tag != f"{_W}p":
                raise NotWhole
        for table in root.iter(f"{_W}tbl"):
            if table.find(f"{_W}tr") is None:
                raise NotWhole
        if any(row.find(f"{_W}tc") is None for row in root.iter(f"{_W}tr")):
            raise NotWhole


def _roots(docx: Docx) -> Iterator[Any]:
    yield docx.element.body
    for relation in docx.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/header", "/footer")):
            yield etree.fromstring(relation.target_part.blob)


def marked_superseded(data: bytes, imprint: Imprint) -> bytes:
    """Return a Word file that says on top that it is superseded."""
    docx = open_docx(io.BytesIO(data))
    body = docx.element.body
    paragraph = docx.add_paragraph()
    body.insert(0, paragraph._p)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(SUPERSEDED)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(16), True, RGBColor(0xC0, 0, 0)
    return finished(docx, imprint)


def finished(docx: Docx, imprint: Imprint) -> bytes:
    """Return a document as a file that names nobody but its author."""
    _forget_editors(docx)
    at = imprint.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties: Mapping[str, Any] = {
        "title": imprint.title[:255],
        "author": imprint.author[:255],
        "last_modified_by": imprint.author[:255],
        "created": at,
        "modified": at,
        "revision": 1,
    }
    empty = ("category", "comments", "content_status", "identifier", "keywords", "subject")
    for name, value in {**dict.fromkeys((*empty, "version"), ""), **properties}.items():
        setattr(docx.core_properties, name, value)
    target = io.BytesIO()
    docx.save(target)
    return _undated(target.getvalue())


def _forget_editors(docx: Docx) -> None:
    """Drop the parts that name people, companies and programs, and the picture of a first page."""
    package = docx.part.package.rels
    for key, relation in list(package.items()):
        if relation.reltype.rpartition("/")[2] not in _KEPT:
            del package[key]
    for key, relation in list(docx.part.rels.items()):
        if relation.reltype.endswith("/people"):
            del docx.part.rels[key]


def _undated(data: bytes) -> bytes:
    """Pack a file anew without the times at which its parts were written."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            fresh = zipfile.ZipInfo(info.filename, _EPOCH)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fresh, old.read(info))
    return target.getvalue()
