"""The pages of the register of honours."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.honours import Honour
from rules.states import HonourState
from services import honours
from tests.builders import Builder, sign_in
from tests.results_story import AFTER, Story
from tests.services.test_honours import ELSEWHERE, staff

TYPED = {
    "title": "浙江省技术能手",
    "kind": "title",
    "level": "province",
    "granted_by": "浙江省人力资源和社会保障厅",
    "granted_on": "2024-05-06",
    "programme": "2024年浙江省职业技能大赛",
    "via": "contest",
    "document": "浙人社发〔2024〕15 号",
}


@pytest.fixture
def story(build: Builder) -> Story:
    """A final event with three winners."""
    found = Story(build)
    found.field(["95", "85", "75"])
    found.final()
    return found


def first() -> Honour:
    return db.session.scalars(select(Honour).order_by(Honour.id)).first()  # type: ignore[return-value]


def test_the_register_is_searched_counted_and_exported(
    client: FlaskClient, clock: Any, story: Story, build: Builder
) -> None:
    clock.now = AFTER
    sign_in(client, build.account("bureau_staff"))
    text = client.get("/honours").text
    assert "技能之星" in text and first().person.name in text and "人次" in text
    assert first().person.id_number not in text
    assert "没有符合条件的荣誉" in client.get("/honours?q=查无此人").text
    assert client.get("/honours?state=nonsense&year=x&level=?").status_code == 200
    file = client.post("/honours/export?kind=title")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0].values)
    assert len(rows) == 2 and rows[1][3] == "技能之星"


def test_only_the_bureau_reads_the_register(client: FlaskClient, story: Story) -> None:
    sign_in(client, story.account("organizer"))
    assert client.get("/honours").status_code == 403
    assert client.get(f"/honours/{first().id}").status_code in {403, 404}


def test_staff_of_one_contest_see_its_honours_only(
    client: FlaskClient, clock: Any, story: Story, build: Builder
) -> None:
    clock.now = AFTER
    sign_in(client, build.account("bureau_staff", build.contest().id))
    assert first().person.name not in client.get("/honours").text
    assert client.get(f"/honours/{first().id}").status_code == 404
    own = client.application.test_client()
    sign_in(own, story.account("bureau_staff"))
    assert first().person.name in own.get("/honours").text
    assert own.get(f"/honours/{first().id}").status_code == 200


def test_an_honour_from_elsewhere_goes_through_two_hands(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    clock.now = AFTER
    person = build.person()
    sign_in(client, build.account("bureau_staff"))
    here = f"/people/{person.id}/honours/new"
    assert client.get(here).status_code == 200
    wrong = client.post(here, data=TYPED | {"granted_on": "2030-01-01", "document": ""})
    assert wrong.status_code == 422 and "浙江省技术能手" in wrong.text
    assert client.post(here, data=TYPED).status_code == 303
    key = first().id
    assert "待确认" in client.get(f"/honours/{key}").text
    client.post(f"/honours/{key}/confirm")
    assert first().state is HonourState.PROPOSED
    other = client.application.test_client()
    sign_in(other, build.account("bureau_staff"))
    other.post(f"/honours/{key}/confirm")
    assert first().state is HonourState.STANDING
    assert "浙江省技术能手" in other.get(f"/people/{person.id}").text


def test_a_rejection_and_a_revocation_ask_for_a_reason(
    client: FlaskClient, clock: Any, story: Story, build: Builder
) -> None:
    clock.now = AFTER
    sign_in(client, build.account("bureau_staff"))
    key = honours.record_external(staff(story), build.person().id, ELSEWHERE)
    assert client.post(f"/honours/{key}/reject", data={"reason": ""}).status_code == 422
    assert client.post(f"/honours/{key}/reject", data={"reason": "查无此件"}).status_code == 303
    here = f"/honours/{first().id}/revoke"
    assert client.post(here, data={"reason": ""}).status_code == 422
    assert client.post(here, data={"reason": "冒名顶替", "whole": "y"}).status_code == 303
    assert "冒名顶替" in client.get(f"/honours/{first().id}").text


def test_somebody_sees_the_honours_of_a_lifetime(
    client: FlaskClient, clock: Any, story: Story, build: Builder
) -> None:
    clock.now = AFTER
    person_id = first().person_id
    key = honours.record_external(staff(story), person_id, ELSEWHERE)
    honours.confirm(staff(story), key)
    sign_in(client, build.account("contestant", person_id=person_id))
    text = client.get(client.get("/honours/own").headers["Location"]).text
    assert "技能之星" in text and ELSEWHERE.title in text
    assert client.get(f"/honours/{key}").status_code == 403
    stranger = client.application.test_client()
    sign_in(stranger, build.account("contestant"))
    text = stranger.get("/honours/own").text
    assert "技能之星职业技能竞赛平台" in text and ELSEWHERE.title not in text


def test_the_register_is_brought_up_by_a_button(
    client: FlaskClient, clock: Any, story: Story, build: Builder
) -> None:
    clock.now = AFTER
    db.session.query(Honour).delete()  # as for results that were final before there was a register
    db.session.commit()
    sign_in(client, build.account("bureau_staff"))
    assert "登入台账" in client.get("/honours").text
    client.post(f"/contests/{story.contest.id}/honours")
    assert db.session.query(Honour).count() == 4


def test_pages_cost_the_same_whatever_the_number_of_honours(
    client: FlaskClient,
    clock: Any,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    clock.now = AFTER
    sign_in(client, build.account("bureau_staff"))
    counts = []
    for totals in (["95"], ["95", "85", "75"]):
        story = Story(build)
        story.field(totals)
        story.final()
        found = []
        for address in ("/honours", f"/honours/{first().id}", f"/people/{first().person_id}"):
            with statements() as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 20
