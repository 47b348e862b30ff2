"""Where the things of a panel belong: to the reviewers who sit on it, but for their conflicts."""

from collections.abc import Callable, Mapping

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionApplication, SelectionFile
from models.selection_reviews import (
    SelectionBallot,
    SelectionMeeting,
    SelectionRecusal,
    SelectionReviewer,
    SelectionVisit,
)
from models.selections import SelectionRound
from rules.access import Place
from rules.selections import ReviewerState


def panel_of(round_id: int | None, application_id: int | None = None) -> Place | None:
    """Place something at the panel of a round; with an application without those kept from it."""
    if round_id is None:
        return None
    query = select(SelectionReviewer.account_id).where(
        SelectionReviewer.round_id == round_id,
        SelectionReviewer.state == ReviewerState.SEATED,
        ~SelectionReviewer.reserve,
    )
    if application_id is not None:
        kept = select(SelectionRecusal.reviewer_id).where(
            SelectionRecusal.application_id == application_id
        )
        query = query.where(SelectionReviewer.id.not_in(kept))
    return Place(owned=True, accounts=frozenset(db.session.scalars(query)))


def _round(key: int) -> Place | None:
    return panel_of(db.session.scalar(select(SelectionRound.id).where(SelectionRound.id == key)))


def _ballot(key: int) -> Place | None:
    own = SelectionBallot
    return panel_of(db.session.scalar(select(own.round_id).where(own.id == key)))


def _meeting(key: int) -> Place | None:
    own = SelectionMeeting
    return panel_of(db.session.scalar(select(own.round_id).where(own.id == key)))


def _candidate(key: int) -> Place | None:
    own = SelectionApplication
    return panel_of(db.session.scalar(select(own.round_id).where(own.id == key)), key)


def _visit(key: int) -> Place | None:
    own = SelectionVisit
    found = db.session.scalar(select(own.application_id).where(own.id == key))
    return None if found is None else _candidate(found)


def _file(key: int) -> Place | None:
    own = SelectionFile
    query = select(own.holder, own.holder_id).where(own.id == key)
    holder, holder_id = db.session.execute(query).one_or_none() or ("", 0)
    return _HOLDERS[holder](holder_id) if holder in _HOLDERS else None


_HOLDERS: Mapping[str, Callable[[int], Place | None]] = {"visit": _visit, "minutes": _meeting}
FINDERS: Mapping[str, Callable[[int], Place | None]] = {
    "panel_round": _round,
    "panel_file": _file,
    "candidate": _candidate,
    "selection_ballot": _ballot,
    "selection_meeting": _meeting,
    "selection_visit": _visit,
}
