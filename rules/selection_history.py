"""Rows of a list of holders of past years: what they say, and what cannot be (R5.03, R5.13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.identity import IdKind, parse_id
from rules.people import SEX_OF, PersonFacts, parse_name
from rules.refusals import Refused
from rules.texts import N_

EARLIEST = 1949
_YES = {"是": True, "企业职工": True, "yes": True, "1": True}
_NO = {"否": False, "非企业职工": False, "no": False, "0": False}
_UNKNOWN: dict[str, bool | None] = {"": None}
COMPANY: Mapping[str, bool | None] = _UNKNOWN | _YES | _NO
_LONGEST = {"employer": 120, "title": 60, "document": 160}


@dataclass(frozen=True, slots=True)
class PastHolder:
    """One title as an old list tells of it."""

    person: PersonFacts
    employer: str
    title: str
    year: int
    starts_on: date
    ends_on: date | None
    document: str
    of_company: bool | None


def read_past_holder(
    values: Mapping[str, Any], today: date
) -> tuple[PastHolder | None, list[Refused]]:
    """Read a row whose cells could be read; give the title, or every problem at once."""
    problems: list[Refused] = []
    person = _person(values, today, problems)
    year, starts_on = int(values["year"]), values["starts_on"]
    company = str(values.get("of_company") or "").strip().lower()
    checks: tuple[tuple[bool, str, str], ...] = (
        (not EARLIEST <= year <= today.year, N_("There was no selection in this year."), "year"),
        (starts_on > today, N_("A title cannot begin in the future."), "starts_on"),
        (
            abs(starts_on.year - year) > 1,
            N_("The day of the title does not fit its year."),
            "starts_on",
        ),
        (_ends_before(values), N_("The term ends before it begins."), "ends_on"),
        (company not in COMPANY, N_("Company staff: yes or no."), "of_company"),
        *((_is_long(values, name), N_("This text is too long."), name) for name in _LONGEST),
    )
    problems += [Refused(text, field) for wrong, text, field in checks if wrong]
    if problems or person is None:
        return None, problems

    return PastHolder(
        person,
        _plain(values, "employer"),
        _plain(values, "title"),
        year,
        starts_on,
        values.get("ends_on") or None,
        _plain(values, "document"),
        COMPANY[company],
    ), []


def _plain(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip()


def _ends_before(values: Mapping[str, Any]) -> bool:
    return bool(values.get("ends_on")) and values["ends_on"] < values["starts_on"]


def _is_long(values: Mapping[str, Any], name: str) -> bool:
    return len(str(values.get(name) or "")) > _LONGEST[name]


def _person(values: Mapping[str, Any], today: date, problems: list[Refused]) -> PersonFacts | None:
    try:
        name = parse_name(str(values["name"]))
        number = parse_id(IdKind.RESIDENT, str(values["id_number"]), today)
    except Refused as problem:
        problems.append(Refused(problem.message, "id_number", **problem.params))
        return None
    return PersonFacts(
        name,
        IdKind.RESIDENT,
        number.normalized,
        birth_date=number.birth_date,
        sex=SEX_OF[number.sex],
    )
