"""Draw the panels of an event: seeded, to be repeated by anybody, and balanced (R1.10, R1.12).

Everybody gets a lot from the public seed. The chairs are first filled in the order of the lots,
then people change places as long as that makes the whole better. What is better is said by
`worth`: fewer conflicts, fewer people of one employer on one panel, nobody seated twice before all
have a seat, qualified people, people of the trade.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rules.draws import order

Cost = tuple[int, int, int, int, int]


@dataclass(frozen=True, order=True)
class Chair:
    """A free seat of a bench; `pool` names the people who may sit there."""

    bench: str
    number: int
    pool: str = "judge"


@dataclass(frozen=True)
class Lot:
    """Somebody who can be drawn; `conflicts` counts the entries that he may not judge."""

    account_id: int
    pool: str = "judge"
    employer_id: int | None = None
    conflicts: int = 0
    qualified: bool = True
    of_trade: bool = True


@dataclass(frozen=True)
class Seating:
    """What the draw gave: who sits where, and which chairs stay empty."""

    placed: Mapping[Chair, int]
    empty: tuple[Chair, ...]
    order: tuple[int, ...]


def lot_order(seed: str, account_ids: Sequence[int]) -> list[int]:
    """Put accounts in the order of the public seed, the same on every machine."""
    return [int(one) for one in order(seed, [str(one) for one in account_ids])]


def draw_seats(
    chairs: Sequence[Chair],
    lots: Sequence[Lot],
    seed: str,
    seated: Mapping[Chair, Lot] | None = None,
) -> Seating:
    """Draw people for the free chairs beside those who are seated already and stay."""
    kept = dict(seated or {})
    order = lot_order(seed, [*{lot.account_id for lot in lots}])
    ranked = sorted(lots, key=lambda lot: (order.index(lot.account_id), lot.pool))
    room = _Room(kept, ranked)
    free = sorted(chairs)
    for chair in free:
        room.fill(chair)
    room.improve([chair for chair in free if chair in room.placed])
    placed = {chair: room.placed[chair].account_id for chair in free if chair in room.placed}
    return Seating(placed, tuple(one for one in free if one not in placed), tuple(order))


class _Room:
    """All chairs with whoever sits there, while the draw goes on."""

    def __init__(self, kept: Mapping[Chair, Lot], ranked: Sequence[Lot]) -> None:
        self.placed = dict(kept)
        self._ranked = ranked

    def fill(self, chair: Chair) -> None:
        """Give a chair to the best of those who may take it; equal ones in the order of lots."""
        able = [lot for lot in self._ranked if self._may(lot, chair)]
        if able:
            self.placed[chair] = min(able, key=lambda lot: self._worth({chair: lot}))

    def improve(self, chairs: Sequence[Chair]) -> None:
        """Let people change places while the whole gets better; this ends, for it only falls."""
        best = self._worth({})
        better = True
        while better:
            better = False
            for change in self._changes(chairs):
                found = self._worth(change)
                if found < best:
                    self.placed.update(change)
                    best, better = found, True
                    break

    def _changes(self, chairs: Sequence[Chair]) -> list[dict[Chair, Lot]]:
        swaps = [
            {one: self.placed[other], other: self.placed[one]}
            for one, other in combinations(chairs, 2)
            if one.bench != other.bench and one.pool == other.pool
        ]
        fresh = [{chair: lot} for chair in chairs for lot in self._ranked if self._may(lot, chair)]
        return [change for change in (*swaps, *fresh) if self._is_possible(change)]

    def _may(self, lot: Lot, chair: Chair) -> bool:
        return lot.pool == chair.pool and lot.account_id not in {
            seated.account_id
            for other, seated in self.placed.items()
            if other.bench == chair.bench and other != chair
        }

    def _is_possible(self, change: Mapping[Chair, Lot]) -> bool:
        after = self.placed | dict(change)
        there = Counter((chair.bench, lot.account_id) for chair, lot in after.items())
        return max(there.values(), default=0) <= 1

    def _worth(self, change: Mapping[Chair, Lot]) -> Cost:
        return worth(self.placed | dict(change))


def worth(placed: Mapping[Chair, Lot]) -> Cost:
    """Say how bad a seating is, the weightiest fault first; less is better."""
    employers = Counter(
        (chair.bench, lot.employer_id)
        for chair, lot in placed.items()
        if lot.employer_id is not None
    )
    seats = Counter(lot.account_id for lot in placed.values())
    return (
        sum(lot.conflicts for lot in placed.values()),
        sum(count - 1 for count in employers.values()),
        sum(count - 1 for count in seats.values()),
        sum(not lot.qualified for lot in placed.values()),
        sum(not lot.of_trade for lot in placed.values()),
    )
