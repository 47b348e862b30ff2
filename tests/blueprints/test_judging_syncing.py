"""What a judge's device talks to, and the pages of receipts."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from models.accounts import Account
from rules.syncing import PROTOCOL
from services import judging, receipts, sheets
from tests.builders import Builder, sign_in
from tests.judging_rooms import Room, open_room


@pytest.fixture
def room(build: Builder) -> Room:
    return open_room(build)


def _as(client: FlaskClient, account: Account) -> FlaskClient:
    sign_in(client, account)
    return client


def _item(sheet_id: int, **changes: Any) -> dict[str, Any]:
    item = {
        "key": "key-00000001",
        "sheet": sheet_id,
        "aspect": "A1",
        "value": "45.50",
        "base": 0,
        "sequence": 1,
        "typed_at": 1_790_000_000_000,
    }
    return item | changes


def _batch(account: Account, *items: Any, **changes: Any) -> dict[str, Any]:
    batch = {
        "protocol": PROTOCOL,
        "account": account.id,
        "device": "tablet-0001",
        "marks": list(items),
    }
    return batch | changes


def test_a_batch_is_answered_mark_by_mark(client: FlaskClient, room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    browser = _as(client, judge)
    items = (
        _item(sheet.id),
        _item(sheet.id, key="key-00000002", aspect="A2", value="7", sequence=2),
        {"key": "key-00000003", "sheet": "nonsense"},
        _item(999_999, key="key-00000004"),
        "not even an object",
    )
    reply = browser.post("/sheets/sync", json=_batch(judge, *items))
    assert reply.status_code == 200
    told = reply.get_json()
    by_key = {one["key"]: one for one in told["answers"]}
    saved = by_key["key-00000001"]
    assert (saved["state"], saved["value"], saved["worth"]) == ("saved", "45.5", "91/2")
    assert by_key["key-00000002"]["state"] == "refused" and by_key["key-00000002"]["message"]
    assert by_key["key-00000003"]["state"] == "unreadable"
    assert by_key["key-00000004"]["state"] == "unknown"
    assert by_key[None]["state"] == "unreadable"
    assert sheets.stored_marks([sheet.id])[sheet.id]["A1"].version == saved["version"]
    page = browser.get(f"/receipts?digest={told['receipt']['digest']}")
    assert page.status_code == 200 and "verdict tone-good" in page.text


def test_a_conflict_says_what_is_stored(client: FlaskClient, room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    browser = _as(client, judge)
    browser.post("/sheets/sync", json=_batch(judge, _item(sheet.id)))
    other = _item(sheet.id, key="key-00000009", value="50")
    reply = browser.post("/sheets/sync", json=_batch(judge, other, device="phone-00001"))
    (told,) = reply.get_json()["answers"]
    assert (told["state"], told["value"]) == ("conflict", "45.5") and told["version"] > 0


def test_a_batch_of_somebody_else_or_of_another_time_is_not_taken(
    client: FlaskClient, room: Room
) -> None:
    judge, other = room.judges[:2]
    item = _item(room.sheets(judge)[0].id)
    browser = _as(client, judge)
    assert browser.post("/sheets/sync", json=_batch(other, item)).status_code == 409
    newer = _batch(judge, item, protocol=PROTOCOL + 1)
    assert browser.post("/sheets/sync", json=newer).get_json()["protocol"] == PROTOCOL
    for broken in (None, [], {}, _batch(judge, device="x"), _batch(judge, *[item] * 201)):
        assert browser.post("/sheets/sync", json=broken).status_code == 422
    assert browser.post("/sheets/sync", data="{").status_code == 422
    assert sheets.stored_marks([item["sheet"]]) == {}


def test_the_clock_of_a_device_may_say_anything(client: FlaskClient, room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    browser = _as(client, judge)
    for number, time in enumerate((None, 0, -5, 10**15), start=1):
        item = _item(sheet.id, key=f"key-0000000{number}", sequence=number, typed_at=time)
        reply = browser.post("/sheets/sync", json=_batch(judge, item))
        assert reply.get_json()["answers"][0]["state"] in {"saved", "same"}


def test_the_key_is_handed_to_its_judge_only(client: FlaskClient, room: Room) -> None:
    assert client.get("/sheets/key").status_code == 303
    one = _as(client, room.judges[0]).get("/sheets/key")
    assert one.headers["Cache-Control"] == "no-store"
    told = one.get_json()
    assert told["account"] == room.judges[0].id and len(told["key"]) == 64 and told["csrf"]


def test_a_device_keeps_the_judges_own_pages(client: FlaskClient, room: Room) -> None:
    judge = room.judges[0]
    browser = _as(client, judge)
    pages = [one["url"] for one in browser.get("/sheets/offline").get_json()["pages"]]
    assert pages[:2] == ["/sheets", f"/events/{room.event_id}/sheets"]
    assert set(pages[2:]) == {f"/sheets/{sheet.id}" for sheet in room.sheets(judge)}
    for url in pages:
        reply = browser.get(url)
        assert reply.headers["Skillstar-Account"] == str(judge.id)


def test_the_worker_names_every_file_of_the_pages(client: FlaskClient) -> None:
    reply = client.get("/worker.js")
    assert reply.mimetype == "text/javascript"
    assert "/static/sheet.js" in reply.text and "/static/icons.svg" in reply.text
    for line in reply.text.splitlines():
        if line.strip().startswith('"/'):
            with client.get(line.strip().strip('",')) as file:
                assert file.status_code == 200, line


def test_a_receipt_is_shown_checked_and_taken_along(client: FlaskClient, room: Room) -> None:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    browser = _as(client, judge)
    assert 'class="empty' in browser.get("/receipts").text
    room.sign(judge, sheet, "45", "1", "2")
    receipt = receipts.last_receipt(sheet.id)
    assert receipt is not None
    assert receipt.code in browser.get("/receipts").text
    assert receipt.code in browser.get(f"/sheets/{sheet.id}").text
    found = browser.get(f"/receipts?code={receipt.code}&digest={receipt.digest[:10]}")
    assert found.headers["Location"] == f"/receipts/{receipt.id}?checked=1"
    page = browser.get(found.headers["Location"]).text
    assert receipt.digest in page and page.count("verdict tone-good") == 2
    text = browser.get(f"/receipts/{receipt.id}/text")
    assert text.text.splitlines()[-1] == receipt.content
    judging.reopen_sheet(room.by(room.chief), sheet.id, "量具有误")
    page = browser.get(f"/receipts/{receipt.id}").text
    assert "verdict tone-warn" in page and "量具有误" in page


def test_a_receipt_is_for_its_judge_and_the_heads_of_the_event(
    client: FlaskClient, build: Builder, room: Room
) -> None:
    judge, other = room.judges[:2]
    sheet = room.sheets(judge)[0]
    room.sign(judge, sheet, "45", "1", "2")
    receipt = receipts.last_receipt(sheet.id)
    assert receipt is not None
    url = f"/receipts?code={receipt.code}&digest={receipt.digest}"
    browser = _as(client, other)
    assert browser.get(f"/receipts/{receipt.id}").status_code == 404
    assert browser.get(url).status_code == 422
    browser.post("/sign-out")
    assert _as(client, room.chief).get(url).status_code == 303
    assert browser.get(f"/receipts/{receipt.id}").status_code == 200
    wrong = "0" * 8 if receipt.digest[0] != "0" else "1" * 8
    assert browser.get(f"/receipts?code={receipt.code}&digest={wrong}").status_code == 422
    assert browser.get("/receipts?digest=00").status_code == 422
