"""Which appeals somebody sees, and for which of his entries he can appeal."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import joinedload

from models.appeals import Appeal
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryMember
from rules.access import Holder, Role
from rules.appeals import BEFORE, Window
from rules.editions import ContestKind
from rules.states import ContestState, EntryState
from services.appeals import windows_of
from services.appeals_holds import OPEN
from services.pages import Page, page_of

SHOWN_ENTRIES = 50


def list_seen(holder: Holder, page: int = 1) -> Page[Appeal]:
    """List the appeals of somebody's own entries and those he is to answer, open ones first."""
    query = (
        select(Appeal)
        .join(Appeal.entry)
        .join(Appeal.event)
        .options(
            joinedload(Appeal.entry).joinedload(Entry.employer),
            joinedload(Appeal.event).joinedload(Event.contest),
        )
        .where(or_(_own(holder), to_decide(holder)))
        .order_by(Appeal.state.not_in(OPEN), Appeal.due_at, Appeal.id)
    )
    return page_of(query, page)


def _own(holder: Holder) -> ColumnElement[bool]:
    """Return the condition that an entry is somebody's own, by the roles that he holds."""
    own: list[ColumnElement[bool]] = [false()]
    if holder.has(Role.EMPLOYER) and holder.employer_id is not None:
        own.append(Entry.employer_id == holder.employer_id)
    if holder.has(Role.CONTESTANT) and holder.person_id is not None:
        own.append(Entry.members.any(EntryMember.person_id == holder.person_id))
    return or_(*own)


def to_decide(holder: Holder) -> ColumnElement[bool]:
    """Return the condition that an event is in somebody's hands as a member of the group."""
    found: list[ColumnElement[bool]] = [false()]
    for grant in holder.grants:
        if grant.role is Role.ARBITRATOR:
            if grant.event_id is not None:
                found.append(Event.id == grant.event_id)
            elif grant.contest_id is not None:
                found.append(Event.contest_id == grant.contest_id)
            else:
                found.append(true())
    return or_(*found)


@dataclass(frozen=True)
class Chance:
    """An entry for which its owner can still appeal."""

    entry: Entry
    window: Window


def list_chances(holder: Holder) -> Sequence[Chance]:
    """List somebody's own entries in events that have begun and are not archived."""
    query = (
        select(Entry)
        .join(Entry.event)
        .join(Event.contest)
        .options(joinedload(Entry.event).joinedload(Event.contest))
        .where(_own(holder), Entry.state == EntryState.ACCEPTED, Event.state.not_in(BEFORE))
        .where(Contest.state == ContestState.PUBLISHED, Contest.kind == ContestKind.CONTEST)
        .order_by(Entry.event_id.desc(), Entry.number)
        .limit(SHOWN_ENTRIES)
    )
    found = db.session.scalars(query).all()
    windows = windows_of([entry.event for entry in found]) if found else {}
    return [Chance(entry, windows[entry.event_id]) for entry in found]
