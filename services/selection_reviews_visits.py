"""Visits to candidates at their place of work (考察): who went, what was found, with photos."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionVisit
from rules.refusals import Missing, Refused
from rules.selections import ApplicationState, RoundState
from rules.texts import N_
from services import accounts, audits, selection_files
from services.acting import Actor
from services.selection_applications import lock_application
from services.selection_files import Keeper, Room
from services.selection_reviews import find_seat
from services.selection_reviews_seats import spared_of
from services.selection_reviews_sheets import REVIEWED
from services.transaction import STALE, transaction

# After an upheld objection the corrected list may bring others in: they are visited too.
VISITED = (ApplicationState.CHECKING, *REVIEWED)
GOING = (RoundState.OPEN, RoundState.REVIEW)


@dataclass(frozen=True)
class VisitFacts:
    """What a visit found; ``confirmed`` says whether the application is true, None if open."""

    held_on: date
    people: str
    notes: str
    confirmed: bool | None = None


@transaction
def record_visit(by: Actor, application_id: int, facts: VisitFacts) -> int:
    """Record a visit to a candidate; return its id."""
    application = lock_application(application_id)
    _check(by, application, facts)
    row = SelectionVisit(application_id=application_id, recorded_at=by.now)
    row.recorded_by_id = by.account_id
    _fill(row, facts)
    db.session.add(row)
    db.session.flush()
    _record(by, "record_visit", row)
    return row.id


@transaction
def edit_visit(by: Actor, visit_id: int, facts: VisitFacts, version: int | None) -> int:
    """Change what a visit found, as long as nobody else has meanwhile."""
    row = _locked(visit_id)
    if version is not None and version != row.version:
        raise Refused(STALE)
    _check(by, lock_application(row.application_id), facts)
    if row.recorded_by_id != by.account_id and not _is_staff(by):
        raise Missing(visit_id)
    _fill(row, facts)
    _record(by, "edit_visit", row)
    return visit_id


def _check(by: Actor, application: SelectionApplication, facts: VisitFacts) -> None:
    if not may_visit(by.account_id or 0, application):
        raise Missing(application.id)
    if application.state not in VISITED or application.round.state not in GOING:
        raise Refused(N_("This candidate is not visited any more."))
    if facts.held_on > by.today:
        raise Refused(N_("The visit lies in the future."), "held_on")


def may_visit(account_id: int, application: SelectionApplication) -> bool:
    """Say whether an account visits a candidate: staff, and the panel but for conflicts."""
    account = accounts.get_account(account_id)
    if accounts.is_staff(account):
        return True
    seat = find_seat(account_id, application.round_id)
    return seat is not None and application.id not in spared_of([seat.id])[seat.id]


def _is_staff(by: Actor) -> bool:
    return accounts.is_staff(accounts.get_account(by.account_id or 0))


def _fill(row: SelectionVisit, facts: VisitFacts) -> None:
    row.held_on, row.people = facts.held_on, facts.people
    row.notes, row.confirmed = facts.notes, facts.confirmed


def _record(by: Actor, action: str, row: SelectionVisit) -> None:
    db.session.flush()
    after = {"application": row.application_id, "held_on": row.held_on, "confirmed": row.confirmed}
    audits.record(by, action, "selection_visit", row.id, after=after)


def _locked(visit_id: int) -> SelectionVisit:
    row = db.session.get(SelectionVisit, visit_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(visit_id)
    return row


def get_visit(visit_id: int) -> SelectionVisit:
    """Return a visit; raise Missing."""
    row = db.session.get(SelectionVisit, visit_id)
    if row is None:
        raise Missing(visit_id)
    return row


def round_of(application_id: int) -> int:
    """Return the round of a candidate; raise Missing."""
    query = select(SelectionApplication.round_id).where(SelectionApplication.id == application_id)
    found = db.session.scalar(query)
    if found is None:
        raise Missing(application_id)
    return found


def visits_of(application_ids: Collection[int]) -> dict[int, list[SelectionVisit]]:
    """Return the visits to these candidates, the oldest first."""
    query = select(SelectionVisit).where(SelectionVisit.application_id.in_(application_ids))
    found: dict[int, list[SelectionVisit]] = {}
    for row in db.session.scalars(query.order_by(SelectionVisit.held_on, SelectionVisit.id)):
        found.setdefault(row.application_id, []).append(row)
    return found


def missing_visits(application_ids: Collection[int]) -> set[int]:
    """Return who has no visit that confirmed the application."""
    query = select(SelectionVisit.application_id).where(
        SelectionVisit.application_id.in_(application_ids), SelectionVisit.confirmed.is_(True)
    )
    return set(application_ids) - set(db.session.scalars(query))


def _room(by: Actor, visit_id: int, _rule: str) -> Room:
    row = _locked(visit_id)
    application = lock_application(row.application_id)
    if not may_visit(by.account_id or 0, application):
        raise Missing(visit_id)
    if application.round.state not in GOING:
        raise Refused(N_("This candidate is not visited any more."))
    return Room(application.round_id)


def _reads(account: Account, visit_id: int) -> bool:
    application = db.session.get_one(SelectionApplication, get_visit(visit_id).application_id)
    return may_visit(account.id, application)


selection_files.register("visit", Keeper(_room, [_reads]))
