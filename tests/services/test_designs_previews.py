"""Pictures of designs while somebody works on them, and what is wrong in words."""

import io
from pathlib import Path

import pytest
from PIL import Image

from rules.certificate_designs import A4_LANDSCAPE
from rules.certificate_layouts import Background, Border, DraftLayout, Part
from rules.design_samples import MEANINGS, Sample, facts_of
from services import designs_previews
from services.certificates_values import values_of
from services.designs_previews import preview, preview_fast, sample_pdf, troubles_of
from tests.pdf_checks import check_archive, text_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("previews")


def plain(**changes: object) -> DraftLayout:
    made = DraftLayout.model_validate(A4_LANDSCAPE.model_dump(mode="json"))
    return made.model_copy(update={"border": Border.NONE, **changes})


def worded(words: str, **changes: object) -> DraftLayout:
    """The usual layout with other words in its sentence."""
    found = plain()
    texts = tuple(
        one.model_copy(update={"parts": (Part(text=words),), **changes})
        if one.key == "sentence"
        else one
        for one in found.texts
    )
    return found.model_copy(update={"texts": texts})


def test_a_design_is_drawn_as_png_and_faster_as_jpeg(folder: Path) -> None:
    made = preview(plain(), Sample.SHORT, folder)
    assert made.troubles == []
    whole = Image.open(io.BytesIO(made.picture))
    fast = Image.open(io.BytesIO(preview_fast(plain(), Sample.SHORT, folder).picture))
    assert (whole.format, fast.format) == ("PNG", "JPEG")
    assert whole.size == fast.size == (1100, 778)


@pytest.mark.parametrize("sample", list(Sample))
def test_the_shipped_design_fits_every_sample(sample: Sample, folder: Path) -> None:
    assert troubles_of(plain(), sample, folder) == []
    assert "".join(facts_of(sample)["name"].split()) in text_of(sample_pdf(plain(), sample, folder))


@pytest.mark.parametrize(
    "words",
    ["{{7*7}}", "{% for x in y %}", "{name.__class__}", "{{ name }}", "${7*7}", "#{7*7}"],
)
def test_nothing_but_fields_is_ever_filled_in(words: str, folder: Path) -> None:
    layout = worded(words)
    assert any(
        one.key in ("sentence", "") for one in troubles_of(layout, Sample.SHORT, folder)
    ) or (words in ("${7*7}", "#{7*7}"))
    assert "49" not in text_of(sample_pdf(layout, Sample.SHORT, folder))
    assert "class 'str'" not in text_of(sample_pdf(layout, Sample.SHORT, folder))


def test_what_is_wrong_is_named_and_the_rest_is_drawn(folder: Path) -> None:
    tight = worded("很长的文字" * 60, least=20.0)
    (trouble,) = troubles_of(tight, Sample.SHORT, folder)
    assert trouble.key == "sentence" and "too long" in str(trouble.problem)
    assert "荣誉证书" in text_of(sample_pdf(tight, Sample.SHORT, folder))
    strange = worded("{secret}\U00031350")
    said = " ".join(str(one.problem) for one in troubles_of(strange, Sample.SHORT, folder))
    assert "no field secret" in said and "U+31350" in said
    twice = plain(texts=(*plain().texts, plain().texts[0]))
    said = " ".join(str(one.problem) for one in preview(twice, Sample.SHORT, folder).troubles)
    assert "there twice" in said


def test_a_lost_or_coarse_background_is_told(folder: Path) -> None:
    lost = plain(background=Background(sha256="0" * 64, width=600, height=600))
    said = [str(one.problem) for one in preview(lost, Sample.SHORT, folder).troubles]
    assert "not there" in said[0] and "51 dots an inch" in said[1]


def test_samples_show_a_seal_of_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sample_pdf(plain(), Sample.SHORT, folder)
    check_archive(made)
    assert b"/Seal" in made
    assert b"/Seal" not in sample_pdf(plain(seal=None), Sample.SHORT, folder)
    monkeypatch.setattr(designs_previews, "_set", lambda *_: iter(()))
    assert text_of(sample_pdf(plain(), Sample.SHORT, folder)).strip() == ""


def test_every_field_has_a_meaning_and_a_sample() -> None:
    values = values_of(facts_of(Sample.SHORT), "34679ACDEFGHJKMN")
    assert set(MEANINGS) <= set(values)
    assert all(values[field] for field in MEANINGS)
