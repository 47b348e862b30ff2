"""Marks: entered, kept from each other, signed."""

from collections.abc import Iterable
from decimal import Decimal

import pytest

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.entries import Entry
from models.judging import Mark, Sheet
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import EntryState, SheetState
from services import attendance, judging, marks, sheets
from services.marks import RefusedMarks, Typed
from services.sheets import StoredMark
from services.transaction import Repeated
from tests.builders import Builder
from tests.judging_rooms import (
    Room,
    open_room,
    seated_room,
    theory_scheme,
)


@pytest.fixture
def room(build: Builder) -> Room:
    return open_room(build)


def _enter(room: Room, account: Account, sheet: Sheet, text: str, base: int = 0) -> int:
    typed = [Typed(sheet.id, "A1", text, base)]
    return marks.enter_marks(room.by(account), sheet.id, typed)


def _stored(sheet: Sheet) -> dict[str, StoredMark]:
    return sheets.stored_marks([sheet.id]).get(sheet.id, {})


def _records(action: str) -> list[AuditRecord]:
    query = db.select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.id)
    return list(db.session.scalars(query))


def test_a_mark_is_kept_with_a_version_and_a_record(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    _enter(room, judge, sheet, "45.5")
    first = _stored(sheet)["A1"]
    assert first.value == Decimal("45.5")
    _enter(room, judge, sheet, "46", first.version)
    second = _stored(sheet)["A1"]
    assert (second.value, second.version > first.version) == (Decimal(46), True)
    last = _records("enter_mark")[-1]
    assert (last.subject_id, last.before, last.after) == (
        sheet.id,
        {"A1": "45.5000"},
        {"A1": "46"},
    )


def test_the_same_mark_again_writes_nothing(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    _enter(room, judge, sheet, "45.5")
    before = _stored(sheet)
    _enter(room, judge, sheet, "45.50", 0)
    assert _stored(sheet) == before
    assert len(_records("enter_mark")) == 1


def test_a_stale_mark_is_refused_with_both_values(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    _enter(room, judge, sheet, "45")
    with pytest.raises(RefusedMarks) as refused:
        _enter(room, judge, sheet, "50", 0)
    problem = refused.value.problems[sheet.id, "A1"]
    assert "45.0000 is stored, you entered 50" in str(problem)
    assert refused.value.stored[sheet.id, "A1"] == _stored(sheet)["A1"]
    assert _stored(sheet)["A1"].value == 45


def test_a_mark_taken_away_elsewhere_is_not_silently_put_back(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    _enter(room, judge, sheet, "45")
    version = _stored(sheet)["A1"].version
    _enter(room, judge, sheet, "", version)
    assert _stored(sheet) == {}
    with pytest.raises(RefusedMarks, match="Nothing was saved"):
        _enter(room, judge, sheet, "50", version)
    _enter(room, judge, sheet, "40", 0)
    with pytest.raises(RefusedMarks):
        _enter(room, judge, sheet, "50", version)  # a new mark never has the version of an old one


def test_a_field_that_was_never_touched_does_not_erase_a_newer_mark(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    _enter(room, judge, sheet, "45")
    _enter(room, judge, sheet, "", 0)
    assert _stored(sheet)["A1"].value == 45


def test_a_sheet_is_saved_whole_or_not_at_all(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    typed = [
        Typed(sheet.id, "A1", "45"),
        Typed(sheet.id, "A2", "5"),
        Typed(sheet.id, "A3", "viel"),
    ]
    with pytest.raises(RefusedMarks) as refused:
        marks.enter_marks(room.by(judge), sheet.id, typed)
    assert {aspect for _, aspect in refused.value.problems} == {"A2", "A3"}
    assert _stored(sheet) == {}


@pytest.mark.parametrize("text", ["60.5", "-1", "7.3", "seven", "1e1"])
def test_an_impossible_mark_is_refused_at_its_aspect(room: Room, text: str) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    with pytest.raises(RefusedMarks) as refused:
        _enter(room, judge, sheet, text)
    assert list(refused.value.problems) == [(sheet.id, "A1")]


def test_somebody_elses_sheet_or_aspect_does_not_exist(room: Room) -> None:
    judge, other = room.judges
    foreign, own = room.sheets(other)[0], room.sheets(judge)[0]
    with pytest.raises(Missing):
        _enter(room, judge, foreign, "45")
    with pytest.raises(Missing):
        marks.enter_marks(room.by(judge), own.id, [Typed(foreign.id, "A1", "45")])
    with pytest.raises(Missing):
        marks.enter_marks(room.by(judge), own.id, [Typed(own.id, "Z9", "45")])
    with pytest.raises(Missing):
        marks.enter_marks(room.by(judge), 999_999, [])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (EntryStatus.ABSENT, "absent"),
        (EntryStatus.WITHDRAWN, "withdrawn"),
        (EntryStatus.VIOLATION, "violation"),
    ],
)
def test_an_entry_that_does_not_compete_is_not_marked(
    room: Room, status: EntryStatus, words: str
) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    by = room.by(room.organizer)
    attendance.record_attendance(by, room.event_id, [sheet.work.entry_id], status, "现场")
    with pytest.raises(Refused, match=words):
        _enter(room, judge, sheet, "45")
    with pytest.raises(Refused, match=words):
        marks.sign_sheet(room.by(judge), sheet.id)


def test_an_entry_withdrawn_after_the_draw_is_not_marked(room: Room) -> None:
    sheet = room.sheets(room.judges[0])[0]
    db.session.get_one(Entry, sheet.work.entry_id).state = EntryState.WITHDRAWN
    db.session.commit()
    with pytest.raises(Refused, match="withdrawn"):
        _enter(room, room.judges[0], sheet, "45")


def test_before_the_opening_nobody_marks(build: Builder) -> None:
    room = seated_room(build)
    sheet = Sheet(event_id=room.event_id, work_id=room.works()[0].id, seat_id=room.seats()[0].id)
    db.session.add(sheet)
    db.session.commit()
    with pytest.raises(Refused, match="not open yet"):
        _enter(room, room.judges[0], sheet, "45")


def test_missing_marks_keep_a_sheet_from_being_signed(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    with pytest.raises(RefusedMarks, match="Not signed") as refused:
        marks.sign_sheet(room.by(judge), sheet.id, [Typed(sheet.id, "A2", "1")])
    assert {aspect for _, aspect in refused.value.problems} == {"A1", "A3"}
    assert _stored(sheet) == {}  # nothing half-saved


def test_a_signed_sheet_is_locked(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    room.sign(judge, sheet, "45", "1", "2")
    assert room.sheets(judge)[0].state is SheetState.SIGNED
    assert _records("sign")[-1].after == {
        "total": "75.00",
        "marks": {"A1": "45.0000", "A2": "1.0000", "A3": "2.0000"},
    }
    with pytest.raises(Refused, match="signed"):
        _enter(room, judge, sheet, "46", 2)
    with pytest.raises(Refused, match="signed"):
        marks.sign_sheet(room.by(judge), sheet.id)


def test_after_the_chiefs_confirmation_nothing_changes(build: Builder) -> None:
    room = open_room(build, entries=1)
    for judge in room.judges:
        room.sign(judge, room.sheets(judge)[0], "45", "1", "2")
    judging.confirm(room.by(room.chief), room.event_id)
    with pytest.raises(Refused, match="confirmed"):
        _enter(room, room.judges[0], room.sheets(room.judges[0])[0], "46")


def test_a_repeated_request_has_one_effect(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    by = room.by(judge)
    keyed = type(by)(by.account_id, by.now, by.request_id, "key-1")
    marks.enter_marks(keyed, sheet.id, [Typed(sheet.id, "A1", "45")])
    with pytest.raises(Repeated):
        marks.enter_marks(keyed, sheet.id, [Typed(sheet.id, "A1", "45")])
    assert len(_records("enter_mark")) == 1


# --- the table ---


def _table(build: Builder, entries: int = 3) -> tuple[Room, Account, int, list[Sheet]]:
    room = open_room(build, entries, theory_scheme())
    clerk = room.judges[0]
    seat = next(one for one in room.seats() if one.part == "theory")
    return room, clerk, seat.id, room.sheets(clerk)


def _lines(found: Iterable[Sheet], *texts: str) -> list[Typed]:
    return [Typed(sheet.id, "theory_mark", text) for sheet, text in zip(found, texts, strict=True)]


def test_a_table_is_saved_and_signed_at_once(build: Builder) -> None:
    room, clerk, seat_id, found = _table(build)
    marks.enter_table(room.by(clerk), seat_id, _lines(found, "80", "71.5", ""))
    view = sheets.get_table(seat_id)
    stored = {row.sheet_id: row.marks for row in view.rows}
    assert stored[found[1].id]["theory_mark"].value == Decimal("71.5")
    assert stored[found[2].id] == {}
    marks.sign_table(room.by(clerk), seat_id, [Typed(found[2].id, "theory_mark", "0")])
    assert sheets.get_table(seat_id).open == 0
    assert [record.subject for record in _records("sign")] == ["seat"]


def test_one_wrong_line_keeps_the_whole_table_back(build: Builder) -> None:
    room, clerk, seat_id, found = _table(build)
    with pytest.raises(RefusedMarks) as refused:
        marks.enter_table(room.by(clerk), seat_id, _lines(found, "80", "101", "x"))
    assert set(refused.value.problems) == {(one.id, "theory_mark") for one in found[1:]}
    assert not db.session.scalars(db.select(Mark.id)).all()


def test_a_table_with_gaps_is_not_signed(build: Builder) -> None:
    room, clerk, seat_id, found = _table(build)
    with pytest.raises(RefusedMarks, match="Not signed") as refused:
        marks.sign_table(room.by(clerk), seat_id, _lines(found, "80", "", "70"))
    assert list(refused.value.problems) == [(found[1].id, "theory_mark")]


def test_a_signed_line_cannot_change_but_the_rest_can(build: Builder) -> None:
    room, clerk, seat_id, found = _table(build)
    marks.sign_sheet(room.by(clerk), found[0].id, _lines(found[:1], "80"))
    version = sheets.stored_marks([found[0].id])[found[0].id]["theory_mark"].version
    marks.enter_table(room.by(clerk), seat_id, _lines(found, "80", "70", "60"))
    with pytest.raises(RefusedMarks) as refused:
        marks.enter_table(
            room.by(clerk), seat_id, [Typed(found[0].id, "theory_mark", "90", version)]
        )
    assert "signed" in str(refused.value.problems[found[0].id, "theory_mark"])
    marks.sign_table(room.by(clerk), seat_id)
    with pytest.raises(Refused, match="no sheet left"):
        marks.sign_table(room.by(clerk), seat_id)


def test_only_the_seats_own_account_has_its_table(build: Builder) -> None:
    room, clerk, seat_id, _found = _table(build)
    with pytest.raises(Missing):
        marks.enter_table(room.by(room.judges[1]), seat_id, [])
    with pytest.raises(Missing):
        foreign = room.sheets(room.judges[1])[0]
        typed = [Typed(foreign.id, "theory_mark", "5")]
        marks.enter_table(room.by(clerk), seat_id, typed)


def test_a_table_costs_the_same_whatever_its_length(build: Builder, statements: object) -> None:
    counts = []
    for size in (1, 3):
        _room, _clerk, seat_id, _found = _table(build, size)
        with statements() as seen:  # type: ignore[operator]
            assert len(sheets.get_table(seat_id).rows) == size
        counts.append(len(seen))
    assert counts[0] == counts[1]
