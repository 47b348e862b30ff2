"""Numbers that people read out: certificates, entries, and codes that hide who made a work."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from itertools import count as counting

# ISO 7064 MOD 1271-36: two check characters for letters and digits. It finds every single
# wrong character and every swap of two neighbours.
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS, _RADIX = 1271, 36
_CODE_PART = re.compile(r"[0-9A-Z]+")

# Nothing that is easily taken for something else: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
_CLEAR = "34679ACDEFGHJKMNPQRTWXY"
_SHORTEST = 4
# So many times more possible codes than used ones that a wrongly read code hits nobody.
_SPARSE = 100


def with_check_characters(codes: Sequence[str], separator: str) -> str:
    """Join codes to a number such as CX-2026-JS-0301-1-0001-K7 (R4.24).

    The two last characters are check characters; the number is unique as long as its parts are.
    """
    return separator.join((*codes, _check_characters("".join(codes))))


def check_number(text: str) -> bool:
    """Say whether a typed certificate number can be one; blanks, hyphens and case do not matter."""
    digits = re.sub(r"[\s\-‐‑–—−]", "", unicodedata.normalize("NFKC", text)).upper()
    return len(digits) > 2 and bool(_CODE_PART.fullmatch(digits)) and _remainder(digits) == 1


def entry_number(event_code: str, serial: int) -> str:
    """Compose the number of an entry within an edition, such as 0301-012."""
    return f"{event_code}-{serial:03d}"


def codes(count: int, seed: int | str) -> list[str]:
    """Make so many different short codes that tell nothing of their order (R2.06).

    The same seed gives the same codes on every machine, and whoever knows it can link code and
    work: it is kept with the sealed layer.
    """
    length = _SHORTEST
    while len(_CLEAR) ** length < count * _SPARSE:
        length += 1
    found: dict[str, None] = {}
    for number in counting():
        if len(found) == count:
            break
        found[_code(f"{seed}:{number}", length)] = None
    return list(found)


def _code(text: str, length: int) -> str:
    value = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _ in range(length):
        value, index = divmod(value, len(_CLEAR))
        letters.append(_CLEAR[index])
    return "".join(letters)


def _check_characters(body: str) -> str:
    high, low = divmod((1 - _remainder(body + "00")) % _MODULUS, _RADIX)
    return _CHARACTERS[high] + _CHARACTERS[low]


def _remainder(text: str) -> int:
    value = 0
    for character in text:
        value = (value * _RADIX + _CHARACTERS.index(character)) % _MODULUS
    return value
