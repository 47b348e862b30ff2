"""What is due to whom in a contest, what of it is ordered, and what stands against the rest."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from models.awards import Award, AwardShare
from models.contests import Contest, Division, Event, RuleVersion
from models.database import db
from models.entries import Entry, EntryMember
from models.payouts import BankAccount, PayoutClaim, PayoutLine, PayoutOrder, PayoutRecovery
from models.people import Employer, Person
from models.results import Revision
from rules.award_shares import ShareKind
from rules.payouts import (
    RESERVING,
    Obstacle,
    Paid,
    PayeeKind,
    Price,
    Standing,
    as_wages,
    first_over,
    obstacle_of,
    price_of,
    rest_of,
)
from rules.plans import EditionRules, EventPlan
from rules.states import PayoutLineState, RecoveryState, RevisionState
from services import appeals_holds, objections_holds, payouts_budget, selections_holds

Plans = Mapping[int, tuple[EventPlan, EditionRules]]


@dataclass(frozen=True)
class Due:
    """One share of money: whose it is, what it comes to, and why it cannot be ordered."""

    share_id: int
    key: str
    contest_id: int | None
    entry_id: int | None
    kind: ShareKind
    person_id: int | None
    employer_id: int | None
    title: str
    revision_id: int | None
    event: str
    payee: str
    unit: str
    promised: Decimal
    price: Price
    rest: Price
    part: int
    budget_line: str
    account_id: int | None
    last_four: str
    owner: tuple[str, int | None]
    in_hand: bool
    barred: bool
    obstacle: Obstacle | None = None
    series_id: int | None = None

    @property
    def payee_kind(self) -> PayeeKind:
        """Return who is paid: a person, an employer, or a team as a whole."""
        if self.kind is ShareKind.TEAM:
            return PayeeKind.TEAM
        return PayeeKind.EMPLOYER if self.kind is ShareKind.EMPLOYER else PayeeKind.PERSON


@dataclass(frozen=True)
class Known:
    """What was ordered for a claim before."""

    paid: Paid = field(default_factory=Paid)
    part: int = 0
    in_hand: bool = False
    wages: bool = False
    barred: bool = False


NEW = Known()


def claim_key(row: Any) -> str:
    """Return the key of a claim: the same for all revisions, whatever the tier is called."""
    if row.entry_id is None:
        return f"contest-{row.contest_id}/{row.kind}/{row.employer_id}/{row.title}"
    return f"entry-{row.entry_id}/{row.kind}/{row.person_id or 0}"


def read_dues(contest_id: int, shares: Collection[int] = ()) -> list[Due]:
    """List the shares of a contest with what stands against their payment.

    Shares of replaced revisions are left out unless they are asked for.
    """
    rows = db.session.execute(_query(contest_id, shares)).all()
    plans = read_plans({row.rule_version_id for row in rows})
    known = read_known(contest_id)
    edition = _edition(contest_id)
    found = [_due(row, plans, edition, known.get(claim_key(row), NEW)) for row in rows]
    return list(_within_budget(contest_id, edition, found))


def _within_budget(contest_id: int, edition: EditionRules, dues: Sequence[Due]) -> Iterator[Due]:
    purses = payouts_budget.read_purses(contest_id, edition)
    wanted = [(one.share_id, one.budget_line, one.rest.gross) for one in dues if not one.obstacle]
    over = first_over(purses, wanted)
    for one in dues:
        yield replace(one, obstacle=Obstacle.OVER_BUDGET) if one.share_id in over else one


def _edition(contest_id: int) -> EditionRules:
    rules = db.session.scalar(select(Contest.rules).where(Contest.id == contest_id))
    return EditionRules.model_validate(rules or {})


def _query(contest_id: int, shares: Collection[int]) -> Any:
    unit, payee = aliased(Employer), aliased(Employer)
    own, firm = aliased(BankAccount), aliased(BankAccount)
    first = (
        select(EntryMember.person_id)
        .where(EntryMember.entry_id == AwardShare.entry_id)
        .order_by(EntryMember.position)
        .limit(1)
        .correlate(AwardShare)
        .scalar_subquery()
    )
    # A team without an employer is paid through its first member.
    owner = func.coalesce(AwardShare.person_id, case((AwardShare.employer_id.is_(None), first)))
    present = Revision.state != RevisionState.SUPERSEDED
    mine = and_(Event.contest_id == contest_id, or_(present, AwardShare.id.in_(shares)))
    return (
        select(
            AwardShare.id,
            AwardShare.kind,
            AwardShare.person_id,
            AwardShare.employer_id,
            AwardShare.title,
            AwardShare.amount,
            AwardShare.entry_id,
            func.coalesce(AwardShare.contest_id, Event.contest_id).label("contest_id"),
            Revision.id.label("revision_id"),
            Revision.state.label("revision_state"),
            Revision.rule_version_id,
            Event.state.label("event_state"),
            func.coalesce(Event.title, "").label("event"),
            func.coalesce(Division.title, "").label("division"),
            func.coalesce(Division.code, "").label("division_code"),
            func.coalesce(Person.name, payee.title, Entry.title, "").label("payee"),
            func.coalesce(unit.title, "").label("unit"),
            owner.label("owner_id"),
            func.coalesce(own.id, firm.id).label("account_id"),
            func.coalesce(own.last_four, firm.last_four, "").label("last_four"),
            appeals_holds.is_contested().label("contested"),
            objections_holds.is_held(AwardShare.person_id).label("objected"),
            selections_holds.waits(Event.contest_id).label("undecided"),
        )
        .select_from(AwardShare)
        .outerjoin(Award, Award.id == AwardShare.award_id)
        .outerjoin(Revision, Revision.id == AwardShare.revision_id)
        .outerjoin(Entry, Entry.id == AwardShare.entry_id)
        .outerjoin(Division, Division.id == Entry.division_id)
        .outerjoin(Event, Event.id == Entry.event_id)
        .outerjoin(unit, unit.id == Entry.employer_id)
        .outerjoin(Person, Person.id == AwardShare.person_id)
        .outerjoin(payee, payee.id == AwardShare.employer_id)
        .outerjoin(own, and_(own.person_id == owner, own.ended_at.is_(None)))
        .outerjoin(firm, and_(firm.employer_id == AwardShare.employer_id, firm.ended_at.is_(None)))
        .where(or_(AwardShare.contest_id == contest_id, mine))
        .order_by(
            AwardShare.entry_id.is_(None),
            Event.position,
            Event.id,
            Division.position,
            Award.tier_order,
            AwardShare.id,
        )
    )


def _due(row: Any, plans: Plans, edition: EditionRules, known: Known) -> Due:
    price, line, basis_missing = _price(row, plans, edition, known.wages)
    rest = rest_of(price, known.paid)
    in_hand = known.in_hand or (known.paid.lines > 0 and rest.gross <= 0)
    standing = Standing(
        rest.gross,
        row.revision_state,
        row.event_state,
        bool(row.contested),
        bool(row.objected),
        known.barred,
        in_hand,
        row.account_id is not None,
        basis_missing,
        bool(row.undecided),
    )
    of_person = row.owner_id is not None
    return Due(
        row.id,
        claim_key(row),
        row.contest_id,
        row.entry_id,
        row.kind,
        row.person_id,
        row.employer_id,
        row.title,
        row.revision_id,
        " · ".join(text for text in (row.event, row.division) if text),
        row.payee,
        row.unit,
        row.amount,
        price,
        rest,
        known.part,
        line,
        row.account_id,
        row.last_four,
        ("person", row.owner_id) if of_person else ("employer", row.employer_id),
        in_hand,
        known.barred,
        obstacle_of(standing),
    )


def _price(row: Any, plans: Plans, edition: EditionRules, wages: bool) -> tuple[Price, str, bool]:
    """Return price and budget line of a share, and whether an exemption lacks its basis."""
    if row.rule_version_id is None:
        prizes = edition.organisation_prizes
        line = next((one.budget_line for one in prizes if one.title == row.title), "")
        return price_of(row.kind, row.amount, "gross", True), line, False
    plan, frozen = plans[row.rule_version_id]
    awards = plan.for_division(row.division_code).awards
    if wages:
        return as_wages(row.amount), awards.budget_line, False
    exempt = frozen.tax_exempt
    price = price_of(row.kind, row.amount, awards.amount_basis, exempt, frozen.tax_basis)
    return price, awards.budget_line, exempt and not frozen.tax_basis.strip()


def read_plans(versions: Collection[int | None]) -> dict[int, tuple[EventPlan, EditionRules]]:
    """Read the frozen rules of these versions."""
    wanted = [one for one in versions if one is not None]
    query = select(RuleVersion.id, RuleVersion.plan, RuleVersion.edition)
    return {
        key: (EventPlan.model_validate(plan), EditionRules.model_validate(edition))
        for key, plan, edition in db.session.execute(query.where(RuleVersion.id.in_(wanted)))
    }


def read_known(contest_id: int) -> dict[str, Known]:
    """Add up by claim of a contest what is ordered or paid, less what comes back."""
    return known_where(PayoutClaim.contest_id == contest_id)


def known_where(within: Any) -> dict[str, Known]:
    """Add up by claim what is ordered or paid, less what comes back."""
    back = (
        select(
            PayoutRecovery.line_id,
            func.sum(PayoutRecovery.gross).label("gross"),
            func.sum(PayoutRecovery.net).label("net"),
        )
        .where(PayoutRecovery.state != RecoveryState.CANCELLED)
        .group_by(PayoutRecovery.line_id)
        .subquery()
    )
    query = (
        select(PayoutClaim, PayoutLine, back.c.gross, back.c.net)
        .outerjoin(PayoutLine, and_(PayoutLine.claim_id == PayoutClaim.id, PayoutLine.live))
        .outerjoin(back, back.c.line_id == PayoutLine.id)
        .where(within)
    )
    found: dict[str, Known] = {}
    for claim, line, gross, net in db.session.execute(query):
        before = found.get(claim.key, Known(barred=claim.barred_at is not None))
        found[claim.key] = before if line is None else _added(before, line, gross, net)
    return found


def _added(before: Known, line: PayoutLine, gross: Decimal | None, net: Decimal | None) -> Known:
    back_gross, back_net = gross or Decimal(0), net or Decimal(0)
    paid = Paid(
        before.paid.gross + line.gross - back_gross,
        before.paid.tax + line.tax - (back_gross - back_net),
        before.paid.lines + 1,
    )
    return replace(
        before,
        paid=paid,
        part=max(before.part, line.part + 1),
        in_hand=before.in_hand or line.state in RESERVING,
        wages=before.wages or line.treatment == "wages",
    )


@dataclass(frozen=True)
class Waits:
    """A contest with money that can be ordered by now."""

    contest_id: int
    title: str


def owing_contests(contests: frozenset[int] | None) -> list[Waits]:
    """List the contests that have shares of signed results or prizes of employers."""
    has_share = (
        select(AwardShare.id)
        .outerjoin(Revision, Revision.id == AwardShare.revision_id)
        .outerjoin(Event, Event.id == Revision.event_id)
        .where(AwardShare.amount > 0)
        .where(func.coalesce(AwardShare.contest_id, Event.contest_id) == Contest.id)
        .where(or_(Revision.id.is_(None), Revision.state == RevisionState.SIGNED))
        .exists()
    )
    query = select(Contest.id, Contest.title).where(has_share).order_by(Contest.id.desc())
    if contests is not None:
        query = query.where(Contest.id.in_(contests))
    return [Waits(*row) for row in db.session.execute(query)]


def orders_of(contest_id: int) -> dict[str, int]:
    """Return by key the number of the order in which a claim of a contest stands."""
    return _orders_where(PayoutClaim.contest_id == contest_id)


def orders_of_series(series_id: int) -> dict[str, int]:
    """Return by key the number of the order in which a claim of a series stands."""
    return _orders_where(PayoutClaim.series_id == series_id)


def _orders_where(within: Any) -> dict[str, int]:
    query = (
        select(PayoutClaim.key, PayoutOrder.number)
        .join(PayoutLine, PayoutLine.claim_id == PayoutClaim.id)
        .join(PayoutOrder, PayoutOrder.id == PayoutLine.order_id)
        .where(within, PayoutLine.live)
        .where(PayoutLine.state != PayoutLineState.STOPPED)
        .order_by(PayoutLine.id)
    )
    return {key: number for key, number in db.session.execute(query)}
