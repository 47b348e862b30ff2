"""The day of a contestant: steps, clocks, interruptions, stations, what becomes of the entry."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.database import db
from models.entries import Entry
from models.passes import Arrival
from rules.draws import LotKind
from rules.halls import HallRules
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import EntryState, EventState, TurnState
from rules.violations import LARGEST_EVIDENCE
from services import attendance, contests, halls, halls_board, halls_turns
from services.acting import Actor
from services.halls_turns import move_batch, move_turn, reseat, resume
from tests.builders import Builder
from tests.hall_rooms import TWO_BATCHES, drawn, entries_of, filled_event, laid_out

S = TurnState


def after(by: Actor, minutes: int) -> Actor:
    """Return the same person some minutes later."""
    return replace(by, now=by.now + timedelta(minutes=minutes), request_key=None)


def present(entry: Entry) -> None:
    """Put somebody behind the door, as check-in does."""
    turn = halls.made_turns(entry.event_id, [entry.id])[entry.id]
    turn.state = S.PREPARING
    db.session.commit()


def competing(by: Actor, build: Builder, **day: int) -> Entry:
    """Return an entry that competes since now, with two hours of time."""
    event = filled_event(build, "a", **day)
    laid_out(by, event)
    drawn(by, event, LotKind.STATION, 1)
    entry = entries_of(event)[0]
    present(entry)
    move_turn(by, entry.id, S.READY)
    move_turn(by, entry.id, S.COMPETING)
    return entry


def used(entry: Entry, now: datetime) -> int:
    """Return the minutes an entry has used."""
    turn = halls_turns.find_turn(entry.id)
    assert turn is not None
    return halls_turns.clock_of(turn).used(now) // 60


def stands(entry: Entry) -> TurnState:
    """Return where an entry stands."""
    db.session.expire_all()
    return halls_turns.stands_at(halls_turns.find_turn(entry.id), entry)


def test_a_day_from_the_call_to_the_end(by: Actor, build: Builder) -> None:
    event = filled_event(build, "a")
    laid_out(by, event)
    entry = entries_of(event)[0]
    assert stands(entry) is S.WAITING
    move_turn(by, entry.id, S.CALLED)
    with pytest.raises(Refused, match="door"):
        move_turn(by, entry.id, S.PREPARING)
    present(entry)
    move_turn(by, entry.id, S.READY)
    move_turn(by, entry.id, S.COMPETING)
    move_turn(after(by, 90), entry.id, S.FINISHED)
    assert stands(entry) is S.FINISHED and used(entry, after(by, 999).now) == 90
    steps = halls_turns.list_steps(entry.id)
    assert [step.new_state for step in steps] == [S.FINISHED, S.COMPETING, S.READY, S.CALLED]
    assert steps[0].used == 5400 and steps[0].account is not None


def test_a_step_that_the_table_does_not_list_is_refused(by: Actor, build: Builder) -> None:
    entry = entries_of(filled_event(build, "a"))[0]
    for state in (S.COMPETING, S.FINISHED, S.READY, S.INTERRUPTED, S.VIOLATION):
        with pytest.raises(Refused):
            move_turn(by, entry.id, state, "x")
    assert stands(entry) is S.WAITING and halls_turns.list_steps(entry.id) == []


@pytest.mark.parametrize(("minutes", "left"), [(None, 90), (0, 70), (5, 75), (30, 100)])
def test_time_is_given_back_as_decided(
    by: Actor, build: Builder, minutes: int | None, left: int
) -> None:
    """Thirty minutes of work, twenty minutes of interruption, of two hours."""
    entry = competing(by, build)
    move_turn(after(by, 30), entry.id, S.INTERRUPTED, "设备断电")
    assert used(entry, after(by, 45).now) == 30
    resume(after(by, 50), entry.id, minutes, "裁判长决定")
    turn = halls_turns.find_turn(entry.id)
    assert turn is not None
    assert halls_turns.clock_of(turn).left(120, after(by, 50).now) == left * 60
    step = halls_turns.list_steps(entry.id)[0]
    assert step.pause == 1200 and step.given_back == (1200 if minutes is None else minutes * 60)


def test_two_interruptions_add_up(by: Actor, build: Builder) -> None:
    entry = competing(by, build)
    for start in (10, 40):
        move_turn(after(by, start), entry.id, S.INTERRUPTED, "断电")
        resume(after(by, start + 5), entry.id)
    move_turn(after(by, 100), entry.id, S.FINISHED)
    assert used(entry, after(by, 500).now) == 90


def test_an_interruption_ends_only_with_a_word_on_the_time(by: Actor, build: Builder) -> None:
    entry = competing(by, build)
    with pytest.raises(Refused):
        resume(by, entry.id)
    with pytest.raises(Refused, match="reason"):
        move_turn(by, entry.id, S.INTERRUPTED)
    move_turn(by, entry.id, S.INTERRUPTED, "断电")
    with pytest.raises(Refused) as refused:
        move_turn(by, entry.id, S.COMPETING)
    assert refused.value.field == "minutes"
    for wrong in (-1, 361):
        with pytest.raises(Refused):
            resume(by, entry.id, wrong)
    assert stands(entry) is S.INTERRUPTED


def test_the_chief_may_end_an_interrupted_contest(by: Actor, build: Builder) -> None:
    """Who broke the machine himself does not go on (R2.04)."""
    entry = competing(by, build)
    move_turn(after(by, 20), entry.id, S.INTERRUPTED, "操作不当损坏设备")
    move_turn(after(by, 60), entry.id, S.FINISHED, "裁判长终止")
    assert used(entry, after(by, 99).now) == 20


def test_an_end_recorded_by_mistake_is_taken_back(by: Actor, build: Builder) -> None:
    entry = competing(by, build)
    move_turn(after(by, 10), entry.id, S.FINISHED)
    with pytest.raises(Refused, match="reason"):
        move_turn(after(by, 11), entry.id, S.COMPETING)
    move_turn(after(by, 12), entry.id, S.COMPETING, "点错")
    assert used(entry, after(by, 20).now) == 20


def test_absence_reaches_the_entry_and_goes_back(by: Actor, build: Builder) -> None:
    event = filled_event(build, "a")
    entry = entries_of(event)[0]
    move_turn(by, entry.id, S.CALLED)
    with pytest.raises(Refused):
        move_turn(by, entry.id, S.ABSENT)
    move_turn(by, entry.id, S.ABSENT, "点名后20分钟未到")
    db.session.refresh(entry)
    assert entry.status is EntryStatus.ABSENT and entry.remark == "点名后20分钟未到"
    move_turn(by, entry.id, S.WAITING, "记录有误")
    db.session.refresh(entry)
    assert entry.status is EntryStatus.COMPETED and entry.remark == ""


def test_a_violation_ends_the_contest_with_its_reason(by: Actor, build: Builder) -> None:
    entry = competing(by, build)
    move_turn(after(by, 15), entry.id, S.VIOLATION, "携带手机，两名裁判见证")
    db.session.refresh(entry)
    assert entry.status is EntryStatus.VIOLATION and used(entry, after(by, 50).now) == 15
    move_turn(after(by, 20), entry.id, S.INTERRUPTED, "申诉成立")
    assert stands(entry) is S.INTERRUPTED and used(entry, after(by, 50).now) == 15
    resume(after(by, 25), entry.id)
    db.session.refresh(entry)
    assert entry.status is EntryStatus.COMPETED and used(entry, after(by, 30).now) == 20


PDF = b"%PDF-1.7 proof"


def test_a_violation_keeps_what_proves_it(by: Actor, build: Builder, tmp_path: Path) -> None:
    entry = competing(by, build)
    for data, word in ((b"MZ virus", "PDF"), (b"%PDF" + b"x" * LARGEST_EVIDENCE, "10 MB")):
        with pytest.raises(Refused, match=word):
            move_turn(by, entry.id, S.VIOLATION, "手机", evidence=data, folder=tmp_path)
    assert stands(entry) is S.COMPETING and not [
        one for one in tmp_path.rglob("*") if one.is_file()
    ]
    move_turn(by, entry.id, S.VIOLATION, "手机", evidence=PDF, folder=tmp_path)
    step = halls_turns.list_steps(entry.id)[0]
    assert halls_turns.get_evidence(step.id, tmp_path) == (PDF, "pdf", "application/pdf")
    stored = next(one for one in tmp_path.rglob("*") if one.is_file())
    assert PDF not in stored.read_bytes()
    with pytest.raises(Missing):
        halls_turns.get_evidence(halls_turns.list_steps(entry.id)[1].id, tmp_path)


def test_a_refused_step_leaves_no_file_behind(by: Actor, build: Builder, tmp_path: Path) -> None:
    entry = competing(by, build)
    with pytest.raises(Refused, match="reason"):
        move_turn(by, entry.id, S.VIOLATION, " ", evidence=PDF, folder=tmp_path)
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_what_the_attendance_list_says_is_seen_in_the_hall(by: Actor, build: Builder) -> None:
    event = filled_event(build, "a")
    entry = entries_of(event)[0]
    attendance.record_attendance(by, event.id, [entry.id], EntryStatus.ABSENT)
    assert stands(entry) is S.ABSENT
    attendance.record_attendance(by, event.id, [entry.id], EntryStatus.COMPETED)
    assert stands(entry) is S.WAITING


def test_going_back_to_waiting_forgets_the_arrival(by: Actor, build: Builder) -> None:
    entry = entries_of(filled_event(build, "a"))[0]
    present(entry)
    person = entry.members[0].person_id
    row = Arrival(event_id=entry.event_id, entry_id=entry.id, person_id=person, at=by.now)
    row.account_id = by.account_id or 0
    db.session.add(row)
    db.session.commit()
    move_turn(by, entry.id, S.WAITING, "证件不符")
    assert db.session.scalars(select(Arrival)).all() == []


def test_a_batch_moves_together_but_leaves_out_who_is_not_there(by: Actor, build: Builder) -> None:
    event = filled_event(build, "aabb")
    laid_out(by, event, "ABCD", TWO_BATCHES)
    drawn(by, event, LotKind.BATCH)
    turns = halls.turns_of(event.id)
    first = [entry for entry in entries_of(event) if turns[entry.id].batch == 1]
    move_batch(by, event.id, 1, S.CALLED)
    other = [entry for entry in entries_of(event) if entry.id not in {one.id for one in first}]
    assert {stands(entry) for entry in other} == {S.WAITING}
    present(first[0])
    move_batch(by, event.id, 1, S.READY)
    move_batch(by, event.id, 1, S.COMPETING)
    assert stands(first[0]) is S.COMPETING and stands(first[1]) is S.CALLED
    move_batch(after(by, 120), event.id, 1, S.FINISHED)
    assert used(first[0], after(by, 200).now) == 120
    with pytest.raises(Refused, match="Nobody"):
        move_batch(by, event.id, 1, S.FINISHED)


def test_a_batch_or_step_that_is_none_is_missing(by: Actor, build: Builder) -> None:
    event = filled_event(build, "a")
    with pytest.raises(Missing):
        move_batch(by, event.id, 2, S.CALLED)
    with pytest.raises(Missing):
        move_batch(by, event.id, 1, S.VIOLATION)


def test_another_station_needs_a_reason_and_a_free_place(by: Actor, build: Builder) -> None:
    event = filled_event(build, "ab")
    laid_out(by, event, ("A", "B", "C"))
    drawn(by, event, LotKind.STATION, 1)
    one, two = entries_of(event)
    turns = halls.turns_of(event.id)
    taken = turns[two.id].station or ""
    for seat in ((1, "C", ""), (2, "C", "x"), (1, "Z", "x"), (1, taken, "x")):
        with pytest.raises(Refused):
            reseat(by, one.id, *seat)
    reseat(by, one.id, 1, "C", "工位A设备故障")
    assert halls.turns_of(event.id)[one.id].station == "C"
    assert halls_turns.list_steps(one.id)[0].remark == "工位A设备故障"


def test_nobody_is_moved_in_his_working_time(by: Actor, build: Builder) -> None:
    entry = competing(by, build)
    with pytest.raises(Refused, match="Interrupt"):
        reseat(by, entry.id, 1, "F", "x")
    move_turn(by, entry.id, S.INTERRUPTED, "断电")
    reseat(by, entry.id, 1, "F", "换工位")
    resume(by, entry.id)
    assert stands(entry) is S.COMPETING


def test_nothing_moves_in_a_closed_hall_or_for_who_does_not_compete(
    by: Actor, build: Builder
) -> None:
    entry = entries_of(filled_event(build, "a", EventState.REVIEW))[0]
    with pytest.raises(Refused, match="hall is open"):
        move_turn(by, entry.id, S.CALLED)
    event = filled_event(build, "a")
    gone = build.entry(event, EntryState.WITHDRAWN)
    for act in (move_turn, reseat):
        more = (S.CALLED,) if act is move_turn else (1, "", "x")
        with pytest.raises(Missing):
            act(by, gone.id, *more)  # type: ignore[operator]


def test_the_board_proposes_who_has_forfeited(by: Actor, build: Builder) -> None:
    event = filled_event(build, "ab", late_minutes=10)
    called, waiting = entries_of(event)
    move_turn(by, called.id, S.CALLED)
    day = contests.rules_of(event.contest).day
    for minutes, forfeits in ((10, False), (11, True)):
        now = after(by, minutes).now
        places = halls_board.list_places(event.id, HallRules(), day, now)
        found = {place.entry_id: place for place in places}
        assert found[called.id].forfeits is forfeits and found[called.id].late_by == minutes
        assert not found[waiting.id].forfeits


def test_the_board_knows_the_present_and_the_next_batch(by: Actor, build: Builder) -> None:
    event = filled_event(build, "aabb")
    rules = laid_out(by, event, "ABCD", TWO_BATCHES)
    day = contests.rules_of(event.contest).day
    loose = halls_board.list_batches(halls_board.list_places(event.id, rules, day, by.now), rules)
    assert loose[-1].number == 0 and len(loose[-1].places) == 4
    assert halls_board.present_batch(loose) is None
    drawn(by, event, LotKind.BATCH)

    def batches() -> list[halls_board.BatchOnBoard]:
        places = halls_board.list_places(event.id, rules, day, by.now)
        return halls_board.list_batches(places, rules)

    first = halls_board.present_batch(batches())
    assert first is not None and first.number == 1
    following = halls_board.following_batch(batches(), first)
    assert following is not None and following.number == 2
    for place in first.places:
        move_turn(by, place.entry_id, S.ABSENT, "缺考")
    second = halls_board.present_batch(batches())
    assert second is not None and second.number == 2
    assert halls_board.following_batch(batches(), second) is None


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ({"screen_names": "full"}, "full"),
        ({"screen_names": "masked"}, "masked"),
        ({"screen_names": "none"}, "none"),
        ({"screen_names": "full", "code_layers": 1}, "none"),
    ],
)
def test_the_screen_names_people_as_the_rules_say(
    by: Actor, build: Builder, day: dict, shown: str
) -> None:
    event = filled_event(build, "a", **day)
    rules = contests.rules_of(event.contest).day
    place = halls_board.list_places(event.id, HallRules(), rules, by.now)[0]
    name = halls_board.name_on_screen(place, rules)
    assert (name == place.title, "*" in name, name == "") == tuple(
        shown == kind for kind in ("full", "masked", "none")
    )
    assert (halls_board.employer_on_screen(place, rules) == "") is ("code_layers" in day)
