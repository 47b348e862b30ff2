"""Breaches of the rules, recorded by work code with reason, evidence and effect (R2.19, R2.20)."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.contests import Event
from models.control import Violation
from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet
from models.works import Work
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused, check_reason
from rules.schemes import Scheme
from rules.seats import RECORDER
from rules.sheets import line_problem
from rules.states import EventState, SheetState
from rules.texts import N_
from rules.violations import Chargeable, Effect, chargeable, excludes
from services import audits, contests, files
from services.acting import Actor
from services.draws import lock_event
from services.transaction import transaction
from services.violations_evidence import add_evidence, list_evidence_keys, read_evidence

MOST_TIMES = 99
_RECORDING = frozenset({EventState.DRAWN, EventState.SCORING})


@transaction
def record_violation(
    by: Actor,
    event_id: int,
    code: str,
    effect: Effect,
    reason: str,
    *,
    deduction: str = "",
    times: int = 1,
    evidence: bytes = b"",
    folder: Path | None = None,
) -> int:
    """Record a breach; a deduction goes onto the recorder's sheet, an exclusion ends the contest.

    `deduction` names bench and key, as `charge_name` gives it. Returns the id.
    """
    event = lock_event(event_id)
    _check(event, reason, times)
    work = _find_work(event_id, code)
    told = {"effect": effect, "reason": reason, "times": times}
    made = Violation(work_id=work.id, recorded_by_id=by.account_id, recorded_at=by.now, **told)
    _take_effect(by, event, work, made, deduction)
    with files.keeping(folder or Path()) as keep:
        add_evidence(made, evidence, keep)
        db.session.add(made)
        db.session.flush()
    after = {"code": work.code, **told}
    after |= {"deduction": made.deduction, "evidence": made.evidence_sha256}
    audits.record(by, "record_violation", "work", work.id, contest_id=event.contest_id, after=after)
    return made.id


def _take_effect(by: Actor, event: Event, work: Work, made: Violation, deduction: str) -> None:
    if made.effect is Effect.DEDUCTION:
        charge = _find_charge(contests.scheme_of(event), deduction)
        made.part, made.deduction = charge.bench.key, charge.deduction.key
        _charge(by, work, charge, made.times)
    elif made.effect is Effect.EXCLUSION:
        _exclude(work, EntryStatus.COMPETED, EntryStatus.VIOLATION, made.reason)


@transaction
def withdraw_violation(by: Actor, violation_id: int, reason: str) -> int:
    """Take a breach back that was recorded by mistake, with its effect; return the event's id."""
    event_id = db.session.scalar(
        select(Work.event_id).join(Violation).where(Violation.id == violation_id)
    )
    if event_id is None:
        raise Missing(violation_id)
    event = lock_event(event_id)
    found = db.session.get_one(
        Violation, violation_id, with_for_update=True, populate_existing=True
    )
    _check(event, reason, 1)
    if found.withdrawn_at is not None:
        raise Refused(N_("This breach has been taken back already."))
    if found.effect is Effect.DEDUCTION:
        name = charge_name(found.part, found.deduction or "")
        _charge(by, found.work, _find_charge(contests.scheme_of(event), name), -found.times)
    elif found.effect is Effect.EXCLUSION:
        _exclude(found.work, EntryStatus.VIOLATION, EntryStatus.COMPETED, "")
    found.withdrawn_at, found.withdrawn_reason = by.now, reason
    after = {"code": found.work.code, "reason": reason}
    audits.record(
        by, "withdraw_violation", "work", found.work_id, contest_id=event.contest_id, after=after
    )
    return event_id


def _check(event: Event, reason: str, times: int) -> None:
    if event.state not in _RECORDING:
        raise Refused(N_("Breaches are recorded from the draw until the marks are confirmed."))
    check_reason(reason)
    if not 1 <= times <= MOST_TIMES:
        raise Refused(N_("Enter a whole number from 1 to 99."), field="times")


def _find_work(event_id: int, code: str) -> Work:
    """Lock the work with this code, in the latest stage that it reached."""
    query = select(Work).where(Work.event_id == event_id, Work.code == code.strip().upper())
    work = db.session.scalars(query.order_by(Work.id.desc()).with_for_update()).first()
    if work is None:
        raise Refused(N_("No work has this code."), field="code")
    return work


def charge_name(part: str, key: str) -> str:
    """Name a deduction of the scheme among all: its bench and its key."""
    return f"{part}/{key}"


def list_charges(scheme: Scheme) -> list[tuple[str, Chargeable]]:
    """List the deductions that can be recorded, with their names."""
    return [(charge_name(one.bench.key, one.deduction.key), one) for one in chargeable(scheme)]


def _find_charge(scheme: Scheme, name: str) -> Chargeable:
    found = dict(list_charges(scheme)).get(name)
    if found is None:
        raise Refused(N_("Choose what is deducted."), field="deduction")
    return found


def _charge(by: Actor, work: Work, charge: Chargeable, times: int) -> None:
    """Add so many times to what the recorder's sheet of the work holds."""
    query = (
        select(Sheet)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .where(Sheet.work_id == work.id)
        .where(PanelSeat.part == charge.bench.key, PanelSeat.number == RECORDER)
    )
    sheet = db.session.scalar(query.with_for_update(of=Sheet))
    if sheet is None:
        raise Refused(N_("The recorder has no sheet for this work yet. Open the scoring first."))
    if sheet.state is not SheetState.OPEN:
        raise Refused(N_("The recorder has signed this work. Open that sheet again first."))
    row = db.session.scalar(
        select(Mark).where(Mark.sheet_id == sheet.id, Mark.aspect == charge.deduction.key)
    )
    _write(by, sheet, row, charge, times)


def _write(by: Actor, sheet: Sheet, row: Mark | None, charge: Chargeable, times: int) -> None:
    line = charge.deduction
    value = max((Decimal(0) if row is None else row.value) + times * line.step, Decimal(0))
    problem = line_problem(line, value)
    if problem is not None:
        raise Refused(problem.message, "times", **problem.params)
    sheet.version += 1
    if row is None:
        row = Mark(sheet_id=sheet.id, aspect=line.key)
        db.session.add(row)
    row.value, row.version, row.updated_at = value, sheet.version, by.now


def _exclude(work: Work, old: EntryStatus, new: EntryStatus, reason: str) -> None:
    """Set what became of a work: on the entry where it is known, else on the work itself."""
    holder: Work | Entry = work
    if work.entry_id is not None:
        holder = db.session.get_one(Entry, work.entry_id, with_for_update=True)
    if holder.status is not old:
        raise Refused(N_("This work does not compete any more."), field="code")
    holder.status, holder.remark = new, reason


def list_violations(event_id: int) -> Sequence[Violation]:
    """List the breaches of an event, the newest first, those taken back too."""
    query = (
        select(Violation)
        .join(Violation.work)
        .options(joinedload(Violation.work).lazyload(Work.entry))
        .options(joinedload(Violation.recorded_by).lazyload(Account.grants))
        .where(Work.event_id == event_id)
        .order_by(Violation.id.desc())
    )
    return db.session.scalars(query).all()


def find_excluded(event: Event, found: Sequence[Violation]) -> set[str]:
    """Return the codes that so many breaches put out of the contest by the scheme (R2.19)."""
    charges = dict(list_charges(contests.scheme_of(event)))
    counts: dict[tuple[str, str], Decimal] = {}
    for one in found:
        if one.withdrawn_at is None and one.effect is Effect.DEDUCTION:
            key = (one.work.code, charge_name(one.part, one.deduction or ""))
            counts[key] = counts.get(key, Decimal(0)) + one.times
    return {
        code
        for (code, name), times in counts.items()
        if name in charges
        and excludes(charges[name].deduction, times * charges[name].deduction.step)
    }


def get_violation(violation_id: int) -> Violation:
    """Return a breach with its work; raise Missing."""
    found = db.session.get(Violation, violation_id, options=[joinedload(Violation.work)])
    if found is None:
        raise Missing(violation_id)
    return found


def get_evidence(violation_id: int, folder: Path) -> tuple[bytes, str, str]:
    """Return the evidence of a breach with its ending and media type; raise Missing."""
    return read_evidence(get_violation(violation_id), folder)


def list_keys() -> set[str]:
    """List the keys of all kept evidence, so that none of it is swept away."""
    return list_evidence_keys(Violation)
