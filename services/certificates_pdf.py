"""The file of a certificate: page, fonts, tags in reading order, colours, the facts as data."""

import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pydyf

from rules.certificate_layouts import Background, Box, DraftLayout, code_ground, covering
from services.certificates_codes import rectangles
from services.certificates_fonts import Cut, Font, Glyph, cut
from services.certificates_metadata import About, add_metadata, pdf_date
from services.certificates_objects import Written, add, packed, plain, string
from services.certificates_preparing import Prepared
from services.certificates_seals import Seal
from services.certificates_setting import PIXELS, Run, SetText, grained
from services.certificates_signing import Signing
from services.certificates_tags import POINT, Field, Tag, add_field, add_tags

_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
    "<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n"
    "/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
)
_CMAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


@dataclass(frozen=True)
class Contents:
    """All that goes into one file."""

    texts: Sequence[SetText]
    about: About
    facts: bytes
    check_url: str
    seal: Seal | None
    background: bytes | None = None
    signing: Signing | None = None


class _Fonts:
    """The fonts of one document, each cut down to the glyphs that it shows."""

    def __init__(self, texts: Sequence[SetText]) -> None:
        used: dict[Font, dict[int, str]] = {}
        for run in (run for text in texts for line in text.lines for run in line.runs):
            said = used.setdefault(run.hand.font, {})
            for glyph in run.glyphs:
                if not said.get(glyph.number):
                    said[glyph.number] = glyph.text
        self.cuts: dict[Font, Cut] = {
            font: cut(font, frozenset(said)) for font, said in used.items()
        }
        self.said = used
        self.names = {font: f"F{number}" for number, font in enumerate(used)}


def certificate_pdf(layout: DraftLayout, prepared: Prepared, contents: Contents) -> bytes:
    """Write a certificate as PDF/A-3a and PDF/UA-1; the same contents give the same bytes."""
    pdf = pydyf.PDF()
    marks = _Marks(layout, contents, _Fonts(contents.texts))
    page = Written("")
    pdf.add_page(page)
    field = add_field(pdf, page, contents.signing) if contents.signing else None
    page.fill(_page(pdf, layout, prepared, contents, marks, field))
    add_tags(pdf, page, layout, marks.tags, field)
    _add_facts(pdf, contents)
    _add_colours(pdf, prepared)
    pdf.catalog.update(
        Lang=string(layout.language),
        MarkInfo="<</Marked true>>",
        ViewerPreferences="<</DisplayDocTitle true>>",
    )
    add_metadata(pdf, contents.about)
    seed = b"\0".join((contents.facts, contents.check_url.encode(), prepared.version.encode()))
    output = io.BytesIO()
    pdf.write(output, b"1.7", hashlib.sha256(seed).hexdigest()[:32].encode())
    if contents.signing is None or field is None:
        return output.getvalue()
    return contents.signing.sealed(output.getvalue(), field.signature.offset)


def _page(
    pdf: pydyf.PDF,
    layout: DraftLayout,
    prepared: Prepared,
    contents: Contents,
    marks: "_Marks",
    field: Field | None,
) -> str:
    """Write the page, after everything that it shows."""
    below, above = _below(layout), zlib.compress(marks.stream.encode())
    streams = (*([zlib.compress(below.encode())] if below else ()), prepared.border, above)
    drawn = " ".join(add(pdf, packed(stream)) for stream in streams)
    fonts = marks.fonts
    named = " ".join(
        f"/{name} {_add_font(pdf, font, fonts.cuts[font], fonts.said[font])}"
        for font, name in fonts.names.items()
    )
    pictures = _add_pictures(pdf, layout, contents)
    fields = f" /Annots [{field.widget}]" if field else ""
    return (
        f"<</Type /Page /Parent {pdf.pages.number} 0 R /StructParents 0 /Tabs /S"
        f" /MediaBox [0 0 {plain(layout.width * POINT)} {plain(layout.height * POINT)}]"
        f" /Contents [{drawn}]{fields}"
        f" /Resources <</ExtGState {prepared.states} /Font <<{named}>>{pictures}>>>>"
    )


class _Marks:
    """The drawing of everything that is said, each part marked for its tag."""

    def __init__(self, layout: DraftLayout, contents: Contents, fonts: _Fonts) -> None:
        self.tags: list[Tag] = []
        self.fonts = fonts
        self._parts = [_upright(layout), *_rules(layout)]
        for text in contents.texts:
            if text.lines:
                tag = Tag(text.text.role, text.text.language)
                self._mark(tag, "\n".join(_drawn(text, fonts)))
        if layout.seal and contents.seal:
            self._mark(Tag("Figure", "", "印章", layout.seal), _seal(layout.seal, contents.seal))
        if layout.code:
            address = contents.check_url.partition("#")[0]  # nobody wants to hear its digits
            tag = Tag("Figure", "", f"核验二维码：{address}", layout.code)
            self._mark(tag, _code(layout.code, contents.check_url))
        self.stream = "\n".join([*self._parts, "Q"])

    def _mark(self, tag: Tag, drawn: str) -> None:
        self._parts.append(f"/{tag.role} <</MCID {len(self.tags)}>> BDC\n{drawn}\nEMC")
        self.tags.append(tag)


def _upright(layout: DraftLayout) -> str:
    """Begin to draw in pixels from the upper left corner."""
    return f"q\n1 0 0 -1 0 {plain(layout.height * POINT)} cm\n0.75 0 0 0.75 0 0 cm"


def _rules(layout: DraftLayout) -> Iterator[str]:
    """Draw the lines, and the white ground of the code."""
    drawn = [
        f"{_rgb(one.colour)} RG\n{plain(one.width)} w\n{plain(one.x1)} {plain(one.y1)} m\n"
        f"{plain(one.x2)} {plain(one.y2)} l\nS"
        for one in layout.lines
    ]
    white = code_ground(layout)
    if white is not None:
        sides = (white.x, white.y, white.width, white.height)
        drawn.append(f"1 1 1 rg\n{' '.join(plain(one) for one in sides)} re\nf")
    if drawn:
        scale = f"{plain(PIXELS)} 0 0 {plain(PIXELS)} 0 0 cm"
        yield "\n".join(("/Artifact BMC\nq", scale, *drawn, "Q\nEMC"))


def _below(layout: DraftLayout) -> str:
    """Draw the background, which says nothing."""
    place = covering(layout)
    if place is None:
        return ""
    corners = (place.width, -place.height, place.x, place.y + place.height)
    wide, tall, left, foot = (plain(one * PIXELS) for one in corners)
    return (
        f"/Artifact BMC\n{_upright(layout)}\n{wide} 0 0 {tall} {left} {foot} cm\n"
        "/Background Do\nQ\nEMC"
    )


def _drawn(text: SetText, fonts: _Fonts) -> Iterator[str]:
    colour = ""
    yield "BT"
    for line in text.lines:
        for run in line.runs:
            if run.hand.colour != colour:
                colour = run.hand.colour
                yield f"{_rgb(colour)} rg"
            yield f"/{fonts.names[run.hand.font]} {plain(text.size)} Tf"
            yield f"1 0 0 -1 {plain(run.x)} {plain(line.baseline)} Tm"
            yield from _shown(run, fonts, text)
    yield "ET"


def _shown(run: Run, fonts: _Fonts, text: SetText) -> Iterator[str]:
    """Show the glyphs of a run one after the other, moved where the font wants them moved."""
    cut, unit = fonts.cuts[run.hand.font], run.hand.font.unit
    shown, rise = "", 0
    for glyph in run.glyphs:
        number = cut.numbers[glyph.number]
        if glyph.y != rise:
            if shown:
                yield f"[{shown}] TJ"
            shown, rise = "", glyph.y
            yield f"{plain(rise * text.size / unit)} Ts"
        before = f"{plain(-glyph.x * 1000 / unit)}" if glyph.x else ""
        after = _after(glyph, cut.widths[number], unit, text)
        shown += f"{before}<{number:04x}>{after}"
    yield f"[{shown.replace('><', '')}] TJ"
    if rise:
        yield "0 Ts"


def _after(glyph: Glyph, width: int, unit: int, text: SetText) -> str:
    """Return how far the next glyph moves left, in thousandths of the size, as WeasyPrint does."""
    if glyph.advance == width and not glyph.x and not text.spacing:
        return ""
    closer = (width - grained(glyph.advance * text.size / unit) * unit / text.size) * 1000 / unit
    moved = int(closer) + (glyph.x - text.spacing * unit / text.size) * 1000 / unit
    return plain(moved) if moved else ""


def _rgb(colour: str) -> str:
    return " ".join(plain(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))


def _code(box: Box, check_url: str) -> str:
    side, drawn = rectangles(check_url)
    unit = box.width * PIXELS / side
    place = f"{plain(unit)} 0 0 {plain(unit)} {plain(box.x * PIXELS)} {plain(box.y * PIXELS)} cm"
    return f"q\n{place}\n0 0 0 rg\n{drawn}f\nQ"


def _seal(box: Box, seal: Seal) -> str:
    """Draw the seal as large as the box allows, in its middle."""
    ratio = min(box.width / seal.width, box.height / seal.height) * PIXELS
    wide, tall = seal.width * ratio, seal.height * ratio
    left = box.x * PIXELS + (box.width * PIXELS - wide) / 2
    below = box.y * PIXELS + (box.height * PIXELS + tall) / 2
    return f"q\n{plain(wide)} 0 0 {plain(-tall)} {plain(left)} {plain(below)} cm\n/Seal Do\nQ"


def _add_font(pdf: pydyf.PDF, font: Font, cut: Cut, said: Mapping[int, str]) -> str:
    compact = font.outlines == "CFF"
    kind = "/Subtype /CIDFontType0C" if compact else f"/Length1 {cut.length}"
    file = add(pdf, packed(cut.packed, kind))
    name = f"/{_prefix(cut)}+{font.family.replace(' ', '')}-{font.weight}"
    left, low, right, high = (round(one * 1000 / font.unit) for one in font.box)
    descriptor = add(
        pdf,
        f"<</Type /FontDescriptor /FontName {name} /Flags 4 /FontBBox [{left} {low} {right} {high}]"
        f" /ItalicAngle 0 /Ascent {high} /Descent {low} /CapHeight {high} /StemV 80"
        f" /{'FontFile3' if compact else 'FontFile2'} {file}>>",
    )
    widths = " ".join(str(round(width * 1000 / font.unit)) for width in cut.widths)
    kind = "/CIDFontType0" if compact else "/CIDFontType2 /CIDToGIDMap /Identity"
    inner = add(
        pdf,
        f"<</Type /Font /Subtype {kind} /BaseFont {name} /CIDSystemInfo"
        " <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
        f" /FontDescriptor {descriptor} /DW 1000 /W [0 [{widths}]]>>",
    )
    spoken = _cmap({cut.numbers[one]: text for one, text in said.items()})
    return add(
        pdf,
        f"<</Type /Font /Subtype /Type0 /BaseFont {name} /Encoding /Identity-H"
        f" /DescendantFonts [{inner}] /ToUnicode {add(pdf, packed(zlib.compress(spoken)))}>>",
    )


def _prefix(cut: Cut) -> str:
    """Return the six letters that tell one cut of a font from another."""
    digest = hashlib.sha256(repr(sorted(cut.numbers)).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _cmap(said: Mapping[int, str]) -> bytes:
    # A glyph that belongs to the one before it says nothing of its own.
    lines = [
        f"<{number:04x}> <{(text or chr(0x200B)).encode('utf-16-be').hex()}>"
        for number, text in sorted(said.items())
    ]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = "".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
    )
    return (_CMAP_HEAD + body + _CMAP_TAIL).encode()


def _add_pictures(pdf: pydyf.PDF, layout: DraftLayout, contents: Contents) -> str:
    found = []
    if layout.background and contents.background:
        found.append(f"/Background {_add_background(pdf, layout.background, contents.background)}")
    if contents.seal:
        found.append(f"/Seal {_add_seal(pdf, contents.seal)}")
    return f" /XObject <<{' '.join(found)}>>" if found else ""


def _add_background(pdf: pydyf.PDF, picture: Background, data: bytes) -> str:
    head = (
        f"<</Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height}"
        f" /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode /Length {len(data)}>>"
    )
    return add(pdf, head.encode() + b"\nstream\n" + data + b"\nendstream")


def _add_seal(pdf: pydyf.PDF, seal: Seal) -> str:
    common = (
        f"/Type /XObject /Subtype /Image /Width {seal.width} /Height {seal.height}"
        " /BitsPerComponent 8 /ColorSpace"
    )
    mask = add(pdf, packed(seal.cover, f"{common} /DeviceGray"))
    return add(pdf, packed(seal.colours, f"{common} /DeviceRGB /SMask {mask}"))


def _add_facts(pdf: pydyf.PDF, contents: Contents) -> None:
    """Lay the facts beside the page, as the very bytes whose digest is kept."""
    checksum = hashlib.md5(contents.facts, usedforsecurity=False).hexdigest()
    file = add(
        pdf,
        packed(
            zlib.compress(contents.facts),
            "/Type /EmbeddedFile /Subtype /application#2Fjson /Params"
            f" <</Size {len(contents.facts)} /ModDate ({pdf_date(contents.about.day)})"
            f" /CheckSum <{checksum}>>>",
        ),
    )
    entry = add(
        pdf,
        "<</Type /Filespec /F (certificate.json) /UF (certificate.json) /AFRelationship /Data"
        f" /Desc (The facts of the certificate as data) /EF <</F {file} /UF {file}>>>>",
    )
    pdf.catalog["AF"] = f"[{entry}]"
    pdf.catalog["Names"] = f"<</EmbeddedFiles <</Names [(certificate.json) {entry}]>>>>"


def _add_colours(pdf: pydyf.PDF, prepared: Prepared) -> None:
    profile = add(pdf, packed(prepared.profile, "/N 3 /Alternate /DeviceRGB"))
    pdf.catalog["OutputIntents"] = (
        "[<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1)"
        f" /Info (sRGB IEC61966-2.1) /DestOutputProfile {profile}>>]"
    )
