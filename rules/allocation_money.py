"""Prize money of a whole list: what it costs, the ceiling of the budget, one prize a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from rules.data import plain
from rules.exact import decimal, rounded
from rules.refusals import Refused
from rules.taxes import RATE, tax_on
from rules.texts import N_


@dataclass(frozen=True, slots=True)
class Prize:
    """One amount of money for one person; `order` says which of two equal ones is the higher."""

    person_id: int
    event: str
    tier: str
    amount: Decimal
    order: int = 0


def highest_only(prizes: Sequence[Prize]) -> list[Prize]:
    """Keep one prize a person, the highest, in the order given (R4.07)."""
    best: dict[int, Prize] = {}
    for prize in prizes:
        held = best.get(prize.person_id)
        if held is None or (prize.amount, -prize.order) > (held.amount, -held.order):
            best[prize.person_id] = prize
    return [prize for prize in prizes if best[prize.person_id] is prize]


def cost(amounts: Iterable[Decimal], basis: Literal["gross", "net"], exempt: bool) -> Decimal:
    """Return what the payer spends, tax included (R4.06, R4.31)."""
    return sum((tax_on(amount, basis, exempt).gross for amount in amounts), Decimal(0))


def within_budget(
    prizes: Sequence[Prize],
    ceiling: Decimal,
    basis: Literal["gross", "net"],
    exempt: bool,
    if_over: Literal["refuse", "reduce"] = "refuse",
) -> list[Prize]:
    """Refuse a list that costs more than the budget, or reduce all its amounts alike."""
    total = cost((prize.amount for prize in prizes), basis, exempt)
    if total <= ceiling:
        return list(prizes)
    if if_over == "refuse":
        text = N_("The awards cost %(total)s, but the budget is %(ceiling)s.")
        raise Refused(text, total=plain(total), ceiling=plain(ceiling))
    share = Fraction(ceiling) / Fraction(total)
    return [replace(p, amount=_reduced(p.amount, share, basis, exempt)) for p in prizes]


def _reduced(
    amount: Decimal, share: Fraction, basis: Literal["gross", "net"], exempt: bool
) -> Decimal:
    """Reduce what one prize costs, always down to the fen, so that the sum fits."""
    gross = _down(Fraction(tax_on(amount, basis, exempt).gross) * share)
    if basis == "gross" or exempt:
        return gross
    return _down(Fraction(gross) * (1 - Fraction(RATE)))


def _down(exact: Fraction) -> Decimal:
    return decimal(exact.numerator * 100 // exact.denominator, 2)


def split(amounts: Sequence[Decimal], count: int, rounding: Literal["floor", "half_up"]) -> Decimal:
    """Share a sum of money by so many, to the fen."""
    exact = Fraction(sum(amounts, Decimal(0))) / count
    if rounding == "half_up":
        return rounded(exact.as_integer_ratio(), 2, "half_up")
    return _down(exact)
