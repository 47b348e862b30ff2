"""Which revisions are replaced by a newer one: whatever was made from them shows it."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select

from models.contests import Event
from models.database import db
from models.notices import NoticeItem
from models.results import Revision
from rules.states import RevisionState

IS_SUPERSEDED = Revision.state == RevisionState.SUPERSEDED


class Replaced(NamedTuple):
    """A superseded revision as a paper names it."""

    event: str
    number: int


def is_superseded(revision_id: int) -> bool:
    """Say whether a revision is replaced, so that nothing made from it counts any more."""
    return bool(superseded_of([revision_id]))


def superseded_of(revision_ids: Collection[int]) -> set[int]:
    """Return which of these revisions are replaced."""
    query = select(Revision.id).where(Revision.id.in_(revision_ids), IS_SUPERSEDED)
    return set(db.session.scalars(query))


def replaced_in_notice(notice_id: int) -> list[Replaced]:
    """List the revisions of a notice that are replaced by now."""
    query = (
        select(Event.title, Revision.number)
        .join(Revision, Revision.event_id == Event.id)
        .join(NoticeItem, NoticeItem.revision_id == Revision.id)
        .where(NoticeItem.notice_id == notice_id, IS_SUPERSEDED)
    )
    rows = db.session.execute(query.order_by(Event.position, Event.id))
    return [Replaced(*row) for row in rows]
