"""Pieces that the acts of mentorships share: who acts for whom, locks, texts, checks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.database import db
from models.mentorships import Mentorship, MentorshipPause, MentorshipRules
from models.people import Person
from rules.access import Role
from rules.mentorship_agreements import Agreement, PlanItem
from rules.mentorships import (
    COUNTED,
    MENTORSHIP_MOVES,
    Learner,
    LimitsState,
    MentorshipLimits,
    MentorshipState,
    Pair,
    Party,
    Teacher,
    pair_problems,
)
from rules.refusals import Missing, Refused
from rules.states import moved
from services import accounts, audits
from services.acting import Actor

# One number for all checks of pairs: circles close over several rows, so they wait for each other.
_CHECKING = 7_012


def lock_checks() -> None:
    """Part: let nobody else check pairs until this act ends; SQLite has one writer anyhow."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_CHECKING)))


def lock_pair(mentorship_id: int) -> Mentorship:
    """Part: return a mentorship, locked; raise Missing."""
    row = db.session.get(Mentorship, mentorship_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(mentorship_id)
    return row


def get_pair(mentorship_id: int) -> Mentorship:
    """Return a mentorship with all whom it names; raise Missing."""
    query = select(Mentorship).options(
        joinedload(Mentorship.mentor),
        joinedload(Mentorship.apprentice),
        joinedload(Mentorship.employer),
        joinedload(Mentorship.workshop),
        joinedload(Mentorship.mentorship_class),
    )
    row = db.session.scalar(query.where(Mentorship.id == mentorship_id))
    if row is None:
        raise Missing(mentorship_id)
    return row


def account_of(by: Actor) -> Account:
    """Return the account that acts; raise Missing for nobody."""
    return accounts.get_account(by.account_id or 0)


def parties_of(account: Account, row: Mentorship) -> set[Party]:
    """Return for which parties of an agreement an account may speak."""
    found = set()
    if account.person_id is not None and account.person_id == row.mentor_id:
        found.add(Party.MENTOR)
    if account.person_id is not None and account.person_id == row.apprentice_id:
        found.add(Party.APPRENTICE)
    holder = account.holder()
    if holder.employer_id == row.employer_id and holder.has(Role.EMPLOYER):
        found.add(Party.EMPLOYER)
    return found


def managed(by: Actor, mentorship_id: int) -> Mentorship:
    """Part: lock a mentorship for its employer or the bureau; raise Missing for others."""
    row = lock_pair(mentorship_id)
    account = account_of(by)
    if not accounts.is_staff(account) and Party.EMPLOYER not in parties_of(account, row):
        raise Missing(mentorship_id)
    return row


def spoken_for(by: Actor, row: Mentorship, *parties: Party) -> Party:
    """Return the party for which somebody acts, of those who may; raise Missing for others."""
    own = parties_of(account_of(by), row)
    for party in parties:
        if party in own:
            return party
    raise Missing(row.id)


def move(by: Actor, row: Mentorship, state: MentorshipState, action: str, **after: Any) -> None:
    """Part: move a mentorship on, and record it; free text stays out of the record."""
    before = {"state": row.state}
    row.state = moved(MENTORSHIP_MOVES, row.state, state)
    audits.record(
        by, action, "mentorship", row.id, before=before,
        after={"state": state, "number": row.number, **after},
    )  # fmt: skip


def text_of(row: Mentorship) -> Agreement:
    """Return the text of an agreement as it stands now."""
    return Agreement(
        number=row.number,
        mentor=row.mentor.name,
        mentor_level=row.mentor_level,
        mentor_title=row.mentor_title,
        apprentice=row.apprentice.name,
        apprentice_level=row.apprentice_level,
        employer=row.employer.title,
        workshop="" if row.workshop is None else row.workshop.title,
        occupation=row.occupation,
        skill=row.skill,
        target=row.target,
        plan=tuple(PlanItem.model_validate(item) for item in row.plan),
        assessment=row.assessment,
        safeguards=row.safeguards,
        new_kind=row.new_kind,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def rules_on(day: date) -> MentorshipRules | None:
    """Return the approved limits that hold on a day; None before the first ones."""
    query = (
        select(MentorshipRules)
        .where(MentorshipRules.state == LimitsState.APPROVED, MentorshipRules.from_on <= day)
        .order_by(MentorshipRules.from_on.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def limits_of(rules: MentorshipRules | None) -> MentorshipLimits:
    """Return limits as rule data; without any approved ones the usual ones hold."""
    return MentorshipLimits() if rules is None else MentorshipLimits.model_validate(rules.rules)


def last_day_column() -> Any:
    """Return the last day on which a pair counts: its end, or the day on which it ended before."""
    early = and_(Mentorship.ended_on.is_not(None), Mentorship.ended_on < Mentorship.ends_on)
    return case((early, Mentorship.ended_on), else_=Mentorship.ends_on)


def others_of(pair: Pair, except_id: int | None) -> list[Pair]:
    """Load the counted pairs that matter for a new one: those of both, and all taught below.

    One statement walks from the apprentice down to everybody taught at that time.
    """
    last = last_day_column()
    counted = [
        Mentorship.state.in_(COUNTED),
        Mentorship.starts_on <= pair.ends_on,
        last >= pair.starts_on,
        Mentorship.id != (except_id or 0),
    ]
    below = select(literal(pair.apprentice_id).label("person_id")).cte("below", recursive=True)
    below = below.union(
        select(Mentorship.apprentice_id).join(below, Mentorship.mentor_id == below.c.person_id)
        .where(*counted)
    )  # fmt: skip
    query = select(
        Mentorship.mentor_id, Mentorship.apprentice_id, Mentorship.starts_on, last
    ).where(
        *counted,
        or_(
            Mentorship.mentor_id.in_(select(below.c.person_id)),
            Mentorship.mentor_id == pair.mentor_id,
            Mentorship.apprentice_id == pair.apprentice_id,
        ),
    )
    return [Pair(a, b, first, end) for a, b, first, end in db.session.execute(query)]


def problems_of(row: Mentorship, limits: MentorshipLimits) -> list[Refused]:
    """Part: list all that forbids a pair, as one who holds the lock of checks."""
    pair = Pair(row.mentor_id, row.apprentice_id, row.starts_on, row.ends_on)
    mentor, apprentice = row.mentor, row.apprentice
    teacher = Teacher(row.mentor_level, row.mentor_title, mentor.employer_id)
    learner = Learner(row.apprentice_level, apprentice.birth_date, apprentice.employer_id)
    others = others_of(pair, row.id)
    return pair_problems(limits, pair, teacher, learner, others, new_kind=row.new_kind)


def pauses_of(mentorship_id: int) -> list[tuple[date, date | None]]:
    """Return the pauses of a mentorship as pairs of days."""
    query = select(MentorshipPause.from_on, MentorshipPause.to_on)
    query = query.where(MentorshipPause.mentorship_id == mentorship_id)
    return [(first, last) for first, last in db.session.execute(query)]


def find_people(ids: Sequence[int]) -> dict[int, Person]:
    """Return people by id."""
    found = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {one.id: one for one in found}
