"""Enter, change, withdraw."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.entries.forms import EntryForm, known_people
from blueprints.entries.standings import refuse_strangers, standing_at
from blueprints.entries.views import blueprint
from blueprints.web import attempt, attempt_button, today, translated
from models.contests import Event
from models.entries import Entry
from models.people import Person
from rules.acts import Act
from rules.refusals import Missing
from rules.states import ContestState
from services import contests, entries, people, people_employers
from services.entries import Standing


@blueprint.route("/events/<int:event_id>/enter", methods=["GET", "POST"])
@allows(Act.ENTER)
def enter(event_id: int) -> ResponseReturnValue:
    """Enter a person or team in an event."""
    event = contests.get_event(event_id)
    standing = standing_at(event.contest_id, event_id)
    if not standing.is_official and event.contest.state is ContestState.DRAFT:
        raise Missing(event_id)
    problem = entries.window_of(event, standing.is_official).problem(today())
    form, own = _form(event, standing), _own_person(standing)
    if not form.is_submitted():
        _prefill(form, own)
        return _page(form, event, standing, own, closed=translated(problem) if problem else None)
    known = known_people(None, standing, own, event.team_size)
    valid = form.validate()
    if form.check_people(today(), known) and valid:
        done = attempt(form, entries.enter, event_id, standing, form.draft())
        if done:
            flash(gettext("Entered. The organizer reviews the entry next."), "success")
            return redirect(url_for(".show_entry", entry_id=done.id), 303)
    return _page(form, event, standing, own), 422


@blueprint.route("/entries/<int:entry_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_ENTRY)
def edit_entry(entry_id: int) -> ResponseReturnValue:
    """Correct an entry; a returned one is handed in again."""
    entry = entries.get_entry(entry_id)
    standing = standing_at(entry.event.contest_id, entry.event_id)
    problem = entries.window_of(entry.event, standing.is_official).edit_problem(
        entry.state, today()
    )
    if problem is not None:
        flash(translated(problem), "warning")
        return redirect(url_for(".show_entry", entry_id=entry_id), 303)
    form = _form(entry.event, standing, len(entry.members))
    if not form.is_submitted():
        form.show(entry)
        return _page(form, entry.event, standing, None, entry)
    return _save(form, entry, standing)


def _save(form: EntryForm, entry: Entry, standing: Standing) -> ResponseReturnValue:
    entry_id, event = entry.id, entry.event
    known = known_people(entry, standing, None, event.team_size)
    valid = form.validate()
    if form.check_people(today(), known) and valid:
        draft, version = form.draft(), form.base_version
        done = attempt(form, entries.edit, entry_id, standing, version, draft)
        if done:
            flash(gettext("The entry is saved."), "success")
            return redirect(url_for(".show_entry", entry_id=entry_id), 303)
    entry = entries.get_entry(entry_id)
    return _page(form, entry.event, standing, None, entry), 422


def _form(event: Event, standing: Standing, stored: int = 0) -> EntryForm:
    refuse_strangers(standing)
    form = EntryForm()
    divisions = [(division.id, division.title) for division in event.divisions]
    employers = people_employers.employer_choices() if standing.is_official else []
    form.offer(divisions, employers, event.team_size, stored)
    return form


def _own_person(standing: Standing) -> Person | None:
    return people.get_person(standing.person_id) if standing.person_id else None


def _prefill(form: EntryForm, own: Person | None) -> None:
    if own is not None and len(form.members):
        form.members[0].form.show(own)


def _page(
    form: EntryForm,
    event: Event,
    standing: Standing,
    own: Person | None,
    entry: Entry | None = None,
    closed: str | None = None,
) -> str:
    stored = known_people(entry, standing, own, event.team_size)
    # A contestant's own identity is not typed: it stands in the account.
    me = standing.person_id if standing.is_contestant else None
    fixed = [person is not None and person.id == me for person in stored]
    return render_template(
        "entries/enter.html",
        form=form,
        event=event,
        entry=entry,
        stored=stored,
        fixed=fixed,
        is_official=standing.is_official,
        closed=closed,
    )


@blueprint.post("/entries/<int:entry_id>/withdraw")
@allows(Act.EDIT_ENTRY)
def withdraw(entry_id: int) -> ResponseReturnValue:
    """Take an entry back."""
    entry = entries.get_entry(entry_id)
    standing = standing_at(entry.event.contest_id, entry.event_id)
    if attempt_button(entries.withdraw, entry_id, standing):
        flash(gettext("The entry is withdrawn."), "success")
    return redirect(url_for(".show_entry", entry_id=entry_id), 303)


@blueprint.post("/entries/<int:entry_id>/enter-again")
@allows(Act.EDIT_ENTRY)
def enter_again(entry_id: int) -> ResponseReturnValue:
    """Hand in a withdrawn entry again."""
    entry = entries.get_entry(entry_id)
    standing = standing_at(entry.event.contest_id, entry.event_id)
    if attempt_button(entries.enter_again, entry_id, standing):
        flash(gettext("Entered again. The organizer reviews the entry next."), "success")
    return redirect(url_for(".show_entry", entry_id=entry_id), 303)
