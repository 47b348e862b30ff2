"""Compute the results of one event with 300 entries and 100 aspects, reading and writing included.

The issue allows 200 ms. The yardstick is the time that it takes merely to fetch the marks.
"""

import random
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select

from app import create_app
from models.accounts import Account
from models.contests import Contest, Division, Event, RuleVersion
from models.database import Base, db
from models.entries import Entry, EntryMember
from models.judging import Mark, PanelSeat, Sheet
from models.people import Person
from models.works import Work
from rules.levels import LevelRule
from rules.plans import EditionRules, default_event_plan
from rules.schemes import Aspect, Panel, Part, Scheme, Section
from rules.states import ContestState, EntryState, EventState, SheetState
from services import results
from services.acting import Actor

NOW = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)
ENTRIES, ASPECTS, ROUNDS = 300, 100, 7
KEYS = [f"a{number:03d}" for number in range(ASPECTS)]


def run() -> Iterable[str]:
    """Yield the ratio of a whole computation to a plain fetch of its marks."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(skillstar_mode="testing", instance_dir=folder, database_url=url)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            event_id, by = _event()
            plain = _timed(_fetch)
            whole = _timed(lambda: results.compute(by, event_id))
            db.session.remove()
            db.engine.dispose()
    marks = ENTRIES * ASPECTS
    yield (
        f"results {whole / plain:.2f} of merely fetching its {marks} marks "
        f"({whole * 1000:.0f} ms; 200 ms are allowed)"
    )


def _timed(step: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        db.session.remove()
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return median(times)


def _fetch() -> int:
    return len(db.session.execute(select(Mark.sheet_id, Mark.aspect, Mark.value)).all())


def _event() -> tuple[int, Actor]:
    account = Account(
        username="bench", title="Bench", active=True, fs_uniquifier="bench", created_at=NOW
    )
    scheme, plan = (
        _scheme().model_dump(mode="json"),
        default_event_plan()
        .model_copy(update={"levels": LevelRule(needs=("practical",))})
        .model_dump(mode="json"),
    )
    event = Event(
        code="01",
        title="钳工",
        occupation="钳工",
        scheme=scheme,
        plan=plan,
        state=EventState.REVIEW,
        divisions=[Division(code="staff", title="职工组"), Division(code="s", title="学生组")],
    )
    db.session.add_all([account, _contest(event)])
    db.session.flush()
    frozen = {"scheme": scheme, "plan": plan, "edition": EditionRules().model_dump(mode="json")}
    db.session.add(
        RuleVersion(event_id=event.id, number=1, digest="0" * 64, frozen_at=NOW, **frozen)
    )
    seat = PanelSeat(event_id=event.id, part="practical", number=1, account_id=account.id)
    db.session.add(seat)
    db.session.flush()
    _fill(event, seat)
    db.session.commit()
    return event.id, Actor(account.id, NOW, "bench")


def _contest(event: Event) -> Contest:
    day = date(2026, 9, 1)
    return Contest(
        code="B1",
        title="Bench",
        year=2026,
        entry_opens_on=day,
        entry_closes_on=day,
        starts_on=day,
        ends_on=day,
        rules=EditionRules().model_dump(mode="json"),
        state=ContestState.PUBLISHED,
        created_at=NOW,
        events=[event],
    )


def _scheme() -> Scheme:
    aspects = tuple(Aspect(key=key, title=key, maximum=Decimal(1)) for key in KEYS)
    section = Section(key="A", title="Task", aspects=aspects)
    part = Part(
        key="practical",
        title="Practical",
        weight=Decimal(100),
        sections=(section,),
        panel=Panel(),
        pass_mark=Decimal(60),
    )
    return Scheme(title="Bench", parts=(part,))


def _fill(event: Event, seat: PanelSeat) -> None:
    values = [Decimal(0), Decimal("0.5"), Decimal(1)]
    chance = random.Random(1)
    rows = []
    for number in range(ENTRIES):
        sheet = Sheet(
            event_id=event.id,
            work=_work(event, number),
            seat_id=seat.id,
            state=SheetState.SIGNED,
        )
        db.session.add(sheet)
        db.session.flush()
        rows += [
            {"sheet_id": sheet.id, "aspect": key, "value": chance.choice(values)}
            | {"version": 1, "updated_at": NOW}
            for key in KEYS
        ]
    db.session.execute(insert(Mark), rows)


def _work(event: Event, number: int) -> Work:
    entry = _entry(event, number)
    return Work(
        event_id=event.id, division_id=entry.division_id, code=entry.code or "", entry=entry
    )


def _entry(event: Event, number: int) -> Entry:
    person = Person(
        name=f"选手{number}",
        id_kind="resident",
        id_number=str(number),
        id_index=str(number),
        created_at=NOW,
    )
    return Entry(
        event_id=event.id,
        division_id=event.divisions[number % 2].id,
        number=f"01-{number:03d}",
        code=f"W{number:03d}",
        title=person.name,
        state=EntryState.ACCEPTED,
        submitted_at=NOW,
        members=[EntryMember(event_id=event.id, person=person)],
    )
