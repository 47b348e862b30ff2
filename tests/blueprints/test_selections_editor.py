"""The rules of a round in the browser: every section comes back as it was, and changes."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import RoundRules
from services import selections, selections_rounds
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.selection_story import START, SelectionStory, at
from tests.typed import typed_in

SECTIONS = (
    "dates",
    "tiers",
    "quotas",
    "eligibility",
    "form",
    "papers",
    "chain",
    "review",
    "after",
    "money",
)


@pytest.fixture
def story(build: Builder, clock: Clock) -> SelectionStory:
    clock.now = at(START)
    return SelectionStory(build)


def rules_of(round_id: int) -> RoundRules:
    return selections_rounds.editable_rules(selections.get_round(round_id))


@pytest.mark.parametrize("code", ["SLMJ", "GJNCJJ", "SXJS"])
def test_a_section_that_is_saved_unchanged_stays_the_same(
    client: FlaskClient, story: SelectionStory, code: str
) -> None:
    rules = shipped_programmes()[code].rules_for(2026)
    round_id = story.drafted(rules)
    sign_in(client, story.one)
    for section in SECTIONS:
        path = f"/selection-rounds/{round_id}/edit/{section}"
        done = client.post(path, data=typed_in(client.get(path).text, "base"))
        assert done.status_code == 303, (section, done.text)
        assert rules_of(round_id) == rules, section
    things = [
        *(("basics", one.key) for one in rules.eligibility.basics),
        *(("routes", one.key) for one in rules.eligibility.routes),
        *(("exclusions", one.key) for one in rules.eligibility.exclusions),
        *(("quotas", one.key) for one in rules.quotas),
        *(("opinions", one.key) for one in rules.opinions),
    ]
    for part, key in things:
        path = f"/selection-rounds/{round_id}/edit/{part}/{key}"
        done = client.post(path, data=typed_in(client.get(path).text, "base"))
        assert done.status_code == 303, (part, key, done.text)
        assert rules_of(round_id) == rules, (part, key)


def test_rows_are_added_moved_and_removed(client: FlaskClient, story: SelectionStory) -> None:
    round_id = story.drafted()
    sign_in(client, story.one)
    path = f"/selection-rounds/{round_id}/edit/tiers"
    page = client.get(path).text
    added = client.post(path, data=typed_in(page, "base") | {"change": "tiers:add"})
    assert added.status_code == 200
    typed = typed_in(added.text, "base") | {
        "tiers-2-name": "铜匠",
        "tiers-2-places": "５",
        "tiers-2-amount": "3,000",
        "places": "8",
    }
    assert client.post(path, data=typed).status_code == 303
    tier = rules_of(round_id).tiers[2]
    assert (tier.name, tier.places, tier.amount) == ("铜匠", 5, Decimal(3000))
    assert tier.key == "tiers_1" and rules_of(round_id).places == 8
    page = client.get(path).text
    up = client.post(path, data=typed_in(page, "base") | {"change": "tiers:up:2"})
    assert client.post(path, data=typed_in(up.text, "base")).status_code == 303
    assert [one.name for one in rules_of(round_id).tiers] == ["金匠", "铜匠", "银匠"]
    page = client.get(path).text
    less = client.post(path, data=typed_in(page, "base") | {"change": "tiers:remove:1"})
    assert client.post(path, data=typed_in(less.text, "base")).status_code == 303
    assert [one.key for one in rules_of(round_id).tiers] == ["gold", "silver"]


def test_a_clause_is_written_with_conditions_and_a_waiver(
    client: FlaskClient, story: SelectionStory
) -> None:
    round_id = story.drafted()
    sign_in(client, story.one)
    path = f"/selection-rounds/{round_id}/edit/basics/new"
    typed = typed_in(client.get(path).text, "base") | {"text": "技师以上", "number": "二（三）"}
    empty = client.post(path, data=typed)
    assert empty.status_code == 422 and rules_of(round_id).eligibility.basics[-1].key == "trade"
    typed |= {"kind_0": "level", "change": "conditions:new:0"}
    page = client.post(path, data=typed).text
    typed = typed_in(page, "base") | {"conditions-0-skill": "2", "change": "waivers:add"}
    page = client.post(path, data=typed).text
    typed = typed_in(page, "base") | {"kind_1": "placed", "change": "conditions:new:1"}
    page = client.post(path, data=typed).text
    typed = typed_in(page, "base") | {
        "waivers-0-text": "省赛第一名",
        "conditions-1-level": "province",
        "conditions-1-rank": "1",
    }
    assert client.post(path, data=typed).status_code == 303
    clause = rules_of(round_id).eligibility.basics[-1]
    assert [one.kind for one in clause.all_of] == ["level"]
    (waiver,) = clause.waivers
    assert (waiver.text, waiver.all_of[0].kind) == ("省赛第一名", "placed")
    own = f"/selection-rounds/{round_id}/edit/basics/{clause.key}"
    typed = typed_in(client.get(own).text, "base") | {"change": "waivers:remove:0"}
    page = client.post(own, data=typed).text
    assert client.post(own, data=typed_in(page, "base")).status_code == 303
    assert rules_of(round_id).eligibility.basics[-1].waivers == ()
    assert client.get(f"/selection-rounds/{round_id}/edit/basics/nothing").status_code == 404
    assert client.get(f"/selection-rounds/{round_id}/edit/nothing").status_code == 404


def test_wrong_values_are_refused_with_what_was_typed(
    client: FlaskClient, story: SelectionStory
) -> None:
    round_id = story.drafted()
    sign_in(client, story.one)
    path = f"/selection-rounds/{round_id}/edit/dates"
    typed = typed_in(client.get(path).text, "base")
    wrong = client.post(path, data=typed | {"closes_at": "2026-01-01T10:00", "contact": "职建科"})
    assert wrong.status_code == 422 and "职建科" in wrong.text
    money = f"/selection-rounds/{round_id}/edit/after"
    typed = typed_in(client.get(money).text, "base")
    assert client.post(money, data=typed | {"report_due": "02-30"}).status_code == 422
    stale = client.post(path, data=typed_in(client.get(path).text, "base") | {"base": "0" * 64})
    assert stale.status_code == 422


def test_a_change_of_a_published_round_waits_with_its_reason(
    client: FlaskClient, story: SelectionStory
) -> None:
    round_id = story.published()
    sign_in(client, story.one)
    path = f"/selection-rounds/{round_id}/edit/dates"
    typed = typed_in(client.get(path).text, "base") | {"contact": "二楼窗口"}
    assert client.post(path, data=typed).status_code == 422
    assert client.post(path, data=typed | {"reason": "窗口调整"}).status_code == 303
    assert rules_of(round_id).contact == "二楼窗口"
    assert selections.rules_of(selections.get_round(round_id)).contact == ""
