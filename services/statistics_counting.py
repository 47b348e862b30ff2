"""The counts of one edition, each taken by the database in one pass over its entries."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Select, and_, case, func, select, type_coerce

from models.awards import Award, LevelGrant
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Employer, Person
from models.results import Result, Revision
from rules.ranking import EntryStatus
from rules.states import ContestState, EntryState, EventState, RevisionState
from rules.statistics import COUNTED_KIND, STAGES, Marks, Steps, Tally, TierCount

STAFF = "staff"
MOST_EMPLOYERS = 30
BAND = 10
_MICRO = 1_000_000  # Result.total is kept in millionths
_NO = ""


def signed(contest_id: int) -> Any:
    """Return the signed revision of each event of an edition, as a subquery."""
    query = (
        select(Revision.event_id, func.max(Revision.id).label("id"))
        .join(Event, Event.id == Revision.event_id)
        .where(
            Event.contest_id == contest_id,
            Event.state != EventState.CANCELLED,
            Revision.state == RevisionState.SIGNED,
        )
        .group_by(Revision.event_id)
    )
    return query.subquery("signed")


def starts(contest_id: int, *columns: Any) -> Select[Any]:
    """Select from every person in every entry of an edition, with what came of it."""
    last = signed(contest_id)
    return (
        select(*columns)
        .select_from(EntryMember)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Person, Person.id == EntryMember.person_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(last, last.c.event_id == Entry.event_id)
        .outerjoin(Result, and_(Result.revision_id == last.c.id, Result.entry_id == Entry.id))
        .outerjoin(Award, and_(Award.revision_id == last.c.id, Award.entry_id == Entry.id))
        .outerjoin(
            LevelGrant,
            and_(
                LevelGrant.revision_id == last.c.id, LevelGrant.person_id == EntryMember.person_id
            ),
        )
        .where(Event.contest_id == contest_id, Event.state != EventState.CANCELLED)
    )


def step_columns() -> list[Any]:
    """Return the counts of the steps, in the order of STAGES."""
    accepted = Entry.state == EntryState.ACCEPTED
    conditions = (
        Entry.id.is_not(None),
        accepted,
        and_(accepted, Result.status == EntryStatus.COMPETED),
        and_(accepted, Result.passed.is_(True)),
        and_(accepted, Award.id.is_not(None)),
        and_(accepted, LevelGrant.id.is_not(None)),
    )
    return [func.count(case((condition, 1))) for condition in conditions]


def steps_of(counts: Any) -> Steps:
    """Read the counts of the steps."""
    return Steps(**dict(zip(STAGES, counts, strict=True)))


def count_tally(contest_id: int) -> Tally:
    """Count an edition, but for what takes a longer look."""
    persons = _persons(contest_id)
    tiers = _tiers(contest_id)
    return Tally(
        by=_by_axes(contest_id) | {"employer": _by_employer(contest_id)},
        **persons,
        marks=_marks(contest_id),
        tiers=tiers,
        levels=_levels(contest_id),
        amount=sum((tier.amount for tier in tiers), Decimal(0)),
    )


def _by_axes(contest_id: int) -> dict[str, dict[str, Steps]]:
    """Count by everything of which there are few values, in one statement."""
    staff = case((_of_company(), STAFF), else_=_NO)
    keys = (Entry.event_id, staff, Person.sex, Employer.district, Employer.industry)
    query = starts(contest_id, *keys, *step_columns()).group_by(*keys)
    names = ("event", "staff", "sex", "district", "industry")
    found: dict[str, dict[str, Counter[str]]] = {name: defaultdict(Counter) for name in names}
    for row in db.session.execute(query):
        counts = Counter(dict(zip(STAGES, row[len(names) :], strict=True)))
        for name, value in zip(names, row[: len(names)], strict=True):
            found[name][str(value or _NO)].update(counts)
    return {
        name: {value: Steps(**counts) for value, counts in values.items()}
        for name, values in found.items()
    }


def _of_company() -> Any:
    return and_(Division.code == STAFF, Entry.employer_id.is_not(None))


def _by_employer(contest_id: int) -> dict[str, Steps]:
    columns = step_columns()
    query = (
        starts(contest_id, Employer.title, *columns)
        .where(Entry.employer_id.is_not(None))
        .group_by(Employer.id, Employer.title)
        .order_by(columns[1].desc(), Employer.title)
        .limit(MOST_EMPLOYERS)
    )
    return {row[0]: steps_of(row[1:]) for row in db.session.execute(query)}


def _persons(contest_id: int) -> dict[str, int]:
    """Count the people who were accepted, each once (R7.12)."""
    person = EntryMember.person_id

    def once(condition: Any) -> Any:
        return func.count(func.distinct(case((condition, person))))

    query = (
        select(
            func.count(func.distinct(person)),
            func.count(func.distinct(Entry.employer_id)),
            once(Person.sex == "F"),
            once(_of_company()),
        )
        .select_from(EntryMember)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Person, Person.id == person)
        .where(
            Event.contest_id == contest_id,
            Event.state != EventState.CANCELLED,
            Entry.state == EntryState.ACCEPTED,
        )
    )
    names = ("persons", "employers", "women", "staff_persons")
    return dict(zip(names, db.session.execute(query).one(), strict=True))


def _marks(contest_id: int) -> dict[int, Marks]:
    """Count the totals of each event by bands of ten marks; of real zeros, 0 is the band."""
    last = signed(contest_id)
    total = type_coerce(Result.total, BigInteger)
    band = total // (BAND * _MICRO)
    query = (
        select(
            last.c.event_id,
            band,
            func.count(),
            func.sum(total),
            func.min(total),
            func.max(total),
        )
        .join(last, last.c.id == Result.revision_id)
        .join(Entry, Entry.id == Result.entry_id)
        .where(
            Entry.state == EntryState.ACCEPTED,
            Result.status == EntryStatus.COMPETED,
            Result.total.is_not(None),
        )
        .group_by(last.c.event_id, band)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row[0]].append(row[1:])
    return {event_id: _marks_of(rows) for event_id, rows in found.items()}


def _marks_of(rows: list[Any]) -> Marks:
    return Marks(
        count=sum(row[1] for row in rows),
        total=_decimal(sum(int(row[2]) for row in rows)),
        lowest=_decimal(min(row[3] for row in rows)),
        highest=_decimal(max(row[4] for row in rows)),
        bands={int(row[0]): row[1] for row in rows},
    )


def _decimal(millionths: int) -> Decimal:
    return Decimal(millionths).scaleb(-6)


def _tiers(contest_id: int) -> tuple[TierCount, ...]:
    last = signed(contest_id)
    members = (
        select(EntryMember.entry_id, func.count().label("persons"))
        .join(Award, Award.entry_id == EntryMember.entry_id)
        .join(last, last.c.id == Award.revision_id)
        .group_by(EntryMember.entry_id)
        .subquery()
    )
    query = (
        select(
            Award.tier_title,
            func.min(Award.tier_order),
            func.count(),
            func.sum(members.c.persons),
            func.sum(Award.amount),
        )
        .join(last, last.c.id == Award.revision_id)
        .join(Entry, Entry.id == Award.entry_id)
        .outerjoin(members, members.c.entry_id == Award.entry_id)
        .where(Entry.state == EntryState.ACCEPTED)
        .group_by(Award.tier_title)
        .order_by(func.min(Award.tier_order), Award.tier_title)
    )
    return tuple(
        TierCount(
            title=title,
            order=order,
            entries=entries,
            persons=int(persons or 0),
            amount=amount or Decimal(0),
        )
        for title, order, entries, persons, amount in db.session.execute(query)
    )


def _levels(contest_id: int) -> dict[int, int]:
    last = signed(contest_id)
    query = (
        select(LevelGrant.level, func.count())
        .join(last, last.c.id == LevelGrant.revision_id)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .where(Entry.state == EntryState.ACCEPTED)
        .group_by(LevelGrant.level)
    )
    return {level: count for level, count in db.session.execute(query)}


def contests_counted() -> Any:
    """Return the condition that an edition is counted: a contest of our own, and no draft."""
    return and_(Contest.kind == COUNTED_KIND, Contest.state != ContestState.DRAFT)
