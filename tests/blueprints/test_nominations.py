"""Pages of nominations: from the form of a call to the outcome; each page with few statements."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.nominations import (
    Nomination,
    NominationCall,
    NominationForm,
    NominationNotice,
    NominationSentFile,
)
from rules.honours import HonourLevel
from rules.nomination_programmes import EXPERT, GRAND
from services import nominations_lists
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.nomination_story import BEGIN, NominationStory, at, pdf
from tests.typed import typed_in

Statements = Callable[[], AbstractContextManager[list[str]]]
MOST = 20


@pytest.fixture
def story(app: Flask, build: Builder, clock: Clock) -> NominationStory:
    clock.now = at(BEGIN)
    return NominationStory(build, Path(app.config["SETTINGS"].files_dir))


def as_one(client: FlaskClient, account: Any) -> FlaskClient:
    client.post("/sign-out")
    return sign_in(client, account)


def newest(table: type[NominationNotice | NominationForm]) -> int:
    """The id of the only row of a table, whatever the database numbers."""
    return db.session.scalars(select(table.id)).one()


def test_from_the_form_of_a_call_to_the_outcome(
    client: FlaskClient, story: NominationStory, clock: Clock
) -> None:
    as_one(client, story.one)
    page = client.get("/nominations/calls/new?start=national").text
    assert "突出贡献单位" in page
    own = typed_in(page, "sender")
    titles = {own[f"lists-{place}-title"][0]: place for place in (0, 1)}
    typed = own | {
        "title": "第十七届高技能人才评选表彰", "level": "national", "year": "2026",
        "superior": "人力资源和社会保障部", "document": "人社部函〔2026〕18号",
        "own_until": "2026-09-30", "superior_until": "2026-10-31", "counts_on": "2026-09-01",
        "sender": "慈溪市人力资源和社会保障局", "notice_days": "5", "completion_days": "3",
        f"lists-{titles[EXPERT]}-places": "2", f"lists-{titles[GRAND]}-pages": "",
    }  # fmt: skip
    path = "/nominations/calls/new?start=national"
    late = client.post(path, data=typed | {"own_until": "2026-11-30"})
    assert late.status_code == 422 and "晚于上级截止日期" in late.text
    wrong = client.post(path, data=typed | {f"lists-{titles[EXPERT]}-places": "0"})
    assert wrong.status_code == 422
    board = client.post(path, data=typed).location
    call = db.session.scalars(select(NominationCall)).one()
    assert call.rules["lists"][1]["places"] == 2 and call.rules["lists"][0]["pages"] is None
    client.post(f"{board}/open")
    assert "须由他人核对启用" in client.get(board).text
    as_one(client, story.two).post(f"{board}/open")
    person = story.worker(name="陈金凤")
    story.honour(person, "浙江省技术能手", HonourLevel.PROVINCE)
    assert "陈金凤" in client.get(f"{board}/suggestions?list=expert").text
    as_one(client, story.one)
    assert "陈金凤" in client.get(f"{board}/suggestions?list=grand&q=陈金").text
    edit = client.post(f"{board}/nominate", data={"list": "expert", "candidate": person.id})
    key = db.session.scalars(select(Nomination.id)).one()
    said = {
        "reasons": "技艺精湛", "merits": "扎根一线", "post": "front_line", "unit_kind": "company",
        "occupation": "钳工", "trade_since": "2005-07-01", "central": "no",
        "evidence-0-kind": "patent", "evidence-0-title": "一种夹具", "evidence-0-on": "2023-05-04",
        "evidence-0-level": "",
    }  # fmt: skip
    assert client.post(edit.location, data=said).status_code == 303
    address = f"/nominations/{key}"
    for pages, material in enumerate(("certificates", "honours", "unit_notice"), start=1):
        file = (io.BytesIO(pdf(pages)), f"{material}.pdf")
        reply = client.post(f"{address}/files", data={"material": material, "file": file})
        assert reply.status_code == 303, reply.text
    hostile = (io.BytesIO(b"MZ"), "证书.pdf")
    reply = client.post(f"{address}/files", data={"material": "honours", "file": hostile})
    assert reply.status_code == 422 and "PDF" in reply.text
    assert client.post(f"{address}/check").status_code == 303
    ranks = {"list": "expert", f"rank-{key}": "2"}
    assert client.post(f"{board}/ranks", data=ranks).status_code == 422
    assert client.post(f"{board}/ranks", data=ranks | {f"rank-{key}": "1"}).status_code == 303
    assert client.post(f"{board}/notice", data={"contact": "职建科"}).status_code == 303
    public = client.get("/nominations/notices").text
    assert "陈金凤" in public and person.id_number not in public and "139" not in public
    assert "扎根一线" not in public and "技艺精湛" not in public
    notice = client.get(f"/nominations/notices/{newest(NominationNotice)}/paper")
    assert notice.data.startswith(b"%PDF") and notice.status_code == 200
    clock.now = at(date(2026, 9, 10))
    assert client.post(f"{board}/approve").status_code == 422
    as_one(client, story.two)
    assert client.post(f"{board}/approve").status_code == 303
    refused = client.post(f"{board}/send", data={"note": ""})
    assert refused.status_code == 422 and "尚无已批准的版本" in refused.text
    blank = client.get("/nominations/forms/blank").data
    form = {"place": "expert/form", "file": (io.BytesIO(blank), "推荐表.docx")}
    assert client.post(f"{board}/forms", data=form).status_code == 303
    own = newest(NominationForm)
    as_one(client, story.one).post(f"/nominations/forms/{own}/approve")
    assert client.get(f"/nominations/forms/{own}/sample").status_code == 200
    assert client.post(f"{board}/send", data={"note": ""}).status_code == 303
    assert "第1次报送" in client.get(board).text
    first = db.session.scalars(
        select(NominationSentFile.id).order_by(NominationSentFile.id)
    ).first()
    sent = client.get(f"/nominations/sent/{first}")
    assert sent.data.startswith(b"%PDF") and "attachment" in sent.headers["Content-Disposition"]
    outcome = {
        "decided_on": "2026-09-10", "document": "人社部发〔2026〕90号", f"granted-{key}": "yes",
        "file": (io.BytesIO(pdf(1)), "决定.pdf"),
    }  # fmt: skip
    assert client.post(f"{board}/outcome", data=outcome).status_code == 303
    assert "已获评" in client.get(address).text
    assert EXPERT in client.get("/nominations/figures").text
    assert client.get(f"/nominations/ladder/{person.id}").status_code == 200


def test_an_employer_proposes_on_its_page(client: FlaskClient, story: NominationStory) -> None:
    call = story.call()
    as_one(client, story.unit)
    assert "全国技术能手" in client.get("/nominations/own").text
    form = f"/nominations/calls/{call.id}/propose?list=expert"
    number = story.build.id_number(date(1985, 3, 12))
    typed = {"name": "王小明", "number": number, "held_level": "1", "list": "expert"}
    assert client.post(form, data=typed | {"number": "1"}).status_code == 422
    edit = client.post(form, data=typed)
    assert edit.status_code == 303
    key = db.session.scalars(select(Nomination.id)).one()
    address = f"/nominations/{key}"
    assert client.post(f"{address}/hand-in").status_code == 422
    said = {
        "reasons": "技艺精湛", "merits": "扎根一线", "central": "no", "post": "", "unit_kind": "",
        "evidence-0-kind": "work", "evidence-0-level": "",
    }  # fmt: skip
    assert client.post(edit.location, data=said).status_code == 303
    assert client.post(f"{address}/hand-in").status_code == 303
    assert "单位已提交" in client.get("/nominations/own").text
    assert client.post(f"{address}/check").status_code == 403
    other = story.build.account("employer", employer_id=story.build.employer().id)
    as_one(client, other)
    for way in (address, f"{address}/edit"):
        assert client.get(way).status_code == 404, way
    assert client.get(f"/nominations/calls/{call.id}").status_code == 403
    as_one(client, story.one)
    reply = client.post(f"{address}/return", data={"reason": "请补充事迹"})
    assert reply.status_code == 303
    as_one(client, story.unit)
    assert "请补充事迹" in client.get(address).text


def test_a_person_sees_the_own_status_and_ladder(
    client: FlaskClient, story: NominationStory
) -> None:
    call = story.call()
    person = story.worker()
    story.honour(person, "慈溪市技术能手", HonourLevel.CITY)
    row = story.nominated(call, "expert", person, papers=False)
    story.checked(row)
    account = story.build.account("contestant", person_id=person.id)
    as_one(client, account)
    page = client.get("/nominations/own").text
    assert "慈溪市技术能手" in page and EXPERT in page and "审核通过" in page
    assert client.get(f"/nominations/{row.id}").status_code == 403


def test_every_page_asks_little_of_the_database(
    client: FlaskClient, story: NominationStory, statements: Statements
) -> None:
    call = story.call()
    rows = [story.nominated(call, "expert", papers=False) for _ in range(3)]
    for row in rows[1:]:
        story.honour(row.person, "浙江省技术能手", HonourLevel.PROVINCE)
    for _ in range(4):
        story.honour(story.worker(), "浙江省技术能手", HonourLevel.PROVINCE)
    story.checked(*rows)
    story.ranked(call, "expert", *rows)
    story.noticed(call, BEGIN)
    as_one(client, story.one)
    board = f"/nominations/calls/{call.id}"
    for address in (
        "/nominations",
        board,
        f"{board}/suggestions?list=expert",
        f"{board}/outcome",
        f"/nominations/{rows[0].id}",
        f"/nominations/{rows[0].id}/edit",
        "/nominations/figures",
        "/nominations/forms/fields",
        f"/nominations/ladder/{rows[1].person_id}",
        "/nominations/notices",
    ):
        for language in ("zh_Hans_CN", "en"):
            client.set_cookie("language", language)
            with statements() as seen:
                reply = client.get(address)
            assert reply.status_code == 200, address
            assert len(seen) <= MOST, (address, len(seen))
    assert len(nominations_lists.suggestions(call, "expert").rows) == 4
