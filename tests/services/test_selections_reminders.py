"""Reminders of selections: each is said once, by mail or by text, in Chinese."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models.database import db
from models.messages import Message
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.selections import ApplicationState, RoundState
from services import jobs, selections_reminders
from services.acting import system
from tests.builders import Builder
from tests.selection_lists import AFTER, NOW, ListStory


def said(now: datetime) -> list[str]:
    """What is new on a day, said twice to see that it is said once."""
    before = set(db.session.scalars(select(Message.id)))
    number = selections_reminders.remind(system(now))
    assert selections_reminders.remind(system(now)) == 0
    rows = db.session.scalars(select(Message).order_by(Message.id)).all()
    new = [one.body for one in rows if one.id not in before]
    assert len(new) == number
    return new


@pytest.mark.parametrize(("left", "step"), [(8, 0), (7, 1), (2, 1), (1, 1)])
def test_a_draft_is_called_before_its_deadline(build: Builder, left: int, step: int) -> None:
    story = ListStory(build)
    own = story.applied()
    writer = build.account("contestant", person_id=own.person_id, email="a@example.org")
    row = db.session.get_one(SelectionRound, story.round.id)
    row.state, row.closes_at = RoundState.OPEN, NOW + timedelta(days=left)
    kept = db.session.get_one(SelectionApplication, own.id)
    kept.state, kept.account_id = ApplicationState.DRAFT, writer.id
    db.session.commit()
    found = said(NOW)
    assert len(found) == step
    assert all("尚未提交" in text for text in found)
    assert selections_reminders.remind(system(NOW.replace(hour=18))) == 0  # night in China


def test_reports_terms_and_benefits_are_called(build: Builder) -> None:
    story = ListStory(build)
    story.proposed((story.applied("王金匠"), "gold"))
    story.decided()
    build.account("contestant", person_id=story.people[0].id, email="b@example.org")
    story.staff_account.email = "c@example.org"
    db.session.commit()
    assert said(AFTER) == []
    assert any("待遇应予兑现" in text for text in said(datetime(2026, 10, 9, 2, tzinfo=UTC)))
    report = said(datetime(2027, 1, 4, 2, tzinfo=UTC))
    assert any("2026年度工作报告" in text for text in report)
    jobs.turn_terms(datetime(2027, 1, 4, 2, tzinfo=UTC))
    jobs.remind_selections(datetime(2029, 9, 1, 2, tzinfo=UTC))
    texts = list(db.session.scalars(select(Message.body)))
    assert any("任期将于2029年09月21日届满" in text for text in texts)
