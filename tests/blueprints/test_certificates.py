"""Pages of certificates: officials, winners, and the public check."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import create_app
from blueprints.web import limiter
from models.certificates import Certificate
from models.database import db
from models.results import Revision
from rules.states import RevisionState
from services import certificates
from services import statements as making
from tests.builders import Builder, sign_in
from tests.issuing_story import issue_all
from tests.results_story import AFTER, NOW, Story, followed


def _one() -> Certificate:
    return db.session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser at an application whose rate limits are at work, as they are outside the tests."""
    app = create_app(skillstar_mode="local", instance_dir=tmp_path, clock_runs=False)
    yield app.test_client()
    limiter.reset()
    limiter.enabled = False


def test_the_bureau_issues_and_the_winner_downloads(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    person = build.person()
    story.entry("80", "80", person=person)
    story.final()
    sign_in(client, story.account("bureau_staff"))
    assert "有 1 份证书待签发" in client.get("/certificates").text
    issue_all(client, story.contest.id)
    one = _one()
    text = client.get(f"/certificates?contest={story.contest.id}").text
    assert one.number in text and one.facts["award"] == "一等奖"
    assert one.facts["honours"] == ["技能之星"]
    client.post("/sign-out")
    sign_in(client, build.account("contestant", person_id=person.id))
    assert one.number in client.get("/certificates").text
    paper = client.get(f"/certificates/{one.id}/download")
    assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF")
    assert f"{one.number}.pdf" in paper.headers["Content-Disposition"]


def test_a_look_ahead_names_who_cannot_be_printed(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    person = build.person()
    person.name = "王\U00031350"
    db.session.commit()
    story.entry("80", "80", person=person)
    story.final()
    sign_in(client, story.account("bureau_staff"))
    address = f"/contests/{story.contest.id}/certificates"
    assert f'href="{address}/preflight"' in client.get("/certificates").text
    page = client.get(f"{address}/preflight").text
    assert "字库中没有这些字：\U00031350 (U+31350)" in page and f"{address}/runs" not in page
    sample = client.get(f"{address}/sample")
    assert sample.status_code == 303
    assert "字库中没有这些字" in client.get(sample.headers["Location"]).text
    person.name = "王二"
    db.session.commit()
    page = client.get(f"{address}/preflight").text
    assert "字库" not in page and f"{address}/runs" in page
    assert client.get(f"{address}/sample").data.startswith(b"%PDF")
    client.post("/sign-out")
    sign_in(client, build.account("contestant", person_id=person.id))
    assert client.get(f"{address}/preflight").status_code in (403, 404)


def test_another_person_s_certificate_does_not_exist(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    one = _one()
    sign_in(client, build.account("contestant", person_id=build.person().id))
    assert client.get(f"/certificates/{one.id}/download").status_code == 404
    assert one.number not in client.get("/certificates").text
    assert client.post(f"/certificates/{one.id}/revoke").status_code == 403
    client.post("/sign-out")
    sign_in(client, Story(build).account("organizer"))
    assert client.get(f"/certificates/{one.id}/download").status_code == 404
    assert one.number not in client.get("/certificates").text
    client.post("/sign-out")
    sign_in(client, build.account("contestant"))  # not connected with a person
    assert "暂无证书" in client.get("/certificates").text


def test_a_revoked_certificate_is_no_longer_handed_out(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    one = _one()
    sign_in(client, story.account("bureau_staff"))
    refused = client.post(f"/certificates/{one.id}/revoke", data={"reason": ""})
    assert refused.status_code == 422 and "证书未撤销" in refused.text
    done = client.post(f"/certificates/{one.id}/revoke", data={"reason": "冒名顶替"})
    assert done.status_code == 303
    assert client.get(f"/certificates/{one.id}/download").status_code == 404
    assert "冒名顶替" in client.get("/certificates?state=revoked").text
    assert client.post(f"/certificates/{one.id}/reissue").status_code == 303
    assert _one().id != one.id
    again = followed(client, f"/certificates/{one.id}/reissue")
    assert "已有有效证书" in again.text


def test_issuing_again_says_that_nothing_is_left(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    sign_in(client, story.account("bureau_staff"))
    reply = followed(client, f"/contests/{story.contest.id}/certificates/runs")
    assert "没有待签发的证书" in reply.text


def _check(client: FlaskClient, number: str, name: str = "") -> TestResponse:
    return client.post("/verify", data={"number": number, "name": name})


def test_anybody_can_check_a_certificate(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    person = build.person()
    story.entry("80", "80", person=person)
    story.issued()
    one = _one()
    assert "证书编号或核验码" in client.get("/verify").text
    for reply in (
        _check(client, one.number.lower(), f" {person.name[:1]} {person.name[1:]}"),
        _check(client, one.check_code),
        client.get(f"/verify?number={one.check_code}"),
        client.get(f"/verify/{one.check_code}"),
    ):
        assert reply.status_code == 200 and "该证书已登记，未撤销" in reply.text
        assert person.name in reply.text and one.number in reply.text
        assert person.id_number[-6:] not in reply.text
    by_number = _check(client, one.number, person.name).text
    assert one.check_code not in by_number
    for url in ("/verify/AAAA", f"/verify/{one.number}", "/verify?number=3333444466667777"):
        reply = client.get(url)
        assert reply.status_code == 404 and "未查到" in reply.text


def test_a_number_alone_tells_nothing(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    story = Story(build)
    story.field(["90", "80"])
    story.issued()
    one, other = _one(), "JN-2026-X-1-1-0001-00"
    asked = client.get(f"/verify?number={one.number}")
    assert asked.status_code == 200 and one.facts["name"] not in asked.text
    answers, counts = [], []
    for number in (one.number, other):
        with statements() as seen:
            reply = _check(client, number, "王不对")
        assert reply.status_code == 404
        answers.append(re.sub(r'value="[^"]*"', "", reply.text.replace(number, "")))
        counts.append(len(seen))
    assert answers[0] == answers[1] and counts[0] == counts[1]
    assert _check(client, one.number).status_code == 404
    assert _check(client, "").status_code == 422


def test_the_check_says_when_and_why_a_certificate_was_revoked(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    old = _one()
    certificates.revoke(story.actor("bureau_staff", AFTER), old.id, reason="材料不实")
    text = client.get(f"/verify/{old.check_code}").text
    assert "材料不实" in text and "2026年10月15日" in text and "未撤销" not in text
    assert "替代" not in text
    certificates.reissue(story.actor("bureau_staff", AFTER), old.id)
    text = client.get(f"/verify/{old.check_code}").text
    assert f"已由编号为 {_one().number} 的证书替代" in text


def test_the_check_says_since_when_newer_results_stand(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    revision = _one().award.revision
    revision.state = RevisionState.SUPERSEDED
    newer = {"state": RevisionState.DRAFT, "number": revision.number + 1, "computed_at": AFTER}
    more = {"event_id": revision.event_id, "rule_version_id": revision.rule_version_id}
    db.session.add(Revision(digest="d" * 64, **newer, **more))
    db.session.commit()
    text = client.get(f"/verify/{_one().check_code}").text
    assert "2026-10-15" in text and "取代" in text and "未撤销" not in text


def test_the_check_names_the_key_and_gives_the_browser_what_it_compares(
    client: FlaskClient, build: Builder
) -> None:
    making.make_key(build.actor(now=NOW))
    story = Story(build)
    story.field(["80"])
    story.issued()
    one, key = _one(), making.active_key()
    assert key is not None
    page = client.get(f"/verify/{one.check_code}").text
    found = re.search(r"data-paper>(.*?)</script>", page)
    assert found
    data = json.loads(found[1])
    assert data["register"]["name"] == one.facts["name"]
    assert data["register"]["digest"] == one.digest[:32] and data["register"]["kid"] == key.kid
    assert [one["kid"] for one in data["book"]["keys"]] == [key.kid]
    assert f"{key.kid}（2026-09-15 启用）" in page
    making.report_compromise(build.actor(now=AFTER), key.id, since=NOW.date(), reason="遗失")
    assert "可能已泄露" in client.get(f"/verify/{one.check_code}").text


def test_too_many_checks_are_stopped(outside: FlaskClient) -> None:
    codes = [outside.get("/verify").status_code for _ in range(32)]
    assert codes[:30] == [200] * 30 and codes[31] == 429


def test_a_look_ahead_takes_the_same_statements_for_one_and_many(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counts = []
    for totals in (["80"], ["90", "80", "70"]):
        story = Story(build)
        story.field(totals)
        story.final()
        sign_in(client, story.account("bureau_staff"))
        with statements() as seen:
            page = client.get(f"/contests/{story.contest.id}/certificates/preflight")
        assert f"<dd>{len(totals)}</dd>" in page.text
        counts.append(len(seen))
        client.post("/sign-out")
    assert counts[0] == counts[1] <= 20


def test_the_list_takes_the_same_statements_for_one_and_many(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counts = []
    for totals in (["80"], ["90", "80", "70"]):
        story = Story(build)
        story.field(totals)
        story.issued()
        sign_in(client, story.account("bureau_staff"))
        with statements() as seen:
            assert client.get("/certificates").status_code == 200
        counts.append(len(seen))
        client.post("/sign-out")
    assert counts[0] == counts[1] <= 20
