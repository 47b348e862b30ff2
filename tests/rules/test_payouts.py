"""Rules of payments: obstacles, tax to the fen, budget lines, differences, the tax month."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.award_shares import ShareKind
from rules.payouts import (
    Obstacle,
    Paid,
    Price,
    Purse,
    Standing,
    Treatment,
    as_wages,
    capitals_amount,
    first_over,
    month_of,
    obstacle_of,
    price_of,
    purse_problem,
    rest_of,
    tax_due_on,
)
from rules.states import EventState, RevisionState
from rules.taxes import tax_on

AMOUNTS = st.integers(1, 10**9).map(lambda fen: Decimal(fen) / 100)
FINAL = Standing(Decimal(100), RevisionState.SIGNED, EventState.FINAL)


def changed(**more: object) -> Standing:
    return Standing(**({name: getattr(FINAL, name) for name in Standing.__slots__} | more))  # type: ignore[arg-type]


def test_a_signed_share_of_a_final_event_can_be_ordered() -> None:
    assert obstacle_of(FINAL) is None


@pytest.mark.parametrize(
    ("standing", "obstacle"),
    [
        (changed(revision=RevisionState.DRAFT), Obstacle.DRAFT),
        (changed(revision=RevisionState.SUPERSEDED), Obstacle.SUPERSEDED),
        (changed(event=EventState.NOTICE), Obstacle.NOTICE_OPEN),
        (changed(event=EventState.SIGNED), Obstacle.NOT_FINAL),
        (changed(contested=True), Obstacle.APPEAL),
        (changed(objected=True), Obstacle.OBJECTION),
        (changed(barred=True), Obstacle.REVOKED),
        (changed(in_hand=True), Obstacle.ORDERED),
        (changed(due=Decimal(0)), Obstacle.NOTHING_DUE),
        (changed(exempt_without_basis=True), Obstacle.NO_BASIS),
        (changed(has_account=False), Obstacle.NO_ACCOUNT),
    ],
)
def test_each_obstacle_is_named(standing: Standing, obstacle: Obstacle) -> None:
    assert obstacle_of(standing) is obstacle


def test_only_a_final_signed_share_is_ever_free() -> None:
    for revision, event in product(RevisionState, EventState):
        free = obstacle_of(changed(revision=revision, event=event)) is None
        assert free is (revision is RevisionState.SIGNED and event is EventState.FINAL)


def test_a_prize_of_an_employer_comes_from_no_revision() -> None:
    assert obstacle_of(Standing(Decimal(100))) is None


def test_a_taxed_prize_a_net_promise_an_exempt_one_and_wages() -> None:
    five = Decimal("5000.00")
    member = ShareKind.MEMBER
    assert price_of(member, five, "gross", False) == Price(
        five, Decimal("1000.00"), Decimal("4000.00"), Treatment.WITHHELD
    )
    promised_net = price_of(member, five, "net", False)
    assert (promised_net.gross, promised_net.tax, promised_net.net) == (6250, 1250, 5000)
    exempt = price_of(member, five, "gross", True, "个人所得税法第四条第一项")
    assert (exempt.tax, exempt.rate, exempt.basis) == (0, 0, "个人所得税法第四条第一项")
    assert as_wages(five) == Price(five, Decimal("0.00"), five, Treatment.WAGES)
    assert price_of(ShareKind.EMPLOYER, five, "gross", False).treatment is Treatment.UNIT


@given(AMOUNTS, AMOUNTS, st.sampled_from(["gross", "net"]), st.booleans())
def test_payment_and_difference_add_up_to_what_is_due(
    before: Decimal, after: Decimal, basis: str, exempt: bool
) -> None:
    old = price_of(ShareKind.MEMBER, before, basis, exempt, "x")  # type: ignore[arg-type]
    new = price_of(ShareKind.MEMBER, after, basis, exempt, "x")  # type: ignore[arg-type]
    rest = rest_of(new, Paid(old.gross, old.tax, 1))
    assert (old.gross + rest.gross, old.tax + rest.tax) == (new.gross, new.tax)
    assert rest.net == rest.gross - rest.tax and old.net + rest.net == new.net
    assert (new.gross, new.tax, new.net) == tax_on(after, basis, exempt)  # type: ignore[arg-type]


def test_a_budget_line_reserves_spends_and_says_what_is_free() -> None:
    purse = Purse("A", "市级竞赛专项", Decimal(1000), Decimal(300), Decimal(200))
    assert (purse.free, purse.used_percent) == (500, 50)
    assert purse_problem({"A": purse}, {"A": Decimal(500)}) is None
    problem = purse_problem({"A": purse}, {"A": Decimal("500.01")})
    assert problem is not None and "500.00 yuan are free" in str(problem)
    assert purse_problem({"A": purse}, {"B": Decimal(10**6)}) is None
    assert Purse("B", "不设上限", None).free is None


def test_a_small_amount_may_still_fit_behind_a_large_one_that_does_not() -> None:
    purse = Purse("A", "专项", Decimal(100))
    wanted = [
        (1, "A", Decimal(60)),
        (2, "A", Decimal(50)),
        (3, "A", Decimal(40)),
        (4, "", Decimal(9)),
    ]
    assert first_over({"A": purse}, wanted) == {2}


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        (date(2026, 11, 29), date(2026, 12, 15)),
        (date(2026, 12, 1), date(2027, 1, 15)),
        (date(2027, 1, 31), date(2027, 2, 15)),
    ],
)
def test_the_tax_is_due_by_the_fifteenth_of_the_next_month(paid: date, due: date) -> None:
    assert tax_due_on(paid) == due


def test_a_month_is_read_or_not() -> None:
    assert month_of("2026-12") == (date(2026, 12, 1), date(2026, 12, 31))
    assert month_of("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_of("2026-13") is None and month_of("") is None


def test_capitals_get_an_amount_to_the_fen() -> None:
    assert str(capitals_amount(Decimal("1E+3"))) == "1000.00"
