"""The page on which one division gets awards of its own."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import StringField
from wtforms.validators import Length

from blueprints.access import allows
from blueprints.contests.overview import event_crumbs
from blueprints.contests.plan_award_forms import AwardsForm, award_values
from blueprints.contests.plan_choices import branch_choices
from blueprints.contests.views import blueprint
from blueprints.fields import one_line
from blueprints.rows import changed
from blueprints.web import attempt
from models.contests import Division, Event
from rules.acts import Act
from rules.allocation import AwardPlan
from rules.plans import DivisionAwards, EventPlan
from rules.refusals import Missing
from rules.states import EventState
from services import contests, event_rules
from services.acting import Actor


class DivisionPlanForm(AwardsForm):
    """The awards of one division; money is promised as in the whole event."""

    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )

    def own_plan(self, present: AwardPlan, main: AwardPlan) -> AwardPlan:
        """Return the awards as typed; basis, budget and one prize a person are the event's."""
        self.amount_basis.data, self.budget.data = main.amount_basis, None
        self.over_budget.data, self.highest_only.data = main.over_budget, main.highest_only
        return self.award_plan(present)


@blueprint.route("/events/<int:event_id>/plan/divisions/<code>", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_division_plan(event_id: int, code: str) -> ResponseReturnValue:
    """Change the awards of one division."""
    event = contests.get_event(event_id)
    division = _division(event, code)
    plan = contests.plan_of(event)
    awards = plan.for_division(code).awards
    change = request.form.get("change")
    form = _form(event, awards, change)
    if change is None and form.validate_on_submit():
        if attempt(form, _save, event_id, code, form, request.form.get("same") is not None):
            flash(gettext("The award plan is saved."), "success")
            return redirect(url_for(".edit_plan", event_id=event_id), 303)
        event = contests.get_event(event_id)
    values: dict[str, Any] = {
        "form": form,
        "event": event,
        "division": _division(event, code) or division,
        "published": event.state is not EventState.DRAFT,
        "has_own": any(one.division == code for one in plan.divisions),
        "crumbs": event_crumbs(event),
    }
    page = render_template("contests/edit_division_plan.html", **values)
    return page, 422 if form.is_submitted() and change is None else 200


def _division(event: Event, code: str) -> Division:
    for division in event.divisions:
        if division.code == code:
            return division
    raise Missing(code)


def _form(event: Event, awards: AwardPlan, change: str | None) -> DivisionPlanForm:
    if change is not None:
        form = DivisionPlanForm(formdata=changed(request.form, change))
    elif request.method == "POST":
        form = DivisionPlanForm()  # only what was typed: rows that are gone must not come back
    else:
        form = DivisionPlanForm(data={"version": event.version, **award_values(awards)})
    scheme = contests.scheme_of(event)
    form.amount_basis.validate_choice = False  # it is the event's
    form.offer_awards(branch_choices(scheme), event, contests.rules_of(event.contest))
    passable = [(part.key, part.title) for part in scheme.parts if part.pass_mark is not None]
    kept = [(key, key) for key in form.award_needs.data or () if key not in dict(passable)]
    form.award_needs.choices = [*passable, *kept]
    return form


def _save(by: Actor, event_id: int, code: str, form: DivisionPlanForm, same: bool) -> int:
    """Read the awards inside the attempt, so that their problems land on the form."""
    plan = contests.plan_of(contests.get_event(event_id))
    others = tuple(one for one in plan.divisions if one.division != code)
    if not same:
        awards = form.own_plan(plan.for_division(code).awards, plan.awards)
        others = (*others, DivisionAwards(division=code, awards=awards))
    # Made anew, so that the whole plan is checked.
    made = EventPlan.model_validate(dict(plan) | {"divisions": others})
    base = event_rules.Base(form.base_version, form.reason.data or "")
    return event_rules.edit_plan(by, event_id, base, made)
