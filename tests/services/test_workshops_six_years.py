"""Through the years: two terms, failing, the bar and a new beginning; and up to the nation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.database import db
from models.honours import Honour
from models.workshops import WorkshopGrant, WorkshopTerm
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.refusals import Refused
from rules.states import HonourState
from rules.workshops import (
    ClosedFor,
    Grade,
    GrantKind,
    GrantState,
    TermState,
    WorkshopLevel,
    WorkshopState,
)
from services import workshops, workshops_applications, workshops_founding, workshops_grades
from services.workshops_requests import Unfit
from tests.builders import Builder
from tests.workshop_story import BEST, WORST, WorkshopStory, at

CITY = WorkshopLevel.CITY


@pytest.fixture
def story(build: Builder) -> WorkshopStory:
    """The bureau of a city with its host."""
    return WorkshopStory(build)


def grants(workshop_id: int) -> list[tuple[str, int, Decimal, str]]:
    """All grants of a workshop: kind, year, amount, state."""
    query = (
        select(WorkshopGrant)
        .join(WorkshopTerm)
        .where(WorkshopTerm.workshop_id == workshop_id)
        .order_by(WorkshopGrant.id)
    )
    found = db.session.scalars(query)
    return [(one.kind.value, one.year, one.amount, one.state.value) for one in found]


def graded(story: WorkshopStory, year: int, level: WorkshopLevel, day: date) -> None:
    """The grades of a year and level are decided; everybody passes."""
    key = workshops_grades.open_round(story.first(day), year, level)
    rows = workshops_grades.get_round(key).grades
    marks = {one.workshop_id: (Grade.PASSED, "") for one in rows}
    workshops_grades.enter_grades(story.first(day), key, marks)
    workshops_grades.propose_grades(story.first(day), key)
    workshops_grades.decide_grades(story.second(day), key)


def term_of(workshop_id: int) -> WorkshopTerm:
    found = workshops.running_term(workshop_id)
    assert found is not None
    return found


def test_six_years_then_the_bar_then_a_new_beginning(story: WorkshopStory) -> None:
    # 23 June 2014 is a Monday: the five working days end on the 30th.
    row = story.decided(story.applied(date(2014, 6, 23)), date(2014, 6, 23))
    assert row.notice_ends_on == date(2014, 6, 30)
    assert story.dues(date(2014, 6, 24)) == [("notice_end", None, date(2014, 7, 1), False)]
    with pytest.raises(Refused, match="stands until"):
        workshops_founding.found(story.first(date(2014, 6, 30)), row.id)
    key = workshops_founding.found(story.first(date(2014, 7, 1)), row.id)
    workshop, term = story.workshop(key), term_of(key)
    assert (term.starts_on, term.ends_on) == (date(2014, 7, 1), date(2017, 6, 30))
    assert workshop.plaque_number == "JNDS-2014-0001"
    assert grants(key) == [("founding", 2014, Decimal(50_000), "due")]
    assert story.dues(date(2014, 12, 31)) == []

    # The report of the first half year: open, on its last day, overdue, in, graded.
    assert story.dues(date(2015, 1, 1)) == [("report", 2014, date(2015, 1, 31), False)]
    assert story.dues(date(2015, 2, 1)) == [
        ("report", 2014, date(2015, 1, 31), True),
        ("grades", 2014, date(2015, 4, 30), False),
    ]
    story.reported(key, 2014, date(2015, 2, 2))
    assert story.dues(date(2015, 2, 2)) == [("grades", 2014, date(2015, 4, 30), False)]
    graded(story, 2014, CITY, date(2015, 3, 2))
    assert story.dues(date(2015, 3, 2)) == []
    for year in (2015, 2016):
        story.reported(key, year, date(year + 1, 1, 10))
        graded(story, year, CITY, date(year + 1, 3, 1))
        assert story.dues(date(year + 1, 3, 1)) == []

    # The first term ends: told 30 days before, then to be assessed within 60 days; it passes.
    end = date(2017, 6, 30)
    assert story.dues(end - timedelta(days=31), 30) == []
    assert story.dues(end - timedelta(days=30), 30) == [("term_end", None, end, False)]
    assert story.dues(end) == [("term_end", None, end, False)]
    last = date(2017, 8, 29)
    assert story.dues(end + timedelta(days=1)) == [("assessment", None, last, False)]
    assert story.dues(last) == [("assessment", None, last, False)]
    assert story.dues(last + timedelta(days=1)) == [("assessment", None, last, True)]
    story.assessed(term.id, date(2017, 8, 30), BEST)
    assert story.dues(date(2017, 8, 30)) == []
    assert story.workshop(key).preferred
    second = term_of(key)
    assert (second.number, second.starts_on, second.ends_on) == (
        2,
        date(2017, 7, 1),
        date(2020, 6, 30),
    )

    # The second term: one report is never written, and it fails.
    story.reported(key, 2017, date(2018, 1, 9))
    story.reported(key, 2018, date(2019, 1, 9))
    for year in (2017, 2018):
        graded(story, year, CITY, date(year + 1, 3, 1))
    assert ("report", 2019, date(2020, 1, 31), True) in story.dues(date(2020, 7, 15))
    assert ("assessment", None, date(2020, 8, 29), False) in story.dues(date(2020, 7, 15))
    story.assessed(second.id, date(2020, 8, 20), WORST)
    workshop = story.workshop(key)
    assert (workshop.state, workshop.closed_for) == (WorkshopState.CLOSED, ClosedFor.FAILED)
    assert db.session.get_one(WorkshopTerm, second.id).state is TermState.FAILED
    assert grants(key) == [("founding", 2014, Decimal(50_000), "cancelled")]
    (bar,) = workshops.bars_of(key)
    assert (bar.starts_on, bar.ends_on) == (date(2020, 8, 20), date(2026, 8, 19))
    assert story.dues(date(2020, 8, 20)) == []

    # Barred for six years to the day: leader and host; the board tells of the end.
    free = date(2026, 8, 20)
    assert story.dues(free - timedelta(days=31), 30) == []
    assert story.dues(free - timedelta(days=30), 30) == [("bar_end", None, free, False)]
    again = workshops_applications.apply(
        story.own(free - timedelta(days=1)),
        story.host.id,
        story.wish(
            free, title="陈建国新工作室", apprentices=story.wish(date(2026, 1, 1)).apprentices
        ),
    )
    with pytest.raises(Refused, match="barred until 2026-08-19"):
        workshops_applications.submit_application(story.own(free - timedelta(days=1)), again)
    workshops_applications.submit_application(story.own(free), again)
    row = story.decided(again, free)
    new = workshops_founding.found(story.first(date(2026, 8, 28)), row.id)
    assert grants(new) == [("founding", 2026, Decimal(80_000), "due")]
    assert story.dues(date(2026, 8, 28)) == []


def title(story: WorkshopStory, person_id: int, name: str, level: HonourLevel, day: date) -> None:
    """A title stands in the register of honours."""
    honour = Honour(
        person_id=person_id, title=name, kind=HonourKind.TITLE, level=level, granted_on=day,
        programme="评选", year=day.year, via=HonourVia.SELECTION, source=HonourSource.EXTERNAL,
        document="文件", state=HonourState.STANDING, recorded_at=at(day),
    )  # fmt: skip
    db.session.add(honour)
    db.session.commit()


def stepped_up(story: WorkshopStory, key: int, day: date) -> date:
    """The workshop goes up one level; returns the day."""
    wish = story.wish(day, level=WorkshopLevel.NATION)  # whatever is typed: the next level
    row_id = workshops_applications.apply_step_up(story.own(day), key, wish)
    workshops_applications.submit_application(story.own(day), row_id)
    row = story.decided(row_id, day)
    assert row.notice_ends_on is not None
    on = row.notice_ends_on + timedelta(days=1)
    assert workshops_founding.found(story.first(on), row_id) == key
    return on


def test_from_the_county_to_the_nation(story: WorkshopStory) -> None:
    story.level, story.renown = 2, "本地公认的竹编艺人"
    workshop = story.founded(date(2019, 1, 7), level=WorkshopLevel.COUNTY)
    key, first = workshop.id, term_of(workshop.id)
    assert first.starts_on == date(2019, 1, 15)
    assert grants(key) == [("founding", 2019, Decimal(30_000), "due")]

    # Too early, then a report is missing: both are said.
    early = workshops_applications.apply_step_up(
        story.own(date(2020, 1, 6)), key, story.wish(date(2020, 1, 6))
    )
    with pytest.raises(Unfit) as unfit:
        workshops_applications.submit_application(story.own(date(2020, 1, 14)), early)
    said = [str(problem) for problem in unfit.value.problems]
    assert said == [
        "A step up is possible from 2020-01-15 on.",
        "Reports of these years are not accepted yet: 2019.",
    ]
    workshops_applications.withdraw_application(story.own(date(2020, 1, 14)), early)
    story.reported(key, 2019, date(2020, 1, 14))

    on = stepped_up(story, key, date(2020, 3, 2))
    assert story.workshop(key).level is CITY
    assert db.session.get_one(WorkshopTerm, first.id).state is TermState.STEPPED_UP
    assert db.session.get_one(WorkshopTerm, first.id).ended_on == on - timedelta(days=1)
    assert story.workshop(key).plaque_number == "JNDS-2020-0001"
    graded(story, 2019, WorkshopLevel.COUNTY, date(2020, 4, 1))
    assert story.dues(date(2020, 5, 1)) == []

    story.reported(key, 2020, date(2021, 1, 8))
    assert story.dues(date(2021, 5, 1)) == [("grades", 2020, date(2021, 4, 30), True)]
    graded(story, 2020, CITY, date(2021, 5, 2))
    stepped_up(story, key, date(2021, 6, 1))
    assert story.workshop(key).level is WorkshopLevel.PROVINCE

    # A workshop of the nation needs a national title.
    story.reported(key, 2021, date(2022, 1, 7))
    day = date(2022, 9, 1)
    row_id = workshops_applications.apply_step_up(story.own(day), key, story.wish(day))
    with pytest.raises(Refused, match="none of the conditions"):
        workshops_applications.submit_application(story.own(day), row_id)
    workshops_applications.withdraw_application(story.own(day), row_id)
    title(story, workshop.leader_id, "全国技术能手", HonourLevel.NATIONAL, date(2022, 8, 1))
    on = stepped_up(story, key, day)
    assert story.workshop(key).level is WorkshopLevel.NATION
    assert grants(key) == [
        ("founding", 2019, Decimal(30_000), "due"),
        ("step_up", 2020, Decimal(50_000), "due"),
        ("step_up", 2021, Decimal(50_000), "due"),
        ("step_up", 2022, Decimal(200_000), "due"),
    ]
    levels = [(term.number, term.level, term.state) for term in workshops.get_workshop(key).terms]
    assert levels == [
        (1, WorkshopLevel.COUNTY, TermState.STEPPED_UP),
        (2, CITY, TermState.STEPPED_UP),
        (3, WorkshopLevel.PROVINCE, TermState.STEPPED_UP),
        (4, WorkshopLevel.NATION, TermState.RUNNING),
    ]
    end = term_of(key).ends_on
    assert end == on.replace(year=2025) - timedelta(days=1)
    with pytest.raises(Refused, match="no higher level"):
        workshops_applications.apply_step_up(story.own(on), key, story.wish(on))


def test_paid_grants_stay_when_a_workshop_fails(story: WorkshopStory) -> None:
    workshop = story.founded(date(2019, 1, 7))
    (grant,) = workshops.get_workshop(workshop.id).terms[0].grants
    workshops.move_grant(grant, GrantState.ORDERED)
    workshops.move_grant(grant, GrantState.PAID, date(2019, 4, 1))
    db.session.commit()
    assert grant.kind is GrantKind.FOUNDING
    story.assessed(term_of(workshop.id).id, date(2022, 1, 20), WORST)
    assert grants(workshop.id) == [("founding", 2019, Decimal(80_000), "paid")]
