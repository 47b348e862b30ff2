"""Entries go to a province that runs Skillstar too, and its results come back (R1.32)."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from models.database import db
from models.provincial import ProvincialImport, ProvincialSlot
from rules.provincial import (
    IMPORT_MOVES,
    SLOT_MOVES,
    Medal,
    ProvincialImportKind,
    ProvincialImportState,
    ResultState,
    SlotState,
)
from rules.provincial_exchange import EntriesFile, ExchangeEntry, ExchangePerson, ResultsFile
from rules.provincial_imports import (
    MatchedResult,
    ResultRow,
    SentSlot,
    matched_results,
    total_of,
)
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits, provincial, provincial_exchange_signing, provincial_results
from services.acting import Actor
from services.provincial_delegations_files import get_file
from services.provincial_delegations_forms import event_ids, get_form
from services.provincial_histories import locked_import
from services.provincial_results import ResultFacts
from services.provincial_slots import list_slots, lock_slot
from services.transaction import transaction

SUBJECT = "provincial_import"


def entries_file(form_id: int, *, as_table: bool = False) -> bytes:
    """Return a form as sent as a signed exchange file: JSON, or the same as a spreadsheet."""
    form = get_form(form_id)
    facts = form.facts
    content = EntriesFile(
        contest_code=facts["code"],
        contest=facts["contest"],
        delegation=facts["delegation"],
        form=form.number,
        form_digest=form.digest,
        entries=tuple(_entry(one) for one in facts["places"]),
    )
    return provincial_exchange_signing.written(content, as_table=as_table)


def _entry(place: dict[str, Any]) -> ExchangeEntry:
    sexes = {"男": "M", "女": "F"}
    members = [
        ExchangePerson.model_validate(
            {
                "name": one["name"],
                "id_kind": kind,
                "id_number": one["id_number"],
                "phone": one["phone"],
                "birth_date": one["birth_date"] or None,
                "sex": sexes.get(one["sex"]),
            }
        )
        for one, kind in zip(place["people"], place["id_kinds"], strict=True)
    ]
    return ExchangeEntry(
        reference=place["reference"],
        event_code=place["event_code"],
        event=place["event"],
        format=place["format"],
        status=place["status"],
        employer=place["people"][0]["employer"],
        members=tuple(members),
        coaches=tuple(ExchangePerson.model_validate(one) for one in place["coaches"]),
    )


@transaction
def preview_results(by: Actor, contest_id: int, data: bytes, filename: str) -> int:
    """Keep the superior's results until somebody has looked at them; return the file's id."""
    contest = provincial.locked(contest_id)
    provincial_results.check_open(contest)
    content, signer = provincial_exchange_signing.opened(data, ResultsFile)
    rows = [
        {
            "number": place,
            "reference": one.reference,
            "name": one.name,
            "rank": one.rank,
            "total": "" if one.total is None else format(one.total, "f"),
            "medal": one.medal or "",
            "prize": one.prize,
            "absent": one.absent,
        }
        for place, one in enumerate(content.results, start=1)
    ]
    made = ProvincialImport(
        kind=ProvincialImportKind.RESULTS,
        provincial_id=contest_id,
        filename=filename[:200],
        delegation=content.delegation,
        digest=hashlib.sha256(data).hexdigest(),
        signer=signer,
        rows=rows,
        row_count=len(rows),
        before={"document": content.document or content.contest},
        created_at=by.now,
        account_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    made.problem_count = sum(not one.is_good for one in matches_of(made))
    after = {"rows": len(rows), "digest": made.digest}
    audits.record(by, "preview", SUBJECT, made.id, after=after)
    return made.id


def list_results_files(contest_id: int) -> Sequence[ProvincialImport]:
    """List the files with results of a superior's contest, the newest first."""
    query = select(ProvincialImport).where(
        ProvincialImport.provincial_id == contest_id,
        ProvincialImport.kind == ProvincialImportKind.RESULTS,
    )
    return db.session.scalars(query.order_by(ProvincialImport.id.desc()).limit(100)).all()


def rows_of(batch: ProvincialImport) -> list[ResultRow]:
    """Read the rows of a file with results."""
    return [ResultRow(**{**one, "problems": tuple(one.get("problems", ()))}) for one in batch.rows]


def matches_of(batch: ProvincialImport) -> list[MatchedResult]:
    """Match a file with results to the places that were sent, as both are now."""
    return matched_results(rows_of(batch), sent_slots(batch.provincial_id or 0))


def sent_slots(contest_id: int) -> list[SentSlot]:
    """Return the places of a contest as results are matched to them."""
    return [_sent(one) for one in list_slots(event_ids(contest_id))]


def _sent(slot: ProvincialSlot) -> SentSlot:
    result = slot.result
    facts = None
    if result is not None:
        total = "" if result.total is None else format(result.total.normalize() + 0, "f")
        facts = (result.rank, total, result.medal or "", result.prize)
    return SentSlot(
        slot.id,
        slot.reference,
        slot.event.code,
        slot.event.title,
        tuple(one.full_name for one in slot.members),
        frozenset(one.person.id_index for one in slot.members if one.person is not None),
        slot.state,
        facts,
        result is not None and result.state is ResultState.CONFIRMED,
    )


@transaction
def take_results(by: Actor, import_id: int) -> int:
    """Take over all results that fit, as recorded: a second person still confirms them."""
    batch = locked_import(import_id)
    if batch.kind is not ProvincialImportKind.RESULTS:
        raise Missing(import_id)
    batch.state = moved(IMPORT_MOVES, batch.state, ProvincialImportState.CONFIRMED)
    problem = provincial_exchange_signing.signer_problem(batch)
    if problem is not None:
        raise problem
    good = [one for one in matches_of(batch) if one.is_good]
    if not good:
        raise Refused(N_("No row of this file fits an entry of ours."))
    document = str(batch.before["document"])[:160]
    if batch.before.get("proof"):
        get_file(batch.before["proof"])  # it may have been removed meanwhile
    taken = []
    for one in good:
        assert one.slot is not None and one.row is not None  # a good row has both
        if one.slot.is_confirmed:
            continue
        _take(by, batch, one.slot.id, one.row, document)
        taken.append(one.slot.id)
    batch.before = batch.before | {"document": document, "slots": taken}
    batch.settled_at, batch.settled_by_id = by.now, by.account_id
    audits.record(by, "confirm", SUBJECT, import_id, after={"results": len(taken)})
    return import_id


def _take(by: Actor, batch: ProvincialImport, slot_id: int, row: ResultRow, document: str) -> None:
    slot = lock_slot(slot_id)
    if row.absent:
        if slot.state is SlotState.ENTERED:
            provincial_results.put_absent(slot, document)
        return
    medal = Medal(row.medal) if row.medal else None
    # A spreadsheet came with the scan that proves it; an exchange file is proven by its signature.
    proof = batch.before.get("proof")
    total = total_of(row.total)
    facts = ResultFacts(row.rank, total, medal, row.prize, document, by.today, proof)
    provincial_results.put_result(by, slot, facts, batch.id)


@transaction
def undo_results(by: Actor, import_id: int, *, reason: str) -> int:
    """Undo a file with results as a whole; titles that came of them are revoked."""
    batch = locked_import(import_id)
    check_reason(reason)
    if batch.kind is not ProvincialImportKind.RESULTS:
        raise Missing(import_id)
    batch.state = moved(IMPORT_MOVES, batch.state, ProvincialImportState.UNDONE)
    for slot_id in batch.before["slots"]:
        slot = lock_slot(slot_id)
        ours = slot.result is not None and slot.result.import_id == import_id
        if ours:
            provincial_results.drop_result(by, slot, reason)
        if ours or slot.state is SlotState.ABSENT:
            slot.state = moved(SLOT_MOVES, slot.state, SlotState.ENTERED)
    batch.reason, batch.settled_at, batch.settled_by_id = reason, by.now, by.account_id
    audits.record(by, "undo", SUBJECT, import_id, after={"reason": reason})
    return import_id
