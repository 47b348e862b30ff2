"""The pages of a round lead to all that its list goes through, and speak of titles."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.selection_checks import SelectionOpinion, SelectionStep
from rules.selection_rounds import Opinion, Step
from rules.selections import ApplicationState, Body
from services import certificates, notices
from tests.builders import Builder, sign_in
from tests.selection_lists import AFTER, NOW, ListStory

Statements = Callable[[], AbstractContextManager[list[str]]]
FOREIGN = ("赛项", "竞赛", "参赛", "荣获", "获奖")


@pytest.fixture
def story(build: Builder, clock: Any) -> ListStory:
    clock.now = NOW
    step = Step(key="bureau", title="资格审查", body=Body.BUREAU)
    made = ListStory(build, chain=(step,), opinions=(Opinion(key="tax", title="税务部门"),))
    made.proposed((made.applied("王金匠"), "gold"), (made.applied("李工匠"), "craftsman"))
    return made


def main_of(text: str) -> str:
    """What a page says itself, without the menu."""
    return text.split("<main", 1)[1].split("</main>", 1)[0]


def test_the_page_of_a_round_leads_on(
    client: FlaskClient, story: ListStory, clock: Any, statements: Statements
) -> None:
    staff = sign_in(client, story.staff_account)
    page, contest = f"/selection-rounds/{story.round.id}", story.contest.id
    text = staff.get(page).text
    assert f"/contests/{contest}/notices/new" in text
    for place in (
        f"/selection-checks?round={story.round.id}",
        f"/selection-checks/rounds/{story.round.id}/opinions",
        f"/selection-reviews/{story.round.id}/meetings",
        f"/selection-reviews/{story.round.id}/ballots",
        f"/contests/{contest}/documents",
    ):
        assert place in text, place
        assert staff.get(place).status_code == 200, place
    # The way back leads to the selections, not to contests.
    papers = main_of(staff.get(f"/contests/{contest}/documents").text)
    assert 'href="/selection-programmes"' in papers and 'href="/contests"' not in papers
    notice = story.noticed()
    text = staff.get(page).text
    assert f"/notices/{notice}" in text and f"/notices/{notice}/objections" in text
    clock.now = AFTER
    notices.close(story.staff(AFTER), notice)
    story.decide()
    with statements() as asked:
        text = staff.get(page).text
    assert len(asked) <= 20
    for place in (
        "/payouts",
        "/certificates?contest=",
        "/selection-holders?programme=",
        "/nominations",
    ):
        assert place in text, place


def test_the_call_links_the_notice_while_it_stands(
    client: FlaskClient, story: ListStory, clock: Any
) -> None:
    page = f"/selections/{story.round.id}"
    assert "/notices/" not in main_of(client.get(page).text)
    notice = story.noticed()
    text = main_of(client.get(page).text)
    assert f"/notices/{notice}" in text and "正在公示" in text
    assert "/selections/titles" in client.get("/selections").text
    clock.now = AFTER
    notices.close(story.staff(AFTER), notice)
    assert "正在公示" not in client.get(page).text


def test_the_board_shows_the_next_dates(client: FlaskClient, story: ListStory) -> None:
    staff, board = sign_in(client, story.staff_account), f"/selection-rounds/{story.round.id}/board"
    own, soon = story.applied(), NOW.date() + timedelta(days=3)
    own.state = ApplicationState.CHECKING
    db.session.add_all([
        SelectionStep(
            application_id=own.id, key="bureau", position=1, due_on=soon, reached_at=NOW
        ),
        SelectionOpinion(
            application_id=own.id, body="tax", asked_on=NOW.date(),
            due_on=soon + timedelta(days=1),
        ),
    ])  # fmt: skip
    db.session.commit()
    ends = notices.get_notice(story.noticed()).ends_on
    text = staff.get(board).text
    for said, day in (
        ("最近审核期限", soon),
        ("最近复函期限", soon + timedelta(days=1)),
        ("公示截止", ends),
    ):
        assert said in text and str(day) in text.split(said, 1)[1][:200], said


def test_pages_of_a_selection_speak_of_titles(
    client: FlaskClient, story: ListStory, build: Builder, clock: Any
) -> None:
    staff = sign_in(client, story.staff_account)
    contest = story.contest.id
    new = main_of(staff.get(f"/contests/{contest}/notices/new").text)
    assert "拟入选人员名单公示" in new and "按称号、排名顺序排列" in new and "裁判" not in new
    notice = story.noticed()
    text = main_of(staff.get(f"/notices/{notice}").text)
    import re

    print([text[m.start() - 60 : m.start() + 60] for m in re.finditer("参赛", text)])
    assert "授予称号" in text and [one for one in FOREIGN if one in text] == []
    clock.now = AFTER
    notices.close(story.staff(AFTER), notice)
    story.decide()
    documents = main_of(staff.get(f"/contests/{contest}/documents").text)
    assert "评选决定" in documents and "获奖决定" not in documents
    new = staff.get(f"/contests/{contest}/documents/new/decision").text
    assert "入选人员名单的决定" in new and "获奖选手" not in new
    result = main_of(client.get(f"/contests/{contest}/results").text)
    assert "评选结果" in result and "上林金匠" in result and "奖项" not in result
    certificates.issue(story.staff(AFTER), contest)
    row = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert row is not None
    typed = {"number": row.number, "name": row.facts["name"]}
    check = main_of(client.post("/verify", data=typed).text)
    assert "上林金匠" in check and "授予称号" in check
    assert [one for one in FOREIGN if one in check] == []
    own = build.account("contestant", person_id=row.person_id)
    winner = sign_in(client, own)
    paper = winner.get(f"/certificates/{row.id}/download")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    assert "上林金匠" in winner.get("/certificates").text
