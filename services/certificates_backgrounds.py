"""Background pictures of certificates: drawn anew on the way in, kept by their digest.

The name of a kept picture is the digest of its bytes, so a layout names exactly one picture for
ever, and whoever draws a page needs no table to find it.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from rules.certificate_layouts import Background
from rules.refusals import Refused
from rules.texts import N_
from services.files import DamagedFile, write_whole

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3508  # A4 at 300 dots an inch
SHORTEST_SIDE = 300
SMALL_SIDE = 1400  # enough for a preview on a screen
_HUGE = N_("This picture has too many pixels.")


@dataclass(frozen=True)
class Drawn:
    """A picture drawn anew: as JPEG for paper, and smaller for screens."""

    picture: Background
    data: bytes
    small: bytes


def keep(data: bytes, folder: Path) -> Background:
    """Check a picture, draw it anew, keep it under its digest."""
    drawn = redrawn(data)
    for path, content in (
        (_path(folder, drawn.picture.sha256), drawn.data),
        (_path(folder, drawn.picture.sha256, "small"), drawn.small),
    ):
        if not path.exists():
            write_whole(path, content)
    return drawn.picture


def read(picture: Background | None, folder: Path) -> bytes | None:
    """Return the kept picture; raise DamagedFile if it is another one."""
    if picture is None:
        return None
    data = _path(folder, picture.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != picture.sha256:
        raise DamagedFile(picture.sha256)
    return data


def read_small(picture: Background | None, folder: Path) -> bytes | None:
    """Return the kept picture as screens show it."""
    return None if picture is None else _path(folder, picture.sha256, "small").read_bytes()


def is_kept(picture: Background | None, folder: Path) -> bool:
    """Say whether the picture that a layout names is there."""
    return picture is None or _path(folder, picture.sha256).exists()


def redrawn(data: bytes) -> Drawn:
    """Draw a picture anew in the colours of screens, without what was hidden in it.

    What shows through is filled with white: paper is. A picture that is none, or huge, is refused.
    """
    if len(data) > LARGEST:
        raise Refused(N_("The picture is larger than %(most)s MB."), "picture", most=LARGEST >> 20)
    picture = _opened(data)
    if min(picture.size) < SHORTEST_SIDE:
        raise Refused(
            N_("The picture needs at least %(least)s pixels a side."),
            "picture",
            least=SHORTEST_SIDE,
        )
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    whole = _jpeg(picture)
    known = Background(
        sha256=hashlib.sha256(whole).hexdigest(), width=picture.width, height=picture.height
    )
    picture.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Drawn(known, whole, _jpeg(picture))


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Whole first: WeasyPrint lets the library fill half a picture up with nothing.
            Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]).verify()
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Refused(_HUGE, "picture")
                return _flat(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused(_HUGE, "picture") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(N_("The background must be a PNG or JPEG picture."), "picture") from error


def _flat(picture: Image.Image) -> Image.Image:
    """Put a picture on white, in the colours of screens."""
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        whole = picture.convert("RGBA")
        clean = Image.new("RGB", whole.size, "white")
        clean.paste(whole, mask=whole.getchannel("A"))
        return clean
    if profile and picture.mode in ("RGB", "CMYK"):
        return _in_screen_colours(picture, profile)
    clean = Image.new("RGB", picture.size)  # a new one takes no notes along
    clean.paste(picture.convert("RGB"))
    return clean


def _in_screen_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    try:
        found = ImageCms.profileToProfile(
            picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except ImageCms.PyCMSError as error:
        raise ValueError("a colour profile that cannot be used") from error
    if found is None:
        raise ValueError("a colour profile that cannot be used")
    clean = Image.new("RGB", picture.size)
    clean.paste(found)
    return clean


def _jpeg(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=88, subsampling=0, optimize=True)
    return target.getvalue()


def _path(folder: Path, digest: str, size: str = "whole") -> Path:
    return folder / "backgrounds" / f"{digest}.{size}.jpg"
