"""What editions of the past tell figures, beside those that were held here.

Their keys are negative, so that none of them is taken for an edition, an event or a person of
another register: of whom only the name is known is a person of its own.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select

from models.histories import HistoryEdition, HistoryEntry, HistoryEvent, HistoryMember
from models.people import Employer, Person
from rules.ranking import EntryStatus
from rules.states import ContestState, EntryState, EventState
from services.histories_held import not_held_here
from services.reports_sources import AsOf, key_of, told

_OF_EVENT: dict[str, Any] = {
    "event_key": -HistoryEvent.id,
    "day": HistoryEvent.held_on,
    "level": HistoryEdition.level,
    "programme": HistoryEdition.title,
    "event": HistoryEvent.title,
    "occupation": HistoryEvent.occupation,
    "year": HistoryEdition.year,
}
_OF_ENTRY: dict[str, Any] = {
    "company": HistoryEntry.of_company,
    "employer": Employer.title,
    "district": Employer.district,
}
_OF_PERSON: dict[str, Any] = {
    "person": func.coalesce(HistoryMember.person_id, -HistoryMember.id),
    "name": func.coalesce(Person.name, HistoryMember.name),
    "sex": Person.sex,
    "born": Person.birth_date,
}
# Who gave up is as somebody who was withdrawn here; all others had been accepted.
_STATE: ColumnElement[str] = case(
    (HistoryEntry.status == EntryStatus.WITHDRAWN, EntryState.WITHDRAWN.value),
    else_=EntryState.ACCEPTED.value,
)


def contests(on: AsOf) -> Select[Any]:
    """Tell the editions of the past."""
    return told(
        key=key_of("history_edition", HistoryEdition.id),
        name=HistoryEdition.title,
        day=HistoryEdition.held_on,
        title=HistoryEdition.title,
        level=HistoryEdition.level,
        state=literal(ContestState.ARCHIVED.value, String),
        year=HistoryEdition.year,
        number=HistoryEdition.document,
    ).where(HistoryEdition.held_on <= on.day, not_held_here())


def events(on: AsOf) -> Select[Any]:
    """Tell the events of these editions."""
    query = told(
        key=key_of("history_event", HistoryEvent.id),
        name=HistoryEvent.title,
        title=HistoryEvent.title,
        state=literal(EventState.FINAL.value, String),
        **{key: value for key, value in _OF_EVENT.items() if key != "event"},
    )
    query = query.select_from(HistoryEvent).join(HistoryEdition)
    return query.where(HistoryEvent.held_on <= on.day, not_held_here())


def _entered(query: Select[Any], on: AsOf) -> Select[Any]:
    query = query.join(HistoryEvent, HistoryEvent.id == HistoryEntry.event_id)
    query = query.join(HistoryEdition, HistoryEdition.id == HistoryEvent.edition_id)
    query = query.outerjoin(Employer, Employer.id == HistoryEntry.employer_id)
    return query.where(HistoryEvent.held_on <= on.day, not_held_here())


def entries(on: AsOf) -> Select[Any]:
    """Tell the entries of these editions."""
    query = told(
        key=key_of("history_entry", HistoryEntry.id),
        name=HistoryEntry.title,
        tier=HistoryEntry.division,
        state=_STATE,
        **_OF_EVENT,
        **_OF_ENTRY,
    )
    return _entered(query.select_from(HistoryEntry), on)


def _members(on: AsOf, **more: Any) -> Select[Any]:
    query = told(**(_OF_EVENT | _OF_ENTRY | _OF_PERSON | more)).select_from(HistoryMember)
    query = query.join(HistoryEntry, HistoryEntry.id == HistoryMember.entry_id)
    return _entered(query.outerjoin(Person, Person.id == HistoryMember.person_id), on)


def entrants(on: AsOf) -> Select[Any]:
    """Tell the people in these entries."""
    key = key_of("history_entrant", HistoryMember.id)
    return _members(on, key=key, tier=HistoryEntry.division, state=_STATE)


def awards(on: AsOf) -> Select[Any]:
    """Tell the people whom a list names with a prize."""
    prize = HistoryEntry.prize
    query = _members(
        on, key=key_of("history_award", HistoryMember.id), title=prize, tier=prize,
        place=HistoryEntry.place,
    )  # fmt: skip
    return query.where(prize != "")


def level_grants(on: AsOf) -> Select[Any]:
    """Tell the people whom a list names with a level that their result gave."""
    key = key_of("history_level_grant", HistoryMember.id)
    query = _members(on, key=key, level=cast(HistoryMember.level, String))
    return query.where(HistoryMember.level.is_not(None))


def gained_in() -> Any:
    """Return the level lines that results of the past gave, with the first edition that did."""
    return (
        select(
            HistoryMember.level_id.label("level_id"),
            func.min(HistoryEdition.title).label("programme"),
        )
        .join(HistoryEvent, HistoryEvent.id == HistoryMember.event_id)
        .join(HistoryEdition, HistoryEdition.id == HistoryEvent.edition_id)
        .where(HistoryMember.level_id.is_not(None))
        .group_by(HistoryMember.level_id)
        .subquery("gained_in")
    )
