"""Pages of designs and seals: the plain form, the data for the designer, two people, no leaks."""

import base64
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import MultiDict

from blueprints.designs.designing import free_key
from models.audits import AuditRecord
from models.database import db
from models.designs import CertificateTemplate
from models.seals import SealPicture
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import Border
from rules.states import DesignState, SealState
from services import designs
from services.designs import Source
from tests.builders import Builder, sign_in
from tests.results_story import followed
from tests.services.test_seals import stamp

DATA = {"Accept": "application/json"}

HONOUR = CertificateKind.HONOUR


def begun(build: Builder, title: str = "技能之星") -> int:
    return designs.create_design(build.actor(), title, HONOUR, Source())


def fields_of(page: str) -> MultiDict[str, Any]:
    """What a browser would send for the designer's form."""
    form = page.split('id="design"')[1].split("</form>")[0]
    values: MultiDict[str, Any] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = given.get("type")
        if kind in ("checkbox", "radio") and "checked" not in tag:
            continue
        if given.get("name") and kind != "file":
            values.add(given["name"], given.get("value", "y"))
    for name, inner in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', form, re.S
    ):
        values.add(name, inner)
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        found = re.search(r'<option selected value="([^"]*)"', inner)
        values.add(name, found[1] if found else re.findall(r'value="([^"]*)"', inner)[0])
    return values


def opened(client: FlaskClient, build: Builder) -> tuple[int, str, MultiDict[str, Any]]:
    made = begun(build)
    sign_in(client, build.account("bureau_staff"))
    address = f"/certificate-designs/{made}/design"
    return made, address, fields_of(client.get(address).text)


def test_the_plain_form_saves_what_it_shows(client: FlaskClient, build: Builder) -> None:
    made, address, values = opened(client, build)
    before = designs.draft_of(designs.get_template(made))
    assert client.post(address, data=values).status_code == 303
    db.session.expire_all()
    assert designs.draft_of(designs.get_template(made)) == before
    values["border"], values["texts-0-size"] = "key", "48"
    values["texts-1-remove"] = "y"
    reply = client.post(address, data=values)
    assert reply.status_code == 303
    db.session.expire_all()
    after = designs.draft_of(designs.get_template(made))
    assert after.border is Border.KEY and after.texts[0].size == 48
    assert len(after.texts) == len(before.texts) - 1


def test_texts_and_lines_are_added_without_a_script(client: FlaskClient, build: Builder) -> None:
    made, address, values = opened(client, build)
    page = client.post(address, data=values | {"act": "add_text"})
    assert page.status_code == 200 and "新文字" in page.text
    more = fields_of(page.text)
    page = client.post(address, data=more | {"act": "add_line"})
    whole = fields_of(page.text)
    whole["version"] = values["version"]
    assert client.post(address, data=whole).status_code == 303
    db.session.expire_all()
    draft = designs.draft_of(designs.get_template(made))
    assert draft.texts[-1].parts[0].text == "新文字" and len(draft.lines) == 2
    assert free_key({"text_a", "text_b"}) == "text_c"
    assert free_key({f"text_{chr(97 + at)}" for at in range(26)}) == "text_aa"


def test_a_stale_page_keeps_what_was_typed_and_shows_both(
    client: FlaskClient, build: Builder
) -> None:
    made, address, values = opened(client, build)
    mine, theirs = MultiDict(values), MultiDict(values)
    theirs["border"], mine["border"] = "corners", "key"
    theirs["request_key"] = "other"
    assert client.post(address, data=theirs).status_code == 303
    page = client.post(address, data=mine)
    assert page.status_code == 422
    assert "key → corners" in page.text and "以我的内容覆盖" in page.text
    kept = fields_of(page.text)
    assert kept["border"] == "key"
    over = re.search(r'name="over" value="(\d+)"', page.text)
    assert over
    assert client.post(address, data=kept | {"over": over[1]}).status_code == 303
    db.session.expire_all()
    assert designs.draft_of(designs.get_template(made)).border is Border.KEY


def test_the_designer_gets_a_picture_and_problems_as_data(
    client: FlaskClient, build: Builder
) -> None:
    made, address, values = opened(client, build)
    there = address.replace("/design", "/preview", 2).replace(
        "certificate-preview", "certificate-design"
    )
    there = f"/certificate-designs/{made}/preview"
    found = client.post(there, data=values | {"sample": "pair"}).get_json()
    kind, _, data = found["picture"].partition(",")
    assert kind == "data:image/jpeg;base64" and found["problems"] == []
    assert Image.open(io.BytesIO(base64.b64decode(data))).size[0] == 1100
    values["texts-0-x"] = "200"
    values["texts-3-parts-0-text"] = "{{7*7}}{name.__class__}"
    found = client.post(there, data=values).get_json()
    said = {one["key"]: one["text"] for one in found["problems"]}
    assert "title" in said and any("name.__class__" in one["text"] for one in found["problems"])
    values["texts-0-x"] = "wide"
    reply = client.post(there, data=values)
    assert reply.status_code == 422 and reply.get_json()["problems"][0]["field"] == "texts-0-x"
    saved = client.post(address, data=values, headers=DATA)
    assert saved.status_code == 422 and saved.get_json()["problems"]
    values["texts-0-x"] = "60"
    reply = client.post(address, data=values, headers=DATA)
    assert reply.get_json() == {"version": 2}


def test_a_background_is_taken_in_both_ways(client: FlaskClient, build: Builder) -> None:
    made, address, values = opened(client, build)
    target = io.BytesIO()
    Image.new("RGB", (900, 600), "#fbe9d0").save(target, "PNG")

    def upload() -> tuple[io.BytesIO, str]:
        return io.BytesIO(target.getvalue()), "a.png"

    reply = client.post(f"/certificate-designs/{made}/background", data={"picture": upload()})
    assert reply.get_json()["width"] == 900
    bad = client.post(
        f"/certificate-designs/{made}/background", data={"picture": (io.BytesIO(b"x"), "a.png")}
    )
    assert bad.status_code == 422 and "PNG" in bad.get_json()["problems"][0]["text"]
    assert client.post(f"/certificate-designs/{made}/background").status_code == 400
    sent = {**values.to_dict(), "picture": upload()}
    assert client.post(address, data=sent).status_code == 303
    db.session.expire_all()
    kept = designs.draft_of(designs.get_template(made)).background
    assert kept is not None and kept.sha256 == reply.get_json()["sha256"]
    page = client.get(f"/certificate-designs/{made}").text
    assert "会显粗糙" in page  # 900 pixels over 297 mm


def test_two_people_bring_a_design_into_use(
    client: FlaskClient, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(designs, "compile_layout", lambda *_: None)
    sign_in(client, build.account("bureau_staff"))
    page = client.post(
        "/certificate-designs", data={"title": "甲", "source": "a4_portrait", "kind": "honour"}
    )
    assert page.status_code == 303
    made = db.session.query(CertificateTemplate).one().id
    here = f"/certificate-designs/{made}"
    assert client.post(f"{here}/submit", data={"note": "第一版"}).status_code == 303
    assert client.get(f"{here}/design").status_code == 303
    text = followed(client, f"{here}/approve").text
    assert "须由另一人核准" in text
    client.post("/sign-out")
    sign_in(client, build.account("bureau_staff"))
    text = followed(client, f"{here}/approve").text
    assert "已核准" in text and "第一版" in text
    version = db.session.query(CertificateTemplate).one().versions[0].id
    for address in (
        f"{here}/picture/short",
        f"{here}/picture/nonsense",
        f"/certificate-design-versions/{version}/picture",
    ):
        assert client.get(address).data.startswith(b"\x89PNG")
    assert client.get(f"{here}/sample/full").data.startswith(b"%PDF")
    assert client.post(f"{here}/retire").status_code == 303
    assert db.session.query(CertificateTemplate).one().state is DesignState.RETIRED
    assert client.post(f"{here}/return", data={"note": ""}).status_code == 422


def test_seals_go_out_only_to_those_who_manage_them(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    form = {
        "body": "某某局",
        "valid_from": "2026-01-01",
        "file": (io.BytesIO(stamp(ground=255)), "a.png"),
    }
    assert client.post("/certificate-seals", data=form).status_code == 303
    one = db.session.query(SealPicture).one()
    page = client.get("/certificate-seals").text
    assert "底色不透明" in page
    assert client.get(f"/certificate-seals/{one.id}/preview").data != stamp(ground=255)
    sent = client.get(f"/certificate-seals/{one.id}/file")
    assert sent.data == stamp(ground=255)
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert db.session.query(AuditRecord).filter_by(action="take_copy").count() == 1
    text = followed(client, f"/certificate-seals/{one.id}/approve").text
    assert "须由另一人核准" in text
    client.post("/sign-out")
    sign_in(client, build.account("bureau_staff"))
    client.post(f"/certificate-seals/{one.id}/approve")
    assert client.post(f"/certificate-seals/{one.id}/withdraw", data={}).status_code == 422
    client.post(f"/certificate-seals/{one.id}/withdraw", data={"reason": "更换"})
    db.session.expire_all()
    assert db.session.query(SealPicture).one().state is SealState.WITHDRAWN
    client.post("/sign-out")
    sign_in(client, build.account("organizer"))
    for address in ("preview", "file"):
        assert client.get(f"/certificate-seals/{one.id}/{address}").status_code == 403


def test_a_contest_chooses_among_approved_designs(
    client: FlaskClient, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(designs, "compile_layout", lambda *_: None)
    folder = client.application.config["SETTINGS"].files_dir
    made = [begun(build, title) for title in ("甲版", "乙版", "丙版")]
    for one in made[:2]:
        designs.submit_design(build.actor(), one, "", folder)
        designs.approve(build.actor(), one, folder)
    contest = build.contest()
    sign_in(client, build.account("organizer"))
    page = client.get(f"/contests/{contest.id}/edit").text
    assert "甲版" in page and "乙版" in page and "丙版" not in page


def test_the_list_of_designs_asks_a_constant_number_of_questions(
    client: FlaskClient, build: Builder, statements: Any
) -> None:
    sign_in(client, build.account("bureau_staff"))
    counts = []
    for title in ("一", "二", "三"):
        made = begun(build, title)
        with statements() as first:
            client.get("/certificate-designs")
        with statements() as second:
            client.get(f"/certificate-designs/{made}")
        with statements() as third:
            client.get(f"/certificate-designs/{made}/design")
        with statements() as fourth:
            client.get("/certificate-seals")
        counts.append((len(first), len(second), len(third), len(fourth)))
    assert len(set(counts)) == 1 and max(counts[0]) <= 20
