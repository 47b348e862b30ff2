"""Lists of the past as a bureau keeps them: what a row says, and what cannot be.

Rules of today do not bind the past; only what nobody can have meant is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.editions import ContestLevel
from rules.honours import HonourKind, HonourLevel, HonourVia
from rules.identity import IdKind, parse_id
from rules.people import SEX_OF, PersonFacts, parse_name
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.selection_history import COMPANY, EARLIEST
from rules.texts import N_


class HistoryKind(StrEnum):
    """What a list tells of: the entrants of past editions with their results, or honours."""

    EDITIONS = "editions"
    HONOURS = "honours"


class HistoryState(StrEnum):
    """A list on its way: uploaded, columns chosen and looked at, brought in, undone as a whole."""

    UPLOADED = "uploaded"
    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"
    UNDONE = "undone"


HISTORY_MOVES: Mapping[HistoryState, frozenset[HistoryState]] = {
    HistoryState.UPLOADED: frozenset({HistoryState.PREVIEWED, HistoryState.DISCARDED}),
    HistoryState.PREVIEWED: frozenset(
        {HistoryState.PREVIEWED, HistoryState.CONFIRMED, HistoryState.DISCARDED}
    ),
    HistoryState.CONFIRMED: frozenset({HistoryState.UNDONE}),
    HistoryState.DISCARDED: frozenset(),
    HistoryState.UNDONE: frozenset(),
}

LEVEL_WORDS: Mapping[str, str] = {
    "国家级": "national", "国家": "national", "全国": "national",
    "省级": "province", "省": "province",
    "市级": "city", "市": "city", "地市级": "city", "设区市级": "city",
    "县级": "county", "区县级": "county", "县市级": "county", "县（市、区）级": "county",
    "区级": "county", "单位": "employer", "企业": "employer",
    **{one.value: one.value for one in HonourLevel},
}  # fmt: skip
SKILL_WORDS: Mapping[str, int] = {
    "一级": 1, "高级技师": 1, "一级/高级技师": 1, "1": 1,
    "二级": 2, "技师": 2, "二级/技师": 2, "2": 2,
    "三级": 3, "高级工": 3, "三级/高级工": 3, "3": 3,
    "四级": 4, "中级工": 4, "四级/中级工": 4, "4": 4,
    "五级": 5, "初级工": 5, "五级/初级工": 5, "5": 5,
}  # fmt: skip
STATUS_WORDS: Mapping[str, EntryStatus] = {
    "": EntryStatus.COMPETED, "参赛": EntryStatus.COMPETED, "competed": EntryStatus.COMPETED,
    "缺赛": EntryStatus.ABSENT, "缺考": EntryStatus.ABSENT, "缺席": EntryStatus.ABSENT,
    "absent": EntryStatus.ABSENT,
    "弃权": EntryStatus.WITHDRAWN, "退赛": EntryStatus.WITHDRAWN,
    "取消成绩": EntryStatus.VIOLATION, "违规": EntryStatus.VIOLATION,
}  # fmt: skip
VIA_WORDS: Mapping[str, HonourVia] = {
    "": HonourVia.SELECTION, "评选": HonourVia.SELECTION, "推荐": HonourVia.SELECTION,
    "selection": HonourVia.SELECTION, "竞赛": HonourVia.CONTEST, "contest": HonourVia.CONTEST,
}  # fmt: skip
KIND_WORDS: Mapping[str, HonourKind] = {
    "": HonourKind.TITLE, "称号": HonourKind.TITLE, "title": HonourKind.TITLE,
    "奖项": HonourKind.PRIZE, "奖励": HonourKind.PRIZE, "prize": HonourKind.PRIZE,
}  # fmt: skip
LONGEST: Mapping[str, int] = {
    "contest": 120, "organiser": 200, "event": 60, "occupation": 60, "division": 40, "team": 60,
    "employer": 120, "district": 40, "prize": 60, "honour": 80, "title": 80, "granted_by": 200,
    "programme": 160, "document": 160, "certificate": 40,
}  # fmt: skip

NOT_KNOWN = N_("“%(value)s” is not known here.")
TOO_LONG = N_("This text is too long.")
NO_YEAR = N_("The year cannot be right.")
FUTURE = N_("This day lies in the future.")
NOT_ITS_YEAR = N_("The day does not fit the year.")
NO_RANK = N_("A place is a whole number from 1.")


@dataclass(frozen=True, slots=True)
class Who:
    """A person as a list names one: by identity number, else by what else is known."""

    name: str
    facts: PersonFacts | None
    birth_date: date | None
    employer: str
    district: str
    of_company: bool | None


@dataclass(frozen=True, slots=True)
class PastEntrant:
    """One entrant of a past edition."""

    who: Who
    contest: str
    year: int
    level: ContestLevel
    organiser: str
    held_on: date
    event: str
    occupation: str
    division: str
    team: str
    status: EntryStatus
    rank: int | None
    mark: Decimal | None
    prize: str
    honour: str
    skill: int | None
    certificate: str
    document: str


@dataclass(frozen=True, slots=True)
class PastHonour:
    """One honour of the past."""

    who: Who
    title: str
    kind: HonourKind
    level: HonourLevel
    granted_by: str
    granted_on: date
    year: int
    programme: str
    via: HonourVia
    document: str


Past = PastEntrant | PastHonour
Values = Mapping[str, Any]


def read_past(kind: HistoryKind, values: Values, today: date) -> tuple[Past | None, list[Refused]]:
    """Read a row whose cells could be read; give what it says, or every problem at once."""
    problems = list(_text_problems(kind, values))
    year, day = _dated(kind, values, today, problems)
    who = _who(values, today, problems)
    if problems or who is None:
        return None, problems
    if kind is HistoryKind.HONOURS:
        return _honour(values, who, year, day), []
    return _entrant(values, who, year, day), []


def plain(values: Values, key: str) -> str:
    """Return a text of a row without spaces around it."""
    return str(values.get(key) if values.get(key) is not None else "").strip()


def _known(kind: HistoryKind) -> dict[str, Mapping[str, Any]]:
    """Return the words that a list of a kind may use in a column."""
    usual: dict[str, Mapping[str, Any]] = {"company": COMPANY}
    if kind is HistoryKind.HONOURS:
        return usual | {"level": LEVEL_WORDS, "via": VIA_WORDS, "kind": KIND_WORDS}
    levels = {word: level for word, level in LEVEL_WORDS.items() if level != "employer"}
    return usual | {
        "level": levels | {"": ContestLevel.CITY.value},
        "status": STATUS_WORDS,
        "skill": {**SKILL_WORDS, "": 0},
    }


def _text_problems(kind: HistoryKind, values: Values) -> Iterator[Refused]:
    for key, words in _known(kind).items():
        if plain(values, key).lower() not in words:
            yield Refused(NOT_KNOWN, key, value=plain(values, key)[:40])
    for key, most in LONGEST.items():
        if len(plain(values, key)) > most:
            yield Refused(TOO_LONG, key)
    rank = values.get("rank")
    if rank is not None and not 1 <= int(rank) <= 99_999:
        yield Refused(NO_RANK, "rank")


def _dated(
    kind: HistoryKind, values: Values, today: date, problems: list[Refused]
) -> tuple[int, date]:
    """Return year and day; a list that names one of the two need not name the other."""
    key = "granted_on" if kind is HistoryKind.HONOURS else "held_on"
    day: date | None = values.get(key)
    year = int(values["year"]) if values.get("year") is not None else None
    if year is None:
        if day is None:
            problems.append(Refused(N_("Give the year or the day."), "year"))
            return today.year, today
        year = day.year
    if not EARLIEST <= year <= today.year:
        problems.append(Refused(NO_YEAR, "year"))
        return today.year, today
    if day is not None and day > today:
        problems.append(Refused(FUTURE, key))
    if day is not None and abs(day.year - year) > 1:
        problems.append(Refused(NOT_ITS_YEAR, key))
    return year, day or min(date(year, 12, 31), today)


def _who(values: Values, today: date, problems: list[Refused]) -> Who | None:
    facts, born = None, values.get("birth_date")
    try:
        name = parse_name(plain(values, "name"))
        if plain(values, "id_number"):
            number = parse_id(IdKind.RESIDENT, plain(values, "id_number"), today)
            born, sex = number.birth_date, SEX_OF[number.sex]
            facts = PersonFacts(
                name, IdKind.RESIDENT, number.normalized, birth_date=number.birth_date, sex=sex
            )
    except Refused as problem:
        place = problem.field if problem.field == "name" else "id_number"
        problems.append(Refused(problem.message, place, **problem.params))
        return None
    company = COMPANY.get(plain(values, "company").lower())
    return Who(name, facts, born, plain(values, "employer"), plain(values, "district"), company)


def _entrant(values: Values, who: Who, year: int, day: date) -> PastEntrant:
    level = LEVEL_WORDS.get(plain(values, "level").lower(), ContestLevel.CITY.value)
    return PastEntrant(
        who,
        plain(values, "contest"),
        year,
        ContestLevel(level),
        plain(values, "organiser"),
        day,
        plain(values, "event"),
        plain(values, "occupation") or plain(values, "event"),
        plain(values, "division"),
        plain(values, "team"),
        STATUS_WORDS[plain(values, "status").lower()],
        values.get("rank"),
        values.get("mark"),
        plain(values, "prize"),
        plain(values, "honour"),
        SKILL_WORDS.get(plain(values, "skill")),
        plain(values, "certificate"),
        plain(values, "document"),
    )


def _honour(values: Values, who: Who, year: int, day: date) -> PastHonour:
    return PastHonour(
        who,
        plain(values, "title"),
        KIND_WORDS[plain(values, "kind").lower()],
        HonourLevel(LEVEL_WORDS[plain(values, "level").lower()]),
        plain(values, "granted_by"),
        day,
        year,
        plain(values, "programme") or plain(values, "title"),
        VIA_WORDS[plain(values, "via").lower()],
        plain(values, "document"),
    )
