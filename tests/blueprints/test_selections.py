"""Pages of programmes and rounds: staff write, a second person publishes, everybody reads."""

import io
import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from models.database import db
from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import Step
from rules.selections import Body, RoundState
from services import (
    selections,
    selections_bodies,
    selections_publishing,
    selections_rounds,
)
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.selection_bulk import add_application
from tests.selection_story import START, SelectionStory, at, plain_rules
from tests.typed import typed_in


@pytest.fixture
def story(build: Builder, clock: Clock) -> SelectionStory:
    clock.now = at(START)
    return SelectionStory(build)


def as_staff(client: FlaskClient, story: SelectionStory, second: bool = False) -> FlaskClient:
    client.post("/sign-out")
    return sign_in(client, story.other if second else story.one)


def followed(client: FlaskClient, path: str, **data: str) -> str:
    """Press a button and return the page to which it leads."""
    done = client.post(path, data=data)
    assert done.status_code == 303
    return client.get(done.location).text


@pytest.mark.parametrize("code", ["SLMJ", "SMXJSNS", "GJNCJJ", "TJJS"])
def test_a_shipped_programme_is_published_by_two_people(
    client: FlaskClient, story: SelectionStory, code: str
) -> None:
    as_staff(client, story)
    assert shipped_programmes()[code].title in client.get("/selection-programmes").text
    page = client.get(f"/selection-programmes/shipped/{code}")
    typed = typed_in(page.text, "code") | {"document": "人社函〔2026〕8号", "year": "2026"}
    done = client.post(f"/selection-programmes/shipped/{code}", data=typed)
    assert done.status_code == 303, done.text
    place = done.location
    draft = client.get(place).text
    assert "筹备中" in draft and "公布" not in client.get("/selections").text
    refused = followed(client, f"{place}/publish")
    assert "须由他人发布" in refused
    as_staff(client, story, second=True)
    assert "已发布" in followed(client, f"{place}/publish")
    client.post("/sign-out")
    public = place.replace("selection-rounds", "selections")
    shown = client.get(public).text
    for route in shipped_programmes()[code].rules.eligibility.routes:
        assert route.text in shown
    assert client.get(public.replace("/selections/", "/selections/9")).status_code == 404


def test_a_draft_is_hidden_from_everybody(client: FlaskClient, story: SelectionStory) -> None:
    round_id = story.drafted()
    for path in (f"/selections/{round_id}", f"/selections/{round_id}/dates.ics"):
        assert client.get(path).status_code == 404
    assert story.round.title not in client.get("/selections").text


def test_the_call_counts_down_and_feeds_a_calendar(
    client: FlaskClient, story: SelectionStory, clock: Clock
) -> None:
    round_id = story.published()
    page = client.get(f"/selections/{round_id}").text
    closes = plain_rules().closes_at
    assert f'data-countdown="{closes.isoformat()}"' in page
    assert "从事本职业10年以上" in page and "满 10 年" in page
    feed = Calendar.from_ical(client.get("/selections/dates.ics").data)
    events = {str(one["uid"]): one for one in feed.walk("VEVENT")}
    assert len(events) == 2
    code = story.round.code
    assert events[f"selection-{code}-closes@skillstar"]["dtstart"].dt == closes
    own = client.get(f"/selections/{round_id}/dates.ics")
    assert own.mimetype == "text/calendar" and len(Calendar.from_ical(own.data).walk("VEVENT")) == 2
    clock.now = closes
    assert "data-countdown" not in client.get(f"/selections/{round_id}").text


def test_an_amendment_is_read_and_agreed_to(client: FlaskClient, story: SelectionStory) -> None:
    round_id = story.published()
    later = plain_rules().closes_at + timedelta(days=7)
    selections_rounds.edit_rules(
        story.first(), round_id, story.round.digest, {"closes_at": later}, "报名人数不足"
    )
    as_staff(client, story, second=True)
    page = client.get(f"/selection-rounds/{round_id}").text
    assert "<del>" in page and "报名人数不足" in page
    base = re.search(r'name="base" value="([0-9a-f]{64})"', page)
    assert base
    path = f"/selection-rounds/{round_id}/amendment/agree"
    assert "没有待同意" not in followed(client, path, base=base[1])
    assert story.round.closes_at == later
    assert client.get(f"/selection-rounds/{round_id}/versions/1").status_code == 200
    assert client.get(f"/selection-rounds/{round_id}/versions/7").status_code == 404
    client.post("/sign-out")
    assert "报名人数不足" in client.get(f"/selections/{round_id}").text


def test_rounds_are_copied_renamed_removed_and_cancelled(
    client: FlaskClient, story: SelectionStory
) -> None:
    programme = story.programme()
    first = story.published(programme_id=programme)
    as_staff(client, story)
    path = f"/selection-programmes/{programme}/rounds/new"
    done = client.post(path, data=typed_in(client.get(path).text, "code"))
    assert done.status_code == 303
    copied = int(done.location.rsplit("/", 1)[1])
    assert selections.get_round(copied).copied_from_id == first
    shown = client.get(done.location).text
    assert "<del>" in shown  # the dates are those of another year
    renamed = client.post(f"/selection-rounds/{copied}/title", data={"title": "第十届评选"})
    assert renamed.status_code == 303 and "第十届评选" in client.get(done.location).text
    assert client.post(f"/selection-rounds/{copied}/title", data={"title": ""}).status_code == 422
    client.post(f"/selection-rounds/{copied}/remove")
    assert client.get(done.location).status_code == 404
    followed(client, f"/selection-rounds/{first}/cancel")
    assert selections.get_round(first).state is RoundState.OPEN
    client.post(f"/selection-rounds/{first}/cancel", data={"reason": "经费未落实"})
    assert selections.get_round(first).state is RoundState.CANCELLED
    assert "经费未落实" in client.get(f"/selections/{first}").text


def test_a_programme_is_written_changed_and_ended(
    client: FlaskClient, story: SelectionStory
) -> None:
    as_staff(client, story)
    page = client.get("/selection-programmes/new")
    typed = typed_in(page.text, "code") | {
        "code": "QNGJ",
        "title": "青年工匠",
        "verb": "select",
        "level": "city",
        "organiser": "市人社局",
    }
    done = client.post("/selection-programmes/new", data=typed)
    assert done.status_code == 303, done.text
    again = client.post("/selection-programmes/new", data=typed | {"request_key": "another"})
    assert again.status_code == 422 and "该代码已被使用" in again.text
    edit = f"{done.location}/edit"
    changed = typed_in(client.get(edit).text, "code") | {"cycle_years": "2"}
    assert client.post(edit, data=changed).status_code == 303
    stale = client.post(edit, data=changed | {"request_key": "third"})
    assert stale.status_code == 422
    first = client.post(
        f"{done.location}/rounds/new", data={"code": "QN1", "year": "2027", "title": "第一届"}
    )
    assert first.status_code == 303
    assert "待修改" not in client.get(first.location).text
    client.post(f"{done.location}/end")
    refused = client.post(
        f"{done.location}/rounds/new", data={"code": "QN2", "year": "2028", "title": "第二届"}
    )
    assert refused.status_code == 422


def test_pages_ask_the_same_number_of_questions_for_more_rounds(
    client: FlaskClient, story: SelectionStory, statements: object
) -> None:
    programme = story.programme()
    story.published(programme_id=programme)
    as_staff(client, story)
    paths = ("/selection-programmes", f"/selection-programmes/{programme}", "/selections")
    before = [_asked(client, path, statements) for path in paths]
    for year in (2027, 2028):
        selections_publishing.publish(
            story.second(),
            story.drafted(plain_rules(date(year, 3, 1)), programme_id=programme, title=f"{year}年"),
        )
    assert [_asked(client, path, statements) for path in paths] == before
    assert max(before) <= 20


def _asked(client: FlaskClient, path: str, statements: object) -> int:
    with statements() as asked:  # type: ignore[operator]
        assert client.get(path).status_code == 200
    return len(asked)


def test_bodies_and_board_have_their_pages(
    client: FlaskClient, story: SelectionStory, build: Builder, statements: object
) -> None:
    chain = (Step(key="district", title="镇街初审", body=Body.DISTRICT),)
    round_id = story.published(plain_rules(chain=chain))
    as_staff(client, story)
    place = f"/selection-rounds/{round_id}"
    quota = {"kind": "district", "name": "浒山街道", "places": "5"}
    assert "浒山街道" in followed(client, f"{place}/quotas", **quota)
    assert client.post(f"{place}/quotas", data=quota | {"places": "9999"}).status_code == 422
    wrong = {"file": (io.BytesIO(b"nothing"), "名额.xlsx")}
    assert client.post(f"{place}/quotas/import", data=wrong).status_code == 422
    assert client.get("/selection-rounds/quotas.xlsx").status_code == 200
    clerk = build.account("selection_clerk")
    named = {"username": clerk.username, "step": "district", "district": "浒山街道"}
    assert clerk.username in followed(client, f"{place}/clerks", **named)
    assert client.post(f"{place}/clerks", data=named).status_code == 422
    row = selections_bodies.list_clerks(round_id)[0]
    assert clerk.username not in followed(client, f"{place}/clerks/{row.id}/remove")
    (one,) = selections_bodies.list_quotas(round_id)
    followed(client, f"{place}/quotas/{one.id}/remove")
    assert selections_bodies.list_quotas(round_id) == []
    assert "镇街初审" in client.get(f"{place}/board").text
    assert _asked(client, f"{place}/board", statements) <= 20
    assert _asked(client, f"{place}/bodies", statements) <= 20


def test_rules_are_tried_on_an_example_and_on_the_last_applicants(
    client: FlaskClient, story: SelectionStory, build: Builder, statements: object
) -> None:
    programme = story.programme()
    last = story.published(programme_id=programme)
    for year in (1, 2, 3):
        add_application(
            selections.get_round(last), build.person().id, trade_since=date(2024, year, 1)
        )
    db.session.commit()
    draft = story.drafted(programme_id=programme, title="下一届")
    as_staff(client, story)
    path = f"/selection-rounds/{draft}/trial"
    page = client.get(path).text
    assert page.count("二（一）") == 3 and _asked(client, path, statements) <= 20
    asked = {"post": "official", "unit_kind": "company", "trade_since": "2001-01-01", "level": "2"}
    example = client.get(path, query_string=asked).text
    fine = client.get(path, query_string=asked | {"post": "front_line"}).text
    # What is not known of the last applicants stands in the way of them, too.
    assert example.count("公务员不参加评选") == fine.count("公务员不参加评选") + 1
