"""The second calculator: stages, points for places, totals, places and awards (docs/scheme.md)."""

from fractions import Fraction
from math import ceil, floor

from tests.reference.calculator import (
    Blocked,
    Entry,
    branch,
    children,
    finished,
    highest,
    is_aspect,
    number,
    rounded,
    value_of,
)


class Undecided(Exception):
    """A decision is needed."""


def stages_of(scheme):
    """List the stages with their parts below them."""
    parts = [{**part, "is_part": True} for part in scheme["parts"]]
    if not scheme.get("stages"):
        return [{"combine": "percent", **scheme, "key": "", "parts": parts}]
    return [
        {"combine": "sum", **stage, "parts": [p for p in parts if p["stage"] == stage["key"]]}
        for stage in scheme["stages"]
    ]


def tables(node):
    """List the nodes with points for places, the deeper ones first."""
    found = [table for child in children(node) for table in tables(child)]
    return [*found, node] if node.get("points") else found


def stage_value(stage, scheme, entry):
    """Return the value of a stage and of its parts on their scale."""
    mode = scheme.get("rounding", "half_up")
    values = []
    for part in stage["parts"]:
        value = value_of(part, entry, may_skip=bool(stage.get("best")))
        if value is not None and stage["combine"] == "percent":
            value = value * 100 / highest(part, None)
        if value is not None and scheme.get("round_parts"):
            value = rounded(value, scheme.get("digits", 2), mode)
        values.append(value)
    if all(value is None for value in values):
        raise Blocked
    # The parts are on their scale already.
    combined = branch(stage, values, [Fraction(100)] * len(values))
    return finished(stage, combined, entry), values


def points_for_places(stage, scheme, entries):
    """Work out the tables of points, one after the other."""
    for node in tables(stage):
        for entry in entries.values():
            entry.places.clear()
            stage_value(stage, scheme, entry)
        table = node["points"]
        key = node["key"]
        there = {name: e.places[key] for name, e in entries.items() if key in e.places}
        for name, value in there.items():
            better = sum(beats(other, value, table) for other in there.values())
            equal = sum(other == value for other in there.values())
            stake = [point(table, better + offset) for offset in range(equal)]
            entries[name].points[key] = points_at(table, stake)


def beats(one, other, table):
    return one > other if table.get("best", "highest") == "highest" else one < other


def point(table, index):
    return number(table["points"][index]) if index < len(table["points"]) else Fraction(0)


def points_at(table, stake):
    ties = table.get("ties", "share")
    if ties == "mean":
        return sum(stake, Fraction(0)) / len(stake)
    if ties == "decide" and len(set(stake)) > 1:
        raise Undecided
    return stake[0]


class Result:
    """What comes out for one entry."""

    def __init__(self):
        self.parts, self.own, self.total, self.reached = {}, {}, None, 0
        self.passed, self.out = None, False


def compute(scheme, marks):
    """Compute all entries: name to list of (key, judge, value); return name to Result."""
    results = {name: Result() for name in marks}
    active = list(marks)
    for index, stage in enumerate(stages_of(scheme)):
        if index and not any(has_marks(stage, marks[name]) for name in active):
            break
        entries = {name: Entry(marks[name]) for name in active}
        points_for_places(stage, scheme, entries)
        for name, entry in entries.items():
            score(scheme, stage, index, entry, results[name])
        able = [name for name in active if not results[name].out]
        active = advanced(stage, able, results)
    return results


def has_marks(stage, marks):
    """Say whether anything is recorded for the parts of a stage."""
    keys = {key for part in stage["parts"] for key in recorded(part)}
    return any(key in keys for key, _, _ in marks)


def recorded(node):
    """List everything that can be recorded at and below a node."""
    own = [node[name]["key"] for name in ("times", "plus") if node.get(name)]
    own += [one["key"] for one in node.get("deductions", [])]
    own += [node["key"]] if is_aspect(node) else []
    return own + [key for child in children(node) for key in recorded(child)]


def score(scheme, stage, index, entry, result):
    mode, digits = scheme.get("rounding", "half_up"), scheme.get("digits", 2)
    own, values = stage_value(stage, scheme, entry)
    result.own[stage["key"]] = own
    carried = [number(c.get("factor", 1)) * result.own[c["stage"]] for c in stage.get("carry", [])]
    result.total = rounded(own + sum(carried), digits, mode)
    result.reached = index + 1
    for part, value in zip(stage["parts"], values, strict=True):
        shown = value or Fraction(0)
        result.parts[part["key"]] = rounded(shown, digits, mode)
        if part.get("pass_mark") is not None:
            passed = shown >= number(part["pass_mark"])
            result.passed = passed and result.passed is not False
    result.out = result.out or disqualified(stage, entry)


def disqualified(node, entry):
    here = any(
        one.get("disqualifies_at") is not None
        and entry.agreed(one["key"], Fraction(0)) >= number(one["disqualifies_at"])
        for one in node.get("deductions", [])
    )
    return here or any(disqualified(child, entry) for child in children(node))


def advanced(stage, able, results):
    advance = stage.get("advance")
    if not advance:
        return able
    totals = {name: results[name].total for name in able}
    through = able
    if advance.get("minimum") is not None:
        through = [name for name in through if totals[name] >= number(advance["minimum"])]
    limits = [advance["top"]] if advance.get("top") is not None else []
    if advance.get("share") is not None:
        limits.append(floor(number(advance["share"]) * len(able) / 100))
    if not limits:
        return through
    # Everybody goes on who has fewer than so many better ones.
    return [
        name
        for name in through
        if sum(totals[other] > totals[name] for other in through) < min(limits)
    ]


def places(results, keys=()):
    """Place those who are in: later stage, total, then parts by their shown scores."""

    def rank_key(result):
        return (result.reached, result.total, *(result.parts.get(key, 0) for key in keys))

    there = {name: rank_key(result) for name, result in results.items() if not result.out}
    return {name: 1 + sum(other > mine for other in there.values()) for name, mine in there.items()}


ROUNDINGS = {"floor": floor, "ceiling": ceil, "half_up": lambda x: floor(x + Fraction(1, 2))}


def awards(plan, ranks, totals):
    """Return name to (tier, amount) for policies extend, skip_next and split."""
    size = len(ranks)
    if size < plan.get("minimum_field", 0):
        return {}
    how = ROUNDINGS[plan.get("share_rounding", "floor")]
    free = []
    for tier in plan["tiers"]:
        limits = [tier["places"]] if tier.get("places") is not None else []
        if tier.get("share") is not None:
            limits.append(how(number(tier["share"]) * size / 100))
        if size >= tier.get("minimum_field", 0):
            cut = None if tier.get("down_to") is None else how(portion(tier["down_to"]) * size)
            free.append([tier, min(limits) if limits else None, cut])
    found = {}
    for rank in sorted(set(ranks.values())):
        group = [name for name in ranks if ranks[name] == rank]
        found.update(give(plan, free, group, totals[group[0]], len(found)))
    return found


def portion(text):
    """Read 1/12 or 30 %."""
    return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)


def places_left(left, cut, given):
    """Say how many places a tier has left, when so many have an award already."""
    limits = [] if left is None else [left]
    limits += [] if cut is None else [cut - given]
    return min(limits) if limits else None


def open_tier(free, total, given):
    """Close the tiers that are used up or too good for this total."""
    while free:
        tier, left, cut = free[0]
        low = tier.get("floor") is not None and total < number(tier["floor"])
        open_places = places_left(left, cut, given)
        if (open_places is None or open_places > 0) and not low:
            return
        del free[0]
        if left is not None and left < 0 and free and free[0][1] is not None:
            free[0][1] += left


def give(plan, free, group, total, given):
    open_tier(free, total, given)
    if not free:
        return {}
    tier, left, _ = free[0]
    count, ties = len(group), plan.get("ties", "extend")
    amount = number(tier.get("amount", 0))
    if ties == "split":
        amount = Fraction(floor(100 * stake(free, count, total, given) / count), 100)
    if left is not None:
        left -= count
        free[0][1] = max(left, 0) if ties == "extend" else left
    return {name: (tier["key"], amount) for name in group}


def stake(free, count, total, given):
    """Sum the money of the next so many places."""
    amounts, over = [], 0
    for tier, left, cut in free:
        own = None if left is None else left + over
        available = places_left(own, cut, given + len(amounts))
        available = count if available is None else max(0, available)
        over = 0 if left is None else min(0, left + over)
        if tier.get("floor") is None or total >= number(tier["floor"]):
            amounts += [number(tier.get("amount", 0))] * available
    return sum(amounts[:count], Fraction(0))


__all__ = ["Blocked", "Undecided", "awards", "compute", "is_aspect", "places"]
