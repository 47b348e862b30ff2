"""The way from candidates to prize money through the pages, and what the pages ask the database."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient

from models.database import db
from rules.provincial import Medal, Naming, ProvincialImportState, SlotState
from services import (
    provincial_delegations,
    provincial_delegations_forms,
    provincial_histories,
    provincial_namings,
)
from services.provincial_delegations import MemberFacts
from services.provincial_slots import list_slots
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.provincial_story import HELD, NOW, RULES, MemberRole, ProvincialStory
from tests.services.test_provincial_delegations import PDF
from tests.services.test_provincial_histories import past, sheet

Statements = Callable[[], AbstractContextManager[list[str]]]
READY = RULES.model_copy(update={"training_days": 0, "notice": False})


def scan(more: bytes = b"") -> tuple[io.BytesIO, str]:
    """A scan as a browser sends it."""
    return io.BytesIO(PDF + more), "成绩通报.pdf"


def test_the_way_of_an_entrant(
    client: FlaskClient, build: Builder, clock: Clock, statements: Statements
) -> None:
    clock.now = NOW
    story = ProvincialStory(build, READY)
    sign_in(client, story.other)
    page = f"/provincial/{story.id}"
    event = {"code": "01", "title": "钳工", "format": "single", "division": "staff", "quota": "1"}
    assert client.post(f"{page}/events", data=event).status_code == 303
    event_id = story.contest.events[0].id
    there = f"/provincial-events/{event_id}"
    person = build.person(name="陈一凡", employer_id=build.employer().id)
    wish = {"id_numbers": person.id_number, "status": "staff", "of_company": "yes",
            "reason": "未设选拔赛"}  # fmt: skip
    refused = client.post(f"{there}/candidates", data=wish | {"id_numbers": "1"})
    assert refused.status_code == 422
    assert client.post(f"{there}/candidates", data=wish).status_code == 303
    assert client.post(f"{there}/training").status_code == 303
    slot = list_slots([event_id])[0]
    naming = {f"slot_{slot.id}": "named", "reason": ""}
    assert client.post(f"{there}/namings", data=naming).status_code == 422
    assert client.post(f"{there}/namings", data=naming | {"reason": "成绩"}).status_code == 303
    own = provincial_namings.list_namings(event_id)[0].id
    client.post(f"/provincial-namings/{own}/agree")
    assert story.slot(slot.id).state is SlotState.IN_TRAINING
    provincial_namings.decline_naming(story.by(), own, reason="再议")
    lines = [Naming(slot.id, SlotState.NAMED)]
    made = provincial_namings.propose_naming(story.by(), event_id, lines, reason="集训成绩")
    client.post(f"/provincial-namings/{made}/agree")
    assert story.slot(slot.id).state is SlotState.NAMED
    row = provincial_delegations.open_delegation(story.by(), story.id)
    facts = MemberFacts(MemberRole.LEADER, "陈领队", "", "13912340000")
    assert "代表队尚无领队" in client.get(f"{page}/form").text
    provincial_delegations.add_member(story.by(), row, facts)
    client.post(f"{page}/form")
    assert story.slot(slot.id).state is SlotState.ENTERED
    kept = client.application.config["SETTINGS"].files_dir / "kept"
    assert len([*kept.glob("*/*")]) == 2, "where the sweep and the backup know them"
    form = provincial_delegations_forms.list_forms(story.id)[0].id
    for kind in ("word", "table", "entries"):
        reply = client.get(f"/provincial-forms/{form}/{kind}")
        assert reply.status_code == 200 and "attachment" in reply.headers["Content-Disposition"]
    assert client.get(f"/provincial-forms/{form}/nothing").status_code == 404
    clock.now = HELD
    result = {"rank": "1", "medal": "gold", "prize": "一等奖", "document": "浙技赛〔2026〕9号"}
    there_result = f"/provincial-slots/{slot.id}/result"
    assert client.post(there_result, data=result | {"document": ""}).status_code == 422
    refused = client.post(there_result, data=result)
    assert refused.status_code == 422, "a result needs its proof"
    assert client.post(there_result, data=result | {"proof": scan()}).status_code == 303
    client.post(f"{page}/results")
    assert "已录入，待确认" in client.get(f"{page}/results").text
    story.result(story.slot(slot.id), rank=1, medal=Medal.GOLD, prize="一等奖")
    client.post(f"{page}/results")
    assert "已经两人确认" in client.get(f"{page}/results").text
    assert "省赛金牌奖励" in client.get(f"{page}/prizes").text
    client.post(f"{page}/prizes")
    assert story.contest.carrier_id is not None
    parts = ("rules", "camps", "delegation", "form", "results", "standings", "prizes", "files")
    more = [f"{page}/{part}" for part in parts]
    for address in (
        "/provincial",
        page,
        there,
        there_result,
        f"/provincial-slots/{slot.id}",
        *more,
    ):
        db.session.expire_all()
        with statements() as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 20, address


def test_past_contests_come_in_and_go(
    client: FlaskClient, build: Builder, statements: Statements
) -> None:
    sign_in(client, build.account("bureau_staff"))
    assert client.get("/provincial-imports/template").status_code == 200
    data = {"file": (io.BytesIO(sheet([*past(2022, 35, 15, 25, 18, 7)])), "省赛.xlsx")}
    reply = client.post("/provincial-imports", data=data)
    assert reply.status_code == 303
    page = reply.headers["Location"]
    with statements() as asked:
        assert client.get(page).text.count("河南省职业技能竞赛") == 35
    assert len(asked) <= 20
    client.post(f"{page}/confirm")
    shown = client.get("/provincial").text
    assert "2022年河南省职业技能竞赛" in shown and ">35<" in shown
    assert client.post(f"{page}/undo", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/undo", data={"reason": "有误"}).status_code == 303
    batch = provincial_histories.get_import(int(page.rpartition("/")[2]))
    assert batch.state is ProvincialImportState.UNDONE
    assert client.get("/provincial-imports").status_code == 200
