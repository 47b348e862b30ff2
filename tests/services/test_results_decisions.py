"""Decisions about equal entries that no rule parts."""

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.awards import Award
from models.database import db
from models.entries import Entry
from models.results import Result
from rules.plans import EventPlan, default_event_plan
from rules.refusals import Missing, Refused
from rules.states import EventState
from services import results, results_decisions
from services.results_computing import TiesOpen
from services.results_decisions import Ruling
from services.results_explaining import explain_result
from tests.builders import Builder
from tests.results_story import Story


def _plan(**more: object) -> EventPlan:
    plain = default_event_plan().model_dump() | {"tie_breaks": []} | more
    return EventPlan.model_validate(plain)


def _tied(build: Builder, plan: EventPlan | None = None) -> tuple[Story, list[Entry]]:
    story = Story(build, plan=plan or _plan(ties="decide"))
    return story, story.field(["80", "80", "70"])


def _ruling(entries: list[Entry], kind: str = "place", about: str = "") -> Ruling:
    return Ruling(kind, about, tuple(e.id for e in entries), "Better finish", "Jury meeting")


def test_equal_entries_that_may_not_share_wait_for_a_decision(build: Builder) -> None:
    story, (first, second, _third) = _tied(build)
    with pytest.raises(TiesOpen) as refused:
        story.computed()
    (tie,) = refused.value.ties
    assert (tie.kind, {*tie.entries}, {*tie.codes}) == (
        "place",
        {first.id, second.id},
        {first.code, second.code},
    )
    assert [*map(vars_of, results_decisions.find_ties(story.event))] == [vars_of(tie)]
    assert results.list_blockers(story.event.id) == []


def vars_of(tie: results_decisions.OpenTie) -> tuple[object, ...]:
    return (tie.kind, tie.about, tie.codes)


def test_a_decision_parts_them_and_stands_in_the_revision(build: Builder) -> None:
    story, (first, second, third) = _tied(build)
    chief = story.actor("chief_judge")
    results_decisions.decide_tie(chief, story.event.id, _ruling([second, first]))
    assert results_decisions.find_ties(story.event) == []
    revision_id = story.computed()
    rows = {row.entry_id: row for row in db.session.scalars(select(Result))}
    assert [rows[e.id].rank for e in (second, first, third)] == [1, 2, 3]
    assert rows[second.id].tie_break == "decision"
    told = explain_result(revision_id, second.id)
    assert told.revision.decisions == [
        {
            "kind": "place",
            "about": "",
            "order": [second.id, first.id],
            "reason": "Better finish",
            "decided_by": "Jury meeting",
        }
    ]
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "decide_tie")).one()
    assert record.after is not None
    assert record.after["order"] == [second.code, first.code]


def test_a_tie_at_a_cut_off_is_decided_for_that_award(build: Builder) -> None:
    plan = _plan()
    awards = plan.awards.model_copy(update={"ties": "decide"})
    story, (first, second, _) = _tied(build, plan.model_copy(update={"awards": awards}))
    (tie,) = results_decisions.find_ties(story.event)
    assert (tie.kind, tie.about) == ("award", "first")
    ruling = _ruling([second, first], "award", "first")
    results_decisions.decide_tie(story.actor("chief_judge"), story.event.id, ruling)
    story.computed()
    tiers = {row.entry_id: row.tier for row in db.session.scalars(select(Award))}
    assert (tiers[second.id], tiers[first.id]) == ("first", "second")


def test_only_what_waits_can_be_decided(build: Builder) -> None:
    story, (first, second, third) = _tied(build)
    chief = story.actor("chief_judge")
    for wrong in (
        _ruling([second, third]),
        _ruling([second, first, second]),
        _ruling([second, first], "award", "first"),
    ):
        with pytest.raises(Refused, match="do not wait"):
            results_decisions.decide_tie(chief, story.event.id, wrong)
    with pytest.raises(Missing):
        results_decisions.decide_tie(chief, 999_999, _ruling([second, first]))
    story.event.state = EventState.SIGNED
    db.session.commit()
    with pytest.raises(Refused, match="do not wait"):
        results_decisions.decide_tie(chief, story.event.id, _ruling([second, first]))


def test_a_withdrawn_decision_stays_on_record_and_counts_no_more(build: Builder) -> None:
    story, (first, second, _third) = _tied(build)
    chief = story.actor("chief_judge")
    event_id = story.event.id
    key = results_decisions.decide_tie(chief, event_id, _ruling([second, first]))
    results_decisions.withdraw_decision(chief, event_id, key, "Decided on the wrong work")
    assert results_decisions.decisions_of(event_id) == []
    (one,) = results_decisions.list_decisions(event_id)
    assert one.row.withdrawn_at is not None and one.codes == (second.code, first.code)
    with pytest.raises(TiesOpen):
        story.computed()
    with pytest.raises(Refused, match="already"):
        results_decisions.withdraw_decision(chief, event_id, key, "again")
    with pytest.raises(Missing):
        results_decisions.withdraw_decision(chief, event_id, 999_999, "none")


def test_a_decision_behind_signed_results_stays(build: Builder) -> None:
    story, (first, second, _third) = _tied(build)
    chief = story.actor("chief_judge")
    key = results_decisions.decide_tie(chief, story.event.id, _ruling([second, first]))
    story.signed()
    with pytest.raises(Refused, match="signed"):
        results_decisions.withdraw_decision(chief, story.event.id, key, "too late")


def test_each_division_has_its_own_ties(build: Builder) -> None:
    story = Story(build, plan=_plan(ties="decide"))
    story.field(["80", "80"])
    story.field(["70", "70"], division=1)
    ties = results_decisions.find_ties(story.event)
    assert [len(tie.codes) for tie in ties] == [2, 2]
    assert len({tie.division_id for tie in ties}) == 2
