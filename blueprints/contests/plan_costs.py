"""What an award plan costs at most, as far as its places are fixed."""

from dataclasses import dataclass
from decimal import Decimal

from rules.plans import EventPlan


@dataclass(frozen=True)
class Costs:
    """Amounts of fixed places; `open_tiers` names tiers whose places depend on the field."""

    division: Decimal
    event: Decimal
    divisions: int
    open_tiers: tuple[str, ...]


def costs_of(plan: EventPlan, divisions: int) -> Costs:
    """Add up what the fixed places of a plan cost in one division and in the event."""
    paid = [tier for tier in plan.awards.tiers if tier.amount]
    fixed = sum((t.amount * t.places for t in paid if t.places is not None), Decimal(0))
    depending = tuple(tier.name for tier in paid if tier.places is None)
    return Costs(fixed, fixed * divisions, divisions, depending)
