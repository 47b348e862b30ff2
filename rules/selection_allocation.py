"""Who is chosen for which tier in a selection, with floors and caps among the chosen (R5.05).

What the best choice is, in this order; nothing else decides, and never the order of rows:

1. Caps are never broken: places of a tier, places of the round, caps of quotas, least scores.
2. As many places as possible are given, then as few people as possible are missing at floors; with
   ``leave`` it is the other way round: places stay empty rather than that a floor is missed.
3. The sum of ranks kept is the highest. Of n candidates the one of rank r has n + 1 - r points;
   with several tiers they count once for each tier that is reached: three times for the best of
   three.
4. Among equal sums the better ranks win, from the best rank down: 1 and 4 before 2 and 3.

Those who share a rank and would be treated differently need a recorded decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from math import prod
from typing import Literal

from rules.allocation import portion
from rules.decisions import Decision, Undecided
from rules.refusals import Refused
from rules.selection_allocation_search import (
    SCALE,
    Amounts,
    Cap,
    Floor,
    Item,
    Layers,
    Limit,
    Puzzle,
    Search,
    TooHard,
)
from rules.texts import N_

WhenShort = Literal["fill", "leave"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate in the order of the review; equal ranks are ties.

    ``tiers`` are those that the candidate may get; ``counts`` the quotas whose conditions hold.
    """

    id: int
    rank: int
    tiers: frozenset[str]
    counts: frozenset[str] = frozenset()
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class TierPlaces:
    """A tier, the best first: how many places it has, and the score below which none is given."""

    key: str
    places: int | None = None
    least_score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class QuotaLimits:
    """A floor and a cap among the chosen of some tiers, or of all: a number, or a share of them."""

    key: str
    at_least: str | None = None
    at_most: str | None = None
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """All that the choice goes by."""

    candidates: Sequence[Candidate]
    tiers: Sequence[TierPlaces]
    places: int | None = None
    quotas: Sequence[QuotaLimits] = ()
    when_short: WhenShort = "fill"


# What can be taken away from the rules to see what it does: ("floor", key), ("places", "") ...
Rule = tuple[str, str]


@dataclass(frozen=True, slots=True)
class QuotaOutcome:
    """What came of a floor or cap: how many were needed or allowed, and how many there are."""

    key: str
    kind: Literal["floor", "cap"]
    limit: int
    reached: int
    of: int

    @property
    def short(self) -> int:
        """Return how many people are missing at a floor."""
        return max(0, self.limit - self.reached) if self.kind == "floor" else 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The tier of everybody who is chosen, and what came of the quotas."""

    tiers: Mapping[int, str]
    quotas: tuple[QuotaOutcome, ...] = ()
    prices: tuple[int, ...] = field(default=(), repr=False, compare=False)


class Unworkable(Refused):
    """The rules cannot be worked out exactly in reasonable time; no other choice is offered."""

    def __init__(self, quotas: Sequence[str]) -> None:
        super().__init__(
            N_(
                "The best choice cannot be worked out in reasonable time. These floors and caps"
                " make it hard: %(quotas)s. Loosen one of them, or decide by hand who is proposed."
            ),
            quotas="、".join(quotas),
        )
        self.quotas = tuple(quotas)


def choose(
    pool: Pool,
    decisions: Sequence[Decision] = (),
    without: frozenset[Rule] = frozenset(),
    *,
    by_row: bool = False,
    start: Sequence[int] | None = None,
) -> Choice:
    """Return the best choice; raise Undecided where those who share a rank need a decision.

    Unworkable is raised when the best choice would take too long to find: never another one.
    ``without`` leaves rules out, to see what they do; ``by_row`` parts ties by id, for that alone.
    """
    ranked = parted(pool.candidates, decisions)
    total = _most_places(pool, ranked, without)
    try:
        best = _best(pool, ranked, without, total, start)
        return _choice(pool, ranked, best, by_row)
    except TooHard as hard:
        raise Unworkable(_Rows(pool, len(ranked), without, total).quotas_of(hard.rows)) from hard


def _best(
    pool: Pool,
    ranked: Sequence[Candidate],
    without: frozenset[Rule],
    total: int,
    start: Sequence[int] | None,
) -> Search | None:
    """Return the search of the best number of places, from the most on; None: nobody is there."""
    best: tuple[int, Search] | None = None
    while total >= 0 and ranked:
        search = Search(_puzzle(pool, ranked, without, total), start)
        start = search.prices
        found = _picked(search.layers, ranked, by_row=True)
        given = sum(option > 0 for option in found)
        if given < total:
            total = given
            continue
        short = sum(one.short for one in outcomes(pool, _named(pool, ranked, found), without))
        if best is None or short < best[0]:
            best = short, search
        if pool.when_short == "fill" or short == 0:
            break
        total -= 1
    return None if best is None else best[1]


def _choice(pool: Pool, ranked: Sequence[Candidate], search: Search | None, by_row: bool) -> Choice:
    if search is None:
        return Choice({}, outcomes(pool, {}))
    chosen = _named(pool, ranked, _picked(search.layers, ranked, by_row))
    return Choice(chosen, outcomes(pool, chosen), tuple(search.prices))


def _named(pool: Pool, ranked: Sequence[Candidate], found: Sequence[int]) -> dict[int, str]:
    return {
        one.id: pool.tiers[option - 1].key
        for one, option in zip(ranked, found, strict=True)
        if option
    }


def _most_places(pool: Pool, ranked: Sequence[Candidate], without: frozenset[Rule]) -> int:
    able = [one for one in ranked if may_have(pool, one, without)]
    limits = [len(able)]
    if ("places", "") not in without:
        if pool.places is not None:
            limits.append(pool.places)
        if all(tier.places is not None for tier in pool.tiers):
            limits.append(sum(tier.places or 0 for tier in pool.tiers))
    return _within_caps(pool, able, without, min(limits))


def _within_caps(pool: Pool, able: Sequence[Candidate], without: frozenset[Rule], most: int) -> int:
    """Return how many places caps among all the chosen leave at most: a bound, not the number."""
    caps = [
        (quota.at_most, sum(quota.key in one.counts for one in able))
        for quota in pool.quotas
        if quota.at_most is not None and not quota.tiers and ("cap", quota.key) not in without
    ]
    before = -1
    while before != most:
        before = most
        for cap, there in caps:
            most = min(most, len(able) - there + min(there, allowed(cap, most)))
    return most


def parted(candidates: Sequence[Candidate], decisions: Sequence[Decision]) -> list[Candidate]:
    """Return the candidates in order, with ties parted where a decision says how."""
    order: dict[int, tuple[int, int]] = {}
    for at, decision in enumerate(decisions):
        if decision.kind == "place":
            for place, one in enumerate(decision.order):
                order.setdefault(one, (at, place))
    found = []
    by_rank = sorted(candidates, key=lambda one: (one.rank, one.id))
    for rank, tied in groupby(by_rank, key=lambda one: one.rank):
        group = [*tied]
        named = {order[one.id][0] for one in group if one.id in order}
        if len(group) == 1 or len(named) != 1 or any(one.id not in order for one in group):
            found += group
            continue
        group.sort(key=lambda one: order[one.id])
        found += [_with_rank(one, rank + place) for place, one in enumerate(group)]
    return found


def _with_rank(one: Candidate, rank: int) -> Candidate:
    return Candidate(one.id, rank, one.tiers, one.counts, one.score)


def may_have(pool: Pool, one: Candidate, without: frozenset[Rule] = frozenset()) -> list[int]:
    """Return the positions of the tiers that a candidate may get, by eligibility and score."""
    free = ("least_score", "") in without
    return [
        at
        for at, tier in enumerate(pool.tiers)
        if tier.key in one.tiers
        and (
            free
            or tier.least_score is None
            or (one.score is not None and one.score >= tier.least_score)
        )
    ]


def _puzzle(
    pool: Pool, ranked: Sequence[Candidate], without: frozenset[Rule], total: int
) -> Puzzle:
    """Put the choice of exactly so many, if it is possible, as a puzzle."""
    count, tiers = len(ranked), pool.tiers
    rows = _Rows(pool, count, without, total)
    kinds: dict[tuple[tuple[int, ...], frozenset[str]], int] = {}
    items: list[Item] = []
    options: list[list[Amounts]] = []
    for one in ranked:
        able = tuple(may_have(pool, one, without))
        kind = kinds.setdefault((able, one.counts), len(kinds))
        if kind == len(options):
            options.append([(), *(rows.amounts(at, one.counts) for at in range(len(tiers)))])
        worth = (count + 1 - one.rank) * SCALE
        worths = [
            worth * (len(tiers) - at) if at in able else -rows.never for at in range(len(tiers))
        ]
        items.append(Item((0, *worths), kind))
    return Puzzle(items, options, rows.limits)


class _Rows:
    """The limits of a puzzle, and what somebody takes of each in a tier."""

    def __init__(self, pool: Pool, count: int, without: frozenset[Rule], total: int) -> None:
        self._pool, self._without, self._total = pool, without, total
        quotas = [one for one in pool.quotas if one.at_least is not None]
        units = prod(_share(one.at_least).denominator for one in quotas)
        # What weighs more than all ranks together, and what more than all who can be missing.
        self._missing = count * (count + 1) * len(pool.tiers) * SCALE * units
        people = sum(max(count, _number(one.at_least)) for one in quotas) + 1
        self._empty = self._missing * people
        self.never = self._empty * (people + count + 1) * 4
        self.limits: list[Limit] = []
        self._uses: list[tuple[frozenset[int], str, int, int]] = []
        self._every = frozenset(range(len(pool.tiers)))
        self._add_places()
        for quota in pool.quotas:
            among = frozenset(
                at
                for at, tier in enumerate(pool.tiers)
                if not quota.tiers or tier.key in quota.tiers
            )
            self._add_floor(quota, among)
            self._add_cap(quota, among)

    def _add_places(self) -> None:
        self._add(Floor(self._total, self._empty), self._every, "", 1, 1)
        self._add(Cap(self._total), self._every, "", 1, 1)
        free = ("places", "") in self._without
        for at, tier in enumerate(self._pool.tiers):
            if tier.places is not None:
                among = frozenset() if free else frozenset({at})
                self._add(Cap(0 if free else tier.places), among, "", 1, 1)

    def _add_floor(self, quota: QuotaLimits, among: frozenset[int]) -> None:
        amount = quota.at_least
        if amount is None:
            return
        if ("floor", quota.key) in self._without:
            self._add(Floor(0, self._missing), frozenset(), "", 0, 0)
        elif among == self._every or not _is_share(amount):
            low = min(needed(amount, self._total), self._reach(quota.key, among))
            self._add(Floor(low, self._missing), among, quota.key, 1, 0)
        else:
            part = _share(amount)
            of, own = part.denominator, part.denominator - part.numerator
            self._add(Floor(0, self._missing, of), among, quota.key, own, own - of)

    def _reach(self, key: str, among: frozenset[int]) -> int:
        """Return how many could count at most: beyond that a floor misses as many in any choice."""
        there = sum(
            key in one.counts and not among.isdisjoint(may_have(self._pool, one, self._without))
            for one in self._pool.candidates
        )
        places = [self._pool.tiers[at].places for at in among]
        if ("places", "") in self._without or None in places:
            return min(there, self._total)
        return min(there, self._total, sum(one or 0 for one in places))

    def _add_cap(self, quota: QuotaLimits, among: frozenset[int]) -> None:
        amount = quota.at_most
        if amount is None:
            return
        if ("cap", quota.key) in self._without:
            self._add(Cap(0), frozenset(), "", 0, 0)
        elif among == self._every or not _is_share(amount):
            self._add(Cap(allowed(amount, self._total)), among, quota.key, 1, 0)
        else:
            part = _share(amount)
            own = part.denominator - part.numerator
            self._add(Cap(0), among, quota.key, own, -part.numerator)

    def quotas_of(self, rows: Sequence[int]) -> list[str]:
        """Return the quotas behind some limits; all of them when no quota is."""
        found = [self._uses[row][1] for row in rows if self._uses[row][1]]
        return list(dict.fromkeys(found)) or [one.key for one in self._pool.quotas]

    def _add(self, limit: Limit, among: frozenset[int], quota: str, own: int, other: int) -> None:
        self.limits.append(limit)
        self._uses.append((among, quota, own, other))

    def amounts(self, at: int, counts: frozenset[str]) -> Amounts:
        """Return what somebody with these quotas takes of each limit in a tier."""
        found = []
        for row, (among, quota, own, other) in enumerate(self._uses):
            amount = own if not quota or quota in counts else other
            if at in among and amount:
                found.append((row, amount))
        return tuple(found)


def _is_share(amount: str | None) -> bool:
    return amount is not None and amount.endswith("%")


def _share(amount: str | None) -> Fraction:
    return portion(amount) if amount is not None and _is_share(amount) else Fraction(1)


def _number(amount: str | None) -> int:
    return 0 if amount is None or _is_share(amount) else int(amount)


def outcomes(
    pool: Pool, chosen: Mapping[int, str], without: frozenset[Rule] = frozenset()
) -> tuple[QuotaOutcome, ...]:
    """Say for each floor and cap how many were needed or allowed, and how many there are."""
    found = []
    for quota in pool.quotas:
        among = {
            one.id: one
            for one in pool.candidates
            if one.id in chosen and (not quota.tiers or chosen[one.id] in quota.tiers)
        }
        reached = sum(quota.key in one.counts for one in among.values())
        if quota.at_least is not None and ("floor", quota.key) not in without:
            limit = needed(quota.at_least, len(among))
            found.append(QuotaOutcome(quota.key, "floor", limit, reached, len(among)))
        if quota.at_most is not None and ("cap", quota.key) not in without:
            limit = allowed(quota.at_most, len(among))
            found.append(QuotaOutcome(quota.key, "cap", limit, reached, len(among)))
    return tuple(found)


def needed(amount: str, of: int) -> int:
    """Return how many a floor asks for among so many: a share is rounded up."""
    return -(-(portion(amount) * of) // 1) if _is_share(amount) else int(amount)


def allowed(amount: str, of: int) -> int:
    """Return how many a cap allows among so many: a share is rounded down."""
    return int(portion(amount) * of // 1) if _is_share(amount) else int(amount)


State = tuple[int, ...]


def _picked(layers: Layers, ranked: Sequence[Candidate], by_row: bool) -> list[int]:
    """Take of all best choices the one that keeps the better ranks, group by group."""
    picked = [own[0] for own in layers.choices]
    place, state = 0, layers.start
    groups = groupby(layers.open, key=lambda at: ranked[at].rank)
    for rank, group in groups:
        tied = [*group]
        walk = _Walk(layers, place, state, len(tied))
        if walk.ways > 1 and not by_row:
            equal = [one.id for one in ranked if one.rank == rank]
            raise Undecided("place", "", [equal])
        state = walk.end
        for at, option in zip(tied, walk.options, strict=True):
            picked[at] = option
        place += len(tied)
    return picked


class _Walk:
    """The ways through one group of equal ranks that keep the most of the best tiers."""

    def __init__(self, layers: Layers, place: int, state: State, size: int) -> None:
        # By sums and what is taken so far: in how many ways, and the first of them.
        Taken = tuple[int, ...]
        found: dict[tuple[State, Taken], tuple[int, Taken]] = {(state, ()): (1, ())}
        for step in range(size):
            layers.effort.spend(len(found))
            after: dict[tuple[State, Taken], tuple[int, Taken]] = {}
            for (before, taken), (ways, path) in found.items():
                for option, to in layers.best[place + step].get(before, ()):
                    key = (to, tuple(sorted((*taken, option), key=_order)))
                    ways_before, first = after.get(key, (0, (*path, option)))
                    after[key] = (ways_before + ways, min(first, (*path, option), key=_orders))
            found = after
        best = min((taken for _, taken in found), key=_orders)
        ends = {end: way for (end, taken), way in found.items() if taken == best}
        self.ways = sum(ways for ways, _ in ends.values())
        self.end, (_, self.options) = min(ends.items(), key=lambda one: _orders(one[1][1]))


def _order(option: int) -> tuple[bool, int]:
    return option == 0, option


def _orders(options: Sequence[int]) -> list[tuple[bool, int]]:
    return [_order(one) for one in options]
