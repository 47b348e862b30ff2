"""Who shares an award's money, to the fen, and whose higher prize takes it away."""

from decimal import Decimal

import pytest

from rules.allocation import AwardPlan, Tier
from rules.award_shares import (
    HIGHER_ELSEWHERE,
    ONLY_THE_REST,
    Claim,
    Party,
    ShareKind,
    entry_amount,
    fitted_shares,
    settle,
    shares_of,
    split_evenly,
)
from rules.refusals import Refused

FIRST = Tier(key="first", name="一等奖", amount=Decimal(8000), places=1)


def tier(**changes: object) -> Tier:
    return FIRST.model_copy(update=changes)


@pytest.mark.parametrize(
    ("amount", "count", "parts"),
    [
        ("10000", 3, ["3333.34", "3333.33", "3333.33"]),
        ("0.02", 3, ["0.01", "0.01", "0.00"]),
        ("8000", 2, ["4000.00", "4000.00"]),
    ],
)
def test_a_sum_is_split_to_the_fen_and_no_fen_is_lost(
    amount: str, count: int, parts: list[str]
) -> None:
    found = split_evenly(Decimal(amount), count)
    assert [str(part) for part in found] == parts
    assert sum(found) == Decimal(amount)


def test_a_team_splits_its_amount_among_the_members() -> None:
    found = shares_of(FIRST, FIRST.amount, Party(7, (1, 2, 3)))
    assert [share.person_id for share in found] == [1, 2, 3]
    assert {share.kind for share in found} == {ShareKind.MEMBER}
    assert entry_amount(FIRST, found) == 8000


def test_each_member_may_get_the_amount_in_full() -> None:
    each = tier(paid_to="each")
    found = shares_of(each, each.amount, Party(7, (1, 2)))
    assert [share.amount for share in found] == [8000, 8000]
    assert entry_amount(each, found) == 8000


def test_a_team_may_be_paid_as_a_whole() -> None:
    """Hainan pays teams 8,000, 5,000 and 3,000 (R4.05)."""
    whole = tier(paid_to="team")
    (share,) = shares_of(whole, whole.amount, Party(7, (1, 2, 3), employer_id=4))
    assert (share.kind, share.person_id, share.employer_id) == (ShareKind.TEAM, None, 4)
    assert share.amount == 8000


def test_the_coaches_share_a_sum_of_their_own() -> None:
    """National medals of Shandong: 100,000, and the same to the coach team (R4.05)."""
    medal = tier(amount=Decimal(100000), coach_amount=Decimal(100000))
    found = shares_of(medal, medal.amount, Party(7, (1,), coaches=(8, 9)))
    by_kind = {kind: [s.amount for s in found if s.kind is kind] for kind in ShareKind}
    assert by_kind[ShareKind.MEMBER] == [100000]
    assert by_kind[ShareKind.COACH] == [50000, 50000]
    assert [share.position for share in found] == [1, 2, 3]
    assert entry_amount(medal, found) == 100000


def test_without_coaches_their_sum_is_not_given() -> None:
    medal = tier(coach_amount=Decimal(100))
    assert [share.kind for share in shares_of(medal, medal.amount, Party(7, (1,)))] == ["member"]


def test_an_award_without_money_has_no_shares() -> None:
    assert shares_of(tier(amount=Decimal(0)), Decimal(0), Party(7, (1,))) == []


def test_coaches_count_for_the_budget_of_the_event() -> None:
    medal = tier(coach_amount=Decimal(2000))
    found = shares_of(medal, medal.amount, Party(7, (1,), coaches=(8,)))
    plan = AwardPlan(tiers=(medal,), budget=Decimal(9999))
    with pytest.raises(Refused) as refused:
        fitted_shares(plan, found, exempt=False)
    assert refused.value.params["total"] == "10000"
    reduced = plan.model_copy(update={"over_budget": "reduce", "budget": Decimal(5000)})
    assert [share.amount for share in fitted_shares(reduced, found, False)] == [4000, 1000]


def claim(share: int, amount: int, order: int = 0, **more: object) -> Claim:
    facts = {"basis": "gross", "exempt": False} | more
    return Claim(share, 1, Decimal(amount), order=(order, share), **facts)  # type: ignore[arg-type]


def test_only_the_highest_prize_of_a_person_is_paid() -> None:
    """就高不重复 (R4.07)."""
    found = settle([claim(1, 3000), claim(2, 5000), claim(3, 1000)])
    assert {key: one.amount for key, one in found.items()} == {1: 0, 2: 5000, 3: 0}
    assert (found[1].reason, found[2].reason) == (HIGHER_ELSEWHERE, "")


def test_of_two_equal_prizes_that_of_the_earlier_event_is_paid() -> None:
    found = settle([claim(1, 3000, order=2), claim(2, 3000, order=1)])
    assert (found[1].amount, found[2].amount) == (0, 3000)


def test_prizes_before_and_after_tax_are_compared_by_what_they_cost() -> None:
    found = settle([claim(1, 6000), claim(2, 5000, basis="net")])
    assert (found[1].amount, found[2].amount) == (0, 5000)


def test_what_was_fixed_before_stays_and_the_higher_one_is_paid_the_rest() -> None:
    found = settle([claim(1, 3000, fixed=Decimal(3000)), claim(2, 5000)])
    assert set(found) == {2}
    assert (found[2].amount, found[2].reason) == (2000, ONLY_THE_REST)


def test_the_rest_of_a_prize_after_tax_is_one_after_tax() -> None:
    found = settle([claim(1, 3000, fixed=Decimal(3000)), claim(2, 5000, basis="net")])
    assert found[2].amount == Decimal("2600.00")


def test_after_a_higher_fixed_prize_a_lower_one_gets_nothing() -> None:
    found = settle([claim(1, 5000, fixed=Decimal(5000)), claim(2, 3000)])
    assert (found[2].amount, found[2].reason) == (0, HIGHER_ELSEWHERE)


def test_the_order_in_which_events_are_settled_changes_nothing() -> None:
    claims = [claim(1, 3000, 3), claim(2, 5000, 2), claim(3, 5000, 1)]
    assert settle(claims) == settle(claims[::-1])
