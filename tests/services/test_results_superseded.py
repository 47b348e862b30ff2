"""A changed mark: a new revision, the list of moved awards, and the sign on what came before."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.awards import AwardShare
from models.database import db
from models.judging import Mark, Sheet
from models.notices import Notice
from models.results import Revision
from rules.states import EventState, RevisionState
from services import results_moves, results_superseded
from tests.builders import Builder, sign_in, work_of
from tests.results_story import Story


@pytest.fixture
def story(build: Builder) -> Story:
    """A final event with certificates, in which one mark turns out to be wrong."""
    story = Story(build)
    entries = story.field(["90", "80", "70", "60"])
    story.issued()
    last = work_of(entries[3]).id
    for mark in db.session.scalars(select(Mark).join(Sheet).where(Sheet.work_id == last)):
        mark.value = Decimal(95)
    story.event.state = EventState.REVIEW
    db.session.commit()
    return story


def test_a_changed_mark_gives_a_new_revision_and_the_list_of_moved_awards(
    story: Story, session: Session
) -> None:
    old = session.scalars(select(Revision)).one()
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


def test_papers_lists_and_notices_of_the_old_revision_say_superseded(
    client: FlaskClient, story: Story, session: Session
) -> None:
    old = session.scalars(select(Revision)).one()
    notice = session.scalars(select(Notice)).one()
    staff = sign_in(client, story.account("bureau_staff"))
    shares = f"/contests/{story.contest.id}/shares?revision={old.id}"
    pages = ("/certificates", f"/notices/{notice.id}", shares)
    for page in pages:
        assert "已被替代" not in staff.get(page).text, page
    story.computed()
    for page in pages:
        assert "已被替代" in staff.get(page).text, page
    assert results_superseded.replaced_in_notice(notice.id) == [(story.event.title, old.number)]


def test_the_old_shares_stay_as_they_were(story: Story, session: Session) -> None:
    old = session.scalars(select(Revision)).one()
    before = session.scalars(
        select(AwardShare.amount).where(AwardShare.revision_id == old.id)
    ).all()
    story.computed()
    session.expire_all()
    assert session.get_one(Revision, old.id).state is RevisionState.SUPERSEDED
    after = session.scalars(select(AwardShare.amount).where(AwardShare.revision_id == old.id)).all()
    assert after == before
