"""Bank accounts of payees: entered by themselves or from paper, replaced, forgotten in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from models.awards import AwardShare
from models.contests import Event
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.payouts import BankAccount, PayoutLine, PayoutOrder, PayoutRecovery
from models.people import Employer, Person
from models.results import Revision
from rules.payees import AccountKind, bank_code_problem, end_of, number_problem, tidy_number
from rules.refusals import Missing, Refused
from rules.states import PayoutState, RecoveryState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.transaction import transaction

CONSENT = N_(
    "I agree that the bureau uses my account number, a sensitive personal datum, to pay out my "
    "prize and for nothing else, stores it encrypted, and deletes it once the payment is settled."
)
PERSON, EMPLOYER = "person", "employer"
KINDS = {
    PERSON: (AccountKind.CARD, AccountKind.BOOK),
    EMPLOYER: (AccountKind.COMPANY,),
}
_OVER = (PayoutState.SETTLED, PayoutState.CANCELLED)


@dataclass(frozen=True)
class Payee:
    """A person or an employer who can be paid."""

    kind: str
    key: int
    name: str

    @property
    def column(self) -> dict[str, int]:
        """Return the column of an account that names the payee."""
        return {"person_id" if self.kind == PERSON else "employer_id": self.key}


@dataclass(frozen=True)
class Typed:
    """An account as it was typed."""

    kind: AccountKind
    number: str
    again: str
    holder: str
    bank: str
    branch: str = ""
    bank_code: str = ""


def get_payee(kind: str, key: int) -> Payee:
    """Return a person or an employer as a payee; raise Missing."""
    column: Any = Person.name if kind == PERSON else Employer.title
    owner: Any = Person.id if kind == PERSON else Employer.id
    name = db.session.scalar(select(column).where(owner == key))
    if kind not in KINDS or name is None:
        raise Missing(key)
    return Payee(kind, key, name)


def payee_of_contest(contest_id: int, kind: str, key: int) -> Payee:
    """Return somebody whom a contest can pay: a member, coach or employer of it; raise Missing."""
    found = get_payee(kind, key)
    inside = _people(contest_id, key) if kind == PERSON else _employers(contest_id, key)
    if db.session.execute(select(or_(*inside))).scalar() is not True:
        raise Missing(key)
    return found


def _people(contest_id: int, key: int) -> list[Any]:
    return [
        select(table.id)
        .join(Entry, Entry.id == table.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .where(Event.contest_id == contest_id, table.person_id == key)
        .exists()
        for table in (EntryMember, EntryCoach)
    ] + [_shares(contest_id).where(AwardShare.person_id == key).exists()]


def _employers(contest_id: int, key: int) -> list[Any]:
    entered = (
        select(Entry.id)
        .join(Event, Event.id == Entry.event_id)
        .where(Event.contest_id == contest_id, Entry.employer_id == key)
    )
    return [entered.exists(), _shares(contest_id).where(AwardShare.employer_id == key).exists()]


def _shares(contest_id: int) -> Any:
    return (
        select(AwardShare.id)
        .outerjoin(Revision, Revision.id == AwardShare.revision_id)
        .outerjoin(Event, Event.id == Revision.event_id)
        .where(func.coalesce(AwardShare.contest_id, Event.contest_id) == contest_id)
    )


@transaction
def enter_own_account(by: Actor, payee: Payee, typed: Typed, *, consent: str) -> int:
    """Store the account that a payee enters, with the words that were agreed to (R9.02)."""
    if not consent.strip():
        raise Refused(N_("Without your consent the account cannot be stored."), field="consent")
    return _enter(by, payee, typed, consent=consent)


@transaction
def enter_account(
    by: Actor, contest_id: int | None, payee: Payee, typed: Typed, *, paper: str
) -> int:
    """Store the account that a payee has given on paper."""
    if not paper.strip():
        raise Refused(N_("Name the paper that the account comes from."), field="paper")
    return _enter(by, payee, typed, paper=paper, contest_id=contest_id)


def _enter(
    by: Actor,
    payee: Payee,
    typed: Typed,
    *,
    consent: str = "",
    paper: str = "",
    contest_id: int | None = None,
) -> int:
    _check(payee, typed)
    for old in db.session.scalars(_current(payee).with_for_update()):
        old.ended_at = by.now
    db.session.flush()
    number = tidy_number(typed.number)
    made = BankAccount(
        **payee.column,
        kind=typed.kind,
        holder=typed.holder.strip(),
        number=number,
        last_four=end_of(number),
        bank=typed.bank.strip(),
        branch=typed.branch.strip(),
        bank_code=typed.bank_code.strip(),
        consent=consent,
        paper=paper,
        entered_at=by.now,
        entered_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    after: dict[str, object] = {payee.kind: payee.key, "bank": made.bank}
    after |= {"paper": paper} if paper else {}
    audits.record(by, "enter_account", "payee", made.id, contest_id=contest_id, after=after)
    return made.id


def _check(payee: Payee, typed: Typed) -> None:
    if typed.kind not in KINDS[payee.kind]:
        raise Refused(N_("This kind of account does not belong to such a payee."), field="kind")
    problem = number_problem(typed.kind, typed.number, typed.again)
    problem = problem or bank_code_problem(typed.bank_code.strip())
    if problem is not None:
        raise problem
    if payee.kind == PERSON and _plain(typed.holder) != _plain(payee.name):
        raise Refused(N_("The account must be in the payee's own name."), field="holder")


def _plain(name: str) -> str:
    return "".join(name.split()).replace("•", "·").casefold()


def _current(payee: Payee) -> Any:
    return select(BankAccount).filter_by(**payee.column).where(BankAccount.ended_at.is_(None))


def current_account(payee: Payee) -> BankAccount | None:
    """Return the account to which a payee is paid now."""
    found: BankAccount | None = db.session.scalar(_current(payee))
    return found


def list_accounts(payee: Payee) -> Sequence[BankAccount]:
    """List the accounts that a payee has had, the newest first."""
    query = select(BankAccount).filter_by(**payee.column).order_by(BankAccount.id.desc())
    return db.session.scalars(query).all()


@transaction
def forget_accounts(by: Actor, before: datetime) -> int:
    """Forget holders and numbers of accounts that nothing needs any more (R9.01)."""
    rows = db.session.scalars(_done(before).with_for_update()).all()
    for row in rows:
        row.holder = row.number = None
        row.purged_at = by.now
        row.ended_at = row.ended_at or by.now
    if rows:
        audits.record(by, "forget_accounts", "payee", None, after={"count": len(rows)})
    return len(rows)


def _done(before: datetime) -> Any:
    """Select accounts whose payments were all settled before, and replaced ones nobody used."""
    of_account = PayoutLine.account_id == BankAccount.id
    lines = select(PayoutLine.id).join(PayoutOrder, PayoutOrder.id == PayoutLine.order_id)
    under_way = lines.where(of_account, PayoutOrder.state.not_in(_OVER)).exists()
    late = lines.where(of_account, PayoutOrder.settled_at >= before).exists()
    settled = lines.where(of_account, PayoutOrder.settled_at < before).exists()
    owed = (
        select(PayoutRecovery.id)
        .join(PayoutLine, PayoutLine.id == PayoutRecovery.line_id)
        .where(of_account, PayoutRecovery.state == RecoveryState.OPEN)
        .exists()
    )
    replaced = (BankAccount.ended_at < before) & ~lines.where(of_account).exists()
    return (
        select(BankAccount)
        .where(BankAccount.purged_at.is_(None), ~under_way, ~late, ~owed)
        .where(or_(settled, replaced))
    )


def purge_before(now: datetime, days: int) -> datetime:
    """Return the instant before which a settled payment needs no account any more."""
    return now - timedelta(days=days)


@dataclass(frozen=True)
class OwnPayment:
    """What a payee sees of a payment: the figures and how far it has come (R4.30)."""

    line: PayoutLine
    contest: str


def own_payments(payee: Payee) -> list[OwnPayment]:
    """List what a payee is paid, the newest first."""
    query = (
        select(PayoutLine, PayoutOrder)
        .options(joinedload(PayoutOrder.contest), joinedload(PayoutOrder.series))
        .join(PayoutOrder, PayoutOrder.id == PayoutLine.order_id)
        .join(BankAccount, BankAccount.id == PayoutLine.account_id)
        .filter(getattr(BankAccount, next(iter(payee.column))) == payee.key)
        .where(PayoutLine.approved)
        .order_by(PayoutLine.id.desc())
    )
    rows = db.session.execute(query).all()
    return [OwnPayment(line, order.source.title) for line, order in rows]
