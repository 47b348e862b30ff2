"""The figures behind the desks: each kind in one statement, and only for the roles held."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from models.appeals import Appeal, Ruling
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.judging import PanelSeat, Sheet
from models.notices import Notice
from models.results import Revision
from models.works import Work
from rules.access import Holder, Role, contests_of
from rules.appeals import Effect
from rules.editions import ContestKind
from rules.judges import SeatAnswer
from rules.refusals import Refused
from rules.schemes import read_scheme
from rules.seats import benches, place_of
from rules.states import (
    ContestState,
    EntryState,
    EventState,
    NoticeState,
    RevisionState,
    SheetState,
)
from services import (
    appeals_holds,
    certificates_lists,
    desks_totals,
    editions,
    layers_lists,
    levels_lists,
    objections,
    payouts_lists,
)
from services.acting import ZONE
from services.certificates_lists import Waiting as CertificatesDue
from services.desks_totals import Counts
from services.layers_lists import CodeStep
from services.sheets import COMPETING, COUNTING

SEEING_EVENTS = (
    Role.ORGANIZER,
    Role.CHIEF_JUDGE,
    Role.ENTRY_CLERK,
    Role.HALL_CLERK,
    Role.SEALER,
    Role.SUPERVISOR,
    Role.EMPLOYER,
    Role.CONTESTANT,
    Role.BUREAU_STAFF,
    Role.ARBITRATOR,
)


class EventLine(NamedTuple):
    """An event and its contest; a contest without events has one line without an event."""

    contest_id: int
    contest_title: str
    contest_state: ContestState
    entry_opens_on: date
    entry_closes_on: date
    event_id: int | None
    title: str
    state: EventState | None
    kind: ContestKind = ContestKind.CONTEST


class OwnSeat(NamedTuple):
    """A seat of one's own in an event that is being scored."""

    event_id: int
    event_title: str
    part_title: str
    is_clerk: bool
    sheets: int
    signed: int


class AppealsLine(NamedTuple):
    """The open appeals of an event, and until when the first must be answered."""

    open: int
    due_at: datetime


class NoticeLine(NamedTuple):
    """A notice that stands."""

    notice_id: int
    contest_id: int
    title: str
    ends_on: date


@dataclass
class Figures:
    """All that the desks of one account are made from."""

    today: date
    lines: list[EventLine] = field(default_factory=list)
    submitted: dict[int, int] = field(default_factory=dict)
    accepted: dict[int, int] = field(default_factory=dict)
    unseated: set[int] = field(default_factory=set)
    sheets: dict[int, tuple[int, int]] = field(default_factory=dict)
    drafts: dict[int, int] = field(default_factory=dict)
    missing: dict[int, list[Refused]] = field(default_factory=dict)
    appeals: dict[int, AppealsLine] = field(default_factory=dict)
    rulings: dict[int, int] = field(default_factory=dict)
    sealings: dict[int, CodeStep] = field(default_factory=dict)
    seats: list[OwnSeat] = field(default_factory=list)
    notices: list[NoticeLine] = field(default_factory=list)
    certificates_due: list[CertificatesDue] = field(default_factory=list)
    level_lists: list[levels_lists.Due] = field(default_factory=list)
    objected: list[objections.Due] = field(default_factory=list)
    payouts: list[payouts_lists.Open] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


def load(holder: Holder, now: datetime) -> Figures:
    """Load what the holder's roles need, in at most seventeen statements."""
    figures = Figures(today=now.astimezone(ZONE).date())
    for roles, loader in _LOADERS:
        if holder.has(*roles):
            loader(figures, holder)
    if holder.has(*desks_totals.ROLES):
        figures.counts = desks_totals.count(holder, now)
    return figures


def _load_lines(figures: Figures, _holder: Holder) -> None:
    figures.lines = _lines()


def _load_entries(figures: Figures, _holder: Holder) -> None:
    figures.submitted, figures.accepted = _entries(figures.lines)


def _load_unseated(figures: Figures, _holder: Holder) -> None:
    figures.unseated = _unseated(figures.lines)


def _load_sheets(figures: Figures, _holder: Holder) -> None:
    figures.sheets = _sheets(figures.lines)


def _load_drafts(figures: Figures, _holder: Holder) -> None:
    figures.drafts = _drafts(figures.lines)


def _load_missing(figures: Figures, holder: Holder) -> None:
    figures.missing = _missing(figures.today, contests_of(holder, {Role.ORGANIZER}))


def _load_appeals(figures: Figures, _holder: Holder) -> None:
    query = (
        select(Appeal.event_id, func.count(), func.min(Appeal.due_at))
        .where(Appeal.state.in_(appeals_holds.OPEN))
        .group_by(Appeal.event_id)
    )
    figures.appeals = {
        event_id: AppealsLine(count, due_at)
        for event_id, count, due_at in db.session.execute(query)
    }


def _load_rulings(figures: Figures, _holder: Holder) -> None:
    query = (
        select(Ruling.event_id, func.count())
        .where(Ruling.effect != Effect.NONE, Ruling.done_at.is_(None))
        .group_by(Ruling.event_id)
    )
    figures.rulings = {event_id: count for event_id, count in db.session.execute(query)}


def _load_sealings(figures: Figures, _holder: Holder) -> None:
    figures.sealings = layers_lists.list_duties()


def _load_seats(figures: Figures, holder: Holder) -> None:
    figures.seats = _seats(holder.account_id)


def _load_notices(figures: Figures, holder: Holder) -> None:
    figures.notices = _notices()
    within = contests_of(holder, {Role.BUREAU_STAFF})
    figures.certificates_due = certificates_lists.count_waiting(within)
    figures.level_lists = levels_lists.waiting_lists(within)
    figures.objected = objections.waiting(within)


def _load_payouts(figures: Figures, holder: Holder) -> None:
    within = contests_of(holder, {Role.PAYER, Role.APPROVER})
    figures.payouts = payouts_lists.waiting_orders(within)


_LOADERS: tuple[tuple[tuple[Role, ...], Callable[[Figures, Holder], None]], ...] = (
    (SEEING_EVENTS, _load_lines),
    ((Role.ORGANIZER,), _load_entries),
    ((Role.ORGANIZER, Role.CHIEF_JUDGE), _load_unseated),
    ((Role.CHIEF_JUDGE, Role.SUPERVISOR), _load_sheets),
    ((Role.ORGANIZER, Role.SUPERVISOR), _load_drafts),
    ((Role.ORGANIZER,), _load_missing),
    ((Role.JUDGE, Role.ENTRY_CLERK), _load_seats),
    ((Role.SEALER,), _load_sealings),
    ((Role.BUREAU_STAFF,), _load_notices),
    ((Role.ARBITRATOR,), _load_appeals),
    ((Role.ORGANIZER, Role.CHIEF_JUDGE), _load_rulings),
    ((Role.PAYER, Role.APPROVER), _load_payouts),
)


def _lines() -> list[EventLine]:
    query = (
        select(
            Contest.id,
            Contest.title,
            Contest.state,
            Contest.entry_opens_on,
            Contest.entry_closes_on,
            Event.id,
            Event.title,
            Event.state,
            Contest.kind,
        )
        .outerjoin(Event, Event.contest_id == Contest.id)
        .where(Contest.state != ContestState.ARCHIVED)
        .order_by(Contest.starts_on.desc(), Contest.id, Event.position, Event.id)
    )
    return [EventLine(*row) for row in db.session.execute(query)]


def _in_states(lines: Iterable[EventLine], *states: EventState) -> list[int]:
    return [line.event_id for line in lines if line.event_id and line.state in states]


def _entries(lines: list[EventLine]) -> tuple[dict[int, int], dict[int, int]]:
    """Count the submitted and the accepted entries of the events that take entries."""
    query = (
        select(Entry.event_id, Entry.state, func.count())
        .where(Entry.event_id.in_(_in_states(lines, EventState.REGISTERING)))
        .where(Entry.state.in_((EntryState.SUBMITTED, EntryState.ACCEPTED)))
        .group_by(Entry.event_id, Entry.state)
    )
    submitted: dict[int, int] = {}
    accepted: dict[int, int] = {}
    for event_id, state, count in db.session.execute(query):
        (submitted if state is EntryState.SUBMITTED else accepted)[event_id] = count
    return submitted, accepted


def _unseated(lines: list[EventLine]) -> set[int]:
    """Return the events before their scoring in which a panel has too few judges (R2.16)."""
    before = _in_states(lines, EventState.REGISTERING, EventState.DRAWN)
    query = select(PanelSeat.event_id, PanelSeat.part, PanelSeat.number)
    taken: dict[tuple[int, str], set[int]] = {}
    query = query.where(PanelSeat.event_id.in_(before), PanelSeat.answer != SeatAnswer.DECLINED)
    for event_id, part, number in db.session.execute(query):
        taken.setdefault((event_id, part), set()).add(number)
    schemes = db.session.execute(select(Event.id, Event.scheme).where(Event.id.in_(before)))
    return {
        event_id
        for event_id, scheme in schemes
        for bench in benches(read_scheme(scheme))
        if any(bench.problems(taken.get((event_id, bench.key), set())))
    }


def _sheets(lines: list[EventLine]) -> dict[int, tuple[int, int]]:
    """Count the signed and all sheets of the events that are being scored."""
    query = (
        select(Sheet.event_id, _signed(), func.count())
        .join(Work, Work.id == Sheet.work_id)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Sheet.event_id.in_(_in_states(lines, EventState.SCORING)))
        .where(*COMPETING, *COUNTING)
        .group_by(Sheet.event_id)
    )
    return {event_id: (signed, total) for event_id, signed, total in db.session.execute(query)}


def _signed() -> Any:
    return func.sum(case((Sheet.state == SheetState.SIGNED, 1), else_=0))


def _missing(today: date, within: frozenset[int] | None) -> dict[int, list[Refused]]:
    """Return what keeps each edition in draft from publication."""
    events = joinedload(Contest.events).joinedload(Event.divisions)
    query = select(Contest).options(events).where(Contest.state == ContestState.DRAFT)
    query = query.where(Contest.kind == ContestKind.CONTEST)
    if within is not None:
        query = query.where(Contest.id.in_(within))
    found = db.session.scalars(query).unique()
    return {contest.id: editions.list_blockers(contest, today) for contest in found}


def _drafts(lines: list[EventLine]) -> dict[int, int]:
    """Return the draft revision of each event whose marks are confirmed."""
    query = select(Revision.event_id, Revision.id).where(
        Revision.event_id.in_(_in_states(lines, EventState.REVIEW)),
        Revision.state == RevisionState.DRAFT,
    )
    return {event_id: key for event_id, key in db.session.execute(query)}


def _seats(account_id: int) -> list[OwnSeat]:
    """Count the sheets of one's own seats in events that are being scored."""
    query = (
        select(PanelSeat.part, Event.id, Event.title, Event.scheme, func.count(), _signed())
        .join(Event, Event.id == PanelSeat.event_id)
        .join(Sheet, Sheet.seat_id == PanelSeat.id)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(PanelSeat.account_id == account_id, Event.state == EventState.SCORING)
        .where(*COMPETING, Sheet.state != SheetState.EXCUSED)
        .group_by(PanelSeat.id, Event.id)
        .order_by(Event.id, PanelSeat.id)
    )
    return [_own_seat(*row) for row in db.session.execute(query)]


def _own_seat(
    part: str, event_id: int, title: str, scheme: dict[str, Any], sheets: int, signed: int
) -> OwnSeat:
    part_title, is_clerk = place_of(scheme, part)
    return OwnSeat(event_id, title, part_title, is_clerk, sheets, signed)


def _notices() -> list[NoticeLine]:
    query = select(Notice.id, Notice.contest_id, Notice.title, Notice.ends_on)
    query = query.where(Notice.state == NoticeState.POSTED).order_by(Notice.ends_on, Notice.id)
    return [NoticeLine(*row) for row in db.session.execute(query)]
