"""Marks as judges give them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class JudgeMarks:
    """One judge's marks: aspect key to points, 0 or 1, a level, an option or a reading.

    Agreed values and recorded deductions may stand on any judge's sheet, or on one of nobody's
    (judge 0).
    """

    judge: int
    marks: Mapping[str, Decimal]
