"""The page of results, the explanation, and who may compute and sign."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient

from models.database import db
from models.entries import Entry
from rules.access import Role
from rules.plans import default_event_plan
from rules.ranking import EntryStatus
from rules.states import EventState
from services import accounts, results, results_decisions
from services.results_decisions import Ruling
from tests.builders import Builder, sign_in
from tests.results_story import Story, followed


def test_an_organizer_computes_and_a_supervisor_signs(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    entry = story.field(["90", "80"])[0]
    page = f"/events/{story.event.id}/results"
    sign_in(client, story.account("organizer"))
    assert "计算成绩" in client.get(page).text
    assert client.post(f"{page}/compute").headers["Location"] == page
    text = client.get(page).text
    assert entry.title in text and "一等奖" in text and "签署成绩" not in text
    client.post("/sign-out")
    sign_in(client, story.account("supervisor"))
    revision_id = _newest(client, page)
    assert "签署成绩" in client.get(page).text
    assert client.post(f"/revisions/{revision_id}/sign").status_code == 303
    assert "已签署" in client.get(f"/revisions/{revision_id}").text


def _newest(client: FlaskClient, page: str) -> int:
    text = client.get(page).text
    return int(text.split("/revisions/")[1].split("/")[0])


def test_incomplete_marks_are_listed_under_the_refusal(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    half = story.entry("80")
    sign_in(client, story.account("organizer"))
    reply = client.post(f"/events/{story.event.id}/results/compute")
    assert reply.status_code == 422
    assert half.code is not None and half.code in reply.text and half.title not in reply.text


def test_who_may_not_compute_or_sign_is_refused(client: FlaskClient, build: Builder) -> None:
    story, other = Story(build), Story(build)
    story.field(["80"])
    revision_id = story.computed()
    sign_in(client, story.account("supervisor"))
    assert client.post(f"/events/{story.event.id}/results/compute").status_code == 403
    assert client.get(f"/events/{other.event.id}/results").status_code == 404
    client.post("/sign-out")
    sign_in(client, story.account("organizer"))
    assert client.post(f"/revisions/{revision_id}/sign").status_code == 403


def test_an_account_that_computed_gets_the_reason(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    both = build.account("administrator")
    for role in ("organizer", "supervisor"):
        accounts.add_grant(both, Role(role), story.contest.id, None)
    db.session.commit()
    results.compute(build.actor(both), story.event.id)
    sign_in(client, both)
    page = f"/events/{story.event.id}/results"
    reply = followed(client, f"/revisions/{_newest(client, page)}/sign")
    assert "计算成绩的人员不得签字" in reply.text


def test_the_list_has_pages_filters_and_a_version_for_paper(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build)
    story.field(str(40 + n % 60) for n in range(52))
    absent = story.absent(EntryStatus.VIOLATION)
    story.field(["70"], division=1)
    story.computed()
    sign_in(client, story.account("chief_judge"))
    page = f"/events/{story.event.id}/results"
    first = client.get(page).text
    assert absent.title not in first and "学生组" in first
    assert absent.title in client.get(f"{page}?page=2").text
    assert absent.title in client.get(f"{page}?status=violation").text
    tab = f"?division={story.event.divisions[0].id}"
    assert "显示全部" not in client.get(page + tab).text  # a tab is a place, not a filter
    assert f'{tab}">显示全部' in client.get(f"{page}{tab}&status=violation").text
    paper = client.get(f"{page}?all=1").text
    assert absent.title in paper and "signature-line" in paper
    assert "没有符合条件的成绩" in client.get(f"{page}?q=%25").text
    assert client.get(f"{page}?division=x&status=x&sort=x&page=x").status_code == 200


def test_the_page_takes_the_same_statements_for_one_and_many(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counts = []
    sign_in(client, build.account("bureau_staff"))
    for totals in (["80"], ["90", "80", "70"]):
        story = Story(build)
        story.field(totals)
        story.computed()
        page = f"/events/{story.event.id}/results"
        with statements() as seen:
            assert client.get(page).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_an_explanation_shows_every_step(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    better, weaker = story.entry("70", "85"), story.entry("90", "80")
    absent = story.absent()
    revision_id = story.computed()
    sign_in(client, story.account("supervisor"))
    text = client.get(f"/revisions/{revision_id}/entries/{better.id}").text
    for word in ("82.00", "操作技能", "一等奖", "10,000", "技能之星", "三级"):
        assert word in text, word
    assert client.get(f"/revisions/{revision_id}/entries/{weaker.id}").status_code == 200
    assert "无名次" in client.get(f"/revisions/{revision_id}/entries/{absent.id}").text
    foreign = build.entry(story.event)
    assert client.get(f"/revisions/{revision_id}/entries/{foreign.id}").status_code == 404


def test_before_the_confirmation_the_page_says_what_is_missing(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build)
    story.event.state = EventState.SCORING
    sign_in(client, story.account("organizer"))
    text = client.get(f"/events/{story.event.id}/results").text
    assert "裁判长确认评分后即可计算成绩" in text
    assert client.post(f"/events/{story.event.id}/results/compute").status_code == 422


def test_too_small_a_field_is_said_on_the_page(client: FlaskClient, build: Builder) -> None:
    plan = default_event_plan().model_copy(update={"minimum_entrants": 5})
    story = Story(build, plan=plan)
    story.field(["80"])
    story.computed()
    sign_in(client, story.account("organizer"))
    assert "参赛人数不足" in client.get(f"/events/{story.event.id}/results").text


def test_an_explanation_is_given_as_data_and_for_paper(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    entry = story.entry("80", "90")
    revision_id = story.computed()
    sign_in(client, story.account("organizer"))
    page = client.get(f"/revisions/{revision_id}/entries/{entry.id}")
    assert page.status_code == 200 and "data-print" in page.text
    assert "80 × 20 %" in page.text and "90 × 80 %" in page.text
    data = client.get(f"/revisions/{revision_id}/entries/{entry.id}/chain.json")
    assert data.headers["Content-Disposition"].startswith("attachment")
    told = data.get_json()
    assert told["work_code"] == entry.code
    assert entry.title not in data.text
    kinds = [step["step"] for step in told["steps"]]
    assert kinds[0] == "mark" and kinds[-1] == "amount"
    assert {"step": "total", "value": "88"}.items() <= told["steps"][kinds.index("total")].items()


def _undecided(build: Builder) -> tuple[Story, list[Entry]]:
    plan = default_event_plan().model_copy(update={"tie_breaks": (), "ties": "decide"})
    story = Story(build, plan=plan)
    return story, story.field(["80", "80", "70"])


def test_a_chief_judge_decides_between_equal_entries_by_code(
    client: FlaskClient, build: Builder
) -> None:
    story, (first, second, _) = _undecided(build)
    event_id = story.event.id
    sign_in(client, story.account("organizer"))
    blocked = client.post(f"/events/{event_id}/results/compute")
    assert blocked.status_code == 422 and str(first.code) in blocked.text
    assert client.get(f"/events/{event_id}/ties").status_code == 403
    client.post("/sign-out")
    sign_in(client, story.account("chief_judge"))
    assert f"/events/{event_id}/ties" in client.get(f"/events/{event_id}/results").text
    page = client.get(f"/events/{event_id}/ties")
    assert str(first.code) in page.text and str(second.code) in page.text
    assert first.title not in page.text and second.title not in page.text
    name = f"tie-{first.code}-{second.code}-"
    wrong = {f"{name}request_key": "k1", f"{name}order-0": str(second.code)}
    refused = client.post(f"/events/{event_id}/ties", data=wrong)
    assert refused.status_code == 422
    assert "每个作品编码须选择且只选一次" in refused.text
    good = wrong | {
        f"{name}order-1": str(first.code),
        f"{name}decided_by": "裁判委员会",
        f"{name}reason": "操作规范更好",
    }
    assert client.post(f"/events/{event_id}/ties", data=good).status_code == 303
    after = client.get(f"/events/{event_id}/ties").text
    assert f"{second.code} › {first.code}" in after and "操作规范更好" in after
    story.computed()
    assert client.post(f"/events/{event_id}/ties", data=good).status_code == 303
    assert "不需要裁定" in client.get(f"/events/{event_id}/ties").text


def test_a_decision_is_withdrawn_with_a_reason(client: FlaskClient, build: Builder) -> None:
    story, (first, second, _) = _undecided(build)
    event_id = story.event.id
    ruling = Ruling("place", "", (second.id, first.id), "Finish", "Jury")
    key = results_decisions.decide_tie(story.actor("chief_judge"), event_id, ruling)
    sign_in(client, story.account("chief_judge"))
    url = f"/events/{event_id}/ties/{key}/withdraw"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"reason": " "}).status_code == 422
    assert client.post(url, data={"reason": "Wrong work"}).status_code == 303
    assert results_decisions.decisions_of(event_id) == []
    assert client.get(f"/events/{event_id}/ties/999999/withdraw").status_code == 404
