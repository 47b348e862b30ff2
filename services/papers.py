"""Paper sheets of an event: which there are, how they were read, and what blocks the marks."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, select

from models.contests import Event
from models.database import db
from models.encryption import keyring
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet
from models.papers import KeyedMark, Keying, PaperRuling, ScanFile, ScanPage
from models.works import Work
from rules.papers import (
    HANDS,
    PageState,
    PaperPage,
    Readings,
    SheetReference,
    reference,
    short_check,
)
from rules.refusals import Missing, Refused
from rules.schemes import Scheme
from rules.seats import Bench, Layout, benches
from rules.states import EventState, SheetState
from rules.texts import N_
from services import contests
from services.sheets import COMPETING, COUNTING

# So many sheets are named one by one in what blocks; the rest is counted.
NAMED_BLOCKERS = 12


@dataclass(frozen=True)
class Paper:
    """One paper sheet: the sheet of one seat for one work, by code alone (R2.06)."""

    sheet_id: int
    code: str
    bench: Bench
    place: int
    number: int
    is_signed: bool

    @property
    def reference(self) -> str:
        """Return the short name that is printed on the sheet."""
        return reference(self.code, self.place, self.number)

    @property
    def layout(self) -> Layout:
        """Return the lines of the sheet."""
        return self.bench.layout(self.number)


def page_check(page: PaperPage) -> str:
    """Return the check that only this installation can print on a page."""
    return short_check(keyring.sign(page.text, "paper page"))


def keyings_needed(event: Event) -> int:
    """Return how many clerks must key each sheet by the rules of the edition (R2.24)."""
    return HANDS if contests.rules_of(event.contest).day.double_keying else 1


def paper_query(event_id: int) -> Select[int, str, str, int, SheetState]:
    """Select the sheets of competing works by work code; nothing about the entries (R2.06)."""
    return (
        select(Sheet.id, Work.code, PanelSeat.part, PanelSeat.number, Sheet.state)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Sheet.event_id == event_id, *COMPETING, *COUNTING)
        .order_by(Work.code, PanelSeat.part, PanelSeat.number)
    )


def find_papers(event_id: int, scheme: Scheme, *where: object) -> list[Paper]:
    """List the paper sheets of an event, in the order of code, part and seat."""
    rows = db.session.execute(paper_query(event_id).where(*where))  # type: ignore[arg-type]
    known = {bench.key: (place, bench) for place, bench in enumerate(benches(scheme), start=1)}
    found = [
        Paper(key, code, known[part][1], known[part][0], number, state is SheetState.SIGNED)
        for key, code, part, number, state in rows
        if part in known
    ]
    return sorted(found, key=lambda one: (one.code, one.place, not one.number, one.number))


def get_paper(paper_id: int) -> tuple[Event, Scheme, Paper]:
    """Return a paper sheet with its event; raise Missing, also for a work that is out."""
    event_id = db.session.scalar(select(Sheet.event_id).where(Sheet.id == paper_id))
    event = contests.get_event(event_id or 0)
    scheme = contests.scheme_of(event)
    found = find_papers(event.id, scheme, Sheet.id == paper_id)
    if not found:
        raise Missing(paper_id)
    return event, scheme, found[0]


def match(papers: Iterable[Paper], typed: SheetReference) -> list[Paper]:
    """Keep the papers that a typed reference can mean."""
    return [
        one
        for one in papers
        if one.code == typed.code
        and (typed.bench is None or (one.place, one.number) == (typed.bench, typed.seat))
    ]


def read_papers(sheet_ids: Collection[int]) -> dict[int, Readings]:
    """Return all readings of some sheets, in four statements."""
    hands = _hands(sheet_ids)
    rulings = _rulings(sheet_ids)
    marks = _marks(sheet_ids)
    return {
        key: Readings(tuple(hands.get(key, ())), rulings.get(key, {}), marks.get(key, {}))
        for key in sheet_ids
    }


def _hands(sheet_ids: Collection[int]) -> dict[int, list[dict[str, Decimal]]]:
    keyings = db.session.execute(
        select(Keying.id, Keying.sheet_id)
        .where(Keying.sheet_id.in_(sheet_ids), Keying.is_dropped.is_(False))
        .order_by(Keying.sheet_id, Keying.hand)
    ).all()
    values: dict[int, dict[str, Decimal]] = {keying_id: {} for keying_id, _ in keyings}
    rows = db.session.execute(
        select(KeyedMark.keying_id, KeyedMark.aspect, KeyedMark.value)
        .join(Keying, Keying.id == KeyedMark.keying_id)
        .where(Keying.sheet_id.in_(sheet_ids), Keying.is_dropped.is_(False))
    )
    for keying_id, aspect, value in rows:
        values[keying_id][aspect] = value
    found: dict[int, list[dict[str, Decimal]]] = {}
    for keying_id, sheet_id in keyings:
        found.setdefault(sheet_id, []).append(values[keying_id])
    return found


def _rulings(sheet_ids: Collection[int]) -> dict[int, dict[str, Decimal | None]]:
    query = select(PaperRuling.sheet_id, PaperRuling.aspect, PaperRuling.value).where(
        PaperRuling.sheet_id.in_(sheet_ids),
        PaperRuling.is_dropped.is_(False),
        PaperRuling.is_final.is_(True),
    )
    found: dict[int, dict[str, Decimal | None]] = {}
    for sheet_id, aspect, value in db.session.execute(query):
        found.setdefault(sheet_id, {})[aspect] = value
    return found


def _marks(sheet_ids: Collection[int]) -> dict[int, dict[str, Decimal]]:
    query = select(Mark.sheet_id, Mark.aspect, Mark.value).where(Mark.sheet_id.in_(sheet_ids))
    found: dict[int, dict[str, Decimal]] = {}
    for sheet_id, aspect, value in db.session.execute(query):
        found.setdefault(sheet_id, {})[aspect] = value
    return found


def count_hands(event_id: int) -> dict[int, int]:
    """Count the keyings that count, by sheet."""
    query = (
        select(Keying.sheet_id, func.count())
        .where(Keying.event_id == event_id, Keying.is_dropped.is_(False))
        .group_by(Keying.sheet_id)
    )
    return {sheet_id: count for sheet_id, count in db.session.execute(query)}


def list_blockers(event: Event, scheme: Scheme) -> Iterator[Refused]:
    """Yield in words what paper keeps the marks from being confirmed (R2.24)."""
    if event.state is not EventState.SCORING:
        return
    needed, hands = keyings_needed(event), count_hands(event.id)
    if needed == HANDS or hands:
        papers = find_papers(event.id, scheme)
        if needed == HANDS:
            yield from _not_keyed(papers, hands)
        keyed = [one for one in papers if hands.get(one.sheet_id, 0) >= needed]
        yield from _differences(keyed, needed)
    yield from _scans_waiting(event.id)


def _not_keyed(papers: Sequence[Paper], hands: Mapping[int, int]) -> Iterator[Refused]:
    waiting: dict[str, int] = {}
    for one in papers:
        if hands.get(one.sheet_id, 0) < HANDS:
            waiting[one.bench.title] = waiting.get(one.bench.title, 0) + 1
    for title, count in waiting.items():
        yield Refused(_NOT_KEYED, part=title, count=count)


_NOT_KEYED = N_("%(part)s: paper sheets not keyed by two clerks yet: %(count)s.")


def _differences(keyed: Sequence[Paper], needed: int) -> Iterator[Refused]:
    if not keyed:
        return
    readings = read_papers([one.sheet_id for one in keyed])
    apart = [
        (one, count)
        for one in keyed
        if (count := len(readings[one.sheet_id].differing(keys_of(one.layout), needed)))
    ]
    for one, count in apart[:NAMED_BLOCKERS]:
        yield Refused(_DIFFERS, sheet=one.reference, count=count)
    if len(apart) > NAMED_BLOCKERS:
        yield Refused(_MORE_DIFFER, count=len(apart) - NAMED_BLOCKERS)


_DIFFERS = N_("Paper sheet %(sheet)s: lines that were read differently: %(count)s.")
_MORE_DIFFER = N_("More paper sheets with lines that were read differently: %(count)s.")


def keys_of(layout: Layout) -> list[str]:
    """Return the keys of the lines of a sheet."""
    return [line.key for line in layout.lines]


def _scans_waiting(event_id: int) -> Iterator[Refused]:
    tray = count_tray(event_id)
    if tray:
        yield Refused(N_("Scanned pages in the tray that nobody has filed: %(count)s."), count=tray)
    unread = db.session.scalar(
        select(func.coalesce(func.sum(ScanFile.pages - ScanFile.pages_read), 0)).where(
            ScanFile.event_id == event_id
        )
    )
    if unread:
        yield Refused(N_("Scanned pages that are not read yet: %(count)s."), count=int(unread))


def count_tray(event_id: int) -> int:
    """Count the scanned pages that wait for somebody to file them."""
    query = select(func.count()).where(
        ScanPage.event_id == event_id, ScanPage.state == PageState.TRAY
    )
    return db.session.scalar(query) or 0
