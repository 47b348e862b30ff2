"""Keying by the keyboard alone, and a scan that is read while one watches."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from models.database import db
from services import papers
from tests import scanned
from tests.browser.site import Site, sign_in, visitor
from tests.builders import PASSWORD, Builder
from tests.paper_rooms import GOOD, PaperRoom, paper_room
from tests.services.test_scans import payload


def _room(site: Site) -> tuple[PaperRoom, list[str], list[str], int]:
    """Put an event with paper sheets into a site; name its clerks and sheets."""
    with site.app.app_context():
        room = paper_room(Builder())
        found = room.papers()
        codes = [payload(room, one) for one in found]
        names = [clerk.username for clerk in room.clerks]
        event_id = room.room.event_id
        db.session.remove()
    return room, names, codes, event_id


def test_a_sheet_is_keyed_without_a_mouse(chromium: Browser, empty_site: Site) -> None:
    _, names, codes, event_id = _room(empty_site)
    page = sign_in(visitor(chromium, empty_site), names[0], PASSWORD)
    page.goto(f"/events/{event_id}/keying")
    keyboard = page.keyboard
    keyboard.type(codes[0])  # a hand scanner types the code and Enter
    keyboard.press("Enter")
    expect(page.locator("#mark-A1")).to_be_focused()
    keyboard.type("99")
    for value in [*GOOD.values()][1:]:
        keyboard.press("Enter")
        keyboard.type(value)
    keyboard.press("Enter")  # after the last line it is sent, and refused
    expect(page.locator("#problem-A1")).to_be_visible()
    expect(page.locator("#mark-A1")).to_be_focused()
    keyboard.type("52.5")
    page.locator("#mark-A3").focus()
    keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_focused()
    with empty_site.app.app_context():
        assert [*papers.count_hands(event_id).values()] == [1]


def test_a_scan_is_read_while_one_watches(
    chromium: Browser, empty_site: Site, tmp_path: Path
) -> None:
    _, names, codes, event_id = _room(empty_site)
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(scanned.pdf([scanned.page(code) for code in [*codes, *[""] * 9]]))
    page = sign_in(visitor(chromium, empty_site, phone=True), names[0], PASSWORD)
    page.goto(f"/events/{event_id}/scans")
    page.set_input_files("input[type=file]", scan)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".figure-value").first).to_have_text(str(len(codes)))
    page.goto(f"/events/{event_id}/tray")
    expect(page.locator(".paper-tray img")).to_have_count(9)
    picture = page.locator(".paper-tray img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
