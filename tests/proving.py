"""Issue thousands of certificates as the program does, and let other programs check every file.

python -m tests.proving         the levels won in the full demonstration, about 2,450 papers
python -m tests.proving 100     so many honour certificates of winners who are made up

Either makes a new database and prints a table; it ends with 1 for any fault.
"""

import io
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import zxingcpp
from asn1crypto import x509
from flask_security.utils import hash_password
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import func, select

from blueprints.commands import DEMO_PASSWORD
from models.certificates import Certificate
from models.database import db
from models.issuing import IssueRun
from models.levels import LevelLine, LevelList
from models.signatures import CertificateFile
from rules.certificate_kinds import CertificateKind
from services import certificates_issuing, demo, files, issuing, issuing_samples, statements
from services.acting import Actor
from services.certificates_identity import identity, source_of
from services.certificates_printing import PROCESSES
from services.certificates_rendering import facts_text
from services.issuing_leases import Worker
from services.issuing_printing import print_run
from services.issuing_working import work_all
from services.settings import Settings
from tests.builders import Builder
from tests.chaos.serving import make_app
from tests.issuing_crowd import awarded
from tests.pdf_checks import check_access, check_archive, facts_in, picture_of

ADDRESS = "https://skills.example/verify"
ONE_CODE_IN = 50  # a picture of every fiftieth is made, and its code read
CHECKS = ("pyHanko", "pdfsig", "qpdf", "PDF/A", "PDF/UA", "facts", "code")


class Kept(NamedTuple):
    """A kept file, and what must be in it."""

    number: str
    path: Path
    facts: bytes
    code: str | None


class Made(NamedTuple):
    """The contest whose papers are issued, their kind, and how many there must be."""

    contest_id: int
    kind: CertificateKind
    count: int


class Step(NamedTuple):
    """A line of the table."""

    title: str
    count: int
    seconds: float


def made_up(count: int) -> Made:
    """Make so many winners up."""
    contest_id = awarded(Builder(), count)
    statements.make_key(Actor(None, _now()))
    return Made(contest_id, CertificateKind.HONOUR, count)


def demonstrated(say: Callable[[str], None]) -> Made:
    """Build the full demonstration; its past contest has sent its list of levels."""
    demo.build("full", _now(), hash_password(DEMO_PASSWORD), say=say)
    query = select(LevelList.contest_id, func.count())
    query = query.join(LevelLine, LevelLine.list_id == LevelList.id).where(LevelLine.active)
    contest_id, count = db.session.execute(query.group_by(LevelList.contest_id)).one()
    return Made(contest_id, CertificateKind.LEVEL, count)


def prove(
    folder: Path, make: Callable[[], Made], say: Callable[[str], None]
) -> tuple[list[Step], list[str]]:
    """Issue, print, sign and check certificates; return how long it took, and faults."""
    app = make_app(folder, f"sqlite:///{folder / 'proving.db'}")
    settings: Settings = app.config["SETTINGS"]
    steps: list[Step] = []
    with app.app_context():
        begun = time.monotonic()
        contest_id, kind, count = make()
        steps.append(Step("winners brought in", count, time.monotonic() - begun))
        by = Actor(None, _now())
        run_id = issuing.prepare(by, contest_id, kind)
        with _timed(steps, "checked before issuing", count, say):
            issuing.check(by, run_id, str)
        issuing_samples.sample_sheet(by, run_id, settings.files_dir, ADDRESS, str)
        issuing.approve_sample(by, run_id)
        issuing.start(by, run_id, ADDRESS)
        with _timed(steps, "issued in a run", count, say):
            work_all(Worker.new(_now, str))
        with _timed(steps, f"printed and signed, {PROCESSES} processes", count, say):
            worker = Worker.new(_now, str, settings)
            db.session.get_one(IssueRun, run_id).lease_owner = worker.name
            db.session.commit()
            print_run(worker, run_id, settings)
        kept = list(_kept(settings, folder))
        source = source_of(settings, _now())
        assert source is not None
        root = identity(source).chain.certificates[-1]
        db.session.remove()
        db.engine.dispose()
    with _timed(steps, f"checked by other programs, {PROCESSES} processes", len(kept), say):
        faults = list(_check_all(kept, root, say))
    if len(kept) != count:
        faults.append(f"{len(kept)} files of {count} certificates")
    return steps, faults


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _timed(steps: list[Step], title: str, count: int, say: Callable[[str], None]) -> Iterator[None]:
    begun = time.monotonic()
    yield
    steps.append(Step(title, count, time.monotonic() - begun))
    say(f"{title}: {count} in {steps[-1].seconds:.1f} s")


def _kept(settings: Settings, folder: Path) -> Iterator[Kept]:
    """Write the kept files out, as a winner would download them."""
    query = select(Certificate, CertificateFile).join(
        CertificateFile, CertificateFile.certificate_id == Certificate.id
    )
    rows = db.session.execute(query.order_by(Certificate.id)).all()
    for place, (one, stored) in enumerate(rows):
        path = folder / f"{one.number}.pdf"
        path.write_bytes(files.read(settings.files_dir, stored.file_key, stored.sha256))
        assert certificates_issuing.digest_of(one.facts) == one.digest
        code = f"{ADDRESS}/{one.check_code}" if place % ONE_CODE_IN == 0 else None
        yield Kept(one.number, path, facts_text(one.facts), code)


def _check_all(kept: list[Kept], root: bytes, say: Callable[[str], None]) -> Iterator[str]:
    done, passed = 0, Counter[str]()
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        looked = pool.map(_checked, kept, [root] * len(kept), chunksize=10)
        for one, found in zip(kept, looked, strict=True):
            done += 1
            passed.update(name for name, fault in found.items() if not fault)
            yield from (f"{one.number} {name}: {fault}" for name, fault in found.items() if fault)
            if done % 250 == 0:
                say(f"checked {done} of {len(kept)}")
    say(", ".join(f"{name} {passed[name]}" for name in CHECKS))


def _checked(one: Kept, root: bytes) -> dict[str, str]:
    """Let every check look at a file; an empty text is no fault."""
    data = one.path.read_bytes()
    found = {
        "pyHanko": _fault(_check_signature, data, root),
        "pdfsig": _fault(_check_pdfsig, one.path),
        "qpdf": _fault(_check_structure, one.path),
        "PDF/A": _fault(check_archive, data),
        "PDF/UA": _fault(check_access, data),
        "facts": "" if facts_in(data) == one.facts else "other facts than were frozen",
    }
    if one.code is not None:
        found["code"] = _fault(_check_code, data, one.code)
    return found


def _fault(check: Callable[..., None], *given: object) -> str:
    try:
        check(*given)
    except (AssertionError, ValueError, subprocess.CalledProcessError) as fault:
        return f"{type(fault).__name__} {fault}"
    return ""


def _check_signature(data: bytes, root: bytes) -> None:
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    context = ValidationContext(trust_roots=[x509.Certificate.load(root)])
    found = validate_pdf_signature(signature, context)
    assert found.bottom_line and found.trusted and found.intact and found.docmdp_ok
    assert found.coverage.name == "ENTIRE_FILE" and found.modification_level.name == "NONE"


def _check_pdfsig(path: Path) -> None:
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" in said, said


def _check_structure(path: Path) -> None:
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


def _check_code(data: bytes, address: str) -> None:
    read = [found.text for found in zxingcpp.read_barcodes(picture_of(data))]
    assert len(read) == 1 and read[0].split("#")[0] == address, read


def _say(line: str) -> None:
    print(line, flush=True)


def main(count: int | None) -> int:
    """Print what was proven; return 1 for any fault."""
    make = partial(demonstrated, _say) if count is None else partial(made_up, count)
    with tempfile.TemporaryDirectory(prefix="skillstar-proving-") as folder:
        steps, faults = prove(Path(folder), make, _say)
    print(f"\n{'step':<45} {'number':>7} {'seconds':>8} {'ms each':>8}")
    for step in steps:
        each = step.seconds / max(1, step.count) * 1000
        print(f"{step.title:<45} {step.count:>7} {step.seconds:>8.1f} {each:>8.1f}")
    print(f"\n{len(faults)} faults")
    for line in faults[:20]:
        print(line)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else None))
