"""Random contests: schemes, marks and award plans."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random

from rules.data import InvalidRules
from rules.marking import WHOLE
from rules.scheme_nodes import Aspect, below
from rules.schemes import Scheme


@dataclass
class Contest:
    """A scheme as data, the marks of each entry, and an award plan as data."""

    scheme: dict
    marks: dict[str, list[tuple[str, int, Fraction]]] = field(default_factory=dict)
    plan: dict = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)


class Maker:
    """Makes one random contest."""

    def __init__(self, random: Random) -> None:
        self.random, self.count = random, 0

    def key(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def often(self, share):
        return self.random.random() < share

    def amount(self, low, high, step="0.25"):
        return str(Decimal(self.random.randint(low, high)) * Decimal(step))

    def some(self, node, likely, /, **makers):
        """Give a node each optional field with some probability."""
        for name, make in makers.items():
            if self.often(likely):
                node[name] = make()
        return node

    def worth(self, node, share=0.12):
        return self.some(
            node,
            share,
            factor=lambda: self.random.choice(["0.6", "0.8", "1.6", "2", "0.333"]),
            times=lambda: self.given("t"),
            offset=lambda: self.amount(-4, 8),
            plus=lambda: self.given("o"),
            deductions=lambda: [self.deduction() for _ in range(self.random.randint(1, 2))],
            floor=lambda: self.amount(0, 4),
            cap=lambda: self.amount(16, 60),
            rounds=self.rounds,
        )

    def given(self, prefix):
        return {"key": self.key(prefix), "title": "given", "maximum": "4", "step": "0.1"}

    def deduction(self):
        made = {"key": self.key("d"), "title": "deduction", "each": self.amount(0, 8)}
        return self.some(
            made,
            0.3,
            limit=lambda: self.amount(0, 12),
            effect=lambda: self.random.choice(["minus", "cap", "zero"]),
            disqualifies_at=lambda: self.random.randint(2, 4),
        )

    def rounds(self):
        steps = self.random.sample(["judge", "combined", "multiplied", "result"], 2)
        return [
            {
                "at": at,
                "digits": self.random.randint(0, 2),
                "mode": self.random.choice(["half_up", "half_even", "down", "up"]),
            }
            for at in steps
        ]

    def panel(self):
        high, low = self.random.randint(0, 2), self.random.randint(0, 2)
        minimum = high + low + self.random.randint(1, 2)
        made = {"judges": minimum + self.random.randint(0, 2), "minimum": minimum}
        made |= {"drop_high": high, "drop_low": low}
        return self.some(
            made,
            0.4,
            combine=lambda: self.random.choice(["mean", "sum", "median"]),
            combine_at=lambda: self.random.choice(["part", "aspect"]),
            drop_from=lambda: high + low + self.random.randint(1, 3),
            zero_is_absent=lambda: True,
        )

    def aspect(self):
        kind = self.random.choice(
            ["points"] * 4 + ["measurement", "judgement", "deviation", "choice", "bands"]
        )
        made = {"key": self.key("a"), "title": "aspect", "kind": kind, "maximum": "6"}
        if kind == "points" and self.often(0.3):
            made |= {"minimum": "-3", "step": "0.75"}
        if kind != "points" and self.often(0.2):
            made["minimum"] = "-2"
        if kind == "judgement":
            self.ladder(made)
        if kind in ("deviation", "choice", "bands"):
            self.reading(made, kind)
        made = self.worth(made, 0.05)
        if self.often(0.05):
            made["panel"] = self.panel()
            self.penalised(made)
        return made

    def ladder(self, made):
        made["top"] = self.random.choice([3, 4, 7])
        made["ladder"] = ["text"] * (made["top"] + 1)
        if self.often(0.3):
            low = -8 if "minimum" in made else 0
            made["awards"] = sorted(self.amount(low, 24) for _ in made["ladder"])

    def reading(self, made, kind):
        if kind == "deviation":
            made |= {"target": self.amount(0, 20), "tolerance": self.amount(0, 2)}
            made |= {"difference": self.amount(1, 8), "deduction": self.amount(0, 9)}
            made["counted"] = self.random.choice(["proportional", "started", "full"])
            made["side"] = self.random.choice(["both", "above", "below"])
        if kind == "choice":
            made["options"] = [{"label": x, "award": self.amount(0, 24)} for x in "abc"]
        if kind == "bands":
            made["bands"] = [
                {"up_to": "5", "award": "6"},
                {"above": "5", "up_to": "7.5", "award": self.amount(0, 24)},
                {"above": "7.5", "award": "0"},
            ]

    def penalised(self, made):
        """Sometimes let deductions act on the judges' marks, where they are combined."""
        if made.get("panel", {}).get("combine_at") != "aspect" and self.often(0.3):
            made["deductions"] = [{**self.deduction(), "on": "mark"}, *made.get("deductions", [])]

    def section(self, depth):
        made = {"key": self.key("s"), "title": "section"}
        made["aspects"] = [self.aspect() for _ in range(self.random.randint(1, 3))]
        if depth and self.often(0.4):
            made["sections"] = [self.section(depth - 1) for _ in range(self.random.randint(1, 2))]
        if self.often(0.2):
            made["panel"] = self.panel()
        made = self.some(
            made,
            0.07,
            missing=lambda: self.random.choice(["zero", "skip"]),
            points=lambda: {
                "points": ["12", "10", "8", "7"][: self.random.randint(1, 4)],
                "best": self.random.choice(["highest", "lowest"]),
                "ties": self.random.choice(["share", "mean", "decide"]),
            },
        )
        made = self.branch(self.worth(made), len(made["aspects"]) + len(made.get("sections", [])))
        if "panel" in made:
            self.penalised(made)
        return made

    def branch(self, made, below):
        if below > 1 and self.often(0.3):
            made["combine"] = self.random.choice(["sum", "mean", "median"])
            self.some(
                made,
                0.3,
                best=lambda: self.random.randint(1, below),
                drop_high=lambda: 1,
                drop_low=lambda: 1,
            )
        elif below and self.often(0.1):
            made["combine"] = self.random.choice(["weighted", "percent"])
            shares = self.shares(below)
            for child in (*made["aspects"], *made.get("sections", [])):
                child["weight"] = shares.pop()
        return made

    def shares(self, count):
        """Return so many weights that add up to 100."""
        cuts = sorted(self.random.sample(range(1, 200), count - 1))
        ends = [0, *cuts, 200]
        return [str(Decimal(b - a) / 2) for a, b in pairwise(ends)]

    def part(self):
        made = {"key": self.key("p"), "title": "part"}
        made["sections"] = [self.section(1) for _ in range(self.random.randint(1, 2))]
        if self.often(0.7):
            made["panel"] = self.panel()
        if self.often(0.3):
            made["pass_mark"] = self.amount(0, 60)
        return self.worth(made, 0.05)

    def scheme(self):
        names = ["heat", "final"] if self.often(0.25) else []
        made = {"title": "contest", "digits": self.random.randint(0, 3), "parts": []}
        made["rounding"] = self.random.choice(["half_up", "half_even", "half_up", "down", "up"])
        made["round_parts"] = self.often(0.2)
        if names:
            made["stages"] = [{"key": name, "title": name} for name in names]
            made["stages"][0]["advance"] = {"top": self.random.randint(1, 4)}
            if self.often(0.6):
                made["stages"][1]["carry"] = [{"stage": "heat", "factor": "0.2"}]
        for holder in made.get("stages", [made]):
            parts = [self.part() for _ in range(self.random.randint(1, 2))]
            holder["combine"] = self.random.choice(["percent", "percent", "sum", "weighted"])
            shares = self.shares(len(parts))
            for part in parts:
                if holder["combine"] != "sum":
                    part["weight"] = shares.pop()
                if names:
                    part["stage"] = holder["key"]
            made["parts"] += parts
            if self.often(0.1):
                holder["deductions"] = [self.deduction()]
        return made

    def plan(self):
        tiers = []
        for name in ("first", "second", "third"):
            tier = {"key": name, "name": name, "amount": str(self.random.randint(0, 50) * 10)}
            tiers.append(
                self.some(
                    tier,
                    0.4,
                    places=lambda: self.random.randint(0, 3),
                    share=lambda: str(self.random.randint(0, 60)),
                    floor=lambda: self.amount(0, 100),
                    minimum_field=lambda: self.random.randint(0, 5),
                    down_to=lambda: self.random.choice(["1/12", "1/2", "2/3", "40 %", "100%"]),
                )
            )
        made = {"tiers": tiers, "ties": self.random.choice(["extend", "skip_next", "split"])}
        made["share_rounding"] = self.random.choice(["floor", "half_up", "ceiling"])
        return made


def random_contest(random: Random) -> tuple[Contest, Scheme] | None:
    """Make a contest, or None when the scheme contradicts itself."""
    maker = Maker(random)
    data = maker.scheme()
    try:
        scheme = Scheme.model_validate(data)
    except InvalidRules:
        return None
    made = Contest(data, plan=maker.plan())
    for number in range(random.randint(1, 6)):
        made.marks[f"E{number}"] = _marks(random, scheme, made)
    return made, scheme


def _marks(random, scheme, made):
    found = []
    for stage, _ in scheme.levels:
        found += [(one.key, WHOLE, _times(random)) for one in stage.deductions]
    for part in scheme.parts:
        found += [(key, part.key, value) for key, value in _recorded(random, part)]
    rows = []
    for key, part, value in found:
        made.parts[key] = part
        if value:
            rows.append((key, 0, value))
    for part in scheme.parts:
        rows += _sheets(random, part, made)
    return rows


def _times(random):
    return Fraction(random.choice([0, 0, 0, 1, 2]))


def _recorded(random, part):
    for key in part.given:
        yield key, Fraction(random.randint(1, 40), 10)
    for key in part.recorded:
        yield key, _times(random)


def _sheets(random, part, made):
    """Give every aspect marks of as many judges as its panel asks for."""
    rows, panels = [], {}
    _assign(part, [], panels, random)
    for node in part.nodes:
        if isinstance(node, Aspect):
            made.parts[node.key] = part.key
            for judge in panels[node.key]:
                if random.random() > 0.001:
                    rows.append((node.key, judge, _mark(random, node)))
    return rows


def _assign(node, judges, panels, random, skip=False):
    """Choose the judges of every aspect; an aspect that is left out has none."""
    own = node.panel
    if own is not None:
        few = random.random() < 0.005
        count = own.minimum - 1 if few else random.randint(own.minimum, own.judges)
        judges = random.sample(range(1, own.judges + 1), count)
    if (skip or node.missing != "block") and random.random() < 0.4:
        panels.update({one.key: [] for one in _all_aspects(node)})
    elif isinstance(node, Aspect):
        panels[node.key] = judges
    else:
        skips = node.best is not None and random.random() < 0.5
        for child in below(node):
            _assign(child, judges, panels, random, skips)


def _all_aspects(node):
    if isinstance(node, Aspect):
        return [node]
    return [aspect for child in below(node) for aspect in _all_aspects(child)]


def _mark(random, aspect):
    kind = aspect.kind.value
    if kind == "points":
        steps = int((aspect.maximum - aspect.minimum) / aspect.step)
        return Fraction(aspect.minimum + aspect.step * random.randint(0, steps))
    if kind in ("measurement", "judgement", "choice"):
        return Fraction(random.randint(0, {"measurement": 1, "choice": 2}.get(kind, aspect.top)))
    return Fraction(random.randint(0, 40), 4)
