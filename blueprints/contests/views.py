"""Pages of editions: list, overview, edit, copy, publish, archive."""

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.contests.day_texts import day_facts
from blueprints.contests.forms import (
    ContestForm,
    CopyForm,
    contest_values,
    copy_values,
    new_values,
)
from blueprints.contests.overview import contest_crumbs, contest_tabs, event_tabs, steps_of
from blueprints.contests.overview import next_step as next_step_of
from blueprints.labels import label
from blueprints.web import attempt, attempt_button, may, page_number, sorting, today, translated
from models.contests import Contest
from rules import access
from rules.acts import Act
from rules.data import plain
from rules.editions import ContestKind, ContestLevel
from rules.states import ContestState
from services import calendars, contests, designs_choices, editions, selections_carriers

blueprint = Blueprint("contests", __name__)
SIZES = (25, 50, 100)


@blueprint.app_context_processor
def _tabs_for_all() -> dict[str, object]:
    return {"contest_tabs": contest_tabs, "event_tabs": event_tabs}


@blueprint.app_template_filter("exact")
def exact(value: Decimal | None) -> str:
    """Show a number the shortest way, nothing for no number."""
    return "" if value is None else plain(value)


def _level(contest: Contest) -> str:
    known = set(ContestLevel)
    return label(ContestLevel(contest.level)) if contest.level in known else contest.level


@blueprint.get("/contests")
@allows(Act.SEE_CONTESTS)
def list_contests() -> ResponseReturnValue:
    """The editions that the reader may see."""
    holder = require_holder()
    roles = access.roles_of(Act.SEE_CONTESTS)
    within = access.contests_of(holder, roles)
    sort, descending = sorting()
    state = request.args.get("state", "")
    size = request.args.get("per_page", 50, type=int)
    page = contests.list_contests(
        within,
        request.args.get("q", ""),
        ContestState(state) if state in set(ContestState) else None,
        page_number(),
        sort,
        descending,
        size if size in SIZES else 50,
    )
    event_ids = {g.event_id for g in holder.grants if g.role in roles and g.event_id}
    return render_template(
        "contests/list_contests.html",
        page=page,
        counts=contests.count_events([contest.id for contest in page.items]),
        own_events=contests.list_events(event_ids) if event_ids else [],
        states=list(ContestState),
    )


@blueprint.route("/contests/new", methods=["GET", "POST"])
@allows(Act.CREATE_CONTEST)
def new_contest() -> ResponseReturnValue:
    """Make an edition from scratch."""
    form = ContestForm(data=new_values(today().year))
    if form.validate_on_submit():
        done = attempt(form, contests.create_contest, form.facts(), form.rules())
        if done:
            flash(gettext("The edition is made. Now add its events."), "success")
            return redirect(url_for(".show_contest", contest_id=done.id), 303)
    page = render_template(
        "contests/edit_contest.html", form=form, contest=None, crumbs=contest_crumbs()
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/contests/<int:contest_id>")
@allows(Act.SEE_CONTESTS)
def show_contest(contest_id: int) -> ResponseReturnValue:
    """An edition at a glance: where it stands, its events, what is missing."""
    contest = contests.get_contest(contest_id)
    if contest.kind is ContestKind.SELECTION and may(Act.DECIDE_SELECTION):
        own = selections_carriers.round_of(contest_id)
        return redirect(url_for("selection_holders.decide_round", selection_round_id=own), 303)
    draft, rules = contest.state is ContestState.DRAFT, contests.rules_of(contest)
    chosen = rules.certificate_templates
    blockers, hints = editions.look_over(contest, today()) if draft else ([], [])
    counts = contests.count_entries(contest_id)
    ends = contest.ends_on
    return render_template(
        "contests/show_contest.html",
        contest=contest,
        level=_level(contest),
        rules=rules,
        day_facts=day_facts(rules.day),
        own_designs=designs_choices.titles_of([one.template for one in chosen]),
        steps=steps_of(contest.state, contest.events),
        counts=counts,
        next_steps={event.id: next_step_of(event) for event in contest.events},
        blockers=[translated(problem) for problem in blockers],
        hints=[translated(hint) for hint in hints],
        unknown_years=calendars.unknown_years(ends, ends),
        can_archive=editions.is_over(contest),
        crumbs=contest_crumbs(),
    )


@blueprint.route("/contests/<int:contest_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_contest(contest_id: int) -> ResponseReturnValue:
    """Change the facts and rules of an edition."""
    contest = contests.get_contest(contest_id)
    form = ContestForm(data=contest_values(contest))
    if form.validate_on_submit():
        done = attempt(
            form,
            contests.edit_contest,
            contest_id,
            form.base_version,
            form.facts(),
            form.rules(contests.rules_of(contest)),
            form.reason.data or "",
        )
        if done:
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_contest", contest_id=contest_id), 303)
    page = render_template(
        "contests/edit_contest.html", form=form, contest=contest, crumbs=contest_crumbs(contest)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/contests/<int:contest_id>/copy", methods=["GET", "POST"])
@allows(Act.CREATE_CONTEST)
def copy_edition(contest_id: int) -> ResponseReturnValue:
    """Make the next edition like this one."""
    earlier = contests.get_contest(contest_id)
    form = CopyForm(data=copy_values(earlier, today()))
    if form.validate_on_submit():
        facts, rules = form.facts(earlier), form.rules(earlier)
        done = attempt(form, contests.copy_edition, contest_id, facts, rules)
        if done:
            flash(gettext("The edition is copied as a draft. Check dates and events."), "success")
            return redirect(url_for(".show_contest", contest_id=done.id), 303)
    page = render_template(
        "contests/copy_edition.html", form=form, contest=earlier, crumbs=contest_crumbs(earlier)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/contests/<int:contest_id>/publish")
@allows(Act.PUBLISH_CONTEST)
def publish(contest_id: int) -> ResponseReturnValue:
    """Publish an edition."""
    if attempt_button(editions.publish, contest_id):
        flash(gettext("The edition is published; its rules are frozen."), "success")
    return redirect(url_for(".show_contest", contest_id=contest_id), 303)


@blueprint.post("/contests/<int:contest_id>/remove")
@allows(Act.REMOVE_CONTEST)
def remove_contest(contest_id: int) -> ResponseReturnValue:
    """Delete an edition that was never published."""
    title = contests.get_outline(contest_id).title
    if attempt_button(editions.remove_contest, contest_id):
        flash(gettext("“%(title)s” is deleted.", title=title), "success")
        # Whoever had a role in this edition only may not see the list any more.
        return redirect(url_for("desks.desk"), 303)
    return redirect(url_for(".show_contest", contest_id=contest_id), 303)


@blueprint.post("/contests/<int:contest_id>/archive")
@allows(Act.PUBLISH_CONTEST)
def archive(contest_id: int) -> ResponseReturnValue:
    """Put an edition away."""
    if attempt_button(editions.archive, contest_id):
        flash(gettext("The edition is archived."), "success")
    return redirect(url_for(".show_contest", contest_id=contest_id), 303)
