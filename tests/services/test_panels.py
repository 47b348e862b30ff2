"""Who sits on which seat."""

from datetime import date

import pytest

from models.database import db
from rules.access import Role
from rules.conflicts import ConflictKind
from rules.days import DayRules
from rules.judges import SeatDuty
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import ContestState, EventState
from services import accounts, contests, judges, judging, marks, panels
from services.acting import Actor
from services.judges import PoolFacts
from services.marks import Typed
from tests.builders import Builder
from tests.judging_rooms import (
    mixed_scheme,
    open_room,
    seated_room,
    spare_scheme,
    staged_scheme,
    theory_scheme,
)

TODAY = date(2026, 9, 15)
SPARE = spare_scheme().model_dump(mode="json")


def dumped(judges: int, minimum: int) -> dict[str, object]:
    return spare_scheme(judges, minimum).model_dump(mode="json")


def _event(build: Builder) -> int:
    return build.event(scheme=mixed_scheme().model_dump(mode="json")).id


def test_seats_are_numbered_and_a_free_number_is_used_again(build: Builder, by: Actor) -> None:
    event_id = _event(build)
    first, second, third = (build.account("judge") for _ in range(3))
    seat_id = panels.seat(by, event_id, "work", first.id)
    panels.seat(by, event_id, "work", second.id)
    panels.unseat(by, seat_id)
    panels.seat(by, event_id, "work", third.id)
    assert {one.number: one.account_id for one in panels.list_seats(event_id)} == {
        1: third.id,
        2: second.id,
    }


def test_only_accounts_whose_role_reaches_the_event_are_offered(build: Builder) -> None:
    event = build.event(scheme=theory_scheme().model_dump(mode="json"))
    other = build.event()
    judge = build.account("judge", event.contest_id)
    here = build.account("judge", event.contest_id, event.id)
    clerk = build.account("entry_clerk")
    build.account("judge", other.contest_id)
    build.account("judge", event.contest_id, other.id)
    closed = build.account("judge")
    closed.active = False
    db.session.commit()
    theory, practical = panels.list_panels(contests.get_event(event.id), TODAY)
    assert {one.id for one in practical.candidates} >= {judge.id, here.id}
    assert closed.id not in {one.id for one in practical.candidates}
    assert {one.id for one in theory.candidates} == {clerk.id}
    assert len(practical.candidates) == 2


def test_a_full_part_or_a_stranger_or_a_second_seat_is_refused(build: Builder, by: Actor) -> None:
    event_id = _event(build)
    first, second, third = (build.account("judge") for _ in range(3))
    panels.seat(by, event_id, "work", first.id)
    with pytest.raises(Refused, match="in the list"):
        panels.seat(by, event_id, "work", first.id)
    with pytest.raises(Refused, match="in the list"):
        panels.seat(by, event_id, "work", build.account("supervisor").id)
    panels.seat(by, event_id, "work", second.id)
    with pytest.raises(Refused, match="taken"):
        panels.seat(by, event_id, "work", third.id)
    with pytest.raises(Missing):
        panels.seat(by, event_id, "nothing", third.id)


def test_a_contestant_of_the_event_cannot_judge_it(build: Builder, by: Actor) -> None:
    event = build.event(scheme=mixed_scheme().model_dump(mode="json"))
    person = build.person()
    build.entry(event, person=person)
    judge = build.account("judge", person_id=person.id)
    with pytest.raises(Refused, match="cannot judge it"):
        panels.seat(by, event.id, "work", judge.id)


def test_a_panel_that_can_do_without_a_mark_takes_a_judge_with_own_people(
    build: Builder, by: Actor
) -> None:
    event = build.event(scheme=SPARE)
    rival, other = build.employer(), build.employer()
    entry = build.entry(event, employer_id=rival.id)
    judge = build.account("judge", employer_id=rival.id)
    neutral = build.account("judge", employer_id=other.id)
    offered = panels.list_panels(contests.get_event(event.id), TODAY)[0].candidates
    assert {one.id: one.conflict for one in offered} == {judge.id: True, neutral.id: False}
    panels.seat(by, event.id, "work", judge.id)
    panels.seat(by, event.id, "work", neutral.id)
    lines = panels.list_panels(contests.get_event(event.id), TODAY)[0].seats
    found = [[(one.kind, one.entry_title, one.employer) for one in x.conflicts] for x in lines]
    assert found == [[(ConflictKind.EMPLOYER, entry.title, rival.title)], []]


def test_nobody_is_seated_whose_mark_the_panel_needs(build: Builder, by: Actor) -> None:
    event = build.event(scheme=SPARE)
    rival = build.employer()
    build.entry(event, employer_id=rival.id)
    first, second = (build.account("judge", employer_id=rival.id) for _ in range(2))
    panels.seat(by, event.id, "work", first.id)
    with pytest.raises(Refused, match="too small to do without"):
        panels.seat(by, event.id, "work", second.id)
    tight = build.event(scheme=dumped(2, 2))
    build.entry(tight, employer_id=rival.id)
    with pytest.raises(Refused, match="too small to do without"):
        panels.seat(by, tight.id, "work", first.id)


def test_own_people_of_two_judges_in_different_entries_do_not_add_up(
    build: Builder, by: Actor
) -> None:
    event = build.event(scheme=SPARE)
    for _ in range(3):
        employer = build.employer()
        build.entry(event, employer_id=employer.id)
        panels.seat(by, event.id, "work", build.account("judge", employer_id=employer.id).id)
    assert len(panels.list_seats(event.id)) == 3
    assert panels.panel_problems(event, contests.scheme_of(event)) == []


def test_where_the_edition_says_so_own_people_bar_from_the_whole_event(
    build: Builder, by: Actor
) -> None:
    rules = EditionRules(day=DayRules(conflicts="event")).model_dump(mode="json")
    event = build.event(build.contest(ContestState.PUBLISHED, rules=rules), scheme=SPARE)
    rival = build.employer()
    build.entry(event, employer_id=rival.id)
    judge = build.account("judge", employer_id=rival.id)
    with pytest.raises(Refused, match="own people in this event"):
        panels.seat(by, event.id, "work", judge.id)
    candidate = panels.list_panels(contests.get_event(event.id), TODAY)[0].candidates[0]
    assert candidate.id == judge.id and not candidate.is_free


def test_in_stages_own_people_bar_from_the_whole_event(build: Builder, by: Actor) -> None:
    event = build.event(scheme=staged_scheme().model_dump(mode="json"))
    rival = build.employer()
    build.entry(event, employer_id=rival.id)
    judge = build.account("judge", employer_id=rival.id)
    with pytest.raises(Refused, match="own people in this event"):
        panels.seat(by, event.id, "run", judge.id)


def test_entries_that_come_after_the_seating_are_seen_before_the_opening(
    build: Builder, by: Actor
) -> None:
    event = build.event(scheme=dumped(2, 2))
    rival = build.employer()
    for employer_id in (rival.id, None):
        panels.seat(by, event.id, "work", build.account("judge", employer_id=employer_id).id)
    assert panels.panel_problems(event, contests.scheme_of(event)) == []
    build.entry(event, employer_id=rival.id)
    (problem,) = panels.panel_problems(event, contests.scheme_of(event))
    assert "without own people" in str(problem) and rival.title not in str(problem)


def test_who_starts_after_being_seated_is_seen_before_the_opening(
    build: Builder, by: Actor
) -> None:
    event = build.event(scheme=dumped(2, 1))
    person = build.person()
    judge = build.account("judge", person_id=person.id)
    panels.seat(by, event.id, "work", judge.id)
    build.entry(event, person=person)
    (problem,) = panels.panel_problems(event, contests.scheme_of(event))
    assert "may not judge this event" in str(problem) and judge.title not in str(problem)


def test_a_barred_judge_is_not_seated_before_the_bar_has_ended(build: Builder, by: Actor) -> None:
    judge = build.account("judge")
    facts = PoolFacts(barred_until=date(2026, 10, 16), bar_reason="泄露试题")
    judges.add_judge(by, judge.id, facts, None)
    early = build.event(scheme=SPARE, held_on=date(2026, 10, 16))
    late = build.event(scheme=SPARE, held_on=date(2026, 10, 17))
    with pytest.raises(Refused, match="barred from judging until 2026-10-16"):
        panels.seat(by, early.id, "work", judge.id)
    panels.seat(by, late.id, "work", judge.id)


def test_the_employer_of_the_pool_counts_before_that_of_the_account(
    build: Builder, by: Actor
) -> None:
    event = build.event(scheme=SPARE)
    pool, own = build.employer(), build.employer()
    build.entry(event, employer_id=pool.id)
    judge = build.account("judge", employer_id=own.id)
    judges.add_judge(by, judge.id, PoolFacts(employer=pool.title), None)
    (one,) = panels.list_panels(contests.get_event(event.id), TODAY)[0].candidates
    assert (one.employer, one.conflict) == (pool.title, True)


def test_reserves_and_trainees_sit_beside_the_panel(build: Builder, by: Actor) -> None:
    event_id = build.event(scheme=SPARE).id
    people = [build.account("judge") for _ in range(3)]
    for one, duty in zip(
        people, (SeatDuty.RESERVE, SeatDuty.TRAINEE, SeatDuty.RESERVE), strict=True
    ):
        panels.seat(by, event_id, "work", one.id, duty=duty)
    assert [(one.number, one.duty) for one in panels.list_seats(event_id)] == [
        (101, SeatDuty.RESERVE),
        (102, SeatDuty.RESERVE),
        (201, SeatDuty.TRAINEE),
    ]
    panel = panels.list_panels(contests.get_event(event_id), TODAY)[0]
    assert (panel.taken, panel.free, len(panel.beside)) == (0, 3, 3)
    assert panel.next_reserve is not None and panel.next_reserve.account_id == people[0].id
    problems = panels.panel_problems(contests.get_event(event_id), mixed_scheme())
    assert ["judges seated 0" in str(one) for one in problems] == [True]
    with pytest.raises(Refused, match="seated for"):
        panels.seat(by, event_id, "work", build.account("judge").id, duty=SeatDuty.RECUSED)


def test_a_part_without_judges_has_nobody_beside_them(build: Builder, by: Actor) -> None:
    event = build.event(scheme=staged_scheme().model_dump(mode="json"))
    with pytest.raises(Refused, match="nobody beside"):
        panels.seat(by, event.id, "@1", build.account("judge").id, duty=SeatDuty.RESERVE)


def test_what_a_panel_lacks_is_said_in_words(build: Builder, by: Actor) -> None:
    event = build.event(scheme=theory_scheme().model_dump(mode="json"))
    panels.seat(by, event.id, "practical", build.account("judge").id)
    problems = panels.panel_problems(event, contests.scheme_of(event))
    assert [str(one) for one in problems] == [
        "Theory: entry clerks seated 0, needed 1.",
        "Practical: judges seated 1, needed 2.",
    ]


def test_after_the_opening_a_seat_without_marks_can_only_change_hands(build: Builder) -> None:
    room = open_room(build)
    seat, other = room.seats()
    by, spare = room.by(room.organizer), build.account("judge")
    with pytest.raises(Refused, match="only be replaced"):
        panels.unseat(by, seat.id)
    with pytest.raises(Refused, match="only be replaced"):
        panels.seat(by, room.event_id, "work", spare.id)
    panels.replace(by, seat.id, spare.id)
    assert len(room.sheets(spare)) == 2
    second = room.judges[1]
    sheet = room.sheets(second)[0]
    marks.enter_marks(room.by(second), sheet.id, [Typed(sheet.id, "A1", "50")])
    with pytest.raises(Refused, match="has marks already"):
        panels.replace(by, other.id, room.judges[0].id)


def test_a_confirmed_event_keeps_its_panel(build: Builder) -> None:
    room = open_room(build, entries=1)
    for judge in room.judges:
        room.sign(judge, room.sheets(judge)[0], "50", "1", "2")
    judging.confirm(room.by(room.chief), room.event_id)
    with pytest.raises(Refused, match="confirmed"):
        panels.replace(room.by(room.organizer), room.seats()[0].id, build.account("judge").id)


def test_panels_cost_the_same_whatever_their_size(build: Builder, statements: object) -> None:
    counts = []
    for size in (1, 3):
        event = build.event(scheme=mixed_scheme().model_dump(mode="json"))
        for _ in range(size):
            build.entry(event, employer_id=build.employer().id)
            build.account("judge", employer_id=build.employer().id)
        event = contests.get_event(event.id)
        with statements() as seen:  # type: ignore[operator]
            panels.list_panels(event, TODAY)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_one_account_may_sit_on_two_parts(build: Builder) -> None:
    room = seated_room(build, scheme=theory_scheme())
    judge = room.judges[-1]
    accounts.add_grant(judge, Role.ENTRY_CLERK)
    db.session.commit()
    clerk_seat = next(one for one in room.seats() if one.part == "theory")
    panels.replace(room.by(room.organizer), clerk_seat.id, judge.id)
    assert [one.part for one in room.seats() if one.account_id == judge.id] == [
        "practical",
        "theory",
    ]
    assert room.event.state is EventState.DRAWN
