"""Background pictures: drawn anew, kept by their digest, refused when they are none."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from rules.certificate_layouts import Background
from rules.refusals import Refused
from services import certificates_backgrounds
from services.certificates_backgrounds import LARGEST, LONGEST_SIDE, redrawn
from services.files import DamagedFile
from tests.damage import altered


def picture(mode: str, colour: object, size: tuple[int, int] = (400, 300), **more: object) -> bytes:
    target = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, size, colour).save(target, kind, **more)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("RGB", (200, 30, 30), (200, 30, 30)),
        ("RGBA", (200, 30, 30, 0), (255, 255, 255)),  # what shows through is paper
        ("RGBA", (0, 0, 0, 128), (127, 127, 127)),
        ("LA", (0, 0), (255, 255, 255)),
        ("P", 0, (0, 0, 0)),
        ("L", 90, (90, 90, 90)),
        ("I;16", 0, (0, 0, 0)),
        ("CMYK", (0, 0, 0, 0), (255, 255, 255)),
    ],
)
def test_pictures_of_every_kind_become_colours_of_screens(
    mode: str, colour: object, seen: tuple[int, int, int]
) -> None:
    found = opened(redrawn(picture(mode, colour)).data)
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (400, 300))
    middle = found.getpixel((200, 150))
    assert isinstance(middle, tuple)
    assert max(abs(one - other) for one, other in zip(middle, seen, strict=True)) <= 2


def test_nothing_hidden_stays_and_large_ones_become_smaller() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = picture("RGB", "red", (5000, 400), icc_profile=profile, dpi=(72, 72))
    drawn = redrawn(data)
    found = opened(drawn.data)
    assert found.size == (drawn.picture.width, drawn.picture.height) == (LONGEST_SIDE, 281)
    assert "icc_profile" not in found.info and "exif" not in found.info
    assert max(opened(drawn.small).size) == 1400


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"GIF89a", "must be a PNG or JPEG"),
        (picture("RGB", "red")[:200], "must be a PNG or JPEG"),
        (picture("RGB", "red", (299, 400)), "at least 300"),
        (picture("L", 0, (8000, 7600)), "too many pixels"),
        (b"x" * (LARGEST + 1), "larger than"),
        (picture("RGB", "red", icc_profile=b"none"), "must be a PNG or JPEG"),
    ],
)
def test_what_is_no_fair_picture_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        redrawn(data)


def test_a_picture_is_kept_once_by_its_digest_and_damage_is_found(tmp_path: Path) -> None:
    first = certificates_backgrounds.keep(picture("RGB", "red"), tmp_path)
    assert certificates_backgrounds.keep(picture("RGB", "red"), tmp_path) == first
    data = certificates_backgrounds.read(first, tmp_path)
    assert data is not None and opened(data).size == (400, 300)
    assert certificates_backgrounds.is_kept(first, tmp_path)
    other = Background(sha256="0" * 64, width=1, height=1)
    assert not certificates_backgrounds.is_kept(other, tmp_path)
    (path,) = tmp_path.glob("backgrounds/*.whole.jpg")
    path.write_bytes(altered(data))
    with pytest.raises(DamagedFile):
        certificates_backgrounds.read(first, tmp_path)
