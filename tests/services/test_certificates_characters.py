"""A thousand names, rare ones among them: what no font has is named, and nothing is a blank box."""

import io
import random
import unicodedata
from pathlib import Path

import pikepdf
import pytest

from rules.certificate_designs import A4_LANDSCAPE
from rules.certificate_layouts import Typeface
from rules.certificate_preflight import Draft, obstacles
from services.certificates_fonts import font
from services.certificates_layouts import problems_of
from services.certificates_rendering import Renderer
from services.demo_names import person_name
from tests.certificate_people import FACTS, paper
from tests.pdf_checks import text_of

RARE = "𬍛㛃䶮𠮷龘𪚥𣲗𬬮𨱏㐂䲜𩽾𬸪燚喆堃"
# Private use, no characters at all, and characters too new for any font of ours.
UNPRINTABLE = [chr(code) for code in (0xE000, 0xE863, 0xF8FF, 0xF0001, 0x10FFFD, 0x0378, 0x31350)]
COUNT = 1000


def _names() -> list[str]:
    """A thousand names; each tenth has a rare character, each fortieth one that no font has."""
    chance = random.Random(2026)
    found = []
    for number in range(COUNT):
        name = person_name(chance, "M" if number % 2 else "F")
        if number % 40 == 7:
            name = name[0] + chance.choice(UNPRINTABLE)
        elif number % 10 == 3:
            name = name[0] + chance.choice(RARE)
        elif number % 10 == 5:
            name = name[0] + chr(chance.randrange(0x20000, 0x2A6DF))
        found.append(name)
    return found


def glyphs_of(pdf: bytes) -> list[int]:
    """List the numbers of the glyphs that are shown."""
    shown: list[int] = []
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        for operands, operator in pikepdf.parse_content_stream(whole.pages[0]):
            if str(operator) in ("Tj", "TJ"):
                parts = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                for part in parts:
                    if isinstance(part, pikepdf.String):
                        data = bytes(part)
                        shown += [
                            int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)
                        ]
    return shown


def test_of_a_thousand_names_every_unprintable_one_is_named_and_no_box_is_blank(
    tmp_path: Path,
) -> None:
    names = _names()
    facts = [FACTS | {"name": name, "number": f"N-{at}"} for at, name in enumerate(names)]
    problems = [problems_of(A4_LANDSCAPE, one) for one in facts]
    drafts = [Draft(at, *pair) for at, pair in enumerate(zip(facts, problems, strict=True))]
    told = "\n".join(str(one) for one in obstacles(drafts))
    planted = [name for name in names if set(name) & set(UNPRINTABLE)]
    assert len(planted) == COUNT // 40
    assert all(f"{name}, " in told for name in planted)
    assert sum(bool(one) for one in problems) == len(planted)  # and nobody else is held up
    renderer = Renderer(A4_LANDSCAPE, tmp_path)
    renderer.prepare_for_many()
    for at, name in enumerate(names):
        if problems[at]:
            continue
        made = renderer.pdf(paper(name))
        shown = glyphs_of(made)
        assert shown and 0 not in shown, name
        if any(ord(character) > 0xFFFF for character in name) and at % 5 == 0:
            assert name in text_of(made)


@pytest.mark.parametrize("character", UNPRINTABLE)
def test_the_unprintable_are_in_no_font(character: str) -> None:
    assert not any(font(typeface).covers(character) for typeface in Typeface)
    assert unicodedata.category(character) in ("Co", "Cn", "Lo")
