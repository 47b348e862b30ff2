"""The rows of an entry spreadsheet: its columns, what a row says, and what is wrong in it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from rules.eligibility import Member, entry_problems
from rules.identity import IdKind
from rules.people import PersonFacts, TypedPerson, read_person, same_name
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.texts import N_
from services.people import OTHER_NAME, Known, person_index
from services.people_employers import title_key
from services.workbooks import Column, Row

T = TypeVar("T")

KEYS = (
    "event",
    "division",
    "team",
    "name",
    "id_kind",
    "id_number",
    "birth_date",
    "sex",
    "phone",
    "held_level",
    "employer",
)
ID_KINDS = {
    IdKind.RESIDENT: ("居民身份证", "Resident ID card", "身份证"),
    IdKind.FOREIGN_RESIDENT: (
        "外国人永久居留身份证",
        "Foreign permanent resident ID card",
        "外国人永久居留证",
    ),
    IdKind.HK_MACAO_PERMIT: ("港澳居民来往内地通行证", "Hong Kong and Macao permit", "回乡证"),
    IdKind.TAIWAN_PERMIT: ("台湾居民来往大陆通行证", "Taiwan permit", "台胞证"),
    IdKind.PASSPORT: ("护照", "Passport"),
}
LEVELS = {
    1: ("一级/高级技师", "Level 1", "一级", "高级技师", "1"),
    2: ("二级/技师", "Level 2", "二级", "技师", "2"),
    3: ("三级/高级工", "Level 3", "三级", "高级工", "3"),
    4: ("四级/中级工", "Level 4", "四级", "中级工", "4"),
    5: ("五级/初级工", "Level 5", "五级", "初级工", "5"),
    0: ("无", "None", "没有", "0", "-"),
}
SEXES = {"M": ("男", "Male"), "F": ("女", "Female")}

ANOTHER_ROW = N_("Another row of this team has an error.")
UNKNOWN_EVENT = N_("This contest has no event named %(value)s.")
UNKNOWN_DIVISION = N_("%(event)s has no division named %(value)s.")
NO_DIVISION = N_("Tell the division.")
NO_TEAM = N_("%(event)s is for %(size)s people together. Give them the same team.")
CLOSED_EVENT = N_("%(event)s takes no entries now.")
UNKNOWN_KIND = N_("%(value)s is no kind of document that is known here.")
UNKNOWN_LEVEL = N_("%(value)s is no skill level. Write 1 to 5, or leave it empty.")
UNKNOWN_SEX = N_("Write the sex as in the template.")
DOUBLE = N_("Row %(row)s enters the same person in the same event.")
NAMES_DIFFER = N_("Row %(row)s has the same ID number with another name.")
TEAM_DIVISIONS = N_("The rows of team %(team)s name different divisions.")
TEAM_EMPLOYERS = N_("The rows of team %(team)s name different employers.")
ENTERED = N_("This person is entered in this event already.")
LONG_EMPLOYER = N_("The name of the employer is too long.")


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event as far as a row needs it."""

    id: int
    code: str
    title: str
    team_size: int
    is_open: bool
    divisions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """All against which rows are checked; only officials name the employer in each row."""

    rules: EditionRules
    today: date
    events: Mapping[str, EventFacts]
    takes_employers: bool = False
    own_employer: int | None = None


@dataclass(slots=True)
class EntryRow:
    """One row: its number, its texts by column, and what is wrong in it."""

    number: int
    texts: dict[str, str]
    reading: list[Refused] = field(default_factory=list)
    problems: list[Refused] = field(default_factory=list)
    event: EventFacts | None = None
    division_id: int | None = None
    facts: PersonFacts | None = None
    index: str = ""


def columns(
    chinese: bool,
    with_employer: bool,
    choices: Mapping[str, Sequence[str]] | None = None,
    say: Callable[[str], str] = str,
) -> list[Column]:
    """Return the columns of the template; the first title of each is in the reader's language."""
    return [
        replace(
            column,
            titles=column.titles if chinese else _english_first(column.titles),
            help=say(HELPS[column.key]),
            choices=tuple((choices or {}).get(column.key, _choices(column.key, chinese))),
        )
        for column in _COLUMNS
        if with_employer or column.key != "employer"
    ]


def _english_first(titles: tuple[str, ...]) -> tuple[str, ...]:
    return (titles[1], titles[0], *titles[2:])


def _choices(key: str, chinese: bool) -> tuple[str, ...]:
    words: Iterable[tuple[str, ...]] = {
        "id_kind": ID_KINDS.values(),
        "held_level": LEVELS.values(),
        "sex": SEXES.values(),
    }.get(key, ())
    return tuple(each[0 if chinese else 1] for each in words)


_COLUMNS = [
    Column("event", ("赛项", "Event", "赛项名称", "竞赛项目", "比赛工种"), required=True),
    Column("division", ("组别", "Division")),
    Column("team", ("队号", "Team", "队名", "代表队")),
    Column("name", ("姓名", "Name", "参赛人", "选手姓名"), required=True),
    Column("id_kind", ("证件类型", "Kind of document", "证件种类")),
    Column(
        "id_number",
        ("证件号码", "ID number", "身份证号", "身份证号码", "证件号"),
        required=True,
        kind="digits",
    ),
    Column("birth_date", ("出生日期", "Birth date", "出生年月日"), kind="date"),
    Column("sex", ("性别", "Sex")),
    Column("phone", ("联系电话", "Phone", "手机", "手机号", "电话"), required=True, kind="digits"),
    Column("held_level", ("现有技能等级", "Skill level held", "技能等级", "职业技能等级")),
    Column("employer", ("单位", "Employer", "工作单位", "单位名称")),
]


HELPS = {
    "event": N_("Name of the event as published."),
    "division": N_("Division of the event; may be empty where there is only one."),
    "team": N_("Only for pairs and teams: the same word or number for all members of one team."),
    "name": N_("Name as on the identity document."),
    "id_kind": N_("Empty means resident ID card."),
    "id_number": N_("All characters, as text."),
    "birth_date": N_("Only where the document is no resident ID card."),
    "sex": N_("Only where the document is no resident ID card."),
    "phone": N_("Mobile number, or landline with area code."),
    "held_level": N_("Highest skill level held at present; empty means none."),
    "employer": N_("Full name of the employer; empty for individuals."),
}


def read_row(row: Row) -> EntryRow:
    """Keep of a row that was read its texts, in plain form, and the problems of its cells."""
    texts = {key: row.texts.get(key, "") for key in KEYS}
    for key, value in row.values.items():
        if value is not None:
            texts[key] = str(value)
    return EntryRow(row.number, texts, list(row.problems))


def check_rows(rows: Sequence[EntryRow], frame: Frame) -> list[list[EntryRow]]:
    """Check every row by itself and against the others; return the rows of each entry."""
    for row in rows:
        row.problems = list(row.reading)
        row.problems += _only_new(row, _own_problems(row, frame))
    _compare(rows)
    groups: dict[tuple[object, ...], list[EntryRow]] = {}
    for row in rows:
        groups.setdefault(_group_key(row), []).append(row)
    for group in groups.values():
        _check_group(group, frame)
    return list(groups.values())


def check_stored(
    rows: Sequence[EntryRow], known: Mapping[str, Known], entered: set[tuple[int, int]]
) -> None:
    """Check rows against the people and entries that are stored."""
    for row in rows:
        person = known.get(row.index)
        if person is None or row.facts is None or row.event is None:
            continue
        if not same_name(row.facts.name, person.name):
            row.problems.append(Refused(OTHER_NAME, "name"))
        elif (row.event.id, person.id) in entered:
            row.problems.append(Refused(ENTERED, "id_number"))


def block_teams(groups: Iterable[Sequence[EntryRow]]) -> None:
    """Hold back the good rows of a team in which another row is wrong."""
    for group in groups:
        if len(group) > 1 and any(row.problems for row in group):
            for row in group:
                if not row.problems:
                    row.problems.append(Refused(ANOTHER_ROW, "team"))


def _only_new(row: EntryRow, problems: Iterable[Refused]) -> Iterator[Refused]:
    """Leave out what follows from a cell that could not be read at all."""
    unread = {problem.field for problem in row.reading}
    return (problem for problem in problems if problem.field not in unread)


def _own_problems(row: EntryRow, frame: Frame) -> Iterator[Refused]:
    texts = row.texts
    row.event = frame.events.get(title_key(texts["event"]))
    if row.event is None:
        yield Refused(UNKNOWN_EVENT, "event", value=texts["event"][:60])
    else:
        yield from _event_problems(row, row.event)
    if len(texts["employer"]) > 120:
        yield Refused(LONG_EMPLOYER, "employer")
    yield from _person_problems(row, frame)


def _event_problems(row: EntryRow, event: EventFacts) -> Iterator[Refused]:
    if not event.is_open:
        yield Refused(CLOSED_EVENT, "event", event=event.title)
    typed = row.texts["division"]
    ids = set(event.divisions.values())
    row.division_id = event.divisions.get(title_key(typed)) if typed else None
    if not typed and len(ids) == 1:
        row.division_id = ids.pop()
    if row.division_id is None and typed:
        yield Refused(UNKNOWN_DIVISION, "division", event=event.title, value=typed[:40])
    elif row.division_id is None:
        yield Refused(NO_DIVISION, "division")
    if event.team_size > 1 and not row.texts["team"]:
        yield Refused(NO_TEAM, "team", event=event.title, size=event.team_size)


def _person_problems(row: EntryRow, frame: Frame) -> Iterator[Refused]:
    texts, words = row.texts, list[Refused]()
    kind = _word(texts["id_kind"], _KIND_WORDS, IdKind.RESIDENT)
    level = _word(texts["held_level"], _LEVEL_WORDS, 0)
    sex = _SEX_WORDS.get(_plain(texts["sex"]))
    if kind is None:
        words.append(Refused(UNKNOWN_KIND, "id_kind", value=texts["id_kind"][:40]))
    if level is None:
        words.append(Refused(UNKNOWN_LEVEL, "held_level", value=texts["held_level"][:40]))
    if sex is None and texts["sex"]:
        words.append(Refused(UNKNOWN_SEX, "sex"))
    typed = TypedPerson(
        texts["name"],
        kind or IdKind.RESIDENT,
        texts["id_number"],
        texts["phone"],
        level or None,
        _day(texts["birth_date"]),
        sex,
    )
    facts, problems = read_person(typed, frame.today)
    yield from words
    yield from problems
    if facts is not None and not words:
        row.facts, row.index = facts, person_index(facts.id_number)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return re.sub(r"[\s（）()]", "", text).casefold()


def _words(meanings: Mapping[T, tuple[str, ...]]) -> dict[str, T]:
    return {_plain(word): key for key, words in meanings.items() for word in words}


def _word(text: str, words: Mapping[str, T], default: T) -> T | None:
    return words.get(_plain(text)) if text else default


_KIND_WORDS = _words(ID_KINDS)
_LEVEL_WORDS = _words(LEVELS)
_SEX_WORDS = _words(SEXES)


def _compare(rows: Sequence[EntryRow]) -> None:
    """Find the same person twice in an event, and one number with two names."""
    names: dict[str, EntryRow] = {}
    places: dict[tuple[str, int], EntryRow] = {}
    for row in rows:
        if row.facts is None:
            continue
        first = names.setdefault(row.index, row)
        if first.facts is not None and not same_name(first.facts.name, row.facts.name):
            row.problems.append(Refused(NAMES_DIFFER, "name", row=first.number))
        if row.event is not None:
            before = places.setdefault((row.index, row.event.id), row)
            if before is not row:
                row.problems.append(Refused(DOUBLE, "id_number", row=before.number))


def _group_key(row: EntryRow) -> tuple[object, ...]:
    if row.event is None or row.event.team_size == 1 or not row.texts["team"]:
        return ("row", row.number)
    return (row.event.id, title_key(row.texts["team"]))


def _check_group(group: Sequence[EntryRow], frame: Frame) -> None:
    first = group[0]
    if first.event is None or any(row.facts is None for row in group):
        return
    members = [Member(r.facts.name, r.index, r.facts.birth_date) for r in group if r.facts]
    problems = entry_problems(frame.rules, first.event.team_size, members, frame.today)
    if len({row.division_id for row in group}) > 1:
        problems.append(Refused(TEAM_DIVISIONS, "division", team=first.texts["team"]))
    if len({title_key(row.texts["employer"]) for row in group}) > 1:
        problems.append(Refused(TEAM_EMPLOYERS, "employer", team=first.texts["team"]))
    for row in group:
        row.problems += problems
