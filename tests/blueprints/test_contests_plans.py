"""The form of an award plan knows the whole plan, and loses nothing of it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.contests import Event
from rules.data import RuleData
from rules.plans import EventPlan, default_scheme
from rules.regulations import Regulations
from services import contests
from services.score_files import read_regulations
from tests.builders import Builder, sign_in
from tests.typed import typed_in

SCHEMES = sorted((Path(__file__).parents[2] / "docs/schemes").glob("*.yaml"))
# Every field differs from its default; the keys are those of the usual scheme with two facts.
PAPER = {"key": "paper", "name": "学生一等奖", "places": 1}
FULL = EventPlan.model_validate(
    {
        "tie_breaks": [
            {"kind": "part", "key": "practical", "prefer": "lower"},
            {"kind": "time", "key": "time", "prefer": "higher"},
            {"kind": "age", "key": "born"},
            {"kind": "fact", "key": "time"},
            {"kind": "node", "key": ""},
            {"kind": "node", "key": "theory_mark"},
            {"kind": "best_single", "key": "practical"},
            {"kind": "part", "key": "practical_mark"},
        ],
        "awards": {
            "tiers": [
                {"key": "gold", "name": "金牌", "floor": "-3.125", "amount": "100.5"},
                {"key": "silver", "name": "银牌", "minimum_field": 5},
                {"key": "bronze", "name": "铜牌", "floor": 700},
                {
                    "key": "merit",
                    "name": "优胜奖",
                    "amount": 20,
                    "honours": ["技能之星", "能手; 一级、二级", "Best, of all"],
                    "places": 0,
                    "share": "12.5",
                    "floor": "60.000001",
                    "minimum_field": 3,
                    "single": "7.25",
                    "single_below": "practical",
                    "down_to": "12.5 %",
                    "at_most": 0,
                    "paid_to": "each",
                    "coach_amount": "12.5",
                },
            ],
            "needs": ["practical", "theory"],
            "share_rounding": "ceiling",
            "minimum_field": 4,
            "ties": "split",
            "amount_basis": "net",
            "split_rounding": "half_up",
            "tolerance": "0.5",
            "scale": "500",
            "highest_only": True,
            "budget": "50000.5",
            "over_budget": "reduce",
            "honours": [
                {
                    "title": "青年岗位能手",
                    "granted_by": "共青团慈溪市委",
                    "given_to": "coaches",
                    "tiers": ["gold", "merit"],
                    "top": 3,
                    "divisions": ["staff"],
                    "sex": "F",
                    "oldest": 35,
                    "youngest": 18,
                    "age_on": "2026-01-01",
                    "filed_with": "共青团慈溪市委",
                }
            ],
            "budget_line": "prizes",
        },
        "levels": {
            "cuts": [{"to": 3, "level": 2}, {"who": "passers", "level": 3}],
            "base_level": 4,
            "top_level": 3,
            "top_places": 2,
            "top_share": "7.5",
            "needs": ["practical", "theory"],
            "if_already_held": "plus_one_capped",
            "cap": 2,
        },
        "minimum_entrants": 6,
        "ties": "decide",
        "unplaced": "last",
        "scale": "500",
        "teams": {"members": 4, "best": 3, "by_time": False},
        "delegations": {"points": [12, "10.5", 8], "tier_points": {"gold": 4, "merit": "0"}},
        "divisions": [
            {"division": "student", "awards": {"amount_basis": "net", "tiers": [PAPER]}},
        ],
    }
)
FACTS = [
    {"key": "time", "title": "用时", "maximum": 999},
    {"key": "born", "title": "年龄", "maximum": 99},
]


def usual_scheme_with_facts() -> dict[str, Any]:
    data: dict[str, Any] = default_scheme().model_dump(mode="json")
    return data | {"facts": FACTS}


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


def drafted(build: Builder, plan: EventPlan, scheme: dict[str, Any] | None = None) -> Event:
    scheme = scheme or usual_scheme_with_facts()
    event: Event = build.event(build.contest(), scheme=scheme, plan=plan.model_dump(mode="json"))
    return event


def saved(organizer: FlaskClient, event: Event, **changes: str) -> EventPlan:
    """Open the form, send it with these changes, and return the plan."""
    address = f"/events/{event.id}/plan"
    typed = typed_in(organizer.get(address).text, "minimum_entrants")
    for name, value in changes.items():
        typed[name] = value
    reply = organizer.post(address, data=typed)
    assert reply.status_code == 303, reply.text
    return contests.plan_of(contests.get_event(event.id))


def everything_differs(rules: RuleData) -> None:
    for name, field in type(rules).model_fields.items():
        assert getattr(rules, name) != field.default, f"{type(rules).__name__}.{name}"


def test_the_full_plan_uses_every_field() -> None:
    honour = FULL.awards.honours[0]
    parts = [FULL, FULL.awards, FULL.awards.tiers[-1], FULL.tie_breaks[0], honour]
    for rules in (*parts, FULL.levels, FULL.teams, FULL.delegations):
        assert rules is not None
        everything_differs(rules)


def test_saving_the_full_plan_untouched_changes_nothing(
    organizer: FlaskClient, build: Builder
) -> None:
    event = drafted(build, FULL)
    assert saved(organizer, event).digest() == FULL.digest()


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_saving_the_plan_of_a_ready_scheme_untouched_changes_nothing(
    path: Path, organizer: FlaskClient, build: Builder
) -> None:
    ready: Regulations = read_regulations(path)
    event = drafted(build, ready.plan, ready.scheme.model_dump(mode="json"))
    assert saved(organizer, event).digest() == ready.plan.digest()


def test_one_change_changes_only_that(organizer: FlaskClient, build: Builder) -> None:
    plan = saved(organizer, drafted(build, FULL), tolerance="2", equal="share")
    awards = FULL.awards.model_copy(update={"tolerance": Decimal(2)})
    assert plan == FULL.model_copy(update={"awards": awards, "ties": "share"})


def test_rare_rules_are_folded_until_they_are_used(organizer: FlaskClient, build: Builder) -> None:
    usual, full = build.event(build.contest()), drafted(build, FULL)
    page = organizer.get(f"/events/{usual.id}/plan").text
    assert page.count('<details class="rare"') == 6 and '<details class="rare" open' not in page
    page = organizer.get(f"/events/{full.id}/plan").text
    # Only the first tier, which has points, and those with more to say; all other folds too.
    assert page.count('<details class="rare" open') == 3 + 3


def test_tie_breaks_offer_what_the_scheme_has(organizer: FlaskClient, build: Builder) -> None:
    page = organizer.get(f"/events/{drafted(build, FULL).id}/plan").text
    for value in ("part:theory", "time:time", "fact:born", "node:practical", "best_single:theory"):
        assert f'value="{value}"' in page
    plain = organizer.get(f"/events/{build.event(build.contest()).id}/plan").text
    assert "time:" not in plain


def test_steps_of_the_chain_are_added_moved_and_removed(
    organizer: FlaskClient, build: Builder
) -> None:
    event = drafted(build, FULL)
    address = f"/events/{event.id}/plan"
    typed = typed_in(organizer.get(address).text, "minimum_entrants")
    typed["change"] = "tie_breaks:up:1"
    typed = typed_in(organizer.post(address, data=typed).text, "minimum_entrants")
    typed["change"] = "tie_breaks:remove:7"
    typed = typed_in(organizer.post(address, data=typed).text, "minimum_entrants")
    assert organizer.post(address, data=typed).status_code == 303
    kept = contests.plan_of(contests.get_event(event.id)).tie_breaks
    assert kept == (FULL.tie_breaks[1], FULL.tie_breaks[0], *FULL.tie_breaks[2:7])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tiers-0-places": "2"}, "tolerance"),
        ({"tolerance": "-1"}, "tolerance"),
        ({"award_scale": "700"}, "award_scale"),
        ({"delegation_points": "12, viele"}, "delegation_points"),
        ({"budget": "0.001"}, "budget"),
        ({"team_members": "0"}, "team_members"),
        ({"cap": "0"}, "cap"),
        ({"tie_breaks-0-step": "node:nowhere"}, "tie_breaks-0-step"),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_field(
    changes: dict[str, str], field: str, organizer: FlaskClient, build: Builder
) -> None:
    event = drafted(build, FULL)
    address = f"/events/{event.id}/plan"
    typed = typed_in(organizer.get(address).text, "minimum_entrants")
    for name, value in changes.items():
        typed[name] = value
    reply = organizer.post(address, data=typed)
    assert reply.status_code == 422
    assert f'id="{field}-error"' in reply.text
    assert contests.plan_of(contests.get_event(event.id)) == FULL


def test_points_for_delegations_that_are_not_ranked_are_refused(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(build.contest())
    address = f"/events/{event.id}/plan"
    typed = typed_in(organizer.get(address).text, "minimum_entrants")
    typed["tiers-0-points"] = "5"
    reply = organizer.post(address, data=typed)
    assert reply.status_code == 422 and 'id="has_delegations-error"' in reply.text
    typed["has_delegations"] = "y"
    assert organizer.post(address, data=typed).status_code == 303
    delegations = contests.plan_of(contests.get_event(event.id)).delegations
    assert delegations is not None and delegations.tier_points == {"first": Decimal(5)}


def test_a_single_value_says_where_it_stands(organizer: FlaskClient, build: Builder) -> None:
    ready = read_regulations(next(path for path in SCHEMES if path.stem == "theory-heat"))
    usual = drafted(build, FULL).plan["awards"]["tiers"][-1] | {"single": None, "single_below": ""}
    plan = EventPlan.model_validate({"awards": {"tiers": [usual]}})
    event = drafted(build, plan, ready.scheme.model_dump(mode="json"))
    address = f"/events/{event.id}/plan"
    typed = typed_in(organizer.get(address).text, "minimum_entrants")
    typed["tiers-0-single"] = "7"
    reply = organizer.post(address, data=typed)
    assert reply.status_code == 422 and 'id="tiers-0-single-error"' in reply.text


def test_the_page_of_the_event_says_the_whole_plan(organizer: FlaskClient, build: Builder) -> None:
    event = drafted(build, FULL)
    organizer.post("/language", data={"language": "en"})
    page = organizer.get(f"/events/{event.id}").text
    for text in (
        "lower mark in Practical",
        "longer time: 用时",
        "they share the money of the places they fill",
        "need a recorded decision",
        "50,000.50 yuan",
        "12, 10.5, 8 · 金牌 4、优胜奖 0",
        "4 members needed, the best 3 count",
        "from 5 contestants on",
        "7.25 or more directly below",
        "the amount for each member in full",
        "coaches together 12.50 yuan",
        "共青团慈溪市委 · coaches · 金牌、优胜奖 · down to place 3 · divisions: 职工组 · women",
        "own awards: 学生一等奖 0",
    ):
        assert text in page, text


def test_a_plan_that_another_event_cannot_take_names_that_event(
    organizer: FlaskClient, build: Builder
) -> None:
    contest = build.contest()
    other = build.event(contest)
    awards = {"tiers": [{"key": "best", "name": "单项奖", "single": 9, "single_below": "own"}]}
    scheme = usual_scheme_with_facts()
    scheme["parts"][1]["sections"][0]["key"] = "own"
    event = build.event(contest, scheme=scheme, plan={"awards": awards})
    address = f"/events/{event.id}/plan"
    typed = typed_in(organizer.get(address).text, "minimum_entrants")
    typed["also"] = [str(other.id)]
    reply = organizer.post(address, data=typed)
    assert reply.status_code == 422 and 'id="also-error"' in reply.text
    # The reason inside the reason is said in the reader's language, too.
    assert f"“{other.title}”的奖项方案" in reply.text
    assert "which is not in the scheme" not in reply.text
    typed["also"] = []
    assert organizer.post(address, data=typed).status_code == 303
