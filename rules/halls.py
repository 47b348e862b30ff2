"""The hall on the day: batches, stations, papers, the clock of a contestant, who may come in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import AwareDatetime, Field

from rules.data import RuleData
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.states import TURN_MOVES, EntryState, TurnState
from rules.texts import N_

MOST_BATCHES, MOST_STATIONS, MOST_PAPERS = 40, 300, 60
LONGEST_NAME = 40


class Batch(RuleData):
    """A batch (场次): those who compete at the same time."""

    title: str = Field(min_length=1, max_length=LONGEST_NAME)
    starts_at: AwareDatetime | None = None


class HallRules(RuleData):
    """How the hall of one event is laid out; `minutes` is the time of a contestant, 0 unlimited."""

    batches: tuple[Batch, ...] = Field(default=(), max_length=MOST_BATCHES)
    stations: tuple[str, ...] = Field(default=(), max_length=MOST_STATIONS)
    papers: tuple[str, ...] = Field(default=(), max_length=MOST_PAPERS)
    minutes: int = Field(default=0, ge=0, le=6000)

    @property
    def batch_count(self) -> int:
        """Return how many batches there are; without any named, all compete in one."""
        return max(1, len(self.batches))

    def title_of(self, batch: int | None) -> str:
        """Return the name of a batch, counted from 1; nothing where none is named."""
        return self.batches[batch - 1].title if batch and batch <= len(self.batches) else ""

    def start_of(self, batch: int | None) -> datetime | None:
        """Return when a batch starts, if that is set."""
        return self.batches[batch - 1].starts_at if batch and batch <= len(self.batches) else None


def state_now(state: TurnState, status: EntryStatus, started: bool) -> TurnState:
    """Return where a contestant stands: what the list of attendance says of the entry wins."""
    if status is EntryStatus.VIOLATION:
        return TurnState.VIOLATION
    if status is not EntryStatus.COMPETED:
        return TurnState.ABSENT
    if state in OUT:
        return TurnState.INTERRUPTED if started else TurnState.WAITING
    return state


def entry_status(state: TurnState) -> EntryStatus:
    """Return what a step makes of the entry (R2.20)."""
    return OUT.get(state, EntryStatus.COMPETED)


OUT = {TurnState.ABSENT: EntryStatus.ABSENT, TurnState.VIOLATION: EntryStatus.VIOLATION}


def next_moves(state: TurnState, started: bool) -> tuple[TurnState, ...]:
    """List where staff can move a contestant from here, in the order of the day.

    Only the door checks somebody in. A violation is taken back to where he was: before the start
    or in his working time.
    """
    hidden = {TurnState.PREPARING} if state in ARRIVING else set[TurnState]()
    if state is TurnState.VIOLATION:
        hidden = {TurnState.PREPARING if started else TurnState.INTERRUPTED}
    return tuple(one for one in TurnState if one in TURN_MOVES[state] - hidden)


# So many steps need a word of why: nobody is recorded as absent or excluded by a slip.
GRAVE = frozenset({TurnState.ABSENT, TurnState.VIOLATION, TurnState.INTERRUPTED})
BACKWARDS = frozenset(
    {
        (TurnState.PREPARING, TurnState.WAITING),
        (TurnState.FINISHED, TurnState.COMPETING),
        (TurnState.ABSENT, TurnState.WAITING),
        (TurnState.VIOLATION, TurnState.INTERRUPTED),
        (TurnState.VIOLATION, TurnState.PREPARING),
    }
)


def needs_reason(old: TurnState, new: TurnState) -> bool:
    """Say whether a step is written down with a reason: what is grave, and what is taken back."""
    return new in GRAVE or (old, new) in BACKWARDS


def hall_problems(rules: HallRules) -> list[Refused]:
    """List what contradicts itself in the layout of a hall."""
    problems = []
    for field, names in (
        ("batches", [batch.title for batch in rules.batches]),
        ("stations", rules.stations),
        ("papers", rules.papers),
    ):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        if twice:
            said = "、".join(twice[:3])
            problems.append(Refused(N_("Each name may stand once: %(names)s"), field, names=said))
        if any(len(name) > LONGEST_NAME for name in names):
            problems.append(
                Refused(N_("Names have at most %(most)s characters."), field, most=LONGEST_NAME)
            )
    starts = [batch.starts_at for batch in rules.batches if batch.starts_at is not None]
    if starts != sorted(starts):
        problems.append(Refused(N_("A batch starts before the one above it."), "batches"))
    return problems


@dataclass(frozen=True, slots=True)
class TurnClock:
    """The times of one contestant; `given_back` seconds make up for what was not his fault."""

    started_at: datetime | None = None
    interrupted_at: datetime | None = None
    ended_at: datetime | None = None
    given_back: int = 0

    def used(self, now: datetime) -> int:
        """Return the seconds used, without the time given back (R2.03)."""
        if self.started_at is None:
            return 0
        until = self.ended_at or self.interrupted_at or now
        return max(0, int((until - self.started_at).total_seconds()) - self.given_back)

    def left(self, minutes: int, now: datetime) -> int | None:
        """Return the seconds left, below zero once time is over; None without a limit."""
        return None if not minutes else minutes * 60 - self.used(now)

    def ends_at(self, minutes: int) -> datetime | None:
        """Return when the time is over as things stand; None before the start or unlimited."""
        if self.started_at is None or not minutes:
            return None
        return self.started_at + timedelta(minutes=minutes, seconds=self.given_back)


def pause_of(interrupted_at: datetime, now: datetime) -> int:
    """Return how many seconds an interruption lasted."""
    return max(0, int((now - interrupted_at).total_seconds()))


def minutes_late(called_at: datetime | None, now: datetime) -> int:
    """Return how many full minutes ago somebody was called."""
    return 0 if called_at is None else max(0, int((now - called_at).total_seconds()) // 60)


def has_forfeited(called_at: datetime | None, now: datetime, limit: int) -> bool:
    """Say whether somebody is later than the rules allow (R2.05); a person decides on it."""
    return called_at is not None and now - called_at > timedelta(minutes=limit)


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What the door knows of somebody who wants to check in."""

    event_title: str
    is_this_event: bool
    entry_state: EntryState
    turn_state: TurnState
    here_since: str = ""
    pass_voided: bool = False
    still_member: bool = True
    days: tuple[date, ...] = ()
    today: date | None = None
    late_by: int = 0
    late_limit: int | None = None


def door_problem(person: AtTheDoor) -> Refused | None:
    """Return why somebody is not let in, the gravest reason first; None for a welcome."""
    if person.pass_voided:
        return Refused(N_("This pass is void. Ask for the new one."))
    if not person.is_this_event:
        return Refused(N_("This is a pass for another event: %(event)s"), event=person.event_title)
    if person.entry_state is not EntryState.ACCEPTED or not person.still_member:
        return Refused(N_("This entry does not compete."))
    if person.here_since:
        return Refused(N_("Has checked in already, at %(time)s."), time=person.here_since)
    if person.days and person.today not in person.days:
        days = "、".join(day.isoformat() for day in person.days)
        return Refused(N_("Not today: competes on %(day)s."), day=days)
    return _state_problem(person)


def _state_problem(person: AtTheDoor) -> Refused | None:
    if person.turn_state is TurnState.ABSENT:
        return Refused(N_("Is recorded as absent. Take that back first."))
    if person.turn_state is TurnState.VIOLATION:
        return Refused(N_("Is excluded because of a violation."))
    if person.turn_state not in ARRIVING | INSIDE:
        return Refused(N_("Has competed already."))
    if person.late_limit is not None and person.late_by > person.late_limit:
        return Refused(
            N_("Called %(late)s minutes ago; the limit is %(limit)s. Let in only with a reason."),
            field="late_reason",
            late=person.late_by,
            limit=person.late_limit,
        )
    return None


ARRIVING = frozenset({TurnState.WAITING, TurnState.CALLED})
# A member who was added later may still join the others.
INSIDE = frozenset({TurnState.PREPARING, TurnState.READY})


def masked_name(name: str) -> str:
    """Hide a part of each name: 陈一凡 is 陈*凡, 陈凡 is 陈*."""
    return "、".join(_masked(one) for one in name.split("、"))


def _masked(name: str) -> str:
    if len(name) < 2:
        return name
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
