"""What stands against a recommended level, and what a list of levels needs before it is sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.refusals import Refused
from rules.texts import N_


class Settled(StrEnum):
    """What was decided about a line with a problem."""

    KEPT = "kept"
    DROPPED = "dropped"


class LineProblem(StrEnum):
    """What a check found against a line."""

    HELD = "held"
    HELD_ELSEWHERE = "held_elsewhere"
    UNDER_WAY = "under_way"
    TWICE = "twice"
    NO_ID = "no_id"


PROBLEM_TEXTS = {
    LineProblem.HELD: N_("Holds this level of the occupation already, or a higher one."),
    LineProblem.HELD_ELSEWHERE: N_(
        "The entry names such a level as held, without saying in which occupation."
    ),
    LineProblem.UNDER_WAY: N_("Stands in another list with this level or a higher one."),
    LineProblem.TWICE: N_(
        "Stands in this list with this level of the occupation, or a higher one."
    ),
    LineProblem.NO_ID: N_("Has no identity card; ask the assessment body what it needs."),
}
# The same occupation and level is never certified twice (R7.09), whoever wishes it.
NEVER_KEPT = frozenset({LineProblem.HELD, LineProblem.UNDER_WAY, LineProblem.TWICE})


@dataclass(frozen=True, slots=True)
class Recommended:
    """A line to be checked; lower numbers are higher levels."""

    line: int
    person_id: int
    occupation: str
    level: int
    held_level: int | None
    is_resident: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of people apart from the list: by person and occupation, best level first."""

    held: Mapping[tuple[int, str], int]
    under_way: Mapping[tuple[int, str], int]


def line_problems(lines: Sequence[Recommended], known: Known) -> dict[int, list[LineProblem]]:
    """Say what stands against each line; lines without a problem are not named."""
    best: dict[tuple[int, str], Recommended] = {}
    for one in lines:
        first = best.setdefault((one.person_id, one.occupation), one)
        if one.level < first.level:
            best[one.person_id, one.occupation] = one
    found = {one.line: list(_problems(one, known, best)) for one in lines}
    return {line: problems for line, problems in found.items() if problems}


def _problems(
    one: Recommended, known: Known, best: Mapping[tuple[int, str], Recommended]
) -> Iterator[LineProblem]:
    key = (one.person_id, one.occupation)
    held, under_way = known.held.get(key), known.under_way.get(key)
    if held is not None and held <= one.level:
        yield LineProblem.HELD
    elif held is None and one.held_level is not None and one.held_level <= one.level:
        yield LineProblem.HELD_ELSEWHERE
    if under_way is not None and under_way <= one.level:
        yield LineProblem.UNDER_WAY
    if best[key] is not one:
        yield LineProblem.TWICE
    if not one.is_resident:
        yield LineProblem.NO_ID


def settling_problem(problems: Iterable[LineProblem], settled: Settled) -> Refused | None:
    """Say why a line cannot be settled like this, or None."""
    if settled is Settled.KEPT and NEVER_KEPT & {*problems}:
        return Refused(
            N_("The same occupation and level is never certified twice; this line is dropped."),
            field="settled",
        )
    return None
