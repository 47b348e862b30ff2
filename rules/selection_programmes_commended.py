"""The shipped programme that commends few with much: 高技能人才成就奖 (R5.13, R5.14)."""

from decimal import Decimal
from typing import Any

from rules.honours import HonourLevel
from rules.plans import BudgetLine, EditionRules
from rules.selection_conditions import (
    Bears,
    Level,
    Placed,
    Shows,
    Supported,
    Works,
)
from rules.selection_programme_parts import (
    ASSOCIATION_STEP,
    BUREAU_STEP,
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
    RETIRED,
    SHEET,
    STORY,
    STUDENTS,
    UNION_STEP,
    clock,
    letters,
    local,
    model_day,
    route,
)
from rules.selection_rounds import (
    After,
    Clause,
    Eligibility,
    Quota,
    Review,
    RoundRules,
    RoundTier,
    Waiver,
)
from rules.selections import Channel, EvidenceKind, Post, Verb

ACHIEVEMENT: dict[str, Any] = {
    "code": "GJNCJJ",
    "title": "高技能人才成就奖",
    "verb": Verb.COMMEND,
    "level": HonourLevel.CITY,
    "organiser": "市人力资源和社会保障局",
    "basis": "市级高技能人才表彰奖励办法",
    "cycle_years": 3,
    "scope": "在技术技能岗位上作出突出贡献的高技能人才",
    "most_people": 5,
    "round_title": "届高技能人才成就奖评选",
    "rules": RoundRules(
        opens_at=clock(7, 1, 9),
        closes_at=clock(8, 14, 17),
        counts_on=model_day(8, 14),
        call="评选表彰在技术技能岗位上取得重大成就、作出突出贡献的高技能人才，每届不超过5人。",
        contact="市人力资源和社会保障局职业能力建设处",
        channels=(Channel.EMPLOYER, Channel.ASSOCIATION, Channel.EXPERT),
        unit_quota=1,
        tiers=(
            RoundTier(
                key="award",
                name="高技能人才成就奖",
                places=5,
                least_score=Decimal(85),
                amount=Decimal(100000),
            ),
        ),
        quotas=(
            Quota(
                key="front_line",
                title="企业一线职工",
                all_of=(FRONT_LINE,),
                at_least="60 %",
            ),
            Quota(
                key="heads",
                title="单位负责人和管理人员",
                all_of=(Works(posts=HEADS),),
                at_most="1",
            ),
        ),
        eligibility=Eligibility(
            basics=(
                LAWFUL,
                local(36, "二（二）"),
                Clause(
                    key="level",
                    number="二（三）",
                    text="具有技师（二级）及以上职业技能等级。",
                    all_of=(Level(level=2),),
                ),
                Clause(
                    key="support",
                    number="二（四）",
                    text="单位负责人须经职工代表大会或职工大会85%以上同意。",
                    all_of=(Supported(percent=Decimal(85)),),
                    waivers=(
                        Waiver(
                            text="不担任单位负责人的，不作要求。",
                            all_of=(
                                Works(
                                    posts=tuple(post for post in Post if post is not Post.UNIT_HEAD)
                                ),
                            ),
                        ),
                    ),
                ),
            ),
            routes=(
                route(
                    "二（五）1",
                    "national",
                    "近5年获得国家级职业技能竞赛前6名。",
                    Placed(level=HonourLevel.NATIONAL, rank=6, within_years=5),
                ),
                route(
                    "二（五）2",
                    "province",
                    "近3年获得省级职业技能竞赛前3名。",
                    Placed(level=HonourLevel.PROVINCE, rank=3, within_years=3),
                ),
                route(
                    "二（五）3",
                    "titles",
                    "获得中华技能大奖、全国技术能手或省级以上技能人才荣誉称号。",
                    Bears(level=HonourLevel.PROVINCE),
                ),
                route(
                    "二（五）4",
                    "innovation",
                    "近5年取得省级及以上技术革新、专利或作品奖1项以上。",
                    Shows(
                        kinds=(EvidenceKind.PATENT, EvidenceKind.WORK, EvidenceKind.INNOVATION),
                        level=HonourLevel.PROVINCE,
                        within_years=5,
                    ),
                ),
            ),
            exclusions=(OFFICIALS, GOVERNMENT, STUDENTS, RETIRED),
            again="never",
        ),
        form=(*STORY, LAWFUL_FIELD),
        evidence=EVIDENCE,
        files=FILES,
        chain=(EMPLOYER_STEP, ASSOCIATION_STEP, DISTRICT_STEP, UNION_STEP, BUREAU_STEP),
        opinions=letters(
            ("discipline", "市纪委监委"),
            ("police", "市公安局"),
            ("tax", "市税务局"),
            ("safety", "市应急管理局"),
        ),
        review=Review(
            method="sheet_and_ballot",
            reviewers=9,
            reserves=2,
            sheet=SHEET,
            surplus_percent=Decimal(20),
            majority_percent=Decimal("66.66"),
            site_visit=True,
        ),
        after=After(term_years=0, report_due="", bar_years=10),
        budget_line="achievement",
        edition=EditionRules(
            certificate_prefix="CJJ",
            notice_working_days=7,
            budget_lines=(BudgetLine(code="achievement", title="高技能人才奖励专项"),),
        ),
    ),
}
