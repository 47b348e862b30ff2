"""What payment series owe: totals of stipend runs, grants of workshops, allowances of titles.

Each kind of series has one query for its dues; a later kind adds one more, and nothing else.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import aliased, joinedload

from models.database import db
from models.honours import Honour
from models.payouts import BankAccount, PayoutClaim, PayoutLine, PayoutOrder, PayoutSeries
from models.people import Employer, Person
from models.selection_holders import SelectionBenefit, SelectionHolder
from models.stipends import StipendRun, StipendTotal
from models.workshops import Workshop, WorkshopGrant, WorkshopTerm
from rules.award_shares import ShareKind
from rules.payouts import (
    RESERVING,
    SPENT,
    Obstacle,
    SeriesKind,
    Standing,
    Treatment,
    as_wages,
    first_over,
    obstacle_of,
    price_of,
    rest_of,
)
from rules.refusals import Refused
from rules.selections import BenefitState
from rules.states import PayoutLineState
from rules.stipends import RunState
from rules.texts import N_
from rules.workshops import GrantState
from services import payouts_budget, selection_holders_benefits, workshops
from services.acting import ZONE
from services.payouts_dues import NEW, Due, Known, known_where
from services.transaction import STALE

STIPEND = N_("Mentor stipend")
GRANT = N_("Workshop grant")


def read_series_dues(series: PayoutSeries, today: date) -> list[Due]:
    """List what a series owes with what stands against its payment."""
    known = known_where(_claims_of(series))
    rows = db.session.execute(_QUERIES[series.kind](series, today)).all()
    back = _paid_back(series)
    found = [_due(series, row, known.get(key_of(series, row.id), NEW), back) for row in rows]
    purses = payouts_budget.purses_of(series)
    wanted = [(one.share_id, one.budget_line, one.rest.gross) for one in found if not one.obstacle]
    over = first_over(purses, wanted)
    return [
        replace(one, obstacle=Obstacle.OVER_BUDGET) if one.share_id in over else one
        for one in found
    ]


def key_of(series: PayoutSeries, due_id: int) -> str:
    """Return the key of a claim: the same for ever, and another for each due."""
    return f"{series.kind}-{due_id}"


def _claims_of(series: PayoutSeries) -> Any:
    """Return the condition of the claims to what a series owes.

    A new series of grants takes over from a closed one, with what that has ordered and paid.
    """
    if series.kind in SHARED:
        return PayoutClaim.key.startswith(f"{series.kind}-", autoescape=True)
    return PayoutClaim.series_id == series.id


def _paid_back(series: PayoutSeries) -> set[str]:
    """Return the keys of dues that were paid and came back: they are done with."""
    query = (
        select(PayoutClaim.key)
        .join(PayoutLine, PayoutLine.claim_id == PayoutClaim.id)
        .where(_claims_of(series))
        .where(PayoutLine.state == PayoutLineState.PAID_BACK)
    )
    return set(db.session.scalars(query))


def _stipends(series: PayoutSeries, _today: date) -> Any:
    unit, payee = aliased(Employer), aliased(Employer)
    own, firm = aliased(BankAccount), aliased(BankAccount)
    return (
        select(
            StipendTotal.id,
            StipendTotal.person_id,
            StipendTotal.employer_id,
            StipendTotal.due.label("amount"),
            literal(STIPEND).label("title"),
            StipendRun.number.label("run"),
            StipendRun.until.label("day"),
            literal("").label("event"),
            func.coalesce(Person.name, payee.title).label("payee"),
            func.coalesce(unit.title, "").label("unit"),
            func.coalesce(own.id, firm.id).label("account_id"),
            func.coalesce(own.last_four, firm.last_four, "").label("last_four"),
        )
        .join(StipendRun, StipendRun.id == StipendTotal.run_id)
        .outerjoin(Person, Person.id == StipendTotal.person_id)
        .outerjoin(unit, unit.id == Person.employer_id)
        .outerjoin(payee, payee.id == StipendTotal.employer_id)
        .outerjoin(own, and_(own.person_id == StipendTotal.person_id, own.ended_at.is_(None)))
        .outerjoin(firm, _firm(firm, StipendTotal.employer_id))
        .where(StipendRun.series_id == series.id, StipendRun.state == RunState.ORDERED)
        .where(StipendTotal.due > 0)
        .order_by(StipendRun.number, Person.name_key, StipendTotal.id)
    )


def _firm(account: Any, employer: Any) -> Any:
    return and_(account.employer_id == employer, account.ended_at.is_(None))


def _grants(_series: PayoutSeries, today: date) -> Any:
    return (
        select(
            WorkshopGrant.id,
            literal(None).label("person_id"),
            Workshop.employer_id,
            WorkshopGrant.amount,
            literal(GRANT).label("title"),
            literal(0).label("run"),
            WorkshopGrant.due_on.label("day"),
            Workshop.title.label("event"),
            Employer.title.label("payee"),
            literal("").label("unit"),
            BankAccount.id.label("account_id"),
            func.coalesce(BankAccount.last_four, "").label("last_four"),
        )
        .join(WorkshopTerm, WorkshopTerm.id == WorkshopGrant.term_id)
        .join(Workshop, Workshop.id == WorkshopTerm.workshop_id)
        .join(Employer, Employer.id == Workshop.employer_id)
        .outerjoin(BankAccount, _firm(BankAccount, Workshop.employer_id))
        .where(WorkshopGrant.state != GrantState.CANCELLED, WorkshopGrant.due_on <= today)
        .order_by(WorkshopGrant.due_on, WorkshopGrant.id)
    )


def _benefits(_series: PayoutSeries, today: date) -> Any:
    own = aliased(BankAccount)
    return (
        select(
            SelectionBenefit.id,
            SelectionHolder.person_id,
            literal(None).label("employer_id"),
            SelectionBenefit.amount,
            SelectionBenefit.title,
            literal(0).label("run"),
            SelectionBenefit.due_on.label("day"),
            Honour.title.label("event"),
            Person.name.label("payee"),
            Honour.employer.label("unit"),
            own.id.label("account_id"),
            func.coalesce(own.last_four, "").label("last_four"),
        )
        .join(SelectionHolder, SelectionHolder.id == SelectionBenefit.holder_id)
        .join(Honour, Honour.id == SelectionHolder.honour_id)
        .join(Person, Person.id == SelectionHolder.person_id)
        .outerjoin(own, and_(own.person_id == SelectionHolder.person_id, own.ended_at.is_(None)))
        .where(selection_holders_benefits.is_payable(today))
        .order_by(SelectionBenefit.due_on, SelectionBenefit.id)
    )


_QUERIES: Mapping[SeriesKind, Callable[[PayoutSeries, date], Any]] = {
    SeriesKind.STIPENDS: _stipends,
    SeriesKind.GRANTS: _grants,
    SeriesKind.BENEFITS: _benefits,
}
# A city has one purse for these: a new series takes over what a closed one has paid.
SHARED = (SeriesKind.GRANTS, SeriesKind.BENEFITS)


def _due(series: PayoutSeries, row: Any, known: Known, back: set[str]) -> Due:
    key = key_of(series, row.id)
    of_person = row.person_id is not None
    kind = ShareKind.MEMBER if of_person else ShareKind.EMPLOYER
    exempt = series.treatment is Treatment.EXEMPT
    if of_person and series.treatment is Treatment.WAGES:
        price = as_wages(row.amount)
    else:
        price = price_of(kind, row.amount, "gross", exempt, series.basis)
    rest = rest_of(price, known.paid)
    in_hand = known.in_hand or known.paid.lines > 0 or key in back
    standing = Standing(
        rest.gross,
        barred=known.barred,
        in_hand=in_hand,
        has_account=row.account_id is not None,
    )
    return Due(
        share_id=row.id,
        key=key,
        contest_id=None,
        series_id=series.id,
        entry_id=None,
        kind=kind,
        person_id=row.person_id,
        employer_id=row.employer_id,
        title=row.title,
        revision_id=None,
        event=row.event or f"{row.day:%Y-%m-%d}",
        payee=row.payee,
        unit=row.unit,
        promised=row.amount,
        price=price,
        rest=rest,
        part=known.part,
        budget_line=series.budget_line,
        account_id=row.account_id,
        last_four=row.last_four,
        owner=("person", row.person_id) if of_person else ("employer", row.employer_id),
        in_hand=in_hand,
        barred=known.barred,
        obstacle=obstacle_of(standing),
    )


def follow_payments(order: PayoutOrder) -> None:
    """Part: let grants and allowances say whether they are due, ordered or paid by now."""
    if order.series_id is None or order.series is None:
        return
    kind = order.series.kind
    if kind not in SHARED:
        return
    db.session.flush()
    mine = select(PayoutLine.claim_id).where(PayoutLine.order_id == order.id)
    rows = db.session.execute(
        select(PayoutClaim.key, PayoutLine.state, PayoutLine.paid_at)
        .outerjoin(PayoutLine, and_(PayoutLine.claim_id == PayoutClaim.id, PayoutLine.live))
        .where(PayoutClaim.id.in_(mine))
    ).all()
    lines = {int(row.key.removeprefix(f"{kind}-")): row for row in rows}
    if kind is SeriesKind.BENEFITS:
        for benefit in selection_holders_benefits.lock_benefits(lines):
            line = lines[benefit.id]
            selection_holders_benefits.follow_payment(
                benefit, BENEFIT_STATES[_state(line.state)], _paid_on(line)
            )
        return
    for grant in _locked_grants(lines):
        line = lines[grant.id]
        workshops.move_grant(grant, _state(line.state), _paid_on(line))


BENEFIT_STATES = {
    GrantState.PAID: BenefitState.GIVEN,
    GrantState.ORDERED: BenefitState.ORDERED,
    GrantState.DUE: BenefitState.DUE,
}


def _paid_on(line: Any) -> date | None:
    paid = line.state in SPENT and line.paid_at is not None
    return line.paid_at.astimezone(ZONE).date() if paid else None


def hold_dues(series: PayoutSeries, ids: Collection[int]) -> None:
    """Part: lock the dues that go into an order; refuse when one has fallen away meanwhile."""
    fallen = False
    if series.kind is SeriesKind.GRANTS:
        fallen = any(one.state is GrantState.CANCELLED for one in _locked_grants(ids))
    elif series.kind is SeriesKind.BENEFITS:
        rows = selection_holders_benefits.lock_benefits(ids)
        fallen = any(one.state is not BenefitState.DUE for one in rows)
    if fallen:
        raise Refused(STALE)


def _locked_grants(ids: Iterable[int]) -> Sequence[WorkshopGrant]:
    query = (
        select(WorkshopGrant)
        .options(joinedload(WorkshopGrant.term).joinedload(WorkshopTerm.workshop))
        .where(WorkshopGrant.id.in_(ids))
        .order_by(WorkshopGrant.id)
        .with_for_update(of=WorkshopGrant)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def _state(line: Any) -> GrantState:
    if line in SPENT:
        return GrantState.PAID
    return GrantState.ORDERED if line in RESERVING else GrantState.DUE


def has_payee(series: PayoutSeries, today: date, kind: str, key: int) -> bool:
    """Say whether a series owes, or owed, something to a person or employer."""
    return any(one.owner == (kind, key) for one in read_series_dues(series, today))
