"""The picture of a seal, made ready for the page: colours and how far they cover."""

import io
import zlib
from dataclasses import dataclass

from rules.refusals import Refused
from rules.texts import N_

LARGEST = 2000  # pixels a side: 42 mm at more than 1,000 dots an inch


@dataclass(frozen=True)
class Seal:
    """A seal: its size in pixels, packed colours, packed cover (0 lets the paper show through)."""

    width: int
    height: int
    colours: bytes
    cover: bytes
    is_transparent: bool = True


def read_seal(data: bytes) -> Seal:
    """Read a seal from a PNG picture; refuse what is none, or too large."""
    from PIL import Image, UnidentifiedImageError

    try:
        # Whole first: half a picture is filled up with nothing by some settings of the library.
        Image.open(io.BytesIO(data), formats=["PNG"]).verify()
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if max(picture.size) > LARGEST:
                raise Refused(
                    N_("The seal's picture is larger than %(most)s pixels."), most=LARGEST
                )
            whole = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(N_("The seal must be a PNG picture.")) from error
    cover = whole.getchannel("A")
    return Seal(
        whole.width,
        whole.height,
        zlib.compress(whole.convert("RGB").tobytes(), 9),
        zlib.compress(cover.tobytes(), 9),
        # Where nothing can be seen through, it would hide what it is stamped on.
        cover.histogram()[0] > whole.width * whole.height // 10,
    )
