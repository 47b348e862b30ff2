"""Tax on prizes: incidental income, 20 percent flat, the whole payment taxed (R4.27)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

RATE = Decimal("0.20")
FEN = Decimal("0.01")


class TaxedAmount(NamedTuple):
    """A prize before tax, the tax withheld, and what is paid out."""

    gross: Decimal
    tax: Decimal
    net: Decimal


def tax_on(amount: Decimal, basis: Literal["gross", "net"], exempt: bool) -> TaxedAmount:
    """Work out gross, tax and net of a promised amount (R4.29, R4.31), rounded to the fen.

    Whether a prize is exempt is a flag with a legal basis, never guessed from who gives it.
    """
    if amount < 0 or amount != amount.quantize(FEN):
        raise ValueError(f"not an amount of money: {amount}")
    if exempt:
        return TaxedAmount(_fen(amount), _fen(Decimal(0)), _fen(amount))
    gross = _fen(amount / (1 - RATE)) if basis == "net" else _fen(amount)
    tax = _fen(gross * RATE) if basis == "gross" else gross - _fen(amount)
    return TaxedAmount(gross, tax, gross - tax)


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)
