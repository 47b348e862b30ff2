"""The page on which the lines of a level rule are edited, with what they would give."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.level_forms import LevelsForm, level_values
from blueprints.contests.overview import event_crumbs
from blueprints.contests.views import blueprint
from blueprints.rows import changed
from blueprints.web import attempt
from models.contests import Event
from rules.acts import Act
from rules.data import InvalidRules
from rules.levels import LevelRule
from rules.refusals import Refused
from rules.states import EventState
from services import contests, event_rules, levels_preview
from services.acting import Actor
from services.levels_preview import Preview

TRY = "try"


@blueprint.route("/events/<int:event_id>/plan/levels", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_levels(event_id: int) -> ResponseReturnValue:
    """Change the lines of the level rule of an event; try them on the present results first."""
    event = contests.get_event(event_id)
    change = request.form.get("change")
    form = _form(event, change)
    preview = None
    if change == TRY:
        preview = _tried(form, event) if form.validate() else None
    elif change is None and form.validate_on_submit() and attempt(form, _save, event_id, form):
        flash(gettext("The level rule is saved."), "success")
        return redirect(url_for(".show_event", event_id=event_id), 303)
    page = render_template(
        "contests/edit_levels.html",
        form=form,
        event=event,
        published=event.state is not EventState.DRAFT,
        preview=preview,
        crumbs=event_crumbs(event),
    )
    refused = form.is_submitted() and (
        change is None or bool(form.errors) or bool(form.form_errors)
    )
    return page, 422 if refused else 200


def _form(event: Event, change: str | None) -> LevelsForm:
    plan, scheme = contests.plan_of(event), contests.scheme_of(event)
    if change not in (None, TRY):
        form = LevelsForm(formdata=changed(request.form, change or ""))
    elif request.method == "POST":
        form = LevelsForm()
    else:
        present = plan.levels or LevelRule()
        form = LevelsForm(data=level_values(event.version, present.cuts))
    form.offer(plan, scheme)
    return form


def _rule(form: LevelsForm, event: Event) -> LevelRule:
    return form.rule(contests.plan_of(event).levels or LevelRule())


def _tried(form: LevelsForm, event: Event) -> Preview | None:
    try:
        return levels_preview.preview(event.id, _rule(form, event))
    except InvalidRules as invalid:
        for problem in invalid.problems:
            form.refuse(str(problem), None)
    except Refused as problem:
        form.refuse(gettext(problem.message, **problem.params), None)
    return None


def _save(by: Actor, event_id: int, form: LevelsForm) -> int:
    event = contests.get_event(event_id)
    base = event_rules.Base(form.base_version, form.reason.data or "")
    plan = contests.plan_of(event).model_copy(update={"levels": _rule(form, event)})
    return event_rules.edit_plan(by, event_id, base, plan)
