"""Match the bank's answer to the lines that were sent; report what does not fit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from rules.payout_layouts import line_of
from rules.states import PayoutLineState
from rules.texts import N_


class PayMatch(StrEnum):
    """What became of a returned row, or of a line for which nothing came back."""

    PAID = "paid"
    FAILED = "failed"
    AMOUNT_DIFFERS = "amount_differs"
    ACCOUNT_DIFFERS = "account_differs"
    UNKNOWN = "unknown"
    TWICE = "twice"
    NOT_SENT = "not_sent"
    NO_RESULT = "no_result"
    BAD_ROW = "bad_row"
    MISSING = "missing"


PAY_TEXTS = {
    PayMatch.PAID: N_("Paid"),
    PayMatch.FAILED: N_("Payment failed"),
    PayMatch.AMOUNT_DIFFERS: N_("The amount differs"),
    PayMatch.ACCOUNT_DIFFERS: N_("The account differs"),
    PayMatch.UNKNOWN: N_("Not in this order"),
    PayMatch.TWICE: N_("The line stands there more than once"),
    PayMatch.NOT_SENT: N_("The line does not wait for an answer"),
    PayMatch.NO_RESULT: N_("It does not say whether it was paid"),
    PayMatch.BAD_ROW: N_("Cannot be read"),
    PayMatch.MISSING: N_("Nothing came back"),
}
GOOD = frozenset({PayMatch.PAID, PayMatch.FAILED})

_FAILED = ("失败", "退回", "退票", "不符", "拒绝", "未成功", "不成功", "fail", "reject", "return")
_PAID = ("成功", "已付", "已支付", "已入账", "入账", "success", "paid", "ok")


def result_of(text: str) -> bool | None:
    """Read what a bank says of a payment: done, failed, or nothing that is understood."""
    said = text.strip().casefold()
    if any(word in said for word in _FAILED):
        return False
    return True if any(word in said for word in _PAID) else None


def amount_of(text: str) -> Decimal | None:
    """Read an amount such as 8,000.00; None where it is none."""
    try:
        found = Decimal(text.replace(",", "").replace("，", "").replace("¥", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


@dataclass(frozen=True, slots=True)
class Answer:
    """A row of the bank's answer; of the account the last four digits only."""

    number: int
    reference: str
    amount: str
    last_four: str
    paid: bool | None
    text: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line as the bank got it."""

    id: int
    payee: str
    net: Decimal
    last_four: str
    state: PayoutLineState


@dataclass(frozen=True, slots=True)
class Matched:
    """One row with its line, or a line for which no row came; and how they fit."""

    match: PayMatch
    row: Answer | None = None
    line: SentLine | None = None

    @property
    def is_good(self) -> bool:
        """Say whether the answer can be taken over."""
        return self.match in GOOD


def matched(rows: Sequence[Answer], lines: Sequence[SentLine]) -> list[Matched]:
    """Match by reference, then by amount and the end of the account; lines without come last."""
    by_id = {line.id: line for line in lines}
    counts = Counter(line_of(row.reference) for row in rows)
    found = [_matched(row, by_id, counts) for row in rows]
    there = {one.line.id for one in found if one.line is not None}
    return found + [
        Matched(PayMatch.MISSING, line=line)
        for line in lines
        if line.id not in there and line.state is PayoutLineState.SENT
    ]


def _matched(
    row: Answer, by_id: Mapping[int, SentLine], counts: Mapping[int | None, int]
) -> Matched:
    if row.problems:
        return Matched(PayMatch.BAD_ROW, row)
    key = line_of(row.reference)
    line = None if key is None else by_id.get(key)
    if line is None:
        return Matched(PayMatch.UNKNOWN, row)
    return Matched(_judged(row, line, counts[key]), row, line)


def _judged(row: Answer, line: SentLine, count: int) -> PayMatch:
    tests = (
        (count > 1, PayMatch.TWICE),
        (amount_of(row.amount) != line.net, PayMatch.AMOUNT_DIFFERS),
        (row.last_four != line.last_four, PayMatch.ACCOUNT_DIFFERS),
        (line.state is not PayoutLineState.SENT, PayMatch.NOT_SENT),
        (row.paid is None, PayMatch.NO_RESULT),
    )
    problem = next((match for holds, match in tests if holds), None)
    return problem or (PayMatch.PAID if row.paid else PayMatch.FAILED)
