"""Proposals of a round: the exact choice with its reasons, approved by a second person (R5.05)."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models.database import db
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_reviews import (
    SelectionLine,
    SelectionProposal,
)
from rules.decisions import Decision
from rules.refusals import Missing, Refused, check_reason
from rules.selection_allocation import (
    Choice,
    Unworkable,
    choose,
)
from rules.selection_allocation_reasons import Reason, reason_of, reasons
from rules.selections import (
    ROUND_MOVES,
    ApplicationState,
    ProposalState,
    RoundState,
)
from rules.states import moved
from rules.texts import N_
from services import audits, selections, selections_carriers
from services.acting import Actor
from services.pages import Page, page_in
from services.selection_applications import lock_application, move_application
from services.selection_reviews_blockers import (
    Blocked,
    find_problems,
    meeting_problems,
    problems_of,
)
from services.selection_reviews_pools import pool_of
from services.selection_reviews_ranking import ranked, with_causes
from services.selection_reviews_sheets import Scored, overview
from services.transaction import STALE, transaction

DECISION = "decision"


@dataclass(frozen=True)
class DryRun:
    """A choice that is stored nowhere, with its reasons."""

    ranked: list[Scored]
    choice: Choice
    reasons: Mapping[int, tuple[Reason, ...]]


def dry_run(round_id: int, decisions: Sequence[Decision] = ()) -> DryRun:
    """Work out whom the rules would choose now; raise Undecided, Unworkable, or Blocked."""
    row = selections.get_round(round_id)
    rules = selections.rules_of(row)
    found = overview(round_id)
    problems = [*find_problems(row, rules, found, None)]
    if problems:
        raise Blocked(problems)
    ranking = ranked(row, rules, found)
    pool = pool_of(row, rules, ranking)
    try:
        choice = choose(pool, decisions)
        why = reasons(pool, choice, decisions)
    except Unworkable as hard:
        titles = {one.key: one.title for one in rules.quotas}
        raise Unworkable([titles[key] for key in hard.quotas]) from hard
    return DryRun(ranking.scored, choice, with_causes(row.id, ranking, why))


def decisions_of(proposal: SelectionProposal | None) -> list[Decision]:
    """Return the decisions on equal places that a proposal was made with."""
    if proposal is None:
        return []
    return [
        Decision(
            kind="place", order=tuple(one["order"]), reason=one["reason"], decided_by=one["by"]
        )
        for one in proposal.quotas
        if one["kind"] == DECISION
    ]


@transaction
def make_proposal(
    by: Actor, round_id: int, *, reason: str = "", decisions: Sequence[Decision] = ()
) -> int:
    """Make the next proposal of a round as a draft; return its id.

    Decisions on equal places of the last one are taken over. A corrected one says why.
    """
    selections.lock_round(round_id)
    if any(not one.reason.strip() or not one.decided_by.strip() for one in decisions):
        raise Refused(N_("Write who decided on the equal places, and why."), "why")
    last = latest(round_id)
    if last is not None and last.state is ProposalState.APPROVED:
        check_reason(reason)
    settled = [*decisions, *decisions_of(last)]
    found = dry_run(round_id, settled)
    if last is not None and last.state is ProposalState.DRAFT:
        last.state = ProposalState.SUPERSEDED
    row = SelectionProposal(
        round_id=round_id,
        number=1 if last is None else last.number + 1,
        quotas=[*_stored_quotas(found.choice), *_stored_decisions(settled)],
        reason=reason,
        made_at=by.now,
        made_by_id=by.account_id,
        digest="",
        lines=[*_lines(found)],
    )
    row.digest = digest_of(row)
    db.session.add(row)
    db.session.flush()
    after = {"number": row.number, "chosen": len(found.choice.tiers), "digest": row.digest}
    audits.record(by, "make_proposal", "selection_proposal", row.id, after=after)
    return row.id


def _stored_quotas(choice: Choice) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "key": one.key,
            "limit": one.limit,
            "reached": one.reached,
            "of": one.of,
            "short": one.short,
        }
        for one in choice.quotas
    ]


def _stored_decisions(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    return [
        {"kind": DECISION, "order": list(d.order), "reason": d.reason, "by": d.decided_by}
        for d in decisions
    ]


def _lines(found: DryRun) -> Iterator[SelectionLine]:
    for position, one in enumerate(found.ranked, 1):
        yield SelectionLine(
            application_id=one.id,
            position=position,
            rank=one.rank,
            score="" if one.total is None else str(one.total.total),
            tier=found.choice.tiers.get(one.id, ""),
            reasons=[reason.data() for reason in found.reasons[one.id]],
        )


def digest_of(row: SelectionProposal) -> str:
    """Return the digest of what a proposal says."""
    lines = [[one.application_id, one.rank, one.score, one.tier] for one in row.lines]
    text = json.dumps([row.round_id, row.number, lines, row.quotas], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction
def approve(
    by: Actor, proposal_id: int, *, meeting_id: int | None = None, version: int | None = None
) -> int:
    """Approve a proposal as a second person, on a confirmed meeting where there is one.

    It becomes the signed list of the round's edition, and applications get their outcome.
    """
    row = _locked(proposal_id)
    if version is not None and version != row.version:
        raise Refused(STALE)
    if row.made_by_id == by.account_id:
        raise Refused(N_("Somebody else must approve this: you have made the proposal."))
    if row.state is not ProposalState.DRAFT:
        raise Refused(N_("This proposal is no draft."))
    problems = problems_of(row.round_id, {one.application_id for one in row.lines if one.tier})
    problems += meeting_problems(row.round_id, meeting_id)
    if row.lines and _changed(row):
        problems.append(Refused(N_("Marks or applications have changed: make a new proposal.")))
    if problems:
        raise Blocked(problems)
    _replace_last(row)
    row.state, row.approved_at, row.approved_by_id = ProposalState.APPROVED, by.now, by.account_id
    row.meeting_id = meeting_id
    db.session.flush()
    revision = selections_carriers.carry(by, row)
    _settle(by, row)
    after = {"number": row.number, "digest": row.digest, "revision": revision.number}
    audits.record(by, "approve", "selection_proposal", row.id, after=after)
    return row.id


def _changed(row: SelectionProposal) -> bool:
    """Say whether the order of the review is another one than the proposal was made from."""
    round_ = selections.get_round(row.round_id)
    now = {
        one.id: (one.rank, "" if one.total is None else str(one.total.total))
        for one in ranked(round_, selections.rules_of(round_), overview(row.round_id)).scored
    }
    return now != {one.application_id: (one.rank, one.score) for one in row.lines}


def _replace_last(row: SelectionProposal) -> None:
    query = select(SelectionProposal).where(
        SelectionProposal.round_id == row.round_id,
        SelectionProposal.state == ProposalState.APPROVED,
    )
    for one in db.session.scalars(query):
        one.state = ProposalState.SUPERSEDED


def _settle(by: Actor, row: SelectionProposal) -> None:
    for line in row.lines:
        application = lock_application(line.application_id)
        state = ApplicationState.CHOSEN if line.tier else ApplicationState.NOT_CHOSEN
        if application.state is not state:
            move_application(by, application, state, "settle")
    round_ = selections.lock_round(row.round_id)
    before = {"state": round_.state}
    round_.state = moved(ROUND_MOVES, round_.state, RoundState.PROPOSED)
    after = {"state": round_.state, "proposal": row.number}
    audits.record(by, "propose", "selection_round", round_.id, before=before, after=after)


@transaction
def discard_proposal(by: Actor, proposal_id: int, *, reason: str) -> int:
    """Put a draft aside; return the round's id."""
    check_reason(reason)
    row = _locked(proposal_id)
    if row.state is not ProposalState.DRAFT:
        raise Refused(N_("This proposal is no draft."))
    row.state, row.reason = ProposalState.SUPERSEDED, reason
    audits.record(by, "discard", "selection_proposal", row.id, after={"reason": reason})
    return row.round_id


def _locked(proposal_id: int) -> SelectionProposal:
    row = db.session.get(
        SelectionProposal, proposal_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise Missing(proposal_id)
    return row


def latest(round_id: int) -> SelectionProposal | None:
    """Return the last proposal of a round."""
    query = select(SelectionProposal).where(SelectionProposal.round_id == round_id)
    return db.session.scalar(query.order_by(SelectionProposal.number.desc()).limit(1))


def list_proposals(round_id: int) -> Sequence[SelectionProposal]:
    """List the proposals of a round, the last first."""
    query = select(SelectionProposal).where(SelectionProposal.round_id == round_id)
    return db.session.scalars(query.order_by(SelectionProposal.number.desc())).all()


def get_proposal(proposal_id: int) -> SelectionProposal:
    """Return a proposal; raise Missing."""
    row = db.session.get(SelectionProposal, proposal_id)
    if row is None:
        raise Missing(proposal_id)
    return row


@dataclass(frozen=True)
class ProposalLine:
    """One line of a proposal as its page shows it; ``before`` is the tier of the last proposal."""

    id: int
    position: int
    rank: int | None
    number: int | None
    name: str
    unit: str
    score: str
    tier: str
    reasons: tuple[Reason, ...]
    before: str | None


def lines_of(
    proposal: SelectionProposal, first: int = 1, last: int | None = None
) -> list[ProposalLine]:
    """List lines of a proposal by position beside those of the one before, in two statements."""
    former = select(SelectionProposal.id).where(
        SelectionProposal.round_id == proposal.round_id,
        SelectionProposal.number == proposal.number - 1,
    )
    old = select(SelectionLine.application_id, SelectionLine.tier).where(
        SelectionLine.proposal_id == former.scalar_subquery()
    )
    before: dict[int, str] = {key: tier for key, tier in db.session.execute(old)}
    query = _lines_query(proposal.id).where(SelectionLine.position >= first)
    if last is not None:
        query = query.where(SelectionLine.position <= last)
    return [
        ProposalLine(
            **(dict(row) | {"reasons": tuple(map(reason_of, row["reasons"]))}),
            before=before.get(row["id"]),
        )
        for row in db.session.execute(query).mappings()
    ]


def _lines_query(proposal_id: int) -> Any:
    """Select what a page shows of lines, named as in ``ProposalLine``."""
    return (
        select(
            SelectionLine.application_id.label("id"),
            SelectionLine.position,
            SelectionLine.rank,
            SelectionApplication.number,
            Person.name,
            func.coalesce(Employer.title, "").label("unit"),
            SelectionLine.score,
            SelectionLine.tier,
            SelectionLine.reasons,
        )
        .join(SelectionApplication, SelectionApplication.id == SelectionLine.application_id)
        .join(Person, Person.id == SelectionApplication.person_id)
        .outerjoin(Employer, Employer.id == SelectionApplication.employer_id)
        .where(SelectionLine.proposal_id == proposal_id)
        .order_by(SelectionLine.position)
    )


def page_of_lines(proposal: SelectionProposal, number: int = 1) -> Page[ProposalLine]:
    """Return one page of the lines of a proposal."""
    count = select(func.count()).where(SelectionLine.proposal_id == proposal.id)
    positions = page_in(range(1, (db.session.scalar(count) or 0) + 1), number)
    lines = lines_of(proposal, positions.first, positions.last)
    return Page(lines, positions.total, positions.number, positions.size)


def chosen_of(proposal_id: int) -> set[int]:
    """Return the applications that a proposal gives a tier."""
    query = select(SelectionLine.application_id).where(
        SelectionLine.proposal_id == proposal_id, SelectionLine.tier != ""
    )
    return set(db.session.scalars(query))


def ids_of(round_id: int) -> dict[int, int]:
    """Return the applications of a round by their numbers."""
    columns = SelectionApplication.number, SelectionApplication.id
    query = select(*columns).where(SelectionApplication.round_id == round_id)
    return {number: key for number, key in db.session.execute(query) if number is not None}
