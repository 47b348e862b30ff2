"""The training: days, who was there, tests with marks, and what coaches write down (R1.29)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models.database import db
from models.provincial import ProvincialEvent, ProvincialSlot, ProvincialSlotMember
from models.provincial_delegations import (
    ProvincialAttendance,
    ProvincialCamp,
    ProvincialNote,
    ProvincialTest,
    ProvincialTestMark,
)
from rules.provincial import ATTENDED, Presence, SlotState
from rules.provincial_marks import Mark
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits, provincial
from services.acting import Actor
from services.transaction import transaction

SUBJECT = "provincial_camp"
LONGEST = 200
TRAINED = (SlotState.IN_TRAINING, SlotState.NAMED, SlotState.RESERVE, SlotState.RELEASED)


@dataclass(frozen=True)
class CampFacts:
    """What is typed about a training."""

    title: str
    starts_on: date
    ends_on: date
    place: str = ""
    leader: str = ""


@transaction
def open_camp(by: Actor, contest_id: int, facts: CampFacts) -> int:
    """Open a training for a contest; return its id."""
    contest = provincial.locked(contest_id)
    _check(facts)
    row = ProvincialCamp(contest_id=contest.id, **vars(facts))
    db.session.add(row)
    db.session.flush()
    audits.record(by, "open", SUBJECT, row.id, after={"title": row.title, "contest": contest_id})
    return row.id


def _check(facts: CampFacts) -> None:
    if not 0 <= (facts.ends_on - facts.starts_on).days < LONGEST:
        raise Refused(N_("Give the first and the last day of the training."), "ends_on")


@transaction
def edit_camp(by: Actor, camp_id: int, facts: CampFacts) -> int:
    """Change a training; days on which somebody was ticked off stay within it."""
    row = _locked(camp_id)
    _check(facts)
    span = select(func.min(ProvincialAttendance.day), func.max(ProvincialAttendance.day))
    first, last = db.session.execute(span.where(ProvincialAttendance.camp_id == camp_id)).one()
    if first is not None and not (facts.starts_on <= first and last <= facts.ends_on):
        raise Refused(N_("Somebody was ticked off on a day that would lie outside."), "ends_on")
    for name, value in vars(facts).items():
        setattr(row, name, value)
    audits.record(by, "edit", SUBJECT, camp_id, after={"title": row.title})
    return camp_id


@transaction
def tick(by: Actor, camp_id: int, day: date, marks: Mapping[int, Presence]) -> int:
    """Record who was at the training on a day, by member; a later list corrects an earlier one."""
    row = _locked(camp_id)
    if not row.starts_on <= day <= row.ends_on:
        raise Refused(N_("This is no day of the training."), "day")
    if day > by.today:
        raise Refused(N_("This day is still to come."), "day")
    known = {one.id for one in _members(row.contest_id)}
    if not {*marks} <= known:
        raise Missing(camp_id)
    query = select(ProvincialAttendance).where(
        ProvincialAttendance.camp_id == camp_id, ProvincialAttendance.day == day
    )
    present = {one.member_id: one for one in db.session.scalars(query)}
    for member_id, presence in marks.items():
        own = present.get(member_id)
        if own is None:
            own = ProvincialAttendance(camp_id=camp_id, member_id=member_id, day=day)
            db.session.add(own)
        elif own.presence is presence:
            continue
        own.presence, own.recorded_at, own.recorded_by_id = presence, by.now, by.account_id
    after = {"day": day, "people": len(marks)}
    audits.record(by, "tick", SUBJECT, camp_id, after=after)
    return camp_id


def _members(contest_id: int) -> Sequence[ProvincialSlotMember]:
    query = (
        select(ProvincialSlotMember)
        .join(ProvincialSlot, ProvincialSlot.id == ProvincialSlotMember.slot_id)
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
        .where(ProvincialEvent.contest_id == contest_id, ProvincialSlotMember.active)
        .options(joinedload(ProvincialSlotMember.person), joinedload(ProvincialSlotMember.slot))
        .order_by(ProvincialEvent.position, ProvincialSlot.id, ProvincialSlotMember.position)
    )
    return db.session.scalars(query.where(ProvincialSlot.state.in_(TRAINED))).all()


@transaction
def add_test(by: Actor, camp_id: int, event_id: int, title: str, day: date, full: Decimal) -> int:
    """Add a test of one event; return its id."""
    row = _locked(camp_id)
    event = provincial.get_event(event_id)
    if event.contest_id != row.contest_id:
        raise Missing(event_id)
    if not row.starts_on <= day <= row.ends_on:
        raise Refused(N_("This is no day of the training."), "day")
    test = ProvincialTest(camp_id=camp_id, event_id=event_id, title=title, day=day, full=full)
    db.session.add(test)
    db.session.flush()
    audits.record(by, "add_test", SUBJECT, camp_id, after={"test": test.id, "title": title})
    return test.id


@transaction
def enter_test(by: Actor, test_id: int, marks: Mapping[int, Decimal | None]) -> int:
    """Enter the marks of a test by slot; return the training's id."""
    test = db.session.get(ProvincialTest, test_id, with_for_update=True)
    if test is None:
        raise Missing(test_id)
    query = select(ProvincialSlot.id).where(ProvincialSlot.event_id == test.event_id)
    if not {*marks} <= {*db.session.scalars(query)}:
        raise Missing(test_id)
    present = {one.slot_id: one for one in test.marks}
    before = {str(key): present[key].mark for key in marks if key in present}
    for slot_id, mark in marks.items():
        if mark is not None and not 0 <= mark <= test.full:
            text = N_("A mark lies between 0 and %(full)s.")
            raise Refused(text, f"mark_{slot_id}", full=test.full)
        own = present.get(slot_id)
        if own is None:
            own = ProvincialTestMark(test_id=test_id, slot_id=slot_id)
            db.session.add(own)
        own.mark, own.recorded_by_id = mark, by.account_id
    after = {str(key): one for key, one in marks.items()}
    audits.record(by, "enter_test", SUBJECT, test.camp_id, before=before, after=after)
    return test.camp_id


@transaction
def note(by: Actor, camp_id: int, day: date, text: str, slot_id: int | None = None) -> int:
    """Write down what happened on a day of the training; return the training's id."""
    row = _locked(camp_id)
    if not row.starts_on <= day <= row.ends_on:
        raise Refused(N_("This is no day of the training."), "day")
    if slot_id is not None:
        slot = db.session.get(ProvincialSlot, slot_id)
        if slot is None or slot.event.contest_id != row.contest_id:
            raise Missing(slot_id)
    found = ProvincialNote(camp_id=camp_id, day=day, text=text, slot_id=slot_id)
    found.written_at, found.written_by_id = by.now, by.account_id
    db.session.add(found)
    db.session.flush()
    audits.record(by, "note", SUBJECT, camp_id, after={"note": found.id})
    return camp_id


def _locked(camp_id: int) -> ProvincialCamp:
    row = db.session.get(ProvincialCamp, camp_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(camp_id)
    return row


def get_camp(camp_id: int) -> ProvincialCamp:
    """Return a training; raise Missing."""
    row = db.session.get(ProvincialCamp, camp_id)
    if row is None:
        raise Missing(camp_id)
    return row


def list_camps(contest_id: int) -> Sequence[ProvincialCamp]:
    """List the trainings of a contest, the earliest first."""
    query = select(ProvincialCamp).where(ProvincialCamp.contest_id == contest_id)
    return db.session.scalars(query.order_by(ProvincialCamp.starts_on, ProvincialCamp.id)).all()


@dataclass(frozen=True)
class Tick:
    """A line of a day's list: who, in which slot, and whether there."""

    member_id: int
    name: str
    team: str
    event_id: int
    presence: Presence | None


def day_list(camp: ProvincialCamp, day: date) -> list[Tick]:
    """Return the list of a day, with what was ticked off already."""
    query = select(ProvincialAttendance.member_id, ProvincialAttendance.presence).where(
        ProvincialAttendance.camp_id == camp.id, ProvincialAttendance.day == day
    )
    known: dict[int, Presence] = {key: one for key, one in db.session.execute(query)}
    return [
        Tick(one.id, one.full_name, one.slot.title, one.event_id, known.get(one.id))
        for one in _members(camp.contest_id)
    ]


@dataclass(frozen=True)
class Attended:
    """Somebody at a training: on which days, and on how many of them he was there."""

    member_id: int
    slot_id: int
    name: str
    event_id: int
    days: Mapping[date, Presence]

    @property
    def count(self) -> int:
        """Count the days on which he was there."""
        return sum(one in ATTENDED for one in self.days.values())


def attendance_of(camp: ProvincialCamp) -> list[Attended]:
    """Return the table of a training: everybody with each day that has a list."""
    query = select(
        ProvincialAttendance.member_id, ProvincialAttendance.day, ProvincialAttendance.presence
    ).where(ProvincialAttendance.camp_id == camp.id)
    known: dict[int, dict[date, Presence]] = {}
    for member, day, presence in db.session.execute(query):
        known.setdefault(member, {})[day] = presence
    return [
        Attended(one.id, one.slot_id, one.full_name, one.event_id, known.get(one.id, {}))
        for one in _members(camp.contest_id)
    ]


def marks_of(tests: Iterable[ProvincialTest]) -> dict[int, list[Mark]]:
    """Return the marks of each slot over the tests, the earliest test first."""
    found: dict[int, list[Mark]] = {}
    for test in tests:
        for one in test.marks:
            if one.mark is not None:
                mark = Mark(test.day, test.title, one.mark, test.full)
                found.setdefault(one.slot_id, []).append(mark)
    return found


def days_of_camp(camp: ProvincialCamp) -> list[date]:
    """Return all days of a training."""
    count = (camp.ends_on - camp.starts_on).days + 1
    return [camp.starts_on + timedelta(days=n) for n in range(count)]


def recorded_days(camp_id: int) -> Mapping[date, int]:
    """Count who was there on each day that has a list."""
    query = (
        select(ProvincialAttendance.day, func.count(ProvincialAttendance.id))
        .where(
            ProvincialAttendance.camp_id == camp_id, ProvincialAttendance.presence.in_([*ATTENDED])
        )
        .group_by(ProvincialAttendance.day)
    )
    return {day: count for day, count in db.session.execute(query)}


def days_of(slot_ids: Iterable[int]) -> Mapping[int, int]:
    """Count the days on which all of a slot trained: of a team the fewest of its members."""
    query = (
        select(
            ProvincialSlotMember.slot_id,
            ProvincialSlotMember.id,
            func.count(func.distinct(ProvincialAttendance.day)),
        )
        .outerjoin(
            ProvincialAttendance,
            (ProvincialAttendance.member_id == ProvincialSlotMember.id)
            & ProvincialAttendance.presence.in_([*ATTENDED]),
        )
        .where(ProvincialSlotMember.slot_id.in_([*slot_ids]))
        .group_by(ProvincialSlotMember.slot_id, ProvincialSlotMember.id)
    )
    found: dict[int, int] = {}
    for slot, _, days in db.session.execute(query):
        found[slot] = min(days, found.get(slot, days))
    return found


def list_tests(event_ids: Iterable[int]) -> Sequence[ProvincialTest]:
    """List the tests of events with their marks, the earliest first."""
    query = (
        select(ProvincialTest)
        .where(ProvincialTest.event_id.in_([*event_ids]))
        .options(selectinload(ProvincialTest.marks), selectinload(ProvincialTest.camp))
        .order_by(ProvincialTest.day, ProvincialTest.id)
    )
    return db.session.scalars(query).all()


def get_test(test_id: int) -> ProvincialTest:
    """Return a test; raise Missing."""
    row = db.session.get(ProvincialTest, test_id)
    if row is None:
        raise Missing(test_id)
    return row


def list_notes(camp_id: int) -> Sequence[ProvincialNote]:
    """List what was written down at a training, the newest first."""
    query = select(ProvincialNote).where(ProvincialNote.camp_id == camp_id)
    return db.session.scalars(query.order_by(ProvincialNote.day.desc(), ProvincialNote.id)).all()


def list_notes_about(slot_id: int) -> Sequence[ProvincialNote]:
    """List what was written down about one candidate, the newest first."""
    query = select(ProvincialNote).where(ProvincialNote.slot_id == slot_id)
    return db.session.scalars(query.order_by(ProvincialNote.day.desc(), ProvincialNote.id)).all()
