"""What may be shown of a seal: small, pale, with 样张 across it; and a made-up one for samples."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from rules.certificate_layouts import Typeface
from services.certificates_fonts import file_of
from services.certificates_seals import Seal, read_seal

SAMPLE = "样张"
SIDE = 240
_RED, _WHITE = (196, 28, 28, 255), (255, 255, 255, 255)


def masked(data: bytes) -> bytes:
    """Return a small picture of a seal that nobody can use as one."""
    with Image.open(io.BytesIO(data), formats=["PNG"]) as opened:
        seal = opened.convert("RGBA")
    seal.thumbnail((SIDE, SIDE))
    page = Image.new("RGBA", (SIDE, SIDE), _WHITE)
    page.alpha_composite(seal, ((SIDE - seal.width) // 2, (SIDE - seal.height) // 2))
    pale = Image.blend(page, Image.new("RGBA", page.size, _WHITE), 0.45)
    return _png(_written_across(pale))


@cache
def sample_seal() -> Seal:
    """Return a seal of nobody, for pages that only show where a seal will stand."""
    side = 400
    picture = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((8, 8, side - 8, side - 8), outline=_RED, width=12)
    font = _font(110)
    draw.text((side / 2, side / 2), SAMPLE, font=font, fill=_RED, anchor="mm")
    return read_seal(_png(picture))


def _written_across(page: Image.Image) -> Image.Image:
    layer = Image.new("RGBA", (2 * SIDE, 2 * SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for row in range(-2, 3):
        place = (SIDE + row * 30, SIDE + row * 62)
        words = "　".join([SAMPLE] * 4)
        draw.text(place, words, font=_font(34), fill=(30, 50, 90, 210), anchor="mm")
    turned = layer.rotate(28)
    page.alpha_composite(turned.crop((SIDE // 2, SIDE // 2, SIDE * 3 // 2, SIDE * 3 // 2)))
    return page


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(file_of(Typeface.SONG_BOLD)), size)


def _png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
