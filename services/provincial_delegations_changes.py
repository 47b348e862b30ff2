"""Changes of a form that was sent: a reserve comes in, or an entry goes, with reason (R1.28)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.provincial import ProvincialContest, ProvincialSlot
from models.provincial_delegations import (
    ProvincialChange,
    ProvincialFile,
    ProvincialForm,
    ProvincialLayout,
)
from rules.provincial import (
    SENT,
    SLOT_MOVES,
    ChangeKind,
    ChangeWish,
    FilePurpose,
    FormKind,
    ProvincialState,
    SlotState,
    change_problems,
)
from rules.refusals import Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits, files, provincial
from services.acting import Actor
from services.attachments import Kept, Upload, keep_upload
from services.files import StoredFile
from services.provincial_delegations_files import row_of
from services.provincial_delegations_forms import (
    add_form,
    event_ids,
    facts_of,
    next_number,
    table_of,
    word_of,
)
from services.provincial_delegations_layouts import approved, bytes_of
from services.provincial_slots import get_slot, list_slots, lock_slot, set_active
from services.transaction import STALE, transaction

SUBJECT = "provincial_change"


@dataclass(frozen=True)
class Wish:
    """What is to change, and why."""

    kind: ChangeKind
    slot_id: int
    reason: str
    replacement_id: int | None = None


def change_entry(by: Actor, wish: Wish, proof: Upload | None, folder: Path) -> int:
    """Change an entry that was sent, with the next numbered form; return the form's id."""
    check_reason(wish.reason)
    slot = get_slot(wish.slot_id)
    contest = provincial.get_contest(slot.event.contest_id)
    replacement = _replacement(slot, wish)
    _check(by, contest, wish, slot, replacement, proof is not None)
    facts = _facts(by, contest, slot, replacement, wish.reason)
    layout = approved(contest.id)
    word = word_of(facts, bytes_of(layout, folder), by)
    table = table_of(facts, provincial.rules_of(contest).columns)
    with files.keeping(folder) as keep:
        kept = None if proof is None else keep_upload(proof, keep)
        return record_change(by, wish, facts, layout, (keep(word), keep(table)), kept)


def _replacement(slot: ProvincialSlot, wish: Wish) -> ProvincialSlot | None:
    if wish.replacement_id is None:
        return None
    found = get_slot(wish.replacement_id)
    if found.event_id != slot.event_id:
        raise Refused(N_("Only a reserve of the same event can take the place."), "replacement")
    return found


def _check(
    by: Actor,
    contest: ProvincialContest,
    wish: Wish,
    slot: ProvincialSlot,
    replacement: ProvincialSlot | None,
    has_proof: bool,
) -> None:
    if contest.state is not ProvincialState.ENTERED:
        raise Refused(N_("Entries are changed between the form that was sent and the contest."))
    state = None if replacement is None else replacement.state
    asked = ChangeWish(wish.kind, slot.state, state, has_proof, by.today, _made(contest.id))
    for problem in change_problems(provincial.rules_of(contest).change_rule, asked):
        raise problem


def _made(contest_id: int) -> int:
    query = (
        select(func.count(ProvincialChange.id))
        .join(ProvincialForm, ProvincialForm.id == ProvincialChange.form_id)
        .where(ProvincialForm.contest_id == contest_id, ProvincialChange.kind == ChangeKind.REPLACE)
    )
    return db.session.scalar(query) or 0


def _facts(
    by: Actor,
    contest: ProvincialContest,
    slot: ProvincialSlot,
    replacement: ProvincialSlot | None,
    reason: str,
) -> dict[str, Any]:
    """Return the whole form as it is after the change."""
    slots = [one for one in list_slots(event_ids(contest.id), SENT) if one.id != slot.id]
    if replacement is not None:
        slots = sorted([*slots, replacement], key=lambda one: (one.event_id, one.id))
    return facts_of(contest, slots, next_number(contest.id), reason, by)


@transaction
def record_change(
    by: Actor,
    wish: Wish,
    facts: dict[str, Any],
    layout: ProvincialLayout | None,
    kept: tuple[StoredFile, StoredFile],
    proof: Kept | None,
) -> int:
    """Carry a change out whose files are kept, if nothing has changed while they were made."""
    slot = lock_slot(wish.slot_id)
    contest = provincial.locked(slot.event.contest_id)
    replacement = _replacement(slot, wish)
    _check(by, contest, wish, slot, replacement, proof is not None)
    if facts != _facts(by, contest, slot, replacement, wish.reason):
        raise Refused(STALE)
    form = add_form(by, contest.id, FormKind.CHANGE, facts, layout, kept)
    left = SlotState.REPLACED if wish.kind is ChangeKind.REPLACE else SlotState.WITHDRAWN
    slot.state, slot.reason = moved(SLOT_MOVES, slot.state, left), wish.reason
    set_active(slot, False)
    if replacement is not None:
        replacement.state = moved(SLOT_MOVES, replacement.state, SlotState.ENTERED)
        replacement.replaces_id = slot.id
    row = ProvincialChange(
        form_id=form.id,
        kind=wish.kind,
        slot_id=slot.id,
        replacement_id=None if replacement is None else replacement.id,
        reason=wish.reason,
        made_at=by.now,
        made_by_id=by.account_id,
    )
    if proof is not None:
        row.proof_id = row_of(by, contest.id, FilePurpose.CHANGE, proof).id
    db.session.add(row)
    db.session.flush()
    after = {"form": form.number, "kind": wish.kind, "slot": slot.id, "reason": wish.reason}
    after |= {"replacement": row.replacement_id, "digest": form.digest}
    audits.record(by, "change", SUBJECT, row.id, after=after)
    return form.id


def list_changes(contest_id: int) -> Sequence[ProvincialChange]:
    """List the changes of what was sent, the newest first."""
    query = (
        select(ProvincialChange)
        .join(ProvincialForm, ProvincialForm.id == ProvincialChange.form_id)
        .where(ProvincialForm.contest_id == contest_id)
        .options(
            joinedload(ProvincialChange.form),
            joinedload(ProvincialChange.slot),
            joinedload(ProvincialChange.replacement),
        )
    )
    return db.session.scalars(query.order_by(ProvincialChange.id.desc())).all()


def list_keys() -> set[str]:
    """List the keys of what proves changes, so that none of it is swept away."""
    query = select(ProvincialFile.file_key).where(ProvincialFile.purpose == FilePurpose.CHANGE)
    return set(db.session.scalars(query))
