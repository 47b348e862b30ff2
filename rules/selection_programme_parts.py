"""What several of the shipped programmes have in common: files, steps, letters, clauses."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from rules.honours import HonourLevel
from rules.selection_conditions import Declares, Local, Occupation, Placed, Works
from rules.selection_rounds import (
    Clause,
    EvidenceRule,
    FileRule,
    FormField,
    Opinion,
    SheetItem,
    Step,
    Waiver,
)
from rules.selections import Body, Channel, EvidenceKind, Post, UnitKind

MODEL_YEAR = 2026
CHINA = timezone(timedelta(hours=8))
HEADS = (Post.MANAGER, Post.UNIT_HEAD)


def clock(month: int, day: int, hour: int) -> datetime:
    """An hour in China of the model year."""
    return datetime(MODEL_YEAR, month, day, hour, tzinfo=CHINA)


def model_day(month: int, day: int) -> date:
    """A day of the model year."""
    return date(MODEL_YEAR, month, day)


LAWFUL_FIELD = FormField(
    key="lawful",
    title="遵守国家法律法规，近三年无违法违纪行为",
    kind="yes_no",
    needed=True,
)
LAWFUL = Clause(
    key="lawful",
    number="二（一）",
    text="拥护中国共产党的领导，遵纪守法，爱岗敬业，近三年无违法违纪行为。",
    all_of=(Declares(field="lawful", answers=("yes",)),),
)


def local(months: int, number: str, place: str = "本市") -> Clause:
    """So many months in full-time work in the place (R5.07)."""
    return Clause(
        key="local",
        number=number,
        text=f"在{place}用人单位全职工作，且连续满{months}个月。",
        all_of=(Local(months=months),),
    )


WINNERS = Waiver(
    text="世界技能大赛或全国技能竞赛前3名、省级一类技能竞赛第1名获得者，年限可以免除。",
    all_of=(Placed(level=HonourLevel.NATIONAL, rank=3),),
)
PROVINCE_WINNERS = Waiver(
    text="省级技能竞赛第1名获得者，年限可以免除。",
    all_of=(Placed(level=HonourLevel.PROVINCE, rank=1),),
)
OFFICIALS = Clause(
    key="officials",
    number="三（一）",
    text="公务员和参照公务员法管理的人员不参加。",
    all_of=(Works(posts=(Post.OFFICIAL,)),),
)
GOVERNMENT = Clause(
    key="government",
    number="三（一）",
    text="机关工作人员不参加。",
    all_of=(Works(units=(UnitKind.GOVERNMENT,)),),
)
STUDENTS = Clause(
    key="students",
    number="三（二）",
    text="在校学生不参加。",
    all_of=(Works(posts=(Post.STUDENT,)),),
)
RETIRED = Clause(
    key="retired",
    number="三（三）",
    text="退休人员（含返聘）不参加。",
    all_of=(Works(posts=(Post.RETIRED,)),),
)
OTHER_FIELDS = Clause(
    key="other_fields",
    number="三（四）",
    text="从事财务、企业管理、市场营销、人力资源、医疗、教学、非遗传承、农业、科研工作的人员不参加。",
    all_of=(
        Occupation(
            words=(
                "会计",
                "财务",
                "营销",
                "人力资源",
                "医生",
                "医师",
                "教师",
                "非遗",
                "农业",
                "科研",
            )
        ),
    ),
)

EVIDENCE = tuple(
    EvidenceRule(kind=kind, most=most)
    for kind, most in (
        (EvidenceKind.LEVEL, 5),
        (EvidenceKind.CONTEST, 15),
        (EvidenceKind.HONOUR, 15),
        (EvidenceKind.PATENT, 20),
        (EvidenceKind.WORK, 10),
        (EvidenceKind.INNOVATION, 20),
        (EvidenceKind.PAPER, 10),
        (EvidenceKind.APPRENTICE, 40),
    )
)
FILES = (
    FileRule(
        key="recommendation", title="推荐表（单位盖章）", needed=True, types=("pdf", "jpg"), most=1
    ),
    FileRule(key="proofs", title="业绩证明材料（附目录）", needed=True, most=20, pages=50),
    FileRule(key="photos", title="工作照片", types=("jpg", "png"), most=5, pages=None),
)
STORY = (
    FormField(key="skill", title="技术技能特长", kind="long", needed=True, longest=1000),
    FormField(key="deeds", title="主要业绩和贡献", kind="long", needed=True, longest=2000),
    FormField(key="effect", title="产生的经济社会效益", kind="long", longest=1000),
)

EMPLOYER_STEP = Step(
    key="employer",
    title="所在单位核实、公示并推荐",
    body=Body.EMPLOYER,
    channels=(Channel.PERSON, Channel.EMPLOYER),
    days=10,
    ranks=True,
    notice_days=5,
    checklist=("申报内容属实", "单位内部公示无异议", "已征得本人同意"),
)
ASSOCIATION_STEP = Step(
    key="association",
    title="行业协会推荐",
    body=Body.ASSOCIATION,
    channels=(Channel.ASSOCIATION,),
    days=10,
    ranks=True,
    checklist=("属于本行业", "业绩经协会核实"),
)
DISTRICT_STEP = Step(
    key="district",
    title="镇（街道）初审",
    body=Body.DISTRICT,
    days=7,
    checklist=("在本地全职工作", "单位正常经营", "材料齐全"),
)
UNION_STEP = Step(
    key="union",
    title="总工会复核",
    body=Body.UNION,
    days=5,
    checklist=("职工身份属实", "无劳动争议方面的不良记录"),
)
BUREAU_STEP = Step(
    key="bureau",
    title="人社部门资格审查",
    body=Body.BUREAU,
    days=10,
    checklist=("符合基本条件", "至少符合一项业绩条件", "不属于不参加的情形", "材料真实有效"),
)


def letters(
    *bodies: tuple[str, str], heads_only: tuple[tuple[str, str], ...] = ()
) -> tuple[Any, ...]:
    """Letters about everybody, and about heads and managers of units only (R5.09)."""
    everybody = [Opinion(key=key, title=title, days=7) for key, title in bodies]
    about = (Works(posts=HEADS),)
    some = [Opinion(key=key, title=title, days=7, about=about) for key, title in heads_only]
    return (*everybody, *some)


SHEET = (
    SheetItem(key="skill", title="技能水平与称号", maximum=Decimal(30), help="技能等级、荣誉称号"),
    SheetItem(key="innovation", title="创新成果", maximum=Decimal(25), help="专利、技术革新、工法"),
    SheetItem(key="contests", title="竞赛成绩", maximum=Decimal(15), help="以登记的名次为准"),
    SheetItem(key="teaching", title="带徒传技", maximum=Decimal(15), help="带徒人数及徒弟成长"),
    SheetItem(key="effect", title="经济社会效益", maximum=Decimal(15)),
)
COMPANY = Works(units=(UnitKind.COMPANY,))
FRONT_LINE = Works(posts=(Post.FRONT_LINE, Post.TECHNICIAN), units=(UnitKind.COMPANY,))


def route(number: str, key: str, text: str, *conditions: Any) -> Clause:
    """One of the routes, with its number in the call."""
    return Clause(key=key, number=number, text=text, all_of=conditions)
