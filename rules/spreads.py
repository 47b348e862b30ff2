"""Judges who are too far apart (R2.15)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.marks import JudgeMarks
from rules.scheme_nodes import Panel, Part, Stage
from rules.working import Facts, NodeWork, counted


@dataclass(frozen=True, slots=True)
class SpreadAlert:
    """Judges who are too far apart on a part (aspect None), or on one aspect or section."""

    part: str
    aspect: str | None
    lowest: Decimal
    highest: Decimal

    @property
    def spread(self) -> Decimal:
        """Return how far apart the outer judges are."""
        return self.highest - self.lowest


def alerts(
    ready: NodeWork, part: Part, sheets: Sequence[JudgeMarks], hundred: Fraction
) -> Iterator[SpreadAlert]:
    """Find the nodes of a part where a panel's largest spread is reached or passed.

    A node that is combined as a whole compares the judges' totals, leaving out unfinished
    sheets (a part's on the 100 scale: times `hundred`); otherwise each aspect compares marks.
    """
    panel = None if isinstance(ready.node, Stage) else ready.node.panel
    if panel is not None and panel.max_spread is not None:
        if ready.here is not None and ready.children:
            yield from _whole(ready, part, sheets, hundred if ready.is_part else Fraction(1))
        else:
            yield from _by_aspect(panel, ready.scope, part, sheets)
    for child in ready.children:
        yield from alerts(child, part, sheets, hundred)


def blocking(ready: NodeWork) -> bool:
    """Say whether some panel at or below the node wants marks given anew when they spread."""
    panel = None if isinstance(ready.node, Stage) else ready.node.panel
    own = panel is not None and panel.max_spread is not None and panel.on_spread == "remark"
    return own or any(blocking(child) for child in ready.children)


def _by_aspect(
    panel: Panel, scope: frozenset[str], part: Part, sheets: Sequence[JudgeMarks]
) -> Iterator[SpreadAlert]:
    for key in (aspect.key for aspect in part.aspects if aspect.key in scope):
        values = sorted(sheet.marks[key] for sheet in sheets if key in sheet.marks)
        values = _compared(panel, values)
        if values and panel.max_spread and values[-1] - values[0] >= panel.max_spread:
            yield SpreadAlert(part.key, key, values[0], values[-1])


def _compared(panel: Panel, values: list[Decimal]) -> list[Decimal]:
    if panel.spread_of == "all":
        return values
    low, high = counted(panel, len(values))
    return values[low:high]


def _whole(
    ready: NodeWork, part: Part, sheets: Sequence[JudgeMarks], factor: Fraction
) -> Iterator[SpreadAlert]:
    panel = ready.here or Panel()
    facts = Facts({key: value for sheet in sheets for key, value in sheet.marks.items()})
    totals = sorted(t for t in (_total(ready, sheet, facts) for sheet in sheets) if t is not None)
    if panel.spread_of == "counted":
        low, high = counted(panel, len(totals))
        totals = totals[low:high]
    limit = Fraction(panel.max_spread or 0)
    if totals and (totals[-1] - totals[0]) * factor >= limit:
        ends = (totals[0] * factor, totals[-1] * factor)
        low_end, high_end = (ready.shown(value) for value in ends)
        yield SpreadAlert(part.key, None if ready.is_part else ready.node.key, low_end, high_end)


def _total(ready: NodeWork, sheet: JudgeMarks, facts: Facts) -> Fraction | None:
    # What is agreed once stands on one sheet and counts for all.
    total = ready.total(sheet.marks, facts)
    return None if total is None else Fraction(total) / ready.unit
