"""The control room keeps itself up to date, rests when hidden, and says when it is cut off."""

from playwright.sync_api import Browser, Page, expect

from blueprints.commands import DEMO_PASSWORD
from models.contests import Event
from models.database import db
from models.judging import Sheet
from models.works import Work
from rules.states import EventState, SheetState
from services import judging, marks
from services.acting import Actor
from tests.browser.moments import NOW
from tests.browser.site import Site, sign_in, visitor

LIVE = "[data-live]"


def _signed_sheet(site: Site) -> tuple[int, int, int]:
    """Find a signed sheet of an event that is being judged: event, sheet, its judge's account."""
    with site.app.app_context():
        query = (
            db.select(Sheet)
            .join(Work, Work.id == Sheet.work_id)
            .join(Event, Event.id == Sheet.event_id)
            .where(Event.state == EventState.SCORING, Sheet.state == SheetState.SIGNED)
        )
        sheets = db.session.scalars(query.order_by(Sheet.id)).unique()
        sheet = next(one for one in sheets if one.seat.number)
        return sheet.event_id, sheet.id, sheet.seat.account_id


def _watch(browser: Browser, site: Site, event_id: int, phone: bool) -> Page:
    page = sign_in(visitor(browser, site, phone=phone), "chief", DEMO_PASSWORD)
    page.goto(f"/events/{event_id}/control")
    expect(page.locator(LIVE)).to_have_class("control-live is-fresh")
    return page


def test_what_others_do_shows_without_loading_the_page_anew(
    chromium: Browser, demo_site: Site
) -> None:
    event_id, sheet_id, account_id = _signed_sheet(demo_site)
    pages = [_watch(chromium, demo_site, event_id, phone) for phone in (False, True)]
    for page in pages:
        page.evaluate("window.stays = true")
        expect(page.locator(f'[data-sheet="{sheet_id}"]')).to_have_class("cell-signed")
    with demo_site.app.app_context():
        judging.reopen_sheet(Actor(account_id, NOW, "test"), sheet_id, "漏评一项")
    for page in pages:
        cell = page.locator(f'[data-sheet="{sheet_id}"]')
        expect(cell).not_to_have_class("cell-signed")
        expect(cell).to_contain_text("●")
        assert page.evaluate("window.stays") is True
    with demo_site.app.app_context():  # other tests look at the same demonstration
        marks.sign_sheet(Actor(account_id, NOW, "test"), sheet_id)
    expect(pages[0].locator(f'[data-sheet="{sheet_id}"]')).to_have_class("cell-signed")


def test_nobody_is_asked_while_the_page_is_hidden_or_the_network_is_gone(
    chromium: Browser, demo_site: Site
) -> None:
    event_id, _, _ = _signed_sheet(demo_site)
    page = _watch(chromium, demo_site, event_id, phone=False)
    page.context.set_offline(True)
    expect(page.locator(LIVE)).to_have_class("control-live is-lost")
    page.context.set_offline(False)
    expect(page.locator(LIVE)).to_have_class("control-live is-fresh")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_timeout(1500)  # an answer under way may still come
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []
    with page.expect_response(lambda reply: "/control/changes" in reply.url):
        page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
