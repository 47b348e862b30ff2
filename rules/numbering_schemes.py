"""How certificates of an edition are numbered: parts, separator and serial, as data (R4.24)."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from rules.data import InvalidRules, RuleData
from rules.numbering import with_check_characters
from rules.refusals import Refused
from rules.texts import N_

LONGEST = 40  # of a number, hyphens included
_HIGHEST_SERIAL = 999_999


class NumberPart(StrEnum):
    """What a certificate number can be made of."""

    ORGANISATION = "organisation"
    YEAR = "year"
    CONTEST = "contest"
    KIND = "kind"
    EVENT = "event"
    TIER = "tier"
    SERIAL = "serial"
    CHECK = "check"


class SerialScope(StrEnum):
    """Which certificates are counted together."""

    TIER = "tier"
    EVENT = "event"
    CONTEST = "contest"
    YEAR = "year"


# The widest each part can be.
_WIDEST = {
    NumberPart.ORGANISATION: 6,
    NumberPart.YEAR: 4,
    NumberPart.CONTEST: 6,
    NumberPart.KIND: 2,
    NumberPart.EVENT: 8,
    NumberPart.TIER: 2,
    NumberPart.SERIAL: len(str(_HIGHEST_SERIAL)),
    NumberPart.CHECK: 2,
}
_COUNTED = {
    SerialScope.TIER: (NumberPart.YEAR, NumberPart.CONTEST, NumberPart.EVENT, NumberPart.TIER),
    SerialScope.EVENT: (NumberPart.YEAR, NumberPart.CONTEST, NumberPart.EVENT),
    SerialScope.CONTEST: (NumberPart.YEAR, NumberPart.CONTEST),
    SerialScope.YEAR: (NumberPart.YEAR,),
}
# Organisation and kind set numbers apart wherever a number shows them.
_ALWAYS = (NumberPart.ORGANISATION, NumberPart.KIND)


class NumberFacts(NamedTuple):
    """The codes that the number of one certificate is made of, without its serial."""

    organisation: str
    year: int
    contest: str
    kind: str
    event: str
    tier: str


class NumberScheme(RuleData):
    """Parts in their order, what stands between them, and what the serial counts.

    Whatever sets two certificates of the same serial apart must stand in the number, so that no
    two numbers can be equal. The check characters close it.
    """

    parts: tuple[NumberPart, ...] = (
        NumberPart.ORGANISATION,
        NumberPart.YEAR,
        NumberPart.CONTEST,
        NumberPart.EVENT,
        NumberPart.TIER,
        NumberPart.SERIAL,
        NumberPart.CHECK,
    )
    separator: Literal["-", ""] = "-"
    serial_width: int = Field(default=4, ge=1, le=6)
    scope: SerialScope = SerialScope.TIER

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [*_problems(self)]
        if problems:
            raise InvalidRules(problems)
        return self

    def number(self, facts: NumberFacts, serial: int) -> str:
        """Compose a number such as CX-2026-JS-0301-1-0001-K7."""
        codes = self._codes(facts, serial)
        return with_check_characters(codes, self.separator)

    def series(self, facts: NumberFacts) -> str:
        """Name the certificates that are counted together with this one."""
        counted = (*_ALWAYS, *_COUNTED[self.scope])
        texts = _texts(facts)
        return "-".join(texts[part] for part in self.parts if part in counted)

    def longest(self) -> int:
        """Return how many characters a number can have at most."""
        between = len(self.separator) * (len(self.parts) - 1)
        return sum(_WIDEST[part] for part in self.parts) + between

    def _codes(self, facts: NumberFacts, serial: int) -> list[str]:
        if not 1000 <= facts.year <= 9999 or not 1 <= serial <= _HIGHEST_SERIAL:
            raise ValueError(f"not a year and a serial number: {facts.year}, {serial}")
        texts = _texts(facts) | {NumberPart.SERIAL: f"{serial:0{self.serial_width}d}"}
        codes = [texts[part] for part in self.parts if part is not NumberPart.CHECK]
        for code in codes:
            if not re.fullmatch("[0-9A-Z]+", code):
                raise ValueError(f"not a code of capital letters and digits: {code!r}")
        return codes


def _texts(facts: NumberFacts) -> dict[NumberPart, str]:
    return {
        NumberPart.ORGANISATION: facts.organisation,
        NumberPart.YEAR: str(facts.year),
        NumberPart.CONTEST: facts.contest,
        NumberPart.KIND: facts.kind,
        NumberPart.EVENT: facts.event,
        NumberPart.TIER: facts.tier,
    }


def _problems(scheme: NumberScheme) -> Iterator[Refused]:
    parts = scheme.parts
    if len(set(parts)) < len(parts):
        yield Refused(N_("Each part can stand in a number only once."), field="parts")
    if NumberPart.SERIAL not in parts:
        yield Refused(N_("A number needs its serial number."), field="parts")
    if not parts or parts[-1] is not NumberPart.CHECK:
        yield Refused(N_("A number ends with its check characters."), field="parts")
    if not set(_COUNTED[scheme.scope]) <= set(parts):
        message = N_("What the serial number counts by must stand in the number.")
        yield Refused(message, field="parts")

    length = scheme.longest()
    if length > LONGEST:
        message = N_("A number could have %(length)s characters; at most %(longest)s have room.")
        yield Refused(message, field="parts", length=length, longest=LONGEST)
