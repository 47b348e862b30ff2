"""Alarms and hints: what is said of planted slips and bias, and that fair judges are left alone."""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rules.alarms import WORDS, Alarm, AlarmGroup, AlarmKind, AlarmRules, Weight, in_order
from rules.comparisons import Compared, Gauge, compare, from_others, median
from rules.habits import own_people, ways
from rules.paces import Pace, Signed
from rules.schemes import Aspect, AspectKind, Option, Panel, Part, Section
from rules.slips import mark_slips, swapped
from rules.spreads import SpreadAlert
from rules.watching import mark_alarms, spread_alarm, time_alarms, wants_remark

START = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)
RULES = AlarmRules()
Marks = dict[int, dict[str, Decimal]]


def points(key: str, maximum: int = 100, step: str = "0.5") -> Aspect:
    return Aspect(key=key, title=f"Line {key}", maximum=Decimal(maximum), step=Decimal(step))


def part_of(*aspects: Aspect, judges: int = 5, **panel: Any) -> Part:
    section = Section(key="S", title="S", aspects=aspects)
    return Part(
        key="work",
        title="Work",
        weight=Decimal(100),
        sections=(section,),
        panel=Panel(judges=judges, minimum=judges, **panel),
    )


def given(*columns: Sequence[float | str], keys: Sequence[str] = ("A",)) -> Marks:
    """One column of marks a judge, in the order of the aspects."""
    return {
        seat: {key: Decimal(str(value)) for key, value in zip(keys, column, strict=True)}
        for seat, column in enumerate(columns, 1)
    }


def alarms_of(part: Part, works: Mapping[str, Marks], rules: AlarmRules = RULES) -> list[Alarm]:
    gauge = Gauge(part)
    compared = [compare(gauge, code, marks) for code, marks in works.items()]
    slips = [slip for one in compared for slip in mark_slips(gauge, one)]
    when = {
        (code, seat): START + timedelta(minutes=10 * index)
        for index, (code, marks) in enumerate(works.items())
        for seat in marks
    }
    return sorted(mark_alarms(gauge, compared, slips, when, rules), key=in_order)


def slip(marks: Marks, *aspects: Aspect) -> list[tuple[AlarmKind, int | None, str | None]]:
    gauge = Gauge(part_of(*aspects))
    found = mark_slips(gauge, compare(gauge, "W1", marks))
    return [(one.kind, one.seat, one.aspect) for one in found]


def event(
    judges: int = 5,
    works: int = 40,
    aspects: int = 6,
    seed: int = 7,
    bend: Callable[[int, int, float], float] = lambda _judge, _work, mark: mark,
) -> tuple[Part, dict[str, Marks]]:
    """A whole event of judges who mark alike but for chance; `bend` bends one of them."""
    rng = random.Random(seed)
    lines = [points(f"A{n}", 10) for n in range(aspects)]
    found = {}
    for work in range(works):
        quality = rng.gauss(6, 1.5)
        truth = [quality + rng.gauss(0, 0.7) for _ in lines]
        found[f"W{work:03}"] = {
            judge: {
                line.key: _mark(bend(judge, work, truth[n] + rng.gauss(0, 0.6)))
                for n, line in enumerate(lines)
            }
            for judge in range(1, judges + 1)
        }
    return part_of(*lines, judges=judges), found


def _mark(value: float) -> Decimal:
    return Decimal(round(min(10, max(0, value)) * 2)) / 2


def test_nobody_is_compared_with_himself() -> None:
    values = {1: Decimal(80), 2: Decimal(82), 3: Decimal(50)}
    assert from_others(values) == {1: Decimal(14), 2: Decimal(17), 3: Decimal(-31)}


@pytest.mark.parametrize("size", range(3, 9))
def test_the_distance_from_the_others_is_what_leaving_one_out_gives(size: int) -> None:
    rng = random.Random(size)
    for _ in range(50):
        values = {seat: Decimal(rng.randint(0, 6)) for seat in range(size)}
        slow = {
            seat: value - median(sorted(v for s, v in values.items() if s != seat))
            for seat, value in values.items()
        }
        assert from_others(values) == slow


def test_of_two_judges_nobody_can_say_who_is_apart() -> None:
    works = {f"W{n}": given([90], [10]) for n in range(20)}
    assert alarms_of(part_of(points("A"), judges=2), works) == []


def test_a_mark_far_from_the_others_is_named_with_both_numbers() -> None:
    works = {f"W{n}": given([80], [81], [80], [82], [81]) for n in range(9)}
    works["W9"] = given([80], [81], [55], [82], [81])
    found = [one for one in alarms_of(part_of(points("A")), works) if one.work == "W9"]
    assert [one.kind for one in found] == [AlarmKind.SHEET_APART, AlarmKind.MARK_APART]
    assert (found[1].seat, found[1].aspect) == (3, "A")
    assert str(found[1].said) == "Worth 55; the middle of the others is 81."


def test_what_is_usual_in_the_event_is_no_alarm() -> None:
    """Judges who scatter by twenty everywhere aren't apart by twenty once more."""
    rng = random.Random(3)
    works = {
        f"W{n}": given(*([50 + rng.choice((-20, -10, 0, 10, 20))] for _ in range(5)))
        for n in range(40)
    }
    assert [one.kind for one in alarms_of(part_of(points("A", step="10")), works)] == []


def test_two_camps_are_a_spread_and_no_outlier() -> None:
    works = {f"W{n}": given([80], [80], [80], [80], [80]) for n in range(9)}
    works["W9"] = given([80], [80], [80], [50], [50])
    assert alarms_of(part_of(points("A")), works) == []


def test_a_sheet_of_zeros_among_marks_presses() -> None:
    works = {
        "W1": given([7, 8], [6, 8], [0, 0], keys="AB"),
        "W2": given([0, 0], [0, 0], [0, 0], keys="AB"),
    }
    found = alarms_of(part_of(points("A", 10), points("B", 10), judges=3), works)
    zeros = [one for one in found if one.kind is AlarmKind.ZEROS]
    assert [(one.work, one.seat, one.weight) for one in zeros] == [("W1", 3, Weight.URGENT)]
    assert AlarmKind.SHEET_APART not in {one.kind for one in found}
    assert found[0] is zeros[0]


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        ("87", ["78"]),
        ("8.5", ["5.8"]),
        ("100", ["010"]),
        ("7", []),
        ("77", []),
        ("123", ["213", "132"]),
    ],
)
def test_digits_that_stand_beside_each_other_change_places(value: str, becomes: list[str]) -> None:
    assert [*swapped(Decimal(value))] == [Decimal(one) for one in becomes]


def test_swapped_digits_are_found() -> None:
    marks = given([87], [86.5], [78], [87], [88])
    assert slip(marks, points("A")) == [(AlarmKind.SWAPPED, 3, "A")]


def test_a_misplaced_point_is_found_both_ways() -> None:
    assert slip(given([8.5], [8.0], [8.5], [85]), points("A")) == [(AlarmKind.TENFOLD, 4, "A")]
    assert slip(given([80], [80], [8.0], [81]), points("A")) == [(AlarmKind.TENFOLD, 3, "A")]


def test_the_mark_of_the_line_above_is_found() -> None:
    marks = given([20, 95], [20, 95], [20, 20], [20, 94.5], keys="AB")
    assert slip(marks, points("A"), points("B")) == [(AlarmKind.NEIGHBOUR, 3, "B")]


def test_a_mark_that_is_merely_strict_is_no_slip() -> None:
    assert slip(given([87], [86], [70], [88]), points("A")) == []


def test_marks_without_digits_have_no_slips_of_digits() -> None:
    levels = Aspect(key="A", title="A", kind=AspectKind.JUDGEMENT, maximum=Decimal(9))
    choice = Aspect(
        key="A",
        title="A",
        kind=AspectKind.CHOICE,
        maximum=Decimal(5),
        options=tuple(Option(label=str(n), award=Decimal(n)) for n in range(6)),
    )
    assert slip(given([3], [3], [0], [3]), levels) == []
    assert slip(given([5], [5], [0], [5]), choice) == []


def test_swapped_digits_of_a_measured_length_are_found() -> None:
    length = Aspect(
        key="A",
        title="Length",
        kind=AspectKind.DEVIATION,
        maximum=Decimal(5),
        target=Decimal("20.15"),
        difference=Decimal("0.01"),
        deduction=Decimal(1),
        reading_step=Decimal("0.01"),
    )
    assert slip(given(["20.15"], ["20.16"], ["20.51"]), length) == [(AlarmKind.SWAPPED, 3, "A")]


def test_a_sheet_that_fits_the_work_beside_it_is_one_alarm() -> None:
    keys = "ABCD"
    aspects = [points(key, 10) for key in keys]
    first, second = [9, 8, 9, 7], [3, 4, 2, 5]
    works = {
        "W1": given(first, first, second, first, keys=keys),
        "W2": given(second, second, first, second, keys=keys),
        "W3": given(*[[5, 5, 5, 5]] * 4, keys=keys),
    }
    found = alarms_of(part_of(*aspects, judges=4), works)
    assert [(one.kind, one.work, one.seat) for one in found] == [
        (AlarmKind.OTHER_WORK, "W1", 3),
        (AlarmKind.OTHER_WORK, "W2", 3),
    ]
    assert found[0].numbers["other"] == "W2"


@pytest.mark.parametrize("judges", [3, 5, 7])
def test_fair_judges_are_left_alone(judges: int) -> None:
    """Twenty events of forty works: hardly an alarm on 24,000 marks and more."""
    kinds: Counter[AlarmKind] = Counter()
    for seed in range(20):
        kinds.update(one.kind for one in alarms_of(*event(judges, seed=seed)))
    marks = sum(count for kind, count in kinds.items() if kind in (AlarmKind.MARK_APART,))
    habits = sum(kinds.values()) - marks
    assert marks <= 2  # fewer than one in 10,000
    assert habits <= 2  # fewer than one judge in thirty events


def biased(judges: int, bend: Callable[[int, float], float]) -> list[tuple[AlarmKind, int | None]]:
    """What is said when judge 2 bends the marks by the place of the work."""
    found = []
    for seed in range(5):
        part, works = event(
            judges, seed=seed, bend=lambda j, w, mark: bend(w, mark) if j == 2 else mark
        )
        found += [(one.kind, one.seat) for one in alarms_of(part, works)]
    return found


@pytest.mark.parametrize("judges", [3, 5, 7])
@pytest.mark.parametrize(
    ("kind", "bend"),
    [
        (AlarmKind.SEVERE, lambda _work, mark: mark - 0.8),
        (AlarmKind.LENIENT, lambda _work, mark: mark + 0.8),
        (AlarmKind.DRIFT, lambda work, mark: mark + (work - 20) / 20),
        (AlarmKind.NARROW, lambda _work, mark: 6 + (mark - 6) / 5),
    ],
)
def test_a_biased_judge_is_found_every_time(
    judges: int, kind: AlarmKind, bend: Callable[[int, float], float]
) -> None:
    found = biased(judges, bend)
    assert found.count((kind, 2)) == 5
    assert {seat for said, seat in found if said is kind} == {2}


def test_a_biased_judge_of_few_works_is_not_judged() -> None:
    part, works = event(works=5, bend=lambda j, _w, mark: mark - 2 if j == 2 else mark)
    groups = {one.group for one in alarms_of(part, works)}
    assert AlarmGroup.HABITS not in groups


def test_the_own_people_are_looked_at_once_it_is_known_who_they_are() -> None:
    own = {"W003", "W010", "W021"}

    def bend(judge: int, work: int, mark: float) -> float:
        return mark + 1.5 if judge == 2 and f"W{work:03}" in own else mark

    part, works = event(bend=bend)
    gauge = Gauge(part)
    compared = [compare(gauge, code, marks) for code, marks in works.items()]
    when = {(code, seat): code for code, marks in works.items() for seat in marks}
    by_seat = {way.seat: way for way in ways(compared, when)}
    (found,) = own_people(by_seat[2], own, RULES)
    assert (found.kind, found.seat, found.numbers["works"]) == (AlarmKind.OWN_PEOPLE, 2, 3)
    assert [*own_people(by_seat[1], own, RULES)] == []
    assert [*own_people(by_seat[2], {"W003"}, RULES)] == []


def test_sheets_that_are_not_signed_yet_are_no_habit() -> None:
    part, works = event(bend=lambda j, _w, mark: mark - 2 if j == 2 else mark)
    gauge = Gauge(part)
    compared = [compare(gauge, code, marks) for code, marks in works.items()]
    assert ways(compared, {}) == []


# how judges get on


def minutes(*numbers: int) -> list[datetime]:
    return [START + timedelta(minutes=number) for number in numbers]


def pace(seat: int, begun: int = 5, last: int = 59, **more: Any) -> Pace:
    (first,), (end,) = minutes(0), minutes(last)
    kept = {"signed": 0, "first": first, "last": end} | more
    return Pace("work", seat, 10, begun, **kept)


def times(*paces: Pace, works: Sequence[Signed] = (), now: int = 60) -> list[AlarmKind]:
    return [one.kind for one in time_alarms(paces, works, RULES, minutes(now)[0])]


def test_a_judge_without_a_mark_is_absent_once_the_others_are_under_way() -> None:
    gone = Pace("work", 3, 10)
    assert times(pace(1), pace(2), gone) == [AlarmKind.ABSENT]
    assert times(pace(1, begun=1), pace(2, begun=1), gone) == []
    assert times(pace(1), pace(2), gone, now=19) == []
    assert times(gone, Pace("work", 4, 10)) == []


def test_who_stops_while_others_go_on_is_idle_and_in_a_break_nobody_is() -> None:
    stopped = pace(2, last=20)
    assert times(pace(1), stopped) == [AlarmKind.IDLE]
    assert times(pace(1, last=20), stopped) == []
    assert times(pace(1), pace(2, last=20, signed=10)) == []
    assert times(pace(1), pace(2, last=20, away=True)) == []


def test_a_judge_alone_on_his_part_is_measured_by_the_other_parts() -> None:
    alone = Pace("theory", 1, 10, 5, 0, START, START)
    assert times(pace(1), pace(2), alone) == [AlarmKind.IDLE]


def test_a_judge_three_times_faster_than_the_others_is_named() -> None:
    slow: dict[str, Any] = {"signatures": minutes(*range(0, 80, 10)), "last": 59}
    quick: dict[str, Any] = {"signatures": minutes(*range(0, 16, 2)), "last": 59}
    assert times(pace(1, **slow), pace(2, **slow), pace(3, **quick)) == [AlarmKind.FAST]
    assert times(pace(1, **slow), pace(2, **slow), pace(3, **slow)) == []


def test_the_last_sheet_of_a_work_is_waited_for() -> None:
    done, late = minutes(10, 30)
    works = [Signed("W1", "work", {1: done, 2: late, 3: None})]
    paces = (pace(1), pace(2), pace(3))
    assert times(*paces, works=works, now=49) == []
    assert times(*paces, works=works, now=50) == [AlarmKind.WAITING]
    two = [Signed("W1", "work", {1: done, 2: None, 3: None})]
    assert times(*paces, works=two) == []
    idle = (pace(1), pace(2), pace(3, last=10))
    assert times(*idle, works=works) == [AlarmKind.IDLE]


# what an alarm is


def test_every_kind_has_words_and_a_group() -> None:
    assert WORDS.keys() == {*AlarmKind}
    assert {Alarm(kind, "p").group for kind in AlarmKind} == {*AlarmGroup}


@pytest.mark.parametrize("kind", AlarmKind)
def test_the_words_of_every_kind_can_be_said(kind: AlarmKind) -> None:
    names = re.findall(r"%\((\w+)\)s", WORDS[kind])
    said = str(Alarm(kind, "p", numbers=dict.fromkeys(names, Decimal("7.50"))).said)
    assert said.count("7.5") == len(names)
    assert "%(" not in said


def test_a_spread_presses_where_marks_must_be_given_anew() -> None:
    alert = SpreadAlert("work", "A", Decimal(1), Decimal(3))
    flagged = part_of(points("A"), max_spread=Decimal(2))
    again = part_of(points("A"), max_spread=Decimal(2), on_spread="remark")
    assert spread_alarm(flagged, "W1", alert).weight is Weight.LOOK
    assert spread_alarm(again, "W1", alert).weight is Weight.URGENT


def test_the_nearest_panel_says_whether_marks_are_given_anew() -> None:
    remark = Panel(judges=3, max_spread=Decimal(1), on_spread="remark")
    inner = Section(key="J", title="J", aspects=(points("J1"),), panel=remark)
    outer = Section(key="M", title="M", aspects=(points("M1"),))
    part = Part(key="p", title="P", sections=(inner, outer))
    wanted = [wants_remark(part, key) for key in ("J", "J1", "M1", None)]
    assert wanted == [True, True, False, False]


def test_an_alarm_put_aside_comes_back_when_its_numbers_change() -> None:
    first = Alarm(
        AlarmKind.MARK_APART, "p", 1, "W1", "A", {"own": Decimal(5), "middle": Decimal(8)}
    )
    same = Alarm(AlarmKind.MARK_APART, "p", 1, "W1", "A", {"middle": Decimal(8), "own": Decimal(5)})
    later = Alarm(
        AlarmKind.MARK_APART, "p", 1, "W1", "A", {"own": Decimal(4), "middle": Decimal(8)}
    )
    assert (first.key, first.mark) == (same.key, same.mark)
    assert first.key == later.key
    assert first.mark != later.mark
    assert first.key != Alarm(AlarmKind.MARK_APART, "p", 11, "W", "A").key


def test_a_habit_put_aside_does_not_come_back_with_every_work() -> None:
    def said(works: int) -> str:
        part, marks = event(works=works, bend=lambda j, _w, mark: mark - 1 if j == 2 else mark)
        return next(one.mark for one in alarms_of(part, marks) if one.kind is AlarmKind.SEVERE)

    assert said(41) == said(42)


def test_compared_sheets_have_marked_the_same_lines() -> None:
    gauge = Gauge(part_of(points("A", 10), points("B", 10)))
    marks = given([8, 8], [8, 7], [7, 8], keys="AB") | {4: {"A": Decimal(1)}}
    found: Compared = compare(gauge, "W1", marks)
    assert found.totals.keys() == {1, 2, 3}
    assert found.totals[1] == 80
    assert found.apart["A"][4] == -7
