"""Registers with the numbers of the source documents, as rows, for figures to give back."""

import itertools
from collections.abc import Iterable
from datetime import date
from typing import Any

from models.database import db
from models.honours import Honour
from models.people import Person
from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialResult,
    ProvincialSlot,
    ProvincialSlotMember,
)
from rules.figures import Counted, Part, Question, Source
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.provincial import (
    EntrantStatus,
    EventFormat,
    ProvincialLevel,
    ProvincialState,
    ResultState,
    SlotSource,
    SlotState,
)
from rules.states import HonourState
from tests.builders import NOW, Builder

# Title, level, persons, of which company staff: Sanmenxia 2024.
SANMENXIA = (
    ("全国技术能手", HonourLevel.NATIONAL, 2, 2),
    ("中原技能大奖", HonourLevel.PROVINCE, 2, 2),
    ("河南省技术能手", HonourLevel.PROVINCE, 45, 34),
    ("三门峡市技术能手", HonourLevel.CITY, 248, 193),
    ("国务院特殊津贴", HonourLevel.NATIONAL, 39, 28),
    ("省政府特殊津贴", HonourLevel.PROVINCE, 9, 4),
)
# Title, level, persons, the years in which they were granted: Cixi 2023.
CIXI = (
    ("上林金匠", HonourLevel.COUNTY, 10, (2017, 2022)),
    ("上林银匠", HonourLevel.COUNTY, 16, (2017, 2022)),
    ("上林工匠", HonourLevel.COUNTY, 43, (2017, 2022)),
    ("宁波杰出工匠", HonourLevel.CITY, 3, (2021, 2022)),
    ("宁波工匠", HonourLevel.CITY, 19, (2021, 2022)),
    ("宁波青年工匠", HonourLevel.CITY, 51, (2021, 2022)),
    ("浙江杰出工匠", HonourLevel.PROVINCE, 1, (2021, 2022)),
    ("浙江工匠", HonourLevel.PROVINCE, 5, (2021, 2022)),
    ("浙江青年工匠", HonourLevel.PROVINCE, 48, (2021, 2022)),
)
_people = itertools.count(1)


def honour(person: Person, title: str = "上林工匠", **more: Any) -> Honour:
    """A standing title of somebody; not committed."""
    facts: dict[str, Any] = {
        "person_id": person.id,
        "title": title,
        "kind": HonourKind.TITLE,
        "level": HonourLevel.CITY,
        "granted_by": "市人民政府",
        "granted_on": date(2022, 9, 1),
        "programme": title,
        "via": HonourVia.SELECTION,
        "source": HonourSource.HISTORY,
        "employer": "慈溪市第一机械有限公司",
        "of_company": True,
        "state": HonourState.STANDING,
        "recorded_at": NOW,
    }
    facts |= more
    facts.setdefault("year", facts["granted_on"].year)
    row = Honour(**facts)
    db.session.add(row)
    return row


def people(build: Builder, count: int) -> list[Person]:
    """Several people in one go."""
    found = []
    for _ in range(count):
        number = next(_people)
        found.append(
            Person(
                name=f"名册{number}",
                name_key=f"mingce{number}",
                id_kind="resident",
                id_number=f"figure{number}",
                id_index=f"figure{number}",
                sex="FM"[number % 2],
                birth_date=date(1970 + number % 30, 3, 1),
                created_at=NOW,
            )
        )
    db.session.add_all(found)
    db.session.flush()
    return found


def sanmenxia(build: Builder) -> None:
    """The register of Sanmenxia's document."""
    for title, level, total, company in SANMENXIA:
        for number, person in enumerate(people(build, total)):
            honour(person, title, level=level, of_company=number < company)
    db.session.commit()


def cixi(build: Builder) -> None:
    """The honours of Cixi's document."""
    for title, level, total, (first, last) in CIXI:
        years = range(first, last + 1)
        for number, person in enumerate(people(build, total)):
            day = date(years[number % len(years)], 10, 1)
            honour(person, title, level=level, granted_on=day)
    db.session.commit()


def provincial(
    build: Builder,
    year: int,
    total: int,
    company: int,
    events: int,
    prizes: int,
    of_company: int,
    rank: int = 0,
) -> None:
    """A contest of the province with so many of the city's people, events and prizes.

    With a rank its first event is a demonstration event of ten cities in which the city has it.
    """
    contest = ProvincialContest(
        code=f"P{year}", title=f"{year}年省大赛", level=ProvincialLevel.PROVINCE, year=year,
        organiser="省人力资源和社会保障厅", starts_on=date(year, 9, 1), ends_on=date(year, 9, 5),
        rules={}, state=ProvincialState.CLOSED, created_at=NOW,
    )  # fmt: skip
    contest.events = [
        ProvincialEvent(code=f"E{place:02d}", title=f"赛项{place}", format=EventFormat.SINGLE)
        for place in range(events)
    ]
    if rank:
        contest.events[0].is_demonstration, contest.events[0].teams = True, 10
    db.session.add(contest)
    db.session.flush()
    for place, person in enumerate(people(build, total)):
        # The first ones are of companies; prizes go to some of them and to some of the others.
        prized = place < of_company or company <= place < company + prizes - of_company
        slot = ProvincialSlot(
            event_id=contest.events[place % events].id, reference=f"{year}-{place}",
            title=person.name, state=SlotState.COMPETED, status=EntrantStatus.STAFF,
            of_company=place < company, source=SlotSource.HISTORY, added_at=NOW,
        )  # fmt: skip
        slot.members = [ProvincialSlotMember(person_id=person.id, event_id=slot.event_id)]
        if prized or place == 0:
            slot.result = ProvincialResult(
                prize="优胜奖" if prized else "", rank=rank or None if place == 0 else None,
                recorded_at=NOW, state=ResultState.CONFIRMED, confirmed_at=NOW,
            )  # fmt: skip
        db.session.add(slot)
    db.session.commit()


def question(title: str = "", **more: Any) -> Question:
    """A question to the register of honours, about one title."""
    facts: dict[str, Any] = {
        "title": title or "荣誉",
        "unit": "人",
        "source": Source.HONOURS,
        "counted": Counted.PERSONS,
        "only": {Part.TITLE: (title,)} if title else {},
    }
    return Question(**(facts | more))


def numbers(splits: Iterable[Any], part: Part) -> dict[Any, int]:
    """The numbers of one split by value."""
    return {value: int(number) for found, values in splits if found is part
            for value, number in values}  # fmt: skip
