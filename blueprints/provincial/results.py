"""Pages of results: recorded with their proof, confirmed by a second person, prizes of the city."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.result_forms import ResultForm
from blueprints.provincial.views import blueprint
from blueprints.web import attempt, attempt_button, files_dir
from rules.acts import Act
from rules.provincial import SENT, FilePurpose, ProvincialState, ResultState
from services import (
    provincial,
    provincial_delegations_files,
    provincial_prizes,
    provincial_results,
    provincial_slots,
)
from services.attachments import Upload


@blueprint.get("/provincial/<int:provincial_contest_id>/results")
@allows(Act.SEE_PROVINCIAL)
def show_results(provincial_contest_id: int) -> ResponseReturnValue:
    """Show the results of all entries with their proof, and which wait for a second person."""
    contest = provincial.get_contest(provincial_contest_id)
    slots = provincial_slots.list_slots([one.id for one in contest.events], SENT)
    return render_template(
        "provincial/show_results.html",
        contest=contest,
        slots=slots,
        scans={
            one.id: one
            for one in provincial_delegations_files.list_files(contest.id)
            if one.purpose is FilePurpose.RESULT
        },
        waiting=sum(
            one.result is not None and one.result.state is ResultState.RECORDED for one in slots
        ),
        open=contest.state in provincial_results.OPEN,
    )


def _back(contest_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_results", provincial_contest_id=contest_id), 303)


@blueprint.route("/provincial-slots/<int:provincial_slot_id>/result", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def record_result(provincial_slot_id: int) -> ResponseReturnValue:
    """Type a result from the organiser's paper, with its scan."""
    slot = provincial_slots.get_slot(provincial_slot_id)
    contest_id = slot.event.contest_id
    form = ResultForm()
    scans = provincial_delegations_files.list_files(contest_id)
    form.offer([one for one in scans if one.purpose is FilePurpose.RESULT])
    form.show(slot.result)
    if form.validate_on_submit():
        file = form.proof.data
        proof = Upload(file.filename or "", file.read()) if file else None
        act = provincial_results.record_with_proof
        if attempt(form, act, slot.id, form.facts(), proof, files_dir()):
            return _back(contest_id)
    page = render_template("provincial/record_result.html", slot=slot, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/provincial/<int:provincial_contest_id>/results")
@allows(Act.DECIDE_PROVINCIAL)
def confirm_results(provincial_contest_id: int) -> ResponseReturnValue:
    """Confirm the chosen results as a second person; without a choice all that wait."""
    chosen = request.form.getlist("ids", type=int)
    if not chosen:
        contest = provincial.get_contest(provincial_contest_id)
        slots = provincial_slots.list_slots([one.id for one in contest.events])
        chosen = [one.id for one in slots]
    if attempt_button(provincial_results.confirm_results, provincial_contest_id, chosen):
        flash(gettext("Confirmed; prizes and titles stand in the register of honours."), "success")
    return _back(provincial_contest_id)


@blueprint.get("/provincial/<int:provincial_contest_id>/prizes")
@allows(Act.SEE_PROVINCIAL)
def show_prizes(provincial_contest_id: int) -> ResponseReturnValue:
    """Show what the city pays for the results: to entrants and coaches."""
    contest = provincial.get_contest(provincial_contest_id)
    rules = provincial.rules_of(contest)
    prized = provincial_prizes.list_prized(contest)
    return render_template(
        "provincial/show_prizes.html",
        contest=contest,
        rules=rules,
        prized=[(one, provincial_prizes.dues_of(rules, one)) for one in prized],
        total=provincial_prizes.total_of(prized),
        ready=contest.state in (ProvincialState.HELD, ProvincialState.CLOSED),
    )


@blueprint.post("/provincial/<int:provincial_contest_id>/prizes")
@allows(Act.DECIDE_PROVINCIAL)
def give_prizes(provincial_contest_id: int) -> ResponseReturnValue:
    """Sign the lists of the city's prizes."""
    reason = request.form.get("reason", "").strip()
    act = provincial_prizes.give_prizes_out
    if attempt_button(act, provincial_contest_id, reason=reason):
        flash(gettext("The lists of prizes are signed; notice and payment follow."), "success")
    address = url_for(".show_prizes", provincial_contest_id=provincial_contest_id)
    return redirect(address, 303)
