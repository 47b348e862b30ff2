"""The assessment at the end of a term, and what follows from it (R6.06, R6.09)."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.workshops import WorkshopAssessment, WorkshopReport, WorkshopTerm
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from rules.workshop_grades import Gap, Taught, duty_gaps
from rules.workshop_sheets import Answer, Outcome, Sheet, evaluate, stored
from rules.workshops import (
    ASSESSMENT_MOVES,
    AssessmentState,
    ClosedFor,
    GrantKind,
    ReportState,
    TermState,
)
from services import audits
from services.acting import Actor
from services.transaction import transaction
from services.workshops import (
    ONE_DAY,
    add_bar,
    add_grant,
    begin_term,
    check_standing,
    close_part,
    end_term,
    lock_workshop,
)
from services.workshops_policies import policy_on, rules_of


@transaction
def fill_sheet(
    by: Actor,
    term_id: int,
    found: Mapping[str, Answer],
    *,
    held_on: date,
    experts: str = "",
    note: str = "",
) -> int:
    """Fill the sheet of a term; it counts once a second person has confirmed it."""
    term = _locked_term(term_id)
    _check_time(term, by.today, held_on)
    sheet = rules_of(term.policy).sheet
    outcome = evaluate(sheet, found)
    row = find_assessment(term_id)
    if row is None:
        row = WorkshopAssessment(term_id=term_id, state=AssessmentState.FILLED)
        db.session.add(row)
    elif row.state is AssessmentState.RETURNED:
        row.state = moved(ASSESSMENT_MOVES, row.state, AssessmentState.FILLED)
    elif row.state is AssessmentState.CONFIRMED:
        raise Refused(N_("This term is assessed already."))
    _write(row, sheet, found, outcome)
    row.held_on, row.experts, row.note = held_on, experts, note
    row.filled_at, row.filled_by_id = by.now, by.account_id or 0
    db.session.flush()
    after = {"total": outcome.total, "passed": outcome.passed, "workshop": term.workshop_id}
    audits.record(by, "fill_sheet", "workshop_assessment", row.id, after=after)
    return row.id


def _write(
    row: WorkshopAssessment, sheet: Sheet, found: Mapping[str, Answer], outcome: Outcome
) -> None:
    row.sheet = sheet.model_dump(mode="json")
    row.found = audits.plain(dict(found)) or {}
    row.lines = stored(outcome)
    row.total, row.passed = outcome.total, outcome.passed


def _check_time(term: WorkshopTerm, today: date, held_on: date) -> None:
    if term.state is not TermState.RUNNING:
        raise Refused(N_("This term has ended already."))
    first = term.ends_on - timedelta(days=rules_of(term.policy).assess_early_days)
    if not first <= held_on <= today:
        text = N_("The assessment of this term is held from %(first)s on, and not in the future.")
        raise Refused(text, "held_on", first=first)


@transaction
def return_sheet(by: Actor, assessment_id: int, *, reason: str) -> int:
    """Send a filled sheet back to who has filled it."""
    check_reason(reason)
    row = _locked(assessment_id)
    row.state, row.note = moved(ASSESSMENT_MOVES, row.state, AssessmentState.RETURNED), reason
    after = {"reason": reason}
    audits.record(by, "return", "workshop_assessment", row.id, after=after)
    return row.id


@transaction
def confirm_assessment(by: Actor, assessment_id: int) -> int:
    """Confirm an assessment as a second person, with what follows; return the workshop's id.

    Who passes goes on for another term and is preferred for the level above; who fails loses the
    plaque, and leader and host are barred (R6.06).
    """
    row = _locked(assessment_id)
    if row.filled_by_id == by.account_id:
        raise Refused(N_("Somebody else must confirm this: you have filled the sheet."))
    row.state = moved(ASSESSMENT_MOVES, row.state, AssessmentState.CONFIRMED)
    row.confirmed_at, row.confirmed_by_id = by.now, by.account_id
    term = _locked_term(row.term_id)
    after = {"total": row.total, "passed": row.passed}
    audits.record(by, "confirm", "workshop_assessment", row.id, after=after)
    (_renew if row.passed else _fail)(by, term)
    return term.workshop_id


def _renew(by: Actor, term: WorkshopTerm) -> None:
    workshop = lock_workshop(term.workshop_id)
    check_standing(workshop)
    end_term(term, TermState.PASSED)
    workshop.preferred = True
    starts_on = term.ends_on + ONE_DAY
    new = begin_term(workshop, starts_on, policy_on(starts_on))
    add_grant(by, new, GrantKind.RENEWAL)
    after = {"term": new.number, "until": new.ends_on}
    audits.record(by, "renew", "workshop", workshop.id, after=after)


def _fail(by: Actor, term: WorkshopTerm) -> None:
    workshop = lock_workshop(term.workshop_id)
    check_standing(workshop)
    end_term(term, TermState.FAILED)
    reason = N_("Failed the assessment at the end of the term")
    add_bar(by, workshop, term.policy, reason)
    close_part(by, workshop, ClosedFor.FAILED, reason)


def _locked_term(term_id: int) -> WorkshopTerm:
    row = db.session.get(WorkshopTerm, term_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(term_id)
    return row


def _locked(assessment_id: int) -> WorkshopAssessment:
    row = db.session.get(
        WorkshopAssessment, assessment_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise Missing(assessment_id)
    return row


def find_assessment(term_id: int) -> WorkshopAssessment | None:
    """Return the assessment of a term, if it has begun."""
    query = select(WorkshopAssessment).where(WorkshopAssessment.term_id == term_id)
    return db.session.scalar(query)


def get_assessment(assessment_id: int) -> WorkshopAssessment:
    """Return an assessment with its term and workshop; raise Missing."""
    query = select(WorkshopAssessment).options(
        joinedload(WorkshopAssessment.term).joinedload(WorkshopTerm.workshop)
    )
    row = db.session.scalar(query.where(WorkshopAssessment.id == assessment_id))
    if row is None:
        raise Missing(assessment_id)
    return row


def get_term(term_id: int) -> WorkshopTerm:
    """Return a term with its workshop and rules; raise Missing."""
    query = select(WorkshopTerm).options(
        joinedload(WorkshopTerm.workshop), joinedload(WorkshopTerm.policy)
    )
    row = db.session.scalar(query.where(WorkshopTerm.id == term_id))
    if row is None:
        raise Missing(term_id)
    return row


def assessments_of(workshop_id: int) -> dict[int, WorkshopAssessment]:
    """Return the assessments of a workshop by term."""
    query = select(WorkshopAssessment).join(WorkshopTerm)
    found = db.session.scalars(query.where(WorkshopTerm.workshop_id == workshop_id))
    return {one.term_id: one for one in found}


def gaps_of(term: WorkshopTerm, until: int) -> tuple[Gap, ...]:
    """List the duties that the accepted reports of a term do not show, up to a year (R6.08)."""
    query = select(WorkshopReport).where(
        WorkshopReport.workshop_id == term.workshop_id,
        WorkshopReport.state == ReportState.ACCEPTED,
    )
    reports = {
        one.year: Taught(one.year, one.apprentices, one.trained, one.highly_skilled)
        for one in db.session.scalars(query)
    }
    years = range(term.starts_on.year, min(until, term.ends_on.year) + 1)
    return duty_gaps(rules_of(term.policy), term.level, reports, years)
