"""Says of a PDF whether it is a certificate that the bureau signed, to the last byte.

Nothing of the file is believed before its signature is: the place of the signature comes from a
form that only our writer has, everything outside it is hashed, everything inside it is rebuilt
from the known signer and compared. So of all files with these signed bytes exactly one passes.
"""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from services.certificates_archiving import is_archived
from services.certificates_cms import Chain, parts_of
from services.certificates_signing import OPENED
from services.certificates_stamping import is_stamp

LARGEST = 5 * 1024 * 1024
FACTS = "certificate.json"
_OURS = re.compile(
    rb"/M \(D:(\d{14})\+00'00'\) "
    + re.escape(OPENED.encode())
    + rb"([1-9]\d{0,8}) ([1-9]\d{0,8}) ([1-9]\d{0,8})\] {0,31}/Contents (?=<)"
)
_ROOM = re.compile(rb"/Contents\s*<([0-9A-Fa-f]{200,})")


class Finding(StrEnum):
    """What a file turned out to be."""

    GENUINE = "genuine"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Checked:
    """The answer about one file; the rest is filled for a genuine one only."""

    finding: Finding
    fingerprint: str = ""
    signed_at: datetime | None = None
    facts: bytes = b""
    is_stamped: bool = False


def check(data: bytes, chains: Sequence[Chain], stamp_chain: Sequence[bytes] = ()) -> Checked:
    """Say whether a file is one that a known signer signed, whole and unchanged."""
    found = _signed(data, chains, stamp_chain)
    if found is None:
        return Checked(_why_not(data, chains))
    facts = _facts(data)
    if facts is None:  # signed by us, yet no certificate
        return Checked(Finding.FOREIGN)
    return Checked(Finding.GENUINE, *found[:2], facts, found[2])


def _signed(
    data: bytes, chains: Sequence[Chain], stamp_chain: Sequence[bytes]
) -> tuple[str, datetime, bool] | None:
    """Return who signed a file and when; None when any byte is not as it was signed."""
    places = list(_OURS.finditer(data))
    if not data.startswith(b"%PDF-1.7\n") or len(places) != 1:
        return None
    (place,) = places
    start, end, rest = (int(number) for number in place.groups()[1:])
    whole = end + rest
    # One range before the message, one behind it to the very end, nothing left out between.
    if start != place.end() or end <= start + 2 or whole > len(data):
        return None
    if data[start : start + 1] != b"<" or data[end - 1 : end] != b">":
        return None
    hashed = hashlib.sha256(data[:start])
    hashed.update(data[end:whole])
    found = _signer(data[start + 1 : end - 1], hashed.digest(), chains, stamp_chain)
    if found is None or not _ends(data, whole, chains, stamp_chain):
        return None
    at = datetime.strptime(place[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return found[0], at, found[1]


def _ends(data: bytes, whole: int, chains: Sequence[Chain], stamp_chain: Sequence[bytes]) -> bool:
    """Say whether nothing stands behind what was signed, or the evidence for decades only."""
    return whole == len(data) or is_archived(data, whole, chains, stamp_chain)


def _signer(
    room: bytes, digest: bytes, chains: Sequence[Chain], stamp_chain: Sequence[bytes]
) -> tuple[str, bool] | None:
    """Return whose message fills the room; it must be the one that is rebuilt, digit by digit."""
    parts = parts_of(room)
    if parts is None:
        return None
    value, stamp = parts
    for chain in chains:
        whole = chain.message(digest, value, stamp).hex().encode()
        if whole.ljust(len(room), b"0") != room or not chain.is_signed(digest, value):
            continue
        if stamp and not is_stamp(stamp, value, stamp_chain):
            return None
        return chain.fingerprint, bool(stamp)
    return None


def _facts(data: bytes) -> bytes | None:
    """Return the facts that lie beside the page of a file whose signature is right."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        if FACTS not in pdf.attachments:
            return None
        return pdf.attachments[FACTS].get_file().read_bytes()


def _why_not(data: bytes, chains: Sequence[Chain]) -> Finding:
    """Say what is wrong with a file that did not pass; nothing of it is believed."""
    import pikepdf

    rooms = [bytes.fromhex(room.decode()[: len(room) // 2 * 2]) for room in _ROOM.findall(data)]
    marks = [mark for chain in chains for mark in chain.marks()]
    if any(mark in room for mark in marks for room in rooms):
        return Finding.ALTERED
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            signed = any(_is_signature(one) for one in pdf.objects)
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return Finding.UNREADABLE
    return Finding.FOREIGN if signed or rooms else Finding.UNSIGNED


def _is_signature(one: Any) -> bool:
    import pikepdf

    return isinstance(one, pikepdf.Dictionary) and "/ByteRange" in one and "/Contents" in one
