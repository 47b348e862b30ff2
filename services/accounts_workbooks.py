"""Accounts from a spreadsheet: the template, the reading with its problems, the list of links."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.accounts import Account
from models.contests import Contest, Event
from models.database import db
from rules import access
from rules.access import Grant, Holder, Role
from rules.refusals import Refused
from rules.texts import N_
from services.accounts import normal_name
from services.accounts_granting import (
    NO_EMPLOYER,
    NOT_YOURS,
    UNKNOWN_EMPLOYER,
    Link,
    NewAccount,
    check_words,
)
from services.people_employers import find_employers, title_key
from services.workbooks import Column, Row, read_table
from services.workbooks_writing import write_table

MAX_ACCOUNTS = 500
ALL_CONTESTS = "全部"

ROLES = {
    Role.ORGANIZER: ("组委会", "组织者", "Organizer"),
    Role.CHIEF_JUDGE: ("裁判长", "Chief judge"),
    Role.JUDGE: ("裁判员", "裁判", "Judge"),
    Role.ENTRY_CLERK: ("录入员", "Entry clerk"),
    Role.SEALER: ("加密裁判", "加密裁判员", "Sealer"),
    Role.HALL_CLERK: ("检录员", "Hall clerk"),
    Role.SUPERVISOR: ("监督员", "Supervisor"),
    Role.ARBITRATOR: ("仲裁员", "仲裁人员", "Arbitrator"),
    Role.SELECTION_CLERK: ("评选审核员", "Checker of selections"),
    Role.REVIEWER: ("评审专家", "评选专家", "Expert reviewer"),
    Role.EMPLOYER: ("单位", "参赛单位", "Employer"),
    Role.CONTESTANT: ("参赛人", "参赛选手", "选手", "Contestant"),
    Role.BUREAU_STAFF: ("主管部门", "Bureau staff"),
    Role.PAYER: ("支付经办", "Payer"),
    Role.APPROVER: ("支付审批", "支付审批人", "Approver"),
    Role.ADMINISTRATOR: ("管理员", "Administrator"),
}
COLUMNS = (
    Column("username", ("用户名", "User name"), required=True, help="3 至 64 个字母或数字"),
    Column("title", ("显示名称", "姓名", "Name"), required=True),
    Column(
        "role",
        ("角色", "Role"),
        required=True,
        choices=tuple(words[0] for role, words in ROLES.items() if role != Role.ADMINISTRATOR),
    ),
    Column("contest", ("竞赛", "竞赛代码", "Contest"), help="竞赛代码或名称；留空表示全部"),
    Column("event", ("赛项", "赛项代码", "Event"), help="赛项代码或名称；留空表示整届竞赛"),
    Column("employer", ("单位名称", "Employer"), help="角色为“单位”时必填，须已登记"),
    Column("email", ("电子邮箱", "E-mail")),
    Column("phone", ("联系电话", "手机", "Phone"), kind="digits"),
)
LINK_COLUMNS = (
    Column("username", ("用户名", "User name")),
    Column("title", ("显示名称", "Name")),
    Column("employer", ("单位名称", "Employer")),
    Column("note", ("备注", "Note")),
    Column("url", ("激活链接（仅可使用一次）", "One-time link")),
    Column("until", ("有效期至", "Valid until")),
)

UNKNOWN_ROLE = N_("%(value)s is no role. Use one of: %(expected)s.")
UNKNOWN_CONTEST = N_("There is no contest with the code or name %(value)s.")
UNKNOWN_EVENT = N_("This contest has no event with the code or name %(value)s.")
EVENT_ALONE = N_("Give the contest of the event, too.")
TAKEN = N_("The user name %(value)s is taken.")
TWICE = N_("The user name %(value)s is there more than once with different names.")


@dataclass(frozen=True)
class ReadRow:
    """One row as typed, with what is wrong in it."""

    number: int
    texts: dict[str, str]
    problems: tuple[Refused, ...]


@dataclass(frozen=True)
class Reading:
    """A spreadsheet read: its rows, the accounts they ask for, and problems of the whole file."""

    rows: tuple[ReadRow, ...] = ()
    wanted: tuple[NewAccount, ...] = ()
    problems: tuple[Refused, ...] = ()

    @property
    def accepted(self) -> bool:
        """Tell whether the accounts can be created."""
        return bool(self.wanted) and not self.problems and not self.faulty

    @property
    def faulty(self) -> int:
        """Count the rows with problems."""
        return sum(1 for row in self.rows if row.problems)


def template() -> bytes:
    """Write the empty spreadsheet to fill in."""
    return write_table(COLUMNS, [], "账号")


def links_workbook(links: Sequence[dict[str, str]]) -> bytes:
    """Write the list of one-time links."""
    return write_table(LINK_COLUMNS, links, "激活链接")


def read_accounts(data: bytes, filename: str, holder: Holder) -> Reading:
    """Read a spreadsheet of accounts; nothing is written, problems are collected."""
    table = read_table(data, filename, COLUMNS, MAX_ACCOUNTS)
    if table.problems:
        return Reading(problems=tuple(table.problems))
    known = _Known(holder, table.rows)
    rows, wanted = [], []
    for row in table.rows:
        problems = [*row.problems]
        if not problems:
            problems += known.problems(row)
        rows.append(ReadRow(row.number, row.texts, tuple(problems)))
        if not problems:
            wanted.append(known.account(row))
    return Reading(tuple(rows), tuple(_joined(wanted)))


class _Known:
    """What the rows refer to, read in one statement a table."""

    def __init__(self, holder: Holder, rows: Sequence[Row]) -> None:
        self.holder = holder
        names = {normal_name(str(row.values["username"] or "")) for row in rows}
        titles = {str(row.values["employer"] or "") for row in rows}
        self.taken = set(
            db.session.scalars(select(Account.username).where(Account.username.in_(names)))
        )
        self.employers = find_employers(title for title in titles if title)
        contests = db.session.execute(select(Contest.id, Contest.code, Contest.title)).all()
        self.contests = {name: key for key, *names in contests for name in names}
        events = db.session.execute(select(Event.contest_id, Event.id, Event.code, Event.title))
        self.events = {(c, name): key for c, key, *both in events.all() for name in both}
        self.first_titles: dict[str, object] = {}
        self.counts = Counter(row.values["username"] for row in rows)

    def problems(self, row: Row) -> Iterator[Refused]:
        """Say what is wrong with a row whose cells are readable."""
        yield from self._name_problems(row)
        try:
            grant = self.grant(row)
            check_words(self.account(row))
        except Refused as problem:
            yield problem
            return
        if not access.may_grant(self.holder, grant):
            yield Refused(NOT_YOURS, "role")
        employer = str(row.values["employer"] or "")
        if employer and title_key(employer) not in self.employers:
            yield Refused(UNKNOWN_EMPLOYER, "employer")
        if grant.role is Role.EMPLOYER and not employer:
            yield Refused(NO_EMPLOYER, "employer")

    def _name_problems(self, row: Row) -> Iterator[Refused]:
        name = normal_name(str(row.values["username"]))
        if name in self.taken:
            yield Refused(TAKEN, "username", value=name)
        title = row.values["title"]
        if self.first_titles.setdefault(name, title) != title:
            yield Refused(TWICE, "username", value=name)

    def grant(self, row: Row) -> Grant:
        """Return the role of a row and where it holds."""
        role = _role(str(row.values["role"]))
        contest, event = row.values["contest"], row.values["event"]
        if contest in {None, ALL_CONTESTS}:
            if event is not None:
                raise Refused(EVENT_ALONE, "contest")
            return Grant(role)
        contest_id = self.contests.get(str(contest))
        if contest_id is None:
            raise Refused(UNKNOWN_CONTEST, "contest", value=contest)
        if event is None:
            return Grant(role, contest_id)
        event_id = self.events.get((contest_id, str(event)))
        if event_id is None:
            raise Refused(UNKNOWN_EVENT, "event", value=event)
        return Grant(role, contest_id, event_id)

    def account(self, row: Row) -> NewAccount:
        """Return the account that a row asks for."""
        text: dict[str, Any] = {key: str(value or "") for key, value in row.values.items()}
        return NewAccount(
            normal_name(text["username"]),
            text["title"],
            (self.grant(row),),
            text["email"],
            text["phone"],
            text["employer"],
        )


def _role(text: str) -> Role:
    wanted = text.strip().casefold()
    for role, words in ROLES.items():
        if wanted in {word.casefold() for word in words}:
            return role
    expected = ", ".join(COLUMNS[2].choices)
    raise Refused(UNKNOWN_ROLE, "role", value=text[:40], expected=expected)


def _joined(wanted: Sequence[NewAccount]) -> Iterator[NewAccount]:
    """Join the rows of one user name: one account with several roles."""
    grouped: dict[str, list[NewAccount]] = {}
    for new in wanted:
        grouped.setdefault(new.username, []).append(new)
    for same in grouped.values():
        first = same[0]
        grants = tuple(dict.fromkeys(grant for new in same for grant in new.grants))
        yield NewAccount(
            first.username,
            first.title,
            grants,
            next((new.email for new in same if new.email), ""),
            next((new.phone for new in same if new.phone), ""),
            next((new.employer for new in same if new.employer), ""),
        )


def links_of(links: Sequence[Link], urls: Sequence[str], untils: Sequence[str]) -> Any:
    """Turn made links into the rows of their list."""
    return [
        {
            "username": link.username,
            "title": link.title,
            "employer": link.employer,
            "note": link.note,
            "url": url,
            "until": until,
        }
        for link, url, until in zip(links, urls, untils, strict=True)
    ]
