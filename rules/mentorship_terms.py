"""What happens within the term of a mentorship: months, milestones, objections, acceptance."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from rules.mentorships import MentorshipLimits, MentorshipState, after_months
from rules.refusals import Refused
from rules.texts import N_

# From this day of a month on it can be confirmed.
CONFIRMED_FROM = 25
TAUGHT = frozenset(
    {
        MentorshipState.RUNNING,
        MentorshipState.PAUSED,
        MentorshipState.ACCEPTED,
        MentorshipState.FAILED,
        MentorshipState.BROKEN_OFF,
        MentorshipState.TRANSFERRED,
    }
)
HIGHEST_MARK = Decimal(100)
Days = tuple[date, date | None]


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def months_of(starts_on: date, ends_on: date) -> list[date]:
    """List the months that a term touches, by their first days."""
    found, month = [], first_of(starts_on)
    while month <= ends_on:
        found.append(month)
        month = after_months(month, 1)
    return found


def is_paused(month: date, starts_on: date, ends_on: date, pauses: Sequence[Days]) -> bool:
    """Say whether a pair rested on every day of a month within its term."""
    first = max(month, starts_on)
    last = min(after_months(month, 1) - timedelta(days=1), ends_on)
    days = (first + timedelta(days=one) for one in range((last - first).days + 1))
    return all(any(a <= day and (b is None or day <= b) for a, b in pauses) for day in days)


def open_months(starts_on: date, ends_on: date, pauses: Sequence[Days], today: date) -> list[date]:
    """List the months that can be confirmed by this day (R7.08)."""
    return [
        month
        for month in months_of(starts_on, ends_on)
        if today >= min(month.replace(day=CONFIRMED_FROM), max(ends_on, month))
        and not is_paused(month, starts_on, ends_on, pauses)
    ]


def check_month(
    month: date, starts_on: date, ends_on: date, pauses: Sequence[Days], today: date
) -> None:
    """Refuse a month that cannot be confirmed, with the reason."""
    if month not in months_of(starts_on, ends_on):
        raise Refused(N_("This month lies outside the term."), "month")
    if is_paused(month, starts_on, ends_on, pauses):
        raise Refused(N_("The mentorship was paused for all of this month."), "month")
    if month not in open_months(starts_on, ends_on, pauses, today):
        text = N_("A month can be confirmed from its %(day)s. day on.")
        raise Refused(text, "month", day=CONFIRMED_FROM)


def objection_end(limits: MentorshipLimits, starts_on: date, signed_on: date) -> date:
    """Return the last day on which either side may object (R7.03)."""
    return after_months(max(starts_on, signed_on), limits.objection_months)


def check_objection(until: date | None, today: date) -> None:
    """Refuse an objection after its time (R7.03)."""
    if until is None or today > until:
        raise Refused(N_("The time for objections is over. The employer can break it off."))


def success_until(limits: MentorshipLimits, signed_on: date) -> date:
    """Return the last day on which a success still counts for the mentor (R7.04)."""
    return after_months(signed_on, 12 * limits.success_years)


def acceptance_problems(
    held_on: date, starts_on: date, test_mark: Decimal | None, today: date
) -> Iterator[Refused]:
    """Yield what is wrong with an acceptance check as typed (R7.11)."""
    if held_on > today:
        yield Refused(N_("The check cannot lie in the future."), "held_on")
    if held_on < starts_on:
        yield Refused(N_("The check cannot lie before the term."), "held_on")
    if test_mark is not None and not 0 <= test_mark <= HIGHEST_MARK:
        yield Refused(N_("A mark lies between 0 and 100."), "test_mark")


def pause_problems(
    from_on: date, starts_on: date, ends_on: date, pauses: Sequence[Days], today: date
) -> Iterator[Refused]:
    """Yield what is wrong with the first day of a pause."""
    if not starts_on <= from_on <= ends_on:
        yield Refused(N_("The pause lies outside the term."), "from_on")
    if from_on > today:
        yield Refused(N_("A pause begins today or earlier."), "from_on")
    if any(to_on is None or from_on <= to_on for _, to_on in pauses):
        yield Refused(N_("Another pause covers this day."), "from_on")
