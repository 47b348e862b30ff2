"""Entries from a spreadsheet: what a file may say, and what happens to it."""

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from models.audits import AuditRecord
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryMember, ImportBatch
from models.people import Employer, Person
from rules.refusals import Refused
from rules.states import EntryState, EventState, ImportState
from services import entries_imports, entries_reviews
from services.acting import Actor
from services.contests import get_contest
from services.entries import Standing
from services.entries_imports import Upload
from services.entries_rows import columns
from services.transaction import Repeated
from services.workbooks import read_table
from services.workbooks_writing import write_csv, write_table
from tests.builders import Builder

OFFICIAL = Standing(is_official=True)
Values = dict[str, object]


@pytest.fixture
def contest(build: Builder) -> Contest:
    """A contest with a single event 钳工 and a pair event 焊工, both open."""
    event = build.event(state=EventState.REGISTERING, title="钳工")
    build.event(event.contest, EventState.REGISTERING, title="焊工", team_size=2)
    return get_contest(event.contest_id)


def row(build: Builder, **more: object) -> Values:
    """A good row."""
    return {
        "event": "钳工",
        "division": "职工组",
        "name": "王小明",
        "id_number": build.id_number(),
        "phone": "13912345678",
        "held_level": "四级/中级工",
        "employer": "慈溪市宏达模具有限公司",
    } | more


def read(
    by: Actor, contest: Contest, rows: Sequence[Values], standing: Standing = OFFICIAL
) -> Upload:
    data = write_table(columns(True, standing.is_official), rows, "报名")
    return entries_imports.read_upload(contest, standing, data, "报名.xlsx", by.today, True)


def problems(upload: Upload) -> list[list[str]]:
    return [[str(problem) for problem in each.problems] for each in upload.rows]


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_good_file_is_imported_once_confirmed_and_not_before(
    by: Actor, build: Builder, contest: Contest
) -> None:
    rows = [row(build), row(build, name="李红", employer=None, held_level="")]
    upload = read(by, contest, rows)
    assert problems(upload) == [[], []]
    batch = entries_imports.preview(by, contest.id, OFFICIAL, upload)
    assert (count(Entry), count(Person), count(Employer)) == (0, 0, 0)
    shown = entries_imports.get_preview(batch)
    assert shown.new_employers == ["慈溪市宏达模具有限公司"]
    entries_imports.confirm(by, batch, OFFICIAL)
    one, two = db.session.scalars(select(Entry).order_by(Entry.id))
    assert (one.title, one.employer.title) == ("王小明", "慈溪市宏达模具有限公司")
    assert (two.title, two.employer, two.state) == ("李红", None, EntryState.SUBMITTED)
    assert one.number.endswith("-001")
    assert two.number.endswith("-002")
    assert one.members[0].person.held_level == 4
    assert two.members[0].person.held_level is None


def test_a_confirmed_file_leaves_no_personal_data_and_a_record_for_every_entry(
    by: Actor, build: Builder, contest: Contest
) -> None:
    first = row(build)
    batch = entries_imports.preview(by, contest.id, OFFICIAL, read(by, contest, [first]))
    entries_imports.confirm(by, batch, OFFICIAL)
    stored = db.session.get_one(ImportBatch, batch)
    assert (stored.state, stored.rows, stored.row_count) == (ImportState.CONFIRMED, [], 1)
    records = list(db.session.scalars(select(AuditRecord)))
    assert [r.subject_id for r in records if r.action == "enter"] == list(
        db.session.scalars(select(Entry.id))
    )
    assert not any(str(first["id_number"]) in f"{r.before}{r.after}" for r in records)


def test_every_problem_of_a_row_is_named_at_once(
    by: Actor, build: Builder, contest: Contest
) -> None:
    bad = row(
        build,
        event="钳公",
        name="王1",
        id_number="330281199005170001",
        phone="12",
        held_level="九级",
    )
    (found,) = read(by, contest, [bad]).rows
    assert [problem.field for problem in found.problems] == [
        "event",
        "held_level",
        "name",
        "id_number",
        "phone",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"division": "教师组"}, "钳工 has no division named 教师组."),
        ({"division": None}, "Tell the division."),
        ({"id_kind": "驾驶证"}, "驾驶证 is no kind of document that is known here."),
        ({"id_kind": "护照", "id_number": "E1234567"}, "This document does not tell the birth"),
        ({"sex": "?"}, "Write the sex as in the template."),
        ({"event": "焊工"}, "焊工 is for 2 people together. Give them the same team."),
        ({"employer": "长" * 121}, "The name of the employer is too long."),
    ],
)
def test_a_row_is_refused_with_its_reason(
    by: Actor, build: Builder, contest: Contest, change: Values, message: str
) -> None:
    ((first, *_),) = problems(read(by, contest, [row(build, **change)]))
    assert first.startswith(message)


@pytest.mark.parametrize(
    ("change", "level"),
    [("高级工", 3), ("三级", 3), ("3", 3), ("Level 3", 3), ("无", None), ("", None)],
)
def test_levels_may_be_written_in_many_ways(
    by: Actor, build: Builder, contest: Contest, change: str, level: int | None
) -> None:
    (found,) = read(by, contest, [row(build, held_level=change)]).rows
    assert found.facts is not None
    assert found.facts.held_level == level


def test_an_event_is_found_by_its_code_and_whatever_the_spaces(
    by: Actor, build: Builder, contest: Contest
) -> None:
    code = contest.events[0].code
    upload = read(by, contest, [row(build, event=code.lower()), row(build, event=" 钳 工 ")])
    assert problems(upload) == [[], []]


def test_a_passport_with_a_birth_date_is_fine(by: Actor, build: Builder, contest: Contest) -> None:
    document = {"id_kind": "护照", "id_number": "E1234567", "birth_date": "1990年3月5日"}
    (found,) = read(by, contest, [row(build, sex="女", **document)]).rows
    assert found.problems == []
    assert found.facts is not None
    assert (found.facts.birth_date, found.facts.sex) == (date(1990, 3, 5), "F")


def test_the_same_person_twice_in_the_file_is_named_with_the_other_row(
    by: Actor, build: Builder, contest: Contest
) -> None:
    first = row(build)
    upload = read(by, contest, [first, dict(first), first | {"name": "李红"}])
    assert problems(upload) == [
        [],
        ["Row 2 enters the same person in the same event."],
        [
            "Row 2 has the same ID number with another name.",
            "Row 2 enters the same person in the same event.",
        ],
    ]


def test_who_is_stored_with_another_name_or_entered_already_is_refused(
    by: Actor, build: Builder, contest: Contest
) -> None:
    known, busy = build.person(name="欧阳秘密"), build.person(name="张三")
    build.entry(contest.events[0], EntryState.ACCEPTED, busy)
    rows = [
        row(build, id_number=known.id_number),
        row(build, id_number=busy.id_number, name="张三"),
    ]
    other, twice = problems(read(by, contest, rows))
    assert "another name" in other[0]
    assert "秘密" not in other[0]
    assert twice == ["This person is entered in this event already."]


def test_who_withdrew_may_be_imported_again(by: Actor, build: Builder, contest: Contest) -> None:
    person = build.person(name="张三")
    entry = build.entry(contest.events[0], EntryState.SUBMITTED, person)
    entries_reviews.review(by, entry.id, entry.version, EntryState.REJECTED, "单位不对")
    upload = read(by, contest, [row(build, id_number=person.id_number, name="张三")])
    assert problems(upload) == [[]]
    batch = entries_imports.preview(by, contest.id, OFFICIAL, upload)
    entries_imports.confirm(by, batch, OFFICIAL)
    assert count(EntryMember) == 2
    assert count(Person) == 1


def test_a_pair_is_gathered_by_its_team_and_held_back_together(
    by: Actor, build: Builder, contest: Contest
) -> None:
    pair = [row(build, event="焊工", team="一队", name=name) for name in ("甲一", "乙二")]
    broken = [
        row(build, event="焊工", team="二队", name="丙三"),
        row(build, event="焊工", team=" 二队"),
    ]
    broken[1]["phone"] = "x"
    alone = row(build, event="焊工", team="三队")
    mixed = [row(build, event="焊工", team="四队"), row(build, event="焊工", team="四队")]
    mixed[1] |= {"division": "学生组", "employer": "别的单位"}
    upload = read(by, contest, [*pair, *broken, alone, *mixed])
    found = problems(upload)
    assert found[:2] == [[], []]
    assert found[2] == ["Another row of this team has an error."]
    assert len(found[3]) == 1
    assert found[4] == ["This event takes 2 people in one entry, not 1."]
    assert (
        found[5]
        == found[6]
        == [
            "The rows of team 四队 name different divisions.",
            "The rows of team 四队 name different employers.",
        ]
    )
    batch = entries_imports.preview(by, contest.id, OFFICIAL, upload)
    entries_imports.confirm(by, batch, OFFICIAL, only_good=True)
    (entry,) = db.session.scalars(select(Entry))
    assert entry.title == "甲一、乙二"
    assert [member.position for member in entry.members] == [1, 2]


def test_a_file_with_errors_is_not_imported_unless_only_the_good_rows_are_wanted(
    by: Actor, build: Builder, contest: Contest
) -> None:
    upload = read(by, contest, [row(build), row(build, phone="x")])
    batch = entries_imports.preview(by, contest.id, OFFICIAL, upload)
    with pytest.raises(Refused):
        entries_imports.confirm(by, batch, OFFICIAL)
    assert count(Entry) == 0
    entries_imports.confirm(by, batch, OFFICIAL, only_good=True)
    assert count(Entry) == 1
    stored = db.session.get_one(ImportBatch, batch)
    assert (stored.row_count, stored.problem_count) == (1, 1)


def test_a_file_without_a_good_row_imports_nothing(
    by: Actor, build: Builder, contest: Contest
) -> None:
    upload = read(by, contest, [row(build, phone="x")])
    batch = entries_imports.preview(by, contest.id, OFFICIAL, upload)
    with pytest.raises(Refused):
        entries_imports.confirm(by, batch, OFFICIAL, only_good=True)


def test_a_preview_is_checked_again_when_it_is_confirmed(
    by: Actor, build: Builder, contest: Contest
) -> None:
    late = row(build)
    upload = read(by, contest, [late, row(build)])
    batch = entries_imports.preview(by, contest.id, OFFICIAL, upload)
    person = build.person(name="王小明", id_number=str(late["id_number"]))
    build.entry(contest.events[0], EntryState.SUBMITTED, person)
    with pytest.raises(Refused):
        entries_imports.confirm(by, batch, OFFICIAL)
    entries_imports.check_again(by, batch, OFFICIAL)
    shown = entries_imports.get_preview(batch)
    assert (shown.good, shown.batch.problem_count) == (1, 1)
    assert shown.page.items[0].problems


def test_a_confirmation_sent_twice_has_one_effect(
    by: Actor, build: Builder, contest: Contest
) -> None:
    batch = entries_imports.preview(by, contest.id, OFFICIAL, read(by, contest, [row(build)]))
    keyed = Actor(by.account_id, by.now, "request", "key-1")
    entries_imports.confirm(keyed, batch, OFFICIAL)
    with pytest.raises(Repeated):
        entries_imports.confirm(keyed, batch, OFFICIAL)
    with pytest.raises(Refused):
        entries_imports.confirm(by, batch, OFFICIAL)
    assert count(Entry) == 1


def test_the_same_file_twice_shows_every_row_as_entered(
    by: Actor, build: Builder, contest: Contest
) -> None:
    rows = [row(build), row(build)]
    batch = entries_imports.preview(by, contest.id, OFFICIAL, read(by, contest, rows))
    entries_imports.confirm(by, batch, OFFICIAL)
    again = problems(read(by, contest, rows))
    assert again == [["This person is entered in this event already."]] * 2


def test_a_newer_preview_forgets_the_older_one(by: Actor, build: Builder, contest: Contest) -> None:
    upload = read(by, contest, [row(build)])
    older = entries_imports.preview(by, contest.id, OFFICIAL, upload)
    entries_imports.preview(by, contest.id, OFFICIAL, upload)
    db.session.expire_all()
    assert db.session.get_one(ImportBatch, older).rows == []
    with pytest.raises(Refused):
        entries_imports.confirm(by, older, OFFICIAL)


def test_an_employer_imports_for_itself_whatever_the_file_says(
    by: Actor, build: Builder, contest: Contest
) -> None:
    own = Standing(employer_id=build.employer().id)
    data = write_table(columns(True, True), [row(build)], "报名")
    upload = entries_imports.read_upload(contest, own, data, "x.xlsx", by.today, True)
    assert upload.ignored == ("单位",)
    batch = entries_imports.preview(by, contest.id, own, upload)
    entries_imports.confirm(by, batch, own)
    assert db.session.scalars(select(Entry.employer_id)).all() == [own.employer_id]
    assert db.session.scalars(select(Person.employer_id)).all() == [own.employer_id]


def test_after_the_deadline_every_row_of_an_employer_is_refused(
    by: Actor, build: Builder, contest: Contest
) -> None:
    own = Standing(employer_id=build.employer().id)
    data = write_table(columns(True, False), [row(build)], "报名")
    late = date(2026, 10, 1)
    upload = entries_imports.read_upload(contest, own, data, "x.xlsx", late, True)
    assert problems(upload) == [["钳工 takes no entries now."]]
    free = entries_imports.read_upload(contest, OFFICIAL, data, "x.xlsx", late, True)
    assert problems(free) == [[]]


def test_known_people_and_employers_are_found_again_not_doubled(
    by: Actor, build: Builder, contest: Contest
) -> None:
    person = build.person(name="王 小明", phone="13900000000")
    employer = build.employer(title="宁波（方太）厨具有限公司")
    known = row(build, id_number=person.id_number.lower(), employer="宁波(方太) 厨具有限公司")
    batch = entries_imports.preview(by, contest.id, OFFICIAL, read(by, contest, [known]))
    entries_imports.confirm(by, batch, OFFICIAL)
    assert (count(Person), count(Employer)) == (1, 1)
    db.session.refresh(person)
    assert (person.phone, person.employer_id) == ("13912345678", employer.id)
    assert (person.name, person.held_level) == ("王 小明", 4)


def test_the_template_reads_back_and_offers_the_events(by: Actor, contest: Contest) -> None:
    data = entries_imports.template(contest, True, True)
    book = openpyxl.load_workbook(io.BytesIO(data))
    rules = book.worksheets[0].data_validations.dataValidation
    assert any("钳工" in (rule.formula1 or "") for rule in rules)
    table = read_table(data, "x.xlsx", columns(True, True))
    assert [str(problem) for problem in table.problems] == ["There are no rows below the headings."]
    english = read_table(entries_imports.template(contest, True, False), "x", columns(True, True))
    assert [str(problem) for problem in english.problems] == [
        "There are no rows below the headings."
    ]


def test_rows_with_errors_come_back_as_a_file_that_can_be_uploaded(
    by: Actor, build: Builder, contest: Contest
) -> None:
    bad = row(build, phone="x")
    batch = entries_imports.preview(by, contest.id, OFFICIAL, read(by, contest, [row(build), bad]))
    shown = entries_imports.get_preview(batch)
    data = entries_imports.problem_sheet(shown.batch, True, str)
    again = entries_imports.read_upload(contest, OFFICIAL, data, "x.xlsx", by.today, True)
    assert len(again.rows) == 1
    assert again.rows[0].texts["id_number"] == bad["id_number"]
    assert again.ignored == ("错误说明",)


def test_a_csv_in_gb18030_is_read(by: Actor, build: Builder, contest: Contest) -> None:
    good = row(build)
    shape = columns(True, True)
    lines = [[column.title for column in shape], [good.get(column.key) for column in shape]]
    data = write_csv(lines).decode("utf-8-sig").encode("gb18030")
    upload = entries_imports.read_upload(contest, OFFICIAL, data, "x.csv", by.today, True)
    assert problems(upload) == [[]]


def test_a_number_in_the_name_of_the_file_is_not_kept(
    by: Actor, build: Builder, contest: Contest
) -> None:
    upload = read(by, contest, [row(build)])
    secret = build.id_number()
    named = Upload(f"C:\\报名\\王小明{secret}.xlsx", upload.rows)
    batch = entries_imports.preview(by, contest.id, OFFICIAL, named)
    assert entries_imports.get_preview(batch).batch.filename == "王小明….xlsx"


def test_statements_do_not_grow_with_the_rows(
    by: Actor, build: Builder, contest: Contest, statements: object
) -> None:
    def needed(rows: Sequence[Values]) -> int:
        fresh = get_contest(contest.id)
        batch = entries_imports.preview(by, fresh.id, OFFICIAL, read(by, fresh, rows))
        with statements() as seen:  # type: ignore[operator]
            entries_imports.confirm(by, batch, OFFICIAL)
        return len(seen)

    few = needed([row(build)])
    assert needed([row(build) for _ in range(40)]) <= few


def test_discarding_forgets_the_rows(by: Actor, build: Builder, contest: Contest) -> None:
    batch = entries_imports.preview(by, contest.id, OFFICIAL, read(by, contest, [row(build)]))
    entries_imports.discard(by, batch)
    assert list(entries_imports.get_preview(batch).page.items) == []


def test_events_in_other_states_take_no_rows(by: Actor, build: Builder) -> None:
    event: Event = build.event(state=EventState.DRAWN, title="钳工")
    upload = read(by, get_contest(event.contest_id), [row(build)])
    assert problems(upload) == [["钳工 takes no entries now."]]
