"""Titles in their term: its end, reports and benefits that fall due, the bar of a revocation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.refusals import Refused
from rules.selection_rounds import After, Benefit
from rules.selections import BenefitKind, BenefitState, HolderReportState, HolderState
from rules.states import moved
from rules.texts import N_

HOLDER_MOVES: Mapping[HolderState, frozenset[HolderState]] = {
    HolderState.RUNNING: frozenset({HolderState.ENDED, HolderState.REVOKED}),
    HolderState.ENDED: frozenset({HolderState.REVOKED, HolderState.RUNNING}),
    HolderState.REVOKED: frozenset(),
}

REPORT_MOVES: Mapping[HolderReportState, frozenset[HolderReportState]] = {
    HolderReportState.DRAFT: frozenset({HolderReportState.SUBMITTED}),
    HolderReportState.SUBMITTED: frozenset(
        {HolderReportState.RETURNED, HolderReportState.ACCEPTED}
    ),
    HolderReportState.RETURNED: frozenset({HolderReportState.SUBMITTED}),
    HolderReportState.ACCEPTED: frozenset(),
}

BENEFIT_MOVES: Mapping[BenefitState, frozenset[BenefitState]] = {
    BenefitState.DUE: frozenset(
        {BenefitState.ORDERED, BenefitState.GIVEN, BenefitState.DECLINED, BenefitState.CANCELLED}
    ),
    BenefitState.ORDERED: frozenset({BenefitState.DUE, BenefitState.GIVEN, BenefitState.CANCELLED}),
    # A payment that the bank sends back is due again.
    BenefitState.GIVEN: frozenset({BenefitState.DUE}),
    BenefitState.DECLINED: frozenset({BenefitState.DUE}),
    BenefitState.CANCELLED: frozenset(),
}


def move_report(present: HolderReportState, wanted: HolderReportState) -> HolderReportState:
    """Return the new state of a report, or refuse the move."""
    return moved(REPORT_MOVES, present, wanted)


def years_later(day: date, years: int) -> date:
    """Return the same day some years later; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def term_end(starts_on: date, after: After) -> date | None:
    """Return the last day of a term that begins on a day; None for life (R5.17)."""
    if after.term_years == 0:
        return None
    return date.fromordinal(years_later(starts_on, after.term_years).toordinal() - 1)


@dataclass(frozen=True, slots=True)
class ReportDue:
    """The report about a year, and its last day."""

    year: int
    due_on: date


def reports_due(
    starts_on: date, ends_on: date | None, after: After, today: date
) -> list[ReportDue]:
    """List the reports that can be asked for by now: one for each year of the term that is over.

    The year in which the term begins is the first one; the report falls due in the next year.
    """
    if not after.report_due:
        return []
    month, day = map(int, after.report_due.split("-"))
    last = today.year - 1 if ends_on is None else min(today.year - 1, ends_on.year)
    return [ReportDue(year, date(year + 1, month, day)) for year in range(starts_on.year, last + 1)]


@dataclass(frozen=True, slots=True)
class BenefitDue:
    """One benefit of one year."""

    benefit: Benefit
    year: int
    due_on: date


def benefits_due(
    tier: str, starts_on: date, ends_on: date | None, after: After, until: date
) -> Iterator[BenefitDue]:
    """Yield the benefits of a term up to a day: of each year, or once in the first one (R5.17)."""
    last = until if ends_on is None else min(until, ends_on)
    for benefit in after.benefits:
        if benefit.tiers and tier not in benefit.tiers:
            continue
        years = range(starts_on.year, last.year + 1)
        for year in years if benefit.yearly else years[:1]:
            day = _month_end(year, benefit.due_month)
            if day >= starts_on and (ends_on is None or day <= ends_on):
                yield BenefitDue(benefit, year, day)


def _month_end(year: int, month: int) -> date:
    following = date(year + (month == 12), month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def benefit_problem(kind: BenefitKind, amount: Decimal | None) -> Refused | None:
    """Say why a benefit cannot be recorded by hand: an allowance is paid by an order."""
    if kind is BenefitKind.ALLOWANCE and amount is not None:
        return Refused(N_("An allowance is paid through a payment series."), "state")
    return None


def barred_until(day: date, after: After) -> date | None:
    """Return until when somebody whose title was revoked cannot apply again."""
    return years_later(day, after.bar_years) if after.bar_years else None


def figures_problems(apprentices: int, projects: int, patents: int, text: str) -> Iterator[Refused]:
    """Yield what is wrong with a yearly report that is handed in."""
    for field, value in (
        ("apprentices", apprentices),
        ("projects", projects),
        ("patents", patents),
    ):
        if value < 0:
            yield Refused(N_("A number cannot be below 0."), field)
    if len(text.strip()) < 20:
        yield Refused(N_("Write in a few sentences what you did in the year."), "text")
