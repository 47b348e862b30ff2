"""What an upheld objection changes: a new revision that names it, and a list that stands again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.certificates import Certificate
from models.database import db
from models.entries import Entry
from models.honours import Honour
from models.levels import LevelList
from models.notices import Notice, NoticeItem
from models.objections import Objection, ObjectionEffect
from models.results import Result, Revision
from rules.objections import Channel, Conclusion, Filing, Remedy
from rules.plans import EditionRules
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.states import (
    CertificateState,
    EventState,
    HonourState,
    NoticeState,
    ObjectionState,
    RevisionState,
)
from services import (
    awards,
    certificates,
    levels,
    notices,
    notices_lists,
    objections,
    objections_handling,
    objections_outcomes,
    objections_restarts,
    results,
    results_superseded,
)
from services.acting import Actor
from services.objections_outcomes import Order
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story

FACTS = "获奖者参赛时仍为在校学生，不属于企业职工。"


def posted(build: Builder, **rules: Any) -> Any:
    """Four people of one event, all of whom win; their notice stands."""
    story: Any = Story(build, edition=EditionRules(**rules))
    story.entries = story.field(["95", "85", "75", "65"])
    story.notice = story.posted()
    return story


@pytest.fixture
def story(build: Builder) -> Any:
    return posted(build)


def upheld(story: Any, now: datetime = NOW, about: int | None = 0) -> tuple[int, Actor]:
    """An objection that came by letter in time and was upheld; and its handler."""
    by = story.actor("bureau_staff", now)
    entry_id = None if about is None else story.entries[about].id
    filing = Filing("王建国", "13800001111", FACTS, entry_id=entry_id)
    key = objections.record_objection(by, story.notice, filing, Channel.LETTER, NOW).id
    objections_handling.take(by, key)
    objections_handling.answer(by, key, finding=Conclusion.UPHELD, text="情况属实。")
    return key, by


def carried(story: Any, remedy: Remedy = Remedy.NO_AWARD, now: datetime = NOW) -> int:
    key, by = upheld(story, now)
    return objections_outcomes.carry_out(by, key, Order("经核查不符合评奖条件", remedy))


def posted_again(story: Any, now: datetime) -> Notice:
    revision = results.sign(
        story.actor("supervisor", now),
        results.compute(story.actor("organizer", now), story.event.id),
    )
    by = story.actor("bureau_staff", now)
    key = notices.post(
        by,
        story.contest.id,
        revision_ids=[revision],
        title="重新公示",
        body="",
        contact="0574-00000000",
        starts_on=by.today,
    )
    return db.session.get_one(Notice, key)


def objection(key: int) -> Objection:
    return db.session.get_one(Objection, key, populate_existing=True)


def results_of(revision_id: int) -> dict[int, Result]:
    rows = db.session.scalars(select(Result).where(Result.revision_id == revision_id))
    return {one.entry_id: one for one in rows}


def winners(notice_id: int) -> list[str]:
    lists = notices_lists.notice_lists(notices.get_notice(notice_id))
    return [one.name for part in lists for one in part.winners]


def test_without_an_award_the_raw_rank_stays_and_those_below_move_up(story: Any) -> None:
    key = carried(story)
    assert story.event.state is EventState.REVIEW
    revision_id = results.compute(story.actor("organizer"), story.event.id)
    found = results_of(revision_id)
    ranks = [(found[one.id].rank, found[one.id].award_rank) for one in story.entries]
    assert ranks == [(1, None), (2, 1), (3, 2), (4, 3)]  # R1.26
    effect = db.session.scalars(select(ObjectionEffect)).one()
    assert effect.revision_id == revision_id and objection(key).state is ObjectionState.ANSWERED
    results.sign(story.actor("supervisor"), revision_id)
    row = objection(key)
    assert row.state is ObjectionState.SETTLED and row.settled_at == NOW


def test_disqualified_has_no_rank_at_all(story: Any) -> None:
    carried(story, Remedy.DISQUALIFIED)
    revision_id = results.compute(story.actor("organizer"), story.event.id)
    found = results_of(revision_id)
    first = found[story.entries[0].id]
    assert first.status is EntryStatus.VIOLATION and first.rank is None
    assert found[story.entries[1].id].rank == 1


def test_a_correction_opens_the_way_to_the_marks(story: Any) -> None:
    key = carried(story, Remedy.CORRECTION)
    revision_id = results.compute(story.actor("organizer"), story.event.id)
    record = db.session.scalars(
        select(AuditRecord).filter_by(action="compute").order_by(AuditRecord.id.desc())
    ).first()
    assert record is not None and record.after is not None
    assert record.after["objections"] == [f"{story.notice}-01"]
    results.sign(story.actor("supervisor"), revision_id)
    assert objection(key).state is ObjectionState.SETTLED


def test_a_draft_from_before_cannot_be_signed_in_its_place(story: Any) -> None:
    key, by = upheld(story)
    notices.withdraw(by, story.notice, reason="更正")
    objections_outcomes.carry_out(by, key, Order("取消", Remedy.NO_AWARD))
    draft = results.compute(story.actor("organizer"), story.event.id)
    db.session.execute(ObjectionEffect.__table__.update().values(revision_id=None))  # type: ignore[attr-defined]
    db.session.commit()
    with pytest.raises(Refused, match="follow these objections"):
        results.sign(story.actor("supervisor"), draft)


def test_an_objection_about_the_whole_notice_names_its_event(story: Any, build: Builder) -> None:
    key, by = upheld(story, about=None)
    for order in (
        Order("取消", Remedy.NO_AWARD),
        Order("重算", Remedy.CORRECTION),
        Order("重算", Remedy.CORRECTION, build.event().id),
    ):
        with pytest.raises(Refused):
            objections_outcomes.carry_out(by, key, order)
    objections_outcomes.carry_out(by, key, Order("重算", Remedy.CORRECTION, story.event.id))
    assert story.event.state is EventState.REVIEW


def test_after_the_end_everything_made_from_the_old_list_is_superseded(story: Any) -> None:
    bureau = story.actor("bureau_staff", AFTER)
    key, by = upheld(story, NOW)
    objections_outcomes.carry_out(by, key, Order("更正姓名用字"))
    notices.close(bureau, story.notice)
    certificates.issue(bureau, story.contest.id)
    listed = levels.prepare(bureau, story.contest.id, body="评价中心")
    carried(story, now=AFTER)
    assert story.event.state is EventState.REVIEW
    assert [one.number for one in results_superseded.replaced_in_notice(story.notice)] == [1]
    assert levels.is_superseded(listed)
    standing = select(Honour).where(Honour.state == HonourState.STANDING)
    assert not db.session.scalars(standing).all()
    assert awards.list_payments(None).page.total == 0
    assert not notices_lists.public_results(story.contest.id)
    revision = db.session.scalars(select(Revision).where(Revision.number == 1)).one()
    assert revision.state is RevisionState.SUPERSEDED
    again = posted_again(story, AFTER)
    assert again.working_days == 5
    changes = [(one.title, one.old, one.new) for one in objections_restarts.changes_of(again.id)]
    titles = [entry.title for entry in story.entries]
    assert changes == [
        (titles[1], "Second prize", "First prize"),
        (titles[3], "Third prize", "Second prize"),
        (titles[0], "First prize", None),
    ]


def test_a_notice_does_not_end_an_event_that_was_taken_out_of_it(story: Any) -> None:
    carried(story)
    posted_again(story, NOW + timedelta(days=3))
    notices.close(story.actor("bureau_staff", AFTER), story.notice)
    assert story.event.state is EventState.NOTICE
    old, new = db.session.scalars(select(NoticeItem).order_by(NoticeItem.id)).all()
    assert old.taken_out_at == NOW and new.base_revision_id == old.revision_id


@pytest.mark.parametrize(
    ("rule", "remedy", "days"),
    [
        ("changed", Remedy.NO_AWARD, 5),
        ("changed", Remedy.CORRECTION, 3),
        ("always", Remedy.CORRECTION, 5),
        ("never", Remedy.NO_AWARD, 3),
    ],
)
def test_a_list_stands_anew_or_for_the_days_that_were_left(
    build: Builder, rule: str, remedy: Remedy, days: int
) -> None:
    story = posted(build, restart_notice=rule)
    third = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)  # Friday; it stood until the 22nd
    carried(story, remedy, third)
    again = posted_again(story, third)
    assert again.working_days == days
    expected = {3: date(2026, 9, 23), 5: date(2026, 9, 25)}
    assert again.ends_on == expected[days]


def test_never_anew_is_never_without_any_day(build: Builder) -> None:
    story = posted(build, restart_notice="never")
    notices.close(story.actor("bureau_staff", AFTER), story.notice)
    carried(story, now=AFTER)
    again = posted_again(story, AFTER)
    assert again.working_days == 1 and again.ends_on > AFTER.date()


def test_a_supplementary_notice_shows_what_changed(build: Builder) -> None:
    story = posted(build, restart_scope="changes")
    key, by = upheld(story, about=2)
    objections_outcomes.carry_out(by, key, Order("取消", Remedy.NO_AWARD))
    again = posted_again(story, NOW)
    titles = [entry.title for entry in story.entries]
    assert winners(again.id) == [titles[3]]
    assert list(objections.entries_of(again.id)) == [story.entries[3].id]
    assert winners(story.notice) == titles


def test_a_person_who_is_not_eligible_loses_every_entry_of_the_edition(
    story: Any, build: Builder
) -> None:
    person = story.entries[0].members[0].person
    other = build.event(story.contest, state=EventState.SCORING)
    second = build.entry(other, person=person)
    elsewhere = build.entry(build.event(state=EventState.SCORING), person=person)
    by = story.actor("bureau_staff")
    filing = Filing("王建国", "13800001111", FACTS, "", story.entries[0].id, person.id)
    key = objections.record_objection(by, story.notice, filing, Channel.LETTER, NOW).id
    objections_handling.take(by, key)
    objections_handling.answer(by, key, finding=Conclusion.UPHELD, text="身份不符")
    objections_outcomes.carry_out(by, key, Order("取消资格", Remedy.NO_AWARD))
    counts = [
        db.session.get_one(Entry, one.id).in_competition
        for one in (story.entries[0], second, elsewhere, story.entries[1])
    ]
    assert counts == [False, False, True, True]
    assert story.event.state is EventState.REVIEW
    assert db.session.get_one(type(other), other.id).state is EventState.SCORING
    signed = results.sign(story.actor("supervisor"), story.computed())
    assert signed and objection(key).state is ObjectionState.ANSWERED  # one event is still open


def test_nothing_official_comes_from_a_draft_or_before_the_end(story: Any) -> None:
    by, bureau = story.actor("bureau_staff"), story.actor("bureau_staff", AFTER)
    with pytest.raises(Refused):  # the notice stands
        certificates.issue(by, story.contest.id)
    with pytest.raises(Refused):
        levels.prepare(by, story.contest.id, body="评价中心")
    assert awards.list_payments(None).page.total == 0
    carried(story)
    story.computed()  # a draft
    with pytest.raises(Refused):
        certificates.issue(bureau, story.contest.id)
    with pytest.raises(Refused):
        levels.prepare(bureau, story.contest.id, body="评价中心")
    assert awards.list_payments(None).page.total == 0
    assert not db.session.scalars(select(Honour)).all()
    assert not db.session.scalars(select(LevelList)).all()
    assert not db.session.scalars(select(Certificate)).all()


def test_certificates_of_an_unchanged_award_stay_and_others_are_revoked(story: Any) -> None:
    bureau = story.actor("bureau_staff", AFTER)
    notices.close(bureau, story.notice)
    certificates.issue(bureau, story.contest.id)
    key, by = upheld(story, AFTER, about=2)
    objections_outcomes.carry_out(by, key, Order("取消", Remedy.NO_AWARD))
    again = posted_again(story, AFTER)
    notices.close(story.actor("bureau_staff", AFTER + timedelta(days=30)), again.id)
    papers = {one.person_id: one for one in db.session.scalars(select(Certificate))}
    people = [entry.members[0].person_id for entry in story.entries]
    states = [papers[one].state for one in people[:3]]
    assert states == [CertificateState.ISSUED] * 2 + [CertificateState.REVOKED]
    present = {papers[one].award.revision.state for one in people[:2]}
    assert present == {RevisionState.SIGNED}
    assert certificates.issue(bureau, story.contest.id) == 1  # who moved up
    assert db.session.get_one(Notice, again.id).state is NoticeState.CLOSED
