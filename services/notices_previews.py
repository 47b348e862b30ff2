"""What a notice would be, before anybody posts it: its last day, its list, and what to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.results import Revision
from rules.data import InvalidRules
from rules.notices import BY_STROKES, Ordering
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.texts import N_
from rules.workdays import notice_end, year_end_doubt
from services import calendars
from services.notices_chains import Terms, terms_of
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
    """A notice before it is posted; ``problems`` say why it cannot be, or has no last day."""

    starts_on: date
    ends_on: date | None
    working_days: int
    count_first_day: bool
    problems: tuple[Refused, ...]
    warnings: tuple[Refused, ...]
    lists: tuple[WinnersOfDivision, ...]

    @property
    def key(self) -> str:
        """Return what the warnings are about, so that they are seen before the notice is posted."""
        return "; ".join(str(one) for one in self.warnings)


def preview(
    rules: EditionRules, revisions: Sequence[Revision], ordering: Ordering, starts_on: date
) -> Preview:
    """Work out a notice without posting it."""
    calendar = calendars.load_calendar()
    lists = revision_lists([one.id for one in revisions], ordering)
    terms, problems = _terms(rules, revisions, starts_on)
    ends_on = None
    try:
        ends_on = notice_end(starts_on, terms.working_days, terms.count_first_day, calendar)
    except Refused as refusal:
        problems.append(refusal)
    warnings = []
    if ends_on is not None and (year := year_end_doubt(ends_on, calendar)) is not None:
        warnings.append(Refused(YEAR_END, "starts_on", year=year))
    if ordering in BY_STROKES and (characters := without_strokes(lists)):
        warnings.append(Refused(NO_STROKES, "ordering", characters="、".join(characters)))
    days, first_counts = terms.working_days, terms.count_first_day
    return Preview(
        starts_on, ends_on, days, first_counts, tuple(problems), tuple(warnings), tuple(lists)
    )


def _terms(
    rules: EditionRules, revisions: Sequence[Revision], starts_on: date
) -> tuple[Terms, list[Refused]]:
    """Return the terms of the notice, and what the chain has against it."""
    usual = Terms("", rules.notice_working_days, rules.count_first_day)
    try:
        return terms_of(rules, revisions, starts_on), []
    except InvalidRules as invalid:
        return usual, list(invalid.problems)
    except Refused as refusal:
        return usual, [refusal]
