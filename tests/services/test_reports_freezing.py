"""A frozen figure stays what it was, and says completely what became of the registers since."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.honours import Honour
from models.mentorships import Mentorship
from models.people import Employer, Person
from models.reports import Figure, FrozenFigure
from models.workshops import Workshop
from rules.figure_library import LIBRARY
from rules.figures import Bound, Counted, Part, Question, Source, Typed
from rules.honours import HonourLevel
from rules.mentorships import MentorshipState
from rules.refusals import Missing, Refused
from rules.states import HonourState
from rules.workshops import HostKind, WorkshopLevel, WorkshopState
from services import reports, reports_figures, reports_freezing
from services.acting import Actor
from services.reports_figures import Note, Wanted
from tests.builders import Builder
from tests.figure_rows import honour, numbers, people, question, sanmenxia
from tests.workshop_rows import add_pair, add_workshop

THEN = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
TODAY = LATER.date()


class Desk:
    """Two people of the bureau and what they save."""

    def __init__(self, build: Builder) -> None:
        self.one: Account = build.account("bureau_staff")
        self.two: Account = build.account("bureau_staff")

    def by(self, second: bool = False, now: datetime = THEN) -> Actor:
        """One of them, at the time of the freezing or another."""
        return Actor((self.two if second else self.one).id, now)

    def saved(self, asked: Question | Typed, **more: Any) -> int:
        """A figure of the first one's, shared."""
        note = Note(shared=more.pop("shared", True))
        return reports_figures.create_figure(self.by(), asked, note)

    def frozen(self, asked: Question | Typed, **more: Any) -> FrozenFigure:
        """A frozen answer of a new figure."""
        key = reports_freezing.freeze(self.by(), self.saved(asked), **more)
        return self.found(key)

    def found(self, key: int) -> FrozenFigure:
        """A frozen answer, read afresh."""
        db.session.expire_all()
        return reports_freezing.get_frozen(self.one.id, key)


@pytest.fixture
def desk(build: Builder) -> Desk:
    """Two people of the bureau."""
    return Desk(build)


def test_a_frozen_answer_keeps_number_splits_and_list(build: Builder, desk: Desk) -> None:
    sanmenxia(build)
    frozen = desk.frozen(question("三门峡市技术能手", splits=(Part.COMPANY,)), note="答复政协")
    assert (frozen.value, frozen.row_count, frozen.number) == (Decimal(248), 248, 1)
    assert numbers(reports_freezing.splits_of(frozen), Part.COMPANY) == {True: 193, False: 55}
    assert frozen.as_of == THEN.date()
    assert len({row.person for row in reports_freezing.rows_of(frozen)}) == 248
    assert reports_freezing.is_whole(frozen)
    stored = db.session.execute(select(FrozenFigure.rows).where(FrozenFigure.id == frozen.id))
    raw = db.session.connection().exec_driver_sql("SELECT rows FROM frozen_figure").scalar_one()
    assert "名册" not in raw and stored.scalar_one()["rows"]
    compared = reports_freezing.compare(frozen, TODAY)
    assert compared is not None
    assert (compared.has_moved, compared.differences.count) == (False, 0)


def test_touched_rows_no_longer_give_the_digest(build: Builder, desk: Desk) -> None:
    honour(*people(build, 1))
    db.session.commit()
    frozen = desk.frozen(question())
    rows = frozen.rows
    rows["rows"][0][2] = "别人"
    db.session.execute(update(FrozenFigure).values(rows=rows))
    assert not reports_freezing.is_whole(desk.found(frozen.id))


def test_a_second_person_signs_once(build: Builder, desk: Desk) -> None:
    frozen = desk.frozen(question())
    with pytest.raises(Refused, match="Somebody else signs"):
        reports_freezing.sign(desk.by(), frozen.id)
    reports_freezing.sign(desk.by(second=True), frozen.id)
    with pytest.raises(Refused, match="signed already"):
        reports_freezing.sign(desk.by(second=True), frozen.id)
    found = desk.found(frozen.id)
    assert found.signed_by is not None and found.signed_by.id == desk.two.id
    with pytest.raises(Missing):
        reports_freezing.sign(desk.by(second=True), 10_000)


def test_figures_are_their_owners_and_shared_ones_are_seen(desk: Desk) -> None:
    own = desk.saved(question(), shared=False)
    with pytest.raises(Missing):
        reports_figures.get_figure(desk.two.id, own)
    with pytest.raises(Missing):
        reports_freezing.freeze(desk.by(second=True), own)
    row = reports_figures.get_figure(desk.one.id, own)
    changed = question("上林金匠")
    reports_figures.edit_figure(desk.by(), own, row.version, changed, Note("问", shared=True))
    with pytest.raises(Refused, match="Only the owner"):
        reports_figures.edit_figure(desk.by(second=True), own, 2, changed, Note())
    with pytest.raises(Refused, match="Somebody else has changed"):
        reports_figures.edit_figure(desk.by(), own, 1, changed, Note())
    assert reports_figures.list_figures(desk.two.id, Wanted("上林")).total == 1
    assert reports_figures.list_figures(desk.two.id, Wanted(own=True)).total == 0
    reports_figures.remove_figure(desk.by(), own)
    assert db.session.get(Figure, own) is None


def test_what_was_frozen_is_not_removed_and_keeps_its_question(desk: Desk) -> None:
    key = desk.saved(question("上林金匠"))
    first = reports_freezing.freeze(desk.by(), key)
    with pytest.raises(Refused, match="stays"):
        reports_figures.remove_figure(desk.by(), key)
    with pytest.raises(Refused, match="changed meanwhile"):
        reports_freezing.freeze(desk.by(), key, version=7)
    reports_figures.edit_figure(desk.by(), key, 1, question("上林银匠"), Note(shared=True))
    second = reports_freezing.freeze(desk.by(), key, version=2)
    asked = [reports_figures.question_of(desk.found(one)) for one in (first, second)]
    assert [one.title for one in asked if one] == ["上林金匠", "上林银匠"]
    assert [one.number for one in reports_freezing.list_frozen(key)] == [2, 1]
    assert reports_figures.latest_frozen([key])[key].id == second


def test_the_future_is_not_asked(desk: Desk) -> None:
    tomorrow = THEN.date() + timedelta(days=1)
    with pytest.raises(Refused, match="future"):
        desk.saved(question(as_of=tomorrow))
    with pytest.raises(Refused, match="future"):
        desk.frozen(question(), as_of=tomorrow)


def test_typed_figures_are_frozen_with_their_document(desk: Desk) -> None:
    typed = Typed(
        title="计划新建",
        unit="家",
        number=Decimal(10),
        bound=Bound.AT_LEAST,
        document="石人社〔2019〕1号",
    )
    frozen = desk.frozen(typed, as_of=date(2019, 5, 1))
    assert (frozen.value, frozen.row_count, frozen.as_of) == (Decimal(10), 0, date(2019, 5, 1))
    assert reports_freezing.is_whole(frozen)
    assert reports_freezing.compare(frozen, TODAY) is None


def test_ready_figures_are_taken_once(build: Builder, desk: Desk) -> None:
    sanmenxia(build)
    key = reports_figures.take_ready(desk.by(), "sanmenxia_expert")
    assert reports_figures.take_ready(desk.by(), "sanmenxia_expert") == key
    asked = reports_figures.question_of(reports_figures.get_figure(desk.one.id, key))
    assert asked is not None
    answer = reports.ask(asked, TODAY)
    assert (answer.number, numbers(answer.splits, Part.COMPANY)[True]) == (248, 193)
    with pytest.raises(Missing):
        reports_figures.take_ready(desk.by(), "nothing")


def test_every_ready_figure_is_answered(build: Builder) -> None:
    sanmenxia(build)
    for ready in LIBRARY.values():
        if isinstance(ready.asked, Question):
            assert reports.ask(ready.asked, TODAY).number >= 0, ready.key


def test_nothing_personal_is_written_into_the_log(build: Builder, desk: Desk) -> None:
    honour(*people(build, 1))
    db.session.commit()
    frozen = desk.frozen(question())
    reports_freezing.sign(desk.by(second=True), frozen.id)
    records = db.session.scalars(select(AuditRecord)).all()
    assert "名册" not in str([(one.before, one.after) for one in records])


# --- a thousand edits -------------------------------------------------------------------------

# What an independent reader of the tables takes from an honour, by the field of the list.
Facts = dict[str, dict[str, Any]]


def _honours_standing(day: date) -> Facts:
    """Read the honours that count on a day, without any service."""
    found: Facts = {}
    employers = {one.title: one.district for one in db.session.scalars(select(Employer))}
    persons = {one.id: one for one in db.session.scalars(select(Person))}
    for one in db.session.scalars(select(Honour)):
        ended = one.state in (HonourState.REVOKED, HonourState.SUPERSEDED)
        since = one.changed_at and (one.changed_at + timedelta(hours=8)).date()
        stands = one.state is HonourState.STANDING or (ended and since is not None and since > day)
        if not stands or one.granted_on > day:
            continue
        person = persons[one.person_id]
        found[f"honour:{one.id}"] = {
            "person": one.person_id,
            "name": person.name,
            "sex": person.sex or "",
            "title": one.title,
            "level": one.level.value,
            "kind": one.kind.value,
            "day": one.granted_on,
            "year": one.year,
            "employer": one.employer,
            "district": employers.get(one.employer, ""),
            "company": one.of_company,
            "number": one.document,
            "programme": one.programme,
            "via": one.via.value,
        }
    return found


def _expected(before: Facts, after: Facts) -> tuple[set[str], set[str], dict[str, Any]]:
    changed = {}
    for key in before.keys() & after.keys():
        fields = {
            (name, before[key][name], after[key][name])
            for name in before[key]
            if before[key][name] != after[key][name]
        }
        if fields:
            changed[key] = fields
    return after.keys() - before.keys(), before.keys() - after.keys(), changed


def _title_of(facts: Facts, title: str) -> Facts:
    return {key: one for key, one in facts.items() if one["title"] == title}


class Editor:
    """Somebody who changes the registers at random, a thousand times."""

    def __init__(self, build: Builder, seed: int) -> None:
        self.build, self.random = build, Random(seed)
        self.people = list(db.session.scalars(select(Person)))

    def edit(self) -> None:
        """Change one thing."""
        edits = (
            self.revise, self.revise, self.revise, self.end, self.add, self.drop, self.rename,
            self.move_employer, self.change_workshop, self.change_pair,
        )  # fmt: skip
        self.random.choice(edits)()

    def _honour(self) -> int:
        return self.random.choice(list(db.session.scalars(select(Honour.id))))

    def revise(self) -> None:
        values: dict[str, Any] = self.random.choice(
            (
                {"title": self.random.choice(("三门峡市技术能手", "河南省技术能手", "新称号"))},
                {"of_company": self.random.choice((True, False, None))},
                {"granted_on": date(2020, 1, 1) + timedelta(days=self.random.randrange(3000))},
                {"employer": self.random.choice(("甲公司", "乙公司", "丙学院"))},
                {"document": f"文{self.random.randrange(50)}"},
                {"level": self.random.choice(tuple(HonourLevel))},
                {"person_id": self.random.choice(self.people).id},
                {"year": self.random.randrange(2018, 2026)},
            )
        )
        db.session.execute(update(Honour).where(Honour.id == self._honour()).values(**values))

    def end(self) -> None:
        state = self.random.choice(tuple(HonourState))
        at = datetime(2026, 8, 20, tzinfo=UTC) + timedelta(hours=self.random.randrange(1000))
        where = Honour.id == self._honour()
        db.session.execute(update(Honour).where(where).values(state=state, changed_at=at))

    def add(self) -> None:
        day = date(2024, 1, 1) + timedelta(days=self.random.randrange(1200))
        honour(self.random.choice(self.people), "三门峡市技术能手", granted_on=day)
        db.session.flush()

    def drop(self) -> None:
        db.session.execute(delete(Honour).where(Honour.id == self._honour()))

    def rename(self) -> None:
        values = self.random.choice(({"name": f"改名{self.random.random()}"}, {"sex": "F"}))
        person = self.random.choice(self.people)
        db.session.execute(update(Person).where(Person.id == person.id).values(**values))

    def move_employer(self) -> None:
        where = Employer.title == self.random.choice(("甲公司", "乙公司", "丙学院"))
        district = self.random.choice(("浒山街道", "观海卫镇", ""))
        db.session.execute(update(Employer).where(where).values(district=district))

    def change_workshop(self) -> None:
        shop = self.random.choice(list(db.session.scalars(select(Workshop))))
        closing = self.random.choice((True, False))
        shop.state = WorkshopState.CLOSED if closing else WorkshopState.STANDING
        shop.closed_on = date(2026, self.random.randrange(7, 12), 1) if closing else None
        shop.host_kind = self.random.choice(tuple(HostKind))
        shop.taught_before = self.random.randrange(100)
        db.session.flush()

    def change_pair(self) -> None:
        pair = self.random.choice(list(db.session.scalars(select(Mentorship))))
        pair.state = self.random.choice(tuple(MentorshipState))
        db.session.flush()


def _programmes(build: Builder) -> None:
    leader, employer = build.person(), build.employer()
    for number in range(20):
        add_workshop(build, leader, employer_id=employer.id, taught_before=number,
                     level=tuple(WorkshopLevel)[number % 4])  # fmt: skip
        add_pair(build, leader, employer_id=employer.id)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thousand_edits_change_nothing_frozen_and_all_are_told(
    build: Builder, desk: Desk, seed: int
) -> None:
    sanmenxia(build)
    _programmes(build)
    for title in ("甲公司", "乙公司", "丙学院"):
        build.employer(title=title, district="浒山街道")
    titled, everything = question("三门峡市技术能手", splits=(Part.COMPANY, Part.AGE)), question()
    shops = Question(
        title="工作室",
        unit="家",
        source=Source.WORKSHOPS,
        counted=Counted.ROWS,
        splits=(Part.HOST,),
    )
    taught = Question(title="带徒", unit="人次", source=Source.MENTORSHIPS, counted=Counted.TIMES)
    kept = [desk.frozen(asked) for asked in (titled, everything, shops, taught)]
    first = [(one.value, one.splits, one.digest, one.rows) for one in kept]
    day = THEN.date()
    before = _honours_standing(day)
    lists = [reports.list_rows(one.on(day), day) for one in (shops, taught)]
    editor = Editor(build, seed)
    for _ in range(1_000):
        editor.edit()
    db.session.commit()

    kept = [desk.found(one.id) for one in kept]
    assert [(one.value, one.splits, one.digest, one.rows) for one in kept] == first
    assert all(reports_freezing.is_whole(one) for one in kept)
    after = _honours_standing(day)
    compared = [reports_freezing.compare(one, TODAY) for one in kept]
    wanted = [
        _expected(_title_of(before, titled.title), _title_of(after, titled.title)),
        _expected(before, after),
    ]
    for found, expected in zip(compared[:2], wanted, strict=True):
        assert found is not None
        added, gone, changed = found.differences.added, found.differences.gone, {}
        for one in found.differences.changed:
            changed[one.row.key] = {change for change in one.fields if change[0] != "age"}
        assert ({row.key for row in added}, {row.key for row in gone}) == expected[:2]
        assert {key: fields for key, fields in changed.items() if fields} == expected[2]
        assert added and gone and changed  # there was something to tell
    assert compared[1] is not None
    assert compared[1].answer.number == len({one["person"] for one in after.values()})
    for found, asked, old in zip(compared[2:], (shops, taught), lists, strict=True):
        _told_in_full(found, asked, {row.key: row for row in old}, day)


def _told_in_full(found: Any, asked: Question, old: dict[str, Any], day: date) -> None:
    """Carry the differences out on the old list: it becomes the new one."""
    made = dict(old)
    for row in found.differences.gone:
        del made[row.key]
    for row in found.differences.added:
        made[row.key] = row
    for change in found.differences.changed:
        for name, was, _ in change.fields:
            assert getattr(made[change.row.key], name) == was
        made[change.row.key] = change.row
    new = reports.list_rows(asked.on(day), day)
    assert made == {row.key: row for row in new}
    assert found.differences.count > 0


def test_what_happened_since_comes_on_top(build: Builder, desk: Desk) -> None:
    """As of its own day only corrections differ; as of today also what came later."""
    one, two = people(build, 2)
    honour(one)
    db.session.commit()
    frozen = desk.frozen(question())
    honour(two, granted_on=date(2026, 10, 1))
    db.session.commit()
    same = reports_freezing.compare(frozen, TODAY)
    later = reports_freezing.compare(frozen, TODAY, on=TODAY)
    assert same is not None and later is not None
    assert (same.answer.number, same.differences.count) == (1, 0)
    assert (later.answer.number, later.shown_change, later.has_moved) == (2, "+1", True)
    assert [row.name for row in later.differences.added] == [two.name]
