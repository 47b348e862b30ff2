"""Skill levels recommended from contest results (R4.08, R4.14).

Level codes fall as skill rises: 5, 4, 3 (senior worker), 2 (technician), 1 (senior technician).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from pydantic import Field

from rules.data import RuleData
from rules.texts import N_

HIGHEST = 1

PASSED = N_("Passed every part that is needed")
TOP_PLACE = N_("Passed, and among the top places")
ONE_HIGHER = N_("Holds that level already, so one level higher")


class LevelRule(RuleData):
    """Passers get the base level; the top places, but no more than a share of the field, the top.

    `needs` names the parts that must be passed. Whoever holds the level already gets nothing, or
    one level more, or one level more but not above the level `cap`.
    """

    base_level: int = Field(default=3, ge=1, le=5)
    top_level: int = Field(default=2, ge=1, le=5)
    top_places: int = Field(default=3, ge=0)
    top_share: Decimal = Field(default=Decimal(10), ge=0, le=100)
    needs: tuple[str, ...] = ()
    if_already_held: Literal["none", "plus_one", "plus_one_capped"] = "none"
    cap: int | None = Field(default=None, ge=1, le=5)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who took part, with the level already held (None: no level)."""

    person_id: int
    entry_id: int
    award_rank: int | None
    passed: bool
    held_level: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """One recommended level and the reason to print in the list."""

    person_id: int
    entry_id: int
    level: int
    reason: str


def passes(rule: LevelRule, passed_parts: Mapping[str, bool | None]) -> bool:
    """Say whether every part that the rule needs was passed (R4.08)."""
    return all(passed_parts.get(key) is True for key in rule.needs)


def top_cut(rule: LevelRule, field_size: int) -> int:
    """Return the last award rank that gets the top level: min(places, floor(share of field))."""
    return min(rule.top_places, floor(Fraction(rule.top_share) * field_size / 100))


def grants(rule: LevelRule, candidates: Sequence[Candidate], field_size: int) -> list[Grant]:
    """Recommend a level for everybody who passed, in the order given."""
    cut = top_cut(rule, field_size)
    found = (_grant(rule, candidate, cut) for candidate in candidates if candidate.passed)
    return [grant for grant in found if grant is not None]


def _grant(rule: LevelRule, candidate: Candidate, cut: int) -> Grant | None:
    is_top = candidate.award_rank is not None and candidate.award_rank <= cut
    target = rule.top_level if is_top else rule.base_level
    held = candidate.held_level
    if held is None or held > target:
        reason = TOP_PLACE if is_top else PASSED
        return Grant(candidate.person_id, candidate.entry_id, target, reason)
    if held == target and _may_rise(rule, held):
        return Grant(candidate.person_id, candidate.entry_id, held - 1, ONE_HIGHER)
    return None


def _may_rise(rule: LevelRule, held: int) -> bool:
    if rule.if_already_held == "none" or held == HIGHEST:
        return False
    if rule.if_already_held == "plus_one":
        return True
    return rule.cap is not None and held - 1 >= rule.cap
