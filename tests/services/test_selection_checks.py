"""The chain of checks, step by step."""

from datetime import UTC, date, datetime
from typing import Any

from models.database import db
from models.selection_applications import SelectionApplication
from models.selections import SelectionProgramme, SelectionRound
from rules.honours import HonourLevel
from rules.selections import ApplicationState, Body, Channel, RoundState, StepState, Verb
from services import selection_checks
from tests.builders import NOW, Builder


def an_application(build: Builder, chain: list[dict[str, Any]]) -> SelectionApplication:
    rules = {
        "opens_at": "2026-09-01T00:00:00Z",
        "closes_at": "2026-09-30T09:00:00Z",
        "counts_on": "2026-09-30",
        "tiers": [{"key": "gold", "name": "上林金匠"}],
        "chain": chain,
        "review": {"method": "ballot"},
    }
    programme = build._kept(
        SelectionProgramme(
            code="SLM",
            title="上林名匠",
            verb=Verb.SELECT,
            level=HonourLevel.CITY,
            organiser="人社局",
            created_at=NOW,
        )
    )
    row = build._kept(
        SelectionRound(
            programme_id=programme.id,
            code="SLM2026",
            year=2026,
            title="2026年上林名匠",
            state=RoundState.OPEN,
            rules=rules,
            digest="x",
            written_at=NOW,
            published_at=NOW,
            opens_at=datetime(2026, 9, 1, tzinfo=UTC),
            closes_at=datetime(2026, 9, 30, tzinfo=UTC),
        )
    )
    return build._kept(
        SelectionApplication(
            round_id=row.id,
            number=1,
            person_id=build.person().id,
            channel=Channel.PERSON,
            state=ApplicationState.CHECKING,
            answers={},
            begun_at=NOW,
            saved_at=NOW,
        )
    )


def test_the_chain_begins_with_the_first_step_of_the_channel(build: Builder) -> None:
    chain = [
        {"key": "unit", "title": "单位", "body": Body.EMPLOYER, "channels": ["employer"]},
        {"key": "county", "title": "县区", "body": Body.DISTRICT, "days": 3},
        {"key": "bureau", "title": "市局", "body": Body.BUREAU},
    ]
    application = an_application(build, chain)
    selection_checks.start_chain(build.actor(), application)
    first, second = selection_checks.steps_of_application(application.id)
    assert (first.key, first.state, first.due_on) == ("county", StepState.WAITING, date(2026, 9, 4))
    assert (second.key, second.reached_at) == ("bureau", None)
    assert application.state is ApplicationState.CHECKING


def test_without_steps_an_application_is_qualified_at_once(build: Builder) -> None:
    application = an_application(build, [])
    selection_checks.start_chain(build.actor(), application)
    assert application.state is ApplicationState.QUALIFIED
    assert application.qualified_at == NOW


def test_a_returned_application_goes_on_where_it_was_returned(build: Builder) -> None:
    chain = [
        {"key": "county", "title": "县区", "body": Body.DISTRICT},
        {"key": "bureau", "title": "市局", "body": Body.BUREAU},
    ]
    application = an_application(build, chain)
    by = build.actor()
    selection_checks.start_chain(by, application)
    first, second = selection_checks.steps_of_application(application.id)
    first.state, second.state = StepState.PASSED, StepState.RETURNED
    db.session.commit()
    selection_checks.start_chain(by, application)
    assert second.state is StepState.WAITING
    assert second.reached_at == NOW
    assert first.state is StepState.PASSED
