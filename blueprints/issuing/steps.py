"""The steps of a run: check, leave out, approve the sample, start, stop, go on, give up."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.issuing.forms import LeaveOutForm, ReasonForm, SampleForm
from blueprints.issuing.views import blueprint, run_page
from blueprints.web import acting, attempt, attempt_button, in_chinese, now
from rules.acts import Act
from services import issuing, issuing_worker
from services.issuing_leases import Worker
from services.issuing_working import work_at_once


def _back(run_id: int) -> ResponseReturnValue:
    return redirect(url_for("issuing.show_run", issue_run_id=run_id), 303)


@blueprint.post("/certificates/runs/<int:issue_run_id>/check")
@allows(Act.ISSUE_CERTIFICATE)
def check(issue_run_id: int) -> ResponseReturnValue:
    """Check a run again, after names or titles were put right."""
    attempt_button(issuing.check, issue_run_id, in_chinese)
    return _back(issue_run_id)


@blueprint.post("/certificates/runs/<int:issue_run_id>/leave-out")
@allows(Act.ISSUE_CERTIFICATE)
def leave_out(issue_run_id: int) -> ResponseReturnValue:
    """Leave people out of a run, by name and with a reason."""
    form = LeaveOutForm()
    reason, lines = form.reason.data or "", form.lines.data or []
    if form.validate() and attempt(form, issuing.leave_out, issue_run_id, lines, reason=reason):
        flash(gettext("They are left out; the list keeps the reason."), "success")
        return _back(issue_run_id)
    return run_page(issue_run_id, leaving=form), 422


@blueprint.post("/certificates/runs/<int:issue_run_id>/take-in")
@allows(Act.ISSUE_CERTIFICATE)
def take_in(issue_run_id: int) -> ResponseReturnValue:
    """Take somebody into a run again who was left out, and check it again."""
    line_id = request.form.get("line", 0, type=int)
    if attempt_button(issuing.take_in, issue_run_id, line_id):
        issuing.check(acting(), issue_run_id, in_chinese)
    return _back(issue_run_id)


@blueprint.post("/certificates/runs/<int:issue_run_id>/approve")
@allows(Act.ISSUE_CERTIFICATE)
def approve_sample(issue_run_id: int) -> ResponseReturnValue:
    """Approve the sample sheet of a run."""
    form = SampleForm()
    if form.validate() and attempt(form, issuing.approve_sample, issue_run_id):
        flash(gettext("The sample sheet is approved. The certificates can be issued."), "success")
        return _back(issue_run_id)
    return run_page(issue_run_id, sample=form), 422


@blueprint.post("/certificates/runs/<int:issue_run_id>/start")
@allows(Act.ISSUE_CERTIFICATE)
def start(issue_run_id: int) -> ResponseReturnValue:
    """Issue the certificates of a run: the first ones at once, the others one after another."""
    address = url_for("certificates.verify", _external=True)
    if attempt_button(issuing.start, issue_run_id, address):
        _go_on(issue_run_id)
    return _back(issue_run_id)


def _go_on(run_id: int) -> None:
    work_at_once(Worker.new(now, in_chinese), run_id)
    issuing_worker.wake()


@blueprint.post("/certificates/runs/<int:issue_run_id>/stop")
@allows(Act.ISSUE_CERTIFICATE)
def stop(issue_run_id: int) -> ResponseReturnValue:
    """Stop a run; what is issued stays so."""
    if attempt_button(issuing.stop, issue_run_id):
        flash(gettext("The run is stopped. What is issued stays so."), "success")
    return _back(issue_run_id)


@blueprint.post("/certificates/runs/<int:issue_run_id>/resume")
@allows(Act.ISSUE_CERTIFICATE)
def resume(issue_run_id: int) -> ResponseReturnValue:
    """Let a stopped run go on."""
    if attempt_button(issuing.resume, issue_run_id):
        _go_on(issue_run_id)
    return _back(issue_run_id)


@blueprint.post("/certificates/runs/<int:issue_run_id>/cancel")
@allows(Act.ISSUE_CERTIFICATE)
def cancel(issue_run_id: int) -> ResponseReturnValue:
    """Give a run up; numbers that it has issued become void."""
    form = ReasonForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(form, issuing.cancel, issue_run_id, reason=reason):
        flash(gettext("The run is given up. Its numbers are void and stay in the register."))
        return _back(issue_run_id)
    return run_page(issue_run_id, giving_up=form), 422
