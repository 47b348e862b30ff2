"""From the marks of an event to all that follows, division by division; nothing is written."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import or_, select

from models.contests import Division, RuleVersion
from models.database import db
from models.entries import Entry
from models.works import Work
from rules import outcomes
from rules.decisions import Decision, Undecided
from rules.marking import WHOLE, EntryScore, IncompleteMarks, Marks
from rules.outcomes import Outcome
from rules.plans import EditionRules, EventPlan
from rules.ranking import EntryStatus, Place
from rules.refusals import Refused
from rules.regulations import Regulations, plan_problems
from rules.schemes import Scheme, read_scheme
from rules.stages import Starter, score_contest
from rules.states import EntryState
from rules.texts import N_
from services import (
    attendance,
    awards,
    awards_shares,
    contests,
    judges_conflicts,
    marks_collecting,
    results_inputs,
    works,
)

Row = dict[str, Any]
T = TypeVar("T")


class Field(NamedTuple):
    """The starters of one division, and their work codes."""

    division_id: int
    starters: list[Starter]
    codes: dict[int, str]
    division: str = ""


class Computed(NamedTuple):
    """All rows that follow from the marks of one event, still without a revision."""

    results: list[Row]
    awards: list[Row]
    grants: list[Row]
    shares: list[Row]
    honours: list[Row]


class OpenTie(NamedTuple):
    """Equal entries of one division that a decision must part, and what about."""

    division_id: int
    kind: str
    about: str
    entries: tuple[int, ...]
    codes: tuple[str, ...]


class TiesOpen(Refused):
    """Equal entries that may not share wait for a decision."""

    def __init__(self, ties: Sequence[OpenTie]) -> None:
        super().__init__(N_("Some entries are equal, and a decision about them must be recorded."))
        self.ties = tuple(ties)


class Rules(NamedTuple):
    """The frozen rules of an event, read."""

    scheme: Scheme
    plan: EventPlan
    edition: EditionRules

    @classmethod
    def of(cls, version: RuleVersion) -> "Rules":
        """Read a rule version."""
        return cls(
            read_scheme(version.scheme),
            EventPlan.model_validate(version.plan),
            EditionRules.model_validate(version.edition),
        )


def read_fields(event_id: int) -> list[Field]:
    """Read the starters of each division, those withdrawn after the draw included.

    While the codes are sealed the works stand in for their entries, by their own ids: enough to
    say what is missing, and never enough for a result.
    """
    return _sealed_fields(event_id) if works.is_sealed(event_id) else _entry_fields(event_id)


def _sealed_fields(event_id: int) -> list[Field]:
    marks = marks_collecting.collect_sealed_marks(event_id)
    query = (
        select(Work.id, Work.division_id, Work.status, Work.code, Division.code.label("division"))
        .join(Division, Division.id == Work.division_id)
        .where(Work.event_id == event_id)
    )
    rows = db.session.execute(query.order_by(Work.division_id, Work.code))
    fields = []
    for division_id, group in groupby(rows, key=lambda row: row.division_id):
        listed = list(group)
        starters = [_sealed_starter(row.id, row.status, marks.get(row.id, {})) for row in listed]
        codes = {row.id: row.code for row in listed}
        fields.append(Field(division_id, starters, codes, listed[0].division))
    return fields


def _sealed_starter(work_id: int, status: EntryStatus, marks: Marks) -> Starter:
    competed = status is EntryStatus.COMPETED
    return Starter(work_id, marks if competed else {}, {} if competed else {WHOLE: status}, True)


def _entry_fields(event_id: int) -> list[Field]:
    marks = marks_collecting.leave_out(
        marks_collecting.collect_marks(event_id), judges_conflicts.marks_left_out(event_id)
    )
    query = (
        select(
            Entry.id,
            Entry.division_id,
            Entry.status,
            Entry.in_competition,
            Entry.code,
            Entry.state,
            Division.code.label("division"),
        )
        .join(Division, Division.id == Entry.division_id)
        .where(Entry.event_id == event_id)
        .where(
            or_(
                Entry.state == EntryState.ACCEPTED,
                (Entry.state == EntryState.WITHDRAWN) & Entry.code.is_not(None),
            )
        )
        .order_by(Entry.division_id, Entry.id)
    )
    stages = attendance.stage_statuses(event_id)
    fields = []
    for division_id, rows in groupby(db.session.execute(query), key=lambda row: row.division_id):
        listed = list(rows)
        starters = [_starter(row, marks.get(row.id, {}), stages.get(row.id, {})) for row in listed]
        codes = {row.id: row.code or "–" for row in listed}
        fields.append(Field(division_id, starters, codes, listed[0].division))
    return fields


def _starter(row: Any, marks: Marks, stages: Mapping[str, EntryStatus]) -> Starter:
    status = EntryStatus.WITHDRAWN if row.state is EntryState.WITHDRAWN else row.status
    competed = status is EntryStatus.COMPETED
    return Starter(
        row.id,
        marks if competed else {},
        dict(stages) if competed else {WHOLE: status},
        row.in_competition,
    )


def check_plan(rules: Rules) -> None:
    """Refuse a plan that names what is not in the scheme: ignoring it would change ranks."""
    for problem in plan_problems(Regulations(scheme=rules.scheme, plan=rules.plan)):
        raise problem


def compute_fields(
    rules: Rules, fields: Sequence[Field], decisions: Sequence[Decision]
) -> list[Outcome]:
    """Compute each division; raise IncompleteMarks or TiesOpen for all of them at once."""

    def compute(field: Field) -> Outcome:
        plan = rules.plan.for_division(field.division)
        return outcomes.outcome(rules.scheme, plan, field.starters, decisions)

    return each_field(fields, compute)


def check_stages(rules: Rules, fields: Sequence[Field], decisions: Sequence[Decision]) -> None:
    """Go through the stages that have taken place; raise IncompleteMarks or TiesOpen."""
    each_field(fields, lambda field: score_contest(rules.scheme, field.starters, decisions))


def each_field(fields: Sequence[Field], compute: Callable[[Field], T]) -> list[T]:
    """Compute each division; raise IncompleteMarks or TiesOpen for all of them at once."""
    found: list[T] = []
    blocked: dict[int | None, Sequence[Refused]] = {}
    ties: list[OpenTie] = []
    for field in fields:
        try:
            found.append(compute(field))
        except IncompleteMarks as incomplete:
            blocked |= incomplete.by_entry
        except Undecided as undecided:
            ties += [_tie(field, undecided, group) for group in undecided.groups]
    if blocked:
        raise IncompleteMarks(blocked)
    if ties:
        raise TiesOpen(ties)
    return found


def _tie(field: Field, undecided: Undecided, group: Sequence[int]) -> OpenTie:
    codes = tuple(field.codes[entry] for entry in group)
    return OpenTie(field.division_id, undecided.kind, undecided.about, tuple(group), codes)


def rows_of(
    event_id: int, rules: Rules, fields: Sequence[Field], found: Sequence[Outcome]
) -> Computed:
    """Write what was computed as rows without a revision."""
    members = awards.members_of(event_id)
    setting = awards.setting_of(event_id, rules.edition)
    computed = Computed([], [], [], [], [])
    divisions = [(field.division, one) for field, one in zip(fields, found, strict=True)]
    given = awards_shares.give(event_id, rules.plan, rules.edition, divisions)
    for field, outcome, allotted in zip(fields, found, given, strict=True):
        inputs = {starter.entry_id: starter for starter in field.starters}
        results = [_row(outcome, place, inputs[place.entry_id]) for place in outcome.places]
        computed.results.extend(results)
        plan = rules.plan.for_division(field.division)
        computed.awards.extend(awards.rows_of(plan, allotted.awards))
        computed.shares.extend(awards_shares.share_rows(allotted.shares))
        computed.honours.extend(allotted.honours)
        computed.grants.extend(
            awards.grant_levels(
                rules.plan, results, allotted.awards, members, outcome.field_size, setting
            )
        )
    return computed


def _row(outcome: Outcome, place: Place, starter: Starter) -> Row:
    entry, status = place.entry_id, outcome.statuses[place.entry_id]
    score = outcome.scores.get(entry) if status is EntryStatus.COMPETED else None
    return {
        "entry_id": entry,
        "status": status,
        "total": None if score is None else score.total,
        "parts": {} if score is None else stored_parts(score),
        "passed": None if score is None else score.passed,
        "rank": place.rank,
        "award_rank": place.award_rank,
        "tie_break": place.tie_break,
        "scale": outcome.scale.get(entry),
        "reached": 1 if score is None else score.reached,
        "inputs": results_inputs.written(starter),
    }


def stored_parts(score: EntryScore) -> dict[str, Any]:
    """Write the parts of a score as JSON data: score, verdict, and each judge's total."""
    return {
        key: {
            "score": format(part.score, "f"),
            "passed": part.passed,
            "judges": [[one.judge, format(one.total, "f"), one.dropped] for one in part.judges],
        }
        for key, part in score.parts.items()
    }


def blockers_of(
    fields: Sequence[Field], incomplete: IncompleteMarks
) -> Mapping[str, Sequence[Refused]]:
    """Return why the marks make no result yet, by work code."""
    codes = {entry: code for field in fields for entry, code in field.codes.items()}
    return {codes.get(entry or 0, "–"): found for entry, found in incomplete.by_entry.items()}


def rules_of_event(event_id: int) -> Rules | None:
    """Return the frozen rules of an event; None before its publication."""
    version = contests.present_rule_version(event_id)
    return None if version is None else Rules.of(version)
