"""Letters about checks and corrections, as PDF: to the chief judge, and to those who moved."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import undefer

from models.accounts import Account
from models.database import db
from models.results import Revision
from models.signoffs import SpotCheck
from rules.data import plain
from rules.movements import Finish
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.schemes import Scheme
from rules.seats import RECORDER, bench_of
from rules.texts import N_
from services import contests, documents
from services.acting import ZONE
from services.results_moves import Changes, MoveLine
from services.spot_checks import CheckView, ItemLine, find_check

_STATUSES = {
    EntryStatus.COMPETED: "",
    EntryStatus.ABSENT: "缺考",
    EntryStatus.WITHDRAWN: "弃权",
    EntryStatus.VIOLATION: "违纪取消",
}
_LEVELS = {1: "一级", 2: "二级", 3: "三级", 4: "四级", 5: "五级"}


@dataclass(frozen=True)
class Letter:
    """A made paper and the name under which it is saved."""

    data: bytes
    filename: str


def check_letter(check_id: int) -> Letter:
    """Tell the chief judge in writing what a check found (R2.25), by codes alone."""
    check = db.session.get(SpotCheck, check_id, options=[undefer(SpotCheck.basis)])
    if check is None:
        raise Missing(check_id)
    view = find_check(check.event_id)
    if view is None or view.check.id != check_id or not check.seed:
        raise Refused(N_("A letter is made for the newest check, once it is drawn."))
    event = contests.get_event(check.event_id)
    scheme = contests.scheme_of(event)
    data = documents.paper_pdf(
        "check_letter",
        contest=event.contest.title,
        event=event.title,
        check=check,
        day=documents.chinese_date((check.drawn_at or check.committed_at).astimezone(ZONE).date()),
        looked=len(view.lines) - len(view.open),
        total=len(view.lines),
        wrong=len(view.wrong),
        rows=[row for line in view.wrong for row in _differences(scheme, line)],
        over=_is_full(view),
        supervisor=_name(check.committed_by_id),
    )
    return Letter(data, f"check-{event.code}-{check.number}.pdf")


def _is_full(view: CheckView) -> bool:
    return any(line.item.reason == "all" for line in view.lines)


def _name(account_id: int) -> str:
    account = db.session.get(Account, account_id)
    return "" if account is None else account.title


def _differences(scheme: Scheme, line: ItemLine) -> list[dict[str, str]]:
    """Write each line of a sheet on which the paper says something else."""
    sheet = line.sheet
    layout = bench_of(scheme, sheet.part).layout(sheet.number)
    seat = "记录员" if sheet.number == RECORDER else f"{sheet.number}号"
    return [
        {
            "code": sheet.code,
            "seat": f"{layout.bench.title} {seat}",
            "line": layout.line(key).title,
            "screen": "已更正" if line.is_mended else sheet.marks.get(key, "（空）"),
            "paper": text or "（空）",
            "remark": line.item.remark,
        }
        for key, text in line.item.values.items()
    ]


def correction_letters(changes: Changes) -> Letter:
    """Tell each entry that moved what it had and what it has now, a page each."""
    if not changes.lines:
        raise Refused(N_("Nobody moved between these revisions."))
    if changes.new.signed_at is None:
        raise Refused(N_("Letters are made from a signed revision."))
    event = changes.new.event
    data = documents.paper_pdf(
        "correction",
        contest=event.contest.title,
        event=event.title,
        sponsors=[one for one in event.contest.sponsors.split("、") if one],
        old=changes.old.number,
        new=changes.new.number,
        reason=changes.new.reason,
        day=documents.chinese_date(changes.new.signed_at.astimezone(ZONE).date()),
        letters=[_letter(line, changes.new) for line in changes.lines],
    )
    return Letter(data, f"corrections-{event.code}-{changes.new.number}.pdf")


def _letter(line: MoveLine, new: Revision) -> dict[str, object]:
    old, now = line.movement.old, line.movement.new
    return {
        "to": line.entry.title,
        "employer": "" if line.entry.employer is None else line.entry.employer.title,
        "division": line.entry.division.title,
        "code": line.entry.code or "",
        "rows": [
            ("成绩", _total(old), _total(now)),
            ("名次", _rank(old), _rank(now)),
            ("奖项", _award(old), _award(now)),
            ("拟推荐技能等级", _levels(old), _levels(now)),
        ],
        "digest": new.digest[:16],
    }


def _total(finish: Finish | None) -> str:
    if finish is None:
        return "—"
    shown = "" if finish.total is None else plain(Decimal(finish.total))
    return _STATUSES[finish.status] or shown or "—"


def _rank(finish: Finish | None) -> str:
    return "—" if finish is None or finish.rank is None else f"第{finish.rank}名"


def _award(finish: Finish | None) -> str:
    found = None if finish is None else finish.award
    return _AWARDS.get(found or "", found or "无")


_AWARDS = {"First prize": "一等奖", "Second prize": "二等奖", "Third prize": "三等奖"}


def _levels(finish: Finish | None) -> str:
    found = () if finish is None else finish.levels
    return "、".join(_LEVELS[level] for _person, level in found) or "无"
