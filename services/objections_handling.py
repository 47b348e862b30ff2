"""Objections in hand: taken, taken over, answered, refused by who has no interest in them."""

from collections.abc import Iterable

from models.accounts import Account
from models.entries import Entry
from models.objections import Objection
from rules.objections import CHANGES, Concerned, Conclusion, interest_problem
from rules.refusals import Missing, Refused, check_reason
from rules.states import ObjectionState
from rules.texts import N_
from services import accounts, objections
from services.acting import Actor
from services.objections import Facts
from services.transaction import transaction


@transaction
def take(by: Actor, objection_id: int) -> int:
    """Take an objection in hand that nobody has in hand; not one that concerns one's own side."""
    row = objections.lock_objection(objection_id)
    _check_interest(by, row)
    row.handler_id = by.account_id
    objections.move(by, row, ObjectionState.IN_HAND, "take", {})
    return objection_id


@transaction
def take_over(by: Actor, objection_id: int, *, reason: str) -> int:
    """Take an objection over from who has it in hand; the reason stays on record."""
    row = objections.lock_objection(objection_id)
    _check_interest(by, row)
    if row.handler_id is None or not is_pending(row):
        raise Refused(N_("Only an objection that somebody has in hand is taken over."))
    if row.handler_id == by.account_id:
        raise Refused(N_("You have this objection in hand already."))
    check_reason(reason)
    before: Facts = {"account": row.handler_id}
    row.handler_id = by.account_id
    after: Facts = {"account": by.account_id, "reason": reason.strip()}
    objections.record(by, "take_over", row, after, before)
    return objection_id


def is_pending(row: Objection) -> bool:
    """Say whether its handler has still something to do with an objection in hand."""
    if row.state is ObjectionState.ANSWERED:
        return row.carried_out_at is None
    return row.state is ObjectionState.IN_HAND


@transaction
def answer(by: Actor, objection_id: int, *, finding: Conclusion, text: str) -> int:
    """Answer an objection as its handler; what changes something is carried out afterwards."""
    row = in_own_hand(by, objection_id)
    row.finding, row.answer, row.answered_at = finding, text, by.now
    if finding in CHANGES:
        objections.move(by, row, ObjectionState.ANSWERED, "answer", {"finding": finding})
    else:
        objections.settle(by, row)
        objections.record(by, "answer", row, {"state": row.state, "finding": finding})
    return objection_id


@transaction
def refuse(by: Actor, objection_id: int, *, reason: str) -> int:
    """Refuse an objection as to form: no real name, nobody can be reached, no facts (R3.04)."""
    row = in_own_hand(by, objection_id)
    check_reason(reason)
    row.reason = reason
    objections.move(by, row, ObjectionState.REFUSED, "refuse", {"reason": reason})
    return objection_id


def in_own_hand(by: Actor, objection_id: int) -> Objection:
    """Part: return an objection that the actor has in hand, and in which he has no interest."""
    row = objections.lock_objection(objection_id)
    _check_interest(by, row)
    if row.handler_id is None:
        raise Refused(N_("Take the objection in hand first."))
    if row.handler_id != by.account_id:
        raise Refused(N_("Somebody else has this objection in hand."))
    return row


def _check_interest(by: Actor, row: Objection) -> None:
    if by.account_id is None:
        raise Missing(by.account_id)
    problem = interest_of(accounts.get_account(by.account_id), row)
    if problem is not None:
        raise problem


def interest_of(account: Account, row: Objection) -> Refused | None:
    """Say why an account may not handle an objection: it concerns itself or its own employer."""
    if row.entry is None:
        return None
    own = _known([account.employer_id, account.person.employer_id if account.person else None])
    return interest_problem(own, account.person_id, concerned_by(row.entry))


def may_read(account: Account, row: Objection) -> bool:
    """Say whether an account reads name, contact and facts: its handler; before, who may take it.

    Of one that was never taken in hand (late, withdrawn) all read it who have no interest in it.
    """
    return row.handler_id in {None, account.id} and interest_of(account, row) is None


def concerned_by(entry: Entry) -> Concerned:
    """Return whom an objection about an entry concerns: its people and who employs them."""
    employers = [entry.employer_id, *(member.person.employer_id for member in entry.members)]
    persons = [one.person_id for one in entry.members] + [one.person_id for one in entry.coaches]
    return Concerned(_known(employers), frozenset(persons))


def _known(keys: Iterable[int | None]) -> frozenset[int]:
    return frozenset(key for key in keys if key is not None)
