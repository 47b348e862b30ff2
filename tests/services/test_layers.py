"""Sealing: who may, in which order, and that nothing readable is left behind."""

import json
from random import Random

import pytest
from sqlalchemy.orm import Session

from models.audits import AuditRecord
from models.database import db
from models.entries import Entry
from models.layers import SealedLayer, Sealing
from models.passes import Arrival
from models.works import Work
from rules.layers import commitment, read, written
from rules.refusals import Refused
from rules.states import EntryState, EventState
from services import draws, layers, layers_keys, panels
from services.layers_lists import CodeStep, get_codes
from tests.builders import Builder
from tests.judging_rooms import seated_room
from tests.sealed_rooms import PASSPHRASE, SealedRoom, layered_room


@pytest.fixture
def room(build: Builder) -> SealedRoom:
    """Three layers, five entries in two divisions."""
    return layered_room(build)


def refused(match: str) -> object:
    """Expect a refusal whose English words match."""
    return pytest.raises(Refused, match=match)


def test_three_layers_lead_from_the_list_to_works_without_names(room: SealedRoom) -> None:
    drafts = room.seal_all()
    assert [draft.kind.value for draft in drafts] == ["draw_number", "seat", "work_code"]
    assert room.event.state is EventState.DRAWN
    assert len(room.codes()) == 5 and set(room.codes().values()) == {None}
    assert {target for _, target in drafts[0].table.rows} == {
        "A-01", "A-02", "A-03", "B-01", "B-02",
    }  # fmt: skip
    assert {target for _, target in drafts[1].table.rows} == {
        "A-S01", "A-S02", "A-S03", "B-S01", "B-S02",
    }  # fmt: skip
    assert {target for _, target in drafts[2].table.rows} == set(room.codes())


@pytest.mark.parametrize(
    ("count", "given"),
    [(1, ["work_code"]), (2, ["draw_number", "work_code"])],
)
def test_fewer_layers_end_in_the_code_too(build: Builder, count: int, given: list[str]) -> None:
    room = layered_room(build, count)
    assert [draft.kind.value for draft in room.seal_all()] == given
    assert room.event.state is EventState.DRAWN


def test_works_stand_in_the_order_of_their_codes(room: SealedRoom, session: Session) -> None:
    room.seal_all()
    works = session.scalars(db.select(Work).order_by(Work.id)).all()
    assert [work.code for work in works] == sorted(work.code for work in works)


def test_a_work_is_of_the_division_of_its_entry(room: SealedRoom, session: Session) -> None:
    drafts = room.seal_all()
    divisions = {work.code: work.division_id for work in session.scalars(db.select(Work))}
    for entry in session.scalars(db.select(Entry)):
        label = entry.number
        for draft in drafts:
            label = dict(draft.table.rows)[label]
        assert divisions[label] == entry.division_id


def test_no_table_of_the_database_holds_a_link(room: SealedRoom, session: Session) -> None:
    drafts = room.seal_all()
    labels = {target for draft in drafts[:2] for _, target in draft.table.rows}
    stored = {
        name: " ".join(str(tuple(row)) for row in session.connection().execute(db.select(table)))
        for name, table in db.metadata.tables.items()
    }
    # The middle labels stand nowhere in the clear; codes only where the works are.
    quoted = [mark.join(("", one, "")) for one in labels for mark in ("'", '"')]
    assert [name for name, rows in stored.items() for one in quoted if one in rows] == []
    where = {name for name, rows in stored.items() for code in room.codes() if f"'{code}'" in rows}
    assert where == {"work"}


def test_a_box_opens_to_exactly_what_the_digest_promised(room: SealedRoom) -> None:
    drafts = room.seal_all()
    for sealer, layer, draft in zip(room.sealers, room.sealed(), drafts, strict=True):
        secret = layers_keys.unlock(room.by(sealer), layer.keyholder_id, PASSPHRASE)
        data = layers_keys.open_box(secret, layer.box)
        assert (read(data), commitment(data)) == (draft.table, layer.commitment)
        assert data == written(draft.table) and len(data) % 4096 == 0


def test_boxes_of_different_tables_are_equally_long(build: Builder) -> None:
    few, many = layered_room(build, 1, (2, 0)), layered_room(build, 1, (12, 5))
    few.seal_all()
    many.seal_all()
    assert len(few.sealed()[0].box) == len(many.sealed()[0].box)


def test_the_second_keyholder_can_open_every_layer(room: SealedRoom) -> None:
    room.seal_all()
    for layer in room.sealed():
        secret = layers_keys.unlock(
            room.by(room.escrow), layer.escrow_keyholder_id or 0, PASSPHRASE
        )
        assert commitment(layers_keys.open_box(secret, layer.escrow_box or "")) == layer.commitment


def test_without_a_second_keyholder_none_is_asked_for(build: Builder) -> None:
    room = layered_room(build, 1, escrow=False)
    room.keys.pop(room.escrow.id)
    room.seal_all()
    assert room.sealed()[0].escrow_box is None


def test_chance_decides_alone(room: SealedRoom) -> None:
    """The same chance gives the same tables: nothing else has a say in them."""
    room.begin()
    by, key = room.by(room.sealers[0]), room.keys[room.escrow.id]
    one, again, other = (
        layers.draw_layer(by, room.event_id, PASSPHRASE, key, Random(seed)) for seed in (1, 1, 2)
    )
    assert one.table == again.table and one.table.rows != other.table.rows
    assert one.box != again.box and one.commitment != other.commitment


def test_only_accepted_entries_are_sealed(room: SealedRoom) -> None:
    room.entry(0).state = EntryState.WITHDRAWN
    db.session.commit()
    room.begin()
    sealing = db.session.scalar(db.select(Sealing))
    assert sealing is not None and [len(group[2]) for group in sealing.groups] == [2, 2]


def test_where_the_rules_say_so_only_who_has_checked_in_is_sealed(build: Builder) -> None:
    room = layered_room(build, 1, draw_among="checked_in")
    with refused("no accepted entries"):
        room.begin()
    for index in (0, 3):
        entry = room.entry(index)
        db.session.add(
            Arrival(
                event_id=room.event_id,
                entry_id=entry.id,
                person_id=entry.members[0].person_id,
                at=room.now,
                account_id=room.organizer.id,
            )
        )
    db.session.commit()
    room.begin()
    sealing = db.session.scalars(db.select(Sealing)).one()
    assert [len(group[2]) for group in sealing.groups] == [1, 1]


def test_an_entry_accepted_later_is_left_out_and_counted(room: SealedRoom) -> None:
    room.begin()
    assert get_codes(room.event_id, room.by(room.chief)).left_out == 0
    room.build.entry(room.event)
    assert get_codes(room.event_id, room.by(room.chief)).left_out == 1


def test_a_withdrawal_after_sealing_leaves_the_works_as_they_are(room: SealedRoom) -> None:
    room.seal_all()
    before = room.codes()
    room.entry(0).state = EntryState.WITHDRAWN
    db.session.commit()
    assert room.codes() == before


def test_the_open_draw_is_refused_where_codes_are_sealed(room: SealedRoom) -> None:
    with refused("sealed in layers"):
        draws.draw(room.by(room.organizer), room.event_id, early=True)


def test_sealing_is_refused_where_codes_are_drawn_openly(build: Builder) -> None:
    room = seated_room(build)
    with refused("draws its codes openly"):
        layers.begin_sealing(room.by(room.organizer), room.event_id, early=True)
    step = get_codes(room.event_id, room.by(room.chief)).step
    assert step is CodeStep.OPENLY


def test_the_list_is_closed_once_and_not_empty(room: SealedRoom, build: Builder) -> None:
    room.begin()
    with refused("closed already"):
        room.begin()
    with refused("no accepted entries"):
        layered_room(build, 1, (0, 0)).begin()


def test_the_list_waits_for_reviews_and_for_the_last_day(room: SealedRoom) -> None:
    with refused("Entries are open until"):
        layers.begin_sealing(room.by(room.organizer), room.event_id)
    room.build.entry(room.event, EntryState.SUBMITTED)
    with refused("still wait for review"):
        room.begin()


def test_no_layer_is_sealed_before_the_list_is_closed_or_after_the_last(room: SealedRoom) -> None:
    with refused("waits to be sealed"):
        room.seal(room.sealers[0])
    room.seal_all()
    late = room.build.account("sealer")
    room.give_key(late)
    with refused("waits to be sealed"):
        room.seal(late)


def test_nobody_seals_two_layers(room: SealedRoom) -> None:
    room.begin()
    room.seal(room.sealers[0])
    with refused("somebody else"):
        room.seal(room.sealers[0])


def test_the_second_keyholder_seals_no_layer(room: SealedRoom) -> None:
    room.begin()
    room.seal(room.sealers[0])
    with refused("somebody else"):
        layers.draw_layer(room.by(room.escrow), room.event_id, PASSPHRASE, None)


def test_who_scores_or_competes_cannot_seal(room: SealedRoom) -> None:
    room.begin()
    judge = room.build.account("judge")
    panels.seat(room.by(room.organizer), room.event_id, "work", judge.id)
    with refused("Who scores"):
        layers.draw_layer(room.by(judge), room.event_id, PASSPHRASE)
    starter = room.build.account("sealer", person_id=room.entry(0).members[0].person_id)
    room.give_key(starter)
    with refused("Who is entered"):
        room.seal(starter)


def test_who_has_sealed_cannot_score(room: SealedRoom) -> None:
    from rules.access import Role
    from services.accounts import add_grant

    room.seal_all()
    for account in (room.sealers[0], room.escrow):
        add_grant(account, Role.JUDGE)
        db.session.commit()
        with refused("cannot score"):
            panels.seat(room.by(room.organizer), room.event_id, "work", account.id)


def test_a_sealer_needs_a_key_and_its_passphrase(room: SealedRoom) -> None:
    room.begin()
    keyless = room.build.account("sealer")
    with refused("Make your key"):
        room.seal(keyless)
    with refused("not the passphrase"):
        layers.draw_layer(
            room.by(room.sealers[0]), room.event_id, "something else", room.keys[room.escrow.id]
        )
    assert db.session.query(SealedLayer).count() == 0


def test_the_second_keyholder_is_somebody_fit(room: SealedRoom) -> None:
    room.begin()
    by = room.by(room.sealers[0])
    judge = room.build.account("judge")
    for key in (None, 999_999, room.keys[room.sealers[0].id], room.give_key(judge)):
        with refused("Choose who can open") as caught:
            layers.draw_layer(by, room.event_id, PASSPHRASE, key)
        assert caught.value.field == "escrow"


def test_a_draft_that_came_too_late_is_not_stored(room: SealedRoom) -> None:
    room.begin()
    escrow = room.keys[room.escrow.id]
    late = layers.draw_layer(room.by(room.sealers[1]), room.event_id, PASSPHRASE, escrow)
    room.seal(room.sealers[0])
    with refused("meanwhile"):
        layers.seal(room.by(room.sealers[1]), room.event_id, late)
    assert [layer.number for layer in room.sealed()] == [1]


def test_all_layers_can_be_thrown_away_before_scoring(room: SealedRoom) -> None:
    room.seal_all()
    digests = [layer.commitment for layer in room.sealed()]
    layers.reset_sealing(room.by(room.chief), room.event_id, "名单丢失")
    assert room.event.state is EventState.REGISTERING
    assert (room.codes(), room.sealed()) == ({}, [])
    record = db.session.scalar(db.select(AuditRecord).where(AuditRecord.action == "reset_sealing"))
    assert record is not None and record.before == {"commitments": digests}
    room.seal_all()
    assert len(room.codes()) == 5


def test_a_reset_needs_a_reason_and_comes_before_scoring(room: SealedRoom) -> None:
    with refused("until scoring is opened"):
        layers.reset_sealing(room.by(room.chief), room.event_id, "原因")
    room.begin()
    with refused("Write the reason"):
        layers.reset_sealing(room.by(room.chief), room.event_id, "  ")
    room.event.state = EventState.SCORING
    db.session.commit()
    with refused("until scoring is opened"):
        layers.reset_sealing(room.by(room.chief), room.event_id, "原因")


def test_the_record_names_digests_and_no_labels(room: SealedRoom) -> None:
    drafts = room.seal_all()
    rows = db.session.scalars(db.select(AuditRecord).where(AuditRecord.action == "seal")).all()
    assert [row.after["commitment"] for row in rows] == [draft.commitment for draft in drafts]
    said = json.dumps([row.after for row in rows], ensure_ascii=False)
    assert not [one for draft in drafts for row in draft.table.rows for one in row if one in said]
