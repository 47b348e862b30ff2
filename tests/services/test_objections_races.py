"""Several who take the same objection, and objections that arrive while their notice is closed."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.audits import AuditRecord
from models.database import db
from models.notices import Notice
from models.objections import Objection
from rules.objections import Channel, Conclusion, Filing, Remedy
from rules.refusals import Refused
from rules.states import EventState, NoticeState, ObjectionState
from services import notices, objections, objections_handling, objections_outcomes
from services.acting import Actor
from services.objections_outcomes import Order
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story
from tests.services.test_races import CROWD, all_at_once

FILING = Filing("王建国", "13800001111", "获奖者参赛时仍为在校学生，不属于企业职工。")


@pytest.fixture(scope="module")
def build() -> Builder:
    """One builder for the whole file: its names are unique in one database."""
    return Builder()


@pytest.fixture
def crowd(committing: Flask, build: Builder) -> tuple[list[int], int, int]:
    """Accounts of as many clerks of the bureau, a notice, and somebody on it."""
    with committing.app_context():
        story = Story(build)
        entries = story.field(["95", "85"])
        notice_id = story.posted()
        clerks = [story.account("bureau_staff").id for _ in range(CROWD)]
        found = (clerks, notice_id, entries[0].id)
        db.session.remove()
    return found


def told(outcomes: list[object]) -> int:
    """Count those who were told that somebody was faster."""
    return sum(1 for one in outcomes if isinstance(one, Refused))


def test_one_of_a_crowd_takes_an_objection_and_carries_it_out_once(
    committing: Flask, crowd: tuple[list[int], int, int]
) -> None:
    clerks, notice_id, entry_id = crowd
    with committing.app_context():
        said = Filing(FILING.name, FILING.contact, FILING.facts, entry_id=entry_id)
        key = objections.file_objection(Actor(None, NOW), notice_id, said).id

    def take(number: int) -> int:
        return objections_handling.take(Actor(clerks[number], NOW), key)

    outcomes = all_at_once(committing, take)
    assert told(outcomes) == CROWD - 1, outcomes
    with committing.app_context():
        handler = objections.get_objection(key).handler_id
        takes = select(func.count()).select_from(AuditRecord)
        takes = takes.where(AuditRecord.action == "take", AuditRecord.subject == "objection")
        assert handler in clerks and db.session.scalar(takes) == 1
        by = Actor(handler, NOW)
        objections_handling.answer(by, key, finding=Conclusion.UPHELD, text="情况属实。")

    def carry_out(_number: int) -> int:
        order = Order("取消获奖资格", Remedy.NO_AWARD)
        return objections_outcomes.carry_out(Actor(handler, NOW), key, order)

    outcomes = all_at_once(committing, carry_out)
    assert told(outcomes) == CROWD - 1, outcomes
    with committing.app_context():
        assert len(objections_outcomes.list_effects(key)) == 1


def test_an_objection_arrives_while_its_notice_is_closed(
    committing: Flask, crowd: tuple[list[int], int, int]
) -> None:
    clerks, notice_id, entry_id = crowd
    said = Filing(FILING.name, FILING.contact, FILING.facts, entry_id=entry_id)

    def work(number: int) -> int:
        by = Actor(clerks[number], AFTER)
        if number == 0:
            return notices.close(by, notice_id)
        return objections.record_objection(by, notice_id, said, Channel.LETTER, NOW).id

    outcomes = all_at_once(committing, work)
    assert told(outcomes) == 0 and not [one for one in outcomes if isinstance(one, Exception)]
    with committing.app_context():
        rows = db.session.scalars(select(Objection).where(Objection.notice_id == notice_id)).all()
        assert sorted(row.number for row in rows) == list(range(1, CROWD))
        assert {row.state for row in rows} == {ObjectionState.FILED}
        assert db.session.get_one(Notice, notice_id).state is NoticeState.CLOSED


def test_a_notice_is_closed_while_its_event_is_taken_out(
    committing: Flask, crowd: tuple[list[int], int, int]
) -> None:
    clerks, notice_id, entry_id = crowd
    said = Filing(FILING.name, FILING.contact, FILING.facts, entry_id=entry_id)
    by = Actor(clerks[1], AFTER)
    with committing.app_context():
        key = objections.record_objection(by, notice_id, said, Channel.LETTER, NOW).id
        objections_handling.take(by, key)
        objections_handling.answer(by, key, finding=Conclusion.UPHELD, text="情况属实。")

    def work(number: int) -> int:
        if number == 1:
            return objections_outcomes.carry_out(by, key, Order("取消", Remedy.NO_AWARD))
        return notices.close(Actor(clerks[number], AFTER), notice_id)

    outcomes = all_at_once(committing, work)
    strange = [
        one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Refused)
    ]
    assert not strange, strange
    with committing.app_context():
        effect = objections_outcomes.list_effects(key)[0]
        assert effect.event.state is EventState.REVIEW
        assert objections.get_objection(key).state is ObjectionState.ANSWERED
