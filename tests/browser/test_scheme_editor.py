"""The editor of a scheme with JavaScript: sums and problems while somebody types."""

from playwright.sync_api import Browser, Page, expect

from blueprints.commands import DEMO_PASSWORD
from services import contests
from tests.browser.site import Site, sign_in, visitor

EVENT = 3  # an electrician's event that still takes entries


def organizer(browser: Browser, site: Site, phone: bool = False) -> Page:
    """An organizer in front of the program."""
    return sign_in(visitor(browser, site, phone=phone), "organizer", DEMO_PASSWORD)


def test_sums_and_problems_are_told_while_somebody_types(
    chromium: Browser, demo_site: Site
) -> None:
    page = organizer(chromium, demo_site)
    page.goto(f"{demo_site.url}/events/{EVENT}/scheme/nodes?node=p1")
    summary, wrong = page.locator("[data-summary]"), page.locator("#n-weight-error")
    before = summary.inner_text()
    page.fill("#n-weight", "95")
    expect(summary).not_to_have_text(before)
    expect(page.locator("[data-problem-list] li")).to_have_count(1)
    page.fill("#n-weight", "viel")
    expect(wrong).to_be_visible()
    expect(page.locator("#n-weight")).to_have_attribute("aria-invalid", "true")
    page.fill("#n-weight", "70")
    expect(wrong).to_be_hidden()
    expect(summary).to_have_text(before)
    expect(page.locator("[data-problems]")).to_be_hidden()


def test_a_problem_leads_to_its_node_and_the_kind_shows_its_own_fields(
    chromium: Browser, demo_site: Site
) -> None:
    page = organizer(chromium, demo_site, phone=True)
    page.goto(f"{demo_site.url}/events/{EVENT}/scheme/nodes?node=p1-s0-a0")
    page.select_option("#n-kind", "choice")
    expect(page.locator("[data-kinds=choice]")).to_be_visible()
    expect(page.locator("[data-kinds=judgement]")).to_be_hidden()
    expect(page.locator("[data-count='p1-s0-a0']")).to_be_visible()
    page.click(".node-tree button >> nth=0")
    expect(page.locator("#n-digits")).to_be_visible()
    page.locator("[data-problem-list] button").first.click()
    expect(page.locator("#n-kind")).to_have_value("choice")


def test_nothing_is_kept_before_it_is_saved(chromium: Browser, demo_site: Site) -> None:
    page = organizer(chromium, demo_site)
    page.goto(f"{demo_site.url}/events/{EVENT}/scheme/2/1")
    summary = page.locator("[data-summary]")
    expect(summary).not_to_be_empty()
    before = summary.inner_text()
    page.fill("#aspects-0-maximum", "6")
    expect(summary).not_to_have_text(before)
    with demo_site.app.app_context():
        aspect = contests.scheme_of(contests.get_event(EVENT)).parts[1].aspects[0]
        assert aspect.maximum == 5
