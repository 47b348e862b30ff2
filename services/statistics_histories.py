"""What editions that are known from lists come to, counted anew each time: an undone list is gone.

Entrants are counted as in figures. What a list does not say is held by nobody: see
`rules.statistics_told`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select

from models.database import db
from models.histories import HistoryEdition, HistoryEntry, HistoryEvent, HistoryMember
from models.people import Employer, Person
from rules.ranking import EntryStatus
from rules.statistics import STAGES, Steps, Tally
from rules.statistics_told import EVERYBODY, SEX, STAFF
from services.histories_held import not_held_here
from services.statistics import within
from services.statistics_counting import STAFF as OF_COMPANY

# Those of whom a list does not say whether they are company staff.
UNSAID = "unsaid"
EMPTY = Tally()
_AXES = ("event", "staff", "sex", "district", "industry")
_ACCEPTED = HistoryEntry.status != EntryStatus.WITHDRAWN
_OF_COMPANY = HistoryEntry.of_company.is_(True)
_WON = and_(_ACCEPTED, HistoryEntry.prize != "")


@dataclass(frozen=True, slots=True)
class Past:
    """An edition that is known from lists: what it came to, and what of that they hold."""

    id: int
    title: str
    year: int
    level: str
    lists: frozenset[int]
    tally: Tally = EMPTY
    held: frozenset[str] = frozenset()


def list_past(since: int | None = None, until: int | None = None) -> list[Past]:
    """List the editions of some years that are known from lists alone, uncounted."""
    query = (
        select(
            HistoryEdition.id, HistoryEdition.title, HistoryEdition.year, HistoryEdition.level,
            HistoryEntry.import_id, HistoryEdition.held_on,
        )
        .join(HistoryEvent, HistoryEvent.edition_id == HistoryEdition.id)
        .join(HistoryEntry, HistoryEntry.event_id == HistoryEvent.id)
        .where(*within(HistoryEdition.year, since, until), not_held_here())
        .order_by(HistoryEdition.year, HistoryEdition.held_on, HistoryEdition.id)
        .distinct()
    )  # fmt: skip
    found: dict[int, Past] = {}
    for key, title, year, level, number, _day in db.session.execute(query):
        known = found.get(key, Past(key, title, year, level, frozenset()))
        found[key] = replace(known, lists=known.lists | {number})
    return list(found.values())


def count_past(editions: Collection[Past]) -> list[Past]:
    """Count editions of lists, in two statements."""
    ids = [one.id for one in editions]
    if not ids:
        return []
    axes, facts = _by_axes(ids), _facts(ids)
    return [_counted(one, axes[one.id], facts[one.id]) for one in editions]


def _counted(one: Past, axes: dict[str, dict[str, Counter[str]]], fact: dict[str, int]) -> Past:
    held = _held(fact)
    if STAFF not in held:
        whole = sum((*axes["staff"].values(),), Counter[str]())
        axes = axes | {"staff": {UNSAID: whole}}
    by = {
        name: {value: Steps(**counts) for value, counts in values.items()}
        for name, values in axes.items()
    }
    persons = {name: fact[name] for name in ("persons", "employers", "women", "staff_persons")}
    return replace(one, tally=Tally(by=by, **persons), held=held)


def _held(fact: dict[str, int]) -> frozenset[str]:
    """Say what a list holds: whatever it tells of anybody, and sexes where it tells all."""
    said = {
        "registered": True,
        "accepted": True,
        "competed": fact["said_competed"],
        "prized": fact["won"],
        "levelled": fact["said_level"],
        SEX: fact["sexless"] == 0,
        STAFF: fact["said_staff"],
        EVERYBODY: fact["won"] < fact["accepted"],
    }
    return frozenset(name for name, holds in said.items() if holds)


def _rows(ids: Collection[int], *columns: Any) -> Select[Any]:
    return (
        select(HistoryEvent.edition_id, *columns)
        .select_from(HistoryMember)
        .join(HistoryEntry, HistoryEntry.id == HistoryMember.entry_id)
        .join(HistoryEvent, HistoryEvent.id == HistoryEntry.event_id)
        .outerjoin(Person, Person.id == HistoryMember.person_id)
        .outerjoin(Employer, Employer.id == HistoryEntry.employer_id)
        .where(HistoryEvent.edition_id.in_(ids))
    )


def _times(condition: Any) -> Any:
    return func.count(case((condition, 1)))


def _by_axes(ids: Collection[int]) -> dict[int, dict[str, dict[str, Counter[str]]]]:
    staff = case((_OF_COMPANY, OF_COMPANY), else_="")
    keys = (HistoryEvent.id, staff, Person.sex, Employer.district, Employer.industry)
    counts = (
        func.count(),
        _times(_ACCEPTED),
        _times(HistoryEntry.status == EntryStatus.COMPETED),
        literal(0),  # no list says who passed
        _times(_WON),
        _times(and_(_ACCEPTED, HistoryMember.level.is_not(None))),
    )
    query = _rows(ids, *keys, *counts).group_by(HistoryEvent.edition_id, *keys)
    found: dict[int, dict[str, dict[str, Counter[str]]]] = defaultdict(
        lambda: {name: defaultdict(Counter) for name in _AXES}
    )
    for edition_id, *row in db.session.execute(query):
        steps = dict(zip(STAGES, row[len(_AXES) :], strict=True))
        for name, value in zip(_AXES, row[: len(_AXES)], strict=True):
            found[edition_id][name][str(value or "")].update(steps)
    return found


def _facts(ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Count the people, each once, and of how many a list says this or that."""
    # Somebody of whom only the name is known is a person of his own.
    person = func.coalesce(HistoryMember.person_id, -HistoryMember.id)

    def once(condition: Any, what: Any = person) -> Any:
        return func.count(func.distinct(case((and_(_ACCEPTED, condition), what))))

    ranked = or_(HistoryEntry.place.is_not(None), HistoryEntry.mark.is_not(None))
    told = or_(ranked, HistoryEntry.prize != "", HistoryEntry.status != EntryStatus.COMPETED)
    named = or_(HistoryEntry.division != "", _OF_COMPANY)
    columns = {
        "persons": once(HistoryMember.id.is_not(None)),
        "employers": once(HistoryMember.id.is_not(None), HistoryEntry.employer_id),
        "women": once(Person.sex == "F"),
        "staff_persons": once(_OF_COMPANY),
        "sexless": _times(and_(_ACCEPTED, func.coalesce(Person.sex, "") == "")),
        "accepted": _times(_ACCEPTED),
        "won": _times(_WON),
        "said_competed": _times(told),
        "said_level": _times(HistoryMember.level.is_not(None)),
        "said_staff": _times(named),
    }
    query = _rows(ids, *columns.values()).group_by(HistoryEvent.edition_id)
    return {
        key: dict(zip(columns, counts, strict=True)) for key, *counts in db.session.execute(query)
    }
