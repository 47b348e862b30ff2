"""Pages of events: add, show, edit, cancel."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.event_forms import EventForm, EventsForm, event_values, team_name
from blueprints.contests.forms import ReasonForm
from blueprints.contests.overview import contest_crumbs, next_step, steps_of
from blueprints.contests.plan_costs import costs_of
from blueprints.contests.plan_words import plan_facts, tier_notes
from blueprints.contests.views import blueprint
from blueprints.contests.wording import say
from blueprints.web import attempt, attempt_button, translated
from models.contests import Contest, Event
from rules.acts import Act
from rules.occupations import ALL_OCCUPATIONS, OCCUPATIONS
from rules.plans import EventPlan
from rules.schemes import Scheme
from services import contests, editions, event_rules, events, rule_versions


@blueprint.route("/contests/<int:contest_id>/events/new", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def new_event(contest_id: int) -> ResponseReturnValue:
    """Add one event to an edition."""
    contest = contests.get_contest(contest_id)
    form = EventForm(data={"code": events.next_code(contest), "divisions": ["staff", "student"]})
    form.offer_starts(contest)
    if form.validate_on_submit():
        scheme, plan = _start(contest, form.start_from.data)
        done = attempt(form, events.add_event, contest_id, form.facts(), scheme, plan)
        if done:
            flash(
                gettext("The event is added. Check its award plan and marking scheme."), "success"
            )
            return redirect(url_for(".show_event", event_id=done.id), 303)
    page = render_template(
        "contests/edit_event.html",
        form=form,
        contest=contest,
        event=None,
        occupations=ALL_OCCUPATIONS,
        crumbs=contest_crumbs(contest),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/contests/<int:contest_id>/events/add", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def add_events(contest_id: int) -> ResponseReturnValue:
    """Add several usual events at once."""
    contest = contests.get_contest(contest_id)
    form = EventsForm(data={"divisions": ["staff", "student"]})
    form.offer_starts(contest)
    if form.validate_on_submit():
        scheme, plan = _start(contest, form.start_from.data)
        done = attempt(form, events.add_events, contest_id, form.facts(), scheme, plan)
        if done:
            flash(gettext("The events are added. Check days, venues and award plans."), "success")
            return redirect(url_for(".show_contest", contest_id=contest_id), 303)
    page = render_template(
        "contests/add_events.html",
        form=form,
        contest=contest,
        groups=OCCUPATIONS,
        taken={event.title for event in contest.events},
        crumbs=contest_crumbs(contest),
    )
    return page, 422 if form.is_submitted() else 200


def _start(contest: Contest, event_id: int) -> tuple[Scheme, EventPlan]:
    """Return the rules with which a new event begins."""
    for event in contest.events:
        if event.id == event_id:
            return contests.scheme_of(event), contests.plan_of(event)
    return event_rules.usual_scheme(say), event_rules.usual_plan(say)


@blueprint.get("/events/<int:event_id>")
@allows(Act.SEE_EVENT)
def show_event(event_id: int) -> ResponseReturnValue:
    """An event at a glance: where it stands, its rules, what comes next."""
    event = contests.get_event(event_id)
    plan, scheme = contests.plan_of(event), contests.scheme_of(event)
    counts = contests.count_entries(event.contest_id).get(event_id, {})
    return render_template(
        "contests/show_event.html",
        event=event,
        team=team_name(event.team_size),
        plan=plan,
        plan_facts=plan_facts(plan, scheme, _named(event)),
        tier_notes=tier_notes(plan, scheme),
        scheme=scheme,
        costs=costs_of(plan, len(event.divisions)),
        counts=counts,
        steps=steps_of(event.contest.state, [event]),
        next_step=next_step(event),
        blockers=[translated(b) for b in editions.list_event_blockers(event)],
        versions=rule_versions.list_versions(event_id),
        can_amend=rule_versions.can_amend(event),
        cancel_form=ReasonForm(),
        sealed=bool(contests.rules_of(event.contest).day.code_layers),
        crumbs=contest_crumbs(event.contest),
    )


def _named(event: Event) -> dict[str, str]:
    """Return the titles of budget lines and divisions by their codes."""
    lines = contests.rules_of(event.contest).budget_lines
    named = {line.code: line.title for line in lines}
    return named | {division.code: division.title for division in event.divisions}


@blueprint.route("/events/<int:event_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_event(event_id: int) -> ResponseReturnValue:
    """Change an event."""
    event = contests.get_event(event_id)
    form = EventForm(data=event_values(event))
    form.start_from.choices = [(0, "")]
    if form.validate_on_submit():
        facts = form.facts(event)
        if attempt(form, events.edit_event, event_id, form.base_version, facts):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_event", event_id=event_id), 303)
    page = render_template(
        "contests/edit_event.html",
        form=form,
        contest=event.contest,
        event=event,
        occupations=ALL_OCCUPATIONS,
        crumbs=contest_crumbs(event.contest),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/events/<int:event_id>/publish")
@allows(Act.PUBLISH_CONTEST)
def publish_event(event_id: int) -> ResponseReturnValue:
    """Publish an event that was added later."""
    if attempt_button(editions.publish_event, event_id):
        flash(gettext("The event is published and takes entries."), "success")
    return redirect(url_for(".show_event", event_id=event_id), 303)


@blueprint.post("/events/<int:event_id>/cancel")
@allows(Act.PUBLISH_CONTEST)
def cancel_event(event_id: int) -> ResponseReturnValue:
    """Cancel an event."""
    form = ReasonForm()
    valid = form.validate_on_submit()
    if valid and attempt(form, events.cancel_event, event_id, form.reason.data or ""):
        flash(gettext("The event is cancelled."), "success")
    for messages in form.errors.values():
        for message in messages:
            flash(message, "danger")
    return redirect(url_for(".show_event", event_id=event_id), 303)


@blueprint.post("/events/<int:event_id>/remove")
@allows(Act.EDIT_CONTEST)
def remove_event(event_id: int) -> ResponseReturnValue:
    """Take an unpublished event out of its edition."""
    contest_id = contests.get_event(event_id).contest_id
    if attempt_button(events.remove_event, event_id):
        flash(gettext("The event is removed."), "success")
        return redirect(url_for(".show_contest", contest_id=contest_id), 303)
    return redirect(url_for(".show_event", event_id=event_id), 303)
