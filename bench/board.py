"""Five hundred readers who poll the live board, one request after another in one process.

Measured against a bare route that reads one row by its key and answers 304: what the board costs
beyond it are its own, longer statement and the rules of the day.
"""

import contextvars
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask, Response
from flask_migrate import upgrade
from flask_security.utils import hash_password
from sqlalchemy import select

from app import create_app
from bench.pages import KEYS, NOW
from models.contests import Event
from models.database import db
from rules.states import EventState
from services import contests, demo

READERS = 500


def run() -> Iterator[str]:
    """Yield the cost of a poll and of a changed board against a bare route."""
    with tempfile.TemporaryDirectory() as folder:
        app, event_id = _prepare(Path(folder))
        url = f"/board/events/{event_id}/data"
        first = app.test_client().get(url)
        if first.status_code != 200:
            raise RuntimeError(f"the board answers {first.status_code}")
        tag = {"If-None-Match": first.headers["ETag"]}
        bare, poll, full = _costs(
            lambda: _ask(app, "/bare", tag, 304),
            lambda: _ask(app, url, tag, 304),
            lambda: _ask(app, url, {}, 200),
        )
    yield f"board_bare 1.00 of itself ({bare:.2f} ms)"
    yield f"board_poll {poll / bare:.2f} of the bare route ({poll:.2f} ms, {READERS} readers)"
    yield f"board_changed {full / bare:.2f} of the bare route ({full:.2f} ms)"


def _prepare(folder: Path) -> tuple[Flask, int]:
    url = f"sqlite:///{folder / 'board.db'}"
    app = create_app(skillstar_mode="testing", instance_dir=folder, database_url=url, **KEYS)
    app.extensions["skillstar_clock"] = lambda: NOW
    app.add_url_rule("/bare", "bare", _bare)
    with app.app_context():
        upgrade()
        demo.build("small", NOW, hash_password("board"), say=lambda _line: None)
        event = db.session.query(Event).filter_by(state=EventState.SCORING).first()
        if event is None:
            raise RuntimeError("the demonstration has no event that is being scored")
        rules = contests.rules_of(event.contest)
        day = rules.day.model_copy(update={"board": "live"})
        event.contest.rules = rules.model_copy(update={"day": day}).model_dump(mode="json")
        db.session.commit()
        return app, event.id


def _bare() -> Response:
    db.session.execute(select(Event.state).where(Event.id == 1)).one()
    return Response(status=304)


def _ask(app: Flask, url: str, headers: dict[str, str], status: int) -> None:
    reply = contextvars.Context().run(app.test_client().get, url, headers=headers)
    if reply.status_code != status:
        raise RuntimeError(f"{url} answers {reply.status_code}")


def _costs(*asked: Callable[[], None]) -> list[float]:
    """Return the median time of each in milliseconds; they take turns on the same machine."""
    took: list[list[float]] = [[] for _ in asked]
    for _ in range(READERS):
        for ask, times in zip(asked, took, strict=True):
            began = time.perf_counter()
            ask()
            times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times) for times in took]
