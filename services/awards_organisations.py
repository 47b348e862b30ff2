"""Prizes of employers: worked out from the results of all events, given, and shown (R4.21)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select

from models.awards import Award, AwardShare
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.people import Employer
from models.results import Result, Revision
from rules.award_shares import ShareKind
from rules.decisions import Undecided
from rules.organisation_prizes import (
    Employed,
    OrganisationPrize,
    OrganisationWinner,
    organisation_winners,
)
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.states import EventState, RevisionState
from rules.texts import N_
from services import audits, certificates_carried, payouts_changes
from services.acting import Actor
from services.contests import locked_contest, rules_of
from services.people import table_of
from services.transaction import transaction

OFFICIAL = frozenset({EventState.SIGNED, EventState.NOTICE, EventState.FINAL})
Choices = Mapping[str, Collection[int]]


@dataclass(frozen=True)
class PrizeStanding:
    """One prize: who wins it, who waits for a decision, and how the employers stand."""

    prize: OrganisationPrize
    winners: Sequence[OrganisationWinner]
    equal: Sequence[int]
    given: frozenset[int]

    @property
    def is_changed(self) -> bool:
        """Say whether the prize was given to others than those who win it by now."""
        return bool(self.given) and self.given != {one.employer_id for one in self.winners}


@dataclass(frozen=True)
class PrizeTable:
    """All prizes of an edition, the names of the employers, and what is still missing."""

    standings: Sequence[PrizeStanding]
    names: Mapping[int, str]
    waiting: Sequence[str]


def read_table(contest: Contest, choices: Choices | None = None) -> PrizeTable:
    """Work out the prizes of employers on the present results."""
    prizes = rules_of(contest).organisation_prizes
    employed = _employed(contest.id) if prizes else []
    given = _given(contest.id)
    standings = [
        _standing(one, employed, (choices or {}).get(one.key, ()), given) for one in prizes
    ]
    return PrizeTable(standings, _names(standings), _waiting(contest))


def _standing(
    prize: OrganisationPrize,
    employed: Sequence[Employed],
    chosen: Collection[int],
    given: Mapping[str, frozenset[int]],
) -> PrizeStanding:
    held = given.get(prize.title, frozenset())
    try:
        # A prize that was given says by that how equal employers were parted.
        winners = organisation_winners(prize, employed, chosen or held)
    except Undecided as undecided:
        return PrizeStanding(prize, [], undecided.groups[0], held)
    return PrizeStanding(prize, winners, (), held)


def _waiting(contest: Contest) -> list[str]:
    states = (*OFFICIAL, EventState.CANCELLED)
    return [event.title for event in contest.events if event.state not in states]


@transaction
def give_prizes(by: Actor, contest_id: int, choices: Choices) -> int:
    """Give the employers' prizes of an edition; all its events are signed (R4.21).

    `choices` says for each prize whom a decision names where employers are equal.
    """
    contest = locked_contest(contest_id)
    table = read_table(contest, choices)
    if not table.standings:
        raise Refused(N_("This edition has no prizes for employers."))
    if table.waiting:
        text = N_("The results of these events are not signed yet: %(events)s")
        raise Refused(text, events="、".join(table.waiting))
    for one in table.standings:
        if one.equal:
            text = N_("Employers are equal: decide who gets %(prize)s.")
            raise Refused(text, field=one.prize.key, prize=one.prize.title)
    _store([_row(contest_id, won) for one in table.standings for won in one.winners], contest_id)
    payouts_changes.follow_results(by, contest_id)
    certificates_carried.follow_prizes(by, contest_id)
    after = {one.prize.key: [won.employer_id for won in one.winners] for one in table.standings}
    audits.record(by, "give_prizes", "contest", contest_id, contest_id=contest_id, after=after)
    return contest_id


def _store(rows: Sequence[dict[str, Any]], contest_id: int) -> None:
    """Write what is new and take back what is gone; what stays keeps its row, and its payment."""
    query = select(AwardShare.id, AwardShare.title, AwardShare.employer_id, AwardShare.amount)
    known = {
        tuple(row[1:]): row.id
        for row in db.session.execute(query.where(AwardShare.contest_id == contest_id))
    }
    wanted = {(row["title"], row["employer_id"], row["amount"]): row for row in rows}
    gone = [key for facts, key in known.items() if facts not in wanted]
    if gone:
        db.session.execute(delete(AwardShare).where(AwardShare.id.in_(gone)))
    new = [row for facts, row in wanted.items() if facts not in known]
    if new:
        db.session.execute(insert(table_of(AwardShare)), new)


def _row(contest_id: int, won: OrganisationWinner) -> dict[str, Any]:
    amount = won.prize.amount
    return {
        "contest_id": contest_id,
        "kind": ShareKind.EMPLOYER,
        "employer_id": won.employer_id,
        "title": won.prize.title,
        "promised": amount,
        "amount": amount,
        "position": 1,
    }


def _employed(contest_id: int) -> list[Employed]:
    present = (Event.contest_id == contest_id, Revision.state == RevisionState.SIGNED)
    started = (
        select(Entry.employer_id, func.count())
        .select_from(Result)
        .join(Revision, Revision.id == Result.revision_id)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .where(*present, Result.status == EntryStatus.COMPETED, Entry.employer_id.is_not(None))
        .group_by(Entry.employer_id)
    )
    won = (
        select(Entry.employer_id, Award.tier_title, func.count())
        .select_from(Award)
        .join(Revision, Revision.id == Award.revision_id)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .where(*present, Entry.employer_id.is_not(None))
        .group_by(Entry.employer_id, Award.tier_title)
    )
    awards: dict[int, dict[str, int]] = {}
    for employer, title, count in db.session.execute(won):
        awards.setdefault(employer or 0, {})[title] = count
    return [
        Employed(employer or 0, count, awards.get(employer or 0, {}))
        for employer, count in db.session.execute(started)
    ]


def _given(contest_id: int) -> dict[str, frozenset[int]]:
    query = select(AwardShare.title, AwardShare.employer_id)
    found: dict[str, frozenset[int]] = {}
    for title, employer in db.session.execute(query.where(AwardShare.contest_id == contest_id)):
        found[title] = found.get(title, frozenset()) | {employer or 0}
    return found


def _names(standings: Sequence[PrizeStanding]) -> dict[int, str]:
    wanted = {one.employer_id for standing in standings for one in standing.winners}
    wanted |= {key for one in standings for key in (*one.equal, *one.given)}
    query = select(Employer.id, Employer.title).where(Employer.id.in_(wanted))
    return {row[0]: row[1] for row in db.session.execute(query)}
