"""Sealers, keyholders and guesses that meet in the same moment, on both databases."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.audits import AuditRecord
from models.database import db
from models.layers import Keyholder, LayerOpening, SealedLayer
from rules.refusals import Refused
from services import layers, layers_keys, layers_opening, works
from tests.builders import Builder
from tests.sealed_rooms import PASSPHRASE, SealedRoom, layered_room
from tests.services.test_races import CROWD, all_at_once


@pytest.fixture(scope="module")
def crowd(committing: Flask) -> tuple[Flask, Builder]:
    """An application whose commits are real, and a builder whose names are unique in it."""
    return committing, Builder()


def kinds_of(outcomes: list[object]) -> Counter[type]:
    """Count what came of each attempt."""
    return Counter(type(outcome) for outcome in outcomes)


def actors(room: SealedRoom) -> list[object]:
    """Return as many actors as there are threads: the sealer and the second keyholder in turn."""
    pair = (room.by(room.sealers[0]), room.by(room.escrow))
    return [pair[number % 2] for number in range(CROWD)]


def test_of_many_openings_at_once_one_decodes(crowd: tuple[Flask, Builder]) -> None:
    app, build = crowd
    with app.app_context():
        room = layered_room(build, 1)
        room.seal_all()
        room.hand_in()
        room.witness()
        acting, event_id = actors(room), room.event_id
        ready = [layers_opening.decrypt_next(by, event_id, PASSPHRASE) for by in acting]  # type: ignore[arg-type]
    outcomes = all_at_once(
        app,
        lambda number: layers_opening.open_layer(acting[number], event_id, ready[number]),  # type: ignore[arg-type]
    )
    assert kinds_of(outcomes) == {int: 1, Refused: CROWD - 1}, outcomes
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LayerOpening)) == 1
        decoded = select(func.count()).where(AuditRecord.action == "decode")
        assert db.session.scalar(decoded) == 1
        assert not works.is_sealed(event_id)


def test_of_many_sealers_at_once_each_layer_has_one(crowd: tuple[Flask, Builder]) -> None:
    app, build = crowd
    with app.app_context():
        room = layered_room(build, 2)
        room.begin()
        more = [room.build.account("sealer") for _ in range(CROWD - 2)]
        for account in more:
            room.give_key(account)
        event_id, escrow = room.event_id, room.keys[room.escrow.id]
        acting = [room.by(account) for account in (*room.sealers, *more)]
        drafts = [layers.draw_layer(by, event_id, PASSPHRASE, escrow) for by in acting]
    outcomes = all_at_once(
        app, lambda number: layers.seal(acting[number], event_id, drafts[number])
    )
    assert kinds_of(outcomes) == {int: 1, Refused: CROWD - 1}, outcomes
    with app.app_context():
        numbers = select(SealedLayer.number).where(SealedLayer.event_id == event_id)
        assert db.session.scalars(numbers).all() == [1]


def test_guesses_sent_at_once_are_all_counted(crowd: tuple[Flask, Builder]) -> None:
    app, build = crowd
    with app.app_context():
        room = layered_room(build, 1)
        by, key_id = room.by(room.escrow), room.keys[room.escrow.id]
    outcomes = all_at_once(app, lambda _: layers_keys.begin_attempt(by, key_id))
    tried = kinds_of(outcomes)
    assert tried == {layers_keys.MadeKey: 5, Refused: CROWD - 5}, outcomes
    with app.app_context():
        assert db.session.get_one(Keyholder, key_id).failures == 5
