"""The file that proves what was recorded: a breach, or a step of a contestant's day."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from models.control import Violation
from models.database import db
from models.halls import TurnStep
from rules.refusals import Missing, Refused
from rules.texts import N_
from rules.violations import LARGEST_EVIDENCE, kind_of
from services import files

Proved = TurnStep | Violation


def add_evidence(row: Proved, data: bytes, keep: Callable[[bytes], files.StoredFile]) -> None:
    """Part: keep a file with what it proves; no bytes are no file."""
    if not data:
        return
    if len(data) > LARGEST_EVIDENCE:
        raise Refused(N_("The file is larger than 10 MB."), field="evidence")
    if kind_of(data) is None:
        raise Refused(N_("Choose a PDF file or a photo (JPEG, PNG)."), field="evidence")
    stored = keep(data)
    row.evidence, row.evidence_sha256 = stored.key, stored.sha256


def read_evidence(row: Proved, folder: Path) -> tuple[bytes, str, str]:
    """Return the file of what was recorded with its ending and media type; raise Missing."""
    if row.evidence is None:
        raise Missing(row.id)
    data = files.read(folder, row.evidence, row.evidence_sha256)
    ending, media = kind_of(data) or ("bin", "application/octet-stream")
    return data, ending, media


def list_evidence_keys(model: type[Proved]) -> set[str]:
    """List the keys of all kept evidence of one kind, so that none of it is swept away."""
    found = db.session.scalars(select(model.evidence).where(model.evidence.is_not(None)))
    return {key for key in found if key}
