"""The list and the slips of a layer: handed to its sealer once, and kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from rules.layers import LayerKind, kinds
from services import contests, documents
from services.acting import ZONE, Actor
from services.layers import CHANCE, Draft, draw_layer, seal
from services.layers_keys import find_sealing
from services.transaction import refuse_repeat

# The papers are Chinese whatever language the reader has chosen, as certificates are.
KINDS: Mapping[LayerKind | None, str] = {
    None: "报名序号",
    LayerKind.DRAW_NUMBER: "抽签号",
    LayerKind.SEAT: "工位号",
    LayerKind.WORK_CODE: "作品编号",
}


@dataclass(frozen=True)
class HandoutRow:
    """One line of the list: what somebody has, and what it becomes."""

    source: str
    target: str
    title: str = ""
    employer: str = ""


@dataclass(frozen=True)
class Handout:
    """What the sealer of a layer gets, once."""

    event_id: int
    number: int
    kind: LayerKind
    commitment: str
    rows: tuple[HandoutRow, ...]
    pdf: bytes


def seal_next(
    by: Actor,
    event_id: int,
    passphrase: str,
    escrow_key_id: int | None = None,
    chance: Random = CHANCE,
) -> Handout:
    """Draw the next layer, make its papers, seal it, and hand the papers out this once.

    The papers come first: a layer whose list could not be made is not sealed either.
    """
    refuse_repeat(by)
    draft = draw_layer(by, event_id, passphrase, escrow_key_id, chance)
    handout = _handout(by, contests.get_event(event_id), draft)
    seal(by, event_id, draft)
    return handout


def _handout(by: Actor, event: Event, draft: Draft) -> Handout:
    rows = _rows(event.id, draft)
    sealing = find_sealing(event.id)
    layers = 0 if sealing is None else sealing.layers
    number = draft.table.number
    pdf = documents.paper_pdf(
        "layer",
        edition=event.contest.title,
        event=event.title,
        kind=KINDS[draft.kind],
        source_kind=KINDS[kinds(layers)[number - 2] if number > 1 else None],
        named=number == 1,
        number=number,
        layers=layers,
        sealer=db.session.scalar(select(Account.title).where(Account.id == by.account_id)),
        when=by.now.astimezone(ZONE).strftime("%Y-%m-%d %H:%M"),
        commitment=draft.commitment,
        rows=rows,
    )
    return Handout(event.id, number, draft.kind, draft.commitment, rows, pdf)


def _rows(event_id: int, draft: Draft) -> tuple[HandoutRow, ...]:
    """Only the first layer's list has names: later sealers must not know whose label it is."""
    people: dict[str, tuple[str, str]] = {}
    if draft.table.number == 1:
        query = select(Entry).options(joinedload(Entry.employer)).where(Entry.event_id == event_id)
        people = {
            entry.number: (entry.title, entry.employer.title if entry.employer else "")
            for entry in db.session.scalars(query)
        }
    return tuple(
        HandoutRow(source, target, *people.get(source, ("", "")))
        for source, target in draft.table.rows
    )
