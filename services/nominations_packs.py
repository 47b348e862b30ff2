"""The material pack of one candidate: a single PDF with cover, index, statement and materials."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from models.nominations import Nomination, NominationCall, NominationFile
from rules.nomination_rules import CallList
from rules.nominations import Nominee
from services import documents, files
from services.nominations import rules_of
from services.nominations_files import list_files
from services.nominations_form_facts import Filling, fillings_of

# What a page of a foreign file may carry beside its content: left behind, it can act or hide.
_LEFT_BEHIND = ("/Annots", "/AA", "/AF", "/B", "/Metadata", "/PieceInfo", "/StructParents",
                "/Tabs", "/Thumb", "/Trans", "/PresSteps")  # fmt: skip
STATEMENT = "推荐对象情况"
_PICTURE_CSS = """
@page { size: A4; margin: 18mm; }
body { margin: 0; }
img { display: block; max-width: 174mm; max-height: 255mm; margin: 0 auto; }
"""
_NUMBER_CSS = """
@page { size: A4; margin: 0; }
body { margin: 0; font: 9pt "Noto Sans CJK SC", sans-serif; color: #333; }
p { position: relative; height: 297mm; margin: 0; break-after: page; }
p:last-child { break-after: auto; }
span { position: absolute; right: 12mm; bottom: 8mm; }
"""


@dataclass(frozen=True)
class Part:
    """One part of a pack, as the index names it."""

    title: str
    data: bytes
    pages: int


@dataclass(frozen=True)
class Indexed:
    """A line of the index."""

    title: str
    pages: int
    first: int


@dataclass(frozen=True)
class MadePack:
    """A finished pack."""

    data: bytes
    pages: int
    index: tuple[Indexed, ...]


def pack_of(row: Nomination, day: date, folder: Path) -> MadePack:
    """Return the pack of one candidate as it would be sent now."""
    filling = fillings_of(row.call, [row], day)[row.id]
    return made_pack(row.call, filling, list_files(row.call_id, row.id), folder)


def made_pack(
    call: NominationCall, filling: Filling, kept: Sequence[NominationFile], folder: Path
) -> MadePack:
    """Merge cover, index, statement and materials, in the order of the rules."""
    row = filling.nomination
    one = rules_of(call).find(row.list_key)
    facts = {"texts": filling.texts, "of_person": row.of is Nominee.PERSON}
    statement = documents.paper_pdf("nomination_statement", **facts)
    parts = [
        Part(STATEMENT, statement, documents.count_pages(statement)),
        *_materials(one, kept, folder),
    ]
    front, index = _front(one, facts, parts)
    pages = documents.count_pages(front) + sum(part.pages for part in parts)
    return MadePack(_merged(front, parts, index, filling), pages, index)


def _materials(one: CallList, kept: Sequence[NominationFile], folder: Path) -> Iterator[Part]:
    for material in one.materials:
        own = [file for file in kept if file.material == material.key]
        for number, file in enumerate(own, start=1):
            title = material.title + (f"（{number}）" if len(own) > 1 else "")
            data = files.read(folder, file.file_key, file.file_sha256)
            if file.kind != "pdf":
                data = picture_page(data, title)
            yield Part(title, data, file.pages)


def picture_page(data: bytes, title: str) -> bytes:
    """Return a picture as a page."""
    page = (
        f'<!doctype html><html lang="zh-Hans-CN"><head><title>{escape(title)}</title></head>'
        f'<body><img src="picture:1" alt="{escape(title)}"></body></html>'
    )
    return documents.page_pdf(page, _PICTURE_CSS, {"picture:1": data})


def _front(
    one: CallList, facts: dict[str, Any], parts: Sequence[Part]
) -> tuple[bytes, tuple[Indexed, ...]]:
    """Set cover and index; a long index takes more pages, and moves all that follows."""
    pages = 2
    while True:
        index = tuple(_indexed(parts, pages))
        total = pages + sum(part.pages for part in parts)
        front = documents.paper_pdf(
            "nomination_pack", **facts, index=index, total=total, most=one.pages
        )
        found = documents.count_pages(front)
        if found <= pages:
            return front, index
        pages = found


def _indexed(parts: Sequence[Part], front: int) -> Iterator[Indexed]:
    first = front + 1
    for part in parts:
        yield Indexed(part.title, part.pages, first)
        first += part.pages


def _merged(
    front: bytes, parts: Sequence[Part], index: Sequence[Indexed], filling: Filling
) -> bytes:
    import pikepdf

    made = pikepdf.new()
    for data in (front, *(part.data for part in parts)):
        with pikepdf.open(io.BytesIO(data)) as source:
            made.pages.extend(source.pages)
    for page in made.pages:
        for name in _LEFT_BEHIND:
            if name in page.obj:
                del page.obj[name]
    _number(made)
    _bookmark(made, index)
    texts = filling.texts
    with made.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = f"{texts['list']}推荐材料 {texts['name']}"
        about["dc:creator"] = [texts["sender"]] if texts["sender"] else []
        about["dc:language"] = ["zh-Hans-CN"]
    target = io.BytesIO()
    made.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _number(made: Any) -> None:
    """Write the page number on every page but the cover, whatever its size or turn."""
    import pikepdf

    count = len(made.pages)
    lines = "".join(f"<p><span>{number}</span></p>" for number in range(1, count + 1))
    page = f'<!doctype html><html lang="zh-Hans-CN"><head><title>·</title></head><body>{lines}'
    numbers = documents.page_pdf(page + "</body></html>", _NUMBER_CSS)
    with pikepdf.open(io.BytesIO(numbers)) as source:
        for place, own in enumerate(source.pages):
            if place:
                made.pages[place].add_overlay(own)


def _bookmark(made: Any, index: Sequence[Indexed]) -> None:
    import pikepdf

    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("封面", 0))
        outline.root.append(pikepdf.OutlineItem("目录", 1))
        for one in index:
            outline.root.append(pikepdf.OutlineItem(one.title, one.first - 1))
    made.Root.PageMode = pikepdf.Name.UseOutlines
