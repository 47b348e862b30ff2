"""The judge pool, what judges declare, and the pool as a spreadsheet."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from models.judges import Judge, Relation
from rules.conflicts import ConflictKind
from rules.judges import JudgeKind, TitleGrade
from rules.refusals import Missing, Refused
from rules.states import EntryState
from services import contests, judges, judges_conflicts, judges_relations, judges_workbooks, panels
from services.acting import Actor
from services.judges import JudgeQuery, PoolFacts
from services.judges_relations import RelationFacts
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.judging_rooms import spare_scheme

TODAY = date(2026, 9, 15)


def add(by: Actor, build: Builder, **more: Any) -> int:
    return judges.add_judge(by, build.account("judge").id, PoolFacts(**more), None)


def names(asked: JudgeQuery, within: frozenset[int] | None = None) -> set[int]:
    return {one.id for one in judges.list_judges(asked, within, TODAY).items}


def test_a_judge_comes_into_the_pool_once_and_only_with_the_role(build: Builder, by: Actor) -> None:
    account = build.account("judge")
    judges.add_judge(by, account.id, PoolFacts(), None)
    for other in (account.id, build.account("supervisor").id, 999):
        with pytest.raises(Refused, match="in the list"):
            judges.add_judge(by, other, PoolFacts(), None)


def test_the_pool_is_searched_by_kind_occupation_name_and_standing(
    build: Builder, by: Actor
) -> None:
    employer = build.employer()
    welder = add(by, build, occupations=("焊工", "电工"), employer=employer.title)
    sealer = add(by, build, kinds=(JudgeKind.SEALING,), licence="CP-01")
    barred = add(by, build, barred_until=TODAY, bar_reason="迟到")
    assert names(JudgeQuery()) == {welder, sealer, barred}
    assert names(JudgeQuery(occupation="焊工")) == {welder}
    assert names(JudgeQuery(kind=JudgeKind.SEALING)) == {sealer}
    assert names(JudgeQuery(q=employer.title)) == {welder}
    assert names(JudgeQuery(q="cp-01")) == {sealer}
    assert names(JudgeQuery(standing="barred")) == {barred}
    assert names(JudgeQuery(standing="free")) == {welder, sealer}
    assert set(judges.list_occupations()) == {"焊工", "电工"}


def test_an_organizer_of_one_contest_sees_whoever_may_judge_there(
    build: Builder, by: Actor
) -> None:
    here, there = build.contest(), build.contest()
    mine = judges.add_judge(by, build.account("judge", here.id).id, PoolFacts(), None)
    judges.add_judge(by, build.account("judge", there.id).id, PoolFacts(), None)
    free = add(by, build)
    assert names(JudgeQuery(), frozenset({here.id})) == {mine, free}
    stranger = build.account("judge", there.id)
    with pytest.raises(Refused, match="in the list"):
        judges.add_judge(by, stranger.id, PoolFacts(), frozenset({here.id}))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"held_level": 6}, "held_level"),
        ({"kinds": ()}, "kinds"),
        ({"occupations": tuple(f"工种{n}" for n in range(21))}, "occupations"),
        ({"occupations": ("长" * 41,)}, "occupations"),
        ({"barred_until": TODAY}, "bar_reason"),
        ({"remark": "长" * 401}, "remark"),
        ({"employer": "没有登记的公司"}, "employer"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    build: Builder, by: Actor, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        add(by, build, **facts)
    assert refused.value.field == field


def test_a_stale_edit_is_refused_and_a_lifted_bar_takes_its_reason_along(
    build: Builder, by: Actor
) -> None:
    key = add(by, build, barred_until=TODAY, bar_reason="泄露试题")
    judges.edit_judge(by, key, PoolFacts(grade=TitleGrade.MIDDLE), 1)
    judge = judges.get_judge(key)
    assert (judge.barred_until, judge.bar_reason, judge.version) == (None, None, 2)
    assert judges.qualified(judge)
    with pytest.raises(Refused, match="changed this meanwhile"):
        judges.edit_judge(by, key, PoolFacts(), 1)
    with pytest.raises(Missing):
        judges.edit_judge(by, 999, PoolFacts(), 1)


def test_why_somebody_is_barred_or_bound_stands_in_no_record(build: Builder, by: Actor) -> None:
    key = add(by, build, barred_until=TODAY, bar_reason="泄露试题")
    account_id = judges.get_judge(key).account_id
    facts = RelationFacts(ConflictKind.KIN, "person", "赵敏之")
    judges_relations.declare_relation(by, account_id, facts)
    records = db.session.scalars(select(AuditRecord)).all()
    text = " ".join(f"{one.before} {one.after}" for one in records)
    assert "泄露试题" not in text and "赵敏之" not in text


def test_past_panels_are_told_with_their_duty(build: Builder, by: Actor) -> None:
    event = build.event(scheme=spare_scheme().model_dump(mode="json"))
    account = build.account("judge")
    panels.seat(by, event.id, "work", account.id)
    (past,) = judges.list_experience(account.id)
    assert (past.event_title, past.part_title, past.year) == (event.title, "操作", 2026)
    assert judges.count_seats([account.id]) == {account.id: 1}


# --- relations ---


def conflict_kinds(event_id: int, account_id: int) -> list[ConflictKind]:
    found = judges_conflicts.find_conflicts(contests.get_event(event_id), [account_id])
    return [one.kind for one in found[account_id]]


def test_a_declared_name_counts_until_it_is_said_who_is_meant(build: Builder, by: Actor) -> None:
    event = build.event()
    entered, namesake = build.person(name="王小明"), build.person(name="王小明")
    build.entry(event, person=entered)
    build.entry(build.event(), person=namesake)
    judge = build.account("judge")
    facts = RelationFacts(ConflictKind.KIN, "person", " 王小明 ", "堂弟")
    key = judges_relations.declare_relation(by, judge.id, facts)
    assert conflict_kinds(event.id, judge.id) == [ConflictKind.KIN]
    relations = judges_relations.list_relations(judge.id)
    known = judges_relations.list_namesakes(relations)["王小明"]
    assert {one.id for one in known} == {entered.id, namesake.id}
    judges_relations.name_person(by, key, namesake.id)
    assert conflict_kinds(event.id, judge.id) == []
    with pytest.raises(Refused, match="in the list"):
        judges_relations.name_person(by, key, build.person().id)


def test_employers_and_entries_can_be_declared(build: Builder, by: Actor) -> None:
    event, employer = build.event(), build.employer(title="慈溪（新兴）机床厂")
    build.entry(event, employer_id=employer.id)
    pupil = build.entry(event)
    judge = build.account("judge")
    other = RelationFacts(ConflictKind.OTHER, "employer", "慈溪(新兴)机床厂")
    coach = RelationFacts(ConflictKind.COACH, "entry", pupil.number)
    judges_relations.declare_relation(by, judge.id, other)
    judges_relations.declare_relation(by, judge.id, coach)
    assert conflict_kinds(event.id, judge.id) == [ConflictKind.OTHER, ConflictKind.COACH]
    wrong = RelationFacts(ConflictKind.COACH, "entry", "9999-999")
    with pytest.raises(Refused, match="no entry with this number"):
        judges_relations.declare_relation(by, judge.id, wrong)


def test_an_ended_relation_stays_on_record_and_binds_nobody(build: Builder, by: Actor) -> None:
    event, person = build.event(), build.person()
    build.entry(event, person=person)
    judge = build.account("judge")
    facts = RelationFacts(ConflictKind.MENTOR, "person", person.name)
    key = judges_relations.declare_relation(by, judge.id, facts)
    judges_relations.end_relation(by, key)
    assert conflict_kinds(event.id, judge.id) == []
    assert db.session.get_one(Relation, key).ended_by_id == by.account_id
    with pytest.raises(Refused, match="ended already"):
        judges_relations.end_relation(by, key)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (RelationFacts(ConflictKind.EMPLOYER, "person", "张伟"), "kind"),
        (RelationFacts(ConflictKind.SELF, "person", "张伟"), "kind"),
        (RelationFacts(ConflictKind.KIN, "person", "  "), "name"),
        (RelationFacts(ConflictKind.KIN, "person", "长" * 121), "name"),
        (RelationFacts(ConflictKind.KIN, "person", "张伟", "长" * 201), "remark"),
    ],
)
def test_a_relation_that_says_nothing_is_refused(
    build: Builder, by: Actor, facts: RelationFacts, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        judges_relations.declare_relation(by, build.account("judge").id, facts)
    assert refused.value.field == field


def test_withdrawn_entries_bind_nobody(build: Builder, by: Actor) -> None:
    event, employer = build.event(), build.employer()
    judge = build.account("judge", employer_id=employer.id)
    build.entry(event, EntryState.WITHDRAWN, employer_id=employer.id)
    assert conflict_kinds(event.id, judge.id) == []


# --- spreadsheets ---


def sheet(*rows: dict[str, object]) -> bytes:
    return write_table(judges_workbooks.COLUMNS, rows, "裁判库")


def test_what_is_exported_is_read_back(build: Builder, by: Actor) -> None:
    key = add(
        by,
        build,
        employer=build.employer().title,
        grade=TitleGrade.DEPUTY_SENIOR,
        held_level=1,
        licence="330282000111",
        kinds=(JudgeKind.SCENE, JudgeKind.SCORING),
        occupations=("焊工", "电工"),
        remark="省赛裁判",
        barred_until=TODAY,
        bar_reason="迟到",
    )
    before = judges.shown(judges.get_judge(key))
    data = judges_workbooks.export(judges.list_judges(JudgeQuery(), None, TODAY).items)
    reading = judges_workbooks.read_judges(data, "a.xlsx", None)
    assert reading.accepted
    records = len(db.session.scalars(select(AuditRecord)).all())
    assert judges_workbooks.take_judges(by, reading.wanted) == 1
    assert judges.shown(judges.get_judge(key)) == before
    assert len(db.session.scalars(select(AuditRecord)).all()) == records + 1


def test_new_judges_come_in_and_known_ones_are_brought_up_to_date(
    build: Builder, by: Actor
) -> None:
    known = judges.get_judge(add(by, build))
    fresh = build.account("judge")
    data = sheet(
        {"username": known.account.username, "grade": "中级", "kinds": "现场、评分"},
        {"username": fresh.username, "held_level": 2},
    )
    judges_workbooks.take_judges(by, judges_workbooks.read_judges(data, "a.xlsx", None).wanted)
    pool = {one.account_id: one for one in db.session.scalars(select(Judge))}
    assert pool[known.account_id].grade is TitleGrade.MIDDLE
    assert pool[known.account_id].kinds == ["scene", "scoring"]
    assert (pool[fresh.id].held_level, pool[fresh.id].kinds) == (2, ["scoring"])


def test_every_row_with_a_problem_is_shown_and_none_is_taken(build: Builder) -> None:
    here, there = build.contest(), build.contest()
    good, foreign = build.account("judge", here.id), build.account("judge", there.id)
    data = sheet(
        {"username": good.username},
        {"username": "nobody.here"},
        {"username": foreign.username},
        {"username": good.username, "grade": "教授级"},
        {"username": good.username, "barred_until": TODAY},
    )
    reading = judges_workbooks.read_judges(data, "a.xlsx", frozenset({here.id}))
    said = [[str(one) for one in row.problems] for row in reading.rows]
    assert not reading.accepted and reading.faulty == 5
    assert "more than once" in said[0][0]
    assert "no account" in said[1][0]
    assert "does not judge in your contests" in said[2][0]
    alone = sheet({"username": good.username, "grade": "教授级"})
    (row,) = judges_workbooks.read_judges(alone, "a.xlsx", None).rows
    assert "教授级 is not known here" in str(row.problems[0])
    barred = sheet({"username": good.username, "barred_until": TODAY})
    (row,) = judges_workbooks.read_judges(barred, "a.xlsx", None).rows
    assert row.problems[0].field == "bar_reason"


def test_the_pool_costs_the_same_whatever_its_size(
    build: Builder, by: Actor, statements: Any
) -> None:
    counts = []
    for size in (1, 3):
        for _ in range(size):
            add(by, build, employer=build.employer().title)
        db.session.expire_all()
        with statements() as seen:
            for one in judges.list_judges(JudgeQuery(), None, TODAY).items:
                assert judges.employer_of(one) is not None
        counts.append(len(seen))
    assert counts[0] == counts[1]
