"""Open every page of every role on the full-size demonstration.

The issue allows each page 20 statements and 150 ms (95 of 100 times) for one visitor on SQLite.
"""

import contextlib
import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from flask_security.utils import hash_password
from sqlalchemy import Engine, event

from app import create_app
from blueprints.commands import DEMO_PASSWORD
from models.database import db
from services import demo
from services.demo_accounts import DEMO_ACCOUNTS
from tests.crawl import enter, walk

NOW = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)
KEYS = {"secret_key": "a key for benchmarks 0123456789", "data_key": "another one 9876543210"}
FOLDER = Path(tempfile.gettempdir()) / f"skillstar-bench-{os.getuid()}"
SOURCES = ("models/**/*.py", "services/**/*.py", "rules/*.py")
TIMES, FOLLOWED = 20, 30
MOST_STATEMENTS, MOST_MS = 20, 150
YARDSTICK = "/sign-in"
# What people type into the search boxes; no link leads there.
SEARCHES = (
    "/people?q=zhang&per_page=100",
    "/employers?q=慈溪&per_page=100",
    "/accounts?q=judge",
    "/certificates?q=王&per_page=100",
    "/contests/1/entries?q=wang&per_page=100",
    "/contests/1/awards?q=李",
)


@dataclass(order=True)
class Opened:
    """How long a page took, each time, and how many statements it sent."""

    p95: float
    p50: float
    statements: int
    url: str = field(compare=False)
    who: str = field(compare=False)

    @property
    def is_slow(self) -> bool:
        """Say whether the page breaks a limit."""
        return self.statements > MOST_STATEMENTS or self.p95 > MOST_MS


def run() -> Iterable[str]:
    """Yield for each page its slowest visitor: milliseconds, statements, ratio to the smallest."""
    app = full_demo()
    with _counting() as sent:
        yardstick = _open(app.test_client(), YARDSTICK, "visitor", sent)
        yield f"pages_yardstick 1.00 of itself (p50 {yardstick.p50:.1f} ms, {YARDSTICK})"
        slowest = _slowest(app, sent)
    for endpoint, page in sorted(slowest.items(), key=lambda pair: -pair[1].p95):
        mark = "  <-- too slow" if page.is_slow else ""
        yield (
            f"page_{endpoint} {page.p50 / yardstick.p50:.2f} of {YARDSTICK} (p50 {page.p50:.1f} ms,"
            f" p95 {page.p95:.1f} ms, {page.statements} statements, {page.who} {page.url}){mark}"
        )
    bad = sum(page.is_slow for page in slowest.values())
    yield f"pages_over_limit {bad} of {len(slowest)}"


def full_demo() -> Flask:
    """Return an application on the full-size demonstration, built when it is not there yet."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    path, stamp = FOLDER / "full.db", FOLDER / "sources"
    app = create_app(
        skillstar_mode="local", instance_dir=FOLDER, database_url=f"sqlite:///{path}",
        clock_runs=False, **KEYS,
    )  # fmt: skip
    app.config["RATELIMIT_ENABLED"] = False
    app.extensions["skillstar_clock"] = lambda: NOW
    if not stamp.exists() or stamp.read_text() != _digest():
        for old in FOLDER.glob("full.db*"):
            old.unlink()
        with app.app_context():
            upgrade()
            demo.build("full", NOW, hash_password(DEMO_PASSWORD), say=lambda _line: None)
            db.session.remove()
        stamp.write_text(_digest())
    return app


def _digest() -> str:
    """Name the state of the sources on which the demonstration depends."""
    root = Path(__file__).parents[1]
    files = sorted(path for pattern in SOURCES for path in root.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _slowest(app: Flask, sent: list[str]) -> dict[str, Opened]:
    """Let everybody open all pages that links lead to; keep the slowest of each endpoint."""
    slowest: dict[str, Opened] = {}
    for who, username in _people().items():
        client = app.test_client()
        if username:
            enter(client, username, DEMO_PASSWORD)
        starts = ["/desk", *SEARCHES] if username else ["/"]
        found = walk(app, client, starts, FOLLOWED, _timed(sent))
        for endpoint, pages in found.pages.items():
            worst = max((page for page in pages if page.status == 200), key=_cost, default=None)
            if worst is not None:
                opened = _open(client, worst.url, who, sent)
                slowest[endpoint] = max(opened, slowest.get(endpoint, opened))
    return slowest


def _people() -> dict[str, str]:
    return {"visitor": ""} | {one.role.value: one.username for one in reversed(DEMO_ACCOUNTS)}


def _cost(page: Any) -> tuple[bool, float]:
    statements, seconds = page.extra
    return statements > MOST_STATEMENTS, seconds


def _timed(sent: list[str]) -> Callable[[Callable[[], Any]], tuple[Any, tuple[int, float]]]:
    def around(get: Callable[[], Any]) -> tuple[Any, tuple[int, float]]:
        sent.clear()
        start = time.perf_counter()
        reply = get()
        return reply, (len(sent), time.perf_counter() - start)

    return around


def _open(client: FlaskClient, url: str, who: str, sent: list[str]) -> Opened:
    measure, seconds, counts = _timed(sent), [], []
    for _ in range(TIMES):
        _, (count, took) = measure(lambda: client.get(url).get_data())
        counts.append(count)
        seconds.append(took * 1000)
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return Opened(p95, statistics.median(seconds), max(counts), url, who)


@contextlib.contextmanager
def _counting() -> Iterator[list[str]]:
    """Collect the statements that are sent, but for those that only open and end transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
