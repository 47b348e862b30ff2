"""Pages of runs of certificates: list, begin, one run with its progress and sample sheet."""

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.issuing.forms import LeaveOutForm, ReasonForm, SampleForm, events_form
from blueprints.web import (
    acting,
    attempt,
    attempt_button,
    download,
    files_dir,
    in_chinese,
    now,
    page_number,
    translated,
)
from models.issuing import IssueRun
from rules.access import Role, contests_of
from rules.acts import Act
from rules.certificate_kinds import CertificateKind
from rules.refusals import Refused
from rules.states import LineState, RunState
from services import contests, issuing, issuing_checking, issuing_lists, issuing_samples

blueprint = Blueprint("issuing", __name__)
_BUREAU = frozenset({Role.BUREAU_STAFF})


@blueprint.get("/certificates/runs")
@allows(Act.ISSUE_CERTIFICATE)
def list_runs() -> ResponseReturnValue:
    """List the runs of certificates."""
    limit = contests_of(require_holder(), _BUREAU)
    page = issuing_lists.list_runs(limit, page_number())
    return render_template("issuing/list_runs.html", page=page)


@blueprint.post("/contests/<int:contest_id>/certificates/runs")
@allows(Act.ISSUE_CERTIFICATE)
def prepare(contest_id: int) -> ResponseReturnValue:
    """Begin a run of all papers of a contest and kind that are still to be issued."""
    done = attempt_button(issuing.prepare, contest_id, _kind())
    if done is None:
        return redirect(url_for("certificates.list_certificates"), 303)
    return _checked(done.id)


@blueprint.route("/contests/<int:contest_id>/certificates/runs/new", methods=["GET", "POST"])
@allows(Act.ISSUE_CERTIFICATE)
def choose_events(contest_id: int) -> ResponseReturnValue:
    """Begin a run of the certificates of some events."""
    kind = _kind()
    waiting = issuing_checking.count_by_event(contest_id, kind)
    choices = [(one.event_id, f"{one.title} ({one.number})") for one in waiting]
    form = events_form(choices)
    if form.validate_on_submit():
        done = attempt(form, issuing.prepare, contest_id, kind, form.events.data or [])
        if done:
            return _checked(done.id)
    page = render_template(
        "issuing/choose_events.html",
        form=form,
        contest=contests.get_contest(contest_id),
        waiting=waiting,
        kind=kind,
    )
    return page, 422 if form.is_submitted() else 200


def _kind() -> CertificateKind:
    usual = CertificateKind.HONOUR
    return {one.value: one for one in CertificateKind}.get(request.args.get("kind", ""), usual)


def _checked(run_id: int) -> ResponseReturnValue:
    """Check a run that was just prepared, and show it."""
    try:
        issuing.check(acting(), run_id, in_chinese)
    except Refused as problem:  # somebody has gone on with it meanwhile
        flash(translated(problem), "danger")
    return redirect(url_for("issuing.show_run", issue_run_id=run_id), 303)


@blueprint.get("/certificates/runs/<int:issue_run_id>")
@allows(Act.ISSUE_CERTIFICATE)
def show_run(issue_run_id: int) -> ResponseReturnValue:
    """Show a run: what stands in its way, its sample sheet, how far it is."""
    return run_page(issue_run_id)


def run_page(run_id: int, **forms: ActForm) -> str:
    """Render the page of a run, with what was typed into a form of it."""
    run = issuing_lists.show_run(run_id)
    state = {one.value: one for one in LineState}.get(request.args.get("state", ""))
    blocked = issuing_lists.list_blocked(run_id) if run.state is RunState.PREPARED else []
    given = {"sample": SampleForm, "leaving": LeaveOutForm, "giving_up": ReasonForm}
    return render_template(
        "issuing/show_run.html",
        run=run,
        progress=issuing_lists.progress_of(run, now()),
        blocked=[(line, _said(line.problems)) for line in blocked],
        page=issuing_lists.list_lines(run_id, state, page_number()),
        problems=lambda line: _said(line.problems),
        states=list(LineState),
        second=_needs_second(run),
        forms={name: forms.get(name) or form(formdata=None) for name, form in given.items()},
    )


def _said(problems: list[dict[str, object]]) -> list[str]:
    return [translated(issuing_checking.again(one)) for one in problems]


def _needs_second(run: IssueRun) -> bool:
    """Say whether the reader may not approve the sample of this run."""
    rules = contests.rules_of(run.contest)
    return rules.sample_by_other and run.prepared_by_id == acting().account_id


@blueprint.get("/certificates/runs/<int:issue_run_id>/progress")
@allows(Act.ISSUE_CERTIFICATE)
def show_progress(issue_run_id: int) -> ResponseReturnValue:
    """Show how far a run is, for a page that asks again and again."""
    run = issuing.get_run(issue_run_id)
    page = render_template(
        "issuing/progress.html", run=run, progress=issuing_lists.progress_of(run, now())
    )
    response = Response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Run-State"] = run.state.value
    return response


@blueprint.get("/certificates/runs/<int:issue_run_id>/sample")
@allows(Act.ISSUE_CERTIFICATE)
def sample(issue_run_id: int) -> ResponseReturnValue:
    """Send a certificate of a run as a sample sheet: the first one, or the one with most text."""
    folder = files_dir()
    address = url_for("certificates.verify", _external=True)
    longest = "longest" in request.args
    try:
        made = issuing_samples.sample_sheet(
            acting(), issue_run_id, folder, address, in_chinese, longest
        )
    except Refused as problem:
        flash(translated(problem), "danger")
        return redirect(url_for("issuing.show_run", issue_run_id=issue_run_id), 303)
    return download(made, gettext("sample.pdf"), "application/pdf")
