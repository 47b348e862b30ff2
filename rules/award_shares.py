"""An award's money by beneficiary: members, the team, coaches; one prize a person; the budget."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rules.allocation import AwardPlan, Tier
from rules.allocation_money import Prize, within_budget
from rules.taxes import FEN, RATE, tax_on
from rules.texts import N_

Basis = Literal["gross", "net"]

HIGHER_ELSEWHERE = N_("One prize a person: a higher one in another event of this edition counts.")
ONLY_THE_REST = N_("One prize a person: a lower one was paid already, so only the rest is paid.")


class ShareKind(StrEnum):
    """Who gets a share of an award's money."""

    MEMBER = "member"
    TEAM = "team"
    COACH = "coach"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class Party:
    """Those among whom the money of an entry is shared."""

    entry_id: int
    members: tuple[int, ...]
    coaches: tuple[int, ...] = ()
    employer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """One amount for one beneficiary."""

    entry_id: int
    kind: ShareKind
    person_id: int | None
    employer_id: int | None
    title: str
    amount: Decimal
    position: int


def split_evenly(amount: Decimal, count: int) -> list[Decimal]:
    """Split an amount to the fen; the first ones get what does not divide, so nothing is lost."""
    fen = int(amount / FEN)
    each, rest = divmod(fen, count)
    return [(each + (place < rest)) * FEN for place in range(count)]


def shares_of(tier: Tier, amount: Decimal, party: Party) -> list[Share]:
    """Share an award's money among those who made the entry (R4.05); coaches have their own sum."""
    found = [*_own(tier, amount, party)]
    if tier.coach_amount and party.coaches:
        parts = split_evenly(tier.coach_amount, len(party.coaches))
        found += _each(ShareKind.COACH, tier, party, party.coaches, parts, len(found))
    return found


def _own(tier: Tier, amount: Decimal, party: Party) -> Iterator[Share]:
    if not amount or not party.members:
        return
    if tier.paid_to == "team":
        whole, unit = amount.quantize(FEN), party.employer_id
        yield Share(party.entry_id, ShareKind.TEAM, None, unit, tier.name, whole, 1)
        return
    count = len(party.members)
    parts = split_evenly(amount, count)
    if tier.paid_to == "each":
        parts = [amount.quantize(FEN)] * count
    yield from _each(ShareKind.MEMBER, tier, party, party.members, parts, 0)


def _each(
    kind: ShareKind,
    tier: Tier,
    party: Party,
    people: Sequence[int],
    parts: Sequence[Decimal],
    before: int,
) -> Iterator[Share]:
    for place, (person, part) in enumerate(zip(people, parts, strict=True), start=before + 1):
        yield Share(party.entry_id, kind, person, None, tier.name, part, place)


def fitted_shares(
    plan: AwardPlan, found: Sequence[Share], exempt: bool, spent: Decimal = Decimal(0)
) -> list[Share]:
    """Refuse shares that cost more than the event's budget, or reduce all alike."""
    if plan.budget is None:
        return list(found)
    prizes = [Prize(place, "", "", share.amount) for place, share in enumerate(found)]
    left, basis, policy = plan.budget - spent, plan.amount_basis, plan.over_budget
    kept = within_budget(prizes, left, basis, exempt, policy)
    return [replace(share, amount=prize.amount) for share, prize in zip(found, kept, strict=True)]


def entry_amount(tier: Tier, shares: Iterable[Share]) -> Decimal:
    """Return what an award says of its money: the sum of an entry, or what each member gets."""
    own = [one.amount for one in shares if one.kind in (ShareKind.MEMBER, ShareKind.TEAM)]
    if tier.paid_to == "each":
        return max(own, default=Decimal(0))
    return sum(own, Decimal(0))


@dataclass(frozen=True, slots=True)
class Claim:
    """A share that one prize a person may reduce; a `fixed` one may have been paid already.

    `order` says which of two equal ones is the higher: the earlier event, then the earlier row.
    """

    share_id: int
    person_id: int
    promised: Decimal
    basis: Basis
    exempt: bool
    order: tuple[int, ...]
    fixed: Decimal | None = None

    @property
    def worth(self) -> Decimal:
        """Return what the promise costs, tax included, so that all compare alike."""
        return tax_on(self.promised, self.basis, self.exempt).gross


@dataclass(frozen=True, slots=True)
class Settled:
    """What a share is paid, and why it is less than was promised."""

    amount: Decimal
    reason: str = ""


def settle(claims: Iterable[Claim]) -> dict[int, Settled]:
    """Pay each person the highest prize alone, whatever the order of the events (R4.07).

    What was fixed before stays; a higher prize that comes later is paid less what stays.
    """
    people: dict[int, list[Claim]] = {}
    for claim in claims:
        people.setdefault(claim.person_id, []).append(claim)
    found: dict[int, Settled] = {}
    for own in people.values():
        found |= _settled(own)
    return found


def _settled(claims: Sequence[Claim]) -> Mapping[int, Settled]:
    best = min(claims, key=lambda claim: (-claim.worth, claim.order))
    stays = [claim for claim in claims if claim.fixed is not None]
    paid = sum((tax_on(c.fixed or Decimal(0), c.basis, c.exempt).gross for c in stays), Decimal(0))
    found = {claim.share_id: Settled(Decimal(0), HIGHER_ELSEWHERE) for claim in claims}
    found[best.share_id] = Settled(best.promised)
    if paid and best.fixed is None:
        found[best.share_id] = Settled(_rest(best, paid), ONLY_THE_REST)
    # What is fixed has its own reason already; nothing about it changes.
    return {key: one for key, one in found.items() if key not in {c.share_id for c in stays}}


def _rest(claim: Claim, paid: Decimal) -> Decimal:
    rest = max(Decimal(0), claim.worth - paid)
    if claim.basis == "gross" or claim.exempt:
        return rest
    return (rest * (1 - RATE)).quantize(FEN)
