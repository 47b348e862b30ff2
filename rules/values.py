"""What tie-breaks and awards look up in a result: the value of any node, the values below it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from rules.exact import Exact, combine
from rules.marking import Calculator, EntryScore, Marks, PartWork
from rules.scheme_nodes import Aspect
from rules.working import Facts, NodeWork, Work


class _Where(NamedTuple):
    """Where a node stands: its part, and the node above it (or itself) where judges become one."""

    node: NodeWork
    part: PartWork | None
    owner: NodeWork | None


class Values:
    """Looks values up by the key of a node; a part comes before a section of the same key."""

    def __init__(self, calculator: Calculator) -> None:
        self._unit = calculator.unit
        self._where: dict[str, _Where] = {}
        for stage in calculator.stages:
            self._where.setdefault(stage.ready.node.key, _Where(stage.ready, None, None))
            for part in stage.parts:
                self._where.setdefault(part.part.key, _Where(part.ready, part, None))
        for stage in calculator.stages:
            for part in stage.parts:
                self._add(part.ready, part, None)

    def _add(self, node: NodeWork, part: PartWork, owner: NodeWork | None) -> None:
        self._where.setdefault(node.node.key, _Where(node, part, owner))
        above = owner or (node if node.here is not None else None)
        for child in node.children:
            self._add(child, part, above)

    def knows(self, key: str) -> bool:
        """Say whether there is a node with this key."""
        return key in self._where

    def value(self, score: EntryScore, marks: Marks, key: str) -> Fraction | None:
        """Return the exact value of a node for one entry; None where it was left out."""
        return self._value(score, marks, self._where[key])

    def below(self, score: EntryScore, marks: Marks, key: str) -> list[Fraction]:
        """Return the values directly below a node, or its judges' where nothing stands below."""
        where = self._where[key]
        if not where.node.children:
            work = _find(score, where.node)
            return [self._plain(judge.value) for judge in work.judges] if work else []
        owner = where.owner or (where.node if where.node.here is not None else None)
        found = (self._value(score, marks, w) for w in self._children(where, owner))
        return [value for value in found if value is not None]

    def _children(self, where: _Where, owner: NodeWork | None) -> Iterator[_Where]:
        for child in where.node.children:
            part = self._where[child.node.key].part if where.part is None else where.part
            yield _Where(child, part, None if where.part is None else owner)

    def _value(self, score: EntryScore, marks: Marks, where: _Where) -> Fraction | None:
        if where.owner is not None and where.part is not None:
            return self._in_sheets(score, marks, where.part, where.owner, where.node)
        work = _find(score, where.node)
        return None if work is None or work.value is None else self._plain(work.value)

    def _in_sheets(
        self,
        score: EntryScore,
        marks: Marks,
        part: PartWork,
        owner: NodeWork,
        node: NodeWork,
    ) -> Fraction | None:
        """Combine what the judges who count made of a node inside their sheets."""
        work = _find(score, owner)
        if work is None or work.value is None or owner.here is None:
            return None
        counted = {judge.judge for judge in work.judges if not judge.dropped}
        sheets = [sheet for sheet in marks[part.part.key] if sheet.judge in counted]
        facts = Facts(part.given(marks[part.part.key]))
        values = sorted(node.in_sheet(sheet.marks, facts) for sheet in sheets)
        return self._plain(combine(owner.here.combine, values))

    def _plain(self, value: Exact) -> Fraction:
        return Fraction(value) / self._unit


def _find(score: EntryScore, node: NodeWork) -> Work | None:
    return next((work for work in _all(score.works) if work.node is node.node), None)


def _all(works: tuple[Work, ...]) -> Iterator[Work]:
    for work in works:
        yield work
        if not isinstance(work.node, Aspect):
            yield from _all(work.below)
