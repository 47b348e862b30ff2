"""Pages of workshops: a host applies, the bureau decides; each page with few statements."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.people import Employer, Person
from models.workshops import Workshop, WorkshopMaster, WorkshopReport
from rules.workshop_sheets import hangzhou_sheet
from rules.workshops import (
    ApplicationState,
    ChangeKind,
    MasterRole,
    WorkshopLevel,
    WorkshopState,
)
from services import (
    workshops,
    workshops_applications,
    workshops_assessments,
    workshops_changes,
    workshops_grades,
    workshops_imports,
    workshops_lists,
)
from services.workbooks_writing import write_table
from services.workshops_rows import COLUMNS
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.workshop_story import BEST, WORST, WorkshopStory, at

Statements = Callable[[], AbstractContextManager[list[str]]]
MOST = 20
DAY = date(2026, 3, 2)  # a Monday


@pytest.fixture
def story(build: Builder, clock: Clock) -> WorkshopStory:
    clock.now = at(DAY)
    return WorkshopStory(build)


def as_host(client: FlaskClient, story: WorkshopStory) -> FlaskClient:
    client.post("/sign-out")
    return sign_in(client, story.clerk)


def as_bureau(client: FlaskClient, story: WorkshopStory, second: bool = False) -> FlaskClient:
    client.post("/sign-out")
    return sign_in(client, story.other if second else story.one)


def typed(story: WorkshopStory, **more: Any) -> dict[str, Any]:
    """What a host types into the form of an application."""
    facts = {
        "title": "陈建国钳工技能大师工作室",
        "level": "city",
        "recognised_by": "慈溪市",
        "naming": "person",
        "host_kind": "enterprise",
        "occupation": "钳工",
        "leader_name": "陈建国",
        "leader_number": story.build.id_number(date(1975, 3, 4)),
        "leader_level": "1",
        "room": "一号车间二楼",
        "equipment": "数控车床2台",
        "own_rules": "管理制度",
        "plan": "每年带徒十人",
        "apprentices": "王小明 2026-02-01\n李小红，2026-02-02",
    }
    return facts | more


def test_from_the_form_to_the_register(
    client: FlaskClient, story: WorkshopStory, clock: Clock
) -> None:
    as_host(client, story)
    reply = client.post("/workshops/applications/new", data=typed(story, apprentices="王小明"))
    assert reply.status_code == 303
    address = reply.location
    page = client.get(address)
    assert "没有与王小明签订的师徒协议" in page.text
    assert client.post(f"{address}/submit").status_code == 422
    edited = typed(story, leader_name="", leader_number="")
    assert client.post(f"{address}/edit", data=edited).status_code == 303
    assert client.post(f"{address}/submit").status_code == 303
    assert client.post(f"{address}/edit", data=edited).status_code == 422

    as_bureau(client, story)
    assert "陈建国" in client.get("/workshops/applications").text
    assert client.post(f"{address}/check").status_code == 303
    visit = {"held_on": "2026-03-02", "people": "张三", "room": "y", "equipment": "y",
             "own_rules": "y", "agreements": "y"}  # fmt: skip
    assert client.post(f"{address}/site", data={"people": "张三"}).status_code == 422
    assert client.post(f"{address}/site", data=visit).status_code == 303
    reply = client.post(f"{address}/decide")
    assert reply.status_code == 422 and "须由他人决定" in reply.text
    as_bureau(client, story, second=True)
    assert client.post(f"{address}/decide").status_code == 303
    notice = {"contact": "技能科 0574-63900000"}
    assert client.post(f"{address}/notice", data=notice).status_code == 303
    public = client.get("/workshops/notices").text
    assert "陈建国" in public and "0574-63900000" in public and "王小明" not in public
    reply = client.post(f"{address}/found")
    assert reply.status_code == 422 and "公示至" in reply.text
    clock.now = at(DAY + timedelta(days=8))
    as_bureau(client, story, second=True)
    reply = client.post(f"{address}/found", data={"plaque_number": "慈技师001"})
    assert reply.status_code == 303
    shown = client.get(reply.location).text
    assert "慈技师001" in shown and "80,000" in shown
    assert "陈建国钳工技能大师工作室" in client.get("/workshops").text


def test_wrong_lines_are_named(client: FlaskClient, story: WorkshopStory) -> None:
    as_host(client, story)
    wrong = typed(story, masters="李师傅 123 1", apprentices="小王 昨天", leader_number="1")
    reply = client.post("/workshops/applications/new", data=wrong)
    assert reply.status_code == 422
    assert reply.text.count("第1行") >= 2


def test_another_host_finds_nothing(
    client: FlaskClient, story: WorkshopStory, build: Builder
) -> None:
    workshop = story.founded(date(2025, 3, 3))
    sign_in(client, build.account("employer", employer_id=build.employer().id))
    for address in (
        f"/workshops/{workshop.id}",
        f"/workshops/{workshop.id}/reports/2025",
        f"/workshops/{workshop.id}/step-up",
        f"/workshops/{workshop.id}/leader",
    ):
        assert client.get(address).status_code == 404
    assert "陈建国" not in client.get("/workshops/own").text


def test_a_report_is_written_returned_and_accepted(
    client: FlaskClient, story: WorkshopStory
) -> None:
    workshop = story.founded(date(2025, 3, 3))
    as_host(client, story)
    assert "2025" in client.get("/workshops/own").text
    address = f"/workshops/{workshop.id}/reports/2025"
    numbers = dict.fromkeys(("breakthroughs", "patents", "exchanges"), "1")
    facts = numbers | {
        "apprentices": "12", "trained": "3", "highly_skilled": "5", "activities": "交流三次",
        "spent_training": "8000.50", "own_grade": "excellent",
    }  # fmt: skip
    assert client.get(address).status_code == 200
    reply = client.post(address, data=facts)
    assert reply.status_code == 422 and "多于培训总人数" in reply.text
    reply = client.post(address, data=facts | {"trained": "9"})
    assert reply.status_code == 303
    shown = reply.location
    assert client.post(f"{shown}/submit").status_code == 303
    as_bureau(client, story)
    assert "待审核的年度报告" in client.get("/workshops/dues").text
    assert client.post(f"{shown}/return", data={"reason": ""}).status_code == 422
    assert client.post(f"{shown}/return", data={"reason": "补充明细"}).status_code == 303
    as_host(client, story)
    assert "补充明细" in client.get(shown).text
    client.post(f"{shown}/submit")
    as_bureau(client, story)
    assert client.post(f"{shown}/accept").status_code == 303
    assert "8,000.50" in client.get(shown).text


def test_the_sheet_is_filled_and_confirmed(client: FlaskClient, story: WorkshopStory) -> None:
    workshop = story.founded(date(2023, 2, 6))
    term = workshops.running_term(workshop.id)
    assert term is not None
    as_bureau(client, story)
    address = f"/workshops/terms/{term.id}/assessment"
    assert "带徒传技" in client.get(address).text
    found = {key: str(value) for key, value in BEST.items()}
    wrong = found | {"held_on": "2026-03-02", "papers": "11"}
    assert client.post(address, data=wrong).status_code == 422
    good = found | {"held_on": "2026-03-02", "apprentices": "7", "skilled": "2"}
    reply = client.post(address, data=good)
    assert reply.status_code == 303
    shown = client.get(reply.location).text
    assert "94.0" in shown and "实有7，应有10，缺3" in shown
    assert client.post(f"{reply.location}/confirm").status_code == 422
    as_bureau(client, story, second=True)
    assert client.post(f"{reply.location}/confirm").status_code == 303
    assert "优先推荐上一级" in client.get(f"/workshops/{workshop.id}").text


def test_grades_are_entered_proposed_and_decided(client: FlaskClient, story: WorkshopStory) -> None:
    workshop = story.founded(date(2025, 3, 3))
    as_bureau(client, story)
    reply = client.post("/workshops/grades", data={"year": "2025", "level": "city"})
    assert reply.status_code == 303
    address = reply.location
    assert (
        client.post("/workshops/grades", data={"year": "2025", "level": "city"}).status_code == 422
    )
    client.post(address, data={f"grade-{workshop.id}": "excellent", "experts": "专家组"})
    assert "不得超过0家" in client.get(address).text
    client.post(f"{address}/propose")
    key = int(address.rpartition("/")[2])
    assert workshops_grades.get_round(key).state.value == "open"
    client.post(address, data={f"grade-{workshop.id}": "passed"})
    client.post(f"{address}/propose")
    client.post(f"{address}/return", data={"reason": "再看"})
    client.post(f"{address}/propose")
    client.post(f"{address}/decide")
    as_bureau(client, story, second=True)
    client.post(f"{address}/decide")
    assert workshops_grades.get_round(key).state.value == "decided"


def test_a_leader_is_followed_on_the_pages(client: FlaskClient, story: WorkshopStory) -> None:
    workshop = story.founded(date(2025, 3, 3))
    as_host(client, story)
    facts = {"kind": "retired", "happened_on": "2026-03-01"}
    assert client.get(f"/workshops/{workshop.id}/leader").status_code == 200
    assert client.post(f"/workshops/{workshop.id}/leader", data=facts).status_code == 303
    change = workshops_changes.open_change(workshop.id)
    assert change is not None
    address = f"/workshops/changes/{change.id}"
    heir = {
        "leader_name": "接任师傅",
        "leader_number": story.build.id_number(),
        "leader_level": "4",
    }
    assert client.post(address, data=heir).status_code == 422
    assert client.post(address, data=heir | {"leader_level": "1"}).status_code == 303
    as_bureau(client, story)
    assert client.post(f"{address}/return", data={"reason": ""}).status_code == 422
    client.post(f"{address}/settle")
    assert workshops.get_workshop(workshop.id).leader.name == "接任师傅"
    workshops_changes.report_change(story.own(DAY), workshop.id, ChangeKind.DIED, DAY)
    change = workshops_changes.open_change(workshop.id)
    assert change is not None
    reply = client.post(f"/workshops/changes/{change.id}/close", data={"reason": "无人接任"})
    assert reply.status_code == 303
    assert workshops.get_workshop(workshop.id).state is WorkshopState.CLOSED


def test_closing_asks_for_its_reason(client: FlaskClient, story: WorkshopStory) -> None:
    workshop = story.founded(date(2025, 3, 3))
    as_bureau(client, story)
    address = f"/workshops/{workshop.id}/close"
    assert client.post(address, data={"closed_for": "wish"}).status_code == 422
    facts = {"closed_for": "wish", "reason": "企业搬迁"}
    assert client.post(address, data=facts).status_code == 303
    assert "已撤销" in client.get("/workshops?state=closed").text


def test_rules_are_written_and_approved(client: FlaskClient, story: WorkshopStory) -> None:
    as_bureau(client, story)
    page = client.get("/workshops/policies/new").text
    assert "term_years" in page
    facts = {"title": "新办法", "starts_on": "2027-01-01", "rules": "{"}
    assert client.post("/workshops/policies/new", data=facts).status_code == 422
    reply = client.post("/workshops/policies/new", data=facts | {"rules": '{"bar_years": 3}'})
    assert reply.status_code == 303
    client.post(f"{reply.location}/approve")
    assert "待审批" in client.get(reply.location).text
    as_bureau(client, story, second=True)
    client.post(f"{reply.location}/approve")
    assert "已审批" in client.get(reply.location).text
    other = client.post("/workshops/policies/new", data=facts | {"rules": "{}"})
    assert client.post(f"{other.location}/discard").status_code == 303


def register(story: WorkshopStory, count: int = 38) -> list[dict[str, Any]]:
    """A list of workshops: six of the province, five of Ningbo, the rest of the city itself."""
    rows = []
    for number in range(count):
        level, body = "市级", "慈溪市"
        if number < 6:
            level, body = "省级", "浙江省"
        elif number < 11:
            body = "宁波市"
        rows.append(
            {
                "title": f"第{number}技能大师工作室", "level": level, "recognised_by": body,
                "leader": "陈大师", "id_number": story.build.id_number(date(1970, 1, 1)),
                "held_level": "一级/高级技师", "employer": f"慈溪第{number % 7}精工有限公司",
                "district": "浒山街道", "occupation": "钳工", "founded_on": date(2020, 5, 1),
                "plaque": f"慈技{number:03d}", "taught": 4000 // count,
            }
        )  # fmt: skip
    rows[0]["taught"] += 4000 - 4000 // count * count
    return rows


def upload(client: FlaskClient, rows: list[dict[str, Any]]) -> Any:
    data = write_table(list(COLUMNS), rows, "工作室")
    return client.post("/workshops/imports/new", data={"file": (io.BytesIO(data), "台账.xlsx")})


def test_the_register_comes_out_exactly(client: FlaskClient, story: WorkshopStory) -> None:
    as_bureau(client, story)
    assert client.get("/workshops/imports/template").status_code == 200
    reply = upload(client, register(story))
    assert reply.status_code == 303
    assert "38" in client.get(reply.location).text
    assert workshops_lists.count_workshops() == []
    assert client.post(f"{reply.location}/confirm").status_code == 303
    counts = [(one.level.value, one.recognised_by, one.number)
              for one in workshops_lists.count_workshops()]  # fmt: skip
    assert counts == [
        ("province", "浙江省", 6), ("city", "宁波市", 5), ("city", "慈溪市", 27),
    ]  # fmt: skip
    assert sum(one.number for one in workshops_lists.count_workshops()) == 38
    assert workshops_lists.taught_before() == 4000
    page = workshops_lists.list_workshops(workshops_lists.Wanted(level=WorkshopLevel.PROVINCE))
    term = workshops.running_term(page.items[0].id)
    assert page.total == 6 and term is not None
    assert (term.starts_on, term.ends_on) == (date(2023, 5, 1), date(2026, 4, 30))
    again = upload(client, register(story, 2))
    shown = client.get(again.location).text
    assert "台账中已有" in shown
    client.post(f"{again.location}/confirm")
    assert len(workshops_lists.list_workshops(workshops_lists.Wanted()).items) == 38
    client.post(f"{again.location}/discard")
    key = int(again.location.rpartition("/")[2])
    assert workshops_imports.get_import(key).rows == []


def test_a_list_is_taken_back_out_as_a_whole(client: FlaskClient, story: WorkshopStory) -> None:
    as_bureau(client, story)
    before = people_and_employers()
    place = upload(client, register(story, 5)).location
    client.post(f"{place}/confirm")
    assert people_and_employers() != before
    assert client.post(f"{place}/undo", data={"reason": ""}).status_code == 422
    # An account names a leader by now: that person stays with the employer, the workshops go.
    leader = db.session.scalars(select(Workshop.leader_id).order_by(Workshop.id)).first()
    account = story.build.account("contestant", person_id=leader)
    assert client.post(f"{place}/undo", data={"reason": "重复导入"}).status_code == 303
    assert workshops_lists.count_workshops() == []
    people, employers = people_and_employers()
    assert account.person is not None
    assert people - before[0] == {account.person_id}
    assert employers - before[1] == {account.person.employer_id}
    shown = client.get(place).text
    assert "重复导入" in shown and "/undo" not in shown
    assert client.post(f"{place}/undo", data={"reason": "再撤销"}).status_code == 422
    # The same list can be brought in once more.
    again = upload(client, register(story, 5)).location
    client.post(f"{again}/confirm")
    assert [one.number for one in workshops_lists.count_workshops()] == [5]


def test_a_list_on_which_something_builds_stays(client: FlaskClient, story: WorkshopStory) -> None:
    as_bureau(client, story)
    place = upload(client, register(story, 2)).location
    client.post(f"{place}/confirm")
    one = db.session.scalars(select(Workshop).order_by(Workshop.id.desc())).first()
    assert one is not None
    bar = WorkshopMaster(
        workshop_id=one.id, person_id=story.build.person().id, role=MasterRole.MASTER,
        from_on=DAY,
    )  # fmt: skip
    db.session.add(bar)
    db.session.commit()
    refused = client.post(f"{place}/undo", data={"reason": "重复导入"})
    assert refused.status_code == 422 and one.title in refused.text
    assert sum(found.number for found in workshops_lists.count_workshops()) == 2
    db.session.delete(bar)
    running = workshops.running_term(one.id)
    assert running is not None
    report = WorkshopReport(workshop_id=one.id, term_id=running.id, year=2025)
    db.session.add(report)
    db.session.commit()
    refused = client.post(f"{place}/undo", data={"reason": "重复导入"})
    assert refused.status_code == 422 and one.title in refused.text
    assert sum(found.number for found in workshops_lists.count_workshops()) == 2


def people_and_employers() -> tuple[set[int], set[int]]:
    """The ids of all people and employers."""
    return set(db.session.scalars(select(Person.id))), set(db.session.scalars(select(Employer.id)))


def test_rows_with_errors_stay_out(client: FlaskClient, story: WorkshopStory) -> None:
    as_bureau(client, story)
    rows = register(story, 5)
    rows[1]["level"] = "镇级"
    rows[2]["id_number"] = "330282197001010001"
    rows[3]["founded_on"] = "去年"
    rows[4]["plaque"] = rows[0]["plaque"]
    reply = upload(client, rows)
    shown = client.get(reply.location).text
    assert "镇级" in shown and "与第2行重复" in shown
    client.post(f"{reply.location}/confirm")
    assert workshops_lists.count_workshops() == []
    client.post(f"{reply.location}/confirm-good")
    assert [one.number for one in workshops_lists.count_workshops()] == [1]
    refused = client.post(
        "/workshops/imports/new", data={"file": (io.BytesIO(b"GIF89a"), "a.xlsx")}
    )
    assert refused.status_code == 422


def pages(story: WorkshopStory, count: int) -> Iterator[str]:
    """Play so many workshops into all states; give the pages that show them."""
    made = [story.founded(date(2023, 2, 6), title=f"{count}第{n}工作室") for n in range(count)]
    for number, workshop in enumerate(made):
        story.reported(workshop.id, 2023, date(2024, 1, 8))
        story.reported(workshop.id, 2024, date(2025, 1, 8))
        term = workshops.running_term(workshop.id)
        assert term is not None
        day = date(2026, 2, 16)
        key = workshops_assessments.fill_sheet(
            story.first(day), term.id, WORST if number else BEST, held_on=day
        )
        yield f"/workshops/{workshop.id}"
        yield f"/workshops/assessments/{key}"
        yield f"/workshops/terms/{term.id}/assessment"
        change = workshops_changes.report_change(
            story.own(day), workshop.id, ChangeKind.LEFT, date(2026, 2, 1)
        )
        yield f"/workshops/changes/{change}"
    for number in range(count):
        key = story.applied(DAY, title=f"{count}新{number}工作室")
        assert workshops_applications.get_application(key).state is ApplicationState.SUBMITTED
        yield f"/workshops/applications/{key}"
    yield "/workshops"
    yield "/workshops/dues"
    yield "/workshops/applications"
    yield "/workshops/notices"
    yield "/workshops/grades"
    yield "/workshops/policies"


def test_pages_send_the_same_number_of_statements(
    client: FlaskClient, story: WorkshopStory, statements: Statements
) -> None:
    as_bureau(client, story)

    def counted(count: int) -> dict[str, int]:
        found = {}
        for address in list(pages(story, count)):
            client.get(address)
            with statements() as sent:
                reply = client.get(address)
            assert reply.status_code == 200, address
            shape = "".join("n" if part.isdigit() else f"/{part}" for part in address.split("/"))
            found[shape] = max(found.get(shape, 0), len(sent))
        return found

    few, many = counted(1), counted(3)
    assert few == many
    assert max(many.values()) <= MOST, many


def test_the_sheet_form_asks_for_every_line(client: FlaskClient, story: WorkshopStory) -> None:
    workshop = story.founded(date(2023, 2, 6))
    term = workshops.running_term(workshop.id)
    assert term is not None
    db.session.commit()
    as_bureau(client, story)
    page = client.get(f"/workshops/terms/{term.id}/assessment").text
    for line in hangzhou_sheet().lines:
        assert line.title in page
