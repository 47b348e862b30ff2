"""The checker as a file with the network off; the check page compares paper and register."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from rules.statements import TEXTS, read, signable, written
from services import certificates, statements, statements_keys
from tests.browser.site import Site
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story


@pytest.fixture
def story(build: Builder) -> Story:
    """Two certificates that a key has signed."""
    statements.make_key(build.actor(now=NOW))
    story = Story(build)
    story.field(["90", "80"])
    story.issued()
    return story


def _all() -> list[Certificate]:
    return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def _digits(certificate: Certificate) -> str:
    assert certificate.statement
    return certificate.statement


class Checker:
    """The downloaded file, opened from the disk in a browser without any network."""

    def __init__(self, page: Page, client: FlaskClient, folder: Path) -> None:
        self.page = page
        file = folder / "checker.html"
        file.write_bytes(client.get("/verify/checker.html").data)
        page.goto(file.as_uri())
        expect(page.locator("[data-ready]")).to_be_attached()

    def ask(self, text: str) -> tuple[str, str]:
        """Check a text; return the outcome and all that is said."""
        self.page.evaluate("document.querySelector('[data-part=answer]').replaceChildren()")
        self.page.fill("#statement-text", text)
        self.page.click("button[type=submit]")
        box = self.page.locator("[data-outcome]")
        expect(box).to_be_visible()
        return str(box.get_attribute("data-outcome")), box.inner_text()


@pytest.fixture
def offline(chromium: Browser) -> Iterator[Page]:
    """A page that reaches nothing but files; whatever it asks the network for fails the test."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, offline=True)
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(re.compile("^(?!file:|data:|blob:)"), refuse)
    page = context.new_page()
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    context.close()
    assert asked == [] and errors == []


def test_the_file_shows_the_whole_statement_in_both_languages(
    story: Story, client: FlaskClient, offline: Page, tmp_path: Path
) -> None:
    checker, one = Checker(offline, client, tmp_path), _all()[0]
    link = f"https://skills.example/verify/{one.check_code}#{_digits(one)}"
    for text in (link, _digits(one), f"{link[:80]}\n {link[80:]}\n"):
        outcome, said = checker.ask(text)
        assert outcome == "signed" and "签名相符" in said
    facts = one.facts
    for value in ("name", "number", "edition", "event", "division", "award"):
        assert facts[value] in said
    assert facts["issuers"][0] in said and "2026年10月15日" in said
    assert one.digest[:32] in said and "未撤销（截至2026年" in said
    offline.click("[data-language=en]")
    assert "The signature is right" in offline.locator("[data-outcome]").inner_text()
    assert offline.title() == "Check a certificate without the internet"


def test_every_changed_field_is_told_from_the_right_one(
    story: Story, client: FlaskClient, offline: Page, tmp_path: Path
) -> None:
    checker, (one, other) = Checker(offline, client, tmp_path), _all()
    said, signed, signature = read(_digits(one))
    changes: dict[str, Any] = {name: "别的" for name in TEXTS}
    changes |= {"issued_on": date(2027, 1, 1), "status_list": 9, "status_index": 1}
    changes |= {"digest": "cd" * 16, "shortened": True}
    for name, value in changes.items():
        forged = written(signable(replace(said, **{name: value})), signature)
        assert checker.ask(forged)[0] == "altered", name
    strange = written(signable(replace(said, key="00000000")), signature)
    assert checker.ask(strange)[0] == "unknown_key"
    assert checker.ask(written(signed, read(_digits(other))[2]))[0] == "altered"
    assert checker.ask(written(signed, bytes(64)))[0] == "altered"
    for broken in ("", "abc", _digits(one)[:-30], _digits(one)[1:], "1" * 422):
        assert checker.ask(broken)[0] == "malformed", broken
    assert checker.ask(_digits(one))[0] == "signed"


def test_what_was_revoked_and_which_key_was_lost_is_shown(
    story: Story, client: FlaskClient, build: Builder, offline: Page, tmp_path: Path
) -> None:
    one, other = _all()
    early = Checker(offline, client, tmp_path)
    certificates.revoke(story.actor("bureau_staff", AFTER), one.id, reason="冒名")
    assert early.ask(_digits(one))[0] == "signed"  # the file does not know it yet, and says so
    lists = tmp_path / "list.jwt"
    lists.write_bytes(client.get("/status/1/revocation").data)
    offline.set_input_files("#statement-lists", lists)
    expect(offline.locator("[data-outcome=revoked]")).to_be_visible()
    assert early.ask(_digits(other))[0] == "signed"
    head, body, signature = lists.read_text().split(".")
    lists.write_text(f"{head}.{body[:-9]}AAAAAAAAA.{signature}")
    offline.set_input_files("#statement-lists", [])
    offline.set_input_files("#statement-lists", lists)
    expect(offline.locator("[data-part=message]")).to_contain_text("list.jwt")
    late = Checker(offline, client, tmp_path)
    assert late.ask(_digits(one))[0] == "revoked"
    key = statements.active_key()
    assert key is not None
    statements.report_compromise(build.actor(now=AFTER), key.id, since=NOW.date(), reason="遗失")
    outcome, said = Checker(offline, client, tmp_path).ask(_digits(other))
    assert outcome == "compromised" and "2026年9月15日" in said


def test_a_browser_that_reads_codes_takes_a_photo(
    story: Story, client: FlaskClient, offline: Page, tmp_path: Path
) -> None:
    """Chromium on this machine has no reader, so a stand-in says what it would have read."""
    digits = json.dumps(_digits(_all()[0]))
    offline.add_init_script(
        "globalThis.BarcodeDetector = class { async detect() { return [{ rawValue: "
        f"{digits} }}]; }} }};"
    )
    Checker(offline, client, tmp_path)
    picture = Path(__file__).parents[2] / "docs" / "pictures" / "certificate.png"
    offline.set_input_files("#statement-photo", picture)
    expect(offline.locator("[data-outcome=signed]")).to_be_visible()


def test_the_check_page_warns_when_paper_and_register_differ(
    chromium: Browser, demo_site: Site
) -> None:
    with demo_site.app.app_context():
        query = select(Certificate).where(Certificate.statement.is_not(None))
        one, other = db.session.scalars(query.order_by(Certificate.id).limit(2)).all()
        codes = [(each.check_code, _digits(each)) for each in (one, other)]
        name = other.facts["name"]
        said, _, signature = read(codes[0][1])
        forged = written(signable(replace(said, name="王不对")), signature)
        assert len(statements_keys.key_set()["keys"]) == 1
    page = chromium.new_page()
    for digits, outcome in ((codes[0][1], "good"), (codes[1][1], "bad"), (forged, "bad")):
        page.goto("about:blank")
        page.goto(f"{demo_site.url}/verify/{codes[0][0]}#{digits}")
        expect(page.locator(f"[data-paper-check][data-outcome={outcome}]")).to_be_visible()
        if digits == codes[1][1]:
            expect(page.locator("[data-paper-check]")).to_contain_text(f"姓名：二维码为“{name}”")
    expect(page.locator("[data-paper-check]")).to_contain_text("签名不符")
    page.goto("about:blank")
    page.goto(f"{demo_site.url}/verify/{codes[0][0]}")
    expect(page.locator("[data-paper-check]")).to_be_empty()
    page.close()
