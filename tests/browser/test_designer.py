"""The designer of certificates in Chromium: keys and mouse, live picture, undo, save, approval."""

from playwright.sync_api import Browser, Locator, Page, expect

from blueprints.commands import DEMO_PASSWORD
from services import designs, designs_choices
from tests.browser.site import Site, sign_in, visitor

PAGE_URL = "**/certificate-designs/*"


def _begun(page: Page) -> None:
    page.goto("/certificate-designs")
    page.fill("[name=title]", "浏览器里设计的证书")
    page.click("main form.form button[type=submit]")
    page.wait_for_url(f"{PAGE_URL}/design")
    expect(page.locator("[data-problems]")).to_have_text("此示例没有问题。")


def _moved(page: Page, box: Locator) -> None:
    """Drag a box down and a little to the right; it snaps back to the middle of the page."""
    place = box.bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3, y + 60, steps=6)
    page.mouse.up()


def test_a_design_is_made_by_hand_and_keys_and_approved_by_somebody_else(
    chromium: Browser, demo_site: Site
) -> None:
    page = sign_in(visitor(chromium, demo_site), "bureau", DEMO_PASSWORD)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    _begun(page)
    problems, y = page.locator("[data-problems]"), page.locator("[name=texts-0-y]")
    before = page.locator("[data-picture]").get_attribute("src")
    _moved(page, page.locator("[data-for=texts-0]"))
    expect(y).not_to_have_value("44.0")
    expect(page.locator("[name=texts-0-x]")).to_have_value("60")
    expect(problems).to_contain_text("的位置重叠")
    expect(page.locator("[data-picture]")).not_to_have_attribute("src", before or "")
    page.click("[data-undo]")
    expect(y).to_have_value("44.0")
    expect(problems).to_have_text("此示例没有问题。")
    page.locator("[data-for=texts-0]").focus()
    page.keyboard.press("ArrowDown")
    expect(y).to_have_value("45")
    page.keyboard.press("Control+ArrowUp")
    expect(page.locator("[name=texts-0-height]")).to_have_value("19")
    page.click("[data-add=texts]")
    page.keyboard.type("{{7*7}}")
    expect(problems).to_contain_text("7*7")
    page.click("[data-item]:not([hidden]) [data-remove]")
    expect(problems).to_have_text("此示例没有问题。")
    page.click("[data-save]")
    expect(page.locator("[data-state]")).to_have_text("已保存。")
    page.goto(page.url.removesuffix("/design"))
    page.click("main form.form button[type=submit]")
    second = sign_in(visitor(chromium, demo_site), "bureau2", DEMO_PASSWORD)
    second.goto(page.url)
    second.get_by_role("button", name="核准").click()
    expect(second.locator(".design-versions li")).to_have_count(1)
    assert faults == []
    with demo_site.app.app_context():
        made = next(one for one in designs_choices.list_choices() if one.title.startswith("浏览"))
        title = designs.draft_of(designs.get_template(made.id)).texts[0]
    assert (title.box.y, title.box.height, title.box.x) == (45, 19, 60)
