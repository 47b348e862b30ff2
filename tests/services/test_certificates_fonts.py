"""A font is cut to the same bytes in a long run as for one certificate."""

import pytest

from rules.certificate_layouts import Typeface
from services.certificates_fonts import Cut, Font


@pytest.mark.parametrize("typeface", list(Typeface))
def test_the_cuts_of_a_long_run_are_those_of_a_single_download(typeface: Typeface) -> None:
    single, many = Font(typeface), Font(typeface)
    many.prepare_for_many()
    shown = [frozenset({7 * n, 1000 + n, 20_000 + n * n}) for n in range(40, 46)]
    wanted = [*shown, single.figures, frozenset(range(300, 400))]

    def cuts(font: Font) -> list[Cut]:
        return [font.cut(glyphs) for glyphs in wanted if glyphs]

    assert cuts(many) == cuts(single)
