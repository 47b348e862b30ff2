"""What later events do to payments: a revoked honour or certificate, replaced or new results.

These are parts: they run inside the act that revokes or computes, in the same transaction.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models.awards import AwardShare
from models.contests import Event
from models.database import db
from models.entries import Entry, EntryMember
from models.honours import Honour
from models.payouts import PayoutClaim, PayoutLine, PayoutRecovery
from models.results import Revision
from rules.award_shares import ShareKind
from rules.honours import HonourKind, HonourVia
from rules.payouts import SPENT, Paid, Price, Treatment, rest_of
from rules.states import (
    EventState,
    HonourState,
    PayoutLineState,
    RecoveryState,
    RevisionState,
)
from rules.taxes import tax_on
from rules.texts import N_
from services import audits, payouts_recoveries
from services.acting import Actor
from services.payouts_dues import Due, claim_key, read_dues, read_known
from services.payouts_parts import stop

REPLACED = N_("The results were replaced.")
LOWERED = N_("By the new results less is due.")
_NO_MONEY = Price(Decimal(0), Decimal(0), Decimal(0), Treatment.WITHHELD)
UNSENT = (PayoutLineState.ORDERED, PayoutLineState.HELD)


def bar(by: Actor, entry_id: int, person_id: int, reason: str) -> None:
    """Part: let nothing more be paid to a person, or to the team, for an entry (R4.26).

    A line that has not gone to the bank stops at once; what was paid must come back.
    """
    claims = _claims(entry_id, person_id)
    for claim in claims:
        claim.barred_at, claim.barred_reason = by.now, reason
    for line in _lines(claims):
        if line.state in UNSENT:
            stop(line, reason)
            _record_stop(by, line, reason)
        elif line.state in SPENT:
            recover_whole(by, line, reason)
    db.session.flush()


def recover_whole(by: Actor, line: PayoutLine, reason: str) -> None:
    """Part: open the pay-back of what a paid line still holds."""
    back = _back_of(line)
    price = rest_of(_price(line), back)
    if price.gross > 0 and price.net > 0:
        payouts_recoveries.open_recovery(by, line, price, reason)


def _price(line: PayoutLine) -> Price:
    return Price(line.gross, line.tax, line.net, line.treatment, line.basis)


def _back_of(line: PayoutLine) -> Paid:
    """Add up what of a line comes back already."""
    query = select(PayoutRecovery.gross, PayoutRecovery.net).where(
        PayoutRecovery.line_id == line.id, PayoutRecovery.state != RecoveryState.CANCELLED
    )
    rows = db.session.execute(query).all()
    gross = sum((row[0] for row in rows), Decimal(0))
    return Paid(gross, gross - sum((row[1] for row in rows), Decimal(0)), len(rows))


def lift(by: Actor, entry_id: int, person_id: int, reason: str) -> None:
    """Part: let a payment go on whose certificate was only issued anew."""
    if _is_revoked(entry_id, person_id):
        return
    claims = _claims(entry_id, person_id)
    for claim in claims:
        claim.barred_at, claim.barred_reason = None, ""
    query = (
        select(PayoutRecovery)
        .join(PayoutLine, PayoutLine.id == PayoutRecovery.line_id)
        .where(PayoutLine.claim_id.in_([claim.id for claim in claims]))
        .where(PayoutRecovery.state == RecoveryState.OPEN, PayoutRecovery.received == 0)
    )
    for recovery in db.session.scalars(query.with_for_update(of=PayoutRecovery)):
        payouts_recoveries.drop_recovery(by, recovery, reason)
    db.session.flush()


def _is_revoked(entry_id: int, person_id: int) -> bool:
    """Say whether the register itself has taken the honour back."""
    query = select(Honour.id).where(
        Honour.entry_id == entry_id,
        Honour.person_id == person_id,
        or_(Honour.kind == HonourKind.PRIZE, Honour.via == HonourVia.SELECTION),
        Honour.state == HonourState.REVOKED,
    )
    return db.session.execute(query.limit(1)).first() is not None


def after_payment(by: Actor, contest_id: int | None, lines: Sequence[PayoutLine]) -> None:
    """Part: let money come back that the bank paid out although its honour fell meanwhile."""
    for line in lines:
        if line.claim.barred_at is not None:
            recover_whole(by, line, line.claim.barred_reason)
    if contest_id is not None:
        follow_results(by, contest_id)


def _claims(entry_id: int, person_id: int) -> list[PayoutClaim]:
    """Return the claims of a person, and of the own team, for an entry; the missing are added."""
    member = exists().where(
        EntryMember.entry_id == AwardShare.entry_id, EntryMember.person_id == person_id
    )
    rows = db.session.execute(
        select(
            Event.contest_id,
            AwardShare.entry_id,
            AwardShare.kind,
            AwardShare.person_id,
            AwardShare.employer_id,
            AwardShare.title,
        )
        .join(Revision, Revision.id == AwardShare.revision_id)
        .join(Event, Event.id == Revision.event_id)
        .where(AwardShare.entry_id == entry_id, Revision.state != RevisionState.DRAFT)
        .where(
            or_(AwardShare.person_id == person_id, and_(AwardShare.kind == ShareKind.TEAM, member))
        )
        .order_by(AwardShare.id)
    ).all()
    wanted = {claim_key(row): row for row in rows}
    query = select(PayoutClaim).where(PayoutClaim.key.in_(wanted)).with_for_update()
    found = {claim.key: claim for claim in db.session.scalars(query)}
    for key, row in wanted.items():
        if key not in found:
            found[key] = PayoutClaim(key=key, **row._asdict())
            db.session.add(found[key])
    db.session.flush()
    return [*found.values()]


def _lines(claims: Iterable[PayoutClaim]) -> Sequence[PayoutLine]:
    query = select(PayoutLine).where(
        PayoutLine.claim_id.in_([claim.id for claim in claims]), PayoutLine.live
    )
    return db.session.scalars(query.order_by(PayoutLine.id).with_for_update()).all()


def stop_replaced(by: Actor, event_id: int) -> None:
    """Part: stop at once what was ordered from replaced results of an event, and not sent."""
    query = (
        select(PayoutLine)
        .join(Revision, Revision.id == PayoutLine.revision_id)
        .where(Revision.event_id == event_id, Revision.state == RevisionState.SUPERSEDED)
        .where(PayoutLine.live, PayoutLine.state.in_(UNSENT))
        .order_by(PayoutLine.id)
        .with_for_update(of=PayoutLine)
    )
    for line in db.session.scalars(query).all():
        stop(line, REPLACED)
        _record_stop(by, line, REPLACED)
    db.session.flush()


def follow_results(by: Actor, contest_id: int) -> None:
    """Part: let come back what was paid and is by the final results no longer due.

    What is due in addition comes into the next order as a difference.
    """
    paid = _paid_lines(contest_id)
    if not paid:
        return
    known = read_known(contest_id)
    due: dict[str, Due] = {one.key: one for one in read_dues(contest_id)}
    for lines in paid.values():
        key = lines[0].claim.key
        rest = due[key].rest if key in due else rest_of(_NO_MONEY, known[key].paid)
        if rest.gross < 0:
            _take_back(by, lines, Price(-rest.gross, -rest.tax, -rest.net, rest.treatment))


def _take_back(by: Actor, lines: Sequence[PayoutLine], back: Price) -> None:
    """Let an amount come back from the newest lines of a claim, each up to what it holds."""
    gross, tax = back.gross, back.tax
    for line in lines:
        held = rest_of(_price(line), _back_of(line))
        if gross <= 0 or held.gross <= 0:
            continue
        part = held if gross >= held.gross else Price(gross, tax, gross - tax, line.treatment)
        payouts_recoveries.open_recovery(by, line, part, LOWERED)
        gross, tax = gross - part.gross, tax - part.tax


def take_back_gross(
    by: Actor, lines: Sequence[PayoutLine], amount: Decimal, reason: str
) -> Decimal:
    """Part: let an amount before tax come back from these lines; return how much they hold."""
    left = amount
    for line in lines:
        held = rest_of(_price(line), _back_of(line))
        if left <= 0 or held.gross <= 0:
            continue
        part = held if left >= held.gross else _share(line, held, left)
        if part.net > 0:
            payouts_recoveries.open_recovery(by, line, part, reason)
            left -= part.gross
    return amount - left


def _share(line: PayoutLine, held: Price, gross: Decimal) -> Price:
    """Price a part of a line, with as much of its tax as belongs to it."""
    tax = min(held.tax, tax_on(gross, "gross", line.treatment is not Treatment.WITHHELD).tax)
    return Price(gross, tax, gross - tax, line.treatment, line.basis)


def _paid_lines(contest_id: int) -> dict[int, list[PayoutLine]]:
    """Return the paid lines of each claim whose results are final, the newest first."""
    query = (
        select(PayoutLine)
        .join(PayoutClaim, PayoutClaim.id == PayoutLine.claim_id)
        .outerjoin(Entry, Entry.id == PayoutClaim.entry_id)
        .outerjoin(Event, Event.id == Entry.event_id)
        .options(contains_eager(PayoutLine.claim), joinedload(PayoutLine.order))
        .where(PayoutClaim.contest_id == contest_id, PayoutClaim.barred_at.is_(None))
        .where(PayoutLine.live, PayoutLine.state.in_(SPENT))
        .where(or_(PayoutClaim.entry_id.is_(None), Event.state == EventState.FINAL))
        .order_by(PayoutLine.part.desc(), PayoutLine.id.desc())
    )
    found: dict[int, list[PayoutLine]] = {}
    for line in db.session.scalars(query):
        found.setdefault(line.claim_id, []).append(line)
    return found


def _record_stop(by: Actor, line: PayoutLine, reason: str) -> None:
    after = {"line": line.id, "reason": reason}
    audits.record(by, "stop_line", "payout_order", line.order_id,
                  contest_id=line.order.contest_id, after=after)  # fmt: skip
