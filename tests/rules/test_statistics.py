"""Counts of editions: small cells, bands, series, items, reliability, agreement of judges."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from rules.scheme_nodes import Aspect, AspectKind, Part, Section
from rules.statistics import Origin, Steps, age_band, hidden, share
from rules.statistics_items import (
    HIGH,
    LOW,
    Agreement,
    Given,
    Sheets,
    agreement,
    alpha,
    cuts,
    factor,
    item_count,
)
from rules.statistics_sections import Column, ColumnKind, Report, drawn, outside
from rules.statistics_sections import Section as Shown
from rules.statistics_series import series_of
from rules.statistics_told import ALL, EVERYBODY, Told, summed
from rules.titles import bare_title

ONE = Aspect(key="a", title="a", maximum=Decimal(1), step=Decimal(1))
PART = Part(
    key="p", title="p", weight=Decimal(100),
    sections=(Section(key="s", title="s", aspects=(ONE,)),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([5, 9, 30], set()),
        ([0, 9, 30], set()),
        ([2, 9, 30], {0, 1}),  # 2 is told by the sum, unless another goes with it
        ([2, 30, 9], {0, 2}),
        ([2, 1, 30], {0, 1}),
        ([1], {0}),
        ([], set()),
    ],
)
def test_small_counts_are_hidden_so_that_the_sum_does_not_tell_them(
    counts: list[int], expected: set[int]
) -> None:
    assert hidden(counts) == expected


def test_a_section_hides_small_counts_with_their_rates_in_files_only() -> None:
    columns = (
        Column("name", "Sex", ColumnKind.TEXT),
        Column("accepted", "Accepted", ColumnKind.PERSONS),
        Column("entries", "Entries"),
        Column("rate", "Rate", ColumnKind.PERCENT),
    )
    rows = (("F", 2, 1, Decimal("50.0")), ("M", 30, 1, Decimal("40.0")), ("", 40, 2, None))
    section = Shown("sexes", "By sex", columns, rows, guarded=True)
    gone = outside(section)
    assert [row[1] for row in gone.rows] == ["*", "*", 40]
    assert [row[3] for row in gone.rows] == ["*", "*", None]
    assert [row[2] for row in gone.rows] == [1, 1, 2]
    assert Report("", "", (), (section,)).outside().sections == (gone,)
    assert outside(Shown("x", "", columns, rows)).rows == rows
    assert drawn(section) == ([], [])


@pytest.mark.parametrize(
    ("age", "band"), [(None, ""), (17, "0"), (18, "18"), (24, "18"), (25, "25"), (70, "50")]
)
def test_ages_fall_into_bands(age: int | None, band: str) -> None:
    assert age_band(age) == band


def test_steps_add_up_and_rates_of_nothing_are_none() -> None:
    one = Steps(registered=3, accepted=2, passed=1)
    assert one + one == Steps(registered=6, accepted=4, passed=2)
    assert (share(1, 3), share(1, 0)) == (Decimal("33.3"), None)


def test_a_number_is_of_those_who_tell_it_and_a_rate_of_those_who_tell_both() -> None:
    here, past = Origin(here=True), Origin(lists=frozenset({7}))
    steps = Steps(registered=10, accepted=10, competed=8, passed=6, prized=4)
    both = Told(((ALL, steps, here),)) + Told(((ALL - {"passed"}, steps, past),))
    assert (both.count("competed"), both.count("passed")) == (16, 6)
    assert both.rate("passed", "competed") == Decimal("75.0")
    assert both.origin == here + past and both.origin_of("passed") == here
    winners = Told(((ALL - {EVERYBODY}, steps, past),))
    assert (winners.count("prized"), winners.rate("prized", "accepted")) == (4, None)
    assert (
        Told().count("passed") == 0 and Told(((frozenset(), steps, past),)).count("passed") is None
    )
    assert summed([None, None], 0) is None and summed([None, 2], 0) == 2 and summed([], 0) == 0


def test_titles_are_the_same_however_they_are_typed() -> None:
    assert bare_title("技能比武（ 市 级） ２０") == bare_title("技能比武(市级)20")
    assert bare_title("Skills ABC") == bare_title("skills abc") != bare_title("skills abd")


@pytest.mark.parametrize(
    "title",
    [
        "2025年慈溪市“技能之星”职业技能竞赛",
        "2026年度慈溪市“技能之星”职业技能竞赛",
        "第十二届慈溪市“技能之星”职业技能竞赛",
        "慈溪市第9届“技能之星”职业技能竞赛",
        "慈溪市“技能之星”职业技能竞赛（2024-2025年）",
    ],
)
def test_titles_that_differ_by_year_and_number_are_one_series(title: str) -> None:
    assert series_of(title) == "慈溪市“技能之星”职业技能竞赛"


def test_a_title_of_nothing_but_a_year_stays() -> None:
    assert series_of("2026年") == "2026年"


def test_difficulty_and_discrimination_of_an_item() -> None:
    given = [
        Given(Decimal(1), HIGH, 9), Given(Decimal(0), HIGH, 1),
        Given(Decimal(1), 0, 10), Given(Decimal(0), 0, 10),
        Given(Decimal(1), LOW, 2), Given(Decimal(0), LOW, 8),
    ]  # fmt: skip
    found = item_count(PART, ONE, given)
    assert (found.count, found.difficulty) == (40, Decimal("0.525"))
    assert found.discrimination == Decimal("0.700")
    assert item_count(PART, ONE, given[2:4]).discrimination is None
    assert (cuts(100), cuts(3), cuts(11)) == (27, 0, 2)


def test_reliability_is_cronbachs_alpha() -> None:
    """Two items that agree always: 1. Four sheets of two items, worked out by hand: 0."""
    both = {key: (ONE, [Given(Decimal(1), 0, 2), Given(Decimal(0), 0, 2)]) for key in ("a", "b")}
    assert alpha(both, Sheets(4, Fraction(4), Fraction(8))) == Decimal("1.000")
    # totals 2, 1, 1, 0: variance 1/2, items 1/4 each
    assert alpha(both, Sheets(4, Fraction(4), Fraction(6))) == Decimal("0.000")
    assert alpha({"a": both["a"]}, Sheets(4, Fraction(4), Fraction(6))) is None
    assert alpha(both, Sheets(4, Fraction(4), Fraction(4))) is None  # all alike


# Six works, four judges: the example of Shrout and Fleiss (1979), whose results are printed there.
RATINGS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))


def _sums(rows: Sequence[Sequence[int]]) -> Agreement:
    return Agreement(
        works=len(rows),
        seats=[Fraction(sum(column)) for column in zip(*rows, strict=True)],
        squares=Fraction(sum(value * value for row in rows for value in row)),
        works_squared=Fraction(sum(sum(row) ** 2 for row in rows)),
        apart=Fraction(sum(max(row) - min(row) for row in rows)),
        widest=Fraction(max(max(row) - min(row) for row in rows)),
    )


def test_agreement_is_the_published_one() -> None:
    found = agreement(PART, _sums(RATINGS))
    assert found.single is not None and found.panel is not None
    assert (round(found.single, 2), round(found.panel, 2)) == (Decimal("0.29"), Decimal("0.62"))
    assert (found.works, found.judges) == (6, 4)
    assert (found.apart, found.widest) == (Decimal("5.33"), Decimal("7.00"))


def test_judges_who_say_the_same_agree_wholly_and_one_judge_cannot() -> None:
    assert agreement(PART, _sums(((1, 1), (3, 3), (5, 5)))).single == Decimal("1.000")
    assert agreement(PART, _sums(((1,), (3,)))).single is None


def test_only_marks_that_grow_in_proportion_can_be_added_up_by_the_database() -> None:
    ladder = ("0", "1", "2", "3")
    judged = Aspect(
        key="j", title="j", kind=AspectKind.JUDGEMENT, maximum=Decimal(15), ladder=ladder
    )
    timed = Aspect(key="d", title="d", kind=AspectKind.DEVIATION, maximum=Decimal(5))
    assert (factor(ONE), factor(judged), factor(timed)) == (1, 5, None)
