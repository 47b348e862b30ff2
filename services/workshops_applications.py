"""Applications for workshops: written by the host, checked, looked at on the site (R6.01-03)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.people import Employer
from models.workshop_applications import WorkshopApplication
from rules.people import PersonFacts
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from rules.workshop_conditions import Apprentice
from rules.workshops import (
    APPLICATION_MOVES,
    EDITABLE,
    ApplicationKind,
    ApplicationState,
    HostKind,
    WorkshopLevel,
    WorkshopNaming,
    next_level,
)
from services import audits
from services.acting import Actor
from services.people import add_person
from services.transaction import transaction
from services.workshops import check_standing, lock_workshop
from services.workshops_policies import policy_on
from services.workshops_requests import check_fit
from services.yearly_numbers import next_after


@dataclass(frozen=True)
class Wish:
    """What the host writes; of a step up the name, leader and masters are the workshop's own."""

    title: str
    level: WorkshopLevel
    naming: WorkshopNaming
    host_kind: HostKind
    occupation: str
    leader: PersonFacts | None = None
    masters: Sequence[PersonFacts] | None = ()  # none: as they are
    apprentices: Sequence[Apprentice] = ()
    recognised_by: str = ""
    district: str = ""
    cluster: str = ""
    texts: dict[str, str] = field(default_factory=dict)


TEXTS = ("about", "room", "equipment", "own_rules", "plan", "local_renown")


@transaction
def apply(by: Actor, employer_id: int, wish: Wish) -> int:
    """Begin an application of a host for its leader; it is a draft until it is handed in."""
    if db.session.get(Employer, employer_id) is None:
        raise Missing(employer_id)
    if wish.leader is None:
        raise Refused(N_("Name the leader."), "leader")
    row = WorkshopApplication(
        number=_next_number(by.today.year),
        kind=ApplicationKind.FOUNDING,
        employer_id=employer_id,
        leader_id=add_person(by, wish.leader, employer_id),
        written_at=by.now,
        written_by_id=by.account_id,
        policy_id=policy_on(by.today).id,
        masters=[add_person(by, one) for one in wish.masters or ()],
    )
    _write(row, wish)
    db.session.add(row)
    db.session.flush()
    after = {"number": row.number, "title": row.title, "level": row.level}
    audits.record(by, "apply", "workshop_application", row.id, after=after)
    return row.id


@transaction
def apply_step_up(by: Actor, workshop_id: int, wish: Wish) -> int:
    """Begin an application of a standing workshop for the level above."""
    workshop = lock_workshop(workshop_id)
    check_standing(workshop)
    upper = next_level(workshop.level)
    if upper is None:
        raise Refused(N_("There is no higher level."), "level")
    row = WorkshopApplication(
        number=_next_number(by.today.year),
        kind=ApplicationKind.STEP_UP,
        workshop_id=workshop_id,
        employer_id=workshop.employer_id,
        leader_id=workshop.leader_id,
        written_at=by.now,
        written_by_id=by.account_id,
        policy_id=policy_on(by.today).id,
        masters=[one.person_id for one in workshop.masters if one.to_on is None],
    )
    _write(row, wish)
    row.level, row.title = upper, workshop.title
    db.session.add(row)
    db.session.flush()
    after = {"number": row.number, "title": row.title, "level": row.level}
    audits.record(by, "apply", "workshop_application", row.id, after=after)
    return row.id


def _write(row: WorkshopApplication, wish: Wish) -> None:
    row.title, row.level, row.naming = wish.title, wish.level, wish.naming
    row.host_kind, row.occupation = wish.host_kind, wish.occupation
    row.recognised_by, row.district, row.cluster = (
        wish.recognised_by,
        wish.district,
        wish.cluster,
    )
    for key in TEXTS:
        setattr(row, key, wish.texts.get(key, ""))
    row.apprentices = [
        {
            "name": one.name,
            "signed_on": None if one.signed_on is None else one.signed_on.isoformat(),
        }
        for one in wish.apprentices
    ]


def _next_number(year: int) -> str:
    start = f"{year}-"
    return f"{start}{next_after(WorkshopApplication.number, start):04d}"


@transaction
def edit_application(by: Actor, application_id: int, wish: Wish, version: int | None = None) -> int:
    """Change an application that is a draft or was sent back."""
    row = lock_application(application_id)
    if row.state not in EDITABLE:
        raise Refused(N_("This application is handed in; it can no longer be changed."))
    if version is not None and version != row.version:
        raise Refused(N_("Somebody else has changed this application meanwhile."))
    if row.kind is ApplicationKind.STEP_UP:
        title, level = row.title, row.level
        _write(row, wish)
        row.title, row.level = title, level
    else:
        if wish.leader is not None:
            row.leader_id = add_person(by, wish.leader, row.employer_id)
        if wish.masters is not None:
            row.masters = [add_person(by, one) for one in wish.masters]
        _write(row, wish)
    audits.record(by, "edit", "workshop_application", row.id, after={"title": row.title})
    return row.id


@transaction
def submit_application(by: Actor, application_id: int) -> int:
    """Hand an application in; what is missing by the rules of today is said at once."""
    row = lock_application(application_id)
    row.policy_id = policy_on(by.today).id
    db.session.flush()
    db.session.refresh(row, ["policy"])
    check_fit(row, by.today)
    row.submitted_at = by.now
    return move_application(by, row, ApplicationState.SUBMITTED, "submit")


@transaction
def withdraw_application(by: Actor, application_id: int) -> int:
    """Withdraw an application before it leads to a workshop."""
    return move_application(
        by, lock_application(application_id), ApplicationState.WITHDRAWN, "withdraw"
    )


@transaction
def return_application(by: Actor, application_id: int, *, reason: str) -> int:
    """Send an application back to its host to be completed."""
    check_reason(reason)
    row = lock_application(application_id)
    return move_application(by, row, ApplicationState.RETURNED, "return", reason)


@transaction
def check_conditions(by: Actor, application_id: int) -> int:
    """Confirm that the papers show all conditions (R6.02); refused while one is missing."""
    row = lock_application(application_id)
    check_fit(row, by.today, in_time=True)
    row.checked_at, row.checked_by_id = by.now, by.account_id
    return move_application(by, row, ApplicationState.CHECKED, "check")


@dataclass(frozen=True)
class SiteVisit:
    """What was found on the site."""

    held_on: date
    people: str
    found: dict[str, bool]
    note: str


@transaction
def record_site_check(by: Actor, application_id: int, visit: SiteVisit) -> int:
    """Record the check on the site: who was there, what was found."""
    row = lock_application(application_id)
    if visit.held_on > by.today:
        raise Refused(N_("The visit lies in the future."), "held_on")
    row.site_on, row.site_people = visit.held_on, visit.people
    row.site_found, row.site_note = dict(visit.found), visit.note
    row.site_by_id = by.account_id
    return move_application(by, row, ApplicationState.SITE_CHECKED, "site_check")


def lock_application(application_id: int) -> WorkshopApplication:
    """Part: return an application, locked; raise Missing."""
    row = db.session.get(
        WorkshopApplication, application_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise Missing(application_id)
    return row


def move_application(
    by: Actor,
    row: WorkshopApplication,
    state: ApplicationState,
    action: str,
    reason: str = "",
) -> int:
    """Part: move an application on, and record it; return its id."""
    before = {"state": row.state}
    row.state, row.reason = moved(APPLICATION_MOVES, row.state, state), reason
    after: dict[str, Any] = {"state": state} | ({"reason": reason} if reason else {})
    audits.record(by, action, "workshop_application", row.id, before=before, after=after)
    return row.id


def get_application(application_id: int) -> WorkshopApplication:
    """Return an application with host, leader and rules; raise Missing."""
    query = select(WorkshopApplication).options(
        joinedload(WorkshopApplication.leader),
        joinedload(WorkshopApplication.employer),
        joinedload(WorkshopApplication.policy),
        joinedload(WorkshopApplication.workshop),
    )
    found = db.session.scalar(query.where(WorkshopApplication.id == application_id))
    if found is None:
        raise Missing(application_id)
    return found
