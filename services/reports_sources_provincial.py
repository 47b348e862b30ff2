"""What the city's part in contests of province, nation and world tells figures."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func

from models.people import Employer, Person
from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialResult,
    ProvincialSlot,
    ProvincialSlotMember,
)
from rules.figures import EventSort
from rules.provincial import ProvincialState, ResultState
from services.reports_sources import AsOf, key_of, text_of, told

_HELD = func.coalesce(ProvincialEvent.held_on, ProvincialContest.starts_on)
_SORT: ColumnElement[str] = case(
    (ProvincialEvent.is_demonstration.is_(True), EventSort.DEMONSTRATION.value),
    else_=EventSort.USUAL.value,
)
_OF_EVENT: dict[str, Any] = {
    "event_key": ProvincialEvent.id,
    "level": text_of(ProvincialContest.level),
    "programme": ProvincialContest.title,
    "event": ProvincialEvent.title,
    "occupation": ProvincialEvent.occupation,
    "kind": _SORT,
    "year": ProvincialContest.year,
}
_OF_PERSON: dict[str, Any] = {
    # Of some entrants of past contests only the name is known; each is a person of its own.
    "person": func.coalesce(ProvincialSlotMember.person_id, -ProvincialSlotMember.id),
    "name": func.coalesce(Person.name, ProvincialSlotMember.name),
    "sex": Person.sex,
    "born": Person.birth_date,
    "employer": Employer.title,
    "district": Employer.district,
    "company": ProvincialSlot.of_company,
    "number": ProvincialSlot.reference,
}


def events(on: AsOf) -> Select[Any]:
    """Tell the events of superiors' contests; its weight is how many delegations took part."""
    query = told(
        key=key_of("provincial_event", ProvincialEvent.id),
        name=ProvincialEvent.title,
        day=_HELD,
        number=ProvincialEvent.code,
        weight=func.coalesce(ProvincialEvent.teams, 0),
        **_OF_EVENT,
    )
    query = query.select_from(ProvincialEvent).join(ProvincialContest)
    return query.where(ProvincialContest.state != ProvincialState.CANCELLED, on.day >= _HELD)


def entrants(on: AsOf) -> Select[Any]:
    """Tell the people of the city who were entered; of a person who was replaced nothing."""
    query = told(
        key=key_of("provincial_entrant", ProvincialSlotMember.id),
        day=_HELD,
        state=text_of(ProvincialSlot.state),
        tier=text_of(ProvincialSlot.status),
        **_OF_EVENT,
        **_OF_PERSON,
    )
    return _of_slots(query.select_from(ProvincialSlotMember)).where(on.day >= _HELD)


def _of_slots(query: Select[Any]) -> Select[Any]:
    query = query.join(ProvincialSlot, ProvincialSlot.id == ProvincialSlotMember.slot_id)
    query = query.outerjoin(Person, Person.id == ProvincialSlotMember.person_id)
    query = query.join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
    query = query.join(ProvincialContest, ProvincialContest.id == ProvincialEvent.contest_id)
    return query.outerjoin(Employer, Employer.id == ProvincialSlot.employer_id).where(
        ProvincialSlotMember.active, ProvincialContest.state != ProvincialState.CANCELLED
    )


def results(on: AsOf) -> Select[Any]:
    """Tell the confirmed results of the city's people, with prize, medal and place."""
    day = func.coalesce(ProvincialResult.announced_on, ProvincialContest.ends_on)
    query = told(
        key=key_of("provincial_result", ProvincialSlotMember.id),
        day=day,
        title=ProvincialResult.prize,
        tier=text_of(ProvincialResult.medal),
        place=ProvincialResult.rank,
        **_OF_EVENT,
        **_OF_PERSON,
    )
    query = query.select_from(ProvincialSlotMember)
    query = _of_slots(query).join(ProvincialResult, ProvincialResult.slot_id == ProvincialSlot.id)
    return query.where(ProvincialResult.state == ResultState.CONFIRMED, day <= on.day)
