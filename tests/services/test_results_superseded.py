"""A changed mark: a new revision, the list of moved awards, and the sign on what came before."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.awards import AwardShare
from models.certificates import Certificate
from models.database import db
from models.entries import Entry
from models.honours import Honour
from models.judging import Mark, Sheet
from models.notices import Notice
from models.results import Revision
from rules.states import EventState, RevisionState
from services import levels, results_moves, results_superseded
from tests.builders import Builder, sign_in, work_of
from tests.payout_story import PayoutStory
from tests.results_story import AFTER


@pytest.fixture
def story(build: Builder) -> PayoutStory:
    """A final event with certificates and accounts for the money."""
    story = PayoutStory(build)
    story.bank(*story.field(["90", "80", "70", "60"]))
    story.issued()
    return story


def change_a_mark(story: PayoutStory) -> None:
    """The mark of the last one turns out to be wrong."""
    last = db.session.scalars(select(Entry).order_by(Entry.id)).all()[-1]
    found = select(Mark).join(Sheet).where(Sheet.work_id == work_of(last).id)
    for mark in db.session.scalars(found):
        mark.value = Decimal(95)
    story.event.state = EventState.REVIEW
    db.session.commit()


def test_a_changed_mark_gives_a_new_revision_and_the_list_of_moved_awards(
    story: PayoutStory, session: Session
) -> None:
    old = session.scalars(select(Revision)).one()
    change_a_mark(story)
    assert not results_superseded.is_superseded(old.id)
    new = session.get_one(Revision, story.computed())
    assert results_superseded.is_superseded(old.id)
    assert results_superseded.superseded_of([old.id, new.id]) == {old.id}
    changes = results_moves.compare_revisions(new, old.id)
    moved = [
        (line.entry.code, line.movement.new.award, line.movement.gain)
        for line in changes.awards
        if line.movement.new is not None
    ]
    assert moved == [
        ("W003", "First prize", 7000),
        ("W000", "Second prize", -5000),
        ("W002", "Third prize", -2000),
    ]


def made_of(story: PayoutStory) -> dict[str, list[str]]:
    """Make everything from the old results that is made of results; return the pages, by role."""
    session = db.session
    staff = story.actor("bureau_staff", AFTER)
    levels_list = levels.prepare(staff, story.contest.id, body="评价中心")
    order = story.approved()
    old = session.scalars(select(Revision)).one()
    notice = session.scalars(select(Notice)).one()
    honour = session.scalars(select(Honour)).first()
    paper = session.scalars(select(Certificate)).first()
    assert honour is not None and paper is not None
    return {
        "bureau_staff": [
            f"/revisions/{old.id}",
            f"/notices/{notice.id}",
            "/certificates",
            f"/verify/{paper.check_code}",
            f"/contests/{story.contest.id}/shares?revision={old.id}",
            f"/honours/{honour.id}",
            f"/contests/{story.contest.id}/level-lists",
            f"/level-lists/{levels_list}",
        ],
        "payer": [f"/payouts/{order}"],
    }


def test_everything_that_was_made_of_the_old_revision_says_superseded(
    client: FlaskClient, clock: Any, story: PayoutStory
) -> None:
    clock.now = AFTER
    pages = made_of(story)
    browsers = {
        role: sign_in(client.application.test_client(), story.account(role)) for role in pages
    }

    def saying() -> list[str]:
        return [
            page
            for role, browser in browsers.items()
            for page in pages[role]
            if "已被替代" in browser.get(page).text
        ]

    assert saying() == []
    old = db.session.scalars(select(Revision)).one()
    change_a_mark(story)
    story.computed()
    assert saying() == [page for shown in pages.values() for page in shown]
    notice = db.session.scalars(select(Notice)).one()
    assert results_superseded.replaced_in_notice(notice.id) == [(story.event.title, old.number)]
    table = browsers["bureau_staff"].get(f"/notices/{notice.id}/table").data
    sheets = load_workbook(BytesIO(table)).worksheets
    assert "替代" in "".join(str(cell) for one in sheets for row in one.values for cell in row)


def test_the_old_shares_stay_as_they_were(story: PayoutStory, session: Session) -> None:
    old = session.scalars(select(Revision)).one()
    before = session.scalars(
        select(AwardShare.amount).where(AwardShare.revision_id == old.id)
    ).all()
    change_a_mark(story)
    story.computed()
    session.expire_all()
    assert session.get_one(Revision, old.id).state is RevisionState.SUPERSEDED
    after = session.scalars(select(AwardShare.amount).where(AwardShare.revision_id == old.id)).all()
    assert after == before
