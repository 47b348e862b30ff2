"""Which seats a marking scheme asks for, and what the sheet of each seat holds (R2.12, R2.13).

Every part has a bench of judges, numbered from 1. An aspect is marked by as many of them as the
panel that speaks for it has. Seat 0 is the recorder's: what is agreed or recorded once for an
entry, such as a difficulty or a breach of the rules, is written there and nowhere else.

Beside the panel sit reserves, who mark once they step in, and trainees, whose marks never count;
a judge who stepped back keeps his sheets, under a number that no longer counts. Their numbers
begin where no panel reaches.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from rules.judges import SeatDuty
from rules.refusals import Refused
from rules.scheme_nodes import (
    Aspect,
    Branch,
    Deduction,
    Given,
    Node,
    Panel,
    Part,
    Section,
    Stage,
    below,
    panels,
)
from rules.schemes import Scheme
from rules.texts import N_

RECORDER = 0
FIRST_NUMBERS = {SeatDuty.RESERVE: 100, SeatDuty.TRAINEE: 200, SeatDuty.RECUSED: 300}
WHOLE_EVENT = N_("Whole event")
# What belongs to a stage after the first as a whole stands under this sign and its number.
_LATER_STAGE = "@"
_APART = " · "
_TOO_FEW_JUDGES = N_("%(part)s: judges seated %(count)s, needed %(needed)s.")
_TOO_FEW_CLERKS = N_("%(part)s: entry clerks seated %(count)s, needed %(needed)s.")
_NO_RECORDER = N_("%(part)s: the recorder's seat is free.")

Line = Aspect | Given | Deduction


@dataclass(frozen=True)
class Block:
    """Lines that stand under one heading, with the titles of all nodes above them."""

    key: str
    titles: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Layout:
    """What the sheet of one seat asks for; `needed` names what the recorder cannot leave out."""

    bench: "Bench"
    number: int
    blocks: tuple[Block, ...]
    needed: frozenset[str] = frozenset()

    @property
    def is_record(self) -> bool:
        """Say whether this is the recorder's sheet."""
        return self.number == RECORDER

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Return every line in the order of the sheet."""
        return tuple(line for block in self.blocks for line in block.lines)

    @cached_property
    def _by_key(self) -> dict[str, Line]:
        return {line.key: line for line in self.lines}

    def line(self, key: str) -> Line:
        """Return the line with this key, or raise KeyError."""
        return self._by_key[key]

    @cached_property
    def maximum(self) -> Decimal:
        """Return the sum of the aspects' highest marks."""
        marks = (line.maximum for line in self.lines if isinstance(line, Aspect))
        return sum(marks, Decimal(0))

    def missing(self, marks: AbstractSet[str]) -> list[Line]:
        """List the lines that must be filled and are not yet (R2.16)."""
        if self.is_record:
            return [one for one in self.lines if one.key in self.needed - marks]
        left_out = self.bench.left_out(marks)
        return [one for one in self.lines if one.key not in marks and one.key not in left_out]

    @cached_property
    def optional(self) -> AbstractSet[str]:
        """Return the keys of the lines that a sheet may leave empty."""
        return self._by_key.keys() - {line.key for line in self.missing(frozenset())}


@dataclass(frozen=True)
class Bench:
    """The seats of one part; without `part` the recorder of a stage or of the event as a whole."""

    key: str
    title: str
    stage: str
    entered_by: str
    part: Part | None
    recorded: tuple[Block, ...]
    needed: frozenset[str] = frozenset()
    may_skip: bool = False

    @cached_property
    def _speaking(self) -> tuple[tuple[Section | Aspect | Part, Aspect], ...]:
        """Return each aspect with the node whose panel speaks for it."""
        return () if self.part is None else tuple(_speaking(self.part, self.part))

    @property
    def judges(self) -> int:
        """Return how many judges' seats there are: as many as the largest panel has."""
        return max((_panel(owner).judges for owner, _ in self._speaking), default=0)

    @property
    def seats(self) -> tuple[int, ...]:
        """Return the numbers of the seats, the judges' before the recorder's."""
        recorder = (RECORDER,) if self.recorded else ()
        return (*range(1, self.judges + 1), *recorder)

    def layout(self, number: int) -> Layout:
        """Return the sheet of one seat, or raise KeyError."""
        beside = number > FIRST_NUMBERS[SeatDuty.RESERVE] and self.judges > 0
        if number not in self.seats and not beside:
            raise KeyError(number)
        if number == RECORDER:
            return Layout(self, number, self.recorded, self.needed)
        place = 1 if beside else number  # whoever sits beside the panel marks all there is
        seen = {one.key for owner, one in self._speaking if _panel(owner).judges >= place}
        sections = () if self.part is None else self.part.sections
        found = (block for section in sections for block in _blocks(section, ()))
        kept = (
            Block(one.key, one.titles, tuple(line for line in one.lines if line.key in seen))
            for one in found
        )
        return Layout(self, number, tuple(block for block in kept if block.lines))

    def left_out(self, marks: AbstractSet[str]) -> frozenset[str]:
        """Return the aspects that need no mark on a sheet with these: their node is left out."""
        if self.part is None:
            return frozenset()
        return frozenset(_left_out(self.part, marks, self.may_skip, None))

    def problems(self, taken: Collection[int]) -> Iterator[Refused]:
        """Say what is missing while only these seats are taken (R2.16)."""
        told = []
        for owner, _ in self._speaking:
            if owner.key in told:
                continue
            told.append(owner.key)
            yield from self._panel_problems(owner, taken)
        if self.recorded and RECORDER not in taken:
            yield Refused(_NO_RECORDER, part=self.title)

    def _panel_problems(
        self, owner: Section | Aspect | Part, taken: Collection[int]
    ) -> Iterator[Refused]:
        panel = _panel(owner)
        seated = sum(1 <= number <= panel.judges for number in taken)
        if seated < panel.minimum:
            text = _TOO_FEW_CLERKS if self.entered_by == "clerk" else _TOO_FEW_JUDGES
            title = self.title if owner is self.part else _APART.join((self.title, owner.title))
            yield Refused(text, part=title, count=seated, needed=panel.minimum)


def benches(scheme: Scheme) -> tuple[Bench, ...]:
    """Return all benches of a scheme, stage by stage, what belongs to a whole stage last."""
    found: list[Bench] = []
    for index, (stage, parts) in enumerate(scheme.levels):
        found += [_part_bench(stage, part) for part in parts]
        whole = _whole_bench(scheme, index, stage, parts)
        found += [whole] if whole.recorded else []
    return tuple(found)


def bench_of(scheme: Scheme, key: str) -> Bench:
    """Return the bench with this key, or raise KeyError."""
    return {bench.key: bench for bench in benches(scheme)}[key]


def place_of(scheme: Mapping[str, Any], key: str) -> tuple[str, bool]:
    """Return the title of a bench, and whether clerks sit there, from a stored scheme.

    Lists show many events: for them the whole scheme need not be made.
    """
    stages = {one["key"]: one["title"] for one in scheme.get("stages") or ()}
    part = next((one for one in scheme.get("parts", ()) if one["key"] == key), None)
    if part is not None:
        above = stages.get(part.get("stage") or "")
        return _title(above, str(part["title"])), part.get("entered_by") == "clerk"
    index = int(key[1:]) if key.startswith(_LATER_STAGE) else 0
    return _title([*stages.values()][index] if stages else None, WHOLE_EVENT), False


def titles_of(scheme: Mapping[str, Any]) -> dict[str, str]:
    """Return the titles of all benches that a stored scheme can have."""
    later = (f"{_LATER_STAGE}{index}" for index in range(1, len(scheme.get("stages") or ())))
    keys = [*(str(part["key"]) for part in scheme.get("parts", ())), "", *later]
    return {key: place_of(scheme, key)[0] for key in keys}


def next_number(taken: Collection[int], duty: SeatDuty) -> int:
    """Return the next number beside the panel: reserves step in in the order of theirs."""
    first = FIRST_NUMBERS[duty]
    return max((one for one in taken if first < one < first + 100), default=first) + 1


def duty_of(number: int) -> SeatDuty:
    """Return what somebody with this number is there for."""
    beside = [duty for duty, first in FIRST_NUMBERS.items() if number > first]
    return beside[-1] if beside else SeatDuty.MEMBER


def order_beside(number: int) -> int:
    """Return the place of a seat among those of its kind: reserve 1, trainee 2."""
    return number % 100


def is_whole(key: str) -> bool:
    """Say whether the bench with this key belongs to no part."""
    return not key or key.startswith(_LATER_STAGE)


def _title(stage: str | None, title: str) -> str:
    return title if stage is None else _APART.join((stage, title))


def _part_bench(stage: Stage, part: Part) -> Bench:
    skips = stage.best is not None
    return Bench(
        part.key,
        _title(stage.title if stage.key else None, part.title),
        stage.key,
        part.entered_by,
        part,
        tuple(_recorded(part, ())),
        frozenset(_needed(part, skips)),
        skips,
    )


def _whole_bench(scheme: Scheme, index: int, stage: Stage, parts: Sequence[Part]) -> Bench:
    facts = scheme.facts if index == 0 else ()
    lines: tuple[Line, ...] = (*facts, *stage.agreed, *stage.deductions)
    title = _title(stage.title if stage.key else None, WHOLE_EVENT)
    clerks = all(part.entered_by == "clerk" for part in parts)
    return Bench(
        f"{_LATER_STAGE}{index}" if index else "",
        title,
        stage.key,
        "clerk" if clerks else "judge",
        None,
        (Block("", (stage.title or WHOLE_EVENT,), lines),) if lines else (),
        frozenset(given.key for given in (*facts, *stage.agreed)),
    )


def _panel(node: Section | Aspect | Part) -> Panel:
    return node.panel or Panel()


def _speaking(
    node: Section | Aspect | Part, above: Section | Aspect | Part
) -> Iterator[tuple[Section | Aspect | Part, Aspect]]:
    owner = node if node.panel is not None else above
    if isinstance(node, Aspect):
        yield owner, node
    for child in below(node):
        yield from _speaking(child, owner)


def _blocks(section: Section, above: tuple[str, ...]) -> Iterator[Block]:
    titles = (*above, section.title)
    if section.aspects:
        yield Block(section.key, titles, section.aspects)
    for one in section.sections:
        yield from _blocks(one, titles)


def _recorded(node: Part | Section | Aspect, above: tuple[str, ...]) -> Iterator[Block]:
    """Yield what is agreed or recorded at a node and below it, under the titles of the nodes."""
    titles = (*above, node.title)
    lines: tuple[Line, ...] = (*node.agreed, *node.deductions)
    if lines:
        yield Block(node.key, titles, lines)
    for child in below(node):
        yield from _recorded(child, () if isinstance(node, Part) else titles)


def _needed(node: Node, may_skip: bool) -> Iterator[str]:
    """Yield the agreed values of all nodes that cannot be left out."""
    if may_skip or node.missing != "block":
        return
    yield from (given.key for given in node.agreed)
    best = isinstance(node, Branch) and node.best is not None
    for child in below(node):
        yield from _needed(child, best)


def _left_out(
    node: Part | Section | Aspect, marks: AbstractSet[str], may_skip: bool, above: Panel | None
) -> Iterator[str]:
    keys = {aspect.key for aspect in _aspects(node)}
    if (may_skip or node.missing != "block") and keys.isdisjoint(marks):
        yield from keys
        return
    here, down = panels(node, above)
    best = isinstance(node, Branch) and node.best is not None
    for child in below(node) if here is None else ():
        yield from _left_out(child, marks, best, down)


def _aspects(node: Part | Section | Aspect) -> tuple[Aspect, ...]:
    if isinstance(node, Aspect):
        return (node,)
    return node.aspects if isinstance(node, Part) else tuple(node.flat())
