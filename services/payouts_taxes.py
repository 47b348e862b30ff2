"""The tax return list of a month: whom tax was withheld from, with identity numbers (R4.30)."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.database import db
from models.entries import EntryMember
from models.payouts import PayoutClaim, PayoutLine, PayoutOrder, PayoutRecovery
from models.people import Person
from rules.award_shares import ShareKind, split_evenly
from rules.payouts import Treatment
from rules.refusals import Refused
from rules.states import RecoveryState
from rules.texts import N_
from services import audits
from services.acting import ZONE, Actor
from services.awards_workbooks import Say
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

_INCOME = (Treatment.WITHHELD, Treatment.EXEMPT)
_COLUMNS = (
    Column("number", (N_("No."),), kind="integer"),
    Column("name", (N_("Name"),)),
    Column("id_kind", (N_("Kind of identity document"),)),
    Column("id_number", (N_("Identity number"),), kind="digits"),
    Column("income", (N_("Kind of income"),)),
    Column("gross", (N_("Income"),), kind="decimal"),
    Column("exempt", (N_("Tax-exempt income"),), kind="decimal"),
    Column("rate", (N_("Rate"),)),
    Column("tax", (N_("Tax payable"),), kind="decimal"),
    Column("basis", (N_("Legal basis"),)),
    Column("paid_on", (N_("Paid on"),), kind="date"),
    Column("remark", (N_("Remark"),)),
)


@dataclass(frozen=True)
class TaxRow:
    """One payment to one person as the tax return lists it; of pay-backs the amounts are negative.

    A team's payment is listed member by member, in equal parts that add up to the fen.
    """

    person_id: int
    name: str
    gross: Decimal
    tax: Decimal
    treatment: Treatment
    basis: str
    rate: Decimal
    paid_on: date
    is_back: bool = False


@dataclass(frozen=True)
class TaxMonth:
    """The payments of a month and their sums."""

    rows: Sequence[TaxRow]
    gross: Decimal
    tax: Decimal


def month_rows(contests: frozenset[int] | None, first: date, last: date) -> TaxMonth:
    """List what was paid to persons within a month, and what came back within it."""
    start = datetime.combine(first, time(), ZONE)
    end = datetime.combine(last + timedelta(days=1), time(), ZONE)
    paid = _lines(contests, PayoutLine.paid_at, start, end, PayoutLine.gross, PayoutLine.net)
    back_columns = (PayoutRecovery.gross, PayoutRecovery.net)
    back = _lines(contests, PayoutRecovery.closed_at, start, end, *back_columns)
    teams = _members([row.entry_id for row in (*paid, *back) if row.kind is ShareKind.TEAM])
    rows = [one for row in paid for one in _rows(row, teams, 1)]
    rows += [one for row in back for one in _rows(row, teams, -1)]
    nothing = Decimal("0.00")
    return TaxMonth(
        rows,
        sum((one.gross for one in rows), nothing),
        sum((one.tax for one in rows), nothing),
    )


def _lines(
    contests: frozenset[int] | None, at: Any, start: datetime, end: datetime, gross: Any, net: Any
) -> Sequence[Any]:
    query = (
        select(
            PayoutClaim.kind,
            PayoutClaim.entry_id,
            PayoutClaim.person_id,
            Person.name,
            PayoutLine.treatment,
            PayoutLine.basis,
            PayoutLine.rate,
            gross.label("gross"),
            net.label("net"),
            at.label("at"),
        )
        .select_from(PayoutLine)
        .join(PayoutClaim, PayoutClaim.id == PayoutLine.claim_id)
        .join(PayoutOrder, PayoutOrder.id == PayoutLine.order_id)
        .outerjoin(Person, Person.id == PayoutClaim.person_id)
        .where(PayoutLine.treatment.in_(_INCOME), at >= start, at < end)
    )
    if at is PayoutRecovery.closed_at:
        query = query.join(PayoutRecovery, PayoutRecovery.line_id == PayoutLine.id).where(
            PayoutRecovery.state == RecoveryState.RECEIVED
        )
    if contests is not None:
        query = query.where(PayoutOrder.contest_id.in_(contests))
    return db.session.execute(query.order_by(at, PayoutLine.id)).all()


def _rows(row: Any, teams: Mapping[int, list[tuple[int, str]]], sign: int) -> list[TaxRow]:
    people = teams[row.entry_id] if row.kind is ShareKind.TEAM else [(row.person_id, row.name)]
    count = len(people)
    grosses = split_evenly(row.gross, count)
    taxes = split_evenly(row.gross - row.net, count)
    return [
        TaxRow(
            person_id,
            name,
            sign * gross,
            sign * tax,
            row.treatment,
            row.basis,
            row.rate,
            row.at.astimezone(ZONE).date(),
            sign < 0,
        )
        for (person_id, name), gross, tax in zip(people, grosses, taxes, strict=True)
    ]


def _members(entries: Sequence[int | None]) -> dict[int, list[tuple[int, str]]]:
    query = (
        select(EntryMember.entry_id, Person.id, Person.name)
        .join(Person, Person.id == EntryMember.person_id)
        .where(EntryMember.entry_id.in_([one for one in entries if one is not None]))
        .order_by(EntryMember.entry_id, EntryMember.position)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for entry, person, name in db.session.execute(query):
        found.setdefault(entry, []).append((person, name))
    return found


@transaction
def export_taxes(
    by: Actor,
    contests: frozenset[int] | None,
    first: date,
    last: date,
    say: Say,
    id_kind: Callable[[str], str],
) -> bytes:
    """Write the tax return list of a month with identity numbers; the act is recorded."""
    month = month_rows(contests, first, last)
    if not month.rows:
        raise Refused(N_("Nothing was paid in this month."))
    people = _people([one.person_id for one in month.rows])
    rows = [
        _cells(number, one, people[one.person_id], say, id_kind)
        for number, one in enumerate(month.rows, start=1)
    ]
    rows.append({"name": say(N_("Sum")), "gross": month.gross, "tax": month.tax})
    columns = [Column(one.key, (say(one.title),), kind=one.kind) for one in _COLUMNS]
    title = f"{say(N_('Tax return list'))} {first:%Y-%m}"
    made = write_table(columns, rows, title, notes=[say(N_("Amounts in yuan."))])
    after = {
        "month": f"{first:%Y-%m}",
        "rows": len(month.rows),
        "amount": month.tax,
        "sha256": hashlib.sha256(made).hexdigest(),
    }
    audits.record(by, "export_taxes", "payments", None, after=after)
    return made


def _cells(
    number: int, one: TaxRow, person: Any, say: Say, id_kind: Callable[[str], str]
) -> dict[str, object]:
    exempt = one.treatment is Treatment.EXEMPT
    return {
        "number": number,
        "name": one.name,
        "id_kind": id_kind(person.id_kind),
        "id_number": person.id_number,
        "income": say(N_("Incidental income")),
        "gross": one.gross,
        "exempt": one.gross if exempt else None,
        "rate": f"{one.rate:.0%}",
        "tax": one.tax,
        "basis": one.basis,
        "paid_on": one.paid_on,
        "remark": say(N_("Paid back")) if one.is_back else "",
    }


def _people(ids: Sequence[int]) -> dict[int, Any]:
    query = select(Person.id, Person.id_kind, Person.id_number).where(Person.id.in_({*ids}))
    return {row.id: row for row in db.session.execute(query)}
