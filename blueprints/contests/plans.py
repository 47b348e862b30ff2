"""The page on which an award plan is edited."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.overview import event_crumbs
from blueprints.contests.plan_costs import costs_of
from blueprints.contests.plan_forms import PlanForm, own_awards, plan_values
from blueprints.contests.views import blueprint
from blueprints.rows import changed
from blueprints.web import Outcome, attempt
from models.contests import Event
from rules.acts import Act
from rules.states import EventState
from services import contests, event_rules
from services.acting import Actor


@blueprint.route("/events/<int:event_id>/plan", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_plan(event_id: int) -> ResponseReturnValue:
    """Change the award plan of an event."""
    event = contests.get_event(event_id)
    change = request.form.get("change")
    form = plan_form(event, change)
    if change is None and form.validate_on_submit() and _saved(form, event_id):
        flash(gettext("The award plan is saved."), "success")
        return redirect(url_for(".show_event", event_id=event_id), 303)
    page = plan_page(form, event)
    return page, 422 if form.is_submitted() and change is None else 200


def plan_form(event: Event, change: str | None) -> PlanForm:
    """Return the form of an event's plan as typed, or as stored."""
    if change is not None:
        form = PlanForm(formdata=changed(request.form, change))
    elif request.method == "POST":
        form = PlanForm()  # only what was typed: rows that are gone must not come back
    else:
        form = PlanForm(data=plan_values(event, contests.plan_of(event)))
    form.offer(contests.get_event(event.id), contests.scheme_of(event), contests.plan_of(event))
    return form


def _saved(form: PlanForm, event_id: int) -> Outcome | None:
    return attempt(form, _edit, event_id, form)


def _edit(by: Actor, event_id: int, form: PlanForm) -> int:
    """Read the plan inside the attempt, so that its problems land on the form."""
    base = event_rules.Base(form.base_version, form.reason.data or "")
    plan = form.plan(contests.plan_of(contests.get_event(event_id)))
    return event_rules.edit_plan(by, event_id, base, plan, form.also.data or ())


def plan_page(form: PlanForm, event: Event) -> str:
    """Show the form of an event's plan."""
    plan = contests.plan_of(event)
    values: dict[str, Any] = {
        "form": form,
        "event": event,
        "published": event.state is not EventState.DRAFT,
        "costs": costs_of(plan, len(event.divisions)),
        "own_divisions": {one.division for one in own_awards(plan)},
        "crumbs": event_crumbs(event),
    }
    return render_template("contests/edit_plan.html", **values)
