"""What waits of selections on the desks of checkers, reviewers and the second person."""

from datetime import timedelta
from decimal import Decimal

import pytest

from models.accounts import Account
from models.database import db
from models.selection_checks import SelectionStep
from models.selections import SelectionChange, SelectionClerk
from rules.selection_rounds import Review, Step
from rules.selections import ApplicationState, Body, RoundState
from services import desks, selection_reviews_ballots, selection_reviews_sheets
from services.acting import ZONE, Actor
from services.desks_tasks import Task, Waiting
from tests.builders import Builder
from tests.selection_lists import NOW, ListStory
from tests.selection_story import SelectionStory, at, plain_rules

CHAIN = (
    Step(key="unit", title="单位推荐", body=Body.EMPLOYER),
    Step(key="town", title="属地审核", body=Body.DISTRICT),
    Step(key="bureau", title="资格审查", body=Body.BUREAU),
)


def cards(account: Account, now: object = NOW) -> dict[Task, Waiting]:
    db.session.expire_all()
    found = desks.desk_of(account.holder(), now.astimezone(ZONE).date(), now)  # type: ignore[attr-defined]
    return {card.task: card for role in found.by_role.values() for card in role}


def test_each_body_sees_what_it_has_to_check(build: Builder) -> None:
    story = ListStory(build, chain=CHAIN)
    clerk = build.account("selection_clerk")
    employer = build.employer()
    boss = build.account("employer", employer_id=employer.id)
    db.session.add(SelectionClerk(round_id=story.round.id, account_id=clerk.id, step="town"))
    for key, days in (("unit", 1), ("town", -1), ("bureau", -1), ("bureau", 2)):
        own = story.applied(employer=employer)
        own.state, due = ApplicationState.CHECKING, NOW.date() + timedelta(days=days)
        db.session.add(
            SelectionStep(application_id=own.id, key=key, position=1, due_on=due, reached_at=NOW)
        )
    story.round.state = RoundState.OPEN
    db.session.commit()
    counts = {
        name: (found[Task.CHECK_SELECTIONS].count, Task.CHECKS_OVERDUE in found)
        for name, found in (
            ("unit", cards(boss)),
            ("town", cards(clerk)),
            ("bureau", cards(story.staff_account)),
        )
    }
    assert counts == {"unit": (1, False), "town": (1, True), "bureau": (2, True)}
    other = build.account("employer", employer_id=build.employer().id)
    assert Task.CHECK_SELECTIONS not in cards(other)


def test_who_proposed_is_not_asked_to_approve(build: Builder) -> None:
    story = ListStory(build)
    key = story.drafted((story.applied(), "gold")).id
    assert Task.APPROVE_SELECTION not in cards(story.staff_account)
    assert cards(story.second_account)[Task.APPROVE_SELECTION].key == key


def test_who_amended_is_not_asked_to_agree(build: Builder) -> None:
    story = ListStory(build)
    change = SelectionChange(
        round_id=story.round.id, rules=story.round.rules, digest="0" * 64, reason="名额增加",
        written_at=NOW, written_by_id=story.staff_account.id,
    )  # fmt: skip
    db.session.add(change)
    db.session.commit()
    assert Task.AGREE_AMENDMENT not in cards(story.staff_account)
    assert cards(story.second_account)[Task.AGREE_AMENDMENT].key == story.round.id


@pytest.mark.parametrize("method", ["sheet", "ballot"])
def test_a_reviewer_sees_sheets_to_sign_and_ballots_to_vote_in(build: Builder, method: str) -> None:
    story = SelectionStory(build)
    usual = plain_rules().review
    review = usual if method == "sheet" else Review(
        method="ballot", reviewers=3, reserves=0, drop_high=0, drop_low=0,
        surplus_percent=Decimal(0),
    )  # fmt: skip
    story.published(plain_rules(review=review))
    candidates = story.qualified("甲", "乙", "丙")
    panel = story.panel(3)
    now = at(story.start + timedelta(days=33))
    assert Task.SIGN_SELECTION_SHEETS not in cards(build.account("reviewer"), now)
    if method == "sheet":
        assert cards(panel[0], now)[Task.SIGN_SELECTION_SHEETS].key == story.round_id
        own = selection_reviews_sheets.list_own(panel[0].id, story.round_id)
        assert {one.id for one in own.rows} == {one.id for one in candidates}
        assert Task.VOTE_SELECTION not in cards(panel[0], now)
        return
    assert Task.SIGN_SELECTION_SHEETS not in cards(panel[0], now)
    by = Actor(story.one.id, now)
    ids = [one.id for one in candidates]
    key = selection_reviews_ballots.open_ballot(
        by, story.round_id, tier="gold", places=1, application_ids=ids
    )
    assert cards(panel[0], now)[Task.VOTE_SELECTION].key == key
    selection_reviews_ballots.vote(story.reviewer(panel[0]), key, ids[:1])
    assert Task.VOTE_SELECTION not in cards(panel[0], now)
    assert Task.VOTE_SELECTION in cards(panel[1], now)
