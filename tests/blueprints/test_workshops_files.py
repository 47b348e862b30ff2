"""Pages of files of workshops: the host uploads, host and bureau download, others find nothing."""

import io
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from rules.workshops import Grade
from services import workshops_applications, workshops_files, workshops_reports
from services.workshops_reports import ReportFacts
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.workshop_story import WorkshopStory, at

DAY = date(2026, 3, 2)
PDF = b"%PDF-1.7 agreement"


@pytest.fixture
def story(build: Builder, clock: Clock) -> WorkshopStory:
    clock.now = at(DAY)
    return WorkshopStory(build)


def sent(data: bytes = PDF, name: str = "师徒协议.pdf") -> dict[str, Any]:
    return {"file": (io.BytesIO(data), name)}


def drafted(story: WorkshopStory) -> int:
    return workshops_applications.apply(story.own(DAY), story.host.id, story.wish(DAY))


def the_file(application_id: int) -> int:
    row = workshops_applications.get_application(application_id)
    (file,) = workshops_files.list_files(row)
    return file.id


def test_a_file_of_an_application_goes_in_and_out(
    client: FlaskClient, story: WorkshopStory
) -> None:
    key = drafted(story)
    page = f"/workshops/applications/{key}"
    sign_in(client, story.clerk)
    assert 'type="file"' in client.get(page).text
    reply = client.post(f"{page}/files", data=sent())
    assert (reply.status_code, reply.location) == (303, f"{page}#files")
    file = f"/workshops/files/{the_file(key)}"
    assert f'href="{file}"' in client.get(page).text
    client.post(f"{page}/submit")
    shown = client.get(page).text
    assert "师徒协议.pdf" in shown and 'type="file"' not in shown and "/remove" not in shown
    client.post("/sign-out")
    sign_in(client, story.one)
    assert f'href="{file}"' in client.get(page).text
    reply = client.get(file)
    assert reply.data == PDF
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.headers["Cache-Control"] == "no-store"
    assert client.post(f"{page}/files", data=sent(PDF + b"2")).status_code == 403
    assert client.post(f"{file}/remove").status_code == 403


@pytest.mark.parametrize("data", [b"<html><script>alert(1)</script>", b"MZ program", b""])
def test_a_hostile_file_is_refused_with_the_reason(
    client: FlaskClient, story: WorkshopStory, data: bytes
) -> None:
    key = drafted(story)
    sign_in(client, story.clerk)
    reply = client.post(f"/workshops/applications/{key}/files", data=sent(data, "协议.pdf"))
    assert reply.status_code == 422
    assert ("PDF" if data else "空") in reply.text and "is-invalid" in reply.text
    assert workshops_files.list_keys() == set()
    assert client.post(f"/workshops/applications/{key}/files", data={}).status_code == 422


def test_another_host_finds_nothing(
    client: FlaskClient, story: WorkshopStory, build: Builder
) -> None:
    key = drafted(story)
    sign_in(client, story.clerk)
    client.post(f"/workshops/applications/{key}/files", data=sent())
    file = f"/workshops/files/{the_file(key)}"
    client.post("/sign-out")
    assert client.get(file).status_code == 303  # to the sign-in
    sign_in(client, build.account("employer", employer_id=build.employer().id))
    assert client.get(file).status_code == 404
    assert client.post(f"{file}/remove").status_code == 404
    reply = client.post(f"/workshops/applications/{key}/files", data=sent(PDF + b"2"))
    assert reply.status_code == 404
    assert len(workshops_files.list_keys()) == 1


def test_what_is_handed_in_stays_as_it_is(client: FlaskClient, story: WorkshopStory) -> None:
    key = drafted(story)
    page = f"/workshops/applications/{key}"
    sign_in(client, story.clerk)
    client.post(f"{page}/files", data=sent())
    file = f"/workshops/files/{the_file(key)}"
    client.post(f"{page}/submit")
    reply = client.post(f"{page}/files", data=sent(PDF + b"2"))
    assert reply.status_code == 422 and "提交前" in reply.text
    assert client.post(f"{file}/remove").status_code == 303
    shown = client.get(page).text
    assert "提交前" in shown and "师徒协议.pdf" in shown
    assert client.get(file).data == PDF


def test_a_report_takes_files_and_gives_them_back(
    client: FlaskClient, story: WorkshopStory
) -> None:
    workshop = story.founded(date(2025, 3, 3))
    facts = ReportFacts(texts={"activities": "技艺交流三次"}, own_grade=Grade.PASSED)
    key = workshops_reports.write_report(story.own(DAY), workshop.id, 2025, facts)
    page = f"/workshops/reports/{key}"
    sign_in(client, story.clerk)
    assert client.post(f"{page}/files", data=sent(b"GIF89a")).status_code == 422
    assert client.post(f"{page}/files", data=sent(name="发票.pdf")).location == f"{page}#files"
    (file,) = workshops_files.list_files(workshops_reports.get_report(key))
    address = f"/workshops/files/{file.id}"
    assert "发票.pdf" in client.get(page).text and client.get(address).data == PDF
    assert client.post(f"{address}/remove").location == f"{page}#files"
    assert "发票.pdf" not in client.get(page).text
    assert client.get(address).status_code == 404
