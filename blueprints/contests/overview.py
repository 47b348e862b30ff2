"""Where an edition or an event stands, and the pages that belong to it."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext

from blueprints.access import current_holder
from blueprints.web import translated
from models.contests import Contest, Event
from rules import access
from rules.access import Place
from rules.acts import Act
from rules.states import ContestState, EventState
from rules.texts import N_
from services import contests, rule_versions

ORDER = (
    EventState.DRAFT,
    EventState.REGISTERING,
    EventState.DRAWN,
    EventState.SCORING,
    EventState.REVIEW,
    EventState.SIGNED,
    EventState.NOTICE,
    EventState.FINAL,
)
# A step is done once an event has reached the state.
STEPS = (
    (N_("Preparation"), EventState.REGISTERING),
    (N_("Entries and draw"), EventState.DRAWN),
    (N_("Judges seated"), EventState.SCORING),
    (N_("Marking"), EventState.REVIEW),
    (N_("Results"), EventState.SIGNED),
    (N_("Notice period"), EventState.FINAL),
)

Line = tuple[str, str, Act]
CONTEST_TABS: tuple[Line, ...] = (
    ("contests.show_contest", N_("Overview"), Act.SEE_CONTESTS),
    ("entries.list_entries", N_("Entries"), Act.SEE_ENTRIES),
    ("awards.list_awards", N_("Awards"), Act.SEE_AWARDS),
    ("awards.list_shares", N_("Shares"), Act.SEE_AWARDS),
    ("awards.show_prizes", N_("Prizes for employers"), Act.SEE_AWARDS),
    ("awards.list_levels", N_("Skill levels"), Act.SEE_AWARDS),
    ("levels.list_lists", N_("Level lists"), Act.SEE_LEVEL_LISTS),
    ("documents.list_documents", N_("Documents"), Act.SEE_DOCUMENTS),
    ("statistics.show_edition", N_("Report of the edition"), Act.SEE_EDITION_REPORT),
)
# The pages of an event by what they are about: a tab for each subject, its pages below it.
EVENT_TABS: tuple[tuple[str, tuple[Line, ...]], ...] = (
    (N_("Overview"), (("contests.show_event", N_("Overview"), Act.SEE_EVENT),)),
    (N_("Marking scheme"), (("contests.show_scheme", N_("Marking scheme"), Act.SEE_EVENT),)),
    (
        N_("Judges"),
        (
            ("judging.show_panel", N_("Panel of judges"), Act.SEAT_JUDGES),
            ("judges.show_conflicts", N_("Conflicts"), Act.SEE_CONFLICTS),
        ),
    ),
    (
        N_("Draw and attendance"),
        (
            ("judging.attendance", N_("Attendance"), Act.RECORD_ATTENDANCE),
            ("layers.show_codes", N_("Codes"), Act.SEE_CODES),
            ("halls.list_lots", N_("Hall draws"), Act.SEE_LOTS),
            ("halls.show_hall", N_("Hall"), Act.RUN_HALL),
        ),
    ),
    (
        N_("Marking"),
        (
            ("judging.progress", N_("Progress"), Act.SEE_PROGRESS),
            ("control.show", N_("Control room"), Act.SEE_PROGRESS),
            ("papers.show_papers", N_("Paper sheets"), Act.SEE_PAPERS),
            ("signoffs.show", N_("Sign-off"), Act.SEE_SIGNOFF),
        ),
    ),
    (
        N_("Results"),
        (
            ("results.show_results", N_("Results"), Act.SEE_RESULTS),
            ("appeals.list_appeals", N_("Appeals"), Act.SEE_APPEALS),
            ("appeals.list_rulings", N_("Rulings"), Act.CARRY_OUT_RULING),
            ("boards.show_ceremony", N_("Ceremony"), Act.SEE_CEREMONY),
            ("statistics.show_event", N_("Report of the event"), Act.SEE_EVENT_REPORT),
        ),
    ),
)
# What usually comes next for an event in this state.
NEXT: dict[EventState, Line] = {
    EventState.REGISTERING: ("judging.show_panel", N_("Seat the judges"), Act.SEAT_JUDGES),
    EventState.DRAWN: ("judging.attendance", N_("Record attendance"), Act.RECORD_ATTENDANCE),
    EventState.SCORING: ("judging.progress", N_("Follow the scoring"), Act.SEE_PROGRESS),
    EventState.REVIEW: ("results.show_results", N_("Compute results"), Act.SEE_RESULTS),
    EventState.SIGNED: ("results.show_results", N_("See the results"), Act.SEE_RESULTS),
    EventState.NOTICE: ("results.show_results", N_("See the results"), Act.SEE_RESULTS),
    EventState.FINAL: ("results.show_results", N_("See the results"), Act.SEE_RESULTS),
}


def steps_of(state: ContestState, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return the steps of an edition or event as the steps macro wants them."""
    reached = [ORDER.index(event.state) for event in events if event.state in ORDER]
    items: list[dict[str, Any]] = []
    current = False
    for title, goal in STEPS:
        done = sum(place >= ORDER.index(goal) for place in reached)
        ready = bool(reached) and done == len(reached) and state is not ContestState.DRAFT
        state_of_step = "done" if ready else "todo" if current else "current"
        current = current or not ready
        items.append({"title": gettext(title), "state": state_of_step})
        if len(reached) > 1 and state_of_step == "current" and state is not ContestState.DRAFT:
            items[-1]["note"] = gettext("%(done)s of %(all)s events", done=done, all=len(reached))
    last = "todo" if current else "done" if state is ContestState.ARCHIVED else "current"
    return [*items, {"title": gettext("Certificates"), "state": last}]


def contest_tabs(contest_id: int, active: str) -> list[dict[str, Any]]:
    """Return the pages of an edition that the reader may see; `active` is an endpoint."""
    return _tabs(CONTEST_TABS, Place(contest_id=contest_id), active, contest_id=contest_id)


def event_tabs(contest_id: int, event_id: int, active: str) -> list[dict[str, Any]]:
    """Return the subjects of an event with the pages that the reader may see.

    `active` is an endpoint; the tab of its subject holds all pages of the subject.
    """
    place = Place(contest_id=contest_id, event_id=event_id)
    found = []
    for title, lines in EVENT_TABS:
        pages = _tabs(lines, place, active, event_id=event_id)
        if pages:
            here = any(page["active"] for page in pages)
            # One page needs no second row, and then its own name says more.
            name = gettext(title) if len(pages) > 1 else pages[0]["title"]
            tab = {"title": name, "url": pages[0]["url"], "active": here}
            found.append(tab | {"pages": pages if len(pages) > 1 else []})
    return found


def _tabs(
    lines: Sequence[Line], place: Place, active: str, **arguments: Any
) -> list[dict[str, Any]]:
    return [
        {
            "title": gettext(title),
            "url": url_for(endpoint, **arguments),
            "active": endpoint == active,
        }
        for endpoint, title, act in lines
        if is_open(endpoint, act, place)
    ]


def is_open(endpoint: str, act: Act, place: Place) -> bool:
    """Say whether a page exists and the reader may see it for this place."""
    known = endpoint in current_app.view_functions
    return known and access.allowed(act, current_holder(), place)


def next_step(event: Event) -> dict[str, str] | None:
    """Return the page where an event goes on, if it is open to the reader."""
    line = NEXT.get(event.state)
    place = Place(contest_id=event.contest_id, event_id=event.id)
    if line is None or not is_open(line[0], line[2], place):
        return None
    return {"title": gettext(line[1]), "url": url_for(line[0], event_id=event.id)}


def contest_crumbs(contest: Contest | None = None) -> list[tuple[str, str]]:
    """Return the way back from a page of an edition."""
    crumbs = [(gettext("Contests"), url_for("contests.list_contests"))]
    if contest is not None:
        url = url_for("contests.show_contest", contest_id=contest.id)
        crumbs.append((contest.title, url))
    return crumbs


def event_crumbs(event: Event) -> list[tuple[str, str]]:
    """Return the way back from a page of an event."""
    url = url_for("contests.show_event", event_id=event.id)
    return [*contest_crumbs(event.contest), (event.title, url)]


def around(event_id: int) -> dict[str, Any]:
    """Return what every page that edits a scheme shows."""
    event = contests.get_event(event_id)
    crumbs = event_crumbs(event)
    crumbs.append((gettext("Marking scheme"), url_for("contests.show_scheme", event_id=event_id)))
    published = event.state is not EventState.DRAFT
    why = rule_versions.why_fixed(event)
    said = "" if why is None else translated(why)
    return {"event": event, "published": published, "why_fixed": said, "crumbs": crumbs}
