"""What a reminder of a date says to the host of a workshop."""

from models.workshops import Workshop
from rules.workshop_dues import Due, DueKind

SUBJECT = "技能大师工作室到期事项提醒"
_WHAT = {
    DueKind.REPORT: "报送{year}年度报告",
    DueKind.CHANGE: "办理领办人变更，提出接任人选",
    DueKind.TERM_END: "准备任期届满考核材料",
}


def reminder(due: Due, workshop: Workshop) -> str:
    """Return the text of a reminder; it names nobody."""
    what = _WHAT[due.kind].format(year=due.year or "")
    return (
        f"{workshop.title}：\n\n请于{due.due_on:%Y年%m月%d日}前{what}。"
        "登录系统，在“本单位技能大师工作室”中办理。\n\n本邮件由系统自动发送，请勿回复。"
    )
