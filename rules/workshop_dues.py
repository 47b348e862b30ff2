"""What is due of workshops on a day: reports, grades, assessments, changes, bars (R6.06-12)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.workshop_policies import Policy, on_day
from rules.workshops import ReportState, TermState, WorkshopLevel

ONE_DAY = timedelta(days=1)
LIVING = frozenset({TermState.RUNNING, TermState.PASSED, TermState.STEPPED_UP})


class DueKind(StrEnum):
    """What somebody has to do, or what comes to its end."""

    REPORT = "report"
    REPORT_CHECK = "report_check"
    GRADES = "grades"
    TERM_END = "term_end"
    ASSESSMENT = "assessment"
    CHANGE = "change"
    NOTICE_END = "notice_end"
    BAR_END = "bar_end"


@dataclass(frozen=True, slots=True)
class TermFacts:
    """A term as far as dates go; of a workshop read in from a list, ``known_since`` is later."""

    workshop_id: int
    term_id: int
    level: WorkshopLevel
    starts_on: date
    ends_on: date
    state: TermState
    policy: Policy
    known_since: date
    ended_on: date | None = None
    is_standing: bool = True

    @property
    def last_day(self) -> date:
        """Return the day on which the term really ended or will end."""
        return self.ended_on or self.ends_on


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """How far a report has come."""

    workshop_id: int
    year: int
    state: ReportState
    submitted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A day on which something ends or has to be settled."""

    kind: DueKind
    day: date
    subject_id: int
    workshop_id: int | None = None
    opens_on: date | None = None  # none: thirty days before


@dataclass(frozen=True, slots=True)
class Register:
    """All that due dates follow from."""

    terms: tuple[TermFacts, ...] = ()
    reports: tuple[ReportFacts, ...] = ()
    graded: frozenset[tuple[int, WorkshopLevel]] = frozenset()
    endings: tuple[Ending, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due on a day; open from an earlier day on."""

    kind: DueKind
    due_on: date
    opens_on: date
    workshop_id: int | None = None
    subject_id: int | None = None
    year: int | None = None
    level: WorkshopLevel | None = None

    def is_overdue(self, today: date) -> bool:
        """Say whether its day has passed; the end of a bar is nothing to be done."""
        return today > self.due_on and self.kind is not DueKind.BAR_END

    def days_left(self, today: date) -> int:
        """Return how many days are left; fewer than none when it is overdue."""
        return (self.due_on - today).days


def due_on(register: Register, today: date, ahead: int = 30) -> tuple[Due, ...]:
    """List what is due on a day or comes up within so many days, the most overdue first."""
    horizon = today + timedelta(days=ahead)
    found = (due for due in _all_dues(register, today) if _shows(due, today, horizon))
    return tuple(sorted(found, key=_place))


def _place(due: Due) -> tuple[date, str, int, int]:
    return due.due_on, due.kind.value, due.workshop_id or 0, due.year or 0


def _shows(due: Due, today: date, horizon: date) -> bool:
    if due.kind in {DueKind.BAR_END, DueKind.TERM_END}:
        return today <= due.due_on <= horizon
    return due.opens_on <= today or due.due_on <= horizon


def _all_dues(register: Register, today: date) -> Iterator[Due]:
    reports = {(one.workshop_id, one.year): one for one in register.reports}
    yield from _report_dues(register.terms, reports, today)
    yield from _grade_dues(register, today)
    for term in register.terms:
        if term.state is TermState.RUNNING and term.is_standing:
            yield _term_due(term, today)
    for ending in register.endings:
        opens = ending.opens_on or ending.day - timedelta(days=30)
        yield Due(ending.kind, ending.day, opens, ending.workshop_id, ending.subject_id)


def _term_due(term: TermFacts, today: date) -> Due:
    if today <= term.ends_on:
        return Due(
            DueKind.TERM_END, term.ends_on, term.ends_on, term.workshop_id, term.term_id,
            level=term.level,
        )  # fmt: skip
    last = term.ends_on + timedelta(days=term.policy.assess_days)
    return Due(
        DueKind.ASSESSMENT, last, term.ends_on + ONE_DAY, term.workshop_id, term.term_id,
        level=term.level,
    )  # fmt: skip


def _report_dues(
    terms: Iterable[TermFacts], reports: Mapping[tuple[int, int], ReportFacts], today: date
) -> Iterator[Due]:
    for workshop_id, found in _by_workshop(terms).items():
        if not found[-1].is_standing:
            continue
        for year in report_years(found, today):
            due = _report_due(found[-1].policy, workshop_id, year, reports.get((workshop_id, year)))
            if due is not None:
                yield due


def _report_due(
    policy: Policy, workshop_id: int, year: int, report: ReportFacts | None
) -> Due | None:
    opens, last = date(year + 1, 1, 1), on_day(year + 1, policy.report_due)
    if report is None or report.state in {ReportState.DRAFT, ReportState.RETURNED}:
        return Due(DueKind.REPORT, last, opens, workshop_id, year=year)
    if report.state is ReportState.SUBMITTED:
        begun = report.submitted_on or last
        checked = begun + timedelta(days=policy.report_check_days)
        return Due(DueKind.REPORT_CHECK, checked, begun, workshop_id, year=year)
    return None


def _by_workshop(terms: Iterable[TermFacts]) -> dict[int, list[TermFacts]]:
    found: dict[int, list[TermFacts]] = {}
    for term in sorted(terms, key=lambda one: (one.workshop_id, one.starts_on, one.term_id)):
        found.setdefault(term.workshop_id, []).append(term)
    return found


def report_years(terms: Iterable[TermFacts], today: date) -> tuple[int, ...]:
    """List the finished years for which a workshop owes a report, by its terms."""
    found = [term for term in terms if term.state in LIVING]
    if not found:
        return ()
    first = max(min(term.starts_on for term in found), min(term.known_since for term in found))
    years = range(first.year, today.year)
    least = found[-1].policy.report_least_days
    return tuple(year for year in years if _days_in(found, year, today) >= least)


def _days_in(terms: Iterable[TermFacts], year: int, today: date) -> int:
    """Count the days of a year on which a workshop stood; one not yet assessed goes on standing."""
    days = 0
    for term in terms:
        last = today if term.state is TermState.RUNNING else term.last_day
        first = max(term.starts_on, date(year, 1, 1))
        days += max(0, (min(last, date(year, 12, 31)) - first).days + 1)
    return days


def _grade_dues(register: Register, today: date) -> Iterator[Due]:
    """Yield the rounds of grades that are not decided: one for a year and level (R6.07)."""
    wanted: dict[tuple[int, WorkshopLevel], Policy] = {}
    for found in _by_workshop(register.terms).values():
        if not found[-1].is_standing:
            continue
        for year in report_years(found, today):
            wanted[year, level_in(found, year)] = found[-1].policy
    for (year, level), policy in wanted.items():
        if (year, level) not in register.graded:
            opens = on_day(year + 1, policy.report_due) + ONE_DAY
            last = on_day(year + 1, policy.grades_due)
            yield Due(DueKind.GRADES, last, opens, year=year, level=level)


def level_in(terms: Iterable[TermFacts], year: int) -> WorkshopLevel:
    """Return the level that a workshop had at the end of a year."""
    ordered = sorted(terms, key=lambda one: one.starts_on)
    begun = [term for term in ordered if term.starts_on <= date(year, 12, 31)]
    return (begun or ordered)[-1].level
