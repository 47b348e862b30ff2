"""The life of one person at the trade, gathered from all registers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, false, func, or_, select, true

from models.awards import Award
from models.certificates import Certificate
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.honours import Honour
from models.levels import LevelLine, LevelList, PersonLevel
from models.mentorships import Mentorship
from models.payouts import PayoutClaim, PayoutLine, PayoutSeries
from models.people import Employer, Person
from models.results import Result, Revision
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from models.workshops import Workshop, WorkshopMaster
from rules.certificate_kinds import given_by
from rules.editions import ContestKind
from rules.refusals import Missing
from rules.selections import ApplicationState as SelectionState
from rules.selections import RoundState
from rules.states import (
    CertificateState,
    EntryState,
    EventState,
    HonourState,
    RevisionState,
)
from rules.timelines import Numbered, Picture, Point, Theme, draw, merged
from services import honours_lifetime
from services.acting import ZONE
from services.generations import RUNS, was_taught

WIDTH, SIZE = 800.0, 24.0  # of the picture's lanes and of one mark


@dataclass(frozen=True)
class Sight:
    """Of which contests a reader sees what happened, and what was paid; None is all of them."""

    contests: frozenset[int] | None = None
    payments: frozenset[int] | None = None


@dataclass(frozen=True)
class Timeline:
    """A person, the line of what happened, and its picture."""

    person_id: int
    name: str
    employer: str
    line: Sequence[Numbered]
    picture: Picture


def timeline_of(person_id: int, sight: Sight, today: date) -> Timeline:
    """Gather what the registers know of a person, as far as the reader may see it."""
    row = db.session.execute(
        select(Person.name, Employer.title)
        .outerjoin(Employer, Employer.id == Person.employer_id)
        .where(Person.id == person_id)
    ).first()
    if row is None:
        raise Missing(person_id)
    line = merged(
        _levels(person_id),
        _contests(person_id, sight),
        _selections(person_id, sight),
        _honours(person_id, sight),
        _workshops(person_id),
        _pairs(person_id),
        _certificates(person_id, sight),
        _payments(person_id, sight),
    )
    return Timeline(person_id, row[0], row[1] or "", line, draw(line, today, WIDTH, SIZE))


def _within(column: Any, contests: frozenset[int] | None) -> Any:
    return true() if contests is None else column.in_(contests)


def _levels(person_id: int) -> Iterator[Point]:
    query = (
        select(PersonLevel, Contest.title)
        .outerjoin(LevelLine, LevelLine.id == PersonLevel.line_id)
        .outerjoin(LevelList, LevelList.id == LevelLine.list_id)
        .outerjoin(Contest, Contest.id == LevelList.contest_id)
        .where(PersonLevel.person_id == person_id)
    )
    for held, contest in db.session.execute(query):
        yield Point(
            Theme.LEVEL,
            held.granted_on or held.recorded_at.astimezone(ZONE).date(),
            held.occupation,
            key=held.id,
            level=held.level,
            detail=contest or "",
            note=held.certificate_number or "",
        )


def _contests(person_id: int, sight: Sight) -> Iterator[Point]:
    """Yield accepted entries; places and prizes only once the event is final."""
    final = and_(
        Revision.event_id == Event.id,
        Revision.state == RevisionState.SIGNED,
        Event.state == EventState.FINAL,
    )
    query = (
        select(Entry.id, Event.title, Division.title, Contest.title, Contest.starts_on)
        .add_columns(Result.rank, Award.tier_title)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Division, Division.id == Entry.division_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .outerjoin(Revision, final)
        .outerjoin(Result, and_(Result.revision_id == Revision.id, Result.entry_id == Entry.id))
        .outerjoin(Award, and_(Award.revision_id == Revision.id, Award.entry_id == Entry.id))
        .where(EntryMember.person_id == person_id, Entry.state == EntryState.ACCEPTED)
        .where(Event.state != EventState.CANCELLED, _within(Contest.id, sight.contests))
        .where(Contest.kind == ContestKind.CONTEST)
    )
    for key, event, division, contest, day, rank, tier in db.session.execute(query):
        yield Point(
            Theme.CONTEST, day, event, "entry", key,
            detail=f"{contest} · {division}", note=tier or "", rank=rank,
        )  # fmt: skip


def _selections(person_id: int, sight: Sight) -> Iterator[Point]:
    """Yield applications for selections; whether somebody was chosen only once it is decided."""
    decided = SelectionRound.state == RoundState.DECIDED
    query = (
        select(SelectionApplication, SelectionRound.title, decided)
        .join(SelectionRound, SelectionRound.id == SelectionApplication.round_id)
        .where(
            SelectionApplication.person_id == person_id,
            SelectionApplication.submitted_at.is_not(None),
            SelectionApplication.state != SelectionState.MERGED,
        )
        .where(true() if sight.contests is None else false())
    )
    told = (SelectionState.CHOSEN, SelectionState.NOT_CHOSEN)
    for own, title, is_decided in db.session.execute(query):
        assert own.submitted_at is not None
        hidden = own.state in told and not is_decided
        yield Point(
            Theme.CONTEST, own.submitted_at.astimezone(ZONE).date(), title, key=own.id,
            state=SelectionState.QUALIFIED if hidden else own.state,
        )  # fmt: skip


def _honours(person_id: int, sight: Sight) -> Iterator[Point]:
    shown = (HonourState.STANDING, HonourState.REVOKED)
    query = (
        select(Honour)
        .outerjoin(Event, Event.id == Honour.event_id)
        .where(Honour.person_id == person_id, Honour.state.in_(shown))
        .where(true() if sight.contests is None else Event.contest_id.in_(sight.contests))
    )
    for one in db.session.scalars(query):
        state = None if one.state is HonourState.STANDING else one.state
        yield Point(
            Theme.HONOUR, one.granted_on, one.title, "honour", one.id,
            detail=one.programme, note=one.granted_by, kind=one.level, state=state,
        )  # fmt: skip


def _certificates(person_id: int, sight: Sight) -> Iterator[Point]:
    query = select(Certificate).where(
        honours_lifetime.is_own(person_id), _within(Certificate.contest_id, sight.contests)
    )
    for one in db.session.scalars(query):
        state = None if one.state is CertificateState.ISSUED else one.state
        facts = one.facts
        yield Point(
            Theme.CERTIFICATE, date.fromisoformat(facts["date"]), facts.get("event") or "",
            "certificate", one.number,
            detail=given_by(facts), note=one.number, kind=one.kind, state=state,
        )  # fmt: skip


def _payments(person_id: int, sight: Sight) -> Iterator[Point]:
    """Yield what was paid to a person, and what of it is asked back or came back."""
    query = (
        select(PayoutLine, PayoutLine.paid_at, func.coalesce(Contest.title, PayoutSeries.title))
        .join(PayoutClaim, PayoutClaim.id == PayoutLine.claim_id)
        .outerjoin(Contest, Contest.id == PayoutClaim.contest_id)
        .outerjoin(PayoutSeries, PayoutSeries.id == PayoutClaim.series_id)
        .where(PayoutClaim.person_id == person_id, PayoutLine.paid_at.is_not(None))
        .where(_within(PayoutClaim.contest_id, sight.payments))
    )
    for line, paid_at, source in db.session.execute(query):
        assert paid_at is not None
        yield Point(
            Theme.PAYMENT, paid_at.astimezone(ZONE).date(), line.award, "payout_order",
            line.order_id, detail=source, note=line.event,
            state=line.state, amount=line.net,
        )  # fmt: skip


def _workshops(person_id: int) -> Iterator[Point]:
    query = (
        select(WorkshopMaster, Workshop.title, Workshop.level, Workshop.closed_on)
        .join(Workshop, Workshop.id == WorkshopMaster.workshop_id)
        .where(WorkshopMaster.person_id == person_id)
    )
    for one, title, level, closed_on in db.session.execute(query):
        until = one.to_on or closed_on
        yield Point(
            Theme.WORKSHOP, one.from_on, title, "workshop", one.workshop_id,
            until=until, lasting=until is None, kind=one.role, degree=level,
        )  # fmt: skip


def _pairs(person_id: int) -> Iterator[Point]:
    """Yield whom a person learned from, and whom he or she taught."""
    query = (
        select(Mentorship, Person.name)
        .join(
            Person,
            Person.id
            == case(
                (Mentorship.mentor_id == person_id, Mentorship.apprentice_id),
                else_=Mentorship.mentor_id,
            ),
        )
        .where(
            or_(Mentorship.mentor_id == person_id, Mentorship.apprentice_id == person_id),
            was_taught(),
        )
    )
    for pair, name in db.session.execute(query):
        runs, taught = pair.state in RUNS, pair.mentor_id == person_id
        yield Point(
            Theme.APPRENTICE if taught else Theme.MENTOR, pair.starts_on, name, "mentorship",
            pair.id, until=None if runs else pair.ended_on or pair.ends_on, lasting=runs,
            detail=pair.skill, note=pair.occupation, state=pair.state,
            other=pair.apprentice_id if taught else pair.mentor_id,
        )  # fmt: skip
