"""Who gets which award: tiers with places or shares, floors, and what a shared place takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import ceil, floor
from typing import Literal, Self

from pydantic import model_validator

from rules.allocation_bands import medal_groups
from rules.allocation_money import split
from rules.award_honours import ConditionalHonour
from rules.data import InvalidRules, Number, RuleData, later
from rules.decisions import Decision, Undecided, decided_order
from rules.ranking import Score
from rules.refusals import Refused
from rules.scales import ScaleName
from rules.texts import N_

# A part of the field: 1/12, or 30 %.
PORTION = r"^([0-9]{1,6}/[1-9][0-9]{0,5}|[0-9]{1,3}(\.[0-9]{1,6})? ?%)$"


class Tier(RuleData):
    """One class of awards, such as first prize.

    `places` is a fixed number (R4.02), `share` a percentage of those who competed (R4.01); with
    both the smaller counts, with neither there is no limit. Below `floor` it stays empty (R4.04).
    In a field smaller than `minimum_field` the tier is not given. With `single` it goes to those
    without another tier whose best value directly below the node `single_below` is that high.
    With `down_to` it ends where so great a part of the field has an award, better tiers included.
    More than `at_most` that share a place at the cut-off need a decision, whatever `ties` says.
    The amount of a team is split among its members, paid to `each` in full, or paid to the team as
    a whole; `coach_amount` is split among the coaches whom the entry names (R4.05).
    """

    key: str
    name: str
    amount: Number = Decimal(0)
    honours: tuple[str, ...] = ()
    places: int | None = None
    share: Number | None = None
    floor: Number | None = None
    minimum_field: int = later(0)
    single: Number | None = later(None)
    single_below: str = later("")
    down_to: str | None = later(None, pattern=PORTION)
    at_most: int | None = later(None, ge=0)
    paid_to: Literal["split", "each", "team"] = later("split")
    coach_amount: Number = later(Decimal(0))


class AwardPlan(RuleData):
    """The awards of one event, best tier first.

    `ties` says what happens when more share a place than a tier has left: they all get it, and
    the next tier either keeps its full number ("extend") or gives up as many ("skip_next"); they
    share the money of the places they fill ("split"); or a decision parts them ("decide").
    With a `tolerance` the first three tiers are medals for all who are close to the best; with a
    `scale` floors and tolerance count on it. More than `budget` is refused, or all is reduced.
    Who did not pass all parts that `needs` names is passed over, and the next ones move up.
    `honours` go to those winners who meet their conditions; `budget_line` is the line of the
    edition's budget that the money comes from.
    """

    tiers: tuple[Tier, ...] = ()
    share_rounding: Literal["floor", "half_up", "ceiling"] = "floor"
    minimum_field: int = 0
    ties: Literal["extend", "skip_next", "split", "decide"] = "extend"
    amount_basis: Literal["gross", "net"] = "gross"
    split_rounding: Literal["floor", "half_up"] = later("floor")
    tolerance: Number | None = later(None)
    scale: ScaleName | None = later(None)
    highest_only: bool = later(False)
    budget: Number | None = later(None)
    needs: tuple[str, ...] = later(())
    over_budget: Literal["refuse", "reduce"] = later("refuse")
    honours: tuple[ConditionalHonour, ...] = later(())
    budget_line: str = later("", max_length=20)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [problem for tier in self.tiers for problem in _tier_problems(tier)]
        if len({tier.key for tier in self.tiers}) < len(self.tiers):
            problems.append(Refused(N_("Two award tiers have the same key."), field="tiers"))
        problems += _medal_problems(self)
        problems += _honour_problems(self)
        if self.budget is not None and self.budget < 0:
            problems.append(Refused(N_("The budget cannot be below 0."), field="budget"))
        if problems:
            raise InvalidRules(problems)
        return self

    def without_money(self) -> Self:
        """Return the same awards as papers alone."""
        nothing = {"amount": Decimal(0), "coach_amount": Decimal(0)}
        tiers = tuple(tier.model_copy(update=nothing) for tier in self.tiers)
        return self.model_copy(update={"tiers": tiers, "budget": None, "budget_line": ""})

    def tier(self, key: str) -> Tier:
        """Return the tier with this key, or raise KeyError."""
        return {tier.key: tier for tier in self.tiers}[key]


MEDALS = 3


def _medal_problems(plan: AwardPlan) -> Iterator[Refused]:
    if plan.tolerance is None:
        return
    if plan.tolerance < 0:
        yield Refused(N_("The tolerance cannot be below 0."), field="tolerance")
    medals = plan.tiers[:MEDALS]
    limits = [limit for t in medals for limit in (t.places, t.share, t.single)]
    if len(medals) < MEDALS or any(limit is not None for limit in limits):
        text = N_("With a tolerance the first three tiers are medals without a number of places.")
        yield Refused(text, field="tolerance")


def _honour_problems(plan: AwardPlan) -> Iterator[Refused]:
    known = {tier.key for tier in plan.tiers}
    for honour in plan.honours:
        for key in honour.tiers:
            if key not in known:
                text = N_("The honour %(honour)s goes with an award that is not there: %(key)s.")
                yield Refused(text, field="honours", honour=honour.title, key=key)


def _tier_problems(tier: Tier) -> Iterator[Refused]:
    names = {"field": tier.key, "tier": tier.name}
    if tier.amount < 0:
        yield Refused(N_("The amount of %(tier)s cannot be below 0."), **names)
    if tier.coach_amount < 0:
        yield Refused(N_("The amount for the coaches of %(tier)s cannot be below 0."), **names)
    if tier.places is not None and tier.places < 0:
        yield Refused(N_("The places of %(tier)s cannot be below 0."), **names)
    if tier.share is not None and not 0 <= tier.share <= 100:
        yield Refused(N_("The share of %(tier)s must lie between 0 and 100 percent."), **names)
    if tier.down_to is not None and portion(tier.down_to) > 1:
        yield Refused(N_("%(tier)s cannot go down to more than the whole field."), **names)


def portion(text: str) -> Fraction:
    """Return the part of the field that a text such as 1/12 or 30 % means."""
    return Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as the allocation sees it; without an award rank it gets nothing (R1.26).

    `singles` holds the best single value below each node that a tier names.
    """

    entry_id: int
    award_rank: int | None
    total: Score
    scale: int | None = None
    singles: Mapping[str, Score] = field(default_factory=dict)
    passed: Mapping[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Allotment:
    """One entry's award and its money; `shared` says that others have the same place."""

    entry_id: int
    tier: Tier
    shared: bool
    amount: Decimal = Decimal(0)


def tier_places(plan: AwardPlan, field_size: int) -> dict[str, int | None]:
    """Return how many places each tier has in a field of this size; None is no limit."""
    found: dict[str, int | None] = {}
    for tier in plan.tiers:
        limits = [limit for limit in (_places(plan, tier, field_size),) if limit is not None]
        if tier.down_to is not None:
            better = sum(limit or 0 for limit in found.values())
            limits.append(max(0, _cut(plan, tier.down_to, field_size) - better))
        found[tier.key] = min(limits, default=None)
    return found


def allocate(
    plan: AwardPlan,
    standings: Sequence[Standing],
    field_size: int | None = None,
    decisions: Sequence[Decision] = (),
) -> list[Allotment]:
    """Give the awards, best place first; a shared place takes only one tier's places.

    The field is those who really competed; unless it is given, those with an award rank count.
    Too small a field gets no awards (R1.06).
    """
    ranked = [(s.award_rank, s.entry_id, s) for s in standings if s.award_rank is not None]
    size = len(ranked) if field_size is None else field_size
    if size < plan.minimum_field:
        return []
    ranked = [item for item in ranked if all(item[2].passed.get(key) for key in plan.needs)]
    groups = [
        [standing for _, _, standing in group]
        for _, group in groupby(sorted(ranked, key=lambda item: item[:2]), key=lambda item: item[0])
    ]
    given = dict(_medals(plan, groups, size))
    rest = [[one for one in group if one.entry_id not in given] for group in groups]
    given |= _by_place(plan, [group for group in rest if group], size, decisions, len(given))
    given |= _for_singles(plan, groups, given, size)
    given = _overruled(plan, given, decisions)
    ordered = (standing.entry_id for group in groups for standing in group)
    return [given[entry_id] for entry_id in ordered if entry_id in given]


Given = dict[int, Allotment]


def _by_place(
    plan: AwardPlan,
    groups: Sequence[Sequence[Standing]],
    size: int,
    decisions: Sequence[Decision],
    medals_given: int,
) -> Given:
    tiers = _Tiers(plan, size, medals_given)
    given: Given = {}
    for group in groups:
        for part in tiers.parted(group, decisions):
            measure = min(_measure(plan, standing) for standing in part)
            taken = tiers.take(len(part), measure)
            if taken is not None:
                tier, amount = taken
                shared = len(group) > 1
                given |= {s.entry_id: Allotment(s.entry_id, tier, shared, amount) for s in part}
    return given


def _overruled(plan: AwardPlan, given: Given, decisions: Sequence[Decision]) -> Given:
    """Let recorded decisions give an award, or take one away, whatever the rules say."""
    for decision in decisions:
        for entry in decision.order if decision.kind == "grant" else ():
            given = {key: award for key, award in given.items() if key != entry}
            if decision.about:
                tier = plan.tier(decision.about)
                given[entry] = Allotment(entry, tier, False, tier.amount)
    return given


def _medals(plan: AwardPlan, groups: Sequence[Sequence[Standing]], size: int) -> Given:
    if plan.tolerance is None:
        return {}
    everybody = [(len(group) > 1, standing) for group in groups for standing in group]
    values = [_measure(plan, standing) for _, standing in everybody]
    given: Given = {}
    for tier, found in zip(
        plan.tiers, medal_groups(values, Fraction(plan.tolerance)), strict=False
    ):
        for shared, one in (everybody[index] for index in found):
            if size >= tier.minimum_field and not _below_floor(tier, _measure(plan, one)):
                given[one.entry_id] = Allotment(one.entry_id, tier, shared, tier.amount)
    return given


def _for_singles(
    plan: AwardPlan, groups: Sequence[Sequence[Standing]], given: Given, size: int
) -> Given:
    found: Given = {}
    for tier in plan.tiers:
        if tier.single is None or size < tier.minimum_field:
            continue
        for group in groups:
            for one in group:
                best = one.singles.get(tier.single_below)
                taken = one.entry_id in given or one.entry_id in found
                if not taken and best is not None and best >= tier.single:
                    shared = len(group) > 1
                    found[one.entry_id] = Allotment(one.entry_id, tier, shared, tier.amount)
    return found


def _measure(plan: AwardPlan, standing: Standing) -> Fraction:
    if plan.scale is None:
        return Fraction(standing.total)
    if standing.scale is None:
        raise ValueError(f"entry {standing.entry_id} has no place on the scale {plan.scale}")
    return Fraction(standing.scale)


class _Tiers:
    """The tiers while they fill up, best first."""

    def __init__(self, plan: AwardPlan, size: int, medals_given: int) -> None:
        self._plan = plan
        self._carries = plan.ties in ("skip_next", "split")
        medals = 0 if plan.tolerance is None else MEDALS
        self._waiting = [
            (tier, _places(plan, tier, size))
            for tier in plan.tiers[medals:]
            if size >= tier.minimum_field and tier.single is None
        ]
        # How many the open tier has, and how many have an award altogether.
        self._used, self._total, self._size = 0, medals_given, size

    def parted(
        self, group: Sequence[Standing], decisions: Sequence[Decision]
    ) -> Sequence[Sequence[Standing]]:
        """Part those who share a place at a cut-off, where the plan asks for a decision."""
        if len(group) == 1:
            return [group]
        found = self._open(min(_measure(self._plan, standing) for standing in group))
        if found is None or found[1] is None or found[1] >= len(group):
            return [group]
        tier = found[0]
        crowded = tier.at_most is not None and self._used + len(group) > tier.at_most
        if self._plan.ties != "decide" and not crowded:
            return [group]
        ids = [standing.entry_id for standing in group]
        order = decided_order(decisions, "award", tier.key, ids)
        if order is None:
            raise Undecided("award", tier.key, [ids])
        return [[one] for one in sorted(group, key=lambda one: order[one.entry_id])]

    def take(self, count: int, measure: Fraction) -> tuple[Tier, Decimal] | None:
        """Take places for so many who share one place; None when no tier is left for them."""
        found = self._open(measure)
        if found is None:
            return None
        tier = found[0]
        amount = self._shared(count, measure) if self._plan.ties == "split" else tier.amount
        self._used += count
        self._total += count
        return tier, amount

    def _open(self, measure: Fraction) -> tuple[Tier, int | None] | None:
        """Return the tier for those who come next, with the places that are left in it."""
        while self._waiting:
            tier, limit = self._waiting[0]
            left = self._left(tier, limit, self._used, self._total)
            if (left is None or left > 0) and not _below_floor(tier, measure):
                return tier, left
            self._close(limit)
        return None

    def _left(self, tier: Tier, limit: int | None, used: int, total: int) -> int | None:
        left = [] if limit is None else [limit - used]
        if tier.down_to is not None:
            left.append(_cut(self._plan, tier.down_to, self._size) - total)
        return min(left, default=None)

    def _close(self, limit: int | None) -> None:
        del self._waiting[0]
        over = 0 if limit is None else max(0, self._used - limit)
        self._used = over if self._carries else 0

    def _shared(self, count: int, measure: Fraction) -> Decimal:
        """Share the money of the places that so many fill, in this tier and the next ones."""
        amounts: list[Decimal] = []
        used = self._used
        for tier, limit in self._waiting:
            left = self._left(tier, limit, used, self._total + len(amounts))
            free = count if left is None else left
            if not _below_floor(tier, measure):
                amounts += [tier.amount] * min(free, count - len(amounts))
            used = 0  # only the open tier has been drawn on
        return split(amounts, count, self._plan.split_rounding)


def _below_floor(tier: Tier, measure: Fraction) -> bool:
    return tier.floor is not None and measure < Fraction(tier.floor)


def _places(plan: AwardPlan, tier: Tier, field: int) -> int | None:
    limits = [] if tier.places is None else [tier.places]
    if tier.share is not None:
        limits.append(_ROUNDED[plan.share_rounding](Fraction(tier.share) * field / 100))
    return min(limits, default=None)


def _cut(plan: AwardPlan, down_to: str, field: int) -> int:
    """Return how many of the field have an award when a tier goes down to this part of it."""
    return _ROUNDED[plan.share_rounding](portion(down_to) * field)


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


_ROUNDED: dict[str, Callable[[Fraction], int]] = {
    "floor": floor,
    "half_up": _half_up,
    "ceiling": ceil,
}
