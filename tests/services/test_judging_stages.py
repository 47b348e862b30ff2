"""Stages: one after the other, for those who go on only (R1.22)."""

from decimal import Decimal

import pytest

from models.audits import AuditRecord
from models.database import db
from models.entries import Entry
from models.judging import PanelSeat, Sheet
from models.works import Work
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.schemes import Advance
from rules.seats import RECORDER
from rules.stages import score_contest
from rules.states import EventState, SheetState
from services import (
    attendance,
    contests,
    judging,
    judging_stages,
    marks,
    results_computing,
    sheets,
)
from services.marks import Typed
from services.results_computing import TiesOpen
from tests.builders import Builder
from tests.judging_rooms import Room, fill_stage, open_room, staged_scheme

ABSENT = EntryStatus.ABSENT


@pytest.fixture
def room(build: Builder) -> Room:
    return open_room(build, 4, staged_scheme())


def _to_final(room: Room) -> None:
    fill_stage(room, "run", "H1", "90", "80", "70", "60")
    judging_stages.open_stage(room.by(room.chief), room.event_id)


def _sign_records(room: Room) -> None:
    seat = next(one for one in room.seats() if one.number == RECORDER)
    for sheet in room.sheets(seat.account):
        if sheet.state is SheetState.OPEN:
            marks.sign_sheet(room.by(seat.account), sheet.id)


def _entries(room: Room, stage: str) -> set[int]:
    query = (
        db.select(Work.entry_id)
        .join(Sheet, Sheet.work_id == Work.id)
        .where(Sheet.event_id == room.event_id, Sheet.stage == stage)
    )
    return set(db.session.scalars(query))


def test_scoring_begins_with_the_sheets_of_the_first_stage(room: Room) -> None:
    assert _entries(room, "heat") == set(room.entries)
    assert _entries(room, "final") == set()
    assert {one.part for one in room.seats()} == {"run", "show", "@1"}
    found = judging.get_progress(room.event_id)
    assert [column.seat.part for column in found.columns] == ["run"]
    assert (found.present.key, found.following and found.following.key) == ("heat", "final")


def test_the_preview_tells_by_code_who_goes_on(room: Room) -> None:
    waiting = judging_stages.get_next_stage(room.event_id)
    assert waiting is not None and len(waiting.blockers) == 1 and waiting.fields == []
    fill_stage(room, "run", "H1", "90", "60", "80", "70")
    found = judging_stages.get_next_stage(room.event_id)
    assert found is not None and found.blockers == []
    (field,) = found.fields
    assert [(line.total, line.goes_on) for line in field.lines] == [
        (90, True),
        (80, True),
        (70, False),
        (60, False),
    ]
    assert (found.count, field.tied) == (2, [])
    assert all(line.code for line in field.lines)


def test_whoever_equals_the_last_at_the_line_is_named(room: Room) -> None:
    fill_stage(room, "run", "H1", "90", "80", "80", "70")
    found = judging_stages.get_next_stage(room.event_id)
    assert found is not None
    assert (found.count, len(found.fields[0].tied)) == (3, 2)


def test_the_next_stage_is_refused_while_sheets_are_open(room: Room) -> None:
    with pytest.raises(Refused, match="not signed yet: 4"):
        judging_stages.open_stage(room.by(room.chief), room.event_id)
    assert _entries(room, "final") == set()


def test_only_those_who_go_on_get_sheets_of_the_next_stage(room: Room) -> None:
    _to_final(room)
    assert _entries(room, "final") == set(room.entries[:2])
    query = db.select(PanelSeat.part).join(Sheet, Sheet.seat_id == PanelSeat.id)
    final = db.session.scalars(query.where(Sheet.stage == "final")).all()
    assert sorted(final) == ["@1", "@1", "show", "show"]
    record = db.session.scalars(db.select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None
    assert (record.action, record.after) == ("open_stage", {"stage": "决赛", "count": 2})
    found = judging.get_progress(room.event_id)
    assert (found.present.key, found.following, found.sheets) == ("final", None, 8)


def test_after_the_last_stage_there_is_none(room: Room) -> None:
    _to_final(room)
    assert judging_stages.get_next_stage(room.event_id) is None
    with pytest.raises(Refused, match="last stage"):
        judging_stages.open_stage(room.by(room.chief), room.event_id)


def test_a_stage_is_opened_while_scoring_is_open_only(build: Builder, room: Room) -> None:
    fill_stage(room, "run", "H1", "90", "80", "70", "60")
    judging.confirm(room.by(room.chief), room.event_id, "设备故障")
    assert judging_stages.get_next_stage(room.event_id) is None
    with pytest.raises(Refused, match="while scoring is open"):
        judging_stages.open_stage(room.by(room.chief), room.event_id)


def test_nobody_good_enough_leaves_the_next_stage_closed(build: Builder) -> None:
    room = open_room(build, 2, staged_scheme(Advance(minimum=Decimal(95))))
    fill_stage(room, "run", "H1", "90", "80")
    with pytest.raises(Refused, match="Nobody goes on"):
        judging_stages.open_stage(room.by(room.chief), room.event_id)


def test_a_tie_that_must_be_decided_waits_for_the_decision(build: Builder) -> None:
    room = open_room(build, 2, staged_scheme(Advance(top=1, ties="decide")))
    fill_stage(room, "run", "H1", "90", "90")
    by = room.by(room.chief)
    with pytest.raises(TiesOpen):
        judging_stages.open_stage(by, room.event_id)
    found = judging_stages.get_next_stage(room.event_id)
    assert found is not None and [set(tie.entries) for tie in found.ties] == [set(room.entries)]


def test_each_division_has_a_line_of_its_own(build: Builder) -> None:
    room = open_room(build, 4, staged_scheme(Advance(top=1)))
    event = contests.get_event(room.event_id)
    for entry_id in room.entries[2:]:
        entry = db.session.get_one(Entry, entry_id)
        entry.division_id = event.divisions[1].id
    db.session.commit()
    fill_stage(room, "run", "H1", "90", "80", "70", "60")
    judging_stages.open_stage(room.by(room.chief), room.event_id)
    assert _entries(room, "final") == {room.entries[0], room.entries[2]}


def test_the_marks_of_both_stages_come_to_the_computation(room: Room) -> None:
    _to_final(room)
    fill_stage(room, "show", "F1", "50", "60")
    recorder = next(one for one in room.seats() if one.number == RECORDER)
    first, _ = room.sheets(recorder.account)
    marks.sign_sheet(room.by(recorder.account), first.id, [Typed(first.id, "late", "1")])
    _sign_records(room)
    judging.confirm(room.by(room.chief), room.event_id)
    assert room.event.state is EventState.REVIEW
    (field,) = results_computing.read_fields(room.event_id)
    scored = score_contest(contests.scheme_of(room.event), field.starters)
    totals = [scored.scores[entry].total for entry in room.entries]
    assert totals == [45, 60, 70, 60]
    assert [scored.scores[entry].reached for entry in room.entries] == [2, 2, 1, 1]


def test_an_event_ends_after_its_last_stage_or_early_with_a_reason(room: Room) -> None:
    fill_stage(room, "run", "H1", "90", "80", "70", "60")
    by = room.by(room.chief)
    with pytest.raises(Refused, match="决赛 has not been held yet"):
        judging.confirm(by, room.event_id)
    with pytest.raises(Refused) as refused:
        judging.confirm(by, room.event_id, " ")
    assert refused.value.field == "reason"
    judging.confirm(by, room.event_id, "停电")
    assert room.event.state is EventState.REVIEW
    record = db.session.scalars(db.select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None and record.after == {"stage": "预赛", "reason": "停电"}


def test_marks_changed_so_that_others_would_go_on_are_not_confirmed(room: Room) -> None:
    _to_final(room)
    judge = next(one for one in room.seats() if one.part == "run").account
    heat = room.sheets(judge)[3]
    by = room.by(room.chief)
    judging.reopen_sheet(by, heat.id, "更正")
    version = sheets.stored_marks([heat.id])[heat.id]["H1"].version
    marks.sign_sheet(room.by(judge), heat.id, [Typed(heat.id, "H1", "95", version)])
    fill_stage(room, "show", "F1", "50", "60")
    _sign_records(room)
    blockers = [str(one) for one in judging.get_progress(room.event_id).blockers]
    assert any("did not reach it" in one for one in blockers)
    with pytest.raises(Refused):
        judging.confirm(by, room.event_id)


# --- who is not there in a later stage ---


def test_who_is_absent_in_the_final_blocks_nothing_there(room: Room) -> None:
    _to_final(room)
    by = room.by(room.organizer)
    attendance.record_stage_status(by, room.event_id, room.entries[:1], ABSENT)
    assert attendance.stage_statuses(room.event_id) == {room.entries[0]: {"final": ABSENT}}
    judge = next(one for one in room.seats() if one.part == "show").account
    gone, there = room.sheets(judge)
    with pytest.raises(Refused, match="absent"):
        marks.sign_sheet(room.by(judge), gone.id, [Typed(gone.id, "F1", "50")])
    marks.sign_sheet(room.by(judge), there.id, [Typed(there.id, "F1", "50")])
    (own,) = [one for one in sheets.list_own(judge.id) if one.event.id == room.event_id]
    assert (own.sheets, own.signed) == (1, 1)
    _sign_one_record(room)
    judging.confirm(room.by(room.chief), room.event_id)


def _sign_one_record(room: Room) -> None:
    seat = next(one for one in room.seats() if one.number == RECORDER)
    marks.sign_sheet(room.by(seat.account), room.sheets(seat.account)[1].id)


def test_who_keeps_the_place_of_the_heat_is_told_by_the_scheme(build: Builder) -> None:
    room = open_room(build, 3, staged_scheme(not_started="keep"))
    fill_stage(room, "run", "H1", "90", "80", "70")
    judging_stages.open_stage(room.by(room.chief), room.event_id)
    by = room.by(room.organizer)
    attendance.record_stage_status(by, room.event_id, room.entries[:1], ABSENT)
    fill_stage_of_present(room)
    (field,) = results_computing.read_fields(room.event_id)
    scored = score_contest(contests.scheme_of(room.event), field.starters)
    assert scored.scores[room.entries[0]].reached == 1
    assert scored.statuses[room.entries[0]] is EntryStatus.COMPETED


def fill_stage_of_present(room: Room) -> None:
    judge = next(one for one in room.seats() if one.part == "show").account
    sheet = room.sheets(judge)[1]
    marks.sign_sheet(room.by(judge), sheet.id, [Typed(sheet.id, "F1", "50")])


def test_a_wrong_absence_is_taken_back_and_recorded(room: Room) -> None:
    _to_final(room)
    by = room.by(room.organizer)
    one = room.entries[:1]
    attendance.record_stage_status(by, room.event_id, one, EntryStatus.VIOLATION, "舞弊")
    attendance.record_stage_status(by, room.event_id, one, ABSENT)
    attendance.record_stage_status(by, room.event_id, one, EntryStatus.COMPETED)
    attendance.record_stage_status(by, room.event_id, one, EntryStatus.COMPETED)
    assert attendance.stage_statuses(room.event_id) == {}
    query = db.select(AuditRecord).where(AuditRecord.action == "attend")
    found = db.session.scalars(query.order_by(AuditRecord.id)).all()
    assert [(record.before or {})["status"] for record in found] == [
        "competed",
        "violation",
        "absent",
    ]
    assert all((record.after or {})["stage"] == "决赛" for record in found)


def test_only_who_went_on_can_be_absent_in_a_later_stage(room: Room) -> None:
    by = room.by(room.organizer)
    with pytest.raises(Refused, match="No later stage"):
        attendance.record_stage_status(by, room.event_id, room.entries[:1], ABSENT)
    _to_final(room)
    with pytest.raises(Missing):
        attendance.record_stage_status(by, room.event_id, room.entries[2:3], ABSENT)
    with pytest.raises(Refused, match="reason"):
        attendance.record_stage_status(by, room.event_id, room.entries[:1], EntryStatus.WITHDRAWN)


def test_the_list_of_a_later_stage_shows_who_went_on(room: Room) -> None:
    _to_final(room)
    by = room.by(room.organizer)
    attendance.record_stage_status(by, room.event_id, room.entries[:1], ABSENT)
    stage = attendance.find_later_stage(room.event_id)
    assert stage is not None
    counts = attendance.count_statuses(room.event_id, stage.key)
    assert (counts[EntryStatus.COMPETED], counts[ABSENT]) == (1, 1)

    def listed(status: EntryStatus | None = None) -> list[int]:
        page = attendance.list_attendance(room.event_id, status=status, stage=stage.key)
        return [entry.id for entry in page.items]

    assert listed() == room.entries[:2]
    assert listed(ABSENT) == room.entries[:1]
    assert listed(EntryStatus.COMPETED) == room.entries[1:2]
    assert attendance.statuses_at(stage.key, room.entries)[room.entries[0]].status is ABSENT
    assert attendance.count_statuses(room.event_id)[EntryStatus.COMPETED] == 4


def test_who_was_absent_in_the_heat_by_mistake_gets_no_sheets_of_the_final(room: Room) -> None:
    by = room.by(room.organizer)
    attendance.record_attendance(by, room.event_id, room.entries[3:], ABSENT)
    judge = next(one for one in room.seats() if one.part == "run").account
    for sheet, value in zip(room.sheets(judge), ("90", "80", "70"), strict=False):
        marks.sign_sheet(room.by(judge), sheet.id, [Typed(sheet.id, "H1", value)])
    judging_stages.open_stage(room.by(room.chief), room.event_id)
    attendance.record_attendance(by, room.event_id, room.entries[3:], EntryStatus.COMPETED)
    assert _entries(room, "final") == set(room.entries[:2])
