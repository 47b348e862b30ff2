"""Whether a candidate may apply: each clause at once, with what is missing in words (R5.07-11)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from rules.refusals import Refused
from rules.selection_facts import (
    Apprentice,
    Bar,
    Borne,
    Facts,
    HeldTier,
    Placing,
    Proof,
)
from rules.selection_holding import Known, all_hold, all_of, any_of, holds
from rules.selection_lacks import lacks, leans_on_typed
from rules.selection_rounds import Clause, Eligibility, RoundTier
from rules.texts import N_

__all__ = [
    "Apprentice",
    "Asking",
    "Bar",
    "Borne",
    "Facts",
    "Group",
    "HeldTier",
    "Placing",
    "Proof",
    "Reason",
    "ReasonState",
    "Verdict",
    "evaluate",
    "holds",
    "tiers_open",
]


class Asking(Protocol):
    """Rules that ask something of candidates: those of a round, or of a superior's list."""

    @property
    def eligibility(self) -> Eligibility:
        """Return the clauses."""

    @property
    def tiers(self) -> Sequence[RoundTier]:
        """Return the tiers, the best first; a list of a superior has none."""


class ReasonState(StrEnum):
    """How one clause stands for a candidate; ``unknown`` waits for something to be entered."""

    OK = "ok"
    MISSING = "missing"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    OVERRIDDEN = "overridden"
    EXCLUDED = "excluded"


class Group(StrEnum):
    """What a clause belongs to."""

    BASIC = "basic"
    ROUTE = "route"
    EXCLUSION = "exclusion"
    AGAIN = "again"
    BAR = "bar"


# Clauses that stand in no call because they hold in each, by their keys.
AGAIN, BAR = "again", "bar"
_GOOD = (ReasonState.OK, ReasonState.WAIVED, ReasonState.OVERRIDDEN)


@dataclass(frozen=True, slots=True)
class Reason:
    """One clause for one candidate: where the call says so, its text, its state, what is missing.

    ``words`` say what is missing; ``why`` is the text of the waiver, or the reason for which it was
    set aside. ``on_word`` says that it rests on what was typed and nobody has verified.
    """

    key: str
    group: Group
    number: str
    text: str
    state: ReasonState
    words: tuple[Refused, ...] = ()
    why: str = ""
    on_word: bool = False

    @property
    def is_good(self) -> bool:
        """Say whether the clause stands in nobody's way."""
        return self.state in _GOOD


@dataclass(frozen=True, slots=True)
class Verdict:
    """All clauses for one candidate, and how many of the routes are open."""

    reasons: tuple[Reason, ...]
    routes_needed: int
    routes_found: int

    @property
    def eligible(self) -> Known:
        """Say whether the candidate may apply; None: something is not known yet."""
        must = [_known(one) for one in self.reasons if one.group is not Group.ROUTE]
        return all_of([*must, self._routes()])

    def _routes(self) -> Known:
        if self.routes_found >= self.routes_needed:
            return True
        open_ones = sum(
            one.group is Group.ROUTE and one.state is ReasonState.UNKNOWN for one in self.reasons
        )
        return None if self.routes_found + open_ones >= self.routes_needed else False

    @property
    def blocking(self) -> tuple[Reason, ...]:
        """Return what stands in the way; routes only while too few of them are open."""
        enough = self.routes_found >= self.routes_needed
        return tuple(
            one
            for one in self.reasons
            if not one.is_good and not (enough and one.group is Group.ROUTE)
        )


def _known(reason: Reason) -> Known:
    if reason.is_good:
        return True
    return None if reason.state is ReasonState.UNKNOWN else False


def evaluate(
    rules: Asking,
    facts: Facts,
    day: date,
    tier: str = "",
    overrides: Mapping[str, str] | None = None,
) -> Verdict:
    """Evaluate all clauses that count for a tier; ``overrides`` are clauses set aside, with why.

    Without a tier the clauses for single tiers don't count yet.
    """
    own, aside = rules.eligibility, overrides or {}
    reasons = [
        *_asked(own.basics, Group.BASIC, facts, day, tier),
        *_asked(own.routes, Group.ROUTE, facts, day, tier),
        *_excluded(own.exclusions, facts, day, tier),
        *_built_in(rules, facts, day, tier),
    ]
    settled = tuple(_set_aside(one, aside) for one in reasons)
    routes = [one for one in settled if one.group is Group.ROUTE]
    needed = own.routes_needed if routes else 0
    return Verdict(settled, needed, sum(one.is_good for one in routes))


def tiers_open(
    rules: Asking, facts: Facts, day: date, overrides: Mapping[str, str] | None = None
) -> dict[str, Known]:
    """Say for each tier of a round, the best first, whether a candidate may have it."""
    return {
        one.key: evaluate(rules, facts, day, one.key, overrides).eligible for one in rules.tiers
    }


def _counts(clauses: Iterable[Clause], tier: str) -> Iterator[Clause]:
    return (one for one in clauses if not one.tiers or tier in one.tiers)


def _asked(
    clauses: Sequence[Clause], group: Group, facts: Facts, day: date, tier: str
) -> Iterator[Reason]:
    for clause in _counts(clauses, tier):
        found = all_hold(clause.all_of, facts, day)
        if found:
            on_word = any(leans_on_typed(one, facts, day) for one in clause.all_of)
            yield _reason(clause, group, ReasonState.OK, on_word=on_word)
            continue
        waived, why = _waived(clause, facts, day)
        if waived:
            yield _reason(clause, group, ReasonState.WAIVED, why=why)
            continue
        state = ReasonState.UNKNOWN if any_of([found, waived]) is None else ReasonState.MISSING
        words = [lacks(one, facts, day) for one in clause.all_of if not holds(one, facts, day)]
        yield _reason(clause, group, state, tuple(words))


def _excluded(clauses: Sequence[Clause], facts: Facts, day: date, tier: str) -> Iterator[Reason]:
    for clause in _counts(clauses, tier):
        found = all_hold(clause.all_of, facts, day)
        if found is False:
            yield _reason(clause, Group.EXCLUSION, ReasonState.OK)
            continue
        waived, why = _waived(clause, facts, day)
        if waived:
            yield _reason(clause, Group.EXCLUSION, ReasonState.WAIVED, why=why)
        elif found is None:
            unknown = [one for one in clause.all_of if holds(one, facts, day) is None]
            words = tuple(lacks(one, facts, day) for one in unknown)
            yield _reason(clause, Group.EXCLUSION, ReasonState.UNKNOWN, words)
        else:
            yield _reason(clause, Group.EXCLUSION, ReasonState.EXCLUDED)


def _waived(clause: Clause, facts: Facts, day: date) -> tuple[Known, str]:
    """Say whether a waiver lets a clause fall, and which."""
    found = [(all_hold(one.all_of, facts, day), one.text) for one in clause.waivers]
    why = next((text for known, text in found if known), "")
    return any_of([known for known, _ in found]), why


def _reason(
    clause: Clause,
    group: Group,
    state: ReasonState,
    words: tuple[Refused, ...] = (),
    *,
    why: str = "",
    on_word: bool = False,
) -> Reason:
    return Reason(clause.key, group, clause.number, clause.text, state, words, why, on_word)


def _built_in(rules: Asking, facts: Facts, day: date, tier: str) -> Iterator[Reason]:
    """Yield what holds in each round: no title twice or downwards (R5.11), no bar that runs."""
    if rules.eligibility.again != "always":
        yield _again(rules, facts, tier)
    asked = any(one.kind == "barred" for row in rules.eligibility.exclusions for one in row.all_of)
    words = tuple(
        Refused(N_("Barred until %(day)s: %(title)s."), day=one.until.isoformat(), title=one.title)
        for one in facts.bars
        if one.until >= day
    )
    if words and not asked:
        yield Reason(BAR, Group.BAR, "", N_("No bar runs."), ReasonState.EXCLUDED, words)


def _again(rules: Asking, facts: Facts, tier: str) -> Reason:
    held = [one for one in facts.tiers if one.programme == facts.programme]
    words = tuple(
        Refused(N_("Bears “%(title)s” since %(day)s."), title=one.title, day=one.since.isoformat())
        for one in held
    )
    if rules.eligibility.again == "never":
        text, free = N_("Who bears the title does not apply again."), not held
    else:
        text = N_("Who bears a title does not apply for the same or a lower one again.")
        free = _climbs(rules.tiers, held, tier)
    state = ReasonState.OK if free else ReasonState.EXCLUDED
    return Reason(AGAIN, Group.AGAIN, "", text, state, words)


def _climbs(tiers: Sequence[RoundTier], held: Sequence[HeldTier], tier: str) -> bool:
    """Say whether a tier, or for no tier any, lies above all that are held.

    Ladders change (R5.04): a tier that this round doesn't have bars nobody; staff see it.
    """
    order = [one.key for one in tiers]
    best = min((order.index(one.tier) for one in held if one.tier in order), default=len(order))
    return (order.index(tier) if tier in order else 0) < best


def _set_aside(reason: Reason, overrides: Mapping[str, str]) -> Reason:
    if reason.is_good or reason.key not in overrides:
        return reason
    return replace(reason, state=ReasonState.OVERRIDDEN, why=overrides[reason.key])
