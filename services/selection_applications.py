"""Applications in a round: begun by one of four channels, moved on, found (R5.02)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.database import db
from models.people import Person
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.access import Role
from rules.people import PersonFacts
from rules.refusals import Missing, Refused
from rules.selections import APPLICATION_MOVES, LIVING, ApplicationState, Channel, RoundState
from rules.states import moved
from rules.texts import N_
from services import accounts, audits, selections
from services.acting import Actor
from services.people import add_person
from services.transaction import transaction


@dataclass(frozen=True)
class Beginning:
    """For whom an application begins, and by which channel.

    The candidate is the person of the account, somebody of the employer's staff, or typed.
    """

    channel: Channel
    person_id: int | None = None
    typed: PersonFacts | None = None
    nominators: tuple[str, ...] = ()
    tier: str = ""


CHANNEL_ROLES = {
    Channel.PERSON: Role.CONTESTANT,
    Channel.EMPLOYER: Role.EMPLOYER,
    Channel.ASSOCIATION: Role.SELECTION_CLERK,
    Channel.EXPERT: Role.REVIEWER,
}


@transaction
def start(by: Actor, round_id: int, beginning: Beginning) -> int:
    """Begin an application as a draft; return its id.

    A second one for the same person is refused in the same channel; in another one it is kept as
    a double, and staff merge the two.
    """
    round_ = selections.lock_round(round_id)
    _check_open(by, round_, beginning)
    account = accounts.get_account(by.account_id or 0)
    person_id = _candidate(by, account, beginning)
    others = _living(round_id, person_id)
    if any(one.channel is beginning.channel for one in others):
        raise Refused(N_("There is an application for this person by this channel already."))
    person = db.session.get_one(Person, person_id)
    row = SelectionApplication(
        round_id=round_id,
        person_id=person_id,
        employer_id=person.employer_id,
        channel=beginning.channel,
        nominators=list(beginning.nominators),
        account_id=by.account_id,
        tier=beginning.tier,
        district=person.employer.district if person.employer else "",
        answers={},
        double=bool(others),
        begun_at=by.now,
        saved_at=by.now,
    )
    db.session.add(row)
    db.session.flush()
    after = {"round": round_.code, "channel": row.channel} | ({"double": True} if others else {})
    audits.record(by, "start", "selection_application", row.id, after=after)
    return row.id


def _check_open(by: Actor, round_: SelectionRound, beginning: Beginning) -> None:
    rules = selections.rules_of(round_)
    if round_.state is not RoundState.OPEN or by.now < rules.opens_at:
        raise Refused(N_("This round takes no applications now."))
    if by.now > rules.closes_at:
        raise Refused(N_("The deadline of this round has passed."))
    if beginning.channel not in rules.channels:
        raise Refused(N_("This round takes no applications by this channel."), "channel")
    if beginning.tier and beginning.tier not in {one.key for one in rules.tiers}:
        raise Refused(N_("This round has no such tier."), "tier")


def _candidate(by: Actor, account: Account, beginning: Beginning) -> int:
    """Return the person for whom an account may apply; raise Missing."""
    if not account.holder().has(CHANNEL_ROLES[beginning.channel]):
        raise Missing(beginning.channel)
    if beginning.channel is Channel.PERSON:
        if account.person_id is None:
            raise Missing(beginning.channel)
        return account.person_id
    if beginning.channel is Channel.EMPLOYER:
        return _of_staff(by, account, beginning)
    if beginning.typed is None:
        raise Refused(N_("Name the candidate."), "name")
    return add_person(by, beginning.typed)


def _of_staff(by: Actor, account: Account, beginning: Beginning) -> int:
    if account.employer_id is None:
        raise Missing(account.id)
    if beginning.typed is not None:
        return add_person(by, beginning.typed, account.employer_id)
    person = db.session.get(Person, beginning.person_id or 0)
    if person is None or person.employer_id != account.employer_id:
        raise Missing(beginning.person_id)
    return person.id


def _living(round_id: int, person_id: int) -> list[SelectionApplication]:
    query = select(SelectionApplication).where(
        SelectionApplication.round_id == round_id,
        SelectionApplication.person_id == person_id,
        SelectionApplication.state.in_(LIVING),
    )
    return list(db.session.scalars(query.order_by(SelectionApplication.id)))


def lock_application(application_id: int) -> SelectionApplication:
    """Part: lock an application against everybody else's changes; raise Missing."""
    row = db.session.get(
        SelectionApplication, application_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise Missing(application_id)
    return row


def move_application(
    by: Actor,
    row: SelectionApplication,
    state: ApplicationState,
    action: str,
    reason: str = "",
) -> int:
    """Part: move an application on, and record it; return its id."""
    before = {"state": row.state}
    row.state, row.reason = moved(APPLICATION_MOVES, row.state, state), reason
    after: dict[str, Any] = {"state": state} | ({"reason": reason} if reason else {})
    audits.record(by, action, "selection_application", row.id, before=before, after=after)
    return row.id


def get_application(application_id: int) -> SelectionApplication:
    """Return an application with its round, person and unit; raise Missing."""
    query = select(SelectionApplication).options(
        joinedload(SelectionApplication.round).joinedload(SelectionRound.programme),
        joinedload(SelectionApplication.person),
        joinedload(SelectionApplication.employer),
    )
    found = db.session.scalar(query.where(SelectionApplication.id == application_id))
    if found is None:
        raise Missing(application_id)
    return found


def release_double(round_id: int, person_id: int) -> None:
    """Part: once an application no longer lives, let the oldest double be the one that counts."""
    others = _living(round_id, person_id)
    if others and all(one.double for one in others):
        others[0].double = False
