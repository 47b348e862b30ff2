"""One sheet while it fills: what was typed, what it is worth, the running total."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from rules.awarding import charge, deduction_problem, given_problem
from rules.marking import Rounding, awarded, mark_problem, rounded
from rules.refusals import Refused
from rules.scheme_nodes import Aspect, AspectKind, Deduction, Given
from rules.seats import Layout, Line
from rules.texts import N_

# With so few lines a whole sheet fits in one line of a table.
TABLE_LINES = 6
READINGS = (AspectKind.DEVIATION, AspectKind.BANDS)
# Longer marks cannot be stored (MARK_PLACES of models); they are refused, never rounded.
_NUMBER = re.compile(r"[+-]?(\d{1,9}(\.\d{0,4})?|\.\d{1,4})")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2}(?:\.\d{0,4})?)")
_SECONDS = re.compile(r"秒|\b(seconds?|secs?)\b|[(\[]s[)\]]", re.IGNORECASE)


def read_mark(line: Line, text: str) -> Decimal | None:
    """Read a typed mark; empty is not marked; refuse what cannot be the mark (R2.17)."""
    typed = unicodedata.normalize("NFKC", text).strip().replace("。", ".").replace("−", "-")
    if not typed:
        return None
    value = _clock(typed) if in_seconds(line) else None
    if value is None:
        if not _NUMBER.fullmatch(typed):
            raise Refused(N_("Enter a number, with at most four decimal places."), field=line.key)
        value = Decimal(typed)
    problem = line_problem(line, value)
    if problem is not None:
        raise problem
    return value + 0  # "-0" is 0


def _clock(typed: str) -> Decimal | None:
    """Read h:mm:ss or mm:ss as seconds; None for anything else."""
    found = _CLOCK.fullmatch(typed)
    if found is None:
        return None
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), Decimal(found[3])
    if seconds >= 60 or (found[1] and minutes >= 60):
        return None
    return hours * 3600 + minutes * 60 + seconds


def in_seconds(line: Line) -> bool:
    """Say whether a line asks for a time in seconds: its own words must say so."""
    if isinstance(line, Given):
        return bool(_SECONDS.search(unicodedata.normalize("NFKC", line.title)))
    if not isinstance(line, Aspect) or line.kind not in READINGS:
        return False
    words = " ".join((line.title, line.requirement, line.detail))
    return bool(_SECONDS.search(unicodedata.normalize("NFKC", words)))


def line_problem(line: Line, value: Decimal) -> Refused | None:
    """Say why a line of a sheet cannot have this value, or None when it can."""
    if isinstance(line, Given):
        return given_problem(line, value)
    if isinstance(line, Deduction):
        return deduction_problem(line, value)
    return mark_problem(line, value)


def worth(line: Line, value: Decimal) -> Fraction | None:
    """Return what a value is worth in the marks of the sheet; None where only the whole tells."""
    if isinstance(line, Aspect):
        return awarded(line, value)
    if isinstance(line, Deduction) and line.effect == "minus":
        return -charge(line, value)
    return None


def puts_out(line: Line, value: Decimal) -> bool:
    """Say whether a recorded deduction puts the entry out of the contest (R2.19)."""
    if not isinstance(line, Deduction) or line.disqualifies_at is None:
        return False
    return value >= line.disqualifies_at


def running_total(
    layout: Layout, marks: Mapping[str, Decimal], digits: int = 2, rounding: Rounding = "half_up"
) -> Decimal:
    """Sum what is marked so far, in the marks of the sheet."""
    known = ((line, marks[line.key]) for line in layout.lines if line.key in marks)
    total = sum((worth(line, value) or 0 for line, value in known), Fraction(0))
    return rounded(total.as_integer_ratio(), digits, rounding)


def fits_table(layout: Layout) -> bool:
    """Say whether all entries of a seat can be entered in one table."""
    return len(layout.lines) <= TABLE_LINES
