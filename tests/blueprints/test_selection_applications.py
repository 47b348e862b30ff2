"""Pages of applications: written while they save, submitted, read by whom they concern."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.selection_applications import SelectionApplication, SelectionEvidence, SelectionFile
from models.selection_checks import SelectionStep
from rules.access import Role
from rules.honours import HonourLevel
from rules.refusals import Refused
from rules.selection_rounds import EvidenceRule, FileRule, FormField, Step
from rules.selections import ApplicationState, Body, EvidenceKind, RoundState, StepState
from services import jobs
from services import selection_applications_submitting as submitting
from services.acting import Actor
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.selection_rows import is_given
from tests.selection_story import START, SelectionStory, at, plain_rules
from tests.services.test_documents_making import pdf_text

Statements = Callable[[], AbstractContextManager[list[str]]]
DAY = at(START + timedelta(days=3))


@pytest.fixture(autouse=True)
def march(clock: Clock) -> None:
    clock.now = DAY


RULES = plain_rules(
    grace_minutes=10,
    form=(
        FormField(key="skill", title="绝技绝活", kind="long", needed=True, longest=50),
        FormField(key="clean", title="是否受过处分", kind="yes_no", needed=True),
        FormField(key="born", title="入行日期", kind="date"),
    ),
    evidence=(EvidenceRule(kind=EvidenceKind.PATENT), EvidenceRule(kind=EvidenceKind.HONOUR)),
    files=(FileRule(key="card", title="技能证书", needed=True, megabytes=1, pages=2),),
    chain=(Step(key="bureau", title="市局审核", body=Body.BUREAU),),
)


@pytest.fixture
def story(build: Builder) -> SelectionStory:
    told = SelectionStory(build)
    told.published(RULES)
    return told


def candidate(build: Builder, **more: Any) -> Account:
    return build.account(Role.CONTESTANT, person_id=build.person(**more).id)


def begin(client: FlaskClient, story: SelectionStory, **more: Any) -> str:
    data = {"channel": "person"} | more
    reply = client.post(f"/selections/{story.round_id}/apply", data=data)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["Location"]).removesuffix("/edit")


def pdf(pages: int = 1) -> bytes:
    document, target = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        document.add_blank_page()
    document.save(target)
    return target.getvalue()


def upload(client: FlaskClient, url: str, data: bytes, name: str = "a.pdf") -> Any:
    return client.post(f"{url}/files/card", data={"file": (io.BytesIO(data), name)})


def only() -> SelectionApplication:
    db.session.rollback()
    return db.session.scalars(db.select(SelectionApplication)).one()


WHOLE = {
    "tier": "gold",
    "occupation": "焊工",
    "post": "front_line",
    "unit_kind": "company",
    "trade_since": "2010-01-01",
    "answer_skill": "氩弧焊打底",
    "answer_clean": "no",
}


def quietly(client: FlaskClient, url: str, version: int, **more: str) -> Any:
    return client.post(f"{url}/save", data={"version": version, **more}, headers={"X-Saves": "1"})


def test_a_whole_application_from_the_first_word_to_its_number(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    own = candidate(build)
    sign_in(client, own)
    url = begin(client, story)
    page = client.get(f"{url}/edit").text
    assert "绝技绝活" in page and "从事本职业10年以上" in page
    late = client.post(f"{url}/submit").text
    for missing in ("绝技绝活", "技能证书", "Enter since when"):
        assert missing in late or "请填写从事本职业的起始日期" in late
    reply = client.post(f"{url}/save", data=WHOLE | {"version": only().version})
    assert reply.status_code == 303
    assert upload(client, url, pdf()).status_code == 303
    line = {"patent-title": "一种焊枪", "patent-happened_on": "2025-01-01"}
    assert client.post(f"{url}/lines/patent", data=line).status_code == 303
    assert client.get(f"{url}/submit").status_code == 200
    done = client.post(f"{url}/submit")
    assert done.status_code == 303, done.text
    row = only()
    assert (row.state, row.number, row.double) == (ApplicationState.CHECKING, 1, False)
    assert len(row.digest) == 64
    shown = client.get(url).text
    assert "氩弧焊打底" in shown and "一种焊枪" in shown and "市局审核" in shown
    assert "市局审核" in client.get("/applications").text
    assert client.get(f"{url}/edit").status_code == 200  # readable, no longer to be changed
    refused = client.post(f"{url}/save", data=WHOLE | {"version": row.version, "occupation": "x"})
    assert refused.status_code == 422
    assert only().occupation == "焊工"


def test_what_is_typed_is_saved_piece_by_piece_and_the_clauses_answer(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    sign_in(client, candidate(build))
    url = begin(client, story)
    answer = quietly(client, url, 1, trade_since="2020-01-01", **{"was.trade_since": ""}).json
    assert answer["problems"] == {} and answer["conflicts"] == []
    assert "6" in answer["clauses"] and "从事本职业10年以上" in answer["clauses"]
    mixed = quietly(client, url, answer["version"], answer_born="gestern", occupation="钳工").json
    assert list(mixed["problems"]) == ["answer_born"]
    row = only()
    assert (row.occupation, row.answers, str(row.trade_since)) == ("钳工", {}, "2020-01-01")
    long = quietly(client, url, row.version, answer_skill="长" * 51).json
    assert "51" in long["problems"]["answer_skill"]


def test_nothing_is_written_over_what_another_tab_has_written(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    sign_in(client, candidate(build))
    url = begin(client, story)
    quietly(client, url, 1, occupation="钳工", **{"was.occupation": ""})
    # A second tab still shows the empty form: its other answers are saved, this one is asked about.
    told = quietly(
        client,
        url,
        1,
        occupation="焊工",
        district="浒山",
        **{"was.occupation": "", "was.district": ""},
    ).json
    assert told["conflicts"] == [
        {
            "name": "occupation",
            "title": told["conflicts"][0]["title"],
            "stored": "钳工",
            "typed": "焊工",
        }
    ]
    row = only()
    assert (row.occupation, row.district) == ("钳工", "浒山")
    # Without scripts the page shows both and saves on the second press.
    page = client.post(f"{url}/save", data={"version": 1, "occupation": "焊工", "district": "浒山"})
    assert page.status_code == 422 and "钳工" in page.text and "焊工" in page.text
    again = {"version": only().version, "occupation": "焊工", "district": "浒山"}
    assert client.post(f"{url}/save", data=again).status_code == 303
    assert only().occupation == "焊工"
    kept = quietly(client, url, 1, occupation="焊工", **{"was.occupation": ""}).json
    assert kept["conflicts"] == []  # a repeat of what stands is no conflict


def test_a_hostile_file_is_refused_and_nothing_else_is_lost(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    sign_in(client, candidate(build))
    url = begin(client, story)
    quietly(client, url, 1, answer_skill="氩弧焊")
    for data in (b"MZ virus", b"%PDF-1.4 broken", pdf(3), b""):
        reply = upload(client, url, data, "证书.pdf")
        assert reply.status_code == 422
        assert "氩弧焊" in reply.text and "field-error" in reply.text
    assert db.session.scalars(db.select(SelectionFile)).all() == []
    upload(client, url, pdf())
    file = db.session.scalars(db.select(SelectionFile)).one()
    answer = client.get(f"/selection-files/{file.id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.post(f"/applications/files/{file.id}/remove").status_code == 303
    assert db.session.scalars(db.select(SelectionFile)).all() == []


def test_lines_of_the_registers_are_taken_with_one_click(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    own = candidate(build)
    honour = is_given(build, own.person)
    is_given(build, own.person, level=HonourLevel.CITY, title="首席技师")
    sign_in(client, own)
    url = begin(client, story)
    assert "浙江省技术能手" in client.get(f"{url}/edit").text
    data = {"offer": [f"honour-{honour.id}", "honour-999"]}
    assert client.post(f"{url}/lines/taken", data=data).status_code == 303
    line = db.session.scalars(db.select(SelectionEvidence)).one()
    assert (line.honour_id, line.source.value, line.title) == (
        honour.id, "register", "浙江省技术能手",
    )  # fmt: skip
    page = client.get(f"{url}/edit").text
    assert f'value="honour-{honour.id}"' not in page and "首席技师" in page
    assert client.post(f"/applications/lines/{line.id}/remove").status_code == 303
    assert db.session.scalars(db.select(SelectionEvidence)).all() == []
    undated = {"patent-title": "一种焊枪"}
    assert client.post(f"{url}/lines/patent", data=undated).status_code == 422
    unknown = {"paper-title": "论文", "paper-happened_on": "2025-01-01"}
    assert client.post(f"{url}/lines/paper", data=unknown).status_code == 422


def filled(client: FlaskClient, build: Builder, story: SelectionStory) -> tuple[Account, str]:
    own = candidate(build)
    sign_in(client, own)
    url = begin(client, story)
    client.post(f"{url}/save", data=WHOLE | {"version": 1})
    upload(client, url, pdf())
    return own, url


def test_who_began_to_submit_before_the_end_has_ten_minutes_more(
    client: FlaskClient, build: Builder, story: SelectionStory, clock: Clock
) -> None:
    own, url = filled(client, build, story)
    end = RULES.closes_at
    clock.now = end - timedelta(minutes=1)
    sign_in(client, own)
    assert client.post(f"{url}/submit/begin").status_code == 303
    clock.now = end + timedelta(minutes=11)
    reply = client.post(f"{url}/submit")
    assert reply.status_code == 422
    assert only().state is ApplicationState.DRAFT
    assert client.get(url).status_code == 200  # the draft stays readable
    assert quietly(client, url, only().version, district="浒山").status_code == 200  # and kept
    clock.now = end + timedelta(minutes=10)
    assert client.post(f"{url}/submit").status_code == 303
    assert only().state is ApplicationState.CHECKING


def test_who_did_not_begin_is_late_by_a_second(
    client: FlaskClient, build: Builder, story: SelectionStory, clock: Clock
) -> None:
    own, url = filled(client, build, story)
    clock.now = RULES.closes_at + timedelta(seconds=1)
    sign_in(client, own)
    assert client.post(f"{url}/submit").status_code == 422
    page = client.get(f"{url}/submit").text
    assert "截止" in page or "deadline" in page
    assert only().state is ApplicationState.DRAFT


def test_strangers_see_nothing_and_the_candidate_reads_what_the_unit_writes(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    employer = build.employer()
    own = candidate(build, employer_id=employer.id)
    unit = build.account(Role.EMPLOYER, employer_id=employer.id)
    sign_in(client, unit)
    url = begin(client, story, channel="employer", person=str(own.person_id))
    client.post(f"{url}/save", data=WHOLE | {"version": 1})
    client.post("/sign-out")
    sign_in(client, own)
    assert "氩弧焊打底" in client.get(url).text
    assert client.get(f"{url}/edit").status_code == 404
    assert quietly(client, url, 2, occupation="x").status_code == 404
    assert client.post(f"{url}/withdraw", data={"reason": "本人不愿"}).status_code == 303
    assert only().state is ApplicationState.WITHDRAWN
    client.post("/sign-out")
    for stranger in (
        candidate(build),
        build.account(Role.EMPLOYER, employer_id=build.employer().id),
        build.account(Role.SELECTION_CLERK),
        build.account(Role.REVIEWER),
    ):
        sign_in(client, stranger)
        for part in ("", "/edit", "/submit", "/paper"):
            assert client.get(url + part).status_code == 404
        assert client.post(f"{url}/submit").status_code == 404
        client.post("/sign-out")


def test_the_paper_says_what_was_written_and_no_numbers_of_the_person(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    own, url = filled(client, build, story)
    line = {"patent-title": "一种焊枪", "patent-happened_on": "2025-01-01", "patent-number": "ZL1"}
    client.post(f"{url}/lines/patent", data=line)
    said = ("氩弧焊打底", "一种焊枪", "ZL1", "焊工", "一线职工", "企业", "否", "市局审核", "a.pdf")
    reply = client.get(f"{url}/paper")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    draft = pdf_text(reply.data)
    assert "草稿" in draft and all(one in draft for one in said)
    client.post(f"{url}/submit")
    sent = pdf_text(client.get(f"{url}/paper").data)
    assert "草稿" not in sent and "申报编号：1" in sent and "审核通过" not in sent
    db.session.rollback()
    step = db.session.scalars(db.select(SelectionStep)).one()
    step.state, step.done_at = StepState.PASSED, at(START + timedelta(days=5))
    db.session.commit()
    assert "审核通过，2026年3月7日" in pdf_text(client.get(f"{url}/paper").data)
    assert own.person is not None and own.person.phone
    for kept in (own.person.id_number, own.person.phone):
        assert kept not in draft + sent
    taken = db.select(AuditRecord).where(AuditRecord.action == "download")
    assert len(db.session.scalars(taken).all()) == 3


def test_experts_and_associations_name_the_candidate(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    sign_in(client, build.account(Role.REVIEWER))
    bad = client.post(
        f"/selections/{story.round_id}/apply", data={"channel": "expert", "name": "王"}
    )
    assert bad.status_code == 422
    data = {"name": "王师傅", "id_number": build.id_number(), "phone": "13900000000"}
    url = begin(client, story, channel="expert", nominators="张三 高级工程师 一厂", **data)
    assert only().person.name == "王师傅"
    page = client.post(f"{url}/submit").text
    assert re.search("(at least|至少|At least) ?2", page)


def test_the_number_of_a_withdrawn_one_is_not_given_again(
    client: FlaskClient, build: Builder, story: SelectionStory
) -> None:
    _, first = filled(client, build, story)
    client.post(f"{first}/submit")
    client.post(f"{first}/withdraw")
    client.post("/sign-out")
    own, second = filled(client, build, story)
    assert client.post(f"{second}/submit").status_code == 303
    row = db.session.get_one(SelectionApplication, int(second.rsplit("/", 1)[1]))
    assert row.number == 2
    with pytest.raises(Refused, match="is submitted"):
        submitting.submit(Actor(own.id, DAY), row.id)


def test_more_applications_need_no_more_statements(
    client: FlaskClient, build: Builder, story: SelectionStory, statements: Statements
) -> None:
    employer = build.employer()
    unit = build.account(Role.EMPLOYER, employer_id=employer.id)
    sign_in(client, unit)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            person = build.person(employer_id=employer.id)
            is_given(build, person)
            url = begin(client, story, channel="employer", person=str(person.id))
            client.post(f"{url}/save", data=WHOLE | {"version": 1})
            upload(client, url, pdf(more))
            client.post(f"{url}/submit")
        found = []
        for page in ("/applications", url, f"{url}/edit", f"{url}/submit", f"{url}/paper"):
            with statements() as asked:
                assert client.get(page).status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20, counts


def test_what_was_written_for_those_not_chosen_is_forgotten(
    client: FlaskClient, build: Builder, story: SelectionStory, app: Flask
) -> None:
    _, url = filled(client, build, story)
    client.post(f"{url}/lines/patent", data={
        "patent-title": "一种焊枪", "patent-happened_on": "2025-01-01", "patent-detail": "本人独立",
    })  # fmt: skip
    client.post(f"{url}/submit")
    row, folder = only(), app.config["SETTINGS"].files_dir
    row.state = ApplicationState.NOT_CHOSEN
    row.round.state, row.round.decided_on = RoundState.DECIDED, date(2026, 6, 1)
    db.session.commit()
    jobs.forget_applications(365, folder, at(date(2027, 5, 31)))
    assert only().answers
    jobs.forget_applications(365, folder, at(date(2027, 6, 1)))
    row = only()
    assert (row.answers, row.trade_since, row.number) == ({}, None, 1)
    assert row.state is ApplicationState.NOT_CHOSEN and row.forgotten_at is not None
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert db.session.scalars(db.select(SelectionEvidence)).all() == []
    action = db.session.scalars(db.select(AuditRecord.action).order_by(AuditRecord.id.desc()))
    assert action.first() == "forget"
    assert "2027-06-01" in client.get(url).text
    jobs.forget_applications(365, folder, at(date(2027, 6, 2)))  # twice is no harm


def test_who_is_chosen_keeps_what_was_written(
    client: FlaskClient, build: Builder, story: SelectionStory, app: Flask
) -> None:
    filled(client, build, story)
    row = only()
    row.state = ApplicationState.CHOSEN
    row.round.state, row.round.decided_on = RoundState.DECIDED, date(2026, 6, 1)
    db.session.commit()
    jobs.forget_applications(365, app.config["SETTINGS"].files_dir, at(date(2030, 6, 1)))
    assert only().answers and only().forgotten_at is None
