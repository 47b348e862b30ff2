"""What the control room knows of the marks of running events, kept while they stay as they are.

Comparing a work's sheets costs time and follows from the marks alone, so each worker process keeps
it by the versions of the sheets: after one changed mark only that work is read and compared anew.
Nothing here is ever written back; a process that starts anew reads everything once.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from threading import Lock
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce

from models.database import db
from models.judging import MARK_PLACES, Mark, Sheet
from rules.alarms import Alarm
from rules.comparisons import Compared, Gauge, SheetMarks, compare
from rules.schemes import Scheme
from rules.slips import mark_slips

_MOST_EVENTS = 12
# Beyond so many sheets one statement over the whole event is cheaper than naming each.
_MANY = 400


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """The marks of one sheet in one version, and when they were written."""

    version: int
    marks: Mapping[str, Decimal]
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """One work of one part, compared, with what looks like slips."""

    versions: tuple[tuple[int, int], ...]
    compared: Compared
    slips: tuple[Alarm, ...]


@dataclass(slots=True)
class EventMemory:
    """What is known of one event under one set of rules."""

    rules: str
    gauges: dict[str, Gauge]
    sheets: dict[int, SheetFacts] = field(default_factory=dict)
    works: dict[tuple[str, str], WorkFacts] = field(default_factory=dict)
    alarms: tuple[str, list[Alarm]] = ("", [])


_events: OrderedDict[int, EventMemory] = OrderedDict()
_lock = Lock()


def forget() -> None:
    """Forget everything, as a process that starts anew has."""
    with _lock:
        _events.clear()


def memory_of(event_id: int, scheme: Scheme) -> EventMemory:
    """Return what is known of an event; nothing yet under other rules than before."""
    rules = scheme.digest()
    with _lock:
        found = _events.get(event_id)
        if found is None or found.rules != rules:
            found = EventMemory(rules, {part.key: Gauge(part) for part in scheme.parts})
            _events[event_id] = found
        _events.move_to_end(event_id)
        while len(_events) > _MOST_EVENTS:
            _events.popitem(last=False)
    return found


def refresh_sheets(memory: EventMemory, event_id: int, versions: Mapping[int, int]) -> None:
    """Read the marks of sheets that changed since they were read last."""
    changed = [
        sheet_id
        for sheet_id, version in versions.items()
        if sheet_id not in memory.sheets or memory.sheets[sheet_id].version != version
    ]
    if not changed:
        return
    where = Sheet.event_id == event_id if len(changed) > _MANY else Sheet.id.in_(changed)
    marks, times = _marks(where), _times(where)
    for sheet_id in changed:
        first, last = times.get(sheet_id, (None, None))
        found = marks.get(sheet_id, {})
        memory.sheets[sheet_id] = SheetFacts(versions[sheet_id], found, first, last)


def _marks(where: Any) -> dict[int, dict[str, Decimal]]:
    # As in marks_collecting: whole numbers, and each different value becomes a decimal once.
    raw = type_coerce(Mark.__table__.c.value, BigInteger)
    query = select(Mark.sheet_id, Mark.aspect, raw).join(Sheet, Sheet.id == Mark.sheet_id)
    values: dict[int, Decimal] = {}
    found: dict[int, dict[str, Decimal]] = {}
    for sheet_id, aspect, whole in db.session.execute(query.where(where)):
        if whole not in values:
            values[whole] = Decimal(whole).scaleb(-MARK_PLACES)
        found.setdefault(sheet_id, {})[aspect] = values[whole]
    return found


def _times(where: Any) -> dict[int, tuple[datetime, datetime]]:
    query = select(Mark.sheet_id, func.min(Mark.updated_at), func.max(Mark.updated_at))
    query = query.join(Sheet, Sheet.id == Mark.sheet_id).where(where).group_by(Mark.sheet_id)
    return {sheet_id: (first, last) for sheet_id, first, last in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class SheetOfWork:
    """A judge's sheet that is compared with the others of its work and part."""

    sheet_id: int
    code: str
    part: str
    seat: int


def compared_works(
    memory: EventMemory, sheets: Iterable[SheetOfWork]
) -> dict[str, list[WorkFacts]]:
    """Return the works of each part by code, comparing anew only what changed."""
    groups: dict[tuple[str, str], list[SheetOfWork]] = {}
    for sheet in sheets:
        groups.setdefault((sheet.part, sheet.code), []).append(sheet)
    found: dict[str, list[WorkFacts]] = {}
    for key in sorted(groups):
        found.setdefault(key[0], []).append(_work(memory, key, groups[key]))
    _drop(memory.works, groups.keys())
    return found


def _work(memory: EventMemory, key: tuple[str, str], sheets: Sequence[SheetOfWork]) -> WorkFacts:
    versions = tuple((one.sheet_id, memory.sheets[one.sheet_id].version) for one in sheets)
    known = memory.works.get(key)
    if known is not None and known.versions == versions:
        return known
    gauge = memory.gauges[key[0]]
    marks: SheetMarks = {
        one.seat: memory.sheets[one.sheet_id].marks
        for one in sheets
        if memory.sheets[one.sheet_id].marks
    }
    compared = compare(gauge, key[1], marks)
    made = WorkFacts(versions, compared, tuple(mark_slips(gauge, compared)))
    memory.works[key] = made
    return made


def _drop(works: dict[tuple[str, str], WorkFacts], keys: Collection[tuple[str, str]]) -> None:
    for key in works.keys() - keys:
        works.pop(key, None)
