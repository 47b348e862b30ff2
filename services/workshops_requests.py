"""What an application says, put together with what the registers know about its people."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.honours import Honour
from models.levels import PersonLevel
from models.people import Person
from models.workshop_applications import WorkshopApplication
from models.workshops import Workshop, WorkshopBar, WorkshopChange, WorkshopReport, WorkshopTerm
from rules.refusals import Refused
from rules.states import HonourState
from rules.texts import N_
from rules.workshop_conditions import (
    Apprentice,
    Bar,
    Candidate,
    Request,
    Standing,
    condition_problems,
)
from rules.workshop_dues import TermFacts, report_years
from rules.workshops import ApplicationKind, ChangeState, ReportState, WorkshopState
from services.acting import ZONE
from services.workshops_policies import rules_of


def problems_of(row: WorkshopApplication, today: date, *, in_time: bool = False) -> list[Refused]:
    """Return every reason why an application cannot go on; ``in_time`` once it was handed in."""
    policy = rules_of(row.policy)
    if in_time:
        policy = policy.model_copy(update={"apply_from": "", "apply_until": ""})
    return list(condition_problems(policy, request_of(row, today), today))


class Unfit(Refused):
    """An application that lacks something, with every reason at once."""

    def __init__(self, problems: Sequence[Refused]) -> None:
        super().__init__(N_("The conditions are not fulfilled yet; see the list."))
        self.problems = tuple(problems)


def check_fit(row: WorkshopApplication, today: date, *, in_time: bool = False) -> None:
    """Part: refuse an application that lacks something, for all its reasons together."""
    problems = problems_of(row, today, in_time=in_time)
    if problems:
        raise problems[0] if len(problems) == 1 else Unfit(problems)


def request_of(row: WorkshopApplication, today: date) -> Request:
    """Put together what an application says with what the registers know."""
    people = candidates([row.leader_id, *row.masters])
    others = [people[key] for key in row.masters if key in people and key != row.leader_id]
    return Request(
        kind=row.kind,
        level=row.level,
        naming=row.naming,
        leader=people[row.leader_id],
        masters=tuple(others),
        renown=row.local_renown,
        room=row.room,
        equipment=row.equipment,
        own_rules=row.own_rules,
        plan=row.plan,
        apprentices=apprentices_of(row),
        bars=_bars(row, today),
        leads=_leads(row),
        title_taken=_is_taken(row),
        standing=_standing(row, today),
    )


def apprentices_of(row: WorkshopApplication) -> tuple[Apprentice, ...]:
    """Return the apprentices of an application with the days of their agreements."""
    return tuple(
        Apprentice(one["name"], date.fromisoformat(one["signed_on"]) if one["signed_on"] else None)
        for one in row.apprentices
    )


def candidates(ids: Sequence[int]) -> dict[int, Candidate]:
    """Return people with the best level they hold and the titles that stand (three statements)."""
    levels: dict[int, int] = {}
    query = select(PersonLevel.person_id, func.min(PersonLevel.level))
    grouped = query.where(PersonLevel.person_id.in_(ids)).group_by(PersonLevel.person_id)
    for key, level in db.session.execute(grouped):
        levels[key] = level
    titles: dict[int, set[str]] = {}
    standing = select(Honour.person_id, Honour.title).where(
        Honour.person_id.in_(ids), Honour.state == HonourState.STANDING
    )
    for key, title in db.session.execute(standing):
        titles.setdefault(key, set()).add(title)
    people = select(Person.id, Person.name, Person.held_level).where(Person.id.in_(ids))
    return {
        key: Candidate(
            name, min(filter(None, (held, levels.get(key))), default=None),
            frozenset(titles.get(key, ())),
        )
        for key, name, held in db.session.execute(people)
    }  # fmt: skip


def _bars(row: WorkshopApplication, today: date) -> tuple[Bar, ...]:
    query = select(WorkshopBar).where(
        WorkshopBar.ends_on >= today,
        or_(WorkshopBar.leader_id == row.leader_id, WorkshopBar.employer_id == row.employer_id),
    )
    found = []
    for bar in db.session.scalars(query.order_by(WorkshopBar.ends_on)):
        is_leader = bar.leader_id == row.leader_id
        found.append(Bar(row.leader.name if is_leader else row.employer.title, bar.ends_on))
    return tuple(found)


def _leads(row: WorkshopApplication) -> str:
    query = select(Workshop.title).where(
        Workshop.leader_id == row.leader_id, Workshop.state == WorkshopState.STANDING
    )
    if row.workshop_id is not None:
        query = query.where(Workshop.id != row.workshop_id)
    return db.session.scalar(query.limit(1)) or ""


def _is_taken(row: WorkshopApplication) -> bool:
    query = select(Workshop.id).where(Workshop.title == row.title)
    return db.session.scalar(query.limit(1)) is not None


def _standing(row: WorkshopApplication, today: date) -> Standing | None:
    if row.workshop_id is None or row.kind is ApplicationKind.FOUNDING:
        return None
    workshop = db.session.get_one(Workshop, row.workshop_id)
    query = select(WorkshopTerm).where(WorkshopTerm.workshop_id == workshop.id)
    terms = db.session.scalars(query.options(joinedload(WorkshopTerm.policy))).all()
    since = min(term.starts_on for term in terms if term.level is workshop.level)
    gone = select(WorkshopChange.id).where(
        WorkshopChange.workshop_id == workshop.id,
        WorkshopChange.state.in_((ChangeState.REPORTED, ChangeState.PROPOSED)),
    )
    return Standing(
        level=workshop.level,
        since=since,
        is_open=workshop.state is WorkshopState.STANDING,
        missing_reports=_missing(workshop, terms, today),
        leader_gone=db.session.scalar(gone.limit(1)) is not None,
    )


def _missing(workshop: Workshop, terms: Sequence[WorkshopTerm], today: date) -> tuple[int, ...]:
    accepted = set(
        db.session.scalars(
            select(WorkshopReport.year).where(
                WorkshopReport.workshop_id == workshop.id,
                WorkshopReport.state == ReportState.ACCEPTED,
            )
        )
    )
    owed = report_years([term_facts(workshop, term) for term in terms], today)
    return tuple(year for year in owed if year not in accepted)


def term_facts(workshop: Workshop, term: WorkshopTerm) -> TermFacts:
    """Return a term as the rules of due dates want it."""
    recorded = workshop.recorded_at.astimezone(ZONE).date()
    return TermFacts(
        workshop_id=workshop.id,
        term_id=term.id,
        level=term.level,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        state=term.state,
        policy=rules_of(term.policy),
        known_since=recorded if workshop.imported else term.starts_on,
        ended_on=term.ended_on,
        is_standing=workshop.state is WorkshopState.STANDING,
    )
