"""Conditions on a candidate as rule data: each names what is asked, none names a programme (R5.07).

A condition is read together with ``rules/selection_eligibility.py``, which says whether a candidate
fulfils it, and why not.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from rules.data import Number, RuleData
from rules.honours import HonourLevel
from rules.selections import EvidenceKind, Post, UnitKind


class InTrade(RuleData):
    """So many full years in the trade."""

    kind: Literal["in_trade"] = "in_trade"
    years: int = Field(ge=0, le=60)


class Local(RuleData):
    """So many full months of work in the place, full-time and without a break."""

    kind: Literal["local"] = "local"
    months: int = Field(ge=0, le=600)


class Level(RuleData):
    """A skill level at least this high; 1 is the highest (codes of R4.08)."""

    kind: Literal["level"] = "level"
    level: int = Field(ge=1, le=5)


class Age(RuleData):
    """An age in full years on a day; without one on the round's own day."""

    kind: Literal["age"] = "age"
    at_least: int | None = Field(default=None, ge=0, le=120)
    at_most: int | None = Field(default=None, ge=0, le=120)
    on: date | None = None


class BeforeRetirement(RuleData):
    """So many years before the statutory age of retirement."""

    kind: Literal["before_retirement"] = "before_retirement"
    years: int = Field(ge=0, le=40)


class Works(RuleData):
    """A post, and a kind of unit, among those named; an empty list asks for nothing."""

    kind: Literal["works"] = "works"
    posts: tuple[Post, ...] = ()
    units: tuple[UnitKind, ...] = ()


class Occupation(RuleData):
    """An occupation or field of work in whose name one of these words stands."""

    kind: Literal["occupation"] = "occupation"
    words: tuple[str, ...] = Field(min_length=1, max_length=60)


class Bears(RuleData):
    """One of these titles stands in the register, of a level or higher, granted within years."""

    kind: Literal["bears"] = "bears"
    titles: tuple[str, ...] = Field(default=(), max_length=40)
    level: HonourLevel | None = None
    within_years: int | None = Field(default=None, ge=1, le=60)


class Placed(RuleData):
    """A place in contests of a level or higher, this good or better, within years (R5.14)."""

    kind: Literal["placed"] = "placed"
    level: HonourLevel
    rank: int = Field(ge=1, le=1000)
    within_years: int | None = Field(default=None, ge=1, le=60)


class Shows(RuleData):
    """So many achievements of these kinds, dated within years, of a level or higher."""

    kind: Literal["shows"] = "shows"
    kinds: tuple[EvidenceKind, ...] = Field(min_length=1)
    count: int = Field(default=1, ge=1, le=1000)
    level: HonourLevel | None = None
    within_years: int | None = Field(default=None, ge=1, le=60)


class Taught(RuleData):
    """So many apprentices, or so many that passed, in the mentorship register."""

    kind: Literal["taught"] = "taught"
    persons: int = Field(ge=1, le=1000)
    passed: bool = False
    within_years: int | None = Field(default=None, ge=1, le=60)


class Supported(RuleData):
    """A part of the staff that agreed, in percent (R5.10)."""

    kind: Literal["supported"] = "supported"
    percent: Number = Field(ge=0, le=100)


class Declares(RuleData):
    """An answer given in the form: a question of yes or no, or one of some choices."""

    kind: Literal["declares"] = "declares"
    field: str = Field(min_length=1, max_length=40)
    answers: tuple[str, ...] = Field(min_length=1, max_length=20)


class Sex(RuleData):
    """A woman or a man, for quotas."""

    kind: Literal["sex"] = "sex"
    sex: Literal["F", "M"]


class District(RuleData):
    """One of these districts, for quotas."""

    kind: Literal["district"] = "district"
    districts: tuple[str, ...] = Field(min_length=1, max_length=100)


class Came(RuleData):
    """A channel among these."""

    kind: Literal["came"] = "came"
    channels: tuple[str, ...] = Field(min_length=1, max_length=4)


class Barred(RuleData):
    """A bar of this round or programme that runs on the round's day."""

    kind: Literal["barred"] = "barred"


class Holds(RuleData):
    """This programme's title of this tier, or of a better one, or of the same or a better one.

    With ``years`` it counts once it was held so long: title X needs title Y.
    """

    kind: Literal["holds"] = "holds"
    programme: str = Field(default="", max_length=20)
    tiers: tuple[str, ...] = ()
    years: int = Field(default=0, ge=0, le=40)


Condition = Annotated[
    InTrade
    | Local
    | Level
    | Age
    | BeforeRetirement
    | Works
    | Occupation
    | Bears
    | Placed
    | Shows
    | Taught
    | Supported
    | Declares
    | Sex
    | District
    | Came
    | Barred
    | Holds,
    Field(discriminator="kind"),
]
