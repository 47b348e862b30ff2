"""Sheets with every kind of aspect, and the recorder's."""

from typing import Any

from flask.testing import FlaskClient

from models.accounts import Account
from models.database import db
from models.judging import Sheet
from rules.data import plain
from rules.states import EventState
from services import marks, panels, sheets
from services.marks import Typed
from tests.builders import Builder, sign_in
from tests.judging_rooms import Room, open_room, rich_scheme


def _as(client: FlaskClient, account: Account) -> FlaskClient:
    return sign_in(client.application.test_client(), account)


def _stored(sheet_id: int) -> dict[str, str]:
    found = sheets.stored_marks([sheet_id]).get(sheet_id, {})
    return {aspect: plain(mark.value) for aspect, mark in found.items()}


def _seat(room: Room, number: int, part: str = "work") -> tuple[Account, int]:
    """Return whoever has a seat, and the first sheet there."""
    seat = next(one for one in room.seats() if (one.part, one.number) == (part, number))
    sheet = next(one for one in room.sheets(seat.account) if one.seat_id == seat.id)
    return seat.account, sheet.id


def test_a_sheet_shows_every_kind_of_aspect(client: FlaskClient, build: Builder) -> None:
    room = open_room(build, 1, rich_scheme())
    judge, sheet_id = _seat(room, 1)
    page = _as(client, judge).get(f"/sheets/{sheet_id}").text
    assert "20 ± 0.02" in page and "每 0.01" in page
    assert "&gt; 900 (15:00) … ≤ 960 (16:00)" in page
    assert page.count('name="mark-M3"') == 3 and 'value="1" data-worth="3/2"' in page
    assert 'name="mark-J1" value="" min="-3" max="3" step="1"' in page
    assert page.count('name="mark-J2"') == 3 and "优" in page
    assert "difficulty" not in page and "违规" not in page


def test_what_a_reading_is_worth_is_told_at_once(client: FlaskClient, build: Builder) -> None:
    room = open_room(build, 1, rich_scheme())
    judge, sheet_id = _seat(room, 1)
    browser = _as(client, judge)
    url = f"/sheets/{sheet_id}/marks"
    told: dict[str, Any] = browser.post(url, data={"mark-M1": "20.035", "base-M1": "0"}).get_json()
    assert (told["worth"], told["out"]) == ("8/1", False) and "8" in told["said"]
    told = browser.post(url, data={"mark-M2": "15:30", "base-M2": "0"}).get_json()
    assert (told["value"], told["worth"]) == ("930", "3/1") and "15:30" in told["said"]
    told = browser.post(url, data={"mark-M2": "0:30", "base-M2": "0"}).get_json()
    assert (told["state"], told["worth"]) == ("conflict", "3/1")
    page = browser.get(f"/sheets/{sheet_id}").text
    assert 'data-worth="8/1"' in page and "<strong data-total>11.00</strong>" in page


def test_the_recorder_enters_what_counts_for_all_judges(
    client: FlaskClient, build: Builder
) -> None:
    room = open_room(build, 1, rich_scheme())
    recorder, sheet_id = _seat(room, 0)
    browser = _as(client, recorder)
    listed = browser.get("/sheets").text
    assert "记录员" in listed
    page = browser.get(f"/sheets/{sheet_id}").text
    assert 'name="mark-difficulty"' in page and 'name="mark-breach"' in page
    assert "data-total" not in page and 'name="mark-M1"' not in page
    url = f"/sheets/{sheet_id}/marks"
    told: dict[str, Any] = browser.post(
        url, data={"mark-breach": "2", "base-breach": "0"}
    ).get_json()
    assert (told["worth"], told["out"]) == ("-10/1", False)
    more = {"mark-breach": "3", "base-breach": str(told["version"])}
    told = browser.post(url, data=more).get_json()
    assert told["out"] and "无名次" in told["said"]
    missing = browser.post(f"/sheets/{sheet_id}/sign", data={})
    assert missing.status_code == 422 and 'href="#aspect-1"' in missing.text
    done = browser.post(f"/sheets/{sheet_id}/sign", data={"mark-difficulty": "1.5"})
    assert done.status_code == 303


def test_a_choice_and_a_reading_are_entered_in_the_table(
    client: FlaskClient, build: Builder
) -> None:
    room = open_room(build, 2, rich_scheme())
    judge, sheet_id = _seat(room, 1)
    seat_id = db.session.get_one(Sheet, sheet_id).seat_id
    browser = _as(client, judge)
    url = f"/seats/{seat_id}/table"
    page = browser.get(url).text
    assert page.count("<select") == 2 and "替代 (1.5)" in page
    typed = {"M1": "20", "M2": "14:59", "M3": "1", "J1": "-3", "J2": "2"}
    data = {f"mark-{sheet_id}-{key}": text for key, text in typed.items()}
    assert browser.post(url, data=data).status_code == 303
    assert _stored(sheet_id) == {"M1": "20", "M2": "899", "M3": "1", "J1": "-3", "J2": "2"}
    again = browser.get(url).text
    assert '<option value="1" selected>' in again and "14:59" in again


def test_the_chief_sees_readings_and_choices_in_words(client: FlaskClient, build: Builder) -> None:
    room = open_room(build, 1, rich_scheme())
    judge, sheet_id = _seat(room, 1)
    typed = {"M1": "20", "M2": "899", "M3": "1", "J1": "-3", "J2": "2"}
    texts = [Typed(sheet_id, key, text) for key, text in typed.items()]
    marks.sign_sheet(room.by(judge), sheet_id, texts)
    recorder, record_id = _seat(room, 0)
    marks.sign_sheet(room.by(recorder), record_id, [Typed(record_id, "difficulty", "1.5")])
    browser = _as(client, room.chief)
    page = browser.get(f"/sheets/{sheet_id}/reopen").text
    assert "替代" in page and "19.50" in page
    record = browser.get(f"/sheets/{record_id}/reopen").text
    assert "难度" in record and "1.5" in record and "19.50" not in record
    assert "记录员" in browser.get(f"/events/{room.event_id}/progress").text


def test_a_recorder_is_seated_and_replaced_on_the_panel_page(
    client: FlaskClient, build: Builder
) -> None:
    event = build.event(state=EventState.DRAWN, scheme=rich_scheme().model_dump(mode="json"))
    judges = [build.account("judge") for _ in range(6)]
    browser = _as(client, build.account("organizer"))
    url = f"/events/{event.id}/panel"
    assert "记录员" in browser.get(url).text
    seats = [
        (f"{url}/seats?part=work&recorder=1", "work-recorder"),
        (f"{url}/seats?part=&recorder=1", "-recorder"),
    ]
    for (address, prefix), judge in zip(seats, judges, strict=False):
        refused = browser.post(address, data={f"{prefix}-account_id": "0"})
        assert refused.status_code == 422 and refused.text.count("data-error-summary") == 1
        done = browser.post(address, data={f"{prefix}-account_id": str(judge.id)})
        assert done.status_code == 303
    seated = {(one.part, one.number): one for one in panels.list_seats(event.id)}
    assert seated.keys() == {("work", 0), ("", 0)}
    again = browser.post(seats[0][0], data={"work-recorder-account_id": str(judges[2].id)})
    assert again.status_code == 422
    replace = f"/seats/{seated['', 0].id}/replace"
    assert browser.post(replace, data={"account_id": str(judges[3].id)}).status_code == 303
    assert browser.post(f"{url}/seats?part=none", data={}).status_code == 404
