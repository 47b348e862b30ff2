"""From judges' marks to one score: exact sums, the panel's trim, rounding where the scheme says.

This is the whole for one entry; stages and points for places need all entries (rules.stages).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from rules.awarding import awarded, mark_problem
from rules.exact import Exact, Mode, Ratio, decimal, over, rounded, rounded_whole
from rules.mark_problems import (
    agreed_values,
    part_problems,
    recorded_problem,
    shared_problems,
)
from rules.marks import JudgeMarks
from rules.refusals import Refused
from rules.scheme_maxima import highest_value
from rules.scheme_nodes import Deduction, Given, Part, Stage
from rules.schemes import Scheme
from rules.spreads import SpreadAlert, alerts, blocking
from rules.texts import N_
from rules.working import Facts, NodeWork, Unusable, Work, made_ready, unit_of

__all__ = [
    "WHOLE",
    "Calculator",
    "EntryScore",
    "IncompleteMarks",
    "JudgeMarks",
    "JudgeTotal",
    "PartScore",
    "Ratio",
    "Rounding",
    "SpreadAlert",
    "awarded",
    "mark_problem",
    "rounded",
    "score_entry",
    "score_event",
    "spread_alerts",
]

Rounding = Mode
Marks = Mapping[str, Sequence[JudgeMarks]]
# Under this key stands what is recorded for an entry as a whole, not for one part.
WHOLE = ""
_REMARK = N_("%(part)s: the judges are too far apart. The marks must be given anew.")
_NOTHING = N_("There are no marks that could count.")
_NEEDS_ALL = N_(
    "This scheme compares entries with each other: it cannot be computed for one alone."
)


@dataclass(frozen=True, slots=True)
class JudgeTotal:
    """One judge's total on the scale of the part, and whether the panel's trim dropped it."""

    judge: int
    total: Decimal
    dropped: bool


@dataclass(frozen=True, slots=True)
class PartScore:
    """The score of one part; `passed` is None where there is no pass mark.

    It is on the 100 scale where the scheme weighs its parts in percent, otherwise as it comes.
    """

    key: str
    score: Decimal
    passed: bool | None
    judges: tuple[JudgeTotal, ...]


@dataclass(frozen=True, slots=True)
class EntryScore:
    """The result of one entry; `passed` is None where no part has a pass mark.

    `works` tells how each stage came about, in units of which `unit` make one mark; `stages` holds
    the stages' totals with what they carry over, `reached` counts them, and `disqualified` is the
    key of the deduction that put the entry out.
    """

    parts: Mapping[str, PartScore]
    total: Decimal
    passed: bool | None
    disqualified: str | None = None
    reached: int = 1
    stages: Mapping[str, Decimal] = field(default_factory=dict)
    works: tuple[Work, ...] = field(default=(), repr=False, compare=False)
    unit: int = field(default=1, repr=False, compare=False)


class IncompleteMarks(Refused):
    """Marks from which no result may be made, with every reason; by entry for a whole event."""

    def __init__(
        self,
        problems: Mapping[int, Sequence[Refused]] | Mapping[int | None, Sequence[Refused]],
    ) -> None:
        super().__init__(N_("Some marks are missing or do not fit the marking scheme."))
        self.by_entry: dict[int | None, tuple[Refused, ...]] = {
            entry: tuple(found) for entry, found in problems.items()
        }
        self.problems = tuple(problem for found in self.by_entry.values() for problem in found)


def score_entry(scheme: Scheme, marks: Marks) -> EntryScore:
    """Compute one entry's result, or raise IncompleteMarks with all that is missing (R2.16)."""
    return Calculator(scheme).score(marks)


def score_event(scheme: Scheme, entries: Mapping[int, Marks]) -> dict[int, EntryScore]:
    """Compute every entry's result, or raise IncompleteMarks with the blockers of all entries."""
    calculator = Calculator(scheme)
    scores: dict[int, EntryScore] = {}
    blocked: dict[int | None, Sequence[Refused]] = {}
    for entry_id, marks in entries.items():
        try:
            scores[entry_id] = calculator.score(marks)
        except IncompleteMarks as incomplete:
            blocked[entry_id] = incomplete.problems
    if blocked:
        raise IncompleteMarks(blocked)
    return scores


def spread_alerts(
    scheme: Scheme, part_key: str, marks: Sequence[JudgeMarks]
) -> tuple[SpreadAlert, ...]:
    """Find where the judges differ by the panel's largest spread or more (R2.15).

    A part that is combined as a whole compares the judges' totals on its scale, leaving out
    unfinished sheets; one combined by aspect compares what each judge entered.
    """
    return Calculator(scheme).spreads(part_key, marks)


class PartWork:
    """One part made ready: its nodes, and how its value gets on the scale of its stage."""

    def __init__(self, part: Part, scheme: Scheme, unit: int, percent: bool) -> None:
        self.part, self.unit = part, unit
        self.ready = made_ready(part, unit)
        self.ready.show_with(scheme.digits, scheme.rounding)
        self.hundred = 100 / highest_value(part) if percent else Fraction(1)
        self._round_parts = scheme.round_parts
        self._declared: dict[str, Given | Deduction] = {**part.given, **part.recorded}
        self._known = self.ready.keys | self._declared.keys()
        self._remark = blocking(self.ready)
        self._pass_mark = None if part.pass_mark is None else Fraction(part.pass_mark) * unit

    def given(self, sheets: Sequence[JudgeMarks]) -> dict[str, Decimal]:
        """Return what is agreed or recorded once, or raise Unusable when it contradicts itself."""
        if not self._declared:
            return {}
        found = agreed_values(self.part, sheets)
        for key, values in found.items():
            if len(values) > 1 or recorded_problem(self._declared[key], values[0]) is not None:
                raise Unusable
        return {key: values[0] for key, values in found.items()}

    def work(self, sheets: Sequence[JudgeMarks], facts: Facts, may_skip: bool) -> Work:
        """Work the part out, or raise Unusable or KeyError."""
        judges = set()
        for sheet in sheets:
            if not sheet.marks or not sheet.marks.keys() <= self._known:
                raise Unusable
            judges.add(sheet.judge)
        if len(judges) < len(sheets):
            raise Unusable
        if self._remark and any(self.remarks(sheets)):
            raise Unusable
        sheets = sorted(sheets, key=lambda sheet: sheet.judge)
        return self.ready.work(sheets, sheets, facts, may_skip)

    def remarks(self, sheets: Sequence[JudgeMarks]) -> Iterator[Refused]:
        """Yield where the judges are so far apart that they must mark anew."""
        if self._remark and any(alerts(self.ready, self.part, sheets, self.hundred)):
            yield Refused(_REMARK, field=self.part.key, part=self.part.title)

    def on_scale(self, value: Exact) -> Exact:
        """Bring the part's value to the scale of its stage, rounded if the scheme says so."""
        value = over(value * self.hundred.numerator, self.hundred.denominator)
        return self.ready.rounded_off(value) if self._round_parts else value

    def score(self, work: Work, sheets: Sequence[JudgeMarks], facts: Facts) -> PartScore:
        """Return the part as it is shown."""
        value = self.on_scale(work.value or 0)
        passed = None if self._pass_mark is None else value >= self._pass_mark
        judges = work.judges or self._judges(sheets, facts)
        return PartScore(
            self.part.key,
            self.shown(value),
            passed,
            tuple(
                JudgeTotal(judge, self.shown(total, self.hundred), dropped)
                for judge, total, dropped in judges
            ),
        )

    def _judges(
        self, sheets: Sequence[JudgeMarks], facts: Facts
    ) -> Iterator[tuple[int, Exact, bool]]:
        if self.ready.nested:
            return
        for sheet in sorted(sheets, key=lambda sheet: sheet.judge):
            total = self.ready.total(sheet.marks, facts)
            if total is not None and self.ready.speaks(sheet):
                yield sheet.judge, total, False

    def shown(self, value: Exact, factor: Fraction = Fraction(1)) -> Decimal:
        """Round a value of so many units the way the scheme shows it."""
        above = value.numerator * factor.numerator
        below = value.denominator * factor.denominator * self.unit
        return rounded((above, below), self.ready.digits, self.ready.mode)


class Calculator:
    """One scheme made ready for many entries; a service keeps it while it works on one event."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        stages = [stage for stage, _ in scheme.levels]
        self.unit = unit_of(scheme.parts, stages, scheme.digits)
        self.stages = [StageWork(stage, parts, self) for stage, parts in scheme.levels]
        self._parts = {part.part.key: part for stage in self.stages for part in stage.parts}
        self.compares = len(self.stages) > 1 or any(
            node.points is not None for part in scheme.parts for node in part.nodes
        )

    def part(self, key: str) -> PartWork:
        """Return the part with this key, or raise KeyError."""
        return self._parts[key]

    def spreads(self, part_key: str, marks: Sequence[JudgeMarks]) -> tuple[SpreadAlert, ...]:
        """Find where the judges of one part are too far apart."""
        part = self._parts[part_key]
        return tuple(alerts(part.ready, part.part, marks, part.hundred))

    def score(self, marks: Marks) -> EntryScore:
        """Compute one entry's result, or raise IncompleteMarks with all that is missing (R2.16)."""
        if self.compares:
            raise Refused(_NEEDS_ALL)
        return self.stages[0].score(marks)

    def total(self, value: Exact) -> Decimal:
        """Round a total of so many units the way the scheme says."""
        ratio = (value.numerator * 10**self.scheme.digits, value.denominator * self.unit)
        return decimal(rounded_whole(ratio, self.scheme.rounding), self.scheme.digits)


class StageWork:
    """One stage made ready; a scheme without stages is one."""

    def __init__(self, stage: Stage, parts: Sequence[Part], whole: Calculator) -> None:
        self.stage, self._whole = stage, whole
        percent = stage.combine == "percent"
        self.parts = [PartWork(part, whole.scheme, whole.unit, percent) for part in parts]
        self.ready = NodeWork(stage, [part.ready for part in self.parts], whole.unit, None)
        if percent or stage.combine == "weighted":
            self.ready.weights = tuple(Fraction(part.weight) / 100 for part in parts)
        self._declared: dict[str, Given | Deduction] = {
            **{given.key: given for given in stage.agreed},
            **{deduction.key: deduction for deduction in stage.deductions},
        }
        self._facts = {given.key: given for given in whole.scheme.facts}
        self._out = [
            one
            for node in (stage, *(node for part in parts for node in part.nodes))
            for one in node.deductions
            if one.disqualifies_at is not None
        ]

    def score(self, marks: Marks, points: Mapping[str, Exact] | None = None) -> EntryScore:
        """Compute one entry's result of this stage, or raise IncompleteMarks."""
        facts = Facts(points=points or {})
        return self.scored(marks, self.work(marks, facts), facts)

    def work(self, marks: Marks, facts: Facts) -> Work:
        """Work the stage out; the facts are filled with what is agreed and recorded."""
        try:
            facts.given = self._given(marks)
            skips = self.stage.best is not None
            works = [part.work(marks.get(part.part.key, ()), facts, skips) for part in self.parts]
            return self.ready.of(
                works, [self._on_scale(*pair) for pair in self._pairs(works)], facts
            )
        except (KeyError, Unusable):
            found = [*self._problems(marks)] or [Refused(_NOTHING, field=self.stage.key or None)]
            alone: dict[int | None, list[Refused]] = {None: found}
            raise IncompleteMarks(alone) from None

    def _pairs(self, works: Sequence[Work]) -> Iterator[tuple[PartWork, Work]]:
        return zip(self.parts, works, strict=True)

    def _on_scale(self, part: PartWork, work: Work) -> Exact | None:
        return None if work.value is None else part.on_scale(work.value)

    def scored(self, marks: Marks, work: Work, facts: Facts) -> EntryScore:
        """Return the entry's result as it is shown."""
        parts = {
            part.part.key: part.score(one, marks.get(part.part.key, ()), facts)
            for part, one in self._pairs(work.below)
        }
        verdicts = [part.passed for part in parts.values() if part.passed is not None]
        return EntryScore(
            parts,
            self._whole.total(work.value or 0),
            all(verdicts) if verdicts else None,
            disqualified=self._disqualified(facts),
            works=(work,),
            unit=self._whole.unit,
        )

    def _disqualified(self, facts: Facts) -> str | None:
        for one in self._out:
            if facts.given.get(one.key, Decimal(0)) >= (one.disqualifies_at or 0):
                return one.key
        return None

    def _given(self, marks: Marks) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for part in self.parts:
            found.update(part.given(marks.get(part.part.key, ())))
        shared = {k: v for sheet in marks.get(WHOLE, ()) for k, v in sheet.marks.items()}
        for key, value in shared.items():
            declared = self._declared.get(key)
            if declared is not None and recorded_problem(declared, value) is not None:
                raise Unusable
        return found | shared

    def _problems(self, marks: Marks) -> Iterator[Refused]:
        for part in self.parts:
            sheets = marks.get(part.part.key, ())
            if not sheets and (self.stage.best is not None or part.part.missing != "block"):
                continue
            yield from part_problems(part.ready, part.part, sheets)
            yield from part.remarks(sheets)
        shared = {k: v for sheet in marks.get(WHOLE, ()) for k, v in sheet.marks.items()}
        declared = self._declared | self._facts
        yield from shared_problems(declared, shared)
        for given in self.stage.agreed:
            if given.key not in shared:
                text = N_("%(part)s: no value yet for %(aspect)s.")
                yield Refused(text, field=given.key, part=self.stage.title, aspect=given.title)
