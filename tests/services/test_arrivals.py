"""Passes and check-in: who is let in, who is not and why; nobody twice."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
import segno
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.audits import AuditRecord
from models.contests import Event
from models.database import db
from models.entries import Entry, EntryMember
from models.passes import Arrival, Pass
from rules.draws import LotKind
from rules.halls import Batch
from rules.refusals import Missing, Refused
from rules.states import EntryState, EventState, TurnState
from services import arrivals, contests, halls, halls_turns, passes
from services.acting import Actor
from services.arrivals import check_in, look_up
from tests.builders import Builder
from tests.hall_rooms import MORNING, TWO_BATCHES, drawn, entries_of, filled_event, laid_out


def token_of(entry: Entry) -> str:
    """Return the valid token of the first member of an entry."""
    line = passes.list_passes(entry.event_id, entry.id)[0]
    assert line.token
    return line.token


def with_passes(by: Actor, build: Builder, employers: str = "a") -> tuple[Event, list[Entry]]:
    """Return an event whose contestants have passes."""
    event = filled_event(build, employers)
    passes.issue_passes(by, event.id)
    return event, entries_of(event)


def enters(by: Actor, entry: Entry, **more: str) -> int:
    """Check the first member of an entry in."""
    return check_in(by, entry.event_id, entry.id, entry.members[0].person_id, **more)


def stands(entry: Entry) -> TurnState:
    """Return where an entry stands."""
    db.session.expire_all()
    return halls_turns.stands_at(halls_turns.find_turn(entry.id), entry)


def test_every_contestant_gets_one_pass_that_says_nothing(by: Actor, build: Builder) -> None:
    event, entries = with_passes(by, build, "aab")
    tokens = {token_of(entry) for entry in entries}
    assert len(tokens) == 3 and all(len(token) == passes.TOKEN_LENGTH for token in tokens)
    with pytest.raises(Refused, match="already"):
        passes.issue_passes(by, event.id)
    late = build.entry(event)
    passes.issue_passes(by, event.id)
    assert token_of(late) not in tokens and {token_of(entry) for entry in entries} == tokens


def test_tokens_stay_out_of_the_record(by: Actor, build: Builder) -> None:
    _, (entry,) = with_passes(by, build)
    token = token_of(entry)
    enters(by, entry, token=token)
    pass_id = passes.list_passes(entry.event_id)[0].pass_id or 0
    passes.void_pass(by, pass_id, "丢失")
    records = " ".join(
        f"{row.before} {row.after}" for row in db.session.scalars(select(AuditRecord))
    )
    assert token not in records and token_of(entry) not in records


def test_a_voided_pass_is_replaced_and_no_longer_opens(by: Actor, build: Builder) -> None:
    event, (entry,) = with_passes(by, build)
    old = token_of(entry)
    pass_id = passes.list_passes(event.id)[0].pass_id or 0
    with pytest.raises(Refused):
        passes.void_pass(by, pass_id, " ")
    passes.void_pass(by, pass_id, "丢失")
    with pytest.raises(Refused, match="void already"):
        passes.void_pass(by, pass_id, "丢失")
    new = token_of(entry)
    found = look_up(event.id, old, by.now)
    assert new != old and found[0].problem is not None and "void" in found[0].problem.message
    with pytest.raises(Refused, match="void"):
        enters(by, entry, token=old)
    enters(by, entry, token=new)


def test_a_pass_is_read_however_it_is_typed(by: Actor, build: Builder) -> None:
    event, (entry,) = with_passes(by, build)
    token = token_of(entry)
    spaced = "-".join(token[at : at + 4] for at in range(0, 16, 4)).lower()
    for typed in (token, f" {spaced} "):
        assert [one.entry_id for one in look_up(event.id, typed, by.now)] == [entry.id]


def test_somebody_is_found_by_number_or_a_part_of_the_name(by: Actor, build: Builder) -> None:
    event = filled_event(build, "")
    first = build.entry(event, person=build.person(name="陈大力"))
    second = build.entry(event, person=build.person(name="王大力"))
    other = build.entry(filled_event(build, ""), person=build.person(name="李大力"))
    found = {one.entry_id for one in look_up(event.id, "大力", by.now)}
    assert found == {first.id, second.id}
    assert [one.entry_id for one in look_up(event.id, first.number.lower(), by.now)] == [first.id]
    for typed in ("", "  ", "%", "没有", other.number):
        assert look_up(event.id, typed, by.now) == []


def test_documents_are_masked_at_the_door(by: Actor, build: Builder) -> None:
    event, (entry,) = with_passes(by, build)
    person = entry.members[0].person
    found = look_up(event.id, entry.number, by.now)[0]
    assert found.document != person.id_number and "*" in found.document
    arrival = arrivals.find_arrival(event.id, enters(by, entry))
    assert arrival is not None and arrival.document == found.document


def test_check_in_prepares_the_contestant_once(by: Actor, build: Builder) -> None:
    event, (entry,) = with_passes(by, build)
    enters(by, entry, token=token_of(entry))
    assert stands(entry) is TurnState.PREPARING and arrivals.count_arrivals(event.id) == (1, 1)
    with pytest.raises(Refused, match="already, at"):
        enters(by, entry)
    row = db.session.scalars(select(Arrival)).one()
    assert row.by_pass and arrivals.list_arrivals(event.id)[0].id == row.id


def test_the_database_lets_nobody_in_twice(by: Actor, build: Builder) -> None:
    _, (entry,) = with_passes(by, build)
    person = entry.members[0].person_id
    enters(by, entry)
    twice = Arrival(event_id=entry.event_id, entry_id=entry.id, person_id=person, at=by.now)
    twice.account_id = by.account_id or 0
    db.session.add(twice)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_team_is_there_when_all_its_members_are(by: Actor, build: Builder) -> None:
    event = filled_event(build, "a")
    entry = entries_of(event)[0]
    mate = build.person()
    entry.members.append(EntryMember(person_id=mate.id, event_id=event.id, position=2))
    db.session.commit()
    enters(by, entry)
    assert stands(entry) is TurnState.WAITING and arrivals.count_arrivals(event.id) == (1, 2)
    check_in(by, event.id, entry.id, mate.id)
    assert stands(entry) is TurnState.PREPARING


def test_a_pass_of_another_event_says_which(by: Actor, build: Builder) -> None:
    _, (entry,) = with_passes(by, build)
    here = filled_event(build, "b")
    found = look_up(here.id, token_of(entry), by.now)[0]
    assert found.problem is not None and found.problem.params["event"] == entry.event.title
    assert found.batch == "" and found.station == ""
    with pytest.raises(Refused, match="another event"):
        check_in(by, here.id, entry.id, entry.members[0].person_id, token_of(entry))


def test_a_token_opens_only_for_its_owner(by: Actor, build: Builder) -> None:
    event, (one, two) = with_passes(by, build, "ab")
    with pytest.raises(Missing):
        check_in(by, event.id, two.id, two.members[0].person_id, token_of(one))


def test_who_left_the_entry_does_not_come_in_with_his_old_pass(by: Actor, build: Builder) -> None:
    event, (entry,) = with_passes(by, build)
    token = token_of(entry)
    entry.members.clear()
    db.session.flush()
    entry.members = [EntryMember(person_id=build.person().id, event_id=event.id, position=1)]
    db.session.commit()
    found = look_up(event.id, token, by.now)
    assert found[0].problem is not None and "does not compete" in found[0].problem.message


@pytest.mark.parametrize("state", [EntryState.WITHDRAWN, EntryState.RETURNED])
def test_an_entry_that_does_not_compete_stays_outside(
    by: Actor, build: Builder, state: EntryState
) -> None:
    event, (entry,) = with_passes(by, build)
    token = token_of(entry)
    entry.state = state
    db.session.commit()
    assert "does not compete" in str(look_up(event.id, token, by.now)[0].problem)
    with pytest.raises(Refused, match="does not compete"):
        enters(by, entry, token=token)


def test_the_day_of_the_batch_counts_then_that_of_the_event(by: Actor, build: Builder) -> None:
    event, entries = with_passes(by, build, "ab")
    event.held_on = date(2026, 9, 20)
    db.session.commit()
    assert "Not today" in str(look_up(event.id, entries[0].number, by.now)[0].problem)
    tomorrow = MORNING + timedelta(days=1)
    batches = (TWO_BATCHES[0], Batch(title="第二场", starts_at=tomorrow))
    laid_out(by, event, "ABC", batches)
    assert look_up(event.id, entries[0].number, by.now)[0].problem is None  # one of the days
    drawn(by, event, LotKind.BATCH)
    turns = halls.turns_of(event.id)
    problems = {
        turns[entry.id].batch: look_up(event.id, entry.number, by.now)[0].problem
        for entry in entries
    }
    assert problems[1] is None and "Not today" in str(problems[2])


def test_who_is_too_late_comes_in_only_with_a_reason(by: Actor, build: Builder) -> None:
    event, (entry,) = with_passes(by, build)
    halls_turns.move_turn(by, entry.id, TurnState.CALLED)
    late = replace(by, now=by.now + timedelta(minutes=16))
    with pytest.raises(Refused) as refused:
        enters(late, entry)
    assert refused.value.field == "late_reason"
    enters(late, entry, late_reason="组委会班车晚点")
    assert halls_turns.list_steps(entry.id)[0].remark == "组委会班车晚点"
    assert arrivals.count_arrivals(event.id) == (1, 1)


def test_a_reason_for_being_late_opens_nothing_else(by: Actor, build: Builder) -> None:
    _, (entry,) = with_passes(by, build)
    halls_turns.move_turn(by, entry.id, TurnState.ABSENT, "缺考")
    with pytest.raises(Refused, match="absent"):
        enters(by, entry, late_reason="算了")


def test_a_closed_hall_has_no_door(by: Actor, build: Builder) -> None:
    event = filled_event(build, "a", EventState.REVIEW)
    entry = entries_of(event)[0]
    for act in (lambda: enters(by, entry), lambda: passes.issue_passes(by, event.id)):
        with pytest.raises(Refused, match="hall is open"):
            act()


def test_unknown_people_and_passes_are_missing(by: Actor, build: Builder) -> None:
    event, (entry,) = with_passes(by, build)
    for ids in ((entry.id, 99999), (99999, entry.members[0].person_id)):
        with pytest.raises(Missing):
            check_in(by, event.id, *ids)
    with pytest.raises(Missing):
        passes.get_pass(99999)
    assert arrivals.find_arrival(event.id, 99999) is None
    other = filled_event(build, "b")
    assert arrivals.find_arrival(other.id, enters(by, entry)) is None


def test_a_contestant_has_only_one_valid_pass_in_the_database(by: Actor, build: Builder) -> None:
    _, (entry,) = with_passes(by, build)
    person = entry.members[0].person_id
    db.session.add(Pass(entry_id=entry.id, person_id=person, token="X" * 16, issued_at=by.now))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def photo_of(text: str, kind: str = "PNG") -> bytes:
    """Return a photo of a code."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="png", scale=6, border=4)
    image = Image.open(io.BytesIO(target.getvalue())).convert("RGB")
    out = io.BytesIO()
    image.rotate(8, expand=True, fillcolor="white").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_code_is_read_from_a_photo(kind: str) -> None:
    assert passes.read_code(photo_of("ABCD2345EFGH6789", kind)) == "ABCD2345EFGH6789"


def test_what_is_no_photo_of_a_code_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(blank, "PNG")
    for data, word in ((b"", "no photo"), (b"%PDF-1.7", "no photo"), (blank.getvalue(), "no code")):
        with pytest.raises(Refused, match=word):
            passes.read_code(data)
    # Once documents have been made, the library of pictures also reads those that are cut off.
    with pytest.raises(Refused, match=r"no photo|no code"):
        passes.read_code(photo_of("X")[:300])
    monkeypatch.setattr(passes, "MOST_PIXELS", 100)
    with pytest.raises(Refused, match="large"):
        passes.read_code(blank.getvalue())
    monkeypatch.setattr(passes, "LARGEST_PHOTO", 10)
    with pytest.raises(Refused, match="large"):
        passes.read_code(blank.getvalue())


def test_passes_are_printed_without_a_digit_of_the_document(by: Actor, build: Builder) -> None:
    event, (entry,) = with_passes(by, build)
    line = passes.list_passes(event.id)[0]
    printed = passes._printed(event, halls.hall_of(event.id), line)
    said = " ".join(str(value) for name, value in printed.items() if name != "qr")
    assert entry.members[0].person.id_number not in said and str(entry.id) != printed["token"]
    day = contests.rules_of(event.contest).day
    made = passes.passes_pdf(event, halls.hall_of(event.id), day, [line])
    assert made.startswith(b"%PDF")
    with pytest.raises(Refused, match="issued"):
        passes.passes_pdf(event, halls.hall_of(event.id), day, [])
