"""What is due of nominations upward, and when (R8.03-04)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.nominations import NominationState

ONE_DAY = timedelta(days=1)


class NominationDue(StrEnum):
    """What somebody has to do."""

    PROPOSE = "propose"
    COMPLETE = "complete"
    CHECK = "check"
    APPROVE = "approve"
    ANSWER = "answer"
    SEND = "send"
    OUTCOME = "outcome"


# What the employer of a proposal has to do; all else is the bureau's.
OF_EMPLOYERS = frozenset({NominationDue.COMPLETE})
# The superior is asked again when nothing was heard so long after its deadline.
SILENCE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class OpenCall:
    """An open call as far as its dates are concerned."""

    id: int
    own_until: date
    superior_until: date


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A nomination under way as far as its dates are concerned."""

    id: int
    call: OpenCall
    state: NominationState
    complete_until: date | None = None
    notice_ends_on: date | None = None
    objected: bool = False


@dataclass(frozen=True, slots=True)
class NominationDueDate:
    """Something due; without a nomination it concerns the whole call."""

    kind: NominationDue
    due_on: date
    call_id: int
    nomination_id: int | None = None

    def is_overdue(self, today: date) -> bool:
        """Say whether the day has passed."""
        return today > self.due_on

    def days_left(self, today: date) -> int:
        """Return the days left, negative once it is overdue."""
        return (self.due_on - today).days


def dues_of(calls: Iterable[OpenCall], rows: Iterable[UnderWay]) -> Iterator[NominationDueDate]:
    """Yield what is due: of each call until it is sent, and of each nomination its next step."""
    unsent: set[int] = set()
    known: set[int] = set()
    for row in rows:
        known.add(row.call.id)
        if row.state is not NominationState.SENT:
            unsent.add(row.call.id)
        due = next_due(row)
        if due is not None:
            yield due
    for call in calls:
        if call.id in unsent:
            yield NominationDueDate(NominationDue.SEND, call.superior_until, call.id)
        elif call.id not in known:
            yield NominationDueDate(NominationDue.PROPOSE, call.own_until, call.id)


_State = NominationState


def next_due(row: UnderWay) -> NominationDueDate | None:
    """Return what is next for one nomination and by when; None where nothing has a day."""
    call = row.call
    if row.objected:
        return _due(NominationDue.ANSWER, call.superior_until, row)
    if row.state in (_State.DRAFT, _State.RETURNED):
        return _due(NominationDue.COMPLETE, row.complete_until or call.own_until, row)
    if row.state is _State.PROPOSED:
        return _due(NominationDue.CHECK, call.superior_until, row)
    if row.state is _State.NOTICE and row.notice_ends_on is not None:
        return _due(NominationDue.APPROVE, row.notice_ends_on + ONE_DAY, row)
    if row.state is _State.SENT:
        return _due(NominationDue.OUTCOME, call.superior_until + SILENCE, row)
    return None


def _due(kind: NominationDue, day: date, row: UnderWay) -> NominationDueDate:
    return NominationDueDate(kind, day, row.call.id, row.id)
