"""Why this result: the chain from the marks kept with a revision to the award."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, undefer

from models.awards import Award, AwardHonour, AwardShare, LevelGrant
from models.database import db
from models.entries import Entry, EntryMember
from models.judges import LeftOut
from models.judging import Mark, PanelSeat, Sheet
from models.results import Result, Revision
from models.works import Work
from rules.allocation import Allotment
from rules.boards import OFFICIAL
from rules.data import plain
from rules.decisions import Decision
from rules.explanation_tables import Tables, tables
from rules.explanations import Explanation, explain
from rules.marking import WHOLE, Calculator, EntryScore
from rules.outcomes import Outcome
from rules.ranking import EntryStatus, Place
from rules.refusals import Missing
from rules.schemes import Scheme
from rules.seats import is_whole
from rules.stages import Starter, score_contest
from rules.states import RevisionState
from services import awards_shares_lists, contests, results_inputs, results_lists
from services.results_computing import Rules, stored_parts
from services.sheets import COUNTING


@dataclass(frozen=True)
class Explained:
    """How one result came about, from the marks to the award.

    Without a chain the revision keeps no marks. `follows` says whether the stored result follows
    from the stored marks, `marks_changed` whether the sheets say something else by now.
    """

    revision: Revision
    rules: Rules
    result: Result
    chain: Explanation | None
    tables: Tables | None
    follows: bool
    marks_changed: bool
    field_size: int
    same_total: int
    award: Award | None
    levels: Sequence[LevelGrant]
    shares: Sequence[AwardShare] = ()
    honours: Sequence[AwardHonour] = ()


def explain_result(revision_id: int, entry_id: int) -> Explained:
    """Explain one entry's result in a revision; raise Missing when it has none."""
    revision = results_lists.get_with_rules(revision_id)
    result = _get_result(revision_id, entry_id)
    rules = Rules.of(revision.rule_version)
    rules = rules._replace(plan=rules.plan.for_division(result.entry.division.code))
    award = results_lists.awards_of(revision_id, [entry_id]).get(entry_id)
    size, same, shared = results_lists.count_neighbours(result)
    chain, score = _chain(revision, rules, result, award, size, shared > 0)
    return Explained(
        revision,
        rules,
        result,
        chain,
        None if chain is None else tables(rules.scheme, chain),
        score is None or stored_parts(score) == result.parts or not result.parts,
        _changed(result),
        size,
        same,
        award,
        results_lists.levels_of(revision_id, [entry_id]).get(entry_id, []),
        () if award is None else awards_shares_lists.shares_of(award.id),
        () if award is None else awards_shares_lists.honours_of(award.id),
    )


def find_own(entry_id: int) -> Revision | None:
    """Return the signed revision in which contestants may read their result, None if none."""
    entry = db.session.get(Entry, entry_id)
    if entry is None or entry.event.state not in OFFICIAL:
        return None
    if not contests.rules_of(entry.event.contest).day.own_chain:
        return None
    query = select(Revision).join(Result, Result.revision_id == Revision.id)
    query = query.where(Result.entry_id == entry_id, Revision.state == RevisionState.SIGNED)
    return db.session.scalar(query)


def _get_result(revision_id: int, entry_id: int) -> Result:
    result = db.session.scalar(
        select(Result)
        .options(
            undefer(Result.inputs),
            joinedload(Result.entry).options(
                joinedload(Entry.employer),
                joinedload(Entry.division),
                selectinload(Entry.members).joinedload(EntryMember.person),
            ),
        )
        .where(Result.revision_id == revision_id, Result.entry_id == entry_id)
    )
    if result is None:
        raise Missing((revision_id, entry_id))
    return result


def _chain(
    revision: Revision, rules: Rules, result: Result, award: Award | None, size: int, shared: bool
) -> tuple[Explanation | None, EntryScore | None]:
    if result.inputs is None:
        return None, None
    entry = result.entry_id
    starter = results_inputs.read(entry, result.inputs)
    score = _score(revision, rules.scheme, result, starter)
    place = Place(entry, result.rank, result.award_rank, shared, result.tie_break)
    outcome = Outcome(
        rules.scheme,
        rules.plan,
        {entry: starter},
        {} if score is None else {entry: score},
        {entry: result.status},
        [place],
        {} if result.scale is None else {entry: result.scale},
        {} if award is None else {entry: _allotment(rules, award)},
        field_size=size,
    )
    return explain(outcome, entry), score


def _allotment(rules: Rules, award: Award) -> Allotment:
    tier = rules.plan.awards.tier(award.tier)
    return Allotment(award.entry_id, tier, award.shared, award.amount)


def _score(
    revision: Revision, scheme: Scheme, result: Result, starter: Starter
) -> EntryScore | None:
    """Compute the entry again from the marks of the revision; alone, where that is possible."""
    if starter.statuses and not scheme.stages:
        return None
    calculator = Calculator(scheme)
    if not calculator.compares:
        return calculator.score(starter.marks)
    decisions = [Decision.model_validate(one) for one in revision.decisions or ()]
    starters = _division(result)
    return score_contest(scheme, starters, decisions).scores.get(result.entry_id)


def _division(result: Result) -> list[Starter]:
    query = (
        select(Result.entry_id, Result.inputs)
        .join(Result.entry)
        .where(Result.revision_id == result.revision_id)
        .where(Entry.division_id == result.entry.division_id)
        .order_by(Result.entry_id)
    )
    return [results_inputs.read(entry, inputs) for entry, inputs in db.session.execute(query)]


def _changed(result: Result) -> bool:
    """Say whether the sheets of a competing entry hold other marks than the revision."""
    present = _present_marks(result.entry_id)
    if result.inputs is None or result.status is not EntryStatus.COMPETED:
        return False
    kept = {part: sheets for part, sheets in result.inputs["marks"].items() if any(sheets.values())}
    return present != kept


def _present_marks(entry_id: int) -> dict[str, dict[str, dict[str, str]]]:
    query = (
        select(PanelSeat.part, PanelSeat.number, Mark.aspect, Mark.value)
        .join(Sheet, Sheet.seat_id == PanelSeat.id)
        .join(Mark, Mark.sheet_id == Sheet.id)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(LeftOut, (LeftOut.seat_id == PanelSeat.id) & (LeftOut.entry_id == Work.entry_id))
        .where(Work.entry_id == entry_id, LeftOut.id.is_(None), *COUNTING)
    )
    found: dict[str, dict[str, dict[str, str]]] = {}
    for part, number, aspect, value in db.session.execute(query):
        # What belongs to no part has a seat for each stage, and is computed as one.
        key = WHOLE if is_whole(part) else part
        found.setdefault(key, {}).setdefault(str(number), {})[aspect] = plain(value)
    return found
