"""Pages of the superior's side: delegations in a contest of ours, their files, their results."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.forms import FileForm, ReasonForm
from blueprints.provincial.views import blueprint
from blueprints.web import (
    XLSX,
    acting,
    attempt,
    attempt_button,
    contest_crumbs,
    download,
    translated,
)
from rules.acts import Act
from rules.provincial import Medal
from rules.provincial_exchange import shown_key
from rules.refusals import Refused
from services import (
    contests,
    provincial_exchange_signing,
    provincial_intakes,
    provincial_intakes_results,
)
from services.provincial_histories import discard_import, get_import


@blueprint.route("/contests/<int:contest_id>/delegations", methods=["GET", "POST"])
@allows(Act.TAKE_INTAKES)
def list_delegations(contest_id: int) -> ResponseReturnValue:
    """Show who sent entries to a contest, and read the file of another installation."""
    form = FileForm()
    if form.validate_on_submit():
        facts = (contest_id, form.file.data.read(), form.file.data.filename or "")
        done = attempt(form, provincial_intakes.preview_entries, *facts)
        if done:
            return redirect(url_for(".show_intake", provincial_intake_id=done.id), 303)
    return _list(contest_id, form), 422 if form.is_submitted() else 200


def _list(contest_id: int, form: FileForm) -> str:
    contest = contests.get_contest(contest_id)
    return render_template(
        "provincial/list_delegations.html",
        contest=contest,
        crumbs=contest_crumbs(contest),
        form=form,
        delegations=provincial_intakes_results.list_delegations(contest_id),
        files=provincial_intakes_results.list_intakes(contest_id),
        medals=list(Medal),
    )


@blueprint.get("/contests/<int:contest_id>/delegations/results")
@allows(Act.TAKE_INTAKES)
def results_file(contest_id: int) -> ResponseReturnValue:
    """Take the final results of a delegation as a file for it."""
    title = request.args.get("delegation", "")
    document = request.args.get("document", "").strip()[:160]
    as_table = request.args.get("as") == "xlsx"
    make = provincial_intakes_results.results_file
    try:
        data = make(contest_id, title, document, as_table=as_table)
    except Refused as refusal:
        flash(translated(refusal), "danger")
        return redirect(url_for(".list_delegations", contest_id=contest_id), 303)
    provincial_intakes_results.record_results_file(acting(), contest_id, title)
    if as_table:
        return download(data, f"{title}-成绩.xlsx", XLSX)
    return download(data, f"{title}-成绩.json", "application/json")


@blueprint.get("/provincial-intakes/<int:provincial_intake_id>")
@allows(Act.TAKE_INTAKES)
def show_intake(provincial_intake_id: int) -> ResponseReturnValue:
    """Show the entries of a file, each with the event it goes to and what stands against it."""
    return _page(provincial_intake_id, ReasonForm())


def _page(intake_id: int, form: ReasonForm) -> str:
    batch = get_import(intake_id)
    contest = contests.get_contest(batch.contest_id or 0)
    rows = provincial_intakes.checked(batch, acting()) if batch.rows else []
    content = provincial_intakes.content_of(batch) if batch.rows else None
    return render_template(
        "provincial/show_intake.html",
        batch=batch,
        contest=contest,
        crumbs=[*contest_crumbs(contest), _crumb(contest.id)],
        rows=rows,
        content=content,
        gone=provincial_intakes.missing(batch, content) if content else [],
        problem=provincial_exchange_signing.signer_problem(batch),
        shown_key=shown_key,
        form=form,
    )


def _crumb(contest_id: int) -> tuple[str, str]:
    return gettext("Delegations"), url_for(".list_delegations", contest_id=contest_id)


def _back(intake_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_intake", provincial_intake_id=intake_id), 303)


@blueprint.post("/provincial-intakes/<int:provincial_intake_id>/key")
@allows(Act.TAKE_INTAKES)
def know_intake_key(provincial_intake_id: int) -> ResponseReturnValue:
    """Record that the key of a file was compared with its sender."""
    attempt_button(provincial_exchange_signing.know_key, provincial_intake_id)
    return _back(provincial_intake_id)


@blueprint.post("/provincial-intakes/<int:provincial_intake_id>/take")
@allows(Act.TAKE_INTAKES)
def take_intake(provincial_intake_id: int) -> ResponseReturnValue:
    """Take over the entries that fit."""
    if attempt_button(provincial_intakes.take_entries, provincial_intake_id):
        flash(gettext("The entries that fit are taken over."), "success")
    return _back(provincial_intake_id)


@blueprint.post("/provincial-intakes/<int:provincial_intake_id>/discard")
@allows(Act.TAKE_INTAKES)
def discard_intake(provincial_intake_id: int) -> ResponseReturnValue:
    """Put a file away that was not taken over; what it said is forgotten."""
    attempt_button(discard_import, provincial_intake_id)
    return _back(provincial_intake_id)


@blueprint.post("/provincial-intakes/<int:provincial_intake_id>/undo")
@allows(Act.TAKE_INTAKES)
def undo_intake(provincial_intake_id: int) -> ResponseReturnValue:
    """Undo a file as a whole."""
    form = ReasonForm()
    act = provincial_intakes.undo_entries
    if form.validate() and attempt(form, act, provincial_intake_id, reason=form.reason.data or ""):
        return _back(provincial_intake_id)
    return _page(provincial_intake_id, form), 422
