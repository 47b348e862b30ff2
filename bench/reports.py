"""Reports and dashboards over ten years of a city ten times the size of Cixi, on PostgreSQL.

Wanted are 500 ms (95 of 100 times) and a report with its charts as PDF in 10 s; beside each stands
the growth against a tenth of the data, and how long the processor was at work in this process. An
edition that changed since it was counted is measured as well. What the clock does by itself, and
the first page of an edition that it has not come to yet, have no limit.
"""

import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from bench._decade import counts, decade_app
from bench._decade_sizes import NOW
from bench.pages import _counting, _open
from blueprints.commands import DEMO_PASSWORD
from models.contests import Contest, Event
from models.database import db
from models.statistics import EditionTally
from services import statistics
from services.acting import system
from tests.crawl import enter

MOST_MS, MOST_STATEMENTS, MOST_PDF_S = 500.0, 20, 10.0
SMALL = 0.1
BUREAU, ORGANIZER = "bureau", "organizer"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Measured = tuple[str, float, int]


def run() -> Iterable[str]:
    """Yield for each page its milliseconds, statements, and the ratio to a tenth of the data."""
    small = {_name(label): took for label, took, _count in _measured(SMALL)}
    over, total = 0, 0
    for label, took, count in _measured(1.0):
        limit = MOST_PDF_S * 1000 if label.startswith("file") else MOST_MS
        limit = float("inf") if label in FREE else limit
        too_slow = took > limit or count > MOST_STATEMENTS
        over, total = over + too_slow, total + 1
        growth = took / small[_name(label)]
        yield (
            f"reports_page {growth:.2f} of a tenth of the data (p95 {took:.0f} ms,"
            f" {count} statements, {label}){'  <-- too slow' if too_slow else ''}"
        )
    yield f"reports_over_limit {over} of {total}"


COUNTING, NEW = "clock counts all editions", "report of an edition that was never counted"
FREE = frozenset({COUNTING, NEW})


def _name(label: str) -> str:
    """Return a label without what was measured of it."""
    return label.partition(",")[0]


def _measured(scale: float) -> Iterator[Measured]:
    with (
        tempfile.TemporaryDirectory(prefix="skillstar-reports-") as folder,
        decade_app(Path(folder), scale) as app,
    ):
        client = app.test_client()
        enter(client, BUREAU, DEMO_PASSWORD)
        with app.app_context():
            print(f"reports_rows at {scale:g}: {counts()}", flush=True)
            contest_id, event_id = _last()
        edition = f"/contests/{contest_id}"
        with _counting() as sent:
            live = _open(client, f"{edition}/report", BUREAU, sent)
            yield NEW, live.p95, live.statements
            yield COUNTING, _count(app), 0
            for label, url in _pages(edition, event_id):
                page = _open(client, url, BUREAU, sent)
                yield label, page.p95, page.statements
        for kind in ("pdf", "xlsx", "csv"):
            took, worked = _file(client, f"{edition}/report.{kind}")
            yield f"file .{kind} of an edition, {worked:.0f} ms of the processor", took, 0
        with app.app_context():
            db.session.execute(update(EditionTally).values(fingerprint=""))
            db.session.commit()
        with _counting() as sent:
            page = _open(client, f"{edition}/report", BUREAU, sent)
            yield "report of an edition that changed since", page.p95, page.statements


def _last() -> tuple[int, int]:
    """Return the last edition, and its event with most entries."""
    contest_id = db.session.scalar(select(Contest.id).order_by(Contest.year.desc()).limit(1))
    event_id = db.session.scalar(
        select(Event.id).where(Event.contest_id == contest_id).order_by(Event.position).limit(1)
    )
    db.session.execute(delete(EditionTally))
    db.session.commit()
    assert contest_id is not None and event_id is not None
    return contest_id, event_id


def _count(app: Flask) -> float:
    started = time.perf_counter()
    with app.app_context():
        statistics.count_editions(system(NOW))
        db.session.remove()
    return (time.perf_counter() - started) * 1000


def _pages(edition: str, event_id: int) -> Iterator[tuple[str, str]]:
    yield "the year in pictures", "/statistics?year=2026"
    yield "trends over the years", "/statistics/trends"
    yield "districts and industries", "/statistics/comparison"
    yield "report of an edition", f"{edition}/report"
    yield "an edition at a glance", f"{edition}/dashboard"
    yield "report of an event", f"/events/{event_id}/report"


def _file(client: FlaskClient, url: str) -> tuple[float, float]:
    """Return how long a file takes, and how long of it the processor is at work."""
    token = _TOKEN.search(client.get(url.rpartition(".")[0]).text)
    if token is None:
        raise RuntimeError(f"no form leads to {url}")
    started, worked = time.perf_counter(), time.process_time()
    reply = client.post(url, data={"csrf_token": token[1]})
    if reply.status_code != 200:
        raise RuntimeError(f"{url} answers {reply.status_code}")
    return (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000
