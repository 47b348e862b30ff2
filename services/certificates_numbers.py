"""Numbers of certificates: organisation, year, contest, event, tier, serial, check characters."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import select

from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from rules.numbering import certificate_number
from rules.plans import EditionRules

NUMBER_LENGTH = 40  # of the longest number


class Series(NamedTuple):
    """Certificates that are numbered together: of a contest, an event and a group within it."""

    contest: Contest
    event: Event
    group: str


def numbers(wanted: Iterable[Series]) -> Iterator[str]:
    """Yield a number for each: serials go on behind the last used one, voided ones included."""
    last: dict[tuple[str, ...], int] = {}
    for one in wanted:
        parts = _parts(one)
        if parts not in last:
            last[parts] = _last_serial(parts)
        last[parts] += 1
        prefix, year, contest_code, event_code, group = parts
        yield certificate_number(prefix, int(year), contest_code, event_code, group, last[parts])


def _parts(series: Series) -> tuple[str, ...]:
    contest, event, group = series
    prefix = EditionRules.model_validate(contest.rules).certificate_prefix
    year = str(contest.year)
    contest_code = _code(contest.code.replace(year, ""), 6) or str(contest.id)
    event_code = _code(event.code, 8) or str(event.id)
    return prefix, year, contest_code, event_code, group


def _code(text: str, longest: int) -> str:
    return "".join(re.findall("[0-9A-Z]", text.upper()))[:longest]


def _last_serial(parts: tuple[str, ...]) -> int:
    pattern = "-".join(parts) + "-"
    query = select(Certificate.number).where(Certificate.number.startswith(pattern))
    serials = (number[len(pattern) :].split("-")[0] for number in db.session.scalars(query))
    return max((int(serial) for serial in serials), default=0)
