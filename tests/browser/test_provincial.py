"""A delegation's way from the city's selection to prize money, by two people in Chromium."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from models.contests import Contest
from models.database import db
from rules.editions import ContestKind
from rules.provincial import Medal, MemberRole
from rules.provincial_rules import CityPrize, ProvincialRules
from services import provincial, provincial_delegations, provincial_lists
from services.payouts_dues import read_dues
from services.provincial_delegations import MemberFacts
from tests.browser.acting import Cast, follow, press, rename
from tests.browser.site import Site
from tests.builders import Builder
from tests.results_story import Story

TITLE = "2026年浙江省职业技能大赛"
PRIZE = CityPrize(
    key="gold", title="省赛金牌奖励", medal=Medal.GOLD, amount=Decimal(50000), coach_alike=True
)


@pytest.fixture
def cast(chromium: Browser, empty_site: Site) -> Cast:
    """Two people of the bureau, and a final selection of the city."""
    empty_site.clock.now = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
    with empty_site.app.app_context():
        build = Builder()
        for name in ("bureau", "bureau2"):
            rename(build, build.account("bureau_staff", title=name), name)
        story = Story(build)
        employer = build.employer()
        people = [build.person(name=name) for name in ("陈一凡", "王双", "赵三")]
        for person, mark in zip(people, ("95", "90", "85"), strict=True):
            story.entry(mark, mark, person=person, employer_id=employer.id)
        story.final()
        db.session.commit()
    return Cast(chromium, empty_site)


def test_from_the_selection_to_the_prize_money(cast: Cast) -> None:
    site = cast.site
    one, two = cast.person("bureau"), cast.person("bureau2")
    one.goto("/provincial")
    typed = {"code": "ZJ2026", "title": TITLE, "year": "2026", "organiser": "浙江省人社厅"}
    typed |= {"starts_on": "2026-11-16", "ends_on": "2026-11-20"}
    typed["delegation_title"] = "慈溪市代表队"
    for name, text in typed.items():
        one.fill(f"[name={name}]", text)
    with one.expect_navigation():
        one.locator("main .button-row button[type=submit]").last.click()
    page = one.url
    for name, text in {"code": "01", "title": "钳工", "quota": "1"}.items():
        one.fill(f"[name={name}]", text)
    with one.expect_navigation():
        one.locator('form[action$="/events"] button[type=submit]').click()
    _prepared(site)
    one.goto(page)
    follow(one, "/provincial-events/")
    event = one.url
    with one.expect_navigation():
        one.locator('form[action$="/links"] button[type=submit]').click()
    press(one, "/take")
    press(one, "/training")
    for place, state in enumerate(("released", "named", "reserve")):
        one.locator('form[action$="/namings"] select').nth(place).select_option(state)
    one.fill('form[action$="/namings"] [name=reason]', "第二名集训成绩更稳定")
    with one.expect_navigation():
        one.locator('form[action$="/namings"] button[type=submit]').click()
    two.goto(event)
    press(two, "/agree")
    assert "正选" in two.locator("main tr", has_text="王双").first.inner_text()
    one.goto(page)
    press(one, "/form")
    site.clock.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    follow(one, "/result")
    one.fill("[name=rank]", "1")
    one.locator("[name=medal]").select_option("gold")
    one.fill("[name=document]", "浙技赛〔2026〕9号")
    with one.expect_navigation():
        one.locator("main .button-row button[type=submit]").last.click()
    two.goto(page)
    press(two, "/results")
    press(two, "/prizes")
    with site.app.app_context():
        carrier = select(Contest.id).where(Contest.kind == ContestKind.EXTERNAL)
        dues = read_dues(db.session.scalars(carrier).one())
    assert [one.rest.gross for one in dues] == [Decimal(50000)]


def _prepared(site: Site) -> None:
    """The rules and the leader, which have no page of their own yet."""
    with site.app.app_context():
        build = Builder()
        by = build.actor(now=site.clock.now)
        contest = provincial_lists.list_contests().items[0]
        rules = ProvincialRules(prizes=(PRIZE,), notice=False, age_on=date(2026, 10, 1))
        provincial.edit_rules(by, contest.id, None, rules.model_dump(mode="json"))
        row = provincial_delegations.open_delegation(by, contest.id)
        leader = MemberFacts(MemberRole.LEADER, "陈领队", "", "13912340000")
        provincial_delegations.add_member(by, row, leader)
