"""Candidates compared two by two by the panel."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.access import allows, require_holder
from blueprints.selection_reviews_meetings.views import blueprint, crumbs_of
from blueprints.web import attempt_button
from rules.access import Role
from rules.acts import Act
from services import selection_reviews_ballots as ballots
from services import selection_reviews_pairs as pairs
from services import selections


@blueprint.get("/selection-reviews/<int:panel_round_id>/pairs")
@allows(Act.SEE_PAIRS)
def show_pairs(panel_round_id: int) -> ResponseReturnValue:
    """Show a reviewer the next pair, and staff how far everybody is and what follows."""
    row = selections.get_round(panel_round_id)
    if selections.rules_of(row).review.method != "pairs":
        abort(404)
    names = ballots.candidates_of(row.id)
    progress = pairs.progress_of(row.id, [*names])
    panel = [one.reviewer for one in progress]
    own = next((one for one in panel if one.account_id == require_holder().account_id), None)
    ended = bool(progress) and all(one.done >= one.whole for one in progress)
    is_staff = require_holder().has(Role.BUREAU_STAFF)
    return render_template(
        "selection_reviews_meetings/show_pairs.html",
        row=row,
        names=names,
        own=own,
        turn=None if own is None else pairs.next_turn(own, [*names]),
        progress=progress if is_staff else (),
        # Nobody of the panel sees places before all have compared.
        standings=pairs.standings_of(row.id, [*names]) if is_staff or ended else (),
        ended=ended,
        crumbs=crumbs_of(row),
    )


@blueprint.post("/selection-reviews/<int:panel_round_id>/pairs")
@allows(Act.COMPARE_PAIRS)
def compare(panel_round_id: int) -> ResponseReturnValue:
    """Say which of a pair is better."""
    typed = [request.form.get(name, "") for name in ("first", "second", "better")]
    plain = [one.removeprefix("-") for one in typed]
    if not all(one.isdecimal() and one.isascii() and len(one) < 10 for one in plain):
        abort(404)
    first, second, better = map(int, typed)
    attempt_button(pairs.compare, panel_round_id, first, second, better)
    return redirect(url_for(".show_pairs", panel_round_id=panel_round_id), 303)
