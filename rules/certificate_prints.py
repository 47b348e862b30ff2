"""Sheets on which certificates are printed by the thousand, and in which order they lie there."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

POINTS = 72 / 25.4  # of a millimetre
MARK, GAP = 5.0, 3.0  # millimetres: the length of a crop mark, and how far it keeps from the cut


class PrintSheet(StrEnum):
    """One paper a page, or two A4 on a sheet of SRA3 with crop marks."""

    SINGLE = "single"
    TWO_UP = "two_up"


class Spot(NamedTuple):
    """Where the lower left corner of a paper lies on its sheet, in points."""

    x: float
    y: float


class Plan(NamedTuple):
    """A sheet in points, and the places on it."""

    width: float
    height: float
    spots: tuple[Spot, ...]


SRA3 = (450 * POINTS, 320 * POINTS)


def plan_for(sheet: PrintSheet, width: float, height: float) -> Plan:
    """Return where papers of this size lie; those larger than A4 have a sheet of their own.

    What lies on the sheet is centred, so that fronts and backs meet in a duplex printer.
    """
    if sheet is PrintSheet.SINGLE:
        return Plan(width, height, (Spot(0, 0),))
    long, short = SRA3
    if height >= width:  # upright: side by side on a sheet that lies across
        return _centred(long, short, width, height, 2, 1)
    return _centred(short, long, width, height, 1, 2)


def _centred(
    sheet_width: float, sheet_height: float, width: float, height: float, across: int, down: int
) -> Plan:
    if across * width > sheet_width or down * height > sheet_height:
        across = down = 1
    if width > sheet_width or height > sheet_height:
        sheet_width, sheet_height = sheet_height, sheet_width
    left = (sheet_width - across * width) / 2
    bottom = (sheet_height - down * height) / 2
    spots = [
        Spot(left + x * width, bottom + y * height)
        for y in reversed(range(down))
        for x in range(across)
    ]
    return Plan(sheet_width, sheet_height, tuple(spots))


def sheets(count: int, places: int) -> Iterator[tuple[int | None, ...]]:
    """Yield which paper lies at each place, sheet by sheet.

    Cut, the piles are laid on one another and are in order: each pile holds what follows.
    """
    high = -(-count // places)
    for sheet in range(high):
        found = (pile * high + sheet for pile in range(places))
        yield tuple(number if number < count else None for number in found)


def crop_marks(plan: Plan, width: float, height: float) -> Iterator[tuple[float, ...]]:
    """Yield lines from x, y to x, y: beside the papers only, never on one."""
    lefts = sorted({spot.x for spot in plan.spots})
    bottoms = sorted({spot.y for spot in plan.spots})
    right, top = lefts[-1] + width, bottoms[-1] + height
    gap, reach = GAP * POINTS, (GAP + MARK) * POINTS
    for x in {*lefts, *(left + width for left in lefts)}:
        yield x, bottoms[0] - reach, x, bottoms[0] - gap
        yield x, top + gap, x, top + reach
    for y in {*bottoms, *(bottom + height for bottom in bottoms)}:
        yield lefts[0] - reach, y, lefts[0] - gap, y
        yield right + gap, y, right + reach, y
