"""The prizes of a finished edition: most payees have accounts, one order paid, one to approve."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.payouts import PayoutLine
from rules.payees import AccountKind, passes_luhn
from rules.payout_layouts import reference_of
from services import payouts, payouts_accounts, payouts_batches, payouts_returns
from services.acting import Actor
from services.demo_events import WORDS
from services.demo_stages import Stage
from services.payouts_accounts import PERSON, Typed
from services.payouts_dues import Due, read_dues
from services.workbooks import Column
from services.workbooks_writing import write_table

BANKS = (
    "慈溪农村商业银行",
    "中国工商银行慈溪支行",
    "宁波银行慈溪支行",
    "中国邮政储蓄银行慈溪市支行",
)
_ANSWER = (
    Column("reference", ("业务参考号",)),
    Column("account", ("收款账号",), kind="digits"),
    Column("amount", ("金额",), kind="decimal"),
    Column("result", ("处理结果",)),
    Column("reason", ("失败原因",)),
)
NO_ACCOUNT = 2  # so many payees have not told their account yet


def pay_prizes(stage: Stage, contest_id: int, days: int) -> None:
    """Order the prizes of a contest: half of them are at the bank, most others wait."""
    by = stage.by("payer", days, 9)
    dues = read_dues(contest_id)
    enter_accounts(by, contest_id, dues[:-NO_ACCOUNT])
    due = [one.share_id for one in read_dues(contest_id) if one.obstacle is None]
    half = len(due) // 2
    first = payouts.prepare(by, contest_id, shares=due[:half], note="第一批")
    payouts.submit(by, first)
    payouts.approve(stage.by("approver", days, 11), first)
    payouts_batches.export(stage.by("payer", days, 14), first, None, "xlsx", say_word)
    _answer(stage.by("payer", days + 1, 10), first)
    payouts.submit(by, payouts.prepare(by, contest_id, shares=due[half:], note="第二批"))


def answer_all(by: Actor, order_id: int) -> int:
    """Take the bank's answer in: everything was paid; return it to be confirmed."""
    return _answer(by, order_id, failed=0)


def _answer(by: Actor, order_id: int, failed: int = 1) -> int:
    """Take the bank's answer in: so many payments failed; nobody has confirmed it yet."""
    query = (
        select(PayoutLine)
        .options(joinedload(PayoutLine.account))
        .where(PayoutLine.order_id == order_id)
        .order_by(PayoutLine.id)
    )
    rows: list[dict[str, object]] = [
        {
            "reference": reference_of(line.id),
            "account": line.account.number,
            "amount": line.net,
            "result": "交易成功" if place >= failed else "交易失败",
            "reason": "" if place >= failed else "收款账号与户名不符",
        }
        for place, line in enumerate(db.session.scalars(query))
    ]
    return payouts_returns.receive(
        by, order_id, write_table(_ANSWER, rows, "回盘"), "代发回盘.xlsx"
    )


def say_word(text: str) -> str:
    """Return a word of the demonstration in Chinese."""
    return WORDS.get(text, text)


def enter_accounts(by: Actor, contest_id: int, dues: Sequence[Due]) -> None:
    """Type the accounts of the payees from the sheets that they signed."""
    seen: set[int] = set()
    for place, one in enumerate(dues):
        kind, key = one.owner
        if kind != PERSON or key is None or key in seen:
            continue
        seen.add(key)
        payee = payouts_accounts.payee_of_contest(contest_id, kind, key)
        number = made_up_card(key)
        bank = BANKS[place % len(BANKS)]
        typed = Typed(AccountKind.CARD, number, number, payee.name, bank)
        paper = "获奖人员收款信息确认表"
        payouts_accounts.enter_account(by, contest_id, payee, typed, paper=paper)


def made_up_card(serial: int) -> str:
    """Return a card number that no bank gives out, with a check digit that fits."""
    first = f"9999990000{serial:08d}"
    return next(first + digit for digit in "0123456789" if passes_luhn(first + digit))
