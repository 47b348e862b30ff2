"""Schemes and plans: drafted freely, amended with a reason, fixed by the first mark."""

from decimal import Decimal

import pytest

from models.contests import Event
from models.database import db
from models.judging import Mark, PanelSeat, Sheet
from rules.data import InvalidRules
from rules.plans import EventPlan, default_event_plan, default_scheme
from rules.refusals import Missing, Refused
from rules.scheme_rows import AspectRow
from rules.schemes import Aspect, Section
from rules.states import EventState
from services import contests, event_rules, rule_versions
from services.acting import Actor
from services.event_rules import Base, SchemeFrame
from tests.builders import Builder, work_of

SMALL = default_event_plan((Decimal(900), Decimal(500), Decimal(300)))
ROWS = [AspectRow("孔距", Decimal(20)), AspectRow("平面度", Decimal(10), path=("外观",))]


def base(event_id: int, reason: str = "") -> Base:
    return Base(contests.get_event(event_id).version, reason)


def seat(build: Builder, event: Event, part: str = "practical") -> PanelSeat:
    account = build.account("judge")
    found = PanelSeat(event_id=event.id, part=part, number=1, account_id=account.id)
    db.session.add(found)
    db.session.commit()
    return found


def mark(build: Builder, event: Event) -> None:
    entry, place = build.entry(event, code="AAAA"), seat(build, event)
    sheet = Sheet(event_id=event.id, work_id=work_of(entry).id, seat_id=place.id)
    sheet.marks = [Mark(aspect="practical_mark", value=Decimal(80), updated_at=entry.submitted_at)]
    db.session.add(sheet)
    db.session.commit()


def test_a_draft_plan_is_changed_without_a_reason(build: Builder, by: Actor) -> None:
    event = build.event()
    event_rules.edit_plan(by, event.id, base(event.id), SMALL)
    assert contests.plan_of(contests.get_event(event.id)) == SMALL
    assert rule_versions.list_versions(event.id) == []


def test_a_plan_can_be_given_to_other_events_of_the_edition(build: Builder, by: Actor) -> None:
    contest = build.contest()
    one, two, three = (build.event(contest) for _ in range(3))
    foreign = build.event()
    event_rules.edit_plan(by, one.id, base(one.id), SMALL, [two.id, foreign.id])
    assert contests.plan_of(contests.get_event(two.id)) == SMALL
    assert contests.plan_of(contests.get_event(three.id)) != SMALL
    assert contests.plan_of(contests.get_event(foreign.id)) != SMALL


def test_a_published_plan_is_amended_with_a_reason_and_a_number(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    with pytest.raises(Refused) as caught:
        event_rules.edit_plan(by, event.id, base(event.id), SMALL)
    assert caught.value.field == "reason"
    event_rules.edit_plan(by, event.id, base(event.id, "预算调整"), SMALL)
    (version,) = rule_versions.list_versions(event.id)
    assert version.reason == "预算调整" and version.frozen_by_id == by.account_id
    assert EventPlan.model_validate(version.plan) == SMALL


def test_saving_without_a_change_is_no_amendment(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    event_rules.edit_plan(by, event.id, base(event.id), contests.plan_of(event))
    assert rule_versions.list_versions(event.id) == []


def test_rules_stand_from_the_first_mark_on(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.SCORING)
    assert rule_versions.can_amend(event)
    mark(build, event)
    assert not rule_versions.can_amend(event)
    with pytest.raises(Refused) as caught:
        event_rules.edit_plan(by, event.id, base(event.id, "too late"), SMALL)
    assert "marks already" in str(caught.value)


def test_rules_stand_once_marks_are_confirmed(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REVIEW)
    with pytest.raises(Refused):
        event_rules.edit_plan(by, event.id, base(event.id, "too late"), SMALL)


def test_a_stale_change_and_one_of_a_cancelled_event_are_refused(build: Builder, by: Actor) -> None:
    event, cancelled = build.event(), build.event(state=EventState.CANCELLED)
    with pytest.raises(Refused):
        event_rules.edit_plan(by, event.id, Base(event.version + 1), SMALL)
    with pytest.raises(Refused):
        event_rules.edit_plan(by, cancelled.id, base(cancelled.id), SMALL)


def test_a_plan_that_does_not_fit_the_scheme_is_refused(build: Builder, by: Actor) -> None:
    event = build.event(scheme=default_scheme(Decimal(0), Decimal(100)).model_dump(mode="json"))
    with pytest.raises(InvalidRules) as caught:
        event_rules.edit_plan(by, event.id, base(event.id), SMALL)
    assert len(caught.value.problems) == 1


def test_parts_are_changed_added_and_removed(build: Builder, by: Actor) -> None:
    event = build.event()
    _, practical = contests.scheme_of(event).parts
    module = practical.model_copy(update={"key": "", "title": "模块二", "weight": Decimal(50)})
    parts = (practical.model_copy(update={"weight": Decimal(50)}), module)
    frame = SchemeFrame(parts, digits=1, round_parts=True)
    event_rules.edit_parts(by, event.id, base(event.id), frame, "操作技能考核")
    event = contests.get_event(event.id)
    scheme = contests.scheme_of(event)
    assert [(part.title, part.weight) for part in scheme.parts] == [
        (practical.title, Decimal(50)),
        ("模块二", Decimal(50)),
    ]
    assert scheme.parts[0].sections == practical.sections
    assert scheme.parts[1].maximum == 100 and scheme.digits == 1
    levels = contests.plan_of(event).levels
    assert levels is not None and levels.needs == ("practical",)


def test_every_problem_of_the_parts_is_named(build: Builder, by: Actor) -> None:
    event = build.event()
    theory, practical = contests.scheme_of(event).parts
    panel = practical.panel.model_copy(update={"minimum": 9})
    frame = SchemeFrame((theory, practical.model_copy(update={"panel": panel})), 2, False)
    half = theory.model_copy(update={"weight": Decimal(10)})
    frame = SchemeFrame((half, frame.parts[1]), 2, False)
    with pytest.raises(InvalidRules) as caught:
        event_rules.edit_parts(by, event.id, base(event.id), frame, "task")
    assert len(caught.value.problems) == 2


def test_a_part_with_seated_judges_is_not_removed(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    seat(build, event, "theory")
    _, practical = contests.scheme_of(event).parts
    frame = SchemeFrame((practical.model_copy(update={"weight": Decimal(100)}),), 2, False)
    with pytest.raises(Refused):
        event_rules.edit_parts(by, event.id, base(event.id, "no theory"), frame, "task")


def test_a_criterion_is_added_changed_and_removed(build: Builder, by: Actor) -> None:
    event = build.event()
    event_rules.edit_criterion(by, event.id, base(event.id), "practical", None, "零件加工", ROWS)
    first, second = contests.scheme_of(contests.get_event(event.id)).parts[1].sections
    assert second.title == "零件加工" and [a.maximum for a in second.flat()] == [20, 10]
    kept = AspectRow("孔距", Decimal(30), key=second.aspects[0].key)
    event_rules.edit_criterion(
        by, event.id, base(event.id), "practical", second.key, "加工", [kept]
    )
    changed = contests.scheme_of(contests.get_event(event.id)).parts[1].sections[1]
    assert changed.key == second.key and changed.aspects[0].key == second.aspects[0].key
    event_rules.remove_criterion(by, event.id, base(event.id), "practical", first.key)
    (left,) = contests.scheme_of(contests.get_event(event.id)).parts[1].sections
    assert left.key == second.key
    with pytest.raises(InvalidRules):
        event_rules.remove_criterion(by, event.id, base(event.id), "practical", left.key)


def test_a_criterion_needs_aspects_that_hold_together(build: Builder, by: Actor) -> None:
    event = build.event()
    with pytest.raises(Refused):
        event_rules.edit_criterion(by, event.id, base(event.id), "practical", None, "空", [])
    odd = [AspectRow("一", Decimal("0.7")), AspectRow("二", Decimal(0))]
    with pytest.raises(InvalidRules) as caught:
        event_rules.edit_criterion(by, event.id, base(event.id), "practical", None, "错", odd)
    assert len(caught.value.problems) == 2
    for part, key in (("nix", None), ("practical", "nix")):
        with pytest.raises(Missing):
            event_rules.edit_criterion(by, event.id, base(event.id), part, key, "x", ROWS)


def test_criteria_of_a_workbook_keep_panel_and_pass_mark(build: Builder, by: Actor) -> None:
    event = build.event()
    old = contests.scheme_of(event).part("practical")
    aspect = Aspect(key="A1.1", title="Layout", maximum=Decimal(5))
    sections = (Section(key="A", title="Design", aspects=(aspect,)),)
    event_rules.replace_criteria(by, event.id, base(event.id), "practical", sections)
    new = contests.scheme_of(contests.get_event(event.id)).part("practical")
    assert new.sections == sections
    assert (new.panel, new.pass_mark, new.weight) == (old.panel, old.pass_mark, old.weight)


def test_a_whole_scheme_takes_over_what_is_known_of_parts_with_the_same_title() -> None:
    present = event_rules.usual_scheme(str.upper)
    data = present.model_dump(mode="json")
    data["parts"][1] |= {"key": "part2", "pass_mark": None}
    read = type(present).model_validate(data)
    assert event_rules.aligned(read, present).digest() == present.digest()


def test_a_scheme_is_replaced_as_a_whole(build: Builder, by: Actor) -> None:
    event = build.event()
    scheme = default_scheme(Decimal(30), Decimal(70))
    event_rules.replace_scheme(by, event.id, base(event.id), scheme)
    assert contests.scheme_of(contests.get_event(event.id)).part("theory").weight == 30


def test_usual_names_are_said_in_the_language_of_the_edition() -> None:
    said = {"Theory": "理论知识", "First prize": "一等奖", "Skills Star": "技能之星"}

    def say(text: str) -> str:
        return said.get(text, text)

    assert event_rules.usual_scheme(say).parts[0].title == "理论知识"
    tier = event_rules.usual_plan(say).awards.tiers[0]
    assert (tier.name, tier.honours) == ("一等奖", ("技能之星",))
