"""A delegation's way from the city's selection to prize money, by two people in Chromium."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from models.contests import Contest
from models.database import db
from rules.editions import ContestKind
from services.payouts_dues import read_dues
from tests.browser.acting import Cast, follow, press, rename, submit
from tests.browser.site import Site
from tests.builders import Builder
from tests.results_story import Story
from tests.services.test_provincial_delegations import PDF

TITLE = "2026年浙江省职业技能大赛"
SCAN = {"name": "成绩通报.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def cast(chromium: Browser, empty_site: Site) -> Cast:
    """Two people of the bureau, a coach, and a final selection of the city."""
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
        empty_site.coach = build.person(name="李教练").id_number
        db.session.commit()
    return Cast(chromium, empty_site)


def fill(page: Page, form: str, **texts: str) -> None:
    """Fill in the form whose address ends so, and send it; it must not be refused."""
    own = page.locator(f'form[action$="{form}"]') if form else page.locator("main form").last
    for name, text in texts.items():
        field = own.locator(f"[name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(text)
        elif field.get_attribute("type") == "checkbox":
            field.set_checked(text == "yes")
        else:
            field.fill(text)
    with page.expect_navigation():
        own.locator(".button-row button[type=submit]").last.click()
    assert page.locator("main .error-summary").count() == 0, page.locator("main").inner_text()


def test_from_the_selection_to_the_prize_money(cast: Cast) -> None:
    one, two = cast.person("bureau", phone=True), cast.person("bureau2")
    one.goto("/provincial")
    fill(one, "/provincial", code="ZJ2026", title=TITLE, year="2026", organiser="浙江省人社厅",
         starts_on="2026-11-16", ends_on="2026-11-20",
         delegation_title="慈溪市代表队")  # fmt: skip
    page = one.url
    _lay_down(one, page)
    one.goto(page)
    fill(one, "/events", code="01", title="钳工", quota="1")
    follow(one, "/provincial-events/")
    event = one.url
    fill(one, "/links")
    press(one, "/take")
    press(one, "/training")
    _train(cast, one, page)
    _coach(cast, one, event)
    _name(one, two, event)
    _equip(one, page)
    one.goto(f"{page}/form")
    press(one, "/form")
    for kind in ("word", "table", "entries"):
        with one.expect_download() as saved:
            one.locator(f'main a[href$="/{kind}"]').first.click()
        assert saved.value.path().stat().st_size > 200
    cast.site.clock.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    _compete(one, two, page)
    with cast.site.app.app_context():
        carrier = select(Contest.id).where(Contest.kind == ContestKind.EXTERNAL)
        dues = read_dues(db.session.scalars(carrier).one())
    assert sorted(one.rest.gross for one in dues) == [Decimal(50000), Decimal(50000)]


def _lay_down(one: Page, page: str) -> None:
    """The rules: days of training, the city's prize, no notice."""
    one.goto(f"{page}/rules/changes")
    fill(one, "", training_days="2")
    one.goto(f"{page}/rules/prizes")
    with one.expect_navigation():
        one.locator('button[name=change][value="prizes:add"]').click()
    one.locator("[name=notice]").uncheck()
    one.fill('[name="prizes-0-title"]', "省赛金牌奖励")
    one.locator('[name="prizes-0-medal"]').select_option("gold")
    one.fill('[name="prizes-0-amount"]', "50000")
    one.locator('[name="prizes-0-coach_alike"]').check()
    submit(one)
    assert "省赛金牌奖励" in one.locator("main").inner_text()


def _train(cast: Cast, one: Page, page: str) -> None:
    """Three days on a phone with big ticks, and a test."""
    one.goto(f"{page}/camps")
    fill(one, "", title="省赛集训", starts_on="2026-10-18", ends_on="2026-10-31",
         place="慈溪技师学院", leader="王教练")  # fmt: skip
    camp = one.url
    for day in ("2026-10-18", "2026-10-19", "2026-10-20"):
        one.goto(f"{camp}/days/{day}")
        first = one.locator(".tick-line").first.locator(".tick.was-late")
        assert first.bounding_box()["height"] >= 44, "a thumb finds it"
        first.click()
        one.locator(".tick-line").last.locator(".tick.was-absent").click()
        with one.expect_navigation():
            one.locator(".tick-save button").click()
    table = one.locator("table.attendance").inner_text()
    assert table.count("△") == 3 and table.count("×") == 3 and table.count("√") == 3
    fill(one, "/tests", title="第一次测试", day="2026-10-19")
    one.locator("main input[inputmode=decimal]").nth(0).fill("80")
    one.locator("main input[inputmode=decimal]").nth(1).fill("92.5")
    with one.expect_navigation():
        one.locator("main .button-row button[type=submit]").click()
    assert one.locator("svg.chart").count() == 2
    fill(one, "/notes", text="王双动作更稳")


def _coach(cast: Cast, one: Page, event: str) -> None:
    one.goto(event)
    one.locator("main a", has_text="王双").first.click()
    fill(one, "/coaches", coach_numbers=cast.site.coach)
    assert "李教练" in one.locator("main").inner_text()


def _name(one: Page, two: Page, event: str) -> None:
    """The winner of the selection is not named: the second trained better; two people decide."""
    one.goto(event)
    states = {"陈一凡": "reserve", "王双": "named", "赵三": "released"}
    for name, state in states.items():
        one.get_by_label(name, exact=True).select_option(state)
    fill(one, "/namings", reason="第二名集训成绩更稳定")
    two.goto(event)
    press(two, "/agree")
    assert "正选" in two.locator("main tr", has_text="王双").first.inner_text()


def _equip(one: Page, page: str) -> None:
    """The delegation: a leader, a vehicle with its driver, a paper with its scan, name cards."""
    one.goto(f"{page}/delegation")
    press(one, "/delegation")
    fill(one, "/members", role="leader", name="陈领队", phone="13912340000")
    fill(one, "/members", role="driver", name="王师傅")
    fill(one, "/vehicles", plate="浙B12345", seats="19", driver_id="王师傅")
    one.set_input_files('form[action$="/papers"] [name=scan]', SCAN)
    fill(one, "/papers", holder="浙B12345", title="行驶证", expires_on="2026-11-18")
    for end in ("passes.pdf", "contacts.pdf", "contacts.xlsx"):
        with one.expect_download() as saved:
            one.locator(f'a[href$="{end}"]').click()
        assert saved.value.path().stat().st_size > 2000


def _compete(one: Page, two: Page, page: str) -> None:
    """The result with its scan, confirmed by another; the table; the city's prize."""
    one.goto(f"{page}/results")
    with one.expect_navigation():
        one.locator('main a[href$="/result"]').first.click()
    one.set_input_files("[name=proof]", SCAN)
    fill(one, "", rank="1", medal="gold", document="浙技赛〔2026〕9号")
    one.goto(f"{page}/standings/edit")
    with one.expect_navigation():
        one.locator('button[name=change][value="lines:add"]').click()
    one.fill('[name="lines-0-delegation"]', "慈溪市代表队")
    for name, number in (("events", "1"), ("gold", "1"), ("given_rank", "4")):
        one.fill(f'[name="lines-0-{name}"]', number)
    fill(one, "", own_rank="4", teams="11")
    two.goto(f"{page}/results")
    press(two, "/results")
    two.goto(f"{page}/prizes")
    shown = two.locator("main").inner_text()
    assert "李教练 50,000" in shown and "王双 50,000" in shown
    press(two, "/prizes")
    assert "奖励名单已签发" in two.locator("main").inner_text()
