"""What the marks would give now, by code alone: totals, tiers, and what could change them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.allocation import AwardPlan
from rules.outcomes import Outcome
from rules.plans import EventPlan
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.risks import Bounds, Reach, Standing, bounds_of, reach_of
from rules.schemes import Scheme
from rules.texts import N_
from services import results_computing, results_decisions
from services.results_computing import Field
from services.signoffs_sheets import SheetFacts

Tiers = dict[str, int]


@dataclass(frozen=True)
class Provisional:
    """The works that competed, division by division, with their totals and tiers."""

    scheme: Scheme
    divisions: tuple[tuple[Standing, ...], ...]

    @property
    def tiers(self) -> Tiers:
        """Return the tier of each work; the last one is no award."""
        return {one.code: one.tier for found in self.divisions for one in found}

    @property
    def totals(self) -> list[dict[str, Decimal]]:
        """Return the totals of each division by code."""
        return [{one.code: one.total for one in found} for found in self.divisions]

    def bounds(self, sheets: Sequence[SheetFacts], largest_percent: Decimal) -> Bounds:
        """Return how far each sheet's error could change the order at the award lines."""
        known: dict[tuple[str, int], Fraction] = {}
        reaches = []
        for one in sheets:
            seat = (one.part, one.number)
            if seat not in known:
                known[seat] = reach_of(self.scheme, *seat) * Fraction(largest_percent) / 100
            reaches.append(Reach(str(one.id), one.code, known[seat]))
        return bounds_of(self.divisions, reaches)


def read_provisional(event_id: int) -> Provisional:
    """Compute the event without writing anything; refuse while marks are missing."""
    rules = results_computing.rules_of_event(event_id)
    if rules is None:
        raise Refused(N_("The rules of this event are not frozen yet. Publish the contest first."))
    fields = results_computing.read_fields(event_id)
    decisions = results_decisions.decisions_of(event_id)
    shared = rules._replace(plan=_sharing(rules.plan))
    found = results_computing.compute_fields(shared, fields, decisions)
    divisions = (
        tuple(_standings(field, one, _order(rules.plan.for_division(field.division))))
        for field, one in zip(fields, found, strict=True)
    )
    return Provisional(rules.scheme, tuple(divisions))


def _sharing(plan: EventPlan) -> EventPlan:
    """Return a plan in which equal entries share: who parts them is decided after the check."""
    divisions = tuple(
        one.model_copy(update={"awards": _shared(one.awards)}) for one in plan.divisions
    )
    changes = {"ties": "share", "awards": _shared(plan.awards), "divisions": divisions}
    return plan.model_copy(update=changes)


def _shared(awards: AwardPlan) -> AwardPlan:
    tiers = tuple(tier.model_copy(update={"at_most": None}) for tier in awards.tiers)
    ties = "extend" if awards.ties == "decide" else awards.ties
    return awards.model_copy(update={"tiers": tiers, "ties": ties})


def _order(plan: EventPlan) -> dict[str, int]:
    return {tier.key: place for place, tier in enumerate(plan.awards.tiers)}


def _standings(field: Field, found: Outcome, order: Mapping[str, int]) -> Iterator[Standing]:
    for entry, score in found.scores.items():
        if found.statuses[entry] is not EntryStatus.COMPETED:
            continue
        award = found.awards.get(entry)
        tier = len(order) if award is None else order[award.tier.key]
        yield Standing(field.codes[entry], score.total, tier, score.reached)
