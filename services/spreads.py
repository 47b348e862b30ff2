"""Where signed sheets of one entry lie too far apart, kept beside them (R2.15)."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, select

from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet, Spread
from models.works import Work
from rules.marking import JudgeMarks, spread_alerts
from rules.schemes import Aspect, Part, Scheme, Section
from rules.seats import is_whole
from rules.states import SheetState
from services.sheets import COMPETING, COUNTING


def refresh_spreads(scheme: Scheme, part_key: str, work_ids: Collection[int]) -> None:
    """Part: work out anew where the signed sheets of these works differ too much."""
    if is_whole(part_key) or not _compares(scheme.part(part_key)):
        return
    db.session.flush()
    # Two judges who sign the same work at once must see each other's sheet. Their sheets hold a
    # weak lock on the work already, so the strong kind would be a deadlock.
    held = select(Work.id).where(Work.id.in_(work_ids)).order_by(Work.id)
    db.session.execute(held.with_for_update(key_share=True)).all()
    db.session.execute(delete(Spread).where(Spread.part == part_key, Spread.work_id.in_(work_ids)))
    for work_id, sheets in _signed_sheets(part_key, work_ids).items():
        _add_spreads(scheme, part_key, work_id, sheets)


def _compares(part: Part) -> bool:
    panels = (part.panel, *(one.panel for one in part.nodes if isinstance(one, Section | Aspect)))
    return any(panel is not None and panel.max_spread is not None for panel in panels)


def _add_spreads(scheme: Scheme, part_key: str, work_id: int, sheets: Iterable[JudgeMarks]) -> None:
    """Add the spreads of one work's signed sheets of one part."""
    for alert in spread_alerts(scheme, part_key, [*sheets]):
        db.session.add(
            Spread(
                work_id=work_id,
                part=alert.part,
                aspect=alert.aspect,
                lowest=alert.lowest,
                highest=alert.highest,
            )
        )


def _signed_sheets(part_key: str, work_ids: Collection[int]) -> dict[int, list[JudgeMarks]]:
    query = (
        select(Sheet.work_id, PanelSeat.number, Mark.aspect, Mark.value)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .join(Mark, Mark.sheet_id == Sheet.id)
        .where(Sheet.work_id.in_(work_ids), Sheet.state == SheetState.SIGNED)
        .where(PanelSeat.part == part_key, *COUNTING)
        .order_by(Sheet.work_id, PanelSeat.number)
    )
    found: dict[int, dict[int, dict[str, Any]]] = {}
    for work_id, number, aspect, value in db.session.execute(query):
        found.setdefault(work_id, {}).setdefault(number, {})[aspect] = value
    return {
        work_id: [JudgeMarks(number, marks) for number, marks in sheets.items()]
        for work_id, sheets in found.items()
    }


def list_spreads(event_id: int) -> list[tuple[str, Spread]]:
    """List the spreads of an event's competing works by code."""
    query = (
        select(Work.code, Spread)
        .join(Spread, Spread.work_id == Work.id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Work.event_id == event_id, *COMPETING)
        .order_by(Work.code, Spread.id)
    )
    return [(code, spread) for code, spread in db.session.execute(query)]
