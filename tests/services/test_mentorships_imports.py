"""Old registers: person-times come out exactly, problems are told by row, nothing is doubled."""

import time
from datetime import date

import pytest
from sqlalchemy import func, select

from models.database import db
from models.mentorships import Acceptance, Mentorship, MentorshipMonth
from models.people import Employer, Person
from rules.identity import check_digit
from rules.mentorships import MentorshipState
from rules.refusals import Refused
from rules.states import ReturnState
from services import mentorships_imports, mentorships_lists, mentorships_undoing
from services.acting import Actor
from services.mentorships_imports import COLUMNS
from services.mentorships_lists import Wanted
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.mentorship_story import at

NOW = at(2026, 8, 20)
TODAY = NOW.date()
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


def id_number(number: int) -> str:
    """An identity number that can belong to nobody (order code 000)."""
    region = 330200 + number % 90
    born = date(1960, 1, 1).toordinal() + number // 90
    first = f"{region}{date.fromordinal(born):%Y%m%d}000"
    return first + check_digit(first)


def name(number: int) -> str:
    return SURNAMES[number % 16] + SURNAMES[number // 16 % 16] + "国"


def row(teacher: int, pupil: int, year: int = 2020, **more: object) -> dict[str, object]:
    facts: dict[str, object] = {
        "mentor": name(teacher),
        "mentor_id": id_number(teacher),
        "mentor_level": 2,
        "apprentice": name(pupil),
        "apprentice_id": id_number(pupil),
        "employer": "慈溪机械有限公司",
        "occupation": "钳工",
        "starts_on": date(year, 3, 1),
        "ends_on": date(year + 1, 2, 28),
        "outcome": "出师",
        "level_gained": 3,
    }
    return facts | more


def upload(rows: list[dict[str, object]]) -> mentorships_imports.Upload:
    data = write_table(COLUMNS, rows, "台账")
    return mentorships_imports.read_upload(data, "台账.xlsx", TODAY)


def brought_in(by: Actor, rows: list[dict[str, object]], *, only_good: bool = False) -> int:
    key = mentorships_imports.preview(by, upload(rows))
    return mentorships_imports.confirm(by, key, only_good=only_good)


@pytest.fixture
def by(build: Builder) -> Actor:
    """Somebody of the bureau."""
    return Actor(build.account("bureau_staff").id, NOW)


def register(count: int) -> list[dict[str, object]]:
    """Person-times of 400 mentors and half as many apprentices: each is taught twice."""
    half = count // 2
    first = [row(one % 400, 1000 + one) for one in range(half)]
    again = [row(400 + one % 400, 1000 + one, 2022) for one in range(count - half)]
    return first + again


def test_four_thousand_person_times_come_out_exactly(by: Actor) -> None:
    """Persons and person-times are counted apart (R7.12)."""
    started = time.perf_counter()
    key = brought_in(by, register(4000))
    assert time.perf_counter() - started < 60
    found = mentorships_imports.get_import(key)
    assert (found.state, found.rows) == (ReturnState.CONFIRMED, [])
    assert found.counts == {
        "rows": 4000, "problems": 0, "times": 4000, "apprentices": 2000, "mentors": 800,
    }  # fmt: skip
    totals = mentorships_lists.totals(Wanted())
    assert totals == (4000, 2000, 800, 0)
    assert mentorships_lists.totals(Wanted(year=2022)).times == 2000
    assert db.session.scalar(select(func.count()).select_from(Acceptance)) == 4000
    assert db.session.scalar(select(func.count()).select_from(Person)) == 2800
    numbers = select(func.count(Mentorship.number.distinct()))
    assert db.session.scalar(numbers) == 4000


def test_problems_are_told_by_row_and_only_good_rows_can_be_taken(by: Actor) -> None:
    rows = [
        row(1, 2),
        row(3, 3, 2021),
        row(4, 5, starts_on=date(2021, 3, 1), ends_on=date(2020, 3, 1)),
        row(1, 2, 2020, ends_on=date(2020, 12, 31)),
        row(2, 1),
        row(6, 7, apprentice_id="330282199001010019"),
        row(6, 8, outcome="还行"),
        row(9, 10, 1970),
        row(11, 12, workshop="没有的工作室"),
        row(13, 2, 2023, apprentice="别的名"),
        row(14, 15, outcome="在带", ends_on=date(2027, 2, 28)),
    ]
    read = upload(rows)
    said = [[str(one) for one in line.problems] for line in read.lines]
    assert said[0] == said[10] == []
    assert said[1] == ["Nobody is a mentor of himself."]
    assert said[2] == ["The term ends before it starts."]
    assert said[3] == ["Row 2 tells of the same pair and days."]
    assert "own apprentice" in said[4][0]
    assert "ID number" in said[5][0]
    assert said[6][0].startswith("The outcome is one of")
    assert "at least 16" in said[7][0]
    assert "No workshop" in said[8][0]
    assert "another name" in said[9][0]
    key = mentorships_imports.preview(by, read)
    page = mentorships_imports.lines_of(mentorships_imports.get_import(key))
    assert (page.total, bool(page.items[0].problems), page.items[-1].problems) == (11, True, [])
    with pytest.raises(Refused, match="Rows have errors"):
        mentorships_imports.confirm(by, key)
    mentorships_imports.confirm(by, key, only_good=True)
    states = db.session.scalars(select(Mentorship.state).order_by(Mentorship.id)).all()
    assert states == [MentorshipState.ACCEPTED, MentorshipState.RUNNING]


def test_the_same_register_cannot_come_in_twice(by: Actor) -> None:
    brought_in(by, [row(1, 2)])
    again = upload([row(1, 2)])
    (problem,) = again.lines[0].problems
    assert "already" in problem.message
    key = mentorships_imports.preview(by, again)
    with pytest.raises(Refused):
        mentorships_imports.confirm(by, key, only_good=True)
    mentorships_imports.discard(by, key)
    assert mentorships_imports.get_import(key).state is ReturnState.DISCARDED


def test_a_circle_over_stored_and_new_rows_is_refused(by: Actor) -> None:
    brought_in(by, [row(1, 2), row(2, 3)])
    (problem,) = upload([row(3, 1)]).lines[0].problems
    assert str(problem) == "This would close a circle of 3 mentors."
    assert upload([row(3, 1, 2024)]).lines[0].problems == []


def test_known_people_stay_as_they_are(by: Actor, build: Builder) -> None:
    mentor = build.person(name="王建国", id_number=id_number(5), held_level=1)
    employer = mentor.employer_id
    brought_in(by, [row(5, 6, mentor="王建国")])
    db.session.refresh(mentor)
    assert (mentor.held_level, mentor.employer_id) == (1, employer)
    assert db.session.scalar(select(Mentorship.mentor_id)) == mentor.id


def test_a_file_without_headings_is_refused_as_a_whole(by: Actor) -> None:
    read = mentorships_imports.read_upload(b"a,b\n1,2\n", "x.csv", TODAY)
    assert read.problems and not read.lines


def everybody() -> tuple[int, int, int, int]:
    """How many pairs, outcomes, people and employers there are."""
    counts = [
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Mentorship, Acceptance, Person, Employer)
    ]
    return counts[0], counts[1], counts[2], counts[3]


def test_a_list_is_taken_back_out_as_a_whole(by: Actor, build: Builder) -> None:
    brought_in(by, [row(1, 2)])
    before = everybody()
    # Mentor 1 is known already, the others come with this list.
    key = brought_in(by, [row(1, 3), row(4, 5, employer="慈溪二厂"), row(4, 6, 2021)])
    assert everybody() == (before[0] + 3, before[1] + 3, before[2] + 4, before[3] + 1)
    with pytest.raises(Refused, match="reason"):
        mentorships_undoing.undo(by, key, reason=" ")
    mentorships_undoing.undo(by, key, reason="重复导入")
    assert everybody() == before
    found = mentorships_imports.get_import(key)
    assert (found.state, found.made, found.reason) == (ReturnState.UNDONE, {}, "重复导入")
    with pytest.raises(Refused):
        mentorships_undoing.undo(by, key, reason="再撤销")
    brought_in(by, [row(1, 3)])  # it can come again


def test_a_list_on_which_something_builds_stays(by: Actor) -> None:
    key = brought_in(by, [row(1, 2), row(3, 4)])
    pair = db.session.scalars(select(Mentorship).order_by(Mentorship.id.desc())).first()
    assert pair is not None
    number, count = pair.number, everybody()
    month = MentorshipMonth(mentorship_id=pair.id, month=date(2020, 3, 1))
    db.session.add(month)
    db.session.commit()
    with pytest.raises(Refused) as refused:
        mentorships_undoing.undo(by, key, reason="重复导入")
    assert refused.value.params["number"] == number
    db.session.rollback()
    db.session.delete(month)
    pair.skill = "改过的技能"
    db.session.commit()
    with pytest.raises(Refused):
        mentorships_undoing.undo(by, key, reason="重复导入")
    db.session.rollback()
    assert everybody() == count
