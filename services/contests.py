"""Contest editions: what they are, and the acts that make, publish and archive them."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from models.accounts import Account
from models.contests import Contest, Division, Event, RuleVersion
from models.database import db
from models.entries import Entry
from rules.access import Role
from rules.data import InvalidRules
from rules.editions import ContestKind, EditionOutline, date_problems, rule_problems
from rules.plans import EditionRules, EventPlan
from rules.refusals import Missing, Refused
from rules.schemes import Scheme, read_scheme
from rules.states import ContestState, EntryState, EventState
from rules.texts import N_
from services import accounts, audits
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, ordered, page_of
from services.rule_versions import freeze, refuse_amendment
from services.transaction import STALE, transaction

LIVE_ENTRIES = (EntryState.SUBMITTED, EntryState.RETURNED, EntryState.ACCEPTED)


@dataclass(frozen=True)
class ContestFacts:
    """What an organizer writes down about an edition, apart from its rules."""

    code: str
    title: str
    year: int
    level: str
    entry_opens_on: date
    entry_closes_on: date
    starts_on: date
    ends_on: date
    summary: str = ""
    sponsors: str = ""
    hosts: str = ""


def get_contest(contest_id: int) -> Contest:
    """Return a contest with its events and their divisions; raise Missing."""
    contest: Contest | None = db.session.scalar(_whole(contest_id))
    if contest is None:
        raise Missing(contest_id)
    return contest


# Lists name events; reading every marking scheme for that would cost more than the list.
LIGHT = (defer(Event.scheme), defer(Event.plan))
OUTLINE = selectinload(Contest.events).options(*LIGHT, selectinload(Event.divisions))


def get_outline(contest_id: int) -> Contest:
    """Return a contest with its events and divisions, without marking schemes; raise Missing."""
    contest = db.session.scalar(select(Contest).options(OUTLINE).where(Contest.id == contest_id))
    if contest is None:
        raise Missing(contest_id)
    return contest


def _whole(contest_id: int) -> Select[Any]:
    events = selectinload(Contest.events).selectinload(Event.divisions)
    return select(Contest).options(events).where(Contest.id == contest_id)


def get_event(event_id: int) -> Event:
    """Return an event with its contest and divisions; raise Missing."""
    query = (
        select(Event)
        .options(joinedload(Event.contest), selectinload(Event.divisions))
        .where(Event.id == event_id)
    )
    event = db.session.scalar(query)
    if event is None:
        raise Missing(event_id)
    return event


def rules_of(contest: Contest) -> EditionRules:
    """Return the rules of an edition."""
    return EditionRules.model_validate(contest.rules)


def scheme_of(event: Event) -> Scheme:
    """Return the marking scheme of an event."""
    return read_scheme(event.scheme)


def plan_of(event: Event) -> EventPlan:
    """Return the award plan, levels and tie-breaks of an event."""
    return EventPlan.model_validate(event.plan)


def present_rule_version(event_id: int) -> RuleVersion | None:
    """Return the newest frozen rules of an event; None before publication."""
    query = select(RuleVersion).where(RuleVersion.event_id == event_id)
    return db.session.scalar(query.order_by(RuleVersion.number.desc()).limit(1))


CONTESTS = (ContestKind.CONTEST,)
_SORTS = {
    "year": Contest.year,
    "title": Contest.title,
    "starts_on": Contest.starts_on,
    "state": Contest.state,
}


def list_contests(
    within: Collection[int] | None = None,
    q: str = "",
    state: ContestState | None = None,
    page: int = 1,
    sort: str = "",
    descending: bool = False,
    size: int = PAGE_SIZE,
    kinds: Collection[ContestKind] = CONTESTS,
) -> Page[Contest]:
    """List editions, newest first unless sorted; `within` limits them to these ids.

    What carries the result of a selection is no contest to those who look for one (R5.01).
    """
    query = select(Contest).where(Contest.kind.in_(kinds))
    if within is not None:
        query = query.where(Contest.id.in_(within))
    if state is not None:
        query = query.where(Contest.state == state)
    if q.strip():
        wanted = q.strip()
        query = query.where(
            or_(
                Contest.title.icontains(wanted, autoescape=True),
                Contest.code.icontains(wanted, autoescape=True),
            )
        )
    if sort not in _SORTS:
        sort, descending = "year", True
    return page_of(ordered(query, _SORTS, sort, descending, Contest.id.desc()), page, size)


def _with_events(query: Select[Any]) -> list[Contest]:
    loaded = query.options(selectinload(Contest.events).selectinload(Event.divisions))
    return list(db.session.scalars(loaded.order_by(Contest.starts_on.desc(), Contest.id.desc())))


def list_open_contests(today: date) -> list[Contest]:
    """List the published editions that take entries today, with their events and divisions."""
    return _with_events(
        select(Contest).where(
            Contest.kind == ContestKind.CONTEST,
            Contest.state == ContestState.PUBLISHED,
            Contest.entry_opens_on <= today,
            Contest.entry_closes_on >= today,
        )
    )


def public_contests() -> list[Contest]:
    """List the editions that everybody may know of, with their events and divisions."""
    query = select(Contest).where(Contest.kind == ContestKind.CONTEST)
    return _with_events(query.where(Contest.state != ContestState.DRAFT))


def list_events(event_ids: Collection[int]) -> list[Event]:
    """List these events with their contests."""
    query = select(Event).options(joinedload(Event.contest)).where(Event.id.in_(event_ids))
    return list(db.session.scalars(query.order_by(Event.contest_id.desc(), Event.position)))


def count_entries(contest_id: int) -> dict[int, dict[EntryState, int]]:
    """Count the entries of each event of an edition by their state."""
    rows = db.session.execute(
        select(Entry.event_id, Entry.state, func.count())
        .join(Event, Event.id == Entry.event_id)
        .where(Event.contest_id == contest_id)
        .group_by(Entry.event_id, Entry.state)
    )
    counts: dict[int, dict[EntryState, int]] = {}
    for event_id, state, count in rows:
        counts.setdefault(event_id, {})[state] = count
    return counts


def count_events(contest_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Count the events and the live entries of each of these editions."""
    events = select(Event.contest_id, func.count()).where(
        Event.contest_id.in_(contest_ids), Event.state != EventState.CANCELLED
    )
    entries = (
        select(Event.contest_id, func.count())
        .select_from(Entry)
        .join(Event, Event.id == Entry.event_id)
        .where(Event.contest_id.in_(contest_ids), Entry.state.in_(LIVE_ENTRIES))
    )
    starts: dict[int, int] = dict(_pairs(entries.group_by(Event.contest_id)))
    return {
        contest_id: (count, starts.get(contest_id, 0))
        for contest_id, count in _pairs(events.group_by(Event.contest_id))
    }


def _pairs(query: Any) -> list[tuple[int, int]]:
    return [(key, count) for key, count in db.session.execute(query)]


def check_version(present: int, based_on: int | None) -> None:
    """Part: refuse a change that is based on a version that somebody has replaced."""
    if present != based_on:
        raise Refused(STALE)


def locked_contest(contest_id: int) -> Contest:
    """Part: return a contest with its events under lock; raise Missing; refuse an archived one."""
    query = _whole(contest_id).with_for_update(of=Contest)
    contest: Contest | None = db.session.scalar(query)
    if contest is None:
        raise Missing(contest_id)
    if contest.state is ContestState.ARCHIVED:
        raise Refused(N_("This edition is archived."))
    return contest


def _check(facts: ContestFacts, rules: EditionRules) -> None:
    outline = EditionOutline(
        sponsors=facts.sponsors,
        entry_opens_on=facts.entry_opens_on,
        entry_closes_on=facts.entry_closes_on,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        rules=rules,
    )
    problems = [*date_problems(outline), *rule_problems(rules)]
    if problems:
        raise InvalidRules(problems)


@transaction
def create_contest(by: Actor, facts: ContestFacts, rules: EditionRules) -> int:
    """Make an edition from scratch, as a draft without events."""
    contest = _added(by, facts, rules)
    audits.record(by, "create", "contest", contest.id, contest_id=contest.id, after=asdict(facts))
    return contest.id


def _added(by: Actor, facts: ContestFacts, rules: EditionRules, **more: Any) -> Contest:
    _check(facts, rules)
    contest = Contest(
        **asdict(facts), rules=rules.model_dump(mode="json"), created_at=by.now, **more
    )
    db.session.add(contest)
    db.session.flush()
    _let_maker_in(by, contest.id)
    return contest


def _let_maker_in(by: Actor, contest_id: int) -> None:
    """Whoever organizes single editions only also organizes the one he makes."""
    account = db.session.get(Account, by.account_id) if by.account_id else None
    scopes = {g.contest_id for g in account.grants if g.role is Role.ORGANIZER} if account else {}
    if account is not None and scopes and None not in scopes:
        accounts.add_grant(account, Role.ORGANIZER, contest_id)


@transaction
def copy_edition(by: Actor, contest_id: int, facts: ContestFacts, rules: EditionRules) -> int:
    """Make a draft edition like an earlier one: events, divisions, schemes and plans copied.

    Event days move with the first day of the contest.
    """
    earlier = get_contest(contest_id)
    titles = {key: text for key, text in earlier.titles_english.items() if key != earlier.title}
    contest = _added(by, facts, rules, copied_from_id=contest_id, titles_english=titles)
    shift = facts.starts_on - earlier.starts_on
    kept = [event for event in earlier.events if event.state is not EventState.CANCELLED]
    contest.events = [_copied(event, shift) for event in kept]
    db.session.flush()
    after = asdict(facts) | {"copied_from": earlier.code, "events": len(kept)}
    audits.record(by, "copy_edition", "contest", contest.id, contest_id=contest.id, after=after)
    return contest.id


_COPIED = ("code", "title", "occupation", "standard_level", "team_size", "venue", "position")


def _copied(event: Event, shift: timedelta) -> Event:
    return Event(
        **{name: getattr(event, name) for name in _COPIED},
        held_on=event.held_on and event.held_on + shift,
        scheme=event.scheme,
        plan=event.plan,
        divisions=[
            Division(code=d.code, title=d.title, position=d.position) for d in event.divisions
        ],
    )


@transaction
def edit_contest(
    by: Actor,
    contest_id: int,
    version: int | None,
    facts: ContestFacts,
    rules: EditionRules,
    reason: str = "",
) -> int:
    """Change an edition; once it is published, changed rules amend those of every event."""
    contest = locked_contest(contest_id)
    check_version(contest.version, version)
    _check(facts, rules)
    new = asdict(facts)
    before = {name: getattr(contest, name) for name in new}
    amends = contest.state is not ContestState.DRAFT and rules != rules_of(contest)
    if contest.state is not ContestState.DRAFT and before["code"] != facts.code:
        raise Refused(N_("The code of a published edition stands."), field="code")
    if amends:
        refuse_amendment(contest.events, reason)
    before |= {"rules": contest.rules}
    for name, value in new.items():
        setattr(contest, name, value)
    contest.rules = rules.model_dump(mode="json")
    if amends:
        amend_events(by, contest, rules, reason)
    after = new | {"rules": contest.rules, "reason": reason}
    record_change(by, "edit", contest, before, after)
    return contest_id


def amend_events(by: Actor, contest: Contest, rules: EditionRules, reason: str) -> None:
    """Part: keep changed rules of an edition as the next version of each event held under them."""
    for event in contest.events:
        if event.state not in {EventState.DRAFT, EventState.CANCELLED}:
            freeze(by, event, rules, reason)


def change_rules(by: Actor, contest: Contest, changed: EditionRules, reason: str) -> None:
    """Part: store other rules of an edition; once published, as a numbered amendment."""
    published = contest.state is not ContestState.DRAFT
    if published:
        refuse_amendment(contest.events, reason)
    before = {"rules": contest.rules}
    contest.rules = changed.model_dump(mode="json")
    if published:
        amend_events(by, contest, changed, reason)
    record_change(by, "edit_rules", contest, before, {"rules": contest.rules, "reason": reason})


def record_change(
    by: Actor, action: str, contest: Contest, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Part: record what really changed."""
    before = {name: value for name, value in before.items() if after.get(name, value) != value}
    kept = {name: value for name, value in after.items() if name in before or name == "reason"}
    audits.record(
        by, action, "contest", contest.id, contest_id=contest.id, before=before, after=kept
    )
