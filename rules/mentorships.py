"""Mentorships (师带徒): their states, the limits that a city sets, and what may be agreed (R7)."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from rules.ages import age_on
from rules.data import InvalidRules, RuleData
from rules.refusals import Refused
from rules.texts import N_

TECHNICIAN = 2  # 技师: the code falls as skill rises
HIGHEST, LOWEST = 1, 5


class MentorshipState(StrEnum):
    """A pair of mentor and apprentice, from the first draft to its outcome.

    A cancelled pair never counted: its draft was dropped, or a side objected within the first
    month (R7.03). A broken-off one counted as long as it ran.
    """

    DRAFT = "draft"
    SIGNING = "signing"
    RUNNING = "running"
    PAUSED = "paused"
    ACCEPTED = "accepted"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


_S = MentorshipState
_OVER: set[MentorshipState] = set()
MENTORSHIP_MOVES = {
    _S.DRAFT: {_S.SIGNING, _S.CANCELLED},
    _S.SIGNING: {_S.DRAFT, _S.RUNNING, _S.CANCELLED},
    _S.RUNNING: {
        _S.PAUSED,
        _S.ACCEPTED,
        _S.FAILED,
        _S.BROKEN_OFF,
        _S.TRANSFERRED,
        _S.CANCELLED,
    },
    _S.PAUSED: {_S.RUNNING, _S.BROKEN_OFF, _S.TRANSFERRED},
    _S.ACCEPTED: _OVER,
    _S.FAILED: _OVER,
    _S.BROKEN_OFF: _OVER,
    _S.TRANSFERRED: _OVER,
    _S.CANCELLED: _OVER,
}
LIVE = frozenset({_S.SIGNING, _S.RUNNING, _S.PAUSED})
# What takes up days of mentor and apprentice: live pairs, and ended ones until they ended.
COUNTED = LIVE | {_S.ACCEPTED, _S.FAILED, _S.BROKEN_OFF, _S.TRANSFERRED}


class Party(StrEnum):
    """The three parties of an agreement (三方协议)."""

    MENTOR = "mentor"
    APPRENTICE = "apprentice"
    EMPLOYER = "employer"


class AmendmentState(StrEnum):
    """A change of a running agreement on its form; it holds once all three have signed it."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


AMENDMENT_MOVES = {
    AmendmentState.PROPOSED: {AmendmentState.IN_FORCE, AmendmentState.WITHDRAWN},
    AmendmentState.IN_FORCE: set[AmendmentState](),
    AmendmentState.WITHDRAWN: set[AmendmentState](),
}


class LimitsState(StrEnum):
    """A version of the limits: proposed by one person, put into force by a second."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


LIMITS_MOVES = {
    LimitsState.PROPOSED: {LimitsState.APPROVED, LimitsState.REJECTED},
    LimitsState.APPROVED: set[LimitsState](),
    LimitsState.REJECTED: set[LimitsState](),
}


class ClassState(StrEnum):
    """A class that several mentors teach together."""

    STANDING = "standing"
    CLOSED = "closed"


CLASS_MOVES = {
    ClassState.STANDING: {ClassState.CLOSED},
    ClassState.CLOSED: set[ClassState](),
}


class Outcome(StrEnum):
    """What the acceptance check found."""

    PASSED = "passed"
    FAILED = "failed"


class MentorshipLimits(RuleData):
    """What a city asks of a pair; every number is a setting.

    At most `pairs_per_mentor` apprentices at one time (R7.05); an apprentice has
    `pairs_per_apprentice` mentors at one time. A term has `least_months` to `most_months`, with
    the new apprenticeship (新型学徒制) `most_months_new` (R7.04). Either side objects within
    `objection_months` of the start (R7.03). The apprentice is at least `least_age` years old. The
    mentor has at least the level `mentor_level` (2: 技师) or one of `mentor_titles`, and with
    `level_gap` so many levels more than the apprentice. A class has at least `class_mentors`
    mentors, the leading one with at least the level `class_leader_level` (R7.05). A success counts
    within `success_years` of the signing (R7.04).
    """

    pairs_per_mentor: int = Field(default=3, ge=1, le=50)
    pairs_per_apprentice: int = Field(default=1, ge=1, le=5)
    same_employer: bool = False
    least_months: int = Field(default=12, ge=1, le=60)
    most_months: int = Field(default=24, ge=1, le=60)
    most_months_new: int = Field(default=36, ge=1, le=72)
    objection_months: int = Field(default=1, ge=0, le=12)
    least_age: int = Field(default=16, ge=16, le=30)
    mentor_level: int | None = Field(default=3, ge=HIGHEST, le=LOWEST)
    mentor_titles: tuple[str, ...] = ()
    level_gap: int = Field(default=0, ge=0, le=4)
    class_mentors: int = Field(default=3, ge=1, le=20)
    class_leader_level: int | None = Field(default=TECHNICIAN, ge=HIGHEST, le=LOWEST)
    success_years: int = Field(default=3, ge=1, le=10)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = []
        if self.least_months > self.most_months:
            problems.append(
                Refused(N_("The least term is longer than the longest."), "least_months")
            )
        if self.most_months > self.most_months_new:
            problems.append(
                Refused(
                    N_("The new apprenticeship has no shorter term than others."),
                    "most_months_new",
                )
            )
        if problems:
            raise InvalidRules(problems)
        return self


@dataclass(frozen=True, slots=True)
class Pair:
    """Who teaches whom on which days, both ends included."""

    mentor_id: int
    apprentice_id: int
    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Say whether the pair runs on this day."""
        return self.starts_on <= day <= self.ends_on

    def overlaps(self, other: "Pair") -> bool:
        """Say whether both pairs run on some same day."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


@dataclass(frozen=True, slots=True)
class Teacher:
    """What is asked of a mentor."""

    level: int | None = None
    title: str = ""
    employer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Learner:
    """What is asked of an apprentice; whose birth date is unknown is asked for it."""

    level: int | None = None
    birth_date: date | None = None
    employer_id: int | None = None


def after_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(starts_on: date, months: int) -> date:
    """Return the last day of a term of so many months."""
    return after_months(starts_on, months) - timedelta(days=1)


def pair_problems(
    limits: MentorshipLimits,
    pair: Pair,
    mentor: Teacher,
    apprentice: Learner,
    others: Sequence[Pair],
    *,
    new_kind: bool = False,
) -> list[Refused]:
    """List everything that forbids a pair (R7.01 to R7.05); ``others`` are the counted pairs."""
    if pair.ends_on < pair.starts_on:
        return [Refused(N_("The term ends before it starts."), "ends_on"), *_self(pair)]
    return [
        *impossible(pair, apprentice, others, limits.least_age),
        *_term(limits, pair, new_kind),
        *_mentor(limits, mentor, apprentice),
        *_counts(limits, pair, others),
    ]


def impossible(
    pair: Pair, apprentice: Learner, others: Sequence[Pair], least_age: int
) -> list[Refused]:
    """List what no city can allow, not even for pairs of the past in an old register."""
    if pair.ends_on < pair.starts_on:
        return [Refused(N_("The term ends before it starts."), "ends_on"), *_self(pair)]
    return [
        *_self(pair),
        *_age(pair, apprentice, least_age),
        *_again(pair, others),
        *_circle(pair, others),
    ]


def _self(pair: Pair) -> list[Refused]:
    if pair.mentor_id != pair.apprentice_id:
        return []
    return [Refused(N_("Nobody is a mentor of himself."), "apprentice")]


def _age(pair: Pair, apprentice: Learner, least_age: int) -> list[Refused]:
    if apprentice.birth_date is None or age_on(apprentice.birth_date, pair.starts_on) >= least_age:
        return []
    text = N_("An apprentice must be at least %(age)s years old when the term starts.")
    return [Refused(text, "apprentice", age=least_age)]


def _again(pair: Pair, others: Iterable[Pair]) -> list[Refused]:
    same = (pair.mentor_id, pair.apprentice_id)
    if any((one.mentor_id, one.apprentice_id) == same and one.overlaps(pair) for one in others):
        return [Refused(N_("These two have an agreement for some of these days already."))]
    return []


def _circle(pair: Pair, others: Sequence[Pair]) -> list[Refused]:
    if pair.mentor_id == pair.apprentice_id:
        return []
    length = circle_length(pair, others)
    if length is None:
        return []
    if length == 2:
        return [Refused(N_("The mentor is the apprentice's own apprentice at that time."))]
    return [Refused(N_("This would close a circle of %(count)s mentors."), count=length)]


def circle_length(pair: Pair, others: Sequence[Pair]) -> int | None:
    """Return how many people the shortest circle has that this pair closes on some day."""
    near = [one for one in others if one.overlaps(pair)]
    # A set of pairs that runs on a common day does so on the day on which its last one starts.
    days = {max(one.starts_on, pair.starts_on) for one in near}
    lengths = [
        _steps(pair, [(one.mentor_id, one.apprentice_id) for one in near if one.covers(day)])
        for day in days
    ]
    return min((one for one in lengths if one is not None), default=None)


def _steps(pair: Pair, edges: Sequence[tuple[int, int]]) -> int | None:
    """Count the people on the shortest way from the apprentice down to the mentor."""
    taught: dict[int, list[int]] = {}
    for mentor, apprentice in edges:
        taught.setdefault(mentor, []).append(apprentice)
    reached, front, people = {pair.apprentice_id}, [pair.apprentice_id], 1
    while front:
        if pair.mentor_id in front:
            return people
        front = [one for last in front for one in taught.get(last, ()) if one not in reached]
        front = list(dict.fromkeys(front))
        reached.update(front)
        people += 1
    return None


def _term(limits: MentorshipLimits, pair: Pair, new_kind: bool) -> list[Refused]:
    most = limits.most_months_new if new_kind else limits.most_months
    if last_day(pair.starts_on, limits.least_months) > pair.ends_on:
        text = N_("A term has at least %(months)s months.")
        return [Refused(text, "ends_on", months=limits.least_months)]
    if last_day(pair.starts_on, most) < pair.ends_on:
        return [Refused(N_("A term has at most %(months)s months."), "ends_on", months=most)]
    return []


def _mentor(limits: MentorshipLimits, mentor: Teacher, apprentice: Learner) -> list[Refused]:
    problems = []
    titled = mentor.title in limits.mentor_titles
    if limits.mentor_level is not None and not titled and _below(mentor, limits.mentor_level):
        problems.append(Refused(N_("The mentor's level is too low."), "mentor_level"))
    if limits.level_gap and not titled and _gap(mentor, apprentice) < limits.level_gap:
        text = N_("The mentor must stand at least %(count)s levels above the apprentice.")
        problems.append(Refused(text, "mentor_level", count=limits.level_gap))
    if limits.same_employer and (
        mentor.employer_id is None or mentor.employer_id != apprentice.employer_id
    ):
        problems.append(Refused(N_("Mentor and apprentice must have the same employer."), "mentor"))
    return problems


def _below(mentor: Teacher, level: int) -> bool:
    return mentor.level is None or mentor.level > level


def _gap(mentor: Teacher, apprentice: Learner) -> int:
    """Return by how many levels the mentor stands above; whoever holds none stands below all."""
    none = LOWEST + 1
    return (apprentice.level or none) - (mentor.level or none)


def _counts(limits: MentorshipLimits, pair: Pair, others: Sequence[Pair]) -> list[Refused]:
    problems = []
    own = [one for one in others if one.mentor_id == pair.mentor_id]
    if at_one_time(pair, own) > limits.pairs_per_mentor:
        text = N_("The mentor would have more than %(count)s apprentices at one time.")
        problems.append(Refused(text, "mentor", count=limits.pairs_per_mentor))
    held = [one for one in others if one.apprentice_id == pair.apprentice_id]
    if at_one_time(pair, held) > limits.pairs_per_apprentice:
        text = N_("The apprentice has an agreement with another mentor for some of these days.")
        problems.append(Refused(text, "apprentice"))
    return problems


def at_one_time(pair: Pair, others: Iterable[Pair]) -> int:
    """Return how many pairs run at most on one day of this pair, itself included."""
    near = [one for one in others if one.overlaps(pair)]
    days = {max(one.starts_on, pair.starts_on) for one in near}
    return 1 + max((sum(one.covers(day) for one in near) for day in days), default=0)


def class_problems(
    limits: MentorshipLimits, leader: int, levels: dict[int, int | None]
) -> list[Refused]:
    """List what forbids a class: too few mentors, or a leading one without the level (R7.05)."""
    problems = []
    if len(levels) < limits.class_mentors:
        text = N_("A class has at least %(count)s mentors.")
        problems.append(Refused(text, "mentors", count=limits.class_mentors))
    wanted, held = limits.class_leader_level, levels.get(leader)
    if leader not in levels:
        problems.append(Refused(N_("The leading mentor must be among the mentors."), "leader"))
    elif wanted is not None and (held is None or held > wanted):
        problems.append(Refused(N_("The leading mentor's level is too low."), "leader"))
    return problems
