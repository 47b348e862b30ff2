"""What documents are gathered into, whatever their kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rules.documents import LeftOutFor
from rules.texts import N_

NOTHING = N_("Nobody would stand in this document.")
ALONE = "个人"


@dataclass(frozen=True)
class Words:
    """How coded values are said in the language of the document."""

    say: Callable[[str], str]
    level: Callable[[int | None], str]


class Source(NamedTuple):
    """A revision, a notice or a list of levels that a document can come from."""

    id: int
    title: str


class LeftOut(NamedTuple):
    """Somebody who waits for an answer."""

    name: str
    event: str
    why: LeftOutFor


@dataclass
class Gathered:
    """What the sources say, the revisions behind it, and who is left out."""

    parts: dict[str, Any]
    revisions: list[int]
    left_out: list[LeftOut] = field(default_factory=list)
