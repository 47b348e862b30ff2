"""The pages of objections: for the public, by code, and for those who handle them."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.objections import Objection
from rules.states import ObjectionState
from services import notices, objections_handling
from tests.builders import Builder, sign_in
from tests.results_story import AFTER, NOW, Story
from tests.services.test_objections import FACTS, filed, staff


@pytest.fixture
def story(build: Builder, clock: Any) -> Story:
    """Three winners whose notice stands."""
    clock.now = NOW
    found: Any = Story(build)
    found.entries = found.field(["95", "85", "75"])
    found.notice = found.posted()
    return found  # type: ignore[no-any-return]


def typed(story: Any, **more: str) -> dict[str, str]:
    said = {"entry_id": str(story.entries[0].id), "facts": FACTS, "name": "王建国"}
    return said | {"contact": "13800001111", "unit": ""} | more


def one() -> Objection:
    return db.session.scalars(select(Objection).order_by(Objection.id.desc())).first()  # type: ignore[return-value]


def test_a_visitor_files_an_objection_and_follows_it(client: FlaskClient, story: Any) -> None:
    page = client.get(f"/notices/{story.notice}")
    assert "提出异议" in page.text
    here = f"/notices/{story.notice}/objections/new"
    assert story.entries[0].title in client.get(here).text
    wrong = client.post(here, data=typed(story, name="", facts="不公"))
    assert wrong.status_code == 422 and "13800001111" in wrong.text
    reply = client.post(here, data=typed(story))
    own = reply.headers["Location"]
    text = client.get(own).text
    assert "已收到" in text or "查询码" in text
    assert "13800001111" not in text
    assert client.get(f"{own}/receipt").mimetype == "application/pdf"
    assert client.get(f"{own}/answer").status_code == 404
    assert client.get("/objections/AAAABBBBCCCC").status_code == 404
    client.post(f"{own}/withdraw")
    assert one().state is ObjectionState.WITHDRAWN


def test_sent_twice_is_filed_once(client: FlaskClient, story: Any) -> None:
    here = f"/notices/{story.notice}/objections/new"
    for _ in range(2):
        client.post(here, data=typed(story, request_key="the-same-key-again"))
    assert db.session.query(Objection).count() == 1


def test_after_the_last_day_the_page_takes_none(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    clock.now = AFTER
    here = f"/notices/{story.notice}/objections/new"
    assert "当前不能提出异议" in client.get(here).text
    assert client.post(here, data=typed(story)).status_code == 422
    assert db.session.query(Objection).count() == 0


def test_staff_handle_an_objection_to_its_letter(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    key = filed(story)
    clock.now = AFTER
    sign_in(client, story.account("bureau_staff"))
    assert "待答复异议" in client.get("/desk").text
    assert story.entries[0].title in client.get(f"/notices/{story.notice}/objections").text
    here = f"/objections/handling/{key}"
    assert "王建国" in client.get(here).text
    client.post(f"{here}/take")
    assert client.post(f"{here}/answer", data={"text": ""}).status_code == 422
    client.post(f"{here}/answer", data={"finding": "upheld", "text": "情况属实。"})
    assert client.get(f"{here}/answer.pdf").mimetype == "application/pdf"
    assert client.get(f"{here}/nonsense.pdf").status_code == 404
    refused = client.get(client.post(f"/notices/{story.notice}/close").headers["Location"])
    assert "请先落实" in refused.text
    assert client.post(f"{here}/carry-out", data={"reason": ""}).status_code == 422
    client.post(f"{here}/carry-out", data={"reason": "取消资格，依次递补"})
    assert one().carried_out_note == "取消资格，依次递补"


PRESSED = {
    "take": {},
    "take-over": {"reason": "经办人调离"},
    "answer": {"finding": "not_upheld", "text": "不成立"},
    "refuse": {"reason": "姓名不实"},
    "carry-out": {"reason": "已处理"},
}


@pytest.mark.parametrize("taken", [False, True])
def test_staff_of_the_own_employer_can_neither_read_nor_free_a_person(
    client: FlaskClient, clock: Any, story: Any, build: Builder, taken: bool
) -> None:
    key, employer = filed(story), build.employer()
    story.entries[0].members[0].person.employer_id = employer.id
    db.session.commit()
    clock.now = AFTER
    if taken:
        objections_handling.take(staff(story), key)
    sign_in(client, build.account("bureau_staff", story.contest.id, employer_id=employer.id))
    here = f"/objections/handling/{key}"
    page = client.get(here)
    assert page.status_code == 200 and "您所在单位" in page.text
    assert not [one for one in ("王建国", "13800001111", FACTS) if one in page.text]
    assert not [act for act in PRESSED if f'{here}/{act}"' in page.text]
    assert client.get(f"{here}/receipt.pdf").status_code == 404
    for act, data in PRESSED.items():
        reply = client.post(f"{here}/{act}", data=data)
        assert reply.status_code == (303 if act == "take" else 422), act
        assert not [one for one in ("王建国", "13800001111", FACTS) if one in reply.text]
    assert one().state is (ObjectionState.IN_HAND if taken else ObjectionState.FILED)


def test_what_somebody_has_in_hand_is_read_and_refused_by_nobody_else(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    key = filed(story)
    clock.now = AFTER
    sign_in(client, story.account("bureau_staff"))
    here = f"/objections/handling/{key}"
    assert client.post(f"{here}/refuse", data={"reason": "姓名不实"}).status_code == 422
    assert "王建国" in client.get(here).text
    objections_handling.take(staff(story), key)
    assert "王建国" not in client.get(here).text
    assert client.post(f"{here}/refuse", data={"reason": "姓名不实"}).status_code == 422
    assert one().state is ObjectionState.IN_HAND
    assert client.post(f"{here}/take-over", data={"reason": ""}).status_code == 422
    assert client.post(f"{here}/take-over", data={"reason": "经办人出差"}).status_code == 303
    assert "王建国" in client.get(here).text
    assert client.post(f"{here}/refuse", data={"reason": "姓名不实"}).status_code == 303
    assert one().state is ObjectionState.REFUSED


def test_an_objection_by_letter_is_recorded_with_its_day(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    clock.now = AFTER
    sign_in(client, story.account("bureau_staff"))
    here = f"/notices/{story.notice}/objections/record"
    assert client.get(here).status_code == 200
    late = (AFTER - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    client.post(here, data=typed(story, channel="letter", received_at=late))
    assert one().state is ObjectionState.LATE
    client.post(here, data=typed(story, channel="visit", received_at="2026-09-16T10:00"))
    assert one().state is ObjectionState.FILED
    assert client.post(here, data=typed(story, channel="visit")).status_code == 422


def test_others_neither_see_nor_handle_objections(
    client: FlaskClient, story: Any, build: Builder
) -> None:
    key = filed(story)
    for path in (f"/notices/{story.notice}/objections", f"/objections/handling/{key}"):
        assert client.get(path).status_code in {302, 303}
    sign_in(client, story.account("organizer"))
    assert client.get(f"/objections/handling/{key}").status_code == 403
    stranger = client.application.test_client()
    sign_in(stranger, build.account("bureau_staff", build.contest().id))
    assert stranger.get(f"/objections/handling/{key}").status_code == 404
    assert stranger.get(f"/notices/{story.notice}/objections").status_code == 404


def test_a_certificate_is_refused_to_a_person_under_objection(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    for about in (0, 1, 2):
        filed(story, about)
    clock.now = AFTER
    notices.close(staff(story), story.notice)
    sign_in(client, story.account("bureau_staff"))
    issue = f"/contests/{story.contest.id}/certificates/issue"
    text = client.get(client.post(issue).headers["Location"]).text
    assert "没有待颁发证书" in text or "证书" in text
    assert db.session.query(Certificate).count() == 0
