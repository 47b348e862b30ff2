"""How well mentors teach and workshops do their duty: what is asked of the registers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.mentorships import MentorshipState
from rules.workshop_grades import Gap, Taught, duty_gaps
from rules.workshop_policies import Policy
from rules.workshops import WorkshopLevel

HIGHLY_SKILLED = 3  # 高级工 and above: the code falls as skill rises


def months_back(today: date, months: int) -> date:
    """Return the first day of the month so many months before this one."""
    index = 12 * today.year + today.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


@dataclass
class Cohort:
    """The pairs that began in one year, by what became of them; persons apart (R7.12)."""

    year: int
    persons: int = 0
    states: dict[MentorshipState, int] = field(default_factory=dict)

    def of(self, *states: MentorshipState) -> int:
        """Count the pairs in these states."""
        return sum(self.states.get(state, 0) for state in states)

    @property
    def times(self) -> int:
        """Count the person-times."""
        return sum(self.states.values())

    @property
    def running(self) -> int:
        """Count the pairs that go on."""
        return self.of(MentorshipState.RUNNING, MentorshipState.PAUSED)

    @property
    def completed(self) -> int:
        """Count those that were accepted."""
        return self.of(MentorshipState.ACCEPTED)

    @property
    def failed(self) -> int:
        """Count those that did not pass."""
        return self.of(MentorshipState.FAILED)

    @property
    def ended_early(self) -> int:
        """Count those that were broken off or went on with another mentor."""
        return self.of(MentorshipState.BROKEN_OFF, MentorshipState.TRANSFERRED)

    @property
    def percent(self) -> int | None:
        """Return which share of those that ended completed; None while none has ended."""
        ended = self.times - self.running
        return None if not ended else round(100 * self.completed / ended)


def cohorts(
    rows: Iterable[tuple[int, MentorshipState, int]], persons: Mapping[int, int]
) -> list[Cohort]:
    """Make a cohort of each year from its first to its last one."""
    found: dict[int, Cohort] = {}
    for year, state, count in rows:
        cohort = found.setdefault(year, Cohort(year, persons.get(year, 0)))
        cohort.states[state] = cohort.states.get(state, 0) + count
    if not found:
        return []
    return [found.get(year) or Cohort(year) for year in range(min(found), max(found) + 1)]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A duty that a running term does not show: of a year that is over, or of the term so far."""

    gap: Gap
    so_far: bool


def lacking(
    policy: Policy,
    level: WorkshopLevel,
    reports: Mapping[int, Taught],
    term: tuple[date, date],
    today: date,
) -> list[Lacking]:
    """List what a workshop lacks of its duties in years that are over and in its term (R6.08)."""
    first, last = term[0].year, min(term[1].year, today.year)
    gaps = duty_gaps(policy, level, reports, range(first, last + 1))
    over = today > term[1]
    return [
        Lacking(gap, gap.year is None and not over)
        for gap in gaps
        if gap.year is None or gap.year < today.year or over
    ]
