"""Lists that come back after an upheld objection: how long they stand, and what changed in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import joinedload

from models.awards import Award
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.notices import Notice, NoticeItem
from models.results import Revision
from rules.plans import EditionRules
from rules.states import NoticeState
from rules.workdays import standing_days, working_days_between
from services import calendars
from services.acting import ZONE


@dataclass(frozen=True)
class MovedAward:
    """One entry whose award is another one; None where it has or had none."""

    entry_id: int
    title: str
    event: str
    old: str | None
    new: str | None


class _Won(NamedTuple):
    tier: str
    amount: object
    honours: tuple[str, ...]


def moved_awards(bases: Mapping[int, int]) -> dict[int, list[MovedAward]]:
    """Return by new revision whose award differs from that in its base, in one statement."""
    query = (
        select(Award, Entry.title, Event.title.label("event"))
        .join(Entry, Entry.id == Award.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .where(Award.revision_id.in_({*bases.keys(), *bases.values()}))
        .order_by(Award.tier_order, Award.id)
    )
    won: dict[int, dict[int, _Won]] = {}
    names: dict[int, tuple[str, str]] = {}
    for award, title, event in db.session.execute(query):
        facts = _Won(award.tier_title, award.amount, tuple(award.honours))
        won.setdefault(award.revision_id, {})[award.entry_id] = facts
        names[award.entry_id] = (title, event)
    return {
        new: [*_moved(names, won.get(base, {}), won.get(new, {}))] for new, base in bases.items()
    }


def _moved(
    names: Mapping[int, tuple[str, str]], old: Mapping[int, _Won], new: Mapping[int, _Won]
) -> Iterable[MovedAward]:
    for entry_id in dict.fromkeys([*new, *old]):
        before, after = old.get(entry_id), new.get(entry_id)
        if before != after:
            yield MovedAward(
                entry_id,
                *names[entry_id],
                None if before is None else before.tier,
                None if after is None else after.tier,
            )


def items_of(rules: EditionRules, revisions: Sequence[Revision]) -> list[NoticeItem]:
    """Part: make the lines of a new notice; what came out of an earlier one names its base."""
    bases = {key: item.revision_id for key, item in _taken_out(revisions).items()}
    moved = moved_awards(bases)
    partly = rules.restart_scope == "changes"
    return [
        NoticeItem(
            revision_id=one.id,
            base_revision_id=bases.get(one.id),
            only_changes=partly and bool(moved.get(one.id)),
        )
        for one in revisions
    ]


def days_needed(rules: EditionRules, revisions: Sequence[Revision]) -> int:
    """Return for how many working days these revisions stand together: as the longest of them."""
    full = rules.notice_working_days
    taken = _taken_out(revisions)
    moved = moved_awards({key: item.revision_id for key, item in taken.items()})
    return max(
        (
            standing_days(full, _left(taken[one.id]), _restarts(rules, bool(moved[one.id])))
            if one.id in taken
            else full
            for one in revisions
        ),
        default=full,
    )


def _restarts(rules: EditionRules, changed: bool) -> bool:
    return rules.restart_notice == "always" or (rules.restart_notice == "changed" and changed)


def _left(item: NoticeItem) -> int:
    """Count the working days that were left; the day on which a list goes counts as one."""
    assert item.taken_out_at is not None
    notice = item.notice
    day = max(item.taken_out_at.astimezone(ZONE).date(), notice.starts_on)
    if day > notice.ends_on:
        return 0
    return working_days_between(day, notice.ends_on, calendars.load_calendar())


def _taken_out(revisions: Sequence[Revision]) -> dict[int, NoticeItem]:
    """Return by revision the line of the earlier notice out of which its event was taken last.

    A notice that was closed since is the end of the matter.
    """
    by_event = {one.event_id: one.id for one in revisions}
    ended = (NoticeItem.taken_out_at.is_(None)) & (Notice.state == NoticeState.CLOSED)
    query = (
        select(
            Revision.event_id,
            func.max(NoticeItem.id).filter(NoticeItem.taken_out_at.is_not(None)),
            func.max(NoticeItem.id).filter(ended),
        )
        .join(Revision, Revision.id == NoticeItem.revision_id)
        .join(Notice, Notice.id == NoticeItem.notice_id)
        .where(Revision.event_id.in_(by_event))
        .group_by(Revision.event_id)
    )
    found = {
        taken: by_event[event_id]
        for event_id, taken, over in db.session.execute(query)
        if taken is not None and taken > (over or 0)
    }
    items = select(NoticeItem).options(joinedload(NoticeItem.notice))
    rows = db.session.scalars(items.where(NoticeItem.id.in_(found)))
    return {found[item.id]: item for item in rows}


def changes_of(notice_id: int) -> list[MovedAward]:
    """List what a notice changes in the lists that it replaces."""
    moved = moved_awards(_bases(notice_id))
    return [line for lines in moved.values() for line in lines]


def _bases(notice_id: int, *conditions: ColumnElement[bool]) -> dict[int, int]:
    query = select(NoticeItem.revision_id, NoticeItem.base_revision_id).where(
        NoticeItem.notice_id == notice_id, NoticeItem.base_revision_id.is_not(None), *conditions
    )
    return {new: base for new, base in db.session.execute(query) if base is not None}


def shown_lines(notice_id: int) -> ColumnElement[bool]:
    """Return the condition that a notice shows an award: of a supplementary list what changed."""
    partly = _bases(notice_id, NoticeItem.only_changes.is_(True))
    if not partly:
        return true()
    moved = {line.entry_id for lines in moved_awards(partly).values() for line in lines}
    return or_(Award.revision_id.not_in(partly), Award.entry_id.in_(moved))
