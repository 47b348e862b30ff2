"""The dry run of an award plan, as typed or as it stands, and of one other mark."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import Length

from blueprints.access import allows
from blueprints.contests.overview import event_crumbs
from blueprints.contests.plan_choices import fact_titles, node_titles
from blueprints.contests.plan_costs import costs_of
from blueprints.contests.plan_forms import PlanForm
from blueprints.contests.plans import plan_form, plan_page
from blueprints.contests.views import blueprint
from blueprints.fields import ExactField
from blueprints.forms import ActForm, tidy
from blueprints.web import attempt
from models.contests import Event
from rules.acts import Act
from rules.plans import EventPlan
from rules.schemes import Scheme
from services import awards_trials, contests
from services.acting import Actor
from services.awards_trials import Trial
from services.awards_trials_marks import KnownMark, MarkChange

WHAT = ("what_code", "what_mark", "what_value")
MOST_SHOWN = 300


class WhatForm(ActForm):
    """One mark that might be another."""

    what_code = StringField(lazy_gettext("Work code"), filters=[tidy], validators=[Length(max=12)])
    what_mark = SelectField(lazy_gettext("Mark"), validate_choice=False)
    what_value = ExactField(lazy_gettext("would be"))

    def offer(self, marks: Sequence[KnownMark], scheme: Scheme) -> None:
        """Offer every kind of mark that the revision keeps, by part."""
        nodes = node_titles(scheme) | fact_titles(scheme)
        self.what_mark.choices = [
            SelectChoice(f"{one.part}|{one.judge}|{one.aspect}", _said(one, nodes)) for one in marks
        ]

    @property
    def mark(self) -> KnownMark | None:
        """Return the kind of mark that was chosen."""
        part, _, rest = (self.what_mark.data or "").partition("|")
        judge, _, aspect = rest.partition("|")
        return KnownMark(part, int(judge), aspect) if judge.isdecimal() and aspect else None

    def change(self) -> MarkChange | None:
        """Return the change as typed; None where nothing is asked."""
        mark = self.mark
        if not self.what_code.data or mark is None or self.what_value.data is None:
            return None
        code, value = self.what_code.data, self.what_value.data
        return MarkChange(code, mark.part, mark.judge, mark.aspect, value)


def _said(mark: KnownMark, titles: dict[str, str]) -> str:
    who = gettext("judge %(number)s", number=mark.judge) if mark.judge else gettext("recorder")
    return f"{titles.get(mark.aspect, mark.aspect)} · {who}"


@blueprint.route("/events/<int:event_id>/plan/dry-run", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def try_plan(event_id: int) -> ResponseReturnValue:
    """Show who would get what by a plan, as typed or as it stands; nothing is written."""
    event = contests.get_event(event_id)
    plan = contests.plan_of(event)
    typed = "minimum_entrants" in request.form
    if typed:
        form = plan_form(event, None)
        made = attempt(form, _typed, form, plan) if form.validate() else None
        if made is None:
            return plan_page(form, event), 422
        plan = made.value
    return _page(event, plan, typed)


def _typed(_by: Actor, form: PlanForm, present: EventPlan) -> EventPlan:
    return form.plan(present)


def _page(event: Event, plan: EventPlan, typed: bool) -> ResponseReturnValue:
    what = WhatForm()
    asked = what.is_submitted() and bool(what.what_code.data)
    change = what.change() if asked and what.validate() else None
    if asked and change is None and not what.errors:
        what.refuse(gettext("Choose a mark and type another value."), "what_value")
    done = attempt(what, _tried, event.id, plan, change)
    if done is None and change is not None:
        # What could not be tried with the other mark is shown without it.
        kept = {name: [*what[name].errors] for name in WHAT}, [*what.form_errors]
        done = attempt(what, _tried, event.id, plan, None)
        what.form_errors = kept[1]
        for name, errors in kept[0].items():
            what[name].errors = errors
    trial: Trial | None = None if done is None else done.value
    if trial is not None and trial.marks is not None:
        what.offer(trial.marks.known, trial.marks.scheme)
    values: dict[str, Any] = {
        "event": event,
        "plan": plan,
        "typed": typed,
        "what": what,
        "change": change if done is not None and not what.errors else None,
        "trial": trial,
        "kept": _kept_fields() if typed else [],
        "most": MOST_SHOWN,
        "costs": costs_of(plan, len(event.divisions)),
        "crumbs": event_crumbs(event),
    }
    page = render_template("contests/try_plan.html", **values)
    return page, 422 if asked and (what.errors or what.form_errors) else 200


def _tried(_by: Actor, event_id: int, plan: EventPlan, change: MarkChange | None) -> Trial:
    return awards_trials.try_plan(event_id, plan, change=change)


def _kept_fields() -> list[tuple[str, str]]:
    """Return what was typed of the plan, so that it goes back and forth unsaved."""
    skipped = {*WHAT, "csrf_token", "change"}
    return [pair for pair in request.form.items(multi=True) if pair[0] not in skipped]
