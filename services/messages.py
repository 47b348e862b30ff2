"""The outbox: messages are written within the act that causes them, so that both stand or fall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update

from models.database import db
from models.messages import Message
from rules.messages import CLOSED_STATES, MessageChannel, MessageState
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, page_of
from services.people import chunks, table_of
from services.transaction import transaction


@dataclass(frozen=True)
class Draft:
    """A message to be sent; ``once`` names what may be said a single time."""

    channel: MessageChannel
    recipient: str
    subject: str
    body: str
    about: str
    contest_id: int | None = None
    person_id: int | None = None
    once: str | None = None
    expires_at: datetime | None = None
    withheld: bool = False


def add_messages(by: Actor, drafts: Sequence[Draft]) -> None:
    """Part: put messages into the outbox; the clock sends them once this act is committed."""
    rows = [
        {
            "channel": one.channel,
            "recipient": one.recipient,
            "subject": one.subject,
            "body": one.body,
            "about": one.about,
            "contest_id": one.contest_id,
            "person_id": one.person_id,
            "once": one.once,
            "state": MessageState.WITHHELD if one.withheld else MessageState.WAITING,
            "tries": 0,
            "next_at": by.now,
            "expires_at": one.expires_at,
            "made_at": by.now,
            "ended_at": by.now if one.withheld else None,
        }
        for one in drafts
    ]
    for chunk in chunks(rows):
        db.session.execute(insert(table_of(Message)), list(chunk))


def said_among(keys: Iterable[str | None]) -> set[str | None]:
    """Return which of these were said before; they are asked for in chunks."""
    said: set[str | None] = set()
    for chunk in chunks([*keys]):
        said |= set(db.session.scalars(select(Message.once).where(Message.once.in_(chunk))))
    return said


def remind_once(by: Actor, subject: str, drafts: Iterable[Draft]) -> int:
    """Part: say each reminder a single time, and record it; return how many are new."""
    found = {one.once: one for one in drafts}
    said = said_among(found)
    new = [one for key, one in found.items() if key not in said]
    if new:
        add_messages(by, new)
        audits.record(by, "remind", subject, None, after={"number": len(new)})
    return len(new)


def list_messages(state: MessageState | None = None, page: int = 1) -> Page[Message]:
    """List what went out or should have, the newest first; what goes to nobody is left out."""
    query = select(Message).where(Message.state != MessageState.WITHHELD)
    if state is not None:
        query = query.where(Message.state == state)
    return page_of(query.order_by(Message.id.desc()), page, PAGE_SIZE)


class Count(NamedTuple):
    """How many messages stand in a state."""

    state: MessageState
    number: int


def count_messages() -> list[Count]:
    """Count messages by state."""
    query = select(Message.state, func.count()).where(Message.state != MessageState.WITHHELD)
    found = {row[0]: row[1] for row in db.session.execute(query.group_by(Message.state))}
    return [Count(state, found[state]) for state in MessageState if state in found]


@transaction
def try_again(by: Actor, message_id: int) -> int:
    """Put a message that was given up back into the outbox, with all its tries."""
    message = db.session.get(Message, message_id, with_for_update=True, populate_existing=True)
    if message is None:
        raise Missing(message_id)
    if message.state is not MessageState.GIVEN_UP:
        raise Refused(N_("Only messages that were given up can be tried again."))
    if message.recipient is None:
        raise Refused(N_("Recipient and text of this message are forgotten already."))
    if message.expires_at is not None and message.expires_at <= by.now:
        raise Refused(N_("What this message says no longer counts."))
    message.state, message.tries, message.fault = MessageState.WAITING, 0, None
    message.next_at, message.ended_at = by.now, None
    audits.record(by, "try_again", "message", message.id, contest_id=message.contest_id)
    return message_id


@transaction
def forget_texts(by: Actor, before: datetime) -> int:
    """Forget recipients and texts of messages that ended before an instant; return how many.

    What was withheld goes altogether.
    """
    db.session.execute(
        delete(Message).where(Message.state == MessageState.WITHHELD, Message.ended_at < before)
    )
    old = (
        Message.state.in_(CLOSED_STATES),
        Message.ended_at < before,
        Message.recipient.is_not(None),
    )
    number = db.session.scalar(select(func.count()).select_from(Message).where(*old)) or 0
    db.session.execute(update(Message).where(*old).values(recipient=None, body=None))
    if number:
        audits.record(by, "forget_texts", "message", None, after={"number": number})
    return number
