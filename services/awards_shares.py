"""Who shares an award's money and bears its honours: members, coaches, each on conditions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select

from models.awards import Award, AwardHonour, AwardShare
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.people import Person
from rules.allocation import Allotment, AwardPlan
from rules.award_honours import Winner, honour_reason
from rules.award_shares import Party, Share, entry_amount, fitted_shares, shares_of
from rules.outcomes import Outcome
from rules.plans import EditionRules, EventPlan
from services.people import chunks, table_of

Row = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """What one division is given: awards, shares of their money, and honours."""

    awards: Sequence[Allotment]
    shares: list[Share] = field(default_factory=list)
    honours: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Personal:
    """What conditional honours ask of a person."""

    sex: str | None
    birth_date: date | None


@dataclass(frozen=True)
class Winners:
    """The awarded entries of an event with their people."""

    parties: Mapping[int, Party]
    people: Mapping[int, Personal]
    day: date


def give(
    event_id: int,
    plan: EventPlan,
    edition: EditionRules,
    found: Sequence[tuple[str, Outcome]],
) -> list[Given]:
    """Share the awards of all divisions; more than the event's budget is refused or reduced."""
    winners = read_winners(event_id, plan, edition, [one for _, one in found])
    plans = [plan.for_division(code).awards for code, _ in found]
    shared = [[*_shares(one, winners)] for _, one in found]
    flat = [share for shares in shared for share in shares]
    left = iter(fitted_shares(plan.awards, flat, edition.tax_exempt))
    kept = [[next(left) for _ in shares] for shares in shared]
    return [
        Given(_paid(one, shares), shares, _honours(awards, edition, code, one, winners))
        for awards, (code, one), shares in zip(plans, found, kept, strict=True)
    ]


def _shares(outcome: Outcome, winners: Winners) -> Iterator[Share]:
    for entry, award in outcome.awards.items():
        yield from shares_of(award.tier, award.amount, winners.parties[entry])


def _paid(outcome: Outcome, shares: Sequence[Share]) -> list[Allotment]:
    """Return the awards with the amounts that their shares come to."""
    own: dict[int, list[Share]] = {}
    for share in shares:
        own.setdefault(share.entry_id, []).append(share)
    return [
        replace(award, amount=entry_amount(award.tier, own[entry])) if entry in own else award
        for entry, award in outcome.awards.items()
    ]


def _honours(
    plan: AwardPlan, edition: EditionRules, code: str, outcome: Outcome, winners: Winners
) -> list[Row]:
    ranks = {place.entry_id: place.award_rank for place in outcome.places}
    rows: list[Row] = []
    for entry, award in outcome.awards.items():
        party = winners.parties[entry]
        for person in party.members:
            rows += [_honour(entry, person, title) for title in award.tier.honours]
        for honour in plan.honours:
            for person in party.members if honour.given_to == "members" else party.coaches:
                facts = winners.people[person]
                winner = Winner(award.tier.key, ranks[entry], code, facts.sex, facts.birth_date)
                reason = honour_reason(honour, winner, edition.filed_with, winners.day)
                if reason is not None:
                    rows.append(_honour(entry, person, honour.title, honour.granted_by, reason))
    return rows


def _honour(entry: int, person: int, title: str, granted_by: str = "", reason: str = "") -> Row:
    named = {"title": title, "granted_by": granted_by, "reason": reason}
    return {"entry_id": entry, "person_id": person, **named}


def read_winners(
    event_id: int, plan: EventPlan, edition: EditionRules, found: Iterable[Outcome]
) -> Winners:
    """Read the people of all awarded entries; personal data only where an honour asks for it."""
    entries = [entry for outcome in found for entry in outcome.awards]
    members, coaches, units = _people_of(EntryMember, entries), {}, _employers(entries)
    plans = plan.all_awards
    pays_coaches = any(tier.coach_amount for one in plans for tier in one.tiers)
    if pays_coaches or any(h.given_to == "coaches" for one in plans for h in one.honours):
        coaches = _people_of(EntryCoach, entries)
    parties = {
        entry: Party(entry, members.get(entry, ()), coaches.get(entry, ()), units.get(entry))
        for entry in entries
    }
    if not any(one.honours for one in plans):
        return Winners(parties, {}, date.min)
    people = {p for one in parties.values() for p in (*one.members, *one.coaches)}
    return Winners(parties, _personal(sorted(people)), edition.age_on or _day(event_id))


def _people_of(table: Any, entries: Sequence[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for chunk in chunks(entries):
        query = select(table.entry_id, table.person_id).where(table.entry_id.in_(chunk))
        for entry, person in db.session.execute(query.order_by(table.position, table.id)):
            found[entry] = (*found.get(entry, ()), person)
    return found


def _employers(entries: Sequence[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for chunk in chunks(entries):
        query = select(Entry.id, Entry.employer_id).where(Entry.id.in_(chunk))
        found |= {row.id: row.employer_id for row in db.session.execute(query)}
    return found


def _personal(people: Sequence[int]) -> dict[int, Personal]:
    found: dict[int, Personal] = {}
    for chunk in chunks(people):
        query = select(Person.id, Person.sex, Person.birth_date).where(Person.id.in_(chunk))
        rows = db.session.execute(query)
        found |= {row.id: Personal(row.sex, row.birth_date) for row in rows}
    return found


def _day(event_id: int) -> date:
    """Return the day on which ages count where neither honour nor edition names one."""
    query = select(func.coalesce(Event.held_on, Contest.starts_on))
    query = query.join(Contest, Contest.id == Event.contest_id).where(Event.id == event_id)
    return db.session.scalars(query).one()


def share_rows(shares: Iterable[Share]) -> list[Row]:
    """Write shares as rows without a revision."""
    return [
        {
            "entry_id": one.entry_id,
            "kind": one.kind,
            "person_id": one.person_id,
            "employer_id": one.employer_id,
            "title": one.title,
            "promised": one.amount,
            "amount": one.amount,
            "position": one.position,
        }
        for one in shares
    ]


def add_rows(revision_id: int, shares: Sequence[Row], honours: Sequence[Row]) -> None:
    """Part: store the shares and honours of a revision whose awards stand."""
    if not shares and not honours:
        return
    query = select(Award.entry_id, Award.id).where(Award.revision_id == revision_id)
    awards = {entry: key for entry, key in db.session.execute(query)}
    own = [
        row | {"award_id": awards[row["entry_id"]], "revision_id": revision_id} for row in shares
    ]
    borne = [
        {key: value for key, value in row.items() if key != "entry_id"}
        | {"award_id": awards[row["entry_id"]]}
        for row in honours
    ]
    for table, rows in ((AwardShare, own), (AwardHonour, borne)):
        if rows:
            db.session.execute(insert(table_of(table)), rows)


SHARE_FACTS = (
    "entry_id",
    "kind",
    "person_id",
    "employer_id",
    "title",
    "promised",
    "position",
)
HONOUR_FACTS = ("entry_id", "person_id", "title", "granted_by", "reason")


def stored_shares(revision_id: int) -> list[Row]:
    """Return the shares of a revision as they were promised."""
    query = select(*(getattr(AwardShare, fact) for fact in SHARE_FACTS))
    rows = db.session.execute(query.where(AwardShare.revision_id == revision_id))
    return [row._asdict() for row in rows]


def stored_honours(revision_id: int) -> list[Row]:
    """Return the honours of a revision."""
    columns = [Award.entry_id, *(getattr(AwardHonour, fact) for fact in HONOUR_FACTS[1:])]
    query = select(*columns).join(Award, Award.id == AwardHonour.award_id)
    rows = db.session.execute(query.where(Award.revision_id == revision_id))
    return [row._asdict() for row in rows]
