"""The whole marking scheme of one event; it cannot be made while it contradicts itself."""

import marshal
from functools import cached_property, lru_cache
from typing import Any, Self

from pydantic import model_validator

from rules.data import InvalidRules, later
from rules.scheme_nodes import (
    Advance,
    Aspect,
    AspectKind,
    Band,
    Branch,
    Carry,
    Combine,
    Deduction,
    Given,
    Node,
    Option,
    Panel,
    Part,
    PointsTable,
    Rounding,
    RoundingMode,
    Section,
    Stage,
)
from rules.scheme_problems import scheme_problems

LADDER_STEPS = 4
# The kinds that the marking sheet and its editor in the browser know.
SHEET_KINDS = (AspectKind.POINTS, AspectKind.MEASUREMENT, AspectKind.JUDGEMENT)

__all__ = [
    "LADDER_STEPS",
    "SHEET_KINDS",
    "Advance",
    "Aspect",
    "AspectKind",
    "Band",
    "Carry",
    "Deduction",
    "Given",
    "Node",
    "Option",
    "Panel",
    "Part",
    "PointsTable",
    "Rounding",
    "Scheme",
    "Section",
    "Stage",
    "read_scheme",
]


class Scheme(Branch):
    """The whole marking scheme of one event; it cannot be made while it contradicts itself.

    Without stages the parts make the total; with stages each part names the one it belongs to.
    `facts` are values of an entry that don't count but can part equal totals, such as time.
    """

    title: str
    parts: tuple[Part, ...]
    digits: int = 2
    rounding: RoundingMode = "half_up"
    round_parts: bool = False
    combine: Combine = later("percent")
    stages: tuple[Stage, ...] = later(())
    facts: tuple[Given, ...] = later(())

    @cached_property
    def _by_key(self) -> dict[str, Part]:
        return {part.key: part for part in self.parts}

    def part(self, key: str) -> Part:
        """Return the part with this key, or raise KeyError."""
        return self._by_key[key]

    @cached_property
    def levels(self) -> tuple[tuple[Stage, tuple[Part, ...]], ...]:
        """Return every stage with its parts; a scheme without stages is one stage."""
        if self.stages:
            return tuple((s, tuple(p for p in self.parts if p.stage == s.key)) for s in self.stages)
        own = {name: getattr(self, name) for name in Branch.model_fields}
        return ((Stage(key="", title=self.title, **own), self.parts),)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [*scheme_problems(self.levels, self)]
        if problems:
            raise InvalidRules(problems)
        return self


def read_scheme(stored: dict[str, Any]) -> Scheme:
    """Read a stored scheme; one that was read before is not checked again.

    Checking a large scheme takes longer than saving a mark. What was read is known by its whole
    content, so that a changed scheme is never taken for the old one.
    """
    return _read_scheme(marshal.dumps(stored, _SAME_BYTES))


# Without references between objects equal data gives equal bytes.
_SAME_BYTES = 2


@lru_cache(maxsize=128)
def _read_scheme(packed: bytes) -> Scheme:
    return Scheme.model_validate(marshal.loads(packed))
