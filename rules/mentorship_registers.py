"""Rows of an old register of mentorships: what they say, and what cannot be."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.identity import IdKind, parse_id
from rules.mentorships import (
    HIGHEST,
    LOWEST,
    Learner,
    MentorshipState,
    Pair,
    impossible,
)
from rules.people import SEX_OF, PersonFacts, parse_name
from rules.refusals import Refused
from rules.texts import N_

LEAST_AGE = 16
OUTCOMES = {
    "": MentorshipState.RUNNING,
    "在带": MentorshipState.RUNNING,
    "出师": MentorshipState.ACCEPTED,
    "合格": MentorshipState.ACCEPTED,
    "未出师": MentorshipState.FAILED,
    "不合格": MentorshipState.FAILED,
    "解除": MentorshipState.BROKEN_OFF,
}


@dataclass(frozen=True, slots=True)
class Past:
    """One pair as an old register tells of it."""

    mentor: PersonFacts
    apprentice: PersonFacts
    employer: str
    occupation: str
    starts_on: date
    ends_on: date
    state: MentorshipState
    skill: str = ""
    workshop: str = ""
    mentor_level: int | None = None
    apprentice_level: int | None = None
    level_gained: int | None = None


def read_past(values: Mapping[str, Any], today: date) -> tuple[Past | None, list[Refused]]:
    """Read a row whose cells could be read; give the pair, or every problem at once."""
    problems: list[Refused] = []
    people = [_person(values, side, today, problems) for side in ("mentor", "apprentice")]
    levels = [_level(values, name, problems) for name in _LEVELS]
    state = OUTCOMES.get(str(values.get("outcome") or "").strip())
    if state is None:
        text = N_("The outcome is one of: %(words)s.")
        problems.append(Refused(text, "outcome", words="、".join(one for one in OUTCOMES if one)))
    for name, longest in _LONGEST.items():
        if len(str(values.get(name) or "")) > longest:
            problems.append(Refused(N_("This text is too long."), name))
    mentor, apprentice = people
    if problems or mentor is None or apprentice is None or state is None:
        return None, problems
    return Past(
        mentor=mentor,
        apprentice=apprentice,
        employer=str(values["employer"]).strip(),
        occupation=str(values["occupation"]).strip(),
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        state=state,
        skill=str(values.get("skill") or "").strip(),
        workshop=str(values.get("workshop") or "").strip(),
        mentor_level=levels[0],
        apprentice_level=levels[1],
        level_gained=levels[2],
    ), []


_LEVELS = ("mentor_level", "apprentice_level", "level_gained")
_LONGEST = {"employer": 120, "occupation": 60, "skill": 200}


def _person(
    values: Mapping[str, Any], side: str, today: date, problems: list[Refused]
) -> PersonFacts | None:
    try:
        name = parse_name(str(values[side]))
        number = parse_id(IdKind.RESIDENT, str(values[f"{side}_id"]), today)
    except Refused as problem:
        text = N_("%(name)s: %(problem)s")
        problems.append(Refused(text, side, name=str(values[side]), problem=problem.message))
        return None
    return PersonFacts(
        name,
        IdKind.RESIDENT,
        number.normalized,
        birth_date=number.birth_date,
        sex=SEX_OF[number.sex],
    )


def _level(values: Mapping[str, Any], name: str, problems: list[Refused]) -> int | None:
    level = values.get(name)
    if level is None or level == "":
        return None
    if not HIGHEST <= int(level) <= LOWEST:
        problems.append(Refused(N_("A skill level is a number from 1 to 5."), name))
        return None
    return int(level)


class PastIndex:
    """All pairs so far, found by person, so that each new row meets only those that matter.

    People are known by a text, so that rows of a file and stored pairs fit together.
    """

    def __init__(self, stored: Iterable[tuple[str, str, Pair]]) -> None:
        self._ids: dict[str, int] = {}
        self._taught: dict[int, list[tuple[Pair, int | None]]] = {}
        for mentor, apprentice, pair in stored:
            self._keep(self._pair(mentor, apprentice, pair.starts_on, pair.ends_on), None)

    def _pair(self, mentor: str, apprentice: str, first: date, last: date) -> Pair:
        ids = [self._ids.setdefault(one, len(self._ids)) for one in (mentor, apprentice)]
        return Pair(ids[0], ids[1], first, last)

    def _keep(self, pair: Pair, number: int | None) -> None:
        self._taught.setdefault(pair.mentor_id, []).append((pair, number))

    def add(self, past: Past, number: int, key_of: Callable[[str], str]) -> list[Refused]:
        """Keep a row's pair, or say why it cannot be."""
        mentor, apprentice = key_of(past.mentor.id_number), key_of(past.apprentice.id_number)
        pair = self._pair(mentor, apprentice, past.starts_on, past.ends_on)
        twin = self._twin(pair)
        if twin is not None:
            return [Refused(N_("Row %(number)s tells of the same pair and days."), number=twin)]
        learner = Learner(birth_date=past.apprentice.birth_date)
        problems = impossible(pair, learner, self._near(pair), LEAST_AGE)
        if not problems:
            self._keep(pair, number)
        return problems

    def _twin(self, pair: Pair) -> int | None:
        for one, number in self._taught.get(pair.mentor_id, ()):
            same = one.apprentice_id == pair.apprentice_id
            if number is not None and same and one.overlaps(pair):
                return number
        return None

    def _near(self, pair: Pair) -> list[Pair]:
        """Walk down from the apprentice, and take the mentor's own pairs."""
        found = [one for one, _ in self._taught.get(pair.mentor_id, ()) if one.overlaps(pair)]
        front, seen = [pair.apprentice_id], {pair.apprentice_id, pair.mentor_id}
        while front:
            for one, _ in self._taught.get(front.pop(), ()):
                if one.overlaps(pair):
                    found.append(one)
                    if one.apprentice_id not in seen:
                        seen.add(one.apprentice_id)
                        front.append(one.apprentice_id)
        return found
