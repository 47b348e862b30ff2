"""The commands that fill the database and open the first account."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from blueprints.commands import DEMO_PASSWORD
from services import demo
from services.settings import Mode


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Run commands in the test's transaction."""
    return app.test_cli_runner()


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    """Say that this is production."""
    settings = app.config["SETTINGS"]
    settings.skillstar_mode = Mode.PRODUCTION
    yield
    settings.skillstar_mode = Mode.TESTING


def test_the_demonstration_is_built_once_and_prints_its_accounts(
    runner: FlaskCliRunner, client: FlaskClient
) -> None:
    first = runner.invoke(args=["demo"])
    assert first.exit_code == 0, first.output
    assert DEMO_PASSWORD in first.output and "organizer" in first.output
    again = runner.invoke(args=["demo"])
    assert again.exit_code == 1 and "empty" in again.output
    assert runner.invoke(args=["demo", "--if-empty"]).exit_code == 0
    assert "winner" in runner.invoke(args=["demo-accounts"]).output
    data = {"username": "organizer", "password": DEMO_PASSWORD}
    assert client.post("/sign-in", data=data).location == "/desk"


def test_production_gets_no_demonstration(runner: FlaskCliRunner, production: None) -> None:
    result = runner.invoke(args=["demo"])
    assert result.exit_code == 1 and demo.is_empty()
    assert DEMO_PASSWORD not in runner.invoke(args=["demo-accounts"]).output


def test_an_administrator_is_created_with_a_link_that_opens(
    runner: FlaskCliRunner, client: FlaskClient
) -> None:
    result = runner.invoke(args=["create-administrator", "Root.Admin"])
    assert result.exit_code == 0, result.output
    path = "/activate/" + result.output.split("/activate/")[1].split()[0]
    new = {"password": "long enough 1", "repeated": "long enough 1"}
    assert client.post(path, data=new).location == "/desk"
    assert client.get("/accounts").status_code == 200
    again = runner.invoke(args=["create-administrator", "root.admin"])
    assert again.exit_code == 1
