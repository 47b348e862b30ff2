"""The chain of checks of an application: whose turn it is, until when, and what a step needs."""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from rules.refusals import Refused
from rules.selection_rounds import RoundRules, Step
from rules.selections import Body, Channel, OverrideState, StepState
from rules.texts import N_
from rules.workdays import Calendar, notice_end, working_days_between

STEP_MOVES: Mapping[StepState, frozenset[StepState]] = {
    StepState.WAITING: frozenset({StepState.PASSED, StepState.RETURNED, StepState.REFUSED}),
    StepState.PASSED: frozenset({StepState.WAITING}),
    StepState.RETURNED: frozenset({StepState.WAITING, StepState.REFUSED}),
    StepState.REFUSED: frozenset({StepState.WAITING}),
}

OVERRIDE_MOVES: Mapping[OverrideState, frozenset[OverrideState]] = {
    OverrideState.PROPOSED: frozenset({OverrideState.AGREED, OverrideState.REJECTED}),
    OverrideState.AGREED: frozenset(),
    OverrideState.REJECTED: frozenset({OverrideState.PROPOSED}),
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
    return notice_end(
        start, days, False, _by_weekends(start, start.replace(year=start.year + 1, day=1), calendar)
    )


def is_nominating(body: Body, channel: Channel) -> bool:
    """Say whether a body stands for its own candidate at a step: that is no check of a stranger."""
    return (body, channel) in {
        (Body.EMPLOYER, Channel.EMPLOYER),
        (Body.ASSOCIATION, Channel.ASSOCIATION),
    }


def unticked(checklist: Iterable[str], ticked: Collection[str]) -> list[str]:
    """Return what of a checklist is still open."""
    return [item for item in checklist if item not in ticked]


def notice_problem(
    starts_on: date | None, ends_on: date | None, days: int, today: date, calendar: Calendar
) -> Refused | None:
    """Say what is wrong with a body's own notice of so many working days (R3.07)."""
    if starts_on is None or ends_on is None:
        return Refused(N_("Prove the internal notice first: its days, and a file."), "starts_on")
    if ends_on < starts_on:
        return Refused(N_("The notice ends before it begins."), "ends_on")
    if ends_on >= today:
        return Refused(N_("The notice is not over yet; its last day counts in full."), "ends_on")
    stood = working_days_between(starts_on, ends_on, _by_weekends(starts_on, ends_on, calendar))
    if stood < days:
        text = N_("The notice stood for %(stood)s working days; the call asks for %(days)s.")
        return Refused(text, "ends_on", stood=stood, days=days)
    return None


def _by_weekends(first: date, last: date, calendar: Calendar) -> Calendar:
    """Count years without a holiday table by their weekends alone."""
    years = calendar.years | set(range(first.year, last.year + 1))
    return calendar.model_copy(update={"years": years})


def free_ranks(taken: Collection[int], count: int) -> list[int]:
    """Return the first so many ranks that nobody has."""
    free = (rank for rank in itertools.count(1) if rank not in taken)
    return list(itertools.islice(free, count))


def shifted(order: Sequence[int], one: int, by: int) -> list[int]:
    """Return an order in which one has moved up (negative) or down, as far as it goes."""
    rest = [other for other in order if other != one]
    place = min(max(order.index(one) + by, 0), len(rest))
    return [*rest[:place], one, *rest[place:]]
