"""Who may enter: the age on the day, the size of the team, nobody twice."""

from datetime import date

import pytest

from rules.ages import age_on
from rules.eligibility import EventFormat, Member, Window, entry_problems
from rules.plans import EditionRules
from rules.states import ContestState, EntryState, EventState

TODAY = date(2026, 11, 22)
ADULT = date(1990, 1, 1)


def member(name="Li", birth=ADULT, key=None):
    return Member(name, key or name, birth)


def problems(*members, form=EventFormat.SINGLE, **rules):
    return [str(p) for p in entry_problems(EditionRules(**rules), form.size, members, TODAY)]


def test_whoever_is_16_today_may_enter_and_a_day_later_is_too_young():
    assert problems(member(birth=date(2010, 11, 22))) == []
    assert problems(member(birth=date(2010, 11, 23))) == [
        "Li is not yet 16 years old on 2026-11-22."
    ]


def test_the_day_that_counts_is_the_edition_s():
    assert problems(member(birth=date(2010, 12, 31)), age_on=date(2026, 12, 31)) == []


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2024, 2, 28), 15),
        (date(2024, 2, 29), 16),
        (date(2026, 2, 28), 17),
        (date(2026, 3, 1), 18),
    ],
)
def test_who_was_born_on_29_february_is_a_year_older_on_1_march(day, age):
    assert age_on(date(2008, 2, 29), day) == age


def test_an_upper_age_counts_only_where_it_is_set():
    old = member(birth=date(1960, 1, 1))
    assert problems(old) == []
    assert problems(old, maximum_age=60) == ["Li is more than 60 years old on 2026-11-22."]
    assert problems(member(birth=date(1966, 1, 1)), maximum_age=60) == []


@pytest.mark.parametrize(
    ("form", "size"), [(EventFormat.SINGLE, 1), (EventFormat.PAIR, 2), (EventFormat.TRIPLE, 3)]
)
def test_the_format_says_how_many_people_make_an_entry(form, size):
    people = [member(name) for name in ("Li", "Wang", "Zhao", "Sun")]
    assert problems(*people[:size], form=form) == []
    assert problems(*people[: size + 1], form=form) == [
        f"This event takes {size} people in one entry, not {size + 1}."
    ]


def test_the_same_person_twice_is_refused_by_number_not_by_name():
    same = [member("Li", key="1"), member("Li Ming", key="1")]
    assert problems(*same, form=EventFormat.PAIR) == ["Li Ming is in this entry twice."]
    namesakes = [member("Li", key="1"), member("Li", key="2")]
    assert problems(*namesakes, form=EventFormat.PAIR) == []


def test_a_missing_birth_date_is_asked_for_and_all_problems_come_at_once():
    found = problems(member("Li", None), member("Wang", date(2015, 1, 1)))
    assert found == [
        "This event takes 1 people in one entry, not 2.",
        "The birth date of Li is missing.",
        "Wang is not yet 16 years old on 2026-11-22.",
    ]


def window(official=False, contest=ContestState.PUBLISHED, event=EventState.REGISTERING):
    return Window(contest, event, date(2026, 9, 1), date(2026, 9, 30), official)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (date(2026, 8, 31), "Entries open on 2026-09-01."),
        (date(2026, 9, 1), None),
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), "Entries closed on 2026-09-30. Ask the organizer."),
    ],
)
def test_entries_are_open_from_the_first_to_the_last_day_and_longer_for_officials(day, message):
    problem = window().problem(day)
    assert (str(problem) if problem else None) == message
    assert window(official=True).problem(day) is None


@pytest.mark.parametrize("event", [e for e in EventState if e is not EventState.REGISTERING])
def test_nobody_enters_an_event_that_is_not_registering(event):
    assert window(True, event=event).problem(date(2026, 9, 5))
    assert window(True, ContestState.DRAFT).problem(date(2026, 9, 5))


def test_a_returned_entry_can_be_mended_after_the_deadline_but_not_after_the_draw():
    late = date(2026, 10, 5)
    assert window().edit_problem(EntryState.RETURNED, late) is None
    assert window().edit_problem(EntryState.SUBMITTED, late)
    assert window(event=EventState.DRAWN).edit_problem(EntryState.RETURNED, late)


def test_an_accepted_entry_is_changed_by_officials_only():
    day = date(2026, 9, 5)
    assert window().edit_problem(EntryState.ACCEPTED, day)
    assert window(official=True).edit_problem(EntryState.ACCEPTED, day) is None


@pytest.mark.parametrize("state", [EntryState.REJECTED, EntryState.WITHDRAWN])
def test_a_closed_entry_is_changed_by_nobody(state):
    assert window(official=True).edit_problem(state, date(2026, 9, 5))
