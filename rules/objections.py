"""Objections (异议) to a public notice: form, time, effect (R3.04, R3.06)."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from rules.refusals import Refused
from rules.texts import N_

SHORTEST_FACTS = 10


class Channel(StrEnum):
    """How an objection came; the first way is the page itself."""

    ONLINE = "online"
    LETTER = "letter"
    PHONE = "phone"
    MAIL = "mail"
    VISIT = "visit"


class Conclusion(StrEnum):
    """What the answer to an objection says."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"


CHANGES = frozenset({Conclusion.UPHELD, Conclusion.PARTLY})


class Remedy(StrEnum):
    """What an objection that was upheld changes.

    Without an award an entry keeps its raw rank, and those below move up (R1.26); disqualified, it
    has no rank either. A correction opens the way to the marks. All three need a new revision.
    """

    NOTE = "note"
    CORRECTION = "correction"
    NO_AWARD = "no_award"
    DISQUALIFIED = "disqualified"


OF_ENTRY = frozenset({Remedy.NO_AWARD, Remedy.DISQUALIFIED})
REVISES = frozenset({Remedy.CORRECTION, Remedy.NO_AWARD, Remedy.DISQUALIFIED})


@dataclass(frozen=True, slots=True)
class Filing:
    """What an objector says; persons under their real name, units by name (R3.04).

    With a person it is about that person as such (identity, eligibility, false material), not only
    about what the entry won.
    """

    name: str
    contact: str
    facts: str
    unit: str = ""
    entry_id: int | None = None
    person_id: int | None = None


def filing_problems(filing: Filing) -> Iterator[Refused]:
    """Yield what an objection lacks."""
    if len(filing.name.replace(" ", "")) < 2:
        text = N_("Give your real name: objections without a name are not accepted.")
        yield Refused(text, "name")
    if len(filing.contact.replace(" ", "")) < 6:
        text = N_("Give a telephone number or address at which you can be reached.")
        yield Refused(text, "contact")
    if len(filing.facts.strip()) < SHORTEST_FACTS:
        yield Refused(N_("State the facts, so that they can be looked into."), "facts")


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the first instant after a day: what comes then is late."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def is_late(received_at: datetime, last_day: date, zone: tzinfo) -> bool:
    """Say whether an objection came after the last day of the notice, in the notice's own zone."""
    return received_at >= end_of(last_day, zone)


@dataclass(frozen=True, slots=True)
class Concerned:
    """The people whom an objection is about, and the employers on whose side they stand."""

    employers: frozenset[int]
    persons: frozenset[int]


def interest_problem(own: Set[int], person_id: int | None, concerned: Concerned) -> Refused | None:
    """Say why somebody may not handle an objection: it is about himself or his own employer."""
    if person_id is not None and person_id in concerned.persons:
        return Refused(N_("This is about yourself; somebody else handles it."))
    if own & concerned.employers:
        return Refused(N_("This is about somebody of your own employer; somebody else handles it."))
    return None
