"""Every route names its act; the table alone decides who gets in."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from blueprints import errors
from rules.access import ALLOWED, ANYONE, SIGNED_IN, Role
from rules.acts import Act
from services import places
from tests.builders import Builder, sign_in

# Files that everybody may have, and nothing else.
OPEN_FILES = {"static", "bootstrap.static"}


@pytest.fixture
def bare_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals without a page: thousands are asked for, and only their status is looked at."""
    monkeypatch.setattr(errors, "render_template", lambda *_page, **_more: "")


def routes(app: Flask) -> Iterator[Rule]:
    """List the routes that are pages or acts."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN_FILES:
            yield rule


def act_of(app: Flask, rule: Rule) -> Act | None:
    """Return the act that a route names."""
    return getattr(app.view_functions[rule.endpoint], "act", None)


def test_every_route_names_an_act_of_the_table(app: Flask) -> None:
    nameless = [rule.rule for rule in routes(app) if not isinstance(act_of(app, rule), Act)]
    assert nameless == []


def test_a_route_without_an_act_is_found(app: Flask) -> None:
    bare = Flask("bare")
    bare.add_url_rule("/bare", "bare", lambda: "")
    assert [rule.rule for rule in routes(bare) if act_of(bare, rule) is None] == ["/bare"]


def test_every_act_is_open_to_somebody_and_used_by_a_route(app: Flask) -> None:
    used = {act_of(app, rule) for rule in routes(app)}
    assert set(Act) - used == set()
    assert ANYONE.isdisjoint(SIGNED_IN) and ANYONE.isdisjoint(ALLOWED)
    assert {act for act in Act if act in ANYONE or act in SIGNED_IN or ALLOWED[act]} == set(Act)


def test_every_id_in_an_address_can_be_placed(app: Flask) -> None:
    for rule in routes(app):
        for name in rule.arguments:
            kind, _, suffix = name.rpartition("_")
            if suffix == "id":
                assert places.knows(kind), rule.rule


def address(rule: Rule) -> str:
    """Fill a route with ids and texts of things that are not there."""
    text = rule.rule
    for name in rule.arguments:
        text = text.replace(f"<int:{name}>", "999999")
        for converter in ("string:", "path:", ""):
            text = text.replace(f"<{converter}{name}>", "999999" if name.endswith("id") else "nix")
    assert "<" not in text, text
    return text


def answers(app: Flask, client: FlaskClient) -> Iterator[tuple[Rule, str, Act, int]]:
    """Ask every route and method; give the act and the status."""
    for rule in routes(app):
        act = act_of(app, rule)
        assert act is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint == "accounts.sign_out":
                continue
            status = client.open(address(rule), method=method).status_code
            yield rule, method, act, status


@pytest.mark.usefixtures("bare_errors")
def test_a_visitor_gets_in_only_where_everybody_does(app: Flask, client: FlaskClient) -> None:
    for rule, method, act, status in answers(app, client):
        if act not in ANYONE:
            assert status == (303 if method == "GET" else 401), (rule.rule, method)
        else:
            assert status not in {401, 403, 500}, (rule.rule, method)


@pytest.mark.usefixtures("bare_errors")
@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_in_where_the_table_says(
    app: Flask, client: FlaskClient, build: Builder, role: Role
) -> None:
    """A role without the act meets 403; with it, an unknown thing is 404: nothing else leaks."""
    employer = build.employer().id if role is Role.EMPLOYER else None
    person = build.person().id if role is Role.CONTESTANT else None
    sign_in(client, build.account(role, employer_id=employer, person_id=person))
    for rule, method, act, status in answers(app, client):
        may = act in ANYONE or act in SIGNED_IN or role in ALLOWED[act]
        if not may:
            assert status == 403, (rule.rule, method, status)
            continue
        assert status not in {401, 403, 500}, (rule.rule, method, status)
        if any(name.endswith("_id") for name in rule.arguments):
            assert status == 404, (rule.rule, method, status)
