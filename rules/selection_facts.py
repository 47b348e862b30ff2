"""What is known of a candidate when a condition is asked: said in the form, or by the registers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from rules.honours import HonourLevel, HonourVia
from rules.selections import Channel, EvidenceKind, Post, UnitKind


@dataclass(frozen=True, slots=True)
class Borne:
    """A title or prize that somebody bears; ``verified`` unless it was only typed."""

    title: str
    level: HonourLevel | None
    granted_on: date | None
    via: HonourVia | None = None
    programme: str = ""
    tier: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Placing:
    """A place in a contest."""

    level: HonourLevel | None
    rank: int | None
    on: date | None
    title: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Proof:
    """An achievement on the list of the application, with its own date (R5.14)."""

    kind: EvidenceKind
    on: date | None = None
    level: HonourLevel | None = None
    rank: int | None = None
    verified: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Apprentice:
    """A person taught by the mentorship register: since when, and when passed."""

    person_id: int
    on: date | None
    passed: bool = False


@dataclass(frozen=True, slots=True)
class HeldTier:
    """A tier of a programme's title that stands in its register, since a day."""

    programme: str
    tier: str
    since: date
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Until which day nothing can be applied for, and after what."""

    until: date
    title: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a condition may ask of a candidate; None and empty texts are not known yet.

    ``programme`` is the code of the programme of the round that asks. ``levels`` are skill levels,
    1 the highest; those that were only typed stand apart.
    """

    programme: str = ""
    birth_date: date | None = None
    sex: str | None = None
    trade_since: date | None = None
    local_since: date | None = None
    retires_on: date | None = None
    post: Post | None = None
    unit_kind: UnitKind | None = None
    occupation: str = ""
    levels: tuple[int, ...] = ()
    typed_levels: tuple[int, ...] = ()
    honours: tuple[Borne, ...] = ()
    placings: tuple[Placing, ...] = ()
    evidence: tuple[Proof, ...] = ()
    apprentices: tuple[Apprentice, ...] = ()
    support_percent: Decimal | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    district: str = ""
    channel: Channel | None = None
    bars: tuple[Bar, ...] = ()
    tiers: tuple[HeldTier, ...] = ()

    @property
    def level(self) -> int | None:
        """Return the highest skill level that is known."""
        return min((*self.levels, *self.typed_levels), default=None)

    def verified(self) -> "Facts":
        """Return the same without achievements that were only typed."""
        return replace(
            self,
            typed_levels=(),
            honours=tuple(one for one in self.honours if one.verified),
            placings=tuple(one for one in self.placings if one.verified),
            evidence=tuple(one for one in self.evidence if one.verified),
        )
