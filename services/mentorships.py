"""Agreements of mentor, apprentice and employer: drafted, checked, signed by all three (R7.02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from models.database import db
from models.mentorships import (
    Mentorship,
    MentorshipClass,
    MentorshipSignature,
    Milestone,
)
from models.people import Employer, Person
from models.workshops import Workshop
from rules.data import InvalidRules
from rules.mentorship_agreements import PlanItem, agreement_problems, check_name
from rules.mentorship_terms import check_objection, objection_end
from rules.mentorships import MENTORSHIP_MOVES, MentorshipState, Party
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import accounts, audits
from services.acting import Actor
from services.mentorships_parts import (
    account_of,
    limits_of,
    lock_checks,
    lock_pair,
    managed,
    move,
    problems_of,
    rules_on,
    spoken_for,
    text_of,
)
from services.transaction import STALE, transaction
from services.yearly_numbers import next_after


@dataclass(frozen=True, slots=True)
class Draft:
    """What is typed of an agreement (R7.02)."""

    mentor_id: int
    apprentice_id: int
    occupation: str
    skill: str
    target: str
    starts_on: date
    ends_on: date
    plan: tuple[PlanItem, ...] = ()
    assessment: str = ""
    safeguards: str = ""
    mentor_level: int | None = None
    mentor_title: str = ""
    apprentice_level: int | None = None
    new_kind: bool = False
    workshop_id: int | None = None
    class_id: int | None = None


@transaction
def create(by: Actor, employer_id: int, draft: Draft) -> int:
    """Draft an agreement, as its employer or the bureau; return its id."""
    check_employer(by, employer_id)
    lock_checks()
    row = add_pair(by, employer_id, draft)
    after = {"number": row.number, "mentor": draft.mentor_id, "apprentice": draft.apprentice_id}
    audits.record(by, "create", "mentorship", row.id, after=after)
    return row.id


def check_employer(by: Actor, employer_id: int) -> None:
    """Part: raise Missing unless somebody acts for this employer, or for the bureau."""
    account = account_of(by)
    if not accounts.is_staff(account) and account.employer_id != employer_id:
        raise Missing(employer_id)
    if db.session.get(Employer, employer_id) is None:
        raise Missing(employer_id)


def add_pair(by: Actor, employer_id: int, draft: Draft) -> Mentorship:
    """Part: add the row of a pair with the next number; its state is draft."""
    _check_draft(draft)
    row = Mentorship(
        number=next_numbers(by.today.year, 1)[0],
        employer_id=employer_id,
        created_at=by.now,
        created_by_id=by.account_id,
        state=MentorshipState.DRAFT,
        plan=[],
    )
    _fill(row, draft)
    db.session.add(row)
    db.session.flush()
    return row


def next_numbers(year: int, count: int) -> list[str]:
    """Return the next free numbers of a year; for who holds the lock of checks."""
    prefix = f"师徒{year}-"
    first = next_after(Mentorship.number, prefix)
    return [f"{prefix}{number:05d}" for number in range(first, first + count)]


def _check_draft(draft: Draft) -> None:
    problems = []
    if draft.mentor_id == draft.apprentice_id:
        problems.append(Refused(N_("Nobody is a mentor of himself."), "apprentice"))
    if draft.ends_on < draft.starts_on:
        problems.append(Refused(N_("The term ends before it starts."), "ends_on"))
    if problems:
        raise InvalidRules(problems)
    people = {draft.mentor_id, draft.apprentice_id}
    known = db.session.scalar(select(func.count()).where(Person.id.in_(people)))
    if known != len(people):
        raise Missing(draft.mentor_id)
    _check_frame(draft)


def _check_frame(draft: Draft) -> None:
    """Refuse a workshop or class that is not there."""
    if draft.workshop_id is not None and db.session.get(Workshop, draft.workshop_id) is None:
        raise Missing(draft.workshop_id)
    if draft.class_id is not None and db.session.get(MentorshipClass, draft.class_id) is None:
        raise Missing(draft.class_id)


_TYPED = (
    "mentor_id", "apprentice_id", "occupation", "skill", "target", "starts_on", "ends_on",
    "assessment", "safeguards", "mentor_level", "mentor_title", "apprentice_level", "new_kind",
    "workshop_id", "class_id",
)  # fmt: skip


def _fill(row: Mentorship, draft: Draft) -> None:
    for name in _TYPED:
        setattr(row, name, getattr(draft, name))
    row.plan = [item.model_dump(mode="json") for item in draft.plan]


@transaction
def edit(by: Actor, mentorship_id: int, draft: Draft, version: int | None = None) -> int:
    """Change an agreement before it runs; signatures that were given fall with the old text."""
    row = managed(by, mentorship_id)
    if version is not None and version != row.version:
        raise Refused(STALE)
    if row.state is MentorshipState.SIGNING:
        row.state = moved(MENTORSHIP_MOVES, row.state, MentorshipState.DRAFT)
    if row.state is not MentorshipState.DRAFT:
        raise Refused(N_("A running agreement changes by an amendment only."))
    _check_draft(draft)
    before = row.digest
    _fill(row, draft)
    db.session.flush()
    db.session.refresh(row)
    row.digest = text_of(row).digest()
    dropped = _drop_signatures(by, row)
    after = {"number": row.number, "digest": row.digest, "dropped_signatures": dropped}
    audits.record(by, "edit", "mentorship", row.id, before={"digest": before}, after=after)
    return row.id


def _drop_signatures(by: Actor, row: Mentorship) -> int:
    standing = standing_signatures(row.id, 0)
    for one in standing:
        one.dropped_at = by.now
    return len(standing)


def standing_signatures(mentorship_id: int, amendment: int) -> Sequence[MentorshipSignature]:
    """List the signatures that stand under an agreement or one of its amendments."""
    query = select(MentorshipSignature).where(
        MentorshipSignature.mentorship_id == mentorship_id,
        MentorshipSignature.amendment == amendment,
        MentorshipSignature.dropped_at.is_(None),
    )
    return db.session.scalars(query.order_by(MentorshipSignature.id)).all()


@transaction
def submit(by: Actor, mentorship_id: int) -> int:
    """Give an agreement to its parties to sign; everything that forbids it is told at once."""
    lock_checks()
    submit_part(by, managed(by, mentorship_id))
    return mentorship_id


def submit_part(by: Actor, row: Mentorship, carried_on: bool = False) -> None:
    """Part: check a pair against the limits of its first day, and open it for signatures.

    What carries a former pair on may be shorter than a term of its own.
    """
    rules = rules_on(row.starts_on)
    text = text_of(row)
    limits = limits_of(rules)
    if carried_on:
        limits = limits.model_copy(update={"least_months": 1})
    problems = [*agreement_problems(text), *problems_of(row, limits)]
    if problems:
        raise InvalidRules(problems)
    row.digest, row.rules_id = text.digest(), None if rules is None else rules.id
    move(by, row, MentorshipState.SIGNING, "submit", digest=row.digest)


@transaction
def take_back(by: Actor, mentorship_id: int) -> int:
    """Take an agreement back from its parties; signatures fall."""
    row = managed(by, mentorship_id)
    dropped = _drop_signatures(by, row)
    move(by, row, MentorshipState.DRAFT, "take_back", dropped_signatures=dropped)
    return mentorship_id


@transaction
def cancel(by: Actor, mentorship_id: int, *, reason: str) -> int:
    """Drop an agreement that does not run yet."""
    check_reason(reason)
    row = managed(by, mentorship_id)
    if row.state not in (MentorshipState.DRAFT, MentorshipState.SIGNING):
        raise Refused(N_("A running agreement is broken off, not dropped."))
    row.reason = reason
    move(by, row, MentorshipState.CANCELLED, "cancel")
    return mentorship_id


@transaction
def sign(by: Actor, mentorship_id: int, party: Party, name: str, digest: str) -> int:
    """Sign as one of the three by typing one's name; the third signature makes it run.

    What is signed is the text with this digest: who has an older one before him is refused.
    """
    row = lock_pair(mentorship_id)
    spoken_for(by, row, party)
    if row.state is not MentorshipState.SIGNING:
        raise Refused(N_("This agreement is not open for signatures."))
    add_signature(by, row, party, name, digest, (row.digest, 0))
    if len(standing_signatures(row.id, 0)) == len(Party):
        _start(by, row)
    return mentorship_id


def add_signature(
    by: Actor, row: Mentorship, party: Party, name: str, seen: str, text: tuple[str, int]
) -> None:
    """Part: add one signature under a text and its number, once for each party."""
    digest, amendment = text
    if seen != digest:
        raise Refused(N_("The text has changed meanwhile. Read it again before you sign."))
    if any(one.party is party for one in standing_signatures(row.id, amendment)):
        raise Refused(N_("This party has signed already."))
    check_name(name, name_of(row, party))
    made = MentorshipSignature(
        mentorship_id=row.id,
        amendment=amendment,
        party=party,
        name=name_of(row, party),
        digest=digest,
        signed_at=by.now,
        account_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    after = {"party": party, "number": row.number, "amendment": amendment, "digest": digest}
    audits.record(by, "sign", "mentorship", row.id, after=after)


def name_of(row: Mentorship, party: Party) -> str:
    """Return the name with which a party signs: a person's own, or that of the employer."""
    names = {
        Party.MENTOR: row.mentor.name,
        Party.APPRENTICE: row.apprentice.name,
        Party.EMPLOYER: row.employer.title,
    }
    return names[party]


def _start(by: Actor, row: Mentorship) -> None:
    limits = limits_of(row.rules)
    row.signed_on = by.today
    row.objection_until = objection_end(limits, row.starts_on, by.today)
    add_milestones(row, [PlanItem.model_validate(item) for item in row.plan], 0)
    move(by, row, MentorshipState.RUNNING, "start")


def add_milestones(row: Mentorship, items: Sequence[PlanItem], last: int) -> None:
    """Part: make the lines of a plan the milestones of the term."""
    for position, item in enumerate(items, start=last + 1):
        db.session.add(
            Milestone(
                mentorship_id=row.id,
                position=position,
                title=item.what,
                degree=item.degree,
                due_on=item.until,
            )
        )
    db.session.flush()


@transaction
def object_to(by: Actor, mentorship_id: int, *, reason: str) -> int:
    """End a pair as mentor or apprentice within the time for objections, without blame (R7.03)."""
    check_reason(reason)
    row = lock_pair(mentorship_id)
    party = spoken_for(by, row, Party.MENTOR, Party.APPRENTICE)
    check_objection(row.objection_until, by.today)
    row.ended_on, row.ended_by, row.reason = by.today, party, reason
    move(by, row, MentorshipState.CANCELLED, "object", party=party)
    return mentorship_id
