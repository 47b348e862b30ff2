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


def places_of(contest: ProvincialContest) -> list[ProvincialSlot]:
    """List the places of a contest whose people are its entrants."""
    return list_slots([one.id for one in contest.events], ENTRANTS)


def entrants_of(places: Sequence[ProvincialSlot]) -> list[tuple[ProvincialSlot, str]]:
    """List the entrants of places, one a person, with their place."""
    return [(slot, member.full_name) for slot in places for member in slot.members]


def prizes_of(places: Sequence[ProvincialSlot]) -> list[ProvincialSlot]:
    """List the places that won a prize or a medal, as two people confirmed it."""
    return [slot for slot in places if _is_prized(slot)]


def _is_prized(slot: ProvincialSlot) -> bool:
    result = slot.result
    confirmed = result is not None and result.state is ResultState.CONFIRMED
    return confirmed and result is not None and bool(result.prize or result.medal)


def demonstrated(places: Sequence[ProvincialSlot]) -> Sequence[ProvincialSlot]:
    """List the places in demonstration events that have a rank, the best first."""
    ranked = [
        (slot.result.rank, slot.id, slot)
        for slot in places
        if slot.event.is_demonstration and slot.result is not None and slot.result.rank
    ]
    return [slot for _, _, slot in sorted(ranked, key=lambda row: row[:2])]


def totals_of(contest: ProvincialContest, slots: Sequence[ProvincialSlot] | None = None) -> Totals:
    """Count a contest; each number is the length of a list above."""
    found = places_of(contest) if slots is None else slots
    places = [one for one in found if one.state in ENTRANTS]
    entrants, prizes = entrants_of(places), prizes_of(places)
    best = next(iter(demonstrated(places)), None)
    place = None if best is None or best.result is None else best.result.rank
    return Totals(
        entrants=len(entrants),
        of_company=sum(bool(slot.of_company) for slot, _ in entrants),
        events=len({slot.event_id for slot, _ in entrants}),
        prizes=len(prizes),
        prizes_of_company=sum(bool(slot.of_company) for slot in prizes),
        best=None if best is None or place is None else (place, best.event.teams),
    )
