"""Awards and level grants: allocated with each revision, listed, exported, priced for the payer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from models.awards import Award, AwardShare, LevelGrant
from models.contests import Contest, Division, Event, RuleVersion
from models.database import db
from models.entries import Entry, EntryMember
from models.payouts import PayoutClaim
from models.people import Employer, Person
from models.results import Revision
from rules import levels, taxes
from rules.allocation import Allotment
from rules.award_shares import ShareKind
from rules.plans import EditionRules, EventPlan
from rules.ranking import EntryStatus
from rules.states import EventState, RevisionState
from services import appeals_holds, objections_holds, selections_holds
from services.contests import LIGHT
from services.pages import PAGE_SIZE, Page, page_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Member:
    """A person of an entry and the level already held."""

    entry_id: int
    person_id: int
    held_level: int | None


def members_of(event_id: int) -> list[Member]:
    """List everybody who is entered in an event."""
    query = (
        select(EntryMember.entry_id, EntryMember.person_id, Person.held_level)
        .join(Person, Person.id == EntryMember.person_id)
        .where(EntryMember.event_id == event_id)
        .order_by(EntryMember.entry_id, EntryMember.position)
    )
    return [Member(*row) for row in db.session.execute(query)]


def counts_for_selection_only(plan: EventPlan, field_size: int) -> bool:
    """Say whether too few competed, so that the result gives neither titles nor prizes (R1.06)."""
    return field_size < plan.minimum_entrants


def rows_of(plan: EventPlan, given: Iterable[Allotment]) -> list[dict[str, Any]]:
    """Write the awards of one division as rows without a revision (R4.01, R4.02)."""
    order = {tier.key: place for place, tier in enumerate(plan.awards.tiers, start=1)}
    return [
        {
            "entry_id": one.entry_id,
            "tier": one.tier.key,
            "tier_title": one.tier.name,
            "tier_order": order[one.tier.key],
            "amount": one.amount,
            "honours": list(one.tier.honours),
            "shared": one.shared,
        }
        for one in given
    ]


def setting_of(event_id: int, edition: EditionRules) -> levels.Setting:
    """Return what level rules may ask of an event and its contest."""
    query = select(Event.standard_level, Event.team_size, Contest.level)
    row = db.session.execute(
        query.join(Contest, Contest.id == Event.contest_id).where(Event.id == event_id)
    ).one()
    return levels.Setting(row[0], row[1], edition.contest_class, row[2])


def grant_levels(
    plan: EventPlan,
    results: Sequence[Row],
    given: Iterable[Allotment],
    members: Iterable[Member],
    field_size: int,
    setting: levels.Setting = levels.USUAL,
) -> list[dict[str, Any]]:
    """Work out the recommended levels of one division as rows without a revision (R4.08)."""
    rule = plan.levels
    if rule is None or counts_for_selection_only(plan, field_size):
        return []
    competed = EntryStatus.COMPETED
    by_entry = {row["entry_id"]: row for row in results if row["status"] is competed}
    tiers = {one.entry_id: one.tier.key for one in given}
    candidates = [
        _candidate(rule, by_entry[member.entry_id], member, tiers.get(member.entry_id))
        for member in members
        if member.entry_id in by_entry
    ]
    return [
        {
            "entry_id": grant.entry_id,
            "person_id": grant.person_id,
            "level": grant.level,
            "reason": grant.reason,
        }
        for grant in levels.grants(rule, candidates, field_size, setting)
    ]


def _candidate(
    rule: levels.LevelRule, row: Row, member: Member, tier: str | None
) -> levels.Candidate:
    passed = {key: part["passed"] for key, part in row["parts"].items()}
    return levels.Candidate(
        member.person_id,
        member.entry_id,
        row["award_rank"],
        levels.passes(rule, passed),
        member.held_level,
        passed,
        tier,
    )


@dataclass(frozen=True)
class Wanted:
    """What part of a contest's awards or levels is asked for."""

    event_id: int | None = None
    division: str = ""
    tier: str = ""
    level: int | None = None
    q: str = ""

    def conditions(self, *more: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        """Return the conditions on events, divisions and names."""
        found = list(more)
        if self.event_id is not None:
            found.append(Event.id == self.event_id)
        if self.division:
            found.append(Division.title == self.division)
        if self.q:
            found.append(Entry.title.contains(self.q, autoescape=True))
        return found


# Each event has one revision that is not superseded: the newest draft, or the signed one.
PRESENT = Revision.state != RevisionState.SUPERSEDED


def _award_query(columns: Any, contest_id: int) -> Any:
    return (
        columns.join(Award.revision)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Entry.event)
        .join(Entry.division)
        .where(Event.contest_id == contest_id, PRESENT)
    )


def list_awards(
    contest_id: int, wanted: Wanted | None = None, page: int = 1, size: int = PAGE_SIZE
) -> Page[Award]:
    """List the awards of a contest: by event, division and tier."""
    wanted = wanted or Wanted()
    more = [Award.tier_title == wanted.tier] if wanted.tier else []
    query = _award_query(select(Award), contest_id).where(*wanted.conditions(*more))
    query = query.options(
        contains_eager(Award.revision),
        contains_eager(Award.entry).options(
            contains_eager(Entry.event).options(*LIGHT),
            contains_eager(Entry.division),
            joinedload(Entry.employer),
        ),
    ).order_by(Event.position, Event.id, Division.position, Award.tier_order, Award.id)
    return page_of(query, page, size)


@dataclass(frozen=True)
class TierTotal:
    """How many awards of one tier there are and what they cost."""

    title: str
    count: int
    amount: Decimal


def tier_totals(contest_id: int) -> list[TierTotal]:
    """Add up the awards of a contest by tier."""
    columns = select(Award.tier_title, func.count(), func.sum(Award.amount))
    query = _award_query(columns.select_from(Award), contest_id).group_by(Award.tier_title)
    return [
        TierTotal(*row) for row in db.session.execute(query.order_by(func.min(Award.tier_order)))
    ]


def _level_query(columns: Any, contest_id: int) -> Any:
    return (
        columns.join(LevelGrant.revision)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .join(Entry.event)
        .join(Entry.division)
        .where(Event.contest_id == contest_id, PRESENT)
    )


def list_levels(
    contest_id: int, wanted: Wanted | None = None, page: int = 1, size: int = PAGE_SIZE
) -> Page[LevelGrant]:
    """List the recommended levels of a contest (R4.15), the highest first."""
    wanted = wanted or Wanted()
    more = [LevelGrant.level == wanted.level] if wanted.level else []
    query = _level_query(select(LevelGrant), contest_id).where(*wanted.conditions(*more))
    query = query.options(
        contains_eager(LevelGrant.revision),
        joinedload(LevelGrant.person),
        contains_eager(LevelGrant.entry).options(
            contains_eager(Entry.event).options(*LIGHT),
            contains_eager(Entry.division),
            joinedload(Entry.employer),
        ),
    ).order_by(Event.position, Event.id, Division.position, LevelGrant.level, LevelGrant.id)
    return page_of(query, page, size)


def level_totals(contest_id: int) -> dict[int, int]:
    """Count the recommendations of a contest by level."""
    columns = select(LevelGrant.level, func.count()).select_from(LevelGrant)
    query = _level_query(columns, contest_id).group_by(LevelGrant.level)
    return {level: count for level, count in db.session.execute(query.order_by(LevelGrant.level))}


@dataclass(frozen=True)
class Payment:
    """What one payee of a final event gets: before tax, the tax withheld, and what is paid out."""

    entry_id: int | None
    person_id: int | None
    contest: str
    event: str
    division: str
    name: str
    employer: str
    tier: str
    gross: Decimal
    tax: Decimal
    net: Decimal


@dataclass(frozen=True)
class Payments:
    """A page of payments and the totals of all of them."""

    page: Page[Payment]
    gross: Decimal
    tax: Decimal
    net: Decimal


_NOTHING = Decimal("0.00")


def list_payments(
    contests: frozenset[int] | None,
    contest_id: int | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Payments:
    """List what is to be paid for the awards of final events (R4.27); None is every contest."""
    found = _priced(_payable(contests, contest_id))
    number = max(1, min(page, -(-len(found) // size) or 1))
    shown = found[(number - 1) * size : number * size]
    return Payments(
        Page(shown, len(found), number, size),
        sum((payment.gross for payment in found), _NOTHING),
        sum((payment.tax for payment in found), _NOTHING),
        sum((payment.net for payment in found), _NOTHING),
    )


def payable_contests(contests: frozenset[int] | None) -> list[tuple[int, str]]:
    """List the contests that have final events."""
    query = select(Contest.id, Contest.title).where(
        Contest.events.any(Event.state == EventState.FINAL), ~selections_holds.waits(Contest.id)
    )
    if contests is not None:
        query = query.where(Contest.id.in_(contests))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Contest.id.desc()))]


def _payable(contests: frozenset[int] | None, contest_id: int | None) -> list[Any]:
    """Select the shares of final awards, and the prizes given to employers, with their payees."""
    payee = aliased(Employer)
    columns = (
        Revision.rule_version_id,
        Division.code,
        AwardShare.amount,
        AwardShare.kind,
        AwardShare.person_id,
        Entry.id,
        Contest.title,
        func.coalesce(Event.title, ""),
        func.coalesce(Division.title, ""),
        func.coalesce(Person.name, payee.title, Entry.title, ""),
        func.coalesce(Employer.title, ""),
        AwardShare.title,
    )
    query = (
        select(*columns)
        .select_from(AwardShare)
        .outerjoin(Award, Award.id == AwardShare.award_id)
        .outerjoin(Revision, Revision.id == Award.revision_id)
        .outerjoin(Entry, Entry.id == Award.entry_id)
        .outerjoin(Division, Division.id == Entry.division_id)
        .outerjoin(Event, Event.id == Entry.event_id)
        .join(Contest, Contest.id == func.coalesce(AwardShare.contest_id, Event.contest_id))
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(Person, Person.id == AwardShare.person_id)
        .outerjoin(payee, payee.id == AwardShare.employer_id)
        .where(AwardShare.amount > 0, is_payable())
    )
    for limit in (contests, None if contest_id is None else {contest_id}):
        if limit is not None:
            query = query.where(Contest.id.in_(limit))
    order = (Contest.id.desc(), Event.position, Event.id, Division.position, Award.tier_order)
    return list(db.session.execute(query.order_by(*order, AwardShare.id)))


def is_payable() -> ColumnElement[bool]:
    """Return the condition that a share of money is due (R4.27): final, and nobody objects.

    Who is under an appeal or objection waits; everybody else does not (R3.06). Prizes of employers
    are due once they are given. Revoked honours are paid no more (R4.26).
    """
    final = and_(
        Revision.state == RevisionState.SIGNED,
        Event.state == EventState.FINAL,
        ~selections_holds.waits(Event.contest_id),
    )
    free = and_(~appeals_holds.is_contested(), ~objections_holds.is_held(AwardShare.person_id))
    barred = exists().where(
        PayoutClaim.barred_at.is_not(None),
        PayoutClaim.entry_id == AwardShare.entry_id,
        PayoutClaim.kind == AwardShare.kind,
        func.coalesce(PayoutClaim.person_id, 0) == func.coalesce(AwardShare.person_id, 0),
    )
    return or_(AwardShare.contest_id.is_not(None), and_(final, free, ~barred))


def _priced(rows: Sequence[Any]) -> list[Payment]:
    versions = {row[0] for row in rows if row[0] is not None}
    query = select(RuleVersion.id, RuleVersion.plan, RuleVersion.edition)
    plans = {
        key: (EventPlan.model_validate(plan), EditionRules.model_validate(edition).tax_exempt)
        for key, plan, edition in db.session.execute(query.where(RuleVersion.id.in_(versions)))
    }
    return [_payment(row, _taxed(row, plans)) for row in rows]


def _taxed(row: Any, plans: Mapping[int, tuple[EventPlan, bool]]) -> taxes.TaxedAmount:
    """Tax a share by the plan of its division; what an employer gets is no income of a person."""
    version, division, amount, kind = row[:4]
    if version is None or kind is ShareKind.EMPLOYER:
        return taxes.tax_on(amount, "gross", True)
    plan, exempt = plans[version]
    return taxes.tax_on(amount, plan.for_division(division).awards.amount_basis, exempt)


def _payment(row: Any, taxed: taxes.TaxedAmount) -> Payment:
    person_id, entry_id, contest, event, division, name, employer, title = row[4:]
    return Payment(entry_id, person_id, contest, event, division, name, employer, title, *taxed)
