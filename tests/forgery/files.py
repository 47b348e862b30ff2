"""Work on the bytes of a PDF as a forger does: find objects, append updates, move the signature."""

import re
import zlib
from dataclasses import dataclass

from services.certificates_cms import Chain
from services.certificates_signing import OPENED

_RANGE = re.compile(re.escape(OPENED.encode()) + rb"(\d+) (\d+) (\d+)\] *")


@dataclass(frozen=True)
class Taken:
    """A file taken apart where its signature stands."""

    before: bytes  # up to the first number of the range
    room: bytes  # what is between the angle brackets
    after: bytes  # from behind the closing bracket

    def joined(self, room: bytes | None = None, extra: bytes = b"") -> bytes:
        """Put the file together again, with a range that fits to what is in it now."""
        inner = self.room if room is None else room
        after = self.after + extra
        start = len(self.before) + 33 + len(b"/Contents ")
        end = start + len(inner) + 2
        numbers = b"%d %d %d]" % (start, end, len(after))
        return b"".join((self.before, numbers.ljust(33), b"/Contents <", inner, b">", after))


def taken(pdf: bytes) -> Taken:
    """Take a file apart."""
    place = _RANGE.search(pdf)
    assert place
    start, end = int(place[1]), int(place[2])
    return Taken(pdf[: place.start(1)], pdf[start + 1 : end - 1], pdf[end:])


def numbers_of(pdf: bytes, wanted: bytes) -> list[int]:
    """List the numbers of the objects that hold some text."""
    found = re.finditer(rb"(?m)^(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)
    return [int(one[1]) for one in found if wanted in one[2]]


def body_of(pdf: bytes, number: int) -> bytes:
    """Return an object as it is written."""
    found = re.search(rb"(?m)^%d 0 obj\n(.*?)\nendobj" % number, pdf, re.DOTALL)
    assert found
    return found[1]


def contents_of(pdf: bytes) -> list[int]:
    """List the numbers of the streams that draw the page; the last one draws the texts."""
    page = body_of(pdf, numbers_of(pdf, b"/Type /Page ")[0])
    found = re.search(rb"/Contents \[([0-9 R]+)\]", page)
    assert found
    return [int(one) for one in re.findall(rb"(\d+) 0 R", found[1])]


def stream_of(pdf: bytes, number: int) -> bytes:
    """Return a stream unpacked."""
    packed = body_of(pdf, number).partition(b"stream\n")[2].removesuffix(b"\nendstream")
    return zlib.decompress(packed)


def stream(data: bytes) -> bytes:
    """Write a stream."""
    packed = zlib.compress(data)
    head = b"<</Length %d /Filter /FlateDecode>>\nstream\n" % len(packed)
    return head + packed + b"\nendstream"


def updated(pdf: bytes, objects: dict[int, bytes], trailer: bytes | None = None) -> bytes:
    """Append an update that puts other objects in the place of the present ones."""
    old = pdf[pdf.rindex(b"trailer\n") + 8 : pdf.rindex(b"startxref")].strip()
    previous = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
    out, places = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    head = (trailer or old)[2:] if (trailer or old).startswith(b"<<") else old
    out += b"trailer\n<</Prev %d %b\nstartxref\n%d\n%%%%EOF\n" % (previous, head, start)
    return bytes(out)


def size_of(pdf: bytes) -> int:
    """Return the number that the next object can have."""
    found = re.search(rb"/Size (\d+)", pdf[pdf.rindex(b"trailer") :])
    assert found
    return int(found[1])


def resigned(pdf: bytes, chain: Chain, digest: bytes, value: bytes) -> bytes:
    """Put another message into the room, with zeros behind it."""
    parts = taken(pdf)
    room = chain.message(digest, value).hex().encode()
    return parts.joined(room.ljust(len(parts.room), b"0")[: len(parts.room)])
