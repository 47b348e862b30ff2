"""Shipped programmes in which the employer appoints: 特级技师 and, above it, 首席技师 (R5.04)."""

from decimal import Decimal
from typing import Any

from rules.honours import HonourLevel
from rules.plans import BudgetLine, EditionRules
from rules.selection_conditions import Bears, Holds, InTrade, Level, Placed, Shows, Taught, Works
from rules.selection_programme_parts import (
    BUREAU_STEP,
    EMPLOYER_STEP,
    EVIDENCE,
    FILES,
    LAWFUL,
    LAWFUL_FIELD,
    OFFICIALS,
    RETIRED,
    STORY,
    UNION_STEP,
    clock,
    local,
    model_day,
)
from rules.selection_rounds import (
    After,
    Benefit,
    Clause,
    Eligibility,
    FormField,
    Quota,
    Review,
    RoundRules,
    RoundTier,
    SheetItem,
    Waiver,
)
from rules.selections import BenefitKind, Channel, EvidenceKind, Post, UnitKind, Verb

_POSTED = Clause(
    key="posted",
    number="二（三）",
    text="在企业技能岗位或技术岗位上工作。",
    all_of=(Works(posts=(Post.FRONT_LINE, Post.TECHNICIAN), units=(UnitKind.COMPANY,)),),
)
_APPOINTS = EMPLOYER_STEP.model_copy(
    update={
        "title": "企业考核、公示并拟聘",
        "channels": (),
        "checklist": (
            "岗位设置已备案",
            "考核评审程序完整",
            "内部公示无异议",
            "拟聘任岗位和待遇已明确",
        ),
    }
)

SENIOR: dict[str, Any] = {
    "code": "TJJS",
    "title": "特级技师评聘",
    "verb": Verb.APPOINT,
    "level": HonourLevel.CITY,
    "organiser": "市人力资源和社会保障局",
    "basis": "技能人才“新八级”职业技能等级制度",
    "cycle_years": 1,
    "scope": "实行职业技能等级自主认定企业的高级技师",
    "most_people": 50,
    "round_title": "年度特级技师评聘",
    "rules": RoundRules(
        opens_at=clock(9, 1, 9),
        closes_at=clock(9, 30, 17),
        counts_on=model_day(9, 30),
        call="符合条件的企业在高级技师中评聘特级技师，由企业考核、聘任，人社部门核准备案。",
        contact="市人力资源和社会保障局职业能力建设处",
        channels=(Channel.EMPLOYER,),
        tiers=(RoundTier(key="senior", name="特级技师", places=50, least_score=Decimal(70)),),
        quotas=(
            Quota(
                key="front_line",
                title="生产服务一线",
                all_of=(Works(posts=(Post.FRONT_LINE,)),),
                at_least="60 %",
            ),
        ),
        eligibility=Eligibility(
            basics=(
                LAWFUL,
                local(12, "二（二）", "本企业"),
                _POSTED,
                Clause(
                    key="level",
                    number="二（四）",
                    text="取得高级技师（一级）职业技能等级。",
                    all_of=(Level(level=1),),
                ),
                Clause(
                    key="trade",
                    number="二（五）",
                    text="从事本职业（工种）满15年。",
                    all_of=(InTrade(years=15),),
                    waivers=(
                        Waiver(
                            text="获得中华技能大奖、全国技术能手的，年限可以免除。",
                            all_of=(Bears(titles=("中华技能大奖", "全国技术能手")),),
                        ),
                    ),
                ),
            ),
            routes=(
                Clause(
                    key="innovation",
                    number="二（六）1",
                    text="近5年取得技术革新或专利成果2项以上。",
                    all_of=(
                        Shows(
                            kinds=(EvidenceKind.PATENT, EvidenceKind.INNOVATION),
                            count=2,
                            within_years=5,
                        ),
                    ),
                ),
                Clause(
                    key="teaching",
                    number="二（六）2",
                    text="带徒3人以上并经考核合格。",
                    all_of=(Taught(persons=3, passed=True),),
                ),
                Clause(
                    key="contest",
                    number="二（六）3",
                    text="获得省级及以上职业技能竞赛前10名。",
                    all_of=(Placed(level=HonourLevel.PROVINCE, rank=10),),
                ),
            ),
            routes_needed=1,
            exclusions=(OFFICIALS, RETIRED),
            again="never",
        ),
        form=(
            *STORY[:2],
            FormField(key="position", title="拟聘任岗位", needed=True, longest=60),
            LAWFUL_FIELD,
        ),
        evidence=EVIDENCE,
        files=FILES[:2],
        chain=(_APPOINTS, UNION_STEP, BUREAU_STEP),
        review=Review(
            method="sheet",
            reviewers=5,
            reserves=1,
            sheet=(
                SheetItem(key="work", title="工作业绩", maximum=Decimal(40)),
                SheetItem(key="skill", title="解决生产难题的能力", maximum=Decimal(30)),
                SheetItem(key="teaching", title="传技带徒", maximum=Decimal(20)),
                SheetItem(key="conduct", title="职业道德", maximum=Decimal(10)),
            ),
        ),
        after=After(term_years=3, pay_back=False, bar_years=3),
        edition=EditionRules(certificate_prefix="TJ"),
    ),
}

CHIEF: dict[str, Any] = {
    "code": "SXJS",
    "title": "首席技师评聘",
    "verb": Verb.APPOINT,
    "level": HonourLevel.CITY,
    "organiser": "市人力资源和社会保障局",
    "basis": "技能人才“新八级”职业技能等级制度",
    "cycle_years": 2,
    "scope": "在聘满三年的特级技师",
    "most_people": 10,
    "round_title": "年度首席技师评聘",
    "rules": RoundRules(
        opens_at=clock(10, 8, 9),
        closes_at=clock(11, 6, 17),
        counts_on=model_day(11, 6),
        call="在特级技师中评聘首席技师，由企业推荐，专家比较评议，企业聘任。",
        contact="市人力资源和社会保障局职业能力建设处",
        channels=(Channel.EMPLOYER,),
        unit_quota=1,
        tiers=(RoundTier(key="chief", name="首席技师", places=10),),
        eligibility=Eligibility(
            basics=(
                LAWFUL,
                local(36, "二（二）", "本企业"),
                _POSTED,
                Clause(
                    key="senior",
                    number="二（四）",
                    text="取得特级技师并聘任满3年。",
                    all_of=(Holds(programme="TJJS", years=3),),
                    waivers=(
                        Waiver(
                            text="获得中华技能大奖的高级技师，可以直接申报。",
                            all_of=(Bears(titles=("中华技能大奖",)), Level(level=1)),
                        ),
                    ),
                ),
            ),
            routes=(
                Clause(
                    key="titles",
                    number="二（五）1",
                    text="获得省级及以上技能人才荣誉称号。",
                    all_of=(Bears(level=HonourLevel.PROVINCE),),
                ),
                Clause(
                    key="innovation",
                    number="二（五）2",
                    text="主持省级及以上技术革新、工法或标准1项以上。",
                    all_of=(
                        Shows(
                            kinds=(EvidenceKind.INNOVATION, EvidenceKind.PAPER),
                            level=HonourLevel.PROVINCE,
                        ),
                    ),
                ),
                Clause(
                    key="teaching",
                    number="二（五）3",
                    text="带徒10人以上，其中经考核合格5人以上。",
                    all_of=(Taught(persons=10), Taught(persons=5, passed=True)),
                ),
            ),
            exclusions=(OFFICIALS, RETIRED),
            again="never",
        ),
        form=(*STORY, LAWFUL_FIELD),
        evidence=EVIDENCE,
        files=FILES,
        chain=(_APPOINTS, UNION_STEP, BUREAU_STEP),
        review=Review(
            method="pairs", reviewers=5, reserves=1, drop_high=0, drop_low=0, site_visit=True
        ),
        after=After(
            term_years=4,
            pay_back=False,
            bar_years=3,
            benefits=(
                Benefit(
                    key="allowance",
                    title="首席技师津贴",
                    kind=BenefitKind.ALLOWANCE,
                    amount=Decimal(10000),
                ),
                Benefit(
                    key="health", title="健康体检", kind=BenefitKind.HEALTH_CHECK, due_month=10
                ),
            ),
        ),
        budget_line="chief",
        edition=EditionRules(
            certificate_prefix="SX",
            budget_lines=(BudgetLine(code="chief", title="首席技师津贴"),),
        ),
    ),
}
