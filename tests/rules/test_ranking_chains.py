"""Tie-breaks of any length, decisions, stages, and who has no place."""

from decimal import Decimal as D

import pytest

from rules.decisions import Decision, Undecided
from rules.ranking import EntryStatus, Ranked, TieBreak, places


def ranks(*entries, steps=(), **how):
    return {place.entry_id: place.rank for place in places(entries, steps, **how)}


def test_each_step_of_the_chain_parts_what_the_one_before_left_open():
    steps = (TieBreak(kind="node", key="m1"), TieBreak(kind="time", key="time"))
    entries = [
        Ranked(1, D(80), scores={"m1": D(30), "time": D(61)}),
        Ranked(2, D(80), scores={"m1": D(30), "time": D(60)}),
        Ranked(3, D(80), scores={"m1": D(31), "time": D(99)}),
        Ranked(4, D(80), scores={"m1": D(30), "time": D(61)}),
    ]
    found = places(entries, steps)
    assert [(p.entry_id, p.rank, p.tie_break) for p in found] == [
        (3, 1, "m1"),
        (2, 2, "time"),
        (1, 3, "time"),
        (4, 3, "time"),
    ]


def test_the_best_single_score_wins_then_the_next_best_and_a_missing_one_loses():
    step = TieBreak(kind="best_single", key="runs")
    entries = [
        Ranked(1, D(9), lists={"runs": [D(4), D(9)]}),
        Ranked(2, D(9), lists={"runs": [D(9), D(5)]}),
        Ranked(3, D(9), lists={"runs": [D(9)]}),
        Ranked(4, D(9), lists={"runs": [D(9), D(0)]}),
    ]
    assert ranks(*entries, steps=(step,)) == {2: 1, 1: 2, 4: 3, 3: 4}


@pytest.mark.parametrize(("prefer", "first"), [("higher", 1), ("lower", 2), ("usual", 1)])
def test_the_older_or_the_younger_wins_as_the_rule_says(prefer, first):
    step = TieBreak(kind="age", key="age", prefer=prefer)
    old, young = Ranked(1, D(5), scores={"age": D(44)}), Ranked(2, D(5), scores={"age": D(19)})
    assert ranks(old, young, steps=(step,))[first] == 1


def test_where_ties_are_forbidden_a_decision_is_asked_for_and_followed():
    entries = [Ranked(1, D(7)), Ranked(2, D(7)), Ranked(3, D(5)), Ranked(4, D(5))]
    with pytest.raises(Undecided) as undecided:
        places(entries, ties="decide")
    assert undecided.value.groups == ((1, 2), (3, 4))
    assert (undecided.value.kind, undecided.value.about) == ("place", "")
    assert str(undecided.value) == (
        "These entries are equal and need a recorded decision: 1, 2; 3, 4."
    )
    decided = [
        Decision(kind="place", order=(2, 1), reason="jury", decided_by="Li"),
        Decision(kind="place", order=(3, 4), reason="jury", decided_by="Li"),
    ]
    found = places(entries, ties="decide", decisions=decided)
    assert [(p.entry_id, p.rank, p.shared, p.tie_break) for p in found] == [
        (2, 1, False, "decision"),
        (1, 2, False, "decision"),
        (3, 3, False, "decision"),
        (4, 4, False, "decision"),
    ]


def test_a_decision_about_others_or_about_something_else_parts_nobody():
    entries = [Ranked(1, D(7)), Ranked(2, D(7))]
    other = Decision(kind="place", order=(1, 3), reason="jury", decided_by="Li")
    award = Decision(kind="award", order=(1, 2), reason="jury", decided_by="Li")
    assert ranks(*entries, decisions=[other, award]) == {1: 1, 2: 1}


def test_who_reached_the_final_comes_before_all_who_did_not():
    entries = [
        Ranked(1, D(90), reached=1),
        Ranked(2, D(50), reached=2),
        Ranked(3, D(60), reached=2),
    ]
    found = places(entries)
    assert [(p.entry_id, p.rank) for p in found] == [(3, 1), (2, 2), (1, 3)]


def test_equal_totals_of_different_stages_are_no_tie():
    found = places([Ranked(1, D(50), reached=1), Ranked(2, D(50), reached=2)])
    assert [(p.entry_id, p.rank, p.tie_break) for p in found] == [(2, 1, None), (1, 2, None)]


def test_the_absent_and_withdrawn_may_share_the_last_place_but_never_a_violation():
    entries = [
        Ranked(1, D(50)),
        Ranked(2, D(0), EntryStatus.ABSENT),
        Ranked(3, D(0), EntryStatus.WITHDRAWN),
        Ranked(4, D(0), EntryStatus.VIOLATION),
        Ranked(5, D(0)),
    ]
    assert ranks(*entries) == {1: 1, 5: 2, 2: None, 3: None, 4: None}
    assert ranks(*entries, unplaced="last") == {1: 1, 5: 2, 2: 3, 3: 3, 4: None}
    lone = places([Ranked(1, D(50)), entries[1]], unplaced="last")
    assert [(p.rank, p.award_rank, p.shared) for p in lone] == [(1, 1, False), (2, None, False)]
    assert {p.entry_id: p.shared for p in places(entries, unplaced="last")} == {
        1: False, 5: False, 2: True, 3: True, 4: False,
    }  # fmt: skip
    assert not any(p.shared for p in places(entries))
    thrown = [Ranked(n, D(0), EntryStatus.VIOLATION) for n in (6, 7)]
    with_one = places([entries[0], entries[1], *thrown], unplaced="last")
    assert {p.entry_id: p.shared for p in with_one} == {1: False, 2: False, 6: False, 7: False}


def test_a_decision_about_one_entry_alone_says_nothing():
    alone = Decision(kind="place", order=(1, 2), reason="jury", decided_by="Li")
    found = places([Ranked(1, D(7)), Ranked(2, D(6))], decisions=[alone])
    assert [(p.entry_id, p.rank, p.tie_break) for p in found] == [(1, 1, None), (2, 2, None)]
