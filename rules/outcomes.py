"""From marks to everything that follows: scores, places, scale, awards, teams, delegations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from rules.allocation import Allotment, AwardPlan, Standing, allocate
from rules.allocation_money import Prize
from rules.allocation_money import within_budget as reduced
from rules.decisions import Decision
from rules.marking import Calculator, EntryScore, IncompleteMarks
from rules.plans import EventPlan
from rules.ranking import EntryStatus, Place, Ranked, places
from rules.refusals import Refused
from rules.scales import ScaleName, scale_scores
from rules.schemes import Scheme
from rules.stages import Lookup, Scored, Starter, score_contest
from rules.tables import Delegation, Finish, Member, TeamPlace, delegation_table, team_table


@dataclass(frozen=True)
class Contestant:
    """What is known of an entry beside its marks."""

    name: str = ""
    team: str = ""
    delegation: str = ""


@dataclass(frozen=True)
class Outcome:
    """All that follows from the marks of one event."""

    scheme: Scheme
    plan: EventPlan
    starters: Mapping[int, Starter]
    scores: Mapping[int, EntryScore]
    statuses: Mapping[int, EntryStatus]
    places: Sequence[Place]
    scale: Mapping[int, int] = field(default_factory=dict)
    awards: Mapping[int, Allotment] = field(default_factory=dict)
    teams: Sequence[TeamPlace] = ()
    delegations: Sequence[Delegation] = ()
    field_size: int = 0


def outcome(
    scheme: Scheme,
    plan: EventPlan,
    starters: Sequence[Starter],
    decisions: Sequence[Decision] = (),
    contestants: Mapping[int, Contestant] | None = None,
) -> Outcome:
    """Compute the whole event, or raise IncompleteMarks or Undecided."""
    scored = score_contest(scheme, starters, decisions)
    calculator = Calculator(scheme)
    lookup = Lookup(calculator, plan.tie_breaks)
    ranked = [*_ranked(lookup, starters, scored)]
    order = places(
        ranked, plan.tie_breaks, ties=plan.ties, unplaced=plan.unplaced, decisions=decisions
    )
    competed = [s for s in starters if scored.statuses[s.entry_id] is EntryStatus.COMPETED]
    scale = _scaled(plan.scale or plan.awards.scale, competed, scored)
    size = len(competed)
    standings = _standings(plan, lookup, order, starters, scored, scale)
    found = (
        [] if size < plan.minimum_entrants else allocate(plan.awards, standings, size, decisions)
    )
    awards = {award.entry_id: award for award in found}
    people = contestants or {}
    return Outcome(
        scheme,
        plan,
        {starter.entry_id: starter for starter in starters},
        scored.scores,
        scored.statuses,
        order,
        scale,
        awards,
        _teams(plan, competed, scored, people),
        _delegations(plan, order, awards, scale, people),
        size,
    )


def within_budget(
    plan: AwardPlan, found: Sequence[Outcome], exempt: bool = False
) -> list[list[Allotment]]:
    """Return the awards of all divisions; more than the event's budget is refused or reduced."""
    given = [list(one.awards.values()) for one in found]
    if plan.budget is None:
        return given
    prizes = [Prize(a.entry_id, "", a.tier.key, a.amount) for awards in given for a in awards]
    basis, policy = plan.amount_basis, plan.over_budget
    kept = reduced(prizes, plan.budget, basis, exempt, policy)
    amounts = {prize.person_id: prize.amount for prize in kept}
    return [[replace(a, amount=amounts[a.entry_id]) for a in awards] for awards in given]


def _ranked(lookup: Lookup, starters: Sequence[Starter], scored: Scored) -> list[Ranked]:
    missing: dict[int, Sequence[Refused]] = {
        starter.entry_id: found
        for starter in starters
        if scored.statuses[starter.entry_id] is EntryStatus.COMPETED
        and (found := lookup.problems(starter))
    }
    if missing:
        raise IncompleteMarks(missing)
    nothing = EntryScore({}, Decimal(0), None, reached=0)
    return [
        lookup.ranked(s, scored.scores.get(s.entry_id, nothing), scored.statuses[s.entry_id])
        for s in starters
    ]


def _scaled(name: ScaleName | None, competed: Sequence[Starter], scored: Scored) -> dict[int, int]:
    if name is None:
        return {}
    totals = [scored.scores[starter.entry_id].total for starter in competed]
    found = scale_scores(name, totals)
    return {starter.entry_id: score for starter, score in zip(competed, found, strict=True)}


def _standings(
    plan: EventPlan,
    lookup: Lookup,
    order: Sequence[Place],
    starters: Sequence[Starter],
    scored: Scored,
    scale: Mapping[int, int],
) -> list[Standing]:
    by_id = {starter.entry_id: starter for starter in starters}
    nodes = {tier.single_below for tier in plan.awards.tiers if tier.single is not None}
    needs = plan.awards.needs
    found = []
    for place in order:
        entry = place.entry_id
        if place.award_rank is None:
            continue
        score, marks = scored.scores[entry], by_id[entry].marks
        below = {key: lookup.values.below(score, marks, key) for key in nodes}
        singles: dict[str, Decimal | Fraction] = {key: max(v) for key, v in below.items() if v}
        passed = {key: score.parts[key].passed for key in needs if key in score.parts}
        rank, total = place.award_rank, score.total
        found.append(Standing(entry, rank, total, scale.get(entry), singles, passed))
    return found


def _teams(
    plan: EventPlan,
    competed: Sequence[Starter],
    scored: Scored,
    people: Mapping[int, Contestant],
) -> list[TeamPlace]:
    if plan.teams is None:
        return []
    there = {starter.entry_id: starter for starter in competed}
    members = []
    for entry, person in people.items():
        starter = there.get(entry)
        total = scored.scores[entry].total if starter else None
        time = starter.facts.get("time") if starter else None
        if person.team:
            members.append(Member(person.team, entry, total, time))
    return team_table(plan.teams, members)


def _delegations(
    plan: EventPlan,
    order: Sequence[Place],
    awards: Mapping[int, Allotment],
    scale: Mapping[int, int],
    people: Mapping[int, Contestant],
) -> list[Delegation]:
    if plan.delegations is None:
        return []
    finishes = [
        Finish(
            people[place.entry_id].delegation,
            "",
            place.entry_id,
            place.award_rank,
            awards[place.entry_id].tier.key if place.entry_id in awards else None,
            scale.get(place.entry_id),
        )
        for place in order
        if place.entry_id in people and people[place.entry_id].delegation
    ]
    return delegation_table(plan.delegations, finishes)
