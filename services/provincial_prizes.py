"""The city's prizes for results of a superior's contest: signed lists to be paid from (R1.33).

Each event with a prize gets an event in an edition of kind ``external``; from its signed list the
acts of contests do the rest: notice, payment orders, tax. Coaches share as the rules say (R4.05).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.provincial import ProvincialContest, ProvincialEvent, ProvincialResult, ProvincialSlot
from rules.allocation import Allotment, AwardPlan, Tier
from rules.award_shares import Party, ShareKind, shares_of
from rules.editions import ContestKind, ContestLevel
from rules.plans import EditionRules, EventPlan
from rules.provincial import ProvincialLevel, ProvincialState, ResultState, SlotState
from rules.provincial_rules import CityPrize, ProvincialRules, prize_of
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.states import EVENT_MOVES, ContestState, EntryState, EventState, moved
from rules.texts import N_
from services import (
    audits,
    awards,
    awards_budget,
    awards_limits,
    awards_shares,
    certificates_carried,
    judging,
    objections_holds,
    payouts_changes,
    provincial,
    results,
)
from services.acting import Actor
from services.provincial_honours import outcome_of
from services.provincial_slots import list_slots
from services.results_computing import Computed
from services.rule_versions import freeze
from services.selections_carriers import free_code, one_mark, signed_list, stands, store
from services.transaction import transaction

SUBJECT = "provincial_contest"
LEVELS: Mapping[ProvincialLevel, ContestLevel] = {
    ProvincialLevel.PROVINCE: ContestLevel.PROVINCE,
    ProvincialLevel.NATION: ContestLevel.NATIONAL,
    ProvincialLevel.WORLD: ContestLevel.NATIONAL,
}
DIVISIONS = {"staff": "职工组", "teacher": "教师组", "student": "学生组"}
LONGEST_NUMBER = 24


@dataclass(frozen=True)
class Prized:
    """A confirmed result and what the city pays for it."""

    slot: ProvincialSlot
    result: ProvincialResult
    prize: CityPrize


def list_prized(
    contest: ProvincialContest, slots: Sequence[ProvincialSlot] | None = None
) -> list[Prized]:
    """List the confirmed results for which the rules give a prize, by event and rank."""
    rules = provincial.rules_of(contest)
    if slots is None:
        slots = list_slots([one.id for one in contest.events], (SlotState.COMPETED,))
    found = []
    for slot in slots:
        result = slot.result
        if slot.state is not SlotState.COMPETED:
            continue
        if result is None or result.state is not ResultState.CONFIRMED or not slot.in_competition:
            continue
        prize = prize_of(rules, outcome_of(result))
        if prize is not None:
            found.append(Prized(slot, result, prize))
    order = {one.id: place for place, one in enumerate(contest.events)}
    return sorted(found, key=lambda one: (order[one.slot.event_id], one.result.rank or 999))


@transaction
def give_prizes_out(by: Actor, contest_id: int, *, reason: str = "") -> int:
    """Sign the lists of the city's prizes; return the id of the edition that carries them.

    A list made anew replaces the former one with all that came of it. Without a notice the lists
    are final at once.
    """
    contest = provincial.locked(contest_id)
    if contest.state not in (ProvincialState.HELD, ProvincialState.CLOSED):
        raise Refused(N_("Prizes are given once all results are confirmed."))
    prized = list_prized(contest)
    if not prized:
        raise Refused(N_("No confirmed result earns a prize of the city."))
    rules = provincial.rules_of(contest)
    carrier = _carrier(by, contest, rules)
    by_event: dict[int, list[Prized]] = {}
    for one in prized:
        by_event.setdefault(one.slot.event_id, []).append(one)
    titles = {one.id: one for one in contest.events}
    for event_id, lines in by_event.items():
        _list(by, _event(by, carrier, titles[event_id], rules, lines), lines, reason)
    if not rules.notice:
        _finish(by, carrier.id)
    after = {"carrier": carrier.id, "prizes": len(prized), "reason": reason}
    audits.record(by, "give_prizes", SUBJECT, contest_id, contest_id=carrier.id, after=after)
    return carrier.id


def _carrier(by: Actor, row: ProvincialContest, rules: ProvincialRules) -> Contest:
    carrier = row.carrier
    if carrier is None:
        carrier = Contest(code=free_code(row.code, "P"), kind=ContestKind.EXTERNAL)
        carrier.state, carrier.rules = (
            ContestState.PUBLISHED,
            EditionRules().model_dump(mode="json"),
        )
        carrier.created_at = carrier.published_at = by.now
    carrier.title, carrier.year = row.title, row.year
    carrier.level, carrier.sponsors = LEVELS[row.level], row.organiser[:400]
    carrier.entry_opens_on = carrier.entry_closes_on = row.entry_until or row.starts_on
    carrier.starts_on, carrier.ends_on = row.starts_on, row.ends_on
    db.session.add(carrier)
    row.carrier = carrier
    db.session.flush()
    return carrier


def plan_of(rules: ProvincialRules) -> EventPlan:
    """Return the city's prizes as an award plan; coaches have an amount of their own (R4.05)."""
    tiers = tuple(
        Tier(key=one.key, name=one.title, amount=one.amount, coach_amount=one.for_coaches)
        for one in rules.prizes
    )
    return EventPlan(awards=AwardPlan(tiers=tiers, amount_basis=rules.amount_basis))


def _event(
    by: Actor,
    carrier: Contest,
    source: ProvincialEvent,
    rules: ProvincialRules,
    lines: Sequence[Prized],
) -> Event:
    """Return the carrier's event under lock, ready for a new list; made where there is none."""
    query = select(Event).where(Event.contest_id == carrier.id, Event.code == source.code[:10])
    event = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if event is None:
        event = Event(contest=carrier, code=source.code[:10], title=source.title)
        event.state, event.position = EventState.REVIEW, source.position
        event.occupation = source.occupation or source.title
        event.scheme, event.divisions = one_mark(source.title), []
    known = {one.code for one in event.divisions}
    for code in dict.fromkeys(one.slot.status.value for one in lines):
        if code not in known:
            place = len(event.divisions) + 1
            event.divisions.append(Division(code=code, title=DIVISIONS[code], position=place))
    if event.state in (EventState.SIGNED, EventState.FINAL):
        event.state = moved(EVENT_MOVES, event.state, EventState.REVIEW)
    if event.state is not EventState.REVIEW:
        raise Refused(N_("The list stands in a notice: take it down first."))
    event.plan = plan_of(rules).model_dump(mode="json")
    db.session.add(event)
    db.session.flush()
    judging.supersede(event.id)
    payouts_changes.stop_replaced(by, event.id)
    return event


def _list(by: Actor, event: Event, lines: Sequence[Prized], reason: str) -> None:
    """Sign the list of one event."""
    edition = EditionRules.model_validate(event.contest.rules)
    version = freeze(by, event, edition, reason)
    entries = _entries(by, event, lines)
    computed = _computed(event, lines, entries)
    digest = results.digest_of(version.digest, computed, None)
    revision = signed_list(by, event, version.id, digest)
    revision.reason = reason
    revision.computed_by_id = lines[0].result.recorded_by_id
    store(revision, computed)
    objections_holds.name_objections(event.id, revision.id)
    awards_limits.settle_contest(event.contest_id)
    if (over := awards_budget.signing_problem(event, revision)) is not None:
        raise over
    event.state = EventState.SIGNED
    db.session.flush()
    objections_holds.settle_named(by, revision.id)
    after = {"number": revision.number, "digest": revision.digest}
    audits.record(by, "sign", "revision", revision.id, contest_id=event.contest_id, after=after)


def _entries(by: Actor, event: Event, lines: Sequence[Prized]) -> dict[int, Entry]:
    """Return the carrier's entry of each slot; one of the same people stays."""
    query = (
        select(EntryMember.person_id, Entry)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.event_id == event.id, EntryMember.active)
    )
    present: dict[int, Entry] = {person: entry for person, entry in db.session.execute(query)}
    serial = db.session.scalar(select(func.count(Entry.id)).where(Entry.event_id == event.id)) or 0
    found: dict[int, Entry] = {}
    for line in lines:
        slot = line.slot
        people = [one.person_id for one in slot.members if one.person_id is not None]
        if not people:
            text = N_("%(name)s has no identity number, so nothing can be paid.")
            raise Refused(text, name=slot.title)
        entry = present.get(people[0])
        if entry is None:
            serial += 1
            entry = _entry(by, event, slot, people, f"{event.code}-P{serial:03d}"[-LONGEST_NUMBER:])
        if not stands(entry):
            text = N_("An upheld objection keeps %(name)s from the list.")
            raise Refused(text, name=slot.title)
        found[slot.id] = entry
    db.session.flush()
    return found


def _entry(
    by: Actor, event: Event, slot: ProvincialSlot, people: Sequence[int], number: str
) -> Entry:
    divisions = {one.code: one.id for one in event.divisions}
    entry = Entry(
        event_id=event.id,
        division_id=divisions[slot.status.value],
        employer_id=slot.employer_id,
        number=number,
        title=slot.title,
        state=EntryState.ACCEPTED,
        status=EntryStatus.COMPETED,
        in_competition=True,
        submitted_at=by.now,
        submitted_by_id=by.account_id,
    )
    entry.members = [
        EntryMember(event_id=event.id, person_id=one, position=place)
        for place, one in enumerate(people, start=1)
    ]
    entry.coaches = [
        EntryCoach(person_id=one.person_id, position=one.position) for one in slot.coaches
    ]
    db.session.add(entry)
    return entry


def _computed(event: Event, lines: Sequence[Prized], entries: Mapping[int, Entry]) -> Computed:
    plan = EventPlan.model_validate(event.plan)
    given = [
        Allotment(entries[one.slot.id].id, plan.awards.tier(one.prize.key), False, one.prize.amount)
        for one in lines
    ]
    shares = [
        share
        for line, one in zip(lines, given, strict=True)
        for share in shares_of(one.tier, one.amount, _party(line, one.entry_id))
    ]
    found = [_result(place, line, entries[line.slot.id].id) for place, line in enumerate(lines, 1)]
    return Computed(found, awards.rows_of(plan, given), [], awards_shares.share_rows(shares), [])


def _party(line: Prized, entry_id: int) -> Party:
    members = tuple(one.person_id for one in line.slot.members if one.person_id is not None)
    coaches = tuple(one.person_id for one in line.slot.coaches)
    return Party(entry_id, members, coaches, line.slot.employer_id)


def _result(place: int, line: Prized, entry_id: int) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "status": EntryStatus.COMPETED,
        "total": line.result.total,
        "parts": {},
        "passed": None,
        "rank": line.result.rank or place,
        "award_rank": place,
        "tie_break": None,
    }


def _finish(by: Actor, carrier_id: int) -> None:
    """Make lists final that are not put up for objections."""
    query = select(Event).where(Event.contest_id == carrier_id, Event.state == EventState.SIGNED)
    for event in db.session.scalars(query.with_for_update()):
        event.state = moved(EVENT_MOVES, event.state, EventState.NOTICE)
        event.state = moved(EVENT_MOVES, event.state, EventState.FINAL)
    db.session.flush()
    certificates_carried.carry_over(by, carrier_id)
    payouts_changes.follow_results(by, carrier_id)


@dataclass(frozen=True)
class Due:
    """What one person gets of a prize: as entrant or as coach."""

    name: str
    kind: ShareKind
    amount: Decimal


def dues_of(rules: ProvincialRules, one: Prized) -> list[Due]:
    """Return what each entrant and coach gets of a prize (R4.05); nobody without identity."""
    names = {row.person_id: row.full_name for row in one.slot.members if row.person_id}
    names |= {row.person_id: row.person.name for row in one.slot.coaches}
    tier = plan_of(rules).awards.tier(one.prize.key)
    shares = shares_of(tier, one.prize.amount, _party(one, 0))
    return [Due(names.get(row.person_id or 0, ""), row.kind, row.amount) for row in shares]


def total_of(prized: Sequence[Prized]) -> Decimal:
    """Return what the city pays for these results, coaches included."""
    coached = [one.prize.for_coaches if one.slot.coaches else Decimal(0) for one in prized]
    return sum((one.prize.amount for one in prized), sum(coached, Decimal(0)))
