"""Make the pictures of README.md: python -m tests.browser.screenshots [folder]."""

import random
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from playwright.sync_api import Browser, ViewportSize, sync_playwright
from sqlalchemy import select

from blueprints.commands import DEMO_PASSWORD
from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.judging import PanelSeat, Sheet
from models.notices import Notice
from rules.states import EntryState, EventState, NoticeState, SheetState
from tests.browser.moments import NOW, make_demo
from tests.browser.site import Site, launch, serve, sign_in, visitor
from tests.crawl import enter

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 360, "height": 720}
CERTIFICATE_WIDTH = 900
HOST = "skills.example.gov.cn"  # the code on the certificate leads there


def main(folder: Path) -> None:
    """Build the small demonstration and take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, _same_every_time():
        app, _ = make_demo(Path(place))
        with serve(app) as site, sync_playwright() as playwright:
            site.clock.now = NOW
            browser = launch(playwright)
            for name, (who, url, phone) in _pictures(site).items():
                _take(browser, site, who, url, folder / f"{name}.png", phone)
            _take_certificate(site, folder / "certificate.png")
            browser.close()
    for path in sorted(folder.glob("*.png")):
        _shrink(path)
        print(f"{path.name:20} {path.stat().st_size / 1024:6.0f} KB")


@contextmanager
def _same_every_time() -> Iterator[None]:
    """Let codes that are drawn by lot come out the same, for pictures only."""
    lots = random.Random(1)
    with (
        patch.object(secrets, "choice", lots.choice),
        patch.object(secrets, "token_hex", lambda count=32: lots.randbytes(count).hex()),
    ):
        yield


def _pictures(site: Site) -> dict[str, tuple[str, str, bool]]:
    """Name who opens which page for each picture, and whether on a phone."""
    with site.app.app_context():
        scoring = _first(select(Event).where(Event.state == EventState.SCORING))
        review = _first(select(Event).where(Event.state == EventState.REVIEW))
        sheet = _first(
            select(Sheet)
            .join(PanelSeat)
            .where(
                Sheet.event_id == scoring.id,
                Sheet.state == SheetState.OPEN,
                PanelSeat.account.has(username="judge1"),
                Sheet.marks.any(),
            )
        )
        notice = _first(select(Notice).where(Notice.state == NoticeState.POSTED))
        entry = _first(select(Entry).where(Entry.state == EntryState.RETURNED))
        contest = _first(select(Contest).where(Contest.id == scoring.contest_id))
        return {
            "desk": ("organizer", "/desk", False),
            "contest": ("organizer", f"/contests/{contest.id}", False),
            "entries": ("organizer", f"/contests/{contest.id}/entries", False),
            "entry-phone": ("employer", f"/entries/{entry.id}", True),
            "sheet-phone": ("judge1", f"/sheets/{sheet.id}", True),
            "progress": ("chief", f"/events/{scoring.id}/progress", False),
            "results": ("organizer", f"/events/{review.id}/results", False),
            "notice": ("", f"/notices/{notice.id}", False),
        }


def _first(query: Any) -> Any:
    found = db.session.scalars(query.order_by("id")).first()
    if found is None:
        raise LookupError(str(query))
    return found


def _take(browser: Browser, site: Site, who: str, url: str, path: Path, phone: bool) -> None:
    context = visitor(browser, site, phone=phone)
    page = sign_in(context, who, DEMO_PASSWORD) if who else context.new_page()
    page.set_viewport_size(NARROW if phone else WIDE)
    page.goto(url)
    page.evaluate("() => document.fonts.ready")
    page.screenshot(path=path, animations="disabled", caret="hide")
    context.close()


def _take_certificate(site: Site, path: Path) -> None:
    """Download the winner's certificate and make a picture of its page."""
    with site.app.app_context():
        number = _first(select(Certificate)).id
    client = site.app.test_client()
    client.environ_base["HTTP_HOST"] = HOST
    enter(client, "winner", DEMO_PASSWORD)
    data = client.get(f"/certificates/{number}/download").get_data()
    with tempfile.TemporaryDirectory() as place:
        pdf = Path(place) / "certificate.pdf"
        pdf.write_bytes(data)
        command = ["pdftoppm", "-png", "-singlefile", "-scale-to-x", str(CERTIFICATE_WIDTH)]
        subprocess.run([*command, "-scale-to-y", "-1", pdf, pdf.with_suffix("")], check=True)
        shutil.move(pdf.with_suffix(".png"), path)


def _shrink(path: Path) -> None:
    """Reduce a picture to the colours it needs."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(255, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
