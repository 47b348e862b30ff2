"""All that one call of a superior decides, as data: lists, places, who may stand, papers (R8)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from rules.data import InvalidRules, RuleData
from rules.nominations import Nominee
from rules.refusals import Refused
from rules.selection_rounds import KEY, Eligibility, RoundTier
from rules.texts import N_


class Material(RuleData):
    """A paper that a pack holds, in the order of the pack."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=80)
    needed: bool = True
    most: int = Field(default=5, ge=1, le=50)


class SuperiorForm(RuleData):
    """A form in the superior's layout that is filled for each candidate of a list."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=80)


class CallList(RuleData):
    """One list of a call (R8.01): its title, places, who may stand in it, and its papers.

    ``title`` is the honour as the register keeps it once it is granted. ``pages`` limits a whole
    pack, cover and index with it (R5.16). ``preferred`` titles and places are an advantage, never
    an automatism (R8.06).
    """

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=80)
    of: Nominee = Nominee.PERSON
    places: int = Field(ge=1, le=1000)
    pages: int | None = Field(default=50, ge=1, le=1000)
    eligibility: Eligibility = Eligibility(again="always")
    materials: tuple[Material, ...] = Field(default=(), max_length=30)
    forms: tuple[SuperiorForm, ...] = Field(default=(), max_length=10)

    @property
    def tiers(self) -> tuple[RoundTier, ...]:
        """Return nothing: the title of a list has no tiers."""
        return ()


class CallRules(RuleData):
    """The rules of one call; ``sender`` is the body that recommends, as papers name it.

    ``bars_central`` keeps out staff of central enterprises, who have a way of their own (R8.03);
    ``central_names`` are words that mark such employers in the suggestions. ``bars_winners`` keeps
    out whoever bears the title of the list already. ``one_route`` says how far one route per
    candidate reaches: this superior's round, or every open call of its level (R8.04).
    """

    counts_on: date
    sender: str = Field(default="", max_length=120)
    lists: tuple[CallList, ...] = Field(min_length=1, max_length=12)
    bars_central: bool = True
    central_names: tuple[str, ...] = Field(default=(), max_length=200)
    bars_winners: bool = True
    one_route: Literal["round", "level"] = "level"
    preferred_rank: int = Field(default=3, ge=0, le=100)
    notice_days: int = Field(default=5, ge=1, le=30)
    counts_first_day: bool = True
    completion_days: int = Field(default=3, ge=1, le=30)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [*call_problems(self)]
        if problems:
            raise InvalidRules(problems)
        return self

    def find(self, key: str) -> CallList:
        """Return the list with this key, or raise KeyError."""
        return {one.key: one for one in self.lists}[key]


def call_problems(rules: CallRules) -> Iterator[Refused]:
    """Yield what contradicts itself in the rules of a call."""
    yield from _doubles("lists", rules.lists)
    for one in rules.lists:
        own = one.eligibility
        yield from _doubles("materials", one.materials)
        yield from _doubles("forms", one.forms)
        yield from _doubles("eligibility", (*own.basics, *own.routes, *own.exclusions))
        if own.routes and len(own.routes) < own.routes_needed:
            yield Refused(N_("More routes are asked for than there are."), "eligibility")


def _doubles(name: str, rows: Sequence[Any]) -> Iterator[Refused]:
    keys = [row.key for row in rows]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Refused(N_("The key %(key)s stands twice in one list."), name, key=key)
