"""Number schemes: any order of parts, and never two equal numbers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.data import InvalidRules
from rules.numbering import check_number
from rules.numbering_schemes import LONGEST, NumberFacts, NumberPart, NumberScheme, SerialScope
from rules.plans import EditionRules

FACTS = NumberFacts("CX", 2026, "JS", "A", "0301", "1")
P = NumberPart


def scheme(*parts: NumberPart, **more: object) -> NumberScheme:
    return NumberScheme.model_validate({"parts": parts, **more})


def test_the_usual_scheme_is_that_of_today() -> None:
    usual = NumberScheme()
    assert usual.number(FACTS, 1)[:-2] == "CX-2026-JS-0301-1-0001-"
    assert usual.series(FACTS) == "CX-2026-JS-0301-1"
    assert usual.longest() == LONGEST


def test_a_serial_for_the_year_needs_neither_contest_nor_event() -> None:
    plain = scheme(P.YEAR, P.SERIAL, P.CHECK, separator="", serial_width=6, scope="year")
    assert plain.number(FACTS, 12)[:-2] == "2026000012"
    assert plain.series(FACTS) == "2026"


def test_parts_beyond_the_scope_are_shown_and_not_counted_by() -> None:
    shown = scheme(P.ORGANISATION, P.YEAR, P.CONTEST, P.EVENT, P.SERIAL, P.CHECK, scope="contest")
    assert shown.number(FACTS, 3)[:-2] == "CX-2026-JS-0301-0003-"
    assert shown.series(FACTS) == "CX-2026-JS"


def test_kinds_count_apart_where_the_number_shows_them() -> None:
    apart = scheme(P.KIND, P.YEAR, P.SERIAL, P.CHECK, scope=SerialScope.YEAR)
    assert apart.series(FACTS) != apart.series(FACTS._replace(kind="B"))


@pytest.mark.parametrize(
    ("parts", "more", "problem"),
    [
        ((P.YEAR, P.CHECK), {"scope": "year"}, "needs its serial"),
        ((P.YEAR, P.SERIAL), {"scope": "year"}, "ends with its check"),
        ((P.CHECK, P.YEAR, P.SERIAL), {"scope": "year"}, "ends with its check"),
        ((P.YEAR, P.YEAR, P.SERIAL, P.CHECK), {"scope": "year"}, "only once"),
        ((P.YEAR, P.SERIAL, P.CHECK), {}, "counts by"),
        ((P.YEAR, P.CONTEST, P.SERIAL, P.CHECK), {"scope": "event"}, "counts by"),
        (tuple(P), {}, "could have 43 characters"),
        ((), {"scope": "year"}, "needs its serial"),
    ],
)
def test_a_scheme_that_cannot_work_is_refused(
    parts: tuple[NumberPart, ...], more: dict[str, object], problem: str
) -> None:
    with pytest.raises(InvalidRules, match=problem):
        scheme(*parts, **more)


def test_all_parts_have_room_without_hyphens() -> None:
    assert scheme(*P, separator="").longest() <= LONGEST


_CODES = st.text("0123456789ABCXYZ", min_size=1, max_size=4)


@given(
    st.permutations([P.ORGANISATION, P.YEAR, P.CONTEST, P.EVENT, P.TIER, P.SERIAL]),
    _CODES,
    _CODES,
    st.integers(1, 999_999),
)
def test_every_number_can_be_checked_and_tells_its_parts(
    parts: list[NumberPart], contest: str, event: str, serial: int
) -> None:
    facts = FACTS._replace(contest=contest, event=event)
    number = scheme(*parts, P.CHECK).number(facts, serial)
    assert check_number(number) and len(number) <= LONGEST
    shown = dict(zip(parts, number.split("-"), strict=False))
    assert (shown[P.CONTEST], shown[P.EVENT], int(shown[P.SERIAL])) == (contest, event, serial)


def test_numbers_of_two_series_with_hyphens_are_never_equal() -> None:
    codes = ("1", "01", "11", "A", "1A")
    usual = NumberScheme()
    found = [
        usual.number(FACTS._replace(contest=contest, event=event), serial)
        for contest, event, serial in itertools.product(codes, codes, (1, 11, 111))
    ]
    assert len(set(found)) == len(found)


def test_rules_stored_before_there_were_schemes_keep_their_digest() -> None:
    old = EditionRules().model_dump(mode="json")
    del old["certificate_numbers"], old["sample_by_other"]
    assert EditionRules.model_validate(old).digest() == EditionRules().digest()
