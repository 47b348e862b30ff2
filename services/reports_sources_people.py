"""What registers of people tell figures: honours, levels, selections, nominations."""

from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, or_
from sqlalchemy.orm import aliased

from models.contests import Contest, Event
from models.honours import Honour
from models.levels import LevelLine, LevelList, PersonLevel
from models.nominations import Nomination, NominationCall
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_holders import SelectionBenefit, SelectionHolder
from models.selections import SelectionProgramme, SelectionRound
from rules.selections import BenefitState, HolderState, UnitKind
from rules.states import HonourState
from services.reports_sources import AsOf, china_day, key_of, text_of, told, year_of
from services.reports_sources_histories import gained_in

_OF_PERSON: dict[str, Any] = {
    "person": Person.id,
    "name": Person.name,
    "sex": Person.sex,
    "born": Person.birth_date,
}
_OWN_EMPLOYER: dict[str, Any] = {
    "employer": Employer.title,
    "district": Employer.district,
}


def honours(on: AsOf) -> Select[Any]:
    """Tell the honours that had been granted; what was revoked later counted until then."""
    query = told(
        key=key_of("honour", Honour.id),
        employer=Honour.employer,
        event_key=Honour.event_id,
        day=Honour.granted_on,
        title=Honour.title,
        level=text_of(Honour.level),
        programme=Honour.programme,
        event=Event.title,
        occupation=Event.occupation,
        district=Employer.district,
        kind=text_of(Honour.kind),
        via=text_of(Honour.via),
        company=Honour.of_company,
        year=Honour.year,
        number=Honour.document,
        **(_OF_PERSON | {"person": Honour.person_id}),
    )
    query = query.select_from(Honour).outerjoin(Person, Person.id == Honour.person_id)
    query = query.outerjoin(Event, Event.id == Honour.event_id)
    query = query.outerjoin(Employer, Employer.title == Honour.employer)
    ended = (HonourState.REVOKED, HonourState.SUPERSEDED)
    return query.where(
        Honour.granted_on <= on.day,
        or_(
            Honour.state == HonourState.STANDING,
            and_(Honour.state.in_(ended), Honour.changed_at >= on.end),
        ),
    )


def levels(on: AsOf) -> Select[Any]:
    """Tell the levels that people held; without a day of its own one counts from its recording."""
    day = func.coalesce(PersonLevel.granted_on, china_day(PersonLevel.recorded_at))
    past = gained_in()
    through_contest = or_(PersonLevel.line_id.is_not(None), past.c.level_id.is_not(None))
    query = told(
        key=key_of("level", PersonLevel.id),
        day=day,
        level=cast(PersonLevel.level, String),
        programme=func.coalesce(Contest.title, past.c.programme),
        occupation=PersonLevel.occupation,
        via=case((through_contest, "contest"), else_="elsewhere"),
        year=year_of(day),
        number=PersonLevel.certificate_number,
        **(_OF_PERSON | {"person": PersonLevel.person_id}),
        **_OWN_EMPLOYER,
    )
    query = query.select_from(PersonLevel).outerjoin(Person, Person.id == PersonLevel.person_id)
    query = query.outerjoin(Employer, Employer.id == Person.employer_id)
    query = query.outerjoin(LevelLine, LevelLine.id == PersonLevel.line_id)
    query = query.outerjoin(LevelList, LevelList.id == LevelLine.list_id)
    query = query.outerjoin(Contest, Contest.id == LevelList.contest_id)
    return query.outerjoin(past, past.c.level_id == PersonLevel.id).where(day <= on.day)


def applications(on: AsOf) -> Select[Any]:
    """Tell the applications for selections that had been handed in."""
    one = SelectionApplication
    query = told(
        key=key_of("application", one.id),
        day=china_day(one.submitted_at),
        programme=SelectionProgramme.title,
        occupation=one.occupation,
        district=one.district,
        employer=Employer.title,
        state=text_of(one.state),
        tier=one.tier,
        host=text_of(one.unit_kind),
        company=one.unit_kind == UnitKind.COMPANY,
        year=SelectionRound.year,
        **_OF_PERSON,
    )
    query = query.select_from(one).join(Person, Person.id == one.person_id)
    query = query.outerjoin(Employer, Employer.id == one.employer_id)
    query = query.join(SelectionRound, SelectionRound.id == one.round_id)
    query = query.join(SelectionProgramme, SelectionProgramme.id == SelectionRound.programme_id)
    return query.where(one.submitted_at < on.end)


def _held(query: Select[Any]) -> Select[Any]:
    query = query.join(Honour, Honour.id == SelectionHolder.honour_id)
    query = query.join(Person, Person.id == SelectionHolder.person_id)
    query = query.outerjoin(Employer, Employer.title == Honour.employer)
    return query.join(SelectionProgramme, SelectionProgramme.id == SelectionHolder.programme_id)


_OF_HOLDER: dict[str, Any] = {
    "employer": Honour.employer,
    "district": Employer.district,
    "programme": SelectionProgramme.title,
    "tier": SelectionHolder.tier,
    "company": Honour.of_company,
}


def holders(on: AsOf) -> Select[Any]:
    """Tell who bore the title of a selection in its term."""
    one = SelectionHolder
    query = told(
        key=key_of("holder", one.id),
        day=one.starts_on,
        title=Honour.title,
        year=one.year,
        **_OF_HOLDER,
        **_OF_PERSON,
    )
    over = or_(one.ended_on.is_(None), one.ended_on > on.day)
    term = or_(one.state != HolderState.RUNNING, one.ends_on.is_(None), one.ends_on >= on.day)
    return _held(query.select_from(one)).where(one.starts_on <= on.day, over, term)


def benefits(on: AsOf) -> Select[Any]:
    """Tell the benefits of holders; one that was given later was still due."""
    one = SelectionBenefit
    later = and_(one.given_on.is_not(None), one.given_on > on.day)
    query = told(
        key=key_of("benefit", one.id),
        day=func.coalesce(one.given_on, one.due_on),
        title=one.title,
        kind=text_of(one.kind),
        state=case((later, BenefitState.DUE.value), else_=text_of(one.state)),
        year=one.year,
        amount=one.amount,
        **_OF_HOLDER,
        **_OF_PERSON,
    )
    query = query.select_from(one).join(SelectionHolder, SelectionHolder.id == one.holder_id)
    return _held(query).where(or_(one.due_on <= on.day, one.given_on <= on.day))


def nominations(on: AsOf) -> Select[Any]:
    """Tell who had been named to a higher body."""
    one, unit = Nomination, aliased(Employer)
    query = told(
        key=key_of("nomination", one.id),
        person=one.person_id,
        name=func.coalesce(Person.name, unit.title),
        employer=unit.title,
        day=china_day(one.written_at),
        title=NominationCall.title,
        level=text_of(NominationCall.level),
        programme=NominationCall.superior,
        state=text_of(one.state),
        year=NominationCall.year,
        number=NominationCall.document,
    )
    query = query.select_from(one).join(NominationCall, NominationCall.id == one.call_id)
    query = query.outerjoin(Person, Person.id == one.person_id)
    return query.outerjoin(unit, unit.id == one.employer_id).where(one.written_at < on.end)
