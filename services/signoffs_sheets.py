"""The sheets of an event as those see them who sign for them: by code, with a digest each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Executable, and_, case, select, type_coerce

from models.database import db
from models.entries import Entry
from models.judging import MARK_PLACES, Mark, PanelSeat, Sheet
from models.works import Work
from rules.data import plain
from rules.sampling import marks_digest, sheet_digest
from rules.schemes import Scheme
from rules.seats import benches
from rules.signoffs import BenchMarks
from rules.states import SHEET_MOVES, SheetState, moved
from services.sheets import COMPETING, COUNTING
from services.spreads import refresh_spreads

# An event has few different marks: each is written once.
_DIFFERENT = 1 << 14


@dataclass(frozen=True)
class SheetFacts:
    """One sheet: its code, its seat, whether it is signed, and its marks as plain texts.

    Who does not compete to the end keeps the sheets: what becomes of an entry is no change of
    marks, and the codes may still be sealed when somebody withdraws by name.
    """

    id: int
    code: str
    part: str
    number: int
    account_id: int
    signed: bool
    competes: bool
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return the digest of what stands on the sheet."""
        return sheet_digest(self.signed, self.marks.items())


def read_sheets(event_id: int) -> list[SheetFacts]:
    """Read the sheets that count, with marks, in one statement: no trainee's, none excused."""
    found: dict[int, SheetFacts] = {}
    for row in db.session.execute(_sheets_of(event_id)):
        facts = found.get(row.id)
        if facts is None:
            signed, seat = row.state is SheetState.SIGNED, (row.part, row.number, row.account_id)
            facts = SheetFacts(row.id, row.code, *seat, signed, bool(row.competes))
            found[row.id] = facts
        if row.aspect is not None:
            facts.marks[row.aspect] = _text(row.value)
    return list(found.values())


def _sheets_of(event_id: int) -> Executable:
    value: Any = type_coerce(Mark.value, BigInteger).label("value")
    seat = (PanelSeat.part, PanelSeat.number, PanelSeat.account_id)
    competes = case((and_(*COMPETING), 1), else_=0).label("competes")
    return (
        select(Sheet.id, Work.code, *seat, Sheet.state, competes, Mark.aspect, value)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .outerjoin(Mark, Mark.sheet_id == Sheet.id)
        .where(Sheet.event_id == event_id, *COUNTING)
        .order_by(Work.code, PanelSeat.part, PanelSeat.number, Sheet.id)
    )


@lru_cache(_DIFFERENT)
def _text(raw: int) -> str:
    return plain(Decimal(raw).scaleb(-MARK_PLACES))


def digests_of(sheets: Iterable[SheetFacts]) -> dict[str, str]:
    """Return the digest of each sheet by its number."""
    return {str(one.id): one.digest for one in sheets}


def benches_of(
    seats: Sequence[PanelSeat], scheme: Scheme, sheets: Sequence[SheetFacts]
) -> tuple[list[BenchMarks], str]:
    """Return the benches that have sheets, and the digest of all sheets together."""
    digests = digests_of(sheets)
    leaders = {seat.part: seat.account_id for seat in seats if seat.is_leader}
    found = []
    for bench in benches(scheme):
        own = [one for one in sheets if one.part == bench.key]
        if own:
            found.append(
                BenchMarks(
                    bench.key,
                    bench.title,
                    marks_digest({str(one.id): digests[str(one.id)] for one in own}),
                    len(own),
                    sum(one.competes and not one.signed for one in own),
                    frozenset(one.account_id for one in own),
                    leaders.get(bench.key),
                    bench.part is not None and bench.entered_by == "judge",
                )
            )
    return found, marks_digest(digests)


def open_sheets(scheme: Scheme, sheet_ids: Collection[int]) -> list[int]:
    """Part: open signed sheets again for their judges; return those that were signed."""
    query = select(Sheet).where(Sheet.id.in_(sheet_ids), Sheet.state == SheetState.SIGNED)
    sheets = db.session.scalars(query.order_by(Sheet.id).with_for_update()).all()
    for sheet in sheets:
        sheet.state = moved(SHEET_MOVES, sheet.state, SheetState.OPEN)
        sheet.signed_at = None
        sheet.version += 1
        refresh_spreads(scheme, sheet.seat.part, [sheet.work_id])
    return [sheet.id for sheet in sheets]
