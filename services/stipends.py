"""Runs of stipends: prepared from evidence, checked, approved and ordered by different people."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import false, func, insert, or_, select

from models.accounts import Account
from models.database import db
from models.payouts import PayoutSeries
from models.stipends import StipendLine, StipendRun
from rules.payouts import SeriesKind
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.stipends import OPEN_RUNS, RUN_MOVES, Line, RunState, settle
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.payouts_parts import locked_series
from services.stipends_inputs import last_day, read_inputs
from services.stipends_totals import settle_balances
from services.transaction import transaction

_NO_SERIES = N_("This payment series pays no stipends.")
_CLOSED = N_("This payment series is closed.")
_OPEN = N_("Run No. %(number)s of this series is not ordered yet; finish or cancel it first.")
_FUTURE = N_("A run can reach up to yesterday at most.")
_SETTLED = N_("This series is settled up to %(day)s already; choose a later day.")
_NO_SCALE = N_("No scale of this series is approved yet.")
_NOTHING = N_("By the evidence of now there is nothing to settle.")
_OWN_CHECK = N_("Somebody else must check a run: you have prepared it.")
_OWN_APPROVAL = N_("Somebody else must approve a run: you have prepared or checked it.")
_OWN_MONEY = N_("You are among the payees of this run; somebody else must approve it.")
_CHANGED = N_("The lines of this run are no longer what was prepared.")


@transaction
def prepare(by: Actor, series_id: int, *, until: date, note: str = "") -> int:
    """Settle all events up to a day, as the evidence is now; return the run.

    Evidence that comes later makes correction lines of the next run.
    """
    series = locked_series(series_id)
    _check_series(by, series, until)
    inputs = read_inputs(series)
    if not inputs.scales:
        raise Refused(_NO_SCALE)
    lines = settle(
        inputs.scales, inputs.pairs, inputs.subsidies, inputs.settled, until, inputs.through
    )
    if not lines:
        raise Refused(_NOTHING)
    last = select(func.max(StipendRun.number)).where(StipendRun.series_id == series_id)
    run = StipendRun(
        series_id=series_id,
        number=(db.session.scalar(last) or 0) + 1,
        from_on=inputs.through and date.fromordinal(inputs.through.toordinal() + 1),
        until=until,
        note=note,
        inputs_digest=inputs.digest,
        digest="",
        prepared_at=by.now,
        prepared_by_id=by.account_id,
    )
    db.session.add(run)
    db.session.flush()
    db.session.execute(insert(StipendLine), [_row(run.id, line) for line in lines])
    run.digest = digest_of(run.id)
    total = sum((line.amount for line in lines), Decimal(0))
    after = {"number": run.number, "until": until, "lines": len(lines), "amount": total}
    _record(by, "prepare", run, after)
    return run.id


def _check_series(by: Actor, series: PayoutSeries, until: date) -> None:
    if series.kind is not SeriesKind.STIPENDS:
        raise Refused(_NO_SERIES)
    if series.closed_at is not None:
        raise Refused(_CLOSED)
    query = select(StipendRun.number).where(StipendRun.series_id == series.id)
    number = db.session.scalar(query.where(StipendRun.state.in_(OPEN_RUNS)))
    if number is not None:
        raise Refused(_OPEN, number=number)
    if until >= by.today:
        raise Refused(_FUTURE, field="until")
    through = last_day(series.id)
    if through is not None and until <= through:
        raise Refused(_SETTLED, field="until", day=through.isoformat())


def _row(run_id: int, line: Line) -> dict[str, object]:
    return {
        "run_id": run_id,
        "mentor_id": line.mentor,
        "mentorship_id": line.pair,
        "employer_id": line.employer,
        "kind": line.kind,
        "year": line.year,
        "amount": line.amount,
        "cause": line.cause,
        "items": [[key, str(amount)] for key, amount in line.items],
        "explanation": [[words.text, words.values] for words in line.words],
    }


def digest_of(run_id: int) -> str:
    """Return the SHA-256 of the lines of a run: who, for which pair, how much, and of what."""
    query = (
        select(
            StipendLine.mentor_id,
            StipendLine.mentorship_id,
            StipendLine.employer_id,
            StipendLine.kind,
            StipendLine.amount,
            StipendLine.items,
        )
        .where(StipendLine.run_id == run_id)
        .order_by(StipendLine.id)
    )
    rows = [[str(value) for value in row] for row in db.session.execute(query)]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


@transaction
def check(by: Actor, run_id: int) -> int:
    """Check a run as a second person."""
    run = locked_run(run_id)
    if by.account_id is None or by.account_id == run.prepared_by_id:
        raise Refused(_OWN_CHECK)
    _check_lines(run)
    run.checked_at, run.checked_by_id = by.now, by.account_id
    _move(by, run, RunState.CHECKED, "check_run")
    return run_id


@transaction
def approve(by: Actor, run_id: int) -> int:
    """Approve a run as a third person, who is none of its payees."""
    run = locked_run(run_id)
    if by.account_id is None or by.account_id in (run.prepared_by_id, run.checked_by_id):
        raise Refused(_OWN_APPROVAL)
    if _is_payee(by.account_id, run_id):
        raise Refused(_OWN_MONEY)
    _check_lines(run)
    run.approved_at, run.approved_by_id = by.now, by.account_id
    _move(by, run, RunState.APPROVED, "approve", {"digest": run.digest})
    return run_id


@transaction
def order(by: Actor, run_id: int) -> int:
    """Hand an approved run to the payment desk; its lines count as settled from now on.

    Whoever gets less than nothing is asked for it, or it is offset, as the scale says.
    """
    run = locked_run(run_id)
    locked_series(run.series_id)
    _check_lines(run)
    run.ordered_at, run.ordered_by_id = by.now, by.account_id
    _move(by, run, RunState.ORDERED, "order")
    totals = settle_balances(by, run).values()
    after = {
        "payees": len(totals),
        "due": sum((one.due for one in totals), Decimal(0)),
        "recovered": sum((one.recovered for one in totals), Decimal(0)),
        "carried": sum((one.carried for one in totals), Decimal(0)),
    }
    _record(by, "settle", run, after)
    return run_id


@transaction
def send_back(by: Actor, run_id: int, *, reason: str) -> int:
    """Give a checked run back to whoever prepared it."""
    run = locked_run(run_id)
    check_reason(reason)
    run.checked_at = run.checked_by_id = None
    run.reason = reason
    _move(by, run, RunState.DRAFT, "send_back", {"reason": reason})
    return run_id


@transaction
def cancel(by: Actor, run_id: int, *, reason: str) -> int:
    """Cancel a run that is not ordered; nothing of it counts as settled."""
    run = locked_run(run_id)
    check_reason(reason)
    run.reason = reason
    _move(by, run, RunState.CANCELLED, "cancel", {"reason": reason})
    return run_id


def _check_lines(run: StipendRun) -> None:
    if digest_of(run.id) != run.digest:
        raise Refused(_CHANGED)


def _is_payee(account_id: int, run_id: int) -> bool:
    """Say whether an account belongs to a mentor, or to an employer, whom a run pays."""
    account = db.session.get_one(Account, account_id)
    same: list[Any] = []
    if account.person_id is not None:
        same.append(StipendLine.mentor_id == account.person_id)
    if account.employer_id is not None:
        same.append(StipendLine.employer_id == account.employer_id)
    query = select(StipendLine.id).where(StipendLine.run_id == run_id, or_(false(), *same)).limit(1)
    return db.session.execute(query).first() is not None


def _move(
    by: Actor,
    run: StipendRun,
    state: RunState,
    action: str,
    more: Mapping[str, object] | None = None,
) -> None:
    before = {"state": run.state}
    run.state = moved(RUN_MOVES, run.state, state)
    _record(by, action, run, {"state": state, **(more or {})}, before)


def _record(
    by: Actor,
    action: str,
    run: StipendRun,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
) -> None:
    audits.record(by, action, "stipend_run", run.id, before=before, after=after)


def locked_run(run_id: int) -> StipendRun:
    """Part: lock a run; raise Missing."""
    found = db.session.get(StipendRun, run_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(run_id)
    return found
