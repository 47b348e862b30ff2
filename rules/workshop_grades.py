"""Yearly grades among workshops, and the duties that every year and term brings (R6.07, R6.08)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.refusals import Refused
from rules.texts import N_
from rules.workshop_policies import Duty, Policy, duties_of, excellent_places
from rules.workshops import Grade, WorkshopLevel


@dataclass(frozen=True, slots=True)
class Graded:
    """A workshop in a round of grades."""

    title: str
    grade: Grade | None
    is_reported: bool = True
    reason: str = ""


def grade_problems(policy: Policy, graded: Iterable[Graded]) -> Iterator[Refused]:
    """Yield why grades cannot be decided: one is missing, too many are excellent."""
    rows = list(graded)
    for one in rows:
        if one.grade is None:
            yield Refused(N_("“%(title)s” has no grade yet."), title=one.title)
        elif one.grade is Grade.EXCELLENT and not one.is_reported:
            text = N_("“%(title)s” cannot be excellent: its report is not accepted.")
            yield Refused(text, title=one.title)
        elif one.grade is Grade.FAILED and not one.reason.strip():
            yield Refused(N_("Say why “%(title)s” has failed."), title=one.title)
    excellent = sum(one.grade is Grade.EXCELLENT for one in rows)
    places = excellent_places(policy, len(rows))
    if excellent > places:
        text = N_("%(found)s are excellent; of %(graded)s graded no more than %(places)s may be.")
        yield Refused(text, found=excellent, graded=len(rows), places=places)


@dataclass(frozen=True, slots=True)
class Taught:
    """What a report says of one year."""

    year: int
    apprentices: int = 0
    trained: int = 0
    highly_skilled: int = 0

    def of(self, counted: str) -> int:
        """Return one of the numbers by its name."""
        numbers = {
            "apprentices": self.apprentices,
            "trained": self.trained,
            "highly_skilled": self.highly_skilled,
        }
        return numbers[counted]


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty that is not fulfilled: how many were taught and how many had to be."""

    duty: Duty
    found: int
    year: int | None = None

    @property
    def missing(self) -> int:
        """Return how many are missing."""
        return self.duty.least - self.found


def duty_gaps(
    policy: Policy, level: WorkshopLevel, reports: Mapping[int, Taught], years: Iterable[int]
) -> tuple[Gap, ...]:
    """List the duties that are not fulfilled in these years, and over all of them (R6.08)."""
    wanted = tuple(years)
    gaps: list[Gap] = []
    for duty in duties_of(policy, level):
        found = {year: _number(reports, year, duty.counted) for year in wanted}
        if duty.span == "year":
            gaps += [Gap(duty, n, year) for year, n in found.items() if n < duty.least]
        elif sum(found.values()) < duty.least:
            gaps.append(Gap(duty, sum(found.values())))
    return tuple(gaps)


def _number(reports: Mapping[int, Taught], year: int, counted: str) -> int:
    report = reports.get(year)
    return 0 if report is None else report.of(counted)
