"""Files of applications for workshops and of yearly reports, kept as those of appeals are."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import ColumnElement, select

from models.database import db
from models.workshop_applications import WorkshopApplication
from models.workshop_files import WorkshopFile
from models.workshops import WorkshopReport
from rules.access import Role
from rules.refusals import Missing, Refused
from rules.texts import N_
from rules.workshops import EDITABLE, MOST_PAPERS, REPORT_EDITABLE
from services import accounts, audits, files
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
from services.workshops_applications import lock_application
from services.workshops_reports import lock_report

Holder = WorkshopApplication | WorkshopReport


def attach(by: Actor, kind: type[Holder], holder_id: int, upload: Upload, folder: Path) -> int:
    """Add a file to an application or report; return the holder's id."""
    with files.keeping(folder) as keep:
        return add_file(by, kind, holder_id, keep_upload(upload, keep))


@transaction
def add_file(by: Actor, kind: type[Holder], holder_id: int, kept: Kept) -> int:
    """Add the row of a file, as the host, until the application or report is handed in."""
    holder = _in_own_hand(by, kind, holder_id)
    too_many = N_("At most %(most)s files are taken.")
    check_room(WorkshopFile.sha256, _of(holder), kept, too_many, MOST_PAPERS)
    row = WorkshopFile(**columns_of(by, kept))
    if isinstance(holder, WorkshopReport):
        row.report_id = holder.id
    else:
        row.application_id = holder.id
    db.session.add(row)
    db.session.flush()
    _record(by, "attach", row)
    return holder.id


def remove(by: Actor, file_id: int, folder: Path) -> int:
    """Remove a file with its bytes; return the holder's id."""
    key = get_file(file_id).file_key
    holder_id = remove_file(by, file_id)
    files.delete(folder, key)
    return holder_id


@transaction
def remove_file(by: Actor, file_id: int) -> int:
    """Remove the row of a file, as the host, until the application or report is handed in."""
    kind, holder_id = holder_of(get_file(file_id))
    _in_own_hand(by, kind, holder_id)
    row = db.session.get(WorkshopFile, file_id, populate_existing=True)
    if row is None:  # somebody else was faster
        raise Missing(file_id)
    _record(by, "remove_file", row)
    db.session.delete(row)
    return holder_id


def _in_own_hand(by: Actor, kind: type[Holder], holder_id: int) -> Holder:
    """Lock what a file belongs to; for its host alone, and before it is handed in."""
    is_report = kind is WorkshopReport
    holder = lock_report(holder_id) if is_report else lock_application(holder_id)
    if not _is_host(by, holder):
        raise Missing(holder_id)
    if holder.state not in (REPORT_EDITABLE if is_report else EDITABLE):
        raise Refused(N_("Files are added and removed before it is handed in."), "file")
    return holder


def _is_host(by: Actor, holder: Holder) -> bool:
    owner = holder.workshop if isinstance(holder, WorkshopReport) else holder
    account = accounts.get_account(by.account_id or 0).holder()
    return account.has(Role.EMPLOYER) and account.employer_id == owner.employer_id


def _of(holder: Holder) -> ColumnElement[bool]:
    if isinstance(holder, WorkshopReport):
        return WorkshopFile.report_id == holder.id
    return WorkshopFile.application_id == holder.id


def holder_of(row: WorkshopFile) -> tuple[type[Holder], int]:
    """Return to what a file belongs: the kind and its id."""
    if row.report_id is not None:
        return WorkshopReport, row.report_id
    assert row.application_id is not None  # held by the database
    return WorkshopApplication, row.application_id


def _record(by: Actor, action: str, row: WorkshopFile) -> None:
    kind, holder_id = holder_of(row)
    audits.record(by, action, kind.__tablename__, holder_id, after={"digest": row.sha256})


def get_file(file_id: int) -> WorkshopFile:
    """Return the row of a file; raise Missing."""
    row = db.session.get(WorkshopFile, file_id)
    if row is None:
        raise Missing(file_id)
    return row


def open_file(by: Actor, file_id: int, folder: Path) -> Opened:
    """Return a file to the host and the bureau; every download is recorded before it begins."""
    row = get_file(file_id)
    holder = row.report or row.application
    if holder is None or not (
        _is_host(by, holder) or accounts.is_staff(accounts.get_account(by.account_id or 0))
    ):
        raise Missing(file_id)
    found = opened(row, folder)
    record_file_download(by, file_id)
    return found


@transaction
def record_file_download(by: Actor, file_id: int) -> int:
    """Record that somebody took a copy of a file, by its digest."""
    _record(by, "download", get_file(file_id))
    return file_id


def list_files(holder: Holder) -> Sequence[WorkshopFile]:
    """List the files of an application or report, the oldest first."""
    query = select(WorkshopFile).where(_of(holder)).order_by(WorkshopFile.id)
    return db.session.scalars(query).all()


def list_keys() -> set[str]:
    """List the keys of all kept files, so that none of them is swept away."""
    return set(db.session.scalars(select(WorkshopFile.file_key)))
