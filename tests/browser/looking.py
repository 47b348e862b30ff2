"""Look at a page in Chromium: accessibility, console, sideways scrolling, language."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

from tests.browser.site import DESKTOP, PHONE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Scheme = Literal["light", "dark"]
EVERYTHING: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
# Colours alone change with the scheme, so these rules alone are asked of dark pages. Light colours
# are looked at on a desk and dark ones on a phone.
_OF_COLOURS = ("color-contrast", "link-in-text-block")
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": list(_OF_COLOURS)}}
SHAPES: dict[str, Any] = {**EVERYTHING, "rules": {one: {"enabled": False} for one in _OF_COLOURS}}
RUN = "options => axe.run(document, options).then(found => found.violations)"
# Texts of a page that a reader sees, but for what is marked as another language.
TEXTS = """() => [...document.querySelectorAll('body *:not(script, code)')]
    .filter(one => !one.closest('[lang]:not(html)') && one.checkVisibility())
    .flatMap(one => [...one.childNodes].filter(node => node.nodeType === 3))
    .map(node => node.textContent.trim())"""
# What is built alike has the same faults: two of each kind are left for the long check. The cells
# of a row stay, they belong to the heads of their columns, and what a form sends unseen.
THIN = """() => {
    const thin = box => {
        const seen = {};
        const alike = box.matches('tr') ? [] : [...box.children];
        for (const one of alike.filter(child => child.type !== 'hidden')) {
            const parts = [one, ...one.querySelectorAll('*')];
            const shape = parts.map(part => part.tagName + part.classList).join();
            seen[shape] = (seen[shape] || 0) + 1;
            if (seen[shape] > 2) { one.remove(); }
        }
        [...box.children].forEach(thin);
    };
    thin(document.body);
}"""
HAS_SCHEME = "scheme => document.documentElement.dataset.bsTheme === scheme"
STYLES = "() => [...document.querySelectorAll('link[rel=stylesheet]')].map(one => one.href)"
SENTENCE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")  # not the letters of a fingerprint


@dataclass
class Report:
    """What is wrong, and on which pages."""

    places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, problem: str, place: str) -> None:
        """Note a problem once for a place."""
        if place not in self.places[problem]:
            self.places[problem].append(place)

    def __str__(self) -> str:
        lines = []
        for problem, places in sorted(self.places.items(), key=lambda pair: -len(pair[1])):
            more = f" and {len(places) - 4} more" if len(places) > 4 else ""
            lines.append(f"{problem}\n    on {', '.join(places[:4])}{more}")
        return "\n".join(lines)


class Looker:
    """A page of Chromium that is led from address to address and examined at each."""

    def __init__(self, page: Page, report: Report, lang: str = "zh-Hans-CN") -> None:
        self.page, self.report, self.lang, self.place = page, report, lang, ""
        self.styles: set[str] = set()
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.on("console", self._hear)
        page.on("pageerror", lambda error: report.add(f"script error: {error}", self.place))

    def visit(self, url: str, place: str, status: int = 200) -> None:
        """Open an address and examine the page in both widths and both colour schemes."""
        self._open(url, place, status)
        self.examine(place)

    def examine(self, place: str) -> None:
        """Examine the page that is open, in both widths and both colour schemes."""
        self.place = place
        self._read()
        for size in (PHONE, DESKTOP):
            self.page.set_viewport_size(size)
            self._measure(size["width"])
        self.page.evaluate(THIN)
        self._ask(EVERYTHING, f"{place} {DESKTOP['width']}")
        self.page.set_viewport_size(PHONE)
        self._ask(SHAPES, f"{place} {PHONE['width']}")
        self._ask_dark(f"{place} {PHONE['width']}")
        self.page.set_viewport_size(DESKTOP)

    def look(self, size: ViewportSize, place: str) -> None:
        """Examine the page as it stands, in both colour schemes."""
        self.place = place
        self._ask(EVERYTHING, f"{place} {size['width']}")
        self._ask_dark(f"{place} {size['width']}")

    def glance(self, url: str, place: str) -> None:
        """Open an address on a phone and check its language and width only."""
        self._open(url, place, 200)
        self._read()
        self._measure(PHONE["width"])

    def _open(self, url: str, place: str, status: int) -> None:
        self.place = place
        reply = self.page.goto(url)
        if reply is None or reply.status != status:
            self.report.add(f"answer {reply.status if reply else None}, not {status}", place)

    def _ask_dark(self, place: str) -> None:
        self._turn("dark")
        self._ask(COLOURS, f"{place} dark")
        self._turn("light")

    def _turn(self, scheme: Scheme) -> None:
        """Choose a colour scheme and wait until the page has it."""
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.wait_for_function(HAS_SCHEME, arg=scheme)

    def _ask(self, asked: dict[str, Any], place: str) -> None:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        # What the style sheets say is read once for each of them, not for each page.
        styles = set(self.page.evaluate(STYLES))
        options = {**asked, "resultTypes": ["violations"], "preload": bool(styles - self.styles)}
        self.styles |= styles
        for violation in self.page.evaluate(RUN, options):
            for node in violation["nodes"]:
                self.report.add(_told(violation, node), place)

    def _read(self) -> None:
        """Check the language that the page declares, and that it speaks it."""
        lang = self.page.evaluate("() => document.documentElement.lang")
        if lang != self.lang:
            self.report.add(f"language {lang}", self.place)
        if self.lang.startswith("zh"):
            for text in filter(SENTENCE.search, self.page.evaluate(TEXTS)):
                self.report.add(f"not translated: {text}", self.place)

    def _measure(self, width: int) -> None:
        wide = self.page.evaluate(
            "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        )
        if wide > 0:
            self.report.add(f"the page scrolls sideways at {width} px by {wide} px", self.place)

    def _hear(self, message: ConsoleMessage) -> None:
        expected = "the server responded with a status of 4" in message.text
        if message.type == "error" and not expected:
            self.report.add(f"console: {message.text}", self.place)


def _told(violation: dict[str, Any], node: dict[str, Any]) -> str:
    parts = [part["message"] for kind in ("any", "all", "none") for part in node[kind]]
    html = re.sub(r"\d+", "9", node["html"])[:160].replace("\n", " ")
    return f"{violation['id']}: {violation['help']}\n    {html}\n    {'; '.join(parts)[:240]}"
