"""The counts of one edition, each taken by the database in one pass over its entries."""

from collections import Counter, defaultdict
from collections.abc import Collection
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
Ids = Collection[int]


def signed(ids: Ids) -> Any:
    """Return the signed revision of each event of editions, as a subquery."""
    query = (
        select(Event.contest_id, Revision.event_id, func.max(Revision.id).label("id"))
        .join(Event, Event.id == Revision.event_id)
        .where(
            Event.contest_id.in_(ids),
            Event.state != EventState.CANCELLED,
            Revision.state == RevisionState.SIGNED,
        )
        .group_by(Event.contest_id, Revision.event_id)
    )
    return query.subquery("signed")


def starts(ids: Ids, *columns: Any) -> Select[Any]:
    """Select from every person in every entry of editions, with what came of it."""
    last = signed(ids)
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
        .where(Event.contest_id.in_(ids), Event.state != EventState.CANCELLED)
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


def count_tallies(ids: Ids) -> dict[int, Tally]:
    """Count editions, but for what takes a longer look; as many statements as for one."""
    by_axes, by_employer = _by_axes(ids), _by_employer(ids)
    persons, marks, tiers, levels = _persons(ids), _marks(ids), _tiers(ids), _levels(ids)
    return {
        key: Tally(
            by=by_axes.get(key, {}) | {"employer": by_employer.get(key, {})},
            **persons.get(key, {}),
            marks=marks.get(key, {}),
            tiers=tuple(tiers.get(key, ())),
            levels=levels.get(key, {}),
            amount=sum((tier.amount for tier in tiers.get(key, ())), Decimal(0)),
        )
        for key in ids
    }


def _by_axes(ids: Ids) -> dict[int, dict[str, dict[str, Steps]]]:
    """Count by everything of which there are few values, in one statement."""
    staff = case((_of_company(), STAFF), else_=_NO)
    keys = (
        Event.contest_id, Entry.event_id, staff, Person.sex, Employer.district, Employer.industry,
    )  # fmt: skip
    query = starts(ids, *keys, *step_columns()).group_by(*keys)
    names = ("event", "staff", "sex", "district", "industry")
    found: dict[int, dict[str, dict[str, Counter[str]]]] = {}
    for contest_id, *row in db.session.execute(query):
        axes = found.setdefault(contest_id, {name: defaultdict(Counter) for name in names})
        counts = dict(zip(STAGES, row[len(names) :], strict=True))
        for name, value in zip(names, row[: len(names)], strict=True):
            axes[name][str(value or _NO)].update(counts)
    return {
        key: {name: _steps(values) for name, values in axes.items()} for key, axes in found.items()
    }


def _steps(values: dict[str, Counter[str]]) -> dict[str, Steps]:
    return {value: Steps(**counts) for value, counts in values.items()}


def _of_company() -> Any:
    return and_(Division.code == STAFF, Entry.employer_id.is_not(None))


def _by_employer(ids: Ids) -> dict[int, dict[str, Steps]]:
    """Count by the employers that have most people in each edition."""
    columns = [column.label(name) for name, column in zip(STAGES, step_columns(), strict=True)]
    counted = (
        starts(ids, Event.contest_id, Employer.title, *columns)
        .where(Entry.employer_id.is_not(None))
        .group_by(Event.contest_id, Employer.id, Employer.title)
        .subquery()
    )
    order = (counted.c.accepted.desc(), counted.c.title)
    place = func.row_number().over(partition_by=counted.c.contest_id, order_by=order)
    placed = select(counted, place.label("place")).subquery()
    query = select(placed).where(placed.c.place <= MOST_EMPLOYERS).order_by(placed.c.place)
    found: dict[int, dict[str, Steps]] = defaultdict(dict)
    for row in db.session.execute(query):
        found[row.contest_id][row.title] = steps_of(row[2 : 2 + len(STAGES)])
    return found


def _persons(ids: Ids) -> dict[int, dict[str, int]]:
    """Count the people who were accepted, each once (R7.12)."""
    person = EntryMember.person_id

    def once(condition: Any) -> Any:
        return func.count(func.distinct(case((condition, person))))

    query = (
        select(
            Event.contest_id,
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
            Event.contest_id.in_(ids),
            Event.state != EventState.CANCELLED,
            Entry.state == EntryState.ACCEPTED,
        )
        .group_by(Event.contest_id)
    )
    names = ("persons", "employers", "women", "staff_persons")
    return {
        key: dict(zip(names, counts, strict=True)) for key, *counts in db.session.execute(query)
    }


def _marks(ids: Ids) -> dict[int, dict[int, Marks]]:
    """Count the totals of each event by bands of ten marks; of real zeros, 0 is the band."""
    last = signed(ids)
    total = type_coerce(Result.total, BigInteger)
    band = total // (BAND * _MICRO)
    query = (
        select(
            last.c.contest_id, last.c.event_id, band,
            func.count(), func.sum(total), func.min(total), func.max(total),
        )
        .join(last, last.c.id == Result.revision_id)
        .join(Entry, Entry.id == Result.entry_id)
        .where(
            Entry.state == EntryState.ACCEPTED,
            Result.status == EntryStatus.COMPETED,
            Result.total.is_not(None),
        )
        .group_by(last.c.contest_id, last.c.event_id, band)
    )  # fmt: skip
    rows: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for contest_id, event_id, *rest in db.session.execute(query):
        rows[contest_id][event_id].append(rest)
    return {
        key: {event_id: _marks_of(many) for event_id, many in events.items()}
        for key, events in rows.items()
    }


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


def _tiers(ids: Ids) -> dict[int, list[TierCount]]:
    last = signed(ids)
    members = (
        select(EntryMember.entry_id, func.count().label("persons"))
        .join(Award, Award.entry_id == EntryMember.entry_id)
        .join(last, last.c.id == Award.revision_id)
        .group_by(EntryMember.entry_id)
        .subquery()
    )
    query = (
        select(
            last.c.contest_id, Award.tier_title, func.min(Award.tier_order), func.count(),
            func.sum(members.c.persons), func.sum(Award.amount),
        )
        .join(last, last.c.id == Award.revision_id)
        .join(Entry, Entry.id == Award.entry_id)
        .outerjoin(members, members.c.entry_id == Award.entry_id)
        .where(Entry.state == EntryState.ACCEPTED)
        .group_by(last.c.contest_id, Award.tier_title)
        .order_by(func.min(Award.tier_order), Award.tier_title)
    )  # fmt: skip
    found: dict[int, list[TierCount]] = defaultdict(list)
    for contest_id, title, order, entries, persons, amount in db.session.execute(query):
        facts = {"title": title, "order": order, "entries": entries}
        people = int(persons or 0)
        found[contest_id].append(TierCount(**facts, persons=people, amount=amount or Decimal(0)))
    return found


def _levels(ids: Ids) -> dict[int, dict[int, int]]:
    last = signed(ids)
    query = (
        select(last.c.contest_id, LevelGrant.level, func.count())
        .join(last, last.c.id == LevelGrant.revision_id)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .where(Entry.state == EntryState.ACCEPTED)
        .group_by(last.c.contest_id, LevelGrant.level)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for contest_id, level, count in db.session.execute(query):
        found[contest_id][level] = count
    return found


def contests_counted() -> Any:
    """Return the condition that an edition is counted: a contest of our own, and no draft."""
    return and_(Contest.kind == COUNTED_KIND, Contest.state != ContestState.DRAFT)
