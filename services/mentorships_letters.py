"""What reminders of mentorships say; a subject names nobody, and a text no more than needed."""

from datetime import date

SUBJECT = "师带徒事项提醒"
_END = "本信息由系统自动发送，请勿回复。"


def signature_due(number: str) -> str:
    """Return the text to a mentor or apprentice whose signature an agreement waits for."""
    return f"师徒协议（{number}）等待您签署。请登录系统，在“我的师徒协议”中阅读并签署。{_END}"


def month_due(month: date, pairs: int) -> str:
    """Return the text to somebody who has not confirmed the month that has passed."""
    return (
        f"您有{pairs}对师徒{month:%Y年%m月}的带教尚未确认，双方确认后方可计入。"
        f"请登录系统，在“我的师徒协议”中确认。{_END}"
    )


def acceptance_due(ended_on: date, pairs: int) -> str:
    """Return the text to an employer whose pairs have come to the end of their term."""
    return (
        f"贵单位有{pairs}对师徒的培养期已于{ended_on:%Y年%m月%d日}届满，尚未登记出师考核。"
        f"请登录系统，在“师带徒”中登记。{_END}"
    )
