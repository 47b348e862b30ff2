"""Level lists: prepared from final results, settled, approved by another, sent, and returned."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.awards import LevelGrant
from models.database import db
from models.levels import LevelLine, LevelList, LevelReturn, PersonLevel
from models.people import Person
from models.results import Revision
from rules.level_checks import Settled
from rules.level_layouts import Layout, LayoutColumn, LevelField, usual_layout
from rules.level_returns import Match
from rules.levels import LevelCut, LevelRule
from rules.plans import default_event_plan
from rules.refusals import Refused
from rules.states import LevelListState, ReturnState, RevisionState
from services import appeals, levels, levels_export, levels_lists, levels_returns
from services.acting import Actor
from services.appeals import Ending
from services.levels_export import Words
from services.levels_lists import OPEN, Wanted
from services.workbooks import Column
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story
from tests.services.test_appeals import filing

BODY = "慈溪市技能等级评价中心"
WORDS = Words(str, lambda level: f"L{level}", lambda sex: sex or "", str)
RETURNED = tuple(
    Column(key, (title,), kind=kind)  # type: ignore[arg-type]
    for key, title, kind in (
        ("name", "姓名", "text"),
        ("id", "证件号码", "digits"),
        ("level", "技能等级", "text"),
        ("number", "证书编号", "text"),
        ("day", "发证日期", "date"),
    )
)


@pytest.fixture
def story(build: Builder) -> Story:
    """A final event with three passers and one who failed."""
    found = Story(build)
    found.field(["95", "85", "75"])
    found.entry("50", "50")
    found.final()
    return found


def staff(story: Story) -> Actor:
    return story.actor("bureau_staff", AFTER)


def prepared(story: Story) -> int:
    return levels.prepare(staff(story), story.contest.id, body=BODY)


def approved(story: Story) -> int:
    key = prepared(story)
    levels.submit(staff(story), key)
    return levels.approve(staff(story), key)


def sent(story: Story) -> int:
    key = approved(story)
    levels_export.export(staff(story), key, None, WORDS)
    return key


def lines(list_id: int) -> list[LevelLine]:
    query = select(LevelLine).where(LevelLine.list_id == list_id).order_by(LevelLine.id)
    return list(db.session.scalars(query))


def file_of(list_id: int, **changes: Any) -> bytes:
    """What the assessment body sends back; changes by the place of the row."""
    rows: list[dict[str, object]] = [
        {
            "name": line.person.name,
            "id": line.person.id_number,
            "level": "三级/高级工",
            "number": f"Z33020226{line.id:06d}",
            "day": date(2026, 11, 2),
        }
        for line in lines(list_id)
    ]
    for place, change in changes.items():
        rows[int(place.removeprefix("row"))] |= change
    return write_table(RETURNED, rows, "返回")


def refused(act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return str(caught.value)


def test_a_list_holds_every_level_of_final_events_once(story: Story) -> None:
    key = prepared(story)
    assert [(line.level, line.problems, line.active) for line in lines(key)] == [(3, [], True)] * 3
    assert levels.waiting_count(story.contest.id) == 0
    assert "waits for a list" in refused(prepared, story)


def test_nothing_leaves_before_the_notice_is_over(build: Builder) -> None:
    story = Story(build)
    story.field(["95", "85"])
    assert "waits for a list" in refused(prepared, story)
    story.computed()
    assert "waits for a list" in refused(prepared, story)
    story.signed()
    assert "waits for a list" in refused(prepared, story)


def test_a_second_person_approves(story: Story) -> None:
    key = prepared(story)
    author = db.session.get_one(LevelList, key).prepared_by_id
    by = Actor(author, AFTER, "test")
    levels.submit(staff(story), key)
    assert "Somebody else must approve" in refused(levels.approve, by, key)
    levels.approve(staff(story), key)
    found = levels.get_list(key)
    assert found.state is LevelListState.APPROVED and len(found.digest) == 64


def test_who_handed_it_in_cannot_approve_either(story: Story) -> None:
    key, by = prepared(story), staff(story)
    levels.submit(by, key)
    assert "Somebody else must approve" in refused(levels.approve, by, key)


def test_a_list_sent_back_is_a_draft_again(story: Story) -> None:
    key = prepared(story)
    levels.submit(staff(story), key)
    levels.send_back(staff(story), key, reason="缺少单位盖章")
    assert levels.get_list(key).state is LevelListState.DRAFT


def held_story(build: Builder, held: int | None, **more: Any) -> tuple[Story, Person]:
    """One passer, who holds a level of the occupation by certificate."""
    story = Story(build, **more)
    person = build.person()
    story.entry("80", "80", person=person)
    if held is not None:
        db.session.add(
            PersonLevel(person_id=person.id, occupation="钳工", level=held, recorded_at=NOW)
        )
    db.session.commit()
    story.final()
    return story, person


@pytest.mark.parametrize(("held", "problem"), [(3, ["held"]), (2, ["held"]), (4, [])])
def test_levels_that_are_held_in_the_occupation_are_found(
    build: Builder, held: int, problem: list[str]
) -> None:
    story, _person = held_story(build, held)
    (line,) = lines(prepared(story))
    assert line.problems == problem and line.active is (not problem)


def test_a_line_that_can_never_be_kept_is_dropped_with_a_reason(build: Builder) -> None:
    story, _person = held_story(build, 3)
    key = prepared(story)
    (line,) = lines(key)
    assert "Settle every line" in refused(levels.submit, staff(story), key)
    kept = {"settled": Settled.KEPT, "reason": "坚持"}
    assert "never certified twice" in refused(levels.settle, staff(story), line.id, **kept)
    levels.settle_many(staff(story), key, reason="已持有三级证书")
    levels.submit(staff(story), key)
    assert levels_lists.count_of(key) == (0, 1, 0, 0, 0)


def test_a_level_of_an_unknown_occupation_is_for_people_to_judge(build: Builder) -> None:
    # The level is named at the entry after the results: the rule itself did not know of it.
    story = Story(build)
    person = build.person()
    story.entry("80", "80", person=person)
    story.final()
    person.held_level = 3
    db.session.commit()
    key = prepared(story)
    (line,) = lines(key)
    assert line.problems == ["held_elsewhere"]
    assert levels_lists.list_lines(key, Wanted(show=OPEN)).total == 1
    levels.settle(staff(story), line.id, settled=Settled.KEPT, reason="原证书为焊工三级")
    assert levels_lists.list_lines(key, Wanted(show=OPEN)).total == 0
    levels.submit(staff(story), key)


def test_the_same_occupation_in_two_lists_stands_once(build: Builder) -> None:
    person = build.person()
    stories = []
    for _ in range(2):
        story = Story(build)
        story.entry("80", "80", person=person)
        story.final()
        stories.append(story)
    prepared(stories[0])
    (line,) = lines(prepared(stories[1]))
    assert line.problems == ["under_way"] and not line.active


def test_a_withdrawn_list_frees_its_lines(story: Story) -> None:
    first = prepared(story)
    levels.withdraw(staff(story), first, reason="单位名称有误")
    second = prepared(story)
    assert [line.problems for line in lines(second)] == [[]] * 3
    assert levels.get_list(second).number == 2


def test_an_open_appeal_keeps_one_person_out_and_nobody_else(build: Builder) -> None:
    story = Story(build)
    entries = story.field(["95", "85", "75"])
    appeals.end_event(story.actor("organizer"), story.event.id, Ending(ended_at=NOW))
    story.final()
    key = prepared(story)
    entry = entries[1]
    appeals.file_appeal(story.actor("organizer"), entry.id, filing())
    assert entry.title in refused(levels.submit, staff(story), key)
    levels.withdraw(staff(story), key, reason="有申诉")
    assert [line.grant.entry_id for line in lines(prepared(story))] == [
        entries[0].id,
        entries[2].id,
    ]


def test_a_list_whose_results_were_replaced_is_refused(story: Story) -> None:
    key = approved(story)
    revision = db.session.scalars(select(Revision)).one()
    revision.state = RevisionState.SUPERSEDED
    db.session.commit()
    assert levels.is_superseded(key) and levels_lists.count_of(key).superseded == 3
    assert "were replaced" in refused(levels_export.export, staff(story), key, None, WORDS)


def test_a_list_that_is_not_approved_does_not_leave(story: Story) -> None:
    key = prepared(story)
    assert "once it is approved" in refused(levels_export.export, staff(story), key, None, WORDS)


def test_columns_are_the_body_s_own_and_names_stay_true(build: Builder) -> None:
    story = Story(build)
    story.entry("80", "90", person=build.person(name="-1+1=cmd"))
    story.final()
    layout = Layout(
        columns=(
            LayoutColumn(field=LevelField.NAME, heading="申报人"),
            LayoutColumn(field=LevelField.ID_NUMBER, heading="身份证号"),
            LayoutColumn(field=LevelField.CONSTANT, heading="申报方式", text="=竞赛晋级"),
            LayoutColumn(field=LevelField.PRACTICAL, heading="实操"),
        )
    )
    layout_id = levels_export.save_layout(staff(story), None, title="宁波评价中心", layout=layout)
    key = approved(story)
    made = levels_export.export(staff(story), key, layout_id, WORDS)
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    id_number = lines(key)[0].person.id_number
    assert rows == [
        ["申报人", "身份证号", "申报方式", "实操"],
        ["-1+1=cmd", id_number, "=竞赛晋级", 90],
    ]
    assert {cell.data_type for cell in sheet[2]} == {"s", "n"}
    assert levels.get_list(key).state is LevelListState.SENT


def test_the_record_of_an_export_holds_no_identity_number(story: Story) -> None:
    key = sent(story)
    query = select(AuditRecord).where(
        AuditRecord.action == "export", AuditRecord.subject == "level_list"
    )
    (record,) = db.session.scalars(query)
    assert record.after is not None and record.after["rows"] == 3
    for line in lines(key):
        assert line.person.id_number not in str(record.after)


def test_columns_changed_by_somebody_else_are_not_overwritten(story: Story) -> None:
    by = staff(story)
    key = levels_export.save_layout(by, None, title="甲", layout=usual_layout())
    levels_export.save_layout(by, key, title="乙", layout=usual_layout(), version=1)
    told = refused(levels_export.save_layout, by, key, title="丙", layout=usual_layout(), version=1)
    assert "Somebody else has changed" in told


def receive(story: Story, key: int, data: bytes) -> LevelReturn:
    stored = levels_returns.receive(staff(story), key, data, "返回.xlsx")
    return db.session.get_one(LevelReturn, stored)


def matches(stored: LevelReturn) -> list[Match]:
    return [one.match for one in levels_returns.report(stored)]


def test_numbers_that_come_back_close_the_list_and_raise_levels(story: Story) -> None:
    key = sent(story)
    stored = receive(story, key, file_of(key))
    assert matches(stored) == [Match.MATCHED] * 3
    assert db.session.query(PersonLevel).count() == 0  # nothing before it is confirmed
    levels_returns.confirm(staff(story), stored.id)
    assert levels.get_list(key).state is LevelListState.CLOSED
    (line, *_rest) = lines(key)
    (held,) = levels_lists.held_by(line.person_id)
    assert (held.occupation, held.level, held.number) == ("钳工", 3, f"Z33020226{line.id:06d}")
    assert line.person.held_level == 3


def test_a_report_says_what_does_not_fit_and_only_the_rest_counts(story: Story) -> None:
    key = sent(story)
    data = file_of(key, row0={"name": "张冒名"}, row1={"number": ""})
    stored = receive(story, key, data)
    assert matches(stored) == [Match.NAME_DIFFERS, Match.NO_NUMBER, Match.MATCHED]
    levels_returns.confirm(staff(story), stored.id)
    assert levels.get_list(key).state is LevelListState.SENT
    second = receive(story, key, file_of(key))
    assert matches(second) == [Match.MATCHED] * 3
    levels_returns.confirm(staff(story), second.id)
    assert levels.get_list(key).state is LevelListState.CLOSED


def test_doubled_numbers_strangers_and_missing_people_are_named(story: Story) -> None:
    key = sent(story)
    stranger = {"name": "李外人", "id": story.build.id_number()}
    data = file_of(key, row0={"number": "Z1234567"}, row1={"number": "Z1234567"}, row2=stranger)
    assert matches(receive(story, key, data)) == [
        Match.NUMBER_TWICE,
        Match.NUMBER_TWICE,
        Match.UNKNOWN,
        Match.MISSING,
    ]


def test_a_number_that_somebody_else_has_is_refused(story: Story) -> None:
    key = sent(story)
    other = story.build.person()
    db.session.add(
        PersonLevel(
            person_id=other.id,
            occupation="焊工",
            level=3,
            recorded_at=NOW,
            certificate_number="Z7654321",
        )
    )
    db.session.commit()
    stored = receive(story, key, file_of(key, row0={"number": "Z7654321"}))
    assert matches(stored)[0] is Match.NUMBER_TAKEN


def test_a_whole_file_can_be_undone(story: Story) -> None:
    key = sent(story)
    stored = receive(story, key, file_of(key))
    levels_returns.confirm(staff(story), stored.id)
    levels_returns.undo(staff(story), stored.id, reason="文件发错")
    assert levels.get_list(key).state is LevelListState.SENT
    assert db.session.query(PersonLevel).count() == 0
    assert {line.person.held_level for line in lines(key)} == {None}
    assert db.session.get_one(LevelReturn, stored.id).state is ReturnState.UNDONE


def test_what_is_stored_of_a_file_cannot_be_read_in_the_database(story: Story) -> None:
    key = sent(story)
    receive(story, key, file_of(key))
    raw = db.session.connection().exec_driver_sql("SELECT rows FROM level_return").scalar_one()
    for line in lines(key):
        assert line.person.name not in raw and line.person.id_number not in raw


def test_a_list_with_certificates_is_not_withdrawn(story: Story) -> None:
    key = sent(story)
    stored = receive(story, key, file_of(key))
    levels_returns.confirm(staff(story), stored.id)
    told = refused(levels.withdraw, staff(story), key, reason="作废")
    assert "undo their numbers first" in told


def test_numbers_come_back_for_sent_lists_only(story: Story) -> None:
    key = approved(story)
    told = refused(levels_returns.receive, staff(story), key, file_of(key), "返回.xlsx")
    assert "lists that were sent" in told


@pytest.mark.parametrize(
    ("text", "level"),
    [("三级/高级工", 3), ("高级技师", 1), ("技师（二级）", 2), ("3", 3), ("4级", 4), ("", None)],
)
def test_levels_are_read_as_bodies_write_them(text: str, level: int | None) -> None:
    assert levels_returns.level_of(text) == level


def test_lines_of_a_rule_reach_the_results_with_team_size_class_and_prize(build: Builder) -> None:
    cuts = (
        LevelCut(who="prizes", tiers=("first",), above="standard", rise=1, contest_level="city"),
        LevelCut(who="passers", level=4),
    )
    plan = default_event_plan().model_copy(update={"levels": LevelRule(cuts=cuts)})
    story = Story(build, plan=plan)
    story.field(["95", "85"])
    story.computed()
    query = select(LevelGrant.level).order_by(LevelGrant.id)
    assert list(db.session.scalars(query)) == [2, 4]
