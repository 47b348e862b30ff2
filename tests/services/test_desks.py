"""What waits on each role's desk."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from models.accounts import Account
from models.database import db
from models.notices import Notice
from rules.access import Grant, Holder, Role
from rules.states import ContestState, EntryState, EventState, NoticeState
from services import desks, desks_counts
from services.acting import ZONE
from services.desks_tasks import Task, Waiting
from tests.builders import NOW, Builder

Statements = Callable[[], AbstractContextManager[list[str]]]
LATER = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)


def cards(holder: Holder, now: datetime = LATER) -> dict[Task, Waiting]:
    """The cards of all roles of a holder, by task."""
    found = desks.desk_of(holder, now.astimezone(ZONE).date(), now)
    return {card.task: card for role in found.by_role.values() for card in role}


def organizer(contest_id: int | None = None) -> Holder:
    """An organizer without an account."""
    return Holder(1, (Grant(Role.ORGANIZER, contest_id),))


def test_a_draft_edition_waits_even_without_events(build: Builder) -> None:
    contest = build.contest()
    assert cards(organizer())[Task.PUBLISH].contest_id == contest.id


def test_a_draft_says_what_it_still_needs(build: Builder) -> None:
    contest = build.contest(sponsors="人社局")
    (missing,) = cards(organizer())[Task.PUBLISH].missing
    assert "no event" in missing.message
    build.event(contest)
    waiting = cards(organizer())[Task.PUBLISH]
    assert (waiting.count, waiting.missing) == (0, ())


def test_drafts_of_others_are_not_looked_at(build: Builder) -> None:
    mine = build.contest()
    build.contest()
    figures = desks_counts.load(organizer(mine.id), NOW)
    assert list(figures.missing) == [mine.id]


def test_a_role_in_one_contest_sees_only_that_contest(build: Builder) -> None:
    mine, other = build.contest(), build.contest()
    holder = organizer(mine.id)
    found = desks.desk_of(holder, NOW.date(), NOW).by_role[Role.ORGANIZER]
    assert [card.contest_id for card in found] == [mine.id] != [other.id]


def test_the_draw_waits_until_entries_are_closed_and_reviewed(build: Builder) -> None:
    event = build.event(state=EventState.REGISTERING)
    build.entry(event)
    closed = LATER + timedelta(days=30)
    assert Task.DRAW not in cards(organizer(), LATER)
    assert cards(organizer(), closed)[Task.DRAW].event_id == event.id
    build.entry(event, EntryState.SUBMITTED)
    assert Task.DRAW not in cards(organizer(), closed)


def test_several_events_of_one_contest_make_one_card(build: Builder) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    for _ in range(4):
        build.event(contest, EventState.REVIEW)
    card = cards(organizer())[Task.COMPUTE]
    assert (card.count, card.contest_id, card.event_id) == (4, contest.id, None)
    assert card.title.endswith("…")


def test_a_drawn_event_without_judges_cannot_open_scoring(build: Builder) -> None:
    event = build.event(state=EventState.DRAWN)
    found = cards(Holder(1, (Grant(Role.CHIEF_JUDGE), Grant(Role.ORGANIZER))))
    assert found[Task.SEAT].event_id == event.id and Task.OPEN_SCORING not in found


def test_an_ended_notice_waits_for_its_end(build: Builder) -> None:
    event = build.event(state=EventState.NOTICE)
    day = LATER.date()
    notice = Notice(
        contest_id=event.contest_id,
        title="公示",
        contact="x",
        starts_on=day - timedelta(days=8),
        ends_on=day - timedelta(days=1),
        working_days=5,
        count_first_day=False,
        state=NoticeState.POSTED,
        posted_at=NOW,
    )
    db.session.add(notice)
    db.session.commit()
    bureau = Holder(1, (Grant(Role.BUREAU_STAFF),))
    assert cards(bureau)[Task.CLOSE_NOTICE].key == notice.id
    elsewhere = Holder(1, (Grant(Role.BUREAU_STAFF, event.contest_id + 1),))
    assert Task.CLOSE_NOTICE not in cards(elsewhere)


def test_a_locked_account_waits_for_the_administrator(build: Builder) -> None:
    account: Account = build.account("judge")
    account.locked_until = LATER + timedelta(minutes=5)
    db.session.commit()
    assert cards(Holder(1, (Grant(Role.ADMINISTRATOR),)))[Task.UNLOCK].count == 1


def test_an_account_without_roles_has_an_empty_desk(app: object) -> None:
    assert desks.desk_of(Holder(1), NOW.date(), NOW).is_empty
