"""Pages of a review: pledge, list, sheet that saves as one types, panel, proposal."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from models.accounts import Account
from models.database import db
from models.selection_reviews import SelectionSheet
from rules.selections import RoundState
from services import selection_reviews as panels
from services import selection_reviews_proposals as proposals
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.selection_crowd import Crowd
from tests.selection_reviewing import Reviewing

NOON = datetime(2026, 4, 10, 4, 0, tzinfo=UTC)
Browse = Callable[[Account], FlaskClient]
Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def it(build: Builder, clock: Clock) -> Reviewing:
    clock.now = NOON
    return Reviewing(build)


@pytest.fixture
def browse(client: FlaskClient) -> Browse:
    def signed_in(account: Account) -> FlaskClient:
        client.post("/sign-out")
        return sign_in(client, account)

    return signed_in


def test_staff_draw_the_panel_start_and_replace(it: Reviewing, browse: Browse) -> None:
    it.apply()
    client, url = browse(it.story.one), f"/selection-reviews/{it.round_id}"
    assert client.get(url).status_code == 200
    assert client.post(f"{url}/start", data={}).status_code == 422
    assert client.post(f"{url}/draw", data={"seed": "2026 0410"}).status_code == 303
    assert "2026 0410" in client.get(url).text
    assert client.post(f"{url}/start", data={}).status_code == 303
    assert it.story.round.state is RoundState.REVIEW
    seat = it.panel()[0]
    assert client.post(f"{url}/seats/{seat.id}/replace", data={}).status_code == 422
    found = client.post(f"{url}/seats/{seat.id}/replace", data={"reason": "生病"})
    assert found.status_code == 303
    assert "生病" in client.get(url).text


def test_a_reviewer_pledges_marks_as_he_types_and_signs(it: Reviewing, browse: Browse) -> None:
    first, second = it.apply(), it.apply()
    panels.draw_panel(it.one(), it.round_id)
    panels.start_review(it.one(), it.round_id)
    client = browse(it.panel()[0].account)
    assert it.story.round.title in client.get("/selection-reviews").text
    url = f"/selection-reviews/{it.round_id}/sheets"
    sheet = f"{url}/{first.id}"
    assert client.get(sheet).status_code == 404
    assert "保密" in client.get(url).text
    pledge = client.post(
        f"/selection-reviews/{it.round_id}/pledge", data={"conflicts": [str(second.id)]}
    )
    assert pledge.status_code == 303
    assert client.get(f"{url}/{second.id}").status_code == 404
    assert first.person.name in client.get(sheet).text
    json = {"Accept": "application/json"}
    reply = client.post(sheet, data={"mark_skill": "50.5", "note": "好"}, headers=json)
    assert reply.json is not None and reply.json["total"] == "50.5"
    version = str(reply.json["version"])
    wrong = client.post(sheet, data={"mark_skill": "99", "version": version}, headers=json)
    assert wrong.status_code == 422
    client.post(f"{sheet}/sign")
    row = db.session.query(SelectionSheet).one()
    assert row.signed_at is None
    data = {"mark_skill": "50.5", "mark_work": "30", "version": version}
    assert client.post(sheet, data=data).status_code == 303
    client.post(f"{sheet}/sign")
    db.session.expire_all()
    assert db.session.query(SelectionSheet).one().signed_at is not None
    assert client.post(sheet, data=data, headers=json).status_code == 422


def test_nobody_else_sees_a_review(it: Reviewing, browse: Browse) -> None:
    it.apply()
    it.begin()
    seated = {one.account_id for one in panels.panel_of(it.round_id)}
    stranger = next(one for one in it.reviewers if one.id not in seated)
    client = browse(stranger)
    assert client.get(f"/selection-reviews/{it.round_id}/sheets").status_code == 404
    assert client.get(f"/selection-reviews/{it.round_id}").status_code == 403
    staff = browse(it.story.one)
    assert staff.get(f"/selection-reviews/{it.round_id}/sheets").status_code == 403


def test_a_proposal_is_made_read_and_approved_in_the_browser(it: Reviewing, browse: Browse) -> None:
    ids = [it.apply().id for _ in range(4)]
    it.begin()
    client, url = browse(it.story.one), f"/selection-reviews/{it.round_id}"
    refused = client.post(f"{url}/propose", data={})
    assert refused.status_code == 422
    it.mark(dict(zip(ids, (90, 85, 80, 80), strict=True)))
    assert client.post(f"{url}/propose", data={}).status_code == 422
    data = {"order": "4、3", "decided_by": "主任委员", "why": "评委会复议"}
    made = client.post(f"{url}/propose", data=data)
    assert made.status_code == 303
    page = client.get(made.location).text
    assert "金匠" in page and "评审排名第1" in page and "评委会复议" in page
    assert client.post(f"{made.location}/approve", data={}).status_code == 422
    other = browse(it.story.other)
    assert other.post(f"{made.location}/approve", data={}).status_code == 303
    assert it.story.round.state is RoundState.PROPOSED
    assert other.get(made.location).status_code == 200


def test_a_draft_is_put_aside(it: Reviewing, browse: Browse) -> None:
    ids = [it.apply().id for _ in range(2)]
    it.begin()
    it.mark(dict(zip(ids, (90, 85), strict=True)))
    key = proposals.make_proposal(it.one(), it.round_id)
    client = browse(it.story.one)
    url = f"/selection-reviews/proposals/{key}/discard"
    assert client.post(url, data={}).status_code == 422
    assert client.post(url, data={"reason": "分数有误"}).status_code == 303


def test_pages_take_as_many_statements_for_many_as_for_few(
    it: Reviewing, browse: Browse, statements: Statements
) -> None:
    def count(path: str, account_id: int) -> int:
        client = browse(db.session.get_one(Account, account_id))
        client.get(path)
        db.session.expunge_all()
        with statements() as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    def counts() -> list[int]:
        key = proposals.make_proposal(it.one(), it.round_id)
        seat, staff = it.panel()[0].account_id, it.one().account_id or 0
        return [
            count("/selection-reviews", seat),
            count(f"/selection-reviews/{it.round_id}/sheets", seat),
            count(f"/selection-reviews/{it.round_id}/sheets/{first}", seat),
            count(f"/selection-reviews/{it.round_id}", staff),
            count(f"/selection-reviews/proposals/{key}", staff),
        ]

    first = it.apply().id
    it.begin()
    it.mark({first: 95})
    official = it.one()
    it.one = lambda hour=10: official  # type: ignore[method-assign]
    few = counts()
    it.mark({it.apply().id: total for total in (90, 85, 80)})
    assert counts() == few
    assert max(few) <= 20


def test_a_crowd_is_shown_in_pages_with_as_many_statements(
    build: Builder, clock: Clock, browse: Browse, statements: Statements
) -> None:
    clock.now = NOON
    crowd = Crowd(build, 60, open_sheets=1)
    review = f"/selection-reviews/{crowd.round_id}"
    reviewer, staff = crowd.panel[0].id, crowd.story.one.id
    for account_id, path in (
        (reviewer, f"{review}/sheets"),
        (staff, review),
        (staff, f"/selection-rounds/{crowd.round_id}/board"),
    ):
        client = browse(db.session.get_one(Account, account_id))
        client.get(path)
        db.session.expunge_all()
        with statements() as sent:
            page = client.get(path).text
        assert len(sent) <= 20, path
        if "board" not in path:
            assert "第 1 至 50 条，共 60 条" in page and "page=2" in page, path
            assert "王建国" in client.get(f"{path}?page=2").text
