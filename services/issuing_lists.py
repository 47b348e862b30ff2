"""Runs of certificates and the register of numbers, listed and counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from models.certificates import Certificate
from models.contests import Contest
from models.database import db
from models.issuing import IssueLine, IssueRun, TakenNumber
from rules.refusals import Missing
from rules.states import LineState, NumberState, RunState
from services.pages import PAGE_SIZE, Page, page_of

ENDED = (RunState.DONE, RunState.CANCELLED)
MOST_BLOCKED = 200  # so many are named at once; the others come when these are settled


@dataclass(frozen=True)
class Progress:
    """How far a run is: certificates by state, how fast it goes, how long it will take."""

    waiting: int = 0
    blocked: int = 0
    left_out: int = 0
    issued: int = 0
    printed: int = 0
    a_second: float = 0.0

    @property
    def total(self) -> int:
        """Return how many certificates the run is to issue."""
        return self.waiting + self.blocked + self.done

    @property
    def done(self) -> int:
        """Return how many it has issued."""
        return self.issued + self.printed

    @property
    def percent(self) -> int:
        """Return how much of it is done; 100 only when all of it is."""
        return self.done * 100 // self.total if self.total else 0

    @property
    def left(self) -> timedelta | None:
        """Return how long the rest will take at this pace; None when nobody can tell."""
        if not self.a_second or not self.waiting:
            return None
        return timedelta(seconds=round(self.waiting / self.a_second))


def progress_of(run: IssueRun, now: datetime) -> Progress:
    """Count the certificates of a run by state, and measure its pace."""
    query = select(IssueLine.state, func.count()).where(IssueLine.run_id == run.id)
    rows = db.session.execute(query.group_by(IssueLine.state))
    counts = {state.value: number for state, number in rows}
    done = counts.get("issued", 0) + counts.get("printed", 0)
    return Progress(**counts, a_second=_pace(run, done, now))


def _pace(run: IssueRun, done: int, now: datetime) -> float:
    if run.pace_at is None or done <= run.pace_done:
        return 0.0
    seconds = ((run.ended_at or now) - run.pace_at).total_seconds()
    return (done - run.pace_done) / seconds if seconds > 0 else 0.0


def show_run(run_id: int) -> IssueRun:
    """Return a run with its contest, layout and the people who brought it on."""
    people = (IssueRun.prepared_by, IssueRun.approved_by, IssueRun.started_by)
    query = select(IssueRun).where(IssueRun.id == run_id)
    query = query.options(
        joinedload(IssueRun.contest),
        joinedload(IssueRun.layout),
        *(joinedload(one) for one in people),
    )
    run = db.session.scalar(query)
    if run is None:
        raise Missing(run_id)
    return run


def list_runs(limit: frozenset[int] | None, page: int = 1) -> Page[IssueRun]:
    """List the runs of some contests, or of all, the newest first."""
    query = select(IssueRun).options(joinedload(IssueRun.contest))
    if limit is not None:
        query = query.where(IssueRun.contest_id.in_(limit))
    return page_of(query.order_by(IssueRun.id.desc()), page)


def open_runs(limit: frozenset[int] | None) -> dict[tuple[int, str], int]:
    """Return the open run of each contest and kind that has one."""
    query = select(IssueRun.contest_id, IssueRun.kind, IssueRun.id).where(
        IssueRun.state.not_in(ENDED)
    )
    if limit is not None:
        query = query.where(IssueRun.contest_id.in_(limit))
    return {(row[0], row[1].value): row[2] for row in db.session.execute(query)}


def list_blocked(run_id: int) -> Sequence[IssueLine]:
    """List the lines that have something in their way, at most two hundred."""
    query = select(IssueLine).where(
        IssueLine.run_id == run_id, IssueLine.state == LineState.BLOCKED
    )
    return db.session.scalars(query.order_by(IssueLine.position).limit(MOST_BLOCKED)).all()


def list_lines(run_id: int, state: LineState | None, page: int = 1) -> Page[IssueLine]:
    """List the certificates of a run in their order."""
    query = select(IssueLine).options(joinedload(IssueLine.certificate))
    query = query.where(IssueLine.run_id == run_id)
    if state is not None:
        query = query.where(IssueLine.state == state)
    return page_of(query.order_by(IssueLine.position), page)


@dataclass(frozen=True)
class WantedNumbers:
    """Which numbers are asked for; None means no limit."""

    contests: frozenset[int] | None = None
    contest_id: int | None = None
    state: NumberState | None = None
    q: str = ""


@dataclass(frozen=True)
class Entry:
    """A number of the register with the certificate that bears it, if that is there."""

    taken: TakenNumber
    certificate: Certificate | None


def list_numbers(wanted: WantedNumbers, page: int = 1, size: int = PAGE_SIZE) -> Page[Entry]:
    """List the numbers that were given out, the newest first."""
    query = select(TakenNumber).options(joinedload(TakenNumber.contest)).where(*_asked(wanted))
    found = page_of(query.order_by(TakenNumber.id.desc()), page, size)
    return Page(_with_certificates(found.items), found.total, found.number, found.size)


def each_number(wanted: WantedNumbers) -> Iterator[Entry]:
    """Yield all the numbers that are asked for, the oldest first."""
    query = select(TakenNumber).options(selectinload(TakenNumber.contest)).where(*_asked(wanted))
    rows = db.session.scalars(query.order_by(TakenNumber.id)).all()
    for start in range(0, len(rows), 1000):
        yield from _with_certificates(rows[start : start + 1000])


def list_number_contests(limit: frozenset[int] | None) -> list[tuple[int, str]]:
    """List the contests that have numbers in the register, for the filter."""
    numbered = select(TakenNumber.id).where(TakenNumber.contest_id == Contest.id).exists()
    query = select(Contest.id, Contest.title).where(numbered).order_by(Contest.id.desc())
    if limit is not None:
        query = query.where(Contest.id.in_(limit))
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _with_certificates(rows: Sequence[TakenNumber]) -> list[Entry]:
    query = select(Certificate).where(Certificate.number.in_([row.number for row in rows]))
    found = {one.number: one for one in db.session.scalars(query)}
    return [Entry(row, found.get(row.number)) for row in rows]


def _asked(wanted: WantedNumbers) -> list[Any]:
    exact = (
        (TakenNumber.contest_id, wanted.contest_id),
        (TakenNumber.state, wanted.state),
    )
    found: list[Any] = [column == value for column, value in exact if value is not None]
    if wanted.contests is not None:
        found.append(TakenNumber.contest_id.in_(wanted.contests))
    if wanted.q:
        found.append(
            or_(
                TakenNumber.number.contains(wanted.q.upper(), autoescape=True),
                TakenNumber.reason.contains(wanted.q, autoescape=True),
            )
        )
    return found


@dataclass(frozen=True)
class History:
    """What became of a certificate: its number in the register, and its place in a row of them."""

    taken: TakenNumber | None
    replaces: Certificate | None
    replaced_by: Certificate | None


def history_of(certificate: Certificate) -> History:
    """Look up the number of a certificate, the one before it, and the one in its place."""
    taken = select(TakenNumber).where(TakenNumber.number == certificate.number)
    later = select(Certificate).where(Certificate.replaces_id == certificate.id)
    earlier = certificate.replaces_id
    return History(
        db.session.scalar(taken),
        None if earlier is None else db.session.get(Certificate, earlier),
        db.session.scalar(later.order_by(Certificate.id.desc()).limit(1)),
    )
