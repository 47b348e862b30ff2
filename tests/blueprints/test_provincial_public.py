"""Everybody sees what was won once it is shown; a candidate sees what comes next."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path

from flask.testing import FlaskClient

from models.database import db
from rules.provincial import Medal, ProvincialState
from services import provincial_camps, provincial_results
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.provincial_story import HELD, NOW, RULES, ProvincialStory

Statements = Callable[[], AbstractContextManager[list[str]]]


def test_results_are_shown_to_everybody_and_taken_down(
    client: FlaskClient, build: Builder, clock: Clock, statements: Statements, tmp_path: Path
) -> None:
    story = ProvincialStory(build, RULES.model_copy(update={"training_days": 0}))
    event = story.event(quota=2)
    people = [build.person(name=name) for name in ("陈一凡", "王双")]
    slots = [story.candidate(event, one) for one in people]
    story.named(event)
    story.sent(tmp_path)
    clock.now = HELD
    page, public = f"/provincial/{story.id}", f"/higher-contests/{story.id}"
    sign_in(client, story.other)
    client.post(f"{page}/public")
    assert "竞赛结束后方可公开成绩" in client.get(page).text
    story.result(story.slot(slots[0].id), rank=1, medal=Medal.GOLD, prize="一等奖")
    story.result(story.slot(slots[1].id), rank=30)
    story.confirmed(*slots)
    assert story.contest.state is ProvincialState.HELD
    assert client.get(public).status_code == 404
    client.post(f"{page}/public")
    client.post("/sign-out")
    with statements() as asked:
        shown = client.get(public).text
    assert len(asked) <= 20
    assert "陈一凡" in shown and "金牌" in shown and "王双" not in shown
    assert people[0].id_number not in shown
    assert public in client.get("/higher-contests").text
    assert "/higher-contests" in client.get("/").text
    sign_in(client, story.other)
    client.post(f"{page}/public")
    assert client.get(public).status_code == 404


def test_a_candidate_and_a_coach_see_what_comes_next(
    client: FlaskClient, build: Builder, clock: Clock, statements: Statements, tmp_path: Path
) -> None:
    clock.now = NOW
    story = ProvincialStory(build)
    event = story.event()
    person, coach = build.person(name="陈一凡"), build.person(name="李教练")
    slot = story.candidate(event, person, coaches=(coach,))
    camp = story.trained(event)
    test = provincial_camps.add_test(
        story.by(), camp, event.id, "摸底测试", date(2026, 10, 9), Decimal(100)
    )
    provincial_camps.enter_test(story.by(), test, {slot.id: Decimal("87.5")})
    own = build.account("contestant", person_id=person.id)
    sign_in(client, own)
    assert "上级竞赛" in client.get("/desk").text
    with statements() as asked:
        shown = client.get("/own-higher-contests").text
    assert len(asked) <= 20
    assert "请坚持参加集训" in shown and "摸底测试" in shown and "87.5" in shown
    client.post("/sign-out")
    sign_in(client, build.account("contestant", person_id=coach.id))
    assert "您指导陈一凡" in client.get("/own-higher-contests").text
    client.post("/sign-out")
    sign_in(client, build.account("contestant", person_id=build.person().id))
    assert "陈一凡" not in client.get("/own-higher-contests").text
    story.named(event)
    story.sent(tmp_path)
    clock.now = HELD
    provincial_results.record_absence(story.by(HELD), slot.id, reason="因病")
    db.session.expire_all()
    client.post("/sign-out")
    sign_in(client, own)
    assert "您未参赛" in client.get("/own-higher-contests").text
