"""The files of a run, made and signed ahead of the first download, by the process that works it."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import structlog
from sqlalchemy import func, select, update

from models.certificates import Certificate
from models.database import db, write_lock
from models.issuing import IssueLine, IssueRun
from rules.refusals import Refused
from rules.states import CertificateState, LineState
from services import certificates_files, certificates_layouts, signatures
from services.acting import Actor
from services.certificates_identity import source_of
from services.certificates_printing import Order, Press, Printed, print_many, print_one
from services.certificates_signing import Signing
from services.issuing_leases import Worker, kept_alive, renew
from services.settings import Settings

PARCEL = 25  # files that are kept together
FEW = 20  # below that, other processes take longer to start than the files to make


def print_run(worker: Worker, run_id: int, settings: Settings) -> None:
    """Make the files of all certificates of a run that have none; go on where one has stopped.

    A key that must not sign is a matter for the page of signing keys, not for the run: the files
    are made at the first download then.
    """
    source = source_of(settings, worker.clock())
    try:
        signing = signatures.signing(source, worker.clock())
    except Refused:
        structlog.get_logger().warning("files of a run wait: the key must not sign", run=run_id)
    else:
        press = Press(settings.files_dir, source, worker.clock())
        with kept_alive(worker, run_id):  # other processes are slow to start
            _print(worker, run_id, press, signing)
    _finish(worker, run_id)


def _print(worker: Worker, run_id: int, press: Press, signing: Signing | None) -> None:
    run = db.session.get_one(IssueRun, run_id)
    account_id, address = run.started_by_id, run.address
    found = signing.identity if signing else None
    with closing(_printed(run_id, address, press, signing)) as made:
        while parcel := list(islice(made, PARCEL)):
            renew(worker, run_id)
            by = Actor(account_id, worker.clock())
            certificates_files.keep_printed(by, parcel, press.folder, found)
            _mark(worker, run_id, [one.certificate_id for one in parcel])


def _printed(
    run_id: int, address: str, press: Press, signing: Signing | None
) -> Generator[Printed, None, None]:
    if _count_left(run_id) > FEW:
        yield from print_many(_orders(run_id, address, press.folder), press)
    else:
        for order in _orders(run_id, address, press.folder):
            yield print_one(order, press.folder, signing)


def _orders(run_id: int, address: str, folder: Path) -> Iterator[Order]:
    """Yield what is to be printed; it is read in pieces, as it is wanted."""
    last = 0
    while rows := _next(run_id, last):
        for position, certificate in rows:
            code = certificate.check_code
            yield certificates_layouts.order_of(certificate, f"{address}/{code}", folder)
            last = position


def _next(run_id: int, last: int) -> Sequence[tuple[int, Certificate]]:
    query = (
        select(IssueLine.position, Certificate)
        .join(Certificate, Certificate.id == IssueLine.certificate_id)
        .where(IssueLine.run_id == run_id, IssueLine.state == LineState.ISSUED)
        .where(IssueLine.position > last, Certificate.state == CertificateState.ISSUED)
    )
    rows = db.session.execute(query.order_by(IssueLine.position).limit(PARCEL))
    return [(row[0], row[1]) for row in rows]


def _count_left(run_id: int) -> int:
    left = (IssueLine.run_id == run_id, IssueLine.state == LineState.ISSUED)
    return db.session.scalar(select(func.count()).select_from(IssueLine).where(*left)) or 0


def _mark(worker: Worker, run_id: int, certificate_ids: Sequence[int]) -> None:
    mine = (IssueLine.run_id == run_id, IssueLine.certificate_id.in_(certificate_ids))
    with write_lock():
        db.session.rollback()
        db.session.execute(update(IssueLine).where(*mine).values(state=LineState.PRINTED))
        db.session.commit()


def _finish(worker: Worker, run_id: int) -> None:
    mine = (IssueRun.id == run_id, IssueRun.lease_owner == worker.name)
    over = {"printed_at": worker.clock(), "lease_owner": None, "lease_until": None}
    with write_lock():
        db.session.rollback()
        db.session.execute(update(IssueRun).where(*mine).values(over))
        db.session.commit()
