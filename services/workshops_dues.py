"""What is due of workshops today, overdue first, and the reminders about it (R6.06-12)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from models.accounts import Account
from models.database import db
from models.workshop_applications import WorkshopApplication
from models.workshops import (
    Workshop,
    WorkshopBar,
    WorkshopChange,
    WorkshopGradeRound,
    WorkshopReport,
    WorkshopTerm,
)
from rules.messages import MessageChannel
from rules.workshop_dues import Due, DueKind, Ending, Register, ReportFacts, due_on
from rules.workshops import (
    ApplicationState,
    ChangeState,
    GradeRoundState,
    WorkshopState,
)
from services.acting import ZONE, Actor
from services.messages import Draft, remind_once
from services.transaction import transaction
from services.workshops_policies import find_policy, rules_of
from services.workshops_requests import term_facts

ONE_DAY = timedelta(days=1)
AHEAD = 30
ABOUT = "workshop"
# What the host has to do; all else is the bureau's.
OF_HOSTS = frozenset({DueKind.REPORT, DueKind.CHANGE, DueKind.TERM_END})


@dataclass(frozen=True)
class Line:
    """Something due, with the workshop it concerns."""

    due: Due
    workshop: Workshop | None
    is_overdue: bool
    days_left: int


def board(today: date, ahead: int = AHEAD, employer_id: int | None = None) -> list[Line]:
    """List what is due today or within so many days, the most overdue first."""
    found = due_on(load_register(today), today, ahead)
    workshops = _workshops(found)
    lines = [
        Line(
            due,
            workshops.get(due.workshop_id or 0),
            due.is_overdue(today),
            due.days_left(today),
        )
        for due in found
    ]
    if employer_id is None:
        return lines
    own = (line for line in lines if line.workshop and line.workshop.employer_id == employer_id)
    return [line for line in own if line.due.kind in OF_HOSTS]


def _workshops(dues: Iterable[Due]) -> dict[int, Workshop]:
    ids = {due.workshop_id for due in dues if due.workshop_id is not None}
    query = select(Workshop).options(joinedload(Workshop.leader), joinedload(Workshop.employer))
    return {one.id: one for one in db.session.scalars(query.where(Workshop.id.in_(ids)))}


def load_register(today: date) -> Register:
    """Return all that due dates follow from, in six statements."""
    terms = (
        select(WorkshopTerm)
        .join(WorkshopTerm.workshop)
        .options(contains_eager(WorkshopTerm.workshop), joinedload(WorkshopTerm.policy))
        .where(Workshop.state == WorkshopState.STANDING)
    )
    reports = (
        select(WorkshopReport)
        .join(WorkshopReport.workshop)
        .where(Workshop.state == WorkshopState.STANDING)
    )
    decided = select(WorkshopGradeRound.year, WorkshopGradeRound.level).where(
        WorkshopGradeRound.state == GradeRoundState.DECIDED
    )
    return Register(
        terms=tuple(term_facts(one.workshop, one) for one in db.session.scalars(terms)),
        reports=tuple(_report(one) for one in db.session.scalars(reports)),
        graded=frozenset((year, level) for year, level in db.session.execute(decided)),
        endings=(*_changes(), *_notices(), *_bars(today)),
    )


def _report(row: WorkshopReport) -> ReportFacts:
    at = row.submitted_at
    submitted = None if at is None else at.astimezone(ZONE).date()
    return ReportFacts(row.workshop_id, row.year, row.state, submitted)


def _changes() -> Iterable[Ending]:
    query = select(WorkshopChange).where(
        WorkshopChange.state.in_((ChangeState.REPORTED, ChangeState.PROPOSED))
    )
    for row in db.session.scalars(query):
        yield Ending(DueKind.CHANGE, row.due_on, row.id, row.workshop_id, row.happened_on)


def _notices() -> Iterable[Ending]:
    query = select(WorkshopApplication.id, WorkshopApplication.notice_ends_on).where(
        WorkshopApplication.state == ApplicationState.NOTICE
    )
    for key, last in db.session.execute(query):
        if last is not None:
            yield Ending(DueKind.NOTICE_END, last + ONE_DAY, key)


def _bars(today: date) -> Iterable[Ending]:
    query = select(WorkshopBar).where(WorkshopBar.ends_on >= today - ONE_DAY)
    for row in db.session.scalars(query):
        yield Ending(DueKind.BAR_END, row.ends_on + ONE_DAY, row.id, row.workshop_id)


Say = Callable[[Due, Workshop], str]


@transaction
def remind(by: Actor, subject: str, wording: Say) -> int:
    """Write a mail to the host for each step before a day and once when it has passed.

    Each is said a single time; return how many were written.
    """
    policy = find_policy(by.today)
    if policy is None:
        return 0
    steps = sorted(rules_of(policy).remind_days)
    lines = [line for line in board(by.today, max(steps, default=0)) if line.due.kind in OF_HOSTS]
    addresses = _addresses(line.workshop for line in lines if line.workshop)
    drafts = [
        Draft(
            MessageChannel.MAIL,
            address,
            subject,
            wording(line.due, line.workshop),
            ABOUT,
            once=f"{_key(line.due)}:{step}:{account_id}",
        )
        for line in lines
        if line.workshop is not None and (step := _step(line, steps)) is not None
        for account_id, address in addresses.get(line.workshop.employer_id, ())
    ]
    return remind_once(by, "workshop", drafts)


def _step(line: Line, steps: Sequence[int]) -> str | None:
    """Return the step that a line has reached: late, or the nearest number of days before."""
    if line.is_overdue:
        return "late"
    return next((str(days) for days in steps if line.days_left <= days), None)


def _key(due: Due) -> str:
    return f"workshop:{due.kind.value}:{due.workshop_id}:{due.due_on.isoformat()}"


def _addresses(workshops: Iterable[Workshop]) -> Mapping[int, list[tuple[int, str]]]:
    hosts = {one.employer_id for one in workshops}
    query = select(Account).where(Account.employer_id.in_(hosts), Account.active.is_(True))
    found: dict[int, list[tuple[int, str]]] = {}
    for account in db.session.scalars(query):
        if account.email and account.employer_id is not None:
            found.setdefault(account.employer_id, []).append((account.id, account.email))
    return found
