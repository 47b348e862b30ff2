"""The rules of a call are edited on pages: lists, clauses with conditions, papers and forms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.nominations import NominationCall
from rules.nomination_programmes import TITLES, starting_rules
from rules.nomination_rules import CallRules
from services import nominations
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.nomination_story import BEGIN, NominationStory, at
from tests.typed import typed_in

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def story(app: Flask, build: Builder, clock: Clock) -> NominationStory:
    clock.now = at(BEGIN)
    return NominationStory(build, Path(app.config["SETTINGS"].files_dir))


def written(story: NominationStory, key: str = "national") -> tuple[str, NominationCall]:
    call_id = nominations.write_call(story.first(), story.facts(), story.rules(key))
    return f"/nominations/calls/{call_id}", nominations.get_call(call_id)


def rules_of(row: NominationCall) -> CallRules:
    db.session.rollback()
    return nominations.rules_of(nominations.get_call(row.id))


@pytest.mark.parametrize("start", sorted(TITLES))
def test_what_is_saved_unchanged_stays_the_same(
    client: FlaskClient, story: NominationStory, start: str
) -> None:
    sign_in(client, story.one)
    path = f"/nominations/calls/new?start={start}"
    typed = typed_in(client.get(path).text, "sender") | {
        "superior": "省人社厅", "document": "浙人社函〔2026〕18号", "sender": "慈溪市人社局",
        "own_until": "2026-09-30", "superior_until": "2026-10-31",
    }  # fmt: skip
    board = client.post(path, data=typed).location
    row = db.session.scalars(select(NominationCall)).one()
    rules = starting_rules(start, BEGIN).model_copy(update={"sender": "慈溪市人社局"})
    assert nominations.rules_of(row) == rules
    pages = [f"{board}/edit"]
    for one in rules.lists:
        own = f"{board}/lists/{one.key}"
        pages.append(own)
        for part in ("basics", "routes", "exclusions"):
            pages += [f"{own}/{part}/{each.key}" for each in getattr(one.eligibility, part)]
    assert len(pages) > 2
    for page in pages:
        field = "sender" if page.endswith("/edit") else "base"
        done = client.post(page, data=typed_in(client.get(page).text, field))
        assert done.status_code == 303, (page, done.text)
        assert rules_of(row) == rules, page


def test_a_list_gets_clauses_papers_and_forms(client: FlaskClient, story: NominationStory) -> None:
    board, row = written(story)
    sign_in(client, story.one)
    typed = typed_in(client.get(f"{board}/edit").text, "sender")
    page = client.post(f"{board}/edit", data=typed | {"change": "lists:add"})
    assert page.status_code == 200
    place = len(rules_of(row).lists)
    typed = typed_in(page.text, "sender") | {
        f"lists-{place}-title": "全国青年岗位能手", f"lists-{place}-of": "person",
        f"lists-{place}-places": "3", "preferred_rank": "6", "central_names": "国网、中国石化",
    }  # fmt: skip
    assert client.post(f"{board}/edit", data=typed).status_code == 303
    rules = rules_of(row)
    new = rules.lists[-1]
    assert (new.title, new.places, new.pages) == ("全国青年岗位能手", 3, None)
    assert (rules.preferred_rank, rules.central_names) == (6, ("国网", "中国石化"))
    own = f"{board}/lists/{new.key}"
    typed = typed_in(client.get(f"{own}/basics/new").text, "base")
    typed |= {"number": "一", "text": "35周岁以下", "kind_0": "age", "change": "conditions:new:0"}
    typed = typed_in(client.post(f"{own}/basics/new", data=typed).text, "base")
    empty = client.post(f"{own}/basics/new", data=typed | {"text": ""})
    assert empty.status_code == 422
    typed |= {"conditions-0-high": "35"}
    assert client.post(f"{own}/basics/new", data=typed).status_code == 303
    typed = typed_in(client.get(own).text, "base") | {"change": "materials:add"}
    typed = typed_in(client.post(own, data=typed).text, "base")
    typed |= {"materials-0-title": "身份证复印件", "materials-0-most": "2", "change": "forms:add"}
    typed = typed_in(client.post(own, data=typed).text, "base") | {"forms-0-title": "推荐表"}
    assert client.post(own, data=typed).status_code == 303
    new = rules_of(row).lists[-1]
    assert [one.text for one in new.eligibility.basics] == ["35周岁以下"]
    assert new.eligibility.basics[0].all_of[0].kind == "age"
    assert [(one.title, one.needed, one.most) for one in new.materials] == [
        ("身份证复印件", False, 2)
    ]
    assert [one.title for one in new.forms] == ["推荐表"]
    typed = typed_in(client.get(own).text, "base") | {"change": "basics:remove:0"}
    typed = typed_in(client.post(own, data=typed).text, "base")
    assert client.post(own, data=typed).status_code == 303
    assert rules_of(row).lists[-1].eligibility.basics == ()


def test_two_who_edit_at_once_and_who_edits_an_open_call(
    client: FlaskClient, story: NominationStory
) -> None:
    board, row = written(story)
    sign_in(client, story.one)
    own = f"{board}/lists/expert"
    first, second = (typed_in(client.get(own).text, "base") for _ in range(2))
    again = first | {"materials-0-most": "7"}
    assert client.post(own, data=again).status_code == 303
    late = client.post(own, data=second)
    assert late.status_code == 422 and "已" in late.text
    assert rules_of(row).find("expert").materials[0].most == 7
    # More routes than there are is no rule: said, and nothing is kept.
    assert rules_of(row).find("expert").eligibility.routes
    many = typed_in(client.get(own).text, "base") | {"routes_needed": "9"}
    assert client.post(own, data=many).status_code == 422
    assert rules_of(row).find("expert").eligibility.routes_needed < 9
    for page in (f"{board}/lists/nothing", f"{own}/basics/nothing", f"{own}/papers/new"):
        assert client.get(page).status_code == 404
    typed = typed_in(client.get(own).text, "base")
    nominations.open_call(story.second(), row.id)
    assert client.post(own, data=typed).status_code == 422
    client.post("/sign-out")
    sign_in(client, story.unit)
    assert client.get(own).status_code == 403


def test_the_pages_need_few_statements(
    client: FlaskClient, story: NominationStory, statements: Statements
) -> None:
    board, _ = written(story)
    sign_in(client, story.one)
    own = f"{board}/lists/expert"
    for page in (f"{board}/edit", own, f"{own}/basics/new"):
        with statements() as seen:
            assert client.get(page).status_code == 200
        assert len(seen) <= 20, page
