"""The pages of documents and templates: who may do what, and the whole way."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.documents import Document, DocumentTemplate
from models.results import Revision
from rules.documents import DocumentKind
from rules.states import DocumentState, RevisionState, TemplateState
from services import notices
from tests.builders import Builder, sign_in
from tests.results_story import AFTER, Story
from tests.services.test_documents_making import made, object_to, word_text
from tests.services.test_documents_templates import with_text

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def story(build: Builder) -> Story:
    """A final event with three winners."""
    found = Story(build)
    found.field(["95", "85", "75"])
    found.final()
    return found


@pytest.fixture
def folder(app: Any) -> Path:
    """Where the application keeps its files."""
    kept: Path = app.config["SETTINGS"].files_dir
    return kept


def enter(client: FlaskClient, clock: Any, story: Story, role: str = "bureau_staff") -> FlaskClient:
    clock.now = AFTER
    sign_in(client, story.account(role))
    return client


def typed(story: Story, **more: Any) -> dict[str, Any]:
    sources = [one.id for one in db.session.scalars(select(Revision))]
    return {
        "sources": sources,
        "title": "获奖名单",
        "number": "慈人社发〔2026〕12号",
        "issuers": "慈溪市人力资源和社会保障局",
        "dated": "2026-11-22",
        "replaces": "0",
    } | more


def test_the_whole_way_from_the_results_to_word_and_pdf(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    enter(client, clock, story)
    here = f"/contests/{story.contest.id}/documents"
    page = client.get(here)
    assert "获奖决定" in page.text and "尚无已核准的晋级名册" in page.text
    form = client.get(f"{here}/new/decision")
    assert "关于公布" in form.text and "各有关单位" in form.text
    reply = client.post(f"{here}/new/decision", data=typed(story, addressee="各有关单位"))
    assert reply.status_code == 303
    key = db.session.scalars(select(Document.id)).one()
    shown = client.get(reply.headers["Location"])
    assert "慈人社发〔2026〕12号" in shown.text and story.event.title in shown.text
    word = client.get(f"/documents/{key}/word")
    assert word.mimetype == WORD and word.headers["Cache-Control"] == "no-store"
    assert "慈溪市人力资源和社会保障局" in word_text(word.data)
    pdf = client.get(f"/documents/{key}/pdf")
    assert pdf.data.startswith(b"%PDF") and "attachment" in pdf.headers["Content-Disposition"]
    assert "慈人社发〔2026〕12号" in client.get(here).text


def test_a_refused_document_comes_back_with_what_was_typed(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    enter(client, clock, story)
    address = f"/contests/{story.contest.id}/documents/new/winners"
    for change, said in (
        ({"sources": []}, "请选择"),
        ({"title": ""}, "标题"),
        ({"issuers": ""}, "落款"),
        ({"dated": "x"}, "日期"),
        ({"sources": [999]}, ""),
    ):
        reply = client.post(address, data=typed(story, **change))
        assert reply.status_code == 422 and said in reply.text
        assert "慈人社发〔2026〕12号" in reply.text
    assert client.post(address, data=typed(story)).status_code == 303
    taken = client.post(address, data=typed(story))
    assert taken.status_code == 422 and "文号已被使用" in taken.text


def test_nothing_is_made_before_the_notice_has_ended(
    client: FlaskClient, clock: Any, build: Builder
) -> None:
    story = Story(build)
    story.field(["95", "85"])
    story.signed()
    enter(client, clock, story)
    here = f"/contests/{story.contest.id}/documents"
    assert "尚无赛项公示期满" in client.get(here).text
    assert "尚无赛项公示期满" in client.get(f"{here}/new/decision").text
    assert client.post(f"{here}/new/decision", data=typed(story)).status_code == 422
    assert db.session.scalars(select(Document.id)).all() == []


def test_an_organizer_reads_and_neither_makes_nor_edits(
    client: FlaskClient, clock: Any, story: Story, folder: Path
) -> None:
    key = made(story, DocumentKind.WINNERS, folder).id
    enter(client, clock, story, "organizer")
    assert client.get(f"/documents/{key}").status_code == 200
    assert client.get(f"/documents/{key}/pdf").status_code == 200
    assert client.get(f"/contests/{story.contest.id}/documents/new/winners").status_code == 403
    assert client.post(f"/documents/{key}/withdraw", data={"reason": "x"}).status_code == 403
    assert client.get("/document-templates").status_code == 403


def test_another_contest_s_document_does_not_exist(
    client: FlaskClient, clock: Any, story: Story, build: Builder, folder: Path
) -> None:
    key = made(story, DocumentKind.WINNERS, folder).id
    clock.now = AFTER
    sign_in(client, build.account("bureau_staff", build.contest().id))
    for path in ("", "/word", "/pdf"):
        assert client.get(f"/documents/{key}{path}").status_code == 404
    assert client.get(f"/contests/{story.contest.id}/documents/new/nix").status_code == 404


def test_an_unknown_kind_does_not_exist(client: FlaskClient, clock: Any, story: Story) -> None:
    enter(client, clock, story)
    assert client.get(f"/contests/{story.contest.id}/documents/new/nix").status_code == 404
    assert client.get("/document-templates/nix").status_code == 404


def test_a_withdrawal_needs_a_reason(
    client: FlaskClient, clock: Any, story: Story, folder: Path
) -> None:
    key = made(story, DocumentKind.WINNERS, folder).id
    enter(client, clock, story)
    assert client.post(f"/documents/{key}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"/documents/{key}/withdraw", data={"reason": "错字"}).status_code == 303
    assert "错字" in client.get(f"/documents/{key}").text
    again = client.post(f"/documents/{key}/withdraw", data={"reason": "再次"})
    assert again.status_code == 422


def test_a_superseded_document_says_so_on_its_page_and_in_the_list(
    client: FlaskClient, clock: Any, story: Story, folder: Path
) -> None:
    key = made(story, DocumentKind.WINNERS, folder).id
    enter(client, clock, story)
    here = f"/contests/{story.contest.id}/documents"
    assert "已被替代" not in client.get(here).text + client.get(f"/documents/{key}").text
    db.session.query(Revision).update({"state": RevisionState.SUPERSEDED})
    db.session.commit()
    assert "已被替代" in client.get(here).text
    page = client.get(f"/documents/{key}").text
    assert "已被替代" in page and "重新制作" in page


def test_who_is_left_out_is_named_to_staff(
    client: FlaskClient, clock: Any, build: Builder, folder: Path
) -> None:
    story = Story(build)
    first, _ = story.field(["95", "85"])
    notice_id = story.posted()
    object_to(story, notice_id, first.title)
    notices.close(story.actor("bureau_staff", AFTER), notice_id)
    key = made(story, DocumentKind.WINNERS, folder).id
    enter(client, clock, story)
    page = client.get(f"/documents/{key}").text
    assert first.title in page and "异议未办结" in page


def upload(client: FlaskClient, data: bytes, **more: Any) -> Any:
    form = {"file": (io.BytesIO(data), "名单.docx"), "contest": "0", "note": "换页眉"} | more
    return client.post("/document-templates/winners", data=form)


def test_a_template_is_uploaded_checked_and_approved_by_another(
    client: FlaskClient, clock: Any, build: Builder, story: Story, folder: Path
) -> None:
    clock.now = AFTER
    sign_in(client, build.account("bureau_staff"))
    page = client.get("/document-templates/winners").text
    assert "{{ 标题 }}" in page and "行1" in page and "第八届" in page
    file = client.get("/document-templates/winners/default")
    assert file.mimetype == WORD
    assert client.get("/document-templates/winners/default/preview").mimetype == WORD
    refused = upload(client, with_text("{{ 身份证号 }}"))
    assert refused.status_code == 422 and "没有“身份证号”这一字段" in refused.text
    assert upload(client, b"%PDF").status_code == 422
    data = with_text("新模板")
    assert upload(client, data).status_code == 303
    key = db.session.scalars(select(DocumentTemplate.id)).one()
    own = client.post(f"/document-templates/{key}/approve")
    assert "须由他人" in client.get(own.headers["Location"]).text
    other = client.application.test_client()
    sign_in(other, build.account("bureau_staff"))
    other.post(f"/document-templates/{key}/approve")
    assert db.session.get_one(DocumentTemplate, key).state is TemplateState.APPROVED
    assert other.get(f"/document-templates/{key}/file").data == data
    assert word_text(other.get(f"/document-templates/{key}/preview").data).endswith("新模板")
    assert "第 1 版" in other.get("/document-templates").text
    assert made(story, DocumentKind.WINNERS, folder).template_id == key
    other.post(f"/document-templates/{key}/retire")
    assert db.session.get_one(DocumentTemplate, key).state is TemplateState.RETIRED


def test_staff_of_one_contest_edit_its_templates_only(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    enter(client, clock, story)
    assert upload(client, with_text("x")).status_code == 422
    assert upload(client, with_text("x"), contest=str(story.contest.id)).status_code == 303
    found = db.session.scalars(select(DocumentTemplate)).one()
    assert found.contest_id == story.contest.id
    assert client.get(f"/document-templates/{found.id}/file").status_code == 200


def test_the_pages_send_the_same_statements_for_more_rows(
    client: FlaskClient,
    clock: Any,
    story: Story,
    folder: Path,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    key = made(story, DocumentKind.WINNERS, folder).id
    clock.now = AFTER
    sign_in(client, build.account("bureau_staff"))
    upload(client, with_text("x"))
    addresses = (
        f"/contests/{story.contest.id}/documents",
        f"/contests/{story.contest.id}/documents/new/winners",
        f"/documents/{key}",
        "/document-templates",
        "/document-templates/winners",
    )

    def counts() -> list[int]:
        found = []
        for address in addresses:
            with statements() as sent:
                assert client.get(address).status_code == 200
            found.append(len(sent))
        return found

    few = counts()
    for _ in range(2):
        made(story, DocumentKind.WINNERS, folder)
        upload(client, with_text("x"))
    assert counts() == few and max(few) <= 20


def test_a_second_click_makes_no_second_document(
    client: FlaskClient, clock: Any, story: Story
) -> None:
    enter(client, clock, story)
    address = f"/contests/{story.contest.id}/documents/new/winners"
    form = typed(story, number="", request_key="a" * 32)
    first = client.post(address, data=form)
    again = client.post(address, data=form)
    assert first.headers["Location"] == again.headers["Location"]
    found = db.session.scalars(select(Document)).one()
    assert found.state is DocumentState.MADE
