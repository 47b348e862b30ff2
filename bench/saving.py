"""Two hundred judges save marks at the same time, on each database.

Marks travel as the sheets send them: in batches, one mark in each, and five where a device has
waited. The yardstick is the bare skeleton (bench/_skeleton.py) under the same load on the same
machine in the same run. The issue asks for at least 0.6 of its throughput, no mark lost or doubled,
no error of the server, and a p99 of at most 1 s at 100 marks a second while 500 readers poll.
"""

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from bench._skeleton import make_tables
from models.contests import Event
from models.database import db
from models.judging import Mark, Sheet
from models.receipts import SentMark
from rules.plans import EventPlan
from rules.syncing import PROTOCOL
from services import contests, rule_versions
from services.acting import Actor
from tests.builders import NOW
from tests.chaos.kills import empty
from tests.chaos.serving import (
    Judge,
    Server,
    hang_up,
    make_app,
    make_judges,
    open_sheet,
    request,
    serve,
)

JUDGES, ASPECTS, TAKEN = 200, 60, 10
RATE, SECONDS, READERS, EVERY = 100, 20, 500, 5.0
Send = Callable[[Server, Judge, Sequence[int]], str | None]


@dataclass
class Load:
    """What came of a load: how long each answer took, how many marks it carried, what failed."""

    took: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    marks: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Return the marks a second."""
        return self.marks / self.seconds

    def quantile(self, share: float) -> float:
        """Return the time in milliseconds within which this share of the answers came."""
        return sorted(self.took)[int(share * (len(self.took) - 1))] * 1000


def run() -> Iterable[str]:
    """Yield throughput against the skeleton, what was lost, and the answers at a steady rate."""
    yield from _on("sqlite", None)
    postgres = os.environ.get("TEST_DATABASE_URL")
    if postgres:
        empty(postgres)
        yield from _on("postgresql", postgres)
    else:
        yield "saving_postgresql not run (use: .ci/postgres .venv/bin/python -m bench saving)"


def _on(name: str, url: str | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="skillstar-saving-") as folder:
        path = Path(folder)
        address = url or f"sqlite:///{path / 'saving.db'}"
        app = make_app(path, address)
        judges = make_judges(app, JUDGES, ASPECTS)
        board = _open_board(app, judges[0].sheets[0])
        make_tables(address)
        # The skeleton first and last: a machine that slows down meanwhile shows.
        before = _skeleton(path, address, judges)
        with serve(path, address) as server:
            single = _crowd(server, judges, _send_batch, _slices(0, TAKEN, 1))
            batches = _crowd(server, judges, _send_batch, _slices(TAKEN, 4 * TAKEN, 5))
            steady, readers = _steady(server, judges, board)
        after = _skeleton(path, address, judges)
        yield from _compared(name, single, batches, before, after)
        yield _steadily(name, steady, readers)
        yield _losses(name, app, [single, batches, steady])
        with app.app_context():
            db.engine.dispose()


def _open_board(app: Flask, sheet_id: int) -> str:
    """Let everybody follow the event of a sheet; return where its data is."""
    with app.app_context():
        event_id = db.session.scalar(select(Sheet.event_id).where(Sheet.id == sheet_id))
        event = db.session.get_one(Event, event_id)
        rules = contests.rules_of(event.contest)
        day = rules.day.model_copy(update={"board": "live"})
        rules = rules.model_copy(update={"day": day})
        event.contest.rules = rules.model_dump(mode="json")
        event.plan = EventPlan().model_dump(mode="json")
        rule_versions.freeze(Actor(None, NOW), event, rules, "")
        db.session.commit()
        db.session.remove()
    return f"/board/events/{event_id}/data"


def _skeleton(path: Path, address: str, judges: Sequence[Judge]) -> Load:
    own = [Judge(one.account_id, one.unique, one.cookie, one.sheets) for one in judges]
    with serve(path, address, "bench._skeleton:create_skeleton()") as server:
        return _crowd(server, own, _send_field, _slices(0, TAKEN, 1))


def _slices(first: int, last: int, size: int) -> list[range]:
    """Return the numbers of the aspects that travel together."""
    return [range(at + 1, at + size + 1) for at in range(first, last, size)]


def _compared(name: str, single: Load, batches: Load, before: Load, after: Load) -> Iterator[str]:
    yardstick = (before.rate + after.rate) / 2
    yield (
        f"saving_{name}_skeleton 1.00 of itself"
        f" ({before.rate:.0f} and {after.rate:.0f} marks/s, p99 {before.quantile(0.99):.0f} ms)"
    )
    for kind, load in (("one_by_one", single), ("by_five", batches)):
        yield (
            f"saving_{name}_{kind} {load.rate / yardstick:.2f} of the skeleton"
            f" ({load.rate:.0f} marks/s, {JUDGES} judges, p50 {load.quantile(0.5):.0f} ms,"
            f" p99 {load.quantile(0.99):.0f} ms)"
        )


def _steadily(name: str, steady: Load, readers: Load) -> str:
    return (
        f"saving_{name}_steady {steady.quantile(0.99) / 1000:.2f} of a second"
        f" (p99; p50 {steady.quantile(0.5):.0f} ms, {steady.rate:.0f} marks/s wanted {RATE};"
        f" {READERS} readers, p99 {readers.quantile(0.99):.0f} ms, {len(readers.failed)} errors)"
    )


def _losses(name: str, app: Flask, loads: Sequence[Load]) -> str:
    sent = sum(load.marks for load in loads)
    with app.app_context():
        stored = db.session.scalar(select(func.count()).select_from(Mark)) or 0
        kept = db.session.scalar(select(func.count()).select_from(SentMark)) or 0
        db.session.remove()
    errors = [problem for load in loads for problem in load.failed]
    told = f", first {errors[0]}" if errors else ""
    return (
        f"saving_{name}_lost {sent - stored} of {sent}"
        f" (doubled {kept - stored}, errors {len(errors)}{told})"
    )


def _crowd(server: Server, judges: Sequence[Judge], send: Send, parts: Sequence[range]) -> Load:
    """Let all judges open their sheet, then fill it at the same moment."""
    for judge in judges:
        open_sheet(server, judge)
    load, lock = Load(), threading.Lock()
    begin = threading.Barrier(len(judges) + 1)

    def fill(judge: Judge) -> None:
        begin.wait()
        for part in parts:
            _note(load, lock, len(part), lambda part=part: send(server, judge, part))  # type: ignore[misc]

    threads = [threading.Thread(target=fill, args=(judge,)) for judge in judges]
    for thread in threads:
        thread.start()
    begin.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - started
    hang_up(judges)
    return load


def _note(load: Load, lock: threading.Lock, marks: int, act: Callable[[], str | None]) -> None:
    started = time.perf_counter()
    problem = act()
    took = time.perf_counter() - started
    with lock:
        if problem:
            load.failed.append(problem)
        else:
            load.took.append(took)
            load.marks += marks


def _steady(server: Server, judges: Sequence[Judge], board: str) -> tuple[Load, Load]:
    """Send marks at a steady rate while readers poll the board; both come at their own times."""
    for judge in judges:
        open_sheet(server, judge)
    load, readers, lock = Load(), Load(), threading.Lock()
    starts: list[float] = []
    # The hall has its board open before the first mark: nobody opens a page during the run.
    seated = threading.Barrier(
        len(judges) + READERS, lambda: starts.append(time.perf_counter() + 1)
    )

    def mark(number: int, judge: Judge) -> None:
        seated.wait()
        for turn in range(RATE * SECONDS // len(judges)):
            _sleep_until(starts[0] + (turn * len(judges) + number) / RATE)
            part = range(4 * TAKEN + turn + 1, 4 * TAKEN + turn + 2)
            _note(load, lock, 1, lambda part=part: _send_batch(server, judge, part))  # type: ignore[misc]

    def read(number: int) -> None:
        reader = Judge(0, "", "", [])
        status, _body = request(server, reader, "GET", board)
        assert status == 200
        seated.wait()
        for turn in range(int(SECONDS / EVERY)):
            _sleep_until(starts[0] + turn * EVERY + number * EVERY / READERS)
            _note(readers, lock, 0, lambda: _get(server, reader, board))
        hang_up([reader])

    threads = [threading.Thread(target=mark, args=pair) for pair in enumerate(judges)]
    threads += [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - starts[0]
    hang_up(judges)
    return load, readers


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.perf_counter()))


def _get(server: Server, reader: Judge, path: str) -> str | None:
    return _asked(lambda: request(server, reader, "GET", path))


def _send_field(server: Server, judge: Judge, part: Sequence[int]) -> str | None:
    """Save one mark as the skeleton takes it."""
    fields = {f"mark-A{part[0]}": "50"}
    path = f"/sheets/{judge.sheets[0]}/marks"
    return _asked(lambda: request(server, judge, "POST", path, fields))


def _send_batch(server: Server, judge: Judge, part: Sequence[int]) -> str | None:
    """Save marks as the script of the sheets does."""
    sheet = judge.sheets[0]
    marks = [
        {"key": f"bench-{sheet}-{number}", "sheet": sheet, "aspect": f"A{number}", "value": "50"}
        | {"base": 0, "sequence": number}
        for number in part
    ]
    device = {"protocol": PROTOCOL, "account": judge.account_id, "device": "bench-device"}
    data = device | {"marks": marks}
    return _asked(lambda: request(server, judge, "POST", "/sheets/sync", data=data), _unsaved)


def _unsaved(body: bytes) -> str | None:
    states = {one["state"] for one in json.loads(body)["answers"]}
    return None if states <= {"saved", "same"} else str(states)


def _asked(
    ask: Callable[[], tuple[int, bytes]], look: Callable[[bytes], str | None] = lambda _: None
) -> str | None:
    """Ask, once more if the kept connection had been closed while idle; return what is wrong."""
    problem = "no answer"
    for _attempt in range(2):
        try:
            status, body = ask()
        except OSError as broken:
            problem = str(broken)
            continue
        return look(body) if status in {200, 304} else f"{status} {body[:80]!r}"
    return problem
