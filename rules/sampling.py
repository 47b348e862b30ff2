"""Spot checks of entered marks: what is looked at, and when everything must be (R2.25)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil

from rules.draws import order
from rules.refusals import Refused
from rules.texts import N_

LIMIT = Decimal(5)
FEWEST_FIGURES = 6
MOST_FIGURES = 60


class Reason(StrEnum):
    """Why a sheet is looked at again."""

    TOP = "top"
    RANDOM = "random"
    RISK = "risk"
    ALL = "all"


class Finding(StrEnum):
    """What the comparison of a sheet with its paper gave."""

    AGREES = "agrees"
    WRONG = "wrong"


def needs_full_check(lines: int, wrong: int, limit: Decimal = LIMIT) -> bool:
    """Say whether more than so many percent of the checked lines were wrong."""
    if not 0 <= wrong <= lines:
        raise ValueError(f"{wrong} wrong of {lines} lines")
    return Fraction(100 * wrong) > Fraction(limit) * lines


def share_of(count: int, percent: Decimal) -> int:
    """Return how many of so many things make up at least this percentage."""
    return ceil(Fraction(percent) * count / 100)


def top_of(totals: Mapping[str, Decimal], percent: Decimal) -> frozenset[str]:
    """Return the codes of the best percentage of works; all that are equal at its end too."""
    wanted = share_of(len(totals), percent)
    if not wanted:
        return frozenset()
    line = sorted(totals.values(), reverse=True)[wanted - 1]
    return frozenset(code for code, total in totals.items() if total >= line)


def sheet_digest(signed: bool, marks: Iterable[tuple[str, str]]) -> str:
    """Return the digest of one sheet: whether it is signed, and each mark as a plain text."""
    return _digest([signed, *sorted(map(list, marks))])


def marks_digest(sheets: Mapping[str, str]) -> str:
    """Return the digest of many sheets from theirs."""
    return _digest(sorted(map(list, sheets.items())))


def _digest(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_figures(text: str) -> str:
    """Return the figures that were called out, without what stands between them."""
    figures = "".join(filter(str.isdecimal, text))
    if not figures.isascii() or not FEWEST_FIGURES <= len(figures) <= MOST_FIGURES:
        raise Refused(
            N_("Write the figures that were called out, at least %(count)s of them."),
            field="figures",
            count=FEWEST_FIGURES,
        )
    return figures


def drawn(keys: Iterable[str], count: int, seed: str) -> list[str]:
    """Draw so many keys: those whose SHA-256 after the seed and a colon come first.

    Anybody can repeat it with the seed and the list.
    """
    return order(seed, [*keys])[:count]


def uncovered(
    basis: Mapping[str, str], now: Mapping[str, str], wrong: Iterable[str]
) -> frozenset[str]:
    """Return the sheets that differ from those of the draw though no error was found on them.

    A correction of what the check found does not undo the check; any other change does.
    """
    changed = {key for key in basis.keys() | now.keys() if basis.get(key) != now.get(key)}
    return frozenset(changed.difference(wrong))
