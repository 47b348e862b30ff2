"""Good prices for the limits of a puzzle: a smooth bound made sharper step by step, by Newton.

Wherever this ends, the search that uses the prices is exact; it only takes longer with worse ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log

Vector = list[float]
Matrix = list[list[float]]
_SHARPER = 0.2
_STEPS = 12
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one kind: what each option is worth for each, and takes of each limit."""

    worths: Sequence[Sequence[int]]
    amounts: Sequence[Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Smooth:
    """The bound at one temperature: items that are near to a change count in part."""

    groups: Sequence[Group]
    bounds: Sequence[int]
    temperature: float

    def value(self, prices: Vector) -> float:
        """Return the bound at some prices."""
        total = -sum(price * bound for price, bound in zip(prices, self.bounds, strict=True))
        for group in self.groups:
            extra = _extra(group, prices)
            for worths in group.worths:
                sums = [*map(float.__add__, extra, map(float, worths))]
                best = max(sums)
                rest = sum(exp((one - best) / self.temperature) for one in sums)
                total += best + self.temperature * log(rest)
        return total

    def slopes(self, prices: Vector) -> tuple[Vector, Matrix]:
        """Return how the bound grows with each price, and how that changes."""
        slope = [-float(bound) for bound in self.bounds]
        bend = [[0.0] * len(prices) for _ in prices]
        for group in self.groups:
            shares, pairs = self._shares(group, prices)
            for option, amounts in enumerate(group.amounts):
                for row, amount in amounts:
                    slope[row] += amount * shares[option]
            self._bend(bend, group, shares, pairs)
        return slope, bend

    def _bend(self, bend: Matrix, group: Group, shares: Vector, pairs: Matrix) -> None:
        for one, first in enumerate(group.amounts):
            for other, second in enumerate(group.amounts):
                weight = (shares[one] * (one == other) - pairs[one][other]) / self.temperature
                if abs(weight) > _NOTHING:
                    for row, amount in first:
                        for column, number in second:
                            bend[row][column] += weight * amount * number

    def _shares(self, group: Group, prices: Vector) -> tuple[Vector, Matrix]:
        size = len(group.amounts)
        shares, pairs = [0.0] * size, [[0.0] * size for _ in range(size)]
        extra = _extra(group, prices)
        for worths in group.worths:
            found = [*self._parts(extra, worths)]
            for one, part in found:
                shares[one] += part
                row = pairs[one]
                for other, number in found:
                    row[other] += part * number
        return shares, pairs

    def _parts(self, extra: Vector, worths: Sequence[int]) -> Iterator[tuple[int, float]]:
        sums = [*map(float.__add__, extra, map(float, worths))]
        least = max(sums) - 30 * self.temperature
        near = [
            (option, exp((one - least) / self.temperature - 30))
            for option, one in enumerate(sums)
            if one > least
        ]
        whole = sum(part for _, part in near)
        return ((option, part / whole) for option, part in near)


def _extra(group: Group, prices: Vector) -> Vector:
    return [float(sum(prices[row] * n for row, n in one)) for one in group.amounts]


def find_prices(
    groups: Sequence[Group],
    bounds: Sequence[int],
    boxes: Sequence[tuple[float, float]],
    start: Sequence[int] | None,
    coldest: float,
) -> Vector:
    """Return prices within their boxes that make the bound about as low as it gets.

    Mostly they are of the size of the worths. Where a floor is missed they are at its penalty,
    which is far more: then it begins anew from there.
    """
    worth = max((float(max(one)) for group in groups for one in group.worths), default=0.0)
    worth = max(worth, coldest)
    highest = max((high for _, high in boxes), default=1.0)
    begin = [0.0] * len(bounds) if start is None else [float(one) for one in start]
    hottest = worth if start is None else worth / 50
    found = _cooled(groups, bounds, boxes, begin, max(hottest, coldest), coldest)
    slope, _ = Smooth(groups, bounds, coldest).slopes(found)
    if all(abs(slope[row]) < 1 for row in _free(found, slope, boxes)):
        return found
    zero = [0.0] * len(bounds)
    other = _cooled(groups, bounds, boxes, zero, highest, coldest)
    smooth = Smooth(groups, bounds, coldest)
    return min(found, other, key=smooth.value)


def _cooled(
    groups: Sequence[Group],
    bounds: Sequence[int],
    boxes: Sequence[tuple[float, float]],
    prices: Vector,
    hottest: float,
    coldest: float,
) -> Vector:
    temperature = hottest
    while True:
        prices = _settled(Smooth(groups, bounds, temperature), prices, boxes)
        if temperature <= coldest:
            return prices
        temperature = max(coldest, temperature * _SHARPER)


def _free(prices: Vector, slope: Vector, boxes: Sequence[tuple[float, float]]) -> list[int]:
    """Return the limits whose price may still go where the bound is lower."""
    return [
        row
        for row, (low, high) in enumerate(boxes)
        if not (prices[row] <= low and slope[row] > 0)
        and not (prices[row] >= high and slope[row] < 0)
    ]


def _settled(smooth: Smooth, prices: Vector, boxes: Sequence[tuple[float, float]]) -> Vector:
    value = smooth.value(prices)
    for _ in range(_STEPS):
        slope, bend = smooth.slopes(prices)
        free = _free(prices, slope, boxes)
        if all(abs(slope[row]) < 0.02 for row in free):
            break
        step = _solved([[bend[r][c] for c in free] for r in free], [-slope[r] for r in free])
        moved = _searched(smooth, prices, value, dict(zip(free, step, strict=True)), boxes)
        if moved is None:
            break
        prices, lower = moved
        if value - lower < 0.01 * smooth.temperature:
            break
        value = lower
    return prices


def _searched(
    smooth: Smooth,
    prices: Vector,
    value: float,
    step: dict[int, float],
    boxes: Sequence[tuple[float, float]],
) -> tuple[Vector, float] | None:
    """Go along a step, half as far each time, until the bound is lower."""
    far = max((abs(one) for one in step.values()), default=0.0)
    part = min(1.0, 60 * smooth.temperature / far) if far else 0.0
    for _ in range(20):
        moved = [
            min(max(price + part * step.get(row, 0.0), boxes[row][0]), boxes[row][1])
            for row, price in enumerate(prices)
        ]
        lower = smooth.value(moved)
        if lower < value:
            return moved, lower
        part /= 3
    return None


def _solved(matrix: Matrix, right: Vector) -> Vector:
    """Solve a symmetric system that may be singular: a small ridge makes it regular."""
    size = len(right)
    ridge = 1e-9 + 1e-7 * max((matrix[i][i] for i in range(size)), default=0.0)
    rows = [
        [*(v + (ridge if i == j else 0.0) for j, v in enumerate(row)), right[i]]
        for i, row in enumerate(matrix)
    ]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            if factor:
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    found = [0.0] * size
    for i in range(size - 1, -1, -1):
        rest = sum(rows[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (rows[i][size] - rest) / rows[i][i]
    return found
