"""The hall: layout, clock, lateness, the door, masked names."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.halls import (
    AtTheDoor,
    Batch,
    HallRules,
    TurnClock,
    door_problem,
    entry_status,
    hall_problems,
    has_forfeited,
    masked_name,
    minutes_late,
    needs_reason,
    next_moves,
    pause_of,
    state_now,
)
from rules.ranking import EntryStatus
from rules.states import TURN_MOVES, EntryState, TurnState

START = datetime(2026, 10, 16, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_time_used_leaves_out_what_was_given_back():
    clock = TurnClock(started_at=START, given_back=600)
    assert clock.used(START + HOUR) == 3000
    assert clock.left(120, START + HOUR) == 120 * 60 - 3000
    assert clock.ends_at(120) == START + timedelta(minutes=130)


def test_an_interruption_stops_the_clock_and_an_end_keeps_it():
    paused = TurnClock(started_at=START, interrupted_at=START + HOUR)
    assert paused.used(START + 3 * HOUR) == 3600
    ended = TurnClock(started_at=START, ended_at=START + HOUR, given_back=60)
    assert ended.used(START + 9 * HOUR) == 3540


def test_before_the_start_and_without_a_limit_there_is_nothing_left_to_count():
    assert TurnClock().used(START) == 0 and TurnClock().ends_at(120) is None
    running = TurnClock(started_at=START)
    assert running.left(0, START + HOUR) is None and running.ends_at(0) is None


def test_time_may_be_over():
    assert TurnClock(started_at=START).left(30, START + HOUR) == -1800


@pytest.mark.parametrize(
    ("minutes", "late", "forfeits"),
    [(0, 0, False), (15, 15, False), (15.5, 15, True), (90, 90, True)],
)
def test_lateness_counts_from_the_call(minutes, late, forfeits):
    now = START + timedelta(minutes=minutes)
    assert minutes_late(START, now) == late
    assert has_forfeited(START, now, 15) is forfeits


def test_who_was_not_called_is_not_late():
    assert minutes_late(None, START) == 0 and not has_forfeited(None, START, 0)


def test_a_pause_is_never_negative():
    assert pause_of(START + HOUR, START) == 0 and pause_of(START, START + HOUR) == 3600


@pytest.mark.parametrize(
    ("full", "masked"),
    [
        ("陈一凡", "陈*凡"),
        ("陈凡", "陈*"),
        ("欧阳一凡", "欧**凡"),
        ("陈", "陈"),
        ("陈凡、李一", "陈*、李*"),
    ],
)
def test_a_part_of_each_name_is_hidden(full, masked):
    assert masked_name(full) == masked


def test_every_state_can_be_reached_and_left_but_for_the_door():
    reached = {new for moves in TURN_MOVES.values() for new in moves}
    assert reached == set(TurnState) and all(TURN_MOVES.values())
    for state in (TurnState.WAITING, TurnState.CALLED):
        assert TurnState.PREPARING not in next_moves(state, False)
    assert TurnState.PREPARING in next_moves(TurnState.READY, False)


def test_a_violation_is_taken_back_to_where_it_happened():
    assert next_moves(TurnState.VIOLATION, True) == (TurnState.INTERRUPTED,)
    assert next_moves(TurnState.VIOLATION, False) == (TurnState.PREPARING,)


@pytest.mark.parametrize(
    ("old", "new", "needed"),
    [
        (TurnState.WAITING, TurnState.CALLED, False),
        (TurnState.CALLED, TurnState.ABSENT, True),
        (TurnState.COMPETING, TurnState.INTERRUPTED, True),
        (TurnState.COMPETING, TurnState.FINISHED, False),
        (TurnState.FINISHED, TurnState.COMPETING, True),
        (TurnState.ABSENT, TurnState.WAITING, True),
    ],
)
def test_grave_steps_and_steps_back_need_a_reason(old, new, needed):
    assert needs_reason(old, new) is needed


def test_what_the_attendance_list_says_wins():
    competing = TurnState.COMPETING
    assert state_now(competing, EntryStatus.VIOLATION, True) is TurnState.VIOLATION
    assert state_now(competing, EntryStatus.WITHDRAWN, True) is TurnState.ABSENT
    assert state_now(TurnState.ABSENT, EntryStatus.COMPETED, False) is TurnState.WAITING
    assert state_now(TurnState.VIOLATION, EntryStatus.COMPETED, True) is TurnState.INTERRUPTED
    assert state_now(competing, EntryStatus.COMPETED, True) is competing
    assert entry_status(TurnState.ABSENT) is EntryStatus.ABSENT
    assert entry_status(competing) is EntryStatus.COMPETED


def at_the_door(**changes):
    """Return somebody who is welcome, but for the changes."""
    facts = {
        "event_title": "焊工",
        "is_this_event": True,
        "entry_state": EntryState.ACCEPTED,
        "turn_state": TurnState.WAITING,
        "days": (date(2026, 10, 16),),
        "today": date(2026, 10, 16),
        "late_limit": 15,
    }
    return AtTheDoor(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"pass_voided": True, "is_this_event": False}, "void"),
        ({"is_this_event": False}, "another event"),
        ({"entry_state": EntryState.WITHDRAWN}, "does not compete"),
        ({"still_member": False}, "does not compete"),
        ({"here_since": "08:10", "turn_state": TurnState.READY}, "already, at"),
        ({"today": date(2026, 10, 17)}, "Not today"),
        ({"turn_state": TurnState.ABSENT}, "absent"),
        ({"turn_state": TurnState.VIOLATION}, "violation"),
        ({"turn_state": TurnState.FINISHED}, "competed already"),
        ({"late_by": 16}, "minutes ago"),
    ],
)
def test_the_door_says_the_gravest_reason_first(changes, word):
    problem = door_problem(at_the_door(**changes))
    assert problem is not None and word in problem.message


@pytest.mark.parametrize(
    "changes", [{}, {"days": ()}, {"late_by": 15}, {"late_by": 99, "late_limit": None}]
)
def test_the_door_lets_in_who_may_come(changes):
    assert door_problem(at_the_door(**changes)) is None


def test_a_layout_says_everything_that_is_wrong_with_it():
    rules = HallRules(
        batches=(Batch(title="一", starts_at=START + HOUR), Batch(title="二", starts_at=START)),
        stations=("A", "A"),
        papers=("x" * 41,),
    )
    assert [problem.field for problem in hall_problems(rules)] == ["stations", "papers", "batches"]
    assert hall_problems(HallRules()) == [] and HallRules().batch_count == 1


def test_batches_are_counted_from_one():
    rules = HallRules(batches=(Batch(title="一", starts_at=START), Batch(title="二")))
    assert (rules.title_of(1), rules.title_of(2), rules.title_of(3)) == ("一", "二", "")
    assert rules.start_of(1) == START and rules.start_of(None) is None
