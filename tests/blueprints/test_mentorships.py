"""The pages of mentorships: drafted, signed, confirmed on the phone, accepted, listed."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from models.database import db
from models.mentorships import MentorshipClass, MentorshipRules
from rules.mentorships import MentorshipState, Party
from services import mentorships_acceptance, mentorships_amendments, mentorships_lists
from services.mentorships_imports import COLUMNS
from services.workbooks_writing import write_table
from tests.builders import Builder, sign_in
from tests.mentorship_story import PLAN, Story, at
from tests.scanned import jpeg
from tests.services.test_mentorships_imports import row

S = MentorshipState


@pytest.fixture
def story(build: Builder, clock: Any, client: FlaskClient) -> Story:
    """Mentor, apprentice, employer and bureau, in August 2026."""
    assert client.application.test_client_class is not None  # browsers with contexts of their own
    clock.now = at(2026, 8, 20)
    return Story(build)


def browser(app: Flask, story: Story, who: Any) -> FlaskClient:
    """A browser of one of the parties."""
    account = story.accounts[who] if isinstance(who, Party) else who
    return sign_in(app.test_client(), account)


def typed(story: Story) -> dict[str, str]:
    """The form of an agreement as the employer fills it."""
    return {
        "mentor_name": story.mentor.name,
        "mentor_id_number": story.mentor.id_number,
        "mentor_level": "2",
        "apprentice_name": story.apprentice.name,
        "apprentice_id_number": story.apprentice.id_number,
        "apprentice_level": "4",
        "occupation": "钳工",
        "skill": "模具装配",
        "target": "取得高级工证书",
        "starts_on": "2026-09-01",
        "ends_on": "2027-08-31",
        "plan-0-what": "识图",
        "plan-0-until": "2026-12-31",
        "plan-0-degree": "独立完成",
        "assessment": "每季考核",
        "safeguards": "每周半天",
    }


def test_the_way_through_the_pages(app: Flask, story: Story, clock: Any) -> None:
    """Draft, submit, three signatures, a month from both phones, and the check."""
    employer = browser(app, story, Party.EMPLOYER)
    reply = employer.post("/mentorships/new", data=typed(story))
    assert reply.status_code == 303, reply.text
    key = int(reply.location.rsplit("/", 1)[1])
    assert employer.post(f"/mentorships/{key}/submit").status_code == 303
    phones = {party: browser(app, story, party) for party in Party}
    for party, phone in phones.items():
        page = phone.get(f"/mentorships/{key}").text
        digest = story.row(key).digest
        assert digest in page
        name = story.employer.title if party is Party.EMPLOYER else getattr(story, party).name
        data = {"party": party.value, "digest": digest, "name": "别人"}
        refused = phone.post(f"/mentorships/{key}/sign", data=data)
        assert refused.status_code == 422 and "准确输入" in refused.text
        reply = phone.post(f"/mentorships/{key}/sign", data=data | {"name": name})
        assert reply.status_code == 303, reply.text
    assert story.row(key).state is S.RUNNING

    clock.now = at(2026, 9, 28)
    for party in (Party.MENTOR, Party.APPRENTICE):
        own = phones[party].get("/mentorships/own").text
        assert "确认1个月的带教" in own
        reply = phones[party].post(f"/mentorships/{key}/months", data={"month": "2026-09-01"})
        assert reply.status_code == 303
    twice = phones[Party.MENTOR].post(f"/mentorships/{key}/months", data={"month": "2026-09-01"})
    assert twice.status_code == 422 and "无须重复" in twice.text
    (milestone,) = mentorships_lists.list_milestones(key)
    file = {"file": (io.BytesIO(jpeg(Image.new("RGB", (40, 40)))), "图纸.jpg")}
    reply = phones[Party.APPRENTICE].post(f"/milestones/{milestone.id}/files", data=file)
    assert reply.status_code == 303, reply.text
    got = phones[Party.MENTOR].get("/milestone-files/1")
    assert got.status_code == 200 and "attachment" in got.headers["Content-Disposition"]
    for party in (Party.MENTOR, Party.APPRENTICE):
        reply = phones[party].post(f"/milestones/{milestone.id}/confirm")
        assert reply.status_code == 303

    clock.now = at(2027, 8, 31)
    data = {"held_on": "2027-08-30", "test_mark": "88", "level_gained": "3", "proposed": "passed"}
    reply = employer.post(f"/mentorships/{key}/acceptance", data=data)
    assert reply.status_code == 303, reply.text
    for party, phone in phones.items():
        phone.post(f"/mentorships/{key}/acceptance/confirm", data={"party": party.value})
    assert story.row(key).state is S.ACCEPTED
    pdf = phones[Party.MENTOR].get(f"/mentorships/{key}/agreement.pdf")
    assert pdf.status_code == 200 and pdf.data.startswith(b"%PDF")


def test_reasons_stand_on_the_page_all_at_once(app: Flask, story: Story) -> None:
    key = story.created(mentor_level=5, assessment="")
    reply = browser(app, story, Party.EMPLOYER).post(f"/mentorships/{key}/submit")
    assert reply.status_code == 422
    assert "请填写考核方式" in reply.text and "师傅的技能等级不符合要求" in reply.text


def test_a_refused_form_answers_with_what_was_typed(app: Flask, story: Story) -> None:
    employer = browser(app, story, Party.EMPLOYER)
    wrong = typed(story) | {"mentor_id_number": "123", "apprentice_name": "别人"}
    reply = employer.post("/mentorships/new", data=wrong)
    assert reply.status_code == 422 and "独立完成" in reply.text
    assert employer.get("/mentorships/new").status_code == 200


def test_strangers_see_nothing(app: Flask, story: Story, build: Builder) -> None:
    key = story.signing()
    draft = story.created(apprentice_id=story.another().id)
    other = build.employer()
    for account in (
        build.account("employer", employer_id=other.id),
        build.account("contestant", person_id=build.person().id),
    ):
        stranger = browser(app, story, account)
        for tail in ("", "/agreement.pdf", "/edit"):
            assert stranger.get(f"/mentorships/{key}{tail}").status_code in (403, 404)
        page = stranger.get("/mentorships")
        assert story.mentor.name not in page.text
    assert browser(app, story, Party.MENTOR).get(f"/mentorships/{draft}").status_code == 404


def test_a_pair_rests_changes_hands_and_breaks_off(app: Flask, story: Story, clock: Any) -> None:
    key = story.running()
    employer = browser(app, story, Party.EMPLOYER)
    clock.now = at(2026, 10, 5)
    data = {"from_on": "2026-10-05", "reason": "病假"}
    assert employer.post(f"/mentorships/{key}/pause", data=data).status_code == 303
    assert "带教暂停中" in employer.get(f"/mentorships/{key}").text
    clock.now = at(2026, 10, 9)
    data = {"from_on": "2026-10-09"}
    assert employer.post(f"/mentorships/{key}/resume", data=data).status_code == 303
    other = story.another()
    data = {
        "mentor_name": other.name, "mentor_id_number": other.id_number, "mentor_level": "2",
        "starts_on": "2026-10-10", "ends_on": "2027-08-31", "reason": "调岗",
    }  # fmt: skip
    assert employer.get(f"/mentorships/{key}/transfer").status_code == 200
    reply = employer.post(f"/mentorships/{key}/transfer", data=data)
    assert reply.status_code == 303, reply.text
    made = int(reply.location.rsplit("/", 1)[1])
    assert story.row(made).mentor_id == other.id
    assert "承接" in employer.get(f"/mentorships/{made}").text
    reply = employer.post(f"/mentorships/{made}/cancel", data={"reason": "不再带"})
    assert reply.status_code == 303 and story.row(made).state is S.CANCELLED


def test_an_objection_and_a_break_off(app: Flask, story: Story, clock: Any) -> None:
    key = story.running()
    apprentice = browser(app, story, Party.APPRENTICE)
    assert apprentice.post(f"/mentorships/{key}/object").status_code == 422
    reply = apprentice.post(f"/mentorships/{key}/object", data={"reason": "不合适"})
    assert reply.status_code == 303 and story.row(key).state is S.CANCELLED
    again = story.running()
    bureau = browser(app, story, story.bureau)
    data = {"ended_by": "apprentice", "reason": "离职"}
    reply = bureau.post(f"/mentorships/{again}/break-off", data=data)
    assert reply.status_code == 303 and story.row(again).state is S.BROKEN_OFF


def test_an_amendment_on_its_form(app: Flask, story: Story) -> None:
    key = story.running()
    employer = browser(app, story, Party.EMPLOYER)
    page = employer.get(f"/mentorships/{key}/amendment")
    assert page.status_code == 200 and PLAN[1].what in page.text
    data = {
        "skill": "模具装配与调试", "target": "取得技师证书", "ends_on": "2027-08-31",
        "plan-0-what": "识读装配图", "plan-0-until": "2026-12-31", "plan-0-degree": "独立完成",
        "assessment": "每季度", "safeguards": "每周一天", "reason": "目标提高",
    }  # fmt: skip
    assert employer.post(f"/mentorships/{key}/amendment", data=data).status_code == 303
    amendment = mentorships_amendments.open_amendment(key)
    assert amendment is not None
    digest = amendment.digest
    for party in Party:
        name = story.employer.title if party is Party.EMPLOYER else getattr(story, party).name
        signed = {"party": party.value, "digest": digest, "name": name}
        phone = browser(app, story, party)
        reply = phone.post(f"/mentorships/{key}/amendment/sign", data=signed)
        assert reply.status_code == 303, reply.text
    assert story.row(key).target == "取得技师证书"


def test_limits_go_through_two_hands(app: Flask, story: Story) -> None:
    bureau = browser(app, story, story.bureau)
    page = bureau.get("/mentorships/rules/new")
    assert page.status_code == 200
    data = {
        "from_on": "2026-09-01", "basis": "慈人社发〔2026〕8号", "pairs_per_mentor": "2",
        "pairs_per_apprentice": "1", "least_months": "12", "most_months": "24",
        "most_months_new": "36", "objection_months": "1", "least_age": "16", "mentor_level": "3",
        "mentor_titles": "慈溪工匠，首席技师", "level_gap": "1", "class_mentors": "3",
        "class_leader_level": "2", "success_years": "3",
    }  # fmt: skip
    wrong = bureau.post("/mentorships/rules/new", data=data | {"least_months": "30"})
    assert wrong.status_code == 422 and "最短期限长于最长期限" in wrong.text
    assert bureau.post("/mentorships/rules/new", data=data).status_code == 303
    row = db.session.query(MentorshipRules).one()
    bureau.post(f"/mentorships/rules/{row.id}/approve")
    assert "须由他人审批" in bureau.get("/mentorships/rules").text
    second = browser(app, story, story.bureau2)
    second.post(f"/mentorships/rules/{row.id}/approve")
    assert "已批准" in second.get("/mentorships/rules").text, second.get("/mentorships/rules").text


def test_a_class_is_opened_and_closed(app: Flask, story: Story) -> None:
    employer = browser(app, story, Party.EMPLOYER)
    others = [story.another(), story.another()]
    data = {
        "title": "数控班", "occupation": "数控车工",
        "starts_on": "2026-09-01", "ends_on": "2027-08-31",
    }  # fmt: skip
    for place, one in enumerate([story.mentor, *others]):
        data |= {
            f"mentors-{place}-name": one.name,
            f"mentors-{place}-id_number": one.id_number,
            f"mentors-{place}-level": "2" if place == 0 else "3",
        }
    few = {name: value for name, value in data.items() if not name.startswith("mentors-2")}
    refused = employer.post("/mentorships/classes/new", data=few)
    assert refused.status_code == 422 and "至少须有3名师傅" in refused.text, refused.text
    assert employer.post("/mentorships/classes/new", data=data).status_code == 303
    row = db.session.query(MentorshipClass).one()
    key = story.signing(class_id=row.id)
    assert story.row(key).class_id == row.id
    page = employer.get(f"/mentorships/classes/{row.id}")
    assert "领衔" in page.text and story.apprentice.name in page.text
    employer.post(f"/mentorships/classes/{row.id}/close")
    assert "仍有履行中的师徒协议" in employer.get("/mentorships/classes").text


def test_pages_cost_the_same_whatever_the_number(
    app: Flask,
    story: Story,
    statements: Callable[[], AbstractContextManager[list[str]]],
    clock: Any,
) -> None:
    """Lists with one pair and with three, and the page of a pair with a long history."""
    key = story.running()
    clock.now = at(2026, 12, 28)
    mentor, employer = browser(app, story, Party.MENTOR), browser(app, story, Party.EMPLOYER)

    def costs() -> list[int]:
        found = []
        for who, address in (
            (employer, "/mentorships"),
            (mentor, "/mentorships/own"),
            (mentor, f"/mentorships/{key}"),
        ):
            with statements() as counted:
                assert who.get(address).status_code == 200
            found.append(len(counted))
        return found

    before = costs()
    for _ in range(2):
        story.signing(clock.now, apprentice_id=story.another().id)
    check = mentorships_acceptance.Check(clock.now.date(), mentorships_acceptance.Outcome.PASSED)
    mentorships_acceptance.record_acceptance(story.by(now=clock.now), key, check)
    assert costs() == before and max(before) <= 20


def test_an_old_register_is_brought_in_through_the_pages(app: Flask, story: Story) -> None:
    bureau = browser(app, story, story.bureau)
    assert bureau.get("/mentorships/import/template").status_code == 200
    assert bureau.get("/mentorships/import").status_code == 200
    wrong = bureau.post("/mentorships/import", data={"file": (io.BytesIO(b"a,b\n1,2"), "x.csv")})
    assert wrong.status_code == 422
    rows = [row(1, 2), row(3, 3)]
    data = write_table(COLUMNS, rows, "台账")
    reply = bureau.post("/mentorships/import", data={"file": (io.BytesIO(data), "台账.xlsx")})
    assert reply.status_code == 303, reply.text
    page = bureau.get(reply.location)
    assert "师傅与徒弟不能是同一人" in page.text
    bureau.post(f"{reply.location}/confirm", data={"rows": "good"})
    assert "1人次已入台账" in bureau.get(reply.location).text
    assert "历史台账" in bureau.get("/mentorships?imported=1").text
    assert bureau.post(f"{reply.location}/undo", data={"reason": ""}).status_code == 422
    assert bureau.post(f"{reply.location}/undo", data={"reason": "导错"}).status_code == 303
    assert "导错" in bureau.get(reply.location).text
    again = bureau.post("/mentorships/import", data={"file": (io.BytesIO(data), "台账.xlsx")})
    bureau.post(f"{again.location}/discard")
    assert bureau.get(again.location).status_code == 200


def test_staff_of_one_contest_have_no_say_in_mentorships(
    app: Flask, story: Story, build: Builder
) -> None:
    key = story.running()
    account = build.account("bureau_staff", contest_id=build.contest().id)
    clerk = browser(app, story, account)
    for address in ("", "/import", "/rules/new", f"/{key}"):
        assert clerk.get(f"/mentorships{address}").status_code == 404
