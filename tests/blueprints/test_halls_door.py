"""The door and the passes in a browser without JavaScript."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from models.contests import Event
from models.entries import Entry
from rules.states import EventState, TurnState
from services import arrivals, halls_turns, passes
from services.acting import Actor
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.hall_rooms import entries_of, filled_event
from tests.services.test_arrivals import photo_of, token_of


@pytest.fixture
def event(build: Builder, by: Actor) -> Event:
    """An event whose two contestants have passes."""
    event = filled_event(build, "ab")
    passes.issue_passes(by, event.id)
    return event


@pytest.fixture
def entry(event: Event) -> Entry:
    """The first of them."""
    return entries_of(event)[0]


@pytest.fixture
def clerk(client: FlaskClient, build: Builder, event: Event) -> FlaskClient:
    """A hall clerk of the event, signed in."""
    return sign_in(client, build.account("hall_clerk", event.contest_id, event.id))


def door(event: Event) -> str:
    """Return the address of the door."""
    return f"/events/{event.id}/hall/check-in"


def test_a_scan_lets_in_and_shows_who_it_was(
    clerk: FlaskClient, event: Event, entry: Entry
) -> None:
    reply = clerk.post(door(event), data={"typed": token_of(entry)})
    assert reply.status_code == 303
    page = clerk.get(reply.headers["Location"]).text
    assert "检录成功" in page and entry.title in page and "is-good" in page
    assert entry.members[0].person.id_number not in page
    again = clerk.post(door(event), data={"typed": token_of(entry)})
    assert again.status_code == 422 and "is-bad" in again.text and "已于" in again.text


def test_a_number_lets_in_at_once_and_a_name_asks_who_it_is(
    clerk: FlaskClient, event: Event, entry: Entry
) -> None:
    page = clerk.post(door(event), data={"typed": "陈测试"})
    assert page.status_code == 200 and page.text.count('name="person_id"') == 2
    assert arrivals.count_arrivals(event.id)[0] == 0
    chosen = {
        "typed": entry.number,
        "entry_id": str(entry.id),
        "person_id": str(entry.members[0].person_id),
        "token": "",
    }
    assert clerk.post(door(event), data=chosen).status_code == 303
    other = entries_of(event)[1]
    assert clerk.post(door(event), data={"typed": other.number.lower()}).status_code == 303
    assert arrivals.count_arrivals(event.id) == (2, 2)


@pytest.mark.parametrize("typed", ["", "   ", "没有这个人", "x" * 81])
def test_nobody_is_said_in_red(clerk: FlaskClient, event: Event, typed: str) -> None:
    reply = clerk.post(door(event), data={"typed": typed})
    assert reply.status_code == 422 and "没有找到" in reply.text


def test_a_choice_from_elsewhere_lets_nobody_in(
    clerk: FlaskClient, event: Event, build: Builder
) -> None:
    foreign = entries_of(filled_event(build, "c"))[0]
    sent = {"typed": foreign.number, "entry_id": str(foreign.id)}
    sent["person_id"] = str(foreign.members[0].person_id)
    assert clerk.post(door(event), data=sent).status_code == 422
    assert arrivals.count_arrivals(foreign.event_id)[0] == 0


def test_the_same_request_lets_in_once_and_is_not_told_off(
    clerk: FlaskClient, event: Event, entry: Entry
) -> None:
    sent = {"typed": token_of(entry), "request_key": "scan-once"}
    assert clerk.post(door(event), data=sent).status_code == 303
    assert clerk.post(door(event), data=sent).status_code in {303, 422}
    assert arrivals.count_arrivals(event.id)[0] == 1


def test_who_is_late_is_let_in_with_a_reason(
    clerk: FlaskClient, event: Event, entry: Entry, by: Actor, clock: Clock
) -> None:
    halls_turns.move_turn(by, entry.id, TurnState.CALLED)
    clock.now += timedelta(minutes=30)
    refused = clerk.post(door(event), data={"typed": token_of(entry)})
    assert refused.status_code == 422 and 'name="late_reason"' in refused.text
    sent = {
        "typed": entry.number,
        "entry_id": str(entry.id),
        "person_id": str(entry.members[0].person_id),
        "token": token_of(entry),
        "late_reason": "班车晚点",
    }
    assert clerk.post(door(event), data=sent).status_code == 303
    assert "班车晚点" in clerk.get(f"/entries/{entry.id}/day").text


def test_a_photo_of_the_pass_is_as_good_as_a_scan(
    clerk: FlaskClient, event: Event, entry: Entry
) -> None:
    address = f"{door(event)}/photo"
    assert clerk.get(address).status_code == 303
    files = {"photo": (io.BytesIO(photo_of(token_of(entry))), "pass.png")}
    reply = clerk.post(address, data=files, content_type="multipart/form-data")
    assert reply.status_code == 303 and arrivals.count_arrivals(event.id)[0] == 1
    for data in (b"", b"no photo"):
        files = {"photo": (io.BytesIO(data), "x.png")}
        reply = clerk.post(address, data=files, content_type="multipart/form-data")
        assert reply.status_code == 422 and "这不是照片" in reply.text
    assert clerk.post(address).status_code == 422


def test_passes_are_issued_printed_and_voided(
    client: FlaskClient, build: Builder, by: Actor
) -> None:
    event = filled_event(build, "ab")
    address = f"/events/{event.id}/hall/passes"
    sign_in(client, build.account("organizer"))
    assert client.get(f"{address}.pdf").status_code == 303
    assert "未制发" in client.get(address).text
    assert client.post(address).status_code == 303
    client.post(address)
    assert "均已有参赛证" in client.get(address).text
    made = client.get(f"{address}.pdf")
    assert made.mimetype == "application/pdf" and made.data.startswith(b"%PDF")
    pass_id = passes.list_passes(event.id)[0].pass_id
    client.post(f"/passes/{pass_id}/void", data={"reason": ""})
    assert passes.list_passes(event.id)[0].pass_id == pass_id
    client.post(f"/passes/{pass_id}/void", data={"reason": "丢失"})
    assert passes.list_passes(event.id)[0].pass_id != pass_id


def test_a_contestant_prints_his_own_pass_only(
    client: FlaskClient, build: Builder, event: Event, entry: Entry
) -> None:
    person = entry.members[0].person_id
    sign_in(client, build.account("contestant", person_id=person))
    assert f"/entries/{entry.id}/pass.pdf" in client.get(f"/entries/{entry.id}").text
    assert client.get(f"/entries/{entry.id}/pass.pdf").data.startswith(b"%PDF")
    other = entries_of(event)[1]
    assert client.get(f"/entries/{other.id}/pass.pdf").status_code == 404
    assert client.get(f"/events/{event.id}/hall/passes").status_code == 403


def test_an_empty_event_and_a_closed_hall_say_so(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("organizer"))
    empty = build.event(state=EventState.DRAWN)
    assert "还没有审核通过的报名" in client.get(f"/events/{empty.id}/hall/passes").text
    closed = filled_event(build, "a", EventState.FINAL)
    assert "赛场未开放" in client.get(door(closed)).text
    assert client.post(door(closed), data={"typed": "x"}).status_code == 404


def test_the_door_asks_as_often_for_many_as_for_few(
    client: FlaskClient, build: Builder, by: Actor, statements
) -> None:
    sign_in(client, build.account("organizer"))
    counts = []
    for employers in ("ab", "aabbcc"):
        event = filled_event(build, employers)
        passes.issue_passes(by, event.id)
        for entry in entries_of(event)[1:]:
            arrivals.check_in(by, event.id, entry.id, entry.members[0].person_id)
        for path in ("check-in", "passes"):
            with statements() as seen:
                assert client.get(f"/events/{event.id}/hall/{path}").status_code == 200
            counts.append(len(seen))
        with statements() as seen:
            assert client.post(door(event), data={"typed": "陈测试"}).status_code == 200
        counts.append(len(seen))
    assert counts[:3] == counts[3:] and max(counts) <= 20
