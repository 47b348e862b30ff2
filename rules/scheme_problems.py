"""Everything that can contradict itself in a marking scheme, found in one go."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from rules.aspect_problems import aspect_problems
from rules.data import plain
from rules.refusals import Refused
from rules.scheme_maxima import highest_value
from rules.scheme_nodes import (
    Advance,
    Aspect,
    Branch,
    Given,
    Node,
    Panel,
    Part,
    Section,
    Stage,
    below,
    below_all,
    panels,
)
from rules.texts import N_

MOST_PLACES = 6
WEIGHED = ("percent", "weighted")

_PART_WEIGHTS = N_("The weights of the parts add up to %(total)s, not to 100.")
_WEIGHTS = N_("The weights below %(node)s must be above 0 and add up to 100; they make %(total)s.")
_DECLARED = N_("%(node)s declares %(declared)s marks, but carries %(carried)s.")
_PASS_MARK = N_("The pass mark of %(part)s must lie between 0 and %(highest)s.")
_NOTHING = N_("%(part)s has nothing to mark.")
# What hangs on the values of several nodes: nothing to say about while one of them is none.
SUMS = frozenset({_PART_WEIGHTS, _WEIGHTS, _DECLARED, _PASS_MARK, _NOTHING})


class Shape(Protocol):
    """What is looked at of a scheme as a whole."""

    @property
    def parts(self) -> tuple[Part, ...]: ...
    @property
    def stages(self) -> tuple[Stage, ...]: ...
    @property
    def facts(self) -> tuple[Given, ...]: ...
    @property
    def digits(self) -> int: ...


Levels = Sequence[tuple[Stage, tuple[Part, ...]]]


def scheme_problems(levels: Levels, scheme: Shape) -> Iterator[Refused]:
    """Yield every contradiction of a scheme, each with the key of its node."""
    for stage, parts in levels:
        yield from _weight_problems(stage, parts)
    if not 0 <= scheme.digits <= MOST_PLACES:
        yield Refused(N_("Results are rounded to 0 to 6 decimal places."), field="digits")
    yield from _key_problems(levels, scheme)
    yield from _stage_problems(levels, scheme)
    for stage, parts in levels:
        yield from _branch_problems(stage, len(parts))
        for part in parts:
            yield from _part_problems(part, stage.combine in WEIGHED)
            if stage.combine == "percent" and part.aspects:
                yield from _percent_problems(part, None)


def _weight_problems(stage: Stage, parts: Sequence[Part]) -> Iterator[Refused]:
    total = sum((part.weight for part in parts), Decimal(0))
    if stage.combine in WEIGHED and total != 100:
        yield Refused(_PART_WEIGHTS, field=stage.key or "parts", total=plain(total))


def _key_problems(levels: Levels, scheme: Shape) -> Iterator[Refused]:
    parts = scheme.parts
    yield from _nameless(levels, scheme)
    yield from _twice(stage.key for stage in scheme.stages)
    yield from _twice(part.key for part in parts)
    yield from _twice(key for p in parts for s in p.sections for key in s.flat_keys())
    recorded = [aspect.key for part in parts for aspect in part.aspects]
    recorded += [given.key for given in scheme.facts]
    for node in (*(part for part in parts), *(stage for stage, _ in levels)):
        inside = node.nodes if isinstance(node, Part) else (node,)
        recorded += [given.key for one in inside for given in one.agreed]
        recorded += [deduction.key for one in inside for deduction in one.deductions]
    yield from _twice(recorded)


def _nameless(levels: Levels, scheme: Shape) -> Iterator[Refused]:
    """Yield keys that no marks file could name: empty ones, ones with blanks at an end."""
    keys = [stage.key for stage in scheme.stages]
    keys += [node.key for part in scheme.parts for node in part.nodes]
    nodes: list[Node] = [stage for stage, _ in levels]
    for node in (*nodes, *(node for part in scheme.parts for node in part.nodes)):
        keys += [one.key for one in node.agreed]
        keys += [one.key for one in node.deductions]
    for key in (*keys, *(fact.key for fact in scheme.facts)):
        if not key or key != key.strip():
            text = N_("A key has at least one sign, and no blank at its ends: “%(key)s”.")
            yield Refused(text, field=key, key=key)


def _twice(keys: Iterable[str]) -> Iterator[Refused]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Refused(N_("The key %(key)s is used more than once."), field=key, key=key)


def _stage_problems(levels: Levels, scheme: Shape) -> Iterator[Refused]:
    names = [stage.key for stage in scheme.stages]
    for part in scheme.parts:
        if names and part.stage not in names:
            text = N_("%(part)s belongs to a stage %(stage)s that is not there.")
            yield Refused(text, field=part.key, part=part.title, stage=part.stage or "–")
        if not names and part.stage:
            text = N_("%(part)s names a stage, but the scheme has no stages.")
            yield Refused(text, field=part.key, part=part.title)
    for index, (stage, parts) in enumerate(levels):
        if names and not parts:
            yield Refused(N_("%(stage)s has no parts."), field=stage.key, stage=stage.title)
        for carry in stage.carry:
            if carry.stage not in names[:index]:
                text = N_("%(stage)s can only carry over from an earlier stage, not from %(from)s.")
                params = {"stage": stage.title, "from": carry.stage}
                yield Refused(text, field=stage.key, **params)
        yield from _advance_problems(stage, index == len(levels) - 1)


def _advance_problems(stage: Stage, last: bool) -> Iterator[Refused]:
    advance = stage.advance
    if advance is None:
        return
    if last:
        text = N_("Nobody can go on from %(stage)s: it is the last stage.")
        yield Refused(text, field=stage.key, stage=stage.title)
    if not _draws_a_line(advance):
        text = N_("%(stage)s must say who goes on: the top so many, a share, or a lowest score.")
        yield Refused(text, field=stage.key, stage=stage.title)


def _draws_a_line(advance: Advance) -> bool:
    if advance.top is not None and advance.top < 1:
        return False
    if advance.share is not None and not 0 < advance.share <= 100:
        return False
    lines = (advance.top, advance.share, advance.minimum)
    return any(line is not None for line in lines)


def _part_problems(part: Part, weighed: bool) -> Iterator[Refused]:
    names = {"field": part.key, "part": part.title}
    if weighed and part.weight <= 0:
        yield Refused(N_("The weight of %(part)s must be above 0."), **names)
    if not part.aspects:
        yield Refused(_NOTHING, **names)
    highest = Fraction(100) if weighed else highest_value(part) if part.aspects else Fraction(0)
    if part.pass_mark is not None and not 0 <= part.pass_mark <= highest:
        yield Refused(_PASS_MARK, highest=plain(_shown(highest)), **names)
    yield from _node_problems(part, None, False)


def _percent_problems(node: Part | Section | Aspect, inherited: Panel | None) -> Iterator[Refused]:
    """Percents of nothing, or of less, are none; an aspect without marks is said to be so."""
    aspects = [node] if isinstance(node, Aspect) else [*_aspects(node)]
    sound = all(aspect.maximum > aspect.minimum for aspect in aspects)
    if sound and highest_value(node, inherited) <= 0:
        text = N_("%(node)s counts in percent, but its highest value is not above 0.")
        yield Refused(text, field=node.key, node=node.title)


def _aspects(node: Part | Section) -> Iterator[Aspect]:
    for child in below_all(node):
        if isinstance(child, Aspect):
            yield child


def _shown(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _node_problems(node: Node, inherited: Panel | None, in_sheet: bool) -> Iterator[Refused]:
    """Walk down: `in_sheet` says that one judge's marks become one value above this node."""
    here, down = panels(node, inherited)
    children = below(node)
    own = None if isinstance(node, Stage) else node.panel
    if own is not None:
        yield from panel_problems(node, own)
        yield from _nested_problems(node, own, down is None or isinstance(node, Part))
    if isinstance(node, Section | Part):
        yield from _branch_problems(node, len(children))
        yield from _maximum_problems(node, inherited)
        if node.combine in WEIGHED:
            yield from _child_weights(node)
        for child in children if node.combine == "percent" else ():
            yield from _percent_problems(child, down)
    else:
        yield from _worth_problems(node)
    yield from _place_problems(node, here, in_sheet)
    if not isinstance(node, Stage | Part | Section):
        yield from aspect_problems(node)
    for child in children:
        yield from _node_problems(child, down, in_sheet or here is not None)


def _nested_problems(node: Node, own: Panel, outer: bool) -> Iterator[Refused]:
    nested = outer and panels(node, None)[0] is None and own.combine_at == "part"
    if nested and own.judges > 1 and below(node):
        text = N_("The judges of %(part)s cannot be combined as a whole: panels stand below it.")
        yield Refused(text, field=node.key, part=node.title)


def _place_problems(node: Node, here: Panel | None, in_sheet: bool) -> Iterator[Refused]:
    """Say what a node asks for that is not possible where it stands."""
    inside = in_sheet or (here is not None and bool(below(node)))
    if in_sheet and (node.missing != "block" or node.points is not None):
        text = N_("%(node)s lies inside one judge's sheet and cannot be left out or placed.")
        yield Refused(text, field=node.key, node=node.title)
    if inside and isinstance(node, Branch) and node.best is not None and in_sheet:
        text = N_("%(node)s lies inside one judge's sheet and cannot keep the best only.")
        yield Refused(text, field=node.key, node=node.title)
    if here is None and any(deduction.on == "mark" for deduction in node.deductions):
        text = N_("A deduction on the judges' marks must stand where they are combined: %(node)s.")
        yield Refused(text, field=node.key, node=node.title)


def _branch_problems(node: Branch, children: int) -> Iterator[Refused]:
    assert isinstance(node, Stage | Part | Section)
    names = {"field": node.key or "parts", "node": node.title}
    if min(node.drop_high, node.drop_low) < 0:
        yield Refused(N_("%(node)s cannot drop fewer than 0 values."), **names)
    if node.drop_high + node.drop_low and children <= node.drop_high + node.drop_low:
        yield Refused(N_("%(node)s drops so many values that none is left."), **names)
    if node.best is not None and not 1 <= node.best <= children:
        text = N_("%(node)s cannot keep the best %(best)s of %(count)s.")
        yield Refused(text, best=node.best, count=children, **names)
    if node.combine in WEIGHED and (node.drop_high or node.drop_low or node.best is not None):
        yield Refused(N_("%(node)s cannot drop values that have weights."), **names)
    yield from _worth_problems(node)


def _worth_problems(node: Node) -> Iterator[Refused]:
    names = {"field": node.key or "parts", "node": node.title}
    if node.factor <= 0:
        yield Refused(N_("The factor of %(node)s must be above 0."), **names)
    if node.floor is not None and node.cap is not None and node.floor > node.cap:
        yield Refused(N_("The lowest value of %(node)s is above its highest."), **names)
    if any(not 0 <= rounding.digits <= MOST_PLACES for rounding in node.rounds):
        yield Refused(N_("%(node)s is rounded to 0 to 6 decimal places."), **names)
    if len({rounding.at for rounding in node.rounds}) < len(node.rounds):
        yield Refused(N_("%(node)s is rounded twice at the same step."), **names)
    if node.points is not None and not node.points.points:
        yield Refused(N_("The points table of %(node)s is empty."), **names)
    for given in node.agreed:
        yield from _given_problems(given)
    yield from _deduction_problems(node)


def _deduction_problems(node: Node) -> Iterator[Refused]:
    for one in node.deductions:
        if one.each < 0 or one.step <= 0 or (one.limit is not None and one.limit < 0):
            text = N_("The deduction %(node)s needs amounts that are not below 0.")
            yield Refused(text, field=one.key, node=one.title)


def _given_problems(given: Given) -> Iterator[Refused]:
    if given.step <= 0 or given.maximum < given.minimum:
        text = N_("%(node)s needs a step above 0 and a maximum that is not below the minimum.")
        yield Refused(text, field=given.key, node=given.title)


def _maximum_problems(node: Section | Part, inherited: Panel | None) -> Iterator[Refused]:
    if node.declared_maximum is None or not below(node):
        return
    highest = highest_value(node, inherited)
    if Fraction(node.declared_maximum) != highest:
        params = {"declared": plain(node.declared_maximum), "carried": plain(_shown(highest))}
        yield Refused(_DECLARED, field=node.key, node=node.title, **params)


def _child_weights(node: Section | Part) -> Iterator[Refused]:
    weights = [Fraction(child.weight or 0) for child in below(node)]
    if sum(weights) != 100 or any(weight <= 0 for weight in weights):
        total = plain(_shown(sum(weights, Fraction(0))))
        yield Refused(_WEIGHTS, field=node.key, node=node.title, total=total)


def panel_problems(node: Node, panel: Panel) -> Iterator[Refused]:
    """Yield what a panel contradicts: who is needed, and what its trim leaves (R2.13)."""
    names = {"field": node.key, "part": node.title}
    if not 1 <= panel.minimum <= panel.judges:
        text = N_("The panel of %(part)s needs at least 1 and at most %(judges)s judges.")
        yield Refused(text, judges=panel.judges, **names)
    if min(panel.drop_high, panel.drop_low, panel.drop_from) < 0:
        yield Refused(N_("The panel of %(part)s cannot drop fewer than 0 marks."), **names)
    if max(panel.minimum, panel.drop_from) <= panel.drop_high + panel.drop_low:
        text = N_("The panel of %(part)s drops so many marks that none may be left.")
        yield Refused(text, **names)
    if panel.max_spread is not None and panel.max_spread <= 0:
        yield Refused(N_("The largest spread of %(part)s must be above 0."), **names)
