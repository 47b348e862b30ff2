"""Accounts from a spreadsheet."""

from collections.abc import Mapping

import pytest

from rules.access import Grant, Holder, Role
from services import accounts_granting
from services.accounts_workbooks import COLUMNS, read_accounts, template
from services.workbooks_writing import write_table
from tests.builders import Builder

ADMINISTRATOR = Holder(1, (Grant(Role.ADMINISTRATOR),))


def book(*rows: Mapping[str, object]) -> bytes:
    """A filled-in template."""
    return write_table(COLUMNS, rows, "账号")


def row(username: str = "judge.one", role: str = "裁判员", **more: object) -> dict[str, object]:
    """One row with the usual values."""
    return {"username": username, "title": "周立", "role": role, **more}


def test_the_empty_template_says_that_there_are_no_rows(app: object) -> None:
    reading = read_accounts(template(), "x.xlsx", ADMINISTRATOR)
    assert reading.problems and not reading.accepted


def test_rows_of_one_user_name_become_one_account_with_several_roles(
    app: object, build: Builder
) -> None:
    event, employer = build.event(), build.employer()
    code = event.contest.code
    reading = read_accounts(
        book(
            row(contest=code, event=event.code, phone="13900000001"),
            row(role="裁判长", contest=event.contest.title, employer=employer.title),
            row("clerk", "录入员", contest="全部"),
        ),
        "x.xlsx",
        ADMINISTRATOR,
    )
    assert reading.accepted
    judge, clerk = reading.wanted
    assert judge.grants == (
        Grant(Role.JUDGE, event.contest_id, event.id),
        Grant(Role.CHIEF_JUDGE, event.contest_id),
    )
    assert (judge.phone, judge.employer) == ("13900000001", employer.title)
    assert clerk.grants == (Grant(Role.ENTRY_CLERK),)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (row("x"), "username"),
        (row(role="厨师"), "role"),
        (row(contest="没有"), "contest"),
        (row(event="E01"), "contest"),
        (row(role="单位"), "employer"),
        (row(employer="没有的单位"), "employer"),
        (row(email="x"), "email"),
        (row(phone="12345"), "phone"),
        (row(username=""), "username"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(app: object, wrong: dict[str, object], field: str) -> None:
    reading = read_accounts(book(wrong, row("fine.one")), "x.xlsx", ADMINISTRATOR)
    assert not reading.accepted and reading.faulty == 1
    assert [problem.field for problem in reading.rows[0].problems] == [field]


def test_taken_and_doubled_user_names_are_found(app: object, build: Builder) -> None:
    taken = build.account("judge").username
    rows = book(row(taken), row("same"), {**row("same"), "title": "别人"})
    reading = read_accounts(rows, "x.xlsx", ADMINISTRATOR)
    assert [len(line.problems) for line in reading.rows] == [1, 0, 1]


def test_an_unknown_event_of_a_known_contest_is_found(app: object, build: Builder) -> None:
    event = build.event()
    reading = read_accounts(
        book(row(contest=event.contest.code, event="E99")), "x.xlsx", ADMINISTRATOR
    )
    assert reading.rows[0].problems[0].field == "event"


def test_roles_beyond_ones_own_are_refused(app: object, build: Builder) -> None:
    contest = build.contest()
    holder = Holder(1, (Grant(Role.ORGANIZER, contest.id),))
    rows = book(row(contest=contest.code), row("two"), row("three", "管理员"))
    reading = read_accounts(rows, "x.xlsx", holder)
    assert [len(line.problems) for line in reading.rows] == [0, 1, 1]


def test_an_employer_is_known_with_either_kind_of_brackets(app: object, build: Builder) -> None:
    employer = build.employer(title="宏达（集团）公司")
    wanted = row(role="单位", contest="全部", employer="宏达(集团)公司")
    reading = read_accounts(book(wanted), "x.xlsx", ADMINISTRATOR)
    assert reading.accepted
    found = accounts_granting.find_employer(reading.wanted[0].employer)
    assert found is not None and found.id == employer.id
