"""Which process works a run: it holds the lease, renews it, and lets go of what it has lost."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, func, or_, select, update

from models.database import db, write_lock
from models.issuing import IssueLine, IssueRun
from rules.states import RUN_MOVES, RunState, moved
from services.certificates_issuing import Say
from services.settings import Settings

LEASE = timedelta(seconds=30)  # far longer than a slice takes
MOST_FAULTS = 3


class LostLease(Exception):
    """Another process works the run, or it was stopped: this one lets go of it."""


@dataclass(frozen=True)
class Worker:
    """Who works runs: a name that nobody else has, a clock, and the language of the paper.

    With settings it makes the files too; without them it only issues.
    """

    clock: Callable[[], datetime]
    say: Say
    name: str
    settings: Settings | None = None

    @classmethod
    def new(
        cls, clock: Callable[[], datetime], say: Say, settings: Settings | None = None
    ) -> "Worker":
        """Make a worker under a new name."""
        return cls(clock, say, secrets.token_hex(16), settings)


def claim(worker: Worker, run_id: int | None = None) -> int | None:
    """Take the lease of a run that nobody holds, the oldest first; None without one."""
    now = worker.clock()
    wanted = [_wanted(worker), or_(IssueRun.lease_until.is_(None), IssueRun.lease_until < now)]
    if run_id is not None:
        wanted.append(IssueRun.id == run_id)
    oldest = select(IssueRun).where(*wanted).order_by(IssueRun.id).limit(1)
    if db.session.scalar(oldest) is None:  # mostly so, and asking costs nobody a lock
        return None
    with write_lock():
        db.session.rollback()
        run = db.session.scalar(oldest.with_for_update(skip_locked=True))
        if run is not None:
            run.lease_owner, run.lease_until = worker.name, now + LEASE
            run.pace_at, run.pace_done = now, count_done(run.id)
        claimed = None if run is None else run.id
        db.session.commit()
    return claimed


def _wanted(worker: Worker) -> Any:
    running = IssueRun.state == RunState.RUNNING
    if worker.settings is None:
        return running
    unprinted = (IssueRun.printed_at.is_(None)) & (IssueRun.address != "")
    return or_(running, (IssueRun.state == RunState.DONE) & unprinted)


def count_done(run_id: int) -> int:
    """Count the certificates that a run has issued."""
    query = select(func.count(IssueLine.certificate_id)).where(IssueLine.run_id == run_id)
    return db.session.scalar(query) or 0


@contextmanager
def kept_alive(worker: Worker, run_id: int) -> Iterator[None]:
    """Renew the lease while the block runs, however long its steps take.

    Whoever has lost it does not get it back so: the block asks before it writes.
    """
    engine, over = db.engine, threading.Event()

    def beat() -> None:
        while not over.wait(LEASE.total_seconds() / 3):
            with write_lock(), engine.begin() as connection:
                connection.execute(_held_until(worker, run_id, worker.clock() + LEASE))

    thread = threading.Thread(target=beat, name="lease of a run", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def renew(worker: Worker, run_id: int) -> None:
    """Show a sign of life; raise LostLease when another process has taken the run."""
    until = _held_until(worker, run_id, worker.clock() + LEASE)
    with write_lock():
        db.session.rollback()
        renewed = db.session.execute(until.returning(IssueRun.id)).first()
        db.session.commit()
    if renewed is None:
        raise LostLease(run_id)


def release(worker: Worker, run_id: int) -> None:
    """Let go of a run, so that whoever comes next takes it at once."""
    with write_lock():
        db.session.rollback()
        db.session.execute(_held_until(worker, run_id, None))
        db.session.commit()


def _held_until(worker: Worker, run_id: int, until: datetime | None) -> Update:
    mine = (IssueRun.id == run_id, IssueRun.lease_owner == worker.name)
    return update(IssueRun).where(*mine).values(lease_until=until)


def count_fault(worker: Worker, run_id: int) -> None:
    """Let go of a run in which something went wrong; after the third time it waits for a person."""
    with write_lock():
        db.session.rollback()
        run = db.session.get(IssueRun, run_id, with_for_update=True, populate_existing=True)
        if run is not None and run.lease_owner == worker.name:
            run.faults += 1
            run.lease_until = worker.clock() + run.faults * timedelta(seconds=2)
            if run.faults >= MOST_FAULTS and run.state is RunState.RUNNING:
                run.state = moved(RUN_MOVES, run.state, RunState.FAILED)
            elif run.faults >= MOST_FAULTS:  # files are made at the first download then
                run.printed_at = worker.clock()
        db.session.commit()
