"""Pages of the checks: queue, one application, ranked list, doubles, opinions, import."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.accounts import Account
from models.database import db
from models.selection_checks import SelectionImport, SelectionOpinion, SelectionOverride
from rules.selection_rounds import EvidenceRule, FormField, Opinion
from rules.selections import ApplicationState, Channel, EvidenceKind, StepState
from services import selection_checks_rows, selections
from services.workbooks_writing import write_table
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.selection_checking import Checking

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
Browse = Callable[[Account], FlaskClient]


@pytest.fixture
def it(build: Builder, clock: Clock) -> Checking:
    clock.now = NOON
    more = {
        "opinions": (Opinion(key="police", title="市公安局"),),
        "form": (FormField(key="speciality", title="技术专长"),),
        "evidence": (EvidenceRule(kind=EvidenceKind.CONTEST),),
    }
    return Checking(build, more=more)


@pytest.fixture
def browse(client: FlaskClient) -> Browse:
    def signed_in(account: Account) -> FlaskClient:
        client.post("/sign-out")
        return sign_in(client, account)

    return signed_in


def test_a_clerk_sees_what_waits_for_the_district_and_passes_many_on(
    it: Checking, browse: Browse
) -> None:
    ids = [it.applied() for _ in range(2)]
    elsewhere = it.applied(district="掌起镇")
    names = [it.application(one).person.name for one in [*ids, elsewhere]]
    client = browse(it.clerk)
    page = client.get("/selection-checks").text
    assert names[0] in page and names[1] in page and names[2] not in page
    assert "逾期" in page
    steps = [it.step(one, "county").id for one in ids]
    reply = client.post("/selection-checks/pass", data={"ids": [str(one) for one in steps]})
    assert reply.status_code == 303
    assert all(it.step(one, "bureau").reached_at is not None for one in ids)
    assert client.post("/selection-checks/pass", data={}).status_code == 422
    strange = it.step(elsewhere, "county").id
    assert client.get(f"/selection-checks/{strange}").status_code == 404


def test_staff_look_tick_and_pass_on(it: Checking, browse: Browse) -> None:
    application = it.applied()
    it.passed(it.clerk, application, "county")
    step = it.step(application, "bureau").id
    client = browse(it.staff)
    page = client.get(f"/selection-checks/{step}").text
    assert "从事本职业10年以上" in page and "身份证核对" in page
    assert it.application(application).person.id_number not in page
    address = f"/selection-checks/{step}/check"
    refused = client.post(address, data={"act": "pass", "items": ["身份证核对"]})
    assert refused.status_code == 422 and "证书核对" in refused.text
    kept = client.post(address, data={"act": "save", "items": ["身份证核对"], "note": "补看"})
    assert kept.status_code == 303
    assert list(it.step(application, "bureau").checked) == ["身份证核对"]
    done = client.post(address, data={"act": "pass", "items": ["身份证核对", "证书核对"]})
    assert done.status_code == 303
    assert it.application(application).state is ApplicationState.QUALIFIED


def test_sending_back_and_refusing_ask_for_a_reason(it: Checking, browse: Browse) -> None:
    application = it.applied()
    step = it.step(application, "county").id
    client = browse(it.clerk)
    assert client.post(f"/selection-checks/{step}/return", data={}).status_code == 422
    done = client.post(f"/selection-checks/{step}/return", data={"reason": "缺证书"})
    assert done.status_code == 303
    assert it.step(application, "county").state is StepState.RETURNED
    assert "缺证书" in client.get(f"/selection-checks/{step}").text
    later = client.post(f"/selection-checks/{step}/extend", data={"until": "2026-04-01"})
    assert later.status_code == 303
    early = client.post(f"/selection-checks/{step}/refuse", data={"reason": "逾期"})
    assert early.status_code == 422


def test_an_exception_is_proposed_by_one_and_agreed_by_another(
    it: Checking, browse: Browse
) -> None:
    application = it.applied(trade_since=date(2021, 1, 1))
    step = it.step(application, "county").id
    client = browse(it.staff)
    data = {"clause": "trade", "reason": "世界技能大赛选手"}
    assert client.post(f"/selection-checks/{step}/overrides", data=data).status_code == 303
    (row,) = db.session.scalars(db.select(SelectionOverride))
    address = f"/selection-checks/{step}/overrides/{row.id}"
    client.post(f"{address}/agree")
    assert "须由提出人以外的人员审批" in client.get(f"/selection-checks/{step}").text
    client = browse(it.second)
    assert client.post(f"{address}/agree").status_code == 303
    assert "破格" in client.get(f"/selection-checks/{step}").text


def test_a_unit_orders_its_candidates_with_buttons_and_numbers(
    it: Checking, browse: Browse
) -> None:
    ids = [it.applied(Channel.EMPLOYER) for _ in range(3)]
    steps = [it.step(one, "unit").id for one in ids]
    client = browse(it.unit)
    address = f"/selection-checks/rounds/{it.round_id}/ranks/unit"
    assert address in client.get("/selection-checks").text
    numbers = {f"rank-{steps[0]}": "3", f"rank-{steps[1]}": "1", f"rank-{steps[2]}": "2"}
    assert client.post(address, data=numbers).status_code == 303
    client.post(address, data={"move": f"{steps[0]}:-1"})
    assert [it.step(one, "unit").rank for one in ids] == [2, 1, 3]
    assert client.get(address).text.count("超出名额") == 1
    assert client.get(f"{address}/list.pdf").data.startswith(b"%PDF")
    assert client.get(f"{address}/list.xlsx").data.startswith(b"PK")
    client = browse(it.clerk)
    assert client.get(address).status_code == 404


def test_two_applications_stand_side_by_side_and_are_merged(
    it: Checking, build: Builder, browse: Browse
) -> None:
    person = build.person()
    one = it.applied(person=person, occupation="车工")
    two = it.applied(Channel.ASSOCIATION, person=person, double=True, occupation="铣工")
    client = browse(it.staff)
    listed = client.get(f"/selection-checks/rounds/{it.round_id}/doubles").text
    assert person.name in listed
    address = f"/selection-checks/rounds/{it.round_id}/doubles/compare"
    page = client.get(f"{address}?first={one}&second={two}").text
    assert "车工" in page and "铣工" in page
    data: dict[str, Any] = {"first": one, "second": two}
    assert client.post(address, data=data).status_code == 422
    done = client.post(address, data=data | {"keep": one, "fields": ["occupation"]})
    assert done.status_code == 303
    assert it.application(one).occupation == "铣工"


def test_opinions_are_asked_answered_and_dealt_with(it: Checking, browse: Browse) -> None:
    ids = [it.applied(), it.applied()]
    base = f"/selection-checks/rounds/{it.round_id}/opinions"
    client = browse(it.staff)
    data: dict[str, Any] = {
        "number": "函〔2026〕1号",
        "asked_on": "2026-03-09",
        "due_on": "2026-03-16",
    }
    assert client.post(f"{base}/police/ask", data=data).status_code == 422
    data["applications"] = [str(one) for one in ids]
    assert client.post(f"{base}/police/ask", data=data).status_code == 303
    assert "函〔2026〕1号" in client.get(base).text
    rows = db.session.scalars(db.select(SelectionOpinion).order_by(SelectionOpinion.id)).all()
    key = rows[0].id
    answer = {"answer": "objection", "answered_on": "2026-03-09", "note": "有处罚"}
    assert client.post(f"/selection-checks/opinions/{key}/answer", data=answer).status_code == 303
    rest = {"number": "函〔2026〕1号", "answered_on": "2026-03-09"}
    assert client.post(f"{base}/police/rest", data=rest).status_code == 303
    dealing = {"dealing": "stop", "reason": "属实"}
    address = f"/selection-checks/opinions/{key}/dealing"
    assert client.post(address, data=dealing).status_code == 303
    assert "须由他人审批" in client.get(f"/selection-checks/opinions/{key}").text
    letter = f"{base}/police/letter"
    number = it.application(ids[0]).person.id_number
    page = client.get(letter, query_string={"number": "函〔2026〕1号"})
    assert page.status_code == 200 and number not in page.text
    for kind in ("pdf", "docx"):
        paper = client.get(f"{letter}.{kind}", query_string={"number": "函〔2026〕1号"})
        assert paper.status_code == 200
    export = {"number": "函〔2026〕1号", "kind": "docx"}
    assert client.post(f"{base}/police/export", data=export).status_code == 422
    export["reason"] = "公安核查"
    assert client.post(f"{base}/police/export", data=export).data.startswith(b"PK")
    client = browse(it.second)
    assert client.post(f"{address}/agree").status_code == 303
    assert it.application(ids[0]).state is ApplicationState.REFUSED


def test_a_paper_round_is_brought_in_and_taken_back(
    it: Checking, build: Builder, browse: Browse
) -> None:
    rules = selections.rules_of(selections.get_round(it.round_id))
    columns = selection_checks_rows.columns_of(rules)
    row = {"name": "陈建国", "id_number": build.id_number(), "trade_since": "2004-07-01"}
    data = write_table(columns, [row], "汇总")
    base = f"/selection-checks/rounds/{it.round_id}/import"
    client = browse(it.staff)
    assert client.get(f"{base}/template").data.startswith(b"PK")
    assert "技术专长" in client.get(base).text
    assert client.post(base, data={"file": (io.BytesIO(b"x"), "a.xlsx")}).status_code == 422
    reply = client.post(base, data={"file": (io.BytesIO(data), "汇总.xlsx")})
    assert reply.status_code == 303
    (kept,) = db.session.scalars(db.select(SelectionImport))
    address = f"/selection-checks/imports/{kept.id}"
    assert "陈建国" in client.get(address).text
    client.post(f"{address}/confirm", data={"checked": "1"})
    assert "撤销导入" in client.get(address).text
    client.post(f"{address}/undo")
    db.session.expire_all()
    assert kept.made == [] and kept.state.value == "undone"


def test_the_pages_send_the_same_statements_for_many(
    it: Checking,
    build: Builder,
    browse: Browse,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def grown(times: int) -> list[int]:
        for _ in range(times):
            person = build.person()
            first = it.applied(person=person)
            it.applied(Channel.ASSOCIATION, person=person, double=True)
            it.applied(Channel.EMPLOYER)
            db.session.add(
                SelectionOpinion(
                    application_id=first,
                    body="police",
                    letter="1",
                    asked_on=NOON.date(),
                    due_on=NOON.date(),
                    asked_by_id=it.staff.id,
                )
            )
            db.session.commit()
        return [asked(address) for address in addresses]

    def asked(address: str) -> int:
        with statements() as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    base = f"/selection-checks/rounds/{it.round_id}"
    addresses = [
        "/selection-checks",
        f"{base}/doubles",
        f"{base}/opinions",
        f"{base}/opinions/police/ask",
        f"{base}/opinions/police/letter?number=1",
    ]
    client = browse(it.staff)
    first = grown(1)
    assert grown(3) == first
    assert max(first) <= 20
    client = browse(it.unit)
    address = f"{base}/ranks/unit"
    before = asked(address)
    it.applied(Channel.EMPLOYER)
    assert asked(address) == before <= 20
    step = it.step(it.applied(), "county").id
    client = browse(it.clerk)
    assert asked(f"/selection-checks/{step}") <= 20
    client = browse(it.staff)
    assert asked(f"/selection-checks/{step}") <= 20
