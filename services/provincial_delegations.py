"""The delegation: who travels, in which vehicles, with which papers, and what is still to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.provincial_delegations import (
    ProvincialDelegation,
    ProvincialMember,
    ProvincialPaper,
    ProvincialTask,
    ProvincialVehicle,
)
from rules.identity import parse_phone
from rules.provincial import SENT, FilePurpose, MemberRole
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits, provincial
from services.acting import Actor
from services.attachments import Kept, Upload
from services.provincial_delegations_files import row_of, scan_kept
from services.provincial_delegations_forms import event_ids
from services.provincial_slots import list_slots
from services.transaction import STALE, transaction

SUBJECT = "provincial_delegation"
# What every delegation has to see to; the list can be changed.
USUAL_TASKS = (
    "收齐参赛选手身份证复印件和照片",
    "为全体人员投保人身意外伤害保险",
    "核对选手自带工具和设备清单",
    "预订住宿和餐饮",
    "安排车辆和驾驶员",
    "召开赛前动员会",
    "领取参赛证和赛事手册",
)


@dataclass(frozen=True)
class MemberFacts:
    """What is typed about somebody who travels."""

    role: MemberRole
    name: str
    unit: str = ""
    phone: str = ""


@transaction
def open_delegation(by: Actor, contest_id: int) -> int:
    """Open the delegation of a contest with the usual checklist; return its id."""
    contest = provincial.locked(contest_id)
    if find(contest_id) is not None:
        raise Refused(STALE)
    row = ProvincialDelegation(contest_id=contest.id)
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        ProvincialTask(delegation_id=row.id, title=title, position=place)
        for place, title in enumerate(USUAL_TASKS, start=1)
    )
    audits.record(by, "open", SUBJECT, row.id, after={"contest": contest_id})
    return row.id


@transaction
def edit_journey(
    by: Actor, delegation_id: int, hotel: str, leaves_on: date | None, returns_on: date | None
) -> int:
    """Say where the delegation stays and when it travels; return the contest's id."""
    row = locked(delegation_id)
    if leaves_on is not None and returns_on is not None and returns_on < leaves_on:
        raise Refused(N_("The delegation cannot return before it leaves."), "returns_on")
    row.hotel, row.leaves_on, row.returns_on = hotel, leaves_on, returns_on
    audits.record(by, "edit", SUBJECT, row.id, after={"leaves_on": leaves_on})
    return row.contest_id


@transaction
def add_member(by: Actor, delegation_id: int, facts: MemberFacts) -> int:
    """Add somebody who travels; there is one leader (R1.27). Return the contest's id."""
    row = locked(delegation_id)
    taken = select(ProvincialMember.id).where(
        ProvincialMember.delegation_id == row.id, ProvincialMember.role == MemberRole.LEADER
    )
    if facts.role is MemberRole.LEADER and db.session.scalar(taken) is not None:
        raise Refused(N_("The delegation has a leader already."), "role")
    phone = parse_phone(facts.phone) if facts.phone.strip() else None
    made = ProvincialMember(
        delegation_id=row.id, role=facts.role, name=facts.name, unit=facts.unit, phone=phone
    )
    db.session.add(made)
    db.session.flush()
    after = {"member": made.id, "role": facts.role, "name": facts.name}
    audits.record(by, "add_member", SUBJECT, row.id, after=after)
    return row.contest_id


@transaction
def remove_member(by: Actor, member_id: int) -> int:
    """Take somebody off the delegation; a vehicle loses its driver. Return the contest's id."""
    member = db.session.get(ProvincialMember, member_id)
    if member is None:
        raise Missing(member_id)
    row = locked(member.delegation_id)
    driven = select(ProvincialVehicle).where(ProvincialVehicle.driver_id == member_id)
    for vehicle in db.session.scalars(driven):
        vehicle.driver_id = None
    db.session.flush()
    audits.record(by, "remove_member", SUBJECT, row.id, before={"name": member.name})
    db.session.delete(member)
    return row.contest_id


@transaction
def add_vehicle(
    by: Actor, delegation_id: int, plate: str, seats: int, driver_id: int | None, note: str
) -> int:
    """Add a vehicle; its driver travels with the delegation. Return the contest's id."""
    row = locked(delegation_id)
    plate = plate.upper().replace(" ", "")
    if any(one.plate == plate for one in list_vehicles(row.id)):
        raise Refused(N_("This vehicle is there already."), "plate")
    if driver_id is not None and driver_id not in {one.id for one in list_members(row.id)}:
        raise Missing(driver_id)
    db.session.add(
        ProvincialVehicle(
            delegation_id=row.id, plate=plate, seats=seats, driver_id=driver_id, note=note
        )
    )
    audits.record(by, "add_vehicle", SUBJECT, row.id, after={"seats": seats})
    return row.contest_id


@transaction
def remove_vehicle(by: Actor, vehicle_id: int) -> int:
    """Take a vehicle away; return the contest's id."""
    vehicle = db.session.get(ProvincialVehicle, vehicle_id)
    if vehicle is None:
        raise Missing(vehicle_id)
    row = locked(vehicle.delegation_id)
    audits.record(by, "remove_vehicle", SUBJECT, row.id, before={"seats": vehicle.seats})
    db.session.delete(vehicle)
    return row.contest_id


@dataclass(frozen=True)
class PaperFacts:
    """What is typed about a paper: whose, which, and until when it is valid."""

    holder: str
    title: str
    number: str = ""
    expires_on: date | None = None


def bring_paper(
    by: Actor, delegation_id: int, facts: PaperFacts, scan: Upload | None, folder: Path
) -> int:
    """Add a paper with its scan, if there is one; return the contest's id."""
    with scan_kept(scan, folder) as kept:
        typed = (facts.holder, facts.title, facts.number, facts.expires_on)
        return add_paper(by, delegation_id, *typed, kept=kept)


@transaction
def add_paper(
    by: Actor,
    delegation_id: int,
    holder: str,
    title: str,
    number: str,
    expires_on: date | None,
    *,
    kept: Kept | None = None,
) -> int:
    """Add a paper that must be valid during the contest; return the contest's id."""
    row = locked(delegation_id)
    paper = ProvincialPaper(delegation_id=row.id, holder=holder, title=title)
    paper.number, paper.expires_on = number or None, expires_on
    if kept is not None:
        paper.file_id = row_of(by, row.contest_id, FilePurpose.PAPER, kept).id
    db.session.add(paper)
    audits.record(by, "add_paper", SUBJECT, row.id, after={"title": title, "until": expires_on})
    return row.contest_id


@transaction
def remove_paper(by: Actor, paper_id: int) -> int:
    """Take a paper off the list; return the contest's id."""
    paper = db.session.get(ProvincialPaper, paper_id)
    if paper is None:
        raise Missing(paper_id)
    row = locked(paper.delegation_id)
    audits.record(by, "remove_paper", SUBJECT, row.id, before={"title": paper.title})
    db.session.delete(paper)
    return row.contest_id


@transaction
def add_task(by: Actor, delegation_id: int, title: str, due_on: date | None) -> int:
    """Add a line to the checklist; return the contest's id."""
    row = locked(delegation_id)
    position = len(list_tasks(row.id)) + 1
    db.session.add(
        ProvincialTask(delegation_id=row.id, title=title, due_on=due_on, position=position)
    )
    audits.record(by, "add_task", SUBJECT, row.id, after={"title": title})
    return row.contest_id


@transaction
def settle_task(by: Actor, task_id: int, done: bool) -> int:
    """Tick a line of the checklist off, or open it again; return the contest's id."""
    task = db.session.get(ProvincialTask, task_id, with_for_update=True)
    if task is None:
        raise Missing(task_id)
    row = locked(task.delegation_id)
    task.done_at, task.done_by_id = (by.now, by.account_id) if done else (None, None)
    audits.record(by, "settle_task", SUBJECT, row.id, after={"title": task.title, "done": done})
    return row.contest_id


def locked(delegation_id: int) -> ProvincialDelegation:
    """Part: lock a delegation; raise Missing."""
    query = select(ProvincialDelegation).where(ProvincialDelegation.id == delegation_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None:
        raise Missing(delegation_id)
    return row


def find(contest_id: int) -> ProvincialDelegation | None:
    """Return the delegation of a contest, if there is one."""
    query = select(ProvincialDelegation).where(ProvincialDelegation.contest_id == contest_id)
    return db.session.scalar(query)


def list_members(delegation_id: int) -> Sequence[ProvincialMember]:
    """List who travels, the leader first."""
    query = select(ProvincialMember).where(ProvincialMember.delegation_id == delegation_id)
    order = {role: place for place, role in enumerate(MemberRole)}
    return sorted(db.session.scalars(query), key=lambda one: (order[one.role], one.id))


def list_vehicles(delegation_id: int) -> Sequence[ProvincialVehicle]:
    """List the vehicles with their drivers."""
    query = select(ProvincialVehicle).where(ProvincialVehicle.delegation_id == delegation_id)
    query = query.options(joinedload(ProvincialVehicle.driver))
    return db.session.scalars(query.order_by(ProvincialVehicle.id)).all()


def list_papers(delegation_id: int) -> Sequence[ProvincialPaper]:
    """List the papers, those that expire first before the others."""
    query = select(ProvincialPaper).where(ProvincialPaper.delegation_id == delegation_id)
    return sorted(db.session.scalars(query), key=lambda one: (one.expires_on or date.max, one.id))


def list_tasks(delegation_id: int) -> Sequence[ProvincialTask]:
    """List the checklist."""
    query = select(ProvincialTask).where(ProvincialTask.delegation_id == delegation_id)
    return db.session.scalars(query.order_by(ProvincialTask.position, ProvincialTask.id)).all()


@dataclass(frozen=True)
class Card:
    """A name card: a name, what for, where from; no picture and no number of a person."""

    name: str
    role: str
    unit: str
    event: str


def cards(contest_id: int) -> list[Card]:
    """Return the name cards of all who travel, entrants first."""
    slots = list_slots(event_ids(contest_id), SENT)
    found = [
        Card(one.full_name, "entrant", slot.employer.title if slot.employer else "",
             slot.event.title)
        for slot in slots
        for one in slot.members
    ]  # fmt: skip
    row = find(contest_id)
    if row is not None:
        found += [Card(one.name, one.role, one.unit, "") for one in list_members(row.id)]
    return found
