"""The page of an edition's chain of notices."""

import pytest
from flask.testing import FlaskClient

from rules.notice_chains import NoticeLevel
from rules.plans import EditionRules
from services import contests
from tests.builders import Builder, sign_in
from tests.typed import typed_in

CHAIN = (
    NoticeLevel(code="unit", title="本单位公示", posted="outside", proof="employer"),
    NoticeLevel(code="city", title="市级公示", working_days=7, count_first_day=True),
)


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


def chain_at(contest_id: int) -> tuple[NoticeLevel, ...]:
    return contests.rules_of(contests.get_contest(contest_id)).notice_levels


def test_saving_the_page_untouched_changes_nothing(organizer: FlaskClient, build: Builder) -> None:
    rules = EditionRules(notice_levels=CHAIN).model_dump(mode="json")
    contest = build.contest(rules=rules)
    address = f"/contests/{contest.id}/notice-levels"
    typed = typed_in(organizer.get(address).text, "notice_levels-0-title")
    assert organizer.post(address, data=typed).status_code == 303
    assert chain_at(contest.id) == CHAIN
    page = organizer.get(f"/contests/{contest.id}").text
    assert "本单位公示" in page and "以证明材料为据" in page


def test_the_usual_chain_is_taken_with_one_button(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    address = f"/contests/{contest.id}/notice-levels"
    assert "公示一次即可" in organizer.get(address).text
    page = organizer.post(address, data={"change": "usual", "version": str(contest.version)})
    assert page.status_code == 200
    typed = typed_in(page.text, "notice_levels-0-title")
    assert organizer.post(address, data=typed).status_code == 303
    found = [(one.code, one.posted, one.proof) for one in chain_at(contest.id)]
    assert found == [
        ("unit", "outside", "employer"),
        ("county", "outside", "district"),
        ("city", "here", "whole"),
    ]


def test_levels_are_added_moved_and_removed_without_a_script(
    organizer: FlaskClient, build: Builder
) -> None:
    contest = build.contest(rules=EditionRules(notice_levels=CHAIN).model_dump(mode="json"))
    address = f"/contests/{contest.id}/notice-levels"
    typed = typed_in(organizer.get(address).text, "notice_levels-0-title")
    for change in ("notice_levels:add", "notice_levels:up:2"):
        page = organizer.post(address, data=typed | {"change": change})
        typed = typed_in(page.text, "notice_levels-0-title")
    typed |= {"notice_levels-1-code": "county", "notice_levels-1-title": "县级公示"}
    typed |= {"notice_levels-1-working_days": "3"}
    assert organizer.post(address, data=typed).status_code == 303
    assert [one.code for one in chain_at(contest.id)] == ["unit", "county", "city"]


def test_a_chain_that_ends_elsewhere_is_refused_with_what_was_typed(
    organizer: FlaskClient, build: Builder
) -> None:
    contest = build.contest(rules=EditionRules(notice_levels=CHAIN).model_dump(mode="json"))
    address = f"/contests/{contest.id}/notice-levels"
    typed = typed_in(organizer.get(address).text, "notice_levels-0-title")
    wrong = typed | {"notice_levels-1-posted": "outside", "notice_levels-1-title": "某级公示"}
    reply = organizer.post(address, data=wrong)
    assert reply.status_code == 422
    assert "最后一级应由本系统发布" in reply.text and "某级公示" in reply.text
    assert organizer.post(address, data=typed | {"version": "99"}).status_code == 422
    assert chain_at(contest.id) == CHAIN


def test_editing_the_edition_keeps_its_chain(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest(rules=EditionRules(notice_levels=CHAIN).model_dump(mode="json"))
    address = f"/contests/{contest.id}/edit"
    typed = typed_in(organizer.get(address).text, "title") | {"title": "改名的竞赛"}
    assert organizer.post(address, data=typed).status_code == 303
    assert chain_at(contest.id) == CHAIN
