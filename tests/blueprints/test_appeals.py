"""Pages of appeals: filing, deadlines, letters, the group's work, and who sees what."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.entries import Entry
from rules.access import Role
from rules.appeals import Effect, Kind, Outcome
from rules.days import DayRules
from rules.plans import EditionRules
from rules.states import AppealState, EventState
from services import accounts, appeals, appeals_rulings
from services.appeals import Ending
from services.appeals_rulings import Decided
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.results_story import NOW, Story, followed
from tests.services.test_appeals import FACTS, WHY, filing

Statements = Callable[[], AbstractContextManager[list[str]]]
MINUTE = timedelta(minutes=1)
PDF = b"%PDF-1.7\n%%EOF"


class Side:
    """An event that ended at noon, an entry of an employer, and everybody around it."""

    def __init__(self, build: Builder) -> None:
        self.build = build
        day = DayRules(appeal_stages=2)
        self.story = Story(build, edition=EditionRules(day=day))
        self.employer, self.person = build.employer(), build.person()
        self.entry: Entry = self.story.entry(
            "95", "95", person=self.person, employer_id=self.employer.id
        )
        self.story.field(["85", "75"])
        self.event = self.story.event
        by = self.story.actor("organizer")
        appeals.end_event(by, self.event.id, Ending(ended_at=NOW))
        self.leader = build.account("employer", employer_id=self.employer.id)
        self.contestant = build.account("contestant", person_id=self.person.id)
        self.member = build.account("arbitrator", self.story.contest.id)

    def account(self, role: str) -> Account:
        """Somebody with this role for the contest."""
        return self.build.account(role, self.story.contest.id)

    def filed(self, kind: Kind = Kind.EQUIPMENT) -> int:
        """An appeal of the team leader."""
        by = self.build.actor(self.leader, NOW + MINUTE)
        return appeals.file_appeal(by, self.entry.id, filing(kind))

    def ruled(self, effect: Effect = Effect.NONE, outcome: Outcome = Outcome.UPHELD) -> int:
        """An answered appeal; return its id."""
        key, by = self.filed(), self.build.actor(self.member, NOW + 2 * MINUTE)
        appeals_rulings.take(by, key)
        appeals_rulings.add_note(by, key, "技术人员作证。")
        appeals_rulings.cast_vote(by, key, outcome)
        order = "" if effect is Effect.NONE else "第三工位评分表重新核定"
        appeals_rulings.rule(by, key, Decided(WHY, effect, order))
        return key


@pytest.fixture
def side(build: Builder) -> Side:
    """The people of one case."""
    return Side(build)


def send(side: Side, **more: object) -> dict[str, object]:
    """What the form of an appeal sends."""
    return {"kind": "equipment", "facts": FACTS, "request": "补时", "request_key": "k1"} | more


def pdf_text(data: bytes) -> str:
    """The words of a PDF."""
    pages = pypdfium2.PdfDocument(data)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "")


def test_a_team_leader_files_with_a_file_and_gets_a_receipt(
    client: FlaskClient, side: Side
) -> None:
    sign_in(client, side.leader)
    page = client.get("/appeals").text
    url = f"/entries/{side.entry.id}/appeal"
    assert url in page and "data-deadline" in page
    assert "2026-09-15 14:00" in client.get(url).text
    data = send(side, file=(io.BytesIO(PDF), "现场记录.pdf"))
    reply = client.post(url, data=data, content_type="multipart/form-data")
    assert reply.status_code == 303, reply.text
    page = client.get(reply.location).text
    assert "现场记录.pdf" in page and FACTS in page and "补时" in page
    (file,) = re.findall(r'href="(/attachments/\d+)"', page)
    sent = client.get(file)
    assert sent.data == PDF
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    letter = client.get(f"{reply.location}/receipt")
    text = pdf_text(letter.data)
    assert "申诉受理回执" in text and "主轴" in text and side.entry.title in text
    assert letter.mimetype == "application/pdf"
    again = client.post(url, data=send(side))
    assert again.location == reply.location  # the same request is done once


def test_a_late_appeal_is_refused_with_the_reason_and_kept(
    client: FlaskClient, side: Side, clock: Clock
) -> None:
    clock.now = NOW + 121 * MINUTE
    sign_in(client, side.leader)
    url = f"/entries/{side.entry.id}/appeal"
    assert "已于2026-09-15 14:00截止" in client.get(url).text
    assert url not in client.get("/appeals").text
    reply = client.post(url, data=send(side))
    page = client.get(reply.location).text
    assert "逾期" in page and "14:00" in page
    letter = pdf_text(client.get(f"{reply.location}/receipt").data)
    assert "申诉不予受理通知书" in letter and "14时00分" in letter


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(
    client: FlaskClient, side: Side
) -> None:
    sign_in(client, side.contestant)
    url = f"/entries/{side.entry.id}/appeal"
    reply = client.post(url, data=send(side, kind="marks"))
    assert reply.status_code == 422 and "领队" in reply.text and FACTS in reply.text
    assert client.post(url, data=send(side, facts="")).status_code == 422
    assert client.post(url, data=send(side, kind="nonsense")).status_code == 422


def test_paper_is_entered_by_the_organizer_with_its_own_time(
    client: FlaskClient, side: Side, clock: Clock
) -> None:
    clock.now = NOW + 300 * MINUTE
    sign_in(client, side.account("organizer"))
    url = f"/entries/{side.entry.id}/appeal"
    assert "datetime-local" in client.get(url).text
    reply = client.post(url, data=send(side, received_at="2026-09-15T13:30"))
    assert reply.status_code == 303
    (appeal,) = appeals.list_of_event(side.event.id)
    assert appeal.state is AppealState.FILED
    assert client.post(f"{reply.location}/withdraw", data={"request_key": "w"}).status_code == 303
    db.session.refresh(appeal)
    assert appeal.state is AppealState.WITHDRAWN


def test_strangers_see_nothing_and_the_other_side_takes_nothing_back(
    client: FlaskClient, side: Side, build: Builder
) -> None:
    key = side.filed()
    url = f"/appeals/{key}"
    other = build.account("employer", employer_id=build.employer().id)
    for account, status in (
        (other, 404),
        (build.account("contestant", person_id=build.person().id), 404),
        (build.account("arbitrator", build.contest().id), 404),
        (side.account("judge"), 403),
        (side.account("chief_judge"), 403),
        (build.account("administrator"), 403),
        (side.contestant, 200),
        (side.leader, 200),
        (side.member, 200),
    ):
        sign_in(client, account)
        assert client.get(url).status_code == status, account.username
        client.post("/sign-out")
    sign_in(client, side.contestant)
    assert "只有提出申诉的一方" in followed(client, f"{url}/withdraw").text


def test_notes_and_votes_are_read_by_the_group_only(client: FlaskClient, side: Side) -> None:
    key = side.ruled(Effect.REOPEN)
    for account, seen in (
        (side.member, True),
        (side.leader, False),
        (side.contestant, False),
        (side.account("supervisor"), False),
        (side.account("organizer"), False),
    ):
        sign_in(client, account)
        page = client.get(f"/appeals/{key}").text
        assert ("技术人员作证" in page) == seen, account.username
        assert WHY in page
        client.post("/sign-out")


def test_a_member_hears_votes_and_rules(client: FlaskClient, side: Side) -> None:
    key = side.filed()
    sign_in(client, side.member)
    listed = client.get(f"/events/{side.event.id}/appeals").text
    assert f"/appeals/{key}" in listed and "尚有申诉" in listed
    url = f"/appeals/{key}"
    assert client.post(f"{url}/take").status_code == 303
    assert client.post(f"{url}/note", data={"note-text": ""}).status_code == 422
    client.post(f"{url}/note", data={"note-text": "询问技术人员"})
    assert client.post(f"{url}/vote", data={}).status_code == 422
    client.post(f"{url}/vote", data={"vote-outcome": "upheld"})
    page = client.get(url).text
    assert "询问技术人员" in page
    typed = {"ruling-reasons": WHY, "ruling-effect": "time", "ruling-order": ""}
    reply = client.post(f"{url}/ruling", data=typed)
    assert reply.status_code == 422 and WHY in reply.text
    typed["ruling-order"] = "第三工位补时10分钟"
    assert client.post(f"{url}/ruling", data=typed).status_code == 303
    letter = pdf_text(client.get(f"{url}/letters/1").data)
    assert "申诉裁决书" in letter and "申诉成立" in letter and "1人表决" in letter
    assert client.get(f"{url}/letters/2").status_code == 404


def test_a_member_with_a_conflict_is_told_so_and_has_no_forms(
    client: FlaskClient, side: Side
) -> None:
    accounts.add_grant(side.member, Role.CHIEF_JUDGE, side.story.contest.id)
    db.session.commit()
    key = side.filed()
    sign_in(client, side.member)
    page = client.get(f"/appeals/{key}").text
    assert "不得裁决" in page and f"/appeals/{key}/take" not in page
    client.post(f"/appeals/{key}/take")
    assert appeals.get_appeal(key).state is AppealState.FILED


def test_the_ruling_goes_to_the_chief_judge_without_names(client: FlaskClient, side: Side) -> None:
    key = side.ruled(Effect.REOPEN)
    ruling = appeals.get_appeal(key).rulings[0]
    sign_in(client, side.account("chief_judge"))
    assert "待执行的裁决" in client.get("/desk").text
    page = client.get(f"/events/{side.event.id}/rulings").text
    assert "第三工位评分表重新核定" in page and "/reopen?reason=" in page
    for secret in (side.entry.title, side.employer.title, side.entry.number, "主轴", WHY):
        assert secret not in page
    (reopen,) = re.findall(r'href="([^"]+/reopen\?reason=[^"]+)"', page)
    assert "-A01" in client.get(reopen.replace("&amp;", "&")).text
    field = f"ruling-{ruling.id}-note"
    assert client.post(f"/rulings/{ruling.id}/done", data={field: ""}).status_code == 422
    assert client.post(f"/rulings/{ruling.id}/done", data={field: "已核定"}).status_code == 303
    assert "已核定" in client.get(f"/events/{side.event.id}/rulings").text


def test_a_ruling_can_be_taken_further_by_its_side(client: FlaskClient, side: Side) -> None:
    key = side.ruled(outcome=Outcome.REJECTED)
    sign_in(client, side.leader)
    assert "further-facts" in client.get(f"/appeals/{key}").text
    url = f"/appeals/{key}/further"
    assert client.post(url, data={"further-facts": "不服"}).status_code == 422
    reply = client.post(url, data={"further-facts": "现场视频可以证明，请重新核实。"})
    assert reply.status_code == 303
    assert appeals.get_appeal(key).stage == 2


def test_the_organizer_records_the_end_and_the_clock_starts(
    client: FlaskClient, side: Side
) -> None:
    sign_in(client, side.account("organizer"))
    url = f"/events/{side.event.id}/appeals"
    assert "暂无申诉" in client.get(url).text
    data = {"expected_at": "2026-09-15T12:00", "ended_at": "2026-09-15T11:50"}
    assert client.post(f"/events/{side.event.id}/end", data=data).status_code == 303
    assert "13:50" in client.get(url).text
    data["ended_at"] = "2026-09-16T11:50"
    assert client.post(f"/events/{side.event.id}/end", data=data).status_code == 422


def test_the_revision_names_the_appeal(client: FlaskClient, side: Side) -> None:
    key = side.ruled(Effect.REOPEN)
    ruling = appeals.get_appeal(key).rulings[0]
    appeals_rulings.carry_out(side.story.actor("chief_judge"), ruling.id, "已核定")
    revision = side.story.signed()
    sign_in(client, side.account("supervisor"))
    assert f"{side.event.code}-A01" in client.get(f"/revisions/{revision}").text
    client.post("/sign-out")
    sign_in(client, side.leader)
    assert "成绩第 1 版" in client.get(f"/appeals/{key}").text


def test_deadlines_stand_on_the_desks(client: FlaskClient, side: Side) -> None:
    side.filed()
    sign_in(client, side.member)
    desk = client.get("/desk").text
    assert "data-deadline" in desk and "待答复的申诉" in desk
    client.post("/sign-out")
    for account in (side.leader, side.contestant):
        sign_in(client, account)
        assert "我的申诉" in client.get("/desk").text
        client.post("/sign-out")


def test_more_appeals_need_no_more_statements(
    client: FlaskClient, side: Side, statements: Statements
) -> None:
    side.filed()
    pages = ["/appeals", f"/events/{side.event.id}/appeals", "/desk"]
    accounts.add_grant(side.leader, Role.ARBITRATOR)
    db.session.commit()
    sign_in(client, side.leader)

    def count(page: str) -> int:
        db.session.commit()
        db.session.expire_all()
        with statements() as seen:
            assert client.get(page).status_code == 200
        return len(seen)

    few = [count(page) for page in pages]
    for kind in (Kind.STAFF, Kind.PROCEDURE):
        side.filed(kind)
    for _ in range(2):
        event = side.build.event(side.story.contest, EventState.SCORING)
        side.build.entry(event, employer_id=side.employer.id)
    assert [count(page) for page in pages] == few
    assert max(few) <= 20


@pytest.mark.parametrize("own_chain", [True, False])
def test_contestants_read_their_own_signed_result_if_the_edition_says_so(
    client: FlaskClient, side: Side, own_chain: bool
) -> None:
    rules = EditionRules(day=DayRules(own_chain=own_chain))
    side.story.contest.rules = rules.model_dump(mode="json")
    db.session.commit()
    url = f"/entries/{side.entry.id}/result"
    side.story.computed()
    sign_in(client, side.contestant)
    assert client.get(url).status_code == 404  # a draft is nobody's result yet
    side.story.signed()
    page = client.get(url)
    assert page.status_code == (200 if own_chain else 404)
    assert (url in client.get(f"/entries/{side.entry.id}").text) == own_chain
    if own_chain:
        assert side.entry.title in page.text and "/revisions/" not in page.text
    other = next(one.id for one in db.session.scalars(select(Entry)) if one.id != side.entry.id)
    assert client.get(f"/entries/{other}/result").status_code == 404
