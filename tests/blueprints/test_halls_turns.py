"""The board of the hall, the day of one contestant, the big screen."""

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from models.contests import Event
from models.entries import Entry
from rules.draws import LotKind
from rules.states import EventState, TurnState
from services import halls, halls_turns
from services.acting import Actor
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.hall_rooms import TWO_BATCHES, drawn, entries_of, filled_event, laid_out


@pytest.fixture
def event(build: Builder) -> Event:
    """An event with two entries of two employers."""
    return filled_event(build, "ab")


@pytest.fixture
def clerk(client: FlaskClient, build: Builder, event: Event) -> FlaskClient:
    """A hall clerk of the event, signed in."""
    return sign_in(client, build.account("hall_clerk", event.contest_id, event.id))


def state_of(entry: Entry) -> TurnState:
    """Return where an entry stands."""
    return halls_turns.stands_at(halls_turns.find_turn(entry.id), entry)


def test_the_desk_of_a_hall_clerk_leads_to_the_hall(clerk: FlaskClient, event: Event) -> None:
    assert f"/events/{event.id}/hall" in clerk.get("/desk").text


def test_the_board_shows_who_is_where_and_what_comes_next(
    clerk: FlaskClient, event: Event, by: Actor
) -> None:
    laid_out(by, event)
    drawn(by, event, LotKind.STATION, 1)
    page = clerk.get(f"/events/{event.id}/hall")
    for entry in entries_of(event):
        assert entry.title in page.text and f"/entries/{entry.id}/day" in page.text
    clerk.post(f"/events/{event.id}/hall", data={"batch": "1", "state": "called"})
    assert {state_of(entry) for entry in entries_of(event)} == {TurnState.CALLED}
    clerk.post(f"/events/{event.id}/hall", data={"batch": "1", "state": "nonsense"})
    clerk.post(f"/events/{event.id}/hall", data={"batch": "1", "state": "called"})
    assert "没有人处于上一步" in clerk.get(f"/events/{event.id}/hall").text


def test_an_empty_and_a_closed_hall_say_so(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("organizer"))
    empty = build.event(state=EventState.DRAWN)
    assert "还没有审核通过的报名" in client.get(f"/events/{empty.id}/hall").text
    closed = filled_event(build, "a", EventState.FINAL)
    assert "赛场未开放" in client.get(f"/events/{closed.id}/hall").text
    assert "赛场未开放" in client.get(f"/events/{closed.id}/hall/layout").text


def test_who_is_late_is_proposed_as_absent_and_a_person_decides(
    clerk: FlaskClient, event: Event, clock: Clock
) -> None:
    late, other = entries_of(event)
    clerk.post(f"/entries/{late.id}/day", data={"state": "called", "from": "board"})
    clock.now += timedelta(minutes=16)
    page = clerk.get(f"/events/{event.id}/hall").text
    assert "迟到 16 分钟" in page and state_of(late) is TurnState.CALLED
    sent = {"state": "absent", "remark": "迟到 16 分钟", "from": "board"}
    reply = clerk.post(f"/entries/{late.id}/day", data=sent)
    assert reply.status_code == 303 and f"/events/{event.id}/hall" in reply.headers["Location"]
    assert [entry.id for entry in entries_of(event)] == [other.id]


def test_a_step_without_its_reason_is_refused_with_what_was_typed(
    clerk: FlaskClient, event: Event
) -> None:
    entry = entries_of(event)[0]
    address = f"/entries/{entry.id}/day"
    assert clerk.get(address).status_code == 200
    refused = clerk.post(address, data={"state": "absent", "remark": " "})
    assert refused.status_code == 422 and 'id="remark-error"' in refused.text
    assert clerk.post(address, data={"state": "flying"}).status_code == 422
    assert clerk.post(address, data={"state": "absent", "remark": "缺考"}).status_code == 303
    page = clerk.get(address).text
    assert "缺考" in page and "候场 → 缺考" in page


def test_an_interruption_is_ended_with_the_minutes_given_back(
    clerk: FlaskClient, event: Event, by: Actor, clock: Clock
) -> None:
    laid_out(by, event)
    entry = entries_of(event)[0]
    halls.made_turns(event.id, [entry.id])[entry.id].state = TurnState.READY
    address = f"/entries/{entry.id}/day"
    for state, remark in (("competing", ""), ("interrupted", "断电")):
        assert clerk.post(address, data={"state": state, "remark": remark}).status_code == 303
    clock.now += timedelta(minutes=8)
    assert 'name="minutes"' in clerk.get(address).text
    wrong = clerk.post(address, data={"state": "competing", "minutes": "900"})
    assert wrong.status_code == 422 and 'id="minutes-error"' in wrong.text
    assert clerk.post(address, data={"state": "competing", "minutes": "5"}).status_code == 303
    page = clerk.get(address).text
    assert "中断 0:08:00" in page and "0:05:00" in page and "1:57:00" in page


def test_evidence_goes_up_with_the_step_and_comes_down_as_a_file(
    clerk: FlaskClient, event: Event, client: FlaskClient, build: Builder
) -> None:
    entry = entries_of(event)[0]
    halls.made_turns(event.id, [entry.id])[entry.id].state = TurnState.READY
    address = f"/entries/{entry.id}/day"
    sent = {"state": "violation", "remark": "携带手机"}
    wrong = sent | {"evidence": (io.BytesIO(b"MZ"), "x.exe")}
    reply = clerk.post(address, data=wrong, content_type="multipart/form-data")
    assert reply.status_code == 422 and 'id="evidence-error"' in reply.text
    right = sent | {"evidence": (io.BytesIO(b"%PDF-1.7 x"), "x.pdf")}
    assert clerk.post(address, data=right, content_type="multipart/form-data").status_code == 303
    step = halls_turns.list_steps(entry.id)[0]
    assert f"/steps/{step.id}/evidence" in clerk.get(address).text
    made = clerk.get(f"/steps/{step.id}/evidence")
    assert made.data == b"%PDF-1.7 x" and "attachment" in made.headers["Content-Disposition"]
    clerk.post("/sign-out")
    other = filled_event(build, "a")
    sign_in(client, build.account("hall_clerk", other.contest_id, other.id))
    assert client.get(f"/steps/{step.id}/evidence").status_code == 404


def test_another_station_is_given_on_the_page_of_the_contestant(
    clerk: FlaskClient, event: Event, by: Actor
) -> None:
    laid_out(by, event)
    drawn(by, event, LotKind.STATION, 1)
    entry = entries_of(event)[0]
    address = f"/entries/{entry.id}/day/station"
    assert clerk.get(address).status_code == 303
    sent = {"batch": "1", "station": "F", "reason": ""}
    refused = clerk.post(address, data=sent)
    assert refused.status_code == 422 and 'id="reason-error"' in refused.text
    assert clerk.post(address, data=sent | {"reason": "设备故障"}).status_code == 303
    assert halls.turns_of(event.id)[entry.id].station == "F"


def test_the_screen_answers_304_until_something_changes(
    clerk: FlaskClient, event: Event, by: Actor, clock: Clock
) -> None:
    laid_out(by, event)
    assert clerk.get(f"/events/{event.id}/hall/screen").status_code == 200
    address = f"/events/{event.id}/hall/screen.json"
    first = clerk.get(address)
    tag = first.headers["ETag"]
    clock.now += timedelta(minutes=3)
    again = clerk.get(address, headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.data == b""
    entry = entries_of(event)[0]
    halls_turns.move_turn(by, entry.id, TurnState.CALLED)
    changed = clerk.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200 and entry.number in changed.get_json()["body"]


def test_the_board_says_which_steps_it_shows(
    clerk: FlaskClient, event: Event, by: Actor, clock: Clock
) -> None:
    laid_out(by, event)

    def marks() -> tuple[str, str]:
        page = clerk.get(f"/events/{event.id}/hall").text
        found = re.search(r'data-mark="([0-9a-f]{64})"', page)
        assert found is not None
        return found[1], clerk.get(f"/events/{event.id}/hall/screen.json").get_json()["mark"]

    before = marks()
    clock.now += timedelta(minutes=3)
    assert before == marks() and before[0] == before[1]
    halls_turns.move_turn(by, entries_of(event)[0].id, TurnState.CALLED)
    after = marks()
    assert after[0] == after[1] != before[0]


def test_the_screen_shows_masked_names_and_for_sealed_events_numbers_only(
    client: FlaskClient, build: Builder, by: Actor
) -> None:
    sign_in(client, build.account("organizer"))
    for day, masked in (({}, True), ({"code_layers": 2, "screen_names": "full"}, False)):
        event = filled_event(build, "a", **day)
        entry = entries_of(event)[0]
        halls_turns.move_turn(by, entry.id, TurnState.CALLED)
        page = client.get(f"/events/{event.id}/hall/screen").text
        assert entry.number in page and entry.title not in page
        assert (f"{entry.title[0]}*" in page) is masked
        assert entry.employer is not None and (entry.employer.title in page) is masked


def test_the_screen_names_the_batches(clerk: FlaskClient, event: Event, by: Actor) -> None:
    laid_out(by, event, "ABC", TWO_BATCHES)
    drawn(by, event, LotKind.BATCH)
    page = clerk.get(f"/events/{event.id}/hall/screen").text
    assert "第一场" in page and "第二场" in page
    board = clerk.get(f"/events/{event.id}/hall?batch=2").text
    assert "第二场" in board


def test_only_those_who_run_the_hall_see_it(
    client: FlaskClient, event: Event, build: Builder
) -> None:
    entry = entries_of(event)[0]
    for role in ("chief_judge", "judge", "supervisor", "employer"):
        employer = build.employer().id if role == "employer" else None
        sign_in(client, build.account(role, employer_id=employer))
        assert client.get(f"/events/{event.id}/hall").status_code == 403
        assert client.get(f"/entries/{entry.id}/day").status_code == 403
        client.post("/sign-out")
    other = filled_event(build, "a")
    sign_in(client, build.account("hall_clerk", other.contest_id, other.id))
    assert client.get(f"/events/{event.id}/hall").status_code == 404
    assert client.get(f"/entries/{entry.id}/day").status_code == 404


def test_the_board_asks_as_often_for_many_as_for_few(
    client: FlaskClient, build: Builder, by: Actor, statements
) -> None:
    sign_in(client, build.account("organizer"))
    counts = []
    for employers in ("a", "aabbcc"):
        event = filled_event(build, employers)
        laid_out(by, event)
        drawn(by, event, LotKind.STATION, 1)
        for path in ("", "/screen", "/screen.json", "/draws"):
            with statements() as seen:
                assert client.get(f"/events/{event.id}/hall{path}").status_code == 200
            counts.append(len(seen))
    assert counts[:4] == counts[4:] and max(counts) <= 20
