"""Batch files for the bank: an approved order in the columns that the bank asks for."""

import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.payouts import PayoutLayout, PayoutLine, PayoutOrder
from rules.payees import AccountKind
from rules.payout_layouts import PayoutColumns, PayoutField, reference_of, usual_columns
from rules.refusals import Missing, Refused
from rules.states import PAYOUT_LINE_MOVES, PayoutLineState, PayoutState, moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.awards_workbooks import Say
from services.payouts_papers import order_number
from services.payouts_parts import (
    check_results,
    digest_of,
    live_lines,
    locked_order,
    move_order,
    refresh_holds,
)
from services.saved_columns import save_columns
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_cells import Kind
from services.workbooks_writing import write_csv, write_table

Form = Literal["xlsx", "csv"]

_KINDS: dict[PayoutField, Kind] = {
    PayoutField.SERIAL: "integer",
    PayoutField.ACCOUNT: "digits",
    PayoutField.BANK_CODE: "digits",
    PayoutField.AMOUNT: "decimal",
}
_COMPANY = {True: N_("Company"), False: N_("Person")}


@transaction
def save_layout(
    by: Actor,
    layout_id: int | None,
    *,
    title: str,
    columns: PayoutColumns,
    version: int | None = None,
) -> int:
    """Store the columns of a bank under a title, as new or in place of the old."""
    found = PayoutLayout() if layout_id is None else get_layout(layout_id)
    return save_columns(by, found, title, columns.model_dump(mode="json")["columns"], version)


def list_layouts() -> Sequence[PayoutLayout]:
    """List the saved columns by title."""
    return db.session.scalars(select(PayoutLayout).order_by(PayoutLayout.title)).all()


def get_layout(layout_id: int) -> PayoutLayout:
    """Return saved columns; raise Missing."""
    found = db.session.get(PayoutLayout, layout_id)
    if found is None:
        raise Missing(layout_id)
    return found


def columns_of(stored: PayoutLayout | None) -> PayoutColumns:
    """Return saved columns, or the usual ones."""
    if stored is None:
        return usual_columns()
    return PayoutColumns.model_validate({"columns": stored.columns})


@transaction
def export(by: Actor, order_id: int, layout_id: int | None, form: Form, say: Say) -> bytes:
    """Write the lines that have not gone to the bank yet, or else the last batch once more.

    Held lines stay behind; once they are free the next file holds them and nobody else. The record
    says how many rows and how much went out, never to which account.
    """
    order = locked_order(order_id)
    if order.state not in (PayoutState.APPROVED, PayoutState.SENT, PayoutState.SETTLED):
        raise Refused(N_("An order goes to the bank once it is approved."))
    if digest_of(order) != order.digest:
        raise Refused(N_("This order is no longer what was approved."))
    stored = None if layout_id is None else get_layout(layout_id)
    lines, batch = _batch(by, order)
    made = _written(order, lines, columns_of(stored), form, say)
    order.layout_id = layout_id
    total = sum((line.net for line in lines), Decimal(0))
    after = {
        "batch": batch,
        "rows": len(lines),
        "amount": total,
        "sha256": hashlib.sha256(made).hexdigest(),
    }
    audits.record(by, "export", "payout_order", order_id, contest_id=order.contest_id, after=after)
    return made


def _batch(by: Actor, order: PayoutOrder) -> tuple[Sequence[PayoutLine], int]:
    """Send what waits as a new batch; where nothing waits, read the last one again."""
    if order.state is not PayoutState.SETTLED:
        check_results(order)
        refresh_holds(order)
    last = select(func.max(PayoutLine.batch)).where(PayoutLine.order_id == order.id)
    number = db.session.scalar(last) or 0
    waiting = [one for one in live_lines(order) if one.state is PayoutLineState.ORDERED]
    if waiting:
        number += 1
        for line in waiting:
            line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.SENT)
            line.batch, line.sent_at = number, by.now
        if order.state is PayoutState.APPROVED:
            order.sent_at = by.now
            move_order(by, order, PayoutState.SENT, "send", {"batch": number})
        db.session.flush()
    if number == 0:
        raise Refused(N_("Every line of this order is held; nothing can go to the bank."))
    query = (
        select(PayoutLine)
        .options(joinedload(PayoutLine.account))
        .where(PayoutLine.order_id == order.id, PayoutLine.batch == number)
        .order_by(PayoutLine.id)
    )
    lines = db.session.scalars(query).all()
    if any(line.account.number is None for line in lines):
        raise Refused(N_("The accounts of this batch are forgotten by now."))
    return lines, number


def _written(
    order: PayoutOrder,
    lines: Sequence[PayoutLine],
    layout: PayoutColumns,
    form: Form,
    say: Say,
) -> bytes:
    columns = [
        Column(f"c{place}", (one.heading,), kind=_KINDS.get(one.field, "text"))
        for place, one in enumerate(layout.columns)
    ]
    rows: list[dict[str, object]] = [
        {
            f"c{place}": one.text
            if one.field is PayoutField.CONSTANT
            else _READ[one.field](number, line, order, say)
            for place, one in enumerate(layout.columns)
        }
        for number, line in enumerate(lines, start=1)
    ]
    if form == "xlsx":
        return write_table(columns, rows, f"{say(N_('Payment order'))} {order.number}")
    heads = [one.title for one in columns]
    return write_csv([heads, *([row[one.key] for one in columns] for row in rows)])


_READ: dict[PayoutField, Callable[[int, PayoutLine, PayoutOrder, Say], object]] = {
    PayoutField.SERIAL: lambda number, line, order, say: number,
    PayoutField.REFERENCE: lambda number, line, order, say: reference_of(line.id),
    PayoutField.ACCOUNT: lambda number, line, order, say: line.account.number,
    PayoutField.HOLDER: lambda number, line, order, say: line.account.holder,
    PayoutField.BANK: lambda number, line, order, say: line.account.bank,
    PayoutField.BRANCH: lambda number, line, order, say: line.account.branch,
    PayoutField.BANK_CODE: lambda number, line, order, say: line.account.bank_code,
    PayoutField.ACCOUNT_KIND: lambda number, line, order, say: say(
        _COMPANY[line.account.kind is AccountKind.COMPANY]
    ),
    PayoutField.AMOUNT: lambda number, line, order, say: line.net,
    PayoutField.PURPOSE: lambda number, line, order, say: (
        f"{say(N_('Prize'))} {order_number(order)}"
    ),
    PayoutField.PAYEE: lambda number, line, order, say: line.payee,
    PayoutField.UNIT: lambda number, line, order, say: line.unit,
    PayoutField.EVENT: lambda number, line, order, say: line.event,
    PayoutField.AWARD: lambda number, line, order, say: say(line.award),
}
