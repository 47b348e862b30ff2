"""Paper on the scanner: pages with codes, turned, dirty, and put together as files."""

import io
from collections.abc import Sequence
from random import Random

import segno
from PIL import Image, ImageChops, ImageDraw

A4 = (1240, 1754)


def page(payload: str, side: int = 210, mark: str = "") -> Image.Image:
    """A page with a code where our sheets have it, and something written."""
    sheet = Image.new("L", A4, 255)
    ImageDraw.Draw(sheet).text((90, 400), mark or "84.5", fill=30)
    if payload:
        target = io.BytesIO()
        segno.make(payload, error="m", micro=False).save(target, kind="png", scale=6, border=0)
        with Image.open(target) as code:
            sheet.paste(code.convert("L").resize((side, side)), (A4[0] - side - 80, 70))
    return sheet


def dirty(sheet: Image.Image, seed: int = 1) -> Image.Image:
    """The same through a bad scanner: grey paper, noise, specks."""
    random = Random(seed)
    grey = sheet.point([40 + value * 170 // 255 for value in range(256)])
    noise = Image.frombytes("L", (310, 439), random.randbytes(310 * 439)).resize(sheet.size)
    soiled = ImageChops.add(grey, noise.point([value // 8 for value in range(256)]))
    pen = ImageDraw.Draw(soiled)
    for _ in range(150):
        x, y = random.randrange(A4[0]), random.randrange(A4[1])
        pen.ellipse((x, y, x + 2, y + 2), fill=60)
    return soiled


def png(sheet: Image.Image) -> bytes:
    """A photo or scan as PNG."""
    target = io.BytesIO()
    sheet.save(target, "PNG")
    return target.getvalue()


def jpeg(sheet: Image.Image, **more: object) -> bytes:
    """A photo as JPEG."""
    target = io.BytesIO()
    sheet.save(target, "JPEG", quality=80, **more)
    return target.getvalue()


def pdf(sheets: Sequence[Image.Image]) -> bytes:
    """A scan of many pages."""
    target = io.BytesIO()
    sheets[0].save(target, "PDF", save_all=True, append_images=sheets[1:], resolution=150)
    return target.getvalue()
