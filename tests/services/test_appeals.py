"""Appeals: filed in time, refused when late, answered by the group, carried out in a revision."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.accounts import Account
from models.appeals import Appeal, Ruling
from models.audits import AuditRecord
from models.certificates import Certificate
from models.database import db
from models.judging import PanelSeat
from models.results import Revision
from rules.access import Role
from rules.appeals import Effect, Filer, Kind, Outcome
from rules.days import DayRules
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import AppealState, EventState
from services import (
    appeals,
    appeals_holds,
    appeals_rulings,
    certificates,
    contests,
    judging,
    notices,
    results,
    signoffs_blockers,
)
from services.acting import Actor
from services.appeals import Ending, Filing
from services.appeals_rulings import Decided
from tests.builders import Builder
from tests.results_story import AFTER, NOW, TODAY, Story

FACTS = "第三工位车床主轴在比赛第40分钟停转，技术人员到场后更换。"
MINUTE = timedelta(minutes=1)
WHY = "设备故障属实，非选手责任，应予补时。"


def edition(**day: Any) -> EditionRules:
    """An edition with these rules of the day."""
    return EditionRules(day=DayRules(**day))


@pytest.fixture
def tell(build: Builder) -> Callable[..., Story]:
    """An event with four marked entries, the first of an employer."""

    def told(**day: Any) -> Story:
        story = Story(build, edition=edition(**day))
        story.field(["95", "85", "75"])
        return story

    return told


@pytest.fixture
def story(tell: Callable[..., Story]) -> Story:
    """The same, by the usual rules; the event ended at noon."""
    found = tell()
    appeals.end_event(found.actor("organizer"), found.event.id, Ending(ended_at=NOW))
    return found


def filing(kind: Kind = Kind.EQUIPMENT, **more: Any) -> Filing:
    """What a team leader files."""
    return Filing(**({"kind": kind, "facts": FACTS, "request": "", "filer": Filer.LEADER} | more))


def entries_of(story: Story) -> list[int]:
    """The ids of the entries, the best first."""
    query = "SELECT id FROM entry WHERE event_id = :event ORDER BY id"
    return list(db.session.scalars(text(query), {"event": story.event.id}))


def file(story: Story, minutes: int = 1, entry: int = 0, **more: Any) -> int:
    """File an appeal so many minutes after noon."""
    by = story.actor("employer", NOW + minutes * MINUTE)
    return appeals.file_appeal(by, entries_of(story)[entry], filing(**more))


def heard(story: Story, appeal_id: int, outcome: Outcome = Outcome.UPHELD) -> Actor:
    """Let one member take up an appeal and vote."""
    member = story.actor("arbitrator", NOW + 10 * MINUTE)
    appeals_rulings.take(member, appeal_id)
    appeals_rulings.cast_vote(member, appeal_id, outcome)
    return member


def ruled(story: Story, effect: Effect = Effect.NONE, **more: Any) -> int:
    """An upheld appeal with this effect; return the ruling."""
    appeal_id = file(story, **more)
    member = heard(story, appeal_id)
    order = "" if effect is Effect.NONE else "第三工位补时10分钟"
    return appeals_rulings.rule(member, appeal_id, Decided(WHY, effect, order))


def test_an_appeal_gets_a_number_a_deadline_and_a_digest(story: Story) -> None:
    first, second = file(story), file(story, kind=Kind.STAFF)
    appeal = appeals.get_appeal(first)
    assert appeal.state is AppealState.FILED and appeal.due_at == NOW + 121 * MINUTE
    assert appeals_holds.number_of(story.event, appeal.number).endswith("-A01")
    assert appeals.get_appeal(second).number == 2
    entry, sent = appeal.entry, filing()
    assert appeal.digest == appeals.digest_of(story.event, entry, sent, appeal.received_at)
    other = appeals.digest_of(story.event, entry, filing(facts=FACTS + "。"), appeal.received_at)
    assert appeal.digest != other


def test_its_words_are_unreadable_in_the_database_and_in_the_record(
    story: Story, session: Session
) -> None:
    appeal_id = file(story, request="补时")
    heard(story, appeal_id)
    appeals_rulings.add_note(story.actor("arbitrator"), appeal_id, "监控显示主轴停转。")
    stored = str(session.execute(text("SELECT * FROM appeal")).all())
    stored += str(session.execute(text("SELECT * FROM hearing_note")).all())
    stored += str(session.execute(text("SELECT before, after FROM audit_record")).all())
    assert "主轴" not in stored and "补时" not in stored


def test_the_last_minute_counts_and_a_late_appeal_is_kept_as_refused(story: Story) -> None:
    assert appeals.get_appeal(file(story, 120)).state is AppealState.FILED
    late = appeals.get_appeal(file(story, 121, kind=Kind.STAFF))
    assert late.state is AppealState.LATE and late.late_after == NOW + 120 * MINUTE
    assert appeals_holds.result_problem(story.event, None) is not None  # for the first alone
    appeals.withdraw(story.actor("employer"), file_id(1), Filer.LEADER)
    assert appeals_holds.result_problem(story.event, None) is None
    with pytest.raises(Refused, match="not possible"):
        appeals_rulings.take(story.actor("arbitrator"), late.id)


def file_id(number: int) -> int:
    """The appeal with this number."""
    return db.session.scalars(select(Appeal.id).where(Appeal.number == number)).one()


def test_paper_counts_from_when_it_was_received(story: Story) -> None:
    late = NOW + 180 * MINUTE
    paper = filing(filer=Filer.PAPER, received_at=NOW + 60 * MINUTE)
    entry = entries_of(story)[0]
    key = appeals.file_appeal(story.actor("organizer", late), entry, paper)
    appeal = appeals.get_appeal(key)
    assert appeal.state is AppealState.FILED and appeal.recorded_at == late
    future = filing(Kind.STAFF, filer=Filer.PAPER, received_at=late + MINUTE)
    with pytest.raises(Refused, match="future"):
        appeals.file_appeal(story.actor("organizer", late), entry, future)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"facts": "不公平"}, "facts"),
        ({"facts": "长" * 4001}, "too long"),
        ({"request": "长" * 4001}, "too long"),
    ],
)
def test_facts_are_needed_and_have_an_end(story: Story, more: dict[str, str], why: str) -> None:
    with pytest.raises(Refused, match=why):
        file(story, **more)


def test_the_same_kind_is_open_only_once_for_an_entry(story: Story) -> None:
    file(story)
    with pytest.raises(Refused, match="open for this entry"):
        file(story)
    file(story, entry=1)
    appeals.withdraw(story.actor("employer"), file_id(1), Filer.LEADER)
    file(story)


def test_a_contestant_of_an_employer_cannot_appeal_against_marks(
    story: Story, build: Builder
) -> None:
    entry = story.entry("65", "65", employer_id=build.employer().id)
    by = story.actor("contestant")
    with pytest.raises(Refused, match="team leader"):
        appeals.file_appeal(by, entry.id, filing(Kind.MARKS, filer=Filer.CONTESTANT))
    alone = filing(Kind.MARKS, filer=Filer.CONTESTANT)
    appeals.file_appeal(by, entries_of(story)[0], alone)


def test_nobody_appeals_before_the_draw_or_for_an_entry_that_is_not_there(
    tell: Callable[..., Story],
) -> None:
    story = tell()
    story.event.state = EventState.REGISTERING
    db.session.commit()
    with pytest.raises(Refused, match="from the draw on"):
        file(story)
    with pytest.raises(Missing):
        appeals.file_appeal(story.actor("employer"), 999_999, filing())


def test_only_the_side_that_filed_takes_an_appeal_back(story: Story) -> None:
    appeal_id = file(story)
    with pytest.raises(Refused, match="side that filed"):
        appeals.withdraw(story.actor("contestant"), appeal_id, Filer.CONTESTANT)
    appeals.withdraw(story.actor("employer"), appeal_id, Filer.LEADER)
    with pytest.raises(Refused, match="not possible"):
        appeals.withdraw(story.actor("employer"), appeal_id, Filer.LEADER)


def test_the_end_of_an_event_stands_once_somebody_has_appealed(story: Story) -> None:
    by, moved = story.actor("organizer", NOW + MINUTE), Ending(ended_at=NOW - MINUTE)
    appeals.end_event(by, story.event.id, moved)
    file(story)
    with pytest.raises(Refused, match="cannot be moved"):
        appeals.end_event(by, story.event.id, Ending(ended_at=NOW))
    appeals.end_event(by, story.event.id, Ending(NOW, NOW - MINUTE))
    with pytest.raises(Refused, match="future"):
        appeals.end_event(by, story.event.id, Ending(ended_at=NOW + 2 * MINUTE))


def test_the_group_votes_before_it_rules(tell: Callable[..., Story]) -> None:
    story = tell(appeal_votes=3)
    appeal_id = file(story)
    members = [story.actor("arbitrator", NOW + 5 * MINUTE) for _ in range(3)]
    with pytest.raises(Refused, match="Take up"):
        appeals_rulings.cast_vote(members[0], appeal_id, Outcome.UPHELD)
    appeals_rulings.take(members[0], appeal_id)
    decided = Decided(WHY)
    with pytest.raises(Refused, match="Vote first"):
        appeals_rulings.rule(members[0], appeal_id, decided)
    for member, outcome in zip(members[:2], (Outcome.UPHELD, Outcome.REJECTED), strict=True):
        appeals_rulings.cast_vote(member, appeal_id, outcome)
    with pytest.raises(Refused, match="members must vote"):
        appeals_rulings.rule(members[0], appeal_id, decided)
    appeals_rulings.cast_vote(members[2], appeal_id, Outcome.PARTLY)
    with pytest.raises(Refused, match="more than half"):
        appeals_rulings.rule(members[0], appeal_id, decided)
    appeals_rulings.cast_vote(members[2], appeal_id, Outcome.REJECTED)
    with pytest.raises(Refused, match="changes nothing"):
        appeals_rulings.rule(members[0], appeal_id, Decided(WHY, Effect.TIME, "补时"))
    with pytest.raises(Refused, match="reasons"):
        appeals_rulings.rule(members[0], appeal_id, Decided("无"))
    appeals_rulings.rule(members[0], appeal_id, decided)
    (ruling,) = appeals.get_appeal(appeal_id).rulings
    assert (ruling.outcome, ruling.votes_for, ruling.votes_cast) == (Outcome.REJECTED, 2, 3)
    assert len(appeals_rulings.votes_of(appeal_id)) == 3


def test_whoever_has_a_seat_or_runs_the_event_cannot_decide(story: Story, build: Builder) -> None:
    appeal_id = file(story)
    judge: Account = build.account("arbitrator", story.contest.id)
    db.session.add(
        PanelSeat(event_id=story.event.id, part="practical", number=9, account_id=judge.id)
    )
    db.session.commit()
    for act in (appeals_rulings.take, appeals_rulings.add_note, appeals_rulings.cast_vote):
        more = () if act is appeals_rulings.take else (Outcome.UPHELD,)
        with pytest.raises(Refused, match="organized or judged"):
            act(build.actor(judge), appeal_id, *more)  # type: ignore[operator]
    with pytest.raises(Refused, match="organized or judged"):
        appeals_rulings.take(story.actor("organizer"), appeal_id)


def test_the_second_stage_has_other_members_and_is_the_last(tell: Callable[..., Story]) -> None:
    story = tell(appeal_stages=2, appeal_second_minutes=60)
    appeal_id = file(story)
    member = heard(story, appeal_id, Outcome.REJECTED)
    appeals_rulings.rule(member, appeal_id, Decided(WHY))
    late = story.actor("employer", NOW + 80 * MINUTE)
    with pytest.raises(Refused, match="is over"):
        appeals.carry_on(late, appeal_id, Filer.LEADER, "现场视频可以证明。请重新核实。")
    in_time = story.actor("employer", NOW + 60 * MINUTE)
    with pytest.raises(Refused, match="do not accept"):
        appeals.carry_on(in_time, appeal_id, Filer.LEADER, "不服")
    appeals.carry_on(in_time, appeal_id, Filer.LEADER, "现场视频可以证明。请重新核实。")
    appeal = appeals.get_appeal(appeal_id)
    assert (appeal.stage, appeal.state) == (2, AppealState.FILED)
    assert appeal.due_at == NOW + 180 * MINUTE and FACTS in appeal.facts
    appeals_rulings.take(member, appeal_id)
    with pytest.raises(Refused, match="first stage"):
        appeals_rulings.cast_vote(member, appeal_id, Outcome.UPHELD)
    other = story.actor("arbitrator", NOW + 90 * MINUTE)
    appeals_rulings.cast_vote(other, appeal_id, Outcome.REJECTED)
    appeals_rulings.rule(other, appeal_id, Decided(WHY))
    with pytest.raises(Refused, match="final"):
        appeals.carry_on(in_time, appeal_id, Filer.LEADER, "现场视频可以证明。请重新核实。")


def test_with_one_stage_a_ruling_is_final(story: Story) -> None:
    ruling = db.session.get_one(Ruling, ruled(story))
    with pytest.raises(Refused, match="final"):
        appeals.carry_on(story.actor("employer"), ruling.appeal_id, Filer.LEADER, FACTS)


def test_results_are_not_signed_while_an_appeal_is_open(story: Story) -> None:
    appeal_id, revision = file(story), story.computed()
    with pytest.raises(Refused, match="Appeals are open") as refused:
        results.sign(story.actor("supervisor"), revision)
    assert refused.value.params["numbers"].endswith("-A01")
    member = heard(story, appeal_id, Outcome.REJECTED)
    appeals_rulings.rule(member, appeal_id, Decided(WHY))
    results.sign(story.actor("supervisor"), revision)


def test_an_effect_counts_only_in_a_new_revision_that_names_the_appeal(story: Story) -> None:
    before = story.computed()
    ruling_id = ruled(story, Effect.REOPEN)
    supervisor, chief = story.actor("supervisor"), story.actor("chief_judge")
    with pytest.raises(Refused, match="not carried out"):
        results.sign(supervisor, before)
    appeals_rulings.carry_out(chief, ruling_id, "已对第三工位评分表重新核定。")
    with pytest.raises(Refused, match="again"):
        results.sign(supervisor, before)
    unsigned, after = story.computed(), story.computed()
    for number, named in ((unsigned, []), (after, ["A01"])):
        found = appeals_holds.list_named(db.session.get_one(Revision, number))
        assert [one.rsplit("-", 1)[1] for one in found] == named
    results.sign(supervisor, after)
    record = db.session.scalars(
        select(AuditRecord).where(AuditRecord.action == "compute", AuditRecord.subject_id == after)
    ).one()
    assert record.after and len(record.after["appeals"]) == 1
    judging.reopen(chief, story.event.id, "漏记一项")
    story.event.state = EventState.REVIEW
    db.session.commit()
    later = story.computed()
    assert appeals_holds.list_named(db.session.get_one(Revision, later)) == []
    results.sign(supervisor, later)


def test_a_ruling_is_carried_out_once_and_says_how(story: Story) -> None:
    nothing = ruled(story)
    chief = story.actor("chief_judge")
    with pytest.raises(Refused, match="changes nothing"):
        appeals_rulings.carry_out(chief, nothing, "x")
    ruling_id = ruled(story, Effect.TIME, kind=Kind.STAFF)
    with pytest.raises(Refused, match="what was done"):
        appeals_rulings.carry_out(chief, ruling_id, " ")
    appeals_rulings.carry_out(chief, ruling_id, "已补时10分钟")
    with pytest.raises(Refused, match="already"):
        appeals_rulings.carry_out(chief, ruling_id, "已补时10分钟")
    with pytest.raises(Missing):
        appeals_rulings.carry_out(chief, 999_999, "x")


def test_no_notice_is_posted_while_an_appeal_is_open_but_other_events_go_on(
    tell: Callable[..., Story], build: Builder
) -> None:
    story = tell(appeal_clock_start="results")
    revision = story.signed()
    file(story)

    def post() -> int:
        return notices.post(
            story.actor("bureau_staff"),
            story.contest.id,
            revision_ids=[revision],
            title="公示",
            body="公示",
            contact="0574",
            starts_on=TODAY,
        )

    with pytest.raises(Refused, match="Appeals are open"):
        post()
    other = Story(build)
    other.field(["70"])
    other.signed()
    appeals.withdraw(story.actor("employer"), file_id(1), Filer.LEADER)
    post()


def test_an_open_appeal_holds_back_the_certificates_of_that_person_only(
    tell: Callable[..., Story],
) -> None:
    story = tell(appeal_clock_start="results")
    story.final()
    appeal = appeals.get_appeal(file(story, minutes=1))
    assert appeal.state is AppealState.FILED
    staff = story.actor("bureau_staff", AFTER)
    certificates.issue(staff, story.contest.id)
    issued = select(Certificate).join(Certificate.award)
    assert {one.award.entry_id for one in db.session.scalars(issued)} == set(entries_of(story)[1:])
    appeals.withdraw(story.actor("employer"), appeal.id, Filer.LEADER)
    certificates.issue(staff, story.contest.id)
    assert {one.award.entry_id for one in db.session.scalars(issued)} == set(entries_of(story))


def test_the_chain_of_signatures_names_open_appeals_and_who_answers_them(
    story: Story, build: Builder
) -> None:
    arbitrator = build.account("arbitrator", title="周仲裁")
    file(story)
    event = story.event
    event.state = EventState.REVIEW
    db.session.commit()
    found = signoffs_blockers.list_blockers(contests.get_event(event.id))
    told = [one for one in found if one.role is Role.ARBITRATOR]
    assert [one.names for one in told] == [(arbitrator.title,)]
    assert "answer them first" in str(told[0].text)
