"""Match certificate numbers that come back to the lines of a list; report what does not fit."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.texts import N_

SHORTEST_NUMBER, LONGEST_NUMBER = 4, 40


class Match(StrEnum):
    """What became of a returned row, or of a line for which nothing came back."""

    MATCHED = "matched"
    CHANGED = "changed"
    NAME_DIFFERS = "name_differs"
    UNKNOWN = "unknown"
    NOT_CERTAIN = "not_certain"
    NO_NUMBER = "no_number"
    BAD_ROW = "bad_row"
    NUMBER_TWICE = "number_twice"
    NUMBER_TAKEN = "number_taken"
    PERSON_TWICE = "person_twice"
    MISSING = "missing"


MATCH_TEXTS = {
    Match.MATCHED: N_("Matches"),
    Match.CHANGED: N_("Replaces another number"),
    Match.NAME_DIFFERS: N_("The name differs"),
    Match.UNKNOWN: N_("Not in this list"),
    Match.NOT_CERTAIN: N_("Several lines fit; occupation or level is needed"),
    Match.NO_NUMBER: N_("No certificate number, or none of a usual length"),
    Match.BAD_ROW: N_("Cannot be read"),
    Match.NUMBER_TWICE: N_("The number stands there more than once"),
    Match.NUMBER_TAKEN: N_("Somebody else has this number"),
    Match.PERSON_TWICE: N_("The person stands there more than once"),
    Match.MISSING: N_("Nothing came back"),
}
GOOD = frozenset({Match.MATCHED, Match.CHANGED})


@dataclass(frozen=True, slots=True)
class Returned:
    """A row of a returned file; the identity number only as its keyed hash."""

    number: int
    name: str
    id_index: str
    occupation: str
    level: int | None
    certificate_number: str
    certified_on: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list and the number that it has already."""

    id: int
    name: str
    id_index: str
    occupation: str
    level: int
    certificate_number: str | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """One row with its line, or a line for which no row came; and how they fit."""

    match: Match
    row: Returned | None = None
    line: Line | None = None

    @property
    def is_good(self) -> bool:
        """Say whether the number can be taken over."""
        return self.match in GOOD

    @property
    def line_id(self) -> int | None:
        """Return the id of the line, if there is one."""
        return None if self.line is None else self.line.id


def matched(
    rows: Sequence[Returned], lines: Sequence[Line], taken: Collection[str] = frozenset()
) -> list[Matched]:
    """Match by identity number, occupation and level; lines without a row come last."""
    by_person: dict[str, list[Line]] = {}
    for line in lines:
        by_person.setdefault(line.id_index, []).append(line)
    numbers = Counter(one.certificate_number for one in rows if one.certificate_number)
    found = [_matched(row, by_person.get(row.id_index, []), numbers, taken) for row in rows]
    found = _once(found)
    there = {one.line_id for one in found}
    return found + [
        Matched(Match.MISSING, line=line)
        for line in lines
        if line.id not in there and line.certificate_number is None
    ]


def _matched(
    row: Returned, lines: Sequence[Line], numbers: Mapping[str, int], taken: Collection[str]
) -> Matched:
    fitting = [line for line in lines if _fits(row, line)]
    if row.problems:
        return Matched(Match.BAD_ROW, row)
    if not fitting:
        return Matched(Match.UNKNOWN, row)
    if len(fitting) > 1:
        return Matched(Match.NOT_CERTAIN, row)
    return Matched(_judged(row, fitting[0], numbers, taken), row, fitting[0])


def _fits(row: Returned, line: Line) -> bool:
    same = not row.occupation or _plain(row.occupation) == _plain(line.occupation)
    return same and row.level in (None, line.level)


def _judged(row: Returned, line: Line, numbers: Mapping[str, int], taken: Collection[str]) -> Match:
    if _plain(row.name) != _plain(line.name):
        return Match.NAME_DIFFERS
    if not SHORTEST_NUMBER <= len(row.certificate_number) <= LONGEST_NUMBER:
        return Match.NO_NUMBER
    if numbers[row.certificate_number] > 1:
        return Match.NUMBER_TWICE
    if row.certificate_number in taken:
        return Match.NUMBER_TAKEN
    if line.certificate_number not in (None, row.certificate_number):
        return Match.CHANGED
    return Match.MATCHED


def _once(found: list[Matched]) -> list[Matched]:
    """Let nobody's line be filled by two rows of one file."""
    counts = Counter(one.line_id for one in found if one.line_id is not None)
    return [
        Matched(Match.PERSON_TWICE, one.row, one.line)
        if one.line_id is not None and counts[one.line_id] > 1 and one.is_good
        else one
        for one in found
    ]


def _plain(text: str) -> str:
    return "".join(text.split()).replace("·", "").replace("•", "").casefold()
