"""What one mark may be and what it is worth, for every kind of aspect (R2.12, R2.17, R2.18)."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from rules.data import plain
from rules.refusals import Refused
from rules.scheme_nodes import Aspect, AspectKind, Band, Deduction, Given
from rules.texts import N_

# Longer numbers are typing errors or attacks; no scheme needs them.
MOST_PLACES = 10
MOST_DIGITS = 12

_NUMBER = N_("Enter a number.")
_MEASUREMENT = N_("Enter 1 for met or 0 for not met.")
_JUDGEMENT = N_("Enter 0, 1, 2 or 3.")
_LADDER = N_("Enter a whole number from 0 to %(maximum)s.")
_RANGE = N_("Enter a mark from 0 to %(maximum)s.")
_BETWEEN = N_("Enter a mark from %(minimum)s to %(maximum)s.")
_STEP = N_("Enter a mark in steps of %(step)s.")


def mark_problem(aspect: Aspect, value: Decimal) -> Refused | None:
    """Say why this value cannot be the mark of this aspect, or None when it can (R2.17)."""
    if not is_usable(value):
        return Refused(_NUMBER, field=aspect.key)
    return _PROBLEMS[aspect.kind](aspect, value)


def is_usable(value: Decimal) -> bool:
    """Say whether a value is a number of a sensible length."""
    if not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MOST_PLACES and value.adjusted() < MOST_DIGITS


def given_problem(given: Given, value: Decimal) -> Refused | None:
    """Say why an agreed value, such as a difficulty, cannot be this, or None."""
    return _between(given.key, given.minimum, given.maximum, given.step, value)


def deduction_problem(deduction: Deduction, value: Decimal) -> Refused | None:
    """Say why a deduction cannot be recorded so many times, or None."""
    if not is_usable(value) or value < 0:
        return Refused(_NUMBER, field=deduction.key)
    if not on_step(value, deduction.step):
        return Refused(_STEP, field=deduction.key, step=plain(deduction.step))
    return None


def _points_problem(aspect: Aspect, value: Decimal) -> Refused | None:
    return _between(aspect.key, aspect.minimum, aspect.maximum, aspect.step, value)


def _between(
    key: str, low: Decimal, high: Decimal, step: Decimal, value: Decimal
) -> Refused | None:
    if not is_usable(value):
        return Refused(_NUMBER, field=key)
    if not low <= value <= high:
        text = _BETWEEN if low else _RANGE
        return Refused(text, field=key, minimum=plain(low), maximum=plain(high))
    if not on_step(value - low, step):
        return Refused(_STEP, field=key, step=plain(step))
    return None


def _met_problem(aspect: Aspect, value: Decimal) -> Refused | None:
    return None if value in (0, 1) else Refused(_MEASUREMENT, field=aspect.key)


def _ladder_problem(aspect: Aspect, value: Decimal) -> Refused | None:
    if value in range(aspect.top + 1):
        return None
    text = _JUDGEMENT if aspect.top == 3 else _LADDER
    return Refused(text, field=aspect.key, maximum=aspect.top)


def _option_problem(aspect: Aspect, value: Decimal) -> Refused | None:
    if value in range(len(aspect.options)):
        return None
    return Refused(_LADDER, field=aspect.key, maximum=len(aspect.options) - 1)


def _reading_problem(aspect: Aspect, value: Decimal) -> Refused | None:
    if aspect.reading_step is None or on_step(value, aspect.reading_step):
        return None
    return Refused(_STEP, field=aspect.key, step=plain(aspect.reading_step))


_PROBLEMS: dict[AspectKind, Callable[[Aspect, Decimal], Refused | None]] = {
    AspectKind.POINTS: _points_problem,
    AspectKind.MEASUREMENT: _met_problem,
    AspectKind.JUDGEMENT: _ladder_problem,
    AspectKind.DEVIATION: _reading_problem,
    AspectKind.CHOICE: _option_problem,
    AspectKind.BANDS: _reading_problem,
}


def on_step(value: Decimal, step: Decimal) -> bool:
    """Say whether a value is a whole number of steps."""
    return (Fraction(value) / Fraction(step)).denominator == 1


def awarded(aspect: Aspect, value: Decimal) -> Fraction:
    """Return what a mark is worth in the marks of the sheet (R2.12, R2.14)."""
    return _AWARDS[aspect.kind](aspect, value)


def _met(aspect: Aspect, value: Decimal) -> Fraction:
    return Fraction(aspect.maximum if value else aspect.minimum)


def _judged(aspect: Aspect, value: Decimal) -> Fraction:
    if aspect.awards:
        return Fraction(aspect.awards[int(value)])
    return Fraction(aspect.maximum) * Fraction(value) / aspect.top


def _deviated(aspect: Aspect, value: Decimal) -> Fraction:
    distance = Fraction(value) - Fraction(aspect.target)
    excess = _SIDES[aspect.side](distance) - Fraction(aspect.tolerance)
    steps = _COUNTED[aspect.counted](max(Fraction(0), excess) / Fraction(aspect.difference))
    worth = Fraction(aspect.maximum) - Fraction(aspect.deduction) * steps
    return max(Fraction(aspect.minimum), worth)


_SIDES: dict[str, Callable[[Fraction], Fraction]] = {
    "both": abs,
    "above": Fraction,
    "below": lambda distance: -distance,
}


_COUNTED: dict[str, Callable[[Fraction], Fraction]] = {
    "proportional": Fraction,
    "started": lambda steps: Fraction(ceil(steps)),
    "full": lambda steps: Fraction(floor(steps)),
}


def _in_band(aspect: Aspect, value: Decimal) -> Fraction:
    return Fraction(next(band.award for band in aspect.bands if holds(band, value)))


def holds(band: Band, value: Decimal) -> bool:
    """Say whether a reading lies in a band: above its lower end and up to its upper end."""
    above = band.above is None or value > band.above
    return above and (band.up_to is None or value <= band.up_to)


_AWARDS: dict[AspectKind, Callable[[Aspect, Decimal], Fraction]] = {
    AspectKind.POINTS: lambda _aspect, value: Fraction(value),
    AspectKind.MEASUREMENT: _met,
    AspectKind.JUDGEMENT: _judged,
    AspectKind.DEVIATION: _deviated,
    AspectKind.CHOICE: lambda aspect, value: Fraction(aspect.options[int(value)].award),
    AspectKind.BANDS: _in_band,
}


def charge(deduction: Deduction, count: Decimal) -> Fraction:
    """Return what a deduction that takes marks costs when it is recorded so many times (R2.19)."""
    amount = Fraction(deduction.each) * Fraction(count)
    return amount if deduction.limit is None else min(amount, Fraction(deduction.limit))


def units(aspect: Aspect) -> Iterator[int]:
    """Yield the denominators that the aspect's awards can have; readings may make others."""
    amounts = [Fraction(aspect.maximum), Fraction(aspect.deduction), Fraction(aspect.minimum)]
    if aspect.kind is AspectKind.POINTS:
        amounts.append(Fraction(aspect.step))
    if aspect.kind is AspectKind.JUDGEMENT and not aspect.awards:
        amounts.append(Fraction(aspect.maximum) / aspect.top)
    amounts += map(Fraction, aspect.awards)
    amounts += [Fraction(option.award) for option in aspect.options]
    amounts += [Fraction(band.award) for band in aspect.bands]
    yield from (amount.denominator for amount in amounts)
