"""Processes that work runs of certificates in small steps, to be killed.

python -m tests.chaos.issuing_process          forks one for each line of its input, and names it
python -m tests.chaos.issuing_process --once   works itself until every run is done
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from time import sleep

from flask import Flask
from sqlalchemy import select

from app import create_app
from models.database import db
from models.issuing import IssueRun
from services import issuing_leases, issuing_printing, issuing_samples, issuing_working
from services.acting import Actor
from services.certificates_identity import Source, identity, source_of
from services.issuing_leases import Worker
from services.settings import Settings

ADDRESS = "https://skills.example/verify"
STEP = 10  # certificates that are issued or printed together


def main() -> None:
    """Work with a short lease, so that the next process need not wait for it."""
    lease = timedelta(seconds=2 if "--once" in sys.argv else 0.3)
    for module in (issuing_leases, issuing_printing, issuing_working):
        module.LEASE = lease  # type: ignore[attr-defined]
    issuing_working.SLICE = issuing_printing.PARCEL = STEP
    app = create_app()
    if "--once" in sys.argv:
        work(app)
        return
    issuing_printing.FEW = sys.maxsize  # processes of its own take longer than this one lives
    _warm_up(app)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            work(app)
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)


def _warm_up(app: Flask) -> None:
    """Load fonts and key once for all children, as a server that runs for long has them."""
    with app.app_context():
        settings: Settings = app.config["SETTINGS"]
        by = Actor(None, datetime.now(UTC))
        run_id = db.session.scalars(select(IssueRun.id)).first()
        assert run_id is not None
        issuing_samples.sample_sheet(by, run_id, settings.files_dir, ADDRESS, str)
        identity(source_of(settings, by.now) or Source())
        db.session.remove()
        db.engine.dispose()


def work(app: Flask) -> None:
    """Work until the files of every run are made."""
    with app.app_context():
        settings: Settings = app.config["SETTINGS"]
        worker = Worker.new(lambda: datetime.now(UTC), str, settings)
        while db.session.scalar(select(IssueRun.id).where(IssueRun.printed_at.is_(None)).limit(1)):
            issuing_working.work_all(worker)
            db.session.rollback()
            sleep(0.05)


if __name__ == "__main__":
    main()
