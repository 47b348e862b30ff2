"""A person as typed into a form or a row: cleaned, checked as a whole, compared by name."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rules.identity import IdKind, IdNumber, parse_id, parse_phone
from rules.refusals import Refused
from rules.texts import N_

T = TypeVar("T")

LONGEST_NAME = 60
LEVELS = (1, 2, 3, 4, 5)
SEXES = ("M", "F")
SEX_OF = {"male": "M", "female": "F", None: None}
# Letters of any script, and what stands between the parts of a name.
_NAME = re.compile(r"[^\W\d_][^\W\d_ '.·\-]*(?:[ '.·\-]+[^\W\d_]+)*\.?")
_DOTS = str.maketrans({dot: "·" for dot in "•・‧∙⋅．․"})


@dataclass(frozen=True, slots=True)
class TypedPerson:
    """What somebody typed about a person; sex and birth date only where no number tells them."""

    name: str = ""
    id_kind: str = IdKind.RESIDENT
    id_number: str = ""
    phone: str = ""
    held_level: int | None = None
    birth_date: date | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A checked person."""

    name: str
    id_kind: IdKind
    id_number: str
    phone: str | None = None
    held_level: int | None = None
    birth_date: date | None = None
    sex: str | None = None


def tidy_name(text: str) -> str:
    """Write a name in its one form: plain width, one kind of dot, single spaces."""
    if text.isalpha() and unicodedata.is_normalized("NFKC", text):
        return text
    plain = unicodedata.normalize("NFKC", text.translate(_DOTS)).translate(_DOTS)
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Cf").split())


def same_name(one: str, other: str) -> bool:
    """Say whether two spellings are the same name, whatever the spaces, dots and case."""
    return one == other or _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return re.sub(r"[ '.·\-]", "", tidy_name(name)).casefold()


def parse_name(text: str) -> str:
    """Return a clean name, or refuse what cannot be one."""
    name = tidy_name(text)
    if not name:
        raise Refused(N_("Enter the name."), field="name")
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise Refused(N_("Enter the name as it stands on the identity document."), field="name")
    return name


def read_person(typed: TypedPerson, today: date) -> tuple[PersonFacts | None, list[Refused]]:
    """Check all that was typed about a person; give the facts, or every problem at once."""
    problems: list[Refused] = []
    name = _or_problem(problems, lambda: parse_name(typed.name))
    kind = _or_problem(problems, lambda: _kind(typed.id_kind))
    number = None
    if kind is not None:
        number = _or_problem(problems, lambda: parse_id(kind, typed.id_number, today))
    phone = _or_problem(problems, lambda: _phone(typed.phone))
    _or_problem(problems, lambda: _level(typed.held_level))
    birth_date, sex = _told_or_typed(typed, number)
    _or_problem(problems, lambda: _birth(number, birth_date, today))
    if problems or name is None or kind is None or number is None:
        return None, problems
    level = typed.held_level
    return PersonFacts(name, kind, number.normalized, phone, level, birth_date, sex), []


def read_resident(
    name: str, id_number: str, held_level: int | None, today: date
) -> tuple[PersonFacts | None, list[Refused]]:
    """Check somebody who is named by name and ID card alone; no phone is asked for."""
    problems: list[Refused] = []
    clean = _or_problem(problems, lambda: parse_name(name))
    number = _or_problem(problems, lambda: parse_id(IdKind.RESIDENT, id_number, today))
    _or_problem(problems, lambda: _level(held_level))
    if problems or clean is None or number is None:
        return None, problems
    kind, sex = IdKind.RESIDENT, SEX_OF[number.sex]
    birth = number.birth_date
    return PersonFacts(clean, kind, number.normalized, None, held_level, birth, sex), []


def _or_problem(problems: list[Refused], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except Refused as problem:
        problems.append(problem)
        return None


def _kind(text: str) -> IdKind:
    try:
        return IdKind(text)
    except ValueError:
        raise Refused(N_("Choose the kind of the document."), field="id_kind") from None


def _phone(text: str) -> str:
    if not text.strip():
        raise Refused(N_("Enter a phone number."), field="phone")
    return parse_phone(text)


def _level(level: int | None) -> None:
    if level is not None and level not in LEVELS:
        raise Refused(N_("Choose a skill level from 1 to 5, or none."), field="held_level")


def _told_or_typed(typed: TypedPerson, number: IdNumber | None) -> tuple[date | None, str | None]:
    """Take birth date and sex from the number; what was typed counts only where it tells none."""
    if number is not None and number.birth_date is not None:
        return number.birth_date, SEX_OF[number.sex]
    return typed.birth_date, typed.sex if typed.sex in SEXES else None


def _birth(number: IdNumber | None, birth_date: date | None, today: date) -> None:
    if number is None:
        return
    if birth_date is None:
        raise Refused(N_("This document does not tell the birth date. Enter it."), "birth_date")
    if not date(1900, 1, 1) <= birth_date <= today:
        raise Refused(N_("This birth date is not possible."), field="birth_date")
