"""Attachments: known by content, drawn anew, kept encrypted, every download recorded."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select

from models.attachments import Attachment
from models.audits import AuditRecord
from models.database import db
from rules.appeals import Filer
from rules.refusals import Missing, Refused
from services import appeals, attachments
from services.acting import Actor
from services.attachments import Upload
from services.files import DamagedFile
from tests.builders import Builder
from tests.damage import altered
from tests.results_story import Story
from tests.services.test_appeals import filing

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
SECRET = b"GPS 30.17 121.23"


def picture(kind: str, size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture that tells where it was taken."""
    target, image = io.BytesIO(), Image.new("RGB", size, "red")
    if kind == "PNG":
        notes = PngInfo()
        notes.add_text("Comment", SECRET.decode())
        image.save(target, "PNG", pnginfo=notes)
    else:
        exif = Image.Exif()
        exif[0x010E], exif[0x0112] = SECRET.decode(), 6
        image.save(target, "JPEG", exif=exif, comment=SECRET)
    return target.getvalue() + SECRET


@pytest.fixture
def by(build: Builder) -> Actor:
    """The team leader."""
    return build.actor(build.account("employer"))


@pytest.fixture
def appeal_id(build: Builder, by: Actor) -> int:
    """An open appeal."""
    story = Story(build)
    entry = story.entry("90", "90")
    return appeals.file_appeal(by, entry.id, filing())


def stored(folder: Path) -> list[Path]:
    """The files in the store."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (20, 40)), ("PNG", (40, 20))])
def test_a_picture_loses_what_the_camera_wrote_into_it(
    by: Actor, appeal_id: int, tmp_path: Path, kind: str, size: tuple[int, int]
) -> None:
    sent = picture(kind)
    assert SECRET in sent
    key = attachments.attach(by, appeal_id, Upload("工位.jpg", sent), tmp_path)
    opened = attachments.open_file(by, key, tmp_path)
    assert SECRET not in opened.data
    shown = Image.open(io.BytesIO(opened.data))
    assert (shown.size, dict(shown.getexif()), shown.info.get("Comment")) == (size, {}, None)


def test_a_pdf_comes_back_as_it_was_and_lies_encrypted(
    by: Actor, appeal_id: int, tmp_path: Path
) -> None:
    key = attachments.attach(by, appeal_id, Upload("证明.exe", PDF), tmp_path)
    opened = attachments.open_file(by, key, tmp_path)
    assert (opened.title, opened.mimetype, opened.data) == ("证明.pdf", "application/pdf", PDF)
    (path,) = stored(tmp_path)
    assert b"%PDF" not in path.read_bytes()
    assert attachments.list_keys() == {path.name}
    (row,) = attachments.list_files(appeal_id)
    assert row.size == len(PDF)


def test_each_download_is_recorded(by: Actor, appeal_id: int, tmp_path: Path) -> None:
    key = attachments.attach(by, appeal_id, Upload("a.pdf", PDF), tmp_path)
    for _ in range(2):
        attachments.open_file(by, key, tmp_path)
    query = select(AuditRecord).where(AuditRecord.action == "download")
    records = db.session.scalars(query).all()
    assert [(one.subject, one.subject_id, one.account_id) for one in records] == [
        ("attachment", key, by.account_id)
    ] * 2


def test_a_changed_file_is_not_given_out(by: Actor, appeal_id: int, tmp_path: Path) -> None:
    key = attachments.attach(by, appeal_id, Upload("a.pdf", PDF), tmp_path)
    (path,) = stored(tmp_path)
    path.write_bytes(altered(path.read_bytes()))
    with pytest.raises(DamagedFile):
        attachments.open_file(by, key, tmp_path)
    with pytest.raises(Missing):
        attachments.open_file(by, 999_999, tmp_path)
    assert db.session.scalar(select(AuditRecord).where(AuditRecord.action == "download")) is None


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"\x89PNG\r\n\x1a\nbroken", b"\xff\xd8\xff\xe0broken"]
)
def test_what_is_no_file_of_ours_leaves_nothing_behind(
    by: Actor, appeal_id: int, tmp_path: Path, data: bytes
) -> None:
    with pytest.raises(Refused):
        attachments.attach(by, appeal_id, Upload("a.png", data), tmp_path)
    assert stored(tmp_path) == [] and list(attachments.list_files(appeal_id)) == []


def test_a_huge_picture_is_refused_before_it_is_unpacked(
    by: Actor, appeal_id: int, tmp_path: Path
) -> None:
    target = io.BytesIO()
    Image.new("1", (7000, 7000)).save(target, "PNG")
    with pytest.raises(Refused, match="pixels"):
        attachments.attach(by, appeal_id, Upload("a.png", target.getvalue()), tmp_path)


def test_the_same_file_twice_too_many_and_a_closed_appeal_are_refused(
    by: Actor, appeal_id: int, tmp_path: Path
) -> None:
    attachments.attach(by, appeal_id, Upload("a.pdf", PDF), tmp_path)
    with pytest.raises(Refused, match="there already"):
        attachments.attach(by, appeal_id, Upload("b.pdf", PDF), tmp_path)
    for number in range(5):
        attachments.attach(by, appeal_id, Upload("a.pdf", PDF + bytes([number])), tmp_path)
    with pytest.raises(Refused, match="at most"):
        attachments.attach(by, appeal_id, Upload("a.pdf", PDF + b"more"), tmp_path)
    appeals.withdraw(by, appeal_id, Filer.LEADER)
    with pytest.raises(Refused, match="while the appeal is open"):
        attachments.attach(by, appeal_id, Upload("a.pdf", PDF + b"late"), tmp_path)
    rows = db.session.scalars(select(Attachment)).all()
    assert len(stored(tmp_path)) == len(rows) == 6
