"""The pages on which accounts are managed."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from rules.access import Role
from rules.states import ContestState
from services import accounts
from services.accounts_workbooks import COLUMNS
from services.workbooks_writing import write_table
from tests.builders import Builder, sign_in

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def admin(client: FlaskClient, build: Builder) -> FlaskClient:
    """An administrator's browser."""
    return sign_in(client, build.account("administrator"))


def link_in(text: str) -> str:
    """Find the one-time link in a page."""
    found = re.search(r"http://[^/\"]+(/activate/[\w-]+)", text)
    assert found, text
    return found.group(1)


def filled(**more: str) -> dict[str, str]:
    """The form of a new judge."""
    data = {"username": "new.judge", "title": "新裁判"}
    return data | {"roles-0-role": "judge", "roles-0-scope": "all"} | more


def test_a_new_account_shows_its_link_once_and_the_link_opens_it(admin: FlaskClient) -> None:
    data = filled(request_key="once")
    reply = admin.post("/accounts/new", data=data)
    assert reply.status_code == 200 and reply.headers["Cache-Control"] == "no-store"
    path = link_in(reply.text)
    again = admin.post("/accounts/new", data=data)
    assert again.status_code == 303 and "/activate/" not in admin.get(again.location).text
    owner = admin.application.test_client()
    new = {"password": "long enough 1", "repeated": "long enough 1"}
    assert owner.post(path, data=new).location == "/desk"
    assert owner.get("/desk").status_code == 200
    assert owner.get(path).status_code == 404


def test_a_refused_account_keeps_what_was_typed(admin: FlaskClient) -> None:
    reply = admin.post("/accounts/new", data=filled(email="nobody", employer="没有的单位"))
    assert reply.status_code == 422
    assert 'value="new.judge"' in reply.text and 'value="没有的单位"' in reply.text
    assert accounts.find_account("new.judge") is None


def test_a_link_uses_the_name_of_the_server_that_was_set(admin: FlaskClient) -> None:
    settings = admin.application.config["SETTINGS"]
    settings.server_name = "skills.example"
    try:
        page = admin.post("/accounts/new", data=filled()).text
    finally:
        settings.server_name = ""
    assert "http://skills.example/activate/" in page


def test_a_page_shows_roles_and_every_act_works(admin: FlaskClient, build: Builder) -> None:
    account, event = build.account("judge"), build.event()
    page = f"/accounts/{account.id}"
    assert admin.get(page).status_code == 200
    wanted = {"role": "chief_judge", "scope": f"e:{event.id}"}
    assert admin.post(f"{page}/roles", data=wanted).location == page
    assert event.title in admin.get(page).text
    assert admin.post(f"{page}/roles", data={"role": "x", "scope": "all"}).status_code == 422
    grants = accounts.get_account(account.id).grants
    admin.post(f"{page}/roles/{grants[0].id}/revoke")
    assert [g.role for g in accounts.get_account(account.id).grants] == [Role.CHIEF_JUDGE]
    assert link_in(admin.post(f"{page}/link").text)
    assert admin.post(f"{page}/unlock").location == page
    admin.post(f"{page}/close")
    assert not accounts.get_account(account.id).active


def test_a_refused_button_says_why(admin: FlaskClient, build: Builder) -> None:
    own = accounts.find_account("administrator1")
    assert own
    admin.post(f"/accounts/{own.id}/close")
    assert 'class="message tone-bad"' in admin.get(f"/accounts/{own.id}").text
    assert accounts.get_account(own.id).active


def test_an_organizer_of_one_contest_sees_only_its_accounts(
    client: FlaskClient, build: Builder
) -> None:
    mine, other = build.contest(), build.contest()
    inside, outside = build.account("judge", mine.id), build.account("judge", other.id)
    everywhere = build.account("judge")
    sign_in(client, build.account("organizer", mine.id))
    page = client.get("/accounts").text
    assert inside.username in page
    assert outside.username not in page and everywhere.username + "<" not in page
    assert client.get(f"/accounts/{inside.id}").status_code == 200
    for account in (outside, everywhere):
        assert client.get(f"/accounts/{account.id}").status_code == 404
        assert client.post(f"/accounts/{account.id}/link").status_code == 404


def test_filters_narrow_the_list(admin: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    judge = build.account("judge", contest.id, title="周立")
    clerk = build.account("entry_clerk")
    for query in ("q=周立", "role=judge", f"contest={contest.id}", f"q={judge.username}"):
        page = admin.get(f"/accounts?{query}&state=open").text
        assert judge.username in page and clerk.username not in page, query
    for query in ("state=waiting", "state=closed", "state=locked", "q=nobody"):
        assert judge.username not in admin.get(f"/accounts?{query}").text


def test_the_list_takes_as_many_statements_for_many_as_for_few(
    admin: FlaskClient, build: Builder, statements: Statements
) -> None:
    build.account("judge", build.event().contest_id)
    with statements() as few:
        admin.get("/accounts?sort=username")
    for _ in range(3):
        event = build.event()
        build.account("judge", event.contest_id, event.id, employer_id=build.employer().id)
    with statements() as many:
        admin.get("/accounts?sort=username")
    assert len(few) == len(many) <= 12


def upload(client: FlaskClient, data: bytes) -> object:
    """Send a spreadsheet of accounts."""
    return client.post("/accounts/import", data={"file": (io.BytesIO(data), "accounts.xlsx")})


def test_a_spreadsheet_is_previewed_then_confirmed(admin: FlaskClient) -> None:
    rows = [{"username": f"j{n}.import", "title": "裁判", "role": "裁判员"} for n in range(3)]
    reply = upload(admin, write_table(COLUMNS, rows, "账号"))
    assert reply.status_code == 200
    assert accounts.find_account("j0.import") is None
    payload = re.search(r'name="payload" value="([^"]+)"', reply.text)
    assert payload
    data = {"payload": payload.group(1), "request_key": "k1"}
    done = admin.post("/accounts/import/confirm", data=data)
    assert done.status_code == 200 and "data:application/vnd" in done.text
    assert len(set(re.findall(r"/activate/[\w-]+", done.text))) == 3
    assert admin.post("/accounts/import/confirm", data=data).status_code == 303
    altered = {"payload": payload.group(1)[:-3] + "abc"}
    assert admin.post("/accounts/import/confirm", data=altered).location == "/accounts/import"


def test_a_faulty_spreadsheet_shows_its_rows(admin: FlaskClient) -> None:
    rows = [{"username": "x", "title": "裁判", "role": "厨师"}]
    reply = upload(admin, write_table(COLUMNS, rows, "账号"))
    assert reply.status_code == 422 and "厨师" in reply.text and "payload" not in reply.text
    assert upload(admin, b"not a spreadsheet").status_code == 422
    assert admin.post("/accounts/import").status_code == 422


def test_the_template_is_a_spreadsheet(admin: FlaskClient) -> None:
    reply = admin.get("/accounts/import/template")
    assert reply.data.startswith(b"PK") and "attachment" in reply.headers["Content-Disposition"]


def test_contestants_get_their_accounts_at_once(admin: FlaskClient, build: Builder) -> None:
    event = build.event(build.contest(ContestState.PUBLISHED))
    for _ in range(2):
        build.entry(event)
    here = f"/contests/{event.contest_id}/accounts"
    assert admin.get(here).status_code == 200
    reply = admin.post(here, data={"request_key": "k2"})
    assert reply.status_code == 200 and "data:application/vnd" in reply.text
    assert admin.post(here, data={"request_key": "k2"}).location == here
    assert admin.post(here).location == here
