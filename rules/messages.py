"""Messages on their way out: by mail or as text message, tried again with growing waits."""

from datetime import timedelta
from enum import StrEnum

# After each failed try so long; after the last one a message is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MOST_TRIES = len(WAITS) + 1
# A sender that has not reported back by then was stopped on the way.
LEASE = timedelta(minutes=10)


class MessageChannel(StrEnum):
    """How a message goes out."""

    MAIL = "mail"
    SMS = "sms"


class MessageState(StrEnum):
    """A message; failed ones are tried again, withheld ones go to nobody."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    WITHHELD = "withheld"


class MessageFault(StrEnum):
    """Why a message did not go out, without a word about whom it was for."""

    NOT_SET_UP = "not_set_up"
    UNREACHABLE = "unreachable"
    NOT_ADMITTED = "not_admitted"
    ADDRESS_REFUSED = "address_refused"
    CONTENT_REFUSED = "content_refused"
    INTERRUPTED = "interrupted"
    TOO_LATE = "too_late"


# Trying these again changes nothing.
FINAL_FAULTS = frozenset(
    {MessageFault.ADDRESS_REFUSED, MessageFault.CONTENT_REFUSED, MessageFault.TOO_LATE}
)
OPEN_STATES = (MessageState.WAITING, MessageState.SENDING, MessageState.FAILED)
CLOSED_STATES = (MessageState.SENT, MessageState.GIVEN_UP, MessageState.WITHHELD)


def wait_after(tries: int, fault: MessageFault) -> timedelta | None:
    """Return how long to wait after so many tries; None when the message is given up."""
    if fault in FINAL_FAULTS or tries >= MOST_TRIES:
        return None
    return WAITS[max(tries, 1) - 1]
