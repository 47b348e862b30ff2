"""Events and divisions: add, edit, cancel, remove."""

from dataclasses import replace

import pytest

from models.database import db
from rules.plans import default_event_plan, default_scheme
from rules.refusals import Missing, Refused
from rules.states import ContestState, EventState
from services import contests, events
from services.acting import Actor
from services.events import DivisionFacts, EventFacts
from tests.builders import Builder

STAFF, STUDENT = DivisionFacts("职工组", "staff"), DivisionFacts("学生组", "student")
FITTER = EventFacts("01", "钳工", "钳工", (STAFF, STUDENT))
SCHEME, PLAN = default_scheme(), default_event_plan()


def add(by: Actor, contest_id: int, facts: EventFacts = FITTER) -> int:
    return events.add_event(by, contest_id, facts, SCHEME, PLAN)


def edit(by: Actor, event_id: int, facts: EventFacts) -> int:
    return events.edit_event(by, event_id, contests.get_event(event_id).version, facts)


def test_an_event_is_added_as_a_draft_with_its_divisions(build: Builder, by: Actor) -> None:
    event = contests.get_event(add(by, build.contest().id))
    assert event.state is EventState.DRAFT
    assert [(d.code, d.title) for d in event.divisions] == [
        ("staff", "职工组"),
        ("student", "学生组"),
    ]
    assert contests.scheme_of(event).title == "钳工"


def test_code_and_title_are_taken_once_in_an_edition(build: Builder, by: Actor) -> None:
    contest = build.contest()
    add(by, contest.id)
    with pytest.raises(Refused) as same_code:
        add(by, contest.id, replace(FITTER, title="焊工"))
    with pytest.raises(Refused) as same_title:
        add(by, contest.id, replace(FITTER, code="02"))
    assert (same_code.value.field, same_title.value.field) == ("code", "title")
    add(by, build.contest().id)


def test_several_events_get_the_free_codes(build: Builder, by: Actor) -> None:
    contest = build.contest()
    add(by, contest.id, replace(FITTER, code="02"))
    more = [replace(FITTER, code="", title=title) for title in ("焊工", "电工")]
    events.add_events(by, contest.id, more, SCHEME, PLAN)
    found = contests.get_contest(contest.id).events
    assert {event.title: event.code for event in found} == {
        "钳工": "02",
        "焊工": "01",
        "电工": "03",
    }
    assert events.next_code(contests.get_contest(contest.id)) == "04"
    with pytest.raises(Refused):
        events.add_events(by, contest.id, [], SCHEME, PLAN)


def test_one_wrong_event_of_several_adds_none(build: Builder, by: Actor) -> None:
    contest = build.contest()
    with pytest.raises(Refused):
        events.add_events(
            by,
            contest.id,
            [replace(FITTER, code=""), replace(FITTER, code="", title="焊工", divisions=())],
            SCHEME,
            PLAN,
        )
    assert contests.get_contest(contest.id).events == []


def test_divisions_keep_their_rows_when_edited(build: Builder, by: Actor) -> None:
    event_id = add(by, build.contest().id)
    before = {d.code: d.id for d in contests.get_event(event_id).divisions}
    wanted = (DivisionFacts("教师组"), DivisionFacts("企业职工组", "staff"))
    edit(by, event_id, replace(FITTER, divisions=wanted))
    divisions = contests.get_event(event_id).divisions
    assert [(d.code, d.title) for d in divisions] == [("d1", "教师组"), ("staff", "企业职工组")]
    assert divisions[1].id == before["staff"]
    with pytest.raises(Refused):
        edit(by, event_id, replace(FITTER, divisions=(DivisionFacts("甲"), DivisionFacts("甲"))))


def test_a_division_with_entries_cannot_be_removed(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    build.entry(event, division=1)
    facts = EventFacts(event.code, event.title, event.occupation, (STAFF,))
    with pytest.raises(Refused) as caught:
        edit(by, event.id, facts)
    assert caught.value.field == "divisions"
    assert len(contests.get_event(event.id).divisions) == 2


def test_what_contestants_rely_on_stands_after_publication(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    facts = EventFacts(event.code, event.title, event.occupation, (STAFF, STUDENT))
    with pytest.raises(Refused) as caught:
        edit(by, event.id, replace(facts, team_size=2))
    assert caught.value.field == "team_size"
    edit(by, event.id, replace(facts, venue="技师学院", title="钳工（精密）"))
    assert contests.get_event(event.id).venue == "技师学院"


def test_a_stale_edit_is_refused(build: Builder, by: Actor) -> None:
    event_id = add(by, build.contest().id)
    with pytest.raises(Refused):
        events.edit_event(by, event_id, None, FITTER)


def test_a_cancellation_needs_a_reason_and_ends_the_event(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    with pytest.raises(Refused) as caught:
        events.cancel_event(by, event.id, " ")
    assert caught.value.field == "reason"
    events.cancel_event(by, event.id, "报名人数不足")
    assert contests.get_event(event.id).state is EventState.CANCELLED
    with pytest.raises(Refused):
        events.cancel_event(by, event.id, "again")


def test_results_that_are_signed_cannot_be_cancelled(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.SIGNED)
    with pytest.raises(Refused):
        events.cancel_event(by, event.id, "why not")


def test_only_a_draft_event_without_entries_is_removed(build: Builder, by: Actor) -> None:
    contest = build.contest()
    event_id = add(by, contest.id)
    build.account("chief_judge", contest.id, event_id)
    assert events.remove_event(by, event_id) == contest.id
    with pytest.raises(Missing):
        contests.get_event(event_id)
    published = build.event(state=EventState.REGISTERING)
    with pytest.raises(Refused):
        events.remove_event(by, published.id)
    entered = build.event(contest, EventState.DRAFT)
    build.entry(entered)
    with pytest.raises(Refused):
        events.remove_event(by, entered.id)


def test_nothing_changes_in_an_archived_edition(build: Builder, by: Actor) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    event = build.event(contest, EventState.REGISTERING)
    contest.state = ContestState.ARCHIVED
    db.session.commit()
    with pytest.raises(Refused):
        add(by, contest.id)
    with pytest.raises(Refused):
        events.cancel_event(by, event.id, "reason")
