"""Draws that anyone can repeat: batches, stations, starting order, task papers (R2.01, R2.02).

The server commits to a secret by showing its SHA-256; then the hall says figures aloud. The seed is
the SHA-256 of both, so that neither side alone can know or choose it. Who is drawn stands in the
order of SHA-256(seed:key): any computer can do that again.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.refusals import Refused
from rules.texts import N_

FEWEST_FIGURES, MOST_FIGURES = 6, 60


class LotKind(StrEnum):
    """What is drawn."""

    BATCH = "batch"
    STATION = "station"
    ORDER = "order"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One that is drawn: its key, and the group that is kept apart (its employer), if any."""

    key: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class LotSheet:
    """Everything that is fixed before the figures are said: who and what is drawn, and how."""

    kind: LotKind
    tickets: tuple[Ticket, ...]
    slots: tuple[str, ...]
    spread: bool = False

    def digest(self) -> str:
        """Return the SHA-256 of the list, shown beside the commitment."""
        text = json.dumps(self.plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return _sha(text)

    def plain(self) -> dict[str, object]:
        """Return the sheet as JSON holds it."""
        return {
            "kind": self.kind.value,
            "tickets": [[one.key, one.group] for one in self.tickets],
            "slots": list(self.slots),
            "spread": self.spread,
        }

    @classmethod
    def read(cls, stored: Mapping[str, list[list[str]]]) -> "LotSheet":
        """Return the sheet that JSON holds."""
        return cls(
            LotKind(str(stored["kind"])),
            tuple(Ticket(key, group) for key, group in stored["tickets"]),
            tuple(str(slot) for slot in stored["slots"]),
            bool(stored["spread"]),
        )


def commitment_of(secret: str) -> str:
    """Return what is shown of a secret before the figures are said."""
    return _sha(secret)


def heard(spoken: str) -> str:
    """Return the figures of what was typed; refuse too few: they could be guessed beforehand."""
    figures = re.sub(r"\D", "", unicodedata.normalize("NFKC", spoken))
    if not figures.isascii() or not FEWEST_FIGURES <= len(figures) <= MOST_FIGURES:
        raise Refused(
            N_("Type the figures that were said aloud: %(least)s to %(most)s of them."),
            field="spoken",
            least=FEWEST_FIGURES,
            most=MOST_FIGURES,
        )
    return figures


def seed_of(secret: str, figures: str) -> str:
    """Return the seed of a draw: the SHA-256 of what was fixed before, a colon, and the figures.

    What is fixed is a secret under its commitment, or the digest of the marks; nobody can choose
    the seed.
    """
    return _sha(f"{secret}:{figures}")


def order(seed: str, keys: Sequence[str]) -> list[str]:
    """Return the keys in the order that the seed gives, whatever order they came in."""
    return sorted(keys, key=lambda key: (_sha(f"{seed}:{key}"), key))


def spread(keys: Sequence[str], groups: Mapping[str, str]) -> list[str]:
    """Move keys of one group apart, as little as needed; neighbours differ where that is possible.

    The first that fits is taken; a group that fills more than half of what is left goes first.
    """
    left, out = list(keys), list[str]()
    while left:
        last = groups.get(out[-1], "") if out else ""
        counts = Counter(group for key in left if (group := groups.get(key, "")))
        pressing = {group for group, count in counts.items() if count * 2 > len(left)}
        free = [key for key in left if not last or groups.get(key, "") != last]
        urgent = [key for key in free if groups.get(key, "") in pressing]
        chosen = (urgent or free or left)[0]
        left.remove(chosen)
        out.append(chosen)
    return out


def deal(keys: Sequence[str], groups: Mapping[str, str], count: int) -> dict[str, int]:
    """Deal keys to so many hands, sizes as equal as can be and each group as evenly as can be."""
    first: dict[str, int] = {}
    for place, key in enumerate(keys):
        first.setdefault(groups.get(key, "") or f"\0{key}", place)
    dealt = sorted(
        range(len(keys)),
        key=lambda place: (first[groups.get(keys[place], "") or f"\0{keys[place]}"], place),
    )
    return {keys[place]: turn % count for turn, place in enumerate(dealt)}


def assign(sheet: LotSheet, seed: str) -> dict[str, str]:
    """Return who or what the draw gives to each key; the same seed gives the same for ever."""
    keys = order(seed, [ticket.key for ticket in sheet.tickets])
    groups = {one.key: one.group for one in sheet.tickets} if sheet.spread else {}
    if sheet.kind is LotKind.PAPER:
        paper = order(seed, sheet.slots)[0]
        return dict.fromkeys(keys, paper)
    if sheet.kind is LotKind.BATCH:
        hands = deal(keys, groups, len(sheet.slots))
        return {key: sheet.slots[hands[key]] for key in keys}
    if len(keys) > len(sheet.slots):
        raise ValueError("more to draw than there are places")
    return dict(zip(spread(keys, groups), sheet.slots, strict=False))


def stations_of_judges(
    seed: str, judges: Sequence[str], stations: Sequence[str]
) -> dict[str, list[str]]:
    """Draw judges to stations (R2.02): every station gets as many, give or take one."""
    found: dict[str, list[str]] = {station: [] for station in stations}
    for place, judge in enumerate(order(seed, judges)):
        found[stations[place % len(stations)]].append(judge)
    return found


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
