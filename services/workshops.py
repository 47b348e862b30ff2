"""Workshops in the register: terms, grants, and their end (R6)."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models.database import db
from models.workshops import (
    Workshop,
    WorkshopBar,
    WorkshopChange,
    WorkshopGrant,
    WorkshopMaster,
    WorkshopPolicy,
    WorkshopTerm,
)
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from rules.workshop_policies import bar_end, grant_amount, term_end
from rules.workshops import (
    CHANGE_MOVES,
    GRANT_MOVES,
    TERM_MOVES,
    WORKSHOP_MOVES,
    ChangeState,
    ClosedFor,
    GrantKind,
    GrantState,
    MasterRole,
    TermState,
    WorkshopLevel,
    WorkshopState,
)
from services import audits
from services.acting import Actor
from services.transaction import transaction
from services.workshops_policies import policy_on, rules_of
from services.yearly_numbers import next_after

ONE_DAY = timedelta(days=1)


def get_workshop(workshop_id: int) -> Workshop:
    """Return a workshop with leader, host, masters, terms and grants; raise Missing."""
    query = select(Workshop).options(
        joinedload(Workshop.leader),
        joinedload(Workshop.employer),
        selectinload(Workshop.masters).joinedload(WorkshopMaster.person),
        selectinload(Workshop.terms).options(
            joinedload(WorkshopTerm.policy), selectinload(WorkshopTerm.grants)
        ),
    )
    found = db.session.scalar(query.where(Workshop.id == workshop_id))
    if found is None:
        raise Missing(workshop_id)
    return found


def lock_workshop(workshop_id: int) -> Workshop:
    """Part: return a workshop, locked; raise Missing."""
    row = db.session.get(Workshop, workshop_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(workshop_id)
    return row


def check_standing(workshop: Workshop) -> None:
    """Part: refuse what only a standing workshop can do."""
    if workshop.state is not WorkshopState.STANDING:
        raise Refused(N_("This workshop is closed."))


def running_term(workshop_id: int) -> WorkshopTerm | None:
    """Return the term that runs or waits for its assessment."""
    query = select(WorkshopTerm).where(
        WorkshopTerm.workshop_id == workshop_id, WorkshopTerm.state == TermState.RUNNING
    )
    return db.session.scalar(query)


def begin_term(
    workshop: Workshop, starts_on: date, policy: WorkshopPolicy | None = None
) -> WorkshopTerm:
    """Part: begin the next term of a workshop under the rules of its first day (R6.06)."""
    row = policy or policy_on(starts_on)
    numbers = select(func.max(WorkshopTerm.number)).where(WorkshopTerm.workshop_id == workshop.id)
    term = WorkshopTerm(
        workshop_id=workshop.id,
        level=workshop.level,
        number=(db.session.scalar(numbers) or 0) + 1,
        starts_on=starts_on,
        ends_on=term_end(rules_of(row), starts_on),
        state=TermState.RUNNING,
        policy_id=row.id,
    )
    db.session.add(term)
    db.session.flush()
    return term


def end_term(term: WorkshopTerm, state: TermState, ended_on: date | None = None) -> None:
    """Part: end a term; with a day where that is not its last one."""
    term.state = moved(TERM_MOVES, term.state, state)
    term.ended_on = ended_on
    db.session.flush()


def add_grant(
    by: Actor,
    term: WorkshopTerm,
    kind: GrantKind,
    *,
    year: int | None = None,
    from_level: WorkshopLevel | None = None,
) -> WorkshopGrant | None:
    """Part: note what is due of a kind today by the rules of today, if they give anything."""
    policy = rules_of(policy_on(by.today))
    found = grant_amount(policy, kind, term.level, by.today, from_level)
    if found is None:
        return None
    grant = WorkshopGrant(
        term_id=term.id,
        kind=kind,
        year=year or by.today.year,
        amount=found.amount,
        due_on=by.today,
        state=GrantState.DUE,
        basis=found.basis,
    )
    db.session.add(grant)
    db.session.flush()
    after = {"kind": kind, "year": grant.year, "amount": grant.amount, "basis": grant.basis}
    audits.record(by, "note_grant", "workshop", term.workshop_id, after=after)
    return grant


def move_grant(grant: WorkshopGrant, state: GrantState, paid_on: date | None = None) -> None:
    """Part: bring a grant to where its payment has brought it.

    What could not be paid to a workshop that is closed meanwhile is not due again.
    """
    closed = grant.term.workshop.state is WorkshopState.CLOSED
    wanted = GrantState.CANCELLED if closed and state is GrantState.DUE else state
    if grant.state is not wanted:
        grant.state = moved(GRANT_MOVES, grant.state, wanted)
    grant.paid_on = paid_on


def next_plaque(year: int) -> str:
    """Part: return the next free plaque number of a year."""
    start = f"JNDS-{year}-"
    return f"{start}{next_after(Workshop.plaque_number, start):04d}"


@transaction
def close(by: Actor, workshop_id: int, closed_for: ClosedFor, *, reason: str) -> int:
    """Close a workshop before the end of its term; what is due to it is cancelled."""
    check_reason(reason)
    workshop = lock_workshop(workshop_id)
    if closed_for is ClosedFor.FAILED:
        raise Refused(N_("A workshop fails by its assessment."), "closed_for")
    term = running_term(workshop_id)
    if term is not None:
        end_term(term, TermState.CUT_SHORT, max(by.today, term.starts_on))
    close_part(by, workshop, closed_for, reason)
    return workshop_id


def close_part(by: Actor, workshop: Workshop, closed_for: ClosedFor, reason: str) -> None:
    """Part: close a workshop, end its masters, cancel what is due and its open changes."""
    workshop.state = moved(WORKSHOP_MOVES, workshop.state, WorkshopState.CLOSED)
    workshop.closed_on, workshop.closed_for = max(by.today, workshop.founded_on), closed_for
    workshop.closed_reason, workshop.preferred = reason, False
    for master in _present_masters(workshop.id):
        master.to_on = max(by.today, master.from_on)
    due = (
        select(WorkshopGrant)
        .join(WorkshopTerm)
        .where(WorkshopTerm.workshop_id == workshop.id, WorkshopGrant.state == GrantState.DUE)
    )
    for grant in db.session.scalars(due.with_for_update(of=WorkshopGrant)):
        grant.state = moved(GRANT_MOVES, grant.state, GrantState.CANCELLED)
    changes = select(WorkshopChange).where(
        WorkshopChange.workshop_id == workshop.id,
        WorkshopChange.state.in_((ChangeState.REPORTED, ChangeState.PROPOSED)),
    )
    for change in db.session.scalars(changes):
        change.state = moved(CHANGE_MOVES, change.state, ChangeState.CLOSED)
        change.settled_on = by.today
    after = {"closed_for": closed_for, "reason": reason}
    audits.record(by, "close", "workshop", workshop.id, after=after)


def _present_masters(workshop_id: int) -> Sequence[WorkshopMaster]:
    query = select(WorkshopMaster).where(
        WorkshopMaster.workshop_id == workshop_id, WorkshopMaster.to_on.is_(None)
    )
    return db.session.scalars(query).all()


def add_bar(by: Actor, workshop: Workshop, policy_row: WorkshopPolicy, reason: str) -> None:
    """Part: bar the leader and the host, as the rules say, from applying again (R6.06)."""
    policy = rules_of(policy_row)
    if not policy.bars or not policy.bar_years:
        return
    bar = WorkshopBar(
        workshop_id=workshop.id,
        leader_id=workshop.leader_id if "leader" in policy.bars else None,
        employer_id=workshop.employer_id if "host" in policy.bars else None,
        starts_on=by.today,
        ends_on=bar_end(policy, by.today),
        reason=reason,
    )
    db.session.add(bar)
    db.session.flush()
    after = {"from": bar.starts_on, "until": bar.ends_on}
    audits.record(by, "bar", "workshop", workshop.id, after=after)


def set_leader(workshop: Workshop, person_id: int, day: date, reason: str = "") -> None:
    """Part: make somebody the leader from a day on; the one before leaves."""
    for master in _present_masters(workshop.id):
        if master.role is MasterRole.LEADER or master.person_id == person_id:
            master.to_on, master.reason = max(day, master.from_on), reason
    db.session.flush()
    workshop.leader_id = person_id
    db.session.add(
        WorkshopMaster(
            workshop_id=workshop.id, person_id=person_id, role=MasterRole.LEADER, from_on=day
        )
    )
    db.session.flush()


def bars_of(workshop_id: int) -> Sequence[WorkshopBar]:
    """List the bars that came from a workshop."""
    query = select(WorkshopBar).where(WorkshopBar.workshop_id == workshop_id)
    return db.session.scalars(query.order_by(WorkshopBar.starts_on)).all()
