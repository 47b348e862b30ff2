"""Receipts: what a judge signed, proved later by a code and a digest."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.audits import AuditRecord
from models.contests import Event
from models.database import db
from models.judging import Sheet
from models.receipts import Receipt, SentMark
from rules.receipts import (
    CODE_LENGTH,
    CODE_LETTERS,
    content_of,
    differences,
    digest_of,
    marks_in,
    tidy_code,
)
from rules.refusals import Missing, Refused
from rules.schemes import Scheme
from rules.states import SheetState
from rules.texts import N_
from services.acting import Actor
from services.sheets import stored_marks

MOST_SHOWN = 200
SHORTEST_DIGEST = 8


@dataclass(frozen=True)
class ReceiptLine:
    """A receipt in a judge's list."""

    receipt: Receipt
    event_title: str
    valid: bool


@dataclass(frozen=True)
class Reopening:
    """Why and when a signed sheet was opened again."""

    at: datetime
    reason: str


@dataclass(frozen=True)
class ReceiptView:
    """A receipt beside what is stored now: changed marks, and the openings that let them change."""

    receipt: Receipt
    event: Event
    part: str
    number: int
    untouched: bool
    signed: bool
    changes: list[tuple[str, Decimal | None, Decimal | None]]
    reopenings: list[Reopening]
    later: list[Receipt]

    @property
    def marks(self) -> dict[str, Decimal]:
        """Return the marks that were signed."""
        return marks_in(self.receipt.content)


@dataclass(frozen=True)
class BatchView:
    """What arrived of one batch of a device."""

    count: int
    received_at: datetime


def add_receipt(
    by: Actor, sheet: Sheet, code: str, scheme: Scheme, marks: Mapping[str, Decimal]
) -> Receipt:
    """Part: give the judge of a sheet that was just signed the receipt for it."""
    seat = f"{sheet.seat.part}/{sheet.seat.number}"
    content = content_of(code, scheme.digest(), seat, sheet.version, by.now, marks)
    receipt = Receipt(
        code="".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
        sheet_id=sheet.id,
        account_id=sheet.seat.account_id,
        work=code,
        version=sheet.version,
        content=content,
        digest=digest_of(content),
        signed_at=by.now,
    )
    db.session.add(receipt)
    return receipt


def last_receipt(sheet_id: int) -> Receipt | None:
    """Return the newest receipt of a sheet."""
    query = select(Receipt).where(Receipt.sheet_id == sheet_id).order_by(Receipt.id.desc())
    return db.session.scalars(query.limit(1)).first()


def list_own(account_id: int) -> list[ReceiptLine]:
    """List a judge's receipts, newest first, and whether each still stands."""
    query = (
        select(Receipt, Event.title, Sheet.state, Sheet.version)
        .join(Sheet, Sheet.id == Receipt.sheet_id)
        .join(Event, Event.id == Sheet.event_id)
        .where(Receipt.account_id == account_id)
        .order_by(Receipt.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        ReceiptLine(receipt, title, state is SheetState.SIGNED and version == receipt.version)
        for receipt, title, state, version in db.session.execute(query)
    ]


def get_receipt(receipt_id: int) -> Receipt:
    """Return a receipt; raise Missing."""
    receipt = db.session.get(Receipt, receipt_id)
    if receipt is None:
        raise Missing(receipt_id)
    return receipt


def get_view(receipt_id: int) -> ReceiptView:
    """Return a receipt with what became of its sheet since; raise Missing."""
    receipt = get_receipt(receipt_id)
    query = select(Sheet).options(joinedload(Sheet.seat)).where(Sheet.id == receipt.sheet_id)
    sheet = db.session.scalars(query).one()
    event = db.session.get_one(Event, sheet.event_id)
    now = {key: mark.value for key, mark in stored_marks([sheet.id]).get(sheet.id, {}).items()}
    return ReceiptView(
        receipt,
        event,
        sheet.seat.part,
        sheet.seat.number,
        sheet.version == receipt.version and sheet.state is SheetState.SIGNED,
        sheet.state is SheetState.SIGNED,
        differences(marks_in(receipt.content), now),
        _reopenings(sheet, receipt),
        _later(receipt),
    )


def _reopenings(sheet: Sheet, receipt: Receipt) -> list[Reopening]:
    query = (
        select(AuditRecord.at, AuditRecord.after)
        .where(
            AuditRecord.action == "reopen",
            AuditRecord.subject == "sheet",
            AuditRecord.subject_id == sheet.id,
            AuditRecord.at >= receipt.signed_at,
        )
        .order_by(AuditRecord.id)
    )
    return [
        Reopening(at, (after or {}).get("reason", "")) for at, after in db.session.execute(query)
    ]


def _later(receipt: Receipt) -> list[Receipt]:
    query = select(Receipt).where(Receipt.sheet_id == receipt.sheet_id, Receipt.id > receipt.id)
    return list(db.session.scalars(query.order_by(Receipt.id)))


NO_CODE = N_("There is no receipt with this code. Check it letter by letter.")
_OTHER_DIGEST = N_(
    "The code is known, but the digest is another one: what you hold is not what was signed."
)
_SHORT_DIGEST = N_("Enter at least the first %(count)s figures of the digest.")


def find_proved(code: str, digest: str) -> Receipt:
    """Return the receipt that a code and a digest (or its beginning) prove; refuse all others."""
    wanted = digest.strip().lower()
    if len(wanted) < SHORTEST_DIGEST:
        raise Refused(_SHORT_DIGEST, field="digest", count=SHORTEST_DIGEST)
    receipt = db.session.scalar(select(Receipt).where(Receipt.code == tidy_code(code)))
    if receipt is None:
        raise Refused(NO_CODE, field="code")
    if not receipt.digest.startswith(wanted):
        raise Refused(_OTHER_DIGEST, field="digest")
    return receipt


def find_batch(account_id: int, digest: str) -> BatchView | None:
    """Say what of a batch arrived that one's own device sent; None for an unknown digest."""
    query = select(func.count(), func.min(SentMark.received_at)).where(
        SentMark.account_id == account_id, SentMark.batch == digest.strip().lower()
    )
    count, received_at = db.session.execute(query).one()
    return BatchView(count, received_at) if count else None
