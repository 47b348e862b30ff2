"""The payment order as a document: approved orders, amounts in capitals, holds, no accounts."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from models.database import db
from models.documents import Document
from models.payouts import BankAccount
from rules.documents import DocumentKind
from services import documents_making, payouts
from tests.builders import Builder, sign_in
from tests.payout_story import PayoutStory, lines_of
from tests.results_story import AFTER
from tests.services.test_documents_making import in_order, kept, made, pdf_text, refused, word_text
from tests.services.test_payouts import FIRST, SECOND, contested, plan

KIND = DocumentKind.PAYMENTS


@pytest.fixture
def story(build: Builder) -> PayoutStory:
    """A final event with three winners who have accounts."""
    found = PayoutStory(build, plan=plan(FIRST, SECOND))
    found.bank(*found.field(["95", "85", "75"]))
    found.final()
    return found


def order_of(story: PayoutStory, folder: Path) -> Document:
    return made(story, KIND, folder, by=story.payer, title="奖金发放单")


def test_an_order_is_printed_once_it_is_approved(story: PayoutStory, tmp_path: Path) -> None:
    assert "No payment order is approved" in refused(story, KIND, tmp_path)
    key = story.submitted()
    assert "No payment order is approved" in refused(story, KIND, tmp_path)
    payouts.approve(story.approver, key)
    found = order_of(story, tmp_path)
    names = [line.payee for line in lines_of(key)]
    assert [one["name"] for one in found.facts["lines"]] == names
    assert [one["net"] for one in found.facts["lines"]] == ["8,000.00", "4,000.00", "4,000.00"]
    assert (found.facts["gross"], found.facts["tax"]) == ("20,000.00", "4,000.00")
    capitals = found.facts["net_capitals"]
    assert capitals == "壹万陆仟元整"
    wanted = [text for one in found.facts["lines"] for text in (one["name"], one["net"])]
    wanted += ["16,000.00", capitals]
    assert in_order(word_text(documents_making.word_of(found, tmp_path)), wanted)
    before = kept(tmp_path)
    assert in_order(pdf_text(documents_making.pdf_of(found, tmp_path)), wanted)
    assert kept(tmp_path) == before  # amounts and names together are not kept in the clear


def test_who_is_held_back_is_not_in_it_and_not_in_its_sums(
    story: PayoutStory, tmp_path: Path
) -> None:
    key = story.submitted()
    contested(story, 1)
    payouts.approve(story.approver, key)
    found = order_of(story, tmp_path)
    held = lines_of(key)[1].payee
    assert held not in [one["name"] for one in found.facts["lines"]]
    assert [one[0] for one in found.left_out] == [held] and found.left_out[0][2] == "appeal"
    assert (found.facts["people"], found.facts["net"]) == ("2", "12,000.00")


def test_no_account_number_stands_in_it(story: PayoutStory, tmp_path: Path) -> None:
    story.approved()
    found = order_of(story, tmp_path)
    said = json.dumps(found.facts) + word_text(documents_making.word_of(found, tmp_path))
    numbers = [one.number for one in db.session.query(BankAccount)]
    assert numbers and not [one for one in numbers if one and one[-6:] in said]


def test_payers_see_and_make_payment_orders_and_nothing_else(
    client: FlaskClient, clock: object, story: PayoutStory, tmp_path: Path
) -> None:
    order = story.approved()
    clock.now = AFTER  # type: ignore[attr-defined]
    folder = client.application.config["SETTINGS"].files_dir
    winners = made(story, DocumentKind.WINNERS, folder).id
    here = f"/contests/{story.contest.id}/documents"
    sign_in(client, story.account("payer"))
    page = client.get(here).text
    assert "奖金发放单" in page and "获奖决定" not in page
    assert client.get(f"/documents/{winners}").status_code == 404
    assert client.get(f"{here}/new/winners").status_code == 403
    form = {"sources": [order], "title": "奖金发放单", "issuers": "局", "dated": "2026-11-22",
            "replaces": "0"}  # fmt: skip
    assert client.post(f"{here}/new/payments", data=form).status_code == 303
    paid = documents_making.list_documents(story.contest.id)[0].id
    bureau = client.application.test_client()
    sign_in(bureau, story.account("bureau_staff"))
    assert bureau.get(f"/documents/{paid}").status_code == 200
    assert bureau.post(f"/documents/{paid}/withdraw", data={"reason": "x"}).status_code == 403
    assert bureau.get(f"{here}/new/payments").status_code == 403
    organizer = client.application.test_client()
    sign_in(organizer, story.account("organizer"))
    assert organizer.get(f"/documents/{paid}/word").status_code == 404
