"""The page of the rules of the contest day."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from blueprints.contests.day_forms import DayForm
from blueprints.contests.day_texts import CHOICES
from models.contests import Contest, RuleVersion
from models.database import db
from rules.days import DayRules
from rules.states import ContestState, EventState
from services import contests
from tests.builders import Builder, sign_in

TICKED = {name for name, value in dict(DayRules()).items() if isinstance(value, bool)}


def typed(contest: Contest, **changes: Any) -> dict[str, Any]:
    """Return the form as a browser sends it."""
    day = contests.rules_of(contest).day
    sent = {
        name: "y" if name in TICKED else str(value)
        for name, value in dict(day).items()
        if not isinstance(value, tuple) and value is not False
    }
    sent |= {name: list(value) for name, value in dict(day).items() if isinstance(value, tuple)}
    sent |= {"version": str(contest.version)}
    return {name: value for name, value in (sent | changes).items() if value is not None}


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


@pytest.fixture
def day_of() -> Callable[[Contest], DayRules]:
    """Read the rules of the day anew."""
    return lambda contest: contests.rules_of(contests.get_contest(contest.id)).day


def test_every_rule_of_the_day_has_its_field(organizer: FlaskClient, build: Builder) -> None:
    page = organizer.get(f"/contests/{build.contest().id}/day")
    assert page.status_code == 200
    for name in DayRules.model_fields:
        assert hasattr(DayForm, name), name
        assert f'name="{name}"' in page.text, name


def test_the_choices_are_those_of_the_rules() -> None:
    for name, words in CHOICES.items():
        for value in words:
            several = isinstance(dict(DayRules())[name], tuple)
            chosen = (value,) if several else value
            assert dict(DayRules(**{name: chosen}))[name] == chosen


def test_a_form_sent_back_unchanged_changes_nothing(
    organizer: FlaskClient, build: Builder, day_of: Callable[[Contest], DayRules]
) -> None:
    contest = build.contest()
    version = contest.version
    sent = typed(contest)
    assert organizer.post(f"/contests/{contest.id}/day", data=sent).status_code == 303
    db.session.refresh(contest)
    assert day_of(contest) == DayRules() and contest.version == version


def test_a_draft_takes_new_rules_without_a_reason(
    organizer: FlaskClient, build: Builder, day_of: Callable[[Contest], DayRules]
) -> None:
    contest = build.contest()
    sent = typed(
        contest,
        code_layers="3",
        escrow=None,
        late_minutes="２０",
        signoff=["supervisor", "group"],
        draw_among="checked_in",
        check_error_percent="2.5",
        reopening_people="2",
    )
    assert organizer.post(f"/contests/{contest.id}/day", data=sent).status_code == 303
    day = day_of(contest)
    assert (day.code_layers, day.escrow, day.late_minutes) == (3, False, 20)
    assert day.signoff == ("group", "supervisor") and day.draw_among == "checked_in"
    assert str(day.check_error_percent) == "2.5" and day.reopening_people == 2
    shown = organizer.get(f"/contests/{contest.id}").text
    assert "三层密封加密" in shown and "迟到 20 分钟视为弃权" in shown
    assert "裁判员 → 裁判小组 → 裁判长 → 监督人员" in shown


def test_the_other_rules_of_the_edition_stay(
    organizer: FlaskClient, build: Builder, day_of: Callable[[Contest], DayRules]
) -> None:
    contest = build.contest()
    old = contests.rules_of(contest).model_copy(update={"minimum_age": 18})
    contest.rules = old.model_dump(mode="json")
    db.session.commit()
    sent = typed(contest, board="live", board_freeze_minutes="30")
    organizer.post(f"/contests/{contest.id}/day", data=sent)
    assert day_of(contest).board == "live"
    assert contests.rules_of(contests.get_contest(contest.id)).minimum_age == 18


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("late_minutes", "viel"),
        ("late_minutes", "241"),
        ("check_top_percent", "101"),
        ("code_layers", "4"),
        ("signoff", ["nobody"]),
        ("board", "secret"),
    ],
)
def test_what_is_no_rule_is_refused_at_its_field(
    organizer: FlaskClient,
    build: Builder,
    day_of: Callable[[Contest], DayRules],
    field: str,
    value: Any,
) -> None:
    contest = build.contest()
    reply = organizer.post(f"/contests/{contest.id}/day", data=typed(contest, **{field: value}))
    assert reply.status_code == 422 and f'id="{field}-error"' in reply.text
    assert day_of(contest) == DayRules()


def test_published_rules_change_as_an_amendment_with_a_reason(
    organizer: FlaskClient, build: Builder, day_of: Callable[[Contest], DayRules]
) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    event = build.event(contest, EventState.REGISTERING)
    sent = typed(contest, code_layers="1")
    refused = organizer.post(f"/contests/{contest.id}/day", data=sent)
    assert refused.status_code == 422 and 'id="reason-error"' in refused.text
    sent |= {"reason": "技术委员会要求加密"}
    assert organizer.post(f"/contests/{contest.id}/day", data=sent).status_code == 303
    version = db.session.scalars(select(RuleVersion).where(RuleVersion.event_id == event.id)).one()
    assert version.reason == "技术委员会要求加密" and version.edition["day"]["code_layers"] == 1
    assert day_of(contest).code_layers == 1
    stale = organizer.post(f"/contests/{contest.id}/day", data=sent | {"code_layers": "2"})
    assert stale.status_code == 422 and day_of(contest).code_layers == 1


def test_rules_stand_once_the_marks_of_an_event_are_in(
    organizer: FlaskClient, build: Builder, day_of: Callable[[Contest], DayRules]
) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    build.event(contest, EventState.SIGNED)
    sent = typed(contest, late_minutes="5", reason="迟到太多")
    assert organizer.post(f"/contests/{contest.id}/day", data=sent).status_code == 422
    assert day_of(contest) == DayRules()


def test_an_archived_edition_offers_no_form(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest(ContestState.ARCHIVED)
    sent = typed(contest, late_minutes="5", reason="-")
    assert organizer.post(f"/contests/{contest.id}/day", data=sent).status_code == 422
    assert f"/contests/{contest.id}/day" not in organizer.get(f"/contests/{contest.id}").text
