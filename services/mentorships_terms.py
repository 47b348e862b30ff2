"""What happens while a pair runs: months, milestones, pauses, break-off, transfer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from models.database import db
from models.mentorships import Mentorship, MentorshipMonth, MentorshipPause, Milestone
from rules.mentorship_agreements import PlanItem
from rules.mentorship_terms import TAUGHT, check_month, pause_problems
from rules.mentorships import MentorshipState, Party
from rules.refusals import Missing, Refused, check_reason
from rules.texts import N_
from services import accounts, audits
from services.acting import Actor
from services.mentorships import Draft, add_pair, submit_part
from services.mentorships_parts import (
    account_of,
    lock_checks,
    lock_pair,
    managed,
    move,
    parties_of,
    pauses_of,
    spoken_for,
)
from services.transaction import transaction

_SIDES = (Party.MENTOR, Party.APPRENTICE)
TWICE = N_("You have confirmed this already.")


@transaction
def confirm_month(by: Actor, mentorship_id: int, month: date) -> int:
    """Confirm a month of teaching as mentor or apprentice; it counts once both have (R7.08)."""
    pair = lock_pair(mentorship_id)
    party = spoken_for(by, pair, *_SIDES)
    _check_taught(pair)
    last = min(pair.ends_on, pair.ended_on or pair.ends_on)
    check_month(month, pair.starts_on, last, pauses_of(pair.id), by.today)
    row = find_month(mentorship_id, month)
    if row is None:
        row = MentorshipMonth(mentorship_id=mentorship_id, month=month)
        db.session.add(row)
    elif row.withdrawn_at is not None:
        # Whoever begins anew does so alone: the other side confirms again, too.
        row.withdrawn_at = row.mentor_confirmed_at = row.apprentice_confirmed_at = None
        row.mentor_account_id = row.apprentice_account_id = None
    confirm_side(by, row, party)
    db.session.flush()
    after = {"month": f"{month:%Y-%m}", "party": party, "number": pair.number}
    audits.record(by, "confirm_month", "mentorship", pair.id, after=after)
    return mentorship_id


def find_month(mentorship_id: int, month: date) -> MentorshipMonth | None:
    """Return the row of one month, if anybody has confirmed it."""
    query = select(MentorshipMonth).where(
        MentorshipMonth.mentorship_id == mentorship_id, MentorshipMonth.month == month
    )
    return db.session.scalar(query)


def _check_taught(pair: Mentorship) -> None:
    if pair.state not in TAUGHT:
        raise Refused(N_("This agreement does not run."))


def confirm_side(by: Actor, row: MentorshipMonth | Milestone, party: Party) -> None:
    """Part: set one side's confirmation, once."""
    if party is Party.MENTOR:
        if row.mentor_confirmed_at is not None:
            raise Refused(TWICE)
        row.mentor_confirmed_at, row.mentor_account_id = by.now, by.account_id
    else:
        if row.apprentice_confirmed_at is not None:
            raise Refused(TWICE)
        row.apprentice_confirmed_at, row.apprentice_account_id = by.now, by.account_id


@transaction
def withdraw_month(by: Actor, mentorship_id: int, month: date, *, reason: str) -> int:
    """Withdraw a confirmed month, as a side or the bureau; both confirm anew if it was right."""
    check_reason(reason)
    pair = lock_pair(mentorship_id)
    account = account_of(by)
    if not accounts.is_staff(account) and not parties_of(account, pair) & set(_SIDES):
        raise Missing(mentorship_id)
    row = find_month(mentorship_id, month)
    if row is None or row.withdrawn_at is not None:
        raise Refused(N_("Nobody has confirmed this month."))
    row.withdrawn_at = by.now
    after = {"month": f"{month:%Y-%m}", "number": pair.number}
    audits.record(by, "withdraw_month", "mentorship", pair.id, after=after)
    return mentorship_id


@transaction
def confirm_milestone(by: Actor, milestone_id: int, note: str = "") -> int:
    """Confirm a milestone as mentor or apprentice; return the mentorship's id."""
    found = db.session.get(Milestone, milestone_id)
    if found is None:
        raise Missing(milestone_id)
    pair = lock_pair(found.mentorship_id)
    row = db.session.get(Milestone, milestone_id, populate_existing=True)
    assert row is not None
    party = spoken_for(by, pair, *_SIDES)
    _check_taught(pair)
    if row.withdrawn_at is not None:
        raise Refused(N_("An amendment has replaced this milestone."))
    confirm_side(by, row, party)
    if note.strip():
        row.note = "\n".join(one for one in (row.note, note.strip()) if one)
    after = {"milestone": row.position, "party": party, "number": pair.number}
    audits.record(by, "confirm_milestone", "mentorship", pair.id, after=after)
    return pair.id


@transaction
def pause(by: Actor, mentorship_id: int, from_on: date, *, reason: str) -> int:
    """Let a pair rest from a day on; months that rest wholly do not count."""
    check_reason(reason)
    row = managed(by, mentorship_id)
    pauses = pauses_of(row.id)
    for problem in pause_problems(from_on, row.starts_on, row.ends_on, pauses, by.today):
        raise problem
    made = MentorshipPause(mentorship_id=row.id, from_on=from_on, reason=reason)
    db.session.add(made)
    move(by, row, MentorshipState.PAUSED, "pause", from_on=from_on)
    return mentorship_id


@transaction
def resume(by: Actor, mentorship_id: int, from_on: date) -> int:
    """Let a paused pair go on from a day; the pause ends the day before."""
    row = managed(by, mentorship_id)
    open_pause = _open_pause(row.id)
    if open_pause is None or not open_pause.from_on < from_on <= by.today:
        raise Refused(N_("Choose a day after the pause began, today at the latest."), "from_on")
    open_pause.to_on = from_on - timedelta(days=1)
    move(by, row, MentorshipState.RUNNING, "resume", from_on=from_on)
    return mentorship_id


def _open_pause(mentorship_id: int) -> MentorshipPause | None:
    query = select(MentorshipPause).where(
        MentorshipPause.mentorship_id == mentorship_id, MentorshipPause.to_on.is_(None)
    )
    return db.session.scalar(query)


@transaction
def break_off(by: Actor, mentorship_id: int, ended_by: Party, *, reason: str) -> int:
    """Break a running pair off, with who wanted it and why (R7.03)."""
    check_reason(reason)
    row = managed(by, mentorship_id)
    if row.state not in (MentorshipState.RUNNING, MentorshipState.PAUSED):
        raise Refused(N_("This agreement does not run."))
    _end(row, by.today)
    row.ended_by, row.reason = ended_by, reason
    move(by, row, MentorshipState.BROKEN_OFF, "break_off", party=ended_by)
    return mentorship_id


def _end(row: Mentorship, day: date) -> None:
    """Part: set the last day of a pair, never before its first; an open pause ends with it."""
    row.ended_on = max(day, row.starts_on)
    paused = _open_pause(row.id)
    if paused is not None:
        paused.to_on = max(row.ended_on, paused.from_on)


@dataclass(frozen=True, slots=True)
class Transfer:
    """To whom an apprentice goes, and from which day on."""

    mentor_id: int
    mentor_level: int | None
    starts_on: date
    ends_on: date
    mentor_title: str = ""
    plan: Sequence[PlanItem] = ()


@transaction
def transfer(by: Actor, mentorship_id: int, to: Transfer, *, reason: str) -> int:
    """Hand an apprentice over to another mentor; return the id of the pair that follows.

    The former pair ends the day before and keeps its history; the new one waits for signatures.
    """
    check_reason(reason)
    lock_checks()
    return transfer_part(by, managed(by, mentorship_id), to, reason)


def transfer_part(by: Actor, row: Mentorship, to: Transfer, reason: str) -> int:
    """Part: hand an apprentice over; for who holds the lock of checks and that of the pair."""
    if row.state not in (MentorshipState.RUNNING, MentorshipState.PAUSED):
        raise Refused(N_("This agreement does not run."))
    if to.mentor_id == row.mentor_id:
        raise Refused(N_("Choose another mentor."), "mentor")
    if not row.starts_on < to.starts_on <= by.today + timedelta(days=1):
        raise Refused(N_("Choose a day within the term, tomorrow at the latest."), "starts_on")
    _end(row, to.starts_on - timedelta(days=1))
    row.reason = reason
    made = add_pair(by, row.employer_id, _following(row, to))
    row.successor_id = made.id
    move(by, row, MentorshipState.TRANSFERRED, "transfer", successor=made.number)
    db.session.refresh(made)
    submit_part(by, made, carried_on=True)
    return made.id


def _following(row: Mentorship, to: Transfer) -> Draft:
    left = [PlanItem.model_validate(item) for item in row.plan]
    plan = to.plan or [item for item in left if to.starts_on <= item.until <= to.ends_on]
    return Draft(
        mentor_id=to.mentor_id,
        apprentice_id=row.apprentice_id,
        occupation=row.occupation,
        skill=row.skill,
        target=row.target,
        starts_on=to.starts_on,
        ends_on=to.ends_on,
        plan=tuple(plan) or (PlanItem(what=row.target, until=to.ends_on),),
        assessment=row.assessment,
        safeguards=row.safeguards,
        mentor_level=to.mentor_level,
        mentor_title=to.mentor_title,
        apprentice_level=row.apprentice_level,
        new_kind=row.new_kind,
        workshop_id=row.workshop_id,
        class_id=row.class_id,
    )
