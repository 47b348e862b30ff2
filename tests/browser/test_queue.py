"""Marks on a bad network: kept on the device, sent later, never lost, never doubled."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.marking_hall import Hall, field, open_hall, open_sheet, place, waiting
from tests.builders import PASSWORD

DEVICE, SERVER = "device", "server"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(tmp_path_factory.mktemp("hall"), judges=8, entries=2) as found:
        yield found


@pytest.fixture(autouse=True)
def good_network(hall: Hall) -> None:
    """Every test begins with a network that works."""
    hall.proxy.down, hall.proxy.share = False, 0.0


def _state(page: Page, line: int, state: str) -> None:
    expect(place(page, line)).to_have_attribute("data-mark-state", state)


def _sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/desk")


def test_marks_wait_on_the_device_and_go_when_the_network_is_back(
    chromium: Browser, hall: Hall
) -> None:
    judge = hall.judges[0]
    page = hall.enter(chromium, judge).new_page()
    open_sheet(page, judge.sheets[0])
    page.context.set_offline(True)
    field(page, 1).fill("3")
    field(page, 2).fill("2.5")
    _state(page, 1, DEVICE)
    _state(page, 2, DEVICE)
    waiting(page, 2)
    page.context.set_offline(False)
    waiting(page, 0)
    _state(page, 1, SERVER)
    stored = hall.stored()
    assert [stored[judge.sheets[0], line] for line in ("A1", "A2")] == ["3", "2.5"]


HOLD = """
    const read = crypto.subtle.decrypt.bind(crypto.subtle);
    const released = new Promise((done) => { window.release = done; });
    crypto.subtle.decrypt = async (...given) => {
        const text = await read(...given);
        window.held = true;
        await released;
        return text;
    };
"""


def test_a_tab_that_reads_slowly_does_not_show_what_is_long_sent(
    chromium: Browser, hall: Hall
) -> None:
    judge = hall.judges[0]
    context = hall.enter(chromium, judge)
    page, slow = context.new_page(), context.new_page()
    open_sheet(page, judge.sheets[0])
    slow.add_init_script(HOLD)
    slow.goto("/desk")
    waiting(slow, 0)
    hall.proxy.down = True
    field(page, 1).fill("3")
    _state(page, 1, DEVICE)
    slow.wait_for_function("() => window.held")
    hall.proxy.down = False
    _state(page, 1, SERVER)
    waiting(slow, 0)
    slow.evaluate("() => window.release()")
    slow.wait_for_timeout(200)
    waiting(slow, 0)


def test_a_mark_that_comes_back_under_the_finger_is_replaced_by_what_is_typed(
    chromium: Browser, hall: Hall
) -> None:
    judge = hall.judges[0]
    page = hall.enter(chromium, judge).new_page()
    open_sheet(page, judge.sheets[0])
    hall.proxy.down = True
    field(page, 5).fill("3")
    _state(page, 5, DEVICE)
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('away')); }")
    hall.proxy.down = False
    page.add_init_script(HOLD + "window.fetch = () => Promise.reject(new Error('away'));")
    page.goto(f"/sheets/{judge.sheets[0]}")
    page.wait_for_function("() => window.held")
    expect(field(page, 5)).to_have_value("")
    field(page, 5).focus()
    page.evaluate("() => window.release()")
    expect(field(page, 5)).to_have_value("3")
    page.keyboard.type("2")
    expect(field(page, 5)).to_have_value("2")


def test_what_waits_is_sent_from_any_other_page(chromium: Browser, hall: Hall) -> None:
    judge = hall.judges[0]
    page = hall.enter(chromium, judge).new_page()
    open_sheet(page, judge.sheets[1])
    hall.proxy.down = True
    field(page, 3).fill("1")
    _state(page, 3, DEVICE)
    hall.proxy.down = False
    page.goto("/desk")
    waiting(page, 0)
    assert hall.stored()[judge.sheets[1], "A3"] == "1"


def test_a_sheet_is_signed_only_when_the_server_has_every_mark(
    chromium: Browser, hall: Hall
) -> None:
    judge = hall.judges[1]
    page = hall.enter(chromium, judge, phone=True).new_page()
    open_sheet(page, judge.sheets[0])
    for line in range(1, 25):
        field(page, line).fill("2")
    for line in range(1, 25):
        _state(page, line, SERVER)
    hall.proxy.down = True
    field(page, 25).fill("4")
    _state(page, 25, DEVICE)
    page.locator("#sign").click()
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("[data-notice]")).to_be_visible()
    assert page.url.endswith(f"/sheets/{judge.sheets[0]}")
    hall.proxy.down = False
    page.reload()
    expect(page.locator("form[data-sheet]")).to_have_attribute("data-ready", "1")
    waiting(page, 0)
    page.locator("#sign").click()
    page.locator("dialog button[type=submit]").click()
    page.wait_for_url(f"**/sheets/{judge.sheets[1]}")
    page.goto(f"/sheets/{judge.sheets[0]}")
    expect(page.locator(".sheet-receipt a")).to_be_visible()


def test_a_mark_changed_elsewhere_shows_both_values_and_asks(chromium: Browser, hall: Hall) -> None:
    judge = hall.judges[2]
    sheet = judge.sheets[0]
    tablet, phone = (hall.enter(chromium, judge).new_page() for _ in range(2))
    open_sheet(tablet, sheet)
    open_sheet(phone, sheet)
    for line in (1, 2):
        field(tablet, line).fill("1")
    for line in (1, 2):
        _state(tablet, line, SERVER)
    field(phone, 1).fill("2")
    field(phone, 2).fill("2")
    questions = phone.locator(".conflict")
    expect(questions).to_have_count(2)
    expect(questions.first.locator("button")).to_have_text(
        ["以本次输入为准：2", "以已保存的为准：1"]
    )
    questions.first.locator("button").first.click()
    expect(questions).to_have_count(1)
    questions.first.locator("button").last.click()
    waiting(phone, 0)
    expect(field(phone, 2)).to_have_value("1")
    stored = hall.stored()
    assert [stored[sheet, line] for line in ("A1", "A2")] == ["2", "1"]


def test_a_sign_in_that_expired_loses_nothing(chromium: Browser, hall: Hall) -> None:
    judge = hall.judges[3]
    page = hall.enter(chromium, judge).new_page()
    open_sheet(page, judge.sheets[0])
    page.context.clear_cookies()
    field(page, 1).fill("3.5")
    link = page.locator("[data-notice] a")
    expect(link).to_be_visible()
    _state(page, 1, DEVICE)
    link.click()
    page.fill("input[name=username]", judge.username)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**/sheets/{judge.sheets[0]}")
    waiting(page, 0)
    expect(field(page, 1)).to_have_value("3.5")
    assert hall.stored()[judge.sheets[0], "A1"] == "3.5"


def test_two_judges_on_one_tablet_do_not_see_each_others_queue(
    chromium: Browser, hall: Hall
) -> None:
    first, second = hall.judges[4:6]
    page = hall.enter(chromium, first, worker=True).new_page()
    open_sheet(page, first.sheets[0])
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('away')); }")
    field(page, 1).fill("4")
    _state(page, 1, DEVICE)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.locator("details.account summary").click()
    page.locator("[data-sign-out] button").click()
    page.wait_for_url(hall.site.url + "/")
    assert len(asked) == 1 and "1" in asked[0]

    page.goto("/sign-in")
    expect(page.locator("[data-queue-visitor]")).to_be_visible()
    _sign_in(page, second.username)
    open_sheet(page, second.sheets[0])
    waiting(page, 0)
    kept = page.evaluate(_READ_ALL)
    assert [record["account"] for record in kept["marks"]] == [first.account_id]
    assert all(record["plain"] is None for record in kept["marks"] + kept["known"])
    assert kept["keys"] == [f"key:{second.account_id}"]
    assert f"skillstar-pages-{first.account_id}" not in kept["caches"]
    assert (first.sheets[0], "A1") not in hall.stored()

    page.locator("details.account summary").click()
    page.locator("[data-sign-out] button").click()
    page.wait_for_url(hall.site.url + "/")
    _sign_in(page, first.username)
    waiting(page, 0)
    assert hall.stored()[first.sheets[0], "A1"] == "4"


_READ_ALL = """async () => {
  const asked = (request) => new Promise((done) => {
    request.onsuccess = () => done(request.result);
  });
  const database = await asked(indexedDB.open("skillstar"));
  const at = (name) => database.transaction(name).objectStore(name);
  const shown = ({ account, plain }) => ({ account, plain: plain === undefined ? null : plain });
  return {
    marks: (await asked(at("marks").getAll())).map(shown),
    known: (await asked(at("known").getAll())).map(shown),
    keys: (await asked(at("meta").getAllKeys())).filter((name) => name.startsWith("key:")),
    caches: await caches.keys(),
  };
}"""


def test_without_network_sheets_open_and_are_marked_again_and_again(
    chromium: Browser, hall: Hall
) -> None:
    judge = hall.judges[6]
    page = hall.enter(chromium, judge, worker=True, phone=True).new_page()
    page.goto("/sheets")
    expect(page.locator("html")).to_have_attribute("data-kept", "4")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/sheets")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    hall.proxy.down = True
    page.goto(f"/events/{hall.event_id}/sheets")
    expect(page.locator(".code-grid a")).to_have_count(2)
    for sheet in judge.sheets:
        open_sheet(page, sheet)
        field(page, 1).fill("2")
        _state(page, 1, DEVICE)
    page.reload()
    expect(page.locator("form[data-sheet]")).to_have_attribute("data-ready", "1")
    expect(field(page, 1)).to_have_value("2")
    waiting(page, 2)
    page.goto("/sheets/999999")
    expect(page.locator("h1")).to_have_text("没有网络")
    hall.proxy.down = False
    page.goto("/sheets")
    waiting(page, 0)
    stored = hall.stored()
    assert [stored[sheet, "A1"] for sheet in judge.sheets] == ["2", "2"]


def test_a_device_shows_what_it_has_sent_and_the_server_proves_it(
    chromium: Browser, hall: Hall
) -> None:
    judge = hall.judges[7]
    page = hall.enter(chromium, judge).new_page()
    open_sheet(page, judge.sheets[1])
    field(page, 20).fill("3")
    _state(page, 20, SERVER)
    page.goto("/receipts")
    batch = page.locator("[data-batches] tbody a")
    expect(batch).to_have_count(1)
    batch.click()
    expect(page.locator(".verdict.tone-good")).to_be_visible()


def test_a_queue_of_an_older_version_still_arrives(chromium: Browser, hall: Hall) -> None:
    judge = hall.judges[7]
    page = hall.enter(chromium, judge).new_page()
    page.goto("/desk")
    name = f"skillstar.sheet.{judge.account_id}.{judge.sheets[0]}"
    old = '{"A1": {"value": "1.5", "base": 0, "key": "0123456789abcdef0123456789abcdef"}}'
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [name, old])
    page.goto("/desk")
    page.wait_for_function("name => localStorage.getItem(name) === null", arg=name)
    waiting(page, 0)
    assert hall.stored()[judge.sheets[0], "A1"] == "1.5"
    assert page.evaluate("localStorage.length") == 0


def test_a_mark_that_the_server_refuses_stands_aside(chromium: Browser, hall: Hall) -> None:
    judge = hall.judges[7]
    page = hall.enter(chromium, judge).new_page()
    open_sheet(page, judge.sheets[1])
    field(page, 1).fill("9")  # more than the highest mark
    field(page, 2).fill("3")
    expect(page.locator('[data-aspect="A1"] [data-problem]')).to_be_visible()
    _state(page, 2, SERVER)
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "failed")
    field(page, 1).fill("4")
    _state(page, 1, SERVER)
    expect(page.locator('[data-aspect="A1"] [data-problem]')).to_be_hidden()
    stored = hall.stored()
    assert [stored[judge.sheets[1], line] for line in ("A1", "A2")] == ["4", "3"]


def test_the_keyboard_is_enough(chromium: Browser, hall: Hall) -> None:
    judge = hall.judges[7]
    page = hall.enter(chromium, judge).new_page()
    open_sheet(page, judge.sheets[0])
    field(page, 5).focus()
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(field(page, 7)).to_be_focused()
    _state(page, 5, SERVER)
    _state(page, 6, SERVER)
    stored = hall.stored()
    assert [stored[judge.sheets[0], line] for line in ("A5", "A6")] == ["2.5", "3"]
