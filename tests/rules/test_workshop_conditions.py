"""Conditions of an application: all that is missing is said at once."""

from dataclasses import replace
from datetime import date

import pytest

from rules.workshop_conditions import (
    Apprentice,
    Bar,
    Candidate,
    Request,
    Standing,
    condition_problems,
    qualifies,
)
from rules.workshop_policies import leader_rule, shipped_policy
from rules.workshops import ApplicationKind, WorkshopLevel, WorkshopNaming

POLICY, TODAY = shipped_policy(), date(2026, 6, 1)
COUNTY, CITY, PROVINCE, NATION = tuple(WorkshopLevel)
GOOD = Request(
    level=CITY,
    naming=WorkshopNaming.PERSON,
    leader=Candidate("陈师傅", held_level=1),
    room="一号车间二楼，120平方米",
    equipment="数控车床2台",
    own_rules="工作室管理制度",
    plan="每年带徒十人",
    apprentices=(Apprentice("小王", date(2026, 5, 1)),),
)


def fields(wish: Request, today: date = TODAY) -> list[str | None]:
    """Where the problems of an application lie."""
    return [problem.field for problem in condition_problems(POLICY, wish, today)]


def test_a_good_application_has_no_problem() -> None:
    assert fields(GOOD) == []


def test_every_reason_is_said_at_once() -> None:
    nothing = Request(level=CITY, naming=WorkshopNaming.COMPANY, leader=Candidate("陈师傅"))
    assert fields(nothing) == [
        "leader", "masters", "room", "equipment", "own_rules", "plan", "apprentices",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("person", "renown", "level", "wanted"),
    [
        (Candidate("甲", held_level=1), "", CITY, True),
        (Candidate("甲", held_level=2), "", CITY, False),
        (Candidate("甲", titles=frozenset({"省技术能手"})), "", CITY, True),
        (Candidate("甲", titles=frozenset({"车间能手"})), "", CITY, False),
        (Candidate("甲"), "本地竹编传人", CITY, True),
        (Candidate("甲"), "本地竹编传人", NATION, False),
        (Candidate("甲", titles=frozenset({"省技术能手"})), "", NATION, False),
        (Candidate("甲", titles=frozenset({"全国技术能手"})), "", NATION, True),
    ],
)
def test_any_condition_makes_a_leader(
    person: Candidate, renown: str, level: WorkshopLevel, wanted: bool
) -> None:
    assert qualifies(leader_rule(POLICY, level), person, renown) is wanted


def test_a_companys_name_needs_two_qualified_masters() -> None:
    company = replace(GOOD, naming=WorkshopNaming.COMPANY)
    assert fields(company) == ["masters"]
    second = Candidate("李师傅", held_level=1)
    assert fields(replace(company, masters=(second,))) == []
    assert fields(replace(company, masters=(replace(second, held_level=3),))) == ["masters"]


def test_each_apprentice_has_a_signed_agreement() -> None:
    three = (*GOOD.apprentices, Apprentice("小李"), Apprentice("小赵", date(2026, 6, 2)))
    problems = list(condition_problems(POLICY, replace(GOOD, apprentices=three), TODAY))
    assert [problem.params["name"] for problem in problems] == ["小李", "小赵"]


def test_a_bar_counts_to_its_last_day() -> None:
    barred = replace(GOOD, bars=(Bar("陈师傅", date(2026, 6, 1)),))
    assert fields(barred) == ["leader"]
    assert fields(barred, date(2026, 6, 2)) == []


def test_a_leader_leads_one_workshop_and_names_are_there_once() -> None:
    assert fields(replace(GOOD, leads="另一工作室")) == ["leader"]
    assert fields(replace(GOOD, title_taken=True)) == ["title"]


def test_a_step_up_goes_one_level_with_its_reports() -> None:
    standing = Standing(COUNTY, date(2025, 6, 1))
    step = replace(GOOD, kind=ApplicationKind.STEP_UP, standing=standing, title_taken=True)
    assert fields(step) == []
    assert fields(step, date(2026, 5, 31)) == ["level"]
    assert fields(replace(step, level=PROVINCE)) == ["level"]
    assert fields(replace(step, standing=replace(standing, missing_reports=(2025,)))) == [None]
    assert fields(replace(step, standing=replace(standing, leader_gone=True))) == ["leader"]
    assert fields(replace(step, standing=replace(standing, is_open=False))) == [None]
