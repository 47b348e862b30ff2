"""Totals of the signed sheets of a round: worked out once for each set of signed sheets (R5.15)."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, select

from models.database import db
from models.selection_reviews import SelectionReviewer, SelectionSheet
from rules.refusals import Refused
from rules.selection_reviews import SheetTotal, sheet_total
from rules.selection_rounds import Review
from rules.selections import ReviewerState

# By application and reviewer the id and digest of a signed sheet.
Signed = Mapping[int, Mapping[int, tuple[int, str]]]
MOST_KEPT = 20_000
# Signed sheets don't change, and their digests say what they hold: the same ones give one total.
_kept: dict[tuple[str, ...], SheetTotal | Refused] = {}


def digest_of(reviewer_id: int, application_id: int, marks: Mapping[str, str]) -> str:
    """Return the digest of what a sheet says."""
    text = json.dumps([reviewer_id, application_id, marks], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _where(round_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        SelectionReviewer.round_id == round_id,
        SelectionReviewer.state == ReviewerState.SEATED,
        SelectionSheet.signed_at.is_not(None),
    )


def signed_sheets(round_id: int) -> Signed:
    """Return the signed sheets of those who sit on the panel, without their marks."""
    sheet = SelectionSheet
    query = (
        select(sheet.application_id, sheet.reviewer_id, sheet.id, sheet.digest)
        .join(SelectionReviewer, SelectionReviewer.id == sheet.reviewer_id)
        .where(*_where(round_id))
    )
    found: dict[int, dict[int, tuple[int, str]]] = {}
    for application, reviewer, key, digest in db.session.execute(query):
        found.setdefault(application, {})[reviewer] = (key, digest)
    return found


def totals_of(
    round_id: int, review: Review, asked: Mapping[int, Sequence[int]], sheets: Signed
) -> dict[int, SheetTotal | Refused]:
    """Return the totals of applications that all who were asked have signed, by application.

    Marks are read, in one statement, only where these sheets were never added up before.
    """
    rules = review.model_dump_json()
    keys = {
        application: (rules, *(sheets[application][one][1] for one in reviewers))
        for application, reviewers in asked.items()
        if all(one in sheets.get(application, {}) for one in reviewers) and application in sheets
    }
    fresh = [application for application, key in keys.items() if key not in _kept]
    found = {one: _kept[key] for one, key in keys.items() if key in _kept}
    if fresh:
        if len(_kept) + len(fresh) > MOST_KEPT:
            _kept.clear()
        marks = _marks(round_id, fresh)
        for application in fresh:
            own = {one: marks[application, one] for one in asked[application]}
            found[application] = _kept[keys[application]] = sheet_total(review, own)
    for application, reviewers in asked.items():
        if not reviewers:
            found[application] = sheet_total(review, {})
    return found


def _marks(round_id: int, wanted: Collection[int]) -> dict[tuple[int, int], dict[str, str]]:
    """Return marks by application and reviewer: of few applications, or of the whole round."""
    sheet = SelectionSheet
    query = (
        select(sheet.application_id, sheet.reviewer_id, sheet.marks)
        .join(SelectionReviewer, SelectionReviewer.id == sheet.reviewer_id)
        .where(*_where(round_id))
    )
    if len(wanted) <= 500:
        query = query.where(sheet.application_id.in_(wanted))
    return {(one, other): marks for one, other, marks in db.session.execute(query)}
