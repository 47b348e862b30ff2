"""Lists of entries and the page of one entry."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.access import allows, require_holder
from blueprints.entries.standings import (
    asked,
    own_standing,
    reader_of,
    refuse_strangers,
    standing_at,
    why_closed,
)
from blueprints.labels import label
from blueprints.web import action_title, may, today
from models.entries import Entry
from rules import access
from rules.access import Role
from rules.acts import Act
from rules.identity import IdKind, mask_id
from rules.states import EntryState
from services import (
    audits,
    contests,
    entries,
    entries_lists,
    levels_lists,
    results_explaining,
)
from services.entries import Standing

blueprint = Blueprint("entries", __name__)
blueprint.add_app_template_filter(mask_id, "masked_id")
TONES = {"accept": "good", "return": "bad", "reject": "bad", "withdraw": "warn"}


@blueprint.app_template_filter()
def id_kind_title(kind: str) -> str:
    """Say a kind of document in the reader's language."""
    return label(IdKind(kind)) if kind in set(IdKind) else kind


@blueprint.get("/contests/<int:contest_id>/entries")
@allows(Act.SEE_ENTRIES)
def list_entries(contest_id: int) -> ResponseReturnValue:
    """The entries of a contest; employers and contestants see their own."""
    reader = reader_of(contest_id)
    refuse_strangers(reader)
    contest = contests.get_outline(contest_id)
    divisions = dict.fromkeys(d.title for event in contest.events for d in event.divisions)
    return render_template(
        "entries/list_entries.html",
        edition=contest,
        page=entries_lists.list_entries(contest_id, asked(), reader),
        counts=entries_lists.count_states(contest_id, reader),
        divisions=list(divisions),
        states=list(EntryState),
        is_official=reader.is_official,
        may_review=standing_at(contest_id).is_official,
        closed=why_closed(contest, standing_at(contest_id)),
    )


@blueprint.get("/entries")
@allows(Act.SEE_OWN_ENTRIES)
def list_own() -> ResponseReturnValue:
    """One's own entries, first those that need something done."""
    standing = own_standing()
    return render_template(
        "entries/list_own.html",
        page=entries_lists.list_own(standing, asked()),
        counts=entries_lists.count_own(standing),
        states=list(EntryState),
        employer_id=standing.employer_id,
        todo=lambda entry: _todo(entry, standing),
    )


def _todo(entry: Entry, standing: Standing) -> str:
    """Say what one's own entry waits for."""
    problem = entries.window_of(entry.event, False).edit_problem(entry.state, today())
    if entry.state is EntryState.RETURNED and problem is None:
        return "mend"
    return {
        EntryState.SUBMITTED: "wait",
        EntryState.ACCEPTED: "come",
        EntryState.REJECTED: "rejected",
    }.get(entry.state, "none")


@blueprint.get("/entries/open")
@allows(Act.ENTER)
def list_open() -> ResponseReturnValue:
    """The contests and events that take entries today."""
    holder = require_holder()
    within = access.contests_of(holder, access.roles_of(Act.ENTER))
    officials = access.contests_of(holder, {Role.ORGANIZER})
    found = entries_lists.list_open(today(), within, officials)
    events = [event.id for contest in found for event in contest.events]
    return render_template(
        "entries/list_open.html",
        open_contests=found,
        counts=entries_lists.count_events(events),
        own=entries_lists.count_events(events, own_standing()),
        is_official=lambda contest: standing_at(contest.id).is_official,
    )


@blueprint.get("/entries/<int:entry_id>")
@allows(Act.SEE_ENTRY)
def show_entry(entry_id: int) -> ResponseReturnValue:
    """One entry, what can be done with it, and its history."""
    entry = entries.get_entry(entry_id)
    standing = standing_at(entry.event.contest_id, entry.event_id)
    return render_template("entries/show_entry.html", **entry_page(entry, standing))


def entry_page(entry: Entry, standing: Standing) -> dict[str, object]:
    """Return what the page of an entry shows."""
    window = entries.window_of(entry.event, standing.is_official)
    is_owner = standing != Standing()
    moves = window.is_registering and is_owner
    return {
        "entry": entry,
        "may_edit": is_owner and window.edit_problem(entry.state, today()) is None,
        "edit_problem": window.edit_problem(entry.state, today()),
        "may_withdraw": moves
        and entry.state in {EntryState.SUBMITTED, EntryState.RETURNED, EntryState.ACCEPTED},
        "may_enter_again": is_owner
        and entry.state is EntryState.WITHDRAWN
        and window.problem(today()) is None,
        "may_review": standing.is_official
        and window.is_registering
        and entry.state not in {EntryState.REJECTED, EntryState.WITHDRAWN},
        "own_result": may(Act.SEE_OWN_RESULT) and results_explaining.find_own(entry.id) is not None,
        "levels": levels_lists.ways_of(entry.id),
        "history": _history(entry.id),
    }


def _history(entry_id: int) -> list[dict[str, object]]:
    """Return the record of an entry as the timeline wants it, newest first."""
    records = audits.list_latest(50, "entry", entry_id)
    return [
        {
            "at": record.at,
            "who": record.account.title if record.account else None,
            "text": action_title(record.action),
            "detail": (record.after or {}).get("reason"),
            "tone": TONES.get(record.action, "neutral"),
        }
        for record in records
    ]
