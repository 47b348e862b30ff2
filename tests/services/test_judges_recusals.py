"""Judges step back, reserves step in, trainees learn; what is left out, and when."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.entries import Entry
from models.judges import LeftOut, Recusal
from models.judging import Sheet, Spread
from rules.conflicts import ConflictKind
from rules.judges import SeatDuty
from rules.refusals import Missing, Refused
from rules.stages import score_contest
from rules.states import EventState, SheetState
from services import (
    contests,
    draws,
    judges_conflicts,
    judges_recusals,
    judges_relations,
    judging,
    marks,
    marks_collecting,
    panels,
    panels_conflicts,
    papers,
    results_computing,
    sheets,
    signoffs_sheets,
)
from services.judges_relations import RelationFacts
from services.marks import Typed
from tests.builders import Builder
from tests.judging_rooms import Room, open_room, seated_room, spare_scheme


def room_of(build: Builder, judges: int = 3, minimum: int = 2, **more: Any) -> Room:
    return open_room(build, scheme=spare_scheme(judges, minimum), **more)


def reserve(build: Builder, room: Room) -> Account:
    """A reserve judge who is seated while the scoring goes on."""
    account = build.account("judge")
    by = room.by(room.organizer)
    panels.seat(by, room.event_id, "work", account.id, duty=SeatDuty.RESERVE)
    return account


def state(sheet: Sheet) -> SheetState:
    db.session.refresh(sheet)
    return sheet.state


def sign_all(room: Room, values: dict[int, tuple[str, str, str]] | None = None) -> None:
    """Sign all open sheets, each judge with the same marks for every work."""
    for seat in room.seats():
        for sheet in room.sheets(seat.account):
            if sheet.seat_id == seat.id and sheet.state is SheetState.OPEN:
                typed = (values or {}).get(seat.account_id, ("50", "1", "2"))
                room.sign(seat.account, sheet, *typed)


def computed(room: Room) -> dict[int, Decimal]:
    """Return the total of each entry, from the marks as a revision would take them."""
    scheme = contests.scheme_of(room.event)
    fields = results_computing.read_fields(room.event_id)
    found = [score_contest(scheme, field.starters, []).scores for field in fields]
    return {entry_id: one.total for scores in found for entry_id, one in scores.items()}


def test_a_judge_is_excused_from_one_work_and_the_rest_is_counted(build: Builder) -> None:
    room = room_of(build)
    first = room.seats()[0]
    sheet, other = room.sheets(first.account)
    room.sign(first.account, sheet, "10", "0", "0")
    judges_recusals.recuse(room.by(room.chief), first.id, "认出作品", sheet.id)
    assert (state(sheet), state(other)) == (SheetState.EXCUSED, SheetState.OPEN)
    with pytest.raises(Refused, match="excused from this work"):
        marks.enter_marks(room.by(first.account), sheet.id, [Typed(sheet.id, "A1", "50")])
    with pytest.raises(Refused, match="open already"):
        judging.reopen_sheet(room.by(room.chief), sheet.id, "再来")
    sign_all(room)
    found = marks_collecting.collect_marks(room.event_id)
    assert sorted(len(parts["work"]) for parts in found.values()) == [2, 3]
    judging.confirm(room.by(room.chief), room.event_id)
    assert room.event.state is EventState.REVIEW


def test_the_excused_sheet_waits_for_nobody_and_stands_in_no_list(build: Builder) -> None:
    room = room_of(build, entries=1)
    first = room.seats()[0]
    judges_recusals.recuse(
        room.by(room.chief), first.id, "认出作品", room.sheets(first.account)[0].id
    )
    (own,) = sheets.list_own(first.account_id)
    assert own.sheets == 0
    progress = judging.get_progress(room.event_id)
    assert progress.rows[0].cells[first.id].excused
    assert [column.open for column in progress.columns] == [0, 1, 1]
    sign_all(room)
    assert judging.get_progress(room.event_id).blockers == []


def test_a_panel_must_not_become_too_small(build: Builder) -> None:
    room = room_of(build, 2, 2, entries=1)
    first = room.seats()[0]
    sheet = room.sheets(first.account)[0]
    chief = room.by(room.chief)
    for asked in (sheet.id, None):
        with pytest.raises(Refused, match="too few are left"):
            judges_recusals.recuse(chief, first.id, "生病", asked)
    assert state(sheet) is SheetState.OPEN
    assert panels.get_seat(first.id).duty is SeatDuty.MEMBER
    with pytest.raises(Refused, match="free to step in"):
        judges_recusals.recuse(chief, first.id, "生病", None, with_reserve=True)
    assert db.session.scalar(select(Recusal.id)) is None


def test_two_excuses_for_one_work_count_together(build: Builder) -> None:
    room = room_of(build, 3, 2, entries=1)
    first, second, _third = room.seats()
    chief = room.by(room.chief)
    judges_recusals.recuse(chief, first.id, "生病", room.sheets(first.account)[0].id)
    with pytest.raises(Refused, match="too few are left"):
        judges_recusals.recuse(chief, second.id, "生病", room.sheets(second.account)[0].id)


def test_a_reserve_judge_marks_one_work_instead(build: Builder) -> None:
    room = room_of(build, 2, 2)
    first = room.seats()[0]
    stand_in = reserve(build, room)
    sheet = room.sheets(first.account)[0]
    judges_recusals.recuse(room.by(room.chief), first.id, "认出作品", sheet.id, True)
    (instead,) = room.sheets(stand_in)
    assert instead.work_id == sheet.work_id
    sign_all(room, {stand_in.id: ("40", "1", "2")})
    parts = marks_collecting.collect_marks(room.event_id)
    found = sorted(sorted(one.judge for one in part["work"]) for part in parts.values())
    assert found == [[1, 2], [2, 101]]
    judging.confirm(room.by(room.chief), room.event_id)
    assert len(computed(room)) == 2


def test_a_reserve_judge_takes_over_the_whole_seat(build: Builder) -> None:
    room = room_of(build, 2, 2)
    first = room.seats()[0]
    stand_in = reserve(build, room)
    room.sign(first.account, room.sheets(first.account)[0], "10", "0", "0")
    judges_recusals.recuse(room.by(room.chief), first.id, "生病", None, True)
    by_number = {one.number: one for one in room.seats()}
    assert set(by_number) == {1, 2, 301}
    assert (by_number[1].account_id, by_number[1].duty) == (stand_in.id, SeatDuty.MEMBER)
    assert by_number[301].duty is SeatDuty.RECUSED
    assert {one.state for one in room.sheets(first.account)} == {SheetState.EXCUSED}
    assert len(room.sheets(stand_in)) == 2
    sign_all(room)
    judging.confirm(room.by(room.chief), room.event_id)
    found = marks_collecting.collect_marks(room.event_id)
    assert all(sorted(x.judge for x in part["work"]) == [1, 2] for part in found.values())
    assert all(x.marks["A1"] == 50 for part in found.values() for x in part["work"])


def test_who_leaves_a_large_panel_leaves_a_gap(build: Builder) -> None:
    room = room_of(build)
    first = room.seats()[0]
    judges_recusals.recuse(room.by(room.chief), first.id, "生病")
    assert {one.number for one in room.seats()} == {2, 3, 301}
    with pytest.raises(Refused, match="excused already"):
        judges_recusals.recuse(room.by(room.chief), first.id, "生病")
    sign_all(room)
    judging.confirm(room.by(room.chief), room.event_id)


def test_spreads_forget_an_excused_sheet(build: Builder) -> None:
    room = open_room(build, entries=1, scheme=_spreading())
    first = room.seats()[0]
    sign_all(room, {first.account_id: ("1", "0", "0")})
    assert db.session.scalars(select(Spread)).all() != []
    judges_recusals.recuse(
        room.by(room.chief), first.id, "认出作品", room.sheets(first.account)[0].id
    )
    assert db.session.scalars(select(Spread)).all() == []


def _spreading() -> Any:
    scheme = spare_scheme()
    part = scheme.parts[0]
    assert part.panel is not None
    panel = part.panel.model_copy(update={"max_spread": Decimal(10)})
    return scheme.model_copy(update={"parts": (part.model_copy(update={"panel": panel}),)})


def test_a_recusal_needs_a_reason_an_open_event_and_a_sheet_of_the_seat(build: Builder) -> None:
    room = room_of(build)
    first, second, _third = room.seats()
    chief = room.by(room.chief)
    with pytest.raises(Refused, match="Write the reason"):
        judges_recusals.recuse(chief, first.id, " ")
    with pytest.raises(Refused, match="too long"):
        judges_recusals.recuse(chief, first.id, "长" * 401)
    with pytest.raises(Missing):
        judges_recusals.recuse(chief, first.id, "生病", room.sheets(second.account)[0].id)
    sheet = room.sheets(first.account)[0]
    judges_recusals.recuse(chief, first.id, "生病", sheet.id)
    with pytest.raises(Refused, match="from this work already"):
        judges_recusals.recuse(chief, first.id, "生病", sheet.id)
    sign_all(room)
    judging.confirm(chief, room.event_id)
    with pytest.raises(Refused, match="while scoring is open"):
        judges_recusals.recuse(chief, second.id, "生病")


def test_the_reason_stays_out_of_the_record(build: Builder) -> None:
    room = room_of(build)
    judges_recusals.recuse(room.by(room.chief), room.seats()[0].id, "认出徒弟的作品")
    (line,) = judges_recusals.list_recusals(room.event)
    assert (line.recusal.reason, line.code) == ("认出徒弟的作品", None)
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "recuse")).one()
    assert "徒弟" not in str(record.after)


# --- trainees ---


def test_marks_of_trainees_count_nowhere(build: Builder) -> None:
    room = seated_room(build, scheme=_spreading())
    trainee = build.account("judge")
    by = room.by(room.organizer)
    panels.seat(by, room.event_id, "work", trainee.id, duty=SeatDuty.TRAINEE)
    judging.open_scoring(room.by(room.chief), room.event_id)
    assert len(room.sheets(trainee)) == 2
    for sheet in room.sheets(trainee):
        room.sign(trainee, sheet, "1", "0", "0")
    progress = judging.get_progress(room.event_id)
    assert len(progress.columns) == 3 and progress.signed == 0
    assert all(len(row.cells) == 3 for row in progress.rows)
    for judge in room.judges:
        for sheet in room.sheets(judge):
            room.sign(judge, sheet, "50", "1", "2")
    assert db.session.scalars(select(Spread)).all() == []
    found = marks_collecting.collect_marks(room.event_id)
    assert all([x.judge for x in part["work"]] == [1, 2, 3] for part in found.values())
    judging.confirm(room.by(room.chief), room.event_id)


def test_an_unfinished_trainee_keeps_nothing_open(build: Builder) -> None:
    room = seated_room(build, entries=1, scheme=spare_scheme())
    trainee = build.account("judge")
    by = room.by(room.organizer)
    panels.seat(by, room.event_id, "work", trainee.id, duty=SeatDuty.TRAINEE)
    judging.open_scoring(room.by(room.chief), room.event_id)
    for judge in room.judges:
        room.sign(judge, room.sheets(judge)[0], "50", "1", "2")
    judging.confirm(room.by(room.chief), room.event_id)
    assert room.sheets(trainee)[0].state is SheetState.OPEN


# --- what is left out ---


def own_room(build: Builder) -> tuple[Room, int]:
    """A panel of three; the first judge's employer has one of two entries."""
    rival = build.employer()
    event = build.event(state=EventState.REGISTERING, scheme=spare_scheme().model_dump(mode="json"))
    own = build.entry(event, employer_id=rival.id)
    other = build.entry(event)
    room = Room(
        build,
        event.id,
        build.account("chief_judge"),
        build.account("organizer"),
        [],
        [own.id, other.id],
    )
    by = room.by(room.organizer)
    draws.draw(by, event.id, early=True)
    for employer_id in (rival.id, None, None):
        judge = build.account("judge", employer_id=employer_id)
        panels.seat(by, event.id, "work", judge.id)
        room.judges.append(judge)
    judging.open_scoring(room.by(room.chief), event.id)
    return room, own.id


def test_marks_on_own_people_are_left_out_of_the_result_only(build: Builder) -> None:
    room, own = own_room(build)
    other = next(one for one in room.entries if one != own)
    assert len(room.sheets(room.judges[0])) == 2
    sign_all(room, {room.judges[0].id: ("20", "1", "2")})
    assert judging.get_progress(room.event_id).blockers == []
    assert judges_conflicts.marks_left_out(room.event_id) == {}
    judging.confirm(room.by(room.chief), room.event_id)
    assert judges_conflicts.marks_left_out(room.event_id) == {own: {("work", 1)}}
    found = computed(room)
    assert found[own] == Decimal(80) and found[other] == Decimal(70)


def test_what_is_declared_after_the_opening_leaves_nothing_out(build: Builder) -> None:
    room, own = own_room(build)
    second = room.judges[1]
    assert db.session.scalar(select(LeftOut.entry_id)) == own
    entry = db.session.get_one(Entry, own)
    facts = RelationFacts(ConflictKind.KIN, "entry", entry.number)
    judges_relations.declare_relation(room.by(second), second.id, facts)
    seats = db.session.scalars(select(LeftOut.seat_id)).all()
    assert list(seats) == [room.seats()[0].id]
    found = panels_conflicts.get_conflicts(room.event)
    assert [one.seat.account_id for one in found.seats] == [room.judges[0].id, second.id]
    assert [one.seat.account_id for one in found.left_out] == [room.judges[0].id]


def test_whoever_takes_the_seat_during_the_scoring_brings_own_conflicts(build: Builder) -> None:
    room, _own = own_room(build)
    neutral = build.account("judge")
    panels.replace(room.by(room.organizer), room.seats()[0].id, neutral.id)
    assert db.session.scalars(select(LeftOut.id)).all() == []


def test_nothing_on_the_chief_s_page_differs_by_who_has_own_people(build: Builder) -> None:
    pages = []
    for with_own in (True, False):
        room, own = own_room(build)
        if not with_own:
            db.session.execute(LeftOut.__table__.delete())  # type: ignore[attr-defined]
            db.session.commit()
        sign_all(room)
        progress = judging.get_progress(room.event_id)
        pages.append(
            (
                [str(one) for one in progress.blockers],
                [(column.sheets, column.signed) for column in progress.columns],
                [len(row.cells) for row in progress.rows],
                progress.spreads,
            )
        )
        assert own in room.entries
    assert pages[0] == pages[1]


def test_an_excused_sheet_is_neither_signed_off_nor_printed(build: Builder) -> None:
    room = room_of(build, entries=1)
    first = room.seats()[0]
    sheet = room.sheets(first.account)[0]
    judges_recusals.recuse(room.by(room.chief), first.id, "认出作品", sheet.id)
    assert sheet.id not in {one.id for one in signoffs_sheets.read_sheets(room.event_id)}
    scheme = contests.scheme_of(room.event)
    assert sheet.id not in {one.sheet_id for one in papers.find_papers(room.event_id, scheme)}
