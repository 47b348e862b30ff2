"""Schemes as trees: what each field of a node does, one by one."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from rules.marking import Calculator, IncompleteMarks, JudgeMarks, score_entry, spread_alerts
from rules.schemes import (
    Aspect,
    Deduction,
    Given,
    Panel,
    Part,
    Rounding,
    Scheme,
    Section,
    Stage,
)
from rules.values import Values

PER_ASPECT = Panel(combine_at="aspect")


def aspect(key, maximum=10, **fields):
    return Aspect(key=key, title=key, maximum=D(maximum), **fields)


def section(key, *aspects, **fields):
    return Section(key=key, title=key, aspects=aspects, **fields)


def scheme(*sections, part=None, **fields):
    made = Part(key="p", title="Part", sections=sections, **({"panel": PER_ASPECT} | (part or {})))
    return Scheme(title="Tree", combine="sum", parts=(made,), **fields)


def one(**marks):
    return {"p": [JudgeMarks(1, {key: D(value) for key, value in marks.items()})]}


def panel(key, *values, **more):
    found = [JudgeMarks(n, {key: D(value)}) for n, value in enumerate(values, 1)]
    return {"p": [*found, JudgeMarks(0, {k: D(v) for k, v in more.items()})] if more else found}


def total(rules, marks):
    return score_entry(rules, marks).total


def reasons(rules, marks):
    with pytest.raises(IncompleteMarks) as refused:
        score_entry(rules, marks)
    return [(problem.field, str(problem)) for problem in refused.value.problems]


THREE = section("s", aspect("a"), aspect("b"), aspect("c"))


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({}, "14.00"),
        ({"combine": "mean"}, "4.67"),
        ({"combine": "median"}, "4.00"),
        ({"drop_high": 1}, "5.00"),
        ({"drop_low": 1}, "13.00"),
        ({"drop_high": 1, "drop_low": 1}, "4.00"),
        ({"drop_low": 1, "combine": "mean"}, "6.50"),
        ({"drop_low": 1, "combine": "median"}, "6.50"),
        ({"best": 1}, "9.00"),
        ({"best": 2}, "13.00"),
        ({"best": 1, "drop_high": 1}, "4.00"),
        ({"factor": D("0.5")}, "7.00"),
        ({"factor": D("0.333")}, "4.66"),
        ({"offset": D("-3.25")}, "10.75"),
        ({"floor": D(15)}, "15.00"),
        ({"cap": D(12)}, "12.00"),
        ({"factor": D(2), "offset": D(1), "cap": D(25)}, "25.00"),
        ({"combine": "mean", "rounds": (Rounding(at="combined", digits=1),)}, "4.70"),
        ({"combine": "mean", "rounds": (Rounding(at="combined", digits=0),)}, "5.00"),
        ({"factor": D("0.25"), "rounds": (Rounding(at="multiplied", digits=0),)}, "4.00"),
        (
            {
                "factor": D("0.25"),
                "rounds": (Rounding(at="multiplied", digits=0, mode="half_even"),),
            },
            "4.00",
        ),
        (
            {
                "factor": D("0.25"),
                "offset": D(1),
                "rounds": (Rounding(digits=0, mode="half_even"),),
            },
            "4.00",
        ),
        ({"factor": D("0.25"), "offset": D(1), "rounds": (Rounding(digits=0),)}, "5.00"),
    ],
)
def test_a_branch_puts_its_values_together_as_it_says(fields, value):
    rules = scheme(THREE.model_copy(update=fields))
    assert total(rules, one(a=1, b=4, c=9)) == D(value)


def test_half_of_a_negative_value_goes_away_from_zero():
    rules = scheme(
        section("s", aspect("a", minimum=D(-10)), rounds=(Rounding(digits=0),)), digits=1
    )
    assert total(rules, one(a="-2.5")) == D("-3.0")
    assert total(rules, one(a="2.5")) == D("3.0")


def test_in_percent_the_highest_value_is_that_of_the_whole_panel():
    aspects = (aspect("a", weight=D(50)), aspect("b", weight=D(50)))
    added = Panel(judges=2, minimum=2, combine="sum", combine_at="aspect")
    percent = scheme(section("s", *aspects, combine="percent"), part={"panel": added})
    marks = [JudgeMarks(1, {"a": D(10), "b": D(0)}), JudgeMarks(2, {"a": D(10), "b": D(10)})]
    # a: 20 of 20, b: 10 of 20
    assert total(percent, {"p": marks}) == D("75.00")


def test_weights_and_percent_differ_by_the_highest_values():
    aspects = (aspect("a", 10, weight=D(30)), aspect("b", 20, weight=D(70)))
    weighted = scheme(section("s", *aspects, combine="weighted"))
    percent = scheme(section("s", *aspects, combine="percent"))
    assert total(weighted, one(a=5, b=10)) == D("8.50")
    assert total(percent, one(a=5, b=10)) == D("50.00")
    assert total(percent, one(a=10, b=5)) == D("47.50")


def test_an_agreed_difficulty_multiplies_and_a_base_value_is_added():
    rules = scheme(
        section(
            "s",
            aspect("a"),
            times=Given(key="dd", title="Difficulty", maximum=D(4)),
            plus=Given(key="base", title="Base", maximum=D(9)),
        )
    )
    assert total(rules, one(a=5, dd="1.5", base="0.3")) == D("7.80")
    assert reasons(rules, one(a=5, dd="1.5")) == [("base", "Part: no value yet for Base.")]
    assert reasons(rules, one(a=5, dd="1.55", base=1)) == [
        ("dd", "Part: the value for Difficulty does not fit the scheme.")
    ]
    both = {"p": [*one(a=5, dd=1, base=1)["p"], JudgeMarks(0, {"dd": D(2)})]}
    assert reasons(rules, both) == [("dd", "Part: two different values for Difficulty.")]
    same = {"p": [*one(a=5, dd=1, base=1)["p"], JudgeMarks(0, {"dd": D(1)})]}
    assert total(rules, same) == D("6.00")


@pytest.mark.parametrize(
    ("deduction", "times", "value"),
    [
        ({"each": D(2)}, 0, "8.00"),
        ({"each": D(2)}, 1, "6.00"),
        ({"each": D(2)}, 3, "2.00"),
        ({"each": D(5)}, 2, "-2.00"),
        ({"each": D(2), "limit": D(3)}, 1, "6.00"),
        ({"each": D(2), "limit": D(3)}, 2, "5.00"),
        ({"each": D(3), "effect": "cap"}, 1, "3.00"),
        ({"each": D(9), "effect": "cap"}, 1, "8.00"),
        ({"each": D("7.5"), "effect": "cap"}, 1, "7.50"),
        ({"effect": "zero"}, 1, "0.00"),
        ({"effect": "zero"}, 0, "8.00"),
    ],
)
def test_a_deduction_takes_what_it_says(deduction, times, value):
    rules = scheme(
        section("s", aspect("a"), deductions=(Deduction(key="d", title="Breach", **deduction),))
    )
    assert total(rules, one(a=8, d=times)) == D(value)
    assert total(rules, one(a=8)) == D("8.00")


def test_what_a_deduction_took_is_kept():
    found = Deduction(key="d", title="Breach", each=D(2), limit=D(3))
    rules = scheme(section("s", aspect("a"), deductions=(found,)))
    score = score_entry(rules, one(a=8, d=2))
    (taken,) = score.works[0].below[0].below[0].deducted
    assert (taken.deduction, taken.times, F(taken.amount) / score.unit) == (found, 2, 3)
    assert score_entry(rules, one(a=8)).works[0].below[0].below[0].deducted == ()


def test_deductions_follow_each_other_and_the_floor_comes_last():
    found = (
        Deduction(key="cap", title="Cap", each=D(6), effect="cap"),
        Deduction(key="minus", title="Minus", each=D(4)),
    )
    rules = scheme(section("s", aspect("a"), deductions=found, floor=D(3)))
    assert total(rules, one(a=9, cap=1, minus=1)) == D("3.00")
    assert total(rules, one(a=9, minus=1)) == D("5.00")


ON_MARK = Deduction(key="d", title="Restart", each=D(2), on="mark")
FIVE = Panel(judges=5, minimum=5, drop_high=1, drop_low=1)


@pytest.mark.parametrize(
    ("deduction", "value"),
    [
        ({}, "3.00"),
        ({"each": D(9)}, "0.00"),
        ({"effect": "cap", "each": D("4.5")}, "4.33"),
        ({"effect": "cap", "each": D(0)}, "0.00"),
        ({"effect": "zero"}, "0.00"),
    ],
)
def test_a_penalty_on_the_marks_comes_before_the_trim_and_stops_at_zero(deduction, value):
    penalty = ON_MARK.model_copy(update=deduction)
    rules = scheme(section("s", aspect("a"), panel=FIVE, deductions=(penalty,)))
    # 1 4 5 6 9: minus two each, never below zero, makes 0 2 3 4 7
    assert total(rules, panel("a", 1, 4, 5, 6, 9, d=1)) == D(value)
    assert total(rules, panel("a", 1, 4, 5, 6, 9)) == D("5.00")


def test_a_penalty_lifts_no_mark_below_zero():
    low = aspect("a", minimum=D(-10))
    rules = scheme(section("s", low, panel=Panel(), deductions=(ON_MARK,)))
    assert total(rules, panel("a", -3, d=1)) == D("-3.00")
    assert total(rules, panel("a", "0.5", d=1)) == D("0.00")


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({}, "5.00"),
        ({"combine": "sum"}, "15.00"),
        ({"combine": "median"}, "5.00"),
        ({"combine": "median", "drop_high": 0}, "5.50"),
        ({"drop_from": 5}, "5.00"),
        ({"drop_from": 6}, "5.00"),
        ({"drop_high": 2, "drop_low": 0}, "3.33"),
    ],
)
def test_a_panel_combines_what_the_trim_leaves(fields, value):
    rules = scheme(section("s", aspect("a"), panel=FIVE.model_copy(update=fields)))
    assert total(rules, panel("a", 1, 4, 5, 6, 9)) == D(value)


def test_below_its_number_a_panel_drops_nothing():
    small = Panel(judges=5, minimum=3, drop_high=1, drop_low=1, drop_from=5)
    rules = scheme(section("s", aspect("a"), panel=small))
    assert total(rules, panel("a", 1, 4, 10)) == D("5.00")
    assert total(rules, panel("a", 1, 4, 10, 10, 10)) == D("8.00")


def test_a_judge_of_nothing_but_zeros_was_absent():
    absent = Panel(judges=3, minimum=2, combine_at="aspect", zero_is_absent=True)
    rules = scheme(section("s", aspect("a"), aspect("b")), part={"panel": absent})

    def marks(*rows):
        return {"p": [JudgeMarks(n, {"a": D(a), "b": D(b)}) for n, (a, b) in enumerate(rows)]}

    assert total(rules, marks((4, 6), (8, 6), (0, 0))) == D("12.00")
    assert total(rules, marks((4, 6), (8, 6), (0, 3))) == D("9.00")
    assert reasons(rules, marks((4, 6), (0, 0), (0, 0))) == [
        ("p", "Part has marks from 1 judges; 2 are needed.")
    ]
    score = score_entry(rules, marks((4, 6), (8, 6), (0, 0)))
    assert [judge.judge for judge in score.parts["p"].judges] == [0, 1]


def test_panels_below_a_part_speak_for_their_own_section_only():
    rules = scheme(
        section("s", aspect("a"), panel=Panel(judges=2, minimum=2)),
        section("t", aspect("b"), panel=Panel(judges=3, minimum=3, drop_low=1)),
    )
    marks = {
        "p": [
            JudgeMarks(1, {"a": D(4), "b": D(1)}),
            JudgeMarks(2, {"a": D(6)}),
            JudgeMarks(3, {"b": D(5)}),
            JudgeMarks(4, {"b": D(7)}),
        ]
    }
    assert total(rules, marks) == D("11.00")
    assert score_entry(rules, marks).parts["p"].judges == ()
    del marks["p"][1]
    assert reasons(rules, marks) == [("s", "Part, s has marks from 1 judges; 2 are needed.")]


def test_marks_are_missing_only_from_judges_who_were_there():
    rules = scheme(section("s", aspect("a"), aspect("b"), panel=Panel(judges=2, minimum=1)))
    marks = {"p": [JudgeMarks(1, {"a": D(4), "b": D(1)}), JudgeMarks(2, {"a": D(4)})]}
    assert reasons(rules, marks) == [("b", "Part, judge 2: no mark yet for b.")]
    marks["p"][1] = JudgeMarks(2, {"a": D("4.2"), "b": D(1), "z": D(1)})
    assert reasons(rules, marks) == [
        ("a", "Part, judge 2: the mark for a does not fit the scheme."),
        ("z", "Part, judge 2: z is not in the marking scheme."),
    ]


RUNS = tuple(section(f"r{n}", aspect(f"a{n}", 100), aspect(f"b{n}", 100)) for n in range(3))


def test_of_the_best_a_run_without_marks_is_skipped_but_half_a_run_blocks():
    rules = scheme(*RUNS, part={"best": 2, "panel": PER_ASPECT})
    assert total(rules, one(a0=1, b0=1, a2=5, b2=5)) == D("12.00")
    assert total(rules, one(a0=1, b0=1)) == D("2.00")
    assert total(rules, one(a0=1, b0=1, a1=2, b1=2, a2=5, b2=5)) == D("14.00")
    assert reasons(rules, one(a0=1, b0=1, a2=5)) == [("b2", "Part, judge 1: no mark yet for b2.")]
    assert reasons(rules, {}) == [(None, "There are no marks that could count.")]
    works = score_entry(rules, one(a0=1, b0=1, a2=5, b2=5)).works[0].below[0].below
    assert [(work.node.key, work.value is None) for work in works] == [
        ("r0", False),
        ("r1", True),
        ("r2", False),
    ]


@pytest.mark.parametrize(
    ("missing", "combine", "value"),
    [
        ("zero", "sum", "4.00"),
        ("zero", "mean", "2.00"),
        ("skip", "sum", "4.00"),
        ("skip", "mean", "4.00"),
        ("skip", "median", "4.00"),
    ],
)
def test_a_node_that_nobody_marked_is_worth_nothing_or_left_out(missing, combine, value):
    inner = Section(
        key="s",
        title="s",
        sections=(section("x", aspect("a")), section("y", aspect("b"), missing=missing)),
        combine=combine,
    )
    rules = scheme(inner)
    assert total(rules, one(a=4)) == D(value)
    assert total(rules, one(a=4, b=2)) == (D("6.00") if combine == "sum" else D("3.00"))
    (_, left) = score_entry(rules, one(a=4)).works[0].below[0].below[0].below
    assert (left.node.key, left.value) == ("y", 0 if missing == "zero" else None)


def test_where_all_is_left_out_the_node_above_is_left_out_or_zero_or_blocks():
    skipped = section("x", aspect("a"), missing="skip")

    def rules(**fields):
        outer = Section(key="o", title="o", sections=(skipped,), **fields)
        return scheme(outer, section("z", aspect("b")), part={"combine": "mean"})

    assert total(rules(missing="skip"), one(b=4)) == D("4.00")
    assert total(rules(missing="zero"), one(b=4)) == D("2.00")
    with pytest.raises(IncompleteMarks):
        score_entry(rules(), one(b=4))


def test_a_left_out_node_counts_nothing_where_weights_count():
    sections = (
        section("x", aspect("a"), weight=D(40)),
        section("y", aspect("b"), weight=D(60), missing="skip"),
    )
    rules = scheme(Section(key="s", title="s", sections=sections, combine="percent"))
    assert total(rules, one(a=5)) == D("20.00")


def test_a_part_may_be_left_out_and_the_rest_is_still_checked():
    parts = (
        Part(key="p", title="P", sections=(section("s", aspect("a")),), missing="zero"),
        Part(key="q", title="Q", sections=(section("t", aspect("b")),)),
    )
    rules = Scheme(title="x", combine="sum", parts=parts)
    assert total(rules, {"q": [JudgeMarks(1, {"b": D(3)})]}) == D("3.00")
    assert reasons(rules, {}) == [("q", "Q has marks from 0 judges; 1 are needed.")]
    bad = {"p": [JudgeMarks(1, {"a": D(99)})], "q": [JudgeMarks(1, {"b": D(3)})]}
    assert reasons(rules, bad) == [("a", "P, judge 1: the mark for a does not fit the scheme.")]
    best = rules.model_copy(update={"best": 1})
    assert total(best, {"p": [JudgeMarks(1, {"a": D(2)})]}) == D("2.00")


def test_rounding_at_a_judge_comes_before_the_mean():
    half = section(
        "s",
        aspect("a", 10, step=D("0.1")),
        panel=Panel(judges=2, minimum=2),
        rounds=(Rounding(at="judge", digits=0),),
    )
    assert total(scheme(half), panel("a", "1.4", "2.4")) == D("1.50")


def test_what_a_judge_makes_of_a_section_is_finished_before_it_is_summed():
    inner = section(
        "x", aspect("a"), factor=D(2), cap=D(9), rounds=(Rounding(at="judge", digits=0),)
    )
    outer = Section(key="s", title="s", sections=(inner,), aspects=(aspect("b"),))
    rules = scheme(outer, part={"panel": Panel(judges=2, minimum=2)})
    marks = {
        "p": [
            JudgeMarks(1, {"a": D("2.5"), "b": D(1)}),  # 3 × 2 + 1
            JudgeMarks(2, {"a": D(9), "b": D(2)}),  # 9 + 2
        ]
    }
    assert total(rules, marks) == D("9.00")
    shown = score_entry(rules, marks).parts["p"].judges
    assert [(judge.judge, judge.total) for judge in shown] == [(1, 7), (2, 11)]


def test_trims_inside_a_sheet_drop_aspects_not_judges():
    rules = scheme(
        THREE.model_copy(update={"drop_low": 1}), part={"panel": Panel(judges=2, minimum=2)}
    )
    marks = {
        "p": [
            JudgeMarks(1, {"a": D(1), "b": D(2), "c": D(3)}),
            JudgeMarks(2, {"a": D(9), "b": D(8), "c": D(7)}),
        ]
    }
    assert total(rules, marks) == D("11.00")


def test_values_of_nodes_inside_sheets_come_from_the_judges_who_counted():
    sections = (section("s", aspect("a")), section("t", aspect("b")))
    rules = scheme(*sections, part={"panel": Panel(judges=3, minimum=3, drop_high=1)})
    marks = {"p": [JudgeMarks(n, {"a": D(n), "b": D(n)}) for n in (1, 2, 3)]}
    calculator = Calculator(rules)
    values, score = Values(calculator), calculator.score(marks)
    assert values.value(score, marks, "a") == F(3, 2)
    assert values.value(score, marks, "p") == 3
    assert values.below(score, marks, "s") == [F(3, 2)]


def test_a_spread_that_must_be_settled_blocks_the_part():
    tight = Panel(judges=2, minimum=2, max_spread=D(2), on_spread="remark")
    rules = scheme(section("s", aspect("a")), part={"panel": tight})
    assert total(rules, panel("a", 1, "2.5")) == D("1.75")
    assert reasons(rules, panel("a", 1, 3)) == [
        ("p", "Part: the judges are too far apart. The marks must be given anew.")
    ]
    flagged = tight.model_copy(update={"on_spread": "flag"})
    loose = scheme(section("s", aspect("a")), part={"panel": flagged})
    assert total(loose, panel("a", 1, 3)) == D("2.00")


def test_a_spread_may_be_taken_between_the_marks_that_count():
    middle = FIVE.model_copy(update={"max_spread": D(2), "spread_of": "counted"})
    for where in ("part", "aspect"):
        rules = scheme(
            section("s", aspect("a")),
            part={"panel": middle.model_copy(update={"combine_at": where})},
        )
        assert spread_alerts(rules, "p", panel("a", 0, 5, 6, "6.5", 10)["p"]) == ()
        (alert,) = spread_alerts(rules, "p", panel("a", 0, 5, 6, 7, 10)["p"])
        assert (alert.lowest, alert.highest, alert.spread) == (5, 7, 2)


def test_a_section_with_a_panel_of_its_own_names_itself_in_an_alert():
    own = Panel(judges=2, minimum=2, max_spread=D(1))
    rules = scheme(section("s", aspect("a"), panel=own))
    (alert,) = spread_alerts(rules, "p", panel("a", 1, 3)["p"])
    assert (alert.part, alert.aspect, alert.spread) == ("p", "s", 2)


def test_deductions_and_values_of_the_whole_contest_stand_beside_the_parts():
    rules = scheme(
        section("s", aspect("a")),
        deductions=(Deduction(key="d", title="Chief", each=D(1), disqualifies_at=D(3)),),
        times=Given(key="k", title="Factor", maximum=D(3)),
    )

    def marks(**whole):
        return one(a=8) | {"": [JudgeMarks(0, {key: D(value) for key, value in whole.items()})]}

    assert total(rules, marks(k=2, d=1)) == D("15.00")
    assert score_entry(rules, marks(k=2, d=2)).disqualified is None
    assert score_entry(rules, marks(k=2, d=3)).disqualified == "d"
    assert score_entry(rules, marks(k=2, d=4)).disqualified == "d"
    assert reasons(rules, marks(d=1)) == [("k", "Tree: no value yet for Factor.")]
    assert reasons(rules, marks(k=9)) == [("k", "Enter a mark from 0 to 3.")]
    assert reasons(rules, marks(d=1, x=1) | {"p": []})[-2:] == [
        ("x", "x is not in the marking scheme."),
        ("k", "Tree: no value yet for Factor."),
    ]


def test_an_incomplete_result_says_so_in_one_sentence():
    with pytest.raises(IncompleteMarks) as refused:
        score_entry(scheme(THREE), {})
    assert str(refused.value) == "Some marks are missing or do not fit the marking scheme."


def test_parts_are_rounded_before_they_are_put_together_if_the_scheme_says_so():
    made = tuple(
        Part(key=key, title=key, weight=D(50), sections=(section(f"s{key}", aspect(key, 3)),))
        for key in "ab"
    )
    marks = {key: [JudgeMarks(1, {key: D(1)})] for key in "ab"}
    plain = Scheme(title="x", parts=made, digits=0)
    assert total(plain, marks) == 33
    rounded = Scheme(title="x", parts=made, digits=1, round_parts=True, rounding="half_even")
    assert score_entry(rounded, marks).parts["a"].score == D("33.3")
    steps = tuple(
        part.model_copy(update={"weight": w}) for part, w in zip(made, (D(25), D(75)), strict=True)
    )
    half = Scheme(title="x", parts=steps, digits=0, round_parts=True)
    odd = {"a": [JudgeMarks(1, {"a": D("1.5")})], "b": [JudgeMarks(1, {"b": D(0)})]}
    assert total(half, odd) == 13
    assert total(half.model_copy(update={"rounding": "half_even"}), odd) == 12


def test_a_scheme_of_stages_is_refused_for_one_entry_alone():
    parts = tuple(
        Part(key=key, title=key, stage=key, sections=(section(f"s{key}", aspect(f"a{key}")),))
        for key in "xy"
    )
    stages = tuple(Stage(key=key, title=key) for key in "xy")
    rules = Scheme(title="x", combine="sum", parts=parts, stages=stages)
    with pytest.raises(Exception, match="compares entries with each other"):
        score_entry(rules, {})


def test_the_working_shows_judges_drops_and_rounded_steps():
    rules = scheme(
        section("s", aspect("a"), panel=FIVE, factor=D(2)),
        section("t", aspect("b"), aspect("c"), drop_low=1, factor=D(3)),
    )
    marks = {
        "p": [
            *panel("a", 1, 4, 5, 6, 9)["p"],
            JudgeMarks(9, {"b": D(2), "c": D(3)}),
        ]
    }
    score = score_entry(rules, marks)
    (first, second) = score.works[0].below[0].below
    assert [judge.dropped for judge in first.judges] == [True, False, False, False, True]
    assert [F(first.combined) / score.unit, F(first.multiplied) / score.unit] == [5, 10]
    assert second.dropped == frozenset({0})
    assert F(second.value) / score.unit == 9
    plain = score_entry(scheme(section("t", aspect("b"), aspect("c"), drop_low=1)), one(b=2, c=3))
    assert plain.works[0].below[0].below[0].dropped == frozenset({0})
    whole = score_entry(scheme(THREE), one(a=1, b=2, c=3))
    assert whole.works[0].below[0].below[0].below[0].judges == ((1, 1 * whole.unit, False),)


def test_the_parts_of_a_result_carry_their_keys_and_judges_on_the_100_scale():
    made = Part(
        key="p", title="P", weight=D(100), sections=(section("s", aspect("a", 20)),), panel=FIVE
    )
    rules = Scheme(title="x", parts=(made,))
    part = score_entry(rules, panel("a", 1, 4, 5, 6, 10)).parts["p"]
    assert part.key == "p"
    assert [(judge.judge, judge.total) for judge in part.judges] == [
        (1, 5), (2, 20), (3, 25), (4, 30), (5, 50),
    ]  # fmt: skip
    by_aspect = made.model_copy(update={"panel": PER_ASPECT})
    (alone,) = score_entry(Scheme(title="x", parts=(by_aspect,)), panel("a", 5)).parts["p"].judges
    assert (alone.judge, alone.total, alone.dropped) == (1, 25, False)


def test_a_huge_total_is_shown_exactly():
    big = aspect("a", "9999999999", step=D("0.0000000001"))
    rules = scheme(section("s", big, factor=D("9999999.9999999")), digits=6)
    # (10**10 - 1 - 10**-10) × (10**7 - 10**-7)
    assert total(rules, one(a="9999999998.9999999999")) == D("99999999989998999.999000")


def test_two_equal_values_are_dropped_one_at_a_time():
    rules = scheme(section("s", aspect("a"), aspect("b"), drop_high=1))
    score = score_entry(rules, one(a=4, b=4))
    assert score.total == 4
    assert score.works[0].below[0].below[0].dropped == frozenset({1})


def test_points_without_a_contest_are_zero_until_all_entries_are_known():
    table = {"points": (D(5),)}
    rules = scheme(section("s", aspect("a"), points=table))
    calculator = Calculator(rules)
    assert calculator.stages[0].score(one(a=4)).total == 0


def test_a_rounding_inside_a_sheet_comes_before_the_factor():
    inner = section(
        "x", aspect("a"), aspect("b"), combine="mean", factor=D(3),
        rounds=(Rounding(at="combined", digits=0),),
    )  # fmt: skip
    rules = scheme(inner, part={"panel": Panel()})
    assert total(rules, one(a=1, b=2)) == D("6.00")


def test_an_open_sheet_without_any_mark_blocks_its_part():
    rules = scheme(THREE, part={"panel": Panel(judges=2, minimum=1)})
    marks = one(a=1, b=2, c=3)
    marks["p"].append(JudgeMarks(2, {}))
    assert reasons(rules, marks)[0] == ("a", "Part, judge 2: no mark yet for a.")


def test_only_what_may_be_left_out_is_not_asked_for():
    parts = tuple(
        Part(key=key, title=key, sections=(section(f"s{key}", aspect(f"a{key}")),)) for key in "xy"
    )
    rules = Scheme(title="x", combine="sum", parts=parts, best=1)
    assert total(rules, {"y": [JudgeMarks(1, {"ay": D(2)})]}) == D("2.00")
    both = {"x": [JudgeMarks(1, {"ax": D(99)})]}
    assert [field for field, _ in reasons(rules, both)] == ["ax"]


def test_a_spread_is_shown_by_the_rounding_of_the_scheme():
    wide = Panel(judges=2, minimum=2, max_spread=D(1))
    fine = aspect("a", 10, step=D("0.001"))
    rules = scheme(section("s", fine, panel=wide), rounding="half_even")
    (alert,) = spread_alerts(rules, "p", panel("a", "0.125", "9.375")["p"])
    assert (alert.lowest, alert.highest) == (D("0.12"), D("9.38"))
