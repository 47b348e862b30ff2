"""Pages of notices: for the bureau, and for everybody."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient

from blueprints.web import XLSX
from rules.notice_chains import NoticeLevel
from rules.plans import EditionRules
from rules.states import ContestState
from services import notices
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.results_story import AFTER, TODAY, Story, followed


def _form(revision_id: int, **more: str) -> dict[str, object]:
    data = {
        "revision_ids": str(revision_id),
        "title": "拟获奖名单公示",
        "body": "第一段。\n第二段。",
        "contact": "0574-00000000",
        "starts_on": TODAY.isoformat(),
    }
    return dict(data | more)


def test_the_bureau_posts_and_everybody_reads(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    employer = build.employer()
    person = build.person()
    story.entry("80", "80", person=person, employer_id=employer.id)
    url = f"/contests/{story.contest.id}/notices/new"
    sign_in(client, story.account("bureau_staff"))
    assert "没有待公示的成绩" in client.get(url).text
    revision_id = story.signed()
    page = client.get(url).text
    assert story.event.title in page and "checked" in page
    reply = client.post(url, data=_form(revision_id))
    client.post("/sign-out")
    text = client.get(reply.headers["Location"]).text
    for word in (
        "2026年9月15日",
        "2026年9月22日",
        person.name,
        employer.title,
        "一等奖",
        "第二段。",
    ):
        assert word in text, word
    for secret in (person.id_number, person.id_number[-4:], str(person.phone), "1990"):
        assert secret not in text.split("<main")[1].split("</main>")[0]
    assert "拟获奖名单公示" in client.get("/notices").text
    assert "withdraw" not in text


def test_what_was_typed_stays_when_a_notice_is_refused(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    revision_id = story.signed()
    url = f"/contests/{story.contest.id}/notices/new"
    sign_in(client, story.account("bureau_staff"))
    cases = (
        ({"starts_on": "2026-09-01"}, "不得早于今天"),
        ({"starts_on": "2031-09-01"}, "2031"),
        ({"contact": ""}, "必填"),
        ({"revision_ids": ""}, "赛项"),
    )
    for change, message in cases:
        reply = client.post(url, data=_form(revision_id, body="自己的正文", **change))
        assert reply.status_code == 422
        assert "自己的正文" in reply.text and message in reply.text, change
    assert notices.list_notices(AFTER.date()).total == 0


def test_a_notice_is_closed_after_its_last_day(
    client: FlaskClient, build: Builder, clock: Clock
) -> None:
    story = Story(build)
    story.field(["80"])
    url = f"/notices/{story.posted()}"
    sign_in(client, story.account("bureau_staff"))
    assert f"{url}/close" not in client.get(url).text
    reply = followed(client, f"{url}/close")
    assert "2026-09-22" in reply.text and "次日起方可结束" in reply.text
    results = f"/contests/{story.contest.id}/results"
    assert "暂无正式成绩" in client.get(results).text
    clock.now += timedelta(days=8)
    assert f"{url}/close" in client.get(url).text
    assert "成绩正式生效" in followed(client, f"{url}/close").text
    client.post("/sign-out")
    assert "一等奖" in client.get(results).text
    assert story.contest.title in client.get("/notices").text


def test_a_withdrawal_needs_a_reason_and_takes_the_list_down(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build)
    entry = story.field(["80"])[0]
    url = f"/notices/{story.posted()}"
    sign_in(client, story.account("bureau_staff"))
    refused = client.post(f"{url}/withdraw", data={"reason": " "})
    assert refused.status_code == 422 and "公示未撤回" in refused.text
    assert client.post(f"{url}/withdraw", data={"reason": "名单有误"}).status_code == 303
    text = client.get(url).text
    assert "该公示已撤回" in text and entry.title not in text
    again = client.post(f"{url}/withdraw", data={"reason": "再次"})
    assert again.status_code == 422


def test_only_the_bureau_posts_and_closes(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    notice_id = story.posted()
    sign_in(client, story.account("organizer"))
    assert client.get(f"/contests/{story.contest.id}/notices/new").status_code == 403
    for act in ("close", "withdraw"):
        assert client.post(f"/notices/{notice_id}/{act}").status_code == 403
    client.post("/sign-out")
    sign_in(client, Story(build).account("bureau_staff"))
    assert client.post(f"/notices/{notice_id}/close").status_code == 404


def test_a_notice_of_tomorrow_is_for_the_bureau_alone(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    revision_id = story.signed()
    sign_in(client, story.account("bureau_staff"))
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    reply = client.post(
        f"/contests/{story.contest.id}/notices/new", data=_form(revision_id, starts_on=tomorrow)
    )
    url = reply.headers["Location"]
    assert client.get(url).status_code == 200
    client.post("/sign-out")
    assert client.get(url).status_code == 404


def test_a_draft_contest_has_no_public_results(client: FlaskClient, build: Builder) -> None:
    contest = build.contest(ContestState.DRAFT)
    assert client.get(f"/contests/{contest.id}/results").status_code == 404
    assert client.get("/contests/999999/results").status_code == 404
    assert "暂无公示" in client.get("/notices").text


def test_the_notice_takes_the_same_statements_for_one_and_many(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counts = []
    for totals in (["80"], ["90", "80", "70"]):
        story = Story(build)
        story.field(totals)
        url = f"/notices/{story.posted()}"
        with statements() as seen:
            client.get(url)
            client.get("/notices")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_the_form_shows_the_last_day_and_the_list_before_posting(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build)
    entry = story.field(["80"])[0]
    revision_id = story.signed()
    sign_in(client, story.account("bureau_staff"))
    url = f"/contests/{story.contest.id}/notices/new"
    first = client.get(url).text
    assert "2026年9月22日" in first and entry.title in first
    looked = client.post(
        url, data=_form(revision_id, starts_on="2026-09-16", preview="1", body="", contact="")
    )
    assert looked.status_code == 200 and "2026年9月23日" in looked.text
    assert notices.list_notices(AFTER.date()).total == 0
    beyond = client.post(url, data=_form(revision_id, starts_on="2026-12-30", preview="1"))
    assert "尚不能发布" in beyond.text and "/calendar?year=2026" in beyond.text
    unreadable = client.post(url, data=_form(revision_id, starts_on="nix", preview="1"))
    assert unreadable.status_code == 200 and "预览" in unreadable.text


def test_warnings_are_read_before_a_notice_is_posted(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.entry("80", "80", person=build.person(name="王㛃"))
    revision_id = story.signed()
    sign_in(client, story.account("bureau_staff"))
    url = f"/contests/{story.contest.id}/notices/new"
    typed = _form(revision_id, ordering="strokes")
    refused = client.post(url, data=typed)
    assert refused.status_code == 422
    assert "请先阅读下方预览中的提示" in refused.text and "没有笔画数据：㛃" in refused.text
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', refused.text)
    assert seen is not None and "㛃" in seen[1]
    reply = client.post(url, data=typed | {"seen": unescape(seen[1])})
    assert reply.status_code == 303
    assert "按姓氏笔画排序。" in client.get(reply.headers["Location"]).text


def test_personal_data_are_refused_at_their_fields(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    revision_id = story.signed()
    sign_in(client, story.account("bureau_staff"))
    url = f"/contests/{story.contest.id}/notices/new"
    typed = {"title": "张伟13800001111", "body": "张伟（1990年5月17日）", "contact": "13800001111"}
    reply = client.post(url, data=_form(revision_id, **typed))
    assert reply.status_code == 422
    for field, message in (("title", "手机号码（13***"), ("body", "出生日期（19***")):
        assert message in reply.text.split(f'id="{field}-error"')[1].split("</div>")[0]
    assert 'id="contact-error"' not in reply.text


def test_paper_and_table_are_public_files_to_save(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    entry = story.field(["80"])[0]
    url = f"/notices/{story.posted()}"
    page = client.get(url).text
    for part, kind in (("paper", "application/pdf"), ("table", XLSX)):
        assert f"{url}/{part}" in page
        reply = client.get(f"{url}/{part}")
        assert reply.status_code == 200 and reply.mimetype == kind
        assert reply.headers["Content-Disposition"].startswith("attachment")
        assert client.get(f"/notices/999999/{part}").status_code == 404
    assert entry.title in page


def _chained(build: Builder) -> Story:
    levels = (
        NoticeLevel(code="unit", title="本单位公示", posted="outside", proof="employer"),
        NoticeLevel(code="county", title="县级公示", working_days=3),
        NoticeLevel(code="city", title="市级公示"),
    )
    return Story(build, edition=EditionRules(notice_levels=levels))


def _proof(page: str, revision_id: int, **more: object) -> dict[str, object]:
    place = re.search(r'<option[^>]* value="(employer:[0-9]+)"', page)
    assert place is not None
    typed: dict[str, object] = {
        "place": place[1],
        "revision_ids": str(revision_id),
        "starts_on": "2026-09-01",
        "ends_on": "2026-09-08",
        "file": (io.BytesIO(b"%PDF-1.7 proof"), "单位证明.pdf"),
    }
    return typed | more


def test_the_chain_is_worked_through_on_its_pages(client: FlaskClient, build: Builder) -> None:
    story = _chained(build)
    employer = build.employer()
    story.entry("80", "80", employer_id=employer.id)
    sign_in(client, story.account("bureau_staff"))
    board = f"/contests/{story.contest.id}/notices/chain"
    assert "尚无已签字的成绩" in client.get(board).text
    revision_id = story.signed()
    post = f"/contests/{story.contest.id}/notices/new"
    early = client.get(post).text
    assert "逐级公示" in early and "checked" not in early
    refused = client.post(post, data=_form(revision_id))
    assert refused.status_code == 422 and f"缺少公示证明（{employer.title}）" in refused.text
    page = client.get(board).text
    assert "缺证明" in page and employer.title in page and "应有 1 份证明，尚缺 1 份" in page
    form = f"{board}/unit"
    typed = _proof(client.get(form).text, revision_id)
    short = client.post(form, data=typed | {"ends_on": "2026-09-07"})
    assert short.status_code == 422 and "应公示至 2026-09-08（5 个工作日）" in short.text
    none = client.post(form, data={key: typed[key] for key in typed if key != "file"})
    assert none.status_code == 422
    typed["file"] = (io.BytesIO(b"%PDF-1.7 proof"), "单位证明.pdf")
    assert client.post(form, data=typed).status_code == 303
    page = client.get(board).text
    assert "单位证明.pdf" in page and "已期满" in page
    link = re.search(r'href="(/notice-proofs/[0-9]+)"', page)
    assert link is not None
    reply = client.get(link[1])
    assert reply.data == b"%PDF-1.7 proof"
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert client.post(post, data=_form(revision_id)).status_code == 303
    assert "进行中" in client.get(board).text
    for strange in ("city", "nix"):
        assert client.get(f"{board}/{strange}").status_code == 404
    client.post("/sign-out")
    sign_in(client, story.account("organizer"))
    assert client.get(board).status_code == client.get(link[1]).status_code == 403


def test_closing_a_level_says_that_the_list_goes_on(
    client: FlaskClient, build: Builder, clock: Clock
) -> None:
    story = _chained(build)
    story.field(["80"])
    url = f"/notices/{story.posted()}"
    sign_in(client, story.account("bureau_staff"))
    clock.now += timedelta(days=8)
    assert "名单进入下一级公示" in client.get(url).text
    assert "名单进入下一级公示" in followed(client, f"{url}/close").text
    assert "暂无正式成绩" in client.get(f"/contests/{story.contest.id}/results").text


def test_the_chain_takes_the_same_statements_for_one_and_many(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counts = []
    for number in (1, 3):
        story = _chained(build)
        for place in range(number):
            mark = str(90 - place)
            story.entry(mark, mark, employer_id=build.employer().id)
        story.signed()
        base = f"/contests/{story.contest.id}/notices"
        sign_in(client, story.account("bureau_staff"))
        seen_at = []
        for url in (f"{base}/chain", f"{base}/chain/unit", f"{base}/new"):
            with statements() as seen:
                assert client.get(url).status_code == 200
            seen_at.append(len(seen))
        counts.append(seen_at)
        client.post("/sign-out")
    assert counts[0] == counts[1] and max(counts[0]) <= 20
