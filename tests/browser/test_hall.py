"""The door by keyboard and scanner alone, the board and the big screen without a reload by hand."""

import contextvars
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from models.database import db
from rules.draws import LotKind
from rules.states import TurnState
from services import halls_turns, passes
from services.acting import Actor
from tests.browser.site import Site, sign_in, visitor
from tests.builders import PASSWORD, Builder
from tests.hall_rooms import drawn, entries_of, filled_event, laid_out


@dataclass
class Hall:
    """An event on its day, and a hall clerk's browser."""

    site: Site
    event_id: int
    numbers: list[str]
    ids: list[int]
    tokens: list[str]
    clerk: BrowserContext
    colleague: int

    def move(self, place: int, state: TurnState) -> None:
        """Take a step as a colleague elsewhere does."""

        def step() -> None:
            with self.site.app.app_context():
                by = Actor(self.colleague, self.site.clock.now)
                halls_turns.move_turn(by, self.ids[place], state)
                db.session.remove()

        contextvars.Context().run(step)


@pytest.fixture
def hall(chromium: Browser, empty_site: Site) -> Iterator[Hall]:
    """A hall with four contestants who have their passes and stations."""
    with empty_site.app.app_context():
        build = Builder()
        by = build.actor(now=empty_site.clock.now)
        event = filled_event(build, "aabb", screen_names="full")
        laid_out(by, event)
        drawn(by, event, LotKind.STATION, 1)
        passes.issue_passes(by, event.id)
        colleague = build.account("hall_clerk").id
        username = build.account("hall_clerk", title="检录员").username
        entries = entries_of(event)
        numbers, ids = [one.number for one in entries], [one.id for one in entries]
        tokens = [line.token for line in passes.list_passes(event.id)]
        event_id = event.id
        db.session.remove()
    clerk = visitor(chromium, empty_site)
    sign_in(clerk, username, PASSWORD).close()
    yield Hall(empty_site, event_id, numbers, ids, tokens, clerk, colleague)
    clerk.close()


def test_people_come_in_one_after_another_by_keyboard_alone(hall: Hall) -> None:
    page = hall.clerk.new_page()
    page.goto(f"/events/{hall.event_id}/hall/check-in")
    for typed, number in (
        (hall.tokens[0], hall.numbers[0]),
        (hall.numbers[1].lower(), hall.numbers[1]),
        (hall.tokens[2], hall.numbers[2]),
    ):
        page.keyboard.type(typed)  # nobody clicks anywhere: the box has the focus
        page.keyboard.press("Enter")
        expect(page.locator(".door-answer.is-good")).to_contain_text(number)
        expect(page.locator("#typed")).to_be_focused()
    page.keyboard.type(hall.tokens[0])
    page.keyboard.press("Enter")
    expect(page.locator(".door-answer.is-bad")).to_contain_text(hall.numbers[0])


def test_a_scanner_types_into_the_box_wherever_the_focus_is(hall: Hall) -> None:
    page = hall.clerk.new_page()
    page.goto(f"/events/{hall.event_id}/hall/check-in")
    page.locator(".door-photo summary").focus()
    page.keyboard.type(hall.tokens[3])
    expect(page.locator("#typed")).to_have_value(hall.tokens[3])
    page.keyboard.press("Enter")
    expect(page.locator(".door-answer.is-good")).to_contain_text(hall.numbers[3])


def test_the_big_screen_follows_the_hall_by_itself(hall: Hall) -> None:
    page = hall.clerk.new_page()
    page.goto(f"/events/{hall.event_id}/hall/screen")
    expect(page.locator("[data-clock]")).to_contain_text(":")
    page.evaluate("window.sameDocument = true")
    hall.move(0, TurnState.CALLED)
    called = page.locator(".hall-screen-called")
    expect(called).to_contain_text(hall.numbers[0])
    hall.move(1, TurnState.CALLED)
    expect(called).to_contain_text(hall.numbers[1])
    assert page.evaluate("window.sameDocument")
    hall.clerk.set_offline(True)
    expect(page.locator("[data-lost]")).to_be_visible()
    hall.clerk.set_offline(False)
    expect(page.locator("[data-lost]")).to_be_hidden()


def test_the_board_shows_a_step_that_a_colleague_took(hall: Hall) -> None:
    page = hall.clerk.new_page()
    page.goto(f"/events/{hall.event_id}/hall")
    row = page.locator("tr", has_text=hall.numbers[2])
    expect(row).to_contain_text("候场")
    hall.move(2, TurnState.CALLED)
    expect(row).to_contain_text("已点名")
