"""Pages of the city's way: rules, training, delegation, layouts, changes, the table, files."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.provincial import ProvincialResult
from rules.provincial import EventFormat, Medal, Presence, ProvincialState, SlotState
from rules.provincial_rules import FormField
from services import (
    provincial,
    provincial_camps,
    provincial_delegations,
    provincial_delegations_files,
    provincial_delegations_layouts,
    provincial_namings,
    provincial_results,
)
from tests.blueprints.test_provincial import READY, scan
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.provincial_story import HELD, NOW, ProvincialStory

Statements = Callable[[], AbstractContextManager[list[str]]]
CHANGEABLE = READY.model_copy(update={"changes_until": date(2026, 11, 10)})


@pytest.fixture
def story(build: Builder, clock: Clock, client: FlaskClient) -> ProvincialStory:
    """A contest that is prepared; the second of its two people is signed in."""
    clock.now = NOW
    made = ProvincialStory(build, CHANGEABLE)
    sign_in(client, made.other)
    return made


def few(client: FlaskClient, statements: Statements, *pages: str) -> None:
    """Look at pages; each asks the database a constant number of times."""
    for address in pages:
        db.session.expire_all()
        with statements() as asked:
            assert client.get(address).status_code == 200, address
        assert len(asked) <= 20, (address, len(asked))


def test_facts_and_events_are_edited_until_the_form_is_sent(
    client: FlaskClient, story: ProvincialStory, statements: Statements
) -> None:
    page = f"/provincial/{story.id}"
    facts = {"title": "2026年浙江技能大赛", "level": "province", "year": "2026",
             "organiser": "浙江省人社厅", "delegation_title": "慈溪市代表队", "class_title": "一类",
             "starts_on": "2026-11-16", "ends_on": "2026-11-20",
             "version": story.contest.version}  # fmt: skip
    assert client.post(f"{page}/edit", data=facts | {"ends_on": "2026-11-01"}).status_code == 422
    assert client.post(f"{page}/edit", data=facts).status_code == 303
    assert story.contest.title == "2026年浙江技能大赛"
    assert client.post(f"{page}/edit", data=facts).status_code == 422, "an old version"
    event = story.event(code="01")
    other = story.event("焊工", code="02")
    there = f"/provincial-events/{event.id}"
    typed = {"code": "01", "title": "数控车", "format": "single", "division": "", "quota": "2",
             "occupation": "车工", "is_demonstration": "y", "held_on": "2026-11-17"}  # fmt: skip
    assert client.post(f"{there}/edit", data=typed | {"code": "02"}).status_code == 422
    assert client.post(f"{there}/edit", data=typed).status_code == 303
    changed = provincial.get_event(event.id)
    assert (changed.title, changed.quota, changed.is_demonstration) == ("数控车", 2, True)
    client.post(f"/provincial-events/{other.id}/remove")
    assert [one.id for one in story.contest.events] == [event.id]
    few(client, statements, f"{page}/edit", f"{there}/edit")
    client.post(f"{page}/state", data={"state": "cancelled", "reason": ""})
    assert story.contest.state is ProvincialState.PREPARING
    client.post(f"{page}/state", data={"state": "cancelled", "reason": "主办单位取消"})
    assert story.contest.state is ProvincialState.CANCELLED
    assert client.post(f"{page}/state", data={"state": "nothing"}).status_code == 400
    client.post(f"{page}/state", data={"state": "preparing"})
    assert story.contest.state is ProvincialState.PREPARING
    again = {"code": "ZJ2028", "previous_id": str(story.id), "year": "2028"} | facts
    reply = client.post("/provincial", data=again | {"code": "ZJ2028"})
    made = provincial.get_contest(int(reply.headers["Location"].rpartition("/")[2]))
    assert [one.title for one in made.events] == ["数控车"]
    assert provincial.rules_of(made).prizes == CHANGEABLE.prizes


def test_each_part_of_the_rules_is_a_form(
    client: FlaskClient, story: ProvincialStory, statements: Statements
) -> None:
    page = f"/provincial/{story.id}/rules"

    def send(part: str, **more: object) -> int:
        data = {"version": story.contest.version} | more
        return client.post(f"{page}/{part}", data=data).status_code

    def rules() -> provincial.ProvincialRules:
        return provincial.rules_of(story.contest)

    starters = {"minimum_age": "18", "maximum_age": "16", "statuses": ["staff"], "former": "barred",
                "titles": "浙江省技术能手、全国技术能手", "most_events": "1",
                "most_coaches": "2", "short_teams": "y"}  # fmt: skip
    assert send("starters", **starters) == 422
    assert send("starters", **(starters | {"maximum_age": "59"})) == 303
    assert rules().barred_titles == ("浙江省技术能手", "全国技术能手")
    assert (rules().minimum_age, rules().maximum_age, rules().short_teams) == (18, 59, True)
    assert rules().prizes == CHANGEABLE.prizes, "other parts stay"
    changes = {"training_days": "5", "changes_until": "2026-11-05", "changes_most": "3"}
    assert send("changes", **changes) == 303
    assert (rules().training_days, rules().changes_need_proof) == (5, False)
    assert rules().changes_until == date(2026, 11, 5)
    medals = {"gold": "5", "silver": "3", "bronze": "2", "medallion": "1"}
    assert send("medals", **medals) == 303
    assert rules().medal_points[Medal.GOLD] == 5
    row = {"prizes-0-title": "一等奖奖励", "prizes-0-prize": "一等奖", "prizes-0-amount": "8000",
           "prizes-0-coach_alike": "y", "prizes-0-formats": ["single"],
           "amount_basis": "net", "notice": "y"}  # fmt: skip
    assert send("prizes", **(row | {"prizes-0-prize": ""})) == 422, "for which result?"
    assert send("prizes", **row) == 303
    prize = rules().prizes[0]
    assert (prize.key, prize.amount, prize.for_coaches) == ("prize_1", 8000, 8000)
    assert prize.formats == {EventFormat.SINGLE} and rules().amount_basis == "net"
    added = client.post(f"{page}/prizes", data=row | {"change": "prizes:add"})
    assert added.status_code == 200 and "prizes-1-title" in added.text
    honour = {"honours-0-title": "浙江省技术能手", "honours-0-single": "3", "honours-0-pair": "2",
              "honours-0-triple": "0", "honours-0-statuses": ["staff"]}  # fmt: skip
    assert send("honours", **honour) == 303
    assert dict(rules().honours[0].to_rank) == {EventFormat.SINGLE: 3, EventFormat.PAIR: 2}
    columns = {"columns-0-field": "name", "columns-0-heading": "姓名", "columns-0-needed": "y"}
    assert send("columns") == 422, "a form without columns"
    assert send("columns", **columns) == 303
    assert [(one.field, one.needed) for one in rules().columns] == [(FormField.NAME, True)]
    assert client.get(f"{page}/nothing").status_code == 404
    shown = client.get(page).text
    assert "一等奖奖励" in shown and "全国技术能手" in shown
    parts = ("starters", "changes", "medals", "prizes", "honours", "columns")
    few(client, statements, page, *(f"{page}/{part}" for part in parts))


def test_candidates_have_coaches_give_up_and_come_back(
    client: FlaskClient, story: ProvincialStory, build: Builder, statements: Statements
) -> None:
    coach, second = build.person(name="李教练"), build.person(name="周教练")
    event = story.event()
    slot = story.candidate(event, coaches=(coach,))
    there = f"/provincial-slots/{slot.id}"
    typed = {"kept": [str(coach.id)], "coach_numbers": second.id_number}
    assert client.post(f"{there}/coaches", data=typed | {"coach_numbers": "1"}).status_code == 422
    assert client.post(f"{there}/coaches", data=typed).status_code == 303
    assert [one.person.name for one in story.slot(slot.id).coaches] == ["李教练", "周教练"]
    client.post(f"{there}/give-up", data={"reason": ""})
    assert story.slot(slot.id).state is SlotState.SELECTED
    client.post(f"{there}/give-up", data={"reason": "家中有事"})
    assert story.slot(slot.id).state is SlotState.WITHDRAWN
    assert "家中有事" in client.get(there).text
    client.post(f"{there}/bring-back", data={"reason": "可以参赛"})
    assert story.slot(slot.id).state is SlotState.SELECTED
    naming = {f"slot_{slot.id}": "reserve", f"order_{slot.id}": "4", "reason": "备用"}
    page = f"/provincial-events/{event.id}"
    assert client.post(f"{page}/namings", data=naming).status_code == 303
    own = provincial_namings.list_namings(event.id)[0]
    assert provincial_namings.lines_of(own)[0].order == 4
    client.post(f"/provincial-namings/{own.id}/decline", data={"reason": "再议"})
    assert "再议" in client.get(page).text
    few(client, statements, page, there)


def test_a_training_is_kept_on_a_phone(
    client: FlaskClient, story: ProvincialStory, build: Builder, statements: Statements
) -> None:
    event = story.event()
    slot = story.candidate(event, build.person(name="陈一凡"))
    client.post(f"/provincial-events/{event.id}/training")
    camp = {"title": "省赛集训", "starts_on": "2026-10-08", "ends_on": "2026-10-31",
            "place": "慈溪技师学院", "leader": "王教练"}  # fmt: skip
    camps = f"/provincial/{story.id}/camps"
    assert client.post(camps, data=camp | {"ends_on": "2026-10-01"}).status_code == 422
    page = client.post(camps, data=camp).headers["Location"]
    camp_id = int(page.rpartition("/")[2])
    row = provincial_camps.get_camp(camp_id)
    member = provincial_camps.day_list(row, date(2026, 10, 9))[0].member_id
    for day, was in (("2026-10-08", "present"), ("2026-10-09", "late"), ("2026-10-12", "absent")):
        reply = client.post(f"{page}/days/{day}", data={f"member_{member}": was})
        assert reply.status_code == 303
    assert (
        client.post(f"{page}/days/2026-10-13", data={f"member_{member}": "late"}).status_code == 422
    )
    assert client.get(f"{page}/days/2026-11-13").status_code == 404
    attended = provincial_camps.attendance_of(row)[0]
    assert attended.count == 2 and attended.days[date(2026, 10, 12)] is Presence.ABSENT
    test = {"event_id": str(event.id), "title": "第一次测试", "day": "2026-10-09", "full": "120"}
    assert client.post(f"{page}/tests", data=test | {"day": "2026-12-09"}).status_code == 422
    entering = client.post(f"{page}/tests", data=test).headers["Location"]
    refused = client.post(entering, data={f"mark_{slot.id}": "121"})
    assert refused.status_code == 422 and 'value="121"' in refused.text
    assert client.post(entering, data={f"mark_{slot.id}": "９0"}).status_code == 303
    second = client.post(f"{page}/tests", data=test | {"day": "2026-10-12"}).headers["Location"]
    client.post(second, data={f"mark_{slot.id}": "108"})
    note = {"day": "2026-10-09", "slot_id": str(slot.id), "text": "动作更稳"}
    assert client.post(f"{page}/notes", data=note | {"text": ""}).status_code == 422
    assert client.post(f"{page}/notes", data=note).status_code == 303
    shown = client.get(page).text
    assert "动作更稳" in shown and "82.5%" in shown and "<svg" in shown
    own = client.get(f"/provincial-slots/{slot.id}").text
    assert "动作更稳" in own and "90.0" in own and "<svg" in own
    assert client.post(f"{page}/edit", data=camp | {"ends_on": "2026-10-10"}).status_code == 422
    assert client.post(f"{page}/edit", data=camp | {"title": "赛前集训"}).status_code == 303
    few(client, statements, camps, page, f"{page}/edit", f"{page}/days/2026-10-12", entering)


def test_a_delegation_has_people_vehicles_papers_and_cards(
    client: FlaskClient, story: ProvincialStory, build: Builder, statements: Statements
) -> None:
    page = f"/provincial/{story.id}/delegation"
    assert client.post(f"{page}/members", data={}).status_code == 404
    assert client.get(f"{page}/passes.pdf").status_code == 303
    client.post(page)
    member = {"role": "leader", "name": "陈领队", "unit": "人社局", "phone": "13912340000"}
    assert client.post(f"{page}/members", data=member | {"phone": "1"}).status_code == 422
    assert client.post(f"{page}/members", data=member).status_code == 303
    assert client.post(f"{page}/members", data=member).status_code == 422, "one leader"
    driver = {"role": "driver", "name": "王师傅"}
    client.post(f"{page}/members", data=driver)
    row = provincial_delegations.find(story.id)
    assert row is not None
    who = provincial_delegations.list_members(row.id)[-1]
    vehicle = {"plate": "浙B12345", "seats": "19", "driver_id": str(who.id), "note": "考斯特"}
    assert client.post(f"{page}/vehicles", data=vehicle | {"seats": "0"}).status_code == 422
    assert client.post(f"{page}/vehicles", data=vehicle).status_code == 303
    paper = {"holder": "浙B12345", "title": "行驶证", "number": "3302001234",
             "expires_on": "2026-11-18"}  # fmt: skip
    assert client.post(f"{page}/papers", data=paper | {"holder": ""}).status_code == 422
    assert client.post(f"{page}/papers", data=paper | {"scan": scan()}).status_code == 303
    kept = provincial_delegations.list_papers(row.id)[0]
    assert client.get(f"/provincial-files/{kept.file_id}").status_code == 200
    task = provincial_delegations.list_tasks(row.id)[0]
    client.post(f"/provincial-tasks/{task.id}", data={"done": "1"})
    client.post(f"{page}/tasks", data={"title": "带上工具箱", "due_on": "2026-10-01"})
    journey = {"hotel": "杭州酒店", "leaves_on": "2026-11-15", "returns_on": "2026-11-14"}
    assert client.post(f"{page}/journey", data=journey).status_code == 422
    assert (
        client.post(f"{page}/journey", data=journey | {"returns_on": "2026-11-21"}).status_code
        == 303
    )
    event = story.event()
    story.candidate(event)
    story.named(event)
    shown = client.get(page).text
    assert "139****0000" in shown and "13912340000" not in shown and "3302001234" not in shown
    for end in ("passes.pdf", "contacts.pdf", "contacts.xlsx"):
        reply = client.get(f"{page}/{end}")
        assert reply.status_code == 200 and len(reply.data) > 2000
    assert client.get(f"{page}/contacts.doc").status_code == 404
    few(client, statements, page)
    client.post(f"/provincial-vehicles/{provincial_delegations.list_vehicles(row.id)[0].id}/remove")
    client.post(f"/provincial-members/{who.id}/remove")
    client.post(f"/provincial-papers/{kept.id}/remove")
    left = (provincial_delegations.list_vehicles, provincial_delegations.list_papers)
    assert [len(one(row.id)) for one in left] == [0, 0]


def test_layouts_are_approved_by_two_and_entries_change_with_proof(
    client: FlaskClient, story: ProvincialStory, statements: Statements
) -> None:
    event = story.event()
    first, second = story.candidate(event), story.candidate(event)
    story.named(event)
    story.led()
    page = f"/provincial/{story.id}"
    blank = client.get("/provincial-layouts/blank").data
    bad = {"file": (io.BytesIO(b"nothing"), "报名表.docx")}
    assert client.post(f"{page}/layouts", data=bad).status_code == 422
    good = {"file": (io.BytesIO(blank), "报名表.docx")}
    assert client.post(f"{page}/layouts", data=good).status_code == 303
    layout = provincial_delegations_layouts.list_layouts(story.id)[0].id
    for kind, status in (("sample", 200), ("file", 200), ("nothing", 404)):
        assert client.get(f"/provincial-layouts/{layout}/{kind}").status_code == status
    client.post(f"/provincial-layouts/{layout}/approve")
    assert provincial_delegations_layouts.approved(story.id) is None, "by the one who brought it"
    client.post("/sign-out")
    sign_in(client, story.one)
    client.post(f"/provincial-layouts/{layout}/approve")
    assert provincial_delegations_layouts.approved(story.id) is not None
    client.post(f"{page}/form")
    assert story.slot(first.id).state is SlotState.ENTERED
    there = f"/provincial-slots/{first.id}/change"
    wish = {"kind": "replace", "replacement": str(second.id), "reason": "手部受伤"}
    few(client, statements, f"{page}/form", there)
    assert client.post(there, data=wish).status_code == 422, "without proof"
    assert client.post(there, data=wish | {"proof": scan()}).status_code == 303
    assert story.slot(second.id).state is SlotState.ENTERED
    shown = client.get(f"{page}/form").text
    assert "手部受伤" in shown
    few(client, statements, f"{page}/form")
    typed = {"code": event.code, "title": event.title, "format": "single", "division": "",
             "quota": "1", "field_size": "40", "teams": "11"}  # fmt: skip
    edit = f"/provincial-events/{event.id}/edit"
    assert client.post(edit, data=typed | {"quota": "2"}).status_code == 422
    assert client.post(edit, data=typed).status_code == 303
    assert provincial.get_event(event.id).field_size == 40


def test_results_with_proof_absence_standings_and_prizes(
    client: FlaskClient,
    story: ProvincialStory,
    build: Builder,
    clock: Clock,
    statements: Statements,
) -> None:
    coach = build.person(name="李教练")
    event, other = story.event(), story.event("焊工")
    slot = story.candidate(event, build.person(name="陈一凡"), coaches=(coach,))
    absent = story.candidate(other)
    for one in (event, other):
        story.named(one)
    story.sent(client.application.config["SETTINGS"].files_dir)
    clock.now = HELD
    page = f"/provincial/{story.id}"
    typed = {"rank": "1", "medal": "gold", "prize": "一等奖", "document": "浙技赛〔2026〕9号"}
    there = f"/provincial-slots/{slot.id}/result"
    assert client.post(there, data=typed | {"proof": scan()}).status_code == 303
    proof = provincial_delegations_files.list_files(story.id)[0].id
    again = typed | {"proof_id": str(proof), "total": "91.5"}
    assert client.post(there, data=again).status_code == 303
    result = db.session.scalars(select(ProvincialResult)).one()
    assert (result.proof_id, result.total) == (proof, Decimal("91.5"))
    client.post(f"/provincial-files/{proof}/remove")
    assert provincial_delegations_files.get_file(proof).id == proof, "it proves a result"
    client.post(f"/provincial-slots/{absent.id}/absence", data={"reason": "临时住院"})
    assert story.slot(absent.id).state is SlotState.ABSENT
    client.post(f"/provincial-slots/{absent.id}/take-back", data={"reason": "录错"})
    assert story.slot(absent.id).state is SlotState.ENTERED
    client.post(f"/provincial-slots/{absent.id}/absence", data={"reason": "临时住院"})
    client.post("/sign-out")
    sign_in(client, story.one)
    client.post(f"{page}/results", data={"ids": [str(slot.id)]})
    assert story.contest.state is ProvincialState.HELD
    lines = {"own_rank": "2", "teams": "11", "lines-0-delegation": "宁波市代表队",
             "lines-0-events": "2", "lines-0-gold": "2", "lines-0-silver": "0",
             "lines-0-bronze": "0", "lines-0-medallion": "0",
             "lines-0-given_rank": "1"}  # fmt: skip
    assert client.post(f"{page}/standings/edit", data=lines).status_code == 422, "ours is missing"
    ours = {key.replace("-0-", "-1-"): value for key, value in lines.items() if "-0-" in key}
    ours |= {"lines-1-delegation": "慈溪市代表队", "lines-1-gold": "0", "lines-1-given_rank": "2"}
    assert client.post(f"{page}/standings/edit", data=lines | ours).status_code == 303
    table = provincial_results.table_of(story.contest)
    assert [(one.tally.delegation, one.points) for one in table] == [
        ("宁波市代表队", 8),
        ("慈溪市代表队", 0),
    ]
    assert "与此处录入的成绩不一致" in client.get(f"{page}/standings").text
    more = client.post(f"{page}/standings/edit", data=lines | {"change": "lines:add"})
    assert more.status_code == 200 and "lines-1-delegation" in more.text
    shown = client.get(f"{page}/prizes").text
    assert "李教练 50,000" in shown and "陈一凡 50,000" in shown and "100,000" in shown
    client.post(f"{page}/prizes")
    assert story.contest.carrier_id is not None
    pages = [f"{page}/{part}" for part in ("standings/edit", "standings", "results", "prizes")]
    few(client, statements, *pages, f"/provincial-slots/{slot.id}")
    client.post(f"{page}/state", data={"state": "closed"})
    assert story.contest.state is ProvincialState.CLOSED
    facts = {"version": story.contest.version, "title": "另一名称"}
    assert client.post(f"{page}/edit", data=facts).status_code == 422


def test_files_are_kept_and_never_shown_inline(
    client: FlaskClient, story: ProvincialStory, statements: Statements
) -> None:
    page = f"/provincial/{story.id}/files"
    assert client.post(page, data={"purpose": "call"}).status_code == 422
    bad = {"purpose": "call", "file": (io.BytesIO(b"<html>"), "通知.html")}
    assert client.post(page, data=bad).status_code == 422
    assert client.post(page, data={"purpose": "call", "file": scan()}).status_code == 303
    row = provincial_delegations_files.list_files(story.id)[0]
    reply = client.get(f"/provincial-files/{row.id}")
    assert "attachment" in reply.headers["Content-Disposition"]
    few(client, statements, page)
    client.post(f"/provincial-files/{row.id}/remove")
    assert provincial_delegations_files.list_files(story.id) == []


def test_no_link_leads_a_supervisor_to_what_is_not_his(
    client: FlaskClient, story: ProvincialStory, build: Builder
) -> None:
    event = story.event()
    slot = story.candidate(event, coaches=(build.person(),))
    story.trained(event)
    story.named(event)
    story.led()
    client.post("/sign-out")
    sign_in(client, build.account("supervisor"))
    own = ("", "/rules", "/form", "/results", "/standings", "/prizes")
    pages = [f"/provincial/{story.id}{part}" for part in own]
    for address in (*pages, f"/provincial-events/{event.id}", f"/provincial-slots/{slot.id}"):
        for link in set(re.findall(r'href="(/provincial[^"#]*)"', client.get(address).text)):
            assert client.get(link).status_code == 200, (address, link)
    assert client.get(f"/provincial/{story.id}/delegation").status_code == 403
