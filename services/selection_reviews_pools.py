"""What the exact choice of a round goes by: candidates, their tiers, whom quotas count (R5.05)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.selection_allocation import Candidate, Pool, QuotaLimits, TierPlaces
from rules.selection_eligibility import tiers_open
from rules.selection_facts import Facts
from rules.selection_holding import all_hold
from rules.selection_rounds import RoundRules
from services import selections_carriers
from services.selection_applications_facts import facts_of
from services.selection_checks_verdicts import agreed_overrides
from services.selection_reviews_ranking import Ranked


@dataclass(frozen=True)
class Placed:
    """A candidate in an order: the rank, and the score where marks give one."""

    id: int
    rank: int
    score: Fraction | None = None


def pool_of(row: SelectionRound, rules: RoundRules, ranking: Ranked) -> Pool:
    """Return all that the choice goes by: places, quotas, and who counts for which."""
    placed = [
        Placed(one.id, one.rank or 0, None if one.total is None else Fraction(one.total.total))
        for one in ranking.scored
    ]
    return pool_for(rules, placed, selections_carriers.kept_out(row.id), ranking.tiers)


def pool_for(
    rules: RoundRules,
    placed: Sequence[Placed],
    kept: Collection[int] = (),
    agreed: Callable[[int, frozenset[str]], frozenset[str]] = lambda _id, tiers: tiers,
) -> Pool:
    """Return what a choice by these rules goes by, for candidates in an order.

    ``kept`` are people who get nothing; ``agreed`` narrows the tiers to those the panel elects to.
    """
    ids = [one.id for one in placed]
    facts, overrides, wanted = facts_of(ids), agreed_overrides(ids), _wanted(ids)

    def tiers(key: int) -> frozenset[str]:
        tier, person = wanted[key]
        if person in kept:
            return frozenset()
        return agreed(key, _tiers(rules, facts[key], tier, overrides.get(key)))

    def counts(key: int) -> frozenset[str]:
        day = rules.counts_on
        return frozenset(q.key for q in rules.quotas if all_hold(q.all_of, facts[key], day))

    return Pool(
        [Candidate(one.id, one.rank, tiers(one.id), counts(one.id), one.score) for one in placed],
        [
            TierPlaces(t.key, t.places, None if t.least_score is None else Fraction(t.least_score))
            for t in rules.tiers
        ],
        rules.places,
        [QuotaLimits(q.key, q.at_least, q.at_most, q.tiers) for q in rules.quotas],
        rules.when_short,
    )


def _wanted(ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    columns = SelectionApplication.id, SelectionApplication.tier, SelectionApplication.person_id
    query = select(*columns).where(SelectionApplication.id.in_(ids))
    return {key: (tier, person) for key, tier, person in db.session.execute(query)}


def _tiers(
    rules: RoundRules, facts: Facts, wanted: str, overrides: Mapping[str, str] | None
) -> frozenset[str]:
    """Return the tiers that somebody may get: the one applied for and lower ones, if eligible.

    What is not known yet has been looked at in the checks: it does not close a tier here.
    """
    keys = [tier.key for tier in rules.tiers]
    from_ = keys.index(wanted) if wanted in keys else 0
    open_ = tiers_open(rules, facts, rules.counts_on, overrides)
    return frozenset(key for key in keys[from_:] if open_[key] is not False)
