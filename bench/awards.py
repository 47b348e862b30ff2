"""Allocate the awards of the full demonstration: 18 events, 4,600 entries.

The issue allows 3 s from the marks kept with the revisions to awards, shares, honours and levels.
The yardstick is the time that it takes merely to read those marks.
"""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from app import create_app
from models.contests import Event
from models.database import Base, db
from models.entries import Entry
from models.results import Revision
from rules.plans import EditionRules, EventPlan
from rules.states import RevisionState
from services import awards_trials, demo, results_computing
from services.results_computing import Rules

NOW = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)
ROUNDS = 3


def run() -> Iterable[str]:
    """Yield the ratio of the whole allocation to merely reading the marks, and a dry run."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(skillstar_mode="testing", instance_dir=folder, database_url=url)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            demo.build("full", NOW, "hash", say=lambda _line: None)
            db.session.commit()
            events = _largest_edition()
            entries = _count(events)
            read = _timed(lambda: [_read(event) for event in events])
            whole = _timed(lambda: [_allocate(event) for event in events])
            tried = _timed(lambda: [_try(event) for event in events])
            db.session.remove()
            db.engine.dispose()
    yield (
        f"awards {whole / read:.2f} of merely reading the marks of {len(events)} events and "
        f"{entries} entries ({whole:.2f} s; 3 s are allowed)"
    )
    yield f"awards, dry runs of them all {tried / read:.2f} ({tried:.2f} s)"


def _largest_edition() -> list[int]:
    """Return the events of the edition with the most events, all of which have results."""
    query = (
        select(Event.contest_id)
        .join(Revision, Revision.event_id == Event.id)
        .where(Revision.state != RevisionState.SUPERSEDED)
        .group_by(Event.contest_id)
        .order_by(func.count().desc())
    )
    contest_id = db.session.scalars(query).first()
    return list(db.session.scalars(select(Event.id).where(Event.contest_id == contest_id)))


def _count(events: list[int]) -> int:
    query = select(func.count()).select_from(Entry).where(Entry.event_id.in_(events))
    return db.session.scalar(query) or 0


def _timed(step: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        db.session.remove()
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return median(times)


def _newest(event_id: int) -> Revision:
    query = select(Revision).where(Revision.event_id == event_id)
    return db.session.scalars(query.order_by(Revision.number.desc()).limit(1)).one()


def _read(event_id: int) -> object:
    return awards_trials.kept_fields(_newest(event_id).id)


def _allocate(event_id: int) -> object:
    revision = _newest(event_id)
    rules = Rules.of(revision.rule_version)
    fields = awards_trials.kept_fields(revision.id)
    found = results_computing.compute_fields(rules, fields, [])
    return results_computing.rows_of(event_id, rules, fields, found)


def _try(event_id: int) -> object:
    version = _newest(event_id).rule_version
    plan = EventPlan.model_validate(version.plan)
    return awards_trials.try_plan(event_id, plan, EditionRules.model_validate(version.edition))


if __name__ == "__main__":
    for line in run():
        print(line)
