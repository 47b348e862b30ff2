"""What carries a round's result through notice, objections, money and certificates (R5.01).

A round has one edition of kind ``selection`` with one event. Each approved proposal becomes a
signed revision of that event: from there the acts of contests do the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import joinedload

from models.awards import Award
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.results import Result, Revision
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionLine, SelectionProposal
from models.selections import SelectionRound
from rules.allocation import Allotment, AwardPlan, Tier
from rules.award_shares import Party, shares_of
from rules.editions import ContestKind
from rules.plans import EventPlan, default_scheme
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.selection_rounds import RoundRules
from rules.states import EVENT_MOVES, ContestState, EntryState, EventState, RevisionState, moved
from rules.texts import N_
from services import (
    audits,
    awards,
    awards_budget,
    awards_limits,
    awards_shares,
    honours,
    judging,
    objections_holds,
    payouts_changes,
    results,
    selections,
)
from services.acting import ZONE, Actor
from services.people import table_of
from services.results_computing import Computed
from services.rule_versions import freeze

DIVISION = "all"
NUMBER_LENGTH = 24


def carry(by: Actor, proposal: SelectionProposal) -> Revision:
    """Part: make an approved proposal the signed list of the round's edition; return the list.

    The first one makes the edition. A corrected one follows the objections that led to it, and
    replaces the former list with all that came of it.
    """
    rules = selections.rules_of(proposal.round)
    lines = [line for line in _lines(proposal.id) if line.tier]
    if not lines:
        raise Refused(N_("Nobody is proposed, so there is no list to put up."))
    event = _event(by, proposal.round, rules)
    version = freeze(by, event, rules.edition, proposal.reason)
    entries = _entries(by, event, lines, proposal.round.code)
    computed = _computed(event, rules, lines, entries)
    revision = signed_list(by, event, version.id, results.digest_of(version.digest, computed, None))
    revision.reason, revision.computed_by_id = proposal.reason, proposal.made_by_id
    store(revision, computed)
    named = objections_holds.name_objections(event.id, revision.id)
    awards_limits.settle_contest(event.contest_id)
    if (over := awards_budget.signing_problem(event, revision)) is not None:
        raise over
    event.state = EventState.SIGNED
    proposal.revision_id = revision.id
    db.session.flush()
    objections_holds.settle_named(by, revision.id)
    after: dict[str, Any] = {"number": revision.number, "digest": revision.digest}
    after |= {"proposal": proposal.number, "awards": len(lines)}
    after |= {"objections": named} if named else {}
    audits.record(by, "sign", "revision", revision.id, contest_id=event.contest_id, after=after)
    return revision


def _lines(proposal_id: int) -> Sequence[SelectionLine]:
    person = joinedload(SelectionLine.application).joinedload(SelectionApplication.person)
    query = select(SelectionLine).where(SelectionLine.proposal_id == proposal_id)
    return db.session.scalars(query.options(person).order_by(SelectionLine.position)).all()


def _event(by: Actor, row: SelectionRound, rules: RoundRules) -> Event:
    """Return the event of the round under lock, ready for a new list; made where there is none."""
    contest = _contest(by, row, rules)
    query = select(Event).where(Event.contest_id == contest.id).with_for_update()
    event = db.session.scalar(query.execution_options(populate_existing=True))
    if event is None:
        title = row.programme.title
        event = Event(contest=contest, code="01", title=title, state=EventState.REVIEW)
        event.occupation, event.scheme = title, one_mark(row.title)
        event.divisions = [Division(code=DIVISION, title=f"{row.year}年度", position=1)]
    if event.state is EventState.SIGNED:
        event.state = moved(EVENT_MOVES, event.state, EventState.REVIEW)
    if event.state is not EventState.REVIEW:
        raise Refused(
            N_("The list stands in a notice or is final: take it down, or uphold an objection.")
        )
    event.plan = plan_of(rules).model_dump(mode="json")
    db.session.add(event)
    db.session.flush()
    judging.supersede(event.id)
    payouts_changes.stop_replaced(by, event.id)
    honours.supersede_replaced(by, contest.id)
    return event


def _contest(by: Actor, row: SelectionRound, rules: RoundRules) -> Contest:
    contest = row.contest
    if contest is None:
        contest = Contest(
            code=free_code(row.code, "S"), kind=ContestKind.SELECTION, state=ContestState.PUBLISHED
        )
        contest.created_at = contest.published_at = by.now
        contest.level = row.programme.level
    closes = rules.closes_at.astimezone(ZONE).date()
    contest.entry_opens_on = rules.opens_at.astimezone(ZONE).date()
    contest.entry_closes_on = contest.starts_on = contest.ends_on = closes
    contest.title, contest.year = row.title, row.year
    contest.sponsors = row.programme.organiser
    contest.rules = rules.edition.model_dump(mode="json")
    db.session.add(contest)
    row.contest = contest
    db.session.flush()
    return contest


def free_code(code: str, ending: str) -> str:
    """Return a code of one's own, or one beside it where a contest has that code already."""
    taken = db.session.scalar(select(Contest.id).where(Contest.code == code))
    return code if taken is None else f"{code[:18]}-{ending}"


def plan_of(rules: RoundRules) -> EventPlan:
    """Return the awards of a round as a plan: each tier gives a title, and its money."""
    tiers = tuple(
        Tier(key=one.key, name=one.title, amount=one.amount, places=one.places)
        for one in rules.tiers
    )
    own = AwardPlan(tiers=tiers, amount_basis=rules.amount_basis, budget_line=rules.budget_line)
    return EventPlan(awards=own)


def one_mark(title: str) -> dict[str, Any]:
    """Return a scheme of one mark: the marks of a selection lie with its reviewers."""
    whole = default_scheme(Decimal(0), Decimal(100), title=title)
    return whole.model_dump(mode="json")


def _entries(
    by: Actor, event: Event, lines: Sequence[SelectionLine], code: str
) -> Mapping[int, Entry]:
    """Return the entry of each chosen application, by application; one of a person stays."""
    query = (
        select(EntryMember.person_id, Entry)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.event_id == event.id, EntryMember.active)
    )
    present: dict[int, Entry] = {person: entry for person, entry in db.session.execute(query)}
    taken = db.session.scalar(select(func.count(Entry.id)).where(Entry.event_id == event.id)) or 0
    found: dict[int, Entry] = {}
    for line in lines:
        own = line.application
        entry = present.get(own.person_id)
        if entry is None:
            taken += 1
            entry = _entry(by, event, own, _number(code, taken))
        if not stands(entry):
            text = N_("An upheld objection keeps %(name)s from the list.")
            raise Refused(text, name=own.person.name)
        found[own.id] = entry
    db.session.flush()
    return found


def stands(entry: Entry) -> bool:
    """Say whether no upheld objection keeps an entry from the list."""
    return entry.in_competition and entry.status is EntryStatus.COMPETED


def _number(code: str, serial: int) -> str:
    return f"{code}-{serial:03d}"[-NUMBER_LENGTH:]


def _entry(by: Actor, event: Event, own: SelectionApplication, number: str) -> Entry:
    entry = Entry(
        event_id=event.id,
        division_id=event.divisions[0].id,
        employer_id=own.employer_id,
        number=number,
        title=own.person.name,
        state=EntryState.ACCEPTED,
        status=EntryStatus.COMPETED,
        in_competition=True,
        submitted_at=own.submitted_at or by.now,
        submitted_by_id=own.account_id,
    )
    entry.members = [EntryMember(event_id=event.id, person_id=own.person_id, position=1)]
    db.session.add(entry)
    return entry


def _computed(
    event: Event, rules: RoundRules, lines: Sequence[SelectionLine], entries: Mapping[int, Entry]
) -> Computed:
    plan = EventPlan.model_validate(event.plan)
    given = [_allotment(plan, line, entries) for line in lines]
    shares = [
        share
        for line, one in zip(lines, given, strict=True)
        for share in shares_of(one.tier, one.amount, _party(line, one.entry_id))
    ]
    found = [
        _result(place, line, entries[line.application_id].id)
        for place, line in enumerate(lines, start=1)
    ]
    return Computed(found, awards.rows_of(plan, given), [], awards_shares.share_rows(shares), [])


def _allotment(plan: EventPlan, line: SelectionLine, entries: Mapping[int, Entry]) -> Allotment:
    tier = plan.awards.tier(line.tier)
    return Allotment(entries[line.application_id].id, tier, False, tier.amount)


def _party(line: SelectionLine, entry_id: int) -> Party:
    own = line.application
    return Party(entry_id, (own.person_id,), (), own.employer_id)


def _result(place: int, line: SelectionLine, entry_id: int) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "status": EntryStatus.COMPETED,
        "total": _total(line.score),
        "parts": {},
        "passed": None,
        "rank": line.rank or place,
        "award_rank": place,
        "tie_break": None,
    }


def _total(score: str) -> Decimal | None:
    """Return a score that is a number; a ballot says it in other words."""
    try:
        return round(Decimal(score), 6)
    except InvalidOperation:
        return None


def signed_list(by: Actor, event: Event, version_id: int, digest: str) -> Revision:
    """Part: add the next signed revision of a carrier's event."""
    last = db.session.scalar(select(func.max(Revision.number)).where(Revision.event_id == event.id))
    revision = Revision(
        event_id=event.id,
        number=(last or 0) + 1,
        state=RevisionState.SIGNED,
        rule_version_id=version_id,
        digest=digest,
        decisions=None,
        computed_at=by.now,
        signed_at=by.now,
        signed_by_id=by.account_id,
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def store(revision: Revision, computed: Computed) -> None:
    """Part: store what stands in a signed list: results, awards, shares and titles."""
    tables: Iterable[tuple[Any, list[dict[str, Any]]]] = (
        (Result, computed.results),
        (Award, computed.awards),
    )
    for table, rows in tables:
        named = [row | {"revision_id": revision.id} for row in rows]
        db.session.execute(insert(table_of(table)), named)
    awards_shares.add_rows(revision.id, computed.shares, computed.honours)


def kept_out(round_id: int) -> set[int]:
    """Return the people whom an upheld objection keeps from the list of a round."""
    query = (
        select(EntryMember.person_id, Entry)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(SelectionRound, SelectionRound.contest_id == Event.contest_id)
        .where(SelectionRound.id == round_id)
    )
    return {person for person, entry in db.session.execute(query) if not stands(entry)}


def round_of(contest_id: int) -> int | None:
    """Return the round whose result an edition carries, or None for a contest."""
    query = select(SelectionRound.id).where(SelectionRound.contest_id == contest_id)
    return db.session.scalar(query)
