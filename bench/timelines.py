"""Pages about workshops, pairs and people over 100 workshops and 40,000 pairs.

Wanted are 20 statements and 200 ms (95 of 100 times) for one reader on SQLite.
"""

import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from flask_security.utils import hash_password

from app import create_app
from bench._pairs import FIRST_ID, NOW, PAIRS, WORKSHOPS, load
from bench.pages import KEYS, MOST_STATEMENTS, _counting
from blueprints.commands import DEMO_PASSWORD
from blueprints.web import limiter
from models.database import db
from services.acting import system
from services.demo_accounts import add_demo_accounts
from tests.crawl import enter

TIMES, MOST_MS = 40, 200.0
YARDSTICK = "/sign-in"
PUBLIC = (
    "/directory",
    "/directory?occupation=钳工",
    "/directory?q=王&page=1",
    f"/directory/{FIRST_ID}",
)
INSIDE = (
    f"/people/{FIRST_ID}/timeline",
    f"/people/{FIRST_ID + 1500}/timeline",
    f"/people/{FIRST_ID + 9000}/timeline",
    "/mentorships",
    "/mentorships?q=王",
    "/mentorships?page=500",
    "/quality",
    "/quality?since=2020&until=2024",
    "/quality?occupation=钳工",
    "/quality/mentors",
    "/quality/workshops",
)


def run() -> Iterable[str]:
    """Yield for each page its milliseconds, statements, and the ratio to the yardstick."""
    with tempfile.TemporaryDirectory(prefix="skillstar-pairs-") as folder:
        app = _app(Path(folder))
        yield f"timelines_loaded 1.00 of itself ({WORKSHOPS} workshops, {PAIRS} pairs)"
        staff, visitor = app.test_client(), app.test_client()
        enter(staff, "bureau", DEMO_PASSWORD)
        with _counting() as sent:
            base, *_ = _measure(visitor, YARDSTICK, sent)
            for url in PUBLIC + INSIDE:
                client = visitor if url in PUBLIC else staff
                p50, p95, count = _measure(client, url, sent)
                slow = "  <-- too slow" if p95 > MOST_MS or count > MOST_STATEMENTS else ""
                yield (
                    f"timelines_page {p50 / base:.2f} of {YARDSTICK}"
                    f" (p50 {p50:.1f} ms, p95 {p95:.1f} ms, {count} statements, {url}){slow}"
                )


def _app(folder: Path) -> Flask:
    app = create_app(
        skillstar_mode="local", instance_dir=folder, database_url=f"sqlite:///{folder}/pairs.db",
        clock_runs=False, **KEYS,
    )  # fmt: skip
    limiter.enabled = False
    app.extensions["skillstar_clock"] = lambda: NOW
    with app.app_context():
        upgrade()
        add_demo_accounts(system(NOW), hash_password(DEMO_PASSWORD))
        db.session.commit()
        load()
        db.session.remove()
    return app


def _measure(client: FlaskClient, url: str, sent: list[str]) -> tuple[float, float, int]:
    took = []
    client.get(url)
    for _ in range(TIMES):
        sent.clear()
        started = time.perf_counter()
        reply = client.get(url)
        reply.get_data()
        took.append((time.perf_counter() - started) * 1000)
        if reply.status_code != 200:
            raise RuntimeError(f"{url}: {reply.status_code}")
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
    return statistics.median(took), p95, len(sent)
