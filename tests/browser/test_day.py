"""The day of one event in Chromium: sealed codes, marks, paper, signatures, appeal, correction.

Codes are drawn by chance. What anybody types therefore depends only on the place of a code among
the three, and who appeals is whoever came last, so that the story is the same on every day.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import day_eve
from tests.browser.acting import Cast, confirm, follow, press, submit
from tests.browser.day_eve import ARBITRATORS, CLERKS, JUDGES, SEALERS, SIDES, Eve
from tests.browser.site import Site
from tests.builders import PASSWORD, Builder

PASSPHRASE = "三把锁 and a long winter evening"
FIGURES = "271828"


class Day:
    """One event from the closing of its list to the second signature."""

    def __init__(self, cast: Cast, eve: Eve) -> None:
        self.cast, self.eve = cast, eve
        self.event = f"/events/{eve.event_id}"
        self.pages: dict[str, Page] = {}
        self.codes: list[str] = []
        self.corrected = ""

    def page(self, username: str) -> Page:
        """The browser of somebody; judges have phones."""
        if username not in self.pages:
            self.pages[username] = self.cast.person(username, phone=username in JUDGES)
        return self.pages[username]

    def at(self, username: str, path: str = "") -> Page:
        """Somebody at a page of the event."""
        page = self.page(username)
        answer = page.goto(self.event + path)
        assert answer is not None and answer.ok, (username, path)
        return page

    def go_on(self, minutes: int = 1) -> None:
        """Let time pass."""
        self.cast.site.clock.now += timedelta(minutes=minutes)

    def marks(self, code: str, seat: int) -> tuple[str, str]:
        """What the judge of a seat gives a work: seats two apart, works half a mark."""
        place = Decimal(self.codes.index(code)) / 2
        first = 56 if (code, seat) == (self.corrected, 1) else 44 + 2 * seat
        return str(first), f"{Decimal(30) + place:f}"


@pytest.fixture
def day(chromium: Browser, empty_site: Site) -> Day:
    empty_site.clock.now = day_eve.EVE
    with empty_site.app.app_context():
        eve = day_eve.prepare(Builder())
    empty_site.clock.now = day_eve.MORNING
    return Day(Cast(chromium, empty_site), eve)


def text_of(page: Page) -> str:
    """What a page says."""
    return page.locator("body").inner_text()


def test_the_day_of_one_event(day: Day) -> None:
    seal_codes(day)
    open_scoring(day)
    for seat, name in enumerate(JUDGES, start=1):
        mark_sheets(day, name, seat)
    key_sheets(day)
    settle_difference(day)
    sign_marks(day)
    compare_with_paper(day)
    nobody_is_named(day)
    open_layers(day)
    sign_results(day, 1)
    last = place_of(day, 3)

    number = appeal(day, last)
    decide(day, number)
    reopen_marks(day)
    correct_sheet(day, last)
    sign_marks(day)
    compare_with_paper(day)
    sign_results(day, 2)
    winner_is(day, last, number)


def seal_codes(day: Day) -> None:
    """The organizer closes the list; three sealers make their keys and seal, one after another."""
    make_key(day.page("keyholder"))
    submit(day.at("organizer", "/codes"))
    for name in SEALERS:
        sealer = day.page(name)
        make_key(sealer)
        sealer.goto("/desk")
        follow(sealer, day.event + "/codes")
        follow(sealer, "/codes/seal")
        value = sealer.locator("[name=escrow] option", has_text="keyholder").get_attribute("value")
        sealer.select_option("[name=escrow]", value)
        sealer.fill("[name=passphrase]", PASSPHRASE)
        submit_download(sealer)
        names = [name in text_of(sealer) for name in SIDES]
        assert all(names) if sealer is day.page(SEALERS[0]) else not any(names)
        day.go_on()


def make_key(page: Page) -> None:
    """Make a key with a passphrase, which is a matter of the menu."""
    with page.expect_navigation():
        page.locator('nav a[href="/keys"]').first.click()
    page.fill("[name=passphrase]", PASSPHRASE)
    page.fill("[name=repeated]", PASSPHRASE)
    page.check("[name=known]")
    submit(page)


def submit_download(page: Page) -> None:
    """Seal; the answer carries the list and the slips, this once."""
    submit(page)
    with page.expect_download() as download:
        page.locator('main a[href^="data:application/pdf"]').click()
    assert download.value.suggested_filename.endswith(".pdf")


def open_scoring(day: Day) -> None:
    """The chief judge names the head of the group and opens the scoring."""
    chief = day.at("chief", "/signoff")
    with chief.expect_navigation():
        chief.locator('form[action$="/leader"] button').first.click()
    chief.goto(day.event + "/progress")
    press(chief, "/scoring")
    day.codes = sorted(chief.locator("table.matrix tbody th").all_inner_texts())
    assert len(day.codes) == 3


def mark_sheets(day: Day, name: str, seat: int) -> None:
    """A judge marks and signs three works on a phone; the third judge is without network once."""
    judge = day.page(name)
    judge.goto("/sheets")
    follow(judge, day.event + "/sheets")
    with judge.expect_navigation():
        judge.locator(".code-empty a").first.click()
    for number in range(3):  # a signature leads to the next sheet
        code = (judge.locator("h1").text_content() or "").split()[-1]
        fill_marks(judge, day.marks(code, seat), offline=seat == 3 and number == 1)
        sign_sheet(judge)
        assert_unnamed(day, judge)
    day.at(name, "/sheets")
    assert judge.locator(".code-signed").count() == 3
    day.go_on()


def fill_marks(judge: Page, values: Iterable[str], offline: bool = False) -> None:
    """Type the marks of a sheet and wait until the server has them."""
    expect(judge.locator("form[data-sheet]")).to_have_attribute("data-ready", "1")
    judge.context.set_offline(offline)
    for key, value in zip(("A1", "A2"), values, strict=True):
        field = judge.locator(f"[name=mark-{key}]")
        field.fill(value)
        field.blur()
    if offline:
        expect(judge.locator("html")).to_have_attribute("data-unsent", "2")
        judge.context.set_offline(False)
    for key in ("A1", "A2"):
        state = judge.locator(f'[data-aspect="{key}"] [data-mark-state]')
        expect(state).to_have_attribute("data-mark-state", "server")


def sign_sheet(judge: Page) -> None:
    """Sign the sheet that is open."""
    judge.locator("#sign").click()
    with judge.expect_navigation():
        judge.locator("dialog button[type=submit]").click()


def key_sheets(day: Day) -> None:
    """Two clerks key all paper sheets; the second reads one figure wrongly."""
    for name in CLERKS:
        clerk = day.page(name)
        clerk.goto("/desk")
        follow(clerk, day.event + "/papers")
        follow(clerk, "/keying")
        for code in day.codes:
            for seat in range(1, 6):
                wrong = name == CLERKS[1] and (code, seat) == (day.codes[0], 2)
                key_sheet(day, clerk, code, seat, wrong)
        assert clerk.locator(".paper-choices").count() == 0
        day.go_on()


def key_sheet(day: Day, clerk: Page, code: str, seat: int, wrong: bool = False) -> None:
    """Key one sheet as its signed paper says, or misread its first line."""
    first, second = day.marks(code, seat)
    clerk.fill("[name=sheet]", f"{code}-1-{seat}")
    submit(clerk)
    clerk.fill("[name=mark-A1]", first[:-1] + "9" if wrong else first)
    clerk.fill("[name=mark-A2]", second)
    with clerk.expect_navigation():
        clerk.locator("form[data-keying] button[type=submit]").click()
    assert clerk.locator(".error-summary").count() == 0, text_of(clerk)


def settle_difference(day: Day) -> None:
    """The difference keeps the marks open until both clerks have looked again and agree."""
    chief = day.at("chief", "/progress")
    assert chief.locator("#confirm-marks").count() == 0
    assert chief.locator(".message.tone-warn").count() == 1, text_of(chief)
    reference, right = f"{day.codes[0]}-1-2", day.marks(day.codes[0], 2)[0]
    for name in CLERKS:
        clerk = day.at(name, "/papers?show=differ")
        with clerk.expect_navigation():
            clerk.get_by_role("link", name=reference).click()
        if name == CLERKS[0]:
            clerk.fill("[name=value]", right)
            clerk.fill("[name=reason]", "再看一遍原件")
            submit(clerk)
        else:
            press(clerk, "/agree")
        assert_unnamed(day, clerk)
    assert not day.at("chief", "/progress").locator("#confirm-marks").count()  # others sign before
    assert not day.at("chief", "/papers?show=differ").locator("tbody tr").count()


def sign_marks(day: Day) -> None:
    """The head of the group, a clerk and the chief judge confirm the same marks."""
    head = day.page(JUDGES[0])
    for page in (head, day.page(CLERKS[0])):
        page.goto("/sign-off")
        follow(page, day.event + "/signoff")
        confirm(page, "/signoff/confirm", "confirm-1")
        assert_unnamed(day, page)
        day.go_on()
    chief = day.at("chief", "/progress")
    confirm(chief, "/confirm", "confirm-marks")
    day.go_on()


def compare_with_paper(day: Day) -> None:
    """The supervisor has sheets drawn, finds each as its paper says, and confirms."""
    supervisor = day.at("supervisor", "/spot-check")
    confirm(supervisor, "/spot-check", "fix")
    supervisor.fill("[name=figures]", FIGURES)
    submit(supervisor)
    compare_drawn(day)
    while supervisor.locator('form[action$="/more"]').count():
        press(supervisor, "/more")
        compare_drawn(day)
    supervisor.goto(day.event + "/signoff")
    confirm(supervisor, "/signoff/confirm", "confirm-1")
    day.go_on()


def compare_drawn(day: Day) -> None:
    """Compare every sheet that waits, each leads to the next; what an earlier check saw counts."""
    supervisor = day.at("supervisor", "/spot-check?show=open")
    if supervisor.locator('main a[href*="/check-items/"]').count():
        follow(supervisor, "/check-items/")
    while "/check-items/" in supervisor.url:
        supervisor.check("[name=finding][value=agrees]")
        submit(supervisor)
    day.at("supervisor", "/spot-check")


def nobody_is_named(day: Day) -> None:
    """No page of those who score tells a name, an employer or an entry number before decoding."""
    seen = {
        "chief": ("", "/progress", "/control", "/papers", "/signoff", "/spot-check", "/codes"),
        "supervisor": ("", "/progress", "/control", "/papers", "/signoff", "/spot-check", "/codes"),
        JUDGES[0]: ("/sheets", "/signoff", "/signoff/printout"),
        JUDGES[4]: ("/sheets", "/signoff"),
        CLERKS[0]: ("/papers", "/signoff", "/signoff/printout"),
        SEALERS[2]: ("/codes",),
    }
    for name, paths in seen.items():
        for path in paths:
            assert_unnamed(day, day.at(name, path))


def assert_unnamed(day: Day, page: Page) -> None:
    """Fail if a page tells who stands behind a code."""
    content = page.content()
    assert not [secret for secret in day.eve.secrets if secret in content], page.url


def open_layers(day: Day) -> None:
    """Two witnesses and the three sealers open the layers, the last one first."""
    for name in reversed(SEALERS):
        for witness in ("organizer", "chief"):
            page = day.at(witness, "/codes")
            follow(page, "/codes/witness")
            page.fill("[name=password]", PASSWORD)
            submit(page)
        sealer = day.at(name, "/codes")
        follow(sealer, "/codes/open")
        sealer.fill("[name=passphrase]", PASSPHRASE)
        submit(sealer)
        day.go_on()
    chief = day.at("chief", "/codes")
    assert all(name in text_of(chief) for name in SIDES)


def sign_results(day: Day, revision: int) -> None:
    """The organizer computes, the supervisor signs."""
    organizer = day.at("organizer", "/results")
    press(organizer, "/results/compute")
    day.go_on()
    supervisor = day.at("supervisor", "/results")
    assert f"第 {revision} " in text_of(supervisor) or f"第{revision}" in text_of(supervisor)
    confirm(supervisor, "/sign", "sign")
    day.go_on()


def place_of(day: Day, rank: int) -> str:
    """Return the name of whoever has a place in the newest results."""
    page = day.at("supervisor", "/results")
    rows = page.locator("table tbody tr").filter(has=page.locator("th a[href*='/entries/']"))
    return rows.nth(rank - 1).locator("th").inner_text().strip()


def appeal(day: Day, name: str) -> str:
    """The team leader of the last one appeals against the marks; return the appeal's number."""
    leader = day.page(f"leader{[*SIDES].index(name) + 1}")
    leader.goto("/appeals")
    with leader.expect_navigation():
        leader.locator('main a[href$="/appeal"]').first.click()
    leader.select_option("[name=kind]", "marks")
    leader.fill("[name=facts]", "第一工位裁判未按图纸公差计算尺寸分，现场有测量记录。")
    leader.fill("[name=request]", "请复核尺寸分。")
    submit(leader)
    number = leader.locator("h1").inner_text().split()[-1]
    supervisor = day.page("supervisor")
    supervisor.goto(day.event + "/appeals")
    assert number in text_of(supervisor)
    return number


def decide(day: Day, number: str) -> None:
    """Two arbitrators hear and vote; one of them writes the ruling."""
    for name in ARBITRATORS:
        member = day.page(name)
        member.goto("/appeals")
        with member.expect_navigation():
            member.get_by_role("link", name=number).click()
        if name == ARBITRATORS[0]:
            press(member, "/take")
        member.check("[name=vote-outcome][value=upheld]")
        send(member, "/vote")
        day.go_on()
    member.fill("[name=ruling-reasons]", "测量记录表明尺寸分计算有误，应予更正。")
    member.select_option("[name=ruling-effect]", "reopen")
    member.fill("[name=ruling-order]", "按测量记录重评第一席位的尺寸分。")
    send(member, "/ruling")


def send(page: Page, path: str) -> None:
    """Send one of several forms of a page; it must not be refused."""
    with page.expect_navigation():
        page.locator(f'form[action$="{path}"] button[type=submit]').last.click()
    assert page.locator("main .error-summary").count() == 0, text_of(page)


def reopen_marks(day: Day) -> None:
    """The chief judge proposes what the ruling orders, the supervisor agrees."""
    chief = day.at("chief", "/rulings")
    follow(chief, "/reopen?")
    submit(chief)
    supervisor = day.at("supervisor", "/signoff")
    follow(supervisor, "/reopenings")
    confirm(supervisor, "/agree", "agree")
    day.go_on()


def correct_sheet(day: Day, name: str) -> None:
    """The first judge corrects a work on screen and paper; both clerks key that paper anew."""
    code = code_of(day, name)
    chief = day.at("chief", "/progress")
    with chief.expect_navigation():
        chief.locator(f"#row-{code} td a").first.click()
    chief.fill("[name=reason]", "执行仲裁裁决，重评尺寸分")
    submit(chief)
    day.corrected = code
    judge = day.at(JUDGES[0], "/sheets")
    with judge.expect_navigation():
        judge.locator(".code-started a", has_text=code).click()
    fill_marks(judge, day.marks(code, 1))
    sign_sheet(judge)
    assert day.at(JUDGES[0], "/sheets").locator(".code-signed").count() == 3
    chief.goto(day.event + "/progress")
    assert chief.locator("#confirm-marks").count() == 0  # the paper says what it said before
    chief.goto(day.event + "/papers?show=differ")
    with chief.expect_navigation():
        chief.get_by_role("link", name=f"{code}-1-1").click()
    chief.locator(".paper-drop summary").click()
    chief.locator(".paper-drop [name=reason]").fill("评分表已按裁决更正并重新签字")
    send(chief, "/drop")
    for clerk in CLERKS:
        key_sheet(day, day.at(clerk, "/keying"), code, 1)
    chief.goto(day.event + "/rulings")
    chief.locator("main [name$=note]").fill("第一席位已更正，两名录入员重新录入")
    send(chief, "/done")
    day.go_on()


def code_of(day: Day, name: str) -> str:
    """Return the work code behind which somebody stood, now that it may be known."""
    rows = day.at("supervisor", "/codes").locator("table tbody tr")
    return rows.filter(has_text=name).locator("strong").inner_text().strip()


def winner_is(day: Day, name: str, number: str) -> None:
    """The second revision has a new winner, names the appeal, and lists who moved."""
    assert place_of(day, 1) == name
    supervisor = day.page("supervisor")
    assert number in text_of(supervisor)
    follow(supervisor, "/changes")
    moved = text_of(supervisor)
    assert all(one in moved for one in SIDES)
    leader = day.page(f"leader{[*SIDES].index(name) + 1}")
    leader.goto("/appeals")
    with leader.expect_navigation():
        leader.get_by_role("link", name=number).click()
    assert "第2版" in text_of(leader).replace(" ", "")
