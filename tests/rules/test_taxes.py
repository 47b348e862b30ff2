"""Prizes are taxed at 20 percent of the whole payment unless a flag says otherwise."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.taxes import tax_on


def test_t8_a_prize_of_10000_pays_2000_tax():
    assert tax_on(Decimal(10000), "gross", exempt=False) == (10000, 2000, 8000)


def test_t8_a_net_promise_of_10000_costs_12500():
    assert tax_on(Decimal(10000), "net", exempt=False) == (12500, 2500, 10000)


def test_a_net_promise_of_5000_costs_6250():
    assert tax_on(Decimal(5000), "net", exempt=False) == (6250, 1250, 5000)


@pytest.mark.parametrize("basis", ["gross", "net"])
def test_an_exempt_prize_is_paid_in_full(basis):
    assert tax_on(Decimal("800.50"), basis, exempt=True) == (
        Decimal("800.50"),
        0,
        Decimal("800.50"),
    )


def test_tax_is_rounded_to_the_fen_half_up():
    assert tax_on(Decimal("100.03"), "gross", exempt=False).tax == Decimal("20.01")
    assert tax_on(Decimal("0.02"), "net", exempt=False) == (
        Decimal("0.03"),
        Decimal("0.01"),
        Decimal("0.02"),
    )


@pytest.mark.parametrize("amount", ["-1", "0.001"])
def test_what_is_not_money_is_an_error(amount):
    with pytest.raises(ValueError, match="not an amount of money"):
        tax_on(Decimal(amount), "gross", exempt=False)


@given(st.integers(0, 10**9).map(lambda fen: Decimal(fen) / 100))
def test_a_net_promise_is_kept_to_the_fen_and_its_tax_is_that_of_its_gross(net):
    taxed = tax_on(net, "net", exempt=False)
    assert taxed.net == net
    assert taxed == tax_on(taxed.gross, "gross", exempt=False)
