"""One criterion of a marking scheme as flat rows, and back: the form in which people edit it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rules.refusals import Refused
from rules.schemes import Aspect, AspectKind, Section
from rules.texts import N_

DEEPEST = 2
# The kinds that one row holds; the others have tables of their own, and a page for each node.
ROW_KINDS = (AspectKind.POINTS, AspectKind.MEASUREMENT, AspectKind.JUDGEMENT)


@dataclass(frozen=True, slots=True)
class AspectRow:
    """One aspect below the sections that `path` names; a new one has no key yet.

    A `rich` one has rules that a row cannot show: it is kept as it is, only its place is read.
    """

    title: str
    maximum: Decimal
    kind: AspectKind = AspectKind.POINTS
    step: Decimal = Decimal("0.5")
    ladder: tuple[str, ...] = ()
    requirement: str = ""
    detail: str = ""
    standard: str = ""
    path: tuple[str, ...] = ()
    key: str = ""
    rich: bool = False


_ASPECT_ROWS = frozenset(
    {"key", "title", "kind", "maximum", "step", "ladder", "requirement", "detail", "section"}
)
_GONE = N_("An aspect of this criterion is no longer there. Load the page again.")


def is_rich(aspect: Aspect, path: Sequence[str] = ()) -> bool:
    """Say whether an aspect carries rules that a row cannot show, or stands too deep for one."""
    if aspect.kind not in ROW_KINDS or len(path) > DEEPEST:
        return True
    return bool(aspect.model_dump(exclude_defaults=True).keys() - _ASPECT_ROWS)


def rows_of(criterion: Section) -> list[AspectRow]:
    """Return the rows of a criterion."""
    found = []
    for sections, aspect in _walk(criterion, ()):
        found.append(_row(aspect, tuple(section.title for section in sections)))
    return found


def _walk(
    section: Section, above: tuple[Section, ...]
) -> Iterator[tuple[tuple[Section, ...], Aspect]]:
    """Yield every aspect with the sections between the criterion and itself."""
    for aspect in section.aspects:
        yield above, aspect
    for below in section.sections:
        yield from _walk(below, (*above, below))


def _row(aspect: Aspect, path: tuple[str, ...]) -> AspectRow:
    return AspectRow(
        title=aspect.title,
        maximum=aspect.maximum,
        kind=aspect.kind,
        step=aspect.step,
        ladder=aspect.ladder,
        requirement=aspect.requirement,
        detail=aspect.detail,
        standard=aspect.section,
        path=path,
        key=aspect.key,
        rich=is_rich(aspect, path),
    )


def criterion_of(
    title: str, rows: Sequence[AspectRow], old: Section | None, taken: frozenset[str]
) -> Section:
    """Make a criterion of rows; what was there keeps its key, what is new gets an unused one.

    Rules that no row shows stay: those of rich aspects, and those of the sections.
    """
    return _Tree(title, old, taken).filled(rows)


def _aspect(row: AspectRow, key: str) -> Aspect:
    judged = row.kind is AspectKind.JUDGEMENT
    return Aspect(
        key=key,
        title=row.title,
        kind=row.kind,
        maximum=row.maximum,
        step=row.step,
        ladder=tuple(text for text in row.ladder if text) if judged else (),
        requirement=row.requirement,
        detail=row.detail,
        section=row.standard,
    )


@dataclass
class _Keys:
    taken: set[str]

    def unused(self, prefix: str) -> str:
        number = 1
        while f"{prefix}{number}" in self.taken:
            number += 1
        self.taken.add(f"{prefix}{number}")
        return f"{prefix}{number}"


@dataclass
class _Node:
    key: str
    title: str
    old: Section | None = None
    nodes: list["_Node"] = field(default_factory=list)
    aspects: list[Aspect] = field(default_factory=list)

    def section(self) -> Section:
        here = {
            "key": self.key,
            "title": self.title,
            "sections": (*(node.section() for node in self.nodes), *self._empty()),
            "aspects": tuple(self.aspects),
        }
        return self.old.model_copy(update=here) if self.old else Section.model_validate(here)

    def _empty(self) -> Iterator[Section]:
        """Yield sections that never had an aspect: no row speaks of them, so they stay."""
        keys = {node.key for node in self.nodes}
        for section in self.old.sections if self.old else ():
            if section.key not in keys and not any(section.flat()):
                yield section


class _Tree:
    """Puts rows under their sections, which keep their keys where they are still the same."""

    def __init__(self, title: str, old: Section | None, taken: frozenset[str]) -> None:
        self._keys = _Keys(set(taken))
        self._root = _Node(old.key if old else self._keys.unused("c"), title, old)
        known = list(_walk(old, ())) if old else []
        self._places = {aspect.key: sections for sections, aspect in known}
        self._aspects = {aspect.key: aspect for _, aspect in known}
        self._claimed: set[str] = set()
        self._used = {self._root.key}

    def filled(self, rows: Sequence[AspectRow]) -> Section:
        """Return the criterion that the rows make."""
        for row in rows:
            same = zip(self._places.get(row.key, ()), self._path(row), strict=False)
            self._claimed |= {section.key for section, name in same if section.title == name}
        for row in rows:
            self._add(row)
        return self._root.section()

    def _path(self, row: AspectRow) -> tuple[str, ...]:
        old = tuple(section.title for section in self._places.get(row.key, ()))
        return old if len(old) > DEEPEST else row.path

    def _add(self, row: AspectRow) -> None:
        node, places = self._root, self._places.get(row.key, ())
        for depth, name in enumerate(self._path(row)):
            was = places[depth] if depth < len(places) else None
            node = self._below(node, name, was)
        if row.rich:
            if row.key not in self._aspects:
                raise Refused(_GONE)
            node.aspects.append(self._aspects[row.key])
        else:
            node.aspects.append(_aspect(row, row.key or self._keys.unused(f"{self._root.key}-")))

    def _below(self, node: _Node, name: str, was: Section | None) -> _Node:
        """Return the section of this name below a node: the old one, even if it was renamed."""
        kept = was is not None and (was.title == name or was.key not in self._claimed)
        for child in node.nodes:
            if child.title == name and (not kept or was is None or child.key == was.key):
                return child
        old = was if kept and was is not None and was.key not in self._used else None
        old = old or self._known(node, name)
        made = _Node(old.key if old else self._keys.unused(f"{node.key}."), name, old)
        self._used.add(made.key)
        node.nodes.append(made)
        return made

    def _known(self, node: _Node, name: str) -> Section | None:
        for section in node.old.sections if node.old else ():
            if section.title == name and section.key not in self._used:
                return section
        return None
