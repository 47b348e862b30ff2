"""Which seats a scheme asks for, and what each one's sheet holds."""

from decimal import Decimal
from typing import Any

import pytest

from rules.schemes import Aspect, Deduction, Given, Panel, Part, Scheme, Section, Stage
from rules.seats import RECORDER, bench_of, benches, place_of
from tests.judging_rooms import mixed_scheme, rich_scheme

FIVE = Panel(judges=5, minimum=4)


def aspect(key: str, **more: Any) -> Aspect:
    return Aspect(key=key, title=key.upper(), maximum=Decimal(10), **more)


def part(key: str, *sections: Section, **more: Any) -> Part:
    return Part(key=key, title=key.title(), sections=sections, **more)


def section(key: str, *aspects: Aspect, **more: Any) -> Section:
    return Section(key=key, title=key.title(), aspects=aspects, **more)


def whole(*parts: Part, **more: Any) -> Scheme:
    return Scheme(title="", combine="sum", parts=parts, **more)


def keys(scheme: Scheme, key: str, number: int) -> list[str]:
    return [line.key for line in bench_of(scheme, key).layout(number).lines]


def missing(scheme: Scheme, number: int, *marked: str) -> list[str]:
    layout = bench_of(scheme, "p").layout(number)
    return [line.key for line in layout.missing(frozenset(marked))]


def test_a_plain_part_has_the_seats_of_its_panel_and_no_recorder() -> None:
    (bench,) = benches(mixed_scheme())
    assert (bench.seats, bench.recorded) == ((1, 2), ())
    with pytest.raises(KeyError):
        bench.layout(RECORDER)
    with pytest.raises(KeyError):
        bench.layout(3)


def test_each_seat_sees_the_aspects_whose_panel_is_large_enough() -> None:
    scheme = rich_scheme()
    work, event = benches(scheme)
    assert (work.seats, event.seats) == ((1, 2, 3, RECORDER), (RECORDER,))
    assert keys(scheme, "work", 1) == ["M1", "M2", "M3", "J1", "J2"]
    assert keys(scheme, "work", 2) == keys(scheme, "work", 3) == ["J1", "J2"]


def test_a_panel_of_one_aspect_may_be_smaller_than_that_of_its_part() -> None:
    own = aspect("b", panel=Panel())
    scheme = whole(
        part(
            "p",
            section("s", aspect("a"), own),
            panel=FIVE.model_copy(update={"combine_at": "aspect"}),
        )
    )
    assert [keys(scheme, "p", n) for n in (1, 2, 5)] == [["a", "b"], ["a"], ["a"]]
    assert [line.key for line in bench_of(scheme, "p").layout(2).blocks[0].lines] == ["a"]


def test_the_recorder_sees_every_agreed_value_and_deduction_under_its_node() -> None:
    jump = section(
        "jump",
        aspect("a", times=Given(key="dd", title="DD", maximum=Decimal(4))),
        deductions=(Deduction(key="fall", title="Fall"),),
    )
    layout = bench_of(whole(part("p", jump)), "p").layout(RECORDER)
    assert [(block.titles, [line.key for line in block.lines]) for block in layout.blocks] == [
        (("Jump",), ["fall"]),
        (("Jump", "A"), ["dd"]),
    ]
    assert layout.is_record and layout.maximum == 0


def test_facts_and_what_belongs_to_the_whole_event_have_a_recorder_of_their_own() -> None:
    time = Given(key="time", title="Time", maximum=Decimal(99))
    base = Given(key="base", title="Base", maximum=Decimal(9))
    late = Deduction(key="late", title="Late")
    scheme = whole(
        part("p", section("s", aspect("a"))), facts=(time,), plus=base, deductions=(late,)
    )
    layout = bench_of(scheme, "").layout(RECORDER)
    assert [line.key for line in layout.lines] == ["time", "base", "late"]
    assert [line.key for line in layout.missing(frozenset({"time"}))] == ["base"]
    assert layout.optional == {"late"}


def test_with_stages_each_has_its_own_benches() -> None:
    late = Deduction(key="late", title="Late")
    scheme = whole(
        part("p", section("s", aspect("a")), stage="heat"),
        part("q", section("t", aspect("b")), stage="final", entered_by="clerk"),
        stages=(
            Stage(key="heat", title="Heat"),
            Stage(key="final", title="Final", deductions=(late,)),
        ),
        facts=(Given(key="time", title="Time", maximum=Decimal(99)),),
    )
    assert [(one.key, one.title, one.stage) for one in benches(scheme)] == [
        ("p", "Heat · P", "heat"),
        ("", "Heat · Whole event", "heat"),
        ("q", "Final · Q", "final"),
        ("@1", "Final · Whole event", "final"),
    ]
    assert bench_of(scheme, "@1").entered_by == "clerk"
    data = scheme.model_dump(mode="json")
    found = [place_of(data, one.key) for one in benches(scheme)]
    assert found[:3] == [("Heat · P", False), ("Heat · Whole event", False), ("Final · Q", True)]
    assert found[3][0] == "Final · Whole event"


def test_titles_come_from_a_stored_scheme_without_making_it() -> None:
    data = rich_scheme().model_dump(mode="json")
    assert place_of(data, "work") == ("操作", False)
    assert place_of(data, "") == ("Whole event", False)


def test_every_line_of_a_usual_sheet_must_be_marked() -> None:
    scheme = whole(part("p", section("s", aspect("a"), aspect("b"))))
    assert missing(scheme, 1) == ["a", "b"]
    assert missing(scheme, 1, "b") == ["a"]
    assert bench_of(scheme, "p").layout(1).optional == set()


def test_a_run_that_may_be_left_out_is_whole_or_empty() -> None:
    runs = [section(f"r{n}", aspect(f"a{n}"), aspect(f"b{n}")) for n in (1, 2)]
    both = Section(key="runs", title="Runs", sections=tuple(runs), best=1)
    scheme = whole(part("p", both, panel=Panel(combine_at="aspect")))
    assert missing(scheme, 1, "a1", "b1") == []
    assert missing(scheme, 1, "a1", "b1", "a2") == ["b2"]
    assert bench_of(scheme, "p").layout(1).optional == {"a1", "b1", "a2", "b2"}


def test_a_part_without_any_mark_may_count_zero_but_half_a_sheet_is_not_full() -> None:
    scheme = whole(part("p", section("s", aspect("a"), aspect("b")), missing="zero"))
    assert missing(scheme, 1) == []
    assert missing(scheme, 1, "a") == ["b"]


def test_a_part_may_be_left_out_where_the_best_parts_count() -> None:
    scheme = whole(part("p", section("s", aspect("a"), aspect("b"))), best=1)
    assert missing(scheme, 1) == []
    assert missing(scheme, 1, "a") == ["b"]


def test_the_difficulty_of_a_run_that_may_be_left_out_is_not_needed() -> None:
    times = [Given(key=f"d{n}", title="D", maximum=Decimal(4)) for n in (1, 2)]
    runs = [section(f"r{n}", aspect(f"a{n}"), times=times[n - 1]) for n in (1, 2)]
    both = Section(key="runs", title="Runs", sections=tuple(runs), best=1)
    scheme = whole(part("p", both, panel=Panel(combine_at="aspect")))
    assert missing(scheme, RECORDER) == []
    kept = whole(part("p", *runs))
    assert missing(kept, RECORDER) == ["d1", "d2"]


def test_a_free_seat_of_each_panel_is_told() -> None:
    work, event = benches(rich_scheme())
    assert [str(one) for one in work.problems(set())] == [
        "操作: judges seated 0, needed 1.",
        "操作 · 评判: judges seated 0, needed 3.",
        "操作: the recorder's seat is free.",
    ]
    assert [str(one) for one in work.problems({1, 2, RECORDER})] == [
        "操作 · 评判: judges seated 2, needed 3."
    ]
    assert not [*work.problems({1, 2, 3, RECORDER})]
    assert [str(one) for one in event.problems(set())] == [
        "Whole event: the recorder's seat is free."
    ]
