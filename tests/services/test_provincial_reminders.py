"""Reminders of delegations are said once, to whom they concern; desks show what waits."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from models.database import db
from models.messages import Message
from rules.provincial import Naming, SlotState
from services import (
    jobs,
    provincial_camps,
    provincial_delegations,
    provincial_namings,
    provincial_reminders,
)
from services.acting import system
from services.desks_tasks import Task
from services.provincial_camps import CampFacts
from tests.builders import Builder
from tests.provincial_story import HELD, RULES, ProvincialStory
from tests.services.test_desks import cards


def said(day: date, hour: int = 2) -> list[str]:
    """What is new on a day, said twice to see that it is said once."""
    now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    before = set(db.session.scalars(select(Message.id)))
    number = provincial_reminders.remind(system(now))
    assert provincial_reminders.remind(system(now)) == 0
    rows = db.session.scalars(select(Message).order_by(Message.id)).all()
    new = [one.body or "" for one in rows if one.id not in before]
    assert len(new) == number
    return new


def test_each_day_says_what_it_should(build: Builder, tmp_path: Path) -> None:
    story = ProvincialStory(build, RULES.model_copy(update={"training_days": 0}))
    story.one.email = "bureau@example.org"
    person = build.person(name="陈一凡")
    build.account("contestant", person_id=person.id, email="a@example.org")
    event = story.event()
    slot = story.candidate(event, person)
    facts = CampFacts("省赛集训", date(2026, 10, 20), date(2026, 10, 31), place="慈溪技师学院")
    provincial_camps.open_camp(story.by(), story.id, facts)
    assert said(date(2026, 10, 12)) == []
    (camp,) = said(date(2026, 10, 13))
    assert "集训于2026年10月20日开始" in camp and "慈溪技师学院" in camp
    assert said(date(2026, 10, 20), hour=16) == [], "at night nobody is woken"
    found = said(date(2026, 10, 19))
    assert sorted("集训于" in one for one in found) == [False, True], "the bureau hears of entries"
    lines = [Naming(slot.id, SlotState.NAMED)]
    naming = provincial_namings.propose_naming(story.by(), event.id, lines, reason="成绩")
    assert any("参赛人选建议" in one for one in said(date(2026, 10, 27)))
    card = cards(story.other.holder())
    assert card[Task.AGREE_NAMING].key == event.id
    assert Task.AGREE_NAMING not in cards(story.one.holder())
    provincial_namings.agree_naming(story.by(second=True), naming)
    row = story.led()
    provincial_delegations.add_task(story.by(), row, "购买意外保险", date(2026, 11, 1))
    provincial_delegations.add_paper(
        story.by(), row, "陈一凡", "意外保险", "P1", date(2026, 11, 10)
    )
    found = said(date(2026, 10, 30))
    assert any("购买意外保险" in one for one in found)
    assert any("1份证件或保险" in one for one in found)
    assert any("报名于2026年11月02日截止" in one for one in found)
    story.sent(tmp_path)
    (begins,) = [one for one in said(date(2026, 11, 9)) if "开赛" in one]
    assert "您代表我市参加钳工赛项" in begins
    story.result(story.slot(slot.id), rank=1, prize="一等奖")
    assert cards(story.other.holder())[Task.CONFIRM_PROVINCIAL].key == story.id
    jobs.remind_delegations(HELD)
