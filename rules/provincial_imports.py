"""Results that come back from the organiser: rows matched to places, and what does not fit."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from rules.people import same_name
from rules.provincial import SENT, Medal, SlotState
from rules.texts import N_


class ResultMatch(StrEnum):
    """What became of a row of results, or of a place for which none came."""

    MATCHED = "matched"
    CHANGED = "changed"
    NAME_DIFFERS = "name_differs"
    UNKNOWN = "unknown"
    NOT_CERTAIN = "not_certain"
    NOT_SENT = "not_sent"
    CONFIRMED = "confirmed"
    TWICE = "twice"
    BAD_ROW = "bad_row"
    MISSING = "missing"


MATCH_TEXTS: Mapping[ResultMatch, str] = {
    ResultMatch.MATCHED: N_("Fits"),
    ResultMatch.CHANGED: N_("Replaces another result"),
    ResultMatch.NAME_DIFFERS: N_("The name differs"),
    ResultMatch.UNKNOWN: N_("Nobody of ours"),
    ResultMatch.NOT_CERTAIN: N_("Several entries fit; give the entry reference or the event"),
    ResultMatch.NOT_SENT: N_("Was not on the form that was sent"),
    ResultMatch.CONFIRMED: N_("Another result of it is confirmed already"),
    ResultMatch.TWICE: N_("The entry stands there more than once"),
    ResultMatch.BAD_ROW: N_("Cannot be read"),
    ResultMatch.MISSING: N_("Nothing came back"),
}
TAKEN = frozenset({ResultMatch.MATCHED, ResultMatch.CHANGED})
_MEDALS = (
    (Medal.GOLD, ("金牌", "gold")),
    (Medal.SILVER, ("银牌", "silver")),
    (Medal.BRONZE, ("铜牌", "bronze")),
    (Medal.MEDALLION, ("优胜奖牌", "优胜奖章", "medallion")),
)
_RANK = re.compile(r"第?\s*(\d{1,3})\s*名?")
ABSENT_WORDS = ("缺赛", "缺考", "未参赛", "弃权", "absent")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row of results as read; an identity number only as its keyed hash."""

    number: int
    reference: str = ""
    name: str = ""
    id_index: str = ""
    event: str = ""
    rank: int | None = None
    total: str = ""
    medal: str = ""
    prize: str = ""
    absent: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentSlot:
    """A place that was sent, as results are matched to it."""

    id: int
    reference: str
    event_code: str
    event: str
    names: tuple[str, ...]
    id_indexes: frozenset[str]
    state: SlotState
    result: tuple[object, ...] | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class MatchedResult:
    """One row with its place, or a place for which no row came."""

    match: ResultMatch
    row: ResultRow | None = None
    slot: SentSlot | None = None

    @property
    def is_good(self) -> bool:
        """Say whether the result can be taken over."""
        return self.match in TAKEN


def matched_results(rows: Sequence[ResultRow], slots: Sequence[SentSlot]) -> list[MatchedResult]:
    """Match by entry reference, else by identity number and event, else by name and event."""
    found = [_matched(row, slots) for row in rows]
    seen = [one.slot.id for one in found if one.slot is not None and one.is_good]
    doubled = {key for key in seen if seen.count(key) > 1}
    found = [
        MatchedResult(ResultMatch.TWICE, one.row, one.slot)
        if one.slot is not None and one.slot.id in doubled and one.is_good
        else one
        for one in found
    ]
    named = {one.slot.id for one in found if one.slot is not None}
    missing = [one for one in slots if one.state in SENT and one.id not in named]
    return [*found, *(MatchedResult(ResultMatch.MISSING, None, one) for one in missing)]


def _matched(row: ResultRow, slots: Sequence[SentSlot]) -> MatchedResult:
    if row.problems:
        return MatchedResult(ResultMatch.BAD_ROW, row)
    fitting = _fitting(row, slots)
    if len(fitting) != 1:
        none = ResultMatch.UNKNOWN if not fitting else ResultMatch.NOT_CERTAIN
        return MatchedResult(none, row)
    return MatchedResult(_fit(row, fitting[0]), row, fitting[0])


def _fitting(row: ResultRow, slots: Sequence[SentSlot]) -> list[SentSlot]:
    if row.reference:
        return [one for one in slots if one.reference == row.reference]
    own = [one for one in slots if row.id_index and row.id_index in one.id_indexes]
    if not row.id_index:
        own = [one for one in slots if _is_named(row.name, one.names)]
    if row.event:
        return [one for one in own if row.event in (one.event, one.event_code)]
    return own


def _is_named(name: str, names: Collection[str]) -> bool:
    typed = [part for part in re.split(r"[、,，/ ]+", name) if part]
    return bool(typed) and all(any(same_name(part, one) for one in names) for part in typed)


def _fit(row: ResultRow, slot: SentSlot) -> ResultMatch:
    if slot.state not in SENT:
        return ResultMatch.NOT_SENT
    if row.name and not _is_named(row.name, slot.names):
        return ResultMatch.NAME_DIFFERS
    fresh = (row.rank, row.total, row.medal, row.prize)
    if slot.is_confirmed:
        return ResultMatch.MATCHED if slot.result == fresh else ResultMatch.CONFIRMED
    changed = slot.result is not None and slot.result != fresh
    return ResultMatch.CHANGED if changed else ResultMatch.MATCHED


def rank_of(text: str) -> int | None:
    """Read a rank as lists write it: 3, 第3名; None where none is named."""
    found = _RANK.fullmatch(text.strip())
    return int(found[1]) or None if found else None


def medal_of(text: str) -> Medal | None:
    """Read a medal from its name or from the name of a prize; None for any other prize."""
    plain = text.strip().lower()
    return next((one for one, words in _MEDALS if any(word in plain for word in words)), None)


def total_of(text: str) -> Decimal | None:
    """Read a total; None where there is none. Raise ValueError for what is no number."""
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) > 10**9:
        raise ValueError(text)
    return round(value, 6)
