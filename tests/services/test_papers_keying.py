"""Two clerks key each paper sheet: what agrees becomes its marks, what differs blocks."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from models.judging import Sheet
from models.papers import Keying
from models.works import Work
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import SheetState
from services import attendance, contests, judging, marks, papers, papers_keying, sheets
from services.acting import Actor
from services.marks import RefusedMarks, Typed
from tests.builders import NOW, Builder
from tests.judging_rooms import rich_scheme, theory_scheme
from tests.paper_rooms import GOOD, PaperRoom, paper_room, use_double_keying
from tests.services.test_races import CROWD, all_at_once

OTHER = GOOD | {"A1": "53"}


@pytest.fixture
def paper(build: Builder) -> PaperRoom:
    """An event whose sheets are keyed twice."""
    return paper_room(build)


def stored(sheet_id: int) -> dict[str, Decimal]:
    return {key: mark.value for key, mark in sheets.stored_marks([sheet_id])[sheet_id].items()}


def state(sheet_id: int) -> SheetState:
    return db.session.get_one(Sheet, sheet_id, populate_existing=True).state


def test_two_keyings_that_agree_are_the_marks_of_the_sheet(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    paper.key(0, one)
    assert sheets.stored_marks([one.sheet_id]) == {}
    assert state(one.sheet_id) is SheetState.OPEN
    paper.key(1, one, {"A1": "52.50", "A2": " 1 ", "A3": "２"})
    assert stored(one.sheet_id) == {"A1": Decimal("52.5"), "A2": 1, "A3": 2}
    assert state(one.sheet_id) is SheetState.SIGNED


def test_marks_can_be_confirmed_once_every_sheet_is_keyed_twice(paper: PaperRoom) -> None:
    room = paper.room
    assert any("not keyed by two clerks yet: 4" in text for text in paper.blockers())
    for number, one in enumerate(paper.papers()):
        if number == 3:  # the judge signed on the screen: that alone is not enough
            seat = next(s for s in room.seats() if s.number == one.number)
            sheet = next(s for s in room.sheets(seat.account) if s.id == one.sheet_id)
            room.sign(seat.account, sheet, *GOOD.values())
            with pytest.raises(Refused, match="not keyed by two clerks yet: 1"):
                judging.confirm(room.by(room.chief), room.event_id)
        paper.key(0, one)
        paper.key(1, one)
    assert paper.blockers() == []
    judging.confirm(room.by(room.chief), room.event_id)
    with pytest.raises(Refused, match="has confirmed the marks"):
        paper.key(2, paper.papers()[0])


def test_a_difference_blocks_and_leaves_the_marks_alone(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    paper.key(0, one)
    paper.key(1, one, OTHER)
    assert sheets.stored_marks([one.sheet_id]) == {}
    assert f"Paper sheet {one.reference}: lines that were read differently: 1." in paper.blockers()
    found = judging.get_progress(paper.room.event_id).blockers
    assert any("read differently" in str(problem) for problem in found)


def test_what_is_left_out_by_one_clerk_differs(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    paper.key(0, one)
    paper.key(1, one, {"A1": "52.5", "A2": "1"})
    assert any("read differently: 1" in text for text in paper.blockers())


def test_a_paper_with_an_empty_line_is_not_signed(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    for clerk in (0, 1):
        paper.key(clerk, one, {"A1": "52.5", "A2": "1"})
    assert stored(one.sheet_id) == {"A1": Decimal("52.5"), "A2": 1}
    assert state(one.sheet_id) is SheetState.OPEN
    assert not any("read differently" in text for text in paper.blockers())


def test_keying_is_checked_by_the_rules_of_the_sheet(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    with pytest.raises(RefusedMarks) as refused:
        paper.key(0, one, {"A1": "60.5", "A2": "2", "A3": "x"})
    assert set(refused.value.problems) == {(one.sheet_id, key) for key in ("A1", "A2", "A3")}
    with pytest.raises(Refused, match="Nothing was keyed"):
        paper.key(0, one, {"A1": " "})
    assert db.session.scalar(select(Keying)) is None


def test_every_kind_of_line_is_keyed(build: Builder) -> None:
    paper = paper_room(build, entries=1, scheme=rich_scheme())
    values = {
        "M1": "20.013",
        "M2": "15:30",
        "M3": "1",
        "J1": "-2",
        "J2": "2",
        "difficulty": "1.4",
        "breach": "1",
        "time": "1:02:05",
    }
    for one in paper.papers():
        own = {line.key: values[line.key] for line in one.layout.lines}
        paper.key(0, one, own)
        paper.key(1, one, own)
        assert state(one.sheet_id) is SheetState.SIGNED
    assert paper.blockers() == []
    judging.confirm(paper.room.by(paper.room.chief), paper.room.event_id)


def test_nobody_keys_a_sheet_twice_and_no_third_clerk_keys_it(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    paper.key(0, one)
    with pytest.raises(Refused, match="You have keyed this sheet"):
        paper.key(0, one, OTHER)
    paper.key(1, one)
    with pytest.raises(Refused, match="Two clerks have keyed"):
        paper.key(2, one)


def test_a_judge_does_not_key_the_sheet_he_marked(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    judge = db.session.get_one(Sheet, one.sheet_id).seat.account
    with pytest.raises(Refused, match="judge this sheet yourself"):
        papers_keying.key_sheet(paper.room.by(judge), one.sheet_id, GOOD)


def test_a_seated_clerk_keys_the_sheets_of_a_part_that_clerks_enter(build: Builder) -> None:
    paper = paper_room(build, entries=1, scheme=theory_scheme())
    one = next(one for one in paper.papers() if one.bench.entered_by == "clerk")
    seated = db.session.get_one(Sheet, one.sheet_id).seat.account
    values = {line.key: "60" for line in one.layout.lines}
    papers_keying.key_sheet(paper.room.by(seated), one.sheet_id, values)
    paper.key(0, one, values)
    assert state(one.sheet_id) is SheetState.SIGNED


def test_a_work_that_is_out_is_not_keyed(paper: PaperRoom) -> None:
    room, one = paper.room, paper.papers()[0]
    entry_id = room.entries[0]
    sheets = select(Sheet).join(Sheet.work).where(Work.entry_id == entry_id)
    gone = {sheet.id for sheet in db.session.scalars(sheets)}
    one = next(one for one in paper.papers() if one.sheet_id in gone)
    by = room.by(room.organizer)
    attendance.record_attendance(by, room.event_id, {entry_id}, EntryStatus.ABSENT, "未到")
    with pytest.raises(Missing):
        paper.key(0, one)
    assert {left.sheet_id for left in paper.papers()}.isdisjoint(gone)
    with pytest.raises(Missing):
        papers.get_paper(one.sheet_id)


def test_the_screen_of_the_judge_is_held_against_the_paper(build: Builder) -> None:
    paper = paper_room(build, double=False)
    one = paper.papers()[0]
    assert paper.blockers() == []
    judge = db.session.get_one(Sheet, one.sheet_id).seat.account
    paper.room.sign(judge, db.session.get_one(Sheet, one.sheet_id), *OTHER.values())
    paper.key(0, one)
    assert paper.blockers() == [
        f"Paper sheet {one.reference}: lines that were read differently: 1."
    ]
    assert stored(one.sheet_id)["A1"] == 53  # paper alone changes nothing
    chief = paper.room.by(paper.room.chief)
    papers_keying.rule_line(chief, one.sheet_id, "A1", "52.5", "纸质评分表为准")
    assert stored(one.sheet_id)["A1"] == Decimal("52.5")
    assert state(one.sheet_id) is SheetState.SIGNED
    assert paper.blockers() == []


def test_the_chief_judge_can_let_the_screen_count(build: Builder) -> None:
    paper = paper_room(build, double=False)
    one = paper.papers()[0]
    judge = db.session.get_one(Sheet, one.sheet_id).seat.account
    paper.room.sign(judge, db.session.get_one(Sheet, one.sheet_id), *OTHER.values())
    paper.key(0, one)
    papers_keying.rule_line(
        paper.room.by(paper.room.chief), one.sheet_id, "A1", "53", "裁判当面更正"
    )
    assert stored(one.sheet_id)["A1"] == 53
    assert paper.blockers() == []


def test_a_mark_that_changes_after_the_ruling_differs_again(build: Builder) -> None:
    paper = paper_room(build, double=False)
    one = paper.papers()[0]
    room, judge = paper.room, db.session.get_one(Sheet, one.sheet_id).seat.account
    room.sign(judge, db.session.get_one(Sheet, one.sheet_id), *OTHER.values())
    paper.key(0, one)
    chief = room.by(room.chief)
    papers_keying.rule_line(chief, one.sheet_id, "A1", "53", "裁判当面更正")
    judging.reopen_sheet(chief, one.sheet_id, "裁判要求")
    base = sheets.stored_marks([one.sheet_id])[one.sheet_id]["A1"].version
    marks.sign_sheet(room.by(judge), one.sheet_id, [Typed(one.sheet_id, "A1", "54", base)])
    assert len(paper.blockers()) == 1
    papers_keying.rule_line(chief, one.sheet_id, "A1", "54", "已在纸质评分表上更正并签名")
    assert paper.blockers() == []


def test_a_ruling_needs_a_difference_a_reason_and_a_right_value(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    chief = paper.room.by(paper.room.chief)
    with pytest.raises(Refused, match="not read differently"):
        papers_keying.rule_line(chief, one.sheet_id, "A1", "52.5", "看过扫描件")
    paper.key(0, one)
    paper.key(1, one, OTHER)
    for text, reason, problem in (
        ("52.5", " ", "Write the reason"),
        ("52.5", "长" * 401, "too long"),
        ("60.5", "看过扫描件", "between"),
    ):
        with pytest.raises(Refused) as refused:
            papers_keying.rule_line(chief, one.sheet_id, "A1", text, reason)
        assert refused.value.field in {"reason", "value"}, problem
    with pytest.raises(Missing):
        papers_keying.rule_line(chief, one.sheet_id, "nix", "1", "看过扫描件")
    papers_keying.rule_line(chief, one.sheet_id, "A1", "52.5", "看过扫描件")
    assert stored(one.sheet_id)["A1"] == Decimal("52.5")
    assert state(one.sheet_id) is SheetState.SIGNED


def test_the_pair_decides_together_after_a_third_look(paper: PaperRoom) -> None:
    one, room = paper.papers()[0], paper.room
    first, second, third = (room.by(clerk) for clerk in paper.clerks)
    paper.key(0, one)
    with pytest.raises(Missing):
        papers_keying.propose_line(first, one.sheet_id, "A1", "52.5", "原件清晰")
    paper.key(1, one, OTHER)
    with pytest.raises(Missing):
        papers_keying.propose_line(third, one.sheet_id, "A1", "52.5", "原件清晰")
    with pytest.raises(Refused, match="no proposal"):
        papers_keying.agree_line(second, one.sheet_id, "A1", "52.5")
    papers_keying.propose_line(first, one.sheet_id, "A1", "52.5", "原件清晰")
    assert sheets.stored_marks([one.sheet_id]) == {}
    with pytest.raises(Refused, match="other clerk"):
        papers_keying.agree_line(first, one.sheet_id, "A1", "52.5")
    with pytest.raises(Missing):
        papers_keying.agree_line(third, one.sheet_id, "A1", "52.5")
    with pytest.raises(Refused, match="changed meanwhile"):
        papers_keying.agree_line(second, one.sheet_id, "A1", "53")
    papers_keying.agree_line(second, one.sheet_id, "A1", "52.5")
    assert stored(one.sheet_id)["A1"] == Decimal("52.5")
    assert state(one.sheet_id) is SheetState.SIGNED
    with pytest.raises(Refused, match="not read differently"):
        papers_keying.propose_line(first, one.sheet_id, "A1", "53", "原件清晰")


def test_the_pair_does_not_decide_between_paper_and_screen(paper: PaperRoom) -> None:
    one, room = paper.papers()[0], paper.room
    judge = db.session.get_one(Sheet, one.sheet_id).seat.account
    room.sign(judge, db.session.get_one(Sheet, one.sheet_id), *OTHER.values())
    paper.key(0, one)
    paper.key(1, one)
    assert stored(one.sheet_id)["A1"] == 53
    assert any("read differently: 1" in text for text in paper.blockers())
    with pytest.raises(Refused, match="not read differently"):
        papers_keying.propose_line(room.by(paper.clerks[0]), one.sheet_id, "A1", "53", "原件清晰")


def test_keyings_set_aside_are_keyed_anew_by_anybody(paper: PaperRoom) -> None:
    one, chief = paper.papers()[0], paper.room.by(paper.room.chief)
    with pytest.raises(Refused, match="Nobody has keyed"):
        papers_keying.drop_keyings(chief, one.sheet_id, "原件更换")
    paper.key(0, one)
    paper.key(1, one, OTHER)
    papers_keying.rule_line(chief, one.sheet_id, "A1", "53", "看过扫描件")
    with pytest.raises(Refused, match="Write the reason"):
        papers_keying.drop_keyings(chief, one.sheet_id, "")
    papers_keying.drop_keyings(chief, one.sheet_id, "裁判更换了评分表")
    assert any("not keyed by two clerks yet: 4" in text for text in paper.blockers())
    for round_number in (2, 3):
        paper.key(1, one, OTHER)
        paper.key(0, one, OTHER)
        rounds = select(Keying.round).where(Keying.is_dropped.is_(False)).distinct()
        assert list(db.session.scalars(rounds)) == [round_number]
        papers_keying.drop_keyings(chief, one.sheet_id, "再次更换")
    assert stored(one.sheet_id)["A1"] == 53


def test_the_audit_record_does_not_tell_one_clerk_what_the_other_keyed(paper: PaperRoom) -> None:
    one = paper.papers()[0]
    paper.key(0, one, {"A1": "17.5", "A2": "1", "A3": "2"})
    rows = db.session.scalars(select(AuditRecord).where(AuditRecord.subject == "paper")).all()
    assert [(row.action, row.before, row.after) for row in rows] == [("key", None, {"hand": 1})]
    assert "17.5" not in str(
        [(row.before, row.after) for row in db.session.scalars(select(AuditRecord))]
    )


def test_the_pile_holds_what_a_clerk_can_still_key(paper: PaperRoom) -> None:
    event = contests.get_event(paper.room.event_id)
    scheme = contests.scheme_of(event)

    def waiting(account_id: int) -> list[str]:
        found = papers_keying.get_pile(event, scheme, account_id).waiting
        return [one.reference for one in found]

    everything = [one.reference for one in paper.papers()]
    first, second, third = (clerk.id for clerk in paper.clerks)
    assert waiting(first) == everything
    paper.key(0, paper.papers()[0])
    assert waiting(first) == everything[1:]
    assert waiting(second) == everything
    paper.key(1, paper.papers()[0])
    assert waiting(third) == everything[1:]
    judge = paper.room.judges[0].id
    assert len(waiting(judge)) == 2  # of the three left one is his own
    assert papers_keying.get_pile(event, scheme, first).own == 1


@pytest.fixture(scope="module")
def busy(committing: Flask) -> tuple[Flask, list[int], list[int]]:
    """An application whose commits are real, a paper sheet in it, and a crowd of clerks."""
    with committing.app_context():
        build = Builder()
        paper = paper_room(build, double=False)
        use_double_keying(paper.room.event.contest)
        found = [one.sheet_id for one in paper.papers()]
        clerks = [build.account("entry_clerk").id for _ in range(CROWD)]
    return committing, found, clerks


def test_of_a_crowd_of_clerks_on_one_sheet_two_key_it(
    busy: tuple[Flask, list[int], list[int]],
) -> None:
    app, found, clerks = busy

    def key(number: int) -> int:
        return papers_keying.key_sheet(Actor(clerks[number], NOW), found[0], GOOD)

    outcomes = all_at_once(app, key)
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert (outcomes.count(found[0]), len(refused)) == (2, CROWD - 2), outcomes
    with app.app_context():
        hands = db.session.scalars(select(Keying.hand).filter_by(sheet_id=found[0]))
        assert sorted(hands) == [1, 2]
        assert state(found[0]) is SheetState.SIGNED


def test_one_clerk_in_many_tabs_is_one_hand(busy: tuple[Flask, list[int], list[int]]) -> None:
    app, found, clerks = busy

    def key(_number: int) -> int:
        return papers_keying.key_sheet(Actor(clerks[0], NOW), found[1], GOOD)

    outcomes = all_at_once(app, key)
    assert outcomes.count(found[1]) == 1, outcomes
    assert all(outcome == found[1] or isinstance(outcome, Refused) for outcome in outcomes)
    with app.app_context():
        assert papers.count_hands(1)[found[1]] == 1
