"""From draft to archive: what keeps an edition from publication, and the acts that move it on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import delete, or_, select, update

from models.accounts import Account, RoleGrant
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, ImportBatch
from models.judging import PanelSeat
from rules.data import InvalidRules
from rules.editions import (
    EditionOutline,
    EventOutline,
    event_blockers,
    line_problems,
    publication_blockers,
    publication_hints,
)
from rules.refusals import Refused
from rules.states import CONTEST_MOVES, EVENT_MOVES, ContestState, EventState, moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.contests import get_event, locked_contest, plan_of, rules_of, scheme_of
from services.rule_versions import freeze
from services.transaction import transaction

OVER = frozenset({EventState.FINAL, EventState.CANCELLED})


def outline_of(contest: Contest) -> EditionOutline:
    """Return an edition as the rules of publication see it; cancelled events do not count."""
    events = [event for event in contest.events if event.state is not EventState.CANCELLED]
    return replace(_frame_of(contest), events=[_event_outline(event) for event in events])


def _frame_of(contest: Contest) -> EditionOutline:
    """Return the outline of an edition without its events."""
    return EditionOutline(
        sponsors=contest.sponsors,
        entry_opens_on=contest.entry_opens_on,
        entry_closes_on=contest.entry_closes_on,
        starts_on=contest.starts_on,
        ends_on=contest.ends_on,
        rules=rules_of(contest),
    )


def _event_outline(event: Event) -> EventOutline:
    return EventOutline(
        title=event.title,
        divisions=len(event.divisions),
        held_on=event.held_on,
        venue=event.venue,
        scheme=scheme_of(event),
        plan=plan_of(event),
        team_size=event.team_size,
        codes=[division.code for division in event.divisions],
    )


def list_blockers(contest: Contest, today: date) -> list[Refused]:
    """List what must be mended before the edition can be published."""
    return publication_blockers(outline_of(contest), today)


def list_event_blockers(event: Event) -> list[Refused]:
    """List what must be mended before an event that is still a draft can be published."""
    if event.state is not EventState.DRAFT:
        return []
    return list(event_blockers(_frame_of(event.contest), _event_outline(event)))


def look_over(contest: Contest, today: date) -> tuple[list[Refused], list[Refused]]:
    """List what keeps the edition from publication, and what may well be given before it."""
    outline = outline_of(contest)
    return publication_blockers(outline, today), list(publication_hints(outline))


@transaction
def publish(by: Actor, contest_id: int) -> int:
    """Publish an edition and freeze the rules of its events; refuse with every blocker."""
    contest = locked_contest(contest_id)
    state = moved(CONTEST_MOVES, contest.state, ContestState.PUBLISHED)
    blockers = list_blockers(contest, by.today)
    if blockers:
        raise InvalidRules(blockers)
    contest.state, contest.published_at = state, by.now
    drafts = [event for event in contest.events if event.state is EventState.DRAFT]
    digests = {event.code: _publish_event(by, contest, event) for event in drafts}
    audits.record(
        by, "publish", "contest", contest_id, contest_id=contest_id, after={"digests": digests}
    )
    return contest_id


def _publish_event(by: Actor, contest: Contest, event: Event) -> str:
    event.state = moved(EVENT_MOVES, event.state, EventState.REGISTERING)
    return freeze(by, event, rules_of(contest)).digest


@transaction
def publish_event(by: Actor, event_id: int) -> int:
    """Publish an event that was added to a published edition."""
    event = get_event(event_id)
    contest = locked_contest(event.contest_id)
    if contest.state is not ContestState.PUBLISHED:
        raise Refused(N_("Publish the edition first; its events follow."))
    blockers = list(event_blockers(_frame_of(contest), _event_outline(event)))
    blockers += line_problems(outline_of(contest))
    if blockers:
        raise InvalidRules(blockers)
    digest = _publish_event(by, contest, event)
    after = {"digest": digest}
    audits.record(by, "publish", "event", event_id, contest_id=contest.id, after=after)
    return event_id


@transaction
def archive(by: Actor, contest_id: int) -> int:
    """Put an edition away when each of its events is final or cancelled."""
    contest = locked_contest(contest_id)
    state = moved(CONTEST_MOVES, contest.state, ContestState.ARCHIVED)
    waiting = [event.title for event in contest.events if event.state not in OVER]
    if waiting:
        raise Refused(N_("These events are not final yet: %(events)s"), events="、".join(waiting))
    contest.state = state
    audits.record(by, "archive", "contest", contest_id, contest_id=contest_id)
    return contest_id


@transaction
def remove_contest(by: Actor, contest_id: int) -> int:
    """Delete an edition that was never published and has no entries; the record names what went."""
    contest = locked_contest(contest_id)
    if contest.state is not ContestState.DRAFT:
        raise Refused(N_("A published edition cannot be deleted."))
    events = [event.id for event in contest.events]
    if db.session.scalar(select(Entry.id).where(Entry.event_id.in_(events)).limit(1)):
        raise Refused(N_("This edition has entries."))
    before = {
        "title": contest.title,
        "code": contest.code,
        "year": contest.year,
        "events": [event.title for event in contest.events],
        "roles": _take_back_roles(contest_id, events),
    }
    for statement in (
        delete(PanelSeat).where(PanelSeat.event_id.in_(events)),
        delete(ImportBatch).where(ImportBatch.contest_id == contest_id),
        update(Contest).where(Contest.copied_from_id == contest_id).values(copied_from_id=None),
    ):
        db.session.execute(statement)
    for event in contest.events:
        db.session.delete(event)
    db.session.flush()
    db.session.delete(contest)
    db.session.flush()
    audits.record(by, "remove", "contest", contest_id, contest_id=contest_id, before=before)
    return contest_id


def _take_back_roles(contest_id: int, events: Sequence[int]) -> list[str]:
    """Delete the roles that held for this edition only; return whose they were."""
    held = or_(RoleGrant.contest_id == contest_id, RoleGrant.event_id.in_(events))
    owners = select(Account.username).where(Account.grants.any(held)).order_by(Account.username)
    names = list(db.session.scalars(owners))
    db.session.execute(delete(RoleGrant).where(held))
    return names


def is_over(contest: Contest) -> bool:
    """Say whether each event of a published edition is final or cancelled."""
    published = contest.state is ContestState.PUBLISHED
    return published and all(event.state in OVER for event in contest.events)
