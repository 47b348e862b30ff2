"""Appeals: filed within their time, withdrawn, taken to the second stage; the end of an event."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models.appeals import Appeal, EventEnd, Ruling
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.judging import Sheet
from models.results import Revision
from rules.appeals import (
    Filer,
    Kind,
    Moments,
    Window,
    answer_due,
    clock_start,
    filing_problem,
    second_stage_closes,
)
from rules.boards import freezes_at
from rules.days import DayRules
from rules.refusals import Missing, Refused
from rules.states import (
    APPEAL_MOVES,
    AppealState,
    EntryState,
    EventState,
    RevisionState,
    moved,
)
from rules.texts import N_
from services import audits, contests
from services.acting import Actor
from services.appeals_holds import OPEN, number_of
from services.draws import lock_event
from services.transaction import transaction

SHORTEST, LONGEST = 10, 4000
Names = dict[str, object]


@dataclass(frozen=True)
class Filing:
    """What somebody appeals against, in whose name, and when it was received if on paper."""

    kind: Kind
    facts: str
    request: str
    filer: Filer
    received_at: datetime | None = None


@transaction
def file_appeal(by: Actor, entry_id: int, filing: Filing) -> int:
    """File an appeal; one that comes too late is kept, but as refused (R2.31)."""
    entry = db.session.get(Entry, entry_id)
    if entry is None:
        raise Missing(entry_id)
    event = lock_event(entry.event_id)
    db.session.refresh(entry)
    rules, window = contests.rules_of(event.contest), window_of(event)
    received = filing.received_at or by.now
    _check(by, entry, filing, rules.day, window)
    late = window.is_late(received)
    last = select(func.max(Appeal.number)).where(Appeal.event_id == event.id)
    appeal = Appeal(
        event_id=event.id,
        entry_id=entry_id,
        number=(db.session.scalar(last) or 0) + 1,
        kind=filing.kind,
        facts=filing.facts,
        request=filing.request,
        filer=filing.filer,
        received_at=received,
        recorded_at=by.now,
        recorded_by_id=by.account_id,
        state=AppealState.LATE if late else AppealState.FILED,
        due_at=answer_due(received, rules.day.appeal_answer_minutes),
        late_after=window.closes_at if late else None,
        digest=digest_of(event, entry, filing, received),
    )
    db.session.add(appeal)
    db.session.flush()
    _record(by, "file", event, appeal, {"kind": filing.kind, "filer": filing.filer})
    return appeal.id


def _check(by: Actor, entry: Entry, filing: Filing, day: DayRules, window: Window) -> None:
    problem = window.problem() or filing_problem(
        filing.kind,
        filing.filer,
        day.appeal_kinds,
        day.appeal_leader_kinds,
        entry.employer_id is not None,
    )
    if problem is not None:
        raise problem
    if entry.state is not EntryState.ACCEPTED:
        raise Refused(N_("Only an accepted entry can appeal."))
    if len(filing.facts.strip()) < SHORTEST:
        raise Refused(N_("State the facts: what happened, where, when, who saw it."), "facts")
    if max(len(filing.facts), len(filing.request)) > LONGEST:
        raise Refused(N_("The text is too long."), "facts")
    if filing.received_at is not None and filing.received_at > by.now:
        raise Refused(N_("This time lies in the future."), "received_at")
    same = select(Appeal.number).where(Appeal.entry_id == entry.id, Appeal.kind == filing.kind)
    if db.session.scalar(same.where(Appeal.state.in_(OPEN)).limit(1)) is not None:
        raise Refused(N_("An appeal of this kind is open for this entry. Add to it instead."))


@transaction
def withdraw(by: Actor, appeal_id: int, filer: Filer) -> int:
    """Take an open appeal back; only the side that filed it can."""
    appeal, event = lock_appeal(appeal_id)
    _check_side(appeal, filer)
    appeal.state = moved(APPEAL_MOVES, appeal.state, AppealState.WITHDRAWN)
    _record(by, "withdraw", event, appeal, {})
    return appeal_id


@transaction
def carry_on(by: Actor, appeal_id: int, filer: Filer, facts: str) -> int:
    """Take a ruling to the committee of the contest, within its time (R2.33)."""
    appeal, event = lock_appeal(appeal_id)
    _check_side(appeal, filer)
    day = contests.rules_of(event.contest).day
    closes_at = second_stage_until(appeal, day)
    if closes_at is None:
        raise Refused(N_("This ruling is final."))
    if by.now > closes_at:
        raise Refused(N_("The time to take this ruling further is over."))
    if not SHORTEST <= len(facts.strip()) <= LONGEST:
        raise Refused(N_("Say why you do not accept the ruling."), "facts")
    appeal.state = moved(APPEAL_MOVES, appeal.state, AppealState.FILED)
    appeal.stage = 2
    appeal.facts = f"{appeal.facts}\n\n{facts.strip()}"
    appeal.due_at = answer_due(by.now, day.appeal_answer_minutes)
    _record(by, "carry_on", event, appeal, {"stage": 2})
    return appeal_id


def second_stage_until(appeal: Appeal, day: DayRules) -> datetime | None:
    """Return until when an appeal's ruling can be taken further, None when it cannot."""
    if appeal.state is not AppealState.RULED or not appeal.rulings:
        return None
    last: Ruling = appeal.rulings[-1]
    return second_stage_closes(
        day.appeal_stages, last.stage, last.outcome, last.ruled_at, day.appeal_second_minutes
    )


@dataclass(frozen=True)
class Ending:
    """When an event is expected to end, and when it ended."""

    expected_at: datetime | None = None
    ended_at: datetime | None = None


@transaction
def end_event(by: Actor, event_id: int, ending: Ending) -> int:
    """Record the expected and the real end of an event; return the event's id (R2.35).

    Once somebody has appealed the end stands: moving it would move a deadline that was counted on.
    """
    event = lock_event(event_id)
    found = find_end(event_id)
    end = found or EventEnd(event_id=event_id)
    before = {"expected_at": end.expected_at, "ended_at": end.ended_at}
    _check_end(by, event, end, ending)
    day = contests.rules_of(event.contest).day
    end.expected_at, end.ended_at = ending.expected_at, ending.ended_at
    end.freezes_at = freezes_at(ending.expected_at, day.board_freeze_minutes)
    end.recorded_at, end.recorded_by_id = by.now, by.account_id
    if found is None:
        db.session.add(end)
    after = {"expected_at": end.expected_at, "ended_at": end.ended_at}
    audits.record(
        by, "end", "event", event_id, contest_id=event.contest_id, before=before, after=after
    )
    return event_id


def _check_end(by: Actor, event: Event, end: EventEnd, ending: Ending) -> None:
    if event.state in {EventState.DRAFT, EventState.REGISTERING, EventState.CANCELLED}:
        raise Refused(N_("The end of an event is recorded after its draw."))
    if ending.ended_at is not None and ending.ended_at > by.now:
        raise Refused(N_("This time lies in the future."), "ended_at")
    filed = select(Appeal.id).where(Appeal.event_id == event.id).limit(1)
    if ending.ended_at != end.ended_at and end.ended_at is not None and db.session.scalar(filed):
        raise Refused(
            N_("Appeals have been filed; the end of the event cannot be moved any more."),
            "ended_at",
        )


def find_end(event_id: int) -> EventEnd | None:
    """Return what is recorded about the end of an event."""
    return db.session.scalar(select(EventEnd).where(EventEnd.event_id == event_id))


def moments_of(events: Sequence[Event]) -> dict[int, Moments]:
    """Return by event what its time for appeals depends on, in one statement."""
    signed = select(func.max(Sheet.signed_at)).where(Sheet.event_id == Event.id)
    announced = select(func.max(Revision.signed_at)).where(
        Revision.event_id == Event.id, Revision.state == RevisionState.SIGNED
    )
    query = (
        select(
            Event.id,
            Event.state,
            EventEnd.ended_at,
            signed.correlate(Event).scalar_subquery(),
            announced.correlate(Event).scalar_subquery(),
        )
        .outerjoin(EventEnd, EventEnd.event_id == Event.id)
        .where(Event.id.in_([event.id for event in events]))
    )
    return {row[0]: Moments(*row[1:]) for row in db.session.execute(query)}


def window_of(event: Event) -> Window:
    """Return the time for appeals of an event."""
    return windows_of([event])[event.id]


def windows_of(events: Sequence[Event]) -> dict[int, Window]:
    """Return the time for appeals of some events, loaded with their contests."""
    moments, found = moments_of(events), {}
    for event in events:
        rules = contests.rules_of(event.contest)
        start = clock_start(rules.day.appeal_clock_start, moments[event.id])
        found[event.id] = Window(event.state, rules.appeal_minutes, start)
    return found


def lock_appeal(appeal_id: int) -> tuple[Appeal, Event]:
    """Part: return an appeal and its event for a change; the event is locked first."""
    event_id = db.session.scalar(select(Appeal.event_id).where(Appeal.id == appeal_id))
    if event_id is None:
        raise Missing(appeal_id)
    event = lock_event(event_id)
    appeal = db.session.get_one(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    return appeal, event


def _check_side(appeal: Appeal, filer: Filer) -> None:
    if appeal.filer is not filer:
        raise Refused(N_("Only the side that filed the appeal can do this."))


def _record(by: Actor, action: str, event: Event, appeal: Appeal, more: Names) -> None:
    after = {"number": number_of(event, appeal.number), "state": appeal.state} | more
    audits.record(by, action, "appeal", appeal.id, contest_id=event.contest_id, after=after)


def digest_of(event: Event, entry: Entry, filing: Filing, received_at: datetime) -> str:
    """Return the SHA-256 that a receipt carries: of what was filed, for whom and when."""
    parts = [event.code, entry.number, filing.kind, filing.facts, filing.request, filing.filer]
    text = json.dumps([*parts, received_at.isoformat()], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def get_appeal(appeal_id: int) -> Appeal:
    """Return an appeal with its entry, event and rulings; raise Missing."""
    query = select(Appeal).where(Appeal.id == appeal_id)
    appeal = db.session.scalar(
        query.options(
            joinedload(Appeal.event).joinedload(Event.contest),
            joinedload(Appeal.entry).options(
                joinedload(Entry.employer), joinedload(Entry.division), selectinload(Entry.members)
            ),
            selectinload(Appeal.rulings).joinedload(Ruling.revision),
        )
    )
    if appeal is None:
        raise Missing(appeal_id)
    return appeal


def list_of_event(event_id: int) -> Sequence[Appeal]:
    """List the appeals of an event: the open ones by their deadline, then the others."""
    query = (
        select(Appeal)
        .options(joinedload(Appeal.entry).joinedload(Entry.employer))
        .where(Appeal.event_id == event_id)
        .order_by(Appeal.state.not_in(OPEN), Appeal.due_at, Appeal.number)
    )
    return db.session.scalars(query).all()
