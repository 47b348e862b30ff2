"""Pages of awards, levels and payments."""

import io

import openpyxl
from flask.testing import FlaskClient
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from tests.builders import Builder, sign_in
from tests.results_story import Story, followed


def test_awards_and_levels_are_shown_with_totals(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    entries = story.field(["90", "80"])
    contest = f"/contests/{story.contest.id}"
    sign_in(client, story.account("organizer"))
    assert "暂无奖项" in client.get(f"{contest}/awards").text
    assert "暂无推荐" in client.get(f"{contest}/levels").text
    story.computed()
    text = client.get(f"{contest}/awards").text
    assert entries[0].title in text and "15,000" in text and "一等奖" in text
    assert entries[1].title in client.get(f"{contest}/levels?level=3").text
    assert "没有符合条件的推荐" in client.get(f"{contest}/levels?level=1").text
    assert "没有符合条件的奖项" in client.get(f"{contest}/awards?tier=x").text


def test_a_payer_sees_final_prizes_less_the_tax(client: FlaskClient, build: Builder) -> None:
    story, other = Story(build), Story(build)
    story.field(["90"])
    other_entry = other.field(["90"])[0]
    sign_in(client, build.account("payer", story.contest.id))
    assert "暂无待发奖金" in client.get("/payments").text
    story.final()
    other.final()
    text = client.get("/payments").text
    assert "8,000" in text and "2,000" in text and "16,000" not in text
    assert other_entry.title not in client.get(f"/payments?contest={other.contest.id}").text
    awards = client.get(f"/contests/{story.contest.id}/awards").text
    assert "/revisions/" not in awards
    assert client.get(f"/contests/{other.contest.id}/awards").status_code == 404


def test_the_payer_exports_what_is_to_be_paid(client: FlaskClient, build: Builder) -> None:
    story, other = Story(build), Story(build)
    person = build.person()
    story.entry("90", "90", person=person)
    other.field(["80"])
    sign_in(client, build.account("payer", story.contest.id))
    assert "payments/export" not in client.get("/payments").text
    assert "暂无待发奖金" in followed(client, "/payments/export").text
    story.final()
    other.final()
    page = client.get("/payments").text
    assert "payments/export" in page and person.id_number not in page
    reply = client.post("/payments/export")
    assert reply.headers["Cache-Control"] == "no-store"
    head, line, total = openpyxl.load_workbook(io.BytesIO(reply.data)).worksheets[0].values
    paid = dict(zip(head, line, strict=True))
    assert (paid["姓名"], paid["证件号码"]) == (person.name, person.id_number)
    assert (paid["税前金额"], paid["代扣个税"], paid["实发金额"]) == (10000, 2000, 8000)
    assert total[-3:] == (10000, 2000, 8000)
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "export")).one()
    assert (record.subject, record.after["rows"]) == ("payments", 1)
    assert person.id_number not in str(record.after)


def test_the_organizer_cannot_export_payments(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("organizer"))
    assert client.post("/payments/export").status_code == 403
