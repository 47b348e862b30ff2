"""Master workshops of the demonstration: a register that was read in, and some with a story."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from models.database import db
from models.people import Employer
from rules.people import PersonFacts
from rules.workshop_conditions import Apprentice
from rules.workshop_policies import add_years, shipped_policy
from rules.workshop_sheets import Answer, hangzhou_sheet
from rules.workshops import (
    ChangeKind,
    Grade,
    HostKind,
    Spending,
    WorkshopLevel,
    WorkshopNaming,
)
from services import (
    workshops,
    workshops_applications,
    workshops_assessments,
    workshops_changes,
    workshops_founding,
    workshops_grades,
    workshops_imports,
    workshops_policies,
    workshops_reports,
)
from services.demo_stages import Stage, know_years
from services.workbooks_writing import write_table
from services.workshops_applications import SiteVisit, Wish
from services.workshops_reports import ReportFacts
from services.workshops_rows import COLUMNS

OWN = 8  # the employer whose account the demonstration has
TRADES = (
    ("钳工", "高端装备制造"),
    ("电工", "智能家电"),
    ("焊工", "高端装备制造"),
    ("数控车工", "汽车关键基础件"),
    ("模具工", "模具"),
    ("中式烹调师", "商贸餐饮"),
    ("汽车维修工", "汽车关键基础件"),
    ("青瓷工", "工艺美术"),
)
BODIES = (("省级", "浙江省"),) * 2 + (("市级", "宁波市"),) + (("市级", "慈溪市"),) * 5
CONTACT = "慈溪市人力资源和社会保障局职业能力建设科 0574-63900000"


def add_workshops(stage: Stage) -> None:
    """Fill the register: eight read in, five with a story, four applications under way."""
    _approve_rules(stage)
    _read_register(stage)
    failed = _found(stage, 1, -1190, 2)
    _assess(stage, failed, -60, is_good=False)
    ending = _found(stage, OWN, -1130, 0)
    for year in range(stage.day(-1130).year, stage.today.year):
        _report(stage, ending, year)
    _assess(stage, ending, -3, is_good=True, confirmed=False)
    present = _found(stage, OWN, -430, 3)
    _report(stage, present, stage.today.year - 1, accepted=False)
    workshops_changes.report_change(
        stage.by("employer", -20), present, ChangeKind.RETIRED, stage.day(-21)
    )
    quiet = _found(stage, 2, -400, 4)
    _report(stage, quiet, stage.today.year - 1)
    _grade(stage, stage.today.year - 2, decided=True)
    _grade(stage, stage.today.year - 1, decided=False)
    _apply_in_every_state(stage)


def _approve_rules(stage: Stage) -> None:
    rules = shipped_policy().model_dump(mode="json")
    key = workshops_policies.write_policy(
        stage.by("bureau", -440), "慈溪市技能大师工作室管理办法", "慈人社〔2012〕8号",
        date(2012, 1, 1), rules,
    )  # fmt: skip
    workshops_policies.approve_policy(stage.by("bureau2", -439), key)
    workshops_policies.write_policy(
        stage.by("bureau", -5), "慈溪市技能大师工作室管理办法（修订）", "征求意见稿",
        date(stage.today.year + 1, 1, 1), rules | {"bar_years": 5},
    )  # fmt: skip


def _read_register(stage: Stage) -> None:
    """Read existing workshops in from a spreadsheet; another file waits to be confirmed."""
    rows = [_row(stage, place) for place in range(len(BODIES))]
    by = stage.by("bureau", -45)
    file = write_table(list(COLUMNS), rows, "工作室")
    upload = workshops_imports.read_upload(file, "技能大师工作室台账.xlsx", by.today)
    workshops_imports.confirm_register(by, workshops_imports.preview_register(by, upload))
    late = [_row(stage, 3), rows[0]]
    file = write_table(list(COLUMNS), late, "工作室")
    upload = workshops_imports.read_upload(file, "补录.xlsx", stage.today)
    workshops_imports.preview_register(stage.by("bureau", 0), upload)


def _row(stage: Stage, place: int) -> dict[str, object]:
    level, body = BODIES[place]
    trade, cluster = TRADES[place % len(TRADES)]
    leader = _master(stage)
    host = db.session.get_one(Employer, stage.employers[10 + place])
    return {
        "title": f"{leader.name}{trade}技能大师工作室", "level": level, "recognised_by": body,
        "naming": "个人", "leader": leader.name, "id_number": leader.id_number,
        "held_level": "一级/高级技师", "employer": host.title, "host_kind": "企业",
        "district": host.district, "occupation": trade, "cluster": cluster,
        "founded_on": stage.day(-1500 - 40 * place), "taught": 60 + 17 * place,
        "about": f"承担{trade}技术攻关、带徒传技和技艺交流。",
    }  # fmt: skip


def _master(stage: Stage) -> PersonFacts:
    """Make up somebody of the highest skill level."""
    return replace(stage.people.take(1)[0], held_level=1)


def _wish(stage: Stage, host: Employer, days: int, place: int) -> Wish:
    trade, cluster = TRADES[place % len(TRADES)]
    leader = _master(stage)
    names = [one.name for one in stage.people.take(4)]
    return Wish(
        title=f"{leader.name}{trade}技能大师工作室",
        level=WorkshopLevel.CITY,
        naming=WorkshopNaming.PERSON,
        host_kind=HostKind.ENTERPRISE,
        occupation=trade,
        leader=leader,
        apprentices=[Apprentice(name, stage.day(days - 30)) for name in names],
        recognised_by="慈溪市",
        district=host.district,
        cluster=cluster,
        texts={
            "about": f"以{trade}技艺传承和技术攻关为主。",
            "room": "培训楼二楼，实训面积150平方米",
            "equipment": "实训工位12个，检测设备3套，多媒体教室1间",
            "own_rules": "工作室管理制度、经费管理制度、师带徒制度",
            "plan": "三年带徒30人，其中培养高级工及以上15人；每年开展技艺交流3次。",
        },
    )


def _applied(stage: Stage, place: int, days: int, trade: int) -> int:
    """Let an employer write an application; the account of the demonstration stands for all."""
    host = db.session.get_one(Employer, stage.employers[place])
    wish = _wish(stage, host, days, trade)
    return workshops_applications.apply(stage.by("employer", days), host.id, wish)


def _decided(stage: Stage, key: int, days: int) -> None:
    first, second = stage.by("bureau", days), stage.by("bureau2", days, 14)
    workshops_applications.submit_application(stage.by("employer", days), key)
    workshops_applications.check_conditions(first, key)
    found = dict.fromkeys(("room", "equipment", "own_rules", "agreements"), True)
    visit = SiteVisit(first.today, "叶永康、陈立群（专家）", found, "现场情况与申报材料相符。")
    workshops_applications.record_site_check(first, key, visit)
    workshops_founding.decide(second, key)


def _post(stage: Stage, key: int, days: int, hour: int) -> None:
    by = stage.by("bureau", days, hour)
    know_years(by, by.today)
    workshops_founding.post_notice(by, key, CONTACT)


def _found(stage: Stage, place: int, days: int, trade: int) -> int:
    """Found a workshop about a week after a day; return its id."""
    day = stage.weekday(days)
    key = _applied(stage, place, day, trade)
    _decided(stage, key, day)
    _post(stage, key, day, 15)
    row = workshops_applications.get_application(key)
    after = (row.notice_ends_on or stage.today) - stage.today
    return workshops_founding.found(stage.by("bureau", after.days + 1), key)


def _report(stage: Stage, workshop_id: int, year: int, accepted: bool = True) -> None:
    days = (date(year + 1, 1, 12) - stage.today).days
    count = 10 + year % 4
    facts = ReportFacts(
        {
            "apprentices": count,
            "trained": count - 2,
            "highly_skilled": 3 + year % 2,
            "breakthroughs": 2,
            "patents": year % 2,
            "exchanges": 3,
        },
        {
            "activities": "开展技艺交流3次，承担企业技术攻关2项，参加技能服务进企业活动。",
            "results": "改进夹具一套，节约成本约12万元。",
            "next_plan": "继续开展带徒传技，组织参加市级竞赛。",
        },
        Grade.PASSED,
        {Spending.TRAINING: Decimal("12600"), Spending.EQUIPMENT: Decimal("8350.50")},
    )
    by = stage.by("employer", min(days, 0))
    key = workshops_reports.write_report(by, workshop_id, year, facts)
    if accepted:
        workshops_reports.submit_report(by, key)
        workshops_reports.accept_report(stage.by("bureau", min(days + 5, 0)), key)


def _assess(
    stage: Stage, workshop_id: int, days: int, is_good: bool, confirmed: bool = True
) -> None:
    term = workshops.running_term(workshop_id)
    if term is None:
        raise LookupError(workshop_id)
    given = {line.key: line.points for line in hangzhou_sheet().lines if line.given}
    found: dict[str, Answer] = {**given, "bonus": Decimal(2), "apprentices": 7, "skilled": 2}
    if not is_good:
        found = {**dict.fromkeys(given, Decimal(0)), "apprentices": 1, "skilled": 0}
        found |= {"support_money": True, "room_display": True}
    day = max(stage.day(days), add_years(term.starts_on, 3) - timedelta(days=1))
    when = (day - stage.today).days
    key = workshops_assessments.fill_sheet(
        stage.by("bureau", when), term.id, found, held_on=day, experts="市技能专家组（3人）"
    )
    if confirmed:
        workshops_assessments.confirm_assessment(stage.by("bureau2", when, 15), key)


def _grade(stage: Stage, year: int, decided: bool) -> None:
    """Enter the grades of a year; they are decided, or one is still missing."""
    by = stage.by("bureau", -1)
    key = workshops_grades.open_round(by, year, WorkshopLevel.CITY)
    rows = workshops_grades.get_round(key).grades
    marks: dict[int, tuple[Grade | None, str]] = {
        one.workshop_id: (Grade.PASSED, "") for one in (rows if decided else rows[1:])
    }
    workshops_grades.enter_grades(by, key, marks, "市技能专家组（3人）")
    if decided:
        workshops_grades.propose_grades(by, key)
        workshops_grades.decide_grades(stage.by("bureau2", -1, 15), key)


def _apply_in_every_state(stage: Stage) -> None:
    """Leave applications as a draft, handed in, decided, and in their notice."""
    _applied(stage, OWN, -2, 4)
    handed_in = _applied(stage, OWN, -6, 5)
    workshops_applications.submit_application(stage.by("employer", -6), handed_in)
    day = stage.weekday(-1)
    _decided(stage, _applied(stage, 3, day, 6), day)
    shown = _applied(stage, 4, day, 7)
    _decided(stage, shown, day)
    _post(stage, shown, day, 16)
