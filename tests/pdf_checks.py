"""Look into PDFs of our own: text, pictures, and what PDF/A-3a and PDF/UA-1 demand of them."""

import io
import re
import subprocess
import zlib
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops

RESOLUTION = 150


def text_of(pdf: bytes) -> str:
    """Return what the PDF says, without blanks."""
    done = subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    return "".join(done.stdout.decode().split())


def picture_of(pdf: bytes) -> Image.Image:
    """Return the first page as a picture."""
    command = ["pdftoppm", "-r", str(RESOLUTION), "-singlefile", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def differing_pixels(one: bytes, other: bytes) -> int:
    """Count the pixels in which two PDFs look different."""
    first, second = picture_of(one), picture_of(other)
    assert first.size == second.size
    unequal = (
        ImageChops.difference(first, second).convert("L").point(lambda value: bool(value) * 255)
    )
    return unequal.histogram()[255]


@dataclass(frozen=True)
class Look:
    """A PDF taken apart: objects by number, unpacked streams, trailer."""

    objects: dict[int, bytes]
    streams: dict[int, bytes]
    trailer: bytes

    def follow(self, pattern: bytes, where: bytes) -> int:
        """Return the number of the object that a key in some text refers to."""
        found = re.search(pattern + rb"\s*\[?(\d+) 0 R", where)
        assert found, pattern
        return int(found[1])

    @property
    def catalog(self) -> bytes:
        return self.objects[self.follow(rb"/Root", self.trailer)]

    @property
    def metadata(self) -> str:
        return self.streams[self.follow(rb"/Metadata", self.catalog)].decode()


def look_into(pdf: bytes) -> Look:
    """Take a PDF apart."""
    objects, streams = {}, {}
    for number, body in re.findall(rb"(?m)^(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL):
        head, mark, rest = body.partition(b"stream\n")
        objects[int(number)] = head
        if mark:
            data = rest.removesuffix(b"\nendstream")
            packed = b"FlateDecode" in head
            streams[int(number)] = zlib.decompress(data) if packed else data
    return Look(objects, streams, pdf[pdf.rindex(b"trailer") :])


def check_archive(pdf: bytes) -> None:
    """Check what PDF/A-3a demands: identity, colours, fonts, nothing hidden or outside."""
    look = look_into(pdf)
    assert "<pdfaid:part>3</pdfaid:part>" in look.metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in look.metadata
    assert b"/Encrypt" not in pdf and b"/JavaScript" not in pdf and b"/URI" not in pdf
    assert re.search(rb"/ID \[", look.trailer)
    intent = look.catalog.partition(b"/OutputIntents")[2]
    assert b"/GTS_PDFA1" in intent
    profile = look.streams[look.follow(rb"/DestOutputProfile", intent)]
    assert profile[36:40] == b"acsp" and profile[16:20] == b"RGB "
    _check_fonts(look)
    _check_positions(pdf, look)
    filed = look.objects[look.follow(rb"/AF", look.catalog)]
    assert b"/AFRelationship /Data" in filed and b"/UF" in filed


def _check_fonts(look: Look) -> None:
    outer = [one for one in look.objects.values() if b"/Subtype /Type0" in one]
    assert outer
    for one in outer:
        said = look.streams[look.follow(rb"/ToUnicode", one)].decode()
        inner = look.objects[look.follow(rb"/DescendantFonts", one)]
        descriptor = look.objects[look.follow(rb"/FontDescriptor", inner)]
        assert look.streams[look.follow(rb"/FontFile[23]", descriptor)]
        name = re.search(rb"/FontName /([A-Z]{6})\+", descriptor)
        assert name and b"/BaseFont /" + name[1] in one
        shown = set(re.findall(r"<([0-9a-f]{4})> <", said))
        assert shown and "<0000>" not in shown
        widths = re.search(rb"/W \[0 \[([0-9 ]+)\]\]", inner)
        assert widths and len(widths[1].split()) > max(int(one, 16) for one in shown)


def _check_positions(pdf: bytes, look: Look) -> None:
    start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    entries = pdf[start:].split(b"\n")[2:]
    for number in look.objects:
        at = int(entries[number].split()[0])
        assert pdf[at:].startswith(b"%d 0 obj" % number)


def check_access(pdf: bytes) -> None:
    """Check what PDF/UA-1 demands: tags for all that is said, language, title, alternatives."""
    look = look_into(pdf)
    assert "<pdfuaid:part>1</pdfuaid:part>" in look.metadata
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in look.metadata
    assert b"/Marked true" in look.catalog and b"/DisplayDocTitle true" in look.catalog
    assert re.search(rb"/Lang \([a-z]{2}", look.catalog)
    assert re.search(r"<dc:title>.*<rdf:li[^>]*>[^<]+</rdf:li>", look.metadata)
    root = look.objects[look.follow(rb"/StructTreeRoot", look.catalog)]
    (page,) = [one for one in look.objects.values() if b"/Type /Page " in one]
    contents = re.search(rb"/Contents \[([0-9 R]+)\]", page)
    assert contents
    drawn = b"\n".join(look.streams[int(one)] for one in re.findall(rb"(\d+) 0 R", contents[1]))
    _check_marks(look, root, drawn)


def _check_marks(look: Look, root: bytes, drawn: bytes) -> None:
    nums = re.search(rb"/Nums \[0 \[([0-9 R]+)\](?: 1 (\d+) 0 R)?\]", root)
    assert nums
    _check_field(look, nums[2])
    elements = [look.objects[int(one)] for one in re.findall(rb"(\d+) 0 R", nums[1])]
    marks = re.findall(rb"/(\w+) <</MCID (\d+)>> BDC", drawn)
    assert [int(number) for _, number in marks] == list(range(len(elements)))
    for (role, number), element in zip(marks, elements, strict=True):
        assert b"/S /" + role in element and b"/K " + number in element
        if role == b"Figure":
            assert b"/Alt " in element and b"/BBox" in element
    assert [role for role, _ in marks].count(b"H1") == 1
    depth = 0
    for line in drawn.split(b"\n"):
        depth += line.endswith((b"BDC", b"BMC"))
        depth -= line == b"EMC"
        assert depth in (0, 1)
        if line.endswith((b" TJ", b" re", b" Do")) or line in (b"f", b"S"):
            assert depth == 1, "everything drawn is marked, as content or as decoration"


def _check_field(look: Look, element: bytes | None) -> None:
    """Check that the field of a signature shows nothing, has a name, and is in the tree."""
    widgets = [key for key, one in look.objects.items() if b"/Subtype /Widget" in one]
    assert len(widgets) == (element is not None)
    if element is not None:
        field, form = look.objects[widgets[0]], look.objects[int(element)]
        assert b"/Rect [0 0 0 0]" in field and b"/F 132" in field and b"/TU " in field
        assert b"/S /Form" in form and b"/Obj %d 0 R" % widgets[0] in form and b"/Alt " in form


def facts_in(pdf: bytes) -> bytes:
    """Return the data that lies beside the page."""
    look = look_into(pdf)
    filed = look.objects[look.follow(rb"/AF", look.catalog)]
    return look.streams[look.follow(rb"/EF <</F", filed)]


def information(pdf: bytes) -> dict[str, Any]:
    """Return what pdfinfo reads from a PDF."""
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    lines = (line.split(":", 1) for line in done.stdout.decode().splitlines() if ":" in line)
    return {key: value.strip() for key, value in lines}
