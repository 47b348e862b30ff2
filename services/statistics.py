"""Counts of editions: kept while the edition is the same, taken anew where something came or went.

What takes long (ages, marks item by item) is counted by the clock only, and says of when it is.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.results import Revision
from models.statistics import EditionTally
from rules.states import EventState, RevisionState
from rules.statistics import Details, Tally
from services import audits
from services.acting import Actor
from services.statistics_counting import contests_counted, count_tallies
from services.statistics_details import count_details
from services.transaction import transaction

OVER = frozenset({EventState.FINAL, EventState.CANCELLED})
# Counting more entries would keep a reader waiting.
MOST_COUNTED_AT_ONCE = 5_000


@dataclass(frozen=True)
class Counted:
    """An edition with its counts; `since` says of when those are that were kept.

    `fresh`: nothing changed since. `live`: counted just now, but for ages and items.
    """

    contest: Contest
    tally: Tally
    details: Details
    since: datetime | None
    fresh: bool
    live: bool


def count_editions(by: Actor) -> int:
    """Count the editions anew that are not as they were; return how many.

    Counting only reads; what it found is written afterwards, so that nobody waits for it.
    """
    prints = fingerprints(None)
    known = dict(
        db.session.execute(select(EditionTally.contest_id, EditionTally.fingerprint)).all()
    )
    changed = [key for key, text in prints.items() if known.get(key) != text]
    for contest_id in changed:
        contest = db.session.get_one(Contest, contest_id)
        tally, details = count_tallies([contest_id])[contest_id], count_details(contest)
        keep_tally(by, contest_id, prints[contest_id], tally, details)
    return len(changed)


@transaction
def keep_tally(by: Actor, contest_id: int, text: str, tally: Tally, details: Details) -> int:
    """Keep what an edition came to."""
    row = db.session.get(EditionTally, contest_id) or EditionTally(contest_id=contest_id)
    row.fingerprint, row.counted_at = text, by.now
    row.tally, row.details = tally.model_dump(mode="json"), details.model_dump(mode="json")
    db.session.add(row)
    after = {"persons": tally.persons, "entries": tally.whole.accepted}
    audits.record(by, "keep_tally", "statistics", contest_id, contest_id=contest_id, after=after)
    return contest_id


def fingerprints(contest_ids: Collection[int] | None) -> dict[int, str]:
    """Return the fingerprints of editions, in two statements.

    Of events that are over the entries stay as they are, and need not be counted again.
    """
    within = _within(contest_ids)
    facts: dict[int, list[Any]] = {}
    entries = (
        select(Event.contest_id, Event.id, Event.state, Entry.state, func.count(Entry.id))
        .join(Contest, Contest.id == Event.contest_id)
        .outerjoin(Entry, and_(Entry.event_id == Event.id, Event.state.not_in(OVER)))
        .where(contests_counted(), *within)
        .group_by(Event.contest_id, Event.id, Event.state, Entry.state)
        .order_by(Event.contest_id, Event.id, Entry.state)
    )
    revisions = (
        select(Event.contest_id, Event.id, func.max(Revision.id), func.count())
        .join(Event, Event.id == Revision.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .where(contests_counted(), Revision.state == RevisionState.SIGNED, *within)
        .group_by(Event.contest_id, Event.id)
        .order_by(Event.contest_id, Event.id)
    )
    for query in (entries, revisions):
        for contest_id, *rest in db.session.execute(query):
            facts.setdefault(contest_id, []).append([str(one) for one in rest])
    return {key: _digest(rows) for key, rows in facts.items()}


def _within(contest_ids: Collection[int] | None) -> list[Any]:
    return [] if contest_ids is None else [Event.contest_id.in_(contest_ids)]


def _digest(rows: list[Any]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def counted(contest: Contest) -> Counted:
    """Return the counts of an edition: those that are kept, or taken now."""
    return counted_many([contest])[0]


def counted_many(contests: Collection[Contest]) -> list[Counted]:
    """Return the counts of several editions; small ones that changed are counted now.

    Of a large one the counts of some minutes ago are shown, until the clock has counted it again.
    """
    ids = [contest.id for contest in contests]
    prints = fingerprints(ids)
    query = select(EditionTally).where(EditionTally.contest_id.in_(ids))
    rows = {row.contest_id: row for row in db.session.scalars(query)}
    same = {key for key, row in rows.items() if row.fingerprint == prints.get(key)}
    known = {key: Tally.model_validate(row.tally) for key, row in rows.items()}
    kept = {
        key: tally
        for key, tally in known.items()
        if key in same or tally.whole.registered > MOST_COUNTED_AT_ONCE
    }
    changed = [key for key in ids if key not in kept]
    taken = count_tallies(changed) if changed else {}
    taken |= kept
    return [
        _counted(one, taken[one.id], rows.get(one.id), one.id in same, one.id in changed)
        for one in contests
    ]


def _counted(
    contest: Contest, tally: Tally, row: EditionTally | None, fresh: bool, live: bool
) -> Counted:
    details = Details.model_validate(row.details) if row else Details()
    return Counted(contest, tally, details, row.counted_at if row else None, fresh, live)


def list_editions(since: int | None = None, until: int | None = None) -> list[Contest]:
    """List the editions of some years that are counted, the oldest first."""
    query = select(Contest).where(contests_counted(), *within(Contest.year, since, until))
    return list(db.session.scalars(query.order_by(Contest.year, Contest.starts_on, Contest.id)))


def within(year: Any, since: int | None, until: int | None) -> list[Any]:
    """Return the conditions that a year lies between two, where they are given."""
    found = [] if since is None else [year >= since]
    return found if until is None else [*found, year <= until]
