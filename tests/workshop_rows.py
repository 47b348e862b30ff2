"""Workshops and pairs of mentor and apprentice as rows, for pages that only read them."""

import itertools
from datetime import date
from typing import Any

from models.database import db
from models.mentorships import Mentorship, MentorshipMonth
from models.people import Person
from models.workshops import Workshop, WorkshopMaster, WorkshopPolicy, WorkshopTerm
from rules.mentorships import MentorshipState
from rules.workshops import HostKind, MasterRole, WorkshopLevel, WorkshopNaming
from tests.builders import NOW, Builder

_numbers = itertools.count(1)


def add_workshop(build: Builder, leader: Person | None = None, **more: Any) -> Workshop:
    """A standing workshop in its first term, with its leader."""
    number = next(_numbers)
    leader = leader or build.person()
    facts: dict[str, Any] = {
        "title": f"第{number}技能大师工作室",
        "level": WorkshopLevel.CITY,
        "naming": WorkshopNaming.PERSON,
        "leader_id": leader.id,
        "host_kind": HostKind.ENTERPRISE,
        "district": "浒山街道",
        "occupation": "钳工",
        "founded_on": date(2020, 5, 1),
        "recorded_at": NOW,
    }
    if "employer_id" not in more:
        more["employer_id"] = build.employer().id
    shop = Workshop(**(facts | more))
    db.session.add(shop)
    db.session.flush()
    add_master(shop, leader, MasterRole.LEADER)
    policy = WorkshopPolicy(
        title="办法", starts_on=date(2010, 1, 1), rules={}, digest="", written_at=NOW
    )
    db.session.add(policy)
    db.session.flush()
    starts_on, ends_on = date(2024, 1, 1), date(2026, 12, 31)
    term = WorkshopTerm(
        workshop_id=shop.id, level=shop.level, number=1, starts_on=starts_on, ends_on=ends_on,
        policy_id=policy.id,
    )  # fmt: skip
    db.session.add(term)
    db.session.commit()
    return shop


def add_master(shop: Workshop, person: Person, role: MasterRole = MasterRole.MASTER) -> None:
    """A master of a workshop since 2021."""
    found = WorkshopMaster(
        workshop_id=shop.id, person_id=person.id, role=role, from_on=date(2021, 3, 1)
    )
    db.session.add(found)
    db.session.commit()


def add_pair(
    build: Builder, mentor: Person, apprentice: Person | None = None, **more: Any
) -> Mentorship:
    """A pair that has been running since the start of 2026."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "number": f"ST-{number}",
        "mentor_id": mentor.id,
        "apprentice_id": (apprentice or build.person()).id,
        "occupation": "钳工",
        "skill": "精密装配",
        "target": "独立上岗",
        "plan": [],
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 12, 31),
        "state": MentorshipState.RUNNING,
        "created_at": NOW,
    }
    if "employer_id" not in more:
        more["employer_id"] = build.employer().id
    pair = Mentorship(**(facts | more))
    db.session.add(pair)
    db.session.commit()
    return pair


def add_month(pair: Mentorship, month: date, *, both: bool = True) -> None:
    """A month that both sides confirmed, or the mentor alone."""
    found = MentorshipMonth(
        mentorship_id=pair.id, month=month, mentor_confirmed_at=NOW,
        apprentice_confirmed_at=NOW if both else None,
    )  # fmt: skip
    db.session.add(found)
    db.session.commit()
