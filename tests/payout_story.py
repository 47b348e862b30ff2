"""A contest whose prizes are to be paid: accounts of payees, orders up to the bank, for tests."""

import itertools
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.payouts import PayoutLine
from models.people import Employer, Person
from rules.payees import AccountKind
from services import payouts, payouts_accounts
from services.acting import Actor
from services.demo_payouts import made_up_card
from services.payouts_accounts import EMPLOYER, PERSON, Payee, Typed
from tests.results_story import AFTER, Story

_CARDS = itertools.count(1)


def card_number(serial: int | None = None) -> str:
    """A card number that can belong to nobody, with a check digit that fits."""
    return made_up_card(next(_CARDS) if serial is None else serial)


def typed_card(holder: str, number: str | None = None, **more: Any) -> Typed:
    """A card typed twice alike."""
    number = number or card_number()
    facts: dict[str, Any] = {"again": number, "bank": "慈溪农村商业银行", "branch": "浒山支行"}
    return Typed(AccountKind.CARD, number, holder=holder, **(facts | more))


class PayoutStory(Story):
    """A story whose money goes on to the bank."""

    payer_account: Account | None = None
    approver_account: Account | None = None

    @property
    def payer(self) -> Actor:
        """The payer of the contest, always the same one."""
        self.payer_account = self.payer_account or self.account("payer")
        return self.build.actor(self.payer_account, AFTER)

    @property
    def approver(self) -> Actor:
        """The approver of the contest, always the same one."""
        self.approver_account = self.approver_account or self.account("approver")
        return self.build.actor(self.approver_account, AFTER)

    def bank(self, *entries: Any) -> None:
        """Give the first member of each entry a bank account, from paper."""
        for entry in entries:
            self.pay_to(entry.members[0].person)

    def pay_to(self, person: Person, number: str | None = None) -> int:
        """Give a person a bank account, from paper."""
        payee = Payee(PERSON, person.id, person.name)
        typed = typed_card(person.name, number)
        return payouts_accounts.enter_account(
            self.payer, self.contest.id, payee, typed, paper="收款信息确认表"
        )

    def pay_to_employer(self, employer: Employer) -> int:
        """Give an employer a bank account, from paper."""
        payee = Payee(EMPLOYER, employer.id, employer.title)
        number = f"39{employer.id:010d}"
        typed = Typed(AccountKind.COMPANY, number, number, employer.title, "中国工商银行")
        return payouts_accounts.enter_account(
            self.payer, self.contest.id, payee, typed, paper="单位开户许可证"
        )

    def prepared(self) -> int:
        """Prepare an order of all that is due."""
        return payouts.prepare(self.payer, self.contest.id)

    def submitted(self) -> int:
        """Prepare an order and hand it in."""
        return payouts.submit(self.payer, self.prepared())

    def approved(self) -> int:
        """Bring an order to its approval."""
        return payouts.approve(self.approver, self.submitted())


def lines_of(order_id: int) -> list[PayoutLine]:
    """The lines of an order, as they are now."""
    db.session.expire_all()
    query = select(PayoutLine).where(PayoutLine.order_id == order_id).order_by(PayoutLine.id)
    return list(db.session.scalars(query))


def sum_of(order_id: int) -> tuple[Decimal, Decimal, Decimal]:
    """Gross, tax and net of all lines of an order."""
    lines = lines_of(order_id)
    return (
        sum((line.gross for line in lines), Decimal(0)),
        sum((line.tax for line in lines), Decimal(0)),
        sum((line.net for line in lines), Decimal(0)),
    )
