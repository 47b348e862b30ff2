"""Contests of province, nation and world to which the city sends people: set up and looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models.contests import Contest, Event
from models.database import db
from models.provincial import ProvincialContest, ProvincialEvent, ProvincialLink, ProvincialSlot
from rules.editions import ContestKind
from rules.provincial import (
    PROVINCIAL_MOVES,
    EntrantStatus,
    EventFormat,
    ProvincialLevel,
    ProvincialState,
)
from rules.provincial_rules import ProvincialRules
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.transaction import STALE, transaction

SUBJECT = "provincial_contest"


@dataclass(frozen=True)
class Facts:
    """What is typed about a superior's contest."""

    code: str
    title: str
    level: ProvincialLevel
    year: int
    organiser: str
    starts_on: date
    ends_on: date
    class_title: str = ""
    edition: str = ""
    place: str = ""
    document: str = ""
    delegation_title: str = ""
    entry_until: date | None = None
    previous_id: int | None = None


@dataclass(frozen=True)
class EventFacts:
    """What is typed about one of its events."""

    code: str
    title: str
    format: EventFormat
    quota: int
    division: EntrantStatus | None = None
    occupation: str = ""
    is_demonstration: bool = False
    held_on: date | None = None
    place: str = ""
    field_size: int | None = None
    teams: int | None = None


@transaction
def create(by: Actor, facts: Facts) -> int:
    """Set up a contest; with a previous one its rules and events are taken over."""
    _check(facts)
    row = ProvincialContest(**vars(facts), state=ProvincialState.PREPARING, created_at=by.now)
    same = select(ProvincialContest.id).where(ProvincialContest.code == facts.code)
    if db.session.scalar(same) is not None:
        raise Refused(N_("This code is taken."), "code")
    previous = None if facts.previous_id is None else get_contest(facts.previous_id)
    rules = ProvincialRules() if previous is None else _without_dates(rules_of(previous))
    row.rules = rules.model_dump(mode="json")
    db.session.add(row)
    db.session.flush()
    if previous is not None:
        db.session.add_all(_copied(one, row.id) for one in previous.events)
    audits.record(by, "create", SUBJECT, row.id, after={"code": row.code, "title": row.title})
    return row.id


def _without_dates(rules: ProvincialRules) -> ProvincialRules:
    """Return rules for the next edition: days of the last one say nothing about it."""
    return rules.model_copy(update={"age_on": None, "changes_until": None})


def _copied(one: ProvincialEvent, contest_id: int) -> ProvincialEvent:
    names = ("code", "title", "occupation", "format", "division", "is_demonstration", "quota",
             "position")  # fmt: skip
    return ProvincialEvent(contest_id=contest_id, **{name: getattr(one, name) for name in names})


def _check(facts: Facts) -> None:
    if facts.ends_on < facts.starts_on:
        raise Refused(N_("The contest cannot end before it starts."), "ends_on")
    if facts.entry_until is not None and facts.entry_until > facts.ends_on:
        raise Refused(N_("Entries must close before the contest ends."), "entry_until")


@transaction
def edit(by: Actor, contest_id: int, version: int | None, facts: Facts) -> int:
    """Change what is known about a contest, until it is closed."""
    row = locked(contest_id, version)
    if row.state is ProvincialState.CLOSED:
        raise Refused(N_("This contest is settled: nothing of it changes."))
    if row.code != facts.code:
        raise Refused(N_("The code stays as it is: entries carry it."), "code")
    _check(facts)
    before = _told(row)
    for name, value in vars(facts).items():
        if name != "previous_id":
            setattr(row, name, value)
    after = _told(row)
    audits.record(by, "edit", SUBJECT, row.id, before=before, after=after)
    return row.id


def _told(row: ProvincialContest) -> dict[str, object]:
    return {"title": row.title, "starts_on": row.starts_on, "entry_until": row.entry_until}


@transaction
def edit_rules(by: Actor, contest_id: int, version: int | None, rules: Mapping[str, Any]) -> int:
    """Replace the rules of a contest; what was sent keeps the rules it was sent under."""
    row = locked(contest_id, version)
    if row.state not in (ProvincialState.PREPARING, ProvincialState.ENTERED):
        raise Refused(N_("Rules are changed before the contest is held."))
    before = {"digest": rules_of(row).digest()}
    try:
        fresh = ProvincialRules.model_validate(rules)
    except ValueError as error:
        raise Refused(N_("The rules do not hold together yet."), "rules") from error
    row.rules = fresh.model_dump(mode="json")
    audits.record(
        by, "edit_rules", SUBJECT, row.id, before=before, after={"digest": fresh.digest()}
    )
    return row.id


@transaction
def move(by: Actor, contest_id: int, state: ProvincialState, *, reason: str = "") -> int:
    """Say that a contest was held, is closed, or does not take place."""
    row = locked(contest_id)
    if state is ProvincialState.ENTERED and row.state is ProvincialState.PREPARING:
        raise Refused(N_("A contest is entered by sending its form."))
    if state is ProvincialState.CANCELLED:
        check_reason(reason)
    before = {"state": row.state}
    row.state = moved(PROVINCIAL_MOVES, row.state, state)
    after = {"state": state} | ({"reason": reason} if reason else {})
    audits.record(by, "move", SUBJECT, row.id, before=before, after=after)
    return row.id


@transaction
def show_publicly(by: Actor, contest_id: int, shown: bool) -> int:
    """Put the results of a contest on the public pages, or take them down."""
    row = locked(contest_id)
    if shown and row.state not in (ProvincialState.HELD, ProvincialState.CLOSED):
        raise Refused(N_("Results are shown once the contest was held."))
    row.is_public = shown
    audits.record(by, "show_publicly", SUBJECT, row.id, after={"shown": shown})
    return row.id


@transaction
def add_event(by: Actor, contest_id: int, facts: EventFacts) -> int:
    """Add an event to a contest."""
    row = locked(contest_id)
    _check_preparing(row)
    if any(one.code == facts.code for one in row.events):
        raise Refused(N_("This code is taken."), "code")
    event = ProvincialEvent(contest_id=row.id, position=len(row.events) + 1, **vars(facts))
    db.session.add(event)
    db.session.flush()
    audits.record(by, "add_event", SUBJECT, row.id, after={"event": event.id, "code": facts.code})
    return event.id


def _check_preparing(row: ProvincialContest) -> None:
    if row.state is not ProvincialState.PREPARING:
        raise Refused(N_("The form was sent: its events stay as they are."))


# What is known of an event only when it is held.
_KNOWN_LATER = ("held_on", "place", "field_size", "teams")


@transaction
def edit_event(by: Actor, event_id: int, facts: EventFacts) -> int:
    """Change an event; its format stays once there are candidates. Return the contest's id.

    After the form was sent only what the contest itself tells can change: day, place, how many.
    """
    event = lock_event(event_id)
    if any(getattr(event, one) != given for one, given in vars(facts).items()
           if one not in _KNOWN_LATER):  # fmt: skip
        _check_preparing(event.contest)
    if any(one.code == facts.code and one.id != event_id for one in event.contest.events):
        raise Refused(N_("This code is taken."), "code")
    taken = select(func.count(ProvincialSlot.id)).where(ProvincialSlot.event_id == event_id)
    if facts.format is not event.format and db.session.scalar(taken):
        raise Refused(N_("The format stays: there are candidates already."), "format")
    before = {"code": event.code, "quota": event.quota}
    for name, value in vars(facts).items():
        setattr(event, name, value)
    after = {"event": event_id, "code": event.code, "quota": event.quota}
    audits.record(by, "edit_event", SUBJECT, event.contest_id, before=before, after=after)
    return event.contest_id


@transaction
def remove_event(by: Actor, event_id: int) -> int:
    """Remove an event for which nobody is a candidate; return the contest's id."""
    event = lock_event(event_id)
    _check_preparing(event.contest)
    taken = select(ProvincialSlot.id).where(ProvincialSlot.event_id == event_id).limit(1)
    if db.session.scalar(taken) is not None:
        raise Refused(N_("There are candidates in this event."))
    contest_id = event.contest_id
    audits.record(by, "remove_event", SUBJECT, contest_id, before={"code": event.code})
    db.session.delete(event)
    return contest_id


@transaction
def link(by: Actor, event_id: int, selecting_id: int, division: str, top: int) -> int:
    """Name a contest of the city that selects for an event; return the contest's id (R1.06)."""
    event = lock_event(event_id)
    selecting = db.session.get(Event, selecting_id)
    if selecting is None or selecting.contest.kind is not ContestKind.CONTEST:
        raise Missing(selecting_id)
    if division and division not in {one.code for one in selecting.divisions}:
        raise Refused(N_("That event has no such division."), "division")
    same = [
        one for one in event.links if (one.selecting_id, one.division) == (selecting_id, division)
    ]
    if same:
        raise Refused(N_("This contest is linked already."), "selecting_id")
    event.links.append(ProvincialLink(selecting_id=selecting_id, division=division, top=top))
    after = {"event": event_id, "selecting": selecting_id, "top": top}
    audits.record(by, "link", SUBJECT, event.contest_id, after=after)
    return event.contest_id


@transaction
def unlink(by: Actor, link_id: int) -> int:
    """Take a link away; candidates taken over it stay. Return the contest's id."""
    row = get_link(link_id)
    event = lock_event(row.event_id)
    audits.record(by, "unlink", SUBJECT, event.contest_id, before={"selecting": row.selecting_id})
    db.session.delete(row)
    return event.contest_id


def get_contest(contest_id: int) -> ProvincialContest:
    """Return a contest with its events; raise Missing."""
    query = select(ProvincialContest).where(ProvincialContest.id == contest_id)
    row = db.session.scalar(query.options(selectinload(ProvincialContest.events)))
    if row is None:
        raise Missing(contest_id)
    return row


def get_event(event_id: int) -> ProvincialEvent:
    """Return an event with its contest and links; raise Missing."""
    linked = selectinload(ProvincialEvent.links).joinedload(ProvincialLink.selecting)
    query = (
        select(ProvincialEvent)
        .where(ProvincialEvent.id == event_id)
        .options(joinedload(ProvincialEvent.contest), linked.joinedload(Event.contest))
    )
    row = db.session.scalar(query)
    if row is None:
        raise Missing(event_id)
    return row


def get_link(link_id: int) -> ProvincialLink:
    """Return a link to a selecting contest; raise Missing."""
    row = db.session.get(ProvincialLink, link_id)
    if row is None:
        raise Missing(link_id)
    return row


def locked(contest_id: int, version: int | None = None) -> ProvincialContest:
    """Part: lock a contest; raise Missing, or Refused when the version is an old one."""
    row = db.session.get(
        ProvincialContest, contest_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise Missing(contest_id)
    if version is not None and version != row.version:
        raise Refused(STALE)
    return row


def lock_event(event_id: int) -> ProvincialEvent:
    """Part: lock an event; raise Missing."""
    row = db.session.get(ProvincialEvent, event_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(event_id)
    return row


def rules_of(row: ProvincialContest) -> ProvincialRules:
    """Return the rules of a contest."""
    return ProvincialRules.model_validate(row.rules)


def list_selecting() -> Sequence[tuple[int, str]]:
    """List the events of the city's contests that can select, the newest contest first."""
    query = (
        select(Event.id, Contest.title, Event.title)
        .join(Contest, Contest.id == Event.contest_id)
        .where(Contest.kind == ContestKind.CONTEST)
        .order_by(Contest.year.desc(), Contest.id.desc(), Event.position, Event.id)
        .limit(300)
    )
    return [(key, f"{contest} {event}") for key, contest, event in db.session.execute(query)]
