"""Pages of editions: list, make, copy, edit, publish."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask.testing import FlaskClient

from models.contests import Contest
from rules.certificate_designs import Design
from rules.certificate_kinds import CertificateKind
from rules.states import ContestState, EntryState, EventState
from services import contests
from tests.builders import Builder, sign_in
from tests.results_story import followed

Statements = Callable[[], AbstractContextManager[list[str]]]
TYPED = {
    "code": "CX2026",
    "title": "2026年慈溪市“技能之星”竞赛（第五届）",
    "year": "２０２６",
    "level": "city",
    "sponsors": "人社局、总工会",
    "entry_opens_on": "2026-09-20",
    "entry_closes_on": "2026-10-10",
    "starts_on": "2026-10-15",
    "ends_on": "2026-10-20",
    "minimum_age": "16",
    "notice_working_days": "5",
    "objection_days": "10",
    "restart_notice": "changed",
    "restart_scope": "whole",
    "count_first_day": "no",
    "appeal_minutes": "120",
    "certificate_prefix": "JN",
}


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


def made(reply_location: str) -> Contest:
    """Return the edition to which a reply leads."""
    return contests.get_contest(int(reply_location.rsplit("/", 1)[1]))


def test_an_empty_list_says_what_to_do(organizer: FlaskClient) -> None:
    page = organizer.get("/contests")
    assert page.status_code == 200 and "/contests/new" in page.text


def test_an_edition_is_made_and_shown(organizer: FlaskClient) -> None:
    reply = organizer.post("/contests/new", data=TYPED)
    assert reply.status_code == 303
    contest = made(reply.headers["Location"])
    assert contest.title == TYPED["title"] and contest.year == 2026
    page = organizer.get(reply.headers["Location"])
    assert contest.title in page.text and "还没有赛项" in page.text


def test_a_refused_form_keeps_all_that_was_typed(organizer: FlaskClient) -> None:
    wrong = TYPED | {"ends_on": "2026-10-01", "tax_exempt": "y", "minimum_age": "十六"}
    reply = organizer.post("/contests/new", data=wrong)
    assert reply.status_code == 422
    assert "十六" in reply.text and "2026-10-01" in reply.text
    reply = organizer.post("/contests/new", data=wrong | {"minimum_age": "16"})
    assert reply.status_code == 422
    assert 'id="ends_on-error"' in reply.text and 'id="tax_basis-error"' in reply.text
    assert contests.list_contests().total == 0


def test_the_same_request_makes_one_edition(organizer: FlaskClient) -> None:
    typed = TYPED | {"request_key": "once-only"}
    first = organizer.post("/contests/new", data=typed).headers["Location"]
    assert organizer.post("/contests/new", data=typed).headers["Location"] == first
    assert contests.list_contests().total == 1


def test_an_edition_is_edited_with_its_version(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    address = f"/contests/{contest.id}/edit"
    typed = TYPED | {"version": str(contest.version)}
    assert organizer.post(address, data=typed).status_code == 303
    stale = organizer.post(address, data=typed | {"sponsors": "别人"})
    assert stale.status_code == 422 and "别人" in stale.text


def test_each_kind_of_paper_has_its_look(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    address = f"/contests/{contest.id}/edit"
    looks = {"kind_designs-judge": "a3_portrait", "kind_designs-plaque": "a3_landscape"}
    typed = TYPED | looks | {"version": str(contest.version)}
    assert organizer.post(address, data=typed).status_code == 303
    rules = contests.rules_of(contests.get_contest(contest.id))
    assert rules.kind_designs == {CertificateKind.JUDGE: Design.A3_PORTRAIT}
    assert rules.design_of(CertificateKind.PLAQUE) is Design.A3_LANDSCAPE
    assert re.search('<option selected value="a3_portrait"', organizer.get(address).text)
    # only honours have a text in English
    refused = organizer.post(address, data=typed | {"kind_designs-judge": "a4_bilingual"})
    assert refused.status_code == 422


def test_a_copy_proposes_the_next_year(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest(year=2024, code="CX2024", title="第五届（2024）")
    build.event(contest)
    page = organizer.get(f"/contests/{contest.id}/copy")
    assert "CX2026" in page.text and "第六届（2026）" in page.text
    typed = {name: TYPED[name] for name in ("code", "title", "year", "starts_on", "ends_on")}
    typed |= {"entry_opens_on": "2026-09-20", "entry_closes_on": "2026-10-10"}
    reply = organizer.post(f"/contests/{contest.id}/copy", data=typed)
    assert reply.status_code == 303
    assert len(made(reply.headers["Location"]).events) == 1
    refused = organizer.post(f"/contests/{contest.id}/copy", data=typed | {"code": "a b"})
    assert refused.status_code == 422


def test_the_overview_names_blockers_and_then_lets_publish(
    organizer: FlaskClient, build: Builder
) -> None:
    contest = build.contest()
    address = f"/contests/{contest.id}"
    publish = f'action="{address}/publish"'
    page = organizer.get(address)
    assert "尚未填写主办单位" in page.text and publish not in page.text
    assert organizer.post(f"{address}/publish").status_code == 303
    assert organizer.get(address).text.count("尚未填写主办单位") == 2
    build.event(contest, EventState.DRAFT, held_on=date(2026, 10, 16), venue="技师学院")
    organizer.post(f"{address}/edit", data=TYPED | {"version": str(contest.version)})
    assert publish in organizer.get(address).text
    organizer.post(f"{address}/publish")
    assert contests.get_contest(contest.id).state is ContestState.PUBLISHED
    page = organizer.get(address)
    assert publish not in page.text and "已发布" in page.text


def test_an_edition_is_archived_from_its_page(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    build.event(contest, EventState.FINAL)
    address = f"/contests/{contest.id}"
    assert f'action="{address}/archive"' in organizer.get(address).text
    organizer.post(f"{address}/archive")
    assert contests.get_contest(contest.id).state is ContestState.ARCHIVED
    assert f'href="{address}/edit"' not in organizer.get(address).text


def test_list_and_overview_cost_the_same_for_one_and_three_rows(
    organizer: FlaskClient, build: Builder, statements: Statements
) -> None:
    contest = build.contest(ContestState.PUBLISHED)

    def cost(address: str) -> int:
        with statements() as seen:
            assert organizer.get(address).status_code == 200
        return len(seen)

    def grow() -> None:
        build.entry(build.event(contest, EventState.REGISTERING), EntryState.SUBMITTED)

    grow()
    addresses = ("/contests", f"/contests/{contest.id}")
    few = [cost(address) for address in addresses]
    for _ in range(2):
        build.contest()
        grow()
    assert [cost(address) for address in addresses] == few
    assert max(few) <= 20


def test_a_scoped_organizer_sees_only_his_editions(client: FlaskClient, build: Builder) -> None:
    mine, other = build.contest(title="我的"), build.contest(title="别人的")
    sign_in(client, build.account("organizer", contest_id=mine.id))
    page = client.get("/contests").text
    assert mine.title in page and other.title not in page
    assert client.get(f"/contests/{other.id}").status_code == 404
    assert client.post(f"/contests/{other.id}/publish").status_code == 404


def test_a_chief_judge_of_one_event_finds_it(client: FlaskClient, build: Builder) -> None:
    event = build.event(state=EventState.SCORING)
    sign_in(client, build.account("chief_judge", event.contest_id, event.id))
    assert f"/events/{event.id}" in client.get("/contests").text
    assert client.get(f"/events/{event.id}").status_code == 200
    assert client.get(f"/events/{event.id}/plan").status_code == 403


def test_filters_find_nothing_politely(organizer: FlaskClient, build: Builder) -> None:
    build.contest()
    for query in ("q=zzz", "state=archived", "state=nix&sort=nix&page=99&per_page=1"):
        assert organizer.get(f"/contests?{query}").status_code == 200
    assert "没有符合条件的竞赛" in organizer.get("/contests?q=zzz").text


def test_a_draft_is_deleted_after_a_question(client: FlaskClient, build: Builder) -> None:
    contest, published = build.contest(), build.contest(ContestState.PUBLISHED)
    build.event(contest)
    sign_in(client, build.account("organizer", contest.id))
    address, title = f"/contests/{contest.id}", contest.title
    page = client.get(address).text
    assert f'action="{address}/remove"' in page and "其中 1 个赛项" in page
    reply = followed(client, f"{address}/remove")
    assert reply.status_code == 200 and f"“{title}”已删除" in reply.text
    assert client.get(address).status_code in (403, 404)
    client.post("/sign-out")
    sign_in(client, build.account("organizer"))
    address = f"/contests/{published.id}"
    assert f'action="{address}/remove"' not in client.get(address).text
    refused = followed(client, f"{address}/remove")
    assert "已发布的竞赛不能删除" in refused.text
