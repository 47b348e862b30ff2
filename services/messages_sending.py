"""Send what lies in the outbox: each message claimed by one sender, tried again, or given up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import structlog
from sqlalchemy import select

from models.database import db
from models.messages import Message
from rules.messages import (
    LEASE,
    OPEN_STATES,
    MessageChannel,
    MessageFault,
    MessageState,
    wait_after,
)
from services.acting import Actor, system
from services.transaction import transaction

BATCH = 50


@dataclass(frozen=True)
class Parcel:
    """What a sender needs to know of a message."""

    id: int
    channel: MessageChannel
    recipient: str
    subject: str
    body: str
    made_at: datetime


Outcome = tuple[int, MessageFault | None]


class Sender(Protocol):
    """Something that can bring messages out."""

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        """Send each; say after each whether it went, or what was in the way."""


class NotSetUp:
    """Stands where no mail server or gateway is set up."""

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        """Send nothing."""
        yield from ((one.id, MessageFault.NOT_SET_UP) for one in parcels)


class OnScreen:
    """For a trial on one's own machine: messages are shown in the log. Never used in production."""

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        """Show each message."""
        for one in parcels:
            structlog.get_logger().info("message (trial)", channel=one.channel, text=one.body)
            yield one.id, None


def send_due(channel: MessageChannel, sender: Sender, now: datetime) -> int:
    """Send all that is due on a channel; return how many went out.

    Channels go apart, so that no code waits behind a thousand mails.
    """
    sent = 0
    while parcels := _take(system(now), channel):
        # Reported one by one: what has gone out is never forgotten by a later fault.
        for message_id, fault in sender.send(parcels):
            sent += _settle(system(now), message_id, fault)
    return sent


@transaction
def _take(by: Actor, channel: MessageChannel) -> list[Parcel]:
    """Claim some messages; who is killed now loses the claim after a while."""
    query = (
        select(Message)
        .where(
            Message.state.in_(OPEN_STATES), Message.next_at <= by.now, Message.channel == channel
        )
        .order_by(Message.next_at, Message.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for message in db.session.scalars(query):
        if _can_be_sent(by, message):
            message.state, message.next_at = MessageState.SENDING, by.now + LEASE
            message.tries += 1
            taken.append(_parcel(message))
    return taken


def _can_be_sent(by: Actor, message: Message) -> bool:
    """Give up what is too late, and what was interrupted too often."""
    fault = None
    if message.expires_at is not None and message.expires_at <= by.now:
        fault = MessageFault.TOO_LATE
    elif message.state is MessageState.SENDING:
        fault = MessageFault.INTERRUPTED
    if fault is not None and wait_after(message.tries, fault) is None:
        _fail(by, message, fault)
        return False
    return True


def _parcel(message: Message) -> Parcel:
    return Parcel(
        message.id,
        message.channel,
        message.recipient or "",
        message.subject,
        message.body or "",
        message.made_at.astimezone(UTC),
    )


@transaction
def _settle(by: Actor, message_id: int, fault: MessageFault | None) -> int:
    """Write down how it went; return 1 for a message that went out."""
    message = db.session.get_one(Message, message_id, with_for_update=True)
    if fault is not None:
        _fail(by, message, fault)
        return 0
    message.state, message.fault, message.ended_at = MessageState.SENT, None, by.now
    return 1


def _fail(by: Actor, message: Message, fault: MessageFault) -> None:
    wait = wait_after(message.tries, fault)
    message.fault = fault
    if wait is None:
        message.state, message.ended_at = MessageState.GIVEN_UP, by.now
    else:
        message.state, message.next_at = MessageState.FAILED, by.now + wait
    log = structlog.get_logger()
    log.warning("message not sent", message=message.id, fault=fault, tries=message.tries)
