"""The letters of an objection: the receipt and the answer, in the words of official papers."""

from collections.abc import Iterable, Sequence
from typing import Any

from models.objections import Objection, ObjectionEffect, ObjectionFile
from rules.objections import Channel, Conclusion, Remedy
from rules.states import ObjectionState
from services import documents
from services.acting import ZONE

FINDINGS = {
    Conclusion.UPHELD: "异议成立",
    Conclusion.PARTLY: "异议部分成立",
    Conclusion.NOT_UPHELD: "异议不成立",
}
CHANNELS = {
    Channel.ONLINE: "网上提交",
    Channel.LETTER: "来信",
    Channel.PHONE: "来电",
    Channel.MAIL: "电子邮件",
    Channel.VISIT: "来访",
}


REMEDIES = {
    Remedy.NOTE: "更正名单信息，成绩和名次不变",
    Remedy.CORRECTION: "更正成绩，重新计算名次",
    Remedy.NO_AWARD: "取消获奖资格，名次保留，获奖名次依次递补",
    Remedy.DISQUALIFIED: "取消成绩，名次依次递补",
}


def receipt(row: Objection, files: Sequence[ObjectionFile] = ()) -> bytes:
    """Return the receipt of an objection as PDF; of a late one the notice that it is refused.

    It names the files that were handed in, with size and digest.
    """
    late = row.state is ObjectionState.LATE
    closing = "公示期已满，本异议逾期，不予受理。"
    if not late and row.due_on is not None:
        closing = f"我单位将于{row.due_on:%Y年%m月%d日}前书面答复。凭查询码可查看办理进度。"
    title = "异议不予受理通知书" if late else "异议受理回执"
    lines = [("提交方式", CHANNELS[row.channel]), ("查询码", row.code)]
    return documents.paper_pdf(
        "letter",
        **_facts(
            row,
            title,
            lines,
            [
                ("异议事实", row.facts),
                ("附件", _listed(file for file in files if not file.of_answer)),
                ("说明", closing),
            ],
        ),
    )


def answer(
    row: Objection,
    files: Sequence[ObjectionFile] = (),
    effects: Sequence[ObjectionEffect] = (),
) -> bytes:
    """Return the answer to an objection as PDF, with its files and what was changed."""
    assert row.finding is not None
    lines = [("处理结论", FINDINGS[row.finding])]
    if row.settled_at is not None:
        lines.append(("办结时间", f"{row.settled_at.astimezone(ZONE):%Y年%m月%d日}"))
    texts = [
        ("调查与答复", row.answer or ""),
        ("处理结果", _changed(row, effects)),
        ("附件", _listed(file for file in files if file.of_answer)),
    ]
    return documents.paper_pdf("letter", **_facts(row, "异议答复书", lines, texts))


def _listed(files: Iterable[ObjectionFile]) -> str:
    """Write files one a line: name, size, SHA-256 of what was sent."""
    return "\n".join(
        f"{number}. {file.title}（{file.size:,} 字节，SHA-256 {file.sha256}）"
        for number, file in enumerate(files, start=1)
    )


def _changed(row: Objection, effects: Sequence[ObjectionEffect]) -> str:
    if row.remedy is None:
        return ""
    lines = [f"{REMEDIES[row.remedy]}。{row.carried_out_note}"]
    for one in effects:
        signed = one.revision is not None and one.revision.signed_at is not None
        number = f"见成绩第{one.revision.number}版" if signed and one.revision else "新成绩待签发"
        about = one.event.title if one.entry is None else f"{one.event.title} {one.entry.title}"
        lines.append(f"{about}：{number}")
    return "\n".join(lines)


def _facts(
    row: Objection, title: str, lines: list[tuple[str, str]], texts: list[tuple[str, str]]
) -> dict[str, Any]:
    contest = row.notice.contest
    at = (row.answered_at or row.received_at).astimezone(ZONE)
    about = "公示整体" if row.entry is None else f"{row.entry.event.title} {row.entry.title}"
    about += "" if row.person is None else f"（{row.person.name}本人资格）"
    head = [
        ("公示", row.notice.title),
        ("异议对象", about),
        ("异议人", row.unit or row.name),
        ("收到时间", f"{row.received_at.astimezone(ZONE):%Y年%m月%d日%H时%M分}"),
    ]
    return {
        "contest": contest.title,
        "title": title,
        "number": f"{contest.code}-公示{row.notice_id}-异议{row.number:02d}",
        "lines": [*head, *lines],
        "texts": [(name, text.splitlines()) for name, text in texts if text.strip()],
        "issuer": contest.sponsors.split("、")[0] or contest.title,
        "day": documents.chinese_date(at.date()),
    }
