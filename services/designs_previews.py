"""A design as a picture while somebody works on it, with every problem in words beside it.

The page is set and drawn by the engine that prints certificates. Only what is wrong is left out.
"""

import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from rules.certificate_layouts import (
    CertificateField,
    DraftLayout,
    TextBox,
    Typeface,
    dots_an_inch,
)
from rules.design_changes import words_of
from rules.design_samples import CODE, Sample, facts_of
from rules.refusals import Refused
from rules.texts import N_
from services import certificates_backgrounds
from services.certificates_metadata import About
from services.certificates_pdf import Contents, certificate_pdf
from services.certificates_preparing import Prepared, prepared
from services.certificates_setting import Setter, SetText
from services.certificates_values import values_of
from services.seals_pictures import sample_seal

ADDRESS = "https://example.org/verify/34679ACDEFGHJKMN"
COARSE = 150  # dots an inch under which a picture looks coarse on paper
WIDE, SMALL = 1100, 360  # pixels of the longer side
_ABOUT = About("样张", "样张", "样张", "zh-Hans-CN", date(2026, 11, 22))
_PDFIUM = threading.Lock()  # the library knows no threads


class Trouble(NamedTuple):
    """What is wrong, and with which text of the design, if with one."""

    key: str
    problem: Refused


class Preview(NamedTuple):
    """A design as a picture, and what is wrong with it."""

    picture: bytes
    troubles: list[Trouble]


def preview(layout: DraftLayout, sample: Sample, folder: Path, side: int = WIDE) -> Preview:
    """Draw a design as PNG, with the values of a sample person."""
    made, troubles = _page(layout, sample, folder, small=True)
    return Preview(_written(drawn(made, side), "PNG", compress_level=1), troubles)


def preview_fast(layout: DraftLayout, sample: Sample, folder: Path) -> Preview:
    """Draw a design as JPEG, which is written in a tenth of the time, while somebody types."""
    made, troubles = _page(layout, sample, folder, small=True)
    return Preview(_written(drawn(made, WIDE), "JPEG", quality=90, subsampling=0), troubles)


def sample_pdf(layout: DraftLayout, sample: Sample, folder: Path) -> bytes:
    """Return a design as PDF, with the values of a sample person and nobody's seal."""
    return _page(layout, sample, folder, small=False)[0]


def troubles_of(layout: DraftLayout, sample: Sample, folder: Path) -> list[Trouble]:
    """List what is wrong with a design for a sample person, without drawing it."""
    setter = Setter(layout, dict.fromkeys(Typeface, 0.0))
    found = [*_static(layout, folder)]
    found += [one for one in _set(layout, setter, sample) if isinstance(one, Trouble)]
    return found


def _page(
    layout: DraftLayout, sample: Sample, folder: Path, small: bool
) -> tuple[bytes, list[Trouble]]:
    ready = prepared(layout, folder)
    found = list(_set(layout, Setter(layout, ready.struts), sample))
    texts = [one for one in found if isinstance(one, SetText)]
    troubles = [*_static(layout, folder), *(one for one in found if isinstance(one, Trouble))]
    return _pdf(layout, ready, texts, _background(layout, folder, small)), troubles


def _pdf(
    layout: DraftLayout, ready: Prepared, texts: Sequence[SetText], background: bytes | None
) -> bytes:
    seal = sample_seal() if layout.seal else None
    contents = Contents(texts, _ABOUT, b"{}", ADDRESS, seal, background)
    return certificate_pdf(layout, ready, contents)


def _background(layout: DraftLayout, folder: Path, small: bool) -> bytes | None:
    if not certificates_backgrounds.is_kept(layout.background, folder):
        return None
    read = certificates_backgrounds.read_small if small else certificates_backgrounds.read
    return read(layout.background, folder)


def _set(layout: DraftLayout, setter: Setter, sample: Sample) -> Iterator[SetText | Trouble]:
    """Set each text; one that names a strange field shows its name."""
    strange = {name: f"{{{name}}}" for name in layout.fields() - set(CertificateField)}
    values = values_of(facts_of(sample), CODE) | strange
    seen: set[str] = set()
    for text in layout.texts:
        if text.key in seen:  # it is named by the layout itself
            continue
        seen.add(text.key)
        yield _set_one(setter, text, values)


def _set_one(setter: Setter, text: TextBox, values: dict[str, str]) -> SetText | Trouble:
    try:
        return setter.set_one(text, values)
    except Refused as problem:
        return Trouble(text.key, problem)


def _static(layout: DraftLayout, folder: Path) -> Iterator[Trouble]:
    names = {"seal": N_("Seal"), "code": N_("QR code")}
    names |= {text.key: words_of(text) for text in layout.texts}
    for problem in layout.problems():
        yield Trouble(str(problem.params.get("key", "")), _named(problem, names))
    if not certificates_backgrounds.is_kept(layout.background, folder):
        yield Trouble("", Refused(N_("The background picture is not there any more.")))
    dots = dots_an_inch(layout)
    if dots is not None and dots < COARSE:
        message = N_("The background has %(dots)s dots an inch on this paper; it looks coarse.")
        yield Trouble("", Refused(message, dots=dots))


def _named(problem: Refused, names: Mapping[str, str]) -> Refused:
    """Call the texts of a problem by their words: nobody sees their keys."""
    params = {
        name: names.get(str(value), value) if name in ("key", "other") else value
        for name, value in problem.params.items()
    }
    return Refused(problem.message, problem.field, **params)


def drawn(pdf: bytes, side: int) -> Image.Image:
    """Return the page of a PDF of our own as a picture."""
    import pypdfium2

    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            picture: Image.Image = page.render(scale=side / max(page.get_size())).to_pil()
        finally:
            document.close()
    return picture.convert("RGB")


def _written(picture: Image.Image, kind: str, **how: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **how)
    return target.getvalue()
