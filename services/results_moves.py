"""Who moved between two revisions of an event, by code and by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.awards import Award, AwardShare, LevelGrant
from models.database import db
from models.entries import Entry
from models.results import Result, Revision
from rules.movements import Finish, Movement, movements
from rules.refusals import Missing


@dataclass(frozen=True)
class MoveLine:
    """One entry that moved, with its code, name, employer and division."""

    movement: Movement
    entry: Entry


@dataclass(frozen=True)
class Changes:
    """All that differs between two revisions."""

    old: Revision
    new: Revision
    lines: list[MoveLine]

    @property
    def awards(self) -> list[MoveLine]:
        """Return those whose award, money or level is another one."""
        return [line for line in self.lines if line.movement.is_award]


def find_base(revision: Revision, revisions: Sequence[Revision]) -> Revision | None:
    """Return what a revision is compared with: the last one signed before it, else the last."""
    earlier = [one for one in revisions if one.number < revision.number]
    signed = [one for one in earlier if one.signed_at is not None]
    return max(signed or earlier, key=lambda one: one.number, default=None)


def compare_revisions(new: Revision, base_id: int) -> Changes:
    """Return who moved from an older revision of the same event to this one; raise Missing."""
    old = db.session.get(Revision, base_id)
    if old is None or old.event_id != new.event_id or old.id == new.id:
        raise Missing(base_id)
    found = movements(_finishes(old.id), _finishes(new.id))
    query = select(Entry).where(Entry.id.in_([one.entry_id for one in found]))
    whole = (joinedload(Entry.employer), joinedload(Entry.division))
    entries = {one.id: one for one in db.session.scalars(query.options(*whole))}
    return Changes(old, new, [MoveLine(one, entries[one.entry_id]) for one in found])


def _finishes(revision_id: int) -> dict[int, Finish]:
    levels: dict[int, list[tuple[int, int]]] = {}
    grants = select(LevelGrant.entry_id, LevelGrant.person_id, LevelGrant.level)
    for entry_id, person_id, level in db.session.execute(
        grants.where(LevelGrant.revision_id == revision_id)
    ):
        levels.setdefault(entry_id, []).append((person_id, level))
    shares = select(AwardShare.entry_id, func.sum(AwardShare.promised))
    shares = shares.where(AwardShare.revision_id == revision_id).group_by(AwardShare.entry_id)
    money = {entry_id: amount for entry_id, amount in db.session.execute(shares)}
    query = (
        select(Result.entry_id, Result.status, Result.rank, Result.total, Award.tier_title)
        .outerjoin(
            Award,
            (Award.revision_id == Result.revision_id) & (Award.entry_id == Result.entry_id),
        )
        .where(Result.revision_id == revision_id)
    )
    return {
        row.entry_id: Finish(
            row.status,
            row.rank,
            row.total,
            row.tier_title,
            tuple(sorted(levels.get(row.entry_id, ()))),
            money.get(row.entry_id, Decimal(0)),
        )
        for row in db.session.execute(query)
    }
