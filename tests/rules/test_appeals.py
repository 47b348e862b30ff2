"""Appeals: the clock, who may file, who may decide, what a vote gives."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.access import Grant, Holder, Place, Role
from rules.appeals import (
    Effect,
    Filer,
    Kind,
    Moments,
    Outcome,
    Window,
    answer_due,
    clock_start,
    conflict,
    effect_problem,
    filing_problem,
    second_stage_closes,
    verdict,
)
from rules.attachments import LARGEST, title_of, type_of
from rules.boards import announced_order, freezes_at, is_due, shown_moment
from rules.refusals import Refused
from rules.states import EventState

NOON = datetime(2026, 10, 15, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACE = Place(contest_id=1, event_id=2)


def test_the_clock_runs_from_the_recorded_end() -> None:
    moments = Moments(EventState.SCORING, NOON, NOON + HOUR, NOON + 2 * HOUR)
    assert clock_start("event_end", moments) == NOON
    assert clock_start("results", moments) == NOON + 2 * HOUR


def test_without_a_recorded_end_the_last_signature_ends_an_event_once_marks_are_confirmed() -> None:
    assert clock_start("event_end", Moments(EventState.SCORING, None, NOON)) is None
    assert clock_start("event_end", Moments(EventState.REVIEW, None, NOON)) == NOON


def test_the_last_instant_is_in_time_and_the_next_is_late() -> None:
    window = Window(EventState.SCORING, 120, NOON)
    assert window.closes_at == NOON + 2 * HOUR
    assert not window.is_late(NOON + 2 * HOUR)
    assert window.is_late(NOON + 2 * HOUR + timedelta(microseconds=1))
    assert window.is_open(NOON) and not window.is_open(NOON + 3 * HOUR)


def test_before_the_clock_starts_nothing_is_late() -> None:
    window = Window(EventState.DRAWN, 120, None)
    assert window.closes_at is None and window.is_open(NOON + 1000 * HOUR)


@pytest.mark.parametrize(
    ("state", "minutes"),
    [(EventState.DRAFT, 120), (EventState.REGISTERING, 120), (EventState.SCORING, 0)],
)
def test_there_are_no_appeals_before_the_draw_or_without_minutes(
    state: EventState, minutes: int
) -> None:
    window = Window(state, minutes, None)
    assert window.problem() is not None and not window.is_open(NOON)


@pytest.mark.parametrize(
    ("kind", "filer", "has_leader", "refused"),
    [
        (Kind.MARKS, Filer.CONTESTANT, True, True),
        (Kind.MARKS, Filer.CONTESTANT, False, False),
        (Kind.MARKS, Filer.LEADER, True, False),
        (Kind.MARKS, Filer.PAPER, True, False),
        (Kind.EQUIPMENT, Filer.CONTESTANT, True, False),
        (Kind.STAFF, Filer.LEADER, True, True),
    ],
)
def test_marks_are_appealed_against_through_the_team_leader(
    kind: Kind, filer: Filer, has_leader: bool, refused: bool
) -> None:
    allowed = ("equipment", "marks")
    assert (filing_problem(kind, filer, allowed, ("marks",), has_leader) is not None) == refused


def test_an_answer_is_due_after_its_minutes() -> None:
    assert answer_due(NOON, 90) == NOON + 1.5 * HOUR


@pytest.mark.parametrize(
    ("grant", "refused"),
    [
        (Grant(Role.ORGANIZER), True),
        (Grant(Role.CHIEF_JUDGE, 1), True),
        (Grant(Role.CHIEF_JUDGE, 1, 3), False),
        (Grant(Role.JUDGE, 1, 2), True),
        (Grant(Role.JUDGE, 1), False),
        (Grant(Role.SEALER, 1, 2), True),
        (Grant(Role.ARBITRATOR, 1), False),
        (Grant(Role.SUPERVISOR, 1), False),
    ],
)
def test_whoever_ran_or_judged_an_event_cannot_decide(grant: Grant, refused: bool) -> None:
    found = conflict(
        Holder(1, (grant,)), PLACE, seated=False, employer_id=None, persons=frozenset()
    )
    assert (found is not None) == refused


def test_a_seat_or_ones_own_side_is_a_conflict_too() -> None:
    holder = Holder(1, (Grant(Role.ARBITRATOR),), employer_id=7, person_id=8)
    nobody: frozenset[int] = frozenset()
    assert conflict(holder, PLACE, seated=True, employer_id=None, persons=nobody)
    assert conflict(holder, PLACE, seated=False, employer_id=7, persons=nobody)
    assert conflict(holder, PLACE, seated=False, employer_id=9, persons=frozenset({8}))
    assert conflict(holder, PLACE, seated=False, employer_id=9, persons=nobody) is None


def test_more_than_half_of_enough_votes_decide() -> None:
    up, no = Outcome.UPHELD, Outcome.REJECTED
    found = verdict([up, no, up], 3)
    assert (found.outcome, found.votes_for, found.votes_cast) == (up, 2, 3)
    with pytest.raises(Refused, match="must vote"):
        verdict([up, up], 3)
    with pytest.raises(Refused, match="more than half"):
        verdict([up, no], 2)
    with pytest.raises(Refused, match="must vote"):
        verdict([], 1)


def test_only_an_upheld_appeal_changes_something_and_says_what() -> None:
    assert effect_problem(Outcome.REJECTED, Effect.REOPEN, "x")
    assert effect_problem(Outcome.UPHELD, Effect.REOPEN, " ")
    assert effect_problem(Outcome.PARTLY, Effect.TIME, "ten minutes") is None
    assert effect_problem(Outcome.REJECTED, Effect.NONE, "") is None


def test_the_second_stage_is_for_those_who_did_not_get_all() -> None:
    assert second_stage_closes(2, 1, Outcome.PARTLY, NOON, 60) == NOON + HOUR
    assert second_stage_closes(2, 1, Outcome.UPHELD, NOON, 60) is None
    assert second_stage_closes(2, 2, Outcome.REJECTED, NOON, 60) is None
    assert second_stage_closes(1, 1, Outcome.REJECTED, NOON, 60) is None


def test_a_board_stands_still_from_the_freeze_to_the_signature() -> None:
    freeze = freezes_at(NOON, 30)
    assert freeze == NOON - HOUR / 2
    assert freezes_at(NOON, 0) is None and freezes_at(None, 30) is None
    before, after = NOON - HOUR, NOON + HOUR
    assert shown_moment(EventState.SCORING, freeze, before) == before
    assert shown_moment(EventState.SCORING, freeze, after) == freeze
    assert shown_moment(EventState.REVIEW, freeze, after) == freeze
    assert shown_moment(EventState.SCORING, None, after) == after
    for state in (EventState.DRAWN, EventState.SIGNED, EventState.CANCELLED):
        assert shown_moment(state, None, after) is None


def test_a_board_is_drawn_at_most_once_in_so_many_seconds() -> None:
    assert is_due(None, NOON, 15)
    assert not is_due(NOON, NOON + timedelta(seconds=14), 15)
    assert is_due(NOON, NOON + timedelta(seconds=15), 15)


def test_the_ceremony_ends_with_the_first_prize() -> None:
    first, second, third = (1, 1, 1), (2, 1, 2), (2, 1, 3)
    student = (1, 2, 1)
    assert announced_order([first, second, third, student]) == [2, 1, 0, 3]


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"%PDF-1.7", "pdf"), (b"\xff\xd8\xff\xe0", "jpg"), (b"\x89PNG\r\n\x1a\n", "png")],
)
def test_a_file_is_what_its_content_says(data: bytes, kind: str) -> None:
    assert type_of(data).kind == kind


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg onload=1>", b"MZ", b"GIF89a", b"PK\x03\x04", b" %PDF-", b"%PDF-" + b"x" * LARGEST],
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        type_of(data)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("现场照片.JPG", "现场照片.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\x\\a.exe", "a.jpg"),
        ('<b>"\x00.jpg', "b.jpg"),
        ("", "file.jpg"),
        ("长" * 300, "长" * 115 + ".jpg"),
    ],
)
def test_a_files_name_keeps_only_what_is_harmless(name: str, title: str) -> None:
    assert title_of(name, "jpg") == title
