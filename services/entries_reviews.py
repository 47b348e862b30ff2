"""The organizer's review of entries: accept, return, reject, let start out of competition."""

from collections.abc import Sequence

from sqlalchemy import select, update

from models.contests import Event
from models.database import db
from models.entries import Entry
from rules.refusals import Missing, Refused
from rules.states import ENTRY_MOVES, EntryState, EventState, moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.entries import set_active
from services.transaction import STALE, transaction

MOST_AT_ONCE = 500
CLOSED = N_("The list of this event is closed: the codes are drawn.")
DECISIONS = (EntryState.ACCEPTED, EntryState.RETURNED, EntryState.REJECTED)


@transaction
def review(
    by: Actor,
    entry_id: int,
    version: int | None,
    decision: EntryState,
    reason: str,
    in_competition: bool = True,
) -> int:
    """Accept, return or reject an entry; a refusal tells its reason (R1.26 for who only starts)."""
    entry = _locked(entry_id)
    if version != entry.version:
        raise Refused(STALE)
    if decision not in DECISIONS:
        raise Refused(N_("Choose a decision."), "decision")
    if decision is not EntryState.ACCEPTED and not reason.strip():
        raise Refused(N_("Tell the reason, so that it can be put right."), "reason")
    before = {"state": entry.state, "in_competition": entry.in_competition}
    only_flag = decision is entry.state is EntryState.ACCEPTED
    entry.state = decision if only_flag else moved(ENTRY_MOVES, entry.state, decision)
    entry.remark, entry.in_competition = reason.strip()[:400], in_competition
    if decision is EntryState.REJECTED:
        set_active(entry, False)
    db.session.flush()
    after = {"state": decision, "in_competition": in_competition, "reason": entry.remark}
    contest_id = entry.event.contest_id
    action = {"accepted": "accept", "returned": "return", "rejected": "reject"}[decision]
    audits.record(by, action, "entry", entry_id, contest_id=contest_id, before=before, after=after)
    return entry_id


@transaction
def accept_many(by: Actor, contest_id: int, entry_ids: Sequence[int]) -> int:
    """Accept the chosen entries that wait for review; return the contest's id."""
    if len(entry_ids) > MOST_AT_ONCE:
        raise Refused(N_("Choose at most %(limit)s entries at once."), limit=MOST_AT_ONCE)
    chosen = _waiting(contest_id, entry_ids)
    if not chosen:
        raise Refused(N_("Choose entries that wait for review."))
    count = {"count": len(chosen)}
    audits.record(by, "accept_many", "contest", contest_id, contest_id=contest_id, after=count)
    db.session.execute(
        update(Entry)
        .where(Entry.id.in_(chosen))
        .values(state=EntryState.ACCEPTED, remark="", version=Entry.version + 1)
    )
    after = {"state": EntryState.ACCEPTED}
    audits.record_many(by, "accept", "entry", chosen, contest_id=contest_id, after=after)
    return contest_id


def _waiting(contest_id: int, entry_ids: Sequence[int]) -> list[int]:
    query = (
        select(Entry.id)
        .join(Entry.event)
        .where(
            Event.contest_id == contest_id,
            Event.state == EventState.REGISTERING,
            Entry.id.in_(entry_ids),
            Entry.state == EntryState.SUBMITTED,
        )
        .with_for_update(of=Entry)
    )
    return list(db.session.scalars(query))


def _locked(entry_id: int) -> Entry:
    entry = db.session.get(Entry, entry_id, with_for_update=True)
    if entry is None:
        raise Missing(entry_id)
    if entry.event.state is not EventState.REGISTERING:
        raise Refused(CLOSED)
    return entry
