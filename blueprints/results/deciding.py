"""Pages about equal entries: decide between them, withdraw a decision."""

from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.results.forms import TieForm, WithdrawForm
from blueprints.results.views import blueprint
from blueprints.web import attempt
from models.contests import Event
from rules.acts import Act
from rules.refusals import Missing
from rules.schemes import Scheme
from rules.texts import N_
from services import contests, results_decisions
from services.results_computing import OpenTie
from services.results_decisions import Ruling

ABOUT = {
    "place": N_("They share a place, which the rules do not allow."),
    "advance": N_("They stand at the line of %(about)s: not all of them can go on."),
    "points": N_("They share a place at %(about)s, and the points depend on the order."),
    "award": N_("They share the last place of %(about)s."),
}


class TieLine(NamedTuple):
    """One open tie in words, with its form."""

    tie: OpenTie
    division: str
    text: str
    form: TieForm


@blueprint.get("/events/<int:event_id>/ties")
@allows(Act.SEE_PROGRESS)
def show_ties(event_id: int) -> ResponseReturnValue:
    """Show the equal entries that wait for a decision, and the decisions that were taken."""
    event = contests.get_event(event_id)
    return _page(event, _lines(event))


@blueprint.post("/events/<int:event_id>/ties")
@allows(Act.DECIDE_TIES)
def decide(event_id: int) -> ResponseReturnValue:
    """Record a decision about one tie."""
    event = contests.get_event(event_id)
    lines = _lines(event)
    sent = next((line for line in lines if line.form.request_key.name in request.form), None)
    back = redirect(url_for("results.show_ties", event_id=event_id), 303)
    if sent is None:
        message = gettext("These entries do not wait for a decision. Load the page again.")
        flash(message, "danger")
        return back
    form, tie = sent.form, sent.tie
    if not form.validate():
        return _page(event, lines), 422
    ruling = Ruling(
        tie.kind,
        tie.about,
        form.entries(tie),
        form.reason.data or "",
        form.decided_by.data or "",
    )
    if attempt(form, results_decisions.decide_tie, event_id, ruling) is None:
        return _page(event, lines), 422
    flash(gettext("The decision is recorded."), "success")
    return back


def _page(event: Event, lines: list[TieLine]) -> str:
    return render_template(
        "results/show_ties.html",
        event=event,
        lines=lines,
        decisions=results_decisions.list_decisions(event.id),
        may_withdraw=event.state in results_decisions.DECIDING,
    )


def _lines(event: Event) -> list[TieLine]:
    divisions = {division.id: division.title for division in event.divisions}
    titles = _titles(event)
    return [
        TieLine(
            tie,
            divisions[tie.division_id],
            gettext(ABOUT[tie.kind], about=titles.get(tie.about, tie.about)),
            TieForm.for_tie(tie),
        )
        for tie in results_decisions.find_ties(event)
    ]


def _titles(event: Event) -> dict[str, str]:
    scheme: Scheme = contests.scheme_of(event)
    named = {node.key: node.title for part in scheme.parts for node in part.nodes}
    named |= {stage.key: stage.title for stage in scheme.stages}
    named |= {tier.key: tier.name for tier in contests.plan_of(event).all_tiers}
    return {key: gettext(title) if title else "" for key, title in named.items()}


@blueprint.route("/events/<int:event_id>/ties/<int:decision_id>/withdraw", methods=["GET", "POST"])
@allows(Act.DECIDE_TIES)
def withdraw_decision(event_id: int, decision_id: int) -> ResponseReturnValue:
    """Withdraw a recorded decision, with a reason."""
    event = contests.get_event(event_id)
    found = [d for d in results_decisions.list_decisions(event_id) if d.row.id == decision_id]
    if not found:
        raise Missing(decision_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        act, reason = results_decisions.withdraw_decision, form.reason.data or ""
        if attempt(form, act, event_id, decision_id, reason) is not None:
            flash(gettext("The decision is withdrawn."), "success")
            return redirect(url_for("results.show_ties", event_id=event_id), 303)
    page = render_template(
        "results/withdraw_decision.html", event=event, form=form, decision=found[0]
    )
    return page, 422 if form.errors else 200
