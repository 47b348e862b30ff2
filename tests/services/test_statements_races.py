"""Several issue and make keys at once: no two certificates share a place, one key is in use."""

import pytest
from flask import Flask
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.statements import StatementKey
from rules.refusals import Refused
from rules.states import StatementKeyState
from services import certificates, statements, statements_issuing
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story
from tests.services.test_races import CROWD, all_at_once


def test_no_two_certificates_get_the_same_place(
    committing: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements_issuing, "SIZE", CROWD + 1)  # nearly full: any race would hit
    monkeypatch.setattr(statements_issuing, "FULL", CROWD - 2)
    with committing.app_context():
        build, contests = Builder(), []
        for _ in range(CROWD):
            story = Story(build)
            story.field(["80"])
            story.final()
            contests.append((story.contest.id, story.actor("bureau_staff", AFTER)))

    def issue(number: int) -> int:
        contest_id, by = contests[number]
        return certificates.issue(by, contest_id)

    assert all_at_once(committing, issue) == [1] * CROWD
    with committing.app_context():
        query = select(Certificate.status_list_id, Certificate.status_index)
        ours = query.where(Certificate.contest_id.in_(key for key, _ in contests))
        places = [tuple(row) for row in db.session.execute(ours)]
        assert len(set(places)) == len(places) == CROWD
        assert len({number for number, _ in places}) >= 2


def test_one_key_is_in_use_whoever_made_it(committing: Flask) -> None:
    with committing.app_context():
        by = Builder().actor(now=NOW)
    outcomes = all_at_once(committing, lambda _: statements.make_key(by))
    assert all(isinstance(one, int | Refused) for one in outcomes), outcomes
    assert any(isinstance(one, int) for one in outcomes)
    with committing.app_context():
        states = db.session.scalars(select(StatementKey.state)).all()
        assert states.count(StatementKeyState.ACTIVE) == 1
