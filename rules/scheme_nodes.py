"""What a marking scheme is made of: aspects, the sections, parts and stages above them."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Literal

from rules.data import Number, RuleData, later
from rules.exact import Mode
from rules.ranking import TieBreak

LADDER_TOP = 3

RoundingMode = Mode
RoundingStep = Literal["judge", "combined", "multiplied", "result"]
Combine = Literal["sum", "mean", "median", "weighted", "percent"]
Missing = Literal["block", "zero", "skip"]


class AspectKind(StrEnum):
    """How one aspect is marked (R2.12)."""

    POINTS = "points"
    MEASUREMENT = "measurement"
    JUDGEMENT = "judgement"
    DEVIATION = "deviation"
    CHOICE = "choice"
    BANDS = "bands"


class Rounding(RuleData):
    """One rounding: where in the working of a node, to how many digits, which way (R2.21)."""

    at: RoundingStep = "result"
    digits: int = 2
    mode: RoundingMode = "half_up"


class Given(RuleData):
    """A value that is agreed once for an entry, such as a difficulty or a base value."""

    key: str
    title: str
    minimum: Number = Decimal(0)
    maximum: Number
    step: Number = Decimal("0.1")


class Deduction(RuleData):
    """Something that costs marks each time it is recorded; not recorded is none.

    `each` is taken so many times, never more than `limit` together (R2.19). "cap" lowers the
    value to `each` at most, "zero" makes it 0. `on` says whether every judge's mark suffers
    before the trim, or the result. At `disqualifies_at` the entry is out.
    """

    key: str
    title: str
    each: Number = Decimal(1)
    limit: Number | None = None
    step: Number = Decimal(1)
    effect: Literal["minus", "cap", "zero"] = "minus"
    on: Literal["mark", "result"] = "result"
    disqualifies_at: Number | None = None


class PointsTable(RuleData):
    """Points for the place that a node's value takes among all entries: 12, 10, 8 …

    `best` says whether the highest or the lowest value is first. Equal values all get the better
    points ("share"), the mean of the points at stake ("mean"), or need a decision ("decide").
    """

    points: tuple[Number, ...]
    best: Literal["highest", "lowest"] = "highest"
    ties: Literal["share", "mean", "decide"] = "share"


class Panel(RuleData):
    """How many judges mark, how many are needed, and how their marks become one (R2.13)."""

    judges: int = 1
    minimum: int = 1
    drop_high: int = 0
    drop_low: int = 0
    combine_at: Literal["part", "aspect"] = "part"
    max_spread: Number | None = None
    combine: Literal["mean", "sum", "median"] = later("mean")
    drop_from: int = later(0)
    zero_is_absent: bool = later(False)
    spread_of: Literal["all", "counted"] = later("all")
    on_spread: Literal["flag", "remark"] = later("flag")


class Option(RuleData):
    """One answer of a choice and what it is worth."""

    label: str
    award: Number


class Band(RuleData):
    """Readings above `above` and up to `up_to` are worth `award`; no limit where it is empty."""

    above: Number | None = None
    up_to: Number | None = None
    award: Number


class Worth(RuleData):
    """What can be done with the value of any node, in this order.

    factor and `times`, offset and `plus`, deductions, floor and cap, points for the place;
    `rounds` says after which step it is rounded.
    """

    factor: Number = later(Decimal(1))
    times: Given | None = later(None)
    offset: Number = later(Decimal(0))
    plus: Given | None = later(None)
    deductions: tuple[Deduction, ...] = later(())
    floor: Number | None = later(None)
    cap: Number | None = later(None)
    rounds: tuple[Rounding, ...] = later(())
    points: PointsTable | None = later(None)
    missing: Missing = later("block")

    @property
    def agreed(self) -> tuple[Given, ...]:
        """Return the values that are agreed once for this node."""
        return tuple(value for value in (self.times, self.plus) if value is not None)


class Branch(Worth):
    """How the values below a node become one: drop the highest and lowest, keep the best, sum."""

    combine: Combine = later("sum")
    drop_high: int = later(0)
    drop_low: int = later(0)
    best: int | None = later(None)
    declared_maximum: Number | None = later(None)


class Aspect(Worth):
    """One thing that is marked: points in steps (R2.17), met or not met, or a judgement 0 to 3.

    Or a reading: its deviation from a target, its time band (R2.18), or one of the options. It is
    worth `minimum` at least.
    """

    key: str
    title: str
    kind: AspectKind = AspectKind.POINTS
    maximum: Number
    step: Number = Decimal("0.5")
    ladder: tuple[str, ...] = ()
    requirement: str = ""
    detail: str = ""
    section: str = ""
    weight: Number | None = later(None)
    panel: Panel | None = later(None)
    minimum: Number = later(Decimal(0))
    top: int = later(LADDER_TOP)
    awards: tuple[Number, ...] = later(())
    target: Number = later(Decimal(0))
    tolerance: Number = later(Decimal(0))
    difference: Number = later(Decimal(1))
    deduction: Number = later(Decimal(0))
    counted: Literal["proportional", "started", "full"] = later("proportional")
    options: tuple[Option, ...] = later(())
    bands: tuple[Band, ...] = later(())
    reading_step: Number | None = later(None)
    side: Literal["both", "above", "below"] = later("both")


class Section(Branch):
    """A criterion or sub-criterion: sections below it, or aspects, or both."""

    key: str
    title: str
    sections: tuple["Section", ...] = ()
    aspects: tuple[Aspect, ...] = ()
    weight: Number | None = later(None)
    panel: Panel | None = later(None)

    def flat(self) -> Iterator[Aspect]:
        """Yield every aspect below this section, in the order of the marking sheet."""
        yield from self.aspects
        for section in self.sections:
            yield from section.flat()

    def flat_keys(self) -> Iterator[str]:
        """Yield the key of this section and of every section below it."""
        yield self.key
        for section in self.sections:
            yield from section.flat_keys()


class Part(Branch):
    """A part of the contest with its weight in percent, such as theory or practical (R1.20)."""

    key: str
    title: str
    weight: Number = Decimal(0)
    sections: tuple[Section, ...]
    panel: Panel = Panel()
    pass_mark: Number | None = None
    entered_by: Literal["judge", "clerk"] = "judge"
    stage: str = later("")

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """Return every aspect of the part, in the order of the marking sheet."""
        return tuple(aspect for section in self.sections for aspect in section.flat())

    @property
    def nodes(self) -> "tuple[Node, ...]":
        """Return the part and everything below it, each before what is below it."""
        return tuple(_walk(self))

    @cached_property
    def given(self) -> dict[str, Given]:
        """Return every value of the part that is agreed once for an entry, by key."""
        return {value.key: value for node in self.nodes for value in node.agreed}

    @cached_property
    def recorded(self) -> dict[str, Deduction]:
        """Return every deduction that can be recorded in the part, by key."""
        return {deduction.key: deduction for node in self.nodes for deduction in node.deductions}

    @cached_property
    def maximum(self) -> Decimal:
        """Return the sum of the aspects' highest marks."""
        return sum((aspect.maximum for aspect in self.aspects), Decimal(0))

    @cached_property
    def _by_key(self) -> dict[str, Aspect]:
        return {aspect.key: aspect for aspect in self.aspects}

    def aspect(self, key: str) -> Aspect:
        """Return the aspect with this key, or raise KeyError."""
        return self._by_key[key]


class Carry(RuleData):
    """What an earlier stage brings into the total of this one: its own score times a factor."""

    stage: str
    factor: Number = Decimal(1)


class Advance(RuleData):
    """Who goes on to the next stage: the top so many, a share of the field, a lowest score.

    On a tie at the line all go on, or the tie-breaks part them, or a decision does.
    """

    top: int | None = None
    share: Number | None = None
    minimum: Number | None = None
    ties: Literal["all", "tie_break", "decide"] = "all"
    tie_breaks: tuple[TieBreak, ...] = ()


class Stage(Branch):
    """One stage of the contest, such as a heat or the final, with the parts that name it (R1.22).

    Those who reach the last stage are placed first; those who went out follow stage by stage.
    Who does not start in this stage is out, or keeps the place of the stage before.
    """

    key: str
    title: str
    combine: Combine = "sum"
    carry: tuple[Carry, ...] = ()
    advance: Advance | None = None
    not_started: Literal["out", "keep"] = "out"


Node = Stage | Part | Section | Aspect


def below(node: Node) -> tuple[Section | Aspect, ...]:
    """Return what stands directly below a node of a part, aspects first."""
    if isinstance(node, Section):
        return (*node.aspects, *node.sections)
    return node.sections if isinstance(node, Part) else ()


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in below(node):
        yield from _walk(child)


def panels(node: Node, inherited: Panel | None) -> tuple[Panel | None, Panel | None]:
    """Return the panel whose marks become one at this node, and the one that works below it.

    Without either the node lies inside one judge's sheet.
    """
    own = None if isinstance(node, Stage) else node.panel
    if isinstance(node, Aspect):
        return own or inherited, None
    if own is None:
        return None, inherited
    nested = any(child.panel for child in below_all(node))
    return (own, None) if own.combine_at == "part" and not nested else (None, own)


def below_all(node: Node) -> Iterator[Section | Aspect]:
    """Yield everything below a node of a part, each before what is below it."""
    for child in below(node):
        yield child
        yield from below_all(child)
