"""The comparison of the two calculators on one contest."""

from decimal import Decimal
from fractions import Fraction

from rules.allocation import AwardPlan, Standing, allocate
from rules.decisions import Undecided
from rules.marking import IncompleteMarks
from rules.marks import JudgeMarks
from rules.outcomes import outcome
from rules.plans import EventPlan
from rules.ranking import TieBreak
from rules.schemes import Scheme
from rules.stages import Starter
from tests.reference import contest as reference
from tests.reference.contests import Contest


def difference(made: Contest, scheme: Scheme) -> str | None:
    """Compute a contest both ways; say what differs, or None. "" means that both refused it."""
    try:
        expected = reference.compute(made.scheme, made.marks)
    except (reference.Blocked, reference.Undecided):
        expected = None
    try:
        starters = [*_starters(made, scheme, expected)]
        keys = [part.key for part in scheme.parts]
        steps = tuple(TieBreak(kind="part", key=key) for key in keys) if _all_there(made) else ()
        found = outcome(scheme, EventPlan(tie_breaks=steps), starters)
    except (IncompleteMarks, Undecided):
        return "" if expected is None else "only the engine refuses it"
    if expected is None:
        return "only the second calculator refuses it"
    return _compared(made, found, expected, keys if steps else [])


def _all_there(made):
    return not made.scheme.get("stages")


def _starters(made, scheme, expected):
    stages = [stage.key for stage in scheme.stages] or [""]
    stage_of = {part.key: stages.index(part.stage) for part in scheme.parts}
    for number, (name, rows) in enumerate(made.marks.items()):
        sheets = {}
        for key, judge, value in rows:
            part = made.parts[key]
            reached = len(stages) if expected is None else expected[name].reached
            if stage_of.get(part, 0) < reached:
                sheet = sheets.setdefault(part, {}).setdefault(judge, {})
                sheet[key] = Decimal(value.numerator) / Decimal(value.denominator)
        marks = {p: [JudgeMarks(j, m) for j, m in found.items()] for p, found in sheets.items()}
        yield Starter(number, marks)


def _compared(made, found, expected, keys):
    ranks = reference.places(expected, keys)
    engine_ranks = {place.entry_id: place.rank for place in found.places}
    for number, (name, result) in enumerate(expected.items()):
        score = found.scores[number]
        parts = {key: Fraction(part.score) for key, part in score.parts.items()}
        pairs = {
            "total": (Fraction(score.total), result.total),
            "parts": (parts, result.parts),
            "passed": (score.passed, result.passed),
            "out": (score.disqualified is not None, result.out),
            "rank": (engine_ranks[number], ranks.get(name)),
            "reached": (score.reached, result.reached),
        }
        for what, (engine, second) in pairs.items():
            if engine != second:
                return f"{name} {what}: engine {engine}, second calculator {second}"
    return _awards_compared(made, expected, ranks)


def _awards_compared(made, expected, ranks):
    numbers = {name: number for number, name in enumerate(made.marks)}
    totals = {name: expected[name].total for name in ranks}
    standings = [Standing(numbers[n], ranks[n], _decimal(totals[n])) for n in ranks]
    plan = AwardPlan.model_validate(made.plan)
    engine = {a.entry_id: (a.tier.key, Fraction(a.amount)) for a in allocate(plan, standings)}
    second = {numbers[n]: a for n, a in reference.awards(made.plan, ranks, totals).items()}
    return None if engine == second else f"awards: engine {engine}, second calculator {second}"


def _decimal(value):
    return Decimal(value.numerator) / Decimal(value.denominator)
