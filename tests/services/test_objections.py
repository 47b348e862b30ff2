"""Objections: received in time, handled by somebody without interest, answered, holding one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.awards import Award, AwardShare
from models.certificates import Certificate
from models.contests import Event
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.honours import Honour
from models.levels import LevelLine
from models.notices import Notice
from models.objections import Objection
from models.results import Revision
from rules.award_shares import ShareKind
from rules.objections import Channel, Conclusion, Filing
from rules.refusals import Missing, Refused
from rules.states import EventState, NoticeState, ObjectionState
from services import (
    awards,
    certificates,
    honours,
    levels,
    notices,
    objections,
    objections_handling,
    objections_holds,
    objections_letters,
    objections_outcomes,
)
from services.acting import Actor
from services.objections_outcomes import Order
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story

FACTS = "获奖者参赛时仍为在校学生，不属于企业职工。"
VISITOR = Actor(None, NOW, "test")


@pytest.fixture
def story(build: Builder) -> Story:
    """Three winners whose notice stands."""
    found = Story(build)
    found.entries = found.field(["95", "85", "75"])  # type: ignore[attr-defined]
    found.notice = found.posted()  # type: ignore[attr-defined]
    return found


def filing(story: Any, about: int | None = 0, **more: str) -> Filing:
    entry_id = None if about is None else story.entries[about].id
    said = {"name": "王建国", "contact": "13800001111", "facts": FACTS} | more
    return Filing(**said, entry_id=entry_id)


def filed(story: Any, about: int | None = 0, by: Actor = VISITOR) -> int:
    return objections.file_objection(by, story.notice, filing(story, about)).id


def staff(story: Story, now: datetime = AFTER) -> Actor:
    return story.actor("bureau_staff", now)


def answered(story: Any, conclusion: Conclusion, about: int = 0, by: Actor | None = None) -> int:
    key, by = filed(story, about), by or staff(story)
    objections_handling.take(by, key)
    return objections_handling.answer(by, key, finding=conclusion, text="经核查，情况如下。")


def refused(act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return str(caught.value)


def state(key: int) -> ObjectionState:
    return db.session.get_one(Objection, key, populate_existing=True).state


def test_an_objection_gets_a_number_a_code_and_a_day_for_the_answer(story: Any) -> None:
    first = objections.file_objection(VISITOR, story.notice, filing(story))
    second = objections.file_objection(VISITOR, story.notice, filing(story, 1))
    rows = [objections.get_objection(key) for key in (first.id, second.id)]
    assert [row.number for row in rows] == [1, 2] and first.code != second.code
    assert rows[0].due_on == date(2026, 9, 29)  # ten working days after the 15th
    found = objections.find_by_code(f"{first.code[:4]}-{first.code[4:]} ".lower())
    assert found is not None and found.id == first.id


def test_who_objects_is_encrypted_and_stands_in_no_record(story: Any) -> None:
    filed(story)
    raw = db.session.connection().exec_driver_sql("SELECT * FROM objection").one()
    for secret in ("王建国", "13800001111", FACTS):
        assert secret not in str(raw)
    records = db.session.scalars(select(AuditRecord).filter_by(subject="objection"))
    assert not [one for one in records if "王建国" in str(one.after) or FACTS in str(one.after)]


@pytest.mark.parametrize("field", ["name", "contact", "facts"])
def test_name_contact_and_facts_are_required(story: Any, field: str) -> None:
    with pytest.raises(Refused) as caught:
        objections.file_objection(VISITOR, story.notice, filing(story, **{field: ""}))
    assert caught.value.field == field


def test_the_page_takes_objections_to_the_last_second(story: Any) -> None:
    notice = db.session.get_one(Notice, story.notice)
    end = datetime(notice.ends_on.year, notice.ends_on.month, notice.ends_on.day, 15, 59, 59,
                   tzinfo=UTC)  # fmt: skip
    filed(story, by=Actor(None, end, "test"))
    late = Actor(None, end + timedelta(seconds=1), "test")
    assert "while the notice stands" in refused(
        objections.file_objection, late, story.notice, filing(story)
    )


def test_a_late_letter_is_kept_as_late_and_holds_nobody(story: Any) -> None:
    by = staff(story)
    at = AFTER - timedelta(days=1)
    found = objections.record_objection(by, story.notice, filing(story), Channel.LETTER, at)
    assert state(found.id) is ObjectionState.LATE
    notices.close(by, story.notice)
    assert certificates.issue(by, story.contest.id) == 3


def test_a_letter_that_came_in_time_counts_though_recorded_later(story: Any) -> None:
    by = staff(story)
    found = objections.record_objection(by, story.notice, filing(story), Channel.LETTER, NOW)
    assert state(found.id) is ObjectionState.FILED
    told = refused(
        objections.record_objection,
        by,
        story.notice,
        filing(story),
        Channel.PHONE,
        AFTER + timedelta(days=1),
    )
    assert "in the future" in told


def test_an_objection_is_about_somebody_of_the_notice(story: Any, build: Builder) -> None:
    other = Story(build)
    stranger = other.field(["95"])[0]
    wrong = Filing("王建国", "13800001111", FACTS, entry_id=stranger.id)
    told = refused(objections.file_objection, VISITOR, story.notice, wrong)
    assert "somebody of this notice" in told


def test_one_objection_holds_back_one_person_and_nobody_else(story: Any) -> None:
    filed(story, 1)
    by = staff(story)
    notices.close(by, story.notice)
    assert story.build and db.session.get_one(Notice, story.notice).state is NoticeState.CLOSED
    held = story.entries[1].id
    certificates.issue(by, story.contest.id)
    papers = db.session.scalars(select(Certificate)).all()
    assert len(papers) == 2 and held not in {one.award.entry_id for one in papers}
    assert held not in {one.entry_id for one in db.session.scalars(select(Honour))}
    levels.prepare(by, story.contest.id, body="评价中心")
    lines = db.session.scalars(select(LevelLine)).all()
    assert len(lines) == 2 and held not in {line.grant.entry_id for line in lines}
    assert held not in {one.entry_id for one in awards.list_payments(None).page.items}


def test_the_answer_sets_the_person_free(story: Any) -> None:
    key = filed(story, 1)
    by = staff(story)
    notices.close(by, story.notice)
    certificates.issue(by, story.contest.id)
    objections_handling.take(by, key)
    objections_handling.answer(
        by, key, finding=Conclusion.NOT_UPHELD, text="经核查，该选手为企业职工。"
    )
    assert certificates.issue(by, story.contest.id) == 1
    honours.bring_up(by, story.contest.id)
    assert awards.list_payments(None).page.total == 3


def test_an_upheld_objection_is_carried_out_before_the_notice_is_closed(story: Any) -> None:
    by = staff(story)
    key = answered(story, Conclusion.UPHELD, by=by)
    assert "carry them out first" in refused(notices.close, by, story.notice)
    objections_outcomes.carry_out(by, key, Order("更正姓名用字。"))
    assert "carried out already" in refused(ACTS["carry_out"], by, key)
    assert state(key) is ObjectionState.SETTLED
    notices.close(by, story.notice)
    assert story.event.state is EventState.FINAL


def test_only_an_upheld_objection_is_carried_out(story: Any) -> None:
    by = staff(story)
    key = answered(story, Conclusion.NOT_UPHELD, by=by)
    told = refused(ACTS["carry_out"], by, key)
    assert "Only an objection that was upheld" in told


def test_only_who_has_it_in_hand_answers(story: Any) -> None:
    key = filed(story)
    objections_handling.take(staff(story), key)
    told = refused(
        objections_handling.answer, staff(story), key, finding=Conclusion.NOT_UPHELD, text="不成立"
    )
    assert "Somebody else has this objection" in told


ACTS: dict[str, Any] = {
    "take": lambda by, key: objections_handling.take(by, key),
    "take_over": lambda by, key: objections_handling.take_over(by, key, reason="经办人调离"),
    "answer": lambda by, key: objections_handling.answer(
        by, key, finding=Conclusion.NOT_UPHELD, text="不成立"
    ),
    "refuse": lambda by, key: objections_handling.refuse(by, key, reason="姓名不实"),
    "carry_out": lambda by, key: objections_outcomes.carry_out(by, key, Order("已处理")),
}


@pytest.fixture(params=["entry", "member", "linked"])
def sided(request: pytest.FixtureRequest, build: Builder) -> tuple[Any, Actor]:
    """A winner of some employer, under objection, and a clerk of the bureau on his side."""
    story: Any = Story(build)
    employer = build.employer()
    story.entries = story.field(["95"])
    entry, more = story.entries[0], {"employer_id": employer.id}
    if request.param == "entry":
        entry.employer_id = employer.id
    else:
        entry.members[0].person.employer_id = employer.id
    if request.param == "linked":
        more = {"person_id": build.person(employer_id=employer.id).id}
    db.session.commit()
    story.notice = story.posted()
    return story, build.actor(build.account("bureau_staff", story.contest.id, **more), AFTER)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_does_anything_with_an_objection_about_the_own_employer(
    sided: tuple[Any, Actor], act: str
) -> None:
    story, own = sided
    key, other = filed(story), staff(story)
    assert "your own employer" in refused(ACTS[act], own, key)
    objections_handling.take(other, key)
    assert "your own employer" in refused(ACTS[act], own, key)
    objections_handling.answer(other, key, finding=Conclusion.UPHELD, text="属实")
    assert "your own employer" in refused(ACTS[act], own, key)
    assert db.session.get_one(Objection, key).handler_id == other.account_id


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["member", "coach"])
def test_the_person_objected_to_and_the_coach_never_handle_it(
    story: Any, build: Builder, act: str, role: str
) -> None:
    entry = story.entries[0]
    person = entry.members[0].person if role == "member" else build.person()
    if role == "coach":
        entry.coaches = [EntryCoach(person_id=person.id)]
        db.session.commit()
    account = build.account("bureau_staff", story.contest.id, person_id=person.id)
    own = build.actor(account, AFTER)
    key = filed(story)
    assert "about yourself" in refused(ACTS[act], own, key)
    found = objections.record_objection(own, story.notice, filing(story), Channel.VISIT, NOW)
    assert state(found.id) is ObjectionState.FILED  # to write down what came is no handling


@pytest.mark.parametrize("act", ["answer", "refuse", "carry_out"])
def test_who_does_not_have_it_in_hand_does_nothing_with_it(story: Any, act: str) -> None:
    key = filed(story)
    assert "in hand first" in refused(ACTS[act], staff(story), key)
    by = staff(story)
    objections_handling.take(by, key)
    assert "Somebody else" in refused(ACTS[act], staff(story), key)
    objections_handling.answer(by, key, finding=Conclusion.UPHELD, text="属实")
    assert "Somebody else" in refused(ACTS[act], staff(story), key)


def test_an_objection_is_taken_over_with_a_reason_that_is_kept(story: Any) -> None:
    key, first, second = filed(story), staff(story), staff(story)
    over = objections_handling.take_over
    assert "that somebody has in hand" in refused(over, second, key, reason="出差")
    objections_handling.take(first, key)
    assert "Write the reason" in refused(over, second, key, reason=" ")
    assert "in hand already" in refused(over, first, key, reason="出差")
    over(second, key, reason="经办人出差")
    record = db.session.scalars(select(AuditRecord).filter_by(action="take_over")).one()
    assert record.before == {"account": first.account_id}
    assert record.after == {"account": second.account_id, "reason": "经办人出差"}
    assert "Somebody else" in refused(ACTS["refuse"], first, key)
    objections_handling.answer(second, key, finding=Conclusion.NOT_UPHELD, text="不成立")
    assert "that somebody has in hand" in refused(over, first, key, reason="出差")


def test_an_objection_without_form_is_refused_with_a_reason(story: Any) -> None:
    key, by = filed(story), staff(story)
    objections_handling.take(by, key)
    objections_handling.refuse(by, key, reason="电话无法接通，姓名不实")
    assert state(key) is ObjectionState.REFUSED
    notices.close(staff(story), story.notice)
    assert certificates.issue(staff(story), story.contest.id) == 3


def test_the_objector_takes_it_back_by_the_code(story: Any) -> None:
    found = objections.file_objection(VISITOR, story.notice, filing(story))
    objections.withdraw(VISITOR, found.code)
    assert state(found.id) is ObjectionState.WITHDRAWN
    with pytest.raises(Missing):
        objections.withdraw(VISITOR, "AAAABBBBCCCC")


def test_a_general_objection_holds_nobody_but_waits(story: Any) -> None:
    filed(story, None)
    assert [one.number for one in objections.waiting(None)] == [1]
    notices.close(staff(story), story.notice)
    assert certificates.issue(staff(story), story.contest.id) == 3


def test_letters_say_number_state_and_answer(story: Any) -> None:
    key = answered(story, Conclusion.PARTLY)
    row = objections.get_objection(key)
    for made in (objections_letters.receipt(row), objections_letters.answer(row)):
        assert made.startswith(b"%PDF-")


def person_objection(story: Any, person_id: int, about: int = 0) -> int:
    filed_about = filing(story, about)
    said = Filing(filed_about.name, filed_about.contact, FACTS, "", filed_about.entry_id, person_id)
    return objections.file_objection(VISITOR, story.notice, said).id


def held(*entries: Any) -> list[bool]:
    return [objections_holds.held_problem(entry.id) is not None for entry in entries]


def test_about_a_person_all_entries_of_the_edition_wait_and_no_team_mates_own(
    story: Any, build: Builder
) -> None:
    person, mate = build.person(), build.person()
    team = story.entries[0]
    team.members += [
        EntryMember(person_id=one.id, event_id=team.event_id) for one in (person, mate)
    ]
    event = build.event(story.contest)
    own, of_mate = build.entry(event, person=person), build.entry(event, person=mate)
    elsewhere = build.entry(build.event(), person=person)
    db.session.commit()
    assert held(team, own, of_mate, elsewhere) == [False] * 4
    person_objection(story, person.id)
    assert held(team, own, of_mate, elsewhere) == [True, True, False, False]
    assert held(story.entries[1]) == [False]


def test_about_an_entry_no_other_entry_of_its_members_waits(story: Any, build: Builder) -> None:
    person = story.entries[0].members[0].person
    own = build.entry(build.event(story.contest), person=person)
    filed(story)
    assert held(story.entries[0], own) == [True, False]


def test_a_coach_is_held_in_person_and_not_with_other_pupils(story: Any, build: Builder) -> None:
    coach = build.person()
    for entry in story.entries[:2]:
        entry.coaches = [EntryCoach(person_id=coach.id)]
    db.session.commit()
    notices.close(staff(story), story.notice)
    shares = []
    for entry in story.entries[:2]:
        award = db.session.scalars(select(Award).filter_by(entry_id=entry.id)).one()
        shares.append(AwardShare(award_id=award.id, revision_id=award.revision_id,
            entry_id=entry.id, person_id=coach.id, kind=ShareKind.COACH, title="指导教师",
            promised=Decimal(100), amount=Decimal(100)))  # fmt: skip
    db.session.add_all(shares)
    db.session.commit()
    found = [one.id for one in paid()]
    assert {one.id for one in shares} <= set(found)
    row = Objection(
        **{
            name: getattr(objections.get_objection(filed_late(story)), name)
            for name in ("notice_id", "channel", "name", "contact", "facts", "received_at")
        },
        number=9,
        code="CCCCDDDDEEEE",
        entry_id=story.entries[0].id,
        person_id=coach.id,
        state=ObjectionState.FILED,
    )
    db.session.add(row)
    db.session.commit()
    waiting = {one.entry_id for one in paid()}
    assert story.entries[0].id not in waiting  # its coach is objected to: the entry itself
    of_coach = [one for one in paid() if one.person_id == coach.id]
    assert of_coach == []  # nor what comes from the other pupil
    assert story.entries[1].id in waiting  # who is paid all the same


def paid() -> list[AwardShare]:
    query = (
        select(AwardShare)
        .join(Award, Award.id == AwardShare.award_id)
        .join(Revision, Revision.id == Award.revision_id)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .where(awards.is_payable())
    )
    return list(db.session.scalars(query))


def filed_late(story: Any) -> int:
    return objections.record_objection(
        staff(story), story.notice, filing(story, 2), Channel.LETTER, AFTER - timedelta(days=1)
    ).id


def test_a_person_of_another_entry_is_refused(story: Any, build: Builder) -> None:
    other = story.entries[1].members[0].person_id
    with pytest.raises(Refused, match="does not belong"):
        person_objection(story, other)
    assert f"{story.entries[1].id}-{other}" in objections.persons_of(story.notice)


def test_coaches_are_named_to_those_only_who_record(story: Any, build: Builder) -> None:
    coach = build.person()
    story.entries[0].coaches = [EntryCoach(person_id=coach.id)]
    db.session.commit()
    key = f"{story.entries[0].id}-{coach.id}"
    assert key not in objections.persons_of(story.notice)
    assert key in objections.persons_of(story.notice, coaches=True)


def test_what_waits_is_listed_by_its_day_until_it_is_carried_out(story: Any) -> None:
    by = staff(story)
    first, second = filed(story), answered(story, Conclusion.UPHELD, 1, by)
    assert [row.id for row in objections.list_due(None)] == [first, second]
    assert not objections.list_due(frozenset({0}))
    objections_outcomes.carry_out(by, second, Order("更正姓名用字"))
    assert [row.id for row in objections.list_due(None)] == [first]
