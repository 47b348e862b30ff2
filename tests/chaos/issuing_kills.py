"""Kill the process that issues certificates again and again: nothing half, lost or doubled.

python -m tests.chaos.issuing_kills 50                 on SQLite
.ci/postgres python -m tests.chaos.issuing_kills 50    on PostgreSQL
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.issuing import IssueLine, IssueRun, SerialCounter, TakenNumber
from models.signatures import CertificateFile
from rules.numbering import check_number
from rules.states import LineState, NumberState, RunState
from services import certificates_issuing, files, issuing, issuing_samples
from services.acting import Actor
from services.issuing_leases import count_done
from tests.builders import Builder
from tests.chaos.issuing_process import ADDRESS
from tests.chaos.kills import empty
from tests.chaos.serving import make_app
from tests.conftest import KEYS
from tests.issuing_crowd import awarded

BETWEEN = (0.05, 2.5)  # seconds of work before each kill
PATIENCE = 900
EACH = 15  # certificates for each kill: about as many as are issued or printed between two


@dataclass
class Outcome:
    """What a run of kills came to."""

    kills: int
    certificates: int
    issuing: int = 0  # kills while certificates were issued
    printing: int = 0  # kills while files were made
    seconds: float = 0.0
    orphans: int = 0  # files that no row knows: the hourly sweep takes them
    faults: list[str] = field(default_factory=list)


def run(folder: Path, url: str, kills: int, people: int, say: Callable[[str], None]) -> Outcome:
    """Issue certificates while the process that does is killed so many times; look at all."""
    app = make_app(folder, url)
    begun = time.monotonic()
    with app.app_context():
        run_id = _started(awarded(Builder(), people), app.config["SETTINGS"].files_dir)
        _let_go()
    outcome = Outcome(kills, people)
    chance = random.Random(kills)
    parent = _begin(folder, url)
    for number in range(1, kills + 1):
        _kill_one(parent, chance.uniform(*BETWEEN))
        with app.app_context():
            done, state = count_done(run_id), db.session.get_one(IssueRun, run_id).state
            outcome.faults += [f"kill {number}: {fault}" for fault in _halves()]
            _let_go()
        outcome.issuing += state is RunState.RUNNING
        outcome.printing += state is RunState.DONE
        say(f"killed {number} of {kills}, {done} of {people} issued, {state}")
    parent.communicate(timeout=PATIENCE)
    last = [_begin(folder, url, "--once") for _ in range(2)]  # two at once: one works, one looks on
    for process in last:
        process.communicate(timeout=PATIENCE)
    outcome.seconds = time.monotonic() - begun
    with app.app_context():
        outcome.faults += [*_halves(), *_unfinished(run_id, people), *_cut_files(app, outcome)]
        _let_go()
    return outcome


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def _started(contest_id: int, folder: Path) -> int:
    by = Actor(None, datetime.now(UTC))
    run_id = issuing.prepare(by, contest_id)
    issuing.check(by, run_id, str)
    issuing_samples.sample_sheet(by, run_id, folder, ADDRESS, str)  # the layout is made with it
    issuing.approve_sample(by, run_id)
    return issuing.start(by, run_id, ADDRESS)


def _begin(folder: Path, url: str, *more: str) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "SKILLSTAR_MODE": "local",
        "INSTANCE_DIR": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": KEYS["secret_key"],
        "DATA_KEY": KEYS["data_key"],
        "CLOCK_RUNS": "false",
    }
    with (folder / "issuing.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.issuing_process", *more],
            env=environment,
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def _kill_one(parent: "subprocess.Popen[str]", after: float) -> None:
    """Let a process begin to work, and kill it."""
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdin.write("next\n")
    parent.stdin.flush()
    child = int(parent.stdout.readline())
    time.sleep(after)
    with suppress(ProcessLookupError):  # it had nothing left to do
        os.kill(child, signal.SIGKILL)


def _halves() -> Iterator[str]:
    """Name what no moment may show: certificates without all their parts, numbers without them."""
    made = db.session.scalars(select(Certificate)).all()
    for one in made:
        whole = one.facts.get("number") == one.number and check_number(one.number)
        if not whole or one.digest != certificates_issuing.digest_of(one.facts):
            yield f"half a certificate: {one.number}"
    taken = db.session.scalars(select(TakenNumber)).all()
    numbers = Counter(one.number for one in made)
    yield from (f"doubled: {number}" for number, times in numbers.items() if times > 1)
    issued = {one.number for one in taken if one.state is NumberState.ISSUED}
    yield from (f"not in the register: {number}" for number in numbers.keys() - issued)
    yield from (f"lost: {number}" for number in issued - numbers.keys())
    lines = db.session.scalars(select(IssueLine)).all()
    done = {one.certificate_id for one in lines if one.certificate_id is not None}
    if done != {one.id for one in made}:
        yield "lines and certificates differ"


def _unfinished(run_id: int, people: int) -> Iterator[str]:
    """Name what is missing at the end, and serials that were passed over."""
    run = db.session.get_one(IssueRun, run_id)
    if run.state is not RunState.DONE or run.printed_at is None:
        yield f"the run is {run.state}, files made at {run.printed_at}"
    states = Counter(db.session.scalars(select(IssueLine.state)))
    if states != {LineState.PRINTED: people}:
        yield f"lines: {dict(states)}"
    serials = Counter(number.rsplit("-", 2)[0] for number in _numbers())
    for counter in db.session.scalars(select(SerialCounter)):
        if counter.last != serials[counter.series]:
            yield f"{counter.series}: {counter.last} given out, {serials[counter.series]} there"


def _numbers() -> list[str]:
    return list(db.session.scalars(select(Certificate.number)))


def _cut_files(app: Flask, outcome: Outcome) -> Iterator[str]:
    """Name files that are missing, cut or not what was kept."""
    folder = app.config["SETTINGS"].files_dir
    query = select(CertificateFile).where(CertificateFile.replaced_at.is_(None))
    kept = db.session.scalars(query).all()
    yield from (
        f"{times} files of certificate {key}"
        for key, times in Counter(one.certificate_id for one in kept).items()
        if times > 1
    )
    if len(kept) != outcome.certificates:
        yield f"{len(kept)} files of {outcome.certificates} certificates"
    for one in kept:
        data = files.read(folder, one.file_key, one.sha256)
        if not data.startswith(b"%PDF-") or not data.rstrip().endswith(b"%%EOF"):
            yield f"a cut file: {one.file_key}"
    known = {one.file_key for one in kept}
    outcome.orphans = sum(one.name not in known for one in (folder / "kept").glob("*/*"))


def main(kills: int) -> int:
    """Run on the database that the environment names, else on SQLite; return 1 for any fault."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        empty(url)
    with tempfile.TemporaryDirectory(prefix="skillstar-issuing-") as folder:
        address = url or f"sqlite:///{Path(folder) / 'kills.db'}"
        people = max(100, EACH * kills)
        outcome = run(Path(folder), address, kills, people, lambda line: print(line, flush=True))
    print(
        f"{'PostgreSQL' if url else 'SQLite'}: {outcome.kills} kills ({outcome.issuing} while"
        f" issuing, {outcome.printing} while printing), {outcome.certificates} certificates,"
        f" {outcome.orphans} files for the sweep, {len(outcome.faults)} faults,"
        f" {outcome.seconds:.0f} s"
    )
    for line in outcome.faults[:20]:
        print(line)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
