"""A paper round from a spreadsheet: read, confirmed, twice without harm, taken back."""

from datetime import date
from typing import Any

import pytest

from models.database import db
from models.selection_applications import SelectionApplication
from rules.refusals import Refused
from rules.selection_rounds import EvidenceRule, FormField
from rules.selections import ApplicationState, Channel, EvidenceKind, StepState
from rules.states import ReturnState
from services import (
    selection_checks,
    selection_checks_acting,
    selection_checks_imports,
    selection_checks_rows,
    selections,
)
from services.selection_checks_acting import Found
from services.selection_checks_rows import Upload, columns_of, read_upload
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.selection_checking import ALL, DISTRICT, Checking

preview = selection_checks_imports.preview_papers
confirm = selection_checks_imports.confirm_papers
undo = selection_checks_imports.undo_papers
TODAY = date(2026, 3, 7)


def a_round(build: Builder) -> Checking:
    more = {
        "form": (FormField(key="speciality", title="技术专长"),),
        "evidence": (EvidenceRule(kind=EvidenceKind.CONTEST),),
    }
    return Checking(build, more=more)


def row_of(build: Builder, **more: Any) -> dict[str, Any]:
    facts = {
        "name": "陈建国",
        "id_number": build.id_number(),
        "employer": "慈溪市甬江轴承有限公司",
        "channel": "单位推荐",
        "tier": "金匠",
        "district": DISTRICT,
        "occupation": "钳工",
        "post": "一线工人",
        "trade_since": date(2004, 7, 1),
        "answer-speciality": "精密装配",
        "proof-contest": "2024-05-01|市钳工竞赛|市级|1；2022-05-01|省钳工竞赛|省级|3",
    }
    return facts | more


def read(it: Checking, rows: list[dict[str, Any]]) -> Upload:
    rules = selections.rules_of(selections.get_round(it.round_id))
    data = write_table(columns_of(rules), rows, "汇总")
    return read_upload(data, "汇总.xlsx", it.round_id, rules, TODAY)


def made(it: Checking) -> list[SelectionApplication]:
    db.session.expire_all()
    query = db.select(SelectionApplication).where(SelectionApplication.round_id == it.round_id)
    return list(db.session.scalars(query.order_by(SelectionApplication.number)))


def test_nothing_is_written_before_it_is_confirmed(build: Builder) -> None:
    it = a_round(build)
    upload = read(it, [row_of(build), row_of(build, name="叶素珍", tier="")])
    assert [line.problems for line in upload.lines] == [[], []]
    key = preview(it.on(it.staff), it.round_id, upload)
    assert made(it) == []
    confirm(it.on(it.staff), key)
    first, second = made(it)
    assert (first.number, first.imported, first.tier, second.tier) == (1, True, "gold", "")
    assert first.answers == {"speciality": "精密装配"}
    assert [(one.title, one.rank) for one in first.evidence] == [
        ("市钳工竞赛", 1),
        ("省钳工竞赛", 3),
    ]
    assert first.channel is Channel.EMPLOYER
    assert first.trade_since == date(2004, 7, 1)
    assert it.step(first.id, "unit").reached_at is not None


def test_the_other_bodies_may_have_checked_on_paper(build: Builder) -> None:
    it = a_round(build)
    key = preview(it.on(it.staff), it.round_id, read(it, [row_of(build)]))
    confirm(it.on(it.staff), key, checked=True)
    (row,) = made(it)
    steps = selection_checks.steps_of_application(row.id)
    assert [one.state for one in steps] == [StepState.PASSED, StepState.PASSED, StepState.WAITING]
    it.passed(it.staff, row.id, "bureau", **ALL)
    assert it.application(row.id).state is ApplicationState.QUALIFIED


def test_the_same_file_twice_does_no_harm(build: Builder) -> None:
    it = a_round(build)
    rows = [row_of(build), row_of(build, name="叶素珍")]
    confirm(it.on(it.staff), preview(it.on(it.staff), it.round_id, read(it, rows)))
    again = read(it, rows)
    assert [line.is_known for line in again.lines] == [True, True]
    with pytest.raises(Refused, match="new in this round"):
        confirm(it.on(it.staff), preview(it.on(it.staff), it.round_id, again))
    more = read(it, [*rows, row_of(build, name="胡国强")])
    confirm(it.on(it.staff), preview(it.on(it.staff), it.round_id, more))
    assert [one.person.name for one in made(it)] == ["陈建国", "叶素珍", "胡国强"]


def test_rows_with_problems_are_told_and_may_be_left_out(build: Builder) -> None:
    it = a_round(build)
    known = build.person(name="王秀英")
    number = build.id_number()
    rows = [
        row_of(build, id_number=number),
        row_of(build, id_number=number),
        row_of(build, name="别的名字", id_number=known.id_number),
        row_of(build, tier="铜匠"),
    ]
    upload = read(it, rows)
    told = ["\n".join(map(str, line.problems)) for line in upload.lines]
    assert told[0] == ""
    assert "row 2" in told[1]
    assert "another name" in told[2]
    assert "no such tier" in told[3]
    key = preview(it.on(it.staff), it.round_id, upload)
    with pytest.raises(Refused, match="have errors"):
        confirm(it.on(it.staff), key)
    confirm(it.on(it.staff), key, only_good=True)
    assert len(made(it)) == 1


def test_an_import_is_taken_back_until_somebody_did_something(build: Builder) -> None:
    it = a_round(build)
    key = preview(it.on(it.staff), it.round_id, read(it, [row_of(build)]))
    confirm(it.on(it.staff), key, checked=True)
    undo(it.on(it.second), key)
    assert made(it) == []
    assert selection_checks_imports.get_import(key).state is ReturnState.UNDONE
    key = preview(it.on(it.staff), it.round_id, read(it, [row_of(build)]))
    confirm(it.on(it.staff), key, checked=True)
    (row,) = made(it)
    bureau = it.step(row.id, "bureau").id
    selection_checks_acting.save_check(it.on(it.staff, 6), bureau, Found())
    selection_checks_acting.pass_step(it.on(it.staff, 6), bureau, Found(**ALL))
    with pytest.raises(Refused, match="they stay"):
        undo(it.on(it.staff, 7), key)


def test_previews_are_forgotten(build: Builder) -> None:
    it = a_round(build)
    key = preview(it.on(it.staff), it.round_id, read(it, [row_of(build)]))
    forget = selection_checks_imports.forget_papers
    assert forget(it.on(it.staff, 20), it.on(it.staff, 10).now) == 1
    row = selection_checks_imports.get_import(key)
    assert (row.state, row.rows) == (ReturnState.DISCARDED, [])
    template = selection_checks_rows.template(
        selections.rules_of(selections.get_round(it.round_id))
    )
    assert template.startswith(b"PK")
