"""Honours of a life: what they are, where they come from, and when they may be recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.refusals import Refused
from rules.texts import N_


class HonourKind(StrEnum):
    """A prize of a contest, or a title that somebody bears (R4.19)."""

    PRIZE = "prize"
    TITLE = "title"


class HonourLevel(StrEnum):
    """The level of the body that grants an honour (R4.22)."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    EMPLOYER = "employer"


class HonourVia(StrEnum):
    """The way to an honour: province titles, for example, come both ways (R8.05)."""

    CONTEST = "contest"
    SELECTION = "selection"


class HonourSource(StrEnum):
    """Where the register knows an honour from."""

    AWARD = "award"
    EXTERNAL = "external"
    HISTORY = "history"


# The present names of contest levels are those of the bodies that hold them.
RANKS = tuple(HonourLevel)


@dataclass(frozen=True, slots=True)
class Facts:
    """What somebody enters of an honour that came from elsewhere."""

    title: str
    kind: HonourKind
    level: HonourLevel
    granted_by: str
    granted_on: date
    programme: str
    via: HonourVia
    document: str
    of_company: bool | None = None


EARLIEST = date(1949, 10, 1)


def facts_problems(facts: Facts, today: date) -> Iterator[Refused]:
    """Yield what is wrong with the facts of an honour from elsewhere."""
    if facts.granted_on > today:
        yield Refused(N_("An honour cannot be granted in the future."), "granted_on")
    if facts.granted_on < EARLIEST:
        yield Refused(N_("Is this day right? No honour of this kind is that old."), "granted_on")
    if not facts.document:
        yield Refused(N_("Name the document that proves it."), "document")


def is_at_least(level: HonourLevel, wanted: HonourLevel) -> bool:
    """Say whether an honour of one level counts where another level is asked for."""
    return RANKS.index(level) <= RANKS.index(wanted)
