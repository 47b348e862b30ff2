"""The dry run of a plan: who would get what, what it costs, and what if a mark were another."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.awards import Award, AwardShare
from models.results import Result, Revision
from rules.plans import EditionRules, EventPlan, default_event_plan
from rules.refusals import Refused
from services import awards_trials, contests, results, results_lists
from services.awards_trials_marks import MarkChange
from tests.builders import Builder
from tests.results_story import Story

LINE = EditionRules.model_validate(
    {"budget_lines": [{"code": "A1", "title": "竞赛经费", "ceiling": 2000}]}
)


def plan(*amounts: int, **awards: Any) -> EventPlan:
    """One place of each amount."""
    tiers = [
        {"key": f"t{place}", "name": f"{place}等奖", "amount": amount, "places": 1}
        for place, amount in enumerate(amounts, start=1)
    ]
    return EventPlan.model_validate(
        default_event_plan().model_dump() | {"awards": {"tiers": tiers} | awards}
    )


def computed(build: Builder, made: EventPlan, edition: EditionRules | None = None) -> Story:
    story = Story(build, plan=made, edition=edition)
    story.field(["90", "80", "70"])
    story.computed()
    return story


def counts(session: Session) -> list[int]:
    tables = (Revision, Result, Award, AwardShare)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_the_present_plan_changes_nothing_and_writes_nothing(
    build: Builder, session: Session
) -> None:
    story = computed(build, plan(1000, 500))
    before = counts(session)
    trial = awards_trials.try_plan(story.event.id, plan(1000, 500))
    assert (trial.moved, trial.before, trial.after) == ([], 1500, 1500)
    assert [(line.new.rank, line.new.tier) for line in trial.given] == [(1, "1等奖"), (2, "2等奖")]
    assert not session.dirty and not session.new
    assert counts(session) == before


def test_another_plan_says_who_gains_and_who_loses(build: Builder) -> None:
    story = computed(build, plan(1000, 500))
    trial = awards_trials.try_plan(story.event.id, plan(800, 600, 300))
    assert [line.difference for line in trial.moved] == [-200, 100, 300]
    assert (trial.before, trial.after) == (1500, 1700)
    assert list(trial.tiers) == [("1等奖", 1, 800), ("2等奖", 1, 600), ("3等奖", 1, 300)]


def test_amounts_after_tax_cost_more(build: Builder) -> None:
    story = computed(build, plan(1000))
    assert awards_trials.try_plan(story.event.id, plan(1000, amount_basis="net")).after == 1250


def test_another_mark_goes_through_the_same_calculation(build: Builder, session: Session) -> None:
    story = computed(build, plan(1000, 500))
    change = MarkChange("W002", "practical", 1, "practical_mark", Decimal(99))
    trial = awards_trials.try_plan(story.event.id, plan(1000, 500), change=change)
    assert {line.code: (line.old.rank, line.new.rank) for line in trial.moved} == {
        "W002": (3, 1),
        "W000": (1, 2),
        "W001": (2, 3),
    }
    third = next(line for line in trial.moved if line.code == "W002")
    assert (third.new.total, third.difference) == (Decimal("93.2"), 1000)
    stored = session.scalars(select(Result.rank).order_by(Result.entry_id)).all()
    assert list(stored) == [1, 2, 3]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (MarkChange("W009", "practical", 1, "practical_mark", Decimal(9)), "what_code"),
        (MarkChange("W001", "practical", 2, "practical_mark", Decimal(9)), "what_mark"),
        (MarkChange("W001", "practical", 1, "practical_mark", Decimal(101)), "what_value"),
    ],
)
def test_a_mark_that_cannot_be_is_refused(build: Builder, change: MarkChange, field: str) -> None:
    story = computed(build, plan(1000))
    with pytest.raises(Refused) as refused:
        awards_trials.try_plan(story.event.id, plan(1000), change=change)
    assert refused.value.field == field


def test_the_marks_of_the_revision_are_offered(build: Builder) -> None:
    story = computed(build, plan(1000))
    change = MarkChange("W001", "theory", 1, "theory_mark", Decimal(81))
    marks = awards_trials.try_plan(story.event.id, plan(1000), change=change).marks
    assert marks is not None and marks.before == 80
    assert {(one.part, one.judge) for one in marks.known} == {("theory", 1), ("practical", 1)}


def test_without_results_there_is_nothing_to_try(build: Builder) -> None:
    story = Story(build, plan=plan(1000))
    with pytest.raises(Refused, match="no results"):
        awards_trials.try_plan(story.event.id, plan(1000))


def test_more_than_the_budget_of_the_event_is_refused(build: Builder) -> None:
    story = computed(build, plan(1000))
    with pytest.raises(Refused, match="budget"):
        awards_trials.try_plan(story.event.id, plan(1000, budget=999))


def test_a_budget_line_counts_every_event_of_the_edition(build: Builder, session: Session) -> None:
    story = computed(build, plan(1000, budget_line="A1"), LINE)
    other = Story(build, plan=plan(700, budget_line="A1"), edition=LINE)
    other.event.contest_id = story.contest.id
    build._kept(other.event)
    other.contest = story.contest
    other.field(["90"])
    revision = other.computed()
    (purse,) = awards_trials.try_plan(story.event.id, plan(1400, budget_line="A1")).purses
    assert (purse.here, purse.elsewhere, purse.is_over) == (1400, 700, True)
    (purse,) = awards_trials.try_plan(story.event.id, plan(1300, budget_line="A1")).purses
    assert (purse.total, purse.is_over) == (2000, False)
    results.sign(story.actor("supervisor"), revision)


def test_results_that_break_a_ceiling_are_not_signed(build: Builder) -> None:
    story = computed(build, plan(1500, 501, budget_line="A1"), LINE)
    revision = results_lists.find_newest(story.event.id)
    assert revision is not None
    with pytest.raises(Refused, match="the ceiling is 2000"):
        results.sign(story.actor("supervisor"), revision.id)


def test_one_prize_a_person_is_tried_over_the_whole_edition(build: Builder) -> None:
    limited = plan(1000, highest_only=True)
    low = Story(build, plan=limited)
    high = Story(build, plan=plan(3000, highest_only=True))
    high.event.contest_id = low.contest.id
    high.contest = low.contest
    build._kept(high.event)
    person = build.person()
    for story in (low, high):
        story.entry("90", "90", person=person)
        story.computed()
    trial = awards_trials.try_plan(low.event.id, plan(5000, highest_only=True))
    assert (trial.given[0].new.money, trial.affected) == (5000, 1)
    trial = awards_trials.try_plan(low.event.id, limited)
    assert (trial.given[0].new.money, trial.affected) == (0, 0)
    assert trial.given[0].shares[0].promised == 1000
    assert contests.plan_of(low.event) == limited
