"""The chain of one result as tables: each part as a tree with the marks beside it, then the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rules.explanations import Explanation, Kind, Step
from rules.ranking import Score
from rules.scheme_nodes import Node, Part, below
from rules.schemes import Scheme


@dataclass
class Cell:
    """What one judge gave, what it is worth, and whether the panel dropped it."""

    given: Decimal | None = None
    worth: Score | None = None
    dropped: bool = False


@dataclass
class Line:
    """One node of a part: each judge's mark or total, what came of them, and how."""

    node: Node
    depth: int
    cells: dict[int, Cell] = field(default_factory=dict)
    value: Score | None = None
    notes: list[Step] = field(default_factory=list)
    dropped: bool = False
    left_out: bool = False

    def cell(self, judge: int) -> Cell:
        """Return the cell of a judge, made when it is the first mark."""
        return self.cells.setdefault(judge, Cell())


@dataclass(frozen=True)
class PartTable:
    """One part: its judges by number, and its lines from the top down."""

    part: Part
    judges: tuple[int, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Tables:
    """A whole chain: the tables of the parts, and the steps from the parts to the money."""

    parts: tuple[PartTable, ...]
    ending: tuple[Step, ...]


_ENDING: frozenset[Kind] = frozenset(
    {
        "part", "carried", "stage", "total", "disqualified", "tie_break", "place", "no_place",
        "scale", "tier", "no_tier", "amount",
    }
)  # fmt: skip


def tables(scheme: Scheme, chain: Explanation) -> Tables:
    """Arrange the steps of one entry for the eye; every step stands in exactly one place."""
    trees = {part.key: _Tree(part) for part in scheme.parts}
    owner = {key: part for part, tree in trees.items() for key in tree.keys}
    ending: list[Step] = []
    for step in chain.steps:
        part = owner.get(step.node)
        if part is None or step.kind in _ENDING:
            ending.append(step)
        else:
            _put(trees[part].line(step), step)
    return Tables(tuple(tree.table() for tree in trees.values()), tuple(ending))


class _Tree:
    """The lines of one part, found by the keys that stand at their nodes."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._lines = [Line(node, depth) for node, depth in _walk(part, 0)]
        # From the bottom up: a section may have the key of its part.
        self.keys = {key: line for line in reversed(self._lines) for key in _own(line.node)}
        self.keys |= {line.node.key: line for line in self._lines}

    def line(self, step: Step) -> Line:
        return self._lines[0] if step.whole else self.keys[step.node]

    def table(self) -> PartTable:
        judges = sorted({judge for line in self._lines for judge in line.cells})
        return PartTable(self._part, tuple(judges), tuple(self._lines))


def _own(node: Node) -> Iterator[str]:
    """Yield the keys of what is agreed or deducted at a node."""
    yield from (given.key for given in node.agreed)
    yield from (deduction.key for deduction in node.deductions)


def _walk(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    yield node, depth
    for child in below(node):
        yield from _walk(child, depth + 1)


def _put(line: Line, step: Step) -> None:
    if step.kind == "mark" and step.judge is not None:
        cell = line.cell(step.judge)
        cell.given, cell.worth = step.given, step.value
    elif step.judge is not None:
        cell = line.cell(step.judge)
        cell.worth, cell.dropped = step.value, step.kind == "dropped"
    elif step.kind == "dropped":
        line.dropped = True
    elif step.kind == "left_out":
        line.left_out, line.value = True, step.value
    else:
        line.notes.append(step)
        if step.kind not in ("agreed", "deducted"):
            line.value = step.value


def shown_notes(notes: Sequence[Step]) -> list[Step]:
    """Return the notes of a line that say more than its value does."""
    return [step for step in notes if step.kind != "combined" or len(notes) > 1]
