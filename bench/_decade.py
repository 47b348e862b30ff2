"""Ten years of a city ten times the size of Cixi, made up by a seed, put in by bulk statements.

Five editions of 46,000 entries, with results, awards and levels; 12,000 honours; 380 workshops and
40,000 pairs. A smaller scale makes less of everything. The last edition has its marks as well.

    with decade_app(folder, scale=0.1) as app:
        ...

uses PostgreSQL where TEST_DATABASE_URL names one (.ci/postgres), and empties it first.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from flask_security.utils import hash_password
from sqlalchemy import func, select, text

from app import create_app
from bench import _decade_registers as registers
from bench._decade_events import EventOf
from bench._decade_sizes import ENTRIES, NOW, PEOPLE, YEARS, Decade, at, store
from bench.pages import KEYS
from blueprints.commands import DEMO_PASSWORD
from blueprints.web import limiter
from models.awards import Award, LevelGrant
from models.contests import Contest
from models.database import db
from models.entries import Entry
from models.judging import Mark
from models.levels import LevelList, PersonLevel
from models.results import Result
from rules.states import ContestState, LevelListState
from services.acting import system
from services.demo_accounts import add_demo_accounts
from services.demo_events import SKETCHES, edition_rules
from tests.chaos.kills import empty


def load(decade: Decade, say: Callable[[str], None] = lambda _line: None) -> None:
    """Fill a migrated, empty database."""
    started = time.perf_counter()
    decade.accounts = add_demo_accounts(system(NOW), hash_password(DEMO_PASSWORD))
    db.session.commit()
    registers.people(decade)
    for number, year in enumerate(YEARS):
        _edition(decade, number, year)
        db.session.commit()
        say(f"{year}: {time.perf_counter() - started:.0f} s")
    registers.honours(decade)
    registers.workshops(decade)
    db.session.commit()
    _settle(decade)
    say(f"all: {time.perf_counter() - started:.0f} s")


def _settle(decade: Decade) -> None:
    """Let the database count on from the last id, and know what lies in its tables."""
    if db.engine.dialect.name == "postgresql":
        for name in decade.ids:
            sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
            db.session.execute(sequence, {"name": name, "last": decade.ids[name]})
    db.session.execute(text("ANALYZE"))
    db.session.commit()


@contextmanager
def decade_app(folder: Path, scale: float = 1.0, marked: bool = True) -> Iterator[Flask]:
    """Yield an application on so much data: on PostgreSQL where one is given, else on SQLite."""
    postgres = os.environ.get("TEST_DATABASE_URL")
    if postgres:
        empty(postgres)
    url = postgres or f"sqlite:///{folder}/decade.db"
    app = create_app(
        skillstar_mode="local", instance_dir=folder, database_url=url, clock_runs=False, **KEYS
    )
    limiter.enabled = False
    app.extensions["skillstar_clock"] = lambda: NOW
    with app.app_context():
        upgrade()
        load(Decade(scale, marked))
        db.session.remove()
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def counts() -> dict[str, int]:
    """Return how many rows the largest tables hold."""
    models = (Entry, Result, Award, LevelGrant, PersonLevel, Mark)
    return {
        one.__tablename__: db.session.scalar(select(func.count()).select_from(one)) or 0
        for one in models
    }


def _edition(decade: Decade, number: int, year: int) -> None:
    contest_id = decade.next(Contest)
    store(Contest, [_contest(contest_id, number, year)])
    list_id = decade.next(LevelList)
    store(LevelList, [_list(decade, list_id, contest_id, year)])
    # Nobody starts twice in an edition; who starts differs from one to the next.
    people = list(range(1, decade.many(PEOPLE) + 1))
    decade.random.shuffle(people)
    shares = sum(sketch.share for sketch in SKETCHES)
    total = decade.many(ENTRIES)
    sizes = [total * sketch.share // shares for sketch in SKETCHES]
    sizes[0] += total - sum(sizes)
    for place, (sketch, size) in enumerate(zip(SKETCHES, sizes, strict=True), start=1):
        field_ = [people.pop() for _ in range(size)]
        one = EventOf(decade, year, contest_id, list_id, sketch, place)
        one.add(field_)
        if decade.marked and year == YEARS[-1]:
            one.mark()


def _contest(key: int, number: int, year: int) -> dict[str, Any]:
    return {
        "id": key,
        "code": f"JN-{year}",
        "title": f"慈溪市第{number + 6}届“技能之星”职业技能竞赛",
        "year": year,
        "level": "county",
        "summary": "",
        "sponsors": "慈溪市人力资源和社会保障局",
        "hosts": "",
        "entry_opens_on": date(year, 3, 1),
        "entry_closes_on": date(year, 4, 30),
        "starts_on": date(year, 6, 1),
        "ends_on": date(year, 9, 30),
        "state": ContestState.PUBLISHED,
        "rules": edition_rules().model_dump(mode="json"),
        "titles_english": {},
        "version": 1,
        "created_at": at(year, 2),
    }


def _list(decade: Decade, key: int, contest_id: int, year: int) -> dict[str, Any]:
    return {
        "id": key,
        "contest_id": contest_id,
        "number": 1,
        "body": "慈溪市职业技能鉴定中心",
        "state": LevelListState.CLOSED,
        "note": "",
        "prepared_at": at(year, 10),
        "prepared_by_id": decade.accounts["bureau"],
        "approved_at": at(year, 10),
        "approved_by_id": decade.accounts["bureau2"],
        "digest": "",
        "version": 1,
    }
