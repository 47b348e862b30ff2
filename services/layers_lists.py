"""How far the layers of an event are: what everybody entitled may know of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.layers import Keyholder, LayerOpening, LayerWitness, SealedLayer, Sealing
from rules.layers import LayerKind, SealedGroup, chain, kinds
from rules.ranking import EntryStatus
from rules.states import EntryState, EventState
from services import contests, draws
from services.acting import Actor
from services.layers import groups_in
from services.layers_keys import find_sealing
from services.layers_opening import list_tables, list_witnesses


class CodeStep(StrEnum):
    """Where the codes of an event stand."""

    OPENLY = "openly"
    EARLY = "early"
    LIST = "list"
    SEAL = "seal"
    SEALED = "sealed"
    OPEN = "open"
    KNOWN = "known"


@dataclass(frozen=True)
class LayerLine:
    """One layer as an envelope: who closed it and when, its digest, and who opened it."""

    number: int
    kind: LayerKind
    sealed: SealedLayer | None
    escrow: str
    opening: LayerOpening | None
    witnesses: tuple[str, ...]


@dataclass(frozen=True)
class GroupLine:
    """The sealed entries of a division; a single one is known by its division alone."""

    title: str
    letter: str
    count: int


@dataclass(frozen=True)
class Codes:
    """The layers of an event, and what comes next."""

    event: Event
    step: CodeStep
    layers: list[LayerLine]
    groups: list[GroupLine]
    left_out: int
    escrow: bool
    counts: draws.EntryCounts
    waiting: LayerLine | None
    present: Sequence[LayerWitness]
    begun_at: datetime | None

    @property
    def entries(self) -> int:
        """Return how many entries are sealed."""
        return sum(group.count for group in self.groups)


def get_codes(event_id: int, by: Actor) -> Codes:
    """Return how far the layers of an event are."""
    event = contests.get_event(event_id)
    day = contests.rules_of(event.contest).day
    sealing = find_sealing(event_id)
    count = sealing.layers if sealing else day.code_layers
    lines = _lines(event_id, count) if count else []
    step = _step(event, sealing, lines)
    waiting = _waiting(step, lines)
    groups = groups_in(sealing) if sealing else ()
    layer = waiting.sealed if waiting else None
    return Codes(
        event,
        step,
        lines,
        _group_lines(event, groups),
        _left_out(event_id, groups) if step in {CodeStep.SEAL, CodeStep.SEALED} else 0,
        sealing.escrow if sealing else day.escrow,
        draws.count_entries(event_id),
        waiting,
        list_witnesses(layer.id, by) if layer else (),
        sealing.begun_at if sealing else None,
    )


_NAME = load_only(Account.title, Account.username)


def _lines(event_id: int, count: int) -> list[LayerLine]:
    who = joinedload(SealedLayer.sealer).options(_NAME, lazyload(Account.grants))
    escrow = joinedload(SealedLayer.escrow).joinedload(Keyholder.account)
    escrow = escrow.options(_NAME, lazyload(Account.grants))
    query = select(SealedLayer).options(who, escrow).where(SealedLayer.event_id == event_id)
    sealed = {layer.number: layer for layer in db.session.scalars(query)}
    openings = _openings(event_id)
    names = _names({one for opening in openings.values() for one in opening.witnesses})
    lines = []
    for number, kind in enumerate(kinds(count), start=1):
        layer = sealed.get(number)
        opening = openings.get(layer.id) if layer else None
        holder = layer.escrow.account.title if layer and layer.escrow else ""
        there = tuple(names[one] for one in opening.witnesses) if opening else ()
        lines.append(LayerLine(number, kind, layer, holder, opening, there))
    return lines


def _openings(event_id: int) -> dict[int, LayerOpening]:
    query = (
        select(LayerOpening)
        .options(joinedload(LayerOpening.opened_by).options(_NAME, lazyload(Account.grants)))
        .join(SealedLayer, SealedLayer.id == LayerOpening.layer_id)
        .where(SealedLayer.event_id == event_id)
    )
    return {opening.layer_id: opening for opening in db.session.scalars(query)}


def _names(ids: set[int]) -> dict[int, str]:
    query = select(Account.id, Account.title).where(Account.id.in_(ids))
    return {key: title for key, title in db.session.execute(query)}


def _step(event: Event, sealing: Sealing | None, lines: Sequence[LayerLine]) -> CodeStep:
    if not lines:
        return CodeStep.OPENLY
    if sealing is None:
        ready = event.state is EventState.REGISTERING
        return CodeStep.LIST if ready else CodeStep.EARLY
    if any(line.sealed is None for line in lines):
        return CodeStep.SEAL
    if all(line.opening for line in lines):
        return CodeStep.KNOWN
    return CodeStep.OPEN if event.state is EventState.REVIEW else CodeStep.SEALED


def _waiting(step: CodeStep, lines: Sequence[LayerLine]) -> LayerLine | None:
    """Return the layer that is to be sealed, or opened, next."""
    if step is CodeStep.SEAL:
        return next(line for line in lines if line.sealed is None)
    if step is CodeStep.OPEN:
        return next(line for line in reversed(lines) if line.opening is None)
    return None


def _group_lines(event: Event, groups: Sequence[SealedGroup]) -> list[GroupLine]:
    titles = {division.id: division.title for division in event.divisions}
    return [
        GroupLine(titles[group.division_id], group.letter, len(group.entries)) for group in groups
    ]


def _left_out(event_id: int, groups: Sequence[SealedGroup]) -> int:
    """Count the entries that were accepted after the list was closed."""
    sealed = {number for group in groups for number in group.entries}
    query = select(Entry.number).where(
        Entry.event_id == event_id,
        Entry.state == EntryState.ACCEPTED,
        Entry.status == EntryStatus.COMPETED,
    )
    return len(set(db.session.scalars(query)) - sealed)


@dataclass(frozen=True)
class DecodedLine:
    """One entry with its labels, once all layers are open."""

    number: str
    title: str
    division: str
    labels: tuple[str, ...]


def list_decoded(event_id: int) -> list[DecodedLine]:
    """List each sealed entry with all its labels; empty until the last layer is open."""
    sealing, tables = find_sealing(event_id), list_tables(event_id)
    if sealing is None or len(tables) < sealing.layers:
        return []
    sealed = {number for group in groups_in(sealing) for number in group.entries}
    query = (
        select(Entry)
        .options(joinedload(Entry.division))
        .where(Entry.event_id == event_id)
        .order_by(Entry.number)
    )
    return [
        DecodedLine(
            entry.number, entry.title, entry.division.title, tuple(chain(tables, entry.number))
        )
        for entry in db.session.scalars(query)
        if entry.number in sealed
    ]


def list_duties() -> dict[int, CodeStep]:
    """Return the events that wait for a sealer: to seal a layer, or to open one."""
    sealed = select(func.count()).where(SealedLayer.event_id == Sealing.event_id)
    opened = select(func.count()).where(
        SealedLayer.event_id == Sealing.event_id, LayerOpening.layer_id == SealedLayer.id
    )
    query = (
        select(Event.id, Event.state, sealed.scalar_subquery(), opened.scalar_subquery())
        .add_columns(Sealing.layers)
        .join(Sealing, Sealing.event_id == Event.id)
        .where(Event.state.in_((EventState.REGISTERING, EventState.REVIEW)))
    )
    found = {}
    for event_id, state, closed, open_now, layers in db.session.execute(query):
        if state is EventState.REGISTERING and closed < layers:
            found[event_id] = CodeStep.SEAL
        elif state is EventState.REVIEW and open_now < layers:
            found[event_id] = CodeStep.OPEN
    return found
