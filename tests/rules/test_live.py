"""One changed mark: only its entry is computed anew, and the places follow."""

from decimal import Decimal as D

import pytest

from rules.live import LiveEvent
from rules.marking import IncompleteMarks, JudgeMarks
from rules.ranking import TieBreak
from rules.refusals import Refused
from rules.schemes import Aspect, Deduction, Part, Scheme, Section, Stage
from rules.stages import Starter

OUT = Deduction(key="out", title="Out", disqualifies_at=D(1))


def scheme(**fields):
    aspect = Aspect(key="m", title="Mark", maximum=D(100))
    section = Section(key="s", title="All", aspects=(aspect,))
    part = Part(key="p", title="Work", weight=D(100), sections=(section,), **fields)
    return Scheme(title="Live", parts=(part,), deductions=(OUT,))


def sheet(value):
    return [JudgeMarks(1, {"m": D(value)})]


@pytest.fixture
def event():
    starters = [Starter(n, {"p": sheet(mark)}) for n, mark in enumerate((90, 80, 70), 1)]
    return LiveEvent(scheme(), (TieBreak(kind="part", key="p"),), starters)


def ranks(event):
    return {place.entry_id: place.rank for place in event.places()}


def test_a_changed_mark_moves_its_entry_and_leaves_the_others_untouched(event):
    before = dict(event.scores)
    assert event.change(3, "p", sheet(85)).total == 85
    assert ranks(event) == {1: 1, 3: 2, 2: 3}
    assert event.scores[1] is before[1]
    assert event.scores[2] is before[2]


def test_marks_that_make_no_result_change_nothing(event):
    with pytest.raises(IncompleteMarks):
        event.change(3, "p", sheet("85.3"))
    assert event.change(2, "p", sheet(60)).total == 60
    assert ranks(event) == {1: 1, 3: 2, 2: 3}
    with pytest.raises(IncompleteMarks):
        event.change(3, "p", [])
    assert event.change(3, "p", sheet(70)).total == 70


def test_a_disqualification_takes_the_place_away(event):
    event.change(1, "", [JudgeMarks(0, {"out": D(1)})])
    assert ranks(event) == {2: 1, 3: 2, 1: None}


def test_schemes_that_compare_entries_are_computed_as_a_whole_only():
    aspect = Aspect(key="m", title="Mark", maximum=D(100))
    parts = tuple(
        Part(
            key=f"p{n}",
            title="Work",
            stage=name,
            sections=(
                Section(
                    key=f"s{n}",
                    title="s",
                    aspects=(aspect.model_copy(update={"key": f"m{n}"}),),
                ),
            ),
        )
        for n, name in enumerate("ab")
    )
    stages = tuple(Stage(key=name, title=name) for name in "ab")
    rules = Scheme(title="Two", combine="sum", parts=parts, stages=stages)
    with pytest.raises(Refused, match="compares entries"):
        LiveEvent(rules, (), [Starter(1)])
