"""Batches of marks from a judge's device."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.judging import Sheet
from models.receipts import SentMark
from services import judging, marks, marks_syncing, remarks, sheets
from services.marks import Typed
from services.marks_syncing import Answer, Sent
from tests.builders import Builder
from tests.judging_rooms import Room, open_room

TABLET, PHONE = "tablet-0001", "phone-00001"
_DEVICES = itertools.count(1_000)


@pytest.fixture
def room(build: Builder) -> Room:
    return open_room(build)


def _sent(
    sheet: Sheet, text: str, sequence: int = 1, base: int = 0, aspect: str = "A1", key: str = ""
) -> Sent:
    name = key or f"key-{sheet.id}-{aspect}-{sequence}"
    return Sent(name, sheet.id, aspect, text, base, sequence)


def _sync(room: Room, judge: Account, *sent: Sent, device: str = TABLET) -> list[Answer]:
    return marks_syncing.sync(room.by(judge), device, sent, lambda _place: True)[1]


def _states(answers: list[Answer]) -> list[str]:
    return [answer.state for answer in answers]


def _values(sheet: Sheet) -> dict[str, Decimal]:
    stored = sheets.stored_marks([sheet.id]).get(sheet.id, {})
    return {aspect: mark.value for aspect, mark in stored.items()}


def _records() -> list[AuditRecord]:
    query = db.select(AuditRecord).where(AuditRecord.action == "enter_mark")
    return list(db.session.scalars(query.order_by(AuditRecord.id)))


def test_a_batch_of_several_sheets_is_taken_in(room: Room) -> None:
    judge = room.judges[0]
    first, second = room.sheets(judge)
    answers = _sync(
        room,
        judge,
        _sent(first, "45.5"),
        _sent(second, "50"),
        _sent(first, "1", 2, aspect="A2"),
    )
    assert _states(answers) == ["saved"] * 3
    assert _values(first) == {"A1": Decimal("45.5"), "A2": Decimal(1)}
    assert _values(second) == {"A1": Decimal(50)}
    assert [record.after for record in _records()] == [{"A1": "45.5", "A2": "1"}, {"A1": "50"}]


def test_a_batch_that_comes_twice_has_one_effect_and_the_same_answers(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    batch = [_sent(sheet, "45"), _sent(sheet, "1", 2, aspect="A2")]
    first = _sync(room, judge, *batch)
    assert _sync(room, judge, *batch) == first
    assert len(_records()) == 1
    assert db.session.scalar(db.select(db.func.count()).select_from(SentMark)) == 2


def test_an_earlier_entry_of_the_same_device_never_overwrites_a_later_one(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    assert _states(_sync(room, judge, _sent(sheet, "46", 2))) == ["saved"]
    (late,) = _sync(room, judge, _sent(sheet, "45", 1))
    assert (late.state, late.stored.value) == ("passed", Decimal(46))
    assert _values(sheet) == {"A1": Decimal(46)}


def test_a_device_whose_answer_was_lost_is_not_in_conflict_with_itself(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    _sync(room, judge, _sent(sheet, "45", 1))
    assert _states(_sync(room, judge, _sent(sheet, "46", 2, base=0))) == ["saved"]


def test_a_stale_mark_of_another_device_is_asked_about(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    _sync(room, judge, _sent(sheet, "45", 1))
    (answer,) = _sync(room, judge, _sent(sheet, "50", 9, key="key-phone"), device=PHONE)
    assert (answer.state, answer.stored.value) == ("conflict", Decimal(45))
    again = _sent(sheet, "50", 10, base=answer.stored.version, key="key-phone-2")
    assert _states(_sync(room, judge, again, device=PHONE)) == ["saved"]
    # and now the tablet is the one that is asked
    assert _states(_sync(room, judge, _sent(sheet, "44", 2))) == ["conflict"]
    assert _values(sheet) == {"A1": Decimal(50)}


def test_a_mark_is_taken_away_and_given_again_in_one_batch(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    texts = ("45", "", "46")
    answers = _sync(room, judge, *(_sent(sheet, text, n) for n, text in enumerate(texts, 1)))
    assert _states(answers) == ["saved"] * 3
    assert _values(sheet) == {"A1": Decimal(46)}


def test_a_poisoned_mark_holds_up_none_of_the_others(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    answers = _sync(
        room,
        judge,
        _sent(sheet, "99999", 1),
        _sent(sheet, "1", 2, aspect="A2"),
        _sent(sheet, "1", 3, aspect="Z9"),
        _sent(sheet, "4", 4, aspect="A3"),
        _sent(sheet, "45", 5, key="k" * 65_000),  # no database of ours takes such a key
    )
    assert _states(answers)[:4] == ["refused", "saved", "refused", "refused"]
    assert _values(sheet)["A2"] == Decimal(1)
    assert all(answer.problem for answer in answers if answer.state == "refused")


def test_what_breaks_the_program_is_answered_alone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that no column holds: the rest of the sheet's marks is stored one by one."""
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    answers = _sync(room, judge, _sent(sheet, "45", 2**70), _sent(sheet, "1", 2, aspect="A2"))
    assert _states(answers) == ["failed", "saved"]
    assert _values(sheet) == {"A2": Decimal(1)}


def test_a_key_counts_once_whatever_it_carries(room: Room) -> None:
    judge = room.judges[0]
    first, second = room.sheets(judge)
    _sync(room, judge, _sent(first, "45", 1, key="key-00000001"))
    answers = _sync(
        room,
        judge,
        _sent(second, "46", 2, key="key-00000001"),
    )
    assert _states(answers) == ["refused"]
    assert _values(second) == {}


def test_a_key_belongs_to_one_account(room: Room) -> None:
    one, other = room.judges[:2]
    mine, theirs = room.sheets(one)[0], room.sheets(other)[0]
    _sync(room, one, _sent(mine, "45", key="key-00000001"))
    answers = _sync(room, other, _sent(theirs, "46", key="key-00000001"), device=PHONE)
    assert _states(answers) == ["saved"]


def test_a_foreign_or_unknown_sheet_is_unknown_and_the_rest_is_saved(room: Room) -> None:
    one, other = room.judges[:2]
    mine, theirs = room.sheets(one)[0], room.sheets(other)[0]
    lost = Sent("key-lost", 999_999, "A1", "45", 0, 3)
    answers = _sync(room, one, _sent(theirs, "45"), _sent(mine, "46", 2), lost)
    assert _states(answers) == ["unknown", "saved", "unknown"]
    sent = [_sent(mine, "47", 3)]
    _digest, (refused,) = marks_syncing.sync(room.by(one), TABLET, sent, lambda _place: False)
    assert refused.state == "unknown"


def test_a_signed_sheet_takes_nothing_new_but_answers_what_came_before(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    before = _sent(sheet, "45")
    _sync(room, judge, before)
    version = sheets.stored_marks([sheet.id])[sheet.id]["A1"].version
    typed = [
        Typed(sheet.id, "A1", "45", version),
        Typed(sheet.id, "A2", "1"),
        Typed(sheet.id, "A3", "2"),
    ]
    marks.sign_sheet(room.by(judge), sheet.id, typed)
    again, same, new = _sync(room, judge, before, _sent(sheet, "45", 2), _sent(sheet, "46", 3))
    assert (again.state, same.state, new.state) == ("saved", "same", "refused")
    assert "signed" in str(new.problem)
    judging.reopen_sheet(room.by(room.chief), sheet.id, "量错")
    assert _states(_sync(room, judge, _sent(sheet, "46", 3))) == ["saved"]


def test_a_sheet_that_was_asked_for_again_takes_only_the_lines_asked_for(room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    room.sign(judge, sheet, "45", "1", "2")
    remarks.ask_again(room.by(room.chief), sheet.id, ["A1"], "与他人相差过大")
    versions = {key: one.version for key, one in sheets.stored_marks([sheet.id])[sheet.id].items()}
    asked, other = _sync(
        room,
        judge,
        _sent(sheet, "46", 1, versions["A1"]),
        _sent(sheet, "0", 2, versions["A2"], aspect="A2"),
    )
    assert (asked.state, other.state) == ("saved", "refused")
    assert _values(sheet)["A2"] == Decimal(1)


def test_a_judge_keeps_the_sheets_of_open_events_only(room: Room) -> None:
    judge = room.judges[0]
    kept = marks_syncing.list_kept(judge.id)
    assert {one.sheet_id for one in kept} == {sheet.id for sheet in room.sheets(judge)}
    before = {one.sheet_id: one.mark for one in kept}
    sheet = room.sheets(judge)[0]
    _sync(room, judge, _sent(sheet, "45"))
    after = {one.sheet_id: one.mark for one in marks_syncing.list_kept(judge.id)}
    assert {key for key in after if after[key] != before[key]} == {sheet.id}
    assert marks_syncing.list_kept(room.chief.id) == []


def test_every_account_has_a_key_of_its_own_that_stays(room: Room) -> None:
    one, other = room.judges[:2]
    assert marks_syncing.queue_key(one.id) == marks_syncing.queue_key(one.id)
    assert marks_syncing.queue_key(one.id) != marks_syncing.queue_key(other.id)
    assert len(bytes.fromhex(marks_syncing.queue_key(one.id))) == 32


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_order_repetition_and_cutting_of_batches_stores_what_was_typed_last(
    room: Room, data: st.DataObject
) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    device = f"device-{next(_DEVICES)}"
    start = _highest(sheet) + 1
    typed = data.draw(
        st.lists(
            st.tuples(st.sampled_from(["A1", "A2"]), st.sampled_from(["", "0", "1"])), min_size=1
        )
    )
    entries = [
        _sent(sheet, text, n, 0, aspect, f"{device}-{n}")
        for n, (aspect, text) in enumerate(typed, start)
    ]
    wanted = dict(typed)
    for aspect in ("A1", "A2"):  # another device's marks are out of the way
        stored = sheets.stored_marks([sheet.id]).get(sheet.id, {}).get(aspect)
        if stored is not None:
            marks.enter_marks(
                room.by(judge), sheet.id, [Typed(sheet.id, aspect, "", stored.version)]
            )
    again = data.draw(st.lists(st.sampled_from(entries), max_size=5))
    arrivals = data.draw(st.permutations([*entries, *again]))
    for batch in _cut(arrivals, data.draw(st.integers(1, 4))):
        answers = _sync(room, judge, *batch, device=device)
        assert set(_states(answers)) <= {"saved", "same", "passed"}
    stored_now = {key: format(value.normalize(), "f") for key, value in _values(sheet).items()}
    assert stored_now == {key: text for key, text in wanted.items() if text}
    taken = db.select(SentMark.key).where(SentMark.device == device)
    assert sorted(db.session.scalars(taken)) == sorted(one.key for one in entries)


def _highest(sheet: Sheet) -> int:
    query = db.select(db.func.max(SentMark.sequence)).where(SentMark.sheet_id == sheet.id)
    return db.session.scalar(query) or 0


def _cut(arrivals: list[Sent], size: int) -> list[list[Sent]]:
    cut = [arrivals[at : at + size] for at in range(0, len(arrivals), size)]
    return [list({one.key: one for one in batch}.values()) for batch in cut]
