"""What became of each entry on the day."""

import pytest

from models.audits import AuditRecord
from models.database import db
from models.entries import Entry
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import EventState
from services import attendance, judging
from tests.builders import Builder
from tests.judging_rooms import open_room, seated_room


def _status(entry_id: int) -> EntryStatus:
    return db.session.get_one(Entry, entry_id, populate_existing=True).status


def test_several_absentees_are_recorded_at_once_each_with_a_record(build: Builder) -> None:
    room = seated_room(build, entries=3)
    by, absent = room.by(room.organizer), room.entries[:2]
    attendance.record_attendance(by, room.event_id, absent, EntryStatus.ABSENT)
    assert attendance.count_statuses(room.event_id)[EntryStatus.ABSENT] == 2
    query = db.select(AuditRecord.subject_id).where(AuditRecord.action == "attend")
    assert list(db.session.scalars(query)) == absent


def test_a_violation_needs_its_reason(build: Builder) -> None:
    room = seated_room(build)
    by = room.by(room.organizer)
    for status in (EntryStatus.VIOLATION, EntryStatus.WITHDRAWN):
        with pytest.raises(Refused) as refused:
            attendance.record_attendance(by, room.event_id, room.entries[:1], status)
        assert refused.value.field == "reason"
    attendance.record_attendance(
        by, room.event_id, room.entries[:1], EntryStatus.VIOLATION, "使用手机"
    )
    assert _status(room.entries[0]) is EntryStatus.VIOLATION


def test_nobody_ticked_or_a_foreign_entry_is_refused(build: Builder) -> None:
    room, other = seated_room(build), seated_room(build)
    by = room.by(room.organizer)
    with pytest.raises(Refused, match="at least one"):
        attendance.record_attendance(by, room.event_id, [], EntryStatus.ABSENT)
    with pytest.raises(Missing):
        attendance.record_attendance(by, room.event_id, other.entries, EntryStatus.ABSENT)


@pytest.mark.parametrize("state", [EventState.REGISTERING, EventState.REVIEW])
def test_attendance_belongs_between_draw_and_confirmation(
    build: Builder, state: EventState
) -> None:
    event = build.event(state=state)
    entry = build.entry(event, code="AAAA")
    with pytest.raises(Refused, match="from the draw"):
        attendance.record_attendance(build.actor(), event.id, [entry.id], EntryStatus.ABSENT)


def test_who_was_absent_by_mistake_gets_sheets_when_put_right(build: Builder) -> None:
    room = seated_room(build)
    by = room.by(room.organizer)
    attendance.record_attendance(by, room.event_id, room.entries[:1], EntryStatus.ABSENT)

    judging.open_scoring(by, room.event_id)
    judge = room.judges[0]
    assert [one.work.entry_id for one in room.sheets(judge)] == room.entries[1:]
    attendance.record_attendance(by, room.event_id, room.entries[:1], EntryStatus.COMPETED)
    assert [one.work.entry_id for one in room.sheets(judge)] == room.entries


def test_the_list_is_searched_and_filtered_at_the_same_cost(
    build: Builder, statements: object
) -> None:
    counts = []
    for size in (1, 3):
        room = open_room(build, entries=size)
        with statements() as seen:  # type: ignore[operator]
            page = attendance.list_attendance(room.event_id)
            assert page.total == size
            assert all(one.division.title for one in page.items)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    entry = db.session.get_one(Entry, room.entries[1])
    for text in (entry.title, entry.number, (entry.code or "").lower()):
        assert entry.id in {
            one.id for one in attendance.list_attendance(room.event_id, 1, text).items
        }
    assert attendance.list_attendance(room.event_id, 1, "%").total == 0
    assert attendance.list_attendance(room.event_id, 1, "", EntryStatus.ABSENT).total == 0
