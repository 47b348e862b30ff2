"""Chromium, and a site to visit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.moments import NOW, Moments, make_demo
from tests.browser.site import PATIENCE, Site, launch, make_app, serve

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="module")
def starter() -> Iterator[Playwright]:
    """The program that starts browsers.

    It is stopped with its file: while it is there, its event loop counts as running, and signing
    starts a loop of its own in the files that follow.
    """
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(starter: Playwright) -> Iterator[Browser]:
    """The browser program."""
    browser = launch(starter)
    yield browser
    browser.close()


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """A site without anybody in it."""
    with serve(make_app(tmp_path)) as site:
        yield site


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Moments]]:
    """The small demonstration in a site."""
    app, moments = make_demo(tmp_path_factory.mktemp("demo"))
    with serve(app) as site:
        site.clock.now = NOW
        yield site, moments


@pytest.fixture(scope="session")
def demo_site(demo: tuple[Site, Moments]) -> Site:
    """The site of the demonstration."""
    return demo[0]


@pytest.fixture(scope="session")
def moments(demo: tuple[Site, Moments]) -> Moments:
    """Where its hidden pages are."""
    return demo[1]
