"""The thread that works runs of certificates in each process of the server."""

import threading
from typing import Any

import structlog

from services.issuing_leases import Worker
from services.issuing_working import work_all
from services.settings import Mode, Settings

PAUSE = 5.0  # seconds until a run is found whose process is gone, or that another one started
_woken = threading.Event()


def start(app: Any, settings: Settings, worker: Worker) -> None:
    """Work runs in a thread of this process; other processes may do the same."""
    if settings.skillstar_mode is Mode.TESTING or not settings.clock_runs:
        return
    threading.Thread(target=_work, args=(app, worker), name="runs", daemon=True).start()


def wake() -> None:
    """Let the thread of this process look for runs at once."""
    _woken.set()


def _work(app: Any, worker: Worker) -> None:
    while True:
        _woken.wait(PAUSE)
        _woken.clear()
        with app.app_context():
            try:
                work_all(worker)
            except Exception:  # the database is away for a moment, or not yet made
                structlog.get_logger().exception("looking for runs of certificates failed")
