"""Runs of certificates: checked, approved, issued slice by slice, never silently incomplete."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.audits import AuditRecord
from models.certificates import Certificate
from models.database import db
from models.issuing import IssueLine, IssueRun, SerialCounter, TakenNumber
from models.people import Person
from rules.certificate_kinds import CertificateKind
from rules.objections import Filing
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import CertificateState, LineState, NumberState, RunState
from services import (
    certificates,
    certificates_issuing,
    certificates_replacing,
    issuing,
    issuing_leases,
    issuing_lists,
    issuing_working,
    notices,
    objections,
)
from services.acting import Actor
from services.certificates_papers import Due
from services.issuing_checking import again
from services.issuing_leases import LEASE, MOST_FAULTS, Worker
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story

ADDRESS = "https://skills.example/verify"


def _final(build: Builder, totals: int = 5, **more: Any) -> Story:
    story = Story(build, **more)
    story.field([str(99 - number) for number in range(totals)])
    story.final()
    return story


def _by(story: Story) -> Any:
    return story.actor("bureau_staff", AFTER)


def _person(due: Due) -> Person:
    return db.session.get_one(Person, due.source["person_id"])


def _ready(story: Story) -> int:
    """Prepare a run, check it, approve it, start it."""
    run_id = issuing.prepare(_by(story), story.contest.id)
    issuing.check(_by(story), run_id, str)
    issuing.approve_sample(_by(story), run_id)
    return issuing.start(_by(story), run_id, ADDRESS)


def _worker(now: datetime = AFTER) -> Worker:
    return Worker.new(lambda: now, str)


def _run(run_id: int) -> IssueRun:
    db.session.expire_all()
    return db.session.get_one(IssueRun, run_id)


def _lines(run_id: int) -> list[IssueLine]:
    query = select(IssueLine).where(IssueLine.run_id == run_id).order_by(IssueLine.position)
    return list(db.session.scalars(query))


def _count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_run_issues_every_award_in_order_with_one_record_each(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = _final(build)
    awards = len(certificates_issuing.due_of(story.contest.id))
    run_id = _ready(story)
    monkeypatch.setattr(issuing_working, "SLICE", 2)
    assert issuing_working.work_all(_worker()) == 1
    run = _run(run_id)
    assert run.state is RunState.DONE and run.ended_at == AFTER and run.lease_owner is None
    lines = _lines(run_id)
    assert [one.state for one in lines] == [LineState.ISSUED] * awards
    made = list(db.session.scalars(select(Certificate).order_by(Certificate.id)))
    assert [one.certificate_id for one in lines] == [one.id for one in made]
    assert all(one.digest == certificates_issuing.digest_of(one.facts) for one in made)
    taken = list(db.session.scalars(select(TakenNumber).order_by(TakenNumber.id)))
    assert [one.number for one in taken] == [one.number for one in made]
    assert {one.run_id for one in taken} == {run_id}
    records = select(AuditRecord.subject_id).where(
        AuditRecord.action == "issue", AuditRecord.subject == "certificate"
    )
    assert sorted(db.session.scalars(records)) == [one.id for one in made]
    assert issuing_working.work_all(_worker()) == 0
    progress = issuing_lists.progress_of(run, AFTER)
    assert (progress.total, progress.done, progress.percent) == (awards, awards, 100)


def test_a_run_waits_for_check_sample_and_start(build: Builder) -> None:
    story = _final(build)
    run_id = issuing.prepare(_by(story), story.contest.id)
    assert _run(run_id).state is RunState.PREPARED
    with pytest.raises(Refused, match="not possible"):
        issuing.approve_sample(_by(story), run_id)
    issuing.check(_by(story), run_id, str)
    with pytest.raises(Refused, match="sample sheet"):
        issuing.start(_by(story), run_id, ADDRESS)
    assert issuing_working.work_all(_worker()) == 0 and _count(Certificate) == 0
    with pytest.raises(Refused, match="is open"):
        issuing.prepare(_by(story), story.contest.id)
    issuing.approve_sample(_by(story), run_id)
    issuing.start(_by(story), run_id, ADDRESS)
    with pytest.raises(Refused, match="has begun"):
        issuing.check(_by(story), run_id, str)


def test_where_the_edition_says_so_a_second_person_approves_the_sample(build: Builder) -> None:
    story = _final(build, edition=EditionRules(sample_by_other=True))
    by = _by(story)
    run_id = issuing.prepare(by, story.contest.id)
    issuing.check(by, run_id, str)
    with pytest.raises(Refused, match="Somebody else"):
        issuing.approve_sample(by, run_id)
    issuing.approve_sample(_by(story), run_id)
    assert _run(run_id).approved_by_id not in (None, by.account_id)


def test_an_obstacle_blocks_until_it_is_gone_or_left_out_by_name(build: Builder) -> None:
    story = _final(build)
    due = certificates_issuing.due_of(story.contest.id)
    person = _person(due[0])
    person.name = "王\U00031350"
    db.session.commit()
    by = _by(story)
    run_id = issuing.prepare(by, story.contest.id)
    issuing.check(by, run_id, str)
    assert _run(run_id).state is RunState.PREPARED
    (blocked,) = issuing_lists.list_blocked(run_id)
    assert "\U00031350" in str(again(blocked.problems[0]))
    with pytest.raises(Refused, match="reason"):
        issuing.leave_out(by, run_id, [blocked.id], reason=" ")
    with pytest.raises(Refused, match="Choose"):
        issuing.leave_out(by, run_id, [999_999], reason="改名中")
    issuing.leave_out(by, run_id, [blocked.id], reason="改名中")
    assert _run(run_id).state is RunState.CHECKED
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "leave_out")).one()
    assert record.after == {"names": ["王\U00031350"], "reason": "改名中"}
    issuing.take_in(by, run_id, blocked.id)
    assert _run(run_id).state is RunState.PREPARED
    db.session.get_one(Person, person.id).name = "王二"
    db.session.commit()
    issuing.check(by, run_id, str)
    assert _run(run_id).state is RunState.CHECKED
    with pytest.raises(Missing):
        issuing.take_in(by, run_id, 999_999)


def test_leaving_somebody_out_takes_the_approval_back(build: Builder) -> None:
    story = _final(build)
    by = _by(story)
    run_id = issuing.prepare(by, story.contest.id)
    issuing.check(by, run_id, str)
    issuing.approve_sample(by, run_id)
    issuing.leave_out(by, run_id, [_lines(run_id)[0].id], reason="证书另发")
    run = _run(run_id)
    assert run.state is RunState.CHECKED and run.approved_at is None


def test_what_comes_up_during_the_run_is_left_out_by_name(build: Builder) -> None:
    story = _final(build)
    run_id = _ready(story)
    first, second = certificates_issuing.due_of(story.contest.id)[:2]
    _person(first).name = "王\U00031350"
    db.session.commit()
    _issue_one(story, second)
    issuing_working.work_all(_worker())
    lines = _lines(run_id)
    assert [one.state for one in lines[:3]] == [
        LineState.LEFT_OUT,
        LineState.LEFT_OUT,
        LineState.ISSUED,
    ]
    assert "already" in str(again(lines[1].problems[0]))
    assert _run(run_id).state is RunState.DONE
    # The next run takes up whoever was left out, but not who has a certificate.
    again_id = issuing.prepare(_by(story), story.contest.id)
    assert len(_lines(again_id)) == 1


def test_another_kind_of_paper_has_its_own_run(build: Builder) -> None:
    story = _final(build)
    _ready(story)
    run_id = issuing.prepare(_by(story), story.contest.id, CertificateKind.PARTICIPATION)
    issuing.check(_by(story), run_id, str)
    issuing.approve_sample(_by(story), run_id)
    issuing.start(_by(story), run_id, ADDRESS)
    assert issuing_working.work_all(_worker()) == 2
    kinds = [one.kind for one in db.session.scalars(select(Certificate))]
    assert kinds.count(CertificateKind.PARTICIPATION) == 5
    assert _run(run_id).state is RunState.DONE


def test_who_is_objected_to_is_named_and_waits(build: Builder) -> None:
    story = Story(build)
    first, *_ = story.field(["90", "80", "70"])
    notice_id = story.posted()
    said = Filing("王建国", "13800001111", "该选手参赛时已调离原单位，请核实。", entry_id=first.id)
    objections.file_objection(Actor(None, NOW), notice_id, said)
    notices.close(_by(story), notice_id)
    run_id = issuing.prepare(_by(story), story.contest.id)
    issuing.check(_by(story), run_id, str)
    (blocked,) = issuing_lists.list_blocked(run_id)
    assert blocked.name == first.members[0].person.name
    assert "appeal or objection" in str(again(blocked.problems[0]))


def _issue_one(story: Story, due: Due) -> None:
    certificates_issuing.add_part(_by(story), [due], str)
    db.session.commit()


def test_a_stopped_run_goes_on_where_it_was(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = _final(build)
    run_id = _ready(story)
    monkeypatch.setattr(issuing_working, "SLICE", 1)
    worker = _worker()
    issuing_working.work_at_once(worker, run_id)
    issuing.stop(_by(story), run_id)
    issued = _count(Certificate)
    assert issued == issuing_working.AT_ONCE and issuing_working.work_all(worker) == 0
    issuing.resume(_by(story), run_id)
    assert issuing_working.work_all(worker) == 1
    assert _run(run_id).state is RunState.DONE and _count(Certificate) == len(_lines(run_id))


def test_one_process_holds_a_run_until_its_lease_ends(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = _final(build)
    run_id = _ready(story)
    dead, alive = _worker(), _worker()
    assert issuing_leases.claim(dead) == run_id
    assert issuing_leases.claim(alive) is None
    later = _worker(AFTER + LEASE + timedelta(seconds=1))
    assert issuing_leases.claim(later) == run_id
    # The first one was only slow: it notices and writes nothing.
    issuing_working.work(dead, run_id)
    assert _count(Certificate) == 0
    issuing_working.work(later, run_id)
    assert _run(run_id).state is RunState.DONE


def test_a_run_that_fails_three_times_waits_for_a_person(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = _final(build)
    run_id = _ready(story)
    now = [AFTER]
    worker = Worker.new(lambda: now[0], str)

    def broken(*_: object) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(issuing_working, "take_part", broken)
        for _ in range(MOST_FAULTS):
            assert issuing_working.work_all(worker) == 1
            now[0] += timedelta(minutes=1)
        assert issuing_working.work_all(worker) == 0
    assert _run(run_id).state is RunState.FAILED
    assert _count(Certificate) == _count(TakenNumber) == _count(SerialCounter) == 0
    issuing.resume(_by(story), run_id)
    issuing_working.work_all(worker)
    assert _run(run_id).state is RunState.DONE


def test_giving_a_run_up_makes_its_numbers_void_and_its_awards_wait(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = _final(build)
    run_id = _ready(story)
    monkeypatch.setattr(issuing_working, "SLICE", 1)
    issuing_working.work_at_once(_worker(), run_id)
    with pytest.raises(Refused, match="not possible"):
        issuing.cancel(_by(story), run_id, reason="日期有误")
    issuing.stop(_by(story), run_id)
    issuing.cancel(_by(story), run_id, reason="日期有误")
    void = list(db.session.scalars(select(TakenNumber).order_by(TakenNumber.id)))
    assert {(one.state, one.reason) for one in void} == {(NumberState.VOID, "日期有误")}
    assert {one.state for one in db.session.scalars(select(Certificate))} == {
        CertificateState.REVOKED
    }
    issuing_working.work_all(_worker())
    again_id = _ready(story)
    issuing_working.work_all(_worker())
    assert len(_lines(again_id)) == len(_lines(run_id))
    numbers = list(db.session.scalars(select(TakenNumber.number)))
    assert len(set(numbers)) == len(numbers) == len(void) + len(_lines(again_id))


def test_a_run_of_some_events_leaves_the_others(build: Builder) -> None:
    story = _final(build)
    kind = CertificateKind.HONOUR
    with pytest.raises(Refused, match="no award"):
        issuing.prepare(_by(story), story.contest.id, kind, [999_999])
    run_id = issuing.prepare(_by(story), story.contest.id, kind, [story.event.id])
    assert _lines(run_id)
    with pytest.raises(Missing):
        issuing.prepare(_by(story), 999_999)


def test_all_certificates_of_a_run_bear_the_day_on_which_it_began(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = _final(build)
    run_id = _ready(story)
    issuing_working.work_all(_worker(AFTER + timedelta(days=1)))
    made = list(db.session.scalars(select(Certificate)))
    assert {one.facts["date"] for one in made} == {"2026-10-15"}
    assert {one.issued_at for one in made} == {AFTER + timedelta(days=1)}
    assert _run(run_id).state is RunState.DONE


def test_replacing_is_one_act_and_links_both(build: Builder) -> None:
    story = _final(build)
    story_by = _by(story)
    certificates.issue(story_by, story.contest.id)
    old = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert old is not None
    old.person.name = "李四光"
    db.session.commit()
    new_id = certificates_replacing.replace(_by(story), old.id, reason="姓名有误")
    db.session.expire_all()
    new = db.session.get_one(Certificate, new_id)
    assert (old.state, old.revoked_reason) == (CertificateState.REVOKED, "姓名有误")
    assert new.facts["name"] == "李四光" and new.number != old.number
    assert issuing_lists.history_of(old).replaced_by == new
    assert issuing_lists.history_of(new).replaces == old
    with pytest.raises(Refused, match="not valid any more"):
        certificates_replacing.replace(_by(story), old.id, reason="姓名有误")


def test_a_void_number_stays_and_the_award_waits_again(build: Builder) -> None:
    story = _final(build)
    certificates.issue(_by(story), story.contest.id)
    first = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert first is not None and certificates_issuing.due_of(story.contest.id) == []
    certificates_replacing.void(_by(story), first.id, reason="打印损坏")
    history = issuing_lists.history_of(first)
    assert history.taken and (history.taken.state, history.taken.reason) == (
        NumberState.VOID,
        "打印损坏",
    )
    assert len(certificates_issuing.due_of(story.contest.id)) == 1
    _ready(story)
    issuing_working.work_all(_worker())
    last = db.session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()
    assert last is not None and last.award_id == first.award_id and last.number != first.number


def test_pace_and_time_left_count_from_when_the_run_goes_on() -> None:
    begun = datetime(2026, 10, 15, tzinfo=UTC)
    run = IssueRun(id=0, pace_at=begun, pace_done=100, ended_at=None)
    pace = issuing_lists._pace(run, 300, begun + timedelta(seconds=10))
    found = issuing_lists.Progress(waiting=400, issued=300, a_second=pace)
    assert (pace, found.left, found.percent) == (20.0, timedelta(seconds=20), 42)
    assert issuing_lists.Progress(waiting=3).left is None and issuing_lists.Progress().percent == 0
    assert issuing_lists.Progress(waiting=1, issued=999, left_out=5).percent == 99
