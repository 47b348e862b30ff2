"""Spot checks: what is drawn, what an error does, when the supervisor may confirm (R2.25)."""

from decimal import Decimal
from typing import Any

import pytest

from models.database import db
from rules.draws import seed_of
from rules.refusals import Refused
from rules.sampling import Finding, Reason
from rules.signoffs import WHOLE, Step
from services import contests, judging, marks, signoffs, spot_checks, spot_checks_findings
from services.marks import Typed
from services.spot_checks import CheckView, ItemLine
from services.spot_checks_findings import Compared
from tests.builders import Builder
from tests.signoff_rooms import SignoffRoom

WIDE = ("95", "80", "65", "50", "35", "20", "10", "5")
NO_RISK: dict[str, Any] = {"check_risk_percent": Decimal(100)}
FIGURES = "3 1 4 1 5 9"


def refused(act: Any, *args: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args)
    return str(caught.value)


def view_of(room: SignoffRoom) -> CheckView:
    db.session.expire_all()
    found = spot_checks.find_check(room.event_id)
    assert found is not None
    return found


def drawn(build: Builder, **day: Any) -> SignoffRoom:
    room = SignoffRoom(build, len(WIDE), **(NO_RISK | day))
    room.confirmed(*WIDE)
    draw(room)
    return room


def draw(room: SignoffRoom) -> None:
    check_id = spot_checks.fix_marks(room.by(room.supervisor), room.event_id)
    spot_checks.draw_sample(room.by(room.supervisor), check_id, FIGURES)


def record(room: SignoffRoom, line: ItemLine, paper: str | None = None) -> None:
    found = Compared(Finding.AGREES) if paper is None else Compared(Finding.WRONG, {"A1": paper})
    spot_checks_findings.record_finding(room.by(room.supervisor), line.item.id, found)


def correct(room: SignoffRoom, line: ItemLine, value: str) -> None:
    """Open the marks, correct a sheet, and bring the chain back to where it was."""
    judging.reopen(room.by(room.chief), room.event_id, "抽查更正")
    judging.reopen_sheet(room.by(room.chief), line.sheet.id, "抽查更正")
    judge = next(one for one in room.judges if one.id == line.sheet.account_id)
    sheet = next(one for one in room.room.sheets(judge) if one.id == line.sheet.id)
    typed = Typed(sheet.id, "A1", value, sheet.marks[0].version)
    marks.sign_sheet(room.by(judge), sheet.id, [typed])
    room.confirm(room.seat().account, Step.GROUP, "work")
    room.confirm(room.clerk, Step.CLERK)
    judging.confirm(room.by(room.chief), room.event_id)


def told(room: SignoffRoom) -> list[str]:
    db.session.expire_all()
    return [str(one.text) for one in spot_checks.list_problems(contests.get_event(room.event_id))]


def test_all_of_the_top_and_a_share_of_the_rest_are_drawn(build: Builder) -> None:
    room = drawn(build)
    view = view_of(room)
    top = {line.sheet.code for line in view.lines if line.item.reason is Reason.TOP}
    rest = {line.sheet.code for line in view.lines if line.item.reason is Reason.RANDOM}
    assert (len(top), len(rest)) == (3, 1)  # 30 % of 8 and 15 % of 5, rounded up
    totals = {line.sheet.code: line.sheet.marks["A1"] for line in view.lines}
    assert {totals[code] for code in top} == {"95", "80", "65"}
    assert len(view.lines) == 8  # both judges of four works


def test_the_seed_follows_from_the_posted_digest_and_the_figures(build: Builder) -> None:
    check = view_of(drawn(build)).check
    assert check.figures == "314159"
    assert check.seed == seed_of(check.digest, "314159")


def test_a_check_begins_after_the_chief_and_its_steps_keep_their_order(build: Builder) -> None:
    room = SignoffRoom(build, 8)
    by = room.by(room.supervisor)
    assert "once the chief judge has confirmed" in refused(spot_checks.fix_marks, by, room.event_id)
    room.confirmed(*WIDE)
    assert told(room) == ["The marks are not fixed for the spot check yet."]
    check_id = spot_checks.fix_marks(by, room.event_id)
    assert "fixed already" in refused(spot_checks.fix_marks, by, room.event_id)
    assert "called out" in told(room)[0]
    assert "at least 6" in refused(spot_checks.draw_sample, by, check_id, "12 a 34")
    spot_checks.draw_sample(by, check_id, FIGURES)
    assert "drawn already" in refused(spot_checks.draw_sample, by, check_id, FIGURES)
    assert "under way" in refused(spot_checks.fix_marks, by, room.event_id)


def test_the_supervisor_confirms_once_every_sheet_agrees(build: Builder) -> None:
    room = drawn(build)
    digest = room.digest(Step.SUPERVISOR)
    act = (room.by(room.supervisor), room.event_id, Step.SUPERVISOR, WHOLE, digest)
    assert "nobody has compared yet: 8" in refused(signoffs.confirm_step, *act)
    for line in view_of(room).lines:
        record(room, line)
    signoffs.confirm_step(*act)
    assert signoffs.read_chain(room.room.event).next_step() is None


def test_an_error_waits_for_its_correction_and_the_check_goes_on(build: Builder) -> None:
    room = drawn(build, check_error_percent=Decimal(50))
    lines = view_of(room).lines
    wrong = next(line for line in lines if line.sheet.marks["A1"] == "80")
    record(room, wrong, "82")
    for line in lines:
        if line.item.id != wrong.item.id:
            record(room, line)
    assert told(room) == [
        f"Errors found by the spot check that are not corrected yet: {wrong.sheet.code}."
    ]
    correct(room, wrong, "82")
    assert told(room) == []
    assert view_of(room).wrong[0].is_mended
    room.confirm(room.supervisor, Step.SUPERVISOR)


def test_too_many_errors_mean_that_every_sheet_is_compared(build: Builder) -> None:
    room = drawn(build)
    first = view_of(room).lines[0]
    record(room, first, "1")  # 1 of 8 is more than 5 percent
    view = view_of(room)
    assert len(view.lines) == 16
    assert {line.item.reason for line in view.lines} == {Reason.TOP, Reason.RANDOM, Reason.ALL}


def test_a_change_that_the_check_did_not_ask_for_voids_it(build: Builder) -> None:
    room = drawn(build)
    lines = view_of(room).lines
    for line in lines:
        record(room, line)
    changed = next(line for line in lines if line.sheet.marks["A1"] == "95")
    correct(room, changed, "94")
    assert told(room)[0].startswith("Marks have changed in which the check found no error: 1")
    draw(room)
    again = view_of(room)
    assert again.check.number == 2
    # What the first check found right, and nobody has changed since, is not looked at again.
    assert 0 < len(again.open) < len(again.lines)
    assert changed.sheet.id in {line.sheet.id for line in again.open}


def test_a_correction_that_moves_the_award_lines_asks_for_a_new_check(build: Builder) -> None:
    room = drawn(build, check_error_percent=Decimal(50))
    lines = view_of(room).lines
    wrong = next(line for line in lines if line.sheet.marks["A1"] == "80")
    record(room, wrong, "0")
    for line in lines:
        if line.item.id != wrong.item.id:
            record(room, line)
    correct(room, wrong, "0")
    assert "stand at the award lines" in told(room)[0]


def test_a_finding_can_be_mended_but_not_over_somebody_elses(build: Builder) -> None:
    room = drawn(build, check_error_percent=Decimal(50))
    by, line = room.by(room.supervisor), view_of(room).lines[0]
    act = spot_checks_findings.record_finding
    act(by, line.item.id, Compared(Finding.AGREES))
    assert "Somebody else has changed this" in refused(
        act, by, line.item.id, Compared(Finding.WRONG, {"A1": "1"})
    )
    act(by, line.item.id, Compared(Finding.WRONG, {"A1": "1"}, "", "agrees"))
    assert view_of(room).lines[0].is_wrong


def test_what_differs_must_be_written_and_be_a_mark(build: Builder) -> None:
    room = drawn(build)
    line = view_of(room).lines[0]
    act = (spot_checks_findings.record_finding, room.by(room.supervisor), line.item.id)
    same = line.sheet.marks["A1"]
    assert "where it differs" in refused(*act, Compared(Finding.WRONG, {"A1": same}))
    assert "number" in refused(*act, Compared(Finding.WRONG, {"A1": "acht"}))
    assert refused(*act, Compared(Finding.WRONG, {"A1": "101"}))


def test_nobody_checks_his_own_sheet(build: Builder) -> None:
    room = drawn(build)
    line = view_of(room).lines[0]
    judge = next(one for one in room.judges if one.id == line.sheet.account_id)
    act = spot_checks_findings.record_finding
    told_no = refused(act, room.by(judge), line.item.id, Compared(Finding.AGREES))
    assert told_no == "Nobody checks his own sheet."


def test_close_award_lines_ask_for_more_sheets(build: Builder) -> None:
    close = ("90", "89", "88", "87", "86", "85", "84", "83")
    room = SignoffRoom(build, 8, check_top_percent=Decimal(0))
    room.confirmed(*close)
    draw(room)
    for line in view_of(room).lines:
        record(room, line)
    view = view_of(room)
    assert view.more and not view.risk.safe
    assert "at the award lines" in told(room)[0]
    spot_checks.add_risk_sheets(room.by(room.supervisor), view.check.id)
    for line in view_of(room).open:
        record(room, line)
    view = view_of(room)
    assert view.risk.safe and not view.more
    assert told(room) == []
    assert "No more sheets" in refused(
        spot_checks.add_risk_sheets, room.by(room.supervisor), view.check.id
    )


def test_an_old_check_is_over(build: Builder) -> None:
    room = drawn(build)
    old = view_of(room).check
    lines = view_of(room).lines
    for one in lines:
        record(room, one)
    correct(room, next(one for one in lines if one.sheet.marks["A1"] == "95"), "94")
    draw(room)
    assert (
        refused(spot_checks.draw_sample, room.by(room.supervisor), old.id, FIGURES)
        == "This check is over."
    )
