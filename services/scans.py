"""Scans of paper sheets: uploaded, read page by page, filed by their code or by hand (R2.24)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload, load_only, selectinload

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.papers import Scan, ScanFile, ScanPage
from rules.papers import (
    PageProblem,
    PageState,
    read_payload,
    read_reference,
    short_version,
)
from rules.refusals import Missing, Refused, check_reason
from rules.schemes import Scheme
from rules.states import EventState
from rules.texts import N_
from services import audits, contests, files, scans_reading
from services.acting import Actor
from services.draws import lock_event
from services.files import StoredFile
from services.pages import Page, page_of
from services.papers import Paper, find_papers, match, page_check
from services.papers_printing import count_sheet_pages
from services.scans_reading import ReadPage
from services.transaction import transaction

OPEN = frozenset({EventState.SCORING, EventState.REVIEW})
MOST_FILES, MOST_PAGES = 60, 200
LARGEST_UPLOAD = 64 * 1024 * 1024
TRAY_SIZE = 12
AT_ONCE = 12  # pages that one request reads, so that progress is seen and no request is long
_WHO = joinedload(Scan.account).options(load_only(Account.title), lazyload(Account.grants))


@dataclass(frozen=True)
class Prepared:
    """A file that can be read: what it is, and how many pages it has."""

    kind: str
    data: bytes
    sha256: str
    pages: int


@dataclass(frozen=True)
class Reading:
    """How far the reading of a scan is."""

    scan: Scan
    pages: int
    read: int
    filed: int
    tray: int

    @property
    def is_done(self) -> bool:
        """Say whether all pages are read."""
        return self.read >= self.pages


_Place = tuple[PageProblem, int | None, int | None]


class _Overtaken(Exception):
    """Somebody else has read these pages meanwhile."""


def upload_scan(by: Actor, event_id: int, folder: Path, uploads: Sequence[bytes]) -> int:
    """Take PDF files and photos; each is looked at before anything is kept."""
    _check_open(contests.get_event(event_id))
    prepared, skipped = _prepare(event_id, [data for data in uploads if data])
    with files.keeping(folder) as keep:
        stored = [keep(one.data) for one in prepared]
        return upload(by, event_id, prepared, stored, skipped)


def _prepare(event_id: int, uploads: Sequence[bytes]) -> tuple[list[Prepared], int]:
    if not uploads:
        raise Refused(N_("Choose at least one file."), field="files")
    if len(uploads) > MOST_FILES:
        raise Refused(N_("Upload at most %(most)s files at once."), field="files", most=MOST_FILES)
    known = set(db.session.scalars(select(ScanFile.sha256).where(ScanFile.event_id == event_id)))
    db.session.rollback()  # looking at files takes a while, and nothing is written meanwhile
    found: dict[str, Prepared] = {}
    for data in uploads:
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 not in known and sha256 not in found:
            kind = scans_reading.kind_of(data)
            found[sha256] = Prepared(kind, data, sha256, scans_reading.count_pages(kind, data))
    if not found:
        raise Refused(N_("These files were uploaded already."), field="files")
    pages = sum(one.pages for one in found.values())
    if pages > MOST_PAGES:
        raise Refused(N_("Upload at most %(most)s pages at once."), field="files", most=MOST_PAGES)
    return [*found.values()], len(uploads) - len(found)


@transaction
def upload(
    by: Actor,
    event_id: int,
    prepared: Sequence[Prepared],
    stored: Sequence[StoredFile],
    skipped: int,
) -> int:
    """Note an upload whose files are kept; its pages are read one after the other."""
    event = lock_event(event_id)
    _check_open(event)
    scan = Scan(event_id=event_id, account_id=by.account_id, uploaded_at=by.now)
    scan.files = [
        ScanFile(
            event_id=event_id,
            position=position,
            kind=one.kind,
            file_key=kept.key,
            sha256=one.sha256,
            pages=one.pages,
        )
        for position, (one, kept) in enumerate(zip(prepared, stored, strict=True), start=1)
    ]
    db.session.add(scan)
    db.session.flush()
    pages = sum(one.pages for one in prepared)
    after = {"files": len(prepared), "pages": pages, "skipped": skipped}
    audits.record(by, "upload", "scan", scan.id, contest_id=event.contest_id, after=after)
    return scan.id


def _check_open(event: Event) -> None:
    if event.state not in OPEN:
        raise Refused(N_("Scans are filed while the event is being scored or checked."))


def read_next(by: Actor, scan_id: int, folder: Path) -> int:
    """Read the next pages of a scan and file them by their codes; return the scan's id."""
    file = db.session.scalar(
        select(ScanFile)
        .where(ScanFile.scan_id == scan_id, ScanFile.pages_read < ScanFile.pages)
        .order_by(ScanFile.position)
        .limit(1)
    )
    if file is None or file.file_key is None:
        return scan_id
    file_id, key, sha256 = file.id, file.file_key, file.sha256
    kind, first, pages = file.kind, file.pages_read, file.pages
    db.session.rollback()
    found = scans_reading.read_pages(kind, files.read(folder, key, sha256), first, AT_ONCE)
    if not found:
        raise RuntimeError(f"file {file_id} has fewer pages than were counted")
    try:
        with files.keeping(folder) as keep:
            keep_pages(by, file_id, first, found, [keep(one.image) for one in found])
    except _Overtaken:
        return scan_id
    if first + len(found) >= pages:
        files.delete(folder, key)
    return scan_id


@transaction
def keep_pages(
    by: Actor, file_id: int, first: int, found: Sequence[ReadPage], stored: Sequence[StoredFile]
) -> int:
    """Note pages that were read: filed where their code says, or in the tray."""
    row = db.session.get_one(ScanFile, file_id)
    event = lock_event(row.event_id)
    file = db.session.get_one(ScanFile, file_id, with_for_update=True, populate_existing=True)
    if file.pages_read != first:
        raise _Overtaken
    number = _count_pages(file.scan_id)
    places = _places(event, [one.text for one in found])
    for page, kept, place in zip(found, stored, places, strict=True):
        number += 1
        db.session.add(_scan_page(by, file, number, page.text, kept, place))
    file.pages_read += len(found)
    if file.pages_read >= file.pages:
        file.file_key = None
    tray = sum(problem is not PageProblem.NONE for problem, _, _ in places)
    after = {"pages": len(found), "tray": tray}
    audits.record(by, "keep_pages", "scan", file.scan_id, contest_id=event.contest_id, after=after)
    return file.scan_id


def _scan_page(
    by: Actor, file: ScanFile, number: int, text: str, kept: StoredFile, place: _Place
) -> ScanPage:
    problem, sheet_id, page = place
    return ScanPage(
        event_id=file.event_id,
        scan_id=file.scan_id,
        number=number,
        file_key=kept.key,
        sha256=kept.sha256,
        state=PageState.FILED if problem is PageProblem.NONE else PageState.TRAY,
        problem=problem,
        text=text,
        sheet_id=sheet_id,
        page=page,
        read_at=by.now,
    )


def _places(event: Event, texts: Sequence[str]) -> list[_Place]:
    """Say for each page where its code files it, or why it cannot."""
    scheme = contests.scheme_of(event)
    papers = find_papers(event.id, scheme)
    taken = set(_filed(event.id))
    found: list[_Place] = []
    for text in texts:
        place = _place(event, scheme, papers, text)
        if place[1:] in taken:
            place = (PageProblem.DUPLICATE, None, None)
        elif place[1] is not None and place[2] is not None:
            taken.add((place[1], place[2]))
        found.append(place)
    return found


def _place(event: Event, scheme: Scheme, papers: Iterable[Paper], text: str) -> _Place:
    read = read_payload(text)
    if not text:
        return PageProblem.UNREADABLE, None, None
    if read is None or read[0].event_id != event.id or page_check(read[0]) != read[1]:
        return PageProblem.FOREIGN, None, None
    page = read[0]
    if not page.code:
        return PageProblem.RESERVE, None, None
    if page.version != short_version(scheme.digest()):
        return PageProblem.OUTDATED, None, None
    reference = read_reference(text)
    sheets = [] if reference is None else match(papers, reference)
    if len(sheets) != 1:
        return PageProblem.UNKNOWN, None, None
    return PageProblem.NONE, sheets[0].sheet_id, page.page


def _filed(event_id: int) -> Iterator[tuple[int, int]]:
    query = select(ScanPage.sheet_id, ScanPage.page).where(
        ScanPage.event_id == event_id, ScanPage.state == PageState.FILED
    )
    for sheet_id, page in db.session.execute(query):
        yield sheet_id or 0, page or 0


def _count_pages(scan_id: int) -> int:
    query = select(func.count()).where(ScanPage.scan_id == scan_id)
    return db.session.scalar(query) or 0


@transaction
def file_page(by: Actor, page_id: int, typed: str, number: int) -> int:
    """File a scanned page by hand, with the sheet that somebody read on it."""
    page, event = _held_page(page_id)
    paper = _only_match(event, typed)
    most = count_sheet_pages(paper.layout) + 1  # an old version may have been longer
    if not 1 <= number <= most:
        raise Refused(N_("This sheet has no such page."), field="number")
    query = select(ScanPage.id).where(
        ScanPage.sheet_id == paper.sheet_id, ScanPage.page == number, ScanPage.id != page_id
    )
    if db.session.scalar(query) is not None:
        raise Refused(_TAKEN, field="number", number=number, sheet=paper.reference)
    before = {"state": page.state}
    page.state, page.sheet_id, page.page = PageState.FILED, paper.sheet_id, number
    page.account_id, page.reason = by.account_id, ""
    after = {"sheet": paper.reference, "page": number, "state": page.state}
    _record(by, "file_page", page, event, before, after)
    return page_id


_TAKEN = N_("Page %(number)s of %(sheet)s is there already. Put one of the two away.")


@transaction
def drop_page(by: Actor, page_id: int, reason: str) -> int:
    """Put a scanned page away, with a reason; it is kept and can be filed again."""
    page, event = _held_page(page_id)
    if page.state is PageState.DROPPED:
        raise Refused(N_("This page is put away already."))
    check_reason(reason)
    before = {"state": page.state, "page": page.page}
    page.state, page.sheet_id, page.page = PageState.DROPPED, None, None
    page.account_id, page.reason = by.account_id, reason.strip()
    after = {"reason": page.reason, "state": page.state}
    _record(by, "drop_page", page, event, before, after)
    return page_id


def _held_page(page_id: int) -> tuple[ScanPage, Event]:
    event_id = db.session.scalar(select(ScanPage.event_id).where(ScanPage.id == page_id))
    event = lock_event(event_id or 0)
    _check_open(event)
    page = db.session.get_one(ScanPage, page_id, with_for_update=True, populate_existing=True)
    return page, event


def _only_match(event: Event, typed: str) -> Paper:
    wanted = read_reference(typed)
    if wanted is None:
        raise Refused(N_("Type what stands on the sheet, such as K7XN-1-2."), field="sheet")
    found = match(find_papers(event.id, contests.scheme_of(event)), wanted)
    if not found:
        raise Refused(N_("There is no such sheet in this event."), field="sheet")
    if len(found) > 1:
        raise Refused(N_("Several sheets have this work code. Type all of it."), field="sheet")
    return found[0]


def _record(
    by: Actor,
    action: str,
    page: ScanPage,
    event: Event,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    audits.record(
        by, action, "page", page.id, contest_id=event.contest_id, before=before, after=after
    )


def list_scans(event_id: int, page: int = 1) -> Page[Scan]:
    """List the uploads of an event, newest first."""
    query = select(Scan).options(_WHO, selectinload(Scan.files)).where(Scan.event_id == event_id)
    return page_of(query.order_by(Scan.id.desc()), page)


def get_reading(scan_id: int) -> Reading:
    """Return how far a scan is read; raise Missing."""
    query = select(Scan).options(_WHO, selectinload(Scan.files)).where(Scan.id == scan_id)
    scan = db.session.scalar(query.execution_options(populate_existing=True))
    if scan is None:
        raise Missing(scan_id)
    counts = select(ScanPage.state, func.count()).where(ScanPage.scan_id == scan_id)
    states = {state: count for state, count in db.session.execute(counts.group_by(ScanPage.state))}
    return Reading(
        scan,
        sum(one.pages for one in scan.files),
        sum(one.pages_read for one in scan.files),
        states.get(PageState.FILED, 0),
        states.get(PageState.TRAY, 0),
    )


def list_tray(event_id: int, state: PageState = PageState.TRAY, page: int = 1) -> Page[ScanPage]:
    """List the scanned pages that wait to be filed, or those that were put away."""
    query = select(ScanPage).where(ScanPage.event_id == event_id, ScanPage.state == state)
    return page_of(query.order_by(ScanPage.id), page, TRAY_SIZE)


def list_pages(sheet_id: int) -> list[ScanPage]:
    """List the scanned pages of one sheet in their order."""
    query = select(ScanPage).where(ScanPage.sheet_id == sheet_id).order_by(ScanPage.page)
    return list(db.session.scalars(query))


def get_page(page_id: int) -> ScanPage:
    """Return a scanned page; raise Missing."""
    page = db.session.get(ScanPage, page_id)
    if page is None:
        raise Missing(page_id)
    return page


def page_image(page_id: int, folder: Path) -> bytes:
    """Return the picture of a scanned page, as it was made here from the upload."""
    page = get_page(page_id)
    return files.read(folder, page.file_key, page.sha256)


def guess(page: ScanPage) -> tuple[str, int]:
    """Return the sheet and page that the code of a page names, to be checked by a person."""
    read = read_payload(page.text)
    if read is None or not read[0].code:
        return "", 1
    found = read[0]
    return f"{found.code}-{found.bench}-{found.seat}", found.page


def list_keys() -> set[str]:
    """List the keys of all kept files and pages, so that none of them is swept away."""
    uploads = select(ScanFile.file_key).where(ScanFile.file_key.is_not(None))
    found = {*db.session.scalars(uploads), *db.session.scalars(select(ScanPage.file_key))}
    return {key for key in found if key is not None}
