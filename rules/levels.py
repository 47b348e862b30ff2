"""Skill levels recommended from contest results (R4.08 to R4.15).

Level codes fall as skill rises: 5, 4, 3 (senior worker), 2 (technician), 1 (senior technician).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from pydantic import Field

from rules.data import RuleData, later
from rules.texts import N_

HIGHEST, LOWEST = 1, 5
NOTHING_HELD = 0  # in LevelCut.held: those without any level

PASSED = N_("Passed every part that is needed")
TOP_PLACE = N_("Passed, and among the top places")
PRIZE = N_("Won a prize that carries this level")
HELD_RISES = N_("One step above the level that was held")
ONE_HIGHER = N_("Holds that level already, so one level higher")

IfHeld = Literal["none", "plus_one", "plus_one_capped"]
Rounding = Literal["floor", "half_up", "ceiling"]


class LevelCut(RuleData):
    """One line of a level rule: who gets which level; of all lines the first that fits counts.

    `who` asks for a place down to `to` (and down to the part `share` of the field, the smaller
    counts), for a prize of `tiers`, or only for the parts in `needs` (of the rule itself unless
    given). It may hold for one size of team, one class or level of contest, and for those who
    hold one of the levels in `held` (0: none). The level is `level` itself, or `rise` steps above
    the level of the event's standard, or above the level that is held (`entry` for those who hold
    none); it never goes above `highest`.
    """

    who: Literal["passers", "places", "prizes"] = "places"
    to: int | None = Field(default=None, ge=1)
    share: Decimal | None = Field(default=None, ge=0, le=100)
    rounding: Rounding = "floor"
    tiers: tuple[str, ...] = ()
    needs: tuple[str, ...] | None = None
    team_size: int | None = Field(default=None, ge=1, le=9)
    contest_class: str = ""
    contest_level: str = ""
    held: tuple[int, ...] | None = None
    above: Literal["level", "standard", "held"] = "level"
    level: int | None = Field(default=3, ge=HIGHEST, le=LOWEST)
    rise: int = Field(default=0, ge=0, le=4)
    entry: int | None = Field(default=None, ge=HIGHEST, le=LOWEST)
    highest: int = Field(default=HIGHEST, ge=HIGHEST, le=LOWEST)
    if_already_held: IfHeld | None = None
    cap: int | None = Field(default=None, ge=HIGHEST, le=LOWEST)


class LevelRule(RuleData):
    """Passers get the base level; the top places, but no more than a share of the field, the top.

    `needs` names the parts that must be passed. Whoever holds the level already gets nothing, or
    one level more, or one level more but not above the level `cap`. With `cuts` these lines
    decide instead of base and top level.
    """

    base_level: int = Field(default=3, ge=1, le=5)
    top_level: int = Field(default=2, ge=1, le=5)
    top_places: int = Field(default=3, ge=0)
    top_share: Decimal = Field(default=Decimal(10), ge=0, le=100)
    needs: tuple[str, ...] = ()
    if_already_held: IfHeld = "none"
    cap: int | None = Field(default=None, ge=1, le=5)
    cuts: tuple[LevelCut, ...] = later(())


@dataclass(frozen=True, slots=True)
class Setting:
    """What a level rule may ask of the event and its contest (R1.02, R1.16, R1.17)."""

    standard_level: int = 3
    team_size: int = 1
    contest_class: str = ""
    contest_level: str = ""


USUAL = Setting()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who took part, with the level already held (None: no level).

    `passed` is the verdict on the rule's own needs, `parts` that on each part.
    """

    person_id: int
    entry_id: int
    award_rank: int | None
    passed: bool
    held_level: int | None = None
    parts: Mapping[str, bool | None] = field(default_factory=dict)
    tier: str | None = None


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


def last_place(cut: LevelCut, field_size: int) -> int:
    """Return the last award rank that a line of places reaches in a field of this size."""
    limits = [] if cut.to is None else [cut.to]
    if cut.share is not None:
        limits.append(_ROUNDED[cut.rounding](Fraction(cut.share) * field_size / 100))
    return min(limits, default=0)


def grants(
    rule: LevelRule,
    candidates: Sequence[Candidate],
    field_size: int,
    setting: Setting = USUAL,
) -> list[Grant]:
    """Recommend a level for everybody who has earned one, in the order given."""
    if rule.cuts:
        lines = [cut for cut in rule.cuts if _holds_here(cut, setting)]
        found = [_by_lines(rule, lines, one, field_size, setting) for one in candidates]
    else:
        cut = top_cut(rule, field_size)
        found = [_grant(rule, candidate, cut) for candidate in candidates if candidate.passed]
    return [grant for grant in found if grant is not None]


def _grant(rule: LevelRule, candidate: Candidate, cut: int) -> Grant | None:
    is_top = candidate.award_rank is not None and candidate.award_rank <= cut
    target = rule.top_level if is_top else rule.base_level
    reason = TOP_PLACE if is_top else PASSED
    return _risen(candidate, target, reason, rule.if_already_held, rule.cap)


def _risen(
    candidate: Candidate, target: int, reason: str, if_held: IfHeld, cap: int | None
) -> Grant | None:
    """Grant the level, or what is due to those who hold it already (R4.14)."""
    held = candidate.held_level
    if held is None or held > target:
        return Grant(candidate.person_id, candidate.entry_id, target, reason)
    if held == target and _may_rise(if_held, cap, held):
        return Grant(candidate.person_id, candidate.entry_id, held - 1, ONE_HIGHER)
    return None


def _may_rise(if_held: IfHeld, cap: int | None, held: int) -> bool:
    if if_held == "none" or held == HIGHEST:
        return False
    if if_held == "plus_one":
        return True
    return cap is not None and held - 1 >= cap


def _holds_here(cut: LevelCut, setting: Setting) -> bool:
    return (
        cut.team_size in (None, setting.team_size)
        and cut.contest_class in ("", setting.contest_class)
        and cut.contest_level in ("", setting.contest_level)
    )


def _by_lines(
    rule: LevelRule,
    lines: Sequence[LevelCut],
    candidate: Candidate,
    field_size: int,
    setting: Setting,
) -> Grant | None:
    cut = next((one for one in lines if _fits(rule, one, candidate, field_size)), None)
    target = None if cut is None else _level(cut, candidate, setting)
    if cut is None or target is None:
        return None
    if_held = cut.if_already_held or rule.if_already_held
    cap = rule.cap if cut.if_already_held is None else cut.cap
    reason = HELD_RISES if cut.above == "held" else _REASONS[cut.who]
    return _risen(candidate, target, reason, if_held, cap)


def _fits(rule: LevelRule, cut: LevelCut, candidate: Candidate, field_size: int) -> bool:
    needs = rule.needs if cut.needs is None else cut.needs
    if not all(candidate.parts.get(key) is True for key in needs):
        return False
    if cut.held is not None and (candidate.held_level or NOTHING_HELD) not in cut.held:
        return False
    if cut.who == "prizes":
        return candidate.tier in cut.tiers
    rank = candidate.award_rank
    return cut.who == "passers" or (rank is not None and rank <= last_place(cut, field_size))


def _level(cut: LevelCut, candidate: Candidate, setting: Setting) -> int | None:
    if cut.above == "level":
        return cut.level
    if cut.above == "standard":
        return max(setting.standard_level - cut.rise, cut.highest)
    if candidate.held_level is None:
        return cut.entry
    # Who stands at the top of this line or above it has nothing to gain from it.
    return max(candidate.held_level - cut.rise, cut.highest)


_REASONS = {"passers": PASSED, "places": TOP_PLACE, "prizes": PRIZE}


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


_ROUNDED: dict[Rounding, Callable[[Fraction], int]] = {
    "floor": floor,
    "half_up": _half_up,
    "ceiling": ceil,
}
