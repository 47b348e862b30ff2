"""Pages of a contest above the city's: the list, what is known of one, its events."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.forms import ContestForm, EventForm, FactsForm
from blueprints.web import acting, attempt, attempt_button, may, page_number
from models.provincial import ProvincialContest, ProvincialSlot
from rules.acts import Act
from rules.provincial import CANDIDATES, ENTRANTS, PROVINCIAL_MOVES, ProvincialState, SlotState
from services import (
    provincial,
    provincial_delegations_forms,
    provincial_lists,
    provincial_slots,
    provincial_totals,
)

blueprint = Blueprint("provincial", __name__)
# Which moves are buttons: a contest is entered by its form, and held by its results.
BUTTONS = (ProvincialState.HELD, ProvincialState.CLOSED, ProvincialState.CANCELLED,
           ProvincialState.PREPARING)  # fmt: skip


@blueprint.route("/provincial", methods=["GET"])
@allows(Act.SEE_PROVINCIAL)
def list_contests() -> ResponseReturnValue:
    """List the contests above the city's, the latest first."""
    return _list(ContestForm())


@blueprint.post("/provincial")
@allows(Act.EDIT_PROVINCIAL)
def create() -> ResponseReturnValue:
    """Set a contest up."""
    form = ContestForm()
    form.offer_previous(provincial_lists.list_contests().items)
    if form.validate():
        done = attempt(form, provincial.create, form.new_facts())
        if done:
            return redirect(url_for(".show_contest", provincial_contest_id=done.id), 303)
    return _list(form), 422


def _list(form: ContestForm) -> str:
    page = provincial_lists.list_contests(page_number())
    form.offer_previous(page.items)
    counts = provincial_slots.count_slots([one.id for one in page.items])
    entrants = {
        key: sum(states.get(state, 0) for state in ENTRANTS) for key, states in counts.items()
    }
    return render_template("provincial/list_contests.html", page=page, entrants=entrants, form=form)


@blueprint.get("/provincial/<int:provincial_contest_id>")
@allows(Act.SEE_PROVINCIAL)
def show_contest(provincial_contest_id: int) -> ResponseReturnValue:
    """Show a contest: its facts, its events, and where it stands."""
    return _page(provincial_contest_id, EventForm())


def _page(contest_id: int, form: EventForm) -> str:
    form.offer()
    contest = provincial.get_contest(contest_id)
    slots = provincial_slots.list_slots([one.id for one in contest.events])
    preparing = contest.state is ProvincialState.PREPARING
    return render_template(
        "provincial/show_contest.html",
        contest=contest,
        form=form,
        slots=slots,
        steps=_steps(contest, slots),
        lacks=provincial_delegations_forms.lacks(contest, acting()) if preparing else [],
        totals=provincial_totals.totals_of(contest, slots),
        moves=[one for one in BUTTONS if one in PROVINCIAL_MOVES[contest.state]],
    )


def _steps(contest: ProvincialContest, slots: Sequence[ProvincialSlot]) -> list[dict[str, Any]]:
    """Say how far the way of the entrants has come; the first that is open is what is next."""
    own: dict[str, Any] = {"provincial_contest_id": contest.id}
    states = {one.state for one in slots}
    trained = bool(states - {SlotState.SELECTED, SlotState.WITHDRAWN})
    sent = contest.state not in (ProvincialState.PREPARING, ProvincialState.CANCELLED)
    held = contest.state in (ProvincialState.HELD, ProvincialState.CLOSED)
    camps = url_for(".list_camps", **own) if may(Act.EDIT_PROVINCIAL) else None
    ways = (
        (gettext("Candidates of the event"), bool(slots), None),
        (gettext("Training"), trained, camps),
        (gettext("Naming"), trained and not states & {*CANDIDATES}, None),
        (gettext("Form sent"), sent, url_for(".show_form", **own)),
        (gettext("Results"), held, url_for(".show_results", **own)),
        (
            gettext("Prizes of the city"),
            contest.carrier_id is not None,
            url_for(".show_prizes", **own),
        ),
    )
    current = next((place for place, (_, done, _url) in enumerate(ways) if not done), len(ways))
    return [
        {"title": title, "url": url, "state": _state(done, place == current)}
        for place, (title, done, url) in enumerate(ways)
    ]


def _state(done: bool, is_current: bool) -> str:
    if done:
        return "done"
    return "current" if is_current else "todo"


@blueprint.route("/provincial/<int:provincial_contest_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def edit_contest(provincial_contest_id: int) -> ResponseReturnValue:
    """Change what is known of a contest."""
    contest = provincial.get_contest(provincial_contest_id)
    form = FactsForm(obj=contest)
    form.offer()
    if form.validate_on_submit():
        facts = form.facts(contest.code)
        if attempt(form, provincial.edit, contest.id, form.base_version, facts):
            flash(gettext("Saved."), "success")
            return back_to(contest.id)
    page = render_template("provincial/edit_contest.html", contest=contest, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/provincial/<int:provincial_contest_id>/state")
@allows(Act.EDIT_PROVINCIAL)
def move(provincial_contest_id: int) -> ResponseReturnValue:
    """Say that a contest was held, is settled, or does not take place."""
    wanted = {one.value: one for one in BUTTONS}
    state = wanted.get(request.form.get("state", "")) or abort(400)
    reason = request.form.get("reason", "").strip()
    if attempt_button(provincial.move, provincial_contest_id, state, reason=reason):
        flash(gettext("Saved."), "success")
    return back_to(provincial_contest_id)


@blueprint.post("/provincial/<int:provincial_contest_id>/events")
@allows(Act.EDIT_PROVINCIAL)
def add_event(provincial_contest_id: int) -> ResponseReturnValue:
    """Add an event."""
    form = EventForm()
    form.offer()
    act = provincial.add_event
    if form.validate() and attempt(form, act, provincial_contest_id, form.facts()):
        return back_to(provincial_contest_id)
    return _page(provincial_contest_id, form), 422


def back_to(contest_id: int) -> ResponseReturnValue:
    """Return to the page of a contest."""
    return redirect(url_for(".show_contest", provincial_contest_id=contest_id), 303)
