"""Clauses set aside for one application: proposed by one person, agreed by another (R5.07)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOverride
from rules.refusals import Missing, Refused, check_reason
from rules.selection_checks import OVERRIDE_MOVES
from rules.selections import ApplicationState, OverrideState
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.selection_applications import lock_application
from services.selection_checks_bodies import GOING, refuse_own
from services.selection_checks_verdicts import verdict_of
from services.transaction import transaction

OPEN = (
    ApplicationState.DRAFT,
    ApplicationState.CHECKING,
    ApplicationState.RETURNED,
    ApplicationState.QUALIFIED,
)


@transaction
def propose_override(by: Actor, application_id: int, clause: str, *, reason: str) -> int:
    """Propose that an application need not fulfil a clause; another person agrees or rejects."""
    check_reason(reason)
    application = lock_application(application_id)
    _check_open(by, application)
    blocking = {one.key for one in verdict_of(application).blocking}
    if clause not in blocking:
        raise Refused(N_("This clause does not stand in the way."), "clause")
    row = _of_clause(application_id, clause)
    if row is None:
        row = SelectionOverride(
            application_id=application_id, clause=clause, state=OverrideState.PROPOSED
        )
        db.session.add(row)
    elif row.state is OverrideState.PROPOSED:
        raise Refused(N_("This is proposed already, and waits for a second person."), "clause")
    else:
        row.state = moved(OVERRIDE_MOVES, row.state, OverrideState.PROPOSED)
    row.reason, row.answer = reason.strip(), ""
    row.proposed_at, row.proposed_by_id = by.now, by.account_id or 0
    row.decided_at = row.decided_by_id = None
    db.session.flush()
    after = {"clause": clause, "reason": row.reason, "application": application_id}
    audits.record(by, "propose_override", "selection_override", row.id, after=after)
    return row.id


def _check_open(by: Actor, application: SelectionApplication) -> None:
    refuse_own(by, application)
    if application.state not in OPEN or application.round.state not in GOING:
        raise Refused(N_("This step is not possible in the present state."))


def _of_clause(application_id: int, clause: str) -> SelectionOverride | None:
    query = select(SelectionOverride).where(
        SelectionOverride.application_id == application_id, SelectionOverride.clause == clause
    )
    return db.session.scalar(query.with_for_update())


@transaction
def agree_override(by: Actor, override_id: int) -> int:
    """Agree, as a second person, that a clause is set aside."""
    row = _locked(by, override_id)
    row.state = moved(OVERRIDE_MOVES, row.state, OverrideState.AGREED)
    return _decided(by, row, "agree_override")


@transaction
def reject_override(by: Actor, override_id: int, *, reason: str) -> int:
    """Reject, as a second person, that a clause is set aside."""
    check_reason(reason)
    row = _locked(by, override_id)
    row.state = moved(OVERRIDE_MOVES, row.state, OverrideState.REJECTED)
    row.answer = reason.strip()
    return _decided(by, row, "reject_override")


def _locked(by: Actor, override_id: int) -> SelectionOverride:
    """Lock an application first, then what was proposed for it: always in this order."""
    application_id = db.session.scalar(
        select(SelectionOverride.application_id).where(SelectionOverride.id == override_id)
    )
    if application_id is None:
        raise Missing(override_id)
    _check_open(by, lock_application(application_id))
    row = db.session.get_one(
        SelectionOverride, override_id, with_for_update=True, populate_existing=True
    )
    if row.proposed_by_id == by.account_id:
        raise Refused(N_("Somebody else than who proposed it decides."))
    return row


def _decided(by: Actor, row: SelectionOverride, action: str) -> int:
    row.decided_at, row.decided_by_id = by.now, by.account_id
    after = {"clause": row.clause, "state": row.state, "application": row.application_id}
    audits.record(by, action, "selection_override", row.id, after=after)
    return row.id


def list_overrides(application_id: int) -> Sequence[tuple[SelectionOverride, str, str | None]]:
    """List what was proposed for an application, with the names of both people."""
    first, second = aliased(Account), aliased(Account)
    query = (
        select(SelectionOverride, first.title, second.title)
        .join(first, first.id == SelectionOverride.proposed_by_id)
        .outerjoin(second, second.id == SelectionOverride.decided_by_id)
        .where(SelectionOverride.application_id == application_id)
        .order_by(SelectionOverride.id)
    )
    return [(row, one, two) for row, one, two in db.session.execute(query)]
