"""Consents: until when somebody lets an employer fetch certificates."""

from datetime import date, timedelta

from rules.refusals import Refused
from rules.texts import N_

LONGEST = timedelta(days=3 * 366)
WORDS = N_(
    "I allow this employer to see and download all my valid certificates on this platform until "
    "the day that I name. I can withdraw this at any time; each download is recorded."
)


def check_until(until: date, today: date) -> None:
    """Refuse a day on which a consent cannot end."""
    if not today <= until <= today + LONGEST:
        raise Refused(N_("Choose a day within the next three years."), "until")
