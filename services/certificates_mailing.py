"""One mail to each winner who has an address: where the certificates can be fetched."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import load_only

from models.accounts import Account
from models.certificates import Certificate
from models.contests import Contest
from models.database import db
from models.messages import Message
from models.people import Person
from rules.messages import OPEN_STATES, MessageChannel, MessageFault, MessageState
from rules.refusals import Missing, Refused
from rules.states import CertificateState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.messages import Draft, add_messages, said_among
from services.transaction import transaction

ABOUT = "certificates"
SUBJECT = "证书已签发，请领取"


class Winner(NamedTuple):
    """Somebody with valid certificates in a contest, and up to which one he was told of."""

    person_id: int
    name: str
    address: str
    newest: int

    @property
    def once(self) -> str:
        """Name what is said a single time: a newer certificate is worth another mail."""
        return f"certificate {self.newest} person {self.person_id}"


class Unreached(NamedTuple):
    """Somebody whose mail was given up."""

    name: str
    fault: MessageFault | None


class Mailing(NamedTuple):
    """How many winners there are, whom a mail would reach now, and who was not reached."""

    winners: int
    addressed: int
    due: Sequence[Winner]
    waiting: int
    unreached: Sequence[Unreached]


def look(contest_id: int) -> Mailing:
    """Count whom a mail would reach; nothing is sent."""
    winners = _winners(contest_id)
    addressed = [one for one in winners if one.address]
    return Mailing(
        len(winners), len(addressed), _due(addressed), _waiting(contest_id), _unreached(contest_id)
    )


@transaction
def send(by: Actor, contest_id: int, wording: Callable[[str], str]) -> int:
    """Write a mail to each winner who has an address and was not told yet; return the contest."""
    contest = db.session.get(Contest, contest_id, with_for_update=True, populate_existing=True)
    if contest is None:
        raise Missing(contest_id)
    due = _due([one for one in _winners(contest_id) if one.address])
    if not due:
        raise Refused(N_("Every winner who has an address was told already."))
    drafts = [
        Draft(
            MessageChannel.MAIL,
            one.address,
            SUBJECT,
            wording(one.name),
            ABOUT,
            contest_id=contest_id,
            person_id=one.person_id,
            once=one.once,
        )
        for one in due
    ]
    add_messages(by, drafts)
    after = {"number": len(drafts)}
    audits.record(by, "mail", "certificates", contest_id, contest_id=contest_id, after=after)
    return contest_id


def _winners(contest_id: int) -> list[Winner]:
    newest = (
        select(Certificate.person_id, func.max(Certificate.id).label("newest"))
        .where(
            Certificate.contest_id == contest_id,
            Certificate.state == CertificateState.ISSUED,
            Certificate.person_id.is_not(None),
        )
        .group_by(Certificate.person_id)
        .subquery()
    )
    query = (
        select(Person.id, Person.name, Account.email, newest.c.newest)
        .join(newest, newest.c.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .order_by(Person.id)
    )
    return [
        Winner(key, name, (email or "").strip(), number)
        for key, name, email, number in db.session.execute(query)
    ]


def _due(winners: Sequence[Winner]) -> list[Winner]:
    told = said_among(one.once for one in winners)
    return [one for one in winners if one.once not in told]


def _mails(contest_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Message.about == ABOUT, Message.contest_id == contest_id)


def _waiting(contest_id: int) -> int:
    query = select(func.count()).select_from(Message).where(*_mails(contest_id))
    query = query.where(Message.state.in_(OPEN_STATES))
    return db.session.scalar(query) or 0


def _unreached(contest_id: int) -> list[Unreached]:
    query = (
        select(Person, Message.fault)
        .join(Message, Message.person_id == Person.id)
        .options(load_only(Person.name))
        .where(*_mails(contest_id), Message.state == MessageState.GIVEN_UP)
        .order_by(Person.name_key, Person.id)
    )
    return [Unreached(person.name, fault) for person, fault in db.session.execute(query)]
