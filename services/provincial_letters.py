"""What reminders of contests above the city's say; a subject names nobody."""

from datetime import date

SUBJECT = "上级竞赛参赛事项提醒"
_END = "本信息由系统自动发送，请勿回复。"


def entries(title: str, until: date) -> str:
    """Return the text to the bureau about entries that close."""
    return f"“{title}”报名于{until:%Y年%m月%d日}截止，我市报名表尚未报送，请尽快办理。{_END}"


def camp(title: str, event: str, starts_on: date, place: str) -> str:
    """Return the text to a candidate about the training."""
    there = f"，地点：{place}" if place else ""
    return f"“{title}”{event}赛项集训于{starts_on:%Y年%m月%d日}开始{there}，请按时参加。{_END}"


def contest(title: str, event: str, starts_on: date, place: str) -> str:
    """Return the text to an entrant about the contest."""
    there = f"，地点：{place}" if place else ""
    return (
        f"“{title}”于{starts_on:%Y年%m月%d日}开赛{there}。您代表我市参加{event}赛项，"
        f"请随代表队统一安排参赛。{_END}"
    )


def papers(title: str, number: int) -> str:
    """Return the text to the bureau about papers that expire."""
    return f"“{title}”代表队有{number}份证件或保险在竞赛结束前到期，请及时更换。{_END}"


def task(title: str, line: str, due_on: date) -> str:
    """Return the text to the bureau about a line of the checklist."""
    return f"“{title}”代表队准备事项“{line}”应于{due_on:%Y年%m月%d日}前完成。{_END}"


def naming(title: str, event: str) -> str:
    """Return the text to the bureau about a naming that waits for a second person."""
    return f"“{title}”{event}赛项的参赛人选建议已提出三日以上，尚待另一名工作人员审定。{_END}"
