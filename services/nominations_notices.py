"""The bureau's own notice of names, objections against them, and approval by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.nominations import Nomination, NominationCall, NominationNotice, NominationObjection
from rules.data import InvalidRules
from rules.nominations import CallState, NominationObjectionState, NominationState
from rules.refusals import Missing, Refused, check_reason
from rules.texts import N_
from rules.workdays import notice_end
from services import audits
from services.acting import Actor
from services.calendars import load_calendar
from services.nominations import lock_open_call, rules_of
from services.nominations_candidates import lock_nomination, move_nomination
from services.transaction import transaction


@transaction
def post_notice(by: Actor, call_id: int, contact: str) -> int:
    """Put all ranked candidates up for objections, for so many working days (R8.04, R3.01)."""
    call = lock_open_call(call_id)
    if not contact.strip():
        raise Refused(N_("Say where objections go."), "contact")
    rows = _in_state(call_id, NominationState.RANKED)
    if not rows:
        raise Refused(N_("No candidate is ranked that has not stood in a notice."))
    rules = rules_of(call)
    days, first = rules.notice_days, rules.counts_first_day
    notice = NominationNotice(
        call_id=call_id,
        number=_last_number(call_id) + 1,
        starts_on=by.today,
        ends_on=notice_end(by.today, days, first, load_calendar()),
        working_days=days,
        counts_first_day=first,
        contact=contact.strip(),
        posted_at=by.now,
        posted_by_id=by.account_id,
    )
    db.session.add(notice)
    db.session.flush()
    for row in rows:
        row.notice_id = notice.id
        move_nomination(by, row, NominationState.NOTICE, "post_notice")
    after = {"number": notice.number, "starts_on": notice.starts_on, "ends_on": notice.ends_on}
    audits.record(by, "post_notice", "nomination_notice", notice.id, after=after)
    return notice.id


def _last_number(call_id: int) -> int:
    query = select(func.max(NominationNotice.number)).where(NominationNotice.call_id == call_id)
    return db.session.scalar(query) or 0


def _in_state(call_id: int, *states: NominationState) -> Sequence[Nomination]:
    query = (
        select(Nomination)
        .options(
            joinedload(Nomination.person),
            joinedload(Nomination.employer),
            joinedload(Nomination.notice),
        )
        .where(Nomination.call_id == call_id, Nomination.state.in_(states))
        .with_for_update(of=Nomination)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query.order_by(Nomination.list_key, Nomination.rank)).all()


@dataclass(frozen=True)
class ObjectionFacts:
    """What somebody brought up, and how he or she can be reached."""

    received_on: date
    objector: str
    contact: str
    text: str


@transaction
def record_objection(by: Actor, nomination_id: int, facts: ObjectionFacts) -> int:
    """Record an objection that came in by letter, telephone or visit; return the nomination."""
    row = lock_nomination(nomination_id)
    notice = row.notice
    if notice is None or row.state not in (NominationState.NOTICE, NominationState.APPROVED):
        raise Refused(N_("An objection is recorded while the name stands in a notice."))
    if not notice.starts_on <= facts.received_on <= by.today:
        raise Refused(N_("On this day the name did not stand in a notice."), "received_on")
    made = NominationObjection(
        nomination_id=row.id,
        notice_id=notice.id,
        received_on=facts.received_on,
        objector=facts.objector,
        contact=facts.contact,
        text=facts.text,
        recorded_at=by.now,
        recorded_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    if row.state is NominationState.APPROVED:
        row.approved_at = row.approved_by_id = None
        move_nomination(by, row, NominationState.NOTICE, "object")
    after = {"nomination": row.id, "received_on": facts.received_on}
    audits.record(by, "record", "nomination_objection", made.id, after=after)
    return row.id


@transaction
def answer_objection(by: Actor, objection_id: int, *, upheld: bool, answer: str) -> int:
    """Answer an objection; an upheld one takes the candidate out, to be checked again."""
    check_reason(answer)
    found = db.session.get(NominationObjection, objection_id)
    if found is None:
        raise Missing(objection_id)
    row = lock_nomination(found.nomination_id)
    found = db.session.get_one(
        NominationObjection, objection_id, with_for_update=True, populate_existing=True
    )
    if found.state is not NominationObjectionState.OPEN:
        raise Refused(N_("This objection is answered already."))
    found.state = NominationObjectionState.UPHELD if upheld else NominationObjectionState.DISMISSED
    found.answer, found.answered_at, found.answered_by_id = answer, by.now, by.account_id
    if upheld and row.state is NominationState.NOTICE:
        row.rank = row.notice_id = None
        move_nomination(by, row, NominationState.CHECKED, "uphold_objection")
    audits.record(by, "answer", "nomination_objection", objection_id, after={"state": found.state})
    return row.id


@transaction
def approve_names(by: Actor, call_id: int) -> int:
    """Approve, as a second person, all names whose notice has ended without an open objection."""
    lock_open_call(call_id)
    rows = _in_state(call_id, NominationState.NOTICE)
    if not rows:
        raise Refused(N_("No name waits for approval."))
    held = open_objections([row.id for row in rows])
    problems = {row.id: approval_problem(by, row, held) for row in rows}
    free = [row for row in rows if problems[row.id] is None]
    if not free:
        raise InvalidRules([one for one in problems.values() if one is not None])
    for row in free:
        row.approved_at, row.approved_by_id = by.now, by.account_id
        move_nomination(by, row, NominationState.APPROVED, "approve")
    audits.record(by, "approve", "nomination_call", call_id, after={"number": len(free)})
    return call_id


def approval_problem(by: Actor, row: Nomination, held: set[int]) -> Refused | None:
    """Say why a name cannot be approved yet by this account."""
    if row.notice is None or by.today <= row.notice.ends_on:
        day = "" if row.notice is None else row.notice.ends_on.isoformat()
        return Refused(N_("%(name)s: the notice stands until %(day)s."), name=row.name, day=day)
    if row.id in held:
        return Refused(N_("%(name)s: an objection is not answered yet."), name=row.name)
    if row.checked_by_id == by.account_id:
        return Refused(N_("%(name)s: you have checked this candidate yourself."), name=row.name)
    return None


def open_objections(ids: Sequence[int]) -> set[int]:
    """Return the nominations against which an objection is open."""
    query = select(NominationObjection.nomination_id).where(
        NominationObjection.nomination_id.in_(ids),
        NominationObjection.state == NominationObjectionState.OPEN,
    )
    return set(db.session.scalars(query))


def get_objection(objection_id: int) -> NominationObjection:
    """Return an objection; raise Missing."""
    found = db.session.get(NominationObjection, objection_id)
    if found is None:
        raise Missing(objection_id)
    return found


def list_objections(nomination_id: int) -> Sequence[NominationObjection]:
    """List the objections against a name, the oldest first."""
    query = select(NominationObjection).where(NominationObjection.nomination_id == nomination_id)
    return db.session.scalars(query.order_by(NominationObjection.id)).all()


@dataclass(frozen=True)
class PublicName:
    """A line of a notice: nothing that a public list may not say (R9.04-05)."""

    list_title: str
    rank: int | None
    name: str
    unit: str


@dataclass(frozen=True)
class PublicNotice:
    """A notice as everybody reads it."""

    notice: NominationNotice
    call: NominationCall
    names: tuple[PublicName, ...]


def public_notice(notice_id: int) -> PublicNotice:
    """Return a notice with the names that stand in it; raise Missing."""
    query = select(NominationNotice).options(joinedload(NominationNotice.call))
    notice = db.session.scalar(query.where(NominationNotice.id == notice_id))
    if notice is None or notice.call.state is CallState.CANCELLED:
        raise Missing(notice_id)
    return _public([notice])[0]


def standing_notices(today: date) -> list[PublicNotice]:
    """List the notices that stand on a day, with their names."""
    query = (
        select(NominationNotice)
        .join(NominationNotice.call)
        .options(joinedload(NominationNotice.call))
        .where(NominationNotice.ends_on >= today, NominationCall.state == CallState.OPEN)
        .order_by(NominationNotice.ends_on, NominationNotice.id)
    )
    return _public(db.session.scalars(query).all())


_SHOWN = (NominationState.NOTICE, NominationState.APPROVED, NominationState.SENT,
          NominationState.GRANTED, NominationState.NOT_GRANTED)  # fmt: skip


def _public(notices: Sequence[NominationNotice]) -> list[PublicNotice]:
    query = (
        select(Nomination)
        .options(joinedload(Nomination.person), joinedload(Nomination.employer))
        .where(Nomination.notice_id.in_([one.id for one in notices]), Nomination.state.in_(_SHOWN))
        .order_by(Nomination.rank, Nomination.id)
    )
    rows = db.session.scalars(query).all()
    found = []
    for notice in notices:
        rules = rules_of(notice.call)
        names = [
            PublicName(one.title, row.rank, row.name, _unit(row))
            for one in rules.lists
            for row in rows
            if row.notice_id == notice.id and row.list_key == one.key
        ]
        found.append(PublicNotice(notice, notice.call, tuple(names)))
    return found


def _unit(row: Nomination) -> str:
    return "" if row.person is None or row.employer is None else row.employer.title


def list_notices(call_id: int) -> Sequence[NominationNotice]:
    """List the notices of a call, the oldest first."""
    query = select(NominationNotice).where(NominationNotice.call_id == call_id)
    return db.session.scalars(query.order_by(NominationNotice.number)).all()
