"""Marks of every kind of aspect, of larger panels, and what the recorder enters."""

from decimal import Decimal

import pytest

from models.audits import AuditRecord
from models.database import db
from rules.marking import WHOLE, score_entry
from rules.refusals import Missing
from rules.schemes import Deduction, Given
from rules.seats import RECORDER
from services import contests, judging, marks, marks_collecting
from services.marks import RefusedMarks, Typed
from tests.builders import Builder
from tests.judging_rooms import Room, mixed_scheme, open_room, rich_scheme

FULL = {"M1": "20.035", "M2": "15:30", "M3": "1", "J1": "-2", "J2": "2"}


@pytest.fixture
def rich(build: Builder) -> Room:
    return open_room(build, 1, rich_scheme())


def _fill(room: Room, number: int, part: str = "work", **texts: str) -> int:
    """Fill the sheet of one seat and sign it; return the sheet's id."""
    seat = next(one for one in room.seats() if (one.part, one.number) == (part, number))
    sheet = next(one for one in room.sheets(seat.account) if one.seat_id == seat.id)
    typed = [Typed(sheet.id, key, text) for key, text in texts.items()]
    return marks.sign_sheet(room.by(seat.account), sheet.id, typed)


def _fill_all(room: Room, breaches: str = "") -> None:
    _fill(room, 1, **FULL)
    _fill(room, 2, J1="1", J2="1")
    _fill(room, 3, J1="3", J2="0")
    _fill(room, RECORDER, difficulty="1.5", breach=breaches)
    _fill(room, RECORDER, WHOLE, time="1:00:00")


def test_every_kind_of_aspect_is_marked_and_comes_to_the_engine_as_it_is(rich: Room) -> None:
    _fill_all(rich, breaches="1")
    (found,) = marks_collecting.collect_marks(rich.event_id).values()
    assert [sheet.judge for sheet in found["work"]] == [RECORDER, 1, 2, 3]
    agreed, first, *_ = found["work"]
    assert agreed.marks == {"difficulty": Decimal("1.5"), "breach": 1}
    assert first.marks == {"M1": Decimal("20.035"), "M2": 930, "M3": 1, "J1": -2, "J2": 2}
    assert [(one.judge, one.marks) for one in found[WHOLE]] == [(RECORDER, {"time": 3600})]
    # M 8 + 3 + 1.5, of J the middle of three: 1 and 2; times 1.5, one breach less.
    score = score_entry(rich_scheme(), found)
    assert score.parts["work"].judges == ()
    exact = (Decimal("15.5") * Decimal("1.5") - 5) / (28 * 2) * 100
    assert abs(score.total - exact) < Decimal("0.01")


def test_a_seat_of_a_larger_panel_marks_its_own_aspects_only(rich: Room) -> None:
    with pytest.raises(Missing):
        _fill(rich, 2, M1="20", J1="1", J2="1")
    with pytest.raises(RefusedMarks) as refused:
        _fill(rich, 2, J1="1")
    assert [aspect for _, aspect in refused.value.problems] == ["J2"]
    with pytest.raises(Missing):
        _fill(rich, 1, difficulty="1")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("M1", "20.0355"),
        ("M1", "20.00001"),
        ("M2", "15:61"),
        ("M3", "3"),
        ("J1", "-4"),
        ("J1", "0.5"),
        ("J2", "3"),
    ],
)
def test_a_reading_off_its_step_or_a_level_too_high_is_refused(
    rich: Room, key: str, text: str
) -> None:
    with pytest.raises(RefusedMarks) as refused:
        _fill(rich, 1, **FULL | {key: text})
    assert [aspect for _, aspect in refused.value.problems] == [key]


def test_the_recorder_needs_what_is_agreed_and_may_leave_deductions_blank(rich: Room) -> None:
    with pytest.raises(RefusedMarks) as refused:
        _fill(rich, RECORDER, breach="1")
    assert [aspect for _, aspect in refused.value.problems] == ["difficulty"]
    with pytest.raises(RefusedMarks):
        _fill(rich, RECORDER, difficulty="2.1")
    sheet_id = _fill(rich, RECORDER, difficulty="1")
    query = db.select(AuditRecord).where(AuditRecord.action == "sign")
    record = db.session.scalars(query.order_by(AuditRecord.id)).all()[-1]
    assert (record.subject_id, record.after) == (sheet_id, {"marks": {"difficulty": "1.0000"}})


def test_the_recorders_sheets_block_and_are_opened_again_like_all_others(rich: Room) -> None:
    for number, texts in ((1, FULL), (2, {"J1": "1", "J2": "1"}), (3, {"J1": "1", "J2": "1"})):
        _fill(rich, number, **texts)
    blockers = [str(one) for one in judging.get_progress(rich.event_id).blockers]
    assert [one.split(" (")[0] for one in blockers] == ["操作, recorder", "Whole event, recorder"]
    sheet_id = _fill(rich, RECORDER, difficulty="1")
    judging.reopen_sheet(rich.by(rich.chief), sheet_id, "更正")
    _fill(rich, RECORDER)
    _fill(rich, RECORDER, WHOLE, time="99")
    judging.confirm(rich.by(rich.chief), rich.event_id)


def test_a_sheet_with_nothing_to_record_is_signed_empty_and_is_no_sheet_of_a_judge(
    build: Builder,
) -> None:
    scheme = mixed_scheme()
    breach = Deduction(key="breach", title="违规", each=Decimal(5))
    part = scheme.parts[0].model_copy(update={"deductions": (breach,)})
    room = open_room(build, 1, scheme.model_copy(update={"parts": (part,)}))
    for number in (1, 2):
        _fill(room, number, A1="45", A2="1", A3="3")
    _fill(room, RECORDER)
    (found,) = marks_collecting.collect_marks(room.event_id).values()
    assert [sheet.judge for sheet in found["work"]] == [1, 2]


def test_a_part_that_may_be_left_out_can_be_signed_empty(build: Builder) -> None:
    scheme = mixed_scheme()
    part = scheme.parts[0].model_copy(update={"missing": "zero"})
    room = open_room(build, 1, scheme.model_copy(update={"parts": (part,)}))
    with pytest.raises(RefusedMarks):
        _fill(room, 1, A1="45")
    for number in (1, 2):
        _fill(room, number)
    (found,) = marks_collecting.collect_marks(room.event_id).values()
    assert found == {}
    assert score_entry(contests.scheme_of(room.event), found).total == 0


def test_agreed_values_count_when_judges_are_compared(build: Builder) -> None:
    scheme = mixed_scheme()
    section = (
        scheme.parts[0]
        .sections[0]
        .model_copy(update={"times": Given(key="g", title="难度", maximum=Decimal(3))})
    )
    part = scheme.parts[0].model_copy(update={"sections": (section,)})
    room = open_room(build, 1, scheme.model_copy(update={"parts": (part,)}))
    _fill(room, 1, A1="45", A2="1", A3="3")
    _fill(room, 2, A1="15", A2="1", A3="3")
    assert judging.get_progress(room.event_id).spreads == []  # not comparable yet
    _fill(room, RECORDER, g="3")
    (line,) = judging.get_progress(room.event_id).spreads
    assert (line.lowest, line.highest) == (55, 85)
