"""What a notice would be, before anybody posts it: its last day, its list, and what to know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from rules.notices import BY_STROKES, Ordering
from rules.refusals import Refused
from rules.texts import N_
from rules.workdays import Calendar, notice_end, year_end_doubt
from services import calendars
from services.notices_lists import WinnersOfDivision, revision_lists, without_strokes

YEAR_END = N_(
    "The holidays of %(year)s are not entered yet. The New Year holiday can change the working "
    "days at the end of December, and with them the last day of this notice."
)
NO_STROKES = N_(
    "There are no strokes for these characters: %(characters)s. Names with them stand last among "
    "those before them, in the order of the character table."
)


@dataclass(frozen=True)
class Preview:
    """A notice before it is posted; without a last day ``problem`` says why there is none."""

    starts_on: date
    working_days: int
    ends_on: date | None
    problem: Refused | None
    warnings: tuple[Refused, ...]
    lists: tuple[WinnersOfDivision, ...]

    @property
    def key(self) -> str:
        """Return what the warnings are about, so that they are seen before the notice is posted."""
        return "; ".join(str(one) for one in self.warnings)


def preview(
    revision_ids: Collection[int],
    ordering: Ordering,
    starts_on: date,
    working_days: int,
    count_first_day: bool,
) -> Preview:
    """Work out a notice without posting it."""
    calendar = calendars.load_calendar()
    lists = revision_lists(revision_ids, ordering)
    ends_on, problem = _end(starts_on, working_days, count_first_day, calendar)
    warnings = []
    if ends_on is not None and (year := year_end_doubt(ends_on, calendar)) is not None:
        warnings.append(Refused(YEAR_END, "starts_on", year=year))
    if ordering in BY_STROKES and (characters := without_strokes(lists)):
        warnings.append(Refused(NO_STROKES, "ordering", characters="、".join(characters)))
    return Preview(starts_on, working_days, ends_on, problem, tuple(warnings), tuple(lists))


def _end(
    starts_on: date, days: int, count_first_day: bool, calendar: Calendar
) -> tuple[date | None, Refused | None]:
    try:
        return notice_end(starts_on, days, count_first_day, calendar), None
    except Refused as refusal:
        return None, refusal
