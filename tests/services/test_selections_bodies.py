"""Recommending quotas by form and spreadsheet, checkers, and the board of a big round."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from openpyxl import Workbook
from sqlalchemy import insert

from models.database import db
from models.people import Person
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionStep
from rules.data import InvalidRules
from rules.refusals import Missing, Refused
from rules.selection_rounds import Step
from rules.selections import ApplicationState, Body, Channel, RoundState, StepState
from services import selections_board, selections_bodies
from services.people import person_index
from services.selections_bodies import BodyKind, QuotaFacts
from tests.builders import NOW, Builder
from tests.selection_story import SelectionStory, plain_rules

DISTRICT = Step(key="district", title="镇街初审", body=Body.DISTRICT)
BUREAU = Step(key="bureau", title="资格审查", body=Body.BUREAU)


@pytest.fixture
def story(build: Builder) -> SelectionStory:
    found = SelectionStory(build)
    found.published(plain_rules(chain=(DISTRICT, BUREAU)))
    return found


def book(*rows: tuple[object, ...]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (("推荐主体", "名称", "推荐名额"), *rows):
        sheet.append(row)
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def test_quotas_are_written_changed_and_removed(story: SelectionStory, build: Builder) -> None:
    employer = build.employer(title="慈溪市公牛电器有限公司")
    wanted = [
        QuotaFacts(BodyKind.EMPLOYER, employer.title, 3),
        QuotaFacts(BodyKind.ASSOCIATION, "模具行业协会", 2),
        QuotaFacts(BodyKind.DISTRICT, "浒山街道", 5),
    ]
    selections_bodies.set_quotas(story.first(), story.round_id, wanted)
    again = [QuotaFacts(BodyKind.DISTRICT, "浒山街道", 6)]
    selections_bodies.set_quotas(story.first(), story.round_id, again)
    rows = selections_bodies.list_quotas(story.round_id)
    assert [(selections_bodies.name_of(one), one.places) for one in rows] == [
        (employer.title, 3),
        ("模具行业协会", 2),
        ("浒山街道", 6),
    ]
    selections_bodies.remove_quota(story.first(), story.round_id, rows[0].id)
    assert len(selections_bodies.list_quotas(story.round_id)) == 2
    with pytest.raises(Missing):
        selections_bodies.remove_quota(story.first(), story.round_id, 999_999)
    for wrong, word in (
        (QuotaFacts(BodyKind.EMPLOYER, "无此单位", 1), "No employer"),
        (QuotaFacts(BodyKind.DISTRICT, "浒山街道", 1001), "from 0 to"),
    ):
        with pytest.raises(Refused, match=word):
            selections_bodies.set_quotas(story.first(), story.round_id, [wrong])
    assert len(selections_bodies.list_quotas(story.round_id)) == 2


def test_a_spreadsheet_counts_as_a_whole_or_not_at_all(
    story: SelectionStory, build: Builder
) -> None:
    employer = build.employer()
    good = book(("单位", employer.title, 2), ("镇（街道）", "周巷镇", 4))
    wanted = selections_bodies.read_quotas(good, "名额.xlsx")
    selections_bodies.set_quotas(story.first(), story.round_id, wanted)
    assert [one.places for one in selections_bodies.list_quotas(story.round_id)] == [2, 4]
    with pytest.raises(InvalidRules) as found:
        selections_bodies.read_quotas(
            book(("单位", "无此单位", 2), ("镇（街道）", "周巷镇", -1)), "名额.xlsx"
        )
    assert len(found.value.problems) == 2
    with pytest.raises(InvalidRules):
        selections_bodies.read_quotas(b"no spreadsheet", "x.xlsx")
    read = selections_bodies.quota_template()
    with pytest.raises(InvalidRules):
        selections_bodies.read_quotas(read, "empty.xlsx")


def test_checkers_are_named_for_steps_of_bodies(story: SelectionStory, build: Builder) -> None:
    clerk = build.account("selection_clerk")
    act = selections_bodies.name_clerk
    act(story.first(), story.round_id, clerk.username, "district", "浒山街道")
    with pytest.raises(Refused, match="already"):
        act(story.first(), story.round_id, clerk.username, "district", "浒山街道")
    with pytest.raises(Refused, match="step"):
        act(story.first(), story.round_id, clerk.username, "bureau", "")
    with pytest.raises(Refused, match="role of a checker"):
        act(story.first(), story.round_id, build.account("judge").username, "district", "")
    (row,) = selections_bodies.list_clerks(story.round_id)
    assert (row.account_id, row.step, row.district) == (clerk.id, "district", "浒山街道")
    selections_bodies.remove_clerk(story.first(), story.round_id, row.id)
    assert selections_bodies.list_clerks(story.round_id) == []
    story.round.state = RoundState.REVIEW
    db.session.commit()
    with pytest.raises(Refused, match="review has begun"):
        act(story.first(), story.round_id, clerk.username, "district", "")


def crowd(story: SelectionStory, first: int, count: int) -> None:
    """So many applications, every tenth waiting for too long."""
    born = date(1960, 1, 1) + timedelta(days=first)
    numbers = [story.build.id_number(born + timedelta(days=place)) for place in range(count)]
    people = [
        {
            "name": f"张三{number}",
            "name_key": f"zhang{number}",
            "id_kind": "resident",
            "id_number": number,
            "id_index": person_index(number),
            "created_at": NOW,
        }
        for number in numbers
    ]
    ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
    rows = [
        {
            "round_id": story.round_id,
            "number": first + place,
            "person_id": person,
            "channel": Channel.PERSON,
            "district": ("浒山街道", "周巷镇")[place % 2],
            "answers": {},
            "state": ApplicationState.CHECKING,
            "begun_at": NOW,
            "saved_at": NOW,
        }
        for place, person in enumerate(ids)
    ]
    made = db.session.scalars(
        insert(SelectionApplication).returning(SelectionApplication.id), rows
    ).all()
    steps = [
        {
            "application_id": application,
            "key": "district",
            "position": 1,
            "state": StepState.WAITING,
            "reached_at": NOW,
            "due_on": story.start + timedelta(days=-1 if place % 10 == 0 else 5),
        }
        for place, application in enumerate(made)
    ]
    db.session.execute(insert(SelectionStep), steps)
    db.session.commit()


def test_the_board_of_a_thousand_costs_as_much_as_that_of_one(
    story: SelectionStory, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    crowd(story, 1, 1)
    row = story.round
    with statements() as few:
        small = selections_board.board_of(row, story.start)
    assert small.funnel == [("begun", 1), ("submitted", 1), ("qualified", 0), ("chosen", 0)]
    crowd(story, 2, 999)
    db.session.expire_all()
    row = story.round
    with statements() as many:
        board = selections_board.board_of(row, story.start)
    assert len(many) == len(few) <= 8
    assert board.states == {ApplicationState.CHECKING: 1000}
    assert dict(board.districts) == {"浒山街道": 501, "周巷镇": 499}
    assert board.steps[0] == ("镇街初审", 1000, 101) and board.steps[1] == ("资格审查", 0, 0)
