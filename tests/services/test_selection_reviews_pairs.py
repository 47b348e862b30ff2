"""Pairs, visits and meetings of a review."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.database import db
from models.selection_reviews import SelectionRecusal, SelectionReviewer
from rules.refusals import Missing, Refused
from rules.selection_rounds import Review
from rules.selections import RoundState
from services import (
    selection_files,
    selection_reviews_meetings,
    selection_reviews_pairs,
    selection_reviews_visits,
)
from services.acting import Actor
from services.attachments import Upload
from services.selection_reviews_meetings import MeetingFacts
from services.selection_reviews_visits import VisitFacts
from tests.builders import Builder
from tests.selection_story import SelectionStory, at, plain_rules
from tests.services.test_attachments import picture

PAIRS = Review(method="pairs", reviewers=3, reserves=0, drop_high=0, drop_low=0)


class Room:
    """A round under review in pairs, with three reviewers and four candidates."""

    def __init__(self, build: Builder) -> None:
        self.story = SelectionStory(build)
        self.story.published(plain_rules(review=PAIRS))
        self.round_id = self.story.round_id
        self.candidates = self.story.qualified(*"甲乙丙丁")
        self.ids = [one.id for one in self.candidates]
        self.panel = self.story.panel(3)
        self.today = self.story.start + timedelta(days=32)
        self.staff, self.second = (
            Actor(one.id, at(self.today)) for one in (self.story.one, self.story.other)
        )
        self.reviewers = [self.story.reviewer(one) for one in self.panel]

    def seat(self, number: int = 1) -> SelectionReviewer:
        query = select(SelectionReviewer).where(SelectionReviewer.number == number)
        return db.session.scalars(query).one()

    def visit(self, by: Actor, index: int = 0, **more: object) -> int:
        facts = {"held_on": self.today, "people": "王科长、李专家", "notes": "属实"} | more
        facts.setdefault("confirmed", True)
        key = self.candidates[index].id
        return selection_reviews_visits.record_visit(by, key, VisitFacts(**facts))  # type: ignore[arg-type]

    def meeting(self, **more: object) -> MeetingFacts:
        facts = {
            "title": "评审委员会会议",
            "held_on": self.today,
            "place": "三楼会议室",
            "chair": "张主任",
            "members": 5,
            "present": 4,
            "people": "张、王、李、赵",
            "minutes": "同意按建议名单公示。",
        }
        return MeetingFacts(**(facts | more))  # type: ignore[arg-type]


@pytest.fixture
def room(build: Builder) -> Room:
    """A panel that compares."""
    return Room(build)


def test_every_reviewer_is_led_through_all_pairs(room: Room) -> None:
    by, seat = room.reviewers[0], room.seat()
    for done in range(6):
        turn = selection_reviews_pairs.next_turn(seat, room.ids)
        assert (turn.done, turn.whole) == (done, 6) and turn.pair is not None
        selection_reviews_pairs.compare(by, room.round_id, *turn.pair, 1)
    assert selection_reviews_pairs.next_turn(seat, room.ids).pair is None
    progress = selection_reviews_pairs.progress_of(room.round_id, room.ids)
    assert [(one.done, one.whole) for one in progress] == [(6, 6), (0, 6), (0, 6)]


def test_the_places_follow_the_majority_and_a_second_word_replaces_the_first(room: Room) -> None:
    a, b, *_ = room.candidates
    for by, better in zip(room.reviewers, (1, 1, -1), strict=True):
        selection_reviews_pairs.compare(by, room.round_id, a.id, b.id, better)
    found = selection_reviews_pairs.standings_of(room.round_id, room.ids)
    assert found[0].candidate == a.id and found[0].points == 1
    selection_reviews_pairs.compare(room.reviewers[0], room.round_id, b.id, a.id, 1)
    found = selection_reviews_pairs.standings_of(room.round_id, room.ids)
    assert found[0].candidate == b.id
    assert selection_reviews_pairs.progress_of(room.round_id, room.ids)[0].done == 1


def test_a_conflict_keeps_a_reviewer_from_the_pairs_of_a_candidate(room: Room) -> None:
    a, b, *_ = room.candidates
    row = SelectionRecusal(reviewer_id=room.seat().id, application_id=a.id, kind="employer")
    row.recorded_at = at(room.today)
    db.session.add(row)
    db.session.commit()
    assert selection_reviews_pairs.next_turn(room.seat(), room.ids).whole == 3
    with pytest.raises(Missing):
        selection_reviews_pairs.compare(room.reviewers[0], room.round_id, a.id, b.id, 1)
    assert [one.whole for one in selection_reviews_pairs.progress_of(room.round_id, room.ids)] == [
        3,
        6,
        6,
    ]


@pytest.mark.parametrize("better", [2, -5])
def test_another_answer_than_the_three_is_refused(room: Room, better: int) -> None:
    a, b, *_ = room.candidates
    with pytest.raises(Refused, match="one of the two"):
        selection_reviews_pairs.compare(room.reviewers[0], room.round_id, a.id, b.id, better)


def test_a_round_by_sheet_has_no_pairs(build: Builder) -> None:
    story = SelectionStory(build)
    story.published()
    a, b = story.qualified("甲", "乙")
    by = story.reviewer(story.panel(3)[0])
    with pytest.raises(Refused, match="not reviewed in pairs"):
        selection_reviews_pairs.compare(by, story.round_id, a.id, b.id, 1)


def test_a_visit_with_a_photo_confirms_a_candidate(room: Room, tmp_path: Path) -> None:
    by, ids = room.reviewers[0], [one.id for one in room.candidates]
    visit_id = room.visit(by, notes="现场操作熟练")
    upload = Upload("现场.png", picture("PNG"))
    file_id = selection_files.attach(by, "visit", visit_id, upload, tmp_path)
    assert selection_reviews_visits.missing_visits(ids) == set(ids[1:])
    found = selection_files.list_files("visit", visit_id)
    assert [one.id for one in found] == [file_id]
    assert selection_files.open_file(room.reviewers[1], file_id, tmp_path).mimetype == "image/png"
    facts = VisitFacts(room.today, "王科长", "设备不符", confirmed=False)
    selection_reviews_visits.edit_visit(by, visit_id, facts, None)
    assert selection_reviews_visits.missing_visits(ids) == set(ids)
    assert selection_reviews_visits.visits_of(ids)[ids[0]][0].notes == "设备不符"


def test_strangers_and_the_conflicted_neither_visit_nor_read(
    room: Room, build: Builder, tmp_path: Path
) -> None:
    stranger = Actor(build.account("reviewer").id, at(room.today))
    with pytest.raises(Missing):
        room.visit(stranger)
    row = SelectionRecusal(
        reviewer_id=room.seat().id, application_id=room.candidates[0].id, kind="kin"
    )
    row.recorded_at = at(room.today)
    db.session.add(row)
    db.session.commit()
    with pytest.raises(Missing):
        room.visit(room.reviewers[0])
    visit_id = room.visit(room.staff)
    file_id = selection_files.attach(
        room.staff, "visit", visit_id, Upload("a.png", picture("PNG")), tmp_path
    )
    for by in (stranger, room.reviewers[0]):
        with pytest.raises(Missing):
            selection_files.open_file(by, file_id, tmp_path)
    with pytest.raises(Missing):
        facts = VisitFacts(room.today, "别人", "别人写的")
        selection_reviews_visits.edit_visit(room.reviewers[1], visit_id, facts, None)


def test_a_visit_lies_not_in_the_future_and_not_after_the_round(room: Room) -> None:
    with pytest.raises(Refused, match="future"):
        room.visit(room.staff, held_on=room.today + timedelta(days=1))
    room.story.round.state = RoundState.CANCELLED
    db.session.commit()
    with pytest.raises(Refused, match="not visited any more"):
        room.visit(room.staff)


def test_minutes_count_once_a_second_person_has_confirmed_them(room: Room) -> None:
    record = selection_reviews_meetings
    meeting_id = record.record_meeting(room.staff, room.round_id, room.meeting())
    with pytest.raises(Refused, match="Somebody else"):
        record.confirm_meeting(room.staff, meeting_id)
    version = record.get_meeting(meeting_id).version
    record.edit_meeting(room.second, meeting_id, room.meeting(present=5), version)
    with pytest.raises(Refused, match="Somebody else"):
        record.confirm_meeting(room.second, meeting_id)
    record.confirm_meeting(room.staff, meeting_id)
    with pytest.raises(Refused, match="don't change"):
        record.edit_meeting(room.second, meeting_id, room.meeting(), None)
    (found,) = record.list_meetings(room.round_id)
    assert (found.number, found.present, found.confirmed_by_id) == (1, 5, room.story.one.id)


def test_stale_minutes_and_impossible_ones_are_refused(room: Room) -> None:
    record = selection_reviews_meetings
    meeting_id = record.record_meeting(room.staff, room.round_id, room.meeting())
    record.edit_meeting(room.staff, meeting_id, room.meeting(present=3), 1)
    with pytest.raises(Refused, match="meanwhile"):
        record.edit_meeting(room.second, meeting_id, room.meeting(), 1)
    with pytest.raises(Refused, match="More people"):
        record.record_meeting(room.staff, room.round_id, room.meeting(present=6))
    with pytest.raises(Refused, match="future"):
        later = date(room.today.year + 1, 1, 1)
        record.record_meeting(room.staff, room.round_id, room.meeting(held_on=later))
