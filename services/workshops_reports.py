"""Yearly reports of workshops: what was done, who was taught, what was spent (R6.06, R6.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models.database import db
from models.workshops import (
    Workshop,
    WorkshopGrant,
    WorkshopReport,
    WorkshopSpending,
    WorkshopTerm,
)
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from rules.workshops import (
    REPORT_EDITABLE,
    REPORT_MOVES,
    Grade,
    GrantState,
    ReportState,
    Spending,
)
from services import audits
from services.acting import Actor
from services.transaction import transaction
from services.workshops import check_standing, lock_workshop

ZERO = Decimal(0)
NUMBERS = ("apprentices", "trained", "highly_skilled", "breakthroughs", "patents", "exchanges")
TEXTS = ("activities", "results", "next_plan")


@dataclass(frozen=True)
class ReportFacts:
    """What a workshop writes about a year."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    own_grade: Grade | None = None
    spent: Mapping[Spending, Decimal] = field(default_factory=dict)
    notes: Mapping[Spending, str] = field(default_factory=dict)


@transaction
def write_report(
    by: Actor, workshop_id: int, year: int, facts: ReportFacts, version: int | None = None
) -> int:
    """Write the report of a year, or change it until it is handed in; return its id."""
    workshop = lock_workshop(workshop_id)
    check_standing(workshop)
    row = find_report(workshop_id, year)
    if row is None:
        row = _new(workshop, year, by.today)
    elif row.state not in REPORT_EDITABLE:
        raise Refused(N_("This report is handed in; it can no longer be changed."))
    elif version is not None and version != row.version:
        raise Refused(N_("Somebody else has changed this report meanwhile."))
    _check(facts)
    _write(row, facts)
    after = {"year": year, **{key: getattr(row, key) for key in NUMBERS}}
    audits.record(by, "write_report", "workshop_report", row.id, after=after)
    return row.id


def _new(workshop: Workshop, year: int, today: date) -> WorkshopReport:
    if not workshop.founded_on.year <= year <= today.year:
        raise Refused(N_("There is no report for this year."), "year")
    row = WorkshopReport(workshop_id=workshop.id, term_id=_term_of(workshop.id, year).id, year=year)
    row.spendings = []
    db.session.add(row)
    db.session.flush()
    return row


def _term_of(workshop_id: int, year: int) -> WorkshopTerm:
    """Return the last term that had begun in a year, or the first one there is."""
    query = select(WorkshopTerm).where(WorkshopTerm.workshop_id == workshop_id)
    terms = db.session.scalars(query.order_by(WorkshopTerm.starts_on)).all()
    if not terms:
        raise Refused(N_("This workshop has no term yet."))
    begun = [term for term in terms if term.starts_on.year <= year]
    return (begun or terms[:1])[-1]


def _check(facts: ReportFacts) -> None:
    if any(number < 0 for number in facts.numbers.values()):
        raise Refused(N_("A number cannot be below zero."))
    if facts.numbers.get("highly_skilled", 0) > facts.numbers.get("trained", 0):
        text = N_("More people became highly skilled than were trained. Check both numbers.")
        raise Refused(text, "highly_skilled")
    if any(amount < 0 for amount in facts.spent.values()):
        raise Refused(N_("An amount cannot be below zero."))
    if facts.spent.get(Spending.OTHER) and not facts.notes.get(Spending.OTHER, "").strip():
        raise Refused(N_("Say what other money was spent on."), "note_other")


def _write(row: WorkshopReport, facts: ReportFacts) -> None:
    for key in NUMBERS:
        setattr(row, key, facts.numbers.get(key, 0))
    for key in TEXTS:
        setattr(row, key, facts.texts.get(key, ""))
    row.own_grade = facts.own_grade
    known = {one.category: one for one in row.spendings}
    for category in Spending:
        amount = facts.spent.get(category, ZERO)
        line = known.get(category)
        if line is None and not amount:
            continue
        if line is None:
            line = WorkshopSpending(category=category)
            row.spendings.append(line)
        line.amount, line.note = amount, facts.notes.get(category, "")
    db.session.flush()


@transaction
def submit_report(by: Actor, report_id: int) -> int:
    """Hand a report in; its texts and numbers no longer change."""
    row = lock_report(report_id)
    if not row.activities.strip():
        raise Refused(N_("Describe the activities of the year."), "activities")
    if row.own_grade is None:
        raise Refused(N_("Give your own grade."), "own_grade")
    row.submitted_at, row.submitted_by_id, row.reason = by.now, by.account_id, ""
    return _move(by, row, ReportState.SUBMITTED, "submit")


@transaction
def return_report(by: Actor, report_id: int, *, reason: str) -> int:
    """Send a report back to be completed."""
    check_reason(reason)
    row = lock_report(report_id)
    row.reason = reason
    return _move(by, row, ReportState.RETURNED, "return")


@transaction
def accept_report(by: Actor, report_id: int) -> int:
    """Accept a report; grades and assessments build on it."""
    row = lock_report(report_id)
    if row.submitted_by_id == by.account_id:
        raise Refused(N_("Somebody else must accept this report: you have handed it in."))
    row.accepted_at, row.accepted_by_id = by.now, by.account_id
    return _move(by, row, ReportState.ACCEPTED, "accept")


def _move(by: Actor, row: WorkshopReport, state: ReportState, action: str) -> int:
    before = {"state": row.state}
    row.state = moved(REPORT_MOVES, row.state, state)
    after = {"state": state, "year": row.year} | ({"reason": row.reason} if row.reason else {})
    audits.record(by, action, "workshop_report", row.id, before=before, after=after)
    return row.id


def lock_report(report_id: int) -> WorkshopReport:
    """Part: return a report, locked; raise Missing."""
    row = db.session.get(WorkshopReport, report_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(report_id)
    return row


def get_report(report_id: int) -> WorkshopReport:
    """Return a report with its workshop and what was spent; raise Missing."""
    query = select(WorkshopReport).options(
        joinedload(WorkshopReport.workshop), selectinload(WorkshopReport.spendings)
    )
    row = db.session.scalar(query.where(WorkshopReport.id == report_id))
    if row is None:
        raise Missing(report_id)
    return row


def find_report(workshop_id: int, year: int) -> WorkshopReport | None:
    """Return the report of a workshop for a year, with what was spent."""
    query = select(WorkshopReport).options(selectinload(WorkshopReport.spendings))
    return db.session.scalar(
        query.where(WorkshopReport.workshop_id == workshop_id, WorkshopReport.year == year)
    )


def reports_of(workshop_id: int) -> Sequence[WorkshopReport]:
    """List the reports of a workshop with what was spent, the newest first."""
    query = select(WorkshopReport).options(selectinload(WorkshopReport.spendings))
    query = query.where(WorkshopReport.workshop_id == workshop_id)
    return db.session.scalars(query.order_by(WorkshopReport.year.desc())).all()


@dataclass(frozen=True)
class Money:
    """Grants of a workshop against what it says it has spent (R6.10)."""

    granted: Decimal
    paid: Decimal
    spent: Mapping[Spending, Decimal]

    @property
    def total_spent(self) -> Decimal:
        """Return all that was spent."""
        return sum(self.spent.values(), ZERO)

    @property
    def rest(self) -> Decimal:
        """Return what of the paid grants is not accounted for; below zero it is own money."""
        return self.paid - self.total_spent


def money_of(workshop_id: int) -> Money:
    """Return the grants and the accepted spending of a workshop (two statements)."""
    grants = (
        select(WorkshopGrant.state, func.sum(WorkshopGrant.amount))
        .join(WorkshopTerm)
        .where(WorkshopTerm.workshop_id == workshop_id)
        .group_by(WorkshopGrant.state)
    )
    by_state = {state: amount for state, amount in db.session.execute(grants)}
    spent = (
        select(WorkshopSpending.category, func.sum(WorkshopSpending.amount))
        .join(WorkshopReport)
        .where(
            WorkshopReport.workshop_id == workshop_id,
            WorkshopReport.state == ReportState.ACCEPTED,
        )
        .group_by(WorkshopSpending.category)
    )
    by_category = {category: amount for category, amount in db.session.execute(spent)}
    counted = (s for s in by_state if s is not GrantState.CANCELLED)
    granted = sum((by_state[state] for state in counted), ZERO)
    return Money(granted, by_state.get(GrantState.PAID, ZERO), by_category)
