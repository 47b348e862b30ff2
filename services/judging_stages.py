"""Stages of an event: which one is being judged, who goes on to the next (R1.22)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from models.contests import Division, Event
from models.database import db
from rules.decisions import Decision
from rules.marking import IncompleteMarks
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.scheme_nodes import Stage
from rules.schemes import Scheme
from rules.stages import GoingOn, going_on
from rules.states import EventState
from rules.texts import N_
from services import audits, contests, judging, results_computing, results_decisions, works
from services.acting import Actor
from services.draws import lock_event
from services.results_computing import Field, TiesOpen
from services.sheets import add_sheets, present_stage
from services.transaction import transaction


@dataclass(frozen=True)
class StageLine:
    """One coded entry at the end of a stage, without a name."""

    code: str
    total: Decimal
    goes_on: bool
    at_line: bool
    guest: bool


@dataclass(frozen=True)
class StageField:
    """One division at the end of a stage, the best first."""

    title: str
    lines: list[StageLine]

    @property
    def count(self) -> int:
        """Return how many go on."""
        return sum(line.goes_on for line in self.lines)

    @property
    def tied(self) -> list[str]:
        """Return the codes of several entries that are equal at the line."""
        codes = [line.code for line in self.lines if line.at_line]
        return codes if len(codes) > 1 else []


@dataclass(frozen=True)
class NextStage:
    """What would happen if the next stage were opened now."""

    event: Event
    present: Stage
    following: Stage
    blockers: list[Refused]
    fields: list[StageField]
    ties: tuple[results_computing.OpenTie, ...] = ()

    @property
    def count(self) -> int:
        """Return how many entries go on."""
        return sum(field.count for field in self.fields)


def get_next_stage(event_id: int) -> NextStage | None:
    """Return who would go on to the next stage; None where there is none to be opened."""
    event = contests.get_event(event_id)
    scheme = contests.scheme_of(event)
    index = present_stage(event_id, scheme)
    if event.state is not EventState.SCORING or index + 1 == len(scheme.levels):
        return None
    present, following = scheme.levels[index][0], scheme.levels[index + 1][0]
    blockers = judging.list_sheet_blockers(event, scheme, index)
    if not blockers and works.is_sealed(event_id):
        blockers = [Refused(_SEALED)]
    if blockers:
        return NextStage(event, present, following, blockers, [])
    fields = results_computing.read_fields(event_id)
    decisions = results_decisions.decisions_of(event_id)
    try:
        found = _going_on(scheme, following.key, fields, decisions)
    except TiesOpen as open_ties:
        return NextStage(event, present, following, [], [], open_ties.ties)
    except IncompleteMarks as incomplete:
        problems = [*judging.coded_problems(fields, incomplete)]
        return NextStage(event, present, following, problems, [])
    listed = [*_listed(fields, found, index + 1)]
    return NextStage(event, present, following, [], listed)


def _going_on(
    scheme: Scheme, key: str, fields: Sequence[Field], decisions: Sequence[Decision]
) -> list[GoingOn]:
    """Return who goes on, division by division as the results are made."""
    return results_computing.each_field(
        fields, lambda field: going_on(scheme, field.starters, key, decisions)
    )


def _listed(
    fields: Sequence[Field], found: Sequence[GoingOn], reached: int
) -> Iterator[StageField]:
    keys = [field.division_id for field in fields]
    query = select(Division.id, Division.title).where(Division.id.in_(keys))
    titles = {key: title for key, title in db.session.execute(query)}
    for field, going in zip(fields, found, strict=True):
        lines = _lines(field, going, reached)
        if lines:
            yield StageField(titles[field.division_id], lines)


def _lines(field: Field, going: GoingOn, reached: int) -> list[StageLine]:
    scores = {
        entry: score.total
        for entry, score in going.scored.scores.items()
        if score.reached == reached and going.scored.statuses[entry] is EntryStatus.COMPETED
    }
    lowest = min((scores[entry] for entry in going.entries & scores.keys()), default=None)
    guests = {one.entry_id for one in field.starters if not one.in_competition}
    lines = [
        StageLine(
            field.codes[entry], total, entry in going.entries, total == lowest, entry in guests
        )
        for entry, total in scores.items()
    ]
    return sorted(lines, key=lambda line: (-line.total, not line.goes_on, line.code))


_SEALED = N_("Open the sealed codes first: who goes on must be known by name.")


@transaction
def open_stage(by: Actor, event_id: int) -> int:
    """Open the next stage: make the sheets of those who go on; return the event's id."""
    event = lock_event(event_id)
    scheme = contests.scheme_of(event)
    index = present_stage(event_id, scheme) + 1
    if event.state is not EventState.SCORING:
        raise Refused(N_("The next stage is opened while scoring is open."))
    if index == len(scheme.levels):
        raise Refused(N_("This is the last stage."))
    for problem in judging.list_sheet_blockers(event, scheme, index - 1):
        raise problem
    if works.is_sealed(event_id):
        raise Refused(_SEALED)
    following = scheme.levels[index][0]
    fields = results_computing.read_fields(event_id)
    decisions = results_decisions.decisions_of(event_id)
    found = _going_on(scheme, following.key, fields, decisions)
    entries = frozenset().union(*(going.entries for going in found))
    if not entries:
        raise Refused(N_("Nobody goes on to %(stage)s."), stage=following.title)
    works.add_works(event_id, following.key, entries)
    add_sheets(event_id, scheme, index)
    after = {"stage": following.title, "count": len(entries)}
    audits.record(by, "open_stage", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id
