"""Files of objections and of their answers: checked and kept as those of appeals are."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from models.database import db
from models.objections import Objection, ObjectionFile
from rules import attachments as types
from rules.refusals import Missing, Refused
from rules.states import ObjectionState
from rules.texts import N_
from services import accounts, files, objections, objections_handling
from services.acting import Actor
from services.attachments import Kept, Opened, Upload, columns_of, keep_upload, opened
from services.objections_holds import OPEN
from services.transaction import transaction


def attach_own(by: Actor, code: str, upload: Upload, folder: Path) -> int:
    """Add a file of the objector, who holds the code; return the objection's id."""
    with files.keeping(folder) as keep:
        return add_own_file(by, code, keep_upload(upload, keep))


def attach(by: Actor, objection_id: int, upload: Upload, folder: Path) -> int:
    """Add a file that came with an objection on paper; return the objection's id."""
    with files.keeping(folder) as keep:
        return add_file(by, objection_id, keep_upload(upload, keep))


def attach_answer(by: Actor, objection_id: int, upload: Upload, folder: Path) -> int:
    """Add a file to the answer, as its handler; return the objection's id."""
    with files.keeping(folder) as keep:
        return add_answer_file(by, objection_id, keep_upload(upload, keep))


@transaction
def add_own_file(by: Actor, code: str, kept: Kept) -> int:
    """Add the row of a file that the objector sent."""
    found = objections.find_by_code(code)
    if found is None:
        raise Missing(code)
    return _add(by, objections.lock_objection(found.id), kept)


@transaction
def add_file(by: Actor, objection_id: int, kept: Kept) -> int:
    """Add the row of a file; by who may read the objection, or has recorded it."""
    row = objections.lock_objection(objection_id)
    recorded = row.handler_id is None and row.recorded_by_id == by.account_id
    if by.account_id is None or not (recorded or _reads(by, row)):
        raise Refused(N_("Name, contact and facts are shown to who has it in hand."))
    return _add(by, row, kept)


@transaction
def add_answer_file(by: Actor, objection_id: int, kept: Kept) -> int:
    """Add the row of a file of the answer, before the answer goes out."""
    row = objections_handling.in_own_hand(by, objection_id)
    if row.state is not ObjectionState.IN_HAND:
        raise Refused(N_("Files are added before the answer goes out."), "file")
    return _add(by, row, kept, of_answer=True)


def _reads(by: Actor, row: Objection) -> bool:
    account = accounts.get_account(by.account_id or 0)
    return objections_handling.may_read(account, row)


def _add(by: Actor, row: Objection, kept: Kept, of_answer: bool = False) -> int:
    if row.state not in OPEN:
        raise Refused(N_("Files can be added while the objection is open."), "file")
    query = select(
        func.count().filter(ObjectionFile.of_answer.is_(of_answer)),
        func.count().filter(ObjectionFile.sha256 == kept.sha256),
    )
    count, same = db.session.execute(query.where(ObjectionFile.objection_id == row.id)).one()
    if same:
        raise Refused(N_("This file is there already."), "file")
    if count >= types.MOST_FILES:
        text = N_("An objection takes at most %(most)s files, its answer as many.")
        raise Refused(text, "file", most=types.MOST_FILES)
    file = ObjectionFile(objection_id=row.id, of_answer=of_answer, **columns_of(by, kept))
    db.session.add(file)
    db.session.flush()
    objections.record(by, "attach", row, {"number": row.number, "digest": kept.sha256})
    return row.id


def open_own(by: Actor, code: str, file_id: int, folder: Path) -> Opened:
    """Return a file to the objector: what was sent in, and after the answer what came with it."""
    row = objections.find_by_code(code)
    if row is None:
        raise Missing(code)
    file = _file_of(row.id, file_id)
    if file.of_answer and row.answered_at is None:
        raise Missing(file_id)
    return _opened(by, file, folder)


def open_file(by: Actor, objection_id: int, file_id: int, folder: Path) -> Opened:
    """Return a file to who may read the objection; every download is recorded."""
    if not _reads(by, objections.get_objection(objection_id)):
        raise Missing(file_id)
    return _opened(by, _file_of(objection_id, file_id), folder)


def _file_of(objection_id: int, file_id: int) -> ObjectionFile:
    query = select(ObjectionFile).where(
        ObjectionFile.id == file_id, ObjectionFile.objection_id == objection_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise Missing(file_id)
    return found


def _opened(by: Actor, file: ObjectionFile, folder: Path) -> Opened:
    found = opened(file, folder)
    record_download(by, file.objection_id, file.sha256)
    return found


@transaction
def record_download(by: Actor, objection_id: int, digest: str) -> int:
    """Record that somebody took a copy of a file, by its digest."""
    row = objections.lock_objection(objection_id)
    objections.record(by, "download", row, {"number": row.number, "digest": digest})
    return objection_id


def list_files(objection_id: int) -> Sequence[ObjectionFile]:
    """List the files of an objection and of its answer, the oldest first."""
    query = select(ObjectionFile).where(ObjectionFile.objection_id == objection_id)
    return db.session.scalars(query.order_by(ObjectionFile.id)).all()


def list_keys() -> set[str]:
    """List the keys of all kept files, so that none of them is swept away."""
    return set(db.session.scalars(select(ObjectionFile.file_key)))
