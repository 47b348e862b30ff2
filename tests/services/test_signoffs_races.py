"""Signers at the same moment: two for one step, a confirmation against a mark, two who agree."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.database import db
from models.signoffs import Reopening, Signoff, SpotCheckItem
from rules.refusals import Refused
from rules.sampling import Finding
from rules.signoffs import WHOLE, LinkState, Step, Verdict
from rules.states import EventState, ReopeningState
from services import contests, judging, marks, reopenings, signoffs, spot_checks
from services.acting import Actor
from services.marks import Typed
from services.spot_checks_findings import Compared, record_finding
from tests.builders import NOW, Builder
from tests.services.test_races import CROWD, all_at_once
from tests.signoff_rooms import SignoffRoom

TOTALS = ("90", "60", "30")


@pytest.fixture(scope="module")
def builder() -> Builder:
    """One for all tests of the module, so that names stay unique."""
    return Builder()


@pytest.fixture
def build(committing: Flask, builder: Builder) -> Iterator[Builder]:
    """Real rows, outside of any transaction of a test."""
    with committing.app_context():
        yield builder


def confirmations(event_id: int, step: Step) -> int:
    query = select(func.count()).where(
        Signoff.event_id == event_id,
        Signoff.step == step,
        Signoff.verdict == Verdict.CONFIRMED,
        Signoff.voided_at.is_(None),
    )
    db.session.rollback()
    return db.session.scalar(query) or 0


def test_of_many_clerks_who_confirm_at_once_one_does(committing: Flask, build: Builder) -> None:
    room = SignoffRoom(build, len(TOTALS))
    room.mark(*TOTALS)
    room.confirm(room.lead(), Step.GROUP, "work")
    event_id, digest = room.event_id, room.digest(Step.CLERK)
    clerks = [Actor(build.account("entry_clerk").id, NOW) for _ in range(CROWD)]
    db.session.remove()

    def confirm(number: int) -> int:
        return signoffs.confirm_step(clerks[number], event_id, Step.CLERK, WHOLE, digest)

    outcomes = all_at_once(committing, confirm)
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert (outcomes.count(event_id), len(refused)) == (1, CROWD - 1), outcomes
    assert {one.message for one in refused} == {"This step is confirmed already."}
    assert confirmations(event_id, Step.CLERK) == 1


def test_a_group_is_never_signed_for_marks_that_nobody_saw(
    committing: Flask, build: Builder
) -> None:
    """The chief opens a sheet and its judge changes it while the head confirms what he saw."""
    room = SignoffRoom(build, len(TOTALS))
    room.mark(*TOTALS)
    head, judge = room.lead(1), room.judges[1]
    event_id, digest = room.event_id, room.digest(Step.GROUP, "work")
    sheet = room.room.sheets(judge)[0]
    sheet_id, version = sheet.id, sheet.marks[0].version
    chief_by, head_by, judge_by = (room.by(one) for one in (room.chief, head, judge))
    db.session.remove()

    def act(number: int) -> object:
        if number % 2:
            return signoffs.confirm_step(head_by, event_id, Step.GROUP, "work", digest)
        if number == 0:
            judging.reopen_sheet(chief_by, sheet_id, "看错")
            return marks.sign_sheet(judge_by, sheet_id, [Typed(sheet_id, "A1", "91", version)])
        return signoffs.confirm_step(head_by, event_id, Step.GROUP, "work", "0" * 64)

    outcomes = all_at_once(committing, act)
    assert sheet_id in outcomes, outcomes
    assert all(isinstance(one, int | Refused) for one in outcomes), outcomes
    db.session.rollback()
    link = signoffs.read_chain(contests.get_event(event_id)).link(Step.GROUP, "work")
    assert link.digest != digest and link.state is LinkState.CURRENT
    assert link.stale is None or link.stale.digest == digest


def test_of_many_who_agree_to_a_reopening_one_does(committing: Flask, build: Builder) -> None:
    room = SignoffRoom(build, len(TOTALS), reopening_people=2)
    room.confirmed(*TOTALS)
    event_id = room.event_id
    key = reopenings.propose_reopening(room.by(room.chief), event_id, "漏加")
    people = [Actor(build.account("supervisor").id, NOW) for _ in range(CROWD)]
    db.session.remove()
    outcomes = all_at_once(committing, lambda n: reopenings.agree_reopening(people[n], key))
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert (outcomes.count(event_id), len(refused)) == (1, CROWD - 1), outcomes
    db.session.rollback()
    row = db.session.get_one(Reopening, key)
    assert row.state is ReopeningState.AGREED
    assert contests.get_event(event_id).state is EventState.SCORING


def test_of_many_proposals_at_once_one_stands(committing: Flask, build: Builder) -> None:
    room = SignoffRoom(build, len(TOTALS), reopening_people=2)
    room.confirmed(*TOTALS)
    event_id = room.event_id
    people = [Actor(build.account("supervisor").id, NOW) for _ in range(CROWD)]
    db.session.remove()
    outcomes = all_at_once(
        committing, lambda n: reopenings.propose_reopening(people[n], event_id, f"理由{n}")
    )
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert len(refused) == CROWD - 1, outcomes
    assert len(reopenings.list_reopenings(event_id)) == 1


def test_of_many_phones_on_one_sheet_one_records(committing: Flask, build: Builder) -> None:
    room = SignoffRoom(build, len(TOTALS))
    room.confirmed(*TOTALS)
    event_id = room.event_id
    check_id = spot_checks.fix_marks(room.by(room.supervisor), event_id)
    spot_checks.draw_sample(room.by(room.supervisor), check_id, "123456")
    query = select(SpotCheckItem.id).where(SpotCheckItem.check_id == check_id)
    item_id = db.session.scalars(query.order_by(SpotCheckItem.id)).first()
    assert item_id is not None
    people = [Actor(build.account("supervisor").id, NOW) for _ in range(CROWD)]
    db.session.remove()

    def record(number: int) -> int:
        return record_finding(people[number], item_id, Compared(Finding.AGREES))

    outcomes = all_at_once(committing, record)
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert (outcomes.count(event_id), len(refused)) == (1, CROWD - 1), outcomes
