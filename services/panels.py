"""Panels: who sits on which seat, who may sit there, and what is still missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select

from models.contests import Event
from models.database import db
from models.judging import Mark, PanelSeat, Sheet
from rules.conflicts import Conflict, bars_event, spared_entries
from rules.judges import SeatAnswer, SeatDuty
from rules.refusals import Missing, Refused
from rules.schemes import Scheme
from rules.seats import RECORDER, Bench, bench_of, benches, next_number
from rules.states import EventState
from rules.texts import N_
from services import audits, contests
from services.acting import Actor
from services.draws import lock_event
from services.judges_conflicts import ConflictLine, find_conflicts, lines_of, write_left_out
from services.panels_candidates import (
    JUDGE,
    Candidate,
    can_spare,
    check_candidate,
    read_candidates,
)
from services.panels_candidates import list_candidates as list_candidates
from services.panels_candidates import list_seats as list_seats
from services.panels_candidates import role_of as role_of
from services.transaction import transaction

SEATING = frozenset({EventState.DRAFT, EventState.REGISTERING, EventState.DRAWN})


@dataclass(frozen=True)
class SeatLine:
    """One seat as the organizer sees it, with the reasons that nobody else may read (R1.12)."""

    seat: PanelSeat
    conflicts: tuple[ConflictLine, ...]
    has_marks: bool
    is_free: bool = True


@dataclass(frozen=True)
class PanelOfBench:
    """The seats of one bench, taken and free, who sits beside it, and who could be seated."""

    bench: Bench
    seats: list[SeatLine]
    recorder: SeatLine | None
    beside: list[SeatLine]
    candidates: list[Candidate]

    @property
    def free(self) -> int:
        """Return how many judges' seats are not taken."""
        return max(0, self.bench.judges - len(self.seats))

    @property
    def open_duties(self) -> list[SeatDuty]:
        """Return what people can still be seated as, the most urgent first."""
        beside = [SeatDuty.RESERVE, SeatDuty.TRAINEE] if self.bench.judges else []
        return [SeatDuty.MEMBER, *beside] if self.free or not beside else beside

    @property
    def taken(self) -> int:
        """Return how many judges' seats are taken by somebody who did not decline."""
        return sum(one.seat.answer is not SeatAnswer.DECLINED for one in self.seats)

    @property
    def next_reserve(self) -> PanelSeat | None:
        """Return the reserve judge whose turn it is."""
        return next_reserve([one.seat for one in self.beside])


def list_panels(event: Event, today: date) -> list[PanelOfBench]:
    """List the panel of each part, and who records, with the accounts that can be seated."""
    scheme = contests.scheme_of(event)
    seats = list_seats(event.id)
    marked = _marked_seats(event.id)
    by_role, found = read_candidates(event, today, {seat.account_id for seat in seats})
    words = _words({seat.account_id: found[seat.account_id] for seat in seats})
    lines = [
        SeatLine(
            seat, words[seat.account_id], seat.id in marked, not bars_event(found[seat.account_id])
        )
        for seat in seats
    ]
    return [_panel(bench, lines, by_role[role_of(bench)]) for bench in benches(scheme)]


def _words(found: Mapping[int, Sequence[Conflict]]) -> dict[int, tuple[ConflictLine, ...]]:
    """Say the conflicts of several accounts, with one statement for all of them."""
    flat = [(account_id, one) for account_id, several in found.items() for one in several]
    said = lines_of(one for _, one in flat)
    words: dict[int, list[ConflictLine]] = {account_id: [] for account_id in found}
    for (account_id, _), line in zip(flat, said, strict=True):
        words[account_id].append(line)
    return {account_id: tuple(lines) for account_id, lines in words.items()}


def _panel(
    bench: Bench, lines: Sequence[SeatLine], candidates: Sequence[Candidate]
) -> PanelOfBench:
    own = [line for line in lines if line.seat.part == bench.key]
    taken = {line.seat.account_id for line in own}
    members = [line for line in own if line.seat.duty is SeatDuty.MEMBER]
    return PanelOfBench(
        bench,
        [line for line in members if line.seat.number != RECORDER],
        next((line for line in members if line.seat.number == RECORDER), None),
        [line for line in own if line.seat.duty is not SeatDuty.MEMBER],
        [one for one in candidates if one.id not in taken],
    )


def next_reserve(seats: Sequence[PanelSeat]) -> PanelSeat | None:
    """Return the first reserve judge of a bench who did not decline."""
    reserves = [one for one in seats if one.duty is SeatDuty.RESERVE]
    ready = [one for one in reserves if one.answer is not SeatAnswer.DECLINED]
    return min(ready, key=lambda one: one.number, default=None)


def get_seat(seat_id: int) -> PanelSeat:
    """Return a seat with its account; raise Missing."""
    query = select(PanelSeat).options(JUDGE)
    seat = db.session.scalar(query.where(PanelSeat.id == seat_id))
    if seat is None:
        raise Missing(seat_id)
    return seat


@transaction
def seat(
    by: Actor,
    event_id: int,
    part_key: str,
    account_id: int,
    recorder: bool = False,
    duty: SeatDuty = SeatDuty.MEMBER,
) -> int:
    """Give an account a seat of a part, its recorder's, or one beside it; return the seat's id."""
    event = lock_event(event_id)
    bench = find_bench(event, part_key)
    if event.state not in SEATING and not (
        duty is SeatDuty.RESERVE and event.state is EventState.SCORING
    ):
        raise Refused(N_("Once scoring is open, judges can only be replaced."))
    number = _free_number(event_id, bench, recorder, duty)
    check_candidate(event, bench, account_id, by.today, number)
    seated = PanelSeat(
        event_id=event_id, part=bench.key, number=number, account_id=account_id, duty=duty
    )
    ask(by, seated)
    db.session.add(seated)
    db.session.flush()
    record(by, event, "seat", seated, after={"account": account_id, "duty": duty.value})
    return seated.id


def _free_number(event_id: int, bench: Bench, recorder: bool, duty: SeatDuty) -> int:
    taken = {one.number for one in list_seats(event_id) if one.part == bench.key}
    if duty in {SeatDuty.RESERVE, SeatDuty.TRAINEE}:
        if not bench.judges:
            raise Refused(N_("This part has no judges, so it needs nobody beside them."))
        return next_number(taken, duty)
    if duty is not SeatDuty.MEMBER:
        raise Refused(N_("Choose what this person is seated for."), field="duty")
    free = [n for n in bench.seats if n not in taken and (n == RECORDER) is recorder]
    if not free:
        raise Refused(N_("All seats of this part are taken."), field="account_id")
    return free[0]


def ask(by: Actor, seated: PanelSeat) -> None:
    """Part: ask whoever sits there to accept; the desk says so (a letter could leave from here)."""
    seated.answer, seated.asked_at = SeatAnswer.ASKED, by.now
    seated.answered_at = seated.answer_reason = None


@transaction
def unseat(by: Actor, seat_id: int) -> int:
    """Free a seat before scoring opens; return the event's id."""
    taken = get_seat(seat_id)
    event = lock_event(taken.event_id)
    if event.state not in SEATING:
        raise Refused(N_("Once scoring is open, judges can only be replaced."))
    record(by, event, "unseat", taken, before={"account": taken.account_id})
    db.session.delete(taken)
    return event.id


@transaction
def replace(by: Actor, seat_id: int, account_id: int) -> int:
    """Give a seat that has no marks yet to another account (R1.10); return the event's id."""
    taken = get_seat(seat_id)
    event = lock_event(taken.event_id)
    if event.state not in SEATING | {EventState.SCORING}:
        raise Refused(N_("The marks of this event are confirmed; its panel cannot change."))
    if seat_id in _marked_seats(event.id):
        raise Refused(N_("This seat has marks already; its judge cannot be replaced."))
    bench = find_bench(event, taken.part)
    check_candidate(event, bench, account_id, by.today, taken.number)
    before, taken.account_id = taken.account_id, account_id
    ask(by, taken)
    if event.state is EventState.SCORING and taken.duty is SeatDuty.MEMBER:
        write_left_out(event, [taken])
    after = {"account": account_id}
    record(by, event, "seat", taken, before={"account": before}, after=after)
    return event.id


def panel_problems(event: Event, scheme: Scheme) -> list[Refused]:
    """Say of each part with too few seats, or without its recorder, what is missing (R2.16).

    Reads of conflicts only that there are some: the page of the chief judge shows this, too.
    """
    members = [
        one
        for one in list_seats(event.id)
        if one.duty is SeatDuty.MEMBER and one.answer is not SeatAnswer.DECLINED
    ]
    found = find_conflicts(event, {one.account_id for one in members})
    problems: list[Refused] = []
    for bench in benches(scheme):
        own = {one.number: found[one.account_id] for one in members if one.part == bench.key}
        missing = [*bench.problems(own)]
        problems += missing or _conflict_problems(bench, own)
    return problems


_BARRED = N_("%(part)s: somebody seated there may not judge this event. Seat somebody else.")
_NONE_TO_SPARE = N_(
    "%(part)s: too few judges without own people here are left for some entries. Seat more judges,"
    " or others."
)


def _conflict_problems(bench: Bench, seated: Mapping[int, Sequence[Conflict]]) -> list[Refused]:
    problems = []
    if any(bars_event(found) for found in seated.values()):
        problems.append(Refused(_BARRED, part=bench.title))
    if not can_spare(bench, {n: spared_entries(found) for n, found in seated.items()}):
        problems.append(Refused(_NONE_TO_SPARE, part=bench.title))
    return problems


def find_bench(event: Event, key: str) -> Bench:
    """Return a bench of an event's scheme; raise Missing."""
    try:
        return bench_of(contests.scheme_of(event), key)
    except KeyError:
        raise Missing(key) from None


def _marked_seats(event_id: int) -> set[int]:
    marked = exists().where(Mark.sheet_id == Sheet.id)
    query = select(Sheet.seat_id).where(Sheet.event_id == event_id, marked).distinct()
    return set(db.session.scalars(query))


def record(
    by: Actor,
    event: Event,
    action: str,
    taken: PanelSeat,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Part: record what was done to a seat beside the event."""
    where: dict[str, object] = {"part": taken.part, "number": taken.number}
    audits.record(
        by,
        action,
        "event",
        event.id,
        contest_id=event.contest_id,
        before=None if before is None else where | {**before},
        after=None if after is None else where | {**after},
    )
