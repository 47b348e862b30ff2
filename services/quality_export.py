"""The lists of quality as spreadsheets; each download is recorded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.refusals import Refused
from rules.survival import sampled
from rules.texts import N_
from services import audits, quality
from services.acting import Actor
from services.quality import Wanted
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

Say = Callable[[str], str]
Named = Callable[[Any], str]
Rows = Iterator[Mapping[str, object]]
EVERY = 3  # months


class Part(StrEnum):
    """What can be downloaded."""

    BECAME = "became"
    COHORTS = "cohorts"
    CURVE = "curve"
    MENTORS = "mentors"
    WORKSHOPS = "workshops"


@dataclass(frozen=True)
class Asked:
    """What a download is for."""

    part: Part
    wanted: Wanted
    months: int


TITLES = {
    Part.BECAME: N_("What became of apprentices"),
    Part.COHORTS: N_("Pairs by the year of their start"),
    Part.CURVE: N_("How long pairs last"),
    Part.MENTORS: N_("Mentors without activity"),
    Part.WORKSHOPS: N_("Workshops below duty"),
}
REACHED = {
    "taught": N_("Taught"),
    "levels": N_("Gained a level afterwards"),
    "skilled": N_("Became senior worker or higher"),
    "places": N_("Placed in a contest afterwards"),
    "prizes": N_("Won a prize afterwards"),
    "titles": N_("Given a title of honour afterwards"),
}
COUNTED = {
    "apprentices": N_("Apprentices"),
    "trained": N_("People trained"),
    "highly_skilled": N_("Highly skilled people"),
}
_NUMBER, _TEXT = "integer", "text"
COLUMNS: dict[Part, tuple[tuple[str, str, str], ...]] = {
    Part.BECAME: (
        ("what", N_("What"), _TEXT),
        ("persons", N_("Persons"), _NUMBER),
        ("times", N_("Person-times"), _NUMBER),
    ),
    Part.COHORTS: (
        ("year", N_("Year"), _NUMBER),
        ("persons", N_("Persons"), _NUMBER),
        ("times", N_("Person-times"), _NUMBER),
        ("completed", N_("Completed"), _NUMBER),
        ("running", N_("Being taught"), _NUMBER),
        ("ended_early", N_("Ended early"), _NUMBER),
        ("failed", N_("Did not pass"), _NUMBER),
    ),
    Part.CURVE: (
        ("month", N_("Month"), _NUMBER),
        ("at_risk", N_("Pairs watched"), _NUMBER),
        ("ended", N_("Ended early up to then"), _NUMBER),
        ("percent", N_("Percentage still together"), "decimal"),
    ),
    Part.MENTORS: (
        ("name", N_("Mentor"), _TEXT),
        ("employer", N_("Employer of the mentor"), _TEXT),
        ("pairs", N_("Running pairs"), _NUMBER),
        ("since", N_("First start"), "date"),
        ("last", N_("Last confirmed month"), "date"),
    ),
    Part.WORKSHOPS: (
        ("workshop", N_("Workshop"), _TEXT),
        ("leader", N_("Leader"), _TEXT),
        ("level", N_("Level"), _TEXT),
        ("ends_on", N_("Term ends on"), "date"),
        ("year", N_("Year"), _NUMBER),
        ("counted", N_("Duty"), _TEXT),
        ("found", N_("Reported"), _NUMBER),
        ("least", N_("At least"), _NUMBER),
    ),
}


@transaction
def export(by: Actor, asked: Asked, say: Say, named: Named) -> bytes:
    """Write one of the lists as a spreadsheet; the download is recorded."""
    rows = list(_rows(by, asked, say, named))
    if not rows:
        raise Refused(N_("There is nothing to download."))
    columns = [
        Column(key, (say(title),), kind=kind)  # type: ignore[arg-type]
        for key, title, kind in COLUMNS[asked.part]
    ]
    made = write_table(columns, rows, say(TITLES[asked.part]))
    after = {"part": asked.part.value, "rows": len(rows)}
    audits.record(by, "export", "quality", None, after=after)
    return made


def _rows(by: Actor, asked: Asked, say: Say, named: Named) -> Rows:
    if asked.part is Part.BECAME:
        found = quality.became(asked.wanted)
        for key, title in REACHED.items():
            yield {"what": say(title), **getattr(found, key)._asdict()}
    elif asked.part is Part.WORKSHOPS:
        yield from _workshops(by, say, named)
    else:
        keys = [key for key, _title, _kind in COLUMNS[asked.part]]
        for one in _found(by, asked):
            yield {key: getattr(one, key) for key in keys}


def _found(by: Actor, asked: Asked) -> Sequence[Any]:
    if asked.part is Part.COHORTS:
        return quality.list_cohorts(asked.wanted)
    if asked.part is Part.CURVE:
        return sampled(quality.curve(asked.wanted, by.today).steps, EVERY)
    return quality.all_silent(by.today, asked.months)


def _workshops(by: Actor, say: Say, named: Named) -> Rows:
    for one in quality.below_duty(by.today):
        for lack in one.lacks:
            yield {
                "workshop": one.workshop.title,
                "leader": one.workshop.leader.name,
                "level": named(one.term.level),
                "ends_on": one.term.ends_on,
                "year": lack.gap.year,
                "counted": say(COUNTED[lack.gap.duty.counted]),
                "found": lack.gap.found,
                "least": lack.gap.duty.least,
            }
