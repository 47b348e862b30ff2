"""Classes that several mentors teach together, one of them leading (R7.05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models.database import db
from models.mentorships import ClassMentor, Mentorship, MentorshipClass
from rules.data import InvalidRules
from rules.mentorships import CLASS_MOVES, ClassState, MentorshipState, class_problems
from rules.refusals import Missing, Refused
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.mentorships import check_employer
from services.mentorships_parts import limits_of, rules_on
from services.mentorships_people import Typed, person_id_of
from services.transaction import transaction


@dataclass(frozen=True, slots=True)
class ClassDraft:
    """A class as typed; the first mentor leads."""

    title: str
    occupation: str
    starts_on: date
    ends_on: date
    mentors: Sequence[tuple[Typed, int | None]]


@transaction
def open_class(by: Actor, employer_id: int, draft: ClassDraft) -> int:
    """Open a class with its mentors; everything that forbids it is told at once."""
    check_employer(by, employer_id)
    problems, levels = [], {}
    if draft.ends_on < draft.starts_on:
        problems.append(Refused(N_("The term ends before it starts."), "ends_on"))
    for typed, level in draft.mentors:
        try:
            levels[person_id_of(by, employer_id, typed)] = level
        except Refused as problem:
            text = N_("%(name)s: %(problem)s")
            problems.append(Refused(text, "mentors", name=typed.name, problem=problem))
    leader = next(iter(levels), 0)
    problems += class_problems(limits_of(rules_on(draft.starts_on)), leader, levels)
    if problems:
        raise InvalidRules(problems)
    row = MentorshipClass(
        title=draft.title,
        employer_id=employer_id,
        occupation=draft.occupation,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        state=ClassState.STANDING,
        opened_at=by.now,
    )
    row.mentors = [
        ClassMentor(person_id=key, level=level, leads=key == leader)
        for key, level in levels.items()
    ]
    db.session.add(row)
    db.session.flush()
    after = {"title": draft.title, "mentors": len(levels)}
    audits.record(by, "open_class", "mentorship_class", row.id, after=after)
    return row.id


@transaction
def close_class(by: Actor, class_id: int) -> int:
    """Close a class whose pairs have all ended."""
    row = db.session.get(MentorshipClass, class_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(class_id)
    check_employer(by, row.employer_id)
    living = (MentorshipState.SIGNING, MentorshipState.RUNNING, MentorshipState.PAUSED)
    query = select(func.count()).where(
        Mentorship.class_id == class_id, Mentorship.state.in_(living)
    )
    if db.session.scalar(query):
        raise Refused(N_("Pairs of this class still run."))
    row.state = moved(CLASS_MOVES, row.state, ClassState.CLOSED)
    audits.record(by, "close_class", "mentorship_class", class_id)
    return class_id


def list_classes(employer_id: int | None) -> Sequence[MentorshipClass]:
    """List classes with their mentors, of one employer or of all, the newest first."""
    query = select(MentorshipClass).options(
        joinedload(MentorshipClass.employer),
        selectinload(MentorshipClass.mentors).joinedload(ClassMentor.person),
    )
    if employer_id is not None:
        query = query.where(MentorshipClass.employer_id == employer_id)
    order = (MentorshipClass.starts_on.desc(), MentorshipClass.id.desc())
    return db.session.scalars(query.order_by(*order)).all()


def get_class(class_id: int) -> MentorshipClass:
    """Return a class with its mentors; raise Missing."""
    query = select(MentorshipClass).options(
        joinedload(MentorshipClass.employer),
        selectinload(MentorshipClass.mentors).joinedload(ClassMentor.person),
    )
    row = db.session.scalar(query.where(MentorshipClass.id == class_id))
    if row is None:
        raise Missing(class_id)
    return row
