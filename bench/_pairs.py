"""A register of 100 workshops and 40,000 pairs of mentor and apprentice, made up by a seed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from models.database import Base, db
from models.directories import DistrictTile
from models.honours import Honour
from models.levels import PersonLevel
from models.mentorships import Mentorship, MentorshipMonth
from models.people import Employer, Person
from models.workshops import Workshop, WorkshopMaster, WorkshopPolicy, WorkshopTerm
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.identity import check_digit
from rules.mentorships import MentorshipState
from rules.states import HonourState
from rules.workshop_policies import shipped_policy
from rules.workshops import (
    HostKind,
    MasterRole,
    TermState,
    WorkshopLevel,
    WorkshopNaming,
    WorkshopState,
)
from services.people import chunks, person_index, table_of

WORKSHOPS, PAIRS, MENTORS, APPRENTICES = 100, 40_000, 2_000, 20_000
TRADES = ("钳工", "电工", "焊工", "数控车工", "模具工", "美发师", "中式烹调师", "汽车维修工")
DISTRICTS = ("浒山街道", "白沙路街道", "古塘街道", "宗汉街道", "坎墩街道", "龙山镇", "掌起镇")
MORE_DISTRICTS = ("观海卫镇", "附海镇", "桥头镇", "匡堰镇", "逍林镇", "新浦镇", "胜山镇")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉建文斌波鑫宇浩凯健俊帆"
TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
FIRST_ID = 100_000
OVER = (
    MentorshipState.ACCEPTED,
    MentorshipState.FAILED,
    MentorshipState.BROKEN_OFF,
    MentorshipState.TRANSFERRED,
)


def load(seed: int = 8) -> None:
    """Store the register in a migrated database; ids begin at 100,000."""
    random = Random(seed)
    _store(Employer, _employers())
    _store(Person, _people(random))
    _store(DistrictTile, _tiles())
    _store(WorkshopPolicy, [_policy()])
    _store(Workshop, _workshops(random))
    _store(WorkshopMaster, _masters())
    _store(WorkshopTerm, _terms())
    pairs = list(_pairs(random))
    _store(Mentorship, pairs)
    _store(MentorshipMonth, _months(pairs))
    _store(PersonLevel, _levels(random))
    _store(Honour, _honours(random))
    db.session.commit()


def _store(model: type[Base], rows: Any) -> None:
    for chunk in chunks(list(rows), 2_000):
        db.session.execute(insert(table_of(model)), list(chunk))


def _employers() -> Iterator[dict[str, Any]]:
    for number in range(300):
        yield {
            "id": FIRST_ID + number,
            "title": f"慈溪市第{number}机械有限公司",
            "district": DISTRICTS[number % 7],
            "contact_name": "",
            "created_at": NOW,
        }


def _people(random: Random) -> Iterator[dict[str, Any]]:
    for number in range(MENTORS + APPRENTICES):
        born = date(1960, 1, 1) + timedelta(number % 14_000)
        first = f"{330200 + number // 14_000:06d}{born:%Y%m%d}000"
        id_number = first + check_digit(first)
        name = random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2))))
        yield {
            "id": FIRST_ID + number,
            "name": name,
            "name_key": "",
            "id_kind": "resident",
            "id_number": id_number,
            "id_index": person_index(id_number),
            "sex": "M",
            "employer_id": FIRST_ID + number % 300,
            "created_at": NOW,
        }


def _tiles() -> Iterator[dict[str, Any]]:
    for number, title in enumerate(DISTRICTS + MORE_DISTRICTS[:5]):
        yield {"title": title, "tile_column": 1 + number % 4, "tile_row": 1 + number // 4}


def _policy() -> dict[str, Any]:
    return {
        "id": FIRST_ID,
        "title": "办法",
        "document": "",
        "starts_on": date(2010, 1, 1),
        "rules": shipped_policy().model_dump(mode="json"),
        "digest": "",
        "state": "draft",
        "written_at": NOW,
        "version": 1,
    }


def _workshops(random: Random) -> Iterator[dict[str, Any]]:
    levels = [WorkshopLevel.PROVINCE] * 6 + [WorkshopLevel.CITY] * 60 + [WorkshopLevel.COUNTY] * 34
    for number, level in enumerate(levels):
        yield {
            "id": FIRST_ID + number,
            "title": f"第{number}技能大师工作室",
            "level": level,
            "recognised_by": "",
            "naming": WorkshopNaming.PERSON,
            "state": WorkshopState.STANDING,
            "leader_id": FIRST_ID + number,
            "employer_id": FIRST_ID + number,
            "host_kind": HostKind.ENTERPRISE,
            "district": random.choice(DISTRICTS + MORE_DISTRICTS),
            "occupation": TRADES[number % len(TRADES)],
            "cluster": "",
            "founded_on": date(2012 + number % 12, 5, 1),
            "closed_reason": "",
            "preferred": False,
            "taught_before": number,
            "about": "以传帮带为主，承担技术攻关。",
            "imported": False,
            "recorded_at": NOW,
            "version": 1,
        }


def _masters() -> Iterator[dict[str, Any]]:
    for number in range(3 * WORKSHOPS):
        place, shop = divmod(number, WORKSHOPS)
        yield {
            "workshop_id": FIRST_ID + shop,
            "person_id": FIRST_ID + shop + place * WORKSHOPS,
            "role": MasterRole.MASTER if place else MasterRole.LEADER,
            "from_on": date(2013 + shop % 12, 5, 1),
            "reason": "",
        }


def _terms() -> Iterator[dict[str, Any]]:
    for number in range(WORKSHOPS):
        starts_on = date(2024 + number % 3, 1, 1)
        yield {
            "workshop_id": FIRST_ID + number,
            "level": WorkshopLevel.CITY,
            "number": 1,
            "starts_on": starts_on,
            "ends_on": date(starts_on.year + 2, 12, 31),
            "state": TermState.RUNNING,
            "policy_id": FIRST_ID,
        }


def _pairs(random: Random) -> Iterator[dict[str, Any]]:
    """Yield pairs: the first 200 mentors taught the others, these taught everybody else."""
    for number in range(PAIRS):
        mentor = number % MENTORS
        learner = 200 + number if number < MENTORS - 200 else MENTORS + number % APPRENTICES
        if number < MENTORS - 200:
            mentor = number % 200
        starts_on = date(2010, 1, 1) + timedelta(random.randrange(6_100))
        ends_on = starts_on + timedelta(random.choice((365, 730)))
        state = random.choices(OVER, (70, 8, 16, 6))[0]
        runs = ends_on > TODAY
        yield {
            "id": FIRST_ID + number,
            "number": f"ST-{number:06d}",
            "mentor_id": FIRST_ID + mentor,
            "apprentice_id": FIRST_ID + learner,
            "employer_id": FIRST_ID + mentor % 300,
            "workshop_id": FIRST_ID + mentor if mentor < WORKSHOPS else None,
            "occupation": TRADES[mentor % len(TRADES)],
            "skill": "精密加工",
            "target": "独立上岗",
            "plan": [],
            "assessment": "",
            "safeguards": "",
            "mentor_title": "",
            "new_kind": False,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "ended_on": None if runs else _ended(random, state, starts_on, ends_on),
            "state": MentorshipState.RUNNING if runs else state,
            "digest": "",
            "imported": True,
            "created_at": NOW,
            "version": 1,
        }


def _ended(random: Random, state: MentorshipState, first: date, last: date) -> date:
    if state in (MentorshipState.ACCEPTED, MentorshipState.FAILED):
        return last
    return first + timedelta(random.randrange(30, (last - first).days))


def _months(pairs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield six confirmed months of each pair, the last ones up to its end."""
    for pair in pairs:
        last = pair["ended_on"] or TODAY
        if pair["id"] % 5 == 0:
            last = min(last, TODAY - timedelta(200))
        for back in range(6):
            month = 12 * last.year + last.month - 1 - back
            yield {
                "mentorship_id": pair["id"],
                "month": date(month // 12, month % 12 + 1, 1),
                "mentor_confirmed_at": NOW,
                "apprentice_confirmed_at": NOW,
            }


def _levels(random: Random) -> Iterator[dict[str, Any]]:
    for number in range(MENTORS + APPRENTICES):
        for level in range(5, 5 - random.randrange(4), -1):
            yield {
                "person_id": FIRST_ID + number,
                "occupation": TRADES[number % len(TRADES)],
                "level": level,
                "granted_on": date(2012 + 2 * (5 - level), 6, 1)
                + timedelta(random.randrange(3_000)),
                "recorded_at": NOW,
            }


def _honours(random: Random) -> Iterator[dict[str, Any]]:
    for _number in range(5_000):
        granted_on = date(2012, 1, 1) + timedelta(random.randrange(5_400))
        yield {
            "person_id": FIRST_ID + random.randrange(MENTORS + APPRENTICES),
            "title": "慈溪市技术能手",
            "kind": HonourKind.TITLE,
            "level": HonourLevel.COUNTY,
            "granted_by": "慈溪市人力资源和社会保障局",
            "granted_on": granted_on,
            "programme": "技能之星",
            "year": granted_on.year,
            "via": HonourVia.CONTEST,
            "source": HonourSource.HISTORY,
            "document": "",
            "employer": "",
            "state": HonourState.STANDING,
            "reason": "",
            "recorded_at": NOW,
        }
