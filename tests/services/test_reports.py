"""The registers answer questions: the numbers of the documents, as of a day, with their lists."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from models.database import db
from models.levels import PersonLevel
from models.workshops import WorkshopGrant, WorkshopTerm
from rules.figures import KNOWN, SPAN_PARTS, Counted, Part, Question, Source
from rules.mentorships import MentorshipState
from rules.states import EntryState, EventState, HonourState
from rules.workshops import GrantKind, GrantState, TermState, WorkshopLevel, WorkshopState
from services import reports
from tests.builders import NOW, Builder
from tests.figure_rows import (
    CIXI,
    SANMENXIA,
    cixi,
    honour,
    numbers,
    people,
    provincial,
    question,
    sanmenxia,
)
from tests.results_story import Story
from tests.workshop_rows import add_master, add_pair, add_workshop

Statements = Callable[[], AbstractContextManager[list[str]]]
TODAY = date(2026, 11, 29)
COMPANY = (Part.COMPANY,)


def number(asked: Question, day: date = TODAY) -> int:
    return int(reports.ask(asked, day).number)


def test_the_register_of_sanmenxia_comes_out_with_its_lists(build: Builder) -> None:
    sanmenxia(build)
    for title, level, total, company in SANMENXIA:
        asked = question(title, splits=COMPANY)
        answer = reports.ask(asked, TODAY)
        assert (answer.number, numbers(answer.splits, Part.COMPANY)[True]) == (total, company)
        rows = reports.list_rows(asked, TODAY)
        assert len(rows) == answer.row_count == total == len({row.person for row in rows})
        assert {(row.title, row.level) for row in rows} == {(title, level.value)}
        assert sum(row.company is True for row in rows) == company


def test_the_honours_of_cixi_come_out(build: Builder) -> None:
    cixi(build)
    for title, _, total, (first, last) in CIXI:
        assert number(question(title, from_year=first, to_year=last)) == total
        years = range(first, last + 1)
        alone = [number(question(title, from_year=year, to_year=year)) for year in years]
        assert sum(alone) == total and alone[0] == -(-total // len(years))
    assert number(question(from_year=2017, only={Part.LEVEL: ("county",)})) == 10 + 16 + 43


def test_persons_and_times_are_counted_apart(build: Builder) -> None:
    one, two = people(build, 2)
    honour(one, granted_on=date(2021, 1, 1))
    honour(one, granted_on=date(2022, 1, 1))
    honour(two, granted_on=date(2022, 1, 1), of_company=None)
    db.session.commit()
    answer = reports.ask(question(splits=(Part.COMPANY, Part.YEAR)), TODAY)
    assert answer.number == 2
    assert numbers(answer.splits, Part.COMPANY) == {True: 1, None: 1}
    assert numbers(answer.splits, Part.YEAR) == {2021: 1, 2022: 2}
    assert number(question(counted=Counted.TIMES)) == 3
    assert number(question(company=False)) == 1
    assert number(question(counted=Counted.EMPLOYERS)) == 1


def test_what_ended_later_counted_until_then(build: Builder) -> None:
    """The last day of the old state is the day before; China's midnight parts the days."""
    (one,) = people(build, 1)
    honour(
        one, granted_on=date(2022, 9, 1), state=HonourState.REVOKED,
        changed_at=datetime(2023, 4, 30, 16, 30, tzinfo=UTC),
    )  # fmt: skip
    db.session.commit()
    found = {
        day: number(question(as_of=day))
        for day in (date(2022, 8, 31), date(2022, 9, 1), date(2023, 4, 30), date(2023, 5, 1))
    }
    assert list(found.values()) == [0, 1, 1, 0]  # revoked at half past midnight on 1 May in China


@pytest.mark.parametrize(
    "state", [HonourState.PROPOSED, HonourState.REJECTED, HonourState.SUPERSEDED]
)
def test_what_never_stood_counts_on_no_day(build: Builder, state: HonourState) -> None:
    honour(*people(build, 1), state=state, changed_at=datetime(2022, 9, 1, tzinfo=UTC))
    db.session.commit()
    assert number(question(as_of=date(2022, 9, 2))) == 0


def test_workshops_are_counted_with_the_level_of_the_day(build: Builder) -> None:
    """38 workshops, of which 6 of the province and 5 of Ningbo; and how that was before."""
    levels = [WorkshopLevel.PROVINCE] * 6 + [WorkshopLevel.CITY] * 5 + [WorkshopLevel.COUNTY] * 27
    leader, employer = build.person(), build.employer()
    shops = [add_workshop(build, leader, level=level, employer_id=employer.id) for level in levels]
    asked = Question(
        title="技能大师工作室", unit="家", source=Source.WORKSHOPS, counted=Counted.ROWS,
        splits=(Part.LEVEL, Part.HOST),
    )  # fmt: skip
    answer = reports.ask(asked, TODAY)
    assert answer.number == 38
    assert numbers(answer.splits, Part.LEVEL) == {"province": 6, "city": 5, "county": 27}
    raised, closed = shops[0], shops[-1]
    term = raised.terms[0]
    term.level, term.starts_on = WorkshopLevel.CITY, date(2020, 5, 1)
    term.ends_on, term.state = date(2023, 4, 30), TermState.STEPPED_UP
    db.session.flush()
    db.session.add(
        WorkshopTerm(
            workshop_id=raised.id, level=WorkshopLevel.PROVINCE, number=2, policy_id=term.policy_id,
            starts_on=date(2023, 5, 1), ends_on=date(2026, 4, 30),
        )
    )  # fmt: skip
    closed.closed_on, closed.state = date(2024, 6, 30), WorkshopState.CLOSED
    db.session.commit()
    before = reports.ask(asked.on(date(2023, 4, 30)), TODAY)
    assert numbers(before.splits, Part.LEVEL) == {"province": 5, "city": 6, "county": 27}
    assert numbers(reports.ask(asked, TODAY).splits, Part.LEVEL)["county"] == 26
    assert number(asked.on(date(2024, 6, 29))) == 38
    assert number(asked.on(date(2024, 6, 30))) == 37
    assert number(asked.on(date(2020, 4, 30))) == 0


def test_person_times_of_mentorship_hold_what_workshops_brought_along(build: Builder) -> None:
    mentor, learner = build.person(), build.person()
    add_workshop(build, taught_before=3_997)
    add_pair(build, mentor, learner, starts_on=date(2023, 3, 1), state=MentorshipState.ACCEPTED)
    add_pair(build, mentor, learner, starts_on=date(2024, 3, 1))
    add_pair(build, mentor, starts_on=date(2024, 3, 1))
    add_pair(build, mentor, starts_on=date(2024, 3, 1), state=MentorshipState.CANCELLED)
    asked = Question(
        title="师带徒", unit="人次", source=Source.MENTORSHIPS, counted=Counted.TIMES,
        splits=(Part.KIND,),
    )  # fmt: skip
    answer = reports.ask(asked, TODAY)
    assert answer.number == 4_000
    assert numbers(answer.splits, Part.KIND) == {"before": 3_997, "usual": 3}
    persons = asked.model_copy(update={"counted": Counted.PERSONS, "splits": ()})
    assert number(persons) == 2
    assert number(asked.on(date(2023, 12, 31))) == 3_998


def test_money_is_added_up_to_the_fen_as_it_was_paid(build: Builder) -> None:
    shop = add_workshop(build, level=WorkshopLevel.PROVINCE)
    for year, paid_on in ((2024, date(2024, 3, 1)), (2025, date(2025, 3, 1)), (2026, None)):
        db.session.add(
            WorkshopGrant(
                term_id=shop.terms[0].id, kind=GrantKind.EXCELLENT, year=year, amount="200000.01",
                due_on=date(year, 2, 1), paid_on=paid_on,
                state=GrantState.PAID if paid_on else GrantState.DUE,
            )
        )  # fmt: skip
    db.session.commit()
    asked = Question(
        title="补助", unit="元", source=Source.GRANTS, counted=Counted.SUM, splits=(Part.STATE,),
        only={Part.LEVEL: ("province",)},
    )  # fmt: skip
    answer = reports.ask(asked, TODAY)
    assert answer.number == Decimal("600000.03")
    paid = asked.model_copy(update={"only": {Part.STATE: ("paid",)}})
    assert reports.ask(paid, TODAY).number == Decimal("400000.02")
    assert reports.ask(paid.on(date(2025, 2, 28)), TODAY).number == Decimal("200000.01")
    assert reports.ask(asked.on(date(2025, 2, 28)), TODAY).number == Decimal("400000.02")


def test_ages_are_those_of_the_day(build: Builder) -> None:
    young, old = (
        build.person(birth_date=date(1998, 6, 1)),
        build.person(birth_date=date(1960, 1, 1)),
    )
    unknown = build.person(birth_date=None)
    for person in (young, old, unknown):
        honour(person)
    db.session.commit()
    asked = question(splits=(Part.AGE, Part.SEX))
    found = reports.ask(asked, TODAY)
    assert numbers(found.splits, Part.AGE) == {"25-34": 1, "55-120": 1, None: 1}
    assert number(question(to_age=24, as_of=date(2023, 5, 31))) == 1
    assert number(question(to_age=24, as_of=date(2023, 6, 1))) == 0
    assert number(question(from_age=60)) == 1
    page = reports.page_of_rows(question(from_age=60), TODAY)
    assert [row.name for row in page.items] == [old.name]


def _full(build: Builder) -> None:
    """A little of everything."""
    story = Story(build)
    story.field(("90", "80", "70", "60"))
    story.final()
    event = build.event(state=EventState.REGISTERING)
    employer = build.employer(district="浒山街道")
    build.entry(event, employer_id=employer.id)
    build.entry(event, EntryState.WITHDRAWN)
    mentor, learner = build.person(employer_id=employer.id), build.person()
    shop = add_workshop(build, mentor, taught_before=7)
    add_master(shop, learner)
    add_pair(build, mentor, learner)
    db.session.add(PersonLevel(person_id=mentor.id, occupation="钳工", level=2, recorded_at=NOW))
    db.session.add(
        WorkshopGrant(term_id=shop.terms[0].id, kind=GrantKind.FOUNDING, year=2024, amount=5,
                      due_on=date(2024, 2, 1), state=GrantState.DUE)
    )  # fmt: skip
    sanmenxia(build)
    db.session.commit()


def _pages(asked: Question, size: int, most: int = 20) -> list[list[Any]]:
    """The first pages of a list, each with the days of its answer."""
    answer = reports.ask(asked, TODAY)
    numbers = range(1, min(most, -(-answer.row_count // size)) + 1)
    return [
        list(reports.page_of_rows(asked, TODAY, number, size, answer).items) for number in numbers
    ]


def test_the_database_counts_what_the_rows_say(build: Builder) -> None:
    """Every register, everything that can be counted, every split: by SQL and from the list."""
    _full(build)
    seen = set()
    for source, known in KNOWN.items():
        splits = tuple(part for part in known.parts if part is not Part.AGE)
        for what in known.counts:
            asked = Question(title="问", unit="个", source=source, counted=what, splits=splits)
            rows = reports.list_rows(asked, TODAY)
            assert reports.ask(asked, TODAY) == reports.answer_of(asked.on(TODAY), rows)
            assert len({row.key for row in rows}) == len(rows)
            assert [row for page in _pages(asked, 2) for row in page] == rows[:40]
            seen |= {source} if rows else set()
            if Part.AGE in known.parts:
                aged = asked.model_copy(update={"splits": (*splits, Part.AGE)})
                answer = reports.ask(aged, TODAY)
                assert answer.number == reports.ask(asked, TODAY).number
                assert answer.splits[: len(splits)] == reports.ask(asked, TODAY).splits
    assert {*Source} - seen == {
        Source.CERTIFICATES, Source.PAYOUTS, Source.APPLICATIONS, Source.HOLDERS, Source.BENEFITS,
        Source.NOMINATIONS, Source.PROVINCIAL_EVENTS, Source.PROVINCIAL_ENTRANTS,
        Source.PROVINCIAL_RESULTS,
    }  # fmt: skip


def test_every_condition_keeps_only_what_fits(build: Builder) -> None:
    """For each part of each register: the rows of a value are those of the list that have it."""
    _full(build)
    for source, known in KNOWN.items():
        plain = Question(title="问", unit="个", source=source, counted=known.counts[0])
        rows = reports.list_rows(plain, TODAY)
        for part in known.parts:
            if part in SPAN_PARTS or (part is Part.STATE):
                continue
            for value in reports.choices(source, (part,), TODAY)[part]:
                kept = plain.model_copy(update={"only": {part: (value,)}})
                expected = [row for row in rows if getattr(row, part.value) == value]
                assert reports.list_rows(kept, TODAY) == expected


def test_the_provincial_contests_of_sanmenxia_come_out(build: Builder) -> None:
    """35 (15) in 25 events, 18 (7) prizes; 74 (10) in 42, 14 (1), of ten cities the fourth."""
    for year, total, company, events, prizes, of_company, named in (
        (2022, 35, 15, 25, 18, 7, 0),
        (2023, 74, 10, 42, 14, 1, 4),
    ):
        provincial(build, year, total, company, events, prizes, of_company, named)
        asked = Question(
            title="参赛选手", unit="人", source=Source.PROVINCIAL_ENTRANTS, splits=COMPANY,
            counted=Counted.PERSONS, from_year=year, to_year=year,
        )  # fmt: skip
        answer = reports.ask(asked, TODAY)
        assert (answer.number, numbers(answer.splits, Part.COMPANY)[True]) == (total, company)
        assert len(reports.list_rows(asked, TODAY)) == total
        assert number(asked.model_copy(update={"counted": Counted.EVENTS})) == events
        prized = asked.model_copy(
            update={"source": Source.PROVINCIAL_RESULTS, "only": {Part.TITLE: ("优胜奖",)}}
        )
        answer = reports.ask(prized, TODAY)
        assert (answer.number, numbers(answer.splits, Part.COMPANY)[True]) == (prizes, of_company)
    shown = {Part.KIND: ("demonstration",)}
    teams = Question(
        title="参赛市",
        unit="个",
        source=Source.PROVINCIAL_EVENTS,
        counted=Counted.TEAMS,
        only=shown,
    )
    best = Question(
        title="名次", unit="名", source=Source.PROVINCIAL_RESULTS, counted=Counted.BEST, only=shown
    )
    assert (number(teams), number(best)) == (10, 4)
    assert number(best.model_copy(update={"to_year": 2022})) == 0  # none


def test_an_answer_costs_the_same_however_long_the_list(
    build: Builder, statements: Statements
) -> None:
    asked = question(splits=(Part.COMPANY, Part.LEVEL))
    counts = []
    for _ in range(2):
        for person in people(build, 60):
            honour(person)
        db.session.commit()
        with statements() as run:
            reports.ask(asked, TODAY)
            page = reports.page_of_rows(asked, TODAY, 2)
        counts.append(len(run))
        assert page.items
    assert counts == [3, 3]


def test_a_list_is_paged_in_its_order(build: Builder) -> None:
    sanmenxia(build)
    asked = question("三门峡市技术能手")
    rows = reports.list_rows(asked, TODAY)
    paged: list[Any] = []
    for place in range(1, 6):
        paged += reports.page_of_rows(asked, TODAY, place).items
    assert paged == rows
    assert reports.page_of_rows(asked, TODAY, 99).number == 5
    assert reports.page_of_rows(asked, TODAY, 99).last == 248


def test_a_page_reads_its_days_only_and_is_the_same(build: Builder, statements: Statements) -> None:
    """Days of one row, of many, and of more than a page, in whatever order they came."""
    sizes = (1, 7, 1, 12, 3, 1, 30, 2, 5, 1, 1, 40, 6)
    crowd = people(build, sum(sizes))
    for day, size in enumerate(sizes, start=1):
        for _ in range(size):
            honour(crowd.pop(), granted_on=date(2022, 3, 1 + day * 5 % 13))
    db.session.commit()
    asked = question()
    rows = reports.list_rows(asked, TODAY)
    assert len(rows) == sum(sizes)
    answer = reports.ask(asked, TODAY)
    assert sum(count for _day, count in answer.days) == answer.row_count
    for size in (1, 4, 9, 50, 200):
        assert _pages(asked, size, 999) == [
            rows[first : first + size] for first in range(0, len(rows), size)
        ]
    for place, is_short in ((1, True), (7, False)):  # a page of small days, and of the largest
        with statements() as run:
            reports.page_of_rows(asked, TODAY, place, 9, answer)
        assert len(run) == 1
        assert ("BETWEEN" in run[0]) is is_short


def test_employers_whose_names_hold_commas_are_told_apart(build: Builder) -> None:
    for person, employer in zip(people(build, 4), ("甲,乙", "甲", "乙", ""), strict=True):
        honour(person, employer=employer)
    db.session.commit()
    asked = question(counted=Counted.EMPLOYERS, splits=(Part.EMPLOYER,))
    answer = reports.ask(asked, TODAY)
    assert (answer.number, answer.row_count, answer.days) == (3, 4, ())
    assert numbers(answer.splits, Part.EMPLOYER) == {"甲,乙": 1, "甲": 1, "乙": 1, None: 0}
    assert len(reports.page_of_rows(asked, TODAY, answer=answer).items) == 4


def test_the_values_to_choose_from_are_those_of_the_rows(build: Builder) -> None:
    _full(build)
    for source, known in KNOWN.items():
        plain = Question(title="问", unit="个", source=source, counted=known.counts[0])
        rows = reports.list_rows(plain, TODAY)
        texts = [part for part in known.parts if part not in {*SPAN_PARTS, Part.STATE}]
        found = reports.choices(source, texts, TODAY)
        assert list(found) == texts
        for part in texts:
            assert found[part] == sorted({*found[part]})
            assert {getattr(row, part.value) for row in rows} - {""} <= {*found[part]}
    assert reports.choices(Source.HONOURS, (Part.YEAR,), TODAY) == {}
