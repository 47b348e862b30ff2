"""Tables of teams and delegations (R2.28, R2.30)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from rules.data import Number, RuleData
from rules.ranking import Ranked, TieBreak, places


class TeamRule(RuleData):
    """How members make a team: all of them or the best so many; a short team has no place.

    Equal teams are parted by the smaller sum of the times of those who count (R2.28).
    """

    members: int = Field(default=1, ge=1)
    best: int | None = Field(default=None, ge=1)
    by_time: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """One member's result for the team; without a total the member did not finish."""

    team: str
    entry_id: int
    total: Decimal | None
    time: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TeamPlace:
    """A team in the table; `rank` is None where too few members finished."""

    team: str
    total: Decimal
    time: Decimal
    counted: tuple[int, ...]
    rank: int | None


def team_table(rule: TeamRule, members: Iterable[Member]) -> list[TeamPlace]:
    """Rank the teams 1-2-2-4 by the sum of their members' totals, those without a place last."""
    teams: dict[str, list[Member]] = {}
    for member in members:
        teams.setdefault(member.team, [])
        if member.total is not None:
            teams[member.team].append(member)
    rows = [_team(rule, name, found) for name, found in sorted(teams.items())]
    full = [row for row in rows if len(teams[row.team]) >= rule.members]
    ranked = [Ranked(i, row.total, scores={"time": row.time}) for i, row in enumerate(full)]
    steps = (TieBreak(kind="time", key="time"),) if rule.by_time else ()
    ranks = {full[place.entry_id].team: place.rank for place in places(ranked, steps)}
    done = [TeamPlace(r.team, r.total, r.time, r.counted, ranks.get(r.team)) for r in rows]
    return sorted(done, key=lambda row: (row.rank is None, row.rank, row.team))


def _team(rule: TeamRule, name: str, members: list[Member]) -> TeamPlace:
    members.sort(key=lambda m: (-(m.total or 0), m.time or 0, m.entry_id))
    kept = members if rule.best is None else members[: rule.best]
    total = sum((m.total for m in kept if m.total is not None), Decimal(0))
    time = sum((m.time for m in kept if m.time is not None), Decimal(0))
    return TeamPlace(name, total, time, tuple(m.entry_id for m in kept), None)


class DelegationRule(RuleData):
    """What a delegation gets for places and for awards; a team counts once, as one entry."""

    points: tuple[Number, ...] = ()
    tier_points: dict[str, Number] = {}


@dataclass(frozen=True, slots=True)
class Finish:
    """How one entry of a delegation finished in one event."""

    delegation: str
    event: str
    entry_id: int
    rank: int | None = None
    tier: str | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """One row of the delegation table, with its rank in each of the four ranked reports."""

    name: str
    events: int
    tiers: Mapping[str, int]
    points: Fraction
    average_points: Fraction
    scale: Fraction
    average_scale: Fraction
    best_scale: int | None
    ranks: Mapping[str, int] = field(default_factory=dict)


_REPORTS: dict[str, Callable[[Delegation], Fraction]] = {
    "points": lambda row: row.points,
    "average_points": lambda row: row.average_points,
    "scale": lambda row: row.scale,
    "average_scale": lambda row: row.average_scale,
}


def delegation_table(rule: DelegationRule, finishes: Iterable[Finish]) -> list[Delegation]:
    """Sum points and scale scores by delegation, in the order of the names; rank four ways."""
    by_name: dict[str, list[Finish]] = {}
    for finish in finishes:
        by_name.setdefault(finish.delegation, []).append(finish)
    rows = [_delegation(rule, name, found) for name, found in sorted(by_name.items())]
    ranks: list[dict[str, int]] = [{} for _ in rows]
    for report, value in _REPORTS.items():
        ranked = [Ranked(index, value(row)) for index, row in enumerate(rows)]
        for place in places(ranked):
            ranks[place.entry_id][report] = place.rank or 0
    return [_with_ranks(row, own) for row, own in zip(rows, ranks, strict=True)]


def _with_ranks(row: Delegation, ranks: Mapping[str, int]) -> Delegation:
    values = {name: getattr(row, name) for name in Delegation.__slots__}
    return Delegation(**(values | {"ranks": ranks}))


def _delegation(rule: DelegationRule, name: str, finishes: Sequence[Finish]) -> Delegation:
    events = len({finish.event for finish in finishes})
    points = sum((_points(rule, finish) for finish in finishes), Fraction(0))
    scales = [finish.scale for finish in finishes if finish.scale is not None]
    tiers: dict[str, int] = {}
    for finish in finishes:
        if finish.tier is not None:
            tiers[finish.tier] = tiers.get(finish.tier, 0) + 1
    total = Fraction(sum(scales))
    average = total / len(scales) if scales else Fraction(0)
    return Delegation(
        name, events, tiers, points, points / events, total, average, max(scales, default=None)
    )


def _points(rule: DelegationRule, finish: Finish) -> Fraction:
    found = Fraction(rule.tier_points.get(finish.tier or "", Decimal(0)))
    if finish.rank is not None and finish.rank <= len(rule.points):
        found += Fraction(rule.points[finish.rank - 1])
    return found


def best_of_all(finishes: Iterable[Finish]) -> list[Finish]:
    """Return the entries with the highest scale score of all; equal ones share it."""
    scored = [finish for finish in finishes if finish.scale is not None]
    highest = max((finish.scale for finish in scored if finish.scale is not None), default=None)
    return [finish for finish in scored if finish.scale == highest]
