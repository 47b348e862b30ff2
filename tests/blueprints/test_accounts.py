"""Sign-in, activation, language."""

from datetime import timedelta

from flask.testing import FlaskClient

from services import accounts
from tests.builders import PASSWORD, Builder, sign_in
from tests.conftest import Clock


def test_a_right_password_opens_the_desk(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("organizer"))
    assert client.get("/desk").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: FlaskClient, build: Builder
) -> None:
    known = build.account("organizer").username
    wrong = client.post("/sign-in", data={"username": known, "password": "x"})
    unknown = client.post("/sign-in", data={"username": "nobody", "password": "x"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text.count("账号") == unknown.text.count("账号")


def test_eight_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    client: FlaskClient, build: Builder, clock: Clock
) -> None:
    account = build.account("judge")
    for _ in range(accounts.FAILURES_ALLOWED):
        client.post("/sign-in", data={"username": account.username, "password": "wrong"})
    right = {"username": account.username, "password": PASSWORD}
    assert client.post("/sign-in", data=right).status_code == 422
    clock.now += timedelta(minutes=16)
    assert client.post("/sign-in", data=right).status_code == 303


def test_the_way_back_after_sign_in_never_leads_to_another_site(
    client: FlaskClient, build: Builder
) -> None:
    account = build.account("organizer")
    data = {"username": account.username, "password": PASSWORD}
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"):
        reply = client.post("/sign-in", query_string={"next": target}, data=data)
        assert reply.headers["Location"] == "/desk"
        client.post("/sign-out")


def test_a_visitor_is_led_to_sign_in_and_back(client: FlaskClient, build: Builder) -> None:
    reply = client.get("/password")
    assert reply.headers["Location"] == "/sign-in?next=/password"


def test_only_pages_renew_a_sign_in(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("judge"))
    renewing = {}
    for path in ("/desk", "/password", "/static/app.js", "/no-such-page"):
        with client.get(path) as reply:
            renewing[path] = "Set-Cookie" in reply.headers
    assert renewing == {
        "/desk": True,
        "/password": True,
        "/static/app.js": False,
        "/no-such-page": False,
    }


def test_a_password_change_ends_the_other_sessions(
    client: FlaskClient, build: Builder, app: object
) -> None:
    account = build.account("judge")
    other = client.application.test_client()
    sign_in(client, account)
    sign_in(other, account)
    new = "another good password"
    data = {"present": PASSWORD, "password": new, "repeated": new}
    assert client.post("/password", data=data).status_code == 303
    assert client.get("/desk").status_code == 200
    assert other.get("/desk").status_code == 303


def test_the_language_is_remembered(client: FlaskClient) -> None:
    client.post("/language", data={"language": "en"})
    assert 'lang="en"' in client.get("/sign-in").text
    client.post("/language", data={"language": "zh_Hans_CN"})
    assert 'lang="zh-Hans-CN"' in client.get("/sign-in").text
