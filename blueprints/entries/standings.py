"""On whose behalf the reader enters, and what the address asks of a list."""

from flask import abort, request
from flask_babel import gettext

from blueprints.access import current_holder, require_holder
from blueprints.web import page_number, sorting, today, translated
from models.contests import Contest
from rules import access
from rules.access import Place, Role
from rules.acts import Act
from rules.states import ContestState, EntryState, EventState
from services import entries
from services.entries import Standing
from services.entries_lists import EntryQuery

SIZES = (25, 50, 100)
REVIEWERS = frozenset({Role.ORGANIZER, Role.BUREAU_STAFF})


def own_standing() -> Standing:
    """Return for whom the reader stands where he is no official."""
    holder = require_holder()
    if holder.has(Role.EMPLOYER):
        return Standing(employer_id=holder.employer_id)
    if holder.has(Role.CONTESTANT):
        return Standing(is_contestant=True, person_id=holder.person_id)
    return Standing()


def standing_at(contest_id: int, event_id: int | None = None) -> Standing:
    """Return for whom the reader enters in a contest: an organizer for everybody."""
    place = Place(contest_id=contest_id, event_id=event_id)
    if access.allowed(Act.REVIEW_ENTRY, current_holder(), place):
        return Standing(is_official=True)
    return own_standing()


def sees_all(contest_id: int, event_id: int | None = None) -> bool:
    """Say whether the reader sees everybody's entries of a contest."""
    holder, place = require_holder(), Place(contest_id=contest_id, event_id=event_id)
    return any(grant.role in REVIEWERS and access.covers(grant, place) for grant in holder.grants)


def reader_of(contest_id: int) -> Standing:
    """Return whose entries of a contest the reader sees."""
    return Standing(is_official=True) if sees_all(contest_id) else own_standing()


def why_closed(contest: Contest, standing: Standing) -> str:
    """Say why no event of the contest takes entries; nothing when one does."""
    problems = [
        entries.window_of(event, standing.is_official).problem(today())
        for event in contest.events
        if event.state is not EventState.CANCELLED
    ]
    if not problems:
        return str(gettext("This contest has no events yet."))
    if contest.state is ContestState.DRAFT:
        return str(gettext("Entries begin once the contest is published."))
    first = problems[0]
    return translated(first) if first is not None and all(problems) else ""


def page_size() -> int:
    """Return how many rows a page shows."""
    size = request.args.get("per_page", 50, type=int)
    return size if size in SIZES else 50


def asked() -> EntryQuery:
    """Read from the address what the reader asks of a list of entries."""
    args = request.args
    state = args.get("state", "")
    sort, descending = sorting()
    return EntryQuery(
        q=" ".join(args.get("q", "").split())[:60],
        event_id=_id("event"),
        division=args.get("division", "")[:40],
        state=EntryState(state) if state in set(EntryState) else None,
        employer_id=_id("employer"),
        sort=sort,
        descending=descending,
        page=page_number(),
        size=page_size(),
    )


def _id(name: str) -> int | None:
    value = request.args.get(name, type=int)
    return value if value and 0 < value < 2**31 else None


def refuse_strangers(standing: Standing) -> None:
    """Answer 403 to an account that stands for nobody."""
    if standing == Standing():
        abort(403)
