"""Every page of every role, looked at in Chromium; none is missed."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from blueprints.commands import DEMO_PASSWORD
from rules.access import Role
from services.accounts_workbooks import COLUMNS
from services.demo_accounts import DEMO_ACCOUNTS
from services.workbooks_writing import write_table
from tests.browser.looking import Looker, Report
from tests.browser.moments import NOW, Moments
from tests.browser.site import DESKTOP, PHONE, Site, make_app, serve, sign_in, visitor
from tests.builders import PASSWORD, Builder
from tests.crawl import WAYS_BACK, Visited, Walk, choose, enter, get_endpoints, walk

VISITOR = "visitor"
PEOPLE = {VISITOR: ""} | {one.role.value: one.username for one in reversed(DEMO_ACCOUNTS)}
FILES = {
    "accounts.accounts_template",
    "appeals.letter",
    "appeals.open_file",
    "appeals.receipt",
    "boards.board_data",
    "boards.ceremony_paper",
    "boards.ceremony_workbook",
    "certificates.download",
    "certificates.sample",
    "contests.download_cis",
    "contests.download_json",
    "contests.download_scheme",
    "contests.download_template",
    "control.changes",
    "control.show_evidence",
    "deliveries.archive",
    "deliveries.badge",
    "deliveries.contest_archive",
    "deliveries.download",
    "deliveries.fetch",
    "deliveries.fetch_all",
    "deliveries.print_file",
    "designs.download_seal",
    "designs.picture",
    "designs.preview_seal",
    "designs.sample_sheet",
    "designs.version_picture",
    "documents.download_default",
    "documents.download_pdf",
    "documents.download_template",
    "documents.download_word",
    "documents.preview_default",
    "documents.preview_template",
    "contests.download_yaml",
    "entries.import_errors",
    "entries.template",
    "halls.lot_protocol",
    "halls.lot_record",
    "halls.own_pass",
    "halls.print_passes",
    "halls.screen_data",
    "histories.download_template",
    "issuing.export_numbers",
    "issuing.sample",
    "issuing.show_progress",
    "judges.export_judges",
    "judges.judges_template",
    "judging.download_receipt",
    "judging.list_kept",
    "judging.queue_key",
    "judging.worker",
    "mentorships.agreement_paper",
    "mentorships.milestone_file",
    "mentorships.import_template",
    "nominations.download_blank",
    "nominations.download_form",
    "nominations.download_sample",
    "nominations.open_file",
    "nominations.open_sent",
    "nominations.preview_pack",
    "nominations.print_notice",
    "notices.notice_paper",
    "notices.notice_table",
    "notices.open_proof",
    "objections.letter",
    "objections.open_file",
    "objections.own_answer",
    "objections.own_file",
    "objections.own_receipt",
    "papers.page_image",
    "payouts.order_paper",
    "payouts.recovery_letter",
    "halls.show_evidence",
    "reports.reply_file",
    "results.correction_letters",
    "results.explain_data",
    "selections.all_feed",
    "selections.quota_template",
    "selections.round_feed",
    "selection_holders.import_template",
    "selection_applications.open_file",
    "selection_applications.print_paper",
    "selection_checks.import_template",
    "selection_checks.letter_paper",
    "selection_checks.open_file",
    "selection_checks.ranking_paper",
    "selection_checks.ranking_table",
    "signoffs.check_letter",
    "statements.badge",
    "statements.checker_file",
    "statements.issuer",
    "statements.key_set",
    "statements.keys_file",
    "statements.status_list",
    "provincial.download_blank",
    "provincial.download_contacts",
    "provincial.download_form",
    "provincial.download_layout",
    "provincial.download_template",
    "provincial.open_file",
    "provincial.print_passes",
    "provincial.results_file",
    "provincial.results_template",
    "workshops.download_template",
    "workshops.open_file",
}
# Their addresses are handed out, or stand on paper: a test below looks at them.
BY_ADDRESS = {
    "accounts.activate",
    "certificates.check",
    "deliveries.enter",
    "honours.list_own",
    "objections.follow",
    "payouts.enter_employer_account",
    "selection_applications.submit",
}
# Pages whose form is sent empty: they come back with what is wrong.
FORMS = (
    (VISITOR, "accounts.sign_in"),
    ("organizer", "accounts.change_password"),
    ("organizer", "accounts.import_accounts"),
    ("organizer", "accounts.new_account"),
    ("organizer", "contests.add_events"),
    ("organizer", "contests.new_contest"),
    ("organizer", "contests.new_criterion"),
    ("organizer", "contests.new_event"),
    ("organizer", "contests.upload_scheme"),
    ("organizer", "entries.import_entries"),
    ("organizer", "entries.review"),
    ("organizer", "contests.edit_day"),
    ("organizer", "halls.edit_hall"),
    ("organizer", "judging.replace"),
    ("organizer", "people.new_employer"),
    ("employer", "entries.enter"),
    ("chief_judge", "judging.end_early"),
    ("chief_judge", "judging.reopen"),
    ("chief_judge", "judging.reopen_sheet"),
    ("judge", "judging.sign_sheet"),
    ("bureau_staff", "notices.new_notice"),
    ("bureau_staff", "notices.record_proof"),
)
SEND = """address => {
    const form = [...document.querySelectorAll('main form[method=post]')].pop();
    form.querySelectorAll('input:not([type=hidden]), textarea').forEach(one => {
        one.value = '';
        one.checked = false;
    });
    if (address) { form.action = address; }
    form.submit();
}"""

FEW_FILES = 4  # of each kind somebody fetches so many: papers are slow to make
LEAFING = re.compile(r"[?&](sort|dir|per_page|page)=")

Opened = Callable[[str], AbstractContextManager[Page]]


def walk_as(site: Site, name: str, password: str, *more: str) -> Walk:
    """Follow the links as somebody, but for those that only sort and leaf through a list."""
    client, starts = site.app.test_client(), ["/"]
    if name:
        enter(client, name, password)
        starts = ["/desk", *more]
    return walk(
        site.app, client, starts, files=FEW_FILES, is_wanted=lambda url: not LEAFING.search(url)
    )


@pytest.fixture(scope="module")
def walks(demo_site: Site, moments: Moments) -> dict[str, Walk]:
    """What each person finds by following links."""
    more = {"organizer": [f"/imports/{moments.import_id}"]}
    return {
        who: walk_as(demo_site, name, DEMO_PASSWORD, *more.get(who, ()))
        for who, name in PEOPLE.items()
    }


@pytest.fixture(scope="module")
def chosen(walks: dict[str, Walk]) -> dict[str, list[Visited]]:
    """Which of these pages are looked at."""
    return choose(walks)


@pytest.fixture
def opened(chromium: Browser, demo_site: Site) -> Opened:
    """Open the browser of somebody."""

    @contextmanager
    def open_page(who: str = VISITOR) -> Iterator[Page]:
        context = visitor(chromium, demo_site)
        name = PEOPLE[who]
        yield sign_in(context, name, DEMO_PASSWORD) if name else context.new_page()
        context.close()

    return open_page


@pytest.fixture
def report() -> Iterator[Report]:
    """What is found; the test fails when there is anything."""
    found = Report()
    yield found
    if found.places:
        pytest.fail(f"\n{found}", pytrace=False)


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_of_a_person(
    who: str, opened: Opened, chosen: dict[str, list[Visited]], report: Report
) -> None:
    with opened(who) as page:
        looker = Looker(page, report)
        for visited in chosen[who]:
            looker.visit(visited.url, f"{who} {visited.endpoint}")


def test_no_link_leads_to_an_error(walks: dict[str, Walk]) -> None:
    broken = [
        (who, page.url, page.status)
        for who, found in walks.items()
        for page in found
        if page.status >= 400
    ]
    assert broken == []


def test_no_page_is_missed(demo_site: Site, walks: dict[str, Walk]) -> None:
    looked_at = {endpoint for found in walks.values() for endpoint in found.fullest()}
    missed = get_endpoints(demo_site.app) - looked_at
    listed = FILES | WAYS_BACK | BY_ADDRESS
    assert (sorted(missed - listed), sorted(listed - missed)) == ([], [])


def test_pages_without_a_link(opened: Opened, moments: Moments, report: Report) -> None:
    with opened(VISITOR) as page:
        looker = Looker(page, report)
        looker.visit(f"/activate/{moments.token}", "activation")
        with page.expect_navigation():
            page.evaluate(SEND, "")
        looker.examine("activation, refused")
        looker.visit("/activate/used-or-wrong", "used link", 404)
        looker.visit(f"/verify/{moments.check_code}", "certificate found")
        looker.visit("/verify/AAAABBBBCCCCDDDD", "certificate not found", 404)
        looker.visit(f"/objections/{moments.objection}", "objection followed")
        looker.visit("/nowhere", "visitor 404", 404)
    with opened("payer") as page:
        Looker(page, report).visit(moments.employer_account, "account of an employer")
    with opened("judge") as page:
        looker = Looker(page, report)
        looker.visit("/accounts", "judge 403", 403)
        looker.visit("/contests/1", "judge 403", 403)
        looker.visit("/sheets/999999", "judge 404", 404)


def test_refused_forms(opened: Opened, walks: dict[str, Walk], report: Report) -> None:
    for who in dict.fromkeys(who for who, _ in FORMS):
        with opened(who) as page:
            looker = Looker(page, report)
            for endpoint in (endpoint for one, endpoint in FORMS if one == who):
                url, address = where_form_is(walks[who], endpoint)
                page.goto(url)
                with page.expect_navigation() as answer:
                    page.evaluate(SEND, address)
                assert answer.value.status == 422, endpoint
                looker.examine(f"{who} {endpoint}, refused")


def where_form_is(found: Walk, endpoint: str) -> tuple[str, str]:
    """Return the address of a page with a form, and where the form is sent if not there."""
    if endpoint == "judging.sign_sheet":
        sheet = max(found.pages["judging.show_sheet"], key=lambda page: len(page.parts))
        return sheet.url, f"{sheet.url}/sign"
    return found.fullest()[endpoint].url, ""


def test_pages_that_are_answers(opened: Opened, report: Report) -> None:
    """The preview of a spreadsheet, with and without errors, and the links shown once."""
    row = {"username": "judge.new", "title": "赵新", "role": "裁判员"}
    with opened("organizer") as page:
        looker = Looker(page, report)
        for rows in ([row | {"role": "无此角色"}], [row]):
            page.goto("/accounts/import")
            file = write_table(COLUMNS, rows, "账号")
            page.set_input_files(
                "[name=file]", {"name": "账号.xlsx", "mimeType": "", "buffer": file}
            )
            press(page)
            looker.examine(f"preview of accounts, {rows[0]['role']}")
        press(page)
        assert "/activate/" in page.content()
        looker.examine("links shown once")


def press(page: Page) -> None:
    """Press the main button of a page."""
    with page.expect_navigation():
        page.locator("main form .button-row button[type=submit]").last.click()


def test_what_opens_on_a_page(opened: Opened, walks: dict[str, Walk], report: Report) -> None:
    """The menu of a phone, the box of the account, a question before an act."""
    with opened("organizer") as page:
        looker = Looker(page, report)
        page.set_viewport_size(PHONE)
        page.click("[aria-controls=site-menu]")
        looker.look(PHONE, "menu of a phone")
        page.keyboard.press("Escape")
        page.click("details.account summary")
        looker.look(PHONE, "box of the account")
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            page.goto(walks["organizer"].fullest()["entries.show_entry"].url)
            page.click("[aria-haspopup=dialog]")
            looker.look(size, "question before an act")


def test_pages_in_english(
    demo_site: Site, opened: Opened, chosen: dict[str, list[Visited]], report: Report
) -> None:
    """Longer words must not break a phone's page; one person for each page will do."""
    seen: set[str] = set()
    for who, pages in chosen.items():
        with opened(who) as page:
            looker = Looker(page, report, "en")
            page.set_viewport_size(PHONE)
            page.context.add_cookies([{"name": "language", "value": "en", "url": demo_site.url}])
            for visited in (one for one in pages if one.endpoint not in seen):
                seen.add(visited.endpoint)
                looker.glance(visited.url, f"{who} {visited.endpoint} in English")


def test_a_new_office_without_anything(
    chromium: Browser, walks: dict[str, Walk], tmp_path: Path, report: Report
) -> None:
    """Every list is empty and says what to do next; what a full office shows too was seen."""
    with serve(make_app(tmp_path)) as site:
        site.clock.now = NOW
        with site.app.app_context():
            build = Builder()
            employer, person = build.employer().id, build.person().id
            more = {
                Role.EMPLOYER: {"employer_id": employer},
                Role.CONTESTANT: {"person_id": person},
            }
            names = {
                role.value: build.account(role, **more.get(role, {})).username for role in Role
            }
            names["nobody yet"] = build.account(Role.CONTESTANT).username
        found = {who: walk_as(site, name, PASSWORD) for who, name in names.items()}
        pages = choose(found, known=walks.values())
        assert sum(map(len, pages.values())) > 50
        for who, visited in pages.items():
            if not visited:
                continue
            context = visitor(chromium, site)
            page = sign_in(context, names[who], PASSWORD)
            page.set_viewport_size(PHONE)
            looker = Looker(page, report)
            for one in visited:
                looker.glance(one.url, f"{who} {one.endpoint}, nothing there")
                looker.look(PHONE, f"{who} {one.endpoint}, nothing there")
            context.close()


PLANTED = """() => {
    const add = html => document.querySelector('main').insertAdjacentHTML('beforeend', html);
    add('<img src="/static/logo.svg"><p id="pale">看不清的字</p><p>Not translated at all</p>');
    add('<div id="wide">宽</div>');
    document.querySelector('#pale').style.color = '#888';
    document.querySelector('#wide').style.width = '400px';
    document.querySelector('#wide').setAttribute('onclick', 'alert(1)');
    console.error('planted');
}"""


def test_what_is_planted_is_found(opened: Opened) -> None:
    """The checks above can fail."""
    found = Report()
    with opened(VISITOR) as page:
        looker = Looker(page, found)
        page.goto("/sign-in")
        page.evaluate(PLANTED)
        looker.examine("planted")
        looker.visit("/nowhere", "planted", 200)
    told = str(found)
    for problem in (
        "image-alt",
        "color-contrast",
        "not translated: Not translated at all",
        "scrolls sideways at 360 px",
        "console: planted",
        "Content Security Policy",
        "answer 404, not 200",
    ):
        assert problem in told, problem
