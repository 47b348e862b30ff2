"""What workshops, mentorships and payments tell figures."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from models.contests import Contest
from models.mentorships import Mentorship
from models.payouts import PayoutClaim, PayoutLine, PayoutSeries
from models.people import Employer, Person
from models.workshops import Workshop, WorkshopGrant, WorkshopMaster, WorkshopTerm
from rules.mentorships import MentorshipState
from rules.states import PayoutLineState
from rules.workshops import GrantState, HostKind, MasterRole
from services.generations import was_taught
from services.reports_sources import AsOf, china_day, key_of, text_of, told, year_of

PAID = (PayoutLineState.PAID, PayoutLineState.RECOVERING)


def _stands(on: AsOf) -> tuple[ColumnElement[bool], ...]:
    return (
        Workshop.founded_on <= on.day,
        or_(Workshop.closed_on.is_(None), Workshop.closed_on > on.day),
    )


def _level(on: AsOf) -> ColumnElement[str]:
    """Return the level that a workshop had: that of its term on the day, else of its first one."""
    terms = select(text_of(WorkshopTerm.level)).where(WorkshopTerm.workshop_id == Workshop.id)
    begun = terms.where(WorkshopTerm.starts_on <= on.day)
    latest = begun.order_by(WorkshopTerm.starts_on.desc(), WorkshopTerm.id.desc()).limit(1)
    first = terms.order_by(WorkshopTerm.starts_on, WorkshopTerm.id).limit(1)
    found: ColumnElement[str] = func.coalesce(
        latest.correlate(Workshop).scalar_subquery(),
        first.correlate(Workshop).scalar_subquery(),
        text_of(Workshop.level),
    )
    return found


def _of_workshop(on: AsOf) -> dict[str, Any]:
    return {
        "level": _level(on),
        "host": text_of(Workshop.host_kind),
        "company": Workshop.host_kind == HostKind.ENTERPRISE,
        "district": Workshop.district,
        "employer": Employer.title,
    }


def workshops(on: AsOf) -> Select[Any]:
    """Tell the workshops that stood."""
    query = told(
        key=key_of("workshop", Workshop.id),
        name=Workshop.title,
        day=Workshop.founded_on,
        title=Workshop.recognised_by,
        kind=text_of(Workshop.naming),
        occupation=Workshop.occupation,
        year=year_of(Workshop.founded_on),
        number=Workshop.plaque_number,
        **_of_workshop(on),
    )
    query = query.select_from(Workshop).join(Employer, Employer.id == Workshop.employer_id)
    return query.where(*_stands(on))


def masters(on: AsOf) -> Select[Any]:
    """Tell the masters of the workshops that stood, their leaders among them."""
    one = WorkshopMaster
    query = told(
        key=key_of("master", one.id),
        person=Person.id,
        name=Person.name,
        sex=Person.sex,
        born=Person.birth_date,
        day=one.from_on,
        title=Workshop.title,
        kind=text_of(one.role),
        occupation=Workshop.occupation,
        year=year_of(one.from_on),
        **_of_workshop(on),
    )
    query = query.select_from(one).join(Workshop, Workshop.id == one.workshop_id)
    query = query.join(Person, Person.id == one.person_id)
    query = query.join(Employer, Employer.id == Workshop.employer_id)
    there = or_(one.to_on.is_(None), one.to_on > on.day)
    return query.where(one.from_on <= on.day, there, *_stands(on))


LEADER = MasterRole.LEADER.value


def grants(on: AsOf) -> Select[Any]:
    """Tell the grants of workshops; one that was paid later was still due."""
    one = WorkshopGrant
    later = and_(one.paid_on.is_not(None), one.paid_on > on.day)
    query = told(
        key=key_of("grant", one.id),
        name=Workshop.title,
        day=func.coalesce(one.paid_on, one.due_on),
        title=Workshop.title,
        kind=text_of(one.kind),
        state=case((later, GrantState.DUE.value), else_=text_of(one.state)),
        year=one.year,
        amount=one.amount,
        **(_of_workshop(on) | {"level": text_of(WorkshopTerm.level)}),
    )
    query = query.select_from(one).join(WorkshopTerm, WorkshopTerm.id == one.term_id)
    query = query.join(Workshop, Workshop.id == WorkshopTerm.workshop_id)
    query = query.join(Employer, Employer.id == Workshop.employer_id)
    return query.where(or_(one.due_on <= on.day, one.paid_on <= on.day))


def mentorships(on: AsOf) -> Any:
    """Tell the pairs that had begun, and the person-times that workshops brought along (R7.12)."""
    return _pairs(on).union_all(_taught_before(on))


def _pairs(on: AsOf) -> Select[Any]:
    mentor, one = aliased(Person), Mentorship
    still = and_(one.ended_on.is_not(None), one.ended_on > on.day)
    query = told(
        key=key_of("mentorship", one.id),
        person=one.apprentice_id,
        name=Person.name,
        sex=Person.sex,
        born=Person.birth_date,
        day=one.starts_on,
        title=mentor.name,
        kind=case((one.new_kind.is_(True), "new"), else_="usual"),
        occupation=one.occupation,
        state=case((still, MentorshipState.RUNNING.value), else_=text_of(one.state)),
        year=year_of(one.starts_on),
        number=one.number,
        employer=Employer.title,
        district=Employer.district,
    )
    query = query.select_from(one).outerjoin(Person, Person.id == one.apprentice_id)
    query = query.outerjoin(mentor, mentor.id == one.mentor_id)
    query = query.outerjoin(Employer, Employer.id == one.employer_id)
    return query.where(was_taught(), one.starts_on <= on.day)


def _taught_before(on: AsOf) -> Select[Any]:
    query = told(
        key=key_of("taught_before", Workshop.id),
        name=Workshop.title,
        day=Workshop.founded_on,
        kind=cast("before", String),
        occupation=Workshop.occupation,
        year=year_of(Workshop.founded_on),
        employer=Employer.title,
        district=Workshop.district,
        weight=Workshop.taught_before,
    )
    query = query.select_from(Workshop).join(Employer, Employer.id == Workshop.employer_id)
    return query.where(Workshop.taught_before > 0, Workshop.founded_on <= on.day)


def payouts(on: AsOf) -> Select[Any]:
    """Tell the payments that had reached their payees; what was paid back is none."""
    one = PayoutLine
    day = china_day(one.paid_at)
    query = told(
        key=key_of("payment", one.id),
        person=PayoutClaim.person_id,
        name=one.payee,
        employer=one.unit,
        day=day,
        title=one.award,
        programme=func.coalesce(Contest.title, PayoutSeries.title),
        event=one.event,
        kind=text_of(one.payee_kind),
        year=year_of(day),
        amount=one.gross,
    )
    query = query.select_from(one).join(PayoutClaim, PayoutClaim.id == one.claim_id)
    query = query.outerjoin(Contest, Contest.id == PayoutClaim.contest_id)
    query = query.outerjoin(PayoutSeries, PayoutSeries.id == PayoutClaim.series_id)
    return query.where(one.state.in_(PAID), one.paid_at < on.end)
