"""One contest from the first draft to the certificate, by seven people in Chromium."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page

from rules.access import Role
from services import calendars
from tests.browser.acting import Cast, confirm, follow, number_in, press, rename, submit
from tests.browser.site import Site
from tests.builders import Builder

TITLE = "2026年慈溪市技能之星职业技能竞赛"
COMPANY = "慈溪市宏达机械有限公司"


@pytest.fixture
def cast(chromium: Browser, empty_site: Site) -> Cast:
    """A new office: the accounts of its staff exist, everything else is still to do."""
    empty_site.clock.now = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
    with empty_site.app.app_context():
        build = Builder()
        calendars.seed(build.actor(now=empty_site.clock.now))
        for role, names in STAFF.items():
            for name in names:
                rename(build, build.account(role, title=name), name)
        build.employer(title=COMPANY)
    return Cast(chromium, empty_site)


STAFF = {
    Role.ORGANIZER: ("organizer",),
    Role.JUDGE: ("judge1", "judge2"),
    Role.ENTRY_CLERK: ("clerk",),
    Role.CHIEF_JUDGE: ("chief",),
    Role.SUPERVISOR: ("supervisor",),
    Role.BUREAU_STAFF: ("bureau",),
}


def make_contest(organizer: Page) -> int:
    """Make an edition with one event of two judges, and publish it."""
    organizer.goto("/contests")
    follow(organizer, "/contests/new")
    organizer.fill("[name=title]", TITLE)
    organizer.fill("[name=code]", "CX2026")
    for name, day in {
        "entry_opens_on": date(2026, 9, 1),
        "entry_closes_on": date(2026, 9, 20),
        "starts_on": date(2026, 10, 15),
        "ends_on": date(2026, 10, 16),
    }.items():
        organizer.fill(f"[name={name}]", day.isoformat())
    organizer.fill("[name=sponsors]", "慈溪市人力资源和社会保障局")
    submit(organizer)
    contest_id = number_in(organizer)
    follow(organizer, "/events/add")
    organizer.check("input[name=occupations][value=钳工]")
    submit(organizer)
    return contest_id


def set_marking(organizer: Page) -> int:
    """Let two judges mark the practical part; keep weights 20/80, prizes and levels."""
    with organizer.expect_navigation():
        organizer.get_by_role("link", name="钳工", exact=True).first.click()
    event_id = number_in(organizer)
    organizer.goto(f"/events/{event_id}/scheme/edit")
    row = organizer.locator("input[name$='-key'][value=practical]").get_attribute("name")
    prefix = (row or "").removesuffix("key")
    for name, value in {"judges": 2, "minimum": 2, "drop_high": 0, "drop_low": 0}.items():
        organizer.fill(f"[name={prefix}{name}]", str(value))
    submit(organizer)
    organizer.goto(f"/events/{event_id}/plan")
    organizer.fill("[name=tiers-0-amount]", "10000")
    submit(organizer)
    return event_id


def make_employer_account(cast: Cast, organizer: Page) -> Page:
    """Hand a one-time link to the company, which opens its account with it."""
    organizer.goto("/accounts/new")
    organizer.fill("[name=username]", "hongda")
    organizer.fill("[name=title]", "宏达机械")
    organizer.select_option("[name=roles-0-role]", "employer")
    organizer.fill("[name=employer]", COMPANY)
    submit(organizer)
    return cast.link(organizer.locator("#link").input_value())


def enter_online(employer: Page, event_id: int, build: Builder) -> None:
    """Enter one worker by the form; a wrong check digit is refused first, nothing is lost."""
    employer.goto("/desk")
    employer.goto(f"/events/{event_id}/enter")
    good = build.id_number(date(1988, 3, 2))
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    employer.select_option("[name=division_id]", label="职工组")
    employer.fill("[name=members-0-name]", "陈建国")
    employer.fill("[name=members-0-id_number]", wrong)
    employer.fill("[name=members-0-phone]", "13900000001")
    with employer.expect_navigation():
        employer.locator("main form .button-row button[type=submit]").click()
    assert employer.locator(".error-summary").count() == 1
    assert employer.input_value("[name=members-0-name]") == "陈建国"
    employer.fill("[name=members-0-id_number]", good)
    submit(employer)
    assert "陈建国" in employer.locator("main").inner_text()


def import_workbook(employer: Page, contest_id: int, build: Builder) -> None:
    """Fill the template with three more people, one of them wrong at first."""
    employer.goto(f"/contests/{contest_id}/entries/import")
    with employer.expect_download() as download:
        employer.locator('main a[href$="/entries/template"]').first.click()
    template = Path(download.value.path()).read_bytes()
    people = [
        ("王秀英", build.id_number(date(1991, 7, 7))),
        ("李伟", build.id_number(date(1985, 1, 31))),
        ("阿布都·热合曼", build.id_number(date(1999, 12, 12))),
    ]
    upload(employer, filled(template, [*people[:2], (people[2][0], people[2][1][:-2])]))
    assert employer.locator("tr.has-error").count() == 1
    assert employer.locator("#import-all").count() == 0
    employer.goto(f"/contests/{contest_id}/entries/import")
    upload(employer, filled(template, people))
    assert employer.locator("tr.has-error").count() == 0
    press(employer, "/confirm")


def filled(template: bytes, people: list[tuple[str, str]]) -> bytes:
    """Write people into the downloaded template as a clerk would."""
    book = load_workbook(BytesIO(template))
    sheet = book.worksheets[0]
    head = {str(cell.value).strip(" *"): cell.column for cell in sheet[1] if cell.value}
    for row, (name, id_number) in enumerate(people, start=2):
        values = {"赛项": "钳工", "组别": "职工组", "姓名": name, "证件号码": id_number}
        for title, value in (values | {"联系电话": f"1390000000{row}"}).items():
            sheet.cell(row, head[title], value)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def upload(page: Page, data: bytes) -> None:
    """Choose a file and send it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files(
        "input[type=file]", {"name": "报名.xlsx", "mimeType": kind, "buffer": data}
    )
    submit(page)


def review(organizer: Page, contest_id: int) -> None:
    """Return one entry by mistake, see it come back, then accept all at once."""
    organizer.goto(f"/contests/{contest_id}/entries")
    assert organizer.locator("tbody tr").count() == 4
    organizer.locator("thead input.select-all").check()
    with organizer.expect_navigation():
        organizer.locator('form[action$="/entries/accept"] button[type=submit]').last.click()
    assert organizer.locator(".chip.tone-good").count() >= 4


def seat(organizer: Page, event_id: int) -> None:
    """Seat the clerk for theory and two judges for the practical part."""
    organizer.goto(f"/events/{event_id}/panel")
    for part, name in (("theory", "clerk"), ("practical", "judge1"), ("practical", "judge2")):
        form = organizer.locator(f'form[action$="/panel/seats?part={part}"]')
        option = form.locator("option", has_text=name).first.get_attribute("value")
        form.locator("select").select_option(option)
        with organizer.expect_navigation():
            form.locator("button[type=submit]").click()


def mark_sheets(judge: Page, event_id: int, marks: Callable[[int], str]) -> None:
    """Mark and sign every sheet of a judge, on a phone."""
    judge.goto("/sheets")
    follow(judge, f"/events/{event_id}/sheets")
    text = judge.locator("body").inner_text()
    assert "陈建国" not in text and COMPANY not in text
    for number in range(4):
        judge.goto(f"/events/{event_id}/sheets")
        with judge.expect_navigation():
            judge.locator(".code-empty a, .code-started a").first.click()
        field = judge.locator("input.stepper-input")
        field.fill(marks(number))
        field.blur()
        judge.locator('[data-save-state][data-state="saved"]').wait_for()
        judge.locator("#sign").click()
        with judge.expect_navigation():
            judge.locator("dialog button[type=submit]").click()


def test_a_contest_from_the_first_draft_to_the_certificate(cast: Cast, tmp_path: Path) -> None:
    build = Builder()
    organizer = cast.person("organizer")
    contest_id = make_contest(organizer)
    event_id = set_marking(organizer)
    organizer.goto(f"/contests/{contest_id}")
    confirm(organizer, "/publish", "publish")

    employer = make_employer_account(cast, organizer)
    enter_online(employer, event_id, build)
    import_workbook(employer, contest_id, build)
    review(organizer, contest_id)

    cast.site.clock.now = datetime(2026, 10, 15, 1, 0, tzinfo=UTC)
    organizer.goto(f"/events/{event_id}/draw")
    submit(organizer)
    seat(organizer, event_id)
    chief = cast.person("chief")
    chief.goto(f"/events/{event_id}/progress")
    press(chief, "/scoring")
    judge_all(cast, event_id)
    confirm_marks(chief, event_id)
    sign_results(cast, organizer, event_id)
    publish_results(cast, contest_id)
    winner_downloads(cast, organizer, contest_id, tmp_path)


def judge_all(cast: Cast, event_id: int) -> None:
    """Two judges on phones, and a clerk with the theory marks; out of range is refused."""
    first = cast.person("judge1", phone=True)
    first.goto(f"/events/{event_id}/sheets")
    with first.expect_navigation():
        first.locator(".code-empty a").first.click()
    first.locator("input.stepper-input").fill("101")
    first.locator("input.stepper-input").blur()
    first.locator("[data-problem]:visible").wait_for()
    assert first.evaluate("document.scrollingElement.scrollWidth") <= 360
    mark_sheets(first, event_id, lambda number: ("90", "85", "70", "55")[number])
    second = cast.person("judge2", phone=True)
    mark_sheets(second, event_id, lambda number: ("92.5", "80", "71", "50")[number])
    clerk = cast.person("clerk")
    clerk.goto(f"/events/{event_id}/sheets")
    follow(clerk, "/table")
    for number, mark in enumerate(("88", "79.5", "64", "59")):
        clerk.locator("table input[type=number], table input[inputmode=decimal]").nth(number).fill(
            mark
        )
    clerk.locator("#sign").click()
    with clerk.expect_navigation():
        clerk.locator("dialog button[type=submit]").click()


def confirm_marks(chief: Page, event_id: int) -> None:
    """See that nothing blocks, without a name on the page, and confirm."""
    chief.goto(f"/events/{event_id}/progress")
    assert "陈建国" not in chief.locator("body").inner_text()
    confirm(chief, "/confirm", "confirm-marks")


def sign_results(cast: Cast, organizer: Page, event_id: int) -> None:
    """The organizer computes, the supervisor signs."""
    organizer.goto(f"/events/{event_id}/results")
    press(organizer, "/results/compute")
    supervisor = cast.person("supervisor")
    supervisor.goto(f"/events/{event_id}/results")
    confirm(supervisor, "/sign", "sign")


def publish_results(cast: Cast, contest_id: int) -> None:
    """The bureau posts the notice, cannot close it early, closes it, issues certificates."""
    bureau = cast.person("bureau")
    bureau.goto(f"/contests/{contest_id}/notices/new")
    bureau.locator("input[name=revision_ids]").first.check()
    bureau.fill("[name=contact]", "慈溪市人力资源和社会保障局职业能力建设科 0574-00000000")
    submit(bureau)
    notice = bureau.url
    assert (
        "2026年10月22日" in bureau.locator("main").inner_text()
    )  # five working days after 15 October
    visitor_page = cast.visitor()
    visitor_page.goto(notice)
    assert "陈建国" in visitor_page.locator("main").inner_text()
    assert bureau.locator('form[action$="/close"]').count() == 0
    cast.site.clock.now = datetime(2026, 10, 23, 1, 0, tzinfo=UTC)
    bureau.goto(notice)
    press(bureau, "/close")
    bureau.goto(f"/certificates?contest={contest_id}")
    press(bureau, "/certificates/runs")
    bureau.check("[name=seen]")
    press(bureau, "/approve")
    press(bureau, "/start")


def winner_downloads(cast: Cast, organizer: Page, contest_id: int, folder: Path) -> None:
    """A contestant opens the account made for her, downloads; anybody checks the number."""
    organizer.goto(f"/contests/{contest_id}/accounts")
    confirm(organizer, "/accounts", "invite")
    row = organizer.locator("tbody tr", has_text="陈建国")
    winner = cast.link(row.locator("td", has_text="/activate/").inner_text().strip(), phone=True)
    winner.goto("/certificates")
    with winner.expect_download() as download:
        winner.locator('a[href$="/download"]').first.click()
    pdf = Path(download.value.path()).read_bytes()
    assert pdf.startswith(b"%PDF-")
    winner.goto("/certificates")
    number = winner.locator("main").inner_text()
    check = cast.visitor(phone=True)
    check.goto("/verify")
    code = next(word for word in number.replace("·", " ").split() if word.startswith("JN"))
    check.fill("main [name=number]", code)
    check.fill("main [name=name]", "陈建国")
    with check.expect_navigation():
        check.keyboard.press("Enter")
    assert "陈建国" in check.locator("main").inner_text()
    assert TITLE in check.locator("main").inner_text()
