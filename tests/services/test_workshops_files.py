"""Files of applications and reports: from the host until handed in; read by host and bureau."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.audits import AuditRecord
from models.database import db
from models.workshop_applications import WorkshopApplication
from models.workshop_files import WorkshopFile
from models.workshops import WorkshopReport
from rules.refusals import Missing, Refused
from rules.workshops import MOST_PAPERS, Grade
from services import files, jobs, workshops_applications, workshops_files, workshops_reports
from services.acting import Actor
from services.attachments import Upload
from services.workshops_reports import ReportFacts
from tests.builders import Builder
from tests.damage import altered
from tests.workshop_story import WorkshopStory, at

DAY = date(2026, 3, 2)
PDF = b"%PDF-1.7 agreement"


@pytest.fixture
def story(build: Builder) -> WorkshopStory:
    return WorkshopStory(build)


def upload(data: bytes = PDF, name: str = "王小明师徒协议.pdf") -> Upload:
    return Upload(name, data)


def drafted(story: WorkshopStory) -> WorkshopApplication:
    key = workshops_applications.apply(story.own(DAY), story.host.id, story.wish(DAY))
    return workshops_applications.get_application(key)


def reported(story: WorkshopStory) -> WorkshopReport:
    workshop = story.founded(date(2025, 3, 3))
    facts = ReportFacts(texts={"activities": "技艺交流三次"}, own_grade=Grade.PASSED)
    key = workshops_reports.write_report(story.own(DAY), workshop.id, 2025, facts)
    return workshops_reports.get_report(key)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def stranger(story: WorkshopStory) -> Actor:
    account = story.build.account("employer", employer_id=story.build.employer().id)
    return Actor(account.id, at(DAY))


def test_the_host_adds_and_removes_files_of_a_draft(story: WorkshopStory, tmp_path: Path) -> None:
    row = drafted(story)
    by = story.own(DAY)
    assert workshops_files.attach(by, WorkshopApplication, row.id, upload(), tmp_path) == row.id
    (file,) = workshops_files.list_files(row)
    assert (file.title, file.kind, file.size) == ("王小明师徒协议.pdf", "pdf", len(PDF))
    assert workshops_files.list_keys() == {file.file_key}
    assert PDF not in on_disk(tmp_path)[0].read_bytes()
    assert workshops_files.open_file(by, file.id, tmp_path).data == PDF
    assert workshops_files.open_file(story.first(DAY), file.id, tmp_path).data == PDF
    assert workshops_files.remove(by, file.id, tmp_path) == row.id
    assert workshops_files.list_files(row) == [] and on_disk(tmp_path) == []
    records = db.session.scalars(
        select(AuditRecord).where(AuditRecord.subject == "workshop_application")
    ).all()
    assert [one.action for one in records][-4:] == ["attach", "download", "download", "remove_file"]
    assert "王小明" not in str([one.after for one in records[-4:]])


def test_nothing_is_added_or_removed_once_an_application_is_handed_in(
    story: WorkshopStory, tmp_path: Path
) -> None:
    row, by = drafted(story), story.own(DAY)
    workshops_files.attach(by, WorkshopApplication, row.id, upload(), tmp_path)
    (file,) = workshops_files.list_files(row)
    workshops_applications.submit_application(by, row.id)
    with pytest.raises(Refused, match="before it is handed in"):
        workshops_files.remove(by, file.id, tmp_path)
    with pytest.raises(Refused, match="before it is handed in"):
        workshops_files.attach(by, WorkshopApplication, row.id, upload(PDF + b"2"), tmp_path)
    assert [path.name for path in on_disk(tmp_path)] == [file.file_key]
    workshops_applications.return_application(story.first(DAY), row.id, reason="补充协议")
    workshops_files.attach(by, WorkshopApplication, row.id, upload(PDF + b"2"), tmp_path)
    assert len(workshops_files.list_files(row)) == 2


def test_a_report_keeps_its_files_from_when_it_is_handed_in(
    story: WorkshopStory, tmp_path: Path
) -> None:
    report, by = reported(story), story.own(DAY)
    workshops_files.attach(by, WorkshopReport, report.id, upload(), tmp_path)
    (file,) = workshops_files.list_files(report)
    assert (file.report_id, file.application_id) == (report.id, None)
    workshops_reports.submit_report(by, report.id)
    with pytest.raises(Refused, match="before it is handed in"):
        workshops_files.remove(by, file.id, tmp_path)
    workshops_reports.return_report(story.first(DAY), report.id, reason="补充")
    workshops_files.remove(by, file.id, tmp_path)
    assert on_disk(tmp_path) == []


def test_another_host_and_the_bureau_change_nothing(story: WorkshopStory, tmp_path: Path) -> None:
    row = drafted(story)
    workshops_files.attach(story.own(DAY), WorkshopApplication, row.id, upload(), tmp_path)
    (file,) = workshops_files.list_files(row)
    for by in (stranger(story), story.first(DAY), Actor(None, at(DAY))):
        with pytest.raises(Missing):
            workshops_files.attach(by, WorkshopApplication, row.id, upload(PDF + b"2"), tmp_path)
        with pytest.raises(Missing):
            workshops_files.remove(by, file.id, tmp_path)
    with pytest.raises(Missing):
        workshops_files.open_file(stranger(story), file.id, tmp_path)
    assert [path.name for path in on_disk(tmp_path)] == [file.file_key]


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ program", b"<html><script>", b"PK\x03\x04", b"\xff\xd8\xff no picture",
     PDF + b"0" * (8 * 2**20)],
)  # fmt: skip
def test_a_hostile_file_is_refused_and_leaves_nothing(
    story: WorkshopStory, tmp_path: Path, data: bytes
) -> None:
    row = drafted(story)
    with pytest.raises(Refused) as caught:
        workshops_files.attach(story.own(DAY), WorkshopApplication, row.id, upload(data), tmp_path)
    assert caught.value.field == "file"
    assert on_disk(tmp_path) == [] and workshops_files.list_files(row) == []


def test_a_picture_of_the_room_loses_what_the_camera_wrote(
    story: WorkshopStory, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "camera of the host"
    source = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(source, "JPEG", exif=exif)
    assert b"camera of the host" in source.getvalue()
    row, by = drafted(story), story.own(DAY)
    photo = upload(source.getvalue(), "../../场地.exe")
    workshops_files.attach(by, WorkshopApplication, row.id, photo, tmp_path)
    (file,) = workshops_files.list_files(row)
    found = workshops_files.open_file(by, file.id, tmp_path)
    assert (found.title, found.mimetype) == ("场地.jpg", "image/jpeg")
    assert b"camera of the host" not in found.data


def test_the_same_file_and_too_many_are_refused(
    story: WorkshopStory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_PAPERS >= 30  # ten agreements a year, and proofs
    monkeypatch.setattr(workshops_files, "MOST_PAPERS", 2)
    row, by = drafted(story), story.own(DAY)
    for number in range(2):
        one = upload(PDF + bytes([number]))
        workshops_files.attach(by, WorkshopApplication, row.id, one, tmp_path)
    with pytest.raises(Refused, match="there already"):
        workshops_files.attach(by, WorkshopApplication, row.id, upload(PDF + b"\0"), tmp_path)
    with pytest.raises(Refused, match="At most"):
        workshops_files.attach(by, WorkshopApplication, row.id, upload(PDF + b"more"), tmp_path)
    assert len(on_disk(tmp_path)) == 2


def test_a_changed_file_is_never_handed_out(story: WorkshopStory, tmp_path: Path) -> None:
    row, by = drafted(story), story.own(DAY)
    workshops_files.attach(by, WorkshopApplication, row.id, upload(), tmp_path)
    (path,) = on_disk(tmp_path)
    path.write_bytes(altered(path.read_bytes()))
    (file,) = workshops_files.list_files(row)
    with pytest.raises(files.DamagedFile):
        workshops_files.open_file(by, file.id, tmp_path)


def test_the_sweep_leaves_the_files_of_workshops(story: WorkshopStory, tmp_path: Path) -> None:
    row = drafted(story)
    workshops_files.attach(story.own(DAY), WorkshopApplication, row.id, upload(), tmp_path)
    files.put(tmp_path, b"left over")
    jobs.sweep_files(tmp_path, at(date(2100, 1, 1)))
    (file,) = workshops_files.list_files(row)
    assert [path.name for path in on_disk(tmp_path)] == [file.file_key]


@pytest.mark.parametrize("both", [True, False])
def test_a_file_belongs_to_one_of_both(story: WorkshopStory, both: bool) -> None:
    report = reported(story)
    application = drafted(story)
    facts: dict[str, Any] = {
        "title": "a.pdf", "kind": "pdf", "size": 1, "sha256": "0" * 64,
        "file_key": "1" * 32, "file_sha256": "0" * 64, "added_at": at(DAY),
    }  # fmt: skip
    if both:
        facts |= {"report_id": report.id, "application_id": application.id}
    db.session.add(WorkshopFile(**facts))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
