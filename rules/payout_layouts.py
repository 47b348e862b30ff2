"""The columns in which banks want their batch file: data, with headings of their own."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from rules.data import InvalidRules, RuleData
from rules.level_layouts import layout_problems
from rules.refusals import Refused
from rules.texts import N_


class PayoutField(StrEnum):
    """What a column can hold; `constant` is the same text in each row."""

    SERIAL = "serial"
    REFERENCE = "reference"
    ACCOUNT = "account"
    HOLDER = "holder"
    BANK = "bank"
    BRANCH = "branch"
    BANK_CODE = "bank_code"
    ACCOUNT_KIND = "account_kind"
    AMOUNT = "amount"
    PURPOSE = "purpose"
    PAYEE = "payee"
    UNIT = "unit"
    EVENT = "event"
    AWARD = "award"
    CONSTANT = "constant"


# Without these a bank cannot pay, and its answer cannot be matched.
NEEDED = (PayoutField.REFERENCE, PayoutField.ACCOUNT, PayoutField.HOLDER, PayoutField.AMOUNT)


class PayoutColumn(RuleData):
    """One column: what it holds and what stands above it."""

    field: PayoutField
    heading: str = Field(min_length=1, max_length=40)
    text: str = Field(default="", max_length=100)


class PayoutColumns(RuleData):
    """The columns of a batch file, in their order."""

    columns: tuple[PayoutColumn, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = layout_problems([one.heading for one in self.columns])
        there = {one.field for one in self.columns}
        if any(one not in there for one in NEEDED):
            text = N_("Reference, account number, holder and amount are needed.")
            problems.append(Refused(text, field="columns"))
        if problems:
            raise InvalidRules(problems)
        return self


# What the batch templates of most banks ask for; every bank changes it to its own.
USUAL_HEADINGS = {
    PayoutField.SERIAL: "序号",
    PayoutField.REFERENCE: "业务参考号",
    PayoutField.ACCOUNT: "收款账号",
    PayoutField.HOLDER: "收款户名",
    PayoutField.BANK: "开户银行",
    PayoutField.BRANCH: "开户网点",
    PayoutField.BANK_CODE: "联行号",
    PayoutField.AMOUNT: "金额",
    PayoutField.PURPOSE: "用途",
}


def usual_columns() -> PayoutColumns:
    """Return the columns that a batch file has until somebody chooses others."""
    return PayoutColumns(
        columns=tuple(
            PayoutColumn(field=field, heading=heading) for field, heading in USUAL_HEADINGS.items()
        )
    )


def reference_of(line_id: int) -> str:
    """Return the reference under which a bank knows a line; the letter keeps its zeros."""
    return f"F{line_id:08d}"


def line_of(reference: str) -> int | None:
    """Return the line that a reference names, or nothing."""
    digits = reference.strip().upper().removeprefix("F")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else None
