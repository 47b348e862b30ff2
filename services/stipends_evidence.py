"""Evidence that only stipends need: other subsidised trainings, and break-offs decided by case."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.mentorships import Mentorship
from models.people import Person
from models.stipends import OtherTraining, StipendCase
from rules.mentorships import MentorshipState
from rules.refusals import Missing, Refused, check_reason
from rules.stipend_scales import SubsidyKind
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.transaction import transaction

_KNOWN = N_("This training is recorded already.")
_NOT_BROKEN = N_("Only a pair that was broken off is decided by case.")
_SHARE = N_("The part that is left lies between 0 and 100 percent.")
_UNKNOWN = N_("There is no agreement of this number.")
_OWN = N_("Somebody else must agree: you have made this decision.")
_AGREED = N_("This decision is agreed already; it stands.")


@transaction
def record_training(
    by: Actor,
    person_id: int,
    *,
    kind: SubsidyKind,
    occupation: str,
    level: int | None,
    held_on: date,
    source: str,
) -> int:
    """Record a training of a person that another programme subsidised (R7.09)."""
    if db.session.get(Person, person_id) is None:
        raise Missing(person_id)
    if held_on > by.today:
        raise Refused(N_("This day lies in the future."), field="held_on")
    same = select(OtherTraining).where(
        OtherTraining.person_id == person_id,
        OtherTraining.kind == kind,
        OtherTraining.occupation == occupation.strip(),
        OtherTraining.held_on == held_on,
    )
    found = db.session.scalar(same)
    if found is not None and found.withdrawn_at is None:
        raise Refused(_KNOWN, field="held_on")
    found = found or OtherTraining(
        person_id=person_id, kind=kind, occupation=occupation.strip(), held_on=held_on
    )
    found.level, found.source, found.withdrawn_at = level, source.strip(), None
    found.recorded_at, found.recorded_by_id = by.now, by.account_id
    db.session.add(found)
    db.session.flush()
    after = {"person": person_id, "kind": kind, "day": held_on}
    audits.record(by, "record_training", "other_training", found.id, after=after)
    return found.id


@transaction
def withdraw_training(by: Actor, training_id: int) -> int:
    """Take back a training that was recorded by mistake."""
    found = db.session.get(OtherTraining, training_id, with_for_update=True)
    if found is None or found.withdrawn_at is not None:
        raise Missing(training_id)
    found.withdrawn_at = by.now
    audits.record(by, "withdraw_training", "other_training", training_id)
    return training_id


@transaction
def decide_case(by: Actor, mentorship_id: int, *, kept: Decimal, reason: str) -> int:
    """Decide what part is left to the mentor of a pair that was broken off (R7.03)."""
    pair = db.session.get(Mentorship, mentorship_id, with_for_update=True)
    if pair is None:
        raise Missing(mentorship_id)
    if pair.state is not MentorshipState.BROKEN_OFF:
        raise Refused(_NOT_BROKEN)
    check_reason(reason)
    if not 0 <= kept <= 1:
        raise Refused(_SHARE, field="kept")
    found = _case(mentorship_id) or StipendCase(mentorship_id=mentorship_id)
    if found.agreed_at is not None:
        raise Refused(_AGREED)
    found.kept, found.reason = kept, reason
    found.decided_at, found.decided_by_id = by.now, by.account_id
    db.session.add(found)
    db.session.flush()
    after = {"mentorship": mentorship_id, "kept": kept}
    audits.record(by, "decide_case", "stipend_case", found.id, after=after)
    return found.id


@transaction
def agree_case(by: Actor, case_id: int) -> int:
    """Agree as a second person; the next run settles by the decision."""
    found = db.session.get(StipendCase, case_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(case_id)
    if found.agreed_at is not None:
        raise Refused(_AGREED)
    if by.account_id is None or by.account_id == found.decided_by_id:
        raise Refused(_OWN)
    found.agreed_at, found.agreed_by_id = by.now, by.account_id
    audits.record(by, "agree_case", "stipend_case", found.id, after={"kept": found.kept})
    return found.id


def _case(mentorship_id: int) -> StipendCase | None:
    query = select(StipendCase).where(StipendCase.mentorship_id == mentorship_id)
    return db.session.scalar(query.with_for_update())


def apprentice_of(number: str) -> int:
    """Return the apprentice of an agreement by its number."""
    query = select(Mentorship.apprentice_id).where(Mentorship.number == number.strip())
    found = db.session.scalar(query)
    if found is None:
        raise Refused(_UNKNOWN, field="number")
    return found


def list_cases() -> list[tuple[Mentorship, StipendCase | None]]:
    """List the pairs that were broken off, with what was decided, the undecided first."""
    query = (
        select(Mentorship, StipendCase)
        .outerjoin(StipendCase, StipendCase.mentorship_id == Mentorship.id)
        .options(joinedload(Mentorship.mentor), joinedload(Mentorship.apprentice))
        .where(Mentorship.state == MentorshipState.BROKEN_OFF)
        .order_by(StipendCase.agreed_at.is_not(None), Mentorship.ended_on.desc(), Mentorship.id)
        .limit(200)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def list_trainings() -> Sequence[OtherTraining]:
    """List the trainings that others subsidised, the newest first."""
    query = (
        select(OtherTraining)
        .options(joinedload(OtherTraining.person))
        .where(OtherTraining.withdrawn_at.is_(None))
        .order_by(OtherTraining.held_on.desc(), OtherTraining.id.desc())
        .limit(200)
    )
    return db.session.scalars(query).all()
