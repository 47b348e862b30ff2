"""A running Skillstar on a database of its own, and browsers to visit it."""

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from werkzeug.serving import make_server

from app import create_app
from services.settings import QUICK_HASHES
from tests.conftest import KEYS

LAUNCH = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP = {"width": 1280, "height": 860}
PATIENCE = 60_000  # milliseconds: no test hangs on how busy the machine is
PHONE = {"width": 360, "height": 740}


class Clock:
    """The application's clock, in the hands of a test."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Site:
    """A served application."""

    app: Flask
    url: str
    clock: Clock


def make_app(folder: Path) -> Flask:
    """Make an application with a new SQLite database that the migrations brought up."""
    app = create_app(
        skillstar_mode="local",
        instance_dir=folder,
        database_url=f"sqlite:///{folder / 'site.db'}",
        clock_runs=False,
        **KEYS,
    )
    app.config["RATELIMIT_ENABLED"] = False
    app.extensions["security"].pwd_context.update(**QUICK_HASHES)
    with app.app_context():
        upgrade()
    return app


@contextmanager
def serve(app: Flask) -> Iterator[Site]:
    """Serve an application on a free port of this machine while the block runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    clock = Clock()
    app.extensions["skillstar_clock"] = clock
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(app, f"http://127.0.0.1:{server.server_port}", clock)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def launch(playwright: Playwright) -> Browser:
    """Start the machine's own Chromium without a screen."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=path, args=list(LAUNCH))


def visitor(
    browser: Browser,
    site: Site,
    phone: bool = False,
    dark: bool = False,
    worker: bool = False,
) -> BrowserContext:
    """Open a browser of one person, with cookies of its own.

    With the service worker pages come from it, and no longer from what a test puts in between.
    """
    context = browser.new_context(
        base_url=site.url,
        viewport=PHONE if phone else DESKTOP,
        color_scheme="dark" if dark else "light",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        accept_downloads=True,
        service_workers="allow" if worker else "block",
    )
    context.set_default_timeout(PATIENCE)
    return context


def sign_in(context: BrowserContext, username: str, password: str) -> Page:
    """Sign a person in through the page and return it at the desk."""
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit], main form button")
    page.wait_for_url("**/desk")
    return page
