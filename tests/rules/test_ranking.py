"""Places are 1-2-2-4, and only the rules decide them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.ranking import EntryStatus, Ranked, TieBreak, places

PRACTICAL = TieBreak(kind="part", key="practical")
THEORY = TieBreak(kind="part", key="theory")
TIME = TieBreak(kind="time", key="time")


def entry(number, total, *, status=EntryStatus.COMPETED, inside=True, **scores):
    found = {key: Decimal(value) for key, value in scores.items()}
    return Ranked(number, Decimal(total), status, inside, found)


def ranks(entries, *tie_breaks):
    return {place.entry_id: place.rank for place in places(entries, tie_breaks)}


def test_equal_totals_share_a_place_and_the_next_place_is_skipped():
    found = places([entry(1, 90), entry(2, 80), entry(3, 80), entry(4, 70)])
    assert [(p.rank, p.shared) for p in found] == [(1, False), (2, True), (2, True), (4, False)]


def test_t6_equal_totals_are_parted_by_the_practical_part():
    found = places([entry(1, 80, practical=86), entry(2, 80, practical=88)], [PRACTICAL])
    assert [(p.entry_id, p.rank, p.tie_break) for p in found] == [
        (2, 1, "practical"),
        (1, 2, "practical"),
    ]


def test_t6_when_practical_and_theory_are_equal_too_both_are_second_and_the_next_is_fourth():
    same = {"practical": 80, "theory": 80}
    first = entry(1, 90, practical=90, theory=90)
    last = entry(4, 70, practical=70, theory=70)
    found = ranks([last, entry(2, 80, **same), entry(3, 80, **same), first], PRACTICAL, THEORY)
    assert found == {1: 1, 2: 2, 3: 2, 4: 4}


def test_t7_a_former_champion_keeps_the_raw_place_and_the_award_ranks_move_up():
    found = places([entry(1, 95, inside=False), entry(2, 90), entry(3, 85)])
    assert [(p.rank, p.award_rank) for p in found] == [(1, None), (2, 1), (3, 2)]


def test_a_shared_place_with_a_guest_leaves_one_award_rank():
    found = places([entry(1, 95, inside=False), entry(2, 95), entry(3, 85)])
    assert [(p.rank, p.award_rank) for p in found] == [(1, None), (1, 1), (3, 2)]


def test_the_shorter_time_wins():
    assert ranks([entry(1, 80, time=61), entry(2, 80, time=60)], TIME) == {2: 1, 1: 2}


def test_the_tie_break_that_was_needed_last_is_named():
    three = [
        entry(1, 80, practical=88, theory=70),
        entry(2, 80, practical=86, theory=75),
        entry(3, 80, practical=86, theory=74),
        entry(4, 79, practical=99, theory=99),
    ]
    found = {p.entry_id: p.tie_break for p in places(three, [PRACTICAL, THEORY])}
    assert found == {1: "practical", 2: "theory", 3: "theory", 4: None}


def test_a_real_zero_has_a_place_and_absence_withdrawal_and_violation_have_none():
    found = ranks(
        [
            entry(1, 0),
            entry(2, 0, status=EntryStatus.ABSENT),
            entry(3, 0, status=EntryStatus.WITHDRAWN),
            entry(4, 0, status=EntryStatus.VIOLATION),
            entry(5, 50),
        ]
    )
    assert found == {5: 1, 1: 2, 2: None, 3: None, 4: None}


def test_those_without_a_place_need_no_scores_for_the_tie_breaks():
    gone = entry(2, 0, status=EntryStatus.ABSENT)
    assert ranks([entry(1, 80, practical=80), gone], PRACTICAL) == {1: 1, 2: None}


def test_a_missing_tie_break_score_is_an_error_not_a_guess():
    with pytest.raises(KeyError):
        places([entry(1, 80)], [PRACTICAL])


def test_totals_written_differently_are_equal():
    assert ranks([entry(1, "80.0"), entry(2, "80.00")]) == {1: 1, 2: 1}


def test_an_unknown_tie_break_is_refused():
    with pytest.raises(ValidationError):
        TieBreak.model_validate({"kind": "alphabet", "key": "name"})


def test_no_entries_make_no_places():
    assert places([]) == []


@st.composite
def fields(draw):
    marks = st.integers(60, 64)
    status = st.sampled_from([EntryStatus.COMPETED] * 4 + [EntryStatus.ABSENT])
    return [
        entry(
            n, draw(marks), status=draw(status), inside=draw(st.booleans()), practical=draw(marks)
        )
        for n in range(draw(st.integers(0, 12)))
    ]


@given(fields(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(entries, random):
    shuffled = random.sample(entries, len(entries))
    assert places(entries, [PRACTICAL]) == places(shuffled, [PRACTICAL])


@given(fields())
def test_a_place_is_one_more_than_the_number_of_better_entries(entries):
    competing = [e for e in entries if e.status is EntryStatus.COMPETED]
    found = ranks(entries, PRACTICAL)
    for one in competing:
        mine = (one.total, one.scores["practical"])
        assert found[one.entry_id] == 1 + sum(
            (other.total, other.scores["practical"]) > mine for other in competing
        )
