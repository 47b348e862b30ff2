"""Who on the panels of an event has own people in it, for those who may know (R1.12, R1.13)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.judges import LeftOut
from models.judging import PanelSeat
from rules.conflicts import BarredFrom, Hardness
from rules.judges import SeatDuty
from rules.seats import titles_of
from services.judges_conflicts import ConflictLine, barred_from, find_conflicts, lines_of
from services.panels_candidates import list_seats


@dataclass(frozen=True)
class SeatConflict:
    """One conflict of somebody who is seated."""

    seat: PanelSeat
    part_title: str
    line: ConflictLine
    bars_event: bool


@dataclass(frozen=True)
class LeftOutLine:
    """A seat whose marks on one entry are left out."""

    seat: PanelSeat
    part_title: str
    left_out: LeftOut


@dataclass(frozen=True)
class EventConflicts:
    """All conflicts of an event, and what was written down before the scoring."""

    setting: BarredFrom
    seats: list[SeatConflict]
    left_out: list[LeftOutLine]


def get_conflicts(event: Event) -> EventConflicts:
    """Return the present conflicts of all who are seated, and the marks that are left out."""
    titles = titles_of(event.scheme)
    seats = [one for one in list_seats(event.id) if one.duty is not SeatDuty.RECUSED]
    found = find_conflicts(event, {one.account_id for one in seats})
    flat = [(seat, one) for seat in seats for one in found[seat.account_id]]
    lines = lines_of(one for _, one in flat)
    return EventConflicts(
        barred_from(event),
        [
            SeatConflict(
                seat, titles.get(seat.part, seat.part), line, one.hardness is Hardness.EVENT
            )
            for (seat, one), line in zip(flat, lines, strict=True)
        ],
        [
            LeftOutLine(one.seat, titles.get(one.seat.part, one.seat.part), one)
            for one in _left_out(event.id)
        ],
    )


def _left_out(event_id: int) -> Sequence[LeftOut]:
    query = (
        select(LeftOut)
        .join(PanelSeat, PanelSeat.id == LeftOut.seat_id)
        .options(
            joinedload(LeftOut.seat)
            .joinedload(PanelSeat.account)
            .options(load_only(Account.title), lazyload(Account.grants)),
            joinedload(LeftOut.entry).load_only(Entry.title, Entry.number),
        )
        .where(PanelSeat.event_id == event_id)
        .order_by(PanelSeat.part, PanelSeat.number, LeftOut.entry_id)
    )
    return db.session.scalars(query).all()
