"""Pages of runs of stipends: prepared, checked, approved, ordered; and what a mentor sees."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.stipends.forms import ReasonForm, RunForm
from blueprints.web import attempt, attempt_button, page_number, today
from rules.acts import Act
from rules.payouts import SeriesKind
from services import payouts_series, stipends, stipends_lists
from services.stipends_inputs import last_day

blueprint = Blueprint("stipends", __name__)


@blueprint.app_template_filter("told")
def told(words: tuple[str, dict[str, str]]) -> str:
    """Say one sentence of an explanation in the reader's language."""
    text, values = words
    return str(gettext(text, **values))


@blueprint.get("/stipends")
@allows(Act.SEE_STIPENDS)
def list_runs() -> ResponseReturnValue:
    """List the runs, and the series for which one can be prepared."""
    page = stipends_lists.list_runs(page_number())
    return render_template(
        "stipends/list_runs.html",
        page=page,
        sums=stipends_lists.sums_of([one.id for one in page.items]),
        series=payouts_series.list_series(SeriesKind.STIPENDS),
    )


@blueprint.route("/stipend-series/<int:payout_series_id>/runs/new", methods=["GET", "POST"])
@allows(Act.PREPARE_STIPENDS)
def prepare(payout_series_id: int) -> ResponseReturnValue:
    """Prepare a run for all events up to a day."""
    series = payouts_series.get_series(payout_series_id)
    form = RunForm()
    if form.validate_on_submit() and form.until.data:
        note = form.note.data or ""
        act = stipends.prepare
        done = attempt(form, act, payout_series_id, until=form.until.data, note=note)
        if done:
            return redirect(url_for(".show_run", stipend_run_id=done.id), 303)
    through = last_day(payout_series_id)
    page = render_template("stipends/prepare.html", series=series, through=through, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/stipends/<int:stipend_run_id>")
@allows(Act.SEE_STIPENDS)
def show_run(stipend_run_id: int) -> ResponseReturnValue:
    """Show a run with its lines by mentor, and what can be done with it."""
    return _page(stipend_run_id, {})


def _page(run_id: int, forms: dict[str, ReasonForm]) -> str:
    run = stipends_lists.get_run(run_id)
    text = request.args.get("q", "").strip()[:60]
    return render_template(
        "stipends/show_run.html",
        run=run,
        sums=stipends_lists.sums_of([run_id])[run_id],
        kinds=stipends_lists.kinds_of(run_id),
        totals=stipends_lists.totals_of(run_id),
        page=stipends_lists.list_mentors(run_id, text, page_number(), 25),
        people=stipends_lists.people_of(run),
        forms=forms,
    )


@blueprint.get("/stipends/<int:stipend_run_id>/evidence")
@allows(Act.SEE_STIPENDS)
def compare_evidence(stipend_run_id: int) -> ResponseReturnValue:
    """Say whether the evidence is still what a run was prepared from."""
    run = stipends_lists.get_run(stipend_run_id)
    changed = stipends_lists.has_changed(run)
    return render_template("stipends/compare_evidence.html", run=run, changed=changed)


@blueprint.post("/stipends/<int:stipend_run_id>/check")
@allows(Act.CHECK_STIPENDS)
def check(stipend_run_id: int) -> ResponseReturnValue:
    """Check a run as a second person."""
    return _button(stipends.check, stipend_run_id, gettext("Checked. Somebody else approves it."))


@blueprint.post("/stipends/<int:stipend_run_id>/approve")
@allows(Act.APPROVE_STIPENDS)
def approve(stipend_run_id: int) -> ResponseReturnValue:
    """Approve a run as a third person."""
    return _button(stipends.approve, stipend_run_id, gettext("Approved. It can be ordered."))


@blueprint.post("/stipends/<int:stipend_run_id>/order")
@allows(Act.ORDER_STIPENDS)
def order(stipend_run_id: int) -> ResponseReturnValue:
    """Hand an approved run to the payment desk."""
    return _button(stipends.order, stipend_run_id, gettext("Ordered. Its payees are due now."))


def _button(act: Callable[..., int], run_id: int, done: str) -> ResponseReturnValue:
    if attempt_button(act, run_id):
        flash(done, "success")
    return redirect(url_for(".show_run", stipend_run_id=run_id), 303)


@blueprint.post("/stipends/<int:stipend_run_id>/send-back")
@allows(Act.APPROVE_STIPENDS)
def send_back(stipend_run_id: int) -> ResponseReturnValue:
    """Give a checked run back to whoever prepared it."""
    return _with_reason("send_back", stipends.send_back, stipend_run_id)


@blueprint.post("/stipends/<int:stipend_run_id>/cancel")
@allows(Act.PREPARE_STIPENDS)
def cancel(stipend_run_id: int) -> ResponseReturnValue:
    """Cancel a run that is not ordered."""
    return _with_reason("cancel", stipends.cancel, stipend_run_id)


def _with_reason(name: str, act: Callable[..., Any], run_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate() and attempt(form, act, run_id, reason=form.reason.data or ""):
        return redirect(url_for(".show_run", stipend_run_id=run_id), 303)
    return _page(run_id, {name: form}), 422


@blueprint.get("/my-stipends")
@allows(Act.SEE_OWN_STIPENDS)
def list_own() -> ResponseReturnValue:
    """Show a mentor what was settled, why, and when it was paid."""
    person_id = require_holder().person_id
    runs = [] if person_id is None else stipends_lists.list_own(person_id)
    return render_template("stipends/list_own.html", runs=runs, today=today())
