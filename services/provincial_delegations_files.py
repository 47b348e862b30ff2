"""Papers of a superior's contest: the call, proof of changes, results; kept encrypted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from models.database import db
from models.provincial import ProvincialResult
from models.provincial_delegations import ProvincialChange, ProvincialFile, ProvincialPaper
from rules.provincial import FilePurpose
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits, files, provincial
from services.acting import Actor
from services.attachments import (
    Kept,
    Opened,
    Upload,
    check_room,
    columns_of,
    keep_upload,
    opened,
)
from services.transaction import transaction

SUBJECT = "provincial_file"
MOST_FILES = 60


def attach(by: Actor, contest_id: int, purpose: FilePurpose, upload: Upload, folder: Path) -> int:
    """Add a paper to a contest; return its id. What is refused leaves no bytes behind."""
    with files.keeping(folder) as keep:
        return add_file(by, contest_id, purpose, keep_upload(upload, keep))


@contextmanager
def scan_kept(scan: Upload | None, folder: Path) -> Iterator[Kept | None]:
    """Keep a scan while an act runs that makes its row; what is refused leaves no bytes behind."""
    with files.keeping(folder) as keep:
        yield None if scan is None else keep_upload(scan, keep)


@transaction
def add_file(by: Actor, contest_id: int, purpose: FilePurpose, kept: Kept) -> int:
    """Add the row of a paper whose bytes are kept."""
    provincial.locked(contest_id)
    row = row_of(by, contest_id, purpose, kept)
    after = {"digest": kept.sha256, "purpose": purpose}
    audits.record(by, "attach", SUBJECT, row.id, after=after)
    return row.id


def row_of(by: Actor, contest_id: int, purpose: FilePurpose, kept: Kept) -> ProvincialFile:
    """Part: add the row of a paper whose bytes are kept."""
    own = (ProvincialFile.contest_id == contest_id) & (ProvincialFile.purpose == purpose)
    too_many = N_("At most %(most)s files are taken.")
    check_room(ProvincialFile.sha256, own, kept, too_many, MOST_FILES)
    row = ProvincialFile(contest_id=contest_id, purpose=purpose, **columns_of(by, kept))
    db.session.add(row)
    db.session.flush()
    return row


def remove(by: Actor, file_id: int, folder: Path) -> int:
    """Remove a paper with its bytes; return the contest's id."""
    key = get_file(file_id).file_key
    contest_id = remove_file(by, file_id)
    files.delete(folder, key)
    return contest_id


@transaction
def remove_file(by: Actor, file_id: int) -> int:
    """Remove the row of a paper that proves nothing: no change of an entry and no result."""
    row = get_file(file_id)
    changes = select(ProvincialChange.id).where(ProvincialChange.proof_id == file_id)
    if db.session.execute(changes.limit(1)).first() is not None:
        raise Refused(N_("This paper proves a change that was sent; it stays."))
    proved = select(ProvincialResult.id).where(ProvincialResult.proof_id == file_id)
    if db.session.execute(proved.limit(1)).first() is not None:
        raise Refused(N_("This paper proves a result; take the result back first."))
    papers = select(ProvincialPaper).where(ProvincialPaper.file_id == file_id)
    for paper in db.session.scalars(papers):
        paper.file_id = None
    db.session.flush()
    contest_id = row.contest_id
    audits.record(by, "remove_file", SUBJECT, file_id, before={"digest": row.sha256})
    db.session.delete(row)
    return contest_id


def get_file(file_id: int) -> ProvincialFile:
    """Return the row of a paper; raise Missing."""
    row = db.session.get(ProvincialFile, file_id)
    if row is None:
        raise Missing(file_id)
    return row


def open_file(by: Actor, file_id: int, folder: Path) -> Opened:
    """Return a paper; every download is recorded before it begins."""
    found = opened(get_file(file_id), folder)
    record_file_download(by, file_id)
    return found


@transaction
def record_file_download(by: Actor, file_id: int) -> int:
    """Record that somebody took a copy of a paper, by its digest."""
    row = get_file(file_id)
    audits.record(by, "download", SUBJECT, file_id, after={"digest": row.sha256})
    return file_id


def list_files(contest_id: int) -> Sequence[ProvincialFile]:
    """List the papers of a contest, the oldest first."""
    query = select(ProvincialFile).where(ProvincialFile.contest_id == contest_id)
    return db.session.scalars(query.order_by(ProvincialFile.purpose, ProvincialFile.id)).all()


def list_keys() -> set[str]:
    """List the keys of all kept papers, so that none of them is swept away."""
    return set(db.session.scalars(select(ProvincialFile.file_key)))
