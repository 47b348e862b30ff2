"""Bank accounts of payees: the form of their numbers, typed twice, shown by their end only."""

import re
import unicodedata
from enum import StrEnum

from rules.refusals import Refused
from rules.texts import N_

SHOWN_DIGITS = 4


class AccountKind(StrEnum):
    """What an account number stands for; only cards have a check digit."""

    CARD = "card"
    BOOK = "book"
    COMPANY = "company"


FORMS = {
    AccountKind.CARD: (re.compile(r"[0-9]{16,19}"), N_("A bank card has 16 to 19 digits.")),
    AccountKind.BOOK: (re.compile(r"[0-9]{12,32}"), N_("A passbook has 12 to 32 digits.")),
    AccountKind.COMPANY: (
        re.compile(r"[0-9]{8,32}"),
        N_("The account of a company has 8 to 32 digits."),
    ),
}


def tidy_number(text: str) -> str:
    """Return a typed account number without spaces and dashes, in plain digits."""
    return re.sub(r"[\s\-‐‑–—−]", "", unicodedata.normalize("NFKC", text))


def passes_luhn(number: str) -> bool:
    """Say whether the last digit of a card number fits the others."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def number_problem(kind: AccountKind, number: str, again: str) -> Refused | None:
    """Say what is wrong with a number that was typed twice, or nothing."""
    number, again = tidy_number(number), tidy_number(again)
    form, text = FORMS[kind]
    if form.fullmatch(number) is None:
        return Refused(text, field="number")
    if kind is AccountKind.CARD and not passes_luhn(number):
        return Refused(N_("This is no card number: a digit is wrong."), field="number")
    if number != again:
        return Refused(N_("The two numbers differ. Type both anew."), field="again")
    return None


def bank_code_problem(code: str) -> Refused | None:
    """Say that a bank's code (联行号) has not its twelve digits, or nothing."""
    if not code or re.fullmatch(r"[0-9]{12}", code):
        return None
    return Refused(N_("The code of a bank has 12 digits."), field="bank_code")


def end_of(number: str) -> str:
    """Return the last digits, the only ones that are shown."""
    return number[-SHOWN_DIGITS:]
