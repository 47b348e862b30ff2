"""Certificates as PDF: WeasyPrint's own page to the pixel, whole, tagged, the same each time."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from rules.certificate_designs import DESIGNS, Design
from rules.certificate_layouts import Border, Typeface, dots_an_inch
from rules.refusals import Refused
from services import certificates_backgrounds, documents
from services.certificates_fonts import font, missing_characters
from services.certificates_preparing import prepared
from services.certificates_rendering import Renderer, facts_text
from services.certificates_seals import read_seal
from services.certificates_setting import DoesNotFit, NoGlyph
from tests.certificate_people import FACTS, FULL_FACTS, NAMES, URL, paper
from tests.pdf_checks import (
    check_access,
    check_archive,
    differing_pixels,
    facts_in,
    information,
    picture_of,
    text_of,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("layouts")


def _renderer(folder: Path, design: Design = Design.A4_LANDSCAPE) -> Renderer:
    return Renderer(DESIGNS[design], folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_certificate_looks_like_weasyprint_s_own_page(folder: Path, name: str) -> None:
    # Not one pixel may differ: both draw the same outlines at the same places.
    renderer = _renderer(folder)
    fast, slow = renderer.pdf(paper(name)), renderer.slow_pdf(paper(name))
    assert differing_pixels(fast, slow) == 0
    assert text_of(fast) == text_of(slow)
    assert "".join(name.split()) in text_of(fast)


@pytest.mark.parametrize("design", list(Design))
def test_every_design_looks_like_weasyprint_s_own_page(folder: Path, design: Design) -> None:
    renderer = _renderer(folder, design)
    whole = paper(NAMES[5], **{key: FULL_FACTS[key] for key in ("event", "honours", "edition")})
    fast, slow = renderer.pdf(whole), renderer.slow_pdf(whole)
    assert differing_pixels(fast, slow) == 0
    assert text_of(fast) == text_of(slow)
    check_archive(fast)
    check_access(fast)
    size = information(fast)["Page size"].split()
    layout = DESIGNS[design]
    assert float(size[0]) == pytest.approx(layout.width / 25.4 * 72, abs=0.1)
    assert float(size[2]) == pytest.approx(layout.height / 25.4 * 72, abs=0.1)


@pytest.mark.parametrize("border", list(Border))
def test_every_border_and_a_background_look_like_weasyprint_s_own_page(
    folder: Path, border: Border
) -> None:
    blue = {"border": border, "border_colour": "#1d4f91", "emblem": border is Border.KEY}
    layout = DESIGNS[Design.A4_LANDSCAPE].model_copy(update=blue)
    back = certificates_backgrounds.keep(painted(1000, 700), folder)
    for one in (layout, layout.model_copy(update={"background": back})):
        renderer = Renderer(one, folder)
        fast = renderer.pdf(paper())
        assert differing_pixels(fast, renderer.slow_pdf(paper())) == 0
        check_archive(fast)
        check_access(fast)


def painted(width: int, height: int, mode: str = "RGB", kind: str = "PNG", **more: Any) -> bytes:
    """A picture that is another colour at each place."""
    picture = Image.linear_gradient("L").resize((width, height)).convert(mode)
    target = io.BytesIO()
    picture.save(target, kind, **more)
    return target.getvalue()


def test_a_background_covers_the_page_and_the_code_can_still_be_read(folder: Path) -> None:
    import zxingcpp

    dark = io.BytesIO()
    Image.new("RGB", (900, 900), (40, 0, 60)).save(dark, "JPEG")
    back = certificates_backgrounds.keep(dark.getvalue(), folder)
    layout = DESIGNS[Design.A4_LANDSCAPE].model_copy(
        update={"background": back, "border": Border.NONE}
    )
    assert dots_an_inch(layout) == int(900 / (297 / 25.4))
    picture = picture_of(Renderer(layout, folder).pdf(paper()))
    corners = {picture.getpixel((x, y)) for x in (2, picture.width - 3) for y in (2, 1200)}
    assert all(
        max(abs(a - b) for a, b in zip(one, (40, 0, 60), strict=True)) < 4 for one in corners
    )
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == URL


def test_a_certificate_says_all_its_facts_and_holds_them_as_data(folder: Path) -> None:
    whole = paper(**FULL_FACTS)
    made = _renderer(folder).pdf(whole)
    text = text_of(made)
    for words in (FULL_FACTS["name"], FULL_FACTS["award"], FULL_FACTS["edition"]):
        assert words in text
    for words in (*FULL_FACTS["honours"], *FULL_FACTS["issuers"]):
        assert words in text
    assert "二〇二六年十一月二十二日" in text and "3467-9ACD-EFGH-JKMN" in text
    data = facts_in(made)
    assert json.loads(data) == whole.facts
    assert hashlib.sha256(data).hexdigest() == hashlib.sha256(facts_text(whole.facts)).hexdigest()
    known = information(made)
    assert (known["Pages"], known["Tagged"], known["Encrypted"]) == ("1", "yes", "no")
    assert known["Title"] == f"荣誉证书 {FACTS['number']}"
    assert known["CreationDate"].startswith("Sun Nov 22") or "2026" in known["CreationDate"]


def test_the_code_leads_to_the_check_page(folder: Path) -> None:
    import zxingcpp

    (found,) = zxingcpp.read_barcodes(picture_of(_renderer(folder).pdf(paper())))
    assert found.text == URL


def test_the_same_facts_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    first = _renderer(folder).pdf(paper(NAMES[2]))
    ready = Renderer(DESIGNS[Design.A4_LANDSCAPE], tmp_path)  # prepared anew
    ready.prepare_for_many()
    assert ready.pdf(paper(NAMES[2])) == first
    script = (
        "import sys, hashlib; from pathlib import Path;"
        "from rules.certificate_designs import A4_LANDSCAPE;"
        "from services.certificates_rendering import Renderer;"
        "from tests.certificate_people import NAMES, paper;"
        "made = Renderer(A4_LANDSCAPE, Path(sys.argv[1])).pdf(paper(NAMES[2]));"
        "print(hashlib.sha256(made).hexdigest(), 'weasyprint' in sys.modules)"
    )
    other = subprocess.run(
        [sys.executable, "-c", script, folder],
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "America/New_York"},
        capture_output=True,
        check=True,
        text=True,
    )
    # A prepared layout needs no WeasyPrint, so a download does not wait for it.
    assert other.stdout.split() == [hashlib.sha256(first).hexdigest(), "False"]


def test_other_facts_and_addresses_give_other_identities(folder: Path) -> None:
    renderer = _renderer(folder)
    ids = {
        renderer.pdf(one).rpartition(b"/ID [(")[2][:32]
        for one in (paper(), paper("王二"), paper()._replace(check_url=URL + "X"))
    }
    assert len(ids) == 3


def test_certificates_are_made_without_any_network(folder: Path, tmp_path: Path) -> None:
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rn", "true"]).returncode:
        pytest.skip("this machine lets nobody leave the network")
    script = (
        "import sys; from pathlib import Path;"
        "from rules.certificate_designs import A4_LANDSCAPE;"
        "from services.certificates_rendering import Renderer;"
        "from tests.certificate_people import NAMES, paper;"
        "made = Renderer(A4_LANDSCAPE, Path(sys.argv[1])).pdf(paper(NAMES[0]));"
        "sys.stdout.buffer.write(made)"
    )
    made = subprocess.run(
        ["unshare", "-rn", sys.executable, "-c", script, tmp_path],
        capture_output=True,
        check=True,
    )
    assert made.stdout == _renderer(folder).pdf(paper(NAMES[0]))


def test_weasyprint_is_asked_once_for_a_layout(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = DESIGNS[Design.A4_LANDSCAPE]
    first = prepared(layout, folder)
    monkeypatch.setattr(documents, "drawn_page", None)
    assert prepared(layout, folder) == first


def test_markup_and_fields_in_a_name_are_printed_not_obeyed(folder: Path) -> None:
    renderer = _renderer(folder)
    for name in ("<img src='file:///etc/hostname'>", "{award}{number}", "a)(b\\c"):
        made = renderer.pdf(paper(name))
        assert "".join(name.split()) in text_of(made)
        assert differing_pixels(made, renderer.slow_pdf(paper(name))) == 0


def test_what_cannot_be_seen_is_left_out(folder: Path) -> None:
    made = _renderer(folder).pdf(paper("王\u200b一\n\t二\u202e三"))
    assert "王一二三" in text_of(made)


def test_too_long_a_name_is_refused_and_never_runs_over(folder: Path) -> None:
    with pytest.raises(DoesNotFit, match="too long"):
        _renderer(folder).pdf(paper("王" * 60))


def test_a_character_that_no_font_has_is_told_and_never_printed(folder: Path) -> None:
    strange = "\U00031350"  # of a block that came after the fonts
    assert missing_characters(f"王{strange}·A {strange}") == [strange]
    with pytest.raises(NoGlyph, match=strange):
        _renderer(folder).pdf(paper(f"王{strange}"))
    (problem,) = _renderer(folder).problems(paper(f"王{strange}"))
    assert isinstance(problem, NoGlyph) and problem.params["text"] == "name"


def test_a_character_of_another_font_is_taken_from_there(folder: Path) -> None:
    # The Kai font lacks both; the Song font has the first, the font for rare ones the second.
    name = "王㒞𠀀"
    kai = font(Typeface.KAI_BOLD)
    assert [kai.covers(character) for character in name] == [True, False, False]
    renderer = _renderer(folder)
    rare = paper(name)
    fast = renderer.pdf(rare)
    assert name in text_of(fast)
    assert differing_pixels(fast, renderer.slow_pdf(rare)) == 0
    check_archive(fast)


def _seal() -> bytes:
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, 390, 390), outline=(200, 0, 0, 255), width=16)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def test_a_seal_stands_on_the_date_and_lets_it_show_through(folder: Path) -> None:
    layout = DESIGNS[Design.A4_LANDSCAPE]
    made = Renderer(layout, folder, read_seal(_seal())).pdf(paper())
    check_archive(made)
    check_access(made)
    assert text_of(made) == text_of(Renderer(layout, folder).pdf(paper()))
    assert layout.seal
    per_mm = 150 / 25.4
    middle_left = (int((layout.seal.x + 1.8) * per_mm), int((layout.seal.y + 21) * per_mm))
    assert picture_of(made).getpixel(middle_left) == (200, 0, 0)
    assert picture_of(made).getpixel((middle_left[0] + 20, middle_left[1] - 20)) != (0, 0, 0)


def test_only_a_png_of_a_fair_size_is_a_seal() -> None:
    with pytest.raises(Refused, match="PNG"):
        read_seal(b"GIF89a")
    with pytest.raises(Refused, match="PNG"):
        read_seal(_seal()[:100])
    target = io.BytesIO()
    Image.new("RGBA", (2001, 10)).save(target, "PNG")
    with pytest.raises(Refused, match="larger"):
        read_seal(target.getvalue())
