"""Printed score sheets: which pages there are, what stands on each, and its QR code (R2.23)."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil

from sqlalchemy import select

from models.contests import Event
from models.database import db
from models.entries import Entry
from models.works import Work
from rules.data import plain
from rules.papers import PaperPage, paginate, reference, short_version
from rules.refusals import Refused
from rules.scheme_nodes import Aspect
from rules.schemes import Scheme
from rules.seats import Bench, Layout, benches
from rules.states import EventState
from rules.texts import N_
from services import documents
from services.papers import find_papers, page_check
from services.papers_lines import Say, WrittenLine, said, written
from services.sheets import COMPETING

PRINTING = frozenset({EventState.DRAWN, EventState.SCORING})
MOST_PAGES = 120
MOST_RESERVES = 50
# Millimetres that rows may take on a page, and on the last one, where the signatures stand.
ROOM, LAST_ROOM = 212.0, 172.0
_TITLE_WIDTH, _NOTE_WIDTH = 30, 37  # Chinese characters in a line
# When a page overflows all the same, all of them are set with less on each.
_SHARES = (1.0, 0.88, 0.75, 0.6)


@dataclass(frozen=True)
class Wanted:
    """Which sheets are printed: all, or those of one part, seat or work; or blank reserves."""

    bench: int | None = None
    seat: int | None = None
    code: str = ""
    reserves: int = 0

    def fits(self, code: str, bench: int, seat: int) -> bool:
        """Say whether a sheet is among them."""
        return (
            self.bench in {None, bench}
            and self.seat in {None, seat}
            and (not self.code or self.code == code)
        )


@dataclass(frozen=True)
class Target:
    """One sheet to print; without a code it is a reserve."""

    code: str
    place: int
    bench: Bench
    seat: int


@dataclass(frozen=True)
class PrintedRow:
    """One row of a printed sheet: a heading, or a line with its highest mark."""

    heading: str = ""
    line: WrittenLine | None = None
    maximum: str = ""


@dataclass(frozen=True)
class PrintedPage:
    """All that stands on one page."""

    code: str
    reference: str
    title: str
    seat: int
    number: int
    pages: int
    rows: tuple[PrintedRow, ...]
    payload: str
    version: str

    @property
    def is_last(self) -> bool:
        """Say whether the signatures stand on this page."""
        return self.number == self.pages


def print_sheets(event: Event, scheme: Scheme, wanted: Wanted, say: Say) -> bytes:
    """Return the wanted sheets of an event as PDF; refuse what cannot be printed."""
    targets = [*_targets(event, scheme, wanted)]
    if not targets:
        raise Refused(N_("There is no sheet to print."))
    facts = {"event": event.title, "contest": event.contest.title, "_": say}
    for share in _SHARES:
        pages = [*_pages(event, scheme, targets, say, share)]
        if len(pages) > MOST_PAGES:
            raise Refused(_TOO_MANY, pages=len(pages), most=MOST_PAGES)
        made = documents.sheets_pdf(pages, facts)
        if documents.count_pages(made) == len(pages):
            return made
    raise RuntimeError(f"the sheets of event {event.id} overflow their pages")


_TOO_MANY = N_("These are %(pages)s pages, more than %(most)s. Print them by part or seat.")


def _targets(event: Event, scheme: Scheme, wanted: Wanted) -> Iterator[Target]:
    if event.state not in PRINTING:
        raise Refused(N_("Sheets are printed from the draw until the marks are confirmed."))
    if wanted.reserves:
        yield from _reserves(scheme, wanted)
    elif event.state is EventState.SCORING:
        for one in find_papers(event.id, scheme):
            if wanted.fits(one.code, one.place, one.number):
                yield Target(one.code, one.place, one.bench, one.number)
    else:
        yield from _before_scoring(event, scheme, wanted)


def _reserves(scheme: Scheme, wanted: Wanted) -> Iterator[Target]:
    if wanted.bench is None or wanted.seat is None:
        raise Refused(N_("Choose the part and seat of the reserve sheets."), field="seat")
    if wanted.reserves > MOST_RESERVES:
        raise Refused(
            N_("Print at most %(most)s reserve sheets at once."),
            field="reserves",
            most=MOST_RESERVES,
        )
    for place, bench in enumerate(benches(scheme), start=1):
        if place == wanted.bench and wanted.seat in bench.seats:
            yield from [Target("", place, bench, wanted.seat)] * wanted.reserves


def _before_scoring(event: Event, scheme: Scheme, wanted: Wanted) -> Iterator[Target]:
    """Yield the sheets that will be made for the first stage when scoring opens."""
    first = scheme.levels[0][0].key
    query = (
        select(Work.code)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Work.event_id == event.id, Work.stage == first, *COMPETING)
    )
    codes = db.session.scalars(query.order_by(Work.code)).all()
    found = [(n, one) for n, one in enumerate(benches(scheme), start=1) if one.stage == first]
    for code, (place, bench) in product(codes, found):
        for seat in bench.seats:
            if wanted.fits(code, place, seat):
                yield Target(code, place, bench, seat)


def _pages(
    event: Event, scheme: Scheme, targets: Sequence[Target], say: Say, share: float
) -> Iterator[PrintedPage]:
    version = short_version(scheme.digest())
    parted: dict[tuple[int, int], list[tuple[PrintedRow, ...]]] = {}
    for one in targets:
        key = (one.place, one.seat)
        if key not in parted:
            parted[key] = part_rows(one.bench.layout(one.seat), say, share)
        count = len(parted[key])
        for number, rows in enumerate(parted[key], start=1):
            page = PaperPage(event.id, one.code, one.place, one.seat, number, count, version)
            yield PrintedPage(
                one.code,
                reference(one.code, one.place, one.seat),
                said(one.bench.title, say),
                one.seat,
                number,
                count,
                rows,
                page.payload(page_check(page)),
                version,
            )


def part_rows(layout: Layout, say: Say, share: float = 1.0) -> list[tuple[PrintedRow, ...]]:
    """Part the lines of a sheet into pages."""
    rows = [*_rows(layout, say)]
    heights = [(_height(row), bool(row.heading)) for row in rows]
    cuts = paginate(heights, ROOM * share, LAST_ROOM * share)
    return [tuple(rows[start:end]) for start, end in cuts]


def count_sheet_pages(layout: Layout) -> int:
    """Return how many pages a printed sheet usually has."""
    return len(part_rows(layout, str))


def _rows(layout: Layout, say: Say) -> Iterator[PrintedRow]:
    for block in layout.blocks:
        yield PrintedRow(heading=" · ".join(said(title, say) for title in block.titles))
        for line in block.lines:
            maximum = plain(line.maximum) if isinstance(line, Aspect) else ""
            yield PrintedRow(line=written(line, say), maximum=maximum)


def _height(row: PrintedRow) -> float:
    """Estimate how high a row is, in millimetres, rather too high than too low."""
    if row.line is None:
        return 7.5 * ceil(_width(row.heading) / 48 or 1)
    lines = ceil((_width(row.line.title) + 4) / _TITLE_WIDTH) * 5.2
    small = [row.line.note, row.line.asks, *_option_lines(row.line)]
    lines += sum(ceil(_width(text) / _NOTE_WIDTH) for text in small if text) * 4.2
    return max(10.5, lines + 3.0)


def _option_lines(line: WrittenLine) -> list[str]:
    """Set the options one after the other, as the page does."""
    found, width = [""], 0.0
    for number, text in line.options:
        own = _width(f"{number} {text}") + 4
        if width and width + own > _NOTE_WIDTH:
            found.append("")
            width = 0.0
        found[-1] += f"口口{number} {text}口口"
        width += own
    return found


def _width(text: str) -> float:
    """Return how wide a text is, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.58 for sign in text)
