"""Ballots with more candidates than places (差额): what a paper says, and who is elected (R5.15).

The share of votes that elects is counted of all papers cast, spoiled and blank ones too, so that
nobody is elected by a few. Equal votes at the last place elect none of the equals: a run-off does.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from rules.refusals import Refused
from rules.selection_rounds import Review
from rules.texts import N_


@dataclass(frozen=True, slots=True)
class Outcome:
    """The count of one ballot: votes by candidate, and what is left for a run-off.

    ``tied`` are those with equal votes at the last place; ``open_places`` those that nobody got.
    """

    votes: Mapping[int, int]
    elected: tuple[int, ...]
    tied: tuple[int, ...]
    open_places: int
    cast: int
    spoiled: int
    blank: int
    needed: int


def surplus_of(places: int, percent: Decimal) -> int:
    """Return how many candidates there must be beyond the places, rounded up."""
    return ceil(places * Fraction(percent) / 100)


def candidate_problem(review: Review, places: int, candidates: int) -> Refused | None:
    """Say why so many candidates cannot stand for so many places."""
    least = places + surplus_of(places, review.surplus_percent)
    if candidates >= least:
        return None
    return Refused(
        N_("For %(places)s places there must be at least %(least)s candidates, not %(found)s."),
        "candidates",
        places=places,
        least=least,
        found=candidates,
    )


def quorum_of(review: Review, seats: int) -> int:
    """Return how many of the panel must take part, rounded up."""
    return ceil(seats * Fraction(review.quorum_percent) / 100)


def quorum_problem(review: Review, seats: int, taking_part: int) -> Refused | None:
    """Say that too few of the panel take part."""
    least = quorum_of(review, seats)
    if seats and taking_part >= least:
        return None
    return Refused(
        N_("%(least)s of %(seats)s reviewers must take part; so far it is %(found)s."),
        least=max(1, least),
        seats=seats,
        found=taking_part,
    )


def count_papers(
    candidates: Sequence[int],
    places: int,
    papers: Sequence[Collection[int]],
    majority_percent: Decimal,
) -> Outcome:
    """Count the papers of a ballot.

    A paper with more names than places, or with a name that does not stand, is spoiled; one with
    none is blank. Elected is who has more than the share of all papers cast, most votes first.
    """
    standing = set(candidates)
    sets = [set(paper) for paper in papers]
    valid = [paper for paper in sets if len(paper) <= places and paper <= standing]
    given = Counter(name for paper in valid for name in paper)
    votes = {name: given[name] for name in candidates}
    line = len(papers) * Fraction(majority_percent) / 100
    over = [name for name in candidates if votes[name] > line]
    elected, tied = _cut(over, votes, places)
    return Outcome(
        votes=votes,
        elected=elected,
        tied=tied,
        open_places=places - len(elected),
        cast=len(papers),
        spoiled=len(papers) - len(valid),
        blank=sum(not paper for paper in valid),
        needed=int(line) + 1,
    )


def _cut(
    over: Sequence[int], votes: Mapping[int, int], places: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return who is elected, and who has equal votes where the places end."""
    ordered = sorted(over, key=lambda name: -votes[name])
    if len(ordered) <= places:
        return tuple(ordered), ()
    last = votes[ordered[places - 1]]
    if votes[ordered[places]] != last:
        return tuple(ordered[:places]), ()
    elected = tuple(name for name in ordered if votes[name] > last)
    return elected, tuple(name for name in ordered if votes[name] == last)


def run_off(review: Review, outcome: Outcome) -> tuple[int, ...]:
    """Return who stands in the run-off for the places that are left.

    Equals at the last place stand alone. Else those with most votes stand, as many as the surplus
    asks for, and everybody equal to the last of them. Nobody: there is no place, or too few stand.
    """
    if not outcome.open_places:
        return ()
    if outcome.tied:
        return outcome.tied
    rest = [name for name in outcome.votes if name not in outcome.elected]
    ordered = sorted(rest, key=lambda name: -outcome.votes[name])
    wanted = outcome.open_places + max(1, surplus_of(outcome.open_places, review.surplus_percent))
    if len(ordered) <= outcome.open_places:
        return ()
    last = outcome.votes[ordered[min(wanted, len(ordered)) - 1]]
    return tuple(name for name in ordered if outcome.votes[name] >= last)
