"""A published round: what may still change, and what stands in the way of publication."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rules.honours import HonourLevel
from rules.selection_amendments import Standing, amendment_problems
from rules.selection_conditions import Declares, Works
from rules.selection_limits import Approved, blockers, most_chosen, warnings
from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import Clause, Eligibility, Quota, RoundRules
from rules.selections import Post, RoundState, Verb

MASTERS = shipped_programmes()["SLMJ"].rules_for(2026)
BEFORE = datetime(2026, 2, 1, tzinfo=UTC)
DURING = datetime(2026, 3, 20, tzinfo=UTC)
APPROVED = Approved(
    "上林名匠", Verb.SELECT, HonourLevel.CITY, "慈人社发〔2017〕12号", 1, 12, 2026, 2025
)


def changed(**update: Any) -> RoundRules:
    return MASTERS.model_copy(update=update)


def refused(
    new: RoundRules, state: RoundState = RoundState.OPEN, applications: int = 3
) -> Sequence[str | None]:
    standing = Standing(state, applications, DURING)
    return [one.field for one in amendment_problems(MASTERS, new, standing)]


MANY = MASTERS.tiers[0].model_copy(update={"places": 151})
LATER = MASTERS.closes_at + timedelta(days=7)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"counts_on": date(2026, 1, 1)}, "counts_on"),
        ({"eligibility": Eligibility()}, "eligibility"),
        ({"tiers": MASTERS.tiers[:2]}, "tiers"),
        ({"form": MASTERS.form[1:]}, "form"),
        ({"files": MASTERS.files[1:]}, "files"),
        ({"evidence": MASTERS.evidence[1:]}, "evidence"),
        ({"chain": MASTERS.chain[1:]}, "chain"),
        ({"channels": MASTERS.channels[:1]}, "channels"),
        ({"unit_quota": 1}, "unit_quota"),
    ],
)
def test_what_applications_lean_on_stays_once_there_are_some(
    change: dict[str, Any], field: str
) -> None:
    assert refused(changed(**change)) == [field]
    assert refused(changed(**change), applications=0) == []


def test_a_deadline_may_be_put_off_but_not_brought_forward() -> None:
    assert refused(changed(closes_at=LATER)) == []
    assert refused(changed(closes_at=MASTERS.closes_at - timedelta(days=1))) == ["closes_at"]
    assert refused(changed(closes_at=LATER), RoundState.REVIEW) == ["closes_at"]
    assert refused(changed(opens_at=MASTERS.opens_at + timedelta(days=1))) == ["opens_at"]
    early = Standing(RoundState.OPEN, 0, BEFORE)
    moved = changed(opens_at=MASTERS.opens_at + timedelta(days=1))
    assert [*amendment_problems(MASTERS, moved, early)] == []


def test_what_the_panel_goes_by_stays_in_review_and_all_stays_at_the_end() -> None:
    more = changed(places=20)
    assert refused(more) == [] and refused(more, RoundState.REVIEW) == ["places"]
    net = changed(amount_basis="net", contact="职业能力建设科二楼")
    assert refused(net, RoundState.REVIEW) == []
    assert refused(net, RoundState.PROPOSED) == ["amount_basis"]
    assert refused(MASTERS, RoundState.DECIDED) == [None]


def test_questions_may_be_added_but_not_demanded_after_the_fact() -> None:
    wish = MASTERS.form[0].model_copy(update={"key": "wish", "needed": False})
    demand = wish.model_copy(update={"needed": True})
    assert refused(changed(form=(*MASTERS.form, wish))) == []
    assert refused(changed(form=(*MASTERS.form, demand))) == ["form"]


def test_shipped_rules_can_be_published_and_warn_of_little() -> None:
    assert [*blockers(MASTERS, BEFORE)] == []
    assert [*warnings(MASTERS, APPROVED)] == []
    assert [one.field for one in blockers(MASTERS, LATER)] == ["closes_at"]


def test_blockers_name_what_contradicts_itself() -> None:
    asks = Clause(key="asks", text="声明", all_of=(Declares(field="nowhere", answers=("yes",)),))
    workers = (Works(posts=(Post.FRONT_LINE,)),)
    floor = Quota(key="many", title="一线职工", all_of=workers, at_least="13")
    wrong = changed(eligibility=Eligibility(basics=(asks,)), budget_line="other", quotas=(floor,))
    assert {one.field for one in blockers(wrong, BEFORE)} == {"form", "budget_line", "quotas"}


@pytest.mark.parametrize(
    ("approved", "rules", "word"),
    [
        (replace(APPROVED, document=""), MASTERS, "document"),
        (replace(APPROVED, title="长" * 26), MASTERS, "characters"),
        (replace(APPROVED, cycle_years=2), MASTERS, "cycle"),
        (replace(APPROVED, most_people=11), MASTERS, "approval"),
        (
            replace(APPROVED, most_people=None),
            changed(places=None, tiers=(MANY,)),
            "below province",
        ),
        (APPROVED, changed(eligibility=Eligibility()), "officials"),
        (APPROVED, changed(quotas=()), "front-line"),
        (APPROVED, changed(contact=""), "nobody"),
    ],
)
def test_limits_on_honours_warn(approved: Approved, rules: RoundRules, word: str) -> None:
    assert [one for one in map(str, warnings(rules, approved)) if word in one]


def test_commendations_have_limits_of_their_own() -> None:
    second = replace(APPROVED, verb=Verb.COMMEND, level=HonourLevel.COUNTY, others=1)
    found = " ".join(map(str, warnings(MASTERS, second)))
    assert "once in 5 years" in found and "number 2" in found


def test_the_most_that_can_be_chosen_is_the_smaller_limit() -> None:
    assert most_chosen(MASTERS) == 12
    assert most_chosen(changed(places=10)) == 10
    free = MASTERS.tiers[0].model_copy(update={"places": None})
    assert most_chosen(changed(tiers=(free,), places=None)) is None
