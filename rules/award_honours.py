"""Honours that depend on the person: age, sex, division, and where the contest was filed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from rules.ages import age_on
from rules.data import RuleData


class ConditionalHonour(RuleData):
    """An honour beside the award paper, for those winners who meet every condition set.

    `tiers` names the awards it goes with, `top` the last place; without both any award counts.
    Ages count on `age_on` (R4.20), `divisions` holds codes, such as that of the staff (R4.17).
    With `filed_with` it is given only if the contest was filed with that body beforehand.
    `granted_by` is the body whose seal the paper bears (R4.22); coaches may be honoured (R4.21).
    """

    title: str = Field(min_length=1, max_length=60)
    granted_by: str = Field(default="", max_length=60)
    given_to: Literal["members", "coaches"] = "members"
    tiers: tuple[str, ...] = ()
    top: int | None = Field(default=None, ge=1)
    divisions: tuple[str, ...] = ()
    sex: Literal["", "M", "F"] = ""
    oldest: int | None = Field(default=None, ge=0, le=150)
    youngest: int | None = Field(default=None, ge=0, le=150)
    age_on: date | None = None
    filed_with: str = Field(default="", max_length=60)


@dataclass(frozen=True, slots=True)
class Winner:
    """What an honour may ask of a person and of the award."""

    tier: str
    rank: int | None
    division: str
    sex: str | None = None
    birth_date: date | None = None


def honour_reason(
    honour: ConditionalHonour, winner: Winner, filed_with: Sequence[str], day: date
) -> str | None:
    """Say which conditions a person met, or return None when one of them fails (R4.20).

    Ages count on `day` where the honour names no day of its own.
    """
    if any(not check(honour, winner) for check in _CHECKS):
        return None
    if honour.filed_with and honour.filed_with not in filed_with:
        return None
    age = _age(honour, winner, day)
    if honour.oldest is not None and (age is None or age > honour.oldest):
        return None
    if honour.youngest is not None and (age is None or age < honour.youngest):
        return None
    return ";".join(_met(honour, winner, age))


_CHECKS: tuple[Callable[[ConditionalHonour, Winner], bool], ...] = (
    lambda honour, winner: not honour.tiers or winner.tier in honour.tiers,
    lambda honour, winner: (
        honour.top is None or (winner.rank is not None and winner.rank <= honour.top)
    ),
    lambda honour, winner: not honour.divisions or winner.division in honour.divisions,
    lambda honour, winner: not honour.sex or winner.sex == honour.sex,
)


def _age(honour: ConditionalHonour, winner: Winner, day: date) -> int | None:
    if winner.birth_date is None:
        return None
    return age_on(winner.birth_date, honour.age_on or day)


def _met(honour: ConditionalHonour, winner: Winner, age: int | None) -> Iterator[str]:
    """Yield each condition that was set and what met it, as key and value."""
    if honour.top is not None:
        yield f"rank={winner.rank}"
    if honour.divisions:
        yield f"division={winner.division}"
    if honour.sex:
        yield f"sex={winner.sex}"
    if honour.oldest is not None or honour.youngest is not None:
        yield f"age={age}"
    if honour.filed_with:
        yield f"filed={honour.filed_with}"


def read_reason(reason: str) -> list[tuple[str, str]]:
    """Read the conditions back as pairs of key and value."""
    pairs = (part.partition("=") for part in reason.split(";") if part)
    return [(key, value) for key, _, value in pairs]
