"""The public start page and the desks as pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from flask.testing import FlaskClient

from blueprints.desks.cards import LOOKS, card_of
from rules.access import Role
from rules.states import ContestState, EventState
from services import accounts
from services.desks_tasks import Task, Waiting
from tests.builders import Builder, sign_in

Statements = Callable[[], AbstractContextManager[list[str]]]


def test_a_draft_is_not_on_the_start_page(client: FlaskClient, build: Builder) -> None:
    draft = build.contest()
    taking = build.event(build.contest(ContestState.PUBLISHED), EventState.REGISTERING)
    page = client.get("/").text
    assert draft.title not in page and taking.title in page


def test_an_idle_desk_says_what_comes_next(client: FlaskClient, build: Builder) -> None:
    account = build.account(Role.ORGANIZER)
    for role in Role:
        accounts.add_grant(account, role)
    sign_in(client, account)
    assert client.get("/desk").text.count('class="empty"') == len(Role)


def test_every_task_has_a_look_and_a_page(client: FlaskClient) -> None:
    with client.application.test_request_context():
        for task in Task:
            waiting = Waiting(task, 1, "100% 名称", 1, 1, 1)
            assert card_of(waiting).url.startswith("/"), task
    assert set(LOOKS) == set(Task)


def test_the_desk_names_what_a_draft_needs(client: FlaskClient, build: Builder) -> None:
    days = {"entry_opens_on": date(2026, 7, 1), "entry_closes_on": date(2026, 8, 1)}
    contest = build.contest(sponsors="", **days)
    build.event(contest, plan={"awards": {"tiers": []}, "levels": None})
    build.event(contest, held_on=date(2027, 1, 1))
    sign_in(client, build.account("organizer"))
    page = client.get("/desk").text
    assert "尚未填写主办单位" in page and "另有 1 项" in page
    ready = build.contest(sponsors="人社局")
    build.event(ready)
    assert "发布所需内容已齐备" in client.get("/desk").text
