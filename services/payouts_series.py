"""Payment series: opened, closed, and paid through the same orders as prizes."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.payouts import PayoutSeries
from models.people import Employer
from rules.payouts import SeriesKind, Treatment
from rules.refusals import Missing, Refused
from rules.taxes import FEN
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.payouts import make_order, pick_dues
from services.payouts_accounts import Payee, get_payee
from services.payouts_parts import locked_series
from services.payouts_sources import (
    SHARED,
    follow_payments,
    has_payee,
    hold_dues,
    read_series_dues,
)
from services.transaction import transaction

_NO_BASIS = N_("The tax exemption has no legal basis.")
_TAKEN = N_("A payment series of this title or code exists already.")
_ONE = N_("The series “%(title)s” pays these already; close it first.")
_CLOSED = N_("This payment series is closed.")


@transaction
def open_series(
    by: Actor,
    *,
    code: str,
    title: str,
    kind: SeriesKind,
    treatment: Treatment,
    basis: str = "",
    budget_line: str = "",
    ceiling: Decimal | None = None,
    employer_id: int | None = None,
) -> int:
    """Open a payment series with its tax treatment and the money it comes from."""
    _check(code, title, treatment, basis, ceiling)
    if kind in SHARED:
        _check_alone(kind)
    made = PayoutSeries(
        code=code.strip(),
        title=title.strip(),
        kind=kind,
        employer_id=employer_id,
        treatment=treatment,
        basis=basis.strip(),
        budget_line=budget_line.strip(),
        ceiling=ceiling,
        opened_at=by.now,
        opened_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    after = {"title": made.title, "kind": kind, "treatment": treatment, "amount": ceiling}
    audits.record(by, "open_series", "payout_series", made.id, after=after)
    return made.id


def _check(
    code: str, title: str, treatment: Treatment, basis: str, ceiling: Decimal | None
) -> None:
    if treatment is Treatment.EXEMPT and not basis.strip():
        raise Refused(_NO_BASIS, field="basis")
    if ceiling is not None and ceiling != ceiling.quantize(FEN):
        raise Refused(N_("Amounts have at most two places."), field="ceiling")
    same = (PayoutSeries.code == code.strip()) | (PayoutSeries.title == title.strip())
    if db.session.scalar(select(PayoutSeries.id).where(same).limit(1)) is not None:
        raise Refused(_TAKEN, field="title")


def _check_alone(kind: SeriesKind) -> None:
    """Refuse a second series that would pay the same grants or allowances."""
    query = select(PayoutSeries.title).where(PayoutSeries.kind == kind)
    title = db.session.scalar(query.where(PayoutSeries.closed_at.is_(None)))
    if title is not None:
        raise Refused(_ONE, field="kind", title=title)


@transaction
def close_series(by: Actor, series_id: int) -> int:
    """Close a series: nothing new is ordered; what is under way goes on."""
    series = locked_series(series_id)
    if series.closed_at is not None:
        raise Refused(_CLOSED)
    series.closed_at = by.now
    audits.record(by, "close_series", "payout_series", series_id)
    return series_id


@transaction
def prepare_series(
    by: Actor, series_id: int, *, shares: Collection[int] | None = None, note: str = ""
) -> int:
    """Put what a series owes into a new order: all of it, or the dues that are named."""
    series = locked_series(series_id)
    if series.closed_at is not None:
        raise Refused(_CLOSED)
    due = pick_dues(read_series_dues(series, by.today), shares)
    hold_dues(series, [one.share_id for one in due])
    order = make_order(by, due, note, series_id=series_id)
    follow_payments(order)
    return order.id


def get_series(series_id: int) -> PayoutSeries:
    """Return a series; raise Missing."""
    query = select(PayoutSeries).options(joinedload(PayoutSeries.employer))
    found = db.session.scalar(query.where(PayoutSeries.id == series_id))
    if found is None:
        raise Missing(series_id)
    return found


def list_series(kind: SeriesKind | None = None) -> Sequence[PayoutSeries]:
    """List the series, open ones first, the newest first."""
    query = select(PayoutSeries).options(joinedload(PayoutSeries.employer))
    if kind is not None:
        query = query.where(PayoutSeries.kind == kind)
    closed = PayoutSeries.closed_at.is_not(None)
    return db.session.scalars(query.order_by(closed, PayoutSeries.id.desc())).all()


def count_series() -> int:
    """Count the series that are open."""
    query = select(func.count()).select_from(PayoutSeries)
    return db.session.scalar(query.where(PayoutSeries.closed_at.is_(None))) or 0


def employer_of(title: str) -> int:
    """Return the employer of a title, whose fund a series is."""
    found = db.session.scalar(select(Employer.id).where(Employer.title == title.strip()).limit(1))
    if found is None:
        raise Refused(N_("There is no employer of this title."), field="employer")
    return found


def payee_of_series(series_id: int, today: date, kind: str, key: int) -> Payee:
    """Return somebody whom a series pays; raise Missing."""
    found = get_payee(kind, key)
    if not has_payee(get_series(series_id), today, kind, key):
        raise Missing(key)
    return found
