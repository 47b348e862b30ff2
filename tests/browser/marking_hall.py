"""Judges for the tests of the score sheet: a panel, its sheets, and what the database holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from models.database import db
from models.judging import Mark, PanelSeat, Sheet
from models.receipts import SentMark
from rules.data import plain
from rules.schemes import Aspect, Panel, Part, Scheme, Section
from tests.browser.fault_proxy import FaultProxy, faulty
from tests.browser.site import Site, make_app, serve, visitor
from tests.builders import PASSWORD, Builder
from tests.judging_rooms import open_room

LINES = 25
HIGHEST = Decimal(4)


@dataclass(frozen=True)
class Judge:
    """A judge with the sheets of his seat, and the cookie of a sign-in that has happened."""

    account_id: int
    username: str
    sheets: tuple[int, ...]
    cookie: str


@dataclass
class Hall:
    """A site behind a network that fails, with judges at work."""

    site: Site
    proxy: FaultProxy
    judges: list[Judge]
    event_id: int

    def enter(self, browser: Browser, judge: Judge, **more: Any) -> BrowserContext:
        """Open the tablet of a judge who has signed in."""
        context = visitor(browser, self.site, **more)
        self.admit(context, judge)
        return context

    def admit(self, context: BrowserContext, judge: Judge) -> None:
        """Give a browser the sign-in of a judge."""
        cookie: Any = {
            "name": "skillstar",
            "value": judge.cookie,
            "url": self.site.url,
            "expires": self.site.clock.now.timestamp() + 40_000,
        }
        context.add_cookies([cookie])

    def stored(self) -> dict[tuple[int, str], str]:
        """Return every mark that the database holds, by sheet and line."""
        with self.site.app.app_context():
            rows = db.session.execute(select(Mark.sheet_id, Mark.aspect, Mark.value))
            return {(sheet_id, aspect): plain(value) for sheet_id, aspect, value in rows}

    def taken(self) -> list[tuple[str, int, str, int, str]]:
        """Return device, sheet, line, number and outcome of all that was taken in, in order."""
        with self.site.app.app_context():
            query = select(
                SentMark.device,
                SentMark.sheet_id,
                SentMark.aspect,
                SentMark.sequence,
                SentMark.outcome,
            )
            rows = db.session.execute(query.order_by(SentMark.id))
            return [(*row[:4], row[4].value) for row in rows]


def scheme_for(judges: int) -> Scheme:
    """One part of many lines, marked by so many judges."""
    aspects = tuple(
        Aspect(key=f"A{number}", title=f"项目{number}", maximum=HIGHEST)
        for number in range(1, LINES + 1)
    )
    part = Part(
        key="work",
        title="操作",
        weight=Decimal(100),
        sections=(Section(key="A", title="加工", aspects=aspects),),
        panel=Panel(judges=judges, minimum=judges),
    )
    return Scheme(title="", parts=(part,))


def _judges(app: Flask, count: int, entries: int) -> tuple[list[Judge], int]:
    with app.app_context():
        build = Builder()
        room = open_room(build, entries, scheme_for(count))
        query = (
            select(PanelSeat.account_id, Sheet.id)
            .join(Sheet, Sheet.seat_id == PanelSeat.id)
            .order_by(Sheet.id)
        )
        sheets: dict[int, list[int]] = {}
        for account_id, sheet_id in db.session.execute(query):
            sheets.setdefault(account_id, []).append(sheet_id)
        people = [(one.id, one.username) for one in room.judges]
        db.session.remove()
    found = [
        Judge(account_id, username, tuple(sheets[account_id]), _cookie(app, username))
        for account_id, username in people
    ]
    return found, room.event_id


def _cookie(app: Flask, username: str) -> str:
    client = app.test_client()
    reply = client.post("/sign-in", data={"username": username, "password": PASSWORD})
    cookie = client.get_cookie("skillstar")
    assert reply.status_code == 303 and cookie is not None
    return cookie.value


@contextmanager
def open_hall(folder: Path, judges: int, entries: int, seed: int = 1) -> Iterator[Hall]:
    """Run a site with judges at work, behind a proxy."""
    app = make_app(folder)
    app.config["WTF_CSRF_ENABLED"] = False
    found, event_id = _judges(app, judges, entries)
    app.config["WTF_CSRF_ENABLED"] = True
    with serve(app) as site:
        host, port = site.url.removeprefix("http://").split(":")
        with faulty((host, int(port)), seed) as (url, proxy):
            site.url = url
            yield Hall(site, proxy, found, event_id)


def open_sheet(page: Page, sheet_id: int) -> None:
    """Open a sheet and wait until its script is at work."""
    page.goto(f"/sheets/{sheet_id}")
    expect(page.locator("form[data-sheet]")).to_have_attribute("data-ready", "1")


def field(page: Page, line: int) -> Any:
    """Return the field of a line."""
    return page.locator(f'[name="mark-A{line}"]')


def place(page: Page, line: int) -> Any:
    """Return what says where the mark of a line is."""
    return page.locator(f'[data-aspect="A{line}"] [data-mark-state]')


def waiting(page: Page, count: int) -> None:
    """Wait until so many marks are shown as not sent."""
    expect(page.locator("html")).to_have_attribute("data-unsent", str(count))
