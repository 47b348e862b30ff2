"""Decision, public notice and founding of workshops: what is decided by a second person (R6)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.workshop_applications import WorkshopApplication
from models.workshops import Workshop, WorkshopMaster
from rules.refusals import Refused, check_reason
from rules.texts import N_
from rules.workdays import notice_end
from rules.workshops import (
    ApplicationKind,
    ApplicationState,
    GrantKind,
    MasterRole,
    TermState,
    WorkshopLevel,
    WorkshopState,
)
from services import audits
from services.acting import Actor
from services.calendars import load_calendar
from services.transaction import transaction
from services.workshops import (
    ONE_DAY,
    add_grant,
    begin_term,
    check_standing,
    end_term,
    lock_workshop,
    next_plaque,
    running_term,
)
from services.workshops_applications import lock_application, move_application
from services.workshops_policies import policy_on, rules_of
from services.workshops_requests import check_fit


@transaction
def decide(by: Actor, application_id: int) -> int:
    """Decide that a workshop is to be founded, or steps up, as a second person."""
    row = lock_application(application_id)
    _check_other(by, row)
    if row.site_found and not all(row.site_found.values()):
        raise Refused(N_("The check on the site found that something is missing."))
    check_fit(row, by.today, in_time=True)
    row.decided_on, row.decided_by_id = by.today, by.account_id
    return move_application(by, row, ApplicationState.DECIDED, "decide")


@transaction
def refuse(by: Actor, application_id: int, *, reason: str) -> int:
    """Refuse an application, with the reason."""
    check_reason(reason)
    row = lock_application(application_id)
    if row.state is ApplicationState.SITE_CHECKED:
        _check_other(by, row)
    return move_application(by, row, ApplicationState.REFUSED, "refuse", reason)


def _check_other(by: Actor, row: WorkshopApplication) -> None:
    if row.site_by_id == by.account_id:
        raise Refused(N_("Somebody else must decide this: you have checked it on the site."))


@transaction
def post_notice(by: Actor, application_id: int, contact: str) -> int:
    """Put what was decided up for objections, for so many working days (R3.01)."""
    row = lock_application(application_id)
    if not contact.strip():
        raise Refused(N_("Say where objections go."), "contact")
    policy = rules_of(row.policy)
    row.notice_starts_on, row.notice_contact = by.today, contact
    row.notice_ends_on = notice_end(
        by.today, policy.notice_days, policy.notice_counts_first_day, load_calendar()
    )
    return move_application(by, row, ApplicationState.NOTICE, "post_notice")


@transaction
def stop_notice(by: Actor, application_id: int, *, reason: str) -> int:
    """Take an application out of its notice after an objection; the site is checked again."""
    check_reason(reason)
    row = lock_application(application_id)
    row.decided_on = row.decided_by_id = None
    row.notice_starts_on = row.notice_ends_on = None
    return move_application(by, row, ApplicationState.CHECKED, "stop_notice", reason)


@transaction
def found(by: Actor, application_id: int, *, plaque_number: str = "") -> int:
    """Found the workshop, or lift it to its new level, once the notice is over; return its id."""
    row = lock_application(application_id)
    if row.notice_ends_on is not None and by.today <= row.notice_ends_on:
        text = N_("The notice stands until %(day)s.")
        raise Refused(text, day=row.notice_ends_on)
    check_fit(row, by.today, in_time=True)
    move_application(by, row, ApplicationState.FOUNDED, "found")
    plaque = plaque_number.strip() or next_plaque(by.today.year)
    if row.kind is ApplicationKind.STEP_UP:
        return _stepped_up(by, row, plaque)
    workshop = _founded(by, row, plaque)
    row.workshop_id = workshop.id
    term = begin_term(workshop, by.today)
    add_grant(by, term, GrantKind.FOUNDING)
    return workshop.id


def _founded(by: Actor, row: WorkshopApplication, plaque: str) -> Workshop:
    workshop = Workshop(
        title=row.title,
        level=row.level,
        recognised_by=row.recognised_by,
        naming=row.naming,
        state=WorkshopState.STANDING,
        leader_id=row.leader_id,
        employer_id=row.employer_id,
        host_kind=row.host_kind,
        district=row.district or row.employer.district,
        occupation=row.occupation,
        cluster=row.cluster,
        plaque_number=plaque,
        founded_on=by.today,
        about=row.about,
        recorded_at=by.now,
    )
    db.session.add(workshop)
    db.session.flush()
    add_masters(workshop, [key for key in row.masters if key != row.leader_id], by.today)
    after = {"title": row.title, "level": row.level, "plaque": plaque}
    audits.record(by, "found", "workshop", workshop.id, after=after)
    return workshop


def add_masters(workshop: Workshop, others: Sequence[int], day: date) -> None:
    """Part: note the leader and the further masters of a new workshop."""
    db.session.add(
        WorkshopMaster(
            workshop_id=workshop.id,
            person_id=workshop.leader_id,
            role=MasterRole.LEADER,
            from_on=day,
        )
    )
    for person_id in dict.fromkeys(others):
        db.session.add(
            WorkshopMaster(
                workshop_id=workshop.id, person_id=person_id, role=MasterRole.MASTER, from_on=day
            )
        )
    db.session.flush()


def _stepped_up(by: Actor, row: WorkshopApplication, plaque: str) -> int:
    workshop = lock_workshop(row.workshop_id or 0)
    check_standing(workshop)
    before: dict[str, WorkshopLevel | str | None] = {
        "level": workshop.level,
        "plaque": workshop.plaque_number,
    }
    from_level = workshop.level
    old = running_term(workshop.id)
    if old is not None:
        end_term(old, TermState.STEPPED_UP, max(old.starts_on, by.today - ONE_DAY))
    workshop.level, workshop.plaque_number, workshop.preferred = row.level, plaque, False
    workshop.recognised_by = row.recognised_by or workshop.recognised_by
    db.session.flush()
    term = begin_term(workshop, by.today, policy_on(by.today))
    add_grant(by, term, GrantKind.STEP_UP, from_level=from_level)
    after = {"level": row.level, "plaque": plaque}
    audits.record(by, "step_up", "workshop", workshop.id, before=before, after=after)
    return workshop.id


def open_notices(today: date) -> Sequence[WorkshopApplication]:
    """List the applications whose notice stands today."""
    query = (
        select(WorkshopApplication)
        .options(joinedload(WorkshopApplication.leader), joinedload(WorkshopApplication.employer))
        .where(
            WorkshopApplication.state == ApplicationState.NOTICE,
            WorkshopApplication.notice_ends_on >= today,
        )
    )
    return db.session.scalars(query.order_by(WorkshopApplication.number)).all()
