"""Invitations to a panel: who is asked, who accepted or declined, which reserve steps in."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.judging import Mark, PanelSeat, Sheet
from rules.judges import SeatAnswer, SeatDuty
from rules.refusals import Refused, check_reason
from rules.seats import place_of
from rules.states import EventState
from rules.texts import N_
from services import panels
from services.acting import Actor
from services.draws import lock_event
from services.judges_conflicts import write_left_out
from services.panels_candidates import check_candidate
from services.transaction import transaction

OPEN = (*panels.SEATING, EventState.SCORING)


@dataclass(frozen=True)
class Invitation:
    """A seat that somebody is or was asked to take."""

    seat: PanelSeat
    event: Event
    part_title: str

    @property
    def can_answer(self) -> bool:
        """Say whether the answer can still be given or changed."""
        return self.event.state in OPEN and self.seat.duty is not SeatDuty.RECUSED


def list_invitations(account_id: int) -> list[Invitation]:
    """List the seats of an account in events that are not over, those without an answer first."""
    query = (
        select(PanelSeat, Event)
        .join(Event, Event.id == PanelSeat.event_id)
        .options(joinedload(Event.contest))
        .where(PanelSeat.account_id == account_id, Event.state.in_(OPEN))
        .order_by(PanelSeat.answer != SeatAnswer.ASKED, Event.held_on, Event.id, PanelSeat.id)
    )
    return [
        Invitation(seat, event, place_of(event.scheme, seat.part)[0])
        for seat, event in db.session.execute(query)
    ]


def asked_query(account_id: int) -> ScalarSelect[int]:
    """Return the sub-query that counts the seats for which an account has not answered yet."""
    query = (
        select(func.count(PanelSeat.id))
        .join(Event, Event.id == PanelSeat.event_id)
        .where(PanelSeat.account_id == account_id, PanelSeat.answer == SeatAnswer.ASKED)
        .where(PanelSeat.duty != SeatDuty.RECUSED, Event.state.in_(OPEN))
    )
    return query.scalar_subquery()


@transaction
def answer_seat(by: Actor, seat_id: int, accepts: bool, reason: str = "") -> int:
    """Accept or decline a seat; whoever declines says why. Return the event's id."""
    taken = panels.get_seat(seat_id)
    event = lock_event(taken.event_id)
    db.session.refresh(taken, with_for_update={"of": PanelSeat})
    _check_answer(by, event, taken, accepts, reason)
    before = taken.answer
    taken.answer = SeatAnswer.ACCEPTED if accepts else SeatAnswer.DECLINED
    taken.answered_at, taken.answer_reason = by.now, None if accepts else reason.strip()
    # The reason may be private: it stays with the seat, and the record names only the answer.
    panels.record(
        by,
        event,
        "answer",
        taken,
        before={"answer": before.value},
        after={"answer": taken.answer.value},
    )
    return event.id


def _check_answer(by: Actor, event: Event, taken: PanelSeat, accepts: bool, reason: str) -> None:
    if taken.account_id != by.account_id:
        raise Refused(N_("Only whoever is asked can answer."))
    if event.state not in OPEN or taken.duty is SeatDuty.RECUSED:
        raise Refused(N_("This seat can no longer be accepted or declined."))
    if taken.answer is SeatAnswer.DECLINED and accepts and event.state is EventState.SCORING:
        raise Refused(N_("Scoring has begun without you. Speak to the organizer."))
    if accepts:
        return
    check_reason(reason)
    if _has_marks(taken.id):
        raise Refused(N_("You have given marks already. Ask the chief judge to excuse you."))


def _has_marks(seat_id: int) -> bool:
    query = select(Mark.id).join(Sheet, Sheet.id == Mark.sheet_id).where(Sheet.seat_id == seat_id)
    return db.session.scalar(query.limit(1)) is not None


@transaction
def step_in(by: Actor, seat_id: int) -> int:
    """Give a declined seat to the next reserve judge (R1.10); return the event's id."""
    declined = panels.get_seat(seat_id)
    event = lock_event(declined.event_id)
    db.session.refresh(declined)
    if event.state not in OPEN:
        raise Refused(N_("The marks of this event are confirmed; its panel cannot change."))
    if declined.duty is not SeatDuty.MEMBER or declined.answer is not SeatAnswer.DECLINED:
        raise Refused(N_("Only a seat that was declined goes to a reserve judge."))
    reserve = take_reserve(event, declined, by.today)
    before, declined.account_id = declined.account_id, reserve.account_id
    declined.answer, declined.answered_at = reserve.answer, reserve.answered_at
    declined.asked_at, declined.answer_reason = reserve.asked_at, None
    if event.state is EventState.SCORING:
        write_left_out(event, [declined])
    after = {"account": declined.account_id}
    panels.record(by, event, "step_in", declined, before={"account": before}, after=after)
    return event.id


def take_reserve(event: Event, place: PanelSeat, today: date) -> "Reserve":
    """Part: take the first reserve judge of a bench who may sit on a place off the reserve."""
    seats = [one for one in panels.list_seats(event.id) if one.part == place.part]
    reserves = [one for one in seats if one.duty is SeatDuty.RESERVE]
    ready = [one for one in reserves if one.answer is not SeatAnswer.DECLINED]
    if not ready:
        raise Refused(N_("No reserve judge is seated for this part."))
    for one in sorted(ready, key=lambda seat: seat.number):
        found = Reserve(one.account_id, one.answer, one.asked_at, one.answered_at)
        if may_sit(event, one, place, today):
            db.session.delete(one)
            db.session.flush()  # the seat that follows has the same part and account
            return found
    raise Refused(N_("No reserve judge of this part is free to step in."))


@dataclass(frozen=True)
class Reserve:
    """A reserve judge who steps in, with the answer given before."""

    account_id: int
    answer: SeatAnswer
    asked_at: datetime | None
    answered_at: datetime | None


def may_sit(event: Event, reserve: PanelSeat, place: PanelSeat, today: date) -> bool:
    """Part: say whether a reserve judge may take a place, without saying why not (R1.12)."""
    bench = panels.find_bench(event, place.part)
    try:
        check_candidate(event, bench, reserve.account_id, today, place.number, seated=True)
    except Refused:
        return False
    return True
