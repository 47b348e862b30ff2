"""The clock: each slot once, and what its jobs do."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from models.entries import ImportBatch
from rules.states import ImportState
from services import clock
from services.clock import Timed
from services.jobs import PREVIEW_KEPT, forget_previews
from tests.builders import NOW, Builder

SLOT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


def test_a_slot_runs_once_whoever_asks(session: Session) -> None:
    ran: list[datetime] = []
    assert clock.run_once("count", SLOT, ran.append)
    assert not clock.run_once("count", SLOT, ran.append)
    assert clock.run_once("count", SLOT + timedelta(hours=1), ran.append)
    assert clock.run_once("another", SLOT, ran.append)
    assert ran == [SLOT, SLOT + timedelta(hours=1), SLOT]


def test_each_job_has_slots_of_its_own_length() -> None:
    now = datetime(2026, 9, 1, 2, 59, 47, 123, tzinfo=UTC)
    for seconds, minute, second in ((20, 59, 40), (60, 59, 0), (3600, 0, 0)):
        slot = Timed(forget_previews, seconds).slot(now)
        assert (slot.hour, slot.minute, slot.second, slot.microsecond) == (2, minute, second, 0)


def preview(build: Builder, session: Session, age: timedelta) -> ImportBatch:
    batch = ImportBatch(
        contest_id=build.contest().id,
        account_id=build.account("organizer").id,
        filename="报名.xlsx",
        rows={"rows": [["330282199005170000"]]},
        row_count=1,
        problem_count=0,
        created_at=NOW - age,
    )
    session.add(batch)
    session.commit()
    return batch


def test_a_spreadsheet_that_nobody_confirmed_is_forgotten_after_a_week(
    build: Builder, session: Session
) -> None:
    old = preview(build, session, PREVIEW_KEPT + timedelta(hours=1))
    new = preview(build, session, PREVIEW_KEPT - timedelta(hours=1))
    for _ in range(2):
        forget_previews(NOW)
    assert (old.state, old.rows) == (ImportState.DISCARDED, [])
    assert (new.state, new.row_count) == (ImportState.PREVIEWED, 1)
