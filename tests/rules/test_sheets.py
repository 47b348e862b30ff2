"""A sheet while it fills."""

from decimal import Decimal

import pytest

from rules.refusals import Refused
from rules.schemes import Aspect, AspectKind, Band, Deduction, Given, Part, Scheme, Section
from rules.seats import Layout, bench_of
from rules.sheets import fits_table, in_seconds, puts_out, read_mark, running_total, worth

POINTS = Aspect(key="A1", title="尺寸", maximum=Decimal(20))
MET = Aspect(key="A2", title="倒角", kind=AspectKind.MEASUREMENT, maximum=Decimal("1.5"))
JUDGED = Aspect(
    key="B1",
    title="外观",
    kind=AspectKind.JUDGEMENT,
    maximum=Decimal(1),
    ladder=("差", "中", "良", "优"),
)
GOE = POINTS.model_copy(update={"key": "G", "minimum": Decimal(-3), "maximum": Decimal(3)})
TIME = Aspect(
    key="T",
    title="Time (s)",
    kind=AspectKind.BANDS,
    maximum=Decimal(5),
    bands=(Band(up_to=Decimal(900), award=Decimal(5)), Band(above=Decimal(900), award=Decimal(0))),
)
BREACH = Deduction(
    key="d", title="Breach", each=Decimal(5), limit=Decimal(10), disqualifies_at=Decimal(3)
)
SECTIONS = (
    Section(key="A", title="加工", aspects=(POINTS, MET)),
    Section(key="B", title="外观", sections=(Section(key="B1x", title="表面", aspects=(JUDGED,)),)),
)


def layout(*sections: Section) -> Layout:
    part = Part(key="p", title="操作", weight=Decimal(100), sections=sections or SECTIONS)
    return bench_of(Scheme(title="", parts=(part,)), "p").layout(1)


@pytest.mark.parametrize(
    ("text", "value"),
    [("7.5", "7.5"), (" 8 ", "8"), ("７．５", "7.5"), ("7。5", "7.5"), (".5", "0.5"), ("-0", "0")],
)
def test_a_number_is_read_however_it_is_typed(text: str, value: str) -> None:
    assert read_mark(POINTS, text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"), [("-3", "-3"), ("−1.5", "-1.5"), ("－2", "-2"), ("-0", "0"), ("+1", "1")]
)
def test_marks_below_zero_are_read_and_nothing_is_minus_nothing(text: str, value: str) -> None:
    found = read_mark(GOE, text)
    assert (found, str(found)[0] == "-") == (Decimal(value), value[0] == "-")


@pytest.mark.parametrize(
    ("text", "value"),
    [("15:00", "900"), ("1:02:03", "3723"), ("14：59.5", "899.5"), ("0:07", "7"), ("61", "61")],
)
def test_a_time_in_seconds_may_be_typed_as_a_clock_shows_it(text: str, value: str) -> None:
    assert read_mark(TIME, text) == Decimal(value)


@pytest.mark.parametrize("text", ["15:60", "1:60:00", "15:", ":30", "1:2", "1:00:00:00", "-1:00"])
def test_what_no_clock_shows_is_no_time(text: str) -> None:
    with pytest.raises(Refused, match="number"):
        read_mark(TIME, text)


def test_only_a_line_that_says_seconds_takes_a_clock() -> None:
    assert in_seconds(Given(key="t", title="总用时（秒）", maximum=Decimal(9999)))
    assert in_seconds(TIME.model_copy(update={"title": "Run", "detail": "in seconds"}))
    for line in (
        TIME.model_copy(update={"title": "Seconds-hand", "kind": AspectKind.POINTS}),
        TIME.model_copy(update={"title": "Length (mm)"}),
        BREACH.model_copy(update={"title": "秒"}),
    ):
        assert not in_seconds(line)
    with pytest.raises(Refused, match="number"):
        read_mark(POINTS, "15:00")


def test_agreed_values_and_deductions_are_read_by_their_own_rules() -> None:
    difficulty = Given(key="g", title="Difficulty", minimum=Decimal("1.2"), maximum=Decimal(4))
    assert read_mark(difficulty, "3.4") == Decimal("3.4")
    for line, text in ((difficulty, "1.1"), (difficulty, "3.45"), (BREACH, "-1"), (BREACH, "0.5")):
        with pytest.raises(Refused) as refused:
            read_mark(line, text)
        assert refused.value.field == line.key


def test_a_deduction_costs_no_more_than_its_limit_and_may_put_out() -> None:
    assert [worth(BREACH, Decimal(n)) for n in (0, 1, 3)] == [0, -5, -10]
    assert [puts_out(BREACH, Decimal(n)) for n in (2, 3, 4)] == [False, True, True]
    assert worth(BREACH.model_copy(update={"effect": "zero"}), Decimal(1)) is None
    assert not puts_out(BREACH.model_copy(update={"disqualifies_at": None}), Decimal(9))
    assert not puts_out(POINTS, Decimal(9))


def test_nothing_typed_is_not_marked() -> None:
    assert read_mark(POINTS, "  ") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc", "number"),
        ("7,5", "number"),
        ("1e1", "number"),
        ("NaN", "number"),
        ("9" * 30, "number"),
        ("7.12345", "number"),
        ("20.5", "from 0 to 20"),
        ("-1", "from 0 to 20"),
        ("7.3", "steps of 0.5"),
    ],
)
def test_what_cannot_be_the_mark_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_mark(POINTS, text)
    assert words in str(refused.value)
    assert refused.value.field == "A1"


def test_measurement_and_judgement_take_their_own_values_only() -> None:
    assert read_mark(MET, "1") == 1
    assert read_mark(JUDGED, "3") == 3
    for aspect, text in ((MET, "2"), (JUDGED, "4"), (JUDGED, "1.5")):
        with pytest.raises(Refused):
            read_mark(aspect, text)


def test_the_running_total_is_exact_in_the_marks_of_the_sheet() -> None:
    marks = {"A1": Decimal("7.5"), "A2": Decimal(1), "B1": Decimal(2)}
    assert running_total(layout(), marks) == Decimal("9.67")
    assert running_total(layout(), {}) == 0


def test_only_a_short_sheet_fits_a_table() -> None:
    assert fits_table(layout())
    long = [POINTS.model_copy(update={"key": f"A{n}"}) for n in range(7)]
    assert not fits_table(layout(Section(key="A", title="加工", aspects=tuple(long))))
