"""The check at the end of a term: recorded, confirmed by all three, and its outcome (R7.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from models.database import db
from models.honours import Honour
from models.levels import PersonLevel
from models.mentorships import Acceptance, Mentorship
from rules.data import InvalidRules
from rules.honours import HonourKind
from rules.mentorship_terms import acceptance_problems, success_until
from rules.mentorships import MentorshipState, Outcome, Party
from rules.refusals import Missing, Refused
from rules.states import HonourState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.mentorships_parts import limits_of, lock_pair, managed, move, spoken_for
from services.transaction import transaction

_STATES = {
    Outcome.PASSED: MentorshipState.ACCEPTED,
    Outcome.FAILED: MentorshipState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Check:
    """What is typed of an acceptance check."""

    held_on: date
    proposed: Outcome
    test_mark: Decimal | None = None
    level_gained: int | None = None
    contest_rank: str = ""
    person_level_id: int | None = None
    honour_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Successes:
    """What the registers know of an apprentice that counts for a pair."""

    levels: Sequence[PersonLevel]
    honours: Sequence[Honour]


def successes_of(row: Mentorship) -> Successes:
    """List levels and prizes of the apprentice within the time in which they count (R7.04)."""
    last = success_until(limits_of(row.rules), row.signed_on or row.starts_on)
    levels = select(PersonLevel).where(
        PersonLevel.person_id == row.apprentice_id,
        PersonLevel.granted_on >= row.starts_on,
        PersonLevel.granted_on <= last,
    )
    honours = select(Honour).where(
        Honour.person_id == row.apprentice_id,
        Honour.kind == HonourKind.PRIZE,
        Honour.state == HonourState.STANDING,
        Honour.granted_on >= row.starts_on,
        Honour.granted_on <= last,
    )
    return Successes(
        db.session.scalars(levels.order_by(PersonLevel.level, PersonLevel.id)).all(),
        db.session.scalars(honours.order_by(Honour.granted_on.desc(), Honour.id)).all(),
    )


@transaction
def record_acceptance(by: Actor, mentorship_id: int, check: Check) -> int:
    """Record the check at the end, or correct it before it is decided; confirmations fall."""
    row = managed(by, mentorship_id)
    if row.state is not MentorshipState.RUNNING:
        raise Refused(N_("This agreement does not run."))
    problems = acceptance_problems(check.held_on, row.starts_on, check.test_mark, by.today)
    found = list(problems)
    if found:
        raise InvalidRules(found)
    acceptance = get_acceptance(row.id)
    if acceptance is None:
        acceptance = Acceptance(mentorship_id=row.id)
    _fill(by, row, acceptance, check)
    db.session.add(acceptance)
    db.session.flush()
    after = {
        "number": row.number,
        "held_on": check.held_on,
        "proposed": check.proposed,
        "level": acceptance.level_gained,
        "rank": acceptance.contest_rank,
    }
    audits.record(by, "record_acceptance", "mentorship", row.id, after=after)
    return mentorship_id


def _fill(by: Actor, row: Mentorship, acceptance: Acceptance, check: Check) -> None:
    """Take over what was typed; what the registers know goes before it."""
    known = successes_of(row)
    levels = {one.id: one for one in known.levels}
    honours = {one.id: one for one in known.honours}
    if check.person_level_id not in {None, *levels} or check.honour_id not in {None, *honours}:
        raise Missing(row.id)
    level, honour = levels.get(check.person_level_id or 0), honours.get(check.honour_id or 0)
    acceptance.held_on, acceptance.proposed = check.held_on, check.proposed
    acceptance.test_mark, acceptance.note = check.test_mark, check.note or None
    acceptance.level_gained = check.level_gained if level is None else level.level
    rank = check.contest_rank if honour is None else f"{honour.programme} {honour.title}"
    acceptance.contest_rank = rank[:200]
    acceptance.person_level_id = None if level is None else level.id
    acceptance.honour_id = None if honour is None else honour.id
    acceptance.recorded_at, acceptance.recorded_by_id = by.now, by.account_id
    for party in Party:
        setattr(acceptance, f"{party}_confirmed_at", None)
        setattr(acceptance, f"{party}_account_id", None)


def get_acceptance(mentorship_id: int) -> Acceptance | None:
    """Return the acceptance check of a pair, if there was one."""
    return db.session.scalar(select(Acceptance).where(Acceptance.mentorship_id == mentorship_id))


@transaction
def confirm_acceptance(by: Actor, mentorship_id: int, party: Party) -> int:
    """Confirm the check as one of the three; with the third its outcome stands (R7.11)."""
    row = lock_pair(mentorship_id)
    spoken_for(by, row, party)
    acceptance = get_acceptance(row.id)
    if acceptance is None or row.state is not MentorshipState.RUNNING:
        raise Refused(N_("No check waits to be confirmed."))
    db.session.refresh(acceptance)
    if getattr(acceptance, f"{party}_confirmed_at") is not None:
        raise Refused(N_("You have confirmed this already."))
    setattr(acceptance, f"{party}_confirmed_at", by.now)
    setattr(acceptance, f"{party}_account_id", by.account_id)
    after = {"party": party, "number": row.number}
    audits.record(by, "confirm_acceptance", "mentorship", row.id, after=after)
    if all(getattr(acceptance, f"{one}_confirmed_at") is not None for one in Party):
        _settle(by, row, acceptance)
    return mentorship_id


def _settle(by: Actor, row: Mentorship, acceptance: Acceptance) -> None:
    acceptance.outcome, acceptance.decided_on = acceptance.proposed, by.today
    row.ended_on = min(acceptance.held_on, row.ends_on)
    move(by, row, _STATES[acceptance.proposed], "settle_acceptance", outcome=acceptance.outcome)
