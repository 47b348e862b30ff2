"""A body's own notice before it recommends: its days, and a file that proves it (R3.07)."""

from datetime import date

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionFile
from models.selection_checks import SelectionStep
from rules.refusals import Refused
from rules.selection_checks import notice_problem
from rules.selection_rounds import Step
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.calendars import load_calendar
from services.selection_checks_parts import check_waiting, take_step
from services.transaction import transaction

HOLDER = "step"


@transaction
def record_notice(by: Actor, step_id: int, starts_on: date, ends_on: date) -> int:
    """Record from when to when a body's own notice stood; too short a one is refused."""
    taken = take_step(by, step_id)
    check_waiting(taken)
    if not taken.rule.notice_days:
        raise Refused(N_("This step asks for no notice."))
    problem = notice_problem(starts_on, ends_on, taken.rule.notice_days, by.today, load_calendar())
    if problem is not None:
        raise problem
    taken.step.notice_starts_on, taken.step.notice_ends_on = starts_on, ends_on
    after = {"starts_on": starts_on, "ends_on": ends_on}
    audits.record(by, "record_notice", "selection_step", step_id, after=after)
    return step_id


def problems(step: SelectionStep, rule: Step, today: date) -> list[Refused]:
    """Return what is missing of the proof that a step asks for."""
    if not rule.notice_days:
        return []
    problem = notice_problem(
        step.notice_starts_on, step.notice_ends_on, rule.notice_days, today, load_calendar()
    )
    if problem is not None:
        return [problem]
    proof = select(SelectionFile.id).where(
        SelectionFile.holder == HOLDER, SelectionFile.holder_id == step.id
    )
    if db.session.scalar(proof.limit(1)) is None:
        return [Refused(N_("Add the file that proves the notice."), "file")]
    return []
