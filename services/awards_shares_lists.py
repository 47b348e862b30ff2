"""Lists of shares and honours: of a contest's present revisions, of one revision, of one entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models.awards import Award, AwardHonour, AwardShare
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.results import Revision
from rules.award_shares import ShareKind
from rules.states import RevisionState
from services.awards import Wanted
from services.contests import LIGHT
from services.pages import PAGE_SIZE, Page, page_of


@dataclass(frozen=True)
class ShareSums:
    """What the shares of a list come to, by kind."""

    kind: ShareKind
    count: int
    promised: Decimal
    amount: Decimal


def list_shares(
    contest_id: int,
    wanted: Wanted | None = None,
    revision_id: int | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page[AwardShare]:
    """List the shares of a contest, or of one revision of it, in the order of the awards."""
    query = _joined(select(AwardShare), contest_id, wanted or Wanted(), revision_id)
    query = query.options(
        joinedload(AwardShare.person),
        joinedload(AwardShare.employer),
        contains_eager(AwardShare.revision),
        contains_eager(AwardShare.entry).options(
            contains_eager(Entry.event).options(*LIGHT), contains_eager(Entry.division)
        ),
    ).order_by(
        AwardShare.entry_id.is_(None),
        Event.position,
        Event.id,
        Award.tier_order,
        AwardShare.award_id,
        AwardShare.position,
        AwardShare.id,
    )
    return page_of(query, page, size)


def share_sums(contest_id: int, revision_id: int | None = None) -> list[ShareSums]:
    """Add up the shares of a contest, or of one revision of it, by kind."""
    columns = select(
        AwardShare.kind, func.count(), func.sum(AwardShare.promised), func.sum(AwardShare.amount)
    ).select_from(AwardShare)
    query = _joined(columns, contest_id, Wanted(), revision_id).group_by(AwardShare.kind)
    found = {row[0]: ShareSums(*row) for row in db.session.execute(query)}
    return [found[kind] for kind in ShareKind if kind in found]


def _joined(columns: Any, contest_id: int, wanted: Wanted, revision_id: int | None) -> Any:
    query = (
        columns.outerjoin(AwardShare.revision)
        .outerjoin(Award, Award.id == AwardShare.award_id)
        .outerjoin(Entry, Entry.id == AwardShare.entry_id)
        .outerjoin(Entry.event)
        .outerjoin(Entry.division)
    )
    if revision_id is not None:
        return query.where(AwardShare.revision_id == revision_id, *wanted.conditions())
    present = Revision.state != RevisionState.SUPERSEDED
    own = (Event.contest_id == contest_id) & present
    return query.where(or_(AwardShare.contest_id == contest_id, own), *wanted.conditions())


def shares_of(award_id: int) -> Sequence[AwardShare]:
    """List the shares of one award with their people."""
    whole = (joinedload(AwardShare.person), joinedload(AwardShare.employer))
    query = select(AwardShare).options(*whole).where(AwardShare.award_id == award_id)
    return db.session.scalars(query.order_by(AwardShare.position, AwardShare.id)).all()


def honours_of(award_id: int) -> Sequence[AwardHonour]:
    """List the honours that go with one award, person by person."""
    query = select(AwardHonour).options(joinedload(AwardHonour.person))
    query = query.where(AwardHonour.award_id == award_id)
    return db.session.scalars(query.order_by(AwardHonour.id)).all()
