"""Pages of paper sheets: printing, keying, comparing, scans; and who may see what."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.accounts import Account
from models.database import db
from models.judging import Sheet
from rules.states import EventState
from services import papers_keying, scans, sheets
from services.papers import Paper
from tests import scanned
from tests.builders import Builder, sign_in
from tests.judging_rooms import rich_scheme, seated_room
from tests.paper_rooms import GOOD, PaperRoom, paper_room
from tests.services.test_scans import payload

Statements = Callable[[], AbstractContextManager[list[str]]]
SECRET = "17.5"
FIRST = GOOD | {"A1": SECRET}


@pytest.fixture
def paper(build: Builder) -> PaperRoom:
    """An event whose sheets are keyed twice."""
    return paper_room(build)


@pytest.fixture
def browse(app: Flask, client: FlaskClient) -> Callable[[Account], FlaskClient]:
    """A browser of its own for each person."""

    def enter(account: Account) -> FlaskClient:
        return sign_in(app.test_client(), account)

    return enter


def typed(values: dict[str, str]) -> dict[str, str]:
    return {f"mark-{key}": value for key, value in values.items()}


def shown(page: str) -> str:
    """The words of a page, without the secrets of its forms."""
    return re.sub(r'<input[^>]*type="hidden"[^>]*>| data-token="[^"]*"', "", page)


def test_sheets_are_printed_from_their_page(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    event_id = paper.room.event_id
    url = f"/events/{event_id}/papers/print"
    organizer = browse(paper.room.organizer)
    assert url in organizer.get(f"/events/{event_id}/papers").text
    assert organizer.get(url).status_code == 200
    reply = organizer.post(url, data={"seat": "1-1", "reserves": "0"})
    assert (reply.status_code, reply.mimetype) == (200, "application/pdf")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    for data in ({"code": "NIX"}, {"reserves": "2"}, {"reserves": "x"}, {"seat": "7-7x"}):
        reply = organizer.post(url, data=data)
        assert reply.status_code == 422, data
    assert browse(paper.room.judges[0]).get(url).status_code == 403


def test_pages_say_what_comes_before_scoring(
    build: Builder, browse: Callable[[Account], FlaskClient]
) -> None:
    room = seated_room(build)
    clerk = browse(build.account("entry_clerk"))
    listed = clerk.get(f"/events/{room.event_id}/papers").text
    assert f"/events/{room.event_id}/papers/print" in listed
    assert clerk.get(f"/events/{room.event_id}/keying").status_code == 200
    assert clerk.get(f"/events/{room.event_id}/scans").status_code == 200
    room.event.state = EventState.FINAL
    db.session.commit()
    assert clerk.get(f"/events/{room.event_id}/papers/print").status_code == 200
    reply = clerk.post(f"/events/{room.event_id}/papers/print", data={})
    assert reply.status_code == 422


def test_a_clerk_finds_a_sheet_by_what_he_types_or_scans(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    clerk, one = browse(paper.clerks[0]), paper.papers()[0]
    url = f"/events/{paper.room.event_id}/keying"
    target = f"/papers/{one.sheet_id}/key"
    assert target in clerk.get(url).text
    for text in (one.reference, one.reference.lower(), payload(paper, one)):
        reply = clerk.post(url, data={"sheet": text})
        assert (reply.status_code, reply.location) == (303, target)
    several = clerk.post(url, data={"sheet": one.code})
    assert several.status_code == 200 and target in several.text
    for text in ("", "NIX-1-1", "<script>"):
        assert clerk.post(url, data={"sheet": text}).status_code == 422
    paper.key(0, one)
    other = paper.papers()[1]
    reply = clerk.post(url, data={"sheet": one.code})  # of this work only one waits for him
    assert reply.location == f"/papers/{other.sheet_id}/key"


def test_two_clerks_key_a_sheet_through_their_pages(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    one, event_id = paper.papers()[0], paper.room.event_id
    url = f"/papers/{one.sheet_id}/key"
    first, second = (browse(clerk) for clerk in paper.clerks[:2])
    wrong = first.post(url, data=typed(GOOD | {"A1": "60.5"}))
    assert wrong.status_code == 422
    assert 'value="60.5"' in wrong.text and 'value="52.5"' not in wrong.text
    assert 'id="problem-A1"' in wrong.text
    reply = first.post(url, data=typed(GOOD))
    assert (reply.status_code, reply.location) == (303, f"/events/{event_id}/keying")
    assert first.post(url, data=typed(GOOD)).status_code == 422
    assert second.post(url, data=typed(GOOD)).status_code == 303
    assert len(sheets.stored_marks([one.sheet_id])[one.sheet_id]) == 3


def test_the_same_request_sent_twice_is_one_keying(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    clerk, one = browse(paper.clerks[0]), paper.papers()[0]
    data = typed(GOOD) | {"request_key": "a1b2"}
    url = f"/papers/{one.sheet_id}/key"
    assert [clerk.post(url, data=data).status_code for _ in range(2)] == [303, 303]


def pages_of(paper: PaperRoom, one: Paper) -> list[str]:
    event_id = paper.room.event_id
    return [
        f"/events/{event_id}/papers",
        f"/events/{event_id}/papers?show=differ",
        f"/events/{event_id}/keying",
        f"/papers/{one.sheet_id}/key",
        f"/papers/{one.sheet_id}",
        f"/events/{event_id}/scans",
        f"/events/{event_id}/tray",
        "/desk",
        "/sheets",
    ]


def test_no_clerk_sees_what_another_keyed_before_both_have(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    """Two worlds that differ in nothing but what the first clerk keyed look alike to the second."""
    one, other = paper.papers()[0], paper.papers()[1]
    paper.key(0, one, FIRST)
    second = browse(paper.clerks[1])

    def look(wanted: Paper) -> list[tuple[int, str]]:
        return [
            (reply.status_code, shown(reply.text) if reply.status_code == 200 else "")
            for reply in map(second.get, pages_of(paper, wanted))
        ]

    seen = look(one)
    assert not any(SECRET in text for _, text in seen)
    assert seen[4][0] == 404  # the comparison is not there yet
    paper.room.build.account("entry_clerk")
    papers_keying.drop_keyings(paper.room.by(paper.room.chief), one.sheet_id, "重新录入")
    paper.key(0, one, GOOD | {"A1": "44", "A2": "0", "A3": "0"})
    assert look(one) == seen
    wrong = second.post(f"/papers/{one.sheet_id}/key", data=typed({"A1": "99"}))
    assert "44" not in shown(wrong.text).replace(other.code, "")
    for act in ("propose", "agree"):
        data = {"line": "A1", "value": "44", "reason": "原件清晰"}
        assert second.post(f"/papers/{one.sheet_id}/{act}", data=data).status_code == 404


def test_the_chief_judge_sees_no_keying_before_both_are_in(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    one = paper.papers()[0]
    paper.key(0, one, FIRST)
    chief = browse(paper.room.chief)
    page = chief.get(f"/papers/{one.sheet_id}")
    assert page.status_code == 200 and SECRET not in shown(page.text)
    paper.key(1, one)
    page = chief.get(f"/papers/{one.sheet_id}")
    assert SECRET in shown(page.text) and "52.5" in shown(page.text)


def test_who_did_not_key_a_sheet_does_not_compare_it(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    one = paper.papers()[0]
    paper.key(0, one, FIRST)
    paper.key(1, one)
    url = f"/papers/{one.sheet_id}"
    assert browse(paper.clerks[0]).get(url).status_code == 200
    assert browse(paper.clerks[2]).get(url).status_code == 404
    assert browse(paper.room.organizer).get(url).status_code == 403
    assert browse(paper.room.judges[0]).get(url).status_code == 403


def test_no_name_stands_on_the_pages_of_paper(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    one = paper.papers()[0]
    paper.key(0, one, FIRST)
    paper.key(1, one)
    names = {sheet.work.entry.title for sheet in db.session.scalars(db.select(Sheet))}
    numbers = {sheet.work.entry.number for sheet in db.session.scalars(db.select(Sheet))}
    for account in (paper.clerks[0], paper.room.chief):
        browser = browse(account)
        for url in pages_of(paper, one):
            text = browser.get(url).text
            assert not [word for word in names | numbers if word in text], url


def test_the_chief_judge_decides_on_the_page(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    one = paper.papers()[0]
    paper.key(0, one, FIRST)
    paper.key(1, one)
    chief, url = browse(paper.room.chief), f"/papers/{one.sheet_id}"
    refused = chief.post(f"{url}/rule", data={"line": "A1", "value": "52.5", "reason": ""})
    assert refused.status_code == 422 and 'value="52.5"' in refused.text
    refused = chief.post(f"{url}/rule", data={"line": "A1", "value": "99", "reason": "看过"})
    assert refused.status_code == 422
    assert chief.post(f"{url}/rule", data={"line": "nix", "reason": "看过"}).status_code == 404
    assert chief.get(f"{url}/rule").location == url
    data = {"line": "A1", "value": "52.5", "reason": "看过扫描件"}
    assert chief.post(f"{url}/rule", data=data).location == url
    assert "看过扫描件" in chief.get(url).text
    assert chief.post(f"{url}/drop", data={"reason": ""}).status_code == 422
    assert chief.get(f"{url}/drop").location == url
    assert chief.post(f"{url}/drop", data={"reason": "换纸"}).location == url
    assert browse(paper.clerks[0]).post(f"{url}/rule", data=data).status_code == 403


def test_the_pair_decides_on_the_page(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    one = paper.papers()[0]
    paper.key(0, one, FIRST)
    paper.key(1, one)
    first, second = (browse(clerk) for clerk in paper.clerks[:2])
    url = f"/papers/{one.sheet_id}"
    data = {"line": "A1", "value": "52.5", "reason": "原件清晰"}
    assert first.post(f"{url}/propose", data=data).location == url
    assert f"{url}/agree" not in first.get(url).text
    page = second.get(url).text
    assert f"{url}/agree" in page and "原件清晰" in page
    assert second.post(f"{url}/agree", data={"line": "A1", "value": "53"}).location == url
    assert sheets.stored_marks([one.sheet_id]) == {}
    assert second.post(f"{url}/agree", data={"line": "A1", "value": "52.5"}).location == url
    assert len(sheets.stored_marks([one.sheet_id])[one.sheet_id]) == 3
    assert second.get(f"{url}/agree").location == url


def multipart(field: str, *files: bytes) -> dict[str, object]:
    """Files as a browser sends them; in memory, however large they are."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{number}.exe"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + data
        + b"\r\n"
        for number, data in enumerate(files)
    ]
    body = b"".join(parts) + b"--b--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=b"}


def upload(browser: FlaskClient, event_id: int, *data: bytes) -> str:
    """Upload files; return the address of the scan."""
    reply = browser.post(f"/events/{event_id}/scans", **multipart("files", *data))
    assert reply.status_code == 303, reply.text
    return str(reply.location)


def test_a_scan_is_read_with_progress_and_filed(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    clerk, event_id = browse(paper.clerks[0]), paper.room.event_id
    found = paper.papers()
    images = [scanned.page(payload(paper, one)) for one in found] * 4
    url = upload(clerk, event_id, scanned.pdf(images), scanned.png(scanned.page("")))
    assert "data-reading" in clerk.get(url).text
    accept = {"Accept": "application/json"}
    seen = [clerk.post(f"{url}/read", headers=accept).json for _ in range(2)]
    assert seen[0] == {"read": 12, "pages": 17, "done": False}
    assert clerk.post(f"{url}/read").location == url  # without a script
    page = clerk.get(url).text
    assert "data-reading" not in page and f"/events/{event_id}/tray" in page
    image = re.findall(r"/pages/\d+/image", clerk.get(f"/papers/{found[0].sheet_id}/key").text)
    assert len(set(image)) == 1
    assert clerk.get(f"/events/{event_id}/scans").text.count("17/17") == 1


def test_a_picture_is_shown_as_nothing_but_a_picture(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    clerk, event_id = browse(paper.clerks[0]), paper.room.event_id
    url = upload(clerk, event_id, scanned.png(scanned.page("")))
    clerk.post(f"{url}/read")
    page_id = scans.list_tray(event_id).items[0].id
    reply = clerk.get(f"/pages/{page_id}/image")
    assert reply.mimetype == "image/jpeg"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "object-src 'none'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["Cache-Control"] == "no-store"
    assert browse(paper.room.judges[0]).get(f"/pages/{page_id}/image").status_code == 403
    stranger = paper.room.build.account("entry_clerk", paper.room.build.contest().id)
    for address in (f"/pages/{page_id}/image", f"/pages/{page_id}", url):
        assert browse(stranger).get(address).status_code == 404


def test_poisoned_uploads_are_refused_on_the_page(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    clerk, url = browse(paper.clerks[0]), f"/events/{paper.room.event_id}/scans"
    for data in (b"<html><script>alert(1)</script>", b"%PDF-1.7 not really", b""):
        reply = clerk.post(url, data={"files": [(io.BytesIO(data), "sheet.pdf")]})
        assert reply.status_code == 422 and "script>alert" not in reply.text
    assert clerk.post(url, data={}).status_code == 422


def test_scans_may_be_larger_than_other_uploads(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    clerk, event_id = browse(paper.clerks[0]), paper.room.event_id
    large = scanned.png(scanned.page("")) + b"\0" * (13 * 1024 * 1024)
    upload(clerk, event_id, large)
    reply = clerk.post(f"/events/{event_id}/keying", **multipart("sheet", large))
    assert reply.status_code == 413


def test_a_page_of_the_tray_is_filed_or_put_away_on_its_page(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    clerk, event_id, one = browse(paper.clerks[0]), paper.room.event_id, paper.papers()[0]
    images = [scanned.png(scanned.page("", mark=mark)) for mark in "123"]
    clerk_url = upload(clerk, event_id, *images)
    for _ in images:
        clerk.post(f"{clerk_url}/read")
    first, second, third = (page.id for page in scans.list_tray(event_id).items)
    tray = clerk.get(f"/events/{event_id}/tray").text
    assert all(f"/pages/{key}" in tray for key in (first, second, third))
    assert clerk.get(f"/pages/{first}").status_code == 200
    refused = clerk.post(f"/pages/{first}/file", data={"sheet": "NIX-1-1", "number": "1"})
    assert refused.status_code == 422 and 'value="NIX-1-1"' in refused.text
    reply = clerk.post(f"/pages/{first}/file", data={"sheet": one.reference, "number": "1"})
    assert reply.location == f"/pages/{second}"  # the next one of the tray
    assert clerk.post(f"/pages/{second}/drop", data={"reason": ""}).status_code == 422
    assert clerk.post(f"/pages/{second}/drop", data={"reason": "空白页"}).status_code == 303
    last = clerk.post(f"/pages/{third}/drop", data={"reason": "空白页"})
    assert last.location == f"/events/{event_id}/tray"
    assert "空白页" in clerk.get(f"/events/{event_id}/tray?show=dropped").text
    for act in ("file", "drop"):
        assert clerk.get(f"/pages/{first}/{act}").location == f"/pages/{first}"


def test_the_list_of_sheets_is_filtered(
    paper: PaperRoom, browse: Callable[[Account], FlaskClient]
) -> None:
    found, chief = paper.papers(), browse(paper.room.chief)
    paper.key(0, found[0], FIRST)
    paper.key(1, found[0])
    url = f"/events/{paper.room.event_id}/papers"

    def listed(query: str) -> list[str]:
        text = chief.get(url + query).text.split("<tbody>")[-1]
        return [one.reference for one in found if f'/papers/{one.sheet_id}"' in text]

    everything = [one.reference for one in found]
    assert listed("") == everything
    assert listed("?show=differ") == everything[:1]
    assert listed("?show=keying") == everything[1:]
    assert listed("?show=scan") == everything
    assert listed(f"?q={found[2].reference.lower()}") == [found[2].reference]
    assert listed("?q=NIX") == []


def test_more_sheets_need_no_more_statements(
    build: Builder, statements: Statements, browse: Callable[[Account], FlaskClient]
) -> None:
    counts: list[list[int]] = []
    for entries in (1, 3):
        paper = paper_room(build, entries=entries, scheme=rich_scheme())
        clerk, chief = browse(paper.clerks[0]), browse(paper.room.chief)
        event_id, one = paper.room.event_id, paper.papers()[0]
        images = [scanned.page(payload(paper, each)) for each in paper.papers()[:entries]]
        url = upload(clerk, event_id, scanned.pdf([*images, *[scanned.page("")] * entries]))
        clerk.post(f"{url}/read")
        page_id = scans.list_tray(event_id).items[0].id
        for each in paper.papers()[:entries]:
            for number in (0, 1):
                paper.key(number, each, {"M2": str(900 + number), "J1": "1"})
        counts.append([])
        for browser, address in (
            (chief, f"/events/{event_id}/papers"),
            (chief, f"/papers/{one.sheet_id}"),
            (chief, f"/events/{event_id}/progress"),
            (clerk, f"/events/{event_id}/keying"),
            (clerk, f"/papers/{one.sheet_id}/key"),
            (clerk, f"/papers/{one.sheet_id}"),
            (clerk, f"/events/{event_id}/scans"),
            (clerk, url),
            (clerk, f"/events/{event_id}/tray"),
            (clerk, f"/pages/{page_id}"),
        ):
            with statements() as seen:
                assert browser.get(address).status_code == 200, address
            counts[-1].append(len(seen))
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 24
