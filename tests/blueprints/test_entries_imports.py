"""The pages of an import: upload, preview, confirmation."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models.contests import Event
from models.database import db
from models.entries import Entry, ImportBatch
from rules.states import EventState
from services.entries_rows import columns
from services.workbooks_writing import write_table
from tests.builders import Builder, sign_in


@pytest.fixture
def event(client: FlaskClient, build: Builder) -> Event:
    """An open event, and its organizer signed in."""
    event: Event = build.event(state=EventState.REGISTERING, title="钳工")
    sign_in(client, build.account("organizer", event.contest_id))
    return event


def sheet(build: Builder, *phones: str) -> bytes:
    rows = [
        {
            "event": "钳工",
            "division": "职工组",
            "name": "王小明",
            "id_number": build.id_number(),
            "phone": phone,
            "employer": "慈溪一厂",
        }
        for phone in phones
    ]
    return write_table(columns(True, True), rows, "报名")


def upload(client: FlaskClient, event: Event, data: bytes, name: str = "报名.xlsx") -> object:
    file = {"file": (io.BytesIO(data), name)}
    path = f"/contests/{event.contest_id}/entries/import"
    return client.post(path, data=file, content_type="multipart/form-data")


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Entry)) or 0


def test_a_file_is_uploaded_previewed_and_confirmed(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    reply = upload(client, event, sheet(build, "13912345678", "13912345679"))
    path = reply.headers["Location"]  # type: ignore[attr-defined]
    page = client.get(path).text
    assert "王小明" in page
    assert "慈溪一厂" in page
    assert count() == 0
    assert client.post(f"{path}/confirm").headers["Location"] == path
    assert count() == 2
    assert "王小明" not in client.get(path).text
    assert "王小明" in client.get(f"/contests/{event.contest_id}/entries").text


def test_a_preview_hides_numbers_and_shows_rows_with_errors_first(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    reply = upload(client, event, sheet(build, "13912345678", "12"))
    path = reply.headers["Location"]  # type: ignore[attr-defined]
    page = client.get(path).text
    numbers = [row[1][5] for row in db.session.scalars(select(ImportBatch)).one().rows["rows"]]
    assert all(number not in page for number in numbers)
    body = page.partition("<tbody>")[2]
    assert body.index('<td class="num">3</td>') < body.index('<td class="num">2</td>')
    client.post(f"{path}/confirm")
    assert count() == 0
    assert client.get(f"{path}/errors").data.startswith(b"PK")
    client.post(f"{path}/confirm", data={"rows": "good"})
    assert count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("x.xlsx", b"%PDF-1.7 ..."),
        ("x.csv", b""),
        ("x.csv", "编号,成绩\n1,2\n".encode()),
        ("x.csv", "赛项,姓名,证件号码,联系电话\n".encode()),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ],
)
def test_what_is_no_list_of_entries_is_refused_at_the_file(
    client: FlaskClient, event: Event, name: str, data: bytes
) -> None:
    reply = upload(client, event, data, name)
    assert reply.status_code == 422  # type: ignore[attr-defined]
    assert 'id="file-error"' in reply.text  # type: ignore[attr-defined]


def test_an_upload_without_a_file_is_refused(client: FlaskClient, event: Event) -> None:
    reply = client.post(f"/contests/{event.contest_id}/entries/import", data={})
    assert reply.status_code == 422


def test_a_double_click_makes_one_preview(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    data, path = sheet(build, "13912345678"), f"/contests/{event.contest_id}/entries/import"
    places = set()
    for _ in range(2):
        form = {"file": (io.BytesIO(data), "x.xlsx"), "request_key": "once"}
        reply = client.post(path, data=form, content_type="multipart/form-data")
        places.add(reply.headers["Location"])
    assert len(places) == 1


def test_an_import_belongs_to_who_made_it(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    reply = upload(client, event, sheet(build, "13912345678"))
    path = reply.headers["Location"]  # type: ignore[attr-defined]
    client.post("/sign-out")
    sign_in(client, build.account("employer", employer_id=build.employer().id))
    for tail in ("", "/errors"):
        assert client.get(path + tail).status_code == 404
    for tail in ("/confirm", "/discard"):
        assert client.post(path + tail).status_code == 404
    client.post("/sign-out")
    sign_in(client, build.account("organizer", build.contest().id))
    assert client.get(path).status_code == 404


def test_a_discarded_file_is_forgotten(client: FlaskClient, build: Builder, event: Event) -> None:
    reply = upload(client, event, sheet(build, "13912345678"))
    path = reply.headers["Location"]  # type: ignore[attr-defined]
    assert client.post(f"{path}/discard").status_code == 303
    assert "王小明" not in client.get(path).text
    client.post(f"{path}/confirm")
    assert count() == 0


def test_the_template_has_no_employer_column_for_an_employer(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    path = f"/contests/{event.contest_id}/entries/template"
    whole = client.get(path)
    assert whole.headers["Content-Disposition"].startswith("attachment")
    client.post("/sign-out")
    sign_in(client, build.account("employer", employer_id=build.employer().id))
    assert client.get(path).data.startswith(b"PK")
    page = client.get(f"/contests/{event.contest_id}/entries/import").text
    assert "队号" in page
    assert ">单位<" not in page
