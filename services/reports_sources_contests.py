"""What contests tell figures: editions, events, entries, entrants, awards, levels, certificates."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, String, and_, cast, func, literal, or_

from models.awards import Award, LevelGrant
from models.certificates import Certificate
from models.contests import Contest, Division, Event
from models.entries import Entry, EntryMember
from models.people import Employer, Person
from models.results import Revision
from rules.editions import ContestKind
from rules.states import ContestState, EntryState, EventState, RevisionState
from services import reports_sources_histories as of_histories
from services.reports_sources import AsOf, china_day, key_of, text_of, told

# Who is there anyway is joined from outside: databases leave out such joins where nobody asks.
STAFF = "staff"
_HELD = func.coalesce(Event.held_on, Contest.starts_on)
_IS_CONTEST = Contest.kind == ContestKind.CONTEST
_OF_COMPANY = and_(Division.code == STAFF, Entry.employer_id.is_not(None))
_OF_EVENT: dict[str, Any] = {
    "event_key": Event.id,
    "day": _HELD,
    "level": Contest.level,
    "programme": Contest.title,
    "event": Event.title,
    "occupation": Event.occupation,
    "year": Contest.year,
}
_OF_PERSON: dict[str, Any] = {
    "name": Person.name,
    "sex": Person.sex,
    "born": Person.birth_date,
}
_OF_EMPLOYER: dict[str, Any] = {"employer": Employer.title, "district": Employer.district}


def _contests(on: AsOf) -> Select[Any]:
    return told(
        key=key_of("contest", Contest.id),
        name=Contest.title,
        day=Contest.starts_on,
        title=Contest.title,
        level=Contest.level,
        state=text_of(Contest.state),
        year=Contest.year,
        number=Contest.code,
    ).where(_IS_CONTEST, Contest.starts_on <= on.day)


def _events(on: AsOf) -> Select[Any]:
    query = told(
        key=key_of("event", Event.id),
        name=Event.title,
        title=Event.title,
        state=text_of(Event.state),
        number=Event.code,
        **{key: value for key, value in _OF_EVENT.items() if key != "event"},
    )
    return query.join_from(Event, Contest).where(
        _IS_CONTEST,
        Contest.state != ContestState.DRAFT,
        Event.state != EventState.CANCELLED,
        on.day >= _HELD,
    )


def _entered(query: Select[Any], on: AsOf) -> Select[Any]:
    return query.where(
        _IS_CONTEST,
        Contest.state != ContestState.DRAFT,
        Event.state != EventState.CANCELLED,
        Entry.submitted_at < on.end,
    )


def _entries(on: AsOf) -> Select[Any]:
    query = told(
        key=key_of("entry", Entry.id),
        name=Entry.title,
        tier=Division.title,
        state=text_of(Entry.state),
        company=_OF_COMPANY,
        number=Entry.number,
        **_OF_EVENT,
        **_OF_EMPLOYER,
    )
    query = query.join_from(Entry, Event).join(Contest)
    query = query.outerjoin(Division, Division.id == Entry.division_id)
    return _entered(query.outerjoin(Employer, Employer.id == Entry.employer_id), on)


def _entrants(on: AsOf) -> Select[Any]:
    query = told(
        key=key_of("entrant", EntryMember.id),
        person=EntryMember.person_id,
        tier=Division.title,
        state=text_of(Entry.state),
        company=_OF_COMPANY,
        number=Entry.number,
        **_OF_EVENT,
        **_OF_EMPLOYER,
        **_OF_PERSON,
    )
    query = query.select_from(EntryMember).outerjoin(Person, Person.id == EntryMember.person_id)
    query = query.join(Entry, Entry.id == EntryMember.entry_id)
    query = query.join(Event, Event.id == Entry.event_id).join(Contest)
    query = query.outerjoin(Division, Division.id == Entry.division_id)
    return _entered(query.outerjoin(Employer, Employer.id == Entry.employer_id), on)


def _final(query: Select[Any], on: AsOf) -> Select[Any]:
    """Keep what final results gave that had been signed."""
    return query.where(
        _IS_CONTEST,
        Event.state == EventState.FINAL,
        Revision.state == RevisionState.SIGNED,
        Revision.signed_at < on.end,
        Entry.state == EntryState.ACCEPTED,
    )


def _awards(on: AsOf) -> Select[Any]:
    query = told(
        key=key_of("award", Award.id) + literal("/") + cast(EntryMember.person_id, String),
        person=EntryMember.person_id,
        title=Award.tier_title,
        tier=Award.tier_title,
        company=_OF_COMPANY,
        number=Entry.number,
        **_OF_EVENT,
        **_OF_EMPLOYER,
        **_OF_PERSON,
    )
    query = query.select_from(Award).join(Revision, Revision.id == Award.revision_id)
    query = query.join(Entry, Entry.id == Award.entry_id)
    query = query.join(EntryMember, EntryMember.entry_id == Entry.id)
    query = query.outerjoin(Person, Person.id == EntryMember.person_id)
    query = query.join(Event, Event.id == Entry.event_id).join(Contest)
    query = query.outerjoin(Division, Division.id == Entry.division_id)
    return _final(query.outerjoin(Employer, Employer.id == Entry.employer_id), on)


def _level_grants(on: AsOf) -> Select[Any]:
    query = told(
        key=key_of("level_grant", LevelGrant.id),
        person=LevelGrant.person_id,
        company=_OF_COMPANY,
        number=Entry.number,
        **{**_OF_EVENT, "level": cast(LevelGrant.level, String)},
        **_OF_EMPLOYER,
        **_OF_PERSON,
    )
    query = query.select_from(LevelGrant).join(Revision, Revision.id == LevelGrant.revision_id)
    query = query.join(Entry, Entry.id == LevelGrant.entry_id)
    query = query.outerjoin(Person, Person.id == LevelGrant.person_id)
    query = query.join(Event, Event.id == Entry.event_id).join(Contest)
    query = query.outerjoin(Division, Division.id == Entry.division_id)
    return _final(query.outerjoin(Employer, Employer.id == Entry.employer_id), on)


def certificates(on: AsOf) -> Select[Any]:
    """Tell the papers that had been issued and not been revoked."""
    query = told(
        key=key_of("certificate", Certificate.id),
        person=Certificate.person_id,
        name=Certificate.name,
        event_key=Certificate.event_id,
        day=china_day(Certificate.issued_at),
        programme=Contest.title,
        event=Event.title,
        kind=text_of(Certificate.kind),
        year=Contest.year,
        number=Certificate.number,
    )
    query = query.select_from(Certificate).join(Contest, Contest.id == Certificate.contest_id)
    return query.outerjoin(Event, Event.id == Certificate.event_id).where(
        Certificate.issued_at < on.end,
        or_(Certificate.revoked_at.is_(None), Certificate.revoked_at >= on.end),
    )


def contests(on: AsOf) -> CompoundSelect[Any]:
    """Tell the editions that had begun, here and of the past."""
    return _contests(on).union_all(of_histories.contests(on))


def events(on: AsOf) -> CompoundSelect[Any]:
    """Tell the events that had been held or begun, without the cancelled ones."""
    return _events(on).union_all(of_histories.events(on))


def entries(on: AsOf) -> CompoundSelect[Any]:
    """Tell the entries that had been handed in, whether of one person or of a team."""
    return _entries(on).union_all(of_histories.entries(on))


def entrants(on: AsOf) -> CompoundSelect[Any]:
    """Tell the people in the entries that had been handed in."""
    return _entrants(on).union_all(of_histories.entrants(on))


def awards(on: AsOf) -> CompoundSelect[Any]:
    """Tell the people who were given an award by final results."""
    return _awards(on).union_all(of_histories.awards(on))


def level_grants(on: AsOf) -> CompoundSelect[Any]:
    """Tell the people to whom final results gave a level."""
    return _level_grants(on).union_all(of_histories.level_grants(on))
