"""People who are called to a task of a contest without a seat on a panel, such as experts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from models.certificates import Appointment, Certificate
from models.database import db
from rules.people import parse_name
from rules.refusals import Missing, Refused
from rules.states import ContestState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.contests import locked_contest
from services.transaction import transaction


@dataclass(frozen=True)
class Call:
    """Who is called to what, and for how long."""

    name: str
    role: str
    starts_on: date
    ends_on: date
    unit: str = ""


@transaction
def appoint(by: Actor, contest_id: int, call: Call) -> int:
    """Write in somebody who is called to a task; the letter of appointment is issued after it."""
    contest = locked_contest(contest_id)
    if contest.state is ContestState.DRAFT:
        raise Refused(N_("Publish the edition first; then people can be called to it."))
    if call.ends_on < call.starts_on:
        raise Refused(N_("The last day lies before the first one."), "ends_on")
    facts = asdict(call) | {"name": parse_name(call.name)}
    made = Appointment(contest_id=contest_id, **facts, made_at=by.now, made_by_id=by.account_id)
    db.session.add(made)
    db.session.flush()
    after = {"name": made.name, "role": made.role}
    audits.record(by, "appoint", "appointment", made.id, contest_id=contest_id, after=after)
    return made.id


@transaction
def strike_out(by: Actor, contest_id: int, appointment_id: int) -> int:
    """Strike out somebody who was written in; who has a letter stays, for the letter names him."""
    found = db.session.get(Appointment, appointment_id, with_for_update=True)
    if found is None or found.contest_id != contest_id:
        raise Missing(appointment_id)
    letters = select(Certificate.id).where(Certificate.appointment_id == appointment_id)
    if db.session.scalar(letters.limit(1)) is not None:
        raise Refused(N_("There is a letter of appointment already; revoke that one instead."))
    before = {"name": found.name, "role": found.role}
    db.session.delete(found)
    audits.record(
        by, "strike_out", "appointment", appointment_id, contest_id=contest_id, before=before
    )
    return contest_id


def list_appointments(contest_id: int) -> Sequence[Appointment]:
    """List who was written in, in the order of writing."""
    query = select(Appointment).where(Appointment.contest_id == contest_id)
    return db.session.scalars(query.order_by(Appointment.id)).all()
