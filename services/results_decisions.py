"""Decisions about equal entries that no rule parts: open ones, recorded ones, withdrawn ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.results import TieDecision
from rules.decisions import Decision
from rules.marking import IncompleteMarks
from rules.refusals import Missing, Refused
from rules.states import EventState
from rules.texts import N_
from services import audits, results_computing, works
from services.acting import Actor
from services.draws import lock_event
from services.results_computing import OpenTie, Rules, TiesOpen
from services.transaction import transaction

# While marks come in, who goes on may need a decision; the places are decided in the review.
DECIDING = frozenset({EventState.SCORING, EventState.REVIEW})


@dataclass(frozen=True)
class Ruling:
    """What somebody decides: the equal entries, best first, why, and which panel decided."""

    kind: str
    about: str
    order: tuple[int, ...]
    reason: str
    decided_by: str


def decisions_of(event_id: int) -> list[Decision]:
    """Return the decisions of an event that stand, as the computation takes them."""
    query = select(TieDecision).where(
        TieDecision.event_id == event_id, TieDecision.withdrawn_at.is_(None)
    )
    return [
        Decision.model_validate(
            {
                "kind": row.kind,
                "about": row.about,
                "order": row.order,
                "reason": row.reason,
                "decided_by": row.decided_by,
            }
        )
        for row in db.session.scalars(query.order_by(TieDecision.id))
    ]


def find_ties(event: Event) -> list[OpenTie]:
    """Find the equal entries that wait for a decision; none while marks are missing."""
    rules = results_computing.rules_of_event(event.id)
    if rules is None or event.state not in DECIDING or works.is_sealed(event.id):
        return []
    return _open_ties(event, rules)


def _open_ties(event: Event, rules: Rules) -> list[OpenTie]:
    fields = results_computing.read_fields(event.id)
    decisions = decisions_of(event.id)
    try:
        if event.state is EventState.REVIEW:
            results_computing.compute_fields(rules, fields, decisions)
        elif rules.scheme.stages:
            results_computing.check_stages(rules, fields, decisions)
    except TiesOpen as found:
        return list(found.ties)
    except IncompleteMarks:
        return []
    return []


@dataclass(frozen=True)
class RecordedDecision:
    """A recorded decision with the work codes in the order decided, and who wrote it down."""

    row: TieDecision
    codes: tuple[str, ...]
    recorded_by: str


def list_decisions(event_id: int) -> list[RecordedDecision]:
    """List the decisions of an event, the newest first, the withdrawn ones too."""
    query = (
        select(TieDecision, Account.title)
        .outerjoin(Account, Account.id == TieDecision.recorded_by_id)
        .where(TieDecision.event_id == event_id)
        .order_by(TieDecision.id.desc())
    )
    rows = db.session.execute(query).all()
    codes = _codes(event_id) if rows else {}
    return [
        RecordedDecision(row, tuple(codes.get(entry, "–") for entry in row.order), title or "")
        for row, title in rows
    ]


def _codes(event_id: int) -> dict[int, str]:
    query = select(Entry.id, Entry.code).where(Entry.event_id == event_id)
    return {entry: code or "–" for entry, code in db.session.execute(query)}


@transaction
def decide_tie(by: Actor, event_id: int, ruling: Ruling) -> int:
    """Record a decision about equal entries that wait for one (R2.27); return its id."""
    event = lock_event(event_id)
    tie = _waiting(event, ruling)
    if tie is None:
        raise Refused(N_("These entries do not wait for a decision. Load the page again."))
    row = TieDecision(
        event_id=event_id,
        kind=ruling.kind,
        about=ruling.about,
        order=list(ruling.order),
        reason=ruling.reason,
        decided_by=ruling.decided_by,
        recorded_at=by.now,
        recorded_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    codes = dict(zip(tie.entries, tie.codes, strict=True))
    after = {
        "kind": ruling.kind,
        "about": ruling.about,
        "order": [codes[entry] for entry in ruling.order],
        "reason": ruling.reason,
        "decided_by": ruling.decided_by,
    }
    _record(by, "decide_tie", event, row.id, after)
    return row.id


def _waiting(event: Event, ruling: Ruling) -> OpenTie | None:
    wanted = (ruling.kind, ruling.about, frozenset(ruling.order))
    for tie in find_ties(event):
        if (tie.kind, tie.about, frozenset(tie.entries)) == wanted:
            return tie if len(ruling.order) == len(tie.entries) else None
    return None


@transaction
def withdraw_decision(by: Actor, event_id: int, decision_id: int, reason: str) -> int:
    """Withdraw a decision before results are signed; it stays on record. Return its id."""
    event = lock_event(event_id)
    row = db.session.get(TieDecision, decision_id)
    if row is None or row.event_id != event_id:
        raise Missing(decision_id)
    if event.state not in DECIDING:
        raise Refused(N_("The results are signed; the decision can no longer be withdrawn."))
    if row.withdrawn_at is not None:
        raise Refused(N_("This decision is withdrawn already."))
    row.withdrawn_at = by.now
    _record(by, "withdraw_decision", event, row.id, {"reason": reason})
    return row.id


def _record(by: Actor, action: str, event: Event, key: int, after: Mapping[str, object]) -> None:
    audits.record(by, action, "decision", key, contest_id=event.contest_id, after=after)
