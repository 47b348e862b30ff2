"""Rows of a paper round, read cell by cell."""

from datetime import date
from typing import Any

import pytest

from rules.honours import HonourLevel
from rules.identity import check_digit
from rules.refusals import Refused
from rules.selection_papers import read_paper, read_proof
from rules.selection_rounds import EvidenceRule, FormField
from rules.selections import Channel, EvidenceKind, Post
from tests.selection_story import plain_rules

TODAY = date(2026, 3, 6)
RULES = plain_rules(
    channels=(Channel.PERSON, Channel.EMPLOYER),
    form=(
        FormField(key="speciality", title="技术专长", longest=10),
        FormField(key="sport", title="劳模", kind="yes_no"),
    ),
    evidence=(EvidenceRule(kind=EvidenceKind.CONTEST, most=2),),
)
ROW: dict[str, Any] = {"name": "陈建国", "id_number": "330282199005170003"}


def problems_of(**more: Any) -> list[str]:
    return [str(one) for one in read_paper(ROW | more, RULES, TODAY)[1]]


def test_an_achievement_is_read_part_by_part() -> None:
    proof = read_proof(EvidenceKind.CONTEST, " 2024年5月 | 市数控竞赛｜市级|1|慈技竞〔2024〕1号")
    assert (proof.on, proof.level, proof.rank) == (date(2024, 5, 1), HonourLevel.CITY, 1)
    assert (proof.title, proof.number) == ("市数控竞赛", "慈技竞〔2024〕1号")
    assert read_proof(EvidenceKind.PATENT, "一种夹具").title == "一种夹具"


@pytest.mark.parametrize("line", ["2024-13-01|竞赛", "2024-05-01|竞赛|镇级", "|竞赛|市级|第一"])
def test_what_is_no_day_level_or_place_is_refused(line: str) -> None:
    with pytest.raises(Refused):
        read_proof(EvidenceKind.CONTEST, line)


def test_a_whole_row_is_read() -> None:
    row = ROW | {"channel": "单位推荐", "post": "一线工人", "tier": "金匠", "answer-sport": "是"}
    row |= {"proof-contest": "2024-05-01|甲\n2025-05-01|乙", "nominators": "王工、李工"}
    paper, problems = read_paper(row | {"id_number": valid()}, RULES, TODAY)
    assert problems == [] and paper is not None
    assert (paper.channel, paper.post, paper.tier) == (Channel.EMPLOYER, Post.FRONT_LINE, "gold")
    assert [one.title for one in paper.proofs] == ["甲", "乙"]
    assert (dict(paper.answers), paper.nominators) == ({"sport": "yes"}, ("王工", "李工"))


def valid() -> str:
    first = "33028219900517000"
    return first + check_digit(first)


def test_every_problem_of_a_row_is_told_at_once() -> None:
    found = problems_of(
        channel="专家提名",
        post="经理",
        tier="铜匠",
        **{"answer-speciality": "长" * 11, "proof-contest": "甲；乙；丙"},
    )
    told = "\n".join(found)
    for word in ("channel", "经理", "tier", "too long", "At most 2"):
        assert word in told, word
