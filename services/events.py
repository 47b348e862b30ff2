"""Events of an edition and their divisions: add, edit, cancel."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import contains_eager

from models.accounts import RoleGrant
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry
from rules.editions import ContestKind
from rules.plans import EventPlan
from rules.refusals import Missing, Refused
from rules.schemes import Scheme
from rules.states import EVENT_MOVES, ContestState, EventState, moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.contests import LIGHT, check_version, locked_contest
from services.transaction import transaction


@dataclass(frozen=True)
class DivisionFacts:
    """A division as typed; without a code it gets one."""

    title: str
    code: str = ""


@dataclass(frozen=True)
class EventFacts:
    """What an organizer writes down about an event, apart from its rules."""

    code: str
    title: str
    occupation: str
    divisions: tuple[DivisionFacts, ...]
    standard_level: int = 3
    team_size: int = 1
    venue: str = ""
    held_on: date | None = None


_PLAIN = ("code", "title", "occupation", "standard_level", "team_size", "venue", "held_on")
# What a contestant relies on when entering; it stands once the event is published.
_STANDING = ("code", "team_size", "standard_level", "occupation")


# Ranked and awarded apart (R1.15).
USUAL_DIVISIONS = {
    "staff": N_("Staff division"),
    "student": N_("Student division"),
    "teacher": N_("Teacher division"),
}


@transaction
def add_event(
    by: Actor, contest_id: int, facts: EventFacts, scheme: Scheme, plan: EventPlan
) -> int:
    """Add an event with its first rules to an edition."""
    contest = locked_contest(contest_id)
    event = _added(contest, facts, scheme, plan)
    audits.record(by, "add", "event", event.id, contest_id=contest_id, after=_plain(event))
    return event.id


@transaction
def add_events(
    by: Actor, contest_id: int, facts: Sequence[EventFacts], scheme: Scheme, plan: EventPlan
) -> int:
    """Add several events with the same first rules; those without a code get the next free ones."""
    if not facts:
        raise Refused(N_("Choose at least one occupation."), field="occupations")
    contest = locked_contest(contest_id)
    codes = _free_codes({event.code for event in contest.events}, len(facts))
    for one, code in zip(facts, codes, strict=True):
        _added(contest, _coded(one, code), scheme, plan)
    titles = [one.title for one in facts]
    audits.record(
        by, "add_events", "contest", contest_id, contest_id=contest_id, after={"events": titles}
    )
    return contest_id


def _coded(facts: EventFacts, code: str) -> EventFacts:
    return replace(facts, code=facts.code or code)


def next_code(contest: Contest) -> str:
    """Return the code that the next event of an edition usually gets."""
    return _free_codes({event.code for event in contest.events}, 1)[0]


def _free_codes(taken: set[str], count: int) -> list[str]:
    numbers = (f"{number:02d}" for number in range(1, 1000))
    free = (number for number in numbers if number not in taken)
    return [next(free) for _ in range(count)]


def _added(contest: Contest, facts: EventFacts, scheme: Scheme, plan: EventPlan) -> Event:
    _refuse_taken(contest.events, facts)
    event = Event(
        contest_id=contest.id,
        position=max((event.position for event in contest.events), default=0) + 1,
        state=EventState.DRAFT,
        scheme=scheme.model_copy(update={"title": facts.title}).model_dump(mode="json"),
        plan=plan.model_dump(mode="json"),
        **{name: getattr(facts, name) for name in _PLAIN},
    )
    _divide(event, facts.divisions)
    contest.events.append(event)
    db.session.flush()
    return event


def _refuse_taken(others: Sequence[Event], facts: EventFacts) -> None:
    if any(other.code == facts.code for other in others):
        raise Refused(N_("This code is taken."), field="code")
    if any(other.title == facts.title for other in others):
        raise Refused(N_("%(title)s is there already."), field="title", title=facts.title)


def _divide(event: Event, wanted: Sequence[DivisionFacts]) -> None:
    """Bring the divisions of an event to what is wanted; the same code or title keeps its row."""
    if not wanted:
        raise Refused(N_("Choose at least one division."), field="divisions")
    titles = [one.title for one in wanted]
    if len(set(titles)) < len(titles):
        raise Refused(N_("Two divisions have the same name."), field="own_divisions")
    present = list(event.divisions)
    codes = {division.code for division in present} | {one.code for one in wanted}
    kept = [_matching(present, one) or _new_division(one, codes) for one in wanted]
    _refuse_entered([division for division in present if division not in kept])
    for position, (division, one) in enumerate(zip(kept, wanted, strict=True), start=1):
        division.title, division.position = one.title, position
    event.divisions = kept


def _matching(present: Sequence[Division], wanted: DivisionFacts) -> Division | None:
    for division in present:
        if division.code == wanted.code if wanted.code else division.title == wanted.title:
            return division
    return None


def _new_division(wanted: DivisionFacts, codes: set[str]) -> Division:
    code = wanted.code or next(c for c in (f"d{n}" for n in range(1, 100)) if c not in codes)
    codes.add(code)
    return Division(code=code, title=wanted.title)


def _refuse_entered(dropped: Sequence[Division]) -> None:
    ids = [division.id for division in dropped if division.id is not None]
    query = select(Division.title).join(Entry).where(Division.id.in_(ids)).limit(1)
    title = db.session.scalar(query) if ids else None
    if title is not None:
        raise Refused(
            N_("%(division)s has entries and cannot be removed."),
            field="divisions",
            division=title,
        )


def locked_event(event_id: int) -> Event:
    """Part: return an event of an edition that is not archived, both under lock; raise Missing."""
    contest_id = db.session.scalar(select(Event.contest_id).where(Event.id == event_id))
    if contest_id is None:
        raise Missing(event_id)
    contest = locked_contest(contest_id)
    event = next(event for event in contest.events if event.id == event_id)
    if event.state is EventState.CANCELLED:
        raise Refused(N_("This event is cancelled."))
    return event


@transaction
def edit_event(by: Actor, event_id: int, version: int | None, facts: EventFacts) -> int:
    """Change an event; once published, what contestants rely on stands."""
    event = locked_event(event_id)
    check_version(event.version, version)
    _refuse_taken([other for other in event.contest.events if other is not event], facts)
    if event.state is not EventState.DRAFT:
        _refuse_standing(event, facts)
    if event.state is EventState.FINAL:
        raise Refused(N_("The results of this event are final."))
    before = _plain(event)
    for name in _PLAIN:
        setattr(event, name, getattr(facts, name))
    _divide(event, facts.divisions)
    db.session.flush()
    contest_id = event.contest_id
    audits.record(
        by, "edit", "event", event_id, contest_id=contest_id, before=before, after=_plain(event)
    )
    return event_id


def _refuse_standing(event: Event, facts: EventFacts) -> None:
    for name in _STANDING:
        if getattr(event, name) != getattr(facts, name):
            raise Refused(N_("This stands since the event was published."), field=name)


@transaction
def cancel_event(by: Actor, event_id: int, reason: str) -> int:
    """Cancel an event with a reason; its entries stay on record."""
    event = locked_event(event_id)
    if not reason.strip():
        raise Refused(N_("Give the reason of the cancellation."), field="reason")
    before = event.state
    event.state = moved(EVENT_MOVES, before, EventState.CANCELLED)
    after = {"state": event.state, "reason": reason}
    audits.record(
        by,
        "cancel",
        "event",
        event_id,
        contest_id=event.contest_id,
        before={"state": before},
        after=after,
    )
    return event_id


@transaction
def remove_event(by: Actor, event_id: int) -> int:
    """Take an unpublished event out of its edition; return the edition's id."""
    event = locked_event(event_id)
    if event.state is not EventState.DRAFT:
        raise Refused(N_("A published event cannot be removed, only cancelled."))
    contest_id, before = event.contest_id, _plain(event)
    if _count_entries(event_id):
        raise Refused(N_("This event has entries."))
    db.session.execute(delete(RoleGrant).where(RoleGrant.event_id == event_id))
    db.session.delete(event)
    db.session.flush()
    audits.record(by, "remove", "event", event_id, contest_id=contest_id, before=before)
    return contest_id


def _count_entries(event_id: int) -> int:
    query = select(func.count()).select_from(Entry).where(Entry.event_id == event_id)
    return db.session.scalar(query) or 0


def is_editable(event: Event) -> bool:
    """Say whether anything of an event may still be changed."""
    over = {EventState.FINAL, EventState.CANCELLED}
    return event.state not in over and event.contest.state is not ContestState.ARCHIVED


def _plain(event: Event) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in _PLAIN}
    return values | {"divisions": [division.title for division in event.divisions]}


MOST_SOURCES = 300


def list_sources(event_id: int, within: Collection[int] | None = None) -> list[Event]:
    """List the events whose rules can be copied, newest editions first, without the rules."""
    query = select(Event).join(Event.contest)
    query = query.where(Event.id != event_id, Contest.kind == ContestKind.CONTEST)
    if within is not None:
        query = query.where(Event.contest_id.in_(within))
    loaded = query.options(contains_eager(Event.contest), *LIGHT)
    order = (Contest.year.desc(), Contest.id.desc(), Event.position, Event.id)
    return list(db.session.scalars(loaded.order_by(*order).limit(MOST_SOURCES)))
