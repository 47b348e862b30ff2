"""Sealed codes: the list is closed, then each layer is drawn and sealed by somebody else."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import CompoundSelect, delete, exists, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.contests import Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.judging import PanelSeat
from models.layers import Keyholder, SealedLayer, Sealing
from models.passes import Arrival
from models.works import Work
from rules.access import Place, allowed
from rules.acts import Act
from rules.layers import (
    LayerKind,
    LayerTable,
    SealedGroup,
    commitment,
    groups_of,
    kinds,
    labels,
    sources,
    written,
)
from rules.numbering import codes
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.states import EVENT_MOVES, EntryState, EventState, moved
from rules.texts import N_
from services import audits, contests, draws, works
from services.acting import Actor
from services.layers_keys import box_for, find_key, find_sealing, is_sealer, unlock
from services.transaction import transaction

# The system's own randomness; nothing of it is kept.
CHANCE: Random = secrets.SystemRandom()


@dataclass(frozen=True)
class Draft:
    """A drawn layer that is not sealed yet: its table in the clear, and the boxes that hide it."""

    table: LayerTable
    kind: LayerKind
    commitment: str
    key_id: int
    box: str
    escrow_key_id: int | None
    escrow_box: str | None
    codes: Mapping[str, int]


@transaction
def begin_sealing(by: Actor, event_id: int, early: bool = False) -> int:
    """Close the list of entries whose codes will be sealed, division by division (R2.06)."""
    event = draws.lock_event(event_id)
    day = contests.rules_of(event.contest).day
    if not day.code_layers:
        raise Refused(N_("This edition draws its codes openly, in one draw."))
    draws.check_draw(by, event, early)
    if find_sealing(event_id) is not None:
        raise Refused(N_("The list of this event is closed already."))
    groups = groups_of(_numbers_by_division(event_id, day.draw_among == "checked_in"))
    if not groups:
        raise Refused(N_("There are no accepted entries to draw codes for."))
    sealing = Sealing(
        event_id=event_id,
        layers=day.code_layers,
        escrow=day.escrow,
        groups=[list(group) for group in groups],
        begun_at=by.now,
        begun_by_id=by.account_id,
    )
    db.session.add(sealing)
    after = {"entries": count_sealed(groups), "layers": day.code_layers, "early": early}
    audits.record(by, "begin_sealing", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


def _numbers_by_division(event_id: int, only_arrived: bool) -> dict[int, list[str]]:
    """List the entries to be sealed: accepted, not known to stay away, checked in if so ruled."""
    query = (
        select(Division.id, Entry.number)
        .join(Entry, Entry.division_id == Division.id)
        .where(Division.event_id == event_id)
        .where(Entry.state == EntryState.ACCEPTED, Entry.status == EntryStatus.COMPETED)
        .order_by(Division.position, Division.id, Entry.number)
    )
    if only_arrived:
        query = query.where(exists().where(Arrival.entry_id == Entry.id))
    found: dict[int, list[str]] = {}
    for division, number in db.session.execute(query):
        found.setdefault(division, []).append(number)
    return found


def groups_in(sealing: Sealing) -> tuple[SealedGroup, ...]:
    """Return the sealed entries by division."""
    return tuple(
        SealedGroup(division, letter, tuple(entries))
        for division, letter, entries in sealing.groups
    )


def count_sealed(groups: Sequence[SealedGroup]) -> int:
    """Count the sealed entries."""
    return sum(len(group.entries) for group in groups)


def draw_layer(
    by: Actor,
    event_id: int,
    passphrase: str,
    escrow_key_id: int | None = None,
    chance: Random = CHANCE,
) -> Draft:
    """Draw the next layer in memory and encrypt it; nothing is stored yet.

    The passphrase is asked for although sealing needs none: it shows that the box can be opened.
    """
    event = contests.get_event(event_id)
    sealing, number = _next_of(by, event)
    key = find_key(by.account_id)
    if key is None:
        raise Refused(N_("Make your key first."))
    escrow = _escrow_key(by, event, sealing, escrow_key_id)
    unlock(by, key.id, passphrase)
    table, works_of = _drawn(event_id, sealing, number, chance)
    data = written(table)
    return Draft(
        table,
        kinds(sealing.layers)[number - 1],
        commitment(data),
        key.id,
        box_for(key, data),
        None if escrow is None else escrow.id,
        None if escrow is None else box_for(escrow, data),
        works_of,
    )


def _drawn(
    event_id: int, sealing: Sealing, number: int, chance: Random
) -> tuple[LayerTable, dict[str, int]]:
    """Tie each label to a new one by chance; where these are codes, say of which division."""
    kind, groups = kinds(sealing.layers)[number - 1], groups_in(sealing)
    free = codes(count_sealed(groups), f"{chance.getrandbits(256):064x}")
    rows: list[tuple[str, str]] = []
    divisions: dict[str, int] = {}
    for group in groups:
        count = len(group.entries)
        if kind is LayerKind.WORK_CODE:
            targets, free = free[:count], free[count:]
            divisions |= dict.fromkeys(targets, group.division_id)
        else:
            targets = list(labels(kind, group.letter, count))
        chance.shuffle(targets)
        rows += zip(sources(sealing.layers, number, group), targets, strict=True)
    nonce = f"{chance.getrandbits(256):064x}"
    return LayerTable(event_id, number, nonce, tuple(sorted(rows))), divisions


@transaction
def seal(by: Actor, event_id: int, draft: Draft) -> int:
    """Store a drawn layer, readable by nobody; after the last one the works stand there by code."""
    event = draws.lock_event(event_id)
    sealing, number = _next_of(by, event)
    if number != draft.table.number:
        raise Refused(N_("This layer has been sealed meanwhile."))
    _escrow_key(by, event, sealing, draft.escrow_key_id)
    db.session.add(
        SealedLayer(
            event_id=event_id,
            number=number,
            sealer_id=by.account_id,
            keyholder_id=draft.key_id,
            escrow_keyholder_id=draft.escrow_key_id,
            commitment=draft.commitment,
            box=draft.box,
            escrow_box=draft.escrow_box,
            sealed_at=by.now,
        )
    )
    if number == sealing.layers:
        stage = contests.scheme_of(event).levels[0][0].key
        works.add_sealed_works(event_id, stage, draft.codes)
        event.state = moved(EVENT_MOVES, event.state, EventState.DRAWN)
    after = {"layer": number, "commitment": draft.commitment, "entries": len(draft.table.rows)}
    audits.record(by, "seal", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


def _next_of(by: Actor, event: Event) -> tuple[Sealing, int]:
    """Return the layer that waits, for somebody who may seal it (R2.06, R2.07)."""
    sealing = find_sealing(event.id)
    if sealing is None or event.state is not EventState.REGISTERING:
        raise Refused(N_("No layer of this event waits to be sealed."))
    _check_person(event, by.account_id)
    if is_sealer(event.id, by.account_id):
        raise Refused(N_("Each layer is sealed by somebody else; you have had a part in this one."))
    query = select(SealedLayer.id).where(SealedLayer.event_id == event.id)
    number = len(db.session.scalars(query).all()) + 1
    return sealing, number


def _check_person(event: Event, account_id: int | None) -> None:
    """Refuse who scores or competes in the event: the code would tell them whose work it is."""
    seated = exists().where(PanelSeat.event_id == event.id, PanelSeat.account_id == account_id)
    entered = exists().where(
        EntryMember.event_id == event.id,
        EntryMember.person_id == Account.person_id,
        Account.id == account_id,
    )
    if db.session.scalar(select(seated)):
        raise Refused(N_("Who scores in this event cannot seal its codes."))
    if db.session.scalar(select(entered)):
        raise Refused(N_("Who is entered in this event cannot seal its codes."))


def _escrow_key(by: Actor, event: Event, sealing: Sealing, key_id: int | None) -> Keyholder | None:
    """Return the key of the second holder, where the edition asks for one."""
    if not sealing.escrow:
        return None
    offered = {key.id: key for key in list_escrow_keys(event, by.account_id)}
    if key_id not in offered:
        raise Refused(N_("Choose who can open this layer in your place."), field="escrow")
    return offered[key_id]


def list_escrow_keys(event: Event, account_id: int | None) -> list[Keyholder]:
    """List the keys of those who may open a layer in its sealer's place."""
    query = (
        select(Keyholder)
        .options(joinedload(Keyholder.account))
        .join(Account, Account.id == Keyholder.account_id)
        .where(Keyholder.replaced_at.is_(None), Account.active, Account.id != account_id)
        .where(Account.id.not_in(_unfit(event.id)))
        .order_by(Account.title, Account.id)
    )
    place = Place(event.contest_id, event.id)
    keys = db.session.scalars(query).all()
    return [key for key in keys if allowed(Act.OPEN_LAYER, key.account.holder(), place)]


def _unfit(event_id: int) -> CompoundSelect[int]:
    """Select the accounts that seal, score or compete in the event."""
    sealers = select(SealedLayer.sealer_id).where(SealedLayer.event_id == event_id)
    judges = select(PanelSeat.account_id).where(PanelSeat.event_id == event_id)
    starters = (
        select(Account.id)
        .join(EntryMember, EntryMember.person_id == Account.person_id)
        .where(EntryMember.event_id == event_id)
    )
    return sealers.union(judges, starters)


@transaction
def reset_sealing(by: Actor, event_id: int, reason: str) -> int:
    """Throw all layers of an event away before it is scored, so that they are drawn anew (R2.02).

    What was given out is void; the digests of the layers stay in the record.
    """
    event = draws.lock_event(event_id)
    sealing = find_sealing(event_id)
    if sealing is None or event.state not in {EventState.REGISTERING, EventState.DRAWN}:
        raise Refused(N_("Codes can be drawn anew until scoring is opened, not later."))
    if not reason.strip():
        raise Refused(N_("Write the reason."), field="reason")
    layers = select(SealedLayer).where(SealedLayer.event_id == event_id)
    found = db.session.scalars(layers.order_by(SealedLayer.number)).all()
    before = {"commitments": [layer.commitment for layer in found]}
    db.session.execute(delete(Work).where(Work.event_id == event_id))
    db.session.execute(delete(SealedLayer).where(SealedLayer.event_id == event_id))
    db.session.delete(sealing)
    if event.state is EventState.DRAWN:
        event.state = moved(EVENT_MOVES, event.state, EventState.REGISTERING)
    audits.record(
        by,
        "reset_sealing",
        "event",
        event_id,
        contest_id=event.contest_id,
        before=before,
        after={"reason": reason},
    )
    return event_id
