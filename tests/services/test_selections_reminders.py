"""Reminders of selections: each is said once, by mail or by text, in Chinese."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.database import db
from models.messages import Message
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOpinion, SelectionStep
from models.selection_reviews import SelectionReviewer
from models.selections import SelectionClerk, SelectionRound
from rules.selection_rounds import Review, SheetItem, Step
from rules.selections import ApplicationState, Body, ReviewerState, RoundState
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


def test_overdue_checks_are_called_to_each_body_once_a_week(build: Builder) -> None:
    chain = (
        Step(key="unit", title="单位推荐", body=Body.EMPLOYER),
        Step(key="town", title="属地审核", body=Body.DISTRICT),
        Step(key="bureau", title="资格审查", body=Body.BUREAU),
    )
    story = ListStory(build, chain=chain)
    clerk = build.account("selection_clerk", email="clerk@example.org")
    story.staff_account.email = "staff@example.org"
    other = build.account("selection_clerk", email="other@example.org")
    due = NOW.date() - timedelta(days=1)
    for key in ("unit", "town", "bureau"):
        own = story.applied()
        own.state = ApplicationState.CHECKING
        db.session.add(
            SelectionStep(application_id=own.id, key=key, position=1, due_on=due, reached_at=NOW)
        )
        if key == "unit":
            build.account("employer", employer_id=own.employer_id, email="unit@example.org")
    for account, key in ((clerk, "town"), (other, "unit")):
        db.session.add(SelectionClerk(round_id=story.round.id, account_id=account.id, step=key))
    db.session.commit()
    texts = said(NOW)
    told = set(db.session.scalars(select(Message.recipient)))
    assert told == {"unit@example.org", "clerk@example.org", "staff@example.org"}
    assert all(
        any(title in text for text in texts) for title in ("单位推荐", "属地审核", "资格审查")
    )
    assert said(NOW + timedelta(days=1)) == []
    assert len(said(NOW + timedelta(days=7))) == 3


def test_overdue_opinions_are_called_to_the_bureau(build: Builder) -> None:
    story = ListStory(build)
    story.staff_account.email = "staff@example.org"
    own = story.applied()
    due = NOW.date() + timedelta(days=10)
    db.session.add(
        SelectionOpinion(application_id=own.id, body="tax", asked_on=NOW.date(), due_on=due)
    )
    db.session.commit()
    assert said(NOW + timedelta(days=10)) == []
    (text,) = said(NOW + timedelta(days=11))
    assert story.round.title in text
    assert len(said(NOW + timedelta(days=18))) == 1


def test_unsigned_sheets_are_called_to_their_reviewers(build: Builder) -> None:
    sheet = (SheetItem(key="points", title="业绩", maximum=Decimal(100)),)
    story = ListStory(build, review=Review(sheet=sheet))
    story.applied("王金匠")
    for reserve in (False, True):
        account = build.account("reviewer", email=f"{reserve}@example.org".lower())
        seat = SelectionReviewer(
            round_id=story.round.id,
            account_id=account.id,
            number=1 + reserve,
            reserve=reserve,
            state=ReviewerState.SEATED,
            seated_at=NOW,
        )
        db.session.add(seat)
    db.session.commit()
    assert said(NOW + timedelta(days=2)) == []
    (text,) = said(NOW + timedelta(days=3))
    assert "1" in text and story.round.title in text
    assert list(db.session.scalars(select(Message.recipient))) == ["false@example.org"]
    assert len(said(NOW + timedelta(days=7))) == 1
