"""Files that belong to an appeal: checked, pictures drawn anew, bytes kept encrypted."""

import hashlib
import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.attachments import Attachment
from models.database import db
from rules import attachments as types
from rules.attachments import Type, title_of, type_of
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits, files
from services.acting import Actor
from services.appeals import lock_appeal
from services.appeals_holds import OPEN
from services.files import StoredFile
from services.transaction import transaction

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2400


@dataclass(frozen=True)
class Upload:
    """A file as it came from outside."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Kept:
    """A checked file whose bytes are kept."""

    title: str
    kind: str
    sha256: str
    stored: StoredFile


def attach(by: Actor, appeal_id: int, upload: Upload, folder: Path) -> int:
    """Add a file to an open appeal; return its id. A refused file leaves no bytes behind."""
    with files.keeping(folder) as keep:
        return add_file(by, appeal_id, keep_upload(upload, keep))


def keep_upload(upload: Upload, keep: Callable[[bytes], StoredFile]) -> Kept:
    """Part: check a file, draw a picture anew, and keep the bytes."""
    found = type_of(upload.data)
    data = redrawn(found, upload.data) if found.is_picture else upload.data
    title, digest = title_of(upload.filename, found.kind), hashlib.sha256(upload.data)
    return Kept(title, found.kind, digest.hexdigest(), keep(data))


@transaction
def add_file(by: Actor, appeal_id: int, kept: Kept) -> int:
    """Add the row of a file whose bytes are kept."""
    appeal, event = lock_appeal(appeal_id)
    if appeal.state not in OPEN:
        raise Refused(N_("Files can be added while the appeal is open."), "file")
    too_many = N_("An appeal takes at most %(most)s files.")
    check_room(Attachment.sha256, Attachment.appeal_id == appeal_id, kept, too_many)
    row = Attachment(appeal_id=appeal_id, **columns_of(by, kept))
    db.session.add(row)
    db.session.flush()
    after = {"digest": kept.sha256, "number": appeal.number}
    audits.record(by, "attach", "attachment", row.id, contest_id=event.contest_id, after=after)
    return row.id


def columns_of(by: Actor, kept: Kept) -> dict[str, Any]:
    """Part: return the columns that every table of kept files has."""
    return {
        "title": kept.title,
        "kind": kept.kind,
        "size": kept.stored.size,
        "sha256": kept.sha256,
        "file_key": kept.stored.key,
        "file_sha256": kept.stored.sha256,
        "added_at": by.now,
        "added_by_id": by.account_id,
    }


def check_room(
    digest: Any, among: ColumnElement[bool], kept: Kept, text: str, most: int = types.MOST_FILES
) -> None:
    """Part: refuse a file that is there already, or one too many among such rows."""
    query = select(func.count(), func.count().filter(digest == kept.sha256)).where(among)
    count, same = db.session.execute(query).one()
    if same:
        raise Refused(N_("This file is there already."), "file")
    if count >= most:
        raise Refused(text, "file", most=most)


def redrawn(found: Type, data: bytes) -> bytes:
    """Part: draw a picture anew: neither place nor camera nor a second file stays hidden in it.

    A picture that is huge when unpacked, or that is none, is refused.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Refused(_HUGE, "file")
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused(_HUGE, "file") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(N_("This picture cannot be read."), "file") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    target = io.BytesIO()
    clean = Image.new("RGB", picture.size)  # a new one takes no notes along
    clean.paste(picture)
    clean.save(target, "JPEG" if found.kind == "jpg" else "PNG", quality=85)
    return target.getvalue()


_HUGE = N_("This picture has too many pixels.")


@dataclass(frozen=True)
class Opened:
    """A file as it goes out."""

    title: str
    mimetype: str
    data: bytes


def opened(row: Any, folder: Path) -> Opened:
    """Part: return the bytes of a row of kept files; raise DamagedFile if they are others."""
    data = files.read(folder, row.file_key, row.file_sha256)
    return Opened(row.title, types.BY_KIND[row.kind].mimetype, data)


def open_file(by: Actor, attachment_id: int, folder: Path) -> Opened:
    """Return a file for download; every download is recorded before it begins."""
    row = db.session.get(Attachment, attachment_id)
    if row is None:
        raise Missing(attachment_id)
    found = opened(row, folder)
    record_download(by, attachment_id)
    return found


@transaction
def record_download(by: Actor, attachment_id: int) -> int:
    """Record that somebody took a copy of a file."""
    row = db.session.get_one(Attachment, attachment_id)
    _, event = lock_appeal(row.appeal_id)
    after = {"digest": row.sha256}
    audits.record(
        by, "download", "attachment", attachment_id, contest_id=event.contest_id, after=after
    )
    return attachment_id


def list_files(appeal_id: int) -> Sequence[Attachment]:
    """List the files of an appeal, the oldest first."""
    query = select(Attachment).options(joinedload(Attachment.added_by).lazyload(Account.grants))
    query = query.where(Attachment.appeal_id == appeal_id).order_by(Attachment.id)
    return db.session.scalars(query).all()


def list_keys() -> set[str]:
    """List the keys of all kept files, so that none of them is swept away."""
    return set(db.session.scalars(select(Attachment.file_key)))
