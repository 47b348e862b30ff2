"""Who takes which step of the chain: the account's own body, a clerk's district, the bureau."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionStep
from models.selections import SelectionClerk, SelectionRound
from rules.access import Role
from rules.refusals import Missing, Refused
from rules.selection_checks import is_nominating
from rules.selection_rounds import Step
from rules.selections import Body, Channel, RoundState
from rules.texts import N_
from services import accounts, selections
from services.acting import Actor

GOING = (RoundState.OPEN, RoundState.REVIEW)


@dataclass(frozen=True)
class Duty:
    """One step of one round that an account takes, for a unit, a place, or everybody."""

    round_id: int
    step: Step
    employer_id: int | None = None
    place: str = ""

    def covers(self, application: SelectionApplication) -> bool:
        """Say whether an application of the round is within reach."""
        if self.employer_id is not None:
            return application.employer_id == self.employer_id
        return not self.place or place_of(application, self.step.body) == self.place

    def condition(self) -> ColumnElement[bool]:
        """Return the condition for steps joined with their applications."""
        wanted = [
            SelectionApplication.round_id == self.round_id,
            SelectionStep.key == self.step.key,
        ]
        if self.employer_id is not None:
            wanted.append(SelectionApplication.employer_id == self.employer_id)
        if self.place:
            wanted.append(place_column(self.step.body) == self.place)
        return and_(*wanted)


def place_of(application: SelectionApplication, body: Body) -> str:
    """Return whose candidate an application is at a body: an association, else the district."""
    if body is not Body.ASSOCIATION:
        return application.district
    known = application.channel is Channel.ASSOCIATION and application.nominators
    return str(application.nominators[0]) if known else ""


def place_column(body: Body) -> Any:
    """Return the same as ``place_of`` for a statement."""
    if body is not Body.ASSOCIATION:
        return SelectionApplication.district
    return SelectionApplication.nominators[0].as_string()


def duties_of(account: Account, rounds: Iterable[SelectionRound]) -> list[Duty]:
    """Return what an account takes in these rounds; one more statement for clerks."""
    known = {one.id: one for one in rounds}
    found: list[Duty] = []
    holder = account.holder()
    if holder.has(Role.SELECTION_CLERK):
        found += _clerk_duties(account.id, known)
    for one in known.values():
        for step in selections.rules_of(one).chain:
            if step.body is Body.BUREAU and accounts.is_staff(account):
                found.append(Duty(one.id, step))
            if step.body is Body.EMPLOYER and holder.has(Role.EMPLOYER) and account.employer_id:
                found.append(Duty(one.id, step, employer_id=account.employer_id))
    return found


def _clerk_duties(account_id: int, rounds: dict[int, SelectionRound]) -> list[Duty]:
    query = select(SelectionClerk.round_id, SelectionClerk.step, SelectionClerk.district).where(
        SelectionClerk.account_id == account_id, SelectionClerk.round_id.in_(rounds)
    )
    found = []
    for round_id, key, place in db.session.execute(query.order_by(SelectionClerk.id)):
        steps = {one.key: one for one in selections.rules_of(rounds[round_id]).chain}
        if key in steps and steps[key].body not in (Body.EMPLOYER, Body.BUREAU):
            found.append(Duty(round_id, steps[key], place=place))
    return found


def rounds_going() -> Sequence[SelectionRound]:
    """List the rounds whose applications are being checked, the newest first."""
    query = select(SelectionRound).where(SelectionRound.state.in_(GOING))
    return db.session.scalars(query.order_by(SelectionRound.closes_at.desc())).all()


def within(duties: Sequence[Duty], account: Account) -> ColumnElement[bool]:
    """Return the condition for the steps that an account may read; staff read all."""
    if accounts.is_staff(account):
        return true()
    return or_(*(one.condition() for one in duties)) if duties else false()


@dataclass(frozen=True)
class Right:
    """How an account stands to a step: it takes it, in another body's place, or only reads it."""

    acts: bool
    in_place: bool = False
    problem: Refused | None = None


def right_of(
    account: Account, application: SelectionApplication, step: Step, round_: SelectionRound
) -> Right:
    """Say whether an account may take a step of an application; raise Missing for strangers.

    Staff may write down what another body decided on paper; nobody checks oneself, or what one
    wrote for somebody else's sake.
    """
    own = any(
        duty.step.key == step.key and duty.covers(application)
        for duty in duties_of(account, [round_])
    )
    staff = accounts.is_staff(account)
    if not own and not staff:
        raise Missing(application.id)
    if application.person_id == account.person_id:
        return Right(False, not own, Refused(OWN_PERSON))
    if application.account_id == account.id and not is_nominating(step.body, application.channel):
        return Right(False, not own, Refused(OWN_WORDS))
    return Right(True, in_place=not own)


OWN_PERSON = N_("Nobody checks an application for oneself.")
OWN_WORDS = N_("Nobody checks an application that one wrote. Somebody else has to take this step.")


def actor_account(by: Actor) -> Account:
    """Part: return the account that acts; raise Missing."""
    if by.account_id is None:
        raise Missing(0)
    return accounts.get_account(by.account_id)


def refuse_own(by: Actor, application: SelectionApplication) -> None:
    """Part: let nobody decide about oneself, or about an application that one wrote."""
    account = actor_account(by)
    if application.person_id == account.person_id:
        raise Refused(OWN_PERSON)
    if application.account_id == account.id:
        raise Refused(OWN_WORDS)
