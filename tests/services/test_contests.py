"""Editions: make, copy, edit, publish, amend, archive, list."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.accounts import RoleGrant
from models.audits import AuditRecord
from models.contests import Contest, Event
from models.database import db
from rules.access import Role
from rules.data import InvalidRules
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import ContestState, EntryState, EventState
from services import contests, editions, panels, rule_versions
from services.acting import Actor
from services.contests import ContestFacts
from tests.builders import Builder

Statements = Callable[[], AbstractContextManager[list[str]]]
FACTS = ContestFacts(
    code="CX2026",
    title="2026年慈溪市“技能之星”职业技能竞赛",
    year=2026,
    level="city",
    entry_opens_on=date(2026, 9, 1),
    entry_closes_on=date(2026, 9, 30),
    starts_on=date(2026, 10, 15),
    ends_on=date(2026, 10, 20),
    sponsors="慈溪市人力资源和社会保障局",
)


def ready(build: Builder, **more: object) -> Contest:
    """Build a draft edition with one event that could be published."""
    contest = build.contest(sponsors="人社局", **more)
    build.event(contest, EventState.DRAFT)
    return contest


def facts_of(contest: Contest) -> ContestFacts:
    names = ContestFacts.__dataclass_fields__
    return ContestFacts(**{name: getattr(contest, name) for name in names})


def edit(by: Actor, contest: Contest, rules: EditionRules, reason: str = "") -> int:
    facts = facts_of(contest)
    return contests.edit_contest(by, contest.id, contest.version, facts, rules, reason)


def test_an_edition_is_made_as_a_draft_and_recorded(by: Actor) -> None:
    contest = contests.get_contest(contests.create_contest(by, FACTS, EditionRules()))
    assert contest.state is ContestState.DRAFT and contest.events == []
    query = select(AuditRecord.action).where(AuditRecord.contest_id == contest.id)
    assert list(db.session.scalars(query)) == ["create"]


def test_dates_and_rules_that_contradict_are_refused_all_at_once(by: Actor) -> None:
    wrong = replace(FACTS, ends_on=date(2026, 10, 1), entry_closes_on=date(2026, 8, 1))
    with pytest.raises(InvalidRules) as caught:
        contests.create_contest(by, wrong, EditionRules(tax_exempt=True))
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"ends_on", "entry_closes_on", "tax_basis"}


def test_a_code_is_taken_only_once(by: Actor) -> None:
    contests.create_contest(by, FACTS, EditionRules())
    with pytest.raises(Refused) as caught:
        contests.create_contest(by, FACTS, EditionRules())
    assert caught.value.field == "code"


def test_an_organizer_of_single_editions_also_organizes_the_one_he_makes(
    build: Builder,
) -> None:
    account = build.account(Role.ORGANIZER, contest_id=build.contest().id)
    made = contests.create_contest(build.actor(account), FACTS, EditionRules())
    assert made in {grant.contest_id for grant in account.grants}


def test_a_copy_has_all_events_and_rules_with_shifted_days(build: Builder, by: Actor) -> None:
    earlier = ready(build)
    event = contests.get_contest(earlier.id).events[0]
    event.held_on = date(2026, 10, 16)
    build.event(earlier, EventState.CANCELLED)
    db.session.commit()
    facts = replace(facts_of(earlier), code="NEXT", starts_on=date(2026, 10, 17))
    rules = EditionRules(notice_working_days=7)
    copy = contests.get_contest(contests.copy_edition(by, earlier.id, facts, rules))
    assert copy.copied_from_id == earlier.id and copy.state is ContestState.DRAFT
    assert contests.rules_of(copy).notice_working_days == 7
    (made,) = copy.events
    original = contests.get_contest(earlier.id).events[0]
    assert made.held_on == date(2026, 10, 18)
    assert (made.scheme, made.plan) == (original.scheme, original.plan)
    assert [d.title for d in made.divisions] == ["职工组", "学生组"]


def test_a_stale_edit_is_refused(build: Builder, by: Actor) -> None:
    contest = ready(build)
    with pytest.raises(Refused):
        contests.edit_contest(
            by, contest.id, contest.version - 1, facts_of(contest), EditionRules()
        )


def test_publication_names_every_blocker(build: Builder, by: Actor) -> None:
    contest = build.contest()
    with pytest.raises(InvalidRules) as caught:
        editions.publish(by, contest.id)
    assert len(caught.value.problems) == 2
    assert contests.get_contest(contest.id).state is ContestState.DRAFT


def test_publication_freezes_the_rules_of_every_event(build: Builder, by: Actor) -> None:
    contest = ready(build)
    cancelled = build.event(contest, EventState.CANCELLED).id
    editions.publish(by, contest.id)
    contest = contests.get_contest(contest.id)
    assert contest.state is ContestState.PUBLISHED and contest.published_at == by.now
    event = contest.events[0]
    assert event.state is EventState.REGISTERING
    version = contests.present_rule_version(event.id)
    assert version is not None and version.number == 1 and len(version.digest) == 64
    assert contests.present_rule_version(cancelled) is None
    with pytest.raises(Refused):
        editions.publish(by, contest.id)


def test_names_and_dates_of_a_published_edition_change_without_an_amendment(
    build: Builder, by: Actor
) -> None:
    contest = ready(build)
    editions.publish(by, contest.id)
    contest = contests.get_contest(contest.id)
    facts = replace(facts_of(contest), entry_closes_on=date(2026, 10, 5))
    contests.edit_contest(by, contest.id, contest.version, facts, contests.rules_of(contest))
    assert len(rule_versions.list_versions(contest.events[0].id)) == 1
    with pytest.raises(Refused) as caught:
        other = replace(facts, code="OTHER")
        present = contests.get_contest(contest.id)
        contests.edit_contest(by, contest.id, present.version, other, EditionRules())
    assert caught.value.field == "code"


def test_changed_rules_of_a_published_edition_amend_each_event_with_a_reason(
    build: Builder, by: Actor
) -> None:
    contest = ready(build)
    editions.publish(by, contest.id)
    longer = EditionRules(notice_working_days=7)
    with pytest.raises(Refused) as caught:
        edit(by, contests.get_contest(contest.id), longer)
    assert caught.value.field == "reason"
    edit(by, contests.get_contest(contest.id), longer, "按市局通知延长公示")
    version = contests.present_rule_version(contests.get_contest(contest.id).events[0].id)
    assert version is not None and version.number == 2
    assert version.edition["notice_working_days"] == 7
    assert version.reason == "按市局通知延长公示"


def test_an_event_added_later_is_published_by_itself(build: Builder, by: Actor) -> None:
    contest = ready(build)
    with pytest.raises(Refused):
        editions.publish_event(by, contests.get_contest(contest.id).events[0].id)
    editions.publish(by, contest.id)
    late = build.event(contests.get_contest(contest.id), EventState.DRAFT)
    outside = build.event(contest, EventState.DRAFT, held_on=date(2027, 1, 1))
    editions.publish_event(by, late.id)
    assert contests.get_event(late.id).state is EventState.REGISTERING
    with pytest.raises(InvalidRules):
        editions.publish_event(by, outside.id)


def test_an_edition_is_archived_when_all_its_events_are_over(build: Builder, by: Actor) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    event = build.event(contest, EventState.NOTICE)
    with pytest.raises(Refused):
        editions.archive(by, contest.id)
    event.state = EventState.FINAL
    db.session.commit()
    assert editions.is_over(contests.get_contest(contest.id))
    editions.archive(by, contest.id)
    archived = contests.get_contest(contest.id)
    assert archived.state is ContestState.ARCHIVED
    with pytest.raises(Refused):
        edit(by, archived, contests.rules_of(archived))


def test_editions_are_found_by_title_code_state_and_scope(build: Builder) -> None:
    one, two = build.contest(title="A 100%"), build.contest(ContestState.PUBLISHED, title="B")
    assert list(contests.list_contests(q="a 1").items) == [one]
    assert list(contests.list_contests(q=two.code).items) == [two]
    assert list(contests.list_contests(q="%").items) == [one]
    assert list(contests.list_contests(state=ContestState.PUBLISHED).items) == [two]
    assert list(contests.list_contests({two.id}).items) == [two]
    assert contests.list_contests(frozenset()).total == 0
    assert [c.id for c in contests.list_contests(sort="title").items] == [one.id, two.id]


def test_open_editions_are_published_and_within_their_window(build: Builder) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    build.contest()
    first, last = contest.entry_opens_on, contest.entry_closes_on
    for day in (first, last):
        assert [c.id for c in contests.list_open_contests(day)] == [contest.id]
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        assert contests.list_open_contests(day) == []
    assert [c.id for c in contests.public_contests()] == [contest.id]


def test_entries_are_counted_by_event_and_state(build: Builder, statements: Statements) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    event = build.event(contest, EventState.REGISTERING)
    for state in (EntryState.ACCEPTED, EntryState.ACCEPTED, EntryState.WITHDRAWN):
        build.entry(event, state)
    with statements() as seen:
        counts = contests.count_entries(contest.id)
    assert counts == {event.id: {EntryState.ACCEPTED: 2, EntryState.WITHDRAWN: 1}}
    assert len([sql for sql in seen if sql.startswith("SELECT entry")]) == 1
    assert contests.count_events([contest.id]) == {contest.id: (1, 2)}


def test_an_unknown_edition_is_missing(by: Actor) -> None:
    for act in (editions.publish, editions.archive):
        with pytest.raises(Missing):
            act(by, 999_999)


def test_a_draft_is_deleted_with_all_that_hangs_on_it(by: Actor, build: Builder) -> None:
    contest = ready(build)
    event, later = contest.events[0], build.contest(copied_from_id=contest.id)
    judge = build.account(Role.JUDGE, contest.id, event.id)
    helper = build.account(Role.ORGANIZER, contest.id)
    panels.seat(by, event.id, "practical", judge.id)
    contest_id, event_id, title = contest.id, event.id, event.title
    editions.remove_contest(by, contest_id)
    for kind, key in ((Contest, contest_id), (Event, event_id)):
        assert db.session.get(kind, key, populate_existing=True) is None
    assert not db.session.scalars(select(RoleGrant).where(RoleGrant.contest_id == contest_id)).all()
    db.session.refresh(later)
    assert later.copied_from_id is None
    record = db.session.scalars(
        select(AuditRecord).where(AuditRecord.action == "remove", AuditRecord.subject == "contest")
    ).one()
    assert (record.subject_id, record.before["events"]) == (contest_id, [title])
    assert record.before["roles"] == sorted([judge.username, helper.username])


def test_only_a_draft_without_entries_is_deleted(by: Actor, build: Builder) -> None:
    published, entered = ready(build), ready(build)
    editions.publish(by, published.id)
    build.entry(entered.events[0])
    for contest in (published, entered):
        with pytest.raises(Refused):
            editions.remove_contest(by, contest.id)
    with pytest.raises(Missing):
        editions.remove_contest(by, 999_999)
