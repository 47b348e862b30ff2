"""Objections to public notices: filed, recorded, taken back; and the lists of them."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from models.awards import Award
from models.contests import Division, Event
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.notices import Notice, NoticeItem
from models.objections import Objection
from models.people import Person
from rules.objections import Channel, Filing, filing_problems, is_late
from rules.refusals import Missing, Refused
from rules.states import OBJECTION_MOVES as MOVES
from rules.states import NoticeState, ObjectionState, moved
from rules.texts import N_
from rules.workdays import notice_end
from services import audits, calendars, contests, objections_restarts
from services.acting import ZONE, Actor
from services.certificates_issuing import CLEAR
from services.objections_holds import OPEN
from services.transaction import transaction

CODE_LENGTH = 12
Facts = dict[str, object]
_CLOSED = N_("Objections are taken while the notice stands.")


class Filed(NamedTuple):
    """What the objector takes away: the objection and the code of its own page."""

    id: int
    code: str


@transaction
def file_objection(by: Actor, notice_id: int, filing: Filing) -> Filed:
    """Take an objection that somebody files on the page of a notice."""
    notice = _notice(notice_id)
    if notice.state is not NoticeState.POSTED or by.today < notice.starts_on:
        raise Refused(_CLOSED)
    if is_late(by.now, notice.ends_on, ZONE):
        raise Refused(_CLOSED)
    return _add(by, notice, filing, Channel.ONLINE, by.now)


@transaction
def record_objection(
    by: Actor, notice_id: int, filing: Filing, channel: Channel, received_at: datetime
) -> Filed:
    """Record an objection that came on paper, by telephone or in person; a late one stays late."""
    notice = _notice(notice_id)
    if received_at > by.now:
        raise Refused(N_("An objection cannot arrive in the future."), "received_at")
    if notice.state is NoticeState.WITHDRAWN:
        raise Refused(_CLOSED)
    return _add(by, notice, filing, channel, received_at)


def _add(
    by: Actor, notice: Notice, filing: Filing, channel: Channel, received_at: datetime
) -> Filed:
    for problem in filing_problems(filing):
        raise problem
    if filing.entry_id is not None and filing.entry_id not in entries_of(notice.id):
        raise Refused(N_("Choose somebody of this notice."), "entry_id")
    if filing.person_id is not None and filing.person_id not in _persons(filing.entry_id):
        raise Refused(N_("This person does not belong to the entry."), "person")
    late = is_late(received_at, notice.ends_on, ZONE)
    last = select(func.max(Objection.number)).where(Objection.notice_id == notice.id)
    row = Objection(
        notice_id=notice.id,
        number=(db.session.scalar(last) or 0) + 1,
        code="".join(secrets.choice(CLEAR) for _ in range(CODE_LENGTH)),
        entry_id=filing.entry_id,
        person_id=filing.person_id,
        channel=channel,
        name=filing.name,
        unit=filing.unit or None,
        contact=filing.contact,
        facts=filing.facts,
        received_at=received_at,
        due_on=None if late else _due(notice, received_at),
        state=ObjectionState.LATE if late else ObjectionState.FILED,
        recorded_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    after: Facts = {"number": row.number, "channel": channel, "entry": filing.entry_id}
    after |= {"late": late, "person": filing.person_id}
    record(by, "file_objection", row, after)
    return Filed(row.id, row.code)


def _persons(entry_id: int | None) -> set[int]:
    members = select(EntryMember.person_id).where(EntryMember.entry_id == entry_id)
    coaches = select(EntryCoach.person_id).where(EntryCoach.entry_id == entry_id)
    return set(db.session.scalars(members.union(coaches)))


def _due(notice: Notice, received_at: datetime) -> date:
    """Return the last day for the answer, in working days; a year without data: plain days."""
    rules = contests.rules_of(notice.contest)
    day = received_at.astimezone(ZONE).date()
    try:
        return notice_end(day, rules.objection_days, False, calendars.load_calendar())
    except Refused:  # the holiday table comes late in the year; the answer must have a day
        return day + timedelta(days=rules.objection_days)


def _notice(notice_id: int) -> Notice:
    found = db.session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(notice_id)
    return found


@transaction
def withdraw(by: Actor, code: str) -> int:
    """Take an objection back; who has its code has filed it."""
    found = find_by_code(code)
    if found is None:
        raise Missing(code)
    row = lock_objection(found.id)
    move(by, row, ObjectionState.WITHDRAWN, "withdraw", {})
    return row.id


def move(by: Actor, row: Objection, state: ObjectionState, action: str, more: Facts) -> None:
    """Part: bring an objection to another state and record it."""
    row.state = moved(MOVES, row.state, state)
    record(by, action, row, {"state": state} | more)


def settle(by: Actor, row: Objection) -> None:
    """Part: be done with an objection; nobody is held by it any more."""
    row.state = moved(MOVES, row.state, ObjectionState.SETTLED)
    row.settled_at = by.now


def record(
    by: Actor, action: str, row: Objection, after: Facts, before: Facts | None = None
) -> None:
    """Part: record an act; name, contact and facts stay out of the record."""
    contest_id = db.session.scalar(select(Notice.contest_id).where(Notice.id == row.notice_id))
    audits.record(
        by, action, "objection", row.id, contest_id=contest_id, before=before, after=after
    )


def lock_objection(objection_id: int) -> Objection:
    """Part: return an objection for a change; its notice is locked first, as for closing it."""
    query = select(Objection.notice_id).where(Objection.id == objection_id)
    notice_id = db.session.scalar(query)
    if notice_id is None:
        raise Missing(objection_id)
    _notice(notice_id)
    return db.session.get_one(Objection, objection_id, with_for_update=True, populate_existing=True)


_AROUND = (
    joinedload(Objection.notice).joinedload(Notice.contest),
    joinedload(Objection.entry).options(
        joinedload(Entry.event),
        joinedload(Entry.employer),
        selectinload(Entry.members).joinedload(EntryMember.person),
        selectinload(Entry.coaches),
    ),
    joinedload(Objection.handler),
    joinedload(Objection.person),
)


def get_objection(objection_id: int) -> Objection:
    """Return an objection with all around it; raise Missing."""
    query = select(Objection).options(*_AROUND).where(Objection.id == objection_id)
    found = db.session.scalar(query)
    if found is None:
        raise Missing(objection_id)
    return found


def find_by_code(code: str) -> Objection | None:
    """Find an objection by the code that its objector holds."""
    tidy = code.strip().upper().replace("-", "").replace(" ", "")
    return db.session.scalar(select(Objection).options(*_AROUND).where(Objection.code == tidy))


def list_objections(notice_id: int) -> Sequence[Objection]:
    """List the objections to a notice, those that wait first."""
    query = select(Objection).options(*_AROUND).where(Objection.notice_id == notice_id)
    return db.session.scalars(
        query.order_by(Objection.state.in_(OPEN).desc(), Objection.number.desc())
    ).all()


def entries_of(notice_id: int) -> dict[int, str]:
    """Return whom an objection to a notice can be about: its awarded entries, by event."""
    query = (
        select(Entry.id, Entry.title, Event.title, Division.title, Award.tier_title)
        .join(Award, Award.entry_id == Entry.id)
        .join(NoticeItem, NoticeItem.revision_id == Award.revision_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .where(NoticeItem.notice_id == notice_id, objections_restarts.shown_lines(notice_id))
        .order_by(Event.position, Event.id, Division.position, Award.tier_order, Award.id)
    )
    return {row[0]: f"{row[1]}（{row[2]}·{row[3]}）" for row in db.session.execute(query)}


def persons_of(notice_id: int, *, coaches: bool = False) -> dict[str, str]:
    """Return whom an objection can be about as a person, by entry and person.

    Who is on the list is public; its coaches are named to those who record objections.
    """
    tables: list[type[EntryMember] | type[EntryCoach]] = [EntryMember]
    tables += [EntryCoach] if coaches else []
    found: dict[str, str] = {}
    for table in tables:
        query = (
            select(Entry.id, Person.id, Person.name, Entry.title, Event.title)
            .select_from(Entry)
            .join(table, table.entry_id == Entry.id)
            .join(Person, Person.id == table.person_id)
            .join(Award, Award.entry_id == Entry.id)
            .join(NoticeItem, NoticeItem.revision_id == Award.revision_id)
            .join(Event, Event.id == Entry.event_id)
            .where(NoticeItem.notice_id == notice_id, objections_restarts.shown_lines(notice_id))
            .order_by(Event.position, Event.id, Award.tier_order, Award.id, table.position)
        )
        for entry_id, person_id, name, title, event in db.session.execute(query):
            text = f"{name}（{event}）" if name == title else f"{name}（{event}·{title}）"
            found[f"{entry_id}-{person_id}"] = text
    return found


class Due(NamedTuple):
    """The objections of a notice that wait for an answer, and the first day for one."""

    notice_id: int
    contest_id: int
    title: str
    number: int
    due_on: date | None


def _waits() -> ColumnElement[bool]:
    """Return the condition that somebody has to do something: answer it, or carry it out."""
    undone = (Objection.state == ObjectionState.ANSWERED) & Objection.carried_out_at.is_(None)
    return or_(Objection.state.in_(OPEN), undone)


def list_due(contests_within: frozenset[int] | None) -> Sequence[Objection]:
    """List the objections that wait, the most urgent first; None is every contest."""
    query = select(Objection).options(*_AROUND).where(_waits())
    if contests_within is not None:
        within = select(Notice.id).where(Notice.contest_id.in_(contests_within))
        query = query.where(Objection.notice_id.in_(within))
    return db.session.scalars(query.order_by(Objection.due_on, Objection.id)).all()


def waiting(contests_within: frozenset[int] | None) -> list[Due]:
    """List the notices with objections that wait; None is every contest."""
    query = (
        select(Notice.id, Notice.contest_id, Notice.title, func.count(), func.min(Objection.due_on))
        .join(Objection, Objection.notice_id == Notice.id)
        .where(_waits())
        .group_by(Notice.id, Notice.contest_id, Notice.title)
        .order_by(func.min(Objection.due_on))
    )
    if contests_within is not None:
        query = query.where(Notice.contest_id.in_(contests_within))
    return [Due(*row) for row in db.session.execute(query)]
