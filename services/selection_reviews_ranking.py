"""The order in which a review puts its candidates: by sheets, by pairs, or by ballots (R5.15)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.refusals import Refused
from rules.selection_allocation_reasons import Reason
from rules.selection_rounds import RoundRules
from rules.selections import BallotState
from rules.texts import N_
from services import selection_reviews_ballots, selection_reviews_pairs, selections_carriers
from services.selection_reviews_ballots import METHODS, Elected
from services.selection_reviews_sheets import Overview, Scored


@dataclass(frozen=True)
class Ranked:
    """The candidates in the order of a review.

    ``elected`` says for which tier somebody is elected (empty: for all of them); None where no
    ballot decides. Who stands in an order but is not elected gets no title.
    """

    scored: list[Scored]
    elected: Mapping[int, str] | None = None

    def tiers(self, application_id: int, open_tiers: frozenset[str]) -> frozenset[str]:
        """Return which of the tiers that are open to somebody the panel has agreed to."""
        if self.elected is None:
            return open_tiers
        if application_id not in self.elected:
            return frozenset()
        tier = self.elected[application_id]
        return open_tiers & {tier} if tier else open_tiers


def ranked(row: SelectionRound, rules: RoundRules, found: Overview) -> Ranked:
    """Return the candidates of a round in the order that its kind of review gives.

    After a ballot those elected come first, by ballot and votes; with sheets beside it the sheets
    give the order, and the ballots say who is chosen at all.
    """
    method = rules.review.method
    if method == "pairs":
        standings = selection_reviews_pairs.standings_of(row.id, _ids(found))
        ranks = {one.candidate: one.rank for one in standings}
        return Ranked(_in_order(found.scored, ranks))
    if method not in METHODS:
        return Ranked([one for one in found.scored if one.rank is not None])
    elected = selection_reviews_ballots.elected_of(row.id)
    tiers = {key: one.tier for key, one in elected.items()}
    if method == "sheet_and_ballot":
        return Ranked([one for one in found.scored if one.rank is not None], tiers)
    return Ranked(_in_order(found.scored, _by_votes(found.scored, elected)), tiers)


def _by_votes(scored: Sequence[Scored], elected: Mapping[int, Elected]) -> dict[int, int]:
    """Return places: the elected by ballot and votes, equals shared, and all others behind."""
    measures = {key: (one.number, -one.votes) for key, one in elected.items()}
    ordered = sorted(measures.values())
    return {
        one.id: ordered.index(measures[one.id]) + 1 if one.id in measures else len(ordered) + 1
        for one in scored
    }


def _in_order(scored: Sequence[Scored], ranks: Mapping[int, int]) -> list[Scored]:
    found = [replace(one, rank=ranks[one.id]) for one in scored if one.id in ranks]
    return sorted(found, key=lambda one: (one.rank or 0, one.number or 0, one.id))


def _ids(found: Overview) -> list[int]:
    return [one.id for one in found.scored]


def ranking_problems(row: SelectionRound, rules: RoundRules, found: Overview) -> Iterator[Refused]:
    """Yield why pairs or ballots give no order yet."""
    if rules.review.method == "pairs":
        progress = selection_reviews_pairs.progress_of(row.id, _ids(found))
        left = sum(one.whole - one.done for one in progress)
        if left:
            yield Refused(N_("%(count)s pairs are not compared yet."), count=left)
    if rules.review.method in METHODS:
        ballots = selection_reviews_ballots.list_ballots(row.id)
        if open_one := [one.number for one in ballots if one.state is BallotState.OPEN]:
            text = N_("Ballot %(number)s is open: count or void it first.")
            yield Refused(text, number=open_one[0])
        elif not any(one.state is BallotState.COUNTED for one in ballots):
            yield Refused(N_("No ballot has been counted yet."))


def with_causes(
    round_id: int, order: Ranked, why: Mapping[int, tuple[Reason, ...]]
) -> dict[int, tuple[Reason, ...]]:
    """Say of who may have no tier whether the ballots, or an upheld objection, are the cause."""
    barred = {key for key, given in why.items() if any(r.kind == "not_eligible" for r in given)}
    query = select(SelectionApplication.id).where(
        SelectionApplication.id.in_(barred),
        SelectionApplication.person_id.in_(selections_carriers.kept_out(round_id)),
    )
    kept = set(db.session.scalars(query))
    found = dict(why)
    for key in barred:
        if key in kept:
            found[key] = (Reason("kept_out"),)
        elif order.elected is not None and key not in order.elected:
            found[key] = (Reason("not_elected"),)
    return found
