"""The letters of an appeal: the receipt and the ruling, in the words of official papers."""

from datetime import datetime
from typing import Any

from models.appeals import Appeal, Ruling
from rules.appeals import Effect, Filer, Kind, Outcome
from rules.states import AppealState
from services import documents
from services.acting import ZONE
from services.appeals_holds import number_of

KINDS = {
    Kind.EQUIPMENT: "设备、工具、材料不符合规定",
    Kind.STAFF: "裁判员或工作人员履职问题",
    Kind.PROCEDURE: "赛项程序问题",
    Kind.MARKS: "成绩复核",
}
FILERS = {Filer.LEADER: "领队", Filer.CONTESTANT: "参赛选手本人", Filer.PAPER: "书面申诉"}
OUTCOMES = {
    Outcome.UPHELD: "申诉成立",
    Outcome.PARTLY: "申诉部分成立",
    Outcome.REJECTED: "申诉不成立",
    Outcome.NOT_ACCEPTED: "不予受理",
}
EFFECTS = {
    Effect.NONE: "维持原结果，不作变更。",
    Effect.REOPEN: "重新核定评分，成绩以重新汇总并签字的版本为准。",
    Effect.TIME: "补偿比赛时间，成绩以重新汇总并签字的版本为准。",
    Effect.REPEAT: "重新比赛，成绩以重新汇总并签字的版本为准。",
    Effect.STATUS: "更正参赛状态，成绩以重新汇总并签字的版本为准。",
}
STAGES = {1: "赛项仲裁组", 2: "竞赛组委会仲裁委员会"}


def receipt(appeal: Appeal) -> bytes:
    """Return the receipt of an appeal as PDF; of a late one the notice that it is refused."""
    late = appeal.state is AppealState.LATE
    closing = (
        f"申诉时限已于{_moment(appeal.late_after)}届满，本申诉逾期，不予受理。"
        if late and appeal.late_after is not None
        else f"赛项仲裁组将于{_moment(appeal.due_at)}前答复。"
    )
    lines = [
        ("受理时间", _moment(appeal.received_at)),
        ("申诉人", FILERS[appeal.filer]),
        ("申诉类别", KINDS[appeal.kind]),
        ("校验值", appeal.digest[:32]),
    ]
    title = "申诉不予受理通知书" if late else "申诉受理回执"
    texts = [("申诉事实", appeal.facts), ("申诉请求", appeal.request), ("说明", closing)]
    return documents.paper_pdf("letter", **_facts(appeal, title, appeal.recorded_at, lines, texts))


def ruling(appeal: Appeal, found: Ruling) -> bytes:
    """Return the ruling on one stage of an appeal as PDF."""
    lines = [
        ("申诉时间", _moment(appeal.received_at)),
        ("申诉类别", KINDS[appeal.kind]),
        ("裁决机构", STAGES[found.stage]),
        ("表决", f"{found.votes_cast}人表决，{found.votes_for}人赞成"),
        ("裁决结论", OUTCOMES[found.outcome]),
    ]
    texts = [("裁决理由", found.reasons), ("处理决定", EFFECTS[found.effect])]
    return documents.paper_pdf(
        "letter", **_facts(appeal, "申诉裁决书", found.ruled_at, lines, texts)
    )


def _facts(
    appeal: Appeal,
    title: str,
    at: datetime,
    lines: list[tuple[str, str]],
    texts: list[tuple[str, str]],
) -> dict[str, Any]:
    entry, event = appeal.entry, appeal.event
    head = [
        ("赛项", event.title),
        ("报名编号", entry.number),
        ("参赛人（队）", entry.title),
        ("所在单位", entry.employer.title if entry.employer else "个人"),
    ]
    return {
        "contest": event.contest.title,
        "title": title,
        "number": number_of(event, appeal.number),
        "lines": [*head, *lines],
        "texts": [(name, text.splitlines()) for name, text in texts if text.strip()],
        "issuer": event.contest.sponsors.split("、")[0] or event.contest.title,
        "day": documents.chinese_date(at.astimezone(ZONE).date()),
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y年%m月%d日%H时%M分}"
