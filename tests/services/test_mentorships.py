"""A mentorship from its draft to its acceptance, and all that is refused on the way."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from models.levels import PersonLevel
from models.mentorships import MentorshipMonth
from rules.data import InvalidRules
from rules.mentorship_agreements import PlanItem
from rules.mentorships import MentorshipLimits, MentorshipState, Outcome, Party
from rules.refusals import Missing, Refused
from services import (
    mentorships,
    mentorships_acceptance,
    mentorships_amendments,
    mentorships_lists,
    mentorships_parts,
    mentorships_rules,
    mentorships_terms,
)
from services.mentorships_acceptance import Check
from services.mentorships_amendments import Change
from services.mentorships_lists import Wanted
from services.mentorships_terms import Transfer
from tests.builders import Builder
from tests.mentorship_story import END, NOW, PLAN, START, Story, at

S = MentorshipState
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def story(build: Builder) -> Story:
    """Mentor, apprentice, employer and bureau."""
    return Story(build)


def confirmed(story: Story, key: int, month: date, now: object = None) -> None:
    """Both sides confirm a month."""
    moment = at(2026, 9, 28) if now is None else now
    for party in (Party.MENTOR, Party.APPRENTICE):
        mentorships_terms.confirm_month(story.by(party, moment), key, month)  # type: ignore[arg-type]


def test_the_whole_way_of_a_pair(story: Story) -> None:
    """The employer drafts, three sign, months and milestones are confirmed, the check is passed."""
    key = story.created()
    assert story.row(key).state is S.DRAFT
    assert story.row(key).number == "师徒2026-00001"
    mentorships.submit(story.by(), key)
    story.sign(key, Party.MENTOR)
    story.sign(key, Party.EMPLOYER)
    assert story.row(key).state is S.SIGNING
    story.sign(key, Party.APPRENTICE, at(2026, 8, 25))
    row = story.row(key)
    assert (row.state, row.signed_on) == (S.RUNNING, date(2026, 8, 25))
    assert row.objection_until == date(2026, 10, 1)
    first, second = mentorships_lists.list_milestones(key)
    assert [first.title, second.title] == [item.what for item in PLAN]

    confirmed(story, key, SEPTEMBER)
    shown = mentorships_lists.list_months(story.row(key), date(2026, 10, 26))
    assert [(one.month, one.counts) for one in shown] == [
        (date(2026, 10, 1), False),
        (SEPTEMBER, True),
    ]
    winter = at(2026, 12, 20)
    mentorships_terms.confirm_milestone(story.by(Party.MENTOR, winter), first.id, "已能独立识图")
    mentorships_terms.confirm_milestone(story.by(Party.APPRENTICE, winter), first.id)
    assert mentorships_lists.list_milestones(key)[0].note == "已能独立识图"

    story.build._kept(
        PersonLevel(
            person_id=story.apprentice.id, occupation="钳工", level=3,
            granted_on=date(2027, 7, 1), recorded_at=at(2027, 7, 2),
        )
    )  # fmt: skip
    done = at(2027, 8, 31)
    (level,) = mentorships_acceptance.successes_of(story.row(key)).levels
    check = Check(date(2027, 8, 30), Outcome.PASSED, Decimal("86.5"), person_level_id=level.id)
    mentorships_acceptance.record_acceptance(story.by(now=done), key, check)
    for party in Party:
        assert story.row(key).state is S.RUNNING
        mentorships_acceptance.confirm_acceptance(story.by(party, done), key, party)
    acceptance = mentorships_acceptance.get_acceptance(key)
    assert acceptance is not None
    assert (acceptance.level_gained, acceptance.outcome) == (3, Outcome.PASSED)
    assert (story.row(key).state, story.row(key).ended_on) == (S.ACCEPTED, date(2027, 8, 30))
    assert mentorships_lists.totals(Wanted())[:3] == (1, 1, 1)
    actions = set(db.session.scalars(
        select(AuditRecord.action).where(AuditRecord.subject == "mentorship")
    ))  # fmt: skip
    assert actions >= {
        "create", "submit", "sign", "start", "confirm_month", "confirm_milestone",
        "record_acceptance", "confirm_acceptance", "settle_acceptance",
    }  # fmt: skip


def test_a_failed_check_ends_as_failed(story: Story) -> None:
    key = story.running()
    by = at(2027, 8, 31)
    check = Check(date(2027, 8, 30), Outcome.FAILED, Decimal(41))
    mentorships_acceptance.record_acceptance(story.by(story.bureau, by), key, check)
    for party in Party:
        mentorships_acceptance.confirm_acceptance(story.by(party, by), key, party)
    assert story.row(key).state is S.FAILED


def test_a_correction_of_the_check_drops_its_confirmations(story: Story) -> None:
    key = story.running()
    by = at(2027, 8, 31)
    check = Check(date(2027, 8, 30), Outcome.PASSED, Decimal(80))
    mentorships_acceptance.record_acceptance(story.by(now=by), key, check)
    mentorships_acceptance.confirm_acceptance(story.by(Party.MENTOR, by), key, Party.MENTOR)
    mentorships_acceptance.record_acceptance(
        story.by(now=by), key, replace(check, test_mark=Decimal(79))
    )
    found = mentorships_acceptance.get_acceptance(key)
    assert found is not None and found.mentor_confirmed_at is None


def problems(raised: pytest.ExceptionInfo[InvalidRules]) -> list[str]:
    return [str(one) for one in raised.value.problems]


def test_what_is_missing_and_what_is_forbidden_is_told_at_once(story: Story) -> None:
    young = story.another(birth_date=date(2012, 1, 1), held_level=None)
    key = story.created(
        apprentice_id=young.id, mentor_level=5, plan=(), assessment="", ends_on=date(2026, 12, 1)
    )
    with pytest.raises(InvalidRules) as raised:
        mentorships.submit(story.by(), key)
    assert problems(raised) == [
        "Write the teaching plan: what, until when, to which degree.",
        "Write how progress is assessed.",
        "An apprentice must be at least 16 years old when the term starts.",
        "A term has at least 12 months.",
        "The mentor's level is too low.",
    ]
    assert story.row(key).state is S.DRAFT


def test_the_impossible_is_not_even_drafted(story: Story) -> None:
    with pytest.raises(InvalidRules) as raised:
        story.created(apprentice_id=story.mentor.id, starts_on=END, ends_on=START)
    assert problems(raised) == ["Nobody is a mentor of himself.", "The term ends before it starts."]
    with pytest.raises(Missing):
        story.created(mentor_id=999_999)


def test_overlaps_subordinates_circles_and_too_many_are_refused(story: Story) -> None:
    story.running()
    other, third = story.another(), story.another()
    second_mentor = story.created(mentor_id=other.id)
    with pytest.raises(InvalidRules) as raised:
        mentorships.submit(story.by(), second_mentor)
    assert "another mentor" in problems(raised)[0]

    turned = story.created(mentor_id=story.apprentice.id, apprentice_id=story.mentor.id)
    with pytest.raises(InvalidRules) as raised:
        mentorships.submit(story.by(), turned)
    assert "own apprentice" in problems(raised)[0]

    story.signing(mentor_id=story.apprentice.id, apprentice_id=third.id)
    closing = story.created(mentor_id=third.id, apprentice_id=story.mentor.id)
    with pytest.raises(InvalidRules) as raised:
        mentorships.submit(story.by(), closing)
    assert problems(raised) == ["This would close a circle of 3 mentors."]

    for _ in range(2):
        story.signing(apprentice_id=story.another().id)
    fourth = story.created(apprentice_id=story.another().id)
    with pytest.raises(InvalidRules) as raised:
        mentorships.submit(story.by(), fourth)
    assert problems(raised) == ["The mentor would have more than 3 apprentices at one time."]


def test_a_pair_after_the_former_one_has_ended_is_no_overlap(story: Story) -> None:
    key = story.running()
    mentorships_terms.break_off(story.by(now=at(2026, 11, 3)), key, Party.APPRENTICE, reason="离职")
    again = story.created(
        at(2026, 11, 4), starts_on=date(2026, 11, 4), ends_on=date(2027, 11, 3), plan=(
            PlanItem(what="重新开始", until=date(2027, 3, 1)),
        ),
    )  # fmt: skip
    mentorships.submit(story.by(now=at(2026, 11, 4)), again)
    assert story.row(again).state is S.SIGNING


def test_a_change_drops_the_signatures_and_an_old_text_cannot_be_signed(story: Story) -> None:
    key = story.signing()
    story.sign(key, Party.MENTOR)
    seen = story.row(key).digest
    mentorships.edit(story.by(), key, story.draft(target="取得技师证书"))
    assert story.row(key).state is S.DRAFT
    assert mentorships.standing_signatures(key, 0) == []
    mentorships.submit(story.by(), key)
    with pytest.raises(Refused, match="changed meanwhile"):
        mentorships.sign(story.by(Party.MENTOR), key, Party.MENTOR, story.mentor.name, seen)
    story.sign(key, Party.MENTOR)
    assert len(mentorships_lists.list_signatures(key)) == 2  # the fallen one stays as history


def test_nobody_signs_for_another_twice_or_with_another_name(story: Story) -> None:
    key = story.signing()
    digest = story.row(key).digest
    with pytest.raises(Missing):
        mentorships.sign(story.by(Party.MENTOR), key, Party.APPRENTICE, "x", digest)
    with pytest.raises(Missing):
        mentorships.sign(story.by(story.bureau), key, Party.EMPLOYER, "x", digest)
    with pytest.raises(Refused, match="exactly"):
        story.sign(key, Party.MENTOR, name="别人")
    story.sign(key, Party.MENTOR)
    with pytest.raises(Refused, match="signed already"):
        story.sign(key, Party.MENTOR)
    with pytest.raises(Missing):
        mentorships.edit(story.by(Party.MENTOR), key, story.draft())
    stranger = story.build.account("employer", employer_id=story.build.employer().id)
    with pytest.raises(Missing):
        mentorships.submit(story.by(stranger), key)


def test_either_side_objects_within_a_month_and_not_later(story: Story) -> None:
    key = story.running()
    by = story.by(Party.APPRENTICE, at(2026, 10, 2))
    with pytest.raises(Refused, match="over"):
        mentorships.object_to(by, key, reason="不合适")
    mentorships.object_to(replace(by, now=at(2026, 10, 1)), key, reason="不合适")
    row = story.row(key)
    assert (row.state, row.ended_by, row.reason) == (S.CANCELLED, Party.APPRENTICE, "不合适")
    assert mentorships_lists.totals(Wanted()).times == 0


def test_a_withdrawn_month_is_confirmed_anew_by_both(story: Story) -> None:
    key = story.running()
    confirmed(story, key, SEPTEMBER)
    with pytest.raises(Refused, match="already"):
        confirmed(story, key, SEPTEMBER)
    mentorships_terms.withdraw_month(story.by(story.bureau), key, SEPTEMBER, reason="当月停训")
    with pytest.raises(Refused):
        mentorships_terms.withdraw_month(story.by(story.bureau), key, SEPTEMBER, reason="再次")
    mentorships_terms.confirm_month(story.by(Party.MENTOR, at(2026, 10, 1)), key, SEPTEMBER)
    row = db.session.scalar(select(MentorshipMonth))
    assert row is not None and row.withdrawn_at is None and row.apprentice_confirmed_at is None


def test_a_pause_rests_and_goes_on(story: Story) -> None:
    key = story.running()
    mentorships_terms.pause(story.by(now=at(2026, 10, 1)), key, date(2026, 10, 1), reason="病假")
    with pytest.raises(Refused, match="paused for all"):
        mentorships_terms.confirm_month(
            story.by(Party.MENTOR, at(2026, 10, 30)), key, date(2026, 10, 1)
        )
    mentorships_terms.resume(story.by(now=at(2026, 11, 9)), key, date(2026, 11, 9))
    assert mentorships_parts.pauses_of(key) == [(date(2026, 10, 1), date(2026, 11, 8))]
    mentorships_terms.confirm_month(
        story.by(Party.MENTOR, at(2026, 11, 30)), key, date(2026, 11, 1)
    )


def test_a_transfer_keeps_the_history_and_the_new_pair_is_signed(story: Story) -> None:
    key = story.running()
    confirmed(story, key, SEPTEMBER)
    other = story.another()
    to = Transfer(other.id, 2, date(2026, 11, 1), END)
    made = mentorships_terms.transfer(
        story.by(now=at(2026, 10, 31)), key, to, reason="师傅调岗"
    )  # fmt: skip
    old, new = story.row(key), story.row(made)
    assert (old.state, old.ended_on, old.successor_id) == (S.TRANSFERRED, date(2026, 10, 31), made)
    assert (new.state, new.mentor_id, new.apprentice_id) == (
        S.SIGNING, other.id, story.apprentice.id,
    )  # fmt: skip
    former = mentorships_lists.former_of(made)
    assert former is not None and former.id == key
    assert [item["what"] for item in new.plan] == [item.what for item in PLAN]
    assert [one.counts for one in mentorships_lists.list_months(old, END)][-1]


def test_an_amendment_holds_once_all_three_have_signed_it(story: Story) -> None:
    key = story.running()
    later = at(2026, 10, 10)
    change = Change("模具装配与调试", "取得技师证书", (
        PLAN[0], PlanItem(what="精密装配", until=date(2027, 10, 1)),
    ), "每季度考核一次", "每周一天", date(2027, 10, 31))  # fmt: skip
    propose = mentorships_amendments.propose_amendment
    propose(story.by(now=later), key, change, reason="目标提高")
    with pytest.raises(Refused, match="waits for signatures"):
        propose(story.by(now=later), key, change, reason="再次")
    amendment = mentorships_amendments.open_amendment(key)
    assert amendment is not None and set(amendment.changes) == {
        "target", "plan", "assessment", "safeguards", "ends_on",
    }  # fmt: skip
    for party in Party:
        assert story.row(key).target == "取得高级工证书"
        row = story.row(key)
        mentorships_amendments.sign_amendment(
            story.by(party, later), key, party, mentorships.name_of(row, party), amendment.digest
        )
        amendment = mentorships_amendments.list_amendments(key)[0]
    row = story.row(key)
    assert (row.target, row.ends_on) == ("取得技师证书", date(2027, 10, 31))
    titles = [(m.title, m.withdrawn_at is None) for m in mentorships_lists.list_milestones(key)]
    assert titles == [("识读装配图", True), ("精密装配", True), ("模具装配", False)]
    with pytest.raises(Refused, match="amendment only"):
        mentorships.edit(story.by(), key, story.draft())


def test_limits_are_dated_and_need_a_second_person(story: Story) -> None:
    limits = MentorshipLimits(pairs_per_mentor=1)
    key = mentorships_rules.propose_rules(story.by(story.bureau), START, limits, "甬人社1号")
    with pytest.raises(Refused, match="Somebody else"):
        mentorships_rules.approve_rules(story.by(story.bureau), key)
    mentorships_rules.approve_rules(story.by(story.bureau2), key)
    story.signing()
    second = story.created(apprentice_id=story.another().id)
    with pytest.raises(InvalidRules) as raised:
        mentorships.submit(story.by(), second)
    assert problems(raised) == ["The mentor would have more than 1 apprentices at one time."]
    before = mentorships_parts.rules_on(date(2026, 8, 31))
    assert mentorships_parts.limits_of(before).pairs_per_mentor == 3
    twin = mentorships_rules.propose_rules(story.by(story.bureau), START, limits, "重复")
    with pytest.raises(Refused, match="already"):
        mentorships_rules.approve_rules(story.by(story.bureau2), twin)
    mentorships_rules.reject_rules(story.by(story.bureau), twin, reason="重复")


def test_what_waits_for_each_side(story: Story) -> None:
    key = story.signing()
    rows = mentorships_lists.list_own(story.mentor.id)
    waits = mentorships_lists.waiting_of(rows, {key: Party.MENTOR}, NOW.date())
    assert waits[key].signature
    for party in Party:
        story.sign(key, party)
    rows = mentorships_lists.list_own(story.mentor.id)
    waits = mentorships_lists.waiting_of(rows, {key: Party.MENTOR}, date(2026, 10, 26))
    assert waits[key] == (False, 2, False)
