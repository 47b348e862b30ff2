"""Reminders of mentorships: unsigned agreements, months not confirmed, terms that are over (R7)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.mentorships import (
    Acceptance,
    Mentorship,
    MentorshipMonth,
    MentorshipPause,
    MentorshipSignature,
)
from models.people import Person
from rules.mentorship_terms import Days, first_of, is_paused, months_of
from rules.mentorships import MentorshipState, Party
from rules.messages import MessageChannel
from services import mentorships_letters
from services.acting import ZONE, Actor
from services.messages import Draft, remind_once
from services.transaction import transaction

ABOUT = "mentorship"
# So many days after an agreement was given to its parties.
SIGN_STEPS = (3, 10)
# On this day of a month the one before it should be confirmed.
MONTH_DAY = 5
# Older ends come from old registers; nobody is reminded of them.
ENDED_WITHIN = timedelta(days=31)
# Nobody is called at night; the clock comes again within the hour.
BY_DAY = range(8, 20)
SIDES = (Party.MENTOR, Party.APPRENTICE)


@dataclass(frozen=True)
class Call:
    """Something to say once to a person, or to those who act for an employer."""

    once: str
    body: str
    person_id: int | None = None
    employer_id: int | None = None


@dataclass(frozen=True)
class Reached:
    """An account that can be told something, and how."""

    account_id: int
    channel: MessageChannel
    address: str


@transaction
def remind(by: Actor) -> int:
    """Say each reminder a single time, in at most nine statements; return how many are new."""
    if by.now.astimezone(ZONE).hour not in BY_DAY:
        return 0
    calls = [*_unsigned(by.today), *_unconfirmed(by.today), *_unaccepted(by.today)]
    people, employers = _reached(calls)
    drafts = []
    for call in calls:
        known = people.get(call.person_id or 0, []) + employers.get(call.employer_id or 0, [])
        drafts += [_draft(call, one) for one in known]
    return remind_once(by, "mentorship", drafts)


def _draft(call: Call, one: Reached) -> Draft:
    is_mail = one.channel is MessageChannel.MAIL
    return Draft(
        one.channel,
        one.address,
        mentorships_letters.SUBJECT if is_mail else "",
        call.body,
        ABOUT,
        person_id=call.person_id,
        once=f"mentorship {call.once} account {one.account_id}",
    )


def _unsigned(today: date) -> Iterator[Call]:
    """Yield mentors and apprentices who have not signed some days after the agreement came."""
    submitted = (
        select(
            AuditRecord.subject_id.label("mentorship_id"),
            func.max(AuditRecord.at).label("at"),
        )
        .where(AuditRecord.subject == "mentorship", AuditRecord.action == "submit")
        .group_by(AuditRecord.subject_id)
        .subquery()
    )
    query = select(Mentorship, submitted.c.at).join(
        submitted, submitted.c.mentorship_id == Mentorship.id
    )
    rows = db.session.execute(query.where(Mentorship.state == MentorshipState.SIGNING)).all()
    signed = _signatures([row.id for row, _at in rows])
    for row, at in rows:
        since = at.astimezone(ZONE).date()
        step = max((one for one in SIGN_STEPS if (today - since).days >= one), default=None)
        if step is None:
            continue
        for party in SIDES:
            if (row.id, party) not in signed:
                yield Call(
                    f"{row.id} sign {since.isoformat()} {step}",
                    mentorships_letters.signature_due(row.number),
                    person_id=_person(row, party),
                )


def _person(row: Mentorship, party: Party) -> int:
    return row.mentor_id if party is Party.MENTOR else row.apprentice_id


def _signatures(ids: Sequence[int]) -> set[tuple[int, Party]]:
    query = select(MentorshipSignature.mentorship_id, MentorshipSignature.party).where(
        MentorshipSignature.mentorship_id.in_(ids),
        MentorshipSignature.amendment == 0,
        MentorshipSignature.dropped_at.is_(None),
    )
    return {(key, party) for key, party in db.session.execute(query)}


def _unconfirmed(today: date) -> Iterator[Call]:
    """Yield those who have not confirmed the month that has passed, each with all pairs."""
    if today.day < MONTH_DAY:
        return
    month = first_of(first_of(today) - timedelta(days=1))
    going = Mentorship.state.in_((MentorshipState.RUNNING, MentorshipState.PAUSED))
    term = (Mentorship.starts_on < first_of(today), Mentorship.ends_on >= month)
    pairs = db.session.scalars(select(Mentorship).where(going, *term)).all()
    ids = [one.id for one in pairs]
    pauses, done = _pauses(ids), _months(ids, month)
    missing: Counter[int] = Counter()
    for row in pairs:
        rests = is_paused(month, row.starts_on, row.ends_on, pauses.get(row.id, []))
        if month in months_of(row.starts_on, row.ends_on) and not rests:
            missing.update(_person(row, one) for one in SIDES if (row.id, one) not in done)
    for person_id, number in missing.items():
        body = mentorships_letters.month_due(month, number)
        yield Call(f"month {month:%Y-%m}", body, person_id=person_id)


def _pauses(ids: Sequence[int]) -> dict[int, list[Days]]:
    query = select(MentorshipPause.mentorship_id, MentorshipPause.from_on, MentorshipPause.to_on)
    found: dict[int, list[Days]] = {}
    for key, first, last in db.session.execute(query.where(MentorshipPause.mentorship_id.in_(ids))):
        found.setdefault(key, []).append((first, last))
    return found


def _months(ids: Sequence[int], month: date) -> set[tuple[int, Party]]:
    query = select(MentorshipMonth).where(
        MentorshipMonth.mentorship_id.in_(ids),
        MentorshipMonth.month == month,
        MentorshipMonth.withdrawn_at.is_(None),
    )
    return {
        (row.mentorship_id, party)
        for row in db.session.scalars(query)
        for party in SIDES
        if getattr(row, f"{party}_confirmed_at") is not None
    }


def _unaccepted(today: date) -> Iterator[Call]:
    """Yield employers of pairs whose term has just ended without a check (R7.11)."""
    check = select(Acceptance.id).where(Acceptance.mentorship_id == Mentorship.id).exists()
    query = (
        select(Mentorship.employer_id, Mentorship.ends_on, func.count())
        .where(
            Mentorship.state == MentorshipState.RUNNING,
            Mentorship.ends_on < today,
            Mentorship.ends_on >= today - ENDED_WITHIN,
            ~check,
        )
        .group_by(Mentorship.employer_id, Mentorship.ends_on)
    )
    for employer_id, ended_on, number in db.session.execute(query):
        body = mentorships_letters.acceptance_due(ended_on, number)
        yield Call(f"acceptance {ended_on.isoformat()}", body, employer_id=employer_id)


def _reached(calls: Sequence[Call]) -> tuple[dict[int, list[Reached]], dict[int, list[Reached]]]:
    """Return the accounts of people and of employers that can be told by mail or else by text."""
    people = {call.person_id for call in calls if call.person_id is not None}
    employers = {call.employer_id for call in calls if call.employer_id is not None}
    query = (
        select(Account, Person.phone)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(
            Account.active.is_(True),
            or_(Account.person_id.in_(people), Account.employer_id.in_(employers)),
        )
        .order_by(Account.id)
    )
    by_person: dict[int, list[Reached]] = {}
    by_employer: dict[int, list[Reached]] = {}
    for account, phone in db.session.execute(query):
        one = _way(account, phone)
        if one is not None:
            by_person.setdefault(account.person_id or 0, []).append(one)
            by_employer.setdefault(account.employer_id or 0, []).append(one)
    by_person.pop(0, None)
    by_employer.pop(0, None)
    return by_person, by_employer


def _way(account: Account, phone: str | None) -> Reached | None:
    if account.email:
        return Reached(account.id, MessageChannel.MAIL, account.email)
    number = account.phone or phone
    if number:
        return Reached(account.id, MessageChannel.SMS, number)
    return None
