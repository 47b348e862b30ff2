"""Benefits of holders: laid out year by year, recorded as given or declined, paid by orders."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models.database import db
from models.selection_holders import SelectionBenefit, SelectionHolder
from models.selections import SelectionRound
from rules.refusals import Missing, Refused
from rules.selection_holders import BENEFIT_MOVES, benefit_problem
from rules.selections import BenefitKind, BenefitState, HolderState
from rules.states import moved
from rules.texts import N_
from services import audits, selection_holders_terms, selections
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, page_of
from services.transaction import STALE, transaction

BY_HAND = (BenefitState.GIVEN, BenefitState.DECLINED, BenefitState.DUE)


@transaction
def record_benefit(
    by: Actor,
    benefit_id: int,
    base: int,
    state: BenefitState,
    *,
    given_on: date | None = None,
    note: str = "",
) -> int:
    """Record that a benefit was given or declined, or take such a record back."""
    row = db.session.get(SelectionBenefit, benefit_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(benefit_id)
    if row.version != base:
        raise Refused(STALE)
    problem = benefit_problem(row.kind, row.amount) if state is not BenefitState.DECLINED else None
    if problem is not None:
        raise problem
    if state not in BY_HAND:
        raise Refused(N_("This step is not possible in the present state."))
    if state is BenefitState.GIVEN and (given_on is None or given_on > by.today):
        raise Refused(N_("Give the day on which it was given, not later than today."), "given_on")
    before = {"state": row.state}
    row.state = moved(BENEFIT_MOVES, row.state, state)
    row.given_on = given_on if state is BenefitState.GIVEN else None
    row.note, row.recorded_by_id = note.strip(), by.account_id
    after = {"state": row.state, "given_on": row.given_on, "title": row.title}
    audits.record(by, "record_benefit", "selection_benefit", row.id, before=before, after=after)
    return row.holder_id


def get_benefit(benefit_id: int) -> SelectionBenefit:
    """Return a benefit with whose it is; raise Missing."""
    query = select(SelectionBenefit).options(
        joinedload(SelectionBenefit.holder).options(
            joinedload(SelectionHolder.person), joinedload(SelectionHolder.honour)
        )
    )
    row = db.session.scalar(query.where(SelectionBenefit.id == benefit_id))
    if row is None:
        raise Missing(benefit_id)
    return row


def list_benefits(
    *,
    kind: BenefitKind | None = None,
    state: BenefitState | None = None,
    year: int | None = None,
    until: date | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page[SelectionBenefit]:
    """List benefits by their day, with whose they are."""
    query = (
        select(SelectionBenefit)
        .join(SelectionBenefit.holder)
        .options(
            contains_eager(SelectionBenefit.holder).options(
                joinedload(SelectionHolder.person), joinedload(SelectionHolder.honour)
            )
        )
        .order_by(SelectionBenefit.due_on, SelectionBenefit.id)
    )
    exact: tuple[tuple[Any, Any], ...] = (
        (SelectionBenefit.kind, kind),
        (SelectionBenefit.state, state),
        (SelectionBenefit.year, year),
    )
    conditions = [column == value for column, value in exact if value is not None]
    if until is not None:
        conditions.append(SelectionBenefit.due_on <= until)
    return page_of(query.where(*conditions), page, size)


@transaction
def lay_out_year(by: Actor) -> int:
    """Write down this year's benefits of all running titles, and end the terms that are over."""
    selection_holders_terms.end_due(by)
    rounds: dict[int, list[SelectionHolder]] = defaultdict(list)
    query = select(SelectionHolder).where(
        SelectionHolder.state == HolderState.RUNNING, SelectionHolder.round_id.is_not(None)
    )
    for holder in db.session.scalars(query.order_by(SelectionHolder.id)):
        rounds[holder.round_id or 0].append(holder)
    rows = db.session.scalars(select(SelectionRound).where(SelectionRound.id.in_(rounds))).all()
    made = 0
    for row in rows:
        after = selections.rules_of(row).after
        made += selection_holders_terms.lay_out(rounds[row.id], after, by.today)
    if made:
        audits.record(by, "lay_out_year", "selection_holders", None, after={"number": made})
    return made


def lock_benefits(ids: Collection[int]) -> Sequence[SelectionBenefit]:
    """Part: return these benefits under lock."""
    query = (
        select(SelectionBenefit)
        .where(SelectionBenefit.id.in_(ids))
        .order_by(SelectionBenefit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def is_payable(today: date) -> Any:
    """Return the condition that an allowance is due through a payment series, or was paid."""
    return (
        (SelectionBenefit.kind == BenefitKind.ALLOWANCE)
        & SelectionBenefit.amount.is_not(None)
        & SelectionBenefit.state.not_in((BenefitState.CANCELLED, BenefitState.DECLINED))
        & or_(SelectionBenefit.due_on <= today, SelectionBenefit.state != BenefitState.DUE)
    )


def follow_payment(row: SelectionBenefit, state: BenefitState, paid_on: date | None) -> None:
    """Part: let an allowance say how its line of an order stands."""
    if row.state in (BenefitState.CANCELLED, state):
        return
    row.state = state
    row.given_on = paid_on if state is BenefitState.GIVEN else None
