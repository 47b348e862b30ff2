"""The highest value a node can reach, from which a part's score on the 100 scale is made."""

from collections.abc import Sequence
from fractions import Fraction

from rules.exact import Exact, combine
from rules.scheme_nodes import Aspect, Branch, Node, Panel, Stage, below, panels


def highest_value(node: Node, inherited: Panel | None = None) -> Fraction:
    """Return the highest value of a node before its points table."""
    here, down = panels(node, inherited)
    if isinstance(node, Aspect):
        value = Fraction(node.maximum)
    else:
        children = below(node)
        tops = [highest_value(child, down) for child in children]
        value = _together(node, tops, [Fraction(child.weight or 0) for child in children])
    if here is not None and here.combine == "sum":
        value *= here.judges - here.drop_high - here.drop_low
    return _finished(node, value)


def stage_maximum(stage: Stage, tops: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """Return the highest value of a stage from those of its parts."""
    return _finished(stage, _together(stage, tops, weights))


def _together(branch: Branch, tops: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    if branch.combine == "percent":
        return Fraction(100)
    if branch.combine == "weighted":
        return sum((top * w / 100 for top, w in zip(tops, weights, strict=True)), Fraction(0))
    values: list[Exact] = sorted(tops)
    low, high = branch.drop_low, len(values) - branch.drop_high
    if branch.best is not None:
        low = max(low, high - branch.best)
    return Fraction(combine(branch.combine, values[low:high])) if low < high else Fraction(0)


def _finished(node: Node, value: Fraction) -> Fraction:
    value *= Fraction(node.factor) * (Fraction(node.times.maximum) if node.times else 1)
    value += Fraction(node.offset) + (Fraction(node.plus.maximum) if node.plus else 0)
    return value if node.cap is None else min(value, Fraction(node.cap))
