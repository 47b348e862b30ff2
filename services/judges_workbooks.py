"""The judge pool as a spreadsheet: template, export, and reading with every problem by row."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.judges import Judge
from models.people import Employer
from rules.judges import JudgeKind, TitleGrade
from rules.refusals import Refused
from rules.texts import N_
from services import audits, judges
from services.accounts import normal_name
from services.acting import Actor
from services.judges import PoolFacts, checked, employer_of, is_in_reach, shown
from services.people_employers import find_employers
from services.transaction import transaction
from services.workbooks import Column, Row, read_table
from services.workbooks_writing import write_table

T = TypeVar("T")
MAX_JUDGES = 1_000
KINDS = {
    JudgeKind.SCENE: ("现场", "现场裁判", "On the scene"),
    JudgeKind.SEALING: ("加密", "加密裁判", "Sealing"),
    JudgeKind.SCORING: ("评分", "评分裁判", "Scoring"),
}
GRADES = {
    TitleGrade.NONE: ("无", "无职称", "None"),
    TitleGrade.JUNIOR: ("初级", "初级职称", "Junior"),
    TitleGrade.MIDDLE: ("中级", "中级职称", "Middle"),
    TitleGrade.DEPUTY_SENIOR: ("副高级", "副高", "Deputy senior"),
    TitleGrade.SENIOR: ("正高级", "正高", "Senior"),
}
_BETWEEN = re.compile(r"[、,，;；/\s]+")
COLUMNS = (
    Column("username", ("用户名", "User name"), required=True, help="须为已有账号"),
    Column("title", ("姓名", "显示名称", "Name"), help="仅供核对，不会修改账号"),
    Column("employer", ("单位名称", "Employer"), help="须已登记；留空则以账号所属单位为准"),
    Column(
        "grade",
        ("职称等级", "Professional title"),
        choices=tuple(words[0] for words in GRADES.values()),
    ),
    Column("held_level", ("技能等级", "Skill level"), kind="integer", help="1 至 5，1 为最高"),
    Column("licence", ("裁判证号", "Judge's licence"), kind="digits"),
    Column("kinds", ("裁判类别", "Kinds"), help="现场、加密、评分，可多项，用顿号分隔"),
    Column("occupations", ("职业（工种）", "职业", "Occupations"), help="可多项，用顿号分隔"),
    Column("remark", ("备注", "Remark")),
    Column("barred_until", ("停任至", "Barred until"), kind="date"),
    Column("bar_reason", ("停任原因", "Reason for the bar"), help="填写停任日期时必填"),
)

_UNKNOWN_ACCOUNT = N_("There is no account with the user name %(value)s.")
_TWICE = N_("The user name %(value)s is there more than once.")
_UNKNOWN_WORD = N_("%(value)s is not known here. Use one of: %(expected)s.")
_NOT_YOURS = N_("%(value)s does not judge in your contests.")


@dataclass(frozen=True)
class PoolRow:
    """One row as typed, with what is wrong in it."""

    number: int
    texts: Mapping[str, str]
    problems: tuple[Refused, ...]


@dataclass(frozen=True)
class Wanted:
    """What a row asks for: the account, and what the pool is to know of it."""

    account_id: int
    facts: PoolFacts


@dataclass(frozen=True)
class PoolReading:
    """A spreadsheet read: its rows, the judges they ask for, and problems of the whole file."""

    rows: tuple[PoolRow, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    problems: tuple[Refused, ...] = ()

    @property
    def faulty(self) -> int:
        """Count the rows with problems."""
        return sum(1 for row in self.rows if row.problems)

    @property
    def accepted(self) -> bool:
        """Tell whether the judges can be taken into the pool."""
        return bool(self.wanted) and not self.problems and not self.faulty


def template() -> bytes:
    """Write the empty spreadsheet to fill in."""
    return write_table(COLUMNS, [], "裁判库")


def export(pool: Sequence[Judge]) -> bytes:
    """Write judges of the pool, so that the file can be read back."""
    return write_table(COLUMNS, [_row(one) for one in pool], "裁判库")


def _row(judge: Judge) -> dict[str, object]:
    employer = employer_of(judge)
    return {
        "username": judge.account.username,
        "title": judge.account.title,
        "employer": employer.title if employer else "",
        "grade": GRADES[judge.grade][0],
        "held_level": judge.held_level,
        "licence": judge.licence,
        "kinds": "、".join(KINDS[JudgeKind(one)][0] for one in judge.kinds),
        "occupations": "、".join(judge.occupations),
        "remark": judge.remark,
        "barred_until": judge.barred_until,
        "bar_reason": judge.bar_reason or "",
    }


def read_judges(data: bytes, filename: str, within: frozenset[int] | None) -> PoolReading:
    """Read a spreadsheet of judges; nothing is written, problems are collected."""
    table = read_table(data, filename, COLUMNS, MAX_JUDGES)
    if table.problems:
        return PoolReading(problems=tuple(table.problems))
    names = [normal_name(str(row.values["username"] or "")) for row in table.rows]
    query = select(Account.username, Account.id).where(Account.username.in_(names))
    known = {username: key for username, key in db.session.execute(query)}
    reach = is_in_reach(set(known.values()), within)
    counts = Counter(names)
    employers = find_employers(str(row.values["employer"] or "") for row in table.rows)
    rows, wanted = [], []
    for name, row in zip(names, table.rows, strict=True):
        problems = [*row.problems]
        if not problems:
            problems += _name_problems(name, counts, known, reach)
        facts = None if problems else _facts(row, problems, employers)
        rows.append(PoolRow(row.number, row.texts, tuple(problems)))
        if facts is not None:
            wanted.append(Wanted(known[name], facts))
    return PoolReading(tuple(rows), tuple(wanted))


def _name_problems(
    name: str, counts: Mapping[str, int], known: Mapping[str, int], reach: set[int]
) -> Iterator[Refused]:
    if name not in known:
        yield Refused(_UNKNOWN_ACCOUNT, "username", value=name)
    elif known[name] not in reach:
        yield Refused(_NOT_YOURS, "username", value=name)
    if counts[name] > 1:
        yield Refused(_TWICE, "username", value=name)


def _facts(
    row: Row, problems: list[Refused], employers: Mapping[str, Employer]
) -> PoolFacts | None:
    """Return what a row says, or None with the problems noted."""
    values: dict[str, Any] = row.values
    text = {key: str(value or "") for key, value in values.items()}
    level, until = values["held_level"], values["barred_until"]
    try:
        facts = PoolFacts(
            employer=text["employer"],
            grade=_word(text["grade"], GRADES) if text["grade"] else TitleGrade.NONE,
            held_level=level if isinstance(level, int) else None,
            licence=text["licence"][:40],
            kinds=_kinds(text["kinds"]),
            occupations=tuple(one for one in _BETWEEN.split(text["occupations"]) if one),
            remark=text["remark"],
            barred_until=until if isinstance(until, date) else None,
            bar_reason=text["bar_reason"],
        )
        checked(facts, employers)
    except Refused as problem:
        problems.append(problem)
        return None
    return facts


def _kinds(text: str) -> tuple[JudgeKind, ...]:
    words = [one for one in _BETWEEN.split(text) if one]
    return tuple(_word(one, KINDS) for one in words) or (JudgeKind.SCORING,)


def _word(text: str, known: Mapping[T, tuple[str, ...]]) -> T:
    wanted = text.strip().casefold()
    for value, words in known.items():
        if wanted in {word.casefold() for word in words}:
            return value
    expected = "、".join(words[0] for words in known.values())
    raise Refused(_UNKNOWN_WORD, value=text[:40], expected=expected)


@transaction
def take_judges(by: Actor, wanted: Sequence[Wanted]) -> int:
    """Take all judges of a spreadsheet into the pool, or bring them up to date; count them."""
    known = judges.find_judges({one.account_id for one in wanted})
    employers = find_employers(one.facts.employer for one in wanted)
    for one in wanted:
        values, judge = checked(one.facts, employers), known.get(one.account_id)
        if judge is None:
            judge = Judge(account_id=one.account_id, created_at=by.now, **values)
            db.session.add(judge)
            before = None
        else:
            before = shown(judge)
            for name, value in values.items():
                setattr(judge, name, value)
        db.session.flush()
        after = shown(judge)
        if before != after:
            action = "edit" if before else "add"
            audits.record(by, action, "judge", judge.id, before=before, after=after)
    audits.record(by, "import", "judge", None, after={"rows": len(wanted)})
    return len(wanted)
