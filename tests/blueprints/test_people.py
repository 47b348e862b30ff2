"""Pages of people and employers."""

import pytest
from flask.testing import FlaskClient

from models.database import db
from models.people import Employer, Person
from rules.states import EntryState, EventState
from tests.builders import Builder, sign_in
from tests.results_story import Story


def test_the_organizer_finds_a_person_and_corrects_the_name(
    client: FlaskClient, build: Builder
) -> None:
    person = build.person(name="王小名", employer_id=build.employer(title="慈溪一厂").id)
    sign_in(client, build.account("organizer"))
    assert "王小名" in client.get("/people?q=一厂").text
    assert "王小名" not in client.get("/people?q=nobody").text
    data = {"name": "王小明", "phone": "13912345678", "held_level": "3"}
    reply = client.post(f"/people/{person.id}/edit", data=data)
    assert reply.headers["Location"] == f"/people/{person.id}"
    assert "王小明" in client.get(f"/people/{person.id}").text
    wrong = client.post(f"/people/{person.id}/edit", data=data | {"phone": "12"})
    assert wrong.status_code == 422
    assert 'id="phone-error"' in wrong.text


def test_bureau_staff_read_people_but_change_nothing(client: FlaskClient, build: Builder) -> None:
    person = build.person()
    sign_in(client, build.account("bureau_staff"))
    assert client.get(f"/people/{person.id}").status_code == 200
    assert client.get(f"/people/{person.id}/edit").status_code == 403
    assert client.get("/employers/new").status_code == 403


@pytest.mark.parametrize("role", ["employer", "contestant", "judge", "chief_judge", "payer"])
def test_nobody_else_reads_people(client: FlaskClient, build: Builder, role: str) -> None:
    person = build.person()
    sign_in(client, build.account(role))
    for path in ("/people", f"/people/{person.id}", "/employers"):
        assert client.get(path).status_code == 403


def test_an_organizer_of_one_contest_meets_its_people_only(
    client: FlaskClient, build: Builder
) -> None:
    event = build.event(state=EventState.REGISTERING)
    employer = build.employer()
    mine, other = build.person(name="张三"), build.person(name="李四")
    build.entry(event, EntryState.SUBMITTED, mine, employer_id=employer.id)
    foreign_event = build.event(state=EventState.REGISTERING, title="外届赛项")
    build.entry(foreign_event, EntryState.SUBMITTED, mine)
    sign_in(client, build.account("organizer", event.contest_id))
    page = client.get("/people").text
    assert "张三" in page
    assert "李四" not in page
    shown = client.get(f"/people/{mine.id}")
    assert shown.status_code == 200
    assert "外届赛项" not in shown.text
    assert client.get(f"/people/{other.id}").status_code == 404
    assert client.get(f"/employers/{employer.id}").status_code == 200
    assert client.get(f"/employers/{build.employer().id}").status_code == 404


def test_an_employer_keeps_its_own_contact_data_and_no_other(
    client: FlaskClient, build: Builder
) -> None:
    own, other = build.employer(title="慈溪一厂"), build.employer()
    sign_in(client, build.account("employer", employer_id=own.id))
    data = {"title": "别的名字", "contact_name": "陈主任", "contact_phone": "13912345678"}
    path = f"/employers/{own.id}"
    assert client.post(f"{path}/edit", data=data).headers["Location"] == path
    page = client.get(path).text
    assert "陈主任" in page
    assert "慈溪一厂" in page
    assert db.session.get_one(Employer, own.id).title == "慈溪一厂"
    assert client.get(f"/employers/{other.id}").status_code == 404
    assert client.post(f"/employers/{other.id}/edit", data=data).status_code == 404


def test_an_employer_is_registered_with_a_right_credit_code(
    client: FlaskClient, build: Builder
) -> None:
    sign_in(client, build.account("organizer"))
    wrong = {"title": "慈溪二厂", "uscc": "123"}
    reply = client.post("/employers/new", data=wrong)
    assert reply.status_code == 422
    assert 'id="uscc-error"' in reply.text
    assert 'value="慈溪二厂"' in reply.text
    assert client.post("/employers/new", data={"title": "慈溪二厂"}).status_code == 303
    assert client.post("/employers/new", data={"title": "慈溪二厂"}).status_code == 422
    assert "慈溪二厂" in client.get("/employers?q=二厂").text


def test_empty_lists_say_what_to_do(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("organizer"))
    for path in ("/people", "/employers", "/people?q=x", "/employers?q=x"):
        assert 'class="empty"' in client.get(path).text
    assert db.session.query(Person).count() == 0


def test_a_person_s_page_shows_honours_by_year(client: FlaskClient, build: Builder) -> None:
    story, person = Story(build), build.person()
    sign_in(client, build.account("organizer"))
    story.entry("90", "90", person=person)
    story.field(["80"])
    assert "暂无荣誉" in client.get(f"/people/{person.id}").text
    story.issued()
    page = client.get(f"/people/{person.id}").text
    assert "2026 年荣誉" in page and "一等奖" in page and "三级" in page
    assert story.contest.title in page
