"""Personal data that somebody typed into a text for the public (R9.03 to R9.05).

What is looked for: identity numbers, also those mistyped by a figure or masked, mobile telephone
numbers, and birth dates beside names. Better one refusal too many than one number published.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rules.refusals import Refused
from rules.texts import N_


class Kind(StrEnum):
    """A kind of personal data."""

    IDENTITY = "identity"
    MASKED = "masked"
    MOBILE = "mobile"
    BIRTH = "birth"


class Finding(NamedTuple):
    """What was found, and how it is shown: its first two characters only."""

    kind: Kind
    shown: str


MESSAGES = {
    Kind.IDENTITY: N_("An identity number stands in it (%(found)s). Take it out."),
    Kind.MASKED: N_("A masked number stands in it (%(found)s). Take it out altogether."),
    Kind.MOBILE: N_("A mobile number stands in it (%(found)s). Take it out."),
    Kind.BIRTH: N_("A birth date stands in it (%(found)s). Take it out."),
}
EVERYTHING = frozenset(Kind)
# The line that says where to object may name a telephone, even a mobile one: that is meant.
IN_CONTACT = EVERYTHING - {Kind.MOBILE}
YOUNGEST = 14
OLDEST = 110

_GAP = r"[ \-–—.·]?"
# A number may be typed in groups; 15 figures are the old form, one more or fewer than 18 a slip.
_IDENTITIES = tuple(
    re.compile(rf"(?<![0-9])(?=({pattern})(?![0-9Xx]))")
    for pattern in (rf"(?:[0-9]{_GAP}){{17}}[0-9Xx]", r"[0-9]{16}[0-9Xx]", r"[0-9]{18}[0-9Xx]")
)
_OLD = re.compile(r"(?<![0-9])[0-9]{15}(?![0-9])")
_MASKED = re.compile(r"[0-9]{3,}[*×•●]{3,}[0-9]{0,6}[0-9Xx]")
_GROUPS = (
    rf"1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}",
    rf"1[3-9][0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}}",
    rf"1[3-9][0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}",
)
_MOBILE = re.compile(rf"(?<![0-9])(?:(?:00)?86{_GAP})?(?:{'|'.join(_GROUPS)})(?![0-9])")
_DAY = (
    r"(?P<year>(?:19|20)[0-9]{2})(?:年|[.\-/])(?P<month>[0-9]{1,2})(?:月|[.\-/])?"
    r"(?:(?P<day>[0-9]{1,2})日?)?"
)
_COMPACT = r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])"
_NAME = r"[\u4e00-\u9fff]{2,4}"
_SEX = r"(?:[,、 ]*[男女])?"
_ANY_DAY = rf"(?:{_DAY}|{_COMPACT.replace('?P<', '?P<c')})"
_BIRTHS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:出生(?:日期|年月日?|于)?|生日|生于)[: ]{{0,3}}{_ANY_DAY}",
        rf"{_DAY} ?(?:出生|生)(?![\u4e00-\u9fff])",
        rf"{_NAME}{_SEX} ?[(,、 ] ?{_SEX}[,、 ]*{_DAY} ?(?=[),、;。\n]|$)",
        rf"{_NAME}{_SEX} ?[(,、 ]? ?{_SEX}[,、 ]*{_COMPACT}",
    )
)


def found_in(text: str, today: date, kinds: Iterable[Kind] = EVERYTHING) -> list[Finding]:
    """List the personal data of these kinds in a text, each once."""
    plain = _plain(text)
    searches: dict[Kind, Iterable[str]] = {
        Kind.IDENTITY: _identities(plain),
        Kind.MASKED: (match[0] for match in _MASKED.finditer(plain)),
        Kind.MOBILE: (match[0] for match in _MOBILE.finditer(plain)),
        Kind.BIRTH: _births(plain, today),
    }
    wanted = set(kinds)
    found = [
        Finding(kind, _hidden(hit))
        for kind, hits in searches.items()
        if kind in wanted
        for hit in hits
    ]
    return list(dict.fromkeys(found))


def text_problems(texts: Mapping[str, str], today: date) -> Iterator[Refused]:
    """Yield what is wrong with the texts of a notice, each at its field."""
    for field, text in texts.items():
        kinds = IN_CONTACT if field == "contact" else EVERYTHING
        for finding in found_in(text, today, kinds):
            yield Refused(MESSAGES[finding.kind], field, found=finding.shown)


def _plain(text: str) -> str:
    """Return a text with plain figures and brackets, without characters that nobody sees."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(one for one in normal if unicodedata.category(one) != "Cf")


def _hidden(hit: str) -> str:
    return hit[:2] + "*" * (len(hit) - 2)


def _identities(text: str) -> Iterator[str]:
    for pattern in _IDENTITIES:
        for match in pattern.finditer(text):
            whole = re.sub(_GAP, "", match[1])
            if _is_day(whole[6:10], whole[10:12], whole[12:14]):
                yield match[1]
    for match in _OLD.finditer(text):
        if _is_day(f"19{match[0][6:8]}", match[0][8:10], match[0][10:12]):
            yield match[0]


def _is_day(year: str, month: str, day: str | None) -> bool:
    if year[:2] not in ("19", "20"):
        return False
    return 1 <= int(month) <= 12 and (day is None or 1 <= int(day) <= 31)


def _births(text: str, today: date) -> Iterator[str]:
    for pattern in _BIRTHS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            year, month = (parts[key] or parts.get(f"c{key}") for key in ("year", "month"))
            age = today.year - int(year or 0)
            day = parts["day"] or parts.get("cday")
            if YOUNGEST <= age <= OLDEST and _is_day(year or "", month or "", day):
                yield _date_of(match)


def _date_of(match: re.Match[str]) -> str:
    start = match.start("year")
    if start < 0:
        start = match.start("cyear")
    return match.string[start : match.end()].rstrip()
