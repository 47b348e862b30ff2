"""What everybody, and somebody for himself, may see of contests above the city's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from models.database import db
from models.provincial import (
    ProvincialCoach,
    ProvincialContest,
    ProvincialEvent,
    ProvincialSlot,
    ProvincialSlotMember,
)
from models.provincial_delegations import ProvincialCamp
from rules.provincial import ENTRANTS, ProvincialState
from rules.provincial_steps import Step, Way, next_step
from rules.refusals import Missing
from services.provincial_camps import days_of, list_tests
from services.provincial_slots import list_slots, whole
from services.provincial_totals import Totals, prizes_of, totals_of

_SHOWN = (ProvincialState.HELD, ProvincialState.CLOSED)
MOST = 200


@dataclass(frozen=True)
class Line:
    """A prize as everybody may see it: names, unit, event, rank and prize alone (R9.04)."""

    event: str
    names: str
    employer: str
    rank: int | None
    medal: object
    prize: str


@dataclass(frozen=True)
class Shown:
    """The public result of a contest."""

    contest: ProvincialContest
    totals: Totals
    lines: Sequence[Line]


def list_public() -> Sequence[ProvincialContest]:
    """List the contests whose results are shown to everybody, the latest first."""
    query = select(ProvincialContest).where(
        ProvincialContest.is_public, ProvincialContest.state.in_(_SHOWN)
    )
    order = (ProvincialContest.year.desc(), ProvincialContest.id.desc())
    return db.session.scalars(query.order_by(*order).limit(MOST)).all()


def get_public(contest_id: int) -> Shown:
    """Return the public result of a contest; raise Missing where it is shown to nobody."""
    contest = db.session.get(ProvincialContest, contest_id)
    if contest is None or not contest.is_public or contest.state not in _SHOWN:
        raise Missing(contest_id)
    slots = list_slots([one.id for one in contest.events], ENTRANTS)
    rows = sorted(prizes_of(slots), key=_order)
    return Shown(contest, totals_of(contest, slots), [_line(one) for one in rows])


def _order(slot: ProvincialSlot) -> tuple[int, int, int]:
    rank = slot.result.rank if slot.result is not None else None
    return (slot.event.position, rank or 10_000, slot.id)


def _line(slot: ProvincialSlot) -> Line:
    result = slot.result
    assert result is not None  # it has a prize
    employer = "" if slot.employer is None else slot.employer.title
    return Line(slot.event.title, slot.title, employer, result.rank, result.medal, result.prize)


@dataclass(frozen=True)
class Own:
    """What somebody sees of an own way: as entrant, or as coach."""

    slot: ProvincialSlot
    is_coach: bool
    step: Step
    camp: ProvincialCamp | None
    days: int
    marks: Sequence[tuple[str, date, object, object]]


def list_own(person_id: int, today: date) -> list[Own]:
    """List the ways of a person to contests above the city's, the latest first."""
    member = select(ProvincialSlotMember.slot_id).where(ProvincialSlotMember.person_id == person_id)
    coach = select(ProvincialCoach.slot_id).where(ProvincialCoach.person_id == person_id)
    query = (
        select(ProvincialSlot)
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
        .join(ProvincialContest, ProvincialContest.id == ProvincialEvent.contest_id)
        .where(or_(ProvincialSlot.id.in_(member), ProvincialSlot.id.in_(coach)))
        .options(*whole())
        .order_by(ProvincialContest.starts_on.desc(), ProvincialSlot.id.desc())
        .limit(MOST)
    )
    slots = [*db.session.scalars(query)]
    camps = _camps({one.event.contest_id for one in slots})
    days = days_of([one.id for one in slots]) if slots else {}
    marks = _marks(slots)
    return [
        Own(
            slot,
            all(one.person_id != person_id for one in slot.members),
            next_step(_way(slot, camps.get(slot.event.contest_id)), today),
            camps.get(slot.event.contest_id),
            days.get(slot.id, 0),
            marks.get(slot.id, []),
        )
        for slot in slots
    ]


def _camps(contest_ids: Iterable[int]) -> dict[int, ProvincialCamp]:
    """Return the last training of each contest."""
    query = select(ProvincialCamp).where(ProvincialCamp.contest_id.in_([*contest_ids]))
    rows = db.session.scalars(query.order_by(ProvincialCamp.starts_on))
    return {one.contest_id: one for one in rows}


def _marks(
    slots: Sequence[ProvincialSlot],
) -> Mapping[int, list[tuple[str, date, object, object]]]:
    found: dict[int, list[tuple[str, date, object, object]]] = {}
    for test in list_tests({one.event_id for one in slots}) if slots else ():
        for mark in test.marks:
            line = (test.title, test.day, mark.mark, test.full)
            found.setdefault(mark.slot_id, []).append(line)
    return found


def _way(slot: ProvincialSlot, camp: ProvincialCamp | None) -> Way:
    contest = slot.event.contest
    return Way(
        state=slot.state,
        contest=contest.state,
        starts_on=slot.event.held_on or contest.starts_on,
        ends_on=contest.ends_on,
        entry_until=contest.entry_until,
        camp=None if camp is None else (camp.starts_on, camp.ends_on),
        result=None if slot.result is None else slot.result.state,
    )
