"""Comparing candidates two by two: who is better in the eyes of the panel (R5.15).

For each pair the panel decides by the majority of those who compared it. A candidate has a point
for each pair won and half a point for each drawn one; with equal points the number of single
preferences decides, and after that they share a place. Pairs that nobody compared give nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Preference:
    """What one reviewer says of a pair: 1 the first is better, -1 the second, 0 neither."""

    reviewer: int
    first: int
    second: int
    better: int


@dataclass(frozen=True, slots=True)
class PairStanding:
    """One candidate among the others: points, single preferences, and the place they give."""

    candidate: int
    rank: int
    points: Fraction
    preferences: int
    compared: int


def pair_standings(
    candidates: Sequence[int], preferences: Iterable[Preference]
) -> list[PairStanding]:
    """Return the candidates in order of their places; equals share one (1, 2, 2, 4)."""
    lead: dict[tuple[int, int], int] = defaultdict(int)
    singles: dict[int, int] = defaultdict(int)
    seen: set[tuple[int, int]] = set()
    known = set(candidates)
    for one in preferences:
        if not {one.first, one.second} <= known:
            continue
        pair, better = _ordered(one)
        seen.add(pair)
        lead[pair] += better
        if better:
            singles[pair[0] if better > 0 else pair[1]] += 1
    points: dict[int, Fraction] = defaultdict(Fraction)
    compared: dict[int, int] = defaultdict(int)
    for pair in seen:
        for name, sign in zip(pair, (1, -1), strict=True):
            compared[name] += 1
            points[name] += Fraction(1 + _sign(lead[pair] * sign), 2)
    found = sorted(candidates, key=lambda name: (-points[name], -singles[name]))
    measures = [(points[name], singles[name]) for name in found]
    return [
        PairStanding(
            name,
            measures.index(measure) + 1,
            points[name],
            singles[name],
            compared[name],
        )
        for name, measure in zip(found, measures, strict=True)
    ]


def _ordered(one: Preference) -> tuple[tuple[int, int], int]:
    if one.first < one.second:
        return (one.first, one.second), one.better
    return (one.second, one.first), -one.better


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def pairs_for(
    reviewer: int, candidates: Sequence[int], spared: Iterable[int] = ()
) -> list[tuple[int, int]]:
    """Return the pairs that a reviewer compares, in an order of the reviewer's own.

    Everybody begins elsewhere, so that no candidate is looked at only by tired eyes; nobody
    compares those whom he is kept from.
    """
    out = set(spared)
    names = sorted(name for name in candidates if name not in out)
    return sorted(combinations(names, 2), key=lambda pair: _place(reviewer, pair))


def _place(reviewer: int, pair: tuple[int, int]) -> str:
    return sha256(f"{reviewer}:{pair[0]}:{pair[1]}".encode()).hexdigest()


def open_pairs(
    reviewer: int,
    candidates: Sequence[int],
    spared: Iterable[int],
    done: Iterable[tuple[int, int]],
) -> Iterator[tuple[int, int]]:
    """Yield the pairs that a reviewer has not compared yet."""
    known = set(done)
    return (pair for pair in pairs_for(reviewer, candidates, spared) if pair not in known)
