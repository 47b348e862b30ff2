"""Entry forms: complete or refused with every lack, frozen as sent, changed only by the rule."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from models.database import db
from models.provincial_delegations import ProvincialFile
from rules.data import InvalidRules
from rules.provincial import (
    ChangeKind,
    EntrantStatus,
    EventFormat,
    FormKind,
    MemberRole,
    SlotState,
)
from rules.provincial_rules import ProvincialRules
from rules.refusals import Refused
from services import (
    honours,
    provincial,
    provincial_delegations,
    provincial_delegations_changes,
    provincial_delegations_files,
    provincial_delegations_forms,
    provincial_delegations_layouts,
)
from services.attachments import Upload
from services.provincial_delegations import MemberFacts
from services.provincial_delegations_changes import Wish
from services.workbooks import Column, read_table
from tests.builders import Builder
from tests.provincial_story import RULES, ProvincialStory
from tests.services.test_honours import ELSEWHERE

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
UNTIL = RULES.model_copy(
    update={"changes_until": date(2026, 11, 10), "changes_most": 1, "training_days": 0}
)


def files_in(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file())


@pytest.fixture
def story(build: Builder) -> ProvincialStory:
    return ProvincialStory(build, UNTIL)


def test_every_lack_is_told_at_once(story: ProvincialStory, build: Builder, tmp_path: Path) -> None:
    young = build.person(birth_date=date(2012, 1, 1), phone=None, name="小明")
    event = story.event(division=EntrantStatus.STUDENT)
    story.candidate(event, young, status=EntrantStatus.STUDENT)
    pair = story.event("焊工", EventFormat.PAIR)
    story.candidate(pair, build.person(name="独行"))
    for one in (event, pair):
        story.named(one)
    provincial_delegations.open_delegation(story.by(), story.id)
    with pytest.raises(InvalidRules) as refused:
        provincial_delegations_forms.send_form(story.by(), story.id, tmp_path)
    texts = [str(one) for one in refused.value.problems]
    assert texts == [
        "The delegation has no leader.",
        "小明 is 14 years old on 2026-10-12, outside the ages of this contest.",
        "钳工, 小明: 联系电话 is missing.",
        "焊工: 1 of 2 members are there.",
    ]
    assert story.contest.state.value == "preparing"


def test_a_form_is_sent_in_the_layout_and_frozen(
    story: ProvincialStory, build: Builder, tmp_path: Path
) -> None:
    coach = build.person(name="李教练")
    person = build.person(name="陈一凡<b>")
    slot = story.candidate(event := story.event(), person, coaches=(coach,))
    story.named(event)
    layout = provincial_delegations_layouts.upload_layout(
        story.by(), story.id, provincial_delegations_layouts.blank_form(), tmp_path
    )
    with pytest.raises(Refused, match="Somebody else must approve"):
        provincial_delegations_layouts.approve_layout(story.by(), layout)
    provincial_delegations_layouts.approve_layout(story.by(second=True), layout)
    form = story.sent(tmp_path)
    assert (form.number, form.kind, form.places, form.layout_id) == (1, FormKind.FIRST, 1, layout)
    assert provincial_delegations_forms.is_intact(form)
    assert story.slot(slot.id).state is SlotState.ENTERED
    word = Document(io.BytesIO(provincial_delegations_forms.file_of(form, "word", tmp_path)))
    cells = [cell.text for cell in word.tables[0].rows[1].cells]
    assert cells[3] == "陈一凡<b>" and cells[5] == person.id_number and cells[9] == "李教练"
    table = provincial_delegations_forms.file_of(form, "table", tmp_path)
    columns = [Column("name", ("选手姓名",)), Column("id", ("身份证号",), kind="digits")]
    rows = read_table(table, "form.xlsx", columns).rows
    assert [(one.values["name"], one.values["id"]) for one in rows] == [
        ("陈一凡<b>", person.id_number)
    ]
    with pytest.raises(Refused):
        provincial_delegations_forms.send_form(story.by(), story.id, tmp_path)
    person.name = "陈二凡"
    db.session.commit()
    assert form.facts["places"][0]["people"][0]["name"] == "陈一凡<b>"
    own = provincial_delegations_layouts.get_layout(layout).file_key
    assert provincial_delegations_layouts.list_keys() == {own}
    assert provincial_delegations_forms.list_keys() == {form.word_key, form.table_key}


def test_entries_change_by_the_rule_alone(
    story: ProvincialStory, build: Builder, tmp_path: Path
) -> None:
    event = story.event()
    first, second, third = (story.candidate(event) for _ in range(3))
    other = story.event("焊工")
    stranger, fourth = story.candidate(other), story.candidate(other)
    for one in (event, other):
        story.named(one)
    story.sent(tmp_path)
    proof, before = Upload("病假证明.pdf", PDF), files_in(tmp_path)

    def change(wish: Wish, upload: Upload | None = proof, now: datetime | None = None) -> int:
        by = story.by() if now is None else story.by(now)
        return provincial_delegations_changes.change_entry(by, wish, upload, tmp_path)

    wish = Wish(ChangeKind.REPLACE, first.id, "手部受伤", second.id)
    with pytest.raises(Refused, match="Add the proof"):
        change(wish, None)
    with pytest.raises(Refused, match="until 2026-11-10"):
        change(wish, proof, datetime(2026, 11, 11, 2, tzinfo=UTC))
    with pytest.raises(Refused, match="reserve of the same event"):
        change(Wish(ChangeKind.REPLACE, first.id, "手部受伤", fourth.id))
    with pytest.raises(Refused, match="Write the reason"):
        change(Wish(ChangeKind.REPLACE, first.id, "", second.id))
    assert db.session.scalar(select(ProvincialFile.id)) is None
    assert files_in(tmp_path) == before
    form = provincial_delegations_forms.get_form(change(wish))
    assert (form.number, form.kind, form.places, form.reason) == (2, FormKind.CHANGE, 2, "手部受伤")
    states = [story.slot(one.id).state for one in (first, second, third)]
    assert states == [SlotState.REPLACED, SlotState.ENTERED, SlotState.RESERVE]
    assert story.slot(second.id).replaces_id == first.id
    with pytest.raises(Refused, match="No more than 1"):
        change(Wish(ChangeKind.REPLACE, second.id, "再换", third.id), Upload("b.pdf", PDF + b"x"))
    late = datetime(2026, 11, 12, 2, tzinfo=UTC)
    change(Wish(ChangeKind.WITHDRAW, stranger.id, "家中有事"), Upload("c.pdf", PDF + b"y"), late)
    assert [one.form.number for one in provincial_delegations_changes.list_changes(story.id)] == [
        3,
        2,
    ]
    row = provincial_delegations_files.list_files(story.id)[0]
    with pytest.raises(Refused, match="proves a change"):
        provincial_delegations_files.remove(story.by(), row.id, tmp_path)


def test_former_winners_are_barred_or_start_out_of_competition(
    story: ProvincialStory, build: Builder, tmp_path: Path
) -> None:
    person = build.person(name="老将")
    honour = honours.record_external(story.by(), person.id, ELSEWHERE)
    honours.confirm(story.by(second=True), honour)
    slot = story.candidate(event := story.event(), person)
    story.named(event)
    barred = ProvincialRules(barred_titles=("浙江省技术能手",))
    provincial.edit_rules(story.by(), story.id, None, barred.model_dump(mode="json"))
    with pytest.raises(InvalidRules, match="may not start again"):
        story.sent(tmp_path)
    out = barred.model_copy(update={"former": "out_of_competition"})
    provincial.edit_rules(story.by(), story.id, None, out.model_dump(mode="json"))
    story.sent(tmp_path)
    assert story.slot(slot.id).in_competition is False


def test_the_delegation_keeps_people_vehicles_papers_and_a_checklist(
    story: ProvincialStory, tmp_path: Path
) -> None:
    row = story.led()
    by = story.by()
    with pytest.raises(Refused, match="has a leader already"):
        provincial_delegations.add_member(by, row, MemberFacts(MemberRole.LEADER, "二领队"))
    with pytest.raises(Refused):
        provincial_delegations.add_member(by, row, MemberFacts(MemberRole.DOCTOR, "医生", "", "12"))
    provincial_delegations.add_member(by, row, MemberFacts(MemberRole.DRIVER, "王师傅"))
    driver = provincial_delegations.list_members(row)[-1]
    provincial_delegations.add_vehicle(by, row, "浙b 12345", 19, driver.id, "考斯特")
    with pytest.raises(Refused, match="there already"):
        provincial_delegations.add_vehicle(by, row, "浙B12345", 5, None, "")
    provincial_delegations.add_paper(by, row, "浙B12345", "行驶证", "1234", date(2026, 11, 17))
    provincial_delegations.remove_member(by, driver.id)
    assert [one.driver_id for one in provincial_delegations.list_vehicles(row)] == [None]
    task = provincial_delegations.list_tasks(row)[0]
    provincial_delegations.settle_task(by, task.id, True)
    assert provincial_delegations.list_tasks(row)[0].done_by_id == by.account_id
    slot = story.candidate(event := story.event())
    story.named(event)
    story.sent(tmp_path)
    assert [(one.name, one.role) for one in provincial_delegations.cards(story.id)] == [
        (slot.title, "entrant"),
        ("陈领队", "leader"),
    ]
