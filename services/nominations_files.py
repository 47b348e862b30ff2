"""Files of calls and nominations: the superior's paper, materials of packs, proof of outcomes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from models.database import db
from models.nominations import Nomination, NominationFile
from rules.nominations import FilePurpose
from rules.refusals import Missing, Refused
from rules.selection_rounds import FileRule
from rules.texts import N_
from services import audits, files
from services.acting import Actor
from services.attachments import Opened, Upload, check_room, columns_of, opened
from services.files import StoredFile
from services.nominations import lock_call, rules_of
from services.nominations_candidates import (
    check_editable,
    is_staff,
    lock_nomination,
    owns,
    touched,
)
from services.selection_files import Looked, look_into
from services.transaction import transaction

MOST_FILES = 60
_TOO_MANY = N_("At most %(most)s files are taken.")
# A material is looked into as the files of applications are: by content, in a process of its own.
TAKEN = FileRule(key="file", title="file", most=50, megabytes=30, pages=500)


def attach(by: Actor, nomination_id: int, material: str, upload: Upload, folder: Path) -> int:
    """Add a material to a pack; return the nomination's id. What is refused leaves no bytes."""
    with files.keeping(folder) as keep:
        return add_material(by, nomination_id, material, look_into(upload, TAKEN, keep))


@transaction
def add_material(by: Actor, nomination_id: int, material: str, looked: Looked) -> int:
    """Add the row of a material whose bytes are kept."""
    row = lock_nomination(nomination_id)
    check_editable(by, row)
    known = {one.key: one for one in rules_of(row.call).find(row.list_key).materials}
    if material not in known:
        raise Refused(N_("Say which material it is."), "material")
    own = (NominationFile.nomination_id == row.id) & (
        NominationFile.purpose == FilePurpose.MATERIAL
    )
    check_room(NominationFile.sha256, own, looked.kept, _TOO_MANY, MOST_FILES)
    last = select(func.max(NominationFile.position)).where(own, NominationFile.material == material)
    made = NominationFile(
        call_id=row.call_id,
        nomination_id=row.id,
        purpose=FilePurpose.MATERIAL,
        material=material,
        position=(db.session.scalar(last) or 0) + 1,
        pages=looked.pages,
        **columns_of(by, looked.kept),
    )
    _added(by, made)
    touched(by, row)
    return row.id


def attach_call(by: Actor, call_id: int, upload: Upload, folder: Path) -> int:
    """Add the superior's paper to a call; return the call's id."""
    with files.keeping(folder) as keep:
        return add_call_file(by, call_id, look_into(upload, TAKEN, keep))


@transaction
def add_call_file(by: Actor, call_id: int, looked: Looked) -> int:
    """Add the row of a superior's paper whose bytes are kept."""
    call = lock_call(call_id)
    own = (NominationFile.call_id == call.id) & (NominationFile.purpose == FilePurpose.CALL)
    check_room(NominationFile.sha256, own, looked.kept, _TOO_MANY)
    made = NominationFile(
        call_id=call.id,
        purpose=FilePurpose.CALL,
        pages=looked.pages,
        **columns_of(by, looked.kept),
    )
    _added(by, made)
    return call.id


@contextmanager
def keeping_proofs(upload: Upload, count: int, folder: Path) -> Iterator[list[Looked]]:
    """Keep a scan once for each name that it proves; give the copies."""
    with files.keeping(folder) as keep:
        first = look_into(upload, TAKEN, keep)
        yield [first, *(_copied(first, keep, folder) for _ in range(count - 1))]


def _copied(one: Looked, keep: Callable[[bytes], StoredFile], folder: Path) -> Looked:
    data = files.read(folder, one.kept.stored.key, one.kept.stored.sha256)
    return replace(one, kept=replace(one.kept, stored=keep(data)))


def add_proof(by: Actor, row: Nomination, looked: Looked) -> None:
    """Part: add the proof of an outcome to a nomination; the same paper stands there once."""
    known = select(NominationFile.id).where(
        NominationFile.nomination_id == row.id,
        NominationFile.purpose == FilePurpose.PROOF,
        NominationFile.sha256 == looked.kept.sha256,
    )
    if db.session.scalar(known) is not None:
        return  # the second copy of the bytes is swept away
    made = NominationFile(
        call_id=row.call_id,
        nomination_id=row.id,
        purpose=FilePurpose.PROOF,
        pages=looked.pages,
        **columns_of(by, looked.kept),
    )
    _added(by, made)


def _added(by: Actor, row: NominationFile) -> None:
    db.session.add(row)
    db.session.flush()
    _record(by, "attach", row)


def _record(by: Actor, action: str, row: NominationFile) -> None:
    subject = "nomination_call" if row.nomination_id is None else "nomination"
    after = {"digest": row.sha256, "purpose": row.purpose}
    audits.record(by, action, subject, row.nomination_id or row.call_id, after=after)


def remove(by: Actor, file_id: int, folder: Path) -> int:
    """Remove a material with its bytes; return the nomination's id."""
    key = get_file(file_id).file_key
    nomination_id = remove_material(by, file_id)
    files.delete(folder, key)
    return nomination_id


@transaction
def remove_material(by: Actor, file_id: int) -> int:
    """Remove the row of a material, while the nomination is still worked on."""
    found = get_file(file_id)
    if found.nomination_id is None or found.purpose is not FilePurpose.MATERIAL:
        raise Refused(N_("Papers of a superior are kept."))
    row = lock_nomination(found.nomination_id)
    check_editable(by, row)
    found = db.session.get_one(NominationFile, file_id, populate_existing=True)
    _record(by, "remove_file", found)
    db.session.delete(found)
    touched(by, row)
    return row.id


def get_file(file_id: int) -> NominationFile:
    """Return the row of a file; raise Missing."""
    row = db.session.get(NominationFile, file_id)
    if row is None:
        raise Missing(file_id)
    return row


def open_file(by: Actor, file_id: int, folder: Path) -> Opened:
    """Return a file to the bureau and to the employer of a proposal; it is recorded before."""
    row = get_file(file_id)
    if not is_staff(by):
        holder = db.session.get(Nomination, row.nomination_id or 0)
        if holder is None or not owns(by, holder) or row.purpose is FilePurpose.PROOF:
            raise Missing(file_id)
    found = opened(row, folder)
    record_file_download(by, file_id)
    return found


@transaction
def record_file_download(by: Actor, file_id: int) -> int:
    """Record that somebody took a copy of a file, by its digest."""
    _record(by, "download", get_file(file_id))
    return file_id


def list_files(
    call_id: int, nomination_id: int | None = None, purpose: FilePurpose = FilePurpose.MATERIAL
) -> Sequence[NominationFile]:
    """List the files of a purpose, in the order of their kinds and places."""
    query = select(NominationFile).where(
        NominationFile.call_id == call_id, NominationFile.purpose == purpose
    )
    if nomination_id is not None:
        query = query.where(NominationFile.nomination_id == nomination_id)
    order = (NominationFile.material, NominationFile.position, NominationFile.id)
    return db.session.scalars(query.order_by(*order)).all()


def list_keys() -> set[str]:
    """List the keys of all kept files, so that none of them is swept away."""
    return set(db.session.scalars(select(NominationFile.file_key)))
