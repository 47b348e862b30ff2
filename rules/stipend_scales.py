"""Scales of stipends (津贴标准) as dated rule data: what is paid for what, and its limits."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from rules.data import InvalidRules, Number, RuleData
from rules.refusals import Refused
from rules.texts import N_


class Part(StrEnum):
    """What an amount is for."""

    MONTH = "month"
    SUCCESS = "success"
    ADVANCE = "advance"
    SUBSIDY = "subsidy"
    SUBSIDY_ADVANCE = "subsidy_advance"


class Achievement(StrEnum):
    """What an apprentice can achieve that counts as a success (R7.06)."""

    LEVEL = "level"
    RANK = "rank"
    ACCEPTANCE = "acceptance"


class Combination(StrEnum):
    """How months and success go together within a pair and year (R7.08)."""

    SUM = "sum"
    MAX = "max"


class OncePer(StrEnum):
    """Whether a second mentor of the same apprentice is rewarded too (R7.06)."""

    APPRENTICE = "apprentice"
    PAIR = "pair"


class BreakOff(StrEnum):
    """What a break-off does to what was paid (R7.03)."""

    FULL = "full"
    CASE = "case"


class Negatives(StrEnum):
    """What becomes of a payee's total below nothing."""

    RECOVER = "recover"
    OFFSET = "offset"


class Rounding(StrEnum):
    """The step in which an amount times its factor is rounded."""

    FEN = "fen"
    YUAN = "yuan"
    YUAN_DOWN = "yuan_down"


class SubsidyKind(StrEnum):
    """Other subsidised trainings of a person (R7.09)."""

    PRE_JOB = "pre_job"
    UPGRADE = "upgrade"
    APPRENTICESHIP = "apprenticeship"
    OTHER = "other"


_STEPS = {
    Rounding.FEN: (Decimal("0.01"), ROUND_HALF_UP),
    Rounding.YUAN: (Decimal(1), ROUND_HALF_UP),
    Rounding.YUAN_DOWN: (Decimal(1), ROUND_DOWN),
}
_FEN = Decimal("0.01")


class Success(RuleData):
    """What is paid for a success of the apprentice (R7.06)."""

    amount: Number = Field(gt=0)
    counts: tuple[Achievement, ...] = (Achievement.LEVEL, Achievement.RANK)
    # Levels count downwards: 1 is the highest.
    level: int = Field(default=2, ge=1, le=5)
    within_years: int | None = Field(default=3, ge=1, le=10)
    once_per: OncePer = OncePer.APPRENTICE


class Factor(RuleData):
    """A factor for events between two days, both included."""

    factor: Number = Field(gt=0, le=10)
    from_on: date
    to_on: date


class Exclusions(RuleData):
    """Which other subsidies stand against a payment (R7.09)."""

    applies_to: tuple[Part, ...] = (Part.SUBSIDY,)
    trainings_a_year: int | None = Field(default=None, ge=1, le=20)
    same_level_once: bool = False
    kinds: tuple[SubsidyKind, ...] = ()


class Outcome(RuleData):
    """What an employer gets for a level that the apprentice gained, for each year of the term."""

    level: int = Field(ge=1, le=5)
    amount: Number = Field(ge=0)


class Apprenticeship(RuleData):
    """The subsidy of an apprenticeship by its outcome, paid to the employer (R7.10)."""

    by_level: tuple[Outcome, ...]
    without_certificate: Number = Field(ge=0)
    advance: Number = Field(default=Decimal(0), ge=0)

    def for_level(self, level: int | None) -> Decimal:
        """Return what a year comes to for a level gained, or for none."""
        found = [one.amount for one in self.by_level if one.level == level]
        return found[0] if found else self.without_certificate


class Scale(RuleData):
    """One scale of stipends; every part of it is optional (R7.08)."""

    title: str = Field(min_length=1, max_length=80)
    starts_on: date
    ends_on: date | None = None
    monthly: Number | None = Field(default=None, gt=0)
    success: Success | None = None
    factors: tuple[Factor, ...] = ()
    combine: Combination = Combination.SUM
    mentor_year_cap: Number | None = Field(default=None, ge=0)
    pair_cap: Number | None = Field(default=None, ge=0)
    advance: Number = Field(default=Decimal(0), ge=0)
    exclusions: Exclusions = Exclusions()
    apprenticeship: Apprenticeship | None = None
    break_off: BreakOff = BreakOff.FULL
    negatives: Negatives = Negatives.RECOVER
    rounding: Rounding = Rounding.FEN

    @model_validator(mode="after")
    def _check(self) -> Self:
        problems = [*_problems(self)]
        if problems:
            raise InvalidRules(problems)
        return self

    def factor_on(self, day: date) -> Decimal:
        """Return the factor of a day; 1 where none is set."""
        found = [one.factor for one in self.factors if one.from_on <= day <= one.to_on]
        return found[0] if found else Decimal(1)

    def rounded(self, amount: Decimal) -> Decimal:
        """Round an amount times its factor: the only step in which anything is rounded."""
        step, way = _STEPS[self.rounding]
        return amount.quantize(step, way).quantize(_FEN)

    def is_valid_on(self, day: date) -> bool:
        """Say whether the scale pays for events of a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def _problems(scale: Scale) -> Iterable[Refused]:
    if scale.ends_on is not None and scale.ends_on < scale.starts_on:
        yield Refused(N_("The last day lies before the first."), field="ends_on")
    if scale.monthly is None and scale.success is None and scale.apprenticeship is None:
        yield Refused(N_("A scale pays for something: months, successes or outcomes."))
    yield from _factor_problems(scale.factors)
    for amount in _amounts(scale):
        if amount != amount.quantize(_FEN):
            yield Refused(N_("Amounts have at most two places."))
    if scale.pair_cap is not None and scale.advance > scale.pair_cap:
        yield Refused(N_("The advance is higher than the cap of a pair."), field="advance")


def _factor_problems(factors: Sequence[Factor]) -> Iterable[Refused]:
    ordered = sorted(factors, key=lambda one: one.from_on)
    if any(one.to_on < one.from_on for one in ordered):
        yield Refused(N_("The last day of a factor lies before its first."), field="factors")
    if any(later.from_on <= one.to_on for one, later in pairwise(ordered)):
        yield Refused(N_("Two factors are valid on the same day."), field="factors")


def _amounts(scale: Scale) -> list[Decimal]:
    found = [scale.monthly, scale.mentor_year_cap, scale.pair_cap, scale.advance]
    if scale.success is not None:
        found.append(scale.success.amount)
    if scale.apprenticeship is not None:
        found += [one.amount for one in scale.apprenticeship.by_level]
        found += [scale.apprenticeship.without_certificate, scale.apprenticeship.advance]
    return [one for one in found if one is not None]


def scale_on(scales: Iterable[Scale], day: date) -> Scale | None:
    """Return the scale that pays for an event of a day: the one that began last, if it is valid."""
    begun = [one for one in scales if one.starts_on <= day]
    if not begun:
        return None
    last = max(begun, key=lambda one: one.starts_on)
    return last if last.is_valid_on(day) else None
