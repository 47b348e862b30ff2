"""The prizes of a finished edition: most payees have accounts, one order paid, one to approve."""

from collections.abc import Sequence

from rules.payees import AccountKind, passes_luhn
from services import payouts, payouts_accounts, payouts_batches
from services.acting import Actor
from services.demo_events import WORDS
from services.demo_stages import Stage
from services.payouts_accounts import PERSON, Typed
from services.payouts_dues import Due, read_dues

BANKS = (
    "慈溪农村商业银行",
    "中国工商银行慈溪支行",
    "宁波银行慈溪支行",
    "中国邮政储蓄银行慈溪市支行",
)
NO_ACCOUNT = 2  # so many payees have not told their account yet


def pay_prizes(stage: Stage, contest_id: int, days: int) -> None:
    """Order the prizes of a contest: half of them are at the bank, most others wait."""
    by = stage.by("payer", days, 9)
    dues = read_dues(contest_id)
    _enter_accounts(by, contest_id, dues[:-NO_ACCOUNT])
    due = [one.share_id for one in read_dues(contest_id) if one.obstacle is None]
    half = len(due) // 2
    first = payouts.prepare(by, contest_id, shares=due[:half], note="第一批")
    payouts.submit(by, first)
    payouts.approve(stage.by("approver", days, 11), first)
    payouts_batches.export(stage.by("payer", days, 14), first, None, "xlsx", _say)
    payouts.submit(by, payouts.prepare(by, contest_id, shares=due[half:], note="第二批"))


def _say(text: str) -> str:
    return WORDS.get(text, text)


def _enter_accounts(by: Actor, contest_id: int, dues: Sequence[Due]) -> None:
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
