"""Confirmed marks are opened again by two people."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.signoffs.forms import ReasonForm
from blueprints.signoffs.views import below, blueprint
from blueprints.web import attempt, attempt_button
from models.contests import Event
from rules.acts import Act
from rules.refusals import LONGEST_REASON
from services import contests, reopenings


@blueprint.route("/events/<int:event_id>/reopenings", methods=["GET", "POST"])
@allows(Act.REOPEN_MARKS)
def list_reopenings(event_id: int) -> ResponseReturnValue:
    """Propose to open the marks of an event again; a ruling brings its reason along."""
    event = contests.get_event(event_id)
    form = ReasonForm(reason=request.args.get("reason", "")[:LONGEST_REASON])
    if form.validate_on_submit() and attempt(
        form, reopenings.propose_reopening, event_id, form.reason.data or ""
    ):
        flash(gettext("The proposal is recorded. Another person must agree."), "success")
        return redirect(url_for(".list_reopenings", event_id=event_id), 303)
    return _page(event, form), 422 if form.is_submitted() else 200


def _page(event: Event, form: ReasonForm) -> str:
    rows = reopenings.list_reopenings(event.id)
    return render_template(
        "signoffs/reopenings.html",
        event=event,
        form=form,
        rows=rows,
        open=next((row for row in rows if row.state.value == "proposed"), None),
        reader=require_holder().account_id,
        can_propose=event.state in reopenings.CONFIRMED,
        people=contests.rules_of(event.contest).day.reopening_people,
        crumbs=below(event),
    )


@blueprint.post("/reopenings/<int:reopening_id>/agree")
@allows(Act.REOPEN_MARKS)
def agree(reopening_id: int) -> ResponseReturnValue:
    """Agree to a proposal: the marks go back to scoring."""
    event_id = reopenings.event_of(reopening_id)
    if attempt_button(reopenings.agree_reopening, reopening_id):
        flash(gettext("Scoring is open again. Now open the sheets that must change."), "success")
    return redirect(url_for(".list_reopenings", event_id=event_id), 303)


@blueprint.post("/reopenings/<int:reopening_id>/decline")
@allows(Act.REOPEN_MARKS)
def decline(reopening_id: int) -> ResponseReturnValue:
    """Decline a proposal, or take back one's own."""
    event_id, form = reopenings.event_of(reopening_id), ReasonForm()
    if form.validate() and attempt(
        form, reopenings.decline_reopening, reopening_id, form.reason.data or ""
    ):
        flash(gettext("The proposal is answered."), "success")
        return redirect(url_for(".list_reopenings", event_id=event_id), 303)
    return _page(contests.get_event(event_id), form), 422
