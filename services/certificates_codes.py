"""The QR code of a certificate, as rows of dark bars: fast, and the same for the same address."""

import re
from functools import lru_cache
from typing import NamedTuple

import zxingcpp

# On 24 mm a field is 0.35 mm wide then; a longer text has fewer spare fields instead of finer ones.
MOST_FIELDS = 69
_DARK = re.compile(rb"\x00+")


class Bar(NamedTuple):
    """Dark fields side by side, counted from the upper left corner."""

    x: int
    y: int
    length: int


def _image(text: str, level: str) -> zxingcpp.Image:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return code.to_image(scale=1, add_quiet_zones=False)


@lru_cache(maxsize=64)
def bars(text: str) -> tuple[int, tuple[Bar, ...]]:
    """Return how many fields wide a code is, and its bars."""
    image = _image(text, "M")
    if image.shape[0] > MOST_FIELDS:
        image = _image(text, "L")
    side: int = image.shape[0]
    fields = bytes(image)  # type: ignore[call-overload]  # it is a buffer, and says so to nobody
    found = []
    for y in range(side):
        for bar in _DARK.finditer(fields[y * side : (y + 1) * side]):
            start, end = bar.span()
            found.append(Bar(start, y, end - start))
    return side, tuple(found)


def path(text: str) -> tuple[int, str]:
    """Return how many fields wide a code is, and its bars as the path of a drawing."""
    side, found = bars(text)
    return side, "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in found)
