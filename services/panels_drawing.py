"""Panels by lot: a public seed, a protocol, and a proof that anybody can repeat (R1.10)."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.judges import PanelDraw
from models.judging import PanelSeat
from rules.judges import JudgeKind, SeatAnswer, SeatDuty, knows
from rules.refusals import Refused
from rules.seatings import Chair, Lot, Seating, draw_seats
from rules.seats import FIRST_NUMBERS, Bench, benches
from rules.texts import N_
from services import audits, contests, judges, panels
from services.acting import Actor
from services.draws import lock_event
from services.judges_conflicts import find_conflicts
from services.panels_candidates import Candidate, candidates_of, check_candidate
from services.transaction import transaction

MOST_RESERVES = 5
_SEED = re.compile(r"[0-9A-Za-z .:\-]{4,64}")


@dataclass(frozen=True)
class DrawnSeat:
    """One line of a draw's protocol; without an account nobody could be drawn."""

    part: str
    part_title: str
    number: int
    account: Account | None


@dataclass(frozen=True)
class Protocol:
    """A draw with the names of all who took part, in the order of their lots."""

    draw: PanelDraw
    seats: list[DrawnSeat]
    order: list[Account]
    is_true: bool


@transaction
def draw_panel(
    by: Actor, event_id: int, seed: str = "", reserves: int = 0, pool_only: bool = False
) -> int:
    """Fill the free seats of all panels by lot, and so many reserves a part; return the event's id.

    Without a seed, such as the numbers of a public lottery, one is made now; it stands in the
    protocol, and with it everybody gets the same panels again.
    """
    event = lock_event(event_id)
    if event.state not in panels.SEATING:
        raise Refused(N_("Once scoring is open, judges can only be replaced."))
    seed = " ".join(seed.split()) or secrets.token_hex(16)
    if not _SEED.fullmatch(seed):
        raise Refused(N_("A seed has 4 to 64 letters, digits, spaces or hyphens."), field="seed")
    if not 0 <= reserves <= MOST_RESERVES:
        raise Refused(N_("Draw at most 5 reserve judges for each part."), field="reserves")
    room = _Room(event, by.today, pool_only)
    chairs = room.free_chairs(reserves)
    if not chairs:
        raise Refused(N_("No seat is free. Remove somebody first, or draw reserve judges."))
    seating = draw_seats(chairs, room.lots, seed, room.kept)
    if not seating.placed:
        raise Refused(N_("Nobody can be drawn: no judge without conflict is free."))
    drawn = _seat_all(by, event, room, seating)
    _keep(by, event, seed, room, chairs, drawn)
    return event_id


class _Room:
    """What a draw starts from: free chairs, people, and who is seated already."""

    def __init__(self, event: Event, today: date, pool_only: bool) -> None:
        self.event, self.today = event, today
        self.benches = {one.key: one for one in benches(contests.scheme_of(event))}
        self.seats = [one for one in panels.list_seats(event.id) if one.part in self.benches]
        self.lots = [
            lot
            for role, people in candidates_of(event, today).items()
            for lot in _lots(event, role.value, people, pool_only)
        ]
        conflicts = find_conflicts(event, {one.account_id for one in self.seats})
        self.kept = {
            self._chair(one): self._lot(one, len(conflicts[one.account_id])) for one in self.seats
        }

    def _chair(self, seat: PanelSeat) -> Chair:
        return Chair(seat.part, seat.number, panels.role_of(self.benches[seat.part]).value)

    def _lot(self, seat: PanelSeat, conflicts: int) -> Lot:
        known = {lot.account_id: lot for lot in self.lots}
        account = seat.account
        return known.get(seat.account_id) or Lot(
            account.id, self._chair(seat).pool, account.employer_id, conflicts
        )

    def free_chairs(self, reserves: int) -> list[Chair]:
        """Return the free seats of judges and recorders, and those of reserves to be drawn."""
        return [
            Chair(bench.key, number, panels.role_of(bench).value)
            for bench in self.benches.values()
            for number in self._free(bench, reserves)
        ]

    def _free(self, bench: Bench, reserves: int) -> list[int]:
        taken = {one.number for one in self.seats if one.part == bench.key}
        first = FIRST_NUMBERS[SeatDuty.RESERVE]
        judged = bench.judges and bench.entered_by != "clerk"
        beside = range(first + 1, first + 1 + reserves) if judged else range(0)
        return [number for number in (*bench.seats, *beside) if number not in taken]


def _lots(event: Event, pool: str, people: Sequence[Candidate], pool_only: bool) -> list[Lot]:
    known = judges.find_judges({one.id for one in people})
    found = []
    for one in people:
        judge = known.get(one.id)
        scores = judge is None or JudgeKind.SCORING.value in judge.kinds
        if not one.is_free or not scores or (pool_only and judge is None and pool == "judge"):
            continue
        found.append(
            Lot(
                one.id,
                pool,
                one.employer_id,
                len({conflict.entry_id for conflict in one.conflicts}),
                judge is not None and judges.qualified(judge),
                judge is not None and knows(judge.occupations, event.occupation),
            )
        )
    return found


def _seat_all(by: Actor, event: Event, room: _Room, seating: Seating) -> dict[Chair, int]:
    """Seat whom the draw named; whom the panel could not do without a mark of stays away."""
    drawn: dict[Chair, int] = {}
    for chair, account_id in sorted(seating.placed.items()):
        try:
            check_candidate(event, room.benches[chair.bench], account_id, room.today, chair.number)
        except Refused:
            continue
        beside = chair.number > FIRST_NUMBERS[SeatDuty.RESERVE]
        seat = PanelSeat(
            event_id=event.id,
            part=chair.bench,
            number=chair.number,
            account_id=account_id,
            duty=SeatDuty.RESERVE if beside else SeatDuty.MEMBER,
        )
        panels.ask(by, seat)
        db.session.add(seat)
        db.session.flush()
        drawn[chair] = account_id
    return drawn


def _keep(
    by: Actor,
    event: Event,
    seed: str,
    room: _Room,
    chairs: Sequence[Chair],
    drawn: Mapping[Chair, int],
) -> None:
    last = select(func.max(PanelDraw.number)).where(PanelDraw.event_id == event.id)
    number = (db.session.scalar(last) or 0) + 1
    db.session.add(
        PanelDraw(
            event_id=event.id,
            number=number,
            seed=seed,
            chairs=[asdict(chair) for chair in chairs],
            lots=[asdict(lot) for lot in room.lots],
            kept=[[asdict(chair), asdict(lot)] for chair, lot in sorted(room.kept.items())],
            placed=[[asdict(chair), account_id] for chair, account_id in sorted(drawn.items())],
            drawn_at=by.now,
            drawn_by_id=by.account_id,
        )
    )
    after = {"number": number, "seed": seed, "seats": len(drawn)}
    audits.record(by, "draw_panel", "event", event.id, contest_id=event.contest_id, after=after)


def list_draws(event: Event) -> list[Protocol]:
    """List the draws of an event's panels with their protocols, the latest first."""
    query = (
        select(PanelDraw)
        .options(
            joinedload(PanelDraw.drawn_by).options(
                load_only(Account.title), lazyload(Account.grants)
            )
        )
        .where(PanelDraw.event_id == event.id)
        .order_by(PanelDraw.number.desc())
    )
    draws = db.session.scalars(query).all()
    named = _accounts({lot["account_id"] for one in draws for lot in one.lots})
    titles = {bench.key: bench.title for bench in benches(contests.scheme_of(event))}
    return [_protocol(one, named, titles) for one in draws]


def _accounts(ids: set[int]) -> dict[int, Account]:
    query = (
        select(Account)
        .options(load_only(Account.title, Account.username), lazyload(Account.grants))
        .where(Account.id.in_(ids))
    )
    return {one.id: one for one in db.session.scalars(query)}


def _protocol(one: PanelDraw, named: Mapping[int, Account], titles: Mapping[str, str]) -> Protocol:
    again = repeat(one)
    placed = {Chair(**chair): account_id for chair, account_id in one.placed}
    seats = [
        DrawnSeat(
            chair.bench,
            titles.get(chair.bench, chair.bench),
            chair.number,
            named.get(placed.get(chair, 0)),
        )
        for chair in sorted(Chair(**chair) for chair in one.chairs)
    ]
    order = [named[account_id] for account_id in again.order if account_id in named]
    is_true = all(again.placed.get(chair) == account_id for chair, account_id in placed.items())
    return Protocol(one, seats, order, is_true)


def repeat(one: PanelDraw) -> Seating:
    """Draw once more from what the protocol holds; the same seed gives the same panels."""
    kept: dict[Chair, Lot] = {Chair(**chair): Lot(**lot) for chair, lot in one.kept}
    chairs = [Chair(**chair) for chair in one.chairs]
    return draw_seats(chairs, [Lot(**lot) for lot in one.lots], one.seed, kept)


def is_open(event: Event) -> bool:
    """Say whether panels can be drawn now."""
    return event.state in panels.SEATING


def unanswered(seats: Sequence[PanelSeat]) -> int:
    """Count the seats whose people have not said whether they come."""
    return sum(one.answer is SeatAnswer.ASKED and one.duty is not SeatDuty.RECUSED for one in seats)
