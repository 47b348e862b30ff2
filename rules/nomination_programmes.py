"""The calls that come with the program, as data to begin from (R8.01-02)."""

from collections.abc import Mapping
from datetime import date

from rules.honours import HonourLevel
from rules.nomination_rules import CallList, CallRules, Material, SuperiorForm
from rules.nominations import Nominee
from rules.selection_conditions import (
    Bears,
    BeforeRetirement,
    InTrade,
    Level,
    Placed,
    Shows,
    Works,
)
from rules.selection_rounds import Clause, Eligibility, Waiver
from rules.selections import EvidenceKind, Post

GRAND, EXPERT = "中华技能大奖", "全国技术能手"
PROVINCE_EXPERT, CRAFTSMAN, ALLOWANCE = "浙江省技术能手", "浙江工匠", "国务院政府特殊津贴"
# Words in the names of units that belong to central enterprises (R8.03).
CENTRAL_NAMES = (
    "中国石化",
    "中国石油",
    "国家电网",
    "国网",
    "中国移动",
    "中国电信",
    "中国联通",
    "中国中车",
    "中国船舶",
    "中国建筑",
    "中国宝武",
    "中国航天",
    "中国核工业",
)
_FRONT = Clause(
    key="front_line", number="一", text="生产服务一线技能岗位在岗职工",
    all_of=(Works(posts=(Post.FRONT_LINE, Post.TECHNICIAN)),),
)  # fmt: skip
_MATERIALS = (
    Material(key="certificates", title="职业资格（技能等级）证书复印件", most=10),
    Material(key="honours", title="荣誉证书及获奖文件复印件", most=20),
    Material(key="achievements", title="技术成果、专利、论文证明", needed=False, most=20),
    Material(key="unit_notice", title="所在单位公示证明", most=3),
)
_FORM = (SuperiorForm(key="form", title="推荐表"),)


def _years(years: int) -> Clause:
    text = f"从事本职业（工种）{years}年以上"
    return Clause(key="years", number="二", text=text, all_of=(InTrade(years=years),))


def _level(level: int, text: str) -> Clause:
    return Clause(key="level", number="三", text=text, all_of=(Level(level=level),))


def _list(key: str, title: str, places: int, eligibility: Eligibility) -> CallList:
    return CallList(
        key=key,
        title=title,
        places=places,
        eligibility=eligibility,
        materials=_MATERIALS,
        forms=_FORM,
    )


def _asked(*basics: Clause, routes: tuple[Clause, ...] = (), needed: int = 0) -> Eligibility:
    return Eligibility(basics=basics, routes=routes, routes_needed=needed, again="always")


def _national(counts_on: date) -> CallRules:
    """Return the four lists of R8.01 with the quota found for a city: 1, 3, 1, 1."""
    grand = _asked(
        _FRONT,
        _years(10),
        Clause(
            key="title", number="三", text="已获全国技术能手称号，或者具有高级技师（一级）等级",
            all_of=(Bears(titles=(EXPERT,)),),
            waivers=(_senior(),),
        ),
    )  # fmt: skip
    routes = (
        Clause(key="contest", number="四（一）", text="省级以上竞赛前三名",
               all_of=(Placed(level=HonourLevel.PROVINCE, rank=3, within_years=5),)),
        Clause(key="innovation", number="四（二）", text="技术革新、发明专利成果显著",
               all_of=(Shows(kinds=(EvidenceKind.PATENT, EvidenceKind.INNOVATION)),)),
        Clause(key="province", number="四（三）", text="获省级技术能手等称号",
               all_of=(Bears(level=HonourLevel.PROVINCE),)),
        Clause(key="master", number="四（四）", text="在传授技艺、培养技能人才方面贡献突出",
               all_of=(Shows(kinds=(EvidenceKind.APPRENTICE,)),)),
    )  # fmt: skip
    expert = _asked(_FRONT, _years(5), _level(3, "高级工（三级）以上"), routes=routes, needed=1)
    return CallRules(
        counts_on=counts_on,
        central_names=CENTRAL_NAMES,
        lists=(
            _list("grand", GRAND, 1, grand),
            _list("expert", EXPERT, 3, expert),
            CallList(
                key="unit", title="国家技能人才培育突出贡献单位", of=Nominee.EMPLOYER, places=1,
                eligibility=_asked(), materials=_MATERIALS[2:], forms=_FORM,
            ),
            _list("contributor", "国家技能人才培育突出贡献个人", 1, _asked()),
        ),
    )  # fmt: skip


def _senior() -> Waiver:
    return Waiver(text="具有高级技师（一级）等级", all_of=(Level(level=1),))


def _province(counts_on: date) -> CallRules:
    city = Clause(
        key="city", number="四", text="获市级以上技术能手、工匠称号",
        all_of=(Bears(level=HonourLevel.CITY),),
    )  # fmt: skip
    asked = _asked(_FRONT, _years(5), _level(3, "高级工（三级）以上"), city)
    return CallRules(
        counts_on=counts_on,
        central_names=CENTRAL_NAMES,
        lists=(_list("expert", PROVINCE_EXPERT, 5, asked),),
    )


def _craftsman(counts_on: date) -> CallRules:
    young = Clause(
        key="retirement", number="四", text="距法定退休年龄3年以上",
        all_of=(BeforeRetirement(years=3),),
    )  # fmt: skip
    asked = _asked(_FRONT, _level(3, "高级工（三级）以上"), young)
    return CallRules(
        counts_on=counts_on,
        central_names=CENTRAL_NAMES,
        lists=(_list("craftsman", CRAFTSMAN, 12, asked),),
    )


def _allowance(counts_on: date) -> CallRules:
    title = Clause(
        key="title", number="二", text="获中华技能大奖、全国技术能手等国家级称号",
        all_of=(Bears(level=HonourLevel.NATIONAL),),
    )  # fmt: skip
    asked = _asked(_FRONT, _level(1, "高级技师（一级）"), title)
    return CallRules(
        counts_on=counts_on,
        central_names=CENTRAL_NAMES,
        one_route="round",
        lists=(_list("allowance", ALLOWANCE, 2, asked),),
    )


_MAKERS = {
    "national": _national,
    "province": _province,
    "craftsman": _craftsman,
    "allowance": _allowance,
}
# What the form of a new call offers, by key.
TITLES: Mapping[str, tuple[str, HonourLevel]] = {
    "national": ("中华技能大奖和全国技术能手评选表彰", HonourLevel.NATIONAL),
    "province": ("浙江省技术能手评选", HonourLevel.PROVINCE),
    "craftsman": ("浙江工匠遴选", HonourLevel.PROVINCE),
    "allowance": ("享受国务院政府特殊津贴人员推荐", HonourLevel.NATIONAL),
}


def starting_rules(key: str, counts_on: date) -> CallRules:
    """Return the rules to begin a call from; raise KeyError."""
    return _MAKERS[key](counts_on)
