"""The fonts of certificates: found on this machine, shaped and cut by HarfBuzz.

What one font lacks is taken from the next one; what none has is reported and never printed.
"""

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

from rules.certificate_layouts import Typeface

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# What a font file needs for nothing but showing glyphs by their numbers.
_TABLES = ("glyf", "loca", "head", "hhea", "hmtx", "maxp", "CFF ")
_CUTTING = (
    hb.SubsetFlags.NO_LAYOUT_CLOSURE
    | hb.SubsetFlags.NO_HINTING
    | hb.SubsetFlags.CFF_IDENTITY_CHARSET
)
_SOME = 2  # cuts; who asks once more will ask for many
FIGURES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
# Joiners and variation selectors: they go with the character before them, and need no glyph.
_ATTACHED = frozenset((0x200B, 0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


class FontFile(NamedTuple):
    """A font by its family and weight, as style sheets know it, and the file it lies in."""

    family: str
    weight: int
    file: str


FILES: Mapping[Typeface, FontFile] = {
    Typeface.KAI: FontFile("LXGW WenKai", 400, "LXGWWenKai-Regular.ttf"),
    Typeface.KAI_BOLD: FontFile("LXGW WenKai", 700, "LXGWWenKai-Bold.ttf"),
    Typeface.SONG: FontFile("Noto Serif CJK SC", 400, "NotoSerifCJK-Regular.ttc"),
    Typeface.SONG_BOLD: FontFile("Noto Serif CJK SC", 700, "NotoSerifCJK-Bold.ttc"),
    Typeface.HEI: FontFile("Noto Sans CJK SC", 400, "NotoSansCJK-Regular.ttc"),
    Typeface.RARE: FontFile("HanaMinA", 400, "HanaMinA.ttf"),
    Typeface.RAREST: FontFile("HanaMinB", 400, "HanaMinB.ttf"),
}
# Where another font helps out, one of the same weight does so first.
_RARE = (Typeface.HEI, Typeface.RARE, Typeface.RAREST)
FALLBACKS: Mapping[Typeface, tuple[Typeface, ...]] = {
    Typeface.KAI: (Typeface.SONG, *_RARE),
    Typeface.KAI_BOLD: (Typeface.SONG_BOLD, *_RARE),
    Typeface.SONG: (Typeface.KAI, *_RARE),
    Typeface.SONG_BOLD: (Typeface.KAI_BOLD, *_RARE),
    Typeface.HEI: (Typeface.SONG, *_RARE[1:]),
    Typeface.RARE: (Typeface.RAREST,),
    Typeface.RAREST: (Typeface.RARE,),
}


class FontsLacking(RuntimeError):
    """A font package that the program needs is not installed."""


class Glyph(NamedTuple):
    """A shaped glyph: number, the text it stands for, advance and offsets in font units."""

    number: int
    text: str
    advance: int
    x: int
    y: int


@dataclass(frozen=True)
class Cut:
    """A font cut down to some glyphs: packed data, their new numbers, widths by new number."""

    packed: bytes
    length: int
    numbers: Mapping[int, int]
    widths: tuple[int, ...]


class Font:
    """One font of this machine, loaded once a process; its file is mapped, not read."""

    def __init__(self, typeface: Typeface) -> None:
        self.typeface = typeface
        self.family, self.weight, file = FILES[typeface]
        blob = hb.Blob.from_file_path(str(_path(file)))
        self._face = _face(blob, self.family)
        self._font = hb.Font(self._face)
        self.unit: int = self._face.upem
        # The tallest and deepest glyph, and a width that all have room in.
        lines = self._font.get_font_extents("ltr")
        self.box = (0, lines.descender, self.unit, lines.ascender)
        self.outlines = "CFF" if "CFF " in self._face.table_tags else "TrueType"
        figures = (self._font.get_nominal_glyph(ord(one)) for one in FIGURES)
        self.figures = frozenset(number for number in figures if number)
        self._many, self._cuts = False, 0
        self._bare: hb.Face | None = None
        self._covers: dict[str, bool] = {}

    def covers(self, character: str) -> bool:
        """Say whether the font has a glyph for a character."""
        known = self._covers.get(character)
        if known is None:
            known = bool(self._font.get_nominal_glyph(ord(character)))
            self._covers[character] = known
        return known

    def shape(self, text: str, language: str, spaced: bool = False) -> tuple[Glyph, ...]:
        """Return the glyphs of a text from left to right; spaced out, they stand for themselves."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "ltr"
        buffer.language = language
        hb.shape(self._font, buffer, {"kern": False, "liga": False} if spaced else None)
        infos, places = buffer.glyph_infos, buffer.glyph_positions
        starts = sorted({info.cluster for info in infos})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        seen: set[int] = set()
        glyphs = []
        for info, place in zip(infos, places, strict=True):
            start = info.cluster
            said = "" if start in seen else text[start : ends[start]]
            seen.add(start)
            glyphs.append(
                Glyph(info.codepoint, said, place.x_advance, place.x_offset, place.y_offset)
            )
        return tuple(glyphs)

    def prepare_for_many(self) -> None:
        """Be ready for a long run: cuts after the first ones take a tenth of the time."""
        self._many = True

    def cut(self, glyphs: frozenset[int]) -> Cut:
        """Cut the font down to these glyphs and those that they are made of."""
        self._cuts += 1
        if self._bare is None and self._many and self._cuts > _SOME:
            self._bare = _bare(self._face)
        face = self._bare or self._face
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(glyphs)
        wanted.flags = _CUTTING
        for tag in face.table_tags:
            if tag not in _TABLES:
                wanted.drop_table_tag_set.add(int.from_bytes(tag.encode(), "big"))
        plan = hb.SubsetPlan(face, wanted)
        made = plan.execute()
        numbers = dict(plan.old_to_new_glyph_mapping)
        cut = hb.Font(made)
        widths = tuple(cut.get_glyph_h_advance(number) for number in range(made.glyph_count))
        blob = made.reference_table("CFF ") if self.outlines == "CFF" else made.blob
        data = bytes(blob.data)
        return Cut(zlib.compress(data), len(data), numbers, widths)


@cache
def font(typeface: Typeface) -> Font:
    """Return a font, loaded once."""
    return Font(typeface)


def missing_characters(text: str) -> list[str]:
    """List the characters that no font of ours has, each once."""
    everywhere = [font(typeface) for typeface in Typeface]
    return [
        character
        for character in dict.fromkeys(text)
        if not _blank(character) and not any(one.covers(character) for one in everywhere)
    ]


def runs(text: str, typeface: Typeface) -> Iterator[tuple[Font, str]]:
    """Split a text into runs, each in the first font that has its characters."""
    chain = [font(typeface), *(font(other) for other in FALLBACKS[typeface])]
    chosen: list[tuple[Font, str]] = []
    for character in text:
        if chosen and _blank(character):
            one = chosen[-1][0]
        else:
            one = next((one for one in chain if one.covers(character)), chain[0])
        chosen.append((one, character))
    for one, group in groupby(chosen, key=lambda pair: pair[0]):
        yield one, "".join(character for _, character in group)


def _blank(character: str) -> bool:
    return character in "\n " or ord(character) in _ATTACHED


def _face(blob: hb.Blob, family: str) -> hb.Face:
    """Open the face of a family; a collection holds one for each region."""
    for index in range(hb.Face(blob).count):
        face = hb.Face(blob, index)
        if face.get_name(hb.OTNameIdPredefined.FONT_FAMILY) == family:
            return face
    raise FontsLacking(f"no font of the family {family} in its file")


def _bare(face: hb.Face) -> hb.Face:
    """Copy a font without its list of characters, all of which HarfBuzz reads for each cut."""
    tables = {tag: face.reference_table(tag).data for tag in face.table_tags if tag in _TABLES}
    kind = b"OTTO" if "CFF " in tables else b"\0\1\0\0"
    head = [kind, struct.pack(">4H", len(tables), 0, 0, 0)]
    at = len(kind) + 8 + 16 * len(tables)
    body = []
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        head.append(struct.pack(">4s3I", tag.encode(), 0, at, len(table)))
        body.append(padded)
        at += len(padded)
    return hb.Face(hb.Blob(b"".join(head + body)))


def file_of(typeface: Typeface) -> Path:
    """Return the file of a typeface; the first face of a collection is as good as another."""
    return _path(FILES[typeface].file)


@cache
def _path(file: str) -> Path:
    for folder in FOLDERS:
        for found in _below(os.path.expanduser(folder)):
            if found.name == file:
                return found
    raise FontsLacking(f"the font file {file} is not on this machine: see .ci/install")


@cache
def _below(folder: str) -> tuple[Path, ...]:
    return tuple(sorted(Path(folder).rglob("*.tt[cf]"), key=str))


def cut(font: Font, glyphs: frozenset[int]) -> Cut:
    """Cut a font down to these glyphs; what many people share is cut once.

    Numbers and codes differ from one to the next, so where some figures are, all of them are.
    """
    return _cut(font, glyphs | font.figures if glyphs & font.figures else glyphs)


@lru_cache(maxsize=128)
def _cut(font: Font, glyphs: frozenset[int]) -> Cut:
    return font.cut(glyphs)
