"""Judging as a whole: collected marks, opening, progress, confirmation, opening again."""

from decimal import Decimal

import pytest

from models.contests import Event, RuleVersion
from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet
from models.results import Revision
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import EntryState, EventState, RevisionState, SheetState
from services import attendance, judging, marks, marks_collecting, panels
from services.marks import Typed
from tests.builders import NOW, Builder, work_of
from tests.judging_rooms import open_room, seated_room


def _seat(build: Builder, event_id: int, part: str, number: int) -> PanelSeat:
    account = build.account("judge")
    seat = PanelSeat(event_id=event_id, part=part, number=number, account_id=account.id)
    db.session.add(seat)
    db.session.commit()
    return seat


def _sheet(entry: Entry, seat: PanelSeat, **marks: str) -> Sheet:
    sheet = Sheet(event_id=entry.event_id, work_id=work_of(entry).id, seat_id=seat.id)
    sheet.marks = [
        Mark(aspect=aspect, value=Decimal(value), updated_at=NOW) for aspect, value in marks.items()
    ]
    db.session.add(sheet)
    db.session.commit()
    return sheet


def test_marks_come_by_entry_part_and_seat(build: Builder, statements: object) -> None:
    event = build.event(state=EventState.SCORING)
    first, second = build.entry(event, code="AAAA"), build.entry(event, code="CCCC")
    late, early = _seat(build, event.id, "practical", 2), _seat(build, event.id, "practical", 1)
    _sheet(first, late, practical_mark="88.5")
    _sheet(first, early, practical_mark="90")
    event_id, first_id, second_id = event.id, first.id, second.id
    with statements() as seen:  # type: ignore[operator]
        found = marks_collecting.collect_marks(event_id)
    assert len([line for line in seen if "mark" in line]) == 1
    assert [sheet.judge for sheet in found[first_id]["practical"]] == [1, 2]
    assert found[first_id]["practical"][1].marks == {"practical_mark": Decimal("88.5")}
    assert found[second_id] == {}


def test_a_sheet_without_marks_is_not_forgotten(build: Builder) -> None:
    event = build.event(state=EventState.SCORING)
    entry = build.entry(event, code="AAAA")
    _sheet(entry, _seat(build, event.id, "practical", 1))
    found = marks_collecting.collect_marks(event.id)
    assert [dict(sheet.marks) for sheet in found[entry.id]["practical"]] == [{}]


def test_who_did_not_compete_or_was_not_accepted_has_no_marks(build: Builder) -> None:
    event = build.event(state=EventState.SCORING)
    seat = _seat(build, event.id, "practical", 1)
    for number, more in enumerate(
        (
            {"status": EntryStatus.ABSENT},
            {"status": EntryStatus.VIOLATION},
            {"status": EntryStatus.WITHDRAWN},
            {"state": EntryState.WITHDRAWN},
        )
    ):
        _sheet(build.entry(event, code=f"W{number}", **more), seat, practical_mark="50")
    assert marks_collecting.collect_marks(event.id) == {}


def test_opening_makes_a_sheet_for_each_competing_entry_and_seat(build: Builder) -> None:
    room = seated_room(build, entries=3)
    by = room.by(room.chief)
    attendance.record_attendance(by, room.event_id, room.entries[:1], EntryStatus.ABSENT)
    judging.open_scoring(by, room.event_id)
    assert room.event.state is EventState.SCORING
    for judge in room.judges:
        assert [one.work.entry_id for one in room.sheets(judge)] == room.entries[1:]


def test_scoring_opens_once_with_full_panels_after_the_draw(build: Builder) -> None:
    room = seated_room(build)
    by = room.by(room.chief)
    seat = room.seats()[1]
    panels.unseat(by, seat.id)
    with pytest.raises(Refused, match="judges seated 1, needed 2"):
        judging.open_scoring(by, room.event_id)
    panels.seat(by, room.event_id, "work", room.judges[1].id)
    judging.open_scoring(by, room.event_id)
    with pytest.raises(Refused, match="after the draw"):
        judging.open_scoring(by, room.event_id)


def test_blockers_name_each_seat_and_count_its_sheets(build: Builder) -> None:
    room = open_room(build)
    first, second = room.judges
    room.sign(first, room.sheets(first)[0], "45", "1", "2")
    found = judging.get_progress(room.event_id)
    assert [str(one) for one in found.blockers] == [
        f"操作, seat 1 ({first.title}): sheets not signed yet: 1.",
        f"操作, seat 2 ({second.title}): sheets not signed yet: 2.",
    ]
    assert (found.signed, found.sheets) == (1, 4)
    with pytest.raises(Refused, match="not signed yet"):
        judging.confirm(room.by(room.chief), room.event_id)


def test_the_matrix_tells_signed_begun_and_empty_apart(build: Builder) -> None:
    room = open_room(build, entries=1)
    first, second = room.judges
    sheet = room.sheets(second)[0]
    marks.enter_marks(room.by(second), sheet.id, [Typed(sheet.id, "A1", "1")])
    room.sign(first, room.sheets(first)[0], "45", "1", "2")
    (row,) = judging.get_progress(room.event_id).rows
    one, two = (row.cells[seat.id] for seat in room.seats())
    assert (one.signed, one.started) == (True, True)
    assert (two.signed, two.started) == (False, True)
    assert not row.done


def test_entries_that_do_not_compete_block_nothing(build: Builder) -> None:
    room = open_room(build)
    for judge in room.judges:
        room.sign(judge, room.sheets(judge)[0], "45", "1", "2")
    by = room.by(room.chief)
    attendance.record_attendance(by, room.event_id, room.entries[1:], EntryStatus.VIOLATION, "舞弊")
    judging.confirm(by, room.event_id)
    assert room.event.state is EventState.REVIEW
    assert set(marks_collecting.collect_marks(room.event_id)) == {room.entries[0]}


def test_nobody_competing_is_not_confirmed(build: Builder) -> None:
    room = open_room(build)
    by = room.by(room.chief)
    attendance.record_attendance(by, room.event_id, room.entries, EntryStatus.ABSENT)
    with pytest.raises(Refused, match="No entry competes"):
        judging.confirm(by, room.event_id)


def test_judges_ten_marks_apart_are_shown_with_both_values(build: Builder) -> None:
    room = open_room(build)
    first, second = room.judges
    for sheet in room.sheets(first):
        room.sign(first, sheet, "45", "1", "3")
    near, far = room.sheets(second)
    room.sign(second, near, "35.5", "1", "3")
    assert judging.get_progress(room.event_id).spreads == []
    room.sign(second, far, "35", "1", "3")
    (line,) = judging.get_progress(room.event_id).spreads
    assert (line.lowest, line.highest, line.part_title) == (75, 85, "操作")
    judging.reopen_sheet(room.by(room.chief), far.id, "核对")
    assert judging.get_progress(room.event_id).spreads == []


def test_a_sheet_is_opened_again_with_a_reason_only(build: Builder) -> None:
    room = open_room(build, entries=1)
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    by = room.by(room.chief)
    with pytest.raises(Refused, match="open already"):
        judging.reopen_sheet(by, sheet.id, "补录")
    room.sign(judge, sheet, "45", "1", "2")
    with pytest.raises(Refused) as refused:
        judging.reopen_sheet(by, sheet.id, "  ")
    assert refused.value.field == "reason"
    judging.reopen_sheet(by, sheet.id, "补录")
    opened = room.sheets(judge)[0]
    assert (opened.state, opened.signed_at) == (SheetState.OPEN, None)
    with pytest.raises(Missing):
        judging.reopen_sheet(by, 999_999, "补录")


def test_confirmed_marks_go_back_to_scoring_and_revisions_are_superseded(build: Builder) -> None:
    room = open_room(build, entries=1)
    for judge in room.judges:
        room.sign(judge, room.sheets(judge)[0], "45", "1", "2")
    by = room.by(room.chief)
    with pytest.raises(Refused, match="Only confirmed marks"):
        judging.reopen(by, room.event_id, "更正")
    judging.confirm(by, room.event_id)
    with pytest.raises(Refused, match="again first"):
        judging.reopen_sheet(by, room.sheets(room.judges[0])[0].id, "更正")
    revision = _revision(room.event)
    with pytest.raises(Refused, match="reason"):
        judging.reopen(by, room.event_id, "")
    judging.reopen(by, room.event_id, "更正 A1")
    assert room.event.state is EventState.SCORING
    db.session.refresh(revision)
    assert revision.state is RevisionState.SUPERSEDED
    judging.confirm(by, room.event_id)


def test_progress_costs_the_same_whatever_the_number_of_entries(
    build: Builder, statements: object
) -> None:
    counts = []
    for size in (2, 4):
        room = open_room(build, entries=size)
        for judge in room.judges:
            room.sign(judge, room.sheets(judge)[0], "45" if size == 2 else "20", "1", "2")
        with statements() as seen:  # type: ignore[operator]
            found = judging.get_progress(room.event_id)
            assert [column.seat.account.title for column in found.columns]
        counts.append(len(seen))
    assert counts[0] == counts[1]


def _revision(event: Event) -> Revision:
    rules = RuleVersion(
        event_id=event.id,
        number=1,
        scheme=event.scheme,
        plan=event.plan,
        edition={},
        digest="x",
        frozen_at=NOW,
    )
    db.session.add(rules)
    db.session.flush()
    revision = Revision(
        event_id=event.id,
        number=1,
        state=RevisionState.DRAFT,
        rule_version_id=rules.id,
        digest="x",
        computed_at=NOW,
    )
    db.session.add(revision)
    db.session.commit()
    return revision
