"""Medals by tolerance: whoever is close enough to the best of a group belongs to it."""

from collections.abc import Sequence
from fractions import Fraction

Groups = tuple[list[int], list[int], list[int]]


def medal_groups(values: Sequence[Fraction], tolerance: Fraction) -> Groups:
    """Return the positions that get gold, silver and bronze.

    A group holds all within the tolerance of its best; the distance is never chained. Two golds
    leave no silver. Three golds or more leave no silver either, and bronze goes only to those
    within the tolerance of the last gold. Two silvers or more: likewise of the last silver.
    """
    order = sorted(range(len(values)), key=lambda index: -values[index])
    gold = _within(values, order, tolerance)
    rest = order[len(gold) :]
    if len(gold) != 1:
        return gold, [], _bronze(values, rest, gold if len(gold) > 2 else [], tolerance)
    silver = _within(values, rest, tolerance)
    rest = rest[len(silver) :]
    return gold, silver, _bronze(values, rest, silver if len(silver) > 1 else [], tolerance)


def _within(values: Sequence[Fraction], order: Sequence[int], tolerance: Fraction) -> list[int]:
    return [index for index in order if values[order[0]] - values[index] <= tolerance]


def _bronze(
    values: Sequence[Fraction], rest: Sequence[int], crowd: Sequence[int], tolerance: Fraction
) -> list[int]:
    if not crowd:
        return _within(values, rest, tolerance)
    return [index for index in rest if values[crowd[-1]] - values[index] <= tolerance]
