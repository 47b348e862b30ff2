"""The rows of a spreadsheet of existing workshops: its columns, and what is wrong in a row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.people import PersonFacts, read_resident
from rules.refusals import Refused
from rules.texts import N_
from rules.workshops import HostKind, WorkshopLevel, WorkshopNaming
from services.people_employers import LONGEST_TITLE, tidy_title
from services.workbooks import Column, Row

LEVELS = {
    WorkshopLevel.COUNTY: ("县级", "区县级", "县（市、区）级", "county"),
    WorkshopLevel.CITY: ("市级", "city"),
    WorkshopLevel.PROVINCE: ("省级", "province"),
    WorkshopLevel.NATION: ("国家级", "nation"),
}
NAMINGS = {WorkshopNaming.PERSON: ("个人", "person"), WorkshopNaming.COMPANY: ("单位", "company")}
HOSTS = {
    HostKind.ENTERPRISE: ("企业", "enterprise"),
    HostKind.INDUSTRY_BODY: ("行业组织", "行业协会", "industry body"),
    HostKind.SCHOOL: ("院校", "学校", "school"),
    HostKind.TRAINING_BASE: ("实训基地", "培训基地", "training base"),
}
COLUMNS = (
    Column("title", ("工作室名称", "名称", "Workshop"), required=True),
    Column("level", ("级别", "Level"), required=True, choices=("国家级", "省级", "市级", "县级")),
    Column("recognised_by", ("认定单位", "认定机关", "Recognised by")),
    Column("naming", ("命名方式", "Named after"), choices=("个人", "单位")),
    Column("leader", ("领办人", "领衔人", "Leader"), required=True),
    Column("id_number", ("领办人身份证号", "身份证号", "ID number"), required=True, kind="digits"),
    Column("held_level", ("技能等级", "Skill level")),
    Column("employer", ("依托单位", "单位", "Host"), required=True),
    Column(
        "host_kind", ("单位类型", "Kind of host"), choices=("企业", "行业组织", "院校", "实训基地")
    ),
    Column("district", ("镇街", "所在镇街", "区域", "District")),
    Column("occupation", ("工种", "职业（工种）", "Trade"), required=True),
    Column("cluster", ("产业集群", "Cluster")),
    Column("plaque", ("标牌编号", "牌匾编号", "Plaque")),
    Column("founded_on", ("设立日期", "认定日期", "Founded on"), required=True, kind="date"),
    Column("term_from", ("本期起始日期", "Term from"), kind="date"),
    Column("taught", ("累计带徒人次", "带徒人次", "Person-times taught"), kind="integer"),
    Column("about", ("简介", "About")),
)
SKILLS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
NAMES = {"高级技师": 1, "技师": 2, "高级工": 3, "中级工": 4, "初级工": 5}


@dataclass(slots=True)
class WorkshopRow:
    """One row: its number, what was typed, what is wrong, and what it says once read."""

    number: int
    texts: dict[str, str]
    reading: list[Refused]  # cells that could not be read: only the file itself says why
    problems: list[Refused] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    leader: PersonFacts | None = None


def read_row(row: Row, today: date) -> WorkshopRow:
    """Read a row; everything that is wrong in it is collected."""
    texts = {column.key: row.texts.get(column.key, "") for column in COLUMNS}
    found = WorkshopRow(row.number, texts, list(row.problems), list(row.problems))
    _read(found, row.values, today)
    return found


def _read(found: WorkshopRow, values: Mapping[str, Any], today: date) -> None:
    facts = found.facts
    for key in ("title", "recognised_by", "district", "occupation", "cluster", "plaque", "about"):
        facts[key] = str(values.get(key) or "").strip()
    facts["employer"] = tidy_title(str(values.get("employer") or ""))
    facts["level"] = _one_of(found, "level", LEVELS, None)
    facts["naming"] = _one_of(found, "naming", NAMINGS, WorkshopNaming.PERSON)
    facts["host_kind"] = _one_of(found, "host_kind", HOSTS, HostKind.ENTERPRISE)
    facts["founded_on"], facts["term_from"] = values.get("founded_on"), values.get("term_from")
    facts["taught"] = int(values.get("taught") or 0)
    found.problems += _problems(facts, today)
    _read_leader(found, today)


def _one_of(found: WorkshopRow, key: str, names: Mapping[Any, Sequence[str]], usual: Any) -> Any:
    text = found.texts[key].strip()
    if not text:
        return usual
    for value, spellings in names.items():
        if text.casefold() in spellings:
            return value
    problem = N_("“%(value)s” is not known here. Write one of: %(known)s.")
    known = "、".join(spellings[0] for spellings in names.values())
    found.problems.append(Refused(problem, key, value=text, known=known))
    return usual


_LONGEST = {
    "title": 120, "recognised_by": 80, "district": 40, "occupation": 60, "cluster": 60,
    "plaque": 40, "employer": LONGEST_TITLE,
}  # fmt: skip


def _problems(facts: Mapping[str, Any], today: date) -> Iterable[Refused]:
    for key, longest in _LONGEST.items():
        if len(facts[key]) > longest:
            yield Refused(N_("This text is longer than %(longest)s characters."), key,
                          longest=longest)  # fmt: skip
    if facts["founded_on"] is not None and facts["founded_on"] > today:
        yield Refused(N_("The day of the founding lies in the future."), "founded_on")
    start = facts["term_from"]
    if start is not None and facts["founded_on"] is not None:
        if start < facts["founded_on"]:
            yield Refused(N_("The term begins before the founding."), "term_from")
        if start > today:
            yield Refused(N_("The term lies in the future."), "term_from")
    if facts["taught"] < 0:
        yield Refused(N_("A number cannot be below zero."), "taught")


def _read_leader(found: WorkshopRow, today: date) -> None:
    name, number = found.texts["leader"], found.texts["id_number"]
    if not name or not number:
        return  # the missing cell is said already
    skill = _skill(found.texts["held_level"])
    found.leader, problems = read_resident(name, number, skill, today)
    found.problems += problems


def _skill(text: str) -> int | None:
    plain = text.strip()
    if plain[:1] in SKILLS:
        return SKILLS[plain[:1]]
    if plain[:1].isdecimal() and plain[:1] in "12345":
        return int(plain[:1])
    return NAMES.get(plain)


def check_together(rows: Sequence[WorkshopRow], titles: set[str], plaques: set[str]) -> None:
    """Note names and plaque numbers that are there twice, in the file or in the register."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        for key, taken in (("title", titles), ("plaque", plaques)):
            text = row.facts[key]
            if not text:
                continue
            if text in taken:
                problem = N_("“%(value)s” is in the register already.")
                row.problems.append(Refused(problem, key, value=text))
            elif (key, text) in seen:
                problem = N_("Row %(row)s has the same: “%(value)s”.")
                other = seen[key, text]
                row.problems.append(Refused(problem, key, row=other, value=text))
            seen.setdefault((key, text), row.number)
