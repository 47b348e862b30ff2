"""The second calculator: values of nodes, written from docs/scheme.md alone, in plain fractions.

It takes the scheme as the data of a file and shares no code with rules/. It is slow on purpose:
every step is spelled out the way the page says it.
"""

from fractions import Fraction
from math import ceil, floor

LEFT_OUT = None


class Blocked(Exception):
    """The marks make no result."""


def number(value):
    """Read a number of a scheme."""
    return Fraction(str(value))


def rounded(value, digits, mode="half_up"):
    """Round to so many digits: halves away from 0 or to the even digit, all towards 0 or away."""
    big = abs(value) * 10**digits
    whole = floor(big)
    rest = big - whole
    half = Fraction(1, 2)
    if mode in ("down", "up"):
        whole += 1 if mode == "up" and rest > 0 else 0
    elif rest > half or (rest == half and (mode == "half_up" or whole % 2 == 1)):
        whole += 1
    size = Fraction(whole, 10**digits)
    return size if value >= 0 else -size


def children(node):
    """List what stands below a node: aspects first, then sections; a stage has its parts."""
    return [*node.get("parts", []), *node.get("aspects", []), *node.get("sections", [])]


def is_aspect(node):
    return "maximum" in node


def aspects(node):
    """List all aspects at and below a node."""
    if is_aspect(node):
        return [node]
    return [aspect for child in children(node) for aspect in aspects(child)]


def worth(aspect, value):
    """Say what a mark of an aspect is worth."""
    kind, maximum = aspect.get("kind", "points"), number(aspect["maximum"])
    if kind == "points":
        return value
    if kind == "measurement":
        return maximum if value == 1 else number(aspect.get("minimum", 0))
    if kind == "judgement":
        if aspect.get("awards"):
            return number(aspect["awards"][int(value)])
        return maximum * value / aspect.get("top", 3)
    if kind == "choice":
        return number(aspect["options"][int(value)]["award"])
    if kind == "bands":
        return band(aspect, value)
    return deviation(aspect, value, maximum)


def band(aspect, value):
    for one in aspect["bands"]:
        low, high = one.get("above"), one.get("up_to")
        if (low is None or value > number(low)) and (high is None or value <= number(high)):
            return number(one["award"])
    raise AssertionError("the bands leave a gap")


def deviation(aspect, value, maximum):
    off = value - number(aspect.get("target", 0))
    side = aspect.get("side", "both")
    off = {"both": abs(off), "above": off, "below": -off}[side] - number(aspect.get("tolerance", 0))
    n = max(Fraction(0), off) / number(aspect.get("difference", 1))
    counted = aspect.get("counted", "proportional")
    if counted == "started":
        n = Fraction(ceil(n))
    if counted == "full":
        n = Fraction(floor(n))
    least = number(aspect.get("minimum", 0))
    return max(least, maximum - number(aspect.get("deduction", 0)) * n)


def together(how, values):
    """Sum values, or take their mean or median."""
    if how == "sum":
        return sum(values, Fraction(0))
    if how == "mean":
        return sum(values, Fraction(0)) / len(values)
    ordered = sorted(values)
    lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return (lower + upper) / 2


def drop(values, low, high):
    """Drop so many lowest and highest values, one each even when equal."""
    ordered = sorted(values)
    for _ in range(low):
        del ordered[0]
    for _ in range(high):
        del ordered[-1]
    return ordered


def branch(node, values, highest):
    """Put the values below a branch together; values may be left out."""
    how = node.get("combine", "sum")
    if how in ("weighted", "percent"):
        total = Fraction(0)
        for child, value, top in zip(children(node), values, highest, strict=True):
            if value is not LEFT_OUT:
                scale = Fraction(100) / top if how == "percent" else 1
                total += number(child.get("weight", 0)) / 100 * value * scale
        return total
    left = [value for value in values if value is not LEFT_OUT]
    plain = not (node.get("drop_low") or node.get("drop_high") or node.get("best"))
    if plain and how == "sum":
        return sum(left, Fraction(0))
    if len(left) <= node.get("drop_low", 0) + node.get("drop_high", 0):
        raise Blocked
    left = drop(left, node.get("drop_low", 0), node.get("drop_high", 0))
    if node.get("best"):
        left = sorted(left)[-node["best"] :]
    return together(how, left)


class Entry:
    """One entry's marks: (judge, key) to value; and its points for places."""

    def __init__(self, marks, points=None):
        self.marks = {(judge, key): value for key, judge, value in marks}
        self.points = points or {}
        self.places = {}

    def judges(self, nodes):
        keys = {node["key"] for node in nodes}
        return sorted({judge for judge, key in self.marks if key in keys})

    def mark(self, judge, key):
        if (judge, key) not in self.marks:
            raise Blocked
        return self.marks[judge, key]

    def agreed(self, key, absent=None):
        found = {value for (_, known), value in self.marks.items() if known == key}
        if len(found) > 1 or (not found and absent is None):
            raise Blocked
        return found.pop() if found else absent

    def marked(self, node):
        return bool(self.judges(aspects(node)))


def round_at(node, step, value):
    for one in node.get("rounds", []):
        if one.get("at", "result") == step:
            return rounded(value, one.get("digits", 2), one.get("mode", "half_up"))
    return value


def taken(one, value, entry):
    """Say how much a deduction takes from a value."""
    times = entry.agreed(one["key"], Fraction(0))
    if times == 0:
        return Fraction(0)
    each = number(one.get("each", 1))
    if one.get("effect", "minus") == "cap":
        return max(Fraction(0), value - each)
    if one.get("effect", "minus") == "zero":
        return value
    amount = each * times
    if one.get("limit") is not None:
        amount = min(amount, number(one["limit"]))
    if one.get("on", "result") == "mark":
        amount = min(amount, max(value, Fraction(0)))
    return amount


def finished(node, value, entry):
    """Do steps 2 to 7 of a node."""
    value = round_at(node, "combined", value)
    value *= number(node.get("factor", 1))
    if node.get("times"):
        value *= entry.agreed(node["times"]["key"])
    value = round_at(node, "multiplied", value)
    value += number(node.get("offset", 0))
    if node.get("plus"):
        value += entry.agreed(node["plus"]["key"])
    for one in node.get("deductions", []):
        if one.get("on", "result") == "result":
            value -= taken(one, value, entry)
    if node.get("floor") is not None:
        value = max(value, number(node["floor"]))
    if node.get("cap") is not None:
        value = min(value, number(node["cap"]))
    return round_at(node, "result", value)


def nested(node):
    """Say whether a panel stands below a node."""
    return any(child.get("panel") or nested(child) for child in children(node))


def own_panel(node):
    """Return the panel that stands on a node; every part has one."""
    if node.get("is_part"):
        return node.get("panel") or {}
    return node.get("panel")


def becomes_one(node, inherited):
    """Return (panel that is combined at this node or None, panel for what stands below)."""
    own = own_panel(node)
    panel = own if own is not None else inherited
    if is_aspect(node):
        return panel, None
    if own is not None and own.get("combine_at", "part") == "part" and not nested(node):
        return own, None
    return None, panel


def spoken_for(node):
    """List the aspects that the panel on a node speaks for."""
    if is_aspect(node):
        return [node]
    found = []
    for child in children(node):
        if not child.get("panel"):
            found += spoken_for(child)
    return found


def present(node, entry):
    """List the judges who were there for the panel on a node."""
    panel, keys = own_panel(node), spoken_for(node)
    judges = entry.judges(keys)
    if panel.get("zero_is_absent"):
        judges = [j for j in judges if any(entry.marks.get((j, a["key"])) for a in keys)]
    if keys and not panel.get("minimum", 1) <= len(judges) <= panel.get("judges", 1):
        raise Blocked
    return judges


def judged(node, judge, entry):
    """One judge's value of a node, before steps 2 to 7."""
    if is_aspect(node):
        return worth(node, entry.mark(judge, node["key"]))
    values = [
        finished(child, round_at(child, "judge", judged(child, judge, entry)), entry)
        for child in children(node)
    ]
    return branch(node, values, [highest(child, None) for child in children(node)])


def highest(node, inherited):
    """The highest value a node can have."""
    panel, below = becomes_one(node, inherited)
    if is_aspect(node):
        value = number(node["maximum"])
    elif node.get("combine") == "percent":
        value = Fraction(100)
    else:
        tops = [highest(child, below) for child in children(node)]
        value = branch(node, tops, tops)
    if panel is not None and panel.get("combine") == "sum":
        drops = panel.get("drop_low", 0) + panel.get("drop_high", 0)
        value *= panel.get("judges", 1) - drops
    value *= number(node.get("factor", 1))
    if node.get("times"):
        value *= number(node["times"]["maximum"])
    value += number(node.get("offset", 0))
    if node.get("plus"):
        value += number(node["plus"]["maximum"])
    return value if node.get("cap") is None else min(value, number(node["cap"]))


def value_of(node, entry, inherited=None, judges=(), may_skip=False):
    """The value of a node above the judges' sheets; LEFT_OUT where nobody marked it."""
    if not entry.marked(node) and (may_skip or node.get("missing", "block") != "block"):
        return Fraction(0) if node.get("missing") == "zero" else LEFT_OUT
    if own_panel(node) is not None:
        judges = present(node, entry)
    panel, below = becomes_one(node, inherited)
    if panel is not None:
        value = panel_value(node, panel, judges, entry)
    else:
        skips = bool(node.get("best"))
        values = [value_of(child, entry, below, judges, skips) for child in children(node)]
        if all(value is LEFT_OUT for value in values):
            if node.get("missing") == "zero":
                return Fraction(0)
            if node.get("missing") == "skip" or may_skip:
                return LEFT_OUT
            raise Blocked
        value = branch(node, values, [highest(child, below) for child in children(node)])
    value = finished(node, value, entry)
    if node.get("points"):
        entry.places[node["key"]] = value
        return entry.points.get(node["key"], Fraction(0))
    return value


def panel_value(node, panel, judges, entry):
    """Step 1 at a node where judges become one."""
    values = []
    for judge in judges:
        value = round_at(node, "judge", judged(node, judge, entry))
        for one in node.get("deductions", []):
            if one.get("on") == "mark":
                value -= taken(one, value, entry)
        values.append(value)
    if len(values) >= panel.get("drop_from", 0):
        values = drop(values, panel.get("drop_low", 0), panel.get("drop_high", 0))
    return together(panel.get("combine", "mean"), values)
