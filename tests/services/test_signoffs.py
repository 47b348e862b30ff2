"""The chain of signatures: who may sign when, and what a change of marks does to it (R2.23)."""

from typing import Any

import pytest

from models.accounts import Account
from models.database import db
from rules.access import Role
from rules.refusals import Refused
from rules.signoffs import WHOLE, Chain, LinkState, Step
from rules.states import EventState, SheetState
from services import contests, judging, marks, results, signoffs, signoffs_blockers
from services.accounts import add_grant
from services.marks import Typed
from services.signoffs import Return
from services.signoffs_sheets import read_sheets
from tests.builders import Builder
from tests.judging_rooms import open_room
from tests.signoff_rooms import NO_CHECK, SignoffRoom, plain_scheme


def chain_of(room: SignoffRoom) -> Chain:
    return signoffs.read_chain(room.room.event)


def states(room: SignoffRoom) -> dict[str, str]:
    return {link.step.value: link.state.value for link in chain_of(room).links}


@pytest.fixture
def room(build: Builder) -> SignoffRoom:
    return SignoffRoom(build, **NO_CHECK)


def grant(account: Account, *roles: Role) -> None:
    for role in roles:
        add_grant(account, role)
    db.session.commit()


def refused(act: Any, *args: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args)
    return str(caught.value)


def test_an_edition_without_steps_confirms_as_ever(build: Builder) -> None:
    plain = open_room(build, 1)
    for judge in plain.judges:
        for sheet in plain.sheets(judge):
            plain.sign(judge, sheet, "50", "1", "2")
    judging.confirm(plain.by(plain.chief), plain.event_id)
    found = signoffs.read_chain(plain.event)
    assert found.steps == (Step.JUDGE, Step.CHIEF)
    assert found.next_step() is None and found.done(Step.SUPERVISOR)


def test_the_chain_goes_from_the_judges_to_the_supervisor(room: SignoffRoom) -> None:
    assert states(room)["judge"] == "current" and states(room)["group"] == "waiting"
    room.mark("90", "80", "70")
    assert states(room)["group"] == "current" and states(room)["clerk"] == "waiting"
    room.confirm(room.lead(), Step.GROUP, "work")
    room.confirm(room.clerk, Step.CLERK)
    assert states(room)["chief"] == "current"
    judging.confirm(room.by(room.chief), room.event_id)
    assert refused(results.compute, room.by(room.room.organizer), room.event_id).startswith(
        "The chain of signatures is not closed"
    )
    room.confirm(room.supervisor, Step.SUPERVISOR)
    assert set(states(room).values()) == {"done"}
    assert results.compute(room.by(room.room.organizer), room.event_id)


def test_the_chief_waits_for_the_steps_before_him(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    told = refused(judging.confirm, room.by(room.chief), room.event_id)
    assert "a group has not signed" in told
    room.confirm(room.lead(), Step.GROUP, "work")
    told = refused(judging.confirm, room.by(room.chief), room.event_id)
    assert "the entry clerk" in told
    assert room.room.event.state is EventState.SCORING


def test_only_the_head_signs_for_the_group(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    head = room.lead(2)
    other = next(judge for judge in room.judges if judge.id != head.id)
    digest = room.digest(Step.GROUP, "work")
    for somebody in (other, room.clerk, room.chief):
        told = refused(
            signoffs.confirm_step, room.by(somebody), room.event_id, Step.GROUP, "work", digest
        )
        assert told == "Only the head of this group signs for it."
    room.confirm(head, Step.GROUP, "work")
    assert chain_of(room).of(Step.GROUP)[0].signing.account_id == head.id  # type: ignore[union-attr]


def test_a_panel_of_one_cannot_confirm_its_own_work(build: Builder) -> None:
    alone = SignoffRoom(build, 2, plain_scheme(1), **NO_CHECK)
    alone.mark("90", "80")
    head = alone.lead()
    digest = alone.digest(Step.GROUP, "work")
    told = refused(
        signoffs.confirm_step, alone.by(head), alone.event_id, Step.GROUP, "work", digest
    )
    assert told.startswith("Nobody confirms his own work")


def test_nobody_holds_two_neighbouring_steps(room: SignoffRoom, build: Builder) -> None:
    grant(room.chief, Role.ENTRY_CLERK, Role.SUPERVISOR)
    room.mark("90", "80", "70")
    room.confirm(room.lead(), Step.GROUP, "work")
    room.confirm(room.chief, Step.CLERK)
    told = refused(judging.confirm, room.by(room.chief), room.event_id)
    assert told.startswith("Nobody confirms his own work")
    second = build.account("chief_judge")
    judging.confirm(room.by(second), room.event_id)
    grant(second, Role.SUPERVISOR)
    digest = room.digest(Step.SUPERVISOR)
    told = refused(
        signoffs.confirm_step, room.by(second), room.event_id, Step.SUPERVISOR, WHOLE, digest
    )
    assert told.startswith("Nobody confirms his own work")
    room.confirm(room.chief, Step.SUPERVISOR)  # two steps away from his own


def test_somebody_without_the_role_is_refused(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    room.confirm(room.lead(), Step.GROUP, "work")
    digest = room.digest(Step.CLERK)
    told = refused(
        signoffs.confirm_step, room.by(room.supervisor), room.event_id, Step.CLERK, WHOLE, digest
    )
    assert told == "This step belongs to somebody else."


def test_a_confirmation_is_for_the_marks_that_were_seen(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    head = room.lead()
    seen = room.digest(Step.GROUP, "work")
    judge = room.judges[1]
    sheet = room.room.sheets(judge)[0]
    judging.reopen_sheet(room.by(room.chief), sheet.id, "看错")
    marks.sign_sheet(
        room.by(judge), sheet.id, [Typed(sheet.id, "A1", "91", sheet.marks[0].version)]
    )
    told = refused(signoffs.confirm_step, room.by(head), room.event_id, Step.GROUP, "work", seen)
    assert told.startswith("The marks have changed since this page was loaded")


def test_a_change_of_marks_voids_what_was_signed_for_them(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    room.confirm(room.lead(), Step.GROUP, "work")
    room.confirm(room.clerk, Step.CLERK)
    judge = room.judges[1]
    sheet = room.room.sheets(judge)[0]
    version = sheet.marks[0].version
    judging.reopen_sheet(room.by(room.chief), sheet.id, "看错")
    assert states(room) == {
        "judge": "current",
        "group": "waiting",
        "clerk": "waiting",
        "chief": "waiting",
        "supervisor": "waiting",
    }
    marks.sign_sheet(room.by(judge), sheet.id, [Typed(sheet.id, "A1", "91", version)])
    link = chain_of(room).link(Step.GROUP, "work")
    assert link.state is LinkState.CURRENT and link.stale is not None
    room.confirm(room.lead(), Step.GROUP, "work")
    assert chain_of(room).link(Step.CLERK, WHOLE).state is LinkState.CURRENT


def test_the_head_sends_sheets_back_to_their_judges(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    head = room.lead()
    judge = room.judges[1]
    sheet = room.room.sheets(judge)[0]
    wanted = next(one.code for one in read_sheets(room.event_id) if one.id == sheet.id)
    act = (room.by(head), room.event_id, Step.GROUP, "work")
    assert refused(signoffs.send_back, *act, Return(" ", "work", (wanted,))) == "Write the reason."
    assert "work codes" in refused(signoffs.send_back, *act, Return("重看"))
    assert "ZZ9" in refused(signoffs.send_back, *act, Return("重看", "", ("ZZ9",)))
    signoffs.send_back(*act, Return("重看", "", (wanted.lower(),), 2))
    assert next(one.state for one in room.room.sheets(judge)) is SheetState.OPEN
    assert {one.state for one in room.room.sheets(room.judges[0])} == {SheetState.SIGNED}
    assert chain_of(room).next_step() is Step.JUDGE


def test_the_clerk_sends_back_to_the_group(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    head = room.lead()
    room.confirm(head, Step.GROUP, "work")
    back = Return("纸面有改动", "work")
    signoffs.send_back(room.by(room.clerk), room.event_id, Step.CLERK, WHOLE, back)
    assert chain_of(room).next_step() is Step.GROUP
    room.confirm(head, Step.GROUP, "work")
    assert chain_of(room).next_step() is Step.CLERK


def test_the_chief_sends_back_to_the_clerk(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    room.confirm(room.lead(), Step.GROUP, "work")
    room.confirm(room.clerk, Step.CLERK)
    back = Return("打印件缺页")
    signoffs.send_back(room.by(room.chief), room.event_id, Step.CHIEF, WHOLE, back)
    assert chain_of(room).next_step() is Step.CLERK


def test_the_supervisor_sends_back_to_the_chief(room: SignoffRoom) -> None:
    room.confirmed("90", "80", "70")
    back = Return("抽查有误")
    signoffs.send_back(room.by(room.supervisor), room.event_id, Step.SUPERVISOR, WHOLE, back)
    assert room.room.event.state is EventState.SCORING
    assert chain_of(room).next_step() is Step.CHIEF
    judging.confirm(room.by(room.chief), room.event_id)
    assert chain_of(room).next_step() is Step.SUPERVISOR


def test_what_is_confirmed_is_not_confirmed_again(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    head = room.lead()
    room.confirm(head, Step.GROUP, "work")
    digest = room.digest(Step.GROUP, "work")
    told = refused(signoffs.confirm_step, room.by(head), room.event_id, Step.GROUP, "work", digest)
    assert told == "This step is confirmed already."


@pytest.mark.parametrize("step", [Step.JUDGE, Step.CHIEF])
def test_steps_that_have_pages_of_their_own_are_not_confirmed_here(
    room: SignoffRoom, step: Step
) -> None:
    told = refused(signoffs.confirm_step, room.by(room.chief), room.event_id, step, WHOLE, "")
    assert told


def test_a_new_head_signs_anew(room: SignoffRoom) -> None:
    room.mark("90", "80", "70")
    room.confirm(room.lead(1), Step.GROUP, "work")
    room.lead(2)
    assert chain_of(room).next_step() is Step.GROUP
    assert [seat.is_leader for seat in room.room.seats()] == [False, True]


def test_blockers_name_those_whom_they_wait_for(room: SignoffRoom) -> None:
    def told() -> dict[str, tuple[str, ...]]:
        found = signoffs_blockers.list_blockers(contests.get_event(room.event_id))
        return {str(one.text): one.names for one in found}

    open_sheets = told()
    assert open_sheets["操作, seat 1: sheets not signed yet: 3."] == (room.judges[0].title,)
    room.mark("90", "90", "70")
    assert room.chief.title in told()["操作: nobody is named head of the group."]
    head = room.lead()
    assert told()["操作: the group has not signed."] == (head.title,)
    room.confirm(head, Step.GROUP, "work")
    assert room.clerk.title in told()["The printout of the marks is not confirmed."]
    room.confirm(room.clerk, Step.CLERK)
    judging.confirm(room.by(room.chief), room.event_id)
    assert room.supervisor.title in told()["The supervisor has not confirmed the check."]


def test_the_chain_is_read_with_the_same_number_of_statements(
    build: Builder, statements: Any
) -> None:
    counts = []
    for entries in (1, 3):
        found = SignoffRoom(build, entries, **NO_CHECK)
        found.mark(*["90", "80", "70"][:entries])
        event = contests.get_event(found.event_id)
        with statements() as seen:
            signoffs_blockers.get_chain(event)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16
