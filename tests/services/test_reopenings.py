"""Confirmed marks are opened again by two people, with a reason; the new revision says why."""

from typing import Any

import pytest

from models.database import db
from models.results import Revision
from rules.refusals import Missing, Refused
from rules.signoffs import Step
from rules.states import EventState, ReopeningState, RevisionState
from services import judging, reopenings, results, results_lists, results_moves, signoffs
from tests.builders import Builder
from tests.signoff_rooms import NO_CHECK, SignoffRoom

TOTALS = ("95", "80", "65")


@pytest.fixture
def room(build: Builder) -> SignoffRoom:
    found = SignoffRoom(build, 3, signoff=(), reopening_people=2, **NO_CHECK)
    found.mark(*TOTALS)
    judging.confirm(found.by(found.chief), found.event_id)
    return found


def refused(act: Any, *args: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args)
    return str(caught.value)


def computed(room: SignoffRoom) -> Revision:
    revision_id = results.compute(room.by(room.room.organizer), room.event_id)
    return results_lists.get_with_rules(revision_id)


def test_nobody_opens_the_marks_alone(room: SignoffRoom) -> None:
    chief = room.by(room.chief)
    assert "two people" in refused(judging.reopen, chief, room.event_id, "漏加")
    key = reopenings.propose_reopening(chief, room.event_id, "漏加")
    assert "Somebody else must agree" in refused(reopenings.agree_reopening, chief, key)
    assert room.room.event.state is EventState.REVIEW


def test_a_second_person_agrees_and_the_revision_is_superseded(room: SignoffRoom) -> None:
    old = computed(room)
    key = reopenings.propose_reopening(room.by(room.chief), room.event_id, "漏加")
    assert reopenings.agree_reopening(room.by(room.supervisor), key) == room.event_id
    db.session.expire_all()
    assert room.room.event.state is EventState.SCORING
    assert old.state is RevisionState.SUPERSEDED
    again = refused(reopenings.agree_reopening, room.by(room.supervisor), key)
    assert again == "This proposal is answered already."


def test_the_next_revision_carries_the_reason(room: SignoffRoom) -> None:
    assert computed(room).reason == ""
    key = reopenings.propose_reopening(room.by(room.chief), room.event_id, "漏加")
    reopenings.agree_reopening(room.by(room.supervisor), key)
    judging.confirm(room.by(room.chief), room.event_id)
    new = computed(room)
    assert (new.number, new.reason) == (2, "漏加")


def test_a_proposal_needs_a_reason_and_stands_alone(room: SignoffRoom) -> None:
    chief, supervisor = room.by(room.chief), room.by(room.supervisor)
    act = reopenings.propose_reopening
    assert refused(act, chief, room.event_id, " ") == "Write the reason."
    assert refused(act, chief, room.event_id, "x" * 401) == "The reason is too long."
    key = act(chief, room.event_id, "漏加")
    assert "proposed already" in refused(act, supervisor, room.event_id, "也漏加")
    assert refused(reopenings.decline_reopening, supervisor, key, "") == "Write the reason."
    reopenings.decline_reopening(supervisor, key, "依据不足")
    (row,) = reopenings.list_reopenings(room.event_id)
    assert (row.state, row.answered_by_id) == (ReopeningState.DECLINED, room.supervisor.id)
    assert act(supervisor, room.event_id, "再提") != key


def test_who_takes_back_his_own_proposal_is_no_second_person(room: SignoffRoom) -> None:
    key = reopenings.propose_reopening(room.by(room.chief), room.event_id, "漏加")
    reopenings.decline_reopening(room.by(room.chief), key, "看错了")
    (row,) = reopenings.list_reopenings(room.event_id)
    assert (row.state, row.answered_by_id) == (ReopeningState.DECLINED, None)


def test_only_confirmed_marks_are_opened_again(room: SignoffRoom) -> None:
    key = reopenings.propose_reopening(room.by(room.chief), room.event_id, "漏加")
    reopenings.agree_reopening(room.by(room.supervisor), key)
    told = refused(reopenings.propose_reopening, room.by(room.chief), room.event_id, "漏加")
    assert told.startswith("Only confirmed marks")


def test_where_one_person_is_enough_the_reopening_is_kept_too(build: Builder) -> None:
    room = SignoffRoom(build, 3, signoff=(), **NO_CHECK)
    room.mark(*TOTALS)
    judging.confirm(room.by(room.chief), room.event_id)
    judging.reopen(room.by(room.chief), room.event_id, "漏加")
    (row,) = reopenings.list_reopenings(room.event_id)
    assert (row.state, row.answered_by_id) == (ReopeningState.AGREED, None)


def test_signatures_from_the_chief_on_are_void_after_a_reopening(build: Builder) -> None:
    room = SignoffRoom(build, 3, **NO_CHECK)
    room.confirmed(*TOTALS)
    room.confirm(room.supervisor, Step.SUPERVISOR)
    judging.reopen(room.by(room.chief), room.event_id, "漏加")
    found = signoffs.read_chain(room.room.event)
    assert found.done(Step.CLERK) and found.next_step() is Step.CHIEF
    judging.confirm(room.by(room.chief), room.event_id)
    assert signoffs.read_chain(room.room.event).next_step() is Step.SUPERVISOR


def test_unknown_proposals_are_not_there(room: SignoffRoom) -> None:
    with pytest.raises(Missing):
        reopenings.agree_reopening(room.by(room.chief), 999)
    with pytest.raises(Missing):
        reopenings.event_of(999)


def test_revisions_are_compared_within_one_event_only(room: SignoffRoom, build: Builder) -> None:
    revision = computed(room)
    other = SignoffRoom(build, 3, signoff=(), **NO_CHECK)
    other.mark(*TOTALS)
    judging.confirm(other.by(other.chief), other.event_id)
    foreign = computed(other)
    with pytest.raises(Missing):
        results_moves.compare_revisions(revision, foreign.id)
    second = computed(room)
    changes = results_moves.compare_revisions(second, revision.id)
    assert changes.lines == []
