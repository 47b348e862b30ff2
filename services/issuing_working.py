"""How a run is worked: one process holds its lease, and issues fifty certificates at a time.

Rows, numbers and audit records of a slice are one transaction, so a process that is killed leaves
whole slices and nothing else; when its lease has ended, another one goes on where it was.
"""

from collections.abc import Sequence
from itertools import count

import structlog

from models.contests import Contest
from models.database import db
from models.issuing import IssueRun
from rules.certificate_kinds import CertificateKind
from rules.states import LineState, RunState
from services import audits, issuing
from services.acting import Actor
from services.certificates_issuing import Say, frozen, made_part
from services.certificates_layouts import stored_layout
from services.certificates_numbers import take_part
from services.issuing import SUBJECT, finish_part
from services.issuing_checking import Seen, kept, look
from services.issuing_leases import (
    LEASE,
    LostLease,
    Worker,
    claim,
    count_fault,
    release,
)
from services.issuing_printing import print_run
from services.transaction import transaction

SLICE = 50
AT_ONCE = 2  # slices: the one that issues, and the one that finds nothing left


def work_all(worker: Worker) -> int:
    """Work every run that is started and nobody else works; return how many there were."""
    number = 0
    while (run_id := claim(worker)) is not None:
        work(worker, run_id)
        number += 1
    return number


def work_at_once(worker: Worker, run_id: int) -> None:
    """Issue the first certificates of a run without waiting for a process to take it.

    A small run is done with that; a large one is there for whoever comes next.
    """
    if claim(worker, run_id) is not None:
        work(worker, run_id, most=AT_ONCE)
        release(worker, run_id)


def issue_all(
    by: Actor,
    contest_id: int,
    say: Say,
    address: str = "",
    kind: CertificateKind = CertificateKind.HONOUR,
) -> int:
    """Issue all certificates of a contest now, step by step as a run; return the run."""
    run_id = issuing.prepare(by, contest_id, kind)
    issuing.check(by, run_id, say)
    issuing.approve_sample(by, run_id)
    issuing.start(by, run_id, address)
    worker = Worker.new(lambda: by.now, say)
    if claim(worker, run_id) is not None:
        work(worker, run_id)
    return run_id


def work(worker: Worker, run_id: int, most: int | None = None) -> None:
    """Work a run whose lease is held until it ends, is stopped or fails, or for so many slices."""
    slices = count() if most is None else range(most)
    try:
        for _ in slices:
            run = db.session.get_one(IssueRun, run_id)
            if run.state is RunState.DONE:
                break
            issue_slice(Actor(run.started_by_id, worker.clock()), run_id, worker)
        if worker.settings is not None:
            print_run(worker, run_id, worker.settings)
    except LostLease:
        db.session.rollback()
    except Exception:
        structlog.get_logger().exception("run of certificates failed", run=run_id)
        count_fault(worker, run_id)


@transaction
def issue_slice(by: Actor, run_id: int, worker: Worker) -> int:
    """Issue the next fifty certificates of a run; without any left the run is done.

    Whoever cannot be issued any more is left out by name, with what stands in the way.
    """
    run = _held(run_id, worker)
    db.session.get(Contest, run.contest_id, with_for_update=True, populate_existing=True)
    seen = look(by, run, worker.say, SLICE)
    if not seen:
        finish_part(run, by.now)
        audits.record(by, "finish", SUBJECT, run_id, contest_id=run.contest_id)
        return 0
    for one in seen:
        if one.problems:
            one.line.state = LineState.LEFT_OUT
            one.line.problems = [kept(problem) for problem in one.problems]
    numbers = _issue(by, run, [one for one in seen if not one.problems], worker.say)
    run.lease_until = by.now + LEASE
    after = {"numbers": numbers, "left_out": len(seen) - len(numbers)}
    audits.record(by, "issue", SUBJECT, run_id, contest_id=run.contest_id, after=after)
    return len(seen)


def _issue(by: Actor, run: IssueRun, seen: Sequence[Seen], say: Say) -> list[str]:
    there = [(one.line, one.due) for one in seen if one.due is not None]
    if not there or run.started_at is None:
        return []
    # All certificates of a run bear the day on which it was started.
    dated = Actor(by.account_id, run.started_at)
    layout = stored_layout(run.layout)
    due = [each for _, each in there]
    numbers = take_part(by, [one.series for one in due], run.id)
    made = made_part(by, due, frozen(dated, due, numbers, layout, say), run.layout)
    for (line, _), certificate in zip(there, made, strict=True):
        line.state, line.certificate_id = LineState.ISSUED, certificate.id
    ids = [certificate.id for certificate in made]
    audits.record_many(by, "issue", "certificate", ids, contest_id=run.contest_id)
    return numbers


def _held(run_id: int, worker: Worker) -> IssueRun:
    run = db.session.get(IssueRun, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.state is not RunState.RUNNING or run.lease_owner != worker.name:
        raise LostLease(run_id)
    return run
