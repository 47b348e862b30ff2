"""Standard scales that make different skills comparable: 500 by mean, 700 by median.

The scaled score is a whole number, rounded half up, and exact: no square root is ever taken of a
binary fraction.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Literal

SPREAD = 30
MAD_FACTOR = Fraction("1.4826")
ScaleName = Literal["500", "700"]


def scale_scores(scale: ScaleName, totals: Sequence[Decimal | Fraction]) -> list[int]:
    """Scale the totals of all who competed; where they don't spread, all get the middle."""
    return _SCALES[scale]([Fraction(total) for total in totals])


def _by_mean(totals: Sequence[Fraction]) -> list[int]:
    count = len(totals)
    mean = sum(totals, Fraction(0)) / (count or 1)
    variance = sum(((total - mean) ** 2 for total in totals), Fraction(0)) / (count or 1)
    if variance == 0:
        return [500] * count
    return [500 + _rounded_root(total - mean, variance) for total in totals]


def _rounded_root(distance: Fraction, variance: Fraction) -> int:
    """Round 30 × distance / √variance half up, by whole numbers only."""
    # Twice the amount, squared: n / m.
    square = (2 * SPREAD * distance) ** 2 / variance
    floor_of_double = isqrt(square.numerator // square.denominator)
    if distance >= 0:
        return (floor_of_double + 1) // 2
    whole = floor_of_double**2 == square
    ceiling_of_double = floor_of_double + (0 if whole else 1)
    return -(ceiling_of_double // 2)


def _by_median(totals: Sequence[Fraction]) -> list[int]:
    if not totals:
        return []
    middle = median(totals)
    deviation = median([abs(total - middle) for total in totals])
    if deviation == 0:
        return [700] * len(totals)
    unit = MAD_FACTOR * deviation / SPREAD
    return [700 + _half_up((total - middle) / unit) for total in totals]


def median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle value, or the mean of the two middle ones."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _half_up(value: Fraction) -> int:
    return (value + Fraction(1, 2)).__floor__()


_SCALES: dict[str, Callable[[Sequence[Fraction]], list[int]]] = {
    "500": _by_mean,
    "700": _by_median,
}
