"""The score sheet on a slow network."""

from playwright.sync_api import Browser, Page, Response, Route, expect

from blueprints.commands import DEMO_PASSWORD
from tests.browser.site import Site, sign_in, visitor

EVENT = 4  # the welders, who are being marked


def _open_sheet(page: Page) -> str:
    """Find a sheet that is not signed."""
    page.goto(f"/events/{EVENT}/sheets")
    link = page.locator(".code-empty a, .code-started a").first.get_attribute("href")
    assert link is not None
    return link


def _is_saving(response: Response) -> bool:
    return response.request.method == "POST"


def test_a_mark_typed_before_the_script_is_there_is_saved(
    chromium: Browser, demo_site: Site
) -> None:
    page = sign_in(visitor(chromium, demo_site, phone=True), "judge1", DEMO_PASSWORD)
    sheet = _open_sheet(page)

    held: list[Route] = []
    page.route("**/sheet.js*", lambda route: held.append(route))
    page.goto(sheet, wait_until="commit")
    field = page.locator("input.stepper-input").first
    before = field.input_value()
    field.fill("1")
    assert len(held) == 1
    with page.expect_response(_is_saving):
        held[0].continue_()
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
    page.unroute("**/sheet.js*")
    page.reload()
    expect(field).to_have_value("1")
    with page.expect_response(_is_saving):
        field.fill(before)  # other tests look at the same demonstration
        field.blur()
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
