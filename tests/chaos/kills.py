"""Kill the server again and again while judges save marks: what was acknowledged must be there.

python -m tests.chaos.kills 100            on SQLite
.ci/postgres python -m tests.chaos.kills 100    on PostgreSQL
"""

import itertools
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from sqlalchemy import create_engine, func, select, text

from models.audits import AuditRecord
from models.database import db
from models.judging import Mark
from tests.chaos.serving import (
    Judge,
    Server,
    hang_up,
    make_app,
    make_judges,
    open_sheet,
    request,
    start,
)

JUDGES, ASPECTS = 20, 6
BETWEEN = (0.2, 1.2)  # seconds of load before each kill
PATIENCE = 90


@dataclass
class Told:
    """What a judge was told of one mark: the value shown as saved, and one still on its way."""

    saved: str | None = None
    version: int = 0
    sent: str | None = None


@dataclass
class Outcome:
    """What a run of kills came to."""

    kills: int
    acknowledged: int
    lost: list[str] = field(default_factory=list)
    doubled: int = 0
    errors: list[str] = field(default_factory=list)


def run(folder: Path, url: str, kills: int, say: Callable[[str], None]) -> Outcome:
    """Let judges save while the server is killed so many times; compare with what is stored."""
    app = make_app(folder, url)
    judges = make_judges(app, JUDGES, ASPECTS)
    with app.app_context():
        db.engine.dispose()
    crowd = _Crowd(judges, start(folder, url))
    try:
        crowd.begin()
        chance = random.Random(kills)
        for number in range(1, kills + 1):
            time.sleep(chance.uniform(*BETWEEN))
            crowd.server.kill()
            crowd.server = start(folder, url, port=crowd.server.port)
            say(f"killed {number} of {kills}, {crowd.acknowledged} marks acknowledged")
        crowd.end()
    finally:
        crowd.stop.set()
        crowd.server.kill()
        hang_up(judges)
    outcome = Outcome(kills, crowd.acknowledged, errors=crowd.errors)
    with app.app_context():
        _compare(crowd, outcome)
        db.session.remove()
        db.engine.dispose()
    return outcome


class _Crowd:
    """Judges who go on saving, and who ask again when no answer comes."""

    def __init__(self, judges: list[Judge], server: Server) -> None:
        self.judges, self.server = judges, server
        self.told: dict[tuple[int, str], Told] = {}
        self.stop = threading.Event()
        self.errors: list[str] = []
        self.acknowledged = 0
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, args=(one,)) for one in judges]

    def begin(self) -> None:
        """Open all sheets and begin to save."""
        for judge in self.judges:
            open_sheet(self.server, judge)
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let everybody finish the mark that is under way."""
        self.stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _work(self, judge: Judge) -> None:
        sheet = judge.sheets[0]
        for number in itertools.count():
            if self.stop.is_set():
                return
            aspect = f"A{number % ASPECTS + 1}"
            self._save(judge, sheet, aspect, str(number % 101), f"{sheet}-{number}")

    def _save(self, judge: Judge, sheet: int, aspect: str, value: str, key: str) -> None:
        """Send one mark until an answer comes, always under the same key."""
        told = self.told.setdefault((sheet, aspect), Told())
        told.sent = value
        fields = {f"mark-{aspect}": value, f"base-{aspect}": str(told.version)}
        fields["request_key"] = key
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                path = f"/sheets/{sheet}/marks"
                status, body = request(
                    self.server, judge, "POST", path, fields | {"request_key": key}
                )
            except OSError:
                time.sleep(0.05)
                continue
            if status == 200:
                answer = json.loads(body)
                told.saved, told.version, told.sent = answer["value"], answer["version"], None
                with self._lock:
                    self.acknowledged += 1
            else:
                self.errors.append(f"{sheet} {aspect} {value}: {status} {body[:120]!r}")
            return
        self.errors.append(f"{sheet} {aspect} {value}: no answer for {PATIENCE} s")


def _compare(crowd: _Crowd, outcome: Outcome) -> None:
    stored = {
        (sheet, aspect): value
        for sheet, aspect, value in db.session.execute(
            select(Mark.sheet_id, Mark.aspect, Mark.value)
        )
    }
    for place, told in crowd.told.items():
        allowed = {Decimal(one) for one in (told.saved, told.sent) if one is not None}
        if told.saved is not None and stored.get(place) not in allowed:
            outcome.lost.append(f"{place}: told {told.saved}, stored {stored.get(place)}")
    # Each answer has written one record; what was never answered may have written one more each.
    records = select(func.count()).where(AuditRecord.action == "enter_mark")
    unanswered = sum(told.sent is not None for told in crowd.told.values())
    most = outcome.acknowledged + unanswered
    outcome.doubled = max(0, (db.session.scalar(records) or 0) - most)


def empty(url: str) -> None:
    """Take everything out of a PostgreSQL database."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def main(kills: int) -> int:
    """Run on the database that the environment names, else on SQLite; return 1 for any fault."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        empty(url)
    with tempfile.TemporaryDirectory(prefix="skillstar-kills-") as folder:
        address = url or f"sqlite:///{Path(folder) / 'kills.db'}"
        outcome = run(Path(folder), address, kills, lambda line: print(line, flush=True))
    print(
        f"{'PostgreSQL' if url else 'SQLite'}: {outcome.kills} kills, {outcome.acknowledged} marks"
        f" acknowledged, {len(outcome.lost)} lost, {outcome.doubled} doubled,"
        f" {len(outcome.errors)} errors"
    )
    for line in (outcome.lost + outcome.errors)[:20]:
        print(line)
    return 1 if outcome.lost or outcome.doubled or outcome.errors else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
