"""What the superior answered: granted or not, by which document, proved by its scan (R8.05)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.nominations import Nomination, NominationCall, NominationSentFile
from rules.honours import Facts, HonourKind, HonourVia
from rules.nominations import NominationState
from rules.refusals import Missing, Refused, check_reason
from rules.selections import UnitKind
from rules.states import HonourState
from rules.texts import N_
from services import audits, honours
from services.acting import Actor
from services.attachments import Upload
from services.nominations import lock_open_call, rules_of
from services.nominations_candidates import lock_nomination, move_nomination
from services.nominations_files import add_proof, keeping_proofs
from services.selection_files import Looked
from services.transaction import transaction

ENDED = (NominationState.GRANTED, NominationState.NOT_GRANTED)


@dataclass(frozen=True)
class Outcome:
    """The superior's decision about names of one call."""

    decided_on: date
    document: str
    granted: Mapping[int, bool]


def record_outcome(by: Actor, call_id: int, outcome: Outcome, proof: Upload, folder: Path) -> int:
    """Record which names were granted the title and which not, with the scan that proves it."""
    with keeping_proofs(proof, len(outcome.granted), folder) as kept:
        return add_outcome(by, call_id, outcome, kept)


@transaction
def add_outcome(by: Actor, call_id: int, outcome: Outcome, kept: Sequence[Looked]) -> int:
    """Add the outcome of names whose proof is kept; honours wait for a second person."""
    call = lock_open_call(call_id)
    rows = _sent(call_id, list(outcome.granted))
    if not rows:
        raise Refused(N_("Say of at least one name what was decided."), "granted")
    if set(outcome.granted) != {row.id for row in rows}:
        raise Missing(call_id)
    _check(by, call, outcome)
    for row, one in zip(rows, kept, strict=True):
        add_proof(by, row, one)
        _settle(by, call, row, outcome)
    after = {"number": len(rows), "document": outcome.document}
    audits.record(by, "record_outcome", "nomination_call", call_id, after=after)
    return call_id


def _sent(call_id: int, ids: Sequence[int]) -> Sequence[Nomination]:
    query = (
        select(Nomination)
        .options(joinedload(Nomination.person), joinedload(Nomination.employer))
        .where(
            Nomination.call_id == call_id,
            Nomination.id.in_(ids),
            Nomination.state == NominationState.SENT,
        )
        .with_for_update(of=Nomination)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query.order_by(Nomination.id)).all()


def _check(by: Actor, call: NominationCall, outcome: Outcome) -> None:
    if outcome.decided_on > by.today:
        raise Refused(N_("The decision lies in the future."), "decided_on")
    if call.opened_at is not None and outcome.decided_on.year < call.year - 1:
        raise Refused(N_("Is this day right? It lies long before the call."), "decided_on")
    if not outcome.document.strip():
        raise Refused(N_("Name the document that proves it."), "document")


def _settle(by: Actor, call: NominationCall, row: Nomination, outcome: Outcome) -> None:
    granted = outcome.granted[row.id]
    row.outcome_on, row.outcome_document = outcome.decided_on, outcome.document.strip()
    row.outcome_by_id = by.account_id
    if granted and row.person_id is not None:
        row.honour_id = honours.add_external(by, row.person_id, _honour(call, row, outcome))
    state = NominationState.GRANTED if granted else NominationState.NOT_GRANTED
    move_nomination(by, row, state, "grant" if granted else "not_grant")


def _honour(call: NominationCall, row: Nomination, outcome: Outcome) -> Facts:
    return Facts(
        title=rules_of(call).find(row.list_key).title,
        kind=HonourKind.TITLE,
        level=call.level,
        granted_by=call.superior,
        granted_on=outcome.decided_on,
        programme=call.title,
        via=HonourVia.SELECTION,
        document=outcome.document.strip(),
        of_company=None if row.unit_kind is None else row.unit_kind is UnitKind.COMPANY,
    )


@transaction
def undo_outcome(by: Actor, nomination_id: int, *, reason: str) -> int:
    """Take back an outcome that was entered wrongly, before its honour was confirmed."""
    check_reason(reason)
    row = lock_nomination(nomination_id)
    if row.state not in ENDED:
        raise Refused(N_("There is no outcome to take back."))
    honour = row.honour
    if honour is not None and honour.state is HonourState.PROPOSED:
        honours.reject_part(by, honour.id, reason)
    elif honour is not None and honour.state is not HonourState.REJECTED:
        text = N_("The honour is confirmed; revoke it in the register of honours.")
        raise Refused(text)
    row.honour_id = row.outcome_by_id = row.outcome_on = None
    row.outcome_document = ""
    return move_nomination(by, row, NominationState.SENT, "undo_outcome", reason)


@dataclass(frozen=True)
class Figure:
    """How many were sent and granted of one title in one year: names, and how often (R7.12)."""

    year: int
    title: str
    sent_times: int
    sent: int
    granted_times: int
    granted: int


def figures() -> list[Figure]:
    """Count by year and title who was sent and who was granted, in two statements."""
    sent = (
        select(NominationSentFile.nomination_id)
        .where(NominationSentFile.nomination_id.is_not(None))
        .distinct()
    )
    query = select(
        Nomination.call_id,
        Nomination.list_key,
        Nomination.person_id,
        Nomination.employer_id,
        Nomination.state,
    ).where(Nomination.id.in_(sent))
    calls = {one.id: one for one in db.session.scalars(select(NominationCall))}
    tallies: dict[tuple[int, str], _Tally] = defaultdict(_Tally)
    for call_id, key, person_id, employer_id, state in db.session.execute(query):
        call = calls[call_id]
        holder = ("person", person_id) if person_id is not None else ("employer", employer_id)
        title = rules_of(call).find(key).title
        tallies[call.year, title].add(holder, state is NominationState.GRANTED)
    found = [
        Figure(year, title, one.times, len(one.holders), one.granted, len(one.winners))
        for (year, title), one in tallies.items()
    ]
    return sorted(found, key=lambda one: (-one.year, one.title))


_Holder = tuple[str, int | None]


@dataclass
class _Tally:
    """How often, and how many different ones."""

    times: int = 0
    granted: int = 0
    holders: set[_Holder] = field(default_factory=set)
    winners: set[_Holder] = field(default_factory=set)

    def add(self, holder: _Holder, granted: bool) -> None:
        self.times += 1
        self.holders.add(holder)
        if granted:
            self.granted += 1
            self.winners.add(holder)
