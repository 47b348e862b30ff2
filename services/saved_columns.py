"""Columns of spreadsheets that an office saves under a title, whoever the file is for."""

from typing import Any

from models.database import db
from models.levels import LevelLayout
from models.payouts import PayoutLayout
from rules.refusals import Refused
from rules.texts import N_
from services import audits
from services.acting import Actor

SUBJECTS = {LevelLayout: "level_layout", PayoutLayout: "payout_layout"}


def save_columns(
    by: Actor,
    found: LevelLayout | PayoutLayout,
    title: str,
    columns: list[dict[str, Any]],
    version: int | None,
) -> int:
    """Store columns as new, or in place of those that the page showed."""
    is_new = found.id is None
    if not is_new and found.version != version:
        raise Refused(N_("Somebody else has changed these columns meanwhile. Load the page anew."))
    before = None if is_new else {"title": found.title, "columns": found.columns}
    found.title, found.columns = title, columns
    db.session.add(found)
    db.session.flush()
    after = {"title": title, "columns": columns}
    subject = SUBJECTS[type(found)]
    audits.record(by, "save_layout", subject, found.id, before=before, after=after)
    return found.id
