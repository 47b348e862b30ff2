"""People in front of browsers: who they are, and how they press, fill in and follow."""

from playwright.sync_api import Browser, BrowserContext, Page

from models.accounts import Account
from tests.browser.site import Site, sign_in, visitor
from tests.builders import PASSWORD, Builder

NEW_PASSWORD = "a long password 2026"


class Cast:
    """The people of the flow, each with a browser of her own."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[BrowserContext] = []

    def visitor(self, phone: bool = False) -> Page:
        """Somebody who is not signed in."""
        self.contexts.append(visitor(self.browser, self.site, phone=phone))
        return self.contexts[-1].new_page()

    def person(self, username: str, phone: bool = False, password: str = PASSWORD) -> Page:
        """Somebody who signs in."""
        self.contexts.append(visitor(self.browser, self.site, phone=phone))
        return sign_in(self.contexts[-1], username, password)

    def link(self, url: str, phone: bool = False) -> Page:
        """Somebody who opens an account with a one-time link."""
        page = self.visitor(phone)
        page.goto(url)
        page.fill("[name=password]", NEW_PASSWORD)
        page.fill("[name=repeated]", NEW_PASSWORD)
        submit(page)
        page.wait_for_url("**/desk")
        return page


def rename(build: Builder, account: Account, name: str) -> None:
    """Give an account a user name that a reader of this test can follow."""
    account.username = name
    build._kept(account)


def submit(page: Page) -> None:
    """Send the form of a page with its main button; the answer must not be a refusal."""
    with page.expect_navigation():
        page.locator("main form .button-row button[type=submit]").last.click()
    assert page.locator("main .error-summary").count() == 0, page.locator("main").inner_text()


def confirm(page: Page, path: str, name: str) -> None:
    """Press a button that asks first, and say yes."""
    assert page.locator(f"#{name}").count(), page.locator("main").inner_text()
    page.locator(f"#{name}").click()
    with page.expect_navigation():
        page.locator(f'dialog form[action$="{path}"] button[type=submit]').click()


def press(page: Page, path: str) -> None:
    """Press the button of a small form."""
    assert page.locator(f'form[action$="{path}"]').count(), page.locator("main").inner_text()
    with page.expect_navigation():
        page.locator(f'form[action$="{path}"] button').first.click()


def follow(page: Page, pattern: str) -> None:
    """Click the first link whose address matches."""
    with page.expect_navigation():
        page.locator(f'main a[href*="{pattern}"]').first.click()


def number_in(page: Page) -> int:
    """Return the last number of the page's address."""
    return int([part for part in page.url.split("/") if part.isdecimal()][-1])
