"""The start page and the desks of the demonstration as pages."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from flask_security.utils import hash_password

from services import accounts, demo
from tests.builders import PASSWORD, sign_in
from tests.conftest import NOON, Tell

Statements = Callable[[], AbstractContextManager[list[str]]]
CARD = re.compile(r'<li class="desk-card[^>]*><a href="([^"]+)"')
ROLES = ["organizer", "chief", "judge1", "clerk", "supervisor"]
ROLES += ["employer", "winner", "bureau", "payer", "admin"]


@pytest.fixture(scope="module", autouse=True)
def small(tell: Tell) -> None:
    """The small demonstration, whose accounts have the password of tests."""
    tell(lambda: demo.build("small", NOON, hash_password(PASSWORD), say=lambda _line: None))


def test_each_desk_leads_to_pages_that_open(client: FlaskClient) -> None:
    for username in ROLES:
        account = accounts.find_account(username)
        assert account
        sign_in(client, account)
        urls = CARD.findall(client.get("/desk").text)
        assert urls, username
        for url in urls:
            reply = client.get(url.replace("&amp;", "&"))
            assert reply.status_code == 200, (username, url)
        client.post("/sign-out")


def test_the_start_page_shows_what_everybody_may_know(
    client: FlaskClient, statements: Statements
) -> None:
    with statements() as seen:
        page = client.get("/").text
    assert len(seen) <= 20
    assert "2026年慈溪市" in page and "2025年慈溪市" in page
    assert 'action="/verify"' in page and "/notices/" in page
