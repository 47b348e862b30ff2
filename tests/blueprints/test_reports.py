"""The pages of figures: library, questions, frozen answers, replies with their Word file."""

import io
import re
from enum import Enum
from typing import Any

import pytest
from docx import Document as open_docx
from flask.testing import FlaskClient

from blueprints.labels import LABELS
from models.accounts import Account
from models.database import db
from models.reports import Figure, FrozenFigure, ReplyKit
from rules.figure_library import LIBRARY
from rules.figure_words import ENUMS
from rules.figures import KNOWN, Part, Question, Source
from tests.builders import Builder, sign_in
from tests.figure_rows import cixi, sanmenxia

NEW: dict[str, Any] = {
    "title": "三门峡市技术能手",
    "unit": "人",
    "counted": "persons",
    "only_title": "三门峡市技术能手",
    "company": "",
    "splits": ["company"],
    "shared": "y",
}
REPLY = """截至{{ 数据1.截止日期 }}，全市共有技术能手{{ 数据1.数量 }}，
其中企业职工{{ 数据1.企业职工数 }}人。
{{ 数据1.整句 }}"""


@pytest.fixture
def staff(build: Builder) -> Account:
    """Somebody of the bureau."""
    return build.account("bureau_staff")


@pytest.fixture
def desk(client: FlaskClient, staff: Account) -> FlaskClient:
    """The same, signed in."""
    return sign_in(client, staff)


def post(client: FlaskClient, url: str, status: int = 303, **data: Any) -> Any:
    reply = client.post(url, data=data)
    assert reply.status_code == status, re.findall(r"(?s)error-summary.*?</ul>", reply.text)
    return reply


def saved(client: FlaskClient, **more: Any) -> int:
    """A figure saved through its form."""
    reply = post(client, "/figures/new?source=honours", **(NEW | more))
    return int(reply.location.rsplit("/", 1)[1])


def test_every_coded_value_of_a_figure_has_a_name() -> None:
    for enum in ENUMS.values():
        assert issubclass(enum, Enum)
    for one in (*Source, *Part):
        assert (type(one), one) in LABELS


def test_the_library_opens_every_figure(build: Builder, desk: FlaskClient) -> None:
    sanmenxia(build)
    page = desk.get("/figures/library").text
    assert all(ready.line in page for ready in LIBRARY.values())
    for key in LIBRARY:
        assert desk.get(f"/figures/library/{key}").status_code == 200, key
    shown = desk.get("/figures/library/sanmenxia_expert").text
    assert "三门峡市技术能手248人，其中企业职工193人" in shown
    reply = post(desk, "/figures/library/sanmenxia_expert/take")
    assert "248" in desk.get(reply.location).text
    assert desk.get("/figures/library/nothing").status_code == 404


@pytest.mark.parametrize("source", list(Source))
def test_every_register_has_a_form_for_its_question(desk: FlaskClient, source: Source) -> None:
    url = f"/figures/new?source={source.value}"
    page = desk.get(url)
    assert page.status_code == 200
    for part in Part:
        known = part in KNOWN[source].parts
        assert (f'name="only_{part.value}"' in page.text) <= known
    counted = KNOWN[source].counts[0].value
    key = saved_at(desk, url, counted)
    assert desk.get(f"/figures/{key}").status_code == 200
    assert desk.get(f"/figures/{key}/edit").status_code == 200


def saved_at(desk: FlaskClient, url: str, counted: str) -> int:
    """A bare question to a register."""
    reply = post(desk, url, title="问", unit="个", counted=counted, company="", splits=["year"])
    return int(reply.location.rsplit("/", 1)[1])


def test_a_question_is_asked_changed_and_removed(build: Builder, desk: FlaskClient) -> None:
    sanmenxia(build)
    key = saved(desk)
    page = desk.get(f"/figures/{key}").text
    assert "三门峡市技术能手248人，其中企业职工193人" in page
    assert "不重复计算" in page
    listed = desk.get(f"/figures/{key}?page=5").text.replace("称号人员名册", "")  # in the menu
    assert listed.count("名册") == 48
    edit = f"/figures/{key}/edit"
    assert "三门峡市技术能手" in desk.get(edit).text
    post(desk, edit, 422, **(NEW | {"from_year": "2024", "to_year": "2020"}))
    post(desk, edit, **(NEW | {"title": "河南省技术能手", "only_title": "河南省技术能手"}))
    assert "河南省技术能手45人，其中企业职工34人" in desk.get(f"/figures/{key}").text
    assert "河南省技术能手" in desk.get("/figures?q=河南&own=1&kind=counted").text
    post(desk, f"/figures/{key}/remove")
    assert desk.get(f"/figures/{key}").status_code == 404


def test_what_is_not_filled_in_is_refused_with_the_page(desk: FlaskClient) -> None:
    assert "数据来源" in desk.get("/figures/new").text
    post(desk, "/figures/new?source=honours", 422, title="", unit="人", counted="persons")
    post(desk, "/figures/new?source=honours", 422, **(NEW | {"as_of": "2999-01-01"}))
    post(desk, "/figures/new-typed", 422, title="计划", unit="家", number="10")


def test_lists_are_downloaded_without_numbers_of_people(build: Builder, desk: FlaskClient) -> None:
    sanmenxia(build)
    key = saved(desk)
    table = post(desk, f"/figures/{key}/list.csv", 200)
    assert table.data.startswith(b"\xef\xbb\xbf")
    lines = table.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 249
    assert lines[0].startswith("姓名,所在单位") and "figure" not in table.text
    book = post(desk, f"/figures/{key}/list.xlsx", 200)
    assert book.data.startswith(b"PK")
    assert desk.post(f"/figures/{key}/list.pdf").status_code == 404


def test_an_answer_is_frozen_signed_and_compared(
    build: Builder, client: FlaskClient, staff: Account
) -> None:
    sanmenxia(build)
    desk = sign_in(client, staff)
    key = saved(desk)
    where = post(desk, f"/figures/{key}/freeze", note="答复第12号提案", version="1").location
    page = desk.get(where).text
    assert "三门峡市技术能手248人" in page and "答复第12号提案" in page
    post(desk, f"/figures/{key}/freeze", 422, version="9")
    frozen = db.session.query(FrozenFigure).one()
    db.session.execute(db.text("UPDATE honour SET title = '改' WHERE title = '三门峡市技术能手'"))
    db.session.commit()
    now = desk.get(where).text
    assert "248" in now and "减少" in now
    assert desk.get(f"{where}?on=today").status_code == 200
    assert post(desk, f"{where}/list.csv", 200).data.decode("utf-8-sig").count("\n") == 249
    post(desk, f"{where}/sign")
    assert db.session.get(FrozenFigure, frozen.id).signed_at is None  # type: ignore[union-attr]
    other = sign_in(desk.application.test_client(), build.account("bureau_staff"))
    assert 'action="/figures/frozen' in other.get(where).text
    post(other, f"{where}/sign")
    db.session.expire_all()
    assert db.session.get(FrozenFigure, frozen.id).signed_at is not None  # type: ignore[union-attr]


def test_typed_figures_say_that_they_are_typed(desk: FlaskClient) -> None:
    facts = {"title": "计划新建工作室", "unit": "家", "number": "10", "bound": "at_least"}
    more = {"parts": "市级 8\n省级 2", "document": "石人社〔2019〕1号"}
    reply = post(desk, "/figures/new-typed", **facts, **more)
    page = desk.get(reply.location).text
    assert "文件录入" in page and "计划新建工作室不少于10家，其中市级8家、省级2家" in page
    where = post(desk, f"{reply.location}/freeze", version="1").location
    assert "石人社〔2019〕1号" in desk.get(where).text
    assert post(desk, f"{where}/list.csv").location.endswith(where)
    edit = f"{reply.location}/edit"
    assert "市级 8" in desk.get(edit).text
    bad = {"title": "问", "unit": "家", "number": "1", "bound": "about", "document": "文"}
    post(desk, edit, 422, **bad, parts="没有数字")
    post(desk, edit, **bad)


def test_a_reply_carries_its_figures_into_word(build: Builder, desk: FlaskClient) -> None:
    sanmenxia(build)
    figure = saved(desk)
    facts = {"title": "关于技能人才工作的答复", "addressee": "市政协", "reference": "第12号提案"}
    kit = post(desk, "/replies/new", **facts).location
    assert post(desk, f"{kit}/figures", figure=figure, word="1a", frozen="0", status=422)
    post(desk, f"{kit}/figures", figure=figure, word="数据1", frozen="0")
    post(desk, f"{kit}/figures", 422, figure=figure, word="数据2", frozen="1")  # the same answer
    version = db.session.query(ReplyKit).one().version
    wrong = facts | {"text": "共{{ 数据9.数字 }}人", "version": version}
    post(desk, f"{kit}/edit", **wrong)
    page = desk.get(kit).text
    assert "正文第1行：此处没有“数据9.数字”这一字段" in page
    assert desk.get(f"{kit}/reply.docx").status_code == 303
    version = db.session.query(ReplyKit).one().version
    text = facts | {"text": REPLY, "names_shown": "y", "version": version}
    post(desk, f"{kit}/edit", **text)
    page = desk.get(kit).text
    assert re.search(r"全市共有技术能手248人，\s*</p>\s*<p>其中企业职工193人。", page)
    draft = desk.get(f"{kit}/reply.docx")
    said = _words(draft.data)
    assert "技术能手248人，其中企业职工193人" in said
    frozen = db.session.query(FrozenFigure).one()
    assert frozen.digest in said and "荣誉台账" in said and "名册" in said
    assert "figure" not in said.replace("figures", "")
    post(desk, f"{kit}/send")
    assert desk.get(f"{kit}/reply.docx").data != b""
    sent = db.session.query(ReplyKit).one()
    assert sent.state.value == "sent" and len(sent.digest) == 64
    post(desk, f"{kit}/figures", 422, figure=figure, word="数据3", frozen="0")
    db.session.execute(db.text("DELETE FROM honour WHERE title = '三门峡市技术能手'"))
    db.session.commit()
    changes = desk.get(f"{kit}/changes").text
    assert ">248<" in changes and ">0<" in changes and "无变化" not in changes
    assert "248" in _words(desk.get(f"{kit}/reply.docx").data)
    assert "第12号提案" in desk.get("/replies?q=第12号").text


def _words(data: bytes) -> str:
    docx = open_docx(io.BytesIO(data))
    texts = [one.text for one in docx.paragraphs]
    texts += [cell.text for table in docx.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def test_personal_data_does_not_go_into_a_reply(desk: FlaskClient) -> None:
    text = "联系人身份证号330282199005170018"
    post(desk, "/replies/new", 422, title="答复", text=text)


def test_what_is_not_shared_is_its_owners(
    build: Builder, client: FlaskClient, staff: Account
) -> None:
    cixi(build)
    desk = sign_in(client, staff)
    figure = saved(desk, shared="")
    kit = post(desk, "/replies/new", title="答复").location
    where = post(desk, f"/figures/{figure}/freeze", version="1").location
    other = sign_in(desk.application.test_client(), build.account("bureau_staff"))
    for url in (f"/figures/{figure}", where, kit, f"{kit}/changes", f"{kit}/reply.docx"):
        assert other.get(url).status_code == 404, url
    post(other, f"{kit}/send", 404)
    shared = db.session.query(Figure).one()
    shared.shared = True
    db.session.commit()
    assert other.get(f"/figures/{figure}").status_code == 200
    assert other.get(f"/figures/{figure}/edit").status_code == 403


def test_a_reply_can_be_removed_until_it_is_sent(desk: FlaskClient) -> None:
    kit = post(desk, "/replies/new", title="答复").location
    post(desk, f"{kit}/send")
    assert db.session.query(ReplyKit).one().state.value == "draft"  # nothing to send
    post(desk, f"{kit}/remove")
    assert db.session.query(ReplyKit).count() == 0


def test_questions_of_the_library_are_questions_or_typed() -> None:
    counted = [one for one in LIBRARY.values() if isinstance(one.asked, Question)]
    assert len(counted) >= 45 and len(LIBRARY) >= 60
