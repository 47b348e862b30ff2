"""From the city's selection over training and naming to a place in a superior's contest."""

from datetime import date
from decimal import Decimal

import pytest

from rules.provincial import (
    EntrantStatus,
    EventFormat,
    Naming,
    ProvincialLevel,
    ProvincialState,
    SlotSource,
    SlotState,
)
from rules.provincial_rules import ProvincialRules
from rules.refusals import Missing, Refused
from services import provincial, provincial_camps, provincial_namings, provincial_slots
from services.provincial import Facts
from services.provincial_slots import ByHand
from tests.builders import Builder
from tests.provincial_story import NOW, RULES, ProvincialStory
from tests.results_story import Story


@pytest.fixture
def story(build: Builder) -> ProvincialStory:
    return ProvincialStory(build)


def test_the_best_of_a_final_selection_are_candidates_and_the_winner_does_not_go_by_itself(
    story: ProvincialStory, build: Builder
) -> None:
    city = Story(build)
    employer = build.employer()
    entries = [city.entry(mark, mark, employer_id=employer.id) for mark in ("95", "90", "85", "70")]
    city.entry("99", "99", division=1)
    event = story.event()
    provincial.link(story.by(), event.id, city.event.id, "staff", 3)
    with pytest.raises(Refused, match="no final result"):
        provincial_slots.take_candidates(story.by(), event.id)
    city.final()
    provincial_slots.take_candidates(story.by(), event.id)
    slots = provincial_slots.list_slots([event.id])
    assert [(one.source_entry_id, one.source_rank) for one in slots] == [
        (entry.id, rank) for rank, entry in enumerate(entries[:3], start=1)
    ]
    assert {(one.state, one.source, one.of_company) for one in slots} == {
        (SlotState.SELECTED, SlotSource.SELECTION, True)
    }
    with pytest.raises(Refused, match="no final result of anybody new"):
        provincial_slots.take_candidates(story.by(), event.id)
    story.trained(event, days=1)
    lines = [Naming(slots[0].id, SlotState.RELEASED), Naming(slots[1].id, SlotState.NAMED),
             Naming(slots[2].id, SlotState.RESERVE, 1)]  # fmt: skip
    with pytest.raises(Refused, match="trained on 1 days; 2 are needed"):
        provincial_namings.propose_naming(story.by(), event.id, lines, reason="第二名更稳定")


def test_a_decision_needs_everybody_the_quota_and_a_second_person(story: ProvincialStory) -> None:
    event = story.event()
    first, second, third = (story.candidate(event) for _ in range(3))
    story.trained(event)
    both = [Naming(first.id, SlotState.NAMED), Naming(second.id, SlotState.NAMED)]
    rest = Naming(third.id, SlotState.RESERVE, 1)
    propose = provincial_namings.propose_naming
    with pytest.raises(Refused, match="2 are named, but the quota of the event is 1"):
        propose(story.by(), event.id, [*both, rest], reason="集训成绩")
    with pytest.raises(Refused, match="every candidate"):
        propose(story.by(), event.id, both[:1], reason="集训成绩")
    with pytest.raises(Refused, match="Write the reason"):
        propose(story.by(), event.id, both[:1], reason=" ")
    good = [both[0], Naming(second.id, SlotState.RESERVE, 2), rest]
    made = propose(story.by(), event.id, good, reason="集训成绩")
    with pytest.raises(Refused, match="waits for its second person"):
        propose(story.by(second=True), event.id, good, reason="集训成绩")
    with pytest.raises(Refused, match="Somebody else must agree"):
        provincial_namings.agree_naming(story.by(), made)
    assert provincial_namings.count_waiting() == 1
    provincial_namings.agree_naming(story.by(second=True), made)
    states = [
        (story.slot(one.id).state, story.slot(one.id).place) for one in (first, second, third)
    ]
    assert states == [(SlotState.NAMED, None), (SlotState.RESERVE, 2), (SlotState.RESERVE, 1)]
    with pytest.raises(Refused, match="not possible"):
        provincial_namings.decline_naming(story.by(second=True), made, reason="再议")
    turned = [Naming(first.id, SlotState.RESERVE, 1), Naming(second.id, SlotState.RELEASED),
              Naming(third.id, SlotState.NAMED)]  # fmt: skip
    again = propose(story.by(), event.id, turned, reason="伤病")
    provincial_namings.agree_naming(story.by(second=True), again)
    assert [one.number for one in provincial_namings.list_namings(event.id)] == [2, 1]
    assert story.slot(third.id).state is SlotState.NAMED


def test_candidates_by_hand_need_a_reason_and_fit_the_event(
    story: ProvincialStory, build: Builder
) -> None:
    event = story.event("工业控制", EventFormat.PAIR, division=EntrantStatus.STUDENT)
    people = [build.person() for _ in range(3)]
    ids = [one.id for one in people]

    def add(ids: list[int], status: EntrantStatus, reason: str) -> int:
        wish = ByHand(ids, status, None, reason)
        return provincial_slots.add_candidate(story.by(), event.id, wish)

    with pytest.raises(Refused, match="Write the reason"):
        add(ids[:2], EntrantStatus.STUDENT, "")
    with pytest.raises(Refused, match="another number of people"):
        add(ids, EntrantStatus.STUDENT, "组队")
    with pytest.raises(Refused, match="another division"):
        add(ids[:2], EntrantStatus.STAFF, "组队")
    with pytest.raises(Missing):
        add([10**6], EntrantStatus.STUDENT, "组队")
    slot = story.slot(add(ids[:2], EntrantStatus.STUDENT, "组队"))
    assert slot.title == f"{people[0].name}、{people[1].name}"
    assert slot.reference.startswith(f"{story.contest.code}-")
    with pytest.raises(Refused, match="on the way to this event already"):
        add(ids[1:], EntrantStatus.STUDENT, "组队")
    provincial_slots.set_coaches(story.by(), slot.id, [ids[2]])
    with pytest.raises(Refused, match="Nobody coaches himself"):
        provincial_slots.set_coaches(story.by(), slot.id, [ids[0]])
    provincial_slots.give_up(story.by(), slot.id, reason="放弃")
    assert not any(one.active for one in story.slot(slot.id).members)
    add(ids[1:], EntrantStatus.STUDENT, "重新组队")
    with pytest.raises(Refused, match="on the way to this event already"):
        provincial_slots.bring_back(story.by(), slot.id, reason="改主意")


def test_the_training_keeps_days_marks_and_notes(story: ProvincialStory) -> None:
    event = story.event()
    slots = [story.candidate(event) for _ in range(2)]
    camp_id = story.trained(event)
    camp = provincial_camps.get_camp(camp_id)
    assert provincial_camps.days_of([one.id for one in slots]) == {one.id: 2 for one in slots}
    assert provincial_camps.recorded_days(camp_id) == {date(2026, 10, 8): 2, date(2026, 10, 9): 2}
    members = [one.member_id for one in provincial_camps.day_list(camp, date(2026, 10, 9))]
    with pytest.raises(Refused, match="still to come"):
        provincial_camps.tick(story.by(), camp_id, date(2026, 10, 13), {})
    with pytest.raises(Refused, match="no day of the training"):
        provincial_camps.tick(story.by(), camp_id, date(2026, 9, 13), {})
    with pytest.raises(Missing):
        provincial_camps.tick(story.by(), camp_id, date(2026, 10, 9), {10**6: "present"})  # type: ignore[dict-item]
    absent = provincial_camps.Presence.ABSENT
    provincial_camps.tick(story.by(), camp_id, date(2026, 10, 9), {members[0]: absent})
    assert provincial_camps.days_of([slots[0].id]) == {slots[0].id: 1}
    day = date(2026, 10, 10)
    test = provincial_camps.add_test(story.by(), camp_id, event.id, "模拟赛", day, Decimal(100))
    with pytest.raises(Refused, match="between 0 and 100"):
        provincial_camps.enter_test(story.by(), test, {slots[0].id: Decimal(101)})
    marks = {slots[0].id: Decimal("88.5"), slots[1].id: None}
    provincial_camps.enter_test(story.by(), test, marks)
    found = provincial_camps.list_tests([event.id])[0]
    assert {one.slot_id: one.mark for one in found.marks} == marks
    provincial_camps.note(story.by(), camp_id, day, "手部受伤，休息一天", slots[0].id)
    assert [one.text for one in provincial_camps.list_notes(camp_id)] == ["手部受伤，休息一天"]


def test_a_contest_is_copied_with_its_rules_and_events(story: ProvincialStory) -> None:
    story.event("焊工", EventFormat.TRIPLE, quota=2)
    facts = Facts("ZJ2028", "2028年浙江省职业技能大赛", ProvincialLevel.PROVINCE, 2028,
                  "浙江省人力资源和社会保障厅", date(2028, 11, 1), date(2028, 11, 5),
                  previous_id=story.id)  # fmt: skip
    fresh = provincial.get_contest(provincial.create(story.by(), facts))
    assert provincial.rules_of(fresh) == RULES
    assert [(one.title, one.format, one.quota) for one in fresh.events] == [
        ("焊工", EventFormat.TRIPLE, 2)
    ]
    with pytest.raises(Refused, match="This code is taken"):
        provincial.create(story.by(), facts)
    with pytest.raises(Refused, match="Somebody else has changed this"):
        provincial.edit_rules(story.by(), fresh.id, 99, ProvincialRules().model_dump())
    with pytest.raises(Refused, match="by sending its form"):
        provincial.move(story.by(), fresh.id, ProvincialState.ENTERED)
    with pytest.raises(Refused, match="once the contest was held"):
        provincial.show_publicly(story.by(), fresh.id, True)
    assert story.by().now == NOW
