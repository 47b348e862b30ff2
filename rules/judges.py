"""The judge pool: what a judge is good for, who may be called, who is barred for a while."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

# A technician (level 2) or senior technician (level 1) may judge (R1.11); 1 is the highest level.
LOWEST_LEVEL = 2


class JudgeKind(StrEnum):
    """What a judge does on the day (R1.09): watches the work, hides the names, or gives marks."""

    SCENE = "scene"
    SEALING = "sealing"
    SCORING = "scoring"


class TitleGrade(StrEnum):
    """Grades of professional titles, the lowest first."""

    NONE = "none"
    JUNIOR = "junior"
    MIDDLE = "middle"
    DEPUTY_SENIOR = "deputy_senior"
    SENIOR = "senior"


class SeatDuty(StrEnum):
    """What somebody on a panel is there for."""

    MEMBER = "member"
    RESERVE = "reserve"
    TRAINEE = "trainee"
    RECUSED = "recused"


class SeatAnswer(StrEnum):
    """What somebody said who was asked to sit on a panel."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


_GRADES = [*TitleGrade]


def is_qualified(grade: TitleGrade, level: int | None) -> bool:
    """Say whether a judge has a middle title or better, or is a technician or better (R1.11)."""
    if _GRADES.index(grade) >= _GRADES.index(TitleGrade.MIDDLE):
        return True
    return level is not None and level <= LOWEST_LEVEL


def is_barred(until: date | None, day: date) -> bool:
    """Say whether a judge who broke the rules may not be called on this day yet (R2.36)."""
    return until is not None and day <= until


def knows(occupations: Collection[str], occupation: str) -> bool:
    """Say whether a judge's occupations name this one; who named none is not left out."""
    return not occupations or occupation in occupations
