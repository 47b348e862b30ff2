"""Single figures of the desks, all from one statement."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, func, literal, select

from models.accounts import Account
from models.appeals import Appeal
from models.awards import Award, AwardShare
from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.results import Revision
from rules.access import Holder, Role, contests_of
from rules.editions import ContestKind
from rules.states import CertificateState, EntryState, EventState
from services import appeals_holds, awards, panels_answers

LIVE = (EntryState.SUBMITTED, EntryState.RETURNED, EntryState.ACCEPTED)


class Counts(NamedTuple):
    """Single figures, all from one statement."""

    returned: int = 0
    own_entries: int = 0
    own_starts: int = 0
    certificates: int = 0
    awards: int = 0
    amount: Decimal | None = None
    waiting_accounts: int = 0
    locked_accounts: int = 0
    led_appeals: int = 0
    own_appeals: int = 0
    asked: int = 0


def count(holder: Holder, now: datetime) -> Counts:
    """Count what the holder's roles need to know, in one statement of sub-queries."""
    final = (
        select(AwardShare.amount.label("amount"))
        .outerjoin(Award, Award.id == AwardShare.award_id)
        .outerjoin(Revision, Revision.id == Award.revision_id)
        .outerjoin(Entry, Entry.id == Award.entry_id)
        .outerjoin(Event, Event.id == Entry.event_id)
        .where(AwardShare.amount > 0, awards.is_payable())
    )
    if (limits := contests_of(holder, {Role.PAYER})) is not None:
        final = final.where(func.coalesce(AwardShare.contest_id, Event.contest_id).in_(limits))
    found: Any = final.subquery()  # its columns are known by name only
    asked = (
        _count(_owned_by(holder.employer_id), Entry.state == EntryState.RETURNED),
        _count(_owned_by(holder.employer_id), Entry.state.in_(LIVE)),
        _starts(holder.person_id),
        _certificates(holder.person_id),
        select(func.count()).select_from(found).scalar_subquery(),
        select(func.sum(found.c.amount)).scalar_subquery(),
        _accounts(~Account.active, Account.password.is_(None)),
        _accounts(Account.active, Account.locked_until > now),
        _appeals(Entry.employer_id == (holder.employer_id or 0)),
        _appeals(Entry.members.any(EntryMember.person_id == (holder.person_id or 0))),
        panels_answers.asked_query(holder.account_id),
    )
    columns = [
        one if holder.has(*roles) else literal(0) for one, roles in zip(asked, _WHO, strict=True)
    ]
    return Counts(*db.session.execute(select(*columns)).one())


# Who needs to know each figure, in the order of the figures.
_WHO: tuple[tuple[Role, ...], ...] = (
    (Role.EMPLOYER,),
    (Role.EMPLOYER,),
    (Role.CONTESTANT,),
    (Role.CONTESTANT,),
    (Role.PAYER,),
    (Role.PAYER,),
    (Role.ADMINISTRATOR,),
    (Role.ADMINISTRATOR,),
    (Role.EMPLOYER,),
    (Role.CONTESTANT,),
    (Role.JUDGE, Role.ENTRY_CLERK),
)
ROLES = frozenset(role for roles in _WHO for role in roles)


def _owned_by(employer_id: int | None) -> Any:
    """Return the condition that an entry of a contest that is not over is the employer's."""
    over = (EventState.FINAL, EventState.CANCELLED)
    own = Event.contest.has(Contest.kind == ContestKind.CONTEST)
    living = select(Event.id).where(Event.id == Entry.event_id, Event.state.not_in(over), own)
    return and_(Entry.employer_id == (employer_id or 0), living.exists())


def _count(*conditions: Any) -> Any:
    return select(func.count(Entry.id)).where(*conditions).scalar_subquery()


def _starts(person_id: int | None) -> Any:
    query = (
        select(func.count(EntryMember.id))
        .join(Entry, Entry.id == EntryMember.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .where(EntryMember.person_id == (person_id or 0), Entry.state.in_(LIVE))
        .where(Event.state.not_in((EventState.FINAL, EventState.CANCELLED)))
        .where(Event.contest.has(Contest.kind == ContestKind.CONTEST))
    )
    return query.scalar_subquery()


def _certificates(person_id: int | None) -> Any:
    query = select(func.count(Certificate.id)).where(
        Certificate.person_id == (person_id or 0),
        Certificate.state == CertificateState.ISSUED,
    )
    return query.scalar_subquery()


def _appeals(mine: Any) -> Any:
    query = select(func.count(Appeal.id)).join(Appeal.entry)
    return query.where(mine, Appeal.state.in_(appeals_holds.OPEN)).scalar_subquery()


def _accounts(*conditions: Any) -> Any:
    return select(func.count(Account.id)).where(*conditions).scalar_subquery()
