"""Pages of results: compute, look through, explain, sign."""

import json
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.results import explaining
from blueprints.web import attempt_button, download, may_at, page_number, sorting, translated
from models.results import Revision
from rules.acts import Act
from rules.data import plain
from rules.explanation_tables import shown_notes
from rules.plans import EventPlan
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.schemes import read_scheme
from rules.states import RevisionState
from services import (
    appeals_holds,
    contests,
    objections_holds,
    results,
    results_decisions,
    results_explaining,
    results_lists,
    results_moves,
    results_tables,
    signoffs_letters,
)
from services.pages import PAGE_SIZE
from services.results_lists import DivisionCount, Wanted
from services.results_moves import Changes

blueprint = Blueprint("results", __name__)
ALL_ROWS = 100_000


@blueprint.app_template_filter("score")
def score(value: Decimal, digits: int | None = None) -> str:
    """Show a mark with so many places, or the shortest way."""
    return plain(value) if digits is None else f"{value:.{digits}f}"


blueprint.add_app_template_filter(explaining.exactly, "exactly")
blueprint.add_app_template_filter(shown_notes, "notes")


@blueprint.get("/events/<int:event_id>/results")
@allows(Act.SEE_RESULTS)
def show_results(event_id: int) -> ResponseReturnValue:
    """Show the newest revision of an event, or that there is none yet."""
    revision = results_lists.find_newest(event_id)
    if revision is not None:
        return _revision_page(revision)
    event = contests.get_event(event_id)
    # Whoever decides about equal entries sees at once that some wait; for others it costs time.
    decides = may_at("decide_ties", event.contest_id, event.id)
    ties = [tie.codes for tie in results_decisions.find_ties(event)] if decides else []
    return render_template("results/not_computed.html", event=event, blockers=[], ties=ties)


@blueprint.post("/events/<int:event_id>/results/compute")
@allows(Act.COMPUTE_RESULTS)
def compute(event_id: int) -> ResponseReturnValue:
    """Compute a new draft revision."""
    done = attempt_button(results.compute, event_id)
    if done is None:
        return _blocked(event_id), 422
    flash(gettext("The results are computed. Check them, then have them signed."), "success")
    return redirect(url_for("results.show_results", event_id=event_id), 303)


def _blocked(event_id: int) -> str:
    blockers = [(one.code, translated(one.problem)) for one in results.list_blockers(event_id)]
    event = contests.get_event(event_id)
    ties = [tie.codes for tie in results_decisions.find_ties(event)]
    return render_template("results/not_computed.html", event=event, blockers=blockers, ties=ties)


@blueprint.get("/revisions/<int:revision_id>")
@allows(Act.SEE_RESULTS)
def show_revision(revision_id: int) -> ResponseReturnValue:
    """Show one revision, also an older one."""
    return _revision_page(results_lists.get_with_rules(revision_id))


def _revision_page(revision: Revision) -> str:
    counts = results_lists.count_divisions(revision)
    sort, descending = sorting("rank")
    wanted = Wanted(
        _division_id(counts),
        _status(request.args.get("status", "")),
        request.args.get("q", "").strip()[:60],
        sort,
        descending,
    )
    everything = request.args.get("all") == "1"
    size = ALL_ROWS if everything else PAGE_SIZE
    lines = results_lists.list_results(revision.id, wanted, page_number(), size)
    plan = EventPlan.model_validate(revision.rule_version.plan)
    return render_template(
        "results/show_revision.html",
        revision=revision,
        revisions=results_lists.list_revisions(revision.event_id),
        scheme=read_scheme(revision.rule_version.scheme),
        counts=counts,
        wanted=wanted,
        lines=lines,
        everything=everything,
        groups=results_tables.group_tables(revision.id, wanted.division_id, plan),
        plan=plan,
        named=appeals_holds.list_named(revision),
        objected=objections_holds.list_named(revision),
        **_choices(revision, counts, wanted),
    )


def _choices(revision: Revision, counts: list[DivisionCount], wanted: Wanted) -> dict[str, Any]:
    return {
        "is_draft": revision.state is RevisionState.DRAFT,
        "is_superseded": revision.state is RevisionState.SUPERSEDED,
        "statuses": [(status.value, status) for status in EntryStatus],
        "count": next((one for one in counts if one.division.id == wanted.division_id), None),
    }


def _division_id(counts: list[DivisionCount]) -> int | None:
    asked = request.args.get("division", type=int)
    known = [one.division.id for one in counts if one.total]
    return asked if asked in known else (known[0] if known else None)


def _status(text: str) -> EntryStatus | None:
    return {status.value: status for status in EntryStatus}.get(text)


@blueprint.get("/revisions/<int:revision_id>/changes")
@allows(Act.SEE_RESULTS)
def show_changes(revision_id: int) -> ResponseReturnValue:
    """Show who moved from an older revision to this one."""
    revision = results_lists.get_with_rules(revision_id)
    earlier = [
        one for one in results_lists.list_revisions(revision.event_id) if one is not revision
    ]
    return render_template(
        "results/show_changes.html",
        revision=revision,
        others=earlier,
        changes=_changes(revision),
        scheme=read_scheme(revision.rule_version.scheme),
    )


def _changes(revision: Revision) -> Changes | None:
    """Compare with the revision that was asked for, else with the one before."""
    base_id = request.args.get("base", type=int)
    if base_id is None:
        base = results_moves.find_base(revision, results_lists.list_revisions(revision.event_id))
        base_id = None if base is None else base.id
    return None if base_id is None else results_moves.compare_revisions(revision, base_id)


@blueprint.get("/revisions/<int:revision_id>/letters")
@allows(Act.SEE_RESULTS)
def correction_letters(revision_id: int) -> ResponseReturnValue:
    """Give the letters to those who moved, as one PDF."""
    changes = _changes(results_lists.get_with_rules(revision_id))
    if changes is None:
        raise Missing(revision_id)
    try:
        made = signoffs_letters.correction_letters(changes)
    except Refused as refusal:
        flash(translated(refusal), "danger")
        back = url_for("results.show_changes", revision_id=revision_id, base=changes.old.id)
        return redirect(back, 303)
    return download(made.data, made.filename, "application/pdf")


@blueprint.post("/revisions/<int:revision_id>/sign")
@allows(Act.SIGN_RESULTS)
def sign(revision_id: int) -> ResponseReturnValue:
    """Sign the newest draft."""
    if attempt_button(results.sign, revision_id):
        flash(gettext("The results are signed. The bureau can post the public notice."), "success")
    return redirect(url_for("results.show_revision", revision_id=revision_id), 303)


@blueprint.get("/revisions/<int:revision_id>/entries/<int:entry_id>")
@allows(Act.SEE_RESULTS)
def explain(revision_id: int, entry_id: int) -> ResponseReturnValue:
    """Explain one result, from the marks to the award."""
    return _chain_page(revision_id, entry_id)


def _chain_page(revision_id: int, entry_id: int, own: bool = False) -> str:
    it = results_explaining.explain_result(revision_id, entry_id)
    return render_template(
        "results/explain.html",
        it=it,
        ending=explaining.ending(it),
        shares=explaining.share_lines(it),
        mark_text=explaining.mark_text,
        note_text=explaining.note_text,
        own=own,
    )


@blueprint.get("/entries/<int:entry_id>/result")
@allows(Act.SEE_OWN_RESULT)
def explain_own(entry_id: int) -> ResponseReturnValue:
    """Explain one's own signed result, where the edition opens it to contestants."""
    revision = results_explaining.find_own(entry_id)
    if revision is None:
        raise Missing(entry_id)
    return _chain_page(revision.id, entry_id, own=True)


@blueprint.get("/revisions/<int:revision_id>/entries/<int:entry_id>/chain.json")
@allows(Act.SEE_RESULTS)
def explain_data(revision_id: int, entry_id: int) -> ResponseReturnValue:
    """Give the chain of one result as data."""
    it = results_explaining.explain_result(revision_id, entry_id)
    text = json.dumps(explaining.as_data(it), ensure_ascii=False, indent=2)
    name = f"chain-{it.revision.number}-{it.result.entry.code or entry_id}.json"
    return download(text.encode(), name, "application/json")
