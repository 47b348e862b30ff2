"""Opening: in reverse order, after the chief, before two people, once; then codes have names."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models.audits import AuditRecord
from models.database import db
from models.layers import LayerOpening, LayerWitness
from models.works import Work
from rules.layers import LayerTable, commitment, written
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.states import EntryState, EventState
from services import layers_keys, layers_opening, works
from services.layers_lists import CodeStep, get_codes, list_decoded
from tests.builders import Builder
from tests.sealed_rooms import PASSPHRASE, SealedRoom, layered_room


@pytest.fixture
def room(build: Builder) -> SealedRoom:
    """Two layers are sealed, and the chief judge has handed in the marks."""
    made = layered_room(build, 2)
    made.seal_all()
    made.hand_in()
    return made


def step(room: SealedRoom) -> CodeStep:
    """Say where the codes stand."""
    return get_codes(room.event_id, room.by(room.chief)).step


def test_all_layers_opened_in_reverse_order_tell_the_names(build: Builder) -> None:
    room = layered_room(build, 3)
    drafts = room.seal_all()
    assert step(room) is CodeStep.SEALED
    room.hand_in()
    assert step(room) is CodeStep.OPEN
    room.open(room.sealers[2])
    room.open(room.sealers[1])
    assert works.is_sealed(room.event_id) and list_decoded(room.event_id) == []
    room.open(room.sealers[0])
    assert step(room) is CodeStep.KNOWN and not works.is_sealed(room.event_id)
    for index in range(len(room.entries)):
        entry = room.entry(index)
        label = entry.number
        for draft in drafts:
            label = dict(draft.table.rows)[label]
        assert (entry.code, room.codes()[label]) == (label, entry.id)


def test_the_decoded_list_has_every_label(room: SealedRoom) -> None:
    room.open_all()
    lines = list_decoded(room.event_id)
    assert len(lines) == 5 and all(len(line.labels) == 2 for line in lines)
    assert {line.labels[1] for line in lines} == set(room.codes())
    assert [line.number for line in lines] == sorted(line.number for line in lines)


def test_the_second_keyholder_opens_in_a_sealers_place(room: SealedRoom) -> None:
    room.open(room.sealers[1])
    room.open(room.escrow)
    openings = db.session.scalars(db.select(LayerOpening).order_by(LayerOpening.id)).all()
    assert [opening.is_escrow for opening in openings] == [False, True]
    assert step(room) is CodeStep.KNOWN


def test_nothing_is_opened_before_the_marks_are_handed_in(room: SealedRoom) -> None:
    for state in (EventState.DRAWN, EventState.SCORING, EventState.SIGNED):
        room.event.state = state
        db.session.commit()
        with pytest.raises(Refused, match="confirmed the marks"):
            room.witness()
        with pytest.raises(Refused, match="confirmed the marks"):
            layers_opening.open_next(room.by(room.sealers[1]), room.event_id, PASSPHRASE)


def test_the_state_is_asked_again_when_the_opening_is_stored(room: SealedRoom) -> None:
    room.witness()
    by = room.by(room.sealers[1])
    opened = layers_opening.decrypt_next(by, room.event_id, PASSPHRASE)
    room.event.state = EventState.SCORING
    db.session.commit()
    with pytest.raises(Refused, match="confirmed the marks"):
        layers_opening.open_layer(by, room.event_id, opened)
    assert db.session.query(LayerOpening).count() == 0


def test_the_order_cannot_be_turned_round(room: SealedRoom) -> None:
    room.witness()
    with pytest.raises(Refused, match="by its sealer, or by the second"):
        layers_opening.open_next(room.by(room.sealers[0]), room.event_id, PASSPHRASE)


@pytest.mark.parametrize("count", [0, 1])
def test_two_witnesses_must_be_there(room: SealedRoom, count: int) -> None:
    for account in (room.organizer, room.chief)[:count]:
        layers_opening.confirm_presence(room.by(account), room.event_id)
    with pytest.raises(Refused, match="Two witnesses") as caught:
        layers_opening.open_next(room.by(room.sealers[1]), room.event_id, PASSPHRASE)
    assert caught.value.params == {"count": count}


def test_one_witness_who_speaks_twice_is_one(room: SealedRoom) -> None:
    for _ in range(2):
        layers_opening.confirm_presence(room.by(room.chief), room.event_id)
    assert db.session.query(LayerWitness).count() == 1
    with pytest.raises(Refused, match="Two witnesses"):
        layers_opening.open_next(room.by(room.sealers[1]), room.event_id, PASSPHRASE)


def test_a_witness_counts_for_a_quarter_of_an_hour(room: SealedRoom) -> None:
    room.witness()
    room.now += timedelta(minutes=15)
    with pytest.raises(Refused, match="Two witnesses"):
        layers_opening.open_next(room.by(room.sealers[1]), room.event_id, PASSPHRASE)
    room.witness()
    layers_opening.open_next(room.by(room.sealers[1]), room.event_id, PASSPHRASE)


def test_witnesses_of_one_layer_are_not_those_of_the_next(room: SealedRoom) -> None:
    room.open(room.sealers[1])
    with pytest.raises(Refused, match="Two witnesses"):
        layers_opening.open_next(room.by(room.sealers[0]), room.event_id, PASSPHRASE)


def test_who_can_open_a_layer_is_no_witness(room: SealedRoom) -> None:
    for account in (*room.sealers, room.escrow):
        with pytest.raises(Refused, match="cannot be a witness"):
            layers_opening.confirm_presence(room.by(account), room.event_id)


def test_a_wrong_passphrase_opens_nothing(room: SealedRoom) -> None:
    room.witness()
    with pytest.raises(Refused, match="not the passphrase"):
        layers_opening.open_next(room.by(room.sealers[1]), room.event_id, "wrong, all wrong")
    assert db.session.query(LayerOpening).count() == 0


def test_a_layer_is_opened_once(room: SealedRoom) -> None:
    room.witness()
    by = room.by(room.sealers[1])
    opened = layers_opening.decrypt_next(by, room.event_id, PASSPHRASE)
    again = layers_opening.decrypt_next(room.by(room.escrow), room.event_id, PASSPHRASE)
    layers_opening.open_layer(by, room.event_id, opened)
    with pytest.raises(Refused, match="open already"):
        layers_opening.open_layer(room.by(room.escrow), room.event_id, again)
    assert db.session.query(LayerOpening).count() == 1


def test_the_database_itself_refuses_a_second_opening(room: SealedRoom) -> None:
    room.open(room.sealers[1])
    first = db.session.scalars(db.select(LayerOpening)).one()
    db.session.add(
        LayerOpening(
            layer_id=first.layer_id,
            opened_by_id=room.escrow.id,
            witnesses=[],
            content="",
            opened_at=room.now,
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_all_open_means_nothing_left_to_open(room: SealedRoom) -> None:
    room.open_all()
    with pytest.raises(Refused, match="No layer of this event is sealed"):
        layers_opening.open_next(room.by(room.sealers[0]), room.event_id, PASSPHRASE)


def test_a_lost_key_leaves_the_old_layers_to_the_old_passphrase(room: SealedRoom) -> None:
    sealer = room.sealers[1]
    layers_keys.make_key(room.by(sealer), "an entirely new passphrase")
    room.witness()
    with pytest.raises(Refused, match="not the passphrase"):
        layers_opening.open_next(room.by(sealer), room.event_id, "an entirely new passphrase")
    layers_opening.open_next(room.by(sealer), room.event_id, PASSPHRASE)


def test_every_opening_is_recorded_with_its_witnesses(room: SealedRoom) -> None:
    room.open_all()
    opening = db.session.scalars(db.select(LayerOpening).order_by(LayerOpening.id)).first()
    assert opening is not None and opening.witnesses == [room.organizer.id, room.chief.id]
    query = db.select(AuditRecord.action).where(AuditRecord.subject == "event")
    actions = list(db.session.scalars(query.order_by(AuditRecord.id)))
    assert actions == [
        "begin_sealing",
        "seal",
        "seal",
        *("witness", "witness", "open_layer"),
        *("witness", "witness", "open_layer", "decode"),
    ]


def test_a_table_put_in_place_of_the_sealed_one_is_found(room: SealedRoom) -> None:
    layer = room.sealed()[1]
    table = LayerTable(room.event_id, 2, "0" * 64, (("A-01", "AAAA"),))
    layer.box = layers_keys.box_for(layer.keyholder, written(table))
    db.session.commit()
    room.witness()
    with pytest.raises(Refused, match="not the one that was sealed"):
        layers_opening.open_next(room.by(room.sealers[1]), room.event_id, PASSPHRASE)


def test_a_damaged_box_is_found(room: SealedRoom) -> None:
    layer = room.sealed()[1]
    layer.box = layer.box[:-2] + ("00" if layer.box[-2:] != "00" else "11")
    db.session.commit()
    room.witness()
    with pytest.raises(Refused, match="not the one that was sealed"):
        layers_opening.open_next(room.by(room.sealers[1]), room.event_id, PASSPHRASE)


def test_tables_that_do_not_fit_together_decode_nothing(room: SealedRoom) -> None:
    """Even with digest and box exchanged together: the works are those of another table."""
    room.open(room.sealers[1])
    layer = room.sealed()[0]
    table = LayerTable(room.event_id, 1, "0" * 64, (("X-1", "A-01"),))
    layer.box = layers_keys.box_for(layer.keyholder, written(table))
    layer.commitment = commitment(written(table))
    db.session.commit()
    with pytest.raises(Refused, match="not the one that was sealed"):
        room.open(room.sealers[0])
    assert works.is_sealed(room.event_id)
    assert db.session.query(LayerOpening).count() == 1


def test_of_two_statuses_the_stricter_holds_and_both_are_recorded(room: SealedRoom) -> None:
    by_code = dict(zip(sorted(room.codes()), ("violation", "absent"), strict=False))
    for code, status in by_code.items():
        work = db.session.scalars(db.select(Work).where(Work.code == code)).one()
        work.status = EntryStatus(status)
    room.entry(0).status = EntryStatus.ABSENT
    room.entry(4).state = EntryState.WITHDRAWN
    db.session.commit()
    room.open_all()
    order = list(EntryStatus)
    for index in range(5):
        entry = room.entry(index)
        said = [EntryStatus(by_code.get(entry.code or "", "competed"))]
        said += [EntryStatus.ABSENT] if index == 0 else []
        assert entry.status is max(said, key=order.index)
    record = db.session.scalars(db.select(AuditRecord).where(AuditRecord.action == "decode")).one()
    lines = record.after["disagreements"]
    assert 1 <= len(lines) <= 4
    assert any(f"{room.entry(4).code} {room.entry(4).number}: " in line for line in lines)


def test_a_withdrawn_entry_has_its_code_after_decoding(room: SealedRoom) -> None:
    room.entry(0).state = EntryState.WITHDRAWN
    db.session.commit()
    room.open_all()
    assert room.entry(0).code in room.codes()
