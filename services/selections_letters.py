"""What reminders of selections say; a subject names nobody, and a text no more than needed."""

from datetime import date, datetime

SUBJECT = "评选事项提醒"
_END = "本信息由系统自动发送，请勿回复。"


def deadline(title: str, closes: datetime) -> str:
    """Return the text to somebody whose draft is not sent yet."""
    return (
        f"您在“{title}”中的申报表尚未提交，申报截止时间为{closes:%Y年%m月%d日%H:%M}。"
        f"请登录系统，检查后提交。{_END}"
    )


def completion(title: str, until: date) -> str:
    """Return the text to somebody whose application came back."""
    return (
        f"您在“{title}”中的申报材料已退回补正，请于{until:%Y年%m月%d日}前补正并重新提交，"
        f"逾期视为放弃。{_END}"
    )


def overdue(title: str, step: str, number: int) -> str:
    """Return the text to those whose checks are late."""
    return f"“{title}”有{number}份申报材料的“{step}”已超过办理期限，请登录系统尽快办理。{_END}"


def opinions(title: str, number: int) -> str:
    """Return the text to the bureau whose letters have no answer in time."""
    return f"“{title}”有{number}件征求意见函逾期未收到回复，请及时催办并登记。{_END}"


def sheets(title: str, number: int) -> str:
    """Return the text to a reviewer who has not signed all sheets."""
    return f"“{title}”还有{number}份评审表等待您评分并签名，请登录系统完成。{_END}"


def report(title: str, year: int, due_on: date) -> str:
    """Return the text to a holder whose yearly report is due."""
    return (
        f"您作为“{title}”，{year}年度工作报告应于{due_on:%Y年%m月%d日}前提交。"
        f"请登录系统，在“我的称号”中填写。{_END}"
    )


def benefits(number: int) -> str:
    """Return the text to the bureau about benefits that are due this month."""
    return f"截至本月底，有{number}项称号人员待遇应予兑现，请登录系统，在“待遇兑现”中办理。{_END}"


def term(title: str, ends_on: date) -> str:
    """Return the text to a holder whose term ends soon."""
    return f"您的“{title}”称号任期将于{ends_on:%Y年%m月%d日}届满。{_END}"
