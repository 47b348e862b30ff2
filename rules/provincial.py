"""Contests of province, nation, world (省赛参赛): states, moves, who may be named (R1.29)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.honours import HonourLevel
from rules.refusals import Refused
from rules.texts import N_


class ProvincialLevel(StrEnum):
    """How high a contest stands to which the city sends people (R1.01)."""

    PROVINCE = "province"
    NATION = "nation"
    WORLD = "world"


# The register of honours knows nothing above the nation.
HONOUR_LEVELS: Mapping[ProvincialLevel, HonourLevel] = {
    ProvincialLevel.PROVINCE: HonourLevel.PROVINCE,
    ProvincialLevel.NATION: HonourLevel.NATIONAL,
    ProvincialLevel.WORLD: HonourLevel.NATIONAL,
}


class ProvincialState(StrEnum):
    """A superior's contest as the city sees it."""

    PREPARING = "preparing"
    ENTERED = "entered"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_Contest = ProvincialState
PROVINCIAL_MOVES: Mapping[ProvincialState, frozenset[ProvincialState]] = {
    _Contest.PREPARING: frozenset({_Contest.ENTERED, _Contest.CANCELLED}),
    _Contest.ENTERED: frozenset({_Contest.HELD, _Contest.CANCELLED}),
    _Contest.HELD: frozenset({_Contest.ENTERED, _Contest.CLOSED}),
    _Contest.CLOSED: frozenset({_Contest.HELD}),
    _Contest.CANCELLED: frozenset({_Contest.PREPARING}),
}


class EventFormat(StrEnum):
    """How many start together (R1.16)."""

    SINGLE = "single"
    PAIR = "pair"
    TRIPLE = "triple"


SIZES: Mapping[EventFormat, int] = {
    EventFormat.SINGLE: 1,
    EventFormat.PAIR: 2,
    EventFormat.TRIPLE: 3,
}


class EntrantStatus(StrEnum):
    """What an entrant is: titles go to staff and teachers, levels to students too (R4.17)."""

    STAFF = "staff"
    TEACHER = "teacher"
    STUDENT = "student"


class SlotState(StrEnum):
    """The way of a person or team to a superior's contest.

    Whoever wins the city's selection is only ``selected``: after the training two people decide who
    is ``named`` and who stays in ``reserve`` (R1.29). ``released`` trained and is neither.
    """

    SELECTED = "selected"
    IN_TRAINING = "in_training"
    NAMED = "named"
    RESERVE = "reserve"
    RELEASED = "released"
    ENTERED = "entered"
    COMPETED = "competed"
    ABSENT = "absent"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


_State = SlotState
_DECIDED = {_State.NAMED, _State.RESERVE, _State.RELEASED}
SLOT_MOVES: Mapping[SlotState, frozenset[SlotState]] = {
    _State.SELECTED: frozenset({_State.IN_TRAINING, _State.WITHDRAWN} | _DECIDED),
    _State.IN_TRAINING: frozenset({_State.SELECTED, _State.WITHDRAWN} | _DECIDED),
    # A later decision replaces an earlier one until the forms are sent.
    _State.NAMED: frozenset({_State.ENTERED, _State.WITHDRAWN} | _DECIDED - {_State.NAMED}),
    # A reserve that takes an entered one's place is entered by the change itself.
    _State.RESERVE: frozenset({_State.ENTERED, _State.WITHDRAWN} | _DECIDED - {_State.RESERVE}),
    _State.RELEASED: frozenset({_State.NAMED, _State.RESERVE, _State.WITHDRAWN}),
    _State.ENTERED: frozenset({_State.COMPETED, _State.ABSENT, _State.REPLACED, _State.WITHDRAWN}),
    # A result that was entered wrongly is taken back.
    _State.COMPETED: frozenset({_State.ENTERED}),
    _State.ABSENT: frozenset({_State.ENTERED}),
    _State.REPLACED: frozenset(),
    _State.WITHDRAWN: frozenset({_State.SELECTED}),
}
CANDIDATES = (_State.SELECTED, _State.IN_TRAINING)
# Who counts as an entrant of the contest.
ENTRANTS = (_State.ENTERED, _State.COMPETED)
# Who was on a form that was sent.
SENT = (*ENTRANTS, _State.ABSENT)
GONE = (_State.RELEASED, _State.REPLACED, _State.WITHDRAWN)


class SlotSource(StrEnum):
    """Where the city knows a candidate from."""

    SELECTION = "selection"
    BY_HAND = "by_hand"
    HISTORY = "history"


class NamingState(StrEnum):
    """A decision who is named in an event: proposed by one, agreed to by another (R1.29)."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"


NAMING_MOVES: Mapping[NamingState, frozenset[NamingState]] = {
    NamingState.PROPOSED: frozenset({NamingState.AGREED, NamingState.DECLINED}),
    NamingState.AGREED: frozenset(),
    NamingState.DECLINED: frozenset(),
}


class Presence(StrEnum):
    """Whether somebody was at the training on a day."""

    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"


ATTENDED = frozenset({Presence.PRESENT, Presence.LATE})


class MemberRole(StrEnum):
    """What somebody does in a delegation (R1.27)."""

    LEADER = "leader"
    DEPUTY = "deputy"
    COACH = "coach"
    DOCTOR = "doctor"
    DRIVER = "driver"
    STAFF = "staff"


class Medal(StrEnum):
    """A medal of a contest; the medallion goes to all who reach the mark of excellence."""

    GOLD = "gold"
    SILVER = "silver"
    BRONZE = "bronze"
    MEDALLION = "medallion"


class ChangeKind(StrEnum):
    """What becomes of a place after the form was sent."""

    REPLACE = "replace"
    WITHDRAW = "withdraw"


class ResultState(StrEnum):
    """A result: recorded by one from the organiser's paper, confirmed by another."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"


RESULT_MOVES: Mapping[ResultState, frozenset[ResultState]] = {
    ResultState.RECORDED: frozenset({ResultState.CONFIRMED}),
    ResultState.CONFIRMED: frozenset({ResultState.RECORDED}),
}


class FilePurpose(StrEnum):
    """What a kept file of a superior's contest is for."""

    CALL = "call"
    PAPER = "paper"
    CHANGE = "change"
    RESULT = "result"


class PaperState(StrEnum):
    """Whether a paper is valid until the last day of the contest."""

    VALID = "valid"
    ENDS_EARLY = "ends_early"
    EXPIRED = "expired"


def paper_state(expires_on: date | None, last_day: date, today: date) -> PaperState:
    """Say whether a paper is valid on all days of the journey; without a day it always is."""
    if expires_on is None or expires_on >= max(last_day, today):
        return PaperState.VALID
    return PaperState.EXPIRED if expires_on < today else PaperState.ENDS_EARLY


class FormKind(StrEnum):
    """The first form of a contest, or one that changes it."""

    FIRST = "first"
    CHANGE = "change"


class LayoutState(StrEnum):
    """A form in the organiser's layout: uploaded by one, approved by another, then replaced."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class ProvincialImportKind(StrEnum):
    """What a file that waits for confirmation brings."""

    HISTORY = "history"
    RESULTS = "results"
    ENTRIES = "entries"


class ProvincialImportState(StrEnum):
    """A file as read, taken over, put away, or undone as a whole."""

    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"
    UNDONE = "undone"


IMPORT_MOVES: Mapping[ProvincialImportState, frozenset[ProvincialImportState]] = {
    ProvincialImportState.PREVIEWED: frozenset(
        {ProvincialImportState.CONFIRMED, ProvincialImportState.DISCARDED}
    ),
    ProvincialImportState.CONFIRMED: frozenset({ProvincialImportState.UNDONE}),
    ProvincialImportState.DISCARDED: frozenset(),
    ProvincialImportState.UNDONE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Naming:
    """What a decision makes of one candidate; reserves have an order among themselves."""

    slot_id: int
    state: SlotState
    order: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate as a decision sees it."""

    slot_id: int
    name: str
    state: SlotState
    days: int = 0


def naming_problems(
    lines: Sequence[Naming], candidates: Sequence[Candidate], quota: int, days_needed: int
) -> Iterator[Refused]:
    """Yield why a decision cannot stand: too many, not trained, not decided for all (R1.29)."""
    known = {one.slot_id: one for one in candidates}
    if any(line.slot_id not in known or line.state not in _DECIDED for line in lines):
        yield Refused(
            N_("A decision names, keeps in reserve, or releases candidates of its event.")
        )
        return
    if {line.slot_id for line in lines} != known.keys() or len(lines) != len(known):
        yield Refused(N_("Decide about every candidate of the event, each once."))
    named = [line for line in lines if line.state is SlotState.NAMED]
    if len(named) > quota:
        text = N_("%(count)s are named, but the quota of the event is %(quota)s.")
        yield Refused(text, count=len(named), quota=quota)
    orders = [line.order for line in lines if line.state is SlotState.RESERVE]
    if len({*orders}) < len(orders):
        yield Refused(N_("Two reserves have the same place in the order."))
    for line in named:
        own = known[line.slot_id]
        if own.days < days_needed:
            text = N_("%(name)s trained on %(days)s days; %(needed)s are needed to be named.")
            yield Refused(text, name=own.name, days=own.days, needed=days_needed)


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """A change after the form was sent, as the rule judges it."""

    kind: ChangeKind
    state: SlotState
    replacement: SlotState | None
    has_proof: bool
    today: date
    made: int = 0


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """Until when and how often an entry may be changed (R1.28); without a day it never may."""

    until: date | None
    needs_proof: bool = True
    most: int | None = None
    withdraw_always: bool = True


def change_problems(rule: ChangeRule, wish: ChangeWish) -> Iterator[Refused]:
    """Yield why an entry that was sent cannot be changed (R1.28)."""
    if wish.state is not SlotState.ENTERED:
        yield Refused(N_("Only an entry that was sent and has no result can be changed."))
    is_free = wish.kind is ChangeKind.WITHDRAW and rule.withdraw_always
    if not is_free and rule.until is None:
        yield Refused(N_("The rule of this contest allows no change of an entrant."))
    elif not is_free and rule.until is not None and wish.today > rule.until:
        text = N_("Changes were possible until %(day)s.")
        yield Refused(text, day=rule.until.isoformat())
    if rule.needs_proof and not wish.has_proof:
        yield Refused(N_("Add the proof of the reason."), "proof")
    if wish.kind is ChangeKind.REPLACE:
        yield from _replacement_problems(rule, wish)


def _replacement_problems(rule: ChangeRule, wish: ChangeWish) -> Iterator[Refused]:
    if wish.replacement is not SlotState.RESERVE:
        yield Refused(N_("Only a reserve of the same event can take the place."), "replacement")
    if rule.most is not None and wish.made >= rule.most:
        yield Refused(N_("No more than %(most)s entrants may be replaced."), most=rule.most)
