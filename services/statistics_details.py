"""What takes a longer look at an edition: ages, and marks item by item; counted by the clock.

Birth dates are encrypted, so the database cannot group them: they pass one by one, in pieces, and
nothing but the counts stays.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Float, and_, case, cast, func, literal, select, type_coerce

from models.awards import Award, LevelGrant
from models.contests import Contest, Event, RuleVersion
from models.database import db
from models.entries import Entry
from models.judging import MARK_PLACES, Mark, PanelSeat, Sheet
from models.people import Person
from models.results import Result, Revision
from models.works import Work
from rules.ages import age_on
from rules.judges import SeatDuty
from rules.ranking import EntryStatus
from rules.scheme_nodes import Aspect, Part
from rules.schemes import read_scheme
from rules.seats import FIRST_NUMBERS, RECORDER
from rules.states import EntryState, EventState, RevisionState, SheetState
from rules.statistics import STAGES, Details, EventDetails, Steps, age_band
from rules.statistics_items import (
    HIGH,
    LOW,
    Agreement,
    Given,
    Sheets,
    agreement,
    alpha,
    cuts,
    factor,
    item_count,
)
from services.statistics_counting import starts

_PIECE = 2_000
_SCALE = 10**MARK_PLACES


class _Signed(NamedTuple):
    """The signed revision of an event, and the scheme by which it was computed."""

    event_id: int
    revision_id: int
    scheme: dict[str, Any]


def count_details(contest: Contest) -> Details:
    """Take the longer look at an edition."""
    return Details(
        ages=_ages(contest),
        events={one.event_id: _event(one) for one in _signed(contest.id)},
    )


def _signed(contest_id: int) -> list[_Signed]:
    query = (
        select(Revision.event_id, Revision.id, RuleVersion.scheme)
        .join(Event, Event.id == Revision.event_id)
        .join(RuleVersion, RuleVersion.id == Revision.rule_version_id)
        .where(
            Event.contest_id == contest_id,
            Event.state != EventState.CANCELLED,
            Revision.state == RevisionState.SIGNED,
        )
        .order_by(Revision.event_id, Revision.id)
    )
    return [_Signed(*row) for row in db.session.execute(query)]


def _ages(contest: Contest) -> dict[str, Steps]:
    """Count by age on the first day of the contest."""
    accepted = Entry.state == EntryState.ACCEPTED
    reached = (
        literal(1),
        case((accepted, 1), else_=0),
        case((and_(accepted, Result.status == EntryStatus.COMPETED), 1), else_=0),
        case((and_(accepted, Result.passed.is_(True)), 1), else_=0),
        case((and_(accepted, Award.id.is_not(None)), 1), else_=0),
        case((and_(accepted, LevelGrant.id.is_not(None)), 1), else_=0),
    )
    query = starts([contest.id], Person.birth_date, *reached).execution_options(yield_per=_PIECE)
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(STAGES))
    for born, *flags in db.session.execute(query):
        counts = found[age_band(_age(born, contest.starts_on))]
        for place, flag in enumerate(flags):
            counts[place] += flag
    return {band: Steps(**dict(zip(STAGES, counts, strict=True))) for band, counts in found.items()}


def _age(born: date | None, day: date) -> int | None:
    return None if born is None else age_on(born, day)


def _event(one: _Signed) -> EventDetails:
    given, members = _given(one), _seats(one.event_id)
    items, reliability, panels = [], {}, []
    for part in read_scheme(one.scheme).parts:
        known = {
            aspect.key: (aspect, given[part.key, aspect.key])
            for aspect in part.aspects
            if (part.key, aspect.key) in given
        }
        items += [item_count(part, aspect, marks) for aspect, marks in known.values()]
        factors = _factors(part, known)
        if factors is None:
            continue
        value = alpha(known, _sheets(one.event_id, members.get(part.key, []), factors))
        if value is not None:
            reliability[part.title] = value
        sums = _agreement(one.event_id, members.get(part.key, []), factors)
        if sums is not None:
            panels.append(agreement(part, sums))
    return EventDetails(items=tuple(items), reliability=reliability, panels=tuple(panels))


def _factors(part: Part, known: Mapping[str, tuple[Aspect, Any]]) -> dict[str, Fraction] | None:
    """Return what a unit of each mark is worth; None unless all grow in proportion."""
    factors = {key: factor(aspect) for key, (aspect, _marks) in known.items()}
    found = {key: value for key, value in factors.items() if value is not None}
    return found if found and len(found) == len(part.aspects) else None


def _seats(event_id: int) -> dict[str, list[int]]:
    """Return the seats of judges of each part."""
    query = select(PanelSeat.part, PanelSeat.id).where(PanelSeat.event_id == event_id, _counts())
    found: dict[str, list[int]] = defaultdict(list)
    for part, key in db.session.execute(query.order_by(PanelSeat.number)):
        found[part].append(key)
    return found


def _counts() -> Any:
    """Return the condition that a seat's marks count: no recorder, no trainee, nobody recused."""
    last = FIRST_NUMBERS[SeatDuty.TRAINEE]
    return and_(PanelSeat.number > RECORDER, PanelSeat.number < last)


def _given(one: _Signed) -> dict[tuple[str, str], list[Given]]:
    """Count equal marks of each item among the best, the last and the middle entries."""
    high, low = _limits(one.revision_id)
    group = case((Result.total >= high, HIGH), (Result.total <= low, LOW), else_=0)
    value = type_coerce(Mark.value, BigInteger)
    query = (
        select(PanelSeat.part, Mark.aspect, value, group, func.count())
        .join(Sheet, Sheet.id == Mark.sheet_id)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .join(Work, Work.id == Sheet.work_id)
        .join(Result, and_(Result.entry_id == Work.entry_id, Result.revision_id == one.revision_id))
        .where(
            Sheet.event_id == one.event_id,
            Sheet.state == SheetState.SIGNED,
            Result.status == EntryStatus.COMPETED,
            _counts(),
        )
        .group_by(PanelSeat.part, Mark.aspect, value, group)
    )
    found: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for part, aspect, mark, place, count in db.session.execute(query):
        found[part, aspect].append(Given(Decimal(mark).scaleb(-MARK_PLACES), place, count))
    return found


def _limits(revision_id: int) -> tuple[Decimal, Decimal]:
    """Return from which total on somebody is among the best, up to which among the last."""
    competed = and_(
        Result.revision_id == revision_id,
        Result.status == EntryStatus.COMPETED,
        Result.total.is_not(None),
    )
    outer = cuts(db.session.scalar(select(func.count()).where(competed)) or 0)
    if outer < 1:
        return Decimal(10**6), Decimal(-(10**6))
    query = select(Result.total).where(competed).offset(outer - 1).limit(1)
    high = db.session.scalar(query.order_by(Result.total.desc()))
    low = db.session.scalar(query.order_by(Result.total))
    if high is None or low is None or high <= low:
        return Decimal(10**6), Decimal(-(10**6))
    return high, low


def _totals(event_id: int, seats: list[int], factors: Mapping[str, Fraction]) -> Any:
    """Return each sheet's total in whole units: a common denominator makes all marks whole."""
    least = _denominator(factors)
    worth = case(
        {key: int(value * least) for key, value in factors.items()}, value=Mark.aspect, else_=0
    )
    total = func.sum(type_coerce(Mark.value, BigInteger) * worth)
    query = (
        select(Sheet.work_id, Sheet.seat_id, total.label("total"), func.count().label("marks"))
        .join(Mark, Mark.sheet_id == Sheet.id)
        .where(
            Sheet.event_id == event_id,
            Sheet.seat_id.in_(seats),
            Sheet.state == SheetState.SIGNED,
        )
        .group_by(Sheet.work_id, Sheet.seat_id)
        .having(func.count() == len(factors))
    )
    return query.subquery()


def _denominator(factors: Mapping[str, Fraction]) -> int:
    least = 1
    for value in factors.values():
        least = least * value.denominator // _greatest(least, value.denominator)
    return least


def _greatest(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one


def _sheets(event_id: int, seats: list[int], factors: Mapping[str, Fraction]) -> Sheets:
    totals = _totals(event_id, seats, factors)
    unit = _denominator(factors) * _SCALE
    number = _real(totals.c.total)
    query = select(func.count(), func.sum(number), func.sum(number * number)).select_from(totals)
    count, total, squares = db.session.execute(query).one()
    return Sheets(count, _exact(total) / unit, _exact(squares) / unit**2)


def _real(column: Any) -> Any:
    """Return a whole number as one whose square finds room."""
    return cast(column, Float)


def _exact(value: Any) -> Fraction:
    return Fraction(value or 0)


def _agreement(
    event_id: int, seats: list[int], factors: Mapping[str, Fraction]
) -> Agreement | None:
    """Add up the works that all judges of the panel marked whole."""
    if len(seats) < 2:
        return None
    totals = _totals(event_id, seats, factors)
    unit = _denominator(factors) * _SCALE
    number = _real(totals.c.total)
    works = (
        select(
            totals.c.work_id,
            func.sum(number).label("whole"),
            func.sum(number * number).label("squares"),
            (func.max(number) - func.min(number)).label("apart"),
        )
        .group_by(totals.c.work_id)
        .having(func.count() == len(seats))
        .subquery()
    )
    sums = db.session.execute(
        select(
            func.count(),
            func.sum(works.c.squares),
            func.sum(works.c.whole * works.c.whole),
            func.sum(works.c.apart),
            func.max(works.c.apart),
        ).select_from(works)
    ).one()
    if sums[0] < 2:
        return None
    by_seat = (
        select(totals.c.seat_id, func.sum(number))
        .join(works, works.c.work_id == totals.c.work_id)
        .group_by(totals.c.seat_id)
    )
    return Agreement(
        works=sums[0],
        seats=[_exact(total) / unit for _seat, total in db.session.execute(by_seat)],
        squares=_exact(sums[1]) / unit**2,
        works_squared=_exact(sums[2]) / unit**2,
        apart=_exact(sums[3]) / unit,
        widest=_exact(sums[4]) / unit,
    )
