"""Ready figures: every number that the source documents of five cities quote, as a question.

A city takes them over and changes titles and years to its own. What no register can count, such as
a plan, a rate or a rule, is a typed figure that names its document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rules.figures import Asked, Bound, Counted, Part, Question, Source, Typed, TypedPart


@dataclass(frozen=True, slots=True)
class Ready:
    """A figure of the library: of which city's document, what it quotes there, the question."""

    key: str
    city: str
    line: str
    asked: Asked


_CIXI = "慈溪 2023"
_NANTONG = "南通 2023"
_SHIJIAZHUANG = "石家庄 2019"
_SANMENXIA = "三门峡 2024"
_NINGBO = "宁波 2019"
_PEOPLE, _SHOPS, _YUAN = "人", "家", "元"


def _titled(title: str, **more: Any) -> Question:
    """Ask how many people bear a title, and how many of them are company staff."""
    facts: dict[str, Any] = {
        "title": title,
        "unit": _PEOPLE,
        "source": Source.HONOURS,
        "counted": Counted.PERSONS,
        "only": {Part.TITLE: (title,)},
        "splits": (Part.COMPANY, Part.YEAR),
    }
    return Question(**(facts | more))


def _asked(title: str, unit: str, source: Source, counted: Counted, **more: Any) -> Question:
    return Question(title=title, unit=unit, source=source, counted=counted, **more)


def _typed(title: str, number: int, unit: str, document: str, **more: Any) -> Typed:
    return Typed(title=title, number=Decimal(number), unit=unit, document=document, **more)


_OF_CIXI = "慈溪市技能人才工作答复（2023年）"
_OF_NANTONG = "南通市技能人才工作答复（2023年）"
_OF_SHIJIAZHUANG = "石家庄市技能大师工作室文件（2019年）"
_OF_SANMENXIA = "三门峡市技能人才工作答复（2024年）"
_OF_NINGBO = "宁波市师带徒文件（2019年）"

_CIXI_READY = (
    *(
        Ready(
            f"cixi_{key}",
            _CIXI,
            f"2017年以来评选{title}{number}人",
            _titled(title, from_year=2017, to_year=2023),
        )
        for key, title, number in (
            ("gold", "上林金匠", 10),
            ("silver", "上林银匠", 16),
            ("craftsman", "上林工匠", 43),
        )
    ),
    *(
        Ready(
            f"cixi_{key}",
            _CIXI,
            f"2021—2022年入选{title}{number}人",
            _titled(title, from_year=2021, to_year=2022),
        )
        for key, title, number in (
            ("ningbo_outstanding", "宁波杰出工匠", 3),
            ("ningbo", "宁波工匠", 19),
            ("ningbo_young", "宁波青年工匠", 51),
            ("zhejiang_outstanding", "浙江杰出工匠", 1),
            ("zhejiang", "浙江工匠", 5),
            ("zhejiang_young", "浙江青年工匠", 48),
        )
    ),
    Ready(
        "cixi_prize_low", _CIXI, "上林工匠系列每人奖励5000元至20000元（下限）",
        _typed("上林工匠系列奖励下限", 5000, _YUAN, _OF_CIXI),
    ),
    Ready(
        "cixi_prize_high", _CIXI, "上林工匠系列每人奖励5000元至20000元（上限）",
        _typed("上林工匠系列奖励上限", 20000, _YUAN, _OF_CIXI),
    ),
    Ready(
        "cixi_prizes_paid", _CIXI, "上林工匠系列已发放奖励金额",
        _asked(
            "上林工匠系列已发放奖励", _YUAN, Source.PAYOUTS, Counted.SUM,
            only={Part.TITLE: ("上林金匠", "上林银匠", "上林工匠")}, splits=(Part.TITLE, Part.YEAR),
        ),
    ),
    Ready(
        "cixi_programme", _CIXI, "入选上林人才培养工程高技能人才13人",
        _titled("上林人才培养工程高技能人才", splits=(Part.COMPANY,)),
    ),
    Ready(
        "cixi_programme_holders", _CIXI, "培养期内的上林人才培养工程高技能人才",
        _asked(
            "上林人才培养工程培养期内人才", _PEOPLE, Source.HOLDERS, Counted.PERSONS,
            only={Part.TITLE: ("上林人才培养工程高技能人才",)}, splits=(Part.COMPANY,),
        ),
    ),
    Ready(
        "cixi_allowance_low", _CIXI, "培养工程人才每年津贴5000元至10000元（下限）",
        _typed("培养工程年度津贴下限", 5000, _YUAN, _OF_CIXI),
    ),
    Ready(
        "cixi_allowance_high", _CIXI, "培养工程人才每年津贴5000元至10000元（上限）",
        _typed("培养工程年度津贴上限", 10000, _YUAN, _OF_CIXI),
    ),
    Ready(
        "cixi_benefits", _CIXI, "已落实的津贴、疗休养、体检",
        _asked(
            "已落实的人才待遇", "人次", Source.BENEFITS, Counted.ROWS,
            splits=(Part.KIND, Part.YEAR),
        ),
    ),
    Ready(
        "cixi_workshops", _CIXI, "市级以上技能大师工作室38家，其中省级6家、宁波市级5家",
        _asked(
            "市级以上技能大师工作室", _SHOPS, Source.WORKSHOPS, Counted.ROWS,
            splits=(Part.LEVEL, Part.TITLE, Part.HOST, Part.DISTRICT),
        ),
    ),
    Ready(
        "cixi_mentorships", _CIXI, "带徒4000余人次",
        _asked(
            "技能大师带徒", "人次", Source.MENTORSHIPS, Counted.TIMES,
            splits=(Part.KIND, Part.YEAR),
        ),
    ),
    Ready(
        "cixi_cycle", _CIXI, "技能之星竞赛每两年一届",
        _typed("技能之星竞赛周期", 2, "年", _OF_CIXI),
    ),
    Ready(
        "cixi_cycle_events_low", _CIXI, "每届设8—10个赛项（下限）",
        _typed("技能之星每届赛项数", 8, "个", _OF_CIXI, bound=Bound.AT_LEAST),
    ),
    Ready(
        "cixi_cycle_events", _CIXI, "每届设8—10个赛项（上限）",
        _typed("技能之星每届赛项数", 10, "个", _OF_CIXI, bound=Bound.AT_MOST),
    ),
    Ready(
        "cixi_cycle_prize", _CIXI, "奖金不超过10000元",
        _typed("技能之星奖金", 10000, _YUAN, _OF_CIXI, bound=Bound.AT_MOST),
    ),
    *(
        Ready(f"cixi_{key}", _CIXI, f"授予“{title}”称号", _titled(title))
        for key, title in (("star", "慈溪市技能之星"), ("expert", "慈溪市技术能手"))
    ),
    Ready(
        "cixi_events", _CIXI, "一年举办18个工种的竞赛",
        _asked(
            "竞赛工种", "个", Source.EVENTS, Counted.ROWS, from_year=2022, to_year=2022,
            splits=(Part.PROGRAMME,),
        ),
    ),
    Ready(
        "cixi_entrants", _CIXI, "参赛4600余人",
        _asked(
            "竞赛参赛", "人次", Source.ENTRANTS, Counted.TIMES, from_year=2022, to_year=2022,
            splits=(Part.COMPANY, Part.SEX, Part.EVENT),
        ),
    ),
    Ready(
        "cixi_levels", _CIXI, "通过竞赛取得高级工及以上证书2450人",
        _asked(
            "通过竞赛取得高级工及以上等级", "人次", Source.LEVELS, Counted.TIMES,
            only={Part.LEVEL: ("1", "2", "3"), Part.VIA: ("contest",)},
            from_year=2022, to_year=2022, splits=(Part.LEVEL, Part.OCCUPATION),
        ),
    ),
    Ready(
        "cixi_levels_earned", _CIXI, "竞赛成绩达到高级工及以上等级（证书办理前）",
        _asked(
            "竞赛成绩达到高级工及以上等级", "人次", Source.LEVEL_GRANTS, Counted.TIMES,
            only={Part.LEVEL: ("1", "2", "3")}, from_year=2022, to_year=2022,
            splits=(Part.LEVEL, Part.EVENT),
        ),
    ),
)  # fmt: skip

_IN_2022: dict[str, Any] = {"from_on": date(2022, 1, 1), "to_on": date(2022, 12, 31)}
_NANTONG_READY = (
    Ready(
        "nantong_national_workshop", _NANTONG, "国家级技能大师工作室领办人1人",
        _asked(
            "国家级技能大师工作室领办人", _PEOPLE, Source.MASTERS, Counted.PERSONS,
            only={Part.LEVEL: ("nation",), Part.KIND: ("leader",)}, **_IN_2022,
        ),
    ),
    Ready(
        "nantong_national_expert", _NANTONG, "全国技术能手1人",
        _titled("全国技术能手", from_year=2022, to_year=2022),
    ),
    Ready(
        "nantong_chief_technician", _NANTONG, "新增省企业首席技师8人",
        _titled("江苏省企业首席技师", from_year=2022, to_year=2022),
    ),
    *(
        Ready(
            f"nantong_{key}", _NANTONG, f"新增{title}{number}家",
            _asked(
                f"新增{title}", _SHOPS, Source.WORKSHOPS, Counted.ROWS,
                only={Part.LEVEL: (level,)}, splits=(Part.HOST, Part.DISTRICT), **_IN_2022,
            ),
        )
        for key, title, number, level in (
            ("province_workshops", "省技能大师工作室", 2, "province"),
            ("city_workshops", "市技能大师工作室", 12, "city"),
        )
    ),
    *(
        Ready(f"nantong_{key}", _NANTONG, f"{title}奖励", _titled(title))
        for key, title in (
            ("achievement", "高技能人才成就奖"),
            ("special_technician", "特级技师"),
        )
    ),
    Ready(
        "nantong_awards_paid", _NANTONG, "技术能手、企业首席技师、成就奖等奖励金额",
        _asked(
            "高技能人才奖励金额", _YUAN, Source.PAYOUTS, Counted.SUM,
            splits=(Part.TITLE, Part.YEAR),
        ),
    ),
    Ready(
        "nantong_workshop_money", _NANTONG, "技能大师工作室管理和经费",
        _asked(
            "技能大师工作室补助", _YUAN, Source.GRANTS, Counted.SUM,
            splits=(Part.LEVEL, Part.STATE, Part.YEAR),
        ),
    ),
    Ready(
        "nantong_mentor_allowance", _NANTONG, "师带徒导师津贴",
        _asked(
            "导师津贴", _YUAN, Source.PAYOUTS, Counted.SUM, only={Part.KIND: ("person",)},
            splits=(Part.PROGRAMME, Part.YEAR),
        ),
    ),
)  # fmt: skip

_SHIJIAZHUANG_READY = (
    Ready(
        "shijiazhuang_new", _SHIJIAZHUANG, "计划新建技能大师工作室10家",
        _typed("计划新建技能大师工作室", 10, _SHOPS, _OF_SHIJIAZHUANG),
    ),
    Ready(
        "shijiazhuang_higher", _SHIJIAZHUANG, "每年新增国家级或省级工作室1家（计划）",
        _typed("每年新增国家级或省级工作室", 1, _SHOPS, _OF_SHIJIAZHUANG),
    ),
    Ready(
        "shijiazhuang_founded", _SHIJIAZHUANG, "新建技能大师工作室（实际）",
        _asked(
            "新建技能大师工作室", _SHOPS, Source.WORKSHOPS, Counted.ROWS,
            splits=(Part.YEAR, Part.LEVEL),
        ),
    ),
)  # fmt: skip


def _of_province(title: str, unit: str, source: Source, counted: Counted, **more: Any) -> Question:
    only = {Part.LEVEL: ("province",), **more.pop("only", {})}
    return _asked(title, unit, source, counted, only=only, **more)


def _provincial(year: int, entrants: str, events: str, prizes: str) -> tuple[Ready, ...]:
    of_year = {"from_year": year, "to_year": year}
    return (
        Ready(
            f"sanmenxia_entrants_{year}", _SANMENXIA, f"{year}年省赛参赛选手{entrants}",
            _of_province(
                f"{year}年省赛参赛选手", _PEOPLE, Source.PROVINCIAL_ENTRANTS, Counted.PERSONS,
                splits=(Part.COMPANY, Part.TIER, Part.EVENT), **of_year,
            ),
        ),
        Ready(
            f"sanmenxia_events_{year}", _SANMENXIA, f"{year}年参加省赛赛项{events}个",
            _of_province(
                f"{year}年参加省赛赛项", "个", Source.PROVINCIAL_ENTRANTS, Counted.EVENTS, **of_year
            ),
        ),
        Ready(
            f"sanmenxia_prizes_{year}", _SANMENXIA, f"{year}年省赛获优胜奖{prizes}",
            _of_province(
                f"{year}年省赛优胜奖", _PEOPLE, Source.PROVINCIAL_RESULTS, Counted.PERSONS,
                only={Part.TITLE: ("优胜奖",)}, splits=(Part.COMPANY, Part.EVENT), **of_year,
            ),
        ),
    )  # fmt: skip


_DEMONSTRATION: dict[str, Any] = {
    "only": {Part.KIND: ("demonstration",)},
    "from_year": 2023,
    "to_year": 2023,
}
_SANMENXIA_READY = (
    *_provincial(2022, "35人（其中企业15人）", "25", "18人（其中企业7人）"),
    *_provincial(2023, "74人（其中企业10人）", "42", "14人（其中企业1人）"),
    Ready(
        "sanmenxia_teams_2023", _SANMENXIA, "示范赛项有10个市参赛",
        _of_province(
            "示范赛项参赛市", "个", Source.PROVINCIAL_EVENTS, Counted.TEAMS, **_DEMONSTRATION
        ),
    ),
    Ready(
        "sanmenxia_best_2023", _SANMENXIA, "示范赛项最好名次第4名",
        _of_province(
            "示范赛项最好名次", "名", Source.PROVINCIAL_RESULTS, Counted.BEST, **_DEMONSTRATION
        ),
    ),
    Ready(
        "sanmenxia_cycle", _SANMENXIA, "三门峡市技术能手每两年评选一次",
        _typed("三门峡市技术能手评选周期", 2, "年", _OF_SANMENXIA),
    ),
    Ready(
        "sanmenxia_prize", _SANMENXIA, "三门峡市技术能手每人奖励3000元",
        _typed("三门峡市技术能手奖励标准", 3000, _YUAN, _OF_SANMENXIA),
    ),
    *(
        Ready(f"sanmenxia_{key}", _SANMENXIA, f"{title}{number}人，其中企业职工{staff}人",
              _titled(title))
        for key, title, number, staff in (
            ("national_expert", "全国技术能手", 2, 2),
            ("zhongyuan", "中原技能大奖", 2, 2),
            ("henan_expert", "河南省技术能手", 45, 34),
            ("expert", "三门峡市技术能手", 248, 193),
            ("state_allowance", "国务院特殊津贴", 39, 28),
            ("province_allowance", "省政府特殊津贴", 9, 4),
        )
    ),
    Ready(
        "sanmenxia_workshops", _SANMENXIA, "省级技能大师工作室6家，其中企业3家",
        _of_province(
            "省级技能大师工作室", _SHOPS, Source.WORKSHOPS, Counted.ROWS,
            splits=(Part.COMPANY, Part.HOST),
        ),
    ),
    Ready(
        "sanmenxia_grants", _SANMENXIA, "省级技能大师工作室补助1200000元",
        _of_province(
            "省级技能大师工作室补助", _YUAN, Source.GRANTS, Counted.SUM,
            splits=(Part.COMPANY, Part.YEAR),
        ),
    ),
    Ready(
        "sanmenxia_bases", _SANMENXIA, "高技能人才培训基地5个",
        _typed("高技能人才培训基地", 5, "个", _OF_SANMENXIA),
    ),
    Ready(
        "sanmenxia_bases_money", _SANMENXIA, "高技能人才培训基地补助23000000元",
        _typed("高技能人才培训基地补助", 23_000_000, _YUAN, _OF_SANMENXIA),
    ),
    Ready(
        "sanmenxia_engineers", _SANMENXIA, "2022年以来企业高技能人才取得中级职称9人",
        _typed(
            "企业高技能人才取得中级职称", 9, _PEOPLE, _OF_SANMENXIA,
            parts=(TypedPart(title="企业职工", number=Decimal(9)),),
        ),
    ),
)  # fmt: skip

_NINGBO_READY = (
    Ready(
        "ningbo_subsidy", _NINGBO, "师带徒补贴标准提高30%",
        _typed("师带徒补贴标准提高", 30, "%", _OF_NINGBO),
    ),
    Ready(
        "ningbo_mentors", _NINGBO, "按带徒数量和质量发放导师津贴（徒弟出师情况）",
        _asked(
            "带徒数量和出师情况", "人次", Source.MENTORSHIPS, Counted.TIMES,
            splits=(Part.STATE, Part.YEAR),
        ),
    ),
    Ready(
        "ningbo_allowance", _NINGBO, "从企业职工教育经费中列支的导师津贴",
        _asked(
            "导师津贴支出", _YUAN, Source.PAYOUTS, Counted.SUM,
            splits=(Part.PROGRAMME, Part.YEAR),
        ),
    ),
)  # fmt: skip

_ALL = (*_CIXI_READY, *_NANTONG_READY, *_SHIJIAZHUANG_READY, *_SANMENXIA_READY, *_NINGBO_READY)
LIBRARY: Mapping[str, Ready] = {ready.key: ready for ready in _ALL}
