"""People and employers of the demonstration, with numbers that can belong to nobody."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from models.database import db
from models.people import Employer
from rules.identity import IdKind, check_digit, unit_code_check
from rules.people import PersonFacts
from services import audits
from services.acting import Actor
from services.demo_names import DISTRICTS, SCHOOLS, employer_names, person_name
from services.people import bulk_people, table_of
from services.transaction import transaction

# Cixi and its neighbours, then provinces from which people come to work there.
REGIONS = ("330282",) * 12 + ("330281", "330212", "330225", "341222", "411481", "362330", "522401")
SOME_REGIONS = (*dict.fromkeys(REGIONS), "330283", "341226", "421126", "510923", "530324")
# A range that looks made up, and is: the middle is all zeros.
PHONES = "1990000{:04d}"


class People:
    """A stream of people, the same for the same seed."""

    def __init__(self, random: Random, today: date) -> None:
        self._random = random
        self._today = today
        self._used: set[tuple[str, date]] = set()

    def take(self, count: int, is_student: bool = False) -> list[PersonFacts]:
        """Make up so many people of an age that fits."""
        return [self._one(is_student) for _ in range(count)]

    def _one(self, is_student: bool) -> PersonFacts:
        random = self._random
        sex = "M" if random.random() < 0.64 else "F"
        number, birth = self._number(is_student)
        level = None if is_student else random.choices((None, 5, 4, 3), (74, 8, 12, 6))[0]
        return PersonFacts(
            name=person_name(random, sex),
            id_kind=IdKind.RESIDENT,
            id_number=number,
            phone=PHONES.format(random.randrange(10_000)),
            held_level=level,
            birth_date=birth,
            sex=sex,
        )

    def _number(self, is_student: bool) -> tuple[str, date]:
        """Return an identity number with the order code 000, which is given to nobody."""
        youngest, oldest = (17, 20) if is_student else (20, 55)
        while True:
            age = self._random.uniform(youngest, oldest)
            birth = self._today - timedelta(days=round(age * 365.25))
            region = self._random.choice(REGIONS)
            if (region, birth) in self._used:
                region = self._random.choice(SOME_REGIONS)
            if (region, birth) not in self._used:
                self._used.add((region, birth))
                first = f"{region}{birth:%Y%m%d}000"
                return first + check_digit(first), birth


@transaction
def add_employers(by: Actor, random: Random, count: int) -> list[int]:
    """Register made-up employers; the schools come first. Return their ids."""
    names = employer_names(random, count)
    rows = [_employer(by, random, name, number) for number, name in enumerate(names, start=1)]
    db.session.execute(insert(table_of(Employer)), rows)
    audits.record(by, "build_demo", "employer", None, after={"count": count})
    found = db.session.execute(select(Employer.title, Employer.id))
    ids = {title: key for title, key in found}
    return [ids[name] for name in names]


def _employer(by: Actor, random: Random, name: str, number: int) -> dict[str, Any]:
    first = f"{12 if name in SCHOOLS else 91}330282{number:09d}"
    return {
        "title": name,
        "uscc": first + unit_code_check(first),
        "district": random.choice(DISTRICTS),
        "industry": _industry(name),
        "contact_name": person_name(random, random.choice("MF")),
        "contact_phone": PHONES.format(random.randrange(10_000)),
        "created_at": by.now,
    }


_INDUSTRIES = (
    ("P", ("学校", "学院", "职业", "技工", "培训")),
    ("Q", ("医院", "护理", "养老", "康养", "育婴", "母婴")),
    ("H", ("酒店", "餐饮", "宾馆", "饭店", "大厦")),
    ("G", ("物流", "运输", "快递")),
    ("I", ("软件", "信息", "网络", "科技")),
    ("F", ("商贸", "电子商务", "贸易", "超市")),
    ("E", ("建设", "建筑", "工程")),
)


def _industry(name: str) -> str:
    """Return the section of industries that a made-up name sounds like; most make something."""
    return next((key for key, words in _INDUSTRIES if any(w in name for w in words)), "C")


@transaction
def add_people(by: Actor, rows: list[tuple[PersonFacts, int | None]]) -> list[int]:
    """Store made-up people with their employers; return their ids in the same order."""
    audits.record(by, "build_demo", "person", None, after={"count": len(rows)})
    return bulk_people(by, rows)
