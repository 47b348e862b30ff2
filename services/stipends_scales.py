"""Scales of stipends: drafted as the next version, approved by a second person, withdrawn."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.payouts import PayoutSeries
from models.stipends import StipendScale
from rules.payouts import SeriesKind
from rules.refusals import Missing, Refused
from rules.states import moved
from rules.stipend_scales import Scale
from rules.stipends import SCALE_MOVES, ScaleState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.payouts_parts import locked_series
from services.stipends_inputs import last_day
from services.transaction import transaction

_NO_SERIES = N_("This payment series pays no stipends.")
_OWN = N_("Somebody else must approve a scale: you have drafted it.")
_SAME_DAY = N_("A scale that begins on this day is approved already.")
_SETTLED = N_("Events up to %(day)s are settled; a new scale can begin on the day after it.")


@transaction
def draft_scale(by: Actor, series_id: int, scale: Scale, *, basis: str = "") -> int:
    """Draft the next scale of a series; nothing is paid by it before it is approved."""
    series = locked_series(series_id)
    if series.kind is not SeriesKind.STIPENDS:
        raise Refused(_NO_SERIES)
    _check_days(series_id, scale)
    made = StipendScale(
        series_id=series_id,
        title=scale.title,
        starts_on=scale.starts_on,
        ends_on=scale.ends_on,
        rules=scale.model_dump(mode="json"),
        digest=scale.digest(),
        basis=basis.strip(),
        drafted_at=by.now,
        drafted_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    after = {"title": scale.title, "starts_on": scale.starts_on, "digest": made.digest}
    audits.record(by, "draft_scale", "stipend_scale", made.id, after=after)
    return made.id


def _check_days(series_id: int, scale: Scale) -> None:
    """Refuse a scale that would pay settled events anew, or begin with another one."""
    query = select(StipendScale.id).where(
        StipendScale.series_id == series_id,
        StipendScale.state == ScaleState.APPROVED,
        StipendScale.starts_on == scale.starts_on,
    )
    if db.session.scalar(query) is not None:
        raise Refused(_SAME_DAY, field="starts_on")
    through = last_day(series_id)
    if through is not None and scale.starts_on <= through:
        raise Refused(_SETTLED, field="starts_on", day=through.isoformat())


@transaction
def approve_scale(by: Actor, scale_id: int) -> int:
    """Approve a scale as a second person; it pays for events from its first day on."""
    found = _locked(scale_id)
    if by.account_id is None or by.account_id == found.drafted_by_id:
        raise Refused(_OWN)
    locked_series(found.series_id)
    _check_days(found.series_id, scale_of(found))
    found.state = moved(SCALE_MOVES, found.state, ScaleState.APPROVED)
    found.approved_at, found.approved_by_id = by.now, by.account_id
    after = {"state": found.state, "digest": found.digest}
    audits.record(by, "approve_scale", "stipend_scale", scale_id, after=after)
    return scale_id


@transaction
def withdraw_scale(by: Actor, scale_id: int) -> int:
    """Put a draft away."""
    found = _locked(scale_id)
    found.state = moved(SCALE_MOVES, found.state, ScaleState.WITHDRAWN)
    audits.record(by, "withdraw_scale", "stipend_scale", scale_id, after={"state": found.state})
    return scale_id


def _locked(scale_id: int) -> StipendScale:
    found = db.session.get(StipendScale, scale_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(scale_id)
    return found


def scale_of(stored: StipendScale) -> Scale:
    """Return a stored scale as rule data."""
    return Scale.model_validate(stored.rules)


def get_scale(scale_id: int) -> StipendScale:
    """Return a scale with its series and people; raise Missing."""
    query = select(StipendScale).options(*_WHOLE).where(StipendScale.id == scale_id)
    found = db.session.scalar(query)
    if found is None:
        raise Missing(scale_id)
    return found


_WHOLE = (
    joinedload(StipendScale.series).joinedload(PayoutSeries.employer),
    joinedload(StipendScale.drafted_by),
    joinedload(StipendScale.approved_by),
)


def list_scales() -> Sequence[StipendScale]:
    """List the scales by series, the newest first."""
    query = select(StipendScale).options(*_WHOLE)
    order = (StipendScale.series_id, StipendScale.starts_on.desc(), StipendScale.id.desc())
    return db.session.scalars(query.order_by(*order)).all()


def latest_scale(series_id: int) -> StipendScale | None:
    """Return the scale that a new one is copied from: the newest that is not withdrawn."""
    query = (
        select(StipendScale)
        .where(StipendScale.series_id == series_id, StipendScale.state != ScaleState.WITHDRAWN)
        .order_by(StipendScale.starts_on.desc(), StipendScale.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)
