"""Pages of exchange: results from a file of the superior, and the keys that sign such files."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.forms import ReasonForm, ResultsFileForm
from blueprints.provincial.views import blueprint
from blueprints.web import XLSX, attempt, attempt_button, download, files_dir
from rules.acts import Act
from rules.provincial import SENT
from rules.provincial_exchange import shown_key
from services import (
    provincial,
    provincial_exchange,
    provincial_exchange_results,
    provincial_exchange_signing,
    provincial_slots,
)
from services.provincial_delegations_forms import event_ids
from services.workbooks_writing import write_table


@blueprint.route("/provincial/<int:provincial_contest_id>/results-file", methods=["GET", "POST"])
@allows(Act.IMPORT_PROVINCIAL)
def read_results(provincial_contest_id: int) -> ResponseReturnValue:
    """Read results from the superior's exchange file, or from a spreadsheet with its proof."""
    contest = provincial.get_contest(provincial_contest_id)
    form = ResultsFileForm()
    if form.validate_on_submit():
        facts = (contest.id, form.file.data.read(), form.file.data.filename or "")
        proof = (form.document.data or "", form.scan())
        done = attempt(form, provincial_exchange_results.preview, *facts, proof, files_dir())
        if done:
            return redirect(url_for(".show_import", provincial_import_id=done.id), 303)
    page = render_template(
        "provincial/read_results.html",
        above=contest,
        form=form,
        files=provincial_exchange.list_results_files(contest.id),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/provincial/<int:provincial_contest_id>/results-file/template")
@allows(Act.IMPORT_PROVINCIAL)
def results_template(provincial_contest_id: int) -> ResponseReturnValue:
    """Take a spreadsheet with our entries, in which ranks and prizes are to be filled in."""
    contest = provincial.get_contest(provincial_contest_id)
    slots = provincial_slots.list_slots(event_ids(contest.id), SENT)
    rows = [
        {"reference": one.reference, "event": one.event.title, "name": one.title} for one in slots
    ]
    data = write_table(provincial_exchange_results.COLUMNS, rows, "成绩")
    return download(data, f"{contest.title}-成绩.xlsx", XLSX)


@blueprint.post("/provincial-imports/<int:provincial_import_id>/key")
@allows(Act.IMPORT_PROVINCIAL)
def know_import_key(provincial_import_id: int) -> ResponseReturnValue:
    """Record that the key of a file was compared with its sender."""
    attempt_button(provincial_exchange_signing.know_key, provincial_import_id)
    return redirect(url_for(".show_import", provincial_import_id=provincial_import_id), 303)


@blueprint.get("/provincial-keys")
@allows(Act.TAKE_INTAKES)
def list_keys() -> ResponseReturnValue:
    """Show our own key, and those of others that were compared."""
    return _keys(request.args.get("key", type=int), ReasonForm())


def _keys(peer_id: int | None, form: ReasonForm) -> str:
    peers = provincial_exchange_signing.list_peers()
    return render_template(
        "provincial/list_keys.html",
        own=provincial_exchange_signing.own_key(),
        peers=peers,
        chosen=next((one for one in peers if one.id == peer_id and not one.ended_at), None),
        shown_key=shown_key,
        form=form,
    )


@blueprint.post("/provincial-keys/<int:provincial_peer_id>/give-up")
@allows(Act.IMPORT_PROVINCIAL)
def give_up_key(provincial_peer_id: int) -> ResponseReturnValue:
    """Rely no longer on a sender's key."""
    form = ReasonForm()
    act = provincial_exchange_signing.give_up_key
    if form.validate() and attempt(form, act, provincial_peer_id, reason=form.reason.data or ""):
        flash(gettext("This key counts no longer."), "success")
        return redirect(url_for(".list_keys"), 303)
    return _keys(provincial_peer_id, form), 422
