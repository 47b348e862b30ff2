"""The opening of sealed layers, in reverse order and before two people; then codes have names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from nacl.exceptions import CryptoError
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.entries import Entry
from models.layers import Keyholder, LayerOpening, LayerWitness, SealedLayer, Sealing
from models.works import Work
from rules.layers import BrokenLayers, LayerTable, commitment, compose, read
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.signoffs import Step
from rules.states import EntryState, EventState
from rules.texts import N_
from services import audits, contests, draws, signoffs, works
from services.acting import Actor
from services.layers import groups_in
from services.layers_keys import find_sealing, is_sealer, open_box, unlock
from services.transaction import refuse_repeat, transaction

WITNESSES = 2
PRESENT_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Opened:
    """A decrypted layer that is not recorded yet."""

    layer_id: int
    content: str
    is_escrow: bool


@dataclass(frozen=True)
class Disagreement:
    """An entry of which code and name tell different things; the stricter one holds."""

    code: str
    number: str
    by_code: EntryStatus
    by_name: EntryStatus


def next_to_open(event_id: int) -> SealedLayer | None:
    """Return the layer that is opened next, the last sealed one first; None when all are open."""
    opened = exists().where(LayerOpening.layer_id == SealedLayer.id)
    query = select(SealedLayer).where(SealedLayer.event_id == event_id, ~opened)
    return db.session.scalar(query.order_by(SealedLayer.number.desc()).limit(1))


def _ready(event: Event) -> SealedLayer:
    """Return the layer that may be opened now, once the chief judge has handed in the marks."""
    if event.state is not EventState.REVIEW:
        raise Refused(N_("Layers are opened once the chief judge has confirmed the marks."))
    signoffs.check_chain(event, Step.SUPERVISOR)
    layer = next_to_open(event.id)
    if layer is None:
        raise Refused(N_("No layer of this event is sealed."))
    return layer


@transaction
def confirm_presence(by: Actor, event_id: int) -> int:
    """Say that one is there while the next layer is opened; it holds for a quarter of an hour."""
    event = draws.lock_event(event_id)
    layer = _ready(event)
    if is_sealer(event_id, by.account_id):
        raise Refused(N_("Who can open a layer of this event cannot be a witness."))
    query = select(LayerWitness).where(
        LayerWitness.layer_id == layer.id, LayerWitness.account_id == by.account_id
    )
    witness = db.session.scalar(query)
    if witness is None:
        witness = LayerWitness(layer_id=layer.id, account_id=by.account_id)
        db.session.add(witness)
    witness.confirmed_at = by.now
    after = {"layer": layer.number}
    audits.record(by, "witness", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


def list_witnesses(layer_id: int, by: Actor) -> Sequence[LayerWitness]:
    """List who is there for the opening of a layer, by the time of their word."""
    query = (
        select(LayerWitness)
        .options(joinedload(LayerWitness.account))
        .where(LayerWitness.layer_id == layer_id)
        .where(LayerWitness.confirmed_at > by.now - PRESENT_FOR)
        .order_by(LayerWitness.confirmed_at, LayerWitness.id)
    )
    return db.session.scalars(query).all()


def open_next(by: Actor, event_id: int, passphrase: str) -> int:
    """Open the next layer with the passphrase of its sealer or second keyholder."""
    refuse_repeat(by)
    return open_layer(by, event_id, decrypt_next(by, event_id, passphrase))


def decrypt_next(by: Actor, event_id: int, passphrase: str) -> Opened:
    """Decrypt the next layer, in memory only, and hold it against its digest."""
    layer = _ready(contests.get_event(event_id))
    _check_witnesses(by, layer)
    key, box, is_escrow = _own_box(by, layer)
    layer_id, digest = layer.id, layer.commitment
    secret = unlock(by, key.id, passphrase)
    try:
        data = open_box(secret, box)
    except CryptoError:
        data = b""
    if commitment(data) != digest:
        _say_broken(event_id, "the box does not hold what was sealed")
    return Opened(layer_id, data.decode(), is_escrow)


def _check_witnesses(by: Actor, layer: SealedLayer) -> list[int]:
    there = [one.account_id for one in list_witnesses(layer.id, by)]
    if len(there) < WITNESSES:
        raise Refused(
            N_("Two witnesses must say that they are here; so far: %(count)s."), count=len(there)
        )
    return there


def _own_box(by: Actor, layer: SealedLayer) -> tuple[Keyholder, str, bool]:
    """Return the key of the reader that opens this layer, and its box."""
    query = select(Keyholder).where(
        Keyholder.account_id == by.account_id,
        or_(Keyholder.id == layer.keyholder_id, Keyholder.id == layer.escrow_keyholder_id),
    )
    key = db.session.scalar(query)
    if key is None:
        raise Refused(N_("This layer is opened by its sealer, or by the second keyholder."))
    if key.id == layer.keyholder_id:
        return key, layer.box, False
    return key, layer.escrow_box or "", True


def _say_broken(event_id: int, why: str) -> None:
    """Tell people and the log that something was tampered with; nothing is opened."""
    structlog.get_logger().error("sealed layers are broken", event_id=event_id, why=why)
    raise Refused(
        N_("The opened table is not the one that was sealed. Compare the digest on the envelope.")
    )


@transaction
def open_layer(by: Actor, event_id: int, opened: Opened) -> int:
    """Record an opening; with the last one every code gets its name (R2.08)."""
    event = draws.lock_event(event_id)
    layer = db.session.get(SealedLayer, opened.layer_id)
    if layer is None or layer.event_id != event_id:
        raise Missing(opened.layer_id)
    # The constraint first: two openings at once meet there, whatever each of them has read.
    db.session.add(
        LayerOpening(
            layer_id=layer.id,
            opened_by_id=by.account_id,
            is_escrow=opened.is_escrow,
            witnesses=_check_witnesses(by, layer),
            content=opened.content,
            opened_at=by.now,
        )
    )
    _check_order(event, layer)
    db.session.flush()
    after = {"layer": layer.number, "commitment": layer.commitment, "escrow": opened.is_escrow}
    audits.record(by, "open_layer", "event", event_id, contest_id=event.contest_id, after=after)
    if layer.number == 1:
        _decode(by, event)
    return event_id


def _check_order(event: Event, layer: SealedLayer) -> None:
    with db.session.no_autoflush:
        following = _ready(event)
    if following.id != layer.id:
        raise Refused(N_("This layer is open already."))


def _decode(by: Actor, event: Event) -> None:
    """Tie each work to its entry, and settle where code and name tell different things."""
    sealing = find_sealing(event.id)
    if sealing is None:
        raise Missing(event.id)
    entry_codes = _composed(event.id, sealing)
    query = select(Entry).where(Entry.event_id == event.id, Entry.number.in_([*entry_codes]))
    found = {entry.number: entry for entry in db.session.scalars(query.with_for_update())}
    if len(found) != len(entry_codes):
        _say_broken(event.id, "sealed entries are missing")
    by_code = {entry_codes[number]: entry for number, entry in found.items()}
    first = contests.scheme_of(event).levels[0][0].key
    disagreements = _disagreements(event.id, first, by_code)
    # There are no works of later stages yet: who goes on is known by name only.
    works.link_works(event.id, first, {code: entry.id for code, entry in by_code.items()})
    after = {
        "entries": len(entry_codes),
        "disagreements": [
            f"{one.code} {one.number}: {one.by_code.value} / {one.by_name.value}"
            for one in disagreements
        ],
    }
    audits.record(by, "decode", "event", event.id, contest_id=event.contest_id, after=after)


def _composed(event_id: int, sealing: Sealing) -> Mapping[str, str]:
    """Return the code of each sealed entry, or refuse tables that do not fit together."""
    query = select(Work.code, Work.division_id).where(Work.event_id == event_id)
    codes = {code: division for code, division in db.session.execute(query)}
    try:
        return compose(list_tables(event_id), groups_in(sealing), codes)
    except BrokenLayers as broken:
        _say_broken(event_id, str(broken))
        raise


def list_tables(event_id: int) -> list[LayerTable]:
    """List the opened tables, the first layer first."""
    query = (
        select(LayerOpening)
        .join(SealedLayer, SealedLayer.id == LayerOpening.layer_id)
        .where(SealedLayer.event_id == event_id)
        .order_by(SealedLayer.number)
    )
    return [read(opening.content.encode()) for opening in db.session.scalars(query)]


def _disagreements(event_id: int, stage: str, by_code: Mapping[str, Entry]) -> list[Disagreement]:
    """List where work and entry were told apart; the stricter one will hold (R2.20)."""
    found = []
    query = select(Work).where(Work.event_id == event_id, Work.stage == stage).order_by(Work.code)
    for work in db.session.scalars(query.with_for_update()):
        entry = by_code[work.code]
        withdrawn = entry.state is EntryState.WITHDRAWN
        by_name = EntryStatus.WITHDRAWN if withdrawn else entry.status
        if by_name is not work.status:
            found.append(Disagreement(work.code, entry.number, work.status, by_name))
    return found
