"""The chief judge's pages: progress, blockers, opening sheets again, confirming the marks."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.judging.forms import ReasonForm
from blueprints.judging.marks import Attempt
from blueprints.judging.views import blueprint
from blueprints.web import attempt, attempt_button, translated
from models.contests import Event
from rules.acts import Act
from rules.refusals import Missing, Refused
from rules.states import EventState, SheetState
from services import contests, judging, judging_stages, sheets, signoffs_blockers
from services.judging import Progress, Row


def _crumbs(event: Event) -> list[tuple[str, str]]:
    return [
        (gettext("Contests"), url_for("contests.list_contests")),
        (event.contest.title, url_for("contests.show_contest", contest_id=event.contest_id)),
        (event.title, url_for("contests.show_event", event_id=event.id)),
    ]


@blueprint.get("/events/<int:event_id>/progress")
@allows(Act.SEE_PROGRESS)
def progress(event_id: int) -> ResponseReturnValue:
    """How far each seat is with each work code, and what keeps the marks open."""
    found = judging.get_progress(event_id)
    before, after = url_for(".reopen_sheet", sheet_id=0).rsplit("/0/", 1)
    state = found.event.state
    unsigned = _unsigned(found)
    return render_template(
        "judging/progress.html",
        event=found.event,
        progress=found,
        rows=_wanted(found),
        blockers=[translated(one) for one in found.blockers or unsigned],
        unsigned=unsigned,
        link=(f"{before}/", f"/{after}"),
        scoring=state is EventState.SCORING,
        drawn=state is EventState.DRAWN,
        confirmed=state in {EventState.REVIEW, EventState.SIGNED},
        early=state in {EventState.DRAFT, EventState.REGISTERING},
        crumbs=_crumbs(found.event),
    )


def _unsigned(found: Progress) -> list[Refused]:
    """List the signatures that are missing once all sheets of the last stage are in order."""
    if found.blockers or found.following is not None:
        return []
    return signoffs_blockers.list_before_chief(found.event)


def _wanted(found: Progress) -> list[Row]:
    """Keep the rows that the filter asks for."""
    text = request.args.get("q", "").strip().upper()
    show = request.args.get("show")
    spread = {line.code for line in found.spreads}
    return [
        row
        for row in found.rows
        if text in row.code
        and (show != "open" or not row.done)
        and (show != "spread" or row.code in spread)
    ]


@blueprint.post("/events/<int:event_id>/confirm")
@allows(Act.CONFIRM_MARKS)
def confirm(event_id: int) -> ResponseReturnValue:
    """Confirm the marks."""
    if attempt_button(judging.confirm, event_id):
        flash(gettext("The marks are confirmed. Now the results can be computed."), "success")
    return redirect(url_for(".progress", event_id=event_id), 303)


@blueprint.route("/events/<int:event_id>/end-early", methods=["GET", "POST"])
@allows(Act.CONFIRM_MARKS)
def end_early(event_id: int) -> ResponseReturnValue:
    """Confirm the marks although a later stage has not been held."""
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, judging.confirm, event_id, form.reason.data or ""
    ):
        flash(gettext("The marks are confirmed. Now the results can be computed."), "success")
        return redirect(url_for(".progress", event_id=event_id), 303)
    found = judging.get_progress(event_id)
    page = render_template(
        "judging/end_early.html",
        form=form,
        event=found.event,
        progress=found,
        crumbs=_below(found.event),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/events/<int:event_id>/stages/next")
@allows(Act.SEE_PROGRESS)
def next_stage(event_id: int) -> ResponseReturnValue:
    """Show by code alone who would go on to the next stage."""
    found = judging_stages.get_next_stage(event_id)
    if found is None:
        raise Missing("stage")
    return render_template(
        "judging/next_stage.html",
        found=found,
        event=found.event,
        blockers=[translated(one) for one in found.blockers],
        crumbs=_below(found.event),
    )


@blueprint.post("/events/<int:event_id>/stages/next")
@allows(Act.OPEN_STAGE)
def open_stage(event_id: int) -> ResponseReturnValue:
    """Open the next stage."""
    if attempt_button(judging_stages.open_stage, event_id):
        text = gettext("The next stage is open. The judges find its sheets under Score sheets.")
        flash(text, "success")
    return redirect(url_for(".progress", event_id=event_id), 303)


def _below(event: Event) -> list[tuple[str, str]]:
    return [*_crumbs(event), (gettext("Progress"), url_for(".progress", event_id=event.id))]


@blueprint.route("/events/<int:event_id>/reopen", methods=["GET", "POST"])
@allows(Act.CORRECT_RESULTS)
def reopen(event_id: int) -> ResponseReturnValue:
    """Take confirmed marks back to scoring; a ruling brings its reason along."""
    reason = request.args.get("reason", "")[:400]
    if contests.rules_of(contests.get_event(event_id).contest).day.reopening_people > 1:
        target = url_for("signoffs.list_reopenings", event_id=event_id, reason=reason or None)
        return redirect(target, 303)
    form = ReasonForm(reason=reason)
    if form.validate_on_submit() and attempt(
        form, judging.reopen, event_id, form.reason.data or ""
    ):
        flash(gettext("Scoring is open again. Now open the sheets that must change."), "success")
        return redirect(url_for(".progress", event_id=event_id), 303)
    event = contests.get_event(event_id)
    page = render_template(
        "judging/reopen.html",
        form=form,
        event=event,
        crumbs=_below(event),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/sheets/<int:sheet_id>/reopen", methods=["GET", "POST"])
@allows(Act.REOPEN_SHEET)
def reopen_sheet(sheet_id: int) -> ResponseReturnValue:
    """Look at one sheet and, if it must change, open it again."""
    form = ReasonForm()
    if form.validate_on_submit():
        done = attempt(form, judging.reopen_sheet, sheet_id, form.reason.data or "")
        if done:
            flash(gettext("The sheet is open again for its judge."), "success")
            view = sheets.get_sheet(sheet_id)
            return redirect(url_for(".progress", event_id=view.event.id), 303)
    view = sheets.get_sheet(sheet_id)
    page = render_template(
        "judging/reopen_sheet.html",
        form=form,
        view=view,
        event=view.event,
        attempt=Attempt([]),
        can_open=view.event.state is EventState.SCORING and view.sheet.state is SheetState.SIGNED,
        crumbs=_below(view.event),
    )
    return page, 422 if form.is_submitted() else 200
