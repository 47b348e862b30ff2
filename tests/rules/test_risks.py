"""How many more sheets make the order at the award lines safe."""

from decimal import Decimal
from fractions import Fraction

import pytest

from rules.risks import Bounds, Reach, Standing, bounds_of, reach_of, risk_of, sequence, taint_of
from rules.schemes import Aspect, Panel, Part, Scheme, Section
from rules.seats import bench_of

FIVE = Fraction(5, 100)


def standings(*totals: str, places: int = 1) -> list[Standing]:
    """Works W0, W1 ... of one division, so many of them with an award."""
    return [Standing(f"W{n}", Decimal(total), int(n >= places)) for n, total in enumerate(totals)]


def sheets(works: int, largest: str, each: int = 1) -> list[Reach]:
    return [
        Reach(f"{n}.{seat}", f"W{n}", Fraction(largest))
        for n in range(works)
        for seat in range(each)
    ]


def test_works_far_from_the_line_cannot_change_the_order() -> None:
    bounds = bounds_of([standings("90", "60", "59")], sheets(3, "2"))
    assert not bounds.sheets
    assert risk_of(bounds, "s", {}, FIVE).safe


def test_a_sheet_that_could_turn_the_order_round_alone_is_always_compared() -> None:
    bounds = bounds_of([standings("90", "89", "50")], sheets(3, "2"))
    assert bounds.certain == {"0.0": Fraction(2), "1.0": Fraction(2)}
    found = risk_of(bounds, "s", {}, FIVE)
    assert (set(found.unseen), found.safe) == ({"0.0", "1.0"}, False)
    assert risk_of(bounds, "s", dict.fromkeys(bounds.certain, Fraction(0)), FIVE).safe


def test_equal_totals_at_the_line_leave_no_room_for_any_error() -> None:
    bounds = bounds_of([standings("90", "90")], sheets(2, "1"))
    assert set(bounds.certain.values()) == {None}
    found = risk_of(bounds, "s", {"0.0": Fraction(1, 1000)}, FIVE)
    assert found.needs_all and found.unseen == ("1.0",)


def test_the_bound_is_the_largest_error_by_the_smallest_margin() -> None:
    bounds = bounds_of([standings("90", "86", "84", places=1)], sheets(3, "2", each=2))
    assert bounds.drawn["0.0"] == Fraction(2, 4)
    assert bounds.drawn["1.1"] == Fraction(2, 4)
    assert bounds.drawn["2.0"] == Fraction(2, 6)


def test_only_works_of_one_stage_are_parted_by_totals() -> None:
    field = [Standing("W0", Decimal(50), 0, 2), Standing("W1", Decimal(60), 1, 1)]
    assert not bounds_of([field], sheets(2, "20")).sheets


def test_clean_draws_bring_the_risk_down_by_the_formula_of_kaplan_and_markov() -> None:
    bounds = Bounds({}, {str(n): Fraction(1, 2) for n in range(10)})  # U = 5
    order = [key for key, _ in zip(sequence(bounds, "seed"), range(14), strict=False)]
    # (1 - 1/5)^13 = 0.055, ^14 = 0.044
    seen = dict.fromkeys(order[:13], Fraction(0))
    found = risk_of(bounds, "seed", seen, FIVE)
    if order[13] in seen or seen.keys() >= bounds.drawn.keys():
        assert found.safe
    else:
        assert found.risk == Fraction(Decimal("0.8") ** 13)
        assert found.unseen == (order[13],)
    assert risk_of(bounds, "seed", dict.fromkeys(order, Fraction(0)), FIVE).safe


def test_errors_ask_for_more_sheets() -> None:
    bounds = Bounds({}, {f"{n:03d}": Fraction(1, 20) for n in range(200)})  # U = 10
    clean = risk_of(bounds, "seed", {}, FIVE)
    first = next(sequence(bounds, "seed"))
    stained = risk_of(bounds, "seed", {first: Fraction(1, 2)}, FIVE)
    assert len(clean.unseen) < len(stained.unseen) + 1
    assert len(stained.unseen) > len(clean.unseen)


def test_an_error_as_great_as_was_thought_possible_means_all() -> None:
    bounds = Bounds({}, {f"{n:03d}": Fraction(1, 20) for n in range(200)})
    found = risk_of(bounds, "seed", {"007": Fraction(1)}, FIVE)
    assert found.needs_all and len(found.unseen) == 199 and not found.safe


def test_when_everything_is_compared_nothing_is_left_to_chance() -> None:
    bounds = Bounds({"c": Fraction(3)}, {"a": Fraction(1, 2), "b": Fraction(1, 2)})
    assert risk_of(bounds, "s", dict.fromkeys("abc", Fraction(2)), FIVE).risk == 0


def test_sheets_that_together_cannot_reach_the_margin_need_no_look() -> None:
    bounds = Bounds({}, {"a": Fraction(2, 5), "b": Fraction(2, 5)})
    assert risk_of(bounds, "s", {}, FIVE).safe


def test_the_draw_is_the_same_everywhere_and_follows_the_bounds() -> None:
    bounds = Bounds({}, {"rare": Fraction(1, 100), "often": Fraction(99, 100)})
    first = [key for key, _ in zip(sequence(bounds, "42"), range(300), strict=False)]
    assert first == [key for key, _ in zip(sequence(bounds, "42"), range(300), strict=False)]
    assert first.count("often") > 280
    assert not [*sequence(Bounds({}, {}), "42")]


def simulated(seed: int) -> bool:
    """Say whether a check passes although the order is wrong: 20 of 40 sheets eat up the margin."""
    bounds = Bounds({}, {f"{n:02d}": Fraction(1, 10) for n in range(40)})
    errors = {f"{n:02d}": Fraction(1, 2) if n < 20 else Fraction(0) for n in range(40)}
    seen: dict[str, Fraction] = {}
    while True:
        found = risk_of(bounds, str(seed), seen, FIVE)
        if found.safe:
            return seen.keys() < errors.keys()
        if found.needs_all:
            return False
        seen |= {key: errors[key] for key in found.unseen}


def test_a_wrong_order_passes_in_about_the_stated_part_of_all_seeds_at_most() -> None:
    passed = sum(simulated(seed) for seed in range(150))
    assert 0 < passed <= 150 * (5 + 3) // 100  # 5 percent, and what chance adds to 150 trials


def scheme(**panel: object) -> Scheme:
    aspects = (
        Aspect(key="A1", title="尺寸", maximum=Decimal(60)),
        Aspect(key="A2", title="外观", maximum=Decimal(40)),
    )
    section = Section(key="A", title="加工", aspects=aspects)
    part = Part(
        key="work",
        title="操作",
        weight=Decimal(100),
        sections=(section,),
        panel=Panel(**panel),
    )
    return Scheme(title="", parts=(part,))


@pytest.mark.parametrize(
    ("panel", "reach"),
    [
        ({}, 100),
        ({"judges": 5, "minimum": 5, "drop_high": 1, "drop_low": 1}, Fraction(100, 3)),
        ({"judges": 5, "minimum": 3}, Fraction(100, 3)),
        ({"judges": 3, "minimum": 3, "combine": "median"}, 100),
    ],
)
def test_a_judge_moves_the_total_by_his_share(panel: dict[str, object], reach: Fraction) -> None:
    assert reach_of(scheme(**panel), "work", 1) == reach


def test_the_recorder_moves_the_whole_part() -> None:
    assert reach_of(scheme(judges=2, minimum=2), "work", 0) == 100
    assert reach_of(scheme(judges=2, minimum=2), "", 0) == 100


def test_errors_that_cancel_each_other_count_all_the_same() -> None:
    layout = bench_of(scheme(), "work").layout(1)
    reported = {"A1": Decimal(50), "A2": Decimal(30)}
    found: dict[str, Decimal | None] = {"A1": Decimal(45), "A2": Decimal(35)}
    assert taint_of(layout, reported, found, Decimal(20)) == Fraction(1, 2)
    assert taint_of(layout, reported, {"A1": None}, Decimal(100)) == Fraction(1, 2)
    assert taint_of(layout, reported, {"A1": Decimal(50)}, Decimal(20)) == 0
