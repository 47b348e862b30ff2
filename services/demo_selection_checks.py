"""A round of the demonstration whose applications are being checked, in every state there is."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from models.database import db
from models.people import Employer
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOpinion
from models.selections import SelectionClerk
from rules.identity import IdKind
from rules.people import PersonFacts
from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import RoundRules, RoundTier, Step
from rules.selections import Body, Channel, OpinionAnswer, OpinionDealing
from services import (
    audits,
    selection_applications,
    selection_checks,
    selection_checks_acting,
    selection_checks_imports,
    selection_checks_opinions,
    selection_checks_overrides,
    selection_checks_rows,
    selection_checks_verdicts,
    selections,
    selections_publishing,
)
from services.acting import ZONE, Actor
from services.demo_stages import Stage
from services.selection_applications import Beginning
from services.selection_checks_acting import Found
from services.selection_checks_opinions import Letter
from services.selections import ProgrammeFacts, RoundFacts
from services.transaction import transaction
from services.workbooks_writing import write_table

OWN = 8  # the employer whose account the demonstration has
DISTRICTS = ("浒山街道", "宗汉街道", "古塘街道", "白沙路街道")
TRADES = ("数控车工", "钳工", "电工", "模具工", "焊工")
LETTER = "慈人社函〔2026〕17号"


def add_selection_checks(stage: Stage) -> None:
    """Publish a round, bring its applications in, and let some of them go on."""
    round_id = _published(stage)
    ids = _brought_in(stage, round_id)
    _pass_on(stage, ids)
    _ask(stage, round_id, ids)
    _twice(stage, round_id, ids[-1])


def _published(stage: Stage) -> int:
    shipped = shipped_programmes()
    facts = ProgrammeFacts(
        code="CXJSNS",
        title="慈溪市技术能手",
        verb=shipped["SMXJSNS"].verb,
        level=shipped["SMXJSNS"].level,
        organiser="慈溪市人力资源和社会保障局",
        document="慈人社发〔2020〕31号",
        cycle_years=2,
    )
    programme = selections.create_programme(stage.by("bureau", -30), facts)
    year = stage.today.year
    about = RoundFacts(f"CXJSNS{year}", year, f"{year}年慈溪市技术能手评选")
    rules = _rules(stage)
    round_id = selections.create_round(stage.by("bureau", -28), programme, about, rules)
    selections_publishing.publish(stage.by("bureau2", -26), round_id)
    for step in rules.chain:
        if step.body not in (Body.EMPLOYER, Body.BUREAU):
            _name_clerk(stage.by("bureau", -26), round_id, stage.accounts["checker"], step.key)
    return round_id


def _rules(stage: Stage) -> RoundRules:
    """Take the shipped rules of a like programme, with the chain and letters of another one."""
    shipped = shipped_programmes()
    base, masters = shipped["SMXJSNS"].rules, shipped["SLMJ"].rules
    tier = RoundTier(key="expert", name="慈溪市技术能手", places=20, amount=base.tiers[0].amount)
    changed: dict[str, Any] = {
        "opens_at": datetime.combine(stage.day(-25), time(9), ZONE),
        "closes_at": datetime.combine(stage.day(12), time(17), ZONE),
        "counts_on": stage.day(12),
        "tiers": [tier.model_dump()],
        "channels": list(Channel),
        "chain": [_of_units(one) for one in masters.chain],
        "opinions": [one.model_dump() for one in masters.opinions],
        "unit_quota": 2,
    }
    return RoundRules.model_validate(base.model_dump() | changed)


def _of_units(step: Step) -> dict[str, Any]:
    """Let a unit recommend only those for whom it applies itself."""
    only = {"channels": [Channel.EMPLOYER]} if step.body is Body.EMPLOYER else {}
    return step.model_dump() | only


@transaction
def _name_clerk(by: Actor, round_id: int, account_id: int, step: str) -> int:
    row = SelectionClerk(round_id=round_id, account_id=account_id, step=step)
    db.session.add(row)
    db.session.flush()
    after = {"step": step, "account": account_id}
    audits.record(by, "name_clerk", "selection_round", round_id, after=after)
    return row.id


def _brought_in(stage: Stage, round_id: int) -> list[int]:
    """Read a paper round in; another file waits to be confirmed."""
    rules = selections.rules_of(selections.get_round(round_id))
    people = [one for one in stage.people.take(60) if is_of_age(stage, one)][:12]
    rows = [row_of(stage, place, one) for place, one in enumerate(people[:10])]
    by = stage.by("bureau", -12)
    for place, some in enumerate((rows, [row_of(stage, 11, one) for one in people[10:]])):
        file = write_table(selection_checks_rows.columns_of(rules), some, "汇总")
        name = ("纸质申报汇总.xlsx", "补报.xlsx")[place]
        upload = selection_checks_rows.read_upload(file, name, round_id, rules, by.today)
        key = selection_checks_imports.preview_papers(by, round_id, upload)
        if place == 0:
            selection_checks_imports.confirm_papers(by, key)
    query = select(SelectionApplication.id).where(SelectionApplication.round_id == round_id)
    return list(db.session.scalars(query.order_by(SelectionApplication.number)))


def is_of_age(stage: Stage, one: PersonFacts) -> bool:
    """Say whether somebody made up is old enough to apply, and young enough to count."""
    born = one.birth_date
    return born is not None and timedelta(30 * 365) < stage.today - born < timedelta(50 * 365)


def row_of(stage: Stage, place: int, one: PersonFacts) -> dict[str, object]:
    """Write an application as a row of the spreadsheet of a paper round."""
    of_unit = place in (0, 1, 2)
    unit = stage.employers[OWN if of_unit else (15 + place) % len(stage.employers)]
    return {
        "name": one.name,
        "id_number": one.id_number,
        "held_level": 2,
        "channel": "单位推荐" if of_unit else "个人自荐",
        "employer": db.session.get_one(Employer, unit).title,
        "tier": "慈溪市技术能手",
        "district": DISTRICTS[place % len(DISTRICTS)],
        "occupation": TRADES[place % len(TRADES)],
        "post": "单位负责人" if place == 5 else "一线工人",
        "unit_kind": "企业",
        "trade_since": stage.day(-365 * (6 if place == 6 else 14)),
        "local_since": stage.day(-365 * 8),
        "retires_on": stage.day(365 * 14),
        "proof-contest": f"{stage.day(-400)}|市职业技能竞赛|市级|{place + 1}",
    }


def _pass_on(stage: Stage, ids: list[int]) -> None:
    """Let the clerk pass some on and send one back; one waits with a clause to be set aside."""
    found = Found(note="材料齐全")
    for application_id in ids[4:9]:
        step = selection_checks.waiting_step(application_id)
        if step is not None:
            items = frozenset(selection_checks.rule_of(step).checklist)
            done = Found(items, note=found.note)
            selection_checks_acting.pass_step(stage.by("checker", -8), step.id, done)
    step = selection_checks.waiting_step(ids[3])
    if step is not None:
        reason = "缺职业技能等级证书复印件，请补正。"
        selection_checks_acting.return_step(stage.by("checker", -2), step.id, reason=reason)
    application = db.session.get_one(SelectionApplication, ids[6])
    blocking = selection_checks_verdicts.verdict_of(application).blocking
    if blocking:
        selection_checks_overrides.propose_override(
            stage.by("bureau", -3),
            ids[6],
            blocking[0].key,
            reason="世界技能大赛优胜奖获得者，经局长办公会研究，建议破格。",
        )


def _ask(stage: Stage, round_id: int, ids: list[int]) -> None:
    """Ask a body about several; it objects to one, and one person has proposed what to do."""
    by, body = stage.by("bureau", -7), "police"
    letter = Letter(body, LETTER, stage.day(-7), stage.day(-1))
    selection_checks_opinions.ask_opinions(by, round_id, letter, ids[4:9])
    first = db.session.scalars(
        select(SelectionOpinion).where(SelectionOpinion.application_id == ids[4])
    ).one()
    selection_checks_opinions.record_answer(
        stage.by("bureau", -4),
        first.id,
        OpinionAnswer.OBJECTION,
        stage.day(-4),
        "该人员上年度有一次行政处罚记录。",
    )
    selection_checks_opinions.propose_dealing(
        stage.by("bureau", -3), first.id, OpinionDealing.GO_ON, reason="情节轻微，已整改完毕。"
    )


def _twice(stage: Stage, round_id: int, application_id: int) -> None:
    """Let an association begin a second application for somebody who has one."""
    person = db.session.get_one(SelectionApplication, application_id).person
    facts = PersonFacts(
        name=person.name,
        id_kind=IdKind(person.id_kind),
        id_number=person.id_number,
        birth_date=person.birth_date,
        sex=person.sex,
    )
    wish = Beginning(Channel.ASSOCIATION, typed=facts, nominators=("慈溪市机械行业协会",))
    selection_applications.start(stage.by("checker", -1), round_id, wish)
