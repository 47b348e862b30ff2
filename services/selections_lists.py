"""Lists of programmes and rounds, for staff and for everybody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload, selectinload

from models.database import db
from models.selections import SelectionAmendment, SelectionProgramme, SelectionRound
from rules.refusals import Missing
from rules.selections import RoundState

# Lists name rounds; reading all their rules for that would cost more than the list.
_LIGHT = defer(SelectionRound.rules)
_RUNNING = (RoundState.OPEN, RoundState.REVIEW, RoundState.PROPOSED)


def list_programmes() -> Sequence[SelectionProgramme]:
    """List all programmes with their rounds, the youngest round first."""
    rounds = selectinload(SelectionProgramme.rounds).options(_LIGHT)
    query = select(SelectionProgramme).options(rounds)
    order = (SelectionProgramme.state, SelectionProgramme.id)
    return db.session.scalars(query.order_by(*order)).all()


def get_programme_with_rounds(programme_id: int) -> SelectionProgramme:
    """Return a programme with its rounds; raise Missing."""
    rounds = selectinload(SelectionProgramme.rounds).options(_LIGHT)
    query = select(SelectionProgramme).options(rounds)
    row = db.session.scalar(query.where(SelectionProgramme.id == programme_id))
    if row is None:
        raise Missing(programme_id)
    return row


def list_public_rounds() -> Sequence[SelectionRound]:
    """List the published rounds of the last years, the youngest first."""
    query = select(SelectionRound).options(joinedload(SelectionRound.programme), _LIGHT)
    query = query.where(SelectionRound.published_at.is_not(None))
    order = (SelectionRound.year.desc(), SelectionRound.id.desc())
    return db.session.scalars(query.order_by(*order).limit(200)).all()


def list_dated_rounds() -> Sequence[SelectionRound]:
    """List the rounds that are under way, with their rules, for the calendar of dates."""
    query = select(SelectionRound).options(joinedload(SelectionRound.programme))
    query = query.where(SelectionRound.state.in_(_RUNNING))
    return db.session.scalars(query.order_by(SelectionRound.closes_at).limit(100)).all()


def get_public_round(round_id: int) -> SelectionRound:
    """Return a published round with its programme and amendments; raise Missing."""
    query = select(SelectionRound).options(
        joinedload(SelectionRound.programme), selectinload(SelectionRound.amendments)
    )
    row = db.session.scalar(query.where(SelectionRound.id == round_id))
    if row is None or row.published_at is None:
        raise Missing(round_id)
    return row


def list_versions(round_id: int) -> Sequence[SelectionAmendment]:
    """List the rules of a round as published and amended, the last first."""
    query = select(SelectionAmendment).where(SelectionAmendment.round_id == round_id)
    return db.session.scalars(query.order_by(SelectionAmendment.number.desc())).all()


def takes_applications(row: SelectionRound, now: datetime) -> bool:
    """Say whether applications come in at this instant."""
    return row.state is RoundState.OPEN and row.opens_at <= now < row.closes_at
