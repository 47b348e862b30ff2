"""Pages of runs of certificates, of the register of numbers, and of one certificate."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.issuing import IssueLine
from models.people import Person
from rules.plans import EditionRules
from services import issuing_working
from tests.builders import Builder, sign_in
from tests.issuing_story import issue_all, press
from tests.pdf_checks import text_of
from tests.results_story import Story, followed

Statements = Callable[[], AbstractContextManager[list[str]]]


def _final(build: Builder, client: FlaskClient, totals: int = 4, **more: object) -> Story:
    story = Story(build, **more)  # type: ignore[arg-type]
    story.field([str(99 - number) for number in range(totals)])
    story.final()
    sign_in(client, story.account("bureau_staff"))
    return story


def _first() -> Certificate:
    return db.session.scalars(select(Certificate).order_by(Certificate.id)).first()  # type: ignore[return-value]


def test_a_small_run_is_done_when_its_button_was_pressed(
    client: FlaskClient, build: Builder
) -> None:
    story = _final(build, client)
    assert "发证批次" in client.get("/certificates").text
    run = press(client, f"/contests/{story.contest.id}/certificates/runs")
    page = client.get(run).text
    assert "全部证书均可打印" in page and f"{run}/start" not in page
    assert f'href="{run}"' in client.get("/certificates").text
    sample = client.get(f"{run}/sample").data
    assert "样张" in text_of(sample)
    assert client.get(f"{run}/sample?longest=1").data.startswith(b"%PDF")
    refused = client.post(f"{run}/approve")
    assert refused.status_code == 422 and "请先查看样张" in refused.text
    press(client, f"{run}/approve", seen="y")
    press(client, f"{run}/start")
    page = client.get(run).text
    assert _first().number in page and "已完成" in page
    progress = client.get(f"{run}/progress")
    assert progress.headers["X-Run-State"] == "done" and "100 %" in progress.text
    assert run in client.get("/certificates/runs").text
    assert client.get(f"{run}/sample").status_code == 303


def test_a_blocked_run_says_why_and_lets_people_out_with_a_reason(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build)
    person = build.person()
    person.name = "王\U00031350"
    db.session.commit()
    story.entry("90", "90", person=person)
    story.field(["80", "70"])
    story.final()
    sign_in(client, story.account("bureau_staff"))
    run = press(client, f"/contests/{story.contest.id}/certificates/runs")
    page = client.get(run).text
    assert "\U00031350 (U+31350)" in page and f"{run}/approve" not in page
    line = db.session.scalars(select(IssueLine).order_by(IssueLine.position)).first()
    assert line is not None
    refused = client.post(f"{run}/leave-out", data={"lines": line.id, "reason": ""})
    assert refused.status_code == 422
    press(client, f"{run}/leave-out", lines=str(line.id), reason="正在更名")
    page = client.get(run).text
    assert "正在更名" in page and f"{run}/approve" in page
    press(client, f"{run}/take-in", line=str(line.id))
    assert f"{run}/approve" not in client.get(run).text
    db.session.get_one(Person, person.id).name = "王二"
    db.session.commit()
    press(client, f"{run}/check")
    assert f"{run}/approve" in client.get(run).text


def test_events_can_be_chosen(client: FlaskClient, build: Builder) -> None:
    story = _final(build, client)
    address = f"/contests/{story.contest.id}/certificates/runs/new"
    assert client.post(address, data={}).status_code == 422
    run = press(client, address, events=str(story.event.id))
    assert "全部证书均可打印" in client.get(run).text
    issued = client.post(address, data={"events": str(story.event.id)})
    assert issued.status_code == 422 and "尚未结束" in issued.text


def test_a_run_is_stopped_goes_on_and_is_given_up(
    client: FlaskClient, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = _final(build, client)
    monkeypatch.setattr(issuing_working, "SLICE", 1)
    monkeypatch.setattr(issuing_working, "AT_ONCE", 1)
    run = issue_all(client, story.contest.id)
    page = client.get(run).text
    assert f"{run}/stop" in page and "issuing.js" in page
    press(client, f"{run}/stop")
    press(client, f"{run}/resume")
    press(client, f"{run}/stop")
    assert client.post(f"{run}/cancel", data={"reason": ""}).status_code == 422
    press(client, f"{run}/cancel", reason="日期有误")
    assert "日期有误" in client.get(run).text
    void = client.get("/certificates/numbers?state=void").text
    assert void.count("日期有误") == 2 and _first().number in void
    assert "当前状态下不能进行此操作" in followed(client, f"{run}/resume").text


def test_another_person_approves_where_the_edition_says_so(
    client: FlaskClient, build: Builder
) -> None:
    story = _final(build, client, edition=EditionRules(sample_by_other=True))
    run = press(client, f"/contests/{story.contest.id}/certificates/runs")
    assert f"{run}/approve" not in client.get(run).text
    assert client.post(f"{run}/approve", data={"seen": "y"}).status_code == 422
    client.post("/sign-out")
    sign_in(client, story.account("bureau_staff"))
    press(client, f"{run}/approve", seen="y")


def test_the_register_can_be_searched_and_taken_away(client: FlaskClient, build: Builder) -> None:
    story = _final(build, client)
    issue_all(client, story.contest.id)
    one = _first()
    page = client.get(f"/certificates/numbers?q={one.number.lower()}").text
    assert one.number in page and one.facts["name"] in page
    book = openpyxl.load_workbook(io.BytesIO(client.get("/certificates/numbers.xlsx").data))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert one.number in cells and one.facts["name"] in cells


def test_one_certificate_is_replaced_and_the_next_made_void(
    client: FlaskClient, build: Builder
) -> None:
    story = _final(build, client)
    issue_all(client, story.contest.id)
    old = _first()
    address = f"/certificates/{old.id}"
    assert f"{address}/history" in client.get("/certificates").text
    assert client.post(f"{address}/replace", data={"reason": ""}).status_code == 422
    new = press(client, f"{address}/replace", reason="姓名有误")
    page = client.get(new).text
    assert old.number in page and f"{address}/history" in page
    assert new in client.get(f"{address}/history").text
    void = new.replace("/history", "/void")
    assert client.post(void, data={"reason": ""}).status_code == 422
    press(client, void, reason="打印损坏")
    assert "打印损坏" in client.get(new).text
    again = client.post(void, data={"reason": "打印损坏"})
    assert again.status_code == 422


def test_a_run_page_sends_as_many_statements_for_many_as_for_few(
    client: FlaskClient, build: Builder, statements: Statements
) -> None:
    counts = []
    for totals in (3, 9):
        story = _final(build, client, totals)
        new = f"/contests/{story.contest.id}/certificates/runs/new"
        with statements() as seen:
            assert client.get(new).status_code == 200
        found = [len(seen)]
        run = issue_all(client, story.contest.id)
        for address in (run, "/certificates/runs", "/certificates/numbers", f"{run}/progress"):
            with statements() as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        counts.append(found)
        client.post("/sign-out")
    assert counts[0] == counts[1] and max(counts[0]) <= 20
