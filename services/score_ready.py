"""Ready schemes: the usual kinds of contest, taken from the scheme files that are shipped."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rules.refusals import Missing
from rules.regulations import Regulations
from rules.scheme_trees import bare
from rules.texts import N_
from services.event_rules import usual_plan, usual_scheme
from services.score_files import read_regulations

FOLDER = Path(__file__).parent.parent / "docs" / "schemes"
Say = Callable[[str], str]


@dataclass(frozen=True)
class Ready:
    """A ready scheme by name, with one line of what it is for."""

    name: str
    title: str
    line: str


USUAL = "skills-star"
READY = (
    Ready(
        USUAL,
        N_("Skills Star: theory 20, practical 80"),
        N_("A theory paper and a judged practical task; equal totals go to the better practical."),
    ),
    Ready(
        "five-judges",
        N_("Five judges"),
        N_("One highest and one lowest mark is dropped, the mean of the other three counts."),
    ),
    Ready(
        "two-judges",
        N_("Two judges"),
        N_("The mean of both counts; a difference of 10 marks or more must be marked again."),
    ),
    Ready(
        "worldskills",
        N_("WorldSkills style"),
        N_("Measurement and judgement on 100 marks, medals on the 700 scale within two points."),
    ),
    Ready(
        "time-bands",
        N_("Time bands"),
        N_("Quality and a bonus for speed by time bands; breaches of the rules cost marks."),
    ),
    Ready(
        "pairs",
        N_("Pairs and triples"),
        N_("A pair gets one mark for both; a team of three is the sum of its members."),
    ),
    Ready(
        "theory-heat",
        N_("Theory heat and practical final"),
        N_("The best 24 of the heat go on; the theory mark carries over with 20 percent."),
    ),
)
# Titles in the files, so that they are said in the language of the edition when taken over.
TEXTS = (
    N_("Work"),
    N_("Piece"),
    N_("Mark"),
    N_("Test project"),
    N_("Dimensions"),
    N_("Length within tolerance"),
    N_("Flatness"),
    N_("Surface"),
    N_("full"),
    N_("partly"),
    N_("none"),
    N_("Appearance"),
    N_("Finish"),
    N_("below the standard"),
    N_("meets it"),
    N_("exceeds it in places"),
    N_("excellent"),
    N_("Gold medal"),
    N_("Silver medal"),
    N_("Bronze medal"),
    N_("Medallion for excellence"),
    N_("Time used in seconds"),
    N_("Time used in minutes"),
    N_("Breach of the rules"),
    N_("Destroyed equipment"),
    N_("Quality"),
    N_("Time"),
    N_("Module %(n)s"),
    N_("Task %(n)s"),
    N_("Theory heat"),
    N_("Practical final"),
    N_("Theory"),
    N_("Practical"),
    N_("Paper"),
    N_("Task"),
)
_SAID = frozenset({"title", "name", "label"})
_SAID_LISTS = frozenset({"ladder", "honours"})


def ready_rules(name: str, say: Say) -> Regulations:
    """Return a ready scheme with its texts in the language of the edition; raise Missing."""
    if name == USUAL:
        return Regulations(scheme=usual_scheme(say), plan=usual_plan(say))
    if name not in {one.name for one in READY}:
        raise Missing(name)
    return Regulations.model_validate(_said(bare(_read(name)), say))


@cache
def _read(name: str) -> Regulations:
    return read_regulations(FOLDER / f"{name}.yaml")


def _said(data: Any, say: Say) -> Any:
    if isinstance(data, list):
        return [_said(item, say) for item in data]
    if not isinstance(data, dict):
        return data
    return {name: _said_value(name, value, say) for name, value in data.items()}


def _said_value(name: str, value: Any, say: Say) -> Any:
    if name in _SAID and isinstance(value, str):
        return said_text(value, say)
    if name in _SAID_LISTS:
        return [said_text(text, say) for text in value]
    return _said(value, say)


_NUMBER = re.compile(r"(?<=\s)[0-9]+$")


def said_text(text: str, say: Say) -> str:
    """Say a text of a ready scheme; a number at its end, as in Task 2, is put in again."""
    found = _NUMBER.search(text)
    if found is None:
        return say(text) if text in TEXTS or _is_title(text) else text
    numbered = _NUMBER.sub("%(n)s", text)
    return say(numbered) % {"n": found[0]} if numbered in TEXTS else text


def _is_title(text: str) -> bool:
    return text in {one.title for one in READY}
