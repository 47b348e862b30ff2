"""The page of budget lines, bodies and employers' prizes, and awards of a division's own."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.contests import Event
from rules.plans import EditionRules, EventPlan
from rules.states import ContestState
from services import contests, editions
from tests.builders import NOW, Builder, sign_in
from tests.typed import typed_in

BUDGET = EditionRules.model_validate(
    {
        "budget_lines": [{"code": "A1", "title": "竞赛经费", "ceiling": "50000.5"}],
        "filed_with": ["共青团慈溪市委", "慈溪市妇联"],
        "organisation_prizes": [
            {
                "key": "org",
                "title": "优秀组织奖",
                "measure": "points",
                "winners": 3,
                "amount": 2000,
                "minimum": 5,
                "ties": "decide",
                "points": {"一等奖": "5", "二等奖": "2.5"},
                "budget_line": "A1",
            }
        ],
    }
)


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


def rules_at(contest_id: int) -> EditionRules:
    return contests.rules_of(contests.get_contest(contest_id))


def test_saving_the_page_untouched_changes_nothing(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest(rules=BUDGET.model_dump(mode="json"))
    address = f"/contests/{contest.id}/budget"
    typed = typed_in(organizer.get(address).text, "filed_with")
    assert organizer.post(address, data=typed).status_code == 303
    assert rules_at(contest.id) == BUDGET
    page = organizer.get(f"/contests/{contest.id}").text
    assert "竞赛经费" in page and "优秀组织奖 × 3" in page


def test_lines_and_prizes_are_added_without_a_script(
    organizer: FlaskClient, build: Builder
) -> None:
    contest = build.contest()
    address = f"/contests/{contest.id}/budget"
    typed = typed_in(organizer.get(address).text, "filed_with")
    for change in ("budget_lines:add", "organisation_prizes:add"):
        page = organizer.post(address, data=typed | {"change": change})
        assert page.status_code == 200
        typed = typed_in(page.text, "filed_with")
    typed |= {
        "budget_lines-0-code": "A1",
        "budget_lines-0-title": "竞赛经费",
        "organisation_prizes-0-title": "优秀组织奖",
        "organisation_prizes-0-winners": "2",
    }
    assert organizer.post(address, data=typed).status_code == 303
    rules = rules_at(contest.id)
    assert [line.code for line in rules.budget_lines] == ["A1"]
    assert [(prize.key, prize.winners) for prize in rules.organisation_prizes] == [("org1", 2)]


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("budget_lines-0-code", "经费", "budget_lines-0-code"),
        ("budget_lines-0-ceiling", "-1", "budget_lines-0-ceiling"),
        ("organisation_prizes-0-points", "一等奖", "organisation_prizes-0-points"),
        ("organisation_prizes-0-points", "", "organisation_prizes-0-points"),
        ("organisation_prizes-0-budget_line", "B9", "organisation_prizes"),
    ],
)
def test_problems_stand_at_their_fields(
    organizer: FlaskClient, build: Builder, name: str, value: str, field: str
) -> None:
    contest = build.contest(rules=BUDGET.model_dump(mode="json"))
    address = f"/contests/{contest.id}/budget"
    typed = typed_in(organizer.get(address).text, "filed_with") | {name: value}
    reply = organizer.post(address, data=typed)
    assert reply.status_code == 422
    assert f'id="{field}-error"' in reply.text or "B9，但本届竞赛没有" in reply.text
    assert rules_at(contest.id) == BUDGET


def test_plans_that_overrun_a_line_keep_an_edition_from_publication(build: Builder) -> None:
    line = {"code": "A1", "title": "竞赛经费", "ceiling": "25999"}
    rules = EditionRules.model_validate({"budget_lines": [line]})
    contest = build.contest(
        ContestState.DRAFT, rules=rules.model_dump(mode="json"), sponsors="主办单位"
    )
    tiers = [
        {"key": "first", "name": "一等奖", "amount": 8000, "places": 1, "coach_amount": 5000},
    ]
    plan = EventPlan.model_validate({"awards": {"tiers": tiers, "budget_line": "A1"}})
    build.event(contest, plan=plan.model_dump(mode="json"))
    found = editions.list_blockers(contests.get_contest(contest.id), NOW.date())
    assert [str(one) for one in found] == [
        "竞赛经费: the plans cost 26000 yuan, but the ceiling is 25999."
    ]


def test_a_plan_names_a_line_that_is_there(build: Builder) -> None:
    contest = build.contest(ContestState.DRAFT, sponsors="主办单位")
    plan: dict[str, Any] = {"awards": {"tiers": [{"key": "a", "name": "A"}], "budget_line": "X"}}
    event = build.event(contest, plan=plan)
    assert [one.params["code"] for one in editions.list_event_blockers(event)] == ["X"]


def own_awards(event: Event) -> dict[str, EventPlan]:
    plan = contests.plan_of(contests.get_event(event.id))
    return {one.division: plan.for_division(one.division) for one in plan.divisions}


def test_a_division_gets_papers_alone(organizer: FlaskClient, build: Builder) -> None:
    event = build.event(build.contest())
    address = f"/events/{event.id}/plan"
    typed = typed_in(organizer.get(address).text, "minimum_entrants")
    assert organizer.post(address, data=typed | {"papers_only": ["student"]}).status_code == 303
    tiers = own_awards(event)["student"].awards.tiers
    assert [(tier.name, tier.amount) for tier in tiers] == [
        ("First prize", 0),
        ("Second prize", 0),
        ("Third prize", 0),
    ]
    typed = typed_in(organizer.get(address).text, "minimum_entrants")
    assert typed["papers_only"] == ["student"]
    assert organizer.post(address, data=typed | {"papers_only": []}).status_code == 303
    assert own_awards(event) == {}


def test_a_division_gets_awards_of_its_own(organizer: FlaskClient, build: Builder) -> None:
    event = build.event(build.contest())
    address = f"/events/{event.id}/plan/divisions/student"
    typed = typed_in(organizer.get(address).text, "tiers-0-name")
    typed |= {"tiers-0-name": "学生金奖", "tiers-0-amount": "500"}
    reply = organizer.post(address, data=typed)
    assert reply.status_code == 303
    tier = own_awards(event)["student"].awards.tiers[0]
    assert (tier.name, tier.amount) == ("学生金奖", Decimal(500))
    main = typed_in(organizer.get(f"/events/{event.id}/plan").text, "minimum_entrants")
    assert organizer.post(f"/events/{event.id}/plan", data=main).status_code == 303
    assert own_awards(event)["student"].awards.tiers[0].name == "学生金奖"
    again = typed_in(organizer.get(address).text, "tiers-0-name") | {"same": "1"}
    assert organizer.post(address, data=again).status_code == 303
    assert own_awards(event) == {}


def test_a_division_that_is_not_there_has_no_page(organizer: FlaskClient, build: Builder) -> None:
    event = build.event(build.contest())
    assert organizer.get(f"/events/{event.id}/plan/divisions/nobody").status_code == 404
