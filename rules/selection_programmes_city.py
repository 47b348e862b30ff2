"""Shipped programmes that choose many: 上林名匠 and 三门峡市技术能手 (R5.03, R5.13)."""

from decimal import Decimal
from typing import Any

from rules.honours import HonourLevel
from rules.plans import BudgetLine, EditionRules
from rules.selection_conditions import (
    Age,
    Bears,
    BeforeRetirement,
    InTrade,
    Level,
    Placed,
    Shows,
    Taught,
    Works,
)
from rules.selection_programme_parts import (
    ASSOCIATION_STEP,
    BUREAU_STEP,
    COMPANY,
    DISTRICT_STEP,
    EMPLOYER_STEP,
    EVIDENCE,
    FILES,
    FRONT_LINE,
    GOVERNMENT,
    HEADS,
    LAWFUL,
    LAWFUL_FIELD,
    OFFICIALS,
    OTHER_FIELDS,
    PROVINCE_WINNERS,
    RETIRED,
    SHEET,
    STORY,
    STUDENTS,
    WINNERS,
    clock,
    letters,
    local,
    model_day,
    route,
)
from rules.selection_rounds import (
    After,
    Benefit,
    Clause,
    Eligibility,
    Quota,
    Review,
    RoundRules,
    RoundTier,
)
from rules.selections import BenefitKind, Channel, EvidenceKind, Verb

MASTERS: dict[str, Any] = {
    "code": "SLMJ",
    "title": "上林名匠",
    "verb": Verb.SELECT,
    "level": HonourLevel.CITY,
    "organiser": "慈溪市人力资源和社会保障局、慈溪市总工会",
    "basis": "市级高技能人才培养支持政策",
    "cycle_years": 1,
    "scope": "全市各类用人单位中从事技术技能工作的在职职工",
    "most_people": 12,
    "round_title": "年度上林名匠评选",
    "rules": RoundRules(
        opens_at=clock(3, 2, 9),
        closes_at=clock(4, 10, 17),
        counts_on=model_day(4, 10),
        call="为弘扬工匠精神，选树一批技艺精湛、贡献突出的技能人才，开展本年度上林名匠评选。",
        contact="慈溪市人力资源和社会保障局职业能力建设科",
        unit_quota=3,
        places=12,
        tiers=(
            RoundTier(
                key="gold",
                name="上林金匠",
                places=2,
                least_score=Decimal(85),
                amount=Decimal(20000),
            ),
            RoundTier(
                key="silver",
                name="上林银匠",
                places=3,
                least_score=Decimal(80),
                amount=Decimal(10000),
            ),
            RoundTier(
                key="craftsman",
                name="上林工匠",
                places=7,
                least_score=Decimal(75),
                amount=Decimal(5000),
            ),
        ),
        quotas=(
            Quota(key="company", title="企业技能人才", all_of=(COMPANY,), at_least="80 %"),
            Quota(key="young", title="40周岁及以下", all_of=(Age(at_most=40),), at_least="30 %"),
            Quota(
                key="heads",
                title="单位负责人和管理人员",
                all_of=(Works(posts=HEADS),),
                at_most="20 %",
            ),
        ),
        eligibility=Eligibility(
            basics=(
                LAWFUL,
                local(12, "二（二）"),
                Clause(
                    key="trade",
                    number="二（三）",
                    text="从事本职业（工种）满10年。",
                    all_of=(InTrade(years=10),),
                    waivers=(WINNERS, PROVINCE_WINNERS),
                ),
                Clause(
                    key="level",
                    number="二（四）",
                    text="具有高级工（三级）及以上职业技能等级。",
                    all_of=(Level(level=3),),
                ),
                Clause(
                    key="level_gold",
                    number="二（四）",
                    text="申报上林金匠的，具有技师（二级）及以上职业技能等级。",
                    all_of=(Level(level=2),),
                    tiers=("gold",),
                ),
                Clause(
                    key="retirement",
                    number="二（五）",
                    text="距法定退休年龄3年以上。",
                    all_of=(BeforeRetirement(years=3),),
                ),
            ),
            routes=(
                route(
                    "二（六）1",
                    "honour",
                    "近5年获得市级及以上荣誉称号。",
                    Bears(level=HonourLevel.CITY, within_years=5),
                ),
                route(
                    "二（六）2",
                    "contest",
                    "近3年获得市级及以上职业技能竞赛前3名。",
                    Placed(level=HonourLevel.CITY, rank=3, within_years=3),
                ),
                route(
                    "二（六）3",
                    "innovation",
                    "近5年取得专利或技术革新成果2项以上。",
                    Shows(
                        kinds=(EvidenceKind.PATENT, EvidenceKind.INNOVATION),
                        count=2,
                        within_years=5,
                    ),
                ),
                route(
                    "二（六）4",
                    "work",
                    "有省级及以上认可的代表作品。",
                    Shows(kinds=(EvidenceKind.WORK,), level=HonourLevel.PROVINCE),
                ),
                route(
                    "二（六）5",
                    "teaching",
                    "带徒5人以上并经考核合格。",
                    Taught(persons=5, passed=True),
                ),
            ),
            exclusions=(OFFICIALS, STUDENTS, RETIRED, OTHER_FIELDS),
        ),
        form=(*STORY, LAWFUL_FIELD),
        evidence=EVIDENCE,
        files=FILES,
        chain=(EMPLOYER_STEP, ASSOCIATION_STEP, DISTRICT_STEP, BUREAU_STEP),
        opinions=letters(
            ("discipline", "市纪委监委"),
            ("police", "市公安局"),
            heads_only=(
                ("tax", "市税务局"),
                ("market", "市市场监管局"),
                ("safety", "市应急管理局"),
                ("environment", "生态环境分局"),
            ),
        ),
        review=Review(
            method="sheet_and_ballot",
            reviewers=7,
            reserves=2,
            sheet=SHEET,
            surplus_percent=Decimal(20),
            site_visit=True,
        ),
        after=After(
            term_years=3,
            benefits=(
                Benefit(
                    key="allowance_gold",
                    title="年度津贴",
                    kind=BenefitKind.ALLOWANCE,
                    amount=Decimal(10000),
                    tiers=("gold",),
                ),
                Benefit(
                    key="allowance_silver",
                    title="年度津贴",
                    kind=BenefitKind.ALLOWANCE,
                    amount=Decimal(5000),
                    tiers=("silver",),
                ),
                Benefit(
                    key="rest",
                    title="疗休养",
                    kind=BenefitKind.REST_CURE,
                    tiers=("gold", "silver"),
                    due_month=9,
                ),
                Benefit(
                    key="health", title="健康体检", kind=BenefitKind.HEALTH_CHECK, due_month=10
                ),
            ),
        ),
        budget_line="talent",
        edition=EditionRules(
            certificate_prefix="SLMJ",
            budget_lines=(BudgetLine(code="talent", title="人才发展专项资金"),),
        ),
    ),
}

EXPERTS: dict[str, Any] = {
    "code": "SMXJSNS",
    "title": "三门峡市技术能手",
    "verb": Verb.SELECT,
    "level": HonourLevel.CITY,
    "organiser": "三门峡市人力资源和社会保障局",
    "basis": "市级技术能手评选办法",
    "cycle_years": 2,
    "scope": "全市企事业单位生产、服务一线的技能人员",
    "most_people": 50,
    "round_title": "年度三门峡市技术能手评选",
    "rules": RoundRules(
        opens_at=clock(5, 6, 9),
        closes_at=clock(6, 12, 17),
        counts_on=model_day(6, 12),
        call="开展新一届三门峡市技术能手评选，名额向企业生产服务一线倾斜。",
        contact="三门峡市人力资源和社会保障局职业能力建设科",
        channels=(Channel.EMPLOYER, Channel.ASSOCIATION, Channel.PERSON),
        tiers=(
            RoundTier(
                key="expert",
                name="三门峡市技术能手",
                places=50,
                least_score=Decimal(60),
                amount=Decimal(3000),
            ),
        ),
        quotas=(
            Quota(
                key="front_line",
                title="企业一线职工",
                all_of=(FRONT_LINE,),
                at_least="80 %",
            ),
            Quota(key="young", title="40周岁及以下", all_of=(Age(at_most=40),), at_least="50 %"),
        ),
        eligibility=Eligibility(
            basics=(
                LAWFUL,
                local(24, "二（二）"),
                Clause(
                    key="trade",
                    number="二（三）",
                    text="从事本职业（工种）满5年，且仍在生产、服务一线。",
                    all_of=(InTrade(years=5),),
                    waivers=(WINNERS, PROVINCE_WINNERS),
                ),
                Clause(
                    key="level",
                    number="二（四）",
                    text="具有高级工（三级）及以上职业技能等级。",
                    all_of=(Level(level=3),),
                ),
            ),
            routes=(
                route(
                    "二（五）1",
                    "contest",
                    "近2年获得市级及以上职业技能竞赛前10名。",
                    Placed(level=HonourLevel.CITY, rank=10, within_years=2),
                ),
                route(
                    "二（五）2",
                    "innovation",
                    "近5年有专利、技术革新或论文成果1项以上。",
                    Shows(
                        kinds=(EvidenceKind.PATENT, EvidenceKind.INNOVATION, EvidenceKind.PAPER),
                        within_years=5,
                    ),
                ),
                route("二（五）3", "teaching", "带徒3人以上。", Taught(persons=3)),
                route(
                    "二（五）4",
                    "honour",
                    "获得县级及以上技能人才荣誉。",
                    Bears(level=HonourLevel.COUNTY),
                ),
            ),
            exclusions=(OFFICIALS, GOVERNMENT, STUDENTS, RETIRED),
            again="never",
        ),
        form=(*STORY[:2], LAWFUL_FIELD),
        evidence=EVIDENCE,
        files=FILES[:2],
        pages=50,
        chain=(
            EMPLOYER_STEP,
            ASSOCIATION_STEP,
            DISTRICT_STEP.model_copy(update={"title": "县（市、区）人社部门初审", "ranks": True}),
            BUREAU_STEP,
        ),
        opinions=letters(("police", "市公安局"), heads_only=(("discipline", "市纪委监委"),)),
        review=Review(method="sheet", reviewers=5, reserves=1, sheet=SHEET),
        after=After(term_years=0, report_due=""),
        budget_line="experts",
        edition=EditionRules(
            certificate_prefix="JSNS",
            budget_lines=(BudgetLine(code="experts", title="技术能手奖励资金"),),
        ),
    ),
}
