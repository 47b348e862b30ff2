"""The clock: jobs that run by themselves, each firing claimed by one process only."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from models.calendars import JobClaim
from models.database import db, write_lock
from services.settings import Mode, Settings

Job = Callable[[datetime], object]
KEPT_DAYS = 3  # so long a firing that was claimed cannot be claimed again
HOUR = 3600


class Timed(NamedTuple):
    """A job and how many seconds lie between two firings; they divide an hour."""

    job: Job
    seconds: int = HOUR

    def when(self) -> dict[str, Any]:
        """Say when the job fires: at the third minute of an hour, or all the time."""
        if self.seconds >= HOUR:
            return {"minute": 3}
        minute, second = divmod(self.seconds, 60)
        return {"second": f"*/{second}"} if not minute else {"minute": f"*/{minute}", "second": 0}

    def slot(self, now: datetime) -> datetime:
        """Return the beginning of the slot in which an instant lies."""
        since = now.minute * 60 + now.second
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(
            seconds=since - since % self.seconds
        )


def start(app: Any, settings: Settings, jobs: dict[str, Timed]) -> None:
    """Run the jobs in a thread of this process, each at its interval.

    Other processes may do the same: each slot is claimed by one.
    """
    if settings.skillstar_mode is Mode.TESTING or not settings.clock_runs:
        return
    scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
    for name, timed in jobs.items():
        scheduler.add_job(
            _fire, "cron", args=(app, name, timed), max_instances=1, coalesce=True, **timed.when()
        )
    scheduler.start()


def _fire(app: Any, name: str, timed: Timed) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        try:
            run_once(name, timed.slot(now), timed.job)
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
