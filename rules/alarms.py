"""What deserves a second look while marks come in: alarms and hints, never changes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from rules.data import RuleData, plain
from rules.refusals import Refused
from rules.texts import N_


class AlarmKind(StrEnum):
    """What was noticed: on one mark, on one sheet, or in the way of one judge."""

    SPREAD = "spread"
    ZEROS = "zeros"
    ABSENT = "absent"
    SHEET_APART = "sheet_apart"
    MARK_APART = "mark_apart"
    SWAPPED = "swapped"
    TENFOLD = "tenfold"
    NEIGHBOUR = "neighbour"
    OTHER_WORK = "other_work"
    WAITING = "waiting"
    IDLE = "idle"
    FAST = "fast"
    SEVERE = "severe"
    LENIENT = "lenient"
    DRIFT = "drift"
    NARROW = "narrow"
    OWN_PEOPLE = "own_people"


class AlarmGroup(StrEnum):
    """The groups in which a reader looks for alarms."""

    MARKS = "marks"
    SLIPS = "slips"
    PACE = "pace"
    HABITS = "habits"


class Weight(StrEnum):
    """How much an alarm presses."""

    URGENT = "urgent"
    LOOK = "look"
    HINT = "hint"


_SLIPS = (AlarmKind.SWAPPED, AlarmKind.TENFOLD, AlarmKind.NEIGHBOUR, AlarmKind.OTHER_WORK)
_PACE = (AlarmKind.ABSENT, AlarmKind.WAITING, AlarmKind.IDLE, AlarmKind.FAST)
_MARKS = (AlarmKind.SPREAD, AlarmKind.ZEROS, AlarmKind.SHEET_APART, AlarmKind.MARK_APART)
_URGENT = (AlarmKind.ZEROS, AlarmKind.ABSENT)
_KINDS = tuple(AlarmKind)
_WEIGHTS = tuple(Weight)

# Numbers stand in the words; where (work, seat, aspect) stands beside them.
WORDS: Mapping[AlarmKind, str] = {
    AlarmKind.SPREAD: N_("Lowest %(low)s, highest %(high)s: the limit of the panel is reached."),
    AlarmKind.ZEROS: N_(
        "Every mark of this sheet is 0; the middle of the others is %(middle)s of 100."
    ),
    AlarmKind.ABSENT: N_("No mark yet; the others have begun %(others)s works on average."),
    AlarmKind.SHEET_APART: N_(
        "%(own)s of 100 on this sheet; the middle of the others is %(middle)s."
    ),
    AlarmKind.MARK_APART: N_("Worth %(own)s; the middle of the others is %(middle)s."),
    AlarmKind.SWAPPED: N_(
        "%(own)s entered, the middle of the others is %(middle)s: are digits swapped (%(meant)s)?"
    ),
    AlarmKind.TENFOLD: N_(
        "%(own)s entered, the middle of the others is %(middle)s: is the decimal point"
        " misplaced (%(meant)s)?"
    ),
    AlarmKind.NEIGHBOUR: N_(
        "%(own)s entered, the middle of the others is %(middle)s; they gave %(own)s for"
        " “%(line)s”: was it the wrong line?"
    ),
    AlarmKind.OTHER_WORK: N_(
        "This sheet fits work %(other)s: %(near)s away from the others there,"
        " %(far)s here. Were the works mixed up?"
    ),
    AlarmKind.WAITING: N_("All others signed this work %(minutes)s minutes ago or earlier."),
    AlarmKind.IDLE: N_("No mark for %(minutes)s minutes; %(open)s sheets are open."),
    AlarmKind.FAST: N_(
        "%(own)s seconds from signature to signature in the middle, the others %(others)s."
        " Sheets may also have arrived together after a break in the network."
    ),
    AlarmKind.SEVERE: N_(
        "%(own)s points of 100 below the others on average, over %(works)s works."
    ),
    AlarmKind.LENIENT: N_(
        "%(own)s points of 100 above the others on average, over %(works)s works."
    ),
    AlarmKind.DRIFT: N_(
        "The first %(works)s works: %(first)s against the others; the last %(works)s: %(last)s"
        " (points of 100)."
    ),
    AlarmKind.NARROW: N_(
        "The middle half of the sheets lies within %(own)s points of 100;"
        " that of the others within %(others)s."
    ),
    AlarmKind.OWN_PEOPLE: N_(
        "%(own)s against the others on %(works)s works of the own employer,"
        " %(rest)s on the rest (points of 100)."
    ),
}


class AlarmRules(RuleData):
    """From which size on something is said; the shares are percent of the highest mark.

    A mark is apart when it lies `mads` times the usual distance from the others and at least
    `mark_percent` away; a sheet at least `sheet_percent`. A judge's way needs `habit_works` works
    and `habit_percent`. Nobody's pace is judged before `idle_minutes` are over.
    """

    mads: Decimal = Field(default=Decimal(5), ge=2, le=20)
    mark_percent: Decimal = Field(default=Decimal(15), gt=0, le=100)
    sheet_percent: Decimal = Field(default=Decimal(10), gt=0, le=100)
    habit_percent: Decimal = Field(default=Decimal(3), gt=0, le=100)
    habit_works: int = Field(default=6, ge=4)
    idle_minutes: int = Field(default=20, ge=1, le=600)


Numbers = Mapping[str, Decimal | str | int]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to look at: where, and the numbers of its words.

    `stamp` names what it was found in: an alarm that was put aside comes back with another one.
    """

    kind: AlarmKind
    part: str
    seat: int | None = None
    work: str = ""
    aspect: str | None = None
    numbers: Numbers = field(default_factory=dict)
    stamp: str = ""
    pressing: bool = False

    @property
    def weight(self) -> Weight:
        """Return how much it presses."""
        if self.pressing or self.kind in _URGENT:
            return Weight.URGENT
        return Weight.HINT if self.group is AlarmGroup.HABITS else Weight.LOOK

    @property
    def group(self) -> AlarmGroup:
        """Return the group in which it is looked for."""
        groups = ((_SLIPS, AlarmGroup.SLIPS), (_PACE, AlarmGroup.PACE), (_MARKS, AlarmGroup.MARKS))
        return next((group for kinds, group in groups if self.kind in kinds), AlarmGroup.HABITS)

    @property
    def key(self) -> str:
        """Name it among all alarms of an event: what and where, without the numbers."""
        words = (self.kind, self.part, self.work, self.seat, self.aspect)
        return _short("|".join("" if word is None else str(word) for word in words))

    @property
    def mark(self) -> str:
        """Name what it was found in, shortly."""
        numbers = "|".join(f"{name}={value}" for name, value in sorted(self.numbers.items()))
        return _short(self.stamp or numbers)

    @property
    def said(self) -> Refused:
        """Say it in words that can be translated."""
        shown = {name: _shown(value) for name, value in self.numbers.items()}
        return Refused(WORDS[self.kind], **shown)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _shown(value: Decimal | str | int) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def in_order(alarm: Alarm) -> tuple[object, ...]:
    """Return the place of an alarm in a list: the pressing ones first, then kind by kind."""
    return (
        _WEIGHTS.index(alarm.weight),
        _KINDS.index(alarm.kind),
        alarm.part,
        alarm.work,
        alarm.seat or 0,
        alarm.aspect or "",
    )
