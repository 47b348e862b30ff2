"""Pages of papers of all kinds: called by hand, checked, issued, filtered, and told to anybody."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient
from sqlalchemy import select

from models.certificates import Appointment, Certificate
from models.database import db
from rules.certificate_kinds import CertificateKind
from rules.judges import SeatAnswer
from services import certificates
from tests.builders import Builder, sign_in
from tests.results_story import AFTER, Story

CALL = {
    "name": "何海平",
    "role": "技术专家",
    "unit": "慈溪技师学院",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
}


def _issue(story: Story, kind: CertificateKind) -> None:
    certificates.issue(story.actor("bureau_staff", AFTER), story.contest.id, str, kind)


def _one() -> Certificate:
    return db.session.scalars(select(Certificate)).one()


def test_an_expert_is_called_by_hand_and_gets_a_letter(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    sign_in(client, story.account("bureau_staff"))
    address = f"/contests/{story.contest.id}/appointments"
    assert "尚未录入受聘人员" in client.get(address).text
    refused = client.post(address, data=CALL | {"ends_on": "2025-12-31"})
    assert refused.status_code == 422 and "早于开始日期" in refused.text
    assert client.post(address, data=CALL | {"name": ""}).status_code == 422
    for key in ("one", "one", "two"):  # the second is the first again
        assert client.post(address, data=CALL | {"request_key": key}).status_code == 303
    first, second = db.session.scalars(select(Appointment).order_by(Appointment.id)).all()
    client.post(f"{address}/strike-out", data={"appointment": second.id})
    assert client.get(address).text.count("何海平") == 1
    papers = f"/contests/{story.contest.id}/certificates"
    page = client.get(f"{papers}/preflight?kind=appointment").text
    assert "聘书" in page and address in page
    assert client.get(f"{papers}/sample?kind=appointment").mimetype == "application/pdf"
    _issue(story, CertificateKind.APPOINTMENT)
    assert _one().appointment_id == first.id
    assert _one().number in client.get("/certificates?kind=appointment").text


def test_a_letter_keeps_who_was_called(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    sign_in(client, story.account("bureau_staff"))
    address = f"/contests/{story.contest.id}/appointments"
    client.post(address, data=CALL)
    _issue(story, CertificateKind.APPOINTMENT)
    (row,) = db.session.scalars(select(Appointment)).all()
    reply = client.post(f"{address}/strike-out", data={"appointment": row.id})
    assert "已签发聘书" in client.get(reply.headers["Location"]).text
    told = client.get(f"/verify/{_one().check_code}").text
    for words in ("聘书", "何海平", "技术专家", "慈溪技师学院", "2026年1月1日至2026年12月31日"):
        assert words in told


def test_the_list_is_filtered_by_kind(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    sign_in(client, story.account("bureau_staff"))
    _issue(story, CertificateKind.PARTICIPATION)
    shown = {
        kind: client.get(f"/certificates?kind={kind}").text.count("/download")
        for kind in ("honour", "participation", "judge", "")
    }
    assert shown == {"honour": 1, "participation": 1, "judge": 0, "": 2}


def test_a_judge_finds_and_downloads_the_own_paper_only(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build)
    story.field(["80"])
    seat = story.seats["practical"][0]
    seat.answer = SeatAnswer.ACCEPTED
    db.session.commit()
    story.issued()
    bureau = story.account("bureau_staff")
    sign_in(client, bureau)
    _issue(story, CertificateKind.JUDGE)
    client.post("/sign-out")
    honour, own = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    sign_in(client, seat.account)
    page = client.get("/certificates").text
    assert own.number in page and honour.number not in page
    assert client.get(f"/certificates/{own.id}/download").mimetype == "application/pdf"
    assert client.get(f"/certificates/{honour.id}/download").status_code in (403, 404)


def test_those_called_take_the_same_statements_for_one_and_many(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    story = Story(build)
    sign_in(client, story.account("bureau_staff"))
    address = f"/contests/{story.contest.id}/appointments"
    counts = []
    for key, name in (("one", "何海平"), ("two", "何海波"), ("three", "何海涛")):
        called = client.post(address, data=CALL | {"name": name, "request_key": key})
        assert called.status_code == 303
        with statements() as seen:
            assert name in client.get(address).text
        counts.append(len(seen))
    assert counts[0] == counts[2] <= 20
