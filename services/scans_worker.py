"""Open one uploaded scan in a process of its own, with limits: what is broken breaks only this.

Called with the kind of file, the first page and how many; the file comes on standard input. It
answers with one line of JSON and, after it, the pages as JPEG, one after the other.
"""

import io
import json
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from services import processes

MEMORY, SECONDS = 1536 * 1024 * 1024, 20
MOST_PIXELS = 50_000_000
DOTS, LARGEST_SIDE = 200, 2600  # per inch; enough for a code that was folded and stained
KEPT_SIDE, QUALITY = 1760, 72  # an A4 page at 150 dots per inch
_QUARTER = 90
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def main() -> None:
    """Answer one question about one file."""
    processes.limit(MEMORY, SECONDS)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    kind, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    pages: list[tuple[bytes, str]] = []
    try:
        total, images = _open(kind, sys.stdin.buffer.read(), first, count)
        pages = [_read(image) for image in images]
        answer: dict[str, Any] = {"pages": total}
    except pypdfium2.PdfiumError as error:
        answer = {"problem": "locked" if "assword" in str(error) else "broken"}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        answer = {"problem": "huge"}
    except (OSError, SyntaxError, ValueError):
        answer = {"problem": "broken"}
    answer["found"] = [{"text": text, "size": len(image)} for image, text in pages]
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    for image, _ in pages:
        sys.stdout.buffer.write(image)


def _open(kind: str, data: bytes, first: int, count: int) -> tuple[int, Iterator[Image.Image]]:
    if kind == "pdf":
        document = pypdfium2.PdfDocument(data)
        last = min(first + count, len(document))
        return len(document), (_rendered(document, at) for at in range(first, last))
    if kind == "blank":
        return 1, iter([_blank()])
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        upright = ImageOps.exif_transpose(image).convert("L")
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return 1, iter([upright] if count else [])


def _rendered(document: Any, at: int) -> Image.Image:
    """Draw a page; one that cannot be drawn is kept as an empty one, for a person to see."""
    try:
        page = document[at]
        scale = min(DOTS / 72, LARGEST_SIDE / max(page.get_size()))
        image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    except (pypdfium2.PdfiumError, ZeroDivisionError, ValueError):
        return _blank()
    return image.convert("L")


def _blank() -> Image.Image:
    return Image.new("L", (620, 877), 225)


def _read(image: Image.Image) -> tuple[bytes, str]:
    """Return a page upright as JPEG, with the text of its code."""
    text, angle = _code(image)
    upright = image.rotate(angle, expand=True, fillcolor=255) if angle else image
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
    upright.info.clear()  # comments and what the camera knows go no further
    target = io.BytesIO()
    upright.save(target, "JPEG", quality=QUALITY)
    return target.getvalue(), text


def _code(image: Image.Image) -> tuple[str, int]:
    """Find the code of a page; our own goes before any other that is on it."""
    for attempt in _attempts(image):
        codes = zxingcpp.read_barcodes(attempt, formats=_QR)
        if codes:
            best = max(codes, key=lambda code: code.text.startswith("SKILLSTAR"))
            return best.text[:120], round(best.orientation / _QUARTER) * _QUARTER % 360
    return "", 0


def _attempts(image: Image.Image) -> Iterator[Image.Image]:
    """Yield the picture in ways in which a faint, blurred or dirty code can be read."""
    yield image
    strong = ImageOps.autocontrast(image, cutoff=2)
    yield strong
    yield strong.filter(ImageFilter.MedianFilter(3))
    larger = strong.resize((image.width * 3 // 2, image.height * 3 // 2))
    yield larger.filter(ImageFilter.UnsharpMask(3, 200, 2))
    yield strong.point([0] * 128 + [255] * 128)
    yield strong.filter(ImageFilter.GaussianBlur(2))


if __name__ == "__main__":
    main()
