"""Taking rules over: from a file, from another event, from a ready scheme, after a preview."""

from itertools import groupby

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import BooleanField, HiddenField

from blueprints.access import allows, current_holder, require_holder
from blueprints.contests.change_words import lines
from blueprints.contests.drafts import pack, unpack
from blueprints.contests.overview import around
from blueprints.contests.scheme_forms import RulesForm
from blueprints.contests.views import blueprint
from blueprints.contests.wording import say
from blueprints.forms import lazy_gettext
from blueprints.web import attempt, download, translated
from models.contests import Contest, Event
from rules import access
from rules.acts import Act
from rules.refusals import Refused
from rules.regulations import Regulations
from rules.scheme_changes import changes
from rules.scheme_trees import bare
from services import contests, event_rules, events, places
from services.score_files import BadFile, FileProblem
from services.score_ready import READY, ready_rules
from services.score_schemes import write_json, write_yaml

YAML, JSON = "application/yaml", "application/json"
MOST_LINES = 300


class TakeForm(RulesForm):
    """Rules that wait to be taken over."""

    draft = HiddenField()
    source = HiddenField()
    with_plan = BooleanField(lazy_gettext("Take over the award plan too"), default=True)


@blueprint.get("/events/<int:event_id>/scheme/sources")
@allows(Act.EDIT_CONTEST)
def list_sources(event_id: int) -> ResponseReturnValue:
    """Ready schemes and other events, to begin from."""
    holder = require_holder()
    within = access.contests_of(holder, access.roles_of(Act.SEE_EVENT))
    found = events.list_sources(event_id, within)
    return render_template(
        "contests/list_sources.html",
        ready=[(one, ready_rules(one.name, say).scheme) for one in READY],
        sources=[(contest, list(group)) for contest, group in groupby(found, _contest)],
        **around(event_id),
    )


def _contest(event: Event) -> Contest:
    return event.contest


@blueprint.get("/events/<int:event_id>/scheme/from")
@allows(Act.EDIT_CONTEST)
def preview_source(event_id: int) -> ResponseReturnValue:
    """Show what a ready scheme or the rules of another event would change."""
    name = request.args.get("ready")
    if name is not None:
        title = next((gettext(one.title) for one in READY if one.name == name), name)
        return preview(event_id, ready_rules(name, say), title)
    source = contests.get_event(_other(request.args.get("event", 0, type=int)))
    rules = Regulations(scheme=contests.scheme_of(source), plan=contests.plan_of(source))
    return preview(event_id, rules, f"{source.contest.title} · {source.title}")


def _other(event_id: int) -> int:
    """Return the event whose rules are copied; one that the reader may not see is not there."""
    place = places.find_place("event", event_id)
    if place is None or not access.allowed(Act.SEE_EVENT, current_holder(), place):
        abort(404)
    return event_id


def preview(event_id: int, rules: Regulations, source: str) -> ResponseReturnValue:
    """Show rules that were read, and what they would change."""
    event = contests.get_event(event_id)
    draft = pack(bare(rules))
    form = TakeForm(formdata=None, data={"version": event.version, "source": source})
    form.draft.data = draft
    return _page(form, event, rules)


def _page(
    form: TakeForm, event: Event, rules: Regulations, status: int = 200
) -> ResponseReturnValue:
    present = Regulations(scheme=contests.scheme_of(event), plan=contests.plan_of(event))
    plan = event_rules.joined_plan(rules.plan, present.plan, rules.scheme)
    taken = Regulations(scheme=rules.scheme, plan=plan)
    scheme_changes = changes(present.scheme, taken.scheme, (), ("scheme",))
    plan_changes = changes(present.plan, taken.plan, (), ("plan",))
    page = render_template(
        "contests/preview_scheme.html",
        form=form,
        scheme=rules.scheme,
        lines=lines(scheme_changes, present, taken)[:MOST_LINES],
        plan_lines=lines(plan_changes, present, taken)[:MOST_LINES],
        **around(event.id),
    )
    return page, status


@blueprint.post("/events/<int:event_id>/scheme/take-over")
@allows(Act.EDIT_CONTEST)
def take_over(event_id: int) -> ResponseReturnValue:
    """Put the previewed rules in place of the present ones."""
    event = contests.get_event(event_id)
    form = TakeForm()
    rules = Regulations.model_validate(unpack(form.draft.data or ""))
    plan = None
    if form.with_plan.data:
        plan = event_rules.joined_plan(rules.plan, contests.plan_of(event), rules.scheme)
    valid = form.validate_on_submit()
    act = event_rules.replace_scheme
    if valid and attempt(form, act, event_id, form.base(), rules.scheme, plan):
        flash(gettext("The scheme is taken over. Check panels and pass marks."), "success")
        return redirect(url_for(".show_scheme", event_id=event_id), 303)
    return _page(form, contests.get_event(event_id), rules, 422)


def file_problems(bad: BadFile) -> list[str]:
    """Say the problems of a file, each with its line and column."""
    return [_said(problem) for problem in bad.problems]


def _said(problem: FileProblem) -> str:
    what: Refused = problem.problem
    node = f"{problem.node}: " if problem.node else ""
    return str(
        gettext(
            "Line %(line)s, column %(column)s: %(what)s",
            line=problem.line,
            column=problem.column,
            what=node + translated(what),
        )
    )


@blueprint.get("/events/<int:event_id>/scheme.yaml")
@allows(Act.SEE_EVENT)
def download_yaml(event_id: int) -> ResponseReturnValue:
    """The present rules as a scheme file in YAML."""
    return _file(event_id, "yaml")


@blueprint.get("/events/<int:event_id>/scheme.json")
@allows(Act.SEE_EVENT)
def download_json(event_id: int) -> ResponseReturnValue:
    """The present rules as a scheme file in JSON."""
    return _file(event_id, "json")


def _file(event_id: int, kind: str) -> ResponseReturnValue:
    event = contests.get_event(event_id)
    write, mimetype = (write_yaml, YAML) if kind == "yaml" else (write_json, JSON)
    data = write(contests.scheme_of(event), contests.plan_of(event))
    return download(data, f"{event.contest.code}-{event.code}-scheme.{kind}", mimetype)
