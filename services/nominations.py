"""Calls of superior bodies for names: entered by one, opened by another, then frozen (R8.01-04)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from models.database import db
from models.nominations import Nomination, NominationCall
from rules.honours import HonourLevel
from rules.nomination_rules import CallList, CallRules
from rules.nominations import CALL_MOVES, UNDER_WAY, CallState
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.pages import Page, page_of
from services.transaction import transaction

UPPER = (HonourLevel.NATIONAL, HonourLevel.PROVINCE, HonourLevel.CITY)


@dataclass(frozen=True)
class CallFacts:
    """What the superior's paper says, and until when we want names ourselves."""

    title: str
    level: HonourLevel
    year: int
    superior: str
    document: str
    own_until: date
    superior_until: date
    round_key: str = ""
    contact: str = ""


@transaction
def write_call(by: Actor, facts: CallFacts, rules: CallRules) -> int:
    """Enter a call of a superior as a draft; return its id."""
    row = NominationCall(written_at=by.now, written_by_id=by.account_id)
    _write(row, facts, rules)
    db.session.add(row)
    db.session.flush()
    after = {"title": row.title, "document": row.document, "digest": row.digest}
    audits.record(by, "write", "nomination_call", row.id, after=after)
    return row.id


@transaction
def edit_call(
    by: Actor, call_id: int, facts: CallFacts, rules: CallRules, version: int | None = None
) -> int:
    """Change a call that nobody has opened yet."""
    row = _draft(call_id)
    if version is not None and version != row.version:
        raise Refused(_CHANGED)
    before = {"title": row.title, "digest": row.digest}
    _write(row, facts, rules)
    return _edited(by, row, before)


_CHANGED = N_("Somebody else has changed this call meanwhile.")


@transaction
def edit_list(by: Actor, call_id: int, base: str, changed: CallList) -> int:
    """Change one list of a call that nobody has opened yet; ``base`` is the digest it shows."""
    row = _draft(call_id)
    if row.digest != base:
        raise Refused(_CHANGED)
    rules = rules_of(row)
    if changed.key not in {one.key for one in rules.lists}:
        raise Missing(call_id)
    lists = tuple(changed if one.key == changed.key else one for one in rules.lists)
    made = CallRules.model_validate(dict(rules) | {"lists": lists})
    before = {"title": row.title, "digest": row.digest}
    row.rules, row.digest = made.model_dump(mode="json"), made.digest()
    return _edited(by, row, before)


def _draft(call_id: int) -> NominationCall:
    row = lock_call(call_id)
    if row.state is not CallState.DRAFT:
        raise Refused(N_("An open call is frozen. Cancel it, and enter the corrected one anew."))
    return row


def _edited(by: Actor, row: NominationCall, before: dict[str, Any]) -> int:
    # Whoever wrote last must not open it.
    row.written_at, row.written_by_id = by.now, by.account_id
    after = {"title": row.title, "digest": row.digest}
    audits.record(by, "edit", "nomination_call", row.id, before=before, after=after)
    return row.id


def _write(row: NominationCall, facts: CallFacts, rules: CallRules) -> None:
    if facts.own_until > facts.superior_until:
        raise Refused(N_("Our own deadline lies behind the superior's."), "own_until")
    row.title, row.level, row.year = facts.title, facts.level, facts.year
    row.superior, row.document = facts.superior, facts.document
    row.own_until, row.superior_until = facts.own_until, facts.superior_until
    row.contact = facts.contact
    row.round_key = facts.round_key or f"{facts.document} {facts.year}"[:80]
    row.rules, row.digest = rules.model_dump(mode="json"), rules.digest()


@transaction
def open_call(by: Actor, call_id: int) -> int:
    """Open a call, as a second person who compared it with the superior's paper; it is frozen."""
    row = lock_call(call_id)
    if row.written_by_id == by.account_id:
        raise Refused(N_("Somebody else must open this call: you have entered it."))
    if row.superior_until < by.today:
        raise Refused(N_("The superior's deadline has passed."), "superior_until")
    row.opened_at, row.opened_by_id = by.now, by.account_id
    return _move(by, row, CallState.OPEN, "open")


@transaction
def cancel_call(by: Actor, call_id: int, *, reason: str) -> int:
    """Cancel a call that was entered by mistake or withdrawn by the superior."""
    check_reason(reason)
    row = lock_call(call_id)
    if _under_way(call_id):
        raise Refused(N_("Decline or withdraw the candidates of this call first."))
    return _move(by, row, CallState.CANCELLED, "cancel", reason)


@transaction
def close_call(by: Actor, call_id: int) -> int:
    """Close a call once every candidate has an outcome."""
    row = lock_call(call_id)
    if _under_way(call_id):
        raise Refused(N_("Some candidates of this call have no outcome yet."))
    return _move(by, row, CallState.CLOSED, "close")


@transaction
def reopen_call(by: Actor, call_id: int, *, reason: str) -> int:
    """Open a closed call again, for an outcome that came late or was wrong."""
    check_reason(reason)
    return _move(by, lock_call(call_id), CallState.OPEN, "reopen", reason)


def _move(by: Actor, row: NominationCall, state: CallState, action: str, reason: str = "") -> int:
    before = {"state": row.state}
    row.state, row.reason = moved(CALL_MOVES, row.state, state), reason
    after: dict[str, Any] = {"state": state, "digest": row.digest}
    after |= {"reason": reason} if reason else {}
    audits.record(by, action, "nomination_call", row.id, before=before, after=after)
    return row.id


def _under_way(call_id: int) -> int:
    query = select(func.count()).select_from(Nomination)
    query = query.where(Nomination.call_id == call_id, Nomination.state.in_(UNDER_WAY))
    return db.session.scalar(query) or 0


def lock_call(call_id: int) -> NominationCall:
    """Part: return a call, locked; raise Missing."""
    row = db.session.get(NominationCall, call_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(call_id)
    return row


def lock_open_call(call_id: int) -> NominationCall:
    """Part: return a call in which something may be done, locked."""
    row = lock_call(call_id)
    if row.state is not CallState.OPEN:
        raise Refused(N_("This call is not open."))
    return row


def get_call(call_id: int) -> NominationCall:
    """Return a call; raise Missing."""
    row = db.session.get(NominationCall, call_id)
    if row is None:
        raise Missing(call_id)
    return row


def rules_of(row: NominationCall) -> CallRules:
    """Return the rules of a call."""
    return CallRules.model_validate(row.rules)


def list_calls(state: CallState | None = None, page: int = 1) -> Page[NominationCall]:
    """List calls, the nearest deadline of the newest year first."""
    query = select(NominationCall)
    if state is not None:
        query = query.where(NominationCall.state == state)
    order = (NominationCall.year.desc(), NominationCall.superior_until, NominationCall.id)
    return page_of(query.order_by(*order), page)


def open_calls() -> Sequence[NominationCall]:
    """List the calls that are open, the nearest deadline first."""
    query = select(NominationCall).where(NominationCall.state == CallState.OPEN)
    return db.session.scalars(query.order_by(NominationCall.superior_until)).all()
