"""The exact search behind the choice in a selection: one option for each item, under common limits.

Every limit gets a price. With prices each item picks its best option alone, which gives an upper
bound; whatever else is picked costs its difference to that, and whatever limit is not used up costs
its price. So the best choice is the one with the least cost, and only items that differ by no more
than that cost have to be looked at. Prices may be any numbers: good ones only make it quick.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

from rules.selection_allocation_prices import Group, find_prices

SCALE = 8
# So many part choices are looked at for one choice, then it is given up: some seconds of work.
MOST_STATES = 200_000
# Of so few the first prices are good enough.
FEW = 12
_MOST_SWEEPS = 40


@dataclass(frozen=True, slots=True)
class Floor:
    """A sum that should reach ``low``; each unit that is missing, or a part of one, costs."""

    low: int
    penalty: int
    unit: int = 1

    def cost(self, total: int, price: int) -> int:
        """Return what a sum costs against the bound."""
        short = self.low - total
        if short <= 0:
            return -price * short
        return self.penalty * -(-short // self.unit) - price * short

    def least(self, lowest: int, highest: int, price: int) -> int:
        """Return what sums between two limits cost at least."""
        if lowest >= self.low:
            return price * (lowest - self.low)
        short = self.low - highest
        return 0 if short <= 0 else (self.penalty // self.unit - price) * short


@dataclass(frozen=True, slots=True)
class Cap:
    """A sum that may not exceed ``high``; its price is negative."""

    high: int

    def cost(self, total: int, price: int) -> int | None:
        """Return what a sum costs against the bound; None: it is too much."""
        return None if total > self.high else -price * (self.high - total)

    def least(self, lowest: int, highest: int, price: int) -> int | None:
        """Return what sums between two limits cost at least; None: they are too much."""
        if lowest > self.high:
            return None
        return 0 if highest >= self.high else -price * (self.high - highest)


class TooHard(Exception):
    """The best choice cannot be worked out in reasonable time; names the limits that bind."""

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__(rows)
        self.rows = tuple(rows)


@dataclass(slots=True)
class Effort:
    """How many part choices may still be looked at; ``rows`` are the limits that bind."""

    left: int
    rows: Sequence[int] = ()

    def spend(self, count: int) -> None:
        """Take so many off; raise TooHard when nothing is left."""
        self.left -= count
        if self.left < 0:
            raise TooHard(self.rows)


Limit = Floor | Cap
Amounts = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that takes one option, or none: the worth of each, and which kind of item it is.

    The items of a kind take the same amounts of the limits with the same option.
    """

    worths: tuple[int, ...]
    kind: int


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Items in their order; for each kind the amounts that each option takes of which limit.

    Option 0 is none: it is worth nothing and takes nothing.
    """

    items: Sequence[Item]
    kinds: Sequence[Sequence[Amounts]]
    limits: Sequence[Limit]


class Pricing:
    """Prices of the limits: each in turn the best one beside the others, until none gets better."""

    def __init__(self, puzzle: Puzzle, start: Sequence[int] | None = None) -> None:
        self._puzzle = puzzle
        self.prices = [0] * len(puzzle.limits) if start is None else [*start]
        self._members: list[list[Item]] = [[] for _ in puzzle.kinds]
        for item in puzzle.items:
            self._members[item.kind].append(item)
        if len(puzzle.items) > FEW:
            self._find(start)
        self.extra = [
            [sum(self.prices[row] * amount for row, amount in one) for one in options]
            for options in puzzle.kinds
        ]
        self._settle()

    def _find(self, start: Sequence[int] | None) -> None:
        limits = self._puzzle.limits
        groups = [
            Group([item.worths for item in members], options)
            for members, options in zip(self._members, self._puzzle.kinds, strict=True)
            if members
        ]
        boxes = [
            (0.0, float(one.penalty // one.unit)) if isinstance(one, Floor) else (-inf, 0.0)
            for one in limits
        ]
        bounds = [one.low if isinstance(one, Floor) else one.high for one in limits]
        found = find_prices(groups, bounds, boxes, start, SCALE / 4)
        self.prices = [round(one) for one in found]

    def _settle(self) -> None:
        best = self._bound()
        for _ in range(_MOST_SWEEPS):
            for row in range(len(self.prices)):
                self._move(row)
            found = self._bound()
            if found >= best:
                break
            best = found

    def _bound(self) -> int:
        total = sum(
            max(map(int.__add__, item.worths, extra))
            for members, extra in zip(self._members, self.extra, strict=True)
            for item in members
        )
        for limit, price in zip(self._puzzle.limits, self.prices, strict=True):
            total -= price * (limit.low if isinstance(limit, Floor) else limit.high)
        return total

    def _move(self, row: int) -> None:
        limit = self._puzzle.limits[row]
        start, turns = self._turns(row)
        if isinstance(limit, Floor):
            price = _crossing(start - limit.low, turns, 0, limit.penalty // limit.unit)
        else:
            price = _crossing(start - limit.high, turns, None, 0)
        change = price - self.prices[row]
        if change:
            self.prices[row] = price
            for options, extra in zip(self._puzzle.kinds, self.extra, strict=True):
                for option, amounts in enumerate(options):
                    extra[option] += sum(change * n for one, n in amounts if one == row)

    def _turns(self, row: int) -> tuple[int, list[tuple[int, int]]]:
        """Return the sum at the lowest price, and at which prices it grows by how much."""
        start = 0
        turns: list[tuple[int, int]] = []
        for members, options, extra in zip(
            self._members, self._puzzle.kinds, self.extra, strict=True
        ):
            taken = [sum(n for one, n in amounts if one == row) for amounts in options]
            if not members or not any(taken):
                continue
            steps = sorted({*taken})
            start += steps[0] * len(members)
            groups = [[o for o, n in enumerate(taken) if n == step] for step in steps]
            without = [e - self.prices[row] * n for e, n in zip(extra, taken, strict=True)]
            for item in members:
                worths = [max(item.worths[o] + without[o] for o in group) for group in groups]
                turns += _envelope(steps, worths)
        turns.sort()
        return start, turns


def _envelope(slopes: Sequence[int], heights: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where the highest of some lines changes, and by how much it is steeper then."""
    if len(slopes) == 2:
        step = slopes[1] - slopes[0]
        yield (heights[0] - heights[1]) // step, step
        return
    at = 0
    while at < len(slopes) - 1:
        turn, step, to = min(
            ((heights[at] - heights[to]) // (slopes[to] - slopes[at]), slopes[at] - slopes[to], to)
            for to in range(at + 1, len(slopes))
        )
        yield turn, -step
        at = to


def _crossing(slope: int, turns: Sequence[tuple[int, int]], least: int | None, most: int) -> int:
    """Return the price at which a growing slope goes through zero; the middle of a flat stretch."""
    before = after = None
    for turn, step in turns:
        if slope >= 0:
            after = turn
            break
        slope += step
        before = turn
    if slope < 0:
        return most
    price = _middle(before, after if slope == 0 else before)
    return min(price if least is None else max(price, least), most)


def _middle(before: int | None, after: int | None) -> int:
    if before is None:
        return 0 if after is None else after - SCALE
    return before + SCALE if after is None else (before + after) // 2


class Search:
    """The least cost of a puzzle at some prices, and every choice that has it."""

    def __init__(
        self, puzzle: Puzzle, start: Sequence[int] | None = None, most: int | None = None
    ) -> None:
        self.puzzle = puzzle
        pricing = Pricing(puzzle, start)
        self.prices = pricing.prices
        binding = [row for row, price in enumerate(self.prices) if price]
        self.effort = Effort(MOST_STATES if most is None else most, binding)
        self._costs = []
        for item in puzzle.items:
            worths = [*map(int.__add__, item.worths, pricing.extra[item.kind])]
            best = max(worths)
            self._costs.append([best - one for one in worths])
        self.layers = self._deepened()

    def _deepened(self) -> "Layers":
        budget = 0
        while True:
            layers = Layers(self.puzzle, self.prices, self._costs, budget, self.effort)
            if layers.least is not None:
                return layers
            budget = max(SCALE, budget * (32 if len(self.puzzle.items) <= FEW else 2))


State = tuple[int, ...]


class Layers:
    """All part choices of the items in their order whose cost stays within a budget."""

    def __init__(
        self,
        puzzle: Puzzle,
        prices: Sequence[int],
        costs: Sequence[Sequence[int]],
        budget: int,
        effort: Effort,
    ) -> None:
        self._puzzle, self._prices, self._budget = puzzle, prices, budget
        self.effort = effort
        self.choices = [
            [option for option, cost in enumerate(own) if cost <= budget] for own in costs
        ]
        self._costs = costs
        open_items = [at for at, own in enumerate(self.choices) if len(own) > 1]
        self.open = open_items
        self._rows = sorted(
            {
                row
                for at in open_items
                for option in self.choices[at]
                for row, _ in puzzle.kinds[puzzle.items[at].kind][option]
            }
        )
        self._steps = {at: self._steps_of(at) for at in open_items}
        self._ends = self._bounds()
        self._rest = self._cost_of_rest()
        self.layers: list[dict[State, int]] = []
        self.least: int | None = None
        if self._rest is not None:
            self._run()

    @cached_property
    def _fixed(self) -> list[int]:
        sums = [0] * len(self._puzzle.limits)
        for at, own in enumerate(self.choices):
            if len(own) == 1:
                kind = self._puzzle.items[at].kind
                for row, amount in self._puzzle.kinds[kind][own[0]]:
                    sums[row] += amount
        return sums

    def _cost_of_rest(self) -> int | None:
        """Return what the limits cost that no open item changes; None: one is broken."""
        total = 0
        for row, limit in enumerate(self._puzzle.limits):
            if row not in self._rows:
                cost = limit.cost(self._fixed[row], self._prices[row])
                if cost is None:
                    return None
                total += cost
        return total

    def _steps_of(self, at: int) -> list[tuple[int, int, State]]:
        options = self._puzzle.kinds[self._puzzle.items[at].kind]
        found = []
        for option in self.choices[at]:
            amounts = dict(options[option])
            step = tuple(amounts.get(row, 0) for row in self._rows)
            found.append((option, self._costs[at][option], step))
        return found

    def _bounds(self) -> list[list[tuple[int, int]]]:
        """Return for each open item what the ones from it on can add to each sum."""
        ends = [[(0, 0)] * len(self._rows)]
        for at in reversed(self.open):
            moves = [step for _, _, step in self._steps[at]]
            ends.append(
                [
                    (low + min(step[i] for step in moves), high + max(step[i] for step in moves))
                    for i, (low, high) in enumerate(ends[-1])
                ]
            )
        return ends[::-1]

    def _run(self) -> None:
        start = tuple(self._fixed[row] for row in self._rows)
        first = self._reaches(0, start, self._rest or 0)
        self.layers = [{start: self._rest or 0} if first else {}]
        for place, at in enumerate(self.open, 1):
            self.layers.append(self._next(place, self._steps[at]))
        ends = (
            cost + end
            for state, cost in self.layers[-1].items()
            if (end := self.end_cost(state)) is not None
        )
        least = min(ends, default=None)
        self.least = least if least is not None and least <= self._budget else None

    def _next(self, place: int, steps: Sequence[tuple[int, int, State]]) -> dict[State, int]:
        found: dict[State, int] = {}
        for state, spent in self.layers[-1].items():
            self.effort.spend(len(steps))
            for _, cost, step in steps:
                total = spent + cost
                if total > self._budget:
                    continue
                after = tuple(map(int.__add__, state, step))
                known = found.get(after)
                if known is not None:
                    if total < known:
                        found[after] = total
                elif self._reaches(place, after, total):
                    found[after] = total
        return found

    def _reaches(self, place: int, state: State, spent: int) -> bool:
        left = self._budget - spent
        for row, total, (low, high) in zip(self._rows, state, self._ends[place], strict=True):
            cost = self._puzzle.limits[row].least(total + low, total + high, self._prices[row])
            if cost is None:
                return False
            left -= cost
            if left < 0:
                return False
        return True

    def end_cost(self, state: State) -> int | None:
        """Return what the limits cost with these sums at the end; None: one is broken."""
        total = 0
        for row, value in zip(self._rows, state, strict=True):
            cost = self._puzzle.limits[row].cost(value, self._prices[row])
            if cost is None:
                return None
            total += cost
        return total

    @cached_property
    def best(self) -> list[dict[State, list[tuple[int, State]]]]:
        """Return for each open item which options from which sums lead to the least cost."""
        least = self.least
        alive = {
            state
            for state, cost in self.layers[-1].items()
            if (end := self.end_cost(state)) is not None and cost + end == least
        }
        found: list[dict[State, list[tuple[int, State]]]] = []
        for place in range(len(self.open) - 1, -1, -1):
            steps, after = self._steps[self.open[place]], self.layers[place + 1]
            edges: dict[State, list[tuple[int, State]]] = {}
            for state, spent in self.layers[place].items():
                for option, cost, step in steps:
                    to = tuple(map(int.__add__, state, step))
                    if to in alive and spent + cost == after[to]:
                        edges.setdefault(state, []).append((option, to))
            alive = {*edges}
            found.append(edges)
        return found[::-1]

    @property
    def start(self) -> State:
        """Return the sums before the first open item."""
        return next(iter(self.layers[0]))
