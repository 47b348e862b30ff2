"""Import 5,000 entries from a spreadsheet, against the time openpyxl needs merely to read it.

The issue allows 3 times that time for reading, checking, preview and confirmation together.
"""

import io
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from app import create_app
from bench.workbook_samples import ROWS, sample_workbook
from models.accounts import Account
from models.contests import Contest, Division, Event
from models.database import Base, db
from rules.identity import check_digit
from rules.plans import EditionRules, default_event_plan, default_scheme
from rules.states import ContestState, EventState
from services import entries_imports
from services.acting import Actor
from services.contests import get_contest
from services.entries import Standing
from services.entries_rows import columns

NOW = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)
FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志红海燕"


def run() -> Iterable[str]:
    """Yield the ratio of the whole import to a plain reading of the same file."""
    data = _sample()
    plain, lean = _timed(lambda: _read(data, False)), _timed(lambda: _read(data, True))
    steps = _import(data)
    whole = sum(steps.values())
    details = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in steps.items())
    yield f"import_rows {whole / plain:.2f} of openpyxl's plain reading ({whole:.2f} s: {details})"
    yield f"import_rows_lean {whole / lean:.2f} of openpyxl's read-only mode ({lean:.2f} s)"


def _import(data: bytes) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(skillstar_mode="testing", instance_dir=folder, database_url=url)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            contest_id, by = _contest()
            steps = _steps(data, contest_id, by)
            db.session.remove()
            db.engine.dispose()
    return steps


def _steps(data: bytes, contest_id: int, by: Actor) -> dict[str, float]:
    standing, steps, made = Standing(is_official=True), dict[str, float](), dict[str, Any]()

    def read() -> None:
        contest = get_contest(contest_id)
        made["upload"] = entries_imports.read_upload(
            contest, standing, data, "entries.xlsx", by.today, True
        )

    def preview() -> None:
        made["id"] = entries_imports.preview(by, contest_id, standing, made["upload"])

    def show() -> None:
        made["shown"] = entries_imports.get_preview(made["id"])

    def confirm() -> None:
        entries_imports.confirm(by, made["id"], standing)

    for step in (read, preview, show, confirm):
        steps[step.__name__] = _timed(step)
    if made["shown"].good != ROWS:
        raise ValueError(f"{made['shown'].page.items[0].problems[0]}")
    return steps


def _timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _read(data: bytes, lean: bool) -> int:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=lean)
    return sum(value is not None for row in book.worksheets[0].values for value in row)


def _contest() -> tuple[int, Actor]:
    account = Account(
        username="bench", title="Bench", active=True, fs_uniquifier="bench", created_at=NOW
    )
    day = date(2026, 9, 1)
    contest = Contest(
        code="B1",
        title="Bench",
        year=2026,
        entry_opens_on=day,
        entry_closes_on=day + timedelta(days=30),
        starts_on=day + timedelta(days=40),
        ends_on=day + timedelta(days=41),
        rules=EditionRules().model_dump(mode="json"),
        state=ContestState.PUBLISHED,
        created_at=NOW,
    )
    contest.events = [_event(number) for number in range(18)]
    db.session.add_all([account, contest])
    db.session.commit()
    return contest.id, Actor(account.id, NOW, "bench")


def _event(number: int) -> Event:
    divisions = [("staff", "职工组"), ("student", "学生组")]
    return Event(
        code=f"{number:04d}",
        title=f"赛项{number}",
        occupation="钳工",
        scheme=default_scheme().model_dump(mode="json"),
        plan=default_event_plan().model_dump(mode="json"),
        state=EventState.REGISTERING,
        divisions=[Division(code=code, title=title) for code, title in divisions],
    )


def _sample() -> bytes:
    return sample_workbook(columns(True, True), ROWS, _row)


def _row(number: int) -> dict[str, object]:
    born = date(1970, 1, 1) + timedelta(days=number * 2 % 10_000)
    # Order code 000: these numbers belong to nobody.
    first = f"{330200 + number % 90:06d}{born:%Y%m%d}000"
    given = GIVEN[number % 30] + GIVEN[number // 30 % 30]
    return {
        "event": f"赛项{number % 18}",
        "division": "职工组" if number % 5 else "学生组",
        "name": FAMILIES[number % len(FAMILIES)] + given,
        "id_kind": "居民身份证",
        "id_number": first + check_digit(first),
        "phone": f"139{number:08d}",
        "held_level": "四级/中级工",
        "employer": f"慈溪市第{number % 300}机械有限公司",
    }
