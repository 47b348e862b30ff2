"""Who gets a paper for a task: judges and their chief, and everybody who is called to one."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import select

from models.accounts import Account, RoleGrant
from models.certificates import Appointment
from models.contests import Contest, Event
from models.database import db
from models.judging import PanelSeat, Sheet
from rules.access import Role
from rules.certificate_kinds import CertificateKind
from rules.judges import SeatAnswer, SeatDuty
from rules.states import EventState, SheetState
from rules.texts import N_
from services.certificates_papers import Due
from services.certificates_values import chinese_term
from services.contests import scheme_of

CHIEF, LEADER, JUDGE = N_("Chief judge"), N_("Head of a judges' group"), N_("Judge")
_ENDED = (EventState.SIGNED, EventState.NOTICE, EventState.FINAL)
_CALLED = (EventState.REGISTERING, EventState.DRAWN, EventState.SCORING, EventState.REVIEW, *_ENDED)
_RANK = (CHIEF, LEADER, JUDGE)


def judges(contest_id: int) -> Iterator[Due]:
    """Yield a paper for each judge of an ended event who signed sheets and left none open."""
    sheets = select(Sheet.id).where(Sheet.seat_id == PanelSeat.id)
    judged = sheets.where(Sheet.state == SheetState.SIGNED).exists()
    left = sheets.where(Sheet.state == SheetState.OPEN).exists()
    found = [*_chiefs(contest_id, _ENDED), *_seats(contest_id, _ENDED, judged, ~left)]
    for contest, event, account, role in _highest(found):
        yield Due(
            CertificateKind.JUDGE, contest, _name(account), _source(account), {"role": role}, event
        )


def appointments(contest_id: int) -> Iterator[Due]:
    """Yield a letter for each judge who accepted the seat, for chiefs, and for written-in ones."""
    found = [*_chiefs(contest_id, _CALLED), *_seats(contest_id, _CALLED)]
    for contest, event, account, role in _highest(found):
        said = {"role": role, "term": chinese_term(contest.starts_on, contest.ends_on)}
        yield Due(
            CertificateKind.APPOINTMENT, contest, _name(account), _source(account), said, event
        )
    query = select(Appointment, Contest).join(Appointment.contest)
    query = query.where(Appointment.contest_id == contest_id).order_by(Appointment.id)
    for one, contest in db.session.execute(query):
        said = {"role": one.role, "term": chinese_term(one.starts_on, one.ends_on)}
        said |= {"unit": one.unit} if one.unit else {}
        yield Due(CertificateKind.APPOINTMENT, contest, one.name, {"appointment_id": one.id}, said)


_Task = tuple[Contest, Event | None, Account, str]


def _seats(contest_id: int, states: Collection[EventState], *conditions: Any) -> Iterator[_Task]:
    """Yield who sits on a panel that marks works; clerks who type marks in are no judges."""
    query = (
        select(Contest, Event, Account, PanelSeat)
        .select_from(PanelSeat)
        .join(Event, Event.id == PanelSeat.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .join(Account, Account.id == PanelSeat.account_id)
        .where(Contest.id == contest_id, Event.state.in_(states), *conditions)
        .where(PanelSeat.duty == SeatDuty.MEMBER, PanelSeat.answer == SeatAnswer.ACCEPTED)
        .order_by(Event.position, Event.id, PanelSeat.part, PanelSeat.number)
    )
    keyed: dict[int, set[str]] = {}
    for contest, event, account, seat in db.session.execute(query):
        if event.id not in keyed:
            parts = scheme_of(event).parts
            keyed[event.id] = {part.key for part in parts if part.entered_by == "clerk"}
        if seat.part not in keyed[event.id]:
            yield contest, event, account, LEADER if seat.is_leader else JUDGE


def _chiefs(contest_id: int, states: Collection[EventState]) -> Iterator[_Task]:
    """Yield the chief judge of each event, and of the whole contest where one is named for it."""
    query = (
        select(Contest, Event, Account)
        .select_from(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Contest, Contest.id == RoleGrant.contest_id)
        .outerjoin(Event, Event.id == RoleGrant.event_id)
        .where(RoleGrant.role == Role.CHIEF_JUDGE, Contest.id == contest_id)
        .order_by(Event.position, Event.id, RoleGrant.id)
    )
    for contest, event, account in db.session.execute(query):
        if _is_due(contest_id, event, states):
            yield contest, event, account, CHIEF


def _is_due(contest_id: int, event: Event | None, states: Collection[EventState]) -> bool:
    """Say whether the event, or for the whole contest every event that is held, came so far."""
    if event is not None:
        return event.state in states
    query = select(Event.state).where(Event.contest_id == contest_id)
    held = set(db.session.scalars(query)) - {EventState.CANCELLED}
    return bool(held) and held <= set(states)


def _highest(found: Iterable[_Task]) -> list[_Task]:
    """Keep one task of a person in an event: the highest."""
    kept: dict[tuple[int | None, int], _Task] = {}
    for task in sorted(found, key=lambda task: _RANK.index(task[3])):
        event, account = task[1], task[2]
        kept.setdefault((event.id if event is not None else None, account.id), task)
    return list(kept.values())


def _name(account: Account) -> str:
    return account.person.name if account.person is not None else account.title


def _source(account: Account) -> dict[str, int | str | None]:
    return {"account_id": account.id, "person_id": account.person_id}
