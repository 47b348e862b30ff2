"""Payment series: grants of workshops go through the desk, and know how far they have come."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.database import db
from models.payouts import PayoutLine, PayoutOrder
from models.workshops import WorkshopGrant
from rules.payees import AccountKind
from rules.payout_layouts import reference_of
from rules.payouts import Obstacle, SeriesKind, Treatment
from rules.refusals import Refused
from rules.states import PayoutLineState
from rules.workshops import ClosedFor, GrantKind, GrantState
from services import (
    payouts,
    payouts_accounts,
    payouts_batches,
    payouts_returns,
    payouts_series,
    payouts_sources,
    workshops,
)
from services.acting import Actor
from services.payouts_accounts import EMPLOYER, Payee, Typed
from services.workbooks import Column
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.workshop_rows import add_workshop

NOW = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)


class Desk:
    """A series of grants, one of which is due, one that is not due yet."""

    def __init__(self, build: Builder, **more: Any) -> None:
        self.payer = build.actor(build.account("payer"), NOW)
        self.approver = build.actor(build.account("approver"), NOW)
        facts: dict[str, Any] = {
            "code": "GZS",
            "title": "工作室补助",
            "kind": SeriesKind.GRANTS,
            "treatment": Treatment.WITHHELD,
        }
        self.series_id = payouts_series.open_series(self.payer, **facts | more)
        host = build.employer()
        shop = add_workshop(build, employer_id=host.id)
        self.grant, self.later = (
            build._kept(
                WorkshopGrant(
                    term_id=shop.terms[0].id,
                    kind=GrantKind.FOUNDING,
                    year=year,
                    amount=Decimal(50_000),
                    due_on=date(year, 5, 1),
                )
            )
            for year in (2026, 2027)
        )
        payee, number = Payee(EMPLOYER, host.id, host.title), "390000000017"
        typed = Typed(AccountKind.COMPANY, number, number, host.title, "中国工商银行")
        payouts_accounts.enter_account(self.payer, None, payee, typed, paper="开户许可证")

    def dues(self, by: Actor | None = None) -> list[payouts_sources.Due]:
        """What the series owes today."""
        series = payouts_series.get_series(self.series_id)
        return payouts_sources.read_series_dues(series, (by or self.payer).today)

    def state(self) -> GrantState:
        """How far the grant has come."""
        db.session.refresh(self.grant)
        return self.grant.state

    def sent(self) -> int:
        """Bring an order to the bank."""
        order = payouts_series.prepare_series(self.payer, self.series_id)
        payouts.submit(self.payer, order)
        payouts.approve(self.approver, order)
        payouts_batches.export(self.payer, order, None, "csv", str)
        return order

    def answer(self, order_id: int, result: str) -> int:
        """Take the bank's answer in and confirm it."""
        line = db.session.scalars(select(PayoutLine).where(PayoutLine.order_id == order_id)).one()
        columns = [
            Column("reference", ("业务参考号",)),
            Column("account", ("收款账号",), kind="digits"),
            Column("amount", ("金额",), kind="decimal"),
            Column("result", ("处理结果",)),
        ]
        row: dict[str, object] = {
            "reference": reference_of(line.id),
            "account": line.account.number,
            "amount": line.net,
            "result": result,
        }
        data = write_table(columns, [row], "回盘")
        made = payouts_returns.receive(self.payer, order_id, data, "回盘.xlsx")
        payouts_returns.confirm(self.payer, made)
        return made


def test_a_grant_is_due_ordered_and_paid(build: Builder) -> None:
    desk = Desk(build)
    assert [(one.share_id, one.obstacle) for one in desk.dues()] == [(desk.grant.id, None)]
    order = desk.sent()
    assert desk.state() is GrantState.ORDERED
    line = db.session.scalars(select(PayoutLine)).one()
    assert (line.gross, line.tax, line.treatment) == (50_000, 0, Treatment.UNIT)
    made = desk.answer(order, "交易成功")
    assert (desk.state(), desk.grant.paid_on) == (GrantState.PAID, NOW.date())
    payouts_returns.undo(desk.payer, made, reason="回盘有误")
    assert (desk.state(), desk.grant.paid_on) == (GrantState.ORDERED, None)


def test_a_failed_or_cancelled_payment_is_due_again(build: Builder) -> None:
    desk = Desk(build)
    desk.answer(desk.sent(), "交易失败")
    assert desk.state() is GrantState.DUE
    order = payouts_series.prepare_series(desk.payer, desk.series_id)
    assert db.session.get_one(PayoutOrder, order).number == 2
    payouts.cancel(desk.payer, order, reason="材料不全")
    assert desk.state() is GrantState.DUE
    order = payouts_series.prepare_series(desk.payer, desk.series_id)
    line = db.session.scalars(select(PayoutLine).where(PayoutLine.order_id == order)).one()
    payouts.stop_line(desk.payer, line.id, reason="材料不全")
    assert (line.state, desk.state()) == (PayoutLineState.STOPPED, GrantState.DUE)


def test_what_a_closed_workshop_was_not_paid_is_cancelled(build: Builder) -> None:
    desk = Desk(build)
    order = desk.sent()
    bureau = build.actor(build.account("bureau_staff"), NOW)
    shop_id = desk.grant.term.workshop_id
    workshops.close(bureau, shop_id, ClosedFor.WISH, reason="单位申请撤销")
    assert desk.state() is GrantState.ORDERED
    db.session.refresh(desk.later)
    assert desk.later.state is GrantState.CANCELLED
    made = desk.answer(order, "交易失败")
    assert (desk.state(), desk.dues()) == (GrantState.CANCELLED, [])
    payouts_returns.undo(desk.payer, made, reason="回盘有误")
    assert desk.state() is GrantState.ORDERED


def test_a_new_series_of_grants_knows_what_the_closed_one_has_paid(build: Builder) -> None:
    desk = Desk(build)
    desk.answer(desk.sent(), "交易成功")
    payouts_series.close_series(desk.payer, desk.series_id)
    desk.series_id = payouts_series.open_series(
        desk.payer,
        code="GZS2",
        title="工作室补助（续）",
        kind=SeriesKind.GRANTS,
        treatment=Treatment.WITHHELD,
    )
    assert [one.in_hand for one in desk.dues()] == [True]
    with pytest.raises(Refused, match="Nothing can be ordered"):
        payouts_series.prepare_series(desk.payer, desk.series_id)


def test_the_ceiling_of_a_series_holds(build: Builder) -> None:
    desk = Desk(build, ceiling=Decimal(40_000), budget_line="2080799")
    assert [one.obstacle for one in desk.dues()] == [Obstacle.OVER_BUDGET]
    with pytest.raises(Refused, match="Nothing can be ordered"):
        payouts_series.prepare_series(desk.payer, desk.series_id)


def test_an_order_has_one_source(build: Builder) -> None:
    desk = Desk(build)
    order = db.session.get_one(PayoutOrder, desk.sent())
    order.contest_id = build.contest().id
    with pytest.raises(IntegrityError, match="source"):
        db.session.commit()
    db.session.rollback()


def test_a_closed_series_orders_nothing(build: Builder) -> None:
    desk = Desk(build)
    with pytest.raises(Refused, match="already; close it first"):
        Desk(build, title="又一个", code="X")
    payouts_series.close_series(desk.payer, desk.series_id)
    with pytest.raises(Refused, match="is closed"):
        payouts_series.prepare_series(desk.payer, desk.series_id)
    with pytest.raises(Refused, match="is closed"):
        payouts_series.close_series(desk.payer, desk.series_id)
