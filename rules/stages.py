"""A whole contest: points for places, stage by stage, who goes on, what is carried over (R1.22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from rules.decisions import Decision, Undecided, decided_order
from rules.exact import Exact, scaled
from rules.marking import (
    WHOLE,
    Calculator,
    EntryScore,
    IncompleteMarks,
    Marks,
    StageWork,
)
from rules.ranking import EntryStatus, Place, Ranked, Score, TieBreak, places
from rules.refusals import Refused
from rules.scheme_nodes import Advance, PointsTable
from rules.schemes import Scheme
from rules.texts import N_
from rules.values import Values
from rules.working import Facts, NodeWork, Work

_NOT_THROUGH = N_("There are marks for %(stage)s, but the entry did not reach it.")
_NO_FACT = N_("No value yet for %(key)s, which is needed to part equal totals.")


@dataclass(frozen=True)
class Starter:
    """One entry as the computation takes it; `statuses` are by stage, WHOLE for all of them."""

    entry_id: int
    marks: Marks = field(default_factory=dict)
    statuses: Mapping[str, EntryStatus] = field(default_factory=dict)
    in_competition: bool = True

    @property
    def facts(self) -> dict[str, Decimal]:
        """Return what is recorded for the entry as a whole."""
        return {k: v for sheet in self.marks.get(WHOLE, ()) for k, v in sheet.marks.items()}


@dataclass(frozen=True)
class Scored:
    """The scores of all who competed, and what became of everybody."""

    scores: Mapping[int, EntryScore]
    statuses: Mapping[int, EntryStatus]


@dataclass(frozen=True)
class GoingOn:
    """Who starts a later stage, and the scores of all who competed before it."""

    entries: frozenset[int]
    scored: Scored


def going_on(
    scheme: Scheme, starters: Sequence[Starter], key: str, decisions: Sequence[Decision] = ()
) -> GoingOn:
    """Return who starts the stage with this key (R1.22), from the marks of those before it.

    Raises IncompleteMarks while some are missing, Undecided on a tie that must be decided.
    """
    return _Contest(scheme, starters, decisions).before(key)


def score_contest(
    scheme: Scheme, starters: Sequence[Starter], decisions: Sequence[Decision] = ()
) -> Scored:
    """Compute every entry, or raise IncompleteMarks with the blockers of all entries."""
    return _Contest(scheme, starters, decisions).run()


class Lookup:
    """Makes an entry ready to be ranked: finds what the tie-breaks name."""

    def __init__(self, calculator: Calculator, steps: Sequence[TieBreak]) -> None:
        self.values, self._steps = Values(calculator), steps

    def ranked(
        self, starter: Starter, score: EntryScore, status: EntryStatus = EntryStatus.COMPETED
    ) -> Ranked:
        """Return the entry with its total and all that may part it from an equal one."""
        scores: dict[str, Score] = {}
        lists: dict[str, Sequence[Score]] = {}
        for step in self._steps if status is EntryStatus.COMPETED else ():
            if step.kind == "best_single":
                lists[step.key] = self.values.below(score, starter.marks, step.key)
            else:
                scores[step.key] = self._score(step, starter, score)
        total, entry = score.total, starter.entry_id
        return Ranked(entry, total, status, starter.in_competition, scores, lists, score.reached)

    def _score(self, step: TieBreak, starter: Starter, score: EntryScore) -> Score:
        if step.kind in ("time", "age", "fact"):
            return starter.facts[step.key]
        if step.key in score.parts:
            return score.parts[step.key].score
        return self.values.value(score, starter.marks, step.key) or Fraction(0)

    def problems(self, starter: Starter) -> list[Refused]:
        """List the facts that the tie-breaks need and the entry does not have."""
        needed = [step.key for step in self._steps if step.kind in ("time", "age", "fact")]
        return [Refused(_NO_FACT, field=k, key=k) for k in needed if k not in starter.facts]


class _Contest:
    def __init__(
        self, scheme: Scheme, starters: Sequence[Starter], decisions: Sequence[Decision]
    ) -> None:
        self._calculator = Calculator(scheme)
        self._scheme, self._decisions = scheme, decisions
        self._starters = {starter.entry_id: starter for starter in starters}
        self._statuses = dict.fromkeys(self._starters, EntryStatus.COMPETED)
        self._scores: dict[int, EntryScore] = {}
        self._own: dict[str, dict[int, Exact]] = {}

    def run(self) -> Scored:
        """Go through the stages."""
        active = list(self._starters.values())
        for index, stage in enumerate(self._calculator.stages):
            if index and not any(_has_marks(starter, stage) for starter in active):
                break  # this stage has not taken place yet
            active = self._held(stage, active, index)
        return Scored(self._scores, self._statuses)

    def before(self, key: str) -> GoingOn:
        """Go through the stages before this one."""
        active = list(self._starters.values())
        for index, stage in enumerate(self._calculator.stages):
            if stage.stage.key == key:
                break
            active = self._held(stage, active, index)
        through = frozenset(starter.entry_id for starter in active)
        return GoingOn(through, Scored(self._scores, self._statuses))

    def _held(self, stage: StageWork, active: Sequence[Starter], index: int) -> list[Starter]:
        """Hold one stage; return who goes on."""
        there = [starter for starter in active if self._starts(starter, stage, index)]
        self._score(stage, there, index)
        through = self._advanced(stage, there)
        self._check_the_others(index, {starter.entry_id for starter in through})
        return through

    def _starts(self, starter: Starter, stage: StageWork, index: int) -> bool:
        status = starter.statuses.get(WHOLE, EntryStatus.COMPETED)
        at_stage = starter.statuses.get(stage.stage.key, EntryStatus.COMPETED)
        if status is EntryStatus.COMPETED:
            status = at_stage
        if status is EntryStatus.COMPETED:
            return True
        keeps = index > 0 and stage.stage.not_started == "keep"
        if status is EntryStatus.VIOLATION or not keeps:
            self._statuses[starter.entry_id] = status
            self._scores.pop(starter.entry_id, None)
        return False

    def _score(self, stage: StageWork, starters: Sequence[Starter], index: int) -> None:
        points = _points(stage, starters, self._decisions, self._calculator.unit)
        blocked: dict[int | None, Sequence[Refused]] = {}
        own = self._own[stage.stage.key] = {}
        for starter in starters:
            try:
                score = stage.score(starter.marks, points[starter.entry_id])
            except IncompleteMarks as incomplete:
                blocked[starter.entry_id] = incomplete.problems
                continue
            own[starter.entry_id] = score.works[0].value or 0
            self._keep(starter, score, stage, index)
        if blocked:
            raise IncompleteMarks(blocked)

    def _keep(self, starter: Starter, score: EntryScore, stage: StageWork, index: int) -> None:
        entry = starter.entry_id
        if self._scheme.stages:
            total = self._total(stage, entry)
            before = self._scores.get(entry)
            verdicts = [s.passed for s in (before, score) if s and s.passed is not None]
            score = replace(
                score,
                parts={**before.parts, **score.parts} if before else score.parts,
                total=total,
                passed=all(verdicts) if verdicts else None,
                reached=index + 1,
                stages={**(before.stages if before else {}), stage.stage.key: total},
                works=(*(before.works if before else ()), *score.works),
            )
        self._scores[entry] = score
        if score.disqualified is not None:
            self._statuses[entry] = EntryStatus.VIOLATION

    def _total(self, stage: StageWork, entry: int) -> Decimal:
        value = self._own[stage.stage.key][entry]
        for carry in stage.stage.carry:
            value += scaled(self._own[carry.stage][entry], Fraction(carry.factor))
        return self._calculator.total(value)

    def _advanced(self, stage: StageWork, there: Sequence[Starter]) -> list[Starter]:
        able = [s for s in there if self._statuses[s.entry_id] is EntryStatus.COMPETED]
        advance = stage.stage.advance
        if advance is None:
            return able
        through = self._through(stage, advance, able)
        return [starter for starter in able if starter.entry_id in through]

    def _through(self, stage: StageWork, advance: Advance, able: Sequence[Starter]) -> set[int]:
        steps = advance.tie_breaks if advance.ties != "all" else ()
        lookup = Lookup(self._calculator, steps)
        missing: dict[int, Sequence[Refused]] = {
            s.entry_id: found for s in able if (found := lookup.problems(s))
        }
        if missing:
            raise IncompleteMarks(missing)
        ranked = [lookup.ranked(s, self._scores[s.entry_id]) for s in able]
        order = places(ranked, steps)
        totals = {one.entry_id: one.total for one in ranked}
        if advance.minimum is not None:
            order = [p for p in order if totals[p.entry_id] >= advance.minimum]
        limit = _limit(advance, sum(s.in_competition for s in able))
        if limit is None:
            return {place.entry_id for place in order}
        through = self._within(stage.stage.key, advance, order, limit)
        # Guests don't take anybody's place; whoever is as good as the last goes on as well.
        lowest = min((totals[entry] for entry in through), default=None)
        guests = {p.entry_id for p in order if p.award_rank is None}
        return through | {g for g in guests if lowest is not None and totals[g] >= lowest}

    def _within(self, key: str, advance: Advance, order: Sequence[Place], limit: int) -> set[int]:
        through: set[int] = set()
        inside = [place for place in order if place.award_rank is not None]
        for _, group in groupby(inside, key=lambda place: place.award_rank):
            ids = [place.entry_id for place in group]
            if len(through) >= limit:
                break
            if len(through) + len(ids) > limit and advance.ties == "decide":
                decided = decided_order(self._decisions, "advance", key, ids)
                if decided is None:
                    raise Undecided("advance", key, [ids])
                ids = sorted(ids, key=lambda entry: decided[entry])[: limit - len(through)]
            through.update(ids)
        return through

    def _check_the_others(self, index: int, through: set[int]) -> None:
        """Refuse marks for a stage that the entry did not reach."""
        if index + 1 == len(self._calculator.stages):
            return
        following = self._calculator.stages[index + 1]
        text, title = _NOT_THROUGH, following.stage.title
        blocked: dict[int, Sequence[Refused]] = {
            entry: [Refused(text, field=following.stage.key, stage=title)]
            for entry, starter in self._starters.items()
            if entry not in through and _has_marks(starter, following)
        }
        if blocked:
            raise IncompleteMarks(blocked)


def _has_marks(starter: Starter, stage: StageWork) -> bool:
    return any(starter.marks.get(part.part.key) for part in stage.parts)


def _limit(advance: Advance, field_size: int) -> int | None:
    limits = [] if advance.top is None else [advance.top]
    if advance.share is not None:
        limits.append((Fraction(advance.share) * field_size / 100).__floor__())
    return min(limits, default=None)


def _points(
    stage: StageWork, starters: Sequence[Starter], decisions: Sequence[Decision], unit: int
) -> dict[int, dict[str, Exact]]:
    """Work out the points for places, tables deeper down first."""
    found: dict[int, dict[str, Exact]] = {starter.entry_id: {} for starter in starters}
    for node in _tables(stage.ready):
        key, table = node.node.key, node.node.points
        raw: dict[int, Exact] = {}
        blocked: dict[int | None, Sequence[Refused]] = {}
        for starter in starters:
            facts = Facts(points=found[starter.entry_id])
            try:
                stage.work(starter.marks, facts)
            except IncompleteMarks as incomplete:
                blocked[starter.entry_id] = incomplete.problems
            if key in facts.raw:
                raw[starter.entry_id] = facts.raw[key]
        if blocked:
            raise IncompleteMarks(blocked)
        if table is not None:
            for entry, points in points_for_places(table, key, raw, decisions).items():
                found[entry][key] = scaled(unit, points)
    return found


def _tables(node: NodeWork) -> list[NodeWork]:
    inner = [table for child in node.children for table in _tables(child)]
    return [*inner, node] if node.node.points is not None else inner


def points_for_places(
    table: PointsTable, key: str, values: Mapping[int, Exact], decisions: Sequence[Decision] = ()
) -> dict[int, Fraction]:
    """Give each entry the points of the place that its value takes."""
    sign = -1 if table.best == "highest" else 1
    ordered = sorted(values, key=lambda entry: (sign * values[entry], entry))
    found: dict[int, Fraction] = {}
    for _, group in groupby(ordered, key=lambda entry: values[entry]):
        ids = list(group)
        at_stake = [_point(table, len(found) + offset) for offset in range(len(ids))]
        found |= _parted(table, key, ids, at_stake, decisions)
    return found


def _parted(
    table: PointsTable,
    key: str,
    ids: Sequence[int],
    at_stake: Sequence[Fraction],
    decisions: Sequence[Decision],
) -> dict[int, Fraction]:
    if table.ties == "mean":
        mean = sum(at_stake, Fraction(0)) / len(ids)
        return dict.fromkeys(ids, mean)
    if table.ties == "share" or len(set(at_stake)) == 1:
        return dict.fromkeys(ids, at_stake[0])
    order = decided_order(decisions, "points", key, ids)
    if order is None:
        raise Undecided("points", key, [ids])
    return dict(zip(sorted(ids, key=lambda entry: order[entry]), at_stake, strict=True))


def _point(table: PointsTable, index: int) -> Fraction:
    return Fraction(table.points[index]) if index < len(table.points) else Fraction(0)


__all__ = [
    "GoingOn",
    "Lookup",
    "Scored",
    "Starter",
    "Work",
    "going_on",
    "points_for_places",
    "score_contest",
]
