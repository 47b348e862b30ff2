"""Who is asked, who declines, who steps in; panels by lot."""

from typing import Any

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from models.judges import PanelDraw
from models.judging import Mark
from rules.days import DayRules
from rules.judges import JudgeKind, SeatAnswer, SeatDuty
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.states import ContestState, EventState
from services import contests, judges, marks, panels, panels_answers, panels_drawing
from services.acting import Actor
from services.judges import PoolFacts
from services.marks import Typed
from tests.builders import NOW, Builder
from tests.judging_rooms import mixed_scheme, open_room, seated_room, spare_scheme, theory_scheme

SPARE = spare_scheme().model_dump(mode="json")


def asked(build: Builder, by: Actor, duty: SeatDuty = SeatDuty.MEMBER) -> tuple[int, Actor]:
    """A seat in a new event, and whoever is asked to take it."""
    event = build.event(scheme=SPARE)
    judge = build.account("judge")
    seat_id = panels.seat(by, event.id, "work", judge.id, duty=duty)
    return seat_id, build.actor(judge, NOW)


def waiting(by: Actor) -> int:
    assert by.account_id is not None
    query = panels_answers.asked_query(by.account_id)
    return db.session.scalar(select(query)) or 0


def test_whoever_is_seated_is_asked_and_says_yes_or_no(build: Builder, by: Actor) -> None:
    seat_id, judge = asked(build, by)
    assert waiting(judge) == 1
    (one,) = panels_answers.list_invitations(judge.account_id or 0)
    assert one.can_answer and one.seat.asked_at == by.now
    panels_answers.answer_seat(judge, seat_id, True)
    assert (panels.get_seat(seat_id).answer, waiting(judge)) == (SeatAnswer.ACCEPTED, 0)
    panels_answers.answer_seat(judge, seat_id, False, "出差")
    seat = panels.get_seat(seat_id)
    assert (seat.answer, seat.answer_reason) == (SeatAnswer.DECLINED, "出差")
    records = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "answer")).all()
    assert len(records) == 2 and "出差" not in str([one.after for one in records])


def test_a_refusal_needs_a_reason_and_only_the_judge_answers(build: Builder, by: Actor) -> None:
    seat_id, judge = asked(build, by)
    with pytest.raises(Refused, match="Write the reason"):
        panels_answers.answer_seat(judge, seat_id, False, " ")
    with pytest.raises(Refused, match="too long"):
        panels_answers.answer_seat(judge, seat_id, False, "长" * 401)
    with pytest.raises(Refused, match="whoever is asked"):
        panels_answers.answer_seat(by, seat_id, True)


def test_a_declined_seat_blocks_the_opening_and_goes_to_the_next_reserve(
    build: Builder, by: Actor
) -> None:
    room = seated_room(build, scheme=mixed_scheme())
    first = room.seats()[0]
    organizer = room.by(room.organizer)
    reserves = [build.account("judge") for _ in range(3)]
    seats = [
        panels.seat(organizer, room.event_id, "work", one.id, duty=SeatDuty.RESERVE)
        for one in reserves
    ]
    with pytest.raises(Refused, match="was declined"):
        panels_answers.step_in(organizer, first.id)
    panels_answers.answer_seat(room.by(first.account), first.id, False, "生病")
    (problem,) = panels.panel_problems(room.event, contests.scheme_of(room.event))
    assert "judges seated 1, needed 2" in str(problem)
    panels_answers.answer_seat(build.actor(reserves[0]), seats[0], False, "出差")
    panels_answers.answer_seat(build.actor(reserves[1]), seats[1], True)
    panels_answers.step_in(organizer, first.id)
    seat = panels.get_seat(first.id)
    assert (seat.account_id, seat.answer) == (reserves[1].id, SeatAnswer.ACCEPTED)
    assert {one.number for one in room.seats()} == {1, 2, 101, 103}
    assert panels.panel_problems(room.event, contests.scheme_of(room.event)) == []


def test_a_reserve_with_a_conflict_is_passed_over_without_a_word(build: Builder, by: Actor) -> None:
    rules = EditionRules(day=DayRules(conflicts="event")).model_dump(mode="json")
    event = build.event(build.contest(ContestState.PUBLISHED, rules=rules), scheme=SPARE)
    rival = build.employer()
    people = [
        build.account("judge"),
        build.account("judge", employer_id=rival.id),
        build.account("judge"),
    ]
    seat_id = panels.seat(by, event.id, "work", people[0].id)
    for one in people[1:]:
        panels.seat(by, event.id, "work", one.id, duty=SeatDuty.RESERVE)
    build.entry(event, employer_id=rival.id)
    panels_answers.answer_seat(build.actor(people[0]), seat_id, False, "出差")
    panels_answers.step_in(by, seat_id)
    assert panels.get_seat(seat_id).account_id == people[2].id
    panels_answers.answer_seat(build.actor(people[2]), seat_id, False, "出差")
    with pytest.raises(Refused, match="free to step in") as refused:
        panels_answers.step_in(by, seat_id)
    assert rival.title not in str(refused.value)


def test_without_a_reserve_nobody_steps_in(build: Builder, by: Actor) -> None:
    seat_id, judge = asked(build, by)
    panels_answers.answer_seat(judge, seat_id, False, "出差")
    with pytest.raises(Refused, match="No reserve judge is seated"):
        panels_answers.step_in(by, seat_id)


def test_during_the_scoring_only_who_has_no_marks_can_decline(build: Builder) -> None:
    room = open_room(build)
    first, second = room.seats()
    sheet = room.sheets(first.account)[0]
    marks.enter_marks(room.by(first.account), sheet.id, [Typed(sheet.id, "A1", "50")])
    with pytest.raises(Refused, match="given marks already"):
        panels_answers.answer_seat(room.by(first.account), first.id, False, "生病")
    panels_answers.answer_seat(room.by(second.account), second.id, False, "生病")
    with pytest.raises(Refused, match="without you"):
        panels_answers.answer_seat(room.by(second.account), second.id, True)


def test_in_a_confirmed_event_nothing_is_answered(build: Builder, by: Actor) -> None:
    seat_id, judge = asked(build, by)
    event = contests.get_event(panels.get_seat(seat_id).event_id)
    event.state = EventState.REVIEW
    db.session.commit()
    with pytest.raises(Refused, match="no longer"):
        panels_answers.answer_seat(judge, seat_id, True)
    assert panels_answers.list_invitations(judge.account_id or 0) == [] and waiting(judge) == 0


def test_whoever_replaces_is_asked_anew(build: Builder, by: Actor) -> None:
    seat_id, judge = asked(build, by)
    panels_answers.answer_seat(judge, seat_id, False, "出差")
    panels.replace(by, seat_id, build.account("judge").id)
    seat = panels.get_seat(seat_id)
    assert (seat.answer, seat.answer_reason) == (SeatAnswer.ASKED, None)


# --- panels by lot ---


def drawn(event_id: int) -> dict[tuple[str, int], int]:
    return {(one.part, one.number): one.account_id for one in panels.list_seats(event_id)}


def test_free_seats_are_drawn_and_the_draw_can_be_repeated(build: Builder, by: Actor) -> None:
    event = build.event(scheme=theory_scheme().model_dump(mode="json"))
    for _ in range(5):
        build.account("judge")
    clerk, chosen = build.account("entry_clerk"), build.account("judge")
    panels.seat(by, event.id, "practical", chosen.id)
    panels_drawing.draw_panel(by, event.id, "20260915 08 12 23", reserves=1)
    seats = drawn(event.id)
    assert set(seats) == {("theory", 1), ("practical", 1), ("practical", 2), ("practical", 101)} | {
        key for key in seats if key[0] == "theory"
    }
    assert seats["practical", 1] == chosen.id and seats["theory", 1] == clerk.id
    (protocol,) = panels_drawing.list_draws(contests.get_event(event.id))
    assert protocol.is_true and protocol.draw.seed == "20260915 08 12 23"
    assert all(one.answer is SeatAnswer.ASKED for one in panels.list_seats(event.id))
    row = db.session.scalars(select(PanelDraw)).one()
    row.seed = "another seed"
    again = [panels_drawing.repeat(row).order]
    assert again != [tuple(one.id for one in protocol.order)]


def test_judges_with_conflicts_are_drawn_last_and_barred_ones_never(
    build: Builder, by: Actor
) -> None:
    event = build.event(scheme=SPARE)
    rival = build.employer()
    build.entry(event, employer_id=rival.id)
    free = {build.account("judge").id for _ in range(2)}
    own = build.account("judge", employer_id=rival.id)
    sealer, barred = build.account("judge"), build.account("judge")
    judges.add_judge(by, sealer.id, PoolFacts(kinds=(JudgeKind.SEALING,)), None)
    late = PoolFacts(barred_until=NOW.date().replace(year=2027), bar_reason="泄露试题")
    judges.add_judge(by, barred.id, late, None)
    panels_drawing.draw_panel(by, event.id, "seed 1")
    assert set(drawn(event.id).values()) == free | {own.id}


def test_a_panel_that_needs_every_mark_gets_nobody_with_own_people(
    build: Builder, by: Actor
) -> None:
    event = build.event(scheme=spare_scheme(2, 2).model_dump(mode="json"))
    rival = build.employer()
    build.entry(event, employer_id=rival.id)
    one, _own = build.account("judge"), build.account("judge", employer_id=rival.id)
    panels_drawing.draw_panel(by, event.id, "seed 1")
    assert list(drawn(event.id).values()) == [one.id]
    (protocol,) = panels_drawing.list_draws(contests.get_event(event.id))
    assert [line.account is None for line in protocol.seats].count(True) == 1


def test_only_the_pool_is_drawn_from_when_the_organizer_says_so(build: Builder, by: Actor) -> None:
    event = build.event(scheme=SPARE)
    pooled = [build.account("judge") for _ in range(3)]
    for one in pooled:
        build.account("judge")
        judges.add_judge(by, one.id, PoolFacts(), None)
    panels_drawing.draw_panel(by, event.id, "seed 1", pool_only=True)
    assert set(drawn(event.id).values()) == {one.id for one in pooled}


@pytest.mark.parametrize(
    ("arguments", "field"),
    [({"seed": "abc"}, "seed"), ({"seed": "中文种子"}, "seed"), ({"reserves": 6}, "reserves")],
)
def test_a_draw_that_cannot_be_is_refused(
    build: Builder, by: Actor, arguments: dict[str, Any], field: str
) -> None:
    event = build.event(scheme=SPARE)
    build.account("judge")
    with pytest.raises(Refused) as refused:
        panels_drawing.draw_panel(by, event.id, **arguments)
    assert refused.value.field == field


def test_nothing_is_drawn_without_people_without_seats_or_too_late(
    build: Builder, by: Actor
) -> None:
    event = build.event(scheme=SPARE)
    with pytest.raises(Refused, match="Nobody can be drawn"):
        panels_drawing.draw_panel(by, event.id)
    room = seated_room(build)
    with pytest.raises(Refused, match="No seat is free"):
        panels_drawing.draw_panel(by, room.event_id)
    late = build.event(scheme=SPARE, state=EventState.SCORING)
    with pytest.raises(Refused, match="only be replaced"):
        panels_drawing.draw_panel(by, late.id)
    assert db.session.scalar(select(Mark.id)) is None
