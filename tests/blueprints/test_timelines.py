"""The pages of timelines: who sees whose, and what is left out for whom."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from models.database import db
from models.people import Person
from rules.states import PayoutLineState
from tests.builders import Builder, sign_in
from tests.payout_story import PayoutStory, lines_of
from tests.results_story import AFTER
from tests.workshop_rows import add_pair, add_workshop

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def paid(build: Builder) -> Person:
    """A winner whose prize was paid."""
    story = PayoutStory(build)
    entry = story.field(["95", "85", "75"])[0]
    story.issued()
    story.bank(entry)
    (line,) = lines_of(story.approved())
    line.state, line.paid_at = PayoutLineState.PAID, AFTER
    db.session.commit()
    found: Person = entry.members[0].person
    return found


@pytest.mark.parametrize(
    ("role", "sees"),
    [("bureau_staff", True), ("payer", True), ("approver", True), ("organizer", False)],
)
def test_payments_are_shown_to_those_entitled(
    client: FlaskClient, build: Builder, paid: Person, role: str, sees: bool
) -> None:
    sign_in(client, build.account(role))
    text = client.get(f"/people/{paid.id}/timeline").text
    assert paid.name in text and "第 1 名" in text
    assert ('class="money"' in text) is sees
    assert ("lane-payment" in text) is sees


def test_one_sees_ones_own_line_with_the_payments(
    client: FlaskClient, build: Builder, paid: Person
) -> None:
    sign_in(client, build.account("contestant", person_id=paid.id))
    text = client.get("/timeline").text
    assert "我的时间轴" in text and 'class="money"' in text
    assert client.get(f"/people/{paid.id}/timeline").status_code == 403


def test_a_contestant_without_a_person_is_told_so(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("contestant"))
    assert "还没有时间轴" in client.get("/timeline").text


def test_nothing_personal_is_on_the_page(client: FlaskClient, build: Builder, paid: Person) -> None:
    sign_in(client, build.account("bureau_staff"))
    text = client.get(f"/people/{paid.id}/timeline").text
    assert paid.id_number not in text and str(paid.phone) not in text
    assert str(paid.birth_date) not in text


def test_the_tree_links_for_the_staff_and_names_for_oneself(
    client: FlaskClient, build: Builder
) -> None:
    mentor, own, learner = (build.person(name=name) for name in ("陈师傅", "王中间", "李徒弟"))
    add_pair(build, mentor, own)
    add_pair(build, own, learner)
    shop = add_workshop(build, own)
    sign_in(client, build.account("bureau_staff"))
    text = client.get(f"/people/{own.id}/timeline").text
    assert text.count(f'href="/people/{learner.id}/timeline"') == 3  # picture, list, table
    assert "<svg" in text and "style=" not in text and "培养中" in text
    assert shop.title in text and f"/directory/{shop.id}" in text
    client.post("/sign-out")
    sign_in(client, build.account("contestant", person_id=own.id))
    text = client.get("/timeline").text
    assert "陈师傅" in text and "李徒弟" in text and "/people/" not in text


def test_a_person_without_anything_has_an_empty_page(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    text = client.get(f"/people/{build.person().id}/timeline").text
    assert "还没有记录" in text and "lifeline" not in text


def test_statements_do_not_grow(
    client: FlaskClient, build: Builder, paid: Person, statements: Statements
) -> None:
    sign_in(client, build.account("bureau_staff"))
    add_pair(build, paid)

    def sent() -> int:
        with statements() as found:
            client.get(f"/people/{paid.id}/timeline")
        return len(found)

    sent()
    few = sent()
    for _ in range(3):
        learner = build.person()
        add_pair(build, paid, learner)
        add_pair(build, learner)
        add_workshop(build, paid)
    assert sent() <= few + 1 <= 20  # one more generation
