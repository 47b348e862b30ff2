"""Pages of a contest above the city's: set up, form, results, prizes."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.forms import ContestForm, EventForm, ResultForm
from blueprints.web import XLSX, acting, attempt, attempt_button, download, files_dir, page_number
from rules.acts import Act
from rules.provincial import ENTRANTS, ProvincialState
from services import (
    provincial,
    provincial_delegations_forms,
    provincial_exchange,
    provincial_lists,
    provincial_prizes,
    provincial_results,
    provincial_slots,
    provincial_totals,
)

blueprint = Blueprint("provincial", __name__)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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
    form.offer()
    if form.validate():
        done = attempt(form, provincial.create, form.facts())
        if done:
            return redirect(url_for(".show_contest", provincial_contest_id=done.id), 303)
    return _list(form), 422


def _list(form: ContestForm) -> str:
    form.offer()
    page = provincial_lists.list_contests(page_number())
    counts = provincial_slots.count_slots([one.id for one in page.items])
    entrants = {
        key: sum(states.get(state, 0) for state in ENTRANTS) for key, states in counts.items()
    }
    return render_template("provincial/list_contests.html", page=page, entrants=entrants, form=form)


@blueprint.get("/provincial/<int:provincial_contest_id>")
@allows(Act.SEE_PROVINCIAL)
def show_contest(provincial_contest_id: int) -> ResponseReturnValue:
    """Show a contest: its events, what is lacking, what was sent, results and prizes."""
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
        lacks=provincial_delegations_forms.lacks(contest, acting()) if preparing else [],
        forms=provincial_delegations_forms.list_forms(contest_id),
        totals=provincial_totals.totals_of(contest, slots),
        prized=provincial_prizes.list_prized(contest, slots),
    )


@blueprint.post("/provincial/<int:provincial_contest_id>/events")
@allows(Act.EDIT_PROVINCIAL)
def add_event(provincial_contest_id: int) -> ResponseReturnValue:
    """Add an event."""
    form = EventForm()
    form.offer()
    act = provincial.add_event
    if form.validate() and attempt(form, act, provincial_contest_id, form.facts()):
        return _back(provincial_contest_id)
    return _page(provincial_contest_id, form), 422


def _back(contest_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_contest", provincial_contest_id=contest_id), 303)


@blueprint.post("/provincial/<int:provincial_contest_id>/form")
@allows(Act.EDIT_PROVINCIAL)
def send_form(provincial_contest_id: int) -> ResponseReturnValue:
    """Send the entry form: from now on it is frozen."""
    if attempt_button(provincial_delegations_forms.send_form, provincial_contest_id, files_dir()):
        flash(gettext("The form is kept as it was sent."), "success")
    return _back(provincial_contest_id)


@blueprint.get("/provincial-forms/<int:provincial_form_id>/<string:kind>")
@allows(Act.SEE_PROVINCIAL_FORM)
def download_form(provincial_form_id: int, kind: str) -> ResponseReturnValue:
    """Take a copy of a form as sent: Word, spreadsheet, or exchange file."""
    if kind not in ("word", "table", "entries", "entries-table"):
        abort(404)
    form = provincial_delegations_forms.get_form(provincial_form_id)
    stem = f"{form.contest.title}-{form.number}"
    if kind.startswith("entries"):
        data = provincial_exchange.entries_file(form.id, as_table=kind != "entries")
    else:
        data = provincial_delegations_forms.file_of(form, kind, files_dir())
    provincial_delegations_forms.record_form_download(acting(), form.id)
    ends = {
        "word": ("docx", WORD),
        "table": ("xlsx", XLSX),
        "entries": ("json", "application/json"),
        "entries-table": ("xlsx", XLSX),
    }
    return download(data, f"{stem}.{ends[kind][0]}", ends[kind][1])


@blueprint.route("/provincial-slots/<int:provincial_slot_id>/result", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def record_result(provincial_slot_id: int) -> ResponseReturnValue:
    """Type a result from the organiser's paper."""
    slot = provincial_slots.get_slot(provincial_slot_id)
    form = ResultForm()
    form.offer()
    act = provincial_results.record_result
    if form.validate_on_submit() and attempt(form, act, slot.id, form.facts()):
        return _back(slot.event.contest_id)
    page = render_template("provincial/record_result.html", slot=slot, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/provincial/<int:provincial_contest_id>/results")
@allows(Act.DECIDE_PROVINCIAL)
def confirm_results(provincial_contest_id: int) -> ResponseReturnValue:
    """Confirm all recorded results as a second person."""
    contest = provincial.get_contest(provincial_contest_id)
    slots = provincial_slots.list_slots([one.id for one in contest.events])
    attempt_button(
        provincial_results.confirm_results, provincial_contest_id, [one.id for one in slots]
    )
    return _back(provincial_contest_id)


@blueprint.post("/provincial/<int:provincial_contest_id>/prizes")
@allows(Act.DECIDE_PROVINCIAL)
def give_prizes(provincial_contest_id: int) -> ResponseReturnValue:
    """Sign the lists of the city's prizes."""
    if attempt_button(provincial_prizes.give_prizes_out, provincial_contest_id):
        flash(gettext("The lists of prizes are signed; notice and payment follow."), "success")
    return _back(provincial_contest_id)
