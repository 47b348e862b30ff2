"""Submitting an application: refused with all that is missing; completed, withdrawn (R5.01)."""

import hashlib
import json
from collections import Counter
from typing import Any

from sqlalchemy import func, select

from models.database import db
from models.selection_applications import SelectionApplication
from rules.data import InvalidRules
from rules.refusals import LONGEST_REASON, Missing, Refused
from rules.selection_applications import WITHDRAWABLE, Window
from rules.selection_forms import Filled, Listed, missing_of
from rules.selections import ApplicationState, EvidenceSource
from rules.texts import N_
from services import accounts, audits, selection_checks, selection_files, selections
from services.acting import Actor
from services.selection_applications import (
    lock_application,
    move_application,
    release_double,
)
from services.selection_applications_writing import is_writer, lock_own, values_of
from services.selection_checks_verdicts import verdict_of
from services.transaction import transaction


def window_of(row: SelectionApplication) -> Window:
    """Return what decides whether an application may be submitted now."""
    rules = selections.rules_of(row.round)
    return Window(
        row.state,
        row.round.state,
        rules.opens_at,
        rules.closes_at,
        rules.grace_minutes,
        row.submit_begun_at,
        row.complete_until,
    )


def missing_in(row: SelectionApplication) -> list[Refused]:
    """Return everything that keeps an application from being submitted, whatever the time."""
    rules = selections.rules_of(row.round)
    files = selection_files.list_files("application", row.id)
    lines = [
        Listed(one.kind, one.title, one.happened_on, one.source is EvidenceSource.TYPED)
        for one in row.evidence
    ]
    counts = Counter(one.rule for one in files)
    filled = Filled(row.channel, values_of(row), lines, counts, verdict_of(row))
    return list(missing_of(rules, filled))


@transaction
def begin_submit(by: Actor, application_id: int) -> int:
    """Record when submitting began for the first time; before the end it gives minutes more."""
    row = lock_own(by, application_id)
    if row.submit_begun_at is None:
        row.submit_begun_at = by.now
        after = {"begun_at": by.now}
        audits.record(by, "begin_submit", "selection_application", row.id, after=after)
    return row.id


@transaction
def submit(by: Actor, application_id: int) -> int:
    """Submit an application, or a completed one again; refused with all that is missing at once.

    It gets its number the first time and goes into the chain of checks.
    """
    row = lock_own(by, application_id)
    late = window_of(row).problem(by.now, by.today)
    if late is not None:
        raise late
    problems = missing_in(row)
    if problems:
        raise Incomplete(problems)
    if row.number is None:
        row.number = _next_number(row.round_id)
    row.submitted_at, row.complete_until = by.now, None
    row.submit_begun_at = row.submit_begun_at or by.now
    row.digest = digest_of(row)
    move_application(by, row, ApplicationState.CHECKING, "submit")
    db.session.flush()
    selection_checks.start_chain(by, row)
    return row.id


class Incomplete(InvalidRules):
    """An application that cannot be submitted yet, with all that is missing."""

    def __init__(self, problems: list[Refused]) -> None:
        super().__init__(problems)
        self.message = N_("Some things are still missing.")


def _next_number(round_id: int) -> int:
    """Return the next number of a round; the round is locked, so that nobody gets it twice."""
    selections.lock_round(round_id)
    query = select(func.max(SelectionApplication.number))
    return (db.session.scalar(query.where(SelectionApplication.round_id == round_id)) or 0) + 1


def digest_of(row: SelectionApplication) -> str:
    """Return the digest of what an application says: answers, achievements, files."""
    files = selection_files.list_files("application", row.id)
    content: dict[str, Any] = {
        "person": row.person_id,
        "values": values_of(row),
        "evidence": [
            [
                one.kind,
                one.title,
                one.happened_on,
                one.level,
                one.rank,
                one.number,
                one.detail,
            ]
            for one in row.evidence
        ],
        "files": [[one.rule, one.sha256] for one in files],
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction
def withdraw(by: Actor, application_id: int, *, reason: str = "") -> int:
    """Withdraw an application, as its writer or as the candidate, before the list is proposed."""
    row = lock_application(application_id)
    account = accounts.get_account(by.account_id or 0)
    own = account.person_id is not None and account.person_id == row.person_id
    if not own and not is_writer(account, row):
        raise Missing(application_id)
    if row.state not in WITHDRAWABLE:
        raise Refused(N_("It can no longer be withdrawn here. Ask the bureau."))
    if len(reason) > LONGEST_REASON:
        raise Refused(N_("The reason is too long."), "reason")
    move_application(by, row, ApplicationState.WITHDRAWN, "withdraw", reason.strip())
    row.double = False
    db.session.flush()
    release_double(row.round_id, row.person_id)
    return row.id
