"""Prizes of employers: for many entrants, many awards, or many points (R4.21)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from rules.data import Number, RuleData
from rules.decisions import Undecided

Measure = Literal["entrants", "awards", "points"]


class OrganisationPrize(RuleData):
    """A prize for the employers who stand first by a measure, such as the most entrants.

    `points` values each award by its name, for the measure of points. Below `minimum` nobody gets
    it. Employers who are equal at the last place all win, or a decision parts them.
    """

    key: str = Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z_]+$")
    title: str = Field(min_length=1, max_length=60)
    measure: Measure = "entrants"
    winners: int = Field(default=1, ge=1, le=999)
    amount: Number = Field(default=Decimal(0), ge=0)
    minimum: int = Field(default=1, ge=0)
    ties: Literal["share", "decide"] = "share"
    points: dict[str, Number] = Field(default_factory=dict)
    budget_line: str = Field(default="", max_length=20)


@dataclass(frozen=True, slots=True)
class Employed:
    """What an employer's people did in an edition: how many started, and their awards by name."""

    employer_id: int
    entrants: int = 0
    awards: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class OrganisationWinner:
    """An employer that wins a prize, and by what number."""

    prize: OrganisationPrize
    employer_id: int
    value: Fraction
    shared: bool


def measured(prize: OrganisationPrize, employed: Employed) -> Fraction:
    """Return the number by which a prize compares an employer."""
    if prize.measure == "entrants":
        return Fraction(employed.entrants)
    awards = employed.awards or {}
    if prize.measure == "awards":
        return Fraction(sum(awards.values()))
    worth = (Fraction(prize.points.get(name, 0)) * count for name, count in awards.items())
    return sum(worth, Fraction(0))


def organisation_winners(
    prize: OrganisationPrize, employers: Sequence[Employed], chosen: Collection[int] = ()
) -> list[OrganisationWinner]:
    """Return the employers that win a prize, the first one first (R4.21).

    `chosen` is a recorded decision: whom it names among employers who are equal.
    """
    ranked = sorted(_ranked(prize, employers), key=lambda one: (-one[0], one[1]))
    if len(ranked) <= prize.winners:
        return [_winner(prize, ranked, one) for one in ranked]
    last = ranked[prize.winners - 1][0]
    equal = [employer for value, employer in ranked if value == last]
    safe = [one for one in ranked if one[0] > last]
    free = prize.winners - len(safe)
    if prize.ties == "decide" and len(equal) > free:
        named = [employer for employer in equal if employer in chosen]
        if len(named) != free:
            raise Undecided("organisation", prize.key, [equal])
        equal = named
    return [_winner(prize, ranked, one) for one in [*safe, *((last, key) for key in equal)]]


def _ranked(
    prize: OrganisationPrize, employers: Sequence[Employed]
) -> Iterator[tuple[Fraction, int]]:
    for one in employers:
        value = measured(prize, one)
        if value > 0 and value >= prize.minimum:
            yield value, one.employer_id


def _winner(
    prize: OrganisationPrize, ranked: Sequence[tuple[Fraction, int]], one: tuple[Fraction, int]
) -> OrganisationWinner:
    value, employer_id = one
    shared = sum(other == value for other, _ in ranked) > 1
    return OrganisationWinner(prize, employer_id, value, shared)
