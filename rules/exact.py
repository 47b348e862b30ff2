"""Exact numbers: whole ones as long as possible, fractions where a mean makes them."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Exact = int | Fraction
Mode = Literal["half_up", "half_even", "down", "up"]
# An exact value as numerator and positive denominator, not always in lowest terms.
Ratio = tuple[int, int]


def rounded(value: Ratio, digits: int, mode: Mode) -> Decimal:
    """Round an exact ratio to so many decimal places, half up (away from 0) or another way."""
    return decimal(rounded_whole((value[0] * 10**digits, value[1]), mode), digits)


def rounded_whole(value: Ratio, mode: Mode) -> int:
    """Round an exact ratio to a whole number."""
    size, rest = divmod(abs(value[0]), value[1])
    twice = 2 * rest
    if mode == "down" or mode == "up":
        size += 1 if rest and mode == "up" else 0
    elif twice > value[1] or (twice == value[1] and (mode == "half_up" or size % 2 == 1)):
        size += 1
    return size if value[0] >= 0 else -size


def decimal(whole: int, digits: int) -> Decimal:
    """Return whole / 10**digits with all its places, whatever the context says."""
    return Decimal(f"{whole}E-{digits}") if digits else Decimal(whole)


def over(value: Exact, divisor: int) -> Exact:
    """Divide exactly; a whole quotient stays whole."""
    if isinstance(value, int):
        quotient, rest = divmod(value, divisor)
        return Fraction(value, divisor) if rest else quotient
    return value / divisor


def scaled(value: Exact, by: Fraction) -> Exact:
    """Multiply exactly; a whole product stays whole."""
    product = value * by.numerator
    return product if by.denominator == 1 else over(product, by.denominator)


def combine(how: Literal["sum", "mean", "median"], ordered: Sequence[Exact]) -> Exact:
    """Sum ascending values, or take their mean or their median."""
    if how == "median":
        middle = len(ordered) // 2
        odd = len(ordered) % 2
        return ordered[middle] if odd else over(ordered[middle - 1] + ordered[middle], 2)
    total: Exact = sum(ordered)
    return over(total, len(ordered)) if how == "mean" else total
