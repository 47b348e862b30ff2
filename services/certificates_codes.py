"""The QR code of a certificate, as bars of dark fields: fast, and the same for the same address."""

from collections.abc import Callable
from functools import lru_cache

import zxingcpp

# On 24 mm a field is 0.35 mm wide then; a longer text has fewer spare fields instead of finer ones.
MOST_FIELDS = 69
_LIGHT = b"\xff"
# What begins a bar in each field, row by row with one more at the end, and what ends one by length.
_Words = tuple[list[str], list[str]]


def rectangles(text: str) -> tuple[int, str]:
    """Return how many fields wide a code is, and its bars as rectangles of a PDF page."""
    return _drawn(text, _rectangle_words)


def path(text: str) -> tuple[int, str]:
    """Return how many fields wide a code is, and its bars as the path of a drawing."""
    return _drawn(text, _path_words)


def _image(text: str, level: str) -> zxingcpp.Image:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return code.to_image(scale=1, add_quiet_zones=False)


def _drawn(text: str, words: Callable[[int], _Words]) -> tuple[int, str]:
    image = _image(text, "M")
    if image.shape[0] > MOST_FIELDS:
        image = _image(text, "L")
    side: int = image.shape[0]
    fields = bytes(image)  # type: ignore[call-overload]  # it is a buffer, and says so to nobody
    begins, ends = words(side)
    found, at = [], 0
    # A light field behind each row keeps its last bar from running on into the next row.
    rows = _LIGHT.join(fields[row : row + side] for row in range(0, side * side, side))
    for length in map(len, rows.split(_LIGHT)):
        if length:
            found.append(begins[at] + ends[length])
        at += length + 1
    return side, "".join(found)


@lru_cache(maxsize=8)
def _rectangle_words(side: int) -> _Words:
    begins = [f"{x} {y} " for y in range(side) for x in range(side + 1)]
    return begins, [f"{length} 1 re\n" for length in range(side + 1)]


@lru_cache(maxsize=8)
def _path_words(side: int) -> _Words:
    begins = [f"M{x} {y}" for y in range(side) for x in range(side + 1)]
    return begins, [f"h{length}v1h-{length}z" for length in range(side + 1)]
