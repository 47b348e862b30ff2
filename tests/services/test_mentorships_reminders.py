"""The clock reminds the parties of mentorships, and never twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from models.messages import Message
from rules.mentorships import MentorshipState, Outcome, Party
from rules.messages import MessageChannel
from services import jobs, mentorships_acceptance, mentorships_reminders, mentorships_terms
from services.acting import system
from services.mentorships_acceptance import Check
from tests.builders import Builder
from tests.mentorship_story import Story, at

Statements = Callable[[], AbstractContextManager[list[str]]]
MAILS = {
    Party.MENTOR: "mentor@example.com",
    Party.APPRENTICE: "apprentice@example.com",
    Party.EMPLOYER: "employer@example.com",
}


@pytest.fixture
def story(build: Builder) -> Story:
    """Three parties that can be reached by mail."""
    story = Story(build)
    for party, address in MAILS.items():
        story.accounts[party].email = address
    db.session.commit()
    return story


def told(now: datetime) -> list[str]:
    """Whom the clock writes to at an instant, doing its work twice."""
    before = set(db.session.scalars(select(Message.id)))
    for _ in range(2):
        jobs.remind_parties(now)
    rows = db.session.scalars(select(Message).where(Message.id.not_in(before)))
    return sorted(row.recipient or "" for row in rows)


def test_an_unsigned_agreement_is_said_after_three_and_after_ten_days(story: Story) -> None:
    key = story.signing()  # on 20 August
    assert told(at(2026, 8, 22)) == []
    assert told(at(2026, 8, 23)) == [MAILS[Party.APPRENTICE], MAILS[Party.MENTOR]]
    assert told(at(2026, 8, 29)) == []
    story.sign(key, Party.MENTOR, at(2026, 8, 29))
    assert told(at(2026, 8, 30)) == [MAILS[Party.APPRENTICE]]
    assert told(at(2026, 9, 20)) == []
    record = db.session.scalars(
        select(AuditRecord).where(AuditRecord.action == "remind").order_by(AuditRecord.id)
    ).first()
    assert record is not None and record.after == {"number": 2}


def test_nobody_is_called_at_night(story: Story) -> None:
    story.signing()
    morning = at(2026, 8, 24)
    assert told(morning - timedelta(hours=8)) == told(morning + timedelta(hours=12)) == []
    assert len(told(morning)) == 2


def test_a_month_is_said_on_the_fifth_of_the_next_to_who_has_not_confirmed(story: Story) -> None:
    key = story.running()
    moment = at(2026, 9, 28)
    mentorships_terms.confirm_month(story.by(Party.MENTOR, moment), key, date(2026, 9, 1))
    assert told(at(2026, 10, 4)) == []
    assert told(at(2026, 10, 5)) == [MAILS[Party.APPRENTICE]]
    assert told(at(2026, 10, 20)) == []
    assert told(at(2026, 11, 6)) == [MAILS[Party.APPRENTICE], MAILS[Party.MENTOR]]


def test_several_pairs_of_a_mentor_are_one_message(story: Story) -> None:
    story.running()
    second = story.signing(apprentice_id=story.another(held_level=4).id)
    story.row(second).state = MentorshipState.RUNNING
    db.session.commit()
    assert told(at(2026, 10, 5)) == [MAILS[Party.APPRENTICE], MAILS[Party.MENTOR]]
    (body,) = (
        row.body for row in db.session.scalars(select(Message))
        if row.recipient == MAILS[Party.MENTOR]
    )  # fmt: skip
    assert "2对师徒2026年09月" in (body or "")


def test_a_month_of_rest_is_not_said(story: Story) -> None:
    key = story.running()
    mentorships_terms.pause(story.by(now=at(2026, 9, 1)), key, date(2026, 9, 1), reason="住院治疗")
    assert told(at(2026, 10, 6)) == []


def test_an_employer_is_told_once_that_a_term_has_ended(story: Story) -> None:
    key = story.running()
    for month in range(6, 13):
        told(at(2026, month, 8))
    for month in range(1, 10):
        told(at(2027, month, 1 if month == 9 else 8))
    last = db.session.scalars(
        select(Message).where(Message.recipient.is_not(None)).order_by(Message.id.desc())
    ).first()
    assert last is not None and last.recipient == MAILS[Party.EMPLOYER]
    assert "2027年08月31日" in (last.body or "") and last.subject == "师带徒事项提醒"
    assert MAILS[Party.EMPLOYER] not in told(at(2027, 9, 20))
    check = Check(date(2027, 8, 30), Outcome.PASSED, Decimal(80))
    mentorships_acceptance.record_acceptance(story.by(now=at(2027, 9, 2)), key, check)
    db.session.query(Message).delete()
    db.session.commit()
    assert MAILS[Party.EMPLOYER] not in told(at(2027, 9, 21))


def test_without_a_mail_address_a_text_message_goes_out(story: Story) -> None:
    account = story.accounts[Party.MENTOR]
    account.email, account.phone = None, "13800001234"
    story.accounts[Party.APPRENTICE].active = False
    db.session.commit()
    story.signing()
    assert told(at(2026, 8, 24)) == ["13800001234"]
    (message,) = db.session.scalars(select(Message))
    assert (message.channel, message.subject) == (MessageChannel.SMS, "")
    for name in (story.mentor.name, story.apprentice.name):
        assert name not in (message.body or "")


def test_reminders_need_no_more_statements_for_more_pairs(
    story: Story, statements: Statements
) -> None:
    def sent(now: datetime) -> int:
        db.session.expire_all()
        with statements() as seen:
            mentorships_reminders.remind(system(now))
        return len(seen)

    story.running()
    few = sent(at(2026, 10, 5))
    for _ in range(2):
        key = story.signing(apprentice_id=story.another(held_level=4).id)
        story.row(key).state = MentorshipState.RUNNING
        db.session.commit()
    assert sent(at(2026, 11, 5)) <= few
