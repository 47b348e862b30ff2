"""Files of exchange are signed and are the same as a spreadsheet; a changed one is refused."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from models.database import db
from models.statements import StatementKey
from rules import provincial_exchange as exchange
from rules.provincial import EntrantStatus, EventFormat, Medal
from rules.refusals import Refused
from services import provincial_exchange_signing as signing
from services import provincial_exchange_tables as tables
from services import provincial_histories, provincial_intakes, statements
from tests.builders import Builder
from tests.results_story import Story

COACH = exchange.ExchangePerson(name="李教练", id_kind="resident", id_number="330282197001010011")
PEOPLE = (
    exchange.ExchangePerson(
        name="阿依古丽·买买提", id_kind="resident", id_number="330282199005170019",
        phone="013912345678", birth_date=date(1990, 5, 17), sex="F",
    ),
    exchange.ExchangePerson(name="（王）双", id_kind="passport", id_number="E12345678"),
)  # fmt: skip
ENTRIES = exchange.EntriesFile(
    contest_code="ZJ26", contest="省赛", delegation="慈溪市代表队", form=1, form_digest="0" * 64,
    entries=(
        exchange.ExchangeEntry(
            reference="ZJ26-000001", event_code="007", event="钳工", format=EventFormat.PAIR,
            status=EntrantStatus.TEACHER, members=PEOPLE, coaches=(COACH,),
        ),
        exchange.ExchangeEntry(
            reference="ZJ26-000002", event_code="08", event="花艺", format=EventFormat.SINGLE,
            status=EntrantStatus.STUDENT, employer="=1+1", members=PEOPLE[:1],
        ),
    ),
)  # fmt: skip
RESULTS = exchange.ResultsFile(
    contest_code="A", contest="B", delegation="C", document="浙技赛〔2026〕9号",
    results=(
        exchange.ExchangeResult(reference="ZJ26-000001", name="陈", rank=1,
                                total=Decimal("91.500000"), medal=Medal.GOLD, prize="一等奖"),
        exchange.ExchangeResult(reference="ZJ26-000002", absent=True),
    ),
)  # fmt: skip


@pytest.fixture
def key(build: Builder) -> StatementKey:
    """The key with which the installation signs."""
    statements.make_key(build.actor(build.account("administrator")))
    made = statements.active_key()
    assert made is not None
    return made


def changed(data: bytes, sheet: str, old: str, new: str) -> bytes:
    """Somebody types over a cell and saves."""
    book = load_workbook(io.BytesIO(data))
    for row in book[sheet].iter_rows():
        for cell in row:
            if cell.value == old:
                cell.value = new
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("content", [ENTRIES, RESULTS], ids=["entries", "results"])
@pytest.mark.usefixtures("key")
def test_json_and_spreadsheet_say_the_same(
    content: exchange.EntriesFile | exchange.ResultsFile,
) -> None:
    plain, table = (signing.written(content, as_table=one) for one in (False, True))
    assert tables.parsed(table) == json.loads(plain)
    for data in (plain, table, changed(table, "文件信息", "nothing", "")):
        found, signer = signing.opened(data, type(content))
        assert (found, signer) == (content, signing.own_key())


@pytest.mark.usefixtures("key")
def test_a_changed_file_is_refused() -> None:
    table = signing.written(RESULTS, as_table=True)
    with pytest.raises(Refused, match="digest does not fit"):
        signing.opened(changed(table, "成绩数据", "金牌", "银牌"), exchange.ResultsFile)
    facts = json.loads(signing.written(RESULTS))
    forged = json.loads(exchange.written(RESULTS.model_copy(update={"document": "他"})))
    with pytest.raises(Refused, match="signature does not fit"):
        signing.opened(
            json.dumps(forged | {"signature": facts["signature"]}).encode(), exchange.ResultsFile
        )
    facts["signature"]["key"]["x"] = "A" * 43
    with pytest.raises(Refused, match="signature does not fit"):
        signing.opened(json.dumps(facts).encode(), exchange.ResultsFile)
    facts["signature"] = {"value": ""}
    with pytest.raises(Refused, match="format at key"):
        signing.opened(json.dumps(facts).encode(), exchange.ResultsFile)


def test_a_key_counts_once_somebody_compared_it(build: Builder, key: StatementKey) -> None:
    story = Story(build)
    by = build.actor(build.account("organizer"))

    def problem(data: bytes) -> str:
        made = provincial_intakes.preview_entries(by, story.contest.id, data, "x.json")
        return str(signing.signer_problem(provincial_histories.get_import(made)) or "")

    plain, signed = exchange.written(ENTRIES), signing.written(ENTRIES)
    assert problem(plain) == "" and "Compare the key" in problem(signed)
    batch = provincial_intakes.preview_entries(by, story.contest.id, signed, "x.json")
    with pytest.raises(Refused, match="Compare the key"):
        provincial_intakes.take_entries(by, batch)
    known = signing.know_key(by, batch)
    assert signing.know_key(by, batch) == known
    assert problem(signed) == "" and "this one is not" in problem(plain)
    statements.make_key(build.actor(build.account("administrator")))
    assert "another key" in problem(signing.written(ENTRIES))
    signing.give_up_key(by, known, reason="更换密钥")
    assert [one.reason for one in signing.list_peers()] == ["更换密钥"]
    with pytest.raises(Refused, match="given up"):
        signing.know_key(by, batch)
    db.session.rollback()


def test_other_spreadsheets_are_none() -> None:
    table = tables.written(RESULTS)
    assert tables.is_exchange(table) and not tables.is_exchange(b"PK nothing")
    with pytest.raises(Refused, match="no exchange file"):
        signing.opened(changed(table, "成绩数据", "名次", "名"), exchange.ResultsFile)
    with pytest.raises(Refused, match="no exchange file"):
        signing.opened(changed(table, "文件信息", "version: 1", "version: {"), exchange.ResultsFile)
