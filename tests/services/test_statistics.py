"""Counts of editions by the database are those that a clerk with the lists would get."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.contests import Contest
from models.database import db
from models.entries import Entry
from models.people import Employer
from models.statistics import EditionTally
from rules.states import EntryState
from rules.statistics import Steps
from services import statistics
from services.acting import system
from services.statistics_counting import count_tallies
from services.statistics_details import count_details
from services.statistics_editions import edition_report
from services.statistics_words import Voice
from tests.builders import Builder
from tests.results_story import Story

NOW = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
TOTALS = ("95", "88", "81", "76", "70", "64", "55", "40")


@pytest.fixture
def story(build: Builder) -> Story:
    """Eight who competed, one absent, one rejected; two towns, two industries."""
    story = Story(build)
    north = build.employer(district="观海卫镇", industry="C")
    south = build.employer(district="浒山街道", industry="P")
    for number, total in enumerate(TOTALS):
        employer: Employer = north if number < 6 else south
        story.entry(total, total, employer_id=employer.id, division=int(number == 7))
    story.absent()
    build.entry(story.event, state=EntryState.REJECTED)
    return story


def test_a_running_edition_has_entries_and_nothing_else(story: Story) -> None:
    tally = count_tallies([story.contest.id])[story.contest.id]
    assert tally.whole == Steps(registered=10, accepted=9)
    assert (tally.persons, tally.women, tally.staff_persons, tally.employers) == (9, 9, 7, 2)
    assert (tally.marks, tally.tiers, tally.levels, tally.amount) == ({}, (), {}, 0)


def test_a_signed_edition_is_counted_step_by_step(story: Story) -> None:
    story.signed()
    tally = count_tallies([story.contest.id])[story.contest.id]
    whole = tally.whole
    assert (whole.registered, whole.accepted, whole.competed, whole.passed) == (10, 9, 8, 6)
    assert whole.prized == sum(tier.persons for tier in tally.tiers) > 0
    assert whole.levelled == sum(tally.levels.values())
    assert tally.amount == sum(tier.amount for tier in tally.tiers)
    by = tally.by
    assert {key: one.accepted for key, one in by["district"].items()} == {
        "观海卫镇": 6, "浒山街道": 2, "": 1,
    }  # fmt: skip
    assert by["industry"]["C"].passed == 6 and by["industry"]["P"].passed == 0
    assert by["staff"]["staff"].accepted == 7
    assert by["sex"]["F"] == whole
    assert next(iter(by["employer"].values())).accepted == 6
    marks = tally.marks[story.event.id]
    assert marks.bands == {9: 1, 8: 2, 7: 2, 6: 1, 5: 1, 4: 1}
    assert (marks.lowest, marks.highest) == (Decimal(40), Decimal(95))
    assert marks.mean == (sum(map(Decimal, TOTALS)) / 8).quantize(Decimal("0.01"))


def test_ages_are_those_of_the_first_day(story: Story, build: Builder) -> None:
    for born in (date(2008, 10, 15), date(2008, 10, 16), None):  # 18 on the day, 17, not known
        build.entry(story.event, person=build.person(birth_date=born))
    ages = count_details(story.contest).ages
    assert {band: one.accepted for band, one in ages.items()} == {
        "35": 9, "18": 1, "0": 1, "": 1,
    }  # fmt: skip


def test_ages_and_items_take_the_longer_look(story: Story) -> None:
    story.signed()
    details = count_details(story.contest)
    assert sum(one.accepted for one in details.ages.values()) == 9
    assert details.ages["35"] == Steps(  # all were born in May 1990
        registered=10, accepted=9, competed=8, passed=6, prized=7, levelled=6
    )
    items = details.events[story.event.id].items
    assert [item.count for item in items] == [8, 8]
    mean = sum(map(Decimal, TOTALS)) / 8 / 100
    assert items[0].difficulty == mean.quantize(Decimal("0.001"))
    # 27 % of eight are two: 95 and 88 against 55 and 40
    assert items[0].discrimination == Decimal("0.440")


def test_counts_are_kept_until_the_edition_changes(story: Story, build: Builder) -> None:
    assert statistics.count_editions(system(NOW)) == 1
    assert statistics.count_editions(system(NOW)) == 0
    contest = db.session.get_one(Contest, story.contest.id)
    found = statistics.counted(contest)
    assert found.fresh and found.since == NOW and found.tally.whole.accepted == 9
    entry = build.entry(story.event)
    changed = statistics.counted(contest)
    assert not changed.fresh and changed.tally.whole.accepted == 10
    assert sum(one.accepted for one in changed.details.ages.values()) == 9  # of the last count
    assert statistics.count_editions(system(NOW)) == 1
    assert db.session.scalars(select(EditionTally)).one().contest_id == contest.id
    db.session.get_one(Entry, entry.id).state = EntryState.WITHDRAWN
    db.session.commit()
    assert statistics.counted(contest).tally.whole == Steps(registered=11, accepted=9)
    story.signed()
    assert statistics.counted(contest).tally.whole.competed == 8


def test_of_a_large_edition_the_counts_of_some_minutes_ago_are_shown(
    story: Story, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "MOST_COUNTED_AT_ONCE", 5)
    assert statistics.counted(story.contest).live  # never counted before
    statistics.count_editions(system(NOW))
    build.entry(story.event)
    found = statistics.counted(story.contest)
    assert (found.tally.whole.accepted, found.fresh, found.live) == (9, False, False)
    voice = Voice(lambda text, **values: text % values, str, str)
    note = edition_report(story.contest, voice).note
    assert note == "Counted at 2026-10-01 12:00; what changed since follows in minutes."
    statistics.count_editions(system(NOW))
    assert statistics.counted(story.contest).tally.whole.accepted == 10
    assert edition_report(story.contest, voice).note == ""


def test_teams_count_with_each_person_and_editions_apart(story: Story, build: Builder) -> None:
    other = build.event()
    build.entry(other)
    both = count_tallies([story.contest.id, other.contest_id])
    assert both[other.contest_id].whole.accepted == 1
    assert both[story.contest.id].whole.accepted == 9
    assert [one.id for one in statistics.list_editions(2026, 2026)] == [
        story.contest.id,
        other.contest_id,
    ]
    assert statistics.list_editions(until=1999) == statistics.list_editions(since=2027) == []
    assert date(2026, 10, 15) == story.contest.starts_on
