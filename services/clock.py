"""The clock: jobs that run by themselves, each firing claimed by one process only."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from models.calendars import JobClaim
from models.database import db, write_lock
from services.settings import Mode, Settings

Job = Callable[[datetime], None]
KEPT_DAYS = 30


def start(app: Any, settings: Settings, jobs: dict[str, Job]) -> None:
    """Run the jobs once an hour in a thread of this process; other processes may do the same."""
    if settings.skillstar_mode is Mode.TESTING or not settings.clock_runs:
        return
    scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
    for name, job in jobs.items():
        scheduler.add_job(
            _fire, "cron", args=(app, name, job), minute=3, max_instances=1, coalesce=True
        )
    scheduler.start()


def _fire(app: Any, name: str, job: Job) -> None:
    slot = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with app.app_context():
        try:
            run_once(name, slot, job)
        except Exception:
            structlog.get_logger().exception("clock job failed", job=name)


def run_once(name: str, slot: datetime, job: Job) -> bool:
    """Run a job for its slot unless another process has claimed the slot; say whether it ran."""
    if not _claim(name, slot):
        return False
    job(slot)
    return True


def _claim(name: str, slot: datetime) -> bool:
    with write_lock():
        db.session.rollback()
        db.session.execute(delete(JobClaim).where(JobClaim.slot < slot - timedelta(days=KEPT_DAYS)))
        db.session.add(JobClaim(job=name, slot=slot, claimed_at=slot))
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return False
        return True
