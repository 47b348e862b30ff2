"""The ladder of titles: city, province, nation, 中华技能大奖, state allowance (R8.02, R8.04)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.honours import HonourKind, HonourLevel, HonourVia


class Rung(StrEnum):
    """A rung of the ladder, the lowest first; prizes of contests are no titles."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"
    GRAND = "grand"
    ALLOWANCE = "allowance"


# Titles above those of their level, by the words that stand in them.
_TOP = ((Rung.GRAND, ("中华技能大奖",)), (Rung.ALLOWANCE, ("政府特殊津贴", "政府特贴")))
_BY_LEVEL = {
    HonourLevel.COUNTY: Rung.COUNTY,
    HonourLevel.CITY: Rung.CITY,
    HonourLevel.PROVINCE: Rung.PROVINCE,
    HonourLevel.NATIONAL: Rung.NATION,
}


@dataclass(frozen=True, slots=True)
class Title:
    """A title that somebody bears."""

    id: int
    title: str
    kind: HonourKind
    level: HonourLevel
    granted_on: date
    granted_by: str
    via: HonourVia


@dataclass(frozen=True, slots=True)
class Aim:
    """A nomination that is under way or failed, on the rung to which it leads."""

    id: int
    title: str
    level: HonourLevel
    year: int
    state: StrEnum


@dataclass(frozen=True, slots=True)
class Step:
    """A rung with what stands on it; ``reached`` once a title stands there."""

    rung: Rung
    titles: tuple[Title, ...]
    aims: tuple[Aim, ...]

    @property
    def reached(self) -> bool:
        """Say whether somebody stands on the rung."""
        return bool(self.titles)


def rung_of(title: str, level: HonourLevel) -> Rung | None:
    """Return the rung of a title; titles of an employer are below the ladder."""
    for rung, words in _TOP:
        if any(word in title for word in words):
            return rung
    return _BY_LEVEL.get(level)


def ladder(titles: Iterable[Title], aims: Iterable[Aim]) -> list[Step]:
    """Return the rungs from below, with every title and every nomination on its own."""
    known = [one for one in titles if one.kind is HonourKind.TITLE]
    wanted = list(aims)
    return [
        Step(
            rung,
            tuple(
                sorted(
                    (one for one in known if rung_of(one.title, one.level) is rung),
                    key=lambda one: (one.granted_on, one.id),
                )
            ),
            tuple(one for one in wanted if rung_of(one.title, one.level) is rung),
        )
        for rung in Rung
    ]


def highest(steps: Sequence[Step]) -> Rung | None:
    """Return the highest rung that is reached."""
    return next((one.rung for one in reversed(steps) if one.reached), None)
