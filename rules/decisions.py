"""Recorded decisions: what no rule can part, people decide, with a reason and a name."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from rules.data import RuleData
from rules.refusals import Refused
from rules.texts import N_


class Decision(RuleData):
    """The order that was decided for entries that are equal, best first.

    `about` is the stage, node or tier; it is empty for the places of the whole event. "grant" gives
    all of the order the tier `about`, or none where that is empty, whatever the rules say.
    """

    kind: Literal["place", "advance", "points", "award", "grant"]
    about: str = ""
    order: tuple[int, ...]
    reason: str
    decided_by: str


class Undecided(Refused):
    """Equal entries that may not share: a decision must be recorded for each group."""

    def __init__(self, kind: str, about: str, groups: Sequence[Sequence[int]]) -> None:
        found = "; ".join(", ".join(map(str, group)) for group in groups)
        super().__init__(
            N_("These entries are equal and need a recorded decision: %(entries)s."),
            field=about or None,
            entries=found,
        )
        self.kind, self.about = kind, about
        self.groups = tuple(tuple(group) for group in groups)


def decided_order(
    decisions: Sequence[Decision], kind: str, about: str, group: Collection[int]
) -> Mapping[int, int] | None:
    """Return the decided position of each entry of a group of equals, or None."""
    for decision in decisions:
        if (decision.kind, decision.about) == (kind, about) and {*group} <= {*decision.order}:
            return {entry: index for index, entry in enumerate(decision.order)}
    return None
