"""Yearly grades: a round for each year and level, proposed by one, decided by another (R6.07)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from models.database import db
from models.workshops import (
    Workshop,
    WorkshopGrade,
    WorkshopGradeRound,
    WorkshopReport,
    WorkshopTerm,
)
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from rules.workshop_dues import level_in, report_years
from rules.workshop_grades import Graded, grade_problems
from rules.workshops import (
    GRADE_ROUND_MOVES,
    Grade,
    GradeRoundState,
    GrantKind,
    ReportState,
    WorkshopLevel,
    WorkshopState,
)
from services import audits
from services.acting import Actor
from services.transaction import transaction
from services.workshops import add_grant, running_term
from services.workshops_policies import policy_on, rules_of
from services.workshops_requests import term_facts


@transaction
def open_round(by: Actor, year: int, level: WorkshopLevel) -> int:
    """Open the grades of a year among all standing workshops of a level that owe its report."""
    if year >= by.today.year:
        raise Refused(N_("Grades are given once the year is over."), "year")
    same = select(WorkshopGradeRound.id).where(
        WorkshopGradeRound.year == year, WorkshopGradeRound.level == level
    )
    if db.session.scalar(same) is not None:
        raise Refused(N_("This round is there already."), "year")
    wanted = _owing(by, year, level)
    if not wanted:
        raise Refused(N_("No workshop of this level has to report on this year."), "year")
    row = WorkshopGradeRound(year=year, level=level, policy_id=policy_on(by.today).id)
    row.grades = [WorkshopGrade(workshop_id=key) for key in wanted]
    db.session.add(row)
    db.session.flush()
    after = {"year": year, "level": level, "workshops": len(wanted)}
    audits.record(by, "open_round", "workshop_grades", row.id, after=after)
    return row.id


def _owing(by: Actor, year: int, level: WorkshopLevel) -> list[int]:
    query = (
        select(WorkshopTerm)
        .join(Workshop)
        .options(joinedload(WorkshopTerm.workshop), joinedload(WorkshopTerm.policy))
        .where(Workshop.state == WorkshopState.STANDING)
        .order_by(WorkshopTerm.workshop_id, WorkshopTerm.starts_on)
    )
    terms: dict[int, list[WorkshopTerm]] = {}
    for term in db.session.scalars(query):
        terms.setdefault(term.workshop_id, []).append(term)
    found = []
    for workshop_id, rows in terms.items():
        facts = [term_facts(term.workshop, term) for term in rows]
        if year in report_years(facts, by.today) and level_in(facts, year) is level:
            found.append(workshop_id)
    return found


@transaction
def enter_grades(
    by: Actor,
    round_id: int,
    grades: Mapping[int, tuple[Grade | None, str]],
    experts: str = "",
    version: int | None = None,
) -> int:
    """Enter grades with their reasons, by workshop."""
    row = _locked(round_id)
    if row.state is not GradeRoundState.OPEN:
        raise Refused(N_("The grades of this round are proposed; take them back first."))
    if version is not None and version != row.version:
        raise Refused(N_("Somebody else has changed these grades meanwhile."))
    for one in row.grades:
        if one.workshop_id in grades:
            one.grade, one.reason = grades[one.workshop_id]
    row.experts = experts
    after = {str(key): grade for key, (grade, _) in grades.items()}
    audits.record(by, "enter_grades", "workshop_grades", row.id, after=after)
    return row.id


@transaction
def propose_grades(by: Actor, round_id: int) -> int:
    """Propose the grades of a round; too many excellent ones are refused (R6.07)."""
    row = _locked(round_id)
    _check(row)
    row.state = moved(GRADE_ROUND_MOVES, row.state, GradeRoundState.PROPOSED)
    row.proposed_at, row.proposed_by_id = by.now, by.account_id
    audits.record(by, "propose_grades", "workshop_grades", row.id)
    return row.id


@transaction
def return_grades(by: Actor, round_id: int, *, reason: str) -> int:
    """Take proposed grades back into work."""
    check_reason(reason)
    row = _locked(round_id)
    row.state = moved(GRADE_ROUND_MOVES, row.state, GradeRoundState.OPEN)
    audits.record(by, "return", "workshop_grades", row.id, after={"reason": reason})
    return row.id


@transaction
def decide_grades(by: Actor, round_id: int) -> int:
    """Decide the grades of a round as a second person; excellent ones bring their grant."""
    row = _locked(round_id)
    if row.proposed_by_id == by.account_id:
        raise Refused(N_("Somebody else must decide this: you have proposed it."))
    _check(row)
    row.state = moved(GRADE_ROUND_MOVES, row.state, GradeRoundState.DECIDED)
    row.decided_on, row.decided_by_id = by.today, by.account_id
    for one in row.grades:
        if one.grade is Grade.EXCELLENT:
            term = running_term(one.workshop_id)
            if term is not None:
                add_grant(by, term, GrantKind.EXCELLENT, year=row.year)
    after = {"excellent": sum(one.grade is Grade.EXCELLENT for one in row.grades)}
    audits.record(by, "decide", "workshop_grades", row.id, after=after)
    return row.id


def _check(row: WorkshopGradeRound) -> None:
    for problem in problems_in(row):
        raise problem


def problems_in(row: WorkshopGradeRound) -> list[Refused]:
    """Return why the grades of a round cannot be decided."""
    reported = reported_in(row)
    graded = [
        Graded(one.workshop.title, one.grade, one.workshop_id in reported, one.reason)
        for one in row.grades
    ]
    return list(grade_problems(rules_of(row.policy), graded))


def reported_in(row: WorkshopGradeRound) -> set[int]:
    """Return the workshops whose report of the round's year is accepted."""
    query = select(WorkshopReport.workshop_id).where(
        WorkshopReport.year == row.year, WorkshopReport.state == ReportState.ACCEPTED
    )
    return set(db.session.scalars(query))


def _locked(round_id: int) -> WorkshopGradeRound:
    row = db.session.get(WorkshopGradeRound, round_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(round_id)
    return row


def get_round(round_id: int) -> WorkshopGradeRound:
    """Return a round with its grades and workshops; raise Missing."""
    query = select(WorkshopGradeRound).options(
        joinedload(WorkshopGradeRound.policy),
        selectinload(WorkshopGradeRound.grades)
        .joinedload(WorkshopGrade.workshop)
        .joinedload(Workshop.leader),
    )
    row = db.session.scalar(query.where(WorkshopGradeRound.id == round_id))
    if row is None:
        raise Missing(round_id)
    return row


def list_rounds() -> Sequence[WorkshopGradeRound]:
    """List all rounds, the newest first."""
    query = select(WorkshopGradeRound).options(selectinload(WorkshopGradeRound.grades))
    order = (WorkshopGradeRound.year.desc(), WorkshopGradeRound.id)
    return db.session.scalars(query.order_by(*order)).all()


def grades_of(workshop_id: int) -> Sequence[WorkshopGrade]:
    """List the decided grades of a workshop, the newest first."""
    query = (
        select(WorkshopGrade)
        .join(WorkshopGradeRound)
        .options(joinedload(WorkshopGrade.round))
        .where(
            WorkshopGrade.workshop_id == workshop_id,
            WorkshopGradeRound.state == GradeRoundState.DECIDED,
        )
        .order_by(WorkshopGradeRound.year.desc())
    )
    return db.session.scalars(query).all()
