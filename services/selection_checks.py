"""The chain of checks of applications (评选审核): laid out at submission, taken step by step."""

from collections.abc import Sequence

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionStep
from rules.selection_checks import STEP_MOVES, due_day, next_step, steps_of
from rules.selection_rounds import RoundRules, Step
from rules.selections import APPLICATION_MOVES, ApplicationState, StepState
from rules.states import moved
from services import audits, selections
from services.acting import Actor
from services.calendars import load_calendar


def start_chain(by: Actor, application: SelectionApplication) -> None:
    """Part: lay out the steps of an application in checking, or go on at the step that returned it.

    Without steps it is qualified at once.
    """
    rows = steps_of_application(application.id)
    if not rows:
        rows = _laid_out(application)
    go_on(by, application, rows)


def steps_of_application(application_id: int) -> list[SelectionStep]:
    """Return the steps of an application in their order, read anew."""
    query = select(SelectionStep).where(SelectionStep.application_id == application_id)
    return list(db.session.scalars(query.order_by(SelectionStep.position)))


def _laid_out(application: SelectionApplication) -> list[SelectionStep]:
    steps = steps_of(chain_rules(application), application.channel)
    rows = [
        SelectionStep(
            application_id=application.id,
            key=step.key,
            position=position,
            state=StepState.WAITING,
            checked={},
        )
        for position, step in enumerate(steps, 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def go_on(by: Actor, application: SelectionApplication, rows: Sequence[SelectionStep]) -> None:
    """Part: let the next step wait for its body, or qualify the application after the last one."""
    place = next_step([row.state for row in rows])
    if place is None:
        qualify(by, application)
        return
    row = rows[place]
    if row.state is not StepState.WAITING:
        row.state = moved(STEP_MOVES, row.state, StepState.WAITING)
    step = step_of(chain_rules(application), row.key)
    row.reached_at, row.done_at, row.done_by_id = by.now, None, None
    row.due_on = due_day(by.today, step.days, load_calendar())


def qualify(by: Actor, application: SelectionApplication) -> None:
    """Part: an application that passed every check goes to the review."""
    before = {"state": application.state}
    application.state = moved(APPLICATION_MOVES, application.state, ApplicationState.QUALIFIED)
    application.qualified_at, application.reason = by.now, ""
    after = {"state": application.state}
    audits.record(
        by, "qualify", "selection_application", application.id, before=before, after=after
    )


def chain_rules(application: SelectionApplication) -> RoundRules:
    """Return the rules of the application's round."""
    return selections.rules_of(application.round)


def step_of(rules: RoundRules, key: str) -> Step:
    """Return the step with this key as the rules say it now, or raise KeyError."""
    return {step.key: step for step in rules.chain}[key]


def waiting_step(application_id: int) -> SelectionStep | None:
    """Return the step at which an application waits now; None in every other state."""
    for row in steps_of_application(application_id):
        if row.state is not StepState.PASSED:
            waits = row.state is StepState.WAITING and row.reached_at is not None
            return row if waits else None
    return None


def rule_of(step: SelectionStep) -> Step:
    """Return the rule of a step as its round says it now."""
    return step_of(chain_rules(step.application), step.key)
