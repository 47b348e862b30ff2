"""A leader who leaves, retires or dies: who follows, or the workshop is closed (R6.12)."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.workshops import Workshop, WorkshopChange
from rules.people import PersonFacts
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from rules.workshop_conditions import leader_problem, qualifies
from rules.workshop_policies import leader_rule
from rules.workshops import (
    CHANGE_MOVES,
    ChangeKind,
    ChangeState,
    ClosedFor,
    TermState,
    WorkshopState,
)
from services import audits
from services.acting import Actor
from services.people import add_person
from services.transaction import transaction
from services.workshops import (
    check_standing,
    close_part,
    end_term,
    lock_workshop,
    running_term,
    set_leader,
)
from services.workshops_policies import policy_on, rules_of
from services.workshops_requests import candidates


@transaction
def report_change(
    by: Actor, workshop_id: int, kind: ChangeKind, happened_on: date, note: str = ""
) -> int:
    """Report that a workshop has lost its leader; somebody must follow within the time."""
    workshop = lock_workshop(workshop_id)
    check_standing(workshop)
    if happened_on > by.today:
        raise Refused(N_("Report this once it has happened."), "happened_on")
    if happened_on < workshop.founded_on:
        raise Refused(N_("This lies before the founding of the workshop."), "happened_on")
    if open_change(workshop_id) is not None:
        raise Refused(N_("A change of leader is under way already."))
    days = rules_of(policy_on(by.today)).change_days
    row = WorkshopChange(
        workshop_id=workshop_id,
        kind=kind,
        happened_on=happened_on,
        due_on=happened_on + timedelta(days=days),
        leader_id=workshop.leader_id,
        note=note,
        state=ChangeState.REPORTED,
        reported_at=by.now,
        reported_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    after = {"workshop": workshop_id, "kind": kind, "happened_on": happened_on}
    audits.record(by, "report_change", "workshop_change", row.id, after=after)
    return row.id


@transaction
def propose_successor(by: Actor, change_id: int, successor: PersonFacts, renown: str = "") -> int:
    """Propose who leads the workshop from now on; the successor must qualify as a leader."""
    row = _locked(change_id)
    workshop = lock_workshop(row.workshop_id)
    person_id = add_person(by, successor, workshop.employer_id)
    _check_successor(workshop, person_id, renown, by.today)
    row.successor_id, row.proposed_by_id = person_id, by.account_id
    if renown:
        row.note = renown[:400]
    row.state = moved(CHANGE_MOVES, row.state, ChangeState.PROPOSED)
    after = {"workshop": row.workshop_id, "successor": person_id}
    audits.record(by, "propose_successor", "workshop_change", row.id, after=after)
    return row.id


def _check_successor(workshop: Workshop, person_id: int, renown: str, today: date) -> None:
    policy = rules_of(policy_on(today))
    rule = leader_rule(policy, workshop.level)
    person = candidates([person_id])[person_id]
    if person_id == workshop.leader_id:
        raise Refused(N_("This is the leader who has gone."), "leader_name")
    if not qualifies(rule, person, renown):
        problem = leader_problem(rule, person.name)
        raise Refused(problem.message, "leader_name", **problem.params)
    leads = select(Workshop.title).where(
        Workshop.leader_id == person_id, Workshop.state == WorkshopState.STANDING
    )
    title = db.session.scalar(leads.limit(1))
    if title is not None and policy.one_for_a_leader:
        text = N_("%(name)s leads the workshop “%(title)s” already.")
        raise Refused(text, "leader_name", name=person.name, title=title)


@transaction
def return_change(by: Actor, change_id: int, *, reason: str) -> int:
    """Send a proposed successor back; somebody else is to be proposed."""
    check_reason(reason)
    row = _locked(change_id)
    row.state, row.note = moved(CHANGE_MOVES, row.state, ChangeState.REPORTED), reason
    row.successor_id = row.proposed_by_id = None
    after = {"reason": reason}
    audits.record(by, "return", "workshop_change", row.id, after=after)
    return row.id


@transaction
def settle_change(by: Actor, change_id: int) -> int:
    """Agree to the successor, as a second person; return the workshop's id."""
    row = _locked(change_id)
    if row.proposed_by_id == by.account_id:
        raise Refused(N_("Somebody else must agree to this: you have proposed it."))
    workshop = lock_workshop(row.workshop_id)
    check_standing(workshop)
    row.state = moved(CHANGE_MOVES, row.state, ChangeState.SETTLED)
    row.settled_on, row.settled_by_id = by.today, by.account_id
    if row.successor_id is None:
        raise Refused(N_("Nobody is proposed as leader."))
    set_leader(workshop, row.successor_id, by.today, row.kind.value)
    after = {"leader": row.successor_id}
    audits.record(by, "change_leader", "workshop", workshop.id, after=after)
    return workshop.id


@transaction
def close_without_leader(by: Actor, change_id: int, *, reason: str) -> int:
    """Close a workshop for which no leader was found; return its id."""
    check_reason(reason)
    row = _locked(change_id)
    if row.state not in {ChangeState.REPORTED, ChangeState.PROPOSED}:
        raise Refused(N_("This change is settled already."))
    workshop = lock_workshop(row.workshop_id)
    term = running_term(workshop.id)
    if term is not None:
        end_term(term, TermState.CUT_SHORT, max(by.today, term.starts_on))
    close_part(by, workshop, ClosedFor.LEADER_GONE, reason)
    return workshop.id


def _locked(change_id: int) -> WorkshopChange:
    row = db.session.get(WorkshopChange, change_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(change_id)
    return row


def get_change(change_id: int) -> WorkshopChange:
    """Return a change of leader with its workshop and people; raise Missing."""
    query = select(WorkshopChange).options(
        joinedload(WorkshopChange.workshop),
        joinedload(WorkshopChange.leader),
        joinedload(WorkshopChange.successor),
    )
    row = db.session.scalar(query.where(WorkshopChange.id == change_id))
    if row is None:
        raise Missing(change_id)
    return row


def open_change(workshop_id: int) -> WorkshopChange | None:
    """Return the change of leader that is under way."""
    query = select(WorkshopChange).options(
        joinedload(WorkshopChange.leader), joinedload(WorkshopChange.successor)
    )
    return db.session.scalar(
        query.where(
            WorkshopChange.workshop_id == workshop_id,
            WorkshopChange.state.in_((ChangeState.REPORTED, ChangeState.PROPOSED)),
        )
    )


def changes_of(workshop_id: int) -> Sequence[WorkshopChange]:
    """List all changes of leader, the newest first."""
    query = select(WorkshopChange).options(
        joinedload(WorkshopChange.leader), joinedload(WorkshopChange.successor)
    )
    query = query.where(WorkshopChange.workshop_id == workshop_id)
    return db.session.scalars(query.order_by(WorkshopChange.id.desc())).all()
