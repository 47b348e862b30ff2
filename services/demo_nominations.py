"""Nominations of the demonstration: a call under way with ranked names, and a granted one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from models.nominations import NominationCall
from rules.nomination_programmes import TITLES, starting_rules
from rules.nomination_rules import CallRules
from rules.selections import EvidenceKind, Post, UnitKind
from services import (
    documents,
    honours,
    nominations,
    nominations_candidates,
    nominations_files,
    nominations_forms,
    nominations_lists,
    nominations_notices,
    nominations_outcomes,
    nominations_ranking,
    nominations_sending,
)
from services.attachments import Upload
from services.demo_stages import CONTACT, Stage
from services.nominations import CallFacts
from services.nominations_blanks import blank_form
from services.nominations_candidates import Achievement, CandidateFacts
from services.nominations_outcomes import Outcome

SENDER = "慈溪市人力资源和社会保障局"
SUPERIOR = "浙江省人力资源和社会保障厅"
NAMED = 4


def add_nominations(stage: Stage, folder: Path | None) -> None:
    """Add a call under way; where files can be kept, one of the last year that was granted."""
    if folder is not None:
        _granted(stage, folder)
    _under_way(stage)


def _call(stage: Stage, start: str, days: int, document: str) -> NominationCall:
    """Enter a call so many days from today, and open it as a second person."""
    title, level = TITLES[start]
    day = stage.day(days)
    facts = CallFacts(
        title=f"{day.year}年{title}",
        level=level,
        year=day.year,
        superior=SUPERIOR,
        document=document,
        own_until=stage.day(days + 25),
        superior_until=stage.day(days + 50),
        contact=CONTACT,
    )
    key = nominations.write_call(stage.by("bureau", days), facts, _rules(start, day))
    nominations.open_call(stage.by("bureau2", days, 15), key)
    return nominations.get_call(key)


def _rules(start: str, day: date) -> CallRules:
    return starting_rules(start, day).model_copy(update={"sender": SENDER})


def _under_way(stage: Stage) -> None:
    """Name four; the bureau has ranked three of them, and their notice stands."""
    call = _call(stage, "province", -12, f"浙人社函〔{stage.day(-12).year}〕36号")
    ids = _named(stage, call, "expert", -10, NAMED)
    for key in ids[:3]:
        nominations_candidates.check(stage.by("bureau", -4), key)
    if len(ids) < NAMED:
        return
    ranks = {key: place for place, key in enumerate(ids[:3], start=1)}
    nominations_ranking.rank(stage.by("bureau", -3), call.id, "expert", ranks)
    days = stage.weekday(-1)
    nominations_notices.post_notice(stage.by("bureau", days), call.id, CONTACT)


def _named(stage: Stage, call: NominationCall, key: str, days: int, count: int) -> list[int]:
    """Name those whom the registers suggest first, and complete what they don't know."""
    found = nominations_lists.suggestions(call, key).rows[:count]
    by = stage.by("bureau", days)
    ids = []
    for number, one in enumerate(found):
        made = nominations_candidates.nominate(by, call.id, key, one.person_id)
        nominations_candidates.edit_candidate(by, made, _said(stage, number))
        ids.append(made)
    return ids


def _said(stage: Stage, number: int) -> CandidateFacts:
    usual = CandidateFacts(
        reasons="技艺精湛，在本行业有较高声望，带头传授技艺，综合表现突出，同意推荐。",
        merits=(
            "扎根生产一线，参与企业技术改造，攻克工艺难题多项。\n"
            "近三年带徒多人，徒弟中有人获市级以上竞赛奖项。"
        ),
        post=Post.FRONT_LINE,
        unit_kind=UnitKind.COMPANY,
        occupation="钳工",
        trade_since=stage.day(-365 * (9 + number)),
        retires_on=stage.day(365 * (20 - number)),
        central=False,
        evidence=(
            Achievement(EvidenceKind.INNOVATION, "夹具快换装置改造", stage.day(-400 - number)),
        ),
    )
    return replace(usual, occupation=("钳工", "电工", "焊工", "数控车工")[number % 4])


def _granted(stage: Stage, folder: Path) -> None:
    """Play a call of the last year to its end: one was granted the title, one was not."""
    call = _call(stage, "craftsman", -300, f"浙人社函〔{stage.day(-300).year}〕12号")
    form = nominations_forms.upload_form(
        stage.by("bureau", -299), call.id, "craftsman", "form", blank_form(), folder
    )
    nominations_forms.approve_form(stage.by("bureau2", -299), form)
    ids = _named(stage, call, "craftsman", -290, 2)
    for key in ids:
        _add_papers(stage, key, folder)
        nominations_candidates.check(stage.by("bureau", -285), key)
    if not ids:
        return
    ranks = {key: place for place, key in enumerate(ids, start=1)}
    nominations_ranking.rank(stage.by("bureau", -284), call.id, "craftsman", ranks)
    nominations_notices.post_notice(stage.by("bureau", -283), call.id, CONTACT)
    nominations_notices.approve_names(stage.by("bureau2", -265), call.id)
    nominations_sending.send(stage.by("bureau", -260), call.id, "", folder)
    outcome = Outcome(
        stage.day(-150),
        f"浙人社发〔{stage.day(-150).year}〕9号",
        {key: place == 1 for key, place in ranks.items()},
    )
    proof = Upload("浙江工匠名单公布文件.pdf", _paper("关于公布浙江工匠名单的通知（演示）"))
    by = stage.by("bureau", -148)
    nominations_outcomes.record_outcome(by, call.id, outcome, proof, folder)
    row = nominations_candidates.get_nomination(ids[0])
    if row.honour_id is not None:
        honours.confirm(stage.by("bureau2", -147), row.honour_id)
    nominations.close_call(stage.by("bureau", -147), call.id)


def _add_papers(stage: Stage, key: int, folder: Path) -> None:
    row = nominations_candidates.get_nomination(key)
    one = nominations.rules_of(row.call).find(row.list_key)
    for material in one.materials:
        paper = Upload(f"{material.title}.pdf", _paper(f"{material.title}（演示）"))
        nominations_files.attach(stage.by("bureau", -288), key, material.key, paper, folder)


def _paper(text: str) -> bytes:
    page = (
        f'<!doctype html><html lang="zh-Hans-CN"><head><title>{text}</title></head>'
        f"<body><h1>{text}</h1></body></html>"
    )
    return documents.page_pdf(page, "@page { size: A4; margin: 30mm }")
