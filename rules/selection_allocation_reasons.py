"""Why somebody is chosen in a selection, or not: each rule that is named is a true cause (R5.05).

A rule is a cause for a candidate if without it, and with all other rules, the best choice treats
that candidate differently. Where no rule alone is one, the smallest part of them is named that is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.decisions import Decision
from rules.selection_allocation import Candidate, Choice, Pool, Rule, choose
from rules.texts import N_

PLACES: Rule = ("places", "")
LEAST: Rule = ("least_score", "")

# By kind; %(rule)s is a quota's title, %(names)s who takes the place or gives it up.
REASONS: Mapping[str, str] = {
    "chosen": N_("Chosen for %(tier)s at place %(rank)s."),
    "in_by_floor": N_("Brought in by the floor “%(rule)s”; without it: %(names)s."),
    "up_by_floor": N_("In this tier because of the floor “%(rule)s”; without it: %(names)s."),
    "down_by_floor": N_("In a lower tier because of the floor “%(rule)s”, for: %(names)s."),
    "out_by_floor": N_("Pushed out by the floor “%(rule)s” in favour of: %(names)s."),
    "in_by_cap": N_("Brought in because the cap “%(rule)s” keeps out: %(names)s."),
    "up_by_cap": N_("In this tier because the cap “%(rule)s” keeps out of it: %(names)s."),
    "down_by_cap": N_("In a lower tier because of the cap “%(rule)s”, for: %(names)s."),
    "out_by_cap": N_("Kept out by the cap “%(rule)s”; instead: %(names)s."),
    "out_by_places": N_("Not chosen: all places are given; the last is place %(rank)s."),
    "out_by_least_score": N_("Not chosen: the score is below the least score of the tiers."),
    "down_by_least_score": N_("In a lower tier: the score is below the least score of a better."),
    "out_together": N_("Not chosen; these rules together are the cause: %(rule)s."),
    "not_eligible": N_("May have none of the tiers."),
    "not_elected": N_("Not elected in the ballots of the panel."),
    "kept_out": N_("An upheld objection keeps this application from the list."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in data: its kind, which rules it names, whom it favours or costs the place."""

    kind: str
    rules: tuple[Rule, ...] = ()
    others: tuple[int, ...] = ()
    tier: str = ""
    rank: int | None = None

    def data(self) -> dict[str, Any]:
        """Return the reason as it is stored."""
        return {
            "kind": self.kind,
            "rules": [list(one) for one in self.rules],
            "others": list(self.others),
            "tier": self.tier,
            "rank": self.rank,
        }


def reason_of(stored: Mapping[str, Any]) -> Reason:
    """Return a stored reason."""
    rules = tuple((kind, key) for kind, key in stored["rules"])
    return Reason(
        stored["kind"], rules, tuple(stored["others"]), stored["tier"], stored.get("rank")
    )


def reasons(
    pool: Pool, choice: Choice, decisions: Sequence[Decision] = ()
) -> dict[int, tuple[Reason, ...]]:
    """Return for every candidate why the choice is as it is."""
    worlds = _Worlds(pool, choice, decisions)
    return {one.id: tuple(worlds.reasons_of(one)) for one in pool.candidates}


class _Worlds:
    """The choices that would be made without some of the rules."""

    def __init__(self, pool: Pool, choice: Choice, decisions: Sequence[Decision]) -> None:
        self._pool, self._choice, self._decisions = pool, choice, decisions
        self._order = {tier.key: at for at, tier in enumerate(pool.tiers)}
        self._found: dict[frozenset[Rule], Mapping[int, str]] = {frozenset(): choice.tiers}
        self._ranks = {one.id: one.rank for one in pool.candidates}
        self._changes: dict[tuple[Rule, bool], tuple[int, ...]] = {}
        self._last = max((self._ranks[one] for one in choice.tiers), default=None)
        self.rules: list[Rule] = [
            *(("floor", one.key) for one in pool.quotas if one.at_least is not None),
            *(("cap", one.key) for one in pool.quotas if one.at_most is not None),
        ]
        if any(tier.least_score is not None for tier in pool.tiers):
            self.rules.append(LEAST)
        if pool.places is not None or any(tier.places is not None for tier in pool.tiers):
            self.rules.append(PLACES)

    def without(self, rules: frozenset[Rule]) -> Mapping[int, str]:
        """Return who would be chosen without some rules."""
        if rules not in self._found:
            other = choose(
                self._pool, self._decisions, rules, by_row=True, start=self._choice.prices or None
            )
            self._found[rules] = other.tiers
        return self._found[rules]

    def _at(self, world: Mapping[int, str], one: int) -> int:
        """Return the position of somebody's tier in a world; those without one come after all."""
        return self._order[world[one]] if one in world else len(self._order)

    def reasons_of(self, one: Candidate) -> Iterator[Reason]:
        """Yield why somebody is chosen for a tier, or not."""
        now = self._at(self._choice.tiers, one.id)
        chosen = one.id in self._choice.tiers
        if chosen:
            yield Reason("chosen", tier=self._choice.tiers[one.id], rank=one.rank)
        single = [
            reason
            for rule in self.rules
            if not (chosen and rule == PLACES)
            and (reason := self._single(one.id, now, rule)) is not None
        ]
        yield from single
        if not chosen and not single:
            yield self._together(one.id)

    def _single(self, one: int, now: int, rule: Rule) -> Reason | None:
        world = self.without(frozenset({rule}))
        then, nobody = self._at(world, one), len(self._order)
        if then == now:
            return None
        if then < now:
            way, others = ("out" if now == nobody else "down"), self._changed(rule, better=True)
        else:
            way, others = ("in" if then == nobody else "up"), self._changed(rule, better=False)
        if rule in (PLACES, LEAST):
            kind = f"{way}_by_{rule[0]}"
            return Reason(kind, (rule,), rank=self._last) if kind in REASONS else None
        return Reason(f"{way}_by_{rule[0]}", (rule,), others)

    def _changed(self, rule: Rule, *, better: bool) -> tuple[int, ...]:
        """Return who is better off now than without a rule, or worse off, in order of rank."""
        if (rule, better) in self._changes:
            return self._changes[rule, better]
        world = self.without(frozenset({rule}))
        found = [
            one.id
            for one in sorted(self._pool.candidates, key=lambda one: (one.rank, one.id))
            if (self._at(self._choice.tiers, one.id) < self._at(world, one.id)) is better
            and self._at(self._choice.tiers, one.id) != self._at(world, one.id)
        ]
        self._changes[rule, better] = tuple(found)
        return self._changes[rule, better]

    def _together(self, one: int) -> Reason:
        left = frozenset(self.rules)
        if one not in self.without(left):
            return Reason("not_eligible")
        for rule in self.rules:
            if one in self.without(left - {rule}):
                left -= {rule}
        return Reason("out_together", tuple(rule for rule in self.rules if rule in left))
