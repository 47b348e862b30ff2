"""Scans: read through rotation and dirt, filed by their code, told when something is wrong."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from models.database import db
from models.papers import ScanFile, ScanPage
from rules.papers import PageProblem, PageState, PaperPage, short_version
from rules.refusals import Missing, Refused
from rules.states import EventState
from services import contests, files, papers, papers_printing, processes, scans, scans_reading
from services.acting import Actor
from services.papers import Paper
from services.papers_printing import Wanted
from tests import scanned
from tests.builders import Builder
from tests.judging_rooms import rich_scheme
from tests.paper_rooms import PaperRoom, paper_room


@pytest.fixture
def paper(build: Builder) -> PaperRoom:
    """An event with four paper sheets of one page."""
    return paper_room(build)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files are kept."""
    return tmp_path / "files"


@pytest.fixture
def clerk(paper: PaperRoom) -> Actor:
    """Who scans."""
    return paper.room.by(paper.clerks[0])


def payload(paper: PaperRoom, one: Paper, **other: object) -> str:
    """The text of the code on the printed page of a sheet, or of one that is not quite it."""
    version = short_version(contests.scheme_of(paper.room.event).digest())
    facts: dict[str, object] = {
        "event_id": paper.room.event_id,
        "code": one.code,
        "bench": one.place,
        "seat": one.number,
        "page": 1,
        "pages": 1,
        "version": version,
    }
    check = other.pop("check", None)
    page = PaperPage(**(facts | other))  # type: ignore[arg-type]
    return page.payload(str(check or papers.page_check(page)))


def read_all(by: Actor, scan_id: int, folder: Path) -> scans.Reading:
    """Read a scan to its end."""
    while not scans.get_reading(scan_id).is_done:
        scans.read_next(by, scan_id, folder)
    return scans.get_reading(scan_id)


def kept_files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def turned(image: Image.Image, angle: int) -> bytes:
    return scanned.png(image.rotate(angle, expand=True, fillcolor=255))


def test_a_printed_page_is_read_however_it_lies_on_the_scanner(
    build: Builder, folder: Path
) -> None:
    paper = paper_room(build, entries=1, scheme=rich_scheme())
    event = contests.get_event(paper.room.event_id)
    printed = papers_printing.print_sheets(event, contests.scheme_of(event), Wanted(), str)
    document = pypdfium2.PdfDocument(printed)
    assert len(document) == len(paper.papers())
    image = document[0].render(scale=150 / 72, grayscale=True).to_pil().convert("L")
    document.close()
    angles = (0, 7, -7, 90, 97, 180, 187, 270)
    dirty = [scanned.dirty(image.resize(scanned.A4), angle) for angle in angles]
    uploads = [turned(one, angle) for one, angle in zip(dirty, angles, strict=True)]
    found = [scans_reading.read_pages("png", data, 0, 1)[0] for data in uploads]
    assert {one.text for one in found} == {payload(paper, paper.papers()[0])}
    scan_id = scans.upload_scan(paper.room.by(paper.clerks[0]), event.id, folder, uploads[:1])
    assert read_all(paper.room.by(paper.clerks[0]), scan_id, folder).filed == 1


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_is_kept_upright(paper: PaperRoom, angle: int) -> None:
    image = scanned.page(payload(paper, paper.papers()[0]))
    straight, found = (
        Image.open(io.BytesIO(scans_reading.read_pages("png", turned(image, one), 0, 1)[0].image))
        for one in (0, angle)
    )
    with straight, found:
        assert found.size == straight.size
        corner = (found.width - 300, 60, found.width - 60, 300)
        dark = [sum(one.crop(corner).histogram()[:100]) for one in (straight, found)]
        assert dark[0] > 10_000 and abs(dark[1] - dark[0]) < dark[0] / 10


def test_a_photo_with_a_turned_camera_is_read(paper: PaperRoom) -> None:
    image = scanned.page(payload(paper, paper.papers()[0])).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    found = scans_reading.read_pages("jpeg", scanned.jpeg(image, exif=exif), 0, 1)[0]
    assert found.text == payload(paper, paper.papers()[0])
    assert b"Exif" not in found.image  # where and with what it was taken is not kept


def test_forty_shuffled_pages_find_their_sheets(build: Builder, folder: Path) -> None:
    paper = paper_room(build, entries=20)
    sheets = paper.papers()
    assert len(sheets) == 40
    Random(4).shuffle(sheets)
    images = [scanned.page(payload(paper, one), mark=one.reference) for one in sheets]
    by = paper.room.by(paper.clerks[0])
    scan_id = scans.upload_scan(by, paper.room.event_id, folder, [scanned.pdf(images)])
    seen = [scans.get_reading(scan_id).read]
    while not scans.get_reading(scan_id).is_done:
        scans.read_next(by, scan_id, folder)
        seen.append(scans.get_reading(scan_id).read)
    assert seen == [0, 12, 24, 36, 40]
    rows = db.session.scalars(select(ScanPage).order_by(ScanPage.number)).all()
    assert [row.sheet_id for row in rows] == [one.sheet_id for one in sheets]
    assert {row.state for row in rows} == {PageState.FILED}
    assert kept_files(folder) == 40  # the upload itself is gone, its pages are kept
    scans.read_next(by, scan_id, folder)  # once more does nothing
    assert scans.get_reading(scan_id).read == 40


def test_what_cannot_be_filed_waits_in_the_tray_with_its_reason(
    paper: PaperRoom, clerk: Actor, folder: Path
) -> None:
    one = paper.papers()[0]
    texts = {
        "": PageProblem.UNREADABLE,
        "https://example.org": PageProblem.FOREIGN,
        payload(paper, one, check="0" * 12): PageProblem.FOREIGN,
        payload(paper, one, event_id=paper.room.event_id + 1): PageProblem.FOREIGN,
        payload(paper, one, code=""): PageProblem.RESERVE,
        payload(paper, one, version="00000000"): PageProblem.OUTDATED,
        payload(paper, one, code="NIX"): PageProblem.UNKNOWN,
        payload(paper, one, seat=7): PageProblem.UNKNOWN,
        payload(paper, one): PageProblem.NONE,
        payload(paper, one) + " ": PageProblem.DUPLICATE,
    }
    images = [scanned.page(text) for text in texts]
    upload = scanned.pdf(images)
    scan_id = scans.upload_scan(clerk, paper.room.event_id, folder, [upload])
    reading = read_all(clerk, scan_id, folder)
    rows = db.session.scalars(select(ScanPage).order_by(ScanPage.number)).all()
    assert [row.problem for row in rows] == [*texts.values()]
    assert (reading.filed, reading.tray) == (1, 9)
    assert "Scanned pages in the tray that nobody has filed: 9." in paper.blockers()


def test_a_page_from_the_tray_is_filed_by_what_stands_on_it(
    paper: PaperRoom, clerk: Actor, folder: Path
) -> None:
    one, other = paper.papers()[:2]
    scan_id = scans.upload_scan(clerk, paper.room.event_id, folder, [scanned.png(scanned.page(""))])
    read_all(clerk, scan_id, folder)
    page_id = scans.list_tray(paper.room.event_id).items[0].id
    for typed, number, field in (
        ("", 1, "sheet"),
        ("??", 1, "sheet"),
        ("NIX-1-1", 1, "sheet"),
        (one.code, 1, "sheet"),
        (one.reference, 0, "number"),
        (one.reference, 9, "number"),
    ):
        with pytest.raises(Refused) as refused:
            scans.file_page(clerk, page_id, typed, number)
        assert refused.value.field == field
    scans.file_page(clerk, page_id, one.reference.lower(), 1)
    assert [page.id for page in scans.list_pages(one.sheet_id)] == [page_id]
    assert paper.blockers() == ["操作: paper sheets not keyed by two clerks yet: 4."]
    scans.file_page(clerk, page_id, other.reference, 1)  # it was the neighbour's
    assert scans.list_pages(one.sheet_id) == []


def test_of_two_pages_one_is_put_away_and_can_come_back(
    paper: PaperRoom, clerk: Actor, folder: Path
) -> None:
    one = paper.papers()[0]
    images = [scanned.page(payload(paper, one), mark=mark) for mark in ("84.5", "48.5")]
    event_id = paper.room.event_id
    scan_id = scans.upload_scan(clerk, event_id, folder, [*map(scanned.png, images)])
    read_all(clerk, scan_id, folder)
    (first,), (second,) = scans.list_pages(one.sheet_id), scans.list_tray(event_id).items
    assert scans.guess(second) == (one.reference, 1)
    with pytest.raises(Refused, match="is there already"):
        scans.file_page(clerk, second.id, one.reference, 1)
    with pytest.raises(Refused, match="Write the reason"):
        scans.drop_page(clerk, first.id, "")
    with pytest.raises(Refused, match="too long"):
        scans.drop_page(clerk, first.id, "长" * 401)
    scans.drop_page(clerk, first.id, "裁判重写了一份")
    with pytest.raises(Refused, match="put away already"):
        scans.drop_page(clerk, first.id, "裁判重写了一份")
    scans.file_page(clerk, second.id, one.reference, 1)
    assert [page.id for page in scans.list_pages(one.sheet_id)] == [second.id]
    assert [page.id for page in scans.list_tray(event_id, PageState.DROPPED).items] == [first.id]
    scans.drop_page(clerk, second.id, "弄错了")
    scans.file_page(clerk, first.id, one.reference, 1)
    assert files.read(folder, first.file_key, first.sha256).startswith(b"\xff\xd8\xff")


def test_the_same_file_is_not_taken_twice(paper: PaperRoom, clerk: Actor, folder: Path) -> None:
    event_id = paper.room.event_id
    one, other = (scanned.png(scanned.page("", mark=mark)) for mark in ("1", "2"))
    first = scans.upload_scan(clerk, event_id, folder, [one, one])
    assert scans.get_reading(first).pages == 1
    with pytest.raises(Refused, match="uploaded already"):
        scans.upload_scan(clerk, event_id, folder, [one])
    second = scans.upload_scan(clerk, event_id, folder, [one, other])
    assert scans.get_reading(second).pages == 1
    assert kept_files(folder) == 2


def test_two_who_upload_the_same_file_at_once_keep_it_once(
    paper: PaperRoom, clerk: Actor, folder: Path
) -> None:
    event_id, data = paper.room.event_id, scanned.png(scanned.page(""))
    prepared, skipped = scans._prepare(event_id, [data])
    scans.upload_scan(clerk, event_id, folder, [data])
    with pytest.raises(Refused, match="uploaded already"), files.keeping(folder) as keep:
        scans.upload(clerk, event_id, prepared, [keep(data)], skipped)
    assert kept_files(folder) == 1


def test_two_who_read_the_same_pages_keep_them_once(
    paper: PaperRoom, clerk: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = scanned.png(scanned.page(payload(paper, paper.papers()[0])))
    scan_id = scans.upload_scan(clerk, paper.room.event_id, folder, [data])
    slow = scans_reading.read_pages

    def overtaken(*asked: object) -> list[scans_reading.ReadPage]:
        monkeypatch.setattr(scans_reading, "read_pages", slow)
        scans.read_next(clerk, scan_id, folder)
        return slow(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(scans_reading, "read_pages", overtaken)
    assert scans.read_next(clerk, scan_id, folder) == scan_id
    assert len(db.session.scalars(select(ScanPage)).all()) == 1
    assert kept_files(folder) == 1


def bomb() -> bytes:
    """A PNG of a few kilobytes that would be forty thousand pixels wide."""
    header = (40_000).to_bytes(4) + (40_000).to_bytes(4) + b"\x08\x00\x00\x00\x00"

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    body = zlib.compress(b"\0" * 5_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


LOCKED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"3 0 obj<</Filter/Standard/V 1/R 2/O<"
    + b"28" * 32
    + b">/U<"
    + b"29" * 32
    + b">/P -4>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n%%EOF"
)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (lambda: b"<html><script>alert(1)</script></html>", "Only PDF files and photos"),
        (lambda: b"\xef\xbb\xbf%PDF-1.4 <script>", "Only PDF files and photos"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Only PDF"),
        (lambda: b"GIF89a" + b"\0" * 50, "Only PDF files and photos"),
        (lambda: b"%PDF-1.7\n<html>not a pdf at all</html>", "damaged"),
        (lambda: b"%PDF-", "damaged"),
        (lambda: LOCKED, "password"),
        (bomb, "too large"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "damaged"),
        (lambda: scanned.jpeg(scanned.page(""))[:2000], "damaged"),
        (lambda: b"", "Choose at least one file"),
    ],
)
def test_poisoned_files_are_refused_and_nothing_is_kept(
    paper: PaperRoom, clerk: Actor, folder: Path, data: Callable[[], bytes], problem: str
) -> None:
    good = scanned.png(scanned.page(""))
    uploads = [good, data()] if data() else [b""]
    with pytest.raises(Refused, match=problem) as refused:
        scans.upload_scan(clerk, paper.room.event_id, folder, uploads)
    assert refused.value.field == "files"
    assert kept_files(folder) == 0
    assert db.session.scalar(select(ScanFile)) is None


def test_what_is_kept_is_drawn_anew(paper: PaperRoom, clerk: Actor, folder: Path) -> None:
    """A picture that is also a script or carries data behind its end loses both."""
    data = scanned.jpeg(scanned.page(""), comment=b"<script>alert(1)</script>") + b"<?php evil ?>"
    scan_id = scans.upload_scan(clerk, paper.room.event_id, folder, [data])
    read_all(clerk, scan_id, folder)
    page = scans.list_tray(paper.room.event_id).items[0]
    kept = scans.page_image(page.id, folder)
    assert kept.startswith(b"\xff\xd8\xff") and kept.endswith(b"\xff\xd9")
    assert b"script" not in kept and b"php" not in kept


def test_a_page_that_breaks_the_reader_does_not_hold_up_the_others(
    paper: PaperRoom, clerk: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = paper.papers()[0]
    images = [scanned.page(payload(paper, one)), scanned.page("")]
    scan_id = scans.upload_scan(clerk, paper.room.event_id, folder, [scanned.pdf(images)])
    ask = scans_reading._ask

    def breaks(kind: str, data: bytes, first: int, count: int) -> object:
        if kind == "pdf" and first <= 1 < first + count:
            raise Refused("broken")
        return ask(kind, data, first, count)

    monkeypatch.setattr(scans_reading, "_ask", breaks)
    reading = read_all(clerk, scan_id, folder)
    assert (reading.filed, reading.tray) == (1, 1)


def test_too_much_at_once_is_refused(
    paper: PaperRoom, clerk: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "MOST_PAGES", 2)
    monkeypatch.setattr(scans, "MOST_FILES", 2)
    image = scanned.page("")
    with pytest.raises(Refused, match="at most 2 pages"):
        scans.upload_scan(clerk, paper.room.event_id, folder, [scanned.pdf([image] * 3)])
    with pytest.raises(Refused, match="at most 2 files"):
        scans.upload_scan(clerk, paper.room.event_id, folder, [b"1", b"2", b"3"])
    assert kept_files(folder) == 0


def test_the_worker_has_none_of_our_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    run = processes.subprocess.run

    def watch(*asked: object, **more: object) -> object:
        seen.update(more)
        return run(*asked, **more)  # type: ignore[call-overload]

    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setattr(processes.subprocess, "run", watch)
    assert scans_reading.count_pages("png", scanned.png(scanned.page(""))) == 1
    environment = seen["env"]
    assert isinstance(environment, dict) and set(environment) <= {"PATH", "HOME", "LANG"}


def test_scans_are_filed_while_marks_are_open(paper: PaperRoom, clerk: Actor, folder: Path) -> None:
    data = scanned.png(scanned.page(""))
    scan_id = scans.upload_scan(clerk, paper.room.event_id, folder, [data])
    assert "Scanned pages that are not read yet: 1." in paper.blockers()
    read_all(clerk, scan_id, folder)
    page = scans.list_tray(paper.room.event_id).items[0]
    paper.room.event.state = EventState.SIGNED
    db.session.commit()
    for act in (
        lambda: scans.upload_scan(clerk, paper.room.event_id, folder, [data]),
        lambda: scans.file_page(clerk, page.id, paper.papers()[0].reference, 1),
        lambda: scans.drop_page(clerk, page.id, "多余"),
    ):
        with pytest.raises(Refused, match="while the event is being scored"):
            act()
    with pytest.raises(Missing):
        scans.get_reading(999)
    with pytest.raises(Missing):
        scans.get_page(999)
