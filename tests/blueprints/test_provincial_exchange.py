"""Results come back by spreadsheet with their proof, and keys of senders are compared, on pages."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.provincial import ProvincialImport
from models.provincial_delegations import ProvincialFile, ProvincialPeer
from rules import provincial_exchange as exchange
from rules.provincial import FilePurpose, Medal, ResultState, SlotState
from services import provincial_exchange_results
from services import provincial_exchange_signing as signing
from services import statements as issuing
from services.workbooks_writing import write_table
from tests.blueprints.test_provincial_intakes import entry
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.provincial_story import DOCUMENT, HELD, NOW, RULES, ProvincialStory
from tests.results_story import Story

Statements = Callable[[], AbstractContextManager[list[str]]]
SCAN = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def sheet(*rows: dict[str, object]) -> bytes:
    """A spreadsheet of results."""
    return write_table(provincial_exchange_results.COLUMNS, rows, "成绩")


def test_results_by_spreadsheet_need_their_proof(
    client: FlaskClient, build: Builder, clock: Clock, statements: Statements, tmp_path: Path
) -> None:
    clock.now = NOW
    story = ProvincialStory(build, RULES.model_copy(update={"training_days": 0}))
    event = story.event(quota=3)
    people = [build.person(name=name) for name in ("陈一凡", "王双", "孙四")]
    slots = [story.candidate(event, one) for one in people]
    story.named(event)
    story.sent(tmp_path)
    clock.now = HELD
    sign_in(client, story.one)
    page = f"/provincial/{story.id}/results-file"
    with statements() as asked:
        assert client.get(page).status_code == 200
    assert len(asked) <= 20
    template = client.get(f"{page}/template")
    assert template.status_code == 200 and template.data.startswith(b"PK")
    rows = (
        {"reference": slots[0].reference, "name": "陈一凡", "rank": "第2名", "prize": "银牌",
         "total": "91.5"},
        {"event": "钳工", "name": "王双", "id_number": people[1].id_number, "rank": "缺赛"},
        {"event": "钳工", "name": "孙四", "rank": "前列", "total": "很高"},
        {"event": "钳工", "name": "无此人", "rank": "1"},
    )  # fmt: skip

    def posted(**more: object) -> tuple[int, str]:
        data = {"file": (io.BytesIO(sheet(*rows)), "成绩.xlsx"), "document": DOCUMENT, **more}
        reply = client.post(page, data=data)
        return reply.status_code, reply.headers.get("Location", reply.text)

    assert "请上传" in posted()[1]
    assert posted(document="", proof=(io.BytesIO(SCAN), "通报.pdf"))[0] == 422
    assert posted(proof=(io.BytesIO(b"MZ"), "通报.pdf"))[0] == 422
    assert db.session.scalar(select(ProvincialImport.id)) is None
    status, there = posted(proof=(io.BytesIO(SCAN), "通报.pdf"))
    assert status == 303
    (paper,) = db.session.scalars(select(ProvincialFile)).all()
    assert (paper.purpose, paper.contest_id) == (FilePurpose.RESULT, story.id)
    with statements() as asked:
        shown = client.get(there).text
    assert len(asked) <= 20 and "前列" in shown and DOCUMENT in shown
    assert client.post(f"{there}/confirm").status_code == 303
    first, second, third = (story.slot(one.id) for one in slots)
    result = first.result
    assert result is not None
    assert (result.rank, result.medal, result.state) == (2, Medal.SILVER, ResultState.RECORDED)
    assert (result.total, result.proof_id, result.document) == (Decimal("91.5"), paper.id, DOCUMENT)
    assert (second.state, third.state) == (SlotState.ABSENT, SlotState.ENTERED)
    client.post(f"{there}/undo", data={"reason": "名单有误"})
    assert {story.slot(one.id).state for one in slots} == {SlotState.ENTERED}


def test_a_sheet_can_be_put_away(client: FlaskClient, build: Builder, tmp_path: Path) -> None:
    story = ProvincialStory(build, RULES.model_copy(update={"training_days": 0}))
    event = story.event()
    story.candidate(event, build.person(name="陈一凡"))
    story.named(event)
    story.sent(tmp_path)
    sign_in(client, story.one)
    data = {"file": (io.BytesIO(sheet({"name": "陈一凡", "rank": "1"})), "x.xlsx"),
            "document": DOCUMENT, "proof": (io.BytesIO(SCAN), "x.pdf")}  # fmt: skip
    there = client.post(f"/provincial/{story.id}/results-file", data=data).headers["Location"]
    assert client.post(f"{there}/discard").status_code == 303
    assert "陈一凡" not in client.get(there).text


def test_keys_are_compared_and_given_up(client: FlaskClient, build: Builder) -> None:
    issuing.make_key(build.actor(build.account("administrator")))
    story = Story(build)
    content = exchange.EntriesFile(
        contest_code="ZJ26", contest="省赛", delegation="慈溪市代表队", form=1,
        form_digest="0" * 64, entries=(entry(build, "陈一凡", 1),),
    )  # fmt: skip
    sign_in(client, build.account("bureau_staff"))
    page = f"/contests/{story.contest.id}/delegations"
    data = {"file": (io.BytesIO(signing.written(content, as_table=True)), "entries.xlsx")}
    there = client.post(page, data=data).headers["Location"]
    own = exchange.shown_key(signing.own_key())
    assert own[:19] in client.get(there).text
    client.post(f"{there}/take")
    assert "请先与报送单位核对" in client.get(there).text
    client.post(f"{there}/key")
    assert "尚未核对" not in client.get(there).text
    peer = db.session.scalars(select(ProvincialPeer)).one()
    assert "慈溪市代表队" in client.get(f"/provincial-keys?key={peer.id}").text
    give_up = f"/provincial-keys/{peer.id}/give-up"
    assert client.post(give_up, data={"reason": ""}).status_code == 422
    assert client.post(give_up, data={"reason": "更换密钥"}).status_code == 303
    assert "更换密钥" in client.get("/provincial-keys").text
