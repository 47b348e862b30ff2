"""Pages of claims and lifetimes: opened by a code, or by a contestant's account."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openbadgeslib.ob3 import OB3Verifier
from sqlalchemy import select

from models.certificates import Certificate
from models.consents import Consent
from models.database import db
from models.entries import EntryMember
from models.messages import Message
from models.people import Person
from models.statements import StatementKey
from rules.certificate_kinds import CertificateKind
from rules.messages import MessageState
from services import certificates, consents, statements
from services.settings import Mode
from tests.builders import NOW, Builder, sign_in
from tests.results_story import AFTER, Story


@pytest.fixture
def winner(build: Builder) -> Person:
    """Somebody with a certificate and no account."""
    story, person = Story(build), build.person()
    story.entry("80", "80", person=person)
    story.issued()
    return person  # type: ignore[no-any-return]


def one() -> Certificate:
    return db.session.scalars(select(Certificate)).one()


def claim(client: FlaskClient, person: Person) -> str:
    """Ask for a code and return it."""
    typed = {"id_number": person.id_number, "phone": person.phone}
    assert client.get("/claim").status_code == 200
    assert client.post("/claim", data=typed).headers["Location"] == "/claim/code"
    message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert message is not None
    return re.findall(r"\d{6}", message.body or "")[0]  # type: ignore[no-any-return]


def opened(client: FlaskClient, person: Person) -> FlaskClient:
    """Open the page of a lifetime by a code."""
    reply = client.post("/claim/code", data={"code": claim(client, person)})
    assert reply.headers["Location"] == "/lifetime"
    return client


def test_a_winner_without_an_account_claims_and_downloads(
    client: FlaskClient, winner: Person, clock: Any
) -> None:
    assert client.get("/lifetime").headers["Location"] == "/claim"
    opened(client, winner)
    page = client.get("/lifetime").text
    number = one().number
    assert winner.name in page and number in page and "技能之星" in page
    assert winner.id_number not in page and (winner.phone or "") not in page
    file = client.get(f"/lifetime/certificates/{number}")
    assert file.data.startswith(b"%PDF") and file.headers["Cache-Control"] == "no-store"
    archive = client.get("/lifetime/certificates.zip", buffered=True)
    names = zipfile.ZipFile(io.BytesIO(archive.data)).namelist()
    assert [name.rpartition(".")[2] for name in names] == ["csv", "xlsx", "pdf"]
    assert number in names[2] and winner.name in names[2]
    assert client.get("/desk").status_code == 303  # a code gives no right of an account
    clock.now += timedelta(minutes=30)
    assert client.get("/lifetime").status_code == 303
    assert client.get("/lifetime/certificates.zip").status_code == 404
    assert client.get(f"/lifetime/certificates/{number}").status_code == 404


def test_a_winner_takes_badges_with_the_name_only_as_is_wished(
    client: FlaskClient, build: Builder, clock: Any
) -> None:
    statements.make_key(build.actor(now=NOW))
    key = db.session.scalars(select(StatementKey)).one()
    story, person = Story(build), build.person()
    story.entry("80", "80", person=person)
    story.issued()
    reader, address = OB3Verifier(pubkey_pem=key.public), f"/lifetime/certificates/{one().number}"
    assert client.get(f"{address}/badge").status_code == 404
    opened(client, person)
    page = client.get("/lifetime").text
    assert f'href="{address}/badge"' in page and f'href="{address}/badge?name=1"' in page
    hidden, named = (client.get(f"{address}/badge{more}") for more in ("", "?name=1"))
    assert f"{one().number}.jwt" in hidden.headers["Content-Disposition"]
    assert person.name not in str(reader.verify(hidden.text).raw)
    assert person.name in str(reader.verify(named.text).raw)
    archive = client.get("/lifetime/certificates.zip", buffered=True)
    members = zipfile.ZipFile(io.BytesIO(archive.data))
    assert members.read(f"数字徽章/{one().number}.jwt").decode() == hidden.text
    since, by = NOW.date(), build.actor(now=AFTER)
    statements.report_compromise(by, key.id, since=since, reason="USB 丢失")
    assert "/badge" not in client.get("/lifetime").text
    assert client.get(f"{address}/badge").status_code == 404
    archive = client.get("/lifetime/certificates.zip", buffered=True)
    names = zipfile.ZipFile(io.BytesIO(archive.data)).namelist()
    assert [name.rpartition(".")[2] for name in names] == ["csv", "xlsx", "pdf"]


def test_a_member_finds_the_paper_of_the_team(client: FlaskClient, build: Builder) -> None:
    story, persons = Story(build), [build.person() for _ in range(3)]
    entry = story.entry("80", "80", person=persons[0])
    story.entry("70", "70", person=persons[2])
    row = EntryMember(
        entry_id=entry.id, event_id=story.event.id, person_id=persons[1].id, position=2
    )
    db.session.add(row)
    db.session.commit()
    story.final()
    by = story.actor("bureau_staff", AFTER)
    certificates.issue(by, story.contest.id, str, CertificateKind.TEAM)
    opened(client, persons[1])
    assert one().kind is CertificateKind.TEAM and one().number in client.get("/lifetime").text
    file = client.get(f"/lifetime/certificates/{one().number}")
    assert file.data.startswith(b"%PDF")
    client.post("/claim/leave")
    opened(client, persons[2])
    assert one().number not in client.get("/lifetime").text
    assert client.get(f"/lifetime/certificates/{one().number}").status_code == 404


def test_who_leaves_is_out(client: FlaskClient, winner: Person) -> None:
    opened(client, winner)
    assert client.post("/claim/leave").status_code == 303
    assert client.get("/lifetime").status_code == 303


def test_the_answer_is_the_same_whoever_is_asked_for(client: FlaskClient, winner: Person) -> None:
    def answers(**typed: str | None) -> list[str]:
        first = client.post("/claim", data=typed)
        second = client.post("/claim/code", data={"code": "1"})
        texts = [first.text, second.text, client.get("/claim/code").text]
        # Both hold the time or chance of the page, never anything of a person.
        hidden = r'name="csrf_token" value="[^"]*"|value="[0-9a-f]{32}"'
        return [re.sub(hidden, "", text) for text in texts]

    known = answers(id_number=winner.id_number, phone=winner.phone)
    assert known == answers(id_number=winner.id_number, phone="13812345678")
    assert known == answers(id_number="110105199005170010", phone="13812345679")


def test_wrong_codes_and_bad_numbers_are_told_at_their_field(
    client: FlaskClient, winner: Person
) -> None:
    bad = client.post("/claim", data={"id_number": "12", "phone": "0574-63000000"})
    assert bad.status_code == 422 and "证件号码" in bad.text
    assert client.post("/claim", data={}).status_code == 422
    code = claim(client, winner)
    other = f"{(int(code) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1):
        reply = client.post("/claim/code", data={"code": other})
        assert reply.status_code == 422 and f"还可以尝试 {left} 次" in reply.text
    assert "已失效" in client.post("/claim/code", data={"code": other}).text
    assert "已失效" in client.post("/claim/code", data={"code": code}).text


def test_without_a_gateway_the_page_says_whom_to_ask(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.config["SETTINGS"], "skillstar_mode", Mode.PRODUCTION)
    page = client.get("/claim").text
    assert "暂不发送短信" in page and 'name="id_number"' not in page
    assert client.post("/claim", data={"id_number": "1", "phone": "1"}).status_code == 422


def test_a_contestant_s_account_opens_the_same_page(
    client: FlaskClient, build: Builder, winner: Person
) -> None:
    sign_in(client, build.account("contestant", person_id=winner.id))
    assert client.get("/honours/own").headers["Location"] == "/lifetime"
    page = client.get("/lifetime").text
    assert one().number in page and "/claim/leave" not in page
    assert client.get(f"/lifetime/certificates/{one().number}").status_code == 200
    client.post("/sign-out")
    sign_in(client, build.account("contestant"))
    assert "暂无荣誉" in client.get("/honours/own").text
    client.post("/sign-out")
    sign_in(client, build.account("judge"))
    assert client.get("/lifetime").status_code == 303
    assert client.get(f"/lifetime/certificates/{one().number}").status_code == 404


def test_another_s_and_a_revoked_certificate_are_not_handed_out(
    client: FlaskClient, build: Builder, winner: Person
) -> None:
    number = one().number
    certificates.revoke(build.actor(now=AFTER), one().id, reason="冒名顶替")
    opened(client, winner)
    page = client.get("/lifetime").text
    assert "冒名顶替" in page and "2026-10-15" in page
    assert client.get(f"/lifetime/certificates/{number}").status_code == 404
    assert client.get("/lifetime/certificates.zip").status_code == 404


def test_the_page_of_a_lifetime_sends_few_statements(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    person, counts = build.person(), []
    sign_in(client, build.account("contestant", person_id=person.id))
    for _ in range(2):
        story = Story(build)
        story.entry("80", "80", person=person)
        story.issued()
        with statements() as sent:
            assert client.get("/lifetime").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 20


def test_the_administrator_sees_what_did_not_go_out(
    client: FlaskClient, build: Builder, winner: Person
) -> None:
    claim(client, winner)
    message = db.session.scalars(select(Message)).one()
    sign_in(client, build.account("administrator"))
    page = client.get("/messages").text
    assert "等待发送" in page and (winner.phone or "") not in page
    again = client.post(f"/messages/{message.id}/again")
    assert "只有已放弃的消息" in client.get(again.headers["Location"]).text
    message.state = MessageState.GIVEN_UP
    db.session.commit()
    page = client.get("/messages?state=given_up").text
    assert f"/messages/{message.id}/again" in page
    assert client.post(f"/messages/{message.id}/again").status_code == 303
    db.session.refresh(message)
    assert message.state is MessageState.WAITING
    client.post("/sign-out")
    sign_in(client, build.account("organizer"))
    assert client.get("/messages").status_code == 403


def test_an_employer_fetches_what_its_people_allow(
    client: FlaskClient, build: Builder, app: Flask
) -> None:
    employer, person, story = build.employer(), build.person(), Story(build)
    story.entry("80", "80", person=person, employer_id=employer.id)
    story.issued()
    number = one().number
    office = app.test_client()
    sign_in(office, build.account("employer", employer_id=employer.id))
    page = office.get("/staff-certificates").text
    assert person.name in page and number not in page
    assert office.get(f"/staff-certificates/{number}").status_code == 404
    assert office.get("/staff-certificates.zip").status_code == 404
    opened(client, person)
    typed = {"employer": employer.id, "until": "2026-12-31", "agreed": "y"}
    refused = client.post("/lifetime/consents", data=typed | {"agreed": ""})
    assert refused.status_code == 422 and employer.title in refused.text
    late = client.post("/lifetime/consents", data=typed | {"until": "2036-12-31"})
    assert late.status_code == 422 and "三年" in late.text
    assert client.post("/lifetime/consents", data=typed).status_code == 303
    assert "2026-12-31" in client.get("/lifetime").text
    assert number in office.get("/staff-certificates").text
    assert office.get(f"/staff-certificates/{number}").data.startswith(b"%PDF")
    archive = office.get("/staff-certificates.zip", buffered=True)
    names = zipfile.ZipFile(io.BytesIO(archive.data)).namelist()
    assert len(names) == 3 and "/" in names[2]
    key = db.session.scalars(select(Consent.id)).one()
    assert client.post(f"/lifetime/consents/{key}/withdraw").status_code == 303
    assert office.get(f"/staff-certificates/{number}").status_code == 404
    assert app.test_client().post(f"/lifetime/consents/{key}/withdraw").status_code == 404


def test_the_page_of_an_employer_sends_few_statements(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    employer, counts = build.employer(), []
    sign_in(client, build.account("employer", employer_id=employer.id))
    for _ in range(2):
        story, person = Story(build), build.person()
        story.entry("90", "90", person=person, employer_id=employer.id)
        story.entry("80", "80", employer_id=employer.id)
        story.issued()
        until = build.actor(now=AFTER).today
        consents.give(build.actor(now=AFTER), person.id, employer.id, until, "")
        with statements() as sent:
            assert client.get("/staff-certificates").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 20


def test_the_organizer_prints_and_mails(client: FlaskClient, build: Builder) -> None:
    story, person = Story(build), build.person()
    story.entry("80", "80", person=person)
    build.account("contestant", person_id=person.id, email="chen@example.cn")
    story.issued()
    base = f"/contests/{story.contest.id}/certificates"
    sign_in(client, story.account("organizer"))
    page = client.get(f"/certificates?contest={story.contest.id}").text
    assert f"{base}/print" in page and f"{base}/mail" in page
    assert "1" in client.get(f"{base}/print?sheet=two_up&kind=nonsense").text
    file = client.get(f"{base}/print-file?sheet=two_up&backs=1")
    assert file.mimetype == "application/pdf" and file.data.startswith(b"%PDF")
    second = Story(build, contest=story.contest)
    second.field(["70"])
    second.issued()
    several = client.get(f"{base}/print-file", buffered=True)
    names = zipfile.ZipFile(io.BytesIO(several.data)).namelist()
    assert [name[:3] for name in names] == ["01_", "02_"]
    whole = client.get(f"{base}.zip", buffered=True)
    assert len(zipfile.ZipFile(io.BytesIO(whole.data)).namelist()) == 4
    for address in (f"{base}/print-file?kind=plaque", f"{base}.zip?kind=plaque"):
        reply = client.get(address)
        assert "没有" in client.get(reply.headers["Location"]).text
    page = client.get(f"{base}/mail").text
    assert "/claim" in page and person.id_number not in page
    assert client.post(f"{base}/mail").status_code == 303
    message = db.session.scalars(select(Message)).one()
    assert "/lifetime" in (message.body or "") and story.contest.title in (message.body or "")
    assert "已全部通知" in client.get(client.post(f"{base}/mail").headers["Location"]).text
    assert "chen@example.cn" not in client.get(f"{base}/mail").text
    client.post("/sign-out")
    sign_in(client, Story(build).account("organizer"))
    assert client.get(f"{base}/mail").status_code == 404
    assert client.get(f"{base}/print-file").status_code == 404


def test_the_spelling_of_the_passport_is_confirmed(
    client: FlaskClient, build: Builder, winner: Person, app: Flask
) -> None:
    winner.name = "陈小明"
    db.session.commit()
    opened(client, winner)
    assert 'value="Chen"' in client.get("/lifetime").text
    bad = client.post("/lifetime/spelling", data={"surname": "陈", "given": "X"})
    assert bad.status_code == 422 and "不带声调" in bad.text
    good = {"surname": "CHAN", "given": "SIU MING"}
    assert client.post("/lifetime/spelling", data=good).status_code == 303
    assert "Chan Siu Ming" in client.get("/lifetime").text
    office = app.test_client()
    sign_in(office, build.account("organizer"))
    here = f"/people/{winner.id}/spelling"
    assert 'value="Chan"' in office.get(here).text and here in office.get(here[:-9]).text
    assert office.post(here, data={"surname": "?"}).status_code == 422
    assert office.post(here, data={"surname": "CHEN", "given": "A"}).status_code == 303
    assert "Chen A" in office.get(here[:-9]).text
