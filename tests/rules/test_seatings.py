"""Panels by lot: to be repeated, balanced, and as free of conflicts as can be."""

from itertools import permutations

from rules.seatings import Chair, Lot, draw_seats, lot_order, worth

CHAIRS = [Chair("work", 1), Chair("work", 2), Chair("finish", 1), Chair("finish", 2)]


def test_the_same_seed_gives_the_same_panels_in_whatever_order_people_are_listed() -> None:
    lots = [Lot(number) for number in range(1, 9)]
    first = draw_seats(CHAIRS, lots, "20260915 1234567")
    again = draw_seats(CHAIRS[::-1], lots[::-1], "20260915 1234567")
    assert first == again
    assert first.order == tuple(lot_order("20260915 1234567", range(8, 0, -1)))
    orders = {tuple(draw_seats(CHAIRS, lots, f"seed {n}").placed.values()) for n in range(20)}
    assert len(orders) > 5


def test_everybody_gets_a_seat_before_anybody_gets_two() -> None:
    lots = [Lot(number) for number in range(1, 5)]
    for seed in ("a", "b", "c"):
        assert sorted(draw_seats(CHAIRS, lots, seed).placed.values()) == [1, 2, 3, 4]


def test_nobody_sits_twice_on_one_bench_and_a_chair_may_stay_empty() -> None:
    found = draw_seats(CHAIRS, [Lot(1)], "a")
    assert set(found.placed.values()) == {1}
    assert {chair.bench for chair in found.placed} == {"work", "finish"}
    assert len(found.placed) == 2 and len(found.empty) == 2


def test_a_chair_takes_only_people_of_its_pool() -> None:
    chairs = [Chair("theory", 1, "entry_clerk"), Chair("work", 1)]
    found = draw_seats(chairs, [Lot(1), Lot(2, "entry_clerk")], "a")
    assert {chair.bench: one for chair, one in found.placed.items()} == {"theory": 2, "work": 1}


def test_who_has_no_conflict_goes_before_who_has() -> None:
    lots = [Lot(1, conflicts=3), Lot(2), Lot(3, conflicts=1), Lot(4), Lot(5), Lot(6)]
    for seed in ("a", "b", "c", "d"):
        assert set(draw_seats(CHAIRS, lots, seed).placed.values()) == {2, 4, 5, 6}


def test_people_of_one_employer_are_spread_over_the_panels() -> None:
    lots = [Lot(1, employer_id=7), Lot(2, employer_id=7), Lot(3), Lot(4, employer_id=9)]
    for seed in map(str, range(10)):
        found = draw_seats(CHAIRS, lots, seed)
        of = {one: chair.bench for chair, one in found.placed.items()}
        assert of[1] != of[2]


def test_who_is_seated_already_stays_and_counts() -> None:
    kept = {Chair("work", 1): Lot(1, employer_id=7)}
    lots = [Lot(1, employer_id=7), Lot(2, employer_id=7), Lot(3), Lot(4)]
    for seed in map(str, range(5)):
        found = draw_seats([Chair("work", 2)], lots, seed, kept)
        assert found.placed[Chair("work", 2)] in {3, 4}


def test_qualified_people_and_people_of_the_trade_go_first() -> None:
    lots = [Lot(1, qualified=False), Lot(2, of_trade=False), Lot(3)]
    for seed in map(str, range(5)):
        assert draw_seats([Chair("work", 1)], lots, seed).placed[Chair("work", 1)] == 3
        assert draw_seats([Chair("work", 1)], lots[:2], seed).placed[Chair("work", 1)] == 2


def test_no_seating_of_a_small_room_is_better_than_the_drawn_one() -> None:
    lots = [
        Lot(1, employer_id=7, conflicts=1),
        Lot(2, employer_id=7, qualified=False),
        Lot(3, employer_id=8),
        Lot(4, employer_id=8, of_trade=False),
        Lot(5, employer_id=7),
        Lot(6, conflicts=2),
    ]
    by_id = {lot.account_id: lot for lot in lots}
    best = min(
        worth(dict(zip(sorted(CHAIRS), chosen, strict=True)))
        for chosen in permutations(lots, len(CHAIRS))
    )
    for seed in map(str, range(10)):
        found = draw_seats(CHAIRS, lots, seed).placed
        assert worth({chair: by_id[one] for chair, one in found.items()}) == best
