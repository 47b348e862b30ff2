"""Status lists: one bit a certificate, as W3C Bitstring Status List v1.0 writes them."""

import base64
import gzip
from collections.abc import Iterable
from enum import StrEnum

SIZE = 131_072  # the least that the recommendation allows, so that one bit tells nothing
FULL = SIZE * 3 // 4  # then a new list begins: free places are found by trying


class Purpose(StrEnum):
    """What a bit says: revoked for good, or suspended until somebody decides."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


def encoded(places: Iterable[int], size: int = SIZE) -> str:
    """Return the list with these bits set: GZIP, then base64url in multibase."""
    bits = bytearray(size // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8  # the first place is the leftmost bit
    packed = gzip.compress(bytes(bits), 9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")
