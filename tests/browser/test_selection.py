"""The round of 上林名匠 from an application to the certificate, by everybody in Chromium."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, Page

from rules.access import Role
from rules.selection_programme_parts import BUREAU_STEP, EMPLOYER_STEP
from rules.selection_rounds import Review
from services.acting import Actor
from services.demo_payouts import answer_all, enter_accounts
from services.payouts_dues import read_dues
from tests.browser.acting import Cast, confirm, follow, number_in, press, rename, submit
from tests.browser.site import Site
from tests.builders import Builder
from tests.pdf_checks import text_of
from tests.selection_rows import is_given
from tests.selection_story import at
from tests.selection_whole import DOCUMENT, WholeRound

TABLET = {"width": 820, "height": 1180}
SAVED = '[data-save-state][data-state="saved"]'


class Office:
    """A published round with two applications that are checked, and one still to be written."""

    def __init__(self, site: Site) -> None:
        self.site, build = site, Builder()
        self.story = story = WholeRound(build, "SLMJ")
        tiers = tuple(
            one.model_copy(update={"places": 1 if one.key != "craftsman" else 0})
            for one in story.shipped.rules.tiers
        )
        sheet = story.shipped.rules.review.sheet
        review = Review(reviewers=3, reserves=0, drop_high=0, drop_low=0, sheet=sheet)
        self.round_id = story.called(
            tiers=tiers, places=2, review=review, opinions=(), chain=(EMPLOYER_STEP, BUREAU_STEP)
        )
        self.writer = story.works("王金匠", born=1979)
        others = [story.works("李银匠", born=1991), story.works("赵落选", born=1978)]
        for one in (self.writer, *others):
            is_given(build, one.person)
        for one in others:
            story.applies(one)
        story.checked(*others)
        unit = story.unit_account(self.writer)
        person = build.account(Role.CONTESTANT, person_id=self.writer.person.id)
        payer, approver = build.account(Role.PAYER), build.account(Role.APPROVER)
        self.payer_id, self.contest_id = payer.id, 0
        self.reviewers = ("reviewer1", "reviewer2", "reviewer3")
        named = {
            "official1": story.one, "official2": story.other, "unit": unit, "wang": person,
            "payer": payer, "approver": approver,
        }  # fmt: skip
        for name, account in named.items():
            rename(build, account, name)
        for name in self.reviewers:
            rename(build, build.account(Role.REVIEWER, title=name), name)
        self.start, self.deadline, self.sheet = story.start, story.deadline, sheet

    def now(self, day: date, hour: int = 10) -> None:
        """Let the clock of the site stand at an hour of a day."""
        self.site.clock.now = at(day, hour)


@pytest.fixture
def office(empty_site: Site) -> Office:
    """The round as it stands when the browsers open."""
    with empty_site.app.app_context():
        return Office(empty_site)


def paper(pages: int) -> bytes:
    """A PDF with so many pages."""
    document, data = pikepdf.new(), BytesIO()
    for _ in range(pages):
        document.add_blank_page()
    document.save(data)
    return data.getvalue()


def attach(page: Page, path: str, data: bytes) -> None:
    """Choose a PDF in the form that goes to a path, and send it."""
    form = page.locator(f'form[action$="{path}"]', has=page.locator("input[type=file]"))
    form.locator("input[type=file]").set_input_files(
        {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": data}
    )
    with page.expect_navigation():
        form.locator("button[type=submit]").click()


def write_application(page: Page, office: Office) -> None:
    """Fill the form in; it saves as one types, says what is missing, and takes PDFs."""
    page.goto(f"/selections/{office.round_id}")
    page.goto(f"/selections/{office.round_id}/apply")
    submit(page)
    page.select_option("[name=post]", "technician")
    page.locator(".clause-missing, .clause-unknown").first.wait_for()
    for name, value in {
        "occupation": "模具工", "trade_since": "2004-07-01", "local_since": "2010-03-01",
        "retires_on": "2042-01-31", "answer_skill": "精密模具装配与调试",
        "answer_deeds": "主持技术攻关12项，解决注塑模具变形难题。",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    for name, value in {"tier": "gold", "unit_kind": "company", "answer_lawful": "yes"}.items():
        page.select_option(f"[name={name}]", value)
    page.locator("[name=occupation]").blur()
    page.locator(SAVED).wait_for()
    page.reload()
    assert page.input_value("[name=occupation]") == "模具工"
    press(page, "/submit/begin")
    assert page.locator("main form .button-row button[type=submit]").count() == 0
    assert "推荐表" in page.locator("main").inner_text()
    page.goto(page.url.replace("/submit", "/edit"))
    attach(page, "/files/recommendation", b"MZ no pdf at all")
    assert page.locator("#file-recommendation-error").inner_text().strip()
    assert page.input_value("[name=answer_skill]") == "精密模具装配与调试"
    page.goto(page.url.split("/files")[0] + "/edit")
    attach(page, "/files/recommendation", paper(1))
    attach(page, "/files/proofs", paper(3))
    press(page, "/submit/begin")
    submit(page)
    assert "所在单位" in page.locator("main").inner_text()


def endorse(page: Page, office: Office) -> None:
    """The employer ranks, proves its notice with a file, and passes the application on."""
    page.goto("/selection-checks")
    follow(page, "/selection-checks/")
    page.goto(f"/selection-checks/rounds/{office.round_id}/ranks/employer")
    page.locator("input[name^=rank-]").fill("1")
    with page.expect_navigation():
        page.locator("main form .button-row button[type=submit]").click()
    page.locator("tbody th a").first.click()
    page.wait_for_load_state()
    page.fill("[name=starts_on]", (office.start + timedelta(days=4)).isoformat())
    page.fill("[name=ends_on]", (office.start + timedelta(days=14)).isoformat())
    with page.expect_navigation():
        page.locator('form[action$="/notice"] button[type=submit]').click()
    attach(page, "/files", paper(2))
    pass_on(page)


def pass_on(page: Page) -> None:
    """Tick the whole checklist and pass the application on."""
    for box in page.locator("input[name=items]").all():
        box.check()
    with page.expect_navigation():
        page.locator('button[name=act][value="pass"]').click()
    assert page.locator("main .error-summary").count() == 0, page.locator("main").inner_text()


def qualify(page: Page) -> None:
    """The bureau finds the application in its queue, and qualifies it."""
    page.goto("/selection-checks")
    with page.expect_navigation():
        page.get_by_role("link", name="王金匠").first.click()
    pass_on(page)


def draw(page: Page, office: Office) -> None:
    """Draw three reviewers, and begin the review."""
    page.goto(f"/selection-reviews/{office.round_id}")
    page.fill("[name=seed]", "2026 04 15")
    with page.expect_navigation():
        page.locator('form[action$="/draw"] .button-row button').click()
    with page.expect_navigation():
        page.locator('form[action$="/start"] .button-row button').click()


def review(page: Page, office: Office, marks: Sequence[int]) -> None:
    """A reviewer on a tablet promises secrecy, marks everybody as he types, and signs."""
    page.set_viewport_size(TABLET)
    page.goto(f"/selection-reviews/{office.round_id}/sheets")
    with page.expect_navigation():
        page.locator('form[action$="/pledge"] .button-row button').click()
    sheets = page.locator("tbody th a")
    for number, percent in enumerate(marks):
        with page.expect_navigation():
            sheets.nth(number).click()
        for item in office.sheet:
            page.fill(f"[name=mark_{item.key}]", str(round(item.maximum * percent / 50) / 2))
        page.locator("[data-saved]", has_text="已保存").wait_for()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= TABLET["width"]
        page.goto(f"/selection-reviews/{office.round_id}/sheets")
    press(page, "/sign")


def meet_and_propose(first: Page, second: Page, office: Office) -> None:
    """Minutes and proposal by one official, confirmed and approved by another."""
    first.goto(f"/selection-reviews/{office.round_id}/meetings/new")
    for name, value in {
        "title": "上林名匠评审委员会会议",
        "held_on": (office.deadline + timedelta(days=9)).isoformat(),
        "place": "三楼会议室", "chair": "张主任", "members": "9", "present": "8",
        "people": "委员8人", "minutes": "听取评审情况汇报，审议并通过拟入选人员名单。",
    }.items():  # fmt: skip
        first.fill(f"[name={name}]", value)
    submit(first)
    second.goto(first.url)
    press(second, "/confirm")
    first.goto(f"/selection-reviews/{office.round_id}")
    with first.expect_navigation():
        first.locator('form[action$="/propose"] .button-row button').click()
    text = first.locator("main").inner_text()
    assert "王金匠" in text and "上林金匠" in text
    second.goto(first.url)
    second.locator("[name=meeting_id]").select_option(index=1)
    with second.expect_navigation():
        second.locator('form[action$="/approve"] .button-row button').click()
    assert second.locator("main .error-summary").count() == 0, second.locator("main").inner_text()


def notice_and_objection(cast: Cast, official: Page, office: Office) -> None:
    """The list stands in public; somebody objects, is answered, and the notice ends."""
    with office.site.app.app_context():
        office.contest_id = office.story.contest.id
    official.goto(f"/contests/{office.contest_id}/notices/new")
    official.locator("input[name=revision_ids]").first.check()
    official.fill("[name=contact]", "慈溪市人力资源和社会保障局职业能力建设科 0574-00000000")
    submit(official)
    notice = official.url
    objector = cast.visitor(phone=True)
    objector.goto(notice)
    text = objector.locator("main").inner_text()
    assert "王金匠" in text and "上林金匠" in text and "赵落选" not in text
    assert "专家评审" in text and not any(word in text for word in ("参赛", "裁判", "获奖"))
    objector.goto(f"{notice}/objections/new")
    option = objector.locator("[name=entry_id] option", has_text="王金匠").first
    objector.select_option("[name=entry_id]", option.get_attribute("value"))
    objector.fill("[name=facts]", "该同志申报的技术攻关由班组共同完成，请核实。")
    objector.fill("[name=name]", "王建国")
    objector.fill("[name=contact]", "13800001111")
    submit(objector)
    answers = objector.url
    official.goto(f"{notice}/objections")
    follow(official, "/objections/handling/")
    press(official, "/take")
    official.check("input[name=finding][value=not_upheld]")
    official.fill(
        "form[action$='/answer'] [name=text]", "经核实，攻关项目由本人主持，维持公示结果。"
    )
    with official.expect_navigation():
        official.locator("form[action$='/answer'] button[type=submit]").click()
    objector.goto(answers)
    assert "异议不成立" in objector.locator("main").inner_text()
    office.now(office.deadline + timedelta(days=24))
    official.goto(notice)
    press(official, "/close")


def decide(official: Page, office: Office) -> None:
    """The decision is recorded; the public page of the round says who was chosen."""
    official.goto(f"/selection-rounds/{office.round_id}/decision")
    official.fill("[name=document]", DOCUMENT)
    official.fill("[name=decided_on]", (office.deadline + timedelta(days=24)).isoformat())
    submit(official)
    assert DOCUMENT in official.locator("main").inner_text()


def pay(cast: Cast, office: Office) -> None:
    """One person prepares the order, another one approves it, the bank pays."""
    with office.site.app.app_context():
        by = Actor(office.payer_id, office.site.clock.now)
        enter_accounts(by, office.contest_id, read_dues(office.contest_id))
    payer, approver = cast.person("payer"), cast.person("approver")
    payer.goto(f"/contests/{office.contest_id}/payouts/new")
    submit(payer)
    order = payer.url
    press(payer, "/submit")
    approver.goto(order)
    confirm(approver, "/approve", "approve")
    payer.goto(order)
    with payer.expect_download():
        payer.locator("button[name=form][value=xlsx]").click()
    with office.site.app.app_context():
        by = Actor(office.payer_id, office.site.clock.now)
        key = answer_all(by, number_in(payer))
    payer.goto(f"/payout-returns/{key}")
    press(payer, "/confirm")
    payer.goto(order)
    text = payer.locator("main").inner_text()
    assert "王金匠" in text and "16,000" in text


def certify(cast: Cast, official: Page, winner: Page, office: Office) -> None:
    """Certificates are issued; the winner downloads his own, with the title that it confers."""
    official.goto(f"/certificates?contest={office.contest_id}")
    press(official, "/certificates/runs")
    official.check("[name=seen]")
    press(official, "/approve")
    press(official, "/start")
    winner.goto("/certificates")
    with winner.expect_download() as download:
        winner.locator('a[href$="/download"]').first.click()
    pdf = Path(download.value.path()).read_bytes()
    assert "授予“上林金匠”称号" in "".join(text_of(pdf).split())
    winner.goto("/applications")
    assert "上林金匠" in winner.locator("main").inner_text()


def test_a_round_from_the_application_to_the_certificate(chromium: Browser, office: Office) -> None:
    cast = Cast(chromium, office.site)
    office.now(office.start + timedelta(days=3))
    winner = cast.person("wang")
    write_application(winner, office)
    office.now(office.start + timedelta(days=16))
    endorse(cast.person("unit"), office)
    second = cast.person("official2")
    qualify(second)
    office.now(office.deadline + timedelta(days=5))
    first = cast.person("official1")
    draw(first, office)
    # In the order of their numbers: Li, Zhao, Wang.
    for name, marks in zip(
        office.reviewers, ((88, 86, 95), (90, 84, 93), (86, 82, 94)), strict=True
    ):
        review(cast.person(name), office, marks)
    office.now(office.deadline + timedelta(days=10))
    meet_and_propose(first, second, office)
    office.now(office.deadline + timedelta(days=12))
    notice_and_objection(cast, first, office)
    decide(first, office)
    pay(cast, office)
    certify(cast, first, winner, office)
    for context in cast.contexts:
        context.close()
