"""Quality is taken from the registers: only what came after the start counts."""

import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from fractions import Fraction

import pytest

from models.database import db
from models.honours import Honour
from models.levels import PersonLevel
from models.people import Person
from models.workshops import WorkshopPolicy, WorkshopReport
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.mentorships import MentorshipState as State
from rules.states import HonourState
from rules.survival import months_between
from rules.workshop_policies import Duty, Policy
from rules.workshops import ReportState
from services import quality
from services.quality import Count, Wanted
from tests.builders import NOW, Builder
from tests.results_story import Story
from tests.workshop_rows import add_month, add_pair, add_workshop

Statements = Callable[[], AbstractContextManager[list[str]]]
TODAY = date(2026, 11, 29)


def level(person: Person, day: date, value: int) -> None:
    db.session.add(
        PersonLevel(
            person_id=person.id, occupation="钳工", level=value, granted_on=day, recorded_at=NOW
        )
    )
    db.session.commit()


def honour(person: Person, day: date, kind: HonourKind, **more: object) -> None:
    facts: dict[str, object] = {
        "person_id": person.id, "title": "能手", "kind": kind, "level": HonourLevel.CITY,
        "granted_on": day, "programme": "竞赛", "year": day.year, "via": HonourVia.CONTEST,
        "source": HonourSource.HISTORY, "state": HonourState.STANDING, "recorded_at": NOW,
    }  # fmt: skip
    db.session.add(Honour(**(facts | more)))
    db.session.commit()


def test_levels_and_honours_count_after_the_first_start(build: Builder) -> None:
    mentor, learner, other = build.person(), build.person(), build.person()
    add_pair(build, mentor, learner, starts_on=date(2022, 3, 1), state=State.ACCEPTED)
    add_pair(build, mentor, learner, starts_on=date(2024, 3, 1))
    add_pair(build, mentor, other, starts_on=date(2024, 3, 1))
    add_pair(build, mentor, starts_on=date(2024, 3, 1), state=State.CANCELLED)
    level(learner, date(2021, 5, 1), 5)
    level(learner, date(2023, 5, 1), 4)
    level(learner, date(2025, 5, 1), 3)
    level(mentor, date(2025, 5, 1), 1)
    honour(learner, date(2025, 5, 1), HonourKind.PRIZE)
    honour(learner, date(2020, 5, 1), HonourKind.TITLE)
    honour(other, date(2025, 5, 1), HonourKind.TITLE)
    honour(other, date(2025, 5, 1), HonourKind.TITLE, state=HonourState.REVOKED)
    found = quality.became(Wanted())
    assert found.taught == Count(2, 3)
    assert (found.levels, found.skilled) == (Count(1, 2), Count(1, 1))
    assert (found.prizes, found.titles) == (Count(1, 1), Count(1, 1))


def test_years_and_trades_narrow_what_is_looked_at(build: Builder) -> None:
    mentor, learner = build.person(), build.person()
    add_pair(build, mentor, learner, starts_on=date(2022, 3, 1), ends_on=date(2023, 3, 1))
    add_pair(build, mentor, starts_on=date(2024, 3, 1), occupation="焊工")
    level(learner, date(2023, 5, 1), 4)
    assert quality.became(Wanted(since=2023)).levels == Count(0, 0)
    assert quality.became(Wanted(until=2022)).levels == Count(1, 1)
    assert quality.became(Wanted(occupation="焊工")).taught == Count(1, 1)
    assert [one.year for one in quality.list_cohorts(Wanted())] == [2022, 2023, 2024]
    assert quality.occupations_known() == ["焊工", "钳工"]


def test_contest_places_are_taken_from_final_results(build: Builder) -> None:
    story = Story(build)
    entry = story.field(["95", "85", "75"])[0]
    learner = entry.members[0].person
    add_pair(build, build.person(), learner, starts_on=date(2026, 1, 1))
    add_pair(build, build.person(), build.person(), starts_on=date(2026, 1, 1))
    assert quality.became(Wanted()).places == Count(0, 0)
    story.final()
    found = quality.became(Wanted())
    assert (found.places, found.prizes) == (Count(1, 1), Count(1, 1))


DAYS = [date(2024, 1, 31), date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1)]


@pytest.mark.parametrize(("start", "end"), list(itertools.combinations_with_replacement(DAYS, 2)))
def test_the_database_counts_months_as_the_rule_does(
    build: Builder, start: date, end: date
) -> None:
    add_pair(
        build, build.person(), starts_on=start, ends_on=date(2026, 1, 1), ended_on=end,
        state=State.BROKEN_OFF,
    )  # fmt: skip
    (step,) = quality.curve(Wanted(), TODAY).steps
    assert (step.month, step.ended) == (months_between(start, end), 1)


def test_the_curve_knows_ends_from_those_who_go_on(build: Builder) -> None:
    mentor, day = build.person(), date(2025, 1, 1)
    over = {"starts_on": day, "ends_on": date(2026, 1, 1)}
    add_pair(build, mentor, state=State.BROKEN_OFF, ended_on=date(2025, 7, 1), **over)
    add_pair(build, mentor, state=State.TRANSFERRED, ended_on=date(2025, 10, 1), **over)
    add_pair(build, mentor, state=State.BROKEN_OFF, **over)  # nobody knows when
    add_pair(build, mentor, state=State.ACCEPTED, **over)
    add_pair(build, mentor, starts_on=date(2026, 8, 1))
    add_pair(build, mentor, starts_on=date(2027, 1, 1))  # not yet
    curve = quality.curve(Wanted(), TODAY)
    # at risk: 4 (the running one leaves after 3 months), 3 at month 6, 2 at month 9
    assert [(one.month, one.at_risk, one.ended, one.kept) for one in curve.steps] == [
        (3, 4, 0, Fraction(1)),
        (6, 3, 1, Fraction(2, 3)),
        (9, 2, 1, Fraction(1, 3)),
        (12, 1, 0, Fraction(1, 3)),
    ]
    assert curve.unknown == 1


def test_mentors_without_a_confirmed_month_are_listed(build: Builder) -> None:
    silent, active, half, new = [build.person(name=f"师{n}") for n in range(4)]
    first = add_pair(build, silent)
    add_pair(build, silent)
    add_month(first, date(2026, 7, 1))
    for person in (active, half):
        add_month(add_pair(build, person), date(2026, 9, 1), both=person is active)
    add_pair(build, new, starts_on=date(2026, 9, 1))
    add_pair(build, build.person(), state=State.PAUSED)
    page = quality.silent_mentors(TODAY, 3)
    assert [(one.name, one.pairs, one.last) for one in page.items] == [
        ("师2", 1, None),
        ("师0", 2, date(2026, 7, 1)),
    ]
    assert page.total == 2
    assert {one.name for one in quality.silent_mentors(TODAY, 4).items} == {"师2"}
    assert {one.name for one in quality.all_silent(TODAY, 1)} == {"师0", "师1", "师2", "师3"}


def test_workshops_below_duty_are_listed_with_what_they_lack(build: Builder) -> None:
    poor, good = add_workshop(build), add_workshop(build)
    duties = (Duty(span="year", counted="apprentices", least=10),)
    rules = Policy(duties=duties).model_dump(mode="json")
    for policy in db.session.query(WorkshopPolicy):
        policy.rules = rules
    for shop, count in ((poor, 4), (good, 10)):
        term = shop.terms[0]
        for year in (2024, 2025):
            db.session.add(
                WorkshopReport(
                    workshop_id=shop.id, term_id=term.id, year=year, apprentices=count,
                    state=ReportState.ACCEPTED,
                )
            )  # fmt: skip
    leader = db.session.get_one(Person, poor.leader_id)
    add_pair(build, leader, workshop_id=poor.id)
    db.session.commit()
    (found,) = quality.below_duty(TODAY)
    assert found.workshop.id == poor.id and found.registered == 1
    assert [(one.gap.year, one.gap.found) for one in found.lacks] == [(2024, 4), (2025, 4)]


def test_statements_do_not_grow(build: Builder, statements: Statements) -> None:
    def sent() -> int:
        with statements() as found:
            quality.became(Wanted())
            quality.list_cohorts(Wanted())
            quality.curve(Wanted(), TODAY)
            quality.silent_mentors(TODAY, 3)
            quality.below_duty(TODAY)
        return len(found)

    def add() -> None:
        mentor = build.person()
        add_workshop(build, mentor)
        add_pair(build, mentor)

    add()
    few = sent()
    for _ in range(3):
        add()
    assert sent() == few <= 20
