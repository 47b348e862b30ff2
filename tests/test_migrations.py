"""A database from before awards had shares is brought up: old prizes are shared and can be paid."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from app import create_app
from models.awards import Award, AwardHonour, AwardShare
from models.database import db
from models.entries import EntryMember
from models.judging import Mark, Sheet
from models.results import Revision
from rules.plans import EventPlan, default_event_plan
from rules.states import EventState, RevisionState
from services import awards
from tests.builders import Builder, work_of
from tests.conftest import KEYS
from tests.results_story import Story
from tests.services.test_races import own_database

BEFORE = "0013"
Rows = dict[str, list[dict[str, Any]]]


def plan() -> EventPlan:
    """Prizes that do not part evenly among three, one without money, and an honour."""
    tiers = [
        {"key": "a", "name": "一等奖", "amount": "10000", "places": 1, "honours": ["技能之星"]},
        {"key": "b", "name": "二等奖", "amount": "500.01", "places": 1},
        {"key": "c", "name": "三等奖", "places": 1},
    ]
    usual = default_event_plan().model_dump()
    return EventPlan.model_validate(usual | {"awards": {"tiers": tiers}})


def played(build: Builder) -> Story:
    """A final event with a team of three, whose results were computed twice."""
    story = Story(build, plan=plan())
    entries = story.field(["95", "85", "75"])
    for entry in entries[:2]:
        for place in (2, 3):
            person = build.person().id
            row = EntryMember(
                entry_id=entry.id, event_id=entry.event_id, person_id=person, position=place
            )
            build._kept(row)
    story.signed()
    story.event.state = EventState.REVIEW
    query = select(Mark).join(Sheet).where(Sheet.work_id == work_of(entries[2]).id)
    for mark in db.session.scalars(query):
        mark.value = Decimal(70)
    db.session.commit()
    story.final()
    return story


def rows_of(connection: sa.Connection, tables: sa.MetaData) -> Rows:
    """Read what is stored in these tables, as it lies there."""
    found: Rows = {}
    for table in tables.sorted_tables:
        rows = connection.execute(select(table)).mappings()
        found[table.name] = [dict(row) for row in rows]
    return found


def told(story_id: int) -> dict[str, Any]:
    """What the program says about shares, honours and payments."""
    shares = select(
        AwardShare.award_id, AwardShare.kind, AwardShare.person_id, AwardShare.title,
        AwardShare.promised, AwardShare.amount, AwardShare.position, AwardShare.revision_id,
    )  # fmt: skip
    honours = select(AwardHonour.award_id, AwardHonour.person_id, AwardHonour.title)
    payments = awards.list_payments(None, story_id)
    return {
        "shares": sorted(map(tuple, db.session.execute(shares)), key=str),
        "honours": sorted(map(tuple, db.session.execute(honours))),
        "payments": [vars(one) for one in payments.page.items],
        "sums": (payments.gross, payments.tax, payments.net),
    }


@pytest.fixture
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a database that was never brought further than before the shares."""
    folder = tmp_path_factory.mktemp("old")
    url = own_database(folder)
    made = create_app(skillstar_mode="testing", instance_dir=folder, database_url=url, **KEYS)
    with made.app_context():
        upgrade(revision=BEFORE)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def old_tables(engine: sa.Engine) -> sa.MetaData:
    tables = sa.MetaData()
    tables.reflect(engine)
    tables.remove(tables.tables["alembic_version"])
    return tables


def test_old_awards_get_the_shares_that_the_program_would_give_them(
    build: Builder, old: Flask
) -> None:
    story = played(build)
    contest_id = story.contest.id
    with old.app_context():
        tables = old_tables(db.engine)
    stored = rows_of(db.session.connection(), tables)
    now = told(contest_id)
    assert len(stored["award"]) == 6 and "award_share" not in tables.tables
    with old.app_context():
        with db.engine.begin() as connection:
            for table in tables.sorted_tables:
                if stored[table.name]:
                    connection.execute(table.insert(), stored[table.name])
        upgrade()
        assert told(contest_id) == now
        check_amounts()


def check_amounts() -> None:
    """The sums themselves, so that both databases cannot be wrong alike."""
    signed = select(Revision.id).where(Revision.state == RevisionState.SIGNED)
    query = select(AwardShare.amount).where(AwardShare.revision_id.in_(signed))
    amounts = list(db.session.scalars(query.order_by(AwardShare.award_id, AwardShare.position)))
    assert amounts == [Decimal(one) for one in
                       ("3333.34", "3333.33", "3333.33", "166.67", "166.67", "166.67")]  # fmt: skip
    honours = db.session.scalars(select(AwardHonour.title).join(Award)).all()
    assert honours == ["技能之星"] * 6  # three people, two revisions


def test_every_step_back_from_the_head_and_up_again_keeps_the_old_rows(
    build: Builder, old: Flask
) -> None:
    story = played(build)
    contest_id = story.contest.id
    with old.app_context():
        tables = old_tables(db.engine)
    stored = rows_of(db.session.connection(), tables)
    now = told(contest_id)
    with old.app_context():
        with db.engine.begin() as connection:
            for table in tables.sorted_tables:
                if stored[table.name]:
                    connection.execute(table.insert(), stored[table.name])
        upgrade()
        db.session.remove()
        downgrade(revision=BEFORE)
        upgrade()
        assert told(contest_id) == now
