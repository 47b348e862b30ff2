"""The letter by which money is asked back (奖金追回通知书)."""

from models.contests import Contest
from models.payouts import PayoutSeries
from services import documents, payouts_recoveries
from services.acting import ZONE
from services.awards_workbooks import Say
from services.payouts_papers import capitals


def _issuer(source: Contest | PayoutSeries) -> str:
    if isinstance(source, Contest):
        return source.sponsors.split("、")[0] or source.title
    return source.title if source.employer is None else source.employer.title


def recovery_letter(recovery_id: int, say: Say) -> bytes:
    """Return the letter of a pay-back as PDF."""
    found = payouts_recoveries.get_recovery(recovery_id)
    line, source = found.line, found.source
    left = found.net - found.received
    demand = (
        f"请于收到本通知之日起十五个工作日内，将应退回款项人民币{capitals(left)}"
        f"（¥{left:,.2f}）退至原付款账户。已代扣的税款由我单位向税务机关办理更正。"
    )
    at = found.opened_at.astimezone(ZONE)
    return documents.paper_pdf(
        "letter",
        contest=source.title,
        title="奖金追回通知书" if found.contest else "资金追回通知书",
        number=f"{source.code}-追回{found.number:02d}",
        lines=[
            ("收款人", line.payee),
            ("所在单位", line.unit or "—"),
            ("赛项" if found.contest else "事项", line.event or "—"),
            ("奖项" if found.contest else "款项", line.award),
            ("原实发金额", f"¥{line.net:,.2f}"),
            ("应退回金额", f"¥{found.net:,.2f}（人民币{capitals(found.net)}）"),
            ("已退回金额", f"¥{found.received:,.2f}"),
        ],
        texts=[("追回原因", [say(found.reason)]), ("退款要求", [demand])],
        issuer=_issuer(source),
        day=documents.chinese_date(at.date()),
    )
