"""Pages of an event in stages: who goes on, who is absent there, an early end."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from models.accounts import Account
from models.contests import RuleVersion
from models.database import db
from models.entries import Entry
from rules.schemes import Advance
from rules.states import EventState
from services import judging_stages, results_decisions
from services.results_decisions import Ruling
from tests.builders import NOW, Builder, sign_in
from tests.judging_rooms import Room, fill_stage, open_room, staged_scheme

Statements = Callable[[], AbstractContextManager[list[str]]]


def _as(client: FlaskClient, account: Account) -> FlaskClient:
    return sign_in(client.application.test_client(), account)


@pytest.fixture
def room(build: Builder) -> Room:
    return open_room(build, 4, staged_scheme())


def _codes(room: Room) -> list[str]:
    return [db.session.get_one(Entry, one).code or "" for one in room.entries]


def test_the_chief_looks_who_goes_on_and_opens_the_next_stage(
    client: FlaskClient, room: Room
) -> None:
    browser = _as(client, room.chief)
    url = f"/events/{room.event_id}/stages/next"
    waiting = browser.get(url).text
    assert f'action="{url}"' not in waiting
    fill_stage(room, "run", "H1", "90", "80", "80", "70")
    progress = browser.get(f"/events/{room.event_id}/progress").text
    assert url in progress and f"/events/{room.event_id}/confirm" not in progress
    page = browser.get(url).text
    names = [db.session.get_one(Entry, one).title for one in room.entries]
    assert all(code in page for code in _codes(room)) and not any(name in page for name in names)
    assert page.count("is-through") == 3 and "同分" in page
    assert browser.post(url).status_code == 303
    after = browser.get(f"/events/{room.event_id}/progress").text
    assert "决赛" in after and url not in after
    assert browser.get(url).status_code == 404


def test_a_tie_at_the_line_leads_to_its_decision(client: FlaskClient, build: Builder) -> None:
    room = open_room(build, 2, staged_scheme(Advance(top=1, ties="decide")))
    fill_stage(room, "run", "H1", "90", "90")
    browser = _as(client, room.chief)
    url = f"/events/{room.event_id}/stages/next"
    page = browser.get(url).text
    assert f"/events/{room.event_id}/ties" in page and f'action="{url}"' not in page
    assert browser.post(url).status_code == 303
    assert "裁定" in browser.get(f"/events/{room.event_id}/progress").text


def test_the_supervisor_sees_who_goes_on_but_opens_nothing(
    client: FlaskClient, build: Builder, room: Room
) -> None:
    fill_stage(room, "run", "H1", "90", "80", "70", "60")
    browser = _as(client, build.account("supervisor"))
    url = f"/events/{room.event_id}/stages/next"
    page = browser.get(url)
    assert page.status_code == 200 and f'action="{url}"' not in page.text
    assert browser.post(url).status_code == 403


def test_an_event_ends_early_with_a_reason(client: FlaskClient, room: Room) -> None:
    fill_stage(room, "run", "H1", "90", "80", "70", "60")
    browser = _as(client, room.chief)
    url = f"/events/{room.event_id}/end-early"
    assert "决赛" in browser.get(url).text
    assert browser.post(url, data={"reason": ""}).status_code == 422
    assert browser.post(f"/events/{room.event_id}/confirm").status_code == 303
    assert room.event.state is EventState.SCORING
    assert browser.post(url, data={"reason": "停电"}).status_code == 303
    assert room.event.state is EventState.REVIEW


def test_absentees_of_the_final_are_recorded(client: FlaskClient, room: Room) -> None:
    browser = _as(client, room.organizer)
    url = f"/events/{room.event_id}/attendance"
    assert browser.get(f"{url}?stage=final").status_code == 404
    fill_stage(room, "run", "H1", "90", "80", "70", "60")
    judging_stages.open_stage(room.by(room.chief), room.event_id)
    assert f"{url}?stage=final" in browser.get(url).text
    page = browser.get(f"{url}?stage=final").text
    assert page.count('name="ids"') == 2 and 'name="stage" value="final"' in page
    data = {"ids": str(room.entries[0]), "status": "withdrawn", "reason": "受伤"}
    done = browser.post(f"{url}?stage=final", data=data)
    assert done.status_code == 303 and done.headers["Location"] == f"{url}?stage=final"
    after = browser.get(f"{url}?stage=final").text
    assert "受伤" in after and after.count('name="ids"') == 2
    assert browser.get(f"{url}?stage=final&status=withdrawn").text.count('name="ids"') == 1
    assert "受伤" not in browser.get(url).text
    assert browser.post(f"{url}?stage=heat", data=data).status_code == 404


def test_pages_of_stages_and_ties_cost_the_same_whatever_the_number_of_entries(
    client: FlaskClient, build: Builder, statements: Statements
) -> None:
    counts = []
    for size in (2, 4):
        room = open_room(build, size, staged_scheme(Advance(top=1, ties="decide")))
        fill_stage(room, "run", "H1", *["90"] * size)
        freeze(room)
        browser = _as(client, room.chief)
        found = [_statements(browser, statements, url) for url in _pages(room)]
        ruling = Ruling("advance", "heat", tuple(room.entries), "抽签", "裁判组")
        decision = results_decisions.decide_tie(room.by(room.chief), room.event_id, ruling)
        url = f"/events/{room.event_id}/ties/{decision}/withdraw"
        found += [_statements(browser, statements, one) for one in (*_pages(room), url)]
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 20


def freeze(room: Room) -> None:
    """Freeze the rules of the event as they are."""
    event = room.event
    db.session.add(
        RuleVersion(
            event_id=event.id,
            number=1,
            scheme=event.scheme,
            plan=event.plan,
            edition={},
            digest="x",
            frozen_at=NOW,
        )
    )
    db.session.commit()


def _pages(room: Room) -> list[str]:
    return [f"/events/{room.event_id}/{page}" for page in ("stages/next", "end-early", "ties")]


def _statements(browser: FlaskClient, statements: Statements, url: str) -> int:
    with statements() as seen:
        assert browser.get(url).status_code == 200, url
    return len(seen)
