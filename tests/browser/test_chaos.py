"""Many judges at once on a network that fails, and tablets that die."""

import contextlib
import os
import shutil
import signal
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect

from tests.browser.chaos import Plan, losses, play
from tests.browser.marking_hall import Hall, Judge, field, open_hall, open_sheet, place, waiting
from tests.browser.site import LAUNCH

KILLS = 20


def test_fifty_judges_lose_and_double_nothing(chromium: Browser, tmp_path: Path) -> None:
    plan = Plan(sessions=50, lines=100, seed=7)
    with open_hall(tmp_path, judges=50, entries=4, seed=plan.seed) as hall:
        typed = play(chromium, hall, plan)
        assert len(typed) == 5_000
        found = losses(hall, typed)
        faults = sum(count for fault, count in hall.proxy.done.items() if fault)
    assert found == {"lost": 0, "doubled": 0, "out of order": 0}
    assert faults > 20, "the network was too good to prove anything"


def _tablet(playwright: Playwright, folder: Path, hall: Hall) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        folder,
        executable_path=shutil.which("chromium"),
        args=list(LAUNCH),
        base_url=hall.site.url,
        service_workers="block",
        locale="zh-CN",
    )


def _kill(folder: Path) -> None:
    """Kill the one browser whose folder this is."""
    wanted = f"--user-data-dir={folder}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        if wanted in words and not any(word.startswith(b"--type=") for word in words):
            os.kill(int(entry.name), signal.SIGKILL)


def _mark(page: Page, judge: Judge, number: int) -> tuple[tuple[int, str], str]:
    """Enter one mark; return it once the page shows it as kept or stored."""
    line, value = number % 10 + 1, str(number % 4 + 1)
    open_sheet(page, judge.sheets[0])
    field(page, line).fill(value)
    shown = place(page, line)
    page.wait_for_function(
        "line => ['device', 'server'].includes(document.querySelector("
        '`[data-aspect="A${line}"] [data-mark-state]`).dataset.markState)',
        arg=line,
    )
    assert shown.get_attribute("data-mark-state") in {"device", "server"}
    return (judge.sheets[0], f"A{line}"), value


def _gone(tablet: BrowserContext) -> None:
    """Let the program notice that the browser is dead."""
    with contextlib.suppress(Error):
        tablet.close()


def test_a_tablet_that_dies_again_and_again_keeps_what_it_showed(
    starter: Playwright, tmp_path: Path
) -> None:
    profile = tmp_path / "tablet"
    shown: dict[tuple[int, str], str] = {}
    (tmp_path / "site").mkdir()
    with open_hall(tmp_path / "site", judges=1, entries=1, seed=3) as hall:
        (judge,) = hall.judges
        hall.proxy.share = 0.7
        for number in range(KILLS):
            tablet = _tablet(starter, profile, hall)
            hall.admit(tablet, judge)
            key, value = _mark(tablet.pages[0], judge, number)
            shown[key] = value
            _kill(profile)
            _gone(tablet)
        hall.proxy.share = 0.0
        tablet = _tablet(starter, profile, hall)
        hall.admit(tablet, judge)
        page = tablet.pages[0]
        open_sheet(page, judge.sheets[0])
        for (_sheet, aspect), value in shown.items():
            expect(field(page, int(aspect[1:]))).to_have_value(value)
        waiting(page, 0)
        stored = hall.stored()
        tablet.close()
    assert {key: stored.get(key) for key in shown} == shown
