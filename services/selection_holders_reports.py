"""Yearly reports of holders: written by themselves, accepted or given back by staff (R5.17)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.selection_holders import SelectionHolder, SelectionReport
from rules.refusals import Missing, Refused, check_reason
from rules.selection_holders import figures_problems, move_report
from rules.selections import HolderReportState, HolderState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.selection_holders import lock_holder
from services.transaction import STALE, transaction

EDITABLE = (HolderReportState.DRAFT, HolderReportState.RETURNED)


@dataclass(frozen=True)
class ReportFacts:
    """What a holder writes about a year."""

    apprentices: int = 0
    projects: int = 0
    patents: int = 0
    text: str = ""


@transaction
def write_report(
    by: Actor,
    holder_id: int,
    person_id: int,
    year: int,
    facts: ReportFacts,
    *,
    base: int | None = None,
    submit: bool = False,
) -> int:
    """Write one's own report of a year, and hand it in if it is complete; return its id."""
    holder = lock_holder(holder_id)
    if holder.person_id != person_id:
        raise Missing(holder_id)
    row = _report(holder, year, by)
    if row.state not in EDITABLE:
        raise Refused(N_("This report is handed in; it can no longer be changed."))
    if row.id is not None and base is not None and base != row.version:
        raise Refused(STALE)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    if submit:
        for problem in figures_problems(**asdict(facts)):
            raise problem
        row.state = move_report(row.state, HolderReportState.SUBMITTED)
        row.submitted_at, row.submitted_by_id, row.reason = by.now, by.account_id, ""
    db.session.add(row)
    db.session.flush()
    after = {"year": year, "state": row.state}
    action = "submit" if submit else "write_report"
    audits.record(by, action, "selection_report", row.id, after=after)
    return row.id


def _report(holder: SelectionHolder, year: int, by: Actor) -> SelectionReport:
    query = select(SelectionReport).where(
        SelectionReport.holder_id == holder.id, SelectionReport.year == year
    )
    row = db.session.scalar(query.with_for_update())
    if row is not None:
        return row
    last = by.today.year if holder.ended_on is None else holder.ended_on.year
    in_term = holder.starts_on.year <= year <= last
    if holder.state is HolderState.REVOKED or not in_term:
        raise Refused(N_("There is no report for this year."), "year")
    return SelectionReport(holder_id=holder.id, year=year, state=HolderReportState.DRAFT)


@transaction
def return_report(by: Actor, report_id: int, *, reason: str) -> int:
    """Give a report back to be completed."""
    check_reason(reason)
    row = _locked(report_id)
    row.state, row.reason = move_report(row.state, HolderReportState.RETURNED), reason.strip()
    after = {"year": row.year, "reason": row.reason}
    audits.record(by, "return_report", "selection_report", row.id, after=after)
    return report_id


@transaction
def accept_report(by: Actor, report_id: int) -> int:
    """Accept a report; whoever handed it in cannot."""
    row = _locked(report_id)
    if by.account_id is None or row.submitted_by_id == by.account_id:
        raise Refused(N_("Somebody else must accept this report: you have handed it in."))
    row.state = move_report(row.state, HolderReportState.ACCEPTED)
    row.accepted_at, row.accepted_by_id = by.now, by.account_id
    audits.record(by, "accept_report", "selection_report", row.id, after={"year": row.year})
    return report_id


def _locked(report_id: int) -> SelectionReport:
    row = db.session.get(SelectionReport, report_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(report_id)
    return row


def get_report(report_id: int) -> SelectionReport:
    """Return a report with its holder; raise Missing."""
    query = select(SelectionReport).options(
        joinedload(SelectionReport.holder).options(
            joinedload(SelectionHolder.person), joinedload(SelectionHolder.honour)
        )
    )
    row = db.session.scalar(query.where(SelectionReport.id == report_id))
    if row is None:
        raise Missing(report_id)
    return row


def waiting_reports() -> Sequence[SelectionReport]:
    """List the reports that wait for staff, the oldest first."""
    query = (
        select(SelectionReport)
        .options(
            joinedload(SelectionReport.holder).options(
                joinedload(SelectionHolder.person), joinedload(SelectionHolder.honour)
            )
        )
        .where(SelectionReport.state == HolderReportState.SUBMITTED)
        .order_by(SelectionReport.submitted_at, SelectionReport.id)
    )
    return db.session.scalars(query.limit(200)).all()
