"""Notices: signed results put up between two printed days, then final."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.calendars import CalendarYear
from models.contests import Event
from models.database import db
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import EventState, NoticeState
from services import notices, notices_lists
from tests.builders import Builder
from tests.results_story import AFTER, NOW, TODAY, Story


def _post(story: Story, revision_ids: list[int], **more: Any) -> int:
    facts: dict[str, Any] = {
        "revision_ids": revision_ids,
        "title": "公示",
        "body": "现予公示。",
        "contact": "0574-00000000",
        "starts_on": TODAY,
    }
    return notices.post(story.actor("bureau_staff"), story.contest.id, **(facts | more))


def _state(story: Story) -> EventState:
    db.session.expire_all()
    return db.session.get_one(Event, story.event.id).state


def test_a_notice_stands_for_the_working_days_of_the_edition(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    notice = notices.get_notice(story.posted())
    assert (notice.starts_on, notice.ends_on) == (date(2026, 9, 15), date(2026, 9, 22))
    assert (notice.working_days, notice.count_first_day) == (5, False)
    assert _state(story) is EventState.NOTICE


def test_the_first_day_counts_where_the_edition_says_so(build: Builder) -> None:
    story = Story(build, edition=EditionRules(count_first_day=True))
    story.field(["80"])
    assert notices.get_notice(story.posted()).ends_on == date(2026, 9, 21)


def test_a_year_without_a_holiday_table_is_refused_at_the_first_day(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    revision_id = story.signed()
    db.session.delete(db.session.get_one(CalendarYear, 2026))
    db.session.commit()
    with pytest.raises(Refused) as refusal:
        _post(story, [revision_id])
    assert (refusal.value.field, refusal.value.params) == ("starts_on", {"year": 2026})
    assert _state(story) is EventState.SIGNED


def test_only_signed_results_of_the_same_contest_can_be_posted(build: Builder) -> None:
    draft, other = Story(build), Story(build)
    for story in (draft, other):
        story.field(["80"])
    signed = other.signed()
    for wrong in ([draft.computed()], [signed], [999_999]):
        with pytest.raises(Refused, match="signed results"):
            _post(draft, wrong)
    with pytest.raises(Refused, match="at least one"):
        _post(draft, [])


def test_a_result_stands_in_one_notice_at_a_time(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    revision_id = story.signed()
    first = _post(story, [revision_id])
    with pytest.raises(Refused, match="no other notice"):
        _post(story, [revision_id])
    notices.withdraw(story.actor("bureau_staff"), first, reason="名单有误")
    assert _post(story, [revision_id]) != first


def test_a_notice_cannot_start_in_the_past(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    with pytest.raises(Refused) as refusal:
        _post(story, [story.signed()], starts_on=TODAY - timedelta(days=1))
    assert refusal.value.field == "starts_on"


def test_a_notice_is_closed_only_after_its_last_day(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    notice_id = story.posted()
    last_evening = NOW + timedelta(days=7, hours=11)  # 22 September, 23:00 in China
    with pytest.raises(Refused, match="2026-09-22"):
        notices.close(story.actor("bureau_staff", last_evening), notice_id)
    notices.close(story.actor("bureau_staff", last_evening + timedelta(hours=1)), notice_id)
    assert notices.get_notice(notice_id).state is NoticeState.CLOSED
    assert _state(story) is EventState.FINAL
    with pytest.raises(Refused):
        notices.close(story.actor("bureau_staff", AFTER), notice_id)


def test_a_withdrawn_notice_gives_its_events_back_and_records_the_reason(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    notice_id = story.posted()
    notices.withdraw(story.actor("bureau_staff"), notice_id, reason="名单有误")
    assert _state(story) is EventState.SIGNED
    record = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None and record.after == {"reason": "名单有误"}
    with pytest.raises(Refused):
        notices.close(story.actor("bureau_staff", AFTER), notice_id)
    with pytest.raises(Missing):
        notices.withdraw(story.actor("bureau_staff"), 999_999, reason="x")


def test_the_public_list_gives_order_name_employer_and_award(build: Builder) -> None:
    story = Story(build)
    employer = build.employer()
    story.entry("90", "90", employer_id=employer.id)
    story.field(["80"])
    story.field(["70"], division=1)
    staff, student = notices_lists.notice_lists(notices.get_notice(story.posted()))
    assert (staff.division, student.division) == ("职工组", "学生组")
    first, second = staff.winners
    assert (first.order, first.employer, first.award) == (1, employer.title, "First prize")
    assert (second.order, second.employer, second.honours) == (2, "", ())


def test_public_results_are_those_of_final_events_only(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    notice_id = story.posted()
    assert notices_lists.public_results(story.contest.id) == []
    assert notices.list_public_contests() == []
    notices.close(story.actor("bureau_staff", AFTER), notice_id)
    assert len(notices_lists.public_results(story.contest.id)) == 1
    assert notices.list_public_contests() == [story.contest]


def test_due_notices_are_those_whose_last_day_has_passed(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    notice_id = story.posted()
    assert notices.due_notices(date(2026, 9, 22)) == []
    assert [one.id for one in notices.due_notices(date(2026, 9, 23))] == [notice_id]


def test_a_notice_of_tomorrow_is_not_listed_today(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    _post(story, [story.signed()], starts_on=TODAY + timedelta(days=1))
    assert notices.list_notices(TODAY).total == 0
    assert notices.list_notices(TODAY + timedelta(days=1)).total == 1
    assert notices.list_notices(TODAY + timedelta(days=1), contest_id=999).total == 0
