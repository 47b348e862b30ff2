"""The words of official papers: a contest has events and awards, a selection (评选) has titles."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rules.documents import CLOSINGS, OPENINGS, TITLES, DocumentKind
from rules.editions import ContestKind
from rules.notices import Ordering
from rules.texts import N_


@dataclass(frozen=True)
class Wording:
    """What papers call a list, its columns and what is paid for it."""

    proposed: str
    chosen: str
    award: str
    has_honours: bool
    nobody: str
    replaced: str
    paid_for: str
    paid_event: str
    paid_award: str
    paid_line: str
    titles: Mapping[DocumentKind, str]
    openings: Mapping[DocumentKind, str]
    closings: Mapping[DocumentKind, str]


OF_CONTESTS = Wording(
    proposed="拟获奖名单",
    chosen="获奖名单",
    award="奖项",
    has_honours=True,
    nobody="上述赛项未设奖项。",
    replaced="下列赛项的成绩已经更正，原公示名单作废",
    paid_for="竞赛名称",
    paid_event="赛项组别",
    paid_award="奖项",
    paid_line="赛项及奖项",
    titles=TITLES,
    openings=OPENINGS,
    closings=CLOSINGS,
)
OF_SELECTIONS = Wording(
    proposed="拟入选人员名单",
    chosen="入选人员名单",
    award="称号",
    has_honours=False,
    nobody="本次评选没有拟入选人员。",
    replaced="下列评选的名单已经更正，原公示名单作废",
    paid_for="评选名称",
    paid_event="评选项目",
    paid_award="称号",
    paid_line="评选项目及称号",
    titles={
        DocumentKind.NOTICE: "{contest}拟入选人员名单公示",
        DocumentKind.DECISION: "关于公布{contest}入选人员名单的决定",
        DocumentKind.WINNERS: "{contest}入选人员名单",
        DocumentKind.PAYMENTS: "{contest}奖金发放单",
    },
    openings={
        DocumentKind.DECISION: (
            "{contest}工作已经结束。经申报推荐、资格审核、专家评审和公示，"
            "现决定授予下列人员相应称号，入选人员名单见附件。"
        ),
        DocumentKind.PAYMENTS: "根据{contest}结果和奖励办法，向下列入选人员（单位）发放奖金。",
    },
    closings={
        DocumentKind.DECISION: (
            "希望入选人员珍惜荣誉、再接再厉，立足岗位带头钻研技术、传授技艺。各有关单位要加强技能人才"
            "培养，落实相关待遇，营造尊重劳动、崇尚技能的氛围。"
        ),
    },
)
# What is paid through a series belongs to no contest: benefits, stipends, grants.
OF_SERIES = replace(OF_SELECTIONS, paid_for="项目名称", paid_event="项目", paid_award="类别")
ORDERINGS = {
    Ordering.AWARD: N_("In the order of the awards, then of the ranks."),
    Ordering.AWARD_STROKES: N_("In the order of the awards, then of the strokes of family names."),
    Ordering.STROKES: N_("In the order of the strokes of family names."),
    Ordering.PINYIN: N_("In the order of the spelling of names."),
    Ordering.ENTRY: N_("In the order of the entries."),
    Ordering.EMPLOYER: N_("In the order of the employers."),
}
_OF_TITLES = {
    Ordering.AWARD: N_("In the order of the titles, then of the ranks."),
    Ordering.AWARD_STROKES: N_("In the order of the titles, then of the strokes of family names."),
    Ordering.ENTRY: N_("In the order of the applications."),
}


def wording_of(kind: ContestKind) -> Wording:
    """Return the words that papers of an edition use."""
    return OF_SELECTIONS if kind is ContestKind.SELECTION else OF_CONTESTS


def ordering_text(ordering: Ordering, kind: ContestKind) -> str:
    """Return how a list says its order."""
    own = _OF_TITLES if kind is ContestKind.SELECTION else {}
    return own.get(ordering, ORDERINGS[ordering])
