"""An event with sealed codes for tests: sealers with keys, a second keyholder, two witnesses."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from random import Random
from typing import Any

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.layers import Keyholder, SealedLayer
from models.works import Work
from rules.days import DayRules
from rules.plans import EditionRules
from rules.states import ContestState, EventState
from services import layers, layers_keys, layers_opening
from services.acting import Actor
from services.layers_keys import MadeKey
from tests.builders import NOW, Builder
from tests.judging_rooms import mixed_scheme

PASSPHRASE = "三把锁 and a long winter evening"


@cache
def made_key(number: int) -> MadeKey:
    """A pair of keys that opens with PASSPHRASE; made once a run, for it takes a while."""
    return layers_keys.lock_up(PASSPHRASE)


@dataclass
class SealedRoom:
    """An event whose codes are sealed, and everybody who has to do with them."""

    build: Builder
    event_id: int
    organizer: Account
    chief: Account
    supervisor: Account
    escrow: Account
    sealers: list[Account]
    entries: list[int]
    keys: dict[int, int] = field(default_factory=dict)
    now: datetime = NOW

    def by(self, account: Account, now: datetime | None = None) -> Actor:
        """Somebody who acts now."""
        return Actor(account.id, now or self.now, "test")

    @property
    def event(self) -> Event:
        """The event as it is now."""
        return db.session.get_one(Event, self.event_id, populate_existing=True)

    def give_key(self, account: Account) -> int:
        """Give somebody a key that opens with PASSPHRASE."""
        made = made_key(db.session.query(Keyholder).count())
        self.keys[account.id] = layers_keys.store_key(self.by(account), made)
        return self.keys[account.id]

    def begin(self) -> None:
        """Close the list."""
        layers.begin_sealing(self.by(self.organizer), self.event_id, early=True)

    def seal(self, sealer: Account, chance: Random | None = None) -> layers.Draft:
        """Draw and seal the next layer."""
        by, escrow = self.by(sealer), self.keys.get(self.escrow.id)
        more = {} if chance is None else {"chance": chance}
        draft = layers.draw_layer(by, self.event_id, PASSPHRASE, escrow, **more)
        layers.seal(by, self.event_id, draft)
        return draft

    def seal_all(self, chance: Random | None = None) -> list[layers.Draft]:
        """Close the list and seal every layer."""
        self.begin()
        return [self.seal(sealer, chance) for sealer in self.sealers]

    def hand_in(self) -> None:
        """Put the event where the chief judge has confirmed the marks."""
        self.event.state = EventState.REVIEW
        db.session.commit()

    def witness(self) -> None:
        """Have organizer and chief judge say that they are there."""
        for account in (self.organizer, self.chief):
            layers_opening.confirm_presence(self.by(account), self.event_id)

    def open(self, account: Account, passphrase: str = PASSPHRASE) -> None:
        """Open the next layer before two witnesses."""
        self.witness()
        layers_opening.open_next(self.by(account), self.event_id, passphrase)

    def open_all(self) -> None:
        """Open every layer, the last sealed one first."""
        for sealer in reversed(self.sealers):
            self.open(sealer)

    def codes(self) -> dict[str, int | None]:
        """The works by code, with the entries behind them as far as they are known."""
        query = db.select(Work.code, Work.entry_id).where(Work.event_id == self.event_id)
        return {code: entry for code, entry in db.session.execute(query)}

    def entry(self, index: int) -> Entry:
        """An entry as it is now."""
        return db.session.get_one(Entry, self.entries[index], populate_existing=True)

    def sealed(self) -> list[SealedLayer]:
        """The sealed layers in their order."""
        query = db.select(SealedLayer).where(SealedLayer.event_id == self.event_id)
        return list(db.session.scalars(query.order_by(SealedLayer.number)))


def layered_room(
    build: Builder, count: int = 3, entries: tuple[int, ...] = (3, 2), **day: Any
) -> SealedRoom:
    """An event with accepted entries in two divisions, and sealers who have their keys."""
    rules = EditionRules(day=DayRules(code_layers=count, **day))
    contest = build.contest(ContestState.PUBLISHED, rules=rules.model_dump(mode="json"))
    event = build.event(
        contest, EventState.REGISTERING, scheme=mixed_scheme().model_dump(mode="json")
    )
    made = [
        build.entry(event, division=division)
        for division, number in enumerate(entries)
        for _ in range(number)
    ]
    room = SealedRoom(
        build,
        event.id,
        build.account("organizer"),
        build.account("chief_judge"),
        build.account("supervisor"),
        build.account("supervisor"),
        [build.account("sealer") for _ in range(count)],
        [entry.id for entry in made],
    )
    for account in (*room.sealers, room.escrow):
        room.give_key(account)
    return room
