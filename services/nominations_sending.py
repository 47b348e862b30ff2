"""Sending to the superior: whole packs only, frozen as sent, each change a new number (R8.03)."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models.database import db
from models.nominations import (
    Nomination,
    NominationCall,
    NominationFile,
    NominationSending,
    NominationSentFile,
)
from rules.data import InvalidRules
from rules.nomination_checks import Pack, Ranked, pack_problems, ranking_problems, time_problem
from rules.nomination_forms import FORM_FIELDS
from rules.nominations import NominationState, SentKind
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits, files
from services.acting import Actor
from services.attachments import Opened
from services.documents_filling import Imprint, filled
from services.files import StoredFile
from services.nominations import get_call, lock_open_call, rules_of
from services.nominations_candidates import is_staff, move_nomination
from services.nominations_files import list_files
from services.nominations_form_facts import fillings_of
from services.nominations_forms import approved, bytes_of
from services.nominations_packs import MadePack, made_pack
from services.nominations_workbooks import sent_list
from services.transaction import STALE, refuse_repeat, transaction

_GOES = (NominationState.APPROVED, NominationState.SENT)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MIMES = {SentKind.PACK: "application/pdf", SentKind.FORM: DOCX, SentKind.LIST: XLSX}


@dataclass(frozen=True)
class Prepared:
    """A file that goes out, its bytes kept."""

    nomination_id: int | None
    kind: SentKind
    title: str
    pages: int
    stored: StoredFile


def send(by: Actor, call_id: int, note: str, folder: Path) -> int:
    """Make every paper of the approved names, freeze it and call it sent; return the sending.

    What is lacking is told of all candidates at once, before anything is made.
    """
    refuse_repeat(by)
    call = get_call(call_id)
    rows = going(call_id)
    if not rows:
        raise Refused(N_("No name is approved."))
    problems = list(send_problems(call, rows))
    if problems:
        raise InvalidRules(problems)
    versions = {row.id: row.version for row in rows}
    with files.keeping(folder) as keep:
        made = [
            Prepared(nomination_id, kind, title, pages, keep(data))
            for nomination_id, kind, title, pages, data in _made(call, rows, by.today, folder)
        ]
        return add_sending(by, call_id, note, versions, made)


def going(call_id: int) -> Sequence[Nomination]:
    """List the names that go out: approved ones, and those of an earlier sending."""
    query = (
        select(Nomination)
        .options(
            joinedload(Nomination.person),
            joinedload(Nomination.employer),
            joinedload(Nomination.call),
        )
        .where(Nomination.call_id == call_id, Nomination.state.in_(_GOES))
    )
    order = (Nomination.list_key, Nomination.rank, Nomination.id)
    return db.session.scalars(query.order_by(*order)).all()


def send_problems(call: NominationCall, rows: Sequence[Nomination]) -> Iterator[Refused]:
    """Yield what is lacking before names can go out: papers, forms, a gap in the order."""
    rules, forms = rules_of(call), approved(call.id)
    counts = _material_counts(call.id)
    for one in rules.lists:
        own = [row for row in rows if row.list_key == one.key]
        yield from ranking_problems(one.places, [Ranked(r.id, r.name, r.rank) for r in own])
        for row in own:
            known = {form for key, form in forms if key == one.key}
            materials = counts.get(row.id, Counter())
            pack = Pack(row.name, row.reasons, row.merits, materials, None, known)
            yield from pack_problems(one, pack)


def _material_counts(call_id: int) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    for file in list_files(call_id):
        found.setdefault(file.nomination_id or 0, Counter())[file.material] += 1
    return found


_Made = tuple[int | None, SentKind, str, int, bytes]


def _made(
    call: NominationCall, rows: Sequence[Nomination], day: date, folder: Path
) -> Iterator[_Made]:
    rules = rules_of(call)
    fillings = fillings_of(call, rows, day)
    kept = list_files(call.id)
    packs = {row.id: made_pack(call, fillings[row.id], _own(kept, row), folder) for row in rows}
    too_long = [problem for row in rows for problem in _too_long(call, row, packs[row.id])]
    if too_long:
        raise InvalidRules(too_long)
    templates = {key: bytes_of(form, folder) for key, form in approved(call.id).items()}
    for row in rows:
        one, texts = rules.find(row.list_key), fillings[row.id].texts
        stem = f"{one.title}-{row.rank or 0}-{row.name}"
        pack = packs[row.id]
        yield row.id, SentKind.PACK, f"{stem}-推荐材料.pdf", pack.pages, pack.data
        for form in one.forms:
            imprint = Imprint(f"{form.title} {row.name}", texts["sender"], _dated(call))
            data = filled(templates[one.key, form.key], FORM_FIELDS, texts, imprint)
            yield row.id, SentKind.FORM, f"{stem}-{form.title}.docx", 1, data
    data = sent_list(call, [fillings[row.id] for row in rows])
    yield None, SentKind.LIST, f"{call.title}-推荐人选汇总表.xlsx", 1, data


def _dated(call: NominationCall) -> datetime:
    return call.opened_at or call.written_at


def _own(kept: Sequence[NominationFile], row: Nomination) -> list[NominationFile]:
    return [file for file in kept if file.nomination_id == row.id]


def _too_long(call: NominationCall, row: Nomination, pack: MadePack) -> Iterator[Refused]:
    most = rules_of(call).find(row.list_key).pages
    if most is not None and pack.pages > most:
        text = N_("%(name)s: the pack has %(pages)s pages; at most %(most)s are taken.")
        yield Refused(text, name=row.name, pages=pack.pages, most=most)


@transaction
def add_sending(
    by: Actor, call_id: int, note: str, versions: dict[int, int], made: Sequence[Prepared]
) -> int:
    """Add a sending whose files are kept, if nothing has changed while they were made."""
    call = lock_open_call(call_id)
    rows = going(call_id)
    if {row.id: row.version for row in rows} != versions:
        raise Refused(STALE)
    number = _last_number(call_id) + 1
    if number > 1 and not note.strip():
        raise Refused(N_("Say what has changed since the last sending."), "note")
    late = time_problem(call.superior_until, by.today)
    if late is not None and not note.strip():
        raise Refused(N_("The superior's deadline has passed; say why it is still taken."), "note")
    sending = NominationSending(
        call_id=call_id,
        number=number,
        digest=_digest(made),
        note=note.strip(),
        sent_at=by.now,
        sent_by_id=by.account_id,
        files=[_file(one) for one in made],
    )
    db.session.add(sending)
    db.session.flush()
    for row in rows:
        if row.state is NominationState.APPROVED:
            move_nomination(by, row, NominationState.SENT, "send")
    after = {"number": number, "files": len(made), "digest": sending.digest}
    audits.record(by, "send", "nomination_sending", sending.id, after=after)
    return sending.id


def _file(one: Prepared) -> NominationSentFile:
    return NominationSentFile(
        nomination_id=one.nomination_id,
        kind=one.kind,
        title=one.title,
        pages=one.pages,
        size=one.stored.size,
        file_key=one.stored.key,
        file_sha256=one.stored.sha256,
    )


def _digest(made: Sequence[Prepared]) -> str:
    lines = "\n".join(f"{one.stored.sha256} {one.kind} {one.nomination_id or 0}" for one in made)
    return hashlib.sha256(lines.encode()).hexdigest()


def _last_number(call_id: int) -> int:
    query = select(func.max(NominationSending.number)).where(NominationSending.call_id == call_id)
    return db.session.scalar(query) or 0


def list_sendings(call_id: int) -> Sequence[NominationSending]:
    """List what was sent, the newest first."""
    query = (
        select(NominationSending)
        .options(selectinload(NominationSending.files), joinedload(NominationSending.sent_by))
        .where(NominationSending.call_id == call_id)
    )
    return db.session.scalars(query.order_by(NominationSending.number.desc())).unique().all()


def open_sent(by: Actor, file_id: int, folder: Path) -> Opened:
    """Return a file as it was sent, to the bureau alone; every download is recorded before."""
    row = db.session.get(NominationSentFile, file_id)
    if row is None or not is_staff(by):
        raise Missing(file_id)
    data = files.read(folder, row.file_key, row.file_sha256)
    record_sent_download(by, file_id)
    return Opened(row.title, _MIMES[row.kind], data)


@transaction
def record_sent_download(by: Actor, file_id: int) -> int:
    """Record that somebody took a copy of what was sent."""
    row = db.session.get_one(NominationSentFile, file_id)
    after = {"digest": row.file_sha256, "kind": row.kind}
    audits.record(by, "download", "nomination_sending", row.sending_id, after=after)
    return file_id


def list_keys() -> set[str]:
    """List the keys of all that was sent, so that nothing of it is ever swept away."""
    return set(db.session.scalars(select(NominationSentFile.file_key)))
