"""The lists of public notices: who is proposed for what, in the order that the notice chose."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from models.awards import Award
from models.contests import Division, Event
from models.database import db
from models.entries import Entry
from models.notices import Notice, NoticeItem
from models.people import Employer
from models.results import Revision
from rules.notices import Ordering
from rules.states import EventState, RevisionState
from rules.strokes import name_order, read_strokes, unknown_characters
from services import objections_restarts
from services.people_names import reading

_STROKES = Path(__file__).with_name("strokes.txt")


class Winner(NamedTuple):
    """One line of a public list: no document number, no phone, no birth date (R3.05, R9.05)."""

    order: int
    name: str
    employer: str
    award: str
    honours: tuple[str, ...]


@dataclass(frozen=True)
class WinnersOfDivision:
    """The public list of one division."""

    event: str
    division: str
    winners: tuple[Winner, ...]


def notice_lists(notice: Notice) -> list[WinnersOfDivision]:
    """List who is proposed for an award in a notice, by event and division."""
    shown = select(NoticeItem.revision_id).where(NoticeItem.notice_id == notice.id)
    lines = objections_restarts.shown_lines(notice.id)
    return _lists(notice.ordering, Revision.id.in_(shown), lines)


def revision_lists(revision_ids: Collection[int], ordering: Ordering) -> list[WinnersOfDivision]:
    """List what a notice of these revisions would show."""
    return _lists(ordering, Revision.id.in_(revision_ids))


def public_results(contest_id: int) -> list[WinnersOfDivision]:
    """List the official awards of a contest: those of final events only."""
    return _lists(
        Ordering.AWARD,
        Event.contest_id == contest_id,
        Event.state == EventState.FINAL,
        Revision.state == RevisionState.SIGNED,
    )


def without_strokes(lists: Iterable[WinnersOfDivision]) -> str:
    """Return the characters of the names that cannot be ordered by strokes."""
    return unknown_characters((one.name for group in lists for one in group.winners), _strokes())


class _Line(NamedTuple):
    event: str
    division: str
    name: str
    employer: str
    award: str
    honours: tuple[str, ...]
    tier_order: int
    number: str


def _lists(ordering: Ordering, *conditions: Any) -> list[WinnersOfDivision]:
    query = (
        select(
            Event.title,
            Division.title,
            Entry.title,
            Employer.title,
            Award.tier_title,
            Award.honours,
            Award.tier_order,
            Entry.number,
        )
        .select_from(Award)
        .join(Revision, Revision.id == Award.revision_id)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Event, Event.id == Entry.event_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .where(*conditions)
        .order_by(
            Event.position,
            Event.id,
            Division.position,
            Division.id,
            Award.tier_order,
            Award.id,
        )
    )
    lines = [
        _Line(row[0], row[1], row[2], row[3] or "", row[4], tuple(row[5]), row[6], row[7])
        for row in db.session.execute(query)
    ]
    return [
        WinnersOfDivision(event, division, _winners(list(group), ordering))
        for (event, division), group in groupby(lines, key=lambda line: (line[0], line[1]))
    ]


def _winners(lines: Sequence[_Line], ordering: Ordering) -> tuple[Winner, ...]:
    return tuple(
        Winner(order, line.name, line.employer, line.award, line.honours)
        for order, line in enumerate(ordered(lines, ordering), start=1)
    )


def ordered(lines: Sequence[Any], ordering: Ordering) -> Sequence[Any]:
    """Put lines of one division, with name, employer, tier_order and number, into an order."""
    key = _KEYS.get(ordering)
    return lines if key is None else sorted(lines, key=key)


@cache
def _strokes() -> dict[str, str]:
    return read_strokes(_STROKES.read_text(encoding="utf-8").splitlines())


def _by_strokes(line: _Line) -> Any:
    return name_order(line.name, _strokes()), line.number


def _by_pinyin(line: _Line) -> Any:
    return *reading(line.name), _by_strokes(line)


def _by_employer(line: _Line) -> Any:
    return not line.employer, *reading(line.employer), line.employer, _by_strokes(line)


# Without a key the lines stay in the order of the awards, then of the ranks.
_KEYS: dict[Ordering, Callable[[_Line], Any]] = {
    Ordering.AWARD_STROKES: lambda line: (line.tier_order, _by_strokes(line)),
    Ordering.STROKES: _by_strokes,
    Ordering.PINYIN: _by_pinyin,
    Ordering.ENTRY: lambda line: line.number,
    Ordering.EMPLOYER: _by_employer,
}
