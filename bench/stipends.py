"""A run of stipends for 2,000 mentors among 40,000 pairs, in one act with few statements."""

import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert

from models.database import db
from models.mentorships import Mentorship, MentorshipMonth
from models.people import Employer, Person
from rules.mentorships import MentorshipState
from rules.payouts import SeriesKind, Treatment
from rules.stipend_scales import Factor, Scale, Success
from services import accounts, payouts_series, stipends, stipends_scales
from services.acting import Actor
from tests.browser.site import make_app

# Of each mentor's pairs so many run now; the others ended long ago.
MENTORS, PAIRS, LIVE, MONTHS = 2_000, 20, 2, 6
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OLD = date(2018, 1, 1)
START, JUNE, DECEMBER = date(2025, 1, 1), date(2025, 6, 30), date(2025, 12, 31)


def run() -> Iterable[str]:
    """Yield how long the first run takes, and the next one after some late evidence."""
    with tempfile.TemporaryDirectory(prefix="skillstar-stipends-") as folder:
        app = make_app(Path(folder))
        with app.app_context():
            people = [Actor(_account(name), NOW) for name in ("prepares", "checks", "approves")]
            series_id = _series(people)
            _add_pairs()
            yield _timed("first run", people, series_id, JUNE)
            _add_months(range(1, 1 + MENTORS * LIVE, 20), 7)
            yield _timed("next run", people, series_id, DECEMBER)
            db.session.remove()


def _timed(name: str, people: list[Actor], series_id: int, until: date) -> str:
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    started, cpu = time.perf_counter(), time.process_time()
    run_id = stipends.prepare(people[0], series_id, until=until)
    took, worked = time.perf_counter() - started, time.process_time() - cpu
    event.remove(Engine, "before_cursor_execute", note)
    started = time.perf_counter()
    stipends.check(people[1], run_id)
    stipends.approve(people[2], run_id)
    stipends.order(people[0], run_id)
    ordered = time.perf_counter() - started
    return (
        f"stipends {name}: {took:.2f} s ({worked:.2f} s of it at work) for {MENTORS} mentors with"
        f" {MENTORS * PAIRS} pairs, {len(statements)} statements; 5 s are allowed; check,"
        f" approval and order {ordered:.2f} s"
    )


def _account(name: str) -> int:
    made = accounts.add_account(Actor(None, NOW), name, name, password_hash="-")
    db.session.commit()
    return made.id


def _series(people: list[Actor]) -> int:
    series_id = payouts_series.open_series(
        people[0],
        code="JT",
        title="导师津贴",
        kind=SeriesKind.STIPENDS,
        treatment=Treatment.WITHHELD,
    )
    scale = Scale(
        title="导师津贴办法",
        starts_on=START,
        monthly=200,
        success=Success(amount=2000),
        factors=(Factor(factor="1.30", from_on=date(2025, 3, 1), to_on=JUNE),),
        mentor_year_cap=10000,
    )
    stipends_scales.approve_scale(
        people[1], stipends_scales.draft_scale(people[0], series_id, scale)
    )
    return series_id


def _add_pairs() -> None:
    db.session.execute(insert(Employer), {"id": 1, "title": "慈溪机械有限公司", "created_at": NOW})
    db.session.execute(insert(Person), [*_people()])
    db.session.execute(insert(Mentorship), [*_pairs()])
    db.session.commit()
    for month in range(1, MONTHS + 1):
        _add_months(range(1, 1 + MENTORS * LIVE), month)


def _people() -> Iterator[dict[str, Any]]:
    for number in range(1, 1 + MENTORS + MENTORS * PAIRS):
        yield {
            "id": number,
            "name": f"师徒{number}",
            "name_key": f"shitu{number}",
            "id_kind": "resident",
            "id_number": f"{number:018d}",
            "id_index": f"{number:064d}",
            "birth_date": date(1990, 1, 1),
            "sex": "F",
            "phone": "",
            "created_at": NOW,
        }


def _pairs() -> Iterator[dict[str, Any]]:
    for number in range(1, 1 + MENTORS * PAIRS):
        live = number <= MENTORS * LIVE
        yield {
            "id": number,
            "number": f"S{number}",
            "mentor_id": 1 + number % MENTORS,
            "apprentice_id": MENTORS + number,
            "employer_id": 1,
            "occupation": "焊工",
            "skill": "焊接",
            "target": "出师",
            "plan": [],
            "starts_on": START if live else OLD,
            "ends_on": date(2026, 12, 31) if live else date(2019, 12, 31),
            "ended_on": None if live else date(2019, 12, 31),
            "signed_on": START if live else OLD,
            "state": MentorshipState.RUNNING if live else MentorshipState.ACCEPTED,
            "imported": not live,
            "created_at": NOW,
        }


def _add_months(pairs: Iterable[int], month: int) -> None:
    rows = [
        {
            "mentorship_id": pair,
            "month": date(2025, month, 1),
            "mentor_confirmed_at": NOW,
            "apprentice_confirmed_at": NOW,
        }
        for pair in pairs
    ]
    db.session.execute(insert(MentorshipMonth), rows)
    db.session.commit()
