"""Everything that a reader can take out of a file: texts, metadata, attachments, codes."""

import base64
import binascii
import contextlib
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

Text = tuple[str, str]
DEEPEST = 4  # so many wrappings are opened: a text in a file in an archive in a base64 text
_QR_SCALE = 8
_CARRIED = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}[ :-]?){9,}(?![0-9A-Za-z])")
_BASE32 = re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{16,}=*")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_HEX_STRING = re.compile(rb"<((?:[0-9A-Fa-f]{2})+)>")
_WIDE_MARK = b"\xfe\xff"
# Places within the file, widths of letters and boxes: long rows of digits that differ with each
# file, so that one in some hundred of them would look like somebody's birthday and number.
_STRUCTURE = re.compile(
    rb"\bxref\b.*?\btrailer\b|\bstartxref\s+\d+|/(?:ByteRange|W|Widths|BBox|MediaBox)\s*\[[\d\s.\[\]-]*\]",
    re.DOTALL,
)
_CODE_PATH = re.compile(r'<path[^>]*class="qrline"[^>]*\bd="([^"]+)"')
_CODE_STEP = re.compile(r"([Mmh])\s*(-?[\d.]+)(?:[\s,]*(-?[\d.]+))?")


def texts_of(data: bytes | str, where: str = "", depth: int = 0) -> Iterator[Text]:
    """Yield every text in a file, with where it stands; what is packed or encoded is opened."""
    if depth > DEEPEST:
        return
    if isinstance(data, bytes):
        yield from _of_bytes(data, where, depth)
        return
    yield where, data
    for name, text in _readings(data):
        yield f"{where} {name}", text
    for name, inner in _carried(data):
        yield from texts_of(inner, f"{where} {name}", depth + 1)
    for drawing in _CODE_PATH.findall(data):
        for text in _read_code(_drawn(drawing)):
            yield from texts_of(text, f"{where} code", depth + 1)


def _of_bytes(data: bytes, where: str, depth: int) -> Iterator[Text]:
    if data.startswith(b"PK\x03\x04"):
        yield from _of_archive(data, where, depth)
    elif data.startswith(b"%PDF"):
        yield from _of_pdf(data, where, depth)
    elif data.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF")):
        yield from _of_picture(data, where, depth)
    elif data.startswith(b"\x1f\x8b"):
        yield from texts_of(gzip.decompress(data), f"{where} gzip", depth + 1)
    else:
        yield from texts_of(_decoded(data), where, depth)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _of_archive(data: bytes, where: str, depth: int) -> Iterator[Text]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield f"{where} comment", _decoded(archive.comment)
        for entry in archive.infolist():
            yield f"{where} name", entry.filename
            yield from texts_of(archive.read(entry), f"{where}!{entry.filename}", depth + 1)
        if "xl/workbook.xml" in archive.namelist():
            yield from _of_rows(data, where)


def _of_rows(data: bytes, where: str) -> Iterator[Text]:
    """Read a workbook as its reader does: row by row, names beside numbers."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        lines = (" | ".join("" if cell is None else str(cell) for cell in row) for row in rows)
        yield f"{where} rows of {sheet.title}", "\n".join(lines)
    book.close()


def _of_pdf(data: bytes, where: str, depth: int) -> Iterator[Text]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        yield f"{where} metadata", "\n".join(document.get_metadata_dict().values())
        for number in range(document.count_attachments()):
            attached = document.get_attachment(number)
            yield f"{where} attachment", attached.get_name()
            inner = bytes(attached.get_data())
            yield from texts_of(inner, f"{where} attachment {attached.get_name()}", depth + 1)
        for number, page in enumerate(document, start=1):
            yield from texts_of(
                page.get_textpage().get_text_range(), f"{where} page {number}", depth + 1
            )
            for text in _read_code(page.render(scale=2.5).to_pil()):
                yield from texts_of(text, f"{where} code", depth + 1)
    finally:
        document.close()
    yield from of_objects(data, where)


def of_objects(data: bytes, where: str) -> Iterator[Text]:
    """Yield what a viewer does not show: XMP, addresses of links, titles, whatever lies outside."""
    parts = [_STREAM.sub(b"", data)]
    for stream in _STREAM.findall(data):
        with contextlib.suppress(zlib.error):  # it may not be packed, or be a picture
            stream = zlib.decompress(stream)
        if b"<?xpacket" in stream or b"/Type" in stream or b"<x:xmpmeta" in stream:
            parts.append(stream)
    for part in parts:
        plain = _STRUCTURE.sub(b" ", part)
        yield f"{where} objects", _HEX_STRING.sub(b" ", plain).decode("latin-1")
        for written in _HEX_STRING.findall(plain):
            yield f"{where} objects", _unhexed(written)


def _unhexed(written: bytes) -> str:
    data = bytes.fromhex(written.decode())
    if data.startswith(_WIDE_MARK):
        return data[2:].decode("utf-16-be", "replace")
    return data.decode("latin-1")


def _of_picture(data: bytes, where: str, depth: int) -> Iterator[Text]:
    from PIL import Image

    picture = Image.open(io.BytesIO(data))
    yield f"{where} metadata", "\n".join(f"{key}: {value}" for key, value in picture.info.items())
    for text in _read_code(picture.convert("L")):
        yield from texts_of(text, f"{where} code", depth + 1)


def _read_code(picture: Any) -> list[str]:
    import zxingcpp

    return [found.text for found in zxingcpp.read_barcodes(picture)]


def _drawn(path: str) -> Any:
    """Draw the lines of a QR code that stands as SVG in a page."""
    from PIL import Image

    lines, x, y = [], 0.0, 0.0
    for step, first, second in _CODE_STEP.findall(path):
        if step == "h":
            lines.append((x, y, float(first)))
            x += float(first)
        else:
            moved = (float(first), float(second or 0))
            x, y = moved if step == "M" else (x + moved[0], y + moved[1])
    size = int(max(x + y + length for x, y, length in lines)) + 10
    picture = Image.new("L", (size, size), 255)
    for x, y, length in lines:
        for column in range(int(length)):
            picture.putpixel((int(x) + column + 4, int(y) + 4), 0)
    return picture.resize((size * _QR_SCALE, size * _QR_SCALE), Image.Resampling.NEAREST)


def _readings(text: str) -> Iterator[Text]:
    """Yield the same text as a browser, a program or a calendar would read it."""
    if "&" in text and (plain := html.unescape(html.unescape(text))) != text:
        yield "entities", plain
    if "<" in text and ">" in text:
        bare = html.unescape(html.unescape(re.sub(r"<!--|-->|<[^>]*>", "", text)))
        yield "without tags", re.sub(r"\s+", " ", bare)
        yield "cells", re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))
    if "%" in text and (plain := unquote(unquote(text))) != text:
        yield "address", plain
    if "\\u" in text:
        yield "escapes", re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    if "BEGIN:V" in text or "=\n" in text or "=\r\n" in text:
        unfolded = re.sub(r"=\r?\n|\r?\n[ \t]", "", text)
        yield "unfolded", re.sub(r"=([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), unfolded)
    if text.lstrip()[:1] in ("{", "["):
        with contextlib.suppress(ValueError):  # it may only begin like JSON
            yield "values", "\n".join(_scalars(json.loads(text)))


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _scalars(inner)
    else:
        yield str(value)


def _carried(text: str) -> Iterator[tuple[str, bytes | str]]:
    """Yield what is written in letters for machines: base64, base32, hexadecimal."""
    for kind, packed in _unpacked(text):
        if (inner := _useful(packed)) is not None:
            yield kind, inner


def _unpacked(text: str) -> Iterator[tuple[str, bytes]]:
    for token in _CARRIED.findall(text):
        for piece in {token, *token.split("/")}:
            if len(piece) >= 12:
                yield "base64", _base64(piece)
    for token in _BASE32.findall(text):
        bare = token.rstrip("=")
        with contextlib.suppress(binascii.Error):  # a word in capitals
            yield "base32", base64.b32decode(bare + "=" * (-len(bare) % 8))
    for token in _HEX.findall(text):
        yield "hex", bytes.fromhex(re.sub("[^0-9a-fA-F]", "", token))


def _opens(data: bytes) -> bool:
    """Say whether a guess is a file at all: one token in some ten thousand only begins like one."""
    from PIL import Image

    try:
        if data.startswith(b"PK"):
            return zipfile.is_zipfile(io.BytesIO(data))
        if data.startswith(b"%PDF"):
            return b"%%EOF" in data
        if data.startswith(b"\x1f\x8b"):
            gzip.decompress(data)
        else:
            Image.open(io.BytesIO(data)).load()
    except (EOFError, OSError, SyntaxError, zlib.error):  # what the libraries say of broken files
        return False
    return True


def _base64(token: str) -> bytes:
    bare = token.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        return b""


def _useful(data: bytes) -> bytes | str | None:
    """Return what a person could read or open: a known kind of file, or text with digits in it."""
    if data.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8", b"\x1f\x8b")):
        return data if _opens(data) else None
    if data[:1] == b"\x78":
        try:
            data = zlib.decompress(data)
        except zlib.error:
            return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    digits = sum(character.isdigit() for character in text)
    is_telling = digits >= 6 or _CARRIED.fullmatch(text) is not None
    return text if is_telling and text.isprintable() else None
