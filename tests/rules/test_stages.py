"""Stages: who goes on, what is carried over, points for places, who has no place."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from rules.decisions import Decision, Undecided
from rules.marking import IncompleteMarks, JudgeMarks
from rules.ranking import EntryStatus, TieBreak
from rules.schemes import (
    Advance,
    Aspect,
    Carry,
    Deduction,
    Given,
    Part,
    PointsTable,
    Scheme,
    Section,
    Stage,
)
from rules.stages import Lookup, Starter, going_on, points_for_places, score_contest

ABSENT, VIOLATION = EntryStatus.ABSENT, EntryStatus.VIOLATION
OUT = Deduction(key="out", title="Out", disqualifies_at=D(1))


def part(key, stage, **fields):
    aspect = Aspect(key=f"{key}-mark", title=key, maximum=D(100))
    section = Section(key=f"{key}-all", title=key, aspects=(aspect,))
    return Part(key=key, title=key, stage=stage, sections=(section,), **fields)


def scheme(advance=None, heat=None, final=None, **fields):
    stages = (
        Stage(key="heat", title="Heat", advance=advance, **(heat or {})),
        Stage(key="final", title="Final", **(final or {})),
    )
    parts = (part("theory", "heat", pass_mark=D(60)), part("work", "final", pass_mark=D(60)))
    return Scheme(title="Two stages", combine="sum", parts=parts, stages=stages, **fields)


def sheet(key, value, judge=1):
    return [JudgeMarks(judge, {key: D(value)})]


def starter(number, theory, work=None, facts=None, **fields):
    marks = {"theory": sheet("theory-mark", theory)}
    if work is not None:
        marks["work"] = sheet("work-mark", work)
    if facts:
        marks[""] = [JudgeMarks(0, facts)]
    return Starter(number, marks, **fields)


def reached(scored):
    return {entry: score.reached for entry, score in scored.scores.items()}


TOP2 = Advance(top=2)


def test_the_best_go_on_and_their_final_counts():
    entries = [starter(1, 90, 50), starter(2, 80, 70), starter(3, 70)]
    found = score_contest(scheme(TOP2), entries)
    assert reached(found) == {1: 2, 2: 2, 3: 1}
    assert {entry: score.total for entry, score in found.scores.items()} == {1: 50, 2: 70, 3: 70}
    assert found.scores[1].stages == {"heat": 90, "final": 50}
    assert {*found.scores[1].parts} == {"theory", "work"}
    assert {*found.scores[3].parts} == {"theory"}
    assert [work.node.key for work in found.scores[1].works] == ["heat", "final"]


def test_an_entry_passes_when_it_passes_in_every_stage():
    entries = [starter(1, 90, 50), starter(2, 59, 70), starter(3, 61, 60), starter(4, 60)]
    found = score_contest(scheme(Advance(minimum=D(0))), entries[:3])
    assert {e: s.passed for e, s in found.scores.items()} == {1: False, 2: False, 3: True}
    alone = score_contest(scheme(Advance(top=1)), [starter(1, 90, 90), entries[3]])
    assert alone.scores[4].passed is True


def test_a_stage_carries_over_the_own_score_of_an_earlier_one():
    final = {"carry": (Carry(stage="heat", factor=D("0.25")),)}
    found = score_contest(scheme(TOP2, final=final), [starter(1, 90, 50)])
    assert found.scores[1].total == D("72.50")


def test_everybody_at_the_line_goes_on():
    entries = [starter(1, 90, 1), starter(2, 80, 1), starter(3, 80, 1), starter(4, 79)]
    assert reached(score_contest(scheme(TOP2), entries)) == {1: 2, 2: 2, 3: 2, 4: 1}


def test_a_share_of_the_field_is_rounded_down_and_the_smaller_limit_counts():
    entries = [starter(n, 90 - n, 1 if n < 2 else None) for n in range(5)]
    found = score_contest(scheme(Advance(share=D(50))), entries)
    assert reached(found) == {0: 2, 1: 2, 2: 1, 3: 1, 4: 1}
    assert reached(score_contest(scheme(Advance(share=D(50), top=4)), entries)) == reached(found)


def test_a_lowest_score_keeps_the_rest_out_even_when_there_is_room():
    entries = [starter(1, 60, 1), starter(2, 59.5)]
    limits = Advance(top=2, minimum=D(60))
    assert reached(score_contest(scheme(limits), entries)) == {1: 2, 2: 1}


def test_tie_breaks_part_those_at_the_line():
    facts = (Given(key="time", title="Time", maximum=D(999)),)
    steps = (TieBreak(kind="time", key="time"),)
    advance = Advance(top=1, ties="tie_break", tie_breaks=steps)
    entries = [starter(1, 80, facts={"time": D(9)}), starter(2, 80, 50, facts={"time": D(8)})]
    found = score_contest(scheme(advance, facts=facts), entries)
    assert reached(found) == {1: 1, 2: 2}
    with pytest.raises(IncompleteMarks) as blocked:
        score_contest(scheme(advance, facts=facts), [starter(1, 80), entries[1]])
    (problem,) = blocked.value.by_entry[1]
    assert str(problem) == "No value yet for time, which is needed to part equal totals."
    assert problem.field == "time"
    ignored = Advance(top=1, tie_breaks=steps)
    both = [starter(1, 80, 50), starter(2, 80, 50)]
    assert reached(score_contest(scheme(ignored, facts=facts), both)) == {1: 2, 2: 2}


def test_a_tie_at_the_line_may_need_a_decision():
    rules = scheme(Advance(top=2, ties="decide"))
    entries = [starter(1, 90, 1), starter(2, 80), starter(3, 80, 1)]
    with pytest.raises(Undecided) as undecided:
        score_contest(rules, entries)
    assert (undecided.value.kind, undecided.value.about) == ("advance", "heat")
    assert undecided.value.groups == ((2, 3),)
    decision = Decision(kind="advance", about="heat", order=(3, 2), reason="jury", decided_by="Li")
    assert reached(score_contest(rules, entries, [decision])) == {1: 2, 2: 1, 3: 2}
    fits = [starter(1, 90, 1), starter(2, 90, 1), starter(3, 80)]
    assert reached(score_contest(rules, fits)) == {1: 2, 2: 2, 3: 1}


def test_guests_take_nobodys_place_and_go_on_when_they_are_good_enough():
    entries = [
        starter(1, 99, 1, in_competition=False),
        starter(2, 90, 1),
        starter(3, 80, 1),
        starter(4, 80, 1, in_competition=False),
        starter(5, 79, in_competition=False),
        starter(6, 70),
    ]
    found = reached(score_contest(scheme(TOP2), entries))
    assert found == {1: 2, 2: 2, 3: 2, 4: 2, 5: 1, 6: 1}


def test_marks_for_a_stage_that_was_not_reached_are_refused():
    with pytest.raises(IncompleteMarks) as blocked:
        score_contest(scheme(Advance(top=1)), [starter(1, 90, 1), starter(2, 80, 1)])
    assert {*blocked.value.by_entry} == {2}
    (problem,) = blocked.value.problems
    assert str(problem) == "There are marks for Final, but the entry did not reach it."
    assert problem.field == "final"


def test_a_missing_mark_in_the_final_blocks_the_result():
    with pytest.raises(IncompleteMarks) as blocked:
        score_contest(scheme(TOP2), [starter(1, 90, 1), starter(2, 80)])
    assert {*blocked.value.by_entry} == {2}


def test_a_final_without_any_marks_has_not_taken_place():
    found = score_contest(scheme(TOP2), [starter(1, 90), starter(2, 80)])
    assert reached(found) == {1: 1, 2: 1}


def test_who_does_not_start_in_the_final_is_out_or_keeps_the_place():
    entries = [starter(1, 90, 1), starter(2, 80, statuses={"final": ABSENT})]
    found = score_contest(scheme(TOP2), entries)
    assert (found.statuses[2], 2 in found.scores) == (ABSENT, False)
    kept = score_contest(scheme(TOP2, final={"not_started": "keep"}), entries)
    assert (kept.statuses[2], kept.scores[2].reached) == (EntryStatus.COMPETED, 1)
    bad = [entries[0], starter(2, 80, statuses={"final": VIOLATION})]
    thrown = score_contest(scheme(TOP2, final={"not_started": "keep"}), bad)
    assert (thrown.statuses[2], 2 in thrown.scores) == (VIOLATION, False)


def test_who_is_absent_from_all_or_from_the_first_stage_needs_no_marks():
    entries = [
        starter(1, 90),
        Starter(2, statuses={"": ABSENT}),
        Starter(3, statuses={"heat": EntryStatus.WITHDRAWN}),
    ]
    found = score_contest(scheme(TOP2, heat={"not_started": "keep"}), entries)
    assert found.statuses == {1: "competed", 2: "absent", 3: "withdrawn"}
    assert {*found.scores} == {1}


def test_who_is_disqualified_in_the_heat_does_not_go_on():
    entries = [starter(1, 90, facts={"out": D(1)}), starter(2, 80, 1), starter(3, 70, 1)]
    found = score_contest(scheme(TOP2, heat={"deductions": (OUT,)}), entries)
    assert found.statuses[1] is VIOLATION
    assert (found.scores[1].disqualified, found.scores[1].reached) == ("out", 1)
    assert reached(found) == {1: 1, 2: 2, 3: 2}


def test_a_disqualification_in_the_final_is_kept_beside_the_heat():
    entries = [starter(1, 90, 90, facts={"out": D(1)}), starter(2, 80, 1)]
    found = score_contest(scheme(TOP2, final={"deductions": (OUT,)}), entries)
    assert found.scores[1].disqualified == "out"
    assert found.scores[2].disqualified is None


def test_points_for_places_share_the_better_points_or_their_mean():
    values = {1: F(9), 2: F(7), 3: F(7), 4: F(1)}
    table = PointsTable(points=(D(5), D(3), D(2)))
    assert points_for_places(table, "x", values) == {1: 5, 2: 3, 3: 3, 4: 0}
    mean = table.model_copy(update={"ties": "mean"})
    assert points_for_places(mean, "x", values) == {1: 5, 2: F(5, 2), 3: F(5, 2), 4: 0}
    low = table.model_copy(update={"best": "lowest"})
    assert points_for_places(low, "x", values) == {4: 5, 2: 3, 3: 3, 1: 0}


def test_equal_values_need_a_decision_only_where_points_differ():
    table = PointsTable(points=(D(5), D(5), D(2)), ties="decide")
    assert points_for_places(table, "x", {1: F(1), 2: F(1)}) == {1: 5, 2: 5}
    three = {1: F(1), 2: F(1), 3: F(1)}
    with pytest.raises(Undecided) as undecided:
        points_for_places(table, "x", three)
    assert (undecided.value.about, undecided.value.groups) == ("x", ((1, 2, 3),))
    decision = Decision(kind="points", about="x", order=(3, 1, 2), reason="jury", decided_by="Li")
    assert points_for_places(table, "x", three, [decision]) == {3: 5, 1: 5, 2: 2}


def points_scheme(**fields):
    table = PointsTable(points=(D(5), D(3), D(2)), ties="decide")
    aspects = (Aspect(key="a", title="a", maximum=D(10)), Aspect(key="b", title="b", maximum=D(10)))
    section = Section(key="s", title="s", aspects=aspects[:1])
    inner = Section(key="t", title="t", aspects=aspects[1:], points=table)
    outer = Section(key="u", title="u", sections=(section, inner))
    made = Part(
        key="p", title="p", sections=(outer,), panel={"judges": 1, "combine_at": "aspect"}, **fields
    )
    return Scheme(title="Points", combine="sum", parts=(made,))


def entry(number, a, b):
    return Starter(number, {"p": [JudgeMarks(1, {"a": D(a), "b": D(b)})]})


def test_points_go_into_the_sum_above():
    found = score_contest(points_scheme(), [entry(1, 1, 9), entry(2, 2, 8), entry(3, 3, 7)])
    assert {number: score.total for number, score in found.scores.items()} == {1: 6, 2: 5, 3: 5}
    decision = Decision(kind="points", about="t", order=(2, 1), reason="jury", decided_by="Li")
    tied = [entry(1, 0, 9), entry(2, 0, 9)]
    found = score_contest(points_scheme(), tied, [decision])
    assert {number: score.total for number, score in found.scores.items()} == {1: 3, 2: 5}


def test_incomplete_marks_block_points_for_everybody():
    with pytest.raises(IncompleteMarks) as blocked:
        score_contest(points_scheme(), [entry(1, 1, 9), Starter(2), entry(3, 1, "0.3")])
    assert {*blocked.value.by_entry} == {2, 3}


def test_lookup_finds_parts_nodes_lists_and_facts():
    from rules.marking import Calculator

    aspects = tuple(Aspect(key=f"a{n}", title="a", maximum=D(10)) for n in range(3))
    sections = (
        Section(key="s", title="s", aspects=aspects[:2]),
        Section(key="t", title="t", aspects=aspects[2:]),
    )
    panel = {"judges": 3, "minimum": 3, "drop_high": 1, "drop_low": 1}
    made = Part(key="p", title="p", weight=D(100), sections=sections, panel=panel)
    rules = Scheme(title="x", parts=(made,))
    calculator = Calculator(rules)
    marks = {
        "p": [
            JudgeMarks(judge, {f"a{n}": D(value) for n, value in enumerate(values)})
            for judge, values in enumerate(((1, 2, 3), (4, 5, 6), (9, 9, 9)), 1)
        ],
        "": [JudgeMarks(0, {"age": D(30)})],
    }
    steps = (
        TieBreak(kind="part", key="p"),
        TieBreak(kind="node", key="s"),
        TieBreak(kind="node", key="a2"),
        TieBreak(kind="best_single", key="s"),
        TieBreak(kind="age", key="age"),
    )
    lookup = Lookup(calculator, steps)
    ranked = lookup.ranked(Starter(7, marks, in_competition=False), calculator.score(marks))
    assert (ranked.entry_id, ranked.in_competition, ranked.reached) == (7, False, 1)
    assert ranked.scores == {"p": 50, "s": 9, "a2": 6, "age": 30}
    assert ranked.lists == {"s": [4, 5]}
    absent = lookup.ranked(Starter(8), calculator.score(marks), ABSENT)
    assert (absent.status, absent.scores, absent.lists) == (ABSENT, {}, {})
    assert lookup.values.knows("t")
    assert not lookup.values.knows("u")
    assert lookup.values.below(calculator.score(marks), marks, "a0") == []
    assert lookup.values.below(calculator.score(marks), marks, "p") == [9, 6]
    assert lookup.values.below(calculator.score(marks), marks, "") == [15]


def test_age_and_other_facts_part_ties_and_must_be_there():
    facts = tuple(Given(key=key, title=key, maximum=D(99)) for key in ("age", "weight"))
    for kind, key in (("age", "age"), ("fact", "weight")):
        steps = (TieBreak(kind=kind, key=key),)
        rules = scheme(Advance(top=1, ties="tie_break", tie_breaks=steps), facts=facts)
        entries = [starter(1, 80, facts={key: D(30)}), starter(2, 80, 50, facts={key: D(31)})]
        assert reached(score_contest(rules, entries)) == {1: 1, 2: 2}
        with pytest.raises(IncompleteMarks) as blocked:
            score_contest(rules, [starter(1, 80), starter(2, 80)])
        assert {*blocked.value.by_entry} == {1, 2}


def test_all_entries_with_problems_are_named_and_the_rest_is_not():
    entries = [starter(1, "90.3"), starter(2, 80), starter(3, "70.3")]
    with pytest.raises(IncompleteMarks) as blocked:
        score_contest(scheme(TOP2), entries)
    assert {*blocked.value.by_entry} == {1, 3}


def test_a_line_that_nobody_reaches_lets_nobody_through():
    found = score_contest(scheme(Advance(top=1, minimum=D(99))), [starter(1, 90), starter(2, 80)])
    assert reached(found) == {1: 1, 2: 1}
    guest = starter(3, 100, in_competition=False)
    alone = score_contest(scheme(Advance(top=1, minimum=D(99))), [guest])
    assert reached(alone) == {3: 1}


def test_a_share_is_taken_of_a_hundred():
    entries = [starter(n, 100 - n / 2, 1 if n < 50 else None) for n in range(100)]
    found = reached(score_contest(scheme(Advance(share=D(50))), entries))
    assert [*found.values()].count(2) == 50


def test_a_decision_about_places_parts_the_whole_contest_only():
    decision = Decision(kind="place", order=(2, 3), reason="jury", decided_by="Li")
    entries = [starter(1, 90, 1), starter(2, 80), starter(3, 80)]
    with pytest.raises(Undecided):
        score_contest(scheme(Advance(top=2, ties="decide")), entries, [decision])


def test_a_node_that_was_left_out_counts_nothing_in_a_tie_break():
    from rules.marking import Calculator

    optional = Section(
        key="o", title="o", missing="skip", aspects=(Aspect(key="x", title="x", maximum=D(9)),)
    )
    needed = Section(key="n", title="n", aspects=(Aspect(key="y", title="y", maximum=D(9)),))
    made = Part(key="p", title="p", sections=(optional, needed), panel={"combine_at": "aspect"})
    calculator = Calculator(Scheme(title="x", combine="sum", parts=(made,)))
    marks = {"p": [JudgeMarks(1, {"y": D(5)})]}
    lookup = Lookup(calculator, (TieBreak(kind="node", key="o"),))
    assert lookup.ranked(Starter(1, marks), calculator.score(marks)).scores == {"o": 0}


def test_who_goes_on_is_known_before_the_final_begins():
    entries = [starter(1, 90), starter(2, 80), starter(3, 70)]
    found = going_on(scheme(TOP2), entries, "final")
    totals = {entry: score.total for entry, score in found.scored.scores.items()}
    assert (found.entries, totals) == ({1, 2}, {1: 90, 2: 80, 3: 70})


def test_who_goes_on_is_the_same_before_and_after_the_final():
    marks = [(1, 90, 50), (2, 80, 70), (3, 80, 60), (4, 70, None)]
    before = going_on(scheme(TOP2), [starter(n, heat) for n, heat, _ in marks], "final").entries
    after = score_contest(scheme(TOP2), [starter(*one) for one in marks]).scores
    assert before == {entry for entry, score in after.items() if score.reached == 2} == {1, 2, 3}


def test_nobody_goes_on_who_was_not_there_or_was_put_out():
    heat = {"deductions": (OUT,)}
    entries = [
        starter(1, 90, facts={"out": D(1)}),
        starter(2, 80),
        starter(3, 85, statuses={"": ABSENT}),
        starter(4, 70),
    ]
    assert going_on(scheme(TOP2, heat), entries, "final").entries == {2, 4}


def test_a_tie_at_the_line_waits_for_its_decision():
    rules = scheme(Advance(top=1, ties="decide"))
    entries = [starter(1, 90), starter(2, 90)]
    with pytest.raises(Undecided):
        going_on(rules, entries, "final")
    decision = Decision(
        kind="advance", about="heat", order=(2, 1), reason="draw", decided_by="jury"
    )
    assert going_on(rules, entries, "final", [decision]).entries == {2}


def test_nobody_goes_on_while_marks_are_missing():
    with pytest.raises(IncompleteMarks):
        going_on(scheme(TOP2), [starter(1, 90), Starter(2)], "final")


def test_all_start_the_first_stage():
    found = going_on(scheme(TOP2), [starter(1, 90), starter(2, 80), starter(3, 70)], "heat")
    assert (found.entries, found.scored.scores) == ({1, 2, 3}, {})
