"""Registers of the ten years beside its contests: people, employers, honours, workshops, pairs."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bench._decade_sizes import (
    EMPLOYERS,
    HONOURS,
    NOW,
    PAIRS,
    PEOPLE,
    TODAY,
    WORKSHOPS,
    Decade,
    store,
)
from models.honours import Honour
from models.mentorships import Mentorship
from models.people import Employer, Person
from models.workshops import Workshop, WorkshopGrant, WorkshopMaster, WorkshopPolicy, WorkshopTerm
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.identity import check_digit
from rules.mentorships import MentorshipState
from rules.states import HonourState
from rules.workshop_policies import shipped_policy
from rules.workshops import (
    GrantKind,
    GrantState,
    HostKind,
    MasterRole,
    TermState,
    WorkshopLevel,
    WorkshopNaming,
    WorkshopState,
)
from services.demo_events import SKETCHES
from services.demo_names import DISTRICTS, person_name
from services.people import person_index
from services.people_names import name_key

TITLES = (
    ("上林金匠", HonourLevel.COUNTY, 2),
    ("上林银匠", HonourLevel.COUNTY, 3),
    ("上林工匠", HonourLevel.COUNTY, 9),
    ("宁波杰出工匠", HonourLevel.CITY, 1),
    ("宁波工匠", HonourLevel.CITY, 4),
    ("宁波青年工匠", HonourLevel.CITY, 10),
    ("浙江工匠", HonourLevel.PROVINCE, 1),
    ("浙江青年工匠", HonourLevel.PROVINCE, 9),
    ("全国技术能手", HonourLevel.NATIONAL, 1),
)
BUREAU = "慈溪市人力资源和社会保障局"
OVER = (MentorshipState.ACCEPTED, MentorshipState.FAILED, MentorshipState.BROKEN_OFF)


def employer_title(key: int) -> str:
    """Return the name of an employer by its id."""
    return f"慈溪市第{key}机械有限公司"


def people(decade: Decade) -> None:
    """Put people and their employers in; ids run from 1."""
    store(Employer, [_employer(decade) for _ in range(decade.many(EMPLOYERS))])
    store(Person, [_person(decade) for _ in range(decade.many(PEOPLE))])


INDUSTRIES = "CCCCCCEFGHIMPQ"


def _employer(decade: Decade) -> dict[str, Any]:
    key = decade.next(Employer)
    return {
        "id": key,
        "title": employer_title(key),
        "district": DISTRICTS[key % len(DISTRICTS)],
        "industry": INDUSTRIES[key % len(INDUSTRIES)],
        "contact_name": "",
        "created_at": NOW,
    }


def _person(decade: Decade) -> dict[str, Any]:
    key = decade.next(Person)
    born = date(1965, 1, 1) + timedelta(key % 15_000)
    first = f"{330200 + key // 15_000:06d}{born:%Y%m%d}000"
    id_number = first + check_digit(first)
    sex = "F" if decade.random.random() < 0.36 else "M"
    name = person_name(decade.random, sex)
    return {
        "id": key,
        "name": name,
        "name_key": name_key(name),
        "name_latin": "",
        "id_kind": "resident",
        "id_number": id_number,
        "id_index": person_index(id_number),
        "birth_date": born,
        "sex": sex,
        "held_level": None,
        "employer_id": 1 + key % decade.many(EMPLOYERS),
        "created_at": NOW,
    }


def honours(decade: Decade) -> None:
    """Put in a third of the honours from contests, the others as lists of past years had them."""
    total = decade.many(HONOURS)
    firsts = [one for one in decade.prizes if one["tier"] != "third"][: total // 3]
    rows = [_of_contest(decade, one) for one in firsts]
    rows += [_of_history(decade) for _ in range(total - len(rows))]
    store(Honour, rows)


def _honour(decade: Decade, **more: Any) -> dict[str, Any]:
    return {
        "id": decade.next(Honour),
        "kind": HonourKind.TITLE,
        "granted_by": BUREAU,
        "document": "",
        "of_company": True,
        "award_id": None,
        "entry_id": None,
        "event_id": None,
        "state": HonourState.STANDING,
        "reason": "",
        "recorded_at": NOW,
        **more,
    }


def _of_contest(decade: Decade, prize: dict[str, Any]) -> dict[str, Any]:
    return _honour(
        decade,
        person_id=prize["person_id"],
        title="慈溪市技术能手",
        level=HonourLevel.COUNTY,
        granted_on=date(prize["year"], 10, 20),
        programme="慈溪市“技能之星”职业技能竞赛",
        year=prize["year"],
        via=HonourVia.CONTEST,
        source=HonourSource.AWARD,
        employer=employer_title(prize["employer"]),
        award_id=prize["id"],
        entry_id=prize["entry_id"],
        event_id=prize["event_id"],
    )


def _of_history(decade: Decade) -> dict[str, Any]:
    weights = [one[2] for one in TITLES]
    title, level, _weight = decade.random.choices(TITLES, weights)[0]
    year = decade.random.randrange(2017, 2027)
    person = decade.random.randrange(decade.many(PEOPLE)) + 1
    return _honour(
        decade,
        person_id=person,
        title=title,
        level=level,
        granted_on=date(year, 9, 1),
        programme=title,
        year=year,
        via=HonourVia.SELECTION,
        source=HonourSource.HISTORY,
        of_company=decade.random.random() < 0.7,
        employer=employer_title(1 + person % decade.many(EMPLOYERS)),
    )


def workshops(decade: Decade) -> None:
    """Put in workshops with masters, terms and grants, then the pairs."""
    rules = shipped_policy().model_dump(mode="json")
    policy = {
        "id": decade.next(WorkshopPolicy), "title": "办法", "document": "",
        "starts_on": date(2010, 1, 1), "rules": rules, "digest": "", "state": "draft",
        "written_at": NOW, "version": 1,
    }  # fmt: skip
    store(WorkshopPolicy, [policy])
    count = decade.many(WORKSHOPS)
    store(Workshop, [_workshop(decade, count) for _ in range(count)])
    store(WorkshopMaster, [_master(decade, shop) for shop in range(1, count + 1)])
    terms = [_term(decade, shop, count) for shop in range(1, count + 1)]
    store(WorkshopTerm, terms)
    store(WorkshopGrant, [_grant(decade, one) for one in terms])
    store(Mentorship, list(_pairs(decade, count)))


def _level(key: int, count: int) -> WorkshopLevel:
    """Spread levels as Cixi has them: of 38 six of the province, five of the city above."""
    place = key * 38 // (count + 1)
    return (
        WorkshopLevel.PROVINCE if place < 6
        else WorkshopLevel.CITY if place < 11 else WorkshopLevel.COUNTY
    )  # fmt: skip


def _workshop(decade: Decade, count: int) -> dict[str, Any]:
    key = decade.next(Workshop)
    return {
        "id": key,
        "title": f"第{key}技能大师工作室",
        "level": _level(key, count),
        "recognised_by": "",
        "naming": WorkshopNaming.PERSON,
        "state": WorkshopState.STANDING,
        "leader_id": key,
        "employer_id": 1 + key % decade.many(EMPLOYERS),
        "host_kind": HostKind.ENTERPRISE if key % 4 else HostKind.SCHOOL,
        "district": DISTRICTS[key % len(DISTRICTS)],
        "occupation": SKETCHES[key % len(SKETCHES)].occupation,
        "cluster": "",
        "founded_on": date(2014 + key % 12, 5, 1),
        "closed_reason": "",
        "preferred": False,
        "taught_before": key % 40,
        "about": "以传帮带为主，承担技术攻关。",
        "imported": True,
        "recorded_at": NOW,
        "version": 1,
    }


def _master(decade: Decade, shop: int) -> dict[str, Any]:
    return {
        "id": decade.next(WorkshopMaster),
        "workshop_id": shop,
        "person_id": shop,
        "role": MasterRole.LEADER,
        "from_on": date(2014 + shop % 12, 5, 1),
        "reason": "",
    }


def _term(decade: Decade, shop: int, count: int) -> dict[str, Any]:
    starts_on = date(2024 + shop % 3, 1, 1)
    return {
        "id": decade.next(WorkshopTerm),
        "workshop_id": shop,
        "level": _level(shop, count),
        "number": 1,
        "starts_on": starts_on,
        "ends_on": date(starts_on.year + 2, 12, 31),
        "state": TermState.RUNNING,
        "policy_id": 1,
    }


def _grant(decade: Decade, term: dict[str, Any]) -> dict[str, Any]:
    first = term["starts_on"]
    return {
        "id": decade.next(WorkshopGrant),
        "term_id": term["id"],
        "kind": GrantKind.FOUNDING,
        "year": first.year,
        "amount": Decimal(50_000),
        "due_on": first,
        "state": GrantState.PAID,
        "basis": "",
        "paid_on": date(first.year, 6, 1),
    }


def _pairs(decade: Decade, shops: int) -> Iterator[dict[str, Any]]:
    """Yield pairs: some 2,000 mentors, each of whom teaches many over the years."""
    random, everybody = decade.random, decade.many(PEOPLE)
    mentors = max(2, min(2_000, everybody // 3))
    for number in range(decade.many(PAIRS)):
        mentor = 1 + number % mentors
        starts_on = date(2016, 1, 1) + timedelta(random.randrange(3_900))
        ends_on = starts_on + timedelta(random.choice((365, 730)))
        runs = ends_on > TODAY
        yield {
            "id": decade.next(Mentorship),
            "number": f"ST-{number:06d}",
            "mentor_id": mentor,
            "apprentice_id": mentors + 1 + random.randrange(everybody - mentors),
            "employer_id": 1 + mentor % decade.many(EMPLOYERS),
            "workshop_id": mentor if mentor <= shops else None,
            "occupation": SKETCHES[mentor % len(SKETCHES)].occupation,
            "skill": "精密加工",
            "target": "独立上岗",
            "plan": [],
            "assessment": "",
            "safeguards": "",
            "mentor_title": "",
            "new_kind": False,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "ended_on": None if runs else ends_on,
            "state": MentorshipState.RUNNING if runs else random.choices(OVER, (80, 8, 12))[0],
            "digest": "",
            "imported": True,
            "created_at": NOW,
            "version": 1,
        }
