"""Published rules on levels from contests, each as data that a bureau would enter (R4.08 on)."""

from typing import Any

import pytest

from rules.levels import Candidate, LevelCut, LevelRule, Setting, grants, last_place

FIELD = 60
BOTH = ("theory", "practical")
PASSED = {"theory": True, "practical": True}


def person(rank: int | None = None, held: int | None = None, **more: Any) -> Candidate:
    """Somebody who passed both parts, unless said otherwise."""
    return Candidate(**({"person_id": 1, "entry_id": 1, "award_rank": rank, "passed": True}
                        | {"held_level": held, "parts": PASSED} | more))  # fmt: skip


def level(
    rule: LevelRule, one: Candidate, setting: Setting | None = None, field: int = FIELD
) -> int | None:
    found = grants(rule, [one], field, setting or Setting())
    return found[0].level if found else None


def by_places(*levels: tuple[int, int], **more: Any) -> tuple[LevelCut, ...]:
    """Lines for places down to a rank, the best first."""
    return tuple(LevelCut(to=to, level=to_level, **more) for to, to_level in levels)


HENAN = LevelRule(
    cuts=(
        *by_places((5, 2), (20, 3), contest_class="一类", team_size=1),
        *by_places((3, 2), (10, 3), contest_class="一类", team_size=2),
        *by_places((2, 2), (7, 3), contest_class="一类", team_size=3),
        *by_places((3, 2), (15, 3), contest_class="二类", team_size=1),
        *by_places((2, 2), (10, 3), contest_class="二类", team_size=2),
        *by_places((1, 2), (5, 3), contest_class="二类", team_size=3),
    )
)


@pytest.mark.parametrize(
    ("kind", "size", "technician", "senior"),
    [
        ("一类", 1, 5, 20),
        ("一类", 2, 3, 10),
        ("一类", 3, 2, 7),
        ("二类", 1, 3, 15),
        ("二类", 2, 2, 10),
        ("二类", 3, 1, 5),
    ],
)
def test_r4_11_henan_2023_by_class_and_size_of_team(
    kind: str, size: int, technician: int, senior: int
) -> None:
    setting = Setting(team_size=size, contest_class=kind)
    found = [level(HENAN, person(rank), setting) for rank in range(1, 22)]
    assert found[:technician] == [2] * technician
    assert found[technician:senior] == [3] * (senior - technician)
    assert set(found[senior:]) == {None}


def test_r4_11_a_contest_of_no_class_has_no_line() -> None:
    assert level(HENAN, person(1)) is None


HEILONGJIANG = LevelRule(
    needs=BOTH,
    cuts=(
        *by_places((3, 1), (10, 2), contest_class="一类", contest_level="province"),
        LevelCut(who="passers", level=3, contest_class="一类", contest_level="province"),
        *by_places((1, 1), (5, 2), contest_class="二类", contest_level="province"),
        LevelCut(who="passers", level=3, contest_class="二类", contest_level="province"),
        *by_places((3, 2), (10, 3), contest_class="一类", contest_level="city"),
        LevelCut(who="passers", level=4, contest_class="一类", contest_level="city"),
    ),
)


@pytest.mark.parametrize(
    ("contest", "kind", "rank", "held", "expected"),
    [
        ("province", "一类", 3, None, 1),
        ("province", "一类", 4, None, 2),
        ("province", "一类", 10, 3, 2),
        ("province", "一类", 11, None, 3),
        ("province", "一类", 11, 4, 3),
        ("province", "一类", 11, 3, None),
        ("province", "二类", 1, None, 1),
        ("province", "二类", 2, None, 2),
        ("province", "二类", 6, None, 3),
        ("city", "一类", 3, None, 2),
        ("city", "一类", 4, None, 3),
        ("city", "一类", 30, None, 4),
        ("employer", "", 1, None, None),
    ],
)
def test_r4_12_heilongjiang_a_grade_lower_in_a_city_and_none_within_one_employer(
    contest: str, kind: str, rank: int, held: int | None, expected: int | None
) -> None:
    setting = Setting(contest_class=kind, contest_level=contest)
    assert level(HEILONGJIANG, person(rank, held), setting) == expected


SHIJIAZHUANG = LevelRule(
    needs=BOTH,
    cuts=(
        LevelCut(to=1, level=2),
        LevelCut(to=10, held=(3,), level=2),
        LevelCut(to=10, level=3),
        LevelCut(who="passers", above="held", rise=1, entry=5, highest=3),
    ),
)


@pytest.mark.parametrize(
    ("rank", "held", "expected"),
    [
        (1, None, 2),
        (1, 4, 2),
        (2, 3, 2),
        (10, 3, 2),
        (2, 4, 3),
        (10, None, 3),
        (2, 2, None),
        (11, 5, 4),
        (11, 4, 3),
        (11, 3, None),
        (11, 2, None),
        (11, None, 5),
    ],
)
def test_r4_13_shijiazhuang_2010_depends_on_the_level_that_is_held(
    rank: int, held: int | None, expected: int | None
) -> None:
    assert level(SHIJIAZHUANG, person(rank, held)) == expected


def test_r4_13_who_failed_theory_gets_nothing() -> None:
    failed = person(2, None, passed=False, parts={"theory": False, "practical": True})
    assert level(SHIJIAZHUANG, failed) is None


DISTRICT = LevelRule(
    cuts=(
        LevelCut(who="prizes", tiers=("first", "second", "third"), above="standard", rise=1),
        LevelCut(who="prizes", tiers=("merit",), above="standard"),
    )
)


@pytest.mark.parametrize(
    ("standard", "tier", "expected"),
    [
        (4, "first", 3),
        (4, "third", 3),
        (4, "merit", 4),
        (3, "second", 2),
        (1, "first", 1),
        (4, None, None),
    ],
)
def test_r4_10_a_prize_is_one_level_above_the_document_s_and_merit_is_that_level(
    standard: int, tier: str | None, expected: int | None
) -> None:
    assert level(DISTRICT, person(1, tier=tier), Setting(standard_level=standard)) == expected


def test_r4_10_never_above_the_top_of_the_occupation() -> None:
    cut = LevelCut(who="prizes", tiers=("first",), above="standard", rise=1, highest=3)
    rule = LevelRule(cuts=(cut,))
    assert level(rule, person(1, tier="first"), Setting(standard_level=3)) == 3


@pytest.mark.parametrize(
    ("if_held", "cap", "held", "expected"),
    [
        ("plus_one", None, 3, 2),  # national printing contest, Hainan
        ("none", None, 3, None),  # Chongqing 2010
        ("plus_one_capped", 2, 3, 2),  # national 2006: technician at most
        ("plus_one_capped", 2, 2, None),
    ],
)
def test_r4_14_what_becomes_of_a_level_that_is_held_already(
    if_held: Any, cap: int | None, held: int, expected: int | None
) -> None:
    target = 3 if held == 3 else 2
    rule = LevelRule(
        if_already_held=if_held, cap=cap, cuts=(LevelCut(who="passers", level=target),)
    )
    assert level(rule, person(30, held)) == expected


def test_r4_14_a_line_may_say_it_for_itself() -> None:
    line = LevelCut(who="passers", level=3, if_already_held="plus_one")
    assert level(LevelRule(cuts=(line,)), person(30, 3)) == 2


NINGBO = LevelRule(
    needs=BOTH, cuts=(LevelCut(to=3, share=10, level=2), LevelCut(who="passers", level=3))
)


@pytest.mark.parametrize(("field", "technicians"), [(24, 2), (51, 3), (9, 0)])
def test_r4_08_ningbo_as_lines_is_the_same_as_the_usual_rule(field: int, technicians: int) -> None:
    everybody = [person(rank, person_id=rank) for rank in range(1, field + 1)]
    lines = grants(NINGBO, everybody, field)
    assert lines == grants(LevelRule(needs=BOTH), everybody, field)
    assert [one.level for one in lines].count(2) == technicians


@pytest.mark.parametrize(("rounding", "last"), [("floor", 3), ("half_up", 4), ("ceiling", 4)])
def test_a_share_is_rounded_as_the_line_says(rounding: Any, last: int) -> None:
    assert last_place(LevelCut(share=10, rounding=rounding), 35) == last


def test_old_rules_keep_their_digest() -> None:
    stored = LevelRule(needs=BOTH).model_dump(mode="json")
    del stored["cuts"]
    assert LevelRule.model_validate(stored).digest() == LevelRule(needs=BOTH).digest()
    assert LevelRule(cuts=NINGBO.cuts, needs=BOTH).digest() != LevelRule(needs=BOTH).digest()
