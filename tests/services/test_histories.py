"""Lists of the past: columns, matching, doubles, bringing in, figures, undoing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models.database import db
from models.histories import HistoryEdition, HistoryEntry, HistoryImport, HistoryMember
from models.honours import Honour
from models.levels import PersonLevel
from models.people import Employer, Person
from models.selection_holders import SelectionHolder
from models.selections import SelectionProgramme
from rules.figures import Counted, Part, Question, Source
from rules.histories import HistoryKind, HistoryState
from rules.histories_matches import NOBODY
from rules.refusals import Missing, Refused
from rules.selections import Verb
from rules.states import ContestState, HonourState
from services import histories, histories_lists, reports
from services.acting import Actor
from services.histories_columns import COLUMNS, Choice
from services.histories_lists import HistorySubject, Shown
from services.workbooks import Column
from services.workbooks_writing import write_table
from tests.builders import Builder

TODAY = date(2026, 9, 1)
# A bureau's own list: other headings in another order, no year, no name of the contest.
OWN = (
    Column("id", ("号码",)),
    Column("who", ("参赛者",)),
    Column("trade", ("比什么",)),
    Column("firm", ("哪家公司",)),
    Column("got", ("拿了什么",)),
    Column("grade", ("定级",)),
)
WHERE = {
    "id_number": Choice(1),
    "name": Choice(2),
    "event": Choice(3),
    "employer": Choice(4),
    "prize": Choice(5),
    "skill": Choice(6),
    "contest": Choice(None, "第五届慈溪市职工技能比武"),
    "year": Choice(None, "2015"),
    "level": Choice(None, "县级"),
    "company": Choice(None, "是"),
}
Cells = Mapping[str, object]


def own_list(*rows: tuple[str, ...]) -> bytes:
    """A list with the bureau's own headings."""
    keys = [column.key for column in OWN]
    return write_table(OWN, [dict(zip(keys, row, strict=True)) for row in rows], "名单")


def ours(kind: HistoryKind, *rows: Cells) -> bytes:
    """A list on our own spreadsheet."""
    return write_table(COLUMNS[kind], rows, "名单")


def previewed(by: Actor, data: bytes, where: Mapping[str, Choice] = WHERE) -> HistoryImport:
    """A list of entrants whose columns are chosen."""
    key = histories.upload(by, HistoryKind.EDITIONS, data, "名单.xlsx")
    histories.choose_columns(by, key, where)
    return histories.get_import(key)


def brought(by: Actor, kind: HistoryKind, data: bytes, **more: Any) -> int:
    """A list on our own spreadsheet, brought in."""
    key = histories.upload(by, kind, data, "名单.xlsx")
    histories.choose_columns(by, key, histories.choices_of(histories.get_import(key)))
    return histories.confirm(by, key, **more)


def said(row: HistoryImport) -> dict[int, list[str]]:
    """The problems of each row."""
    return {one["number"]: [problem[0] for problem in one["problems"]] for one in row.rows}


def counted(source: Source, what: Counted, **more: Any) -> int:
    """The number of a question as of the day of the tests."""
    asked = Question(title="数", unit="个", source=source, counted=what, **more)
    return int(reports.ask(asked, TODAY).number)


def how_many(model: Any) -> int:
    """How many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_list_with_headings_of_its_own_counts_in_figures(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    numbers = [build.id_number() for _ in range(3)]
    data = own_list(
        (numbers[0], "王建国", "钳工", "慈溪一厂", "一等奖", "技师"),
        (numbers[1], "李慧", "钳工", "慈溪一厂", "", "高级工"),
        (numbers[2], "赵小明", "焊工", "慈溪二厂", "二等奖", ""),
        ("", "孙无号", "焊工", "慈溪二厂", "", "高级工"),
    )
    row = previewed(by, data)
    assert (row.state, row.counts["rows"], row.counts["good"]) == (HistoryState.PREVIEWED, 4, 4)
    assert how_many(HistoryEdition) == how_many(Honour) == 0
    histories.confirm(by, row.id)
    assert (row.rows, row.cells) == ([], {})

    year = {"from_year": 2015, "to_year": 2015}
    assert counted(Source.CONTESTS, Counted.ROWS, **year) == 1
    assert counted(Source.EVENTS, Counted.ROWS, **year) == 2
    assert counted(Source.ENTRIES, Counted.ROWS, **year) == 4
    assert counted(Source.ENTRANTS, Counted.TIMES, **year) == 4
    # Somebody of whom only the name is known is a person, too.
    assert counted(Source.ENTRANTS, Counted.PERSONS, company=True, **year) == 4
    assert counted(Source.ENTRANTS, Counted.EVENTS, **year) == 2
    assert counted(Source.AWARDS, Counted.TIMES, only={Part.TITLE: ("一等奖",)}, **year) == 1
    assert counted(Source.LEVEL_GRANTS, Counted.TIMES, only={Part.LEVEL: ("2", "3")}) == 3
    through = {Part.VIA: ("contest",), Part.LEVEL: ("2", "3")}
    assert counted(Source.LEVELS, Counted.TIMES, only=through, **year) == 2
    assert counted(Source.HONOURS, Counted.PERSONS, only={Part.VIA: ("contest",)}, **year) == 2
    before = Question(
        title="数", unit="个", source=Source.ENTRANTS, counted=Counted.TIMES,
        as_of=date(2015, 12, 30),
    )  # fmt: skip
    assert int(reports.ask(before, TODAY).number) == 0
    (edition,) = histories_lists.editions_of(row.id)
    assert (edition.events, edition.entries, edition.entrants, edition.prizes) == (2, 4, 4, 2)


def test_persons_of_both_kinds_of_editions_are_counted_once(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    event = build.event()
    person = build.person(name="陈立")
    build.entry(event, person=person)
    data = own_list((person.id_number, person.name, "钳工", "慈溪一厂", "", ""))
    histories.confirm(by, previewed(by, data).id)
    assert counted(Source.ENTRANTS, Counted.TIMES) == 1 + 1
    assert counted(Source.ENTRANTS, Counted.PERSONS) == 1
    # An event of the past may have the number of one that was held here.
    assert counted(Source.ENTRANTS, Counted.EVENTS) == 2


def test_who_has_no_number_is_matched_by_staff(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    firm = build.employer(title="慈溪一厂")
    known = build.person(name="陈立", employer_id=firm.id)
    other = build.person(name="陈立")
    data = own_list(
        ("", "陈立", "钳工", "慈溪一厂", "一等奖", ""),
        ("", "陈立", "焊工", "慈溪九厂", "", ""),
    )
    row = previewed(by, data)
    assert (row.counts["open"], row.counts["proposed"], row.counts["good"]) == (2, 1, 0)
    first, second = row.rows
    assert [one[0] for one in first["candidates"]] == [known.id, other.id]
    with pytest.raises(Refused, match="wait for a decision"):
        histories.confirm(by, row.id)
    with pytest.raises(Missing):
        histories.decide(by, row.id, {first["number"]: build.person().id})
    histories.take_proposals(by, row.id)
    assert (row.counts["open"], row.rows[0]["person"]) == (1, known.id)
    histories.decide(by, row.id, {second["number"]: NOBODY})
    assert row.counts["good"] == 2
    histories.decide(by, row.id, {second["number"]: None})
    assert row.counts["open"] == 1
    histories.decide(by, row.id, {second["number"]: NOBODY})
    people = how_many(Person)
    histories.confirm(by, row.id)
    assert how_many(Person) == people
    members = db.session.scalars(select(HistoryMember).order_by(HistoryMember.id)).all()
    assert [one.person_id for one in members] == [known.id, None]
    assert db.session.scalars(select(Honour.person_id)).all() == [known.id]


def test_another_birth_date_speaks_against_somebody(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    build.person(name="钱山", birth_date=date(1980, 1, 2))
    right = build.person(name="钱山", birth_date=date(1975, 3, 4))
    facts = {"title": "上林工匠", "level": "县级", "year": 2019, "name": "钱山"}
    data = ours(HistoryKind.HONOURS, {**facts, "birth_date": date(1975, 3, 4)})
    key = histories.upload(by, HistoryKind.HONOURS, data, "a.xlsx")
    histories.choose_columns(by, key, histories.choices_of(histories.get_import(key)))
    (row,) = histories.get_import(key).rows
    assert [(one[0], one[5]) for one in row["candidates"]] == [(right.id, True)]


def test_what_cannot_be_is_told_by_row(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    number, taken = build.id_number(), build.person(name="周正")
    data = own_list(
        (number, "王建国", "钳工", "慈溪一厂", "", "大师"),
        (number[:-1] + ("1" if number[-1] == "0" else "0"), "李慧", "钳工", "慈溪一厂", "", ""),
        (taken.id_number, "别人", "钳工", "慈溪一厂", "", ""),
        (number, "王建国", "焊工", "慈溪一厂", "", ""),
        (number, "王建国", "焊工", "慈溪一厂", "", ""),
    )
    row = previewed(by, data)
    problems = list(said(row).values())
    assert problems[0] == ["“%(value)s” is not known here."]
    assert problems[2][0].startswith("This ID number is registered with another name")
    assert (problems[3], problems[4]) == ([], ["Row %(number)s says the same."])
    assert all(problems[place] for place in (0, 1, 2, 4)) and row.counts["doubles"] == 1
    shown = histories_lists.page_of_rows(row, Shown.PROBLEMS, 1, 50)
    assert shown.total == 4
    histories.confirm(by, row.id, only_good=True)
    assert how_many(HistoryEntry) == 1


def test_columns_must_be_known(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    key = histories.upload(
        by, HistoryKind.EDITIONS, own_list(("", "甲一", "钳工", "", "", "")), "a"
    )
    for wrong, place in (
        ({**WHERE, "contest": Choice()}, "contest"),
        ({**WHERE, "event": Choice(2)}, "event"),
        ({**WHERE, "event": Choice(30)}, "event"),
    ):
        with pytest.raises(Refused) as refused:
            histories.choose_columns(by, key, wrong)
        assert refused.value.field in (place, "name")
    assert histories.get_import(key).state is HistoryState.UPLOADED


def test_an_edition_that_was_held_here_is_not_brought_in(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    contest = build.contest(ContestState.PUBLISHED)
    where = {
        **WHERE,
        "contest": Choice(None, contest.title),
        "year": Choice(None, str(contest.year)),
    }
    row = previewed(by, own_list(("", "甲一", "钳工", "慈溪一厂", "", "")), where)
    assert list(said(row).values()) == [[histories.histories_lines.HELD_HERE]]


def test_the_same_is_never_brought_in_twice(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    number = build.id_number()
    facts = {"name": "王建国", "id_number": number, "level": "县级", "year": 2019}
    data = ours(HistoryKind.HONOURS, {**facts, "title": "上林工匠"})
    brought(by, HistoryKind.HONOURS, data)
    with pytest.raises(Refused, match="brought in already"):
        histories.upload(by, HistoryKind.HONOURS, data, "again.xlsx")
    longer = ours(
        HistoryKind.HONOURS, {**facts, "title": "上林工匠"}, {**facts, "title": "上林银匠"}
    )
    brought(by, HistoryKind.HONOURS, longer, only_good=True)
    titles = db.session.scalars(select(Honour.title).order_by(Honour.id)).all()
    assert titles == ["上林工匠", "上林银匠"]
    assert how_many(Person) == 1


def test_teams_are_one_entry(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    common = {"contest": "职工大赛", "year": 2016, "event": "网络安全", "prize": "一等奖"}
    rows = [
        {**common, "team": "一队", "name": name, "id_number": build.id_number()}
        for name in ("王建国", "李慧")
    ]
    brought(by, HistoryKind.EDITIONS, ours(HistoryKind.EDITIONS, *rows))
    assert counted(Source.ENTRIES, Counted.ROWS) == 1
    assert counted(Source.ENTRANTS, Counted.TIMES) == counted(Source.AWARDS, Counted.TIMES) == 2
    assert db.session.scalar(select(HistoryEntry.title)) == "王建国、李慧"


def test_a_whole_list_is_undone(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    here = build.person(name="何在")
    tables = (HistoryEdition, HistoryMember, Honour, PersonLevel, Person, Employer)
    before = [how_many(table) for table in tables]
    data = own_list(
        (build.id_number(), "王建国", "钳工", "慈溪一厂", "一等奖", "技师"),
        (here.id_number, here.name, "钳工", "慈溪二厂", "二等奖", "高级工"),
    )
    key = previewed(by, data).id
    histories.confirm(by, key)
    with pytest.raises(Refused):
        histories.undo(by, key, reason="")
    histories.undo(by, key, reason="名单年份有误")
    assert [how_many(table) for table in tables] == before
    assert histories.get_import(key).state is HistoryState.UNDONE
    # The same file may come again.
    histories.confirm(by, previewed(by, data).id)


def test_a_list_stays_where_an_honour_was_revoked(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    data = own_list((build.id_number(), "王建国", "钳工", "慈溪一厂", "一等奖", "技师"))
    key = previewed(by, data).id
    histories.confirm(by, key)
    db.session.scalars(select(Honour)).one().state = HonourState.REVOKED
    db.session.commit()
    with pytest.raises(Refused, match="revoked or replaced"):
        histories.undo(by, key, reason="名单年份有误")
    assert how_many(HistoryMember) == 1


def test_a_list_stays_where_something_builds_on_an_honour(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    data = own_list((build.id_number(), "王建国", "钳工", "慈溪一厂", "一等奖", "技师"))
    key = previewed(by, data).id
    histories.confirm(by, key)
    honour = db.session.scalars(select(Honour)).one()
    programme = SelectionProgramme(
        code="P",
        title="上林工匠",
        organiser="局",
        level="county",
        verb=Verb.SELECT,
        created_at=by.now,
    )
    db.session.add(programme)
    db.session.flush()
    db.session.add(
        SelectionHolder(
            programme_id=programme.id, honour_id=honour.id, person_id=honour.person_id, tier="",
            year=2015, starts_on=date(2015, 1, 1),
        )
    )  # fmt: skip
    db.session.commit()
    with pytest.raises(Refused, match="builds on an honour"):
        histories.undo(by, key, reason="名单年份有误")


def test_a_list_stays_while_another_one_adds_to_its_edition(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    first = previewed(
        by, own_list((build.id_number(), "王建国", "钳工", "慈溪一厂", "", "技师"))
    ).id
    histories.confirm(by, first)
    second = previewed(by, own_list((build.id_number(), "李慧", "钳工", "慈溪一厂", "", ""))).id
    histories.confirm(by, second)
    assert how_many(HistoryEdition) == 1
    with pytest.raises(Refused, match="adds to editions"):
        histories.undo(by, first, reason="名单年份有误")
    histories.undo(by, second, reason="名单年份有误")
    histories.undo(by, first, reason="名单年份有误")
    assert how_many(HistoryEdition) == how_many(PersonLevel) == 0
    # The employer went with the last of its people.
    assert db.session.scalars(select(Employer).where(Employer.title == "慈溪一厂")).all() == []


def test_a_person_who_did_more_since_stays(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    key = previewed(by, own_list((build.id_number(), "王建国", "钳工", "慈溪一厂", "", ""))).id
    histories.confirm(by, key)
    person = db.session.scalars(select(Person).where(Person.name == "王建国")).one()
    account = build.account("contestant", person_id=person.id)
    histories.undo(by, key, reason="名单年份有误")
    assert db.session.get(Person, account.person_id) is not None


def test_lists_of_all_kinds_stand_together(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    key = previewed(by, own_list(("", "甲一", "钳工", "", "", ""))).id
    listed = histories_lists.list_all()
    assert [(one.subject, one.id, one.rows) for one in listed] == [
        (HistorySubject.EDITIONS, key, 1)
    ]
    histories.discard(by, key)
    assert histories_lists.list_all() == []
    row = histories.get_import(key)
    assert (row.cells, row.rows) == ({}, [])


def test_lists_that_nobody_confirmed_are_forgotten(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    key = previewed(by, own_list(("", "甲一", "钳工", "", "", ""))).id
    assert histories.forget_stale(by, by.now) == 0
    later = Actor(by.account_id, by.now.replace(year=2027))
    assert histories.forget_stale(later, later.now) == 1
    assert histories.get_import(key).state is HistoryState.DISCARDED
