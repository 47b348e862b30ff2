"""How many went to a superior's contest and what they won, with the list behind each number."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.provincial import ProvincialContest, ProvincialSlot
from rules.provincial import ENTRANTS, ResultState
from services.provincial_slots import list_slots


@dataclass(frozen=True)
class Totals:
    """The numbers of a contest (R1.31): entrants are people, a prize is one place on the list."""

    entrants: int
    of_company: int
    events: int
    prizes: int
    prizes_of_company: int
    best: tuple[int, int | None] | None


def entrants_of(contest: ProvincialContest) -> list[tuple[ProvincialSlot, str]]:
    """List the entrants of a contest, one a person, with their place."""
    slots = list_slots([one.id for one in contest.events], ENTRANTS)
    return [(slot, member.full_name) for slot in slots for member in slot.members]


def prizes_of(contest: ProvincialContest) -> list[ProvincialSlot]:
    """List the places that won a prize or a medal, as two people confirmed it."""
    slots = list_slots([one.id for one in contest.events], ENTRANTS)
    return [slot for slot in slots if _is_prized(slot)]


def _is_prized(slot: ProvincialSlot) -> bool:
    result = slot.result
    confirmed = result is not None and result.state is ResultState.CONFIRMED
    return confirmed and result is not None and bool(result.prize or result.medal)


def demonstrated(contest: ProvincialContest) -> Sequence[ProvincialSlot]:
    """List the places in demonstration events that have a rank, the best first."""
    slots = list_slots([one.id for one in contest.events if one.is_demonstration], ENTRANTS)
    ranked = [one for one in slots if one.result is not None and one.result.rank is not None]
    return sorted(ranked, key=lambda one: one.result.rank if one.result else 0)  # type: ignore[arg-type,return-value]


def totals_of(contest: ProvincialContest) -> Totals:
    """Count a contest; each number is the length of a list above."""
    entrants, prizes = entrants_of(contest), prizes_of(contest)
    best = next(iter(demonstrated(contest)), None)
    place = None if best is None or best.result is None else best.result.rank
    return Totals(
        entrants=len(entrants),
        of_company=sum(bool(slot.of_company) for slot, _ in entrants),
        events=len({slot.event_id for slot, _ in entrants}),
        prizes=len(prizes),
        prizes_of_company=sum(bool(slot.of_company) for slot in prizes),
        best=None if best is None or place is None else (place, best.event.teams),
    )
