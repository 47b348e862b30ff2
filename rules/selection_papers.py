"""Rows of a paper round in a spreadsheet: what they say of a candidate, and what cannot be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from rules.honours import HonourLevel
from rules.people import PersonFacts, read_resident
from rules.refusals import Refused
from rules.selection_rounds import FormField, RoundRules
from rules.selections import Channel, EvidenceKind, Post, UnitKind
from rules.texts import N_

Coded = TypeVar("Coded", bound=StrEnum)

CHANNELS = {
    "个人自荐": Channel.PERSON,
    "单位推荐": Channel.EMPLOYER,
    "协会推荐": Channel.ASSOCIATION,
    "专家提名": Channel.EXPERT,
}
POSTS = {
    "一线工人": Post.FRONT_LINE,
    "工程技术": Post.TECHNICIAN,
    "管理": Post.MANAGER,
    "单位负责人": Post.UNIT_HEAD,
    "公务员": Post.OFFICIAL,
    "教师": Post.TEACHER,
    "学生": Post.STUDENT,
    "退休": Post.RETIRED,
    "自由职业": Post.FREELANCE,
}
UNITS = {
    "企业": UnitKind.COMPANY,
    "事业单位": UnitKind.INSTITUTION,
    "机关": UnitKind.GOVERNMENT,
    "学校": UnitKind.SCHOOL,
    "社会组织": UnitKind.ASSOCIATION,
    "个体": UnitKind.SELF_EMPLOYED,
}
LEVELS = {
    "国家级": HonourLevel.NATIONAL,
    "省级": HonourLevel.PROVINCE,
    "市级": HonourLevel.CITY,
    "县级": HonourLevel.COUNTY,
    "单位": HonourLevel.EMPLOYER,
}
YES, NO = "是", "否"
_LINES = re.compile(r"[\n；;]+")
_PARTS = re.compile(r"\s*[|｜]\s*")
LONGEST = {"employer": 120, "nominators": 200, "district": 40, "occupation": 60}
LONGEST_TITLE, LONGEST_NUMBER = 200, 60


@dataclass(frozen=True, slots=True)
class PaperProof:
    """One achievement as a cell lists it."""

    kind: EvidenceKind
    title: str
    on: date | None = None
    level: HonourLevel | None = None
    rank: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One candidate of a paper round."""

    person: PersonFacts
    channel: Channel
    tier: str = ""
    employer: str = ""
    nominators: tuple[str, ...] = ()
    district: str = ""
    occupation: str = ""
    post: Post | None = None
    unit_kind: UnitKind | None = None
    trade_since: date | None = None
    local_since: date | None = None
    retires_on: date | None = None
    support_percent: Decimal | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    proofs: tuple[PaperProof, ...] = ()


def read_paper(
    values: Mapping[str, Any], rules: RoundRules, today: date
) -> tuple[Paper | None, list[Refused]]:
    """Read a row whose cells could be read; give the candidate, or every problem at once."""
    problems: list[Refused] = []
    person, found = read_resident(
        _text(values, "name"), _text(values, "id_number"), values.get("held_level"), today
    )
    problems += found
    channel = _coded(values, "channel", CHANNELS, problems) or Channel.PERSON
    if channel not in rules.channels:
        text = N_("This round takes no applications by this channel.")
        problems.append(Refused(text, "channel"))
    post = _coded(values, "post", POSTS, problems)
    unit = _coded(values, "unit_kind", UNITS, problems)
    tier = _tier(values, rules, problems)
    problems += _long_texts(values)
    percent = _percent(values, problems)
    answers = dict(_answers(values, rules.form, problems))
    proofs = [*_proofs(values, rules, problems)]
    if problems or person is None:
        return None, problems
    paper = Paper(
        person=person,
        channel=channel,
        tier=tier,
        employer=_text(values, "employer"),
        nominators=tuple(filter(None, re.split("[、,，]", _text(values, "nominators")))),
        district=_text(values, "district"),
        occupation=_text(values, "occupation"),
        post=post,
        unit_kind=unit,
        trade_since=values.get("trade_since"),
        local_since=values.get("local_since"),
        retires_on=values.get("retires_on"),
        support_percent=percent,
        answers=answers,
        proofs=tuple(proofs),
    )
    return paper, []


def _text(values: Mapping[str, Any], key: str) -> str:
    return str(values.get(key) or "").strip()


def _coded(
    values: Mapping[str, Any], key: str, known: Mapping[str, Coded], problems: list[Refused]
) -> Coded | None:
    text = _text(values, key)
    if text and text not in known:
        problem = N_("%(text)s is none of: %(words)s.")
        problems.append(Refused(problem, key, text=text, words="、".join(known)))
    return known.get(text)


def _tier(values: Mapping[str, Any], rules: RoundRules, problems: list[Refused]) -> str:
    text = _text(values, "tier")
    known = {name: one.key for one in rules.tiers for name in (one.key, one.name, one.title)}
    if text and text not in known:
        words = "、".join(one.name for one in rules.tiers)
        problems.append(Refused(N_("This round has no such tier: %(words)s."), "tier", words=words))
    return known.get(text, "")


def _long_texts(values: Mapping[str, Any]) -> Iterator[Refused]:
    for key, most in LONGEST.items():
        if len(_text(values, key)) > most:
            yield Refused(N_("This text is too long."), key)


def _percent(values: Mapping[str, Any], problems: list[Refused]) -> Decimal | None:
    percent: Decimal | None = values.get("support_percent")
    if percent is None:
        return None
    if not 0 <= percent <= 100:
        problems.append(Refused(N_("A percentage lies between 0 and 100."), "support_percent"))
        return None
    return percent.quantize(Decimal("0.01"))


def _answers(
    values: Mapping[str, Any], form: Sequence[FormField], problems: list[Refused]
) -> Iterator[tuple[str, str]]:
    for one in form:
        key = f"answer-{one.key}"
        text = _text(values, key)
        if not text:
            continue
        if one.kind == "choice" and text not in one.choices:
            problem = N_("%(text)s is none of: %(words)s.")
            problems.append(Refused(problem, key, text=text, words="、".join(one.choices)))
        elif one.kind == "yes_no" and text not in (YES, NO):
            problem = N_("%(text)s is none of: %(words)s.")
            problems.append(Refused(problem, key, text=text, words=f"{YES}、{NO}"))
        elif len(text) > one.longest:
            problems.append(Refused(N_("This text is too long."), key))
        else:
            yield one.key, {YES: "yes", NO: "no"}[text] if one.kind == "yes_no" else text


def _proofs(
    values: Mapping[str, Any], rules: RoundRules, problems: list[Refused]
) -> Iterator[PaperProof]:
    for rule in rules.evidence:
        lines = [one for one in _LINES.split(_text(values, f"proof-{rule.kind}")) if one.strip()]
        if len(lines) > rule.most:
            text = N_("At most %(most)s achievements of this kind are taken.")
            problems.append(Refused(text, f"proof-{rule.kind}", most=rule.most))
            continue
        for line in lines:
            try:
                yield read_proof(rule.kind, line)
            except Refused as problem:
                problems.append(problem)


def read_proof(kind: EvidenceKind, line: str) -> PaperProof:
    """Read an achievement: day | title | level | place | number; only the title must be there."""
    parts = [*_PARTS.split(line.strip()), "", "", "", "", ""]
    day, title, level, rank, number = parts[:5]
    if title == "" and day:
        day, title = "", day
    place = f"proof-{kind}"
    if len(title) > LONGEST_TITLE or len(number) > LONGEST_NUMBER:
        raise Refused(N_("This text is too long."), place)
    if level and level not in LEVELS:
        text = N_("%(text)s is none of: %(words)s.")
        raise Refused(text, place, text=level, words="、".join(LEVELS))
    if rank and not (rank.isdecimal() and 0 < int(rank) < 10_000):
        raise Refused(N_("A place in a contest is a whole number: %(text)s"), place, text=rank)
    return PaperProof(
        kind,
        title,
        _day(day, place),
        LEVELS.get(level),
        int(rank) if rank else None,
        number,
    )


def _day(text: str, place: str) -> date | None:
    if not text:
        return None
    numbers = re.fullmatch(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?", text)
    try:
        if numbers is None:
            raise ValueError
        return date(int(numbers[1]), int(numbers[2]), int(numbers[3] or 1))
    except ValueError:
        raise Refused(N_("This is no day: %(text)s"), place, text=text) from None
