"""Reminders of contests above the city's: entries close, camps and contests begin, papers expire.

Each is said once for each step before its day; by mail, else by text to people.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from models.database import db
from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialNaming,
    ProvincialSlot,
    ProvincialSlotMember,
)
from models.provincial_delegations import (
    ProvincialCamp,
    ProvincialDelegation,
    ProvincialPaper,
    ProvincialTask,
)
from rules.messages import MessageChannel
from rules.provincial import NamingState, ProvincialState, SlotState
from services import provincial_letters as letters
from services.acting import ZONE, Actor
from services.messages import Draft, remind_once
from services.messages_addressing import BY_DAY, Call, Reached, addressed, step_of
from services.transaction import transaction

ABOUT = "provincial"
# So many days before the day; the nearest one that is reached is said.
ENTRY_STEPS = (14, 7, 3, 1)
CAMP_STEPS = (7, 1)
CONTEST_STEPS = (7, 1)
TASK_STEPS = (3, 0)
_OPEN = (ProvincialState.PREPARING, ProvincialState.ENTERED)


@transaction
def remind(by: Actor) -> int:
    """Say each reminder of contests above the city's a single time; return how many are new."""
    if by.now.astimezone(ZONE).hour not in BY_DAY:
        return 0
    today = by.today
    calls = [
        *_entries(today),
        *_camps(today),
        *_contests(today),
        *_papers(today),
        *_tasks(today),
        *_namings(by),
    ]
    return remind_once(by, "provincial_contest", [_draft(*one) for one in addressed(calls)])


def _draft(call: Call, one: Reached) -> Draft:
    is_mail = one.channel is MessageChannel.MAIL
    return Draft(
        one.channel,
        one.address,
        letters.SUBJECT if is_mail else "",
        call.body,
        ABOUT,
        person_id=call.person_id,
        once=f"{ABOUT} {call.once} account {one.account_id}",
    )


def _entries(today: date) -> Iterator[Call]:
    """Yield to the bureau the contests whose entries close while no form was sent."""
    query = select(ProvincialContest).where(
        ProvincialContest.state == ProvincialState.PREPARING,
        ProvincialContest.entry_until.between(today, today + timedelta(days=max(ENTRY_STEPS))),
    )
    for one in db.session.scalars(query):
        assert one.entry_until is not None
        step = step_of((one.entry_until - today).days, ENTRY_STEPS)
        body = letters.entries(one.title, one.entry_until)
        yield Call(f"entries {one.id} {one.entry_until.isoformat()} {step}", body, bureau=True)


def _people(*states: SlotState) -> Select[ProvincialContest, int | None, str]:
    """Return people on the way in one of these states, with their contests."""
    return (
        select(ProvincialContest, ProvincialSlotMember.person_id, ProvincialEvent.title)
        .select_from(ProvincialSlotMember)
        .join(ProvincialSlot, ProvincialSlot.id == ProvincialSlotMember.slot_id)
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
        .join(ProvincialContest, ProvincialContest.id == ProvincialEvent.contest_id)
        .where(
            ProvincialSlot.state.in_(states),
            ProvincialSlotMember.active,
            ProvincialSlotMember.person_id.is_not(None),
            ProvincialContest.state.in_(_OPEN),
        )
    )


def _camps(today: date) -> Iterator[Call]:
    """Yield to candidates the training that begins."""
    query = _people(SlotState.SELECTED, SlotState.IN_TRAINING).add_columns(ProvincialCamp)
    query = query.join(ProvincialCamp, ProvincialCamp.contest_id == ProvincialContest.id)
    soon = ProvincialCamp.starts_on.between(today, today + timedelta(days=max(CAMP_STEPS)))
    for contest, person_id, event, camp in db.session.execute(query.where(soon)):
        step = step_of((camp.starts_on - today).days, CAMP_STEPS)
        body = letters.camp(contest.title, event, camp.starts_on, camp.place)
        yield Call(f"camp {camp.id} {camp.starts_on} {step} {event}", body, person_id=person_id)


def _contests(today: date) -> Iterator[Call]:
    """Yield to entrants the contest that begins."""
    soon = ProvincialContest.starts_on.between(today, today + timedelta(days=max(CONTEST_STEPS)))
    for contest, person_id, event in db.session.execute(_people(SlotState.ENTERED).where(soon)):
        step = step_of((contest.starts_on - today).days, CONTEST_STEPS)
        body = letters.contest(contest.title, event, contest.starts_on, contest.place)
        once = f"contest {contest.id} {contest.starts_on} {step} {event}"
        yield Call(once, body, person_id=person_id)


def _papers(today: date) -> Iterator[Call]:
    """Yield to the bureau the papers that expire before the contest is over; once a week."""
    query = (
        select(ProvincialContest, func.count())
        .select_from(ProvincialPaper)
        .join(ProvincialDelegation, ProvincialDelegation.id == ProvincialPaper.delegation_id)
        .join(ProvincialContest, ProvincialContest.id == ProvincialDelegation.contest_id)
        .where(
            ProvincialContest.state.in_(_OPEN),
            ProvincialContest.ends_on >= today,
            ProvincialPaper.expires_on < ProvincialContest.ends_on,
        )
        .group_by(ProvincialContest.id)
    )
    week = today.isocalendar()
    for contest, number in db.session.execute(query):
        body = letters.papers(contest.title, number)
        yield Call(f"papers {contest.id} {week.year}-{week.week}", body, bureau=True)


def _tasks(today: date) -> Iterator[Call]:
    """Yield to the bureau the lines of a delegation's checklist that are due."""
    query = (
        select(ProvincialContest.title, ProvincialTask)
        .select_from(ProvincialTask)
        .join(ProvincialDelegation, ProvincialDelegation.id == ProvincialTask.delegation_id)
        .join(ProvincialContest, ProvincialContest.id == ProvincialDelegation.contest_id)
        .where(
            ProvincialContest.state.in_(_OPEN),
            ProvincialTask.done_at.is_(None),
            ProvincialTask.due_on.between(today, today + timedelta(days=max(TASK_STEPS))),
        )
    )
    for title, task in db.session.execute(query):
        assert task.due_on is not None
        step = step_of((task.due_on - today).days, TASK_STEPS)
        body = letters.task(title, task.title, task.due_on)
        yield Call(f"task {task.id} {task.due_on} {step}", body, bureau=True)


def _namings(by: Actor) -> Iterator[Call]:
    """Yield to the bureau the namings that wait for a second person since three days."""
    query = (
        select(ProvincialNaming.id, ProvincialContest.title, ProvincialEvent.title)
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialNaming.event_id)
        .join(ProvincialContest, ProvincialContest.id == ProvincialEvent.contest_id)
        .where(
            ProvincialNaming.state == NamingState.PROPOSED,
            ProvincialNaming.proposed_at < by.now - timedelta(days=3),
        )
    )
    for key, contest, event in db.session.execute(query):
        yield Call(f"naming {key}", letters.naming(contest, event), bureau=True)
