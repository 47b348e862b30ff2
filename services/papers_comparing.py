"""Paper beside the screen: all readings of a sheet line by line, and the state of every sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.papers import Keying, PaperRuling, ScanPage
from rules.data import plain
from rules.papers import Agreement
from rules.schemes import Scheme
from services.papers import (
    Paper,
    count_hands,
    find_papers,
    get_paper,
    keyings_needed,
    keys_of,
    read_papers,
)
from services.papers_lines import Say, WrittenLine, value_text, written
from services.papers_printing import count_sheet_pages
from services.scans import list_pages

_TITLE = joinedload(PaperRuling.account).options(load_only(Account.title), lazyload(Account.grants))


@dataclass(frozen=True)
class ComparedLine:
    """One line with what each clerk read, what was ruled and what stands on the screen."""

    line: WrittenLine
    hands: tuple[str, ...]
    screen: str
    ruling: PaperRuling | None
    ruled: str
    plain: str
    agreement: Agreement

    @property
    def differs(self) -> bool:
        """Say whether the line blocks."""
        return self.agreement in {Agreement.CLERKS_DIFFER, Agreement.SCREEN_DIFFERS}


@dataclass(frozen=True)
class Comparison:
    """One paper sheet with its scanned pages; values stay away until all keyings are in."""

    event: Event
    paper: Paper
    needed: int
    keyed_by: tuple[tuple[int, str], ...]
    lines: tuple[ComparedLine, ...]
    pages: list[ScanPage]
    pages_expected: int

    @property
    def is_open(self) -> bool:
        """Say whether what the clerks keyed may be shown."""
        return len(self.keyed_by) >= self.needed

    @property
    def differing(self) -> int:
        """Return how many lines block."""
        return sum(one.differs for one in self.lines)

    def has_keyed(self, account_id: int | None) -> bool:
        """Say whether this account is one of those who keyed the sheet."""
        return account_id in {key for key, _ in self.keyed_by}


def get_comparison(paper_id: int, say: Say) -> Comparison:
    """Return all that is known of one paper sheet; raise Missing."""
    event, _scheme, paper = get_paper(paper_id)
    needed, keyed_by = keyings_needed(event), _keyed_by(paper_id)
    readings = read_papers([paper_id])[paper_id]
    rulings = _rulings(paper_id)
    shown = readings.hands if len(keyed_by) >= needed else ()
    lines = []
    for one in paper.layout.lines:
        line, ruling = written(one, say), rulings.get(one.key)
        lines.append(
            ComparedLine(
                line,
                tuple(value_text(line, hand.get(one.key)) for hand in shown),
                value_text(line, readings.marks.get(one.key)),
                ruling,
                "" if ruling is None else value_text(line, ruling.value),
                "" if ruling is None or ruling.value is None else plain(ruling.value),
                readings.agreement(one.key, needed),
            )
        )
    pages = list_pages(paper_id)
    expected = count_sheet_pages(paper.layout)
    return Comparison(event, paper, needed, keyed_by, tuple(lines), pages, expected)


def _keyed_by(sheet_id: int) -> tuple[tuple[int, str], ...]:
    query = (
        select(Keying.account_id, Account.title)
        .join(Account, Account.id == Keying.account_id)
        .where(Keying.sheet_id == sheet_id, Keying.is_dropped.is_(False))
        .order_by(Keying.hand)
    )
    return tuple((key, title) for key, title in db.session.execute(query))


def _rulings(sheet_id: int) -> dict[str, PaperRuling]:
    query = select(PaperRuling).options(_TITLE)
    rows = db.session.scalars(
        query.where(PaperRuling.sheet_id == sheet_id, PaperRuling.is_dropped.is_(False))
    )
    return {row.aspect: row for row in rows}


@dataclass(frozen=True)
class PaperLine:
    """One sheet in the list of an event: how far its paper is, without any value."""

    paper: Paper
    hands: int
    pages: int
    pages_expected: int
    differing: int | None


@dataclass(frozen=True)
class Overview:
    """The paper sheets of an event, one page of them, with counts of all."""

    lines: list[PaperLine]
    total: int
    sheets: int
    keyed: int
    scanned: int
    differing: int
    needed: int


def get_overview(
    event: Event, scheme: Scheme, page: int, size: int, text: str = "", show: str = ""
) -> Overview:
    """List the paper sheets of an event by work code; ``show`` keeps those that wait or differ."""
    papers, needed = find_papers(event.id, scheme), keyings_needed(event)
    hands, pages = count_hands(event.id), _scanned(event.id)
    keyed = [one.sheet_id for one in papers if hands.get(one.sheet_id, 0) >= needed]
    differing = _differing(papers, keyed, needed)
    expected = _expected(papers)
    lines = [
        PaperLine(
            one,
            hands.get(one.sheet_id, 0),
            pages.get(one.sheet_id, 0),
            expected[one.place, one.number],
            differing.get(one.sheet_id),
        )
        for one in papers
    ]
    wanted = [one for one in lines if text in one.paper.reference and _shown(one, show, needed)]
    return Overview(
        wanted[(page - 1) * size : page * size],
        len(wanted),
        len(lines),
        len(keyed),
        sum(one.pages >= one.pages_expected for one in lines),
        sum(bool(count) for count in differing.values()),
        needed,
    )


def _shown(line: PaperLine, show: str, needed: int) -> bool:
    if show == "differ":
        return bool(line.differing)
    if show == "keying":
        return line.hands < needed
    if show == "scan":
        return line.pages < line.pages_expected
    return True


def _scanned(event_id: int) -> dict[int, int]:
    query = (
        select(ScanPage.sheet_id, func.count())
        .where(ScanPage.event_id == event_id, ScanPage.sheet_id.is_not(None))
        .group_by(ScanPage.sheet_id)
    )
    return {key or 0: count for key, count in db.session.execute(query)}


def _differing(papers: Sequence[Paper], keyed: Sequence[int], needed: int) -> dict[int, int]:
    readings = read_papers(keyed) if keyed else {}
    return {
        one.sheet_id: len(readings[one.sheet_id].differing(keys_of(one.layout), needed))
        for one in papers
        if one.sheet_id in readings
    }


def _expected(papers: Sequence[Paper]) -> Mapping[tuple[int, int], int]:
    """Count the pages of each kind of sheet once."""
    found: dict[tuple[int, int], int] = {}
    for one in papers:
        if (one.place, one.number) not in found:
            found[one.place, one.number] = count_sheet_pages(one.layout)
    return found
