"""Marks become scores exactly; what is missing is said, never averaged away."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.marking import (
    Calculator,
    IncompleteMarks,
    JudgeMarks,
    mark_problem,
    rounded,
    score_entry,
    score_event,
    spread_alerts,
)
from rules.schemes import SHEET_KINDS, Aspect, AspectKind, Panel, Part, Scheme, Section

LADDER = ("below", "meets", "exceeds", "excellent")
POINTS = Aspect(key="w", title="Work", maximum=Decimal(100), step=Decimal("0.5"))
MEASURED = Aspect(key="m", title="Size", kind=AspectKind.MEASUREMENT, maximum=Decimal("1.5"))
OTHER = POINTS.model_copy(update={"key": "x"})
JUDGED = Aspect(
    key="j", title="Finish", kind=AspectKind.JUDGEMENT, maximum=Decimal(2), ladder=LADDER
)
FIVE = Panel(judges=5, minimum=5, drop_high=1, drop_low=1)


def part(key="p", weight="100", aspects=(POINTS,), **settings):
    section = Section(key=f"{key}-all", title="All", aspects=tuple(aspects))
    return Part(key=key, title=key, weight=Decimal(weight), sections=(section,), **settings)


def scheme(*parts, **settings):
    return Scheme(title="Fitter", parts=parts or (part(),), **settings)


def sheets(*values, key="w"):
    return [JudgeMarks(n, {key: Decimal(value)}) for n, value in enumerate(values, 1)]


def reasons(refused):
    return [str(problem) for problem in refused.value.problems]


def test_t3_one_highest_and_one_lowest_mark_are_dropped_even_when_tied():
    score = score_entry(scheme(part(panel=FIVE)), {"p": sheets(90, 90, 85, 80, 70)}).parts["p"]
    assert score.score == Decimal("85.00")
    assert sorted(j.total for j in score.judges if j.dropped) == [70, 90]
    assert [j.dropped for j in score.judges].count(False) == 3


def test_t4_a_difference_of_exactly_the_limit_is_flagged():
    panel = Panel(judges=2, minimum=2, max_spread=Decimal(10))
    (alert,) = spread_alerts(scheme(part(panel=panel)), "p", sheets("82.0", "72.0"))
    assert (alert.aspect, alert.spread) == (None, 10)
    assert spread_alerts(scheme(part(panel=panel)), "p", sheets("82.0", "72.5")) == ()


def test_a_spread_just_under_the_limit_is_not_rounded_up_to_it():
    fine = Aspect(key="w", title="Work", maximum=Decimal(100), step=Decimal("0.001"))
    panel = Panel(judges=2, minimum=2, max_spread=Decimal(10))
    rules = scheme(part(aspects=(fine,), panel=panel))
    assert spread_alerts(rules, "p", sheets("82.000", "72.001")) == ()


def test_judges_who_disagree_on_one_aspect_are_flagged_by_aspect():
    panel = Panel(judges=3, minimum=3, combine_at="aspect", max_spread=Decimal(2))
    rules = scheme(part(aspects=(JUDGED, MEASURED), panel=panel))
    marks = [
        JudgeMarks(1, {"j": Decimal(3), "m": Decimal(1)}),
        JudgeMarks(2, {"j": Decimal(1)}),
        JudgeMarks(3, {"j": Decimal(2), "m": Decimal(0)}),
    ]
    (alert,) = spread_alerts(rules, "p", marks)
    assert (alert.aspect, alert.lowest, alert.highest) == ("j", 1, 3)


def test_unfinished_sheets_and_panels_without_a_limit_raise_no_spread_alert():
    panel = Panel(judges=2, minimum=2, max_spread=Decimal(1))
    half = [*sheets(80), JudgeMarks(2, {})]
    assert spread_alerts(scheme(part(panel=panel)), "p", half) == ()
    assert spread_alerts(scheme(), "p", sheets(0, 100)) == ()


@pytest.mark.parametrize(
    ("aspect", "value", "reason"),
    [
        (POINTS, "100", None),
        (POINTS, "0", None),
        (POINTS, "99.50", None),
        (POINTS, "100.5", "Enter a mark from 0 to 100."),
        (POINTS, "-0.5", "Enter a mark from 0 to 100."),
        (POINTS, "0.25", "Enter a mark in steps of 0.5."),
        (POINTS, "NaN", "Enter a number."),
        (POINTS, "sNaN", "Enter a number."),
        (POINTS, "Infinity", "Enter a number."),
        (MEASURED, "1", None),
        (MEASURED, "0.5", "Enter 1 for met or 0 for not met."),
        (JUDGED, "3", None),
        (JUDGED, "3.0", None),
        (JUDGED, "1.5", "Enter 0, 1, 2 or 3."),
        (JUDGED, "4", "Enter 0, 1, 2 or 3."),
        (JUDGED, "-1", "Enter 0, 1, 2 or 3."),
    ],
)
def test_a_mark_must_fit_its_aspect(aspect, value, reason):
    problem = mark_problem(aspect, Decimal(value))
    assert (problem and str(problem)) == reason


def test_measurement_is_all_or_nothing_and_judgement_goes_by_thirds():
    rules = scheme(part(aspects=(MEASURED, JUDGED)))
    marks = [JudgeMarks(1, {"m": Decimal(1), "j": Decimal(1)})]
    # 1.5 + 2/3 of 3.5 points
    assert score_entry(rules, {"p": marks}).total == Decimal("61.90")


def test_three_judges_share_the_ladder_by_ninths():
    panel = Panel(judges=3, minimum=3, combine_at="aspect")
    rules = scheme(part(aspects=(JUDGED,), panel=panel))
    score = score_entry(rules, {"p": sheets(1, 2, 2, key="j")}).parts["p"].score
    assert score == Decimal("55.56")


def test_parts_are_weighted_and_the_total_is_rounded_once():
    third = Panel(judges=3, minimum=3)
    parts = (part("theory", "20"), part("work", "80", aspects=(OTHER,), panel=third))
    marks = {"theory": sheets("70.5"), "work": sheets(80, 80, "80.5", key="x")}
    score = score_entry(scheme(*parts), marks)
    assert score.parts["work"].score == Decimal("80.17")
    assert score.total == Decimal("78.23")


def test_rounded_parts_count_only_where_the_scheme_says_so():
    fine = Aspect(key="w", title="Work", maximum=Decimal(100), step=Decimal("0.01"))
    other = fine.model_copy(update={"key": "x"})
    parts = (part("a", "50", aspects=(fine,)), part("b", "50", aspects=(other,)))
    marks = {"a": sheets("70.46"), "b": sheets("70.47", key="x")}
    once = score_entry(scheme(*parts, digits=1), marks)
    twice = score_entry(scheme(*parts, digits=1, round_parts=True), marks)
    assert once.total == twice.total == Decimal("70.5")
    marks = {"a": sheets("70.44"), "b": sheets("70.45", key="x")}
    assert score_entry(scheme(*parts, digits=1), marks).total == Decimal("70.4")
    assert score_entry(scheme(*parts, digits=1, round_parts=True), marks).total == Decimal("70.5")


@pytest.mark.parametrize(
    ("value", "up", "even"),
    [("0.125", "0.13", "0.12"), ("0.135", "0.14", "0.14"), ("7", "7.00", "7.00")],
)
def test_halves_are_rounded_as_the_scheme_says(value, up, even):
    assert str(rounded(Fraction(value).as_integer_ratio(), 2, "half_up")) == up
    assert str(rounded(Fraction(value).as_integer_ratio(), 2, "half_even")) == even


@pytest.mark.parametrize(
    ("value", "down", "up"),
    [("1.001", "1.00", "1.01"), ("1.009", "1.00", "1.01"), ("1.01", "1.01", "1.01"),
     ("-1.001", "-1.00", "-1.01"), ("0.995", "0.99", "1.00")],
)  # fmt: skip
def test_all_of_the_rest_may_be_cut_off_or_rounded_up(value, down, up):
    ratio = Fraction(value).as_integer_ratio()
    assert str(rounded(ratio, 2, "down")) == down
    assert str(rounded(ratio, 2, "up")) == up


def test_an_entry_passes_when_every_part_with_a_pass_mark_is_passed():
    two = (
        part("theory", "20", pass_mark=Decimal(60)),
        part("work", "80", aspects=(OTHER,)),
    )
    passed = score_entry(scheme(*two), {"theory": sheets(60), "work": sheets(0, key="x")})
    failed = score_entry(scheme(*two), {"theory": sheets("59.5"), "work": sheets(100, key="x")})
    assert (passed.passed, failed.passed) == (True, False)
    assert passed.parts["work"].passed is None
    assert score_entry(scheme(), {"p": sheets(100)}).passed is None


def test_the_exact_score_decides_about_passing_unless_parts_are_rounded():
    thirds = Panel(judges=3, minimum=3)
    rules = part(panel=thirds, pass_mark=Decimal(60))
    marks = {"p": sheets("59.5", 60, 60)}
    exact = score_entry(scheme(rules, digits=0), marks).parts["p"]
    by_rounding = score_entry(scheme(rules, digits=0, round_parts=True), marks).parts["p"]
    assert (exact.score, exact.passed, by_rounding.passed) == (60, False, True)


def test_too_few_judges_make_no_result():
    with pytest.raises(IncompleteMarks) as refused:
        score_entry(scheme(part(panel=FIVE)), {"p": sheets(90, 80, 70, 60)})
    assert reasons(refused) == ["p has marks from 4 judges; 5 are needed."]


def test_four_of_five_judges_are_enough_where_the_rule_allows_four():
    panel = Panel(judges=5, minimum=4, drop_high=1, drop_low=1)
    score = score_entry(scheme(part(panel=panel)), {"p": sheets(90, 80, 70, 60)})
    assert score.total == 75


def test_a_missing_part_a_missing_mark_and_a_mark_too_many_are_all_named():
    rules = scheme(part("theory", "20"), part("work", "80", aspects=(MEASURED, JUDGED)))
    marks = {"work": [JudgeMarks(7, {"m": Decimal(1), "z": Decimal(1)})]}
    with pytest.raises(IncompleteMarks) as refused:
        score_entry(rules, marks)
    assert reasons(refused) == [
        "theory has marks from 0 judges; 1 are needed.",
        "work, judge 7: no mark yet for Finish.",
        "work, judge 7: z is not in the marking scheme.",
    ]


def test_zero_is_a_mark_and_no_mark_is_not_zero():
    assert score_entry(scheme(), {"p": sheets(0)}).total == 0
    with pytest.raises(IncompleteMarks):
        score_entry(scheme(), {"p": [JudgeMarks(1, {})]})


def test_impossible_marks_extra_judges_and_doubled_sheets_make_no_result():
    pair = Panel(judges=2, minimum=1)
    with pytest.raises(IncompleteMarks) as refused:
        score_entry(scheme(), {"p": sheets("100.5")})
    assert reasons(refused) == ["p, judge 1: the mark for Work does not fit the scheme."]
    with pytest.raises(IncompleteMarks) as refused:
        score_entry(scheme(part(panel=pair)), {"p": sheets(1, 2, 3)})
    assert reasons(refused) == ["p has marks from 3 judges; the panel has only 2."]
    with pytest.raises(IncompleteMarks) as refused:
        score_entry(scheme(part(panel=pair)), {"p": [*sheets(1), *sheets(2)]})
    assert reasons(refused) == ["p has two sheets from the same judge."]


def test_a_whole_event_names_the_blockers_of_every_entry():
    with pytest.raises(IncompleteMarks) as refused:
        score_event(scheme(), {1: {"p": sheets(80)}, 2: {}, 3: {"p": sheets(101)}})
    assert sorted(refused.value.by_entry) == [2, 3]
    assert len(refused.value.problems) == 2


def test_a_whole_event_scores_like_its_entries():
    marks = {n: {"p": sheets(n)} for n in range(40)}
    assert score_event(scheme(), marks) == {n: score_entry(scheme(), marks[n]) for n in marks}


def test_a_calculator_learns_no_wrong_mark_from_an_earlier_entry():
    calculator = Calculator(scheme(part(aspects=(MEASURED, JUDGED))))
    calculator.score({"p": [JudgeMarks(1, {"m": Decimal(1), "j": Decimal(2)})]})
    with pytest.raises(IncompleteMarks):
        calculator.score({"p": [JudgeMarks(1, {"m": Decimal(2), "j": Decimal(2)})]})


STEPS = st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal("0.1"), Decimal(1)])


@st.composite
def aspects(draw, key):
    kind = draw(st.sampled_from(SHEET_KINDS))
    step = draw(STEPS)
    maximum = step * draw(st.integers(1, 40))
    ladder = LADDER if kind is AspectKind.JUDGEMENT else ()
    return Aspect(key=key, title=key, kind=kind, maximum=maximum, step=step, ladder=ladder)


@st.composite
def panels(draw):
    low, high = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    judges = low + high + draw(st.integers(1, 3))
    where = draw(st.sampled_from(["part", "aspect"]))
    return Panel(judges=judges, minimum=judges, drop_low=low, drop_high=high, combine_at=where)


@st.composite
def marked_parts(draw, key, weight):
    found = [draw(aspects(f"{key}{n}")) for n in range(draw(st.integers(1, 4)))]
    made = part(key, weight, aspects=found, panel=draw(panels()))
    marks = [
        JudgeMarks(n, {a.key: draw(values(a)) for a in found}) for n in range(made.panel.judges)
    ]
    return made, marks


def values(aspect):
    if aspect.kind is AspectKind.POINTS:
        return st.integers(0, int(aspect.maximum / aspect.step)).map(lambda n: n * aspect.step)
    return st.integers(0, 3 if aspect.kind is AspectKind.JUDGEMENT else 1).map(Decimal)


def award(aspect, value):
    share = {AspectKind.MEASUREMENT: 1, AspectKind.JUDGEMENT: 3}.get(aspect.kind)
    return Fraction(value) if share is None else Fraction(aspect.maximum * value) / share


def trimmed_mean(numbers, panel):
    kept = sorted(numbers)[panel.drop_low : len(numbers) - panel.drop_high]
    return Fraction(sum(kept)) / len(kept)


def exact_part(made, marks):
    rows = [[award(a, sheet.marks[a.key]) for a in made.aspects] for sheet in marks]
    if made.panel.combine_at == "part":
        mean = trimmed_mean([sum(row) for row in rows], made.panel)
    else:
        mean = sum(trimmed_mean(column, made.panel) for column in zip(*rows, strict=True))
    return mean * 100 / Fraction(made.maximum)


def to_cents(value):
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


@given(marked_parts("a", "35"), marked_parts("b", "65"))
def test_the_engine_agrees_with_plain_fractions(one, two):
    rules = scheme(one[0], two[0])
    score = score_entry(rules, {"a": one[1], "b": two[1]})
    exact = [exact_part(*one), exact_part(*two)]
    assert [p.score for p in score.parts.values()] == [to_cents(value) for value in exact]
    assert score.total == to_cents((exact[0] * 35 + exact[1] * 65) / 100)


@given(marked_parts("a", "100"), st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_changes_nothing(one, random):
    made, marks = one
    shuffled = random.sample(marks, len(marks))
    assert score_entry(scheme(made), {"a": marks}) == score_entry(scheme(made), {"a": shuffled})
