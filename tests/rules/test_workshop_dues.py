"""Due dates of workshops, day by day."""

from dataclasses import replace
from datetime import date, timedelta

from rules.workshop_dues import (
    DueKind,
    Ending,
    Register,
    ReportFacts,
    TermFacts,
    due_on,
    report_years,
)
from rules.workshop_policies import shipped_policy
from rules.workshops import ReportState, TermState, WorkshopLevel

CITY = WorkshopLevel.CITY
TERM = TermFacts(
    workshop_id=7,
    term_id=70,
    level=CITY,
    starts_on=date(2021, 1, 1),
    ends_on=date(2023, 12, 31),
    state=TermState.RUNNING,
    policy=shipped_policy(),
    known_since=date(2021, 1, 1),
)


def shown(register: Register, day: date, ahead: int = 0) -> list[tuple[str, date, bool]]:
    """What a day shows: kind, last day, whether it is overdue."""
    found = due_on(register, day, ahead)
    return [(due.kind.value, due.due_on, due.is_overdue(day)) for due in found]


def test_a_report_opens_with_the_year_and_is_late_after_its_day() -> None:
    register = Register((TERM,), graded=frozenset({(2021, CITY)}))
    assert shown(register, date(2021, 12, 31)) == []
    assert shown(register, date(2022, 1, 1)) == [("report", date(2022, 1, 31), False)]
    assert shown(register, date(2022, 1, 31)) == [("report", date(2022, 1, 31), False)]
    assert shown(register, date(2022, 2, 1)) == [("report", date(2022, 1, 31), True)]


def test_a_report_that_came_is_looked_at_and_then_gone() -> None:
    graded = frozenset({(2021, CITY)})
    sent = ReportFacts(7, 2021, ReportState.SUBMITTED, date(2022, 1, 20))
    register = Register((TERM,), (sent,), graded)
    assert shown(register, date(2022, 1, 21)) == [("report_check", date(2022, 2, 19), False)]
    returned = replace(register, reports=(replace(sent, state=ReportState.RETURNED),))
    assert shown(returned, date(2022, 2, 1)) == [("report", date(2022, 1, 31), True)]
    done = replace(register, reports=(replace(sent, state=ReportState.ACCEPTED),))
    assert shown(done, date(2022, 2, 1)) == []


def test_grades_are_due_once_for_a_year_and_level() -> None:
    accepted = tuple(ReportFacts(key, 2021, ReportState.ACCEPTED) for key in (7, 8))
    register = Register((TERM, replace(TERM, workshop_id=8, term_id=80)), accepted)
    assert shown(register, date(2022, 1, 31)) == []
    assert shown(register, date(2022, 2, 1)) == [("grades", date(2022, 4, 30), False)]
    assert shown(replace(register, graded=frozenset({(2021, CITY)})), date(2022, 5, 1)) == []


def test_the_end_of_a_term_is_told_and_then_assessed() -> None:
    term = replace(TERM, known_since=date(2023, 12, 1))
    register = Register((term,), graded=frozenset({(2023, CITY)}))
    assert shown(register, date(2023, 12, 1), 29) == []
    assert shown(register, date(2023, 12, 1), 30) == [("term_end", date(2023, 12, 31), False)]
    found = shown(register, date(2024, 1, 1))
    assert ("assessment", date(2024, 2, 29), False) in found
    assert ("assessment", date(2024, 2, 29), True) in shown(register, date(2024, 3, 1))


def test_a_failed_or_closed_workshop_owes_nothing() -> None:
    failed = replace(TERM, state=TermState.FAILED, is_standing=False)
    assert shown(Register((failed,)), date(2024, 5, 1), 90) == []


def test_years_are_counted_by_the_days_of_standing() -> None:
    late = replace(TERM, starts_on=date(2021, 11, 1), known_since=date(2021, 11, 1))
    assert report_years((late,), date(2023, 6, 1)) == (2022,)
    early = replace(late, starts_on=date(2021, 10, 3), known_since=date(2021, 10, 3))
    assert report_years((early,), date(2023, 6, 1)) == (2021, 2022)
    read_in = replace(TERM, known_since=date(2022, 8, 1))
    assert report_years((read_in,), date(2024, 1, 1)) == (2022, 2023)


def test_a_step_up_goes_on_with_the_years() -> None:
    first = replace(TERM, state=TermState.STEPPED_UP, ended_on=date(2022, 6, 30))
    second = replace(
        TERM, term_id=71, level=WorkshopLevel.PROVINCE, starts_on=date(2022, 7, 1),
        ends_on=date(2025, 6, 30),
    )  # fmt: skip
    register = Register((first, second))
    assert report_years((first, second), date(2023, 1, 1)) == (2021, 2022)
    grades = {(due.year, due.level) for due in due_on(register, date(2023, 5, 1)) if due.level}
    assert (2021, CITY) in grades and (2022, WorkshopLevel.PROVINCE) in grades


def test_the_end_of_a_bar_comes_up_and_is_never_overdue() -> None:
    free_on = date(2028, 3, 1)
    register = Register(endings=(Ending(DueKind.BAR_END, free_on, 5, 7),))
    assert shown(register, free_on - timedelta(days=31), 30) == []
    assert shown(register, free_on - timedelta(days=30), 30) == [("bar_end", free_on, False)]
    assert shown(register, free_on) == [("bar_end", free_on, False)]
    assert shown(register, free_on + timedelta(days=1)) == []


def test_the_most_overdue_comes_first() -> None:
    change = Ending(DueKind.CHANGE, date(2022, 1, 15), 3, 7)
    register = Register((TERM,), graded=frozenset({(2021, CITY)}), endings=(change,))
    kinds = [kind for kind, _, _ in shown(register, date(2022, 2, 10))]
    assert kinds == ["change", "report"]
