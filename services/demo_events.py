"""The events of the demonstration: real occupations, and marking schemes that fit them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path

from rules.award_honours import ConditionalHonour
from rules.data import InvalidRules
from rules.notice_chains import NoticeLevel
from rules.organisation_prizes import OrganisationPrize
from rules.plans import (
    DEFAULT_PANEL,
    PASS_MARK,
    PRACTICAL,
    THEORY,
    BudgetLine,
    EditionRules,
    EventPlan,
)
from rules.schemes import Aspect, AspectKind, Panel, Part, Scheme, Section
from services.demo_welding import LADDER, welding_part
from services.event_rules import usual_plan
from services.scheme_workbooks_cis import read_cis

CIS_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "cis"
Criterion = tuple[str, tuple[tuple[str, int], ...]]

WORDS = {
    "First prize": "一等奖",
    "Second prize": "二等奖",
    "Third prize": "三等奖",
    "Skills Star": "慈溪市技能之星",
    "Chief judge": "裁判长",
    "Head of a judges' group": "裁判组长",
    "Judge": "裁判员",
}

_MACHINING: tuple[Criterion, ...] = (
    ("操作过程", (("安全文明生产 *", 5), ("工艺步骤合理 ~", 10))),
    ("加工质量", (("尺寸精度", 35), ("几何公差", 15), ("表面粗糙度", 15), ("配合间隙", 15))),
    ("完成情况", (("工件完整、无缺陷 *", 5),)),
)
_ELECTRICAL: tuple[Criterion, ...] = (
    ("安装接线", (("元件安装牢固 *", 5), ("布线工艺 ~", 15), ("接线正确", 25))),
    ("程序与调试", (("控制程序", 25), ("通电运行", 15), ("故障排除", 10))),
    ("安全", (("安全用电 *", 5),)),
)
_SERVICE: tuple[Criterion, ...] = (
    ("准备", (("环境与物品准备", 10), ("仪容与沟通 ~", 15))),
    ("操作", (("步骤完整", 25), ("手法规范", 25), ("安全保护 *", 5))),
    ("结束", (("记录与交接", 15), ("人文关怀 *", 5))),
)
_TRADE: tuple[Criterion, ...] = (
    ("方案", (("市场分析", 15), ("策划创意 ~", 15))),
    ("实施", (("页面与素材制作", 25), ("推广投放", 20), ("数据合规 *", 5))),
    ("成效", (("数据分析报告", 15), ("按时提交 *", 5))),
)
_COOKING: tuple[Criterion, ...] = (
    ("刀工与准备", (("刀工成形", 20), ("个人与环境卫生 *", 5))),
    ("烹制", (("火候", 20), ("调味", 25), ("装盘造型 ~", 15))),
    ("综合", (("节约原料", 10), ("按时出品 *", 5))),
)
_DIGITAL: tuple[Criterion, ...] = (
    ("建模与编程", (("模型正确", 30), ("程序规范 ~", 15), ("参数设置", 15))),
    ("运行", (("功能实现", 25), ("联机无报警 *", 5))),
    ("文档", (("技术文件", 5), ("备份完整 *", 5))),
)


@dataclass(frozen=True)
class EventSketch:
    """An event of the demonstration; without criteria it has a scheme of its own."""

    code: str
    title: str
    occupation: str
    criteria: tuple[Criterion, ...]
    share: int = 100
    team_size: int = 1
    standard_level: int = 3


SKETCHES = (
    EventSketch("01", "电工", "电工", _ELECTRICAL, 150),
    EventSketch("02", "焊工", "焊工", (), 110),
    EventSketch("03", "装配钳工", "钳工", _MACHINING, 120),
    EventSketch("04", "模具制造", "模具工", _MACHINING, 120),
    EventSketch("05", "数控车工", "车工", _MACHINING, 110),
    EventSketch("06", "数控铣工", "铣工", _MACHINING, 90),
    EventSketch("07", "加工中心操作", "多工序数控机床操作调整工", _MACHINING, 70),
    EventSketch("08", "工业机器人系统操作", "工业机器人系统操作员", _DIGITAL, 60),
    EventSketch("09", "汽车维修", "汽车维修工", _SERVICE, 90),
    EventSketch("10", "养老护理", "养老护理员", _SERVICE, 130),
    EventSketch("11", "电子商务", "电子商务师", _TRADE, 140),
    EventSketch("12", "互联网营销（双人）", "互联网营销师", _TRADE, 40, team_size=2),
    EventSketch("13", "中式烹调", "中式烹调师", _COOKING, 120),
    EventSketch("14", "中式面点", "中式面点师", _COOKING, 80),
    EventSketch("15", "育婴", "育婴员", _SERVICE, 110),
    EventSketch("16", "保育", "保育师", _SERVICE, 100),
    EventSketch("17", "物流服务", "物流服务师", _TRADE, 70),
    EventSketch("18", "网站设计与开发", "计算机程序设计员", _DIGITAL, 0),
)


def scheme_for(sketch: EventSketch) -> Scheme:
    """Return the marking scheme of an event: theory by the clerk, practical by five judges."""
    if not sketch.criteria:
        parts = (_theory(), welding_part())
        return Scheme(title=sketch.title, parts=parts)
    keys = count(1)
    sections = tuple(
        Section(
            key=f"c{place}",
            title=title,
            aspects=tuple(_aspect(f"a{next(keys)}", text, most) for text, most in aspects),
        )
        for place, (title, aspects) in enumerate(sketch.criteria, start=1)
    )
    return _scheme(sketch.title, sections, DEFAULT_PANEL)


def _aspect(key: str, text: str, maximum: int) -> Aspect:
    """Read an aspect; * marks met or not met, ~ a judgement from 0 to 3."""
    title, _, sign = text.partition(" ")
    kind = {"*": AspectKind.MEASUREMENT, "~": AspectKind.JUDGEMENT}.get(sign, AspectKind.POINTS)
    ladder = LADDER if kind is AspectKind.JUDGEMENT else ()
    return Aspect(key=key, title=title, kind=kind, maximum=Decimal(maximum), ladder=ladder)


def _scheme(title: str, sections: tuple[Section, ...], panel: Panel) -> Scheme:
    practical = Part(
        key=PRACTICAL,
        title="操作技能",
        weight=Decimal(70),
        sections=sections,
        panel=panel,
        pass_mark=PASS_MARK,
    )
    return Scheme(title=title, parts=(_theory(), practical))


def _theory() -> Part:
    paper = Aspect(key="theory_mark", title="理论试卷", maximum=Decimal(100))
    return Part(
        key=THEORY,
        title="理论知识",
        weight=Decimal(30),
        sections=(Section(key="theory_paper", title="理论试卷", aspects=(paper,)),),
        pass_mark=PASS_MARK,
        entered_by="clerk",
    )


def cis_scheme_for(sketch: EventSketch, folder: Path = CIS_FOLDER) -> Scheme | None:
    """Return a scheme from a real CIS workbook, if one lies there: three judges, by aspect."""
    for path in sorted(folder.glob("*.xlsx")):
        reading = read_cis(path.read_bytes())
        if reading.problems or not reading.criteria:
            continue
        panel = Panel(judges=3, minimum=3, combine_at="aspect")
        try:
            return _scheme(sketch.title, reading.criteria, panel)
        except InvalidRules:
            continue
    return None


YOUTH, WOMEN, PURSE = "共青团慈溪市委", "慈溪市妇女联合会", "JS-01"


def plan_for() -> EventPlan:
    """Return the usual award plan with Chinese names, and the honours of other bodies (R4.20)."""
    plan = usual_plan(lambda text: WORDS.get(text, text))
    honours = (
        ConditionalHonour(
            title="慈溪市青年岗位能手", granted_by=YOUTH, top=1, oldest=35, filed_with=YOUTH
        ),
        ConditionalHonour(
            title="慈溪市巾帼建功标兵", granted_by=WOMEN, top=1, sex="F", filed_with=WOMEN
        ),
        ConditionalHonour(
            title="慈溪市技术能手", granted_by="慈溪市人社局", top=3, divisions=("staff",)
        ),
    )
    awards = plan.awards.model_copy(update={"honours": honours, "budget_line": PURSE})
    return plan.model_copy(update={"awards": awards})


# The side contest: each employer puts its own people up first and proves it (R3.07).
CHAIN = (
    NoticeLevel(code="unit", title="本单位公示", posted="outside", proof="employer"),
    NoticeLevel(code="city", title="市级公示"),
)


def edition_rules(levels: Sequence[NoticeLevel] = ()) -> EditionRules:
    """Return the rules of an edition with its purse, the bodies it was filed with, and prizes."""
    return EditionRules(
        notice_levels=tuple(levels),
        budget_lines=(BudgetLine(code=PURSE, title="职业技能竞赛奖金", ceiling=Decimal(1500000)),),
        filed_with=(YOUTH, WOMEN),
        organisation_prizes=(
            OrganisationPrize(key="organisation", title="优秀组织奖", winners=3, budget_line=PURSE),
        ),
    )
