"""What one mark may be and what it is worth, kind by kind."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from rules.awarding import (
    awarded,
    deduction_problem,
    given_problem,
    holds,
    is_usable,
    mark_problem,
    units,
)
from rules.schemes import Aspect, AspectKind, Band, Deduction, Given, Option

RANGE = Aspect(key="r", title="GOE", maximum=D(3), minimum=D(-3), step=D("0.75"))
LONG = Aspect(
    key="l", title="Ladder", kind=AspectKind.JUDGEMENT, maximum=D(5), top=5, ladder=("x",) * 6
)
UNEVEN = LONG.model_copy(update={"awards": (D(0), D(1), D(1), D(2), D(4), D(5))})
OFF = Aspect(
    key="d", title="Size", kind=AspectKind.DEVIATION, maximum=D(2), target=D(10),
    tolerance=D("0.1"), difference=D("0.2"), deduction=D("0.5"), reading_step=D("0.01"),
)  # fmt: skip
CHOICE = Aspect(
    key="c", title="Choice", kind=AspectKind.CHOICE, maximum=D("0.75"),
    options=(Option(label="full", award=D("0.75")), Option(label="none", award=D(0))),
)  # fmt: skip
BANDS = Aspect(
    key="b", title="Time", kind=AspectKind.BANDS, maximum=D(20),
    bands=(
        Band(up_to=D(900), award=D(20)),
        Band(above=D(900), up_to=D(915), award=D(19)),
        Band(above=D(915), award=D(0)),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("aspect", "value", "said"),
    [
        (RANGE, "-3", None),
        (RANGE, "2.25", None),
        (RANGE, "3.75", "Enter a mark from -3 to 3."),
        (RANGE, "-3.75", "Enter a mark from -3 to 3."),
        (RANGE, "1", "Enter a mark in steps of 0.75."),
        (LONG, "5", None),
        (LONG, "6", "Enter a whole number from 0 to 5."),
        (LONG, "-1", "Enter a whole number from 0 to 5."),
        (LONG, "2.5", "Enter a whole number from 0 to 5."),
        (CHOICE, "1", None),
        (CHOICE, "2", "Enter a whole number from 0 to 1."),
        (OFF, "9.87", None),
        (OFF, "9.875", "Enter a mark in steps of 0.01."),
        (BANDS, "-12.3456", None),
        (BANDS, "1E+12", "Enter a number."),
        (BANDS, "1E+11", None),
        (BANDS, "1E-11", "Enter a number."),
        (BANDS, "1E-10", None),
        (RANGE, "1E+999999", "Enter a number."),
        (RANGE, "1E-999999", "Enter a number."),
        (BANDS, "NaN", "Enter a number."),
        (BANDS, "-Infinity", "Enter a number."),
    ],
)
def test_a_mark_that_cannot_be_is_refused(aspect, value, said):
    problem = mark_problem(aspect, D(value))
    assert (problem and (str(problem), problem.field)) == (said and (said, aspect.key))
    assert is_usable(D(value)) or said == "Enter a number."


@pytest.mark.parametrize(
    ("aspect", "value", "worth"),
    [
        (RANGE, "-2.25", F(-9, 4)),
        (LONG, "2", F(2)),
        (LONG, "0", F(0)),
        (UNEVEN, "2", F(1)),
        (UNEVEN, "5", F(5)),
        (CHOICE, "0", F(3, 4)),
        (CHOICE, "1", F(0)),
        (BANDS, "900", F(20)),
        (BANDS, "900.01", F(19)),
        (BANDS, "915", F(19)),
        (BANDS, "915.01", F(0)),
        (OFF, "10", F(2)),
        (OFF, "10.1", F(2)),
        (OFF, "9.9", F(2)),
        (OFF, "10.2", F(7, 4)),
        (OFF, "9.7", F(3, 2)),
        (OFF, "12", F(0)),
    ],
)
def test_a_mark_is_worth_what_its_kind_says(aspect, value, worth):
    assert awarded(aspect, D(value)) == worth


@pytest.mark.parametrize(
    ("counted", "value", "worth"),
    [
        ("started", "10.11", F(3, 2)),
        ("started", "10.3", F(3, 2)),
        ("started", "10.31", F(1)),
        ("full", "10.29", F(2)),
        ("full", "10.3", F(3, 2)),
        ("full", "9.6", F(3, 2)),
    ],
)
def test_a_deviation_counts_steps_that_have_begun_or_only_full_ones(counted, value, worth):
    assert awarded(OFF.model_copy(update={"counted": counted}), D(value)) == worth


def test_an_agreed_value_and_a_deduction_must_fit_too():
    given = Given(key="dd", title="Difficulty", minimum=D(1), maximum=D("4.8"))
    assert given_problem(given, D("3.2")) is None
    assert str(given_problem(given, D("3.25"))) == "Enter a mark in steps of 0.1."
    assert str(given_problem(given, D("0.9"))) == "Enter a mark from 1 to 4.8."
    assert given_problem(given, D(5)).field == "dd"
    assert str(given_problem(given, D("NaN"))) == "Enter a number."
    assert given_problem(given, D("NaN")).field == "dd"
    quarter = Given(key="q", title="Quarter", minimum=D("0.3"), maximum=D(2), step=D("0.25"))
    assert given_problem(quarter, D("0.55")) is None
    assert given_problem(quarter, D("0.5")) is not None
    assert str(given_problem(quarter, D(9))) == "Enter a mark from 0.3 to 2."
    free = Given(key="f", title="Free", maximum=D(2))
    assert str(given_problem(free, D(9))) == "Enter a mark from 0 to 2."
    breach = Deduction(key="x", title="Breach", step=D("0.5"))
    assert deduction_problem(breach, D("1.5")) is None
    assert deduction_problem(breach, D(0)) is None
    assert str(deduction_problem(breach, D("-0.5"))) == "Enter a number."
    assert str(deduction_problem(breach, D("sNaN"))) == "Enter a number."
    assert str(deduction_problem(breach, D("0.25"))) == "Enter a mark in steps of 0.5."
    assert deduction_problem(breach, D("0.25")).field == "x"
    assert deduction_problem(breach, D(-1)).field == "x"


def test_met_or_not_met_is_asked_for_by_name():
    met = Aspect(key="m", title="Met", kind=AspectKind.MEASUREMENT, maximum=D(2))
    problem = mark_problem(met, D(2))
    assert (str(problem), problem.field) == ("Enter 1 for met or 0 for not met.", "m")


def test_a_band_begins_above_its_lower_end():
    assert [holds(BANDS.bands[1], D(x)) for x in ("900", "900.1", "915", "915.1")] == [
        False, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("aspect", "found"),
    [
        (RANGE, {1, 4}),
        (LONG, {1}),
        (LONG.model_copy(update={"maximum": D(2)}), {1, 5}),
        (UNEVEN.model_copy(update={"awards": (D("0.125"),)}), {1, 8}),
        (CHOICE, {1, 4}),
        (OFF, {1, 2}),
        (BANDS.model_copy(update={"bands": (Band(award=D("0.2")),)}), {1, 5}),
    ],
)
def test_the_usual_awards_have_known_denominators(aspect, found):
    assert set(units(aspect)) == found


def test_what_a_mark_is_worth_at_least_may_lie_below_zero():
    steps = LONG.model_copy(
        update={"minimum": D("-2.1"), "maximum": D("2.1"), "top": 6, "ladder": ("x",) * 7}
    )
    grades = tuple(D(f"{n}") * D("0.7") for n in range(-3, 4))
    table = steps.model_copy(update={"awards": grades})
    assert [awarded(table, D(n)) for n in range(7)] == [F(n, 10) for n in range(-21, 22, 7)]
    lost = OFF.model_copy(update={"minimum": D(-1)})
    assert awarded(lost, D(20)) == -1
    not_met = Aspect(
        key="m", title="M", kind=AspectKind.MEASUREMENT, maximum=D(0), minimum=D("-0.75")
    )
    assert [awarded(not_met, D(n)) for n in (0, 1)] == [F(-3, 4), 0]
    assert 4 in units(not_met)


@pytest.mark.parametrize(
    ("side", "reading", "worth"),
    [("both", "10.5", "1"), ("both", "9.5", "1"), ("above", "10.5", "1"), ("above", "9.5", "2"),
     ("below", "10.5", "2"), ("below", "9.5", "1")],
)  # fmt: skip
def test_a_reading_may_differ_on_one_side_only(side, reading, worth):
    assert awarded(OFF.model_copy(update={"side": side}), D(reading)) == F(worth)
