"""Draws of the hall: prepared with a commitment, made once, reset with a reason, all kept."""

import hashlib
from collections import Counter

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from models.entries import Entry
from models.passes import Arrival
from rules.draws import LotKind, LotSheet, assign
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import EntryState, EventState, LotState, TurnState
from services import halls, lots
from services.acting import Actor
from tests.builders import Builder
from tests.hall_rooms import TWO_BATCHES, drawn, entries_of, filled_event, laid_out


def test_stations_are_drawn_for_all_once(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event)
    lot = lots.get_lot(drawn(by, event, LotKind.STATION, 1))
    turns = halls.turns_of(event.id)
    numbers = {entry.id: entry.number for entry in entries_of(event)}
    assert {numbers[key]: turn.station for key, turn in turns.items()} == lot.outcome
    assert sorted(turn.station or "" for turn in turns.values()) == list("ABCDE")
    assert {turn.batch for turn in turns.values()} == {1}
    with pytest.raises(Refused, match="already"):
        lots.commit_lot(by, event.id, LotKind.STATION, 1)
    with pytest.raises(Refused, match="not possible"):
        lots.draw_lot(by, lot.id, "654321")


def test_the_secret_is_promised_before_and_proved_after(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event)
    lot = lots.get_lot(lots.commit_lot(by, event.id, LotKind.STATION, 1))
    promised, secret = lot.commitment, lot.secret
    assert lots.seed_of_lot(lot) == "" and lot.outcome is None
    lots.draw_lot(by, lot.id, "12 34 56 七")
    lot = lots.get_lot(lot.id)
    assert lot.spoken == "123456"
    assert hashlib.sha256(secret.encode()).hexdigest() == promised == lot.commitment
    seed = hashlib.sha256(f"{secret}:123456".encode()).hexdigest()
    assert lots.seed_of_lot(lot) == seed
    assert lot.outcome == assign(LotSheet.read(lot.sheet), seed) and lots.is_true(lot)


def test_a_changed_outcome_is_found_out(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event)
    lot = lots.get_lot(drawn(by, event, LotKind.STATION, 1))
    assert lot.outcome is not None
    lot.outcome = lot.outcome | {next(iter(lot.outcome)): "Z"}
    db.session.commit()
    assert not lots.is_true(lots.get_lot(lot.id))


def test_secret_and_names_stay_out_of_the_record_and_the_list(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event)
    lot = lots.get_lot(drawn(by, event, LotKind.STATION, 1))
    said = " ".join(
        str(row.after) for row in db.session.scalars(select(AuditRecord)) if row.subject == "lot"
    )
    assert lot.commitment in said and lot.secret not in said
    entry = entries_of(event)[0]
    assert entry.title not in str(lot.sheet) and str(entry.employer) not in str(lot.sheet)


def test_employers_do_not_sit_side_by_side(by: Actor, build: Builder) -> None:
    event = filled_event(build, "aaabbb")
    laid_out(by, event)
    drawn(by, event, LotKind.STATION, 1)
    turns = halls.turns_of(event.id)
    by_station = sorted(entries_of(event), key=lambda entry: turns[entry.id].station or "")
    row = [entry.employer_id for entry in by_station]
    assert all(row[place] != row[place + 1] for place in range(5))


def test_an_edition_may_leave_neighbours_to_chance(by: Actor, build: Builder) -> None:
    event = filled_event(build, "aabb", spread_employers=False)
    laid_out(by, event)
    lot = lots.get_lot(lots.commit_lot(by, event.id, LotKind.STATION, 1))
    assert LotSheet.read(lot.sheet).spread is False


def test_batches_come_first_and_are_even(by: Actor, build: Builder) -> None:
    event = filled_event(build, "aaabbbc")
    laid_out(by, event, "ABCD", TWO_BATCHES)
    with pytest.raises(Refused, match="batches first"):
        lots.commit_lot(by, event.id, LotKind.STATION, 1)
    drawn(by, event, LotKind.BATCH)
    sizes = Counter(turn.batch for turn in halls.turns_of(event.id).values())
    assert sorted(sizes.values()) == [3, 4] and set(sizes) == {1, 2}
    drawn(by, event, LotKind.STATION, 1)
    drawn(by, event, LotKind.STATION, 2)
    seats = [(turn.batch, turn.station) for turn in halls.turns_of(event.id).values()]
    assert len(set(seats)) == 7 and all(station for _, station in seats)


@pytest.mark.parametrize(
    ("stations", "batches", "kind"),
    [("AB", (), LotKind.STATION), ("AB", TWO_BATCHES, LotKind.BATCH)],
)
def test_too_few_stations_are_said(
    by: Actor, build: Builder, stations: str, batches: tuple, kind: LotKind
) -> None:
    event = filled_event(build)
    laid_out(by, event, stations, batches)
    with pytest.raises(Refused, match="stations"):
        lots.commit_lot(by, event.id, kind, 0 if kind is LotKind.BATCH else 1)


def test_without_stations_a_starting_order_is_drawn(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event, ())
    with pytest.raises(Refused, match="stations"):
        lots.commit_lot(by, event.id, LotKind.STATION, 1)
    drawn(by, event, LotKind.ORDER, 1)
    places = [turn.place or 0 for turn in halls.turns_of(event.id).values()]
    assert sorted(places) == [1, 2, 3, 4, 5]


def test_each_batch_draws_a_paper_that_the_others_did_not_have(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event, "ABCDE", TWO_BATCHES, ("甲", "乙"))
    drawn(by, event, LotKind.BATCH)
    drawn(by, event, LotKind.PAPER, 1)
    drawn(by, event, LotKind.PAPER, 2)
    papers = {turn.batch: turn.paper for turn in halls.turns_of(event.id).values()}
    assert sorted(papers.values(), key=str) == sorted(("甲", "乙"))


def test_stations_that_are_a_sealed_layer_are_not_drawn_here(by: Actor, build: Builder) -> None:
    event = filled_event(build, code_layers=3)
    laid_out(by, event)
    with pytest.raises(Refused, match="sealed layers"):
        lots.commit_lot(by, event.id, LotKind.STATION, 1)
    assert (LotKind.STATION, 1) not in lots.possible_lots(event, halls.hall_of(event.id))


def test_only_those_who_have_checked_in_are_drawn_where_the_rule_says_so(
    by: Actor, build: Builder
) -> None:
    event = filled_event(build, draw_among="checked_in")
    laid_out(by, event)
    with pytest.raises(Refused, match="nobody"):
        lots.commit_lot(by, event.id, LotKind.STATION, 1)
    here = entries_of(event)[:2]
    for entry in here:
        person = entry.members[0].person_id
        arrival = Arrival(event_id=event.id, entry_id=entry.id, person_id=person, at=by.now)
        arrival.account_id = by.account_id or 0
        db.session.add(arrival)
    db.session.commit()
    lot = lots.get_lot(drawn(by, event, LotKind.STATION, 1))
    assert sorted(lot.outcome or ()) == sorted(entry.number for entry in here)


def test_who_withdrew_or_is_absent_is_not_drawn(by: Actor, build: Builder) -> None:
    event = filled_event(build, "abc")
    laid_out(by, event)
    first, second, third = entries_of(event)
    first.state, second.status = EntryState.WITHDRAWN, EntryStatus.ABSENT
    db.session.commit()
    lot = lots.get_lot(drawn(by, event, LotKind.STATION, 1))
    assert set(lot.outcome or ()) == {third.number}


def test_entries_still_in_review_hold_the_batches_up(by: Actor, build: Builder) -> None:
    event = filled_event(build, state=EventState.REGISTERING)
    laid_out(by, event, "ABCDE", TWO_BATCHES)
    build.entry(event, EntryState.SUBMITTED)
    with pytest.raises(Refused, match="review"):
        lots.commit_lot(by, event.id, LotKind.BATCH)


def test_a_prepared_draw_is_dropped_with_a_reason(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event)
    first = lots.commit_lot(by, event.id, LotKind.STATION, 1)
    with pytest.raises(Refused) as refused:
        lots.cancel_lot(by, first, " ")
    assert refused.value.field == "reason"
    lots.cancel_lot(by, first, "又有一人检录")
    second = lots.commit_lot(by, event.id, LotKind.STATION, 1)
    assert lots.get_lot(second).number == 2 and lots.get_lot(first).state is LotState.RESET
    assert lots.get_lot(first).commitment != lots.get_lot(second).commitment
    lots.draw_lot(by, second, "999999")
    with pytest.raises(Refused, match="chief judge"):
        lots.cancel_lot(by, second, "nein")


def test_a_reset_keeps_both_draws(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event)
    first = drawn(by, event, LotKind.STATION, 1)
    lots.reset_lot(by, first, "设备故障")
    assert {turn.station for turn in halls.turns_of(event.id).values()} == {None}
    second = drawn(by, event, LotKind.STATION, 1, "777777")
    found = lots.list_lots(event.id)
    assert [lot.id for lot in found] == [second, first]
    assert lots.get_lot(first).outcome is not None and lots.is_true(lots.get_lot(first))
    assert lots.get_lot(first).reset_reason == "设备故障"


def test_nothing_is_reset_once_somebody_competes(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event)
    lot_id = drawn(by, event, LotKind.STATION, 1)
    next(iter(halls.turns_of(event.id).values())).state = TurnState.COMPETING
    db.session.commit()
    with pytest.raises(Refused, match="begun"):
        lots.reset_lot(by, lot_id, "zu spät")


def test_batches_are_reset_after_what_was_drawn_inside_them(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event, "ABCDE", TWO_BATCHES)
    batches = drawn(by, event, LotKind.BATCH)
    inside = drawn(by, event, LotKind.STATION, 2)
    with pytest.raises(Refused, match="inside"):
        lots.reset_lot(by, batches, "x")
    lots.reset_lot(by, inside, "x")
    lots.reset_lot(by, batches, "x")
    assert {turn.batch for turn in halls.turns_of(event.id).values()} == {None}


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.REVIEW, EventState.FINAL])
def test_a_closed_hall_is_neither_laid_out_nor_drawn(
    by: Actor, build: Builder, state: EventState
) -> None:
    event = filled_event(build, state=state)
    with pytest.raises(Refused, match="hall is open"):
        laid_out(by, event)
    with pytest.raises(Refused, match="hall is open"):
        lots.commit_lot(by, event.id, LotKind.ORDER, 1)


def test_what_was_drawn_cannot_be_taken_from_the_layout(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event, "ABCDE", TWO_BATCHES, ("甲", "乙"))
    drawn(by, event, LotKind.BATCH)
    drawn(by, event, LotKind.STATION, 1)
    drawn(by, event, LotKind.PAPER, 1)
    for changes in (
        {"batches": TWO_BATCHES[:1], "papers": ("甲", "乙")},
        {"batches": TWO_BATCHES, "stations": "XYZ", "papers": ("甲", "乙")},
        {"batches": TWO_BATCHES, "stations": "ABCDE", "papers": ("丙",)},
    ):
        with pytest.raises(Refused, match="drawn"):
            laid_out(by, event, **changes)
    laid_out(by, event, "ABCDEF", TWO_BATCHES, ("甲", "乙", "丙"))


def test_a_layout_based_on_an_old_version_is_refused(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    rules = laid_out(by, event)
    with pytest.raises(Refused, match="changed"):
        halls.edit_hall(by, event.id, 0, rules)
    assert halls.hall_of(event.id) == rules


def test_unknown_draws_and_batches_are_missing(by: Actor, build: Builder) -> None:
    event = filled_event(build)
    laid_out(by, event)
    with pytest.raises(Missing):
        lots.commit_lot(by, event.id, LotKind.STATION, 7)
    for act in (lots.cancel_lot, lots.reset_lot):
        with pytest.raises(Missing):
            act(by, 99999, "x")
    with pytest.raises(Missing):
        lots.get_lot(99999)


def test_entries_are_shown_with_their_names_to_staff(by: Actor, build: Builder) -> None:
    event = filled_event(build, "a")
    laid_out(by, event)
    lot = lots.get_lot(lots.commit_lot(by, event.id, LotKind.STATION, 1))
    entry = db.session.scalars(select(Entry).where(Entry.event_id == event.id)).one()
    assert lots.names_of(lot)[entry.number][0] == entry.title
    assert lots.times_of(lot)["committed"].startswith("2026-09-15 12:00")
