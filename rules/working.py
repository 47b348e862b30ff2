"""Work out the value of a node: marks, the panel's trim, factors, deductions, roundings.

Values are whole numbers of one small unit per scheme, so that almost every step is whole-number
arithmetic; a mean that doesn't come out even goes on as an exact fraction.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rules.awarding import awarded, charge, mark_problem, units
from rules.exact import Exact, Mode, combine, rounded, rounded_whole, scaled
from rules.marks import JudgeMarks
from rules.scheme_maxima import highest_value
from rules.scheme_nodes import (
    Aspect,
    Branch,
    Deduction,
    Node,
    Panel,
    Part,
    Rounding,
    Stage,
    below,
    panels,
)


class Unusable(Exception):
    """These marks make no result; the problems are listed off the fast path."""


class JudgeWork(NamedTuple):
    """One judge's value at the node where the panel's marks become one."""

    judge: int
    value: Exact
    dropped: bool


# A panel gives the same few values again and again: made once, they cost no room again.
_judge_work = lru_cache(1 << 16)(JudgeWork)


class Deducted(NamedTuple):
    """A deduction as it was recorded, and what it took."""

    deduction: Deduction
    times: Decimal
    amount: Exact


class Work(NamedTuple):
    """How the value of a node came about; all values count the scheme's unit, None is left out."""

    node: Node
    value: Exact | None
    combined: Exact = 0
    multiplied: Exact = 0
    judges: tuple[JudgeWork, ...] = ()
    below: "tuple[Work, ...]" = ()
    dropped: frozenset[int] = frozenset()
    deducted: tuple[Deducted, ...] = ()


@dataclass(slots=True)
class Facts:
    """What belongs to one entry beside the judges' marks: agreed values, points for places."""

    given: Mapping[str, Decimal] = field(default_factory=dict)
    points: Mapping[str, Exact] = field(default_factory=dict)
    raw: dict[str, Exact] = field(default_factory=dict)


Sheets = Sequence[JudgeMarks]


class NodeWork:
    """One node made ready: what stands below it, who marks it, and its numbers in units."""

    def __init__(
        self, node: Node, children: "Sequence[NodeWork]", unit: int, here: Panel | None
    ) -> None:
        self.node, self.here, self.unit = node, here, unit
        self.children = tuple(children)
        self.digits = 2
        self.mode: Mode = "half_up"
        self.known: dict[Decimal, Exact] = {}
        self.keys: frozenset[str] = frozenset().union(*(child.keys for child in children))
        self.weights: tuple[Fraction, ...] = ()
        self.is_part = isinstance(node, Part)
        own = None if isinstance(node, Stage) else node.panel
        self.owns = own is not None
        self.zero_is_absent = own is not None and own.zero_is_absent
        self.nested: bool = any(child.owns or child.nested for child in children)
        if isinstance(node, Aspect):
            self.keys = frozenset([node.key])
        # The aspects whose judges this node's own panel speaks for.
        self.scope = self.keys.difference(*(child.scope_taken() for child in children))
        self._plain = _is_plain(node)
        self.sums = self._plain and isinstance(node, Branch) and _is_sum(node)
        self._rounds = {rounding.at: rounding for rounding in node.rounds}
        self._on_mark = tuple(one for one in node.deductions if one.on == "mark")
        self._on_result = tuple(one for one in node.deductions if one.on == "result")
        self.lines, self.others = self._flattened()

    def scope_taken(self) -> frozenset[str]:
        """Return the aspects at and below this node that a panel of their own marks."""
        if self.owns:
            return self.keys
        return frozenset().union(*(child.scope_taken() for child in self.children))

    def _flattened(self) -> "tuple[list[tuple[str, NodeWork]], list[NodeWork]]":
        lines: list[tuple[str, NodeWork]] = []
        others: list[NodeWork] = []
        for child in self.children:
            if isinstance(child.node, Aspect) and child._plain and not child.owns:
                lines.append((child.node.key, child))
            elif child.sums and not child.owns:
                lines += child.lines
                others += child.others
            else:
                others.append(child)
        return lines, others

    # --- Inside one judge's sheet ---

    def judged(self, marks: Mapping[str, Decimal], facts: Facts) -> Exact:
        """Return what one judge's marks make of this node, before anything is done with it."""
        if isinstance(self.node, Aspect):
            return self._award(marks)
        if not self.sums and not _is_sum(self.node):
            values = [child.in_sheet(marks, facts) for child in self.children]
            return self._together(values)[0]
        total: Exact = 0
        try:
            for key, line in self.lines:
                total += line.known[marks[key]]
        except KeyError:
            total = sum(line._award(marks) for _, line in self.lines)
        for other in self.others:
            total += other.in_sheet(marks, facts)
        return total

    def total(self, marks: Mapping[str, Decimal], facts: Facts) -> Exact | None:
        """Return one judge's value of this node; None where the sheet is not full."""
        try:
            return self.judged(marks, facts)
        except (KeyError, Unusable):
            return None

    def in_sheet(self, marks: Mapping[str, Decimal], facts: Facts) -> Exact:
        """Return the finished value of this node inside one judge's sheet."""
        value = self._round("judge", self.judged(marks, facts))
        if self._plain:
            return value
        return self._finish(self._round("combined", value), facts)[1]

    def _award(self, marks: Mapping[str, Decimal]) -> Exact:
        assert isinstance(self.node, Aspect)
        value = marks.get(self.node.key)
        if value is None:
            raise Unusable
        if value not in self.known:
            if mark_problem(self.node, value) is not None:
                raise Unusable
            award = awarded(self.node, value) * self.unit
            self.known[value] = award.numerator if award.denominator == 1 else award
        return self.known[value]

    # --- Above the sheets ---

    def work(self, sheets: Sheets, present: Sheets, facts: Facts, may_skip: bool) -> Work:
        """Work this node out: `present` are the sheets of the panel that counts."""
        left_out = self._left_out(sheets, may_skip)
        if left_out is not None:
            return left_out
        if self.owns:
            present = self.present(sheets)
        if self.here is not None:
            judges, combined = self._panel(self.here, present, facts)
            return self._worked(combined, facts, judges=judges)
        skips = isinstance(self.node, Branch) and self.node.best is not None
        works = tuple(child.work(sheets, present, facts, skips) for child in self.children)
        if works and all(one.value is None for one in works):
            return self._empty(may_skip)
        return self.of(works, [one.value for one in works], facts)

    def of(self, works: Sequence[Work], values: Sequence[Exact | None], facts: Facts) -> Work:
        """Combine what stands below this node, whose values may be on another scale."""
        combined, dropped = self._together(values)
        return self._worked(combined, facts, below=tuple(works), dropped=dropped)

    def _left_out(self, sheets: Sheets, may_skip: bool) -> Work | None:
        if self.node.missing == "block" and not may_skip:
            return None
        if any(not self.keys.isdisjoint(sheet.marks) for sheet in sheets):
            return None
        return self._empty(may_skip)

    def _empty(self, may_skip: bool) -> Work:
        if self.node.missing == "zero":
            return Work(self.node, 0)
        if self.node.missing == "block" and not may_skip:
            raise Unusable
        return Work(self.node, None)

    def present(self, sheets: Sheets) -> Sheets:
        """Return the sheets of the judges who marked here, or raise Unusable when too few."""
        assert not isinstance(self.node, Stage)
        panel = self.node.panel or Panel()
        found = [sheet for sheet in sheets if self.speaks(sheet)]
        if self.scope and not panel.minimum <= len(found) <= panel.judges:
            raise Unusable
        return found

    def speaks(self, sheet: JudgeMarks) -> bool:
        """Say whether a judge was there for the panel of this node."""
        if self.scope.isdisjoint(sheet.marks):
            return False
        return not self.zero_is_absent or self.has_marks(sheet)

    def has_marks(self, sheet: JudgeMarks) -> bool:
        """Say whether a judge gave more than zeros: who gave only those was absent."""
        return any(value != 0 for key, value in sheet.marks.items() if key in self.scope)

    def _panel(
        self, panel: Panel, sheets: Sheets, facts: Facts
    ) -> tuple[tuple[JudgeWork, ...], Exact]:
        values = [self.judged(sheet.marks, facts) for sheet in sheets]
        if "judge" in self._rounds:
            values = [self._round("judge", value) for value in values]
        for one in self._on_mark:
            values = [value - self._taken(one, value, facts) for value in values]
        count = len(values)
        low, high = counted(panel, count)
        if low == 0 and high == count and panel.combine != "median":
            judges = tuple(
                _judge_work(s.judge, v, False) for s, v in zip(sheets, values, strict=True)
            )
            return judges, combine(panel.combine, values)
        order = sorted(range(count), key=values.__getitem__)
        kept = order[low:high]
        counts = set(kept)
        judges = tuple(
            _judge_work(sheet.judge, values[index], index not in counts)
            for index, sheet in enumerate(sheets)
        )
        return judges, combine(panel.combine, [values[index] for index in kept])

    def _worked(
        self,
        combined: Exact,
        facts: Facts,
        judges: tuple[JudgeWork, ...] = (),
        below: tuple[Work, ...] = (),
        dropped: frozenset[int] = frozenset(),
    ) -> Work:
        if self._plain:
            return Work(self.node, combined, combined, combined, judges, below, dropped)
        combined = self._round("combined", combined)
        multiplied, value, deducted = self._finish(combined, facts)
        if self.node.points is not None:
            facts.raw[self.node.key] = value
            value = facts.points.get(self.node.key, 0)
        return Work(self.node, value, combined, multiplied, judges, below, dropped, deducted)

    # --- The steps ---

    def _together(self, values: Sequence[Exact | None]) -> tuple[Exact, frozenset[int]]:
        assert isinstance(self.node, Branch)
        if self.weights:
            pairs = zip(values, self.weights, strict=True)
            total: Exact = sum(scaled(v, w) for v, w in pairs if v is not None)
            return total, frozenset()
        if _is_sum(self.node):
            return sum(value for value in values if value is not None), frozenset()
        there = [(value, index) for index, value in enumerate(values) if value is not None]
        there.sort(key=lambda item: item[0])
        low, high = self.node.drop_low, len(there) - self.node.drop_high
        if self.node.best is not None:
            low = max(low, high - self.node.best)
        how = self.node.combine
        if low >= high or how == "weighted" or how == "percent":
            raise Unusable
        dropped = frozenset(index for _, index in (*there[:low], *there[high:]))
        return combine(how, [value for value, _ in there[low:high]]), dropped

    def _finish(self, combined: Exact, facts: Facts) -> tuple[Exact, Exact, tuple[Deducted, ...]]:
        node = self.node
        value = scaled(combined, Fraction(node.factor))
        if node.times is not None:
            value = scaled(value, Fraction(facts.given[node.times.key]))
        multiplied = value = self._round("multiplied", value)
        value += scaled(self.unit, Fraction(node.offset))
        if node.plus is not None:
            value += scaled(self.unit, Fraction(facts.given[node.plus.key]))
        deducted = []
        for one in self._on_result:
            taken = self._taken(one, value, facts)
            if one.key in facts.given:
                deducted.append(Deducted(one, facts.given[one.key], taken))
            value -= taken
        if node.floor is not None:
            value = max(value, scaled(self.unit, Fraction(node.floor)))
        if node.cap is not None:
            value = min(value, scaled(self.unit, Fraction(node.cap)))
        return multiplied, self._round("result", value), tuple(deducted)

    def _taken(self, one: Deduction, value: Exact, facts: Facts) -> Exact:
        """Return how much a recorded deduction takes away from a value."""
        count = facts.given.get(one.key)
        if not count:
            return 0
        if one.effect == "zero":
            return value
        if one.effect == "cap":
            return max(0, value - scaled(self.unit, Fraction(one.each)))
        taken = scaled(self.unit, charge(one, count))
        return min(taken, max(value, 0)) if one.on == "mark" else taken

    def _round(self, at: str, value: Exact) -> Exact:
        rounding = self._rounds.get(at)  # type: ignore[call-overload]
        return value if rounding is None else self.rounded(value, rounding)

    def rounded(self, value: Exact, rounding: Rounding) -> int:
        """Round a value to the digits of a rounding; the unit is a multiple of all of them."""
        step: int = self.unit // 10**rounding.digits
        ratio = (value.numerator, value.denominator * step)
        return rounded_whole(ratio, rounding.mode) * step

    def show_with(self, digits: int, mode: Mode) -> None:
        """Let this node and all below it show results the way the scheme does."""
        self.digits, self.mode = digits, mode
        for child in self.children:
            child.show_with(digits, mode)

    def rounded_off(self, value: Exact) -> int:
        """Round a value the way the scheme shows results."""
        return self.rounded(value, Rounding(digits=self.digits, mode=self.mode))

    def shown(self, value: Fraction) -> Decimal:
        """Show an exact value, not in units, the way the scheme shows results."""
        return rounded(value.as_integer_ratio(), self.digits, self.mode)


def counted(panel: Panel, count: int) -> tuple[int, int]:
    """Return which of so many ascending marks count: from and up to, after the trim (R2.13)."""
    if count < panel.drop_from:
        return 0, count
    return panel.drop_low, count - panel.drop_high


def _is_plain(node: Node) -> bool:
    """Say that a node's value goes on as it is: nothing multiplies, shifts or rounds it."""
    amounts = node.factor == 1 and node.offset == 0 and node.floor is node.cap is None
    given = node.agreed or node.points is not None
    return amounts and not (given or node.rounds or node.deductions)


def _is_sum(node: Branch) -> bool:
    return node.combine == "sum" and node.best is None and not (node.drop_high or node.drop_low)


def made_ready(node: Node, unit: int, inherited: Panel | None = None) -> NodeWork:
    """Make a node ready for many entries."""
    here, down = panels(node, inherited)
    children = below(node)
    ready = NodeWork(node, [made_ready(child, unit, down) for child in children], unit, here)
    if isinstance(node, Branch) and node.combine in ("weighted", "percent"):
        ready.weights = tuple(
            Fraction(child.weight or 0) / _hundred(node, child, down) for child in children
        )
    return ready


def _hundred(branch: Branch, child: Node, inherited: Panel | None) -> Fraction:
    return highest_value(child, inherited) if branch.combine == "percent" else Fraction(100)


def unit_of(parts: Sequence[Part], stages: Sequence[Stage], digits: int) -> int:
    """Return how many units one mark has: all usual amounts and all roundings come out whole."""
    nodes: list[Node] = [*stages, *(node for part in parts for node in part.nodes)]
    return math.lcm(10**digits, *(number for node in nodes for number in _denominators(node)))


def _denominators(node: Node) -> Iterator[int]:
    yield from (10**rounding.digits for rounding in node.rounds)
    yield Fraction(node.offset).denominator
    yield from (Fraction(one.each).denominator for one in node.deductions)
    if isinstance(node, Aspect):
        yield from units(node)
