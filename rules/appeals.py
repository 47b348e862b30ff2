"""Appeals on the day: who may file what until when, who may decide, and what a vote gives."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from rules.access import Grant, Holder, Place, Role, covers
from rules.refusals import Refused
from rules.states import EventState
from rules.texts import N_


class Kind(StrEnum):
    """What an appeal is about (R2.32)."""

    EQUIPMENT = "equipment"
    STAFF = "staff"
    PROCEDURE = "procedure"
    MARKS = "marks"


class Filer(StrEnum):
    """In whose name an appeal was filed."""

    LEADER = "leader"
    CONTESTANT = "contestant"
    PAPER = "paper"


class Outcome(StrEnum):
    """What the arbitration group says to an appeal."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    NOT_ACCEPTED = "not_accepted"


class Effect(StrEnum):
    """What a ruling changes; whatever it is, it counts only in a new revision."""

    NONE = "none"
    REOPEN = "reopen"
    TIME = "time"
    REPEAT = "repeat"
    STATUS = "status"


GRANTING = frozenset({Outcome.UPHELD, Outcome.PARTLY})
# Before the draw nothing has happened that an appeal could be about.
BEFORE = frozenset({EventState.DRAFT, EventState.REGISTERING, EventState.CANCELLED})
SCORING_OVER = frozenset(
    {EventState.REVIEW, EventState.SIGNED, EventState.NOTICE, EventState.FINAL}
)


@dataclass(frozen=True)
class Moments:
    """What happened in an event, as far as the time for appeals depends on it.

    `last_signed_at` is when the last sheet was signed, `announced_at` when results were signed.
    """

    state: EventState
    ended_at: datetime | None = None
    last_signed_at: datetime | None = None
    announced_at: datetime | None = None


def clock_start(kind: Literal["event_end", "results"], moments: Moments) -> datetime | None:
    """Return when the time for appeals began to run, None while it does not run yet (R2.35).

    Where nobody recorded the end of an event, its last signed sheet ends it once the marks are
    confirmed.
    """
    if kind == "results":
        return moments.announced_at
    if moments.ended_at is not None:
        return moments.ended_at
    return moments.last_signed_at if moments.state in SCORING_OVER else None


@dataclass(frozen=True)
class Window:
    """The time for appeals of one event: not yet, open, or open until an instant."""

    state: EventState
    minutes: int
    starts_at: datetime | None

    @property
    def closes_at(self) -> datetime | None:
        """Return the last instant, None while the clock has not started."""
        if self.starts_at is None:
            return None
        return self.starts_at + timedelta(minutes=self.minutes)

    def is_late(self, received_at: datetime) -> bool:
        """Say whether an appeal received then is too late (R2.31); the last instant is in time."""
        return self.closes_at is not None and received_at > self.closes_at

    def problem(self) -> Refused | None:
        """Say why no appeal can be filed at all, or None; a late one is another matter."""
        if self.minutes == 0:
            return Refused(N_("This contest has no appeals on the day."))
        if self.state in BEFORE:
            return Refused(N_("Appeals can be filed from the draw on."))
        return None

    def is_open(self, now: datetime) -> bool:
        """Say whether an appeal can be filed now and be in time."""
        return self.problem() is None and not self.is_late(now)


def filing_problem(
    kind: Kind,
    filer: Filer,
    allowed: Sequence[str],
    leader_only: Sequence[str],
    has_leader: bool,
) -> Refused | None:
    """Say why an appeal of this kind cannot be filed by this side, or None (R2.32).

    Whoever starts for no employer has no team leader and speaks for himself; on paper the
    leader's signature has been seen by the staff.
    """
    if kind not in allowed:
        return Refused(N_("Appeals of this kind are not provided for in this contest."), "kind")
    if kind in leader_only and filer is Filer.CONTESTANT and has_leader:
        return Refused(N_("Only the team leader can file an appeal of this kind."), "kind")
    return None


def answer_due(received_at: datetime, minutes: int) -> datetime:
    """Return until when an appeal must be answered (R2.33)."""
    return received_at + timedelta(minutes=minutes)


RUNNING_IT = frozenset({Role.ORGANIZER, Role.CHIEF_JUDGE})
JUDGING_IT = frozenset({Role.JUDGE, Role.ENTRY_CLERK, Role.SEALER})


def conflict(
    holder: Holder,
    place: Place,
    *,
    seated: bool,
    employer_id: int | None,
    persons: frozenset[int],
) -> Refused | None:
    """Say why a member of the group cannot decide this appeal, or None.

    Nobody answers an appeal against what he ran, judged or sealed himself, or for his own side.
    """
    if seated or any(_took_part(grant, place) for grant in holder.grants):
        return Refused(N_("Whoever organized or judged this event cannot decide its appeals."))
    same_employer = employer_id is not None and holder.employer_id == employer_id
    if same_employer or (holder.person_id is not None and holder.person_id in persons):
        return Refused(N_("This appeal concerns your own employer or yourself."))
    return None


def _took_part(grant: Grant, place: Place) -> bool:
    if grant.role in RUNNING_IT:
        return covers(grant, place)
    return grant.role in JUDGING_IT and grant.event_id == place.event_id


@dataclass(frozen=True)
class Verdict:
    """What the votes give: the outcome, and how many of them are for it."""

    outcome: Outcome
    votes_for: int
    votes_cast: int


def verdict(votes: Sequence[Outcome], needed: int) -> Verdict:
    """Return what more than half of the votes say; refuse with too few or without a majority."""
    if len(votes) < needed:
        raise Refused(
            N_("%(needed)s members must vote; %(cast)s have voted so far."),
            needed=needed,
            cast=len(votes),
        )
    outcome, count = Counter(votes).most_common(1)[0]
    if 2 * count <= len(votes):
        raise Refused(N_("No outcome has more than half of the votes. Talk, then vote again."))
    return Verdict(outcome, count, len(votes))


def effect_problem(outcome: Outcome, effect: Effect, order: str) -> Refused | None:
    """Say why this effect does not follow from this outcome, or None."""
    if outcome not in GRANTING and effect is not Effect.NONE:
        return Refused(N_("An appeal that is not upheld changes nothing."), "effect")
    if effect is not Effect.NONE and not order.strip():
        return Refused(N_("Write what is to be done."), "order")
    return None


def second_stage_closes(
    stages: int, stage: int, outcome: Outcome, ruled_at: datetime, minutes: int
) -> datetime | None:
    """Return until when a ruling can be taken to the committee, None if it is final (R2.33)."""
    if stages < 2 or stage > 1 or outcome is Outcome.UPHELD:
        return None
    return ruled_at + timedelta(minutes=minutes)
