"""Files of selections: of applications, steps, opinions, visits, minutes; kept as those of appeals.

A holder is what a file belongs to. The subject that owns it says who may change and read its files
(``register``); others let more people read them (``let_read``).
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import ColumnElement, func, select

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionFile
from rules.attachments import TYPES, Type, title_of
from rules.refusals import Missing, Refused
from rules.selection_rounds import FileRule
from rules.texts import N_
from services import accounts, audits, files, processes
from services.acting import Actor
from services.attachments import Kept as KeptBytes
from services.attachments import Opened, Upload, columns_of, opened, redrawn
from services.files import StoredFile
from services.transaction import transaction

LARGEST = 50 * 2**20  # as large as a rule may allow
_LONGEST = 20  # seconds
# Without rules of its own a holder takes papers and photos like this.
USUAL = FileRule(key="file", title="file", most=20, megabytes=10, pages=200)

Reader = Callable[[Account, int], bool]


@dataclass(frozen=True)
class Room:
    """Where a file goes: the round, the rule for it, and pages of all files together."""

    round_id: int
    rule: FileRule = USUAL
    pages: int | None = None


@dataclass
class Keeper:
    """What a subject says about files of its own.

    ``room`` locks the holder and says where a file goes; it raises Missing or Refused for who may
    not change it now. ``readers`` say who may open a file.
    """

    room: Callable[[Actor, int, str], Room]
    readers: list[Reader] = field(default_factory=list)
    subject: str = ""


KEEPERS: dict[str, Keeper] = {}


def register(holder: str, keeper: Keeper) -> None:
    """Let a kind of holder have files."""
    known = KEEPERS.get(holder)
    keeper.readers += known.readers if known else []
    KEEPERS[holder] = keeper


def let_read(holder: str, reader: Reader) -> None:
    """Let more people read the files of a kind of holder."""
    if holder not in KEEPERS:
        KEEPERS[holder] = Keeper(_nobody)
    KEEPERS[holder].readers.append(reader)


def _nobody(by: Actor, holder_id: int, rule: str) -> Room:
    raise Missing(holder_id)


@dataclass(frozen=True)
class Looked:
    """A file that was looked into: kept bytes, and how many pages it has."""

    kept: KeptBytes
    pages: int


def attach(
    by: Actor, holder: str, holder_id: int, upload: Upload, folder: Path, rule: str = ""
) -> int:
    """Add a file; return its id. A refused one leaves no bytes behind."""
    taken = KEEPERS[holder].room(by, holder_id, rule)
    with files.keeping(folder) as keep:
        return add_file(by, holder, holder_id, look_into(upload, taken.rule, keep), rule)


def look_into(upload: Upload, rule: FileRule, keep: Callable[[bytes], StoredFile]) -> Looked:
    """Part: check a file by its content and a rule, draw a picture anew, and keep the bytes."""
    found = type_of(upload.data, rule)
    pages = 1 if found.is_picture else count_pages(upload.data)
    data = redrawn(found, upload.data) if found.is_picture else upload.data
    title, digest = title_of(upload.filename, found.kind), hashlib.sha256(upload.data)
    return Looked(KeptBytes(title, found.kind, digest.hexdigest(), keep(data)), pages)


def type_of(data: bytes, rule: FileRule) -> Type:
    """Return the type of a file by its content; refuse what a rule does not take."""
    if not data:
        raise Refused(N_("The file is empty."), "file")
    if len(data) > rule.megabytes * 2**20:
        raise Refused(N_("The file is larger than %(most)s MB."), "file", most=rule.megabytes)
    found = next((one for one in TYPES if data.startswith(one.beginning)), None)
    if found is None or found.kind not in rule.types:
        text = N_("Only files of these types are taken, by their content: %(types)s.")
        raise Refused(text, "file", types=tuple(one.upper() for one in rule.types))
    return found


_PROBLEMS = {
    "locked": N_("The PDF is locked with a password. Save it without one."),
    "script": N_("The PDF holds a program. Print it to a PDF anew, without forms and scripts."),
    "launch": N_("The PDF would open something else. Print it to a PDF anew."),
    "embedded": N_("The PDF holds another file. Add that one by itself, and print this one anew."),
    "huge": N_("The PDF is too large when it is unpacked."),
    "broken": N_("The PDF is damaged and cannot be opened."),
}


def count_pages(data: bytes) -> int:
    """Return the number of pages of a PDF; refuse a locked, broken or hostile one."""
    try:
        told = processes.ask("services.selection_files_worker", data=data, longest=_LONGEST)
    except processes.Failed:
        text = N_("The PDF could not be opened in time. Print it to a PDF anew.")
        raise Refused(text, "file") from None
    answer = json.loads(told)
    if answer["problem"]:
        raise Refused(_PROBLEMS[answer["problem"]], "file")
    return int(answer["pages"])


@transaction
def add_file(by: Actor, holder: str, holder_id: int, looked: Looked, rule: str = "") -> int:
    """Add the row of a file that was looked into, as far as its limits go."""
    return add_row(by, holder, holder_id, looked, rule)


def add_row(by: Actor, holder: str, holder_id: int, looked: Looked, rule: str = "") -> int:
    """Part: add the row of a file that was looked into, as far as its limits go."""
    room = KEEPERS[holder].room(by, holder_id, rule)
    _check_room(holder, holder_id, looked, room, rule)
    row = SelectionFile(
        round_id=room.round_id,
        holder=holder,
        holder_id=holder_id,
        rule=rule,
        pages=looked.pages,
        **columns_of(by, looked.kept),
    )
    db.session.add(row)
    db.session.flush()
    _record(by, "attach", row)
    return row.id


def _check_room(holder: str, holder_id: int, looked: Looked, room: Room, rule: str) -> None:
    same_rule = SelectionFile.rule == rule
    pages, digest = SelectionFile.pages, SelectionFile.sha256
    query = select(
        func.count().filter(digest == looked.kept.sha256),
        func.count().filter(same_rule),
        func.coalesce(func.sum(pages).filter(same_rule), 0),
        func.coalesce(func.sum(pages), 0),
    ).where(_of(holder, holder_id))
    twins, count, pages_here, pages_all = db.session.execute(query).one()
    if twins:
        raise Refused(N_("This file is there already."), "file")
    if count >= room.rule.most:
        raise Refused(N_("At most %(most)s files are taken."), "file", most=room.rule.most)
    for most, so_far in ((room.rule.pages, pages_here), (room.pages, pages_all)):
        if most is not None and so_far + looked.pages > most:
            raise Refused(_TOO_LONG, "file", most=most, pages=so_far + looked.pages)


_TOO_LONG = N_("At most %(most)s pages are taken; with this file there would be %(pages)s.")


def _of(holder: str, holder_id: int) -> ColumnElement[bool]:
    return (SelectionFile.holder == holder) & (SelectionFile.holder_id == holder_id)


def remove(by: Actor, file_id: int, folder: Path) -> int:
    """Remove a file with its bytes; return the holder's id."""
    key = get_file(file_id).file_key
    holder_id = remove_file(by, file_id)
    files.delete(folder, key)
    return holder_id


@transaction
def remove_file(by: Actor, file_id: int) -> int:
    """Remove the row of a file while its holder may be changed; return the holder's id."""
    row = get_file(file_id)
    KEEPERS[row.holder].room(by, row.holder_id, row.rule)
    row = get_file(file_id)  # somebody else may have been faster
    _record(by, "remove_file", row)
    db.session.delete(row)
    return row.holder_id


def open_file(by: Actor, file_id: int, folder: Path) -> Opened:
    """Return a file to those who may read it; every download is recorded before it begins."""
    row = get_file(file_id)
    account = accounts.get_account(by.account_id or 0)
    if not may_read(account, row.holder, row.holder_id):
        raise Missing(file_id)
    found = opened(row, folder)
    record_file_download(by, file_id)
    return found


def may_read(account: Account, holder: str, holder_id: int) -> bool:
    """Say whether an account may open the files of a holder; staff of the bureau always may."""
    if accounts.is_staff(account):
        return True
    return any(reads(account, holder_id) for reads in KEEPERS[holder].readers)


@transaction
def record_file_download(by: Actor, file_id: int) -> int:
    """Record that somebody took a copy of a file, by its digest."""
    _record(by, "download", get_file(file_id))
    return file_id


def _record(by: Actor, action: str, row: SelectionFile) -> None:
    subject = KEEPERS[row.holder].subject or f"selection_{row.holder}"
    audits.record(by, action, subject, row.holder_id, after={"digest": row.sha256})


def get_file(file_id: int) -> SelectionFile:
    """Return the row of a file; raise Missing."""
    row = db.session.get(SelectionFile, file_id)
    if row is None:
        raise Missing(file_id)
    return row


def list_files(holder: str, holder_id: int) -> Sequence[SelectionFile]:
    """List the files of a holder, the oldest first."""
    query = select(SelectionFile).where(_of(holder, holder_id))
    return db.session.scalars(query.order_by(SelectionFile.id)).all()


def list_keys() -> set[str]:
    """List the keys of all kept files, so that none of them is swept away."""
    return set(db.session.scalars(select(SelectionFile.file_key)))
