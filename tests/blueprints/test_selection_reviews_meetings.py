"""Pages of ballots, pairs, visits and meetings, for staff and for the panel."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionFile
from models.selection_reviews import SelectionBallot, SelectionMeeting, SelectionVisit
from rules.selection_rounds import Review
from rules.selections import BallotState
from services import selection_reviews_ballots as ballots
from tests.builders import Builder, sign_in
from tests.selection_story import SelectionStory, plain_rules
from tests.services.test_attachments import picture

Statements = Callable[[], AbstractContextManager[list[str]]]
BALLOT = Review(
    method="ballot", reviewers=3, reserves=0, drop_high=0, drop_low=0, surplus_percent=Decimal(20)
)
PAIRS = Review(method="pairs", reviewers=3, reserves=0, drop_high=0, drop_low=0)


class Room:
    """A round under review, with clients for staff and each of the panel."""

    def __init__(self, client: FlaskClient, build: Builder, review: Review) -> None:
        self.client = client
        self.story = SelectionStory(build)
        self.story.published(plain_rules(review=review))
        self.candidates = self.story.qualified("金一", "银二", "铜三")
        self.accounts = self.story.panel(3)
        self.url = f"/selection-reviews/{self.story.round_id}"

        self.signed_in: Account | None = None
        self.staff = Visitor(self, self.story.one)
        self.second = Visitor(self, self.story.other)
        self.stranger = Visitor(self, build.account("reviewer"))

    def reviewer(self, index: int) -> "Visitor":
        """One of the panel."""
        return Visitor(self, self.accounts[index])


class Visitor:
    """Somebody at the one browser of a test, signed in whenever it is his turn."""

    def __init__(self, room: Room, account: Account) -> None:
        self.room, self.account = room, account

    def _turn(self) -> FlaskClient:
        if self.room.signed_in is not self.account:
            self.room.client.post("/sign-out")
            sign_in(self.room.client, self.account)
            self.room.signed_in = self.account
        return self.room.client

    def get(self, path: str) -> TestResponse:
        return self._turn().get(path)

    def post(self, path: str, **more: Any) -> TestResponse:
        return self._turn().post(path, **more)


@pytest.fixture
def room(client: FlaskClient, build: Builder) -> Room:
    """A panel that votes."""
    return Room(client, build, BALLOT)


def _opened(room: Room) -> int:
    ids = [str(one.id) for one in room.candidates]
    sent = room.staff.post(
        f"{room.url}/ballots/new", data={"tier": "gold", "places": "1", "candidates": ids}
    )
    assert sent.status_code == 303, sent.text
    return db.session.scalars(select(SelectionBallot.id)).one()


def test_a_ballot_goes_from_the_opening_to_the_result(room: Room) -> None:
    staff = room.staff
    assert "尚无投票" in staff.get(f"{room.url}/ballots").text
    ballot_id = _opened(room)
    page = f"/selection-reviews/ballots/{ballot_id}"
    for index, choice in enumerate([0, 0, 1]):
        one = room.reviewer(index)
        assert "您的选票" in one.get(page).text
        data = {"chosen": [str(room.candidates[choice].id)]}
        assert one.post(f"{page}/vote", data=data).status_code == 303
        assert "投票成功" in one.get(page).text
        assert one.post(f"{page}/vote", data=data).status_code == 422
    assert "已投" in staff.get(page).text
    assert staff.post(f"{page}/count").status_code == 303
    text = staff.get(page).text
    assert "当选" in text and '<svg class="chart"' in text and "style=" not in text
    assert ballots.elected_of(room.story.round_id).keys() == {room.candidates[0].id}
    listed = room.reviewer(0).get(f"{room.url}/ballots").text
    assert "第1轮投票" in listed and "发起投票" not in listed
    sent = staff.post(f"{page}/void", data={"reason": ""})
    assert sent.status_code == 422
    assert staff.post(f"{page}/void", data={"reason": "名单有误"}).status_code == 303
    assert ballots.get_ballot(ballot_id).state is BallotState.VOID


def test_what_cannot_be_is_said_at_its_field(room: Room) -> None:
    ids = [str(one.id) for one in room.candidates]
    sent = room.staff.post(
        f"{room.url}/ballots/new", data={"tier": "gold", "places": "3", "candidates": ids}
    )
    assert sent.status_code == 422 and "候选人不得少于4名" in sent.text
    ballot_id = _opened(room)
    page = f"/selection-reviews/ballots/{ballot_id}"
    sent = room.reviewer(0).post(f"{page}/vote", data={"chosen": ids})
    assert sent.status_code == 422 and "最多可选1人" in sent.text
    assert room.staff.post(f"{page}/count").status_code == 303
    assert "须有2人以上参加" in room.staff.get(page).text


def test_pages_of_a_panel_are_closed_to_those_who_do_not_sit_on_it(room: Room) -> None:
    ballot_id = _opened(room)
    for path in (
        f"{room.url}/ballots",
        f"/selection-reviews/ballots/{ballot_id}",
        f"{room.url}/visits",
        f"{room.url}/meetings",
        f"/selection-reviews/candidates/{room.candidates[0].id}/visit",
    ):
        assert room.stranger.get(path).status_code == 404, path
        assert room.reviewer(0).get(path).status_code == 200, path
    vote = f"/selection-reviews/ballots/{ballot_id}/vote"
    assert room.stranger.post(vote, data={"chosen": []}).status_code == 404
    assert room.staff.post(vote, data={"chosen": []}).status_code == 403
    assert room.reviewer(0).get(f"{room.url}/ballots/new").status_code == 403


def test_pairs_are_compared_one_by_one(client: FlaskClient, build: Builder) -> None:
    room = Room(client, build, PAIRS)
    for index in range(3):
        one = room.reviewer(index)
        for _ in range(3):
            text = one.get(f"{room.url}/pairs").text
            assert "哪一位更优" in text and "比较名次" not in text
            first, second = (
                text.split(f'name="{name}" value="')[1].split('"')[0]
                for name in ("first", "second")
            )
            data = {"first": first, "second": second, "better": "1"}
            assert one.post(f"{room.url}/pairs", data=data).status_code == 303
        assert "已完成全部比较" in one.get(f"{room.url}/pairs").text
    assert "比较名次" in room.reviewer(0).get(f"{room.url}/pairs").text
    assert "比较名次" in room.staff.get(f"{room.url}/pairs").text
    for better in ("x", "１", "99999999999"):
        data = {"first": "1", "second": "2", "better": better}
        assert room.reviewer(0).post(f"{room.url}/pairs", data=data).status_code == 404


def test_a_visit_is_written_with_a_photo_that_can_be_removed(room: Room) -> None:
    one, candidate = room.reviewer(0), room.candidates[0]
    data = {"held_on": "2026-04-01", "people": "王科长", "notes": "设备齐全", "confirmed": "yes"}
    address = f"/selection-reviews/candidates/{candidate.id}/visit"
    assert one.post(address, data=data | {"notes": ""}).status_code == 422
    assert one.post(address, data=data).status_code == 303
    visit_id = db.session.scalars(select(SelectionVisit.id)).one()
    page = f"/selection-reviews/visits/{visit_id}"
    photo = {"file": (io.BytesIO(picture("JPEG")), "现场.jpg")}
    assert one.post(f"{page}/files", data=photo).status_code == 303
    text = one.get(page).text
    assert "设备齐全" in text and "现场" in text
    fake = {"file": (io.BytesIO(b"MZ not a picture"), "a.jpg")}
    assert one.post(f"{page}/files", data=fake).status_code == 422
    assert "已考察属实" in one.get(f"{room.url}/visits").text
    edited = data | {"notes": "另有说明", "version": "1"}
    assert one.post(f"{page}/edit", data=edited).status_code == 303
    assert "另有说明" in one.get(page).text
    file_id = db.session.scalars(select(SelectionFile.id)).one()
    remove = f"/selection-reviews/files/{file_id}/remove"
    assert room.stranger.post(remove).status_code == 404
    assert one.post(remove).status_code == 303
    assert not db.session.scalars(select(SelectionFile)).all()


def test_minutes_are_written_by_one_and_confirmed_by_another(room: Room) -> None:
    staff = room.staff
    data = {
        "title": "评审委员会会议",
        "held_on": "2026-04-02",
        "place": "三楼",
        "chair": "张主任",
        "members": "3",
        "present": "3",
        "people": "",
        "minutes": "同意公示。",
    }
    new = f"{room.url}/meetings/new"
    sent = staff.post(new, data=data | {"present": "4"})
    assert sent.status_code == 422 and "实到人数不得超过应到人数" in sent.text
    assert staff.post(new, data=data).status_code == 303
    meeting_id = db.session.scalars(select(SelectionMeeting.id)).one()
    page = f"/selection-reviews/meetings/{meeting_id}"
    staff.post(f"{page}/confirm")
    assert "待确认" in staff.get(page).text
    paper = {"file": (io.BytesIO(picture("PNG")), "签字页.png")}
    assert staff.post(f"{page}/files", data=paper).status_code == 303
    assert room.second.post(f"{page}/confirm").status_code == 303
    text = room.reviewer(0).get(page).text
    assert "同意公示" in text and "待确认" not in text and "签字页" in text
    assert staff.post(f"{page}/edit", data=data | {"version": "9"}).status_code == 422
    file_id = db.session.scalars(select(SelectionFile.id)).one()
    staff.post(f"/selection-reviews/files/{file_id}/remove")
    assert db.session.scalars(select(SelectionFile.id)).all() == [file_id]
    assert room.reviewer(0).post(f"/selection-reviews/files/{file_id}/remove").status_code == 404


def test_more_rows_need_no_more_statements(room: Room, statements: Statements) -> None:
    ballot_id = _opened(room)
    visit = {"held_on": "2026-04-01", "people": "王科长", "notes": "属实", "confirmed": "yes"}
    meeting = {"title": "会议", "held_on": "2026-04-02", "chair": "张主任", "members": "3",
               "present": "3", "minutes": "同意。"}  # fmt: skip
    counts: list[dict[str, int]] = []
    for candidate in room.candidates[:2]:
        address = f"/selection-reviews/candidates/{candidate.id}/visit"
        visited = room.staff.post(address, data=visit).headers["Location"]
        met = room.staff.post(f"{room.url}/meetings/new", data=meeting).headers["Location"]
        pages = [
            *(f"{room.url}/{name}" for name in ("ballots", "visits", "meetings", "ballots/new")),
            f"{room.url}/meetings/new",
            f"/selection-reviews/ballots/{ballot_id}",
            address, visited, f"{visited}/edit", met, f"{met}/edit",
        ]  # fmt: skip
        found = {}
        for place, page in enumerate(pages):
            db.session.expire_all()
            with statements() as asked:
                assert room.staff.get(page).status_code == 200
            found[str(place)] = len(asked)
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 20


def test_pairs_ask_no_more_for_more(
    client: FlaskClient, build: Builder, statements: Statements
) -> None:
    room = Room(client, build, PAIRS)
    room.staff.get("/")  # signs in
    counts = []
    for name in ("丁四", "戊五"):
        db.session.expire_all()
        with statements() as asked:
            assert room.staff.get(f"{room.url}/pairs").status_code == 200
        counts.append(len(asked))
        room.story.qualified(name)
    assert counts[0] == counts[1] <= 20
