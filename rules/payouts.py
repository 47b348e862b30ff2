"""Payments of prizes: who can be ordered, tax of a line, budget lines, and what changes later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rules.award_shares import ShareKind
from rules.refusals import Refused
from rules.states import EventState, PayoutLineState, RevisionState
from rules.taxes import FEN, RATE, tax_on
from rules.texts import N_

NOTHING = Decimal("0.00")
TAX_DAY = 15  # of the month after the payment (R4.30)
MONTHS = 12


class PayeeKind(StrEnum):
    """Who is paid."""

    PERSON = "person"
    EMPLOYER = "employer"
    TEAM = "team"


class Treatment(StrEnum):
    """How a payment is taxed."""

    WITHHELD = "withheld"
    EXEMPT = "exempt"
    WAGES = "wages"
    UNIT = "unit"


class SeriesKind(StrEnum):
    """What a payment series pays."""

    STIPENDS = "stipends"
    GRANTS = "grants"
    BENEFITS = "benefits"


class Obstacle(StrEnum):
    """Why a share cannot be ordered."""

    NOTHING_DUE = "nothing_due"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    DRAFT = "draft"
    NOTICE_OPEN = "notice_open"
    NOT_FINAL = "not_final"
    UNDECIDED = "undecided"
    APPEAL = "appeal"
    OBJECTION = "objection"
    ORDERED = "ordered"
    NO_BASIS = "no_basis"
    NO_ACCOUNT = "no_account"
    OVER_BUDGET = "over_budget"


OBSTACLES = {
    Obstacle.NOTHING_DUE: N_("Nothing is due."),
    Obstacle.REVOKED: N_("The honour was revoked."),
    Obstacle.SUPERSEDED: N_("These results were replaced."),
    Obstacle.DRAFT: N_("The results are not signed yet."),
    Obstacle.NOTICE_OPEN: N_("The public notice has not ended yet."),
    Obstacle.NOT_FINAL: N_("The results are not final yet."),
    Obstacle.UNDECIDED: N_("The list is not decided yet."),
    Obstacle.APPEAL: N_("An appeal is open."),
    Obstacle.OBJECTION: N_("An objection is open."),
    Obstacle.ORDERED: N_("Ordered already; there is one payment for an honour."),
    Obstacle.NO_BASIS: N_("The tax exemption has no legal basis."),
    Obstacle.NO_ACCOUNT: N_("There is no bank account yet."),
    Obstacle.OVER_BUDGET: N_("The budget line does not hold this amount."),
}


@dataclass(frozen=True, slots=True)
class Price:
    """What a line comes to, frozen with how it is taxed."""

    gross: Decimal
    tax: Decimal
    net: Decimal
    treatment: Treatment
    basis: str = ""

    @property
    def rate(self) -> Decimal:
        """Return the rate of the tax that is withheld."""
        return RATE if self.treatment is Treatment.WITHHELD else Decimal(0)


def price_of(
    kind: ShareKind,
    amount: Decimal,
    basis: Literal["gross", "net"],
    exempt: bool,
    exempt_by: str = "",
) -> Price:
    """Price a promised amount (R4.27, R4.29, R4.31); an employer's prize is no person's income."""
    if kind is ShareKind.EMPLOYER:
        return Price(*tax_on(amount, "gross", True), Treatment.UNIT)
    taxed = tax_on(amount, basis, exempt)
    return (
        Price(*taxed, Treatment.EXEMPT, exempt_by) if exempt else Price(*taxed, Treatment.WITHHELD)
    )


def as_wages(amount: Decimal) -> Price:
    """Price what an employer pays its own worker: wages, of which we withhold nothing (R4.32)."""
    return Price(*tax_on(amount, "gross", True), Treatment.WAGES)


@dataclass(frozen=True, slots=True)
class Paid:
    """What of a claim is under way or paid, less what comes back."""

    gross: Decimal = NOTHING
    tax: Decimal = NOTHING
    lines: int = 0


def rest_of(price: Price, paid: Paid) -> Price:
    """Return what is still due; less than nothing must come back. Both add up to the fen."""
    gross, tax = price.gross - paid.gross, price.tax - paid.tax
    return Price(gross, tax, gross - tax, price.treatment, price.basis)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a share stands as far as its payment is concerned.

    Prizes of employers come from no revision; they are due once they are given.
    """

    due: Decimal
    revision: RevisionState | None = None
    event: EventState | None = None
    contested: bool = False
    objected: bool = False
    barred: bool = False
    in_hand: bool = False
    has_account: bool = True
    exempt_without_basis: bool = False
    undecided: bool = False


def obstacle_of(one: Standing) -> Obstacle | None:
    """Say why a share cannot be ordered now, or nothing (R3.06, R4.26, R4.27, R4.29)."""
    by_result = _by_result(one)
    if by_result is not None:
        return by_result
    tests = (
        (one.in_hand or one.due <= 0, Obstacle.ORDERED if one.in_hand else Obstacle.NOTHING_DUE),
        (one.exempt_without_basis, Obstacle.NO_BASIS),
        (not one.has_account, Obstacle.NO_ACCOUNT),
    )
    return next((obstacle for holds, obstacle in tests if holds), None)


def _by_result(one: Standing) -> Obstacle | None:
    official = one.revision is None
    tests = (
        (one.barred, Obstacle.REVOKED),
        (one.revision is RevisionState.SUPERSEDED, Obstacle.SUPERSEDED),
        (one.revision is RevisionState.DRAFT, Obstacle.DRAFT),
        (one.event is EventState.NOTICE, Obstacle.NOTICE_OPEN),
        (not official and one.event is not EventState.FINAL, Obstacle.NOT_FINAL),
        (one.undecided, Obstacle.UNDECIDED),
        (one.contested, Obstacle.APPEAL),
        (one.objected, Obstacle.OBJECTION),
    )
    return next((obstacle for holds, obstacle in tests if holds), None)


def refusal_of(obstacle: Obstacle, name: str) -> Refused:
    """Say an obstacle with the name of the payee."""
    return Refused(N_("%(name)s: %(problem)s"), name=name, problem=Refused(OBSTACLES[obstacle]))


# Money that is promised to the bank, and money that is gone.
RESERVING = frozenset({PayoutLineState.ORDERED, PayoutLineState.HELD, PayoutLineState.SENT})
SPENT = frozenset({PayoutLineState.PAID, PayoutLineState.RECOVERING})
LIVE = RESERVING | SPENT


@dataclass(frozen=True, slots=True)
class Purse:
    """A budget line: what it holds, what submitted orders reserve, and what is spent."""

    code: str
    title: str
    ceiling: Decimal | None
    reserved: Decimal = NOTHING
    spent: Decimal = NOTHING

    @property
    def free(self) -> Decimal | None:
        """Return what can still be ordered; None without a ceiling."""
        return None if self.ceiling is None else self.ceiling - self.reserved - self.spent

    @property
    def used_percent(self) -> int:
        """Return how much of the ceiling is reserved or spent, at most 100."""
        if not self.ceiling:
            return 0
        return min(100, int((self.reserved + self.spent) * 100 / self.ceiling))


def purse_problem(purses: Mapping[str, Purse], wanted: Mapping[str, Decimal]) -> Refused | None:
    """Say which budget line does not hold what an order asks of it, or nothing."""
    for code, amount in wanted.items():
        purse = purses.get(code)
        if purse is not None and purse.free is not None and amount > purse.free:
            return Refused(
                N_("%(line)s: %(free)s yuan are free, but the order needs %(amount)s."),
                line=purse.title,
                free=f"{purse.free:.2f}",
                amount=f"{amount:.2f}",
            )
    return None


def first_over(purses: Mapping[str, Purse], wanted: Iterable[tuple[int, str, Decimal]]) -> set[int]:
    """Return which of these, taken one after the other, their budget line no longer holds."""
    left = {code: one.free for code, one in purses.items()}
    over: set[int] = set()
    for key, code, amount in wanted:
        free = left.get(code)
        if free is None:
            continue
        if amount > free:
            over.add(key)
        else:
            left[code] = free - amount
    return over


def tax_due_on(day: date) -> date:
    """Return until when the tax of a payment must be reported and remitted (R4.30)."""
    month = day.month % MONTHS + 1
    return date(day.year + (month == 1), month, TAX_DAY)


def month_of(text: str) -> tuple[date, date] | None:
    """Return the first and last day of a month written like 2026-11, or nothing."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    following = date(first.year + (first.month == MONTHS), first.month % MONTHS + 1, 1)
    return first, following - timedelta(days=1)


def capitals_amount(amount: Decimal) -> Decimal:
    """Return an amount as it is written in Chinese capitals: to the fen, never more digits."""
    return amount.quantize(FEN)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of an order come to."""

    count: int = 0
    gross: Decimal = NOTHING
    tax: Decimal = NOTHING
    net: Decimal = NOTHING
    by_line: Mapping[str, Decimal] = field(default_factory=dict)
