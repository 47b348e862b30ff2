"""Why marks make no result: whoever or whatever is missing, doubled, impossible or unknown."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from rules.awarding import deduction_problem, given_problem, mark_problem
from rules.marks import JudgeMarks
from rules.refusals import Refused
from rules.scheme_nodes import Branch, Deduction, Given, Node, Panel, Part, Stage
from rules.texts import N_
from rules.working import NodeWork

_TOO_FEW = N_("%(part)s has marks from %(count)s judges; %(needed)s are needed.")
_TOO_MANY = N_("%(part)s has marks from %(count)s judges; the panel has only %(judges)s.")
_SAME_JUDGE = N_("%(part)s has two sheets from the same judge.")
_MISSING = N_("%(part)s, judge %(judge)s: no mark yet for %(aspect)s.")
_IMPOSSIBLE = N_("%(part)s, judge %(judge)s: the mark for %(aspect)s does not fit the scheme.")
_UNKNOWN = N_("%(part)s, judge %(judge)s: %(aspect)s is not in the marking scheme.")
_NOT_GIVEN = N_("%(part)s: no value yet for %(aspect)s.")
_BAD_GIVEN = N_("%(part)s: the value for %(aspect)s does not fit the scheme.")
_CONFLICT = N_("%(part)s: two different values for %(aspect)s.")
_NOT_KNOWN = N_("%(aspect)s is not in the marking scheme.")


def part_problems(ready: NodeWork, part: Part, sheets: Sequence[JudgeMarks]) -> Iterator[Refused]:
    """Yield every reason why these sheets make no score of the part (R2.16)."""
    left_out = frozenset(_left_out(ready, sheets, False))
    for owner in _owners(ready):
        if owner.scope and not owner.keys <= left_out:
            yield from _panel_problems(owner, part, sheets)
    if len({sheet.judge for sheet in sheets}) < len(sheets):
        yield Refused(_SAME_JUDGE, field=part.key, part=part.title, count=len(sheets))
    for sheet in sheets:
        yield from sheet_problems(ready, part, sheet, left_out)
    yield from _given_problems(ready, part, sheets)


def _owners(ready: NodeWork) -> Iterator[NodeWork]:
    if ready.owns:
        yield ready
    for child in ready.children:
        yield from _owners(child)


def _left_out(ready: NodeWork, sheets: Sequence[JudgeMarks], may_skip: bool) -> Iterator[str]:
    """Yield the aspects below nodes that nobody marked and that need not be marked."""
    skippable = may_skip or ready.node.missing != "block"
    if skippable and all(ready.keys.isdisjoint(sheet.marks) for sheet in sheets):
        yield from ready.keys
        return
    best = isinstance(ready.node, Branch) and ready.node.best is not None
    for child in ready.children if ready.here is None else ():
        yield from _left_out(child, sheets, best)


def _present(owner: NodeWork, sheets: Sequence[JudgeMarks]) -> list[JudgeMarks]:
    """Return the sheets that the panel's node counts, an open empty one too."""
    return [
        sheet
        for sheet in sheets
        if not owner.scope.isdisjoint(sheet.marks) or (not sheet.marks and owner.is_part)
    ]


def _panel_problems(owner: NodeWork, part: Part, sheets: Sequence[JudgeMarks]) -> Iterator[Refused]:
    panel = _panel(owner.node)
    found = _present(owner, sheets)
    if panel.zero_is_absent:
        found = [sheet for sheet in found if not sheet.marks or owner.has_marks(sheet)]
    title = part.title if owner.node is part else f"{part.title}, {owner.node.title}"
    names = {"part": title, "count": len(found)}
    if len(found) < panel.minimum:
        yield Refused(_TOO_FEW, field=owner.node.key, needed=panel.minimum, **names)
    if len(found) > panel.judges:
        yield Refused(_TOO_MANY, field=owner.node.key, judges=panel.judges, **names)


def _panel(node: Node) -> Panel:
    return Panel() if isinstance(node, Stage) else node.panel or Panel()


def sheet_problems(
    ready: NodeWork, part: Part, sheet: JudgeMarks, left_out: frozenset[str] = frozenset()
) -> Iterator[Refused]:
    """Yield every missing, unknown or impossible mark of one judge's sheet."""
    names: dict[str, object] = {"part": part.title, "judge": sheet.judge}
    asked = {
        key
        for owner in _owners(ready)
        if sheet in _present(owner, [sheet])
        for key in owner.scope - left_out
    }
    for aspect in part.aspects:
        value = sheet.marks.get(aspect.key)
        if value is None:
            if aspect.key in asked:
                yield Refused(_MISSING, field=aspect.key, aspect=aspect.title, **names)
        elif mark_problem(aspect, value):
            yield Refused(_IMPOSSIBLE, field=aspect.key, aspect=aspect.title, **names)
    known = ready.keys | part.given.keys() | part.recorded.keys()
    for key in sorted(sheet.marks.keys() - known):
        yield Refused(_UNKNOWN, field=key, aspect=key, **names)


def _given_problems(ready: NodeWork, part: Part, sheets: Sequence[JudgeMarks]) -> Iterator[Refused]:
    found = agreed_values(part, sheets)
    for key, node in _needed(ready, sheets, False).items():
        if key not in found:
            yield Refused(_NOT_GIVEN, field=key, part=part.title, aspect=node.title)
    titles: dict[str, Given | Deduction] = {**part.given, **part.recorded}
    for key, values in found.items():
        names = {"part": part.title, "aspect": titles[key].title}
        if len(values) > 1:
            yield Refused(_CONFLICT, field=key, **names)
        for value in values:
            if recorded_problem(titles[key], value) is not None:
                yield Refused(_BAD_GIVEN, field=key, **names)


def _needed(ready: NodeWork, sheets: Sequence[JudgeMarks], may_skip: bool) -> dict[str, Given]:
    skippable = may_skip or ready.node.missing != "block"
    if skippable and all(ready.keys.isdisjoint(sheet.marks) for sheet in sheets):
        return {}
    found = {given.key: given for given in ready.node.agreed}
    best = isinstance(ready.node, Branch) and ready.node.best is not None
    for child in ready.children:
        found |= _needed(child, sheets, best and ready.here is None)
    return found


def agreed_values(part: Part, sheets: Sequence[JudgeMarks]) -> dict[str, list[Decimal]]:
    """Return the different values that the sheets carry for what is agreed or recorded once."""
    found: dict[str, list[Decimal]] = {}
    for key in (*part.given, *part.recorded):
        values = {sheet.marks[key] for sheet in sheets if key in sheet.marks}
        if values:
            found[key] = sorted(values, key=str)
    return found


def recorded_problem(declared: Given | Deduction, value: Decimal) -> Refused | None:
    """Say why an agreed value or a recorded deduction cannot be this, or None."""
    if isinstance(declared, Given):
        return given_problem(declared, value)
    return deduction_problem(declared, value)


def shared_problems(
    declared: Mapping[str, Given | Deduction], values: Mapping[str, Decimal]
) -> Iterator[Refused]:
    """Yield what is wrong with the values recorded for an entry as a whole."""
    for key, value in sorted(values.items()):
        if key not in declared:
            yield Refused(_NOT_KNOWN, field=key, aspect=key)
        elif problem := recorded_problem(declared[key], value):
            yield problem
