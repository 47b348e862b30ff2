"""Published rules on prizes, money and honours, each as data that a bureau would enter.

Every variant that the rulebook marks [found] in its sections 4.1, 4.2 and 4.4 stands here as rows.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules.allocation import Allotment, AwardPlan, Standing, allocate
from rules.allocation_money import cost
from rules.award_honours import ConditionalHonour, Winner, honour_reason
from rules.award_shares import Party, ShareKind, entry_amount, shares_of
from rules.organisation_prizes import Employed, OrganisationPrize, organisation_winners
from rules.taxes import tax_on

DAY = date(2026, 10, 20)
Rows = Sequence[tuple[str, dict[str, Any]]]


def plan(rows: Rows, **more: Any) -> AwardPlan:
    """Read the tiers as a form or a file gives them."""
    tiers = [{"key": f"t{n}", "name": name} | facts for n, (name, facts) in enumerate(rows, 1)]
    return AwardPlan.model_validate({"tiers": tiers} | more)


def given(made: AwardPlan, size: int, totals: Sequence[str] = ()) -> list[Allotment]:
    """Award a field in which everybody has another place, from 100 downwards."""
    marks = [*totals, *["50"] * size][:size]
    standings = [Standing(n, n, Decimal(marks[n - 1])) for n in range(1, size + 1)]
    return allocate(made, standings)


def counts(made: AwardPlan, size: int) -> list[int]:
    """Count the awards of each tier."""
    found = Counter(one.tier.key for one in given(made, size))
    return [found[tier.key] for tier in made.tiers]


def money(made: AwardPlan, size: int) -> list[Decimal]:
    """Return the amount of each place, as long as there is one."""
    return [one.amount for one in given(made, size)]


@pytest.mark.parametrize(("size", "found"), [(100, [10, 20, 30]), (40, [4, 8, 12]), (9, [0, 1, 2])])
def test_r4_01_shares_of_those_who_competed(size: int, found: list[int]) -> None:
    """一等 10 %, 二等 20 %, 三等 30 % of the group's entrants."""
    made = plan([("一等奖", {"share": 10}), ("二等奖", {"share": 20}), ("三等奖", {"share": 30})])
    assert counts(made, size) == found


@pytest.mark.parametrize(
    ("places", "where"),
    [((1, 2, 3), "宁波 2014、重庆 2010"), ((1, 2, 5), "贵州 2023"), ((3, 5, 10), "山西 2023")],
)
def test_r4_02_fixed_numbers(places: tuple[int, ...], where: str) -> None:
    names = ("一等奖", "二等奖", "三等奖")
    made = plan([(name, {"places": n}) for name, n in zip(names, places, strict=True)])
    assert counts(made, 60) == list(places), where
    assert sum(counts(made, 2)) == 2


@pytest.mark.parametrize(
    ("down_to", "size", "merit"), [("1/2", 40, 17), ("2/3", 60, 37), ("1/2", 5, 0)]
)
def test_r4_03_medals_and_then_merit_awards(down_to: str, size: int, merit: int) -> None:
    """Ranks 1-3, then 优胜奖 down to 1/2 of the entrants (Hainan) or 2/3 (Shanxi)."""
    made = plan(
        [(name, {"places": 1}) for name in ("金牌", "银牌", "铜牌")]
        + [("优胜奖", {"down_to": down_to})]
    )
    assert counts(made, size) == [1, 1, 1, merit]


def test_r4_03_merit_awards_by_700_points() -> None:
    """WorldSkills: 优胜奖 from 700 points on; the median is 700."""
    medals: Rows = [(name, {"places": 1}) for name in ("金牌", "银牌", "铜牌")]
    made = plan([*medals, ("优胜奖", {"floor": 700})], scale="700")
    points = (761, 750, 740, 720, 700, 699, 650)
    standings = [Standing(n, n, Decimal(50), scale) for n, scale in enumerate(points, 1)]
    found = allocate(made, standings)
    assert [one.tier.name for one in found] == ["金牌", "银牌", "铜牌", "优胜奖", "优胜奖"]


def test_r4_04_below_a_floor_an_award_stays_empty() -> None:
    made = plan([("一等奖", {"places": 1, "floor": 85}), ("二等奖", {"places": 2, "floor": 60})])
    assert [one.tier.name for one in given(made, 4, ["84", "70", "59", "58"])] == [
        "二等奖",
        "二等奖",
    ]


@pytest.mark.parametrize(
    ("where", "rows", "found"),
    [
        ("慈溪技能之星", [("技能之星", 1, 10000)], [10000]),
        ("余姚选拔", [("三", 1, 1000), ("四", 1, 800), ("五", 1, 500)], [1000, 800, 500]),
        (
            "连云港技能状元",
            [("一", 1, 12000), ("二", 1, 7000), ("三", 1, 5000)],
            [12000, 7000, 5000],
        ),
        ("山东省运会", [("一", 1, 5000), ("二", 1, 3000), ("三", 1, 2000)], [5000, 3000, 2000]),
        (
            "河南国赛",
            [("金", 1, 80000), ("银", 1, 50000), ("铜", 1, 30000), ("优胜", 2, 10000)],
            [80000, 50000, 30000, 10000, 10000],
        ),
        (
            "浙江省政府赛",
            [("一", 1, 80000), ("二", 1, 50000), ("三", 1, 20000)],
            [80000, 50000, 20000],
        ),
        ("云南", [("第一名", 1, 10000), ("第二至十名", 9, 2000)], [10000, *[2000] * 9]),
    ],
)
def test_r4_05_amounts_for_places(
    where: str, rows: Sequence[tuple[str, int, int]], found: list[int]
) -> None:
    made = plan([(name, {"places": n, "amount": amount}) for name, n, amount in rows])
    assert money(made, 12) == found, where
    one = given(made, 12)[0]
    assert [s.amount for s in shares_of(one.tier, one.amount, Party(1, (7,)))] == found[:1]


def test_r4_05_ranks_from_the_third_on_may_be_paid_alone() -> None:
    """Yuyao pays ranks 3 to 5: the first two have an award without this money."""
    rows: Rows = [
        ("入选", {"places": 2}),
        *((f"第{n}名", {"places": 1, "amount": a}) for n, a in ((3, 1000), (4, 800), (5, 500))),
    ]
    assert money(plan(rows), 9) == [0, 0, 1000, 800, 500]


@pytest.mark.parametrize(
    ("where", "medals", "coaches"),
    [
        ("山东国赛", (100000, 60000, 40000), (100000, 60000, 40000)),
        ("河南国赛", (80000, 50000, 30000), (80000, 50000, 30000)),
    ],
)
def test_r4_05_the_coach_team_gets_the_same(
    where: str, medals: Sequence[int], coaches: Sequence[int]
) -> None:
    made = plan(
        [
            (f"第{n}", {"places": 1, "amount": own, "coach_amount": theirs})
            for n, (own, theirs) in enumerate(zip(medals, coaches, strict=True), 1)
        ]
    )
    for one, own, theirs in zip(given(made, 3), medals, coaches, strict=True):
        shares = shares_of(one.tier, one.amount, Party(one.entry_id, (1,), (8, 9, 10)))
        by_kind = {kind: [s.amount for s in shares if s.kind is kind] for kind in ShareKind}
        assert by_kind[ShareKind.MEMBER] == [own], where
        assert sum(by_kind[ShareKind.COACH]) == theirs and len(by_kind[ShareKind.COACH]) == 3


@pytest.mark.parametrize("paid_to", ["split", "team"])
def test_r4_05_a_team_is_paid_one_amount(paid_to: str) -> None:
    """Hainan: teams 8,000 / 5,000 / 3,000."""
    rows = (("一", 8000), ("二", 5000), ("三", 3000))
    made = plan([(n, {"places": 1, "amount": a, "paid_to": paid_to}) for n, a in rows])
    for one, (_, amount) in zip(given(made, 3), rows, strict=True):
        shares = shares_of(one.tier, one.amount, Party(one.entry_id, (1, 2, 3), (), 4))
        assert sum(share.amount for share in shares) == amount
        assert entry_amount(one.tier, shares) == amount


def test_r4_05_or_each_member_is_paid_in_full() -> None:
    """Amounts are per person unless a team is meant."""
    made = plan([("一", {"places": 1, "amount": 5000, "paid_to": "each"})])
    (one,) = given(made, 1)
    shares = shares_of(one.tier, one.amount, Party(1, (1, 2)))
    assert [share.amount for share in shares] == [5000, 5000]


def test_r4_06_a_notice_may_promise_money_after_tax() -> None:
    made = plan([("一", {"places": 1, "amount": 5000})], amount_basis="net")
    (one,) = given(made, 1)
    assert tax_on(one.amount, made.amount_basis, exempt=False) == (6250, 1250, 5000)
    assert cost([one.amount], "gross", exempt=False) == 5000


def honour(**facts: Any) -> ConditionalHonour:
    """Read an honour as a form or a file gives it."""
    return ConditionalHonour.model_validate({"title": "荣誉"} | facts)


def ranks(made: ConditionalHonour, division: str = "staff", **facts: Any) -> list[int]:
    """Return the places from 1 to 20 that get an honour."""
    winners = ((n, Winner("t1", n, division, **facts)) for n in range(1, 21))
    return [n for n, one in winners if honour_reason(made, one, (), DAY) is not None]


@pytest.mark.parametrize(
    ("where", "top"),
    [
        ("山东 省运会", 3),
        ("山东 一类单人", 3),
        ("山东 一类双人", 2),
        ("山东 一类三人", 1),
        ("山东 二类", 1),
        ("河南 一类单人", 5),
        ("河南 一类双人", 3),
        ("河南 一类三人", 2),
        ("河南 二类单人", 3),
        ("河南 二类双人", 2),
        ("河南 二类三人", 1),
    ],
)
def test_r4_17_the_provincial_title_goes_to_the_first_staff_alone(where: str, top: int) -> None:
    """省技术能手: students get the level, not the title."""
    made = honour(title="省技术能手", top=top, divisions=["staff"], granted_by="省人社厅")
    assert ranks(made) == [*range(1, top + 1)], where
    assert ranks(made, division="student") == []


@pytest.mark.parametrize(
    ("title", "top"),
    [
        ("浙江省技术能手 一类", 5),
        ("浙江省技术能手 二类", 3),
        ("市技术能手 一类", 2),
        ("市技术能手 二类", 1),
        ("全国技术能手 一类 2006", 5),
        ("全国技术能手 二类 2017", 3),
    ],
)
def test_r4_17_and_r4_18_titles_by_class_of_the_contest(title: str, top: int) -> None:
    assert ranks(honour(title=title, top=top)) == [*range(1, top + 1)]


@pytest.mark.parametrize("division", ["staff", "teacher"])
def test_r4_17_henan_gives_the_title_to_staff_and_teachers(division: str) -> None:
    """Only those with staff or teacher status; students get the level, not the title."""
    made = honour(title="省技术能手", top=5, divisions=["staff", "teacher"])
    assert ranks(made, division) == [1, 2, 3, 4, 5] and ranks(made, "student") == []


def test_r4_13_shijiazhuang_names_the_first_the_second_and_the_next_apart() -> None:
    """技术状元 / 技术标兵 / 技术能手 for 1 / 2 / 3-10."""
    names = (("技术状元", 1), ("技术标兵", 1), ("技术能手", 8))
    made = plan([(name, {"places": n, "honours": [name]}) for name, n in names])
    found = [title for one in given(made, 12) for title in one.tier.honours]
    assert found == ["技术状元", "技术标兵", *["技术能手"] * 8]


def test_r4_19_the_title_itself_goes_to_the_first_of_each_event() -> None:
    """技能之星 to the first alone; 五一劳动奖章 of the union likewise (Guizhou, Zhoushan)."""
    made = plan(
        [("一等奖", {"places": 1, "honours": ["技能之星"]}), ("二等奖", {"places": 2})],
        honours=[{"title": "五一劳动奖章", "granted_by": "市总工会", "tiers": ["t1"]}],
    )
    assert [list(one.tier.honours) for one in given(made, 3)] == [["技能之星"], [], []]
    medal = made.honours[0]
    found = [honour_reason(medal, Winner(key, 1, "staff"), (), DAY) for key in ("t1", "t2")]
    assert found == ["", None] and medal.granted_by == "市总工会"


@pytest.mark.parametrize(
    ("made", "winner", "is_given"),
    [
        ({"oldest": 35}, {"birth_date": date(1991, 1, 1)}, True),
        ({"oldest": 35}, {"birth_date": date(1990, 1, 1)}, False),
        ({"sex": "F"}, {"sex": "F"}, True),
        ({"sex": "F"}, {"sex": "M"}, False),
    ],
)
def test_r4_20_honours_that_need_personal_data_and_a_filing(
    made: dict[str, Any], winner: dict[str, Any], is_given: bool
) -> None:
    """青年岗位能手 if <= 35 on a date, 巾帼标兵 if female; only if filed beforehand."""
    rule = honour(filed_with="备案单位", **made)
    one = Winner("t1", 1, "staff", **winner)
    assert (honour_reason(rule, one, ("备案单位",), DAY) is not None) is is_given
    assert honour_reason(rule, one, (), DAY) is None


@pytest.mark.parametrize(("measure", "winner"), [("entrants", 1), ("awards", 2), ("points", 3)])
def test_r4_21_prizes_of_organisations(measure: str, winner: int) -> None:
    """优秀组织奖 by entrant numbers or results, 突出贡献奖."""
    field = [
        Employed(1, 50, {"三等奖": 1}),
        Employed(2, 20, {"三等奖": 4}),
        Employed(3, 10, {"一等奖": 1}),
    ]
    facts = {"key": "org", "title": "优秀组织奖", "measure": measure, "amount": 3000}
    prize = OrganisationPrize.model_validate(facts | {"points": {"一等奖": 9, "三等奖": 1}})
    assert [one.employer_id for one in organisation_winners(prize, field)] == [winner]


def test_r4_21_coaches_of_the_top_five_are_honoured() -> None:
    """优秀指导教师 / 优秀教练."""
    made = honour(title="优秀指导教师", given_to="coaches", top=5)
    assert ranks(made) == [1, 2, 3, 4, 5]


def test_r4_22_one_winner_needs_papers_of_several_bodies() -> None:
    """Committee, bureau, union, league: each with its own seal."""
    made = plan(
        [("一等奖", {"places": 1, "honours": ["技能之星"]})],
        honours=[
            {"title": "技术能手", "granted_by": "市人社局", "top": 3},
            {"title": "五一劳动奖章", "granted_by": "市总工会", "top": 1},
            {"title": "青年岗位能手", "granted_by": "共青团市委", "oldest": 35},
        ],
    )
    one = Winner("t1", 1, "staff", "M", date(2000, 1, 1))
    bodies = [h.granted_by for h in made.honours if honour_reason(h, one, (), DAY) is not None]
    assert bodies == ["市人社局", "市总工会", "共青团市委"]
