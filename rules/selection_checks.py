"""The chain of checks of an application: whose turn it is, until when, and what a step needs."""

from collections.abc import Mapping, Sequence
from datetime import date

from rules.selection_rounds import RoundRules, Step
from rules.selections import Channel, StepState
from rules.workdays import Calendar, notice_end

STEP_MOVES: Mapping[StepState, frozenset[StepState]] = {
    StepState.WAITING: frozenset({StepState.PASSED, StepState.RETURNED, StepState.REFUSED}),
    StepState.PASSED: frozenset({StepState.WAITING}),
    StepState.RETURNED: frozenset({StepState.WAITING}),
    StepState.REFUSED: frozenset({StepState.WAITING}),
}


def steps_of(rules: RoundRules, channel: Channel) -> tuple[Step, ...]:
    """Return the steps that an application of this channel goes through, in their order."""
    return tuple(step for step in rules.chain if not step.channels or channel in step.channels)


def next_step(states: Sequence[StepState]) -> int | None:
    """Return the place of the step whose turn it is; None when all have passed."""
    for place, state in enumerate(states):
        if state is not StepState.PASSED:
            return place
    return None


def due_day(start: date, days: int, calendar: Calendar) -> date:
    """Return the day by which work is done that begins on a day: so many working days later.

    A year whose holidays are not announced yet counts by its weekends alone: nobody waits for the
    holiday table to hand something in.
    """
    years = calendar.years | {start.year, start.year + 1}
    return notice_end(start, days, False, calendar.model_copy(update={"years": years}))
