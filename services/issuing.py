"""Acts on a run of certificates: prepared, checked, its sample approved, started, stopped."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from models.certificates import Certificate
from models.contests import Contest
from models.database import db
from models.issuing import IssueLine, IssueRun
from rules.certificate_kinds import CertificateKind
from rules.plans import EditionRules
from rules.refusals import Missing, Refused, check_reason
from rules.states import RUN_MOVES, CertificateState, LineState, RunState, moved
from rules.texts import N_
from services import audits, certificates_layouts
from services.acting import Actor
from services.certificates import NOTHING_DUE, revoke_part
from services.certificates_issuing import Say
from services.certificates_numbers import void_part
from services.certificates_papers import Due
from services.issuing_checking import UNISSUED, Seen, candidates, kept, look
from services.issuing_lists import ENDED
from services.transaction import transaction

SUBJECT = "issue_run"
_BEFORE = (RunState.PREPARED, RunState.CHECKED, RunState.APPROVED)


@transaction
def prepare(
    by: Actor,
    contest_id: int,
    kind: CertificateKind = CertificateKind.HONOUR,
    event_ids: Sequence[int] = (),
) -> int:
    """Put all papers of a kind that were never issued on a list, of these events or of all."""
    contest = db.session.get(Contest, contest_id, with_for_update=True, populate_existing=True)
    if contest is None:
        raise Missing(contest_id)
    _refuse_second(contest_id, kind)
    found = candidates(contest_id, kind, event_ids)
    if not found:
        raise Refused(NOTHING_DUE[kind])
    version = certificates_layouts.version_part(by, certificates_layouts.layout_for(contest, kind))
    run = IssueRun(
        contest_id=contest_id,
        kind=kind,
        layout=version,
        state=RunState.PREPARED,
        prepared_at=by.now,
        prepared_by_id=by.account_id,
    )
    db.session.add(run)
    db.session.flush()
    _list_lines(run, found)
    _record(by, "prepare", run, {"lines": len(found), "events": list(event_ids)})
    return run.id


def _refuse_second(contest_id: int, kind: CertificateKind) -> None:
    open_run = select(IssueRun.id).where(
        IssueRun.contest_id == contest_id,
        IssueRun.kind == kind,
        IssueRun.state.not_in(ENDED),
    )
    if db.session.scalar(open_run) is not None:
        raise Refused(N_("A run of this contest is open. End or cancel it first."))


def _list_lines(run: IssueRun, found: Sequence[Due]) -> None:
    lines = [
        {
            "run_id": run.id,
            "position": position,
            "source": list(one.key),
            "name": one.name,
            "title": one.event.title if one.event else one.contest.title,
            "state": LineState.WAITING,
        }
        for position, one in enumerate(found, 1)
    ]
    db.session.execute(insert(IssueLine), lines)


def check(by: Actor, run_id: int, say: Say) -> int:
    """Set every certificate of a run without printing one, and keep what stands in the way.

    The long look is no part of the act that keeps it: nobody else waits for it.
    """
    run = get_run(run_id)
    if run.state not in _BEFORE:
        raise Refused(N_("This run has begun; it is checked again as it goes on."))
    return record_check(by, run_id, look(by, run, say))


@transaction
def record_check(by: Actor, run_id: int, seen: Sequence[Seen]) -> int:
    """Keep what a check has found; a run without an obstacle can be approved."""
    run = _locked(run_id)
    found = {one.line.id: [kept(problem) for problem in one.problems] for one in seen}
    for line in _lines(run_id, *UNISSUED):
        line.problems = found.get(line.id, line.problems)
        line.state = LineState.BLOCKED if line.problems else LineState.WAITING
    run.checked_at = by.now
    _settle(run)
    obstacles = sum(bool(problems) for problems in found.values())
    _record(by, "check", run, {"obstacles": obstacles})
    return run_id


@transaction
def leave_out(by: Actor, run_id: int, line_ids: Sequence[int], *, reason: str) -> int:
    """Leave people out of a run, by name and with a reason; they stay on its list."""
    check_reason(reason)
    run = _locked(run_id)
    _refuse_begun(run)
    query = select(IssueLine).where(IssueLine.run_id == run_id, IssueLine.id.in_(line_ids))
    lines = [one for one in db.session.scalars(query) if one.state in UNISSUED]
    if not lines:
        raise Refused(N_("Choose who is left out."))
    for line in lines:
        line.state, line.reason = LineState.LEFT_OUT, reason
    _settle(run)
    names = [line.name for line in lines]
    _record(by, "leave_out", run, {"names": names, "reason": reason})
    return run_id


@transaction
def take_in(by: Actor, run_id: int, line_id: int) -> int:
    """Take somebody who was left out into the run again; it must be checked again then."""
    run = _locked(run_id)
    _refuse_begun(run)
    line = db.session.get(IssueLine, line_id)
    if line is None or line.run_id != run_id:
        raise Missing(line_id)
    if line.state is not LineState.LEFT_OUT:
        raise Refused(N_("This step is not possible in the present state."))
    line.state, line.reason = LineState.WAITING, ""
    run.checked_at = None
    _settle(run)
    _record(by, "take_in", run, {"names": [line.name]})
    return run.id


@transaction
def approve_sample(by: Actor, run_id: int) -> int:
    """Approve the sample sheet; where the edition says so, as another person."""
    run = _locked(run_id)
    rules = EditionRules.model_validate(run.contest.rules)
    if rules.sample_by_other and by.account_id == run.prepared_by_id:
        raise Refused(N_("Somebody else than who prepared the run approves its sample sheet."))
    run.state = moved(RUN_MOVES, run.state, RunState.APPROVED)
    run.approved_at, run.approved_by_id = by.now, by.account_id
    _record(by, "approve_sample", run, {"layout": run.layout.digest})
    return run_id


@transaction
def start(by: Actor, run_id: int, address: str) -> int:
    """Let the certificates of an approved run be issued, to be checked under this address."""
    run = _locked(run_id)
    if run.state is not RunState.APPROVED:
        raise Refused(N_("The sample sheet must be approved first."))
    run.state = moved(RUN_MOVES, run.state, RunState.RUNNING)
    run.started_at, run.started_by_id, run.address = by.now, by.account_id, address
    _record(by, "start", run, {})
    return run_id


@transaction
def stop(by: Actor, run_id: int) -> int:
    """Stop a run after the certificates that are under way; it can go on later."""
    run = _locked(run_id)
    run.state = moved(RUN_MOVES, run.state, RunState.STOPPED)
    _record(by, "stop", run, {})
    return run_id


@transaction
def resume(by: Actor, run_id: int) -> int:
    """Let a stopped or failed run go on."""
    run = _locked(run_id)
    if run.state not in (RunState.STOPPED, RunState.FAILED):
        raise Refused(N_("This step is not possible in the present state."))
    run.state = moved(RUN_MOVES, run.state, RunState.RUNNING)
    run.faults, run.reason, run.lease_until = 0, "", None
    _record(by, "resume", run, {})
    return run_id


@transaction
def cancel(by: Actor, run_id: int, *, reason: str) -> int:
    """Give a run up; the numbers that it has issued are void, and stay in the register."""
    check_reason(reason)
    run = _locked(run_id)
    run.state = moved(RUN_MOVES, run.state, RunState.CANCELLED)
    run.ended_at, run.reason = by.now, reason
    query = (
        select(Certificate)
        .join(IssueLine, IssueLine.certificate_id == Certificate.id)
        .where(IssueLine.run_id == run_id, Certificate.state == CertificateState.ISSUED)
        .order_by(Certificate.id)
        .with_for_update()
    )
    void = db.session.scalars(query).all()
    for certificate in void:
        revoke_part(by, certificate, reason)
        void_part(by, certificate.number, reason)
    _record(by, "cancel", run, {"reason": reason, "void": len(void)})
    return run_id


def get_run(run_id: int) -> IssueRun:
    """Return a run; raise Missing."""
    run = db.session.get(IssueRun, run_id)
    if run is None:
        raise Missing(run_id)
    return run


def finish_part(run: IssueRun, now: datetime) -> None:
    """Part: end a run whose lines are all done."""
    run.state = moved(RUN_MOVES, run.state, RunState.DONE)
    run.ended_at, run.lease_owner, run.lease_until = now, None, None


def _locked(run_id: int) -> IssueRun:
    run = db.session.get(IssueRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise Missing(run_id)
    return run


def _refuse_begun(run: IssueRun) -> None:
    if run.state not in _BEFORE:
        raise Refused(N_("This run has begun already."))


def _lines(run_id: int, *states: LineState) -> Sequence[IssueLine]:
    query = select(IssueLine).where(IssueLine.run_id == run_id, IssueLine.state.in_(states))
    return db.session.scalars(query).all()


def _settle(run: IssueRun) -> None:
    """Set the state that follows from the lines; a sample that was approved counts no more."""
    db.session.flush()
    left = {line.state for line in _lines(run.id, *UNISSUED)}
    clear = run.checked_at is not None and left == {LineState.WAITING}
    run.state = moved(RUN_MOVES, run.state, RunState.CHECKED if clear else RunState.PREPARED)
    run.approved_at = run.approved_by_id = None


def _record(by: Actor, action: str, run: IssueRun, after: dict[str, object]) -> None:
    audits.record(by, action, SUBJECT, run.id, contest_id=run.contest_id, after=after)
