"""Publish a round and its amendments by a second person: rules are frozen, with their digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from models.database import db
from models.selections import SelectionAmendment, SelectionProgramme, SelectionRound
from rules.data import InvalidRules
from rules.refusals import Refused
from rules.selection_limits import Approved, blockers, warnings
from rules.selection_rounds import RoundRules
from rules.selections import ROUND_MOVES, ProgrammeState, RoundState, Verb
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.selections import get_round, lock_round, read_rules, rules_of, write_rules
from services.selections_rounds import find_change, refuse_change
from services.transaction import STALE, transaction


@dataclass(frozen=True)
class Advice:
    """What stands against a round's publication, and what its publishers should know."""

    blockers: Sequence[Refused]
    warnings: Sequence[Refused]


def advise(round_id: int, now: datetime) -> Advice:
    """Say what must be mended before a round is published, and what the limits say (R4.33-35)."""
    row = get_round(round_id)
    rules = rules_of(row)
    return Advice(_blockers(row, rules, now), [*warnings(rules, _approved(row))])


def _blockers(row: SelectionRound, rules: RoundRules, now: datetime) -> list[Refused]:
    found = [*blockers(rules, now)]
    if row.programme.state is ProgrammeState.ENDED:
        found.append(Refused(N_("This programme has ended; it gets no further rounds.")))
    wanted = {code for code in _programmes_asked(rules) if code}
    query = select(SelectionProgramme.code).where(SelectionProgramme.code.in_(wanted))
    for code in sorted(wanted - set(db.session.scalars(query))):
        text = N_("A condition asks for the title of a programme that is not there: %(code)s.")
        found.append(Refused(text, "eligibility", code=code))
    return found


def _programmes_asked(rules: RoundRules) -> list[str]:
    own = rules.eligibility
    clauses = (*own.basics, *own.routes, *own.exclusions)
    return [one.programme for clause in clauses for one in clause.all_of if one.kind == "holds"]


def _approved(row: SelectionRound) -> Approved:
    programme = row.programme
    published = select(func.max(SelectionRound.year)).where(
        SelectionRound.programme_id == programme.id,
        SelectionRound.id != row.id,
        SelectionRound.published_at.is_not(None),
        SelectionRound.state != RoundState.CANCELLED,
    )
    others = (
        select(func.count(func.distinct(SelectionProgramme.id)))
        .join(SelectionRound, SelectionRound.programme_id == SelectionProgramme.id)
        .where(
            SelectionProgramme.id != programme.id,
            SelectionProgramme.verb == Verb.COMMEND,
            SelectionProgramme.level == programme.level,
            SelectionRound.year == row.year,
            SelectionRound.published_at.is_not(None),
            SelectionRound.state != RoundState.CANCELLED,
        )
    )
    return Approved(
        programme.title,
        programme.verb,
        programme.level,
        programme.document,
        programme.cycle_years,
        programme.most_people,
        row.year,
        db.session.scalar(published),
        db.session.scalar(others) or 0,
    )


@transaction
def publish(by: Actor, round_id: int) -> int:
    """Publish a round as a second person: its rules are frozen as number 0."""
    row = lock_round(round_id)
    if row.written_by_id == by.account_id:
        raise Refused(N_("Somebody else must publish this: you have written it."))
    state = moved(ROUND_MOVES, row.state, RoundState.OPEN)
    problems = _blockers(row, rules_of(row), by.now)
    if problems:
        raise InvalidRules(problems)
    row.state, row.published_at, row.published_by_id = state, by.now, by.account_id
    _keep_version(by, row, 0)
    audits.record(by, "publish", "selection_round", row.id, after={"digest": row.digest})
    return row.id


def _keep_version(by: Actor, row: SelectionRound, number: int, reason: str = "") -> None:
    """Keep the present rules of a round under a number."""
    version = SelectionAmendment(
        round_id=row.id,
        number=number,
        rules=row.rules,
        digest=row.digest,
        reason=reason,
        made_at=by.now,
        made_by_id=by.account_id,
    )
    db.session.add(version)


@transaction
def agree_amendment(by: Actor, round_id: int, base: str) -> int:
    """Put a waiting amendment into force as a second person; ``base`` is its digest as read."""
    row = lock_round(round_id)
    change = find_change(round_id)
    if change is None:
        raise Refused(N_("No amendment waits."))
    if change.digest != base:
        raise Refused(STALE)
    if change.written_by_id == by.account_id:
        raise Refused(N_("Somebody else must agree to this: you have written it."))
    rules = read_rules(change.rules)
    refuse_change(by, row, rules)
    before = {"digest": row.digest}
    write_rules(row, rules)
    last = select(func.max(SelectionAmendment.number)).where(SelectionAmendment.round_id == row.id)
    number = (db.session.scalar(last) or 0) + 1
    _keep_version(by, row, number, change.reason)
    db.session.delete(change)
    after = {"digest": row.digest, "number": number, "reason": change.reason}
    audits.record(by, "put_in_force", "selection_round", row.id, before=before, after=after)
    return row.id


@transaction
def discard_amendment(by: Actor, round_id: int) -> int:
    """Throw a waiting amendment away; the rules in force stay."""
    row = lock_round(round_id)
    change = find_change(round_id)
    if change is None:
        raise Refused(N_("No amendment waits."))
    before = {"digest": change.digest, "reason": change.reason}
    db.session.delete(change)
    audits.record(by, "withdraw_amendment", "selection_round", row.id, before=before)
    return row.id
