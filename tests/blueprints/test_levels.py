"""The pages of level lists: who may do what, and the whole way to the certificate numbers."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.levels import LevelLayout, LevelLine, LevelList, LevelReturn, PersonLevel
from rules.level_checks import Settled
from rules.level_layouts import usual_layout
from rules.states import LevelListState
from services import contests, levels, levels_export
from tests.builders import Builder, sign_in
from tests.results_story import AFTER, Story
from tests.services.test_levels import file_of, held_story, prepared, sent, staff


@pytest.fixture
def story(build: Builder) -> Story:
    """A final event with three passers."""
    found = Story(build)
    found.field(["95", "85", "75"])
    found.final()
    return found


def enter(client: FlaskClient, clock: Any, story: Story, role: str = "bureau_staff") -> FlaskClient:
    """Sign somebody in after the notice."""
    clock.now = AFTER
    sign_in(client, story.account(role))
    return client


def test_the_whole_way_from_the_list_to_the_numbers(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    enter(client, clock, story)
    page = client.get(f"/contests/{story.contest.id}/level-lists")
    assert "3 项技能等级未列入名册" in page.text
    reply = client.post(
        f"/contests/{story.contest.id}/level-lists", data={"body": "慈溪市评价中心", "note": ""}
    )
    key = db.session.scalars(select(LevelList.id)).one()
    here = f"/level-lists/{key}"
    assert reply.headers["Location"] == here
    client.post(f"{here}/submit")
    refused = client.get(client.post(f"{here}/approve").headers["Location"])
    assert "须由他人核准" in refused.text
    other = client.application.test_client()
    sign_in(other, story.account("bureau_staff"))
    other.post(f"{here}/approve")
    file = other.post(f"{here}/export")
    assert file.mimetype.endswith("sheet") and file.headers["Cache-Control"] == "no-store"
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0].values)
    assert len(rows) == 4 and rows[0][:2] == ("序号", "姓名")
    data = {"file": (io.BytesIO(file_of(key)), "返回.xlsx")}
    reply = other.post(f"{here}/returns", data=data)
    report = reply.headers["Location"]
    assert "采用 3 个编号" in other.get(report).text
    assert "已采用" in other.get(other.post(f"{report}/confirm").headers["Location"]).text
    assert "已全部发证" in other.get(here).text
    person = db.session.scalars(select(PersonLevel.person_id)).first()
    assert "持证技能等级" in other.get(f"/people/{person}").text


def test_an_organizer_prepares_but_neither_approves_nor_sends(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    key = prepared(story)
    enter(client, clock, story, "organizer")
    assert client.get(f"/level-lists/{key}").status_code == 200
    assert client.post(f"/level-lists/{key}/submit").status_code == 303
    assert client.post(f"/level-lists/{key}/approve").status_code == 403
    assert client.post(f"/level-lists/{key}/export").status_code == 403
    assert client.get(f"/level-lists/{key}/returns").status_code == 403


def test_another_contest_s_list_does_not_exist(
    client: FlaskClient, clock: Any, story: Story, build: Builder
) -> None:
    key = sent(story)
    clock.now = AFTER
    stranger = build.account("bureau_staff", build.contest().id)
    sign_in(client, stranger)
    for path in ("", "/returns"):
        assert client.get(f"/level-lists/{key}{path}").status_code == 404
    line = db.session.scalars(select(LevelLine.id)).first()
    assert client.get(f"/level-lines/{line}/settle").status_code == 404
    assert client.get("/level-lists/999999").status_code == 404


def test_no_page_of_a_list_shows_an_identity_number(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    key = sent(story)
    enter(client, clock, story)
    client.post(f"/level-lists/{key}/returns", data={"file": (io.BytesIO(file_of(key)), "r.xlsx")})
    back = db.session.scalars(select(LevelReturn.id)).one()
    numbers = [line.person.id_number for line in db.session.scalars(select(LevelLine))]
    for address in (f"/level-lists/{key}", f"/level-returns/{back}"):
        text = client.get(address).text
        assert not [number for number in numbers if number in text or number[-6:] in text]


def test_a_line_with_a_problem_is_settled_on_its_own_page(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    story, _person = held_story(build, 3)
    key = prepared(story)
    line = db.session.scalars(select(LevelLine.id)).one()
    enter(client, clock, story)
    page = client.get(f"/level-lines/{line}/settle")
    assert "已持有该职业的同等级或更高等级证书" in page.text and "保留在名册中" not in page.text
    empty = client.post(f"/level-lines/{line}/settle", data={"settled": "dropped", "reason": ""})
    assert empty.status_code == 422
    client.post(f"/level-lines/{line}/settle", data={"settled": "dropped", "reason": "已持证"})
    assert db.session.get_one(LevelLine, line).settled is Settled.DROPPED
    assert levels.get_list(key).state is LevelListState.DRAFT


def test_a_reason_is_asked_for_and_kept_when_refused(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    key = prepared(story)
    enter(client, clock, story)
    reply = client.post(f"/level-lists/{key}/withdraw", data={"reason": ""})
    assert reply.status_code == 422 and levels.get_list(key).state is LevelListState.DRAFT
    client.post(f"/level-lists/{key}/withdraw", data={"reason": "单位名称有误"})
    assert levels.get_list(key).state is LevelListState.WITHDRAWN


def test_a_wrong_file_says_what_is_wrong(client: FlaskClient, clock: Any, story: Story) -> None:
    key = sent(story)
    enter(client, clock, story)
    here = f"/level-lists/{key}/returns"
    assert client.post(here, data={}).status_code == 422
    reply = client.post(here, data={"file": (io.BytesIO(b"no table"), "r.xlsx")})
    assert reply.status_code == 422
    assert db.session.query(LevelReturn).count() == 0


def columns(**places: tuple[int, str]) -> dict[str, str]:
    """Fill the form of columns: field by place and heading."""
    data = {"title": "宁波评价中心", "version": ""}
    for number, (field, (place, heading)) in enumerate(places.items()):
        data |= {
            f"columns-{number}-field": field,
            f"columns-{number}-place": str(place),
            f"columns-{number}-heading": heading,
        }
    return data


def test_columns_are_saved_in_the_order_of_their_numbers(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    enter(client, clock, story)
    assert client.get("/level-layouts/new").status_code == 200
    data = columns(name=(2, "申报人"), id_number=(1, "证件号"))
    assert client.post("/level-layouts/new", data=data).status_code == 303
    layout = db.session.scalars(select(LevelLayout)).one()
    assert [one["heading"] for one in layout.columns] == ["证件号", "申报人"]
    assert "申报人" in client.get(f"/level-layouts/{layout.id}").text
    assert client.get("/level-layouts/99").status_code == 404
    again = client.post("/level-layouts/new", data=data)
    assert again.status_code == 422 and "名称" in again.text


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ({"name": (1, "")}, "请填写该列表头"),
        ({"name": (1, "甲"), "total": (2, "甲")}, "表头重复"),
        ({}, "至少要有一列"),
        ({"nonsense": (1, "甲")}, "选项无效"),
    ],
)
def test_columns_that_make_no_sense_are_refused(
    client: FlaskClient, clock: Any, story: Story, places: Any, told: str
) -> None:
    enter(client, clock, story)
    reply = client.post("/level-layouts/new", data=columns(**places))
    assert reply.status_code == 422 and told in reply.text


def problem(build: Builder) -> int:
    """A line that somebody must settle."""
    other, _person = held_story(build, 3)
    key = prepared(other)
    return db.session.scalars(select(LevelLine.id).where(LevelLine.list_id == key)).one()


def test_pages_cost_the_same_whatever_the_number_of_people(
    client: FlaskClient,
    clock: Any,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counts = []
    for totals in (["80"], ["95", "85", "75"]):
        story = Story(build)
        story.field(totals)
        story.final()
        key = sent(story)
        clock.now = AFTER
        browser = sign_in(client.application.test_client(), build.account("bureau_staff"))
        file = {"file": (io.BytesIO(file_of(key)), "r.xlsx")}
        back = browser.post(f"/level-lists/{key}/returns", data=file).headers["Location"]
        entry = db.session.scalars(select(LevelLine)).all()[-1].grant.entry_id
        contest = story.contest.id
        layout = levels_export.save_layout(
            staff(story), None, title=f"栏目{contest}", layout=usual_layout()
        )
        settling = f"/level-lines/{problem(build)}/settle"
        found = []
        for address in (
            f"/contests/{contest}/level-lists",
            f"/level-lists/{key}",
            f"/level-lists/{key}/returns",
            back,
            f"/level-layouts/{layout}",
            settling,
            f"/entries/{entry}",
            "/desk",
        ):
            with statements() as seen:
                assert browser.get(address).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 20


EMPTY = ("entry", "team_size", "contest_level", "if_already_held", "cap")
LINE = {f"cuts-0-{name}": "" for name in EMPTY} | {
    "cuts-0-who": "places",
    "cuts-0-to": "1",
    "cuts-0-above": "level",
    "cuts-0-level": "2",
    "cuts-0-rounding": "floor",
    "cuts-0-highest": "1",
}


def test_lines_are_tried_on_the_present_results_before_they_are_saved(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    story = Story(build)
    story.field(["95", "85", "75"])
    story.computed()
    sign_in(client, story.account("organizer"))
    here = f"/events/{story.event.id}/plan/levels"
    assert "尚无条目" in client.get(here).text
    tried = client.post(here, data=LINE | {"change": "try"})
    assert tried.status_code == 200 and "按第 1 版成绩试算" in tried.text
    assert "等级有变化的人员" in tried.text
    plan = contests.plan_of(contests.get_event(story.event.id))
    assert plan.levels is not None and plan.levels.cuts == ()


def test_lines_are_saved_with_the_plan(client: FlaskClient, clock: Any, build: Builder) -> None:
    event = build.event()
    sign_in(client, build.account("organizer", event.contest_id))
    here = f"/events/{event.id}/plan/levels"
    version = str(event.version)
    nowhere = LINE | {"cuts-0-to": "", "version": version}
    assert "请填写至第几名" in client.post(here, data=nowhere).text
    assert client.post(here, data=LINE | {"version": version}).status_code == 303
    plan = contests.plan_of(contests.get_event(event.id))
    assert plan.levels is not None
    assert [(cut.to, cut.level) for cut in plan.levels.cuts] == [(1, 2)]
    assert 'value="1"' in client.get(here).text
    more = client.post(here, data=LINE | {"change": "cuts:add"})
    assert "cuts-1-who" in more.text


def test_lines_cannot_be_tried_without_results(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    event = build.event()
    sign_in(client, build.account("organizer", event.contest_id))
    reply = client.post(f"/events/{event.id}/plan/levels", data=LINE | {"change": "try"})
    assert reply.status_code == 422 and "尚无成绩可供试算" in reply.text


def test_what_waits_stands_on_the_desk(client: FlaskClient, clock: Any, story: Story) -> None:
    key = prepared(story)
    enter(client, clock, story)
    assert "晋级名册待整理" in client.get("/desk").text
    levels.submit(staff(story), key)
    assert "晋级名册待核准" in client.get("/desk").text
