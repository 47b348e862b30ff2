"""Why this result: the chain from the marks to the money, as data (raw marks … amount)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.allocation import Allotment
from rules.awarding import awarded
from rules.data import plain
from rules.exact import Exact
from rules.marking import EntryScore
from rules.marks import JudgeMarks
from rules.outcomes import Outcome
from rules.ranking import EntryStatus, Place
from rules.scheme_nodes import Aspect, Given, Node, Part, Stage, below
from rules.stages import Starter
from rules.working import Work

Kind = Literal[
    "mark", "agreed", "judge", "dropped", "left_out", "combined", "multiplied", "deducted",
    "value", "points", "weighted", "part", "carried", "stage", "total", "disqualified",
    "tie_break", "place", "no_place", "scale", "tier", "no_tier", "amount",
]  # fmt: skip


class Step(NamedTuple):
    """One step of the chain: what happened at which node, to which exact value.

    `whole` says that the node is a part, whose key a section in it may have as well.
    """

    kind: Kind
    node: str = ""
    title: str = ""
    judge: int | None = None
    value: Decimal | Fraction | None = None
    given: Decimal | None = None
    note: str = ""
    whole: bool = False


class Explanation(NamedTuple):
    """How one entry came to its result, or why it has no place."""

    entry_id: int
    status: EntryStatus
    steps: tuple[Step, ...]


def explain(outcome: Outcome, entry_id: int) -> Explanation:
    """Explain one entry of an event; a KeyError says that there is no such entry."""
    place = next(place for place in outcome.places if place.entry_id == entry_id)
    return _explained(outcome, place)


def explain_all(outcome: Outcome) -> dict[int, Explanation]:
    """Explain every entry, in the order of the places."""
    return {place.entry_id: _explained(outcome, place) for place in outcome.places}


def _explained(outcome: Outcome, place: Place) -> Explanation:
    entry, status = place.entry_id, outcome.statuses[place.entry_id]
    steps = [*_scored(outcome, outcome.starters[entry], outcome.scores.get(entry))]
    steps += _placed(outcome, place, status)
    return Explanation(entry, status, tuple(steps))


def _scored(outcome: Outcome, starter: Starter, score: EntryScore | None) -> Iterator[Step]:
    if score is None:
        return
    for work in score.works:
        if not isinstance(work.node, Stage):
            raise TypeError(f"not a stage: {work.node!r}")
        for index, part in enumerate(work.below):
            sheets = {s.judge: s for s in starter.marks.get(part.node.key, ())}
            agreed = part.node.given if isinstance(part.node, Part) else {}
            yield from _Part(sheets, score.unit, agreed).steps(part)
            if part.node.key in score.parts:
                kind: Kind = "dropped" if index in work.dropped else "part"
                value = score.parts[part.node.key].score
                note = _weight(work.node, part.node)
                yield Step(kind, part.node.key, part.node.title, value=value, note=note)
        yield from _agreed(work.node, starter.facts)
        yield from _stage(outcome, work, work.node, score)
    if score.disqualified is not None:
        yield Step("disqualified", score.disqualified)
    yield Step("total", value=score.total)


def _weight(stage: Stage, part: Node) -> str:
    """Say with how many percent a part counts; nothing where parts have no weights."""
    if stage.combine not in ("percent", "weighted") or not isinstance(part, Part):
        return ""
    return plain(part.weight)


def _stage(outcome: Outcome, work: Work, stage: Stage, score: EntryScore) -> Iterator[Step]:
    yield from _finished(work, score.unit)
    for carry in stage.carry:
        earlier = next((w for w in score.works if w.node.key == carry.stage), None)
        if earlier is not None and earlier.value is not None:
            value = _exact(earlier.value, score.unit) * Fraction(carry.factor)
            yield Step("carried", carry.stage, value=value, given=carry.factor)
    if outcome.scheme.stages:
        total = score.stages.get(stage.key)
        yield Step("stage", stage.key, stage.title, value=total)


class _Part:
    """Walks down one part of one entry."""

    def __init__(
        self, sheets: dict[int, JudgeMarks], unit: int, agreed: Mapping[str, Given]
    ) -> None:
        self._sheets, self._unit = sheets, unit
        self._given = (
            {key: v for sheet in sheets.values() for key, v in sheet.marks.items() if key in agreed}
            if agreed
            else {}
        )

    def steps(self, work: Work) -> Iterator[Step]:
        """Yield what happened at and below a node, from the bottom up."""
        key, title, whole = work.node.key, work.node.title, isinstance(work.node, Part)
        if work.value is None or (not work.judges and not work.below):
            value = None if work.value is None else _exact(work.value, self._unit)
            yield Step("left_out", key, title, value=value, whole=whole)
            return
        for index, child in enumerate(work.below):
            yield from self.steps(child)
            if index in work.dropped:
                yield Step("dropped", child.node.key, child.node.title, value=self._of(child))
        aspects = tuple(_aspects(work.node)) if work.judges else ()
        for judge in work.judges:
            yield from self._marks(aspects, judge.judge)
            kind: Kind = "dropped" if judge.dropped else "judge"
            yield _worked(kind, key, title, judge.judge, judge.value, self._unit, whole)
        yield from _agreed(work.node, self._given)
        yield from _finished(work, self._unit)

    def _of(self, work: Work) -> Fraction | None:
        return None if work.value is None else _exact(work.value, self._unit)

    def _marks(self, aspects: Sequence[Aspect], judge: int) -> Iterator[Step]:
        marks = self._sheets[judge].marks
        for aspect in aspects:
            if aspect.key in marks:
                given = marks[aspect.key]
                worth = given if aspect.kind == "points" else awarded(aspect, given)
                yield _mark(aspect.key, aspect.title, judge, worth, given)


def _agreed(node: Node, given: Mapping[str, Decimal]) -> Iterator[Step]:
    """Yield the values that were agreed once for a node, such as a difficulty."""
    for one in node.agreed:
        if one.key in given:
            yield Step("agreed", one.key, one.title, value=given[one.key])


def _aspects(node: Node) -> Iterator[Aspect]:
    if isinstance(node, Aspect):
        yield node
    for child in below(node):
        yield from _aspects(child)


def _finished(work: Work, unit: int) -> Iterator[Step]:
    """Yield the steps from the combined value to the finished one, but none without effect."""
    node, key, title = work.node, work.node.key, work.node.title
    whole = isinstance(node, Part)
    yield _worked("combined", key, title, None, work.combined, unit, whole)
    if work.multiplied != work.combined:
        yield Step("multiplied", key, title, value=_exact(work.multiplied, unit), whole=whole)
    for deducted in work.deducted:
        one, amount = deducted.deduction, _exact(deducted.amount, unit)
        yield Step("deducted", one.key, one.title, value=amount, given=deducted.times)
    if node.points is not None:
        yield Step("points", key, title, value=_exact(work.value or 0, unit), whole=whole)
    elif work.value is not None and work.value != work.multiplied:
        yield Step("value", key, title, value=_exact(work.value, unit), whole=whole)


# Most steps of an event are alike: made once, they cost neither time nor room again.
_ALIKE = 1 << 16


@lru_cache(_ALIKE)
def _worked(
    kind: Kind, key: str, title: str, judge: int | None, value: Exact, unit: int, whole: bool
) -> Step:
    return Step(kind, key, title, judge, _exact(value, unit), whole=whole)


@lru_cache(_ALIKE)
def _mark(key: str, title: str, judge: int, worth: Decimal | Fraction, given: Decimal) -> Step:
    return Step("mark", key, title, judge, worth, given)


def _exact(value: Exact, unit: int) -> Fraction:
    return Fraction(value, unit) if isinstance(value, int) else value / unit


def _placed(outcome: Outcome, place: Place, status: EntryStatus) -> Iterator[Step]:
    if place.tie_break is not None:
        yield Step("tie_break", place.tie_break, value=_tie_value(outcome, place))
    if place.rank is None:
        yield Step("no_place", note=status.value)
        return
    shared = "shared" if place.shared else ""
    yield Step("place", value=Decimal(place.rank), note=shared)
    if place.award_rank is None:
        yield Step(
            "no_tier", note="out_of_competition" if status is EntryStatus.COMPETED else status
        )
        return
    if place.award_rank != place.rank:
        yield Step("place", "award", value=Decimal(place.award_rank), note=shared)
    if place.entry_id in outcome.scale:
        yield Step("scale", value=Decimal(outcome.scale[place.entry_id]))
    yield from _awarded(outcome, place.entry_id, outcome.awards.get(place.entry_id))


def _tie_value(outcome: Outcome, place: Place) -> Decimal | None:
    score = outcome.scores.get(place.entry_id)
    facts = outcome.starters[place.entry_id].facts
    key = place.tie_break or ""
    if score is not None and key in score.parts:
        return score.parts[key].score
    return facts.get(key)


def _passed(outcome: Outcome, entry: int) -> bool:
    """Say whether an entry passed all parts that awards need."""
    parts = outcome.scores[entry].parts
    return all(key in parts and parts[key].passed for key in outcome.plan.awards.needs)


def _awarded(outcome: Outcome, entry: int, award: Allotment | None) -> Iterator[Step]:
    if award is None:
        small = outcome.field_size < max(
            outcome.plan.minimum_entrants, outcome.plan.awards.minimum_field
        )
        note = "below_every_tier" if _passed(outcome, entry) else "not_passed"
        yield Step("no_tier", note="field_too_small" if small else note)
        return
    yield Step("tier", award.tier.key, award.tier.name, note="shared" if award.shared else "")
    if award.amount:
        basis = outcome.plan.awards.amount_basis
        yield Step("amount", award.tier.key, value=award.amount, note=basis)
