"""A round of the demonstration under review: some sheets signed, a visit, a meeting, a draft."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionReviewer
from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import RoundRules, RoundTier
from rules.selections import ApplicationState, Body, Channel
from services import (
    selection_checks,
    selection_checks_acting,
    selection_checks_imports,
    selection_checks_rows,
    selection_reviews,
    selection_reviews_meetings,
    selection_reviews_sheets,
    selection_reviews_visits,
    selections,
    selections_publishing,
)
from services.acting import ZONE, Actor
from services.demo_selection_checks import is_of_age, row_of
from services.demo_stages import Stage
from services.selection_checks_acting import Found
from services.selection_reviews_meetings import MeetingFacts
from services.selection_reviews_visits import VisitFacts
from services.selections import ProgrammeFacts, RoundFacts
from services.workbooks_writing import write_table

TITLE = "慈溪市首席工人"
PANEL = 3


def add_selection_reviews(stage: Stage) -> None:
    """Bring applications through the checks, draw the panel, and let it begin."""
    round_id = _published(stage)
    ids = _qualified(stage, round_id)
    selection_reviews.draw_panel(stage.by("bureau", -9), round_id, f"{stage.today:%Y %m %d}")
    selection_reviews.start_review(stage.by("bureau", -8), round_id)
    _mark(stage, round_id, ids)
    _visit(stage, ids[0])
    _meet(stage, round_id)


def _published(stage: Stage) -> int:
    shipped = shipped_programmes()["SMXJSNS"]
    facts = ProgrammeFacts(
        code="CXSXGR",
        title=TITLE,
        verb=shipped.verb,
        level=shipped.level,
        organiser="慈溪市人力资源和社会保障局",
        document="慈人社发〔2021〕8号",
        cycle_years=2,
    )
    programme = selections.create_programme(stage.by("bureau", -45), facts)
    year = stage.today.year
    about = RoundFacts(f"CXSXGR{year}", year, f"{year}年{TITLE}评选")
    round_id = selections.create_round(
        stage.by("bureau", -44), programme, about, _rules(stage, shipped.rules)
    )
    selections_publishing.publish(stage.by("bureau2", -42), round_id)
    return round_id


def _rules(stage: Stage, base: RoundRules) -> RoundRules:
    """Take the shipped rules of a like programme, with a panel of three."""
    tier = RoundTier(key="chief", name=TITLE, places=3, amount=base.tiers[0].amount)
    review = base.review.model_dump() | {
        "method": "sheet",
        "reviewers": PANEL,
        "reserves": 0,
        "drop_high": 0,
        "drop_low": 0,
        "site_visit": False,
    }
    eligibility = base.eligibility.model_dump()
    eligibility["basics"] = [one for one in eligibility["basics"] if one["key"] == "trade"]
    changed: dict[str, Any] = {
        "eligibility": eligibility | {"routes_needed": 0},
        "opens_at": datetime.combine(stage.day(-40), time(9), ZONE),
        "closes_at": datetime.combine(stage.day(-12), time(17), ZONE),
        "counts_on": stage.day(-12),
        "tiers": [tier.model_dump()],
        "channels": list(Channel),
        "chain": [one.model_dump() for one in base.chain if one.body is Body.BUREAU],
        "opinions": [],
        "unit_quota": None,
        "review": review,
    }
    return RoundRules.model_validate(base.model_dump() | changed)


def _qualified(stage: Stage, round_id: int) -> list[int]:
    rules = selections.rules_of(selections.get_round(round_id))
    people = [one for one in stage.people.take(40) if is_of_age(stage, one)][:6]
    rows = [row_of(stage, place, one) | {"tier": TITLE} for place, one in enumerate(people, 20)]
    by = stage.by("bureau", -14)
    file = write_table(selection_checks_rows.columns_of(rules), rows, "汇总")
    upload = selection_checks_rows.read_upload(file, "首席工人申报.xlsx", round_id, rules, by.today)
    key = selection_checks_imports.preview_papers(by, round_id, upload)
    selection_checks_imports.confirm_papers(by, key)
    mine = select(SelectionApplication.id).where(SelectionApplication.round_id == round_id)
    for application_id in db.session.scalars(mine).all():
        while (step := selection_checks.waiting_step(application_id)) is not None:
            items = frozenset(selection_checks.rule_of(step).checklist)
            found = Found(items, note="材料齐全")
            selection_checks_acting.pass_step(stage.by("bureau", -10), step.id, found)
    done = mine.where(SelectionApplication.state == ApplicationState.QUALIFIED)
    return list(db.session.scalars(done.order_by(SelectionApplication.number)))


def _mark(stage: Stage, round_id: int, ids: list[int]) -> None:
    """Let one reviewer finish, one begin, and one still have to promise secrecy."""
    seats: list[SelectionReviewer] = [*selection_reviews.panel_of(round_id)]
    review = selections.rules_of(selections.get_round(round_id)).review
    for seat, keys in zip(seats[:2], (ids, ids[:2]), strict=False):
        by = Actor(seat.account_id, stage.by("bureau", -5).now)
        selection_reviews.pledge(by, round_id)
        for place, key in enumerate(keys):
            marks = {one.key: str(int(one.maximum) - place % 3) for one in review.sheet}
            if seat is seats[1] and place == len(keys) - 1:
                marks = dict(list(marks.items())[:1])
            if not selection_reviews_sheets.is_recused(seat.id, key):
                selection_reviews_sheets.save_sheet(by, key, marks)
        selection_reviews_sheets.sign_finished(by, round_id)


def _visit(stage: Stage, application_id: int) -> None:
    facts = VisitFacts(
        stage.day(-6), "技能人才科两人", "查看操作现场和创新成果，与所填情况一致。", True
    )
    selection_reviews_visits.record_visit(stage.by("bureau", -5), application_id, facts)


def _meet(stage: Stage, round_id: int) -> None:
    facts = MeetingFacts(
        title="评审委员会第一次会议",
        held_on=stage.day(-7),
        place="局三楼会议室",
        chair="主任委员",
        members=PANEL,
        present=PANEL,
        people="评审委员会全体成员",
        minutes="通报申报和资格审查情况，明确评审纪律和评分办法。",
    )
    selection_reviews_meetings.record_meeting(stage.by("bureau", -6), round_id, facts)
