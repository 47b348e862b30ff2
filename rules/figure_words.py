"""How a question and its answer are said: pieces of text with their values, for any language."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from rules.certificate_kinds import CertificateKind
from rules.editions import ContestLevel
from rules.figure_tallies import Value
from rules.figures import (
    Bound,
    Counted,
    EventSort,
    LevelVia,
    PairKind,
    Part,
    Question,
    Sex,
    Source,
)
from rules.honours import HonourKind, HonourLevel, HonourVia
from rules.mentorships import MentorshipState
from rules.nominations import NominationState
from rules.payouts import PayeeKind
from rules.provincial import EntrantStatus, Medal, ProvincialLevel, SlotState
from rules.selections import ApplicationState, BenefitKind, BenefitState, UnitKind
from rules.states import ContestState, EntryState, EventState
from rules.texts import N_
from rules.workshops import (
    GrantKind,
    GrantState,
    HostKind,
    MasterRole,
    WorkshopLevel,
    WorkshopNaming,
)

_S, _P = Source, Part
_CONTEST_LIKE = (
    _S.CONTESTS, _S.EVENTS, _S.ENTRIES, _S.ENTRANTS, _S.AWARDS,
)  # fmt: skip
_SHOPS = (_S.WORKSHOPS, _S.MASTERS, _S.GRANTS)
_ABOVE = (_S.PROVINCIAL_EVENTS, _S.PROVINCIAL_ENTRANTS, _S.PROVINCIAL_RESULTS)

# What the coded values of a part of a register are; all other parts hold texts.
ENUMS: Mapping[tuple[Source, Part], type[Enum]] = {
    **{(source, _P.LEVEL): ContestLevel for source in _CONTEST_LIKE},
    **{(source, _P.LEVEL): HonourLevel for source in (_S.HONOURS, _S.NOMINATIONS)},
    **{(source, _P.LEVEL): WorkshopLevel for source in _SHOPS},
    **{(source, _P.LEVEL): ProvincialLevel for source in _ABOVE},
    **{(source, _P.HOST): HostKind for source in _SHOPS},
    **{(source, _P.KIND): EventSort for source in _ABOVE},
    **{(source, _P.STATE): EntryState for source in (_S.ENTRIES, _S.ENTRANTS)},
    (_S.APPLICATIONS, _P.HOST): UnitKind,
    (_S.HONOURS, _P.KIND): HonourKind,
    (_S.CERTIFICATES, _P.KIND): CertificateKind,
    (_S.WORKSHOPS, _P.KIND): WorkshopNaming,
    (_S.MASTERS, _P.KIND): MasterRole,
    (_S.GRANTS, _P.KIND): GrantKind,
    (_S.MENTORSHIPS, _P.KIND): PairKind,
    (_S.PAYOUTS, _P.KIND): PayeeKind,
    (_S.BENEFITS, _P.KIND): BenefitKind,
    (_S.HONOURS, _P.VIA): HonourVia,
    (_S.LEVELS, _P.VIA): LevelVia,
    (_S.CONTESTS, _P.STATE): ContestState,
    (_S.EVENTS, _P.STATE): EventState,
    (_S.GRANTS, _P.STATE): GrantState,
    (_S.MENTORSHIPS, _P.STATE): MentorshipState,
    (_S.APPLICATIONS, _P.STATE): ApplicationState,
    (_S.BENEFITS, _P.STATE): BenefitState,
    (_S.NOMINATIONS, _P.STATE): NominationState,
    (_S.PROVINCIAL_ENTRANTS, _P.STATE): SlotState,
    (_S.PROVINCIAL_ENTRANTS, _P.TIER): EntrantStatus,
    (_S.PROVINCIAL_RESULTS, _P.TIER): Medal,
}
SKILL_LEVELS = frozenset({_S.LEVELS, _S.LEVEL_GRANTS})
# Registers whose rows are people; of others it is the body that is a company's.
OF_HOSTS = frozenset({_S.WORKSHOPS, _S.GRANTS})

SOURCE_WORDS: Mapping[Source, str] = {
    _S.CONTESTS: N_("Editions of contests"),
    _S.EVENTS: N_("Events of contests"),
    _S.ENTRIES: N_("Entries in contests"),
    _S.ENTRANTS: N_("People entered in contests"),
    _S.AWARDS: N_("Awards by final results"),
    _S.HONOURS: N_("Register of honours"),
    _S.LEVELS: N_("Register of skill levels"),
    _S.LEVEL_GRANTS: N_("Levels by final results"),
    _S.CERTIFICATES: N_("Register of certificates"),
    _S.WORKSHOPS: N_("Register of workshops"),
    _S.MASTERS: N_("Masters of workshops"),
    _S.GRANTS: N_("Grants of workshops"),
    _S.MENTORSHIPS: N_("Register of mentorships"),
    _S.PAYOUTS: N_("Payments made"),
    _S.APPLICATIONS: N_("Applications for selections"),
    _S.HOLDERS: N_("Holders of titles in their term"),
    _S.BENEFITS: N_("Benefits of holders"),
    _S.NOMINATIONS: N_("Nominations to higher bodies"),
    _S.PROVINCIAL_EVENTS: N_("Events of higher contests"),
    _S.PROVINCIAL_ENTRANTS: N_("People entered in higher contests"),
    _S.PROVINCIAL_RESULTS: N_("Results in higher contests"),
}
COUNTED_WORDS: Mapping[Counted, str] = {
    Counted.ROWS: N_("records"),
    Counted.PERSONS: N_("persons, each counted once"),
    Counted.TIMES: N_("person-times"),
    Counted.EMPLOYERS: N_("employers, each counted once"),
    Counted.EVENTS: N_("events, each counted once"),
    Counted.SUM: N_("sum in yuan"),
    Counted.TEAMS: N_("delegations taking part"),
    Counted.BEST: N_("best place"),
}
PART_WORDS: Mapping[Part, str] = {
    _P.TITLE: N_("Title, award or item"),
    _P.LEVEL: N_("Level of the figure"),
    _P.PROGRAMME: N_("Contest or programme"),
    _P.EVENT: N_("Event"),
    _P.OCCUPATION: N_("Occupation"),
    _P.DISTRICT: N_("District"),
    _P.EMPLOYER: N_("Employer or unit"),
    _P.KIND: N_("Kind"),
    _P.VIA: N_("Way"),
    _P.STATE: N_("State"),
    _P.TIER: N_("Tier or division"),
    _P.HOST: N_("Kind of unit"),
    _P.SEX: N_("Sex"),
    _P.COMPANY: N_("Company staff"),
    _P.YEAR: N_("Year"),
    _P.AGE: N_("Age"),
}
FIELD_WORDS: Mapping[str, str] = {
    "person": N_("Person number"),
    "name": N_("Name"),
    "event_key": N_("Event number"),
    "day": N_("Day"),
    "number": N_("Number or document"),
    "amount": N_("Amount in yuan"),
    "weight": N_("How many times"),
    "place": N_("Place"),
    **{part.value: word for part, word in PART_WORDS.items()},
}
BOUND_WORDS: Mapping[Bound, str] = {
    Bound.EXACTLY: "%(number)s",
    Bound.AT_LEAST: N_("at least %(number)s"),
    Bound.AT_MOST: N_("at most %(number)s"),
    Bound.MORE_THAN: N_("more than %(number)s"),
    Bound.ABOUT: N_("about %(number)s"),
}

UNKNOWN = N_("not known")
COMPANY_STAFF, OTHERS = N_("company staff"), N_("others")
IN_COMPANIES, ELSEWHERE = N_("in companies"), N_("elsewhere")
AGES = N_("aged %(low)s to %(high)s")
AGES_OVER = N_("aged %(low)s or older")
AGES_UNDER = N_("aged %(high)s or younger")
DAY = N_("%(year)s-%(month)s-%(day)s")
YEARS = N_("%(first)s to %(last)s")
SINCE, UNTIL = N_("from %(first)s"), N_("until %(last)s")
SENTENCE = N_("As of %(day)s, %(title)s: %(number)s %(unit)s%(of_which)s.")
OF_WHICH = N_(", of which %(parts)s")
ONE_PART = N_("%(value)s %(number)s %(unit)s")
BETWEEN = N_(", ")


class Code(NamedTuple):
    """A coded value: a member of an enumeration, or a skill level as a number."""

    member: Enum | None = None
    skill: int | None = None


def code_of(source: Source, part: Part, value: Value) -> Code | None:
    """Return what a coded value stands for; None for texts, and for values of later versions."""
    if part is Part.LEVEL and source in SKILL_LEVELS:
        return Code(skill=int(value)) if str(value) in "12345" and value else None
    enum: type[Enum] | None = Sex if part is Part.SEX else ENUMS.get((source, part))
    if enum is None or value not in {one.value for one in enum}:
        return None
    return Code(enum(value))


def company_words(source: Source) -> tuple[str, str]:
    """Return how company staff and others are called in a register."""
    return (IN_COMPANIES, ELSEWHERE) if source in OF_HOSTS else (COMPANY_STAFF, OTHERS)


def spans(question: Question) -> Iterator[tuple[str, Any, Any]]:
    """Yield the ranges that a question sets: their title, first and last."""
    found = (
        (PART_WORDS[Part.YEAR], question.from_year, question.to_year),
        (FIELD_WORDS["day"], question.from_on, question.to_on),
        (PART_WORDS[Part.AGE], question.from_age, question.to_age),
    )
    for title, first, last in found:
        if first is not None or last is not None:
            yield title, first, last
