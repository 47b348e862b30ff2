"""Events with a chain of signatures: one before its group has signed, one with a spot check.

And one whose marks were opened again, so that its results have two revisions.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.judging import PanelSeat, Sheet
from rules.days import DayRules
from rules.plans import PRACTICAL
from rules.sampling import Finding
from rules.signoffs import Step
from services import (
    contests,
    editions,
    judging,
    marks,
    signoffs,
    spot_checks,
    spot_checks_findings,
)
from services.acting import Actor
from services.contests import ContestFacts
from services.demo_events import SKETCHES, edition_rules
from services.demo_stages import (
    HOSTS,
    SPONSORS,
    Group,
    Stage,
    _add_event,
    add_group,
    compute,
    hold,
    sign,
)
from services.marks import Typed
from services.signoffs_sheets import read_sheets
from services.spot_checks_findings import Compared

STEPS = DayRules(signoff=("group", "supervisor"), reopening_people=2)


def be_signed_off(stage: Stage) -> None:
    """Play the three events."""
    waiting, checked = _add_events(stage, "QZ", STEPS, 2)
    for event_id in (waiting, checked):
        hold(stage, event_id, 0)
        signoffs.name_leader(stage.by("chief", 0, 17), _head(event_id).id)
    _check(stage, checked)
    _correct(stage, *_add_events(stage, "GZ", DayRules(), 1))


def _add_events(stage: Stage, code: str, day: DayRules, count: int) -> list[int]:
    days = [stage.today + timedelta(days=days) for days in (-40, -1, 0, 2)]
    facts = ContestFacts(
        code=f"{code}{stage.today.year}",
        title=f"2026年慈溪市{'逐级签字' if code == 'QZ' else '成绩更正'}技能赛",
        year=stage.today.year,
        level="city",
        entry_opens_on=days[0],
        entry_closes_on=days[1],
        starts_on=days[2],
        ends_on=days[3],
        sponsors=SPONSORS,
        hosts=HOSTS,
    )
    by = stage.by("organizer", -45, 9)
    contest_id = contests.create_contest(by, facts, edition_rules().model_copy(update={"day": day}))
    ids = [_add_event(stage, by, contest_id, sketch, 0) for sketch in SKETCHES[:count]]
    editions.publish(stage.by("organizer", -44, 9), contest_id)
    for event_id in ids:
        add_group(stage, by, event_id, Group(4))
        add_group(stage, by, event_id, Group(3, is_student=True))
    return ids


def _head(event_id: int) -> PanelSeat:
    query = select(PanelSeat).where(PanelSeat.event_id == event_id, PanelSeat.part == PRACTICAL)
    return db.session.scalars(query.where(PanelSeat.number == 1)).one()


def _check(stage: Stage, event_id: int) -> None:
    """Bring an event to its spot check, with one sheet compared and one found wrong."""
    link = signoffs.read_chain(contests.get_event(event_id)).link(Step.GROUP, PRACTICAL)
    head = Actor(_head(event_id).account_id, stage.now, "demo")
    signoffs.confirm_step(head, event_id, Step.GROUP, PRACTICAL, link.digest)
    judging.confirm(stage.by("chief", 0, 18), event_id)
    by = stage.by("supervisor", 0, 19)
    spot_checks.draw_sample(by, spot_checks.fix_marks(by, event_id), "314159")
    view = spot_checks.find_check(event_id)
    assert view is not None
    right, wrong = [line for line in view.lines if line.sheet.part == PRACTICAL][:2]
    act = spot_checks_findings.record_finding
    act(by, right.item.id, Compared(Finding.AGREES))
    line = next(key for key, text in wrong.sheet.marks.items() if text != "0")
    act(by, wrong.item.id, Compared(Finding.WRONG, {line: "0"}, "看错一位"))


def _correct(stage: Stage, event_id: int) -> None:
    """Sign results, open the marks again, take marks from one work, sign results anew."""
    hold(stage, event_id, -1)
    sign(stage, compute(stage, event_id, -1), 0)
    chief = stage.by("chief", 0, 12)
    judging.reopen(chief, event_id, "加分重复计算")
    code = read_sheets(event_id)[0].code
    for one in read_sheets(event_id):
        if one.code != code or one.part != PRACTICAL or not one.number:
            continue
        judging.reopen_sheet(chief, one.id, "加分重复计算")
        sheet = db.session.get_one(Sheet, one.id, options=[joinedload(Sheet.marks)])
        mark = max(sheet.marks, key=lambda row: row.value)
        judge = Actor(one.account_id, stage.now, "demo")
        marks.sign_sheet(judge, one.id, [Typed(one.id, mark.aspect, "0", mark.version)])
    sign(stage, compute(stage, event_id, 0), 0)
