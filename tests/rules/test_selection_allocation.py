"""The choice in a selection, against every possible choice of small rounds; and why it is so."""

import os
import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby, product
from typing import Any

import pytest

from rules import selection_allocation_search as search
from rules.decisions import Decision, Undecided
from rules.selection_allocation import (
    Candidate,
    Pool,
    QuotaLimits,
    Rule,
    TierPlaces,
    Unworkable,
    allowed,
    choose,
    may_have,
    needed,
)
from rules.selection_allocation_reasons import REASONS, Reason, reason_of, reasons

ROUNDS = int(os.environ.get("SELECTION_ROUNDS", "10000"))
NONE: frozenset[Rule] = frozenset()


def random_pool(seed: int, most: int = 7, *, ties: bool = True) -> Pool:
    """Make a small round with tiers, floors and caps that may contradict each other."""
    draw = random.Random(seed)
    tiers = [
        TierPlaces(
            key,
            draw.choice([None, 0, 1, 1, 2, 3]),
            draw.choice([None, None, Fraction(draw.randint(0, 9))]),
        )
        for key in "abc"[: draw.choice([1, 1, 2, 2, 3])]
    ]

    def amount() -> str | None:
        share = draw.choice([10, 20, 30, 50, 60, 80, 100])
        return draw.choice([None, str(draw.randint(0, 4)), f"{share}%", "33.33 %"])

    quotas = [
        QuotaLimits(
            f"q{number}",
            amount(),
            draw.choice([None, amount()]),
            draw.choice([(), (), tuple(t.key for t in tiers if draw.random() < 0.5)]),
        )
        for number in range(draw.randint(0, 4))
    ]
    candidates: list[Candidate] = []
    rank, count = 1, draw.randint(1, most if len(tiers) < 3 else most - 1)
    while len(candidates) < count:
        size = min(draw.choice([1, 1, 1, 2, 3]) if ties else 1, count - len(candidates))
        candidates += [
            Candidate(
                len(candidates) + 1 + place,
                rank,
                frozenset(t.key for t in tiers if draw.random() < 0.85),
                frozenset(q.key for q in quotas if draw.random() < 0.5),
                Fraction(10 - rank),
            )
            for place in range(size)
        ]
        rank += size
    places = draw.choice([None, 1, 2, 3, 4])
    return Pool(candidates, tiers, places, quotas, draw.choice(["fill", "fill", "leave"]))


def every_choice(pool: Pool, without: frozenset[Rule]) -> Iterator[tuple[Any, tuple[int, ...]]]:
    """Yield every choice that breaks no cap, with what it is worth by the written order."""
    ranked = sorted(pool.candidates, key=lambda one: (one.rank, one.id))
    count, tiers = len(ranked), len(pool.tiers)
    options = [[0, *(at + 1 for at in may_have(pool, one, without))] for one in ranked]
    for pick in product(*options):
        given = sum(option > 0 for option in pick)
        if ("places", "") not in without:
            if pool.places is not None and given > pool.places:
                continue
            if any(t.places is not None and pick.count(n) > t.places for n, t in _numbered(pool)):
                continue
        short = _short(pool, ranked, pick, without)
        if short is None:
            continue
        total = sum(
            (count + 1 - one.rank) * (tiers + 1 - option)
            for one, option in zip(ranked, pick, strict=True)
            if option
        )
        paired = zip(ranked, pick, strict=True)
        kept = [
            tuple(sorted(-(option or 99) for _, option in group))[::-1]
            for _, group in groupby(paired, key=lambda one: one[0].rank)
        ]
        first = (given, -short) if pool.when_short == "fill" else (-short, given)
        yield (*first, total, kept), pick


def _numbered(pool: Pool) -> Iterator[tuple[int, TierPlaces]]:
    return enumerate(pool.tiers, 1)


def _short(
    pool: Pool, ranked: list[Candidate], pick: tuple[int, ...], without: frozenset[Rule]
) -> int | None:
    missing = 0
    for quota in pool.quotas:
        among = [
            one
            for one, option in zip(ranked, pick, strict=True)
            if option and (not quota.tiers or pool.tiers[option - 1].key in quota.tiers)
        ]
        have = sum(quota.key in one.counts for one in among)
        capped = quota.at_most is not None and ("cap", quota.key) not in without
        if capped and have > allowed(quota.at_most or "0", len(among)):
            return None
        if quota.at_least is not None and ("floor", quota.key) not in without:
            missing += max(0, needed(quota.at_least, len(among)) - have)
    return missing


def best_choices(pool: Pool, without: frozenset[Rule] = NONE) -> list[dict[int, str]]:
    """Return all choices that nothing parts, by trying every one there is."""
    best, found = None, []
    for worth, pick in every_choice(pool, without):
        if best is None or worth > best:
            best, found = worth, [pick]
        elif worth == best:
            found.append(pick)
    ranked = sorted(pool.candidates, key=lambda one: (one.rank, one.id))
    return [
        {one.id: pool.tiers[n - 1].key for one, n in zip(ranked, pick, strict=True) if n}
        for pick in found
    ]


def check(seed: int) -> bool:
    """Hold one random round against all its choices; say whether it needed a decision."""
    pool = random_pool(seed)
    best = best_choices(pool)
    try:
        found = choose(pool)
    except Undecided as undecided:
        assert len(best) > 1, seed
        group = set(undecided.groups[0])
        assert len({one.rank for one in pool.candidates if one.id in group}) == 1
        assert any(len({one.get(key) for one in best}) > 1 for key in group), seed
        return True
    assert best == [found.tiers], seed
    return False


def test_the_choice_of_ten_thousand_random_rounds_is_the_best_there_is() -> None:
    undecided = sum(check(seed) for seed in range(ROUNDS))
    assert ROUNDS * 0.02 < undecided < ROUNDS * 0.4


def test_the_prices_of_large_rounds_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW", 0)
    assert 0 < sum(check(seed) for seed in range(20_000, 20_250)) < 200


def test_every_rule_that_is_named_changes_the_outcome() -> None:
    kinds = set()
    for seed in range(300):
        pool = random_pool(seed, 6, ties=False)
        chosen = choose(pool)
        found = reasons(pool, chosen)
        assert found.keys() == {one.id for one in pool.candidates}
        for one, own in found.items():
            assert own, (seed, one)
            for reason in own:
                kinds.add(reason.kind)
                assert reason_of(reason.data()) == reason
                if reason.rules:
                    (world,) = best_choices(pool, frozenset(reason.rules))
                    assert world.get(one) != chosen.tiers.get(one), (seed, one, reason)
                    _check_words(reason, one, chosen.tiers, world, pool)
    assert kinds >= {"chosen", "in_by_floor", "out_by_floor", "out_by_cap", "out_by_places"}
    assert kinds <= REASONS.keys()


def _check_words(
    reason: Reason, one: int, now: dict[int, str], then: dict[int, str], pool: Pool
) -> None:
    order = [*(tier.key for tier in pool.tiers), None]
    way = reason.kind.split("_")[0]
    assert (way in ("out", "down")) == (order.index(then.get(one)) < order.index(now.get(one)))
    for other in reason.others:
        moved = order.index(now.get(other)) - order.index(then.get(other))
        assert (moved < 0) == (way in ("out", "down")), reason


TIERS = [TierPlaces("gold", 1), TierPlaces("silver", 2)]


def candidates(count: int, **counts: set[int]) -> list[Candidate]:
    """People in the order of their numbers who may have every tier."""
    return [
        Candidate(
            n,
            n,
            frozenset({"gold", "silver"}),
            frozenset(key for key, own in counts.items() if n in own),
        )
        for n in range(1, count + 1)
    ]


def test_a_floor_brings_in_the_next_of_the_company_and_says_for_whom() -> None:
    people = candidates(6, company={4, 5, 6})
    pool = Pool(people, TIERS, 3, [QuotaLimits("company", "50 %")])
    chosen = choose(pool)
    assert chosen.tiers == {1: "gold", 4: "silver", 5: "silver"}
    found = reasons(pool, chosen)
    rule = (("floor", "company"),)
    assert found[2] == (
        Reason("out_by_floor", rule, (4, 5)),
        Reason("out_by_places", (("places", ""),), rank=5),
    )
    assert found[4][1] == Reason("in_by_floor", rule, (2, 3))
    assert [(o.limit, o.reached, o.of, o.short) for o in chosen.quotas] == [(2, 2, 3, 0)]


def test_a_floor_that_nobody_can_meet_is_met_as_far_as_it_goes_or_leaves_places() -> None:
    people = candidates(6, company={6})
    quota = [QuotaLimits("company", "60%")]
    chosen = choose(Pool(people, TIERS, None, quota))
    assert chosen.tiers == {1: "gold", 2: "silver", 6: "silver"}
    assert chosen.quotas[0].short == 1
    strict = choose(Pool(people, TIERS, None, quota, "leave"))
    assert strict.tiers == {6: "gold"}


def test_equal_ranks_at_the_edge_need_a_decision_and_get_one() -> None:
    people = candidates(4)
    people[2] = Candidate(3, 3, people[2].tiers)
    people[3] = Candidate(4, 3, people[3].tiers)
    pool = Pool(people, TIERS)
    with pytest.raises(Undecided) as caught:
        choose(pool)
    assert caught.value.groups == ((3, 4),)
    decision = Decision(kind="place", order=(4, 3), reason="主任委员决定", decided_by="评委会")
    assert choose(pool, [decision]).tiers == {1: "gold", 2: "silver", 4: "silver"}


def test_a_thousand_candidates_are_chosen_from_and_explained() -> None:
    draw = random.Random(5)
    keys = ("company", "young", "women")
    people = [
        Candidate(
            n,
            n,
            frozenset({"gold", "silver"}),
            frozenset(
                key for key, part in zip(keys, (0.6, 0.3, 0.2), strict=True) if draw.random() < part
            ),
        )
        for n in range(1, 1001)
    ]
    quotas = [
        QuotaLimits("company", "80 %"),
        QuotaLimits("young", "50 %"),
        QuotaLimits("women", "30"),
    ]
    pool = Pool(people, [TierPlaces("gold", 20), TierPlaces("silver", 80)], 100, quotas)
    chosen = choose(pool)
    assert len(chosen.tiers) == 100
    assert [one.short for one in chosen.quotas] == [0, 0, 0]
    assert len(reasons(pool, chosen)) == 1000


def contrived_pool(seed: int) -> Pool:
    """Make a round whose floors and caps of many shares overlap in every tier."""
    draw = random.Random(seed)
    tiers = [TierPlaces("a", 9), TierPlaces("b", 17), TierPlaces("c", 31)]
    quotas = [
        QuotaLimits(
            f"q{number}",
            draw.choice([None, "31 %", "47 %", "53 %", "13"]),
            draw.choice([None, "37 %", "59 %", "67 %"]),
            draw.choice([(), ("a",), ("a", "b"), ("b", "c")]),
        )
        for number in range(8)
    ]
    candidates = [
        Candidate(
            number,
            number,
            frozenset("abc"),
            frozenset(one.key for one in quotas if draw.random() < 0.5),
        )
        for number in range(1, 121)
    ]
    return Pool(candidates, tiers, None, quotas)


def test_what_would_take_too_long_is_refused_and_names_the_quotas_that_bind() -> None:
    with pytest.raises(Unworkable) as refused:
        choose(contrived_pool(5))
    assert refused.value.quotas == ("q0", "q3", "q5")
    assert "q0、q3、q5" in str(refused.value.params["quotas"])


def test_many_of_one_kind_beyond_a_cap_are_no_hard_case() -> None:
    candidates = [
        Candidate(n, n, frozenset("a"), frozenset({"head"}) if n % 5 == 0 else frozenset())
        for n in range(1, 401)
    ]
    pool = Pool(candidates, [TierPlaces("a", 40)], None, [QuotaLimits("head", None, "10 %")])
    found = choose(pool)
    assert len(found.tiers) == 40
    assert reasons(pool, found)[399][0].kind == "out_by_places"
    everybody = choose(pool, without=frozenset({("places", "")}))
    heads = [n for n in everybody.tiers if n % 5 == 0]
    assert len(everybody.tiers) == 355 and len(heads) == 35
