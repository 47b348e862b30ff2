"""What comes next for somebody on the way to a contest above the city's, and by when (R1.29)."""

from dataclasses import dataclass
from datetime import date

from rules.provincial import CANDIDATES, ProvincialState, ResultState, SlotState
from rules.texts import N_


@dataclass(frozen=True, slots=True)
class Way:
    """Where a candidate stands, and the days that matter."""

    state: SlotState
    contest: ProvincialState
    starts_on: date
    ends_on: date
    entry_until: date | None = None
    camp: tuple[date, date] | None = None
    result: ResultState | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next, in words, and the day of it."""

    text: str
    on: date | None = None


_OVER = {
    SlotState.RELEASED: N_("You were not named this time. Thank you for the training."),
    SlotState.REPLACED: N_("Somebody else took your place."),
    SlotState.WITHDRAWN: N_("You are out of it."),
    SlotState.ABSENT: N_("You did not start."),
}


def next_step(way: Way, today: date) -> Step:
    """Say what comes next for a candidate, named one, reserve or entrant."""
    if way.contest is ProvincialState.CANCELLED:
        return Step(N_("The contest is not held."))
    if way.state in _OVER:
        return Step(_OVER[way.state])
    if way.state in CANDIDATES:
        return _before_naming(way, today)
    if way.state is SlotState.NAMED:
        return Step(N_("You are named. The bureau sends the entry form."), way.entry_until)
    if way.state is SlotState.RESERVE:
        return Step(N_("You are in reserve: keep training, you may still go."), way.starts_on)
    return _entered(way, today)


def _before_naming(way: Way, today: date) -> Step:
    if way.camp is not None and today < way.camp[0]:
        return Step(N_("The training begins."), way.camp[0])
    if way.camp is not None and today <= way.camp[1]:
        return Step(N_("Train every day; your days and marks count when it is decided who goes."),
                    way.camp[1])  # fmt: skip
    return Step(N_("Two people decide who goes, before entries close."), way.entry_until)


def _entered(way: Way, today: date) -> Step:
    if way.state is SlotState.COMPETED:
        if way.result is ResultState.CONFIRMED:
            return Step(N_("Your result is confirmed; prizes of the city follow by their notice."))
        return Step(N_("Your result is being confirmed."))
    if today < way.starts_on:
        return Step(N_("You are entered: the contest begins."), way.starts_on)
    if today <= way.ends_on:
        return Step(N_("The contest goes on."), way.ends_on)
    return Step(N_("The organiser's results are awaited."))
