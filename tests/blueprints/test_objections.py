"""The pages of objections: for the public, by code, and for those who handle them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.honours import Honour
from models.levels import LevelLine
from models.objections import Objection, ObjectionFile
from rules.states import EventState, ObjectionState
from services import judging, notices, objections_handling
from tests.builders import Builder, sign_in
from tests.issuing_story import press_all
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
    said = {"entry_id": str(story.entries[0].id), "person": "", "facts": FACTS, "name": "王建国"}
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
    client.post(f"{here}/carry-out", data={"remedy": "note", "reason": "更正姓名用字"})
    assert one().carried_out_note == "更正姓名用字" and one().state is ObjectionState.SETTLED
    assert "办结" in client.get(f"/notices/{story.notice}/objections").text


PRESSED = {
    "take": {},
    "take-over": {"reason": "经办人调离"},
    "answer": {"finding": "not_upheld", "text": "不成立"},
    "refuse": {"reason": "姓名不实"},
    "carry-out": {"remedy": "note", "reason": "已处理"},
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
    press_all(client, story.contest.id)
    assert db.session.query(Certificate).count() == 0


def sent(data: bytes = b"%PDF-1.7 proof", name: str = "证明.pdf") -> tuple[BytesIO, str]:
    return BytesIO(data), name


def test_files_come_with_the_objection_and_go_out_to_who_may_read(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    here = f"/notices/{story.notice}/objections/new"
    own = client.post(here, data=typed(story) | {"file": sent()}).headers["Location"]
    assert "证明.pdf" in client.get(own).text
    assert client.post(f"{own}/files", data={"file": sent(b"MZ")}).status_code == 422
    assert client.post(f"{own}/files", data={"file": sent(b"%PDF-2")}).status_code == 303
    file = db.session.scalars(select(ObjectionFile).order_by(ObjectionFile.id)).first()
    assert file is not None
    got = client.get(f"{own}/files/{file.id}")
    assert got.data == b"%PDF-1.7 proof" and "attachment" in got.headers["Content-Disposition"]
    assert client.get(f"/objections/AAAABBBBCCCC/files/{file.id}").status_code == 404
    assert client.get(f"{own}/receipt").mimetype == "application/pdf"
    clock.now = AFTER
    handling = f"/objections/handling/{one().id}"
    objections_handling.take(staff(story), one().id)
    sign_in(client, story.account("bureau_staff"))
    assert "证明.pdf" not in client.get(handling).text
    assert client.get(f"{handling}/files/{file.id}").status_code == 404
    assert client.post(f"{handling}/files", data={"file": sent(b"%PDF-3")}).status_code == 422
    client.post(f"{handling}/take-over", data={"reason": "经办人出差"})
    assert client.get(f"{handling}/files/{file.id}").data == b"%PDF-1.7 proof"
    reply = client.post(f"{handling}/answer-files", data={"file": sent(b"%PDF-4", "核查.pdf")})
    assert reply.status_code == 303 and "核查.pdf" in client.get(handling).text
    assert "核查.pdf" not in client.get(own).text
    client.post(f"{handling}/answer", data={"finding": "not_upheld", "text": "不成立。"})
    assert "核查.pdf" in client.get(own).text and "已办结" in client.get(own).text


def test_an_upheld_objection_takes_the_event_back_and_the_new_list_says_what_moved(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    key = filed(story)
    account = story.account("bureau_staff")
    sign_in(client, account)
    here = f"/objections/handling/{key}"
    client.post(f"{here}/take")
    client.post(f"{here}/answer", data={"finding": "upheld", "text": "情况属实。"})
    wrong = client.post(f"{here}/carry-out", data={"remedy": "nonsense", "reason": "取消"})
    assert wrong.status_code == 422 and story.event.state is EventState.NOTICE
    done = client.post(f"{here}/carry-out", data={"remedy": "no_award", "reason": "取消资格"})
    assert done.status_code == 303 and story.event.state is EventState.REVIEW
    assert "待新版成绩签发" in client.get(here).text
    assert "已答复，待落实" in client.get(f"/notices/{story.notice}/objections").text
    revision = story.signed()
    text = client.get(here).text
    assert "已计入成绩第2版" in text and "获奖变动" in text
    assert f"{story.notice}-01" in client.get(f"/revisions/{revision}").text
    old = client.get(f"/notices/{story.notice}").text
    assert "已被替换" in old or "更正" in old or "作废" in old
    new = f"/contests/{story.contest.id}/notices/new"
    form = {"revision_ids": [str(revision)], "title": "重新公示", "body": "现重新公示。"}
    form |= {"contact": "0574-00000000", "starts_on": "2026-09-15"}
    page = client.get(client.post(new, data=form).headers["Location"]).text
    assert "因异议变动的名单" in page and story.entries[0].title in page


def test_objections_that_wait_are_listed_with_what_is_overdue(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    key = filed(story)
    sign_in(client, story.account("bureau_staff"))
    text = client.get("/objections").text
    assert story.entries[0].title in text and "逾期" not in text
    clock.now = AFTER
    assert "逾期" in client.get("/objections").text
    objections_handling.take(staff(story), key)
    assert story.entries[0].title not in client.get("/objections").text
    outsider = client.application.test_client()
    sign_in(outsider, story.account("organizer"))
    assert outsider.get("/objections").status_code == 403


def official(client: FlaskClient, story: Any) -> tuple[str, str, str, int]:
    """Press for certificates and a level list; look at payments; count the honours."""
    contest = f"/contests/{story.contest.id}"
    press_all(client, story.contest.id)
    lists = client.post(f"{contest}/level-lists", data={"body": "评价中心", "note": ""})
    assert lists.status_code in {303, 422}
    names = {entry.title for entry in story.entries}
    payments = client.get("/payments").text
    return (
        "".join(one.facts["name"] for one in db.session.scalars(select(Certificate))),
        "".join(one.grant.entry.title for one in db.session.scalars(select(LevelLine))),
        "".join(name for name in sorted(names) if name in payments),
        len(db.session.scalars(select(Honour)).all()),
    )


def test_no_channel_gives_anything_before_the_notice_ends_or_from_a_draft(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    sign_in(client, story.account("bureau_staff"))
    nothing = ("", "", "", 0)
    assert official(client, story) == nothing  # the notice stands
    clock.now = AFTER
    assert official(client, story) == nothing  # its last day is over, but nobody has closed it
    notices.withdraw(staff(story), story.notice, reason="更正")
    assert official(client, story) == nothing  # signed and in no notice
    judging.reopen(story.actor("chief_judge"), story.event.id, "更正")
    assert official(client, story) == nothing


def test_no_channel_gives_anything_to_a_person_under_objection(
    client: FlaskClient, clock: Any, story: Any
) -> None:
    filed(story, 0)
    clock.now = AFTER
    notices.close(staff(story), story.notice)
    sign_in(client, story.account("bureau_staff"))
    name = story.entries[0].title
    papers, lists, payments, honours = official(client, story)
    assert name not in papers and story.entries[1].title in papers
    assert name not in lists
    assert name not in payments and story.entries[1].title in payments
    assert honours == 2
