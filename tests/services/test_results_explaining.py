"""Why this result: from the marks kept with a revision to the award."""

from decimal import Decimal

import pytest
from sqlalchemy import select, update

from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet
from models.results import Result
from rules.marking import WHOLE
from rules.plans import default_event_plan, default_scheme
from rules.ranking import EntryStatus
from rules.refusals import Missing
from rules.schemes import Advance, Carry, Deduction, Part, Scheme, Stage
from rules.states import SheetState
from services import results
from services.results_explaining import Explained, explain_result
from tests.builders import Builder, work_of
from tests.results_story import NOW, Story


def _kinds(told: Explained) -> list[str]:
    assert told.tables is not None
    return [step.kind for step in told.tables.ending]


def test_an_explanation_goes_from_the_marks_to_the_award(build: Builder) -> None:
    story = Story(build, scheme=default_scheme())
    entry = story.entry("80", ["90", "90", "85", "80", "70"])
    told = explain_result(story.computed(), entry.id)
    assert told.tables is not None
    practical = told.tables.parts[1]
    whole, _section, aspect = practical.lines
    dropped = [whole.cells[judge].dropped for judge in practical.judges]
    assert dropped == [False, True, False, False, True]
    assert [aspect.cells[judge].given for judge in practical.judges] == [90, 90, 85, 80, 70]
    assert whole.value == 85
    assert _kinds(told) == ["part", "part", "combined", "total", "place", "tier", "amount"]
    assert told.award is not None and told.award.tier == "first"
    assert (told.field_size, told.same_total, told.marks_changed) == (1, 0, False)
    assert told.follows


def test_a_tie_is_explained_by_the_part_that_decided(build: Builder) -> None:
    story = Story(build)
    weaker, better = story.entry("90", "80"), story.entry("70", "85")
    revision_id = story.computed()
    told = explain_result(revision_id, better.id)
    assert (told.same_total, told.result.tie_break, told.result.rank) == (1, "practical", 1)
    assert told.chain is not None
    (step,) = [step for step in told.chain.steps if step.kind == "tie_break"]
    assert (step.node, step.value) == ("practical", Decimal(85))
    assert explain_result(revision_id, weaker.id).result.rank == 2


def test_a_shared_place_is_said(build: Builder) -> None:
    story = Story(build)
    first, _second = story.field(["80", "80"])
    told = explain_result(story.computed(), first.id)
    assert told.chain is not None
    (place,) = [step for step in told.chain.steps if step.kind == "place"]
    assert (place.value, place.note) == (1, "shared")


def test_a_revision_is_explained_by_its_own_marks_whatever_became_of_the_sheets(
    build: Builder,
) -> None:
    story = Story(build)
    entry, absent = story.entry("80", "80"), story.absent()
    revision_id = story.computed()
    db.session.execute(update(Mark).values(value=Decimal(10)))
    db.session.commit()
    told = explain_result(revision_id, entry.id)
    assert told.marks_changed and told.follows and told.tables is not None
    assert told.tables.parts[0].lines[0].value == 80
    away = explain_result(revision_id, absent.id)
    assert _kinds(away) == ["no_place"] and not away.marks_changed
    with pytest.raises(Missing):
        explain_result(revision_id, 999_999)


def test_a_result_that_does_not_follow_from_its_marks_is_found(build: Builder) -> None:
    story = Story(build)
    entry = story.entry("80", "80")
    revision_id = story.computed()
    parts = db.session.scalars(select(Result.parts)).one()
    parts["theory"]["score"] = "90.00"
    db.session.execute(update(Result).values(parts=parts))
    db.session.commit()
    assert not explain_result(revision_id, entry.id).follows


def test_a_revision_without_marks_says_so(build: Builder) -> None:
    story = Story(build)
    entry = story.entry("80", "80")
    revision_id = story.computed()
    db.session.execute(update(Result).values(inputs=None))
    db.session.commit()
    told = explain_result(revision_id, entry.id)
    assert (told.chain, told.tables, told.marks_changed) == (None, None, False)


def _with_breach() -> Scheme:
    scheme = default_scheme(panel=default_scheme().parts[0].panel)
    breach = Deduction(key="breach", title="Breach", each=Decimal(5), disqualifies_at=Decimal(2))
    practical = scheme.parts[1].model_copy(update={"deductions": (breach,)})
    return Scheme.model_validate(
        scheme.model_dump() | {"parts": [scheme.parts[0].model_dump(), practical.model_dump()]}
    )


def _recorded(story: Story, entry_id: int, part: str, **values: str) -> None:
    seat = db.session.scalar(
        select(PanelSeat).where(
            PanelSeat.event_id == story.event.id, PanelSeat.part == part, PanelSeat.number == 0
        )
    )
    if seat is None:
        recorder = story.build.account("judge")
        seat = PanelSeat(event_id=story.event.id, part=part, number=0, account_id=recorder.id)
        db.session.add(seat)
        db.session.flush()
    sheet = Sheet(event_id=story.event.id, seat_id=seat.id, state=SheetState.SIGNED)
    sheet.work_id = work_of(db.session.get_one(Entry, entry_id)).id
    sheet.marks = [Mark(aspect=k, value=Decimal(v), updated_at=NOW) for k, v in values.items()]
    db.session.add(sheet)
    db.session.commit()


def test_a_breach_costs_marks_and_the_second_one_the_place(build: Builder) -> None:
    story = Story(build, scheme=_with_breach())
    once, twice = story.entry("80", "90"), story.entry("80", "95")
    _recorded(story, once.id, "practical", breach="1")
    _recorded(story, twice.id, "practical", breach="2")
    revision_id = story.computed()
    told = explain_result(revision_id, once.id)
    assert told.tables is not None and told.result.rank == 1
    whole = told.tables.parts[1].lines[0]
    assert [(note.kind, note.value) for note in whole.notes if note.kind == "deducted"] == [
        ("deducted", Decimal(5))
    ]
    assert told.result.total == Decimal("84.00")  # 80 x 20 % + (90 - 5) x 80 %
    out = explain_result(revision_id, twice.id)
    assert (out.result.status, out.result.rank) == (EntryStatus.VIOLATION, None)
    assert out.result.total is None
    assert "disqualified" in _kinds(out) and "no_place" in _kinds(out)


def _heat_and_final() -> Scheme:
    heat = Stage(key="heat", title="Heat", combine="percent", advance=Advance(top=2))
    final = Stage(
        key="final",
        title="Final",
        combine="percent",
        factor=Decimal("0.8"),
        carry=(Carry(stage="heat", factor=Decimal("0.2")),),
    )
    theory, practical = default_scheme(panel=default_scheme().parts[0].panel).parts
    parts = [
        Part.model_validate(part.model_dump() | {"stage": stage, "weight": Decimal(100)})
        for part, stage in ((theory, "heat"), (practical, "final"))
    ]
    return Scheme(title="Two stages", parts=tuple(parts), stages=(heat, final))


def test_who_goes_on_stands_before_who_does_not(build: Builder) -> None:
    story = Story(build, scheme=_heat_and_final())
    best, second, out = story.entry("90", "60"), story.entry("80", "90"), story.entry("70")
    revision_id = story.computed()
    rows = {row.entry_id: row for row in db.session.scalars(select(Result))}
    assert [rows[e.id].rank for e in (second, best, out)] == [1, 2, 3]
    assert [rows[e.id].reached for e in (second, best, out)] == [2, 2, 1]
    assert rows[second.id].total == Decimal("88.00")  # 90 x 0.8 + 80 x 0.2
    told = explain_result(revision_id, second.id)
    assert told.follows and "carried" in _kinds(told)
    assert explain_result(revision_id, out.id).follows


def test_what_is_recorded_for_a_later_stage_is_no_change(build: Builder) -> None:
    base = _heat_and_final()
    late = Deduction(key="late", title="Late", each=Decimal(1))
    heat, final = base.stages
    stages = [heat.model_dump(), final.model_copy(update={"deductions": (late,)}).model_dump()]
    story = Story(build, scheme=Scheme.model_validate(base.model_dump() | {"stages": stages}))
    entry, _other = story.entry("80", "90"), story.entry("70", "60")
    _recorded(story, entry.id, "@1", late="2")
    told = explain_result(story.computed(), entry.id)
    assert told.result.total == Decimal("86.00")  # (90 x 0.8 - 2) + 80 x 0.2
    assert told.follows and not told.marks_changed


def test_what_is_known_of_the_whole_entry_parts_equal_totals(build: Builder) -> None:
    base = default_scheme(panel=default_scheme().parts[0].panel)
    fact = {"key": "minutes", "title": "Minutes", "maximum": 600}
    scheme = Scheme.model_validate(base.model_dump() | {"facts": [fact]})
    plan = default_event_plan().model_dump() | {"tie_breaks": [{"kind": "time", "key": "minutes"}]}
    story = Story(build, scheme=scheme, plan=type(default_event_plan()).model_validate(plan))
    slow, fast = story.field(["80", "80"])
    _recorded(story, slow.id, WHOLE, minutes="50")
    _recorded(story, fast.id, WHOLE, minutes="40")
    story.computed()
    rows = {row.entry_id: row for row in db.session.scalars(select(Result))}
    assert (rows[fast.id].rank, rows[slow.id].rank) == (1, 2)
    assert rows[fast.id].tie_break == "minutes"
    assert results.list_blockers(story.event.id) == []
