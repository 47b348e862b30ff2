"""The page about what certificates are signed with, and signed downloads."""

import io
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.signatures import Signer
from services import certificates
from services.certificates_authority import Authority, packed
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.results_story import AFTER, Story


@pytest.fixture
def key(app: Flask, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file in the settings, whose certificate ends forty days from now."""
    authority = Authority(clock.now - timedelta(days=100))
    party = authority.party("试验局", until=clock.now + timedelta(days=40))
    path = tmp_path / "signer.p12"
    path.write_bytes(packed(party, authority.above))
    monkeypatch.setattr(app.config["SETTINGS"], "signing_file", path)
    return path


def test_without_a_key_the_pages_say_so(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    assert "证书未作电子签名" in client.get("/certificates").text
    page = client.get("/certificates/signers").text
    assert "尚未配置签名密钥" in page and "尚未签名" in page


def test_a_key_that_ends_soon_is_warned_of_and_can_be_revoked(
    client: FlaskClient, build: Builder, key: Path
) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    sign_in(client, build.account("bureau_staff"))
    assert "签名证书即将到期" in client.get("/certificates").text
    one = db.session.scalars(select(Certificate)).one()
    address = f"/certificates/{one.id}/download"
    first = client.get(address)
    assert b"/ByteRange" in first.data and client.get(address).data == first.data
    page = client.get("/certificates/signers").text
    assert "还有 40 天到期" in page and "TEST ONLY" in page and "由试用的自建机构签发" in page
    signer = db.session.scalars(select(Signer)).one()
    revoke = f"/certificates/signers/{signer.id}/revoke"
    assert client.post(revoke, data={"reason": ""}).status_code == 422
    assert client.post(revoke, data={"reason": "密钥可能外泄"}).status_code == 303
    page = client.get("/certificates/signers").text
    assert "密钥可能外泄" in page and "签名证书已撤销" in page
    assert "无法对证书进行电子签名" in client.get("/certificates").text
    assert client.get(address).data == first.data


def test_an_unreadable_key_is_told_and_nothing_goes_out_unsigned(
    client: FlaskClient, build: Builder, key: Path
) -> None:
    key.write_bytes(b"no key")
    story = Story(build)
    story.field(["80"])
    story.issued()
    sign_in(client, story.account("bureau_staff"))
    one = db.session.scalars(select(Certificate)).one()
    refused = client.get(f"/certificates/{one.id}/download")
    assert refused.status_code == 303
    assert "签名密钥无法使用" in client.get(refused.headers["Location"]).text


def test_a_kept_certificate_is_sent_at_once(client: FlaskClient, build: Builder, key: Path) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    sign_in(client, story.account("bureau_staff"))
    address = f"/certificates/{db.session.scalars(select(Certificate.id)).one()}/download"
    client.get(address)
    times = []
    for _ in range(5):
        start = time.process_time()
        assert client.get(address).status_code == 200
        times.append(time.process_time() - start)
    assert min(times) < 0.05  # processor time of the whole request


def test_anybody_asks_about_a_file_and_hears_the_whole_statement(
    client: FlaskClient, build: Builder, key: Path
) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    sign_in(client, story.account("bureau_staff"))
    one = db.session.scalars(select(Certificate)).one()
    pdf = client.get(f"/certificates/{one.id}/download").data
    client.post("/sign-out")
    assert "/verify/file" in client.get("/verify").text

    def asked(data: bytes, status: int = 200) -> str:
        sent = {"file": (io.BytesIO(data), "a.pdf")}
        reply = client.post("/verify/file", data=sent)
        assert reply.status_code == status
        return reply.text

    genuine = asked(pdf)
    assert one.facts["name"] in genuine and one.number in genuine and "试用" in genuine
    assert "签名后被改动" in asked(pdf + b" ") and one.number not in asked(pdf + b" ")
    assert "不是 PDF 文件" in asked(b"GIF89a", 422)
    assert client.post("/verify/file").status_code == 422
    certificates.revoke(story.actor("bureau_staff", AFTER), one.id, reason="材料不实")
    assert "材料不实" in asked(pdf)


def test_winners_do_not_see_the_keys(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("contestant", person_id=build.person().id))
    assert client.get("/certificates/signers").status_code == 403
    assert "电子签名" not in client.get("/certificates").text
